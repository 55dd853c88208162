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
_BARE = re.compile(rf"(?:{_MARKER.pattern})+[ \t]*")
"""A line of nothing else."""
_FACTS = re.compile(
    r"\s*^(---)[ \t]*\n(?:(?:title|posted|effective|summary|version|reason)[ \t]*:[^\n]*\n){1,9}---", re.MULTILINE
)
"""A front matter at the head of a text."""
_RULE = re.compile(r"(?:^|[ \t>])(?:-{3,5}|={7})[ \t]*$")
"""Few dashes, or what a merge leaves: programs underline a heading in all its length."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_CODE = re.compile(r"[{}<>=$|\\]|\w\(|;$|^[#/*]", re.MULTILINE)
"""What stands in code rather than in prose."""
PROSE = 8
"""Words that are no code."""
LINE = 5
"""Words of a line, on average, that make no address of a few lines."""
SENTENCE = 5
"""Words that make a sentence of what ends with a full stop."""
HASHTAG = 8
"""Words of a paragraph that begins with one # and is no heading."""
_GLUED = re.compile(r" {0,3}(#{2,6}|#(?=[^\W\d_][^#]*$))[^\W_]")
_WRONG_SPACE = re.compile(r" {0,3}#{1,6}[\xa0\u2000-\u200a\u202f\u3000]\s*\w")
"""A heading whose space is no plain one."""
_GARBLED = re.compile(
    r"\ufffd|\xe2(?:\u20ac.?|\x80.)|\xc2[\xa3\xa5\xa7\xa9\xae\xb0]"
    r"|\xc3[\xa1-\xaa\xac-\xba\xbc-\xbf\u0178\u0153\u0161\u017e\u201e\u20ac]"
)
"""A letter that could not be read, and those of UTF-8 that were read as if they were Windows' own."""
_TRACKED = re.compile(
    r"(\{(?:\+\+|--|~~|>>|==))(?:[^{}]{0,200}?(?:\+\+|--|~~|<<|==)\})?|(?:\+\+|--|~~|<<|==)\}|~~[^~\s][^~\n]*~~"
)
"""Marks of what somebody wants put in or taken out, or of a comment: how one begins, and all of it."""
_OPEN = re.compile(
    r"\[(?:[\u25cf\u2022\u25a0\u25aa_]+|(?:[A-Z]{1,20}[ /]){0,3}(?:" + _BLANKS + r")(?:[ /][A-Z ]{1,20})?"
    r"|(?i:(?:insert|enter|fill in) [^\[\]\n]{1,60}"
    r"|(?:(?:your|the|full|company|business|legal|contact|registered|postal|street|e-?mail|effective|phone) ){0,3}"
    r"(?:name|company|address|date|e-?mail|number|url)))\]"
    r"|\bTBD\b|\b(?:TODO|FIXME)\b(?=:|\)|\]|[ \t]*$)",
    re.MULTILINE,
)
"""Brackets that are no link, round what somebody was to fill in; and words that say that nobody has done so."""
_NOTE = re.compile(r"\[\^[^\]\s^]{1,40}\]")
"""What asks for a footnote in other kinds of Markdown."""
_SUSPECT = re.compile(r"[\ufffd\xe2\xc3\xc2\[{}]|~~|TBD|TODO|FIXME")
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
    (
        _NOTE,
        "footnote-as-text",
        "'{}' is shown to readers as it stands: there are no footnotes",
        "Write the note where it belongs, in brackets; or a link to the heading below which it stands.",
    ),
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
    elif block.kind in {"h1", "h2"} and written.lstrip(_BEFORE)[:1] != "#" and _RULE.search(each.below):
        words = block.contents[0].text
        if words.rstrip("*_ ").endswith((".", ";")) and len(_WORD.findall(words)) >= SENTENCE:
            signs = "dashes" if block.kind == "h2" else "="
            what = f"the line of {signs} below '{short(words)}' makes a heading of it"
            remedy = "If a rule is meant, leave an empty line above the dashes; else take them out."
            if block.kind == "h1":
                remedy = "Take it out. If a merge has left it, two texts stand here, of which one is meant."
            yield warning(place, "sentence-as-heading", what, remedy)
    elif block.kind == "p" and (found := _GLUED.match(written) or _WRONG_SPACE.match(written)):
        if found.lastindex and found[1] == "#" and len(block.contents[0].text.split()) > HASHTAG:
            return
        why = "there is no space after the #" if found.lastindex else "the space after the # is no plain one"
        what = f"'{short(written.strip())}' is shown with its signs, and is no heading: {why}"
        yield warning(place, "heading-as-text", what, f"Write {_spaced(written.strip())}.")


def _is_prose(words: str) -> bool:
    count = len(_WORD.findall(words))
    return count >= PROSE and count >= LINE * len(words.strip().split("\n")) and not _CODE.search(words)


def _spaced(line: str) -> str:
    signs = line[: len(line) - len(line.lstrip("#"))]
    return short(f"{signs} {line[len(signs) :].lstrip()}")


def _left(each: Placed, at: Callable[[int], Place]) -> Iterator[Problem]:
    """Signs in the words of a block that were left there by somebody or something."""
    for content in each.block.contents if each.block.kind != "pre" else ():
        words = content.text
        if not _SUSPECT.search(words):
            continue
        shown = "".join([" " if is_code(run) else run.text for run in content.runs])
        written = "\n".join(each.all_written)
        told: set[tuple[int, str]] = set()
        for pattern, code, what, remedy in _LEFT:
            for found in pattern.finditer(shown):
                one = each.line + shown.count("\n", 0, found.start()), found[0]
                if one not in told and (found[0][0] != "[" or found[0] in written):  # an escaped bracket is meant
                    yield warning(at(one[0]), code, what.format(found[found.lastindex or 0]), remedy)
                told.add(one)
                if code == "letters-garbled":
                    break  # a text that was read in the wrong encoding holds one in every other word


# ------------------------------------------------------------------ numbers of items


def _numbers(blocks: Sequence[Placed]) -> Iterator[tuple[int, str, str]]:
    """Numbered lists whose items are shown with other numbers than they are written with, each by its first.

    Items that all bear a 1 or a 0 are left to be counted.
    """
    lists: dict[int, tuple[Nest, list[tuple[int | None, int]]]] = {}
    seen: set[int] = set()
    for each in blocks:
        block, line = each.block, each.line
        begun = [at for at, nest in enumerate(block.nests) if nest.tag == "li" and id(nest) not in seen]
        seen.update(id(block.nests[at]) for at in begun)
        numbers = _numbers_at(each, len(begun)) if begun else []
        for at, number in zip(begun, numbers, strict=True):
            above = block.nests[at - 1]
            if above.tag == "ol":
                lists.setdefault(id(above), (above, []))[1].append((number, line))
    for nest, items in lists.values():
        if nest.start <= 1 and all(number in {nest.start, None} for number, _ in items):
            continue
        for shown, (number, line) in enumerate(items, start=nest.start):
            if number not in {shown, None}:
                what = f"the item written {number}. is shown as {shown}.: a list counts on by one from its first number"
                remedy = (
                    "Number the items as they shall be shown. A list that begins anew needs words above it; a number "
                    f"that does not count on is written {number}\\. as a paragraph of its own."
                )
                yield line, what, remedy
                break


def _numbers_at(each: Placed, many: int) -> list[int | None]:
    """The numbers of the items that begin with a block, None for a bullet, and for what cannot be told.

    The words of an item may begin a line below its number.
    """
    found: list[int | None] = []
    line = each.line
    while line and len(found) < many:
        written = each.lines[line - 1]
        if line < each.line and written.strip(" \t>") and not _BARE.fullmatch(written):
            break
        found = [*_markers(written), *found]
        line -= 1
    return [None] * (many - len(found)) + found[-many:]


def _markers(written: str) -> Iterator[int | None]:
    """The numbers of the items that begin on a line, None for a bullet."""
    at = 0
    while found := _MARKER.match(written, at):
        yield int(found[1]) if found[1] else None
        at = found.end()
