"""Which commits posted the versions that are files, also under the names that these once had."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from inforce import addresses
from inforce.model import Origin
from inforce.sources import folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from inforce.model import Policy, Version
    from inforce.sources.repository import Change

    Gone = Mapping[str, Sequence[Sequence[Change]]]
    """What became of each version file that is gone, by the blob that it held last."""


def told(policies: Iterable[Policy], history: Mapping[str, Sequence[Change]], place: str) -> Iterator[Policy]:
    """Policies kept as folders in `place`, whose versions know the commits that posted them."""
    gone = _gone(history, place)
    for policy in policies:
        each = ((version, history.get(version.place.path)) for version in policy.versions)
        origins = [_origin(version, changes, gone) if changes else None for version, changes in each]
        if origins == [version.origin for version in policy.versions]:
            yield policy
        else:
            versions = (version.but(origin=origin) for version, origin in zip(policy.versions, origins, strict=True))
            yield replace(policy, versions=tuple(versions))


def _origin(version: Version, changes: Sequence[Change], gone: Gone) -> Origin | None:
    """The last commit that changed a version's file up to its posting day, or the first at all."""
    held = _held(changes, gone)
    drafts = [change for change in held if change.commit.day <= version.posted]
    posted = next(iter([*reversed(drafts), *held]), None)
    return Origin(posted.commit.id, posted.commit.day, posted.path) if posted else None


def _held(changes: Sequence[Change], gone: Gone) -> list[Change]:
    """What a file held, one change after another, beginning with what it was when it bore another name."""
    held = [change for change in changes if change.is_file]
    while older := [
        one for first in held[:1] for one in gone.get(first.blob, ()) if one[-1].commit.number < first.commit.number
    ]:
        held = [*older[0], *held]
    return held


def _gone(history: Mapping[str, Sequence[Change]], place: str) -> Gone:
    """The version files that are gone: under a name that is that of none they were read by nobody."""
    found: dict[str, list[Sequence[Change]]] = {}
    for path, changes in history.items():
        if not changes[-1].blob and _is_published(PurePosixPath(path), place):
            held = [change for change in changes if change.is_file]
            for last in held[-1:]:
                found.setdefault(last.blob, []).append(held)
    return found


def _is_published(path: PurePosixPath, place: str) -> bool:
    return folder.is_placed(path, place) and not any(map(addresses.unfit, (path.parent.name, path.stem)))
