from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from inforce import settings, starting
from inforce.cli import run
from inforce.errors import SurroundingsError
from tests import histories

if TYPE_CHECKING:
    from pathlib import Path

ON = ("--on", "2026-03-20")


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


@pytest.mark.parametrize("there", ["README.md", "policies/terms/a.md", ".github/workflows/check.yml", "pyproject.toml"])
def test_nothing_is_overwritten_and_nothing_begun_by_halves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], there: str
) -> None:
    histories.write(tmp_path, {there: "ours", "notes.txt": "ours"})
    before = files(tmp_path)

    status = init(tmp_path)

    said = capsys.readouterr()
    named = "policies" if there.startswith("policies/") else there
    assert (status, said.out) == (3, "")
    assert said.err.startswith(f"nothing was written, since these are there already: {named}\n")
    assert files(tmp_path) == before


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
