"""A redline as readers use it: what is copied out of it, what a screen reader is given, what folding leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from inforce.build import build
from tests.browser.conftest import HOST, Visit
from tests.projects import project, version
from tests.test_templates import ON

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    Visiting = Callable[..., AbstractContextManager[Visit]]

pytestmark = pytest.mark.browser

OLD = "## Orders\n\nWe keep orders.\n\n## Days\n\nKept for 30 days.\n\nNo more is kept at all."
NEW = "## Orders\n\nWe keep orders.\n\n## Days\n\nKept for 60 days."
COPIED = "getSelection().selectAllChildren(document.querySelector('article')), getSelection().toString()"

BEFORE = """## Kept

Gone: this stands at its old place only.

We keep it for 30 days.

1. one
2. two
3. three

See [(ours)](https://example.com/old) for it.

| for | days |
|---|---|
| orders | 30 |
| letters | 60 |
"""
AFTER = """## Kept

We keep it for 60 days, and for some more days where the law asks for more than that.

1. one
2. 2
3. three
4. four

See [(ours)](https://example.com/new) for it.

| for | days |
|---|---|
| orders | 30 |
| gifts | 90 |

Gone: this stands at its old place only.
"""
SIDES = """
(() => {
  const bare = new CSSStyleSheet();
  bare.replaceSync("[data-note] { display: none !important }");
  document.adoptedStyleSheets = [bare];
  const blocks = [...document.querySelectorAll("article > :not(.fold)")];
  const sides = [blocks.filter((one) => one.matches(".old")), blocks.filter((one) => !one.matches(".old"))];
  const [left, right] = sides.map((side) => side.flatMap((one) => [one, ...one.querySelectorAll("li, tr, .changed")])
    .map((one) => Math.round(one.getBoundingClientRect().top)));
  const said = sides.map((side) => side.map((one) => one.innerText).join(" ").replace(/\\s+/g, " ").trim());
  return [...said, left.filter((top, k) => Math.abs(top - right[k]) > 1)];
})()
"""
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
"""What is out of sight is laid out no sooner."""
CLIPBOARD = """
(() => {
  const article = document.querySelector("article");
  CHOICE;
  const event = new ClipboardEvent("copy", {clipboardData: new DataTransfer(), bubbles: true, cancelable: true});
  article.dispatchEvent(event);
  return ["text/plain", "text/html"].map((kind) => event.clipboardData.getData(kind));
})()
"""
HIDDEN = """
(() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const top = document.getElementById("_steps").getBoundingClientRect().bottom;
  const whole = box.bottom <= innerHeight || box.height > innerHeight / 2;
  return one !== document.body && top <= box.top && box.top < innerHeight - 20 && whole ? [] : [one.innerText];
})()
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site whose second version changes a word and takes a paragraph out."""
    texts = {"privacy/a.md": version("2025-01-10", body=OLD), "privacy/b.md": version("2025-03-01", body=NEW)}
    root = project(tmp_path, texts)
    build(root, root / "site", ON)
    return root / "site"


def redline(seen: Visit) -> Page:
    """The page of the redline."""
    seen.go(seen.site / "privacy/b/changes/index.html")
    return seen.page


def said(page: Page) -> str:
    """What the page says of the change to which one went."""
    return page.locator("#_steps [aria-live=polite]").inner_text()


def focused(page: Page) -> str:
    """The words of what has the focus."""
    return " ".join(str(page.evaluate("document.activeElement.textContent")).split())


def copied(page: Page) -> list[str]:
    """The lines of the redline as they are copied."""
    return [line for line in str(page.evaluate(COPIED)).split("\n") if line]


def test_buttons_and_keys_lead_from_change_to_change_and_say_which_it_is(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        page = redline(seen)
        page.get_by_role("button", name="Next change").click()
        first = (said(page), focused(page))
        page.keyboard.press("n")
        second = (said(page), focused(page))
        page.keyboard.press("n")
        beyond = (said(page), focused(page))
        page.keyboard.press("p")

        assert first == ("Change 1 of 2: reworded in Days", "Kept for [deleted: 30] [inserted: 60] days.")
        assert second == ("Change 2 of 2: deleted in Days", "deleted: No more is kept at all.")
        assert beyond == ("There is no further change.", second[1])
        assert (said(page), focused(page)) == first
        assert seen.errors == []


STEPS = "## Part\n\n" + "\n\n".join(f"Paragraph {n} is kept for DAYS days." for n in range(40))
MIDDLE = "one => { const {x, y, width, height} = one.getBoundingClientRect(); return [x + width / 2, y + height / 2] }"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LYING = {"viewport": {"width": 844, "height": 390}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose second version changes each of forty paragraphs."""
    bodies = {"a": ("2025-01-10", STEPS.replace("DAYS", "30")), "b": ("2025-03-01", STEPS.replace("DAYS", "60"))}
    texts = {f"privacy/{name}.md": version(day, body=body) for name, (day, body) in bodies.items()}
    root = project(tmp_path_factory.mktemp("steps"), texts)
    build(root, root / "site", ON)
    return root / "site"


@pytest.mark.parametrize("way", ["click", "tap", "Enter"])
@pytest.mark.parametrize("size", [{"viewport": {"width": 1280, "height": 900}, "has_touch": True}, PHONE, LYING])
@pytest.mark.parametrize("place", ["privacy/b/changes/index.html", "privacy/compare/index.html"])
def test_buttons_lead_on_from_the_change_that_they_led_to(
    place: str, size: dict[str, Any], way: str, steps: Path, visit: Visiting
) -> None:
    with visit(steps, window=size) as seen:
        seen.go(steps / place)
        seen.page.locator("#_steps").wait_for()
        reached = []
        for name in ["Next", "Next", "Next", "Next", "Previous", "Previous"]:
            button = seen.page.get_by_role("button", name=f"{name} change")
            if way == "Enter":
                button.press(way)
            else:
                getattr(button, way)()
            reached.append(said(seen.page).split(" of ")[0].removeprefix("Change "))

        assert reached == ["1", "2", "3", "4", "3", "2"]


def test_a_reader_who_went_elsewhere_is_led_on_from_there(steps: Path, visit: Visiting) -> None:
    with visit(steps) as seen:
        page = redline(seen)
        page.get_by_role("button", name="Next change").click()
        page.mouse.wheel(0, 1)
        page.evaluate("document.querySelectorAll('article > p')[9].scrollIntoView()")
        page.mouse.click(*page.get_by_role("button", name="Next change").evaluate(MIDDLE))  # which scrolls nothing

        assert said(page) == "Change 10 of 40: reworded in Part"


@pytest.mark.parametrize("way", ["Space", "Enter", "script"])
@pytest.mark.parametrize("place", ["privacy/b/changes/index.html", "privacy/compare/index.html"])
def test_who_goes_back_to_the_button_is_led_on_to_the_end(
    place: str, way: str, tmp_path: Path, visit: Visiting
) -> None:
    body = "\n\n".join("Some words. " * 60 + "Kept for DAYS days. " + "[a](#b) words. " * 60 for _ in range(6))
    bodies = {"a": ("2025-01-10", body.replace("DAYS", "30")), "b": ("2025-03-01", body.replace("DAYS", "60"))}
    texts = {f"privacy/{name}.md": version(day, body=body) for name, (day, body) in bodies.items()}
    build(project(tmp_path, texts), tmp_path / "site", ON)
    reached, moved = [], []

    with visit(tmp_path / "site", window={"viewport": {"width": 1280, "height": 700}}) as seen:
        seen.go(seen.site / place)
        button = seen.page.get_by_role("button", name="Next change")
        button.focus()
        for _ in range(8):
            if way == "script":
                button.evaluate("(one) => { one.focus(); one.click() }")
            else:
                seen.page.keyboard.press(way)
            reached.append(said(seen.page).split(":")[0])
            for _ in range(9):
                seen.page.keyboard.press("Shift+Tab")
                if button.evaluate("(one) => one === document.activeElement"):
                    break
            before = seen.page.evaluate("scrollY")
            button.focus()
            moved.append(seen.page.evaluate("scrollY") - before)

    assert reached == [*(f"Change {number} of 6" for number in range(1, 7)), *["There is no further change."] * 2]
    assert moved == [0] * 8


@pytest.mark.parametrize("place", ["privacy/b/changes/index.html", "privacy/compare/index.html"])
def test_a_change_in_a_wide_table_is_brought_into_sight_sideways_too(
    place: str, tmp_path: Path, visit: Visiting
) -> None:
    row = "| session_identifier | Keeps you signed in while you move between our pages | measuring | here | DAYS days |"
    body = f"Kept:\n\n| Cookie | Purpose | Categories | Transfers | Retention |\n|---|---|---|---|---|\n{row}\n"
    bodies = {"a": ("2025-01-10", body.replace("DAYS", "30")), "b": ("2025-03-01", body.replace("DAYS", "60"))}
    texts = {f"privacy/{name}.md": version(day, body=body) for name, (day, body) in bodies.items()}
    build(project(tmp_path, texts), tmp_path / "site", ON)

    with visit(tmp_path / "site", window=PHONE) as seen:
        seen.go(seen.site / place)
        seen.page.get_by_role("button", name="Next change").tap()
        sides = seen.page.evaluate(
            """[...document.querySelectorAll("article :is(ins, del)")].map((one) => one.getBoundingClientRect())
              .map(({left, right}) => left >= 0 && right <= innerWidth)"""
        )

    assert sides == [True, True]


def test_a_key_that_is_typed_switched_off_or_held_with_another_leads_nowhere(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        page = redline(seen)
        page.keyboard.press("Control+n")
        page.keyboard.press("Shift+n")
        page.evaluate("document.querySelector('main').prepend(document.createElement('input'))")
        page.locator("main > input").press("n")
        page.get_by_label("Keys: n next").uncheck()
        page.keyboard.press("n")

        assert said(page) == ""


def test_no_change_that_one_goes_to_lies_under_what_stays_in_sight(tmp_path: Path, visit: Visiting) -> None:
    body = "\n\n".join(f"## Part {number}\n\n" + f"Some words of part {number}. " * 40 for number in range(12))
    texts = {
        "privacy/a.md": version("2025-01-10", body=body),
        "privacy/b.md": version("2025-03-01", body=body.replace("Part", "Clause").replace("Some", "Few")),
    }
    build(project(tmp_path, texts), tmp_path / "site", ON)
    hidden = []

    with visit(tmp_path / "site") as seen:
        for width, height in ((1280, 900), (390, 640)):
            seen.page.set_viewport_size({"width": width, "height": height})
            page = redline(seen)
            for key in "n" * 24 + "p" * 24:
                page.keyboard.press(key)
                hidden += page.evaluate(HIDDEN)
    assert hidden == []


def test_without_a_script_nothing_leads_from_change_to_change(site: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    context.route("**/*", Visit(page, site).serve)
    page.goto(f"{HOST}/privacy/b/changes/")

    assert page.get_by_text("Kept for").is_visible()
    assert not page.get_by_role("button").count()
    context.close()


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose second version changes something of each kind."""
    folder = tmp_path_factory.mktemp("rich")
    texts = {"privacy/a.md": version("2025-01-10", body=BEFORE), "privacy/b.md": version("2025-03-01", body=AFTER)}
    build(project(folder, texts), folder / "site", ON)
    return folder / "site"


def test_side_by_side_each_side_reads_as_its_text_and_what_belongs_together_is_level(
    rich: Path, visit: Visiting
) -> None:
    with visit(rich) as seen:
        seen.page.set_viewport_size({"width": 1280, "height": 900})
        page = redline(seen)
        plain = page.locator("article").inner_html()
        page.get_by_label("Old and new side by side").check()
        page.evaluate(PAINTED)
        old, new, uneven = page.evaluate(SIDES)
        page.get_by_label("Old and new side by side").uncheck()

        assert old == (
            "Kept Gone: this stands at its old place only. We keep it for 30 days. one two three "
            "See (ours) for it. for days orders 30 letters 60"
        )
        assert new == (
            "Kept We keep it for 60 days, and for some more days where the law asks for more than that. "
            "one 2 three four See (ours) for it. for days orders 30 gifts 90 Gone: this stands at its old place only."
        )
        assert uneven == []
        assert page.locator("article").inner_html() == plain
        assert seen.errors == []


NESTED = """## Kept

### At home

> As it was said DAYS.
>
> > And before DAYS.

1. one
   - two DAYS
     - three DAYS

       > four DAYS
       >
       > - five DAYS

#### In a shop

For DAYS days.
"""
BARS = """
() => [...new Set([...document.querySelectorAll("article .changed")].map((one) => {
  const {left} = one.getBoundingClientRect(), article = document.querySelector("article").getBoundingClientRect();
  return Math.round(left + parseFloat(getComputedStyle(one, "::after").left) - article.left);
}))]
"""


def test_all_bars_stand_in_the_margin_and_headings_are_level_side_by_side(tmp_path: Path, visit: Visiting) -> None:
    bodies = {"a": ("2025-01-10", NESTED.replace("DAYS", "30")), "b": ("2025-03-01", NESTED.replace("DAYS", "60"))}
    texts = {f"privacy/{name}.md": version(day, body=body) for name, (day, body) in bodies.items()}
    build(project(tmp_path, texts), tmp_path / "site", ON)
    tops = """() => [...document.querySelectorAll("article > :is(h2, h3, h4)")]
      .map((one) => one.getBoundingClientRect().top)"""

    with visit(tmp_path / "site", window={"viewport": {"width": 1280, "height": 900}}) as seen:
        page = redline(seen)
        count = page.locator("article .changed").count()
        bars = page.evaluate(BARS)
        page.get_by_label("Old and new side by side").check()
        page.evaluate(PAINTED)
        found = page.evaluate(tops)

    assert (count, len(bars)) == (7, 1)
    assert bars[0] < 0
    assert found[::2] == found[1::2]
    assert len(found) == 6


def test_of_a_long_redline_both_sides_are_level_wherever_the_reader_goes(tmp_path: Path, visit: Visiting) -> None:
    body = "".join(
        f"## Part {number}\n\n{'Some words. ' * 40}\n\n"
        f"- one DAYS\n- two{' and MORE' * (number % 5)} DAYS\n- three DAYS\n\n"
        for number in range(60)
    )
    bodies = {
        "a": ("2025-01-10", body.replace("DAYS", "30").replace("MORE", "more")),
        "b": ("2025-03-01", body.replace("DAYS", "60").replace("MORE", "a good deal of what is more than that")),
    }
    texts = {f"privacy/{name}.md": version(day, body=body) for name, (day, body) in bodies.items()}
    build(project(tmp_path, texts), tmp_path / "site", ON)
    uneven = """() => [...document.querySelectorAll("article > ul.old")].flatMap((one) => {
      const [old, now] = [one, one.nextElementSibling].map((list) => [...list.querySelectorAll(".changed")]);
      const seen = one.getBoundingClientRect().bottom > 0 && one.getBoundingClientRect().top < innerHeight;
      return seen ? old.map((item, k) => Math.abs(item.offsetHeight - now[k].offsetHeight)) : [];
    })"""

    with visit(tmp_path / "site", window={"viewport": {"width": 1280, "height": 900}}) as seen:
        page = redline(seen)
        page.get_by_label("Old and new side by side").check()
        page.evaluate(PAINTED)
        found = []
        for part in (1, 58, 30):
            page.locator(f"article > h2:not(.old) >> nth={part}").evaluate("(one) => one.scrollIntoView()")
            page.wait_for_timeout(200)
            found.append(page.evaluate(uneven))

    assert all(len(one) >= 3 for one in found)
    assert {gap for one in found for gap in one} == {0}


def test_items_are_numbered_on_each_side_as_its_text_numbers_them(rich: Path, visit: Visiting) -> None:
    with visit(rich) as seen:
        seen.page.set_viewport_size({"width": 1280, "height": 900})
        page = redline(seen)
        page.get_by_label("Old and new side by side").check()
        page.evaluate(PAINTED)
        numbers = page.evaluate(
            "[...document.querySelectorAll('article > .old li')].map((one) => [one.value, one.innerText])"
        )

    assert [(number, words.split()[-1]) for number, words in numbers if words.strip()] == [
        (1, "one"),
        (2, "two"),
        (3, "three"),
    ]


OUTER = """# Privacy

## Orders

We keep your orders.

Returns and what follows

- In the shop
- By mail
  - In a box
  - In a bag
    - Of paper

Of each order:

- the name
- the day
"""
INNER = """# Privacy

### Orders

We keep your orders.

## Returns and what follows

- In the shop
  - By mail
- In a box
- In a bag
- Of paper

Of each order:

1. the name
2. the day
"""
STANDS = """
(chosen) => {
  const bare = new CSSStyleSheet();
  bare.replaceSync("[data-note] { display: none !important } article > ol { padding-inline-start: 1.7em !important }");
  document.adoptedStyleSheets = [bare];
  const edge = document.querySelector("article").getBoundingClientRect().left;
  const all = [...document.querySelectorAll(chosen)].flatMap((one) => [one, ...one.querySelectorAll("*")]);
  return all.filter((one) => one.matches("h1, h2, h3, h4, p:not(.fold), li")).map((one) => {
    const range = document.createRange(), texts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
    while (!texts.currentNode.data?.trim() || texts.currentNode.parentElement.closest("[data-note]")) texts.nextNode();
    range.selectNodeContents(texts.currentNode);
    const tag = one.matches("li") ? one.parentElement.localName : one.localName;
    return `${tag} ${texts.currentNode.data.trim()} ${Math.round(range.getBoundingClientRect().left - edge)}`;
  });
}
"""


@pytest.mark.parametrize(("before", "after"), [(OUTER, INNER), (INNER, OUTER)])
def test_side_by_side_headings_lists_and_items_stand_on_the_level_of_their_text(
    tmp_path: Path, visit: Visiting, before: str, after: str
) -> None:
    texts = {"privacy/a.md": version("2025-01-10", body=before), "privacy/b.md": version("2025-03-01", body=after)}
    build(project(tmp_path, texts), tmp_path / "site", ON)

    with visit(tmp_path / "site") as seen:
        seen.page.set_viewport_size({"width": 1280, "height": 900})
        seen.go(seen.site / "privacy/a/index.html")
        alone = seen.page.evaluate(STANDS, "article > *")
        page = redline(seen)
        plain = page.locator("article").inner_html()
        page.get_by_label("Old and new side by side").check()
        page.evaluate(PAINTED)
        beside = page.evaluate(STANDS, "article > .old")
        page.get_by_label("Old and new side by side").uncheck()

        assert beside == alone
        assert page.locator("article").inner_html() == plain
        assert seen.errors == []


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("place", ["privacy/b/changes/index.html", "privacy/compare/index.html"])
def test_side_by_side_each_column_says_above_it_of_which_version_it_is(
    tmp_path: Path, visit: Visiting, place: str, language: str
) -> None:
    texts = {"privacy/a.md": version("2025-01-10", body=OLD), "privacy/b.md": version("2025-03-01", body=NEW)}
    settings = f'[tool.inforce.policies.privacy]\nlanguage = "{language}"\n'
    build(project(tmp_path, texts, settings=settings), tmp_path / "site", ON)
    edge = "right" if language == "ar" else "left"
    stands = """(edge) => {
      const left = (one) => Math.round(one.getBoundingClientRect()[edge]);
      return [".sides > :first-child", ".sides > :last-child", "article > .old", "article > .old + :not(.fold)"]
        .map((one) => left(document.querySelector(one)));
    }"""

    with visit(tmp_path / "site", window={"viewport": {"width": 1280, "height": 900}}) as seen:
        seen.go(tmp_path / "site" / place)
        page = seen.page
        box = page.get_by_label("Old and new side by side")
        box.wait_for()
        before = page.locator(".sides").is_visible()
        box.check()
        heads = page.locator(".sides > span").all_inner_texts()
        edges = page.evaluate(stands, edge)

    assert not before
    assert heads == ["Old: version a", "New: version b"]
    assert edges[:2] == edges[2:]


def test_a_reader_who_comes_back_finds_both_texts_side_by_side_still(rich: Path, visit: Visiting) -> None:
    with visit(rich, window={"viewport": {"width": 1280, "height": 900}}) as seen:
        page = redline(seen)
        page.get_by_label("side by side").check()
        page.evaluate(PAINTED)
        seen.go(rich / "privacy/index.html")
        page.go_back()
        page.locator(".old").first.wait_for()

        assert page.get_by_label("side by side").is_checked()


def test_where_there_is_no_room_for_two_texts_and_in_print_there_is_one(rich: Path, visit: Visiting) -> None:
    with visit(rich) as seen:
        seen.page.set_viewport_size({"width": 1280, "height": 900})
        page = redline(seen)
        plain = copied(page)
        page.get_by_label("Old and new side by side").check()
        page.evaluate(PAINTED)
        page.set_viewport_size({"width": 800, "height": 900})
        narrow = copied(page)
        offered = page.get_by_label("Old and new side by side").is_visible()
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(media="print")

        assert (narrow, offered) == (plain, False)
        assert not page.locator("article > .old").first.is_visible()


def test_what_is_copied_says_what_was_deleted_and_inserted(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        assert copied(redline(seen)) == [
            "Orders",
            "We keep orders.",
            "Days",
            "Kept for [deleted: 30] [inserted: 60] days.",
            "deleted: No more is kept at all.",
        ]


def test_a_script_makes_plain_text_with_signs_of_what_is_copied(rich: Path, visit: Visiting) -> None:
    with visit(rich) as seen:
        page = redline(seen)
        plain, html = page.evaluate(CLIPBOARD.replace("CHOICE", "getSelection().selectAllChildren(article)"))

    assert plain.split("\n") == [
        "Kept",
        "",
        "[-(moved to elsewhere in this section) Gone: this stands at its old place only.-]",
        "",
        "We keep it for [-30 days-] {+60 days, and for some more days where the law asks for more than that+}.",
        "",
        "one",
        "[-two-]",
        "{+2+}",
        "three",
        "{+four+}",
        "",
        "See (ours) ([-https://example.com/old-] {+https://example.com/new+}) for it.",
        "",
        "for\tdays",
        "orders\t30",
        "[-letters-]\t[-60-]",
        "{+gifts+}\t{+90+}",
        "",
        "{+(moved from elsewhere in this section) Gone: this stands at its old place only.+}",
    ]
    assert "<del>30" in html
    assert "deleted:" not in html
    assert 'href="https://example.com/new"' in html


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("getSelection().selectAllChildren(article.querySelector('del').lastChild.parentNode)", "[-"),
        ("getSelection().setBaseAndExtent(document.querySelector('h1'), 0, article.children[1], 0)", "Privacy: what"),
        ("document.querySelector('[data-beside]').click(), getSelection().selectAllChildren(article)", "Kept\n\n[-("),
    ],
)
def test_a_part_more_than_the_redline_and_both_sides_are_copied_with_signs(
    rich: Path, visit: Visiting, choice: str, expected: str
) -> None:
    with visit(rich) as seen:
        seen.page.set_viewport_size({"width": 1280, "height": 900})
        page = redline(seen)
        plain, _ = page.evaluate(CLIPBOARD.replace("CHOICE", choice))

    assert plain.startswith(expected)
    assert ("Kept" in plain) == (plain.count("\n\nKept") + plain.startswith("Kept") == 1)
    assert "Next change" not in plain
    assert "deleted:" not in plain


def test_of_one_side_alone_its_text_is_copied(rich: Path, visit: Visiting) -> None:
    with visit(rich) as seen:
        seen.page.set_viewport_size({"width": 1280, "height": 900})
        page = redline(seen)
        page.get_by_label("Old and new side by side").check()
        page.evaluate(PAINTED)
        told = page.evaluate(CLIPBOARD.replace("CHOICE", "getSelection().selectAllChildren(article.children[4])"))

    assert told == ["", ""]  # the browser copies what stands there


@pytest.mark.parametrize("window", [{}, {"java_script_enabled": False}])
def test_only_the_changes_are_left_and_a_line_for_each_stretch(
    site: Path, visit: Visiting, window: dict[str, Any]
) -> None:
    with visit(site, window=window) as seen:
        page = redline(seen)
        page.get_by_label("Show only the changes").check()

        assert copied(page) == [
            "1 heading, 1 paragraph unchanged",
            "Days",
            "Kept for [deleted: 30] [inserted: 60] days.",
            "deleted: No more is kept at all.",
        ]
        page.emulate_media(media="print")
        assert page.get_by_text("We keep orders.").is_visible()
        assert not page.get_by_text("1 paragraph unchanged").is_visible()


@pytest.mark.parametrize("language", ["de", "en-GB"])
@pytest.mark.parametrize("page", ["privacy/b/changes/index.html", "privacy/compare/index.html#a..b"])
def test_what_explains_marks_is_english_also_within_a_text_of_another_language(
    tmp_path: Path, visit: Visiting, language: str, page: str
) -> None:
    texts = {"privacy/a.md": version("2025-01-10", body=OLD), "privacy/b.md": version("2025-03-01", body=NEW)}
    root = project(tmp_path, texts, settings=f'[tool.inforce.policies.privacy]\nlanguage = "{language}"\n')
    build(root, root / "site", ON)
    with visit(root / "site") as seen:
        seen.go(root / "site" / page)
        seen.page.wait_for_selector("#_steps:not([hidden])")
        told = seen.page.evaluate(
            "[...document.querySelectorAll('article .note, article .fold')].map((one) => one.lang)"
        )

    assert set(told) == {"en" if language == "de" else ""}
    assert len(told) > 4


@pytest.mark.parametrize("sides", [1, 2])
def test_the_place_that_the_address_names_is_shown_also_where_nothing_changed(
    site: Path, visit: Visiting, sides: int
) -> None:
    stand = """[...document.querySelectorAll("article > :not(.fold, .changed)")].filter((one) => one.checkVisibility())
      .map((one) => [one.innerText, Math.round(one.getBoundingClientRect().left / 400)])"""
    with visit(site) as seen:
        seen.page.set_viewport_size({"width": 1280, "height": 900})
        page = redline(seen)
        page.get_by_label("Show only the changes").check()
        page.get_by_label("Old and new side by side").set_checked(sides > 1)
        page.evaluate(PAINTED)
        before = page.evaluate(stand)
        page.evaluate("location.hash = 'orders'")
        page.evaluate(PAINTED)

        assert [words for words, _ in before] == ["Days"] * sides
        columns = [column for _, column in before]
        assert page.evaluate(stand) == [["Orders", at] for at in columns] + before
        assert len(set(columns)) == sides
        assert page.get_by_text("1 heading, 1 paragraph unchanged").is_visible()


def test_a_screen_reader_hears_of_each_change_where_it_is_and_of_a_whole_paragraph_once(
    site: Path, visit: Visiting
) -> None:
    with visit(site) as seen:
        heard = redline(seen).locator("article").aria_snapshot()

    assert heard.split("\n") == [
        "- article:",
        '  - heading "Orders" [level=2]',
        "  - paragraph: We keep orders.",
        '  - heading "Days" [level=2]',
        "  - paragraph:",
        "    - text: Kept for",
        '    - deletion: "[deleted: 30 ]"',
        '    - insertion: "[inserted: 60 ]"',
        "    - text: days.",
        "  - paragraph:",
        '    - deletion: "deleted: No more is kept at all."',
    ]
