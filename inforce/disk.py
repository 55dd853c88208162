"""What a disk can do: write a file whole, let two places change contents in one step, keep other builds out.

Knows nothing of sites. A symbolic link is a thing of its own here and never followed. What is made can be read by
everybody, whoever builds: a public page does not depend on somebody's umask.
"""

from __future__ import annotations

import fcntl
import os
import stat
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from inforce.errors import SurroundingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

PAUSE = 0.05
"""Seconds between two looks whether another build has ended."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
"""How a file is opened that is not there yet."""
_FILE, _FOLDER = 0o644, 0o755
"""What everybody may do with what is made."""


def kind(path: Path | str) -> int:
    """Tell what stands at a path: one of ``stat``'s kinds of file, 0 for nothing."""
    try:
        return stat.S_IFMT(os.lstat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return 0


def contents(path: Path | str) -> bytes | None:
    """Read a file; None if no regular file is there."""
    if kind(path) != stat.S_IFREG:
        return None
    with open(path, "rb", buffering=0) as file:
        return file.readall() or b""


def write(path: Path | str, *parts: bytes) -> None:
    """Write a file of some parts that is not there yet, and the folders above it that are not."""
    try:
        file = os.open(path, _NEW, _FILE)
    except FileNotFoundError:
        make_folder(os.path.dirname(path))
        file = os.open(path, _NEW, _FILE)
    try:
        if stat.S_IMODE(os.fstat(file).st_mode) != _FILE:  # to set what is so already costs a write
            os.fchmod(file, _FILE)
        for part in parts:
            rest = memoryview(part)
            while rest:  # a disk that is nearly full may take some of it, and say why with the next
                rest = rest[os.write(file, rest) :]
    finally:
        os.close(file)


def make_folder(path: Path | str) -> None:
    """Make a folder, and those above it that are not there."""
    try:
        os.mkdir(path, _FOLDER)
    except FileNotFoundError:
        above = os.path.dirname(path) or "."
        if os.path.isdir(above):  # some disks say so of what may not be made
            raise
        make_folder(above)
        make_folder(path)
        return
    except OSError:
        if not os.path.isdir(path):
            raise
        return  # it was there, or another build has made it just now
    if stat.S_IMODE(os.stat(path).st_mode) != _FOLDER:
        os.chmod(path, _FOLDER)


def unmake(folders: Sequence[Path]) -> None:
    """Remove those folders that are empty; given from the innermost outwards."""
    for folder in (*folders, *folders):  # what the system refuses once it may well allow the second time
        with suppress(OSError):
            folder.rmdir()


def remove(path: Path | str) -> None:
    """Remove a folder that is ours alone, with all in it, as far as the system allows it.

    With the care that Python's own takes of folders that others may exchange meanwhile, it would cost twice as much.
    """
    if kind(path) != stat.S_IFDIR:
        return
    with suppress(OSError):
        with os.scandir(path) as found:
            entries = list(found)
        for one in entries:
            if one.is_dir(follow_symlinks=False):
                remove(one.path)
            else:
                with suppress(OSError):
                    os.unlink(one.path)
        os.rmdir(path)


def twin(source: Path | str, target: Path | str) -> None:
    """Let a file stand at a second path, too: as the same file if the disk can do that, else as a copy."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # a disk that has no such links, or too many of them
        import shutil

        shutil.copy2(source, target, follow_symlinks=False)


# ------------------------------------------------------------------ changing places


def exchange(one: Path, other: Path) -> bool:
    """Let what stands at two paths change places in one step, so that nobody ever finds either of them empty.

    False, and nothing has changed, where the system or this disk has no such step or refuses it.
    """
    import ctypes  # here, since a build that changes nothing need not load it

    first, second = os.fsencode(one), os.fsencode(other)
    # Linux has the one call, macOS the other. In both, 2 asks for an exchange; -100 starts from the working folder.
    calls = {"renameat2": (-100, first, -100, second, 2), "renamex_np": (first, second, 2)}
    try:
        sys.audit("inforce.exchange", str(one), str(other))  # Python tells of every os.rename, but not of this
        system = ctypes.CDLL(None)
        return any(hasattr(system, name) and getattr(system, name)(*facts) == 0 for name, facts in calls.items())
    except OSError:
        return False


def put(new: Path, place: Path, aside: Path, way_back: ExitStack) -> None:
    """Let what is at ``new`` stand at ``place``; if nothing is there, nothing shall stand there either.

    What stood there goes to ``new`` or ``aside``; closing ``way_back`` brings it back. When the process is killed
    where there is no exchange in one step, a folder's place may be empty, and what stood there is at ``aside``.
    Raises OSError; then only what ``way_back`` mends has changed.
    """
    if not kind(new):
        move(place, aside, way_back)
    elif not kind(place):
        move(new, place, way_back)
    elif exchange(new, place):
        way_back.callback(exchange, new, place)
    elif new.is_file() and place.is_file():
        twin(place, aside)
        new.replace(place)
        way_back.callback(aside.replace, place)
    else:
        move(place, aside, way_back)
        move(new, place, way_back)


def move(source: Path, target: Path, way_back: ExitStack) -> None:
    """Rename to a path at which nothing stands."""
    source.rename(target)
    way_back.callback(target.rename, source)


# ------------------------------------------------------------------ one build at a time


@contextmanager
def alone_in(folder: Path, wait: float) -> Iterator[None]:
    """Be the only build in a folder, made if need be; if it was made here and ends up empty, it is unmade.

    Raises SurroundingsError if another build is in it for more than ``wait`` seconds, and for what is wrong with it.
    """
    with telling(folder):
        missing = [above for above in (folder, *folder.parents) if not above.is_dir()]
        for above in missing:
            if kind(above) not in {0, stat.S_IFDIR}:  # a folder now: another build has made it
                raise SurroundingsError(f"{above} is not a folder", "Move it away, or choose another with --out.")
        try:
            lock = locked(folder, wait)
        except OSError:
            unmake(missing)
            raise
    try:
        yield
    finally:
        unmake(missing)
        os.close(lock)


def locked(folder: Path, wait: float) -> int:
    """Open a folder and lock it, so that the system lets go of the lock however the process ends."""
    for _ in range(1 + round(wait / PAUSE)):
        # Another build may hold the lock; or be making or, having failed, unmaking the same folder.
        with suppress(BlockingIOError, FileExistsError, FileNotFoundError), ExitStack() as failed:
            make_folder(folder)
            lock = os.open(folder, os.O_RDONLY)
            failed.callback(os.close, lock)
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(lock), folder.stat()):
                failed.pop_all()
                return lock
        time.sleep(PAUSE)
    raise SurroundingsError(f"another build is writing {folder}", "Build again when it has ended.")


@contextmanager
def telling(folder: Path) -> Iterator[None]:
    """Say in one line what the system refuses, where a folder is read or written."""
    try:
        yield
    except OSError as error:
        raise SurroundingsError(
            f"{error.filename or folder}: {error.strerror or error}",
            f"See that {folder} can be written and its disk has room, or choose another folder with --out.",
        ) from error
