"""Days in words, in the language of the site (the only Babel user)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

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


def locale(language: str) -> str:
    """How a browser names the form in which days are written here."""
    return WORLD_ENGLISH.replace("_", "-") if language.lower() == "en" else language


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
