"""What may stand between the two fences at the top of a version, and what is said of the rest."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inforce.errors import Place
from inforce.model import FaultyError, Postponement
from inforce.sources import header
from inforce.sources.header import Facts, HeaderError

POSTED = "posted: 2024-02-03"


def version(*lines: str, body: str = "We keep your name.\n") -> str:
    return "\n".join(["---", *lines, "---", body])


def read(*lines: str, body: str = "We keep your name.\n") -> Facts:
    facts, problems = header.read("a.md", "a", version(*lines, body=body))
    assert facts
    assert not problems
    return facts


def told(*lines: str, body: str = "We keep your name.\n") -> list[str]:
    """What is said of a faulty front matter: ``line: what`` and ``remedy`` in turn."""
    return said(version(*lines, body=body))


def said(text: str) -> list[str]:
    facts, problems = header.read("a.md", "a", text)
    assert facts is None
    return [part for one in problems for part in (f"{one.place.line}: {one.what}", one.remedy)]


# ------------------------------------------------------------------ what may be written


def test_title_and_posting_day_are_enough() -> None:
    facts = read("title: Privacy policy", POSTED)

    assert facts == Facts(
        id="a",
        path="a.md",
        title="Privacy policy",
        posted=date(2024, 2, 3),
        effective=None,
        summary="",
        corrects="",
        reason="",
        label="",
        postponed=(),
        withdrawn=None,
        body="We keep your name.\n",
        lines={"title": 2, "posted": 3},
        body_line=5,
    )


def test_every_key_has_its_fact() -> None:
    facts = read(
        "# a note to ourselves",
        "title: 'Terms: the rest'",
        "version: 2.10",
        POSTED,
        "effective: 2024-03-01",
        "reason: legal",
        "summary: |",
        "  We keep **less**.",
        "",
        "  Nothing else.",
        "postponed:",
        "  - announced: 2024-02-10",
        "    to: 2024-04-01",
        "    note: |",
        "      The translation",
        "      is late.",
        "  - {announced: 2024-03-20, to: 2024-03-25}",
        "withdrawn: 2024-03-21",
    )

    assert facts.title == "Terms: the rest"
    assert facts.label == "2.10"
    assert facts.effective == date(2024, 3, 1)
    assert facts.reason == "legal"
    assert facts.summary == "We keep **less**.\n\nNothing else."
    assert facts.postponed == (
        Postponement(date(2024, 2, 10), date(2024, 4, 1), "The translation is late."),
        Postponement(date(2024, 3, 20), date(2024, 3, 25)),
    )
    assert facts.withdrawn == date(2024, 3, 21)
    assert facts.lines["postponed"] == 13
    assert facts.body_line == 21


@pytest.mark.parametrize(
    "written",
    ["2024-02-03", '"2024-02-03"', "'2024-02-03'", "2024-02-03  # a Saturday", "|\n  2024-02-03"],
)
def test_a_day_may_stand_in_quotes_or_without(written: str) -> None:
    assert read("title: T", f"posted: {written}").posted == date(2024, 2, 3)


@pytest.mark.parametrize("written", ["no", "on", "yes", "off", "No", "1", "1.10", "2024-02-03", "12:30", "0x1F", "-"])
def test_a_title_is_the_text_that_was_written_whatever_yaml_would_make_of_it(written: str) -> None:
    assert read(f"title: {written}" if written != "-" else "title: '-'", POSTED).title == written


@pytest.mark.parametrize(
    "written", ["1.10", "2.10", "010", "12:30", "1_000", "0x1F", "1e3", "no", "9" * 5000, "1:59:59" + ":59" * 200]
)
def test_a_label_is_the_text_that_was_written(written: str) -> None:
    assert read("title: T", POSTED, f"version: {written}").label == written


def test_true_in_quotes_is_a_word_like_any_other() -> None:
    assert read('title: "true"', POSTED).title == "true"


def test_a_title_in_two_lines_is_one_line() -> None:
    assert read("title: |", "  Privacy", "  policy", POSTED).title == "Privacy policy"


@pytest.mark.parametrize("written", ["2024-01-10", "'2024-01-10'", '"2024-01-10"'])
def test_an_id_is_text_with_or_without_quotes(written: str) -> None:
    assert read("title: T", POSTED, f"corrects: {written}").corrects == "2024-01-10"


def test_an_id_is_found_however_its_letters_are_composed() -> None:
    assert read("title: T", POSTED, "corrects: e\u0301 1").corrects == "\u00e9-1"


def test_keys_may_stand_in_braces() -> None:
    assert read("{title: T, posted: 2024-02-03}").posted == date(2024, 2, 3)


def test_a_summary_may_hold_three_dashes_that_are_indented() -> None:
    assert read("title: T", POSTED, "summary: |", "  a", "  ---", "  b").summary == "a\n---\nb"


def test_only_the_first_block_between_dashes_is_front_matter() -> None:
    assert read("title: T", POSTED, body="---\nposted: 2027-01-01\n---\n").body == "---\nposted: 2027-01-01\n---\n"


# ------------------------------------------------------------------ the bytes of a file


@pytest.mark.parametrize(
    "data",
    [
        b"---\ntitle: T\nposted: 2024-02-03\n---\nText.\n",
        b"\xef\xbb\xbf---\ntitle: T\nposted: 2024-02-03\n---\nText.\n",
        b"---\r\ntitle: T\r\nposted: 2024-02-03\r\n---\r\nText.\r\n",
        b"---\rtitle: T\rposted: 2024-02-03\r---\rText.\r",
        b"--- \t\ntitle: T\nposted: 2024-02-03\n---\t\nText.\n",
    ],
    ids=["plain", "byte order mark", "CRLF", "CR", "space after the dashes"],
)
def test_byte_order_mark_line_ends_and_trailing_space_make_no_difference(data: bytes) -> None:
    facts, problems = header.read("a.md", "a", header.decode(data))

    assert facts
    assert not problems
    assert (facts.body, facts.body_line) == ("Text.\n", 5)


@pytest.mark.parametrize(
    ("data", "line", "what"),
    [
        ("---\ntitle: é\n".encode("latin-1"), 2, "is not UTF-8"),
        ("---\ntitle: T\n".encode("utf-16"), 1, "is not UTF-8"),
        ("---\r\ntitle: T\r\n".encode("utf-16-le"), 1, "is UTF-16, not UTF-8"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", 1, "is not UTF-8"),
        (b"---\ntitle: T\n---\nWe keep\nyour na\0me.\n", 5, "holds a NUL character"),
    ],
    ids=["Latin-1", "UTF-16", "UTF-16 without a mark", "a picture", "NUL"],
)
def test_bytes_that_are_no_text_are_said_with_their_line(data: bytes, line: int, what: str) -> None:
    with pytest.raises(HeaderError) as raised:
        header.decode(data)

    assert (raised.value.line, raised.value.what) == (line, what)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# Privacy\n\nWe keep your name.\n",
        "# A\n\n---\n\nText.\n",
    ],
)
def test_a_file_without_front_matter_is_never_taken_as_it_is(text: str) -> None:
    what, remedy = said(text)

    assert what == "1: there is no front matter"
    assert remedy == (
        "Begin the file with its title and posting day between two lines of three dashes:\n"
        "  ---\n  title: Privacy policy\n  posted: 2026-03-01\n  ---"
    )


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("\n---\ntitle: T\n---\n", "the front matter begins on line 2, and not on the first one"),
        ("# A\n\n---\nposted: 2026-01-01\n", "the front matter begins on line 3, and not on the first one"),
        ("----\ntitle: T\n---\n", "the front matter begins with '----', and not with three dashes"),
        (" ---\ntitle: T\n---\n", "the front matter begins with ' ---', and not with three dashes"),
        ("\u2014\ntitle: A\n", "the front matter begins with '\u2014', and not with three dashes"),
        ("--\n\nposted : A\n", "the front matter begins with '--', and not with three dashes"),
        ("---\ntitle: A\n----\n\nA.\n", "the front matter is opened by --- and never closed: line 3 is '----'"),
        ("---\ntitle: T\n ---\n", "the front matter is opened by --- and never closed: line 3 is ' ---'"),
    ],
)
def test_what_stands_instead_of_a_fence_is_said(text: str, what: str) -> None:
    facts, problems = header.read("a.md", "a", text)

    assert facts is None
    assert [(one.place.line, one.what) for one in problems] == [(1, what)]


@pytest.mark.parametrize("text", ["---", "---\ntitle: T\n", "---\ntitle: T\n...\nText.\n"])
def test_front_matter_is_closed_by_three_dashes(text: str) -> None:
    assert said(text) == [
        "1: the front matter is opened by --- and never closed",
        "Write a line of three dashes (---) after its last line.",
    ]


@pytest.mark.parametrize("body", ["", " \n\t\n", "\u00a0\n"])
def test_a_version_has_a_text(body: str) -> None:
    assert told("title: T", POSTED, body=body) == [
        "5: there is no text below the front matter",
        "Write the policy below the second ---.",
    ]


# ------------------------------------------------------------------ days


@pytest.mark.parametrize(
    "written",
    [
        "2024-2-3",
        "03/02/2024",
        "2024-02",
        "10000-01-01",
        "20240203",
        "2024",
        "2024-02-03T00:30:00+14:00",
        "2024-02-03 00:30:00",
        "2024-W05-6",
        "2024-034",
        "٢٠٢٤-٠٢-٠٣",
        "\uff12\uff10\uff12\uff14-02-03",
        "Nov 10th",
        "true",
        "null",
    ],
)
def test_a_day_is_written_year_month_day(written: str) -> None:
    assert told("title: T", f"posted: {written}") == [
        f"3: posted is '{written}', not a day",
        "Write a day as year-month-day, like `posted: 2024-03-01`.",
    ]


@pytest.mark.parametrize("sign", "\u2010\u2011\u2013\u2014\u2212\uff0d")
def test_a_day_with_the_dashes_of_a_word_processor_is_told_with_what_is_wrong_with_it(sign: str) -> None:
    written = f"2024{sign}02{sign}03"

    assert told("title: T", f"posted: {written}") == [
        f"3: posted is '{written}', and the signs between its numbers are no plain hyphens",
        "Write `posted: 2024-02-03`, with the hyphen of the keyboard.",
    ]


@pytest.mark.parametrize("key", ["posted\u00a0", "\u202fposted", "posted\u200b"])
def test_a_key_with_a_space_that_is_no_plain_one_is_told_once(key: str) -> None:
    assert told("title: T", f"{key}: 2024-02-03") == [
        "3: a space that is no plain one, or one that nobody sees, stands beside `posted`",
        "Type the line anew: `posted: 2024-02-03`.",
    ]


def test_a_key_that_another_one_seems_to_stand_for_is_not_said_to_be_missing_too() -> None:
    found = told("Title: T", "Posted: 2024-02-03")[::2]

    assert found == ["2: Title is no known key", "3: Posted is no known key"]


@pytest.mark.parametrize("written", ["2024-02-30", "2023-02-29", "2024-13-01", "0000-01-01", "2024-00-10"])
def test_a_day_is_one_that_the_calendar_has(written: str) -> None:
    assert told("title: T", f"posted: {written}") == [
        f"3: posted is {written}, a day that no calendar has",
        "Look at the month and the day.",
    ]


@pytest.mark.parametrize(
    ("written", "shown"), [("", "empty"), ("''", "empty"), ("[2024-02-03]", "a list"), ("{a: b}", "a list")]
)
def test_a_day_is_one_value(written: str, shown: str) -> None:
    assert told("title: T", f"posted: {written}")[0] == f"3: posted is {shown}, not a day"


@pytest.mark.parametrize("key", ["effective", "withdrawn"])
def test_every_day_is_read_alike(key: str) -> None:
    assert told("title: T", POSTED, f"{key}: tomorrow") == [
        f"4: {key} is 'tomorrow', not a day",
        f"Write a day as year-month-day, like `{key}: 2024-03-01`.",
    ]


# ------------------------------------------------------------------ words


def test_title_and_posting_day_are_required_and_both_are_asked_for_at_once() -> None:
    assert told() == [
        "1: title is missing",
        "Write a line such as `title: 'Privacy policy'`.",
        "1: posted is missing",
        "Write a line such as `posted: 2026-03-01`: the date at the top.",
    ]


@pytest.mark.parametrize("written", ["", "~", "null", '""', '"  "'])
def test_a_title_is_not_empty(written: str) -> None:
    assert told(f"title: {written}", POSTED) == [
        "2: title is empty",
        "Write a line such as `title: 'Privacy policy'`.",
    ]


@pytest.mark.parametrize(
    ("key", "example"),
    [
        ("summary", "summary: 'In your own words.'"),
        ("reason", "reason: 'In your own words.'"),
        ("corrects", "corrects: '2026-01-10'"),
        ("version", "version: '2.10'"),
    ],
)
def test_a_key_that_is_there_is_filled_in(key: str, example: str) -> None:
    assert told("title: T", POSTED, f"{key}:") == [f"4: {key} is empty", f"Write a line such as `{example}`."]


@pytest.mark.parametrize(
    ("written", "shown"), [("true", "true"), ("False", "False"), ("[a]", "a list"), ("{a: b}", "a list")]
)
def test_a_title_is_text(written: str, shown: str) -> None:
    assert told(f"title: {written}", POSTED) == [
        f"2: title is {shown}, not text",
        "Put it in quotes: `title: 'Privacy policy'`.",
    ]


@pytest.mark.parametrize("key", ["title", "reason", "version", "corrects", "summary"])
@pytest.mark.parametrize("code", ["0000", "0007", "001B", "0085", "2028", "D800"])
def test_no_text_holds_a_character_that_a_page_cannot_hold(key: str, code: str) -> None:
    lines = {"title": "T", "posted": "2024-02-03", key: f'"a\\u{code}b"'}

    what, remedy = told(*(f"{name}: {value}" for name, value in lines.items()))

    assert what == f"{list(lines).index(key) + 2}: {key} holds a character that nobody sees (U+{code})"
    assert remedy == "Type the line anew, without it."


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u2069"])
def test_a_title_does_not_turn_letters_round(sign: str) -> None:
    what, _ = told(f"title: a{sign}b", POSTED)

    assert what == f"2: title holds a character that nobody sees (U+{ord(sign):04X})"


def test_a_summary_may_turn_letters_round_as_a_text_may() -> None:
    assert read("title: T", POSTED, "summary: a\u2066b\u2069").summary == "a\u2066b\u2069"


@pytest.mark.parametrize("sign", ["\x07", "\x85", "\u2028", "\ufffe"])
def test_a_character_at_which_yaml_stumbles_is_named_with_its_line(sign: str) -> None:
    assert told("title: T", POSTED, f"reason: a{sign}b") == [
        f"4: holds a character that nobody sees (U+{ord(sign):04X})",
        "Type the line anew.",
    ]


# ------------------------------------------------------------------ keys


@pytest.mark.parametrize(
    ("key", "remedy"),
    [
        ("efective", "Did you mean `effective`?"),
        ("Title", "Did you mean `title`?"),
        ("POSTED", "Did you mean `posted`?"),
        ("slug", "Leave it out."),
        ("content", "Did you mean `corrects`?"),
        ("handler", "Leave it out."),
        ("self", "Leave it out."),
        ("1", "Leave it out."),
        ("<<", "Leave it out."),
    ],
)
def test_an_unknown_key_is_an_error_that_names_the_nearest(key: str, remedy: str) -> None:
    what, said_ = told("title: T", POSTED, f"{key}: x")

    assert what == f"4: {key} is no known key"
    assert said_.endswith("Known: title, posted, effective, summary, corrects, reason, version, postponed, withdrawn.")
    assert said_.startswith(remedy)


@pytest.mark.parametrize("lines", [('"": x',), ("?", ": x")])
def test_a_key_is_a_word(lines: tuple[str, ...]) -> None:
    assert told("title: T", POSTED, *lines)[0].endswith(": an empty word is no known key")


def test_a_key_that_is_a_list_is_refused() -> None:
    assert told("title: T", POSTED, "? [a, b]", ": c") == ["4: a key is a list", "Write one `key: value` a line."]


@pytest.mark.parametrize("again", ["title: U", '"title": U', "title: T"])
def test_no_key_stands_twice(again: str) -> None:
    assert told("title: T", POSTED, again) == ["4: title stands twice", "Keep one of the two lines."]


@pytest.mark.parametrize("lines", [("- a", "- b"), ("just words",), ("~",)])
def test_front_matter_is_a_list_of_keys(lines: tuple[str, ...]) -> None:
    assert told(*lines) == [
        "2: the front matter is not a list of keys",
        "Write one `key: value` a line, such as `posted: 2026-03-01`.",
    ]


# ------------------------------------------------------------------ what only programs write


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        (4, ("title: T", POSTED, "summary: &a x")),
        (4, ("title: T", POSTED, "summary: *a")),
        (2, ("title: &co", POSTED)),
        (2, ("title: !important", POSTED)),
        (3, ("title: T", "posted: !!str 2024-02-03")),
        (4, ("title: T", POSTED, "summary: !!binary aGk=")),
        (4, ("title: T", POSTED, "summary: !!set {a}")),
        (4, ("title: T", POSTED, "summary: !!python/object/apply:os.system ['true']")),
        (4, ("title: T", POSTED, "<<: *a")),
        (4, ("title: T", POSTED, "summary: &a [*a]")),
    ],
)
def test_aliases_anchors_and_tags_are_refused(line: int, lines: tuple[str, ...]) -> None:
    assert told(*lines) == [
        f"{line}: holds an alias, an anchor or a tag (a value that begins with *, & or !)",
        "Write the value out, in quotes if it begins with one of these signs.",
    ]


def test_aliases_that_would_grow_beyond_measure_are_never_followed() -> None:
    layers = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 10)]

    assert told("l0: &l0 [a]", *layers)[0].startswith("2: holds an alias")


@pytest.mark.parametrize("deep", ["[" * 9 + "]" * 9, "[" * 30_000, "{a: " * 9 + "}" * 9])
def test_lists_are_not_nested_deep(deep: str) -> None:
    assert told("title: T", POSTED, f"summary: {deep}") == [
        "4: holds lists nested more than 8 deep",
        "No key needs that: write it flat.",
    ]


def test_front_matter_is_not_longer_than_64_kib() -> None:
    fits = read("title: T", POSTED, f"summary: {'x' * 65_000}")

    what, remedy = told("title: T", POSTED, f"summary: {'x' * 66_000}")

    assert len(fits.summary) == 65_000
    assert what == "1: the front matter is larger than 65536 bytes"
    assert remedy == "Long text belongs below the second ---."


def test_the_limit_is_counted_in_bytes() -> None:
    assert told("title: T", POSTED, f"summary: {'界' * 22_000}")[0].startswith("1: the front matter is larger")


# ------------------------------------------------------------------ slips of the pen


@pytest.mark.parametrize(
    ("lines", "what", "remedy"),
    [
        (
            ("title: Terms: the rest", POSTED),
            "2: the value holds a colon",
            "Put it in quotes: `title: 'Terms: the rest'`.",
        ),
        (
            ("title: Larkfield's terms: the rest", POSTED),
            "2: the value holds a colon",
            "Put it in quotes: `title: 'Larkfield''s terms: the rest'`.",
        ),
        (("title:T", POSTED), "2: there is no space after `title:`", "Write `title: T`."),
        (("title: T", "posted:2024-02-03"), "3: there is no space after `posted:`", "Write `posted: 2024-02-03`."),
        (
            ("\ttitle: T", POSTED),
            "2: holds a tab",
            "Indent with spaces, and put one space after the colon.",
        ),
        (
            ("title: T", POSTED, "postponed:", "\t- {announced: 2024-02-04, to: 2024-03-04}"),
            "5: holds a tab",
            "Indent with spaces, and put one space after the colon.",
        ),
        (
            ('title: "Privacy', POSTED),
            "2: a quotation mark is opened and not closed as it should be",
            "Close it at the end of the value.",
        ),
        (
            ("title: T", POSTED, "reason: 'it's the law'"),
            "4: a quotation mark ends the value before its end",
            "Write `reason: 'it''s the law'`.",
        ),
        (
            ("title: T", POSTED, "reason: @home's request"),
            "4: the value begins with @",
            "Put it in quotes: `reason: '@home''s request'`.",
        ),
        (
            ("title: %T: a", POSTED),
            "2: the value begins with %",
            "Put it in quotes: `title: '%T: a'`.",
        ),
        (
            ("title: `T`", POSTED),
            "2: the value begins with `",
            "Put it in quotes: `title: '`T`'`.",
        ),
        (
            ("title: T", POSTED, "what we keep"),
            "4: this line cannot be read",
            "Write one `key: value` a line; put unusual signs in quotes.",
        ),
        (
            ("title: T", POSTED, "...", "reason: legal"),
            "5: this line cannot be read",
            "Write one `key: value` a line; put unusual signs in quotes.",
        ),
        (
            ("title: T", "--- {posted: 2024-02-03}"),
            "3: holds two YAML documents",
            "Only one block of keys stands between the two fences.",
        ),
    ],
    ids=[
        "colon",
        "colon and quote",
        "no space in the first line",
        "no space in the last line",
        "tab first",
        "tab later",
        "quote left open",
        "quote within quotes",
        "sign",
        "percent sign",
        "backtick",
        "no key",
        "dots",
        "two documents",
    ],
)
def test_a_slip_of_the_pen_is_said_as_a_person_would_see_it(lines: tuple[str, ...], what: str, remedy: str) -> None:
    assert told(*lines) == [what, remedy]


def test_a_link_is_no_key_without_a_space() -> None:
    assert told("https://larkfield.example", "title: T: T")[0] == "3: the value holds a colon"


# ------------------------------------------------------------------ postponements and corrections


@pytest.mark.parametrize("written", ["2024-03-01", "[]", "", "~", "[x]", "[[announced]]", "{announced: 2024-02-04}"])
def test_postponements_are_a_list_of_announcements(written: str) -> None:
    assert told("title: T", POSTED, f"postponed: {written}") == [
        "4: postponed is not a list of announcements",
        "Write:\n  postponed:\n    - {announced: 2026-03-20, to: 2026-05-01, note: 'Why.'}",
    ]


def test_all_that_is_wrong_with_announcements_is_told_with_the_line_of_each() -> None:
    lines = told(
        "title: T",
        POSTED,
        "postponed:",
        "  - announced: 2024-02-04",
        "    to: 2024-13-04",
        "    nte: x",
        "  - to: soon",
        "    note: [a]",
        "  - {announced: 2024-02-05}",
    )

    assert lines == [
        "7: nte is no known key",
        "Did you mean `note`? Known: announced, to, note.",
        "6: to is 2024-13-04, a day that no calendar has",
        "Look at the month and the day.",
        "8: announced is missing",
        "Write a line such as `announced: 2026-03-20`.",
        "8: to is 'soon', not a day",
        "Write a day as year-month-day, like `to: 2024-03-01`.",
        "9: note is a list, not text",
        "Put it in quotes: `note: 'In your own words.'`.",
        "10: to is missing",
        "Write a line such as `to: 2026-05-01`.",
    ]


def test_a_correction_has_no_effective_day_of_its_own() -> None:
    assert told("title: T", POSTED, "effective: 2024-03-01", "corrects: 2024-01-10") == [
        "4: a correction has no `effective` of its own: it takes effect with 2024-01-10, or at posting",
        "Leave `effective` out; or leave `corrects` out if this is a new version in its own right.",
    ]


# ------------------------------------------------------------------ from facts to a version


def test_a_first_version_takes_effect_at_posting_any_other_after_the_notice() -> None:
    facts = read("title: T", "posted: 2024-01-30")

    first, later = (facts.version(first=first, notice=30, pictures={}) for first in (True, False))

    assert first.effective == date(2024, 1, 30)
    assert later.effective == date(2024, 2, 29)
    assert later.place == Place("a.md", 5)


@pytest.mark.parametrize(
    ("posted", "effective"),
    [("2023-01-30", "2023-03-01"), ("2024-12-02", "2025-01-01"), ("9999-12-01", "9999-12-31")],
)
def test_thirty_days_are_counted_on_the_calendar(posted: str, effective: str) -> None:
    version = read("title: T", f"posted: {posted}").version(first=False, notice=30, pictures={})

    assert version.effective == date.fromisoformat(effective)


def test_a_stated_day_holds_whatever_the_rule() -> None:
    facts = read("title: T", POSTED, "effective: 2024-02-10")

    assert facts.version(first=True, notice=30, pictures={}).effective == date(2024, 2, 10)
    assert facts.version(first=False, notice=30, pictures={}).effective == date(2024, 2, 10)


def test_a_correction_takes_its_day_from_what_it_corrects() -> None:
    facts = read("title: T", "posted: 9999-12-15", "corrects: 2024-01-10")

    assert facts.version(first=False, notice=30, pictures={}).effective is None


def test_notice_cannot_run_past_the_calendar() -> None:
    with pytest.raises(FaultyError) as raised:
        read("title: T", "posted: 9999-12-15").version(first=False, notice=30, pictures={})

    (fault,) = raised.value.faults
    assert fault.code == "effective-past-the-calendar"
    assert fault.what == "30 days after 9999-12-15 there is no calendar"
    assert fault.remedy == "Give an earlier posted day, or state `effective`."


def test_a_problem_of_an_old_commit_names_the_commit() -> None:
    _, problems = header.read("a.md", "a", version("titel: T", POSTED), commit="0123456789abcdef")

    assert str(problems[0].place) == "0123456:a.md:2"


# ------------------------------------------------------------------ laws


@given(st.text(max_size=60))
def test_no_front_matter_is_beyond_words(written: str) -> None:
    text = header.decode(f"---\n{written}\n---\nText.\n".encode(errors="replace").replace(b"\0", b""))

    facts, problems = header.read("a.md", "a", text)

    assert (facts is None) == bool(problems)


@given(st.dates(), st.text("abc: '\"#-!&*[]{},>|%@`\\é", min_size=1).filter(str.strip))
def test_what_stands_in_single_quotes_is_read_as_it_stands(day: date, title: str) -> None:
    facts = read(f"title: '{title.replace(chr(39), chr(39) * 2)}'", f"posted: {day}")

    assert facts.posted == day
    assert facts.title == title.strip()
