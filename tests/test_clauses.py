from __future__ import annotations

import inforce

CLAUSE = "Unless you object in writing within thirty days, we keep your address as well."
ONE = "We keep your name for as long as you shop with us and for two years after your last order."
TWO = "We never sell any of it to anyone, and we never lend it to anyone who asks us for it."


def test_a_clause_that_moves_between_paragraphs_is_told_so() -> None:
    found = inforce.compare(f"{ONE} {CLAUSE}\n\n{TWO}", f"{ONE}\n\n{TWO} {CLAUSE}")

    assert {change.kinds for change in found.changes} == {("moved",)}
    assert found.html().count('data-change="moved"') == 2


def test_a_clause_written_with_other_quotes_has_not_only_moved() -> None:
    clause = "Unless you're against it in writing within thirty days, we keep your address as well."

    found = inforce.compare(f"{ONE} {clause}\n\n{TWO}", f"{ONE}\n\n{TWO} {clause.replace(chr(39), chr(8217))}")

    assert {change.kinds for change in found.changes} == {("words",)}


def test_words_around_a_clause_that_moved_are_still_told() -> None:
    old = f"{ONE} Formerly so. {CLAUSE} And no more.\n\n{TWO}"
    new = f"{ONE}\n\n{TWO} Now so. {CLAUSE} And then some."

    text = inforce.compare(old, new).text()

    assert "{+Now so.+}" in text
    assert "[-Formerly so.-]" in text
    assert text.count("(moved ") == 2


def test_a_clause_that_stands_in_many_places_has_moved_from_none() -> None:
    old = "\n\n".join([ONE, *(f"Number {k} of many goes away. {CLAUSE}" for k in range(6))])
    new = "\n\n".join([*(f"{CLAUSE} It came with {k} others, all of them of other words." for k in range(6)), ONE])

    assert inforce.compare(old, new).html()


def test_two_clauses_of_one_stretch_move_each_by_itself() -> None:
    other = "Whoever asks us for a copy of the record of all that we hold gets it for free."

    found = inforce.compare(f"{ONE} {CLAUSE} {other}\n\n{TWO}", f"{other} {ONE}\n\n{TWO} {CLAUSE}")

    assert found.html().count('<del data-change="moved"') == 2


def test_a_clause_that_stood_in_two_places_and_stands_in_one_has_moved_from_one() -> None:
    end = "The end of it all is here."

    found = inforce.compare(f"{ONE} {CLAUSE}\n\n{TWO} {CLAUSE}\n\n{end}", f"{ONE}\n\n{TWO}\n\n{end} {CLAUSE}")

    assert [change.kinds for change in found.changes] == [("moved",), ("words",), ("moved",)]


def test_a_clause_too_short_without_the_ends_of_other_sentences_takes_them_along() -> None:
    clause = "and so. Unless you object in writing or by mail. We do"

    text = inforce.compare(f"{ONE} {clause}\n\n{TWO}", f"{ONE}\n\n{TWO} {clause}").text()

    assert f"{{+(moved from elsewhere in this section) {clause}+}}" in text
