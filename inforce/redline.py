"""What changed between two texts.

From coarse to fine, each step only where the one before left a gap:

    chunks that both have            stay as they are
    blocks with the same words       stay, with their links, emphasis or level marked where those differ
    blocks that are much alike       are shown word by word
    a block cut up or put together   a split or a join
    what is left on both sides       moved, if it reads the same elsewhere; else removed or added
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import log2
from typing import TYPE_CHECKING, Literal

from inforce import align, words
from inforce.text import Block, Chunk, Content, Nest, Text
from inforce.words import Segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ALIKE = 0.4
"""How alike two blocks must be to be shown word by word in one."""
MOVED = 0.7
"""How alike a block must be to one elsewhere to have moved."""
WORK = 40_000
"""The most pairs of blocks in a gap that are compared with each other; beyond it, only those that share rare words."""

State = Literal["kept", "changed", "added", "removed", "from", "to"]


@dataclass(slots=True, eq=False)
class Leaf:
    """A block in its place in one of the two texts."""

    block: Block
    path: tuple[int, ...]
    """The numbers of the nests around it."""
    code: str
    """Its words, one character each; equal codes: equal words."""
    place: int
    """Counted through the blocks of the gaps of its text."""

    @property
    def sort(self) -> str:
        """What kind of thing it is: only those of one sort are compared."""
        return self.block.kind if self.block.kind in _SORTS else "p"


_SORTS = {"head", "row", "hr", "empty", "pre"}


@dataclass(slots=True, eq=False)
class Item:
    """A block as a redline shows it."""

    state: State
    leaf: Leaf
    """Of the new text, unless it is removed or moved from here."""
    old: tuple[Leaf, ...] = ()
    cells: list[tuple[Literal["=", "+", "-"], list[Segment]]] = field(default_factory=list)
    """For each cell (a block that is no row has one): whether its column stays, and its segments."""
    path: tuple[int, ...] = ()
    """Where it is shown: positive numbers are nests of the new text, negative ones of the old."""
    structure: Literal["", "level", "split", "join"] = ""
    move: int = 0
    """Both places of a move bear the same number, from 1."""
    number: int = 0
    """Of a change, in reading order, from 1; 0 if nothing is marked."""


@dataclass(slots=True, eq=False)
class Marks:
    """A redline: chunks that stand as they are, and between them items."""

    rows: list[Chunk | Item]
    nests: dict[int, Nest]
    """The nests by their numbers."""
    was: dict[int, Nest]
    """Nests of the new text whose old self differs, by the numbers of the new."""
    capped: bool = False
    """Whether something was too much work and is shown as removed and added as a whole."""


def marks(old: Text, new: Text, same: Sequence[align.Match] | None = None) -> Marks:
    """Compare two texts; ``same`` says which of their chunks are known to be each other."""
    return _Comparison(old, new).run(same if same is not None else chunk_matches(old.chunks, new.chunks))


def chunk_matches(old: Sequence[Chunk], new: Sequence[Chunk]) -> list[align.Match]:
    """The chunks that two rows of chunks share, in order."""
    codes = align.Codes()
    found = align.matches(codes.spell(c.key for c in old), codes.spell(c.key for c in new))
    return found if found is not None else []


class _Comparison:
    """The state of one comparison."""

    def __init__(self, old: Text, new: Text) -> None:
        self.old_chunks = old.chunks
        self.new_chunks = new.chunks
        self.codes = align.Codes()
        self.nests: dict[int, Nest] = {}
        self.olds: list[Leaf] = []
        self.news: list[Leaf] = []
        self.pairs: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
        """Which blocks of the gaps are each other, by place: one to one, one to many, many to one."""
        self.paired_old: dict[int, int] = {}
        self.paired_new: dict[int, int] = {}
        self.moved_old: dict[int, int] = {}
        self.moved_new: dict[int, int] = {}
        self.capped = False
        self.map: dict[int, int] = {}
        self.out: Marks = Marks([], self.nests, {})

    def run(self, same: Sequence[align.Match]) -> Marks:
        gaps = []
        at_old = at_new = 0
        for match in [*same, align.Match(len(self.old_chunks), len(self.new_chunks), 0)]:
            gap = (
                self._leaves(self.old_chunks[at_old : match.first], self.olds, -1, "\x02"),
                self._leaves(self.new_chunks[at_new : match.second], self.news, 1, "\x03"),
            )
            kept = self.new_chunks[match.second : match.second + match.size]
            gaps.append((gap, kept))
            at_old, at_new = match.first + match.size, match.second + match.size
        for (olds, news), _ in gaps:
            self._gap(olds, news)
        self._moves()
        self._map_nests()
        for (olds, news), kept in gaps:
            self.out.rows.extend(self._items(olds, news))
            self.out.rows.extend(kept)
        self._check_structure()
        number = 0
        for row in self.out.rows:
            if isinstance(row, Item) and row.state != "kept":
                number += 1
                row.number = number
        self.out.capped = self.capped
        return self.out

    # Blocks

    def _leaves(self, chunks: Iterable[Chunk], side: list[Leaf], sign: int, nothing: str) -> range:
        first = len(side)
        self.codes.nothing = nothing
        for chunk in chunks:
            numbers: dict[int, int] = {}
            for block in chunk.blocks:
                for nest in block.nests:
                    if id(nest) not in numbers:
                        numbers[id(nest)] = number = sign * (len(self.nests) + 1)
                        self.nests[number] = nest
                path = tuple([numbers[id(nest)] for nest in block.nests])
                code = "\0".join([self.codes.spell(content.words.keys) for content in block.contents])
                side.append(Leaf(block, path, code, len(side)))
        return range(first, len(side))

    def _pair(self, old: int, new: int) -> None:
        self.paired_old[old] = self.paired_new[new] = len(self.pairs)
        self.pairs.append(((old,), (new,)))

    def _gap(self, olds: range, news: range) -> None:
        """Find which blocks of a gap are each other."""
        if not olds or not news:
            return
        codes = align.Codes()
        first = codes.spell((self.olds[k].sort, self.olds[k].code) for k in olds)
        second = codes.spell((self.news[k].sort, self.news[k].code) for k in news)
        found = align.matches(first, second) or []
        at_old, at_new = olds.start, news.start
        for match in [*found, align.Match(len(olds), len(news), 0)]:
            a, b = olds.start + match.first, news.start + match.second
            if at_old < a and at_new < b:
                self._alike(range(at_old, a), range(at_new, b))
            for k in range(match.size):
                self._pair(a + k, b + k)
            at_old, at_new = a + match.size, b + match.size

    def _alike(self, olds: range, news: range) -> None:
        """Pair the blocks of a gap that are alike."""
        weighed = []
        for a, b in self._candidates(olds, news):
            score = self._score(self.olds[a], self.news[b])
            if score:
                weighed.append((a, b, score))
        for a, b in align.heaviest(weighed):
            self._pair(a, b)

    def _candidates(self, olds: range, news: range) -> Iterator[tuple[int, int]]:
        if len(olds) * len(news) <= WORK:
            for a in olds:
                for b in news:
                    yield a, b
            return
        index: dict[str, list[int]] = {}
        for b in news:
            for gram in _grams(self.news[b].code):
                index.setdefault(gram, []).append(b)
        for a in olds:
            hits: Counter[int] = Counter()
            for gram in _grams(self.olds[a].code):
                places = index.get(gram, ())
                if len(places) <= 20:
                    hits.update(places)
            for b, _ in hits.most_common(6):
                yield a, b

    def _score(self, old: Leaf, new: Leaf) -> float:
        """How much it is worth to show two blocks in one; 0 if they are too different."""
        if old.sort != new.sort or not old.code or not new.code:
            return 0.0
        alike = align.similarity(old.code, new.code, ALIKE)
        return alike * log2(1 + min(len(old.code), len(new.code))) if alike else 0.0

    def _moves(self) -> None:
        """Find blocks left on both sides that read the same."""
        olds = [leaf for leaf in self.olds if leaf.place not in self.paired_old and leaf.code]
        news = [leaf for leaf in self.news if leaf.place not in self.paired_new and leaf.code]
        if not olds or not news:
            return
        by_code: dict[tuple[str, str], list[Leaf]] = {}
        for leaf in news:
            by_code.setdefault((leaf.sort, leaf.code), []).append(leaf)
        number = 0
        for leaf in olds:
            found = by_code.get((leaf.sort, leaf.code))
            if found and len(leaf.code) >= 3 and leaf.sort not in {"head"}:
                number += 1
                other = found.pop(0)
                self.moved_old[leaf.place] = self.moved_new[other.place] = number

    # Nests

    def _map_nests(self) -> None:
        """Find which nests are each other, from the blocks in them that are."""
        votes: Counter[tuple[int, int]] = Counter()
        for olds, news in self.pairs:
            for a in olds:
                for b in news:
                    one, two = self.olds[a], self.news[b]
                    for depth, pair in enumerate(zip(one.path, two.path, strict=False)):
                        votes[pair] += (1 + len(one.code)) << 8 >> min(depth, 0)
        depth_of = {number: k for leaf in [*self.olds, *self.news] for k, number in enumerate(leaf.path)}
        above = {number: leaf.path[k - 1] for leaf in [*self.olds, *self.news] for k, number in enumerate(leaf.path) if k}
        taken: set[int] = set()
        for (a, b), _ in sorted(votes.items(), key=lambda vote: (depth_of[vote[0][0]], -vote[1], vote[0][1], -vote[0][0])):
            if a in self.map or b in taken or _family(self.nests[a]) != _family(self.nests[b]):
                continue
            if a in above and self.map.get(above[a]) != above.get(b):
                continue
            self.map[a] = b
            taken.add(b)
        self._mind_tables()
        for a, b in self.map.items():
            one, two = self.nests[a], self.nests[b]
            if (one.tag, one.start) != (two.tag, two.start):
                self.out.was[b] = one

    def _mind_tables(self) -> None:
        """Rows are each other only if their tables are; so are the heads of two tables that are each other."""
        heads_old = {leaf.path[-1]: leaf.place for leaf in self.olds if leaf.sort == "head"}
        heads_new = {leaf.path[-1]: leaf.place for leaf in self.news if leaf.sort == "head"}
        for k, (olds, news) in enumerate(self.pairs):
            one, two = self.olds[olds[0]], self.news[news[0]]
            if one.sort in {"row", "head"} and self.map.get(one.path[-1]) != two.path[-1]:
                del self.paired_old[olds[0]], self.paired_new[news[0]]
                self.pairs[k] = ((), ())
        for a, place in heads_old.items():
            other = heads_new.get(self.map.get(a, 0))
            if other is not None and place not in self.paired_old and other not in self.paired_new:
                self.moved_old.pop(place, None)
                self.moved_new.pop(other, None)
                self._pair(place, other)

    # Items

    def _items(self, olds: range, news: range) -> Iterator[Item]:
        """The blocks of a gap as they are shown, in order."""
        at_old, at_new = olds.start, news.start
        last: Leaf | None = None
        groups = sorted({self.paired_old[a] for a in olds if a in self.paired_old}, key=lambda k: self.pairs[k])
        for group in [*groups, None]:
            firsts, seconds = self.pairs[group] if group is not None else ((olds.stop,), (news.stop,))
            yield from self._between(range(at_old, firsts[0]), range(at_new, seconds[0]), last, seconds[0], news.stop)
            if group is None:
                return
            yield from self._shown(firsts, seconds)
            last = self.news[seconds[-1]]
            at_old, at_new = firsts[-1] + 1, seconds[-1] + 1

    def _between(self, olds: range, news: range, last: Leaf | None, following: int, stop: int) -> Iterator[Item]:
        """Blocks of one side only, each old one where it does no harm to the nests of the new text."""
        row = [last, *(self.news[k] for k in news), self.news[following] if following < stop else None]
        slot = 0
        for a in olds:
            leaf = self.olds[a]
            slot_, path, forced = self._slot(leaf, row, slot)
            while slot < slot_:
                slot += 1
                yield self._added(row[slot])
            yield self._removed(leaf, path, forced)
        while slot < len(news):
            slot += 1
            yield self._added(row[slot])

    def _slot(self, leaf: Leaf, row: list[Leaf | None], first: int) -> tuple[int, tuple[int, ...], bool]:
        """After how many new blocks of a row an old one is shown, in which nests, and whether that bends its own."""
        known = []
        for number in leaf.path:
            if number not in self.map:
                break
            known.append(self.map[number])
        for depth in range(len(known), -1, -1):
            wanted = tuple(known[:depth])
            for k in range(first, len(row) - 1):
                before = row[k].path if row[k] else ()
                after = row[k + 1].path if row[k + 1] else ()
                pinned = _shared(before, after)
                if wanted[: len(pinned)] == pinned and wanted in (before[:depth], after[:depth]):
                    return k, wanted + leaf.path[depth:], False
        return (first, *self._forced(leaf, row[first], row[first + 1]))

    def _forced(self, leaf: Leaf, before: Leaf | None, after: Leaf | None) -> tuple[tuple[int, ...], bool]:
        """Where a block is shown that stood between what is now one list, quote or table."""
        assert before is not None  # noqa: S101
        assert after is not None  # noqa: S101
        pinned = _shared(before.path, after.path)
        tags = [_family(self.nests[number]) for number in leaf.path]
        if tags[: len(pinned)] == [_family(self.nests[number]) for number in pinned] and (
            len(tags) > len(pinned) or self.nests[pinned[-1]].tag not in {"ul", "ol"}
        ):
            return pinned + leaf.path[len(pinned) :], True
        base = pinned
        if self.nests[base[-1]].tag in {"ul", "ol"}:
            base = before.path[: len(pinned) + 1]
        rest = leaf.path
        while rest and self.nests[rest[0]].tag == "li":
            rest = rest[1:]
        return base + rest, True

    def _added(self, leaf: Leaf | None) -> Item:
        assert leaf is not None  # noqa: S101
        move = self.moved_new.get(leaf.place, 0)
        cells = [("=", [_all("+", content)]) for content in leaf.block.contents]
        return Item("to" if move else "added", leaf, cells=cells, path=leaf.path, move=move)

    def _removed(self, leaf: Leaf, path: tuple[int, ...], forced: bool) -> Item:
        move = self.moved_old.get(leaf.place, 0)
        cells = [("=", [_all("-", content)]) for content in leaf.block.contents]
        return Item("from" if move else "removed", leaf, cells=cells, path=path, move=move, structure="level" if forced else "")

    def _shown(self, olds: tuple[int, ...], news: tuple[int, ...]) -> Iterator[Item]:
        """The blocks of a pair."""
        leaf, old = self.news[news[0]], self.olds[olds[0]]
        cells = []
        kept = True
        for one, two in zip(old.block.contents, leaf.block.contents, strict=False):
            (segments,), capped = words.compare([one], [two], self.codes)
            self.capped = self.capped or capped
            kept = kept and all(segment.plain for segment in segments)
            cells.append(("=", segments))
        for extra in old.block.contents[len(leaf.block.contents) :]:
            cells.append(("-", [_all("-", extra)]))
            kept = False
        for extra in leaf.block.contents[len(old.block.contents) :]:
            cells.append(("+", [_all("+", extra)]))
            kept = False
        yield Item("kept" if kept else "changed", leaf, (old,), cells, leaf.path)

    def _check_structure(self) -> None:
        """Mark blocks whose old words stand in other nests than they stood in."""
        seen_true: set[int] = set()
        seen_shown: set[int] = set()
        for row in self.out.rows:
            if not isinstance(row, Item) or row.state in {"added", "to"}:
                continue
            for old in row.old or (row.leaf,):
                true = self._shape(old.path, seen_true) + (old.block.kind,)
                shown = self._shape(row.path, seen_shown) + (row.leaf.block.kind,)
                if true != shown and not row.structure:
                    row.structure = "level"
                    if row.state == "kept":
                        row.state = "changed"

    def _shape(self, path: tuple[int, ...], seen: set[int]) -> tuple[object, ...]:
        tags = tuple(_family(self.nests[number]) for number in path)
        fresh = tuple(number not in seen for number in path if self.nests[number].tag == "li")
        seen.update(path)
        return (tags, fresh)


def _grams(code: str) -> set[str]:
    return {code[k : k + 2] for k in range(len(code) - 1)} or {code}


def _family(nest: Nest) -> str:
    return "list" if nest.tag in {"ul", "ol"} else nest.tag


def _shared(one: tuple[int, ...], two: tuple[int, ...]) -> tuple[int, ...]:
    size = 0
    while size < len(one) and size < len(two) and one[size] == two[size]:
        size += 1
    return one[:size]


def _all(mark: Literal["-", "+"], content: Content) -> Segment:
    return Segment(mark, content, 0, len(content.text))
