"""Many policies at once: the same bytes whoever makes them, and one line where somebody is lost."""

from __future__ import annotations

import io
import multiprocessing
import os
import pickle
import shutil
import signal
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

from inforce import build as builds
from inforce import checks, hands, publish
from inforce.build import Means, Task, build
from inforce.cli import run
from inforce.errors import SurroundingsError
from inforce.shelf import Shelf
from tests.histories import commit, start
from tests.projects import project, version
from tests.test_memory import files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from inforce.errors import Problem
    from inforce.markdown import Reader
    from inforce.model import Policy
    from inforce.past import Made
    from inforce.site import Site

ON = date(2026, 3, 20)
BODY = "".join(f"{n}. We keep what you gave us in {n}.\n\n" for n in range(9))
POLICIES = {
    f"policy-{name}/{day}.md": version(day, body=f"{BODY}{name} on {day}.\n", title=f"Policy {name}")
    for name in "abcdef"
    for day in ("2026-01-10", "2026-02-10", "2026-03-10")
}


def times(common: int, number: int) -> int:
    return common * number


def killed(_common: str, number: int) -> int:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def refused(_common: str, _number: int) -> int:
    raise SurroundingsError("the disk is full", "Make room.")


@pytest.mark.parametrize("jobs", [1, 2])
def test_work_is_done_for_every_task_with_what_is_common_to_all(jobs: int) -> None:
    assert sorted(hands.done(times, 2, [1, 2, 3], jobs)) == [(1, 2), (2, 4), (3, 6)]


def test_a_process_that_is_killed_is_told_in_one_line() -> None:
    with pytest.raises(SurroundingsError, match="was ended from outside"):
        list(hands.done(killed, "", [1, 2, 3], 2))


def test_what_the_surroundings_refuse_to_another_process_is_said_here() -> None:
    with pytest.raises(SurroundingsError, match="the disk is full\n  Make room"):
        list(hands.done(refused, "", [1, 2, 3], 2))


def test_two_processes_write_the_same_bytes_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path, POLICIES)
    monkeypatch.setattr(builds, "POOLED", 0)
    told: list[tuple[int, int]] = []

    build(root, tmp_path / "one", ON)
    build(root, tmp_path / "two", ON, means=Means(jobs=2, progress=lambda *made: told.append(made)))

    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert told[-1] == (6, 6)


def test_what_was_read_of_a_history_reaches_another_process_by_its_shelf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = start(tmp_path / "p")
    for name in ("privacy", "terms"):
        commit(root, "2026-01-10", {f"policies/{name}.md": version("2026-01-10", body=f"Of {name}.\n")})
        commit(root, "2026-02-10", {f"policies/{name}.md": version("2026-02-10", body=f"More of {name}.\n")})
    monkeypatch.setattr(builds, "POOLED", 0)
    made: list[tuple[str, ...]] = []
    make = builds.make

    def noted(task: Task, share: list[str]) -> list[Made]:
        made.append(tuple(share))
        assert all(Shelf.of(task.cache, id_, task.key).reader.texts for id_ in share)
        return make(task, share)

    build(root, tmp_path / "one", ON)
    build(root, tmp_path / "two", ON, means=Means(tmp_path / "cache", jobs=2))
    shutil.rmtree(tmp_path / "cache")
    monkeypatch.setattr(builds, "make", noted)
    monkeypatch.setattr(hands, "done", lambda work, common, tasks, *_: ((one, work(common, one)) for one in tasks))
    build(root, tmp_path / "here", ON, means=Means(tmp_path / "cache", jobs=2))

    assert files(tmp_path / "one") == files(tmp_path / "two") == files(tmp_path / "here")
    assert sorted(made) == [("privacy",), ("terms",)]


def test_the_files_of_some_policies_are_a_plain_function_of_plain_values(tmp_path: Path) -> None:
    root = project(tmp_path, POLICIES)
    read = builds.read(root, ON)
    with publish.staging(tmp_path / "site"):
        task = builds.Task(root, tmp_path / "site", read.site, read.policies, {}, {}, strict=False)

        handed_on = pickle.loads(pickle.dumps(task))  # noqa: S301 - our own, as an executor does it
        made = builds.make(handed_on, ["policy-a", "policy-b"])

        aside = files(tmp_path / "site/.inforce/new")

    assert [one.policy for one in made] == ["policy-a", "policy-b"]
    assert sorted(aside) == sorted(path for one in made for path in one.wanted.sums)


def test_small_sites_are_made_by_one_process(tmp_path: Path) -> None:
    root = project(tmp_path, POLICIES)

    build(root, tmp_path / "site", ON, means=Means(jobs=2, progress=lambda *_: None))

    assert "concurrent.futures.process" not in sys.modules or files(tmp_path / "site")


def test_an_error_in_any_share_leaves_the_site_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path, POLICIES)
    build(root, tmp_path / "site", ON)
    before = files(tmp_path / "site")
    monkeypatch.setattr(builds, "POOLED", 0)
    project(root, {"policy-c/2026-03-12.md": version("2026-03-12", body="> " * 30 + "x\n")})

    status = run(
        [
            "build",
            "--root",
            str(root),
            "--out",
            str(tmp_path / "site"),
            "--on",
            "2026-03-20",
            "--jobs",
            "2",
            "--no-cache",
        ]
    )

    assert status == 1
    assert files(tmp_path / "site") == before


def test_a_build_that_loses_a_process_leaves_the_site_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(tmp_path, POLICIES)
    build(root, root / "site", ON)
    before = files(root / "site")
    first, check = os.getpid(), checks.check_policy

    def lost(policy: Policy, reader: Reader, site: Site) -> Iterator[Problem]:
        if os.getpid() != first and policy.id == "policy-d":
            os.kill(os.getpid(), signal.SIGKILL)
        return check(policy, reader, site)

    monkeypatch.setattr(builds, "POOLED", 0)
    monkeypatch.setattr(checks, "check_policy", lost)
    project(root, {"policy-a/2026-03-12.md": version("2026-03-12", body="Another.\n")})

    status = run(["build", "--root", str(root), "--on", "2026-03-20", "--jobs", "2", "--no-cache"])

    assert status == 3
    assert capsys.readouterr().err.startswith("a process that made pages was ended from outside\n")
    assert files(root / "site") == before
    assert multiprocessing.active_children() == []


SLOWLY = """
import os, sys, time
from inforce import build, checks, cli
check = checks.check_policy
def slowly(policy, reader, site):
    os.write(1, b"begun\\n")
    time.sleep(60)
    return check(policy, reader, site)
checks.check_policy = slowly
build.POOLED = 0
sys.exit(cli.run(["build", "--root", sys.argv[1], "--on", "2026-03-20", "--jobs", "2", "--no-cache"]))
"""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_of_a_build_that_is_ended_goes_on(tmp_path: Path, sent: signal.Signals) -> None:
    root = project(tmp_path, POLICIES)
    build(root, root / "site", ON)
    before = files(root / "site")
    project(root, {"policy-a/2026-03-12.md": version("2026-03-12", body="Another.\n")})
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)" + SLOWLY,
            root,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"begun\n"

        os.kill(process.pid, sent)

        process.stdout.read()  # until the last process that could write there has ended
        status = process.wait()

    assert status == (130 if sent == signal.SIGINT else -sent)
    assert {path: data for path, data in files(root / "site").items() if not path.startswith(".inforce/")} == before
    build(root, root / "site", ON)
    assert files(root / "site").keys() > before.keys()


def test_a_cluster_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(tmp_path, POLICIES)
    asked = ["build", "--root", str(root), "--on", "2026-03-20", "--no-cache", "--executor", "dask://127.0.0.1:9"]
    distributed = "distributed" in sys.modules

    status = run(asked)

    said = capsys.readouterr().err
    assert status == 3
    assert "Dask" in said
    assert distributed or not (root / "site").exists()


@pytest.mark.parametrize(
    "asked",
    [["--jobs", "0"], ["--jobs", "two"], ["--executor", "127.0.0.1:8786"], ["--executor", "dask://nowhere"]],
)
def test_hands_that_do_not_exist_are_a_fault_of_the_call(tmp_path: Path, asked: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(["build", "--root", str(project(tmp_path, POLICIES)), *asked])

    assert left.value.code == 2


class Terminal(io.StringIO):
    """A terminal, as far as a program can tell."""

    def isatty(self) -> bool:
        return True

    def reconfigure(self, **_: str) -> None:
        """A terminal takes any letters."""


def test_a_long_build_shows_on_a_terminal_how_far_it_has_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path, POLICIES)
    terminal = Terminal()
    moments = iter(range(1000))
    monkeypatch.setattr("time.perf_counter", lambda: 2.0 * next(moments))
    monkeypatch.setattr(sys, "stderr", terminal)

    status = run(["build", "--root", str(root), "--on", "2026-03-20", "--no-cache", "--jobs", "1"])

    assert status == 0
    assert "\r[#####                         ] 1 of 6 policies " in terminal.getvalue()
    assert "6 of 6 policies \r\033[K" in terminal.getvalue()


@pytest.mark.cluster
def test_a_dask_cluster_writes_the_same_bytes(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    root = project(tmp_path, POLICIES)
    build(root, tmp_path / "here", ON)

    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        address = cluster.scheduler_address.replace("tcp://", "dask://")
        build(root, tmp_path / "there", ON, means=Means(cluster=address))

    assert files(tmp_path / "here") == files(tmp_path / "there")
