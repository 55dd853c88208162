from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it.parser_block import ParserBlock

from inforce import hypertext, markup, memory
from inforce.build import Means, build, read
from inforce.errors import PolicyError
from inforce.sources import folder, header
from tests.projects import aged, project, told, version

if TYPE_CHECKING:
    from pathlib import Path

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

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
        {"templates/_redline.html": "{{ titel }}"},
    ],
    ids=["version", "setting", "settings", "language", "template", "fact", "fact in use", "include", "part"],
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


def test_a_mistake_in_a_part_of_a_page_is_told_with_its_place(tmp_path: Path) -> None:
    root = project(tmp_path, TWO)
    (root / "templates").mkdir()
    (root / "templates/_redline.html").write_text("\n{{ titel }}", "utf-8")

    said = told(lambda: build(root, root / "site", ON))

    assert said[0] == "templates/_redline.html:2: the template cannot be filled in: 'titel' is undefined"


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


# ------------------------------------------------------------------ what it costs, counted


def history(tmp_path: Path, versions: int) -> tuple[Path, set[str]]:
    """A policy of which each version changes one paragraph of ten, and all paragraphs that it ever had."""
    said = [f"In case {n} we keep it." for n in range(10)]
    ever, written = set(said), {}
    for number in range(versions):
        day = f"2026-01-{number + 1:02}"
        said[number % 10] = f"From day {number} on we keep it."
        ever.add(said[number % 10])
        written[f"privacy/{day}.md"] = version(day, body="\n\n".join(said) + "\n")
    return project(tmp_path, written), ever - {"In case 0 we keep it."}


def test_each_distinct_block_of_a_history_is_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, ever = history(tmp_path, 12)
    parsed: list[str] = []
    parse = ParserBlock.parse

    def noted(self: ParserBlock, source: str, md: MarkdownIt, env: dict[str, Any], tokens: list[Token]) -> object:
        parsed.append(source.strip())
        return parse(self, source, md, env, tokens)

    monkeypatch.setattr(ParserBlock, "parse", noted)

    build(root, tmp_path / "site", ON)

    assert sorted(filter(None, parsed)) == sorted(ever)


def test_a_text_is_read_from_its_file_to_be_checked_and_to_be_published_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, _ = history(tmp_path, 12)
    read: list[str] = []
    text = folder.text

    def noted(path: Path, sum_: str) -> str:
        read.append(path.name)
        return text(path, sum_)

    monkeypatch.setattr(folder, "text", noted)

    build(root, tmp_path / "site", ON)

    counts = Counter(read)
    assert max(counts.values()) == 3  # the text in force stands on a page more
    assert sum(counts.values()) <= 2 * 12 + 1


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often what costs most was done."""
    counts: Counter[str] = Counter()

    def count(name: str, owner: object, attribute: str) -> None:
        done = getattr(owner, attribute)

        def noted(*given: object, **named: object) -> object:
            counts[name] += 1
            return done(*given, **named)

        monkeypatch.setattr(owner, attribute, noted)

    count("blocks parsed", ParserBlock, "parse")
    count("texts read", folder, "text")
    count("front matter read", header, "read")
    count("redlines", markup, "redline")
    count("texts written", hypertext, "article")
    return counts


def test_a_page_that_goes_back_and_forth_is_compared_once_each_way(tmp_path: Path, counted: Counter[str]) -> None:
    bodies = ("We keep it.\n\nx\n", "We sell it.\n\nx\n")
    days = [f"2026-01-{number + 1:02}" for number in range(6)]
    written = {f"privacy/{day}.md": version(day, body=bodies[k % 2]) for k, day in enumerate(days)}

    build(project(tmp_path / "p", written), tmp_path / "site", ON)

    assert counted["redlines"] == 2
    pages = [(tmp_path / f"site/privacy/{day}/changes/index.html").read_text("utf-8") for day in days[1:]]
    shown = [page.partition("<article")[2].partition("</article>")[0] for page in pages]
    assert shown[0] == shown[2] == shown[4] != shown[1] == shown[3]


def test_one_version_more_is_parsed_compared_and_written_and_no_other_again(
    tmp_path: Path, counted: Counter[str]
) -> None:
    root, _ = history(tmp_path / "p", 12)
    means = Means(tmp_path / "cache")
    build(root, root / "site", ON, means=means)
    aged(root)
    build(root, root / "site", date(2026, 3, 21), means=means)
    project(root, {"privacy/2026-02-20.md": version("2026-02-20", body="In case 1 we keep it.\n\nNews.\n")})
    counted.clear()

    built = build(root, root / "site", ON.replace(day=22), means=means)

    assert counted["front matter read"] == 1
    assert counted["blocks parsed"] == 1
    assert counted["redlines"] == 2  # the page of the one before it says what comes next
    assert counted["texts written"] <= 3  # the new one; the one in force on its own page and on that of the policy
    assert counted["texts read"] <= 9
    assert built.published.written < 45
    build(root, tmp_path / "clean", ON.replace(day=22))
    assert files(root / "site") == files(tmp_path / "clean")


def test_where_a_version_is_withdrawn_no_text_is_parsed_and_only_pages_are_made_that_change(
    tmp_path: Path, counted: Counter[str]
) -> None:
    root, _ = history(tmp_path / "p", 12)
    project(root, {"privacy/2026-03-10.md": version("2026-03-10", body="News.\n")})
    means = Means(tmp_path / "cache")
    build(root, root / "site", ON, means=means)
    aged(root)
    project(root, {"privacy/2026-03-10.md": version("2026-03-10", "withdrawn: 2026-03-20", body="News.\n")})
    counted.clear()

    build(root, root / "site", ON, means=means)

    assert (counted["front matter read"], counted["blocks parsed"], counted["redlines"]) == (1, 0, 2)
    build(root, tmp_path / "clean", ON)
    assert files(root / "site") == files(tmp_path / "clean")


def test_templates_of_a_project_are_given_every_text_as_it_is(tmp_path: Path, counted: Counter[str]) -> None:
    root, _ = history(tmp_path / "p", 3)
    (root / "templates").mkdir()
    (root / "templates/version.html").write_text(
        "{{ text | length }}{{ text | upper }}{{ text.split() }}{{ text[:9] }}", "utf-8"
    )
    means = Means(tmp_path / "cache")
    build(root, root / "site", ON, means=means)
    aged(root)
    project(root, {"privacy/2026-02-20.md": version("2026-02-20", body="News.\n")})
    counted.clear()

    build(root, root / "site", ON, means=means)

    assert counted["blocks parsed"] == 1
    assert counted["texts written"] == 5
    build(root, tmp_path / "clean", ON)
    assert files(root / "site") == files(tmp_path / "clean")


def test_a_link_that_leads_somewhere_since_is_written_anew(tmp_path: Path) -> None:
    written = {
        "privacy/a.md": version("2026-01-10", body="See [terms](/terms/).\n"),
        "privacy/b.md": version("2026-02-10", body="See [terms](/terms/) and more.\n"),
    }
    root = project(tmp_path / "p", written)
    means = Means(tmp_path / "cache")
    build(root, root / "site", ON, means=means)
    aged(root)
    project(root, {"terms/a.md": version("2026-03-01"), "privacy/c.md": version("2026-03-10", body="Less.\n")})

    build(root, root / "site", ON, means=means)

    build(root, tmp_path / "clean", ON)
    assert files(root / "site") == files(tmp_path / "clean")


def test_a_shelf_that_cannot_be_kept_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path / "p", TWO)
    leave = memory.leave

    def full(folder: Path, name: str, values: dict[str, Any], key: bytes) -> None:
        if name.startswith("shelf-"):
            raise OSError(28, "No space left on device")
        leave(folder, name, values, key)

    monkeypatch.setattr(memory, "leave", full)

    built = build(root, root / "site", ON, means=Means(tmp_path / "cache"))

    assert built.forgetful == "No space left on device"
    assert built.published.written
