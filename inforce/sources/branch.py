"""What a branch changes about the policies: their files as they lie here, against those where it parted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from inforce.errors import Place, PolicyError, Problem
from inforce.sources import folder, header, repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Changed:
    """A file of a policy that a branch adds, changes or removes; its Markdown text, without front matter."""

    path: str
    """From the project's root."""
    before: str | None
    """None: the branch adds it."""
    after: str | None
    """None: the branch removes it. The same as before: the branch changes front matter alone."""


def changed(root: Path, policies: str, revision: str) -> list[Changed]:
    """What has changed below `policies` since a branch parted from a revision, by path.

    Raises SurroundingsError where git cannot tell, PolicyError where a text that lies here cannot be read.
    """
    with repository.open_(root) as repo:
        fork = repo.fork(revision)
        held = repo.files(fork, policies) if repo.has_folder(fork, policies) else ()
        before = {f"{policies}/{path}": repo.blob(blob) for path, blob in held if _is_text(path)}
    after = {path.relative_to(root).as_posix(): path.read_bytes() for path in _files(root / policies)}
    return [
        Changed(path, _before(before.get(path)), _after(path, after.get(path)))
        for path in sorted(before.keys() | after.keys())
        if _lines(before.get(path)) != _lines(after.get(path))
    ]


def _is_text(path: str) -> bool:
    """Whether a path from the folder of policies is that of a policy or version: at most one folder deep."""
    *folders, name = path.split("/")
    return len(folders) <= 1 and not any(one[0] in "._" for one in folders) and folder.is_version(PurePosixPath(name))


def _files(place: Path) -> Iterator[Path]:
    found = [*place.glob("*"), *place.glob("*/*")]
    return (one for one in found if _is_text(one.relative_to(place).as_posix()) and _is_file(one))


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not path.parent.is_symlink()


def _lines(data: bytes | None) -> bytes | None:
    # A checkout may write other line ends than those that are committed.
    return data and data.replace(b"\r\n", b"\n")


def _before(data: bytes | None) -> str | None:
    """The text that was there; all of the file where it was faulty, since the branch may be there to mend it."""
    if data is None:
        return None
    try:
        return header.split(header.decode(data)).body
    except header.HeaderError:
        return data.decode(errors="replace")


def _after(path: str, data: bytes | None) -> str | None:
    if data is None:
        return None
    try:
        return header.split(header.decode(data)).body
    except header.HeaderError as error:
        raise PolicyError([Problem(Place(path, error.line), error.code, error.what, error.remedy)]) from None
