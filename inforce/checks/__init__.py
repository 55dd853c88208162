"""What is doubtful about a site before it is published: texts, links, pictures, notice, days to come.

Whatever visitors still read, or will, is looked at; a text that was replaced can no longer be mended and is left alone.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from inforce import colours, dates
from inforce.checks import letters, outline, targets
from inforce.errors import Place, Problem, TextError
from inforce.markdown import Reader
from inforce.model import Standing
from inforce.settings import FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from inforce.model import Entry, Policy, Version
    from inforce.settings import Settings
    from inforce.site import Site
    from inforce.text import Text


def check_settings(settings: Settings) -> Iterator[Problem]:
    """Languages that days cannot be written in, colours that are hard to read, a foot that is no text."""
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
        yield _warning(Place(FILE, line), "colours-faint", what, remedy)
    try:
        Reader().read(settings.footer)
    except TextError as error:
        place = Place(FILE, settings.lines.get("=footer", 0))
        yield Problem(place, error.code, f"footer: {error.what}", error.remedy)


def check_policy(policy: Policy, reader: Reader, site: Site) -> Iterator[Problem]:
    """All that is wrong or doubtful about a policy, errors and warnings; `reader` remembers the texts it has read."""
    seen = {entry.id: entry for entry in policy.as_of(site.on).entries}
    yield from _notice(policy, seen)
    yield from _overtaken(policy, site.on)
    yield from _fallen(policy, site.on)
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
            yield from _text(version, text, policy, site, reader)
            if before and old:
                yield from letters.of_change(old, text, before[0].id, partial(_line, version))
            if summary:
                yield from _summary(version, text, summary, policy, site, reader)
            if before and old and text.renders_like(old):
                what = f"the text is that of {before[0].id}, the version before"
                remedy = "Change the text, or delete this file: a version without a change tells readers nothing."
                yield _warning(Place(version.place.path, version.place.line), "identical-version", what, remedy)
        if not version.withdrawn:
            before = version, text


def _read_by_visitors(entry: Entry | None) -> bool:
    return entry is None or entry.standing in {Standing.PENDING, Standing.IN_FORCE}


def _warning(place: Place, code: str, what: str, remedy: str) -> Problem:
    return Problem(place, code, what, remedy, "warning")


def _line(version: Version, line: int) -> Place:
    return Place(version.place.path, version.place.line + line - 1, version.place.commit)


def _at(version: Version, fact: str) -> Place:
    return Place(version.place.path, version.lines.get(fact, 1), version.place.commit)


def _notice(policy: Policy, seen: Mapping[str, Entry]) -> Iterator[Problem]:
    """Notice shorter than the rule, without a reason; the first version has nobody to give notice to."""
    for version in policy.versions[1:]:
        read = _read_by_visitors(seen.get(version.id))
        if version.effective is None or version.reason or version.withdrawn or not read:
            continue
        effective = version.postponed[-1].to if version.postponed else version.effective
        days = (effective - version.posted).days
        if days < policy.notice:
            place = _at(version, "postponed" if version.postponed else "effective")
            dates_ = f"posted {version.posted}, effective {effective}"
            what = f"{dates_}: {days} day{'' if days == 1 else 's'} of notice, where the rule is {policy.notice}"
            remedy = (
                "Give a later day, or say why it is sooner, such as `reason: legal`, `security` or in your own words."
            )
            yield _warning(place, "notice-short", what, remedy)


def _overtaken(policy: Policy, on: date) -> Iterator[Problem]:
    """Versions that will never govern, while their author can still do something about it."""
    end = policy.as_of(max(version.posted for version in policy.versions))
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
            yield _warning(_at(entry.version, "effective"), "overtaken", what, remedy)


def _fallen(policy: Policy, on: date) -> Iterator[Problem]:
    """Corrections of what was withdrawn before they are posted, until they would have taken effect."""
    for version in policy.versions:
        withdrawn = version.corrects and policy.withdrawn(version, version.posted)
        if withdrawn and policy.effective(version, version.posted) >= on:
            what = f"corrects {version.corrects}, which was withdrawn on {withdrawn}: this text never takes effect"
            remedy = "Leave `corrects` out if it is to be a version in its own right, or delete this file."
            yield _warning(_at(version, "corrects"), "corrects-withdrawn", what, remedy)


def _text(version: Version, text: Text, policy: Policy, site: Site, reader: Reader) -> Iterator[Problem]:
    at = partial(_line, version)
    yield from letters.placeholders(version.title, _at(version, "title"))
    yield from letters.of_text(text, at)
    yield from outline.of_text(text, at)
    yield from targets.of_text(targets.Written(text, version, policy.id, site, reader, at, text.headings))


def _summary(  # noqa: PLR0913, PLR0917 - what a text is looked up in
    version: Version, text: Text, summary: Text, policy: Policy, site: Site, reader: Reader
) -> Iterator[Problem]:
    place = _at(version, "summary")
    yield from letters.placeholders(summary.source, place)
    yield from letters.links(summary, lambda _: place)
    written = targets.Written(summary, version, policy.id, site, reader, lambda _: place, text.headings)
    yield from targets.of_text(written)
