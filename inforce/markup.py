"""Texts and redlines -> HTML and plain text, well formed by construction.

Everything that is written goes through two small writers: `written` for words under
their dress, and `Nesting` for blocks in their nests. Both open and close elements by a stack.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from inforce import redline as redlines
from inforce import text as text_module
from inforce.redline import Item, Marks
from inforce.text import Block, Chunk, Content, Look, Run, Text, Wrap
from inforce.words import Segment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Address = "Callable[[str], str] | None"


class Html(str):
    """HTML that a template takes as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def escape(words: str) -> str:
    """Words as they stand in HTML."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def article(text: Text, address: Callable[[str], str] | None = None) -> Html:
    """A text as HTML: its headings bear their anchors, and every target goes through ``address``."""
    anchors = (heading.anchor for heading in text.headings)
    return Html("".join([chunk_html(chunk, address, anchors) for chunk in text.chunks]))


def fragment(text: Text, address: Callable[[str], str] | None = None) -> Html:
    """A text within another, such as a summary: no anchors, and headings are but strong words."""
    out = []
    for chunk in text.chunks:
        html = chunk_html(chunk, address)
        if chunk.has_headings:
            html = re.sub(r"<(/?)h[1-6]>", lambda m: "</strong></p>" if m[1] else "<p><strong>", html)
        out.append(html)
    return Html("".join(out))


def plain(text: Text) -> str:
    """The words of a text, in one line."""
    return " ".join(" ".join(filter(None, map(text_module.plain, text.blocks))).split())


def chunk_html(chunk: Chunk, address: Callable[[str], str] | None = None, anchors: Iterator[str] | None = None) -> str:
    """The HTML of a chunk, written once if it bears neither anchors nor moved targets."""
    if (anchors is None or not chunk.has_headings) and (address is None or not chunk.has_targets):
        if not chunk.memo:
            chunk.memo.append(_chunk_html(chunk, None, None))
        return chunk.memo[0]
    return _chunk_html(chunk, address, anchors)


def _chunk_html(chunk: Chunk, address: Callable[[str], str] | None, anchors: Iterator[str] | None) -> str:
    if len(chunk.blocks) == 1 and not chunk.blocks[0].nests:
        return _block_html(chunk.blocks[0], address, anchors)
    return _nested_html(chunk.blocks, address, anchors)


def _block_html(block: Block, address: Callable[[str], str] | None, anchors: Iterator[str] | None) -> str:
    """One block without its nests."""
    kind = block.kind
    if kind == "hr":
        return "<hr />\n"
    if kind == "empty":
        return ""
    if kind in {"head", "row"}:
        tag = "th" if kind == "head" else "td"
        cells = [
            f'<{tag}{f" style={chr(34)}{style}{chr(34)}" if style else ""}>{"".join(written(content, address))}</{tag}>\n'
            for content, style in zip(block.contents, block.info, strict=True)
        ]
        return f"<tr>\n{''.join(cells)}</tr>\n"
    words = "".join(written(block.contents[0], address))
    if kind == "pre":
        language = f' class="language-{escape(block.info[0])}"' if block.info else ""
        return f"<pre><code{language}>{words}</code></pre>\n"
    if kind == "p":
        return words if block.tight else f"<p>{words}</p>\n"
    anchor = f' id="{next(anchors)}"' if anchors is not None else ""
    return f"<{kind}{anchor}>{words}</{kind}>\n"


def _nested_html(blocks: Iterable[Block], address: Callable[[str], str] | None, anchors: Iterator[str] | None) -> str:
    """Blocks in their nests, with line ends where markdown-it puts them."""
    out: list[str] = []
    open_: list[text_module.Nest] = []
    part = ""  # of the table that is open: thead or tbody
    hidden = False  # whether a paragraph without an element of its own was written last

    def close(depth: int) -> None:
        nonlocal part, hidden
        while len(open_) > depth:
            nest = open_.pop()
            if nest.tag == "table":
                out.append(f"</{part}>\n")
                part = ""
            out.append(f"</{nest.tag}>\n")
            hidden = False

    for block in blocks:
        same = 0
        while same < len(open_) and same < len(block.nests) and open_[same] is block.nests[same]:
            same += 1
        close(same)
        for nest in block.nests[same:]:
            if hidden:
                out.append("\n")
                hidden = False
            start = f' start="{nest.start}"' if nest.start != 1 else ""
            last = nest is block.nests[-1]
            bare = last and (block.kind == "empty" or block.tight)
            out.append(f"<{nest.tag}{start}>" if bare else f"<{nest.tag}{start}>\n")
            open_.append(nest)
        if block.kind in {"head", "row"}:
            wanted = "thead" if block.kind == "head" else "tbody"
            if part != wanted:
                out.append((f"</{part}>\n" if part else "") + f"<{wanted}>\n")
                part = wanted
        if hidden and block.kind != "pre" and not block.tight:
            out.append("\n")
        hidden = block.tight
        out.append(_block_html(block, address, anchors))
    close(0)
    return "".join(out)


class Tell(NamedTuple):
    """What is told about kept words that wear something else than before, or are written in another form."""

    link: str = ""
    """Attributes of the link around them."""
    image: str = ""
    """Attributes of the image that they are."""
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
) -> list[str]:
    """The letters of a content from ``start`` to ``end``, in their dress."""
    runs: Sequence[Run] = content.runs
    if end is None:
        end = len(content.text)
    if len(runs) == 1 and not runs[0].dress and runs[0].kind == "text":
        return [tell.before, escape(content.text[start:end]), tell.after]
    out: list[str] = []
    open_: list[Wrap] = []
    for run in runs:
        first = run.start
        last = first + len(run.text)
        if first < last and (last <= start or first >= end):
            continue
        if first == last and not (start < first <= end or first == start == 0):
            continue
        dress = run.dress
        same = 0
        while same < len(open_) and same < len(dress) and open_[same] is dress[same]:
            same += 1
        while len(open_) > same:
            out.append(f"</{open_.pop().tag}>")
        for wrap in dress[same:]:
            out.append(_opened(wrap, address, tell))
            open_.append(wrap)
        out.append(tell.before)
        if run.kind == "text":
            out.append(escape(run.text[max(start - first, 0) : end - first]))
        elif run.kind == "break":
            out.append("<br />\n")
        else:
            out.append(_image(run, address, tell.image))
        out.append(tell.after)
    while open_:
        out.append(f"</{open_.pop().tag}>")
    return out


def _opened(wrap: Wrap, address: Callable[[str], str] | None, tell: Tell) -> str:
    if wrap.tag != "a":
        return f'<{wrap.tag} data-change="format">' if wrap.tag in tell.formats else f"<{wrap.tag}>"
    target = address(wrap.target) if address else wrap.target
    title = f' title="{escape(wrap.title)}"' if wrap.title else ""
    return f'<a href="{escape(target)}"{title}{tell.link}>'


def _image(run: Run, address: Callable[[str], str] | None, more: str) -> str:
    """An image, with further attributes."""
    target, alt, title = run.image
    named = f' title="{escape(title)}"' if title else ""
    return f'<img src="{escape(address(target) if address else target)}" alt="{escape(alt)}"{named}{more} />'


# Redlines


def redline(old: Text, new: Text) -> Redline:
    """What changed between two texts."""
    return Redline(old, new, redlines.marks(old, new))


class Redline:
    """What changed between two texts, ready to be shown."""

    def __init__(self, old: Text, new: Text, marks: Marks) -> None:
        self.old = old
        self.new = new
        self._marks = marks

    @property
    def capped(self) -> bool:
        """Whether something was too long to compare word by word, and is shown as removed and added as a whole."""
        return self._marks.capped

    @property
    def changes(self) -> tuple[object, ...]:
        return ()

    def html(
        self,
        address_old: Callable[[str], str] | None = None,
        address_new: Callable[[str], str] | None = None,
        *,
        ids: bool = True,
    ) -> Html:
        """The redline as HTML: ``<ins>``, ``<del>`` and ``data-change`` (ids of its own begin with ``_``)."""
        anchors = iter([heading.anchor for heading in self.new.headings]) if ids else None
        return Html(_Page(self._marks, address_old, address_new, anchors).html())

    def text(self) -> str:
        return ""


class _Page:
    """The writing of one redline."""

    def __init__(
        self,
        marks: Marks,
        address_old: Callable[[str], str] | None,
        address_new: Callable[[str], str] | None,
        anchors: Iterator[str] | None,
    ) -> None:
        self.marks = marks
        self.address = {"-": address_old, "+": address_new, "=": address_new}
        self.anchors = anchors
        self.out: list[str] = []
        self.open: list[int] = []
        self.part: list[str] = []

    def html(self) -> str:
        for row in self.marks.rows:
            if isinstance(row, Chunk):
                self._to(())
                self.out.append(chunk_html(row, self.address["="], self.anchors))
            else:
                self._item(row)
        self._to(())
        return "".join(self.out)

    def _to(self, path: tuple[int, ...]) -> None:
        """Close and open nests until those of a path are open."""
        same = 0
        while same < len(self.open) and same < len(path) and self.open[same] == path[same]:
            same += 1
        while len(self.open) > same:
            nest = self.marks.nests[self.open.pop()]
            if nest.tag == "table":
                part = self.part.pop()
                if part:
                    self.out.append(f"</{part}>\n")
            self.out.append(f"</{nest.tag}>\n")
        for number in path[same:]:
            nest = self.marks.nests[number]
            start = f' start="{nest.start}"' if nest.start != 1 else ""
            was = self.marks.was.get(number)
            told = ""
            if was is not None:
                told = ' data-change="level"' if was.tag != nest.tag else f' data-change="number" data-was="{was.start}"'
            self.out.append(f"<{nest.tag}{start}{told}>\n")
            if nest.tag == "table":
                self.part.append("")
            self.open.append(number)

    def _item(self, item: Item) -> None:
        self._to(item.path)
        block = item.leaf.block
        kind = block.kind
        told = f' class="changed" id="_c{item.number}"' if item.number else ""
        if item.structure:
            told += f' data-change="{item.structure}"'
        if kind == "empty":
            return
        if kind == "hr":
            self.out.append({"removed": "<del><hr /></del>\n", "added": "<ins><hr /></ins>\n"}.get(item.state, "<hr />\n"))
            return
        if kind in {"head", "row"}:
            self._row(item, told)
            return
        words = self._cell(item, item.cells[0][1], 0, pre=kind == "pre")
        if kind == "pre":
            language = f' class="language-{escape(block.info[0])}"' if block.info else ""
            self.out.append(f"<pre{told}><code{language}>{words}</code></pre>\n")
        elif kind == "p":
            if block.tight:
                self.out.append(f"<div{told}>{words}</div>\n" if told else words + "\n")
            else:
                self.out.append(f"<p{told}>{words}</p>\n")
        else:
            anchor = ""
            if item.state not in {"removed", "from"} and self.anchors is not None:
                anchor = f' id="{next(self.anchors)}"'
                told = told.replace(f' id="_c{item.number}"', "")
            self.out.append(f"<{kind}{anchor}{told}>{words}</{kind}>\n")

    def _row(self, item: Item, told: str) -> None:
        block = item.leaf.block
        part, tag = ("thead", "th") if block.kind == "head" else ("tbody", "td")
        if self.part[-1] != part:
            self.out.append((f"</{self.part[-1]}>\n" if self.part[-1] else "") + f"<{part}>\n")
            self.part[-1] = part
        self.out.append(f"<tr{told}>\n")
        styles = iter(block.info)
        for number, (_, segments) in enumerate(item.cells):
            style = next(styles, "")
            words = self._cell(item, segments, number)
            self.out.append(f"<{tag}{f' style={chr(34)}{style}{chr(34)}' if style else ''}>{words}</{tag}>\n")
        self.out.append("</tr>\n")

    def _cell(self, item: Item, segments: list[Segment], number: int, *, pre: bool = False) -> str:
        """The words of one cell, or of a block that has but one."""
        if item.state in {"from", "to"}:
            segment = segments[0]
            words = "".join(written(segment.content, self.address[segment.mark]))
            mark = "del" if item.state == "from" else "ins"
            here, there = ("from", "to") if item.state == "from" else ("to", "from")
            note = f'<span class="note" data-note><a href="#_{there}{item.move}-{number}">moved</a> </span>'
            return f'<{mark} data-change="moved" id="_{here}{item.move}-{number}">{note}{words}</{mark}>'
        return "".join(self._segments(segments, pre=pre))

    def _segments(self, segments: list[Segment], *, pre: bool) -> Iterator[str]:
        """The segments of one cell, white space outside the marks where both sides have it."""
        for at, segment in enumerate(segments):
            following = next((s.gap for s in segments[at + 1 :] if s.mark not in {"-", "join"}), True)
            if segment.mark == "join":
                yield '<span data-change="join"></span>'
            elif segment.mark in "-+":
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
            if outside and blank and not any(run.dress or run.kind != "text" for run in segment.content.runs):
                gap, start = letters[:blank], start + blank
        elif segment.gap and not first:
            gap = " "
        words = "".join(written(segment.content, self.address[segment.mark], start, segment.end))
        tag = "del" if segment.mark == "-" else "ins"
        tail = " " if segment.tail else ""
        return f"{gap}<{tag}>{words}{tail}</{tag}>" if outside else f"<{tag}>{gap}{words}{tail}</{tag}>"

    def _kept(self, segment: Segment) -> str:
        """Kept words, and what changed about them."""
        was, now = segment.was, segment.now
        link = picture = lost = before = after = ""
        formats: frozenset[str] = frozenset()
        wrapped = ""
        if was is not None and now is not None:
            if was.link != now.link:
                told = ' data-change="link"' + (f' data-was="{escape(was.link[0])}"' if was.link else "")
                link, wrapped = (told, "") if now.link else ("", told)
            if was.image != now.image and now.image and was.image:
                picture = f' data-change="image" data-was="{escape(was.image[0])}"'
            if was.formats != now.formats:
                formats = frozenset(name for name in now.formats - was.formats if ":" not in name)
                lost = "" if formats else ' data-change="format"'
        if segment.mark == "form":
            before = f'<del data-change="typography">{escape(segment.old)}</del><ins data-change="typography">'
            after = "</ins>"
        tell = Tell(link, picture, formats, before, after)
        words = "".join(written(segment.content, self.address["="], segment.start, segment.end, tell))
        if wrapped:
            words = f"<span{wrapped}>{words}</span>"
        return f"<span{lost}>{words}</span>" if lost else words
