"""Texts -> HTML and plain words, well formed by construction.

Words under their dress are written by `written`, blocks in their nests by `_PlainNests`. Both open and close elements
by a stack.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from inforce import text as text_module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from inforce.text import Block, Chunk, Content, Names, Nest, Run, Text, Wrap

_HEADING = re.compile(r'(</?h|data-old="h)([1-6])\b')
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
        html = chunk.memo[known] = html if lowered is None else fit(html, lowered=lowered)
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
            f"<{tag}{styled(style)}>{former if not k else ''}{written(content, address)}</{tag}>\n"
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


def styled(style: str) -> str:
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


def undressed(content: Content, start: int, end: int) -> bool:
    """Whether letters bear no dress."""
    return not any(run.dress for run in content.runs if run.start < end and start < run.start + max(len(run.text), 1))


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
    return Html(fit(html, lowered=lowers(*texts)))


def lowers(*texts: Text) -> bool:
    """Whether the headings of texts have to be lower below the title of a page, which is of the first level."""
    return any(heading.level == 1 for text in texts for heading in text.headings)


def fit(html: str, *, lowered: bool) -> str:
    """The same, where it is known whether headings have to be lower."""
    if lowered:
        html = _HEADING.sub(lambda tag: f"{tag[1]}{min(int(tag[2]) + 1, 6)}", html)
    if "<t" in html or "</t" in html:
        for written, meant in _FITTED.items():
            html = html.replace(written, meant)
    return html.replace(" />", ">")
