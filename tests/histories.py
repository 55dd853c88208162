"""Small git repositories, made with plain git, fixed days and an environment of their own."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CLEAN = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{role}_{fact}": "a@example.invalid" for role in ("AUTHOR", "COMMITTER") for fact in ("NAME", "EMAIL")},
}


def git(folder: Path, *words: str, given: bytes | None = None, day: str = "2026-01-10") -> str:
    """What a git command says, run in a folder as of a day, or a moment with its offset."""
    moment = day if "T" in day else f"{day}T09:00:00+00:00"
    env = {**CLEAN, "GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
    run = subprocess.run(["git", *words], cwd=folder, env=env, input=given, capture_output=True, check=True)  # noqa: S607 - git with words of ours
    return os.fsdecode(run.stdout).strip()


def start(folder: Path, *words: str) -> Path:
    """Begin a repository in a folder, made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main", *words)
    return folder


def write(folder: Path, files: Mapping[str, str | bytes | None]) -> None:
    """Write files by their paths; None removes one."""
    for name, content in files.items():
        path = folder / name
        if content is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def commit(folder: Path, day: str, files: Mapping[str, str | bytes | None]) -> str:
    """Write files and commit all that lies there as of a day; the id of the commit."""
    write(folder, files)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "As told", day=day)
    return git(folder, "rev-parse", "HEAD")
