from __future__ import annotations

import gc
import random
import time
import weakref
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from inforce import hypertext, markdown
from inforce.errors import TextError
from inforce.markdown import Reader, allowed, parse, split
from tests.slow import QUICK
from tests.strategies import law

if TYPE_CHECKING:
    from inforce.text import Text
    from tests.conftest import Parsed

PIECES = (
    "- a", "-", "- ", "* b", "1. x", "2) y", "10. z", "> q", ">", "> - k", "```", "~~~", "    code", "\tcode", "  two",
    "# H", "H\n==", "***", "| a | b |", "|---|:-:|", "| c | d | e |", "[r]: /u 't'", "[r]", '![i](x.png "t")',
    "![a *b* `c`\nd](y)", "[l](http://e.x/a?b=1&c=2 'T')", "[e]()", "*e*", "***b***", "`c `` d`", "a  \nb", "a \n  b",
    "a\\\nb", "&amp; &copy;", "\\* \\[", "<b>raw</b>", "<http://a.b/\u00fc>", "word", "- [l](a)\n\n  para",
    "     - deep",
    "\u00a0x\u00a0", "1. a\n   - b\n     > c", "*a*b*c*", "[a [b](c) d](e)", "[x](java&#115;cript:a)", "-\n\n  foo",
    "\t",
)  # fmt: skip
"""What trips readers of Markdown that look at a piece alone."""

gaps = st.sampled_from(["\n", "\n\n", "\n\n\n", "\n \n", " ", "\n  "])
sources = st.lists(st.builds("{}{}".format, st.sampled_from(PIECES), gaps), max_size=8).map("".join)
"""The Markdown of a text made of such pieces."""


def html(text: Text) -> str:
    return "".join(hypertext.chunk_html(chunk) for chunk in text.chunks)


def reference(source: str) -> str:
    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(source))


@law
@given(sources)
def test_a_text_renders_as_markdown_it_renders_it(source: str) -> None:
    assert html(parse(source)) == reference(source)


@pytest.mark.parametrize("space", [" ", "\t", "\xa0", "\u2009", "\x1d", "\x1c", "\x0c", "\x85"])
def test_the_language_of_code_ends_where_markdown_it_ends_it(space: str) -> None:
    source = f"```{space}one{space}two\nx\n```\n"

    assert html(parse(source)) == reference(source)


def test_many_texts_read_by_one_reader_render_as_they_do_alone() -> None:
    chance = random.Random(1)  # noqa: S311  # no secret
    reader = Reader(strict=False)
    for _ in range(300):
        source = "".join(
            chance.choice(PIECES) + chance.choice(["\n", "\n\n", "\n  "]) for _ in range(chance.randrange(1, 9))
        )

        assert html(reader.read(source)) == reference(source)


@law
@given(sources)
def test_the_pieces_of_a_text_are_the_text(source: str) -> None:
    assert "".join(split(source)) == source


def test_a_reader_reads_each_distinct_piece_once() -> None:
    reader = Reader()

    one, two = reader.read("A.\n\nB.\n\nC."), reader.read("A.\n\nX.\n\nC.\n")

    assert [a is b for a, b in zip(one.chunks, two.chunks, strict=True)] == [True, False, True]


def test_no_piece_and_no_line_of_words_is_parsed_twice(parsed: Parsed) -> None:
    clauses = [f"Clause *{k}* reads so.\n\n- {k}\n- *ten*\n\n" for k in range(20)]
    reader = Reader()

    for k in range(30):
        reader.read("# Terms\n\n" + "".join(clauses[:k] + clauses[k + 1 :]))

    numbers = range(20)
    assert sorted(parsed.pieces) == sorted(
        ["# Terms\n", *(f"Clause *{k}* reads so.\n" for k in numbers), *(f"- {k}\n- *ten*\n" for k in numbers)]
    )
    assert sorted(parsed.words) == sorted(["*ten*", *(f"Clause *{k}* reads so." for k in numbers)])


def test_line_ends_of_other_systems_and_nuls_are_read_over() -> None:
    assert html(parse("a\r\nb\rc\0")) == "<p>a\nb\nc\ufffd</p>\n"


@pytest.mark.parametrize(
    "target", ["http://a.b", "HTTPS://a.b", "mailto:a@b.c", "tel:+1", "/a:b", "a/b:c", "#x:y", "?a:b", "a", "", "//a.b"]
)
def test_targets_a_policy_may_link_to(target: str) -> None:
    assert allowed(target)


@pytest.mark.parametrize(
    "target",
    ["javascript:a", "JaVaScRiPt:a", "java\tscript:a", "\x01javascript:a", "java%0Ascript:a", "vbscript:a", "file:///a",
     "data:text/html,a", "data:image/png;base64,a", "blob:a", "view-source:a", "ms-settings:a"],
)  # fmt: skip
def test_targets_a_policy_may_not_link_to(target: str) -> None:
    assert not allowed(target)


def test_a_link_that_is_not_allowed_is_shown_as_it_is_written() -> None:
    assert html(parse("[c](java&#115;cript:alert(1)) <ftp://a.b>")) == (
        "<p>[c](javascript:alert(1)) &lt;ftp://a.b&gt;</p>\n"
    )


def test_a_picture_may_stand_in_the_text_itself_but_no_link_leads_into_it() -> None:
    data = "data:image/png;base64,AAAA"

    assert html(parse(f"![a]({data})")) == f'<p><img src="{data}" alt="a" /></p>\n'
    assert html(parse(f"[a]({data})")) == f"<p>[a]({data})</p>\n"
    assert html(parse(f"![a][b]\n\n[b]: {data}")) == f"<p>![a][b]</p>\n<p>[b]: {data}</p>\n"


@pytest.mark.parametrize(
    ("source", "line", "code"),
    [
        ("x" * (markdown.SIZE + 1), 1, "text-too-long"),
        ("a\n\n" + "|a" * 1000 + "|\n" + "|-" * 1000 + "|\n" + "|x|\n" * 100, 4, "table-too-large"),
        ("a\n\n" + ">" * 30 + " b", 3, "nested-too-deep"),
        ("\n".join("  " * k + "- x" for k in range(30)), 10, "nested-too-deep"),
        ("```\n```\n\n" + ">" * 30 + " b", 4, "nested-too-deep"),
        ("[a]: /" + "u" * 3000 + "\n\n" + "[a] " * 3000, 1, "link-definitions-too-long"),
    ],
)
def test_what_is_beyond_the_limits_is_told_with_its_line_and_a_way_out(source: str, line: int, code: str) -> None:
    with pytest.raises(TextError) as raised:
        Reader().read(source)

    assert (raised.value.line, raised.value.code) == (line, code)
    assert raised.value.remedy.endswith(".")


@pytest.mark.parametrize("source", [">" * 30 + " b", "- " * 2000 + "x", "|a\n|-|\n|b|\n\n|-|-|"])
def test_what_is_within_the_limits_or_read_without_them_is_no_error(source: str) -> None:
    assert html(parse(source, strict=False)) == reference(source)


@pytest.mark.parametrize(
    "source",
    ["|-|\n\n" * 20_000 + "\n" * 400_000, " " * 100_000 + "x|-", "-" + " " * 100_000 + "x|-"],
    ids=["ruled lines", "blanks", "blanks after a marker"],
)
def test_tables_are_counted_in_a_time_that_grows_with_the_text_alone(source: str) -> None:
    begun = time.process_time()

    Reader().read(source)

    assert time.process_time() - begun < QUICK


def test_definitions_far_beyond_the_limits_are_shown_as_they_are_used() -> None:
    text = parse("[a]: /" + "u" * 9000 + "\n\n" + "[a] " * 9000, strict=False)

    assert text.links == ()


def test_equal_pieces_of_texts_with_definitions_are_told_apart_by_where_they_lead() -> None:
    one, two = parse("See [a].\n\n[a]: /b"), parse("See [a].\n\n[a]: /c")

    assert one.chunks[0].key != two.chunks[0].key
    assert parse("See [a].\n\n[a]: /b").chunks[0].key == one.chunks[0].key


def test_lines_are_counted_through_the_text() -> None:
    text = parse("# A\n\nx\n\n\n# B\n\n```\n# no\n```\n\n# C\n\n- y\n\n  # D")

    assert [(heading.words, heading.line) for heading in text.headings] == [("A", 1), ("B", 6), ("C", 12), ("D", 16)]


def test_a_picture_in_the_words_of_a_picture_is_spelt_by_its_own_words() -> None:
    assert html(parse("![a ![b *c*](d.png)](e.png)")) == '<p><img src="e.png" alt="a b c" /></p>\n'


def test_a_reader_is_let_go_of_at_once() -> None:
    reader = Reader()
    reader.read("We keep ![names](names.png).")
    left = weakref.ref(reader)
    gc.disable()
    try:
        del reader

        assert left() is None  # and all that it has read
    finally:
        gc.enable()
