"""The keys of the front matter for editors, as a JSON Schema: what each means, and what it may hold.

It is of draft 7, which every editor knows. What it cannot say is left to `check`: which day may follow which.
"""

from __future__ import annotations

from inforce.sources import header

_DAY = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_WORDS = {"type": ["string", "number"], "pattern": r"\S"}
"""An editor takes 2.10 for a number, where inforce reads the text that was written."""
_MEANINGS = {
    "title": "The policy's title, as it stands at the top of the page.",
    "posted": "The day on which the public can first read this version, year-month-day. Earlier, no page shows it.",
    "effective": "The day from which it governs. Left out: posting (first version), or posting and the notice.",
    "summary": "Your own account of the change, for readers who will not compare two texts. Markdown.",
    "corrects": "The id of the version of which this is a corrected text: its file's name without .md.",
    "reason": "Why notice is shorter than the rule: legal, security, new-feature, or your own words.",
    "version": "A label shown to readers, in quotes.",
    "postponed": "One entry for each time the effective day was moved.",
    "withdrawn": "The day on which this version was taken back, while it was pending. It never governs.",
}
_ENTRY = {
    "type": "object",
    "properties": {
        "announced": {**_DAY, "description": "The day on which you said so."},
        "to": {**_DAY, "description": "The new effective day."},
        "note": {**_WORDS, "description": "Why, for readers."},
    },
    "required": ["announced", "to"],
    "additionalProperties": False,
}
_KINDS = dict.fromkeys(("posted", "effective", "withdrawn"), _DAY) | {
    "postponed": {"type": "array", "items": _ENTRY, "minItems": 1}
}


def front_matter() -> dict[str, object]:
    """The schema."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Front matter of a version",
        "type": "object",
        "properties": {key: {**_KINDS.get(key, _WORDS), "description": _MEANINGS[key]} for key in header.KEYS},
        "required": ["title", "posted"],
        "additionalProperties": False,
        "not": {"required": ["corrects", "effective"]},
    }
