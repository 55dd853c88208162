from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from inforce import settings, sources
from inforce.errors import Place, PolicyError
from inforce.model import Policy, Version
from inforce.sources import promised
from inforce.sources.promised import Moment, Notice
from tests.histories import commit, git, start, write
from tests.projects import version

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from inforce.errors import Problem

    Files = Mapping[str, str | bytes | None]

NAMES = {"a": "2026-01-10", "b": "2026-03-01", "c": "2026-06-01", "o": "2025-12-01"}
PLAIN = version("2026-01-10")
LESS = "We keep less.\n"
NEXT = version("2026-03-01", body=LESS)
"""It takes effect on 2026-03-31."""


def kept(root: Path, *commits: tuple[str, Files]) -> Path:
    """A project whose version files of one policy, and settings, were committed so."""
    start(root)
    for day, files in commits:
        commit(root, day, {named(name): content for name, content in files.items()})
    return root


def named(name: str) -> str:
    return f"policies/privacy/{NAMES[name]}.md" if name in NAMES else name


def problems(root: Path, on: str = "") -> list[Problem]:
    """What is said of how it is kept; with a day, also of what is not committed."""
    return sources.read(root, settings.read(root), on=date.fromisoformat(on) if on else None)[1]


def told(root: Path, on: str = "") -> list[str]:
    return [f"{one.severity} {one.code} {one.place.path}:{one.place.line}" for one in problems(root, on)]


FIRST: tuple[str, Files] = ("2026-01-10", {"a": PLAIN})
SECOND: tuple[str, Files] = ("2026-03-01", {"b": NEXT})
WITHDRAWN = version("2026-03-01", "withdrawn: 2026-03-20", body=LESS)
POSTPONED = version("2026-03-01", "postponed:", "  - {announced: 2026-03-20, to: 2026-05-01}", body=LESS)
PLACE = "policies/privacy/2026-03-01.md"


# ------------------------------------------------------------------ announcements that came too late


@pytest.mark.parametrize(("content", "told_"), [(WITHDRAWN, "4: withdrawn"), (POSTPONED, "5: postponed")])
def test_what_is_first_said_when_a_version_has_taken_effect_is_an_error(
    tmp_path: Path, content: str, told_: str
) -> None:
    root = kept(tmp_path, FIRST, SECOND, ("2026-04-01", {"b": content}))

    (problem,) = problems_of_a_wrong_project(root)

    assert str(problem) == (
        f"{PLACE}:{told_} on 2026-03-20 is first said in commit {git(root, 'rev-parse', 'HEAD')[:7]} of 2026-04-01: "
        "by then 2026-03-01 had taken effect, on 2026-03-31\n"
        "  Take it out again, and post a new version: what has taken effect can only be followed."
    )
    assert problem.code == "announced-too-late"


def problems_of_a_wrong_project(root: Path) -> tuple[Problem, ...]:
    with pytest.raises(PolicyError) as raised:
        problems(root)
    return raised.value.problems


@pytest.mark.parametrize("content", [WITHDRAWN, POSTPONED])
def test_what_is_said_by_the_day_before_it_takes_effect_is_right(tmp_path: Path, content: str) -> None:
    assert told(kept(tmp_path, FIRST, SECOND, ("2026-03-30", {"b": content}))) == []


@pytest.mark.parametrize("content", [WITHDRAWN, POSTPONED])
def test_what_is_said_on_the_very_day_is_doubtful_since_clocks_differ(tmp_path: Path, content: str) -> None:
    root = kept(tmp_path, FIRST, SECOND, ("2026-03-31", {"b": content}))

    assert [one.split(":")[0] for one in told(root)] == [f"warning announced-too-late {PLACE}"]


def test_the_day_that_holds_is_that_which_was_announced_last(tmp_path: Path) -> None:
    both = POSTPONED.replace("---\nWe", "withdrawn: 2026-04-29\n---\nWe")
    again = POSTPONED.replace("05-01}\n", "05-01}\n  - {announced: 2026-04-20, to: 2026-06-01}\n")
    early = FIRST, SECOND, ("2026-03-25", {"b": POSTPONED})

    assert told(kept(tmp_path / "in-time", *early, ("2026-04-30", {"b": both}))) == []
    for name, content in (("withdrawn", both), ("again", again)):
        root = kept(tmp_path / name, *early, ("2026-05-02", {"b": content}))
        assert [one.code for one in problems_of_a_wrong_project(root)] == ["announced-too-late"]


def test_a_correction_takes_effect_with_what_it_corrects(tmp_path: Path) -> None:
    fix = version("2026-03-10", "corrects: '2026-03-01'", body="We keep little.\n")
    gone = version("2026-03-10", "corrects: '2026-03-01'", "withdrawn: 2026-03-20", body="We keep little.\n")
    path = "policies/privacy/2026-03-10.md"
    steps = FIRST, SECOND, ("2026-03-10", {path: fix})

    assert told(kept(tmp_path / "a", *steps, ("2026-03-30", {path: gone}))) == []
    late = kept(tmp_path / "b", *steps, ("2026-04-01", {path: gone}))
    assert [one.code for one in problems_of_a_wrong_project(late)] == ["announced-too-late"]


def test_what_a_correction_corrects_may_be_gone_or_go_round_in_an_old_commit(tmp_path: Path) -> None:
    round_ = version("2026-03-10", "corrects: '2026-03-10'", body="We keep little.\n")
    gone = version("2026-03-10", "corrects: '2026-01-10'", "withdrawn: 2026-03-09", body="We keep little.\n")
    path = "policies/privacy/2026-03-10.md"
    steps: list[tuple[str, Files]] = [FIRST, SECOND, ("2026-03-10", {path: round_}), ("2026-03-31", {path: gone})]
    mended = version("2026-03-10", "corrects: '2026-01-10'", body="We keep little.\n")

    assert told(kept(tmp_path, *steps, ("2026-04-01", {path: mended}))) == [
        "warning posted-changed policies/privacy/2026-03-10.md:4"
    ]


def test_an_announcement_that_is_taken_out_again_leaves_no_trace(tmp_path: Path) -> None:
    root = kept(tmp_path, FIRST, SECOND, ("2026-04-10", {"b": WITHDRAWN}), ("2026-04-11", {"b": NEXT}))

    assert told(root) == []


def test_an_announcement_that_was_taken_out_by_mistake_may_be_put_back(tmp_path: Path) -> None:
    in_time = ("2026-03-20", {"b": WITHDRAWN})

    assert (
        told(kept(tmp_path, FIRST, SECOND, in_time, ("2026-03-25", {"b": NEXT}), ("2026-04-10", {"b": WITHDRAWN})))
        == []
    )


def test_what_took_effect_before_git_knew_of_the_policy_may_be_told_as_it_was(tmp_path: Path) -> None:
    archive: tuple[str, Files] = ("2026-03-31", {"a": PLAIN, "b": NEXT})

    assert told(kept(tmp_path, archive, ("2026-04-10", {"b": WITHDRAWN}))) == []
    assert told(kept(tmp_path / "whole", ("2026-04-10", {"a": PLAIN, "b": WITHDRAWN}))) == []


def test_what_is_not_committed_yet_is_doubtful_as_of_a_day(tmp_path: Path) -> None:
    root = kept(tmp_path, FIRST, SECOND)
    write(root, {PLACE: WITHDRAWN})

    assert told(root) == told(root, "2026-03-30") == []
    assert told(root, "2026-03-31") == [f"warning announced-too-late {PLACE}:4"]
    assert "in what is not committed yet: by then" in problems(root, "2026-03-31")[0].what


# ------------------------------------------------------------------ effective days that moved

TITLED = '[tool.inforce]\ntitle = "Larkfield"\n'
FILE = "pyproject.toml"
BEGUN: tuple[str, Files] = ("2026-01-10", {"a": PLAIN, FILE: TITLED})


def set_to(days: int) -> str:
    return f"{TITLED}notice-days = {days}\n"


def test_days_of_notice_that_are_changed_move_no_posted_version_unsaid(tmp_path: Path) -> None:
    root = kept(tmp_path, BEGUN, SECOND, ("2026-03-10", {FILE: set_to(5)}))

    (problem,) = problems(root)

    said, _, rest = str(problem).partition(" since commit ")
    assert said == f"{FILE}: warning: notice-days was 30 and is 5"
    assert rest[7:] == (
        " of 2026-03-10: 2026-03-01, posted on 2026-03-01, has the effective day 2026-03-06, and it was 2026-03-31\n"
        f"  Readers were told 2026-03-31: write `effective: 2026-03-31` in {PLACE}. "
        "Other days of notice hold for what is posted from now on."
    )
    assert problem.code == "posted-moved"


def test_a_version_that_states_the_day_that_readers_were_told_has_not_moved(tmp_path: Path) -> None:
    stated = version("2026-03-01", "effective: 2026-03-31", body=LESS)
    root = kept(tmp_path, BEGUN, SECOND, ("2026-03-10", {FILE: set_to(5), "b": stated}))

    assert told(root) == []


def test_days_of_notice_that_are_not_committed_yet_are_told(tmp_path: Path) -> None:
    root = kept(tmp_path, BEGUN, SECOND)
    write(root, {FILE: f"{TITLED}[tool.inforce.policies.privacy]\nnotice-days = 60\n"})

    assert told(root) == [f"warning posted-moved {FILE}:3"]
    assert "was 30 and is 60, which is not committed yet:" in problems(root)[0].what


OTHERS = f"{TITLED}[tool.inforce.policies.terms]\nnotice-days = 5\n"


@pytest.mark.parametrize(
    "steps",
    [
        [("2026-02-01", {FILE: set_to(5)}), SECOND],
        [SECOND, ("2026-03-10", {FILE: set_to(5)}), ("2026-03-11", {FILE: TITLED})],
        [SECOND, ("2026-03-01", {FILE: set_to(5)})],
        [SECOND, ("2026-03-10", {FILE: OTHERS})],
        [SECOND, ("2026-03-10", {FILE: "[tool"}), ("2026-03-11", {FILE: TITLED})],
        [SECOND, ("2026-03-10", {FILE: None}), ("2026-03-11", {FILE: TITLED.replace("tool", "tool ")})],
        [SECOND, ("2026-03-10", {FILE: f"{TITLED}notice-days = 'five'\n"}), ("2026-03-11", {FILE: TITLED})],
    ],
)
def test_days_of_notice_that_move_nothing_are_not_mentioned(tmp_path: Path, steps: list[tuple[str, Files]]) -> None:
    said = told(kept(tmp_path, BEGUN, *steps))

    assert [one for one in said if "posted-" in one] == []


def test_settings_that_came_later_held_before(tmp_path: Path) -> None:
    root = kept(tmp_path, FIRST, SECOND, ("2026-03-10", {FILE: set_to(5)}))

    assert told(root) == []


def test_an_older_version_that_is_added_moves_the_first_one(tmp_path: Path) -> None:
    root = kept(tmp_path, FIRST, ("2026-02-01", {"o": version("2025-12-01", body=LESS)}))

    (problem,) = problems(root)

    assert str(problem) == (
        "policies/privacy/2025-12-01.md:3: warning: "
        "2026-01-10, posted on 2026-01-10, has the effective day 2026-02-09, and it was 2026-01-10: "
        "2025-12-01 now stands before it\n"
        "  Readers were told 2026-01-10: write `effective: 2026-01-10` in policies/privacy/2026-01-10.md, "
        "and a `reason` where that is short notice."
    )


def test_an_older_version_that_is_not_committed_yet_is_told(tmp_path: Path) -> None:
    root = kept(tmp_path, FIRST)
    write(root, {named("o"): version("2025-12-01", body=LESS)})

    assert told(root) == ["warning posted-moved policies/privacy/2025-12-01.md:3"]


def test_a_version_that_comes_to_be_the_first_has_moved(tmp_path: Path) -> None:
    steps = [FIRST, SECOND, ("2026-03-10", {"a": None})]

    assert told(kept(tmp_path, *steps)) == [
        f"warning posted-moved {PLACE}:3",
        "warning posted-removed policies/privacy/2026-01-10.md:0",
    ]


def test_an_effective_day_that_is_added_is_a_change_where_it_is_another(tmp_path: Path) -> None:
    other = version("2026-03-01", "effective: 2026-03-11", "reason: legal", body=LESS)
    root = kept(tmp_path, FIRST, SECOND, ("2026-03-10", {"b": other}))

    (problem,) = problems(root)

    assert str(problem) == (
        f"{PLACE}:4: warning: its effective day changed after it was posted on 2026-03-01: it was 2026-03-31\n"
        f"  Put it back: `effective: 2026-03-31`. {promised.MOVED}"
    )


def test_a_draft_that_is_not_committed_may_state_what_it_likes(tmp_path: Path) -> None:
    coming = version("2026-06-01", body="We keep nothing.\n")
    root = kept(tmp_path, FIRST, ("2026-03-01", {"c": coming}), ("2026-03-02", {"c": coming.replace("nothing", "all")}))
    write(root, {named("c"): version("2026-06-01", "effective: 2026-06-05", "reason: legal", body="We keep all.\n")})

    assert told(root) == told(root, "2026-06-01") == []


POSTED = Version("a", "Privacy", date(2026, 1, 10), date(2026, 1, 10), "", Place(""))


def test_a_day_that_no_calendar_has_is_none_that_moved() -> None:
    late = promised.Stated(date(9999, 12, 20), "", "", "", "", "", ())
    first = promised.Stated(date(2026, 1, 10), "", "soon", "", "", "", ())
    steps = {
        "a": [promised.Step(first, 0, date(2026, 1, 10), "a")],
        "b": [promised.Step(late, 1, date(2026, 1, 11), "b")],
    }

    told_ = promised.Promised(Policy.of("privacy", [POSTED]), steps, [])

    assert told_.ruled("b", late.posted, Moment(1)) is None
    assert told_.effective("b", Moment(1)) is None
    assert told_.effective("b", Moment(0)) is None
    assert told_.effective("a", Moment(0)) == date(2026, 1, 10)


def test_days_of_notice_are_those_of_the_policy_else_of_all() -> None:
    set_ = [Notice(3, date(2026, 1, 10), "a", 30, {}), Notice(5, date(2026, 2, 10), "b", 20, {"privacy": 10})]

    assert [promised.notice_at(set_, "privacy", Moment(n), 7) for n in (0, 3, 4, 5)] == [30, 30, 30, 10]
    assert promised.notice_at(set_, "terms", Moment(1, date(2026, 2, 10)), 7) == 20
    assert promised.notice_at([], "terms", Moment(1), 7) == 7
