"""Two rows of words -> one, each stretch of it kept, removed or added.

A longest common subsequence alone is short but hard to read: words such as "the" stay behind
in the middle of a rewritten sentence. So three steps follow it:

    slide    an added or removed stretch moves to the border of a sentence or clause, where the words allow it
    clean    a word that stays behind between two changes weightier than itself is removed and added with them
    dress    kept words that wear something else (a link, emphasis) or are written in another form are told apart
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Literal

from inforce import align
from inforce.text import IMAGE, redressed
from inforce.unseen import without

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from inforce.text import Content, Look, Worn

ISLAND = 1
"""As many words between two changes stay only if they weigh more than either."""
MANY = 12
"""More words than this are weighty enough, whatever they are."""

_FEW = 8
"""Fewer kept words than this are not worth being cut in half to find out where their letters differ."""

# fmt: off
_SMALL = frozenset(
    (
        "a", "an", "the", "and", "or", "of", "to", "in", "on", "at", "by", "for", "with", "from", "as", "is", "are",
        "be", "was", "were", "it", "its", "this", "that", "these", "those", "we", "you", "your", "our", "us",
        "they", "their", "he", "she", "will", "may", "can", "shall", "not", "no", "if", "any", "all", "such",
        "other", "der", "die", "das", "und", "oder", "zu", "von", "mit", "den", "dem", "des", "ein", "eine", "le",
        "la", "les", "de", "du", "un", "une", "et", "ou", "en", "que", "el", "los", "las", "y", "o", "del", "se",
        "su", "il", "lo", "gli", "di", "e", "per", "con", "che",
    )
)
# fmt: on
"""Words that say little where they are left alone."""
_CLOSED_BY = {"(": ")", "[": "]", '"': '"', "\uff08": "\uff09", "\u300c": "\u300d", "\u300a": "\u300b"}
"""Brackets and quotes, as words are compared; all quotes are the same there."""
_OPENED_BY = {closing: opening for opening, closing in _CLOSED_BY.items()}
SENTENCE = frozenset(".!?\u3002\uff01\uff1f\u061f")
_CLAUSE = frozenset(",;:\u3001\uff0c\uff1b\uff1a")


@dataclass(slots=True, eq=False)
class Segment:
    """Some letters of one content, under one mark."""

    mark: Literal["=", "-", "+", "form", "join"]
    """``form``: kept, but written with another quote or dash; ``join``: two old blocks became one here."""
    content: Content
    start: int
    end: int
    gap: bool = True
    """Whether white space stands before it in its own text."""
    tail: bool = False
    """Whether removed words need a space after them, which the old text had."""
    was: Look | None = None
    """What kept words wore, if they wear something else now."""
    now: Look | None = None
    old: str = ""
    """How the letters were written, where only their form changed."""
    move: int = 0
    """Both places of a clause that moved bear the same number, from 1."""
    elsewhere: str | None = None
    """The heading under which its other place stands, if it is another one."""

    @property
    def letters(self) -> str:
        """Its letters, images left out."""
        return self.content.text[self.start : self.end].replace(IMAGE, "")

    @property
    def kinds(self) -> Iterator[Literal["words", "moved", "link", "image", "format", "join", "typography"]]:
        """What changed in it."""
        if self.mark in {"-", "+"}:
            yield "moved" if self.move else "words"
        elif self.mark == "form":
            yield "typography"
        elif self.mark == "join":
            yield "join"
        if self.was is not None and self.now is not None:
            if self.was.link != self.now.link:
                yield "link"
            if self.was.image != self.now.image:
                yield "image"
            if self.was.formats != self.now.formats:
                yield "format"

    @property
    def plain(self) -> bool:
        """Whether it bears no mark at all."""
        return self.mark == "=" and self.was is None


class Strip:
    """The words of one or more contents, in one row."""

    __slots__ = ("code", "contents", "ends", "looks", "owners", "starts", "words")

    def __init__(self, contents: Sequence[Content], codes: align.Codes) -> None:
        self.contents = contents
        if len(contents) == 1:
            self.words, self.starts, self.ends, self.looks = contents[0].words
            self.owners: Sequence[int] = [0] * len(self.words)
            self.code = codes.spelt(contents[0].text, self.words)
        else:
            every = [content.words for content in contents]
            self.words = tuple([key for w in every for key in w.keys])
            self.starts = tuple([start for w in every for start in w.starts])
            self.ends = tuple([end for w in every for end in w.ends])
            self.looks = tuple([look for w in every for look in w.looks])
            self.owners = [k for k, w in enumerate(every) for _ in w.keys]
            self.code = "".join([codes.spelt(c.text, w.keys) for c, w in zip(contents, every, strict=True)])

    def after(self, at: int) -> int:
        """Where the letters before a word of its content end."""
        return self.ends[at - 1] if at and self.owners[at - 1] == self.owners[at] else 0

    def gap(self, at: int) -> bool:
        """Whether white space stands before a word in its content."""
        return self.starts[at] > self.after(at)

    def apart(self, at: int) -> bool:
        """Whether white space, or the border of a content, stands before a word."""
        return at > 0 and (self.starts[at] > self.ends[at - 1] or self.owners[at] != self.owners[at - 1])

    def raw(self, at: int) -> str:
        """A word as it is written."""
        return self.contents[self.owners[at]].text[self.starts[at] : self.ends[at]]


def compare(olds: Sequence[Content], news: Sequence[Content], codes: align.Codes) -> tuple[list[list[Segment]], bool]:
    """For each new content its segments in order, and whether the work was too much and nothing was kept."""
    if len(olds) == len(news) == 1:
        if olds[0] is news[0]:
            return [unchanged(news[0])], False
        if olds[0].text == news[0].text:
            return [_same_text(olds[0], news[0])], False
    codes.nothing = "\x01"  # words beyond what can be told apart are the same as none of the other text
    old = Strip(olds, codes)
    codes.nothing = "\x02"
    new = Strip(news, codes)
    if old.code == new.code and old.code:
        return _Rows(old, new).told([align.Match(0, 0, len(old.code))]), False
    found = align.matches(old.code, new.code)
    kept = _balanced(_clean(_slide(found or [], old, new), old, new), old, new)
    return _Rows(old, new).told(_slide(kept, old, new)), found is None


def unchanged(content: Content) -> list[Segment]:
    """The segments of a content that stands as it stood."""
    start, end = content.reach
    row = [Segment("=", content, 0, end, start > 0)] if end else []
    if not end or end < len(content.text):
        row.append(Segment("=", content, end, len(content.text)))
    return row


def _same_text(old: Content, new: Content) -> list[Segment]:
    """The segments of a content whose letters are those of the old text: what they wore, and what they wear."""
    found = redressed(old, new)
    return by_words(old, new) if found is None else by_runs(found, new)


def by_runs(found: Sequence[Worn], new: Content) -> list[Segment]:
    """The same, where it is known which letters wear something else, and all others that are not white are words."""
    text = new.text
    row: list[Segment] = []
    spot = 0
    for start, end, was, now in found:
        if kept := text[spot:start].rstrip():
            row.append(Segment("=", new, spot, spot + len(kept), text[spot].isspace()))
            spot += len(kept)
        elif row and row[-1].was == was and row[-1].now == now:
            row[-1].end = spot = end
            continue
        row.append(Segment("=", new, spot, end, start > spot, was=was, now=now))
        spot = end
    if kept := text[spot:].rstrip():
        row.append(Segment("=", new, spot, spot + len(kept), text[spot].isspace()))
        spot += len(kept)
    if spot < len(text) or not row:
        row.append(Segment("=", new, spot, len(text)))
    return row


def by_words(old: Content, new: Content) -> list[Segment]:
    """The same, with a look at each word."""
    _, starts, ends, looks = new.words
    if old.words.looks == looks:
        return unchanged(new)
    row: list[Segment] = []
    at = spot = 0
    for (was, now), group in groupby(zip(old.words.looks, looks, strict=True)):
        size = len(list(group))
        at += size
        if was == now and row and row[-1].was is None:
            row[-1].end = ends[at - 1]
        elif was == now:
            row.append(Segment("=", new, spot, ends[at - 1], starts[at - size] > spot))
        else:
            row.append(Segment("=", new, spot, ends[at - 1], starts[at - size] > spot, was=was, now=now))
        spot = ends[at - 1]
    if spot < len(new.text):
        row.append(Segment("=", new, spot, len(new.text)))
    return row


# Readable borders


def _slide(kept: Sequence[align.Match], old: Strip, new: Strip) -> list[align.Match]:
    """Move stretches that are only added or only removed to the best border."""
    out = list(kept)
    ends = (len(old.code), len(new.code))
    for k in range(1, len(out) + 1):  # what stands before all that is kept has no words at its left to change with
        before = out[k - 1]
        after = out[k] if k < len(out) else align.Match(*ends, 0)
        a, b = before.first + before.size, before.second + before.size
        if (a == after.first) == (b == after.second):
            continue
        strip, low, high = (new, b, after.second) if a == after.first else (old, a, after.first)
        shift = _best_shift(strip, low, high, before.size, after.size)
        if shift:
            out[k - 1] = before._replace(size=before.size + shift)
            out[k : k + 1] = [align.Match(after.first + shift, after.second + shift, after.size - shift)]
    return [match for match in out if match.size]


def _best_shift(strip: Strip, low: int, high: int, left: int, right: int) -> int:
    """How far a stretch best moves, within the kept words at its left and right that allow it."""
    code = strip.code
    least = most = 0
    while -least < left and code[low + least - 1] == code[high + least - 1]:
        least -= 1
    while most < right and code[low + most] == code[high + most]:
        most += 1
    if least == most:
        return 0
    return max(range(least, most + 1), key=lambda s: (_border(strip, low + s, high + s), s == 0, s))


def _border(strip: Strip, low: int, high: int) -> int:
    """How well a stretch reads as one: it begins after a stop and ends with it."""
    words = strip.words
    before = words[low - 1] if low and strip.owners[low - 1] == strip.owners[low] else "."
    last = words[high - 1]
    score = 0
    if before in SENTENCE:
        score += 4
    elif before in _CLAUSE or before in "(\"'":
        score += 2
    if last in SENTENCE:
        score += 2 if before in SENTENCE else 0
    elif last in _CLAUSE:
        score += 1 if before in _CLAUSE else 0
    if words[low] in _CLAUSE or words[low] in SENTENCE:
        score += 1  # ", and carriers" reads better than "and carriers,"
    if strip.gap(low):
        score += 1
    return score


# Islands


def weight(word: str) -> float:
    """How much a word says."""
    if word in _SMALL:
        return 0.5
    return 1.0 if word[0].isalnum() or word[-1].isalnum() else 0.2


def _clean(kept: list[align.Match], old: Strip, new: Strip) -> list[align.Match]:
    """Take out what stays behind between weightier changes."""
    while True:
        out = _cleaned(kept, old, new)
        if len(out) == len(kept):
            return out
        kept = out


def _cleaned(kept: list[align.Match], old: Strip, new: Strip) -> list[align.Match]:
    """One pass of `_clean`, from left to right."""
    ends = align.Match(len(old.code), len(new.code), 0)
    out: list[align.Match] = []
    before = align.Match(0, 0, 0)
    for match, after in pairwise([*kept, ends]):
        one, two = _change(old, new, before, match), _change(old, new, match, after)
        if not (one and two and _weak(new, match, one, two)):
            out.append(match)
            before = match
    return out


def _change(old: Strip, new: Strip, before: align.Match, after: align.Match) -> float:
    """How much the change between two kept stretches says: the weightier of its sides."""
    gone = old.words[before.first + before.size : after.first]
    come = new.words[before.second + before.size : after.second]
    if len(gone) > MANY or len(come) > MANY:
        return float(MANY)
    return max(sum(map(weight, gone)), sum(map(weight, come)))


def _weak(strip: Strip, match: align.Match, one: float, two: float) -> bool:
    """Whether a stretch says too little to stay between two changes."""
    if match.size > MANY or strip.owners[match.second] != strip.owners[match.second + match.size - 1]:
        return False
    words = strip.words[match.second : match.second + match.size]
    held = sum(map(weight, words))
    few = sum(word[0].isalnum() or word[-1].isalnum() for word in words) <= ISLAND
    return held < min(one, two) / 2 or (few and held <= max(one, two))


def _balanced(kept: Sequence[align.Match], old: Strip, new: Strip) -> list[align.Match]:
    """Let brackets and quotes go with words that are exchanged within them.

    Not "thirty (30" is shown as gone, but "thirty (30)".
    """
    out = list(kept)
    for k, after in enumerate([*kept, align.Match(len(old.code), len(new.code), 0)]):
        before = out[k - 1] if k else align.Match(0, 0, 0)
        gone = old.words[before.first + before.size : after.first]
        come = new.words[before.second + before.size : after.second]
        if not gone or not come:
            continue
        places = range(after.second, after.second + after.size)
        if more := _closing(gone, come, _adjoining(new, places, 0), _CLOSED_BY):
            out[k] = align.Match(after.first + more, after.second + more, after.size - more)
            continue
        places = range(before.second + before.size - 1, before.second - 1, -1)
        if more := _closing(gone[::-1], come[::-1], _adjoining(new, places, 1), _OPENED_BY):
            out[k - 1] = before._replace(size=before.size - more)
    return [match for match in out if match.size]


def _adjoining(strip: Strip, places: Iterable[int], side: int) -> Iterator[str]:
    """Words one after another, as long as nothing parts each from the one before it (or behind, with 1 for `side`)."""
    for at in places:
        if strip.apart(at + side):
            return
        yield strip.words[at]


def _closing(gone: Sequence[str], come: Sequence[str], nexts: Iterable[str], pairs: Mapping[str, str]) -> int:
    """How many of the words that follow close what both rows of words have opened."""
    more = 0
    waiting: tuple[list[str], list[str]] | None = None
    for word in nexts:
        if word not in pairs.values():
            break
        waiting = waiting or (_waiting(gone, pairs), _waiting(come, pairs))
        if not all(each and each.pop() == word for each in waiting):
            break
        more += 1
    return more


def _waiting(words: Iterable[str], pairs: Mapping[str, str]) -> list[str]:
    """What would close what words have opened, the next one last."""
    found: list[str] = []
    for word in words:
        if found and word == found[-1]:
            found.pop()
        elif word in pairs:
            found.append(pairs[word])
    return found


# Segments


class _Rows:
    """The segments of each new content, in the making."""

    def __init__(self, old: Strip, new: Strip) -> None:
        self.old = old
        self.new = new
        self.rows: list[list[Segment]] = [[] for _ in new.contents]
        self.spots = [0] * len(new.contents)
        """Up to where each content is told."""

    def told(self, kept: Sequence[align.Match]) -> list[list[Segment]]:
        """What is kept, removed and added, in the order in which it is shown."""
        at_old = at_new = 0
        for match in [*kept, align.Match(len(self.old.code), len(self.new.code), 0)]:
            if at_old < match.first:
                row = self.rows[self.new.owners[at_new - 1]] if at_new else self.rows[0]
                row.extend(self._removed(at_old, match.first))
            for first, last in _parted(self.new, at_new, match.second):
                self._add(first, last)
            for a, b, size in _alike(match, self.old, self.new):
                self._keep(a, b)
                if size > 1:
                    owner = self.new.owners[b]
                    self.rows[owner][-1].end = self.spots[owner] = self.new.ends[b + size - 1]
            at_old, at_new = match.first + match.size, match.second + match.size
        for row, spot, content in zip(self.rows, self.spots, self.new.contents, strict=True):
            if spot < len(content.text) or not row:
                row.append(Segment("=", content, spot, len(content.text)))
        return self.rows

    def _removed(self, first: int, last: int) -> Iterator[Segment]:
        old = self.old
        for low, high in _parted(old, first, last):
            content = old.contents[old.owners[low]]
            if low and old.owners[low] != old.owners[low - 1]:
                yield Segment("join", content, 0, 0)
            yield Segment("-", content, old.starts[low], old.ends[high - 1], old.apart(low))

    def _add(self, first: int, last: int) -> None:
        owner = self.new.owners[first]
        end = self.new.ends[last - 1]
        self.rows[owner].append(Segment("+", self.new.contents[owner], self.spots[owner], end, self.new.gap(first)))
        self.spots[owner] = end

    def _keep(self, a: int, b: int) -> None:
        """Add a kept word to the segments of its content."""
        old, new = self.old, self.new
        owner = new.owners[b]
        row, spot, content = self.rows[owner], self.spots[owner], new.contents[owner]
        end = self.spots[owner] = new.ends[b]
        if a and old.owners[a] != old.owners[a - 1] and row:
            row.append(Segment("join", content, spot, spot))
        gap = new.gap(b)
        if not gap and old.apart(a) and row and row[-1].mark in {"-", "+"}:
            _part(row, old, a)
        was, now = (None, None) if old.looks[a] == new.looks[b] else (old.looks[a], new.looks[b])
        kept = Segment("=", content, spot, end, gap, was=was, now=now)
        raw_old, raw_new = old.raw(a), new.raw(b)
        last = row[-1] if row else None
        if raw_old != raw_new and (other := without(raw_old)) != (mine := without(raw_new)):
            row.extend(_formed(kept, new.starts[b], (raw_old, raw_new) if mine != raw_new else (other, mine)))
        elif last is not None and last.mark == "=" and (last.was, last.now, last.end) == (was, now, spot):
            last.end = end
        else:
            row.append(kept)


def _alike(match: align.Match, old: Strip, new: Strip) -> Iterator[tuple[int, int, int]]:
    """A kept stretch cut into pieces that changed alike and whose letters are the same, and else word by word."""
    a, b, size = match
    if size and len(old.contents) == len(new.contents) == 1 and old.looks[a : a + size] == new.looks[b : b + size]:
        yield from _same_letters(a, b, size, old, new)
        return
    dress = [
        None if was == now else (was, now)
        for was, now in zip(old.looks[a : a + size], new.looks[b : b + size], strict=True)
    ]
    owners = list(zip(old.owners[a : a + size], new.owners[b : b + size], strict=True))
    first = 0
    while first < size:
        last = first + 1
        while last < size and dress[last] == dress[first] and owners[last] == owners[first]:
            last += 1
        yield from _same_letters(a + first, b + first, last - first, old, new)
        first = last


def _same_letters(a: int, b: int, size: int, old: Strip, new: Strip) -> Iterator[tuple[int, int, int]]:
    """A stretch cut in halves until the letters of each are the same, white space aside, or few words are left."""
    one = old.contents[old.owners[a]].text[old.starts[a] : old.ends[a + size - 1]]
    two = new.contents[new.owners[b]].text[new.starts[b] : new.ends[b + size - 1]]
    if one == two or one.split() == two.split():
        yield a, b, size
    elif size <= _FEW:
        yield from ((a + k, b + k, 1) for k in range(size))
    else:
        half = size // 2
        yield from _same_letters(a, b, half, old, new)
        yield from _same_letters(a + half, b + half, size - half, old, new)


def _parted(strip: Strip, first: int, last: int) -> Iterator[tuple[int, int]]:
    """A stretch of words cut at the borders of contents."""
    while first < last:
        end = first + 1
        while end < last and strip.owners[end] == strip.owners[first]:
            end += 1
        yield first, end
        first = end


def _part(row: list[Segment], old: Strip, a: int) -> None:
    """Words that were apart in the old text stay apart in it, though nothing parts them in the new."""
    for at in (-1, -2):
        if len(row) >= -at and row[at].mark == "-":
            row[at].tail = True
            return
    content = old.contents[old.owners[a]]
    row.insert(len(row) - 1, Segment("-", content, old.starts[a], old.starts[a], gap=False, tail=True))


def _formed(kept: Segment, start: int, forms: tuple[str, str]) -> Iterator[Segment]:
    """A kept word of which some letters, from ``start``, are written in another form than they were."""
    other, mine = forms
    at = kept.start
    if len(other) != len(mine):  # told as a whole
        spans = [(0, kept.end - start, other)]
    else:
        spans = [(k, k + 1, c) for k, (c, d) in enumerate(zip(other, mine, strict=True)) if c != d]
    for low, high, before in spans:
        if at < start + low:
            yield replace(kept, start=at, end=start + low)
        at = start + high
        yield replace(kept, mark="form", start=start + low, end=at, old=before)
    if at < kept.end:
        yield replace(kept, start=at)
