"""The sample is the text that was found, whole, and its second version mends what its summary says and nothing else.

``data/seed-sentences.txt`` is MacroFab's privacy policy (macrofab.com/legal/privacy) as a scraper kept it, a paragraph
or item a line. The text is MacroFab's and not under the licence of the program.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from inforce import hypertext, settings, sources, text
from inforce.markdown import parse
from inforce.model import Standing, Version

ROOT = Path(__file__).parent.parent
SEED = (ROOT / "tests" / "data" / "seed-sentences.txt").read_text("utf-8")
PARAGRAPHS = [line.removeprefix("- ") for line in SEED.splitlines()]
ITEMS = {line.removeprefix("- ") for line in SEED.splitlines() if line.startswith("- ")}
HEADINGS = {
    "Overview": "h2",
    "Collection of Information": "h2",
    "Information You Provide to Us": "h3",
    "Use of Information": "h2",
    "Sharing of Information": "h2",
    "Third Party Analytics": "h2",
    "Security": "h2",
    "Your Information Choices": "h2",
    "Cookies": "h3",
    "Promotional Communications": "h3",
    "Your California Privacy Rights": "h2",
}
POLICY = next(policy for policy in sources.read(ROOT, settings.read(ROOT))[0] if policy.id == "privacy")
FIRST, SECOND = (parse(version.body) for version in POLICY.versions)


def mended(paragraphs: list[str]) -> list[str]:
    """The paragraphs as the summary of the second version says that they were mended."""
    once = [
        paragraph
        for n, paragraph in enumerate(paragraphs)
        if paragraph not in paragraphs[:n]  # what stood twice stands once
    ]
    lead_in = next(
        n for n, paragraph in enumerate(once) if paragraph.startswith("Put in place all reasonable safeguards")
    )
    return [*once[:lead_in], "We do:", *once[lead_in:]]


def test_the_first_version_holds_every_word_of_the_seed_in_order() -> None:
    words = " ".join(PARAGRAPHS).split()

    assert hypertext.plain(FIRST).split() == words


def test_each_paragraph_of_the_first_version_is_one_of_the_seed() -> None:
    assert [text.plain(block) for block in FIRST.blocks] == PARAGRAPHS


@pytest.mark.parametrize("read", [FIRST, SECOND], ids=["first", "second"])
def test_headings_and_lists_are_restored(read: text.Text) -> None:
    for block in read.blocks:
        words = text.plain(block)

        assert block.kind == HEADINGS.get(words, "p")
        assert [nest.tag for nest in block.nests] == (["ul", "li"] if words in ITEMS else [])


@pytest.mark.parametrize("read", [FIRST, SECOND], ids=["first", "second"])
def test_nothing_is_dressed_that_was_found_plain(read: text.Text) -> None:
    dresses = [run.dress for block in read.blocks for content in block.contents for run in content.runs]

    assert not any(dresses)


def test_the_second_version_mends_what_its_summary_says_and_nothing_else() -> None:
    assert [text.plain(block) for block in SECOND.blocks] == mended(PARAGRAPHS)


def test_four_paragraphs_stood_twice() -> None:
    twice = [words for n, words in enumerate(PARAGRAPHS) if words in PARAGRAPHS[:n]]

    assert [words[:19] for words in twice] == [
        "The information we ",
        "We do not:",
        "Our third party ana",
        "However, please not",
    ]


def test_the_summary_names_what_was_mended() -> None:
    summary = hypertext.plain(parse(POLICY.versions[1].summary))

    for named in ("Overview", "We do not:", "Cookies", "Your California Privacy Rights", "We do:", "inferred"):
        assert named in summary


def test_the_second_version_is_pending_until_20_december_2026() -> None:
    last, day = (POLICY.as_of(date(2026, 12, day)) for day in (19, 20))

    assert [entry.standing for entry in last.entries] == [Standing.IN_FORCE, Standing.PENDING]
    assert last.next_change == date(2026, 12, 20)
    assert [entry.standing for entry in day.entries] == [Standing.SUPERSEDED, Standing.IN_FORCE]


@pytest.mark.parametrize("version", POLICY.versions, ids=lambda version: version.id)
def test_the_front_matter_says_whose_the_text_is(version: Version) -> None:
    path = ROOT / "policies" / "privacy" / f"{version.id}.md"

    comments = " ".join(line.lstrip("# ") for line in path.read_text("utf-8").splitlines() if line.startswith("# "))

    assert "The text below is MacroFab's" in comments
    assert "not under the licence of this program" in comments
    assert "made up for this demonstration" in comments
