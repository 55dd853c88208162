"""What a text shows otherwise than its author sees it: numbers that count on, signs that Markdown reads in another way.

Whoever writes a text sees its source, its readers see the page. Each of these stands on a page where its author
believes that something else does, or nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from inforce.checks.letters import FILL, UNFILLED
from inforce.checks.placed import is_code, placed, short
from inforce.errors import Problem, warning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from inforce.checks.placed import Placed
    from inforce.errors import Place
    from inforce.text import Nest, Text

_BLANKS = (
    "DATE|NAME|COMPANY|ADDRESS|INSERT|AMOUNT|NUMBER|E-?MAIL|PHONE|JURISDICTION|COUNTRY|STATE|WEBSITE|URL|TBD|TBC|XX+"
)
"""Words in capitals and brackets for which somebody was to write others."""
_MARKER = re.compile(r"[ \t>]*(?:[-*+]|(\d{1,9})[.)])(?:[ \t]+|$)")
"""What begins an item: a bullet, or a number."""
_FACTS = re.compile(
    r"\s*^(---)[ \t]*\n(?:(?:title|posted|effective|summary|version|reason)[ \t]*:[^\n]*\n){1,9}---", re.MULTILINE
)
"""A front matter at the head of a text."""
_RULE = re.compile(r"(?:^|[ \t>])-{3,5}[ \t]*$")
"""Few dashes: programs underline a heading in all its length."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_CODE = re.compile(r"[{}<>=$|\\]|\w\(|;$|^[#/*]", re.MULTILINE)
"""What stands in code rather than in prose."""
PROSE = 8
"""Words that are no code, nor an address on a few lines."""
SENTENCE = 5
"""Words that make a sentence of what ends with a full stop."""
HASHTAG = 8
"""Words of a paragraph that begins with one # and is no heading."""
_GLUED = re.compile(r" {0,3}(#{2,6}|#(?=[^\W\d_][^#]*$))[^\W_]")
_GARBLED = re.compile(
    r"\ufffd|\xe2(?:\u20ac.?|\x80.)|\xc2[\xa3\xa5\xa7\xa9\xae\xb0]"
    r"|\xc3[\xa1-\xaa\xac-\xba\xbc-\xbf\u0178\u0153\u0161\u017e\u201e\u20ac]"
)
"""A letter that could not be read, and those of UTF-8 that were read as if they were Windows' own."""
_TRACKED = re.compile(r"\{(?:\+\+|--|~~|>>|==)|(?:\+\+|--|~~|<<|==)\}|~~[^~\s][^~\n]*~~")
"""Marks of what somebody wants put in or taken out, or of a comment."""
_OPEN = re.compile(
    r"\[(?:[\u25cf\u2022\u25a0\u25aa_]+|(?:[A-Z]{1,20}[ /]){0,3}(?:" + _BLANKS + r")(?:[ /][A-Z ]{1,20})?)\]|\bTBD\b"
)
"""Brackets that are no link, round what somebody was to fill in."""
_SUSPECT = re.compile(r"[\ufffd\xe2\xc3\xc2\[{}]|~~|TBD")
"""What one of them holds for certain: most words hold nothing of it."""
_BEFORE = " \t>-*+0123456789.)"
"""What stands before the words of a quote or an item."""
_FENCES = ("```", "~~~")
_LEFT = (
    (
        _GARBLED,
        "letters-garbled",
        "'{}' stands where another letter or sign was: the text was read in the wrong encoding once",
        "Type the word anew; keep texts in UTF-8.",
    ),
    (
        _TRACKED,
        "tracked-change-shown",
        "'{}' is shown to readers: a mark of what somebody wanted changed, struck out or discussed",
        "Accept or reject the change: write the words that are meant, without marks.",
    ),
    (_OPEN, "placeholder-shown", UNFILLED, FILL),
)
"""What was left in a text: its pattern, and how it is told."""


def of_text(text: Text, at: Callable[[int], Place]) -> Iterator[Problem]:
    """What readers are shown that the author may not mean; `at` places the lines of the text."""
    blocks = list(placed(text))
    doubled = _FACTS.match(text.source)
    if doubled:
        what = "a second front matter stands below the first, and is shown to readers as a part of the text"
        remedy = "Take it out, with its lines of dashes: only what stands between the first two counts."
        line = text.source.count("\n", 0, doubled.start(1)) + 1
        yield warning(at(line), "front-matter-twice", what, remedy)
    for each in blocks:
        yield from _taken(each, at(each.line))
        yield from _left(each, at)
    for line, what, remedy in _numbers(blocks):
        yield warning(at(line), "number-shown", what, remedy)


# ------------------------------------------------------------------ signs that Markdown takes for others


def _taken(each: Placed, place: Place) -> Iterator[Problem]:
    """A block that is not what it seems to be in the source."""
    block, written = each.block, each.written
    if block.kind == "pre":
        if written.lstrip(_BEFORE)[:3] not in _FENCES and _is_prose(block.contents[0].text):
            what = "a paragraph is indented by four spaces or a tab, and so is shown as code, with all its signs"
            remedy = "Begin its lines at the margin. What belongs to an item stands below its words."
            yield warning(place, "paragraph-as-code", what, remedy)
    elif block.kind == "h2" and written.lstrip(_BEFORE)[:1] != "#" and _RULE.search(each.below):
        words = block.contents[0].text
        if words.rstrip("*_ ").endswith((".", ";")) and len(_WORD.findall(words)) >= SENTENCE:
            what = f"the line of dashes below '{short(words)}' makes a heading of it"
            remedy = "If a rule is meant, leave an empty line above the dashes; else take them out."
            yield warning(place, "sentence-as-heading", what, remedy)
    elif block.kind == "p" and (found := _GLUED.match(written)):
        if found[1] == "#" and len(block.contents[0].text.split()) > HASHTAG:
            return
        what = f"'{short(written.strip())}' is shown with its signs, and is no heading: there is no space after the #"
        yield warning(place, "heading-as-text", what, f"Write {_spaced(written.strip())}.")


def _is_prose(words: str) -> bool:
    return len(_WORD.findall(words)) >= PROSE and not _CODE.search(words)


def _spaced(line: str) -> str:
    signs = line[: len(line) - len(line.lstrip("#"))]
    return short(f"{signs} {line[len(signs) :]}")


def _left(each: Placed, at: Callable[[int], Place]) -> Iterator[Problem]:
    """Signs in the words of a block that were left there by somebody or something."""
    for content in each.block.contents if each.block.kind != "pre" else ():
        words = content.text
        if not _SUSPECT.search(words):
            continue
        shown = "".join([" " if is_code(run) else run.text for run in content.runs])
        for pattern, code, what, remedy in _LEFT:
            found = pattern.search(shown)
            if found:
                line = each.line + shown.count("\n", 0, found.start())
                yield warning(at(line), code, what.format(found[0]), remedy)


# ------------------------------------------------------------------ numbers of items


def _numbers(blocks: Sequence[Placed]) -> Iterator[tuple[int, str, str]]:
    """Numbered lists whose items are shown with other numbers than they are written with, each by its first.

    Items that all bear a 1 or a 0 are left to be counted.
    """
    lists: dict[int, tuple[Nest, list[tuple[int, int]]]] = {}
    seen: set[int] = set()
    for each in blocks:
        block, line = each.block, each.line
        begun = [at for at, nest in enumerate(block.nests) if nest.tag == "li" and id(nest) not in seen]
        seen.update(id(block.nests[at]) for at in begun)
        for at, number in zip(begun, _markers(each.written), strict=False):  # an item's words may begin a line later
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
