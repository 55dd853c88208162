"""A file as it lies in a checkout, as git would commit it.

Git is not asked: to compare a file, it would run the programs that a repository names for cleaning it. What it does by
itself when it checks a file out is undone here: other line ends, the id in ``$Id$``, another encoding.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ENCODING = re.compile(rb"\sworking-tree-encoding=([\w.:-]+)")


def forms(path: Path, data: bytes, blob: str) -> Iterator[bytes]:
    """What a file that holds some bytes may be as it is committed, if the last commit gave it the id of a blob.

    The first is the file as it lies there, but for that id.
    """
    for text in _texts(path, data):
        plain = text.replace(b"$Id: %s $" % blob.encode(), b"$Id$")
        yield plain
        yield plain.replace(b"\r\n", b"\n")


def _texts(path: Path, data: bytes) -> Iterator[bytes]:
    """The bytes, and their text in UTF-8, read in each encoding that is set for any file of the repository."""
    yield data
    for name in sorted(_encodings(path)):
        with suppress(LookupError, UnicodeError):
            yield data.decode(name.removesuffix("-BOM")).removeprefix("\ufeff").encode()


def _encodings(path: Path) -> set[str]:
    """The encodings that the attributes set for a file or for others near it."""
    found: set[bytes] = set()
    own = path.parent.resolve()
    folders = [own, *own.parents]
    top = next((number for number, folder in enumerate(folders, start=1) if (folder / ".git").exists()), 0)
    for folder in folders[:top]:
        for attributes in (folder / ".gitattributes", folder / ".git" / "info" / "attributes"):
            with suppress(OSError):
                found.update(_ENCODING.findall(attributes.read_bytes()))
    return {name.decode() for name in found}
