from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from inforce import proposed
from inforce.cli import run
from inforce.errors import PolicyError
from tests.histories import commit, git, start, write

if TYPE_CHECKING:
    from pathlib import Path

ON = date(2026, 11, 28)
FIRST, SECOND = "policies/privacy/2026-10-01.md", "policies/privacy/2026-11-20.md"


def version(posted: str, *lines: str, body: str = "We keep your orders.") -> str:
    return "\n".join(["---", "title: Privacy", f"posted: {posted}", *lines, "---", "", body, ""])


def parted(folder: Path, files: dict[str, str | bytes | None] | None = None) -> Path:
    """A project on a branch that has just parted from main: one version in force and one pending."""
    start(folder)
    policies = {FIRST: version("2026-10-01"), SECOND: version("2026-11-20", body="We keep your orders for a year.")}
    commit(folder, "2026-11-20", {**policies, **(files or {})})
    git(folder, "switch", "-q", "-c", "draft")
    return folder


def told(root: Path, limit: int | None = proposed.LIMIT) -> str:
    return proposed.summary(root, "main", ON, limit)


def standing(root: Path) -> list[str]:
    return [line for line in told(root).splitlines() if line.startswith("- ")]


# ------------------------------------------------------------------ versions that stand otherwise


@pytest.mark.parametrize(
    ("lines", "now", "key"),
    [
        (
            ["postponed:", "  - announced: 2026-11-28", "    to: 2027-01-15"],
            "effective 2027-01-15 (pending as of 2026-11-28)",
            "postponed",
        ),
        (["effective: 2026-12-24"], "effective 2026-12-24 (pending as of 2026-11-28)", "effective"),
        (["withdrawn: 2026-11-28"], "withdrawn on 2026-11-28 (withdrawn as of 2026-11-28)", "withdrawn"),
    ],
)
def test_a_version_that_is_moved_or_withdrawn_is_told_with_its_days_and_standings(
    tmp_path: Path, lines: list[str], now: str, key: str
) -> None:
    root = parted(tmp_path)
    write(root, {SECOND: version("2026-11-20", *lines, body="We keep your orders for a year.")})

    assert told(root) == (
        "### Versions that stand otherwise\n\n"
        f"- `privacy@2026-11-20`: was effective 2026-12-20 (pending as of 2026-11-28); is now {now}\n\n"
        f"### `{SECOND}`\n\nThe text is as it was; of the front matter is changed: `{key}`.\n\n"
    )


def test_a_notice_period_that_moves_a_pending_version_is_told_though_no_policy_is_changed(tmp_path: Path) -> None:
    root = parted(tmp_path, {"pyproject.toml": "[tool.inforce]\nnotice-days = 30\n"})
    write(root, {"pyproject.toml": "[tool.inforce.policies.privacy]\nnotice-days = 5\n"})

    (line,) = standing(root)
    assert line == (
        "- `privacy@2026-11-20`: was effective 2026-12-20 (pending as of 2026-11-28); "
        "is now effective 2026-11-25 (in force as of 2026-11-28)"
    )


def test_a_version_that_a_new_one_overtakes_or_corrects_is_told(tmp_path: Path) -> None:
    root = parted(tmp_path)
    write(root, {"policies/privacy/fast.md": version("2026-11-28", "effective: 2026-12-01")})
    overtaken = standing(root)
    write(root, {"policies/privacy/fast.md": version("2026-11-30", "corrects: '2026-11-20'")})

    corrected = standing(root)

    assert overtaken[0].endswith("is now never in force, overtaken by fast (pending as of 2026-11-28)")
    assert corrected[0].endswith("is now never in force, corrected by fast (pending as of 2026-11-28)")
    assert len(overtaken + corrected) == 2


def test_a_version_that_is_not_posted_yet_stands_so(tmp_path: Path) -> None:
    root = parted(tmp_path, {SECOND: version("2026-12-20")})
    write(root, {SECOND: version("2026-12-20", "effective: 2026-12-24")})

    (line,) = standing(root)
    assert line == (
        "- `privacy@2026-11-20`: was effective 2027-01-19 (unposted as of 2026-11-28); "
        "is now effective 2026-12-24 (unposted as of 2026-11-28)"
    )


@pytest.mark.parametrize(
    "faulty",
    [
        {SECOND: "no front matter"},
        {SECOND: b"\xff"},
        {SECOND: version("2026-10-01")},
        {SECOND: version("2026-11-20", "effective: 2026-11-01")},
    ],
)
def test_of_a_policy_that_was_faulty_nobody_knows_how_its_versions_stood(
    tmp_path: Path, faulty: dict[str, str | bytes | None]
) -> None:
    root = parted(tmp_path, faulty)
    write(root, {SECOND: version("2026-11-20", "effective: 2026-12-24")})

    assert standing(root) == []


@pytest.mark.parametrize("settings", ["[tool.inforce]\nnotice-days = 5\ntitel = 3\n", "notice-days =", b"\xff"])
def test_of_settings_that_were_faulty_what_could_be_read_counts(tmp_path: Path, settings: str | bytes) -> None:
    root = parted(tmp_path, {"pyproject.toml": settings})
    write(root, {"pyproject.toml": ""})

    moved = standing(root)

    assert [line.split(";")[0] for line in moved] == [
        "- `privacy@2026-11-20`: was effective 2026-11-25 (in force as of 2026-11-28)"
    ] * (isinstance(settings, str) and "titel" in settings)


def test_of_very_many_versions_that_stand_otherwise_some_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposed, "MOST", 1)
    files = [f"policies/p{number}/2026-11-20.md" for number in "12"]
    root = parted(tmp_path, {path: version("2026-11-20") for path in files})
    write(root, {path: version("2026-11-20", "effective: 2027-01-01") for path in files})

    assert [line.split(":")[0] for line in standing(root)] == ["- `p1@2026-11-20`", "- and 1 more"]


def test_other_keys_that_change_with_a_text_are_named(tmp_path: Path) -> None:
    root = parted(tmp_path)
    write(root, {FIRST: version("2026-10-01", "summary: Short.", body="We keep all orders.")})

    assert "The text that was there is changed. Also of the front matter is changed: `summary`.\n" in told(root)


def test_a_comment_in_the_front_matter_changes_no_key(tmp_path: Path) -> None:
    root = parted(tmp_path)
    write(root, {FIRST: version("2026-10-01", "# ours")})

    assert "The text is as it was; other lines of the front matter are changed.\n" in told(root)


# ------------------------------------------------------------------ what is wrong


def test_all_that_is_wrong_is_told_at_once_and_nothing_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = parted(tmp_path)
    conflict = "<<<<<<< HEAD\nOne.\n=======\nTwo.\n>>>>>>> other\n"
    files = {
        "policies/a/x.md": "---\nno end\n",
        "policies/b/x.md": "---\nno end\n",
        "policies/c/x.md": version("2026-11-28", "titel: x"),
        "policies/d/x.md": version("2026-11-28", body=conflict).replace("\n", "\r\n"),
    }
    write(root, files)

    status = run(["redline", "--since", "main", "--root", str(root)])

    said = capsys.readouterr()
    lines = [line.split(" ")[0] for line in said.err.splitlines() if not line.startswith(" ")]
    assert (status, said.out) == (1, "")
    assert lines == ["policies/a/x.md:1:", "policies/b/x.md:1:", "policies/c/x.md:4:", "policies/d/x.md:6:"]


def test_a_merge_that_was_not_finished_is_no_change_to_be_agreed_to(tmp_path: Path) -> None:
    root = parted(tmp_path)
    write(root, {FIRST: version("2026-10-01", body="One.\n\n<<<<<<< HEAD\nTwo.\n=======\nThree.\n>>>>>>> other")})

    with pytest.raises(PolicyError, match=f"{FIRST}:8: the line '<<<<<<< HEAD' was left by a merge"):
        told(root)


# ------------------------------------------------------------------ what fits


def many(root: Path) -> Path:
    for number in range(6):
        words = " ".join(f"{word}-{number}" for word in range(40 if number else 400))
        write(root, {f"policies/p{number}/a.md": version("2026-11-28", body=words)})
    return root


def test_a_summary_that_would_be_too_long_names_what_it_leaves_out(tmp_path: Path) -> None:
    root = many(parted(tmp_path))
    whole = told(root, None)

    short, shorter = told(root, 4_000), told(root, 840)

    assert len(told(root, len(whole))) == len(whole)
    assert [text.count("<div>") for text in (whole, short, shorter)] == [6, 3, 0]
    assert [text.count("Its redline is left out here.") for text in (whole, short, shorter)] == [0, 3, 4]
    assert "### `policies/p0/a.md`\n\nA new version, the first of its policy: posted 2026-11-28" in short
    assert short.startswith("This is not all, since GitHub shows no summary of more than a megabyte.")
    assert "### And" not in short
    assert shorter.endswith("### And 2 more\n\nSo many files are changed besides, and not named here.\n")
    assert (len(short) <= 4_000, len(shorter) <= 840) == (True, True)


def test_what_is_written_to_a_file_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(proposed, "LIMIT", 1_000)
    root, out = many(parted(tmp_path / "project")), tmp_path / "redline.md"

    run(["redline", "--since", "main", "--root", str(root), "--on", str(ON), "--output", str(out)])
    run(["redline", "--since", "main", "--root", str(root), "--on", str(ON)])

    assert out.read_text("utf-8") == told(root, None)
    assert capsys.readouterr().out == told(root, 1_000)


def test_the_pictures_that_a_branch_adds_replaces_and_removes_are_named(tmp_path: Path) -> None:
    kept, new, other, gone = (f"policies/privacy/{name}.png" for name in ("kept", "new", "other", "gone"))
    root = parted(tmp_path, {kept: b"one", other: b"one", gone: b"one", "policies/privacy/_old.png": b"one"})
    write(root, {new: b"one", other: b"two", gone: None, "policies/privacy/_old.png": b"two"})

    assert told(root).splitlines() == [
        line
        for name, what in [
            (gone, "This picture is removed."),
            (new, "A new picture."),
            (
                other,
                "This picture is replaced: each version that shows it, also one that is posted, shows the new one.",
            ),
        ]
        for line in (f"### `{name}`", "", what, "")
    ]
