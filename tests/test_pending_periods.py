"""Nine periods through which a real text was posted and did not govern yet.

The days are facts of the Platform Governance Archive (Katzenbach et al. 2023, Dataset PGA v2,
https://doi.org/10.26092/elib/2373, ODC-By 1.0); the texts here are our own. Where a text took effect on different days
for different readers, the last of them is taken.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from inforce.build import read

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = "2020-01-01"
PERIODS = {
    "reddit-terms": ("2023-04-18", "2023-06-19"),
    "reddit-privacy": ("2022-11-15", "2022-12-15"),
    "twitter-terms": ("2023-04-18", "2023-05-18"),
    "tiktok-copyright": ("2025-03-29", "2025-04-26"),
    "bluesky-terms": ("2025-08-15", "2025-09-15"),
    "pinterest-privacy": ("2024-03-13", "2024-04-30"),
    "snapchat-privacy": ("2025-03-06", "2025-04-07"),
    "tiktok-purchases": ("2026-01-30", "2026-02-16"),
}
NOTICES_UNDER_THIRTY_DAYS = {"tiktok-copyright", "tiktok-purchases"}


def write(root: Path, policy: str, id_: str, *facts: str) -> None:
    path = root / "policies" / policy / f"{id_}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["---", "title: Terms", f"posted: {id_}", *facts, "---", f"As of {id_}.", ""]), "utf-8")


def standings(root: Path, policy: str, on: date) -> dict[str, str]:
    (shown,) = read(root, on).site.policies
    assert shown.id == policy
    return {entry.id: str(entry.standing) for entry in shown.timeline.entries}


@pytest.mark.parametrize("policy", PERIODS)
def test_a_real_pending_period_is_told_day_by_day(policy: str, tmp_path: Path) -> None:
    posted, effective = PERIODS[policy]
    write(tmp_path, policy, BEFORE)
    write(tmp_path, policy, posted, f"effective: {effective}")
    first, last, eve = date.fromisoformat(posted), date.fromisoformat(effective), timedelta(1)

    told = [standings(tmp_path, policy, on) for on in (first - eve, first, last - eve, last)]

    assert told == [
        {BEFORE: "in force"},
        {BEFORE: "in force", posted: "pending"},
        {BEFORE: "in force", posted: "pending"},
        {BEFORE: "superseded", posted: "in force"},
    ]


@pytest.mark.parametrize("policy", PERIODS)
def test_notice_is_short_where_it_really_was(policy: str, tmp_path: Path) -> None:
    posted, effective = PERIODS[policy]
    write(tmp_path, policy, BEFORE)
    write(tmp_path, policy, posted, f"effective: {effective}")

    problems = read(tmp_path, date.fromisoformat(posted)).problems

    assert any(one.code == "notice-short" for one in problems) == (policy in NOTICES_UNDER_THIRTY_DAYS)


def test_a_text_that_was_replaced_before_its_day_was_never_in_force(tmp_path: Path) -> None:
    write(tmp_path, "facebook-privacy", BEFORE)
    write(tmp_path, "facebook-privacy", "2023-11-03", "effective: 2024-01-12", "withdrawn: 2023-12-27")
    write(tmp_path, "facebook-privacy", "2023-12-27", "effective: 2023-12-27", "reason: replaced")

    told = {
        on: standings(tmp_path, "facebook-privacy", date.fromisoformat(on))["2023-11-03"]
        for on in ("2023-11-03", "2023-12-26", "2023-12-27", "2024-01-12")
    }

    assert told == {
        "2023-11-03": "pending",
        "2023-12-26": "pending",
        "2023-12-27": "withdrawn",
        "2024-01-12": "withdrawn",
    }
