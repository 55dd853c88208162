from __future__ import annotations

import pytest

import inforce
from inforce import markup
from tests.sides import side


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- a\n\np\n\n- b", "- a\n- b"),
        ("- a\n- b", "- a\n\np\n\n- b"),
        ("> a\n\nb\n\n> c", "> a\n>\n> c"),
        ("- a\n\n  p\n\n- b", "- a\n- b\n\n  p"),
        ("- a\n  - b\n    - c\n- d", "- a\n- b\n- c\n- d"),
        ("- a\n\n1. b\n\n- c", "- a\n- c"),
        ("- a\n\n- b\n\n> - c", "- a\n- c"),
        ("1. a\n\n   - x\n2. b", "1. a\n2. b\n\n   - x"),
        ("- a long item here\n\n  gone\n\n- another long item", "- a long item here and another long item"),
        ("| A |\n|---|\n| a b c |\n\n| B |\n|---|\n| d e f |", "| A |\n|---|\n| a b c |\n| d e f |"),
        ("| A |\n|---|\n| a b c |\n| d e f |", "| A |\n|---|\n| a b c |\n\np\n\n| B |\n|---|\n| d e f |"),
        ("- | A |\n  |---|\n  | a b |\n- c", "- c\n- | A |\n  |---|\n  | a b |"),
        ("> - a\n> - b\n\nc", "- a\n- b\n\n> c"),
    ],
)
def test_nests_of_both_texts_stand_in_each_other_without_harm(old: str, new: str) -> None:
    for one, two in ((old, new), (new, old)):
        html = inforce.compare(one, two).html()

        assert side(html, "ins") == side(markup.article(inforce.parse(one)), "ins")
        assert side(html, "del") == side(markup.article(inforce.parse(two)), "del")


def test_a_paragraph_between_two_lists_that_are_now_one_is_told_to_stand_elsewhere() -> None:
    html = inforce.compare("- a\n\np\n\n- b", "- a\n- b").html()

    assert html.count("<ul>") == 1
    assert 'data-change="level"' in html


def test_columns_are_each_other_if_their_cells_are_alike() -> None:
    html = inforce.compare("| A | B |\n|---|---|\n| a | |\n", "| X | A | B |\n|---|---|---|\n| y | a | |\n").html()

    assert "<td>a</td>\n<td></td>" in html
    assert "<del>" not in html
