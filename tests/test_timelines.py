from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from inforce.errors import Place
from inforce.model import Policy, Postponement, Version
from inforce.timelines import LOWEST, TALLEST, Drawing, drawing
from tests.timelines import policies

if TYPE_CHECKING:
    from inforce.timelines import Row


def version(posted: date, effective: date | None = None, **facts: object) -> Version:
    return Version(
        id=str(posted),
        title="Terms",
        posted=posted,
        effective=effective,
        body="",
        place=Place("a.md"),
        **facts,  # type: ignore[arg-type]
    )


def drawn(on: date, *versions: Version) -> Drawing:
    return drawing(Policy.of("terms", versions).as_of(on))


def row(drawing_: Drawing, id_: str) -> Row:
    return next(row for row in drawing_.rows if row.entry.id == id_)


FIRST = date(2025, 1, 1)
SLOW = version(date(2025, 3, 1), date(2025, 9, 1))
FAST = version(date(2025, 5, 1), date(2025, 5, 11))


def test_one_version_has_a_bar_from_its_first_day_to_the_edge() -> None:
    one = drawn(date(2026, 7, 1), version(FIRST, FIRST))

    assert (one.first, one.last) == (FIRST, date(2025, 1, 31))
    assert [row.bar for row in one.rows] == [(0, 100)]


def test_a_history_of_the_last_day_that_there_is_can_be_drawn() -> None:
    one = drawn(date.max, version(date.max, date.max))

    assert [row.bar for row in one.rows] == [(0, 100)]


def test_the_bar_of_a_version_begins_where_that_of_the_one_before_it_ends() -> None:
    both = drawn(date(2025, 5, 2), version(FIRST, FIRST), FAST)

    fast, first = both.rows
    assert first.bar and fast.bar  # noqa: PT018 - both are wanted for what follows
    assert first.bar[0] + first.bar[1] == fast.bar[0] == fast.ends
    assert fast.posted < fast.bar[0]
    assert fast.middle < first.middle


def test_a_version_that_never_governs_ends_where_another_takes_over_or_it_is_withdrawn() -> None:
    withdrawn = version(date(2025, 6, 1), date(2025, 8, 1), withdrawn=date(2025, 7, 1))

    all_ = drawn(date(2025, 7, 2), version(FIRST, FIRST), SLOW, FAST, withdrawn)

    assert row(all_, "2025-03-01").bar is None
    assert row(all_, "2025-06-01").bar is None
    assert row(all_, "2025-03-01").ends == row(all_, "2025-05-01").ends
    assert row(all_, "2025-06-01").ends == round((date(2025, 7, 1) - FIRST).days * 100 / (all_.last - FIRST).days, 2)


def test_a_correction_that_never_governs_is_a_point_on_the_day_of_its_posting() -> None:
    late = version(date(2025, 6, 1), corrects="2025-03-01")

    all_ = drawn(date(2025, 7, 2), version(FIRST, FIRST), SLOW, FAST, late)

    assert row(all_, "2025-06-01").posted == row(all_, "2025-06-01").ends


def test_each_effective_day_that_was_given_up_is_marked() -> None:
    steps = (Postponement(date(2025, 3, 2), date(2025, 10, 1)), Postponement(date(2025, 3, 3), date(2025, 8, 1)))
    moved = version(SLOW.posted, SLOW.effective, postponed=steps)

    one = row(drawn(date(2025, 3, 4), version(FIRST, FIRST), moved), "2025-03-01")

    assert len(one.moved) == 2
    assert one.ends < one.moved[0] < one.moved[1] < 100


def test_a_day_from_which_a_version_was_brought_forward_lies_within_the_drawing() -> None:
    sooner = version(SLOW.posted, SLOW.effective, postponed=(Postponement(date(2025, 3, 2), date(2025, 3, 20)),))

    all_ = drawn(date(2025, 3, 4), version(FIRST, FIRST), sooner)

    assert all_.last == date(2025, 10, 1)
    assert row(all_, "2025-03-01").moved == (round((date(2025, 9, 1) - FIRST).days * 100 / 273, 2),)


def test_past_the_last_day_of_a_long_history_there_is_a_twelfth_of_its_length() -> None:
    long = drawn(date(2027, 1, 2), version(FIRST, FIRST), version(date(2026, 12, 27), date(2026, 12, 27)))

    assert (long.last - date(2026, 12, 27)).days == 725 // 12


def test_the_drawing_is_the_same_until_something_happens() -> None:
    versions = version(FIRST, FIRST), FAST

    days = {drawn(date(2025, 5, 11) + timedelta(n), *versions) for n in (0, 1, 400, 4000)}

    assert len(days) == 1


def test_ticks_are_months_in_a_short_history_and_years_in_a_long_one() -> None:
    short = drawn(date(2025, 5, 2), version(FIRST, FIRST), FAST)
    long = drawn(date(2025, 5, 2), version(date(1985, 2, 3), date(1985, 2, 3)), FAST)

    assert [tick.day.month for tick in short.ticks] == [1, 2, 3, 4, 5, 6]
    assert [tick.day.year for tick in long.ticks] == [1990, 2000, 2010, 2020]
    assert not any(tick.yearly for tick in short.ticks)
    assert all(tick.yearly for tick in long.ticks)


def test_a_long_history_is_no_taller_than_a_short_one_and_bears_no_names() -> None:
    versions = [version(day, day) for n in range(500) for day in [FIRST + timedelta(n)]]

    many, few = drawn(date(2027, 1, 1), *versions), drawn(date(2027, 1, 1), *versions[:16])

    assert few.named
    assert few.marked
    assert (many.named, many.marked) == (False, False)
    assert (few.height, many.height) == (TALLEST, LOWEST)


def test_the_last_days_that_there_are_can_be_drawn() -> None:
    far = version(date(2025, 6, 1), date.max)

    all_ = drawn(date(2025, 7, 2), version(FIRST, FIRST), far)

    assert all_.last == date.max
    assert row(all_, "2025-06-01").bar == (100, 0)


@given(policies(), st.integers(0, 400))
def test_all_of_every_history_lies_within_the_drawing(policy: Policy, days: int) -> None:
    timeline = policy.as_of(policy.versions[0].posted + timedelta(days))
    if not timeline.entries:
        return

    made = drawing(timeline)

    assert [row.entry for row in made.rows] == list(reversed(timeline.entries))
    assert made.height <= TALLEST
    for one in made.rows:
        across = [one.posted, one.ends, *one.moved, *(one.bar or ())]
        assert all(0 <= place <= 100 for place in across)
        assert one.posted <= one.ends
        assert 0 < one.middle < made.height
