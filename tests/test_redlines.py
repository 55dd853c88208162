"""Redlines as pages show them, each named for what changed.

A folder of ``tests/redlines`` holds two texts, ``old.md`` and ``new.md``, and what is made of them: in ``redline.html``
the article of the page, in ``heard.txt`` what a screen reader is given of it, which
tests/browser/test_redlines_heard.py reads. ``make golden`` writes both anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inforce.build import build
from tests.projects import project, version
from tests.test_sites import compare
from tests.test_templates import ON

if TYPE_CHECKING:
    from collections.abc import Iterator

REDLINES = Path(__file__).parent / "redlines"
CASES = sorted(path.name for path in REDLINES.iterdir())
LANGUAGES = {"right-to-left": "ar", "chinese": "zh"}


def built(folder: Path) -> Path:
    """A site with a policy for each case, named like it."""
    files: dict[str, str | bytes] = {
        f"{case}/{name}.md": version(posted, body=(REDLINES / case / f"{name}.md").read_text("utf-8"))
        for case in CASES
        for name, posted in (("old", "2025-01-10"), ("new", "2025-03-01"))
    }
    settings = "".join(f'[tool.inforce.policies.{case}]\nlanguage = "{tag}"\n' for case, tag in LANGUAGES.items())
    build(project(folder, files, settings=settings), folder / "site", ON)
    return folder / "site"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("redlines"))


def article(page: str) -> Iterator[str]:
    """The lines of a page that hold its text."""
    lines = iter(page.splitlines())
    for line in lines:
        if line.startswith("<article"):
            yield line
            break
    for line in lines:
        yield line
        if line == "</article>":
            break


@pytest.mark.parametrize("case", CASES)
def test_a_redline_is_shown_as_expected(site: Path, case: str, *, golden: bool) -> None:
    page = (site / case / "new/changes/index.html").read_text("utf-8")

    shown = "".join(f"{line}\n" for line in article(page))

    compare(shown.encode(), REDLINES / case / "redline.html", golden=golden)
