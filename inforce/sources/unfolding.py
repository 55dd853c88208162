"""From one evolving file to a folder of version files, so that a team can move from the one way to the other.

What is written reads as the history did: the same texts, byte for byte, on the same days.
"""

from __future__ import annotations

import json
import posixpath
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import unquote

from inforce import addresses, disk
from inforce.errors import Place, PolicyError, Problem, SurroundingsError
from inforce.markdown import Reader
from inforce.settings import PolicySettings
from inforce.sources import evolving, folder, header, repository

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from inforce.model import Policy, Version
    from inforce.sources.repository import Change, Repository


def read(root: Path, paths: Sequence[str], *, notice: int, title: str = "") -> tuple[Policy, list[Problem]]:
    """The history of an evolving file: its path from the repository's root, then those that it once had.

    Its front matter says the days if the last text has `posted`, else the commits do. Raises
    PolicyError where it has no versions, SurroundingsError where git cannot be read.
    """
    own, *others = map(posixpath.normpath, paths)
    path = root / own
    with repository.open_(root) as repo:
        if outside := [one for one in (own, *others) if not repo.holds(one)]:
            raise SurroundingsError(f"{outside[0]} is no path in the repository", "Write it from the folder of REPO.")
        settings = PolicySettings(title=title, paths=tuple(others))
        kept = evolving.Kept(path, addresses.address(path.stem), settings, notice, "en")
        past = repo.history(kept.paths(root))
        posted_from = "front-matter" if _states_days(_last(kept, root, repo, past)) else "commit"
        kept = kept._replace(settings=settings._replace(posted_from=posted_from))
        policy, problems = evolving.read(kept, root, repo, past)
    if any(problem.severity == "error" for problem in problems):
        raise PolicyError(problems)
    if policy is None:
        what, remedy = f"{own} has no version in this history", "Name the file's path from the folder of REPO."
        raise PolicyError([*problems, Problem(Place(own), "no-versions", what, remedy)])
    return policy, problems


def _last(kept: evolving.Kept, root: Path, repo: Repository, past: Mapping[str, Sequence[Change]]) -> bytes:
    """The text that lies there; else, as where nothing is checked out, the last one in the history."""
    with suppress(OSError):
        return kept.path.read_bytes()
    changes = [change for path in kept.paths(root) for change in past.get(path, ()) if change.blob and change.is_file]
    return repo.blob(max(changes, key=lambda change: change.commit.number).blob) if changes else b""


def _states_days(data: bytes) -> bool:
    try:
        return "posted" in header.load(header.split(header.decode(data)).header or "")
    except header.HeaderError:
        return False


def write(policy: Policy, to: Path) -> int:
    """Write the version files of a policy, and the pictures that they show; gives how many versions were written.

    All are written or none. Raises SurroundingsError where `to` holds a version already or cannot be written, or two
    versions show different pictures of one name.
    """
    texts = [(f"{version.id}.md", text.encode()) for version, text in _files(policy)]
    made: list[Path] = []
    try:
        if to.exists() and any(folder.is_version(path) for path in to.iterdir()):
            raise SurroundingsError(f"{to} holds versions already", "Name a folder that is new or empty.")
        for name, data in (*_pictures(policy).items(), *texts):
            if disk.contents(to / name) != data:
                disk.write(to / name, data)
                made.append(to / name)
    except OSError as error:
        for path in made:
            path.unlink()
        what = f"{error.filename or to} cannot be written: {error.strerror}"
        raise SurroundingsError(what, "Choose another folder.") from None
    return len(texts)


def _pictures(policy: Policy) -> dict[str, bytes]:
    """The pictures that the texts show or link to, by their path beside them."""
    found: dict[str, bytes] = {}
    reader = Reader(strict=False)
    for version in policy.versions:
        texts = [reader.read(text) for text in (version.body, version.summary) if version.pictures]
        targets = {image.target for text in texts for image in text.images}
        targets |= {link.target for text in texts for link in text.links}
        for name in sorted({posixpath.normpath(unquote(target)) for target in targets} & version.pictures.keys()):
            data = version.pictures[name]()
            if found.setdefault(name, data) != data:
                what = f"the picture {name} changed along the history, and one folder can hold but one of a name"
                raise SurroundingsError(what, "Import what you can by hand: give the later one a name of its own.")
    return found


def _files(policy: Policy) -> Iterator[tuple[Version, str]]:
    days: dict[date, str] = {}
    for number, version in enumerate(policy.versions):
        first = days.setdefault(version.posted, version.id)
        if first != version.id and not version.corrects:
            # Of several texts of one day the later ones correct the first: a folder cannot say it otherwise.
            version = version.but(corrects=first, effective=None, postponed=(), withdrawn=None)  # noqa: PLW2901
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
    """Text in quotes: what JSON writes, YAML reads, but for what nobody sees."""
    written = json.dumps(text, ensure_ascii=False)
    return "".join(one if one.isprintable() else f"\\U{ord(one):08x}" for one in written)


def _text(text: str) -> str:
    """Text of several lines, as people write it."""
    if "\n" not in text or not all(line.isprintable() for line in text.split("\n")):
        return _scalar(text)
    return "\n".join(["|", *(f"  {line}" if line else "" for line in text.split("\n"))])
