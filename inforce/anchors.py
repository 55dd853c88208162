"""The addresses of places within a text, which follow it through its versions.

A heading is known by its words, since that is how authors link to it; every other block by an id made of the words
in which it first stood. What a block becomes inherits its ids, so that an old address still leads to its text:

    version 0                 version 1                 version 2
    privacy    Privacy        data       Your data      data       Your data        (and privacy, its old id)
               (renamed)      privacy
    p_x2kdq7   We ask.        p_x2kdq7   We may ask.    p_x2kdq7   We may ask you.

Only what was known by a version counts for it, so that a version that joins at the end changes no earlier address.
What it costs follows what changed: blocks that stand as they stood keep what they have.
"""

from __future__ import annotations

from base64 import b32encode
from hashlib import blake2b
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from inforce import align, redline, text
from inforce.pairing import Memory
from inforce.text import is_heading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from inforce.text import Block, Chunk, Names
    from inforce.weave import Weave

    _Chunks = Sequence[tuple[Chunk, tuple[int, ...]]]
    Became = list[tuple[int, list[int]]]
    """Strands, each with those of which it is what they became."""
    Heirs = Callable[[int, Callable[[], Became]], Became]
    """Is asked for what became of the blocks of a version, and given how that is found out."""

LETTERS = 6
"""Of an id made of words: a thousand million of them, so that two seldom need a number."""
NAMELESS = frozenset({"hr", "empty"})
"""What nobody points at."""


class Anchors(NamedTuple):
    """The ids of all blocks of a history."""

    weave: Weave
    versions: tuple[tuple[tuple[Names, ...], ...], ...]
    """Of each version and each chunk in it, the ids of its blocks; the same value wherever they are the same."""
    was: tuple[tuple[int, ...], ...]
    """What each strand was before, if it is what became of others: strands whose ids it inherited."""

    @classmethod
    def of(cls, weave: Weave, heirs: Heirs | None = None, memory: Memory | None = None) -> Anchors:
        """The ids of a history; those of its first versions are the same whatever follows.

        `heirs` may know what became of the blocks of a version when it was woven before, with the same versions before.
        What is worked out about its blocks stays in a `memory`, for its redlines.
        """
        giving = _Giving(weave, heirs or (lambda _, found: found()), memory or Memory())
        versions = tuple([tuple(giving.step(version)) for version in range(len(weave.versions))])
        return cls(weave, versions, tuple([tuple(giving.was.get(n, ())) for n in range(len(weave.found))]))

    def ids(self, version: int) -> Iterator[Names]:
        """The ids of each block of a version, in the order of its text: its own first, then those it had."""
        return (names for chunk in self.versions[version] for names in chunk)


class _Giving:
    """The giving of ids, version by version."""

    def __init__(self, weave: Weave, heirs: Heirs, memory: Memory) -> None:
        self.weave = weave
        self.heirs = heirs
        self.memory = memory
        self.names: dict[int, Names] = {}
        """What strands are known by; of a heading the slug that it bore last comes first."""
        self.holder: dict[str, int] = {}
        """Which strand an id leads to, or led to last."""
        self.given: dict[str, int] = {}
        """How often each id made of words was given."""
        self.was: dict[int, list[int]] = {}
        self.shown: list[tuple[Names, ...]] = []
        """The ids of the last version."""

    def step(self, version: int) -> list[tuple[Names, ...]]:
        """The ids of the next version."""
        rows = self.weave.versions[version]
        olds = self.weave.versions[version - 1] if version else ()
        same = self.weave.steps[version]
        gaps = [gap for gap in align.gaps(olds, rows, same) if any(gap)]
        if not gaps:
            return self.shown
        self._inherit(version, gaps)
        changed = set()
        if any(chunk.has_headings for gap in gaps for side in gap for chunk, _ in side):
            changed = self._headings(version)
        shown: list[tuple[Names, ...]] = []
        at = 0
        for match in [*same, align.Match(len(olds), len(rows), 0)]:
            shown += [self._row(chunk, numbers) for chunk, numbers in rows[at : match.second]]
            shown += self.shown[match.first : match.first + match.size]
            at = match.second + match.size
        if changed:
            for k, (chunk, numbers) in enumerate(rows):
                if not changed.isdisjoint(numbers):
                    shown[k] = self._row(chunk, numbers)
        self.shown = shown
        return shown

    def _inherit(self, version: int, gaps: Sequence[tuple[_Chunks, _Chunks]]) -> None:
        """Hand ids on from blocks that are gone to what they became, and give the others their own."""
        found = []
        for old, new in gaps:
            stayed = {number for _, numbers in old for number in numbers}
            found += [number for _, numbers in new for number in numbers if number not in stayed]
        for number in found:
            if number in self.names:  # text returns, and so does what it was known by, unless its heir stands, too
                self._take(number, self.names.pop(number), version)
        for number, before in self.heirs(version, lambda: list(self._became(version))):
            self.was.setdefault(number, []).extend(before)
            for one in before:
                self._take(number, self.names[one], version)
        for number in found:
            block = self.weave.found[number].item
            names = self.names.setdefault(number, ())
            if not is_heading(block) and block.kind not in NAMELESS and not any(map(_made, names)):
                name = self._new(block)
                self.holder[name] = number
                self.names[number] = (name, *names)

    def _became(self, version: int) -> Iterator[tuple[int, list[int]]]:
        """Which new strands are what became of others, and of which: those that the redline shows in one."""
        if not version:
            return
        olds, rows = self.weave.versions[version - 1], self.weave.versions[version]
        was, now = ([chunk for chunk, _ in side] for side in (olds, rows))
        same, found = redline.lined_up_first(was, now, self.weave.steps[version], self.memory)
        gone, come = (
            [number for gap in gaps for _, numbers in gap for number in numbers]
            for gaps in zip(*align.gaps(olds, rows, same), strict=True)
        )
        stay = set(come).intersection(gone)
        pairs = chain(found.pairs, (([a], [b]) for a, b in sorted(found.from_.items())))
        for firsts, seconds in pairs:
            new, before = come[seconds[0]], [gone[a] for a in firsts if gone[a] not in stay]
            if new not in stay and new not in self.names and before:
                yield new, before

    def _take(self, number: int, names: Names, version: int) -> None:
        """Give ids to a strand, save those that lead to another that stands."""
        free = []
        for name in names:
            holder = self.holder[name]
            if holder == number or not self.weave.found[holder].stands_in(version):
                self.holder[name] = number
                free.append(name)
        self.names[number] = (*self.names.get(number, ()), *free)

    def _new(self, block: Block) -> str:
        """An id made of words; one that was given before takes a number."""
        letters = b32encode(blake2b(text.plain(block).encode(), digest_size=10).digest()).decode().lower()
        first = f"p_{letters[:LETTERS]}"
        # No name is ever given back: of those that were given, none need be tried again.
        given = self.given[first] = self.given.get(first, 0) + 1
        return first if given == 1 else f"{first}-{given}"

    def _headings(self, version: int) -> set[int]:
        """Give the headings of a version the slugs that its text gives them; tells whose ids are others now."""
        found = [
            (number, block)
            for chunk, numbers in self.weave.versions[version]
            if chunk.has_headings
            for block, number in zip(chunk.blocks, numbers, strict=True)
            if is_heading(block)
        ]
        changed = set()
        slugs = text.anchors([block.contents[0].slug for _, block in found])
        for (number, _), slug in zip(found, slugs, strict=True):
            before = self.holder.get(slug)
            if before != number:
                self.holder[slug] = number
                changed.add(number)
                if before is not None:
                    changed.add(before)
            if self.names[number][:1] != (slug,):
                self.names[number] = (slug, *(name for name in self.names[number] if name != slug))
                changed.add(number)
        return changed

    def _row(self, chunk: Chunk, numbers: tuple[int, ...]) -> tuple[Names, ...]:
        """The ids of the blocks of a chunk."""
        return tuple(
            [
                self._shown(number) if block.kind not in NAMELESS else ()
                for block, number in zip(chunk.blocks, numbers, strict=True)
            ]
        )

    def _shown(self, number: int) -> Names:
        """What a strand is known by, its own id first."""
        names = [name for name in self.names[number] if self.holder[name] == number]
        if not is_heading(self.weave.found[number].item):
            names.sort(key=lambda name: not _made(name))
        return tuple(names)


def _made(name: str) -> bool:
    """Whether an id was made of the words of a block that is no heading; no slug holds a low line."""
    return "_" in name
