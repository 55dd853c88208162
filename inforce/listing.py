"""The same facts for programs: ``versions.json``, ``notice.json``, ``policies.json``, the sitemap, and what pages tell.

Each file names its JSON Schema, which stands beside ``policies.json``. What a page tells of itself is in the words of
schema.org.
"""

from __future__ import annotations

import json
from datetime import date
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from inforce import schemas
from inforce.model import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from inforce.model import Entry, Version
    from inforce.site import Shown, Site

SCHEMA_ORG = "https://schema.org"


def policies(site: Site) -> bytes:
    """``/policies.json``."""
    told = {"on": site.on, "policies": [_standing(shown) for shown in site.policies]}
    return _json({"$schema": _schema(site, "policies", "/policies.json"), **told})


def versions(site: Site, shown: Shown) -> bytes:
    """``/<policy>/versions.json``."""
    return _json(_versions(site, shown))


def notice(site: Site, shown: Shown, summary: Callable[[Entry], str]) -> bytes:
    """``/<policy>/notice.json``; ``summary`` gives plain words.

    The day of the build is nowhere in it: who reads it holds its days against their own.
    """
    return _json(_notice(site, shown, summary))


def schema(site: Site, name: str) -> bytes:
    """``/versions.schema.json`` and its like."""
    return _json(schemas.schema(name, _address(site, _schema_address(name)) if site.base_url else ""))


def _schema_address(name: str) -> str:
    return f"/{name}.schema.json"


def _schema(site: Site, name: str, page: str) -> str:
    """Where a file finds its schema."""
    return site.url(_schema_address(name), page)


def _json(data: object) -> bytes:
    return f"{indented(data)}\n".encode()


def indented(data: object, depth: int = 0) -> str:
    """Data as JSON, each thing in it on a line of its own; for json itself to indent takes several times as long."""
    if isinstance(data, (str, date)):
        return encode_basestring(str(data))
    if data is None:
        return "null"
    if isinstance(data, dict) and data:
        told = [f"{encode_basestring(key)}: {indented(one, depth + 1)}" for key, one in data.items()]
        return _lines("{}", told, depth)
    if isinstance(data, list) and data:
        return _lines("[]", [indented(one, depth + 1) for one in data], depth)
    return json.dumps(data)


def _lines(around: str, parts: list[str], depth: int) -> str:
    end = "\n" + " " * depth
    return f"{around[0]}{end} {f',{end} '.join(parts)}{end}{around[1]}"


def _url(address: str) -> str:
    return quote(address)


def _address(site: Site, address: str) -> str:
    """Where something is, as far as the site says where it lives."""
    path, mark, fragment = address.partition("#")
    return site.base_url + _url(path) + mark + quote(fragment)


def _standing(shown: Shown) -> dict[str, Any]:
    timeline = shown.timeline
    return {
        "policy": shown.id,
        "title": shown.title,
        "url": _url(shown.address),
        "in_force": timeline.in_force.id if timeline.in_force else None,
        "pending": [entry.id for entry in timeline.pending],
        "next_change": timeline.next_change,
        "head": shown.head,
    }


def _versions(site: Site, shown: Shown) -> dict[str, Any]:
    return {
        "$schema": _schema(site, "versions", shown.listing),
        "policy": shown.id,
        "title": shown.title,
        "timezone": site.timezone,
        "on": site.on,
        "versions": [_version(site, shown, entry) for entry in shown.timeline.entries],
        "chain": shown.chain,
        "head": shown.head,
    }


def _version(site: Site, shown: Shown, entry: Entry) -> dict[str, Any]:
    version, period = entry.version, entry.in_force
    return {
        "id": version.id,
        "title": version.title,
        "version": version.label or None,
        "posted": version.posted,
        "effective": entry.effective,
        "standing": entry.standing,
        "in_force": [{"from": period.first, "until": period.until}] if period else [],
        "corrects": version.corrects or None,
        "reason": version.reason or None,
        "postponed": [{"announced": one.announced, "to": one.to, "note": one.note or None} for one in entry.postponed],
        "withdrawn": entry.withdrawn,
        "follows": entry.follows.id if entry.follows else None,
        "sha256": version.sha256,
        "url": _url(shown.version(entry)),
        "changes_url": _url(shown.changes(entry)) if entry.follows else None,
        "source_url": _url(shown.source(entry)),
        "commit": _commit(site, version) if version.origin else None,
    }


def _commit(site: Site, version: Version) -> dict[str, Any]:
    origin = version.origin
    assert origin  # noqa: S101 - asked by the caller
    return {"id": origin.commit, "day": origin.day, "path": origin.path, "url": site.origin_url(version) or None}


def _notice(site: Site, shown: Shown, summary: Callable[[Entry], str]) -> dict[str, Any]:
    timeline = shown.timeline
    return {
        "$schema": _schema(site, "notice", shown.notice),
        "policy": shown.id,
        "title": shown.title,
        "language": shown.language,
        "timezone": site.timezone,
        "url": _address(site, shown.address),
        "history_url": _address(site, shown.history),
        "in_force": [
            {
                "version": entry.id,
                "from": entry.in_force.first,
                "until": entry.in_force.until,
                "url": _address(site, shown.version(entry)),
            }
            for entry in timeline.governing
            if entry.in_force and entry.standing is not Standing.SUPERSEDED
        ],
        "pending": [
            {
                "version": group[-1].id,
                "posted": group[0].version.posted,
                "effective": group[-1].effective,
                "summary": "\n".join(filter(None, map(summary, group))),
                "url": _address(site, shown.version(group[-1])),
                "changes_url": _address(site, way) if (way := shown.difference(group)) else None,
            }
            for group in shown.announced
        ],
    }


def document(site: Site, shown: Shown, entry: Entry, page: str) -> dict[str, Any]:
    """A version as a page tells of it: what was so on the day of its posting, and stays so."""
    version = entry.version
    return {
        "@context": SCHEMA_ORG,
        "@type": "DigitalDocument",
        "url": site.url(shown.version(version), page),
        "name": version.title,
        "version": version.label or version.id,
        "datePublished": str(version.posted),
        "inLanguage": shown.language,
        "isPartOf": _website(site, page),
        "encoding": {
            "@type": "MediaObject",
            "encodingFormat": "text/markdown",
            "contentUrl": site.url(shown.source(version), page),
            "sha256": version.sha256,
        },
    }


def webpage(site: Site, shown: Shown) -> dict[str, Any]:
    """The page of a policy as it tells of itself: which text stands on it, as long as it does."""
    governs, page = shown.timeline.in_force, shown.address
    return {
        "@context": SCHEMA_ORG,
        "@type": "WebPage",
        "url": site.url(page, page),
        "name": shown.title,
        "dateModified": str(shown.timeline.since),
        "inLanguage": site.language,
        "isPartOf": _website(site, page),
        **({"mainEntity": document(site, shown, governs, page)} if governs else {}),
    }


def _website(site: Site, page: str) -> dict[str, Any]:
    return {"@type": "WebSite", "name": site.title, "url": site.url("/", page)}


def sitemap(site: Site) -> Iterator[tuple[str, date | None]]:
    """Addresses that search engines are meant to show, with the day on which each was posted.

    They have to be absolute: there are none while the site does not say where it lives.
    """
    if not site.base_url:
        return
    yield site.base_url + "/", None
    for shown in site.policies:
        governs = shown.timeline.in_force
        yield site.base_url + _url(shown.address), governs.version.posted if governs else None
        yield site.base_url + _url(shown.history), max(entry.version.posted for entry in shown.timeline.entries)
        for entry in shown.timeline.entries:
            if entry.standing is not Standing.PENDING:
                yield site.base_url + _url(shown.version(entry)), entry.version.posted
