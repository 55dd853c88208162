"""Clauses that moved: a run of words that was taken out in one place and put in, word for word, in another.

Looked for among the words that are marked anyway, so that it only changes how they are told.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from inforce.text import IMAGE
from inforce.unseen import without
from inforce.words import SENTENCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inforce.align import Codes
    from inforce.words import Segment

LEAST = 12
"""The fewest words and signs that make a clause worth telling of."""
SHARE = 0.5
"""How much of the words marked around it, on one side at least, a clause must be."""
STEP = 6
"""Runs are found by as many words at once; of those put in, every so many are looked up."""
BORDER = 6
"""So many words at either end of a run may belong to other sentences."""
REPEATED = 4
"""What stands in more places than this tells nothing."""


@dataclass(slots=True, eq=False)
class _Stretch:
    """Marked words, and the clauses found in them: first word, last word + 1, number."""

    row: list[Segment]
    segment: Segment
    first: int
    """Of its words in those of its content."""
    code: str
    found: list[tuple[int, int, int]]

    def free(self, at: int) -> bool:
        """Whether a word is in no clause yet."""
        return all(not low <= at < high for low, high, _ in self.found)

    def spelt(self, at: int, size: int) -> list[str]:
        """Words as they are written: a clause that moved is the same letter for letter."""
        text, words = self.segment.content.text, self.segment.content.words
        spans = zip(words.starts, words.ends, strict=True)
        return [without(text[start:end]) for start, end in islice(spans, self.first + at, self.first + at + size)]


class _Run(NamedTuple):
    size: int
    old_at: int
    new: _Stretch
    new_at: int


def tell(rows: Sequence[list[Segment]], codes: Codes, number: int) -> int:
    """Tell of the clauses that moved among rows of segments, numbering them from ``number``; gives the next one."""
    olds = list(_stretches(rows, "-", codes))
    news = list(_stretches(rows, "+", codes)) if olds else []
    index: dict[str, list[tuple[_Stretch, int]]] = {}
    for stretch in news:
        for at in range(0, len(stretch.code) - STEP + 1, STEP):
            index.setdefault(stretch.code[at : at + STEP], []).append((stretch, at))
    for old in olds if index else ():
        code, free = old.code, 0
        for at in [k for k in range(len(code) - LEAST + 1) if code[k : k + STEP] in index]:
            places = index[code[at : at + STEP]]
            run = max(_runs(old, at, places), key=lambda run: run.size, default=None) if at >= free else None
            if run is None:
                continue
            free = run.old_at + run.size
            run = _trimmed(run, old)
            enough = run.size >= max(LEAST, SHARE * min(len(old.code), len(run.new.code)))
            if enough and old.spelt(run.old_at, run.size) == run.new.spelt(run.new_at, run.size):
                old.found.append((run.old_at, run.old_at + run.size, number))
                run.new.found.append((run.new_at, run.new_at + run.size, number))
                number += 1
    for stretch in [*olds, *news]:
        if stretch.found:
            _cut(stretch)
    return number


def _stretches(rows: Sequence[list[Segment]], mark: str, codes: Codes) -> Iterator[_Stretch]:
    for row in rows:
        for segment in row:
            if segment.mark == mark and segment.end - segment.start >= LEAST:
                content = segment.content
                first, last = 0, len(content.keys)
                if segment.end - segment.start < len(content.text):
                    first, last = (bisect_left(content.words.starts, at) for at in (segment.start, segment.end))
                if last - first >= LEAST and IMAGE not in content.text:
                    yield _Stretch(row, segment, first, codes.spelt(content.text, content.keys)[first:last], [])


def _runs(old: _Stretch, at: int, places: Sequence[tuple[_Stretch, int]]) -> Iterator[_Run]:
    """The runs that hold the words from a place of an old stretch, grown to both sides as far as they go."""
    if len(places) > REPEATED:
        return
    for new, place in places:
        a, b, size = at, place, STEP
        while a and b and old.code[a - 1] == new.code[b - 1] and old.free(a - 1) and new.free(b - 1):
            a, b, size = a - 1, b - 1, size + 1
        while (
            a + size < len(old.code)
            and b + size < len(new.code)
            and old.code[a + size] == new.code[b + size]
            and new.free(b + size)
        ):
            size += 1
        if all(map(new.free, range(place, place + STEP))):
            yield _Run(size, a, new, b)


def _trimmed(run: _Run, old: _Stretch) -> _Run:
    """A run without the ends of other sentences at its borders."""
    first = old.first + run.old_at
    keys = old.segment.content.words.keys[first : first + run.size]
    low = next((k + 1 for k, key in enumerate(keys[:BORDER]) if key in SENTENCE), 0)
    high = next((k for k, key in enumerate(reversed(keys[-BORDER:])) if key in SENTENCE), 0)
    if run.size - low - high < LEAST:
        return run
    return _Run(run.size - low - high, run.old_at + low, run.new, run.new_at + low)


def _cut(stretch: _Stretch) -> None:
    """Cut a segment at the borders of the clauses in it."""
    segment = stretch.segment
    parts: list[Segment] = []
    at = 0
    size = len(stretch.code)
    for low, high, number in [*sorted(stretch.found), (size, size, 0)]:
        if at < low:
            parts.append(_part(segment, stretch.first + at, stretch.first + low))
        if low < high:
            parts.append(replace(_part(segment, stretch.first + low, stretch.first + high), move=number))
        at = high
    parts[0].gap, parts[0].start = segment.gap, segment.start
    parts[-1].tail, parts[-1].end = segment.tail, segment.end
    place = next(k for k, other in enumerate(stretch.row) if other is segment)
    stretch.row[place : place + 1] = parts


def _part(segment: Segment, first: int, last: int) -> Segment:
    """The words of a segment from one to another."""
    words = segment.content.words
    after = words.ends[first - 1] if first else 0
    start = after if segment.mark == "+" else words.starts[first]
    return replace(segment, start=start, end=words.ends[last - 1], gap=words.starts[first] > after, tail=False)
