"""Versioned policies: what is in force, what is coming, what changed.

    redline = inforce.compare(old, new)    # two Markdown texts
    print(redline.text())

Nothing is imported until it is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inforce.markup import Redline
    from inforce.text import Text

__all__ = ["compare", "parse"]


def parse(markdown: str) -> Text:
    """Read a Markdown text once, for several comparisons; a text beyond the limits is read as far as they go."""
    from inforce import markdown as reader

    text = reader.parse(markdown, strict=False)
    for block in text.blocks:
        for content in block.contents:
            content.words  # noqa: B018  # worked out once, now
    return text


def compare(old: str | Text, new: str | Text) -> Redline:
    """What changed from ``old`` to ``new``, each a Markdown text or one that `parse` has read."""
    from inforce import markdown as reader
    from inforce import markup

    reading = reader.Reader(strict=False)
    first, second = (reading.read(text) if isinstance(text, str) else text for text in (old, new))
    return markup.redline(first, second)
