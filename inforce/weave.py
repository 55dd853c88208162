"""One text for a whole history.

A weave lists every block that ever stood in a policy, once, in reading order; each carries the
versions in which it stands:

    strand          stands in     as of 0         as of 1      as of 2
    We collect      0 1 2         We collect      We collect   We collect
    your address    0   2         your address                 your address
    your name         1                           your name

Each version is lined up with the one before it and no other, so that a version that joins at the end
changes nothing between earlier ones. Words that come back wake their old strand, if it lies where they stand.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from inforce import align

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from inforce.text import Block, Chunk, Content, Text

_AWAKE = -1
"""The end of the span of a strand that stands in the last version."""
_TRIED = 64
"""Of strands that say the same and lie asleep, so many are tried."""
_APART = 1 << 256
"""How far apart the ranks of strands begin, so that others find room between them."""
_SHARE = 4
"""A new strand takes its rank so many halvings of that room before the strand that follows it: more come before it."""


class Strand(NamedTuple):
    """A block of a weave."""

    item: Block
    """As it was first written; where only white space changed since, that does not count."""
    spans: tuple[tuple[int, int], ...]
    """The versions in which it stands: first and last of each unbroken row of them."""

    def stands_in(self, version: int) -> bool:
        """Whether a version holds it."""
        return self._span(version) is not None

    def since(self, version: int) -> int:
        """Since which version it stands without a break, seen from a version that holds it."""
        span = self._span(version)
        if span is None:
            raise ValueError(f"does not stand in {version}")
        return span[0]

    def _span(self, version: int) -> tuple[int, int] | None:
        at = bisect_right(self.spans, version, key=lambda span: span[0]) - 1
        return self.spans[at] if at >= 0 and version <= self.spans[at][1] else None


class Weave(NamedTuple):
    """The blocks of a history, each once, in reading order."""

    found: tuple[Strand, ...]
    """In the order in which they were written."""
    order: tuple[int, ...]
    """Their places among those found, in reading order."""
    versions: tuple[tuple[tuple[Chunk, tuple[int, ...]], ...], ...]
    """Of each version its chunks, and for each the places of its blocks among the strands found."""
    steps: tuple[list[align.Match], ...]
    """The chunks that each version shares with the one before."""

    @classmethod
    def of(cls, history: Iterable[Text]) -> Weave:
        """Weave the texts of a history, oldest first."""
        loom = _Loom()
        for text in history:
            loom.add(text)
        return loom.weave()

    def at(self, version: int) -> Iterator[Strand]:
        """The strands of a version, in the order of its text."""
        return (self.found[number] for _, numbers in self.versions[version] for number in numbers)

    def same(self, old: int, new: int) -> list[align.Match]:
        """The chunks that two versions share, in order: what a redline of them may rest on."""
        if new == old + 1:
            return self.steps[new]
        places = {numbers: k for k, (_, numbers) in enumerate(self.versions[old]) if numbers}
        found: list[align.Match] = []
        for k, (chunk, numbers) in enumerate(self.versions[new]):
            place = places.get(numbers)
            if place is None or self.versions[old][place][0].key != chunk.key:
                continue
            if found and found[-1].first + found[-1].size == place and found[-1].second + found[-1].size == k:
                found[-1] = found[-1]._replace(size=found[-1].size + 1)
            else:
                found.append(align.Match(place, k, 1))
        return found


class _Loom:
    """A weave in the making."""

    def __init__(self) -> None:
        self.items: list[Block] = []
        self.says: dict[Hashable, int] = {}
        """A number for each look of a content, and for each thing that a block says."""
        self.looks: dict[Content, int] = {}
        """The numbers of looks, by content."""
        self.keys: list[int] = []
        """Of each strand the number of what it says."""
        self.ranks: list[int] = []
        self.spans: list[list[list[int]]] = []
        self.asleep: dict[int, dict[int, None]] = {}
        """Strands that do not stand in the last version, by what they say."""
        self.order: list[int] = []
        """All strands in reading order."""
        self.versions: list[list[tuple[Chunk, tuple[int, ...]]]] = []
        self.steps: list[list[align.Match]] = []
        self.codes = align.Codes()
        self.spelt = ""
        """The last version, one character a chunk."""

    def add(self, text: Text) -> None:
        """Line a version up with the one before it."""
        before = self.versions[-1] if self.versions else []
        rows: list[tuple[Chunk, tuple[int, ...]]] = []
        last: int | None = None
        spelt = self.codes.spell([chunk.key for chunk in text.chunks])
        if self.codes.exhausted:  # what other versions hold must not make chunks the same
            same = align.shared([chunk.key for chunk, _ in before], [chunk.key for chunk in text.chunks])
        else:
            same = align.shared_spelt(self.spelt, spelt)
        self.spelt = spelt
        at_old = at_new = 0
        for match in [*same, align.Match(len(before), len(text.chunks), 0)]:
            gone, news = before[at_old : match.first], text.chunks[at_new : match.second]
            kept = before[match.first : match.first + match.size]
            olds = [number for _, numbers in gone for number in numbers]
            blocks = [block for chunk in news for block in chunk.blocks]
            if olds or blocks:
                found = iter(self._gap(olds, blocks, last, kept[0][1][0] if kept else None))
                rows += [(chunk, tuple([next(found) for _ in chunk.blocks])) for chunk in news]
            rows += kept
            last = rows[-1][1][-1] if rows else None
            at_old, at_new = match.first + match.size, match.second + match.size
        self.versions.append(rows)
        self.steps.append(same)

    def _gap(self, olds: Sequence[int], blocks: Sequence[Block], last: int | None, following: int | None) -> list[int]:
        """The strands of the blocks in a gap: those of the version before, woken ones, new ones."""
        now = len(self.versions)
        keys = [self._saying(block) for block in blocks]
        found: list[int | None] = [None] * len(keys)
        said = [self.keys[number] for number in olds]
        if not set(said).isdisjoint(keys):
            for match in align.shared(said, keys):
                for k in range(match.size):
                    found[match.second + k] = olds[match.first + k]
        for number in sorted(set(olds).difference(found)):
            self.spans[number][-1][1] = now - 1
            self.asleep.setdefault(self.keys[number], {})[number] = None
        self._wake(found, keys, last, following)
        out = []
        at: int | None = None  # the place of the strand that follows, if it was put there just now
        for block, key, known in zip(reversed(blocks), reversed(keys), reversed(found), strict=True):
            if known is None:
                following, at = self._new(block, key, following, at)
            else:
                following, at = known, None
            out.append(following)
        return out[::-1]

    def _saying(self, block: Block) -> int:
        """The number of what a block says (see `saying`)."""
        looks = []
        for content in block.contents:
            if (known := self.looks.get(content)) is None:
                known = self.looks[content] = self.says.setdefault(content.look, len(self.says))
            looks.append(known)
        return self.says.setdefault((block.kind, block.info, *looks), len(self.says))

    def _wake(self, found: list[int | None], keys: Sequence[int], last: int | None, following: int | None) -> None:
        """Fill in strands that stood in an earlier version, where they lie in order."""
        now = len(self.versions)
        ahead: list[int | None] = []  # for each place the next strand that is known
        for number in reversed(found):
            ahead.append(following)
            following = number if number is not None else following
        for k, (key, after) in enumerate(zip(keys, reversed(ahead), strict=True)):
            if found[k] is None:
                low = self.ranks[last] if last is not None else -1
                for number in islice(self.asleep.get(key, ()), _TRIED):
                    rank = self.ranks[number]
                    if low < rank and (after is None or rank < self.ranks[after]):
                        found[k] = number
                        self.spans[number].append([now, _AWAKE])
                        del self.asleep[key][number]
                        break
            last = found[k] if found[k] is not None else last

    def _new(self, block: Block, key: int, following: int | None, at: int | None) -> tuple[int, int]:
        """A new strand, right before the one that follows it, whose place may be known; and its own place."""
        if at is None:
            at = len(self.order)
            if following is not None:
                at = bisect_left(self.order, self.ranks[following], key=self.ranks.__getitem__)
        low = self.ranks[self.order[at - 1]] if at else 0
        high = self.ranks[following] if following is not None else low + 2 * _APART
        if high - low < 2:  # noqa: PLR2004  # no room is left between them
            for k, other in enumerate(self.order, 1):
                self.ranks[other] = k * _APART
            return self._new(block, key, following, at)
        number = len(self.items)
        self.items.append(block)
        self.keys.append(key)
        self.ranks.append(high - max((high - low) >> _SHARE, 1))
        self.spans.append([[len(self.versions), _AWAKE]])
        self.order.insert(at, number)
        return number, at

    def weave(self) -> Weave:
        """What was woven."""
        ends = len(self.versions) - 1
        found = tuple(
            Strand(item, tuple([(a, ends if b == _AWAKE else b) for a, b in spans]))
            for item, spans in zip(self.items, self.spans, strict=True)
        )
        return Weave(found, tuple(self.order), tuple(map(tuple, self.versions)), tuple(self.steps))


def saying(block: Block) -> Hashable:
    """What makes a block the same as another: its kind, words and dress, white space aside."""
    return (block.kind, block.info, tuple([content.look for content in block.contents]))
