"""What the last build read, wrote and said, so that the next one does only what has changed since.

It lies in the user's cache folder unless ``--cache`` names another, can be deleted at any time, and is never trusted:
it bears its own hash, and the hash of the program that wrote it. What does not fit is as if it were not there. A file
is as it was if its contents are; size, times and number on the disk are hints that spare the reading, but not where a
file was written so late that it may have been written again unseen.

    glance     all files that were read or written, with their hints and SHA-256, and what was said
    policies   of each policy what came of it: its facts, and what its pages rest on
    history    what git told, which is gone on with
    shelf-...  of one policy its texts as they were read, and what its pages held
"""

from __future__ import annotations

import hashlib
import marshal
import os
import stat
import sys
import time
from array import array
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from inforce import disk

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

POLICIES, GLANCE, HISTORY = "policies", "glance", "history"
_SHELF = "shelf-"
"""How the names begin of what is kept of single policies."""
_PROJECT = "project"
_OURS = {POLICIES, GLANCE, HISTORY, _PROJECT}
_IGNORED = ".gitignore"
_COMPILED = "__pycache__"
"""The name of the folders that Python makes beside modules."""
MANY = 4000
"""Files that two processes look at in less time than one."""
ROOM = 1 << 18
"""Bytes of a file that are read at once, to learn its SHA-256."""
LATE = 2_000_000_000
"""Nanoseconds: what was written less than this before it was looked at may be written again under the same times."""
PASSING = (".inforce",)
"""Names of folders that are there while a build runs."""
_KEY = 32
"""Bytes of a SHA-256."""
_NO_SUM = "00" * _KEY
"""Stands where there is none."""
_HINTS = 4 * array("q").itemsize
"""Bytes of hints."""

Hints = tuple[int, int, int, int]
"""Size, time of change, time of change of what is known of it (both in nanoseconds), number on the disk."""
NONE: Hints = (-1, 0, 0, 0)
"""Where there is no file."""
UNSURE: Hints = (-2, 0, 0, 0)
"""Hints that fit nothing: the file has to be read."""
LINK: Hints = (-3, 0, 0, 0)
"""A file that leads to another one, of which nothing is told."""


class Seen(NamedTuple):
    """A file as it was read or written."""

    sum: str
    """The SHA-256 of its bytes, in hexadecimal; of a folder that of the names in it."""
    hints: Hints


class Part:
    """Some files that belong together, and how they were seen: those of one policy, or of none.

    Most builds change one policy, and hand on the parts of the others as they are.
    """

    __slots__ = ("hints", "names", "others", "sums", "told")

    def __init__(
        self, names: str, hints: bytes, sums: bytes, others: frozenset[str] = frozenset(), told: bytes = b""
    ) -> None:
        self.names = names
        """Their paths, from the project or the site, with a zero byte between two."""
        self.hints = hints
        self.sums = sums
        """Of each its SHA-256; zeros where there is none."""
        self.others = others
        """Those of them that are not what the last build left."""
        self.told = told or hints
        """What the disk told of them, sure or not."""

    @classmethod
    def of(cls, seen: Mapping[str, Seen], told: bytes = b"") -> Part:
        """Some files as they were seen, and what the disk told of them before."""
        numbers = array("q", [number for one in seen.values() for number in one.hints])
        sums = bytes.fromhex("".join([one.sum or _NO_SUM for one in seen.values()]))
        return cls("\0".join(seen), numbers.tobytes(), sums, told=told)

    def __add__(self, other: Part) -> Part:
        """These files and others."""
        return Part.of(self.seen | other.seen, self.told + other.told)

    def again(self, hints_: bytes, sums: Mapping[int, bytes], now: int) -> Part:
        """The same files as they are now; of those whose hints are others, by their places, the SHA-256."""
        names = self.names.split("\0")
        each = [hints_[at : at + _HINTS] for at in range(0, len(hints_), _HINTS)]
        known = [self.sums[at : at + _KEY] for at in range(0, len(self.sums), _KEY)]
        others = frozenset(names[k] for k, sum_ in sums.items() if known[k] != sum_)
        for k, sum_ in sums.items():
            each[k], known[k] = _settled(each[k], now), sum_
        return Part(self.names, b"".join(each), b"".join(known), others, hints_)

    @property
    def count(self) -> int:
        """How many files they are."""
        return len(self.sums) // _KEY

    @property
    def seen(self) -> dict[str, Seen]:
        """Each file by its path."""
        numbers = iter(array("q", self.hints))
        each = zip(numbers, numbers, numbers, numbers, strict=True)
        return {path: Seen(sum_, hints_) for (path, sum_), hints_ in zip(self.sum_by_path.items(), each, strict=True)}

    @property
    def sum_by_path(self) -> dict[str, str]:
        """The SHA-256 of each file, in hexadecimal; empty where there is none."""
        digits = self.sums.hex()
        sums = [digits[at : at + len(_NO_SUM)] for at in range(0, len(digits), len(_NO_SUM))]
        return {path: sum_ if sum_ != _NO_SUM else "" for path, sum_ in zip(self.names.split("\0"), sums, strict=True)}

    @property
    def unknown(self) -> Part:
        """The same files, of which it is not known how they are."""
        return Part.of(dict.fromkeys(self.names.split("\0"), Seen("", UNSURE)))

    @property
    def sum(self) -> str:
        """What all of it is known by."""
        return hashlib.sha256(self.names.encode(errors="surrogateescape") + b"\0" + self.sums).hexdigest()


# ------------------------------------------------------------------ files


def hints(path: str) -> Hints:
    """What the disk tells of a file without reading it; NONE if it is not there, LINK if it leads to another one."""
    try:
        found = os.lstat(path)
    except OSError:
        return NONE
    if stat.S_ISLNK(found.st_mode):
        return LINK
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def sum_of(path: str, room: bytearray | None = None) -> str:
    """The SHA-256 of a file, or of the names in a folder; empty if neither is there (a pipe is none).

    `room` is where the file is read to, piece by piece; who reads many spares memory that is taken and given back.
    """
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            return _sum_of_link(path)
        if stat.S_ISDIR(mode):
            names = sorted(name for name in os.listdir(path) if name not in PASSING)
            return hashlib.sha256("/".join(names).encode(errors="surrogateescape")).hexdigest()
        return _sum_of_file(path, room or bytearray(ROOM)) if stat.S_ISREG(mode) else ""
    except OSError:
        return ""


def _sum_of_link(path: str) -> str:
    """The SHA-256 of where a link leads, and of what is there: of a folder all that is in it."""
    known = hashlib.sha256(b"link " + os.fsencode(os.readlink(path)))
    there, seen = [os.path.realpath(path)], set()
    while there:
        for each in all_below(there.pop()):
            known.update(b"\0" + os.fsencode(each))
            if not os.path.islink(each):
                known.update(sum_of(each).encode())
            elif (target := os.path.realpath(each)) not in seen:  # a link may lead to where it lies
                seen.add(target)
                there.append(target)
    return known.hexdigest()


def _sum_of_file(path: str, room: bytearray) -> str:
    known, seen = hashlib.sha256(), memoryview(room)
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        while count := os.readv(file, [room]):
            known.update(seen[:count])
    finally:
        os.close(file)
    return known.hexdigest()


def looked_at(path: str, before: Seen | None, now: int) -> Seen:
    """A file as it is now; it is read only where the hints do not say that it is as before."""
    found = hints(path)
    if before is not None and before.hints == found:
        return before
    return Seen(sum_of(path), found if _sure(found, now) else UNSURE)


def put(path: str, sum_: str) -> Seen:
    """A file that was just written, or found to be as it should; a link to it, as a build makes them, is no change."""
    found = hints(path)
    return Seen(sum_, found if found != LINK and found[1] < time.time_ns() - LATE else UNSURE)


def _sure(found: Hints, now: int) -> bool:
    """Whether a file that is written again bears other hints."""
    return found != LINK and max(found[1], found[2]) < now - LATE


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


def looked_over(paths: Iterable[str], root: str, before: Part | None = None) -> dict[str, Seen]:
    """Files and folders as they are now, by their path from a root."""
    now = time.time_ns()
    known = before.seen if before else {}
    return {path: looked_at(os.path.join(root, path), known.get(path), now) for path in paths}


def hints_of(paths: Sequence[str]) -> bytes:
    """The hints of many files, one after another."""
    return array("q", [number for path in paths for number in hints(path)]).tobytes()


def sums_of(paths: Sequence[str]) -> bytes:
    """The SHA-256 of many files, one after another; zeros where there is none."""
    room = bytearray(ROOM)
    return b"".join([bytes.fromhex(sum_of(path, room)).rjust(_KEY, b"\0") for path in paths])


def in_two(work: Callable[[Sequence[str]], bytes], paths: Sequence[str]) -> bytes:
    """What some work gives for each path; a second process takes half of them where they are many."""
    if len(paths) < MANY or sys.platform != "linux":
        return work(paths)
    middle = len(paths) // 2
    receive, send = os.pipe()
    child = os.fork()
    if not child:  # pragma: no cover - another process, which must not go on as this one does
        try:
            with open(send, "wb") as pipe:
                pipe.write(work(paths[middle:]))
        finally:
            os._exit(0)
    os.close(send)
    first = work(paths[:middle])
    with open(receive, "rb") as pipe:
        second = pipe.read()
    os.waitpid(child, 0)
    return first + second  # too short, and so unlike anything, where the other process was lost


# ------------------------------------------------------------------ the program, and git


def program() -> bytes:
    """What a build depends on besides the project: this program, the Python that runs it, what is installed beside."""
    known = hashlib.sha256(sys.version.encode())
    package = os.path.dirname(os.path.abspath(__file__))
    beside = os.path.join(os.path.dirname(package), "templates")
    for folder in (package, beside):
        for path in all_below(folder):
            if _COMPILED not in path[len(folder) :] and os.path.isfile(path):
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
    packed_refs = (_text(os.path.join(git, "packed-refs")) or "").split("\n")
    if head.startswith("ref: "):
        name = head[len("ref: ") :]
        packed = next((line.partition(" ")[0] for line in packed_refs if line.endswith(f" {name}")), "")
        commit = _text(os.path.join(git, *name.split("/"))) or packed
    if not commit or not commit.isalnum():
        return None
    replaced = [line for line in packed_refs if " refs/replace/" in line]
    parts = [head, commit, os.path.relpath(os.path.realpath(root), folder), *replaced]
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


def place_for(root: Path) -> Path | None:
    """Where the user's cache folder has room for what is known of a project; None for a user without a home.

    That is ``$XDG_CACHE_HOME/inforce``, by default ``~/.cache/inforce`` (XDG Base Directory Specification 0.8). A place
    that is new is marked with the project's path, and the places of projects that are gone are cleared then.
    """
    named = os.environ.get("XDG_CACHE_HOME", "")
    above = named if os.path.isabs(named) else os.path.join(os.environ.get("HOME", ""), ".cache")
    if not os.path.isabs(above):
        return None
    project = os.path.realpath(root)
    known = hashlib.sha256(os.fsencode(project)).hexdigest()[:16]
    place = type(root)(above, "inforce", known)
    if not os.path.exists(place):  # nor where it cannot be told: the home of another user, for one
        _clear(place.parent)
        with suppress(OSError):
            os.makedirs(place, mode=0o700, exist_ok=True)
            disk.write(place / _PROJECT, os.fsencode(project))
    return place


def _clear(places: Path) -> None:
    """Forget the projects that are gone."""
    with suppress(OSError):
        for name in sorted(os.listdir(places)):
            place = places / name
            with suppress(OSError):
                if not os.path.isdir((place / _PROJECT).read_bytes()):
                    for each in sorted(os.listdir(place)):
                        (place / each).unlink()
                    place.rmdir()


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


def leave(folder: Path, name: str, values: dict[str, Any], key: bytes) -> None:
    """Write plain values (or compiled code, which only the program's own folder may hold) in one step."""
    content = marshal.dumps(values)
    half = folder / f"{name}.{os.getpid()}"
    disk.make_folder(folder)
    try:
        disk.write(half, key, hashlib.sha256(content).digest(), content)
        half.replace(folder / name)
    finally:
        half.unlink(missing_ok=True)


def shelf(policy: str) -> str:
    """The name of what is kept of a policy."""
    return _SHELF + hashlib.sha256(policy.encode()).hexdigest()[:16]


def _is_ours(name: str) -> bool:
    return name in _OURS or name.startswith(_SHELF)


def ready(cache: Path) -> str:
    """Make room in a cache folder, and tell git to leave it alone; gives why that cannot be done, empty if it was."""
    try:
        disk.make_folder(cache)
        there = os.listdir(cache)
        strange = sorted(name for name in there if name != _IGNORED and not _is_ours(name.partition(".")[0]))
        if not strange and _IGNORED not in there:
            disk.write(cache / _IGNORED, b"*\n")
    except OSError as error:
        return error.strerror or str(error)
    return f"{strange[0]} in it is not inforce's own" if strange else ""


def keep(cache: Path, parts: Mapping[str, dict[str, Any]], key: bytes, shelves: Collection[str] | None = None) -> str:
    """Keep plain values for the next build; gives why that cannot be done, empty if it was.

    What was kept before is gone first, so that there never is half of two. Of the shelves only those stay that are
    named, where any are.
    """
    why = ready(cache)
    if why:
        return why
    try:
        for name in os.listdir(cache):
            of = name.partition(".")[0]  # what a build that was killed left half has more to its name
            old = shelves is not None and name.startswith(_SHELF) and name not in shelves
            if of in parts or old:
                (cache / name).unlink(missing_ok=True)
        for name, values in parts.items():
            leave(cache, name, values, key)
    except OSError as error:
        return error.strerror or str(error)
    return ""


# ------------------------------------------------------------------ when nothing has changed


class Look(NamedTuple):
    """All files that the last build read or wrote, as they are now."""

    key: bytes
    """What the program is known by."""
    kept: dict[str, Any]
    read: dict[str, Part]
    """Those of each policy, by the path of its folder or file, and under "" all the rest."""
    written: dict[str, Part]
    """Those of the pages of each policy, by its id, and under "" all the rest."""
    new: bool
    """Whether the hints of some are others than before."""

    @property
    def parts(self) -> list[Part]:
        """All of them."""
        return [*self.read.values(), *self.written.values()]


def looked(cache: Path, root: Path, out: Path, key: bytes) -> Look | None:
    """Look at all files that the last build read or wrote; None where that is not known, or was another site.

    Nothing is read but what the hints do not tell. Folders deep in the site are not looked at: what others put there is
    told by the next build that makes the pages around it.
    """
    kept = recalled(cache, GLANCE, key)
    if kept is None or kept["place"] != place(root, out):
        return None
    parts = [(f"{root}/", Part(*told)) for told in kept["read"].values()]
    parts += [(f"{out}/", Part(*told)) for told in kept["written"].values()]
    whole = [f"{base}{name}" for base, part in parts for name in part.names.split("\0")]
    now = time.time_ns()
    found, before = in_two(hints_of, whole), b"".join([part.hints for _, part in parts])
    others = _others(found, before)
    read = in_two(sums_of, [whole[k] for k in others])
    if len(found) != len(before) or len(read) != _KEY * len(others):
        return None  # the second process was lost
    sums = {k: read[at * _KEY : (at + 1) * _KEY] for at, k in enumerate(others)}
    first, made = 0, []
    for _, part in parts:
        end = first + part.count
        hints_ = found[first * _HINTS : end * _HINTS]
        again = {k - first: sums[k] for k in range(first, end) if k in sums} if hints_ != part.hints else {}
        made.append(part.again(hints_, again, now) if again else part)
        first = end
    middle = len(kept["read"])
    return Look(
        key,
        kept,
        dict(zip(kept["read"], made[:middle], strict=True)),
        dict(zip(kept["written"], made[middle:], strict=True)),
        bool(others),
    )


def glance(cache: Path, root: Path, out: Path, on: Callable[[str], date]) -> tuple[dict[str, Any] | None, Look | None]:
    """What the last build said, if another one would write and say the same; and all files as they are now.

    `on` gives the day from a time zone. Nothing is written but the hints that were missing.
    """
    key = program()
    look = looked(cache, root, out, key)
    if look is None:
        return None, None
    kept = look.kept
    said: dict[str, Any] | None = kept["said"]
    if (
        said is None
        or any(part.others for part in look.parts)
        or kept["history"] != history(str(root))
        or said["on"] != on(kept["timezone"]).isoformat()
    ):
        return None, look
    if look.new:
        keep(cache, {GLANCE: {**kept, **plain(look.read, look.written)}}, key)
    return said, look


def plain(read: Mapping[str, Part], written: Mapping[str, Part]) -> dict[str, Any]:
    """Files as plain values."""
    told = {"read": read, "written": written}
    return {
        name: {of: (part.names, part.hints, part.sums) for of, part in parts.items()} for name, parts in told.items()
    }


def _others(found: bytes, before: bytes) -> list[int]:
    """The places of those files of which the hints are others than before."""
    if found == before:
        return []
    return [at // _HINTS for at in range(0, len(before), _HINTS) if found[at : at + _HINTS] != before[at : at + _HINTS]]


def _settled(hints_: bytes, now: int) -> bytes:
    """The hints of a file, unless it may be written again under the same times."""
    size, changed, known, number = array("q", hints_)
    return hints_ if _sure((size, changed, known, number), now) else array("q", UNSURE).tobytes()


def place(root: Path, out: Path) -> str:
    """Where a site lies as seen from its project."""
    return os.path.relpath(os.path.realpath(out), os.path.realpath(root))
