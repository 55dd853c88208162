from __future__ import annotations

import pytest

import inforce
from inforce import hypertext
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

        assert side(html, "ins") == side(hypertext.article(inforce.parse(one)), "ins")
        assert side(html, "del") == side(hypertext.article(inforce.parse(two)), "del")


def test_a_paragraph_between_two_lists_that_are_now_one_is_told_to_stand_elsewhere() -> None:
    html = inforce.compare("- a\n\np\n\n- b", "- a\n- b").html()

    assert html.count("<ul>") == 1
    assert 'data-change="level"' in html


def test_columns_are_each_other_if_their_cells_are_alike() -> None:
    html = inforce.compare("| A | B |\n|---|---|\n| a | |\n", "| X | A | B |\n|---|---|---|\n| y | a | |\n").html()

    assert "<td>a</td>\n<td></td>" in html
    assert "<del>" not in html


def test_tables_that_are_each_other_have_heads_that_are_each_other_whatever_their_words() -> None:
    found = inforce.compare(
        "| Alpha beta | Gamma |\n|---|---|\n| one two three | four |",
        "| Delta | Eps zeta |\n|---|---|\n| one two three | five |",
    )

    assert found.text() == "| [-Alpha beta-]{+Delta+} | [-Gamma-]{+Eps zeta+} |\n| one two three | [-four-]{+five+} |\n"


def test_rows_that_join_a_narrower_table_are_told_whole() -> None:
    first = "| A | B |\n|---|---|\n| one two three | four five |\n"
    wide = "\n| A | B | C |\n|---|---|---|\n| six seven eight | nine ten | eleven |\n"

    found = inforce.compare(f"{first}{wide}", f"{first}| six seven eight | nine ten |\n")

    assert found.text() == (
        "| A | B |\n| one two three | four five |\n| {+six seven eight+} | {+nine ten+} |\n"
        "| [-A-] | [-B-] | [-C-] |\n| [-six seven eight-] | [-nine ten-] | [-eleven-] |\n"
    )


def test_heads_are_not_each_other_where_rows_passed_from_one_side_of_them_to_the_other() -> None:
    one, two = "| one two three | four five |\n", "| six seven eight | nine ten |\n"
    three = "| red green blue | black white |\n| sun moon stars | sky earth |\n"
    first, gone, come = (f"| {a} | {b} |\n|---|---|\n" for a, b in ("AB", "PQ", "RS"))

    found = inforce.compare(f"{first}{one}{two}\n{gone}{three}", f"{first}{one}\n{come}{two}{three}")

    assert "| {+R+} | {+S+} |\n| six seven eight | nine ten |\n| [-P-] | [-Q-] |\n" in found.text()
