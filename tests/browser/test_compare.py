"""Any two versions compared in the reader's browser: the page as its readers use it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from inforce import hypertext, markup
from inforce.build import build, read
from inforce.markdown import Reader
from inforce.weave import Weave
from tests.browser.conftest import HOST, Visit
from tests.fuzz.vectors import VECTORS, body
from tests.projects import project, version
from tests.test_templates import ON, STANDINGS

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    Visiting = Callable[..., AbstractContextManager[Visit]]

pytestmark = pytest.mark.browser

PAGE = f"{HOST}/terms/compare/"
HOSTILE = 40
"""Vectors of which pairs are compared."""
AS_READ = "(html) => Object.assign(document.createElement('template'), {innerHTML: html}).innerHTML"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("root"), STANDINGS)


@pytest.fixture(scope="module")
def site(root: Path) -> Path:
    build(root, root / "site", ON)
    return root / "site"


def opened(seen: Visit, fragment: str = "") -> Page:
    """The page of a comparison, once it says what it shows."""
    seen.page.goto("about:blank")
    seen.page.goto(PAGE + fragment)
    says(seen.page, "(Comparing|This policy|The versions)")
    return seen.page


def says(page: Page, beginning: str) -> None:
    """Wait until the page says something that begins so."""
    page.get_by_role("status").filter(has_text=re.compile(f"^{beginning}")).wait_for()


def told(page: Page) -> str:
    return page.get_by_role("status").inner_text()


def shown(page: Page) -> str:
    page.locator("#_redline:not([aria-busy])").wait_for(state="attached")
    return str(page.locator("#_redline").inner_html())


def test_every_pair_shows_the_redline_that_the_engine_makes(root: Path, site: Path, visit: Visiting) -> None:
    made = read(root, ON)
    (policy,) = made.site.policies
    versions = [entry.version for entry in policy.timeline.entries]
    reader = Reader()
    texts = [reader.read(one.body) for one in versions]
    weave = Weave.of(texts)
    address = f"{policy.address}compare/"
    different = []

    with visit(site) as seen:
        for i, old in enumerate(versions):
            for j, new in enumerate(versions):
                page = opened(seen, f"#{old.id}..{new.id}")
                html = markup.redline(texts[i], texts[j], weave.same(i, j)).html(
                    made.site.address_for(old, "terms", address, shows=False),
                    made.site.address_for(new, "terms", address),
                    notes=markup.FOLDING,
                )
                if shown(page) != page.evaluate(AS_READ, hypertext.fitted(html, texts[i], texts[j])):
                    different.append((old.id, new.id))
    assert different == []
    assert (seen.errors, seen.lost, seen.foreign, seen.ran) == ([], [], [], [])


def test_the_page_opens_with_the_newest_version_and_what_it_follows(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        page = opened(seen)

        assert page.url == f"{PAGE}#2026-11-25..2026-11-28"
        assert told(page) == "Comparing 2026-11-25 with 2026-11-28: 1 change"
        assert page.evaluate("window.violations ?? []") == []


def test_a_choice_and_a_swap_show_in_the_address(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        page = opened(seen)
        page.get_by_label("From").select_option("2025-01-10")
        chosen = page.url
        page.get_by_role("button", name="Swap").click()

        assert chosen == f"{PAGE}#2025-01-10..2026-11-28"
        assert page.url == f"{PAGE}#2026-11-28..2025-01-10"
        assert told(page).startswith("Comparing 2026-11-28 with 1.0:")
        assert page.get_by_label("To", exact=True).input_value() == "2025-01-10"


def test_another_address_typed_in_shows_another_redline(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        page = opened(seen)
        page.evaluate("location.hash = '#2025-01-10..2025-05-01'")
        says(page, "Comparing 1.0 with 2025-05-01")

        assert page.get_by_label("From").input_value() == "2025-01-10"


def test_a_link_within_the_redline_leaves_the_address_as_it_is(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        page = opened(seen, "#2025-01-10..2026-11-28")
        page.locator(".changes a").first.click()

        assert page.url == f"{PAGE}#2025-01-10..2026-11-28"
        assert page.evaluate("document.activeElement.id").startswith("_c")


@pytest.mark.parametrize("way", [{"modifiers": ["Control"]}, {"button": "middle"}])
def test_a_change_that_is_opened_in_a_tab_of_its_own_is_the_same_there(
    site: Path, visit: Visiting, way: dict[str, Any]
) -> None:
    with visit(site) as seen:
        page = opened(seen, "#2025-01-10..2026-11-28")
        link = page.locator(".changes a").last
        place = link.evaluate("(one) => one.hash.slice(1)")
        with page.context.expect_page() as found:
            link.click(**way)
        tab = found.value
        says(tab, "Comparing")

        assert told(tab) == told(page)
        assert tab.url == page.url
        assert tab.evaluate("document.activeElement.id") == place


def test_a_long_redline_is_printed_and_copied_whole(tmp_path: Path, visit: Visiting) -> None:
    paragraphs = [f"Paragraph {k} of many says something of its own, number {k}." for k in range(900)]
    texts = {
        f"terms/2026-0{month}-01.md": version(
            f"2026-0{month}-01", body="\n\n".join(paragraphs).replace("something", f"thing {month}"), title="Terms"
        )
        for month in (1, 2)
    }
    root = project(tmp_path, texts)
    build(root, root / "site", ON)
    with visit(root / "site") as seen:
        seen.page.goto(PAGE)
        seen.page.locator("#_redline p").first.wait_for()
        copied = seen.page.evaluate("""() => {
            getSelection().selectAllChildren(document.body);
            const data = new DataTransfer();
            document.dispatchEvent(new ClipboardEvent("copy", {clipboardData: data}));
            return data.getData("text/plain");
        }""")
        assert "number 899" in copied

        seen.page.goto("about:blank")
        seen.page.goto(PAGE)
        seen.page.locator("#_redline p").first.wait_for()
        seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert seen.page.locator("#_redline").inner_text().count("number 899") == 1


@pytest.mark.parametrize(
    "fragment", ["# 2025-01-10 ..2026-11-28", "#%202025-01-10..2026-11-28", "#2025-01-10%2e%2e2026-11-28"]
)
def test_spaces_and_signs_of_an_address_that_was_pasted_do_not_matter(
    site: Path, visit: Visiting, fragment: str
) -> None:
    with visit(site) as seen:
        page = opened(seen, fragment)

        assert told(page).startswith("Comparing 1.0 with")
        assert page.url == f"{PAGE}#2025-01-10..2026-11-28"


def test_an_unknown_version_is_told_and_the_known_ones_are_offered(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        page = opened(seen, "#2024-01-01..2026-11-28")
        before = (told(page), page.locator("#_redline").is_visible(), page.get_by_label("From").input_value())
        page.get_by_label("From").select_option("2025-01-10")

        what = "This policy has no version 2024-01-01. Choose from the versions it has."
        assert before == (what, False, "")
        assert told(page).startswith("Comparing 1.0 with 2026-11-28")


@pytest.mark.parametrize("fragment", ["#%", "#..", "#__proto__..constructor", "#<img src=x onerror=alert(1)>..b"])
def test_an_address_that_means_nothing_is_no_fault(site: Path, visit: Visiting, fragment: str) -> None:
    with visit(site) as seen:
        page = opened(seen, fragment)

        assert told(page).startswith(("Comparing", "This policy has no version"))
        assert (seen.errors, seen.foreign, seen.ran) == ([], [], [])


def test_nothing_is_stored_unless_the_reader_asks(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        page = opened(seen, "#2025-01-10..2025-05-01")
        before = page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
        page.get_by_role("button", name="Remember").click()
        kept = page.evaluate("({...localStorage})")
        page = opened(seen)
        page.get_by_role("button", name="What changed since I read 2025-05-01").click()
        since = page.url
        page.get_by_role("button", name="Forget it").click()

        assert before == [0, 0, ""]
        assert kept == {"read /terms/compare/": "2025-05-01"}
        assert since == f"{PAGE}#2025-05-01..2026-11-28"
        assert page.evaluate("localStorage.length") == 0
        assert not page.get_by_role("button", name="What changed").is_visible()


FOCUSED = "document.activeElement.id || document.activeElement.localName"


def test_what_another_tab_forgot_is_offered_no_more(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        page = opened(seen, "#2025-01-10..2025-05-01")
        page.get_by_role("button", name="Remember").click()
        other = page.context.new_page()
        other.goto(PAGE)
        other.get_by_role("button", name="Forget it").click()
        page.get_by_role("button", name="What changed since").wait_for(state="hidden")

        assert page.url == f"{PAGE}#2025-01-10..2025-05-01"


def test_what_is_forgotten_by_now_is_not_asked_for(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        page = opened(seen, "#2025-01-10..2025-05-01")
        page.get_by_role("button", name="Remember").click()
        page.evaluate("localStorage.clear()")  # of which its own tab is not told
        page.get_by_role("button", name="What changed since").click()

        assert page.url == f"{PAGE}#2025-01-10..2025-05-01"
        assert told(page) == "Nothing is remembered any more."
        assert not page.get_by_role("button", name="What changed since").is_visible()
        assert page.evaluate(FOCUSED) == "_remember"


def test_the_focus_stays_where_the_reader_is_when_what_had_it_goes(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        page = opened(seen)
        page.get_by_role("button", name="Remember").click()
        page.get_by_role("button", name="Forget it").press("Enter")
        forgot = page.evaluate(FOCUSED)
        page = opened(seen, "#2024-01-01..2026-11-28")
        page.locator("#_list").get_by_role("link", name="1.0", exact=True).press("Enter")
        says(page, "Comparing 1.0 with 2026-11-28")

        assert forgot == "_remember"
        assert page.evaluate("document.activeElement === document.querySelector('.changes > summary')")


def test_the_next_pair_is_shown_as_the_reader_chose_and_no_change_of_the_last_is_told(
    site: Path, visit: Visiting
) -> None:
    with visit(site) as seen:
        page = opened(seen, "#2025-01-10..2025-05-01")
        page.get_by_role("button", name="Next change").click()
        before = page.locator("#_steps [aria-live]").inner_text()
        page.get_by_label("Show only the changes").check()
        page.locator(".changes > summary").click()
        page.get_by_label("To", exact=True).select_option("2025-01-10")
        says(page, "Comparing 1.0 with itself")
        page.get_by_label("To", exact=True).select_option("2026-11-28")
        says(page, "Comparing 1.0 with 2026-11-28")

        assert before.startswith("Change 1 of ")
        assert page.locator("#_steps [aria-live]").inner_text() == ""
        assert page.get_by_label("Show only the changes").is_checked()
        assert page.locator(".changes").evaluate("list => list.open") is False


def test_every_sheet_of_a_comparison_says_what_is_compared(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        page = opened(seen, "#2025-01-10..2025-05-01")

        sheet = page.evaluate("document.documentElement.dataset.sheet")

        assert sheet.endswith("/terms/compare/#2025-01-10..2025-05-01 · 1.0, 2025-05-01")
        assert page.locator(".paper").text_content() == sheet


def test_an_unknown_version_is_named_beside_a_known_one_with_dots(tmp_path: Path, visit: Visiting) -> None:
    texts = {f"terms/{name}.md": version(day) for name, day in {"a..b": "2025-01-10", "c": "2025-03-01"}.items()}
    root = project(tmp_path, texts)
    build(root, root / "site", ON)
    with visit(root / "site") as seen:
        page = opened(seen, "#a..b..nope")

        assert told(page).startswith("This policy has no version nope.")


def test_without_a_script_the_page_lists_the_redlines_that_have_pages(site: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    context.route("**/*", Visit(page, site).serve)
    page.goto(PAGE)

    links = [link.get_attribute("href") for link in page.locator("details.pages a").all()]
    assert links[0] == "../2026-11-28/changes/"
    assert len(links) == len(STANDINGS) - 1
    assert not page.locator("#_compare").is_visible()
    context.close()


def test_a_file_that_cannot_be_had_is_told(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        seen.page.route("**/texts.json", lambda route: route.fulfill(status=500, body=""))
        page = opened(seen)

        assert told(page) == "The versions could not be loaded. The redlines below have pages of their own."


def test_no_vector_runs_in_a_redline_made_in_the_browser(tmp_path: Path, visit: Visiting) -> None:
    files: dict[str, str | bytes] = {
        f"terms/v{number}.md": version(f"20{10 + number // 12:02}-{number % 12 + 1:02}-10", body=body(vector))
        for number, vector in enumerate(VECTORS[:HOSTILE])
    }
    build(project(tmp_path / "root", files), tmp_path / "site", ON)
    found: list[dict[str, Any]] = []

    with visit(tmp_path / "site", bypass=True) as seen:
        for number in range(1, HOSTILE):
            page = opened(seen, f"#v{number - 1}..v{number}")
            found.append(page.evaluate("({pwned: window.pwned ?? null, told: _told.textContent})"))

    assert [one for one in found if one["pwned"] or not one["told"].startswith("Comparing")] == []
    assert seen.ran == []


def test_the_way_back_leads_to_what_was_compared_before(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        page = opened(seen, "#2025-01-10..2025-05-01")
        page.get_by_role("button", name="Swap").click()
        says(page, "Comparing 2025-05-01 with 1.0")
        page.go_back()
        says(page, "Comparing 1.0 with 2025-05-01")
        before = (page.url, page.get_by_label("From").input_value())
        page.go_forward()
        says(page, "Comparing 2025-05-01 with 1.0")

        assert before == (f"{PAGE}#2025-01-10..2025-05-01", "2025-01-10")
        assert page.url == f"{PAGE}#2025-05-01..2025-01-10"


def test_who_goes_through_the_versions_by_keys_sees_the_last_and_the_way_back_leads_past_the_others(
    site: Path, visit: Visiting
) -> None:
    with visit(site) as seen:
        page = opened(seen, "#2025-01-10..2025-05-01")
        before = page.evaluate("history.length")
        page.evaluate(
            """new MutationObserver(() => (window.shown = (window.shown ?? 0) + 1))
              .observe(document.getElementById("_list"), {childList: true})"""
        )
        page.locator("#_new").focus()
        for _ in range(2):
            for _ in range(3):
                page.keyboard.press("ArrowUp")
            page.wait_for_timeout(400)
        chosen = page.locator("#_new").input_value()
        page.locator("#_old").focus()
        grown = page.evaluate("history.length") - before
        shown = page.evaluate("window.shown")
        address = page.url
        page.go_back()
        says(page, "Comparing 1.0 with 2025-05-01")

        assert (grown, shown) == (1, 2)
        assert address == f"{PAGE}#2025-01-10..{chosen}"
        assert page.url == f"{PAGE}#2025-01-10..2025-05-01"


def test_what_was_chosen_by_keys_is_shown_at_once_when_the_reader_goes_on(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        page = opened(seen, "#2025-01-10..2025-05-01")
        page.locator("#_new").focus()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # on Swap
        chosen = page.locator("#_old").input_value()

        assert chosen != "2025-05-01"
        assert page.url == f"{PAGE}#{chosen}..2025-01-10"


@pytest.mark.parametrize("way", ["reload", "back"])
def test_who_comes_back_to_a_comparison_finds_the_place(tmp_path: Path, visit: Visiting, way: str) -> None:
    body = "\n\n".join(f"## Part {number}\n\n" + f"Words {number} for DAYS days. " * 30 for number in range(90))
    bodies = {"a": ("2025-01-10", body.replace("DAYS", "30")), "b": ("2025-03-01", body.replace("DAYS", "60"))}
    texts = {f"privacy/{name}.md": version(day, body=body) for name, (day, body) in bodies.items()}
    build(project(tmp_path, texts), tmp_path / "site", ON)
    top = "Math.round(document.querySelectorAll('article h2')[60].getBoundingClientRect().top)"

    with visit(tmp_path / "site", window={"viewport": {"width": 1280, "height": 900}}) as seen:
        seen.go(tmp_path / "site/privacy/compare/index.html")
        seen.page.locator("#_redline:not([aria-busy]):not([hidden])").wait_for()
        seen.page.evaluate("document.querySelectorAll('article h2')[60].scrollIntoView()")
        seen.page.wait_for_timeout(400)
        before = seen.page.evaluate(top)
        if way == "reload":
            seen.page.reload()
        else:
            seen.go(tmp_path / "site/privacy/index.html")
            seen.page.go_back()
        seen.page.locator("#_redline:not([aria-busy]):not([hidden])").wait_for()
        seen.page.wait_for_timeout(200)

        assert abs(seen.page.evaluate(top) - before) <= 1
        assert seen.errors == []


def test_buttons_and_keys_lead_from_change_to_change(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        page = opened(seen, "#2025-01-10..2025-01-10")
        none = page.get_by_role("button", name="Next change").is_visible()
        page.get_by_label("From").select_option("2026-11-28")
        page.locator("#_old").press("n")
        typed = page.locator("#_steps p").inner_text()
        page.get_by_role("button", name="Next change").click()

        assert (none, typed) == (False, "")
        assert page.locator("#_steps p").inner_text().startswith("Change 1 of ")
        assert page.evaluate("document.activeElement.closest('article').id") == "_redline"
        assert page.url == f"{PAGE}#2026-11-28..2025-01-10"


def test_known_versions_are_offered_in_the_place_of_an_unknown_one(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        page = opened(seen, "#2024-01-01..2026-11-28")
        page.locator("#_list").get_by_role("link", name="1.0", exact=True).click()
        says(page, "Comparing 1.0 with 2026-11-28")

        assert page.url == f"{PAGE}#2025-01-10..2026-11-28"


@pytest.mark.parametrize("fragment", ["#2025-01-10..", "#..2025-01-10"])
def test_an_address_that_leaves_a_version_out_asks_for_it(site: Path, visit: Visiting, fragment: str) -> None:
    with visit(site) as seen:
        seen.page.goto(PAGE + fragment)
        says(seen.page, "Choose a version to compare 1.0 with.$")

        assert seen.page.url == PAGE + fragment
        assert not seen.page.locator("#_redline").is_visible()


def test_a_version_does_not_differ_from_itself(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        page = opened(seen, "#2025-01-10..2025-01-10")

        assert told(page) == "Comparing 1.0 with itself: no changes"
        assert page.locator("#_redline :is(ins, del)").count() == 0


def test_a_browser_that_stores_nothing_compares_all_the_same(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        seen.page.add_init_script(
            "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
        )
        page = opened(seen, "#2025-01-10..2025-05-01")
        before = told(page)
        page.get_by_role("button", name="Remember").click()

        assert before.startswith("Comparing 1.0 with 2025-05-01")
        assert told(page) == "This browser keeps nothing for this page."
        assert seen.errors == []


@pytest.mark.parametrize("lacks", ["", "delete window.requestIdleCallback"])
def test_what_is_compared_ahead_of_a_choice_changes_nothing_that_is_shown(
    site: Path, visit: Visiting, lacks: str
) -> None:
    with visit(site) as seen:
        seen.page.add_init_script(lacks)
        page = opened(seen)
        before = (shown(page), told(page), page.url)
        page.wait_for_timeout(500)  # nothing tells when it is done

        assert (shown(page), told(page), page.url) == before
        assert seen.errors == []


def test_ids_of_all_scripts_and_with_dots_are_found_however_they_are_written(tmp_path: Path, visit: Visiting) -> None:
    files: dict[str, str | bytes] = {
        "terms/v1..2.md": version("2025-01-10"),
        "terms/größe.md": version("2025-02-10"),
    }
    build(project(tmp_path / "root", files), tmp_path / "site", ON)

    with visit(tmp_path / "site") as seen:
        for fragment in ("#v1..2..größe", "#v1..2..gr%C3%B6%C3%9Fe", "#v1%2E.2..gro\u0308ße"):
            page = opened(seen, fragment)

            assert told(page).startswith("Comparing v1..2 with größe")
            assert page.url == f"{PAGE}#v1..2..gr%C3%B6%C3%9Fe"


TEXT = """(article) => {
  for (const name of ["href", "src"])
    for (const element of article.querySelectorAll(`[${name}]`))
      if (!element.getAttribute(name).startsWith("#")) element.setAttribute(name, element[name]);
  return article.innerHTML.trim();
}"""


def test_a_redline_that_has_a_page_is_the_same_there(site: Path, visit: Visiting) -> None:
    different = []

    with visit(site) as seen:
        page = opened(seen)
        listed = page.locator("details.pages a").all()
        addresses = [link.evaluate("(link) => link.href") for link in listed]
        for address in addresses:
            page.goto(address)
            pair = [link.evaluate("(link) => link.href").split("/")[-2] for link in page.locator(".pair a").all()]
            pair = [pair[0], pair[-1]]
            there = page.locator("article").evaluate(TEXT)
            page = opened(seen, f"#{'..'.join(pair)}")
            shown(page)
            if page.locator("#_redline").evaluate(TEXT) != there:
                different.append(pair)
    assert different == []
    assert len(addresses) == len(STANDINGS) - 1
