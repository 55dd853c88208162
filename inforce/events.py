"""What happened to the versions of a policy, each thing told as it was known on its own day.

What was announced (posted, postponed, withdrawn) and what followed from it (a version took effect, and overtook
others). An event that was told once is told for good, in the same words and with the same day: whatever is announced
later is an event of its own. So a day that was postponed does not change the event that first named it.

    1 March     posted            takes effect on 1 June
    20 May      postponed         from 1 June to 1 July
    1 July      took effect
"""

from __future__ import annotations

from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from inforce.model import Policy, Timeline, Version


class Kind(StrEnum):
    """What can happen to a version, in the order in which it is told on one day."""

    POSTED = "posted"
    POSTPONED = "postponed"
    BROUGHT_FORWARD = "brought forward"
    WITHDRAWN = "withdrawn"
    TOOK_EFFECT = "took effect"


class Event(NamedTuple):
    """One thing that happened to a version on a day."""

    kind: Kind
    day: date
    version: Version
    effective: date | None
    """The effective day as known on that day; for a withdrawn version the one that is given up. None for a correction
    of a text that does not govern: it never takes effect."""
    was: date | None = None
    """For a postponed version the effective day until then."""
    note: str = ""
    """Why it was postponed, in the author's words."""
    overtakes: tuple[Version, ...] = ()
    """The pending versions that never take effect, because this one did."""

    @property
    def name(self) -> str:
        """What tells it from the other events of its version, for good."""
        if self.kind in {Kind.POSTPONED, Kind.BROUGHT_FORWARD}:
            return f"{Kind.POSTPONED}-{self.day}"
        return self.kind.replace(" ", "-")


def of(policy: Policy, timeline: Timeline) -> list[Event]:
    """What had happened to a policy by the day of its timeline, the newest first."""
    on = timeline.on
    overtaken = _overtaken(timeline)
    events: list[Event] = []
    for place, version in enumerate(policy.versions):
        if version.posted > on:
            continue
        effective = _expected(policy, place)
        at_once = overtaken.get(version.id, ()) if effective == version.posted else ()
        events.append(Event(Kind.POSTED, version.posted, version, effective, overtakes=at_once))
        if version.postponed or version.withdrawn:
            events += (event for event in _announced(policy, version) if event.day <= on)
    for entry in timeline.governing:
        first = entry.in_force.first if entry.in_force else on
        if entry.version.posted < first <= on:
            overtakes = overtaken.get(entry.id, ())
            events.append(Event(Kind.TOOK_EFFECT, first, entry.version, first, overtakes=overtakes))
    kinds = {kind: place for place, kind in enumerate(Kind)}
    places = {version.id: place for place, version in enumerate(policy.versions)}
    events.sort(key=lambda event: (event.day, kinds[event.kind], places[event.version.id]), reverse=True)
    return events


def _announced(policy: Policy, version: Version) -> Iterator[Event]:
    """What was said about a version after it was posted."""
    was = version.effective
    for one in version.postponed:
        kind = Kind.BROUGHT_FORWARD if was and one.to < was else Kind.POSTPONED
        yield Event(kind, one.announced, version, one.to, was, one.note)
        was = one.to
    if version.withdrawn:
        yield Event(Kind.WITHDRAWN, version.withdrawn, version, policy.effective(version, version.withdrawn))


def _expected(policy: Policy, place: int) -> date | None:
    """The day from which a version was to govern, as known on the day of its posting; None if it was not to."""
    version = policy.versions[place]
    on = version.posted
    effective = policy.effective(version, on)
    if version.corrects:
        if policy.withdrawn(version, on):
            return None
        for later in islice(policy.versions, place + 1, None):
            if later.posted <= on and not policy.withdrawn(later, on) and policy.effective(later, on) <= effective:
                return None
    return effective


def _overtaken(timeline: Timeline) -> dict[str, tuple[Version, ...]]:
    """Which versions were pending when another took effect and overtook them, by the id of that one."""
    found: dict[str, tuple[Version, ...]] = {}
    later = None
    for entry in reversed(timeline.entries):
        if entry.in_force:
            later = entry
        elif later and later.in_force and not timeline.kin(later, entry):
            first = later.in_force.first
            pending = entry.version.posted < first and not (entry.withdrawn and entry.withdrawn <= first)
            if pending and first <= timeline.on:
                found[later.id] = (entry.version, *found.get(later.id, ()))
    return found
