"""Projects as authors keep them, written down in a few lines."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from inforce.errors import PolicyError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def version(posted: str, *lines: str, body: str = "We keep your name.\n", title: str = "Privacy") -> str:
    """A version as its file holds it."""
    return "\n".join(["---", f"title: {title}", f"posted: {posted}", *lines, "---", body])


def project(folder: Path, files: Mapping[str, str | bytes], *, settings: str = "") -> Path:
    """Write files, by their paths from ``policies/``, and the settings of a project."""
    (folder / "policies").mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / "policies" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    if settings:
        (folder / "pyproject.toml").write_text(settings, "utf-8")
    return folder


def told(read: Callable[[], object]) -> list[str]:
    """What is said when something cannot be read: place and fault, then the remedy, for each problem."""
    with pytest.raises(PolicyError) as raised:
        read()
    return [part for one in raised.value.problems for part in (f"{one.place}: {one.what}", one.remedy)]


def aged(*folders: Path) -> None:
    """As if all files had been written long ago, so that their times can be relied on."""
    before = time.time() - 60
    for folder in folders:
        for path in [folder, *folder.rglob("*")]:
            os.utime(path, (before, before), follow_symlinks=False)
