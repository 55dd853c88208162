"""A build cut off, or refused by the system, at every single thing that it does to the disk."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import shutil
import signal
import sys
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NoReturn

import pytest

from inforce.errors import SurroundingsError
from tests.publishing import publish

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

Site = dict[str, bytes]

EARLIER: Site = {
    "privacy/index.html": b"in force: 2024-03-01",
    "privacy/2024-03-01/index.html": b"the first version",
    "privacy/2023-01-01/index.html": b"a version that will be gone",
    "equal/index.html": b"does not change",
    "gone/index.html": b"a policy that will be gone",
    "becomes-file/index.html": b"a folder now",
    "robots.txt": b"will be gone",
    "style.css": b"old style",
    "index.html": b"old home",
}
LATER: Site = {
    "privacy/index.html": b"in force: 2026-11-20",
    "privacy/2024-03-01/index.html": b"the first version",
    "privacy/2026-11-20/index.html": b"the second version" * 1000,
    "equal/index.html": b"does not change",
    "cookies/index.html": b"a policy that is new",
    "becomes-file": b"a file now",
    "style.css": b"new style",
    "policies.json": b"{}",
    "index.html": b"new home",
}
FOREIGN: Site = {"CNAME": b"policies.example", "privacy/note.txt": b"a note", "gone/note.txt": b"another"}

OPERATIONS = {
    *("open", "os.scandir", "os.listdir", "os.mkdir", "os.rmdir", "os.rename", "os.remove", "os.link", "os.symlink"),
    *("os.chmod", "os.truncate", "fcntl.flock", "inforce.exchange"),
}
"""What Python tells of before it asks the system for it, and we tell of ourselves."""


def tree(folder: Path) -> Site:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if not path.is_dir()}


def entries(site: Site) -> dict[str, Site]:
    """A site's files, entry by entry."""
    sorted_out: dict[str, Site] = {}
    for path, data in site.items():
        sorted_out.setdefault(path.partition("/")[0], {})[path] = data
    return sorted_out


def site(folder: Path, files: Site, foreign: Site = FOREIGN) -> Path:
    """A site as a build leaves it, with somebody else's files in it."""
    publish(files.items(), folder)
    for path, data in foreign.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def afflicted(harm: Callable[[str], object], act: Callable[[], object]) -> int:
    """Do something in a process of its own that hears of each of OPERATIONS before it happens; its exit status."""
    child = os.fork()
    if child == 0:
        sys.addaudithook(lambda event, _: harm(event) if event in OPERATIONS else None)
        try:
            act()
        except SurroundingsError:
            os._exit(3)
        except BaseException:  # noqa: BLE001 - a process that was forked off must not come back
            os._exit(70)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def operations(act: Callable[[], object]) -> range:
    """Number all that is asked of the system when something is done."""
    reading, writing = os.pipe()
    afflicted(lambda _: os.write(writing, b"."), act)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        return range(1, len(told.read()) + 1)


def at(number: int, harm: Callable[[], None], of: Collection[str] = OPERATIONS) -> Callable[[str], None]:
    """Harm at the operation of this number, counted from 1 among those of one kind."""
    counted = count(1)
    return lambda event: harm() if event in of and next(counted) == number else None


def sweep(
    place: Path, harm: Callable[[], None], files: Site, start: Callable[[Path], Path]
) -> Iterator[tuple[Path, int]]:
    """Build once for each thing that a build asks of the system, with harm done then: the site and the exit status."""
    for number in operations(partial(publish, files.items(), start(place / "counted"))):
        out = start(place / str(number))
        yield out, afflicted(at(number, harm), partial(publish, files.items(), out))


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def refuse() -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def failing() -> Iterator[tuple[str, bytes]]:
    yield "privacy/index.html", b"never to be seen"
    raise ZeroDivisionError


def assert_whole(out: Path, *, gaps: bool) -> None:
    """Every entry is as before or as after, and nothing else is there; the place of a folder may be empty for gaps."""
    now = entries({path: data for path, data in tree(out).items() if not path.startswith(".inforce/")})
    before, after = (entries(clean(files)) for files in (EARLIER, LATER))
    for name in (now.keys() | before.keys() | after.keys()) - {"manifest.json"}:
        allowed = [before.get(name), after.get(name)]
        if gaps and name not in {*EARLIER, "CNAME"}:
            allowed.append(None)
        assert now.get(name) in allowed, name


def clean(files: Site) -> Site:
    """What a build of these into a new folder gives, and somebody else's files."""
    sums = {path: hashlib.sha256(data).hexdigest() for path, data in sorted(files.items())}
    manifest = json.dumps({"files": sums}, indent=0) + "\n"
    return {**files, **FOREIGN, "manifest.json": manifest.encode()}


def assert_mended(out: Path, files: Site) -> None:
    """The next build makes the site what it should be, and knows its own files from others."""
    published = publish(files.items(), out)

    assert tree(out) == clean(files)
    assert not (out / ".inforce").exists()
    # A folder with nothing of ours in it any more is named as a whole.
    assert {path.replace("gone/note.txt", "gone/") for path in published.foreign} == {
        *("CNAME", "privacy/note.txt", "gone/")
    }
    assert published.restored == published.spared == ()


def assert_settled(out: Path) -> None:
    """A next build that fails clears up, and leaves a manifest that tells what is there."""
    with pytest.raises(ZeroDivisionError):
        publish(failing(), out)
    assert not (out / ".inforce").exists()
    assert_whole(out, gaps=False)
    manifest = json.loads((out / "manifest.json").read_bytes())["files"]
    assert manifest == {
        path: hashlib.sha256(data).hexdigest()
        for path, data in tree(out).items()
        if path not in FOREIGN and path != "manifest.json"
    }


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that is emptied after the test; in memory where there is such a thing, since it is written often."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.fixture(params=["exchange", "no-exchange"])
def gaps(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the system lacks the call that exchanges; then a folder's place may be empty when a build is killed."""
    if request.param == "no-exchange":
        monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    return bool(request.param == "no-exchange")


def test_a_build_killed_at_any_moment_leaves_each_policy_old_or_new_and_the_next_one_mends_all(
    place: Path, *, gaps: bool
) -> None:
    for out, status in sweep(place, kill, LATER, lambda out: site(out, EARLIER)):
        assert status == -signal.SIGKILL
        assert_whole(out, gaps=gaps)
        again = shutil.copytree(out, place / "again")
        assert_mended(again, LATER)
        shutil.rmtree(again)
        assert_settled(out)
        assert_mended(out, EARLIER)


def test_home_becomes_new_after_all_that_it_links_to_and_before_anything_is_taken_away(place: Path) -> None:
    homes = set()
    for out, _ in sweep(place, kill, LATER, lambda out: site(out, EARLIER)):
        now = tree(out)
        homes.add(now["index.html"])
        if now["index.html"] == EARLIER["index.html"]:
            assert {"gone/index.html", "robots.txt"} <= now.keys()
        else:
            assert LATER.items() <= now.items()
    assert homes == {EARLIER["index.html"], LATER["index.html"]}


def test_a_first_build_killed_at_any_moment_is_mended_too(place: Path) -> None:
    for out, status in sweep(place, kill, LATER, lambda out: out / "public" / "site"):
        assert status == -signal.SIGKILL
        publish(EARLIER.items(), out)
        assert tree(out) == {path: data for path, data in clean(EARLIER).items() if path not in FOREIGN}


@pytest.mark.parametrize("renames", [3, 4])
def test_a_build_killed_while_it_mends_is_mended_as_well(place: Path, renames: int, *, gaps: bool) -> None:
    killed = site(place / "killed", EARLIER)
    moves = {"os.rename", "inforce.exchange"}
    afflicted(at(renames + 1, kill, moves), partial(publish, LATER.items(), killed))
    assert (killed / ".inforce" / "manifest.json").exists()

    for out, status in sweep(place, kill, EARLIER, lambda out: shutil.copytree(killed, out)):
        assert status == -signal.SIGKILL
        assert_whole(out, gaps=gaps)
        assert_settled(out)
        assert_mended(out, LATER)


@pytest.mark.usefixtures("gaps")
def test_a_build_that_is_refused_anything_leaves_the_site_as_it_was(place: Path) -> None:
    statuses = []
    for out, status in sweep(place, refuse, LATER, lambda out: site(out, EARLIER)):
        statuses.append(status)
        # Some refusals are got round: a file that cannot be linked is copied.
        assert tree(out) == clean(LATER if status == 0 else EARLIER)
    assert {*statuses} == {0, 3}
    assert statuses.count(3) > len(statuses) / 3


def test_a_build_on_a_disk_that_fills_up_leaves_the_site_as_it_was(place: Path) -> None:
    def full_from(number: int) -> Callable[[str], None]:
        asked = count(1)
        growing = {"os.mkdir", "os.link", "os.symlink"}
        return lambda event: refuse() if event in growing and next(asked) >= number else None

    for number in range(1, 13):
        out = site(place / str(number), EARLIER)

        status = afflicted(full_from(number), partial(publish, LATER.items(), out))

        assert tree(out) == clean(LATER if status == 0 else EARLIER)


def test_a_first_build_that_is_refused_anything_leaves_no_folder(place: Path) -> None:
    for out, status in sweep(place, refuse, LATER, lambda out: out / "public" / "site"):
        assert status in {0, 3}
        assert out.exists() == out.parent.parent.exists() == (status == 0)


def test_a_first_build_whose_pages_fail_leaves_no_folder_whatever_is_refused(place: Path) -> None:
    for number in range(1, 30):
        status = afflicted(at(number, refuse), lambda: publish(failing(), place / "public" / "site"))

        assert status in {3, 70}
        assert not (place / "public").exists()
