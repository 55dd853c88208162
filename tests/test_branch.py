from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from inforce.cli import run
from inforce.errors import PolicyError, SurroundingsError
from inforce.sources import branch
from inforce.sources.branch import Changed
from tests.histories import commit, git, start, write

if TYPE_CHECKING:
    from pathlib import Path

FIRST = "policies/privacy/2026-01-10.md"
SECOND = "policies/privacy/2026-03-01.md"


def version(posted: str, body: str, *lines: str) -> str:
    return "\n".join(["---", "title: Privacy", f"posted: {posted}", *lines, "---", body, ""])


OLD = version("2026-01-10", "Seven.")


def parted(folder: Path, files: dict[str, str | bytes | None] | None = None) -> Path:
    """A project on a branch that has just parted from main."""
    start(folder)
    commit(folder, "2026-01-10", {FIRST: OLD, "policies/terms.md": OLD} if files is None else files)
    git(folder, "switch", "-q", "-c", "draft")
    return folder


def changed(root: Path, since: str = "main", **paths: list[str]) -> list[Changed]:
    return branch.changed(root, "policies", since, paths)


def test_a_branch_tells_what_it_adds_changes_and_removes_and_nothing_else(tmp_path: Path) -> None:
    root = parted(
        tmp_path, {FIRST: OLD, SECOND: OLD, "policies/terms.md": OLD, "policies/same.md": OLD, "other.md": ""}
    )
    third = "policies/privacy/2026-04-01.md"
    changes = {third: version("2026-04-01", "Nine."), SECOND: None, "policies/terms.md": version("2026-02-01", "Six.")}
    commit(root, "2026-02-01", {**changes, "other.md": "x"})

    found = changed(root)

    assert found == [
        Changed(SECOND, "Seven.\n", None),
        Changed(third, None, "Nine.\n"),
        Changed("policies/terms.md", "Seven.\n", "Six.\n", keys=("posted",)),
    ]


def test_what_main_did_since_is_not_the_branchs(tmp_path: Path) -> None:
    root = parted(tmp_path)
    commit(root, "2026-02-01", {SECOND: version("2026-03-01", "Eight.")})
    git(root, "switch", "-q", "main")
    commit(root, "2026-02-02", {FIRST: None, "policies/terms.md": "x"})
    git(root, "switch", "-q", "draft")

    assert [one.path for one in changed(root)] == [SECOND]


def test_what_is_not_committed_yet_is_told_too(tmp_path: Path) -> None:
    root = parted(tmp_path)
    write(root, {SECOND: version("2026-03-01", "Eight.")})

    assert changed(root) == [Changed(SECOND, None, "Eight.\n")]


def test_other_facts_about_the_same_text_are_a_change(tmp_path: Path) -> None:
    root = parted(tmp_path)
    write(root, {FIRST: version("2026-01-10", "Seven.", "summary: Short.")})

    assert changed(root) == [Changed(FIRST, "Seven.\n", "Seven.\n", keys=("summary",))]


def test_other_line_ends_are_no_change(tmp_path: Path) -> None:
    root = parted(tmp_path)
    write(root, {FIRST: OLD.replace("\n", "\r\n")})

    assert changed(root) == []


def test_what_git_makes_of_a_file_when_it_checks_it_out_is_no_change(tmp_path: Path) -> None:
    root = parted(tmp_path, {FIRST: version("2026-01-10", "Seven. $Id$"), ".gitattributes": "*.md ident\n"})
    (root / FIRST).unlink()
    git(root, "checkout", "--", FIRST)

    assert "$Id: " in (root / FIRST).read_text("utf-8")
    assert changed(root) == []


def test_only_versions_are_told(tmp_path: Path) -> None:
    root = parted(tmp_path)
    names = ("_draft.md", ".hidden/a.md", "_old/a.md", "privacy/_next.md", "privacy/README.md", "privacy/x/a.md")
    write(root, {**{f"policies/{name}": OLD for name in names}, "policies/privacy/seal.png": b"", "policies/a.txt": ""})
    (root / "policies/linked.md").symlink_to("terms.md")
    (root / "policies/folder").symlink_to("privacy")
    (root / "policies/made.md").mkdir()

    assert changed(root) == []


def test_the_first_policies_of_all_and_the_last_are_told(tmp_path: Path) -> None:
    first = parted(tmp_path / "first", {"README.md": ""})
    write(first, {FIRST: OLD})
    last = parted(tmp_path / "last", {FIRST: OLD})
    write(last, {FIRST: None})
    (last / "policies/privacy").rmdir()
    (last / "policies").rmdir()

    assert changed(first) == [Changed(FIRST, None, "Seven.\n")]
    assert changed(last) == [Changed(FIRST, "Seven.\n", None)]


def test_where_the_folder_of_policies_was_none_all_of_them_are_new(tmp_path: Path) -> None:
    root = parted(tmp_path, {"policies": "a file"})
    commit(root, "2026-02-01", {"policies": None})
    commit(root, "2026-02-01", {FIRST: OLD})

    assert changed(root) == [Changed(FIRST, None, "Seven.\n")]


def test_a_project_may_be_a_folder_of_its_repository(tmp_path: Path) -> None:
    start(tmp_path)
    commit(tmp_path, "2026-01-10", {f"site/{FIRST}": OLD, FIRST: OLD})
    write(tmp_path, {f"site/{SECOND}": OLD, SECOND: OLD})

    assert [one.path for one in changed(tmp_path / "site", "HEAD")] == [SECOND]


@pytest.mark.parametrize(("faulty", "shown"), [("---\nno end\n", "---\nno end\n"), (b"\xffSeven.\n", "\ufffdSeven.\n")])
def test_a_text_that_was_faulty_can_be_mended(tmp_path: Path, faulty: str | bytes, shown: str) -> None:
    root = parted(tmp_path, {FIRST: faulty})
    write(root, {FIRST: OLD})

    assert changed(root) == [Changed(FIRST, shown, "Seven.\n")]


def test_a_text_that_is_faulty_now_is_said(tmp_path: Path) -> None:
    root = parted(tmp_path)
    write(root, {FIRST: "---\nno end\n"})

    with pytest.raises(PolicyError, match=rf"{FIRST}:1: the front matter is opened by --- and never closed"):
        changed(root)


@pytest.mark.parametrize(
    ("since", "what"),
    [
        ("nowhere", "there is no revision nowhere"),
        ("--all", "there is no revision --all"),
        ("HEAD:policies", "there is no revision HEAD:policies"),
        ("alone", "alone and what is checked out have no commit in common"),
    ],
)
def test_a_revision_that_a_branch_did_not_part_from_is_said(tmp_path: Path, since: str, what: str) -> None:
    root = parted(tmp_path)
    git(root, "switch", "-q", "--orphan", "alone")
    commit(root, "2026-01-11", {"x": ""})
    git(root, "switch", "-q", "draft")

    with pytest.raises(SurroundingsError) as raised:
        changed(root, since)

    assert raised.value.what == what


# ------------------------------------------------------------------ what is renamed

LONG = "We keep what you tell us for thirty days.\n\nThen it is deleted, unless a law says otherwise.\n"


def test_a_file_that_is_renamed_is_told_as_one(tmp_path: Path) -> None:
    root = parted(tmp_path, {FIRST: OLD, "policies/tos.md": version("2026-01-10", LONG)})
    write(root, {SECOND: OLD, FIRST: None, "policies/tos.md": None})
    write(root, {"policies/terms.md": version("2026-01-10", LONG.replace("thirty", "sixty"))})

    assert changed(root) == [
        Changed(SECOND, "Seven.\n", "Seven.\n", FIRST),
        Changed("policies/terms.md", f"{LONG}\n", f"{LONG}\n".replace("thirty", "sixty"), "policies/tos.md"),
    ]


def test_git_and_we_find_the_same_renames(tmp_path: Path) -> None:
    texts = [f"{LONG}{number} {'more words ' * 9 * number}" for number in range(6)]
    root = parted(tmp_path, {"x": "", **{f"policies/old-{number}.md": text for number, text in enumerate(texts)}})
    write(root, {f"policies/old-{number}.md": None for number in range(6)})
    write(root, {f"policies/new-{number}.md": f"Another beginning.\n{texts[number]}" for number in (5, 3, 1)})
    write(root, {"policies/new-0.md": "Not a word of it.\n", "policies/a/old-2.md": texts[2], "policies/b.md": ""})
    git(root, "add", "-A")

    found = [one for one in changed(root) if one.once]

    told = git(root, "diff", "--cached", "--name-status", "-M", "main", "--", "policies").splitlines()
    assert {(one.once, one.path) for one in found} == {
        tuple(line.split("\t")[1:]) for line in told if line.startswith("R")
    }
    assert ("policies/old-2.md", "policies/a/old-2.md") in {(one.once, one.path) for one in found}


def test_of_files_with_the_same_text_the_one_that_keeps_its_name_was_renamed(tmp_path: Path) -> None:
    root = parted(tmp_path, {f"policies/{name}.md": OLD for name in ("a/one", "a/two")})
    write(root, {"policies/a/one.md": None, "policies/a/two.md": None, "policies/b/two.md": OLD.replace("\n", "\r\n")})

    assert changed(root) == [
        Changed("policies/a/one.md", "Seven.\n", None),
        Changed("policies/b/two.md", "Seven.\n", "Seven.\n", "policies/a/two.md"),
    ]


def test_of_very_many_files_only_those_are_found_again_that_stayed_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(branch, "MOST", 0)
    root = parted(tmp_path, {FIRST: version("2026-01-10", LONG), "policies/terms.md": OLD})
    write(root, {FIRST: None, SECOND: version("2026-03-01", LONG), "policies/terms.md": None, "policies/tos.md": OLD})

    assert [(one.once, one.path) for one in changed(root)] == [
        ("", FIRST),
        ("", SECOND),
        ("policies/terms.md", "policies/tos.md"),
    ]


@pytest.mark.parametrize("old", ["policies/tos.md", "legal/tos.md"])
def test_a_file_that_a_policy_once_had_was_renamed_whatever_it_held(tmp_path: Path, old: str) -> None:
    root = parted(tmp_path, {old: version("2026-01-10", "One.", "summary: Short."), "x": ""})
    write(root, {old: None, "policies/terms.md": version("2026-03-01", LONG), SECOND: OLD})

    assert changed(root, terms=["../../up.md", "legal", "gone.md", f"./{old}"]) == [
        Changed(SECOND, None, "Seven.\n"),
        Changed("policies/terms.md", "One.\n", f"{LONG}\n", old, ("posted", "summary")),
    ]


def test_a_file_that_still_lies_there_was_not_renamed(tmp_path: Path) -> None:
    root = parted(tmp_path, {"legal/tos.md": OLD})
    write(root, {"policies/terms.md": OLD})

    assert changed(root, terms=["legal/tos.md"]) == [Changed("policies/terms.md", None, "Seven.\n")]


# ------------------------------------------------------------------ the command


def test_a_branch_says_what_it_renamed_and_marks_the_words_that_changed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    root = parted(tmp_path, {FIRST: OLD, "policies/tos.md": version("2026-01-10", LONG)})
    (root / "pyproject.toml").write_text('[tool.inforce.policies.terms]\npaths = ["policies/tos.md"]\n', "utf-8")
    changes = {"policies/terms.md": version("2026-03-01", LONG.replace("thirty", "sixty")), "policies/tos.md": None}
    commit(root, "2026-03-01", {**changes, FIRST: None, SECOND: OLD})

    status = run(["redline", "--root", str(root), "--since", "main"])

    said = capfd.readouterr().out
    assert status == 0
    assert [line for line in said.splitlines() if line.startswith(("### ", "A new", "Renamed", "This"))] == [
        f"### `{SECOND}`",
        f"Renamed from `{FIRST}`; its text is as it was. It is posted 2026-01-10, effective 2026-01-10.",
        "### `policies/terms.md`",
        "Renamed from `policies/tos.md`; its text is changed.",
    ]
    assert (said.count("<ins"), said.count("<del")) == (1, 1)


def test_a_branch_shows_its_redline_as_markdown(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    root = parted(tmp_path, {FIRST: OLD, "policies/privacy/gone.md": version("2026-01-11", "Six."), "x": ""})
    facts = version("2026-01-10", "Seven.", "summary: Short.")
    write(root, {FIRST: facts, SECOND: version("2026-03-01", "Eight."), "policies/privacy/gone.md": None})
    write(root, {"policies/terms/2026-02-01.md": version("2026-02-01", "Be kind.")})

    status = run(["redline", "--root", str(root), "--since", "main"])

    said = capfd.readouterr().out
    assert status == 0
    assert [line for line in said.splitlines() if line.startswith(("### ", "A new", "The text", "This"))] == [
        f"### `{FIRST}`",
        "The text is as it was; of the front matter is changed: `summary`.",
        f"### `{SECOND}`",
        "A new version, compared with 2026-01-10, which it follows: posted 2026-03-01, effective 2026-03-31.",
        "### `policies/privacy/gone.md`",
        "This file is removed.",
        "### `policies/terms/2026-02-01.md`",
        "A new version, the first of its policy: posted 2026-02-01, effective 2026-02-01.",
    ]
    assert "Eight" in said
    assert "Be kind" in said


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("*new* _terms_.md", "`policies/*new* _terms_.md`"),
        ("a`b``c.md", "```policies/a`b``c.md```"),
        ("<b>&amp;[a](b)@c#1.md", "`policies/<b>&amp;[a](b)@c#1.md`"),
        ("a\n# b.md", "`policies/a\\n# b.md`"),
        ("a\udcff.md", "`policies/a\\udcff.md`"),
    ],
)
def test_the_name_of_a_file_is_shown_as_it_is(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str, written: str
) -> None:
    root = parted(tmp_path, {f"policies/{name}": OLD, SECOND: OLD})
    write(root, {f"policies/{name}": None})

    run(["redline", "--root", str(root), "--since", "main"])

    said = capfd.readouterr().out
    assert said.startswith(f"### {written}\n\nThis file is removed.\n")
    assert MarkdownIt().render(said).startswith("<h3><code>policies/")


def test_a_policy_that_a_branch_begins_as_one_file_is_shown_whole(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    root = parted(tmp_path, {FIRST: OLD})
    commit(root, "2026-02-01", {"policies/terms.md": version("2026-02-01", "Be kind.")})
    commit(root, "2026-03-01", {"policies/terms.md": version("2026-03-01", "Be kind. Be brief.")})

    run(["redline", "--root", str(root), "--since", "main"])

    said = capfd.readouterr().out
    assert "\nA new policy, kept as one file.\n" in said
    assert "</span>Be kind. Be brief.</ins></p>" in said


def test_a_branch_that_changes_no_policy_says_so(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    root = parted(tmp_path, {FIRST: OLD})

    status = run(["redline", "--root", str(root), "--since", "main"])

    assert (status, capfd.readouterr().out) == (0, "No policy is changed.\n")


@pytest.mark.parametrize("words", [["--since", "main", "a.md", "b.md"], ["a.md"]])
def test_a_redline_is_of_two_texts_or_of_a_branch(words: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        run(["redline", *words])

    assert raised.value.code == 2
    assert "OLD and NEW" in capfd.readouterr().err
