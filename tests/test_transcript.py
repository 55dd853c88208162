from __future__ import annotations

import json

import inforce
from inforce import transcript

OLD = """# Privacy

We keep data for 30 days, see [terms](/a) ![seal](a.png).

| A | B |
|---|---|
| x | y |

> quoted

    code here

***

Gone.

[x](y) *was* a link
"""
NEW = """# Privacy

We keep data for 60 days, see [terms](/b) ![seal](b.png).

| A | B |
|---|---|
| x | z |

> quoted

    code here

-

New \u201cwords\u201d.

x was a link
"""


def test_a_redline_as_plain_text() -> None:
    assert inforce.compare(OLD, NEW).text() == (
        "# Privacy\n\n"
        "We keep data for [-30-] {+60+} days, see terms ([-/a-] {+/b+}) [seal] ([-a.png-] {+b.png+}).\n\n"
        "| A | B |\n| x | [-y-]{+z+} |\n\n"
        "> quoted\n\n"
        "code here\n\n"
        "[-* * *-]\n\n"
        "[-Gone.-]\n\n"
        "{+New \u201cwords\u201d.+}\n\n"
        "x ([-y-]) was a link <format>\n"
    )


def test_a_cell_that_moved_with_its_row_and_is_empty_holds_no_space() -> None:
    rows = [f"| Partner {number} of ours | gets what you {number} order from us |" for number in range(4)]
    moved = "| | the carrier who brings the parcel to your own door |"
    old, new = ("\n".join(["| Who | What |", "|---|---|", *lines]) for lines in ([moved, *rows], [*rows, moved]))

    lines = inforce.compare(old, new).text().splitlines()

    place = "elsewhere in this section"
    assert lines[1].startswith(f"| [-(moved to {place})-] | [-(moved to {place}) the carrier")
    assert lines[-1].startswith(f"| {{+(moved from {place})+}} | {{+(moved from {place}) the carrier")


def test_of_a_target_that_stays_only_what_differs_is_told() -> None:
    old, new = '![seal](a.png) and [terms](/a "x")', "![stamp](a.png) and [terms](/a)"

    assert inforce.compare(old, new).text() == "[stamp] ([-seal-] {+stamp+}) and terms ([-x-])\n"


def test_a_rule_that_is_new_and_one_that_stays() -> None:
    assert inforce.compare("a\n\n***", "***\n\na\n\n***").text() == "{+* * *+}\n\na\n\n* * *\n"


def test_nothing_is_nothing() -> None:
    assert inforce.compare("", "").text() == ""


def test_a_redline_as_data() -> None:
    data = inforce.compare(
        '# A\n\n- one two three\n- "gone" now', "# A\n\nNew.\n\n- one two four\n- \u201cgone\u201d now"
    ).json()

    assert json.loads(json.dumps(data)) == data
    assert data["counts"] == {"sections": 1, "words": 2, "typography": 1}
    assert data["capped"] is False
    assert data["blocks"] == [
        {"kind": "heading", "level": 1, "nests": [], "state": "kept", "section": "A", "lines": {"old": 1, "new": 1},
         "cells": [[["=", "A"]]]},
        {"kind": "paragraph", "nests": [], "state": "added", "section": "A", "lines": {"old": None, "new": 3},
         "cells": [[["+", "New."]]], "id": "_c1", "kinds": ["words"]},
        {"kind": "paragraph", "nests": ["ul", "li"], "state": "changed", "section": "A", "lines": {"old": 3, "new": 5},
         "cells": [[["=", "one two"], ["-", "three"], ["+", " four"]]], "id": "_c2", "kinds": ["words"]},
        {"kind": "paragraph", "nests": ["ul", "li"], "state": "changed", "section": "A", "lines": {"old": 4, "new": 6},
         "cells": [[["-", '"'], ["+", "\u201c"], ["=", "gone"], ["-", '"'], ["+", "\u201d"], ["=", " now"]]],
         "id": "_c3", "kinds": ["typography"]},
    ]  # fmt: skip


def test_both_places_of_a_move_bear_its_number_in_data() -> None:
    data = inforce.compare(
        "One is one.\n\nTwo is two.\n\nThree is three.", "Two is two.\n\nThree is three.\n\nOne is one."
    ).json()

    blocks = data["blocks"]
    assert isinstance(blocks, list)
    assert [(block["state"], block.get("move"), block["lines"]) for block in blocks] == [
        ("moved away", 1, {"old": 1, "new": None}),
        ("kept", None, {"old": 3, "new": 1}),
        ("kept", None, {"old": 5, "new": 3}),
        ("moved here", 1, {"old": None, "new": 5}),
    ]


def test_a_picture_among_words_that_changed_is_spelt() -> None:
    assert inforce.compare("a b", "a ![c](d) b").text() == "a {+[c]+} b\n"


def test_what_stays_beside_a_change_bears_no_mark_in_data() -> None:
    blocks = inforce.compare("- one two\n- three four", "- one two\n- three four five").json()["blocks"]

    assert isinstance(blocks, list)
    assert [(block["state"], "id" in block) for block in blocks] == [("kept", False), ("changed", True)]


def test_the_border_between_two_blocks_that_became_one_is_no_words_in_data() -> None:
    blocks = inforce.compare("One two.\n\nThree four.", "One two. Three four.").json()["blocks"]

    assert isinstance(blocks, list)
    assert [block["cells"] for block in blocks] == [[[["=", "One two."], ["=", " Three four."]]]]
    assert blocks[0]["kinds"] == ["join"]


def test_plain_text_says_where_a_link_leads_unless_its_words_do() -> None:
    text = inforce.parse(
        "Ask [*our* team](a.md), <law@example.com> or <https://example.com/>, not `us`.\n\n"
        "| [A](b) | ![c](d) |\n|---|---|\n"
    )

    assert transcript.plain(text, lambda target: target.replace("a.md", "/terms/a/")) == (
        "Ask our team (/terms/a/), law@example.com or https://example.com/, not us.\n\n| A (b) | [c] |\n"
    )
