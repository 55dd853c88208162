"""The timelines of the acceptance: each site is read on the later days of its case, and held against it."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from inforce.build import build, read
from tests.browser.test_clock import READERS, at, read_without_script, reading, said, untrue
from tests.projects import project

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parent.parent.parent
FILE = ROOT / os.environ.get("ACCEPTANCE", "../shared") / "timelines" / "cases.jsonl"
CASES = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()] if FILE.is_file() else []
STALE = [pytest.param(case, id=case["name"]) for case in CASES if len(case.get("days", ())) > 1]


def written(case: dict[str, Any], root: Path) -> Path:
    """A case as a project; what is not a list is written as JSON, which is YAML."""
    settings = "".join(f"{key} = {json.dumps(value)}\n" for key, value in case.get("site", {}).items())
    of_policy = "".join(f"{key} = {json.dumps(value)}\n" for key, value in case.get("policy", {}).items())
    files: dict[str, str | bytes] = {}
    for number, facts in enumerate(case["versions"]):
        lines = [
            f"{key}: {value if key in {'posted', 'effective', 'withdrawn'} else _yaml(value)}"
            for key, value in facts.items()
            if key != "id"
        ]
        head = "\n".join(["---", f"title: Privacy {number}", *lines, "---"])
        files[f"privacy/{facts['id']}.md"] = f"{head}\n\n# Privacy\n\nText {number}.\n"
    return project(root, files, settings=f"[tool.inforce]\n{settings}[tool.inforce.policies.privacy]\n{of_policy}")


def _yaml(value: object) -> str:
    if not isinstance(value, list):
        return json.dumps(value)
    return "".join(f"\n  - {{announced: {one['announced']}, to: {one['to']}}}" for one in value)


def silent(case: dict[str, Any], built: str) -> str:
    """The first day after one on which something is posted, postponed or withdrawn."""
    told = [
        str(day)
        for facts in case["versions"]
        for day in (facts["posted"], facts.get("withdrawn"), *(one["announced"] for one in facts.get("postponed", ())))
        if day and str(day) > built
    ]
    return min(told, default="9999-12-32")


@pytest.mark.parametrize("case", STALE or [pytest.param(None, id="absent")])
def test_a_stale_site_is_right_on_every_later_day_of_a_shared_case(
    case: dict[str, Any] | None, tmp_path: Path, browser: Browser
) -> None:
    if case is None:
        pytest.skip(f"no cases in {FILE}: ACCEPTANCE names the folder that holds timelines/cases.jsonl")
    root = written(case, tmp_path)
    zone = case.get("site", {}).get("timezone", "UTC")
    looked = 0
    for built in case["days"]:
        on = date.fromisoformat(built)
        site = tmp_path / f"site-{built}"
        build(root, site, on)
        policy = next(iter(read(root, on).policies))
        later = [day for day in case["days"] if built <= day < silent(case, built)]
        if not (site / "privacy").exists():
            continue
        words = {page: read_without_script(page) for page in sorted((site / "privacy").rglob("index.html"))}
        for day in map(date.fromisoformat, later):
            entries = policy.as_of(day).entries
            assert {page: told for page, said_ in words.items() if (told := untrue(said_, entries))} == {}, day
        for number, reader in enumerate(READERS):
            with reading(browser, site, reader) as seen:
                for day in later:
                    standing = case["days"][day]["standing"]
                    governs = next((id_ for id_, one in standing.items() if one == "in force"), None)
                    at(seen, date.fromisoformat(day), "/privacy/", zone, hour=(0, 23, 12)[number])
                    found = said(seen)
                    wanted = (governs, "in force") if governs else (None, None)
                    assert (found["version"], found["standing"]) == wanted, f"{built} read on {day} in {reader}"
                    if governs:
                        place = next(n for n, facts in enumerate(case["versions"]) if facts["id"] == governs)
                        assert f"Text {place}." in str(found["text"])
                        assert str(found["title"]).startswith(f"Privacy {place}")
                    looked += 1
                assert (seen.errors, seen.lost, seen.foreign) == ([], [], [])

    assert looked or not any("in force" in told["standing"].values() for told in case["days"].values())
