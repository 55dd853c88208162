"""From one evolving file to a folder of version files, so that a team can move from the one way to the other.

What is written reads as the history did: the same texts, byte for byte, on the same days.
"""

from __future__ import annotations

import json
import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING

from inforce import addresses
from inforce.errors import Place, PolicyError, Problem, SurroundingsError
from inforce.settings import PolicySettings
from inforce.sources import evolving, folder, header, repository

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from inforce.model import Policy, Version


def read(root: Path, paths: Sequence[str], *, notice: int, title: str = "") -> tuple[Policy, list[Problem]]:
    """The history of an evolving file: its path from the repository's root, then those that it once had.

    Its front matter says the days if the text that is checked out has `posted`, else the commits do. Raises
    PolicyError where it has no versions, SurroundingsError where git cannot be read.
    """
    own, *others = paths
    path = root / own
    posted_from = "front-matter" if _states_days(path) else "commit"
    settings = PolicySettings(title=title, paths=tuple(others), posted_from=posted_from)
    kept = evolving.Kept(path, addresses.address(path.stem), settings, notice, "en")
    with repository.open_(root) as repo:
        policy, problems = evolving.read(kept, root, repo, repo.history(kept.paths(root)))
    if policy is None:
        what, remedy = f"{own} has no version in this history", "Name the file's path from the repository's root."
        raise PolicyError([*problems, Problem(Place(own), "no-versions", what, remedy)])
    return policy, problems


def _states_days(path: Path) -> bool:
    try:
        parts = header.split(header.decode(path.read_bytes()))
        return "posted" in header.load(parts.header or "")
    except (OSError, header.HeaderError):
        return False


def write(policy: Policy, to: Path) -> int:
    """Write the version files of a policy, and the pictures beside them; gives how many versions were written.

    All are written or none: `to` may not hold a version yet. Raises SurroundingsError where it does, or cannot be
    written, or two versions show different pictures of one name.
    """
    if to.exists() and any(folder.is_version(path) for path in to.iterdir()):
        raise SurroundingsError(f"{to} holds versions already", "Name a folder that is new or empty.")
    pictures: dict[str, bytes] = {}
    for version in policy.versions:
        for name, read_bytes in version.pictures.items():
            data = read_bytes()
            if pictures.setdefault(name, data) != data:
                what = f"the picture {name} changed along the history, and one folder can hold but one of a name"
                raise SurroundingsError(what, "Import what you can by hand: give the later one a name of its own.")
    texts = {f"{version.id}.md": text.encode() for version, text in _files(policy)}
    try:
        for name, data in {**pictures, **texts}.items():
            path = to / name
            path.parent.mkdir(parents=True, exist_ok=True)
            aside = path.with_name(f".{path.name}.new")
            aside.write_bytes(data)
            aside.replace(path)
    except OSError as error:
        raise SurroundingsError(f"{to} cannot be written: {error.strerror}", "Choose another folder.") from None
    return len(texts)


def _files(policy: Policy) -> Iterator[tuple[Version, str]]:
    days: dict[object, str] = {}
    for number, version in enumerate(policy.versions):
        first = days.setdefault(version.posted, version.id)
        if first != version.id and not version.corrects:
            # Of several texts of one day the later ones correct the first: a folder cannot say it otherwise.
            version = replace(version, corrects=first, effective=None)  # noqa: PLW2901 - the same version, told otherwise
        yield version, front_matter(version, first=number == 0, notice=policy.notice) + version.body


def front_matter(version: Version, *, first: bool, notice: int) -> str:
    """The front matter of a version; its effective day is left out where the rule gives it."""
    lines = ["---", f"title: {_scalar(version.title)}", f"posted: {version.posted}"]
    if version.effective and (version.effective - version.posted).days != (0 if first else notice):
        lines.append(f"effective: {version.effective}")
    for key, value in (("version", version.label), ("corrects", version.corrects), ("reason", version.reason)):
        if value:
            lines.append(f"{key}: {_scalar(value)}")
    if version.summary:
        lines.append(f"summary: {_text(version.summary)}")
    if version.postponed:
        lines.append("postponed:")
    for one in version.postponed:
        lines += [f"  - announced: {one.announced}", f"    to: {one.to}"]
        lines += [f"    note: {_scalar(one.note)}"] if one.note else []
    if version.withdrawn:
        lines.append(f"withdrawn: {version.withdrawn}")
    return "\n".join([*lines, "---", ""])


def _scalar(text: str) -> str:
    """Text in quotes: what JSON writes, YAML reads."""
    return json.dumps(text, ensure_ascii=False)


def _text(text: str) -> str:
    """Text of several lines, as people write it."""
    if "\n" not in text or not all(line.isprintable() for line in text.split("\n")):
        return _scalar(text)
    return "\n".join(["|", *(f"  {line}" if line else "" for line in text.split("\n"))])


def default_name(path: str) -> str:
    """The policy's name that a file's path suggests."""
    return addresses.address(posixpath.splitext(posixpath.basename(path))[0])
