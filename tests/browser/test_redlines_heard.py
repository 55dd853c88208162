"""What a screen reader is given of a redline: a folder of tests/redlines for each kind of change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.test_redlines import CASES, REDLINES, built
from tests.test_sites import compare

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.browser.conftest import Visit

    Visiting = Callable[..., AbstractContextManager[Visit]]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("heard"))


@pytest.mark.parametrize("case", CASES)
def test_a_redline_is_heard_as_expected(site: Path, visit: Visiting, case: str, *, golden: bool) -> None:
    with visit(site) as seen:
        seen.go(site / case / "new/changes/index.html")
        heard = seen.page.locator("article").aria_snapshot()

    compare(f"{heard}\n".encode(), REDLINES / case / "heard.txt", golden=golden)
