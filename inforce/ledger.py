"""What a site has published, held against itself and against the policies at hand.

verify     a published site alone: do its texts, its list of versions and its chain fit each other, and a noted head
against    a published site and the policies at hand: was anything that is public changed, dropped or slipped in
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from inforce import chain, published
from inforce.errors import Place, Problem, SurroundingsError
from inforce.model import FaultyError, Policy, Postponement, Version
from inforce.settings import FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from inforce.chain import Event, Link
    from inforce.model import Entry, Timeline
    from inforce.published import Fetch, Ledger

TRUSTED = "Compare it with a copy of the site that you trust."
KEPT = "Put it back as it was published, and post what you want to say as a new version or a correction."
FACTS = (
    ("sha256", "published-text-changed", "text"),
    ("day", "published-posted-changed", "posting day"),
    ("effective", "published-effective-changed", "first stated effective day"),
    ("corrects", "published-corrects-changed", "corrected version"),
    ("to", "published-postponement-changed", "postponement"),
)
"""What an event says that may never change: the fact, the code, and what it is called."""


# ------------------------------------------------------------------ a site by itself


def verify(fetch: Fetch, noted: str = "") -> tuple[list[Ledger], list[Problem]]:
    """Recompute all that a site says of its versions from their texts and chains; what it says, and what does not fit.

    With a head that somebody `noted` earlier: whether it still stands in a chain, so that nothing before it changed.
    Raises SurroundingsError where this is no site of inforce's.
    """
    found = published.ledgers(fetch)
    problems = [problem for ledger in found for problem in (*_inner(ledger), *_texts(fetch, ledger))]
    if noted and not any(link["hash"] == noted for ledger in found for link in _computed(ledger)):
        what = f"the noted head {noted} stands in no chain of this site"
        remedy = "What was announced by the day on which it was noted has changed since; or it was not noted whole."
        problems.append(Problem(Place("policies.json"), "head-unknown", what, remedy))
    return found, problems


def _texts(fetch: Fetch, ledger: Ledger) -> Iterator[Problem]:
    for link in ledger.links:
        if link["event"] == "posted":
            place = Place(f"{ledger.policy}/{link['version']}/policy.md")
            text = fetch(place.path)
            if text is None:
                yield Problem(place, "text-missing", f"the text of {link['version']} is not there", TRUSTED)
            elif hashlib.sha256(text).hexdigest() != link["sha256"]:
                yield Problem(place, "text-differs", f"the text of {link['version']} is not the one posted", TRUSTED)


def _inner(ledger: Ledger) -> Iterator[Problem]:
    """Whether what a site says of a policy fits together: the chain by itself, then all that follows from it."""
    computed = _computed(ledger)
    for said, true in zip(ledger.links, computed, strict=True):
        if said["hash"] != true["hash"]:
            what = f"the chain does not fit from {true['event']} {true['version']} on {true['day']} on"
            yield _wrong(ledger, "chain-broken", what)
            break
    if sorted(ledger.links, key=chain.place) != list(ledger.links):
        yield _wrong(ledger, "chain-disordered", "the chain is not in the order of its days")
    if [chain.head(computed)] * 2 != [ledger.head, ledger.standing.get("head")]:
        yield _wrong(ledger, "head-differs", "the head that is published is not that of the chain")
    try:
        timeline = _policy(ledger).as_of(ledger.on)
    except ValueError as error:
        yield _wrong(ledger, "chain-contradictory", f"the chain contradicts itself: {error}")
        return
    yield from _listed(ledger, timeline)


def _computed(ledger: Ledger) -> list[Link]:
    return chain.chained({key: value for key, value in link.items() if key != "hash"} for link in ledger.links)  # type: ignore[misc]


def _wrong(ledger: Ledger, code: str, what: str) -> Problem:
    return Problem(Place(f"{ledger.policy}/versions.json"), code, what, TRUSTED)


def _policy(ledger: Ledger) -> Policy:
    """A policy as its chain tells it, without texts. Raises ValueError where the chain contradicts itself."""
    told: defaultdict[str, list[Link]] = defaultdict(list)
    for link in ledger.links:
        told[link["version"]].append(link)
    versions = [_version(links) for links in told.values()]
    try:
        return Policy.of(ledger.policy, versions)
    except FaultyError as error:
        if any(fault.code != "posted-same-day" for fault in error.faults):
            raise
        # A history in git can hold what files cannot: a correction on another version's day. It alone knows the order.
        order = {version["id"]: number for number, version in enumerate(ledger.versions)}
        return Policy(ledger.policy, tuple(sorted(versions, key=lambda one: order.get(one.id, -1))))


def _version(links: Sequence[Link]) -> Version:
    posted, *later = links
    effective = posted.get("effective")
    if posted["event"] != "posted" or any(link["event"] == "posted" for link in later):
        raise ValueError(f"{posted['version']} is not posted once, and first")
    return Version(
        posted["version"],
        "",
        date.fromisoformat(posted["day"]),
        date.fromisoformat(effective) if effective else None,
        "",
        Place(""),
        corrects=posted.get("corrects", ""),
        postponed=tuple(
            Postponement(date.fromisoformat(link["day"]), date.fromisoformat(link["to"]))
            for link in later
            if link["event"] == "postponed"
        ),
        withdrawn=next((date.fromisoformat(link["day"]) for link in later if link["event"] == "withdrawn"), None),
    )


def _listed(ledger: Ledger, timeline: Timeline) -> Iterator[Problem]:
    """Whether the versions are listed, and stand, as the chain says."""
    sums = {link["version"]: link.get("sha256") for link in ledger.links if link["event"] == "posted"}
    if [entry.id for entry in timeline.entries] != [version["id"] for version in ledger.versions]:
        yield _wrong(ledger, "versions-differ", "the versions listed are not those of the chain, in their order")
        return
    for entry, version in zip(timeline.entries, ledger.versions, strict=True):
        true = {**_stands(entry), "sha256": sums[entry.id]}
        if differ := [fact for fact, value in true.items() if version.get(fact) != value]:
            what = f"what is listed of {entry.id} is not what the chain says: {', '.join(differ)}"
            yield _wrong(ledger, "version-differs", what)
    governs, coming = timeline.in_force, timeline.next_change
    true = {
        "in_force": governs.id if governs else None,
        "pending": [entry.id for entry in timeline.pending],
        "next_change": coming and str(coming),
    }
    if any(ledger.standing.get(fact) != value for fact, value in true.items()):
        yield _wrong(ledger, "standing-differs", "policies.json says otherwise where this policy stands")


def _stands(entry: Entry) -> dict[str, Any]:
    """Where a version stands, as versions.json says it."""
    period = entry.in_force
    return {
        "posted": str(entry.version.posted),
        "effective": str(entry.effective),
        "standing": str(entry.standing),
        "in_force": [{"from": str(period.first), "until": period.until and str(period.until)}] if period else [],
        "corrects": entry.version.corrects or None,
        "withdrawn": entry.withdrawn and str(entry.withdrawn),
    }


# ------------------------------------------------------------------ a site and the policies at hand


def against(policies: Iterable[Policy], ledgers: Iterable[Ledger]) -> Iterator[Problem]:
    """What the policies at hand would change, drop or slip into what is public; what they add to it is no problem.

    Raises SurroundingsError, where nothing public would change, if git has other commits than those that are published.
    """
    at_hand = {policy.id: policy for policy in policies}
    unchanged: list[tuple[Policy, Ledger]] = []
    for ledger in ledgers:
        policy = at_hand.get(ledger.policy)
        if policy is None:
            what = f"{ledger.policy} is published, and is not here"
            remedy = "Bring it back: its versions have addresses for good."
            yield Problem(Place(f"policies/{ledger.policy}"), "published-policy-missing", what, remedy)
            continue
        problems = [*_inner(ledger), *_kept(policy, ledger), *_backdated(policy, ledger)]
        yield from problems
        unchanged += [] if problems else [(policy, ledger)]
    for policy, ledger in unchanged:
        _same_commits(policy, ledger)


def _key(event: Event) -> tuple[str, str, str]:
    """What an event is known by; a posting by its version, so that another day is told as such."""
    return event["event"], event["version"], "" if event["event"] == "posted" else event["day"]


def _kept(policy: Policy, ledger: Ledger) -> Iterator[Problem]:
    """Whether all that is published is said here, too, and in the same way."""
    versions = {version.id: version for version in policy.versions}
    here = {_key(event): event for event in chain.events(policy, date.max)}
    for link in ledger.links:
        version, event, id_ = versions.get(link["version"]), here.get(_key(link)), link["version"]
        if version and event:
            yield from _changed(version, link, event, policy)
        elif version:
            what = f"{id_} was {link['event']} on {link['day']}, as is published, and this is not said here"
            remedy = "Bring the line back: what was announced can only be followed by another announcement."
            yield Problem(version.place, "published-announcement-missing", what, remedy)
        elif link["event"] == "posted":
            first = policy.versions[0].place  # an evolving file holds all of its versions
            place = Place(first.path if first.commit else f"policies/{policy.id}/{id_}.md")
            what = f"{id_} is published, posted on {link['day']}, and is not here"
            yield Problem(place, "published-version-missing", what, "Bring it back: it has an address for good.")


def _changed(version: Version, link: Link, event: Event, policy: Policy) -> Iterator[Problem]:
    for fact, code, called in FACTS:
        said, here = link.get(fact), event.get(fact)
        if said != here:
            was = "" if fact == "sha256" else f": {said or 'none'} is published, {here or 'none'} is here"
            what = f"the {called} of {version.id} changed after it was published{was}"
            ruled = fact == "effective" and here and "effective" not in version.lines
            if ruled and isinstance(said, str) and link["day"] == version.posted.isoformat():
                place, why = _moved(version, said, policy)
                remedy = f"Readers were told {said}: write `effective: {said}` in {version.place.path}, or undo that."
                yield Problem(place, code, f"{what}, {why}", remedy)
            else:
                yield Problem(version.place, code, what, KEPT)


def _moved(version: Version, said: str, policy: Policy) -> tuple[Place, str]:
    """Where to look, and why, where the rule gives a version another effective day than was published."""
    first = policy.versions[0]
    if version is first:
        return version.at("posted"), "since what was posted before it is gone"
    if said == version.posted.isoformat():
        return first.at("posted"), f"since {first.id} now stands before it"
    days = (date.fromisoformat(said) - version.posted).days
    return Place(FILE), f"since notice-days was {days} and is {policy.notice}"


def _backdated(policy: Policy, ledger: Ledger) -> Iterator[Problem]:
    """What is said here to have been announced before the site was published, which was then silent on it.

    Before something that is published it would change the past of the chain; after all of it, it may be but late.
    """
    places = {version.id: version.place for version in policy.versions}
    public = {_key(link) for link in ledger.links}
    last = max(map(chain.place, ledger.links), default=("", 0, ()))
    governs = {version["id"]: version.get("effective") for version in ledger.versions}
    for event in chain.events(policy, date.max):
        if event["day"] < str(ledger.on) and _key(event) not in public:
            told = f"{event['version']} is {event['event']} on {event['day']}, but"
            effective = governs.get(event["version"])
            remedy = f"Give the day on which it is really made public: {ledger.on} or later."
            if event["event"] != "posted" and isinstance(effective, str) and effective <= str(ledger.on):
                what = f"{told} what is published of {ledger.on} says that it took effect on {effective}"
                remedy = "Take it out again, and post a new version: what has taken effect can only be followed."
                yield Problem(places[event["version"]], "published-past-changed", what, remedy)
            elif chain.place(event) < last:
                what = f"{told} what is published of that time, and later, does not have it"
                yield Problem(places[event["version"]], "published-past-changed", what, remedy)
            else:
                what = f"{told} on {ledger.on} the site did not say so yet"
                yield Problem(places[event["version"]], "backdated", what, remedy, "warning")


def _same_commits(policy: Policy, ledger: Ledger) -> None:
    """Refuse a history whose versions come from other commits than those that are published."""
    origins = {version.id: version.origin for version in policy.versions if version.place.commit}
    for version in ledger.versions:
        origin, commit = origins.get(version["id"]), version.get("commit")
        if origin and isinstance(commit, dict) and commit.get("id") != origin.commit:
            raise SurroundingsError(
                f"the git history was rewritten: {version['id']} of {policy.id} comes from commit {origin.commit[:7]} "
                "here, and from another one in what is published",
                "Check out the branch that was published. If it was rewritten on purpose, publish it, and check again.",
            )
