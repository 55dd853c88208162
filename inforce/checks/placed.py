"""The blocks of a text, each with the lines on which it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inforce.text import Block, Run, Text


SHOWN = 60
"""Characters of a line by which it is known again."""


class Placed(NamedTuple):
    """A block, the line of the text on which it begins, and all lines as they are written."""

    block: Block
    line: int
    lines: Sequence[str]

    @property
    def written(self) -> str:
        """Its first line."""
        return self.lines[self.line - 1]

    @property
    def all_written(self) -> Sequence[str]:
        """All its lines."""
        return self.lines[self.line - 1 : self._end]

    @property
    def below(self) -> str:
        """The line below its words."""
        return self.lines[self._end] if self._end < len(self.lines) else ""

    @property
    def _end(self) -> int:
        return self.line + self.block.contents[0].text.count("\n")


def placed(text: Text) -> Iterator[Placed]:
    """The blocks of a text, in order."""
    lines = text.source.split("\n")
    for chunk, start in zip(text.chunks, text.starts, strict=True):
        for block in chunk.blocks:
            yield Placed(block, start + block.line, lines)


def is_code(run: Run) -> bool:
    """Whether letters are set as code."""
    return any(wrap.tag == "code" for wrap in run.dress)


def short(words: str) -> str:
    """The first words, to know a line by."""
    line = words.split("\n", 1)[0]
    return line if len(line) <= SHOWN else f"{line[:SHOWN].rstrip()} …"
