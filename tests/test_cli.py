from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import re
import runpy
import shlex
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import inforce
from inforce import reports
from inforce.cli import run
from inforce.errors import SurroundingsError
from tests import histories
from tests.projects import project, version

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

ON = ("--on", "2026-03-20")
ROOT = Path(__file__).parents[1]
TWO = {
    "privacy/a.md": version("2026-01-10", body="We keep your name for seven years.\n"),
    "privacy/b.md": version("2026-03-01", body="We keep your name for five years.\n"),
}
SHORT = {**TWO, "privacy/b.md": version("2026-03-01", "effective: 2026-03-02", body="We keep less.\n")}
WRONG = {**SHORT, "privacy/c.md": version("soon")}
NOTICE = (
    "policies/privacy/b.md:4: warning: posted 2026-03-01, effective 2026-03-02: 1 day of notice, where the rule is 30\n"
    "  Say why it is sooner, such as `reason: legal`, `security` or in your own words.\n"
)
SOON = (
    "policies/privacy/c.md:3: posted is 'soon', not a day\n"
    "  Write a day as year-month-day, like `posted: 2024-03-01`.\n"
)


class Said:
    """What a command answered: its exit status, its data, its words."""

    def __init__(self, capsys: pytest.CaptureFixture[str], root: Path, *arguments: str) -> None:
        command, *rest = arguments
        try:
            self.status = run([command, "--root", str(root), *rest])
        except SystemExit as left:
            self.status = int(left.code or 0)
        captured = capsys.readouterr()
        self.out, self.err = captured.out, captured.err


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "inforce", *arguments],
        cwd=Path(inforce.__file__).parent.parent,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def shell(root: Path, command: str) -> subprocess.CompletedProcess[str]:
    """A command of a project, with what a shell makes of its streams."""
    whole = f"exec {shlex.quote(sys.executable)} -m inforce {command}"
    return subprocess.run(["/bin/sh", "-c", whole], cwd=root, capture_output=True, text=True, check=False)


# ------------------------------------------------------------------ build


def test_build_writes_the_site_and_closes_with_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = Said(capsys, project(tmp_path, TWO), "build", *ON)

    assert (said.status, said.out) == (0, "")
    assert re.fullmatch(
        r"As of 2026-03-20: 1 policy, 2 versions, \d+ pages in \d\.\d\d s; next change on 2026-03-31\.\n", said.err
    )
    assert (tmp_path / "site" / "privacy" / "index.html").is_file()


def test_build_writes_where_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(tmp_path / "ours", TWO)

    said = Said(capsys, root, "build", "--on", "2026-03-31", "--out", str(tmp_path / "preview"))

    assert said.status == 0
    assert said.err.endswith("; no change ahead.\n")
    assert (tmp_path / "preview" / "index.html").is_file()
    assert not (root / "site").exists()


def test_build_says_warnings_and_goes_on_unless_it_is_strict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(tmp_path, SHORT)

    plain, strict = Said(capsys, root, "build", *ON), Said(capsys, root, "build", *ON, "--strict")

    assert (plain.status, strict.status) == (0, 1)
    assert plain.err.startswith(NOTICE)
    assert strict.err == NOTICE


def test_build_says_all_that_is_wrong_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = Said(capsys, project(tmp_path, WRONG), "build", *ON)

    assert (said.status, said.out, said.err) == (1, "", SOON)
    assert not (tmp_path / "site").exists()


def test_build_names_what_others_put_into_the_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(tmp_path, TWO)
    Said(capsys, root, "build", *ON)
    (root / "site" / "CNAME").write_text("larkfield.example", "utf-8")
    (root / "site" / "robots.txt").write_text("changed", "utf-8")

    said = Said(capsys, root, "build", *ON)

    assert said.err.split("\n")[:2] == [
        f"{root}/site/CNAME: left alone, inforce did not write it",
        f"{root}/site/robots.txt: written anew, another hand had changed it",
    ]


def test_an_output_that_cannot_be_written_is_the_surroundings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(tmp_path, TWO)
    (root / "site").write_text("a file", "utf-8")

    said = Said(capsys, root, "build", *ON)

    assert said.status == 3
    assert said.err == f"{root}/site is not a folder\n  Move it away, or choose another with --out.\n"
    assert (root / "site").read_text("utf-8") == "a file"


# ------------------------------------------------------------------ check


def test_check_says_nothing_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = Said(capsys, project(tmp_path, TWO), "check", *ON, "--strict")

    assert (said.status, said.out, said.err) == (0, "", "0 errors, 0 warnings.\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["policies"]


def test_check_reports_on_standard_output_and_counts_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warned = Said(capsys, project(tmp_path, SHORT), "check", *ON)
    strict = Said(capsys, tmp_path, "check", *ON, "--strict")
    wrong = Said(capsys, project(tmp_path, WRONG), "check", *ON)

    assert (warned.status, warned.out, warned.err) == (0, NOTICE, "0 errors, 1 warning.\n")
    assert (strict.status, strict.out) == (1, NOTICE)
    assert (wrong.status, wrong.out, wrong.err) == (1, SOON, "1 error, 0 warnings.\n")


def test_check_reports_to_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {**SHORT, "terms/README.md": ""}

    said = Said(capsys, project(tmp_path, files), "check", *ON, "--format", "json")

    assert said.err == ""
    what, remedy = NOTICE.removeprefix("policies/privacy/b.md:4: warning: ").removesuffix("\n").split("\n  ")
    assert json.loads(said.out) == [
        {
            "path": "policies/privacy/b.md",
            "line": 4,
            "severity": "warning",
            "code": "notice-short",
            "message": what,
            "remedy": remedy,
        },
        {
            "path": "policies/terms",
            "line": None,
            "severity": "warning",
            "code": "policy-empty",
            "message": "terms holds no version",
            "remedy": "Put a Markdown file into it, or remove the folder.",
        },
    ]


def test_check_reports_to_a_pull_request_the_path_that_the_file_has_in_the_repository(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(tmp_path / "our" / "legal", {"privacy/a.md": version("20.3.2026")})
    alone = Said(capsys, root, "check", *ON, "--format", "github")
    histories.start(tmp_path)

    said = Said(capsys, root, "check", *ON, "--format", "github")
    monkeypatch.chdir(root)
    status = run(["check", *ON, "--format", "github"])

    assert alone.out.startswith("::error file=policies/privacy/a.md,line=3,title=posted-not-a-day::")
    assert said.out == alone.out.replace("file=", "file=our/legal/")
    assert (status, capsys.readouterr().out) == (1, said.out)


def test_check_reports_to_a_pull_request_and_nothing_in_a_file_can_speak_in_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {**SHORT, 'privacy/c,d:100%\n::error::"x".md': "x", "privacy/e\x1b[31m\x9b.md": "x"}

    said = Said(capsys, project(tmp_path, files), "check", *ON, "--format", "github")

    lines = said.out.splitlines()
    assert lines[0].startswith('::error file=policies/privacy/c%2Cd%3A100%25%0A%3A%3Aerror%3A%3A"x".md,line=1,title=')
    assert all(
        line.startswith(("::error file=policies/privacy/c%2C", "::error file=policies/privacy/e")) for line in lines
    )
    assert "%0ARename the file" in said.out
    assert "file=policies/privacy/e\\x1b[31m\\x9b.md," in said.out
    assert "\x1b" not in said.out


def test_what_programs_are_told_drives_no_terminal_either(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "e\x1b[31m\x9b31m\u202e"

    said = Said(capsys, project(tmp_path, {**SHORT, f"privacy/{name}.md": "x"}), "check", *ON, "--format", "json")

    assert {one["path"] for one in json.loads(said.out)} == {f"policies/privacy/{name}.md"}
    assert said.out.replace("\n", "").isprintable()


def test_a_value_cannot_begin_a_line_or_drive_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {
        "privacy/a.md": version('"x\\n::error::\\e[31m\\u202e"'),
        "privacy/b.md": version("'" + "x" * 9000 + "'"),
    }

    said = Said(capsys, project(tmp_path, files), "check", *ON)

    first, _, second, *_ = said.out.split("\n")
    assert first == "policies/privacy/a.md:3: posted is 'x\\n::error::\\x1b[31m\\u202e', not a day"
    assert second.endswith("xxx …")
    assert len(second) < 600


def test_a_name_on_the_disk_cannot_begin_a_line_or_drive_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(tmp_path, TWO)
    Said(capsys, root, "build", *ON)
    (root / "site" / "a\n::error::\x1b[31m").write_text("x")
    (root / "site" / "privacy" / "b\n  ##[error]").write_text("x")

    said = Said(capsys, root, "build", *ON)

    first, second, closing, end = said.err.split("\n")
    assert first == f"{root}/site/a\\n::error::\\x1b[31m: left alone, inforce did not write it"
    assert second.startswith(f"{root}/site/privacy/b\\n  ##[error]")
    assert closing.startswith("As of 2026-03-20")
    assert end == ""


def test_trouble_cannot_begin_a_line_or_drive_a_terminal_either(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(tmp_path / "a\n::error::\x1b[31m", TWO)
    (root / "site").write_text("x")

    said = Said(capsys, root, "build", *ON)

    assert said.status == 3
    assert "\\n::error::\\x1b[31m" in said.err
    assert len(said.err.splitlines()) == 2


def test_a_remedy_has_lines_of_its_own_for_an_example_alone(capsys: pytest.CaptureFixture[str]) -> None:
    reports.say_trouble(SurroundingsError("what", "Write:\n  postponed:\n    - to: 2026-03-01, not\n  ::error::x"))

    assert capsys.readouterr().err == "what\n  Write:\n  postponed:\n    - to: 2026-03-01, not\\n  ::error::x\n"


def test_check_tells_wrong_settings_together_with_the_rest_whatever_day_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(tmp_path, WRONG, settings="[tool.inforce]\ntimezone = 'Mars/Olympus'\n")

    said = Said(capsys, root, "check")

    assert said.status == 1
    assert said.out == SOON + (
        'pyproject.toml:2: timezone is "Mars/Olympus"\n  Write an IANA name such as "Europe/Berlin".\n'
    )


@pytest.mark.parametrize("command", ["build", "check", "new privacy", "notice privacy@a", "redline a b", "status"])
def test_a_project_that_is_not_there_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    said = Said(capsys, tmp_path / "nowhere", *command.split())

    assert said.status == 2
    assert said.err.endswith(f"there is no folder {tmp_path}/nowhere\n")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_what_is_wrong_here_is_said_though_the_published_site_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    against = ("--against", str(tmp_path / "nowhere"))

    said = Said(capsys, project(tmp_path, SHORT), "check", *ON, *against, "--format", form)

    assert said.status == 3
    assert "1 day of notice, where the rule is 30" in said.out
    assert f"there is no folder {tmp_path}/nowhere\n" in said.err


# ------------------------------------------------------------------ status


def test_status_tells_where_each_policy_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {
        **TWO,
        "cookies/a.md": version("2027-01-01"),
        "terms/a.md": version("2026-01-10"),
    }

    said = Said(capsys, project(tmp_path, files), "status", *ON)

    assert (said.status, said.err) == (0, "")
    assert said.out == (
        "As of 2026-03-20:\n"
        "  cookies: nothing in force; next change on 2027-01-01\n"
        "  privacy: a in force; b takes effect on 2026-03-31; next change on 2026-03-31\n"
        "  terms: a in force\n"
    )


def test_status_tells_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = Said(capsys, project(tmp_path, TWO), "status", *ON, "--json")

    assert json.loads(said.out) == {
        "on": "2026-03-20",
        "policies": [
            {
                "policy": "privacy",
                "in_force": "a",
                "pending": [{"version": "b", "effective": "2026-03-31", "in_force_from": "2026-03-31"}],
                "next_change": "2026-03-31",
                "next_day": "2026-03-31",
            }
        ],
    }


def test_status_says_of_what_never_takes_effect_that_it_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "privacy/a.md": version("2026-01-10"),
        "privacy/b.md": version("2026-03-01", "effective: 2026-06-01"),
        "privacy/c.md": version("2026-03-02"),
        "privacy/d.md": version("2026-03-03", "corrects: c"),
    }
    root = project(tmp_path, files)

    said, told = Said(capsys, root, "status", *ON), Said(capsys, root, "status", *ON, "--json")

    assert said.out.splitlines()[1] == (
        "  privacy: a in force; b never takes effect (overtaken by d); c never takes effect (corrected by d); "
        "d takes effect on 2026-04-01; next change on 2026-04-01"
    )
    assert [(one["version"], one["in_force_from"]) for one in json.loads(told.out)["policies"][0]["pending"]] == [
        ("b", None),
        ("c", None),
        ("d", "2026-04-01"),
    ]


def test_status_of_faulty_policies_is_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = Said(capsys, project(tmp_path, WRONG), "status", *ON)

    assert (said.status, said.out, said.err) == (1, "", SOON)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_today_is_today_in_the_time_zone_of_the_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], zone: str
) -> None:
    root = project(tmp_path, TWO, settings=f"[tool.inforce]\ntimezone = '{zone}'\n")
    before = datetime.now(ZoneInfo(zone)).date()

    said = Said(capsys, root, "status")

    after = datetime.now(ZoneInfo(zone)).date()
    assert said.out.split("\n")[0] in {f"As of {before}:", f"As of {after}:"}


# ------------------------------------------------------------------ redline


def test_a_redline_of_two_files_is_a_page_that_stands_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "old.md").write_text("We keep it for seven years.\n", "utf-8")
    (tmp_path / "new.md").write_text(version("2026-03-01", body="We keep it for five years.\n"), "utf-8")

    said = Said(capsys, tmp_path, "redline", str(tmp_path / "old.md"), str(tmp_path / "new.md"))

    assert said.status == 0
    assert re.search(r"<del>.*seven.*</del>", said.out)
    assert re.search(r"<ins>.*five.*</ins>", said.out)
    assert "posted: 2026-03-01" not in said.out


def test_a_redline_of_two_versions_is_that_of_the_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(tmp_path, TWO)

    said = Said(capsys, root, "redline", "privacy@a", "privacy@b", *ON, "--format", "text")

    assert (said.status, said.err) == (0, "")
    assert said.out == "We keep your name for [-seven-] {+five+} years.\n"


def test_a_redline_for_programs_is_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = Said(capsys, project(tmp_path, TWO), "redline", "privacy@a", "privacy@b", *ON, "--format", "json")

    assert said.status == 0
    assert "five" in json.dumps(json.loads(said.out))


def test_a_redline_may_be_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root, there = project(tmp_path, TWO), tmp_path / "redline.html"

    said = Said(capsys, root, "redline", "privacy@a", "privacy@b", *ON, "--output", str(there))
    nowhere = Said(capsys, root, "redline", "privacy@a", "privacy@b", *ON, "--output", str(tmp_path / "a" / "b"))

    assert (said.status, said.out, said.err) == (0, "", "")
    assert there.read_text("utf-8").startswith("<!doctype html>")
    assert (nowhere.status, nowhere.err) == (
        3,
        f"{tmp_path}/a/b cannot be written: No such file or directory\n  Choose another place.\n",
    )


@pytest.mark.parametrize(
    ("old", "told"),
    [
        ("nowhere.md", "nowhere.md: No such file or directory; give a Markdown file, or policy@version"),
        ("x" * 5000 + "@a", "File name too long; give a Markdown file, or policy@version"),
        ("terms@a", "there is no policy terms; there are cookies, privacy"),
        ("privacy@c", "no version c of privacy is posted as of 2026-03-20; there are: a, b"),
        ("cookies@a", "no version of cookies is posted as of 2026-03-20; there are: none"),
    ],
)
def test_a_side_that_is_not_there_is_a_usage_error_that_names_what_there_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, told: str
) -> None:
    root = project(tmp_path, {**TWO, "cookies/a.md": version("2027-01-01")})

    said = Said(capsys, root, "redline", old, "privacy@b", *ON)

    assert said.status == 2
    assert said.err.endswith(f"{told}\n")


@pytest.mark.parametrize(
    ("data", "line", "what"),
    [
        (b"---\ntitle: \xff\n---\nText.\n", 2, "is not UTF-8"),
        (b"---\ntitle: T\nText.\n", 1, "the front matter is opened by --- and never closed"),
        (b"---\ntitle: T\n---\n\n" + b"> " * 30 + b"x\n", 5, "lists or quotes stand"),
        (b"\n" + b"> " * 30 + b"x\n", 2, "lists or quotes stand"),
    ],
    ids=["bytes", "front matter", "text below front matter", "text"],
)
def test_a_side_that_cannot_be_read_is_said_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, line: int, what: str
) -> None:
    path = tmp_path / "old.md"
    path.write_bytes(data)

    said = Said(capsys, tmp_path, "redline", str(path), str(path))

    assert said.status == 1
    assert said.err.startswith(f"{path}:{line}: {what}")


def test_a_version_that_cannot_be_read_is_said_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(tmp_path, {"privacy/a.md": version("2026-01-10", body="> " * 30 + "x\n")})

    said = Said(capsys, root, "redline", "privacy@a", "privacy@a", *ON)

    assert said.status == 1
    assert said.err.startswith("policies/privacy/a.md:5: lists or quotes stand")


# ------------------------------------------------------------------ how it is called


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2026-2-3", "20260203", "2026-W01-1", "tomorrow", "", "2026-01-01T00:00", "\uff12026-01-01"]
)
def test_a_day_is_written_year_month_day(tmp_path: Path, capsys: pytest.CaptureFixture[str], day: str) -> None:
    said = Said(capsys, tmp_path, "status", "--on", day)

    assert said.status == 2
    assert said.err.endswith(f"argument --on: '{day}' is not a day; write year-month-day, like 2026-03-01\n")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_any_day_of_the_calendar_can_be_asked_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], day: str
) -> None:
    root = project(tmp_path, TWO)

    assert [Said(capsys, root, command, "--on", day).status for command in ("status", "check", "build")] == [0, 0, 0]


@pytest.mark.parametrize("arguments", [[], ["bild"], ["build", "--day", "2026-01-01"], ["check", "--format", "xml"]])
def test_a_command_that_there_is_not_is_a_usage_error(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(arguments)

    assert left.value.code == 2


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["--version"]])
def test_help_is_given_and_the_release_named(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(arguments)

    said = capsys.readouterr().out
    assert left.value.code == 0
    assert said.startswith("inforce ") if arguments == ["--version"] else "inforce build --on 2026-12-20" in said


@pytest.mark.parametrize(("columns", "width"), [("40", 38), ("wide", 78)])
def test_help_is_as_wide_as_the_terminal(
    columns: str, width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)

    with pytest.raises(SystemExit):
        run(["build", "--help"])

    longest = max(len(line) for line in capsys.readouterr().out.splitlines() if "  --" in line)
    assert width - 12 <= longest <= width


def test_the_release_is_unknown_where_inforce_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "path", [])

    with pytest.raises(SystemExit):
        run(["--version"])

    assert capsys.readouterr().out == "inforce (not installed)\n"


def test_what_the_system_refuses_is_said_in_one_line(
    shut: tuple[Path, Callable[[Path], AbstractContextManager[None]]], capsys: pytest.CaptureFixture[str]
) -> None:
    root, shutting = shut
    project(root, TWO)
    (root / "templates").mkdir()
    (root / "templates" / "redline.html").write_text("x", "utf-8")

    with shutting(root / "templates" / "redline.html"):
        said = Said(capsys, root, "redline", "privacy@a", "privacy@b", *ON)

    assert (said.status, said.err) == (3, f"{root}/templates/redline.html: Permission denied\n")


def test_an_answer_that_nobody_reads_ends_quietly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(tmp_path, TWO)
    reader, writer = os.pipe()
    os.close(reader)

    with os.fdopen(writer, "w") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        status = run(["status", "--root", str(root), *ON])

    assert (status, capsys.readouterr().err) == (3, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_an_answer_for_which_there_is_no_room_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(tmp_path, TWO)

    with Path("/dev/full").open("w", encoding="utf-8") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        status = run(["status", "--root", str(root), *ON])

    assert (status, capsys.readouterr().err) == (3, "the answer: No space left on device\n")


def test_a_closed_standard_output_is_no_reason_to_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)

    assert run(["status", "--root", str(project(tmp_path, TWO)), *ON]) == 0
    sys.stdout.close()  # that is what stood in for it


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_an_error_for_which_there_is_no_room_ends_it_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(tmp_path, TWO)

    with Path("/dev/full").open("w", encoding="utf-8", buffering=1) as stderr:
        monkeypatch.setattr(sys, "stderr", stderr)
        status = run(["check", "--root", str(root), *ON])

    assert status == 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_the_number_of_the_version_needs_room_too(tmp_path: Path) -> None:
    done = shell(tmp_path, "--version >/dev/full")

    assert (done.returncode, done.stderr) == (3, "the answer: No space left on device\n")


# ------------------------------------------------------------------ as a process of its own


@pytest.mark.parametrize("closed", ["1>&-", "2>&-", "0>&- 1>&- 2>&-"])
def test_a_stream_that_is_closed_is_no_reason_to_fail(tmp_path: Path, closed: str) -> None:
    root = project(tmp_path, TWO)

    assert shell(root, f"build --no-cache {closed}").returncode == 0
    assert (root / "site" / "privacy" / "index.html").is_file()


def test_python_m_inforce_is_inforce(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["inforce", "status", "--root", str(project(tmp_path, TWO)), *ON])

    with pytest.raises(SystemExit) as left:
        runpy.run_module("inforce", run_name="__main__")

    gc.unfreeze()  # here the process goes on
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith("As of 2026-03-20:\n  privacy: a in force")


def test_a_terminal_that_lacks_letters_is_no_reason_to_fail(tmp_path: Path) -> None:
    root = project(tmp_path, {**TWO, "利用規約/a.md": version("2026-01-10")})

    done = process("status", "--root", str(root), *ON, PYTHONIOENCODING="ascii")

    assert done.returncode == 0
    assert "  \\u5229\\u7528\\u898f\\u7d04: a in force\n" in done.stdout


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_what_programs_are_told_is_json_whatever_the_terminal_lacks(tmp_path: Path, encoding: str) -> None:
    files = {"privacy/a.md": version("é-\u05d0"), "privacy/b.md": version("2026-01-10")}
    root = project(tmp_path, files)
    (tmp_path / "a.md").write_text("é\n", "utf-8")
    (tmp_path / "b.md").write_text("\u05d0\n", "utf-8")

    checked = process("check", "--format", "json", "--root", str(root), *ON, PYTHONIOENCODING=encoding)
    compared = process(
        "redline", str(tmp_path / "a.md"), str(tmp_path / "b.md"), "--format", "json", PYTHONIOENCODING=encoding
    )

    assert json.loads(checked.stdout)[0]["message"] == "posted is 'é-\u05d0', not a day"
    assert "\u05d0" in json.dumps(json.loads(compared.stdout), ensure_ascii=False)


# ------------------------------------------------------------------ laws

KEYS = st.sampled_from(["title", "posted", "effective", "summary", "corrects", "postponed", "withdrawn", "slug"])
VALUES = st.sampled_from(["2026-03-01", "9999-12-31", "0001-01-01", "a", "'a'", "", "[a]", "*a", "x: y", '"\\ud800"'])
BODIES = st.sampled_from(["# A\n\n# A\n", "[a](#b) ![c](d.png)\n", "|a|\n|-|\n", "> " * 30 + "\n", "<b>\x01\u202e\n"])


@given(st.lists(st.tuples(KEYS, VALUES | st.text(max_size=9)), max_size=4), BODIES | st.text(max_size=30))
@settings(max_examples=50, deadline=None)
def test_whatever_an_author_writes_the_answer_is_words_and_never_a_traceback(
    lines: list[tuple[str, str]], body: str
) -> None:
    written = version("2026-01-10", *(f"{key}: {value}" for key, value in lines), body=body)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.TextIOWrapper(io.BytesIO())):
        root = project(Path(folder), {"privacy/a.md": written.encode(errors="replace")})

        answers = [run([command, "--root", str(root), *ON]) for command in ("check", "build")]

    assert answers in ([0, 0], [1, 1])


# ------------------------------------------------------------------ where a site may not be written, and other refusals


@pytest.mark.parametrize("out", ["policies/site", "templates", ".", ".."])
def test_a_site_is_not_written_over_what_it_is_made_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], out: str
) -> None:
    root = project(tmp_path / "project", TWO)

    said = Said(capsys, root, "build", *ON, "--out", str(root / out))

    assert said.status == 2
    assert "choose" in said.err


def test_a_head_has_64_signs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(["verify", str(tmp_path), "--head", ""])

    assert left.value.code == 2
    assert "is not a head" in capsys.readouterr().err


def test_a_redline_of_two_versions_is_the_one_that_the_site_shows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(tmp_path, TWO)
    Said(capsys, root, "build", *ON)
    page = (root / "site" / "privacy" / "b" / "changes" / "index.html").read_text("utf-8")

    said = Said(capsys, root, "redline", *ON, "privacy@a", "privacy@b")

    shown, told = (one.split("<article")[1].split(">", 1)[1].split("</article>")[0] for one in (page, said.out))
    assert "<ins>" in told
    assert shown.split() == told.split()


def test_a_version_is_compared_with_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(tmp_path, TWO)
    draft = root / "draft.md"
    draft.write_text("Something else.\n", "utf-8")

    said = Said(capsys, root, "redline", *ON, "privacy@a", str(draft), "--format", "text")

    assert "{+Something else.+}" in said.out


def test_since_gives_markdown_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = Said(capsys, project(tmp_path, TWO), "redline", "--since", "main", "--format", "json")

    assert (said.status, "leave --format out" in said.err) == (2, True)


def test_a_break_from_the_keyboard_is_no_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("inforce.sources.read", broken)

    assert run(["status", "--root", str(tmp_path)]) == 130


def loaded_but_for(raised: BaseException, cause: BaseException | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the program, which is interrupted while it is loaded."""

    class Broken:
        def __getattr__(self, name: str) -> None:
            raise raised from cause

    monkeypatch.setitem(sys.modules, "inforce.cli", Broken())
    runpy.run_module("inforce", run_name="__main__")


@pytest.mark.parametrize(
    ("raised", "cause"), [(KeyboardInterrupt(), None), (RuntimeError("__set_name__"), KeyboardInterrupt())]
)
def test_a_break_while_the_program_is_loaded_is_no_traceback(
    raised: BaseException, cause: BaseException | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit) as ended:
        loaded_but_for(raised, cause, monkeypatch)

    assert ended.value.code == 130


def test_a_mistake_while_the_program_is_loaded_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuntimeError, match="ours"):
        loaded_but_for(RuntimeError("ours"), None, monkeypatch)


def test_nothing_is_loaded_before_a_break_is_heard() -> None:
    loaded = "import sys; before = set(sys.modules); import inforce.__main__; print(*sorted({*sys.modules} - before))"

    told = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True)

    assert told.stdout.split() == ["gc", "inforce", "inforce.__main__"]


def test_a_text_that_a_branch_changes_is_told_as_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(tmp_path, TWO)
    histories.start(root)
    histories.commit(root, "2026-03-01", {})
    histories.write(root, {"policies/privacy/a.md": "---\ntitle: Privacy\nposted: 2026-01-10\n---\nAnother text.\n"})

    said = Said(capsys, root, "redline", "--since", "HEAD")

    assert "### `policies/privacy/a.md`\n\nThe text that was there is changed.\n" in said.out
    assert "Another text." in said.out
