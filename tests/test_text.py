from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inforce.markdown import Reader, parse
from inforce.text import WIDE, Content, Heading, Image, Link, Run, plain, plainest
from inforce.unseen import JOINERS, NO_WIDTH
from tests.strategies import law


def anchors(*headings: str) -> list[str]:
    return [heading.anchor for heading in parse("\n\n".join(f"# {words}" for words in headings)).headings]


def test_a_heading_has_an_anchor_of_its_words() -> None:
    assert parse("x\n\n## What *we* keep, & why").headings == (
        Heading(2, "What we keep, & why", "what-we-keep-why", 3),
    )


def test_headings_of_the_same_words_take_the_next_free_number() -> None:
    assert anchors("Cookies", "Cookies", "Cookies 1", "Cookies", "Cookies 2", "Cookies") == [
        "cookies",
        "cookies-3",
        "cookies-1",
        "cookies-4",
        "cookies-2",
        "cookies-5",
    ]


@pytest.mark.parametrize(
    ("words", "anchor"),
    [
        ("\u5229\u7528\u898f\u7d04", "\u5229\u7528\u898f\u7d04"),
        ("_Snake_ case_here", "snake-casehere"),
        ("\\*\\*\\*", "section"),
        ("Cafe\u0301 & Co", "caf\u00e9-co"),
        ("\u0928\u0940\u0924\u093f", "\u0928\u0940\u0924\u093f"),
        ("1.2 Fees", "12-fees"),
    ],
)
def test_an_anchor_is_made_of_letters_digits_and_hyphens(words: str, anchor: str) -> None:
    assert anchors(words) == [anchor]


@law
@given(st.lists(st.sampled_from(["A", "A 2", "a-2", "A 3", "A 2 2", "B", "*", "section"]), max_size=12))
def test_no_two_anchors_are_the_same(headings: list[str]) -> None:
    found = anchors(*headings)

    assert len(set(found)) == len(headings)


def test_links_and_images_bear_their_targets_words_and_lines() -> None:
    text = parse("Top.\n\n- see [our *terms*](/terms)\n- [](/nothing)\n\n![a\nseal](seal.png)\n\n[![x](y.png)](/z)")

    assert text.links == (Link("/terms", "our terms", 3), Link("/nothing", "", 4), Link("/z", "x", 9))
    assert text.images == (Image("seal.png", "a\nseal", 6), Image("y.png", "x", 9))


def test_a_text_knows_where_raw_html_is_shown_as_text() -> None:
    text = parse("Fine `<b>` \\<b> 1 < 2.\n\n<!-- a\ncomment -->\n\n- x\n- y <br> z\n\n```\n<i>\n```\n\n<script>\n")

    assert text.raw_html == (3, 7, 13)


@pytest.mark.parametrize(
    "source",
    [
        "<https://example.com/a> <me@example.com>",
        "[a](<Our Terms.md>)",
        '[a](b.md "a <b> c")',
        "[a]: <b> 'c <i> d'\n\n[a]",
        "`<b>` \\<b> &lt;b>",
    ],
)
def test_pointed_brackets_of_links_of_code_and_of_escapes_are_no_html(source: str) -> None:
    assert parse(source).raw_html == ()


def test_html_in_the_words_of_links_pictures_and_cells_is_shown_as_text() -> None:
    text = parse("[a <b>](/x)\n![c <i>](d.png) *e\nf <u>*\n\n| a |\n|---|\n| <b> |\n\n[g <b>][h]\n\n[h]: <i>")

    assert text.raw_html == (1, 2, 3, 7, 9)


@pytest.mark.parametrize(
    "written",
    [
        "[a](../Our Terms/x.md)",
        "[a](javascript:alert(1))",
        "[a](ftp://example.com)",
        "[a](#our data)",
        "[*a*](privacy policy.md)",
        "![a](the seal.png)",
        "[a](<b",
        "[a](https://example.com and then",
        "[a][nope]",
        "[[a](b c/d)](/e)",
        "[a][nope]\n\n[b]: /c",
    ],
)
def test_a_text_knows_where_what_should_be_a_link_is_shown_as_text(written: str) -> None:
    text = parse(f"Fine.\n\n- x\n  y {written}\n")

    assert text.raw_links == (4,)


@pytest.mark.parametrize(
    "written",
    [
        "[a](b.md)",
        "`[a](b c/d)`",
        "\\[a\\](b c/d)",
        "[sic](emphasis added)",
        "[...](see no. 12 above)",
        "as was said[1][2] and[^a][^b]",
        "[ ][ ]",
        "a ][ b",
        "[a][b]\n\n[b]: /c",
    ],
)
def test_brackets_that_mean_themselves_are_no_links_gone_wrong(written: str) -> None:
    assert parse(written).raw_links == ()


def test_the_same_words_are_a_link_where_their_name_is_known_and_none_where_it_is_not() -> None:
    reader = Reader()
    texts = ["See [a][b].\n", "See [a][b].\n\n[b]: /c\n", "See [a][b].\n\n[d]: /e\n", "X.\n\nSee [a][b].\n"]

    assert [reader.read(one).raw_links for one in texts] == [(1,), (), (1,), (3,)]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("a b\n\n- c\n- d", "a\nb\n\n\n* c\n* d\n"),
        ("# A\n\nx *y* z", "A\n===\n\nx\n*y*\nz"),
        ("same", "same"),
        ("a\n\nb\n\nc", "a\n\n b\n\nc"),
        ("a\n\nb\n\nc", "a\n\nb \n\nc"),
    ],
)
def test_white_space_makes_no_other_text(one: str, two: str) -> None:
    assert parse(one).renders_like(parse(two))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("a", "b"),
        ("*a*", "**a**"),
        ("*a* *b*", "*a b*"),
        ("[a](/b)", "[a](/c)"),
        ("![a](b)", "![a](c)"),
        ("- a\n- b", "1. a\n2. b"),
        ("1. a", "2. a"),
        ("- a\n- b", "- a\n\n- b"),
        ("- a\n  - b", "- a\n- b"),
        ("a\\\nb", "a\nb"),
        ("|a|\n|-|", "|a|\n|:-|"),
        ("```x\na\n```", "```y\na\n```"),
    ],
)
def test_all_else_makes_another_text(one: str, two: str) -> None:
    assert not parse(one).renders_like(parse(two))


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("It's $1,250.00 by 2024-03-01.", ["It", "'", "s", "$", "1,250.00", "by", "2024-03-01", "."]),
        ("Section 4.2(b), 24/7 and 10:30", ["Section", "4.2(b)", ",", "24/7", "and", "10:30"]),
        ("\u4e09\u5341\u5929ok", ["\u4e09", "\u5341", "\u5929", "ok"]),
        ("da\u00adta\u200b base", ["data", "base"]),
        ("a \u200b b", ["a", "b"]),
        ("a\x1cb \x1f.", ["a", "b", "."]),
        ("foo*bar*", ["foobar"]),
        ("\u201ca\u201d \u2013 b", ['"', "a", '"', "-", "b"]),
        ("\u0928\u0940\u0924\u093f 3.5\u0967", ["\u0928\u0940\u0924\u093f", "3.5\u0967"]),
    ],
)
def test_words_are_whole(markdown: str, words: list[str]) -> None:
    assert list(next(parse(markdown).blocks).contents[0].words.keys) == words


def word_of_any_script() -> re.Pattern[str]:
    """A word by a pattern that names every mark and every wide character."""
    marks = "".join(re.escape(chr(c)) for c in range(0x10000) if unicodedata.category(chr(c))[0] == "M")
    letter = rf"(?:(?![{WIDE}])[\w{marks}{NO_WIDTH}{JOINERS}])"
    digits = rf"(?![{WIDE}])\d{letter}*"
    number = rf"{digits}(?:[.,:/'\u2019\u2013\u2011-]{digits})*(?:\(\w{{1,4}}\)(?!{letter}))*"
    return re.compile(rf"{number}|[{WIDE}][{marks}{NO_WIDTH}{JOINERS}]*|{letter}+|\S")


WORD = word_of_any_script()
LETTERS = (
    "a1_ .,-'\u2019()"
    "\u0301\u00ad\u200d\u0e01\u0e31\u0e50\u2e80\u3005\u30a2\u3099\ud55c\u0628\u064b\u0663\U00020000\U0001f1e6"
)


@law
@given(st.text(st.sampled_from(LETTERS) | st.characters(exclude_categories=["Cs"])))
def test_the_words_of_any_script_are_those_of_a_pattern_that_names_every_character(letters: str) -> None:
    words = Content(letters, (Run(0, letters),)).words

    found = [(key, *match.span()) for match in WORD.finditer(letters) if (key := plainest(match[0]))]
    assert list(zip(words.keys, words.starts, words.ends, strict=True)) == found


def test_a_word_of_several_dresses_wears_them_all() -> None:
    looks = next(parse("foo*bar* [x](y)").blocks).contents[0].words.looks

    assert looks[0].formats == {"em:3"}
    assert looks[1].link == ("y", "")


def test_the_plainest_form_of_a_word_has_no_curls() -> None:
    assert plainest("\u2018e\u0301\u00ad\u2019") == "'\u00e9'"
    assert plainest("\u00ad") == ""


def test_the_words_of_a_row_are_those_of_its_cells() -> None:
    assert [plain(block) for block in parse("| a | ![b](c) |\n|---|---|\n").blocks] == ["a b"]
