"""Characters that nobody sees: which they are, and how they are named."""

from __future__ import annotations

import re
import unicodedata

NO_WIDTH = "\u00ad\u200b\u2060\ufeff"
"""Soft hyphen, space without width, word joiner, byte order mark: words are the same with them and without."""
JOINERS = "\u200c\u200d"
"""They join or part letters; whole scripts are written with them."""
CONTROLS = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
"""As ranges of a pattern: what no line of words can hold."""
OVERRIDING = r"\u202a-\u202e\u2066-\u2069"
"""As ranges of a pattern: what turns the order of the letters after it round."""
TURNING = re.compile(rf"[\u061c\u200e\u200f{OVERRIDING}]")
"""Characters that turn the direction of writing."""
HIDDEN = re.compile(
    rf"[\x01-\x08\x0b-\x1f\x7f-\x9f{NO_WIDTH}\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200e\u200f{OVERRIDING}"
    r"\u2060-\u206f\u3164\ufe00-\ufe0d\uffa0\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""All that nobody sees, the joiners left out."""


def name(sign: str) -> str:
    """A character by its number and name."""
    return f"U+{ord(sign):04X} {unicodedata.name(sign, 'control character').lower()}"


def without(word: str, signs: str = NO_WIDTH) -> str:
    """A word in Unicode form NFC, without some characters."""
    return word if word.isascii() else unicodedata.normalize("NFC", word.translate(dict.fromkeys(map(ord, signs))))
