"""Slips in a front matter that cannot be read: what a person sees on a line, rather than what a parser stumbled over.

A parser stops where it can no longer go on, which may be lines below the slip. So all lines up to there are looked at
for what is never right, then the last one for what is not right there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

INNER = ("announced", "to", "note")
"""The keys of a postponement, which stand further in."""
TEXTS = ("title", "summary", "reason", "note")
"""The keys whose values may be longer than a line."""
_KEY = re.compile(r"( *)(?:- +)?([a-z]+):(?= |$)")
_BLOCK = re.compile(r" *(?:- +)?[a-z]+: +[|>][-+0-9]*\s*$")
"""The line above a text of several lines, in which every sign is right."""
_LISTED = "Write:\n  postponed:\n    - announced: 2026-03-20\n      to: 2026-05-01"


class Slip(NamedTuple):
    """What is wrong on a line, and what to write instead."""

    number: int
    """Of the line, counted from 0."""
    what: str
    remedy: str


def slip(lines: Sequence[str], stopped: int, keys: Collection[str]) -> Slip:
    """What is wrong with lines that cannot be read, given the one at which a parser stopped."""
    found = never_right(lines[: stopped + 1], keys)
    if found:
        return found
    line = lines[stopped]
    for look in (_tab, _sign, _quotes, _colon, _misfit):
        told = look(line)
        if told:
            return Slip(stopped, *told)
    return Slip(stopped, *_text(lines, stopped))


def never_right(lines: Sequence[str], keys: Collection[str]) -> Slip | None:
    """The first slip that is one wherever it stands, if there is any."""
    known = list(_outside(lines))
    for number, line in known:
        for look in (_glued, _other_sign, _dash, _behind_the_bar):
            told = look(line, keys)
            if told:
                return Slip(number, *told)
    return _indented(known, keys)


def _outside(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines that are no part of a text of several lines, with their numbers."""
    within = False
    for number, line in enumerate(lines):
        within = within and (not line.strip() or line.startswith(" "))
        if not within:
            yield number, line
        within = within or _BLOCK.match(line) is not None


def _quoted(key: str, value: str) -> str:
    words = value.strip().replace("'", "''")
    return f"`{key}: '{words}'`"


# ------------------------------------------------------------------ never right


def _glued(line: str, _: Collection[str]) -> tuple[str, str] | None:
    found = re.match(r"([a-z]+):([\u00a0\u2000-\u200b\u202f\u3000]+|(?![\s/]))(?=.)(.*)", line)
    if found is None:
        return None
    what = f"the space after `{found[1]}:` is no plain one" if found[2] else f"there is no space after `{found[1]}:`"
    return what, f"Write `{found[1]}: {found[3].strip()}`."


def _other_sign(line: str, keys: Collection[str]) -> tuple[str, str] | None:
    """A key without its colon."""
    found = re.match(r"([a-z]+)\s*([\uff1a\ufe55\ufe13=]|\s(?=[^\s:=\uff1a]))\s*(.*)", line)
    if found is None or found[1] not in keys:
        return None
    sign = found[2].strip()
    what = f"`{sign}` stands where a colon belongs" if sign else f"there is no colon after `{found[1]}`"
    return what, f"Write `{found[1]}: {found[3].strip()}`."


def _dash(line: str, _: Collection[str]) -> tuple[str, str] | None:
    found = re.match(r" *-([a-z]+:.*)", line)
    return ("there is no space after the -", f"Write `- {found[1].rstrip()}`.") if found else None


def _behind_the_bar(line: str, _: Collection[str]) -> tuple[str, str] | None:
    found = re.match(r" *(?:- +)?([a-z]+): +([|>])[-+0-9]* +([^#\s].*)", line)
    if found is None:
        return None
    what = f"text stands behind {found[2]}"
    return what, f"Begin it on the next line, indented by two spaces; or write {_quoted(found[1], found[3])}."


def _indented(lines: Sequence[tuple[int, str]], keys: Collection[str]) -> Slip | None:
    """A key that stands further in than the others, and so is taken for a part of what is above it, or below."""
    found = [(number, line, key) for number, line in lines if (key := _KEY.match(line)) and key[2] in keys]
    plain = min((len(key[1]) for _, _, key in found), default=0)
    for number, line, key in found:
        if len(key[1]) > plain:
            return Slip(number, f"`{key[2]}` is indented", f"Begin the line with it: `{line.strip()}`.")
    return None


# ------------------------------------------------------------------ not right where a parser stopped


def _tab(line: str) -> tuple[str, str] | None:
    return ("holds a tab", "Indent with spaces, and put one space after the colon.") if "\t" in line else None


def _sign(line: str) -> tuple[str, str] | None:
    """A value that begins with a sign that YAML keeps for itself."""
    found = re.match(r" *(?:- +)?([a-z]+): +(([@`%\[{*?>|]).*)", line)
    return (f"the value begins with {found[3]}", f"Put it in quotes: {_quoted(found[1], found[2])}.") if found else None


def _quotes(line: str) -> tuple[str, str] | None:
    """A value whose quotation marks end before it does."""
    found = re.match(r" *(?:- +)?([a-z]+): +(([\"']).+)", line)
    if found is None:
        return None
    value = found[2].rstrip()
    inner = value[1:-1] if value.endswith(found[3]) and len(value) > 1 else value
    return "a quotation mark ends the value before its end", f"Write {_quoted(found[1], inner)}."


def _colon(line: str) -> tuple[str, str] | None:
    key, _, value = line.partition(":")
    if ":" not in value:
        return None
    return "the value holds a colon", f"Put it in quotes: {_quoted(key.strip().removeprefix('- '), value)}."


def _misfit(line: str) -> tuple[str, str] | None:
    """A key of a postponement that does not stand below the others."""
    found = _KEY.match(line)
    if found is None or found[2] not in INNER:
        return None
    return f"`{found[2]}` does not stand straight below the key above it", _LISTED


def _text(lines: Sequence[str], stopped: int) -> tuple[str, str]:
    """A line that is no key: of a text of several lines, or one that nobody can make out."""
    keys = [key for _, line in _outside(lines[:stopped]) if (key := _KEY.match(line))]
    above = keys[-1] if keys else None
    if above is None or above[2] not in TEXTS or _KEY.match(lines[stopped]):
        return "this line cannot be read", "Write one `key: value` a line; put unusual signs in quotes."
    if _BLOCK.match(above.string):
        return f"this line is not indented like the text of `{above[2]}`", "Indent all its lines by two spaces."
    what = f"this line is no key, and not indented as a part of `{above[2]}`"
    return what, f"Write `{above[2]}: |`, and below it the text, each line indented by two spaces."
