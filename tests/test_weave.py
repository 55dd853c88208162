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


def read(*history: str) -> list[Text]:
    reader = Reader()
    return [reader.read(text) for text in history]


def words(block: Block) -> tuple[object, ...]:
    return (block.kind, *(content.look for content in block.contents))


@history_law
@given(document_histories())
def test_reading_a_weave_at_a_version_gives_that_version(history: list[str]) -> None:
    texts = read(*history)

    weave = Weave.of(texts)

    for version, text in enumerate(texts):
        assert [words(strand.item) for strand in weave.at(version)] == [words(block) for block in text.blocks]


@history_law
@given(document_histories())
def test_a_strand_stands_in_the_versions_that_hold_it_and_no_others(history: list[str]) -> None:
    weave = Weave.of(read(*history))

    for version in range(len(history)):
        held = {id(strand) for strand in weave.at(version)}
        assert held == {id(strand) for strand in weave.strands if strand.stands_in(version)}


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

    assert len(weave.strands) == 3
    assert weave.strands[1].spans == ((0, 0), (2, 2))
    assert [(m.first, m.second, m.size) for m in weave.same(0, 2)] == [(0, 0, 3)]


def test_since_when_a_block_stands_counts_from_its_last_return() -> None:
    weave = Weave.of(read("One.\n\nTwo.", "One.", "One.\n\nTwo.", "One.\n\nTwo.\n\nThree."))

    assert list(weave.since(3)) == [0, 2, 3]


def test_since_when_asks_for_a_version_that_holds_the_strand() -> None:
    strand = Strand(Block("hr", ()), ((1, 2),))

    with pytest.raises(ValueError, match="does not stand in 0"):
        strand.since(0)


def test_blocks_put_in_at_one_place_again_and_again_keep_their_order() -> None:
    history = ["First.\n\nLast."]
    for k in range(150):
        history.append(history[-1].replace("Last.", f"Number {k}.\n\nLast."))

    weave = Weave.of(read(*history))

    assert [" ".join(strand.item.contents[0].text.split()) for strand in weave.strands] == [
        "First.",
        *(f"Number {k}." for k in range(150)),
        "Last.",
    ]


def test_blocks_put_in_before_the_one_put_in_last_keep_their_order() -> None:
    history = ["First."]
    for k in range(150):
        history.append(history[-1].replace("First.", f"First.\n\nNumber {k}."))

    weave = Weave.of(read(*history))

    assert [strand.item.contents[0].text for strand in weave.strands][:3] == ["First.", "Number 149.", "Number 148."]


def test_a_history_that_begins_with_nothing() -> None:
    weave = Weave.of(read("", "One.", ""))

    assert [len(list(weave.at(version))) for version in range(3)] == [0, 1, 0]
    assert weave.same(0, 1) == []


def test_a_strand_tells_in_which_versions_it_stands() -> None:
    strand = Strand(Block("hr", ()), ((1, 2), (4, 4)))

    assert [strand.stands_in(version) for version in range(6)] == [False, True, True, False, True, False]


def test_what_was_written_anew_rests_on_no_chunk_of_the_old() -> None:
    weave = Weave.of(read("One.\n\nTwo.\n\nThree.", "One.\n\n*Two.*", "One.\n\nOther.\n\nThree."))

    assert [(m.first, m.second, m.size) for m in weave.same(0, 2)] == [(0, 0, 1), (2, 2, 1)]


def test_a_history_of_more_chunks_than_can_be_told_apart_is_woven_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "maxunicode", 0x101)  # two chunks, and no more
    history = read("One.\n\nTwo.", "Three.\n\nTwo.", "Four.\n\nTwo.")

    weave = Weave.of(history)

    assert [[strand.item.contents[0].text for strand in weave.at(n)] for n in range(3)] == [
        ["One.", "Two."],
        ["Three.", "Two."],
        ["Four.", "Two."],
    ]
