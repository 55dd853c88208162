"""What feeds and calendars tell: the events of a policy, and the days on which its versions take effect.

Both are the same whenever they are built, until something is announced or takes effect: the day of the build is
nowhere in them.
"""

from __future__ import annotations

from functools import partial
from heapq import nlargest
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from inforce.events import Event
    from inforce.model import Entry
    from inforce.site import Shown, Site

NEWEST = 50
"""Events in the feed of the site; those of the policies are complete."""


class Told(NamedTuple):
    """An event as a feed tells it."""

    event: Event
    id: str
    title: str
    language: str
    """That of the policy, in which its summary is written."""
    url: str
    summary: str
    """HTML."""


class Day(NamedTuple):
    """A day on which a version takes effect, as a calendar tells it."""

    uid: str
    day: date
    announced: date
    """When this day was last said: that of the posting, or of a postponement."""
    moves: int
    """How often it was moved since the posting."""
    title: str
    name: str
    summary: str
    """In plain words."""
    url: str


def policy_feed(site: Site, shown: Shown, summary: Callable[[Entry], str]) -> Mapping[str, object]:
    """What the feed of a policy tells: all that happened to it; ``summary`` gives HTML that can be read anywhere."""
    entries = [_told(site, shown, event, shown.feed, summary) for event in shown.events]
    return _feed(site, shown.feed, shown.address, shown.title, shown.language, entries)


def site_feed(site: Site, summary: Callable[[Shown, Entry], str]) -> Mapping[str, object]:
    """What the feed of the site tells: the newest events of all policies."""
    found = ((event.day, -n, -m) for n, shown in enumerate(site.policies) for m, event in enumerate(shown.events))
    entries = []
    for _, n, m in nlargest(NEWEST, found):
        shown = site.policies[-n]
        entries.append(_told(site, shown, shown.events[-m], "/feed.xml", partial(summary, shown)))
    return _feed(site, "/feed.xml", "/", site.title, site.language, entries)


def _feed(  # noqa: PLR0913, PLR0917 - where it lies and leads, how it is headed, and in which language
    site: Site, address: str, home: str, heading: str, language: str, entries: list[Told]
) -> Mapping[str, object]:
    return {"id": _id(site, address), "heading": heading, "language": language, "home": home, "entries": entries}


def _id(site: Site, address: str) -> str:
    """The id of a feed: where it lives. Without that, the name that nobody can own, and any year."""
    return site.url(address, address) if site.base_url else site.tag("2026", address)


def _told(site: Site, shown: Shown, event: Event, page: str, summary: Callable[[Entry], str]) -> Told:
    version = event.version
    entry = shown.timeline.entry(version.id)
    assert entry  # noqa: S101 - nothing happens to what is not posted
    return Told(
        event,
        site.tag(str(version.posted), f"{shown.version(version)}{event.name}"),
        shown.policy.given_title or version.title,
        shown.language,
        site.url(shown.version(version), page),
        summary(entry),
    )


def calendar(site: Site, shown: Shown, summary: Callable[[Entry], str]) -> list[Day]:
    """The days on which versions of a policy take effect or took it, as known so far; ``summary`` gives plain words."""
    return [_day(site, shown, entry, summary(entry)) for entry in shown.timeline.governing]


def _day(site: Site, shown: Shown, entry: Entry, summary: str) -> Day:
    version = entry.version
    assert entry.in_force  # noqa: S101 - it governs
    return Day(
        site.tag(str(version.posted), shown.version(version)),
        entry.in_force.first,
        *_announcements(shown, entry),
        shown.policy.given_title or version.title,
        version.label or version.id,
        summary,
        site.url(shown.version(version), shown.calendar),
    )


def _announcements(shown: Shown, entry: Entry) -> tuple[date, int]:
    """When the effective day of a version was last said, and how often it was moved: that of a correction, too."""
    posted = entry.version.posted
    since: list[date] = []
    root: Entry | None = entry
    while root:
        since += (one.announced for one in root.postponed if root is entry or one.announced > posted)
        root = shown.timeline.entry(root.version.corrects)
    return max((posted, *since)), len(since)
