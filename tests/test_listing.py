"""What programs read: every file is as its schema says, and says what the model says."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import html5lib
import jsonschema
import pytest
from hypothesis import given
from hypothesis import settings as chosen_settings
from hypothesis import strategies as st
from lxml import etree

from inforce import listing, schemas
from inforce.build import build
from inforce.model import Standing
from inforce.settings import Settings
from inforce.site import Site
from tests.projects import project, version
from tests.sites_made import published, table
from tests.test_sites import GOOD, situation
from tests.timelines import life, policies

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from inforce.model import Policy

BASE = '[tool.inforce]\nbase-url = "https://example.com/legal"\n'
ON = date(2026, 12, 1)
PENDING = {"privacy/a.md": version("2026-10-01"), "privacy/b.md": version("2026-11-20", "summary: '*More*\n\n  and.'")}


PLAIN = st.text() | st.none() | st.booleans() | st.integers() | st.dates() | st.sampled_from(Standing)
DATA = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))


def files(folder: Path, written: Mapping[str, str | bytes], on: date = ON, chosen: str = "") -> dict[str, bytes]:
    """All that a project publishes."""
    build(project(folder, written, settings=chosen), folder / "site", on)
    return read(folder / "site")


def read(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def faults(found: Mapping[str, bytes]) -> list[str]:
    """Where the files for programs are not as the schemas beside them say."""
    told = []
    for name in schemas.NAMES:
        schema = table(dict(found), f"{name}.schema.json")
        jsonschema.Draft202012Validator.check_schema(schema)
        checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
        for path, content in found.items():
            if path.rpartition("/")[2] == f"{name}.json":
                said = json.loads(content)
                told += [f"{path}: {one.message}" for one in checker.iter_errors(said)]
                assert said["$schema"].endswith(f"{name}.schema.json")
    return told


@given(DATA)
def test_a_file_for_programs_is_written_as_json_itself_indents_it(data: object) -> None:
    written = listing.indented(data)

    assert written == json.dumps(data, ensure_ascii=False, indent=1, default=str)


@pytest.mark.parametrize("name", GOOD)
def test_the_files_of_every_situation_are_as_their_schemas_say(name: str, tmp_path: Path) -> None:
    root, on = situation(name, tmp_path)

    build(root, root / "site", on)

    assert faults(read(root / "site")) == []


@given(policies(), st.data())
@chosen_settings(max_examples=30, deadline=None)
def test_whatever_the_history_the_files_are_as_their_schemas_say(policy: Policy, data: st.DataObject) -> None:
    on = data.draw(st.sampled_from(life(policy)))

    assert faults(published([policy], on)) == []


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        ("privacy/versions.json", "on", "2026-02-30"),
        ("privacy/versions.json", "on", None),
        ("privacy/versions.json", "head", "0"),
        ("privacy/notice.json", "url", "privacy/"),
        ("privacy/notice.json", "pending", [{}]),
        ("policies.json", "policies", {}),
    ],
)
def test_a_schema_refuses_what_is_not_so(tmp_path: Path, path: str, key: str, value: object) -> None:
    found = files(tmp_path, PENDING)

    found[path] = json.dumps({**table(found, path), key: value}).encode()

    assert faults(found)


def test_more_keys_may_follow(tmp_path: Path) -> None:
    found = files(tmp_path, PENDING)

    found["policies.json"] = json.dumps({**table(found, "policies.json"), "more": 1}).encode()

    assert faults(found) == []


def test_a_schema_says_its_address_if_the_site_says_where_it_lives(tmp_path: Path) -> None:
    found = files(tmp_path, PENDING, chosen=BASE)

    schema, notice = table(found, "notice.schema.json"), table(found, "privacy/notice.json")

    assert schema["$id"] == notice["$schema"] == "https://example.com/legal/notice.schema.json"
    assert "$id" not in table(published([], ON), "notice.schema.json")


def test_a_file_finds_its_schema_under_any_path(tmp_path: Path) -> None:
    found = files(tmp_path, PENDING)

    named = [table(found, path)["$schema"] for path in ("policies.json", "privacy/versions.json")]

    assert named == ["policies.schema.json", "../versions.schema.json"]


def test_all_that_is_stated_of_a_version_is_told_to_programs(tmp_path: Path) -> None:
    moved = ("effective: 2026-12-01", "postponed: [{announced: 2026-11-21, to: 2026-12-10, note: Late}]")
    written = {
        "privacy/a.md": version("2026-10-01"),
        "privacy/b.md": version("2026-11-20", *moved, "reason: legal", "version: '2.0'", "withdrawn: 2026-11-22"),
        "privacy/c.md": version("2026-11-24", "corrects: a", body="We keep your names.\n"),
    }

    first, correction, withdrawn = table(files(tmp_path, written), "privacy/versions.json")["versions"]

    facts = ("id", "version", "effective", "standing", "corrects", "reason", "withdrawn", "follows", "in_force")
    force = [{"from": "2026-10-01", "until": "2026-11-24"}], [{"from": "2026-11-24", "until": None}]
    assert [tuple(one[fact] for fact in facts) for one in (first, correction, withdrawn)] == [
        ("a", None, "2026-10-01", "superseded", None, None, None, None, force[0]),
        ("c", None, "2026-11-24", "in force", "a", None, None, "a", force[1]),
        ("b", "2.0", "2026-12-10", "withdrawn", None, "legal", "2026-11-22", "c", []),
    ]
    assert withdrawn["postponed"] == [{"announced": "2026-11-21", "to": "2026-12-10", "note": "Late"}]
    assert [one["changes_url"] for one in (first, correction)] == [None, "/privacy/c/changes/"]


# ------------------------------------------------------------------ the sitemap, and what pages tell search engines


def test_the_sitemap_names_no_page_that_asks_not_to_be_shown(tmp_path: Path) -> None:
    found = files(tmp_path, PENDING, chosen=BASE)

    named = re.findall(
        r"<loc>https://example.com/legal/(.*?)</loc>(?:<lastmod>(.*?)</lastmod>)?", found["sitemap.xml"].decode()
    )

    assert named == [
        ("", ""),
        ("privacy/", "2026-10-01"),
        ("privacy/history/", "2026-11-20"),
        ("privacy/a/", "2026-10-01"),
    ]
    for address, _ in named:
        page = found[f"{address}index.html"].decode()
        assert 'content="noindex"' not in page
        assert f'<link rel="canonical" href="https://example.com/legal/{address}">' in page
        assert '<meta name="description" content="' in page


def test_a_site_that_lives_nowhere_has_an_empty_sitemap_and_no_canonical_pages(tmp_path: Path) -> None:
    found = files(tmp_path, PENDING)

    sitemap = etree.fromstring(found["sitemap.xml"])

    assert [one.tag for one in sitemap] == [etree.Comment]
    assert not [path for path, content in found.items() if b'rel="canonical"' in content]


# ------------------------------------------------------------------ notice.json


def notice(folder: Path, written: Mapping[str, str | bytes], on: date = ON, chosen: str = "") -> dict[str, Any]:
    return table(files(folder, written, on, chosen), "privacy/notice.json")


def test_a_notice_says_what_is_in_force_and_what_is_coming(tmp_path: Path) -> None:
    assert notice(tmp_path, PENDING) == {
        "$schema": "../notice.schema.json",
        "policy": "privacy",
        "title": "Privacy",
        "language": "en",
        "timezone": "UTC",
        "url": "/privacy/",
        "history_url": "/privacy/history/",
        "in_force": [
            {"version": "a", "from": "2026-10-01", "until": "2026-12-20", "url": "/privacy/a/"},
            {"version": "b", "from": "2026-12-20", "until": None, "url": "/privacy/b/"},
        ],
        "pending": [
            {
                "version": "b",
                "posted": "2026-11-20",
                "effective": "2026-12-20",
                "summary": "More and.",
                "url": "/privacy/b/",
                "changes_url": "/privacy/b/changes/",
            }
        ],
    }


def test_addresses_are_absolute_if_the_site_says_where_it_lives(tmp_path: Path) -> None:
    found = notice(tmp_path, PENDING, chosen=BASE)

    assert found["url"] == "https://example.com/legal/privacy/"
    assert found["pending"][0]["changes_url"] == "https://example.com/legal/privacy/b/changes/"


def test_a_notice_is_the_same_on_all_days_between_two_changes(tmp_path: Path) -> None:
    days = [date(2026, 11, 20) + timedelta(days=n) for n in (0, 1, 29, 30, 31)]

    found = [files(tmp_path, PENDING, day)["privacy/notice.json"] for day in days]

    assert len(set(found)) == 2
    assert found[2] != found[3]
    assert json.loads(found[3])["pending"] == []
    assert [one["version"] for one in json.loads(found[3])["in_force"]] == ["b"]


def test_a_correction_of_what_is_pending_stands_in_its_place(tmp_path: Path) -> None:
    written = {**PENDING, "privacy/c.md": version("2026-11-25", "corrects: b", "summary: A typo.")}

    (coming,) = notice(tmp_path, written)["pending"]

    assert (coming["version"], coming["posted"], coming["url"]) == ("c", "2026-11-20", "/privacy/c/")
    assert coming["changes_url"] == "/privacy/b/changes/"
    assert coming["summary"] == "More and.\nA typo."


def test_a_notice_leaves_out_what_never_takes_effect(tmp_path: Path) -> None:
    written = {**PENDING, "privacy/c.md": version("2026-11-25", "effective: 2026-12-10", "reason: legal")}

    found = notice(tmp_path, written)

    assert [one["version"] for one in found["pending"]] == ["c"]
    assert [one["version"] for one in found["in_force"]] == ["a", "c"]


def test_a_first_version_that_is_pending_changes_nothing(tmp_path: Path) -> None:
    found = notice(tmp_path, {"privacy/a.md": version("2026-11-20", "effective: 2026-12-20")})

    assert [one["changes_url"] for one in found["pending"]] == [None]


@given(policies(), st.data())
@chosen_settings(max_examples=60, deadline=None)
def test_who_holds_a_notice_against_a_later_day_knows_what_governs_on_it(policy: Policy, data: st.DataObject) -> None:
    on = data.draw(st.sampled_from(life(policy)))

    for shown in Site([policy], Settings(), on).policies:
        found = table(published([policy], on), f"{policy.id}/notice.json")
        for later in (on, *shown.timeline.changes):
            day = str(later)
            governs = [
                one["version"]
                for one in found["in_force"]
                if one["from"] <= day and (not one["until"] or day < one["until"])
            ]
            pending = [one["version"] for one in found["pending"] if one["posted"] <= day < one["effective"]]

            then = shown.timeline.later(later)

            assert governs == ([then.in_force.id] if then.in_force else [])
            assert pending == [entry.id for entry in then.pending if entry.in_force]


# ------------------------------------------------------------------ what pages tell of themselves


def linked(page: bytes) -> dict[str, Any]:
    """What a page tells of itself as linked data, which stands in it once."""
    (found,) = re.findall(rb'<script type="application/ld\+json"[^>]*>(.*?)</script>', page)
    told: dict[str, Any] = json.loads(found)
    return told


def test_a_version_tells_what_was_so_on_its_posting_and_stays_so(tmp_path: Path) -> None:
    found = files(tmp_path, {**PENDING, "privacy/b.md": version("2026-11-20", "version: '2.0'")}, chosen=BASE)

    assert linked(found["privacy/b/index.html"]) == {
        "@context": "https://schema.org",
        "@type": "DigitalDocument",
        "url": "https://example.com/legal/privacy/b/",
        "name": "Privacy",
        "version": "2.0",
        "datePublished": "2026-11-20",
        "inLanguage": "en",
        "isPartOf": {"@type": "WebSite", "name": "Policies", "url": "https://example.com/legal/"},
        "encoding": {
            "@type": "MediaObject",
            "encodingFormat": "text/markdown",
            "contentUrl": "https://example.com/legal/privacy/b/policy.md",
            "sha256": hashlib.sha256(found["privacy/b/policy.md"]).hexdigest(),
        },
    }


def test_what_a_version_tells_of_itself_is_the_same_on_every_later_day(tmp_path: Path) -> None:
    days = [date(2026, 11, 20), date(2026, 12, 20), date(2028, 1, 1)]

    told = {json.dumps(linked(files(tmp_path / str(day), PENDING, day, BASE)["privacy/b/index.html"])) for day in days}

    assert len(told) == 1


def test_what_programs_read_of_a_site_whose_address_has_letters_beyond_ascii_is_a_uri(tmp_path: Path) -> None:
    found = files(tmp_path, PENDING, chosen='[tool.inforce]\nbase-url = "https://straße.example/política"\n')

    told = (
        "sitemap.xml",
        "robots.txt",
        "feed.xml",
        "policies.schema.json",
        "privacy/calendar.ics",
        "privacy/notice.json",
    )
    for name in told:
        assert b"https://xn--strae-oqa.example/pol%C3%ADtica/" in found[name], name
    for content in found.values():
        assert "straße.example" not in content.decode()


def test_the_page_of_a_policy_tells_which_text_stands_on_it_until_another_takes_over(tmp_path: Path) -> None:
    found = files(tmp_path, PENDING)
    page = found["privacy/index.html"]

    told = linked(page)

    assert (told["@type"], told["url"], told["dateModified"]) == ("WebPage", "./", "2026-11-20")
    assert told["mainEntity"] == {**linked(found["privacy/a/index.html"]), **told["mainEntity"]}
    assert (told["mainEntity"]["version"], told["mainEntity"]["url"]) == ("a", "a/")
    assert b'<script type="application/ld+json" data-until="2026-12-20">' in page


def test_while_nothing_is_in_force_no_text_stands_on_the_page(tmp_path: Path) -> None:
    found = files(tmp_path, {"privacy/b.md": version("2026-11-20", "effective: 2027-01-01")})

    assert "mainEntity" not in linked(found["privacy/index.html"])
    assert b"og:description" not in found["privacy/index.html"]


def test_nothing_in_a_title_ends_the_data_or_an_attribute(tmp_path: Path) -> None:
    title = '</script><script>alert("1")</script><!--&'

    page = files(tmp_path, {"privacy/a.md": version("2026-10-01", title=f"'{title}'")})["privacy/a/index.html"]

    assert linked(page)["name"] == title
    assert b'<script>alert("1")' not in page
    assert html5lib.parse(page, namespaceHTMLElements=False).find('.//meta[@property="og:title"]').get("content") == (
        f"{title}, version a"
    )


def card(page: bytes) -> dict[str, str]:
    """What a page says of itself where its address is passed on."""
    return dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', page.decode()))


def test_pages_say_how_they_are_shown_where_their_address_is_passed_on(tmp_path: Path) -> None:
    (tmp_path / "seal.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    brand = f'{BASE}title = "Our policies"\nlogo = "seal.png"\n[tool.inforce.policies.privacy]\nlanguage = "pt-BR"\n'

    found = files(tmp_path, PENDING, chosen=brand)

    where = "https://example.com/legal/"
    shared = {"site_name": "Our policies", "image": f"{where}logo.png"}
    text = {**shared, "type": "article", "description": "We keep your name.", "locale": "pt_BR"}
    assert card(found["privacy/index.html"]) == {**text, "title": "Privacy", "url": f"{where}privacy/"}
    assert card(found["privacy/b/index.html"]) == {**text, "title": "Privacy, version b", "url": f"{where}privacy/b/"}
    assert card(found["privacy/b/changes/index.html"]) == {
        **shared,
        "type": "article",
        "title": "Privacy: what changed in version b",
        "url": f"{where}privacy/b/changes/",
    }
    assert card(found["index.html"])["type"] == "website"
    assert card(found["privacy/history/index.html"])["title"] == "Privacy: history"


def test_without_an_address_no_page_claims_one_and_a_drawing_is_no_picture_to_pass_on(tmp_path: Path) -> None:
    (tmp_path / "seal.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")

    nowhere = files(tmp_path, PENDING)
    drawn = files(tmp_path, PENDING, chosen=f'{BASE}logo = "seal.svg"\n')

    assert set(card(nowhere["privacy/index.html"])) == {"type", "title", "site_name", "description"}
    assert "image" not in card(drawn["privacy/index.html"])
