from __future__ import annotations

import sys

import pytest

import inforce
from inforce import markup, pairing
from inforce.markdown import parse


def states(old: str, new: str) -> list[str]:
    return [change.state for change in inforce.compare(old, new).changes]


def test_short_words_that_others_repeat_have_not_moved() -> None:
    old = "Yes\n\nWe keep one thing only.\n\nYes\n\nWe keep another thing, too."
    new = "We keep one thing only.\n\nWe keep another thing, too.\n\nYes"

    assert "moved" not in states(old, new)


def test_short_words_that_nothing_repeats_have_moved() -> None:
    assert states("Yes\n\nWe keep one thing only.", "We keep one thing only.\n\nYes") == ["moved"]


def test_what_moved_takes_its_neighbours_along_if_they_are_alike() -> None:
    rest = "\n\n".join(f"Clause {k} stays where it is, and it is a long one of many words." for k in range(6))
    old = f"We keep your name here.\n\nBut not for long, we say.\n\n{rest}"
    new = f"{rest}\n\nWe keep your name here.\n\nBut not so very long, we say."

    assert states(old, new) == ["moved", "moved"]


def test_a_long_paragraph_and_a_short_part_of_it_are_one() -> None:
    part = "We answer every letter within a month of its arrival."

    assert states(f"{part} {'And so on, one more word. ' * 12}", part) == ["changed"]


def test_code_and_words_are_not_each_other() -> None:
    assert states("    one two three", "one two three") == ["removed", "added"]


def test_a_heading_and_a_paragraph_are_each_other_only_if_much_is_the_same() -> None:
    assert states("# one two three four", "one two three four") == ["changed"]
    assert states("# one two three four", "one two five six") == ["removed", "added"]


def test_a_row_moves_only_cell_by_cell() -> None:
    head = "| A | B |\n|---|---|\n"
    old = f"{head}| one two three four | |\n| stays here | as it is |\n| and here | it is, too |"
    new = f"{head}| stays here | as it is |\n| and here | it is, too |\n| | one two three four five |"

    assert "moved" not in states(old, new)


def test_a_row_that_changed_a_little_moves_with_its_change() -> None:
    head = "| A | B |\n|---|---|\n"
    old = f"{head}| one two three | four five six |\n| stays here | as it is |\n| and here as well | it is, too |"
    new = f"{head}| stays here | as it is |\n| and here as well | it is, too |\n| one two three | four five seven |"

    assert states(old, new) == ["moved"]


def test_a_paragraph_falls_into_three() -> None:
    found = inforce.compare(
        "One thing is this. Another thing is that. And the last thing is no thing at all.",
        "One thing is this.\n\nAnother thing is that.\n\nAnd the last thing is no thing at all.",
    )

    assert [change.kinds for change in found.changes] == [("split",), ("split",)]


@pytest.mark.parametrize(
    ("one", "parts"),
    [
        (  # all of them end with the same words
            "One thing here. Two things there. Three more things. Four last things.",
            "One thing here. Two things there.\n\nThree more things.\n\nFour last things.",
        ),
        (  # and a word comes on the way
            "We keep logs for a short time. You can ask for a copy of them at our desk.",
            "We keep logs for a very short time.\n\nYou can ask for a copy of them at our front desk.",
        ),
        (  # and begin with the same
            "The end of it is the end of the day. The end of that is the end of the night.",
            "The end of it is the last end of the day.\n\nThe end of that is the end of the night.",
        ),
    ],
)
def test_parts_that_begin_or_end_like_the_whole_are_found_in_it(one: str, parts: str) -> None:
    split = inforce.compare(one, parts)
    joined = inforce.compare(parts, one)

    assert {kind for change in split.changes for kind in change.kinds} <= {"split", "words"}
    assert {kind for change in joined.changes for kind in change.kinds} <= {"join", "words"}
    assert "[-" not in split.text()
    assert "{+" not in joined.text()


def test_blocks_that_share_only_what_many_share_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairing, "WORK", 0)
    monkeypatch.setattr(pairing, "RARE", 0)

    assert states("We keep one thing.", "We keep two things.") == ["removed", "added"]


def test_what_is_left_of_other_gaps_does_not_move_along() -> None:
    kept = "This stays as it is, word for word, in both."
    old = f"Here is a clause that moves away.\n\n{kept}\n\nAnd this one is gone for good, alas."
    new = f"{kept}\n\nHere is a clause that moves away."

    assert states(old, new) == ["removed", "moved"] or states(old, new) == ["moved", "removed"]


def test_what_came_into_another_gap_has_not_moved_along() -> None:
    first, second = (f"This stays as it is, the {number} of two, in both of them." for number in ("first", "second"))
    old = f"We keep your name here.\n\nBut not for long, we say.\n\n{first}\n\n{second}"
    new = f"{first}\n\nWe keep your name here.\n\n{second}\n\nBut not until the last of all days, we say."

    assert sorted(states(old, new)) == ["added", "moved", "removed"]


def test_what_moved_takes_along_a_neighbour_that_is_half_another() -> None:
    rest = "\n\n".join(f"Clause {k} stays where it is, and it is a long one of many words." for k in range(6))
    old = f"We keep your name here.\n\nBut not for long, we say.\n\n{rest}"
    new = f"{rest}\n\nWe keep your name here.\n\nBut not until the last of days, we say."

    text = inforce.compare(old, new).text()

    assert text.endswith(
        "(moved from elsewhere in this section) But not [-for long-] {+until the last of days+}, we say.+}\n"
    )


def test_a_row_does_not_move_along_whose_cells_changed_places() -> None:
    head = "| Name | Why |\n|---|---|\n"
    rest = "".join(f"| stays {k} | as it was {k} |\n" for k in range(6))
    old = f"{head}| one two three four | five six |\n| we keep it | for a long time |\n{rest}"
    new = f"{head}{rest}| one two three four | five six |\n| for a long time now | we keep it |\n"

    assert states(old, new) == ["removed", "moved", "added"]


def test_what_moved_leaves_a_neighbour_of_other_words_where_it_is() -> None:
    rest = "\n\n".join(f"Clause {k} stays where it is, and it is a long one of many words." for k in range(6))
    old = f"We keep your name here.\n\nBut not for long.\n\n{rest}"
    new = f"{rest}\n\nWe keep your name here.\n\nNobody else ever will."

    assert states(old, new) == ["removed", "moved", "added"]


def test_what_moved_leaves_code_behind_where_words_came() -> None:
    rest = "\n\n".join(f"Clause {k} stays where it is, and it is a long one of many words." for k in range(6))
    old = f"We keep your name here.\n\n    one two three\n\n{rest}"
    new = f"{rest}\n\nWe keep your name here.\n\none two three"

    assert states(old, new) == ["removed", "moved", "added"]


def test_words_that_many_items_repeat_stay_between_those_that_stay() -> None:
    one, two, yes = "- First of all comes a long one here", "- Second after it comes one as long", "- Yes"
    old, new = (one, yes, yes, two, yes, yes, yes), (yes, yes, one, yes, yes, two, yes)

    found = inforce.compare("\n".join(old), "\n".join(new))

    assert found.text() == f"- {{+Yes+}}\n- {{+Yes+}}\n{one}\n- Yes\n- Yes\n{two}\n- [-Yes-]\n- [-Yes-]\n- Yes\n"


def test_items_too_many_and_too_alike_to_compare_are_compared_between_those_that_stay() -> None:
    def items(first: int) -> str:
        lines = [f"- We keep the record {first + k} of you for our own use" for k in range(30)]
        return "\n".join([*lines[:15], "- And this one stays as it is", *lines[15:]])

    assert states(items(0), items(100)) == ["changed"] * 30


def test_a_redline_is_the_same_whatever_others_of_its_history_have_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "maxunicode", 0x107)  # eight words, and no more
    few = ("One two three four", "One two three nine", "Five six seven eight", "Five six seven ten")
    written = (*few, "A black cat sleeps", "Our old dog barks")
    texts = [parse(text) for text in written]
    memory = pairing.Memory()

    for old in texts:
        for new in texts:
            assert markup.redline(old, new, memory=memory).html() == markup.redline(old, new).html()


def test_a_part_that_stands_twice_is_a_split_only_once() -> None:
    new = "one two three four\n\none two three four"

    assert states("one two three four five six seven eight", new) == ["added", "changed"]
