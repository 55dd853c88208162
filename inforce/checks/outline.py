"""How a text is divided: its headings go down in steps, and every link has words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inforce.errors import Problem, warning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from inforce.errors import Place
    from inforce.text import Text


def of_text(text: Text, at: Callable[[int], Place]) -> Iterator[Problem]:
    """What those who hear a text, or walk through it by its headings and links, would miss; `at` places its lines."""
    before = 0 if any(heading.level == 1 for heading in text.headings) else 1  # the title of the page stands above
    above = "the title"
    for heading in text.headings:
        if heading.level > before + 1:
            meant, written = "#" * (before + 1), "#" * heading.level
            what = f"the heading '{heading.words}' is {written}, and the one above it is {above}"
            yield warning(
                at(heading.line), "heading-skips", what, f"Write {meant} {heading.words}: a level down at a time."
            )
        before, above = heading.level, "#" * heading.level
    for link in text.links:
        if not link.words.strip():
            what = f"the link to {link.target} has no words, so that nobody sees or hears it"
            yield warning(at(link.line), "link-empty", what, f"Write [where it leads]({link.target}), or take it out.")
