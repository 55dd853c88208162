from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import feedparser
import icalendar
import pytest
from hypothesis import given, settings
from lxml import etree

from inforce import feeds
from inforce.build import build
from inforce.markdown import Reader
from inforce.pages import pages
from inforce.render import renderer
from inforce.settings import Settings
from inforce.site import Site
from tests.projects import project, version
from tests.test_templates import STANDINGS
from tests.timelines import life, policies

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inforce.model import Policy

ATOM = etree.RelaxNG(etree.parse(Path(__file__).parent / "schemas" / "atom.rng"))
BASE = '[tool.inforce]\ntitle = "Larkfield"\nbase-url = "https://Larkfield.example:8080/legal"\n'
ON = date(2026, 12, 1)
NASTY = "A ]]> <b>&amp; ; , \\ \u89c4\u7ea6 \u0639\u0642\u062f "


def site(folder: Path, files: Mapping[str, str | bytes], on: date = ON, chosen: str = BASE) -> dict[str, bytes]:
    """The feeds and calendars of a project, by their addresses."""
    out = folder / f"site-{on}"
    build(project(folder, files, settings=chosen), out, on)
    return {
        f"/{path.relative_to(out).as_posix()}": path.read_bytes()
        for path in out.rglob("*")
        if path.name in {"feed.xml", "calendar.ics"}
    }


def entries(feed: bytes) -> list[tuple[str, str]]:
    """The id and the day of every entry of a feed that is as it should be."""
    ATOM.assertValid(etree.fromstring(feed))
    read = feedparser.parse(feed)
    assert not read.bozo
    return [(entry.id, entry.updated) for entry in read.entries]


def events_of(calendar: bytes) -> list[Any]:
    """The events of a calendar that is as it should be."""
    read: Any = icalendar.Calendar.from_ical(calendar)
    assert read.errors == []
    return list(read.walk("VEVENT"))


def test_the_feed_of_a_policy_tells_what_happened_the_newest_first(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2026-01-10"),
        "privacy/b.md": version("2026-03-01", "summary: 'See [the terms](../terms/), or [us](#us).'"),
        "terms/a.md": version("2026-02-01", title="Terms"),
    }

    found = site(tmp_path, files)

    read = feedparser.parse(found["/privacy/feed.xml"])
    assert [(entry.id, entry.title) for entry in read.entries] == [
        ("tag:larkfield.example,2026-03-01:/legal/privacy/b/took-effect", "Privacy: version b took effect"),
        (
            "tag:larkfield.example,2026-03-01:/legal/privacy/b/posted",
            "Privacy: version b was posted, takes effect on 31 March 2026",
        ),
        ("tag:larkfield.example,2026-01-10:/legal/privacy/a/posted", "Privacy: version a was posted and is in force"),
    ]
    assert read.feed.id == read.feed.links[0].href == "https://Larkfield.example:8080/legal/privacy/feed.xml"
    content = read.entries[0].content[0].value
    assert 'href="https://Larkfield.example:8080/legal/terms/"' in content
    assert 'href="https://Larkfield.example:8080/legal/privacy/b/#us"' in content
    assert len(entries(found["/feed.xml"])) == 4


def test_a_site_that_does_not_say_where_it_lives_has_feeds_with_relative_links(tmp_path: Path) -> None:
    found = site(tmp_path, {"a b/a.md": version("2026-01-10")}, chosen="")

    assert b'href="../a-b/a/"' in found["/a-b/feed.xml"] or b'href="a/"' in found["/a-b/feed.xml"]
    assert entries(found["/a-b/feed.xml"].replace(b"2026:", b"2026-01-01:")) == [
        ("tag:site.invalid,2026-01-10:/a-b/a/posted", "2026-01-10T00:00:00Z")
    ]
    assert b"URL:" not in found["/a-b/calendar.ics"]


def test_what_is_in_the_language_of_a_policy_says_so_in_a_feed_of_another(tmp_path: Path) -> None:
    postponed = ("effective: 2026-04-01", "postponed: [{announced: 2026-02-10, to: 2026-06-01, note: מאוחר}]")
    files = {
        "terms/a.md": version("2026-01-10", title="תקנון"),
        "terms/b.md": version("2026-02-01", "summary: קצר.", *postponed, title="תקנון"),
        "privacy/a.md": version("2026-01-10", "summary: Short."),
    }

    found = site(tmp_path, files, chosen=f'{BASE}[tool.inforce.policies.terms]\nlanguage = "he"\n')

    read = feedparser.parse(found["/terms/feed.xml"])
    assert entries(found["/terms/feed.xml"])
    assert (read.feed.language, read.feed.title_detail.language) == ("en", "he")
    assert {entry.content[0].language for entry in read.entries} == {"en"}
    told = [one.text or "" for one in etree.fromstring(found["/terms/feed.xml"]).iter("{*}content")]
    assert told[1].endswith('from 1 April 2026 to 1 June 2026. <span lang="he" dir="rtl">מאוחר</span></p>')
    assert told[2].endswith('<div lang="he" dir="rtl"><p>קצר.</p>\n</div>')
    assert b"lang=&quot;" not in found["/privacy/feed.xml"]
    assert b'<title xml:lang="he">' not in found["/feed.xml"]


@pytest.mark.parametrize("site_language", ["en", "he"])
def test_what_runs_from_right_to_left_is_kept_apart_from_the_words_around_it(
    tmp_path: Path, site_language: str
) -> None:
    postponed = ("effective: 2026-04-01", "postponed: [{announced: 2026-02-10, to: 2026-06-01, note: מאוחר}]")
    files = {
        "terms/a.md": version("2026-01-10", "version: א", title="כלל"),
        "terms/b.md": version("2026-02-01", "summary: קצר.", *postponed, title="כלל"),
    }
    chosen = f'{BASE}language = "{site_language}"\n[tool.inforce.policies.terms]\nlanguage = "he"\n'

    found = site(tmp_path, files, chosen=chosen)

    posted = "\u20681 בפברואר 2026\u2069" if site_language == "he" else "1 February 2026"
    read = feedparser.parse(found["/terms/feed.xml"])
    assert read.entries[-1].title == "\u2068כלל\u2069: version \u2068א\u2069 was posted and is in force"
    told = [one.text or "" for one in etree.fromstring(found["/terms/feed.xml"]).iter("{*}content")]
    assert '<span lang="he" dir="rtl">מאוחר</span>' in told[-3]
    assert told[-2].startswith(f"<p>Posted on {posted}. It takes effect on ")
    assert '<div lang="he" dir="rtl">' in told[-2]
    names = [str(one["SUMMARY"]) for one in events_of(found["/terms/calendar.ics"])]
    assert names[0] == "\u2068כלל\u2069: version \u2068א\u2069 takes effect"
    assert names[1] == "\u2068כלל\u2069: version b takes effect"


def test_a_calendar_without_a_day_is_one_that_programs_can_read(tmp_path: Path) -> None:
    files = {"privacy/a.md": version("2026-02-01", "effective: 2026-03-01", "withdrawn: 2026-02-10")}

    calendar = site(tmp_path, files)["/privacy/calendar.ics"]

    assert events_of(calendar) == []
    assert len(icalendar.Calendar.from_ical(calendar).subcomponents) == 1


@pytest.mark.parametrize("standing", ["title", "summary", "note", "label"])
def test_any_words_stand_in_feeds_and_calendars(tmp_path: Path, standing: str) -> None:
    words = NASTY + "x" * (0 if standing == "label" else 300)
    quoted = "'" + words.replace("'", "''") + "'"
    lines = {
        "summary": [f"summary: {quoted}"],
        "note": [f"postponed: [{{announced: 2026-02-10, to: 2026-06-01, note: {quoted}}}]", "effective: 2026-04-01"],
        "label": [f"version: {quoted}"],
    }.get(standing, [])
    text = version("2026-02-01", *lines, title=quoted if standing == "title" else "Terms")

    found = site(tmp_path, {"terms/a.md": text})

    assert entries(found["/terms/feed.xml"])
    assert len(events_of(found["/terms/calendar.ics"])) == 1


def test_all_standings_give_valid_feeds_and_a_calendar_of_the_days_of_force(tmp_path: Path) -> None:
    found = site(tmp_path, STANDINGS)

    calendar = events_of(found["/terms/calendar.ics"])
    days = {str(one["UID"]).split("/")[-2]: (one["DTSTART"].dt, one["SEQUENCE"]) for one in calendar}
    assert len(entries(found["/terms/feed.xml"])) > 12
    assert days == {
        "2025-01-10": (date(2025, 1, 10), 0),
        "2025-05-01": (date(2025, 5, 10), 0),
        "2025-06-01": (date(2025, 6, 1), 0),
        "2026-02-01": (date(2026, 4, 15), 2),
        "2026-11-20": (date(2026, 12, 24), 0),
        "2026-11-28": (date(2027, 1, 24), 0),
    }


def test_a_correction_moves_with_the_version_that_it_corrects(tmp_path: Path) -> None:
    files = {
        "terms/a.md": version(
            "2026-02-01",
            "effective: 2026-04-01",
            "postponed: [{announced: 2026-02-05, to: 2026-05-01}, {announced: 2026-02-20, to: 2026-06-01}]",
        ),
        "terms/a-2.md": version("2026-02-10", "corrects: a"),
    }

    (event,) = events_of(site(tmp_path, files)["/terms/calendar.ics"])

    assert (event["DTSTART"].dt, event["SEQUENCE"], event["DTSTAMP"].dt.date()) == (
        date(2026, 6, 1),
        1,
        date(2026, 2, 20),
    )


def test_the_feed_of_the_site_holds_the_newest_events_alone(tmp_path: Path) -> None:
    first = date(2020, 1, 1)
    files = {f"terms/v{n}.md": version(str(first + timedelta(40 * n))) for n in range(feeds.NEWEST)}

    found = site(tmp_path, files)

    assert len(entries(found["/feed.xml"])) == feeds.NEWEST
    assert entries(found["/terms/feed.xml"])[: feeds.NEWEST] == entries(found["/feed.xml"])


def test_the_feed_of_the_site_tells_of_one_day_policy_by_policy(tmp_path: Path) -> None:
    terms = {"terms/a.md": version("2026-02-01", title="Terms"), "terms/b.md": version("2026-03-01", title="Terms")}
    privacy = {"privacy/a.md": version("2026-02-01"), "privacy/b.md": version("2026-03-01")}

    found = site(tmp_path, {**terms, **privacy})

    told = [id_.split(":/legal/")[1] for id_, day in entries(found["/feed.xml"]) if day == "2026-03-31T00:00:00Z"]
    assert told == ["privacy/b/took-effect", "terms/b/took-effect"]


def test_nothing_is_told_before_anything_is_posted(tmp_path: Path) -> None:
    assert site(tmp_path, {"terms/a.md": version("2027-01-10")}) == {}


@given(policies())
@settings(max_examples=8)
def test_a_later_build_changes_no_entry_of_an_earlier_one(policy: Policy) -> None:
    render = renderer(Path("no templates of its own"))

    def built(on: date) -> list[bytes]:
        made = pages(Site([policy], Settings(base_url="https://larkfield.example"), on), {"privacy": Reader()})
        feed = next((render(page) for page in made if page.address == "/privacy/feed.xml"), b"<feed/>")
        return [etree.tostring(one) for one in etree.fromstring(feed).iter("{*}entry")]

    days = life(policy)[::9]
    found = [built(on) for on in (*days, days[-1] + timedelta(365))]

    for earlier, later in pairwise(found):
        assert later[len(later) - len(earlier) :] == earlier
