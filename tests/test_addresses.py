from __future__ import annotations

from urllib.parse import unquote, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inforce.addresses import RESERVED, address, folded, relative, unfit


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("privacy", "privacy"),
        ("Privacy", "Privacy"),
        ("2026-01-10", "2026-01-10"),
        ("terms of use", "terms-of-use"),
        ("cafe\u0301", "caf\u00e9"),
        ("利用規約", "利用規約"),
    ],
)
def test_a_name_becomes_an_address(name: str, made: str) -> None:
    assert address(name) == made
    assert unfit(name) == ""


@pytest.mark.parametrize("name", ["תקנון", "конфиденциальность", "हिन्दी", "v2.10", "a_b", "a..b"])
def test_letters_marks_and_digits_of_any_script_are_fit(name: str) -> None:
    assert unfit(name) == ""


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a/b", "/"),
        ("a+b&c", "& +"),
        ("a?b", "?"),
        ("a#b", "#"),
        ("a%2fb", "%"),
        ("a:b", ":"),
        ('"a"', '"'),
        ("a\nb", "U+000A"),
        ("a\0b", "U+0000"),
        ("a\u00a0b", "U+00A0"),
        ("a\u200cb", "U+200C"),
        ("\u202eab", "U+202E"),
        ("a\udcff", "U+DCFF"),
        ("a🙂", "🙂"),
    ],
)
def test_any_other_character_is_named(name: str, shown: str) -> None:
    assert unfit(name) == f"its name holds {shown}, and it is to be an address"


@pytest.mark.parametrize("name", [*sorted(RESERVED), "History", "ROBOTS.TXT", "Feed.xml"])
def test_the_sites_own_addresses_are_taken(name: str) -> None:
    assert unfit(name) == f"{name} is an address of the site's own"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Privacy", "privacy"), ("caf\u00e9", "cafe\u0301"), ("a b", "a-b"), ("straße", "STRASSE"), ("ﬁle", "file")],
)
def test_twins_fold_alike(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_names_that_differ_fold_apart() -> None:
    assert folded("privacy") != folded("privacy-2")


@pytest.mark.parametrize(
    ("target", "page", "link"),
    [
        ("/", "/", "./"),
        ("/privacy/", "/", "privacy/"),
        ("/privacy/", "/privacy/", "./"),
        ("/privacy/2026-01-10/", "/privacy/", "2026-01-10/"),
        ("/", "/privacy/2026-01-10/", "../../"),
        ("/privacy/", "/privacy/2026-01-10/", "../"),
        ("/privacy/2026-03-01/", "/privacy/2026-01-10/", "../2026-03-01/"),
        ("/privacy/2026-01-10/policy.md", "/privacy/2026-01-10/", "policy.md"),
        ("/style.css", "/privacy/2026-01-10/", "../../style.css"),
        ("/style.css", "/404.html", "style.css"),
        ("/privacy/#cookies", "/privacy/", "#cookies"),
        ("/privacy/#cookies", "/terms/", "../privacy/#cookies"),
        ("/privacy/#cookies", "/privacy/2026-01-10/", "../#cookies"),
        ("/#top", "/404.html", "./#top"),
        ("/caf\u00e9/", "/", "caf%C3%A9/"),
        ("/a b/", "/", "a%20b/"),
        ("/a:b/", "/", "a%3Ab/"),
    ],
)
def test_a_link_is_relative_so_that_a_site_works_under_any_path(target: str, page: str, link: str) -> None:
    assert relative(target, page) == link


names = st.lists(st.text("ab:é ", min_size=1, max_size=3), max_size=3)


@given(names, names, st.sampled_from(["", "#x"]))
def test_a_link_leads_from_its_page_to_its_address_wherever_the_site_lives(
    there: list[str], here: list[str], fragment: str
) -> None:
    target, page = (f"/{'/'.join(parts)}/" if parts else "/" for parts in (there, here))
    home = "https://larkfield.example/legal"

    reached = urljoin(home + page, relative(target + fragment, page))

    assert unquote(reached) == home + target + fragment
