"""What a build costs after another one: nothing changed, one version more, another day.

    python bench/again.py [--policies 133] [--versions 36] [--runs 5]
    python bench/again.py --project FOLDER/L

A project of so many policies is written, with as many files as the large set of bench/sets.py, but small texts; or
that in a folder is copied. It is built from nothing, with a cache; then each thing is done in turns: a version more is
the last text of a policy, of about twenty versions if there is one, and a sentence more. Seconds are those of the
processor, all processes together, medians.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from growth import cpu

ROOT = Path(__file__).resolve().parent.parent
ON = date(2026, 12, 1)
PAUSE = 2.1
"""Seconds after which the times of a file tell whether it was written again."""


def written(project: Path, policies: int, versions: int) -> None:
    """Write a project of small texts."""
    for policy in range(policies):
        for version in range(versions):
            posted(project, f"policy-{policy:03}", date(2015, 1, 1) + timedelta(days=30 * version + policy))
    (project / "pyproject.toml").write_text("[tool.inforce]\nnotice-days = 0\n", "utf-8")


def posted(project: Path, policy: str, day: date) -> None:
    """Post a version."""
    folder = project / "policies" / policy
    folder.mkdir(parents=True, exist_ok=True)
    text = f"# Policy\n\nSince {day} we keep it.\n\n## End\n\nThen it is gone.\n"
    (folder / f"{day}.md").write_text(f"---\ntitle: {policy}\nposted: {day}\n---\n{text}", "utf-8")


def posted_again(project: Path, policy: str, day: date) -> None:
    """Post the last text of a policy with one sentence more."""
    folder = project / "policies" / policy
    last = max(folder.glob("*.md")).read_text("utf-8")
    text = re.sub(r"^posted: .*$", f"posted: {day}", last, count=1, flags=re.MULTILINE)
    (folder / f"{day}.md").write_text(f"{text.rstrip()}\n\nSince {day} this is said, too.\n", "utf-8")


def seconds(place: Path, on: date, jobs: int = 1) -> float:
    """What a build costs. Raises SystemExit if it fails."""
    return cpu(
        "--root", place / "project", "--out", place / "site", "--cache", place / "cache", "--on", on, "--jobs", jobs
    )


def main() -> int:
    """Build once from nothing, then again and again, and print what each kind of build cost."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--project", type=Path)
    arguments.add_argument("--policies", type=int, default=133)
    arguments.add_argument("--versions", type=int, default=36)
    arguments.add_argument("--runs", type=int, default=5)
    options = arguments.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled
    costs: dict[str, list[float]] = {"nothing changed": [], "one version more": [], "another day": []}
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        if options.project:
            shutil.copytree(options.project, place / "project")
        else:
            written(place / "project", options.policies, options.versions)
        counts = {one.name: len(list(one.glob("*.md"))) for one in (place / "project/policies").iterdir()}
        changed = min(counts, key=lambda name: (abs(counts[name] - 20), name))  # one with about twenty versions
        print(f"{'from nothing':20}{seconds(place, ON, os.cpu_count() or 1):8.2f}", flush=True)
        for run in range(options.runs):
            time.sleep(PAUSE)
            seconds(place, ON + timedelta(days=run))
            costs["nothing changed"].append(seconds(place, ON + timedelta(days=run)))
            posted_again(place / "project", changed, ON - timedelta(days=20 - run))
            time.sleep(PAUSE)
            costs["one version more"].append(seconds(place, ON + timedelta(days=run)))
            time.sleep(PAUSE)
            seconds(place, ON + timedelta(days=run))
            costs["another day"].append(seconds(place, ON + timedelta(days=run + 1)))
    for name, each in costs.items():
        print(f"{name:20}{statistics.median(each):8.2f}   least {min(each):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
