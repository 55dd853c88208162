from __future__ import annotations

import itertools
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inforce import align
from inforce.align import Match
from tests.strategies import law

rows = st.text("abcd", max_size=12)


def touching(one: Match, two: Match) -> bool:
    """Whether two stretches are really one."""
    return (one.first + one.size, one.second + one.size) == (two.first, two.second)


@law
@given(rows, rows)
def test_matches_are_equal_and_rise(first: str, second: str) -> None:
    found = align.matches(first, second) or []

    assert all(first[a : a + n] == second[b : b + n] for a, b, n in found)
    assert all(one.first + one.size <= two.first for one, two in itertools.pairwise(found))
    assert sum(match.size for match in found) == align.common(first, second)
    assert not any(touching(one, two) for one, two in itertools.pairwise(found))


@law
@given(rows, rows)
def test_what_rows_share_is_equal_and_rises(first: str, second: str) -> None:
    found = align.shared(first, second)

    assert all(first[a : a + n] == second[b : b + n] for a, b, n in found)
    assert all(one.second + one.size <= two.second for one, two in itertools.pairwise(found))
    assert not any(touching(one, two) for one, two in itertools.pairwise(found))


def test_long_strings_are_lined_up_by_their_ends_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(align, "LIMIT", 4)

    assert align.matches("abcXdef", "abcYdef") == [Match(0, 0, 3), Match(4, 4, 3)]
    assert align.matches("uabcv", "xdefy") is None
    assert align.common("abcXdef", "abcYdef") == 6
    assert align.similarity("abcXdef", "abcYdef", 0.5) == pytest.approx(12 / 14)
    assert align.similarity("abcXdef", "abcYdef", 0.9) == 0.0


@pytest.mark.parametrize("least", [0.3, 0.4, 0.6, 0.7])
def test_strings_that_are_just_as_alike_as_asked_for_are_alike(least: float) -> None:
    for both in range(20, 400, 20):
        shared = round(least * both / 2)
        for apart in range(both - 2 * shared + 1):
            first = "a" * shared + "x" * apart
            second = "a" * shared + "y" * (both - 2 * shared - apart)

            assert align.similarity(first, second, least) == least
            assert align.similarity(first, f"{second}y", least) == 0.0


def test_two_strings_of_nothing_are_alike() -> None:
    assert align.similarity("", "", 0.4) == 1.0


def test_similarity_is_twice_what_is_shared_over_all() -> None:
    assert align.similarity("abcd", "abce") == 0.75
    assert align.similarity("abcd", "abce", 0.8) == 0.0


def test_the_heaviest_rising_pairs_are_chosen() -> None:
    assert align.heaviest([(0, 1, 1.0), (1, 0, 5.0), (2, 2, 1.0)]) == [(1, 0), (2, 2)]
    assert align.heaviest([]) == []


@law
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 9).map(float)), max_size=9))
def test_chosen_pairs_rise_on_both_sides(pairs: list[tuple[int, int, float]]) -> None:
    found = align.heaviest(pairs)

    assert all(one[0] < two[0] and one[1] < two[1] for one, two in itertools.pairwise(found))


def test_equal_items_are_paired_each_with_each_unless_there_are_many() -> None:
    assert sorted(align.equal_pairs("ab", "ba")) == [(0, 1), (1, 0)]
    assert list(align.equal_pairs("aaa", "aa", most=4)) == [(0, 0), (1, 1)]


def test_items_beyond_what_unicode_tells_apart_equal_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "maxunicode", 0x101)
    codes = align.Codes()

    spelt = codes.spell(["a", "b", "c"])
    codes.nothing = "\x02"

    assert spelt == "\u0100\u0101\x01"
    assert codes["c"] == "\x02"


def test_no_item_is_spelt_as_a_surrogate() -> None:
    codes = align.Codes()

    spelt = codes.spell(range(0xE000))

    assert len(set(spelt)) == 0xE000
    assert not any("\ud800" <= c <= "\udfff" for c in spelt)
