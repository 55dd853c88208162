"""What is doubtful about a site before it is published: texts, links, pictures, notice, days to come.

Whatever visitors still read, or will, is looked at; a text that was replaced can no longer be mended and is left alone.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import unquote

from inforce import dates
from inforce.errors import Place, Problem, TextError
from inforce.model import Standing
from inforce.settings import FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from inforce.markdown import Reader
    from inforce.model import Entry, Policy, Version
    from inforce.pages import Site
    from inforce.settings import Settings
    from inforce.text import Text

HIDDEN = re.compile(
    "[\x01-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0d\ufeff\uffa0\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Characters that nobody sees. The joiners U+200C and U+200D are left out: whole scripts are written with them."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_LOOKALIKE_SCRIPTS = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")


def check_settings(settings: Settings) -> Iterator[Problem]:
    """Languages that days cannot be written in."""
    tables = {"": settings.language, **{id_: policy.language for id_, policy in settings.policies.items()}}
    for id_, language in tables.items():
        if language and not dates.known(language):
            what = f'language "{language}" is not one that days can be written in'
            remedy = 'Write a tag such as "en", "en-US", "de" or "pt-BR".'
            yield Problem(Place(FILE, settings.lines.get(id_, 0)), "settings-language", what, remedy)


def check_policy(policy: Policy, reader: Reader, site: Site) -> Iterator[Problem]:
    """All that is wrong or doubtful about a policy, errors and warnings; `reader` remembers the texts it has read."""
    texts: dict[str, Text] = {}
    summaries: dict[str, Text] = {}
    for version in policy.versions:
        try:
            texts[version.id] = reader.read(version.body)
        except TextError as error:
            place = Place(version.place.path, version.place.line + error.line - 1, version.place.commit)
            yield Problem(place, error.code, error.what, error.remedy)
        try:
            summaries[version.id] = reader.read(version.summary)
        except TextError as error:
            yield Problem(_at(version, "summary"), error.code, f"summary: {error.what}", error.remedy)
    yield from _notice(policy)
    yield from _overtaken(policy, site.on)
    seen = {entry.id: entry for entry in policy.as_of(site.on).entries}
    before: Version | None = None
    for version in policy.versions:
        entry = seen.get(version.id)
        if version.id in texts and _read_by_visitors(entry):
            yield from _text(version, texts[version.id], policy, site)
            if version.id in summaries:
                yield from _summary(version, summaries[version.id], policy, site)
            if before and before.id in texts and texts[version.id].renders_like(texts[before.id]):
                what = f"the text is that of {before.id}, the version before"
                remedy = "Change the text, or delete this file: a version without a change tells readers nothing."
                yield _warning(Place(version.place.path, version.place.line), "identical-version", what, remedy)
        if not version.withdrawn:
            before = version


def _read_by_visitors(entry: Entry | None) -> bool:
    return entry is None or entry.standing in {Standing.PENDING, Standing.IN_FORCE}


def _warning(place: Place, code: str, what: str, remedy: str) -> Problem:
    return Problem(place, code, what, remedy, "warning")


def _at(version: Version, fact: str) -> Place:
    return Place(version.place.path, version.lines.get(fact, 1), version.place.commit)


def _notice(policy: Policy) -> Iterator[Problem]:
    """Notice shorter than the rule, without a reason; the first version has nobody to give notice to."""
    for version in policy.versions[1:]:
        if version.effective is None or version.reason or version.withdrawn:
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
        if other is None or other.in_force is None or other.version.corrects == entry.id:
            continue
        if not entry.version.corrects and other.in_force.first > on:
            what = (
                f"{entry.id} (effective {entry.effective}) will never be in force: "
                f"{other.id} takes effect on {other.in_force.first}, first"
            )
            remedy = f"Withdraw {entry.id}, give it an earlier day, or give {other.id} a later one."
            yield _warning(_at(entry.version, "effective"), "overtaken", what, remedy)


def _text(version: Version, text: Text, policy: Policy, site: Site) -> Iterator[Problem]:
    def at(line: int) -> Place:
        return Place(version.place.path, version.place.line + line - 1, version.place.commit)

    for line in text.raw_html:
        what = "HTML, or an HTML comment, is shown to readers as it is written"
        yield _warning(at(line), "html-shown", what, "Write it as Markdown, or take it out.")
    for line, written in enumerate(version.body.split("\n"), start=1):
        for word in sorted({_seen(sign) for sign in HIDDEN.findall(written)}):
            what = f"holds {word}, a character that nobody sees"
            yield _warning(at(line), "hidden-character", what, "Type the word anew, without it.")
        for lookalike in _lookalikes(written):
            what = f"'{lookalike}' holds a letter of another script ({_strange(lookalike)})"
            yield _warning(at(line), "lookalike-letter", what, "Type the word anew.")
    yield from _targets(version, text, policy, site, at)


def _summary(version: Version, summary: Text, policy: Policy, site: Site) -> Iterator[Problem]:
    def at(_: int) -> Place:
        return _at(version, "summary")

    yield from _targets(version, summary, policy, site, at)


def _seen(sign: str) -> str:
    return f"U+{ord(sign):04X} ({unicodedata.name(sign, 'control character').lower()})"


def _lookalikes(line: str) -> Iterator[str]:
    """Words that are Latin but for letters of a script that looks like it."""
    if line.isascii():
        return
    for word in _WORD.findall(line):
        names = [unicodedata.name(sign, "") for sign in word]
        latin = sum(name.startswith("LATIN") for name in names)
        if latin and any(name.startswith(_LOOKALIKE_SCRIPTS) for name in names):
            yield word


def _strange(word: str) -> str:
    other = next(sign for sign in word if unicodedata.name(sign, "").startswith(_LOOKALIKE_SCRIPTS))
    return _seen(other)


def _targets(version: Version, text: Text, policy: Policy, site: Site, at: Callable[[int], Place]) -> Iterator[Problem]:
    anchors = {heading.anchor for heading in text.headings}
    for link in text.links:
        target = site.target(link.target, version, policy.id)
        if target.kind == "nowhere":
            what = f"the link to {link.target} leads nowhere"
            remedy = (
                "Write the way to the other policy's file, such as ../terms/2026-01-10.md, or its address, /terms/."
            )
            yield _warning(at(link.line), "link-nowhere", what, remedy)
        elif target.kind == "here" and unquote(target.address[1:]) not in anchors and target.address != "#":
            near = ", ".join(f"#{anchor}" for anchor in sorted(anchors)[:6]) or "none"
            what = f"the link to {link.target} leads to no heading of this text"
            yield _warning(at(link.line), "anchor-nowhere", what, f"Its headings are: {near}.")
    for image in text.images:
        target = site.target(image.target, version, policy.id)
        if target.kind == "away" and not image.target.startswith("data:"):
            what = f"the picture {image.target} lies on another site, and is not shown: pages ask nothing of others"
            yield _warning(at(image.line), "picture-away", what, "Put the picture beside this file.")
        elif target.kind not in {"away", "picture"}:
            what = f"there is no picture {image.target} beside this file"
            remedy = "Put it there (png, jpg, gif, webp or avif), or take it out of the text."
            yield _warning(at(image.line), "picture-missing", what, remedy)
