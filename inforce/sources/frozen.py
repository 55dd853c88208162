"""Posted text is frozen: what commits did to version files after the day on which the public could first read them.

Up to its posting day a version is a draft, and may change as often as it likes. From then on its text, its title and
the days that it states stay as they are, and the file stays where it is; a postponement, a withdrawal, a reason or a
summary may still be added. Git knows who did otherwise, and when; what it finds is said in warnings. What is not
committed yet is seen, too, where it is known on which day somebody looks.
"""

from __future__ import annotations

import json
import shlex
import sys
from itertools import groupby
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from inforce import addresses
from inforce.errors import Place, Problem, SurroundingsError
from inforce.settings import FILE
from inforce.sources import checkout, folder, origins, promised, repository
from inforce.sources.promised import Step
from inforce.sources.recall import Recall

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from inforce.model import Policy, Version
    from inforce.sources.promised import Notice, Stated
    from inforce.sources.repository import Change, Repository


class Followed(NamedTuple):
    """What the policies at hand go on with."""

    ids: frozenset[str]
    """Their ids."""
    paths: frozenset[str]
    """Where the files of those that are kept as one stand, and once stood."""
    begun: frozenset[str]
    """The commits with which files begin whose versions are commits, whatever they state."""


class Known(NamedTuple):
    """What was read besides the history."""

    policies: Sequence[Policy] = ()
    """Those that are kept as folders."""
    lines: Mapping[str, int] = MappingProxyType({})
    """On which line of the settings those of each policy begin."""
    notices: Sequence[Notice] | None = None
    """What was set for notice, commit by commit, if that was read."""


NOTHING = Known()
NAMED = 3
"""Versions that a message names, of those that are not there."""


def read(
    root: Path, place: str, on: date | None = None, recall: Recall | None = None, known: Known = NOTHING
) -> tuple[Mapping[str, Sequence[Change]], list[Problem]]:
    """The history of a project whose policies are all folders in `place`, and what it did to posted versions.

    What git told before may be known to `recall`. With a day, what is not committed is looked at as of it. Nothing,
    where there is no repository or no commit; a warning, where the history is not fit to be read.
    """
    if not repository.around(root):
        return {}, []
    try:
        recall = recall or Recall()
        with repository.open_(root) as repo:
            recall.log = repo.log([place, FILE], recall.log)
            history = repo.changes(recall.log)
            return history, list(thawed(repo, history, place, root, on, known))
    except repository.NoCommitError:
        return {}, []
    except SurroundingsError as error:
        what = f"whether posted texts stayed as they were cannot be told: {error.what}"
        return {}, [Problem(Place(place), "history-unread", what, error.remedy, "warning")]


def thawed(  # noqa: PLR0913, PLR0917 - what is looked at, and with what
    repo: Repository,
    history: Mapping[str, Sequence[Change]],
    place: str,
    root: Path,
    on: date | None,
    known: Known = NOTHING,
) -> Iterator[Problem]:
    """What was done to posted versions in the folders of `place`: by the history of these, and by a day since."""
    set_ = promised.notices(history.get(FILE, ()), repo.blobs) if known.notices is None else known.notices
    policies = {policy.id: policy for policy in known.policies}
    for id_, lives in groupby(origins.lives(history, place).items(), key=lambda one: one[0][0]):
        files = [_File(repo, version, changes, root, on) for (_, version), changes in lives]
        policy = policies.get(id_)
        skipped: set[tuple[str, int]] = set()
        if policy and _may_have_moved(policy, files, set_):
            versions = {version.id: version for version in policy.versions}
            told = promised.Promised(policy, {one.id: one.steps(versions.get(one.id)) for one in files}, set_)
            late = list(told.backdated())
            skipped = {(one.id, one.step.number) for one in late}
            yield from filter(None, map(told.late, late))
            yield from told.moved(known.lines.get(id_, 0))
        for one in files:
            if len(one.changes) > 1 or one.lying:
                yield from _done(one, skipped)
    yield from _pictures(history, place, root, on, policies)


def _may_have_moved(policy: Policy, files: Sequence[_File], set_: Sequence[Notice]) -> bool:
    """Whether anything may have been done to posted versions: else there is nothing to compare."""
    if any(len(one.changes) > 1 or one.lying for one in files) or {one.of(policy.id) for one in set_} - {policy.notice}:
        return True
    first = next((one for one in files if one.id == policy.versions[0].id), None)
    return first is None or any(one.changes[0].commit.number < first.changes[0].commit.number for one in files)


class _File:
    """The file of a version: what became of it in the history, and how it lies there."""

    def __init__(self, repo: Repository, id_: str, changes: Sequence[Change], root: Path, on: date | None) -> None:
        self.repo = repo
        self.id = id_
        self.changes = changes
        self.on = on
        self.lying: Path | None = None
        """The file, if it may be another than is committed."""
        if on and _lies_otherwise(root / changes[-1].path, changes[-1]):
            self.lying = root / changes[-1].path

    def steps(self, version: Version | None = None) -> list[Step]:
        """What it stated, one change after another; a version that was read need not be read again."""
        if self._steps is None:
            first = self.changes[0].commit
            if version and len(self.changes) == 1 and not self.lying:
                return [Step(promised.of_version(version), first.number, first.day, str(first))]
            self._steps = [
                Step(
                    promised.stated(self.repo.blob(one.blob)) if one.is_file else None,
                    one.commit.number,
                    one.commit.day,
                    str(one.commit),
                )
                for one in self.changes
            ]
            if self.lying and self.on:
                data = next(checkout.forms(self.lying, _lies(self.lying), self.changes[-1].blob))
                self._steps.append(Step(promised.stated(data), sys.maxsize, self.on, ""))
        return self._steps

    _steps: list[Step] | None = None

    def line(self, posted: Stated, fact: str) -> int:
        """On which line of it stands a fact that is not as it was when it was posted, by its name in a message."""
        committed = self.changes[-1].blob
        data = (
            next(checkout.forms(self.lying, _lies(self.lying), committed)) if self.lying else self.repo.blob(committed)
        )
        return promised.line(data, posted, fact)


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
        now = promised.stated(read(change.blob)) if change.is_file else None
        if now:
            yield now.posted


def _done(file: _File, skipped: Container[tuple[str, int]]) -> Iterator[Problem]:
    """What was done to one version file and not undone, but for the changes that are told of otherwise."""
    known: Stated | None = None
    posted: Stated | None = None
    commits: list[str] = []
    unsaved = False
    changes, lying, steps = file.changes, file.lying, file.steps()
    for step in steps:
        now = step.stated
        if (file.id, step.number) in skipped:
            continue
        if known and step.day > promised.drafted(known.posted, steps[0].day) and (now is None or known.changed(now)):
            posted = posted or known
            commits += [step.commit] if step.commit else []
            unsaved = not step.commit
        known = now or known
    if posted is None or known is None:
        return
    last = changes[-1]
    where = [f"commit {', '.join(commits)}"] if commits else []
    where += ["what is not committed yet"] if unsaved else []
    if not (lying.exists() if unsaved and lying else last.blob):
        gone = where[-1] if unsaved else f"commit {commits[-1]}"
        what = f"removed after it was posted on {posted.posted}, in {gone}: its address leads nowhere now"
        quoted = shlex.quote(last.path)
        back = f"git restore {quoted}" if unsaved else f"git checkout {last.commit.id[:7]}~ -- {quoted}"
        remedy = f"Put it back: `{back}`. A pending version is taken back by writing `withdrawn`."
        place = Place(last.path, 0, "" if unsaved else last.commit.id)
        yield Problem(place, "posted-removed", what, remedy, "warning")
    elif changed := posted.changed(known):
        what = f"{' and '.join(changed)} changed after it was posted on {posted.posted}, in {' and '.join(where)}"
        yield Problem(
            Place(last.path, file.line(posted, changed[0])), "posted-changed", what, _back(changed), "warning"
        )


def left_behind(policy: Policy, before: Policy, path: str) -> Iterator[Problem]:
    """The versions of a policy that was kept as one file, at a path, which its folder does not have, or otherwise."""
    known = {version.id: version for version in policy.versions}
    gone = [version.id for version in before.versions if version.id not in known]
    if gone:
        named = f"{', '.join(gone[:NAMED])} {'is' if len(gone) == 1 else 'are'} not in it"
        what = f"now a folder, but of its versions {named}: /{policy.id}/{gone[0]}/ leads nowhere"
        to = f"policies/{policy.id}"
        remedy = (
            f"Let them be written by `inforce import . {path} --to {to}`, into a folder that holds no versions yet."
        )
        yield Problem(Place(path), "posted-removed", what, remedy, "warning")
    for version in before.versions:
        now = known.get(version.id)
        if now and now.effective != version.effective and "effective" not in now.lines:
            was = version.effective
            what = (
                f"{now.id} has the effective day {now.effective}, and it was {was} when the policy was kept as one file"
            )
            remedy = f"Readers were told {was}: write `effective: {was}` in {now.place.path}."
            yield Problem(now.at("posted"), "posted-moved", what, remedy, "warning")


def _pictures(
    history: Mapping[str, Sequence[Change]], place: str, root: Path, on: date | None, policies: Mapping[str, Policy]
) -> Iterator[Problem]:
    """The pictures in the folders of policies that were replaced when a version that shows them was posted."""
    for path, changes in sorted(history.items()):
        policy = policies.get(folder.of_picture(path, place))
        if policy and (len(changes) > 1 or on):
            lying = bool(on) and (root / path).is_file() and _lies_otherwise(root / path, changes[-1])
            held = [(one.blob, one.commit.day, f"commit {one.commit}") for one in changes if one.is_file]
            if lying and on:
                blob = repository.blob_id(_lies(root / path), changes[-1].blob)
                held.append((blob, on, "what is not committed yet"))
            if changes[-1].is_file and len(held) > 1:
                yield from _replaced(policy, path, held)


def _replaced(policy: Policy, path: str, held: Sequence[tuple[str, date, str]]) -> Iterator[Problem]:
    """Whether a picture is another than readers of a version saw; `held` are its contents, with days and whence."""
    name = path.split("/", 2)[2]
    for version in policy.versions:
        drafted = promised.drafted(version.posted, held[0][1])
        first, *later = [one for one in held if one[1] <= drafted][-1:] + [one for one in held if one[1] > drafted]
        if later and later[-1][0] != first[0] and any(one in version.body for one in (name, quote(name))):
            what = f"replaced in {later[-1][2]}: {version.id}, posted on {version.posted}, shows another picture now"
            remedy = "Put it back, and give the new picture a name of its own, for the version that is to show it."
            yield Problem(Place(path), "picture-replaced", what, remedy, "warning")
            return


def _back(changed: Sequence[str]) -> str:
    """How to put back what was changed, and where what is new belongs."""
    if {"its effective day", "what was announced of it"}.issuperset(changed):
        return f"Put it back as it was. {promised.MOVED}"
    return "Put it back as it was, and post what is new as a version of its own, or as one that `corrects` this one."


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
