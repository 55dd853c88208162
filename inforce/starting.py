"""How a project begins: its settings, a first policy, workflows and a README, each as ``starter/`` holds it."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from inforce import sources
from inforce.errors import SurroundingsError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

PACKAGE = Path(__file__).parent
FOLDER = "starter"
DAY = "YYYY-MM-DD"
"""Stands for the day of posting, in the names and in the texts of the files."""


def beginning(on: date) -> dict[str, str]:
    """The files of a new project by their paths in it; its first version is posted on a day."""
    within = PACKAGE / FOLDER
    folder = within if within.is_dir() else PACKAGE.parent / FOLDER  # in a checkout it lies beside the package
    return {
        path.relative_to(folder).as_posix().replace(DAY, str(on)): path.read_text("utf-8").replace(DAY, str(on))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def begin(root: Path, files: Mapping[str, str]) -> None:
    """Write the files of a new project, all of them or none. Raises SurroundingsError."""
    # Beside policies that are there already, a policy to be filled in would be one more version of them.
    names = {sources.FOLDER if name.startswith(f"{sources.FOLDER}/") else name for name in files}
    taken = sorted(name for name in names if os.path.lexists(root / name))
    if taken:
        raise SurroundingsError(
            f"nothing was written, since these are there already: {', '.join(taken)}",
            "Nothing is overwritten. Move them away, or choose another folder.",
        )
    with ExitStack() as undo:
        for name, content in files.items():
            _make(root / name, content, undo)
        undo.pop_all()


def _make(path: Path, content: str, undo: ExitStack) -> None:
    try:
        for folder in reversed(path.parents):
            if not folder.exists():
                folder.mkdir()
                undo.callback(folder.rmdir)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            undo.callback(path.unlink)
            file.write(content)
    except OSError as error:
        what = f"{error.filename or path} cannot be written: {error.strerror}"
        raise SurroundingsError(what, "Nothing was left behind. Choose another folder.") from None
