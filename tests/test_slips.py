"""What a slip in a front matter is called: its line, what is wrong there, and what to write instead."""

from __future__ import annotations

import pytest

from inforce.sources import header

TOP = "title: Privacy\nposted: 2026-03-01\n"
MOVED = "postponed:\n  - announced: 2026-03-02\n"
LISTED = "Write:\n  postponed:\n    - announced: 2026-03-20\n      to: 2026-05-01"


@pytest.mark.parametrize(
    ("lines", "line", "what", "remedy"),
    [
        # indentation
        ("title: A\n posted: 2026-03-01\n", 3, "`posted` is indented", "Begin the line with it: `posted: 2026-03-01`."),
        (" title: A\nposted: 2026-03-01\n", 2, "`title` is indented", "Begin the line with it: `title: A`."),
        (f"{TOP}    reason: legal\n", 4, "`reason` is indented", "Begin the line with it: `reason: legal`."),
        (f"{TOP}{MOVED}  to: 2026-04-01\n", 6, "`to` does not stand straight below the key above it", LISTED),
        (f"{TOP}{MOVED}      to: 2026-04-01\n", 6, "`to` does not stand straight below the key above it", LISTED),
        (f"{TOP}postponed:\n  -note: a\n   to: b\n", 5, "there is no space after the -", "Write `- note: a`."),
        # tabs
        ("title:\tA\nposted: 2026-03-01\n", 2, "holds a tab", "Indent with spaces, and put one space after the colon."),
        (f"{TOP}postponed:\n\t- to: x\n", 5, "holds a tab", "Indent with spaces, and put one space after the colon."),
        # colons
        ("title: A: b\nposted: 2026-03-01\n", 2, "the value holds a colon", "Put it in quotes: `title: 'A: b'`."),
        (f"{TOP}summary: It's: so\n", 4, "the value holds a colon", "Put it in quotes: `summary: 'It''s: so'`."),
        (f"{TOP}postponed:\n  - note: a: b\n", 5, "the value holds a colon", "Put it in quotes: `note: 'a: b'`."),
        ("title A\nposted: 2026-03-01\n", 2, "there is no colon after `title`", "Write `title: A`."),
        (f"{TOP}effective 2026-05-01\n", 4, "there is no colon after `effective`", "Write `effective: 2026-05-01`."),
        ("title = A\nposted = 2026-03-01\n", 2, "`=` stands where a colon belongs", "Write `title: A`."),
        ("title\uff1a A\nposted: 2026-03-01\n", 2, "`\uff1a` stands where a colon belongs", "Write `title: A`."),
        ("title:A\nposted: 2026-03-01\n", 2, "there is no space after `title:`", "Write `title: A`."),
        ("title:A\nposted:2026-03-01\n", 2, "there is no space after `title:`", "Write `title: A`."),
        ("title:\u00a0A\nposted: 2026-03-01\n", 2, "the space after `title:` is no plain one", "Write `title: A`."),
        # quotation marks and other signs
        ("title: 'It's A'\n", 2, "a quotation mark ends the value before its end", "Write `title: 'It''s A'`."),
        ('title: "A" b\n', 2, "a quotation mark ends the value before its end", "Write `title: '\"A\" b'`."),
        ("title: [A] b\n", 2, "the value begins with [", "Put it in quotes: `title: '[A] b'`."),
        ("title: *A*\n", 2, "the value begins with *", "Put it in quotes: `title: '*A*'`."),
        # texts of several lines
        (
            f"{TOP}summary: | All.\n",
            4,
            "text stands behind |",
            "Begin it on the next line, indented by two spaces; or write `summary: 'All.'`.",
        ),
        (
            f"{TOP}summary: |\nAll.\n",
            5,
            "this line is not indented like the text of `summary`",
            "Indent all its lines by two spaces.",
        ),
        (
            f"{TOP}summary: |\n    title All\n\n    title: x\n  All.\n",
            8,
            "this line is not indented like the text of `summary`",
            "Indent all its lines by two spaces.",
        ),
        (
            f"{TOP}summary: All\nor none.\n",
            5,
            "this line is no key, and not indented as a part of `summary`",
            "Write `summary: |`, and below it the text, each line indented by two spaces.",
        ),
        # what nobody can make out
        ("]\n", 2, "this line cannot be read", "Write one `key: value` a line; put unusual signs in quotes."),
        (
            "- A\n- 2026-03-01\n",
            2,
            "the front matter is not a list of keys",
            "Write one `key: value` a line, such as `posted: 2026-03-01`.",
        ),
    ],
)
def test_a_slip_is_told_as_a_person_sees_it(lines: str, line: int, what: str, remedy: str) -> None:
    facts, problems = header.read("a.md", "a", f"---\n{lines}---\n\nText.\n")

    assert facts is None
    assert [(one.place.line, one.what, one.remedy) for one in problems] == [(line, what, remedy)]


def test_a_key_of_a_postponement_among_the_others_is_sent_back() -> None:
    _, problems = header.read("a.md", "a", f"---\n{TOP}postponed:\n- announced: 2026-03-02\nto: 2026-04-01\n---\nA.\n")

    (stray,) = (one for one in problems if one.code == "key-unknown")
    assert stray.what == "to is no known key"
    assert stray.remedy.startswith("It belongs to an announcement below `postponed`, indented like its other keys.")


@pytest.mark.parametrize(
    ("file", "line"),
    [
        (f"---\n{TOP}<<<<<<< HEAD\nreason: legal\n=======\nreason: security\n>>>>>>> b\n---\nx\n", 4),
        ("<<<<<<< HEAD\n---\ntitle: A\n---\nx\n=======\n---\ntitle: B\n---\ny\n>>>>>>> b\n", 1),
    ],
)
def test_a_merge_left_undone_in_a_front_matter_is_told_where_it_begins(file: str, line: int) -> None:
    _, (problem,) = header.read("a.md", "a", file)

    assert (problem.place.line, problem.code, problem.severity) == (line, "merge-conflict", "error")
