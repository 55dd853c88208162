"""A chain of what a policy announced, so that none of it can be changed unseen.

Every posting, postponement and withdrawal is an event, in the order of its day. Each link of the chain is the SHA-256
of the link before it and of the facts of its own event:

    posted 2026-10-01, text 08238d…      ──> 5f0c…
    posted 2026-11-20, text 147e95…      ──> 9a41…      made of 5f0c… and these facts
    postponed 2026-12-10 to 2027-01-15   ──> c7d2…      the head

Who noted a head can later see that nothing before it was changed, dropped, inserted, reordered or re-dated. Without a
noted head the chain proves nothing: whoever rewrites all of it writes a chain that fits.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, TypedDict

from inforce.model import natural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from inforce.model import Policy, Version

START = "0" * 64
"""What stands before the first link."""
KINDS = ("posted", "postponed", "withdrawn")
"""What can be announced, in the order in which it stands on one day."""


class Event(TypedDict, total=False):
    """One thing that was announced; days are year-month-day, texts are told by the SHA-256 of their bytes."""

    event: str
    """One of the KINDS."""
    day: str
    version: str
    sha256: str
    effective: str | None
    """As first stated or by the rule; None for a correction."""
    corrects: str
    to: str


class Link(Event, total=False):
    """An event with its hash."""

    hash: str


def of(policy: Policy, on: date) -> list[Link]:
    """The chain of a policy as of a day."""
    return chained(events(policy, on))


def events(policy: Policy, on: date) -> list[Event]:
    """What a policy had announced by a day, in order."""
    announced = (event for version in policy.versions for event in _events(version))
    return sorted((event for event in announced if event["day"] <= on.isoformat()), key=place)


def place(event: Event) -> tuple[str, int, object]:
    """What puts events in order: the day, then postings, postponements, withdrawals, then the ids of the versions.

    So what is announced on a later day never moves what was announced before.
    """
    return event["day"], KINDS.index(event["event"]), natural(event["version"])


def _events(version: Version) -> Iterator[Event]:
    posted: Event = {
        "event": "posted",
        "day": version.posted.isoformat(),
        "version": version.id,
        "sha256": version.sha256,
        "effective": version.effective.isoformat() if version.effective else None,
    }
    if version.corrects:
        posted["corrects"] = version.corrects
    yield posted
    for one in version.postponed:
        day, to = one.announced.isoformat(), one.to.isoformat()
        yield {"event": "postponed", "day": day, "version": version.id, "to": to}
    if version.withdrawn:
        yield {"event": "withdrawn", "day": version.withdrawn.isoformat(), "version": version.id}


def chained(announced: Iterable[Event]) -> list[Link]:
    """Events with their hashes, each made of the hash before it and of its own facts."""
    links: list[Link] = []
    before = START
    for event in announced:
        before = _hash(before, event)
        links.append({**event, "hash": before})
    return links


def head(links: Sequence[Link]) -> str:
    """The last hash of a chain."""
    return links[-1]["hash"] if links else START


def _hash(before: str, event: Event) -> str:
    facts = {key: value for key, value in event.items() if key != "hash"}
    written = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{written}\n".encode()).hexdigest()
