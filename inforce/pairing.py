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
from itertools import chain, repeat
from math import log2
from operator import add
from typing import TYPE_CHECKING, Any, NamedTuple

from inforce import align
from inforce.text import is_heading

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from inforce.text import Block, Chunk, Nest

    Gap = tuple[Sequence[Chunk], Sequence[Chunk]]
    """The chunks of the old text in it, and those of the new."""

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
    steady: set[int]
    """The numbers of gaps in which each block of one text is one of the other, in the same nests."""


class Spelt(NamedTuple):
    """How the words of a block are written, one character each."""

    block: Block
    path: tuple[int, ...]
    """The numbers of its nests, counted from 1 in its chunk."""
    cells: tuple[str, ...]
    code: str
    sort: str


class Known(NamedTuple):
    """What is known of a chunk."""

    nests: tuple[Nest, ...]
    blocks: tuple[Spelt, ...]
    shape: tuple[object, ...]
    """Equal shapes: the same kinds of blocks in the same nests."""


@dataclass(slots=True, eq=False)
class Memory:
    """What the redlines of a history share: how chunks are spelt, and what was found out before they are made."""

    codes: align.Codes = field(default_factory=align.Codes)
    chunks: dict[Chunk, Known] = field(default_factory=dict)
    lined: dict[Hashable, Any] = field(default_factory=dict)
    """Which blocks of two texts are each other, until there is a redline of them."""

    def forget(self) -> None:
        """Spell anew; what was found out before rests on how it was spelt then."""
        self.codes = align.Codes()
        self.chunks = {}


@dataclass(slots=True, eq=False)
class Tried:
    """What a try to pair the blocks of two texts leaves for the next one."""

    scores: dict[tuple[Block, Block], float] = field(default_factory=dict)
    """What blocks are worth to each other."""
    grams: dict[str, set[str]] = field(default_factory=dict)
    """The pairs of words in blocks, or their one word."""
    in_order: dict[Hashable, tuple[int, int, list[tuple[int, int]]]] = field(default_factory=dict)
    """Which blocks of a gap are each other, and where it began."""
    capped: bool = False
    """Whether some blocks were too long to compare."""


def pairing(gaps: Sequence[Gap], memory: Memory | None = None, tried: Tried | None = None) -> Pairing:
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

    def __init__(self, gaps: Sequence[Gap], memory: Memory, tried: Tried) -> None:
        self.codes = memory.codes
        self.spelt = memory.chunks
        self.tried = tried
        self.nests: dict[int, Nest] = {}
        self.olds: list[Leaf] = []
        self.news: list[Leaf] = []
        self.chunks = gaps
        self.gaps = [
            (self._leaves(old, self.olds, -1, k), self._leaves(new, self.news, 1, k))
            for k, (old, new) in enumerate(gaps)
        ]
        self.pairs: list[tuple[list[int], list[int]]] = []
        self.pair_of_old: dict[int, int] = {}
        self.pair_of_new: dict[int, int] = {}
        self.steady: set[int] = set()
        self.from_: dict[int, int] = {}
        self.to: dict[int, int] = {}

    def run(self) -> Pairing:
        """Pair and move."""
        for number, ((olds, news), gap) in enumerate(zip(self.gaps, self.chunks, strict=True)):
            if olds and news:
                pairs = self._in_order(olds, news, gap)
                self.pairs += [([a], [b]) for a, b in pairs]
                if len(pairs) == len(olds) == len(news):
                    one, two = ([self.spelt[chunk].shape for chunk in side] for side in gap)
                    if one == two:
                        self.steady.add(number)
        rests = list(self._rests())
        self._moved_as_they_are(rests)
        for olds, news in rests:
            if olds and news:
                self._alike([a for a in olds if a not in self.from_], [b for b in news if b not in self.to])
        self._cut()
        self._moved_with_changes()
        return Pairing(
            self.codes,
            self.nests,
            self.olds,
            self.news,
            self.gaps,
            sorted(self.pairs),
            self.from_,
            self.to,
            self.tried.capped,
            self.steady,
        )

    def _leaves(self, chunks: Iterable[Chunk], side: list[Leaf], sign: int, gap: int) -> range:
        first = len(side)
        self.codes.nothing = "\x01" if sign < 0 else "\x02"
        place = first
        for chunk in chunks:
            if (known := self.spelt.get(chunk)) is None:
                known = self.spelt[chunk] = self._spelt(chunk)
            nests, blocks, _ = known
            before = len(self.nests)
            for number, nest in enumerate(nests, before + 1):
                self.nests[sign * number] = nest
            for block, path, cells, code, sort in blocks:
                numbers = tuple([sign * (before + number) for number in path]) if path else ()
                side.append(Leaf(block, place, gap, numbers, cells, code, sort))
                place += 1
        return range(first, place)

    def _spelt(self, chunk: Chunk) -> Known:
        """The nests of a chunk, and how its blocks are spelt."""
        numbers: dict[Nest, int] = {}
        spelt = []
        for block in chunk.blocks:
            path = tuple([numbers.setdefault(nest, len(numbers) + 1) for nest in block.nests])
            cells = tuple([self.codes.spelt(content.text, content.keys) for content in block.contents])
            code = cells[0] if len(cells) == 1 else "\0".join(cells)
            spelt.append(Spelt(block, path, cells, code, block.kind if block.kind in _ALONE else "words"))
        shape = (*(nest.tag for nest in numbers), *((block.kind, path) for block, path, *_ in spelt))
        return Known(tuple(numbers), tuple(spelt), shape)

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

    def _in_order(self, olds: range, news: range, gap: Gap) -> list[tuple[int, int]]:
        """Pair blocks of a gap that are the same or alike, so that as many words as possible stay in place."""
        key = (tuple(gap[0]), tuple(gap[1]))
        known = self.tried.in_order.get(key)
        if known is None:
            pairs = list(self._one_each(olds, news) if len(olds) == len(news) == 1 else self._best(olds, news))
            self.tried.in_order[key] = olds.start, news.start, pairs
            return pairs
        further_old, further_new = olds.start - known[0], news.start - known[1]
        return [(a + further_old, b + further_new) for a, b in known[2]]

    def _one_each(self, olds: range, news: range) -> Iterable[tuple[int, int]]:
        """The only blocks of a gap if they are the same or alike."""
        one, two = self.olds[olds[0]], self.news[news[0]]
        same = one.sort == two.sort and one.code == two.code
        return zip(olds, news, strict=True) if same or self._weighed(olds, news) else ()

    def _best(self, olds: range, news: range) -> Iterable[tuple[int, int]]:
        """The blocks of a gap that are each other."""
        first = [(leaf.sort, leaf.code) for leaf in self.olds[olds.start : olds.stop]]
        second = [(leaf.sort, leaf.code) for leaf in self.news[news.start : news.stop]]
        if first == second:  # each in its place is what weighs most
            return zip(olds, news, strict=True)
        shared = set(first) & set(second)
        weighed = [
            (olds.start + a, news.start + b, len(first[a][1]) + self._extra(olds.start + a, news.start + b))
            for a, b in align.equal_pairs(first, second)
        ]
        ones = [k for k, key in zip(olds, first, strict=True) if key not in shared]
        twos = [k for k, key in zip(news, second, strict=True) if key not in shared]
        if ones and twos:
            weighed += self._weighed(ones, twos)
        found = []
        at_old, at_new = olds.start, news.start
        for a, b in [*align.heaviest(weighed), (olds.stop, news.stop)]:
            if shared and at_old < a and at_new < b:
                one, two = first[at_old - olds.start : a - olds.start], second[at_new - news.start : b - news.start]
                for match in align.shared(one, two):
                    place, other = at_old + match.first, at_new + match.second
                    found += [(place + k, other + k) for k in range(match.size)]
            if a < olds.stop:
                found.append((a, b))
            at_old, at_new = a + 1, b + 1
        return found

    def _rests(self) -> Iterator[tuple[range, range]]:
        """What is left between pairs."""
        at = 0
        for olds, news in self.gaps:
            at_old, at_new = olds.start, news.start
            while at < len(self.pairs) and self.pairs[at][0][0] < olds.stop:
                (a,), (b,) = self.pairs[at]
                if at_old < a or at_new < b:
                    yield range(at_old, a), range(at_new, b)
                at_old, at_new = a + 1, b + 1
                at += 1
            if at_old < olds.stop or at_new < news.stop:
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
        scores = self.tried.scores
        found = []
        for a, among in self._choices(olds, news):
            old = self.olds[a]
            for b in among:
                new = self.news[b]
                if old.sort == new.sort:
                    key = (old.block, new.block)
                    score = scores.get(key)
                    if score is None:
                        score = scores[key] = self._score(old, new)
                    if score:
                        found.append((a, b, score + self._extra(a, b)))
        return found

    def _choices(self, olds: Sequence[int], news: Sequence[int]) -> Iterable[tuple[int, Sequence[int]]]:
        """For each old block the new ones that are worth a comparison."""
        return zip(olds, repeat(news)) if len(olds) * len(news) <= WORK else self._few_choices(olds, news)

    def _few_choices(self, olds: Sequence[int], news: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
        """The same for a gap that is too large to compare each with each: those that share the most rare words."""
        index: defaultdict[str, list[int]] = defaultdict(list)
        wanted = set().union(*[self._grams(self.olds[a].code) for a in olds])
        for b in news:
            for gram in self._grams(self.news[b].code) & wanted:
                index[gram].append(b)
        rare = {gram: places for gram, places in index.items() if len(places) <= RARE}
        size = len(self.news)
        nowhere: Iterator[list[int]] = repeat([])
        for a in olds:
            hits = Counter(chain.from_iterable(map(rare.get, self._grams(self.olds[a].code), nowhere)))
            ranks = sorted([b - count * size for b, count in hits.items()])[:CHOICES]  # most hits, then first
            yield a, [rank % size for rank in ranks]

    def _grams(self, code: str) -> set[str]:
        """The pairs of words of a block, or its one word."""
        known = self.tried.grams.get(code)
        if known is None:
            known = self.tried.grams[code] = set(map(add, code, code[1:])) or {code}
        return known

    def _score(self, old: Leaf, new: Leaf) -> float:
        """How many words of two blocks would stay if they were shown in one; 0 if they are too different."""
        one, two = old.code, new.code
        part, whole = (one, two) if len(one) < len(two) else (two, one)
        if not part:
            return 0.0
        both = len(part) + len(whole)
        alike = old.block.kind == new.block.kind
        least = ALIKE if alike else LIKELY
        if 2 * len(part) >= least * both:  # else they cannot be alike
            if found := align.similarity(one, two, least):
                return found * both / 2
            self.tried.capped = self.tried.capped or align.too_much(one, two)
        if len(one) == len(two) and _but_for_capitals(old, new):
            return ALIKE * both / 2
        if alike and len(part) >= SHORT and len(whole) > 3 * len(part) and old.block.kind == "p":
            return ALIKE * both / 2 if self._holds(part, whole) else 0.0
        return 0.0

    def _holds(self, part: str, whole: str) -> bool:
        """Whether a block holds enough of another for this to be a part of it, in stretches that are no accident."""
        if len(part) >= SHORT:  # of a stretch of three words or more, two thirds at least are followed by one of it
            grams = self._grams(part)
            twice = len(part) - 1 - len(grams)
            if 3 * (len(grams & self._grams(whole)) + twice) < 2 * HELD * len(part):
                return False
        # Words that come again and again may be found too early or too late, which tears a stretch: both are tried.
        return _held(part, whole) >= HELD or _held(part[::-1], whole[::-1]) >= HELD

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
                if not self._holds(leaf.code, whole):
                    break
                parts = [side[k].code for k in places]
                joined = "".join([*parts, leaf.code] if step == 1 else [leaf.code, *parts])
                gain = align.common(whole, joined) - align.common(whole, "".join(parts))
                if gain < HELD * len(leaf.code):
                    break
                places.insert(len(places) if step == 1 else 0, place)

    def _moved_with_changes(self) -> None:
        """Find blocks much of whose words stand elsewhere, then what moved along with them."""
        olds = [k for k, leaf in enumerate(self.olds) if len(leaf.code) >= SHORT and self._free_old(k)]
        news = [k for k, leaf in enumerate(self.news) if len(leaf.code) >= SHORT and self._free_new(k)] if olds else []
        weighed = []
        for a, among in self._choices(olds, news) if news else ():
            old = self.olds[a]
            for b in among if old.sort != "head" else ():
                new = self.news[b]
                if old.sort == new.sort and _may_be(old.code, new.code, MOVED):
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
    """How much of a part another holds, in stretches that are no accident.

    What both happen to begin or end with is not taken for the same before all else: the last words of a part may well
    be those of the whole, too.
    """
    found = align.matches(f"\x03{part}\x03", f"\x04{whole}\x04") or []
    least = min(3, len(part))
    return sum(match.size for match in found if match.size >= least) / len(part)
