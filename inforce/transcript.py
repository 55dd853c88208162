"""A text or a redline as plain text, and a redline as data for programs.

    We keep your data for [-30-] {+60+} days, see our terms ([-/terms/2020-] {+/terms/2024+}).

What is no change of words stands behind its block in pointed brackets: ``<level>``, ``<split>``, ``<format>``.
"""

from __future__ import annotations

from itertools import chain, groupby
from typing import TYPE_CHECKING

from inforce import redline
from inforce.text import IMAGE, Chunk, is_heading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from inforce.align import Match
    from inforce.redline import Item, Marks
    from inforce.text import Block, Content, Nest, Run, Text
    from inforce.words import Segment

_NAMES = {"p": "paragraph", "pre": "code", "hr": "rule", "row": "row", "head": "head", "empty": "empty"}
_SILENT = frozenset({"level", "split", "join", "format", "number"})
"""Changes that no words show."""


# Plain text


def text(marks: Marks) -> str:
    """A redline as plain text, with all words of both texts."""
    lines = _Lines()
    for row in marks.rows:
        if isinstance(row, Chunk):
            lines.chunk(row, _spelt)
        elif row.leaf.sort != "empty":
            lines.add(row.leaf.block, [(number, marks.tags[number]) for number in row.path], _item(row))
    return lines.whole()


def plain(text: Text, address: Callable[[str], str]) -> str:
    """A text as plain text, with the signs of its lists and quotes, and behind its links where they lead.

    `address` gives the address for a target as it is written.
    """
    lines = _Lines()
    for chunk in text.chunks:
        lines.chunk(chunk, lambda content: _led(content, address))
    return lines.whole()


class _Lines:
    """Blocks as they are written in plain text, each under the signs of its nests."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.seen: set[int] = set()
        """Items and quotes whose sign is written."""
        self.close = False
        """Whether what was written last was an item or a row, which the next one follows without a blank line."""
        self.counts: dict[int, int] = {}

    def chunk(self, chunk: Chunk, spelt: Callable[[Content], str]) -> None:
        """Write all blocks of a chunk, their contents as `spelt`."""
        for block in chunk.blocks:
            self.add(block, [(id(nest), nest) for nest in block.nests], " | ".join(map(spelt, block.contents)))
        self.seen.clear()

    def whole(self) -> str:
        """All that was written."""
        return "".join(self.out).lstrip("\n") + "\n" if self.out else ""

    def add(self, block: Block, nests: Sequence[tuple[int, Nest]], words: str) -> None:
        """Write a block; nests bear a number by which they are known again."""
        lead = ""
        above = 0
        for number, nest in nests:
            if nest.tag == "li":
                lead += "  " if number in self.seen else self._bullet(above, number, nests)
            elif nest.tag == "blockquote":
                lead += "> "
            self.seen.add(number)
            above = number
        if is_heading(block):
            lead += "#" * int(block.kind[1]) + " "
        elif block.kind == "hr":
            words = words or "* * *"
        elif block.kind in {"row", "head"}:
            words = f"| {words} |"
        inner = "\n" + " " * len(lead)
        close = block.kind in {"row", "head"} or any(nest.tag == "li" for _, nest in nests)
        self.out.append("\n" if close and self.close else "\n\n")
        self.close = close
        self.out.append(lead + words.rstrip("\n").replace("\n", inner if block.kind == "pre" else " "))

    def _bullet(self, above: int, number: int, nests: Sequence[tuple[int, Nest]]) -> str:
        """The sign of an item: a hyphen, or its number, which items of the old text alone do not have."""
        nest = next(nest for known, nest in nests if known == above)
        if nest.tag == "ul" or number < 0 < above:
            return "- "
        self.counts[above] = self.counts.get(above, nest.start - 1) + 1
        return f"{self.counts[above]}. "


def _item(item: Item) -> str:
    """The words of an item, and what changed besides."""
    if item.leaf.sort == "hr":
        return {"added": "{+* * *+}", "removed": "[-* * *-]"}.get(item.state, "")
    cells = []
    for cell in item.cells:
        words = "".join(_segments(cell.segments, bare=item.state == "from"))
        gap = " " if words else ""  # a cell may be empty
        if item.state == "from":
            words = f"[-(moved to {_place(item.elsewhere, after=item.after)}){gap}{words}-]"
        elif item.state == "to":
            words = f"{{+(moved from {_place(item.elsewhere, after=item.after)}){gap}{words}+}}"
        cells.append(words)
    told = "".join(f" <{kind}>" for kind in item.kinds if kind in _SILENT)
    return " | ".join(cells) + told


def _place(elsewhere: str | None, *, after: bool = False) -> str:
    if elsewhere is None:
        return "elsewhere in this section"
    return (f"after {elsewhere}" if after else elsewhere) if elsewhere else "the beginning"


def _segments(segments: Sequence[Segment], *, bare: bool) -> Iterator[str]:
    """The words of segments under their signs; those that moved from here need none (``bare``)."""
    for at, segment in enumerate(segments):
        letters = _letters(segment)
        gap = letters[: len(letters) - len(letters.lstrip())]
        words = letters.strip()
        if segment.mark == "-" and segment.gap and at:
            gap = " "
        if segment.mark in {"-", "+"} and not bare:
            yield gap + (_marked(segment, words) if words else "[- -]" if segment.tail else "")
        elif segment.mark == "form":
            yield f"[-{segment.old}-]{{+{words}+}}"
        else:
            yield letters + "".join(_targets(segment))


def _marked(segment: Segment, words: str) -> str:
    if segment.move:
        words = f"(moved {'to' if segment.mark == '-' else 'from'} {_place(segment.elsewhere)}) {words}"
    return f"[-{words}-]" if segment.mark == "-" else f"{{+{words}+}}"


def _targets(segment: Segment) -> Iterator[str]:
    """The old and new target of a link or image that changed."""
    if segment.was is None or segment.now is None:
        return
    for one, two in ((segment.was.link, segment.now.link), (segment.was.image, segment.now.image)):
        if one != two:
            old, new = redline.otherwise(one, two)
            signs = [*([f"[-{old}-]"] if old else []), *([f"{{+{new}+}}"] if new else [])]
            yield f" ({' '.join(signs)})"


def _letters(segment: Segment) -> str:
    """The letters of a segment, images by their alternative texts."""
    letters = segment.content.text[segment.start : segment.end]
    if IMAGE not in letters:
        return letters
    alts = {run.start: run.image[1] for run in segment.content.runs if run.kind == "image"}
    return "".join(f"[{alts[k]}]" if k in alts else segment.content.text[k] for k in range(segment.start, segment.end))


def _spelt(content: Content) -> str:
    return _words(content.runs)


def _words(runs: Iterable[Run]) -> str:
    return "".join(f"[{run.image[1]}]" if run.kind == "image" else run.text for run in runs)


def _led(content: Content, address: Callable[[str], str]) -> str:
    """The letters of a content, behind those of a link where it leads, unless they say so themselves."""
    out = ""
    for link, runs in groupby(content.runs, key=lambda run: next((w.target for w in run.dress if w.tag == "a"), "")):
        words, leads = _words(runs), address(link) if link else ""
        said = leads.removeprefix("mailto:") in words
        out += words if said else f"{words} ({leads})"
    return out


# Data


def data(marks: Marks, old: Text, new: Text) -> dict[str, object]:
    """A redline as data.

    ``changes`` is the list of changes, ``counts`` says how many there are, and ``blocks`` is every block of both texts
    in order: its ``kind``, ``state``, the ``section`` it stands under, the ``lines`` on which it begins in the old and
    the new text (from 1; null where it is not), and its ``cells``, each a list of ``[sign, words]`` with the sign
    ``=``, ``-`` or ``+``.
    """
    places = _Places(marks.same, old, new)
    blocks = []
    for row, section in redline.sections(marks.rows):
        if isinstance(row, Chunk):
            before, after = places.kept()
            for block in row.blocks:
                lines = {"old": before + block.line, "new": after + block.line}
                cells = [[["=", _spelt(content)]] for content in block.contents]
                blocks.append({**_named(block), "state": "kept", "section": section, "lines": lines, "cells": cells})
        else:
            blocks.append(_block(row, section, places))
    found = redline.changes(marks)
    listed = [
        {
            "kind": change.kind,
            "kinds": list(change.kinds),
            "state": change.state,
            "section": change.section,
            "id": change.id,
            "before": change.before,
            "after": change.after,
            "also": [{"before": before, "after": after} for before, after in change.also],
        }
        for change in found
    ]
    return {"counts": redline.counts(found), "capped": marks.capped, "changes": listed, "blocks": blocks}


class _Places:
    """The lines on which blocks begin."""

    def __init__(self, same: Sequence[Match], old: Text, new: Text) -> None:
        pairs = [(match.first + k, match.second + k) for match in same for k in range(match.size)]
        self._kept = iter([(old.starts[a], new.starts[b]) for a, b in pairs])
        self.old = _lines(old, {a for a, _ in pairs})
        self.new = _lines(new, {b for _, b in pairs})

    def kept(self) -> tuple[int, int]:
        """The lines before the next chunk that both texts have."""
        return next(self._kept)


def _lines(text: Text, kept: set[int]) -> list[int]:
    """The lines of the blocks in the gaps of a text."""
    gaps = [
        (chunk, start) for k, (chunk, start) in enumerate(zip(text.chunks, text.starts, strict=True)) if k not in kept
    ]
    return list(chain.from_iterable([start + block.line for block in chunk.blocks] for chunk, start in gaps))


def _named(block: Block) -> dict[str, object]:
    nests = [nest.tag for nest in block.nests]
    if is_heading(block):
        return {"kind": "heading", "level": int(block.kind[1]), "nests": nests}
    return {"kind": _NAMES[block.kind], "nests": nests}


def _block(item: Item, section: str, places: _Places) -> dict[str, object]:
    """An item as data."""
    now = None if item.state in {"removed", "from"} else places.new[item.leaf.place]
    was = places.old[item.olds[0].place] if item.olds and item.state != "to" else None
    found: dict[str, object] = {
        **_named(item.leaf.block),
        "state": {"from": "moved away", "to": "moved here"}.get(item.state, item.state),
        "section": section,
        "lines": {"old": was, "new": now},
        "cells": [list(_signed(cell.segments)) for cell in item.cells],
    }
    if item.number:
        found |= {"id": f"_c{item.number}", "kinds": list(item.kinds)}
    if item.move:
        found["move"] = item.move
    return found


def _signed(segments: Sequence[Segment]) -> Iterator[list[str]]:
    for segment in segments:
        if segment.mark == "form":
            yield from (["-", segment.old], ["+", _letters(segment)])
        elif segment.mark != "join" and (letters := _letters(segment)):
            yield [segment.mark, letters]
