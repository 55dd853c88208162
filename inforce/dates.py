"""Days in words, in the language of the site (the only Babel user).

Little is asked of Babel, and much is loaded with it: which way a language runs, and how it writes a day in each month.
That is told once for each language; a build leaves it for the next one, which need not load Babel at all.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from babel import Locale

WORLD_ENGLISH = "en_001"
"""Plain ``en`` is read as the English of no one country: 1 October 2026. A site that wants another says ``en-US``."""


class Language(NamedTuple):
    """How a language writes."""

    direction: str
    """``rtl`` from right to left, else ``ltr``."""
    days: tuple[str, ...]
    """A day in each month: ``{d}`` (or ``{dd}``, if 1 is written 01) ``October {y}``."""
    months: tuple[str, ...]
    """Each month, short: ``Oct {y}``."""


_languages: dict[str, Language | None] = {}
"""Those that were asked for; None for what days cannot be written in."""


def known(language: str) -> bool:
    """Whether days can be written in a language, given as a tag such as ``de`` or ``pt-BR``."""
    return _known(language) is not None


@lru_cache(maxsize=4096)
def written(day: date, language: str) -> str:
    """A day in words: ``1 October 2026``."""
    return _of(language).days[day.month - 1].format(d=day.day, dd=f"{day.day:02}", y=day.year)


@lru_cache(maxsize=512)
def month(day: date, language: str) -> str:
    """The month of a day, short: ``Oct 2026``."""
    return _of(language).months[day.month - 1].format(y=day.year)


def months(language: str) -> tuple[str, ...]:
    """How a day is written in each month, for scripts: browsers have forms, calendars and digits of their own."""
    return _of(language).days


def direction(language: str) -> str:
    """``rtl`` for a language written from right to left, else ``ltr``."""
    return _of(language).direction


def apart(words: str, language: str, around: str) -> str:
    """Words of a language within those of another one, where there can be no element: each keeps its own order.

    Between languages that run the same way nothing need be kept apart, and ASCII runs from left to right by itself.
    """
    way, around = direction(language), direction(around)
    alike = way == around or (around == "ltr" and words.isascii())
    return words if alike else f"\u2068{words}\u2069"


def told(languages: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """What is known of some languages, as plain values."""
    return {one: tuple(found) for one in languages if (found := _known(one))}


def recall(languages: Mapping[str, tuple[Any, ...]]) -> None:
    """Know what was told of some languages before."""
    _languages.update({one: Language(*found) for one, found in languages.items()})


def _of(language: str) -> Language:
    found = _known(language) or _known("en")
    assert found  # noqa: S101 - Babel knows English
    return found


def _known(language: str) -> Language | None:
    if language not in _languages:
        _languages[language] = _asked(language)
    return _languages[language]


def _asked(language: str) -> Language | None:
    """What Babel knows of a language."""
    locale = _locale(language)
    if locale is None:
        return None
    from babel.dates import format_date, format_skeleton

    days, short = [], []
    for number in range(1, 13):
        first, other = (format_date(date(2333, number, day), "long", locale=locale) for day in (1, 22))
        slot = "{dd}" if first == other.replace("22", "01") else "{d}"
        days.append(other.replace("2333", "{y}").replace("22", slot))
        # In the middle of a month all agree on its year: where a language counts weeks, its last days may be another's.
        short.append(format_skeleton("yMMM", date(2333, number, 15), locale=locale).replace("2333", "{y}"))
    return Language(locale.text_direction, tuple(days), tuple(short))


def _locale(language: str) -> Locale | None:
    from babel import Locale, UnknownLocaleError

    try:
        if language.lower() == "en":
            return Locale.parse(WORLD_ENGLISH)
        # Babel also reads en_US and root, which a browser does not know as languages.
        return Locale.parse(language, sep="-") if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language) else None
    except (UnknownLocaleError, ValueError):
        return None
