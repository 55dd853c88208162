"""Text and lines as calendars want them (RFC 5545)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 75
"""Octets of a line, its end aside."""
_SPECIAL = re.compile(r"[\\;,]")
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def escaped(words: str) -> str:
    """Words as the value of a property (section 3.3.11); characters that no calendar may hold are left out."""
    return _HIDDEN.sub("", _SPECIAL.sub(r"\\\g<0>", words)).replace("\n", r"\n")


def folded(lines: str) -> str:
    """Lines as a calendar holds them (section 3.1): each ends in CR LF, a long one goes on in the next."""
    return "".join(f"{part}\r\n" for line in lines.split("\n") if line.strip() for part in _parts(line))


def _parts(line: str) -> Iterator[str]:
    """A line in parts that are short enough; no character is cut in two."""
    part, octets = "", 0
    for sign in line:
        size = len(sign.encode())
        if octets + size > LONGEST:
            yield part
            part, octets = " ", 1
        part += sign
        octets += size
    yield part
