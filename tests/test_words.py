from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inforce import align, words
from inforce.markdown import parse
from inforce.text import Content, Run, Wrap, redressed
from tests.strategies import law


def content(markdown: str) -> Content:
    return next(parse(markdown).blocks).contents[0]


def told(old: str, new: str) -> list[tuple[str, str]]:
    """The marks and letters of the redline of two paragraphs."""
    (row,), capped = words.compare([content(old)], [content(new)], align.Codes())
    assert not capped
    return [(segment.mark, segment.content.text[segment.start : segment.end]) for segment in row]


def test_a_stretch_moves_to_the_border_of_a_sentence() -> None:
    found = told("Cancel by mail. We confirm by mail.", "Cancel by mail. We keep a copy. We confirm by mail.")

    assert found == [("=", "Cancel by mail."), ("+", " We keep a copy."), ("=", " We confirm by mail.")]


def test_a_stretch_moves_to_the_border_of_a_clause() -> None:
    found = told("We keep names, and dates.", "We keep names, and places, and dates.")

    assert ("+", ", and places") in found or ("+", " and places,") in found


def test_a_stretch_that_is_taken_out_moves_as_well() -> None:
    found = told("Cancel by mail. We keep a copy. We confirm by mail.", "Cancel by mail. We confirm by mail.")

    assert ("-", "We keep a copy.") in found


def test_a_small_word_between_two_changes_goes_with_them() -> None:
    assert told("They sell the data now.", "They lend the book now.") == [
        ("=", "They"),
        ("-", "sell the data"),
        ("+", " lend the book"),
        ("=", " now."),
    ]


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("within thirty (30) days", "within sixty (60) days", [("-", "thirty (30)"), ("+", " sixty (60)")]),
        ("thirty (30) days", "sixty (60) days", [("-", "thirty (30)"), ("+", "sixty (60)")]),
        ("x (30) thirty y", "x (60) sixty y", [("-", "(30) thirty"), ("+", " (60) sixty")]),
        ("pay x (y) z) now", "pay q (w) z) now", [("-", "x (y)"), ("+", " q (w)")]),
        ("the (new) plan", "the (old) plan", [("-", "new"), ("+", "old")]),
        ("Acme (the seller) pays", "Acme pays", [("-", "(the seller)")]),
        ("the firm (“Acme”) is", "the group (“Globex”) is", [("-", "firm (“Acme”)"), ("+", " group (“Globex”)")]),
        ("“Acme” firm is", "„Globex“ group is", [("-", "“Acme” firm"), ("+", "„Globex“ group")]),
        ('the Old" plan "x" is', 'the New" scheme "x" is', [("-", 'Old" plan'), ("+", ' New" scheme')]),
        ("the (new plan] is", "the [old scheme] is", [("-", "(new plan"), ("+", " [old scheme")]),
        ("we (a b) c", "we (d (e) c", [("-", "a b"), ("+", "d (e")]),
    ],
)
def test_brackets_and_quotes_go_with_words_that_are_exchanged_within_them(
    old: str, new: str, changes: list[tuple[str, str]]
) -> None:
    assert [each for each in told(old, new) if each[0] != "="] == changes


def test_a_word_between_two_commas_stays() -> None:
    found = told("couriers banks auditors", "couriers, banks, auditors")

    assert [letters for mark, letters in found if mark == "+"] == [",", ","]


def test_a_long_kept_stretch_is_told_letter_by_letter_where_its_form_changed() -> None:
    old = "one two three four five six seven eight nine 'ten' eleven"

    found = told(old, old.replace("'ten'", "\u2018ten\u2019"))

    assert [letters for mark, letters in found if mark == "form"] == ["\u2018", "\u2019"]


def test_a_dash_within_a_number_is_told_alone() -> None:
    (row,), _ = words.compare([content("30-60 days")], [content("30\u201360 days")], align.Codes())

    assert [(segment.mark, segment.letters, segment.old) for segment in row] == [
        ("=", "30", ""),
        ("form", "\u2013", "-"),
        ("=", "60 days", ""),
    ]


def test_a_word_in_another_unicode_form_is_the_same_word() -> None:
    assert told("caf\u00e9", "cafe\u0301") == [("=", "cafe\u0301")]


def test_a_quote_beside_what_nobody_sees_is_told_as_a_whole() -> None:
    (row,), _ = words.compare([content("\u201ca\u201d")], [content("\u201c\u200ba\u201d")], align.Codes())

    assert all(segment.mark == "=" for segment in row)


def test_a_number_whose_dash_changed_beside_what_nobody_sees_is_told_as_a_whole() -> None:
    (row,), _ = words.compare([content("30-60")], [content("30\u201360\u200b\u4e00")], align.Codes())

    assert [(segment.mark, segment.old) for segment in row] == [("form", "30-60"), ("+", "")]


def test_words_that_were_apart_stay_apart() -> None:
    (row,), _ = words.compare([content("a base b")], [content("(base b")], align.Codes())

    assert [(segment.mark, segment.tail) for segment in row][:2] == [("-", True), ("+", False)]


@pytest.mark.parametrize(("word", "weight"), [("the", 0.5), ("court", 1.0), (",", 0.2), ("4.2(b)", 1.0)])
def test_words_say_more_or_less(word: str, weight: float) -> None:
    assert words.weight(word) == weight


def test_contents_beyond_the_limit_keep_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(align, "LIMIT", 1)

    rows, capped = words.compare([content("one two")], [content("two one")], align.Codes())

    assert capped
    assert [segment.mark for segment in rows[0]] == ["-", "+"]


def test_nothing_compared_with_nothing_is_one_kept_stretch() -> None:
    empty = Content("", ())

    assert [s.mark for s in words.compare([empty], [empty], align.Codes())[0][0]] == ["="]


def test_several_contents_become_one_with_their_borders_told() -> None:
    (row,), _ = words.compare(
        [content("One two."), content("Three four.")], [content("One two. Three four.")], align.Codes()
    )

    assert [segment.mark for segment in row] == ["=", "join", "="]


def test_one_content_becomes_several() -> None:
    rows, _ = words.compare(
        [content("One two. Three four.")], [content("One two."), content("New. Three four.")], align.Codes()
    )

    assert [[segment.mark for segment in row] for row in rows] == [["="], ["+", "="]]


def test_a_border_between_words_that_are_gone_is_told() -> None:
    (row,), _ = words.compare([content("One two three"), content("four five")], [content("One two")], align.Codes())

    assert [segment.mark for segment in row] == ["=", "-", "join", "-"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("We keep names, dates", "We keep names, dates, places, dates"),
        ("We keep names, dates, places, dates", "We keep names, dates"),
        ("names, places, names, dates", "names, dates"),
    ],
)
def test_no_word_is_lost_at_either_end(old: str, new: str) -> None:
    found = told(old, new)

    assert "".join("".join(letters for mark, letters in found if mark != "+").split()) == "".join(old.split())
    assert "".join(letters for mark, letters in found if mark != "-") == new


def test_words_beyond_what_unicode_tells_apart_are_not_taken_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "maxunicode", 0x102)

    (row,), _ = words.compare([content("one two three four")], [content("one two three five")], align.Codes())

    assert [(s.mark, s.letters) for s in row] == [("=", "one two three"), ("-", "four"), ("+", " five")]


def test_equal_letters_are_cut_only_where_what_they_wear_changed() -> None:
    (row,), _ = words.compare(
        [content("one *two* [three](/a) [four](/a) five")],
        [content("one *two* [three](/b) [four](/b) five")],
        align.Codes(),
    )

    assert [(s.letters, s.was and s.was.link, s.now and s.now.link) for s in row] == [
        ("one two", None, None),
        (" three four", ("/a", ""), ("/b", "")),
        (" five", None, None),
    ]


def test_what_nobody_sees_behind_the_last_word_stays_behind_another_link() -> None:
    (row,), _ = words.compare([content("[one](/a) \u2060")], [content("[one](/b) \u2060")], align.Codes())

    assert [(s.mark, s.letters, s.now and s.now.link) for s in row] == [
        ("=", "one", ("/b", "")),
        ("=", " \u2060", None),
    ]


PIECES = ("one", " two", "three ", ".", ", ", "(a)", "7", ".5", "-3", '"', " ", "d\u00e9j\u00e0", "\u4e00", "")
DRESSES = ((), (Wrap("a", "x"),), (Wrap("a", "y"),), (Wrap("em"),))
pieces = st.lists(st.tuples(*[st.sampled_from(kind) for kind in (PIECES, DRESSES, DRESSES)]), min_size=1, max_size=6)


def dressed(parts: list[tuple[str, tuple[Wrap, ...]]]) -> Content:
    runs, letters = [], ""
    for text, dress in parts:
        runs.append(Run(len(letters), text, dress))
        letters += text
    return Content(letters, tuple(runs))


@law
@given(pieces)
def test_runs_tell_what_wears_something_else_as_words_do(
    found: list[tuple[str, tuple[Wrap, ...], tuple[Wrap, ...]]],
) -> None:
    old, new = (dressed([(part[0], part[k]) for part in found]) for k in (1, 2))  # type: ignore[misc]

    worn = redressed(old, new)

    if worn is not None and new.words.ends:
        by_runs, by_words = words.by_runs(worn, new), words.by_words(old, new)
        told = [[(one.start, one.end, one.gap, one.was, one.now) for one in row] for row in (by_runs, by_words)]
        assert told[0] == told[1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("*one* two three", "*one two* three"),  # as many runs, but not the same
        ("*one* two", "one two"),
        ("1[.5](a) two", "1[.5](b) two"),  # a word in two runs
        ("[1](a).5 two", "[1](b).5 two"),
        ("*one* two [1](a).5", "*one* two [1](b).5"),  # behind words that wear what they wore, each something else
        ("*one* \u4e00\u4e01", "**one** \u4e00\u4e01"),  # signs that are words each
    ],
)
def test_where_runs_cannot_tell_what_changed_words_do(old: str, new: str) -> None:
    assert redressed(content(old), content(new)) is None
    assert [mark for mark, _ in told(old, new)] == ["="] * len(told(old, new))


def test_words_that_wear_in_another_text_what_they_wore_stand_as_they_stood() -> None:
    one, two = content("1*.5*\u4e00 two"), content("1*.5*\u4e00 two")

    ((segment,),), _ = words.compare([one], [two], align.Codes())

    assert segment.plain
