"""Texts and redlines -> HTML and plain text, well formed by construction.

Everything that is written goes through two small writers: `written` for words under
their dress, and `Nesting` for blocks in their nests. Both open and close elements by a stack.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from inforce import redline as redlines
from inforce import text as text_module
from inforce import transcript, unseen
from inforce.folds import Folds, folds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from inforce.align import Match
    from inforce.nests import Path
    from inforce.pairing import Memory
    from inforce.redline import Cell, Change, Item, Marks
    from inforce.text import Block, Chunk, Content, Names, Nest, Run, Text, Wrap
    from inforce.words import Segment

_CLASSES = {
    "changed": "changed",
    "added": "changed added",
    "removed": "changed removed",
    "from": "changed moved",
    "to": "changed moved",
}

_OVER = ' class="over"'
"""Of a heading that stays for what changed in its section."""

_HEADING = re.compile(r"(</?h)([1-6])\b")
_PICTURE = re.compile(r'<img src="[^"]*" alt="([^"]*)"[^>]*>')
_FITTED = {
    "<table": '<div class="table" role="group" aria-label="Table" tabindex="0"><table',
    "</table>": "</table></div>",
    ' style="text-align:left"': ' class="left"',
    ' style="text-align:center"': ' class="center"',
    ' style="text-align:right"': ' class="right"',
    "<th></th>": "<td></td>",  # a heading that heads nothing is none
    '<th class="left"></th>': "<td></td>",
    '<th class="center"></th>': "<td></td>",
    '<th class="right"></th>': "<td></td>",
}
"""What a page writes otherwise about tables."""


_LISTED = attrgetter("id", "state", "kinds", "before", "after")


class Html(str):
    """HTML that a template takes as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def escape(words: str) -> str:
    """Words as they stand in HTML."""
    if "&" in words:  # to ask is quicker than to replace nothing
        words = words.replace("&", "&amp;")
    if "<" in words:
        words = words.replace("<", "&lt;")
    if ">" in words:
        words = words.replace(">", "&gt;")
    if '"' in words:
        words = words.replace('"', "&quot;")
    return words


def article(
    text: Text,
    address: Callable[[str], str] | None = None,
    ids: Sequence[tuple[Names, ...]] | None = None,
    *,
    lowered: bool | None = None,
) -> Html:
    """A text as HTML: its headings bear their anchors, and every target goes through ``address``.

    With ``ids``, those of the blocks of each chunk, every block bears its own, and headings link to themselves. With
    ``lowered``, as `lowers` gives it, it is `fitted`.
    """
    if ids is None:
        anchors = (heading.anchor for heading in text.headings)
        return Html("".join([chunk_html(chunk, address, anchors, lowered=lowered) for chunk in text.chunks]))
    pairs = zip(text.chunks, ids, strict=True)
    return Html("".join([_remembered(chunk, address, names, lowered=lowered) for chunk, names in pairs]))


def fragment(text: Text, address: Callable[[str], str] | None = None, *, pictures: bool = True) -> Html:
    """A text within another, such as a summary: no anchors, and headings are but strong words.

    Without pictures, the words stand that stand for them.
    """
    out = []
    for chunk in text.chunks:
        html = chunk_html(chunk, address)
        if chunk.has_headings:
            html = re.sub(r"<(/?)h[1-6]>", lambda m: "</strong></p>" if m[1] else "<p><strong>", html)
        out.append(html if pictures else _PICTURE.sub(r"\1", html))
    return Html("".join(out))


def plain(text: Text, letters: int | None = None) -> str:
    """The words of a text, in one line; or the first so many letters of it."""
    line = ""
    for block in text.blocks:
        words = " ".join(text_module.plain(block).split())
        line += f" {words}" if line and words else words
        if letters is not None and len(line) >= letters:
            break
    return line[:letters]


def chunk_html(
    chunk: Chunk,
    address: Callable[[str], str] | None = None,
    anchors: Iterator[str] | None = None,
    *,
    lowered: bool | None = None,
) -> str:
    """The HTML of a chunk whose headings take the next of some anchors, if there are any."""
    if anchors is None or not chunk.has_headings:
        return _remembered(chunk, address, (), lowered=lowered)
    if len(chunk.blocks) == 1:
        names: tuple[Names, ...] = ((next(anchors),),)
    else:
        names = tuple([(next(anchors),) if text_module.is_heading(block) else () for block in chunk.blocks])
    return _remembered(chunk, address, names, linked=False, lowered=lowered)


def _remembered(
    chunk: Chunk,
    address: Callable[[str], str] | None,
    names: tuple[Names, ...],
    *,
    linked: bool = True,
    lowered: bool | None = None,
) -> str:
    """The HTML of a chunk with the ids of its blocks, written once for all pages on which its targets are the same."""
    targets = tuple(map(address, chunk.targets)) if address is not None and chunk.targets else ()
    known = (names, targets, linked, lowered) if names or targets else (lowered,)
    html = chunk.memo.get(known)
    if html is None:
        html = _chunk_html(chunk, address, names, linked=linked)
        html = chunk.memo[known] = html if lowered is None else _fitted(html, lowered=lowered)
    return html


def _chunk_html(
    chunk: Chunk, address: Callable[[str], str] | None, names: Sequence[Names], *, linked: bool = True
) -> str:
    named = names or ((),) * len(chunk.blocks)
    if len(chunk.blocks) == 1 and not chunk.blocks[0].nests:
        return _block_html(chunk.blocks[0], address, named[0], linked=linked)
    plain_nests = _PlainNests()
    for block, ids in zip(chunk.blocks, named, strict=True):
        left = plain_nests.go_to(block, ids)
        plain_nests.out.append(_block_html(block, address, left, linked=linked))
    plain_nests.close(0)
    return "".join(plain_nests.out)


def _block_html(block: Block, address: Callable[[str], str] | None, names: Names, *, linked: bool) -> str:
    """One block without its nests."""
    kind = block.kind
    if kind == "hr":
        return "<hr />\n"
    if kind == "empty":
        return ""
    own, former = _ids(names)
    if kind in {"head", "row"}:
        tag = "th" if kind == "head" else "td"
        cells = [
            f"<{tag}{_styled(style)}>{former if not k else ''}{written(content, address)}</{tag}>\n"
            for k, (content, style) in enumerate(zip(block.contents, block.info, strict=True))
        ]
        return f"<tr{own}>\n{''.join(cells)}</tr>\n"
    words = former + written(block.contents[0], address)
    if kind == "pre":
        language = f' class="language-{escape(block.info[0])}"' if block.info else ""
        return f"<pre{own}><code{language}>{words}</code></pre>\n"
    if kind == "p":
        bare = f"<span{own}></span>{words}" if own else words
        return bare if block.tight else f"<p{own}>{words}</p>\n"
    if linked and names and block.contents[0].text.strip() and not _has_links(block):
        words = f'<a class="here" href="#{names[0]}">{words}</a>'
    return f"<{kind}{own}>{words}</{kind}>\n"


def _ids(names: Names) -> tuple[str, str]:
    """The attribute that gives a block its id, and elements for the addresses by which it was known."""
    if not names:
        return "", ""
    return f' id="{names[0]}"', "".join([f'<span id="{name}"></span>' for name in names[1:]])


def _has_links(block: Block) -> bool:
    """Whether there are links in a block; a link holds no other."""
    return any(wrap.tag == "a" for content in block.contents for run in content.runs for wrap in run.dress)


def _styled(style: str) -> str:
    """How a column is set."""
    return f' style="{escape(style)}"' if style else ""


class _PlainNests:
    """Nests as they are opened and closed, with line ends where markdown-it puts them."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.open: list[Nest] = []
        self.part = ""
        """Of the table that is open: thead or tbody."""
        self.hidden = False
        """Whether a paragraph without an element of its own was written last."""

    def go_to(self, block: Block, names: Names) -> Names:
        """Open the nests of a block and close others; gives back the ids that no nest bears in its stead."""
        same = 0
        while same < len(self.open) and same < len(block.nests) and self.open[same] is block.nests[same]:
            same += 1
        self.close(same)
        for nest in block.nests[same:]:
            start = f' start="{nest.start}"' if nest.start != 1 else ""
            bare = nest is block.nests[-1] and (block.kind == "empty" or block.tight)
            if bare and block.tight and names:  # the paragraph has no element, and its item begins with it
                start, names = f' id="{names[0]}"', names[1:]
            self.out.append(f"{self._end()}<{nest.tag}{start}>" + ("" if bare else "\n"))
            self.open.append(nest)
        wanted = _PARTS.get(block.kind, self.part)
        if self.part != wanted:
            self.out.append((f"</{self.part}>\n" if self.part else "") + f"<{wanted}>\n")
            self.part = wanted
        if block.kind != "pre" and not block.tight:
            self.out.append(self._end())
        self.hidden = block.tight
        return names

    def close(self, depth: int) -> None:
        """Close nests until so many are open."""
        while len(self.open) > depth:
            nest = self.open.pop()
            if nest.tag == "table":
                self.out.append(f"</{self.part}>\n")
                self.part = ""
            self.out.append(f"</{nest.tag}>\n")
            self.hidden = False

    def _end(self) -> str:
        """The line end between a paragraph without an element and what follows it."""
        end, self.hidden = "\n" if self.hidden else "", False
        return end


_PARTS = {"head": "thead", "row": "tbody"}


class Tell(NamedTuple):
    """What is told about kept words that wear something else than before, or are written in another form."""

    link: str = ""
    """Attributes of the link around them."""
    image: str = ""
    """Attributes of the image that they are."""
    behind: str = ""
    """HTML after that image."""
    formats: frozenset[str] = frozenset()
    """Which emphasis is new."""
    before: str = ""
    """HTML before the letters, within their dress."""
    after: str = ""


NOTHING = Tell()


def written(
    content: Content,
    address: Callable[[str], str] | None = None,
    start: int = 0,
    end: int | None = None,
    tell: Tell = NOTHING,
) -> str:
    """The letters of a content from ``start`` to ``end``, in their dress."""
    runs: Sequence[Run] = content.runs
    if end is None:
        end = len(content.text)
    if len(runs) == 1 and not runs[0].dress and runs[0].kind == "text":
        return f"{tell.before}{escape(content.text[start:end])}{tell.after}"
    if not start and end == len(content.text) and tell is NOTHING:
        return _written(runs, address)
    out: list[str] = []
    open_: list[Wrap] = []
    first = max(bisect_left(runs, (start,)) - 1, 0)  # the one before may reach across the beginning
    for run in islice(runs, first, None):
        at, text, dress, kind, _ = run
        if at > end:
            break
        if not (at < end and start < at + len(text) if text else start < at or at == start == 0):
            continue  # one without letters stands with those before it
        if open_ or dress:
            _dress(out, open_, dress, address, tell)
        if kind == "text":
            letters = escape(text[max(start - at, 0) : end - at])
        else:
            letters = "<br />\n" if kind == "break" else _image(run, address, tell.image) + tell.behind
        out += (letters,) if tell is NOTHING else (tell.before, letters, tell.after)
    if open_:
        _dress(out, open_, (), address, tell)
    return "".join(out)


def _written(runs: Sequence[Run], address: Callable[[str], str] | None) -> str:
    """The letters of a whole content, of which nothing is told."""
    out: list[str] = []
    open_: list[Wrap] = []
    for run in runs:
        _, text, dress, kind, _ = run
        if open_ or dress:
            _dress(out, open_, dress, address, NOTHING)
        out.append(escape(text) if kind == "text" else "<br />\n" if kind == "break" else _image(run, address, ""))
    if open_:
        _dress(out, open_, (), address, NOTHING)
    return "".join(out)


def _dress(
    out: list[str],
    open_: list[Wrap],
    dress: Sequence[Wrap],
    address: Callable[[str], str] | None,
    tell: Tell,
) -> None:
    """Close and open elements around words until those of a dress are open."""
    same = 0
    for before, wrap in zip(open_, dress, strict=False):
        if before is not wrap:
            break
        same += 1
    while len(open_) > same:
        out.append(f"</{open_.pop().tag}>")
    for wrap in dress[same:] if same else dress:
        out.append(_opened(wrap, address, tell))
        open_.append(wrap)


def _undressed(content: Content, start: int, end: int) -> bool:
    """Whether letters bear no dress."""
    return not any(run.dress for run in content.runs if run.start < end and start < run.start + max(len(run.text), 1))


def _file(target: str) -> str:
    """The name of the file to which a target leads."""
    return target.partition("?")[0].rpartition("/")[2] or target


def _opened(wrap: Wrap, address: Callable[[str], str] | None, tell: Tell) -> str:
    tag, target, title = wrap
    if tag != "a":
        return f'<{tag} data-change="format">' if tag in tell.formats else f"<{tag}>"
    told = f' title="{escape(title)}"' if title else ""
    return f'<a href="{escape(address(target) if address else target)}"{told}{tell.link}>'


def _image(run: Run, address: Callable[[str], str] | None, more: str) -> str:
    """An image, with further attributes."""
    target, alt, title = run.image
    named = f' title="{escape(title)}"' if title else ""
    return f'<img src="{escape(address(target) if address else target)}" alt="{escape(alt)}"{named}{more} />'


def fitted(html: str, *texts: Text) -> Html:
    """A text as it stands below the title of a page.

    Its headings are lower than that title, its tables stand in boxes that scroll, and nothing in it bears a style of
    its own, which the pages would not let through. Words are escaped, so what looks like a tag here is one.
    """
    return Html(_fitted(html, lowered=lowers(*texts)))


def lowers(*texts: Text) -> bool:
    """Whether the headings of texts have to be lower below the title of a page, which is of the first level."""
    return any(heading.level == 1 for text in texts for heading in text.headings)


def _fitted(html: str, *, lowered: bool) -> str:
    if lowered:
        html = _HEADING.sub(lambda tag: f"{tag[1]}{min(int(tag[2]) + 1, 6)}", html)
    if "<t" in html or "</t" in html:
        for written, meant in _FITTED.items():
            html = html.replace(written, meant)
    return html.replace(" />", ">")


def for_markdown(redline: Redline) -> str:
    """A redline for a page that takes Markdown, such as the summary of a CI job: HTML without a blank line.

    Nothing in it is read as Markdown, for a blank line alone would end the block.
    """
    html = redline.html(ids=False)
    return "<div>\n" + re.sub(r"\n(?=\s*\n)", "&#10;", html).strip() + "\n</div>"


# Redlines


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
        """The same by the headings under which they stand: each as id, state, kinds, first words before and after."""
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
        return html if lowered is None else _fitted(html, lowered=lowered)

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
            told += f' data-change="{item.structure}"'
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
            self.out.append(f"<{tag}{_styled(cell.style)}>{self._cell(item, cell)}</{tag}>\n")
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
            if outside and blank and _undressed(segment.content, start, start + blank):
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
