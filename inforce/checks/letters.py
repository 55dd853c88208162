"""What readers see and the author may not mean: HTML, placeholders, hidden characters, letters that look alike."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from inforce.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from inforce.errors import Place
    from inforce.text import Text

HIDDEN = re.compile(
    "[\x01-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0d\ufeff\uffa0\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Characters that nobody sees. The joiners U+200C and U+200D are left out: whole scripts are written with them."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_LOOKALIKE_SCRIPTS = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
"""What templates fill in, and nobody fills in here."""


def of_text(text: Text, at: Callable[[int], Place]) -> Iterator[Problem]:
    """What is doubtful about the letters of a text; `at` places its lines."""
    for line in text.raw_html:
        what = "HTML, or an HTML comment, is shown to readers as it is written"
        yield _warning(at(line), "html-shown", what, "Write it as Markdown, or take it out.")
    for line, written in enumerate(text.source.split("\n"), start=1):
        for word in sorted({_seen(sign) for sign in HIDDEN.findall(written)}):
            what = f"holds {word}, a character that nobody sees"
            yield _warning(at(line), "hidden-character", what, "Type the word anew, without it.")
        for lookalike in _lookalikes(written):
            what = f"'{lookalike}' holds a letter of another script ({_strange(lookalike)})"
            yield _warning(at(line), "lookalike-letter", what, "Type the word anew.")
        yield from placeholders(written, at(line))


def placeholders(written: str, place: Place) -> Iterator[Problem]:
    """What looks as if a template would fill it in."""
    for found in _PLACEHOLDER.findall(written):
        what = f"{found} is shown to readers as it stands: nothing is filled in"
        yield _warning(place, "placeholder-shown", what, "Write the words that are meant.")


def _warning(place: Place, code: str, what: str, remedy: str) -> Problem:
    return Problem(place, code, what, remedy, "warning")


def _seen(sign: str) -> str:
    return f"U+{ord(sign):04X} ({unicodedata.name(sign, 'control character').lower()})"


def _lookalikes(line: str) -> Iterator[str]:
    """Words that are Latin but for letters of a script that looks like it."""
    if line.isascii():
        return
    for word in _WORD.findall(line):
        names = [unicodedata.name(sign, "") for sign in word]
        latin = sum(name.startswith("LATIN") for name in names)
        if latin and any(name.startswith(_LOOKALIKE_SCRIPTS) for name in names):
            yield word


def _strange(word: str) -> str:
    other = next(sign for sign in word if unicodedata.name(sign, "").startswith(_LOOKALIKE_SCRIPTS))
    return _seen(other)
