"""Which commits posted the versions that are files, also under the names that these once had."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from inforce import addresses
from inforce.model import Origin
from inforce.sources import folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from inforce.model import Policy, Version
    from inforce.sources.repository import Change

    Lives = Mapping[tuple[str, str], Sequence[Change]]
    """What became of the file of each version, by the ids of its policy and its own."""
    Gone = Mapping[str, Sequence[Sequence[Change]]]
    """What became of each version file that is gone, by the blob that it held last."""


def lives(history: Mapping[str, Sequence[Change]], place: str) -> Lives:
    """What became of the file of each version below `place`, by the ids of its policy and its own.

    A version is its name, whatever that ends in: ``.markdown`` that became ``.md`` is a file that was renamed.
    """
    found: dict[tuple[str, str], list[Sequence[Change]]] = {}
    for path, changes in history.items():
        name = PurePosixPath(path)
        if folder.is_placed(name, place):
            key = addresses.address(name.parts[1]), addresses.address(name.stem)
            found.setdefault(key, []).append(changes)
    return {key: several[0] if len(several) == 1 else _joined(several) for key, several in sorted(found.items())}


def _joined(several: Iterable[Sequence[Change]]) -> list[Change]:
    """What became of a version whose file bore several names, one after another."""
    standing: dict[str, Change] = {}
    found: dict[int, Change] = {}
    for change in sorted(chain(*several), key=lambda one: one.commit.number):
        standing[change.path] = change
        held = next((one for one in reversed(standing.values()) if one.blob), change)
        found[change.commit.number] = held._replace(commit=change.commit)
    return list(found.values())


def told(policies: Iterable[Policy], lives: Lives) -> Iterator[Policy]:
    """Policies kept as folders, whose versions know the commits that posted them."""
    gone = _gone(lives)
    for policy in policies:
        each = ((version, lives.get((policy.id, version.id))) for version in policy.versions)
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


def _gone(lives: Lives) -> Gone:
    """The version files that are gone: under a name that is that of none they were read by nobody."""
    found: dict[str, list[Sequence[Change]]] = {}
    for names, changes in lives.items():
        if not changes[-1].blob and not any(map(addresses.unfit, names)):
            held = [change for change in changes if change.is_file]
            for last in held[-1:]:
                found.setdefault(last.blob, []).append(held)
    return found
