"""A preview as an author sees it: what is saved is on the screen, and so is what is wrong."""

from __future__ import annotations

import threading
from datetime import date
from typing import TYPE_CHECKING

import pytest

from inforce import preview
from tests.projects import project, version

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_a_change_is_on_the_screen_and_a_fault_stands_over_the_last_good_page(tmp_path: Path, browser: Browser) -> None:
    root = project(tmp_path, {"privacy/a.md": version("2026-01-10")})
    complaints: list[str] = []
    with preview.serving(root, 0) as served:
        outcomes = served.outcomes(lambda: date(2026, 3, 20))
        threading.Thread(target=lambda: [*outcomes], daemon=True).start()
        page = browser.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{served.address}privacy/")
        page.get_by_text("We keep your name.").wait_for(timeout=10_000)

        project(root, {"privacy/a.md": version("2026-01-10", body="We keep your address.\n")})
        page.get_by_text("We keep your address.").wait_for(timeout=10_000)
        project(root, {"privacy/a.md": version("soon", body="We keep nothing.\n")})
        fault = page.frame_locator("iframe").get_by_text("posted is 'soon', not a day")
        fault.wait_for(timeout=10_000)
        behind = page.get_by_text("We keep your address.").is_visible()
        page.get_by_role("button", name="1 error: hide").click()
        hidden = not fault.is_visible()
        project(root, {"privacy/a.md": version("2026-01-10", body="We keep nothing.\n")})
        page.get_by_text("We keep nothing.").wait_for(timeout=10_000)
        left = page.locator("iframe").count()
        page.close()

    assert (behind, hidden, left) == (True, True, 0)
    assert [one for one in complaints if not one.startswith("Failed to load resource")] == []  # no page has an icon yet


@pytest.mark.parametrize(("on", "said"), [("2026-03-20", "in 11 days"), ("2026-03-30", "tomorrow")])
def test_a_preview_of_a_day_is_of_that_day_whatever_the_clock_says(
    tmp_path: Path, browser: Browser, on: str, said: str
) -> None:
    two = {"privacy/a.md": version("2026-01-10"), "privacy/b.md": version("2026-03-01", body="We keep nothing.\n")}
    with preview.serving(project(tmp_path, two), 0) as served:
        next(served.outcomes(lambda: date.fromisoformat(on)))
        page = browser.new_page(timezone_id="Pacific/Kiritimati")
        page.goto(f"{served.address}privacy/")
        page.locator("[data-days]").get_by_text(said).wait_for(timeout=10_000)
        shown = page.locator("article").inner_text()
        page.close()

    assert "We keep your name." in shown
