"""A policy as plain values, and made of them again without reading a text of it."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from inforce.errors import Place
from inforce.model import Filed, Origin, Policy, Postponement
from inforce.sources import folder
from inforce.sources.blobs import Blobs, Body, Picture

if TYPE_CHECKING:
    from inforce.model import Version

_PLAIN = ("id", "title", "summary", "corrects", "reason", "label", "sha256")


def of_policy(policy: Policy) -> dict[str, Any]:
    """What makes a policy, as plain values."""
    pictures = sorted({name for one in policy.versions if not _blob(one) for name in one.pictures})
    return {
        "id": policy.id,
        "notice": policy.notice,
        "language": policy.language,
        "title": policy.given_title,
        "at_hand": policy.at_hand,
        "pictures": pictures,
        "versions": [_of_version(version) for version in policy.versions],
    }


def _of_version(version: Version) -> tuple[Any, ...]:
    origin = version.origin
    return (
        *(getattr(version, name) for name in _PLAIN),
        version.place.path,
        version.place.line,
        version.posted.toordinal(),
        version.effective and version.effective.toordinal(),
        version.withdrawn and version.withdrawn.toordinal(),
        [(one.announced.toordinal(), one.to.toordinal(), one.note) for one in version.postponed],
        dict(version.lines),
        origin and (origin.commit, origin.day.toordinal(), origin.path),
        version.place.commit,
        _blob(version),
        {name: read.blob for name, read in version.pictures.items() if isinstance(read, Picture)},
    )


def _blob(version: Version) -> str:
    """The id of the file in the history that holds the text of a version; empty where it lies in a folder."""
    return version.text.blob if isinstance(version, Filed) and isinstance(version.text, Body) else ""


def policy(record: dict[str, Any], blobs: Blobs) -> Policy:
    """The policy of a project that plain values tell of; its texts are read when they are asked for."""
    name = record["versions"][0][len(_PLAIN)].rpartition("/")[0]
    pictures = {picture: (blobs.root / name / picture).read_bytes for picture in record["pictures"]}
    root = str(blobs.root)
    versions = tuple([_version(facts, root, pictures, blobs) for facts in record["versions"]])
    chosen = record["notice"], record["language"], record["title"], record["at_hand"]
    return Policy(record["id"], versions, *chosen)


def _version(facts: tuple[Any, ...], root: str, pictures: dict[str, Any], blobs: Blobs) -> Filed:
    id_, title, summary, corrects, reason, label, sum_, path, line, posted, effective, withdrawn, *rest = facts
    moved, lines, origin, commit, blob, pictured = rest
    day = date.fromordinal
    return Filed.made(
        {
            "id": id_,
            "title": title,
            "posted": day(posted),
            "effective": effective and day(effective),
            "place": Place(path, line, commit),
            "summary": summary,
            "corrects": corrects,
            "reason": reason,
            "label": label,
            "postponed": tuple([Postponement(day(announced), day(to), note) for announced, to, note in moved]),
            "withdrawn": withdrawn and day(withdrawn),
            "lines": lines,
            "pictures": {one: Picture(blobs, id_) for one, id_ in pictured.items()} if blob else pictures,
            "origin": origin and Origin(origin[0], day(origin[1]), origin[2]),
        },
        Body(blobs, blob, sum_) if blob else partial(folder.text, f"{root}/{path}", sum_),
        sum_,
    )
