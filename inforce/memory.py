"""What the last build read, wrote and said, so that the next one does only what has changed since.

It lies in a folder of its own (``.inforce-cache/`` in the project unless ``--cache`` names another), can be deleted at
any time, and is never trusted: it bears its own hash, and the hash of the program that wrote it. What does not fit is
as if it were not there. A file is as it was if its contents are; size, times and number on the disk are hints that
spare the reading, but not where a file was written so late that it may have been written again unseen.

    glance     all files that were read or written, each with its hints and its SHA-256, and what was said
    policies   of each policy what came of it: its facts, what its pages rest on, the files that they became
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from inforce import disk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

FOLDER = ".inforce-cache"
GLANCE, POLICIES = "glance", "policies"
LATE = 2_000_000_000
"""Nanoseconds: what was written less than this before it was looked at may be written again under the same times."""
PASSING = (".inforce",)
"""Names of folders that are there while a build runs."""
_KEY = 32
"""Bytes of a SHA-256."""

Hints = tuple[int, int, int, int]
"""Size, time of change, time of change of what is known of it (both in nanoseconds), number on the disk."""
NONE: Hints = (-1, 0, 0, 0)
"""Hints that fit no file."""


class Seen(NamedTuple):
    """A file as it was read or written."""

    sum: str
    """The SHA-256 of its bytes, in hexadecimal; of a folder that of the names in it."""
    hints: Hints


# ------------------------------------------------------------------ files


def hints(path: str) -> Hints:
    """What the disk tells of a file without reading it; NONE if it is not there."""
    try:
        found = os.lstat(path)
    except OSError:
        return NONE
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def sum_of(path: str) -> str:
    """The SHA-256 of a file, or of the names in a folder; empty if neither is there."""
    try:
        if os.path.islink(path):
            return hashlib.sha256(b"link " + os.fsencode(os.readlink(path))).hexdigest()
        if os.path.isdir(path):
            names = sorted(name for name in os.listdir(path) if name not in PASSING)
            return hashlib.sha256("/".join(names).encode(errors="surrogateescape")).hexdigest()
        with open(path, "rb", buffering=0) as file:
            return hashlib.sha256(file.readall() or b"").hexdigest()
    except OSError:
        return ""


def looked_at(path: str, before: Seen | None, now: int) -> Seen:
    """A file as it is now; it is read only where the hints do not say that it is as before."""
    found = hints(path)
    if before is not None and before.hints == found != NONE:
        return before
    return Seen(sum_of(path), found if max(found[1], found[2]) < now - LATE else NONE)


def put(path: str, sum_: str) -> Seen:
    """A file that was just written, or found to be as it should."""
    found = hints(path)
    return Seen(sum_, found if max(found[1], found[2]) < time.time_ns() - LATE else NONE)


def all_below(folder: str) -> Iterator[str]:
    """Every file and folder below a folder, and itself."""
    yield folder
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda one: one.name)
    except OSError:
        return
    for one in entries:
        if one.is_dir(follow_symlinks=False):
            yield from all_below(one.path)
        else:
            yield one.path


def looked_over(paths: Iterable[str], root: str, before: Mapping[str, Seen]) -> dict[str, Seen]:
    """Files and folders as they are now, by their path from a root."""
    now = time.time_ns()
    return {path: looked_at(os.path.join(root, path), before.get(path), now) for path in paths}


def as_before(seen: Mapping[str, Seen], root: str) -> dict[str, Seen] | None:
    """Files and folders as they are now, if all are as they were; None as soon as one is not."""
    now = time.time_ns()
    found = {}
    for path, before in seen.items():
        is_ = looked_at(f"{root}/{path}" if path else root, before, now)
        if is_.sum != before.sum:
            return None
        found[path] = is_
    return found


# ------------------------------------------------------------------ the program, and git


def program() -> bytes:
    """What a build depends on besides the project: this program, the Python that runs it, what is installed beside."""
    known = hashlib.sha256(sys.version.encode())
    package = os.path.dirname(os.path.abspath(__file__))
    beside = os.path.join(os.path.dirname(package), "templates")
    for folder in (package, beside):
        for path in all_below(folder):
            if not path.endswith((".pyc", "__pycache__")) and os.path.isfile(path):
                with open(path, "rb", buffering=0) as file:
                    known.update(f"{path[len(folder) :]}\0".encode() + (file.readall() or b""))
    for folder in sys.path:
        if folder.endswith("-packages") and os.path.isdir(folder):
            installed = sorted(name for name in os.listdir(folder) if name.endswith("-info"))
            known.update("\0".join(installed).encode())
    return known.digest()


def history(root: str) -> str | None:
    """What the git history around a project is known by; empty where there is none, None where git itself must tell.

    A commit's id stands for all that led to it; what else makes a history another one is looked at, too.
    """
    folder = os.path.realpath(root)
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above
    git = os.path.join(folder, ".git")
    head = _text(os.path.join(git, "HEAD"))
    if not os.path.isdir(git) or head is None:
        return None
    commit = head
    if head.startswith("ref: "):
        name = head[len("ref: ") :]
        loose = _text(os.path.join(git, *name.split("/")))
        packed = [
            line for line in (_text(os.path.join(git, "packed-refs")) or "").split("\n") if line.endswith(f" {name}")
        ]
        commit = loose or (packed[0].partition(" ")[0] if packed else "")
    if not commit or not commit.isalnum():
        return None
    parts = [head, commit, os.path.relpath(os.path.realpath(root), folder)]
    parts += [
        sum_of(os.path.join(git, *name.split("/"))) for name in ("config", "shallow", "info/grafts", "refs/replace")
    ]
    return "\n".join(parts)


def _text(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except (OSError, UnicodeDecodeError):
        return None


# ------------------------------------------------------------------ what is kept


def recalled(cache: Path, name: str, key: bytes) -> dict[str, Any] | None:
    """A part of what was kept; None if there is none, or it was not kept whole, by this program, as it is."""
    try:
        data = (cache / name).read_bytes()
    except OSError:
        return None
    head, content = data[: 2 * _KEY], memoryview(data)[2 * _KEY :]
    if head[:_KEY] != key or head[_KEY:] != hashlib.sha256(content).digest():
        return None
    kept: dict[str, Any] = marshal.loads(content)  # noqa: S302 - plain values, and whole: the hash has told
    return kept


def keep(cache: Path, parts: Mapping[str, dict[str, Any]], key: bytes) -> str:
    """Keep plain values for the next build; gives why that cannot be done, empty if it was.

    The folder tells git to leave it alone. What was kept before is gone first, so that there never is half of two.
    """
    try:
        disk.make_folder(cache)
        for name in parts:
            (cache / name).unlink(missing_ok=True)
        if not (cache / ".gitignore").exists():
            disk.write(cache / ".gitignore", b"*\n")
        for name, values in parts.items():
            content = marshal.dumps(values)
            half = cache / f"{name}.{os.getpid()}"
            disk.write(half, key + hashlib.sha256(content).digest() + content)
            half.replace(cache / name)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def packed(seen: Mapping[str, Seen]) -> tuple[Sequence[str], Sequence[str], Sequence[int]]:
    """Files as plain values."""
    return (
        list(seen),
        [one.sum for one in seen.values()],
        [number for one in seen.values() for number in one.hints],
    )


def unpacked(kept: tuple[Sequence[str], Sequence[str], Sequence[int]]) -> dict[str, Seen]:
    """The same the other way round."""
    paths, sums, numbers = kept
    numbered = iter(numbers)
    four = zip(numbered, numbered, numbered, numbered, strict=True)
    return {path: Seen(sum_, each) for path, sum_, each in zip(paths, sums, four, strict=True)}


# ------------------------------------------------------------------ when nothing has changed


def glance(cache: Path, root: Path, out: Path, on: Callable[[str], date]) -> dict[str, Any] | None:
    """What the last build said, if another one would write and say the same; None if it might not.

    `on` gives the day from a time zone. Nothing is read but what the hints do not tell, and nothing is written but the
    hints that were missing.
    """
    key = program()
    kept = recalled(cache, GLANCE, key)
    if kept is None or kept["place"] != place(root, out) or kept["history"] != history(str(root)):
        return None
    read = unpacked(kept["read"])
    still_read = as_before(read, str(root))
    if still_read is None or on(kept["timezone"]).isoformat() != kept["said"]["on"]:
        return None
    written = unpacked(kept["written"])
    still_written = as_before(written, str(out))
    if still_written is None:
        return None
    if still_read != read or still_written != written:
        keep(cache, {GLANCE: {**kept, "read": packed(still_read), "written": packed(still_written)}}, key)
    said: dict[str, Any] = kept["said"]
    return said


def place(root: Path, out: Path) -> str:
    """Where a site lies as seen from its project."""
    return os.path.relpath(os.path.realpath(out), os.path.realpath(root))
