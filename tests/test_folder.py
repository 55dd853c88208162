from __future__ import annotations

import os
import unicodedata
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inforce.cli import run
from inforce.errors import SurroundingsError
from inforce.model import text_sum
from inforce.sources import folder
from inforce.sources.folder import strays
from tests.projects import project, told, version

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from inforce.model import Policy

FIRST = {"privacy/2026-01-10.md": version("2026-01-10")}
RENAME = "Rename the file: letters, digits, -, . and _ make an address, such as 2026-03-01.md."


def read(root: Path, *, notice: int = 30) -> Policy | None:
    return folder.read(root / "policies" / "privacy", root, notice=notice, language="de", title="Ours")


# ------------------------------------------------------------------ what a folder holds


def test_each_file_is_a_version_and_its_name_is_the_id(tmp_path: Path) -> None:
    root = project(tmp_path, {**FIRST, "privacy/2026-03-01.md": version("2026-03-01", body="We keep less.\n")})

    policy = read(root, notice=14)

    assert policy
    assert (policy.id, policy.notice, policy.language, policy.given_title) == ("privacy", 14, "de", "Ours")
    assert [(one.id, one.effective, one.body) for one in policy.versions] == [
        ("2026-01-10", date(2026, 1, 10), "We keep your name.\n"),
        ("2026-03-01", date(2026, 3, 15), "We keep less.\n"),
    ]
    assert str(policy.versions[1].place) == "policies/privacy/2026-03-01.md:5"


def test_the_first_version_is_the_first_posted_corrections_aside(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2026-03-01"),
        "privacy/b.md": version("2026-01-10"),
        "privacy/c.md": version("2026-01-12", "corrects: b"),
    }

    policy = read(project(tmp_path, files))

    assert policy
    assert [(one.id, one.effective) for one in policy.versions] == [
        ("b", date(2026, 1, 10)),
        ("c", None),
        ("a", date(2026, 3, 31)),
    ]


@pytest.mark.parametrize(
    "name",
    ["README.md", "readme.md", "ReadMe.MD", "README.markdown", ".draft.md", "_draft.md", ".md", "a.txt", "a.md~", "a"],
)
def test_readmes_hidden_and_other_files_are_no_versions(tmp_path: Path, name: str) -> None:
    root = project(tmp_path, {f"privacy/{name}": "no version"})

    assert read(root) is None


def test_a_version_in_a_folder_below_is_none_and_that_is_said(tmp_path: Path) -> None:
    names = (
        "de/2026-01-10.md",
        "old/a.md",
        "_old/a.md",
        ".git/a.md",
        "img/README.md",
        "img/seal.png",
        "de/_drafts/a.md",
        "de/x.md/y",
    )
    root = project(tmp_path, {**FIRST, **{f"privacy/{name}": "x" for name in names}})

    said = [str(problem) for problem in folder.strays(root / "policies" / "privacy", root)]

    assert said == [
        (
            "policies/privacy/de/2026-01-10.md: warning: de/2026-01-10.md is no version: "
            "it lies in a folder below the policy's\n"
            "  A translation is a policy of its own, with days of its own: move it to policies/privacy-de/, "
            'and write `language = "de"` below [tool.inforce.policies.privacy-de] in pyproject.toml.'
        ),
        (
            "policies/privacy/old/a.md: warning: old/a.md is no version: it lies in a folder below the policy's\n"
            "  Move it into privacy/, or into a folder whose name begins with _ if it is none."
        ),
    ]


@pytest.mark.parametrize("names", [("2026-01-10", "2026-01-10.fr"), ("2026-01-10-de", "2026-01-10_FR")])
def test_two_languages_of_one_day_are_two_policies_and_no_correction(tmp_path: Path, names: tuple[str, ...]) -> None:
    files = {f"privacy/{name}.md": version("2026-01-10") for name in names}

    assert told(lambda: read(project(tmp_path, files)))[1] == (
        "A translation is a policy of its own, with days of its own: move it to policies/privacy-fr/, "
        'and write `language = "fr"` below [tool.inforce.policies.privacy-fr] in pyproject.toml.'
    )


@pytest.mark.parametrize(
    ("id_", "tag"),
    [
        ("2026-01-10.de", "de"),
        ("2026-01-10-pt-BR", "pt-br"),
        ("2026-01-10.en", ""),
        ("2026-01-10-xx", ""),
        ("2026-01-10-fix", ""),
        ("2026-01-10", ""),
        ("de", ""),
    ],
)
def test_a_day_with_another_language_behind_it_names_a_translation(id_: str, tag: str) -> None:
    assert folder.translation(id_, "en-GB") == tag


@pytest.mark.parametrize("name", ["a.md", "a.MD", "a.markdown", "a.Markdown"])
def test_a_version_is_markdown_by_its_name(tmp_path: Path, name: str) -> None:
    policy = read(project(tmp_path, {f"privacy/{name}": version("2026-01-10")}))

    assert policy
    assert policy.versions[0].id == "a"


def test_names_become_addresses(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "März 1")

    policy = read(project(tmp_path, {f"privacy/{decomposed}.md": version("2026-01-10")}))

    assert policy
    assert policy.versions[0].id == unicodedata.normalize("NFC", "März-1")


@pytest.mark.parametrize("path", ["index.html/x.png", "changes/Index.HTML/a/x.png"])
@pytest.mark.parametrize("command", ["check", "build"])
def test_a_picture_where_a_page_of_each_version_stands_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str, command: str
) -> None:
    root = project(tmp_path, {**FIRST, f"privacy/{path}": b"x", "privacy/changes/x.png": b"x"})

    status = run([command, "--root", str(root), "--on", "2026-03-20"])

    said = capsys.readouterr()
    assert status == 1
    assert f"policies/privacy/{path}: {path} cannot be published: " in said.out + said.err
    assert "Rename the folder" in said.out + said.err


def test_pictures_beside_a_version_and_in_folders_below_are_found_by_their_way_from_it(tmp_path: Path) -> None:
    pictures = {
        "privacy/seal.png": b"a",
        "privacy/img/deep/Seal.JPG": b"b",
        "privacy/script.svg": b"no",
        "privacy/.hidden.png": b"no",
        "privacy/_old/seal.png": b"no",
    }
    root = project(tmp_path, {**FIRST, **pictures})
    (tmp_path / "outside.png").write_bytes(b"no")
    (root / "policies/privacy/link.png").symlink_to(tmp_path / "outside.png")
    (root / "policies/privacy/link").symlink_to(tmp_path)

    policy = read(root)

    assert policy
    assert {name: content() for name, content in policy.versions[0].pictures.items()} == {
        "seal.png": b"a",
        "img/deep/Seal.JPG": b"b",
    }


# ------------------------------------------------------------------ what is wrong


def test_all_that_is_wrong_in_all_files_is_told_at_once(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "privacy/a.md": version("soon"),
        "privacy/b.md": "no front matter",
        "privacy/c.md": b"---\ntitle: \xff\n",
        "privacy/d.md": version("2026-03-01", "effective: 2026-02-01"),
        "privacy/history.md": version("2026-04-01"),
    }

    lines = told(lambda: read(project(tmp_path, files)))

    assert lines[::2] == [
        "policies/privacy/a.md:3: posted is 'soon', not a day",
        "policies/privacy/b.md:1: there is no front matter",
        "policies/privacy/c.md:2: is not UTF-8",
        "policies/privacy/d.md:4: effective 2026-02-01 is before posted 2026-03-01",
        "policies/privacy/history.md: history.md cannot be a version: history is an address of the site's own",
    ]
    assert lines[-1] == RENAME


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n"], ids=["empty", "byte order mark", "line end"])
def test_an_empty_file_is_no_version(tmp_path: Path, data: bytes) -> None:
    lines = told(lambda: read(project(tmp_path, {"privacy/a.md": data})))

    assert lines[0] == "policies/privacy/a.md:1: there is no front matter"


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        ("A.md", "a.md", "policies/privacy/a.md: a.md and A.md would share one address"),
        ("a b.md", "a-b.md", "policies/privacy/a-b.md: a-b.md and a b.md would share one address"),
        ("a.markdown", "a.md", "policies/privacy/a.md: a.md and a.markdown would share one address"),
        (
            "e\u0301.md",
            "\u00e9.md",
            "policies/privacy/\u00e9.md: \u00e9.md and e\u0301.md would share one address",
        ),
    ],
    ids=["letter case", "space", "ending", "composed"],
)
def test_twins_are_refused(tmp_path: Path, one: str, other: str, what: str) -> None:
    files = {f"privacy/{one}": version("2026-01-10"), f"privacy/{other}": version("2026-03-01")}

    assert told(lambda: read(project(tmp_path, files))) == [what, "Rename one of the two."]


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    root = project(tmp_path, FIRST)
    Path(os.fsdecode(b"%s/policies/privacy/a\xff.md" % os.fsencode(root))).write_text(version("2026-03-01"), "utf-8")

    assert told(lambda: read(root)) == [
        (
            "policies/privacy/a\udcff.md: a\udcff.md cannot be a version: "
            "its name holds U+DCFF, and it is to be an address"
        ),
        RENAME,
    ]


@pytest.mark.parametrize("target", ["outside.md", "nowhere.md", "policies/privacy/2026-01-10.md"])
def test_a_link_is_no_version_wherever_it_leads(tmp_path: Path, target: str) -> None:
    root = project(tmp_path, FIRST)
    (root / "outside.md").write_text(version("2026-03-01"), "utf-8")
    (root / "policies/privacy/a.md").symlink_to(root / target)

    assert told(lambda: read(root)) == [
        "policies/privacy/a.md: a.md is a link",
        "Put the text itself in its place.",
    ]


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_a_version_is_a_file(tmp_path: Path, make: Callable[[Path], None]) -> None:
    root = project(tmp_path, FIRST)
    make(root / "policies/privacy/a.md")

    assert told(lambda: read(root)) == [
        "policies/privacy/a.md: a.md is no file",
        "Put the text itself in its place.",
    ]


def test_a_file_that_we_may_not_read_is_named(
    shut: tuple[Path, Callable[[Path], AbstractContextManager[None]]],
) -> None:
    root, shutting = shut
    project(root, FIRST)

    with shutting(root / "policies/privacy/2026-01-10.md"):
        lines = told(lambda: read(root))

    assert lines == [
        "policies/privacy/2026-01-10.md: 2026-01-10.md cannot be read: Permission denied",
        "Look at the file's permissions.",
    ]


def test_versions_that_contradict_each_other_are_told_with_the_line_to_look_at(tmp_path: Path) -> None:
    files = {
        **FIRST,
        "privacy/b.md": version("2026-01-10"),
        "privacy/c.md": version("2026-04-01"),
        "privacy/d.md": version("2026-04-01"),
    }

    assert told(lambda: read(project(tmp_path, files))) == [
        "policies/privacy/b.md:3: posted 2026-01-10, the day on which 2026-01-10 was posted, too",
        (
            "Which of the two comes first? Post them on different days, or write `corrects: '2026-01-10'` here "
            "if this one mends the other."
        ),
        "policies/privacy/d.md:3: posted 2026-04-01, the day on which c was posted, too",
        (
            "Which of the two comes first? Post them on different days, or write `corrects: 'c'` here "
            "if this one mends the other."
        ),
    ]


def test_what_a_missing_version_would_be_said_to_break_is_not_said(tmp_path: Path) -> None:
    files = {"privacy/a.md": version("soon"), "privacy/b.md": version("2026-03-01", "corrects: a")}

    assert told(lambda: read(project(tmp_path, files)))[::2] == ["policies/privacy/a.md:3: posted is 'soon', not a day"]


def test_notice_that_runs_past_the_calendar_points_at_the_posting_day(tmp_path: Path) -> None:
    files = {**FIRST, "privacy/z.md": version("9999-12-15")}

    assert told(lambda: read(project(tmp_path, files))) == [
        "policies/privacy/z.md:3: 30 days after 9999-12-15 there is no calendar",
        "Give an earlier posted day, or state `effective`.",
    ]


def test_a_correction_of_nothing_names_what_there_is(tmp_path: Path) -> None:
    files = {**FIRST, "privacy/b.md": version("2026-03-01", "corrects: 2026-01-11")}

    assert told(lambda: read(project(tmp_path, files))) == [
        "policies/privacy/b.md:4: corrects 2026-01-11, but there is no such version",
        "Give the id of a version, its file's name without .md: 2026-01-10.",
    ]


@pytest.mark.parametrize("name", ["2026-03-01.docx", "2026-03-01.md.txt", "Draft.PDF"])
def test_a_text_that_is_not_markdown_is_said_to_be_no_version(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "policies" / "privacy"
    folder.mkdir(parents=True)
    (folder / name).write_text("x")
    (folder / f"_{name}").write_text("x")

    (problem,) = strays(folder, tmp_path)

    assert str(problem).startswith(f"policies/privacy/{name}: warning: {name} is no version: it is not Markdown\n")


TEXT = "---\ntitle: Privacy\nposted: 2026-11-20\n---\nWe keep less.\n"


@pytest.mark.parametrize(
    ("name", "content", "why", "meant"),
    [
        ("2026-11-20", "x", "its name does not end in .md", "2026-11-20.md"),
        ("2026-11-20.mdx", "x", "its name ends in '.mdx', and not in .md", "2026-11-20.md"),
        ("2026-11-20.mkd", "x", "its name ends in '.mkd', and not in .md", "2026-11-20.md"),
        ("2026-11-20md", "x", "its name ends in 'md', and not in .md", "2026-11-20.md"),
        ("2026-11-20.md~", "x", "its name ends in '.md~', and not in .md", "2026-11-20.md"),
        ("2026-11-20.md ", "x", "its name ends in '.md ', and not in .md", "2026-11-20.md"),
        ("urgent", TEXT, "its name does not end in .md", "urgent.md"),
        ("urgent.html", "\ufeff" + TEXT.replace("\n", "\r\n"), "its name ends in '.html', and not in .md", "urgent.md"),
    ],
)
def test_a_text_without_the_ending_of_markdown_is_said_to_be_no_version(
    tmp_path: Path, name: str, content: str, why: str, meant: str
) -> None:
    root = project(tmp_path, {**FIRST, f"privacy/{name}": content})

    said = [str(problem) for problem in strays(root / "policies" / "privacy", root)]

    place, remedy = f"policies/privacy/{name}", f"Rename it to {meant}; or give it a name that begins with _."
    assert said == [f"{place}: warning: {name} is no version: {why}\n  {remedy}"]


def test_pictures_data_hidden_files_and_what_editors_keep_are_not_mentioned(tmp_path: Path) -> None:
    kept = dict.fromkeys(("2026-11-20.png", "_2026-11-20", ".2026-11-20.md.swp", "2026-01-10.MD"), TEXT)
    backups = dict.fromkeys(("a.md", "a.md~", "a.md.orig", "2026-11-20.md", "2026-11-20.md.bak"), TEXT)
    data = {"notes": "--- of 2026", "LICENSE": "x", "2026-11-20-list.csv": "a,b", "de/2026-11-20.json": "{}"}
    root = project(tmp_path, {f"privacy/{name}": text for name, text in {**kept, **backups, **data}.items()})
    (root / "policies" / "privacy" / "2026-11-21").symlink_to("2026-11-20.md")
    (root / "policies" / "privacy" / "2026-11-22").mkdir()

    assert list(strays(root / "policies" / "privacy", root)) == []


@pytest.mark.parametrize(
    "name",
    [
        *("2026-01-10.svg", "2026-01-10.pdf", "2026-01-10.json", "2026-01-10.html", "2026-01-10.md.txt", "README.txt"),
        *(
            "2026-01-10.md.bak",
            "2026-01-10.bak",
            "2026-01-10.md.orig",
            "2026-01-10.orig",
            "2026-01-10",
            "2026-01-10.mdx",
        ),
        *("2026-01-10 (2).md.old", "urgent.bak", "urgent.md~", "2026-11-20.json", "2026-11-20.svg"),
    ],
)
def test_nobody_is_told_to_put_a_copy_in_the_place_of_a_version(tmp_path: Path, name: str) -> None:
    content = "{}" if name.startswith("2026-11-20") else TEXT
    root = project(tmp_path, {**FIRST, f"privacy/{name}": content})

    assert list(strays(root / "policies" / "privacy", root)) == []


def test_a_file_that_nobody_may_read_is_not_said_to_be_a_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(tmp_path, {"privacy/urgent": TEXT})

    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.open", refused)

    assert list(strays(root / "policies" / "privacy", root)) == []


@pytest.mark.parametrize("later", ["---\ntitle: Privacy\nposted: 2026-01-10\n---\nAnother text.\n", None])
def test_a_text_that_changed_while_it_was_read_is_told(tmp_path: Path, later: str | None) -> None:
    path = tmp_path / "a.md"
    if later is not None:
        path.write_text(later, "utf-8")

    with pytest.raises(SurroundingsError, match="was changed while the policies were read"):
        folder.text(path, text_sum("The text.\n"))
