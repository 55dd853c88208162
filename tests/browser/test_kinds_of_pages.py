"""Every kind of page in every way of reading it: nothing complained of, cut, covered, or out of the window's width."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from inforce.build import build
from tests.browser.conftest import HOST
from tests.browser.test_how_it_looks import CUT, SIDEWAYS
from tests.browser.test_ordinary_pages import DOT, TEXT
from tests.projects import project, version
from tests.test_templates import ON, STANDINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

    Visiting = Callable[..., AbstractContextManager[Visit]]

pytestmark = pytest.mark.browser

LONG = "**More** is kept, and for longer than it was, as the law of the place now asks of all who keep books. " * 9
CLAUSES = "".join(f"## {n}. Clause {n}\n\nWe keep it for {{}} days.\n\n1. one\n2. two\n\n" for n in range(1, 31))
FILES: dict[str, str | bytes] = {
    **STANDINGS,
    "privacy/a.md": version("2026-01-10", body=TEXT.format("ours", 30) + CLAUSES.replace("{}", "30")),
    "privacy/b.md": version(
        "2026-11-25", f"summary: '{LONG}'", body=TEXT.format("all", 90) + CLAUSES.replace("{}", "60")
    ),
    "privacy/seal.png": DOT,
    "none/a.md": version("2026-11-01", "effective: 2027-01-01"),
    "taken/a.md": version("2026-11-01", "effective: 2026-12-10", "withdrawn: 2026-11-10"),
}
SETTINGS = """
[tool.inforce]
title = "Larkfield Looms"
base-url = "http://inforce.test"
footer = "Larkfield Looms, 1 Mill Lane. [Write to us](mailto:us@example.com)."
"""
KINDS = {
    "home": "",
    "policy": "privacy/",
    "policy with much that is coming": "terms/",
    "policy of which nothing is in force": "none/",
    "policy of which nothing ever was": "taken/",
    "in force": "terms/2026-02-01/",
    "pending": "privacy/b/",
    "superseded": "terms/2025-06-01/",
    "overtaken": "terms/2025-03-01/",
    "withdrawn": "terms/2025-10-01/",
    "never in force": "terms/2026-04-20/",
    "redline": "privacy/b/changes/",
    "redline of a correction": "terms/2026-11-28/changes/",
    "history": "terms/history/",
    "compare": "terms/compare/#2025-03-01..2026-11-28",
    "compare, what there is not": "terms/compare/#2025-03-01..nothing",
    "on a day": "terms/on/#2026-02-25",
    "on no day": "terms/on/#2026-02-30",
    "not found": "404.html",
}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
WAYS: dict[str, dict[str, Any]] = {
    "desktop": DESKTOP,
    "phone": {"viewport": {"width": 320, "height": 640}, "is_mobile": True, "has_touch": True},
    "tablet": {"viewport": {"width": 840, "height": 1100}},
    "zoomed to 400 %": {"viewport": {"width": 320, "height": 225}, "device_scale_factor": 4},
    "dark": {**DESKTOP, "color_scheme": "dark"},
    "forced colours": {**DESKTOP, "forced_colors": "active"},
    "no script": {**DESKTOP, "java_script_enabled": False},
}
FAULTS = """
() => {
  const lines = [], hidden = (one) => one.closest(".note, .skip, option, .steps, [data-note], .titled > :first-child");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  const floating = (one) => one.closest(".back, .at");
  while (walker.nextNode()) {
    const text = walker.currentNode, one = text.parentElement;
    if (!text.data.trim() || hidden(one) || !one.checkVisibility({visibilityProperty: true})) continue;
    if (getComputedStyle(one).position === "absolute") continue;  // heard, not seen
    range.selectNodeContents(text);
    for (const {left, right, top, bottom} of range.getClientRects()) {
      if (right - left > 1) lines.push({left, right, top, bottom, text: text.data.trim().slice(0, 40), one});
    }
  }
  const found = [], width = document.documentElement.clientWidth;
  for (const [k, line] of lines.entries()) {
    if (!line.one.closest(".table, pre") && (line.left < -1 || line.right > width + 1)) found.push(`out: ${line.text}`);
    for (const other of lines.slice(k + 1)) {
      if (other.one === line.one || floating(line.one) || floating(other.one)) continue;
      const across = Math.min(line.right, other.right) - Math.max(line.left, other.left);
      const down = Math.min(line.bottom, other.bottom) - Math.max(line.top, other.top);
      const half = Math.min(line.bottom - line.top, other.bottom - other.top) / 2;
      if (across > 3 && down > half) found.push(`over each other: ${line.text} / ${other.text}`);
    }
  }
  return found;
}
"""
"""Words that stand out of the window, or on other words."""
USELESS = """
() => [...document.querySelectorAll("input, select, button, form")]
  .filter((one) => one.checkVisibility() && one.id !== "_only").map((one) => one.outerHTML)
"""
"""What asks for a script, and is shown; the changes alone are shown without one."""
PAPER = """
() => {
  const light = getComputedStyle(document.documentElement).backgroundColor.match(/[0-9.]+/g).slice(0, 3);
  return Math.max(...light.map(Number));
}
"""
MARKS = """
() => [[...document.querySelectorAll("ins, del")].filter((one) => one.checkVisibility() && one.dataset.change !==
  "typography" && getComputedStyle(one).textDecorationLine === "none"), [...document.querySelectorAll("span.in-force")]
  .filter((one) => parseFloat(getComputedStyle(one, "::before").borderTopWidth) < 3)].flat().map((one) => one.outerHTML)
"""
"""Marks that would be lost without their colours."""


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kinds")
    build(project(folder, FILES, settings=SETTINGS), folder / "site", ON)
    return folder / "site"


def opened(seen: Visit) -> Iterator[tuple[str, Page]]:
    """Every kind of page, one after the other."""
    for kind, address in KINDS.items():
        path, _, fragment = address.partition("#")
        seen.go(seen.site / path / ("" if path.endswith(".html") else "index.html"), fragment)
        yield kind, seen.page


@pytest.mark.parametrize("way", WAYS)
def test_no_kind_of_page_has_a_fault(kinds: Path, visit: Visiting, way: str) -> None:
    faults: dict[str, list[str]] = {}

    with visit(kinds, window=WAYS[way]) as seen:
        for kind, page in opened(seen):
            found = page.evaluate(FAULTS) + page.evaluate(CUT) + page.evaluate("window.violations ?? []")
            found += ["the page scrolls sideways"] * page.evaluate(SIDEWAYS)
            found += page.evaluate(USELESS) if way == "no script" else []
            found += page.evaluate(MARKS) if way == "forced colours" else []
            found += ["the paper is light"] * (way == "dark" and page.evaluate(PAPER) > 60)
            if found:
                faults[kind] = found
        complaints = (seen.errors, seen.lost, seen.foreign, seen.ran)

    assert faults == {}
    assert complaints == ([], [], [], [])


# ------------------------------------------------------------------ paper


@pytest.mark.parametrize(
    ("address", "sheet"),
    [
        ("privacy/", f"{HOST}/privacy/a/ · Version a, posted 10 January 2026"),
        ("privacy/b/", f"{HOST}/privacy/b/ · Version b, posted 25 November 2026"),
        ("privacy/b/changes/", f"{HOST}/privacy/b/changes/ · Version b, posted 25 November 2026"),
    ],
)
def test_every_sheet_says_where_it_is_from_and_which_text_it_bears(
    kinds: Path, tmp_path: Path, visit: Visiting, address: str, sheet: str
) -> None:
    with visit(kinds, window={"color_scheme": "dark"}) as seen:
        seen.page.clock.set_fixed_time(ON.isoformat())
        seen.go(kinds / address / "index.html")
        assert ", in " in seen.page.locator(".notice").inner_text()
        told = printed(seen.page, tmp_path)

    sheets = [" ".join(each.split()) for each in told.split("\f")[:-1]]
    assert len(sheets) > 2
    assert [each.count(sheet) for each in sheets[:-1]] == [1] * (len(sheets) - 1)
    assert all(f"Page {n} / {len(sheets)}" in each for n, each in enumerate(sheets, 1))
    assert f"takes effect on {day(date(2026, 12, 25))}" in sheets[0]
    assert " days." not in sheets[0].split("Summary")[0]  # a sheet is read on any day
    assert "Show only" not in told
    if "changes" in address:
        assert "[-30-] {+60+}" in " ".join(sheets).replace("-]{", "-] {")


def printed(page: Page, folder: Path) -> str:
    """A page on paper, as text."""
    tool = shutil.which("pdftotext")
    assert tool, "there is no pdftotext: apt-get install poppler-utils"
    page.pdf(path=folder / "print.pdf", format="A4")
    paper = subprocess.run([tool, "-layout", folder / "print.pdf", "-"], capture_output=True, check=True)
    return paper.stdout.decode()


def test_paper_bears_both_targets_of_a_link_and_the_list_of_changes_that_is_closed_on_the_screen(
    tmp_path: Path, visit: Visiting
) -> None:
    old = "See [our partner](https://old.example/) and text, or [us](https://us.example/).\n\nGone."
    new = "See [our partner](https://new.example/) and [text](https://added.example/), or us."
    texts = {"p/a.md": version("2025-01-10", body=old), "p/b.md": version("2025-03-01", body=new)}
    root = project(tmp_path, texts)
    build(root, root / "site", ON)
    with visit(root / "site") as seen:
        seen.go(root / "site/p/b/changes/index.html")
        seen.page.locator(".changes > summary").click()
        assert not seen.page.locator(".changes li").first.is_visible()

        told = " ".join(printed(seen.page, tmp_path).split())

    assert "deleted [-Gone.-]" in told
    text = told.split("deleted [-Gone.-]")[1]
    assert "our partner [-https://old.example/-] {+https://new.example/+} and" in text
    assert "text {+https://added.example/+}" in text
    assert "or us [-https://us.example/-]" in text


@pytest.mark.parametrize("place", ["p/b/changes/index.html", "p/compare/index.html"])
def test_a_very_long_list_of_changes_is_printed_only_if_the_reader_has_opened_it(
    place: str, tmp_path: Path, visit: Visiting
) -> None:
    body = "\n\n".join(f"Item {number} is kept for DAYS days." for number in range(100))
    bodies = {"a": ("2025-01-10", body.replace("DAYS", "30")), "b": ("2025-03-01", body.replace("DAYS", "60"))}
    texts = {f"p/{name}.md": version(day, body=body) for name, (day, body) in bodies.items()}
    build(project(tmp_path, texts), tmp_path / "site", ON)

    with visit(tmp_path / "site") as seen:
        seen.go(tmp_path / "site" / place)
        seen.page.locator("#_steps").wait_for()
        closed = printed(seen.page, tmp_path)
        seen.page.locator(".changes > summary").click()
        opened = printed(seen.page, tmp_path)

    assert closed.count("reworded") == 1
    assert opened.count("reworded") == 101


def day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
