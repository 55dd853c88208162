"""Versioned policies: what is in force, what is coming, what changed.

    redline = inforce.compare(old, new)    # two Markdown texts
    print(redline.text())

Nothing is imported until it is called.
"""

import gc

TYPE_CHECKING = False  # to load typing, or __future__, would be most of what there is to do until Ctrl-C is heard
if TYPE_CHECKING:
    from inforce.markup import Redline
    from inforce.text import Text

__all__ = ["compare", "parse"]


def parse(markdown: str) -> "Text":
    """Read a Markdown text once, for several comparisons; a text beyond the limits is read as far as they go."""
    from inforce import markdown as reader

    text = reader.parse(markdown, strict=False)
    for block in text.blocks:
        for content in block.contents:
            content.words  # noqa: B018  # worked out once, now
    return text


def compare(old: "str | Text", new: "str | Text") -> "Redline":
    """What changed from ``old`` to ``new``, each a Markdown text or one that `parse` has read.

    Meanwhile Python does not look for rubbish: none is made, and each look goes over all that the caller has in memory.
    """
    from inforce import markdown as reader
    from inforce import markup

    if isinstance(old, str) or isinstance(new, str):
        reading = reader.Reader(strict=False)
        old, new = (reading.read(text) if isinstance(text, str) else text for text in (old, new))
    looked = gc.isenabled()
    gc.disable()
    try:
        return markup.redline(old, new)
    finally:
        if looked:
            gc.enable()
