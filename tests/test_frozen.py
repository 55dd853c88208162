from __future__ import annotations

import errno
import os
from datetime import date
from pathlib import Path

import pytest

from inforce import sources
from inforce.cli import run
from inforce.settings import Settings
from inforce.sources import frozen
from inforce.sources.repository import Repository
from tests.histories import commit, git, start, write

FILE = "policies/privacy/2026-01-10.md"


def version(*lines: str, posted: str = "2026-01-10", title: str = "Privacy", body: str = "Seven.") -> str:
    return "\n".join(["---", f"title: {title}", f"posted: {posted}", *lines, "---", body, ""])


def read(root: Path) -> list[str]:
    return [f"{problem.severity} {problem}" for problem in frozen.read(root, "policies")[1]]


def history(root: Path, *steps: tuple[str, str | bytes | None]) -> list[str]:
    start(root)
    return [commit(root, day, {FILE: content})[:7] for day, content in steps]


def test_a_text_changed_after_its_posting_day_is_said_with_the_commits_that_did_it(tmp_path: Path) -> None:
    _, second, third = history(
        tmp_path,
        ("2026-01-10", version()),
        ("2026-02-20", version(body="Nine.")),
        ("2026-02-21", version(body="Ten.", title="Your privacy")),
    )

    (said,) = read(tmp_path)

    assert said == (
        f"warning {FILE}:1: warning: its text and its title changed after it was posted on 2026-01-10, in commit "
        f"{second} of 2026-02-20, {third} of 2026-02-21\n"
        "  Put it back as it was, and post what is new as a version of its own, or as one that `corrects` this one."
    )


@pytest.mark.parametrize(
    ("before", "after", "line", "remedy"),
    [
        (["effective: 2026-05-01"], ["effective: 2026-06-01"], 4, "Put it back as it was. The day of a pending"),
        (["effective: 2026-05-01"], [], 1, "Put it back as it was. The day of a pending"),
        (
            ["postponed:", "  - announced: 2026-01-20", "    to: 2026-07-01"],
            ["postponed:", "  - announced: 2026-01-20", "    to: 2026-08-01"],
            6,
            "Put it back as it was. The day of a pending",
        ),
        (
            [
                "postponed:",
                "  - {announced: 2026-01-20, to: 2026-07-01}",
                "  - {announced: 2026-01-21, to: 2026-08-01}",
            ],
            ["postponed:", "  - {announced: 2026-01-20, to: 2026-07-01}"],
            5,
            "Put it back as it was. The day of a pending",
        ),
        (
            ["postponed:", "  - {announced: 2026-01-20, to: 2026-07-01}"],
            ["postponed: [soon]"],
            4,
            "Put it back as it was. The day of a pending",
        ),
        (["withdrawn: 2026-01-20"], ["withdrawn: 2026-01-21"], 4, "Put it back as it was, and post what is new"),
    ],
)
def test_a_day_that_changed_is_told_on_its_line_with_how_a_day_is_moved(
    tmp_path: Path, before: list[str], after: list[str], line: int, remedy: str
) -> None:
    history(tmp_path, ("2026-01-10", version(*before)), ("2026-02-20", version(*after)))

    (said,) = read(tmp_path)

    assert said.startswith(f"warning {FILE}:{line}: warning: ")
    assert f"\n  {remedy}" in said


def test_a_file_that_cannot_be_read_any_more_is_told_as_a_whole(tmp_path: Path) -> None:
    history(tmp_path, ("2026-01-10", version()), ("2026-02-20", version(title="Terms")), ("2026-02-21", "---\nno end"))

    assert read(tmp_path)[0].startswith(f"warning {FILE}:1: warning: its title changed")


@pytest.mark.parametrize(
    ("after", "what"),
    [
        (version(posted="2026-01-11"), "its posting day"),
        (version(title="Terms"), "its title"),
        (version("effective: 2026-05-01"), ""),
        (version("corrects: '2026-01-01'"), "what it corrects"),
        (version("summary: Short.", "reason: legal", "version: '2'"), ""),
        (version("postponed:", "  - {announced: 2026-01-20, to: 2026-07-01}", "withdrawn: 2026-02-01"), ""),
        (version().replace("\n", "\r\n"), ""),
    ],
)
def test_what_the_public_read_stays_and_what_may_be_added_is_let_be(tmp_path: Path, after: str, what: str) -> None:
    history(tmp_path, ("2026-01-10", version()), ("2026-02-20", after))

    said = read(tmp_path)

    assert [one.split("warning: ")[1].split(" changed")[0] for one in said] == ([what] if what else [])


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (("withdrawn: 2026-01-20",), (), "its withdrawal"),
        (("postponed:", "  - {announced: 2026-01-20, to: 2026-07-01}"), (), "what was announced of it"),
        (("postponed: soon",), ("postponed:", "  - later"), ""),
        (
            ("postponed: {announced: 2026-01-20, to: 2026-07-01}",),
            ("postponed:", "  - {announced: 2026-01-20, to: 2026-07-01}"),
            "",
        ),
    ],
)
def test_what_was_announced_stays(tmp_path: Path, before: tuple[str, ...], after: tuple[str, ...], what: str) -> None:
    history(tmp_path, ("2026-01-10", version()), ("2026-01-21", version(*before)), ("2026-02-20", version(*after)))

    said = read(tmp_path)

    assert [one.split("warning: ")[1].split(" changed")[0] for one in said] == ([what] if what else [])


def test_a_stated_effective_day_stays(tmp_path: Path) -> None:
    history(
        tmp_path, ("2026-01-10", version("effective: 2026-05-01")), ("2026-02-20", version("effective: 2026-04-01"))
    )

    assert "its effective day changed" in read(tmp_path)[0]


def test_edits_up_to_the_posting_day_are_drafting(tmp_path: Path) -> None:
    history(
        tmp_path,
        ("2026-01-01", version(posted="2026-02-01", title="Draft")),
        ("2026-01-05", version(body="Nine.")),
        ("2026-01-10", version(body="Ten.")),
    )

    assert read(tmp_path) == []


def test_a_version_put_back_as_it_was_has_not_changed(tmp_path: Path) -> None:
    history(
        tmp_path,
        ("2026-01-10", version()),
        ("2026-02-20", version(body="Nine.")),
        ("2026-02-21", None),
        ("2026-02-22", version()),
    )

    assert read(tmp_path) == []


def test_a_posted_version_that_vanished_is_said_with_the_way_back(tmp_path: Path) -> None:
    _, second = history(tmp_path, ("2026-01-10", version()), ("2026-02-20", None))

    (said,) = read(tmp_path)

    assert f"{second}:{FILE}: warning: removed after it was posted on 2026-01-10" in said
    assert f"git checkout {second}~ -- {FILE}" in said


def test_a_draft_may_vanish(tmp_path: Path) -> None:
    history(tmp_path, ("2026-01-01", version()), ("2026-01-02", None))

    assert read(tmp_path) == []


@pytest.mark.parametrize(
    "broken", ["no front matter", "---\nposted: soon\n---\nx\n", b"\xff", "---\nposted: [1]\n---\nx\n"]
)
def test_what_cannot_be_read_in_between_hides_nothing(tmp_path: Path, broken: str | bytes) -> None:
    history(tmp_path, ("2026-01-10", version()), ("2026-02-20", broken), ("2026-02-21", version(body="Nine.")))

    assert "its text changed after it was posted on 2026-01-10" in read(tmp_path)[0]


@pytest.mark.parametrize("broken", ["no front matter", "---\nposted: soon\n---\nx\n"])
def test_what_could_never_be_read_was_never_posted(tmp_path: Path, broken: str) -> None:
    history(tmp_path, ("2026-01-10", broken), ("2026-02-20", None))

    assert read(tmp_path) == []


def test_only_versions_are_looked_at(tmp_path: Path) -> None:
    start(tmp_path)
    names = ["privacy.md", "privacy/README.md", "privacy/_draft.md", "privacy/a/b.md", "_old/1.md", "privacy/seal.png"]
    for day, body in (("2026-01-10", "Seven."), ("2026-02-20", "Nine.")):
        commit(tmp_path, day, {f"policies/{name}": version(body=body) for name in names})

    assert read(tmp_path) == []


def test_without_a_repository_or_a_commit_there_is_nothing_to_say(tmp_path: Path) -> None:
    write(tmp_path / "bare", {FILE: version()})
    write(start(tmp_path / "unborn"), {FILE: version()})
    untracked = start(tmp_path / "untracked")
    commit(untracked, "2026-01-10", {"other": "x"})
    write(untracked, {FILE: version()})

    assert [read(tmp_path / name) for name in ("bare", "unborn", "untracked")] == [[], [], []]


def test_a_history_that_is_not_whole_is_said_and_no_error(tmp_path: Path) -> None:
    history(tmp_path / "full", ("2026-01-10", version()), ("2026-02-20", version(body="Nine.")))
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{tmp_path}/full", "shallow")

    (said,) = read(tmp_path / "shallow")

    assert "whether posted texts stayed as they were cannot be told: the git history is incomplete" in said
    assert "fetch-depth: 0" in said


@pytest.mark.parametrize("ending", ["md", "markdown"])
def test_a_version_whose_file_only_gets_another_ending_stays_and_is_followed(tmp_path: Path, ending: str) -> None:
    first, then = (FILE.replace(".md", f".{one}") for one in ("markdown", "md"))
    start(tmp_path)
    commit(tmp_path, "2026-01-10", {first: version()})
    commit(tmp_path, "2026-02-20", {first: None, then: version()})
    renamed = read(tmp_path)
    if ending == "markdown":
        commit(tmp_path, "2026-02-21", {then: None, first: version(body="Nine.")})
    else:
        commit(tmp_path, "2026-02-21", {then: version(body="Nine.")})

    assert renamed == []
    assert "its text changed after it was posted on 2026-01-10" in read(tmp_path)[0]


def test_of_two_files_of_one_version_the_one_that_stays_is_followed(tmp_path: Path) -> None:
    other = FILE.replace(".md", ".markdown")
    start(tmp_path)
    commit(tmp_path, "2026-01-09", {FILE: version(), other: version()})
    commit(tmp_path, "2026-02-20", {other: None})
    both = read(tmp_path)
    commit(tmp_path, "2026-02-21", {FILE: None})

    assert both == []
    assert "removed after it was posted" in read(tmp_path)[0]


def test_what_changes_on_the_day_on_which_the_file_came_is_a_draft(tmp_path: Path) -> None:
    history(tmp_path, ("2026-01-12", version()), ("2026-01-12", version(body="Nine.")), ("2026-01-12", None))

    assert read(tmp_path) == []


def test_of_a_version_that_was_changed_and_removed_the_commit_is_named_that_removed_it(tmp_path: Path) -> None:
    *_, last = history(tmp_path, ("2026-01-10", version()), ("2026-02-20", version(body="Nine.")), ("2026-02-21", None))

    (said,) = read(tmp_path)

    assert f"removed after it was posted on 2026-01-10, in commit {last} of 2026-02-21: its address" in said


# ------------------------------------------------------------------ what is not committed yet


def looked(root: Path, on: str = "2026-03-20") -> list[str]:
    """What is said of a project as it lies there, by a day."""
    return [f"{problem}" for problem in frozen.read(root, "policies", date.fromisoformat(on))[1]]


def test_a_change_that_is_not_committed_is_said_from_the_day_after_posting(tmp_path: Path) -> None:
    history(tmp_path, ("2026-01-09", version()))
    write(tmp_path, {FILE: version(body="Nine.")})

    before, after = looked(tmp_path, "2026-01-10"), looked(tmp_path, "2026-01-11")

    assert before == []
    assert after == [
        (
            f"{FILE}:1: warning: its text changed after it was posted on 2026-01-10, in what is not committed yet\n"
            "  Put it back as it was, and post what is new as a version of its own, or as one that `corrects` this one."
        )
    ]
    assert read(tmp_path) == []


def test_what_commits_changed_and_what_is_not_committed_are_said_as_one(tmp_path: Path) -> None:
    _, second = history(tmp_path, ("2026-01-10", version()), ("2026-02-20", version(body="Nine.")))
    write(tmp_path, {FILE: version(body="Ten.", title="Your privacy")})

    (said,) = looked(tmp_path)

    assert "its text and its title changed after" in said
    assert f", in commit {second} of 2026-02-20 and what is not committed yet\n" in said


def test_what_is_put_back_as_it_was_need_not_be_committed_to_be_right(tmp_path: Path) -> None:
    history(tmp_path, ("2026-01-10", version()), ("2026-02-20", version(body="Nine.")))
    write(tmp_path, {FILE: version("withdrawn: 2026-02-01")})

    assert looked(tmp_path) == []


def test_a_removal_that_is_not_committed_is_said_with_the_way_back(tmp_path: Path) -> None:
    history(tmp_path, ("2026-01-10", version()))
    (tmp_path / FILE).unlink()

    (said,) = looked(tmp_path)

    assert said == (
        f"{FILE}: warning: removed after it was posted on 2026-01-10, in what is not committed yet: "
        "its address leads nowhere now\n"
        f"  Put it back: `git restore {FILE}`. A pending version is taken back by writing `withdrawn`."
    )


def test_the_way_back_is_a_command_for_a_shell(tmp_path: Path) -> None:
    file = "policies/terms of use/2026-01-10.md"
    start(tmp_path)
    commit(tmp_path, "2026-01-10", {file: version(), FILE: version()})
    (tmp_path / file).unlink()
    removed = looked(tmp_path)
    commit(tmp_path, "2026-02-20", {})

    assert f"`git restore '{file}'`" in removed[0]
    assert f"~ -- '{file}'`" in looked(tmp_path)[0]


def test_what_lies_in_the_place_of_a_file_holds_nobody_up(tmp_path: Path) -> None:
    history(tmp_path, ("2026-01-10", version()))
    (tmp_path / FILE).unlink()
    os.mkfifo(tmp_path / FILE)

    assert looked(tmp_path) == []


def test_other_lines_of_a_posted_file_may_change_and_another_file_is_not_looked_at(tmp_path: Path) -> None:
    history(tmp_path, ("2026-01-10", version()))
    commit(tmp_path, "2026-01-12", {"policies/privacy/README.md": "One."})
    write(tmp_path, {FILE: version("summary: Short."), "policies/privacy/README.md": "Two."})

    assert looked(tmp_path) == []


def test_a_checkout_with_other_line_ends_is_as_it_was_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history(tmp_path, ("2026-01-10", version()))
    write(tmp_path, {FILE: version().replace("\n", "\r\n")})
    asked: list[str] = []
    monkeypatch.setattr(Repository, "blob", lambda _, id_: asked.append(id_))

    assert looked(tmp_path) == []
    assert asked == []


def test_a_checkout_that_names_its_blob_is_as_it_was_committed(tmp_path: Path) -> None:
    start(tmp_path)
    commit(tmp_path, "2026-01-10", {FILE: version(body="Seven. $Id$"), ".gitattributes": "*.md ident\n"})
    (tmp_path / FILE).unlink()
    git(tmp_path, "checkout", "--", FILE)
    lies = (tmp_path / FILE).read_text("utf-8")

    clean = looked(tmp_path)
    write(tmp_path, {FILE: lies.replace("---\nSeven", "summary: Short.\n---\nSeven")})
    explained = looked(tmp_path)
    write(tmp_path, {FILE: lies.replace("Seven", "Nine")})
    changed = looked(tmp_path)

    assert "$Id: " in lies
    assert clean == explained == []
    assert "its text changed" in changed[0]


def test_an_id_that_git_did_not_write_is_a_change(tmp_path: Path) -> None:
    history(tmp_path, ("2026-01-10", version(body="Seven. $Id$")))
    write(tmp_path, {FILE: version(body=f"Seven. $Id: {'0' * 40} $")})

    assert "its text changed" in looked(tmp_path)[0]


def test_a_history_with_longer_ids_is_looked_at_all_the_same(tmp_path: Path) -> None:
    start(tmp_path, "--object-format=sha256")
    commit(tmp_path, "2026-01-10", {FILE: version()})

    before = looked(tmp_path)
    write(tmp_path, {FILE: version(body="Nine.")})

    assert before == []
    assert "in what is not committed yet" in looked(tmp_path)[0]


def test_a_file_that_cannot_be_read_is_told_by_who_reads_the_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history(tmp_path, ("2026-01-10", version()))

    def refuse(_: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)

    assert looked(tmp_path) == []


@pytest.mark.parametrize("command", ["check", "build", "status"])
def test_a_program_that_cleans_files_for_git_is_not_run(tmp_path: Path, command: str) -> None:
    history(tmp_path, ("2026-01-10", version()))
    commit(
        tmp_path, "2026-01-11", {"policies/terms.md": version(title="Terms"), ".gitattributes": "*.md filter=ours\n"}
    )
    git(tmp_path, "config", "filter.ours.clean", f"touch {tmp_path}/ran; cat")
    write(tmp_path, {FILE: version(body="Nine.")})

    run([command, "--root", str(tmp_path), "--on", "2026-03-20"])

    assert not (tmp_path / "ran").exists()


def test_check_tells_what_is_not_committed_and_a_build_publishes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    history(tmp_path, ("2026-01-10", version()))
    write(tmp_path, {FILE: version(body="Nine.")})

    statuses = [run([name, "--root", str(tmp_path), "--on", "2026-03-20", "--strict"]) for name in ("check", "build")]

    assert statuses == [1, 0]
    assert "in what is not committed yet" in capsys.readouterr().out


def test_a_link_that_was_put_in_place_of_a_text_is_not_taken_for_it(tmp_path: Path) -> None:
    history(tmp_path, ("2026-01-10", version()))
    write(tmp_path, {"other.md": version(body="Nine.")})
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).symlink_to(tmp_path / "other.md")

    assert frozen.read(tmp_path, "policies", date(2026, 3, 20))[1] == []  # who reads the versions says what it is


def test_beside_an_evolving_file_version_files_are_looked_at_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start(tmp_path)
    commit(tmp_path, "2026-01-10", {FILE: version(), "policies/terms.md": version(title="Terms")})
    write(tmp_path, {FILE: version(body="Nine.")})

    run(["check", "--root", str(tmp_path), "--on", "2026-03-20"])

    assert capsys.readouterr().out.count("in what is not committed yet") == 1


# ------------------------------------------------------------------ policies that nothing goes on with

TERMS = "policies/terms.md"
TOS = "policies/tos.md"


def checked(root: Path, capsys: pytest.CaptureFixture[str], on: str = "2026-03-20") -> list[str]:
    """What `check` says of policies that are lost."""
    run(["check", "--root", str(root), "--on", on])
    said = capsys.readouterr().out.split("\n")
    return ["\n".join(pair) for pair in zip(said[::2], said[1::2], strict=False) if "no policy goes on" in pair[0]]


def test_a_policy_kept_as_one_file_that_was_renamed_is_said_with_both_ways_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start(tmp_path)
    commit(tmp_path, "2026-01-10", {TERMS: version(), FILE: version()})
    git(tmp_path, "mv", TERMS, TOS)
    before = checked(tmp_path, capsys)
    renamed = commit(tmp_path, "2026-02-20", {TOS: version(posted="2026-02-20", body="Nine.")})[:7]

    (said,) = checked(tmp_path, capsys)
    write(tmp_path, {"pyproject.toml": f"[tool.inforce.policies.tos]\npaths = ['{TERMS}']\n"})

    assert [one.split("\n")[0] for one in before] == [
        (
            f"{TERMS}: warning: posted on 2026-01-10, and gone in what is not committed yet: "
            "no policy goes on with it, and /terms/ and its versions lead nowhere"
        )
    ]
    assert f"`git restore {TERMS}`" in before[0]
    assert said == (
        f"{renamed}:{TERMS}: warning: posted on 2026-01-10, and gone since commit {renamed} of 2026-02-20: "
        "no policy goes on with it, and /terms/ and its versions lead nowhere\n"
        f"  Put it back: `git checkout {renamed}~ -- {TERMS}`. A policy that goes on with it names it in its settings: "
        f'`paths = ["{TERMS}"]`.'
    )
    assert checked(tmp_path, capsys) == []


def test_a_file_whose_versions_are_its_commits_is_missed_where_another_begins_as_it_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start(tmp_path)
    settings = "[tool.inforce.policies.{}]\nposted-from = 'commit'\n"
    commit(tmp_path, "2026-01-10", {TERMS: "# Terms\n\nSeven.\n", "policies/old.md": "# Notes\n", FILE: version()})
    commit(tmp_path, "2026-01-12", {"policies/old.md": None, "pyproject.toml": settings.format("terms")})
    git(tmp_path, "mv", TERMS, TOS)
    commit(tmp_path, "2026-02-20", {"pyproject.toml": settings.format("tos")})

    (said,) = checked(tmp_path, capsys)

    assert ": published, and gone since commit" in said.replace("warning: ", "")
    assert TERMS in said


def test_a_draft_that_began_with_a_file_whose_versions_are_its_commits_may_go_uncommitted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start(tmp_path)
    settings = "[tool.inforce.policies.terms]\nposted-from = 'commit'\n"
    draft = "policies/cookies.md"
    commit(
        tmp_path, "2026-01-10", {TERMS: "# Terms\n", draft: version(posted="2026-05-01"), "pyproject.toml": settings}
    )
    (tmp_path / draft).unlink()

    assert checked(tmp_path, capsys) == []


@pytest.mark.parametrize(
    "instead",
    [
        {TERMS: None, "policies/terms/2026-01-10.md": version()},
        {TERMS: version(posted="2026-02-20", body="Nine.")},
    ],
)
def test_a_policy_that_has_its_address_still_is_not_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], instead: dict[str, str | None]
) -> None:
    start(tmp_path)
    commit(tmp_path, "2026-01-10", {TERMS: version(), FILE: version()})
    commit(tmp_path, "2026-02-20", instead)

    assert checked(tmp_path, capsys) == []


@pytest.mark.parametrize("name", ["terms.md", "README.md", "_terms.md", "notes.txt", "old/a/b.md", "link.md"])
def test_drafts_and_what_is_no_policy_may_go(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    posted = "2026-02-20" if name == "terms.md" else "2026-01-10"
    start(tmp_path)
    if name == "link.md":
        (tmp_path / "policies").mkdir()
        (tmp_path / "policies" / name).symlink_to("privacy/2026-01-10.md")
    commit(
        tmp_path,
        "2026-01-10",
        {FILE: version()} if name == "link.md" else {FILE: version(), f"policies/{name}": version(posted=posted)},
    )
    commit(tmp_path, "2026-02-20", {f"policies/{name}": None})

    assert checked(tmp_path, capsys) == []


def test_what_is_gone_and_not_committed_is_of_no_day_without_one(tmp_path: Path) -> None:
    start(tmp_path)
    commit(tmp_path, "2026-01-10", {TERMS: version(), FILE: version()})
    (tmp_path / TERMS).unlink()

    assert sources.read(tmp_path, Settings())[1] == []


# ------------------------------------------------------------------ pictures of posted versions

PICTURE = "policies/privacy/the fees.png"
SHOWING = version(body="![Fees](the%20fees.png)")


def pictured(root: Path, *steps: tuple[str, dict[str, str | bytes | None]], on: str = "") -> list[str]:
    """What is said of a project whose version shows a picture, and was committed with it."""
    start(root)
    commit(root, "2026-01-10", {FILE: SHOWING, PICTURE: b"one"})
    for day, files in steps:
        commit(root, day, files)
    return said_of(root, on)


def said_of(root: Path, on: str = "") -> list[str]:
    found = sources.read(root, Settings(), on=date.fromisoformat(on) if on else None)[1]
    return [str(problem) for problem in found]


def test_a_picture_that_is_replaced_when_a_version_that_shows_it_is_posted_is_said(tmp_path: Path) -> None:
    (said,) = pictured(tmp_path, ("2026-02-01", {PICTURE: b"two"}))

    commit_ = git(tmp_path, "rev-parse", "HEAD")[:7]
    assert said == (
        f"{PICTURE}: warning: replaced in commit {commit_} of 2026-02-01: 2026-01-10, posted on 2026-01-10, "
        "shows another picture now\n"
        "  Put it back, and give the new picture a name of its own, for the version that is to show it."
    )


@pytest.mark.parametrize(
    "steps",
    [
        [("2026-01-10", {PICTURE: b"two"})],
        [("2026-02-01", {PICTURE: b"two"}), ("2026-02-02", {PICTURE: b"one"})],
        [("2026-02-01", {PICTURE: None})],
        [
            ("2026-01-11", {"policies/privacy/seal.png": b"one", "policies/privacy/_old/seal.png": b"one"}),
            ("2026-02-01", {"policies/privacy/seal.png": b"two", "policies/privacy/_old/seal.png": b"two"}),
        ],
        [("2026-01-11", {"seal.png": b"one", "policies/no/seal.png": b"one"}), ("2026-02-01", {"seal.png": b"two"})],
    ],
)
def test_a_picture_that_readers_saw_no_other_of_is_not_mentioned(
    tmp_path: Path, steps: list[tuple[str, dict[str, str | bytes | None]]]
) -> None:
    (tmp_path / "policies/no").mkdir(parents=True)
    write(tmp_path, {"policies/no/2026-01-10.md": version()})

    assert pictured(tmp_path, *steps) == []


def test_a_picture_that_is_replaced_and_not_committed_yet_is_said_as_of_a_day(tmp_path: Path) -> None:
    assert pictured(tmp_path, on="2026-02-01") == []

    write(tmp_path, {PICTURE: b"two"})
    assert said_of(tmp_path) == said_of(tmp_path, "2026-01-10") == []
    assert "replaced in what is not committed yet: 2026-01-10, posted" in said_of(tmp_path, "2026-02-01")[0]

    commit(tmp_path, "2026-02-01", {})
    write(tmp_path, {PICTURE: b"one"})
    assert said_of(tmp_path, "2026-02-02") == []


# ------------------------------------------------------------------ from one file to a folder by hand


def unfolded(root: Path, files: dict[str, str | bytes | None]) -> list[str]:
    """What is said of a policy of three versions that was kept as one file, and goes on as a folder."""
    start(root)
    for day in ("2026-01-10", "2026-02-10", "2026-03-10"):
        commit(root, day, {"policies/privacy.md": version(posted=day, body=f"Until {day}.")})
    (root / "policies/privacy.md").unlink()
    write(root, files)
    return said_of(root, "2026-03-20")


def test_versions_that_are_left_behind_in_a_history_are_said_and_days_that_move(tmp_path: Path) -> None:
    last = {"policies/privacy/2026-03-10.md": version(posted="2026-03-10", body="Until 2026-03-10.")}

    said = unfolded(tmp_path, dict(last))
    commit(tmp_path, "2026-03-20", {})

    assert said == [
        (
            "policies/privacy.md: warning: now a folder, but of its versions 2026-01-10, 2026-02-10 are not in it: "
            "/privacy/2026-01-10/ leads nowhere\n"
            "  Let them be written by `inforce import . policies/privacy.md --to policies/privacy`, "
            "into a folder that holds no versions yet."
        ),
        (
            "policies/privacy/2026-03-10.md:3: warning: 2026-03-10 has the effective day 2026-03-10, "
            "and it was 2026-04-09 when the policy was kept as one file\n"
            "  Readers were told 2026-04-09: write `effective: 2026-04-09` in policies/privacy/2026-03-10.md."
        ),
    ]
    assert said_of(tmp_path, "2026-03-21") == said
    assert said_of(tmp_path) == []


def test_a_history_that_was_imported_leaves_nothing_behind(tmp_path: Path) -> None:
    days = ("2026-01-10", "2026-02-10", "2026-03-10")

    said = unfolded(tmp_path, {f"policies/privacy/{day}.md": version(posted=day, body=f"Until {day}.") for day in days})

    assert said == []


def test_a_draft_that_was_kept_as_one_file_leaves_nothing_behind(tmp_path: Path) -> None:
    start(tmp_path)
    commit(tmp_path, "2026-01-10", {"policies/privacy.md": "nothing yet"})
    commit(tmp_path, "2026-01-11", {"policies/privacy.md": None, FILE: version()})

    assert said_of(tmp_path, "2026-03-20") == []
