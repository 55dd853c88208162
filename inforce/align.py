"""Lining up two sequences.

The one door to rapidfuzz. What is lined up is spelt as a string, one character an item: the caller decides what
an item is, a word of a paragraph or a paragraph of a text.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import Indel, LCSseq

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

LIMIT = 30_000_000
"""The most pairs of items that are looked at to line up two strings."""


class Match(NamedTuple):
    """A stretch that both have."""

    first: int
    second: int
    size: int


class Codes(dict["Hashable", str]):
    """A character for each distinct item; items beyond what Unicode can tell apart equal nothing."""

    def __missing__(self, item: Hashable) -> str:
        code = 0x100 + len(self)
        code += 0x800 * (code >= 0xD800)  # the surrogates are no characters
        if code > 0x10FFFF:
            return self.nothing
        self[item] = chr(code)
        return self[item]

    nothing = "\x01"

    def spell(self, items: Iterable[Hashable]) -> str:
        """A row of items as a string."""
        return "".join(map(self.__getitem__, items))


def matches(first: str, second: str) -> list[Match] | None:
    """A longest common subsequence, as stretches; None if that is too much work."""
    low, high = 0, 0
    if len(first) * len(second) > LIMIT:  # what both begin and end with costs nothing
        shorter = min(len(first), len(second))
        while low < shorter and first[low] == second[low]:
            low += 1
        while high < shorter - low and first[-1 - high] == second[-1 - high]:
            high += 1
        if (len(first) - low - high) * (len(second) - low - high) > LIMIT:
            return None
    found = [Match(0, 0, low)] if low else []
    for tag, a, b, c, _ in LCSseq.opcodes(first[low : len(first) - high], second[low : len(second) - high]):
        if tag == "equal":
            found.append(Match(a + low, c + low, b - a))
    if high:
        found.append(Match(len(first) - high, len(second) - high, high))
    return _joined(found)


def _joined(found: list[Match]) -> list[Match]:
    out: list[Match] = []
    for match in found:
        if out and out[-1].first + out[-1].size == match.first and out[-1].second + out[-1].size == match.second:
            out[-1] = Match(out[-1].first, out[-1].second, out[-1].size + match.size)
        else:
            out.append(match)
    return out


def common(first: str, second: str) -> int:
    """How many items a longest common subsequence has; 0 if that is too much work."""
    return 0 if len(first) * len(second) > LIMIT else LCSseq.similarity(first, second)


def similarity(first: str, second: str, least: float = 0.0) -> float:
    """How alike two strings are, from 0 to 1: twice what they share over all they have; 0 below ``least``."""
    if len(first) * len(second) > LIMIT:
        return 0.0
    return Indel.normalized_similarity(first, second, score_cutoff=least)


def heaviest(pairs: Sequence[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """Of weighted pairs, those that rise on both sides and weigh most together."""
    ordered = sorted(pairs, key=lambda pair: (pair[0], -pair[1]))
    columns = sorted({pair[1] for pair in ordered})
    tree: list[tuple[float, int]] = [(0.0, -1)] * (len(columns) + 1)  # best ends of chains, by last column
    before = [-1] * len(ordered)
    best = (0.0, -1)
    for number, (_, second, weight) in enumerate(ordered):
        at = bisect_left(columns, second)
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
        out.append(ordered[number][:2])
        number = before[number]
    return out[::-1]
