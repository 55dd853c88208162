"""Reading with a keyboard and by pointing: the note beside a passage, and all that a redline offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inforce.build import build
from tests.browser.conftest import HOST
from tests.projects import project, version
from tests.test_templates import ON

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

    Visiting = Callable[..., AbstractContextManager[Visit]]

pytestmark = pytest.mark.browser

OLD = "## Orders\n\nWe keep orders while you have an account.\n\n## Letters\n\nWe keep letters.\n\nNo more is kept."
NEW = OLD.replace("We keep letters.", "We keep letters, and [answer](https://example.com/answers) them.")
PHONE = {"width": 390, "height": 700}
DESK = {"width": 1280, "height": 800}
COVERED = """
(() => {
  const note = document.getElementById("_at").getBoundingClientRect();
  const apart = (box) => box.top >= note.bottom - 1 || box.bottom <= note.top + 1 || box.right <= note.left;
  const blocks = [...document.querySelectorAll("article :is(h2, p):not(.at)")];
  return blocks.filter((one) => !apart(one.getBoundingClientRect())).map((one) => one.textContent.trim());
})()
"""
STOP = """
(() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const [x, y] = [box.left + Math.min(box.width, 12) / 2, box.top + Math.min(box.height, 16) / 2];
  const at = document.elementFromPoint(x, y), name = (one.innerText || one.id || one.tagName).trim().slice(0, 30);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  const inside = box.bottom > 0 && box.top < innerHeight;
  return [name, ring, Boolean(inside && (one.contains(at) || at?.contains(one) || at?.closest("label")))];
})()
"""
ALL = """
[...document.querySelectorAll("a[href], button, select, input, summary, [tabindex='0']")]
  .filter((one) => one.checkVisibility({visibilityProperty: true})).length
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reading")
    texts = {"privacy/a.md": version("2025-01-10", body=OLD), "privacy/b.md": version("2025-03-01", body=NEW)}
    build(project(folder, texts), folder / "site", ON)
    return folder / "site"


def policy(seen: Visit, size: dict[str, int]) -> Page:
    seen.page.set_viewport_size({"width": size["width"], "height": size["height"]})
    seen.go(seen.site / "privacy/index.html")
    return seen.page


def noted(page: Page) -> str:
    """What the note says; empty while there is none."""
    note = page.locator("#_at")
    return " ".join(note.inner_text().split()) if note.is_visible() else ""


def test_the_note_says_since_when_a_passage_stands_on_hover_and_on_focus_and_goes_with_escape(
    site: Path, visit: Visiting
) -> None:
    with visit(site) as seen:
        page = policy(seen, DESK)
        page.locator("article").get_by_text("We keep orders").hover()
        first = noted(page)
        page.get_by_role("link", name="answer").focus()
        changed = noted(page)
        beside = page.evaluate(COVERED)
        page.keyboard.press("Escape")

        assert first == "Address of this passage In this wording since 10 January 2025"
        assert changed == "Address of this passage In this wording since 31 March 2025 (what changed)"
        assert beside == []
        assert noted(page) == ""
        assert seen.errors == []


def test_on_a_phone_the_note_comes_when_a_passage_is_touched_and_covers_no_line(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        page = policy(seen, PHONE)
        page.locator("article").get_by_text("We keep orders").hover()
        before = noted(page)
        page.locator("article").get_by_text("We keep letters").click(position={"x": 5, "y": 5})

        assert before == ""
        assert noted(page).startswith("Address of this passage In this wording since 31 March 2025")
        assert page.evaluate(COVERED) == []
        page.locator("h1").click()
        page.keyboard.press("Escape")
        assert noted(page) == ""


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_passage_that_an_address_names_is_noted_and_ringed(
    site: Path, visit: Visiting, size: dict[str, int]
) -> None:
    with visit(site) as seen:
        page = policy(seen, size)
        id_ = page.locator("article").get_by_text("No more is kept").get_attribute("id") or ""
        seen.go(site / "privacy/index.html", id_)
        ring = page.evaluate("getComputedStyle(document.querySelector(':target')).outlineStyle")

        assert noted(page) == "Address of this passage In this wording since 10 January 2025"
        assert ring == "solid"
        assert page.evaluate(COVERED) == []


def test_contents_that_are_longer_than_the_window_follow_the_reader(tmp_path: Path, visit: Visiting) -> None:
    body = "\n\n".join(f"## Part {number}\n\n" + "Some words of it. " * 40 for number in range(80))
    build(project(tmp_path, {"privacy/a.md": version("2025-01-10", body=body)}), tmp_path / "site", ON)
    sight = """() => {
      const contents = document.querySelector(".contents").getBoundingClientRect();
      return [...document.querySelectorAll(".contents a")].filter((one) => {
        const box = one.getBoundingClientRect();
        return box.top >= contents.top && box.bottom <= contents.bottom;
      }).map((one) => one.textContent);
    }"""

    with visit(tmp_path / "site") as seen:
        page = policy(seen, DESK)
        page.mouse.move(700, 400)
        found = {}
        for number in (60, 10):
            page.locator("article h2").nth(number).evaluate("(one) => one.scrollIntoView()")
            page.wait_for_timeout(200)
            found[number] = page.evaluate(sight)
        page.mouse.move(60, 400)
        page.locator("article h2").nth(70).evaluate("(one) => one.scrollIntoView()")
        page.wait_for_timeout(200)

        assert "Part 60" in found[60]
        assert "Part 10" in found[10]
        assert page.evaluate(sight) == found[10]
        assert seen.errors == []


@pytest.mark.parametrize("address", ["privacy/b/changes/", "privacy/compare/"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_all_of_a_redline_is_reached_by_tab_seen_and_under_nothing(
    site: Path, visit: Visiting, address: str, size: dict[str, int]
) -> None:
    with visit(site) as seen:
        page = seen.page
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        page.goto(f"{HOST}/{address}", wait_until="networkidle")
        stops = []
        for _ in range(page.evaluate(ALL)):
            page.keyboard.press("Tab")
            stops.append(page.evaluate(STOP))

    names = [name for name, _, _ in stops]
    assert {"Skip to the text", "Previous change", "Next change"} <= set(names)
    assert [name for name, ring, _ in stops if not ring] == []
    assert [name for name, _, shown in stops if not shown] == []
    assert "BODY" not in names
    if "compare" in address:
        assert {"Swap", "_old", "_new"} & set(names)
