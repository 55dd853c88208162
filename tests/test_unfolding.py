from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inforce import settings as project_settings
from inforce import sources
from inforce.cli import run
from inforce.errors import Place, PolicyError, SurroundingsError
from inforce.markdown import Reader
from inforce.model import Policy, Postponement, Version
from inforce.pages import pages
from inforce.render import renderer
from inforce.site import Site
from inforce.sources import header, unfolding
from inforce.templating import default_templates
from tests.histories import commit, start, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import AbstractContextManager

FILE = "policies/privacy.md"


def version(posted: str, body: str, *lines: str, title: str = "Privacy") -> str:
    return "\n".join(["---", f"title: {title}", f"posted: {posted}", *lines, "---", body, ""])


def history(root: Path, *steps: tuple[str, Mapping[str, str | bytes | None]]) -> Path:
    start(root)
    for day, files in steps:
        commit(root, day, files)
    return root


def imported(root: Path, *paths: str, title: str = "", notice: int = 30) -> dict[str, str]:
    """The files that the history of a file becomes."""
    policy, _ = unfolding.read(root, paths, notice=notice, title=title)
    to = root / "to"
    unfolding.write(policy, to)
    return {path.relative_to(to).as_posix(): path.read_bytes().decode() for path in to.rglob("*") if path.is_file()}


# ------------------------------------------------------------------ what becomes of a history


def test_stated_days_make_a_file_a_version(tmp_path: Path) -> None:
    facts = ("effective: 2026-02-05", "reason: legal", "version: '2.10'", "summary: Less.")
    root = history(
        tmp_path,
        ("2026-01-10", {FILE: version("2026-01-10", "Seven.")}),
        ("2026-02-01", {FILE: version("2026-02-01", "Six.\n\n---\n\nMore.", *facts)}),
        ("2026-02-02", {FILE: version("2026-02-01", "Six.\n\n---\n\nMuch more.", *facts)}),
    )

    files = imported(root, FILE)

    assert files == {
        "2026-01-10.md": '---\ntitle: "Privacy"\nposted: 2026-01-10\n---\nSeven.\n',
        "2026-02-01.md": (
            '---\ntitle: "Privacy"\nposted: 2026-02-01\neffective: 2026-02-05\nversion: "2.10"\nreason: "legal"\n'
            'summary: "Less."\n---\nSix.\n\n---\n\nMore.\n'
        ),
        "2026-02-01-2.md": (
            '---\ntitle: "Privacy"\nposted: 2026-02-02\nversion: "2.10"\ncorrects: "2026-02-01"\n---\n'
            "Six.\n\n---\n\nMuch more.\n"
        ),
    }


def test_a_file_without_days_is_posted_by_its_commits(tmp_path: Path) -> None:
    root = history(
        tmp_path,
        ("2026-01-10T08:00:00+00:00", {"a.md": "# Our privacy\n\nSeven.\n"}),
        ("2026-02-01T08:00:00+00:00", {"a.md": None, "legal/b.md": "# Our privacy\r\n\r\nSix.\r\n"}),
        ("2026-02-01T09:00:00+00:00", {"legal/b.md": "# Our privacy\n\nFive.\n"}),
    )

    files = imported(root, "./legal/b.md", "a.md")

    assert files == {
        "2026-01-10.md": '---\ntitle: "Our privacy"\nposted: 2026-01-10\n---\n# Our privacy\n\nSeven.\n',
        "2026-02-01.md": '---\ntitle: "Our privacy"\nposted: 2026-02-01\n---\n# Our privacy\n\nSix.\n',
        "2026-02-01-2.md": (
            '---\ntitle: "Our privacy"\nposted: 2026-02-01\ncorrects: "2026-02-01"\n---\n# Our privacy\n\nFive.\n'
        ),
    }


def test_a_file_that_is_gone_still_has_its_history(tmp_path: Path) -> None:
    root = history(tmp_path, ("2026-01-10", {FILE: "Seven.\n"}), ("2026-02-01", {FILE: None, "x": ""}))

    assert list(imported(root, FILE, title="Terms: ours")) == ["2026-01-10.md"]


def test_where_nothing_is_checked_out_the_last_text_tells_who_says_the_days(tmp_path: Path) -> None:
    stated = {FILE: version("2026-01-01", "Seven.", "effective: 2026-02-01")}
    root = history(tmp_path, ("2026-01-05", stated), ("2026-02-05", {FILE: None, "x": ""}))

    found = imported(root, FILE)

    assert list(found) == ["2026-01-01.md"]
    assert "effective: 2026-02-01" in found["2026-01-01.md"]


def test_a_text_of_which_nobody_can_tell_who_says_the_days_is_said(tmp_path: Path) -> None:
    root = history(tmp_path, ("2026-01-05", {FILE: b"---\nposted: 2026-01-01\n\xff\n---\n"}))

    with pytest.raises(PolicyError, match="UTF-8"):
        unfolding.read(root, (FILE,), notice=30)


def test_where_there_never_was_a_text_that_is_said(tmp_path: Path) -> None:
    root = history(tmp_path, ("2026-01-05", {"x": ""}))

    with pytest.raises(PolicyError, match="no version"):
        unfolding.read(root, (FILE,), notice=30)


def test_of_texts_of_one_day_the_later_ones_correct_the_first(tmp_path: Path) -> None:
    root = history(
        tmp_path,
        ("2026-01-10", {FILE: version("2026-01-10", "Seven.")}),
        ("2026-02-01", {FILE: version("2026-01-10", "Six.")}),
        ("2026-02-01", {FILE: version("2026-02-01", "Five.", "withdrawn: 2026-02-02")}),
    )

    files = imported(root, FILE)

    assert 'posted: 2026-02-01\ncorrects: "2026-01-10"\n' in files["2026-01-10-2.md"]
    assert files["2026-02-01.md"].startswith(
        '---\ntitle: "Privacy"\nposted: 2026-02-01\ncorrects: "2026-01-10-2"\n---\n'
    )


def test_pictures_that_a_text_shows_come_along_and_no_others(tmp_path: Path) -> None:
    root = history(
        tmp_path,
        ("2026-01-10", {"a.md": "![s](img/a%20seal.png) [s](./b.png) ![s](../c.png) ![s](none.png)\n"}),
        ("2026-01-11", {"a.md": "![s](x.png)\n", "img/a seal.png": b"A", "b.png": b"B", "other.png": b"O"}),
        ("2026-01-12", {"a.md": "![s](img/a%20seal.png) [s](./b.png) ![s](../c.png) No.\n"}),
    )

    files = imported(root, "a.md")

    assert sorted(files) == ["2026-01-10.md", "2026-01-11.md", "2026-01-12.md", "b.png", "img/a seal.png"]


def test_a_picture_that_changed_along_the_way_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    root = history(
        tmp_path,
        ("2026-01-10", {"a.md": "![s](s.png)\n", "s.png": b"A"}),
        ("2026-01-11", {"a.md": "![s](s.png) Six.\n", "s.png": b"B"}),
    )

    with pytest.raises(SurroundingsError, match=r"the picture s\.png changed along the history"):
        imported(root, "a.md")

    assert not (root / "to").exists()


@pytest.mark.parametrize(
    "path",
    ["../x.md", "/etc/passwd", "a\nb.md", "none.md", "policies"],
    ids=["above", "away", "line", "none", "folder"],
)
def test_a_path_that_leads_to_no_history_is_said(tmp_path: Path, path: str) -> None:
    root = history(tmp_path, ("2026-01-10", {FILE: "Seven.\n"}))

    with pytest.raises((SurroundingsError, PolicyError)) as raised:
        imported(root, path)

    assert "no path in the repository" in str(raised.value) or "has no version in this history" in str(raised.value)


def test_a_text_that_is_faulty_now_is_said_and_nothing_else(tmp_path: Path) -> None:
    root = history(tmp_path, ("2026-01-10", {FILE: version("2026-01-10", "Seven.", "effective: 2025-01-01")}))

    with pytest.raises(PolicyError) as raised:
        imported(root, FILE)

    assert [one.code for one in raised.value.problems] == ["effective-before-posted"]


# ------------------------------------------------------------------ what is written


POLICY = Policy(
    "privacy", (Version("2026-01-10", "Privacy", date(2026, 1, 10), date(2026, 1, 10), "Seven.\n", Place("")),)
)


def test_a_folder_that_holds_versions_is_left_as_it_is(tmp_path: Path) -> None:
    write(tmp_path, {"2025-01-01.md": "x"})

    with pytest.raises(SurroundingsError, match="holds versions already"):
        unfolding.write(POLICY, tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["2025-01-01.md"]


def test_other_files_in_the_folder_stay_and_an_equal_picture_is_no_obstacle(tmp_path: Path) -> None:
    (only,) = POLICY.versions
    shows = replace(only, body="![s](s.png)\n", pictures={"s.png": lambda: b"A"})
    write(tmp_path, {"README.md": "x", "s.png": b"A"})

    assert unfolding.write(replace(POLICY, versions=(shows,)), tmp_path) == 1

    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-01-10.md", "README.md", "s.png"]


def test_another_picture_in_its_place_is_said_and_what_was_written_is_taken_back(tmp_path: Path) -> None:
    (only,) = POLICY.versions
    pictures = {"a.png": lambda: b"A", "s.png": lambda: b"A"}
    shows = replace(only, body="![s](s.png) ![a](a.png)\n", pictures=pictures)
    write(tmp_path, {"s.png": b"B"})

    with pytest.raises(SurroundingsError, match=r"s\.png cannot be written: File exists"):
        unfolding.write(replace(POLICY, versions=(shows,)), tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["s.png"]


def test_a_place_that_cannot_be_written_is_said(
    tmp_path: Path, shut: tuple[Path, Callable[[Path], AbstractContextManager[None]]]
) -> None:
    folder, shutting = shut
    (tmp_path / "file").touch()

    with pytest.raises(SurroundingsError, match="cannot be written: Not a directory"):
        unfolding.write(POLICY, tmp_path / "file")
    with shutting(folder), pytest.raises(SurroundingsError, match="cannot be written: Permission denied"):
        unfolding.write(POLICY, folder)


lines = st.text(
    st.characters(codec="utf-8", exclude_characters="\u2028\u2029", exclude_categories=["Cc", "Cs"])
    .filter(lambda sign: sign not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"),
    max_size=12,
)  # fmt: skip
words = lines.map(str.strip).filter(bool)
paragraphs = st.lists(lines | st.just("\tx") | st.just("---"), min_size=1, max_size=4).map("\n".join).map(str.strip)
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(title=words, summary=paragraphs, reason=words, label=words, note=words, posted=days, first=st.booleans())
def test_what_is_written_is_read_back(  # noqa: PLR0913 - each fact of a version
    *, title: str, summary: str, reason: str, label: str, note: str, posted: date, first: bool
) -> None:
    effective = posted + timedelta(20)
    postponed = (Postponement(posted, posted + timedelta(40), note), Postponement(effective, effective + timedelta(9)))
    given_ = Version(
        str(posted),
        title,
        posted,
        effective,
        "Seven.\n",
        Place("a.md", 1),
        summary,
        "",
        reason,
        label,
        postponed,
        effective + timedelta(1),
    )

    text = unfolding.front_matter(given_, first=first, notice=30) + given_.body
    facts, problems = header.read("a.md", str(posted), text)

    assert problems == []
    assert facts is not None
    read = facts.version(first=first, notice=30, pictures={})
    assert replace(read, place=given_.place) == given_


# ------------------------------------------------------------------ both sources are one


@dataclass(frozen=True)
class Step:
    """What an author does on a day."""

    on: date
    kind: str
    """``post``, ``correct``, ``postpone`` or ``withdraw``."""
    text: str


@st.composite
def steps(draw: st.DrawFn) -> list[Step]:
    """A history as it may be told in files and in git alike."""
    made = [Step(date(2026, 1, 1), "post", "We keep 0 things.")]
    for number in range(1, draw(st.integers(1, 5))):
        kinds = ["post", "correct"]
        if made[-1].kind == "post" and number > 1:
            kinds += ["postpone", "withdraw"]
        if made[-1].kind == "withdraw":
            kinds = ["post"]
        on = made[-1].on + timedelta(draw(st.integers(1, 25)))
        made.append(Step(on, draw(st.sampled_from(kinds)), f"We keep {number} *things*.\n\n- one\n- {number}"))
    return made


def as_files(history_: Iterable[Step]) -> dict[str, str]:
    """Each version as a file, with the facts that came to it."""
    files: dict[str, str] = {}
    posted, facts, corrections = "", "", 0
    for step in history_:
        if step.kind == "post":
            posted, facts, corrections, text = str(step.on), "", 1, step.text
        elif step.kind == "correct":
            corrections += 1
            correction = f'---\ntitle: "Privacy"\nposted: {step.on}\ncorrects: "{posted}"\n---\n{step.text}\n'
            files[f"{posted}-{corrections}.md"] = correction
            continue
        else:
            facts += stated(step)
        files[f"{posted}.md"] = f'---\ntitle: "Privacy"\nposted: {posted}\n{facts}---\n{text}\n'
    return files


def stated(step: Step) -> str:
    if step.kind == "withdraw":
        return f"withdrawn: {step.on}\n"
    return f"postponed:\n  - announced: {step.on}\n    to: {step.on + timedelta(60)}\n"


def as_commits(root: Path, history_: Iterable[Step]) -> None:
    """One file, revised step by step."""
    start(root)
    posted, facts, text = "", "", ""
    for step in history_:
        if step.kind == "post":
            posted, facts = str(step.on), ""
        if step.kind in {"post", "correct"}:
            text = step.text
        else:
            facts += stated(step)
        commit(root, str(step.on), {FILE: f'---\ntitle: "Privacy"\nposted: {posted}\n{facts}---\n{text}\n'})


def published(root: Path, on: date) -> dict[str, bytes]:
    """The site of a project, as if nobody knew the commits."""
    chosen = project_settings.read(root)
    policies, _ = sources.read(root, chosen)
    silent = [replace(policy, versions=tuple(one.but(origin=None) for one in policy.versions)) for policy in policies]
    render = renderer(default_templates())
    readers: defaultdict[str, Reader] = defaultdict(Reader)
    return {page.path: render(page) for page in pages(Site(silent, chosen, on), readers)}


@given(steps(), st.integers(0, 120))
@settings(max_examples=12, deadline=None)
def test_a_history_kept_in_git_and_the_same_kept_as_files_give_the_same_site_and_become_each_other(
    history_: list[Step], later: int
) -> None:
    with TemporaryDirectory() as made:
        folder, in_git, to = Path(made) / "files", Path(made) / "git", Path(made) / "moved" / "policies" / "privacy"
        files = as_files(history_)
        write(folder, {f"policies/privacy/{name}": text for name, text in files.items()})
        as_commits(in_git, history_)
        on = history_[0].on + timedelta(later)

        policy, _ = unfolding.read(in_git, [FILE], notice=30)
        unfolding.write(policy, to)

        assert published(in_git, on) == published(folder, on)
        assert {path.name: path.read_text("utf-8") for path in to.iterdir()} == files


def test_an_imported_policy_gives_the_site_that_its_history_gave(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    root = history(
        tmp_path / "git",
        ("2026-01-10", {FILE: version("2026-01-10", "Seven.")}),
        ("2026-02-01", {FILE: version("2026-02-01", "Six.", "postponed: [{announced: 2026-02-03, to: 2026-04-01}]")}),
        ("2026-02-02", {FILE: version("2026-02-01", "Five.", "postponed: [{announced: 2026-02-03, to: 2026-04-01}]")}),
    )
    to = tmp_path / "files" / "policies" / "privacy"

    status = run(["import", str(root), FILE, "--to", str(to)])
    again = run(["import", str(root), FILE, "--to", str(to)])

    said = capfd.readouterr().err
    assert (status, again) == (0, 3)
    assert "3 versions written to" in said
    assert published(root, date(2026, 3, 1)) == published(tmp_path / "files", date(2026, 3, 1))


def test_a_summary_of_one_line_stands_in_quotes() -> None:
    assert 'summary: "Six years."' in unfolding.front_matter(
        replace(POLICY.versions[0], summary="Six years."), first=True, notice=30
    )
