"""A history as a drawing: where its versions and days fall on it, in numbers. A template draws them.

    across    per cent of the width: 0 is the first day of the history, 100 somewhat past the last one known
    down      pixels: a row a version, the newest on top

Nothing here depends on the day of the build, so the drawing is the same until something happens.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from inforce.model import Entry, Timeline

NAMED = 16
"""As many rows are high enough to bear their version's name."""
NAMED_PITCH = 32
CLOSE_PITCH = 14
TALLEST = NAMED * NAMED_PITCH
"""However long a history is, its rows are no taller than this together."""
MARKED_PITCH = 5
"""In lower rows signs would run into each other: there are bars alone."""
LOWEST = TALLEST // 2
"""Bars alone show how a history went, and no version of it: no more than this, so that the table is in sight."""
MOST_TICKS = 6
MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000, 24000)
"""How far ticks may lie apart."""
YEAR = 12
MARGIN = 30
"""Days past the last one known, at the least: what is in force goes on."""


class Row(NamedTuple):
    """A version: all but `middle` and `thick` lie across."""

    entry: Entry
    middle: float
    thick: float
    """How high its bar is."""
    posted: float
    ends: float
    """Where its notice ends: it takes effect there, or never does."""
    bar: tuple[float, float] | None
    """Where its days in force begin, and how wide they are; None for a version that never governs."""
    moved: tuple[float, ...]
    """Effective days that were announced and then became others."""


class Tick(NamedTuple):
    """The beginning of a year, or of a month where the history is short."""

    day: date
    across: float
    yearly: bool


class Drawing(NamedTuple):
    """All of it."""

    first: date
    last: date
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    height: float
    """That of the rows."""
    named: bool
    """Whether there is room for names."""
    marked: bool
    """Whether there is room for signs."""


def drawing(timeline: Timeline) -> Drawing:
    """Where everything falls."""
    known = sorted(chain.from_iterable(map(_days, timeline.entries)))
    first = known[0]
    last = _later(known[-1], max(MARGIN, (known[-1] - first).days // 12))
    count = len(timeline.entries)
    pitch = NAMED_PITCH if count <= NAMED else min(CLOSE_PITCH, TALLEST / count)
    marked = pitch >= MARKED_PITCH
    if not marked:
        pitch = LOWEST / count
    scale = _Scale(first, last)
    return Drawing(
        first,
        last,
        tuple(_row(timeline, entry, scale, n, pitch) for n, entry in enumerate(reversed(timeline.entries))),
        tuple(_ticks(scale)),
        round(pitch * count, 1),
        named=count <= NAMED,
        marked=marked,
    )


class _Scale(NamedTuple):
    first: date
    last: date

    def across(self, day: date) -> float:
        """Where a day begins."""
        # All on one day is a history of the last day that there is: no later one gives it any width.
        return round((day - self.first).days * 100 / max(1, (self.last - self.first).days), 2)


def _days(entry: Entry) -> Iterator[date]:
    """Every day that is known of a version."""
    yield entry.version.posted
    yield entry.effective
    yield from _moved(entry)


def _later(day: date, days: int) -> date:
    """A day some days later; no later than the last that there is."""
    return day + min(timedelta(days), date.max - day)


def _row(timeline: Timeline, entry: Entry, scale: _Scale, place: int, pitch: float) -> Row:
    period = entry.in_force
    named = pitch == NAMED_PITCH
    begins = scale.across(period.first) if period else 0
    over = scale.across(period.until) if period and period.until else 100
    return Row(
        entry,
        middle=round(pitch * (place + (0.75 if named else 0.5)), 1),
        thick=8 if named else round(max(2, pitch * 0.6), 1),
        posted=scale.across(entry.version.posted),
        ends=begins if period else scale.across(_fell(timeline, entry)),
        bar=(begins, round(over - begins, 2)) if period else None,
        moved=tuple(map(scale.across, _moved(entry))),
    )


def _fell(timeline: Timeline, entry: Entry) -> date:
    """The day from which it was plain that a version never governs."""
    other = timeline.overtaker(entry)
    day = entry.withdrawn or (other and other.in_force and other.in_force.first) or entry.version.posted
    return max(day, entry.version.posted)


def _moved(entry: Entry) -> Iterable[date]:
    announced = [entry.version.effective, *(one.to for one in entry.postponed)]
    return [day for day in announced[:-1] if day]


def _ticks(scale: _Scale) -> Iterator[Tick]:
    """The first days of months or years, not too many."""
    begins, over = (day.year * YEAR + day.month - 1 for day in (scale.first, scale.last))
    step = next(step for step in MONTHS if (over - begins) / step <= MOST_TICKS)
    for month in range(begins - begins % step, over + 1, step):
        if month > begins or (month == begins and scale.first.day == 1):
            day = date(month // YEAR, month % YEAR + 1, 1)
            yield Tick(day, scale.across(day), step % YEAR == 0)
