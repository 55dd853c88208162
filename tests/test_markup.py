from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import inforce
from inforce import hypertext, markup
from inforce.markdown import parse


def html(old: str, new: str) -> str:
    """A redline without the words that explain it."""
    quiet = markup.Notes()
    out = str(inforce.compare(old, new).html(ids=False, notes=quiet))
    for note in ("[deleted: ", "[inserted: ", "deleted: ", "inserted: ", "]"):
        out = out.replace(f'<span class="note" data-note>{note}</span>', "")
    return out


def test_headings_of_an_article_bear_their_anchors() -> None:
    assert hypertext.article(parse("# A\n\nb\n\n> ## A")) == (
        '<h1 id="a">A</h1>\n<p>b</p>\n<blockquote>\n<h2 id="a-2">A</h2>\n</blockquote>\n'
    )


def test_html_goes_into_a_template_as_it_is() -> None:
    found = hypertext.article(parse("<b>"))

    assert found.__html__() == "<p>&lt;b&gt;</p>\n"


def test_every_target_of_an_article_goes_through_address() -> None:
    found = hypertext.article(parse("[a](b) ![c](d) [e](#f)\n\nplain"), lambda target: f"../{target}")

    assert found == '<p><a href="../b">a</a> <img src="../d" alt="c" /> <a href="../#f">e</a></p>\n<p>plain</p>\n'


def test_words_of_an_article_stand_in_each_element_once() -> None:
    found = hypertext.article(parse("*a **b** c* d [](e) f"))

    assert found == '<p><em>a <strong>b</strong> c</em> d <a href="e"></a> f</p>\n'


def test_a_text_below_the_title_of_a_page_has_lower_headings_and_no_styles_of_its_own() -> None:
    text = parse('# A\n\n###### B\n\n| C |\n|:-:|\n\nd\\\ne < "/>"')

    assert hypertext.fitted(hypertext.article(text), text) == (
        '<h2 id="a">A</h2>\n<h6 id="b">B</h6>\n'
        '<div class="table" role="group" aria-label="Table" tabindex="0"><table>\n<thead>\n<tr>\n'
        '<th class="center">C</th>\n</tr>\n</thead>\n</table></div>\n'
        "<p>d<br>\ne &lt; &quot;/&gt;&quot;</p>\n"
    )


def test_headings_that_are_lower_than_the_title_of_a_page_stay_as_they_are() -> None:
    text = parse("## A")

    assert hypertext.fitted(hypertext.article(text), text) == '<h2 id="a">A</h2>\n'


def test_a_fragment_has_no_headings() -> None:
    assert hypertext.fragment(parse("# A *b*\n\nc")) == "<p><strong>A <em>b</em></strong></p>\n<p>c</p>\n"


def test_the_plain_words_of_a_text_are_one_line() -> None:
    assert hypertext.plain(parse("# A\n\n- b\n- [c](d)\n\n***\n\n![e](f)")) == "A b c e"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Kept 30 days.", "Kept 60 days.", '<p class="changed" id="_c1">Kept <del>30</del> <ins>60</ins> days.</p>\n'),
        ("a, b", "a x, b", '<p class="changed" id="_c1">a<ins> x</ins>, b</p>\n'),
        ("a x, b", "a, b", '<p class="changed" id="_c1">a<del> x</del>, b</p>\n'),
        ("a b", "a-b", '<p class="changed" id="_c1">a<del> </del><ins>-</ins>b</p>\n'),
        ("", "a", '<p class="changed added" id="_c1"><ins>a</ins></p>\n'),
        ("a", "", '<p class="changed removed" id="_c1"><del>a</del></p>\n'),
        ("***", "", '<del class="changed removed" id="_c1"><hr /></del>\n'),
        ("", "***", '<ins class="changed added" id="_c1"><hr /></ins>\n'),
        ("[a](/b)", "[a](/c)", '<p class="changed" id="_c1"><a href="/c" data-change="link" data-was="/b">a</a></p>\n'),
        ("a", "[a](/c)", '<p class="changed" id="_c1"><a href="/c" data-change="link">a</a></p>\n'),
        ("[a](/b)", "a", '<p class="changed" id="_c1"><span data-change="link" data-was="/b">a</span></p>\n'),
        ("a b", "a *b*", '<p class="changed" id="_c1">a <em data-change="format">b</em></p>\n'),
        ("a *b*", "a b", '<p class="changed" id="_c1">a<span data-change="format"> b</span></p>\n'),
        (
            "![a](b)",
            "![c](d 'e')",
            ('<p class="changed" id="_c1"><img src="d" alt="c" title="e" data-change="image" data-was="b" />'
            '<span class="sign" data-note>(was: a)</span></p>\n'),
        ),
        (
            "it's",
            "it\u2019s",
            ('<p class="changed" id="_c1">it<del data-change="typography">\'</del>'
            '<ins data-change="typography">\u2019</ins>s</p>\n'),
        ),
        (
            "See: ![a](p/b.png?c=d)",
            "See: ![a](/e)",
            ('<p class="changed" id="_c1">See: <img src="/e" alt="a" data-change="image" data-was="p/b.png?c=d" />'
            '<span class="sign" data-note>(was: b.png)</span></p>\n'),
        ),
        ("## A", "# A", ('<h1 class="changed" id="_c1" data-change="level" data-old="h2"><span class="note" data-note>'
            "level changed: </span>A</h1>\n")),
        ("- a\n- b", "- a\n  - b", ('<ul>\n<li>\na\n<ul>\n<li>\n<div class="changed" id="_c1" data-change="level" '
            'data-depth="1"><span class="note" data-note>level changed: </span>b</div>\n</li>\n</ul>\n</li>\n</ul>\n')),
        (
            "1. a\n2. b\n3. c",
            "1. a\n2. c",
            ('<ol>\n<li value="1">\na\n</li>\n<li class="uncounted">\n'
             '<div class="changed removed" id="_c1"><del>b</del></div>\n'
            '</li>\n<li value="2">\nc\n</li>\n</ol>\n'),
        ),
        ("1. a", "2. a", ('<ol start="2" data-change="number" data-was="1">\n'
             '<li>\n<div class="changed" id="_c1">a</div>\n</li>\n</ol>\n')),
        ("- a", "1. a", '<ol data-change="level">\n<li>\n<div class="changed" id="_c1">a</div>\n</li>\n</ol>\n'),
        ("```x\na b\n```", "```x\na  b\n```",
         '<pre class="changed" id="_c1"><code class="language-x" data-change="format">a  b\n</code></pre>\n'),
        ("    a b", "    a c b", '<pre class="changed" id="_c1"><code>a<ins> c</ins> b\n</code></pre>\n'),
        ("a b\\\nc d", "a b\\\nx c d", '<p class="changed" id="_c1">a b<br />\n<ins>x</ins> c d</p>\n'),
        ("a b. c d.", "a b.\n\nc d.", '<p>a b.</p>\n<p class="changed" id="_c1" data-change="split">c d.</p>\n'),
        ("a b.\n\nc d.", "a b. c d.", '<p class="changed" id="_c1">a b.<span data-change="join"></span> c d.</p>\n'),
        ("- a\n-", "- a b",
         '<ul>\n<li>\n<div class="changed" id="_c1">a <ins>b</ins></div>\n</li>\n</ul>\n'),
        ("- a", "- a b\n-",
         '<ul>\n<li>\n<div class="changed" id="_c1">a <ins>b</ins></div>\n</li>\n<li>\n</li>\n</ul>\n'),
        ("- a\n\nb", "- a c\n\nb",
         '<ul>\n<li>\n<div class="changed" id="_c1">a <ins>c</ins></div>\n</li>\n</ul>\n<p>b</p>\n'),
        ("We \u202enot", "We", ('<p class="changed" id="_c1">We <del><span class="sign" data-note>'
         "(U+202E right-to-left override) </span>\u202enot</del></p>\n")),
    ],
)  # fmt: skip
def test_a_redline_as_html(old: str, new: str, expected: str) -> None:
    assert html(old, new) == expected


def test_words_that_explain_a_mark_stand_once_where_all_of_a_block_changed() -> None:
    table = "| A | B |\n|:--|---|\n"

    found = inforce.compare(f"{table}| a | b |", f"{table}| a | b |\n| c | d |").html()

    assert (
        '<tr class="changed added" id="_c1">\n<td style="text-align:left">'
        '<ins><span class="note" data-note>inserted: </span>'
        "c</ins></td>\n<td><ins>d</ins></td>\n</tr>"
    ) in found


def test_both_places_of_a_move_lead_to_each_other() -> None:
    found = inforce.compare(
        "- one is one\n- two is two\n- three is three", "- two is two\n- three is three\n- one is one"
    ).html()

    assert (
        'id="_from1"><span class="note" data-note><a href="#_to1">moved to elsewhere in this section</a>: </span>'
        in found
    )
    assert (
        'id="_to1"><span class="note" data-note><a href="#_from1">moved from elsewhere in this section</a>: </span>'
        in found
    )


def test_a_redline_within_markdown_has_no_blank_line() -> None:
    found = inforce.compare("    a\n\n \n    b", "    a\n\n \n    c")

    html = markup.for_markdown(found)

    assert html.startswith("<div>\n<pre")
    assert html.endswith("</pre>\n</div>")
    assert all(map(str.strip, html.split("\n")))


@given(st.text(st.sampled_from("`` *_[]<&#@\\ab"), min_size=1).filter(str.strip))
def test_a_name_within_markdown_is_shown_with_all_its_signs(name: str) -> None:
    assert MarkdownIt().renderInline(markup.code_for_markdown(name)) == f"<code>{escape(name)}</code>"


def test_a_page_in_another_language_brings_its_own_words() -> None:
    notes = markup.Notes(deleted="gestrichen", inserted="neu")

    assert "[gestrichen: " in inforce.compare("a b c", "a b d").html(notes=notes)


def test_targets_of_both_sides_go_through_their_addresses_but_what_was_stays_as_it_was() -> None:
    found = inforce.compare("[a](b) and more, [c](d)", "[a](e) and more").html(
        lambda t: f"old/{t}", lambda t: f"new/{t}"
    )

    assert '<a href="new/e" data-change="link" data-was="b">a</a>' in found
    assert '<a href="old/d">c</a>' in found


def test_headings_of_the_new_text_bear_their_anchors_and_those_of_the_old_none() -> None:
    found = inforce.compare("# A\n\n# Gone away", "# A\n\n# B is new").html()

    assert '<h1 id="a">A</h1>' in found
    assert '<h1 id="b-is-new" class="changed added"><span id="_c2"></span>' in found
    assert '<h1 class="changed removed" id="_c1">' in found


def test_what_stood_between_two_tables_that_are_now_one_stands_in_a_row_of_its_own() -> None:
    first = "| A | B |\n|---|---|\n| one thing here | two things there |"
    second = "| three things here | four things there |"

    found = html(f"{first}\n\ngone\n\n- x\n\n| C | D |\n|---|---|\n{second}", f"{first}\n{second}")

    assert (
        '<tr><td colspan="2"><p class="changed removed" id="_c1" data-change="level"><del>gone</del></p>\n</td></tr>'
        in found
    )
    assert "<th><del>C</del></th>" in found
    assert found.count("<thead>") == 1


def test_a_column_that_is_gone_stays_in_every_row() -> None:
    found = html(
        "| A | B | C |\n|---|---|--:|\n| a1 | b1 | c1 |\n| a2 | b2 | c2 |",
        "| A | C |\n|---|---|\n| a1 | c1 |\n| new | row |\n| a2 | c2 |",
    )

    assert "<td>a1</td>\n<td><del>b1</del></td>\n<td>c1</td>" in found
    assert "<td><ins>new</ins></td>\n<td></td>\n<td><ins>row</ins></td>" in found


def test_a_row_that_is_gone_has_the_columns_of_the_new_table() -> None:
    found = html("| A |\n|---|\n| one two |\n| gone |", "| A | B |\n|---|---|\n| one two | three |")

    assert "<td><del>gone</del></td>\n<td></td>" in found


def test_a_row_that_moved_has_both_its_cells_marked() -> None:
    head = "| A | B |\n|---|---|\n"
    rows = ["| first of all | comes this |", "| then | that follows |", "| last | of all of them |"]

    found = html(head + "\n".join(rows), head + "\n".join([*rows[1:], rows[0]]))

    assert 'id="_from1-1"' in found
    assert 'id="_to1-1"' in found
    assert 'class="note again"' in found


def test_words_that_a_row_lost_on_its_way_are_deleted_where_it_is() -> None:
    head = "| What | With whom |\n|---|---|\n"
    shared, kept = f"## Shared\n\n{head}| Your orders | couriers |\n", f"\n## Kept\n\n{head}| Bills | ten years |\n"
    row = "| Your e-mail address and telephone number | {} |\n"
    old, new = shared + row.format("advertisers") + kept, shared + kept + row.format("")

    found = html(old, new)

    assert '<a href="#_from1-1">moved from Shared</a>: </span><del>advertisers</del></ins></td>' in found
    assert " | {+(moved from Shared) [-advertisers-]+} |\n" in inforce.compare(old, new).text()


def test_where_a_heading_stood_is_said_as_low_as_a_page_shows_it() -> None:
    redline = inforce.compare("# A\n", "## A\n")

    assert str(redline.html(ids=False, lowered=True)).startswith(
        '<h3 class="changed" id="_c1" data-change="level" data-old="h2">'
    )


def test_a_cell_that_heads_nothing_is_no_heading() -> None:
    text = parse("| | days |\n|:-:|--:|\n| orders | 30 |\n")

    html = hypertext.fitted(hypertext.article(text), text)

    assert html.count("<th class") == 1
    assert "<td></td>" in html


def test_links_without_letters_are_left_out_of_a_block_that_stayed() -> None:
    html = inforce.compare("- [](a)\n- one", "- [](a)\n- two").html()

    assert "<li>\n\n</li>" in html


def test_headings_within_a_list_bear_their_anchors() -> None:
    assert '<h1 id="a">A</h1>' in hypertext.article(inforce.parse("- # A\n- b"))
