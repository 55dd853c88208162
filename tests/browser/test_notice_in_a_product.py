"""The snippet in the docs, as a product would show it on its own day."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inforce.build import build
from tests.projects import project, version

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

DOCS = Path(__file__).parents[2] / "docs" / "programs.md"
SNIPPET = re.search(r"```html\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
NEW = "A new version of our Privacy takes effect on December 20, 2026. What changes"


@pytest.mark.parametrize(
    ("clock", "timezone", "told"),
    [
        ("2026-11-19T23:00:00Z", "UTC", ""),
        ("2026-11-20T00:00:00Z", "UTC", NEW),
        ("2026-12-19T23:59:00Z", "UTC", NEW),
        ("2026-12-20T00:00:00Z", "UTC", ""),
        ("2026-12-20T06:00:00Z", "America/Los_Angeles", NEW),
    ],
)
def test_the_snippet_tells_of_a_pending_version_and_of_nothing_else(
    tmp_path: Path,
    visit: Callable[..., AbstractContextManager[Visit]],
    clock: str,
    timezone: str,
    told: str,
) -> None:
    written = {"privacy/a.md": version("2026-10-01"), "privacy/b.md": version("2026-11-20")}
    site = tmp_path / "site"
    build(project(tmp_path, written, settings=f'[tool.inforce]\ntimezone = "{timezone}"\n'), site, date(2026, 11, 20))
    assert SNIPPET
    product = site / "product.html"
    snippet = SNIPPET[1].replace("https://example.com/legal/", "/")
    product.write_text(f'<!doctype html><meta charset="utf-8"><title>A product</title>{snippet}', "utf-8")

    with visit(site) as seen:
        seen.page.clock.set_fixed_time(clock)
        seen.page.goto("http://inforce.test/product.html", wait_until="networkidle")

        notice = seen.page.locator("#policy-notice")
        assert notice.is_visible() == bool(told)
        assert notice.inner_text() == told
        assert seen.errors == seen.foreign == []
