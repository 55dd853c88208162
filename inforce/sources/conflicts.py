"""What git leaves in a file where it could not merge what two people wrote."""

from __future__ import annotations

import re
from typing import NamedTuple

_OURS = re.compile(r"^<{7}(?: .*)?$", re.MULTILINE)
_THEIRS = re.compile(r"^(?:>{7} .*|\|{7} [^|\n]*)$", re.MULTILINE)
_BETWEEN = re.compile(r"^={7}$", re.MULTILINE)
"""The lines with which git marks what two people wrote in one place."""


class Conflict(NamedTuple):
    """A merge that was not finished."""

    number: int
    """Of the first line that says so, counted from 0."""
    what: str
    remedy: str = (
        "Two texts stand here, parted by =======. Keep the one that is meant, and delete all lines "
        "that begin with seven <, =, > or |."
    )


def found(text: str) -> Conflict | None:
    """Where git left two texts for somebody to choose from, if it did.

    A line of seven = alone may make a heading of the line above it, and one of seven > may quote.
    """
    if "<<<<<<<" not in text and "=======" not in text:
        return None
    line = _OURS.search(text) or (_BETWEEN.search(text) and _THEIRS.search(text))
    if not line:
        return None
    what = f"the line '{line[0].rstrip()[:40]}' was left by a merge: readers would see it, and both texts"
    return Conflict(text.count("\n", 0, line.start()), what)
