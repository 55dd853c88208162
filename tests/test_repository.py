from __future__ import annotations

import gc
import os
import pickle
import shutil
import stat
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

import pytest

from inforce.errors import SurroundingsError
from inforce.sources import repository
from inforce.sources.blobs import Blobs, Picture
from inforce.sources.repository import NoCommitError
from tests.histories import commit, git, start, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def read(root: Path, *paths: str) -> list[tuple[str, str, str]]:
    """Day, path and text of each change, oldest first in each path; of a removal no text."""
    with repository.open_(root) as repo:
        history = repo.history(paths or ["policies"])
        return [
            (str(change.commit.day), path, repo.blob(change.blob).decode() if change.blob else "")
            for path, changes in sorted(history.items())
            for change in changes
        ]


def refused(root: Path) -> str:
    with pytest.raises(SurroundingsError) as raised:
        read(root)
    return str(raised.value)


def two_commits(folder: Path) -> Path:
    start(folder)
    commit(folder, "2026-01-10", {"policies/privacy.md": "one"})
    commit(folder, "2026-02-01", {"policies/privacy.md": "two"})
    return folder


def merge_of_what_was_known(root: Path) -> None:
    """What was checked out becomes the second parent of what is."""
    git(root, "checkout", "-q", "-b", "other", "HEAD~1")
    commit(root, "2026-02-03", {"policies/terms.md": "terms"})
    git(root, "merge", "-q", "--no-edit", "main", day="2026-02-04")


SINCE: dict[str, Callable[[Path], object]] = {
    "nothing": lambda _root: None,
    "a commit": lambda root: commit(root, "2026-02-02", {"policies/privacy.md": "three", "policies/terms.md": "terms"}),
    "a commit elsewhere": lambda root: commit(root, "2026-02-02", {"README.md": "Read"}),
    "a branch is merged": lambda root: (
        git(root, "checkout", "-q", "-b", "other", "HEAD~1"),
        commit(root, "2026-02-03", {"policies/terms.md": "terms"}),
        git(root, "checkout", "-q", "main"),
        git(root, "merge", "-q", "--no-edit", "other", day="2026-02-04"),
    ),
    "it is merged into another branch": merge_of_what_was_known,
    "its last commit is another": lambda root: git(root, "commit", "-q", "--amend", "-m", "Other", day="2026-02-05"),
    "an older commit is checked out": lambda root: git(root, "checkout", "-q", "--detach", "HEAD~1"),
    "it begins anew": lambda root: (
        git(root, "checkout", "-q", "--orphan", "new"),
        commit(root, "2026-02-06", {"policies/privacy.md": "six"}),
    ),
}


@pytest.mark.parametrize("since", SINCE)
@pytest.mark.parametrize("paths", [("policies",), ("policies", "terms.md")])
def test_a_history_that_was_read_before_is_gone_on_with(tmp_path: Path, since: str, paths: tuple[str, ...]) -> None:
    two_commits(tmp_path)
    with repository.open_(tmp_path) as repo:
        before = repo.log(["policies"])
    SINCE[since](tmp_path)

    with repository.open_(tmp_path) as repo:
        again, anew = repo.log(paths, before), repo.log(paths)

        assert (again.head, again.paths) == (anew.head, anew.paths)
        assert repo.changes(again) == repo.changes(anew) == repo.history(paths)


def test_of_a_history_that_was_read_before_only_what_came_since_is_asked_for(tmp_path: Path) -> None:
    two_commits(tmp_path)
    with repository.open_(tmp_path) as repo:
        before = repo.log(["policies"])
    commit(tmp_path, "2026-02-02", {"policies/privacy.md": "three"})
    with repository.open_(tmp_path) as repo:
        told = repo.log(["policies"], before._replace(told=b""))

        assert [len(changes) for changes in repo.changes(told).values()] == [1]
        assert repo.log(["policies"], told) is told


def objects(folder: Path, id_: str) -> Path:
    return folder / ".git" / "objects" / id_[:2] / id_[2:]


@pytest.fixture
def posing_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a shell script before git on the path; ``$git`` in it is the real one."""

    def pose(script: str) -> None:
        place = tmp_path / "posing" / "git"
        place.parent.mkdir()
        place.write_text(f"#!/bin/sh\ngit={shutil.which('git')}\n{script}\n")
        place.chmod(place.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{place.parent}{os.pathsep}{os.environ['PATH']}")

    return pose


# ------------------------------------------------------------------ what there is to read


def test_a_history_is_read_oldest_first_with_the_texts_of_each_commit(tmp_path: Path) -> None:
    two_commits(tmp_path)

    assert read(tmp_path) == [
        ("2026-01-10", "policies/privacy.md", "one"),
        ("2026-02-01", "policies/privacy.md", "two"),
    ]


def test_the_day_of_a_commit_is_that_of_its_own_offset(tmp_path: Path) -> None:
    start(tmp_path)
    commit(tmp_path, "2026-03-01T23:30:00-08:00", {"policies/privacy.md": "west"})
    commit(tmp_path, "2026-03-03T00:30:00+14:00", {"policies/privacy.md": "east"})

    assert [day for day, _, _ in read(tmp_path)] == ["2026-03-01", "2026-03-03"]


def test_a_branch_counts_from_the_day_on_which_it_was_merged(tmp_path: Path) -> None:
    start(tmp_path)
    commit(tmp_path, "2026-01-10", {"policies/privacy.md": "one"})
    git(tmp_path, "checkout", "-q", "-b", "draft")
    commit(tmp_path, "2026-01-11", {"policies/privacy.md": "draft"})
    commit(tmp_path, "2026-01-12", {"policies/privacy.md": "two"})
    git(tmp_path, "checkout", "-q", "main")
    commit(tmp_path, "2026-01-13", {"other": "x"})
    git(tmp_path, "merge", "-q", "--no-ff", "-m", "Merge", "draft", day="2026-02-01")

    assert [(day, text) for day, _, text in read(tmp_path)] == [("2026-01-10", "one"), ("2026-02-01", "two")]


def test_a_removal_and_a_return_are_changes(tmp_path: Path) -> None:
    start(tmp_path)
    commit(tmp_path, "2026-01-10", {"policies/privacy.md": "one"})
    commit(tmp_path, "2026-01-11", {"policies/privacy.md": None})
    commit(tmp_path, "2026-01-12", {"policies/privacy.md": "one"})

    assert [(day, text) for day, _, text in read(tmp_path)] == [
        ("2026-01-10", "one"),
        ("2026-01-11", ""),
        ("2026-01-12", "one"),
    ]


def test_a_project_may_be_a_folder_of_the_repository(tmp_path: Path) -> None:
    start(tmp_path)
    commit(tmp_path, "2026-01-10", {"old/terms.md": "one", "site/here/policies/privacy.md": "two"})
    project = tmp_path / "site" / "here"

    with repository.open_(project) as repo:
        wanted = [path for path in ("policies", "../../old", "../../../away", "/etc", "a\nb") if repo.holds(path)]

    assert wanted == ["policies", "../../old"]
    assert [path for _, path, _ in read(project, *wanted)] == ["../../old/terms.md", "policies/privacy.md"]


def test_nothing_asked_for_is_nothing_read(tmp_path: Path) -> None:
    two_commits(tmp_path)

    with repository.open_(tmp_path) as repo:
        assert repo.history([]) == {}


def test_names_of_files_are_taken_as_they_are(tmp_path: Path) -> None:
    start(tmp_path)
    names = ["*.md", ":(top)x", "a\tb", 'say "so"', "é", os.fsdecode(b"\xff.md"), "line\nend"]
    commit(tmp_path, "2026-01-10", {f"policies/{name}": "x" for name in names})

    assert {path for _, path, _ in read(tmp_path)} == {f"policies/{name}" for name in names}
    assert [path for _, path, _ in read(tmp_path, "policies/*.md")] == ["policies/*.md"]


def test_a_detached_head_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    two_commits(tmp_path)
    git(tmp_path, "checkout", "-q", "HEAD~1")

    assert [text for _, _, text in read(tmp_path)] == ["one"]


def test_a_second_working_tree_is_read_like_the_first(tmp_path: Path) -> None:
    two_commits(tmp_path / "first")
    git(tmp_path / "first", "worktree", "add", "-q", "../second")

    assert read(tmp_path / "second") == read(tmp_path / "first")


def test_a_repository_of_longer_ids_is_read_alike(tmp_path: Path) -> None:
    start(tmp_path, "--object-format=sha256")
    commit(tmp_path, "2026-01-10", {"policies/privacy.md": "one", "policies/pictures/seal.png": b"png"})

    with repository.open_(tmp_path) as repo:
        assert [path for path, _ in repo.files(repo.head, "policies")] == ["pictures/seal.png", "privacy.md"]
        assert len(repo.head) == 64
    assert len(read(tmp_path)) == 2


def test_many_texts_come_in_the_order_in_which_they_were_asked_for(tmp_path: Path) -> None:
    start(tmp_path)
    commit(tmp_path, "2026-01-10", {f"policies/{n}.md": f"text {n}\n" * (n % 7) for n in range(3 * repository.AHEAD)})

    with repository.open_(tmp_path) as repo:
        history = repo.history(["policies"])
        texts = list(repo.blobs([history[f"policies/{n}.md"][0].blob for n in range(len(history))]))

    assert texts == [(f"text {n}\n" * (n % 7)).encode() for n in range(3 * repository.AHEAD)]


def test_links_and_other_repositories_are_told_from_files(tmp_path: Path) -> None:
    start(tmp_path)
    commit(tmp_path, "2026-01-10", {"policies/file.md": "x"})
    (tmp_path / "policies" / "link.md").symlink_to("/etc/passwd")
    git(tmp_path, "add", "-A")
    git(tmp_path, "update-index", "--add", "--cacheinfo", f"160000,{'a' * 40},policies/module.md")
    git(tmp_path, "commit", "-q", "-m", "Strange things")

    with repository.open_(tmp_path) as repo:
        history = repo.history(["policies"])
        listed = [path for path, _ in repo.files(repo.head, "policies")]

    assert {path: changes[-1].is_file for path, changes in history.items()} == {
        "policies/file.md": True,
        "policies/link.md": False,
        "policies/module.md": False,
    }
    assert listed == ["file.md"]


def test_the_files_of_a_commit_are_those_that_it_held(tmp_path: Path) -> None:
    start(tmp_path)
    first = commit(tmp_path, "2026-01-10", {"policies/a/seal.png": b"old", "policies/b.md": "x", "top.md": "x"})
    commit(tmp_path, "2026-01-11", {"policies/a/seal.png": b"new", "policies/c.md": "x"})

    with repository.open_(tmp_path) as repo:
        files = dict(repo.files(first, "policies"))
        again = dict(repo.files(first, "policies"))
        everything = [path for path, _ in repo.files(first, "")]

    assert sorted(files) == ["a/seal.png", "b.md"]
    assert again == files
    assert everything == ["policies/a/seal.png", "policies/b.md", "top.md"]
    picture = Picture(Blobs(tmp_path), files["a/seal.png"])
    assert picture() == b"old"
    assert pickle.loads(pickle.dumps(picture))() == b"old"  # noqa: S301 - our own, as another process gets it


def test_whether_there_is_a_repository_is_seen_without_asking_git(tmp_path: Path) -> None:
    start(tmp_path / "in" / "deep")

    assert repository.around(tmp_path / "in" / "deep")
    assert not repository.around(tmp_path / "in")


# ------------------------------------------------------------------ what is refused


def test_no_repository_is_refused_with_the_way_to_one(tmp_path: Path) -> None:
    said = refused(tmp_path)

    assert said.startswith("there is no git repository here")
    assert "git init" in said


def test_a_repository_without_files_is_none(tmp_path: Path) -> None:
    start(tmp_path, "--bare")

    assert refused(tmp_path).startswith("there is no git repository here")


def test_a_branch_without_a_commit_is_refused(tmp_path: Path) -> None:
    start(tmp_path)

    with pytest.raises(NoCommitError, match="there is no commit yet"):
        repository.open_(tmp_path)


def test_a_shallow_clone_is_refused_and_the_remedy_fetches_the_rest(tmp_path: Path) -> None:
    two_commits(tmp_path / "full")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{tmp_path}/full", "shallow")

    said = refused(tmp_path / "shallow")

    assert "shallow clone" in said
    assert "git fetch --unshallow" in said
    assert "fetch-depth: 0" in said


def test_a_partial_clone_is_refused_and_nothing_is_fetched(tmp_path: Path) -> None:
    two_commits(tmp_path / "full")
    git(tmp_path / "full", "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--filter=blob:none", f"file://{tmp_path}/full", "partial")
    before = sorted((tmp_path / "partial" / ".git").rglob("*"))

    said = refused(tmp_path / "partial")

    assert "partial clone" in said
    assert "--filter" in said
    assert sorted((tmp_path / "partial" / ".git").rglob("*")) == before


def test_a_remote_that_is_said_to_be_whole_is_no_partial_clone(tmp_path: Path) -> None:
    two_commits(tmp_path)
    git(tmp_path, "config", "remote.origin.promisor", "false")

    assert len(read(tmp_path)) == 2


def test_grafts_are_refused(tmp_path: Path) -> None:
    two_commits(tmp_path)
    grafts = tmp_path / ".git" / "info" / "grafts"
    grafts.write_text("# none yet\n")

    assert len(read(tmp_path)) == 2

    grafts.write_text(git(tmp_path, "rev-parse", "HEAD") + "\n")

    assert "grafts gives commits other parents" in refused(tmp_path)


def test_grafts_are_found_from_a_folder_of_the_repository(tmp_path: Path) -> None:
    two_commits(tmp_path)
    (tmp_path / ".git" / "info" / "grafts").write_text(git(tmp_path, "rev-parse", "HEAD") + "\n")

    assert "grafts gives commits other parents" in refused(tmp_path / "policies")


def test_replaced_objects_are_refused(tmp_path: Path) -> None:
    two_commits(tmp_path)
    git(tmp_path, "replace", "HEAD", "HEAD~1")

    said = refused(tmp_path)

    assert "replaced (git replace)" in said
    assert "git replace --delete" in said


def test_a_missing_text_is_refused(tmp_path: Path) -> None:
    two_commits(tmp_path)
    blob = git(tmp_path, "rev-parse", "HEAD~1:policies/privacy.md")
    objects(tmp_path, blob).unlink()

    assert f"the object {blob} is missing" in refused(tmp_path)


def test_a_cut_text_is_refused(tmp_path: Path) -> None:
    start(tmp_path)
    commit(tmp_path, "2026-01-10", {"policies/privacy.md": os.urandom(200_000)})
    blob = git(tmp_path, "rev-parse", "HEAD:policies/privacy.md")
    place = objects(tmp_path, blob)
    place.chmod(0o644)
    place.write_bytes(place.read_bytes()[:90_000])

    assert f"the object {blob} is damaged" in refused(tmp_path)


def test_an_emptied_text_is_refused(tmp_path: Path) -> None:
    two_commits(tmp_path)
    blob = git(tmp_path, "rev-parse", "HEAD:policies/privacy.md")
    objects(tmp_path, blob).chmod(0o644)
    objects(tmp_path, blob).write_bytes(b"")

    assert f"the object {blob} is damaged" in refused(tmp_path)


@pytest.mark.parametrize("lost", ["HEAD", "HEAD~1", "HEAD~1^{tree}"])
def test_a_missing_commit_or_folder_is_refused_in_the_words_of_git(tmp_path: Path, lost: str) -> None:
    two_commits(tmp_path)
    objects(tmp_path, git(tmp_path, "rev-parse", lost)).unlink()

    said = refused(tmp_path)

    assert "incomplete or damaged; git says: " in said
    assert "git fsck" in said


@pytest.mark.parametrize("moment", ["253402300800 +0000", "yesterday"])
def test_a_commit_of_no_day_is_refused(tmp_path: Path, moment: str) -> None:
    two_commits(tmp_path)
    made = git(tmp_path, "cat-file", "commit", "HEAD~1").replace(
        "<a@example.invalid> 1768035600 +0000", f"<a> {moment}"
    )
    id_ = git(tmp_path, "hash-object", "-t", "commit", "-w", "--stdin", "--literally", given=f"{made}\n".encode())
    git(tmp_path, "update-ref", "HEAD", id_)

    assert f"the commit {id_} has no day that a calendar knows" in refused(tmp_path)


def test_a_folder_of_another_user_is_refused_with_the_command_that_trusts_it(
    tmp_path: Path, posing_git: Callable[[str], None]
) -> None:
    two_commits(tmp_path / "our project")
    posing_git('GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec "$git" "$@"')

    said = refused(tmp_path / "our project")

    assert "belongs to another user" in said
    assert f"git config --global --add safe.directory '{tmp_path}/our project'" in said


def test_the_users_own_trust_is_honoured_though_their_other_settings_are_not(
    tmp_path: Path, posing_git: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    two_commits(tmp_path / "project")
    settings = tmp_path / "settings"
    settings.write_text(f"[safe]\n directory = /elsewhere\n directory = {tmp_path}/project\n[log]\n showRoot = false\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    posing_git('GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec "$git" "$@"')

    assert [text for _, _, text in read(tmp_path / "project")] == ["one", "two"]


def test_an_old_git_is_told_from_a_broken_history(tmp_path: Path, posing_git: Callable[[str], None]) -> None:
    two_commits(tmp_path)
    posing_git('[ "$1" = log ] || exec "$git" "$@"\necho "fatal: unrecognized argument: --raw" >&2\nexit 128')

    assert refused(tmp_path).startswith("git is too old to read the history")


def test_words_of_git_that_nobody_expects_are_handed_on(tmp_path: Path, posing_git: Callable[[str], None]) -> None:
    two_commits(tmp_path)
    posing_git('[ "$1" = log ] || exec "$git" "$@"\necho "out of paper" >&2\nexit 1')

    assert "git says: out of paper" in refused(tmp_path)


def test_where_git_is_not_installed_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two_commits(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert refused(tmp_path).startswith("git is not installed")


# ------------------------------------------------------------------ alone


def test_what_a_hook_leaves_in_the_environment_does_not_reach_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_commits(tmp_path / "ours")
    start(tmp_path / "other")
    left = {"GIT_DIR": str(tmp_path / "other/.git"), "GIT_WORK_TREE": str(tmp_path), "GIT_INDEX_FILE": "/dev/null"}
    for name, value in left.items():
        monkeypatch.setenv(name, value)

    assert len(read(tmp_path / "ours")) == 2
    assert {name: os.environ[name] for name in left} == left


def test_settings_of_a_repository_neither_hide_nor_reshape_what_a_commit_changed(tmp_path: Path) -> None:
    two_commits(tmp_path)
    git(tmp_path, "mv", "policies/privacy.md", "policies/terms.md")
    commit(tmp_path, "2026-03-01", {})
    before = read(tmp_path)

    for name, value in {
        "color.ui": "always",
        "core.abbrev": "5",
        "core.quotePath": "true",
        "diff.ignoreSubmodules": "all",
        "diff.orderFile": "nowhere",
        "diff.relative": "true",
        "diff.renames": "copies",
        "format.pretty": "short",
        "log.date": "relative",
        "log.decorate": "full",
        "log.diffMerges": "off",
        "log.follow": "true",
        "log.showRoot": "false",
    }.items():
        git(tmp_path, "config", name, value)

    assert read(tmp_path) == before
    assert read(tmp_path, "policies/terms.md") == [("2026-03-01", "policies/terms.md", "two")]


def test_no_program_that_a_repository_configures_is_run(tmp_path: Path) -> None:
    two_commits(tmp_path / "project")
    ran = tmp_path / "ran"
    program = tmp_path / "program"
    write(tmp_path, {"program": f"#!/bin/sh\necho $0 >> {ran}\n"})
    program.chmod(0o755)
    project = tmp_path / "project"
    (project / ".git" / "info" / "attributes").write_text("*.md diff=ours filter=ours merge=ours\n")
    for hook in ("post-checkout", "reference-transaction", "post-index-change", "fsmonitor-watchman"):
        shutil.copy(program, project / ".git" / "hooks" / hook)
    for name in (
        "core.alternateRefsCommand",
        "core.askPass",
        "core.editor",
        "core.fsmonitor",
        "core.gitProxy",
        "core.pager",
        "core.sshCommand",
        "credential.helper",
        "diff.external",
        "diff.ours.command",
        "diff.ours.textconv",
        "filter.ours.clean",
        "filter.ours.process",
        "filter.ours.smudge",
        "gpg.program",
        "gpg.ssh.program",
        "pager.log",
    ):
        git(project, "config", name, str(program))
    git(project, "config", "log.showSignature", "true")
    signed = git(project, "cat-file", "commit", "HEAD").replace(
        "\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n x\n\n", 1
    )
    id_ = git(project, "hash-object", "-t", "commit", "-w", "--stdin", given=f"{signed}\n".encode())
    git(project, "update-ref", "refs/heads/main", id_)
    ran.unlink(missing_ok=True)

    with repository.open_(project) as repo:
        history = repo.history(["policies"])
        repo.files(repo.head, "policies")
        repo.blob(history["policies/privacy.md"][0].blob)

    assert not ran.exists()


def test_a_day_is_a_calendar_day(tmp_path: Path) -> None:
    two_commits(tmp_path)

    with repository.open_(tmp_path) as repo:
        (first, second) = repo.history(["policies"])["policies/privacy.md"]

    assert first.commit.day == date(2026, 1, 10)
    assert str(second.commit) == f"{second.commit.id[:7]} of 2026-02-01"


def test_a_process_that_was_forked_does_not_end_the_git_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(start(tmp_path), "2026-01-10", {"policies/a.md": "x"})
    blobs = Blobs(tmp_path)
    blob = git(tmp_path, "rev-parse", "HEAD:policies/a.md")
    assert blobs.read(blob) == b"x"

    child = os.fork()
    if not child:
        with suppress(BaseException):
            del blobs  # which closes it; were it to wait for that git, this would never end
            gc.collect()
            os._exit(7)
        os._exit(1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert blobs.read(blob) == b"x"
    with repository.open_(tmp_path) as repo, monkeypatch.context() as elsewhere:
        assert repo.blob(blob) == b"x"
        elsewhere.setattr(os, "getpid", lambda: 0)
        repo.close()
        assert repo.blob(blob) == b"x"
