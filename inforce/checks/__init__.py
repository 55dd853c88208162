"""What is doubtful about a site before it is published: texts, links, pictures, notice, days to come.

Whatever visitors still read, or will, is looked at; a text that was replaced can no longer be mended and is left alone.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from inforce import colours, dates
from inforce.checks import letters, outline, signs, targets
from inforce.errors import Place, Problem, TextError, warning
from inforce.markdown import Reader
from inforce.model import Standing
from inforce.settings import FILE
from inforce.sources import conflicts, header

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from inforce.errors import Severity
    from inforce.model import Entry, Policy, Version
    from inforce.settings import Settings
    from inforce.site import Shown, Site
    from inforce.text import Text


LONGEST = 731
"""Days of notice that nobody gives: two years and more are a slip in the year."""
LATE = 7
"""Days that may pass between a posting and the commit of its file: those of a merge that waits for somebody."""
_COPY = re.compile(r"^[\s-]|[\s-](?:copy|kopie|copie|copia)(?:[\s-]*\d+)?$|^copy[\s-]of[\s-]|\s$", re.IGNORECASE)
"""What a file manager makes of a name, and a space or a hyphen that was typed before it."""


def check_settings(settings: Settings, site: Site | None = None) -> Iterator[Problem]:
    """Languages that days cannot be written in, colours that are hard to read, a foot that leads nowhere."""
    yield from settings.doubts
    tables = {"": settings.language, **{id_: policy.language for id_, policy in settings.policies.items()}}
    for id_, language in tables.items():
        if language and not dates.known(language):
            what = f'language "{language}" is not one that days can be written in'
            remedy = 'Write a tag such as "en", "en-US", "de" or "pt-BR".'
            yield Problem(Place(FILE, settings.lines.get(id_, 0)), "settings-language", what, remedy)

    line = settings.lines.get("=colours", 0)
    for text, paper, found in colours.faint(settings.colours):
        what = f"{text} on {paper} has a contrast of {found:.1f}, where small text needs {colours.READABLE}"
        remedy = "Choose a darker or lighter one: what readers cannot read was not said."
        yield warning(Place(FILE, line), "colours-faint", what, remedy)
    yield from _titles(settings, site) if site else ()
    place = Place(FILE, settings.lines.get("=footer", 0))
    try:
        footer = Reader().read(settings.footer)
    except TextError as error:
        yield Problem(place, error.code, f"footer: {error.what}", error.remedy)
    else:
        yield from targets.of_footer(footer, site, place) if site else ()


def _titles(settings: Settings, site: Site) -> Iterator[Problem]:
    """Policies of one title in one language: the home page has two links of one name."""
    known: dict[tuple[str, str], Shown] = {}
    for shown in site.policies:
        twin = known.setdefault((shown.title.casefold(), shown.language), shown)
        if twin is not shown:
            of_settings = Place(FILE, settings.lines.get(shown.id, 0))
            place = of_settings if shown.policy.given_title else _at(shown.policy.versions[-1], "title")
            what = f"the title is {shown.title}, as that of {twin.id} is: readers cannot tell their links apart"
            table = f"[tool.inforce.policies.{shown.id}]"
            remedy = f"Give one of the two another title; for texts that are posted: `title` in {table}."
            yield warning(place, "title-twice", what, remedy)


def check_policy(policy: Policy, reader: Reader, site: Site) -> Iterator[Problem]:
    """All that is wrong or doubtful about a policy, errors and warnings; `reader` remembers the texts it has read."""
    seen = {entry.id: entry for entry in policy.as_of(site.on).entries}
    yield from _notice(policy, seen, site.on)
    yield from _far(policy, seen)
    yield from _late(policy, seen, site.on)
    yield from _overtaken(policy, site.on)
    yield from _fallen(policy, site.on)
    yield from _names(policy, seen)
    new = _perhaps_unmerged(policy)
    before: tuple[Version, Text | None] | None = None
    for version in policy.versions:
        text = summary = None
        read = _read_by_visitors(seen.get(version.id))
        try:
            text = (not read and reader.remembered(version.sha256)) or reader.read(version.body, version.sha256)
        except TextError as error:
            yield Problem(_line(version, error.line), error.code, error.what, error.remedy)
        try:
            summary = reader.read(version.summary)
        except TextError as error:
            yield Problem(_at(version, "summary"), error.code, f"summary: {error.what}", error.remedy)
        if text and read:
            old = before and before[1] and reader.read(before[1].source or before[0].body, before[0].sha256)
            found = [*_merged(version, text, policy), *_text(version, text, policy, site, reader)]
            if before and old:
                found += letters.of_change(old, text, before[0].id, partial(_line, version))
            yield from (_mended(problem, version, site.on, unmerged=version.id in new) for problem in found)
            if summary:
                yield from _summary(version, text, summary, policy, site, reader)
            if before and old and text.renders_like(old):
                what = f"the text is that of {before[0].id}, the version before"
                remedy = "Change the text, or delete this file: a version without a change tells readers nothing."
                if version.posted < site.on:
                    remedy = f"It is posted and stays. If another text is meant, post it: {_correction(version)}."
                yield warning(Place(version.place.path, version.place.line), "identical-version", what, remedy)
        if not version.withdrawn:
            before = version, text


def _read_by_visitors(entry: Entry | None) -> bool:
    return entry is None or entry.standing in {Standing.PENDING, Standing.IN_FORCE}


def _line(version: Version, line: int) -> Place:
    return Place(version.place.path, version.place.line + line - 1, version.place.commit)


def _at(version: Version, fact: str) -> Place:
    return Place(version.place.path, version.lines.get(fact, 1), version.place.commit)


def _mended(problem: Problem, version: Version, on: date, *, unmerged: bool) -> Problem:
    """What is said of a text, with what can still be done once it is posted."""
    if version.posted >= on or problem.place.path != version.place.path or problem.code == "picture-missing":
        return problem
    leave = "" if problem.severity == "error" else ", or leave it"
    here = "; or, if it is not merged yet, mend it here, and let `posted` be the day of merging" if unmerged else ""
    return problem._replace(remedy=f"{problem.remedy} It is posted: mend it in {_correction(version)}{leave}{here}.")


def _perhaps_unmerged(policy: Policy) -> frozenset[str]:
    """Versions whose files git does not know, or came to know after their posting day, of a policy that it knew."""
    began = _began(policy)
    return frozenset(
        version.id
        for version in policy.versions
        if began and not version.place.commit
        if version.origin is None or began <= version.posted < version.origin.day
    )


def _began(policy: Policy) -> date | None:
    """Since when git knows of a policy that is kept as a folder."""
    return min((one.origin.day for one in policy.versions if one.origin and not one.place.commit), default=None)


def _correction(version: Version) -> str:
    return f"a version that says `corrects: '{version.id}'`"


def _notice(policy: Policy, seen: Mapping[str, Entry], on: date) -> Iterator[Problem]:
    """Notice shorter than the rule, without a reason, or a reason for what is not shorter.

    The first version has nobody to give notice to.
    """
    for version in policy.versions[1:]:
        entry = seen.get(version.id)
        if version.effective is None or version.withdrawn or not _read_by_visitors(entry):
            continue
        if version.reason:
            if entry is None or entry.standing is Standing.PENDING:
                yield from _needless(version, policy.notice)
            continue
        effective = version.postponed[-1].to if version.postponed else version.effective
        days = (effective - version.posted).days
        if days < policy.notice:
            place = _at(version, "postponed" if version.postponed else "effective")
            dates_ = f"posted {version.posted}, effective {effective}"
            what = f"{dates_}: {days} day{'' if days == 1 else 's'} of notice, where the rule is {policy.notice}"
            later = "Give a later day, or say"
            if version.posted < on:
                later = "Announce a later day with `postponed`, or say" if effective > on else "Say"
            remedy = f"{later} why it is sooner, such as `reason: legal`, `security` or in your own words."
            yield warning(place, "notice-short", what, remedy)


def _needless(version: Version, notice: int) -> Iterator[Problem]:
    """A reason for shorter notice where it never was shorter."""
    said = [day for day in (version.effective, *(one.to for one in version.postponed)) if day]
    if all((day - version.posted).days >= notice for day in said):
        what = f"gives a reason for shorter notice, and the notice is not shorter: the rule is {notice} days"
        remedy = (
            "If a sooner day is meant, give it; else leave `reason` out: why the text changes is told by `summary`."
        )
        yield warning(_at(version, "reason"), "reason-needless", what, remedy)


def _far(policy: Policy, seen: Mapping[str, Entry]) -> Iterator[Problem]:
    """Versions to come whose day lies years ahead."""
    for version in policy.versions:
        entry = seen.get(version.id)
        pending = entry is None or entry.standing is Standing.PENDING
        if version.effective is None or version.withdrawn or not pending:
            continue
        day = version.postponed[-1].to if version.postponed else version.effective
        days = (day - version.posted).days
        if days > max(LONGEST, policy.notice):
            place = _at(version, "postponed" if version.postponed else "effective")
            what = f"takes effect on {day}, {days // 365} years after it is posted: is that the year that is meant?"
            yield warning(place, "notice-long", what, f"Mend the day; the rule is {policy.notice} days of notice.")


def _late(policy: Policy, seen: Mapping[str, Entry], on: date) -> Iterator[Problem]:
    """Version files that say to have been posted long before git knew of them, where it knew of the policy by then.

    A history that is put into git later than it was posted begins with it. Corrections owe no notice; and when readers
    had theirs, counted from the commit, nothing can be mended any more.
    """
    began = _began(policy)
    for version in policy.versions:
        origin = version.origin
        if not (origin and began) or version.corrects or not _read_by_visitors(seen.get(version.id)):
            continue
        late = (origin.day - version.posted).days
        owed = (on - origin.day).days <= max(policy.notice, LATE)
        if late > LATE and owed and began <= version.posted:
            what = f"posted is {version.posted}, {late} days before the commit that brought this file"
            remedy = (
                "If nobody could read it by then, let `posted` be the day on which it is merged: "
                "readers have their notice from that day on."
            )
            yield warning(_at(version, "posted"), "posted-before-commit", what, remedy)


def _names(policy: Policy, seen: Mapping[str, Entry]) -> Iterator[Problem]:
    """Labels that two versions share, names of files that tell of another day, words that a comment ends."""
    known: dict[str, Version] = {}
    for version in policy.versions:
        read = _read_by_visitors(seen.get(version.id))
        if read:
            yield from _cut(version)
            yield from _copied(version, seen)
        if version.withdrawn:
            continue
        if _slipped(version):
            what = f"posted is {version.posted}, and the name of the file is another day that looks like it"
            remedy = "Mend the one that is mistyped: the order of the versions and the days of notice follow `posted`."
            yield warning(_at(version, "posted"), "posted-unlike-name", what, remedy)
        twin = known.setdefault(version.label, version) if version.label and not version.corrects else version
        if twin is not version and read:
            what = f"version is {version.label}, as that of {twin.id} is: readers cannot tell the two apart by it"
            yield warning(_at(version, "version"), "version-twice", what, "Give another label, or leave it out.")


def _copied(version: Version, seen: Mapping[str, Entry]) -> Iterator[Problem]:
    """A file's name that a file manager gave it, or that begins with a space: until it is posted it can be mended."""
    entry = seen.get(version.id)
    path = PurePosixPath(version.place.path)
    found = None if version.place.commit else _COPY.search(path.stem)
    if found and (entry is None or entry.standing is Standing.PENDING):
        what = f"the name of the file is '{path.stem}', and its address for good would be {version.id}"
        yield warning(Place(version.place.path), "name-of-a-copy", what, f"Name it for its day: {version.posted}.md.")


def _slipped(version: Version) -> bool:
    """Whether a file's name is its posting day but for the year, or with day and month the other way round."""
    year, *rest = str(version.posted).split("-")
    named, *others = version.id.split("-")
    day = header.DAY.fullmatch(version.id) and version.id != str(version.posted)
    meant = version.id in map(str, (version.effective, *(one.to for one in version.postponed)))
    return bool(day) and not meant and (rest == others or (year == named and rest == others[::-1]))


def _cut(version: Version) -> Iterator[Problem]:
    """Words that a comment ends."""
    for key in ("title", "summary", "reason", "version", "note"):
        if line := version.lines.get(f"#{key}"):
            what = f"{key} ends before the # on this line: what follows is taken for a comment, and nobody reads it"
            remedy = (
                f"If it belongs to the words, put all of them in quotes: `{key}: '…'`. A comment has a line of its own."
            )
            yield warning(Place(version.place.path, line, version.place.commit), "words-cut", what, remedy)


def _overtaken(policy: Policy, on: date) -> Iterator[Problem]:
    """Versions that will never govern, while their author can still do something about it."""
    end = policy.as_of(max(policy.told()))
    for entry in end.entries:
        other = end.overtaker(entry)
        if other is None or other.in_force is None or end.mends(other, entry):
            continue
        if not entry.version.corrects and other.in_force.first > on:
            what = (
                f"{entry.id} (effective {entry.effective}) will never be in force: "
                f"{other.id} takes effect on {other.in_force.first}, first"
            )
            remedy = f"Withdraw {entry.id}, give it an earlier day, or give {other.id} a later one."
            if min(entry.version.posted, other.version.posted) < on:
                remedy += " The day of what is posted is moved by `postponed`."
            yield warning(_at(entry.version, "effective"), "overtaken", what, remedy)


def _fallen(policy: Policy, on: date) -> Iterator[Problem]:
    """Corrections of what was withdrawn before they are posted, until they would have taken effect."""
    for version in policy.versions:
        withdrawn = version.corrects and policy.withdrawn(version, version.posted)
        if withdrawn and policy.effective(version, version.posted) >= on:
            what = f"corrects {version.corrects}, which was withdrawn on {withdrawn}: this text never takes effect"
            remedy = "Leave `corrects` out if it is to be a version in its own right, or delete this file."
            if version.posted < on:
                remedy = "It is posted and stays. If the text is to govern, post it as a version in its own right."
            yield warning(_at(version, "corrects"), "corrects-withdrawn", what, remedy)


def _merged(version: Version, text: Text, policy: Policy) -> Iterator[Problem]:
    """A merge that was left undone in a text: nobody can say which of the two governs.

    What was corrected never governs by itself; in a history only what comes next can mend it.
    """
    found = conflicts.found(text.source)
    if found and not any(other.corrects == version.id for other in policy.versions):
        follows = version.place.commit and version is not policy.versions[-1]
        severity: Severity = "warning" if follows else "error"
        yield Problem(_line(version, found.number + 1), "merge-conflict", found.what, found.remedy, severity)


def _text(version: Version, text: Text, policy: Policy, site: Site, reader: Reader) -> Iterator[Problem]:
    at = partial(_line, version)
    yield from letters.of_line(version.title, _at(version, "title"))
    yield from letters.of_text(text, at)
    yield from signs.of_text(text, at)
    yield from outline.of_text(text, at)
    yield from targets.of_text(targets.Written(text, version, policy.id, site, reader, at, text.headings))


def _summary(  # noqa: PLR0913, PLR0917 - what a text is looked up in
    version: Version, text: Text, summary: Text, policy: Policy, site: Site, reader: Reader
) -> Iterator[Problem]:
    place = _at(version, "summary")
    yield from dict.fromkeys(
        [*letters.of_text(summary, lambda _: place), *signs.of_text(summary, lambda _: place)]
    )  # all of its lines are said to stand in one place
    written = targets.Written(summary, version, policy.id, site, reader, lambda _: place, text.headings)
    yield from targets.of_text(written)
