"""What a text shows otherwise than its author sees it: numbers that count on, signs that Markdown reads in another way.

Whoever writes a text sees its source, its readers see the page. Each of these stands on a page where its author
believes that something else does, or nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from inforce.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from inforce.errors import Place
    from inforce.text import Block, Nest, Text

_MARKER = re.compile(r"[ \t>]*(?:[-*+]|(\d{1,9})[.)])(?:[ \t]+|$)")
"""What begins an item: a bullet, or a number."""


class _Placed(NamedTuple):
    """A block, and its first line as it is written."""

    block: Block
    line: int
    written: str


def of_text(text: Text, at: Callable[[int], Place]) -> Iterator[Problem]:
    """What readers are shown that the author may not mean; `at` places the lines of the text."""
    blocks = list(_placed(text))
    for line, what, remedy in _numbers(blocks):
        yield Problem(at(line), "number-shown", what, remedy, "warning")


def _placed(text: Text) -> Iterator[_Placed]:
    lines = text.source.split("\n")
    for chunk, start in zip(text.chunks, text.starts, strict=True):
        for block in chunk.blocks:
            line = start + block.line
            yield _Placed(block, line, lines[line - 1])


# ------------------------------------------------------------------ numbers of items


def _numbers(blocks: Sequence[_Placed]) -> Iterator[tuple[int, str, str]]:
    """Numbered lists whose items are shown with other numbers than they are written with, each by its first.

    Items that all bear a 1 or a 0 are left to be counted.
    """
    lists: dict[int, tuple[Nest, list[tuple[int, int]]]] = {}
    seen: set[int] = set()
    for block, line, written in blocks:
        begun = [at for at, nest in enumerate(block.nests) if nest.tag == "li" and id(nest) not in seen]
        seen.update(id(block.nests[at]) for at in begun)
        for at, number in zip(begun, _markers(written), strict=False):  # an item's words may begin a line later
            if number is not None:
                above = block.nests[at - 1]
                lists.setdefault(id(above), (above, []))[1].append((number, line))
    for nest, items in lists.values():
        if nest.start <= 1 and all(number == nest.start for number, _ in items):
            continue
        for shown, (number, line) in enumerate(items, start=nest.start):
            if number != shown:
                what = f"the item written {number}. is shown as {shown}.: a list counts on by one from its first number"
                remedy = (
                    "Number the items as they shall be shown. A list that begins anew needs words above it; a number "
                    f"that does not count on is written {number}\\. as a paragraph of its own."
                )
                yield line, what, remedy
                break


def _markers(written: str) -> Iterator[int | None]:
    """The numbers of the items that begin on a line, None for a bullet."""
    at = 0
    while found := _MARKER.match(written, at):
        yield int(found[1]) if found[1] else None
        at = found.end()
