"""Where the blocks of both texts stand in one: lists, quotes and tables woven together.

The nests of the new text stay exactly as they are. An old nest is shown as the new one that
it became, if most of its words are there; what is left of the others is shown in nests of its own,
put where it breaks no nest of the new text:

    old  ul(A B) P ul(C)      new  ul(A C)      shown  ul(A -B- [P] C)     [P] is told to have changed its level
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from inforce import align

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from inforce.pairing import Leaf, Pairing
    from inforce.text import Nest

ALIKE = 0.3
"""How alike the cells of two columns must be on average for the columns to be each other."""

Path = tuple[int, ...]
Columns = list[tuple[int | None, int | None]]
"""The columns of a table as shown: which they were, and which they are."""


def family(nest: Nest) -> str:
    """What sort of nest it is; lists with and without numbers are one."""
    return "list" if nest.tag in {"ul", "ol"} else nest.tag


class Nests:
    """The nests of both texts, and which old ones became which new ones."""

    def __init__(self, found: Pairing) -> None:
        self.tags = found.nests
        self.became: dict[int, int] = {}
        """New nests by the old ones."""
        self.columns: dict[int, Columns] = {}
        """The columns of tables that became each other, by the new one."""
        self._became(found)
        _mind_tables(self.became, found)
        self._columns(found)

    def _became(self, found: Pairing) -> None:
        votes: dict[tuple[int, int], int] = {}
        depths: dict[int, int] = {}
        above: dict[int, int | None] = {}
        for olds, news in found.pairs:
            if found.olds[olds[0]].gap in found.steady:
                self.became.update(zip(found.olds[olds[0]].path, found.news[news[0]].path, strict=True))
                continue
            for old, new in product([found.olds[a] for a in olds], [found.news[b] for b in news]):
                vote = 1 + min(len(old.code), len(new.code))
                outer_old = outer_new = None
                for depth, pair in enumerate(zip(old.path, new.path, strict=False)):
                    votes[pair] = votes.get(pair, 0) + vote
                    depths[pair[0]] = depth
                    above[pair[0]], above[pair[1]] = outer_old, outer_new
                    outer_old, outer_new = pair
        order = {pair: k for k, pair in enumerate(votes)}

        def rank(vote: tuple[tuple[int, int], int]) -> tuple[int, int, int]:
            pair, weight = (
                vote  # of tables the first are each other, so that the head stays on top; else the most alike
            )
            return depths[pair[0]], order[pair] if self.tags[pair[1]].tag == "table" else -weight, order[pair]

        taken: set[int] = set()
        for (a, b), _ in sorted(votes.items(), key=rank):
            if a in self.became or b in taken or family(self.tags[a]) != family(self.tags[b]):
                continue
            if self.became.get(above[a] or 0) == above[b]:
                self.became[a] = b
                taken.add(b)

    def _columns(self, found: Pairing) -> None:
        rows: dict[int, list[tuple[Leaf, Leaf]]] = {}
        for olds, news in found.pairs:
            old, new = found.olds[olds[0]], found.news[news[0]]
            if old.sort in {"head", "row"} and self.became.get(old.path[-1]) == new.path[-1]:
                rows.setdefault(new.path[-1], []).append((old, new))
        for table, pairs in rows.items():
            self.columns[table] = _aligned(pairs)

    def slot(self, leaf: Leaf, row: Sequence[Path], first: int) -> tuple[int, Path]:
        """Where an old block is shown between new ones: after which of a row of paths, and in which nests."""
        known = []
        for number in leaf.path:
            if number not in self.became:
                break
            known.append(self.became[number])
        for depth in range(len(known), -1, -1):
            wanted = tuple(known[:depth])
            for k in range(first, len(row) - 1):
                pinned = shared(row[k], row[k + 1])
                if wanted[: len(pinned)] == pinned and wanted in (row[k][:depth], row[k + 1][:depth]):
                    return k, wanted + leaf.path[depth:]
        return first, self._forced(leaf.path, row[first], shared(row[first], row[first + 1]))

    def _forced(self, path: Path, before: Path, pinned: Path) -> Path:
        """Where a block is shown that stood outside of what is now one list, quote or table."""
        if self.tags[pinned[-1]].tag == "table":
            return pinned
        inner = path[len(pinned) :]
        same = [family(self.tags[k]) for k in path[: len(pinned)]] == [family(self.tags[k]) for k in pinned]
        listed = self.tags[pinned[-1]].tag in {"ul", "ol"}
        if same and (inner or not listed):
            return pinned + inner
        return (before[: len(pinned) + 1] if listed else pinned) + path


def _mind_tables(became: dict[int, int], found: Pairing) -> None:
    """Rows of tables that are not each other are each other only if they have the same columns; heads never.

    The heads of two tables that are each other are, too.
    """
    pairs = []
    for olds, news in found.pairs:
        old, new = found.olds[olds[0]], found.news[news[0]]
        if (
            old.sort not in {"head", "row"}
            or became.get(old.path[-1]) == new.path[-1]
            or (old.sort == "row" and len(old.cells) == len(new.cells))
        ):
            pairs.append((olds, news))
    paired = {a for olds, _ in pairs for a in olds}
    heads = {leaf.path[-1]: leaf.place for leaf in found.news if leaf.sort == "head"}
    for leaf in found.olds:
        if leaf.sort == "head" and leaf.place not in paired and leaf.path[-1] in became:
            place = heads[became[leaf.path[-1]]]
            if all((olds[0] < leaf.place) == (news[0] < place) for olds, news in pairs):
                pairs.append(([leaf.place], [place]))
    found.pairs[:] = sorted(pairs)


def _aligned(pairs: Sequence[tuple[Leaf, Leaf]]) -> Columns:
    """Which columns of two tables are each other, by the cells of the rows that are."""
    width_old, width_new = (max(len(pair[k].cells) for pair in pairs) for k in (0, 1))
    sample = [*pairs[:8], *pairs[8::16]]

    def alike(i: int, j: int) -> float:
        return sum(_alike(old.cells, new.cells, i, j) for old, new in sample) / len(sample)

    if width_old == width_new:
        return [(k, k) for k in range(width_old)]
    weighed = [(i, j, w) for i in range(width_old) for j in range(width_new) if (w := alike(i, j)) > ALIKE]
    out: Columns = []
    at_old = at_new = 0
    for i, j in [*align.heaviest(weighed), (width_old, width_new)]:
        out += [(k, None) for k in range(at_old, i)]
        out += [(None, k) for k in range(at_new, j)]
        if i < width_old:
            out.append((i, j))
        at_old, at_new = i + 1, j + 1
    return out


def _alike(old: Sequence[str], new: Sequence[str], i: int, j: int) -> float:
    if old[i] == new[j]:
        return 1.0 if old[i] else 0.5
    return align.similarity(old[i], new[j])


def shared(one: Path, two: Path) -> Path:
    """The nests that two paths have in common."""
    size = 0
    while size < len(one) and size < len(two) and one[size] == two[size]:
        size += 1
    return one[:size]


def mixed(paths: Iterable[Path], tags: dict[int, Nest]) -> set[int]:
    """The numbered lists of the new text in which items of the old are shown, whose numbers must not count."""
    return {
        path[k - 1]
        for path in paths
        for k, number in enumerate(path)
        if k and number < 0 < path[k - 1] and tags[number].tag == "li" and tags[path[k - 1]].tag == "ol"
    }
