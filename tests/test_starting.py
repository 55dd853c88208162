from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from inforce import settings, starting
from inforce.cli import run
from inforce.errors import SurroundingsError
from tests import histories

if TYPE_CHECKING:
    from pathlib import Path

ON = ("--on", "2026-03-20")
DAY = date(2026, 3, 20)


def init(folder: Path) -> int:
    return run(["init", str(folder), *ON])


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_project_begins_checks_and_builds_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "of ours" / "policies"

    begun = init(root)
    begun_with = sorted(files(root))
    said = capsys.readouterr()
    checked = run(["check", "--root", str(root), *ON])
    found = capsys.readouterr()
    built = run(["build", "--root", str(root), *ON])

    page = (root / "site" / "privacy" / "index.html").read_text("utf-8")
    assert (begun, checked, built) == (0, 0, 0)
    assert said.out.splitlines() == [str(root / name) for name in begun_with]
    assert f"  cd '{root}'\n  inforce serve\n" in said.err
    assert found.err == "0 errors, 7 warnings.\n"
    assert all("is shown to readers as it stands" in line for line in found.out.splitlines()[::2])
    assert 'data-version="2026-03-20" data-standing="in force"' in page
    assert "Privacy policy" in page
    assert "{{ Who you are }}" in page


def test_a_project_that_has_begun_warns_of_nothing_but_what_is_to_be_filled_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    init(tmp_path)
    version = tmp_path / "policies" / "privacy" / "2026-03-20.md"
    version.write_text(version.read_text("utf-8").replace("{{ ", "").replace(" }}", ""), "utf-8")
    capsys.readouterr()

    status = run(["check", "--strict", "--root", str(tmp_path), *ON])

    assert (status, capsys.readouterr().out) == (0, "")


def test_a_project_begins_with_the_settings_that_hold_where_there_are_none(tmp_path: Path) -> None:
    init(tmp_path)

    begun = settings.read(tmp_path)

    told = tomllib.loads((tmp_path / settings.FILE).read_text("utf-8"))["tool"]["inforce"]
    assert begun == replace(settings.read(tmp_path / "policies"), title="Our policies")
    assert told.keys() == {"title", "timezone", "notice-days", "language"}


def test_a_project_can_begin_in_a_repository_that_exists_and_what_is_built_is_not_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    histories.start(tmp_path)
    histories.commit(tmp_path, "2026-03-01", {"notes.txt": "ours"})
    monkeypatch.chdir(tmp_path)

    status = run(["init", *ON])
    run(["build", *ON])

    untracked = histories.git(tmp_path, "status", "--porcelain", "--untracked-files=all")
    assert status == 0
    assert "cd " not in capsys.readouterr().err
    assert "policies/privacy/2026-03-20.md" in untracked
    assert "site/" not in untracked
    assert "cache" not in untracked


@pytest.mark.parametrize(
    ("there", "lacks"),
    [
        ("README.md", ""),
        (".github/workflows/daily.yml", ""),
        (
            ".github/workflows/check.yml",
            "; it does not run inforce: `inforce init` in an empty folder writes one that does",
        ),
        ("policies/terms/a.md", ""),
        ("pyproject.toml", '; it has no settings of inforce yet: add\n    [tool.inforce]\n    title = "Our policies"'),
        (".gitignore", "; add to it\n    /site/\n    /.venv/"),
        (
            "requirements.txt",
            "; the workflows install inforce from it: add\n    inforce @ git+https://HOST/OWNER/inforce@FULL-COMMIT-ID",
        ),
    ],
)
def test_what_is_there_is_left_alone_and_the_rest_begun(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], there: str, lacks: str
) -> None:
    histories.write(tmp_path, {there: "ours", "notes.txt": "ours"})
    before = files(tmp_path)

    status = init(tmp_path)

    said = capsys.readouterr()
    named = "policies" if there.startswith("policies/") else there
    begun = {name for name in starting.beginning(DAY) if name.split("/")[0] != named and name != named}
    assert status == 0
    assert said.err.startswith(f"{tmp_path / named}: left alone, it was there{lacks}\n")
    assert ("README.md there says" in said.err) == (there != "README.md")
    assert said.out.splitlines() == [str(tmp_path / name) for name in sorted(begun)]
    assert files(tmp_path).keys() == begun | before.keys()
    assert files(tmp_path).items() >= before.items()


def test_files_that_lack_nothing_are_named_and_what_is_begun_already_is_not_begun_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    init(tmp_path)
    before = files(tmp_path)
    capsys.readouterr()

    status = init(tmp_path)

    said = capsys.readouterr()
    names = sorted({name.replace("policies/privacy/2026-03-20.md", "policies") for name in before})
    assert (status, said.out) == (0, "")
    assert said.err.splitlines() == [
        *(f"{tmp_path / name}: left alone, it was there" for name in names),
        "Nothing was written: all that a project begins with is there.",
    ]
    assert files(tmp_path) == before


def test_a_daily_build_is_not_begun_beside_a_publication_of_another_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    histories.write(tmp_path, {".github/workflows/publish.yml": "ours"})

    status = init(tmp_path)

    said = capsys.readouterr()
    assert status == 0
    assert f"{tmp_path}/.github/workflows/daily.yml: not written; it would call publish.yml\n" in said.err
    assert not (tmp_path / ".github/workflows/daily.yml").exists()


def test_settings_that_cannot_be_read_have_none_of_inforce(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pyproject.toml").mkdir()

    init(tmp_path)

    assert "pyproject.toml: left alone, it was there; it has no settings of inforce yet" in capsys.readouterr().err


def test_a_project_that_begins_in_a_folder_of_a_repository_has_workflows_for_its_top(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    histories.start(tmp_path)
    roots = [tmp_path / "legal" / "texts", tmp_path / "of ours"]

    statuses = [init(root) for root in roots]

    told = capsys.readouterr().err
    plain, spaced = ((root / ".github/workflows/publish.yml").read_text("utf-8") for root in roots)
    assert statuses == [0, 0]
    assert (
        f"{roots[0]}/.github/workflows: GitHub reads workflows at the top of a repository alone; "
        f"move them into {tmp_path}/.github/workflows, they are made for that place\n"
    ) in told
    assert "working-directory: legal/texts #" in plain
    assert "path: legal/texts/site\n" in plain
    assert 'working-directory: "of ours" #' in spaced
    assert 'path: "of ours/site"\n' in spaced


@pytest.mark.parametrize(
    ("steps", "branch"),
    [
        ([], "main"),
        ([("symbolic-ref", "HEAD", "refs/heads/trunk")], "trunk"),
        ([("symbolic-ref", "HEAD", "refs/heads/a,b")], "main"),
        ([("commit", "-q", "--allow-empty", "-m", "a"), ("checkout", "-q", "-b", "policies")], "main"),
        ([("commit", "-q", "--allow-empty", "-m", "a"), ("branch", "-m", "x"), ("checkout", "-q", "--detach")], "main"),
        ([("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/release/1")], "release/1"),
    ],
)
def test_the_workflows_publish_the_branch_that_the_repository_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], steps: list[tuple[str, ...]], branch: str
) -> None:
    histories.start(tmp_path)
    for step in steps:
        histories.git(tmp_path, *step)

    init(tmp_path)

    publish = (tmp_path / ".github/workflows/publish.yml").read_text("utf-8")
    assert f"branches: [{branch}]\n" in publish
    assert f"ref: {branch} #" in publish
    assert (f"The workflows publish the branch {branch}.\n" in capsys.readouterr().err) == (branch != "main")
    assert f"What is on `{branch}` is public" in (tmp_path / "README.md").read_text("utf-8")


def test_without_git_the_branch_is_main(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    histories.start(tmp_path)
    histories.git(tmp_path, "symbolic-ref", "HEAD", "refs/heads/trunk")
    monkeypatch.setenv("PATH", "")

    assert starting.place(tmp_path / "legal") == ("main", "legal", "UTC")


@pytest.mark.parametrize(("settings", "zone"), [('timezone = "Asia/Tokyo"', "Asia/Tokyo"), ("timezone = 3", "UTC")])
def test_the_daily_build_keeps_the_time_zone_that_the_settings_name(tmp_path: Path, settings: str, zone: str) -> None:
    histories.write(tmp_path, {"pyproject.toml": f"[tool.inforce]\n{settings}\n"})

    init(tmp_path)

    assert f'timezone: "{zone}" #' in (tmp_path / starting.DAILY).read_text("utf-8")


def test_what_cannot_be_finished_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "workflows").write_text("a file", "utf-8")
    nowhere = tmp_path / "file" / "project"
    (tmp_path / "file").write_text("a file", "utf-8")
    before = sorted(tmp_path.rglob("*"))

    statuses = [init(tmp_path), init(nowhere)]

    assert statuses == [3, 3]
    assert capsys.readouterr().err.count("cannot be written: Not a directory\n  Nothing was left behind.") == 2
    assert sorted(tmp_path.rglob("*")) == before


def test_what_was_begun_is_taken_back_when_the_rest_cannot_be_written(tmp_path: Path) -> None:
    root = tmp_path / "new"

    with pytest.raises(SurroundingsError, match="cannot be written: Not a directory"):
        starting.begin(root, {"a/b": "written", "a/b/c": "below a file"})

    assert not root.exists()
