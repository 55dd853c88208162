"""Lining up two sequences.

The one door to rapidfuzz. What is lined up is spelt as a string, one character an item: the caller decides what
an item is, a word of a paragraph or a paragraph of a text.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from itertools import chain, pairwise, product
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from rapidfuzz.distance import LCSseq

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

LIMIT = 30_000_000
"""The most pairs of items that are looked at to line up two strings."""


At = TypeVar("At", int, tuple[int, int, int])
T = TypeVar("T")
"""A place in a row."""


_FIRST = 0x100
_SURROGATES = range(0xD800, 0xE000)
"""They are no characters."""


class Match(NamedTuple):
    """A stretch that both have."""

    first: int
    second: int
    size: int


class Codes(dict["Hashable", str]):
    """A character for each distinct item; items beyond what Unicode can tell apart equal nothing."""

    nothing = "\x01"
    exhausted = False
    """Whether there was no character left for an item."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, str] = {}
        """Rows that were spelt, by their names, so that each is spelt once."""
        codes = range(_FIRST, sys.maxunicode + 1)
        self._left = map(chr, chain(codes[: _SURROGATES.start - _FIRST], codes[_SURROGATES.stop - _FIRST :]))

    def __missing__(self, item: Hashable) -> str:
        code = next(self._left, "")
        if not code:
            self.exhausted = True
            return self.nothing
        self[item] = code
        return code

    def spell(self, items: Iterable[Hashable]) -> str:
        """A row of items as a string."""
        return "".join(map(self.__getitem__, items))

    def spelt(self, name: str, row: Sequence[Hashable]) -> str:
        """The same of a row that is likely to be asked for again: rows with the same name are the same."""
        known = self.rows.get(name)
        if known is None:
            known = self.spell(row)
            if not self.exhausted:
                self.rows[name] = known
        return known


def matches(first: str, second: str) -> list[Match] | None:
    """A longest common subsequence, as stretches; None if that is too much work."""
    low, high = ends(first, second) if too_much(first, second) else (0, 0)
    one, two = first[low : len(first) - high], second[low : len(second) - high]
    if too_much(one, two):
        return None
    found = [Match(0, 0, low)] if low else []
    found += [
        Match(step.src_start + low, step.dest_start + low, step.src_end - step.src_start)
        for step in LCSseq.opcodes(one, two)
        if step.tag == "equal"
    ]
    if high:
        found.append(Match(len(first) - high, len(second) - high, high))
    return found


def too_much(first: str, second: str) -> bool:
    """Whether it is too much work to line two strings up."""
    return len(first) * len(second) > LIMIT


def ends(first: Sequence[object], second: Sequence[object]) -> tuple[int, int]:
    """How many items two rows both begin with, and with how many of the others both end."""
    low = _alike(first, second, min(len(first), len(second)))
    return low, _alike(first[low:][::-1], second[low:][::-1], min(len(first), len(second)) - low)


def _alike(first: Sequence[object], second: Sequence[object], most: int) -> int:
    """With how many of the same items two rows begin; halves are compared as a whole, which is quick."""
    low = 0
    while low < most:
        middle = (low + most + 1) // 2
        if first[low:middle] == second[low:middle]:
            low = middle
        else:
            most = middle - 1
    return low


def shared(first: Sequence[Hashable], second: Sequence[Hashable]) -> list[Match]:
    """What two rows have in common, in order, as stretches; what both begin and end with first."""
    low, high = ends(first, second)
    codes = Codes()
    one, two = first[low : len(first) - high], second[low : len(second) - high]
    between = matches(codes.spell(one), codes.spell(two)) if one and two else None
    return _joined(first, second, (low, high), between or ())


def shared_spelt(first: str, second: str) -> list[Match]:
    """The same of two rows that are spelt already."""
    low, high = ends(first, second)
    one, two = first[low : len(first) - high], second[low : len(second) - high]
    return _joined(first, second, (low, high), (matches(one, two) if one and two else None) or ())


def _joined(
    first: Sequence[object], second: Sequence[object], alike: tuple[int, int], between: Iterable[Match]
) -> list[Match]:
    """What two rows begin with, what they share between their ends, and what they end with."""
    low, high = alike
    found = [Match(0, 0, low)] if low else []
    found += [Match(a + low, b + low, size) for a, b, size in between]
    if high:
        found.append(Match(len(first) - high, len(second) - high, high))
    return found


def gaps(first: Sequence[T], second: Sequence[T], same: Iterable[Match]) -> list[tuple[Sequence[T], Sequence[T]]]:
    """What stands between the stretches that two rows share, and before and behind them."""
    ends = [Match(0, 0, 0), *same, Match(len(first), len(second), 0)]
    return [(first[a.first + a.size : b.first], second[a.second + a.size : b.second]) for a, b in pairwise(ends)]


def common(first: str, second: str) -> int:
    """How many items a longest common subsequence has; of strings too long for that, what they begin and end with."""
    return sum(ends(first, second)) if too_much(first, second) else LCSseq.similarity(first, second)


def similarity(first: str, second: str, least: float = 0.0) -> float:
    """How alike two strings are, from 0 to 1: twice what they share over all they have; 0 below ``least``."""
    both = len(first) + len(second)
    if not both:
        return 1.0
    if too_much(first, second):
        alike = 2 * common(first, second) / both
    else:
        alike = 2 * LCSseq.similarity(first, second, score_cutoff=int(least * both / 2)) / both
    return alike if alike >= least else 0.0


def heaviest(pairs: Sequence[tuple[At, At, float]]) -> list[tuple[At, At]]:
    """Of weighted pairs, those that rise on both sides and weigh most together."""
    if len(pairs) == 1:
        return [pairs[0][:2]]
    columns = sorted({second for _, second, _ in pairs})
    ordered = [(first, bisect_left(columns, second), weight) for first, second, weight in pairs]
    ordered.sort(key=lambda pair: (pair[0], -pair[1]))
    tree: list[tuple[float, int]] = [(0.0, -1)] * (len(columns) + 1)  # best ends of chains, by last column
    before = [-1] * len(ordered)
    best = (0.0, -1)
    for number, (_, at, weight) in enumerate(ordered):
        top = (0.0, -1)
        k = at
        while k > 0:
            if tree[k][0] > top[0]:
                top = tree[k]
            k -= k & -k
        before[number] = top[1]
        here = (top[0] + weight, number)
        if here[0] > best[0]:
            best = here
        k = at + 1
        while k <= len(columns):
            if here[0] > tree[k][0]:
                tree[k] = here
            k += k & -k
    out = []
    number = best[1]
    while number >= 0:
        out.append((ordered[number][0], columns[ordered[number][1]]))
        number = before[number]
    return out[::-1]


def equal_pairs(first: Sequence[Hashable], second: Sequence[Hashable], most: int = 16) -> Iterator[tuple[int, int]]:
    """The places at which two rows hold the same; of what both repeat a lot, only first with first, and so on."""
    there: dict[Hashable, list[int]] = {}
    for k, item in enumerate(second):
        there.setdefault(item, []).append(k)
    here: dict[Hashable, list[int]] = {}
    for k, item in enumerate(first):
        if item in there:
            here.setdefault(item, []).append(k)
    for item, ones in here.items():
        twos = there[item]
        if len(ones) * len(twos) <= most:
            yield from product(ones, twos)
        else:
            yield from zip(ones, twos, strict=False)
