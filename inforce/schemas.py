"""What the site's files for programs hold, as JSON Schemas (2020-12).

They say what is certain, and nothing of what may come: more keys may follow in each object, so a program that reads
these files passes over what it does not know.
"""

from __future__ import annotations

from typing import Any

from inforce.model import Standing

Schema = dict[str, Any]

NAMES = ("versions", "policies", "notice")
"""The files that have a schema, without their ending."""
_DAY: Schema = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_ID: Schema = {"type": "string", "minLength": 1}
_WORDS: Schema = {"type": "string"}
_HASH: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_ROOTED: Schema = {"type": "string", "format": "uri-reference", "pattern": "^/"}
_ADDRESS: Schema = {"type": "string", "format": "uri-reference", "pattern": "^(/|https?://)"}


def schema(name: str, id_: str = "") -> Schema:
    """The schema of a file; with its own address, if that is known."""
    own = {"$id": id_} if id_ else {}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **own, **_FILES[name]}


def _told(said: Schema, description: str) -> Schema:
    return {**said, "description": description}


def _or_null(said: Schema) -> Schema:
    return {"anyOf": [said, {"type": "null"}]}


def _list(said: Schema) -> Schema:
    return {"type": "array", "items": said}


def _object(properties: Schema, optional: Schema | None = None) -> Schema:
    return {"type": "object", "properties": {**properties, **(optional or {})}, "required": list(properties)}


_UNTIL = _told(_or_null(_DAY), "The day on which another version takes over, exclusive; null while none is known.")
_COMMIT = _object({"id": _ID, "day": _DAY, "path": _ID, "url": _or_null({**_WORDS, "format": "uri"})})
_VERSION = _object(
    {
        "id": _told(_ID, "Its address for good."),
        "title": _ID,
        "version": _told(_or_null(_ID), "What the author calls it."),
        "posted": _told(_DAY, "The day the public could first read it."),
        "effective": _told(_DAY, "The day from which it governs, or would have, after postponements."),
        "standing": {"enum": [str(one) for one in Standing if one is not Standing.UNPOSTED]},
        "in_force": _told(
            {**_list(_object({"from": _DAY, "until": _UNTIL})), "maxItems": 1},
            "When it governs; empty for a version that never does.",
        ),
        "corrects": _told(_or_null(_ID), "The version of which this is a corrected text."),
        "reason": _told(_or_null(_ID), "Why notice is shorter than the rule."),
        "postponed": _list(_object({"announced": _DAY, "to": _DAY, "note": _or_null(_ID)})),
        "withdrawn": _told(_or_null(_DAY), "The day on which it was taken back."),
        "follows": _told(_or_null(_ID), "The version from which its redline leads."),
        "sha256": _told(_HASH, "That of the bytes at `source_url`."),
        "url": _ROOTED,
        "changes_url": _or_null(_ROOTED),
        "source_url": _ROOTED,
        "commit": _told(_or_null(_COMMIT), "The commit that posted it, if git knows."),
    }
)
_ANNOUNCED = _object(
    {"event": {"enum": ["posted", "postponed", "withdrawn"]}, "day": _DAY, "version": _ID, "hash": _HASH},
    {"sha256": _HASH, "effective": _or_null(_DAY), "corrects": _ID, "to": _DAY},
)
_FILES: dict[str, Schema] = {
    "versions": {
        "title": "The versions of a policy",
        **_object(
            {
                "policy": _ID,
                "title": _ID,
                "timezone": _told(_ID, "The zone in which a day begins, by its IANA name."),
                "on": _told(_DAY, "The day as of which this is told."),
                "versions": _told(_list(_VERSION), "In the order in which they follow each other."),
                "chain": _told(_list(_ANNOUNCED), "All that was announced; each hash is made of the one before it."),
                "head": _told(_HASH, "The last hash of the chain."),
            },
            {"$schema": _WORDS},
        ),
    },
    "policies": {
        "title": "The policies of a site",
        **_object(
            {
                "on": _told(_DAY, "The day as of which this is told."),
                "policies": _list(
                    _object(
                        {
                            "policy": _ID,
                            "title": _ID,
                            "url": _ROOTED,
                            "in_force": _told(_or_null(_ID), "The version in force; null while there is none."),
                            "pending": _told(_list(_ID), "The versions whose day lies ahead."),
                            "next_change": _told(
                                _or_null(_DAY), "The next day on which, by what is posted, another version takes over."
                            ),
                            "head": _told(_HASH, "The last hash of its chain."),
                        }
                    )
                ),
            },
            {"$schema": _WORDS},
        ),
    },
    "notice": {
        "title": "What a product needs to give notice of a policy",
        "description": "The same whenever it is built, until something is posted, moved, withdrawn or takes effect.",
        **_object(
            {
                "policy": _ID,
                "title": _ID,
                "language": _told(_ID, "That of the summaries."),
                "timezone": _told(_ID, "The zone in which a day begins, by its IANA name."),
                "url": _told(_ADDRESS, "Always the text in force."),
                "history_url": _ADDRESS,
                "in_force": _told(
                    _list(_object({"version": _ID, "from": _DAY, "until": _UNTIL, "url": _ADDRESS})),
                    "The version in force and those that will be, in order.",
                ),
                "pending": _told(
                    _list(
                        _object(
                            {
                                "version": _ID,
                                "posted": _told(_DAY, "The day the public could first read it."),
                                "effective": _told(_DAY, "From this day on it is in force, and no longer pending."),
                                "summary": _told(_WORDS, "The author's account of it in plain words; may be empty."),
                                "url": _ADDRESS,
                                "changes_url": _told(_or_null(_ADDRESS), "What it changes; null for a first version."),
                            }
                        )
                    ),
                    "The versions that are posted and take effect on a coming day, in order.",
                ),
            },
            {"$schema": _WORDS},
        ),
    },
}
