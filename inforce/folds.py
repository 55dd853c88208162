"""Which stretches of a redline stand as they stood, for readers who want to see the changes alone.

What can be folded is what stands at the margin of the page: a paragraph, or a list, quote or table as a whole. It stays
if something in it changed; a heading stays, too, if something in its section did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from inforce.redline import Item
from inforce.text import Chunk, is_heading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from inforce.text import Block

KINDS = ("heading", "paragraph", "item", "row")
"""What a reader counts."""
_HEADING, _PARAGRAPH, _ITEM, _ROW = range(len(KINDS))


class Folds(NamedTuple):
    """What a redline leaves out when only its changes are shown."""

    over: frozenset[int]
    """The places, among the rows of the redline, of headings that stay for what changed in their sections."""
    told: Mapping[int, tuple[int, ...]]
    """How many of each of `KINDS` stand in the stretch that ends before a row, by the place of the row."""


def folds(rows: Sequence[Chunk | Item]) -> Folds:
    """The stretches that stand as they stood."""
    parts: list[tuple[int, int, bool]] = []  # where each begins and ends, and whether something in it changed
    over: set[int] = set()
    open_: list[tuple[str, int]] = []  # the headings over a part: their kind, h1 to h6, and place
    at = 0
    while at < len(rows):
        row = rows[at]
        if isinstance(row, Chunk):
            end, touched = at + 1, False
            heading = row.blocks[0] if row.has_headings and not row.blocks[0].nests else None
        else:
            end = _end(rows, at, row)
            touched = any(isinstance(one, Item) and (one.number or one.structure) for one in rows[at:end])
            heading = row.leaf.block if not row.path and row.state not in {"removed", "from"} else None
        if heading is not None and is_heading(heading):
            while open_ and open_[-1][0] >= heading.kind:
                open_.pop()
            open_.append((heading.kind, at))
        if touched:
            over.update(place for _, place in open_)
        parts.append((at, end, touched))
        at = end
    told = {}
    stretch: list[tuple[int, ...]] = []
    for at, end, touched in [*parts, (len(rows), len(rows), True)]:
        if touched or at in over:
            counted = tuple(map(sum, zip(*stretch, strict=True)))
            if any(counted):
                told[at] = counted
                stretch = []
        else:
            stretch.append(_counted(rows[at:end]))
    return Folds(frozenset(over), told)


def _end(rows: Sequence[Chunk | Item], at: int, first: Item) -> int:
    """Where the rows end that stand in one element at the margin with an item."""
    end = at + 1
    while first.path and end < len(rows):
        row = rows[end]
        if not isinstance(row, Item) or row.path[:1] != first.path[:1]:
            break
        end += 1
    return end


def _counted(part: Sequence[Chunk | Item]) -> tuple[int, ...]:
    """How many there are in a part of what a reader counts; worked out once for a chunk."""
    first = part[0]
    if not isinstance(first, Chunk):
        return _counts(row.leaf.block for row in part if isinstance(row, Item))
    first.counted = first.counted or _counts(first.blocks)
    return first.counted


def _counts(blocks: Iterable[Block]) -> tuple[int, ...]:
    """How many there are of what a reader counts; an item is one, however many paragraphs it has."""
    found = [0] * len(KINDS)
    items = set()
    for block in blocks:
        item = next((id(nest) for nest in reversed(block.nests) if nest.tag == "li"), None)
        if block.kind == "row":
            found[_ROW] += 1
        elif is_heading(block):
            found[_HEADING] += 1
        elif item is not None:
            items.add(item)
        elif block.kind in {"p", "pre"}:
            found[_PARAGRAPH] += 1
    found[_ITEM] = len(items)
    return tuple(found)
