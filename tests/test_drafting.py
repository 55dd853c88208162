from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inforce.cli import run
from tests.projects import project, version

if TYPE_CHECKING:
    from pathlib import Path

ON = ("--on", "2026-03-20")
TWO = {
    "privacy/2026-01-10.md": version("2026-01-10", title="'Ours: it''s'"),
    "privacy/2026-03-01.md": version("2026-03-01", body="We keep your address.\n"),
    "privacy/2026-03-02.md": version("2026-03-02", "withdrawn: 2026-03-05", body="We keep nothing.\n"),
}


def new(root: Path, *arguments: str) -> int:
    try:
        return run(["new", "--root", str(root), *ON, *arguments])
    except SystemExit as left:
        return int(left.code or 0)


def test_the_next_version_begins_with_the_last_text_that_was_not_withdrawn_pending_or_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(tmp_path, TWO)

    status = new(root, "privacy")

    path, said = root / "policies/privacy/2026-03-20.md", capsys.readouterr()
    assert (status, said.out) == (0, f"{path}\n")
    assert "with the text of 2026-03-01" in said.err
    assert path.read_text("utf-8") == (
        "---\ntitle: 'Privacy'\nposted: 2026-03-20\n# effective: 2026-04-19 by the rule; a line only for another day\n"
        "# summary: What changes, in your own words. Take away the # when you have written it.\n---\n\n"
        "We keep your address.\n"
    )
    assert run(["build", "--root", str(root), *ON]) == 0


@pytest.mark.parametrize(
    ("kept", "name"),
    [
        ("Our Terms", "Our Terms"),
        ("Our Terms", "our-terms"),
        ("Privacy", "privacy"),
        ("privacy", "PRIVACY"),
        ("Rules 2.0", "rules-2.0"),
    ],
)
def test_a_policy_is_found_by_its_address_however_its_folder_is_written(tmp_path: Path, kept: str, name: str) -> None:
    files = {
        "_notes/a.md": "",
        ".md": "",
        "README.md": "",
        f"{name}.txt": "",
        f"{kept}/2026-01-10.md": version("2026-01-10", body="Ours.\n"),
    }
    root = project(tmp_path, files)

    status = new(root, name)

    assert status == 0
    assert (root / "policies" / kept / "2026-03-20.md").read_text("utf-8").endswith("\n\nOurs.\n")
    assert run(["build", "--root", str(root), *ON]) == 0


def test_an_evolving_file_is_found_by_its_address_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(tmp_path, {"Our Terms.md": version("2026-01-10")})

    status = new(root, "our terms")

    assert status == 2
    assert "our-terms is one evolving file: change its text" in capsys.readouterr().err


def test_another_text_and_other_days_can_be_chosen(tmp_path: Path) -> None:
    root = project(tmp_path, TWO)

    status = new(root, "privacy", "--from", "2026-01-10", "--posted", "2026-05-01", "--effective", "2026-07-01")

    written = (root / "policies/privacy/2026-05-01.md").read_text("utf-8")
    assert status == 0
    assert "title: 'Ours: it''s'\nposted: 2026-05-01\neffective: 2026-07-01\n" in written
    assert run(["check", "--root", str(root), *ON]) == 0


def test_a_version_may_take_effect_on_the_day_of_its_posting(tmp_path: Path) -> None:
    assert new(project(tmp_path, TWO), "privacy", "--posted", "2026-05-01", "--effective", "2026-05-01") == 0


@pytest.mark.parametrize(
    ("settings", "posted", "by_rule"),
    [
        ("[tool.inforce]\nnotice-days = 10\n", "2026-05-01", "2026-05-11"),
        ("[tool.inforce]\nnotice-days = 10\npolicies.privacy.notice-days = 5\n", "2026-05-01", "2026-05-06"),
        ("", "9999-12-20", "9999-12-31"),
    ],
)
def test_the_day_by_the_rule_is_that_of_the_policy(tmp_path: Path, settings: str, posted: str, by_rule: str) -> None:
    root = project(tmp_path, TWO, settings=settings)

    assert new(root, "privacy", "--posted", posted) == 0
    assert f"# effective: {by_rule} by the rule" in (root / f"policies/privacy/{posted}.md").read_text("utf-8")


def test_a_policy_that_is_not_there_is_begun_and_what_is_left_to_write_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = new(tmp_path, "terms-of-use")
    checked = run(["check", "--strict", "--root", str(tmp_path), *ON])

    assert (status, checked) == (0, 1)
    written = (tmp_path / "policies/terms-of-use/2026-03-20.md").read_text("utf-8")
    assert "title: 'Terms of use'\nposted: 2026-03-20\n# effective: 2026-03-20 by the rule" in written
    assert "{{ the text of the policy }}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["privacy", "--posted", "2026-03-01"], "a version of privacy is posted on 2026-03-01 already"),
        (["privacy", "--posted", "2026-01-10"], "a version of privacy is posted on 2026-01-10 already"),
        (["privacy", "--posted", "2026-04-01"], "a version of privacy is posted on 2026-04-01 already"),
        (["privacy", "--from", "x"], "there is no version x; there are: 2026-04-01, 2026-03-01"),
        (["privacy", "--effective", "2026-01-01"], "effective 2026-01-01 is before posted 2026-03-20"),
        (["cookies", "--from", "x"], "there is no version x: cookies has none yet"),
        (["terms"], "terms is one evolving file: change its text and its `posted`"),
        (["gone"], "all are withdrawn; there are: a"),
        (["a/b"], "a/b cannot be a policy: its name holds /"),
        (["_drafts"], "_drafts cannot be a policy: what begins with a dot or a low line is none"),
        ([""], "cannot be a policy: it has no name"),
    ],
)
def test_what_cannot_be_begun_is_refused_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    others = {"terms.md": "x", "gone/a.md": version("2026-01-01", "effective: 2026-02-01", "withdrawn: 2026-01-05")}
    root = project(tmp_path, {**TWO, **others})
    (root / "policies/privacy/2026-01-10.md").rename(root / "policies/privacy/2026-04-01.md")
    before = sorted(root.rglob("*"))

    status = new(root, *arguments)

    assert status == 2
    assert told in capsys.readouterr().err
    assert sorted(root.rglob("*")) == before


@pytest.mark.parametrize(
    ("called", "path", "named"),
    [("inforce", "/nowhere", "'{}/of ours/inforce'"), ("inforce", "{}/of ours", "inforce"), ("x.py", "/", "inforce")],
)
def test_it_is_said_how_to_look_at_what_has_begun(  # noqa: PLR0913, PLR0917 - what a shell knows
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    called: str,
    path: str,
    named: str,
) -> None:
    program = tmp_path / "of ours" / called
    program.parent.mkdir()
    program.touch(0o755)
    monkeypatch.setattr("sys.argv", [str(program), "new"])
    monkeypatch.setenv("PATH", path.format(tmp_path))

    new(project(tmp_path / "root", TWO), "privacy")

    assert capsys.readouterr().err.endswith(f" Look at it: {named.format(tmp_path)} serve --on 2026-03-20\n")
