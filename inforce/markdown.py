"""Markdown -> a text.

CommonMark with tables; raw HTML is text; nothing is altered. A reader remembers
every chunk and every line of words that it met, so that reading a history costs
what changed in it, not what stands in it:

    chunk    a piece between blank lines that starts at the margin; parsed alone it reads
             as it does in its place, since nothing in it reaches out
    whole    a text with fences or link definitions, which do reach out, is parsed whole
             and cut up afterwards
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_inline import image as read_image

from inforce.errors import TextError
from inforce.text import IMAGE, Block, Chunk, Content, Nest, Run, Text, Wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

    from inforce.text import Pieces

NESTING = 20
"""How deep lists and quotes may stand in each other: markdown-it leaves out what is deeper."""
SIZE = 8_000_000
"""Characters of a text."""
CELLS = 50_000
"""Cells of all tables of a text."""
EXPANSION = 4_000_000
"""Characters that link definitions may grow to where they are used."""

_BREAK = re.compile(r"\n(?:[ \t]*\n)+")
_MARKER = re.compile(r"^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)", re.MULTILINE)
_BARE_MARKER = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]*(?:\n|$)")
_REACHING = ("```", "~~~", "]:")
_SPECIAL = re.compile(r"[\\`*_\[<&]| \n")
_INDENT = re.compile(r"\n[ \t]+")
_TAG = re.compile(r"<(?:/?[A-Za-z][^<>]*>|!--|\?|![A-Za-z]|!\[CDATA\[)")
_LINK = re.compile(
    r"""\]\((?: *<| *\#\S| *[a-z][a-z0-9+.-]*:\S|[^()\n]*/|[^()\n]*\.(?:md|html?|pdf|png|jpe?g|gif|webp|avif|svg)\b)"""
    r"""|\]\[(?!\^|\d+\])[ ]*[^\s\[\]][^\[\]\n]*\]""",
    re.IGNORECASE,
)
"""What follows the words of a link: a target, or a name that is no number of a note."""
# Each blank of a cell can be matched in one way only: in two, a row of thirty cells would take years.
_RULED = re.compile(r"^[ >\t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:\|[ \t]*)?:?-+:?[ \t]*(?:\|[ \t]*(?:[:-]+[ \t]*)?)+$")
_SPACE = re.compile(r"[ \t\n\v\f\r\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
"""White space as markdown-it knows it: Python's has four control characters more."""
_SCHEME = re.compile(r"[^/?#]*?:")
_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]|%[01][0-9a-f]|%20|%7f", re.IGNORECASE)
_GOOD = ("http:", "https:", "mailto:", "tel:")
_PICTURE = re.compile(r"data:image/(?:gif|png|jpeg|webp);")


class _Parser(MarkdownIt):
    """markdown-it with an allow-list of schemes."""

    in_image = False

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False})
        self.enable("table")
        self.links: dict[str, str] = {}
        """Targets as they stand in HTML, by how they were written: most of them stand in many a block."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802  # markdown-it names it so
        known = self.links.get(url)
        if known is None:
            known = self.links[url] = super().normalizeLink(url)
        return known

    def validateLink(self, url: str) -> bool:  # noqa: N802  # markdown-it names it so
        return allowed(url, image=self.in_image)


def _parser() -> _Parser:
    """A parser that knows nothing of who reads with it: what was read goes when its reader does."""
    markdown = _Parser()

    def in_image(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  # markdown-it calls it so
        before, markdown.in_image = markdown.in_image, True
        try:
            return read_image(state, silent)
        finally:
            markdown.in_image = before

    markdown.inline.ruler.at("image", in_image)
    markdown.inline.ruler.at("html_inline", _raw)
    return markdown


def _raw(state: StateInline, silent: bool) -> bool:  # noqa: ARG001, FBT001  # markdown-it calls it so
    """Note a tag, or what should have been a link, that is shown as it is written.

    It is asked of a sign that is nothing else: no code, no link or link's target, no e-mail address, no escape.
    """
    sign = state.src[state.pos]
    if (sign == "<" and _TAG.match(state.src, state.pos)) or (sign == "]" and _LINK.match(state.src, state.pos)):
        state.env.setdefault(_RAW, {})[state.src, state.pos] = (
            sign  # the words of a picture are read by themselves, too
        )
    return False


_RAW = "shown as it is written"


class Reader:
    """Reads the versions of one policy, each distinct piece once."""

    def __init__(self, *, strict: bool = True) -> None:
        self.strict = strict
        """Whether a text beyond the limits is an error, or is read as far as they go."""
        self.texts: dict[str, Pieces] = {}
        """Of each text that was read, by the SHA-256 of its source."""
        self.asked: set[str] = set()
        """Those that somebody asked for."""
        self._chunks: dict[str, Chunk] = {}
        self._contents: dict[str, Content] = {}
        self._letters: dict[str, Content] = {}
        """Of the contents with the same letters the first."""
        self._raws: dict[str, _Raws] = {}
        """Of the contents in which something is shown as it is written."""
        self._markdown = _parser()

    def read(self, source: str, sum_: str = "") -> Text:
        """Read a text; `sum_` is its SHA-256, if that is known. Raises TextError where it is beyond the limits."""
        # Each text is asked for several times; to keep its source, too, would be to keep all texts of a long history.
        known = sum_ or hashlib.sha256(source.encode(errors="surrogatepass")).hexdigest()
        if known not in self.texts:
            self.texts[known] = self._pieces(source)
        self.asked.add(known)
        return Text(source, *self.texts[known])

    def remembered(self, sum_: str) -> Text | None:
        """A text that was read, but for its source, by the SHA-256 of that."""
        if sum_ not in self.texts:
            return None
        self.asked.add(sum_)
        return Text("", *self.texts[sum_])

    def remember(self, texts: Mapping[str, Pieces]) -> None:
        """Know texts that another reader has read as this one would."""
        self.texts.update(texts)
        chunks = {chunk for found, _ in texts.values() for chunk in found}
        self._chunks.update((chunk.key, chunk) for chunk in chunks if "\0" not in chunk.key)

    def _pieces(self, source: str) -> Pieces:
        """The chunks of a text, and the line on which each begins."""
        plain = source
        if "\r" in plain:
            plain = plain.replace("\r\n", "\n").replace("\r", "\n")
        if "\0" in plain:
            plain = plain.replace("\0", "\ufffd")
        if self.strict:
            _check_size(plain)
        pieces = list(self._whole(plain) if any(sign in plain for sign in _REACHING) else self._apart(plain))
        return tuple([chunk for chunk, _ in pieces]), tuple([line for _, line in pieces])

    def _apart(self, source: str) -> Iterator[tuple[Chunk, int]]:
        """The chunks of a text in which nothing reaches out."""
        chunks = self._chunks
        line = 0
        for piece in split(source):
            key = piece.rstrip("\n")
            chunk = chunks.get(key)
            if chunk is None:
                chunk = chunks[key] = self._chunk(key, line)
            if chunk.blocks:
                yield chunk, line
            line += piece.count("\n")

    def _chunk(self, source: str, line: int) -> Chunk:
        tokens: list[Token] = []
        env: dict[str, Any] = {}
        self._markdown.block.parse(source + "\n", self._markdown, env, tokens)
        if self.strict:
            _check_depth(tokens, line)
        return Chunk(source, tuple(_Walk(self._remembered).blocks(tokens)), *_raw_lines(tokens, self._raws))

    def _whole(self, source: str) -> Iterator[tuple[Chunk, int]]:
        """The chunks of a text that must be parsed whole: what stands at the margin is one each."""
        tokens: list[Token] = []
        env: dict[str, Any] = {}
        self._markdown.block.parse(source, self._markdown, env, tokens)
        if self.strict:
            _check_depth(tokens, 0)
        references = env.get("references", {})
        if _expansion(source, references) > (EXPANSION if self.strict else 8 * EXPANSION):
            if self.strict:
                raise TextError(
                    1,
                    "link-definitions-too-long",
                    f"link definitions, where they are used, may make more than {EXPANSION:,} characters, the limit",
                    "Shorten their targets and titles, or write the links out.",
                )
            references.clear()
        lines = source.split("\n")
        raws = {} if references else self._raws
        inline = self._remembered if not references else lambda content: self._content(content, env, raws)
        first = 0
        for at, token in enumerate(tokens):
            if token.level == 0 and token.nesting <= 0:
                part = tokens[first : at + 1]
                first = at + 1
                low, high = part[0].map or [0, 0]
                blocks = tuple(_Walk(inline, low).blocks(part))
                text = "\n".join(lines[low:high])
                yield Chunk(_key(text, blocks), blocks, *_raw_lines(part, raws, low)), low

    def _remembered(self, source: str) -> Content:
        content = self._contents.get(source)
        if content is None:
            content = self._contents[source] = self._content(source, {}, self._raws)
        return content

    def _content(self, source: str, env: dict[str, Any], raws: dict[str, _Raws]) -> Content:
        """The words of one block or cell; what is shown in it as it is written is put into `raws`."""
        if not _SPECIAL.search(source):
            text = _INDENT.sub("\n", source) if "\n" in source else source
            return Content(text, (Run(0, text),) if text else ())
        tokens: list[Token] = []
        self._markdown.inline.parse(source, self._markdown, env, tokens)
        if found := env.pop(_RAW, None):
            raws[source] = tuple(sorted((at, sign) for (written, at), sign in found.items() if written == source))
        runs = tuple(_runs(tokens))
        text = "".join([run.text for run in runs])
        twin = self._letters.get(text)
        if twin is not None:
            return Content(twin.text, runs, twin)
        content = self._letters[text] = Content(text, runs)
        return content


def _check_size(source: str) -> None:
    """Raise TextError for a text whose length, or whose tables, are beyond the limits."""
    if len(source) > SIZE:
        raise TextError(
            1,
            "text-too-long",
            f"the text has {len(source):,} characters; the limit is {SIZE:,}",
            "Split it into several policies.",
        )
    if "|" not in source:
        return
    cells = 0
    lines = source.split("\n")
    blank = [number for number, line in enumerate(lines) if not line.strip()]
    for number, line in enumerate(lines):
        if "|" in line and "-" in line and _RULED.match(line):
            at = bisect(blank, number)
            end = blank[at] if at < len(blank) else len(lines) + 1
            cells += line.count("|") * (end - number)
            if cells > CELLS:
                raise TextError(
                    number + 1,
                    "table-too-large",
                    f"the tables of this text have more than {CELLS:,} cells, the limit",
                    "Split the table, or give it fewer columns.",
                )


def _check_depth(tokens: Sequence[Token], line: int) -> None:
    """Raise TextError for lists and quotes so deep in each other that markdown-it would leave words out."""
    for token in tokens:
        if token.level >= NESTING - 1 and token.nesting == 1 and token.tag in {"li", "blockquote"}:
            raise TextError(
                line + (token.map or [0])[0] + 1,
                "nested-too-deep",
                f"lists or quotes stand in each other to a depth of {NESTING}; what is deeper would be left out",
                "Bring the inner ones out, for example under headings of their own.",
            )


def _expansion(source: str, references: dict[str, dict[str, Any]]) -> int:
    """How many characters the targets of link definitions may make where they are used."""
    size = max((len(one["href"]) + len(one["title"]) for one in references.values()), default=0)
    return size * source.count("[")


class _Walk:
    """Tokens of markdown-it -> blocks."""

    def __init__(self, inline: Callable[[str], Content], first: int = 0) -> None:
        self.inline = inline
        self.first = first
        """The line, from 0, on which the tokens' own lines begin."""
        self.nests: list[Nest] = []
        self.filled = [True]
        """Whether there is a block in each nest that is open."""
        self.kind: Any = "p"
        self.tight = False
        self.line = 1
        self.cells: list[Content] = []
        self.styles: list[str] = []

    def blocks(self, tokens: Iterable[Token]) -> Iterator[Block]:
        """The blocks of a row of tokens."""
        for token in tokens:
            if token.map and token.nesting >= 0:
                self.line = token.map[0] - self.first + 1
            if token.tag in _NESTS:
                yield from self._nest(token)
            elif token.type == "inline":
                yield from self._words(token)
            elif token.type in {"paragraph_open", "heading_open"}:
                self.kind, self.tight = token.tag, token.hidden
            elif token.type in {"fence", "code_block", "hr"}:
                yield self._filled(_opaque(token, tuple(self.nests), self.line))
            elif token.type == "tr_open":
                self.cells, self.styles = [], []
            elif token.type in {"td_open", "th_open"}:
                self.kind = "row" if token.tag == "td" else "head"
                self.styles.append(str(token.attrs.get("style", "")))
            elif token.type == "tr_close":
                row = Block(self.kind, tuple(self.cells), tuple(self.nests), self.line, info=tuple(self.styles))
                yield self._filled(row)

    def _filled(self, block: Block) -> Block:
        self.filled[-1] = True
        return block

    def _nest(self, token: Token) -> Iterator[Block]:
        if token.nesting == 1:
            self.filled[-1] = True
            self.filled.append(False)
            tag: Any = token.tag
            self.nests.append(Nest(tag, int(token.attrs.get("start", 1))))
        else:
            if not self.filled.pop():
                yield Block("empty", (), tuple(self.nests), self.line)
            self.nests.pop()

    def _words(self, token: Token) -> Iterator[Block]:
        content = self.inline(token.content)
        if self.nests and self.nests[-1].tag == "table":
            self.cells.append(content)
        else:
            yield self._filled(Block(self.kind, (content,), tuple(self.nests), self.line, self.tight))


_NESTS = {"ul", "ol", "li", "blockquote", "table"}


def parse(source: str, *, strict: bool = True) -> Text:
    """Read one text; raises TextError where it is beyond the limits and the reading is strict."""
    return Reader(strict=strict).read(source)


def allowed(target: str, *, image: bool = False) -> bool:
    """Whether a target is relative or of a scheme that a policy may link to, whatever disguise it wears."""
    bare = _CONTROL.sub("", target).lower()
    scheme = _SCHEME.match(bare)
    if scheme is None:
        return True
    return scheme.group() in _GOOD or (image and _PICTURE.match(bare) is not None)


def split(source: str) -> Iterator[str]:
    """Cut a text in which nothing reaches out into pieces that read alone as they do together.

    Joined they are the text.
    """
    first = 0
    listed: bool | None = None
    for gap in _BREAK.finditer(source):
        at = gap.end()
        if source[at : at + 1] in {"", " ", "\t"}:  # asked here: a pattern that asks would read a long gap at each line
            continue
        marker = _MARKER.match(source, at, at + 16)
        if marker:
            if listed is None:
                listed = _MARKER.search(source, first, gap.start()) is not None
            if listed or _BARE_MARKER.match(source, at):
                listed = True
                continue
        yield source[first:at]
        first = at
        listed = True if marker else None
    if first < len(source):
        yield source[first:]


_Raws = tuple[tuple[int, str], ...]
"""Where in a content something is shown as it is written, and the sign there: ``<`` of a tag, ``]`` of a link."""


def _raw_lines(
    tokens: Iterable[Token], raws: Mapping[str, _Raws], first: int = 0
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The lines of a piece, from 1, on which tags are shown as they are written, and those on which links are."""
    found: dict[str, set[int]] = {"<": set(), "]": set()}
    for token in tokens if raws else ():
        if token.type == "inline" and token.content in raws and token.map:
            line, at = token.map[0] - first + 1, 0
            for place, sign in raws[token.content]:
                line, at = line + token.content.count("\n", at, place), place
                found[sign].add(line)
    return tuple(sorted(found["<"])), tuple(sorted(found["]"]))


def _opaque(token: Token, nests: tuple[Nest, ...], line: int) -> Block:
    """A rule, or code as it stands."""
    if token.type == "hr":
        return Block("hr", (), nests, line)
    language = [one for one in _SPACE.split(unescapeAll(token.info)) if one][:1]
    content = Content(token.content, (Run(0, token.content),) if token.content else ())
    return Block("pre", (content,), nests, line, info=tuple(language))


def _key(source: str, blocks: Sequence[Block]) -> str:
    """What a chunk of a text that was parsed whole depends on: its source, and what its links lead to."""
    runs = [run for block in blocks for content in block.contents for run in content.runs]
    wraps = {id(w): w for run in runs for w in run.dress if w.tag == "a"}
    targets = [f"{w.target} {w.title}" for w in wraps.values()] + [f"{r.image}" for r in runs if r.kind == "image"]
    return source + "\0" + "\0".join(targets)


def _runs(tokens: Sequence[Token]) -> Iterator[Run]:
    """The runs of the tokens of one line of words."""
    dress: tuple[Wrap, ...] = ()
    pending: list[str] = []
    at = 0
    empty = False  # whether an element was opened and nothing has been in it yet
    for token in tokens:
        if (letters := "\n" if token.type == "softbreak" else token.content) and token.type in _LETTERS:
            pending.append(letters)
            empty = False
            continue
        if token.type in _LETTERS:
            continue
        if pending:
            yield Run(at, text := "".join(pending), dress)
            at += len(text)
            pending = []
        if token.nesting == 0:
            yield (run := _single(token, at, dress))
            at += len(run.text)
        elif token.nesting == 1:
            dress = (*dress, _wrap(token))
        else:
            if empty:
                yield Run(at, "", dress)
            dress = dress[:-1]
        empty = token.nesting == 1
    if pending:
        yield Run(at, "".join(pending), dress)


_LETTERS = {"text", "text_special", "softbreak"}


def _single(token: Token, at: int, dress: tuple[Wrap, ...]) -> Run:
    """Code, a line break or an image."""
    if token.type == "code_inline":
        return Run(at, token.content, (*dress, Wrap("code")))
    if token.type == "hardbreak":
        return Run(at, "\n", dress, "break")
    target, title = str(token.attrs["src"]), str(token.attrs.get("title", ""))
    return Run(at, IMAGE, dress, "image", (target, _alt(token.children or ()), title))


def _wrap(token: Token) -> Wrap:
    if token.type == "link_open":
        return Wrap("a", str(token.attrs["href"]), str(token.attrs.get("title", "")))
    return Wrap(token.tag)  # type: ignore[arg-type]


def _alt(tokens: Sequence[Token]) -> str:
    """The alternative text of an image: its words without dress."""
    out = []
    for token in tokens:
        if token.type in {"text", "text_special", "code_inline"}:
            out.append(token.content)
        elif token.type == "image":
            out.append(_alt(token.children or ()))
        elif token.type in {"softbreak", "hardbreak"}:
            out.append("\n")
    return "".join(out)
