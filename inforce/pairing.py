"""Which blocks of two texts are each other.

Given the gaps that are left between the chunks that both texts have, from sure to likely:

    same     blocks with the same words, in order
    moved    blocks with the same words, in another place (not those too short to tell)
    alike    blocks of one gap much of whose words are the same, in order
    cut      a block next to such a pair that holds the rest of its words: a split or a join
    moved    what is still left, and its neighbours, if much of its words are the same elsewhere
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import chain
from math import log2
from operator import add
from typing import TYPE_CHECKING, Any, NamedTuple

from inforce import align
from inforce.text import is_heading

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from inforce.text import Block, Chunk, Nest

    Gaps = Iterable[tuple[Sequence[Chunk], Sequence[Chunk]]]
    """Each gap is the chunks of the old text in it, and those of the new."""

ALIKE = 0.4
"""How alike two blocks must be to be shown word by word in one."""
LIKELY = 0.6
"""The same for blocks of different kinds, such as a heading and a paragraph."""
MOVED = 0.7
"""How alike a block must be to one elsewhere to have moved."""
HELD = 0.7
"""How much of a block another must hold to be a part of it."""
WORK = 500
"""The most pairs of blocks in a gap that are compared each with each; beyond it, only those that share rare words."""
RARE = 24
"""A pair of words that stands in more blocks than this tells nothing."""
CHOICES = 6
"""How many blocks a block is compared with where it cannot be compared with all."""
HEADING = 30.0
"""How many words of a paragraph it takes to outweigh a heading when one of them must be told to have moved."""
SHORT = 4
"""Blocks of fewer words have moved only if nothing else reads the same."""

_ALONE = {"head", "row", "hr", "empty", "pre"}


@dataclass(slots=True, eq=False)
class Leaf:
    """A block in its place in one of the two texts."""

    block: Block
    place: int
    """Counted through the blocks in the gaps of its text."""
    gap: int
    """The number of its gap."""
    path: tuple[int, ...]
    """The numbers of the nests around it: positive in the new text, negative in the old."""
    cells: tuple[str, ...]
    """The words of each content, one character each."""
    code: str
    """All of them in one; equal codes: equal words."""
    sort: str
    """What it can be paired with: a row with a row, code with code, other words with other words."""


@dataclass(slots=True, eq=False)
class Pairing:
    """The blocks in the gaps between two texts, and which of them are each other."""

    codes: align.Codes
    nests: dict[int, Nest]
    """Nests by their numbers."""
    olds: list[Leaf]
    news: list[Leaf]
    gaps: list[tuple[range, range]]
    """The places of each gap."""
    pairs: list[tuple[list[int], list[int]]]
    """Places that are each other: one and one, one and many (a split), many and one (a join)."""
    from_: dict[int, int]
    """Where a block that has moved is now, by where it was."""
    to: dict[int, int]
    """Where a block that has moved was, by where it is now."""
    capped: bool
    """Whether some blocks were too long to compare."""


class Spelt(NamedTuple):
    """How the words of a block are written, one character each."""

    block: Block
    path: tuple[int, ...]
    """The numbers of its nests, counted from 1 in its chunk."""
    cells: tuple[str, ...]
    code: str
    sort: str


@dataclass(slots=True, eq=False)
class Memory:
    """How chunks are spelt: worked out once for all the redlines of a history, and the same in each of them."""

    codes: align.Codes = field(default_factory=align.Codes)
    chunks: dict[Chunk, tuple[tuple[Nest, ...], tuple[Spelt, ...]]] = field(default_factory=dict)
    """Of each chunk its nests, and its blocks."""
    made: dict[Hashable, Any] = field(default_factory=dict)
    """The marks of texts that were compared: many a page goes back to what it was, and comes again."""
    lined: dict[Hashable, Any] = field(default_factory=dict)
    """Which blocks of two texts are each other, until there are marks."""

    def forget(self) -> None:
        """Begin anew."""
        self.codes = align.Codes()
        self.chunks = {}


@dataclass(slots=True, eq=False)
class Tried:
    """What a try to pair the blocks of two texts leaves for the next one."""

    scores: dict[tuple[Block, Block], float] = field(default_factory=dict)
    """What blocks are worth to each other."""
    grams: dict[str, set[str]] = field(default_factory=dict)
    """The pairs of words in blocks, or their one word."""


def pairing(gaps: Gaps, memory: Memory | None = None, tried: Tried | None = None) -> Pairing:
    """Pair the blocks of gaps; ``tried`` is what another try has found out about them."""
    memory = memory if memory is not None else Memory()
    tried = tried if tried is not None else Tried()
    known = bool(memory.chunks)
    search = _Search(gaps, memory, tried)
    if known and memory.codes.exhausted:  # words were left without a character only because of other texts
        memory.forget()
        search = _Search(gaps, memory, tried)
    return search.run()


class _Search:
    """The state of one search."""

    def __init__(self, gaps: Gaps, memory: Memory, tried: Tried) -> None:
        self.codes = memory.codes
        self.spelt = memory.chunks
        self.scores = tried.scores
        self.grams = tried.grams
        self.nests: dict[int, Nest] = {}
        self.olds: list[Leaf] = []
        self.news: list[Leaf] = []
        self.gaps = [
            (self._leaves(old, self.olds, -1, k), self._leaves(new, self.news, 1, k))
            for k, (old, new) in enumerate(gaps)
        ]
        self.pairs: list[tuple[list[int], list[int]]] = []
        self.pair_of_old: dict[int, int] = {}
        self.pair_of_new: dict[int, int] = {}
        self.capped = False
        self.from_: dict[int, int] = {}
        self.to: dict[int, int] = {}

    def run(self) -> Pairing:
        """Pair and move."""
        for olds, news in self.gaps:
            if len(olds) == len(news) == 1:
                self._one_each(olds, news)
            elif olds and news:
                self._in_order(olds, news)
        rests = list(self._rests())
        self._moved_as_they_are(rests)
        for olds, news in rests:
            if olds and news:
                self._alike([a for a in olds if a not in self.from_], [b for b in news if b not in self.to])
        self._cut()
        self._moved_with_changes()
        pairs = sorted(self.pairs)
        return Pairing(self.codes, self.nests, self.olds, self.news, self.gaps, pairs, self.from_, self.to, self.capped)

    def _leaves(self, chunks: Iterable[Chunk], side: list[Leaf], sign: int, gap: int) -> range:
        first = len(side)
        self.codes.nothing = "\x01" if sign < 0 else "\x02"
        place = first
        for chunk in chunks:
            if (known := self.spelt.get(chunk)) is None:
                known = self.spelt[chunk] = self._spelt(chunk)
            nests, blocks = known
            before = len(self.nests)
            for number, nest in enumerate(nests, before + 1):
                self.nests[sign * number] = nest
            for block, path, cells, code, sort in blocks:
                numbers = tuple([sign * (before + number) for number in path]) if path else ()
                side.append(Leaf(block, place, gap, numbers, cells, code, sort))
                place += 1
        return range(first, place)

    def _spelt(self, chunk: Chunk) -> tuple[tuple[Nest, ...], tuple[Spelt, ...]]:
        """The nests of a chunk, and how its blocks are spelt."""
        numbers: dict[Nest, int] = {}
        spelt = []
        for block in chunk.blocks:
            path = tuple([numbers.setdefault(nest, len(numbers) + 1) for nest in block.nests])
            cells = tuple([self.codes.spelt(content.keys) for content in block.contents])
            code = cells[0] if len(cells) == 1 else "\0".join(cells)
            spelt.append(Spelt(block, path, cells, code, block.kind if block.kind in _ALONE else "words"))
        return tuple(numbers), tuple(spelt)

    def _free_old(self, place: int) -> bool:
        return place not in self.pair_of_old and place not in self.from_

    def _free_new(self, place: int) -> bool:
        return place not in self.pair_of_new and place not in self.to

    def _pair(self, old: int, new: int) -> None:
        self.pair_of_old[old] = self.pair_of_new[new] = len(self.pairs)
        self.pairs.append(([old], [new]))

    def _move(self, old: int, new: int) -> None:
        self.from_[old] = new
        self.to[new] = old

    def _one_each(self, olds: range, news: range) -> None:
        """Pair the only blocks of a gap if they are the same or alike."""
        one, two = self.olds[olds[0]], self.news[news[0]]
        if (one.sort == two.sort and one.code == two.code) or self._weighed(olds, news):
            self._pair(olds[0], news[0])

    def _in_order(self, olds: range, news: range) -> None:
        """Pair blocks of a gap that are the same or alike, so that as many words as possible stay in place."""
        first = [(leaf.sort, leaf.code) for leaf in self.olds[olds.start : olds.stop]]
        second = [(leaf.sort, leaf.code) for leaf in self.news[news.start : news.stop]]
        if first == second:  # each in its place is what weighs most
            for a, b in zip(olds, news, strict=True):
                self._pair(a, b)
            return
        shared = set(first) & set(second)
        weighed = [
            (olds.start + a, news.start + b, len(first[a][1]) + self._extra(olds.start + a, news.start + b))
            for a, b in align.equal_pairs(first, second)
        ]
        ones = [k for k, key in zip(olds, first, strict=True) if key not in shared]
        twos = [k for k, key in zip(news, second, strict=True) if key not in shared]
        if ones and twos:
            weighed += self._weighed(ones, twos)
        pairs = align.heaviest(weighed)
        at_old, at_new = olds.start, news.start
        for a, b in [*pairs, (olds.stop, news.stop)]:
            if shared and at_old < a and at_new < b:
                one, two = first[at_old - olds.start : a - olds.start], second[at_new - news.start : b - news.start]
                for match in align.shared(one, two):
                    for k in range(match.size):
                        self._pair(at_old + match.first + k, at_new + match.second + k)
            if a < olds.stop:
                self._pair(a, b)
            at_old, at_new = a + 1, b + 1

    def _rests(self) -> Iterator[tuple[range, range]]:
        """What is left between pairs."""
        self.pairs.sort()
        at = 0
        for olds, news in self.gaps:
            at_old, at_new = olds.start, news.start
            while at < len(self.pairs) and self.pairs[at][0][0] < olds.stop:
                (a,), (b,) = self.pairs[at]
                yield range(at_old, a), range(at_new, b)
                at_old, at_new = a + 1, b + 1
                at += 1
            yield range(at_old, olds.stop), range(at_new, news.stop)
        for k, (firsts, seconds) in enumerate(self.pairs):
            self.pair_of_old[firsts[0]] = self.pair_of_new[seconds[0]] = k

    def _moved_as_they_are(self, rests: Sequence[tuple[range, range]]) -> None:
        """Find blocks that read the same elsewhere."""
        there: dict[tuple[str, str], list[int]] = {}
        for b in chain.from_iterable(news for _, news in rests):
            leaf = self.news[b]
            if leaf.code and leaf.sort != "head":
                there.setdefault((leaf.sort, leaf.code), []).append(b)
        here: dict[tuple[str, str], list[int]] = {}
        for a in chain.from_iterable(olds for olds, _ in rests):
            leaf = self.olds[a]
            if (leaf.sort, leaf.code) in there:
                here.setdefault((leaf.sort, leaf.code), []).append(a)
        for key, olds in here.items():
            news = there[key]
            if (
                len(key[1]) >= SHORT
                or len(olds) == len(news) == 1
                or (len(olds) == len(news) and len(key[1]) >= SHORT - 1)
            ):
                for a, b in zip(olds, news, strict=False):
                    self._move(a, b)

    def _alike(self, olds: Sequence[int], news: Sequence[int]) -> None:
        """Pair the blocks of a gap that are alike."""
        if olds and news:
            for a, b in align.heaviest(self._weighed(olds, news)):
                self._pair(a, b)

    def _weighed(self, olds: Sequence[int], news: Sequence[int]) -> list[tuple[int, int, float]]:
        """What the blocks of a gap are worth to each other."""
        return [(a, b, score) for a, b in self._choices(olds, news) if (score := self._score(a, b))]

    def _choices(self, olds: Sequence[int], news: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Which blocks are worth a comparison."""
        if len(olds) * len(news) <= WORK:
            for a in olds:
                for b in news:
                    yield a, b
            return
        index: defaultdict[str, list[int]] = defaultdict(list)
        wanted = set().union(*[self._grams(self.olds[a].code) for a in olds])
        for b in news:
            for gram in self._grams(self.news[b].code) & wanted:
                index[gram].append(b)
        rare = {gram: places for gram, places in index.items() if len(places) <= RARE}
        size = len(self.news)
        for a in olds:
            hits = Counter(chain.from_iterable([rare[gram] for gram in self._grams(self.olds[a].code) if gram in rare]))
            for rank in sorted([b - count * size for b, count in hits.items()])[:CHOICES]:  # most hits, then first
                yield a, rank % size

    def _grams(self, code: str) -> set[str]:
        """The pairs of words of a block, or its one word."""
        known = self.grams.get(code)
        if known is None:
            known = self.grams[code] = set(map(add, code, code[1:])) or {code}
        return known

    def _score(self, a: int, b: int) -> float:
        """How much it is worth to show two blocks in one; 0 if they are too different."""
        old, new = self.olds[a], self.news[b]
        if old.sort != new.sort or not old.code or not new.code:
            return 0.0
        key = (old.block, new.block)
        if key not in self.scores:
            self.scores[key] = self._scored(old, new)
        return self.scores[key] and self.scores[key] + self._extra(a, b)

    def _scored(self, old: Leaf, new: Leaf) -> float:
        """How many words of two blocks would stay; 0 if they are too different."""
        one, two = old.code, new.code
        part, whole = (one, two) if len(one) < len(two) else (two, one)
        both = len(part) + len(whole)
        least = ALIKE if old.block.kind == new.block.kind else LIKELY
        if 2 * len(part) >= least * both:  # else they cannot be alike
            if alike := align.similarity(one, two, least):
                return alike * both / 2
            self.capped = self.capped or align.too_much(one, two)
        if len(one) == len(two) and _but_for_capitals(old, new):
            return ALIKE * both / 2
        worth_it = len(part) >= SHORT and len(whole) > 3 * len(part) and old.block.kind == new.block.kind == "p"
        if worth_it and align.common(part, whole) >= HELD * len(part) and _held(part, whole) >= HELD:
            return ALIKE * both / 2
        return 0.0

    def _extra(self, a: int, b: int) -> float:
        """What two blocks weigh besides their words: rather does a paragraph change its section than a heading."""
        return HEADING if is_heading(self.olds[a].block) and is_heading(self.news[b].block) else 0.5

    def _cut(self) -> None:
        """Add to pairs the neighbours that hold the rest of their words."""
        for olds, news in self.pairs:
            old, new = self.olds[olds[0]], self.news[news[0]]
            if old.code == new.code or old.sort != "words":
                continue
            if len(old.code) > len(new.code):
                self._grow(old.code, news, self.news, self._free_new)
                self.pair_of_new.update(dict.fromkeys(news, self.pair_of_old[olds[0]]))
            else:
                self._grow(new.code, olds, self.olds, self._free_old)
                self.pair_of_old.update(dict.fromkeys(olds, self.pair_of_new[news[0]]))

    def _grow(self, whole: str, places: list[int], side: Sequence[Leaf], free: Callable[[int], bool]) -> None:
        """Add to the parts of a whole the blocks beside them that are parts of it, too."""
        for step in (1, -1):
            while True:
                place = places[-1] + 1 if step == 1 else places[0] - 1
                if not 0 <= place < len(side) or not free(place):
                    break
                leaf = side[place]
                if leaf.gap != side[places[0]].gap or leaf.sort != "words" or not leaf.code:
                    break
                parts = [side[k].code for k in places]
                joined = "".join([*parts, leaf.code] if step == 1 else [leaf.code, *parts])
                gain = align.common(whole, joined) - align.common(whole, "".join(parts))
                if gain < HELD * len(leaf.code) or _held(leaf.code, whole) < HELD:
                    break
                places.insert(len(places) if step == 1 else 0, place)

    def _moved_with_changes(self) -> None:
        """Find blocks much of whose words stand elsewhere, then what moved along with them."""
        olds = [k for k, leaf in enumerate(self.olds) if self._free_old(k) and len(leaf.code) >= SHORT]
        news = [k for k, leaf in enumerate(self.news) if self._free_new(k) and len(leaf.code) >= SHORT]
        weighed = []
        for a, b in self._choices(olds, news) if olds and news else ():
            old, new = self.olds[a], self.news[b]
            if old.sort == new.sort and old.sort != "head" and _may_be(old.code, new.code, MOVED):
                alike = align.similarity(old.code, new.code, MOVED)
                if alike and _row_moved(old, new):
                    weighed.append((-alike * log2(1 + len(old.code)), a, b))
        for _, a, b in sorted(weighed):
            if self._free_old(a) and self._free_new(b):
                self._move(a, b)
        for a, b in sorted(self.from_.items()):
            self._along(a, b, 1)
            self._along(a, b, -1)

    def _along(self, a: int, b: int, step: int) -> None:
        """Move the neighbours of a moved block along with it, as long as they are alike."""
        while True:
            a, b = a + step, b + step
            if not (0 <= a < len(self.olds) and 0 <= b < len(self.news) and self._free_old(a) and self._free_new(b)):
                return
            old, new = self.olds[a], self.news[b]
            if old.sort != new.sort or old.sort == "head" or old.gap != self.olds[a - step].gap:
                return
            if not old.code or new.gap != self.news[b - step].gap or not align.similarity(old.code, new.code, ALIKE):
                return
            if not _row_moved(old, new):
                return
            self._move(a, b)


def _may_be(one: str, two: str, least: float) -> bool:
    """Whether the lengths of two strings let them be as alike as that."""
    return 2 * min(len(one), len(two)) >= least * (len(one) + len(two))


def _but_for_capitals(old: Leaf, new: Leaf) -> bool:
    """Whether two blocks of as many words differ by capital letters alone."""
    if len(old.cells) != len(new.cells):
        return False
    ones, twos = (chain.from_iterable([content.keys for content in leaf.block.contents]) for leaf in (old, new))
    return all(one.lower() == two.lower() for one, two in zip(ones, twos, strict=True))


def _row_moved(old: Leaf, new: Leaf) -> bool:
    """Whether two rows hold the same cell by cell; blocks that are no rows do."""
    if old.sort != "row":
        return True
    if len(old.cells) != len(new.cells) or any(two and not one for one, two in zip(old.cells, new.cells, strict=True)):
        return False
    kept = sum(align.common(one, two) for one, two in zip(old.cells, new.cells, strict=True))
    return 2 * kept >= MOVED * sum(map(len, chain(old.cells, new.cells)))


def _held(part: str, whole: str) -> float:
    """How much of a part another holds, in stretches that are no accident."""
    found = align.matches(part, whole) or []
    least = min(3, len(part))
    return sum(match.size for match in found if match.size >= least) / len(part)
