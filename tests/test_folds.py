"""Which stretches of a redline are folded, and what is said of them."""

from __future__ import annotations

import re

import pytest

import inforce
from inforce import markup


def told(old: str, new: str) -> list[str]:
    """What is said of each stretch, and the words of the headings that stay for what is under them."""
    html = inforce.compare(old, new).html(notes=markup.FOLDING)
    return re.findall(r'(?:<p class="fold" data-note hidden>|<h\d class="over"[^>]*>)(.*?)</', html)


@pytest.mark.parametrize(
    ("same", "said"),
    [
        ("One.", "1 paragraph unchanged"),
        ("One.\n\nTwo.\n\n    three", "3 paragraphs unchanged"),
        ("- a\n\n  b\n- c\n- \n", "3 items unchanged"),
        ("> a\n>\n> b", "2 paragraphs unchanged"),
        ("|a|\n|-|\n|b|\n|c|", "2 rows unchanged"),
        ("# A\n\nb\n\n- c", "1 heading, 1 paragraph, 1 item unchanged"),
    ],
)
def test_a_stretch_that_stands_as_it_stood_is_told_as_a_reader_counts_it(same: str, said: str) -> None:
    assert told(f"{same}\n\n# Z\n\nfor 30 days", f"{same}\n\n# Z\n\nfor 60 days") == [said, "Z"]
    assert told(f"for 30 days\n\n{same}", f"for 60 days\n\n{same}") == [said]


def test_a_heading_stays_if_something_in_its_section_changed() -> None:
    old = "# T\n\n## A\n\na\n\n## B\n\n### C\n\nfor 30 days\n\n### D\n\nd"

    assert told(old, old.replace("30", "60")) == [
        "T",
        "1 heading, 1 paragraph unchanged",
        "B",
        "C",
        "1 heading, 1 paragraph unchanged",
    ]


def test_a_heading_that_was_taken_away_is_over_nothing() -> None:
    old = "# A\n\n## Gone for good\n\nfor 30 days\n\nb"

    assert told(old, "# A\n\nfor 60 days\n\nb") == ["A", "1 paragraph unchanged"]


def test_a_list_of_which_one_item_changed_is_no_stretch() -> None:
    assert told("- a b c\n- for 30 days\n- d e f", "- a b c\n- for 60 days\n- d e f") == []


def test_a_rule_is_no_more_than_a_rule() -> None:
    assert told("---\n\nfor 30 days", "---\n\nfor 60 days") == []


def test_a_text_that_has_not_changed_is_one_stretch() -> None:
    assert told("# A\n\nb", "# A\n\nb") == ["1 heading, 1 paragraph unchanged"]


def test_nothing_is_said_unless_it_is_asked_for() -> None:
    assert "fold" not in inforce.compare("a\n\nb", "a\n\nc").html()
