"""What is doubtful about a site before it is published: its settings, the names and days of versions, their texts.

Whatever visitors still read, or will, is looked at; a text that was replaced can no longer be mended and is left alone.
"""

from __future__ import annotations

import re
from functools import partial
from itertools import chain
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from inforce import colours, dates
from inforce.checks import days, dropped, letters, outline, pasted, signs, stated, targets
from inforce.errors import Place, Problem, TextError, warning
from inforce.markdown import Reader
from inforce.settings import FILE
from inforce.sources import conflicts, folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from inforce.errors import Severity
    from inforce.model import Entry, Policy, Version
    from inforce.settings import Settings
    from inforce.site import Shown, Site
    from inforce.text import Text


_QUOTED = re.compile("[\u201c\u201d\u201e\u2018\u201a][^\u201c\u201d\u201e]*[\u201c\u201d\u2018\u2019]")
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
            place = of_settings if shown.policy.given_title else shown.timeline.titled.at("title")
            what = f"the title is {shown.title}, as that of {twin.id} is: readers cannot tell their links apart"
            table = f"[tool.inforce.policies.{shown.id}]"
            remedy = f"Give one of the two another title; for texts that are posted: `title` in {table}."
            yield warning(place, "title-twice", what, remedy)


def check_policy(policy: Policy, reader: Reader, site: Site) -> Iterator[Problem]:
    """All that is wrong or doubtful about a policy, errors and warnings; `reader` remembers the texts it has read."""
    seen = {entry.id: entry for entry in policy.as_of(site.on).entries}
    yield from days.of_policy(policy, seen, site.on)
    yield from _names(policy, seen, site.on)
    new = days.perhaps_unmerged(policy)
    before: tuple[Version, Text | None] | None = None
    for version in policy.versions:
        text = summary = None
        read = days.read_by_visitors(seen.get(version.id))
        try:
            text = (not read and reader.remembered(version.sha256)) or reader.read(version.body, version.sha256)
        except TextError as error:
            yield Problem(_line(version, error.line), error.code, error.what, error.remedy)
        try:
            summary = reader.read(version.summary)
        except TextError as error:
            yield Problem(version.at("summary"), error.code, f"summary: {error.what}", error.remedy)
        if text and read:
            old = before and before[1] and reader.read(before[1].source or before[0].body, before[0].sha256)
            found = [*_merged(version, text, policy, seen, site.on), *_text(version, text, policy, site, reader)]
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


def _line(version: Version, line: int) -> Place:
    return version.place._replace(line=version.place.line + line - 1)


def _mended(problem: Problem, version: Version, on: date, *, unmerged: bool) -> Problem:
    """What is said of a text, with what can still be done once it is posted."""
    if version.posted >= on or problem.place.path != version.place.path or problem.code == "picture-missing":
        return problem
    leave = "" if problem.severity == "error" or problem.code == "merge-conflict" else ", or leave it"
    here = "; or, if it is not merged yet, mend it here, and let `posted` be the day of merging" if unmerged else ""
    return problem._replace(remedy=f"{problem.remedy} It is posted: mend it in {_correction(version)}{leave}{here}.")


def _correction(version: Version) -> str:
    return f"a version that says `corrects: '{version.id}'`"


def _names(policy: Policy, seen: Mapping[str, Entry], on: date) -> Iterator[Problem]:
    """Labels that two versions share, names that a file manager gave, words that a comment ends."""
    new = days.perhaps_unmerged(policy)
    known: dict[str, Version] = {}
    for version in policy.versions:
        read = days.read_by_visitors(seen.get(version.id))
        if read:
            yield from _cut(version)
            yield from (_mended(problem, version, on, unmerged=version.id in new) for problem in _quoted(version))
            yield from _copied(version, on, unmerged=version.id in new)
            yield from _translated(version, policy, stays=version.posted < on and version.id not in new)
        named = version.label and not version.corrects and not version.withdrawn
        twin = known.setdefault(version.label, version) if named else version
        if twin is not version and read:
            what = f"version is {version.label}, as that of {twin.id} is: readers cannot tell the two apart by it"
            yield warning(version.at("version"), "version-twice", what, "Give another label, or leave it out.")


def _copied(version: Version, on: date, *, unmerged: bool) -> Iterator[Problem]:
    """A file's name that a file manager gave it, or that begins with a space: until it is posted it can be mended."""
    path = PurePosixPath(version.place.path)
    found = None if version.place.commit else _COPY.search(path.stem)
    if found and (version.posted >= on or unmerged):
        what = f"the name of the file is '{path.stem}', and its address for good would be {version.id}"
        remedy = f"Name it for its day: {version.posted}.md."
        if version.posted < on:
            remedy = (
                f"If it is not merged yet, name it for the day of merging; else it stays: {version.id} is its address."
            )
        yield warning(Place(version.place.path), "name-of-a-copy", what, remedy)


def _translated(version: Version, policy: Policy, *, stays: bool) -> Iterator[Problem]:
    """A translation among the versions of a policy: it would govern in the place of the text that it translates."""
    tag = "" if version.place.commit else folder.translation(version.id, policy.language)
    if tag:
        what = f"{version.id} is named as a translation, and is a version that takes the place of the one before"
        place = str(PurePosixPath(version.place.path).parent)
        remedy = folder.a_policy_of_its_own(place, tag)
        if stays:
            remedy = (
                "It is posted and stays: post the text that is meant to govern as a new version. "
                f"A translation is a policy of its own, in {place}-{tag}/."
            )
        yield warning(Place(version.place.path), "name-of-a-translation", what, remedy)


def _cut(version: Version) -> Iterator[Problem]:
    """Words that a comment ends."""
    for key in ("title", "summary", "reason", "version", "note"):
        if line := version.lines.get(f"#{key}"):
            what = f"{key} ends before the # on this line: what follows is taken for a comment, and nobody reads it"
            remedy = (
                f"If it belongs to the words, put all of them in quotes: `{key}: '…'`. A comment has a line of its own."
            )
            yield warning(Place(version.place.path, line, version.place.commit), "words-cut", what, remedy)


def _quoted(version: Version) -> Iterator[Problem]:
    """Words in quotation marks that a word processor set: those in straight ones would be read without them."""
    for key, words in (("title", version.title), ("version", version.label), ("reason", version.reason)):
        if _QUOTED.fullmatch(words):
            what = f"{key} is {words}, and is shown with its quotation marks: only straight ones are taken off"
            remedy = f'Write {key}: "{words[1:-1]}".'
            yield warning(version.at(key), "words-in-quotes", what, remedy)


def _merged(version: Version, text: Text, policy: Policy, seen: Mapping[str, Entry], on: date) -> Iterator[Problem]:
    """A merge that was left undone in a text: nobody can say which of the two governs.

    What a correction mends never governs by itself, from the day on which that is posted and as long as it stands. In
    a history only the text at hand can be mended.
    """
    found = conflicts.found(text.source)
    mended = any(entry.version.corrects == version.id and not entry.withdrawn for entry in seen.values())
    if found and (policy.at_hand == version.id or not mended):
        coming = [one for one in policy.versions if one.corrects == version.id and one.posted > on]
        later = "".join(f" {one.id} corrects it from {one.posted} on, and not before." for one in coming[:1])
        severity: Severity = "error" if policy.at_hand in {"", version.id} else "warning"
        yield Problem(_line(version, found.number + 1), "merge-conflict", found.what, found.remedy + later, severity)


def _text(version: Version, text: Text, policy: Policy, site: Site, reader: Reader) -> Iterator[Problem]:
    at = partial(_line, version)
    yield from letters.of_line(version.title, version.at("title"))
    yield from letters.of_text(text, at)
    yield from signs.of_text(text, at)
    yield from pasted.of_text(text, at)
    yield from dropped.of_text(text, at)
    yield from stated.of_text(text, version, policy, at)
    yield from outline.of_text(text, at)
    yield from targets.of_text(targets.Written(text, version, policy.id, site, reader, at, text.headings))


def _summary(  # noqa: PLR0913, PLR0917 - what a text is looked up in
    version: Version, text: Text, summary: Text, policy: Policy, site: Site, reader: Reader
) -> Iterator[Problem]:
    place = version.at("summary")
    found = [each.of_text(summary, lambda _: place) for each in (letters, signs, pasted)]
    yield from dict.fromkeys(chain(*found))  # all of its lines are said to stand in one place
    written = targets.Written(summary, version, policy.id, site, reader, lambda _: place, text.headings)
    yield from targets.of_text(written)
