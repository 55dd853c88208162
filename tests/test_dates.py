from __future__ import annotations

import marshal
from datetime import date, timedelta

import pytest
from babel import Locale, localedata
from babel.dates import format_date, format_skeleton

from inforce.dates import apart, direction, known, month, months, recall, told, written

EVERY_LANGUAGE = [tag for tag in sorted(localedata.locale_identifiers()) if "_" not in tag and known(tag)]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "1 October 2026"),
        ("EN", "1 October 2026"),
        ("en-US", "October 1, 2026"),
        ("de", "1. Oktober 2026"),
        ("pt-BR", "1 de outubro de 2026"),
        ("zh-Hans-CN", "2026年10月1日"),
        ("ar-EG", "1 أكتوبر 2026"),
    ],
)
def test_a_day_is_written_as_the_language_writes_it(language: str, words: str) -> None:
    assert known(language)
    assert written(date(2026, 10, 1), language) == words


@pytest.mark.parametrize(
    "language", ["", "e", "C", "root", "en_US", "en-", "-en", "en US", "en@x=y", "x-klingon", "tlh", "\0", "a" * 3000]
)
def test_what_is_no_language_tag_that_days_can_be_written_in_is_not_known(language: str) -> None:
    assert not known(language)


def test_the_first_and_the_last_day_of_the_calendar_can_be_written() -> None:
    assert [written(day, "en") for day in (date.min, date.max)] == ["1 January 1", "31 December 9999"]


@pytest.mark.parametrize(
    ("words", "language", "around", "parted"),
    [
        ("א", "he", "en", True),
        ("א", "he", "ar", False),
        ("2.1", "he", "en", False),
        ("2.1", "en", "he", True),
        ("א", "de", "en", False),
    ],
)
def test_words_that_run_another_way_are_kept_apart(words: str, language: str, around: str, *, parted: bool) -> None:
    assert apart(words, language, around) == (f"\u2068{words}\u2069" if parted else words)


@pytest.mark.parametrize(
    ("language", "found"), [("en", "ltr"), ("de", "ltr"), ("ar", "rtl"), ("he", "rtl"), ("fa-IR", "rtl"), ("?", "ltr")]
)
def test_a_language_has_a_direction(language: str, found: str) -> None:
    assert direction(language) == found


EVERY_DAY = [date(2026, 1, 1) + timedelta(days) for days in range(365)]


@pytest.mark.parametrize("language", [*EVERY_LANGUAGE, "en-ZA", "zh-Hant", "sr-Latn", "ca", "eu", "dz"])
def test_every_day_is_written_as_babel_writes_it_and_a_script_in_the_same_words(language: str) -> None:
    locale = Locale.parse("en-001" if language == "en" else language, sep="-")
    days = [*EVERY_DAY, date.min, date(987, 12, 31), date(2024, 2, 29), date.max]

    found = [months(language)[day.month - 1].format(y=day.year, d=day.day, dd=f"{day.day:02}") for day in days]

    assert found == [written(day, language) for day in days] == [format_date(day, "long", locale) for day in days]


@pytest.mark.parametrize("language", [*EVERY_LANGUAGE, "en-ZA", "zh-Hant", "sr-Latn"])
def test_every_month_is_written_short_as_babel_writes_it(language: str) -> None:
    locale = Locale.parse("en-001" if language == "en" else language, sep="-")
    days = [date(year, number, 15) for year in (1, 987, 2026, 9999) for number in range(1, 13)]

    assert [month(day, language) for day in days] == [format_skeleton("yMMM", day, locale=locale) for day in days]


@pytest.mark.parametrize("language", EVERY_LANGUAGE)
def test_all_days_of_a_month_are_in_the_same_one(language: str) -> None:
    assert month(date(2025, 12, 31), language) == month(date(2025, 12, 1), language)
    assert month(date(2027, 1, 1), language) == month(date(2027, 1, 31), language)


def test_what_is_known_of_languages_can_be_told_as_plain_values_and_is_known_again() -> None:
    before = told(["de", "fa", "x-klingon"])

    recall({"de-CH": before["de"], **marshal.loads(marshal.dumps(before))})  # noqa: S302 - our own

    assert before.keys() == {"de", "fa"}
    assert told(["de", "fa"]) == before
    assert written(date(2026, 10, 1), "de-CH") == "1. Oktober 2026"
