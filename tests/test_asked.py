from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from inforce.asked import Asked, version_named
from inforce.errors import PolicyError, UsageError
from tests.projects import project, version

if TYPE_CHECKING:
    from pathlib import Path

ON = date(2026, 11, 25)
BASE = '[tool.inforce]\nbase-url = "https://example.com"\n'
DEEP = "One.\n\n" + "> " * 200 + "deep\n"


def refused(root: Path, written: str, on: date = ON) -> str:
    with pytest.raises(UsageError) as raised:
        Asked(root, on).pending(written)
    return str(raised.value)


def faulty(root: Path, written: str) -> list[str]:
    with pytest.raises(PolicyError) as raised:
        Asked(root, ON).text(written)
    return [f"{one.place.path}:{one.place.line}" for one in raised.value.problems]


def test_a_file_is_a_file_though_its_name_reads_like_a_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "terms@home.md").write_text("Ours.\n")

    assert version_named("terms@home.md") is None
    assert version_named("terms@2026-01-10") == ("terms", "2026-01-10")


def test_versions_of_two_policies_are_compared_as_two_texts(tmp_path: Path) -> None:
    files = {"privacy/a.md": version("2026-01-10"), "terms/b.md": version("2026-01-10", body="We keep your data.\n")}

    _, _, redline, _ = Asked(project(tmp_path, files), ON).between("privacy@a", "terms@b")

    assert redline.text() == "We keep your [-name-] {+data+}.\n"


def test_a_redline_of_two_versions_leads_from_what_is_gone_to_the_version_that_held_it(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2026-01-10", body="See [where](#how).\n\n# How\n"),
        "privacy/b.md": version("2026-03-01", body="See [why](#how).\n\n# How\n"),
    }

    *_, html = Asked(project(tmp_path, files), ON).between("privacy@a", "privacy@b")

    assert ['href="../../a/#how"' in html, 'href="#how"' in html] == [True, True]


@pytest.mark.parametrize(("fence", "line"), [("", 3), ("---\ntitle: Privacy\n---\n", 6)])
def test_what_cannot_be_read_in_a_file_is_told_by_its_line(tmp_path: Path, fence: str, line: int) -> None:
    path = tmp_path / "draft.md"
    path.write_text(fence + DEEP)

    assert faulty(tmp_path, str(path)) == [f"{path}:{line}"]


def test_what_cannot_be_read_in_a_version_is_told_by_the_line_of_its_file(tmp_path: Path) -> None:
    root = project(tmp_path, {"privacy/a.md": version("2026-01-10", body=DEEP)})

    assert faulty(root, "privacy@a") == ["policies/privacy/a.md:7"]


def test_a_front_matter_that_does_not_end_is_told_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text("---\ntitle: Privacy\n")

    assert faulty(tmp_path, str(path)) == [f"{path}:1"]


def test_what_is_posted_on_the_day_is_not_told_as_coming(tmp_path: Path) -> None:
    root = project(tmp_path, {"privacy/a.md": version(str(ON))}, settings=BASE)

    assert refused(root, "privacy").endswith("pending as of 2026-11-25: nothing")


def test_where_there_is_a_choice_what_is_not_posted_yet_is_none(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2026-11-01", "effective: 2026-12-10"),
        "privacy/b.md": version("2026-11-02", "effective: 2026-12-20"),
        "privacy/c.md": version("2026-12-01"),
    }

    said = refused(project(tmp_path, files, settings=BASE), "privacy")

    assert said.endswith(
        "privacy@a (takes effect on 2026-12-10), privacy@b (takes effect on 2026-12-20)",
    )
