"""What a site has published already: read back from a folder or an address, and held against what it said before.

verify     a published site alone: do its texts and its chain fit each other, and a head that somebody noted
against    a published site and the policies at hand: was anything that is public changed or dropped
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from inforce import addresses, chain
from inforce.errors import Place, Problem, SurroundingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from inforce.chain import Event, Link
    from inforce.model import Policy, Version

LARGEST = 64 * 1024 * 1024
"""Bytes of one published file; more than any that inforce writes."""
SECONDS = 30
"""How long an address may take to answer."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a site has published of one policy."""

    policy: str
    versions: tuple[dict[str, Any], ...]
    """As they stand in versions.json."""
    links: tuple[Link, ...]
    head: str
    """As it stands in policies.json."""


def fetcher(where: str) -> Callable[[str], bytes | None]:
    """What reads the files of a published site, by path; None for a file that is not there.

    `where` is a folder, or an address that begins with http:// or https://. Raises SurroundingsError where it cannot
    be reached.
    """
    if where.startswith(("http://", "https://")):
        return lambda path: _download(f"{where.rstrip('/')}/{quote(path)}")
    folder = Path(where)
    if not folder.is_dir():
        raise SurroundingsError(f"there is no folder {where}", "Name the folder of a published site, or its address.")
    return lambda path: _file(folder / path)


def _file(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise SurroundingsError(f"{path} cannot be read: {error.strerror}", "Look at its permissions.") from None


def _download(address: str) -> bytes | None:
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    request = Request(address, headers={"User-Agent": "inforce", "Cache-Control": "no-cache"})  # noqa: S310 - checked above
    try:
        with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - http and https alone come here
            data: bytes = answer.read(LARGEST + 1)
    except HTTPError as error:
        if error.code in {404, 410}:
            return None
        raise SurroundingsError(f"{address} answers {error.code} {error.reason}", "Try again later.") from None
    except (OSError, HTTPException, ValueError) as error:
        raise SurroundingsError(
            f"{address} cannot be read: {error}", "Look at the address, or try again later."
        ) from None
    if len(data) > LARGEST:
        raise SurroundingsError(f"{address} is larger than {LARGEST} bytes", "Is it a site that inforce published?")
    return data


def ledgers(fetch: Callable[[str], bytes | None]) -> list[Ledger]:
    """What a site has published of each policy. Raises SurroundingsError where it is no site of inforce's."""
    listed = _json(fetch, "policies.json")
    found = []
    for line in _list(listed, "policies"):
        policy = _name(line, "policy")
        facts = _json(fetch, f"{policy}/versions.json")
        versions, links = tuple(_list(facts, "versions")), tuple(_list(facts, "chain"))
        found.append(Ledger(policy, versions, links, str(line.get("head", ""))))  # type: ignore[arg-type]
    return found


def _json(fetch: Callable[[str], bytes | None], path: str) -> object:
    data = fetch(path)
    try:
        return json.loads(data or b"")
    except ValueError:
        what = f"{path} is {'missing' if data is None else 'not JSON'}"
        raise SurroundingsError(what, "Is this a site that inforce published?") from None


def _list(table: object, key: str) -> list[dict[str, Any]]:
    rows = table.get(key) if isinstance(table, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SurroundingsError(f"there is no list of {key}", "Is this a site that inforce published?")
    return rows


def _name(row: dict[str, Any], key: str) -> str:
    """The name of a policy or version, which becomes a part of a path."""
    name = row.get(key)
    if not isinstance(name, str) or not name or addresses.unfit(name) or name.startswith("."):
        raise SurroundingsError(f"{key} {name!r} is no name", "Is this a site that inforce published?")
    return name


# ------------------------------------------------------------------ a site by itself


def verify(fetch: Callable[[str], bytes | None], noted: str = "") -> tuple[list[Ledger], list[Problem]]:
    """Recompute the chain of each policy from the published texts; what does not fit, and what was read.

    With a head that somebody `noted` earlier: whether it still stands in a chain, so that nothing before it changed.
    """
    found = ledgers(fetch)
    problems = [problem for ledger in found for problem in _verified(fetch, ledger)]
    if noted and not any(link.get("hash") == noted for ledger in found for link in ledger.links):
        what = f"the noted head {noted} stands in no chain of this site"
        remedy = "Something that was announced before it was noted has been changed, dropped, inserted or re-dated."
        problems.append(Problem(Place("policies.json"), "head-gone", what, remedy))
    return found, problems


def _verified(fetch: Callable[[str], bytes | None], ledger: Ledger) -> Iterator[Problem]:
    place = Place(f"{ledger.policy}/versions.json")

    def wrong(code: str, what: str) -> Problem:
        return Problem(place, code, what, "Compare it with a copy of the site that you trust.")

    computed = chain.chained({k: v for k, v in link.items() if k != "hash"} for link in ledger.links)  # type: ignore[misc]
    for said, true in zip(ledger.links, computed, strict=True):
        if said.get("hash") != true["hash"]:
            yield wrong("chain-broken", f"the chain does not fit from {true.get('event')} {true.get('version')} on")
            break
    if ledger.head != chain.head(computed):
        yield wrong("head-other", f"its head is not the one that policies.json names ({ledger.head})")
    posted = {link.get("version"): link for link in ledger.links if link.get("event") == "posted"}
    listed = {_name(version, "id"): version for version in ledger.versions}
    for id_ in sorted(map(str, posted.keys() ^ listed.keys())):
        yield wrong("version-unchained", f"version {id_} stands in the {'chain' if id_ in posted else 'list'} alone")
    for id_, version in listed.items():
        link = posted.get(id_, {})
        text = fetch(f"{ledger.policy}/{id_}/policy.md")
        if text is None:
            yield wrong("text-gone", f"the text of {id_} is gone")
        elif hashlib.sha256(text).hexdigest() != link.get("sha256"):
            yield wrong("text-other", f"the text of {id_} is not the one that was posted")
        if (version.get("posted"), version.get("sha256")) != (link.get("day"), link.get("sha256")):
            yield wrong("version-other", f"what is listed of {id_} is not what the chain says")


# ------------------------------------------------------------------ a site and the policies at hand


def against(policies: Iterable[Policy], published: Iterable[Ledger]) -> Iterator[Problem]:
    """What the policies at hand would change or drop of what is public; what they add to it is no problem."""
    at_hand = {policy.id: policy for policy in policies}
    for ledger in published:
        policy = at_hand.get(ledger.policy)
        if policy is None:
            what = f"{ledger.policy} is published, and is not here"
            remedy = "Bring its folder back: its versions have addresses for good."
            yield Problem(Place(f"policies/{ledger.policy}"), "published-policy-gone", what, remedy)
            continue
        versions = {version.id: version for version in policy.versions}
        known = {_key(event): event for event in chain.events(policy, date.max)}
        for link in ledger.links:
            yield from _kept(ledger.policy, link, versions.get(link.get("version", "")), known.get(_key(link)))


def _key(event: Event) -> tuple[str, str, str]:
    """What an event is known by; a posting by its version, so that another day is told as such."""
    kind = event.get("event", "")
    return kind, event.get("version", ""), "" if kind == "posted" else event.get("day", "")


def _kept(policy: str, link: Link, version: Version | None, event: Event | None) -> Iterator[Problem]:
    id_, kind = link.get("version", ""), link.get("event")
    if version is None:
        if kind == "posted":
            place = Place(f"policies/{policy}/{id_}.md")
            what = f"{id_} is published, posted on {link.get('day')}, and is not here"
            yield Problem(place, "published-version-gone", what, "Bring it back: it has an address for good.")
        return
    if event is None:
        what = f"{id_} was {kind} on {link.get('day')}, as is published, and this is not said here"
        remedy = "Bring the line back: what was announced can only be followed by another announcement."
        yield Problem(version.place, "published-announcement-gone", what, remedy)
        return
    for fact, code, told in (
        ("sha256", "published-text-changed", "text"),
        ("day", "published-posted-changed", "posting day"),
        ("effective", "published-effective-changed", "first stated effective day"),
        ("corrects", "published-corrects-changed", "corrected version"),
        ("to", "published-postponement-changed", "postponement"),
    ):
        said, here = link.get(fact), event.get(fact)
        if said != here:
            was = "" if fact == "sha256" else f": {said or 'none'} is published, {here or 'none'} is here"
            remedy = "Put it back as it was published, and post what you want to say as a new version or a correction."
            yield Problem(version.place, code, f"the {told} of {id_} changed after it was published{was}", remedy)
