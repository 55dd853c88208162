from __future__ import annotations

import gc
import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

import inforce
from inforce import align, hypertext, markup, redline
from inforce.markdown import Reader
from inforce.weave import Weave
from tests.sides import side
from tests.strategies import document_histories, documents, history_law, law

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def cases() -> Iterator[tuple[str, list[str], str]]:
    """Cases in prose: what they show, two or more versions, and the redline of the first and the last."""
    for case in Path(__file__).with_name("cases").joinpath("redline.md").read_text(encoding="utf-8").split("\n..\n"):
        if case.strip():
            title, *versions, expected = case.split("\n.\n")
            yield title, versions, expected


@pytest.mark.parametrize(("versions", "expected"), [pytest.param(v, e, id=t) for t, v, e in cases()])
def test_a_case_reads_as_it_is_written(versions: list[str], expected: str) -> None:
    reader = Reader()
    texts = [reader.read(version) for version in versions]

    found = markup.redline(texts[0], texts[-1], Weave.of(texts).same(0, len(texts) - 1))

    assert found.text().rstrip("\n") == expected


@pytest.mark.parametrize("versions", [pytest.param(v, id=t) for t, v, _ in cases()])
def test_each_case_holds_both_its_versions(versions: list[str]) -> None:
    html = inforce.compare(versions[0], versions[-1]).html()

    assert side(html, "ins") == side(hypertext.article(inforce.parse(versions[0])), "ins")
    assert side(html, "del") == side(hypertext.article(inforce.parse(versions[-1])), "del")


@law
@given(documents, documents)
def test_a_redline_holds_both_its_versions(old: str, new: str) -> None:
    html = inforce.compare(old, new).html()

    assert side(html, "ins") == side(hypertext.article(inforce.parse(old)), "ins")
    assert side(html, "del") == side(hypertext.article(inforce.parse(new)), "del")


@history_law
@given(document_histories())
def test_a_redline_of_neighbours_holds_both(history: list[str]) -> None:
    for old, new in itertools.pairwise(history):
        html = inforce.compare(old, new).html()

        assert side(html, "ins") == side(hypertext.article(inforce.parse(old)), "ins")
        assert side(html, "del") == side(hypertext.article(inforce.parse(new)), "del")


@law
@given(documents)
def test_a_version_has_not_changed_from_itself(text: str) -> None:
    found = inforce.compare(text, text)

    assert found.changes == ()
    assert found.html() == hypertext.article(inforce.parse(text))


@history_law
@given(document_histories())
def test_texts_read_before_give_the_same_redline(history: list[str]) -> None:
    old, new = history[0], history[-1]

    assert inforce.compare(inforce.parse(old), inforce.parse(new)).html() == inforce.compare(old, new).html()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("x\n\n---\n\ny", "x\n\ny", ("* * *", "")),
        ("x", "x\n\n![](seal.png)", ("", "seal.png")),
        ("x", "x\n\n![Our\nseal](seal.png)", ("", "Our seal")),
        ("x ![](seal.png) y", "x y", ("seal.png", "")),
        ("x ![](seal.png) y", "x stamp y", ("seal.png", "stamp")),
        ("x\n\n```\n```", "x", ("…", "")),
    ],
)
def test_what_has_no_words_is_told_in_the_list_by_what_it_shows(old: str, new: str, told: tuple[str, str]) -> None:
    (change,) = inforce.compare(old, new).changes

    assert (change.before, change.after) == told


def test_the_list_of_changes_says_where_what_and_how() -> None:
    found = inforce.compare(
        "# A\n\nKept 30 days, see [terms](/a).\n\n## B\n\nGone with it.\n",
        "# A\n\nKept 60 days, see [terms](/b).\n\n### B\n\nPut in instead, all of it.\n",
    )

    assert found.changes == (
        redline.Change(("words", "link"), "changed", "A", "_c1", "30", "60", (("/a", "/b"),)),
        redline.Change(("level",), "changed", "B", "_c2", "B", "B"),
        redline.Change(("words",), "removed", "B", "_c3", "Gone with it.", ""),
        redline.Change(("words",), "added", "B", "_c4", "", "Put in instead, all of it."),
    )
    assert found.counts == {"sections": 2, "words": 3, "link": 1, "level": 1}
    assert found.changes[0].kind == "words"


def test_the_words_of_a_change_are_cut_between_two_words() -> None:
    long = "word " * 40

    found = inforce.compare("A.", f"A.\n\n{long}")

    assert found.changes[0].after == ("word " * 18).strip() + " \u2026"


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("see [a](/b)", "see a", "/b", ""),
        ("![a](b.png)", "![a](c.png)", "b.png", "c.png"),
        ("![a](b.png)", "![c](b.png)", "a", "c"),
        ('see [a](/b "c")', 'see [a](/b "d")', "c", "d"),
        ("so **it** is", "so it is", "it", "it"),
        ("1. one\n2. two", "5. one\n6. two", "1", "5"),
        ("- one\n- two", "- one\n  - two", "two", "two"),
        ('so **"it"** is', "so \u201cit\u201d is", '"', "\u201c"),
        ('a "b"', "a \u201cb\u201d", '"', "\u201c"),
        ("one two. three four.", "one two.\n\nthree four.", "three four.", "three four."),
    ],
)
def test_a_change_that_is_none_of_words_is_known_by_what_changed(old: str, new: str, before: str, after: str) -> None:
    found = inforce.compare(old, new).changes[-1]

    assert (found.before, found.after) == (before, after)


def test_of_several_links_that_changed_in_a_block_each_target_is_told_once() -> None:
    old = "See [a](/a), [b](/b), [*c* of](/c) and [d](/d) so."
    new = "See [a](/e), [b](/f), [*c* of](/g) and d so."

    (links,) = inforce.compare(old, new).changes
    (both,) = inforce.compare(old, new.replace(" so.", " thus.")).changes

    targets = (("/a", "/e"), ("/b", "/f"), ("/c", "/g"), ("/d", ""))
    assert ((links.before, links.after), *links.also) == targets
    assert ((both.before, both.after), both.also) == (("so", "thus"), targets)


def test_what_moved_together_is_one_change() -> None:
    section = "# Cookies\n\nWe set one cookie, and it is gone.\n\n- at once\n- with the window\n"
    rest = "# Records\n\nWe keep your records for as long as the law asks us to keep them, and then some more.\n"

    found = inforce.compare(f"{section}\n{rest}", f"{rest}\n{section}")

    assert [(change.kinds, change.state) for change in found.changes] == [(("moved",), "moved")]
    assert 'href="#_from1">moved from the beginning</a>' in found.html()


def test_a_section_that_changed_a_little_stays_and_a_shorter_one_that_did_not_moves() -> None:
    long = "\n\n".join(f"Clause {k} of the long section says that we keep item {k} for {k} years." for k in range(8))
    short = "\n\n".join(f"Clause {k} of the short one." for k in range(6))
    old = f"# Long\n\n{long}\n\n# Short\n\n{short}"
    new = f"# Short\n\n{short}\n\n# Long\n\n{long}".replace("years", "months")

    moved = [change for change in inforce.compare(old, new).changes if change.state == "moved"]

    assert [change.section for change in moved] == ["Short"]


def test_what_stands_before_a_section_that_stays_is_paired_as_before() -> None:
    long = "\n\n".join(f"Clause {k} of the long section says that we keep item {k} for {k} years." for k in range(8))
    short = "\n\n".join(f"Clause {k} of the short one." for k in range(6))
    old = f"We keep names.\n\nThis stands.\n\n# Long\n\n{long}\n\n# Short\n\n{short}"
    new = f"We keep all names.\n\nThis stands.\n\n# Short\n\n{short}\n\n# Long\n\n{long}".replace("years", "months")

    changes = inforce.compare(old, new).changes

    assert [change.section for change in changes if change.state == "moved"] == ["Short"]
    assert changes[0].state == "changed"


def test_a_heading_without_words_is_like_nothing_else() -> None:
    states = [change.state for change in inforce.compare("#\n\nOne two three.", "One two four.").changes]

    assert states == ["removed", "changed"]


def test_a_heading_without_words_is_no_change_of_level() -> None:
    assert [change.state for change in inforce.compare("#\n\nOne two.", "##\n\nOne three.").changes] == ["changed"]


def test_words_that_were_too_many_are_told_of_however_often_they_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(align, "LIMIT", 400)
    long = "\n\n".join(f"Clause {k} of the long section says that we keep item {k} for {k} years." for k in range(8))
    short = "\n\n".join(f"Clause {k} of the short one." for k in range(6))
    one, two = ("".join(f"{letter}{k} " for k in range(30)) for letter in "ab")
    old = f"{one}\n\nThis stands.\n\n# Long\n\n{long}\n\n# Short\n\n{short}"
    new = f"{two}\n\nThis stands.\n\n# Short\n\n{short}\n\n# Long\n\n{long}".replace("years", "months")

    assert inforce.compare(old, new).capped


def test_words_beyond_the_limit_are_taken_out_and_put_in_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(align, "LIMIT", 4)

    found = inforce.compare("one two three four five six", "six five four one two three")

    assert found.capped
    assert found.text() == "[-one two three four five six-]\n\n{+six five four one two three+}\n"


def test_a_wide_gap_is_searched_by_what_its_blocks_share() -> None:
    old = "\n\n".join(f"Number {k} is about thing {k * 7} and no other thing than thing {k * 7}." for k in range(60))
    new = "\n\n".join(f"Number {k} is about thing {k * 7} and on no other thing than {k * 7}." for k in range(60))

    found = inforce.compare(old, new)

    assert {change.state for change in found.changes} == {"changed"}


def test_code_of_which_only_white_space_changed_has_changed_its_form() -> None:
    assert [change.kinds for change in inforce.compare("    a b", "    a  b").changes] == [("format",)]


def test_a_rule_that_is_gone_is_a_change() -> None:
    found = inforce.compare("a\n\n***\n\nb", "a\n\nb").changes

    assert [(change.kinds, change.state) for change in found] == [(("words",), "removed")]


def test_an_item_without_words_comes_and_goes_unseen() -> None:
    assert inforce.compare("- a b c\n-\n- d e f", "- a b c\n- d e f").changes == ()
    assert inforce.compare("- a b c\n- d e f", "- a b c\n-\n- d e f").changes == ()


def test_what_is_gone_stands_where_it_breaks_no_list() -> None:
    found = inforce.compare("- a b c\n\nGone with the wind.\n\n1. d e f", "- a b c\n- new one here\n\nx\n\n1. d e f g")

    assert found.text() == "- a b c\n- {+new one here+}\n\n[-Gone with the wind.-]\n\n{+x+}\n\n1. d e f {+g+}\n"


@pytest.mark.parametrize("look", [gc.enable, gc.disable])
def test_python_looks_for_rubbish_after_a_comparison_as_it_did_before(
    look: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bool] = []
    monkeypatch.setattr(markup, "redline", lambda *_: told.append(gc.isenabled()))
    look()
    before = gc.isenabled()
    try:
        inforce.compare("a", "b")

        assert (told, gc.isenabled()) == ([False], before)
    finally:
        gc.enable()


def test_a_comparison_leaves_no_rubbish() -> None:
    old, new = (inforce.parse(f"# One\n\n- we *{word}* names\n\nAnd [more](to/{word})") for word in ("keep", "sell"))
    inforce.compare(old, new)
    while gc.collect():  # what other tests left may leave more
        pass
    gc.disable()
    try:
        inforce.compare(old, new)

        assert gc.collect() == 0
    finally:
        gc.enable()
