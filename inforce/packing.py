"""Texts that were read as plain values, and made of them again without parsing them.

Every distinct content stands in them once, and every chunk; a text is a row of chunks and the lines on which they
begin. What is the same value in memory (an element around words, a list around blocks) is so again.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from inforce.text import Block, Chunk, Content, Nest, Run, Wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from inforce.text import Pieces

_WIDE = "i"
"""Of the numbers in a row: whole ones of four bytes, as the machine keeps them."""


class Packing:
    """Texts that were kept, and what they were kept as: what comes to them is added, and nothing packed again."""

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        self._rows: Mapping[str, tuple[bytes, bytes]] = values["texts"] if values else {}
        self._chunks: list[tuple[Any, ...]] = values["chunks"] if values else []
        self._contents: list[str | tuple[Any, ...]] = values["contents"] if values else []
        contents = _contents(self._contents)
        chunks = [_chunk(told, contents) for told in self._chunks]
        self.texts: dict[str, Pieces] = {
            sum_: (tuple([chunks[k] for k in array(_WIDE, row)]), tuple(array(_WIDE, lines)))
            for sum_, (row, lines) in self._rows.items()
        }
        """Each by the SHA-256 of its source."""
        self._numbers = {id(one): k for kept in (chunks, contents) for k, one in enumerate(kept)}
        """Of each chunk and content its number, by what tells it apart in memory."""
        self._alive: list[object] = [*chunks, *contents]
        """All of these, since what is gone from memory may leave its id to another."""

    def packed(self, texts: Mapping[str, Pieces]) -> dict[str, Any]:
        """Texts, each by the SHA-256 of its source, as plain values."""
        if not self._rows.keys() <= texts.keys():
            return Packing().packed(texts)  # without the chunks of those that are gone
        rows = {sum_: self._rows.get(sum_) or self._row(*pieces) for sum_, pieces in texts.items()}
        return {"texts": rows, "chunks": self._chunks, "contents": self._contents}

    def _row(self, chunks: Sequence[Chunk], lines: Iterable[int]) -> tuple[bytes, bytes]:
        numbers = array(_WIDE, [self._number(chunk) for chunk in chunks])
        return numbers.tobytes(), array(_WIDE, lines).tobytes()

    def _number(self, chunk: Chunk) -> int:
        number = self._numbers.get(id(chunk))
        if number is None:
            nests = {id(nest): nest for block in chunk.blocks for nest in block.nests}
            places = {id_: k for k, id_ in enumerate(nests)}
            blocks = [self._block(block, places) for block in chunk.blocks]
            number = self._numbers[id(chunk)] = len(self._chunks)
            raw = chunk.raw_html, chunk.raw_links
            self._chunks.append((chunk.key, raw, [(n.tag, n.start) for n in nests.values()], blocks))
            self._alive.append(chunk)
        return number

    def _block(self, block: Block, places: Mapping[int, int]) -> tuple[Any, ...]:
        contents = tuple([self._content(content) for content in block.contents])
        nests = tuple([places[id(nest)] for nest in block.nests])
        return block.kind, contents, nests, block.line, block.tight, block.info

    def _content(self, content: Content) -> int:
        number = self._numbers.get(id(content))
        if number is None:
            twin = self._content(content.twin) if content.twin is not None else -1
            told = content.text if twin < 0 and _is_plain(content) else (content.text, twin, *_runs(content.runs))
            number = self._numbers[id(content)] = len(self._contents)
            self._contents.append(told)
            self._alive.append(content)
        return number


# ------------------------------------------------------------------ there


def _is_plain(content: Content) -> bool:
    """Whether the letters of a content are all that there is to it."""
    return content.runs == ((Run(0, content.text),) if content.text else ())


def _runs(runs: Sequence[Run]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The elements around words, and the runs that wear them."""
    wraps = {id(wrap): wrap for run in runs for wrap in run.dress}
    places = {id_: k for k, id_ in enumerate(wraps)}
    told = [(run.start, run.text, tuple([places[id(w)] for w in run.dress]), run.kind, run.image) for run in runs]
    return [tuple(wrap) for wrap in wraps.values()], told


# ------------------------------------------------------------------ and back


def _contents(values: Iterable[Any]) -> list[Content]:
    found: list[Content] = []
    for told in values:
        if isinstance(told, str):
            found.append(Content(told, (Run(0, told),) if told else ()))
        else:
            text, twin, wraps, runs = told
            worn = [Wrap(*wrap) for wrap in wraps]
            dressed = [
                Run(start, letters, tuple([worn[k] for k in dress]), kind, image)
                for start, letters, dress, kind, image in runs
            ]
            found.append(Content(text, tuple(dressed), found[twin] if twin >= 0 else None))
    return found


def _chunk(told: tuple[Any, ...], contents: Sequence[Content]) -> Chunk:
    key, raw, nests, blocks = told
    return Chunk(key, tuple(_blocks(blocks, [Nest(*nest) for nest in nests], contents)), *raw)


def _blocks(told: Iterable[Any], nests: Sequence[Nest], contents: Sequence[Content]) -> Iterator[Block]:
    for kind, words, inside, line, tight, info in told:
        yield Block(kind, tuple([contents[k] for k in words]), tuple([nests[k] for k in inside]), line, tight, info)
