"""Since when each block of the text in force stands in its wording.

A wording stands since the first version of which it holds that this and all that governed after it have the block as
it is now, its words, its dress and where its links lead. The day said is the one on which that version took effect:

    versions      first      second (overtaken)     third       the day said
    We collect    as now     as now                 as now      that of the first
    your name                as now                 as now      that of the third; the second's redline shows it
    your age      as now                            as now      that of the first: what was withdrawn, or
                                                                overtaken, without it never governed
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from inforce.text import is_heading, plain
from inforce.weave import saying

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inforce.anchors import Anchors
    from inforce.model import Entry, Timeline

SHORT = 60
"""Characters of the words that a block is known by."""


class Part(NamedTuple):
    """A section, and the blocks of it that stand in their wording since one day."""

    heading: str
    """Empty before the first."""
    anchor: str
    """The id of the heading, on the page of the text in force."""
    place: str
    """The id of the heading under which the blocks stand on the redline that shows how they came; empty before it."""
    blocks: tuple[tuple[str, str], ...]
    """Their ids and first words; none where they are all that the section holds."""


class Wording(NamedTuple):
    """What stands in its wording since one day."""

    since: Entry
    """The version that first governed with it."""
    brought: Entry | None
    """The version whose redline shows how it came; None if it was there from the first."""
    ids: tuple[str, ...]
    """Of all its blocks."""
    parts: tuple[Part, ...]


def wordings(timeline: Timeline, anchors: Anchors) -> tuple[Wording, ...]:
    """Since when the blocks of the text in force stand as they do, the newest first; the weave is of all versions."""
    return tuple(_Search(timeline, anchors).wordings()) if timeline.in_force else ()


class _Search:
    """A walk back from the text in force."""

    def __init__(self, timeline: Timeline, anchors: Anchors) -> None:
        self.entries = timeline.entries
        self.places = {entry.id: place for place, entry in enumerate(self.entries)}
        self.anchors = anchors
        self.weave = anchors.weave
        now = next(place for place, entry in enumerate(self.entries) if entry is timeline.in_force)
        self.governed = [place for place in range(now + 1) if self.entries[place].in_force]
        self.sections: dict[int, dict[int, tuple[int, str]]] = {}

    @cached_property
    def alike(self) -> dict[int, list[int]]:
        """For each strand those that say the same and became it, or that it became."""
        groups: dict[int, list[int]] = {}
        for number, was in enumerate(self.anchors.was):
            say = saying(self.weave.found[number].item) if was else None
            before = next((old for old in was if saying(self.weave.found[old].item) == say), None)
            group = groups[before] if before is not None else []
            group.append(number)
            groups[number] = group
        return groups

    def wordings(self) -> Iterator[Wording]:
        """All of them."""
        found: dict[tuple[int, int], dict[tuple[str, str, str], list[tuple[str, str]]]] = {}
        sizes: dict[str, int] = {}
        heading = anchor = ""
        for number, names in self._blocks(self.governed[-1]):
            block = self.weave.found[number].item
            if is_heading(block):
                heading, anchor = plain(block), names[0]
            first, brought = self._since(number)
            sizes[anchor] = sizes.get(anchor, 0) + 1
            part = (heading, anchor, self._heading(number, brought))
            found.setdefault((first, brought), {}).setdefault(part, []).append((names[0], _short(plain(block))))
        for (first, brought), parts in sorted(found.items(), reverse=True):
            shown = self.entries[brought]
            yield Wording(
                self.entries[first],
                shown if shown.follows else None,
                tuple([id_ for blocks in parts.values() for id_, _ in blocks]),
                tuple(
                    [
                        Part(*part, () if len(blocks) == sizes[part[1]] and part[1] else tuple(blocks))
                        for part, blocks in parts.items()
                    ]
                ),
            )

    def _since(self, number: int) -> tuple[int, int]:
        """The version that first governed with a block as it is, and the one whose redline shows how it came."""
        at = len(self.governed)
        strand: int | None = number
        while strand is not None:
            at = bisect_left(self.governed, self.weave.found[strand].since(self.governed[at - 1]))
            strand = self._standing(number, self.governed[at - 1]) if at else None
        first = brought = self.governed[at]
        before = self.governed[at - 1] if at else -1
        while (follows := self.entries[brought].follows) is not None:
            place = self.places[follows.id]
            if place <= before or self._standing(number, place) is None:
                break
            brought = place
        return first, brought

    def _standing(self, number: int, version: int) -> int | None:
        """The strand that says the same in a version; None if there is none."""
        return next((one for one in self.alike[number] if self.weave.found[one].stands_in(version)), None)

    def _heading(self, number: int, version: int) -> str:
        """The heading under which a block stands in a version that says the same; empty before the first."""
        stands = self._section(version)
        return max((stands[one] for one in self.alike[number] if one in stands), default=(0, ""))[1]

    def _section(self, version: int) -> dict[int, tuple[int, str]]:
        """Of each strand of a version its place, and the heading under which it stands."""
        if version not in self.sections:
            found: dict[int, tuple[int, str]] = {}
            anchor = ""
            for place, (number, names) in enumerate(self._blocks(version)):
                if is_heading(self.weave.found[number].item):
                    anchor = names[0]
                found[number] = place, anchor
            self.sections[version] = found
        return self.sections[version]

    def _blocks(self, version: int) -> Iterator[tuple[int, Sequence[str]]]:
        """The strands of a version that have ids, and these."""
        rows = zip(self.weave.versions[version], self.anchors.versions[version], strict=True)
        for (_, numbers), ids in rows:
            yield from ((number, names) for number, names in zip(numbers, ids, strict=True) if names)


def _short(words: str) -> str:
    """The beginning of some words, cut between two of them."""
    if len(words) <= SHORT:
        return words
    cut = words.rfind(" ", 0, SHORT)
    return f"{words[: cut if cut > 0 else SHORT]} …"
