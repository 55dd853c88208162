"""What an adversary writes into a policy, opened in a real browser: nothing runs, nobody else is asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from inforce.cli import run
from tests.fuzz.live import DRAWN
from tests.fuzz.vectors import VECTORS, body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.browser.conftest import Visit

    Visiting = Callable[..., AbstractContextManager[Visit]]

pytestmark = pytest.mark.browser

PROVOKE = """
(drawn) => {
  const good = ["http:", "https:", "mailto:", "tel:", ":"], strange = [];
  const html = "http://www.w3.org/1999/xhtml", svg = "http://www.w3.org/2000/svg";
  for (const element of document.querySelectorAll("*")) {
    const known = element.namespaceURI === svg && element.closest(".timeline") ? drawn[element.localName] : undefined;
    for (const {name, value} of element.attributes) {
      if (name.startsWith("on")) {
        strange.push(`${element.localName} ${name}`);
        element.dispatchEvent(new Event(name.slice(2)));
      } else if (known && (!known.includes(name) || (name === "href" && !value.startsWith("#")))) {
        strange.push(`${element.localName} ${name}=${value}`);
      }
    }
    if (element.localName === "a" && !good.includes(element.protocol)) strange.push(element.href);
    if (element.namespaceURI !== html && !known) strange.push(element.localName);
  }
  return {pwned: window.pwned ?? null, strange, violations: window.violations ?? []};
}
"""
"""Set off every handler, and gather what a browser holds for live; what it cannot read has the scheme ``:``. Of other
elements than those of HTML there are only those with which a history is drawn."""
MAY_BE_DRAWN = {name: sorted(attributes) for name, attributes in DRAWN.items()}


def look_over(seen: Visit, pages: Iterable[Path]) -> list[dict[str, Any]]:
    """Open pages and provoke them: what each told."""
    told = []
    for path in pages:
        for fragment in ("", *_fragments(path)):
            seen.go(path, fragment)
            told.append({**seen.page.evaluate(PROVOKE, MAY_BE_DRAWN), "page": seen.page.url})
    return told


def _fragments(page: Path) -> list[str]:
    """What a reader may ask of a page that a script fills in: some pairs of versions, and some that are none."""
    if page.parent.name != "compare":
        return []
    ids = [version["id"] for version in json.loads((page.parent.parent / "versions.json").read_bytes())["versions"]]
    pairs = [f"{old}..{new}" for old, new in zip(ids[::6], ids[3::6], strict=False)]
    return [*pairs, *(quote(vector) for vector in VECTORS[::40])]


@pytest.mark.parametrize("bypass", [False, True], ids=["as served", "without its Content-Security-Policy"])
def test_no_vector_runs_and_none_asks_another_site(hostile_site: Path, visit: Visiting, *, bypass: bool) -> None:
    pages = sorted(hostile_site.rglob("*.html"))

    with visit(hostile_site, bypass=bypass) as seen:
        told = look_over(seen, pages)

    assert len(VECTORS) > 200
    assert len(pages) > 2 * len(VECTORS)
    assert [one for one in told if one["pwned"] or one["strange"]] == []
    assert seen.ran == []
    assert {asked.split()[0] for asked in seen.foreign} == ({"image"} if bypass else set())
    if not bypass:
        assert {violation.split()[0] for one in told for violation in one["violations"]} <= {"img-src"}


@pytest.mark.parametrize("bypass", [False, True], ids=["as served", "without its Content-Security-Policy"])
def test_no_vector_runs_in_a_redline_that_stands_alone(tmp_path: Path, visit: Visiting, *, bypass: bool) -> None:
    texts = [body(vector) for vector in VECTORS]
    pairs = [(old, new) for old, new in zip(texts[::2], texts[1::2], strict=False)]
    for number, (old, new) in enumerate(pairs):
        (tmp_path / f"{number} <b>.md").write_text(old, "utf-8")
        (tmp_path / f'{number} "new.md').write_text(new, "utf-8")
        files = [str(tmp_path / f"{number} {name}.md") for name in ("<b>", '"new')]
        assert run(["redline", "--root", str(tmp_path), *files, "--output", str(tmp_path / f"{number}.html")]) == 0

    with visit(tmp_path, bypass=bypass) as seen:
        told = look_over(seen, sorted(tmp_path.glob("*.html")))

    assert len(told) == len(pairs)
    assert [one for one in told if one["pwned"] or one["strange"]] == []
    assert seen.ran == []
    assert {asked.split()[0] for asked in seen.foreign} == ({"image"} if bypass else set())


def test_the_trap_itself_works(tmp_path: Path, visit: Visiting) -> None:
    (tmp_path / "a.html").write_text(
        "<!doctype html><p tabindex=1 onfocus='window.pwned=1'>x<img src=//evil.example>", "utf-8"
    )
    (tmp_path / "b.html").write_text("<!doctype html><script>alert(1)</script><a href=javascript:1>x</a>", "utf-8")
    drawing = "<rect x=1 style=a /><rect onclick='window.pwned=2' /><use href='b.svg#c' /><image />"
    (tmp_path / "c.html").write_text(
        f"<!doctype html><svg></svg><div class=timeline><svg width=1>{drawing}</svg></div>", "utf-8"
    )

    with visit(tmp_path) as seen:
        told = look_over(seen, sorted(tmp_path.glob("*.html")))

    assert [one["pwned"] for one in told] == [1, "alert", 2]
    assert [one["strange"] for one in told] == [
        ["p onfocus"],
        ["javascript:1"],
        ["svg", "rect style=a", "rect onclick", "use href=b.svg#c", "image"],
    ]
    assert seen.foreign == ["image http://evil.example/"]
