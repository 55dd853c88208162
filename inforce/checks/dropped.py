"""Words that a text holds and no page shows: cells that a table has no column for, lines that define links.

Nobody misses them: whoever reads the page does not know that they are there, and a redline is silent on them, too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from inforce.checks.placed import placed, short
from inforce.errors import Problem, warning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from inforce.checks.placed import Placed
    from inforce.errors import Place
    from inforce.text import Text

_CELL = re.compile(r"(?<!\\)\|")
"""What parts two cells, also where it stands in code."""
_DEFINITION = re.compile(r"[ >]*\[((?:[^\[\]\\]|\\.){1,999})\]:[ \t]*(\S.*)?$")
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){1,999})\]")
_COMMENT = ("#", "<>")
"""Targets of what is no link: so comments are written."""


class _Definition(NamedTuple):
    """A line that defines a link, and the name by which links ask for it."""

    line: int
    name: str
    written: str
    target: str


def of_text(text: Text, at: Callable[[int], Place]) -> Iterator[Problem]:
    """What readers are not shown; `at` places the lines of the text."""
    blocks = list(placed(text))
    for each in blocks:
        if each.block.kind == "row":
            yield from _surplus(each, at)
    if "]:" in text.source:
        yield from _definitions(text, blocks, at)


def _surplus(each: Placed, at: Callable[[int], Place]) -> Iterator[Problem]:
    """Cells of a row beyond the columns that the first row of its table has."""
    columns = len(each.block.contents)
    cells = _CELL.split(each.written.strip().lstrip("> \t").removeprefix("|"))
    more = [cell.strip() for cell in cells[columns:] if cell.strip()]
    if more:
        what = (
            f"'{short(' | '.join(more))}' is shown to nobody: the table has {columns} columns, and this row more cells"
        )
        remedy = (
            "Give the first two lines of the table another column, or take a | out. One that belongs to the words "
            "is written \\|."
        )
        yield warning(at(each.line), "cells-unseen", what, remedy)


def _definitions(text: Text, blocks: Sequence[Placed], at: Callable[[int], Place]) -> Iterator[Problem]:
    """Lines that are taken for targets of links, though no link asks for them or another line has defined them."""
    lines = text.source.split("\n")
    shown = {line for each in blocks for line in _lines(each)}
    hidden = [(number, line) for number, line in enumerate(lines, start=1) if number not in shown]
    found = [one for number, line in hidden if (one := _defined(number, line))]
    defining = {one.line for one in found}
    others = "\n".join(line for number, line in enumerate(lines, start=1) if number not in defining)
    asked = {_name(one) for one in _LABEL.findall(others)}
    known: dict[str, _Definition] = {}
    for one in found:
        first = known.setdefault(one.name, one)
        if one.target in _COMMENT:
            continue
        if one.name not in asked:
            what = (
                f"'{short(one.written)}' is shown to nobody: it is taken for a link's target, and no link asks for it"
            )
            remedy = "If readers are to see it, write \\[ for the first bracket; else take the line out."
            yield warning(at(one.line), "definition-unseen", what, remedy)
        elif first.target != one.target:
            what = f"'{short(one.written)}' does nothing: line {at(first.line).line} says where its links lead"
            yield warning(at(one.line), "definition-unseen", what, "Give it another name, or take one of the two out.")


def _lines(each: Placed) -> range:
    """The lines on which a block stands; the fences of code are not asked for."""
    if not each.block.contents:
        return range(each.line, each.line + 1)
    return range(each.line, each.line + each.block.contents[0].text.count("\n") + 1)


def _defined(number: int, line: str) -> _Definition | None:
    found = _DEFINITION.match(line)
    if not found:
        return None
    target = (found[2] or "").split()
    return _Definition(number, _name(found[1]), line.strip(" >"), target[0] if target else "")


def _name(label: str) -> str:
    return " ".join(label.split()).casefold()
