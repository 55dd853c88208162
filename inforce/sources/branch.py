"""What a branch changes about the policies: their files as they lie here, against those where it parted."""

from __future__ import annotations

from dataclasses import dataclass
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
    """None: the branch removes it."""


def changed(root: Path, policies: str, revision: str) -> list[Changed]:
    """What has changed below `policies` since a branch parted from a revision, by path.

    Raises SurroundingsError where git cannot tell, PolicyError where a text cannot be read.
    """
    with repository.open_(root) as repo:
        before = {
            f"{policies}/{path}": repo.blob(blob)
            for path, blob in repo.files(repo.fork(revision), policies)
            if path.count("/") <= 1 and path[0] not in "._" and folder.is_version(root / policies / path)
        }
    after = {path.relative_to(root).as_posix(): path.read_bytes() for path in _files(root / policies)}
    return [
        Changed(path, _text(path, before.get(path)), _text(path, after.get(path)))
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    ]


def _files(place: Path) -> Iterator[Path]:
    """The files of policies and versions: at most one folder deep."""
    for path in sorted(place.iterdir()):
        if path.name.startswith((".", "_")) or path.is_symlink():
            continue
        inner = sorted(path.iterdir()) if path.is_dir() else [path]
        yield from (one for one in inner if one.is_file() and not one.is_symlink() and folder.is_version(one))


def _text(path: str, data: bytes | None) -> str | None:
    if data is None:
        return None
    try:
        return header.split(header.decode(data)).body
    except header.HeaderError as error:
        raise PolicyError([Problem(Place(path, error.line), error.code, error.what, error.remedy)]) from None
