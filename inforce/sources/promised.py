"""What readers were told of versions that are files, and the days that moved behind their backs.

The effective day of a version that leaves it to the rule hangs on more than its file: on `notice-days`, and on whether
it is the first version. And a withdrawal or postponement holds only if it was public before the version took effect,
which the day that is written in it cannot prove, but the commit that brought it can.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from inforce import addresses
from inforce.errors import Place, Problem, warning
from inforce.model import text_sum
from inforce.settings import FILE, Settings
from inforce.sources import header

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from inforce.errors import Severity
    from inforce.model import Policy, Version
    from inforce.sources.repository import Change


MOVED = (
    "The day of a pending version is moved by an entry of `postponed`, below those that are there, such as "
    "{announced: 2026-12-10, to: 2027-01-15}; one that has taken effect stays."
)
TAKE_OUT = "Take it out again, and post a new version: what has taken effect can only be followed."
_TELLING = re.compile(rb"^[ \t]*(?:\[.*|.*(?:notice-days|inforce).*)$", re.MULTILINE)
"""The lines of the settings that may say how many days of notice there are."""


class Stated(NamedTuple):
    """What the public could read in a version file, and since when."""

    posted: date
    title: str
    effective: str
    """As written; empty where it is left to the rule."""
    corrects: str
    sha256: str
    """That of its text."""
    withdrawn: str
    postponed: tuple[str, ...]
    """The days of each announcement, as written."""

    def changed(self, now: Stated) -> list[str]:
        """What is not as it was; an effective day that was left to the rule may be stated."""
        facts = (
            ("its text", self.sha256, now.sha256),
            ("its title", self.title, now.title),
            ("its posting day", self.posted, now.posted),
            ("its effective day", self.effective, self.effective and now.effective),
            ("what it corrects", self.corrects, now.corrects),
            ("its withdrawal", self.withdrawn, self.withdrawn and now.withdrawn),
            ("what was announced of it", self.postponed, now.postponed[: len(self.postponed)]),
        )
        return [name for name, before, after in facts if before != after]

    def announced(self, now: Stated) -> tuple[str, str]:
        """What is announced of a version that was not before: the fact, and its days as written."""
        if now.withdrawn and not self.withdrawn:
            return "withdrawn", now.withdrawn
        more = now.postponed[len(self.postponed) :]
        return ("postponed", more[0]) if more else ("", "")

    @property
    def last(self) -> date | None:
        """The effective day that was announced last, or else stated; None where it is left to the rule."""
        return _day(self.postponed[-1].partition(" ")[2] if self.postponed else self.effective)


class Step(NamedTuple):
    """What a commit, or somebody since, made of a version's file."""

    stated: Stated | None
    """None where it is gone or cannot be read."""
    number: int
    day: date
    commit: str
    """As it is said; empty for what is not committed."""


class Backdated(NamedTuple):
    """An announcement that came when its version had taken effect."""

    id: str
    step: Step
    fact: str
    said: str
    """Its days, as written."""
    effective: date


class Moment(NamedTuple):
    """A place in the history, and a day: all that came up to the one or the other had come by then."""

    number: int
    day: date = date.min

    def had(self, number: int, day: date) -> bool:
        """Whether a commit had come by then."""
        return number <= self.number or day <= self.day


class Notice(NamedTuple):
    """The days of notice that a commit set."""

    number: int
    """The commit's place in the history."""
    day: date
    commit: str
    """As it is said."""
    general: int
    own: Mapping[str, int]
    """By the policy for which it is set alone."""

    def of(self, policy: str) -> int:
        """The days for a policy."""
        return self.own.get(policy, self.general)


def stated(data: bytes) -> Stated | None:
    """What a version file states; None where that cannot be told."""
    try:
        parts = header.split(header.decode(data))
        facts = header.load(parts.header or "")
        posted = date.fromisoformat(_words(facts, "posted"))
    except (header.HeaderError, ValueError):
        return None
    title, effective, corrects, withdrawn = (
        _words(facts, key) for key in ("title", "effective", "corrects", "withdrawn")
    )
    corrected = addresses.address(corrects)
    return Stated(posted, title, effective, corrected, text_sum(parts.body), withdrawn, tuple(_announced(facts)))


KEYS = {
    "its title": "title",
    "its posting day": "posted",
    "its effective day": "effective",
    "what it corrects": "corrects",
    "its withdrawal": "withdrawn",
    "what was announced of it": "postponed",
}
"""In which key of the front matter a fact stands, by its name in a message."""


def line(data: bytes, told: Stated, fact: str) -> int:
    """The line of a version file on which a fact stands that is not as it was told; the first if it is gone."""
    try:
        facts = header.load(header.split(header.decode(data)).header or "")
    except header.HeaderError:
        return 1
    value = facts.get(KEYS.get(fact, ""))
    if isinstance(value, header.Listing):
        entries = zip(value.items, _announced(facts), told.postponed, strict=False)
        other = next((entry for entry, now, before in entries if now != before), value)
        days = dict(other.items) if isinstance(other, header.Listing) and other.keyed else {}
        return int(days.get("to", other).line)
    return value.line if value else 1


def of_version(version: Version) -> Stated:
    """What the file of a version states that was read."""
    return Stated(
        version.posted,
        version.title,
        str(version.effective) if "effective" in version.lines else "",
        version.corrects,
        version.sha256,
        str(version.withdrawn or ""),
        tuple(f"{one.announced} {one.to}" for one in version.postponed),
    )


def _announced(facts: Mapping[str, header.Value | header.Listing]) -> Iterator[str]:
    """The days of each postponement, as written."""
    listing = facts.get("postponed")
    for one in listing.items if isinstance(listing, header.Listing) and not listing.keyed else ():
        days = dict(one.items) if isinstance(one, header.Listing) and one.keyed else {}
        yield f"{_words(days, 'announced')} {_words(days, 'to')}"


def _words(facts: Mapping[str, header.Value | header.Listing], key: str) -> str:
    value = facts.get(key)
    return value.text.strip() if isinstance(value, header.Value) else ""


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        return None


def drafted(posted: date, arrived: date) -> date:
    """The last day on which a version is a draft: that of its posting, or on which its file came."""
    return max(posted, arrived)


# ------------------------------------------------------------------ days of notice


def notices(changes: Sequence[Change], read: Callable[[Sequence[str]], Iterator[bytes]]) -> list[Notice]:
    """What was set for notice, commit by commit; `changes` are those of the settings, `read` gives bytes of many."""
    found: list[Notice] = []
    held = [change for change in changes if change.is_file]
    before: list[bytes] = []
    for change, data in zip(held, read([change.blob for change in held]), strict=True):
        telling = _TELLING.findall(data)
        chosen = _chosen(data) if telling != before else None
        before = telling
        if chosen:
            found.append(Notice(change.commit.number, change.commit.day, str(change.commit), *chosen))
    return found


def _chosen(data: bytes) -> tuple[int, dict[str, int]] | None:
    """The days of notice for all policies and for some; None where no settings of ours can be read."""
    try:
        ours = tomllib.loads(data.decode())["tool"]["inforce"]
        general, own = ours.get("notice-days", Settings().notice_days), ours.get("policies", {}).items()
        days = {id_: table["notice-days"] for id_, table in own if "notice-days" in table}
    except (ValueError, LookupError, AttributeError, TypeError):
        return None
    return (general, days) if all(isinstance(one, int) for one in (general, *days.values())) else None


def notice_at(set_: Sequence[Notice], policy: str, moment: Moment, else_: int) -> int:
    """The days of notice for a policy at a moment; before any were set, those that were set first, if there are any."""
    had = [one for one in set_ if moment.had(one.number, one.day)] or list(set_[:1])
    return had[-1].of(policy) if had else else_


def ruled(posted: date, ahead: int) -> date | None:
    """The day so many days after a posting; None where no calendar has it."""
    return date.fromordinal(posted.toordinal() + ahead) if ahead <= (date.max - posted).days else None


def since(set_: Sequence[Notice], policy: str, days: int) -> str:
    """Which commit set the days of notice that hold now."""
    held = list(takewhile(lambda one: one.of(policy) == days, reversed(set_)))
    return f" since commit {held[-1].commit}" if held else ", which is not committed yet"


# ------------------------------------------------------------------ a policy


class Promised:
    """What readers were told of the versions of a policy that is kept as a folder."""

    def __init__(self, policy: Policy, steps: Mapping[str, Sequence[Step]], set_: Sequence[Notice]) -> None:
        self.policy = policy
        self.steps = steps
        """What became of the file of each version, also of those that are gone."""
        self.set = set_
        self.began = min(each[0].day for each in steps.values())
        """Since when git knows of the policy."""

    def backdated(self) -> Iterator[Backdated]:
        """The withdrawals and postponements that came when their version had taken effect.

        What took effect before git knew of the policy was perhaps announced in time, and elsewhere.
        """
        for id_, steps in self.steps.items():
            before: Stated | None = None
            known: set[str] = set()
            for step in steps:
                now = step.stated
                fact, said = before.announced(now) if before and now else ("", "")
                anew = fact and said not in known  # what was taken out by mistake may be put back at any time
                effective = self.effective(id_, Moment(step.number - 1)) if anew else None
                if effective and self.began < effective <= step.day:
                    yield Backdated(id_, step, fact, said, effective)
                elif now:
                    before = now
                    known |= {now.withdrawn, *now.postponed}

    def late(self, found: Backdated) -> Problem | None:
        """What is to be said of an announcement that came too late, unless it was taken out again."""
        id_, step, fact, said, effective = found
        version = next((one for one in self.policy.versions if one.id == id_), None)
        last = self.steps[id_][-1].stated
        if version is None or last is None or said not in {last.withdrawn, *last.postponed}:
            return None
        where = f"in commit {step.commit}" if step.commit else "in what is not committed yet"
        what = f"{fact} on {said[:10]} is first said {where}: by then {id_} had taken effect, on {effective}"
        sure = step.commit and effective < step.day  # on the day itself it may have been the day before elsewhere
        severity: Severity = "error" if sure else "warning"
        return Problem(version.at(fact), "announced-too-late", what, TAKE_OUT, severity)

    def moved(self, line: int) -> Iterator[Problem]:
        """The posted versions that left their effective day to the rule, and have another one than readers were told.

        `line` is that of the settings on which those of the policy begin.
        """
        for version in self.policy.versions:
            steps = self.steps.get(version.id)
            last = steps[-1].stated if steps else None
            if last is None or last.effective != of_version(version).effective:
                continue  # it lies there otherwise than it is committed, and that is not asked about
            told, moment = self.told(version.id)
            own = told and (told.posted != version.posted or told.effective or told.corrects or version.corrects)
            if told and not own:  # what its own file changed is told of by that
                was = self.ruled(version.id, told.posted, moment)
                if was and was != version.effective:
                    yield self.said(version, was, moment, line)

    def said(self, version: Version, was: date, moment: Moment, line: int) -> Problem:
        """What is to be said of a version that takes effect on another day, and why it does."""
        what = f"{version.id}, posted on {version.posted}, has the effective day {version.effective}, and it was {was}"
        keep = f"write `effective: {was}` in {version.place.path}"
        first = self.policy.versions[0]
        if "effective" in version.lines:
            what = f"its effective day changed after it was posted on {version.posted}: it was {was}"
            return warning(version.at("effective"), "posted-changed", what, f"Put it back: `effective: {was}`. {MOVED}")
        if version is first:
            remedy = f"Put that back, or {keep}."
            return warning(version.at("posted"), "posted-moved", f"{what}: what was posted before it is gone", remedy)
        if self.is_first(version.id, version.posted, moment):
            remedy = f"Readers were told {was}: {keep}, and a `reason` where that is short notice."
            return warning(first.at("posted"), "posted-moved", f"{what}: {first.id} now stands before it", remedy)
        before = notice_at(self.set, self.policy.id, moment, self.policy.notice)
        changed = f"notice-days was {before} and is {self.policy.notice}"
        changed += since(self.set, self.policy.id, self.policy.notice)
        remedy = f"Readers were told {was}: {keep}. Other days of notice hold for what is posted from now on."
        return warning(Place(FILE, line), "posted-moved", f"{changed}: {what}", remedy)

    # ---- what was so at a moment

    def told(self, id_: str) -> tuple[Stated | None, Moment]:
        """What a version stated when it was posted, and up to which moment it was a draft."""
        steps = self.steps[id_]
        found: Stated | None = None
        moment = Moment(-1)
        for step in steps:
            if step.stated and (found is None or step.day <= moment.day):
                found = step.stated
                moment = Moment(step.number, drafted(found.posted, steps[0].day))
        return found, moment

    def at(self, id_: str, moment: Moment) -> Stated | None:
        """What a version stated at a moment."""
        had = [step for step in self.steps[id_] if moment.had(step.number, step.day)]
        return had[-1].stated if had else None

    def is_first(self, id_: str, posted: date, moment: Moment) -> bool:
        """Whether a version was the first at a moment."""
        others = ((other, self.at(other, moment)) for other in self.steps if other != id_)
        return not any(one and not one.corrects and (one.posted, other) < (posted, id_) for other, one in others)

    def ruled(self, id_: str, posted: date, moment: Moment) -> date | None:
        """The effective day that the rule gave a version at a moment; None where there is no such day."""
        if self.is_first(id_, posted, moment):
            return posted
        return ruled(posted, notice_at(self.set, self.policy.id, moment, self.policy.notice))

    def effective(self, id_: str, moment: Moment) -> date | None:
        """The effective day of a version as it was announced at a moment."""
        own = root = self.at(id_, moment)
        line = [id_]
        while root and root.corrects in self.steps and root.corrects not in line:
            line.append(root.corrects)
            root = self.at(root.corrects, moment)
        if own is None or root is None:
            return None
        effective = root.last or self.ruled(line[-1], root.posted, moment)
        return effective and max(effective, own.posted)
