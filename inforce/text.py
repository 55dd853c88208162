"""What a text is made of: blocks of words.

A text is a row of chunks, the pieces between blank lines that Markdown reads
without looking at the rest; a chunk is a row of blocks, and a block stands in
nests (lists, quotes, tables) and holds one or more contents (a table row has one a cell):

    Text > Chunk > Block (in Nests) > Content > Run (in Wraps)

Chunks and contents are remembered and shared between versions, so nothing here
knows where in a text it stands. What is dear (words, looks) is worked out when first asked for.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Literal, NamedTuple

from inforce.unseen import JOINERS, NO_WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

IMAGE = "\ufffc"
"""Stands for an image in the letters of a content."""

WIDE = (  # scripts written without spaces, and Hangul: each character is a word
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u30ff\u3100-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_FOLDS = str.maketrans(
    {
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`\u2039\u203a", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys(NO_WIDTH, None),
    }
)
"""Quotes, dashes and characters of no width: what only changes the form of a word."""

_PLAIN = re.compile(r"\d\w*(?:[.,:/'\u2019\u2013\u2011-]\d\w*)*(?:\(\w{1,4}\)(?!\w))*|\w+|[^\s\x1c-\x1f]")
_ASCII = re.compile(_PLAIN.pattern, re.ASCII)  # to it, what parts files, groups, records and units is no white space
"""The same where there are no other letters, in less time."""
_SPACES = re.compile(r"\s+")
_SIMPLE = re.compile(
    r"[^\x00-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2000-\u200a\u2010-\u2029\u202f-\u203f\u20a0-\u20bf]"
)


_APART = re.compile(r"(?<=\s)|(?=\s)|(?=[^\w\s(])(?![.,:/'\u2019\u2013\u2011-]\d)|(?<=[^\w\s(])(?=[^\W\d])")
"""Where no word of a simple text reaches from one side to the other, for certain."""

_MARK, _WIDE_MARK, _WIDE_LETTER, _WIDE_SIGN = "\u0301", "\u0e31", "\u4e00", "\u2e80"
"""Each stands for all of its sort in the pattern of a word: to compile one that names them all would cost more than to
read a policy."""


def is_wide(sign: str) -> bool:
    """Whether a character is a word by itself."""
    return any(first <= sign <= last for first, last in zip(WIDE[::3], WIDE[2::3], strict=True))


@functools.cache
def _sort(sign: str) -> str:
    """The character that stands for the sort of another one; itself where the pattern knows it."""
    wide = is_wide(sign)
    if sign <= "\uffff" and unicodedata.category(sign)[0] == "M":
        return _WIDE_MARK if wide else _MARK
    if wide:
        return _WIDE_LETTER if sign.isalnum() else _WIDE_SIGN
    return sign


@functools.cache
def _pattern() -> re.Pattern[str]:
    """What a word is in any script: letters with their marks, a number with its separators, one sign."""
    wide = _WIDE_MARK + _WIDE_LETTER + _WIDE_SIGN
    marks = _MARK + _WIDE_MARK + NO_WIDTH + JOINERS
    letter = rf"(?:(?![{wide}])[\w{marks}])"
    digits = rf"(?![{wide}])\d{letter}*"
    number = rf"{digits}(?:[.,:/'\u2019\u2013\u2011-]{digits})*(?:\(\w{{1,4}}\)(?!{letter}))*"
    return re.compile(rf"{number}|[{wide}][{marks}]*|{letter}+|\S")


class Wrap(NamedTuple):
    """An element around words; two are the same place only if they are the same value in memory."""

    tag: Literal["em", "strong", "code", "a"]
    target: str = ""
    title: str = ""


class Run(NamedTuple):
    """Letters under one dress, an image, or a line break."""

    start: int
    """Where its letters begin in those of its content."""
    text: str
    dress: tuple[Wrap, ...] = ()
    """Outermost first."""
    kind: Literal["text", "image", "break"] = "text"
    image: tuple[str, str, str] = ("", "", "")
    """Target, alternative text, title."""


class Worn(NamedTuple):
    """Letters that two contents dress in different ways."""

    start: int
    end: int
    was: Look
    now: Look


class Words(NamedTuple):
    """The words of a content: how they are compared, where they stand, what they wear."""

    keys: tuple[str, ...]
    """Without characters of no width, in Unicode form NFC, quotes and dashes in their plainest form."""
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    looks: tuple[Look, ...]


class Look(NamedTuple):
    """What a word wears besides its letters."""

    link: tuple[str, str] | None = None
    """Target and title."""
    formats: frozenset[str] = frozenset()
    image: tuple[str, str, str] | None = None


BARE = Look()


def _look(run: Run) -> Look:
    """What the words of a run wear."""
    if not run.dress:
        return Look(image=run.image) if run.kind == "image" else BARE
    if len(run.dress) == 1 and run.dress[0].tag == "a" and run.kind != "image":
        return Look(run.dress[0][1:])
    link = next(((w.target, w.title) for w in run.dress if w.tag == "a"), None)
    formats = frozenset(w.tag for w in run.dress if w.tag != "a")
    return Look(link, formats, run.image if run.kind == "image" else None)


class Content:
    """The letters of a block or cell, and how they are dressed."""

    __slots__ = ("_keys", "_look", "_slug", "_words", "runs", "text", "twin")

    def __init__(self, text: str, runs: tuple[Run, ...], twin: Content | None = None) -> None:
        self.text = text
        self.runs = runs
        self.twin = twin
        """A content with the same letters, dressed in another way: its words are the same."""
        self._keys: tuple[str, ...] | None = None
        self._words: Words | None = None
        self._look: tuple[object, ...] | None = None
        self._slug: str | None = None

    @property
    def slug(self) -> str:
        """An anchor made of its words, worked out once."""
        if self._slug is None:
            self._slug = _slug(_spelt(self))
        return self._slug

    @property
    def look(self) -> tuple[object, ...]:
        """How it looks, white space aside, worked out once; equal looks: nobody sees a difference."""
        if self._look is None:
            self._look = _content_look(self)
        return self._look

    @property
    def words(self) -> Words:
        """Its words, worked out once."""
        if self._words is None:
            self._words = self._read()
        return self._words

    @property
    def reach(self) -> tuple[int, int]:
        """Where its first word begins, and where its last one ends; twice 0 if there is none."""
        text = self.text
        if text.isascii() and not text.isspace():  # every sign that is not white belongs to a word
            return len(text) - len(text.lstrip()), len(text.rstrip())
        _, starts, ends, _ = self.words
        return (starts[0], ends[-1]) if ends else (0, 0)

    @property
    def keys(self) -> tuple[str, ...]:
        """How its words are compared, worked out once; where they stand is worked out when that is asked for."""
        if self._keys is None:
            if self.twin is not None:
                self._keys = self.twin.keys
            elif self.text.isascii():
                self._keys = tuple(_ASCII.findall(self.text))
            elif _SIMPLE.search(self.text):
                self._keys = self.words.keys
            else:
                self._keys = tuple(map(plainest, _PLAIN.findall(self.text)))
        return self._keys

    def _read(self) -> Words:
        if self.twin is not None:
            keys, starts, ends, _ = self.twin.words
        elif self.text.isascii() or not _SIMPLE.search(self.text):
            found = list((_ASCII if self.text.isascii() else _PLAIN).finditer(self.text))
            keys, starts, ends = self.keys, tuple(map(re.Match.start, found)), tuple(map(re.Match.end, found))
        else:
            spans = [match.span() for match in _pattern().finditer("".join(map(_sort, self.text)))]
            left = [(key, start, end) for start, end in spans if (key := plainest(self.text[start:end]))]
            keys, starts, ends = zip(*left, strict=True) if left else ((), (), ())
        return Words(keys, starts, ends, self._looks(starts, ends))

    def _looks(self, starts: tuple[int, ...], ends: tuple[int, ...]) -> tuple[Look, ...]:
        runs = [run for run in self.runs if run.text]
        if all(not run.dress and run.kind != "image" for run in runs):
            return (BARE,) * len(starts)
        looks: list[Look] = []
        at = 0
        for k, run in enumerate(runs):
            last = run.start + len(run.text)
            end = bisect_right(ends, last, at)
            looks += [_look(run)] * (end - at)
            if end < len(starts) and starts[end] < last:
                looks.append(_mixed(runs[k:], starts[end], ends[end]))
                end += 1
            at = end
        return tuple(looks)


def redressed(old: Content, new: Content) -> list[Worn] | None:
    """What wears something else than before, of contents with the same letters; None if that must be told by words.

    Where all that is not white belongs to words, and none of them stands in two runs of which one has changed, the runs
    can tell, without a look at each word.
    """
    text = new.text
    if len(old.runs) != len(new.runs) or not (text.isascii() or not _SIMPLE.search(text)):
        return None
    found = []
    for one, two in zip(old.runs, new.runs, strict=True):
        if one == two:
            continue
        if one.start != two.start or len(one.text) != len(two.text):
            return None
        was, now = _look(one), _look(two)
        if was != now and (letters := two.text.strip()):
            start, end = two.start, two.start + len(two.text)
            if (start and not _APART.match(text, start)) or (end < len(text) and not _APART.match(text, end)):
                return None
            start += two.text.index(letters[0])
            found.append(Worn(start, start + len(letters), was, now))
    return found


def _mixed(runs: Sequence[Run], start: int, end: int) -> Look:
    """A word of several dresses: the link of its first letter, and how each of its letters is set."""
    parts = [(run.start, _look(run)) for run in takewhile(lambda run: run.start < end, runs)]
    formats = [f"{name}:{max(first - start, 0)}" for first, part in parts for name in part.formats]
    look = parts[0][1]
    return Look(look.link, look.formats.union(formats))


def plainest(word: str) -> str:
    """A word as it is compared: NFC, no characters of no width, plain quotes and dashes; empty if nothing is left."""
    return word if word.isascii() else unicodedata.normalize("NFC", word.translate(_FOLDS))


@dataclass(frozen=True, slots=True, eq=False)
class Nest:
    """A list, an item, a quote or a table; two are the same only if they are the same value in memory."""

    tag: Literal["ul", "ol", "li", "blockquote", "table"]
    start: int = 1
    """Where a numbered list begins."""


Names = tuple[str, ...]
"""The ids of a block: its own, then those by which it was known."""

Kind = Literal["p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr", "head", "row", "empty"]
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """What a reader points at: a heading, paragraph, item, table row; or a nest that holds nothing."""

    kind: Kind
    contents: tuple[Content, ...]
    nests: tuple[Nest, ...] = ()
    """What it stands in, outermost first."""
    line: int = 1
    """Counted from 1 in its chunk."""
    tight: bool = False
    """Whether it is a paragraph without space around it, in a list."""
    info: tuple[str, ...] = ()
    """The language of code; the alignment of each cell."""


class Chunk:
    """A piece of Markdown that reads the same wherever it stands, and all that was worked out about it."""

    __slots__ = ("blocks", "counted", "has_headings", "headings", "key", "memo", "raw_html", "raw_links", "targets")

    def __init__(
        self, key: str, blocks: tuple[Block, ...], raw_html: tuple[int, ...] = (), raw_links: tuple[int, ...] = ()
    ) -> None:
        self.key = key
        """Equal keys: equal blocks."""
        self.blocks = blocks
        self.raw_html, self.raw_links = raw_html, raw_links
        """The lines, from 1, on which raw HTML, or what should be a link, is shown as it is written."""
        runs = [run for block in blocks for content in block.contents for run in content.runs]
        links = [wrap.target for run in runs for wrap in run.dress if wrap.tag == "a"]
        self.targets = tuple(dict.fromkeys([*links, *(run.image[0] for run in runs if run.kind == "image")]))
        """Where its links and images lead, as written."""
        self.headings = tuple([block for block in blocks if is_heading(block)])
        self.has_headings = bool(self.headings)
        self.counted: tuple[int, ...] | None = None
        """How many there are in it of what a reader counts, once somebody asked."""
        self.memo: dict[tuple[object, ...], str] = {}
        """Its HTML by all that it depends on, once somebody asked."""


Pieces = tuple[tuple[Chunk, ...], tuple[int, ...]]
"""The chunks of a text, and the line, counted from 0, on which each begins."""


class Heading(NamedTuple):
    """A heading of a text."""

    level: int
    words: str
    anchor: str
    """Unique in its text: letters, digits and ``-``."""
    line: int


class Link(NamedTuple):
    """A link of a text."""

    target: str
    words: str
    line: int


class Image(NamedTuple):
    """An image of a text."""

    target: str
    alt: str
    line: int


@dataclass(frozen=True, eq=False)
class Text:
    """One Markdown text, read."""

    source: str
    """The Markdown as given."""
    chunks: tuple[Chunk, ...]
    starts: tuple[int, ...] = field(repr=False)
    """The line, counted from 0, at which each chunk begins."""

    @property
    def blocks(self) -> Iterator[Block]:
        """Its blocks in order."""
        return (block for chunk in self.chunks for block in chunk.blocks)

    @functools.cached_property
    def headings(self) -> tuple[Heading, ...]:
        """Its headings, with anchors that no two share."""
        found = [
            (block, start + block.line)
            for chunk, start in zip(self.chunks, self.starts, strict=True)
            for block in chunk.headings
        ]
        return tuple(
            Heading(int(block.kind[1]), plain(block), slug, line)
            for (block, line), slug in zip(found, self.anchors, strict=True)
        )

    @functools.cached_property
    def anchors(self) -> list[str]:
        """The anchors of its headings."""
        return anchors([block.contents[0].slug for chunk in self.chunks for block in chunk.headings])

    @functools.cached_property
    def links(self) -> tuple[Link, ...]:
        """Its links, also those without words."""
        return tuple(
            Link(wrap.target, words, line)
            for block, line in self._placed()
            for content in block.contents
            for wrap, words in _linked(content)
        )

    @functools.cached_property
    def images(self) -> tuple[Image, ...]:
        """Its images."""
        return tuple(
            Image(run.image[0], run.image[1], line)
            for block, line in self._placed()
            for content in block.contents
            for run in content.runs
            if run.kind == "image"
        )

    @functools.cached_property
    def raw_html(self) -> tuple[int, ...]:
        """The lines, from 1, on which raw HTML is shown as text."""
        return tuple(
            start + line for chunk, start in zip(self.chunks, self.starts, strict=True) for line in chunk.raw_html
        )

    @functools.cached_property
    def raw_links(self) -> tuple[int, ...]:
        """The lines, from 1, on which what should be a link is shown as text."""
        return tuple(
            start + line for chunk, start in zip(self.chunks, self.starts, strict=True) for line in chunk.raw_links
        )

    def renders_like(self, other: Text) -> bool:
        """Whether both look the same, white space aside."""
        if self.source == other.source:
            return True
        return _looks(self.chunks, other.chunks)

    def _placed(self) -> Iterator[tuple[Block, int]]:
        """Blocks with links or images, and the lines they begin on."""
        for chunk, start in zip(self.chunks, self.starts, strict=True):
            if chunk.targets:
                for block in chunk.blocks:
                    yield block, start + block.line


def plain(block: Block) -> str:
    """The words of a block, images by their alternative text."""
    return " ".join(" ".join(_spelt(content).split()) for content in block.contents)


def is_heading(block: Block) -> bool:
    """Whether a block is a heading."""
    return block.kind in _HEADINGS


def heading_words(of: Block | Chunk) -> str:
    """The words of a block, or of the last heading in a chunk."""
    return plain(of if isinstance(of, Block) else of.headings[-1])


def _spelt(content: Content) -> str:
    if IMAGE not in content.text:
        return content.text
    return "".join(run.image[1] if run.kind == "image" else run.text for run in content.runs)


def _linked(content: Content) -> Iterator[tuple[Wrap, str]]:
    """The links of a content and their words."""
    found: dict[int, tuple[Wrap, list[str]]] = {}
    for run in content.runs:
        for wrap in run.dress:
            if wrap.tag == "a":
                found.setdefault(id(wrap), (wrap, []))[1].append(run.image[1] if run.kind == "image" else run.text)
    return ((wrap, " ".join("".join(parts).split())) for wrap, parts in found.values())


def _slug(words: str) -> str:
    """Letters and digits of any script, lower case, joined by hyphens."""
    folded = unicodedata.normalize("NFC", words.lower())
    return "-".join("".join(map(_in_slug, folded)).split()) or "section"


@functools.lru_cache(maxsize=512)
def _in_slug(sign: str) -> str:
    if sign.isalnum() or unicodedata.category(sign)[0] == "M":
        return sign
    return " " if sign.isspace() or sign == "-" else ""


def anchors(slugs: list[str]) -> list[str]:
    """An anchor for each heading: the first of a kind keeps its own, later ones take the next free number."""
    natural = set(slugs)
    if len(natural) == len(slugs):
        return slugs
    taken: set[str] = set()
    counts: dict[str, int] = {}
    out = []
    for slug in slugs:
        anchor = slug
        if anchor in taken:
            count = counts.get(slug, 2)
            while (anchor := f"{slug}-{count}") in taken or anchor in natural:
                count += 1
            counts[slug] = count + 1
        taken.add(anchor)
        out.append(anchor)
    return out


def _looks(first: tuple[Chunk, ...], second: tuple[Chunk, ...]) -> bool:
    """Whether two rows of chunks look the same; equal ones at both ends need no second look."""
    low, high = 0, 0
    shorter = min(len(first), len(second))
    while low < shorter and first[low].key == second[low].key:
        low += 1
    while high < shorter - low and first[-1 - high].key == second[-1 - high].key:
        high += 1
    one = [look for chunk in first[low : len(first) - high] for look in chunk_look(chunk)]
    two = [look for chunk in second[low : len(second) - high] for look in chunk_look(chunk)]
    return one == two


def chunk_look(chunk: Chunk) -> Iterator[tuple[object, ...]]:
    """How the blocks of a chunk look, white space aside: equal looks, equal pages."""
    seen: set[int] = set()
    for block in chunk.blocks:
        nests = tuple((nest.tag, nest.start, id(nest) in seen) for nest in block.nests)
        seen.update(map(id, block.nests))
        yield (block.kind, block.tight, block.info, nests, tuple([content.look for content in block.contents]))


def _content_look(content: Content) -> tuple[object, ...]:
    """How a content looks: its runs, white space folded."""
    if len(content.runs) == 1 and not content.runs[0].dress and content.runs[0].kind == "text":
        return (" ".join(content.text.split()),)
    out: list[tuple[object, ...]] = []
    seen: dict[int, int] = {}
    for _, text, dress, kind, image in content.runs:
        worn = tuple([(wrap, seen.setdefault(id(wrap), len(seen))) for wrap in dress]) if dress else ()
        out.append((kind, worn, image if kind == "image" else _folded(text)))
    return tuple(out)


def _folded(text: str) -> str:
    """A text with one space for all white space in a row."""
    return text if "  " not in text and text.isprintable() else _SPACES.sub(" ", text)
