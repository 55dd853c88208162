from __future__ import annotations

import itertools
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inforce import markup
from inforce.markdown import Reader
from inforce.text import Block, Text
from inforce.weave import Strand, Weave
from tests.strategies import document_histories, history_law

FEW = ("One.", "Two.", "Three.", "> One.", "- One.\n- Two.", "**One.**")


def read(*history: str) -> list[Text]:
    reader = Reader()
    return [reader.read(text) for text in history]


def words(block: Block) -> tuple[object, ...]:
    return (block.kind, *(content.look for content in block.contents))


def strands(weave: Weave) -> list[Strand]:
    """All strands in reading order."""
    return [weave.found[number] for number in weave.order]


def matches(weave: Weave, old: int, new: int) -> list[tuple[int, int, int]]:
    return [(match.first, match.second, match.size) for match in weave.same(old, new)]


few = st.lists(st.sampled_from(FEW), max_size=6).map("\n\n".join)
"""A text of few blocks."""
histories = st.one_of(document_histories(), st.lists(few, min_size=3, max_size=5))
"""Besides those that change little by little, some in which the same few blocks come and go."""


@history_law
@given(document_histories())
def test_reading_a_weave_at_a_version_gives_that_version(history: list[str]) -> None:
    texts = read(*history)

    weave = Weave.of(texts)

    for version, text in enumerate(texts):
        assert [words(strand.item) for strand in weave.at(version)] == [words(block) for block in text.blocks]


@history_law
@given(histories)
def test_a_version_is_the_strands_that_stand_in_it_in_the_order_of_the_weave(history: list[str]) -> None:
    weave = Weave.of(read(*history))

    for version in range(len(history)):
        assert list(map(id, weave.at(version))) == [id(one) for one in strands(weave) if one.stands_in(version)]


@history_law
@given(histories)
def test_what_two_versions_share_reads_the_same_in_both_and_never_crosses(history: list[str]) -> None:
    texts = read(*history)
    weave = Weave.of(texts)

    for old, new in itertools.combinations(range(len(history)), 2):
        first = second = 0
        for match in weave.same(old, new):
            assert first <= match.first
            assert second <= match.second
            first, second = match.first + match.size, match.second + match.size
            one, two = texts[old].chunks[match.first : first], texts[new].chunks[match.second : second]
            assert [chunk.key for chunk in one] == [chunk.key for chunk in two]


@history_law
@given(document_histories(), st.data())
def test_adding_versions_leaves_the_redlines_of_earlier_ones_alone(history: list[str], data: st.DataObject) -> None:
    texts = read(*history)
    earlier = data.draw(st.integers(1, len(texts)))

    before, after = Weave.of(texts[:earlier]), Weave.of(texts)

    for old in range(earlier):
        for new in range(earlier):
            assert before.same(old, new) == after.same(old, new)


@history_law
@given(document_histories())
def test_neighbours_in_a_weave_compare_as_they_do_alone(history: list[str]) -> None:
    texts = read(*history)
    weave = Weave.of(texts)

    for k, (old, new) in enumerate(itertools.pairwise(texts)):
        assert markup.redline(old, new, weave.same(k, k + 1)).html() == markup.redline(old, new).html()


def test_text_that_returns_wakes_its_old_strand() -> None:
    weave = Weave.of(read("One.\n\nTwo.\n\nThree.", "One.\n\nThree.", "One.\n\nTwo.\n\nThree."))

    assert [strand.spans for strand in strands(weave)] == [((0, 2),), ((0, 0), (2, 2)), ((0, 2),)]
    assert matches(weave, 0, 2) == [(0, 0, 3)]


def test_text_that_returns_in_another_place_is_new() -> None:
    weave = Weave.of(read("One.\n\nTwo.", "One.", "Two.\n\nOne."))

    assert [strand.spans for strand in strands(weave)] == [((2, 2),), ((0, 2),), ((0, 0),)]
    assert matches(weave, 0, 2) == [(0, 1, 1)]


def test_since_when_a_block_stands_counts_from_its_last_return() -> None:
    weave = Weave.of(read("One.\n\nTwo.", "One.", "One.\n\nTwo.", "One.\n\nTwo.\n\nThree."))

    assert [strand.since(3) for strand in weave.at(3)] == [0, 2, 3]


def test_since_when_asks_for_a_version_that_holds_the_strand() -> None:
    strand = Strand(Block("hr", ()), ((1, 2),))

    with pytest.raises(ValueError, match="does not stand in 0"):
        strand.since(0)


def test_blocks_put_in_at_one_place_again_and_again_keep_their_order() -> None:
    history = ["First.\n\nLast."]
    for k in range(150):
        history.append(history[-1].replace("Last.", f"Number {k}.\n\nLast."))
    for k in range(150):
        history.append(history[-1].replace(f"Number {k}.", f"Before number {k}.\n\nNumber {k}."))

    weave = Weave.of(read(*history))

    assert [strand.item.contents[0].text for strand in strands(weave)] == history[-1].split("\n\n")


def test_blocks_put_in_before_the_one_put_in_last_keep_their_order() -> None:
    history = ["First."]
    for k in range(150):
        history.append(history[-1].replace("First.", f"First.\n\nNumber {k}."))

    weave = Weave.of(read(*history))

    assert [strand.item.contents[0].text for strand in strands(weave)][:3] == ["First.", "Number 149.", "Number 148."]


def test_a_history_that_begins_with_nothing() -> None:
    weave = Weave.of(read("", "One.", ""))

    assert [len(list(weave.at(version))) for version in range(3)] == [0, 1, 0]
    assert weave.same(0, 1) == []


def test_a_strand_tells_in_which_versions_it_stands() -> None:
    strand = Strand(Block("hr", ()), ((1, 2), (4, 4)))

    assert [strand.stands_in(version) for version in range(6)] == [False, True, True, False, True, False]


def test_what_was_written_anew_rests_on_no_chunk_of_the_old() -> None:
    weave = Weave.of(read("One.\n\nTwo.\n\nThree.", "One.\n\n*Two.*", "One.\n\nOther.\n\nThree."))

    assert matches(weave, 0, 2) == [(0, 0, 1), (2, 2, 1)]


def test_words_that_came_out_of_a_quote_rest_on_no_chunk_of_the_old() -> None:
    weave = Weave.of(read("> One.", "> One.\n\nTwo.", "One.\n\nTwo."))

    assert [strand.spans for strand in strands(weave)] == [((0, 2),), ((1, 2),)]
    assert matches(weave, 0, 2) == []


def test_a_history_of_more_chunks_than_can_be_told_apart_is_woven_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "maxunicode", 0x101)  # two chunks, and no more
    history = read("One.\n\nTwo.", "Three.\n\nTwo.", "Four.\n\nTwo.")

    weave = Weave.of(history)

    assert [[strand.item.contents[0].text for strand in weave.at(n)] for n in range(3)] == [
        ["One.", "Two."],
        ["Three.", "Two."],
        ["Four.", "Two."],
    ]
