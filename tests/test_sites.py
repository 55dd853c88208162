"""Whole folders, each named for the situation that it shows.

``policies/`` (with ``pyproject.toml`` and ``templates/`` where they matter) is read as of the day in ``on.txt``, else
20 March 2026. A folder ``expected/`` holds the pages that show the situation; a file ``expected.txt`` holds what
``inforce check`` says of a faulty one. ``make golden`` writes both anew, and the redlines of
tests/test_redlines.py: for one more page, put an empty file of its name into ``expected/`` first.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from inforce.build import build
from inforce.cli import run
from inforce.errors import PolicyError

SITES = Path(__file__).parent / "sites"
GOOD = sorted(path.parent.name for path in SITES.glob("*/expected"))
FAULTY = sorted(path.parent.name for path in SITES.glob("*/expected.txt"))


def situation(name: str, folder: Path) -> tuple[Path, date]:
    """A copy of a situation, away from the history in which it is kept here, and its day."""
    root = Path(shutil.copytree(SITES / name, folder / name, ignore=shutil.ignore_patterns("expected*")))
    on = root / "on.txt"
    return root, date.fromisoformat(on.read_text("utf-8").strip() if on.exists() else "2026-03-20")


def compare(found: bytes, expected: Path, *, golden: bool) -> None:
    if golden:
        expected.write_bytes(found)
    if expected.suffix == ".png":
        assert found == expected.read_bytes()
    else:
        assert found.decode().splitlines() == expected.read_text("utf-8").splitlines()


@pytest.mark.parametrize("name", GOOD)
def test_a_situation_is_shown_as_expected(name: str, tmp_path: Path, *, golden: bool) -> None:
    root, on = situation(name, tmp_path)

    build(root, root / "site", on)

    pages = sorted(path for path in (SITES / name / "expected").rglob("*") if path.is_file())
    assert pages
    for page in pages:
        found = (root / "site" / page.relative_to(SITES / name / "expected")).read_bytes()
        compare(found, page, golden=golden)


@pytest.mark.parametrize("name", FAULTY)
def test_a_fault_is_said_as_expected(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, golden: bool
) -> None:
    root, on = situation(name, tmp_path)

    status = run(["check", "--root", str(root), "--on", str(on)])

    said = capsys.readouterr()
    compare((said.out + said.err).encode(), SITES / name / "expected.txt", golden=golden)
    assert status == (0 if said.err.startswith("0 errors") else 1)


@pytest.mark.parametrize("name", FAULTY)
def test_a_site_with_an_error_is_not_published(name: str, tmp_path: Path) -> None:
    root, on = situation(name, tmp_path)
    errors = not (SITES / name / "expected.txt").read_text("utf-8").rstrip().split("\n")[-1].startswith("0 errors")

    try:
        build(root, root / "site", on)
    except PolicyError:
        assert errors

    assert (root / "site").exists() is not errors


def test_every_situation_says_what_is_expected() -> None:
    assert sorted(GOOD + FAULTY) == sorted(path.name for path in SITES.iterdir())
