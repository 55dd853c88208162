"""Every page by keyboard alone: all that can be used is reached, seen, and never hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from inforce.build import build
from tests.browser.conftest import HOST
from tests.browser.test_kinds_of_pages import FILES, SETTINGS
from tests.projects import project
from tests.test_templates import ON

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

    Visiting = Callable[..., AbstractContextManager[Visit]]

pytestmark = pytest.mark.browser

WINDOWS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1280, "height": 700}},
    "narrow": {"viewport": {"width": 390, "height": 600}},
}
PAGES = {
    "policy": "privacy/",
    "notice": "terms/",
    "version": "privacy/b/",
    "redline": "privacy/b/changes/",
    "history": "terms/history/",
    "compare": "terms/compare/#2025-03-01..2026-11-28",
    "on a day": "terms/on/#2026-02-25",
    "home": "",
}
MOST = 600
"""Presses of a key on one page."""
NAME = """
  const name = (one) => {
    const all = [...document.querySelectorAll(one.localName)];
    const words = (one.innerText || one.id).trim().replace(/\\s+/g, " ");
    return `${one.localName} ${all.indexOf(one)} ${words.slice(0, 40)}`;
  };
"""
USABLE = (
    "() => {"
    + NAME
    + """
  const all = document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']");
  return [...all].filter((one) => one.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}) &&
    !one.disabled && one.tabIndex >= 0).map(name);
}
"""
)
"""All that the page offers to be used."""
STOP = (
    "() => {"
    + NAME
    + """
  const one = document.activeElement, faults = [];
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one), sides = one.getClientRects(), box = sides[0] ?? one.getBoundingClientRect();
  const within = one.type === "date" && !one.matches(":focus-visible");  // the sign that opens its calendar has its own
  if (!within && (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 1)) faults.push("no outline");
  const inside = box.top >= -1 && box.left >= -1 && box.bottom <= innerHeight + 1 && box.right <= innerWidth + 1;
  if (!inside) faults.push(`out of the window: ${box.top} to ${box.bottom}`);
  const hit = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
  if (inside && !(hit && (one.contains(hit) || hit.contains(one)))) faults.push(`under ${hit && name(hit)}`);
  if (inside && hit && hit !== one && hit.contains(one) && hit.matches(".back, .steps, .contents")) {
    faults.push("covered");
  }
  return {name: name(one), faults};
}
"""
)
"""Where the focus is, and what keeps it from being seen."""
UNCOVER = """
() => { const sheet = new CSSStyleSheet(); sheet.replaceSync("* { pointer-events: auto !important }");
  document.adoptedStyleSheets = [sheet] }
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keyboard")
    build(project(folder, FILES, settings=SETTINGS), folder / "site", ON)
    return folder / "site"


def at(seen: Visit, address: str) -> Page:
    path, _, fragment = address.partition("#")
    seen.go(seen.site / path / "index.html", fragment)
    seen.page.evaluate(UNCOVER)
    return seen.page


def walk(page: Page, key: str) -> list[dict[str, Any]]:
    """All stops on the way through a page."""
    stops: list[dict[str, Any]] = []
    for _ in range(MOST):
        page.keyboard.press(key)
        stop = page.evaluate(STOP)
        if stop is None or (stops and stop["name"] == stops[0]["name"]):
            return stops
        stops.append(stop)
    raise AssertionError(f"no end in sight at {stops[-1]}")


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("kind", PAGES)
def test_all_that_can_be_used_is_reached_and_seen(site: Path, visit: Visiting, kind: str, window: str) -> None:
    with visit(site, window=WINDOWS[window]) as seen:
        page = at(seen, PAGES[kind])
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        usable = set(page.evaluate(USABLE))
        page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
        there = walk(page, "Tab")
        back = walk(page, "Shift+Tab")

    assert len(usable) > 3
    assert {stop["name"] for stop in there} >= usable
    assert {stop["name"] for stop in back} >= usable
    assert [stop for stop in there + back if stop["faults"]] == []


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize(
    ("kind", "within"),
    [
        *((kind, "article") for kind in ("policy", "notice", "version", "redline")),
        *((kind, "main") for kind in ("history", "compare", "home")),
    ],
)
def test_the_first_stop_leads_to_the_text_past_all_that_stands_before_it(
    site: Path, visit: Visiting, kind: str, within: str, window: str
) -> None:
    with visit(site, window=WINDOWS[window]) as seen:
        page = at(seen, PAGES[kind])
        page.keyboard.press("Tab")
        first = page.evaluate(STOP)
        page.keyboard.press("Enter")
        reached = page.evaluate("document.querySelector(':target').localName")
        seen_at = page.evaluate("document.querySelector(':target').getBoundingClientRect().top < innerHeight / 2")
        page.keyboard.press("Tab")
        inside = page.evaluate("(name) => document.activeElement.closest(name) !== null", within)

    assert (first["name"], first["faults"]) == ("a 0 Skip to the text", [])
    assert (reached, seen_at, inside) == (within, True, True)


def test_contents_and_choosers_work_by_keys(site: Path, visit: Visiting) -> None:
    with visit(site, window=WINDOWS["narrow"]) as seen:
        page = at(seen, "privacy/")
        page.locator(".contents summary").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        section = page.url.partition("#")[2]
        page.goto("about:blank")
        page = at(seen, "terms/compare/#2025-03-01..2026-11-28")
        page.locator("#_old").focus()
        page.keyboard.press("ArrowDown")
        page.wait_for_url(f"{HOST}/terms/compare/#2025-01-10..2026-11-28")
        page.locator("#_swap").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"{HOST}/terms/compare/#2026-11-28..2025-01-10")
        page = at(seen, "terms/history/")
        page.locator("#_day").focus()
        page.keyboard.type("04012025")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{HOST}/terms/on/#2025-04-01")

    assert section == "two"
    assert (seen.errors, seen.lost) == ([], [])
