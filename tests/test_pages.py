from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from inforce import sources
from inforce.addresses import relative
from inforce.markdown import Reader
from inforce.model import Origin, Policy
from inforce.pages import DeferredFile, File, Page, file_path, pages
from inforce.settings import Logo, PolicySettings, Settings
from inforce.site import Site
from tests import timelines
from tests.projects import project, version
from tests.timelines import life, policies

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


ON = date(2026, 3, 20)
TWO = {
    "privacy/2026-01-10.md": version("2026-01-10", body="We keep your name.\n"),
    "privacy/2026-03-01.md": version("2026-03-01", "summary: 'Your *address*, too.'", body="We keep your address.\n"),
}


def site(folder: Path, files: Mapping[str, str | bytes], on: date = ON, chosen: Settings | None = None) -> Site:
    chosen = chosen or Settings()
    found, _ = sources.read(project(folder, files), chosen)
    return Site(found, chosen, on)


def made(shown: Site) -> dict[str, Page | File]:
    """All pages and files, by address; no two share one."""
    found = [
        File(page.address, page.make()) if isinstance(page, DeferredFile) else page
        for page in pages(shown, {policy.id: Reader() for policy in shown.policies})
    ]
    by_address = {page.address: page for page in found}
    assert len(by_address) == len({page.path.casefold() for page in found}) == len(found)
    return by_address


def test_whatever_is_published_can_be_linked_to_as_it_is_published(tmp_path: Path) -> None:
    shown = site(tmp_path, TWO, chosen=Settings(logo=Logo("/logo.svg", b"<svg/>")))
    page = "/privacy/2026-01-10/"
    written = shown.address_for(shown.policies[0].timeline.entries[0].version, "privacy", page)

    for address in [*made(shown), "/manifest.json"]:
        assert shown.has(address), address
        assert written(f"{address}#2026-02-01") == relative(f"{address}#2026-02-01", page)


def facts(page: Page | File) -> Mapping[str, Any]:
    assert isinstance(page, Page)
    return page.facts


def data(page: Page | File) -> dict[str, Any]:
    assert isinstance(page, File)
    found: dict[str, Any] = json.loads(page.content)
    return found


# ------------------------------------------------------------------ which pages there are


def test_every_address_of_a_site_has_its_page_the_home_page_and_its_kin_last(tmp_path: Path) -> None:
    assert list(made(site(tmp_path, TWO))) == [
        "/privacy/",
        "/privacy/2026-01-10/",
        "/privacy/2026-01-10/policy.md",
        "/privacy/2026-03-01/",
        "/privacy/2026-03-01/policy.md",
        "/privacy/2026-03-01/changes/",
        "/privacy/history/",
        "/privacy/on/",
        "/privacy/compare/",
        "/privacy/compare/texts.json",
        "/privacy/versions.json",
        "/privacy/feed.xml",
        "/privacy/calendar.ics",
        "/privacy/notice.json",
        "/",
        "/feed.xml",
        "/404.html",
        "/reading.js",
        "/compare.js",
        "/redline.js",
        "/redline.css",
        "/style.css",
        "/robots.txt",
        "/sitemap.xml",
        "/versions.schema.json",
        "/policies.schema.json",
        "/notice.schema.json",
        "/policies.json",
    ]


@pytest.mark.parametrize(
    ("address", "path"),
    [("/", "index.html"), ("/privacy/", "privacy/index.html"), ("/404.html", "404.html"), ("/a/b.md", "a/b.md")],
)
def test_an_address_is_a_file_that_a_server_sends(address: str, path: str) -> None:
    assert file_path(address) == path
    assert Page(address, "a.html", {}).path == File(address, b"").path == path


def test_the_site_is_silent_on_what_is_not_posted(tmp_path: Path) -> None:
    files = {**TWO, "terms/a.md": version("2027-01-01")}

    before, after = (made(site(tmp_path, files, on)) for on in (date(2026, 2, 28), date(2027, 1, 1)))

    assert not [address for address in before if "2026-03-01" in address or "terms" in address]
    assert {"/privacy/2026-03-01/changes/", "/terms/", "/terms/a/"} <= after.keys()


def test_before_the_first_posting_there_is_only_the_frame_of_a_site(tmp_path: Path) -> None:
    found = made(site(tmp_path, TWO, date(2025, 1, 1)))

    assert list(found) == [
        "/",
        "/404.html",
        "/reading.js",
        "/compare.js",
        "/redline.js",
        "/redline.css",
        "/style.css",
        "/robots.txt",
        "/sitemap.xml",
        "/versions.schema.json",
        "/policies.schema.json",
        "/notice.schema.json",
        "/policies.json",
    ]
    assert data(found["/policies.json"]) == {"$schema": "policies.schema.json", "on": "2025-01-01", "policies": []}


def test_a_redline_leads_from_the_nearest_version_that_was_not_withdrawn(tmp_path: Path) -> None:
    files = {
        **TWO,
        "privacy/2026-03-02.md": version("2026-03-02", "withdrawn: 2026-03-05", body="Nothing.\n"),
        "privacy/2026-03-10.md": version("2026-03-10", body="We keep nothing.\n"),
    }

    found = made(site(tmp_path, files))

    earlier = {
        address.split("/")[2]: facts(page)["earlier"].id for address, page in found.items() if "changes" in address
    }
    assert earlier == {"2026-03-01": "2026-01-10", "2026-03-02": "2026-03-01", "2026-03-10": "2026-03-01"}


# ------------------------------------------------------------------ what a page tells


def test_the_policy_page_tells_the_text_in_force_and_what_is_pending(tmp_path: Path) -> None:
    page = facts(made(site(tmp_path, TWO))["/privacy/"])

    assert page["entry"].id == "2026-01-10"
    assert page["text"].html == '<p id="p_n2kvq3">We keep your name.</p>\n'
    assert page["description"] == "We keep your name."
    assert page["summaries"] == {"2026-03-01": "<p>Your <em>address</em>, too.</p>\n"}
    assert [[entry.id for entry in group] for group in page["policy"].coming] == [["2026-03-01"]]


def test_while_nothing_is_in_force_the_policy_page_has_no_text(tmp_path: Path) -> None:
    files = {"privacy/a.md": version("2026-03-01", "effective: 2026-04-01")}

    page = facts(made(site(tmp_path, files))["/privacy/"])

    assert page["entry"] is None
    assert "text" not in page
    assert page["policy"].title == "Privacy"


def test_a_pending_correction_comes_with_the_version_that_it_corrects(tmp_path: Path) -> None:
    files = {
        **TWO,
        "privacy/2026-03-05.md": version("2026-03-05", "corrects: 2026-03-01", body="We keep your addresses.\n"),
        "privacy/2026-03-10.md": version("2026-03-10", body="We keep nothing.\n"),
    }

    (policy,) = site(tmp_path, files).policies

    assert [[entry.id for entry in group] for group in policy.coming] == [["2026-03-01", "2026-03-05"], ["2026-03-10"]]


def test_the_title_from_the_settings_goes_before_that_of_the_versions(tmp_path: Path) -> None:
    chosen = Settings(policies={"privacy": PolicySettings(title="How we keep secrets", language="de")})

    (policy,) = site(tmp_path, TWO, chosen=chosen).policies

    assert (policy.title, policy.language) == ("How we keep secrets", "de")


def test_headings_stand_below_the_title_of_the_page_and_tables_in_boxes_that_scroll(tmp_path: Path) -> None:
    body = "# A\n\n###### B\n\n| a |\n|---|\n| b |\n\n###\n"
    found = made(site(tmp_path, {"privacy/a.md": version("2026-01-10", body=body)}))

    page = facts(found["/privacy/"])

    assert '<h2 id="a"><a class="here" href="#a">A</a></h2>' in page["text"]
    assert '<h6 id="b"><a class="here" href="#b">B</a></h6>' in page["text"]
    assert '<div class="table" role="group" aria-label="Table" tabindex="0"><table>' in page["text"]
    assert [heading.words for heading in page["contents"]] == ["A", "B"]


def test_a_text_without_a_first_heading_keeps_its_own(tmp_path: Path) -> None:
    found = made(site(tmp_path, {"privacy/a.md": version("2026-01-10", body="## A\n\n<h1>\n")}))

    assert facts(found["/privacy/"])["text"].html == (
        '<h2 id="a"><a class="here" href="#a">A</a></h2>\n<p id="p_x3sjqk">&lt;h1&gt;</p>\n'
    )


def test_the_text_is_published_as_posted_without_front_matter(tmp_path: Path) -> None:
    posted = b"\xef\xbb\xbf---\r\ntitle: T\r\nposted: 2026-01-10\r\n---\r\n\r\nWe  keep\r\nyour name.  \r\n\r\n"

    page = made(site(tmp_path, {"privacy/a.md": posted}))["/privacy/a/policy.md"]

    assert page == File("/privacy/a/policy.md", b"\nWe  keep\nyour name.  \n\n")


def test_pictures_are_published_with_each_version_that_shows_them_or_links_to_them(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "privacy/seal.png": b"seal",
        "privacy/img/a b.png": b"a b",
        "privacy/unused.png": b"unused",
        "privacy/plan.png": b"plan",
        "privacy/a.md": version("2026-01-10", body="![s](seal.png) ![again](./seal.png)\n"),
        "privacy/b.md": version(
            "2026-02-01",
            "summary: '![a](img/a%20b.png)'",
            body="![s](gone.png) [p](plan.png) [q](../x/) [m](/privacy/b/map.png)\n",
        ),
        "privacy/map.png": b"map",
    }

    found = made(site(tmp_path, files))

    pictures = {page.path: page.content for page in found.values() if isinstance(page, File) and ".png" in page.path}
    assert pictures == {
        "privacy/a/seal.png": b"seal",
        "privacy/b/img/a b.png": b"a b",
        "privacy/b/plan.png": b"plan",
        "privacy/b/map.png": b"map",
    }
    assert 'src="../../a/seal.png"' in facts(found["/privacy/b/changes/"])["html"]
    assert 'src="../b/img/a%20b.png"' in facts(found["/privacy/history/"])["summaries"]["b"]


# ------------------------------------------------------------------ where targets lead


@pytest.mark.parametrize(
    ("written", "kind", "address"),
    [
        ("#cookies", "here", "#cookies"),
        ("https://larkfield.example/#x", "away", "https://larkfield.example/#x"),
        ("mailto:a@larkfield.example", "away", "mailto:a@larkfield.example"),
        ("//larkfield.example", "away", "//larkfield.example"),
        ("2026-03-01.md", "page", "/privacy/2026-03-01/"),
        ("2026-03-01.md#a", "page", "/privacy/2026-03-01/#a"),
        ("./2026-03-01/changes/", "page", "/privacy/2026-03-01/changes/"),
        ("../terms", "page", "/terms/"),
        ("../terms/?a=b#c", "page", "/terms/#c"),
        ("../terms/caf%C3%A9%201.md", "page", "/terms/caf\u00e9-1/"),
        ("../terms/cafe\u0301 1.md", "page", "/terms/caf\u00e9-1/"),
        ("%2e%2e/terms/", "page", "/terms/"),
        ("../terms/long.markdown#x", "page", "/terms/long/#x"),
        ("/terms/index.html", "page", "/terms/"),
        ("/privacy/history/", "page", "/privacy/history/"),
        ("", "page", "/privacy/"),
        ("../", "page", "/"),
        ("/", "page", "/"),
        ("seal.png", "picture", "/privacy/2026-01-10/seal.png"),
        ("img/../seal.png", "picture", "/privacy/2026-01-10/seal.png"),
        ("../privacy/seal.png", "picture", "/privacy/2026-01-10/seal.png"),
        ("/privacy/2026-01-10/seal.png?x#y", "picture", "/privacy/2026-01-10/seal.png"),
        ("/privacy/2026-01-10/changes/", "nowhere", "/privacy/2026-01-10/changes"),
        ("../cookies/#x", "nowhere", "/cookies#x"),
        ("../../../../etc/passwd", "nowhere", "/etc/passwd"),
        ("2027-01-01.md", "nowhere", "/privacy/2027-01-01.md"),
    ],
)
def test_a_target_finds_its_way_from_file_to_file_and_from_address_to_address(
    tmp_path: Path, written: str, kind: str, address: str
) -> None:
    files: dict[str, str | bytes] = {
        **TWO,
        "privacy/2027-01-01.md": version("2027-01-01"),
        "privacy/seal.png": b"",
        "terms/caf\u00e9 1.md": version("2026-01-10"),
        "terms/long.markdown": version("2026-02-10"),
    }
    shown = site(tmp_path, files)

    target = shown.target(written, shown.policies[0].policy.versions[0], "privacy")

    assert (target.kind, target.address) == (kind, address)


def test_a_text_links_to_the_same_place_from_every_page_on_which_it_stands(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2026-01-10", body="[a](../terms/#x) [b](#y)\n"),
        "terms/a.md": version("2026-01-10"),
    }
    found = made(site(tmp_path, files))

    policy, one = (facts(found[address])["text"].html for address in ("/privacy/", "/privacy/a/"))

    assert policy == '<p id="p_ayvr4q"><a href="../terms/#x">a</a> <a href="#y">b</a></p>\n'
    assert one == '<p id="p_ayvr4q"><a href="../../terms/#x">a</a> <a href="#y">b</a></p>\n'


# ------------------------------------------------------------------ the same facts for programs


def test_versions_json_tells_where_each_version_stands(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2026-01-10", "version: '1.0'"),
        "privacy/b.md": version(
            "2026-03-01",
            "reason: legal",
            "postponed:",
            "  - {announced: 2026-03-05, to: 2026-05-01, note: DeferredFile.}",
            "  - {announced: 2026-04-30, to: 2026-06-01}",
            body="We keep less.\n",
        ),
        "privacy/c.md": version("2026-03-02", "withdrawn: 2026-03-04", body="Nothing.\n"),
    }

    found = data(made(site(tmp_path, files))["/privacy/versions.json"])

    first, second, third = found["versions"]
    assert {key: found[key] for key in ("policy", "title", "timezone", "on")} == {
        "policy": "privacy",
        "title": "Privacy",
        "timezone": "UTC",
        "on": "2026-03-20",
    }
    expected = {
        "id": "a",
        "title": "Privacy",
        "version": "1.0",
        "posted": "2026-01-10",
        "effective": "2026-01-10",
        "standing": "in force",
        "in_force": [{"from": "2026-01-10", "until": "2026-05-01"}],
        "corrects": None,
        "reason": None,
        "postponed": [],
        "withdrawn": None,
        "follows": None,
        "sha256": hashlib.sha256(b"We keep your name.\n").hexdigest(),
        "url": "/privacy/a/",
        "changes_url": None,
        "source_url": "/privacy/a/policy.md",
        "commit": None,
    }
    assert first == expected
    assert second["effective"] == "2026-05-01"
    assert second["in_force"] == [{"from": "2026-05-01", "until": None}]
    assert second["postponed"] == [{"announced": "2026-03-05", "to": "2026-05-01", "note": "DeferredFile."}]
    assert (second["reason"], second["changes_url"]) == ("legal", "/privacy/b/changes/")
    assert (third["standing"], third["withdrawn"], third["in_force"]) == ("withdrawn", "2026-03-04", [])


@pytest.mark.parametrize(
    ("source_url", "url"),
    [
        ("", None),
        ("https://code.example/{commit}/{path}", "https://code.example/0123abc/policies/caf%C3%A9.md"),
    ],
)
def test_versions_json_tells_where_a_version_comes_from(source_url: str, url: str | None) -> None:
    origin = Origin("0123abc", date(2026, 1, 10), "policies/café.md")
    policy = Policy.of("privacy", [replace(timelines.version("01-10"), origin=origin)])
    shown = Site([policy], Settings(source_url=source_url), ON)

    (found,) = data(made(shown)["/privacy/versions.json"])["versions"]

    assert found["commit"] == {"id": "0123abc", "day": "2026-01-10", "path": "policies/café.md", "url": url}


def test_policies_json_tells_what_is_in_force_and_what_comes(tmp_path: Path) -> None:
    files = {**TWO, "利用規約/a.md": version("2026-03-01", "effective: 2026-04-01", title="規約")}

    found = data(made(site(tmp_path, files))["/policies.json"])

    for policy in found["policies"]:
        del policy["head"]
    assert found == {
        "$schema": "policies.schema.json",
        "on": "2026-03-20",
        "policies": [
            {
                "policy": "privacy",
                "title": "Privacy",
                "url": "/privacy/",
                "in_force": "2026-01-10",
                "pending": ["2026-03-01"],
                "next_change": "2026-03-31",
            },
            {
                "policy": "利用規約",
                "title": "規約",
                "url": "/%E5%88%A9%E7%94%A8%E8%A6%8F%E7%B4%84/",
                "in_force": None,
                "pending": ["a"],
                "next_change": "2026-04-01",
            },
        ],
    }


def test_the_sitemap_lists_what_search_engines_are_meant_to_show(tmp_path: Path) -> None:
    chosen = Settings(base_url="https://larkfield.example")

    urls = facts(made(site(tmp_path, TWO, chosen=chosen))["/sitemap.xml"])["urls"]

    assert urls == [
        ("https://larkfield.example/", None),
        ("https://larkfield.example/privacy/", date(2026, 1, 10)),
        ("https://larkfield.example/privacy/history/", date(2026, 3, 1)),
        ("https://larkfield.example/privacy/2026-01-10/", date(2026, 1, 10)),
    ]


def test_the_sitemap_dates_no_policy_page_while_nothing_is_in_force(tmp_path: Path) -> None:
    files = {"privacy/a.md": version("2026-03-01", "effective: 2026-04-01")}
    chosen = Settings(base_url="https://example.com")

    urls = facts(made(site(tmp_path, files, chosen=chosen))["/sitemap.xml"])["urls"]

    assert urls == [
        ("https://example.com/", None),
        ("https://example.com/privacy/", None),
        ("https://example.com/privacy/history/", date(2026, 3, 1)),
    ]


# ------------------------------------------------------------------ laws


@given(policies())
@settings(max_examples=25)
def test_on_every_day_each_posted_version_has_its_page_and_every_page_stays(policy: Policy) -> None:
    before: set[str] = set()
    for on in life(policy)[::5]:
        shown = Site([policy], Settings(), on)
        posted = [one.id for one in policy.versions if one.posted <= on]

        found = made(shown)

        assert [address.split("/")[2] for address in found if address.endswith("/policy.md")] == posted
        assert {f"/privacy/{id_}/" for id_ in posted} <= found.keys()
        assert before <= found.keys()
        assert all(shown.has(address) for address in found if address.endswith("/changes/"))
        before = set(found)
