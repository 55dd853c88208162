from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
VARIATIONS = {
    "east": {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    "a folder with spaces, ä": {"TZ": "America/Adak", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"},
    "west": {"TZ": "UTC", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "3", "PYTHONUTF8": "0"},
}
UMASKS = {"east": 0o022, "a folder with spaces, ä": 0o077, "west": 0o002}


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
    }


def built(home: Path, name: str) -> dict[str, tuple[int, bytes]]:
    project = home / name
    project.mkdir()
    # Copied in another order each time, so that the order in which a disk lists files differs where it can.
    paths = sorted((ROOT / "policies").rglob("*.md"), reverse=name == "west")
    for path in paths:
        copy = project / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    shutil.copy(ROOT / "pyproject.toml", project)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **VARIATIONS[name]}
    subprocess.run(
        [sys.executable, "-m", "inforce", "build", "--on", "2026-12-01"],
        cwd=project,
        env=environment,
        check=True,
        capture_output=True,
        umask=UMASKS[name],
    )
    return tree(project / "site")


@pytest.mark.parametrize("name", [name for name in VARIATIONS if name != "east"])
def test_the_same_policies_on_the_same_day_give_the_same_bytes_wherever_they_are_built(
    name: str, tmp_path: Path
) -> None:
    here, elsewhere = built(tmp_path, "east"), built(tmp_path, name)

    assert here == elsewhere
    assert "privacy/2026-11-20/changes/index.html" in here


def test_another_day_gives_another_standing_and_the_same_texts(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(ROOT / "policies", project / "policies")
    pages = {}
    for on in ("2026-12-19", "2026-12-20"):
        out = tmp_path / on
        subprocess.run(
            [sys.executable, "-m", "inforce", "build", "--root", str(project), "--out", str(out), "--on", on],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        pages[on] = (out / "privacy" / "index.html").read_text("utf-8")

    assert 'data-version="2026-10-01" data-standing="in force"' in pages["2026-12-19"]
    assert 'data-version="2026-11-20" data-standing="in force"' in pages["2026-12-20"]
