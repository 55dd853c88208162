from __future__ import annotations

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from inforce import ical


def test_lines_end_as_calendars_want_and_empty_ones_are_left_out() -> None:
    assert ical.folded("\nBEGIN:A\n  \nEND:A\n") == "BEGIN:A\r\nEND:A\r\n"


def test_signs_of_the_format_are_escaped_and_what_nobody_sees_is_left_out() -> None:
    assert ical.escaped("a;b,c\\d\ne\x00\rf") == r"a\;b\,c\\d\nef"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=300))
def test_any_words_come_back_from_lines_of_at_most_75_octets(words: str) -> None:
    lines = ical.folded(f"BEGIN:VEVENT\nSUMMARY:{ical.escaped(words)}\nEND:VEVENT\n")

    assert max(len(line.encode()) for line in lines.split("\r\n")) <= ical.LONGEST
    assert str(icalendar.Event.from_ical(lines)["SUMMARY"]) == words
