"""The same facts for programs: what stands in a policy's ``versions.json``, in ``policies.json`` and in the sitemap."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from inforce import chain
from inforce.model import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from inforce.model import Entry, Version
    from inforce.site import Shown, Site


def policies(site: Site) -> bytes:
    """``/policies.json``."""
    return _json({"on": site.on, "policies": [_standing(shown) for shown in site.policies]})


def versions(site: Site, shown: Shown) -> bytes:
    """``/<policy>/versions.json``."""
    return _json(_versions(site, shown))


def _json(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def _url(address: str) -> str:
    return quote(address)


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
        "sha256": chain.text_sum(version),
        "url": _url(shown.version(entry)),
        "changes_url": _url(shown.changes(entry)) if entry.follows else None,
        "source_url": _url(shown.source(entry)),
        "commit": _commit(site, version) if version.origin else None,
    }


def _commit(site: Site, version: Version) -> dict[str, Any]:
    origin = version.origin
    assert origin  # noqa: S101 - asked by the caller
    return {"id": origin.commit, "day": origin.day, "path": origin.path, "url": site.origin_url(version) or None}


def sitemap(site: Site) -> Iterator[tuple[str, date | None]]:
    """Addresses that search engines are meant to show, with the day on which each was posted."""
    yield site.base_url + "/", None
    for shown in site.policies:
        governs = shown.timeline.in_force
        yield site.base_url + _url(shown.address), governs.version.posted if governs else None
        yield site.base_url + _url(shown.history), max(entry.version.posted for entry in shown.timeline.entries)
        for entry in shown.timeline.entries:
            if entry.standing is not Standing.PENDING:
                yield site.base_url + _url(shown.version(entry)), entry.version.posted
