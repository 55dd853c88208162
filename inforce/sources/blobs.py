"""What a history kept, read again when it is asked for: texts and pictures of versions that are commits of a file."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inforce.errors import SurroundingsError
from inforce.model import text_sum
from inforce.sources import header, repository

if TYPE_CHECKING:
    from pathlib import Path

    from inforce.sources.repository import Repository


class Blobs:
    """The files that the repository of a project holds, by their ids; one git serves all who share them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._repository: Repository | None = None

    def read(self, blob: str) -> bytes:
        """The bytes of a file. Raises SurroundingsError where the repository cannot give them."""
        if self._repository is None:
            self._repository = repository.open_(self.root)
            weakref.finalize(self, self._repository.close)
        return self._repository.blob(blob)

    def __reduce__(self) -> tuple[object, ...]:
        return Blobs, (self.root,)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture."""

    blobs: Blobs
    blob: str

    def __call__(self) -> bytes:
        """Its bytes."""
        return self.blobs.read(self.blob)


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a version, below its front matter."""

    blobs: Blobs
    blob: str
    sum: str
    """The SHA-256 of its bytes, in hexadecimal."""

    def __call__(self) -> str:
        """The text. Raises SurroundingsError where it is another by now."""
        body = below(header.decode(self.blobs.read(self.blob))).body
        if text_sum(body) != self.sum:
            what = f"the object {self.blob} of the git history holds another text than it did"
            raise SurroundingsError(what, "See what `git fsck` says, then clone the repository anew.")
        return body


def below(source: str) -> header.Split:
    """A file in two; front matter that is the document's own need not be any that we can read: no text is lost."""
    try:
        return header.split(source)
    except header.HeaderError:
        return header.Split(None, source, 1)
