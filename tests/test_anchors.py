from __future__ import annotations

import time

import pytest
from hypothesis import given

from inforce import hypertext
from inforce.anchors import NAMELESS, Anchors
from inforce.text import is_heading
from inforce.weave import Strand, Weave
from tests.slow import QUICK
from tests.strategies import document_histories, history_law
from tests.test_weave import read


def given_to(*history: str) -> list[list[tuple[str, ...]]]:
    """The ids of the blocks of each version."""
    anchors = Anchors.of(Weave.of(read(*history)))
    return [list(anchors.ids(version)) for version in range(len(history))]


@history_law
@given(document_histories())
def test_every_block_has_an_id_and_no_two_of_a_page_are_the_same(history: list[str]) -> None:
    weave = Weave.of(read(*history))

    anchors = Anchors.of(weave)

    for version in range(len(history)):
        ids = list(anchors.ids(version))
        flat = [name for names in ids for name in names]
        assert len(flat) == len(set(flat))
        assert not any(name.startswith("_") for name in flat)
        for strand, names in zip(weave.at(version), ids, strict=True):
            assert bool(names) == (strand.item.kind not in NAMELESS)


@history_law
@given(document_histories())
def test_headings_keep_the_ids_that_their_own_text_gives_them(history: list[str]) -> None:
    texts = read(*history)
    weave = Weave.of(texts)

    anchors = Anchors.of(weave)

    for version, text in enumerate(texts):
        found = [
            names[0]
            for strand, names in zip(weave.at(version), anchors.ids(version), strict=True)
            if is_heading(strand.item)
        ]
        assert found == [heading.anchor for heading in text.headings]


@history_law
@given(document_histories())
def test_a_block_that_stands_on_keeps_its_id(history: list[str]) -> None:
    weave = Weave.of(read(*history))
    anchors = Anchors.of(weave)
    own: dict[int, str] = {}

    for version in range(len(history)):
        now: dict[int, str] = {}
        for strand, names in zip(weave.at(version), anchors.ids(version), strict=True):
            if names and not is_heading(strand.item):
                now[id(strand)] = names[0]
                assert own.get(id(strand), names[0]) == names[0]
        own = now


@history_law
@given(document_histories())
def test_an_id_leads_to_no_other_text_while_its_own_stands(history: list[str]) -> None:
    weave = Weave.of(read(*history))
    anchors = Anchors.of(weave)
    before: dict[str, Strand] = {}

    for version in range(len(history)):
        strands = list(weave.at(version))
        standing = set(map(id, strands))
        now = {name: strand for strand, names in zip(strands, anchors.ids(version), strict=True) for name in names}
        for name, strand in now.items():
            if "_" in name and name in before and before[name] is not strand:
                assert id(before[name]) not in standing
        before = now


@history_law
@given(document_histories())
def test_adding_versions_leaves_the_ids_of_earlier_ones_alone(history: list[str]) -> None:
    for many in range(1, len(history)):
        assert given_to(*history[:many]) == given_to(*history)[:many]


def test_a_block_reworded_keeps_its_id() -> None:
    first, second, third = given_to(
        "We keep your name.", "We keep your name and age.", "We may keep your name and age."
    )

    assert first == second == third


def test_a_block_moved_keeps_its_id() -> None:
    first, second = given_to(
        "One of these days we keep it.\n\nTwo.\n\nThree.\n\nFour.",
        "Two.\n\nThree.\n\nFour.\n\nOne of these days we keep it.",
    )

    assert second == [*first[1:], first[0]]


def test_another_text_in_the_place_of_a_block_has_another_id() -> None:
    first, second = given_to("We keep your name.", "Bananas are yellow, mostly.")

    assert first != second


def test_a_heading_renamed_answers_to_its_old_names() -> None:
    found = given_to("# Privacy of ours", "# Privacy of yours", "# The privacy of yours")

    assert found == [
        [("privacy-of-ours",)],
        [("privacy-of-yours", "privacy-of-ours")],
        [("the-privacy-of-yours", "privacy-of-yours", "privacy-of-ours")],
    ]


def test_an_old_name_goes_to_another_heading_that_claims_it() -> None:
    found = given_to("# Privacy of ours", "# Privacy of yours", "# Privacy of yours\n\n# Privacy of ours")

    assert found[2] == [("privacy-of-yours",), ("privacy-of-ours",)]


def test_a_new_section_before_an_older_one_of_the_same_name_takes_its_address_but_not_those_of_its_paragraphs() -> None:
    old, new = given_to("# Data\n\nWe keep names.", "# Data\n\nWe sell nothing.\n\n# Data\n\nWe keep names.")

    assert old[0] == new[0] == ("data",)
    assert new[2] == ("data-2",)
    assert old[1] == new[3] != new[1]


def test_a_heading_that_got_a_number_answers_to_it_when_it_is_gone() -> None:
    found = given_to("x\n\n# A\n\nb", "# A\n\nc\n\nx\n\n# A\n\nb", "x\n\n# A\n\nb")

    assert found[1][0] == ("a",)
    assert found[1][3] == ("a-2",)
    assert found[2][1] == ("a", "a-2")


def test_text_that_returns_has_its_id_again() -> None:
    first, second, third = given_to("One.\n\nTwo of them.", "One.", "One.\n\nTwo of them.")

    assert third == first
    assert second == first[:1]


def test_text_that_returns_beside_what_it_became_takes_another_id() -> None:
    found = given_to(
        "We keep your name.\n\nEnd.",
        "We keep your name and age.\n\nEnd.",
        "We keep your name.\n\nWe keep your name and age.\n\nEnd.",
    )

    assert found[1] == found[0]
    assert found[2][1:] == found[1]
    assert found[2][0] == (f"{found[0][0][0]}-2",)


def test_two_paragraphs_joined_answer_to_both_ids() -> None:
    one, two = "We keep your name for ten days.", "After that it is deleted from our files."

    first, second = given_to(f"{one}\n\n{two}", f"{one} {two}")

    assert second == [(first[0][0], first[1][0])]


def test_what_says_the_same_is_numbered() -> None:
    [[one, two]] = given_to("Yes.\n\nNo.\n\nYes.".replace("\n\nNo.", ""))

    assert two == (f"{one[0]}-2",)


def test_however_often_a_text_says_the_same_it_is_numbered_in_time() -> None:
    weave = Weave.of(read("\n\n".join(["Yes."] * 25_000)))
    begun = time.process_time()

    anchors = Anchors.of(weave)

    assert time.process_time() - begun < QUICK
    assert len(set(anchors.ids(0))) == 25_000


def test_a_heading_that_becomes_a_paragraph_answers_to_both() -> None:
    first, second, third = given_to("# We keep your name here", "We keep your name here", "# We keep your name here")

    assert first == [("we-keep-your-name-here",)]
    assert second[0][1] == "we-keep-your-name-here"
    assert third == first


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# A *b*", '<h1 id="a-b"><a class="here" href="#a-b">A <em>b</em></a></h1>\n'),
        ("# A [b](c)", '<h1 id="a-b">A <a href="c">b</a></h1>\n'),
        ("a", '<p id="p_0">a</p>\n'),
        (
            "- a\n- b\n  - c",
            '<ul>\n<li id="p_0">a</li>\n<li id="p_1">b\n<ul>\n<li id="p_2">c</li>\n</ul>\n</li>\n</ul>\n',
        ),
        ("- a\n\n- b", '<ul>\n<li>\n<p id="p_0">a</p>\n</li>\n<li>\n<p id="p_1">b</p>\n</li>\n</ul>\n'),
        ("- > a\n  b", '<ul>\n<li>\n<blockquote>\n<p id="p_0">a\nb</p>\n</blockquote>\n</li>\n</ul>\n'),
        (
            "- # a\n  b",
            '<ul>\n<li>\n<h1 id="a"><a class="here" href="#a">a</a></h1>\n<span id="p_1"></span>b</li>\n</ul>\n',
        ),
        (
            "| a |\n|---|\n| b |",
            (
                '<table>\n<thead>\n<tr id="p_0">\n<th>a</th>\n</tr>\n</thead>\n'
                '<tbody>\n<tr id="p_1">\n<td>b</td>\n</tr>\n</tbody>\n</table>\n'
            ),
        ),
        ("    a\n\n***", '<pre id="p_0"><code>a\n</code></pre>\n<hr />\n'),
    ],
)
def test_blocks_bear_their_ids(text: str, html: str) -> None:
    anchors = Anchors.of(Weave.of([read(text)[0]]))
    found = read(text)[0]

    written = hypertext.article(found, None, anchors.versions[0])

    for number, names in enumerate(anchors.ids(0)):
        for name in names:
            written = hypertext.Html(written.replace(name, f"p_{number}") if "_" in name else written)
    assert written == html


def test_former_ids_stand_within_a_block() -> None:
    text = read("# A\n\n- b\n\n| c |\n|---|")[0]

    written = hypertext.article(text, None, [(("a", "x"),), (("p_1", "y"),), (("p_2", "z"),)])

    assert written == (
        '<h1 id="a"><a class="here" href="#a"><span id="x"></span>A</a></h1>\n'
        '<ul>\n<li id="p_1"><span id="y"></span>b</li>\n</ul>\n'
        '<table>\n<thead>\n<tr id="p_2">\n<th><span id="z"></span>c</th>\n</tr>\n</thead>\n</table>\n'
    )


def test_a_chunk_with_the_same_ids_is_written_once() -> None:
    first, second = read("One.\n\nTwo.", "One.\n\nThree, which is new.")
    anchors = Anchors.of(Weave.of([first, second]))

    one, two = (hypertext.article(text, None, ids) for text, ids in zip((first, second), anchors.versions, strict=True))

    assert first.chunks[0] is second.chunks[0]
    assert len(first.chunks[0].memo) == 1
    assert one.split("\n")[0] == two.split("\n")[0]
