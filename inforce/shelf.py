"""What is kept of one policy from build to build: its texts as they were read, and what its pages held.

All of it is known by what it was made of: a text by the SHA-256 of its source, what a page holds by the texts before it
and the places where its links lead, a file by all that it holds. So it is never out of date; what is not asked for is
dropped.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from inforce import memory, packing
from inforce.markdown import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from inforce.site import Site


class Held(NamedTuple):
    """A part of a page as it is known."""

    asked: dict[str, bool]
    """The addresses of the site that it asked for, and whether there was anything."""
    facts: tuple[Any, ...]
    """What is told of it besides, as plain values."""


class Shelf:
    """What is kept of a policy, as far as a build asks for it."""

    def __init__(self, reader: Reader, values: Mapping[str, Any] | None = None) -> None:
        self.reader = reader
        self._held: dict[bytes, tuple[Any, ...]] = values["held"] if values else {}
        self._files: dict[bytes, str] = values["files"] if values else {}
        self._packing = packing.Packing(values)
        self.reader.remember(self._packing.texts)
        self.held: dict[bytes, Held] = {}
        """What was asked for by this build, or made."""
        self.files: dict[bytes, str] = {}
        """The SHA-256 of files, by what they were made of."""

    @classmethod
    def of(cls, cache: Path | None, policy: str, key: bytes) -> Shelf:
        """What was kept of a policy by a program of that key; nothing where there is no cache."""
        return cls(Reader(), memory.recalled(cache, memory.shelf(policy), key) if cache else None)

    def leave(self, cache: Path, policy: str, key: bytes) -> str:
        """Keep what was asked for; gives why that cannot be done, empty if it was."""
        asked = {sum_: self.reader.texts[sum_] for sum_ in self.reader.asked}
        held = {name: tuple(held) for name, held in self.held.items()}
        try:
            values = {**self._packing.packed(asked), "held": held, "files": self.files}
            memory.leave(cache, memory.shelf(policy), values, key)
        except OSError as error:
            return error.strerror or str(error)
        return ""

    def known(self, name: bytes, site: Site) -> Held | None:
        """A part of a page, if it would be the same now: the site answers what it answered when the part was made."""
        held = self._held.get(name)
        if held is None or any(site.has(address) != there for address, there in held[0].items()):
            return None
        self.held[name] = Held(*held)
        return self.held[name]

    def hold(self, name: bytes, held: Held) -> Held:
        """Put a part of a page on the shelf; gives it back."""
        self.held[name] = held
        return held

    def file(self, name: bytes) -> str:
        """The SHA-256 of a file that was made of this; empty if that is not known."""
        found = self._files.get(name, "")
        if found:
            self.files[name] = found
        return found


def known_as(*parts: object) -> bytes:
    """What something is known by, from all that it is made of."""
    return hashlib.sha256("\0".join(map(str, parts)).encode(errors="surrogatepass")).digest()
