from __future__ import annotations

from datetime import date

from hypothesis import given

from inforce.anchors import Anchors
from inforce.errors import Place
from inforce.model import Policy, Version
from inforce.weave import Weave, saying
from inforce.wordings import Part, wordings
from tests.strategies import document_histories, history_law
from tests.test_weave import read

ON = date(2026, 12, 31)


def version(month: int, body: str, effective: date | None = None, **facts: object) -> Version:
    """A version posted on the first of a month of 2026, in force from that day unless it is said otherwise."""
    posted = date(2026, month, 1)
    day = None if "corrects" in facts else effective or posted
    return Version(str(month), "A", posted, day, body, Place("a.md"), **facts)  # type: ignore[arg-type]


def told(*versions: Version) -> list[tuple[str, str | None, list[str]]]:
    """Of each wording the version that first governed with it, that of the redline, and its first words."""
    timeline = Policy.of("a", versions).as_of(ON)
    anchors = Anchors.of(Weave.of(read(*(entry.version.body for entry in timeline.entries))))
    return [
        (
            one.since.id,
            one.brought.id if one.brought else None,
            [words for part in one.parts for words in ([first for _, first in part.blocks] or [part.heading])],
        )
        for one in wordings(timeline, anchors)
    ]


def test_a_text_of_one_version_stands_since_the_first() -> None:
    assert told(version(1, "One.\n\nTwo.")) == [("1", None, ["One.", "Two."])]


def test_a_block_stands_since_the_version_that_first_governed_with_it() -> None:
    assert told(version(1, "One."), version(2, "One.\n\nTwo."), version(3, "One.\n\nTwo.\n\nThree.")) == [
        ("3", "3", ["Three."]),
        ("2", "2", ["Two."]),
        ("1", None, ["One."]),
    ]


def test_what_an_overtaken_version_brought_took_effect_with_the_one_that_overtook_it() -> None:
    overtaken = version(2, "One.\n\nTwo.", date(2026, 6, 1))

    found = told(version(1, "One."), overtaken, version(3, "One.\n\nTwo.\n\nThree."))

    assert found == [("3", "3", ["Three."]), ("3", "2", ["Two."]), ("1", None, ["One."])]


def test_what_an_overtaken_version_left_out_stood_all_the_time() -> None:
    overtaken = version(2, "One.", date(2026, 6, 1))

    found = told(version(1, "One.\n\nTwo."), overtaken, version(3, "One.\n\nTwo.\n\nThree."))

    assert found == [("3", "3", ["Three."]), ("1", None, ["One.", "Two."])]


def test_what_a_withdrawn_version_moved_stood_all_the_time() -> None:
    one, two = "One of the clauses.", "Two of the clauses."
    withdrawn = version(2, f"{two}\n\n{one}", date(2026, 6, 1), withdrawn=date(2026, 2, 20))

    found = told(version(1, f"{one}\n\n{two}"), withdrawn, version(3, f"{one}\n\n{two}"))

    assert found == [("1", None, [one, two])]


def test_text_that_returned_stands_since_its_return() -> None:
    found = told(version(1, "One.\n\nTwo."), version(2, "One."), version(3, "One.\n\nTwo."))

    assert found == [("3", "3", ["Two."]), ("1", None, ["One."])]


def test_a_correction_brings_what_it_mends_on_the_day_on_which_it_takes_effect() -> None:
    found = told(version(1, "One.\n\nTow."), version(2, "One.\n\nTwo.", corrects="1"))

    assert found == [("2", "2", ["Two."]), ("1", None, ["One."])]


def test_what_moved_stands_in_its_wording_since_it_was_written() -> None:
    moved, rest = "One of these clauses moved.", "Two.\n\nThree.\n\nFour."

    found = told(version(1, f"{moved}\n\n{rest}"), version(2, f"{rest}\n\n{moved}"))

    assert found == [("1", None, ["Two.", "Three.", "Four.", moved])]


def test_nothing_is_told_while_nothing_is_in_force() -> None:
    assert told(version(1, "One.", date(2027, 6, 1))) == []


def test_a_whole_section_is_told_by_its_heading_and_where_its_redline_shows_it() -> None:
    versions = [
        version(1, "# A\n\nOne."),
        version(2, "# A\n\nOne.\n\n# B\n\nTwo.\n\nThree."),
        version(3, "# C\n\nNew.\n\n# B\n\nTwo.\n\nThree."),
    ]
    timeline = Policy.of("a", versions).as_of(ON)

    found = wordings(timeline, Anchors.of(Weave.of(read(*(entry.version.body for entry in timeline.entries)))))

    assert found[1].parts == (Part("B", "b", "b", ()),)


def test_long_words_are_cut_between_two_of_them() -> None:
    assert told(version(1, "word " * 20 + "\n\n" + "w" * 100)) == [("1", None, [f"{'word ' * 12}…", "w" * 60 + " …"])]


@history_law
@given(document_histories())
def test_a_wording_stood_in_all_that_governed_since(history: list[str]) -> None:
    timeline = Policy.of("a", [version(k, body) for k, body in enumerate(history, 1)]).as_of(ON)
    weave = Weave.of(read(*history))
    anchors = Anchors.of(weave)
    said = {
        name: saying(strand.item)
        for strand, names in zip(weave.at(len(history) - 1), anchors.ids(len(history) - 1), strict=True)
        for name in names[:1]
    }

    found = wordings(timeline, anchors)

    for one in found:
        for name in (name for part in one.parts for name, _ in part.blocks):
            for place in range(int(one.since.id) - 1, len(history)):
                assert said[name] in [saying(strand.item) for strand in weave.at(place)]
