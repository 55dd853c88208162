"""Redlines -> HTML, plain text and data, well formed by construction.

What stands as it stood is written as in a text of its own (`hypertext`); nests are opened and closed by a stack.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from inforce import redline as redlines
from inforce import transcript, unseen
from inforce.folds import Folds, folds
from inforce.hypertext import Html, Tell, chunk_html, escape, fit, styled, undressed, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from inforce.align import Match
    from inforce.nests import Path
    from inforce.pairing import Memory
    from inforce.redline import Cell, Change, Item, Marks
    from inforce.text import Chunk, Text
    from inforce.words import Segment

_CLASSES = {
    "changed": "changed",
    "added": "changed added",
    "removed": "changed removed",
    "from": "changed moved",
    "to": "changed moved",
}

_NO_WORDS = frozenset({"pre", "row", "head", "hr", "empty"})
"""Kinds of blocks that are more than words on a level."""

_OVER = ' class="over"'
"""Of a heading that stays for what changed in its section."""

_LISTED = attrgetter("id", "state", "kinds", "before", "after", "also")


def for_markdown(redline: Redline) -> str:
    """A redline for a page that takes Markdown, such as the summary of a CI job: HTML without a blank line.

    Nothing in it is read as Markdown, for a blank line alone would end the block.
    """
    html = redline.html(ids=False)
    return "<div>\n" + re.sub(r"\n(?=\s*\n)", "&#10;", html).strip() + "\n</div>"


def code_for_markdown(words: str) -> str:
    """A name on a line of such a page, with all its signs as they are."""
    shown = "".join([sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in words])
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    pad = " " if shown[:1] in {"`", " "} or shown[-1:] in {"`", " "} else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def redline(old: Text, new: Text, same: Sequence[Match] | None = None, memory: Memory | None = None) -> Redline:
    """What changed between two texts.

    ``same`` says which of their chunks are known to be each other, and ``memory`` what the other redlines of their
    history have worked out; it changes nothing but the time that this one takes.
    """
    return Redline(redlines.marks(old, new, same, memory), old, new)


class Notes(NamedTuple):
    """The words that explain marks to those who do not see them; a page in another language brings its own."""

    deleted: str = "deleted"
    inserted: str = "inserted"
    moved_to: str = "moved to"
    moved_from: str = "moved from"
    after: str = "after"
    top: str = "the beginning"
    within: str = "elsewhere in this section"
    was: str = "was:"
    level: str = "level changed:"
    unchanged: str = ""
    """Said of a stretch that did not change, after what stands in it; if empty, no stretch is told."""
    counted: tuple[tuple[str, str], ...] = (
        ("heading", "headings"),
        ("paragraph", "paragraphs"),
        ("item", "items"),
        ("row", "rows"),
    )
    """What can be counted, in the order of `folds.KINDS`: one, and several."""

    def stretch(self, counts: Sequence[int]) -> str:
        """What stands in a stretch that did not change."""
        told = [f"{n} {one if n == 1 else many}" for n, (one, many) in zip(counts, self.counted, strict=True) if n]
        return f"{', '.join(told)} {self.unchanged}"

    def moved(self, elsewhere: str | None, *, was: bool, after: bool) -> str:
        """Where something moved to, or from."""
        place = self.within if elsewhere is None else f"{self.after} {elsewhere}" if after and elsewhere else elsewhere
        return f"{self.moved_to if was else self.moved_from} {place or self.top}"


FOLDING = Notes(unchanged="unchanged")
"""For pages that can show the changes alone."""


@dataclass(frozen=True)
class Redline:
    """What changed between two texts, ready to be shown."""

    marks: Marks
    old: Text
    new: Text

    @property
    def capped(self) -> bool:
        """Whether some words were too many to compare, and are shown as taken out and put in as a whole."""
        return self.marks.capped

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The list of changes, in reading order."""
        return redlines.changes(self.marks)

    @cached_property
    def sections(self) -> list[tuple[str, list[tuple[Any, ...]]]]:
        """The same by the headings under which they stand: of each id, state, kinds, words before and after, more."""
        parts = groupby(self.changes, attrgetter("section"))
        return [(section, list(map(_LISTED, listed))) for section, listed in parts]

    @cached_property
    def sorts(self) -> Counter[tuple[str, str]]:
        """How many of them are in each state and, in the first place, of each kind."""
        return Counter((change.state, change.kind) for change in self.changes)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many sections changed, and how many changes there are of each kind."""
        return redlines.counts(self.changes)

    def html(
        self,
        address_old: Callable[[str], str] | None = None,
        address_new: Callable[[str], str] | None = None,
        *,
        ids: bool = True,
        notes: Notes | None = None,
        lowered: bool | None = None,
    ) -> Html:
        """The redline as HTML.

        Targets of links and images go through ``address_old`` and ``address_new``. With ``ids`` the headings of the
        new text bear their anchors; ids of the redline's own begin with ``_``. With ``lowered``, as `lowers` of both
        texts gives it, it is `fitted`. If the notes have a word for it, each stretch that did not change is
        followed by what stands in it, hidden, for a style sheet that can show the changes alone.
        """
        anchors = iter(self.new.anchors) if ids else None
        told = notes or Notes()
        folded = folds(self.marks.rows) if told.unchanged else Folds(frozenset(), {})
        page = _Page(self.marks, address_old, address_new, anchors, told)
        return Html(page.html(folded, lowered=lowered))

    def text(self) -> str:
        """The redline as plain text: ``[-old words-]`` and ``{+new words+}``."""
        return transcript.text(self.marks)

    def json(self) -> dict[str, object]:
        """The redline as data: its changes, and every block of both texts with its words (see `transcript.data`)."""
        return transcript.data(self.marks, self.old, self.new)


def _file(target: str) -> str:
    """The name of the file to which a target leads."""
    return target.partition("?")[0].rpartition("/")[2] or target


def _signs(letters: str) -> str:
    """What nobody sees among letters that changed, by its name."""
    found = sorted(set(unseen.TURNING.findall(letters)))
    names = ", ".join(map(unseen.name, found))
    return f'<span class="sign" data-note>({names}) </span>' if found else ""


class _Page:
    """The writing of one redline."""

    def __init__(
        self,
        marks: Marks,
        address_old: Callable[[str], str] | None,
        address_new: Callable[[str], str] | None,
        anchors: Iterator[str] | None,
        notes: Notes,
    ) -> None:
        self.marks = marks
        self.address = {"-": address_old, "+": address_new, "=": address_new, "form": address_new}
        self.anchors = anchors
        self.notes = notes
        self.whole = {
            mark: f"<{tag}>" + self._note(f"{note}: ")
            for mark, tag, note in (("-", "del", notes.deleted), ("+", "ins", notes.inserted))
        }
        """How a block opens that was put in or taken out as a whole, by its mark."""
        self.part_of = {
            mark: (f"<{tag}>", self._note(f"[{note}: "), f"{self._note(']')}</{tag}>")
            for mark, tag, note in (("-", "del", notes.deleted), ("+", "ins", notes.inserted))
        }
        """What stands around words that were put in or taken out, by their mark."""
        self.out: list[str] = []
        self.open: list[int] = []
        self.parts: list[str] = []
        """Of the tables that are open, which part is: thead, tbody or none yet."""
        self.width = 1
        """How many cells the last row had."""
        self.items: dict[int, int] = {}
        """How many items of the new text stand before, by numbered list."""

    def html(self, folded: Folds, *, lowered: bool | None = None) -> str:
        """The whole."""
        done: list[str] = []
        rows: list[Any] = self.marks.rows
        place = 0
        for stretch in [*self.marks.stretches, range(len(rows), len(rows))]:
            if place < stretch.start:
                self._close(done, lowered=lowered)
                self._chunks(done, rows[place : stretch.start], place, folded, lowered=lowered)
            for place in stretch:
                row = rows[place]
                if place in folded.told:
                    self._stretch(folded.told[place])
                if row.path or self.open:
                    self._to(row.path)
                self._item(row, _OVER if place in folded.over else "")
            place = stretch.stop
        if place in folded.told:
            self._stretch(folded.told[place])
        self._close(done, lowered=lowered)
        return "".join(done)

    def _chunks(
        self, done: list[str], chunks: Sequence[Chunk], place: int, folded: Folds, *, lowered: bool | None
    ) -> None:
        """Chunks that stand as they are, the first of them at a place among the rows."""
        address = self.address["="]
        plain = (lowered,)
        first = len(done)
        done += [
            html
            if not chunk.has_headings
            and (address is None or not chunk.targets)
            and (html := chunk.memo.get(plain)) is not None
            else chunk_html(chunk, address, self.anchors, lowered=lowered)
            for chunk in chunks
        ]
        if folded.told or folded.over:
            for at in reversed(range(len(chunks))):  # from the end, so that what is put in moves no other
                if place + at in folded.over:
                    done[first + at] = done[first + at].replace(" ", f"{_OVER} ", 1)
                if place + at in folded.told:
                    self._stretch(folded.told[place + at])
                    done.insert(first + at, self._taken(lowered=lowered))

    def _close(self, done: list[str], *, lowered: bool | None) -> None:
        """Be done with items in a row, and the nests that they stand in."""
        if self.open:
            self._to(())
        if self.out:
            done.append(self._taken(lowered=lowered))

    def _taken(self, *, lowered: bool | None) -> str:
        """What was written since it was last asked for."""
        html = "".join(self.out)
        self.out.clear()
        return html if lowered is None else fit(html, lowered=lowered)

    def _stretch(self, counts: Sequence[int]) -> None:
        self._to(())
        self.out.append(f'<p class="fold" data-note hidden>{escape(self.notes.stretch(counts))}</p>\n')

    def _to(self, path: Path) -> None:
        """Close and open nests until those of a path are open."""
        same = 0
        while same < len(self.open) and same < len(path) and self.open[same] == path[same]:
            same += 1
        while len(self.open) > same:
            nest = self.marks.tags[self.open.pop()]
            if nest.tag == "table" and (part := self.parts.pop()):
                self.out.append(f"</{part}>\n")
            self.out.append(f"</{nest.tag}>\n")
        for depth in range(same, len(path)):
            self._open(path[depth], path[depth - 1] if depth else 0)

    def _open(self, number: int, above: int) -> None:
        nest = self.marks.tags[number]
        told = f' start="{nest.start}"' if nest.start != 1 else ""
        if (was := self.marks.was.get(number)) is not None:
            told += ' data-change="level"' if was.tag != nest.tag else f' data-change="number" data-was="{was.start}"'
        if nest.tag == "table":
            self.parts.append("")
        elif above in self.marks.mixed:
            told = self._counted(number, above)
        self.out.append(f"<{nest.tag}{told}>\n")
        self.open.append(number)

    def _counted(self, number: int, above: int) -> str:
        """Items of the old text in a numbered list do not count."""
        before = self.items.get(above, 0)
        if number < 0:
            return ' class="uncounted"'
        self.items[above] = before + 1
        return f' value="{self.marks.tags[above].start + before}"'

    def _item(self, item: Item, told: str) -> None:
        block = item.leaf.block
        kind = block.kind
        if kind == "empty":
            return
        if item.number:
            told = f' class="{_CLASSES[item.state]}" id="_c{item.number}"'
        if kind == "hr":
            tag = {"removed": "del", "added": "ins"}.get(item.state)
            self.out.append(f"<{tag}{told}><hr /></{tag}>\n" if tag else "<hr />\n")
            return
        if item.structure:
            told += f' data-change="{item.structure}"{self._stood(item)}'
        if kind in {"head", "row"}:
            self._row(item, told)
            return
        if item.path and self.marks.tags[item.path[-1]].tag == "table":  # what stood between two that are now one
            self._part("tbody")
            self.out.append(f'<tr><td colspan="{self.width}">')
            self._block(item, told)
            self.out.append("</td></tr>\n")
        else:
            self._block(item, told)

    def _stood(self, item: Item) -> str:
        """Where a block stood whose level changed, for a script that shows the old text beside the new one."""
        if item.structure != "level":
            return ""
        (old,) = item.olds
        kinds = (old.block.kind, item.leaf.block.kind)
        told = f' data-old="{kinds[0]}"' if kinds[0] != kinds[1] and not {*kinds} & _NO_WORDS else ""
        before, now = (sum(self.marks.tags[number].tag == "li" for number in path) for path in (old.path, item.path))
        return told if before == now else f'{told} data-depth="{before}"'

    def _block(self, item: Item, told: str) -> None:
        """A block that is no row."""
        block = item.leaf.block
        kind = block.kind
        letters = self._cell(item, item.cells[0])
        if letters and item.structure == "level" and item.state == "changed":
            letters = self._note(f"{self.notes.level} ") + letters
        if kind == "pre":
            language = f' class="language-{escape(block.info[0])}"' if block.info else ""
            spaced = ' data-change="format"' if item.respaced else ""
            self.out.append(f"<pre{told}><code{language}{spaced}>{letters}</code></pre>\n")
        elif kind == "p" and block.tight:
            self.out.append(f"<div{told}>{letters}</div>\n" if told else letters + "\n")
        elif kind == "p":
            self.out.append(f"<p{told}>{letters}</p>\n")
        elif item.state in {"removed", "from"} or self.anchors is None:
            self.out.append(f"<{kind}{told}>{letters}</{kind}>\n")
        else:
            place = f'<span id="_c{item.number}"></span>' if item.number else ""
            told = told.replace(f' id="_c{item.number}"', "")
            self.out.append(f'<{kind} id="{next(self.anchors)}"{told}>{place}{letters}</{kind}>\n')

    def _row(self, item: Item, told: str) -> None:
        part, tag = ("thead", "th") if item.leaf.block.kind == "head" else ("tbody", "td")
        self._part("tbody" if self.parts[-1] == "tbody" else part)
        self.width = len(item.cells)
        self.out.append(f"<tr{told}>\n")
        for cell in item.cells:
            self.out.append(f"<{tag}{styled(cell.style)}>{self._cell(item, cell)}</{tag}>\n")
        self.out.append("</tr>\n")

    def _part(self, part: str) -> None:
        """Open a part of a table."""
        if self.parts[-1] != part:
            self.out.append((f"</{self.parts[-1]}>\n" if self.parts[-1] else "") + f"<{part}>\n")
            self.parts[-1] = part

    def _note(self, words: str) -> str:
        return f'<span class="note" data-note>{escape(words)}</span>'

    def _cell(self, item: Item, cell: Cell) -> str:
        """The words of one cell, or of a block that has but one."""
        segments = cell.segments
        if not segments or (not segments[0].content.text and not any(segment.content.text for segment in segments)):
            return ""
        state = item.state
        pre = item.leaf.block.kind == "pre"
        if state in {"from", "to"}:
            return self._moved(item, cell, pre=pre)
        if len(segments) == 1:
            (segment,) = segments
            mark = segment.mark
            if state == "kept" and segment.plain:
                return written(segment.content, self.address["="], segment.start, segment.end)
            if (state in {"added", "removed"} or cell.mark in {"-", "+"}) and not segment.move:
                letters = written(segment.content, self.address[mark])
                if not segment.content.text.isascii():
                    letters = _signs(segment.letters) + letters
                tag = "del" if mark == "-" else "ins"
                return f"{self.whole[mark] if cell is item.cells[0] else f'<{tag}>'}{letters}</{tag}>"
        return "".join(self._segments(segments, pre=pre))

    def _moved(self, item: Item, cell: Cell, *, pre: bool) -> str:
        """The words of a block that moved: where they were, or where they are."""
        was = item.state == "from"
        if was:
            letters = written(cell.segments[0].content, self.address["-"])
        else:
            letters = "".join(self._segments(cell.segments, pre=pre))
        name = f"{item.move}-{cell.number}" if cell.number else f"{item.move}"
        again = bool(cell.number) or item.follows
        return self._linked(
            letters, name, self.notes.moved(item.elsewhere, was=was, after=item.after), was=was, again=again
        )

    def _linked(self, letters: str, name: str, note: str, *, was: bool, again: bool = False) -> str:
        """Words that moved, with a link to their other place."""
        tag, here, there = ("del", "from", "to") if was else ("ins", "to", "from")
        style = "note again" if again else "note"
        link = f'<span class="{style}" data-note><a href="#_{there}{name}">{escape(note)}</a>: </span>'
        return f'<{tag} data-change="moved" id="_{here}{name}">{link}{letters}</{tag}>'

    def _segments(self, segments: list[Segment], *, pre: bool) -> Iterator[str]:
        """The segments of one cell, white space outside the marks where both sides have it."""
        for at, segment in enumerate(segments):
            if segment.plain:
                yield written(segment.content, self.address["="], segment.start, segment.end)
            elif segment.mark == "join":
                yield '<span data-change="join"></span>'
            elif segment.mark in "-+":
                following = next((s.gap for s in islice(segments, at + 1, None) if s.mark not in {"-", "join"}), True)
                yield self._marked(segment, outside=following and not pre, first=at == 0)
            else:
                yield self._kept(segment)

    def _marked(self, segment: Segment, *, outside: bool, first: bool) -> str:
        """Removed or added words."""
        start = segment.start
        gap = ""
        if segment.mark == "+":
            letters = segment.content.text[start : segment.end]
            blank = len(letters) - len(letters.lstrip())
            if outside and blank and undressed(segment.content, start, start + blank):
                gap = written(segment.content, None, start, start + blank)
                start += blank
            elif not first and not start:
                gap = " "  # after what stood at the beginning of the block
        elif segment.gap and not first:
            gap = " "
        words = written(segment.content, self.address[segment.mark], start, segment.end)
        tag = "del" if segment.mark == "-" else "ins"
        tail = " " if segment.tail else ""
        if words.isspace() or not words:
            return f"<{tag}>{gap}{words}{tail}</{tag}>"
        if segment.move:
            told = self.notes.moved(segment.elsewhere, was=tag == "del", after=False)
            return gap + self._linked(words + tail, f"{segment.move}", told, was=tag == "del")
        opened, before, closed = self.part_of[segment.mark]
        signs = "" if segment.content.text.isascii() else _signs(segment.letters)
        if outside:
            return f"{gap}{opened}{before}{signs}{words}{tail}{closed}"
        return f"{opened}{gap}{before}{signs}{words}{tail}{closed}"

    def _kept(self, segment: Segment) -> str:
        """Kept words, and what changed about them."""
        was, now = segment.was, segment.now
        link = picture = behind = lost = before = after = ""
        formats: frozenset[str] = frozenset()
        wrapped = ""
        if was is not None and now is not None:
            if was.link != now.link:
                told = ' data-change="link"' + (f' data-was="{escape(was.link[0])}"' if was.link else "")
                link, wrapped = (told, "") if now.link else ("", told)
            if was.image != now.image and now.image and was.image:
                picture = f' data-change="image" data-was="{escape(was.image[0])}"'
                seen = was.image[1] if was.image[1] != now.image[1] else _file(was.image[0])
                behind = f'<span class="sign" data-note>({escape(self.notes.was)} {escape(seen)})</span>'
            if was.formats != now.formats:
                formats = frozenset(name for name in now.formats - was.formats if ":" not in name)
                lost = "" if formats else ' data-change="format"'
        if segment.mark == "form":
            before = f'<del data-change="typography">{escape(segment.old)}</del><ins data-change="typography">'
            after = "</ins>"
        tell = Tell(link, picture, behind, formats, before, after)
        words = written(segment.content, self.address["="], segment.start, segment.end, tell)
        if wrapped:
            words = f"<span{wrapped}>{words}</span>"
        return f"<span{lost}>{words}</span>" if lost else words
