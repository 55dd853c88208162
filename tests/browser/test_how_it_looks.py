"""Pages as readers see them: the measure, what fits on a phone, what a printed sheet bears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from inforce.build import build
from tests import test_bad_input
from tests.projects import project, version
from tests.test_templates import ON, STANDINGS

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.browser.conftest import Visit

    Visiting = Callable[..., AbstractContextManager[Visit]]

pytestmark = pytest.mark.browser

ENGLISH = "We keep the address that you give us for as long as the law of the place asks, and no longer than that. " * 9
GERMAN = "Wir bewahren die Anschrift, die Sie uns mitteilen, so lange auf, wie es Gesetze verlangen. " * 9
FILES = {
    **STANDINGS,
    **test_bad_input.FILES,
    "english/a.md": version("2026-10-01", body=ENGLISH),
    "german/a.md": version("2026-10-01", body=GERMAN),
}
SETTINGS = f'{test_bad_input.SETTINGS}[tool.inforce.policies.german]\nlanguage = "de"\n'
LINES = """
() => {
  const words = document.querySelector("article p").firstChild, range = document.createRange(), lines = [];
  for (let at = 0; at < words.length; at++) {
    range.setStart(words, at);
    range.setEnd(words, at + 1);
    const box = range.getBoundingClientRect();
    if (box.width) (lines[Math.round(box.top)] ??= []).push(words.data[at]);
  }
  return Object.values(lines).map((line) => line.length);
}
"""
SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
"""What a reader may set, by WCAG 2.2, 1.4.12."""
SET = """
(css) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet] }
"""
CUT = """
() => [...document.querySelectorAll("main :is(p, li, a, h1, h2, td, th, summary)")].filter((one) =>
  one.checkVisibility() && !one.matches(".titled > :first-child") && getComputedStyle(one).overflow !== "visible" &&
  one.scrollHeight > one.clientHeight + 1).map((one) => one.outerHTML.slice(0, 80))
"""
WIDE = {"width": 1280, "height": 900}
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("looks")
    build(project(folder, FILES, settings=SETTINGS), folder / "site", ON)
    return folder / "site"


@pytest.mark.parametrize("policy", ["english", "german"])
def test_a_line_of_text_has_60_to_75_characters(looked_at: Path, visit: Visiting, policy: str) -> None:
    with visit(looked_at) as seen:
        seen.page.set_viewport_size({"width": 1280, "height": 900})
        seen.go(looked_at / policy / "index.html")
        lines = seen.page.evaluate(LINES)

    whole = sorted(lines[:-1])
    assert len(whole) > 8
    assert 60 <= whole[len(whole) // 2] <= 75


@pytest.mark.parametrize("width", [320, 840, 900])
def test_no_page_scrolls_sideways_and_none_is_cut_when_text_is_spaced(
    looked_at: Path, visit: Visiting, width: int
) -> None:
    sideways, cut = [], []

    with visit(looked_at) as seen:
        seen.page.set_viewport_size({"width": width, "height": 640})
        for path in sorted(looked_at.rglob("*.html")):
            seen.go(path)
            for css in ("", SPACED):
                seen.page.evaluate(SET, css)
                sideways += [seen.page.url] * seen.page.evaluate(SIDEWAYS)
                cut += seen.page.evaluate(CUT)

    assert sideways == []
    assert cut == []


@pytest.mark.parametrize("window", [{}, {"java_script_enabled": False}])
def test_beside_a_text_the_contents_stand_open_and_are_not_said_to_be_folded(
    looked_at: Path, visit: Visiting, window: dict[str, Any]
) -> None:
    with visit(looked_at, window={"viewport": WIDE, **window}) as seen:
        seen.go(looked_at / "headings/index.html")
        shown = seen.page.locator("#_contents").is_visible()
        summary = seen.page.locator(".contents summary").is_visible()
        name = seen.page.evaluate("getComputedStyle(document.getElementById('_contents'), '::before').content")

    assert (shown, summary) == (True, False)
    assert "attr(aria-label)" in name or "Contents" in name


def test_where_a_browser_cannot_show_what_is_folded_the_contents_unfold(looked_at: Path, visit: Visiting) -> None:
    css = (looked_at / "style.css").read_text("utf-8").replace("::details-content", "::unheard-of")

    with visit(looked_at, window={"viewport": WIDE}) as seen:
        seen.page.context.route("**/style.css", lambda route: route.fulfill(body=css, content_type="text/css"))
        seen.go(looked_at / "headings/index.html")
        before = seen.page.locator("#_contents").is_visible()
        seen.page.locator(".contents summary").click()

        assert not before
        assert seen.page.locator("#_contents").is_visible()


def test_what_leads_back_to_the_contents_opens_them(looked_at: Path, visit: Visiting) -> None:
    with visit(looked_at) as seen:
        seen.page.set_viewport_size({"width": 390, "height": 640})
        seen.go(looked_at / "headings" / "index.html")
        seen.page.click(".back a")

        assert seen.page.locator("#_contents").is_visible()


def test_no_phone_magnifies_the_page_when_a_version_or_a_day_is_chosen(looked_at: Path, visit: Visiting) -> None:
    size = "parseFloat(getComputedStyle(document.querySelector('select, input[type=date]')).fontSize)"
    found = []

    with visit(looked_at) as seen:
        seen.page.set_viewport_size({"width": 390, "height": 640})
        for page in ("compare", "history", "on"):
            seen.go(looked_at / "table" / page / "index.html")
            found.append(seen.page.evaluate(size))

    assert min(found) >= 16


def test_a_table_in_a_summary_is_a_table_on_a_phone_too(looked_at: Path, visit: Visiting) -> None:
    with visit(looked_at) as seen:
        seen.page.set_viewport_size({"width": 390, "height": 640})
        seen.go(looked_at / "table" / "history" / "index.html")
        heads = [one.bounding_box() for one in seen.page.locator(".told th").all()]

    assert len(heads) == 2
    assert all(heads)
    assert len({box["y"] for box in heads if box}) == 1
