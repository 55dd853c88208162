"""Days in words, in the language of the site (the only Babel user)."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

WORLD_ENGLISH = "en_001"
"""Plain ``en`` is read as the English of no one country: 1 October 2026. A site that wants another says ``en-US``."""


def known(language: str) -> bool:
    """Whether days can be written in a language, given as a tag such as ``de`` or ``pt-BR``."""
    return _locale(language) is not None


@lru_cache(maxsize=4096)
def written(day: date, language: str) -> str:
    """A day in words: ``1 October 2026``."""
    from babel.dates import format_date

    return format_date(day, "long", locale=_locale(language))


@lru_cache(maxsize=512)
def month(day: date, language: str) -> str:
    """The month of a day, short: ``Oct 2026``."""
    from babel.dates import format_skeleton

    return format_skeleton("yMMM", day, locale=_locale(language))


@lru_cache(maxsize=64)
def months(language: str) -> tuple[str, ...]:
    """How a day is written in each month, for scripts: ``{d}`` (or ``{dd}``, if 1 is written 01) ``October {y}``.

    Browsers write days in forms, calendars and digits of their own.
    """
    found = []
    for month in range(1, 13):
        first, other = (written(date(2333, month, day), language) for day in (1, 22))
        slot = "{dd}" if first == other.replace("22", "01") else "{d}"
        found.append(other.replace("2333", "{y}").replace("22", slot))
    return tuple(found)


@lru_cache(maxsize=64)
def direction(language: str) -> str:
    """``rtl`` for a language written from right to left, else ``ltr``."""
    locale = _locale(language)
    return locale.text_direction if locale else "ltr"


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale | None:
    from babel import Locale, UnknownLocaleError

    try:
        if language.lower() == "en":
            return Locale.parse(WORLD_ENGLISH)
        # Babel also reads en_US and root, which a browser does not know as languages.
        return Locale.parse(language, sep="-") if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language) else None
    except (UnknownLocaleError, ValueError):
        return None
