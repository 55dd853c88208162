from __future__ import annotations

import errno
import hashlib
import json
import os
import resource
import shutil
import stat
import subprocess
import sys
import tracemalloc
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inforce.errors import PolicyError, SurroundingsError
from inforce.publish import Published, Wanted, joined
from tests.publishing import publish

if TYPE_CHECKING:
    from collections.abc import Iterator

Site = dict[str, bytes]

FIRST: Site = {
    "privacy/index.html": b"in force",
    "privacy/2024-03-01/index.html": b"version",
    "privacy/2024-03-01/policy.md": b"words",
    "terms/index.html": b"terms",
    "index.html": b"home",
}


def tree(folder: Path) -> Site:
    """All files of a site but its manifest."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {path: data for path, data in found.items() if path != "manifest.json"}


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """What would show that a file or folder was written anew, or even that something was renamed in it."""
    return {
        str(path.relative_to(folder)): (path.lstat().st_ino, path.lstat().st_mtime_ns) for path in folder.rglob("*")
    }


def run(*words: str, **environment: str) -> bool:
    """Run another program; whether it succeeded."""
    return not subprocess.run(words, env=environment or None, check=False, capture_output=True).returncode


def build(site: Path, files: Site) -> Published:
    return publish(files.items(), site)


def failing(after: int = 1) -> Iterator[tuple[str, bytes]]:
    """Pages of which one, after some good ones, cannot be made."""
    yield from [("privacy/index.html", b"new"), ("cookies/index.html", b"new"), ("index.html", b"new")][:after]
    raise PolicyError([])


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site as an earlier build left it."""
    build(tmp_path / "site", FIRST)
    return tmp_path / "site"


# ------------------------------------------------------------------ what is published


def test_a_site_holds_all_files_and_a_manifest_of_them(tmp_path: Path) -> None:
    published = build(tmp_path / "site", {"privacy/index.html": b"1", "index.html": b"2", "a-ä/index.html": b"3"})

    assert tree(tmp_path / "site") == {"privacy/index.html": b"1", "index.html": b"2", "a-ä/index.html": b"3"}
    assert (tmp_path / "site" / "manifest.json").read_text("utf-8") == (
        '{\n"files": {\n'
        '"a-ä/index.html": "4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce",\n'
        '"index.html": "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35",\n'
        '"privacy/index.html": "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"\n'
        "}\n}\n"
    )
    assert published == Published(files=3, written=3, removed=0, foreign=(), restored=(), spared=())


def test_a_site_is_the_same_in_any_locale_time_zone_hash_seed_and_umask(tmp_path: Path) -> None:
    build_both = (
        "import os, sys, pathlib; from tests.publishing import publish; os.umask(int(sys.argv[2], 8));"
        "[publish([(f'{p}/{v}.html', bytes([p, v, n])) for p in range(9) for v in range(9)],"
        " pathlib.Path(sys.argv[1])) for n in (1, 2)]"
    )
    for name, umask, seed, locale, zone in (
        ("one", "022", "1", "C", "Pacific/Kiritimati"),
        ("the-other", "077", "2", "C.UTF-8", "America/Adak"),
    ):
        words = (sys.executable, "-c", build_both, str(tmp_path / name / "site"), umask)
        assert run(*words, PYTHONHASHSEED=seed, LC_ALL=locale, TZ=zone, PYTHONPATH=str(Path.cwd()))

    one, other = tmp_path / "one" / "site", tmp_path / "the-other" / "site"
    assert tree(one) == tree(other)
    assert (one / "manifest.json").read_bytes() == (other / "manifest.json").read_bytes()
    modes = [
        {str(path.relative_to(root)): path.stat().st_mode for path in (root, *root.rglob("*"))} for root in (one, other)
    ]
    assert modes[0] == modes[1]


@pytest.mark.parametrize(
    "path",
    ["", ".", "/etc/passwd", "../up", "a/../../up", "a//b", "a/", "./a", "manifest.json", ".inforce/x", ".git/x"],
)
def test_a_path_that_is_none_of_a_site_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="no path in a site"):
        build(tmp_path / "site", {path: b""})

    assert not any(tmp_path.iterdir())


def test_two_files_of_one_path_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there twice"):
        publish([("a", b"1"), ("a", b"2")], tmp_path / "site")


def test_files_are_not_held_in_memory(tmp_path: Path) -> None:
    megabyte = 2**20
    files = ((f"privacy/{number}.html", bytes([number]) * megabyte) for number in range(30))
    tracemalloc.start()

    publish(files, tmp_path / "site")

    assert tracemalloc.get_traced_memory()[1] < 4 * megabyte
    tracemalloc.stop()


# ------------------------------------------------------------------ changed ones only


def test_nothing_is_touched_when_nothing_has_changed(site: Path) -> None:
    before = stamps(site)

    published = build(site, FIRST)

    assert stamps(site) == before
    assert (published.files, published.written, published.removed) == (5, 0, 0)


def test_a_change_in_one_policy_leaves_its_other_files_and_all_other_entries_as_they_are(site: Path) -> None:
    before = stamps(site)

    published = build(site, FIRST | {"privacy/index.html": b"changed"})

    after = stamps(site)
    changed = {path for path in before if before[path] != after[path]}
    assert changed == {"privacy", "privacy/2024-03-01", "privacy/index.html", "manifest.json"}
    assert published.written == 1


def test_pages_of_versions_and_policies_that_are_gone_go_and_so_do_their_folders(site: Path) -> None:
    wanted = {"privacy/index.html": b"in force", "index.html": b"home"}

    published = build(site, wanted)

    assert tree(site) == wanted
    assert {path.name for path in site.rglob("*") if path.is_dir()} == {"privacy"}
    assert published.removed == 3


def test_a_page_that_somebody_removed_is_written_again(site: Path) -> None:
    (site / "privacy" / "index.html").unlink()

    published = build(site, FIRST)

    assert tree(site) == FIRST
    assert published.written == 1


def test_a_file_may_take_the_place_of_a_folder_and_a_folder_that_of_a_file(site: Path) -> None:
    wanted = {"terms": b"a file", "index.html/privacy": b"in a folder", "privacy/2024-03-01": b"a file"}

    build(site, wanted)

    assert tree(site) == wanted
    build(site, FIRST)
    assert tree(site) == FIRST


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["index.html", "a/x", "a/b/x", "a/b/y", "c", "d/x", "d/y"]),
            st.sampled_from([b"", b"1", b"2"]),
        ),
        max_size=4,
    )
)
def test_whatever_was_published_before_a_site_holds_what_was_published_last(sites: list[Site]) -> None:
    with TemporaryDirectory() as folder:
        site = Path(folder)
        (site / "a").mkdir()
        (site / "a" / "foreign").write_bytes(b"mine")

        for files in sites:
            published = build(site, files)

            assert tree(site) == files | {"a/foreign": b"mine"}
            assert published.foreign in {("a/foreign",), ("a/",)}
            assert published.restored == published.spared == ()


# ------------------------------------------------------------------ a build that fails


@pytest.mark.parametrize("after", range(4))
def test_a_build_whose_pages_fail_changes_nothing(site: Path, after: int) -> None:
    before = stamps(site)

    with pytest.raises(PolicyError):
        publish(failing(after), site)

    assert stamps(site) == before


def test_a_first_build_whose_pages_fail_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(PolicyError):
        publish(failing(), tmp_path / "public" / "site")

    assert not any(tmp_path.iterdir())


def test_a_fault_in_making_the_pages_is_not_taken_for_one_of_the_disk(site: Path) -> None:
    def faulty() -> Iterator[tuple[str, bytes]]:
        yield "privacy/index.html", Path("/nowhere").read_bytes()

    with pytest.raises(FileNotFoundError):
        publish(faulty(), site)


def interrupt_at_the_manifest(monkeypatch: pytest.MonkeyPatch, interruption: BaseException) -> None:
    replace = Path.replace

    def interrupted(path: Path, target: Path) -> Path:
        if target.parent.name == "site":
            monkeypatch.setattr(Path, "replace", replace)
            raise interruption
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", interrupted)


def test_a_build_that_is_refused_its_very_last_step_changes_nothing(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt_at_the_manifest(monkeypatch, OSError(errno.EIO, "Input/output error"))
    manifest = (site / "manifest.json").read_bytes()

    with pytest.raises(SurroundingsError, match="Input/output error"):
        build(site, {"privacy/new.html": b"new", "index.html": b"new", "cookies/index.html": b"new"})

    assert tree(site) == FIRST
    assert (site / "manifest.json").read_bytes() == manifest
    assert not (site / ".inforce").exists()


def test_a_build_stopped_by_hand_while_it_puts_in_place_leaves_a_site_that_the_next_one_knows(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt_at_the_manifest(monkeypatch, KeyboardInterrupt())

    with pytest.raises(KeyboardInterrupt):
        build(site, {"privacy/new.html": b"new", "index.html": b"home"})

    sums = json.loads((site / "manifest.json").read_bytes())["files"]
    assert sums == {path: hashlib.sha256(data).hexdigest() for path, data in tree(site).items()}
    assert not (site / ".inforce").exists()


def test_a_file_in_place_of_the_folder_is_told_of_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "site").write_bytes(b"mine")

    with pytest.raises(SurroundingsError, match="site is not a folder"):
        build(tmp_path / "site", FIRST)

    assert (tmp_path / "site").read_bytes() == b"mine"


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="only root can mount a small disk")
@pytest.mark.parametrize("options", ["size=64k", "nr_inodes=12", "ro"])
def test_a_disk_that_is_full_or_read_only_is_told_of_and_the_site_stays_as_it_was(tmp_path: Path, options: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if not run("mount", "-t", "tmpfs", "tmpfs", str(disk)):
        pytest.skip("mounting is not allowed here")
    try:
        site = disk / "site"
        build(site, FIRST)
        assert run("mount", "-o", f"remount,{options}", str(disk))
        before = stamps(site)

        with pytest.raises(SurroundingsError, match=r"No space left on device|Read-only file system"):
            publish(((f"privacy/{number}.html", bytes(4096)) for number in range(40)), site)

        assert stamps(site) == before
        assert tree(site) == FIRST
    finally:
        assert run("umount", str(disk))


def test_a_file_larger_than_is_allowed_is_told_of_and_the_site_stays_as_it_was(site: Path) -> None:
    before = stamps(site)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(SurroundingsError, match="File too large"):
            build(site, {"privacy/index.html": bytes(200_000)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert stamps(site) == before


def test_a_folder_that_this_user_may_not_write_is_told_of(site: Path) -> None:
    site.chmod(0o555)
    before = stamps(site)
    child = os.fork()
    if child == 0:
        if os.geteuid() == 0:
            for above in site.parents[:4]:
                above.chmod(0o755)
            os.setuid(65534)
        try:
            build(site, {"privacy/index.html": b"new"})
        except SurroundingsError as error:
            os._exit(3 if "Permission denied" in error.what else 70)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    site.chmod(0o755)

    assert status == 3
    assert stamps(site) == before


# ------------------------------------------------------------------ nobody else's


def test_files_of_others_are_left_alone_and_named(site: Path) -> None:
    others = {"CNAME": b"1", "notes/todo/later.txt": b"2", "privacy/draft.txt": b"3", ".gitignore": b"*"}
    for path, data in others.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(data)
    (site / ".git").mkdir()
    (site / "privacy" / ".gitkeep").touch()
    (site / "privacy" / "link").symlink_to("../CNAME")

    published = build(site, {"privacy/index.html": b"changed"})

    assert tree(site) == others | {
        "privacy/index.html": b"changed",
        "privacy/.gitkeep": b"",
        "privacy/link": b"1",
    }
    assert (site / "privacy" / "link").is_symlink()
    assert (site / ".git").is_dir()
    assert published.foreign == ("CNAME", "notes/", "privacy/draft.txt", "privacy/link")


def test_files_of_others_stay_where_a_policy_is_gone(site: Path) -> None:
    (site / "terms" / "draft.txt").write_bytes(b"mine")

    published = build(site, {"privacy/index.html": b"in force"})

    assert tree(site) == {"privacy/index.html": b"in force", "terms/draft.txt": b"mine"}
    assert published.foreign == ("terms/draft.txt",)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("cookies/index.html", "cookies/index.html"),
        ("about.html", "about.html"),
        ("cookies", "cookies/index.html"),
        ("privacy/2025", "privacy/2025/index.html"),
        ("about.html/deep/inside", "about.html"),
        ("privacy/page/inside", "privacy/page"),
    ],
)
def test_a_file_of_somebody_else_where_a_page_must_go_is_named_and_nothing_is_written(
    site: Path, path: str, wanted: str
) -> None:
    (site / path).parent.mkdir(parents=True, exist_ok=True)
    (site / path).write_bytes(b"mine")
    before = stamps(site)

    with pytest.raises(SurroundingsError) as raised:
        build(site, {"privacy/index.html": b"changed", wanted: b"new"})

    assert raised.value.what.startswith(f"{site / path} was not written by inforce")
    assert stamps(site) == before


def test_of_many_files_in_the_way_one_is_named_and_the_others_are_counted(site: Path) -> None:
    for name in ("a", "b", "c"):
        (site / name).write_bytes(b"mine")

    with pytest.raises(SurroundingsError, match=r"site/a was .* page must go \(nor were 2 more\)"):
        build(site, {"a": b"1", "b": b"1", "c": b"1"})


def test_a_file_of_somebody_else_that_is_what_is_wanted_is_taken_over(site: Path) -> None:
    (site / "about.html").write_bytes(b"the same")
    before = (site / "about.html").stat()

    published = build(site, FIRST | {"about.html": b"the same"})

    assert (site / "about.html").stat() == before
    assert published.foreign == ()
    assert "about.html" in json.loads((site / "manifest.json").read_bytes())["files"]


@pytest.mark.parametrize("path", ["terms", "terms/index.html", "index.html", "privacy/2024-03-01"])
def test_nothing_is_written_through_a_link_that_leads_elsewhere(site: Path, tmp_path: Path, path: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    (site / path).rename(elsewhere)
    (site / path).symlink_to(elsewhere)
    before = stamps(site), elsewhere.stat()

    with pytest.raises(SurroundingsError, match="was not written by inforce"):
        build(site, dict.fromkeys(FIRST, b"new"))

    assert (stamps(site), elsewhere.stat()) == before


def test_the_folder_itself_may_be_a_link(site: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(site)

    build(tmp_path / "link", {"index.html": b"new"})

    assert tree(site) == {"index.html": b"new"}
    assert (tmp_path / "link").is_symlink()


def test_a_page_changed_by_hand_is_written_anew_and_named(site: Path) -> None:
    (site / "privacy" / "index.html").write_bytes(b"scribbled")

    published = build(site, FIRST)

    assert tree(site) == FIRST
    assert published.restored == ("privacy/index.html",)


def test_a_page_changed_by_hand_to_what_is_wanted_is_not_worth_a_word(site: Path) -> None:
    (site / "index.html").write_bytes(b"new home")

    published = build(site, FIRST | {"index.html": b"new home"})

    assert published.restored == ()


def test_a_page_changed_by_hand_and_gone_is_left_and_named_and_foreign_from_then_on(site: Path) -> None:
    (site / "privacy" / "2024-03-01" / "policy.md").write_bytes(b"scribbled")
    (site / "terms" / "index.html").unlink()
    (site / "terms" / "index.html").symlink_to("elsewhere")
    wanted = {"index.html": b"home"}

    published = build(site, wanted)

    assert tree(site) == wanted | {"privacy/2024-03-01/policy.md": b"scribbled"}
    assert published.spared == ("privacy/2024-03-01/policy.md", "terms/index.html")
    assert build(site, wanted).foreign == ("privacy/", "terms/")


# ------------------------------------------------------------------ what the last build left


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"files": []}',
        b'{"files": {"a": 1}}',
        b'{"files": {"a": "no sum"}}',
        b'{"name": "an app"}',
        None,
    ],
    ids=range(11),
)
def test_a_manifest_that_cannot_be_one_stops_the_build_before_anything_is_touched(
    site: Path, damage: bytes | None
) -> None:
    (site / "manifest.json").unlink()
    if damage is None:
        (site / "manifest.json").symlink_to("index.html")
    else:
        (site / "manifest.json").write_bytes(damage)
    before = stamps(site)

    with pytest.raises(SurroundingsError, match=r"manifest.json is damaged or was not written by inforce"):
        build(site, {"index.html": b"new"})

    assert stamps(site) == before


def test_without_a_manifest_pages_that_are_as_wanted_are_taken_over(site: Path) -> None:
    manifest = (site / "manifest.json").read_bytes()
    (site / "manifest.json").unlink()

    published = build(site, FIRST)

    assert (site / "manifest.json").read_bytes() == manifest
    assert (published.written, published.foreign) == (0, ())


def test_what_lies_in_the_folder_for_builds_is_cleared_away(site: Path) -> None:
    (site / ".inforce" / "new").mkdir(parents=True)
    (site / ".inforce" / "new" / "index.html").write_bytes(b"half")

    build(site, FIRST)

    assert not (site / ".inforce").exists()


def test_nobody_else_can_look_into_the_folder_for_builds(site: Path) -> None:
    def looking() -> Iterator[tuple[str, bytes]]:
        yield "index.html", b"new"
        assert stat.S_IMODE((site / ".inforce").stat().st_mode) == 0o700

    publish(looking(), site)


def test_a_build_that_was_cut_off_is_settled_once_though_clearing_away_is_cut_off_again(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / ".inforce" / "aside").mkdir(parents=True)
    shutil.copy(site / "manifest.json", site / ".inforce" / "manifest.json")

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as clearing:
        clearing.setattr("inforce.publish.remove", stop)
        with pytest.raises(KeyboardInterrupt):
            build(site, FIRST)

    assert [path.name for path in (site / ".inforce").iterdir()] == ["aside"]
    assert build(site, FIRST).written == 0


@pytest.mark.parametrize("link", [True, False])
def test_something_else_of_that_name_stops_the_build(site: Path, tmp_path: Path, *, link: bool) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "manifest.json").write_bytes(b"mine")
    if link:
        (site / ".inforce").symlink_to(tmp_path / "elsewhere")
    else:
        (site / ".inforce").write_bytes(b"mine")

    with pytest.raises(SurroundingsError, match=r"\.inforce cannot be removed"):
        build(site, {"index.html": b"new"})

    assert tree(site).keys() - {".inforce"} == FIRST.keys()
    assert (tmp_path / "elsewhere" / "manifest.json").read_bytes() == b"mine"


# ------------------------------------------------------------------ two builds at once


def test_two_builds_at_once_leave_what_one_of_them_wanted(tmp_path: Path) -> None:
    def files(number: int) -> Site:
        return {f"policy-{entry}/page-{number % entry}": bytes([number]) for entry in range(1, 6)}

    site = tmp_path / "site"
    for turn in range(25):
        children = []
        for number in (2 * turn, 2 * turn + 1):
            child = os.fork()
            if child == 0:
                status = 70
                with suppress(BaseException):
                    build(site, files(number))
                    status = 0
                os._exit(status)
            children.append(child)

        assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
        assert tree(site) in [files(2 * turn), files(2 * turn + 1)]
        if turn % 2:
            shutil.rmtree(site)


def test_a_build_with_a_fault_beside_a_good_one_does_it_no_harm(tmp_path: Path) -> None:
    site = tmp_path / "site"
    for _ in range(25):
        child = os.fork()
        if child == 0:
            status = 70
            with suppress(BaseException):
                try:
                    publish(failing(), site)
                except PolicyError:
                    status = 1
            os._exit(status)

        build(site, FIRST)

        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
        assert tree(site) == FIRST
        shutil.rmtree(site)


def test_who_writes_cannot_be_seen_in_the_modes_of_a_site(site: Path) -> None:
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (site, *site.rglob("*"))}

    assert modes == {0o644, 0o755}


def test_what_others_put_where_a_build_works_is_not_cleared_away(tmp_path: Path) -> None:
    strange = tmp_path / "site" / ".inforce" / "mine.txt"
    strange.parent.mkdir(parents=True)
    strange.write_text("mine")

    with pytest.raises(SurroundingsError, match=r"mine\.txt was not written by inforce"):
        publish([("index.html", b"Home.")], tmp_path / "site")

    assert strange.read_text() == "mine"


def test_no_file_is_made_in_two_parts_of_a_build() -> None:
    part = Wanted({"privacy/index.html": "0"}, frozenset(), frozenset())

    with pytest.raises(ValueError, match=r"made twice: privacy/index\.html"):
        joined([part, part])
