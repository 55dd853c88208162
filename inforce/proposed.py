"""What a branch changes about the policies, as Markdown for those who are to agree to it.

First the versions that stand otherwise than before, with their days; then each text that it adds or changes, with its
redline.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import accumulate
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from inforce import addresses, markup, settings, sources
from inforce.errors import PolicyError
from inforce.markdown import Reader
from inforce.sources import branch, folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from inforce.errors import Problem
    from inforce.model import Entry, Policy
    from inforce.sources.branch import Changed

LIMIT = 900_000
"""Bytes of a summary: GitHub shows nothing at all of one that is longer than 1,048,576."""

MOST = 500
"""Versions of which it is told that they stand otherwise."""
TOO_LONG = (
    "This is not all, since GitHub shows no summary of more than a megabyte. What is left out is named; the site that "
    "is built has the redline of each version at /POLICY/VERSION/changes/.\n\n"
)
PICTURES = {
    "added": "A new picture.",
    "removed": "This picture is removed.",
    "replaced": "This picture is replaced: each version that shows it, also one that is posted, shows the new one.",
}
LEFT_OUT = "Its redline is left out here."


class Told(NamedTuple):
    """What is told of one file: its path, what the branch does with it, and the redline of its text, if it has one."""

    path: str
    what: str
    redline: str = ""

    def __str__(self) -> str:
        return f"### {markup.code_for_markdown(self.path)}\n\n{self.what}\n\n" + (
            f"{self.redline}\n\n" if self.redline else ""
        )


def summary(root: Path, revision: str, on: date, limit: int | None = LIMIT) -> str:
    """What a branch changes since it parted from a revision, in no more bytes than the limit.

    Raises PolicyError with all that is wrong in what it proposes, and SurroundingsError where git cannot tell.
    """
    policies, files = _read(root, revision)
    moved = list(_moved(_before(root, revision), policies, on))
    told = [
        *_told(files, policies),
        *(Told(path, PICTURES[what]) for path, what in branch.pictures(root, sources.FOLDER, revision)),
    ]
    if not moved and not told:
        return "No policy is changed.\n"
    lines = [*moved[:MOST], *([f"and {len(moved) - MOST:,} more"] if len(moved) > MOST else [])]
    beginning = "### Versions that stand otherwise\n\n" + "".join(f"- {line}\n" for line in lines) + "\n"
    return _fitted(beginning if moved else "", told, limit)


def _read(root: Path, revision: str) -> tuple[list[Policy], list[Changed]]:
    """The policies as they lie here, and the files that the branch changes.

    Raises PolicyError with all that is wrong.
    """
    chosen = settings.read(root)
    problems: list[Problem] = []
    policies: list[Policy] = []
    files: list[Changed] = []
    try:
        paths = {id_: own.paths for id_, own in chosen.policies.items()}
        files = branch.changed(root, sources.FOLDER, revision, paths)
    except PolicyError as error:
        problems += error.problems
    try:
        policies, _ = sources.read(root, chosen, watch=False)
    except PolicyError as error:
        problems += error.problems
    if problems:
        raise PolicyError(dict.fromkeys(problems))  # both have read the same files
    return policies, files


# ------------------------------------------------------------------ versions that stand otherwise


def _before(root: Path, revision: str) -> dict[str, Policy]:
    """The policies that are folders, as they were where the branch parted; without those that were faulty."""
    texts, source = branch.held(root, sources.FOLDER, revision, settings.FILE)
    chosen = settings.held(source)
    folders: dict[str, dict[str, bytes]] = defaultdict(dict)
    for path, data in texts.items():
        if path.count("/") > 1:
            folders[addresses.address(PurePosixPath(path).parent.name)][path] = data
    found = {id_: folder.held(id_, files, notice=chosen.notice(id_)) for id_, files in folders.items()}
    return {id_: policy for id_, policy in found.items() if policy}


def _moved(before: Mapping[str, Policy], policies: Sequence[Policy], on: date) -> Iterator[str]:
    """The versions that were there, and stand otherwise by what the branch says: how they stood, and how they stand."""
    for policy in policies:
        old = before.get(policy.id)
        known = {version.id for version in old.versions} if old else set()
        for version in policy.versions:
            if old and version.id in known:
                was, now = _said(old, version.id), _said(policy, version.id)
                if was != now:
                    then, today = _standing(old, version.id, on), _standing(policy, version.id, on)
                    yield f"`{policy.id}@{version.id}`: was {was} ({then}); is now {now} ({today})"


def _said(policy: Policy, version_id: str) -> str:
    """When a version takes effect by all that is said of it."""
    end = policy.as_of(max(policy.told()))
    entry = next(entry for entry in end.entries if entry.id == version_id)
    other = end.overtaker(entry)
    if entry.withdrawn:
        return f"withdrawn on {entry.withdrawn}"
    if other:
        return f"never in force, {'corrected' if end.kin(other, entry) else 'overtaken'} by {other.id}"
    return f"effective {entry.effective}"


def _standing(policy: Policy, version_id: str, on: date) -> str:
    entry = policy.as_of(on).entry(version_id)
    return f"{entry.standing if entry else 'unposted'} as of {on}"


# ------------------------------------------------------------------ texts


def _told(files: Sequence[Changed], policies: Sequence[Policy]) -> Iterator[Told]:
    entries = {  # versions that are files of their own
        entry.version.place.path: entry
        for policy in policies
        for version in policy.versions
        if version.place.path.count("/") > 1 and (entry := policy.as_of(version.posted).entry(version.id))
    }
    reader = Reader(strict=False)
    for one in files:
        before, what = _what(one, entries.get(one.path))
        if before == one.after:
            yield Told(one.path, what)
        else:
            redline = markup.redline(reader.read(before or ""), reader.read(one.after or ""))
            yield Told(one.path, what, markup.for_markdown(redline))


def _what(one: Changed, entry: Entry | None) -> tuple[str | None, str]:
    """With what the text of a file is compared, and what the branch does with the file."""
    keys = f"of the front matter is changed: {', '.join(map(markup.code_for_markdown, one.keys))}." if one.keys else ""
    if one.after is None:
        return one.before, "This file is removed."
    if one.once:
        once = markup.code_for_markdown(one.once)
        told = f"Renamed from {once}; its text is {'as it was' if one.before == one.after else 'changed'}."
        days = f" It is posted {entry.version.posted}, effective {entry.effective}." if entry else ""
        return one.before, told + days
    if one.before == one.after:
        return one.before, f"The text is as it was; {keys or 'other lines of the front matter are changed.'}"
    if one.before is not None:
        return one.before, "The text that was there is changed." + (f" Also {keys}" if keys else "")
    if entry is None:
        return None, "A new policy, kept as one file."
    follows = entry.follows
    beside = f"compared with {follows.id}, which it follows" if follows else "the first of its policy"
    told = f"A new version, {beside}: posted {entry.version.posted}, effective {entry.effective}."
    return follows.body if follows else "", told


# ------------------------------------------------------------------ what fits


def _fitted(beginning: str, told: Sequence[Told], limit: int | None) -> str:
    """All of it; where that would be too long, without the redlines that find no room, and without the last files."""
    whole = beginning + "".join(map(str, told))
    if limit is None or _size(whole) <= limit:
        return whole
    short = [one._replace(what=f"{one.what} {LEFT_OUT}", redline="") if one.redline else one for one in told]
    room = limit - _size(beginning) - _size(TOO_LONG) - _size(_more(len(told)))
    named = sum(used <= room for used in accumulate(_size(str(one)) for one in short))
    room -= sum(_size(str(one)) for one in short[:named])
    shown = []
    for one, less in zip(told, short[:named], strict=False):
        costs = _size(str(one)) - _size(str(less))
        shown.append(one if costs <= room else less)
        room -= costs if costs <= room else 0
    rest = _more(len(told) - named) if named < len(told) else ""
    return TOO_LONG + beginning + "".join(map(str, shown)) + rest


def _more(files: int) -> str:
    return f"### And {files:,} more\n\nSo many files are changed besides, and not named here.\n"


def _size(text: str) -> int:
    return len(text.encode(errors="backslashreplace"))
