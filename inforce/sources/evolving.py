"""A policy kept as one evolving file: its versions are read from git history.

Each commit that revises `posted` makes a version; with ``posted-from = "commit"``, each that changes the text. Nothing
that was committed is lost, and nothing that is wrong in an old commit can be mended any more, so all of it is told in
warnings, and only the text that is checked out can be an error:

    what a commit does                          what it makes
    revises `posted` and the text               a version, whose id is that day
    changes the text under the same `posted`    a correction of that version, posted on the commit's day
    sets `posted` back and changes the text     the same
    revises `posted`, the text reads the same   nothing
    changes other facts alone                   nothing; the version takes the facts over
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from dataclasses import replace
from datetime import date
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from inforce import addresses
from inforce.errors import Place, Problem, TextError
from inforce.markdown import Reader
from inforce.model import FaultyError, Filed, Origin, Policy, text_sum
from inforce.settings import FILE
from inforce.sources import checkout, conflicts, folder, header
from inforce.sources.blobs import Blobs, Body, Picture, below
from inforce.sources.promised import TAKE_OUT, Moment, drafted, notice_at, ruled, since

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from inforce.model import Version
    from inforce.settings import PolicySettings
    from inforce.sources.header import Facts
    from inforce.sources.promised import Notice
    from inforce.sources.repository import Change, Commit, Repository
    from inforce.text import Text

LATE = 7
"""Days that a stated posting day may lie before its commit: a weekend, and the days it takes to agree."""
NAMED = 3
"""Commits that a message names, before it only counts the rest."""


class Kept(NamedTuple):
    """An evolving file, and what is set for it."""

    path: Path
    """As it lies in the project's folder."""
    id: str
    settings: PolicySettings
    notice: int
    language: str
    line: int = 0
    """Where its settings begin, for messages."""
    notices: tuple[Notice, ...] = ()
    """What was set for notice, commit by commit."""

    def paths(self, root: Path) -> tuple[str, ...]:
        """Where its text may stand, from the project's root: its own place first, then those it once had."""
        own = self.path.relative_to(root).as_posix()
        return tuple(dict.fromkeys([own, *map(posixpath.normpath, self.settings.paths)]))


def known_by(kept: Kept, root: Path, history: Mapping[str, Sequence[Change]]) -> str:
    """What an evolving file is known by: what is set for it, all that became of it, and what lies there now."""
    paths = kept.paths(root)
    steps = [
        [(change.commit.id, str(change.commit.day), change.mode, change.blob) for change in history.get(path, ())]
        for path in paths
    ]
    try:
        lies = hashlib.sha256(kept.path.read_bytes()).hexdigest()
    except OSError as error:
        lies = str(error.strerror)
    notices = [(days, next(one).commit) for days, one in groupby(kept.notices, key=lambda one: one.of(kept.id))]
    facts = (kept.id, kept.settings, kept.notice, notices, kept.language, kept.line, paths, steps, lies)
    return hashlib.sha256(repr(facts).encode(errors="surrogateescape")).hexdigest()


def read(  # noqa: PLR0913, PLR0917 - what a file is read from, and with
    kept: Kept,
    root: Path,
    repo: Repository,
    history: Mapping[str, Sequence[Change]],
    reader: Reader | None = None,
    blobs: Blobs | None = None,
) -> tuple[Policy | None, list[Problem]]:
    """The policy that an evolving file is, and what is wrong or doubtful about its history.

    `history` is that of all its paths. `reader` reads the texts of all its versions, and whoever reads them again saves
    time by using the same; with the same `blobs`, many policies share one git.

    The policy is None where nothing makes a version, or the text that is checked out is wrong: then an error is among
    the problems. Raises SurroundingsError where git cannot give a text.
    """
    paths = kept.paths(root)
    states = list(_states(paths, history))
    last = states[-1] if any(_stands(history.get(path, ())) for path in paths) else None
    record = _Record(kept, repo, reader or Reader(), blobs or Blobs(root))
    take = record.take_commit if kept.settings.posted_from == "commit" else record.take_stated
    texts = repo.blobs([state.blob for state in states if state.is_file])
    data = b""
    for state in states:
        data = next(texts) if state.is_file else b""
        record.read(state, data, take, checked_out=state is last)
    unsaved = list(_uncommitted(kept, root, last, data))
    policy = None if record.errors else record.policy()
    # Without changes on top, the lines of the committed text are those of the file that lies there.
    errors = record.errors if unsaved else [one._replace(place=one.place._replace(commit="")) for one in record.errors]
    return policy, [*_unknown_paths(kept, paths[1:], history), *unsaved, *errors, *record.warnings()]


def _states(paths: Sequence[str], history: Mapping[str, Sequence[Change]]) -> Iterator[Change]:
    """What the text was, commit by commit: of the paths that stand in one, the first listed is the file."""
    changes = sorted((one for path in paths for one in history.get(path, ())), key=lambda one: one.commit.number)
    standing: dict[str, Change] = {}
    before: tuple[str, ...] = ()
    for _, together in groupby(changes, key=lambda one: one.commit.number):
        for change in together:
            standing[change.path] = change
            commit = change.commit
        shown = next((standing[path] for path in paths if path in standing and standing[path].blob), None)
        if shown and before != (shown.path, shown.mode, shown.blob):
            before = (shown.path, shown.mode, shown.blob)
            yield shown._replace(commit=commit)


def _stands(changes: Sequence[Change]) -> bool:
    return bool(changes and changes[-1].blob)


def _unknown_paths(kept: Kept, paths: Iterable[str], history: Mapping[str, Sequence[Change]]) -> Iterator[Problem]:
    for path in paths:
        if path not in history:
            what = f"{kept.id} is followed through {path}, but no commit has a file there"
            remedy = "Write the paths from the project's root, as they were: see `git log --stat --follow` for them."
            yield Problem(Place(FILE, kept.line), "settings-path-unknown", what, remedy, "warning")


def _uncommitted(kept: Kept, root: Path, committed: Change | None, data: bytes) -> Iterator[Problem]:
    """Whether the file as it lies there is the one that is committed."""
    line, what = 1, f"{kept.path.name} is not committed"
    remedy = "Only what is committed is published: commit it, or put the file back (`git restore`)."
    path = kept.path.relative_to(root).as_posix()
    if committed and committed.path == path:
        try:
            lies = kept.path.read_bytes()
            if any(_lines(one) == _lines(data) for one in checkout.forms(kept.path, lies, committed.blob)):
                return
            pairs = enumerate(zip_longest(_lines(data), _lines(lies)), start=1)
            line = next(number for number, (there, here) in pairs if there != here)
            what = f"{kept.path.name} was changed, and the change is not committed"
            found = conflicts.found("\n".join(one.decode(errors="replace") for one in _lines(lies)))
            if found:
                line, what = found.number + 1, f"{what}; {found.what}"
                remedy = f"{found.remedy} Then commit it: only what is committed is published."
        except OSError as error:
            what = f"{kept.path.name} cannot be read ({error.strerror}), so it may hold what is not committed"
    yield Problem(Place(path, line), "uncommitted", what, remedy, "warning")


def _lines(data: bytes) -> list[bytes]:
    # A checkout may write other line ends than those that are committed.
    return data.replace(b"\r\n", b"\n").split(b"\n")


def _stated_title(parts: header.Split) -> str:
    try:
        title = header.load(parts.header or "").get("title")
    except header.HeaderError:
        return ""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", title.text).split()) if isinstance(title, header.Value) else ""


def _facts(change: Change, parts: header.Split, title: str, day: date, together: Sequence[Facts]) -> Facts:
    """A version posted by its commit; of several on one day the later ones correct the first."""
    return header.Facts(
        id=f"{day}-{len(together) + 1}" if together else day.isoformat(),
        path=change.path,
        title=title,
        posted=day,
        effective=None,
        summary="",
        corrects=together[0].id if together else "",
        reason="",
        label="",
        postponed=(),
        withdrawn=None,
        body="",
        lines={},
        body_line=parts.body_line,
        commit=change.commit.id,
    )


def _in_order(versions: Sequence[Version]) -> tuple[Version, ...]:
    """Versions in the order of their history, each correction standing with what it corrects."""
    known = {version.id: version for version in versions}
    groups: dict[str, list[Version]] = {}
    for version in versions:
        root = version
        while root.corrects:
            root = known[root.corrects]
        groups.setdefault(root.id, []).append(version)
    return tuple(version for group in groups.values() for version in group)


class _Record:
    """The versions of one file as its history is read, oldest first, and what is to be said about them."""

    def __init__(self, kept: Kept, repo: Repository, reader: Reader, blobs: Blobs) -> None:
        self.kept = kept
        self.repo = repo
        self.reader = reader
        self.blobs = blobs
        self.bodies: dict[str, Body] = {}
        """By version, its text: all texts of a long history would not fit into memory."""
        self.sum = ""
        """The SHA-256 of the text that was read last."""
        self.shows = False
        """Whether it shows a picture."""
        self.pictured: set[str] = set()
        """The versions of which the text shows a picture."""
        self.made: list[Facts] = []
        """The versions, in the order of the history."""
        self.origins: dict[str, Origin] = {}
        """By version, the commit that posted it."""
        self.stated: Facts | None = None
        """The last version that is none of our corrections."""
        self.told: dict[str, tuple[Facts, Moment]] = {}
        """By version, what it stated when it was posted, and up to which moment it was a draft."""
        self.revised: dict[str, Change] = {}
        """By version, the last change that only stated other facts of it."""
        self.announced: set[tuple[str, str, date]] = set()
        """The withdrawals and postponements that came in time: version, fact and day."""
        self.refused: dict[str, Problem] = {}
        """By version, the last that did not, in an old commit, or on the very day."""
        self.day: date | None = None
        """The last commit's day that made a version: later ones are no earlier."""
        self.text: Text | None = None
        """That of the last version."""
        self.summary = ""
        """What the last commit that could be read gave as the author's account."""
        self.errors: list[Problem] = []
        self.doubts: list[Problem] = []
        self.old: dict[str, list[tuple[Problem, Commit]]] = {}
        """What is wrong in old commits, by the words that say so."""
        self.checked_out = False
        """Whether the text that is read now is the one that is checked out, which its author can mend."""

    def warnings(self) -> Iterator[Problem]:
        """All that is doubtful; what is wrong in the same way in many commits is said once."""
        yield from self.doubts
        yield from self.refused.values()
        for what, found in self.old.items():
            named = ", ".join(str(commit) for _, commit in found[:NAMED])
            more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
            makes = "makes" if len(found) == 1 else "make"
            what_for = f"{what}, in commit {named}{more}, which {makes} no version"
            remedy = "An old commit cannot be mended, and nothing needs to be done: the site does not show this text."
            yield Problem(found[0][0].place, "old-commit-faulty", what_for, remedy, "warning")

    def wrong(self, change: Change, line: int, code: str, what: str, remedy: str) -> None:
        """What keeps a commit from being a version: an error in the text that is checked out, else a warning."""
        problem = Problem(Place(change.path, line, change.commit.id), code, what, remedy)
        if self.checked_out:
            self.errors.append(problem)
        else:
            self.old.setdefault(what, []).append((problem, change.commit))

    def warn(self, change: Change, line: int, code: str, what: str, remedy: str) -> None:
        """What is doubtful about a commit."""
        place = Place(change.path, line, change.commit.id)
        self.doubts.append(Problem(place, code, f"{what} (commit {change.commit})", remedy, "warning"))

    def read(self, change: Change, data: bytes, take: Callable[[Change, str], None], *, checked_out: bool) -> None:
        """Read the text that a commit made, if it can be read."""
        self.checked_out = checked_out
        if not change.is_file:
            what = f"{posixpath.basename(change.path)} is a link or another repository, and no file"
            self.wrong(change, 1, "version-not-a-file", what, "Put the text itself in its place.")
            return
        try:
            take(change, header.decode(data))
        except header.HeaderError as error:
            self.wrong(change, error.line, error.code, error.what, error.remedy)

    def read_body(self, change: Change, body: str, line: int) -> Text | None:
        """The text of a version, or None where it cannot be published."""
        self.sum, self.shows = text_sum(body), "![" in body
        try:
            return self.reader.read(body, self.sum)
        except TextError as error:
            self.wrong(change, line + error.line - 1, error.code, error.what, error.remedy)
            return None

    def commit_day(self, change: Change) -> date:
        """The day of a commit; where the days go back along the history, the later of the two."""
        day = change.commit.day
        if self.day and day < self.day:
            what = f"the commit's day is before that of the version that it follows: taken for {self.day}"
            remedy = "The order is that of the history. Look at the clock of whoever committed this."
            self.warn(change, 1, "commit-day-back", what, remedy)
        return max(day, self.day or day)

    def add(self, change: Change, facts: Facts, text: Text) -> bool:
        """Record a version, unless its facts contradict each other."""
        if not self.fits(change, facts):
            return False
        self.made.append(facts)
        self.bodies[facts.id] = Body(self.blobs, change.blob, self.sum)
        if self.shows:
            self.pictured.add(facts.id)
        self.origins[facts.id] = Origin(change.commit.id, change.commit.day, change.path)
        self.tell(change, facts)
        self.text = text
        self.day = max(change.commit.day, self.day or change.commit.day)
        return True

    def tell(self, change: Change, facts: Facts) -> None:
        """Take note of what a version states as long as it is a draft."""
        day = self.told[facts.id][1].day if facts.id in self.told else drafted(facts.posted, change.commit.day)
        if change.commit.day <= day:
            self.told[facts.id] = facts, Moment(change.commit.number, day)

    def fits(self, change: Change, facts: Facts) -> bool:
        """Whether facts contradict neither each other nor those of earlier versions; what does is said."""
        stated_correction = facts.corrects and facts.posted.isoformat() == facts.id
        others = [one for one in self.made if one.id != facts.id] if stated_correction else []
        try:
            versions = [self.version(one, {}) for one in [*others, facts]]
            if stated_correction:
                Policy.of(self.kept.id, versions)
        except FaultyError as error:
            faults = [one for one in error.faults if one.version == facts.id and one.code != "posted-same-day"]
            for fault in faults:
                self.wrong(change, facts.lines.get(fault.fact, 1), fault.code, fault.what, fault.remedy)
            return not faults
        return True

    # ---- each commit that changes the text

    def take_commit(self, change: Change, source: str) -> None:
        """Make a version of a commit that changes the text, posted on the commit's day."""
        parts = below(source)
        text = self.read_body(change, parts.body, parts.body_line)
        if text is None or (self.text and text.renders_like(self.text)):
            return
        day = self.commit_day(change)
        together = [one for one in self.made if one.posted == day]
        self.add(change, _facts(change, parts, self.title(parts, text), day, together), text)

    def title(self, parts: header.Split, text: Text) -> str:
        """The title from the settings, else the front matter, else the first heading, else the policy's name."""
        title = self.kept.settings.title or _stated_title(parts)
        headings = (" ".join(heading.words.split()) for heading in text.headings)
        return title or next(filter(None, headings), self.kept.id)

    # ---- each commit that revises `posted`

    def take_stated(self, change: Change, source: str) -> None:
        """Make a version of a commit that revises `posted`, or a correction where it only changes the text."""
        facts, problems = header.read(change.path, "", source, change.commit.id)
        for one in problems:
            self.wrong(change, one.place.line, one.code, one.what, one.remedy)
        text = self.read_body(change, facts.body, facts.body_line) if facts else None
        if facts is None or text is None:
            return
        facts = replace(facts, id=facts.posted.isoformat(), body="")
        if self.stated is None or self.text is None:
            self.state(change, facts, text)
        elif text.renders_like(self.text):
            self.restate(change, facts, self.stated)
        elif facts.posted > self.stated.posted:
            self.state(change, facts, text)
        else:
            self.correct(change, facts, text, self.stated)
        self.summary = facts.summary

    def state(self, change: Change, facts: Facts, text: Text) -> None:
        """Record a version under a day of its own."""
        if not self.add(change, facts, text):
            return
        late = (change.commit.day - facts.posted).days
        if self.stated and late > LATE:  # a history may well begin long after its first text was posted
            what = f"posted was revised to {facts.posted}, {late} days before the commit that did so"
            remedy = "With the next version, let `posted` be the day on which the public can first read it."
            self.warn(change, facts.lines["posted"], "posted-before-commit", what, remedy)
        self.stated = facts

    def correct(self, change: Change, facts: Facts, text: Text, stated: Facts) -> None:
        """Record a text that was changed under the day of an earlier one as its correction, so that no text is lost."""
        same_day = facts.posted == stated.posted
        if same_day and not self.revise(change, facts, stated):
            return
        number = sum(one.corrects == stated.id for one in self.made) + 2
        correction = replace(
            facts,
            id=f"{stated.id}-{number}",
            posted=max(self.commit_day(change), stated.posted),
            effective=None,
            corrects=stated.id,
            summary="" if facts.summary == self.summary else facts.summary,
            reason="",
            postponed=(),
            withdrawn=None,
        )
        self.add(change, correction, text)
        recorded = f"recorded as {correction.id}, a correction posted on {correction.posted}"
        if same_day:
            what = f"the text was changed and posted stayed {facts.posted}: {recorded}"
            remedy = "With the next change of the text, revise `posted`, too."
            self.warn(change, facts.lines["posted"], "text-without-date", what, remedy)
        else:
            what = f"posted went back from {stated.posted} to {facts.posted}: {recorded}"
            remedy = f"With the next change of the text, give `posted` a day after {stated.posted}."
            self.warn(change, facts.lines["posted"], "posted-back", what, remedy)

    def restate(self, change: Change, facts: Facts, stated: Facts) -> None:
        """Make no version of the same text; what else it states under the same day belongs to the one that is there."""
        if facts.posted == stated.posted:
            if self.revise(change, facts, stated):
                self.retitle(change, facts)
            return
        what = f"posted was revised to {facts.posted}, but the text reads as before: this makes no version"
        remedy = f"Change the text, too, or set `posted` back to {stated.posted}."
        self.warn(change, facts.lines["posted"], "date-without-text", what, remedy)

    def revise(self, change: Change, facts: Facts, stated: Facts) -> bool:
        """Take over when a version takes effect from a later commit, unless that contradicts itself.

        What takes it back when it has taken effect is not taken over.
        """
        late = self.late(change, facts, stated)
        revised = replace(
            stated,
            effective=facts.effective,
            corrects=facts.corrects,
            reason=facts.reason,
            postponed=stated.postponed if late else facts.postponed,
            withdrawn=stated.withdrawn if late else facts.withdrawn,
            lines=facts.lines,
        )
        if not self.fits(change, revised):
            return False
        if (stated.effective, stated.corrects) != (revised.effective, revised.corrects):
            self.revised[stated.id] = change
        self.tell(change, revised)
        self.made[self.made.index(stated)] = self.stated = revised
        return True

    def late(self, change: Change, facts: Facts, stated: Facts) -> bool:
        """Whether a version is withdrawn or postponed by a commit that came when it had taken effect; that is said.

        It is also said, but no more than that, of a commit of the very day.
        """
        self.refused.pop(stated.id, None)
        known = len(stated.postponed)
        said = [("postponed", one.announced) for one in facts.postponed[known:]]
        if facts.withdrawn and not stated.withdrawn:
            said.append(("withdrawn", facts.withdrawn))
        anew = [one for one in said if (stated.id, *one) not in self.announced]
        effective = self.effective(stated)
        began = self.origins[self.made[0].id].day  # what took effect before was perhaps announced elsewhere
        in_time = not anew or not began < effective <= change.commit.day
        sure = effective < change.commit.day  # on the day itself it may have been the day before elsewhere
        if in_time or not sure:
            self.announced |= {(stated.id, *one) for one in said}
        if in_time:
            return False
        fact, day = anew[0]
        what = f"{fact} on {day} is first said when {stated.id} had taken effect, on {effective}"
        line = facts.lines.get(fact, 1)
        if sure and self.checked_out:
            self.wrong(change, line, "announced-too-late", what, TAKE_OUT)
            return True
        what = f"{what}{', and is not taken over' if sure else ''} (commit {change.commit})"
        remedy = "An old commit cannot be mended: what has taken effect can only be followed by a new version."
        place = Place(change.path, line, change.commit.id)
        self.refused[stated.id] = Problem(place, "announced-too-late", what, remedy if sure else TAKE_OUT, "warning")
        return sure

    def effective(self, facts: Facts) -> date:
        """The effective day of a version as it was announced last."""
        known = {one.id: one for one in self.made}
        root = facts
        while root.corrects:
            root = known[root.corrects]
        return max(facts.posted, self.version(root, {}).announced(date.max))

    def retitle(self, change: Change, facts: Facts) -> None:
        """Take over what the last text is called and how it is explained from a later commit."""
        last = self.made[-1]
        if facts.title != last.title and change.commit.day > last.posted:
            what = f"the title was changed after {last.id} was posted"
            remedy = "With the next change of the title, change the text and `posted`, too."
            self.warn(change, facts.lines["title"], "posted-facts-changed", what, remedy)
        summary = last.summary if facts.summary == self.summary else facts.summary
        self.made[-1] = replace(last, title=facts.title, label=facts.label, summary=summary)
        if last is self.stated:
            self.stated = self.made[-1]

    # ---- all of them

    def version(self, facts: Facts, pictures: Mapping[str, Callable[[], bytes]]) -> Version:
        """A version of ours; raises FaultyError where its facts contradict each other."""
        first = not self.made or self.made[0].id == facts.id
        return facts.version(first=first, notice=self.kept.notice, pictures=pictures)

    def moved(self) -> Iterator[Problem]:
        """The versions that take effect on another day than readers were told, or correct another text."""
        for number, facts in enumerate(self.made):
            told, moment = self.told[facts.id]
            now, was = self.version(facts, {}).effective, told.effective
            if was is None and not told.corrects:
                notice = notice_at(self.kept.notices, self.kept.id, moment, self.kept.notice)
                was = ruled(told.posted, notice if number else 0)
            if (was, told.corrects) == (now, facts.corrects):
                continue
            change = self.revised.get(facts.id)
            if told.corrects != facts.corrects and change:
                what = f"corrects was {told.corrects or 'left out'} when {facts.id} was posted"
                yield self.restated(change, facts, "corrects", what, "Put it back.")
            elif (told.effective or facts.effective) and change:
                remedy = "Put it back, and say what was announced and when: `postponed`, a list of announcements."
                yield self.restated(
                    change, facts, "effective", f"effective was {was} when {facts.id} was posted", remedy
                )
            elif facts is self.stated or number + 1 == len(self.made):
                yield self.hastened(facts, str(was or "none"), str(now), moment)

    @staticmethod
    def restated(change: Change, facts: Facts, fact: str, what: str, remedy: str) -> Problem:
        """What is to be said of a fact that a later commit changed."""
        place = Place(change.path, facts.lines.get(fact, 1), change.commit.id)
        what = f"{what}, and was changed afterwards (commit {change.commit})"
        return Problem(place, "posted-facts-changed", what, remedy, "warning")

    def hastened(self, facts: Facts, was: str, now: str, moment: Moment) -> Problem:
        """What is to be said where other days of notice moved the last version: its text could still state its day."""
        kept = self.kept
        before = notice_at(kept.notices, kept.id, moment, kept.notice)
        what = (
            f"notice-days was {before} and is {kept.notice}{since(kept.notices, kept.id, kept.notice)}: "
            f"{facts.id}, posted on {facts.posted}, has the effective day {now}, and it was {was}"
        )
        stating = kept.settings.posted_from != "commit"
        keep = f"write `effective: {was}` in {kept.path.name}" if stating else f"leave `notice-days` at {before} for it"
        return Problem(Place(FILE, kept.line), "posted-moved", what, f"Readers were told {was}: {keep}.", "warning")

    def pictures(self, facts: Facts) -> dict[str, Callable[[], bytes]]:
        """The pictures beside a text, as its commit holds them."""
        if facts.id not in self.pictured:
            return {}
        return {
            path: Picture(self.blobs, blob)
            for path, blob in self.repo.files(facts.commit, posixpath.dirname(facts.path))
            if path.lower().endswith(folder.PICTURES)
            and not any(part[0] in "._" for part in path.split("/"))
            # An old commit cannot be mended: a picture that no site has room for is missing, and that is told.
            and not addresses.taken(path)
        }

    def policy(self) -> Policy | None:
        """The policy that the versions make; None if there are none."""
        if not self.made:
            return None
        self.doubts += self.moved()
        versions = [
            Filed.of(self.version(one, self.pictures(one)), body := self.bodies[one.id], body.sum).but(
                origin=self.origins[one.id]
            )
            for one in self.made
        ]
        kept, title = self.kept, self.kept.settings.title
        try:
            policy = Policy.of(kept.id, versions, notice=kept.notice, language=kept.language, given_title=title)
            return replace(policy, at_hand=self.made[-1].id)
        except FaultyError as error:
            # All that is left to be wrong is a correction on another version's day; the history says which came first.
            commits = {one.id: one for one in self.made}
            for fault in error.faults:
                place = folder.problem(fault, commits[fault.version]).place
                remedy = "Both are kept, in the order of the history."
                self.doubts.append(Problem(place, fault.code, fault.what, remedy, "warning"))
            return Policy(kept.id, _in_order(versions), kept.notice, kept.language, title, self.made[-1].id)
