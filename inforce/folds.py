"""Which stretches of a redline stand as they stood, for readers who want to see the changes alone.

What can be folded is what stands at the margin of the page: a paragraph, or a list, quote or table as a whole. It stays
if something in it changed; a heading stays, too, if something in its section did.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from inforce.redline import Item
from inforce.text import is_heading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from inforce.text import Block, Chunk

KINDS = ("heading", "paragraph", "item", "row")
"""What a reader counts."""


class Folds(NamedTuple):
    """What a redline leaves out when only its changes are shown."""

    over: frozenset[int]
    """The places, among the rows of the redline, of headings that stay for what changed in their sections."""
    told: Mapping[int, tuple[int, ...]]
    """How many of each of `KINDS` stand in the stretch that ends before a row, by the place of the row."""


def folds(rows: Sequence[Chunk | Item]) -> Folds:
    """The stretches that stand as they stood."""
    parts = [list(part) for _, part in groupby(enumerate(rows), lambda placed: _part(*placed))]
    over: set[int] = set()
    open_: list[tuple[str, int]] = []  # the headings over a part: their kind, h1 to h6, and place
    for part in parts:
        at, row = part[0]
        if (heading := _heading(row)) is not None:
            while open_ and open_[-1][0] >= heading.kind:
                open_.pop()
            open_.append((heading.kind, at))
        if _touched(part):
            over.update(place for _, place in open_)
    told = {}
    counted = [0] * len(KINDS)
    for part in parts:
        if _touched(part) or part[0][0] in over:
            if any(counted):
                told[part[0][0]] = tuple(counted)
            counted = [0] * len(KINDS)
        else:
            for kind in _counted(part):
                counted[KINDS.index(kind)] += 1
    if any(counted):
        told[len(rows)] = tuple(counted)
    return Folds(frozenset(over), told)


def _part(place: int, row: Chunk | Item) -> tuple[int, int]:
    """The same for all rows that stand in one element at the margin."""
    return (row.path[0], -1) if isinstance(row, Item) and row.path else (0, place)


def _touched(part: Sequence[tuple[int, Chunk | Item]]) -> bool:
    return any(isinstance(row, Item) and (row.number or row.structure) for _, row in part)


def _heading(row: Chunk | Item) -> Block | None:
    """The heading that a row is, at the margin and in the new text."""
    if isinstance(row, Item):
        block = row.leaf.block if not row.path and row.state not in {"removed", "from"} else None
    else:
        block = row.blocks[0] if not row.blocks[0].nests else None
    return block if block is not None and is_heading(block) else None


def _counted(part: Sequence[tuple[int, Chunk | Item]]) -> Iterator[str]:
    """What a reader counts in a part; an item once, however many paragraphs it has."""
    items = set()
    for _, row in part:
        for block in (row.leaf.block,) if isinstance(row, Item) else row.blocks:
            item = next((id(nest) for nest in reversed(block.nests) if nest.tag == "li"), None)
            if block.kind == "row":
                yield "row"
            elif is_heading(block):
                yield "heading"
            elif item is not None:
                if item not in items:
                    yield "item"
                items.add(item)
            elif block.kind in {"p", "pre"}:
                yield "paragraph"
