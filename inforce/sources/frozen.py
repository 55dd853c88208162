"""Posted text is frozen: what commits did to version files after the day on which the public could first read them.

Up to its posting day a version is a draft, and may change as often as it likes. From then on its text, its title and
the days that it states stay as they are, and the file stays where it is; a postponement, a withdrawal, a reason or a
summary may still be added. Git knows who did otherwise, and when; what it finds is said in warnings. What is not
committed yet is seen, too, where it is known on which day somebody looks.
"""

from __future__ import annotations

import json
import shlex
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from inforce import addresses
from inforce.errors import Place, Problem, SurroundingsError
from inforce.sources import checkout, folder, header, repository
from inforce.sources.recall import Recall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from inforce.sources.repository import Change, Repository


class Followed(NamedTuple):
    """What the policies at hand go on with."""

    ids: frozenset[str]
    """Their ids."""
    paths: frozenset[str]
    """Where the files of those that are kept as one stand, and once stood."""
    begun: frozenset[str]
    """The commits with which files begin whose versions are commits, whatever they state."""


class _Stated(NamedTuple):
    """What the public could read in a version file, and since when."""

    posted: date
    title: str
    effective: str
    """As written; empty where it is left to the rule."""
    body: str
    withdrawn: str
    postponed: tuple[str, ...]
    """Each announcement, as written."""

    def changed(self, now: _Stated) -> list[str]:
        """What is not as it was."""
        facts = (
            ("its text", self.body, now.body),
            ("its title", self.title, now.title),
            ("its posting day", self.posted, now.posted),
            ("its effective day", self.effective, now.effective),
            ("its withdrawal", self.withdrawn, self.withdrawn and now.withdrawn),
            ("what was announced of it", self.postponed, now.postponed[: len(self.postponed)]),
        )
        return [name for name, before, after in facts if before != after]


def read(
    root: Path, policies: str, on: date | None = None, recall: Recall | None = None
) -> tuple[Mapping[str, Sequence[Change]], list[Problem]]:
    """The history of a project whose policies are all folders in `policies`, and what it did to posted versions.

    What git told before may be known to `recall`. With a day, what is not committed is looked at as of it. Nothing,
    where there is no repository or no commit; a warning, where the history is not fit to be read.
    """
    if not repository.around(root):
        return {}, []
    try:
        recall = recall or Recall()
        with repository.open_(root) as repo:
            recall.log = repo.log([policies], recall.log)
            history = repo.changes(recall.log)
            return history, list(thawed(repo, history, policies, root, on))
    except repository.NoCommitError:
        return {}, []
    except SurroundingsError as error:
        what = f"whether posted texts stayed as they were cannot be told: {error.what}"
        return {}, [Problem(Place(policies), "history-unread", what, error.remedy, "warning")]


def thawed(
    repo: Repository, history: Mapping[str, Sequence[Change]], policies: str, root: Path, on: date | None
) -> Iterator[Problem]:
    """What was done to posted version files below `policies`: by the history of that folder, and by a day since."""
    for path, changes in sorted(history.items()):
        if folder.is_placed(PurePosixPath(path), policies):
            lying = root / path if on and _lies_otherwise(root / path, changes[-1]) else None
            if len(changes) > 1 or lying:
                yield from _done(repo, path, changes, lying, on)


def lost(
    history: Mapping[str, Sequence[Change]],
    policies: str,
    kept: Followed,
    on: date | None,
    read: Callable[[str], bytes],
) -> Iterator[Problem]:
    """The policies kept as one file that were posted, and that no policy goes on with: renamed or deleted files.

    `read` gives the bytes of a blob.
    """
    for path, changes in sorted(history.items()):
        if path.count("/") != 1:
            continue
        name = PurePosixPath(path)
        id_ = addresses.address(name.stem)
        if name.parts[0] != policies or not folder.is_version(name) or path in kept.paths or id_ in kept.ids:
            continue
        last = changes[-1]
        gone = on if last.blob else last.commit.day
        posted = next((day for day in _days(changes, read) if gone and day < gone), None)
        if posted or (last.commit.id in kept.begun and not last.blob):
            yield _lost(path, id_, last, f"posted on {posted}" if posted else "published")


def _lost(path: str, id_: str, last: Change, how: str) -> Problem:
    quoted = shlex.quote(path)
    if last.blob:
        place, where, back = Place(path), "in what is not committed yet", f"git restore {quoted}"
    else:
        place, where = Place(path, 0, last.commit.id), f"since commit {last.commit}"
        back = f"git checkout {last.commit.id[:7]}~ -- {quoted}"
    what = f"{how}, and gone {where}: no policy goes on with it, and /{id_}/ and its versions lead nowhere"
    named = json.dumps(path, ensure_ascii=False)
    remedy = f"Put it back: `{back}`. A policy that goes on with it names it in its settings: `paths = [{named}]`."
    return Problem(place, "policy-lost", what, remedy, "warning")


def _days(changes: Sequence[Change], read: Callable[[str], bytes]) -> Iterator[date]:
    """The posting days that the texts of a file stated, the last first."""
    for change in reversed(changes):
        now = _stated(read(change.blob)) if change.is_file else None
        if now:
            yield now.posted


def _done(
    repo: Repository, path: str, changes: Sequence[Change], lying: Path | None, on: date | None
) -> Iterator[Problem]:
    """What was done to one version file and not undone; `lying` is the file, if it may be another than committed."""
    known: _Stated | None = None
    posted: _Stated | None = None
    commits: list[str] = []
    unsaved = False
    steps = [(repo.blob(one.blob) if one.is_file else b"", one.commit.day, str(one.commit)) for one in changes]
    if lying and on:
        steps.append((next(checkout.forms(lying, _lies(lying), changes[-1].blob)), on, ""))
    for data, day, commit in steps:
        now = _stated(data)
        if known and day > known.posted and (now is None or known.changed(now)):
            posted = posted or known
            commits += [commit] if commit else []
            unsaved = not commit
        known = now or known
    if posted is None or known is None:
        return
    last = changes[-1]
    where = [f"commit {', '.join(commits)}"] if commits else []
    where += ["what is not committed yet"] if unsaved else []
    if not (lying.exists() if unsaved and lying else last.blob):
        what = f"removed after it was posted on {posted.posted}, in {where[-1]}: its address leads nowhere now"
        quoted = shlex.quote(path)
        back = f"git restore {quoted}" if unsaved else f"git checkout {last.commit.id[:7]}~ -- {quoted}"
        remedy = f"Put it back: `{back}`. A pending version is taken back by writing `withdrawn`."
        yield Problem(Place(path, 0, "" if unsaved else last.commit.id), "posted-removed", what, remedy, "warning")
    elif changed := posted.changed(known):
        what = f"{' and '.join(changed)} changed after it was posted on {posted.posted}, in {' and '.join(where)}"
        remedy = (
            "Put it back as it was, and post what is new as a version of its own, or as one that `corrects` this one."
        )
        yield Problem(Place(path, 1), "posted-changed", what, remedy, "warning")


def _lies_otherwise(path: Path, committed: Change) -> bool:
    """Whether a file that is committed lies there with another content, or not at all."""
    if not committed.is_file:
        return False
    try:
        data = _lies(path)
    except OSError:
        return False  # who reads the versions says that this one cannot be read
    forms = checkout.forms(path, data, committed.blob)
    return all(repository.blob_id(one, committed.blob) != committed.blob for one in forms)


def _lies(path: Path) -> bytes:
    """What a file holds now; nothing if it is gone, or no file of its own any more."""
    return path.read_bytes() if path.is_file() and not path.is_symlink() else b""


def _stated(data: bytes) -> _Stated | None:
    """What a version file states; None where that cannot be told."""
    try:
        parts = header.split(header.decode(data))
        stated = header.load(parts.header or "")
        posted = date.fromisoformat(_words(stated, "posted"))
    except (header.HeaderError, ValueError):
        return None
    title, effective, withdrawn = (_words(stated, key) for key in ("title", "effective", "withdrawn"))
    return _Stated(posted, title, effective, parts.body, withdrawn, tuple(_announced(stated)))


def _announced(stated: Mapping[str, header.Value | header.Listing]) -> Iterator[str]:
    """The days of each postponement, as written."""
    listing = stated.get("postponed")
    for one in listing.items if isinstance(listing, header.Listing) and not listing.keyed else ():
        facts = dict(one.items) if isinstance(one, header.Listing) and one.keyed else {}
        yield f"{_words(facts, 'announced')} {_words(facts, 'to')}"


def _words(stated: Mapping[str, header.Value | header.Listing], key: str) -> str:
    value = stated.get(key)
    return value.text.strip() if isinstance(value, header.Value) else ""
