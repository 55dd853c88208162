"""A redline as readers use it: what is copied out of it, what a screen reader is given, what folding leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inforce.build import build
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

OLD = "## Orders\n\nWe keep orders.\n\n## Days\n\nKept for 30 days.\n\nNo more is kept at all."
NEW = "## Orders\n\nWe keep orders.\n\n## Days\n\nKept for 60 days."
COPIED = "getSelection().selectAllChildren(document.querySelector('article')), getSelection().toString()"


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


def copied(page: Page) -> list[str]:
    """The lines of the redline as they are copied."""
    return [line for line in str(page.evaluate(COPIED)).split("\n") if line]


def test_what_is_copied_says_what_was_deleted_and_inserted(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
        assert copied(redline(seen)) == [
            "Orders",
            "We keep orders.",
            "Days",
            "Kept for [deleted: 30] [inserted: 60] days.",
            "deleted: No more is kept at all.",
        ]


def test_only_the_changes_are_left_and_a_line_for_each_stretch(site: Path, visit: Visiting) -> None:
    with visit(site) as seen:
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
