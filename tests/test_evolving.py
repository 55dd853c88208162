from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inforce.settings import PolicySettings
from inforce.sources import evolving, folder, repository
from inforce.sources.promised import Notice
from tests.histories import commit, git, start, write

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from inforce.errors import Problem
    from inforce.model import Policy, Version

FILE = "policies/privacy.md"
BY_COMMIT = PolicySettings(posted_from="commit")


def version(posted: str, body: str, *lines: str, title: str = "Privacy") -> str:
    return "\n".join(["---", f"title: {title}", f"posted: {posted}", *lines, "---", body, ""])


def history(root: Path, steps: Iterable[tuple[str, str | bytes | None]]) -> list[str]:
    """A repository in which a policy was committed so; the ids of the commits."""
    start(root)
    return [commit(root, day, {FILE: content}) for day, content in steps]


def read(
    root: Path,
    own: PolicySettings | None = None,
    *,
    notice: int = 30,
    file: str = FILE,
    notices: tuple[Notice, ...] = (),
) -> tuple[Policy | None, list[Problem]]:
    kept = evolving.Kept(root / file, "privacy", own or PolicySettings(), notice, "en", line=4, notices=notices)
    with repository.open_(root) as repo:
        found = repo.history(["policies", *(path for path in kept.paths(root) if repo.holds(path))])
        return evolving.read(kept, root, repo, found)


def versions(policy: Policy | None) -> tuple[Version, ...]:
    return policy.versions if policy else ()


def ids(policy: Policy | None) -> list[str]:
    return [version.id for version in versions(policy)]


def told(problems: Iterable[Problem]) -> list[str]:
    return [f"{problem.severity} {problem.code} {problem.place.path}:{problem.place.line}" for problem in problems]


def one(policy: Policy | None, id_: str) -> Version:
    return next(version for version in versions(policy) if version.id == id_)


# ------------------------------------------------------------------ a version per revised day


def test_each_commit_that_revises_the_day_makes_a_version(tmp_path: Path) -> None:
    commits = history(
        tmp_path, [("2026-01-10", version("2026-01-10", "Seven.")), ("2026-02-01", version("2026-02-01", "Eight."))]
    )

    policy, problems = read(tmp_path)

    assert problems == []
    assert ids(policy) == ["2026-01-10", "2026-02-01"]
    first, second = one(policy, "2026-01-10"), one(policy, "2026-02-01")
    assert (first.effective, second.effective) == (date(2026, 1, 10), date(2026, 3, 3))
    assert (str(second.place), second.place.commit) == (f"{commits[1][:7]}:{FILE}:5", commits[1])
    assert (first.body, second.body) == ("Seven.\n", "Eight.\n")


def test_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    text = version("2026-01-10", "Seven.")
    dressed = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    history(tmp_path, [("2026-01-10", text), ("2026-02-01", dressed)])

    policy, problems = read(tmp_path)

    assert (ids(policy), problems) == (["2026-01-10"], [])


def test_a_text_changed_under_an_unchanged_day_is_a_correction_and_said(tmp_path: Path) -> None:
    commits = history(
        tmp_path,
        [
            ("2026-01-10", version("2026-01-10", "Seven.", "effective: 2026-01-15", "summary: At first.")),
            ("2026-02-20", version("2026-01-10", "Nine.", "effective: 2026-01-15", "summary: At first.")),
            ("2026-02-21", version("2026-01-10", "Ten.", "effective: 2026-01-15", "summary: A slip.")),
            ("2026-03-01", version("2026-03-01", "Eleven.")),
        ],
    )

    policy, problems = read(tmp_path)

    assert ids(policy) == ["2026-01-10", "2026-01-10-2", "2026-01-10-3", "2026-03-01"]
    second, third = one(policy, "2026-01-10-2"), one(policy, "2026-01-10-3")
    assert (second.corrects, second.posted, second.effective) == ("2026-01-10", date(2026, 2, 20), None)
    assert (one(policy, "2026-01-10").summary, second.summary, third.summary) == ("At first.", "", "A slip.")
    assert told(problems) == [f"warning text-without-date {FILE}:3"] * 2
    assert str(problems[0]) == (
        f"{commits[1][:7]}:{FILE}:3: warning: the text was changed and posted stayed 2026-01-10: recorded as "
        f"2026-01-10-2, a correction posted on 2026-02-20 (commit {commits[1][:7]} of 2026-02-20)\n"
        "  With the next change of the text, revise `posted`, too."
    )


def test_a_correction_committed_before_the_posting_day_is_posted_on_it(tmp_path: Path) -> None:
    history(tmp_path, [("2026-01-05", version("2026-01-10", "A.")), ("2026-01-07", version("2026-01-10", "B."))])

    policy, _ = read(tmp_path)

    assert one(policy, "2026-01-10-2").posted == date(2026, 1, 10)


def test_a_correction_whose_commit_goes_back_in_time_takes_the_later_day(tmp_path: Path) -> None:
    history(
        tmp_path,
        [
            ("2026-01-10", version("2026-01-10", "A.")),
            ("2026-03-01", version("2026-01-10", "B.")),
            ("2026-02-01", version("2026-01-10", "C.")),
        ],
    )

    policy, problems = read(tmp_path)

    assert [str(version.posted) for version in versions(policy)] == [
        "2026-01-10",
        "2026-03-01",
        "2026-03-01",
    ]
    assert [problem.code for problem in problems] == ["text-without-date", "commit-day-back", "text-without-date"]


def test_a_revised_day_over_the_same_text_makes_no_version_and_is_said(tmp_path: Path) -> None:
    history(
        tmp_path, [("2026-01-10", version("2026-01-10", "Seven.")), ("2026-03-01", version("2026-03-01", "Seven."))]
    )

    policy, problems = read(tmp_path)

    assert ids(policy) == ["2026-01-10"]
    assert told(problems) == [f"warning date-without-text {FILE}:3"]
    assert "posted was revised to 2026-03-01" in problems[0].what
    assert "set `posted` back to 2026-01-10" in problems[0].remedy


@pytest.mark.parametrize(("day", "codes"), [("2026-02-08", []), ("2026-02-09", ["posted-before-commit"])])
def test_a_day_long_before_its_commit_is_said(tmp_path: Path, day: str, codes: list[str]) -> None:
    history(tmp_path, [("2026-01-10", version("2026-01-10", "Seven.")), (day, version("2026-02-01", "Eight."))])

    policy, problems = read(tmp_path)

    assert ids(policy) == ["2026-01-10", "2026-02-01"]
    assert [problem.code for problem in problems] == codes
    assert all(problem.what.startswith("posted was revised to 2026-02-01, 8 days before the") for problem in problems)


def test_a_history_may_begin_long_after_its_first_text_was_posted(tmp_path: Path) -> None:
    history(tmp_path, [("2026-01-10", version("2019-05-01", "Seven."))])

    policy, problems = read(tmp_path)

    assert (ids(policy), problems) == (["2019-05-01"], [])


def test_a_text_changed_after_its_day_makes_the_version_of_that_day(tmp_path: Path) -> None:
    history(
        tmp_path,
        [
            ("2026-01-10", version("2026-01-10", "Seven.")),
            ("2026-03-01", version("2026-03-01", "Seven.")),
            ("2026-03-01", version("2026-03-01", "Eight.")),
        ],
    )

    policy, _ = read(tmp_path)

    assert ids(policy) == ["2026-01-10", "2026-03-01"]


def test_a_day_that_goes_back_makes_a_correction_of_the_version_before_it(tmp_path: Path) -> None:
    history(
        tmp_path,
        [
            ("2026-01-10", version("2026-01-10", "Seven.")),
            ("2026-03-01", version("2026-03-01", "Nine.")),
            ("2026-03-05", version("2026-01-10", "Seven.")),
        ],
    )

    policy, problems = read(tmp_path)

    assert ids(policy) == ["2026-01-10", "2026-03-01", "2026-03-01-2"]
    assert (one(policy, "2026-03-01-2").body, one(policy, "2026-03-01-2").corrects) == ("Seven.\n", "2026-03-01")
    assert told(problems) == [f"warning posted-back {FILE}:3"]
    assert "posted went back from 2026-03-01 to 2026-01-10" in problems[0].what


def test_white_space_makes_no_version(tmp_path: Path) -> None:
    history(
        tmp_path,
        [
            ("2026-01-10", version("2026-01-10", "We keep\nyour *name*.")),
            ("2026-02-01", version("2026-01-10", "\n\nWe   keep your _name_.\n\n")),
        ],
    )

    policy, problems = read(tmp_path)

    assert (ids(policy), problems) == (["2026-01-10"], [])


def test_a_pending_version_is_postponed_and_withdrawn_by_later_commits(tmp_path: Path) -> None:
    pending = ("effective: 2026-06-01", "summary: Short.")
    postponed = (*pending, "postponed:", "  - {announced: 2026-04-01, to: 2026-07-01}")
    history(
        tmp_path,
        [
            ("2026-01-10", version("2026-01-10", "Seven.")),
            ("2026-03-01", version("2026-03-01", "Nine.", *pending)),
            ("2026-04-01", version("2026-03-01", "Nine.", *postponed)),
            ("2026-05-01", version("2026-03-01", "Nine.", *postponed, "withdrawn: 2026-05-01", "reason: legal")),
        ],
    )

    policy, problems = read(tmp_path)

    last = one(policy, "2026-03-01")
    assert (ids(policy), problems) == (["2026-01-10", "2026-03-01"], [])
    assert (len(last.postponed), last.withdrawn, last.reason) == (1, date(2026, 5, 1), "legal")


def test_what_a_later_commit_states_belongs_to_the_text_or_to_the_version_that_it_corrects(tmp_path: Path) -> None:
    stated = ("effective: 2026-06-01", "summary: Short.")
    history(
        tmp_path,
        [
            ("2026-03-01", version("2026-03-01", "Nine.", *stated)),
            ("2026-03-02", version("2026-03-01", "Ten.", *stated)),
            ("2026-03-03", version("2026-03-01", "Ten.", *stated, "withdrawn: 2026-03-03", title="Your privacy")),
            ("2026-03-04", version("2026-03-01", "Ten.", stated[0], "summary: A slip.", "withdrawn: 2026-03-03")),
        ],
    )

    policy, problems = read(tmp_path)

    first, second = one(policy, "2026-03-01"), one(policy, "2026-03-01-2")
    assert (first.withdrawn, second.withdrawn) == (date(2026, 3, 3), None)
    assert (first.summary, second.summary) == ("Short.", "A slip.")
    assert (first.title, second.title) == ("Privacy", "Privacy")
    assert [problem.code for problem in problems] == ["text-without-date", *["posted-facts-changed"] * 2]


def test_an_effective_day_changed_after_posting_is_said(tmp_path: Path) -> None:
    history(
        tmp_path,
        [
            ("2026-03-01", version("2026-03-01", "Nine.", "effective: 2026-06-01")),
            ("2026-03-01", version("2026-03-01", "Nine.", "effective: 2026-06-02")),
            ("2026-03-09", version("2026-03-01", "Nine.", "effective: 2026-05-01")),
        ],
    )

    policy, problems = read(tmp_path)

    assert one(policy, "2026-03-01").effective == date(2026, 5, 1)
    assert told(problems) == [f"warning posted-facts-changed {FILE}:4"]
    assert "effective was 2026-06-02" in problems[0].what


SEVEN = ("2026-01-10", version("2026-01-10", "Seven."))
SIX = ("2026-03-01", version("2026-03-01", "Six."))
"""It takes effect on 2026-03-31."""
TAKEN_BACK = version("2026-03-01", "Six.", "withdrawn: 2026-03-20")
MOVED = version("2026-03-01", "Six.", "postponed:", "  - {announced: 2026-03-20, to: 2026-05-01}")


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [(TAKEN_BACK, 4, "withdrawn on 2026-03-20"), (MOVED, 5, "postponed on 2026-03-20")],
)
def test_what_is_first_said_when_a_version_has_taken_effect_is_an_error(
    tmp_path: Path, content: str, line: int, what: str
) -> None:
    history(tmp_path, [SEVEN, SIX, ("2026-04-01", content)])

    policy, (problem,) = read(tmp_path)

    assert policy is None
    assert str(problem) == (
        f"{FILE}:{line}: {what} is first said when 2026-03-01 had taken effect, on 2026-03-31\n"
        "  Take it out again, and post a new version: what has taken effect can only be followed."
    )


def test_what_is_first_said_on_the_very_day_is_taken_over_and_told(tmp_path: Path) -> None:
    *_, late = history(tmp_path, [SEVEN, SIX, ("2026-03-31", TAKEN_BACK)])

    policy, (problem,) = read(tmp_path)

    assert one(policy, "2026-03-01").withdrawn == date(2026, 3, 20)
    assert str(problem) == (
        f"{late[:7]}:{FILE}:4: warning: withdrawn on 2026-03-20 is first said when 2026-03-01 had taken effect, "
        f"on 2026-03-31 (commit {late[:7]} of 2026-03-31)\n"
        "  Take it out again, and post a new version: what has taken effect can only be followed."
    )


def test_what_an_old_commit_said_too_late_is_not_taken_over(tmp_path: Path) -> None:
    *_, late, _ = history(
        tmp_path, [SEVEN, SIX, ("2026-04-02", TAKEN_BACK), ("2026-04-10", version("2026-04-10", "Five."))]
    )

    policy, (problem,) = read(tmp_path)

    assert [each.withdrawn for each in versions(policy)] == [None] * 3
    assert str(problem) == (
        f"{late[:7]}:{FILE}:4: warning: withdrawn on 2026-03-20 is first said when 2026-03-01 had taken effect, "
        f"on 2026-03-31, and is not taken over (commit {late[:7]} of 2026-04-02)\n"
        "  An old commit cannot be mended: what has taken effect can only be followed by a new version."
    )


def test_an_announcement_that_is_taken_out_again_or_was_taken_out_by_mistake_is_not_told(tmp_path: Path) -> None:
    history(tmp_path / "again", [SEVEN, SIX, ("2026-04-02", TAKEN_BACK), ("2026-04-03", SIX[1])])
    history(
        tmp_path / "mistake",
        [SEVEN, SIX, ("2026-03-20", TAKEN_BACK), ("2026-03-25", SIX[1]), ("2026-04-03", TAKEN_BACK)],
    )

    again, mistake = read(tmp_path / "again"), read(tmp_path / "mistake")

    assert (one(again[0], "2026-03-01").withdrawn, again[1]) == (None, [])
    assert (one(mistake[0], "2026-03-01").withdrawn, mistake[1]) == (date(2026, 3, 20), [])


def test_a_correction_is_withdrawn_by_the_day_on_which_what_it_corrects_takes_effect(tmp_path: Path) -> None:
    fix = "corrects: '2026-03-01'"
    first = ("2026-03-10", version("2026-03-10", "Five.", fix))
    gone = version("2026-03-10", "Five.", fix, "withdrawn: 2026-03-20")
    history(tmp_path / "a", [SEVEN, SIX, first, ("2026-03-30", gone)])
    history(tmp_path / "b", [SEVEN, SIX, first, ("2026-03-31", gone)])

    assert read(tmp_path / "a")[1] == []
    assert [problem.code for problem in read(tmp_path / "b")[1]] == ["announced-too-late"]


def test_what_took_effect_before_the_file_came_into_git_may_be_told_as_it_was(tmp_path: Path) -> None:
    history(
        tmp_path,
        [("2026-04-01", SIX[1]), ("2026-04-02", TAKEN_BACK.replace("posted", "effective: 2026-03-31\nposted"))],
    )

    policy, problems = read(tmp_path)

    assert one(policy, "2026-03-01").withdrawn == date(2026, 3, 20)
    assert [problem.code for problem in problems] == ["posted-facts-changed"]


@pytest.mark.parametrize(
    ("fact", "what"),
    [
        ("effective: 2026-03-02", "effective was 2026-03-31 when 2026-03-01 was posted"),
        ("corrects: '2026-01-10'", "corrects was left out when 2026-03-01 was posted"),
    ],
)
def test_a_fact_that_moves_a_posted_version_is_said_until_it_is_put_back(tmp_path: Path, fact: str, what: str) -> None:
    changed = version("2026-03-01", "Six.", fact, "reason: legal")
    history(tmp_path, [SEVEN, SIX, ("2026-03-02", changed)])

    _, (problem,) = read(tmp_path)
    commit(tmp_path, "2026-03-03", {FILE: SIX[1]})

    assert problem.what.startswith(f"{what}, and was changed afterwards (commit ")
    assert problem.code == "posted-facts-changed"
    assert read(tmp_path)[1] == []


def test_an_effective_day_that_the_rule_gave_may_be_stated(tmp_path: Path) -> None:
    history(tmp_path, [SEVEN, SIX, ("2026-03-02", version("2026-03-01", "Six.", "effective: 2026-03-31"))])

    assert read(tmp_path)[1] == []


NOTICES = (
    Notice(0, date(2026, 1, 1), "1111111 of 2026-01-01", 30, {}),
    Notice(9, date(2026, 3, 5), "2222222 of 2026-03-05", 5, {}),
)


@pytest.mark.parametrize(
    ("own", "keep"),
    [
        (PolicySettings(), "write `effective: 2026-03-31` in privacy.md"),
        (BY_COMMIT, "leave `notice-days` at 30 for it"),
    ],
)
def test_days_of_notice_that_move_the_last_version_are_said(tmp_path: Path, own: PolicySettings, keep: str) -> None:
    history(tmp_path, [SEVEN, ("2026-02-01", version("2026-02-01", "Eight.")), SIX])

    _, (problem,) = read(tmp_path, own, notice=5, notices=NOTICES)

    assert str(problem) == (
        "pyproject.toml:4: warning: notice-days was 30 and is 5 since commit 2222222 of 2026-03-05: "
        "2026-03-01, posted on 2026-03-01, has the effective day 2026-03-06, and it was 2026-03-31\n"
        f"  Readers were told 2026-03-31: {keep}."
    )


def test_a_day_that_no_calendar_has_any_more_is_none_that_moved(tmp_path: Path) -> None:
    history(
        tmp_path, [SEVEN, ("2026-03-01", version("9999-12-25", "Six.")), ("2026-03-02", version("9999-12-26", "Five."))]
    )

    _, (problem,) = read(tmp_path, notice=5, notices=(NOTICES[0]._replace(general=90),))

    assert problem.what.endswith("has the effective day 9999-12-31, and it was none")


def test_a_title_mended_up_to_the_posting_day_is_a_draft_mended(tmp_path: Path) -> None:
    history(
        tmp_path,
        [
            ("2026-03-01", version("2026-03-01", "Nine.", title="Privcay")),
            ("2026-03-01", version("2026-03-01", "Nine.", "version: '2.10'")),
        ],
    )

    policy, problems = read(tmp_path)

    assert problems == []
    assert (one(policy, "2026-03-01").title, one(policy, "2026-03-01").label) == ("Privacy", "2.10")


def test_a_stated_correction_stands_with_the_version_that_it_corrects(tmp_path: Path) -> None:
    history(
        tmp_path,
        [
            ("2026-01-10", version("2026-01-10", "Seven.")),
            ("2026-02-01", version("2026-02-01", "Eight.")),
            ("2026-02-10", version("2026-02-10", "Seven years.", "corrects: '2026-01-10'")),
            ("2026-02-11", version("2026-02-10", "Seven years!", "corrects: '2026-01-10'")),
        ],
    )

    policy, problems = read(tmp_path)

    assert ids(policy) == ["2026-01-10", "2026-02-10", "2026-02-10-2", "2026-02-01"]
    assert [problem.code for problem in problems] == ["text-without-date"]


def test_a_correction_on_the_day_of_another_version_is_kept_in_the_order_of_the_history(tmp_path: Path) -> None:
    history(
        tmp_path,
        [
            ("2026-01-10", version("2026-01-10", "Seven.")),
            ("2026-02-01", version("2026-01-10", "Eight.")),
            ("2026-02-01", version("2026-02-01", "Nine.")),
        ],
    )

    policy, problems = read(tmp_path)

    assert ids(policy) == ["2026-01-10", "2026-01-10-2", "2026-02-01"]
    assert [problem.code for problem in problems] == ["text-without-date", "posted-same-day"]
    assert {problem.severity for problem in problems} == {"warning"}


# ------------------------------------------------------------------ what is wrong


def test_what_is_wrong_in_an_old_commit_is_a_warning_and_makes_no_version(tmp_path: Path) -> None:
    plain = "No front matter.\n"
    commits = history(
        tmp_path,
        [
            *((f"2026-01-0{n}", f"{plain}{n}\n") for n in range(1, 6)),
            ("2026-02-01", version("2026-02-01", "Eight.").replace("title", "titel")),
            ("2026-02-02", version("2026-02-01", "Eight.")),
        ],
    )

    policy, problems = read(tmp_path)

    assert ids(policy) == ["2026-02-01"]
    assert {problem.severity for problem in problems} == {"warning"}
    assert problems[0].what == (
        f"there is no front matter, in commit {commits[0][:7]} of 2026-01-01, {commits[1][:7]} of 2026-01-02, "
        f"{commits[2][:7]} of 2026-01-03 and 2 more, which make no version"
    )
    assert f"{commits[5][:7]}:{FILE}:2" in [str(problem.place) for problem in problems if "titel" in problem.what]


def test_what_is_wrong_in_the_text_that_is_checked_out_is_an_error_that_its_author_can_open(tmp_path: Path) -> None:
    history(
        tmp_path,
        [("2026-01-10", version("2026-01-10", "Seven.")), ("2026-02-01", version("2026-02-01", "Eight.", "titel: x"))],
    )

    policy, problems = read(tmp_path)

    assert policy is None
    assert [(problem.severity, str(problem.place)) for problem in problems] == [("error", f"{FILE}:4")]


def test_an_error_mended_and_not_committed_names_the_commit(tmp_path: Path) -> None:
    commits = history(tmp_path, [("2026-01-10", version("10 January", "Seven."))])
    write(tmp_path, {FILE: version("2026-01-10", "Seven.")})

    policy, problems = read(tmp_path)

    assert policy is None
    assert [str(problem.place) for problem in problems] == [f"{FILE}:3", f"{commits[0][:7]}:{FILE}:3"]
    assert told(problems)[0] == f"warning uncommitted {FILE}:3"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe", "not-utf-8"),
        (version("2026-01-10", "> " * 40 + "deep"), "nested-too-deep"),
        (version("2026-01-10", "x", "effective: 2026-01-01"), "effective-before-posted"),
        (version("2026-01-10", "x", "corrects: '2020-01-01'"), "corrects-unknown"),
    ],
)
def test_each_kind_of_fault_is_an_error_where_it_can_be_mended_and_else_a_warning(
    tmp_path: Path, content: str | bytes, code: str
) -> None:
    history(tmp_path, [("2026-01-10", content)])
    policy, problems = read(tmp_path)

    assert policy is None
    assert [(problem.severity, problem.code) for problem in problems] == [("error", code)]

    commit(tmp_path, "2026-02-01", {FILE: version("2026-02-01", "Good.")})
    policy, problems = read(tmp_path)

    assert ids(policy) == ["2026-02-01"]
    assert [(problem.severity, problem.code) for problem in problems] == [("warning", "old-commit-faulty")]


def test_a_commit_that_contradicts_the_posted_facts_changes_nothing(tmp_path: Path) -> None:
    history(
        tmp_path,
        [
            ("2026-01-10", version("2026-01-10", "Seven.")),
            ("2026-01-11", version("2026-01-10", "Seven.", "withdrawn: 2026-01-11", title="Other")),
            ("2026-01-12", version("2026-01-10", "Eight.", "withdrawn: 2026-01-11")),
            ("2026-01-13", version("2026-01-10", "Seven.")),
        ],
    )

    policy, problems = read(tmp_path)

    assert ids(policy) == ["2026-01-10"]
    assert (one(policy, "2026-01-10").withdrawn, one(policy, "2026-01-10").title) == (None, "Privacy")
    assert [problem.code for problem in problems] == ["old-commit-faulty"]


def test_a_link_in_the_place_of_the_text_is_no_text(tmp_path: Path) -> None:
    history(tmp_path, [("2026-01-10", version("2026-01-10", "Seven."))])
    (tmp_path / "secret.md").write_text(version("2026-02-01", "Secret."))
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).symlink_to("../secret.md")
    commit(tmp_path, "2026-02-01", {})

    policy, problems = read(tmp_path)

    assert policy is None
    assert "error version-not-a-file policies/privacy.md:1" in told(problems)


# ------------------------------------------------------------------ what is not committed, what moved


def test_what_is_not_committed_is_not_published_and_said(tmp_path: Path) -> None:
    history(tmp_path, [("2026-01-10", version("2026-01-10", "Seven."))])
    write(tmp_path, {FILE: version("2026-01-10", "Nine.")})

    policy, problems = read(tmp_path)

    assert one(policy, "2026-01-10").body == "Seven.\n"
    assert told(problems) == [f"warning uncommitted {FILE}:5"]
    assert "commit" in problems[0].what


def test_a_merge_that_is_not_finished_is_not_to_be_committed_as_it_lies_there(tmp_path: Path) -> None:
    history(tmp_path, [("2026-01-10", version("2026-01-10", "Seven."))])
    conflict = "<<<<<<< HEAD\r\nSix.\r\n=======\r\nNine.\r\n>>>>>>> other"
    write(tmp_path, {FILE: version("2026-01-11", f"As before.\n\n{conflict}")})

    _, (problem,) = read(tmp_path)

    assert told([problem]) == [f"warning uncommitted {FILE}:7"]
    assert "not committed; the line '<<<<<<< HEAD' was left by a merge" in problem.what
    assert problem.remedy.startswith("Two texts stand here")


def test_a_checkout_with_other_line_ends_is_not_a_change(tmp_path: Path) -> None:
    history(tmp_path, [("2026-01-10", version("2026-01-10", "Seven."))])
    write(tmp_path, {FILE: version("2026-01-10", "Seven.").replace("\n", "\r\n")})

    assert read(tmp_path)[1] == []


def clean_checkout(root: Path, attributes: str, content: bytes, place: str = ".gitattributes") -> bytes:
    """A committed file as git checks it out."""
    start(root)
    write(root, {place: f"*.txt working-tree-encoding=none\n*.md {attributes}\n"})
    commit(root, "2026-01-10", {FILE: content})
    (root / FILE).unlink()
    git(root, "checkout", "--", FILE)
    return (root / FILE).read_bytes()


@pytest.mark.parametrize("place", [".gitattributes", "policies/.gitattributes", ".git/info/attributes"])
@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-16LE-BOM", "ISO-8859-1", "SHIFT_JIS"])
def test_a_checkout_in_another_encoding_is_not_a_change(tmp_path: Path, encoding: str, place: str) -> None:
    text = version("2026-01-10", "や" if encoding == "SHIFT_JIS" else "Sieben für Zwölf.")
    mark = "\ufeff" if encoding.endswith("BOM") else ""
    written = f"{mark}{text}".encode(encoding.removesuffix("-BOM"))
    lies = clean_checkout(tmp_path, f"working-tree-encoding={encoding}", written, place)

    clean = read(tmp_path)[1]
    write(tmp_path, {FILE: text.replace("Privacy", "Your privacy")})
    changed = read(tmp_path)[1]

    assert lies != text.encode()
    assert clean == []
    assert told(changed) == [f"warning uncommitted {FILE}:2"]


def test_a_checkout_that_names_its_blob_is_not_a_change(tmp_path: Path) -> None:
    lies = clean_checkout(tmp_path, "ident", version("2026-01-10", "Seven. $Id$").encode())

    policy, problems = read(tmp_path)

    assert b"$Id: " in lies
    assert one(policy, "2026-01-10").body == "Seven. $Id$\n"
    assert problems == []


def test_what_lies_there_and_cannot_be_read_is_said(tmp_path: Path) -> None:
    history(tmp_path, [("2026-01-10", version("2026-01-10", "Seven."))])
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()

    policy, problems = read(tmp_path)

    assert ids(policy) == ["2026-01-10"]
    assert "privacy.md cannot be read" in problems[0].what


def test_where_days_go_back_twice_the_latest_before_them_counts(tmp_path: Path) -> None:
    days = ("2026-03-10", "2026-03-05", "2026-03-07")
    history(tmp_path, [(day, f"# Privacy\n\nWe keep {number}.\n") for number, day in enumerate(days)])

    policy, problems = read(tmp_path, BY_COMMIT)

    assert ids(policy) == ["2026-03-10", "2026-03-10-2", "2026-03-10-3"]
    assert [problem.code for problem in problems] == ["commit-day-back"] * 2


@pytest.mark.parametrize(("count", "more"), [(3, ""), (4, " and 1 more")])
def test_of_old_commits_that_are_wrong_in_one_way_three_are_named(tmp_path: Path, count: int, more: str) -> None:
    wrong = [(f"2026-01-{10 + number}", version("10 January", f"{number}.")) for number in range(count)]
    commits = history(tmp_path, [*wrong, ("2026-02-01", version("2026-02-01", "Seven."))])

    (problem,) = read(tmp_path)[1]

    named = ", ".join(f"{commits[number][:7]} of 2026-01-{10 + number}" for number in range(3))
    assert f", in commit {named}{more}, which make no version" in problem.what


def test_a_file_that_was_removed_and_lies_there_again_is_not_committed(tmp_path: Path) -> None:
    history(tmp_path, [("2026-01-10", version("2026-01-10", "Seven.")), ("2026-01-11", None)])
    write(tmp_path, {FILE: version("2026-01-10", "Seven.")})

    policy, problems = read(tmp_path)

    assert ids(policy) == ["2026-01-10"]
    assert told(problems) == [f"warning uncommitted {FILE}:1"]


def test_a_file_that_was_never_committed_has_no_versions(tmp_path: Path) -> None:
    start(tmp_path)
    commit(tmp_path, "2026-01-10", {"other": "x"})
    write(tmp_path, {FILE: version("2026-01-10", "Seven.")})

    policy, problems = read(tmp_path)

    assert policy is None
    assert told(problems) == [f"warning uncommitted {FILE}:1"]


def test_a_file_is_followed_through_the_paths_that_it_once_had(tmp_path: Path) -> None:
    start(tmp_path)
    commit(tmp_path, "2026-01-10", {"old/index.md": version("2026-01-10", "Seven.")})
    commit(tmp_path, "2026-02-01", {"old/index.md": None, "privacy.md": version("2026-02-01", "Eight.")})
    commit(tmp_path, "2026-03-01", {"privacy.md": None, FILE: version("2026-02-01", "Eight.")})
    commit(tmp_path, "2026-03-02", {"privacy.md": "A pointer to the new place.\n"})
    commit(tmp_path, "2026-04-01", {FILE: version("2026-04-01", "Nine.")})

    policy, problems = read(tmp_path, PolicySettings(paths=("./old/index.md", "privacy.md", "policies/privacy.md")))

    assert problems == []
    assert ids(policy) == ["2026-01-10", "2026-02-01", "2026-04-01"]
    assert [version.place.path for version in versions(policy)] == [
        "old/index.md",
        "privacy.md",
        FILE,
    ]


def test_a_move_that_is_not_committed_is_said_and_the_old_place_is_read(tmp_path: Path) -> None:
    start(tmp_path)
    commit(tmp_path, "2026-01-10", {"privacy.md": version("2026-01-10", "Seven.")})
    write(tmp_path, {"privacy.md": None, FILE: version("2026-01-10", "Seven.")})

    policy, problems = read(tmp_path, PolicySettings(paths=("privacy.md",)))

    assert ids(policy) == ["2026-01-10"]
    assert told(problems) == [f"warning uncommitted {FILE}:1"]


@pytest.mark.parametrize("path", ["policies/privcay.md", "../../outside.md"])
def test_a_path_at_which_nothing_ever_stood_is_said(tmp_path: Path, path: str) -> None:
    history(tmp_path, [("2026-01-10", version("2026-01-10", "Seven."))])

    _, problems = read(tmp_path, PolicySettings(paths=(path,)))

    assert told(problems) == ["warning settings-path-unknown pyproject.toml:4"]
    assert path in problems[0].what


def test_a_policy_deleted_and_put_back_goes_on_where_it_was(tmp_path: Path) -> None:
    text = version("2026-01-10", "Seven.")
    history(tmp_path, [("2026-01-10", text), ("2026-02-01", None), ("2026-03-01", text)])

    assert (ids(read(tmp_path)[0]), read(tmp_path)[1]) == (["2026-01-10"], [])


def test_what_stands_again_in_an_earlier_place_is_of_the_day_on_which_it_did(tmp_path: Path) -> None:
    start(tmp_path)
    commit(tmp_path, "2026-01-10", {"old.md": "Seven.", FILE: "Eight."})
    commit(tmp_path, "2026-03-01", {FILE: None})
    write(tmp_path, {FILE: "Eight."})

    policy, _ = read(tmp_path, PolicySettings(posted_from="commit", paths=("old.md",)))

    assert ids(policy) == ["2026-01-10", "2026-03-01"]


# ------------------------------------------------------------------ a version per commit


def test_with_commits_as_posting_days_each_changed_text_is_a_version(tmp_path: Path) -> None:
    history(
        tmp_path,
        [
            ("2026-01-10", "# Privacy\n\nSeven.\n"),
            ("2026-02-01", "# Privacy\n\nEight.\n"),
            ("2026-02-01T15:00:00+00:00", "# Privacy\n\nNine.\n"),
            ("2026-02-01T16:00:00+00:00", "# Privacy\n\nTen.\n"),
            ("2026-02-05", "# Privacy\n\nTen.\n\n\n"),
        ],
    )

    policy, problems = read(tmp_path, BY_COMMIT)

    assert problems == []
    assert ids(policy) == ["2026-01-10", "2026-02-01", "2026-02-01-2", "2026-02-01-3"]
    assert [(version.corrects, str(version.effective)) for version in versions(policy)] == [
        ("", "2026-01-10"),
        ("", "2026-03-03"),
        ("2026-02-01", "None"),
        ("2026-02-01", "None"),
    ]


def test_days_of_commits_that_go_back_become_the_later_of_the_two(tmp_path: Path) -> None:
    history(tmp_path, [("2026-02-01", "A."), ("2026-01-10", "B."), ("2026-03-01", "C.")])

    policy, problems = read(tmp_path, BY_COMMIT)

    assert ids(policy) == ["2026-02-01", "2026-02-01-2", "2026-03-01"]
    assert told(problems) == [f"warning commit-day-back {FILE}:1"]


@pytest.mark.parametrize(
    ("source", "own", "title"),
    [
        ("---\ntitle: Of the file\n---\n# Heading\n", "Of the settings", "Of the settings"),
        ("---\ntitle:  'Of the\tfile'\nlayout: page\n---\n# Heading\n", "", "Of the file"),
        ("---\ntitle: [a, list]\n---\n# Heading *one*\n", "", "Heading one"),
        ("---\ntitle: x: y\n---\n\n# \n\n## Heading\n", "", "Heading"),
        ("No heading.\n", "", "privacy"),
    ],
)
def test_the_title_is_that_of_the_settings_else_of_the_file_else_of_the_first_heading(
    tmp_path: Path, source: str, own: str, title: str
) -> None:
    history(tmp_path, [("2026-01-10", source)])

    policy, problems = read(tmp_path, PolicySettings(posted_from="commit", title=own))

    assert problems == []
    assert one(policy, "2026-01-10").title == title


def test_front_matter_that_nobody_closes_is_text(tmp_path: Path) -> None:
    history(tmp_path, [("2026-01-10", "---\n\nAll of it.\n")])

    assert one(read(tmp_path, BY_COMMIT)[0], "2026-01-10").body == "---\n\nAll of it.\n"


def test_a_text_that_cannot_be_published_makes_no_version_of_its_commit(tmp_path: Path) -> None:
    history(tmp_path, [("2026-01-10", "> " * 40 + "deep"), ("2026-02-01", "Good.")])

    policy, problems = read(tmp_path, BY_COMMIT)

    assert ids(policy) == ["2026-02-01"]
    assert [problem.code for problem in problems] == ["old-commit-faulty"]


# ------------------------------------------------------------------ pictures


def test_the_pictures_of_a_version_are_those_of_its_commit(tmp_path: Path) -> None:
    start(tmp_path)
    text = "# Privacy\n\n![Seal](seal.png)\n\n{}\n"
    write(tmp_path, {"policies/seal.png": b"old", "policies/_draft.png": b"x", "policies/b/.hidden.png": b"x"})
    write(tmp_path, {"policies/index.html/no-room.png": b"x"})
    commit(tmp_path, "2026-01-10", {FILE: text.format("Seven."), "policies/b/seal.SVG": b"x", "policies/b/c.JPG": b"c"})
    commit(tmp_path, "2026-02-01", {FILE: text.format("Eight."), "policies/seal.png": b"new"})
    commit(tmp_path, "2026-03-01", {FILE: "# Privacy\n\nNo picture.\n"})

    policy, _ = read(tmp_path, BY_COMMIT)

    first, second, third = (one(policy, id_) for id_ in ("2026-01-10", "2026-02-01", "2026-03-01"))
    assert {path: get() for path, get in first.pictures.items()} == {"seal.png": b"old", "b/c.JPG": b"c"}
    assert second.pictures["seal.png"]() == b"new"
    assert third.pictures == {}


# ------------------------------------------------------------------ both sources are one

steps = st.lists(st.tuples(st.booleans(), st.integers(1, 40), st.integers(0, 5)), min_size=1, max_size=6)


@settings(max_examples=12, deadline=None)
@given(steps)
def test_a_history_kept_as_files_and_the_same_kept_in_git_give_the_same_policy(
    tmp_path_factory: pytest.TempPathFactory, taken: list[tuple[bool, int, int]]
) -> None:
    root = start(tmp_path_factory.mktemp("git"))
    files = tmp_path_factory.mktemp("files") / "privacy"
    files.mkdir()
    day, stated, number = date(2026, 1, 10), "", 1
    for place, (corrects, gap, notice) in enumerate(taken):
        day += timedelta(days=gap)
        body = f"# Privacy\n\nWe keep your name for {place} years.\n"
        if corrects and stated:
            number += 1
            own = f"posted: {day}\ncorrects: '{stated}'\n"
            (files / f"{stated}-{number}.md").write_text(f"---\ntitle: Privacy\n{own}---\n{body}")
        else:
            stated, number = day.isoformat(), 1
            facts = f"posted: {stated}\neffective: {day + timedelta(days=notice)}\n"
            (files / f"{stated}.md").write_text(f"---\ntitle: Privacy\n{facts}---\n{body}")
        commit(root, day.isoformat(), {FILE: f"---\ntitle: Privacy\n{facts}---\n{body}"})

    in_git, _ = read(root)
    as_files = folder.read(files, files.parent, notice=30, language="en", title="")

    assert in_git
    assert as_files
    facts_of = [
        [
            (version.id, version.posted, version.effective, version.corrects, version.title, version.body)
            for version in policy.versions
        ]
        for policy in (in_git, as_files)
    ]
    assert facts_of[0] == facts_of[1]


def test_a_merge_is_one_step_of_the_history(tmp_path: Path) -> None:
    history(tmp_path, [("2026-01-10", version("2026-01-10", "Seven."))])
    git(tmp_path, "checkout", "-q", "-b", "draft")
    commit(tmp_path, "2026-02-01", {FILE: version("2026-03-01", "Eight.")})
    commit(tmp_path, "2026-02-02", {FILE: version("2026-03-01", "Nine.")})
    git(tmp_path, "checkout", "-q", "main")
    git(tmp_path, "merge", "-q", "--no-ff", "-m", "Merge", "draft", day="2026-03-01")

    policy, problems = read(tmp_path)

    assert (ids(policy), problems) == (["2026-01-10", "2026-03-01"], [])
    assert one(policy, "2026-03-01").body == "Nine.\n"


def test_a_file_is_known_by_its_history_by_what_is_set_for_it_and_by_what_lies_there(tmp_path: Path) -> None:
    def known(own: PolicySettings | None = None) -> str:
        kept = evolving.Kept(tmp_path / FILE, "privacy", own or PolicySettings(), 30, "en")
        with repository.open_(tmp_path) as repo:
            return evolving.known_by(kept, tmp_path, repo.history(["policies"]))

    history(tmp_path, [("2026-01-10", version("2026-01-10", "Seven."))])
    seen = [known(), known(), known(BY_COMMIT)]
    commit(tmp_path, "2026-02-10", {FILE: version("2026-02-10", "Eight.")})
    seen.append(known())
    write(tmp_path, {FILE: version("2026-02-10", "Nine.")})
    seen.append(known())
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    seen.append(known())

    assert seen[0] == seen[1]
    assert len(set(seen)) == 5
