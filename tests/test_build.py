from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from inforce.build import build, read
from inforce.errors import PolicyError
from tests.projects import project, told, version

if TYPE_CHECKING:
    from pathlib import Path

ON = date(2026, 3, 20)
TWO = {
    "privacy/a.md": version("2026-01-10", body="We keep your name.\n"),
    "privacy/b.md": version("2026-03-01", body="We keep your address.\n"),
}
SHORT = {**TWO, "privacy/b.md": version("2026-03-01", "effective: 2026-03-02", body="We keep your address.\n")}


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_build_publishes_the_policies_as_they_should_read_on_a_day(tmp_path: Path) -> None:
    root = project(tmp_path, {**TWO, "terms/a.md": version("2026-04-15")})

    built = build(root, root / "site", ON)

    assert (built.policies, built.versions, built.pages) == (1, 2, 19)
    assert built.next_day == date(2026, 3, 31)
    assert built.problems == ()
    assert {"index.html", "privacy/index.html", "privacy/b/policy.md", "manifest.json"} <= files(root / "site").keys()
    assert not [name for name in files(root / "site") if name.startswith("terms")]


def test_the_next_day_counts_coming_postings_too(tmp_path: Path) -> None:
    root = project(tmp_path, {**TWO, "terms/a.md": version("2026-04-15")})

    days = [build(root, root / "site", on).next_day for on in (date(2026, 3, 31), date(2026, 4, 15))]

    assert days == [date(2026, 4, 15), None]


def test_the_same_policies_on_the_same_day_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("here", "elsewhere"):
        build(project(tmp_path / name, TWO), tmp_path / name / "site", ON)

    assert files(tmp_path / "here" / "site") == files(tmp_path / "elsewhere" / "site")


@pytest.mark.parametrize(
    "wrong",
    [
        {"policies/privacy/c.md": "no front matter"},
        {"pyproject.toml": "[tool.inforce]\ntimezone = 'Mars/Olympus'"},
        {"pyproject.toml": "[tool.inforce]\ntimezone = "},
        {"pyproject.toml": "[tool.inforce]\nlanguage = 'x-klingon'"},
        {"templates/policy.html": "{% if %}"},
        {"templates/history.html": "{{ titel }}"},
        {"templates/history.html": "{{ link(policy.titel) }}"},
        {"templates/history.html": "{% include 'none.html' %}"},
    ],
    ids=["version", "setting", "settings", "language", "template", "fact", "fact in use", "include"],
)
def test_a_build_that_finds_an_error_leaves_the_earlier_site_as_it_was(tmp_path: Path, wrong: dict[str, str]) -> None:
    root = project(tmp_path, TWO)
    build(root, root / "site", ON)
    before = files(root / "site")
    for name, content in wrong.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(content, "utf-8")

    with pytest.raises(PolicyError):
        build(root, root / "site", date(2026, 4, 1))

    assert files(root / "site") == before
    assert sorted(path.name for path in root.iterdir()) == sorted(
        {"policies", "site", *(n.split("/")[0] for n in wrong)}
    )


def test_a_warning_stops_only_a_strict_build(tmp_path: Path) -> None:
    root = project(tmp_path, SHORT)

    built = build(root, root / "site", ON)

    assert [problem.code for problem in built.problems] == ["notice-short"]
    assert told(lambda: build(root, root / "strict", ON, strict=True))[0].startswith("policies/privacy/b.md:4: ")
    assert not (root / "strict").exists()


def test_settings_policies_texts_and_templates_are_looked_over_in_one_run(tmp_path: Path) -> None:
    settings = "[tool.inforce]\nnotice-days = 'x'\nlanguage = 'x-klingon'\n"
    root = project(
        tmp_path, {**SHORT, "privacy/c.md": version("2026-03-10", body="> " * 30 + "x\n")}, settings=settings
    )
    (root / "templates").mkdir()
    (root / "templates/home.html").write_text("{% if %}", "utf-8")

    found = read(root, ON)

    assert [(str(one.place), one.code) for one in found.problems] == [
        ("policies/privacy/b.md:4", "notice-short"),
        ("policies/privacy/c.md:5", "nested-too-deep"),
        ("pyproject.toml:2", "settings-notice-days"),
        ("pyproject.toml:3", "settings-language"),
        ("templates/home.html:1", "template-syntax"),
    ]
    assert len(found.errors) == 4


def test_what_keeps_policies_from_being_read_is_told_together_with_the_rest(tmp_path: Path) -> None:
    root = project(tmp_path, {**TWO, "privacy/c.md": "x"}, settings="[tool.inforce]\nnotice-day = 3\n")
    (root / "templates").mkdir()
    (root / "templates/home.html").write_text("{% if %}", "utf-8")

    places = [line.split(": ")[0] for line in told(lambda: read(root, ON))[::2]]

    assert places == ["policies/privacy/c.md:1", "pyproject.toml:2", "templates/home.html:1"]


def test_a_file_that_is_no_toml_is_told_together_with_the_templates(tmp_path: Path) -> None:
    root = project(tmp_path, TWO, settings="[tool.inforce\n")
    (root / "templates").mkdir()
    (root / "templates/home.html").write_text("{% if %}", "utf-8")

    places = [line.split(": ")[0] for line in told(lambda: read(root, ON))[::2]]

    assert places == ["pyproject.toml:1", "templates/home.html:1"]
