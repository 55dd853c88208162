"""What a text says of its own days: a line that tells when it was last updated, or from when it is effective.

Only a paragraph or heading that says this and nothing else counts, in languages of which the words are known for
certain. A day in numbers alone is left aside, unless it can be read in one way only.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from inforce import dates
from inforce.checks.placed import placed, short
from inforce.errors import Problem, warning
from inforce.text import is_heading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from inforce.errors import Place
    from inforce.model import Policy, Version
    from inforce.text import Text


class _Words(NamedTuple):
    """How a language says it."""

    updated: str
    effective: str
    before: str
    """What may stand between that and the day."""
    fillers: frozenset[str]
    """What may stand within the day, beside the month."""
    numbers: str = r"(?!)"
    """A day in numbers: day, month and year, each in a group."""


_THIS = r"(?:th(?:is|ese) (?:\w+ )?(?:policy|notice|statement|terms) (?:was|were|is|are) )?"
_WORDS = {
    "en": _Words(
        rf"{_THIS}(?:(?:date of (?:the )?)?last (?:updated?|revised|revision|modified|modification|amended|changed?)"
        r"|updated|revised|modified|amended)",
        rf"{_THIS}(?:effective(?: date)?|in (?:force|effect)|valid)",
        r"on|as of|from|since|is",
        frozenset({"st", "nd", "rd", "th", "of", "the"}),
    ),
    "de": _Words(
        r"(?:datum der )?letzten? (?:aktualisierung|änderung|überarbeitung)"
        r"|(?:zuletzt )?(?:aktualisiert|geändert|überarbeitet)|stand",
        r"gültig|wirksam|in kraft|gilt",
        r"am|vom|ab|seit|dem",
        frozenset(),
        r"(\d\d?)\.\s?(\d\d?)\.\s?(\d{4})",
    ),
    "fr": _Words(
        r"(?:date de (?:la )?)?dernière (?:mise à jour|modification|révision)|mise? à jour",
        r"(?:date d['\u2019])?entrée en vigueur|en vigueur",
        r"le|du|au|depuis|à partir|à compter",
        frozenset({"er"}),
    ),
    "es": _Words(
        r"(?:fecha de (?:la )?)?última (?:actualización|modificación|revisión)|actualizad[ao]",
        r"(?:fecha de )?entrada en vigor|en vigor|vigente",
        r"el|del?|al?|desde|partir",
        frozenset({"de", "del"}),
    ),
}
OPENING, CLOSING = 12, 3
"""Headings, paragraphs and the like at both ends of a text: what stands between may be about an annex."""
LONGEST = 160
"""Characters of a paragraph that tells days, and nothing else."""
_ISO = r"(\d{4})-(\d\d)-(\d\d)"
_YEAR = re.compile(r"\d{4}")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")


class _Said(NamedTuple):
    """A day that a text says."""

    updated: bool
    """Whether it is that of an update, and not that from which the text is effective."""
    day: date
    words: str
    line: int
    near: bool
    """Whether it stands at one of the ends of the text."""


def of_text(text: Text, version: Version, policy: Policy, at: Callable[[int], Place]) -> Iterator[Problem]:
    """Days that are not those of the front matter; `at` places the lines of the text.

    Where no front matter states any, each commit being a version, nothing is said. Nor is it where one of several
    lines fits: the others are about something else.
    """
    if _tongue(policy.language) not in _WORDS or "posted" not in version.lines:
        return
    posted, effective = _days(version, policy)
    said = list(_said(text, policy.language))
    updates = [one for one in said if one.updated]
    begins = [one for one in said if not one.updated]
    fits = any(one.day in posted | effective for one in updates)
    if fits:  # before that, the policy as such is effective, whatever was updated since
        begins = [one for one in begins if one.day >= version.posted]
    else:
        yield from _contradiction(updates, f"is posted on {version.posted}", at)
    if not any(one.day in effective for one in begins):
        yield from _contradiction(begins, f"takes effect on {policy.effective(version, date.max)}", at)


def _contradiction(said: list[_Said], fact: str, at: Callable[[int], Place]) -> Iterator[Problem]:
    for one in [one for one in said if one.near][:1]:
        what = f"'{one.words}' stands in the text, and the version {fact}"
        remedy = (
            "Write the day that the front matter says, or leave the line out: each page tells the days of its text."
        )
        yield warning(at(one.line), "day-contradicted", what, remedy)


def _days(version: Version, policy: Policy) -> tuple[set[date], set[date]]:
    """The days on which a version, or what it corrects, was posted, and those from which it was said to govern."""
    known = {one.id: one for one in policy.versions}
    line = [version]
    while line[-1].corrects:
        line.append(known[line[-1].corrects])
    posted = {day for one in line for day in (one.posted, *(each.announced for each in one.postponed))}
    effective = {day for one in line for day in (one.effective, *(each.to for each in one.postponed)) if day}
    return posted, effective | {policy.effective(version, date.max)}


def _said(text: Text, language: str) -> Iterator[_Said]:
    blocks = list(placed(text))
    for number, each in enumerate(blocks):
        block = each.block
        if block.kind != "p" and not is_heading(block):
            continue
        if not _YEAR.search(block.contents[0].text):
            continue
        line = each.line
        for part in "".join(["\v" if run.kind == "break" else run.text for run in block.contents[0].runs]).split("\v"):
            near = not OPENING <= number < len(blocks) - CLOSING
            yield from _told(part, line, language, near=near)
            line += part.count("\n") + 1


def _told(written: str, line: int, language: str, *, near: bool) -> list[_Said]:
    """The days that a line tells, if it tells nothing else."""
    found: list[_Said] = []
    words = " ".join(written.split()).strip("()[]")
    at = 0
    while at < len(words) <= LONGEST:
        said = _pattern(language).match(words, at)
        day = said and _day(said["day"], language)
        if not said or not day:
            return []
        found.append(_Said(bool(said["updated"]), day, short(said["said"]), line, near))
        at = said.end()
    return found


@lru_cache
def _pattern(language: str) -> re.Pattern[str]:
    """What says a day, in a language."""
    words = _WORDS[_tongue(language)]
    before = rf"(?:\s+(?:{words.before}))*"
    days = rf"{_ISO}|[^:;|\u2022]{{1,40}}?\b\d{{4}}\b"
    what = rf"(?:(?P<updated>{words.updated})|{words.effective}){before}\s*[:\u2013-]?{before}\s+"
    return re.compile(rf"(?P<said>{what}[(\[]?(?P<day>{days}))[\s.,;|)\]\u2022\u00b7]*", re.IGNORECASE)


def _day(words: str, language: str) -> date | None:
    """A day as it is written; None if it is none, or could be another."""
    known = _WORDS[_tongue(language)]
    if found := re.fullmatch(_ISO, words):
        year, month, day = map(int, found.groups())
    elif found := re.fullmatch(known.numbers, words):
        day, month, year = map(int, found.groups())
    else:
        tokens = [token for token in _TOKEN.findall(words.casefold()) if token not in known.fillers]
        names = [token for token in tokens if not token.isdecimal()]
        numbers = [int(token) for token in tokens if token.isdecimal()]
        if len(names) != 1 or len(numbers) != len(("day", "year")):
            return None
        (day, year), month = numbers, _month(names[0], language)
    with suppress(ValueError):
        return date(year, month, day)
    return None


def _month(name: str, language: str) -> int:
    """The number of a month by its name, or by what begins the name of no other one; else 0."""
    found = [n for n, month in enumerate(_months(language), start=1) if month.startswith(name)]
    return found[0] if len(found) == 1 and len(name) >= len("Jan") else 0


@lru_cache
def _months(language: str) -> tuple[str, ...]:
    """The name of each month, as days are written with it."""
    fillers = _WORDS[_tongue(language)].fillers
    bare = (re.sub(r"\{\w+\}", " ", written.casefold()) for written in dates.months(language))
    return tuple(next(token for token in _TOKEN.findall(one) if token not in fillers) for one in bare)


def _tongue(language: str) -> str:
    """A language without its country."""
    return language.partition("-")[0].lower()
