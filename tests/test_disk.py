from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import re
import signal
import stat
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

import pytest

from inforce.disk import alone_in, contents, exchange, make_folder, put, remove, telling, twin, write
from inforce.errors import SurroundingsError


@pytest.fixture
def no_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a system that knows neither of the calls."""
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())


def folder(path: Path, text: str) -> Path:
    path.mkdir()
    (path / "page").write_text(text)
    return path


def refused(*_: object, **__: object) -> NoReturn:
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def test_a_file_and_a_folder_change_places_in_one_step(tmp_path: Path) -> None:
    one, other = folder(tmp_path / "one", "a folder"), tmp_path / "other"
    other.write_text("a file")

    done = exchange(one, other)

    assert done
    assert one.read_text() == "a file"
    assert (other / "page").read_text() == "a folder"


def test_nothing_changes_places_with_what_is_not_there(tmp_path: Path) -> None:
    one = folder(tmp_path / "one", "a folder")

    done = exchange(one, tmp_path / "other")

    assert not done
    assert (one / "page").exists()


@pytest.mark.usefixtures("no_exchange")
def test_a_system_without_the_call_says_so(tmp_path: Path) -> None:
    done = exchange(folder(tmp_path / "one", "one"), folder(tmp_path / "other", "other"))

    assert not done
    assert (tmp_path / "one" / "page").read_text() == "one"


def test_an_exchange_that_is_refused_has_not_happened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", refused)

    done = exchange(folder(tmp_path / "one", "one"), folder(tmp_path / "other", "other"))

    assert not done


@pytest.mark.parametrize("able", [True, False], ids=["exchange", "no-exchange"])
@pytest.mark.parametrize("before", ["file", "folder", "nothing"])
@pytest.mark.parametrize("after", ["file", "folder", "nothing"])
def test_what_is_put_in_place_stands_there_and_the_way_back_brings_back_what_stood_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str, *, able: bool
) -> None:
    if before == after == "nothing":
        return
    if not able:
        monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    (tmp_path / "aside").mkdir()
    new, place, aside = tmp_path / "new", tmp_path / "place", tmp_path / "aside" / "place"
    make = {"file": lambda path, text: path.write_text(text), "folder": folder, "nothing": lambda *_: None}
    make[before](place, "before")
    make[after](new, "after")

    def standing() -> str | None:
        found = contents(place / "page" if place.is_dir() else place)
        return found.decode() if found else None

    with ExitStack() as way_back:
        put(new, place, aside, way_back)

        assert standing() == (None if after == "nothing" else "after")
        assert place.is_dir() == (after == "folder")

    assert standing() == (None if before == "nothing" else "before")
    assert place.is_dir() == (before == "folder")


def test_a_folder_goes_with_all_in_it_and_nothing_that_its_links_lead_to(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "page", b"words")
    write(tmp_path / "ours" / "far" / "below" / "page", b"words")
    (tmp_path / "ours" / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")

    for path in ("ours", "link", "nothing"):
        remove(tmp_path / path)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere", "link"]
    assert (tmp_path / "elsewhere" / "page").read_bytes() == b"words"


def test_what_the_system_refuses_to_remove_keeps_nothing_else_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "c"):
        write(tmp_path / "ours" / name, b"words")
    unlink = os.unlink
    monkeypatch.setattr(os, "unlink", lambda path: refused() if path.endswith("b") else unlink(path))

    remove(tmp_path / "ours")

    assert [path.name for path in (tmp_path / "ours").iterdir()] == ["b"]


def test_a_twin_is_the_same_file(tmp_path: Path) -> None:
    write(tmp_path / "page", b"words")

    twin(tmp_path / "page", tmp_path / "other")

    assert (tmp_path / "page").samefile(tmp_path / "other")


def test_a_twin_is_a_copy_where_a_disk_has_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", refused)
    write(tmp_path / "page", b"words")

    twin(tmp_path / "page", tmp_path / "copy")

    assert not (tmp_path / "page").samefile(tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"words"
    assert (tmp_path / "copy").stat().st_mtime_ns == (tmp_path / "page").stat().st_mtime_ns


@pytest.mark.parametrize("links", [True, False], ids=["links", "no-links"])
def test_a_twin_of_a_symbolic_link_leads_to_the_same_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", refused)
    (tmp_path / "link").symlink_to("nowhere")

    twin(tmp_path / "link", tmp_path / "other")

    assert (tmp_path / "other").readlink().name == "nowhere"


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_everybody_may_read_what_is_written_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    earlier = os.umask(umask)
    try:
        write(tmp_path / "privacy" / "history" / "index.html", b"words")
    finally:
        os.umask(earlier)

    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "privacy").rglob("*") if path.is_file()}
    assert modes == {0o644}
    assert stat.S_IMODE((tmp_path / "privacy" / "history").stat().st_mode) == 0o755


def test_a_file_is_never_written_over_another(tmp_path: Path) -> None:
    (tmp_path / "page").write_bytes(b"before")

    with pytest.raises(FileExistsError):
        write(tmp_path / "page", b"after")

    assert (tmp_path / "page").read_bytes() == b"before"


def test_a_link_and_a_pipe_are_no_files(tmp_path: Path) -> None:
    write(tmp_path / "page", b"words")
    (tmp_path / "link").symlink_to("page")
    os.mkfifo(tmp_path / "pipe")

    found = [contents(tmp_path / name) for name in ("page", "link", "pipe", "none", "page/below", ".")]

    assert found == [b"words", None, None, None, None, None]


def test_a_second_build_says_that_another_one_is_writing(tmp_path: Path) -> None:
    with alone_in(tmp_path, 0):
        with pytest.raises(SurroundingsError, match=f"another build is writing {re.escape(str(tmp_path))}"):
            alone_in(tmp_path, 0.1).__enter__()

        assert not any(tmp_path.iterdir())


def test_a_second_build_waits_for_the_first(tmp_path: Path) -> None:
    ready, readied = os.pipe()
    child = os.fork()
    if child == 0:
        with alone_in(tmp_path, 0):
            os.write(readied, b".")
            signal.sigtimedwait([signal.SIGUSR1], 0.3)
            (tmp_path / "first").touch()
        os._exit(0)
    os.read(ready, 1)

    with alone_in(tmp_path, 10):
        assert (tmp_path / "first").exists()

    os.waitpid(child, 0)
    os.close(ready)
    os.close(readied)


def test_a_build_that_is_killed_lets_the_next_one_in(tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        with alone_in(tmp_path, 0):
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)

    with alone_in(tmp_path, 0):
        assert tmp_path.is_dir()


def test_a_folder_that_was_made_and_stays_empty_is_unmade_with_those_above_it(tmp_path: Path) -> None:
    with alone_in(tmp_path / "public" / "site", 0):
        assert (tmp_path / "public" / "site").is_dir()

    assert not any(tmp_path.iterdir())


def test_a_folder_that_was_there_stays_though_it_is_empty(tmp_path: Path) -> None:
    with alone_in(tmp_path, 0):
        pass

    assert tmp_path.is_dir()


@pytest.mark.parametrize("remade", [True, False])
def test_a_lock_on_a_folder_that_was_unmade_meanwhile_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, remade: bool
) -> None:
    site = tmp_path / "site"
    lock = fcntl.flock

    def unmake_once(*facts: int) -> None:
        monkeypatch.setattr(fcntl, "flock", lock)
        site.rmdir()
        if remade:
            site.mkdir()
        lock(*facts)

    monkeypatch.setattr(fcntl, "flock", unmake_once)
    with alone_in(site, 1), pytest.raises(SurroundingsError):
        alone_in(site, 0).__enter__()


def test_a_folder_that_another_build_makes_and_unmakes_meanwhile_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mkdir = Path.mkdir

    def made_and_unmade(path: Path, *, exist_ok: bool) -> None:
        monkeypatch.setattr(Path, "mkdir", mkdir)
        raise FileExistsError(exist_ok, "File exists", str(path))

    monkeypatch.setattr(Path, "mkdir", made_and_unmade)
    with alone_in(tmp_path / "site", 1):
        assert (tmp_path / "site").is_dir()


def test_a_disk_that_knows_no_locks_is_told_of_and_no_folder_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fcntl, "flock", refused)

    with pytest.raises(SurroundingsError, match="Operation not permitted"):
        alone_in(tmp_path / "site", 0).__enter__()

    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["file", "file/below", "pipe", "loop", "nowhere"])
def test_what_cannot_be_a_folder_is_told_of_and_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("mine")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "nowhere").symlink_to("elsewhere/unmade")

    with pytest.raises(SurroundingsError) as raised:
        alone_in(tmp_path / name, 0).__enter__()

    assert raised.value.what == f"{tmp_path / name.removesuffix('/below')} is not a folder"
    assert {path.name for path in tmp_path.iterdir()} == {"file", "pipe", "loop", "nowhere"}
    assert (tmp_path / "file").read_text() == "mine"


def test_what_the_system_refuses_is_told_in_one_line_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError) as raised, telling(tmp_path):
        (tmp_path / "none").rmdir()

    assert raised.value.what == f"{tmp_path / 'none'}: No such file or directory"
    assert "--out" in raised.value.remedy


def test_a_folder_that_another_build_makes_at_the_same_time_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mkdir = os.mkdir

    def late(path: str, mode: int) -> None:
        mkdir(path, mode)
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)

    monkeypatch.setattr(os, "mkdir", late)

    make_folder(tmp_path / "a" / "b")

    assert (tmp_path / "a" / "b").is_dir()


def test_a_disk_that_takes_no_folder_is_believed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refused(path: str, _mode: int) -> None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)

    monkeypatch.setattr(os, "mkdir", refused)

    with pytest.raises(FileNotFoundError):
        make_folder(tmp_path / "a")


def test_a_file_is_no_folder_to_build_in(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("Mine.")

    with pytest.raises(FileExistsError):
        make_folder(tmp_path / "a")
