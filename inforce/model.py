"""Policies, versions, and where each stands on a day.

A version is posted on one day and governs from a later one; until then it is pending, and the text in force
stays in force. One rule decides which version governs:

    of the versions whose day has come and that were not withdrawn before it, the last in order governs

where the order is that of posting, a correction standing right after what it corrects:

    posted       effective                     10 March       15 April       1 June
    1 January    1 January                     in force       superseded     superseded
    1 March      1 June                        pending        overtaken      overtaken
    10 March     15 April                      pending        in force       in force

Force only ever moves forward in that order: the latest effective day would be the wrong test, for then the slower
text would come back over the one that overtook it.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from inforce.errors import Place


class Standing(StrEnum):
    """Where a version stands on a day."""

    UNPOSTED = "unposted"
    PENDING = "pending"
    IN_FORCE = "in force"
    SUPERSEDED = "superseded"
    OVERTAKEN = "overtaken"
    WITHDRAWN = "withdrawn"


class Fault(NamedTuple):
    """What keeps facts from being a version or a policy: the fact, a code, what is wrong and what to write instead."""

    version: str
    fact: str
    """The front-matter key that the author should look at."""
    code: str
    what: str
    remedy: str


class FaultyError(ValueError):
    """Facts that contradict each other; carries every fault found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.what for fault in self.faults))


class Postponement(NamedTuple):
    """An effective day that became another one."""

    announced: date
    to: date
    """The effective day from then on, later or earlier than before."""
    note: str = ""


class Origin(NamedTuple):
    """The commit that posted a version, and the path of its text in it."""

    commit: str
    """Its whole id."""
    day: date
    """That of its committer date."""
    path: str
    """From the project's root, with ``/``."""


@dataclass(frozen=True, slots=True)
class Version:
    """One posted text of a policy."""

    id: str
    title: str
    posted: date
    effective: date | None
    """The day from which it governs, as stated or by the rule, postponements apart; None for a correction,
    which takes effect with the version that it corrects."""
    body: str
    place: Place
    """The line on which the text begins."""
    summary: str = ""
    """Markdown."""
    corrects: str = ""
    """The id of the version of which this is a corrected text; empty for a version in its own right."""
    reason: str = ""
    label: str = ""
    """What the author calls it: the front-matter key ``version``."""
    postponed: tuple[Postponement, ...] = ()
    withdrawn: date | None = None
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)
    """On which line of its file each fact stands, for messages; under ``#`` and its name, where a comment ends it."""
    pictures: Mapping[str, Callable[[], bytes]] = field(default_factory=dict, compare=False, repr=False)
    """The pictures beside it, by their path from it; read only when they are published."""
    origin: Origin | None = field(default=None, compare=False)
    """Where it comes from, if git knows."""

    def __post_init__(self) -> None:
        faults = tuple(self._faults())
        if faults:
            raise FaultyError(faults)

    def _faults(self) -> Iterator[Fault]:
        if self.effective is None:
            if not self.corrects:
                yield Fault(self.id, "effective", "effective-missing", "no effective day", "Give one.")
            if self.postponed:
                yield Fault(
                    self.id,
                    "postponed",
                    "correction-postponed",
                    "a correction is postponed, but it takes effect with the version that it corrects",
                    f"Write the postponement in {self.corrects}, and leave it out here.",
                )
            return
        if self.effective < self.posted:
            yield Fault(
                self.id,
                "effective",
                "effective-before-posted",
                f"effective {self.effective} is before posted {self.posted}",
                "A version cannot take effect before it is posted. Give a later day, or leave it out for the rule.",
            )
        yield from self._postponed_faults(self.effective)

    def _postponed_faults(self, until: date) -> Iterator[Fault]:
        turned = next((pair for pair in pairwise(self.postponed) if pair[0].announced > pair[1].announced), None)
        if turned:
            yield Fault(
                self.id,
                "postponed",
                "postponed-out-of-order",
                f"the postponement of {turned[1].announced} stands below that of {turned[0].announced}",
                "List postponements oldest first, the newest one last.",
            )
            return
        before = self.posted
        for one in self.postponed:
            if not before <= one.announced < until:
                yield Fault(
                    self.id,
                    "postponed",
                    "postponed-too-late" if one.announced >= until else "postponed-too-early",
                    f"postponed on {one.announced}, but the version was posted on {self.posted} "
                    f"and would have taken effect on {until}",
                    _while_pending("`announced` is", before, until),
                )
            if one.to < one.announced:
                yield Fault(
                    self.id,
                    "postponed",
                    "postponed-into-the-past",
                    f"postponed on {one.announced} to {one.to}, a day that had passed",
                    f"Give a `to` that is {one.announced} or later.",
                )
            if self.withdrawn is not None and one.announced >= self.withdrawn:
                yield Fault(
                    self.id,
                    "postponed",
                    "postponed-too-late",
                    f"postponed on {one.announced}, but the version was withdrawn on {self.withdrawn}",
                    "What was taken back can no longer be postponed: leave one of the two out.",
                )
            before, until = _after(one.announced), one.to
        if self.withdrawn is not None:
            yield from withdrawal_faults(self, self.announced(self.withdrawn))

    @property
    def sha256(self) -> str:
        """The SHA-256 of the bytes of its text, in hexadecimal."""
        return text_sum(self.body)

    def at(self, fact: str) -> Place:
        """Where a fact stands; one that is left out, at the head of the file."""
        return self.place._replace(line=self.lines.get(fact, 1))

    def but(self, **facts: Any) -> Version:  # noqa: ANN401 - any of its facts
        """The same version, with some facts that are others. Raises FaultyError where they contradict each other."""
        return replace(self, **facts)

    def announced(self, on: date) -> date:
        """The effective day as announced by a day; for a correction alone, its posting day."""
        said = self.effective or self.posted
        if not self.postponed:
            return said
        return next((one.to for one in reversed(self.postponed) if one.announced <= on), said)


def _after(day: date) -> date:
    """The day after another; the last that there is has none."""
    return day + timedelta(days=1) if day < date.max else day


def text_sum(body: str) -> str:
    """The SHA-256 of the bytes of a text, in hexadecimal."""
    return hashlib.sha256(body.encode()).hexdigest()


class Filed(Version):
    """A version whose text lies in a file, and is read again each time it is asked for.

    So a history of any length is in memory but for its texts; what its text was when it was first read is told by its
    sum. Whoever reads the file raises an error of their own where it is another by then.
    """

    __slots__ = ("_read", "_sum")

    _read: Callable[[], str]
    _sum: str

    @classmethod
    def of(cls, version: Version, read: Callable[[], str], sum_: str) -> Filed:
        """A version without its text, and how that is read."""
        return cls.made({name: getattr(version, name) for name in _FACTS}, read, sum_)

    @classmethod
    def made(cls, facts: Mapping[str, object], read: Callable[[], str], sum_: str) -> Filed:
        """One made of the facts of a version, which have been looked over before."""
        made = object.__new__(cls)
        for name, value in facts.items():
            _PUT[name](made, value)
        _PUT["_read"](made, read)
        _PUT["_sum"](made, sum_)
        return made

    @property
    def text(self) -> Callable[[], str]:
        """What reads its text."""
        return self._read

    @property
    def body(self) -> str:
        """Its text."""
        return self._read()

    @property
    def sha256(self) -> str:
        """The SHA-256 of the bytes of its text, in hexadecimal."""
        return self._sum

    def but(self, **facts: Any) -> Filed:  # noqa: ANN401 - any of its facts
        """The same version, with some facts that are others. Raises FaultyError where they contradict each other."""
        made = self.made({**self._facts(), **facts}, self._read, self._sum)
        made.__post_init__()
        return made

    def _facts(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in _FACTS}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Version):
            return NotImplemented
        same = all(getattr(self, name) == getattr(other, name) for name in _COMPARED)
        return same and self.sha256 == other.sha256

    def __hash__(self) -> int:
        return hash((self.id, self.posted))

    def __reduce__(self) -> tuple[object, ...]:
        return Filed.made, (self._facts(), self._read, self._sum)


_FACTS = tuple(one.name for one in fields(Version) if one.name != "body")
_PUT = {name: getattr(Filed, name).__set__ for name in (*_FACTS, "_read", "_sum")}
"""How each fact is put into a version that is made of what was looked over before."""
_COMPARED = tuple(one.name for one in fields(Version) if one.compare and one.name != "body")


def withdrawal_faults(version: Version, effective: date) -> Iterator[Fault]:
    """Whether a version was withdrawn while it was pending."""
    withdrawn = version.withdrawn
    if withdrawn is None or version.posted <= withdrawn < effective:
        return
    yield Fault(
        version.id,
        "withdrawn",
        "withdrawn-too-late" if withdrawn >= effective else "withdrawn-before-posted",
        f"withdrawn {withdrawn}, but the version was posted on {version.posted} and takes effect on {effective}",
        _while_pending("Only a pending version can be withdrawn: give", version.posted, effective),
    )


def _while_pending(how: str, first: date, until: date) -> str:
    """Which days there are for an announcement about a version that is pending until a day."""
    days = f"{how} a day from {first} to the day before {until}. " if first < until else ""
    return f"{days}A version that has taken effect can only be followed by a new one."


class Period(NamedTuple):
    """The days through which a version governs."""

    first: date
    until: date | None
    """The day on which another version takes over, exclusive; None while none is known."""

    @property
    def last(self) -> date | None:
        """The last day, inclusive, as words say it; None while none is known."""
        return self.until and self.until - timedelta(days=1)


class Entry(NamedTuple):
    """A version as it stands on a day."""

    version: Version
    standing: Standing
    effective: date
    """The day from which it governs, or would have, after the postponements known by then."""
    withdrawn: date | None
    """The day on which it, or the version that it corrects, was withdrawn, if that was known by then."""
    in_force: Period | None
    """When it governed or will, by what was known; None for a version that never does."""
    postponed: tuple[Postponement, ...]
    """Those announced by then."""
    follows: Version | None
    """The nearest before it in order that was not withdrawn: its redline shows what changed from there."""

    @property
    def id(self) -> str:
        """The id of the version."""
        return self.version.id


class Announced(NamedTuple):
    """What was said of a pending version: its effective day, and the days through which that held."""

    entry: Entry
    effective: date
    held: Period


@dataclass(frozen=True)
class Timeline:
    """A policy as it stands on a day, by what was known on it; the site is silent on all that is unposted."""

    on: date
    entries: tuple[Entry, ...]
    """The versions posted by then, in the order in which they follow each other."""

    @cached_property
    def in_force(self) -> Entry | None:
        """The version that governs."""
        return next((entry for entry in self.entries if entry.standing is Standing.IN_FORCE), None)

    @cached_property
    def pending(self) -> tuple[Entry, ...]:
        """The versions whose day lies ahead, in order."""
        return tuple(entry for entry in self.entries if entry.standing is Standing.PENDING)

    @cached_property
    def next_change(self) -> date | None:
        """The next day on which, by what is posted, another version takes over."""
        return min((entry.effective for entry in self.pending), default=None)

    @cached_property
    def governing(self) -> tuple[Entry, ...]:
        """The versions that governed or will, in order: each takes over from the one before."""
        return tuple(entry for entry in self.entries if entry.in_force)

    @cached_property
    def changes(self) -> tuple[date, ...]:
        """The coming days on which, by what is posted, another version takes over, in order."""
        periods = (entry.in_force for entry in self.governing)
        return tuple(period.first for period in periods if period and period.first > self.on)

    @cached_property
    def since(self) -> date:
        """The last day on which anything changed: from then on it stands as it does."""
        days = (
            day
            for entry in self.entries
            for day in (
                entry.version.posted,
                entry.withdrawn,
                entry.in_force.first if entry.in_force else None,
                *(one.announced for one in entry.postponed),
            )
            if day is not None and day <= self.on
        )
        return max(days)

    @cached_property
    def announced(self) -> tuple[Announced, ...]:
        """Every effective day that was announced ahead, by the day of its announcement, then in order."""
        found = [one for entry in self.entries for one in self._announced(entry)]
        return tuple(sorted(found, key=lambda one: one.held.first))

    def _announced(self, entry: Entry) -> Iterator[Announced]:
        governs = self._governs_from[self._places[entry.id]]
        taken = governs.in_force.first if governs and governs.in_force else entry.effective
        end = min(taken, entry.withdrawn or taken)
        posted, root = entry.version.posted, entry
        while corrected := self.entry(root.version.corrects):
            root = corrected  # it takes effect with that one, whatever is announced of it
        said = [(posted, max(posted, root.version.announced(posted)))]
        said += [(one.announced, one.to) for one in root.postponed if one.announced > posted]
        for (first, effective), following in zip(said, [*(day for day, _ in said[1:]), end], strict=True):
            until = min(following, end)
            if first < until:
                yield Announced(entry, effective, Period(first, until))

    def later(self, day: date) -> Timeline:
        """Where each version will stand on a later day, by what is known on this one."""
        periods = [(n, entry.in_force) for n, entry in enumerate(self.entries) if entry.in_force]
        governs = max((n for n, period in periods if period.first <= day), default=-1)
        entries = (
            entry._replace(
                standing=_standing(n, governs, withdrawn=entry.withdrawn is not None, ever=entry.in_force is not None),
            )
            for n, entry in enumerate(self.entries)
        )
        return Timeline(day, tuple(entries))

    def entry(self, id_: str) -> Entry | None:
        """The version of an id, if it is posted."""
        return self._by_id.get(id_)

    @cached_property
    def _by_id(self) -> dict[str, Entry]:
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {entry.id: place for place, entry in enumerate(self.entries)}

    @cached_property
    def _governs_from(self) -> list[Entry | None]:
        """For each entry the first from it on that governs; asked of every version, so found in one pass."""
        found: list[Entry | None] = []
        for entry in reversed(self.entries):
            found.append(entry if entry.in_force else found[-1] if found else None)
        return found[::-1]

    @cached_property
    def _corrections(self) -> dict[str, tuple[Entry, ...]]:
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            found[entry.version.corrects].append(entry)
        return {id_: tuple(entries) for id_, entries in found.items()}

    def successor(self, entry: Entry) -> Entry | None:
        """The version that takes over from one that governs; None while none is known."""
        return self._begins.get(entry.in_force.until) if entry.in_force else None

    @cached_property
    def _begins(self) -> dict[date | None, Entry]:
        return {entry.in_force.first: entry for entry in self.governing if entry.in_force}

    def overtaker(self, entry: Entry) -> Entry | None:
        """The version that takes effect before a slower one, which so never governs; None if none does."""
        if entry.in_force or entry.withdrawn:
            return None
        return self._governs_from[self._places[entry.id]]

    @property
    def titled(self) -> Version:
        """The version whose title stands for the policy: that in force, else the next to come, else the last."""
        return (self.in_force or next(iter(self.pending), None) or self.entries[-1]).version

    @cached_property
    def title(self) -> str:
        """The title that stands for the policy."""
        return self.titled.title

    def mends(self, other: Entry, entry: Entry) -> bool:
        """Whether a version corrects another, itself or by way of others."""
        corrected = self.entry(other.version.corrects)
        while corrected is not None and corrected.id != entry.id:
            corrected = self.entry(corrected.version.corrects)
        return corrected is not None

    def kin(self, one: Entry, other: Entry) -> bool:
        """Whether of two versions one corrects the other, or both correct one; itself or by way of others."""
        return self._roots[one.id] == self._roots[other.id]

    @cached_property
    def _roots(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for entry in self.entries:  # a correction stands after what it corrects
            found[entry.id] = found.get(entry.version.corrects, entry.id)
        return found

    def corrections(self, entry: Entry) -> tuple[Entry, ...]:
        """The recorded errata of a version, in order."""
        return self._corrections.get(entry.id, ())


@dataclass(frozen=True)
class Policy:
    """One document with a history: its versions in the order in which they follow each other."""

    id: str
    """Its address, too."""
    versions: tuple[Version, ...]
    notice: int = 30
    """The notice period in days."""
    language: str = "en"
    given_title: str = ""
    """The title from the settings; empty: each version's own."""
    at_hand: str = field(default="", compare=False)
    """Where versions are read from a history, the one whose text is checked out: those of older commits cannot be
    mended any more. Empty where each is a file."""

    @classmethod
    def of(
        cls,
        id_: str,
        versions: Iterable[Version],
        *,
        notice: int = 30,
        language: str = "en",
        given_title: str = "",
    ) -> Policy:
        """Put versions in order; raises FaultyError where they contradict each other."""
        listed = list(versions)
        known = {version.id: version for version in listed}
        round_: dict[str, bool] = {}
        faults = [fault for version in listed for fault in _correction_faults(version, known, round_)]
        if not faults:
            descents = _descents(known)
            listed.sort(key=lambda version: _order(version, descents[version.id]))
            faults = [*_same_day_faults(listed, descents), *_withdrawn_corrections(listed, descents)]
        if faults:
            raise FaultyError(faults)
        return cls(id_, tuple(listed), notice, language, given_title)

    def __post_init__(self) -> None:
        if not self.versions:
            raise ValueError(f"{self.id} has no versions")
        if len(self._known) < len(self.versions):
            raise ValueError(f"{self.id} has two versions of one id")

    @cached_property
    def _known(self) -> dict[str, Version]:
        return {version.id: version for version in self.versions}

    @cached_property
    def _descents(self) -> dict[str, _Descent]:
        return _descents(self._known)

    def effective(self, version: Version, on: date) -> date:
        """The day from which a version governs, by what was announced by a day.

        A correction takes effect with the version that it corrects, or at posting if that day has passed.
        """
        if not version.corrects:
            return version.announced(on)
        return max(version.posted, self._descents[version.id].root.announced(on))

    def withdrawn(self, version: Version, on: date) -> date | None:
        """The day on which a version was withdrawn, if that was known by a day; a correction falls with its version."""
        if not version.corrects:
            return version.withdrawn if version.withdrawn is not None and version.withdrawn <= on else None
        return next((day for day in self._descents[version.id].withdrawn if day <= on), None)

    def hastened(self, entry: Entry) -> bool:
        """Whether the notice of a version was shorter than the rule, by any of the days that were announced."""
        said = (entry.version.effective or entry.effective, *(one.to for one in entry.postponed))
        return any((day - entry.version.posted).days < self.notice for day in said)

    def as_of(self, on: date) -> Timeline:
        """Where each version stands on a day."""
        timeline = self._timelines.get(on)
        if timeline is None:
            self._timelines.clear()  # the day that is asked for again is the one that was asked for last
            timeline = self._timelines[on] = self._as_of(on)
        return timeline

    @cached_property
    def _timelines(self) -> dict[date, Timeline]:
        return {}

    def _as_of(self, on: date) -> Timeline:
        posted = [version for version in self.versions if version.posted <= on]
        withdrawn = [self.withdrawn(version, on) for version in posted]
        effective = [self.effective(version, on) for version in posted]
        periods = _periods(effective, withdrawn)
        governs = max((n for n, period in periods.items() if period.first <= on), default=-1)
        entries: list[Entry] = []
        follows: Version | None = None
        for n, version in enumerate(posted):
            standing = _standing(n, governs, withdrawn=withdrawn[n] is not None, ever=n in periods)
            known = version.postponed and tuple(one for one in version.postponed if one.announced <= on)
            entries.append(Entry(version, standing, effective[n], withdrawn[n], periods.get(n), known, follows))
            if not withdrawn[n]:
                follows = version
        return Timeline(on, tuple(entries))

    def told(self) -> Iterator[date]:
        """The days on which anything is made known about it: postings, postponements, withdrawals."""
        for version in self.versions:
            yield version.posted
            yield from (one.announced for one in version.postponed)
            if version.withdrawn:
                yield version.withdrawn

    def next_day(self, on: date) -> date | None:
        """The next day on which anything about this policy changes, coming postings and announcements included."""
        told = (day for day in self.told() if day > on)
        return min((*told, *(entry.effective for entry in self.as_of(on).pending)), default=None)

    def next_stated(self, on: date) -> date | None:
        """The next day before which no day that this policy states lies otherwise to today than it does now.

        Each day is counted, and the one after: some ask whether a day has come, some whether it has passed.
        """
        stated = {
            day
            for version in self.versions
            for day in (
                version.posted,
                version.announced(version.posted),
                version.withdrawn,
                *(day for one in version.postponed for day in (one.announced, one.to)),
            )
            if day is not None and day < date.max
        }
        return min((one for day in stated for one in (day, day + timedelta(days=1)) if one > on), default=None)


def _standing(place: int, governs: int, *, withdrawn: bool, ever: bool) -> Standing:
    """Where a version stands by its place in the order, that of the one which governs, and whether it ever does."""
    if withdrawn:
        return Standing.WITHDRAWN
    if place > governs:
        return Standing.PENDING
    if place == governs:
        return Standing.IN_FORCE
    return Standing.SUPERSEDED if ever else Standing.OVERTAKEN


def _periods(effective: list[date], withdrawn: list[date | None]) -> dict[int, Period]:
    """When each version governs, by its place in the order; the days of force move forward in it."""
    standing = [n for n, day in enumerate(withdrawn) if day is None]
    starts: list[tuple[date, int]] = []
    # From the last in order backwards: a version governs only if it takes effect before all that follow it.
    for n in reversed(standing):
        if not starts or effective[n] < starts[-1][0]:
            starts.append((effective[n], n))
    ends = [None, *(first for first, _ in starts)]
    return {n: Period(first, until) for (first, n), until in zip(starts, ends, strict=False)}


class _Descent(NamedTuple):
    """What a version corrects in the end, and what lies between: nothing, for a version in its own right."""

    root: Version
    steps: int
    """How many corrections away the root is."""
    withdrawn: tuple[date, ...]
    """The days on which the version, or one that it corrects, was withdrawn, its own first."""


def _descents(known: Mapping[str, Version]) -> dict[str, _Descent]:
    """The descent of each version: none leads back to itself."""
    found: dict[str, _Descent] = {}
    for version in known.values():
        line = [version]
        while line[-1].corrects and line[-1].corrects not in found:
            line.append(known[line[-1].corrects])
        for one in reversed(line):
            before = found[one.corrects] if one.corrects else _Descent(one, -1, ())
            days = (one.withdrawn, *before.withdrawn) if one.withdrawn else before.withdrawn
            found[one.id] = _Descent(before.root, before.steps + 1, days)
    return found


def _order(version: Version, descent: _Descent) -> tuple[object, ...]:
    root, steps = descent.root, descent.steps
    return (root.posted, natural(root.id), version.posted, steps, natural(version.id))


def natural(id_: str) -> tuple[tuple[int, int, str], ...]:
    """A key that puts ``2026-01-10-10`` after ``2026-01-10-9``."""
    parts = filter(None, re.split(r"(\d+)", id_))
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def _correction_faults(version: Version, known: Mapping[str, Version], round_: dict[str, bool]) -> Iterator[Fault]:
    """What is wrong with what a version corrects; of those looked at, `round_` notes which lead back to themselves."""
    if not version.corrects:
        return
    if version.corrects not in known:
        near = ", ".join(sorted((id_ for id_ in known if id_ != version.id), key=natural)[-4:])
        yield Fault(
            version.id,
            "corrects",
            "corrects-unknown",
            f"corrects {version.corrects}, but there is no such version",
            f"Give the id of a version, its file's name without .md: {near}."
            if near
            else "Leave it out: this is the only version.",
        )
    elif _leads_round(version, known, round_):
        yield Fault(
            version.id,
            "corrects",
            "corrects-itself",
            f"corrects {version.corrects}, which leads back to this version itself",
            "Give the id of the earlier version that was wrong, or leave `corrects` out.",
        )
    elif version.posted < known[version.corrects].posted:
        yield Fault(
            version.id,
            "corrects",
            "corrects-later-version",
            f"posted {version.posted}, but it corrects {version.corrects}, posted on {known[version.corrects].posted}",
            "A correction is posted after the text that it corrects. Mend `posted` or `corrects`.",
        )


def _leads_round(version: Version, known: Mapping[str, Version], round_: dict[str, bool]) -> bool:
    line: set[str] = set()
    while version.id not in line and version.id not in round_ and version.corrects in known:
        line.add(version.id)
        version = known[version.corrects]
    leads = version.id in line or round_.get(version.id, False)
    round_.update(dict.fromkeys(line, leads))
    return leads


def _same_day_faults(versions: list[Version], descents: Mapping[str, _Descent]) -> Iterator[Fault]:
    days = defaultdict(list)
    for version in versions:
        days[version.posted].append(version)
    for day, together in sorted(days.items()):
        if len({descents[version.id].root.id for version in together}) > 1:
            first, second = together[0], together[-1]
            yield Fault(
                second.id,
                "posted",
                "posted-same-day",
                f"posted {day}, the day on which {first.id} was posted, too",
                f"Which of the two comes first? Post them on different days, or write `corrects: '{first.id}'` here "
                "if this one mends the other.",
            )


def _withdrawn_corrections(versions: list[Version], descents: Mapping[str, _Descent]) -> Iterator[Fault]:
    for version in versions:
        if version.corrects and version.withdrawn:
            effective = max(version.posted, descents[version.id].root.announced(version.withdrawn))
            yield from withdrawal_faults(version, effective)
