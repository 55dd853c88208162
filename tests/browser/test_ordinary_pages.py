"""Pages as visitors find them: the browser has nothing to complain of, and asks nobody but the site."""

from __future__ import annotations

from base64 import b64decode
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inforce.build import build
from inforce.cli import run
from tests.projects import project, version
from tests.test_templates import ON, STANDINGS

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.browser.conftest import Visit

    Visiting = Callable[..., AbstractContextManager[Visit]]

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parent.parent.parent
DOT = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
IN_SIGHT = """
(element) => {
  const words = [], range = document.createRange(), walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode()); )
    for (const found of node.data.matchAll(/[^ ]+/g)) {
      range.setStart(node, found.index);
      range.setEnd(node, found.index + found[0].length);
      words.push([found[0], range.getBoundingClientRect().left]);
    }
  return words.sort((one, two) => one[1] - two[1]).map(([word]) => word).join(" ");
}
"""
TEXT = """# Privacy

![Seal](seal.png "Our seal") and [the terms](../terms/2025-01-10.md "Terms"), *{}*.

| for | days |
|:--|--:|
| orders | {} |

1. One
   - [Two](#two)

## Two

```sh
rm -rf
```

## Three

> Said by <us@example.com>.
"""
FILES: dict[str, str | bytes] = {
    **STANDINGS,
    "privacy/a.md": version("2026-01-10", body=TEXT.format("ours", 30)),
    "privacy/b.md": version("2026-11-25", "summary: '**More** days: [all](../terms.md).'", body=TEXT.format("all", 90)),
    "privacy/seal.png": DOT,
}
LOOK = """
async () => {
  await Promise.allSettled([...document.images].map((image) => image.decode()));
  return {told: window.violations ?? [], styled: getComputedStyle(document.body).maxWidth !== "none",
    unseen: [...document.images].filter((image) => !image.naturalWidth).map((image) => image.src)};
}
"""
"""A picture that a script put there may be under way: it is waited for, and one that never comes is told."""


def look_over(seen: Visit) -> list[dict[str, object]]:
    """Open every page of a site: what was kept from it, and what cannot be seen."""
    found = []
    for path in sorted(seen.site.rglob("*.html")):
        seen.go(path)
        found.append({**seen.page.evaluate(LOOK), "page": path.relative_to(seen.site).as_posix()})
    return found


@pytest.mark.parametrize("sample", [False, True], ids=["every standing", "the sample"])
def test_no_page_gives_a_browser_reason_to_complain(tmp_path: Path, visit: Visiting, *, sample: bool) -> None:
    build(ROOT if sample else project(tmp_path / "root", FILES), tmp_path / "site", ON)

    with visit(tmp_path / "site") as seen:
        found = look_over(seen)

    assert len(found) > 5
    assert [one for one in found if one["told"] or one["unseen"] or not one["styled"]] == []
    assert (seen.errors, seen.lost, seen.foreign, seen.ran) == ([], [], [], [])


def test_a_redline_that_stands_alone_gives_none_either(tmp_path: Path, visit: Visiting) -> None:
    root = project(tmp_path / "root", FILES)
    (tmp_path / "site").mkdir()
    told = ["--root", str(root), "--on", str(ON), "--output", str(tmp_path / "site" / "redline.html")]
    assert run(["redline", "terms@2025-01-10", "terms@2026-02-01", *told]) == 0

    with visit(tmp_path / "site") as seen:
        found = look_over(seen)

    assert [one["told"] or one["unseen"] or not one["styled"] for one in found] == [False]
    assert (seen.errors, seen.lost, seen.foreign, seen.ran) == ([], [], [], [])


def test_days_in_a_script_from_right_to_left_stand_where_the_sentence_has_them(tmp_path: Path, visit: Visiting) -> None:
    texts = {f"p/{day}.md": version(day, body=day) for day in ("2026-06-01", "2026-11-20")}
    root = project(tmp_path, texts, settings='[tool.inforce]\nlanguage = "ar"\n')
    build(root, root / "site", date(2026, 11, 28))
    with visit(root / "site") as seen:
        seen.page.clock.set_fixed_time("2026-11-28T12:00:00Z")
        seen.go(seen.site / "p/index.html")

        facts = seen.page.locator(".facts li").nth(1).evaluate(IN_SIGHT)
        notice = seen.page.locator(".notice strong").evaluate(IN_SIGHT)

    assert facts == "In force from 2026 يونيو 1 through 2026 ديسمبر 19"
    assert notice == "A new version takes effect on 2026 ديسمبر 20 , in 22 days ."
