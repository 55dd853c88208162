"""Files -> disk: changed ones only, none left half written, nobody else's touched.

All is first written aside, within the site. Only when everything is there is it put in place, entry by entry; an
entry is the folder of a policy, or a file at the root.

    site/                            site/.inforce/          there while a build runs
      privacy/       <- exchange ->    new/privacy/          new pages, and links to those that stay
      index.html     <- exchange ->    new/index.html        after all other files
      old-terms/     -- rename -->     aside/old-terms/      no longer wanted
      manifest.json  <-- rename --     manifest.json         last: now the build has happened

While ``.inforce/manifest.json`` is there, some entries may be new and some old, each of them whole. A build that
fails takes the way back; after one that was killed, the next makes the manifest tell what stands in the site, and
goes on from there. Nothing waits for the disk itself (fsync): no written byte is lost with a killed process, and
after a power failure a site can be built again from its policies.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from contextlib import ExitStack, contextmanager, suppress
from json.encoder import encode_basestring
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from inforce.disk import alone_in, contents, kind, make_folder, put, remove, telling, twin, write
from inforce.errors import SurroundingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

HOME = "index.html"
MANIFEST = "manifest.json"
STAGING = ".inforce"
"""The folder in a site that is for builds alone."""
WAIT = 30.0
"""Seconds in which another build in the same site has to end."""
OURS = {f"{STAGING}/{name}" for name in ("new", "aside", MANIFEST, "manifest.half")}
"""What a build may have left in it, and is cleared away."""
_NOT_OURS = {STAGING, MANIFEST, ".git"}
"""Entries that no page can be."""
_STEPS = {"", ".", ".."}
"""Parts of a path that lead elsewhere, or are one way too many to write it."""


class Published(NamedTuple):
    """What a build did to a site. Paths are relative to it, with ``/``, and sorted."""

    files: int
    """All that are now inforce's own, the manifest aside."""
    written: int
    """Those of them that are new or have changed."""
    removed: int
    """Those of an earlier build that are no longer wanted."""
    foreign: tuple[str, ...]
    """Not written by inforce, and left alone. A folder at the root with nothing of ours in it ends in ``/``."""
    restored: tuple[str, ...]
    """Changed by another hand since the last build, and written anew."""
    spared: tuple[str, ...]
    """Changed by another hand since the last build, no longer wanted, and left alone."""


class Known(NamedTuple):
    """A file of which the bytes need not be made where they stand already."""

    sum: str
    """Their SHA-256, in hexadecimal."""
    make: Callable[[], bytes]


class Wanted(NamedTuple):
    """The files of a build. Those that differ from what stands in the site are written aside."""

    sums: dict[str, str]
    """Of each file the SHA-256 of its bytes, as the manifest writes it."""
    written: frozenset[str]
    restored: frozenset[str]


class Survey(NamedTuple):
    """What stands in a site, by what is to become of it. Files that will be replaced are left out."""

    equal: list[str]
    gone: list[str]
    foreign: list[str]
    spared: list[str]
    blocking: list[str]
    """Foreign, and where a file or folder must go."""


@contextmanager
def staging(out: Path) -> Iterator[dict[str, str]]:
    """Be alone in a site, with room to write aside; gives what the last build wrote there, as the manifest says it.

    Whatever is not put in place within is thrown away. Raises SurroundingsError for what is wrong with the disk or the
    folder, which is made if need be.
    """
    with alone_in(out, WAIT):
        with telling(out):
            refuse_strangers(out)
            clear(out)
            known = remembered(out / MANIFEST)
        try:
            with telling(out):
                (out / STAGING).mkdir(0o700)  # a web server has no business in there
            yield known
        finally:
            with telling(out):
                clear(out)


def write_aside(
    files: Iterable[tuple[str, bytes | Known]],
    out: Path,
    known: Mapping[str, str],
    stands: Mapping[str, str] = MappingProxyType({}),
) -> Wanted:
    """Write those files aside, each as it is made, that differ from what stands in the site.

    `stands` are files of which it is known that they stand there, and the SHA-256 of each.
    """
    sums: dict[str, str] = {}
    written, restored = set(), set()
    for path, content in files:
        if not fits(path) or path in sums:
            raise ValueError(f"no path in a site, or there twice: {path!r}")
        if isinstance(content, Known):
            if stands.get(path) == content.sum:
                sums[path] = content.sum
                continue
            data = content.make()
        else:
            data = content
        sums[path] = digest(data)
        with telling(out):
            before = contents(f"{out}/{path}")
            if before != data:
                write(f"{out}/{STAGING}/new/{path}", data)
                written.add(path)
                if before is not None and path in known and digest(before) != known[path]:
                    restored.add(path)
    return Wanted(sums, frozenset(written), frozenset(restored))


def joined(parts: Iterable[Wanted]) -> Wanted:
    """The files of a build that were made in several parts."""
    sums: dict[str, str] = {}
    written: set[str] = set()
    restored: set[str] = set()
    for part in parts:
        if not sums.keys().isdisjoint(part.sums):
            raise ValueError(f"made twice: {min(sums.keys() & part.sums.keys())}")
        sums |= part.sums
        written |= part.written
        restored |= part.restored
    return Wanted(sums, frozenset(written), frozenset(restored))


def put_in_place(
    wanted: Wanted, out: Path, known: Mapping[str, str], settled: Mapping[str, Iterable[str]] | None = None
) -> Published:
    """Put what is written aside in its place, and take away what is no longer wanted; on OSError, all goes back.

    `settled` are entries that are as the last build left them, which need no look, and what was foreign in each.

    Raises SurroundingsError for what the disk refuses, or where something foreign stands in the way.
    """
    with telling(out):
        published = _put_in_place(wanted, out, known, settled or {})
        clear(out)  # now: with the second name that pages bear in there, the disk would tell other times of them
        return published


def _put_in_place(
    wanted: Wanted, out: Path, known: Mapping[str, str], settled: Mapping[str, Iterable[str]]
) -> Published:
    seen = survey(wanted, out, known, settled)
    if seen.blocking:
        others = f" (nor were {len(seen.blocking) - 1} more)" if seen.blocking[1:] else ""
        raise SurroundingsError(
            f"{out / seen.blocking[0]} was not written by inforce, and stands where a page must go{others}",
            "Move it away, or choose another folder with --out.",
        )
    new, aside, journal = (out / STAGING / name for name in ("new", "aside", MANIFEST))
    touched = {entry(path) for path in (*wanted.written, *seen.gone)}
    kept = [path for path in (*seen.equal, *seen.foreign, *seen.spared) if entry(path) in touched]
    for folder in sorted({folder for path in kept for folder in above(path)}):
        make_folder(f"{new}/{folder}")
    for path in kept:
        twin(f"{out}/{path}", f"{new}/{path}")
    if touched or wanted.sums != known:
        # What is linked to goes before what links to it, and what is no longer wanted after both.
        wanted_at_all = entries(wanted.sums)
        turns = sorted(touched, key=lambda name: (name not in wanted_at_all, name == HOME, name in wanted.sums, name))
        aside.mkdir()
        write_manifest(wanted.sums, journal)
        way_back = ExitStack()
        try:
            for name in turns:
                put(new / name, out / name, aside / name, way_back)
            journal.replace(out / MANIFEST)
        except OSError:
            way_back.close()
            raise
    return Published(
        files=len(wanted.sums),
        written=len(wanted.written),
        removed=len(seen.gone),
        foreign=tuple(path for path in sorted(seen.foreign) if "/.git" not in f"/{path}"),
        restored=tuple(sorted(wanted.restored)),
        spared=tuple(seen.spared),
    )


# ------------------------------------------------------------------ whose files are whose


def survey(
    wanted: Wanted, out: Path, known: Mapping[str, str], settled: Mapping[str, Iterable[str]] = MappingProxyType({})
) -> Survey:
    """See what stands in a site, late: others may have written there while the files were made."""
    seen = Survey([], [], [], [], [])
    looked_at = [path for path in wanted.sums if entry(path) not in settled]
    folders = {folder for path in looked_at for folder in above(path)}
    ours = entries(wanted.sums) | entries(known)
    seen.foreign.extend(path for left in settled.values() for path in left if kind(out / path))
    for path in sorted(paths(out, ours.difference(settled), settled)):
        if path in wanted.written:
            if path not in known or kind(f"{out}/{path}") != stat.S_IFREG:
                seen.blocking.append(path)
        elif path in wanted.sums:
            seen.equal.append(path)
        elif path in known and digest(contents(f"{out}/{path}") or b"") == known[path]:
            seen.gone.append(path)
        elif path in folders or not wanted.sums.keys().isdisjoint(above(path)):
            seen.blocking.append(path)
        else:
            (seen.spared if path in known else seen.foreign).append(path)
    return seen


def paths(out: Path, ours: Collection[str], but: Collection[str] = ()) -> Iterator[str]:
    """List what stands in a site and is no folder, the manifest and STAGING aside, `but` what is in some entries.

    Folders at the root that are not among ours are somebody else's: only their names are given, with ``/``.
    """
    for path, is_folder in listing(out, ""):
        if path in ours and is_folder:
            yield from within(out, f"{path}/")
        elif path not in {STAGING, MANIFEST} and path not in but:
            yield f"{path}/" if is_folder else path


def within(out: Path, folder: str) -> Iterator[str]:
    """List what lies in a folder, at any depth, and is no folder."""
    for path, is_folder in listing(out, folder):
        if is_folder:
            yield from within(out, f"{path}/")
        else:
            yield path


def listing(out: Path, folder: str) -> Iterator[tuple[str, bool]]:
    """List what lies in a folder, and whether it is a folder; a symbolic link is none, wherever it leads."""
    with os.scandir(f"{out}/{folder}") as found:  # a Path costs more than the look
        for one in found:
            yield f"{folder}{one.name}", one.is_dir(follow_symlinks=False)


def above(path: str) -> list[str]:
    """Name the folders in which a path lies: ``a`` and ``a/b`` for ``a/b/c``."""
    return [path[:end] for end, sign in enumerate(path) if sign == "/"]


def entry(path: str) -> str:
    """Name the entry to which a path belongs: ``privacy`` for ``privacy/history/index.html``."""
    return path.partition("/")[0]


def entries(paths: Iterable[str]) -> set[str]:
    """Name the entries to which paths belong."""
    return set(map(entry, paths))


def fits(path: str) -> bool:
    """Tell whether a path stays within the site, is written in the one way, and is not for builds alone."""
    parts = path.split("/")
    return _STEPS.isdisjoint(parts) and parts[0] not in _NOT_OURS


# ------------------------------------------------------------------ what is known from one build to the next


def digest(data: bytes) -> str:
    """Take the SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()


def remembered(manifest: Path) -> dict[str, str]:
    """Read what an earlier build wrote: of each path the SHA-256. Nothing if there was none."""
    if not kind(manifest):
        return {}
    # Without it nobody knows which files may be replaced or removed, and nothing is guessed.
    with suppress(ValueError, KeyError, TypeError, RecursionError):
        sums = json.loads(contents(manifest) or b"")["files"]
        if isinstance(sums, dict):
            bytes.fromhex("".join(sums.values()))  # what is no sum raises
            return sums
    raise SurroundingsError(
        f"{manifest} is damaged or was not written by inforce: it should say which files are inforce's own",
        "Put back the one of the last build, or move away all that is in the folder and build again.",
    )


def write_manifest(sums: Mapping[str, str], path: Path) -> None:
    """Write a manifest in one step, so that there never is half of one."""
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)  # of a build that was killed just here
    # A file a line; json would take twice as long for all of it, and ten times as long to indent it.
    files = ",\n".join([f'{encode_basestring(path)}: "{sums[path]}"' for path in sorted(sums)])
    write(half, f'{{\n"files": {{\n{files}\n}}\n}}\n'.encode() if files else b'{\n"files": {}\n}\n')
    half.replace(path)


def refuse_strangers(out: Path) -> None:
    """See that nothing of anybody else's lies where a build works, for that is cleared away."""
    staging = out / STAGING
    strange = {path for path, _ in listing(out, f"{STAGING}/")} - OURS if kind(staging) == stat.S_IFDIR else set()
    if strange:
        what = f"{out / min(strange)} was not written by inforce"
        raise SurroundingsError(what, "Move it away: this folder is inforce's own while it builds.")


def clear(out: Path) -> None:
    """Clear away what is left of a build, once the manifest tells what it has come to."""
    staging = out / STAGING
    journal = staging / MANIFEST
    if not staging.is_symlink() and journal.is_file():
        settle(out, remembered(out / MANIFEST), remembered(journal))
        journal.unlink(missing_ok=True)
    for _ in range(2):  # what the system refuses once it may well allow the second time
        remove(staging)
    if kind(staging):
        raise SurroundingsError(f"{staging} cannot be removed", "Remove it by hand: nothing of the site is in it.")


def settle(out: Path, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Make the manifest tell what stands in a site where each entry is as before a build or as after it."""
    for aside in (out / STAGING / "aside").iterdir():
        if not kind(out / aside.name):
            aside.rename(out / aside.name)
    sums = {}
    for path in paths(out, entries(before) | entries(after)):
        if path in before or path in after:
            found = digest(contents(f"{out}/{path}") or b"")
            sums[path] = found if found == after.get(path) else before.get(path) or after[path]
    if sums != before:
        journal = out / STAGING / MANIFEST
        write_manifest(sums, journal)
        journal.replace(out / MANIFEST)
