"""All versions of a policy in one file, from which a reader's browser makes the redline of any two.

Every distinct chunk and every distinct content stands in it once, in the reading order of the weave, so that
wordings of one clause lie side by side. Every distinct target stands in it once, in the order in which they came, so
that those of one version do: what a web server writes into all its links on a day is alike. What a browser might work
out in another way than we do (which characters make words, the anchors of headings, where targets lead) is told; all
else it works out itself, as the engine does.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

from inforce import align
from inforce.text import is_heading, is_wide
from inforce.unseen import JOINERS, NO_WIDTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from inforce.text import Block, Chunk, Content, Nest, Run, Text, Wrap
    from inforce.weave import Weave

_LAST_MARK = "\uffff"


_JSON = json.JSONEncoder(ensure_ascii=False)


class Told(NamedTuple):
    """A version as the file tells it."""

    id: str
    text: Text
    address: Callable[[str], str]
    """Where the targets in its text lead, from the page; the same value wherever the way is the same."""


def file(versions: Sequence[Told], weave: Weave) -> bytes:
    """The file of a policy; ``weave`` is that of the texts, in the same order."""
    return json.dumps(data(versions, weave), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def data(versions: Sequence[Told], weave: Weave) -> dict[str, Any]:
    """What stands in the file.

    ``stands`` are the places of chunks in the weave, each told by its chunk; a version is a row of stands, told by
    what differs from the version before it: so many kept, so many dropped, those put in; the rest is kept.
    """
    places = _places(weave)
    ways = _Ways()
    numbers = [ways.number(version) for version in versions]
    tables = _Tables(ways.targets)
    stands = [tables.chunk(chunk) for (chunk, _), _ in places]
    number = {id_: k for k, (_, ids) in enumerate(places) for id_ in ids}
    rows = _splices(_rows(weave, number))
    told = [
        {"id": version.id, "way": way, "row": row} for version, way, row in zip(versions, numbers, rows, strict=True)
    ]
    return {
        "versions": told,
        "targets": list(ways.targets),
        "ways": ways.told,
        "stands": stands,
        "chunks": tables.chunks,
        "contents": tables.contents,
        "slugs": tables.slugs,
        "letters": _letters(tables.letters),
    }


def _places(weave: Weave) -> list[tuple[tuple[Chunk, tuple[int, ...]], list[int]]]:
    """Every chunk with the strands of its blocks, once, in reading order, and what tells them apart in memory.

    A chunk that stays is the same value in version after version, and is looked at once.
    """
    rank = {strand: k for k, strand in enumerate(weave.order)}
    found: dict[tuple[str, tuple[int, ...]], tuple[tuple[Chunk, tuple[int, ...]], list[int]]] = {}
    for row, same in zip(weave.versions, weave.steps, strict=True):
        for _, come in align.gaps((), row, same):
            for place in come:
                found.setdefault((place[0].key, place[1]), (place, []))[1].append(id(place))
    return sorted(found.values(), key=lambda one: [rank[strand] for strand in one[0][1]])


def _rows(weave: Weave, number: Mapping[int, int]) -> Iterator[list[int]]:
    """Of each version the numbers of its places, by what tells these apart in memory."""
    row: list[int] = []
    for places, same in zip(weave.versions, weave.steps, strict=True):
        before, row, at = row, [], 0
        for match in [*same, align.Match(len(before), len(places), 0)]:
            row += [number[id(place)] for place in places[at : match.second]]
            row += before[match.first : match.first + match.size]
            at = match.second + match.size
        yield row


def _splices(rows: Iterable[list[int]]) -> Iterator[list[tuple[int, int, list[int]]]]:
    """How each row comes of the one before it, again and again: so many kept, so many dropped, those put in."""
    codes = align.Codes()
    before: list[int] = []
    spelt_before = ""
    for row in rows:
        spelt = codes.spell(row)
        same = align.shared(before, row) if codes.exhausted else align.shared_spelt(spelt_before, spelt)
        found = []
        at_old = at_new = kept = 0
        for match in [*same, align.Match(len(before), len(row), 0)]:
            if at_old < match.first or at_new < match.second:
                found.append((kept, match.first - at_old, row[at_new : match.second]))
            kept = match.size
            at_old, at_new = match.first + match.size, match.second + match.size
        yield found
        before, spelt_before = row, spelt


class _Ways:
    """Where targets lead, for each way of finding it out; what leads where it says is left out."""

    def __init__(self) -> None:
        self.targets: dict[str, int] = {}
        """Every target as it is written, with its number."""
        self.told: list[dict[int, str]] = []
        self._numbers: dict[int, int] = {}
        self._seen: list[set[Chunk]] = []

    def number(self, version: Told) -> int:
        """The way of a version, and all that its text adds to it."""
        way = self._numbers.setdefault(id(version.address), len(self.told))
        if way == len(self.told):
            self.told.append({})
            self._seen.append(set())
        seen = self._seen[way]
        for chunk in [chunk for chunk in version.text.chunks if chunk.targets and chunk not in seen]:
            seen.add(chunk)
            for written in _targets(chunk):
                number = self.targets.setdefault(written, len(self.targets))
                found = version.address(written)
                if found != written:
                    self.told[way][number] = found
        return way


def _targets(chunk: Chunk) -> Iterator[str]:
    """The targets of the links and pictures of a chunk."""
    for block in chunk.blocks:
        for content in block.contents:
            for run in content.runs:
                yield from (wrap.target for wrap in run.dress if wrap.tag == "a")
                if run.kind == "image":
                    yield run.image[0]


class _Tables:
    """The distinct chunks and contents of a history, as they are told."""

    def __init__(self, targets: Mapping[str, int]) -> None:
        self.targets = targets
        self.chunks: list[list[Any]] = []
        self.contents: list[Any] = []
        self.slugs: dict[int, str] = {}
        """Anchors of headings that are not plain ASCII."""
        self.letters: set[str] = set()
        self._chunks: dict[str, int] = {}
        self._contents: dict[str, int] = {}

    def chunk(self, chunk: Chunk) -> int:
        """The number of a chunk; it is told as how long its source is, and its blocks."""
        if chunk.key not in self._chunks:
            self._chunks[chunk.key] = len(self.chunks)
            self.chunks.append([len(chunk.key), *self._blocks(chunk.blocks)])
        return self._chunks[chunk.key]

    def _blocks(self, blocks: Iterable[Block]) -> Iterator[list[Any]]:
        """Blocks: kind, contents, how many nests of the block before stay open, those that open, info."""
        before: tuple[Nest, ...] = ()
        for block in blocks:
            same = 0
            while same < len(before) and same < len(block.nests) and before[same] is block.nests[same]:
                same += 1
            before = block.nests
            contents = [self._content(content, heading=is_heading(block)) for content in block.contents]
            opened = [nest.tag + (str(nest.start) if nest.start != 1 else "") for nest in block.nests[same:]]
            told = ["t" if block.tight else block.kind, contents, same, opened, block.info if any(block.info) else ()]
            while not told[-1]:
                told.pop()
            yield told

    def _content(self, content: Content, *, heading: bool) -> int:
        told: Any = content.text
        key = content.text
        if not _is_plain(content):
            told = list(self._parts(content.runs))
            key = "\0" + _JSON.encode(told)  # which no letters begin with
        if key not in self._contents:
            self._contents[key] = len(self.contents)
            self.contents.append(told)
            if not content.text.isascii():
                self.letters.update(content.text, unicodedata.normalize("NFC", content.text))
        number = self._contents[key]
        if heading and not key.isascii():
            self.slugs[number] = content.slug
        return number

    def _parts(self, runs: Sequence[Run], depth: int = 0) -> Iterator[Any]:
        """Dressed words as a tree: letters, ``0`` for a break, ``["img", target, alt, title]``, ``[element, ...]``."""
        at = 0
        while at < len(runs):
            run = runs[at]
            if len(run.dress) == depth:
                at += 1
                if run.kind == "image":
                    target, alt, title = run.image
                    yield ["img", self.targets[target], alt, title]
                else:
                    yield run.text if run.kind == "text" else 0
                continue
            wrap: Wrap = run.dress[depth]
            end = at + 1
            while end < len(runs) and len(runs[end].dress) > depth and runs[end].dress[depth] is wrap:
                end += 1
            head = ["a", self.targets[wrap.target], wrap.title] if wrap.tag == "a" else [wrap.tag]
            yield [*head, *self._parts(runs[at:end], depth + 1)]
            at = end


def _is_plain(content: Content) -> bool:
    return not content.runs or (len(content.runs) == 1 and not content.runs[0].dress and content.runs[0].kind == "text")


def _letters(letters: Iterable[str]) -> dict[str, str]:
    """The characters of a policy beyond ASCII, by what they are in words."""
    beyond = {c for letter in letters if not letter.isascii() for c in letter + unicodedata.normalize("NFC", letter)}
    return {
        "word": "".join(c for c in sorted(beyond) if re.match(r"\w", c)),
        "digit": "".join(c for c in sorted(beyond) if c.isdecimal()),
        "wide": "".join(c for c in sorted(beyond) if is_wide(c)),
        "tail": "".join(
            c
            for c in sorted(beyond)
            if c in NO_WIDTH + JOINERS or (unicodedata.category(c)[0] == "M" and c <= _LAST_MARK)
        ),
    }
