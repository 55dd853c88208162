"""What is typed as in a word processor, or pasted from one, and is no Markdown: bullets, tables, bold words, links.

Readers are shown all of it as it was typed, and lines that stand below one another run together in a paragraph.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from inforce.checks.placed import is_code, placed, short
from inforce.errors import Problem, warning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from inforce.checks.placed import Placed
    from inforce.errors import Place
    from inforce.text import Text

_BULLET = re.compile(
    r"([\u2022\u25cf\u25aa\u25a0\u25e6\u2023\u2043\u2219]|\u00b7(?!.*\s\u00b7\s))[ \t\xa0]*\w"
    r"|([\u2013\u2014])[ \t\xa0]+\S|(-)[^\W\d_]|([-*+][\xa0\u2007\u202f\u3000])\s*\w"
)
"""What begins a line that is meant as an item: a bullet, a dash, a hyphen without its space or with another one."""
_COUNTED = re.compile(r"\(?([a-z]|[ivx]{2,5}|\d{1,3}(?:\.\d{1,3}){0,3})(\.|\)|(?<=\d))[ \t\xa0]+\S")
"""What begins a line that is meant as an item of a series: a), (ii), 1.1, and 2. within a paragraph."""
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
_PIPES = 3
"""Signs of a row of two cells that begins and ends with one."""
_DASHES = "\u2013\u2014-"
"""They stand within sentences, too: only two lines in a row are items."""
_PARTED = re.compile(r"(?<=\S)[ \xa0]*\t[\t \xa0]*(?=\S)")
"""What stands between two cells of a line."""
_GAP = r"[ \t\xa0\n]"
_BOLD = re.compile(
    rf"(?<![\w*])\*\*(?:{_GAP}+(?P<loose>[^\s*][^*]{{0,200}}?){_GAP}*|(?P<tight>[^\s*][^*]{{0,200}}?){_GAP}+)\*\*(?![\w*])"
)
"""Words between two pairs of asterisks, with a space inside."""
_UNBOUND = re.compile(r"\*\*[^\s*](?:[^*]{0,200}[^\s*])?\*\*")
"""Words between two pairs of asterisks that are none of theirs: right behind a sign stands a letter, or before one."""
_REVERSED = re.compile(
    r"\((?P<words>[^()\n]{1,200})\)"
    r"\[(?P<target>(?:https?://|mailto:|www\.|\.{0,2}/\w|#[^\W\d])[^\s\[\]]*|[^\s\[\]]+\.(?:md|html?))\]"
)
"""A link with its brackets the wrong way round."""
_BROKEN = "\v"
"""Stands before the end of a line after which a new one begins on the page, too."""


def of_text(text: Text, at: Callable[[int], Place]) -> Iterator[Problem]:
    """What readers are shown as it was typed; `at` places the lines of the text."""
    for each in placed(text):
        if each.block.kind == "p" and "\n" in each.block.contents[0].text:
            yield from _run_together(each, at)
        if each.block.kind != "pre":
            yield from _shown(each, at)


def _run_together(each: Placed, at: Callable[[int], Place]) -> Iterator[Problem]:
    """Lines of a paragraph that are meant as items, or as rows."""
    runs = each.block.contents[0].runs
    lines = "".join([f"{_BROKEN}\n" if run.kind == "break" else run.text for run in runs]).split("\n")
    if item := _item(lines):
        number, sign = item
        signed = f"{sign} and no space" if sign == "-" else sign
        if len(sign) > 1:
            signed = f"{sign[0]} and a space that is no plain one"
        what = f"lines that begin with {signed} are no list: they are shown one after the other, as one paragraph"
        remedy = "Begin each item with - and a space."
        yield warning(at(each.line + number), "bullets-as-text", what, remedy)
    if series := _series(lines):
        number, first, second = series
        what = (
            f"lines that begin with {first} and {second} are no list: "
            "they are shown one after the other, as one paragraph"
        )
        yield warning(at(each.line + number), "items-as-text", what, "Leave an empty line above each of them.")
    rows = [line.count("|") if line.strip(" \t\v")[:1] == "|" == line.rstrip(" \t\v")[-1:] else 0 for line in lines]
    for number, (count, below) in enumerate(pairwise(rows)):
        if count >= _PIPES and count == below and not lines[number].endswith(_BROKEN):
            what = "lines parted by | are no table: they are shown one after the other, as one paragraph"
            remedy = f"Write a line |{'---|' * (count - 1)} below the first."
            yield warning(at(each.line + number), "table-as-text", what, remedy)
            break
    cells = [len(_PARTED.findall(line)) for line in lines]
    for number, (line, count, below) in enumerate(zip(lines, cells, cells[1:], strict=False)):
        if count and count == below and not line.endswith(_BROKEN):
            what = "lines parted by tabs are no table: they are shown one after the other, as one paragraph"
            remedy = f"Write | between the cells, and a line |{'---|' * (count + 1)} below the first."
            yield warning(at(each.line + number), "table-as-text", what, remedy)
            break


def _item(lines: Sequence[str]) -> tuple[int, str] | None:
    """The first of two lines that begin with the same sign, and run together."""
    begun: tuple[int, str] | None = None
    for number, line in enumerate(lines):
        found = _BULLET.match(line)
        sign = found and (found[1] or found[2] or found[3] or found[4])
        if begun and sign == begun[1]:
            return begun
        if sign:
            begun = number, sign
        if line.endswith(_BROKEN) or (begun and not sign and begun[1] in _DASHES):
            begun = None
    return None


def _series(lines: Sequence[str]) -> tuple[int, str, str] | None:
    """The first of two lines that begin with marks which follow each other, and run together: its number, and both."""
    begun: tuple[int, str, set[str]] | None = None
    for number, line in enumerate(lines):
        found = _COUNTED.match(line)
        mark = found[0][: found.end(2)] if found else ""
        if found and begun and mark in begun[2]:
            return begun[0], begun[1], mark
        if found and (number == 0 or found[1].split(".")[-1] in {"a", "i", "1"}):
            begun = number, mark, {mark.replace(found[1], one) for one in _following(found[1])}
        if line.endswith(_BROKEN):
            begun = None
    return None


def _following(mark: str) -> set[str]:
    """What may follow a letter or number in a series."""
    *above, last = mark.split(".")
    if last.isdecimal():
        return {".".join([*above, str(int(last) + 1)])}
    found = {chr(ord(last) + 1)} if len(last) == 1 else set()
    return found | {later for one, later in pairwise(_ROMAN) if one == last}


def _shown(each: Placed, at: Callable[[int], Place]) -> Iterator[Problem]:
    """Signs of bold words and of links that are none."""
    for content in each.block.contents:
        if "**" not in content.text and ")[" not in content.text:
            continue
        shown = "".join([" " if is_code(run) else run.text for run in content.runs])
        written = " ".join(" ".join(each.all_written).split())
        for found in _REVERSED.finditer(shown):
            what = f"'{short(found[0])}' is no link, and is shown with its brackets: they are the wrong way round"
            address = f"https://{found['target']}" if found["target"].startswith("www.") else found["target"]
            remedy = f"Write [{found['words']}]({address})."
            yield warning(at(_line(each, shown, found)), "link-reversed", what, remedy)
        for found in _BOLD.finditer(shown):
            whole, words = (" ".join(one.split()) for one in (found[0], found["loose"] or found["tight"]))
            if whole in written:  # and so with no sign that is escaped
                what = f"'{short(whole)}' is shown with its asterisks, and is not bold: there is a space inside them"
                remedy = f"Write **{short(words)}**; where asterisks are meant, \\*\\*."
                yield warning(at(_line(each, shown, found)), "bold-as-text", what, remedy)
        for found in _UNBOUND.finditer(_BOLD.sub(lambda one: " " * len(one[0]), shown)):
            whole = " ".join(found[0].split())
            if whole in written:
                what = (
                    f"'{short(whole)}' is shown with its asterisks, and is not bold: a sign and a letter meet at them"
                )
                remedy = "Leave the sign out of them, or a space outside; where asterisks are meant, write \\*\\*."
                yield warning(at(_line(each, shown, found)), "bold-as-text", what, remedy)


def _line(each: Placed, shown: str, found: re.Match[str]) -> int:
    return each.line + shown.count("\n", 0, found.start())
