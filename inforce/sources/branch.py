"""What a branch changes about the policies: their files as they lie here, against those where it parted."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from inforce import addresses
from inforce.errors import Place, PolicyError, Problem
from inforce.sources import checkout, conflicts, folder, header, repository

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from inforce.sources.repository import Repository

ALIKE = 0.5
"""What two files must share for one to be the other under a new name: the half, as with git."""
MOST = 10_000
"""Pairs of files whose texts are compared: beyond, only files that stayed as they were are found again."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A file of a policy that a branch adds, changes or removes; its Markdown text, without front matter."""

    path: str
    """From the project's root."""
    before: str | None
    """None: the branch adds it."""
    after: str | None
    """None: the branch removes it. The same as before: the branch changes front matter alone."""
    once: str = ""
    """The path that it had before, where the branch renames it."""
    keys: tuple[str, ...] = ()
    """The keys of its front matter whose values the branch changes, where both can be read."""


def changed(root: Path, policies: str, revision: str, paths: Mapping[str, Sequence[str]]) -> list[Changed]:
    """What has changed below `policies` since a branch parted from a revision, by path.

    A file that is gone and a new one are one that was renamed where `paths`, those that a policy once had, say so, or
    where they share half of what they hold.

    Raises SurroundingsError where git cannot tell, PolicyError with all texts that lie here and cannot be read.
    """
    after = {path.relative_to(root).as_posix(): path.read_bytes() for path in _files(root / policies)}
    with repository.open_(root) as repo:
        fork = repo.fork(revision)
        blobs = _blobs(repo, fork, policies)
        before = {path: repo.blob(blob) for path, blob in blobs.items()}
        for path in before.keys() & after.keys():
            forms = checkout.forms(root / path, after[path], blobs[path])
            if any(_lines(one) == _lines(before[path]) for one in forms):
                after[path] = before[path]
        new = {path: data for path, data in after.items() if path not in before}
        once = dict(_stated(root, repo, fork, new, paths))
    left = {old for old, _ in once.values()}
    gone = {path: data for path, data in before.items() if path not in after and path not in left}
    found = _renamed(gone, {path: data for path, data in new.items() if path not in once})
    once |= {path: (old, before[old]) for path, old in found.items()}
    was = {**before, **{path: data for path, (_, data) in once.items()}}
    told: list[Changed] = []
    problems: list[Problem] = []
    for path in sorted((was.keys() | after.keys()) - {old for old, _ in once.values()}):
        one, two = was.get(path), after.get(path)
        if path in once or _lines(one) != _lines(two):
            try:
                text = None if two is None else _proposed(two)
            except header.HeaderError as error:
                problems.append(Problem(Place(path, error.line), error.code, error.what, error.remedy))
            else:
                told.append(Changed(path, _before(one), text, once[path][0] if path in once else "", _keys(one, two)))
    if problems:
        raise PolicyError(problems)
    return told


def pictures(root: Path, policies: str, revision: str) -> Iterator[tuple[str, str]]:
    """The pictures of policies that have changed since a branch parted from a revision: path, and what was done.

    Raises SurroundingsError where git cannot tell.
    """
    with repository.open_(root) as repo:
        fork = repo.fork(revision)
        found = repo.files(fork, policies) if repo.has_folder(fork, policies) else ()
    whole = {f"{policies}/{path}": blob for path, blob in found}
    before = {path: blob for path, blob in whole.items() if folder.of_picture(path, policies)}
    names = (path.relative_to(root).as_posix() for path in (root / policies).rglob("*") if _is_file(path))
    after = {path for path in names if folder.of_picture(path, policies)}
    for path in sorted(before.keys() | after):
        if path not in before:
            yield path, "added"
        elif path not in after:
            yield path, "removed"
        else:
            forms = checkout.forms(root / path, (root / path).read_bytes(), before[path])
            if all(repository.blob_id(one, before[path]) != before[path] for one in forms):
                yield path, "replaced"


def held(root: Path, policies: str, revision: str, settings: str) -> tuple[dict[str, bytes], bytes]:
    """What stood there where a branch parted from a revision: the texts of the policies by path, and the settings.

    Raises SurroundingsError where git cannot tell.
    """
    with repository.open_(root) as repo:
        fork = repo.fork(revision)
        texts = {path: repo.blob(blob) for path, blob in _blobs(repo, fork, policies).items()}
        return texts, repo.file(fork, settings) or b""


def _blobs(repo: Repository, commit: str, policies: str) -> dict[str, str]:
    """The texts of the policies in a commit, by path."""
    found = repo.files(commit, policies) if repo.has_folder(commit, policies) else ()
    return {f"{policies}/{path}": blob for path, blob in found if _is_text(path)}


def _stated(
    root: Path, repo: Repository, fork: str, new: Iterable[str], paths: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """The new files of which the settings say what they were, each with the path that it had and what stood there."""
    for path in new:
        own = paths.get(addresses.address(PurePosixPath(path).stem), ()) if path.count("/") == 1 else ()
        for old in map(posixpath.normpath, own):
            gone = repo.holds(old) and not (root / old).exists()
            if gone and (data := repo.file(fork, old)) is not None:
                yield path, (old, data)
                break


def _renamed(gone: Mapping[str, bytes], new: Mapping[str, bytes]) -> dict[str, str]:
    """The path that each renamed file had, by the one that it has: those most alike first, as git finds them."""
    found: dict[str, str] = {}
    _pair(found, ((1.0, one, two) for one in gone for two in new if _lines(gone[one]) == _lines(new[two])))
    olds = {path: _pieces(data) for path, data in gone.items() if path not in found.values()}
    news = {path: _pieces(data) for path, data in new.items() if path not in found}
    if len(olds) * len(news) <= MOST:
        _pair(found, ((_alike(olds[one], news[two]), one, two) for one in olds for two in news))
    return found


def _pair(found: dict[str, str], pairs: Iterable[tuple[float, str, str]]) -> None:
    """Take the pairs that are alike, each path once; of those as much alike, one that keeps its name goes first."""
    kept = [(-alike, PurePosixPath(one).name != PurePosixPath(two).name, one, two) for alike, one, two in pairs]
    for less, _, one, two in sorted(kept):
        if -less >= ALIKE and two not in found and one not in found.values():
            found[two] = one


def _pieces(data: bytes) -> Counter[bytes]:
    """The lines of a file, long ones in pieces of 64 bytes, as git compares them."""
    return Counter(re.findall(rb"[^\n]{0,63}(?:\n|[^\n])", _lines(data) or b""))


def _alike(first: Counter[bytes], second: Counter[bytes]) -> float:
    """How much two files share, from 0 to 1: the bytes that are in both over those of the longer."""
    most = max(_size(first), _size(second))
    return _size(first & second) / most if most else 0.0


def _size(pieces: Counter[bytes]) -> int:
    return sum(len(piece) * times for piece, times in pieces.items())


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
        return _text(data)
    except header.HeaderError:
        return data.decode(errors="replace")


def _text(data: bytes) -> str:
    """The text of a file. Raises HeaderError."""
    return header.split(header.decode(data)).body


def _proposed(data: bytes) -> str:
    """The text of a file that lies here. Raises HeaderError, also where a merge left two texts to choose from."""
    parts = header.split(header.decode(data))
    found = conflicts.found(parts.body)
    if found:
        raise header.HeaderError(parts.body_line + found.number, "merge-conflict", found.what, found.remedy)
    return parts.body


def _keys(old: bytes | None, new: bytes | None) -> tuple[str, ...]:
    if old is None or new is None:
        return ()
    try:
        first, second = (header.split(header.decode(data)).header or "" for data in (old, new))
        return header.differ(first, second)
    except header.HeaderError:
        return ()
