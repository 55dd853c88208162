"""How a project begins: its settings, a first policy, workflows and a README, each as ``starter/`` holds it.

It may begin in a repository that exists. What is there already is left alone, and it is said what to add to it.
"""

from __future__ import annotations

import json
import os
import re
import textwrap
import tomllib
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from inforce import settings, sources
from inforce.errors import PolicyError, SurroundingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

PACKAGE = Path(__file__).parent
FOLDER = "starter"
DAY = "YYYY-MM-DD"
"""Stands for the day of posting, in the names and in the texts of the files."""
WORKFLOWS = ".github/workflows/"
README, IGNORE, REQUIREMENTS = "README.md", ".gitignore", "requirements.txt"
PUBLISH, DAILY = f"{WORKFLOWS}publish.yml", f"{WORKFLOWS}daily.yml"
_PLAIN = re.compile(r"[A-Za-z][\w./-]*", re.ASCII)
"""A name that needs no quotes in a workflow."""


class Ground(NamedTuple):
    """Where in a repository a project begins."""

    branch: str = "main"
    """The one that is published."""
    folder: str = "."
    """The project's, from the top of the repository, with ``/``."""
    timezone: str = "UTC"
    """By its settings, if it has some."""


def place(root: Path) -> Ground:
    """Where a folder lies in the repository that it seems to be in; for one that is in none, at the top of its own."""
    from inforce.sources import repository

    try:
        zone = settings.read(root).timezone
    except PolicyError:
        zone = "UTC"
    top = repository.top(root)
    if top is None:
        return Ground(timezone=zone)
    branch, folder = repository.published_branch(top), root.resolve().relative_to(top).as_posix()
    return Ground(branch if _PLAIN.fullmatch(branch) else "main", folder, zone)


def beginning(on: date, at: Ground | None = None) -> dict[str, str]:
    """The files of a new project by their paths in it; its first version is posted on a day."""
    within = PACKAGE / FOLDER
    folder = within if within.is_dir() else PACKAGE.parent / FOLDER  # in a checkout it lies beside the package
    files = {
        path.relative_to(folder).as_posix().replace(DAY, str(on)): path.read_text("utf-8").replace(DAY, str(on))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    return {name: _placed(name, text, at or Ground()) for name, text in files.items()}


def _placed(name: str, text: str, at: Ground) -> str:
    """A file as it has to be for a project that begins at a place."""
    if name.startswith(WORKFLOWS) or name == README:
        text = re.sub(r"\bmain\b", at.branch, text)
    if name == DAILY:
        text = text.replace('timezone: "UTC"', f'timezone: "{at.timezone}"')
    if name.startswith(WORKFLOWS) and at.folder != ".":
        text = text.replace("working-directory: .", f"working-directory: {_quoted(at.folder)}")
        text = text.replace("path: site\n", f"path: {_quoted(f'{at.folder}/site')}\n")
    return text


def _quoted(path: str) -> str:
    return path if _PLAIN.fullmatch(path) else json.dumps(path, ensure_ascii=False)


def begin(root: Path, files: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Write those files of a new project that are not there yet, all of them or none.

    Gives the names of those that were written, and of what was left alone. Raises SurroundingsError.
    """
    left = {name for name in files if os.path.lexists(root / name)}
    if os.path.lexists(root / sources.FOLDER):  # a policy to be filled in would be one more version of those there
        left |= {name for name in files if name.startswith(f"{sources.FOLDER}/")}
    if PUBLISH in left:
        left |= {DAILY} & files.keys()  # it calls the other one
    written = [name for name in files if name not in left]
    with ExitStack() as undo:
        for name in written:
            _make(root / name, files[name], undo)
        undo.pop_all()
    return written, sorted({sources.FOLDER if name.startswith(f"{sources.FOLDER}/") else name for name in left})


def advice(root: Path, left: Iterable[str], files: Mapping[str, str], at: Ground) -> Iterator[str]:
    """What is to be said of a beginning: what was left alone, with what it lacks, and what lies where nobody looks."""
    for name in left:
        there = os.path.lexists(root / name)
        lacks = _lacks(_read(root / name), name, files.get(name, "")) if there else "; it would call publish.yml"
        yield f"{root / name}: {'left alone, it was there' if there else 'not written'}{lacks}"
    if at.folder != "." and any(name.startswith(WORKFLOWS) and name not in left for name in files):
        top = Path(*root.resolve().parts[: -len(Path(at.folder).parts)])
        yield (
            f"{root / WORKFLOWS}: GitHub reads workflows at the top of a repository alone; "
            f"move them into {top / WORKFLOWS}, they are made for that place"
        )


def _lacks(there: str, name: str, wanted: str) -> str:
    """What is to be added to a file that was there."""
    if name == settings.FILE:
        return "" if _has_settings(there) else f"; it has no settings of inforce yet: add\n{_indented(wanted)}"
    if name == IGNORE:
        known = {line.strip().strip("/") for line in there.splitlines()}
        missing = [line for line in wanted.splitlines() if line[0] != "#" and line.strip("/") not in known]
        return f"; add to it\n{_indented(chr(10).join(missing))}" if missing else ""
    if name == REQUIREMENTS and "inforce" not in there:
        return f"; the workflows install inforce from it: add\n{_indented(wanted.splitlines()[-1])}"
    if name.startswith(WORKFLOWS) and name != DAILY and "inforce" not in there:
        return "; it does not run inforce: `inforce init` in an empty folder writes one that does"
    return ""


def _indented(text: str) -> str:
    return textwrap.indent(text.rstrip("\n"), "    ")


def _has_settings(source: str) -> bool:
    try:
        return "inforce" in tomllib.loads(source).get("tool", {})
    except (tomllib.TOMLDecodeError, TypeError):
        return False


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""


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
