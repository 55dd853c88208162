"""Which colours a site may choose for itself, and whether they can be read on each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEFAULTS = {
    "paper": "#fdfcf9",
    "ink": "#1c1a17",
    "quiet": "#5d5850",
    "line": "#d5d0c5",
    "accent": "#1f4b73",
    "paper-dark": "#151618",
    "ink-dark": "#e5e1d9",
    "quiet-dark": "#a9a399",
    "line-dark": "#3d3e42",
    "accent-dark": "#93c1ea",
}
"""Those of ``style.css``, by the names of their variables; the second half is for dark screens."""
READABLE = 4.5
"""The contrast that WCAG 2.2, 1.4.3, asks of small text."""


def fits(name: str, value: object) -> bool:
    """Whether a colour can be chosen: a name that there is, and six or three hexadecimal digits."""
    return name in DEFAULTS and isinstance(value, str) and bool(re.fullmatch("#([0-9a-fA-F]{3}){1,2}", value))


def faint(chosen: Mapping[str, str]) -> Iterator[tuple[str, str, float]]:
    """The names of text and paper that are hard to read together, with their contrast; chosen ones alone."""
    every = DEFAULTS | dict(chosen)
    for dark in ("", "-dark"):
        paper = f"paper{dark}"
        for text in (f"ink{dark}", f"quiet{dark}", f"accent{dark}"):
            found = contrast(every[text], every[paper])
            if found < READABLE and {text, paper} & chosen.keys():
                yield text, paper, found


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2.2 defines it: from 1 to 21."""
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) > len("#rgb") else "".join(2 * digit for digit in colour[1:])
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    """What a screen shines at for a share of a channel: the sRGB curve."""
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - its constants
