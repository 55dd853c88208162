"""What one build leaves for the next changes no byte of the site, whatever happened in between."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import time
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from inforce import chain, disk, memory, publish
from inforce import settings as settings_of
from inforce.build import Built, Means, build
from inforce.cli import run
from inforce.errors import PolicyError, SurroundingsError
from inforce.sources import evolving as evolving_files
from inforce.sources import repository
from inforce.sources.blobs import Blobs, Body
from tests.histories import commit, git, start
from tests.projects import aged, project, version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from inforce.model import Policy

ON = date(2026, 3, 20)
SITE: dict[str, str | bytes] = {
    "privacy/2026-01-10.md": version(
        "2026-01-10", body="# Privacy\n\nWe keep your name. See [terms](../terms/b.md).\n"
    ),
    "privacy/2026-03-01.md": version("2026-03-01", body="# Privacy\n\nWe keep your address.\n\n![A](a.png)\n"),
    "privacy/a.png": b"picture",
    "terms/a.md": version("2026-01-10", body="One.\n\n[Privacy](/privacy/#privacy)\n", title="Terms"),
    "cookies/a.md": version("2026-02-01", body="Biscuits.\n", title="Cookies"),
}


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def built(root: Path, on: date = ON) -> Built:
    return build(root, root / "site", on, means=Means(root / ".inforce-cache"))


def clean(root: Path, scratch: Path, on: date = ON) -> dict[str, bytes]:
    """The site as it is built from nothing."""
    shutil.rmtree(scratch, ignore_errors=True)
    build(root, scratch, on)
    return files(scratch)


def glance(root: Path, on: date = ON) -> object:
    return look(root, on)[0]


def look(root: Path, on: date = ON) -> tuple[dict[str, Any] | None, memory.Look | None]:
    return memory.glance(root / ".inforce-cache", root, root / "site", lambda _zone: on)


def rebuilt(root: Path, on: date = ON) -> Built | None:
    """A build as the command line does it; None if there is nothing to do."""
    said, found = look(root, on)
    if said is not None:
        return None
    return build(root, root / "site", on, means=Means(root / ".inforce-cache", look=found))


# ------------------------------------------------------------------ the law

EDITS: dict[str, Callable[[Path], object]] = {
    "a version is posted": lambda root: write(root, "terms/b.md", version("2026-03-10", body="Two.\n", title="Terms")),
    "a version is posted, its day ahead": lambda root: write(
        root, "terms/c.md", version("2026-03-25", body="Three.\n")
    ),
    "a policy is posted": lambda root: write(root, "new/a.md", version("2026-03-02", body="New.\n", title="New")),
    "a policy goes": lambda root: shutil.rmtree(root / "policies/cookies", ignore_errors=True),
    "a text is changed": lambda root: write(root, "cookies/a.md", version("2026-02-01", body="Cakes.\n")),
    "a heading goes": lambda root: write(root, "privacy/2026-03-01.md", version("2026-03-01", body="We keep it.\n")),
    "a version is withdrawn": lambda root: write(
        root, "privacy/2026-03-01.md", version("2026-03-01", "withdrawn: 2026-03-15", body="We keep your address.\n")
    ),
    "a text with contents is posted": lambda root: write(root, "cookies/c.md", long("Cookies")),
    "a text with contents has another title": lambda root: write(root, "cookies/c.md", long("Biscuits")),
    "a picture is changed": lambda root: (root / "policies/privacy/a.png").write_bytes(b"another"),
    "a picture goes": lambda root: (root / "policies/privacy/a.png").unlink(missing_ok=True),
    "a template is written": lambda root: template(root, "404.html", "{{ site.title }}"),
    "a template looks at all policies": lambda root: template(
        root, "history.html", "{% for one in site.policies %}{{ one.id }}{% endfor %}{{ policy.title }}"
    ),
    "the title of the site is set": lambda root: (root / "pyproject.toml").write_text(
        "[tool.inforce]\ntitle = 'Ours'\n"
    ),
    "the notice is set": lambda root: (root / "pyproject.toml").write_text("[tool.inforce]\nnotice-days = 20\n"),
    "a page is changed by another hand": lambda root: spoil(root / "site/privacy/index.html"),
    "a page of a version is removed": lambda root: (root / "site/terms/a/index.html").unlink(missing_ok=True),
    "the site is removed": lambda root: shutil.rmtree(root / "site", ignore_errors=True),
    "a stray file comes": lambda root: write(root, "cookies/old.txt", "Not Markdown.\n"),
    "the cache is cut": lambda root: cut(root / ".inforce-cache" / memory.POLICIES),
    "the glance is spoilt": lambda root: spoil(root / ".inforce-cache" / memory.GLANCE),
    "the cache goes": lambda root: shutil.rmtree(root / ".inforce-cache", ignore_errors=True),
    "nothing": lambda _root: None,
}


def long(title: str) -> str:
    return version("2026-03-12", body="# Cookies\n\n## One\n\n## Two\n\n## Three\n", title=title)


def write(root: Path, name: str, content: str) -> None:
    project(root, {name: content})


def template(root: Path, name: str, content: str) -> None:
    (root / "templates").mkdir(exist_ok=True)
    (root / "templates" / name).write_text(content, "utf-8")


def spoil(path: Path) -> None:
    if path.exists():
        path.write_bytes(path.read_bytes()[:-1] + b"!")


def cut(path: Path) -> None:
    if path.exists():
        path.write_bytes(path.read_bytes()[:-7])


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.integers(-5, 12)), min_size=1, max_size=5))
@example(steps=[("nothing", 12), ("nothing", -5)])
def test_a_build_after_another_gives_the_bytes_of_a_build_from_nothing(
    tmp_path: Path, steps: list[tuple[str, int]]
) -> None:
    shutil.rmtree(tmp_path / "p", ignore_errors=True)
    root = project(tmp_path / "p", SITE)
    built(root)
    for name, later in steps:
        aged(root)
        EDITS[name](root)
        on = date(2026, 3, 20) + timedelta(days=4 * later)

        rebuilt(root, on)

        assert files(root / "site") == clean(root, tmp_path / "clean", on), name


@pytest.mark.parametrize("place", ["in full", ".", "p", "../q/p"])
@pytest.mark.parametrize("name", sorted(EDITS))
def test_each_change_between_two_builds_is_seen_and_said_as_from_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, place: str
) -> None:
    root = project(tmp_path / "q/p", SITE)
    if place != "in full":  # a project is named as it is seen from the folder that one is in
        monkeypatch.chdir(root if place == "." else root.parent)
        root = type(root)(place)
    built(root)
    aged(root)
    built(root)
    EDITS[name](root)

    again = rebuilt(root) or built(root)
    anew = build(root, tmp_path / "clean", ON)

    assert files(root / "site") == files(tmp_path / "clean")
    assert (again.problems, again.pages, again.versions, again.next_day) == (
        (anew.problems, anew.pages, anew.versions, anew.next_day)
    )
    assert glance(root) is not None


# ------------------------------------------------------------------ what is spared


def test_where_nothing_has_changed_nothing_is_loaded_that_reads_or_writes_pages(tmp_path: Path) -> None:
    root = project(tmp_path, SITE)
    again = (
        "import sys; from inforce.cli import run\n"
        f"run(['build', '--root', {str(root)!r}, '--on', '2026-03-20'])\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    command = [sys.executable, "-c", again]
    first = subprocess.run(command, capture_output=True, text=True, check=True)

    second = subprocess.run(command, capture_output=True, text=True, check=True)

    heavy = {"babel", "frontmatter", "git", "jinja2", "markdown_it", "rapidfuzz", "yaml", "multiprocessing"}
    assert heavy - {"frontmatter", "git", "multiprocessing", "yaml"} <= set(first.stdout.split())
    assert heavy.isdisjoint(second.stdout.split())
    assert [line.split(" in ")[0] for line in second.stderr.splitlines()] == [
        line.split(" in ")[0] for line in first.stderr.splitlines()
    ]


def test_a_version_more_loads_nothing_that_knows_languages_or_git(tmp_path: Path) -> None:
    root = project(tmp_path, SITE)
    built(root)
    project(root, {"privacy/2026-03-10.md": version("2026-03-10", body="# Privacy\n\nWe keep nothing.\n")})
    again = (
        "import sys; from inforce.cli import run\n"
        f"run(['build', '--root', {str(root)!r}, '--cache', {str(root / '.inforce-cache')!r}, '--on', '2026-03-20'])\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )

    loaded = subprocess.run([sys.executable, "-c", again], capture_output=True, text=True, check=True).stdout.split()

    assert {"inforce", "jinja2", "markdown_it"} <= set(loaded)
    assert {"babel", "git", "multiprocessing"}.isdisjoint(loaded)
    assert (root / "site/privacy/2026-03-10/index.html").exists()


def test_where_the_hints_tell_all_no_file_is_read_or_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path, SITE)
    monkeypatch.setattr(memory, "LATE", -1_000_000_000)
    built(root)
    assert glance(root) is not None
    before = (root / ".inforce-cache/glance").stat().st_mtime_ns
    monkeypatch.setattr(memory, "sum_of", None)

    assert glance(root) is not None
    assert (root / ".inforce-cache/glance").stat().st_mtime_ns == before


def test_pages_that_stay_where_others_of_their_policy_change_are_not_read_by_the_next_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(tmp_path, SITE)
    built(root)
    aged(root)
    project(root, {"privacy/2026-03-10.md": version("2026-03-10", body="# Privacy\n\nWe keep nothing.\n")})
    rebuilt(root)
    sum_of, read = memory.sum_of, set()

    def noted(path: str, room: bytearray | None = None) -> str:
        read.add(path)
        return sum_of(path, room)

    monkeypatch.setattr(memory, "sum_of", noted)
    assert rebuilt(root) is None

    pages = {str(path) for path in (root / "site/privacy").rglob("*") if path.is_file()}
    written = {path for path in pages if os.lstat(path).st_mtime > time.time() - 30}
    assert pages.intersection(read) == written < pages


def test_a_policy_that_has_not_changed_is_not_made_again(tmp_path: Path) -> None:
    root = project(tmp_path, SITE)
    built(root)
    aged(root)
    before = {path: (root / "site" / path).stat().st_mtime_ns for path in files(root / "site")}
    write(root, "cookies/b.md", version("2026-03-10", body="Cakes.\n", title="Cookies"))
    told: list[tuple[int, int]] = []

    again = build(
        root, root / "site", ON, means=Means(root / ".inforce-cache", progress=lambda *made: told.append(made))
    )

    after = {path: (root / "site" / path).stat().st_mtime_ns for path in before}
    assert told == [(1, 1)]
    changed = {path for path in after if after[path] != before[path]} | files(root / "site").keys() - before.keys()
    assert again.published.written == len(changed - {"manifest.json"})
    assert all(after[path] == before[path] for path in before if path.startswith(("privacy/", "terms/")))


def test_what_is_foreign_beside_pages_that_stay_is_told_as_long_as_it_is_there(tmp_path: Path) -> None:
    root = project(tmp_path, SITE)
    build(root, root / "site", ON)
    for name in ("cookies/a/theirs.txt", "cookies/theirs.txt", "privacy/2026-01-10/theirs.txt"):
        (root / "site" / name).write_text("theirs", "utf-8")
    first = built(root).published.foreign
    aged(root)
    built(root)
    told = []
    for body in ("Two.\n", "Three.\n"):
        write(root, "terms/a.md", version("2026-01-10", body=body, title="Terms"))
        found = rebuilt(root)
        assert found
        told.append(found.published.foreign)
        (root / "site/cookies/a/theirs.txt").unlink(missing_ok=True)

    assert first == ("cookies/a/theirs.txt", "cookies/theirs.txt", "privacy/2026-01-10/theirs.txt")
    assert told == [first, first[1:]]


def test_what_comes_into_the_folder_of_pages_that_stay_is_told(tmp_path: Path) -> None:
    root = project(tmp_path, SITE)
    built(root)
    aged(root)
    built(root)
    (root / "site/cookies/theirs.txt").write_text("theirs", "utf-8")
    write(root, "terms/a.md", version("2026-01-10", body="Two.\n", title="Terms"))

    found = rebuilt(root)

    assert found
    assert found.published.foreign == ("cookies/theirs.txt",)


def test_an_earlier_site_that_was_put_back_with_its_manifest_is_brought_up_to_date(tmp_path: Path) -> None:
    root = project(tmp_path, SITE)
    built(root)
    shutil.copytree(root / "site", tmp_path / "earlier")
    write(root, "terms/a.md", version("2026-01-10", body="Two.\n", title="Terms"))
    aged(root)
    built(root)
    shutil.rmtree(root / "site")
    (tmp_path / "earlier").rename(root / "site")

    rebuilt(root)

    assert files(root / "site") == clean(root, tmp_path / "clean")


def test_what_is_advised_for_a_version_changes_on_the_day_after_its_posting(tmp_path: Path) -> None:
    posted = date(2026, 3, 15)
    short = version(str(posted), "effective: 2026-03-25", body="Sooner.\n", title="Terms")
    root = project(tmp_path, {**SITE, "terms/b.md": short})
    built(root, posted)
    aged(root)
    built(root, posted)

    again = rebuilt(root, posted + timedelta(1))
    anew = build(root, tmp_path / "clean", posted + timedelta(1))

    assert again
    assert again.problems == anew.problems
    assert [one.remedy.split(",")[0] for one in again.problems if one.code == "notice-short"] == [
        "Announce a later day with `postponed`"
    ]


def test_what_is_told_of_a_late_file_ends_with_its_notice_in_a_build_after_another(tmp_path: Path) -> None:
    root = start(tmp_path / "p")
    commit(root, "2026-01-10", {"policies/privacy/2026-01-10.md": version("2026-01-10")})
    late = version("2026-03-01", "effective: 2026-04-05", body="We keep less.\n")
    commit(root, "2026-04-10", {"policies/privacy/2026-03-01.md": late})

    said = [[one.code for one in built(root, date(2026, 5, day)).problems] for day in (10, 11)]

    assert said == [["posted-before-commit"], []]


def test_the_chain_of_a_policy_that_has_not_changed_is_not_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(tmp_path, SITE)
    built(root)
    write(root, "terms/a.md", version("2026-01-10", body="Two.\n", title="Terms"))
    made: list[str] = []
    chained = chain.of

    def noted(policy: Policy, on: date) -> list[chain.Link]:
        made.append(policy.id)
        return chained(policy, on)

    monkeypatch.setattr(chain, "of", noted)

    rebuilt(root)

    assert set(made) == {"terms"}


def test_a_policy_whose_pages_stay_is_not_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path, SITE)
    built(root)
    aged(root)
    built(root)
    write(root, "terms/a.md", version("2026-01-10", body="Two.\n", title="Terms"))
    seen: list[str] = []
    listing = publish.listing

    def noted(out: Path, folder: str) -> Iterator[tuple[str, bool]]:
        seen.append(folder)
        return listing(out, folder)

    monkeypatch.setattr(publish, "listing", noted)

    rebuilt(root)

    assert {folder.split("/")[0] for folder in seen} == {"", "terms"}


def test_a_day_on_which_nothing_happens_rewrites_only_what_names_the_day(tmp_path: Path) -> None:
    root = project(tmp_path, SITE)
    built(root)
    aged(root)
    built(root)
    before = files(root / "site")

    again = rebuilt(root, date(2026, 3, 28))

    after = files(root / "site")
    assert {path for path in after if after[path] != before[path]} == {
        "manifest.json",
        "policies.json",
        *(
            f"{policy}/{page}"
            for policy in ("cookies", "privacy", "terms")
            for page in ("on/index.html", "versions.json")
        ),
    }
    assert again
    assert again.published.written == 7
    assert after == clean(root, tmp_path / "clean", date(2026, 3, 28))
    aged(root / "policies", root)
    assert glance(root, date(2026, 3, 28)) is not None


def test_a_file_that_was_looked_at_is_not_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path, SITE)
    monkeypatch.setattr(memory, "LATE", -3_600_000_000_000)
    built(root)
    (root / "policies/cookies/a.md").write_text(version("2026-02-01", body="Cakes.\n", title="Cookies"), "utf-8")
    looked_at, again = memory.looked_at, []

    def noted(path: str, before: memory.Seen | None, now: int) -> memory.Seen:
        again.append(path)
        return looked_at(path, before, now)

    monkeypatch.setattr(memory, "looked_at", noted)
    rebuilt(root)

    assert any("/cookies/" in path for path in again)
    assert not [path for path in again if "/site/privacy/" in path or path.endswith("privacy/a.png")]


def test_a_policy_of_which_nothing_is_posted_yet_has_no_page_that_names_the_day(tmp_path: Path) -> None:
    root = project(tmp_path, {**SITE, "refunds/a.md": version("2026-12-01", body="Later.\n", title="Refunds")})
    built(root)

    built(root, date(2026, 3, 28))

    assert not (root / "site/refunds").exists()
    assert files(root / "site") == clean(root, tmp_path / "clean", date(2026, 3, 28))


def test_a_day_on_which_something_happens_to_one_policy_leaves_the_others(tmp_path: Path) -> None:
    root = project(tmp_path, {**SITE, "terms/b.md": version("2026-03-10", body="Two.\n", title="Terms")})
    built(root, date(2026, 3, 15))
    before = files(root / "site")

    rebuilt(root, date(2026, 4, 9))

    after = files(root / "site")
    changed = {path for path in after if after[path] != before.get(path)}
    assert {path for path in changed if path.startswith("cookies")} == {
        "cookies/on/index.html",
        "cookies/versions.json",
    }
    assert {"index.html", "terms/index.html", "terms/a/index.html"} <= changed
    assert after == clean(root, tmp_path / "clean", date(2026, 4, 9))


@pytest.mark.parametrize(
    "asked",
    [
        "{{ site.on }}",
        "{{ timeline.on }}",
        "{{ policy['timeline']['on'] }}",
        "{{ [timeline] | map(attribute='on') | first }}",
        "{{ (timeline | attr('on')).year + (timeline.on - entry.version.posted).days }}",
        "{% for one in site.policies %}{{ one.timeline.on }}{% endfor %}",
    ],
)
def test_a_template_that_asks_for_the_day_is_filled_in_anew_on_each(tmp_path: Path, asked: str) -> None:
    root = project(tmp_path, SITE)
    template(root, "version.html", asked)
    template(root, "changes.html", "{{ policy.title }}")
    built(root)
    for on in (date(2026, 3, 21), date(2026, 3, 22), date(2026, 6, 1), date(2026, 5, 1)):
        rebuilt(root, on)

        assert files(root / "site") == clean(root, tmp_path / "clean", on)


def test_a_policy_that_another_one_gave_a_target_to_is_made_again(tmp_path: Path) -> None:
    root = project(tmp_path, SITE)
    built(root)
    aged(root)
    assert b"../../terms/b/" not in files(root / "site")["privacy/2026-01-10/index.html"]
    write(root, "terms/b.md", version("2026-03-10", body="Two.\n", title="Terms"))

    built(root)

    assert b'href="../../terms/b/"' in files(root / "site")["privacy/2026-01-10/index.html"]


def test_what_is_to_be_posted_together_may_refer_to_each_other_until_one_of_it_is_gone(tmp_path: Path) -> None:
    later = {
        "imprint/a.md": version("2026-04-15", body="See [the rules](../rules/a.md).\n"),
        "rules/a.md": version("2026-04-15", body="See [the imprint](../imprint/a.md).\n"),
    }
    root = project(tmp_path, {**SITE, **later})
    before = built(root)
    aged(root)
    (root / "policies/rules/a.md").write_text(version("2026-04-16", body="None.\n"), "utf-8")

    after = built(root)

    links = [[one.code for one in each.problems if "rules" in one.what] for each in (before, after)]
    assert links == [[], ["link-nowhere"]]


# ------------------------------------------------------------------ bad surroundings


def test_a_file_that_was_written_again_under_the_same_times_is_seen(tmp_path: Path) -> None:
    root = project(tmp_path, SITE)
    built(root)
    path = root / "policies/cookies/a.md"
    times = path.stat()
    path.write_text(path.read_text("utf-8").replace("Biscuits", "Biscayne"), "utf-8")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    assert glance(root) is None


def test_a_page_that_goes_right_after_it_was_written_is_missed(tmp_path: Path) -> None:
    root = project(tmp_path, SITE)
    built(root)
    (root / "site/privacy/index.html").unlink()

    assert glance(root) is None


@pytest.mark.skipif(sys.platform != "linux", reason="one process looks at all of them")
def test_two_processes_see_what_one_sees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path, SITE)
    built(root)
    aged(root)
    monkeypatch.setattr(memory, "MANY", 2)

    assert [glance(root) is None, glance(root) is None] == [False, False]
    spoil(root / "site/terms/index.html")
    assert glance(root) is None


def test_where_the_second_process_is_lost_all_is_looked_at_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(tmp_path, SITE)
    built(root)
    monkeypatch.setattr(memory, "in_two", lambda work, paths: work(paths)[:-1])

    assert glance(root) is None


def test_a_fresh_checkout_with_the_kept_cache_and_site_is_known_by_its_contents(tmp_path: Path) -> None:
    root = project(tmp_path / "here", SITE)
    built(root)
    shutil.copytree(root, tmp_path / "there")
    aged(tmp_path / "there")

    said = glance(tmp_path / "there")

    assert isinstance(said, dict)
    assert said["policies"] == 3


def test_the_same_project_with_another_output_or_day_is_looked_at_anew(tmp_path: Path) -> None:
    root = project(tmp_path, SITE)
    built(root)

    assert memory.glance(root / ".inforce-cache", root, root / "elsewhere", lambda _zone: ON)[0] is None
    assert glance(root, date(2026, 3, 21)) is None
    assert glance(root) is not None


def test_what_another_program_left_is_not_used(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    memory.keep(cache, {"part": {"a": [1, "b"]}}, b"k" * 32)

    assert memory.recalled(cache, "part", b"k" * 32) == {"a": [1, "b"]}
    assert memory.recalled(cache, "part", b"x" * 32) is None
    assert (cache / ".gitignore").read_text("utf-8") == "*\n"


def test_a_build_that_can_keep_nothing_goes_on_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(tmp_path, SITE)
    (tmp_path / "taken").write_text("a file")

    status = run(["build", "--root", str(root), "--on", "2026-03-20", "--cache", str(tmp_path / "taken")])

    said = capsys.readouterr().err
    assert status == 0
    assert f"{tmp_path / 'taken'}: nothing can be kept for the next build ({os.strerror(errno.EEXIST)})" in said
    assert "privacy/index.html" in files(root / "site")


def test_a_build_whose_disk_is_full_when_it_keeps_what_it_knows_goes_on_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root, cache = project(tmp_path / "p", SITE), tmp_path / "cache"
    write_ = disk.write

    def full(path: Path, *parts: bytes) -> None:
        if path.name.startswith(memory.GLANCE):
            write_(path, b"".join(parts)[:99])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        write_(path, *parts)

    monkeypatch.setattr(disk, "write", full)

    status = run(["build", "--root", str(root), "--on", "2026-03-20", "--cache", str(cache)])

    assert status == 0
    assert f"{cache}: nothing can be kept for the next build ({os.strerror(errno.ENOSPC)})" in capsys.readouterr().err
    assert files(root / "site") == clean(root, tmp_path / "clean")
    assert not list(cache.glob(f"{memory.GLANCE}*"))
    monkeypatch.undo()
    assert run(["build", "--root", str(root), "--on", "2026-03-20", "--cache", str(cache)]) == 0
    assert (cache / memory.GLANCE).exists()


@pytest.mark.parametrize("part", [memory.GLANCE, memory.POLICIES])
@pytest.mark.parametrize(
    "harm", ["empty", "cut", "longer", "one bit", "noise", "older", "a folder", "another project's"]
)
def test_a_cache_that_is_not_as_it_was_left_is_as_if_it_were_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], part: str, harm: str
) -> None:
    root, cache = project(tmp_path / "p", SITE), tmp_path / "cache"
    command = ["build", "--root", str(root), "--on", "2026-03-20", "--cache", str(cache)]
    run(command)
    said = capsys.readouterr().err
    before, data = files(root / "site"), (cache / part).read_bytes()
    harmed = {
        "empty": b"",
        "cut": data[:-9],
        "longer": data + b"\0",
        "one bit": data[:90] + bytes([data[90] ^ 1]) + data[91:],
        "noise": bytes(range(256)) * 9,
        "older": bytes(32) + data[32:],
    }
    if harm == "a folder":
        (cache / part).unlink()
        (cache / part).mkdir()
    elif harm == "another project's":
        other = project(tmp_path / "other", {**SITE, "terms/c.md": version("2026-03-12", body="C.\n", title="Terms")})
        run(["build", "--root", str(other), "--on", "2026-03-20", "--cache", str(tmp_path / "theirs")])
        shutil.copy(tmp_path / "theirs" / part, cache / part)
    else:
        (cache / part).write_bytes(harmed[harm])
    capsys.readouterr()

    status = run(command)

    assert status == 0
    if harm != "a folder":
        assert re.sub(r"in .* s;", "", capsys.readouterr().err) == re.sub(r"in .* s;", "", said)
    assert files(root / "site") == before
    write(root, "terms/a.md", version("2026-01-10", body="Two.\n", title="Terms"))
    assert run(command) == 0
    assert files(root / "site") == clean(root, tmp_path / "clean")


def test_a_folder_with_files_of_others_is_no_place_for_the_cache(tmp_path: Path) -> None:
    root = project(tmp_path / "p", SITE)
    (tmp_path / "work").mkdir()
    (tmp_path / "work/thesis.md").write_text("Mine.")

    told = build(root, root / "site", ON, means=Means(tmp_path / "work"))

    assert told.forgetful == "thesis.md in it is not inforce's own"
    assert sorted(files(tmp_path / "work")) == ["thesis.md"]


def test_what_a_killed_build_left_half_in_the_cache_is_cleared_away(tmp_path: Path) -> None:
    root = project(tmp_path, SITE)
    (root / ".inforce-cache").mkdir()
    (root / ".inforce-cache/glance.4711").write_text("half")
    (root / ".inforce-cache/shelf-of-a-policy-that-is-gone").write_text("old")

    assert built(root).forgetful == ""
    shelves = sorted(map(memory.shelf, ("cookies", "privacy", "terms")))
    assert sorted(files(root / ".inforce-cache")) == [".gitignore", "glance", "policies", *shelves]


def test_a_build_writes_nothing_in_the_project_but_the_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "kept"))
    root = project(tmp_path / "p", SITE)
    before = files(root)

    assert run(["build", "--root", str(root), "--on", "2026-03-20"]) == 0

    (place,) = (tmp_path / "kept/inforce").iterdir()
    assert {name for name in files(root) if not name.startswith("site/")} == set(before)
    shelves = sorted(map(memory.shelf, ("cookies", "privacy", "terms")))
    assert sorted(files(place)) == [".gitignore", "glance", "policies", "project", *shelves]
    assert (place / "project").read_bytes() == os.fsencode(root.resolve())


def test_the_cache_has_no_place_without_a_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    at_home = memory.place_for(tmp_path)
    monkeypatch.setenv("HOME", "")

    assert at_home is not None
    assert at_home.parent == tmp_path / "home/.cache/inforce"
    assert memory.place_for(tmp_path) is None


def test_a_home_that_cannot_be_entered_is_told_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / ("x" * 300)  # for root, who may enter any folder, a name that is too long has the same effect
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(home))
    root = project(tmp_path, SITE)

    statuses = [run(["build", "--root", str(root), "--on", "2026-03-20"]) for _ in range(2)]

    assert statuses == [0, 0]
    assert "nothing can be kept for the next build (File name too long)" in capsys.readouterr().err


def test_what_is_known_of_projects_that_are_gone_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "kept"))
    roots = [tmp_path / name for name in ("gone", "there", "new")]
    for root in roots[:2]:
        root.mkdir()
        memory.place_for(root)
    (tmp_path / "kept/inforce/thesis").mkdir()
    (tmp_path / "kept/inforce/thesis/mine.md").write_text("Mine.")
    roots[0].rmdir()

    memory.place_for(roots[2])

    told = {path.read_bytes() for path in (tmp_path / "kept/inforce").glob("*/project")}
    assert told == {os.fsencode(root.resolve()) for root in roots[1:]}
    assert (tmp_path / "kept/inforce/thesis/mine.md").is_file()


@pytest.mark.parametrize("place", [".", "policies/cache", "templates"])
def test_the_cache_is_kept_away_from_what_authors_write(tmp_path: Path, place: str) -> None:
    root = project(tmp_path, SITE)

    with pytest.raises(SystemExit) as left:
        run(["build", "--root", str(root), "--cache", str(root / place)])

    assert left.value.code == 2


def test_without_a_cache_nothing_is_kept(tmp_path: Path) -> None:
    root = project(tmp_path, SITE)

    assert run(["build", "--root", str(root), "--on", "2026-03-20", "--no-cache"]) == 0
    assert not (root / ".inforce-cache").exists()


def test_a_strict_build_is_stopped_by_what_the_last_build_warned_of(tmp_path: Path) -> None:
    root = project(tmp_path, {**SITE, "cookies/old.txt": "Not Markdown.\n"})
    arguments = ["build", "--root", str(root), "--on", "2026-03-20"]

    assert [run(arguments), run([*arguments, "--strict"]), run(arguments)] == [0, 1, 0]


# ------------------------------------------------------------------ git


def test_a_commit_that_tells_where_versions_come_from_is_seen(tmp_path: Path) -> None:
    root = project(tmp_path, {"terms/a.md": version("2026-01-10")}, settings=SOURCE)
    built(root)
    assert glance(root) is not None
    git(root, "init", "--quiet", "--initial-branch", "main")
    git(root, "add", "policies")
    git(root, "commit", "--quiet", "--message", "Post")

    assert glance(root) is None
    built(root)
    assert b"Commit " in files(root / "site")["terms/a/index.html"]
    assert files(root / "site") == clean(root, tmp_path / "clean")
    assert glance(root) is not None
    git(root, "pack-refs", "--all")
    assert glance(root) is not None
    git(root, "checkout", "--quiet", "--detach")
    assert glance(root) is None


def test_two_projects_of_one_repository_may_share_a_cache(tmp_path: Path) -> None:
    start(tmp_path)
    for name in "ab":
        project(tmp_path / name, {"terms.md": version("2026-01-10", body=f"Terms of {name}.\n")})
    commit(tmp_path, "2026-01-10", {})

    for name in "abab":
        build(tmp_path / name, tmp_path / name / "site", ON, means=Means(tmp_path / "cache"))
        assert files(tmp_path / name / "site") == clean(tmp_path / name, tmp_path / "clean")


SOURCE = '[tool.inforce]\nsource-url = "https://example.com/{commit}/{path}"\n'


def test_an_evolving_policy_is_built_from_its_history_when_something_else_has_changed(tmp_path: Path) -> None:
    root = project(tmp_path, {"terms.md": version("2026-01-10"), **SITE})
    git(root, "init", "--quiet", "--initial-branch", "main")
    git(root, "add", "policies")
    git(root, "commit", "--quiet", "--message", "Post")
    (root / "policies/terms").rename(root / "policies/use")
    built(root)
    aged(root)
    assert glance(root) is not None
    write(root, "cookies/b.md", version("2026-03-10", body="Cakes.\n", title="Cookies"))

    built(root)

    assert files(root / "site") == clean(root, tmp_path / "clean")


def evolving(root: Path) -> Path:
    """A project of two evolving files, the history of one of which says what nobody can mend any more."""
    start(root)
    seal = {"policies/seal.png": b"one"}
    commit(root, "2026-01-10", {"policies/privacy.md": version("2026-01-10", body="One. ![Seal](seal.png)\n"), **seal})
    commit(root, "2026-01-12", {"policies/privacy.md": "No front matter.\n"})
    commit(root, "2026-02-01", {"policies/privacy.md": version("2026-02-01", body="Two. [Terms](/terms/#be-kind)\n")})
    commit(root, "2026-02-02", {"policies/terms.md": version("2026-02-02", body="# Be kind\n", title="Terms")})
    return root


POSTED: dict[str, Callable[[Path], object]] = {
    "a version is posted": lambda root: commit(
        root, "2026-03-01", {"policies/terms.md": version("2026-03-01", body="# Be kinder\n", title="Terms")}
    ),
    "a text is changed under its day": lambda root: commit(
        root, "2026-03-02", {"policies/privacy.md": version("2026-02-01", body="Three.\n")}
    ),
    "a policy comes": lambda root: commit(root, "2026-03-03", {"policies/cookies.md": version("2026-03-03")}),
    "a file moves": lambda root: (
        (root / "policies/cookies.md").exists()
        and git(root, "mv", "policies/cookies.md", "policies/biscuits.md")
        and commit(root, "2026-03-04", {})
    ),
    "a change is not committed": lambda root: (root / "policies/terms.md").write_text(
        version("2026-02-02", body="# Mine\n", title="Terms")
    ),
    "it is put back": lambda root: git(root, "checkout", "--", "policies"),
    "a setting is changed": lambda root: (root / "pyproject.toml").write_text(
        "[tool.inforce.policies.privacy]\ntitle = 'Ours'\n"
    ),
    "another setting": lambda root: (root / "pyproject.toml").write_text("[tool.inforce]\nnotice-days = 3\n"),
    "a folder comes": lambda root: write(root, "use/a.md", version("2026-03-05", body="Use it.\n")),
    "the last commit is taken back": lambda root: (
        git(root, "rev-list", "--count", "HEAD") > "4" and git(root, "reset", "--quiet", "--hard", "HEAD~1")
    ),
    "a page is removed": lambda root: (root / "site/terms/2026-02-02/index.html").unlink(missing_ok=True),
    "the cache is cut": lambda root: cut(root / ".inforce-cache" / memory.POLICIES),
    "what git told is cut": lambda root: cut(root / ".inforce-cache" / memory.HISTORY),
    "a shelf is cut": lambda root: cut(root / ".inforce-cache" / memory.shelf("privacy")),
    "nothing": lambda _root: None,
}


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(st.tuples(st.sampled_from(sorted(POSTED)), st.integers(-9, 9)), min_size=1, max_size=4))
@example(steps=[("nothing", 9), ("nothing", -9)])
def test_a_build_of_evolving_files_after_another_gives_what_a_build_from_nothing_gives(
    tmp_path: Path, steps: list[tuple[str, int]]
) -> None:
    shutil.rmtree(tmp_path / "p", ignore_errors=True)
    root = evolving(tmp_path / "p")
    (root / ".gitignore").write_text("/site/\n/.inforce-cache/\n")
    built(root)
    for name, later in steps:
        aged(root / "policies", root / "site")
        POSTED[name](root)
        on = date(2026, 3, 20) + timedelta(days=4 * later)

        found = rebuilt(root, on)

        shutil.rmtree(tmp_path / "clean", ignore_errors=True)
        anew = build(root, tmp_path / "clean", on)
        assert files(root / "site") == files(tmp_path / "clean")
        if found:
            assert (found.problems, found.next_day) == (anew.problems, anew.next_day)


def test_an_evolving_policy_of_which_nothing_was_committed_is_neither_read_nor_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = evolving(tmp_path / "p")
    built(root)
    aged(root)
    POSTED["a version is posted"](root)
    read: list[str] = []
    reading = evolving_files.read

    def noted(kept: evolving_files.Kept, *given: Any) -> object:  # noqa: ANN401 - what is handed on
        read.append(kept.id)
        return reading(kept, *given)

    monkeypatch.setattr(evolving_files, "read", noted)

    found = built(root)

    assert read == ["terms"]
    assert [problem.code for problem in found.problems] == ["old-commit-faulty", "anchor-lost"]
    assert files(root / "site") == clean(root, tmp_path / "clean")


def test_all_policies_of_a_history_share_one_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = evolving(tmp_path / "p")
    commit(root, "2026-02-03", {"policies/cookies.md": version("2026-02-03", title="Cookies")})
    opened: list[Path] = []
    opening = repository.open_

    def noted(place: Path) -> repository.Repository:
        opened.append(place)
        return opening(place)

    monkeypatch.setattr(repository, "open_", noted)

    built(root)

    assert opened == [root, root]  # to read the history, and to read texts of it again


def test_a_text_of_a_history_that_was_rewritten_under_a_build_is_told(tmp_path: Path) -> None:
    root = evolving(tmp_path)
    blobs = Blobs(root)
    blob = git(root, "rev-parse", "HEAD:policies/terms.md")

    with pytest.raises(SurroundingsError, match="holds another text than it did"):
        Body(blobs, blob, "0" * 64)()


@pytest.mark.parametrize("odd", ["worktree", "head"])
def test_a_history_that_only_git_can_tell_of_is_read_each_time(tmp_path: Path, odd: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/HEAD").write_text("ref: refs/heads/main" if odd == "head" else "0" * 40)
    if odd == "worktree":
        shutil.rmtree(tmp_path / ".git")
        (tmp_path / ".git").write_text("gitdir: elsewhere")

    assert memory.history(str(tmp_path)) is None


def test_a_history_that_only_git_can_tell_of_leaves_nothing_to_glance_at(tmp_path: Path) -> None:
    root = project(tmp_path, SITE)
    (root / ".git").write_text("gitdir: elsewhere")

    built(root)

    assert glance(root) is None


def test_another_logo_is_seen(tmp_path: Path) -> None:
    root = project(tmp_path, SITE, settings='[tool.inforce]\nlogo = "ours.png"\n')
    (root / "ours.png").write_bytes(b"ours")
    built(root)
    assert glance(root) is not None
    (root / "ours.png").write_bytes(b"new!")

    assert glance(root) is None
    built(root)
    assert files(root / "site") == clean(root, tmp_path / "clean")


def test_a_file_that_becomes_a_link_to_the_same_text_is_seen(tmp_path: Path) -> None:
    root = project(tmp_path, SITE)
    built(root)
    page = root / "site/terms/index.html"
    page.rename(tmp_path / "aside")
    page.symlink_to(tmp_path / "aside")

    assert glance(root) is None


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("pyproject.toml", "[tool.inforce]\nnotice-days = 30\n", "[tool.inforce]\nnotice-days = 90\n"),
        ("templates/style.css", "p { color: red; }\n", "p { color: blue; }\n"),
        ("templates/on.html", "{{ policy.title }}", "{{ policy.title }}!"),
    ],
)
def test_what_a_link_leads_to_is_read_each_time(tmp_path: Path, file: str, before: str, after: str) -> None:
    root = project(tmp_path / "root", SITE)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text(before)
    (root / file).parent.mkdir(exist_ok=True)
    (root / file).unlink(missing_ok=True)
    (root / file).symlink_to(elsewhere)
    built(root)
    aged(tmp_path)
    assert glance(root) is not None
    elsewhere.write_text(after)

    assert glance(root) is None
    built(root)
    assert files(root / "site") == clean(root, tmp_path / "clean")


def test_templates_in_a_folder_that_lies_elsewhere_are_read_each_time(tmp_path: Path) -> None:
    root = project(tmp_path / "root", SITE)
    elsewhere = project(tmp_path / "elsewhere", {}) / "parts"
    elsewhere.mkdir()
    (elsewhere / "said.html").write_text("one")
    (elsewhere / "round").symlink_to(elsewhere)
    (root / "templates").mkdir()
    (root / "templates/parts").symlink_to(elsewhere)
    (root / "templates/on.html").write_text("{% include 'parts/said.html' %}")
    built(root)
    (elsewhere / "said.html").write_text("two")

    assert glance(root) is None
    built(root)
    assert files(root / "site") == clean(root, tmp_path / "clean")


@pytest.mark.parametrize("file", ["policies/terms/a.md", "pyproject.toml"])
@pytest.mark.parametrize("again", [False, True])
def test_what_was_written_while_it_was_read_and_undone_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, *, again: bool
) -> None:
    root = project(tmp_path / "root", SITE, settings='[tool.inforce]\ntitle = "One"\n')
    if again:
        built(root)
    before = (root / file).read_text()
    begin, end = settings_of.read, publish.put_in_place

    def written(text: str) -> None:
        (root / "half").write_text(text)
        (root / "half").replace(root / file)

    def beginning(folder: Path) -> object:
        written(before.replace("One", "Two"))
        return begin(folder)

    def ending(*given: object) -> object:
        written(before)
        return end(*given)  # type: ignore[arg-type]

    on = ON + timedelta(days=again)
    with monkeypatch.context() as patch:
        patch.setattr(settings_of, "read", beginning)
        patch.setattr(publish, "put_in_place", ending)
        built(root, on)

    assert glance(root, on) is None
    built(root, on)
    assert files(root / "site") == clean(root, tmp_path / "clean", on)


@pytest.mark.parametrize("days", [(date(2026, 6, 1), date(2026, 2, 1)), (date(2026, 2, 1), date(2026, 6, 1))])
def test_a_build_that_waits_for_another_one_sees_what_that_one_has_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: tuple[date, date]
) -> None:
    root = project(tmp_path / "root", SITE)
    mine, others = days
    built(root, mine)
    aged(root)
    staging = publish.staging

    def waits(out: Path) -> object:
        monkeypatch.setattr(publish, "staging", staging)
        build(root, out, others)
        return staging(out)

    monkeypatch.setattr(publish, "staging", waits)
    built(root, mine)

    assert files(root / "site") == clean(root, tmp_path / "clean", mine)


def test_a_pipe_has_no_sum(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert memory.sum_of(str(tmp_path / "pipe")) == ""


def test_what_cannot_be_read_has_no_sum() -> None:
    assert memory.sum_of("/proc/self/mem") == ""


def test_the_memory_is_plain_values_and_no_code(tmp_path: Path) -> None:
    root = project(tmp_path, SITE)
    built(root)

    kept = memory.recalled(root / ".inforce-cache", memory.POLICIES, memory.program())

    assert json.loads(json.dumps(kept))


def test_a_file_that_once_lay_elsewhere_in_its_history_is_built_again_and_again(tmp_path: Path) -> None:
    settings = '[tool.inforce.policies.terms]\ntitle = "Terms"\nposted-from = "commit"\npaths = ["terms.md"]\n'
    commit(start(tmp_path / "p"), "2026-01-10", {"terms.md": "Be kind.\n"})
    commit(
        tmp_path / "p",
        "2026-02-01",
        {"terms.md": None, "policies/terms.md": "Be kind to us.\n", "pyproject.toml": settings},
    )

    first, second = built(tmp_path / "p"), built(tmp_path / "p")

    assert (first.versions, second.versions) == (2, 2)
    assert second.published.written == 0
    assert files(tmp_path / "p/site") == clean(tmp_path / "p", tmp_path / "scratch")


def test_a_project_whose_policies_are_gone_says_so_as_if_it_were_new(tmp_path: Path) -> None:
    root = project(tmp_path, SITE)
    built(root)
    shutil.rmtree(root / "policies")

    with pytest.raises(PolicyError, match="there is no folder policies/"):
        rebuilt(root)
