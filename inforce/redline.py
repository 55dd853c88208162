"""What changed between two texts.

From coarse to fine, each step only where the one before left a gap: chunks that both texts have,
blocks that are each other (`pairing`), nests that are each other (`nests`), words (`words`). What comes out is
one row: chunks that stand as they are, and between them items, each a block under its marks.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from inforce import align, clauses, words
from inforce.nests import Nests, Path, mixed, shared
from inforce.pairing import HEADING, Leaf, Memory, Pairing, Tried, pairing
from inforce.text import Chunk, Content, Nest, Text, heading_words, is_heading
from inforce.words import Segment

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from inforce.text import Block, Run

State = Literal["kept", "changed", "added", "removed", "from", "to"]
ChangeKind = Literal["words", "moved", "link", "image", "format", "level", "number", "split", "join", "typography"]
KINDS: tuple[ChangeKind, ...] = (
    "words",
    "moved",
    "link",
    "image",
    "format",
    "level",
    "number",
    "split",
    "join",
    "typography",
)
"""From what matters most to what matters least."""

LETTERS = 6
"""About so many letters make a word, the space after it included."""

LONG = 90
"""Characters of the words that a change is known by."""


@dataclass(slots=True, eq=False)
class Cell:
    """A cell of a row as it is shown, or all the words of a block that is no row."""

    mark: Literal["=", "-", "+", ""]
    """In both texts, in the old or the new alone; or nothing is there, the column being the other text's."""
    segments: list[Segment]
    style: str = ""
    number: int = 0
    """Counted in its own row from 0; both places of a move have the same."""


@dataclass(slots=True, eq=False)
class Item:
    """A block as a redline shows it."""

    state: State
    leaf: Leaf
    """Of the new text, unless it is removed or was moved from here."""
    cells: list[Cell]
    path: Path
    """The nests in which it is shown."""
    olds: tuple[Leaf, ...] = ()
    """What it was."""
    structure: Literal["", "level", "split"] = ""
    listed: tuple[ChangeKind, ...] = ()
    """What changed about the nests that open with it."""
    renumbered: tuple[str, str] = ("", "")
    """The first numbers, as they were and are, of a list that opens with it and has changed its own."""
    respaced: bool = False
    """Whether it is code of which only white space changed."""
    move: int = 0
    """Both places of a move bear the same number, from 1."""
    follows: bool = False
    """Whether it moved along with the item before it."""
    number: int = 0
    """Of what is marked, in reading order, from 1."""
    elsewhere: str | None = None
    """The heading under which the other place of a move stands, if it is another one; of a heading, the one before."""
    after: bool = False
    """Whether the other place is after all that stands under that heading, since a heading moved itself."""

    @property
    def kinds(self) -> tuple[ChangeKind, ...]:
        """What changed, what matters most first."""
        found: set[ChangeKind] = set(self.listed)
        if self.structure:
            found.add(self.structure)
        if self.respaced:
            found.add("format")
        if self.state in {"from", "to"}:
            found.add("moved")
        elif self.state in {"added", "removed"} and not any(cell.segments for cell in self.cells):
            found.add("words")
        if self.state != "from":
            for cell in self.cells:
                if cell.mark in {"-", "+"} and self.state == "changed":
                    found.add("words")
                for segment in cell.segments:
                    found.update(segment.kinds)
        return tuple(kind for kind in KINDS if kind in found)


class Change(NamedTuple):
    """One entry of a list of changes."""

    kinds: tuple[ChangeKind, ...]
    """What changed, what matters most first."""
    state: Literal["added", "removed", "changed", "moved"]
    section: str
    """The heading under which it stands; empty before the first."""
    id: str
    """Of the element in the redline's HTML."""
    before: str
    """The first words that were taken away; if they are those that come after, they stand, and what is told is how."""
    after: str
    """The first words that were put in."""
    also: tuple[tuple[str, str], ...] = ()
    """What else changed: targets of links and pictures, as they were and are."""

    @property
    def kind(self) -> ChangeKind:
        """What changed, in the first place."""
        return self.kinds[0]


@dataclass(slots=True, eq=False)
class Marks:
    """A redline: chunks that stand as they are, and between them items."""

    rows: list[Chunk | Item]
    tags: dict[int, Nest]
    """The nests by their numbers: positive ones are of the new text."""
    was: dict[int, Nest]
    """What lists of the new text were that have changed their kind or first number."""
    mixed: set[int]
    """Numbered lists of the new text that show items of the old, too."""
    same: Sequence[align.Match]
    """The chunks of both texts that stand as they are."""
    capped: bool = False
    """Whether some words were too many to compare, and are shown as taken out and put in as a whole."""
    items: list[Item] = field(default_factory=list)
    """The items that bear a mark."""
    stretches: Sequence[range] = ()
    """The places of items in a row: between them are chunks."""


class Lined(NamedTuple):
    """Two texts side by side."""

    same: Sequence[align.Match]
    """The chunks that stay where they are."""
    found: Pairing
    """Which blocks of those between them are each other."""


def marks(old: Text, new: Text, same: Sequence[align.Match] | None = None, memory: Memory | None = None) -> Marks:
    """Compare two texts; ``same`` says which of their chunks are known to be each other.

    ``memory`` is what the other redlines of their history have worked out; it changes nothing but the time it takes.
    """
    if same is None:
        same = align.shared([chunk.key for chunk in old.chunks], [chunk.key for chunk in new.chunks])
    if not any(olds or news for olds, news in align.gaps(old.chunks, new.chunks, same)):
        return Marks(list(new.chunks), {}, {}, set(), same)
    memory = memory or Memory()
    known: Lined | None = memory.lined.pop(_pair(old.chunks, new.chunks, same), None) if memory.lined else None
    return _marked(new.chunks, known or lined_up(old.chunks, new.chunks, same, memory))


def lined_up(olds: Sequence[Chunk], news: Sequence[Chunk], same: Sequence[align.Match], memory: Memory) -> Lined:
    """Find out which blocks of two texts are each other; ``same`` says that of their chunks."""
    tried = Tried()
    found = pairing(align.gaps(olds, news, same), memory, tried)
    if found.from_ and (fewer := _worth_keeping(found, olds, same)) != list(same):
        same = fewer
        found = pairing(align.gaps(olds, news, same), memory, tried)
    return Lined(same, found)


def lined_up_first(olds: Sequence[Chunk], news: Sequence[Chunk], same: Sequence[align.Match], memory: Memory) -> Lined:
    """The same, and kept for the redline of both that follows."""
    pair = _pair(olds, news, same)
    known: Lined | None = memory.lined.get(pair)
    if known is None:
        known = memory.lined[pair] = lined_up(olds, news, same, memory)
    return known


def _pair(olds: Sequence[Chunk], news: Sequence[Chunk], same: Sequence[align.Match]) -> Hashable:
    """What a comparison is known by."""
    return tuple(olds), tuple(news), *same


def _marked(news: Sequence[Chunk], lined: Lined) -> Marks:
    """The marks of two texts, of which the new one has these chunks."""
    same, found = lined
    builder = _Builder(found)
    rows: list[Chunk | Item] = []
    items: list[Item] = []
    placed: list[tuple[int, Item]] = []
    stretches: list[range] = []
    for number, match in enumerate([*same, align.Match(0, len(news), 0)]):
        if any(found.gaps[number]):
            shown = list(builder.items(number))
            if number not in found.steady:
                placed += enumerate(shown, len(rows))
            stretches.append(range(len(rows), len(rows) + len(shown)))
            items += shown
            rows += shown
        rows += news[match.second : match.second + match.size]
    return builder.finished(rows, items, placed, stretches, same)


def _worth_keeping(found: Pairing, olds: Sequence[Chunk], same: Sequence[align.Match]) -> list[align.Match]:
    """The chunks that both have, without those that hold more text apart than they hold themselves.

    A section that changed a little and one that did not may change places: what stays should be the longer one.
    """
    weighed = []
    for gap, match in enumerate(same):  # gaps and stretches take turns
        kept = olds[match.first : match.first + match.size]
        size = sum(len(chunk.key) / LETTERS + HEADING * chunk.has_headings for chunk in kept)
        weighed.append(((gap, 1, 0), (gap, 1, 0), size))
    for a, b in chain(((a[0], b[0]) for a, b in found.pairs), found.from_.items()):
        one, two = found.olds[a], found.news[b]
        size = min(len(one.code), len(two.code)) + HEADING * (is_heading(one.block) and is_heading(two.block))
        weighed.append(((one.gap, 0, a), (two.gap, 0, b), size))
    stay = {one[0] for one, _ in align.heaviest(weighed) if one[1]}
    return [match for gap, match in enumerate(same) if gap in stay]


class _Builder:
    """Makes items of blocks that were paired."""

    def __init__(self, found: Pairing) -> None:
        self.found = found
        self.nests = Nests(found)
        self.capped = found.capped
        self.pairs: dict[int, list[tuple[list[int], list[int]]]] = {}
        for pair in found.pairs:
            self.pairs.setdefault(found.olds[pair[0][0]].gap, []).append(pair)
        self.moves: dict[int, int] = {b: k + 1 for k, b in enumerate(sorted(found.to))}

    def items(self, gap: int) -> Iterator[Item]:
        """The blocks of a gap as they are shown, in order."""
        olds, news = self.found.gaps[gap]
        at_old, at_new = olds.start, news.start
        before: Path = ()
        for firsts, seconds in self.pairs.get(gap, ()):
            if at_old < firsts[0] or at_new < seconds[0]:
                after = self.found.news[seconds[0]].path
                yield from self._between(range(at_old, firsts[0]), range(at_new, seconds[0]), before, after)
            if len(firsts) == len(seconds) == 1:
                yield self._one(self.found.olds[firsts[0]], self.found.news[seconds[0]])
            else:
                yield from self._parted(firsts, seconds)
            before = self.found.news[seconds[-1]].path
            at_old, at_new = firsts[-1] + 1, seconds[-1] + 1
        if at_old < olds.stop or at_new < news.stop:
            yield from self._between(range(at_old, olds.stop), range(at_new, news.stop), before, ())

    def _between(self, olds: range, news: range, before: Path, after: Path) -> Iterator[Item]:
        """Blocks of one text only, each old one where it breaks no nest of the new text."""
        row = [before, *(self.found.news[b].path for b in news), after]
        slot = 0
        for a in olds:
            leaf = self.found.olds[a]
            wanted, path = self.nests.slot(leaf, row, slot)
            while slot < wanted:
                yield self._added(news[slot])
                slot += 1
            if leaf.sort != "empty":
                yield self._removed(leaf, path)
        for b in news[slot:]:
            yield self._added(b)

    def _added(self, b: int) -> Item:
        leaf = self.found.news[b]
        state: State = "added"
        olds: tuple[Leaf, ...] = ()
        if b in self.found.to:
            state, olds = "to", (self.found.olds[self.found.to[b]],)
        elif leaf.sort == "empty":
            state = "kept"
        return Item(state, leaf, self._cells(olds, leaf), leaf.path, olds, move=self.moves.get(b, 0))

    def _removed(self, leaf: Leaf, path: Path) -> Item:
        move = self.moves.get(self.found.from_.get(leaf.place, -1), 0)
        cells = [Cell("-", [_whole("-", content)], number=k) for k, content in enumerate(leaf.block.contents)]
        if leaf.sort in {"head", "row"}:
            for cell, style in zip(cells, leaf.block.info, strict=True):
                cell.style = style
            columns = self.nests.columns.get(path[-1])
            if columns and self.nests.became.get(leaf.path[-1]) == path[-1]:
                cells = [cells[i] if i is not None and i < len(cells) else Cell("", []) for i, _ in columns]
        return Item("from" if move else "removed", leaf, cells, path, (leaf,), move=move)

    def _parted(self, olds: list[int], news: list[int]) -> Iterator[Item]:
        """The blocks of a pair of which one was split, or joined of several."""
        firsts = tuple([self.found.olds[a] for a in olds])
        leaves = [self.found.news[b] for b in news]
        rows = self._compared([leaf.block.contents[0] for leaf in firsts], [leaf.block.contents[0] for leaf in leaves])
        for k, (leaf, row) in enumerate(zip(leaves, rows, strict=True)):
            state: State = "changed" if k or not all(segment.plain for segment in row) else "kept"
            yield Item(state, leaf, [Cell("=", row)], leaf.path, firsts, structure="split" if k else "")

    def _one(self, old: Leaf, new: Leaf) -> Item:
        contents = new.block.contents
        if len(contents) == 1 and new.sort not in {"head", "row"} and old.block.contents[0] is contents[0]:
            return Item("kept", new, [Cell("=", words.unchanged(contents[0]))], new.path, (old,))
        cells = self._cells((old,), new)
        plain = all(cell.mark in {"=", ""} and all(s.plain for s in cell.segments) for cell in cells)
        respaced = plain and new.sort == "pre" and old.block.contents[0].text != new.block.contents[0].text
        return Item("kept" if plain and not respaced else "changed", new, cells, new.path, (old,), respaced=respaced)

    def _cells(self, olds: tuple[Leaf, ...], new: Leaf) -> list[Cell]:
        """The cells of a block of the new text, compared with those of what it was."""
        now = new.block.contents
        if new.sort not in {"head", "row"}:
            return [Cell("=", self._compared([old.block.contents[0] for old in olds], [content])[0]) for content in now]
        was = olds[0].block.contents if olds else ()
        columns = self.nests.columns.get(new.path[-1]) or [(None, k) for k in range(len(now))]
        foreign = new.place in self.found.to or any(self.nests.became.get(old.path[-1]) != new.path[-1] for old in olds)
        cells = []
        for i, j in columns:
            k = j if foreign else i
            one = was[k] if k is not None and k < len(was) else None
            if j is not None:
                mark: Literal["=", "+"] = "+" if olds and one is None else "="
                segments = self._compared([one] if one is not None else [], [now[j]])[0]
                cells.append(Cell(mark, segments, new.block.info[j], j))
            elif one is not None and k is not None:
                cells.append(Cell("-", [_whole("-", one)], olds[0].block.info[k]))
            else:
                cells.append(Cell("", []))
        return cells

    def _compared(self, olds: Sequence[Content], news: Sequence[Content]) -> list[list[Segment]]:
        if not olds:
            return [[_whole("+", content)] for content in news]
        rows, capped = words.compare(olds, news, self.found.codes)
        self.capped = self.capped or capped
        return rows

    # The whole

    def finished(
        self,
        rows: list[Chunk | Item],
        items: Sequence[Item],
        placed: Sequence[tuple[int, Item]],
        stretches: Sequence[range],
        same: Sequence[align.Match],
    ) -> Marks:
        """Tell what changed about nests, and number what is marked.

        ``placed`` are the items whose nests or kinds may have changed, and their places.
        """
        tags = self.nests.tags
        was = {
            b: tags[a]
            for a, b in self.nests.became.items()
            if (tags[a].tag, tags[a].start) != (tags[b].tag, tags[b].start)
        }
        cells = [
            cell.segments for item in items if item.state in {"changed", "added", "removed"} for cell in item.cells
        ]
        moved = clauses.tell(cells, self.found.codes, len(self.moves) + 1) > len(self.moves) + 1
        self._tell_levels(placed, was)
        if was:
            self._tell_lists(items, was)
        marked = [item for item in items if item.state != "kept"]
        for number, item in enumerate(marked, 1):
            item.number = number
        for one, two in pairwise(items) if self.moves else ():
            two.follows = (
                bool(one.move and two.move) and one.state == two.state and self._other(two) == self._other(one) + 1
            )
        if self.found.from_ or moved:
            _tell_places(rows)
        kept = mixed((item.path for _, item in placed), tags)
        return Marks(rows, tags, was, kept, same, self.capped, marked, stretches)

    def _other(self, item: Item) -> int:
        """The other place of a block that moved."""
        return (self.found.from_ if item.state == "from" else self.found.to)[item.leaf.place]

    def _tell_levels(self, items: Sequence[tuple[int, Item]], was: dict[int, Nest]) -> None:
        """Mark blocks whose old words stand in other nests, or in a block of another kind, than they stood in."""
        tags = self.nests.tags
        seen: set[int] = set()
        open_: list[tuple[int, int]] = []  # nests by their numbers, and how often one was opened before
        filled: set[int] = set()
        last = -1
        for serial, item in items:
            if serial > last + 1:  # chunks lie between
                open_ = []
            last = serial
            if not item.path and all(not old.path for old in item.olds):
                open_ = []
                kind = item.leaf.block.kind
                if len(item.olds) == 1 and item.state not in {"added", "to"} and item.olds[0].block.kind != kind:
                    _change_level(item)
                continue
            same = len(shared(tuple([number for number, _ in open_]), item.path))
            open_ = [*open_[:same], *((number, serial * 100 + k) for k, number in enumerate(item.path[same:]))]
            if item.state in {"added", "to"} or not item.leaf.code:
                continue
            kinds = [was[number].tag if number in was else tags[number].tag for number, _ in open_]
            fresh = [element not in filled for number, element in open_ if tags[number].tag == "li"]
            shown = (kinds, fresh, item.leaf.block.kind)
            filled.update(element for _, element in open_)
            for old in item.olds:
                fresh = [number not in seen for number in old.path if tags[number].tag == "li"]
                true = ([tags[number].tag for number in old.path], fresh, old.block.kind)
                seen.update(old.path)
                if true != shown and len(item.olds) == 1:
                    _change_level(item)

    def _tell_lists(self, items: Sequence[Item], was: dict[int, Nest]) -> None:
        """List the change of a list's kind or first number with the first item in it."""
        told: set[int] = set()
        for item in items:
            for number in item.path:
                if number in was and number not in told:
                    told.add(number)
                    kind: ChangeKind = "level" if was[number].tag != self.nests.tags[number].tag else "number"
                    item.listed = (*item.listed, kind)
                    item.renumbered = str(was[number].start), str(self.nests.tags[number].start)
                    item.state = "changed" if item.state == "kept" else item.state


def _change_level(item: Item) -> None:
    """Tell that a block stands on another level than it stood, if nothing weightier is told of it."""
    if item.leaf.code and not item.structure:
        item.structure = "level"
        item.state = "changed" if item.state == "kept" else item.state


def _whole(mark: Literal["-", "+"], content: Content) -> Segment:
    return Segment(mark, content, 0, len(content.text))


def sections(rows: Sequence[Chunk | Item]) -> Iterator[tuple[Chunk | Item, str]]:
    """Each row with the heading under which it stands, in its own text."""
    new = old = ""
    for row in rows:
        if isinstance(row, Chunk):
            if row.has_headings:
                new = old = heading_words(row)
            yield row, new
            continue
        block: Block = row.leaf.block
        if is_heading(block):
            heard = heading_words(block)
            if row.state in {"removed", "from"}:
                old = heard
            else:
                new = heard
                old = old if row.state in {"added", "to"} else heard
        yield row, old if row.state in {"removed", "from"} else new


def _tell_places(rows: Sequence[Chunk | Item]) -> None:
    """Tell both places of a move where the other is."""
    places: dict[tuple[int, bool], str] = {}
    moved: list[tuple[Item | Segment, bool]] = []
    before = {True: "", False: ""}  # the heading before, in the old text and in the new
    for row, section in sections(rows):
        if isinstance(row, Item):
            was = row.state == "from"
            within: list[tuple[Item | Segment, bool]] = [(row, was)]
            within += [(segment, segment.mark == "-") for cell in row.cells for segment in cell.segments]
            for what, old in within:
                if what.move:
                    own = what is row and is_heading(row.leaf.block)
                    places[what.move, old] = before[old] if own else section
                    moved.append((what, old))
            if is_heading(row.leaf.block):
                before[row.state in {"from", "removed"}] = section
        if isinstance(row, Chunk) or row.state in {"kept", "changed"}:
            before = {True: section, False: section}
    leader: Item | None = None
    for what, old in moved:
        here, there = places[what.move, old], places[what.move, not old]
        what.elsewhere = there if here != there else None
        if isinstance(what, Item):
            what.after = is_heading(what.leaf.block)
            if what.follows and leader is not None and leader.after:
                what.elsewhere, what.after = leader.elsewhere, True
            else:
                leader = what


def changes(found: Marks) -> tuple[Change, ...]:
    """The list of changes, in reading order; what moved together, and the place that it left, is one."""
    out = []
    for row, section in sections(found.rows):
        if not isinstance(row, Item) or not row.number or row.state == "from":
            continue
        kinds = row.kinds
        if not kinds or (row.follows and kinds == ("moved",)):
            continue
        state: Literal["added", "removed", "changed", "moved"] = "moved" if row.state == "to" else row.state  # type: ignore[assignment]
        (before, after), *also = _told(row, kinds)
        out.append(Change(kinds, state, section, f"_c{row.number}", before, after, tuple(also)))
    return tuple(out)


def counts(listed: Sequence[Change]) -> dict[str, int]:
    """How many sections changed, and how many changes there are of each kind."""
    found = Counter(kind for change in listed for kind in change.kinds)
    return {
        "sections": len({change.section for change in listed}),
        **{kind: found[kind] for kind in KINDS if found[kind]},
    }


def _told(item: Item, kinds: tuple[ChangeKind, ...]) -> list[tuple[str, str]]:
    """What an item takes away and puts in: its first words, and each target that changed; or else what stands in it."""
    segments = [segment for cell in item.cells for segment in cell.segments]
    marked = [segment for segment in segments if not segment.plain]
    looks = [(one.was, one.now) for one in marked if one.was is not None and one.now is not None]
    sides = (pair for was, now in looks for pair in ((was.link, now.link), (was.image, now.image)))
    targets = dict.fromkeys(otherwise(one, two) for one, two in sides if one != two)
    words = _words(item, segments)
    if words or targets:
        return [words, *targets] if words else [*targets]
    if kinds == ("number",):
        return [item.renumbered]
    letters = _short(marked[0].letters if marked else "") or _first(item.leaf.block)
    return [(letters, letters)]


def _words(item: Item, segments: Sequence[Segment]) -> tuple[str, str] | None:
    """The first words that an item takes away and puts in."""
    if item.state == "removed":
        return _first(item.leaf.block), ""
    if item.state in {"added", "to"}:
        return "", _first(item.leaf.block)
    first = next((k for k, segment in enumerate(segments) if segment.mark in {"-", "+"}), None)
    if first is None:
        formed = next((segment for segment in segments if segment.mark == "form"), None)
        return (_short(formed.old), _short(formed.letters)) if formed else None
    following = segments[first : first + 2]
    before = next((_seen(s) for s in following if s.mark == "-"), "")
    after = next((_seen(s) for s in following if s.mark == "+" and (s is following[0] or before)), "")
    return _short(before), _short(after)


def _first(block: Block) -> str:
    """The first words of a block; of one without any its pictures, or the signs of a rule."""
    if block.kind == "hr":
        return "* * *"
    runs = [run for content in block.contents for run in content.runs]
    return _short(heading_words(block)) or _short(_pictures(runs)) or "…"


def _seen(segment: Segment) -> str:
    """The letters of a segment, or its pictures if it has no others."""
    runs = (run for run in segment.content.runs if segment.start <= run.start < segment.end)
    return segment.letters if segment.letters.strip() else _pictures(runs)


def _pictures(runs: Iterable[Run]) -> str:
    """Pictures by what they say, or by where they lie."""
    return " ".join(" ".join(run.image[1].split()) or run.image[0] for run in runs if run.kind == "image")


def otherwise(old: Sequence[str] | None, new: Sequence[str] | None) -> tuple[str, str]:
    """What was, and what is, the first thing that differs about a link or an image: target, alternative text, title."""
    if not old or not new:
        return (old or ("",))[0], (new or ("",))[0]
    return next(((one, two) for one, two in zip(old, new, strict=True) if one != two), ("", ""))


def _short(letters: str) -> str:
    """The beginning of some words, cut between two of them."""
    flat = " ".join(letters.split())
    if len(flat) <= LONG:
        return flat
    return flat[: flat.rfind(" ", 0, LONG) if " " in flat[:LONG] else LONG] + " …"
