"""How the next version of a policy begins: its file, with the text that it follows and its front matter ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from inforce import addresses, settings, sources
from inforce.errors import UsageError
from inforce.sources import folder

if TYPE_CHECKING:
    from pathlib import Path

    from inforce.model import Policy, Version

FIRST = "{{ the text of the policy }}\n"
"""What stands for the text of a first version; `check` tells it as long as it is left."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A version file that is not written yet."""

    path: Path
    content: str
    base: str
    """The id of the version whose text was taken; empty for the first version of a policy."""


def draft(root: Path, name: str, posted: date, effective: date | None, base: str) -> Draft:
    """The next version of a policy of this name, or the first one if there is no such policy.

    Unless `base` names another, it begins with the text of the last version that was not withdrawn, pending or not:
    that is the text which it follows, and what is pending would be lost without a word otherwise. Raises UsageError
    where no file can be made so, PolicyError where the policy cannot be read.
    """
    id_ = addresses.address(name)
    if not id_ or (why := addresses.unfit(name)):
        raise UsageError(f"{name} cannot be a policy: {why if id_ else 'it has no name'}")
    if name[0] in "._":
        raise UsageError(f"{name} cannot be a policy: what begins with a dot or a low line is none")
    if effective and effective < posted:
        raise UsageError(f"effective {effective} is before posted {posted}")
    kept = _kept(root / sources.FOLDER, id_)
    if kept.is_file():
        raise UsageError(f"{id_} is one evolving file: change its text and its `posted` in {kept}, and commit that")
    id_ = addresses.address(kept.name)
    path = kept / f"{posted}.md"
    policy = _policy(root, kept)
    if path.exists() or (policy and any(version.posted == posted for version in policy.versions)):
        raise UsageError(f"a version of {id_} is posted on {posted} already; give another day with --posted")
    if policy is None:
        if base:
            raise UsageError(f"there is no version {base}: {id_} has none yet")
        return Draft(path, _written(_title(id_), posted, effective, 0, FIRST), "")
    taken = _base(policy, base)
    return Draft(path, _written(taken.title, posted, effective, policy.notice, f"{taken.body}"), taken.id)


def _kept(place: Path, id_: str) -> Path:
    """The folder or file of the policy at an address, however its name is written; a new folder if there is none."""
    for path in sorted(place.iterdir()) if place.is_dir() else ():
        name = path.name if path.is_dir() else path.stem
        fits = path.is_dir() or folder.is_version(path)
        if fits and addresses.folded(name) == addresses.folded(id_):
            return path
    return place / id_


def _policy(root: Path, place: Path) -> Policy | None:
    if not place.is_dir():
        return None
    chosen = settings.read(root)
    own = chosen.policy(addresses.address(place.name)).notice_days
    notice = chosen.notice_days if own is None else own
    return folder.read(place, root, notice=notice, language="", title="")  # a draft tells neither


def _base(policy: Policy, base: str) -> Version:
    standing = [version for version in policy.versions if not policy.withdrawn(version, date.max)]
    wanted = [one for one in policy.versions if one.id == base] if base else standing[-1:]
    if not wanted:
        known = ", ".join(version.id for version in policy.versions)
        raise UsageError(f"{f'there is no version {base}' if base else 'all are withdrawn'}; there are: {known}")
    return wanted[0]


def _title(id_: str) -> str:
    return id_.replace("-", " ").capitalize()


def _written(title: str, posted: date, effective: date | None, notice: int, body: str) -> str:
    quoted = title.replace("'", "''")
    by_rule = date.fromordinal(min(posted.toordinal() + notice, date.max.toordinal()))
    when = (
        f"effective: {effective}" if effective else f"# effective: {by_rule} by the rule; a line only for another day"
    )
    return (
        f"---\ntitle: '{quoted}'\nposted: {posted}\n{when}\n"
        f"# summary: What changes, in your own words. Take away the # when you have written it.\n---\n"
        f"{body if body.startswith(chr(10)) else chr(10) + body}"
    )
