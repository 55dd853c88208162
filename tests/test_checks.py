from __future__ import annotations

import time
from collections import deque
from datetime import date, timedelta
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

import pytest

from inforce import sources
from inforce.checks import check_policy, check_settings, days, dropped, letters, pasted, signs
from inforce.errors import Place
from inforce.markdown import Reader
from inforce.settings import Logo, PolicySettings, Settings
from inforce.site import Site
from tests.histories import commit, start, write
from tests.projects import project, version
from tests.slow import QUICK

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from inforce.errors import Problem

ON = date(2026, 3, 20)


BASE = "https://larkfield.example/legal"


def problems(
    folder: Path,
    files: Mapping[str, str | bytes],
    on: date = ON,
    chosen: Settings = Settings(),  # noqa: B008 - a value
) -> list[Problem]:
    """What is said of all policies of a project."""
    policies, _ = sources.read(project(folder, files), chosen)
    site = Site(policies, chosen, on)
    return [problem for policy in policies for problem in check_policy(policy, Reader(), site)]


def told(folder: Path, files: Mapping[str, str | bytes], on: date = ON) -> list[str]:
    return [str(problem) for problem in problems(folder, files, on)]


def text(body: str) -> dict[str, str | bytes]:
    """A project of one version with this text, posted on the day; its first line is line 5 of the file."""
    return {"privacy/a.md": version("2026-03-20", body=body)}


# ------------------------------------------------------------------ settings


@pytest.mark.parametrize("language", ["en", "de-AT", "pt-BR", "he"])
def test_a_language_is_one_that_days_can_be_written_in(language: str) -> None:
    settings = Settings(language=language, policies={"privacy": PolicySettings(language=language)})

    assert list(check_settings(settings)) == []


def test_any_other_language_is_an_error_for_the_site_and_for_a_policy() -> None:
    privacy = PolicySettings(language="en_US")
    settings = Settings(
        language="x-klingon", policies={"privacy": privacy, "terms": PolicySettings()}, lines={"": 2, "privacy": 4}
    )

    found = list(map(str, check_settings(settings)))

    assert found == [
        f'{place}: language "{language}" is not one that days can be written in\n'
        '  Write a tag such as "en", "en-US", "de" or "pt-BR".'
        for place, language in [("pyproject.toml:2", "x-klingon"), ("pyproject.toml:4", "en_US")]
    ]


def test_colours_that_are_hard_to_read_are_doubtful_and_a_foot_that_is_no_text_is_wrong() -> None:
    settings = Settings(colours={"accent": "#93c1ea"}, footer=">" * 500 + "x", lines={"=colours": 3, "=footer": 4})

    faint, deep = check_settings(settings)

    assert str(faint) == (
        "pyproject.toml:3: warning: accent on paper has a contrast of 1.9, where small text needs 4.5\n"
        "  Choose a darker or lighter one: what readers cannot read was not said."
    )
    assert deep.severity == "error"
    assert str(deep).startswith("pyproject.toml:4: footer: ")


def footer(folder: Path, words: str) -> list[str]:
    """What is said of the foot of a site with a policy and a logo."""
    files: dict[str, str | bytes] = {
        "privacy/a.md": version("2026-01-10", body="![s](seal.png)\n"),
        "privacy/seal.png": b"",
        "privacy/beside.png": b"",
    }
    logo = Logo("/logo.svg", b"")
    policies, _ = sources.read(project(folder, files), Settings())
    settings = Settings(base_url=BASE, footer=words, logo=logo, lines={"=footer": 4})
    return [str(one) for one in check_settings(settings, Site(policies, settings, ON))]


@pytest.mark.parametrize(
    "words",
    [
        "[a](/) [b](/privacy/) [c](/privacy) [d](/privacy/a/#x) [e](/privacy/index.html) [f](/feed.xml)",
        "[a](https://example.com) [b](//example.com) [c](mailto:a@example.com) [d](#x) [e](/privacy/a/seal.png)",
        "![a](/logo.svg) ![b](/privacy/a/seal.png) ![c](data:image/png;base64,iVBORw0KGgo=) ![d](/privacy/a/seal.png)",
        "![a](https://larkfield.example/legal/privacy/a/seal.png) ![b](https://larkfield.example/legal/logo.svg)",
    ],
)
def test_a_foot_that_leads_somewhere_is_not_mentioned(tmp_path: Path, words: str) -> None:
    assert footer(tmp_path, words) == []


@pytest.mark.parametrize("target", ["/nowhere/", "privacy/", "../privacy/", "/privacy/b/"])
def test_a_link_at_the_foot_that_leads_nowhere_is_said(tmp_path: Path, target: str) -> None:
    assert footer(tmp_path, f"[a]({target})") == [
        (
            f"pyproject.toml:4: warning: footer: the link to {target} leads nowhere\n"
            "  Write an address of the site, such as /terms/, or https://…"
        )
    ]


@pytest.mark.parametrize(
    "target",
    [
        "seal.png",
        "/seal.png",
        "/privacy/b/seal.png",
        "x/privacy/a/seal.png",
        "/privacy/a/beside.png",
        "/terms/a/seal.png",
        "https://example.com/seal.png",
        "https://larkfield.example/legal/privacy/b/seal.png",
    ],
)
def test_a_picture_at_the_foot_that_is_not_there_is_said(tmp_path: Path, target: str) -> None:
    assert footer(tmp_path, f"![a]({target})") == [
        (
            f"pyproject.toml:4: warning: footer: there is no picture {target} on this site\n"
            "  Write the address of the `logo` that is set (/logo.svg), or take it out."
        )
    ]


# ------------------------------------------------------------------ notice


@pytest.mark.parametrize(
    ("lines", "told_"),
    [
        (("effective: 2026-03-10",), "b.md:4: warning: posted 2026-03-01, effective 2026-03-10: 9 days of notice"),
        (("effective: 2026-03-02",), "b.md:4: warning: posted 2026-03-01, effective 2026-03-02: 1 day of notice"),
        (
            ("postponed: [{announced: 2026-03-05, to: 2026-03-15}]",),
            "b.md:4: warning: posted 2026-03-01, effective 2026-03-15: 14 days of notice",
        ),
    ],
    ids=["nine", "one", "brought forward"],
)
def test_notice_shorter_than_the_rule_is_said_with_what_to_write(
    tmp_path: Path, lines: tuple[str, ...], told_: str
) -> None:
    files = {"privacy/a.md": version("2026-01-10"), "privacy/b.md": version("2026-03-01", *lines, body="Less.\n")}

    assert told(tmp_path, files, date(2026, 3, 1)) == [
        (
            f"policies/privacy/{told_}, where the rule is 30\n"
            "  Give a later day, or say why it is sooner, such as `reason: legal`, `security` or in your own words."
        )
    ]


def test_once_it_is_posted_short_notice_is_put_off_or_explained_and_once_it_is_over_explained(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2026-01-10"),
        "privacy/b.md": version("2026-03-01", "effective: 2026-03-10", body="Less.\n"),
    }

    said = [told(tmp_path, files, date(2026, 3, day))[0].split("\n")[1].split(" it is")[0] for day in (2, 9, 10)]

    later = "  Announce a later day with `postponed`, or say why"
    assert said == [later, later, "  Say why"]


@pytest.mark.parametrize(
    "lines",
    [(), ("effective: 2026-03-31",), ("postponed: [{announced: 2026-03-05, to: 2026-04-15}]",)],
    ids=["the rule", "as the rule", "postponed"],
)
def test_a_reason_for_notice_that_is_not_shorter_is_said_while_the_version_is_to_come(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    files = {
        "privacy/a.md": version("2026-01-10", "reason: legal"),
        "privacy/b.md": version("2026-03-01", "reason: legal", *lines, body="Less.\n"),
    }

    assert told(tmp_path, files) == [
        (
            "policies/privacy/b.md:4: warning: gives a reason for shorter notice, and the notice is not shorter: "
            "the rule is 30 days\n"
            "  If a sooner day is meant, give it; else leave `reason` out: why the text changes is told by `summary`."
        )
    ]
    assert [told(tmp_path, files, on) for on in (date(2026, 2, 1), date(2026, 5, 1))] == [told(tmp_path, files), []]


@pytest.mark.parametrize(
    "lines",
    [
        ("effective: 2026-03-31",),
        ("effective: 2026-03-10", "reason: legal"),
        ("effective: 2026-03-10", "reason: legal", "postponed: [{announced: 2026-03-05, to: 2026-04-15}]"),
        ("postponed: [{announced: 2026-03-05, to: 2026-03-25}]", "reason: legal"),
        ("reason: legal", "withdrawn: 2026-03-02"),
        ("corrects: a", "reason: legal"),
        ("effective: 2026-03-10", "withdrawn: 2026-03-02"),
        ("effective: 2026-03-10", "postponed: [{announced: 2026-03-05, to: 2026-04-15}]"),
        ("corrects: a",),
    ],
    ids=[
        "thirty days",
        "a reason",
        "a reason, then postponed",
        "a reason, brought forward",
        "a reason, withdrawn",
        "a correction with a reason",
        "withdrawn",
        "postponed",
        "a correction",
    ],
)
def test_notice_that_is_long_enough_or_explained_or_not_owed_is_not_mentioned(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    files = {"privacy/a.md": version("2026-01-10"), "privacy/b.md": version("2026-03-01", *lines, body="Less.\n")}

    assert told(tmp_path, files) == []


# ------------------------------------------------------------------ versions that will never govern

SLOW = {
    "privacy/a.md": version("2026-01-10"),
    "privacy/b.md": version("2026-03-01", "effective: 2026-06-01", body="Slow.\n"),
    "privacy/c.md": version("2026-03-10", "effective: 2026-04-15", body="Urgent.\n"),
}


@pytest.mark.parametrize(
    ("on", "remedy"),
    [
        (date(2026, 3, 20), "Give the day that is meant, or leave this announcement out."),
        (date(2026, 3, 21), "What is public stays: announce the day that is meant in an entry below it."),
    ],
)
def test_a_postponement_to_the_day_that_held_already_is_said_while_the_version_is_pending(
    tmp_path: Path, on: date, remedy: str
) -> None:
    listed = "postponed: [{announced: 2026-03-15, to: 2026-06-02}, {announced: 2026-03-20, to: 2026-06-02}]"
    files = {
        "privacy/a.md": version("2026-01-10"),
        "privacy/b.md": version("2026-03-01", "effective: 2026-06-01", listed, body="New.\n"),
    }

    assert told(tmp_path, files, on) == [
        (
            "policies/privacy/b.md:5: warning: postponed on 2026-03-20 to 2026-06-02, the day that held already: "
            f"nothing moves\n  {remedy}"
        )
    ]
    assert told(tmp_path, files, date(2026, 6, 2)) == []


def test_a_version_that_will_be_overtaken_is_said_while_something_can_be_done(tmp_path: Path) -> None:
    assert told(tmp_path, SLOW, date(2026, 3, 20)) == [
        (
            "policies/privacy/b.md:4: warning: b (effective 2026-06-01) will never be in force: "
            "c takes effect on 2026-04-15, first\n"
            "  Withdraw b, give it an earlier day, or give c a later one. The day of what is posted is moved by "
            "`postponed`."
        )
    ]
    assert told(tmp_path, SLOW, date(2026, 3, 1))[0].endswith("or give c a later one.")


def test_once_it_is_overtaken_nothing_can_be_done_and_nothing_is_said(tmp_path: Path) -> None:
    assert told(tmp_path, SLOW, date(2026, 4, 15)) == []


LATE = "effective: 2026-06-01"


@pytest.mark.parametrize(
    ("slow", "fast", "overtaken"),
    [
        (f"{LATE}\nwithdrawn: 2026-03-20", "", False),
        (LATE, "withdrawn: 2026-03-20", False),
        (LATE, "postponed: [{announced: 2026-03-20, to: 2026-07-01}]", False),
        ("effective: 2026-04-01\npostponed: [{announced: 2026-03-20, to: 2026-05-01}]", "", True),
    ],
    ids=["the slow one withdrawn", "the fast one withdrawn", "the fast one postponed", "the other one postponed"],
)
def test_what_was_announced_after_the_last_posting_decides_whether_a_version_is_overtaken(
    tmp_path: Path, slow: str, fast: str, *, overtaken: bool
) -> None:
    files = {
        "privacy/a.md": version("2026-01-10"),
        "privacy/b.md": version("2026-03-01", slow, body="Slow.\n"),
        "privacy/c.md": version("2026-03-10", "effective: 2026-04-15", fast, body="Urgent.\n"),
    }

    assert [one.code for one in problems(tmp_path, files, date(2026, 3, 25))] == ["overtaken"] * overtaken


def test_a_pending_version_is_meant_to_be_overtaken_by_its_correction(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2026-01-10"),
        "privacy/b.md": version("2026-03-01", body="Less.\n"),
        "privacy/c.md": version("2026-03-10", "corrects: b", body="Even less.\n"),
    }

    assert told(tmp_path, files) == []


def test_a_correction_that_is_overtaken_with_what_it_corrects_is_not_said_twice(tmp_path: Path) -> None:
    files = {**SLOW, "privacy/d.md": version("2026-03-05", "corrects: b", body="Slower.\n")}

    assert [one.code for one in problems(tmp_path, files)] == ["overtaken"]


FALLEN = {
    "privacy/a.md": version("2026-01-10"),
    "privacy/b.md": version("2026-03-01", "withdrawn: 2026-03-05", body="Less.\n"),
    "privacy/c.md": version("2026-03-05", "corrects: b", body="Even less.\n"),
    "privacy/d.md": version("2026-03-04", "corrects: b", body="Nothing.\n"),
}


def test_a_correction_of_what_was_withdrawn_is_said_until_it_would_have_taken_effect(tmp_path: Path) -> None:
    first, last = (told(tmp_path, FALLEN, on) for on in (date(2026, 3, 5), date(2026, 3, 31)))

    said = (
        "policies/privacy/c.md:4: warning: corrects b, which was withdrawn on 2026-03-05: this text never takes effect"
    )
    assert first == [f"{said}\n  Leave `corrects` out if it is to be a version in its own right, or delete this file."]
    assert last == [
        f"{said}\n  It is posted and stays. If the text is to govern, post it as a version in its own right."
    ]
    assert told(tmp_path, FALLEN, date(2026, 4, 1)) == []


# ------------------------------------------------------------------ texts


@pytest.mark.parametrize(
    ("body", "line", "what"),
    [
        ("# Privacy\n\n> " + "> " * 30 + "x\n", 7, "lists or quotes stand"),
        (
            "|a" * 600 + "|\n" + "|-" * 600 + "|\n" + "|b\n" * 100,
            6,
            "the tables of this text have more than 50,000 cells",
        ),
    ],
    ids=["quotes", "table"],
)
def test_a_text_beyond_the_limits_is_an_error_with_its_line(tmp_path: Path, body: str, line: int, what: str) -> None:
    (problem,) = problems(tmp_path, text(body))

    assert problem.severity == "error"
    assert str(problem.place) == f"policies/privacy/a.md:{line}"
    assert problem.what.startswith(what)


def test_a_summary_beyond_the_limits_is_an_error_at_the_summary(tmp_path: Path) -> None:
    files = {"privacy/a.md": version("2026-01-10", f"summary: '{'> ' * 30}x'")}

    (problem,) = problems(tmp_path, files)

    assert str(problem.place) == "policies/privacy/a.md:4"
    assert problem.what.startswith("summary: lists or quotes stand")


def test_html_is_shown_as_it_is_written_and_that_is_said(tmp_path: Path) -> None:
    assert told(tmp_path, text("One.\n\n<!-- hidden --> two\n")) == [
        (
            "policies/privacy/a.md:7: warning: HTML, or an HTML comment, is shown to readers as it is written\n"
            "  Write it as Markdown, or take it out."
        )
    ]


@pytest.mark.parametrize(
    ("sign", "shown"),
    [
        ("\u202e", "U+202E right-to-left override"),
        ("\u200b", "U+200B zero width space"),
        ("\u00ad", "U+00AD soft hyphen"),
        ("\ufeff", "U+FEFF zero width no-break space"),
        ("\x07", "U+0007 control character"),
        ("\x85", "U+0085 control character"),
    ],
)
def test_a_character_that_nobody_sees_is_named_once_a_line(tmp_path: Path, sign: str, shown: str) -> None:
    assert told(tmp_path, text(f"One.\n\nWe do n{sign}ot se{sign}ll.\n")) == [
        (
            f"policies/privacy/a.md:7: warning: holds {shown}, a character that nobody sees\n"
            "  Type the word anew, without it."
        )
    ]


def test_a_link_that_is_none_is_said_in_the_text_and_in_the_summary(tmp_path: Path) -> None:
    files = {"privacy/a.md": version("2026-01-10", "summary: 'See [a](b c/d).'", body="One.\n\n[a](ftp://b)\n")}

    found = problems(tmp_path, files)

    assert [(one.code, str(one.place)) for one in found] == [
        ("link-shown", "policies/privacy/a.md:8"),
        ("link-shown", "policies/privacy/a.md:4"),
    ]


def changes(folder: Path, old: str, new: str) -> list[str]:
    """What is said of changes that nobody sees, from one version to the next; its text begins on line 6."""
    files: dict[str, str | bytes] = {
        "privacy/a.md": version("2026-01-10", body=old),
        "privacy/b.md": version("2026-02-10", "effective: 2026-03-15", body=new),
    }
    return [str(one) for one in problems(folder, files) if one.code == "unseen-change"]


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("We cooperate.", "We co\u00adoperate.", "U+00AD soft hyphen was put in"),
        ("We co\u200coperate.", "We **cooperate**.", "U+200C zero width non-joiner was taken out"),
        ("We cooperate.", "We \u202ecooperate.", "U+202E right-to-left override was put in"),
        (
            "We cooperate.",
            "We cooperate \u200b\u2060 now.",
            "U+200B zero width space was put in and U+2060 word joiner",
        ),
        ("We co\u200doperate.", "We co\u200coperate.", "U+200C zero width non-joiner was put in and U+200D zero width"),
        ("We co\u00adoperate.", "We coo\u00adperate.", "what nobody sees stands in another place"),
        ("We co\u00e9perate.", "We coe\u0301perate.", "letters and their accents are in another Unicode form"),
    ],
)
def test_a_change_that_nobody_sees_is_told(tmp_path: Path, old: str, new: str, difference: str) -> None:
    (said,) = changes(tmp_path, f"One.\n\n{old}\n", f"One.\n\nAnd more.\n\n{new}\n")

    word = "co\u00e9perate" if "Unicode" in difference else "cooperate"
    lead = f"policies/privacy/b.md:10: warning: '{word}' reads as it does in a, the version before, but "
    assert said.startswith(lead + difference)
    assert said.endswith(
        "\n  If that is not meant, copy from a. Redlines do not show what nobody sees."
        " It is posted: mend it in a version that says `corrects: 'b'`, or leave it."
    )


def test_many_words_that_changed_unseen_are_told_at_once(tmp_path: Path) -> None:
    found = changes(tmp_path, "\u00e9t\u00e9, caf\u00e9\n\nr\u00e9gion", "e\u0301te\u0301, cafe\u0301\n\nre\u0301gion")

    assert [one.split(" the version")[0] for one in found] == [
        "policies/privacy/b.md:6: warning: '\u00e9t\u00e9' and 2 more words read as they do in a,"
    ]


def test_what_is_taken_out_to_mend_a_text_is_no_such_change(tmp_path: Path) -> None:
    assert changes(tmp_path, "We co\u00adoperate\u200b.", "We **cooperate**.") == []


def test_words_that_changed_as_all_can_see_or_not_at_all_are_no_such_change(tmp_path: Path) -> None:
    assert changes(tmp_path, "We keep co\u00adoperating.\n\nYes.", "We keep co\u00adoperating, and more.\n\nNo.") == []


@pytest.mark.parametrize(
    "body",
    ["\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645\n", "क्\u200dष\n", "Two\twords.\n", "Straße, naïve, caf\u00e9\n"],
)
def test_signs_that_whole_scripts_are_written_with_are_not_mentioned(tmp_path: Path, body: str) -> None:
    assert told(tmp_path, text(body)) == []


def test_a_letter_of_another_script_in_a_word_is_named(tmp_path: Path) -> None:
    assert told(tmp_path, text("L\u0430rkfield keeps Ωμέγα and Газета.\n")) == [
        (
            "policies/privacy/a.md:5: warning: 'L\u0430rkfield' holds a letter of another script "
            "(U+0430 cyrillic small letter a)\n"
            "  Type the word anew."
        )
    ]


@pytest.mark.parametrize("written", ["{{ company }}", "{% if eu %}", "{{a}} and {%- b -%}"])
def test_what_looks_like_a_template_is_shown_as_it_stands_and_that_is_said(tmp_path: Path, written: str) -> None:
    said = told(tmp_path, text(f"One.\n\nWe are {written}.\n"))

    assert [one.split("\n")[0] for one in said] == [
        f"policies/privacy/a.md:7: warning: {one} is shown to readers as it stands: nothing is filled in"
        for one in written.split(" and ")
    ]


def test_a_title_and_a_summary_are_not_filled_in_either(tmp_path: Path) -> None:
    files = {"privacy/a.md": version("2026-01-10", "summary: 'We are {{ company }}.'", title="'{{ title }}'")}

    found = problems(tmp_path, files)

    assert [(one.code, one.place.line) for one in found] == [("placeholder-shown", 2), ("placeholder-shown", 4)]


@pytest.mark.parametrize("written", ["{ a }", "{}", "a {{ b", "{# note #}", "100 %}"])
def test_other_braces_are_not_mentioned(tmp_path: Path, written: str) -> None:
    assert told(tmp_path, text(f"We are {written}.\n")) == []


def test_what_nothing_closes_hides_none_that_is_closed(tmp_path: Path) -> None:
    said = told(tmp_path, text("{{ a\n{% b {{{ c }} {{ d\n"))

    assert [one.split(" is shown")[0] for one in said] == ["policies/privacy/a.md:6: warning: {{{ c }}"]


def _hidden(*digits: str) -> str:
    """A text of words that all look the same."""
    return "\n".join(" ".join(f"a{''.join(one)}b" for one in product(digits, repeat=6)) for _ in range(2))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a", "{" * 100_000),
        ("a", "{%" * 50_000),
        ("a", "a" + " " * 100_000 + "b"),
        (_hidden("\u200b", "\u00ad", "\u2060", "\ufeff"), _hidden("\u2061", "\u2062", "\u2063", "\u2064")),
    ],
    ids=["braces", "braces and signs", "spaces", "words that look the same"],
)
def test_letters_are_looked_at_in_a_time_that_grows_with_the_text_alone(old: str, new: str) -> None:
    reader = Reader()
    one, two = reader.read(old), reader.read(new)
    at = partial(Place, "a.md")
    begun = time.process_time()

    for found in (letters.of_text(two, at), letters.of_change(one, two, "a", at)):
        deque(found, maxlen=0)

    assert time.process_time() - begun < QUICK


def test_a_version_without_a_change_is_said(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2026-01-10", body="We keep\nyour name.\n"),
        "privacy/b.md": version("2026-03-01", body="We  keep your name.\n"),
    }

    before, after = (told(tmp_path, files, on) for on in (date(2026, 3, 1), date(2026, 3, 2)))

    said = "policies/privacy/b.md:5: warning: the text is that of a, the version before\n  "
    assert before == [f"{said}Change the text, or delete this file: a version without a change tells readers nothing."]
    assert after == [
        f"{said}It is posted and stays. If another text is meant, post it: a version that says `corrects: 'b'`."
    ]


def test_what_is_told_of_a_text_that_is_posted_says_what_can_still_be_done(tmp_path: Path) -> None:
    before, after = (told(tmp_path, text("Yes. <b>\n"), on) for on in (date(2026, 3, 20), date(2026, 3, 21)))

    later = " It is posted: mend it in a version that says `corrects: 'a'`, or leave it."
    assert after == [one + later for one in before]
    assert len(before) == 1


def test_a_picture_can_still_be_put_beside_a_text_that_is_posted(tmp_path: Path) -> None:
    before, after = (told(tmp_path, text("![s](seal.png)\n"), on) for on in (date(2026, 3, 20), date(2026, 3, 21)))

    assert before == after


# ------------------------------------------------------------------ names and words of the front matter


@pytest.mark.parametrize(
    ("lines", "key", "line"),
    [
        (("summary: We close ticket #12 and clause # 4 is gone",), "summary", 4),
        (("summary: We close ticket", "  12 and # 4 is gone"), "summary", 5),
        (("effective: 2026-03-25", "reason: a court ruled # today"), "reason", 5),
        (("version: 2 # or 3",), "version", 4),
        (("postponed:", "  - announced: 2026-03-20", "    to: 2026-04-25", "    note: see #4"), "note", 7),
    ],
)  # fmt: skip
def test_words_that_a_comment_ends_are_said(tmp_path: Path, lines: tuple[str, ...], key: str, line: int) -> None:
    files = {
        "privacy/a.md": version("2026-01-10", "summary: The # first", body="No.\n"),
        "privacy/b.md": version("2026-03-20", *lines, title="'Privacy' # our own"),
    }

    assert told(tmp_path, files, date(2026, 5, 1)) == [
        (
            f"policies/privacy/b.md:{line}: warning: {key} ends before the # on this line: what follows is taken for a "
            "comment, and nobody reads it\n"
            f"  If it belongs to the words, put all of them in quotes: `{key}: '…'`. A comment has a line of its own."
        )
    ]


@pytest.mark.parametrize(
    "line",
    [
        "effective: 2026-04-25 # a Saturday",
        "summary: 'Ticket #12' # closed",
        "summary: | # our own\n  Ticket #12",
        "summary: Ticket#12",
        "reason: legal # the court\neffective: 2026-03-25",
        "# summary: Ticket #12",
        "corrects: a # the first",
    ],
)
def test_comments_that_end_no_words_are_not_mentioned(tmp_path: Path, line: str) -> None:
    files = {"privacy/a.md": version("2026-01-10"), "privacy/b.md": version("2026-03-20", line, body="Less.\n")}

    assert told(tmp_path, files) == []


def test_two_versions_of_one_label_are_said_but_a_correction_or_what_follows_a_withdrawn_one_may_bear_it(
    tmp_path: Path,
) -> None:
    files = {
        "privacy/a.md": version("2026-01-10", "version: '2'"),
        "privacy/b.md": version("2026-01-11", "version: '2'", "corrects: a", body="b\n"),
        "privacy/c.md": version("2026-01-12", "version: '3'", "withdrawn: 2026-01-13", body="c\n"),
        "privacy/d.md": version("2026-01-14", "version: '3'", body="d\n"),
        "privacy/e.md": version("2026-03-15", "version: '2'", body="e\n"),
    }

    assert told(tmp_path, files) == [
        (
            "policies/privacy/e.md:4: warning: version is 2, as that of a is: readers cannot tell the two apart by it\n"
            "  Give another label, or leave it out."
        )
    ]


@pytest.mark.parametrize(("name", "posted"), [("2026-03-01", "2025-03-01"), ("2026-05-03", "2026-03-05")])
def test_a_posting_day_that_is_the_name_of_its_file_but_for_a_slip_is_said(
    tmp_path: Path, name: str, posted: str
) -> None:
    files = {
        "privacy/2026-01-01.md": version("2026-01-01"),
        f"privacy/{name}.md": version(posted, body="Less.\n"),
    }

    assert told(tmp_path, files) == [
        (
            f"policies/privacy/{name}.md:3: warning: posted is {posted}, and the name of the file is another day that "
            "looks like it\n"
            "  Mend the one that is mistyped: the order of the versions and the days of notice follow `posted`. "
            "If it is posted already, both stay: the name is an address for good."
        )
    ]


@pytest.mark.parametrize(
    ("name", "posted", "last"),
    [
        ("2026-03-01", "2025-03-01", "2026-03-31"),
        ("2025-03-01", "2026-03-01", "2026-03-31"),
        ("2026-13-03", "2026-03-13", "2026-04-12"),
        ("2025-02-29", "2024-02-29", "2024-03-30"),
    ],
)
def test_a_slip_in_a_name_is_said_until_it_is_long_posted(tmp_path: Path, name: str, posted: str, last: str) -> None:
    files = {"privacy/2024-01-01.md": version("2024-01-01"), f"privacy/{name}.md": version(posted, body="Less.\n")}
    day = date.fromisoformat(last)
    (policy,), _ = sources.read(project(tmp_path, files), Settings())

    said = [[one.code for one in problems(tmp_path, files, on)] for on in (day, day + timedelta(1))]

    assert said == [["posted-unlike-name"], []]
    assert days.next_stated(policy, day) == day + timedelta(1)


def test_a_slip_in_a_name_that_is_to_be_posted_can_be_mended(tmp_path: Path) -> None:
    files = {"privacy/a.md": version("2026-01-10"), "privacy/2027-03-20.md": version("2026-03-20", body="Less.\n")}

    assert told(tmp_path, files)[0].endswith("days of notice follow `posted`.")


@pytest.mark.parametrize(
    ("name", "posted", "lines"),
    [
        ("2026-03-05", "2026-03-05", ()),
        ("2026-04-01", "2026-02-27", ()),
        ("2027-03-05", "2026-03-05", ("effective: 2027-03-05",)),
        ("2027-03-05", "2026-03-05", ("postponed: [{announced: 2026-03-06, to: 2027-03-05}]",)),
        ("2027-03-05", "2026-03-05", ("withdrawn: 2026-03-06",)),
        ("edition-2027-03-05", "2026-03-05", ()),
        ("2027-03-05-b", "2026-03-05", ()),
    ],
)
def test_a_file_may_bear_any_other_name(tmp_path: Path, name: str, posted: str, lines: tuple[str, ...]) -> None:
    files = {"privacy/a.md": version("2026-01-10"), f"privacy/{name}.md": version(posted, *lines, body="Less.\n")}

    assert told(tmp_path, files) == []


def test_a_text_that_comes_back_after_a_withdrawn_one_is_compared_with_the_one_before(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2026-01-10"),
        "privacy/b.md": version("2026-03-01", "withdrawn: 2026-03-05", body="Less.\n"),
        "privacy/c.md": version("2026-03-10"),
    }

    assert [str(one.place) for one in problems(tmp_path, files)] == ["policies/privacy/c.md:5"]


def test_a_text_that_cannot_be_read_is_not_compared(tmp_path: Path) -> None:
    deep = "> " * 30 + "x\n"
    files = {
        "privacy/a.md": version("2026-01-10", body=deep),
        "privacy/b.md": version("2026-03-01", body=deep),
        "privacy/c.md": version("2026-03-10"),
    }

    assert [one.code for one in problems(tmp_path, files)] == ["nested-too-deep", "nested-too-deep"]


CONFLICT = "Orders.\n\n<<<<<<< HEAD\nSix years.\n=======\nFive years.\n>>>>>>> legal\n"


@pytest.mark.parametrize("posted", ["2026-03-20", "2026-03-10"])
def test_a_merge_left_undone_is_an_error_and_what_is_posted_is_mended_by_a_correction(
    tmp_path: Path, posted: str
) -> None:
    (problem,) = problems(tmp_path, {"privacy/a.md": version(posted, body=CONFLICT)})

    later = "" if posted == "2026-03-20" else " It is posted: mend it in a version that says `corrects: 'a'`."
    assert problem.severity == "error"
    assert str(problem) == (
        "policies/privacy/a.md:7: the line '<<<<<<< HEAD' was left by a merge: "
        "readers would see it, and both texts\n"
        "  Two texts stand here, parted by =======. Keep the one that is meant, and delete all lines that begin with "
        f"seven <, =, > or |.{later}"
    )


@pytest.mark.parametrize(
    "body", ["Six years.\n=======\nFive.\n>>>>>>> legal\n", "||||||| base\nSix.\n=======\nFive.\n"]
)
def test_a_merge_that_was_half_cleaned_up_is_told(tmp_path: Path, body: str) -> None:
    assert [one.code for one in problems(tmp_path, text(body))] == ["merge-conflict"]


@pytest.mark.parametrize(
    "body",
    [
        "What we keep\n=======\n\nOrders.\n",
        "What we keep\n=======\n\n>>>>>>>\n>>>>>>>Deep\n",
        ">>>>>>> Deep\n",
        "|||||||\n|-|-|-|-|-|-|\n|||||||\n",
        "Keys\n=======\n\n||||||| a | b |\n",
        "    <<<<<<< HEAD of a sample\n",
        "<<<<<<<<\n",
    ],
)
def test_signs_that_are_markdown_are_no_merge(tmp_path: Path, body: str) -> None:
    assert "merge-conflict" not in [one.code for one in problems(tmp_path, text(body))]


def test_a_merge_that_was_corrected_is_not_told_any_more(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2026-01-10"),
        "privacy/b.md": version("2026-03-10", body=CONFLICT),
        "privacy/c.md": version("2026-03-11", "corrects: b", body="Orders. Five years.\n"),
    }

    assert problems(tmp_path, files) == []


def test_a_merge_is_told_until_a_correction_is_posted_and_when_that_was_withdrawn(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2026-01-10"),
        "privacy/b.md": version("2026-03-01", "effective: 2026-05-01", body=CONFLICT),
        "privacy/c.md": version("2026-03-16", "corrects: b", "withdrawn: 2026-03-18", body="Orders. Five years.\n"),
    }

    before, mended, after = (problems(tmp_path, files, date(2026, 3, day)) for day in (15, 16, 18))

    assert [(one.code, one.severity, one.place.path[-4:]) for one in (*before, *after)] == [
        ("merge-conflict", "error", "b.md")
    ] * 2
    remedy = "2026-03-16 on, and not before. It is posted: mend it in a version that says `corrects: 'b'`."
    assert before[0].remedy.endswith(remedy)
    assert mended == []


def test_a_merge_in_a_correction_of_it_is_told(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2026-03-10", body=CONFLICT),
        "privacy/b.md": version("2026-03-11", "corrects: a", body=CONFLICT.replace("Five", "Four")),
    }

    assert [(one.code, one.place.path[-4:]) for one in problems(tmp_path, files)] == [("merge-conflict", "b.md")]


HISTORY = (
    ("2026-01-10", version("2026-01-10")),
    ("2026-03-01", version("2026-03-01", "effective: 2026-05-01", body="We keep less.\n")),
)


def committed(root: Path, *commits: tuple[str, str]) -> list[tuple[str, str, int]]:
    """What is said of a policy kept as one file, committed again and again: code, severity and line."""
    start(root)
    for day, content in commits:
        commit(root, day, {"policies/privacy.md": content})
    return [(one.code, one.severity, one.place.line) for one in problems(root, {})]


def test_a_merge_in_the_text_at_hand_is_an_error_wherever_its_version_stands(tmp_path: Path) -> None:
    old = version("2026-03-10", "corrects: '2026-01-10'", body=CONFLICT)

    assert committed(tmp_path, *HISTORY, ("2026-03-10", old)) == [("merge-conflict", "error", 8)]


def test_a_merge_in_an_old_commit_is_a_warning_wherever_its_version_stands(tmp_path: Path) -> None:
    merged = version("2026-03-01", "effective: 2026-05-01", body=CONFLICT)
    mended = version("2026-03-10", "corrects: '2026-01-10'", body="We keep your names.\n")

    said = committed(tmp_path, HISTORY[0], ("2026-03-01", merged), ("2026-03-10", mended))

    assert said == [("merge-conflict", "warning", 8)]


def test_a_merge_in_an_old_commit_that_is_mended_under_the_same_day_is_not_told(tmp_path: Path) -> None:
    merged = version("2026-03-01", "effective: 2026-05-01", body=CONFLICT)

    assert committed(tmp_path, HISTORY[0], ("2026-03-01", merged), ("2026-03-02", HISTORY[1][1])) == []


def test_a_merge_in_a_history_that_has_gone_on_is_a_warning(tmp_path: Path) -> None:
    root = start(tmp_path)
    mended = version("2026-03-12", body="Orders. Five years.\n")
    commit(root, "2026-01-10", {"policies/privacy.md": version("2026-01-10")})
    commit(root, "2026-03-10", {"policies/privacy.md": version("2026-03-10", body=CONFLICT)})
    before = problems(tmp_path, {})
    commit(root, "2026-03-12", {"policies/privacy.md": mended})

    after = problems(tmp_path, {})

    assert [(one.code, one.severity) for one in before] == [("merge-conflict", "error")]
    assert [(one.code, one.severity) for one in after] == [("merge-conflict", "warning")]
    assert after[0].remedy.endswith(" It is posted: mend it in a version that says `corrects: '2026-03-10'`.")


def test_what_was_replaced_can_no_longer_be_mended_and_is_left_alone(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2026-01-10", body="See [the terms](../terms/).\n"),
        "privacy/b.md": version("2026-02-01", body="We keep less.\n"),
    }

    before, after = (problems(tmp_path, files, on) for on in (date(2026, 3, 2), date(2026, 3, 3)))

    assert [one.code for one in before] == ["link-nowhere"]
    assert after == []


def test_what_is_not_posted_yet_is_looked_at(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2026-01-10"),
        "privacy/b.md": version("2027-02-01", body="See [the terms](../terms/).\n"),
    }

    assert [one.code for one in problems(tmp_path, files)] == ["link-nowhere"]


def test_what_is_not_posted_yet_may_link_to_what_is_there_by_then(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2027-02-01", body="See [the terms](../terms/a.md) and [these](/terms/#scope).\n"),
        "terms/a.md": version("2027-02-01", body="# Scope\n\nSee [privacy](../privacy/), [more](../cookies/).\n"),
        "cookies/a.md": version("2027-02-02", body="See [privacy](../privacy/).\n"),
    }

    assert told(tmp_path, files) == [
        (
            "policies/terms/a.md:7: warning: the link to ../cookies/ leads nowhere\n"
            "  Write the way to the other policy's file, such as ../terms/2026-01-10.md, or its address, /terms/."
        )
    ]


# ------------------------------------------------------------------ links and pictures


@pytest.mark.parametrize(
    "target",
    [
        "../terms/",
        "../terms",
        "../terms/2026-01-10.md",
        "../terms/2026-01-10/changes/#x",
        "/terms/history/",
        "/",
        "../",
        "a.md",
        "#",
        "#cookies",
        "#k%C3%BChe",
        "https://larkfield.example",
        "mailto:a@larkfield.example",
        "//larkfield.example",
        "../terms/2026-01-10/policy.md",
        "../terms/versions.json",
        "a/policy.md#x",
        "/policies.json",
        "/manifest.json",
        "/sitemap.xml",
        "/robots.txt",
    ],
)
def test_a_link_that_leads_somewhere_is_not_mentioned(tmp_path: Path, target: str) -> None:
    files = {
        **text(f"# Cookies\n\n# K\u00fche\n\n[there]({target})\n"),
        "terms/2026-01-01.md": version("2026-01-01"),
        "terms/2026-01-10.md": version("2026-01-10", "corrects: 2026-01-01", body="Less.\n"),
    }

    assert told(tmp_path, files) == []


@pytest.mark.parametrize(
    "target",
    [
        "../terms/",
        "/terms/",
        "b.md",
        "2026-03-01/",
        "../../README.md",
        "seal.png",
        "policy.md",
        "b/policy.md",
        "../versions.json",
        "../pyproject.toml",
    ],
)
def test_a_link_that_leads_nowhere_is_said_with_its_line(tmp_path: Path, target: str) -> None:
    assert told(tmp_path, text(f"One.\n\nSee [there]({target}).\n")) == [
        (
            f"policies/privacy/a.md:7: warning: the link to {target} leads nowhere\n"
            "  Write the way to the other policy's file, such as ../terms/2026-01-10.md, or its address, /terms/."
        )
    ]


@pytest.mark.parametrize(
    ("body", "headings"),
    [
        ("[x](#refunds)\n", "none"),
        ("[x](#refunds)\n\n# Returns\n\n## Cookies\n\n# Cookies\n", "#cookies, #cookies-2, #returns"),
    ],
)
def test_a_link_to_no_heading_names_the_headings(tmp_path: Path, body: str, headings: str) -> None:
    assert told(tmp_path, text(body)) == [
        (
            "policies/privacy/a.md:5: warning: the link to #refunds leads to no heading of this text\n"
            f"  Its headings are: {headings}."
        )
    ]


def test_a_picture_beside_the_version_or_written_into_it_is_not_mentioned(tmp_path: Path) -> None:
    body = "![s](seal.png) ![s](img/seal.png) ![s](data:image/png;base64,iVBORw0KGgo=)\n"
    files = {**text(body), "privacy/seal.png": b"", "privacy/img/seal.png": b""}

    assert told(tmp_path, files) == []


@pytest.mark.parametrize("target", ["seal.png", "../terms/seal.png", "/seal.png", "#seal"])
def test_a_picture_that_is_not_beside_the_version_is_said(tmp_path: Path, target: str) -> None:
    files = {
        **text(f"![s]({target})\n"),
        "terms/a.md": version("2026-01-10"),
        "terms/seal.png": b"",
        "privacy/seal.svg": b"",
    }

    assert told(tmp_path, files) == [
        (
            f"policies/privacy/a.md:5: warning: there is no picture {target} beside this file\n"
            "  Put it there (png, jpg, gif, webp or avif), or take it out of the text."
        )
    ]


@pytest.mark.parametrize("target", ["seal.svg", "seal.SVG", "a.md"])
def test_a_picture_of_a_kind_that_is_not_published_is_said(tmp_path: Path, target: str) -> None:
    assert told(tmp_path, {**text(f"![s]({target})\n"), "privacy/seal.svg": b""}) == [
        (
            f"policies/privacy/a.md:5: warning: {target} is no picture of a kind that is published\n"
            "  Save it as png, jpg, gif, webp or avif beside this file, or take it out of the text."
        )
    ]


@pytest.mark.parametrize(("target", "there"), [("Seal.png", "seal.png"), ("the%20seal.PNG", "img/the seal.png")])
def test_a_picture_whose_name_is_written_in_other_letters_or_lies_deeper_is_named(
    tmp_path: Path, target: str, there: str
) -> None:
    (said,) = told(tmp_path, {**text(f"![s]({target})\n"), f"privacy/{there}": b""})

    assert said == (
        f"policies/privacy/a.md:5: warning: there is no picture {target} beside this file, but {there}: "
        f"folders, and large and small letters, are as they are written\n  Write {there}."
    )


ELSEWHERE: dict[str, str | bytes] = {
    "terms/a b.md": version("2026-01-10", "summary: '![s](s.png)'", body="![s](img/a%20b.png)\n"),
    "terms/c.md": version("2026-02-20", body="![s](s.png)\n"),
    "terms/d.md": version("2027-01-10", body="![s](s.png) [a](b.md) [s](s.png)\n\n<!-- -->\n"),
    "terms/img/a b.png": b"",
    "terms/s.png": b"",
    "terms/unshown.png": b"",
    "privacy/seal.png": b"",
}


@pytest.mark.parametrize("sign", ["", "!"])
@pytest.mark.parametrize("base", ["", BASE])
def test_a_picture_that_a_version_shows_may_be_named_by_its_address(tmp_path: Path, sign: str, base: str) -> None:
    addresses = ("/terms/a-b/img/a%20b.png", "/terms/a-b/s.png", "/terms/c/s.png#x", "/privacy/a/seal.png")
    body = "".join(f"{sign}[There]({base}{address})\n\n" for address in addresses)
    files = {**ELSEWHERE, **text(body + "![s](seal.png)\n")}

    found = problems(tmp_path, files, chosen=Settings(base_url=BASE))

    assert [one.code for one in found if one.place.path == "policies/privacy/a.md"] == []


def test_what_comes_later_may_name_pictures_that_come_by_then(tmp_path: Path) -> None:
    coming = {"privacy/b.md": version("2027-02-01", body="![a](/terms/d/s.png) [b](/terms/d/s.png)\n")}

    found = problems(tmp_path, {**ELSEWHERE, **text("One.\n"), **coming})

    assert [one.code for one in found if one.place.path == "policies/privacy/b.md"] == []


@pytest.mark.parametrize(
    "address", ["/terms/a-b/unshown.png", "/terms/c/img/a%20b.png", "/terms/d/s.png", "/x/a/s.png"]
)
def test_a_picture_that_no_version_shows_has_no_address(tmp_path: Path, address: str) -> None:
    found = problems(tmp_path, {**ELSEWHERE, **text(f"[a]({address}) ![b]({address})\n")})

    assert [one.code for one in found if one.place.path == "policies/privacy/a.md"] == [
        "link-nowhere",
        "picture-missing",
    ]


def test_a_picture_of_another_site_is_said(tmp_path: Path) -> None:
    assert told(tmp_path, text("![s](https://larkfield.example/s.png)\n")) == [
        (
            "policies/privacy/a.md:5: warning: the picture https://larkfield.example/s.png lies on another site, "
            "and is not shown: pages ask nothing of others\n"
            "  Put the picture beside this file."
        )
    ]


def test_letters_and_html_of_a_summary_are_looked_at_too_and_letters_of_a_title(tmp_path: Path) -> None:
    summary = ("summary: |", "  We <!-- do not --> keep\u200b it.", "  L\u0430rkfield keeps\u200b {{ it }}.")
    files = {"privacy/a.md": version("2026-01-10", *summary, title="Priv\u00adacy of L\u0430rkfield")}

    found = problems(tmp_path, files)

    assert [(one.place.line, one.code) for one in found] == [
        (2, "hidden-character"),
        (2, "lookalike-letter"),
        *((4, code) for code in ("html-shown", "hidden-character", "lookalike-letter", "placeholder-shown")),
    ]


def test_links_and_pictures_of_a_summary_are_looked_at_too(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2026-01-10", "summary: 'See [terms](../terms/), [below](#x) and ![s](seal.png).'")
    }

    found = problems(tmp_path, files)

    assert [(str(one.place), one.code) for one in found] == [
        ("policies/privacy/a.md:4", code) for code in ("link-nowhere", "anchor-nowhere", "picture-missing")
    ]


# ------------------------------------------------------------------ headings of other texts

COOKIES = "## Cookies\n\nWe set none.\n"
OTHERS = {
    "privacy/a.md": version("2026-01-10", body=COOKIES),
    "privacy/b.md": version("2026-02-01", "effective: 2026-02-01", "reason: legal", body=f"{COOKIES}\n## Names\n"),
}


def linking(target: str) -> dict[str, str | bytes]:
    """A project whose terms link so; the link stands in line 5."""
    return {**OTHERS, "terms/a.md": version("2026-01-10", body=f"See [there]({target}).\n")}


@pytest.mark.parametrize(
    "target",
    [
        "../privacy/#cookies",
        "../privacy/#names",
        "../privacy/#%6eames",
        "../privacy/a.md#cookies",
        "../privacy/#",
        "../privacy/history/#x",
        "../privacy/b/changes/#x",
        "/#x",
    ],
)
def test_a_link_to_a_heading_of_another_policy_is_not_mentioned(tmp_path: Path, target: str) -> None:
    assert told(tmp_path, linking(target)) == []


@pytest.mark.parametrize(
    ("target", "where", "headings"),
    [
        ("../privacy/#refunds", "/privacy/", "#cookies, #names"),
        ("../privacy/a.md#names", "/privacy/a/", "#cookies"),
        ("/terms/#refunds", "/terms/", "none"),
    ],
)
def test_a_link_to_no_heading_of_another_text_names_its_headings(
    tmp_path: Path, target: str, where: str, headings: str
) -> None:
    assert told(tmp_path, linking(target)) == [
        (
            f"policies/terms/a.md:5: warning: the link to {target} leads to no heading of the text at {where}\n"
            f"  Its headings are: {headings}. "
            "It is posted: mend it in a version that says `corrects: 'a'`, or leave it."
        )
    ]


@pytest.mark.parametrize("posted", ["2026-03-01", "2026-05-01"], ids=["pending", "unposted"])
def test_a_heading_that_a_coming_version_drops_is_said_where_another_policy_links_to_it(
    tmp_path: Path, posted: str
) -> None:
    coming = {"privacy/c.md": version(posted, body="## Names\n\nBoth of them.\n")}

    assert told(tmp_path, {**linking("../privacy/#cookies"), **coming}) == [
        (
            "policies/privacy/c.md:5: warning: the heading #cookies is gone, to which policies/terms/a.md:5 links\n"
            "  Keep a heading of these words, or post terms with another link by then."
        )
    ]
    assert told(tmp_path, {**linking("../privacy/#names"), **coming}) == []


@pytest.mark.parametrize(
    "lines", [("withdrawn: 2026-03-05",), ("effective: 2026-12-01",)], ids=["withdrawn", "overtaken"]
)
def test_what_a_version_that_never_governs_drops_is_not_mentioned(tmp_path: Path, lines: tuple[str, ...]) -> None:
    files = {
        **linking("../privacy/#cookies"),
        "privacy/c.md": version("2026-03-01", *lines, body="None.\n"),
        "privacy/d.md": version("2026-03-02", body=COOKIES + "Ever.\n"),
    }

    assert {one.code for one in problems(tmp_path, files)} <= {"overtaken"}


def test_a_heading_that_only_comes_with_a_pending_version_may_be_linked_to(tmp_path: Path) -> None:
    coming = {"privacy/c.md": version("2026-03-01", body=f"{COOKIES}\n## Names\n\n## Refunds\n")}

    assert told(tmp_path, {**linking("../privacy/#refunds"), **coming}) == []


def test_headings_of_a_text_that_cannot_be_read_are_not_missed_twice(tmp_path: Path) -> None:
    files = {**linking("../privacy/#cookies"), "privacy/c.md": version("2026-03-01", body="> " * 30 + "x\n")}

    assert sorted(one.code for one in problems(tmp_path, files)) == ["anchor-lost", "nested-too-deep"]


def test_a_policy_with_nothing_in_force_is_looked_up_in_what_is_to_come(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2026-03-01", "effective: 2026-06-01", body=COOKIES),
        "terms/a.md": version("2026-01-10", body="See [there](../privacy/#cookies) and [there](../privacy/#x).\n"),
    }

    assert [one.code for one in problems(tmp_path, files)] == ["anchor-nowhere"]


@pytest.mark.parametrize(
    ("target", "instead"),
    [("info@example.com", "write mailto:info@example.com"), ("www.example.com", "write https://www.example.com")],
)
def test_an_address_without_its_beginning_is_given_one(tmp_path: Path, target: str, instead: str) -> None:
    (said,) = told(tmp_path, text(f"See [there]({target}).\n"))

    assert instead in str(said)


# ------------------------------------------------------------------ headings in steps, links with words


def test_a_heading_that_skips_a_level_is_told_with_what_to_write(tmp_path: Path) -> None:
    found = told(tmp_path, text("# Privacy\n\n### Cookies\n\nWe bake.\n\n## Orders\n"))

    assert "\n".join(found) == (
        "policies/privacy/a.md:7: warning: the heading 'Cookies' is ###, and the one above it is #\n"
        "  Write ## Cookies: a level down at a time."
    )


@pytest.mark.parametrize(
    "body", ["## Cookies\n\n### Ours\n\n## Orders\n", "# Privacy\n\n## Cookies\n", "No heading.\n"]
)
def test_headings_that_go_down_in_steps_below_the_title_are_not_told(tmp_path: Path, body: str) -> None:
    assert told(tmp_path, text(body)) == []


def test_the_first_heading_stands_below_the_title(tmp_path: Path) -> None:
    found = told(tmp_path, text("### Cookies\n\nWe bake.\n"))

    assert [one.splitlines()[0] for one in found] == [
        "policies/privacy/a.md:5: warning: the heading 'Cookies' is ###, and the one above it is the title"
    ]


def test_a_link_without_words_is_told(tmp_path: Path) -> None:
    found = told(tmp_path, text("Ask us. [](https://example.com/contact)\n\n[![Seal](data:image/png;base64,)](/)\n"))

    assert "\n".join(found) == (
        "policies/privacy/a.md:5: warning: the link to https://example.com/contact has no words, "
        "so that nobody sees or hears it\n"
        "  Write [where it leads](https://example.com/contact), or take it out."
    )


# ------------------------------------------------------------------ signs that readers see otherwise


@pytest.mark.parametrize(
    ("body", "line", "code", "what"),
    [
        (
            "| Data | Kept |\n|---|---|\n| Orders | six years | or longer |\n",
            7,
            "cells-unseen",
            "'or longer' is shown to nobody: the table has 2 columns, and this row more cells",
        ),
        (
            "> a | b\n> --|--\n> c | d | e \\| f | `g | h`\n",
            7,
            "cells-unseen",
            "'e \\| f | `g | h`' is shown to nobody: the table has 2 columns, and this row more cells",
        ),
        (
            "Text.\n\n[Controller]: Example-GmbH\n",
            7,
            "definition-unseen",
            "'[Controller]: Example-GmbH' is shown to nobody: it is taken for a link's target, and no link asks for it",
        ),
        (
            "See [the\nTerms].\n\n[the terms]: /terms/\n[The  Terms]: /privacy/\n",
            9,
            "definition-unseen",
            "'[The  Terms]: /privacy/' does nothing: line 8 says where its links lead",
        ),
    ],
)
def test_words_that_no_page_shows_are_told(tmp_path: Path, body: str, line: int, code: str, what: str) -> None:
    found = [one for one in problems(tmp_path, text(body)) if one.code != "link-nowhere"]

    assert [(one.place.line, one.code, one.what) for one in found] == [(line, code, what)]


@pytest.mark.parametrize(
    "body",
    [
        "| a | b |\n|---|---|\n| c | d | |\n| e |\n| \\| | f |\n",
        "a | b\n--|--\nc | d\n",
        "See [ours], [it][ours] and ![a seal][ours].\n\n[ours]: https://example.com\n[OURS]: https://example.com\n",
        "Text.\n\n[//]: # (a comment)\n\n[comment]: <> (another)\n[comment]: # (a third)\n",
        "```\n[a]: /b\n[a]: /c\n```\n\n    [a]: /b\n\nText [a]: /b\n",
        "- `[a]: /b`\n\n---\n\n-\n\nText.\n\n\\[a]: /b\n",
    ],
)
def test_of_words_that_are_shown_and_of_comments_nothing_is_told(tmp_path: Path, body: str) -> None:
    assert [one.code for one in problems(tmp_path, text(body)) if one.code != "picture-away"] == []


def test_an_item_that_is_shown_with_another_number_is_told(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, text("Kept are:\n\n1. Name\n3. Address\n7. Telephone\n"))

    assert str(problem) == (
        "policies/privacy/a.md:8: warning: the item written 3. is shown as 2.: "
        "a list counts on by one from its first number\n"
        "  Number the items as they shall be shown. A list that begins anew needs words above it; "
        "a number that does not count on is written 3\\. as a paragraph of its own."
    )
    assert problem.code == "number-shown"


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        ("2. Name\n2. Address\n", 6, "the item written 2. is shown as 3."),
        ("1. Name\n\n   More.\n\n2. Address\n\n2. Phone\n", 11, "the item written 2. is shown as 3."),
        ("1. 4. Name\n   6. Address\n2. Phone\n", 6, "the item written 6. is shown as 5."),
        ("> - 1) Name\n>   3) Address\n", 6, "the item written 3. is shown as 2."),
        ("[a]: # (b)\n\n0. Name\n0. Phone\n1. Address\n", 8, "the item written 0. is shown as 1."),
    ],
)
def test_numbers_of_items_are_told_wherever_they_stand(tmp_path: Path, body: str, line: int, said: str) -> None:
    (problem,) = problems(tmp_path, text(body))

    assert (problem.place.line, problem.what.partition(":")[0]) == (line, said)


@pytest.mark.parametrize(
    "body",
    [
        "1. Name\n2. Address\n   1. Street\n   2. Town\n3. Phone\n",
        "1. Name\n1. Address\n\n1. Phone\n",
        "0. Name\n0. Address\n",
        "3. Name\n4. Address\n",
        "1. Definitions\n\nData is data.\n\n2. Purposes\n\nWe deliver.\n",
        "1) Name\n2) Address\n1. Phone\n",
        "1.\n   Name\n2.\n   Address\n",
        "1.\n   Name\n2. Address\n3. Phone\n",
        "1.\n\n   - Name\n2. Address\n3.\n4. Phone\n",
        "> 1.\n>    Name\n> 2. Address\n",
        "1. [a]: https://example.com\n   Name\n2. Address [a]\n",
        "1986\\. We were renamed.\n\n1999\\. Again.\n",
        "```\n1. a\n3. b\n```\n",
    ],
)
def test_numbers_that_are_shown_as_written_and_those_left_to_be_counted_are_not_mentioned(
    tmp_path: Path, body: str
) -> None:
    assert problems(tmp_path, text(body)) == []


LONG = "We never sell it to **anyone**, and we have never done so before."


@pytest.mark.parametrize(
    ("body", "line", "code", "what"),
    [
        (
            "\n---\ntitle: Privacy\nposted: 2026-01-10\n---\n\nText.\n",
            6,
            "front-matter-twice",
            "a second front matter stands below the first, and is shown to readers as a part of the text",
        ),
        (
            f"Text.\n\n\t{LONG}\n",
            7,
            "paragraph-as-code",
            "a paragraph is indented by four spaces or a tab, and so is shown as code, with all its signs",
        ),
        (
            "Text.\n\nWe keep your orders\nfor six years.\n---\n",
            7,
            "sentence-as-heading",
            "the line of dashes below 'We keep your orders' makes a heading of it",
        ),
        (
            f"> {LONG}\n> ---\n\nText.\n",
            5,
            "sentence-as-heading",
            "the line of dashes below 'We never sell it to anyone, and we have never done so before \u2026' makes a",
        ),
        (
            "Text.\n\n##What we keep\n",
            7,
            "heading-as-text",
            "'##What we keep' is shown with its signs, and is no heading: there is no space after the #",
        ),
        (
            "#Privacy\n",
            5,
            "heading-as-text",
            "'#Privacy' is shown with its signs, and is no heading: there is no space after the #",
        ),
        *(
            (f"One line\nand {words}.\n", 6, "letters-garbled", f"'{told}' stands where another letter or sign was: ")
            for words, told in [
                ("\ufffdall\ufffd", "\ufffd"),
                ("don\xe2\u20ac\u2122t", "\xe2\u20ac\u2122"),
                ("caf\xc3\xa9", "\xc3\xa9"),
                ("\xc2\xa7 5", "\xc2\xa7"),
            ]
        ),
        *(
            (f"| a |\n|---|\n| {words} |\n", 7, "tracked-change-shown", f"'{told}' is shown to readers: ")
            for words, told in [
                ("six{++teen++}", "{++"),
                ("{--six--}", "{--"),
                ("{>>ask Robin<<}", "{>>"),
                ("~~seven years~~", "~~seven years~~"),
            ]
        ),
        *(
            (f"- We, {words}, keep it.\n", 5, "placeholder-shown", f"{words} is shown to readers as it stands: ")
            for words in ("[DATE]", "[\u25cf]", "[INSERT YOUR COMPANY NAME]", "[EMAIL ADDRESS]", "[__]", "TBD", "[XXX]")
        ),
    ],
)
def test_what_is_shown_otherwise_than_it_seems_is_told(
    tmp_path: Path, body: str, line: int, code: str, what: str
) -> None:
    found = [one for one in problems(tmp_path, text(body)) if one.code != "heading-skips"]

    assert [(one.place.line, one.code, one.what[: len(what)]) for one in found] == [(line, code, what)]


PARAGRAPH = "they are shown one after the other, as one paragraph"


@pytest.mark.parametrize(
    ("body", "line", "what", "remedy"),
    [
        *(
            (
                body,
                line,
                f"lines that begin with {sign} are no list: {PARAGRAPH}",
                "Begin each item with - and a space.",
            )
            for body, line, sign in [
                ("We keep:\n• your name,\n• your orders.\n", 6, "•"),
                ("•your name,\nin full\n•your orders.\n", 5, "•"),
                ("> - We keep\n>   ● your name,\n>   ● your orders.\n", 6, "●"),
                ("We keep  \n· your name,\n· your orders.\n", 6, "·"),
                ("We keep\n• your name,\n\u2013 in full,\n\u2013 and your orders.\n", 7, "\u2013"),
                ("We keep\n-your name,\n-your orders.\n", 6, "- and no space"),
            ]
        ),
        *(
            (
                body,
                line,
                f"lines parted by tabs are no table: {PARAGRAPH}",
                f"Write | between the cells, and a line {rule} below the first.",
            )
            for body, line, rule in [
                ("for\tdays\norders\t30\nletters\t60\n", 5, "|---|---|"),
                ("We keep:\nfor\t\tdays\twhy\norders \t30\ttax\n", 6, "|---|---|---|"),
            ]
        ),
        *(
            (
                f"One line\nand {written} it.\n",
                6,
                f"'{shown}' is shown with its asterisks, and is not bold: there is a space inside them",
                f"Write **{words}**; where asterisks are meant, \\*\\*.",
            )
            for written, shown, words in [
                ("** never sold **", "** never sold **", "never sold"),
                ("** never sold**", "** never sold**", "never sold"),
                ("(**never sold **)", "**never sold **", "never sold"),
                ("**never  \nsold\n**", "**never sold **", "never sold"),
            ]
        ),
        *(
            (
                f"One line\nand {written} it.\n",
                6,
                f"'{written}' is no link, and is shown with its brackets: they are the wrong way round",
                f"Write {link}.",
            )
            for written, link in [
                ("(our terms)[https://example.com/a_(b)]", "[our terms](https://example.com/a_(b))"),
                ("(our terms)[www.example.com]", "[our terms](https://www.example.com)"),
                ("(us)[mailto:a@example.com]", "[us](mailto:a@example.com)"),
                ("(our terms)[/terms/]", "[our terms](/terms/)"),
                ("(our terms)[../terms.md]", "[our terms](../terms.md)"),
                ("(our terms)[terms.md]", "[our terms](terms.md)"),
                ("(below)[#what-we-keep]", "[below](#what-we-keep)"),
            ]
        ),
    ],
)
def test_what_is_typed_as_in_a_word_processor_is_told(
    tmp_path: Path, body: str, line: int, what: str, remedy: str
) -> None:
    found = problems(tmp_path, text(body))

    assert [(one.place.line, one.what, one.remedy) for one in found] == [(line, what, remedy)]


@pytest.mark.parametrize(
    "body",
    [
        "We keep:  \n• your name  \n• your orders\n",
        "• your name\n\n• your orders\n",
        "We keep your name\n\u2013 and nothing else \u2013\nand your orders\n\u2013 but no letters.\n",
        "The terms\n-based on law-\nand\n- your name\n- your orders\n",
        "Home · Terms\n· Privacy · Cookies\n· Contact · Us\n",
        "•••\n•••\n",
        "    • a\n    • b\n\nText.\n",
        "We keep\tyour name\nand your orders\nfor\t30\tdays.\n",
        "-\tyour name\n-\tyour orders\n",
        "for\tdays  \norders\t30\n",
        "Price** and tax** are in euros; 2 ** 3, \\*\\* net \\*\\*, `** bold **`, f**k.\n",
        "**bold** and **bold**, ****, ** and **bold**.\n",
        "Orders (as above)[1] and letters (see there)[...] or (no)[/] or (so)[#1] or f(x)[i] and (a)[b c.md].\n",
        "[words](https://example.com)[1], `(words)[https://example.com]`.\n",
    ],
)
def test_what_is_typed_as_markdown_has_it_is_not_mentioned(tmp_path: Path, body: str) -> None:
    assert told(tmp_path, text(body)) == []


def test_what_a_summary_shows_as_it_is_typed_is_told_on_its_line(tmp_path: Path) -> None:
    files = {"privacy/a.md": version("2026-03-20", "summary: The (terms)[/terms/] and the (terms)[/terms/].")}

    (problem,) = problems(tmp_path, files)

    assert (problem.place.line, problem.code) == (4, "link-reversed")


STATED = {
    "privacy/a.md": version("2025-01-10"),
    "privacy/b.md": version("2026-03-20", "effective: 2026-05-01", body="We keep less.\n\n{}\n"),
}


def contradicted(
    folder: Path, line: str, language: str = "en", files: Mapping[str, str | bytes] = STATED
) -> list[Problem]:
    """What is said of a line of a text, which stands on line 8 of the file."""
    written = {name: str(one).replace("{}", line) for name, one in files.items()}
    found = problems(folder, written, chosen=Settings(language=language))
    return [one for one in found if one.code == "day-contradicted"]


@pytest.mark.parametrize(
    ("line", "language", "said"),
    [
        ("Last updated: March 3, 2026", "en", "Last updated: March 3, 2026"),
        ("**Last revised** on the 3rd of March 2026.", "en-GB", "Last revised on the 3rd of March 2026"),
        ("#### Updated \u2013 2026-03-03", "en", "Updated \u2013 2026-03-03"),
        ("> _(Date of last revision: Mar. 3rd, 2026)_", "en", "Date of last revision: Mar. 3rd, 2026"),
        (
            "This privacy policy was last updated on 3 March 2026.",
            "en",
            "This privacy policy was last updated on 3 March 2026",
        ),
        ("Stand: 3. März 2026", "de", "Stand: 3. März 2026"),
        ("Zuletzt geändert am 03.03.2026", "de-AT", "Zuletzt geändert am 03.03.2026"),
        ("Dernière mise à jour : 1er mars 2026", "fr", "Dernière mise à jour : 1er mars 2026"),
        ("Última actualización: 3 de marzo de 2026", "es", "Última actualización: 3 de marzo de 2026"),
    ],
)
def test_another_day_of_an_update_than_that_of_posting_is_told(
    tmp_path: Path, line: str, language: str, said: str
) -> None:
    (problem,) = contradicted(tmp_path, line, language)

    assert str(problem) == (
        f"policies/privacy/b.md:8: warning: '{said}' stands in the text, and the version is posted on 2026-03-20\n"
        "  Write the day that the front matter says, or leave the line out: each page tells the days of its text."
    )


@pytest.mark.parametrize(
    ("line", "language", "said"),
    [
        ("Effective date: 20 March 2026", "en", "Effective date: 20 March 2026"),
        ("Effective as of: June 1st, 2026", "en", "Effective as of: June 1st, 2026"),
        ("Last updated March 20, 2026.  Effective June 1, 2026.", "en", "Effective June 1, 2026"),
        ("Last updated March 20, 2026\nEffective June 1, 2026", "en", "Effective June 1, 2026"),
        ("Gültig ab dem 1. Juni 2026", "de", "Gültig ab dem 1. Juni 2026"),
        ("Entrée en vigueur le 1 juin 2026", "fr", "Entrée en vigueur le 1 juin 2026"),
        ("En vigor desde el 1 de junio de 2026", "es", "En vigor desde el 1 de junio de 2026"),
    ],
)
def test_another_day_than_that_from_which_a_version_governs_is_told(
    tmp_path: Path, line: str, language: str, said: str
) -> None:
    (problem,) = contradicted(tmp_path, line, language)

    assert (problem.place.line, problem.what) == (
        8,
        f"'{said}' stands in the text, and the version takes effect on 2026-05-01",
    )


@pytest.mark.parametrize(
    "line",
    [
        "Last updated: 20 March 2026",
        "Last updated: May 1, 2026. Effective: May 1, 2026.",
        "Effective January 10, 2019. Last revised March 20, 2026.",
        "(Revised on January 10, 2025)\n\n(Revised on March 20, 2026)",
        "Effective until March 3, 2026",
        "Effective in the EEA: March 3, 2026",
        "Effective March 3, 2026 for those who joined before.",
        "Last updated: 03/03/2026",
        "Last updated: 03.03.2026",
        "Last updated: March 2026",
        "Last updated: 30 February 2026",
        "Last updated: 3 Ma 2026",
        "Last updated: 3 Ju 2026",
        "Last updated: soon, in 2026",
        "Last updated: 3 and 4 March 2026",
        f"Last updated: 3 March 2026. {'Updated 3 March 2026. ' * 8}",
        "Last reviewed: 3 March 2026",
        "Orders last updated: 3 March 2026",
        "| Last updated: 3 March 2026 |\n|---|",
        "Stand: 3. März 2026",
    ],
)
def test_a_day_that_fits_or_that_is_about_something_else_is_not_mentioned(tmp_path: Path, line: str) -> None:
    assert contradicted(tmp_path, line) == []
    assert contradicted(tmp_path / "it", "Updated: 3 March 2026", "it") == []


def test_a_day_amid_a_text_may_be_that_of_an_annex(tmp_path: Path) -> None:
    more = "More.\n\n" * 20

    assert contradicted(tmp_path / "amid", f"{more}Updated: 3 March 2026\n\n{more}") == []
    assert len(contradicted(tmp_path / "end", f"{more}Updated: 3 March 2026")) == 1
    assert contradicted(tmp_path / "fits", f"Updated: 3 March 2026\n\n{more}Updated: 20 March 2026\n\n{more}") == []


@pytest.mark.parametrize(
    "line", ["Updated: 1 March 2026", "Updated: 5 March 2026", "Updated: 10 March 2026", "Effective: 1 July 2026"]
)
def test_the_days_of_what_is_corrected_and_those_that_were_announced_fit(tmp_path: Path, line: str) -> None:
    postponed = ["postponed:", "  - {announced: 2026-03-05, to: 2026-07-01}"]
    files = {
        "privacy/a.md": version("2025-01-10"),
        "privacy/b.md": version("2026-03-01", "effective: 2026-05-01", *postponed, body="We keep less.\n"),
        "privacy/c.md": version("2026-03-10", "corrects: b", body="We keep little.\n\n{}\n"),
    }

    assert contradicted(tmp_path / "fits", line, files=files) == []
    (other,) = contradicted(tmp_path / "other", "In force since 1 June 2026", files=files)
    assert other.what.endswith("stands in the text, and the version takes effect on 2026-07-01")


def test_where_every_commit_is_a_version_the_days_in_a_text_are_its_own(tmp_path: Path) -> None:
    root = start(project(tmp_path, {}))
    commit(root, "2026-01-10", {"policies/terms.md": "# Terms\n\nLast updated: 3 March 2020\n"})
    settings = Settings(policies={"terms": PolicySettings(posted_from="commit")})

    assert problems(root, {}, chosen=settings) == []


def test_a_heading_without_its_space_is_written_as_it_should_be(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, text(f"##{'What we keep ' * 6}\n"))

    assert problem.remedy == f"Write ## {'What we keep ' * 4}What …."


@pytest.mark.parametrize(
    "body",
    [
        f"Text.\n\n- {LONG}\n\n  {LONG}\n",
        f"Text.\n\n```\n{LONG}\n```\n\n- ~~~\n  {LONG}\n  ~~~\n",
        "Text.\n\n    Larkfield Ltd\n    1 High Street\n    London\n",
        "Text.\n\n    if (a == b) { we keep the name of it and the other one too }\n",
        "---\n\nText.\n\n---\n",
        "What we keep\n---\n\nText.\n",
        "We keep your orders for six years.\n----------------------------------\n\nText.\n",
        "## We keep your orders for six years.\n---\n\nText.\n",
        "#1 of the reasons\n",
        "\\##What we keep\n",
        "#MeToo is a movement of those whom nobody heard before, and we hear.\n",
        "NÃO, SÃO, CAFÉ, IRMÃ\u00a0; ÂGE, â, naïve “quoted” … 5 € § 5 © 2026\n",
        "Write `~~old~~`, `[DATE]` and `{++new++}`; a ~~ b ~~ c, ~5, {a}, +1, --, <<.\n",
        "See [DATE](https://example.com), [RESERVED], [REDACTED], [sic], [1], [GDPR], [UPDATE], [ ], [x] and tbd.\n",
        "[DATE]\n\n[DATE]: https://example.com\n",
    ],
)
def test_what_is_shown_as_it_seems_is_not_mentioned(tmp_path: Path, body: str) -> None:
    found = problems(tmp_path, text(body))

    assert [one for one in found if one.code not in {"heading-skips", "hidden-character"}] == []


def test_all_that_was_left_in_a_block_is_told(tmp_path: Path) -> None:
    body = (
        "[COMPANY NAME], at\n[ADDRESS], since [DATE] and [DATE], {++or++} {--not--}.\n\ncaf\xc3\xa9 and caf\xc3\xa9\n"
    )

    found = sorted(problems(tmp_path, text(body)))

    assert [(one.place.line, one.what.split(" ")[0]) for one in found] == [
        (5, "[COMPANY"),
        (6, "[ADDRESS]"),
        (6, "[DATE]"),
        (6, "'{++'"),
        (6, "'{--'"),
        (8, "'\xc3\xa9'"),
    ]


@pytest.mark.parametrize(
    ("body", "line", "code", "what"),
    [
        ("##\xa0Kept\n", 5, "heading-as-text", "'##\xa0Kept' is shown with its signs, and is no heading: the space"),
        ("-\xa0name\n-\xa0address\n", 5, "bullets-as-text", "lines that begin with - and a space that is no plain one"),
        ("With:\na) couriers\nb) banks\n", 6, "items-as-text", "lines that begin with a) and b) are no list"),
        ("(i) couriers, who\nbring it\n(ii) banks\n", 5, "items-as-text", "lines that begin with (i) and (ii) are"),
        ("h. one\ni. two\n", 5, "items-as-text", "lines that begin with h. and i. are no list"),
        ("1.1 Name.\n1.2 Address.\n", 5, "items-as-text", "lines that begin with 1.1 and 1.2 are no list"),
        ("1. Data\n   a. name\n   b. mail\n", 6, "items-as-text", "lines that begin with a. and b. are no list"),
        ("Text\n2. one\n1.2.1 a\n1.2.2 b\n", 7, "items-as-text", "lines that begin with 1.2.1 and 1.2.2 are no"),
        ("| a | b |\n| c | d |\n", 5, "table-as-text", "lines parted by | are no table"),
        ("We keep it[^1].\n", 5, "footnote-as-text", "'[^1]' is shown to readers as it stands"),
        (
            "We keep your orders for six years.\n=======\nFor seven.\n",
            5,
            "sentence-as-heading",
            "the line of = below 'We keep your orders for six years.' makes a heading of it",
        ),
        ("It is [Company Name].\n", 5, "placeholder-shown", "[Company Name] is shown"),
        ("It is [insert the name].\n", 5, "placeholder-shown", "[insert the name] is shown"),
        ("TODO: write.\n", 5, "placeholder-shown", "TODO is shown"),
        (
            "**注意\uff1a**この方針\n",
            5,
            "bold-as-text",
            "'**注意\uff1a**' is shown with its asterisks, and is not bold: a sign",
        ),
    ],
)
def test_what_authors_type_in_other_programs_is_told(
    tmp_path: Path, body: str, line: int, code: str, what: str
) -> None:
    found = [one for one in problems(tmp_path, text(body)) if one.code not in {"heading-skips", "hidden-character"}]

    assert [(one.place.line, one.code, one.what[: len(what)]) for one in found] == [(line, code, what)]


@pytest.mark.parametrize(
    "body",
    [
        "a) couriers\\\nb) banks\n",
        "a) couriers\n\nb) banks\n",
        "We may send it (a) by post,\n(b) by mail, or\n(c) not.\n",
        "It is for\na. Nobody else\nc. has it.\n",
        "See\n1.2 above and\n1.4 below.\n",
        "| a | b |\\\n| c | d |\n",
        "| a |\n| b |\n",
        "either | or\nthis | that\n",
        "`[^1]` and [^a b] and x[^\n",
        "Policies\n=======\n\nText.\n",
        "We write \\[Company Name\\] and [name](https://example.com), TODO EL MUNDO, BMX XXX, ____.\n",
        "2\\*\\*x\\*\\* and **bold**, and **so**.\n",
    ],
)
def test_what_only_looks_like_it_is_not_told(tmp_path: Path, body: str) -> None:
    assert [one.what for one in problems(tmp_path, text(body)) if one.code != "heading-skips"] == []


def test_words_of_the_front_matter_in_curly_quotation_marks_are_told(tmp_path: Path) -> None:
    files = {"privacy/a.md": version("2026-03-20", "version: \u20182.1\u2019", title="\u201cPrivacy\u201d")}
    others = {
        "privacy/a.md": version("2026-03-20", "version: \u20182\u2019 to 3", title="\u201cA\u201d or \u201cB\u201d")
    }

    found = problems(tmp_path, files)

    assert [(one.place.line, one.code) for one in found] == [(2, "words-in-quotes"), (4, "words-in-quotes")]
    assert found[0].remedy == 'Write title: "Privacy".'
    assert problems(tmp_path, files, date(2026, 3, 21))[0].remedy.endswith(
        "It is posted: mend it in a version that says `corrects: 'a'`, or leave it."
    )
    assert problems(tmp_path / "others", others) == []


def test_what_was_left_in_a_summary_is_told_on_its_line(tmp_path: Path) -> None:
    files = {"privacy/a.md": version("2026-03-20", "summary: New from [DATE] on, and from [DATE] on.")}

    (problem,) = problems(tmp_path, files)

    assert (problem.place.line, problem.code) == (4, "placeholder-shown")


@pytest.mark.parametrize(
    "sign",
    [
        *("~~", "~~a", "[", "[A ", "{", "{--", "â€", "#", "- ", "1. ", "\n- 1. ", "---\n", " \n"),
        *("** ", "** a", "a ", "a\t", "• a\n", "· a ", "(a)[", "(a)[/a", "(a)[a.md"),
        *(
            "**a",
            "[a]: b\n",
            "[\\a]: ",
            "**\uff1a**",
            "[^",
            "[^a",
            "a) a\n",
            "1.1 a\n",
            "1.",
            "| a |\n",
            "|",
            "{++a",
            "[insert a",
            "[your ",
            "1.\n",
        ),
    ],
)
def test_signs_without_end_are_looked_through_in_no_time(sign: str) -> None:
    read = Reader(strict=False).read(sign * 20_000)

    before = time.process_time()
    deque(signs.of_text(read, partial(Place, "a.md")), 0)
    deque(pasted.of_text(read, partial(Place, "a.md")), 0)
    deque(dropped.of_text(read, partial(Place, "a.md")), 0)

    assert time.process_time() - before < QUICK


# ------------------------------------------------------------------ days that git knows better


def came(folder: Path, *commits: tuple[str, Mapping[str, str | bytes | None]], on: date = ON) -> list[str]:
    """What is said of a policy's days once these files have come on these days."""
    root = start(folder)
    for day, files in commits:
        commit(root, day, {f"policies/privacy/{name}": content for name, content in files.items()})
    return [str(one) for one in problems(root, {}, on) if one.code == "posted-before-commit"]


FIRST = ("2026-01-10", {"a.md": version("2026-01-10")})


def test_a_version_file_that_came_long_after_its_posting_day_is_told(tmp_path: Path) -> None:
    late = version("2026-02-10", body="We keep less.\n")

    assert came(tmp_path, FIRST, ("2026-02-18", {"b.md": late})) == [
        (
            "policies/privacy/b.md:3: warning: posted is 2026-02-10, 8 days before the commit that brought this file\n"
            "  If nobody could read it by then, let `posted` be the day on which it is merged: "
            "readers have their notice from that day on."
        )
    ]


def test_a_version_file_that_came_late_is_told_until_readers_have_had_their_notice(tmp_path: Path) -> None:
    commits = FIRST, ("2026-02-18", {"b.md": version("2026-02-10", body="We keep less.\n")})

    assert len(came(tmp_path / "a", *commits, on=date(2026, 3, 20))) == 1
    assert came(tmp_path / "b", *commits, on=date(2026, 3, 21)) == []


def test_a_version_file_that_came_within_a_week_or_as_a_draft_is_not_mentioned(tmp_path: Path) -> None:
    draft, mended = version("2026-02-10", body="We keep less.\n"), version("2026-02-10", body="We keep little.\n")

    assert came(tmp_path / "a", FIRST, ("2026-02-17", {"b.md": draft})) == []
    assert came(tmp_path / "b", FIRST, ("2026-02-01", {"b.md": draft}), ("2026-03-01", {"b.md": mended})) == []


LESS = version("2026-02-10", body="We keep less.\n")


def test_a_version_file_that_was_renamed_came_under_its_first_name(tmp_path: Path) -> None:
    again = LESS.replace("less", "little")

    once: list[tuple[str, Mapping[str, str | bytes | None]]]
    once = [FIRST, ("2026-02-10", {"b.md": LESS}), ("2026-03-01", {"b.md": None, "c.md": LESS})]
    often: list[tuple[str, Mapping[str, str | bytes | None]]]
    often = [
        *(FIRST, ("2026-02-10", {"b.md": LESS}), ("2026-02-11", {"b.md": again})),
        ("2026-03-01", {"b.md": None, "../terms/b.md": again}),
        ("2026-03-02", {"../terms/b.md": None, "c.md": again}),
    ]

    assert came(tmp_path / "once", *once) == came(tmp_path / "often", *often) == []
    for name in ("once", "often"):
        (privacy,), _ = sources.read(tmp_path / name, Settings())
        assert [one.origin and (str(one.origin.day), one.origin.path) for one in privacy.versions] == [
            ("2026-01-10", "policies/privacy/a.md"),
            ("2026-02-10", "policies/privacy/b.md"),
        ]


def test_a_draft_that_was_renamed_and_a_file_that_came_back_otherwise_came_late(tmp_path: Path) -> None:
    draft = ("2026-02-10", {"_b.md": LESS}), ("2026-03-01", {"_b.md": None, "b.md": LESS})
    unfit = ("2026-02-10", {"b\udcff.md": LESS}), ("2026-03-01", {"b\udcff.md": None, "b.md": LESS})
    other = ("2026-02-10", {"b.md": LESS}), ("2026-03-01", {"b.md": None, "c.md": LESS.replace("less", "little")})
    later = ("2026-03-01", {"c.md": LESS}), ("2026-03-02", {"b.md": LESS}), ("2026-03-03", {"b.md": None})

    for name, then in [("draft", draft), ("unfit", unfit), ("other", other), ("later", later)]:
        assert len(came(tmp_path / name, FIRST, *then)) == 1


def test_a_history_that_was_put_into_git_later_is_not_mentioned(tmp_path: Path) -> None:
    older, less = version("2025-01-10"), version("2026-02-10", body="We keep less.\n")

    assert came(tmp_path / "a", ("2026-03-01", {"a.md": older, "b.md": less})) == []
    assert came(tmp_path / "b", ("2026-02-11", {"b.md": less}), ("2026-03-01", {"a.md": older})) == []


def test_a_late_correction_and_what_was_replaced_since_are_not_mentioned(tmp_path: Path) -> None:
    late = version("2026-01-11", "corrects: a", body="We keep your names.\n")
    gone = version("2026-01-12", "effective: 2026-01-13", "reason: legal", body="We keep less.\n")
    less = version("2026-02-10", "effective: 2026-02-11", "reason: legal", body="We keep little.\n")

    assert came(tmp_path, FIRST, ("2026-02-10", {"b.md": late, "c.md": gone, "d.md": less})) == []


# ------------------------------------------------------------------ slips of years, names and titles


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (["effective: 2062-12-20"], 4),
        (["effective: 2026-05-01", "postponed:", "  - {announced: 2026-03-21, to: 2062-12-20}"], 6),
    ],
)
def test_a_day_that_lies_years_ahead_is_told(tmp_path: Path, lines: list[str], line: int) -> None:
    files = {
        "privacy/a.md": version("2026-01-10"),
        "privacy/b.md": version("2026-03-20", *lines, body="We keep less.\n"),
    }

    (problem,) = problems(tmp_path, files)

    assert problem.code == "notice-long"
    assert str(problem) == (
        f"policies/privacy/b.md:{line}: warning: takes effect on 2062-12-20, 36 years after it is posted: "
        "is that the year that is meant?\n  Mend the day; the rule is 30 days of notice."
    )


def test_a_day_that_lies_years_ahead_and_is_posted_is_moved_by_an_announcement(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2026-01-10"),
        "privacy/b.md": version("2026-03-19", "effective: 2062-12-20", body="We keep less.\n"),
    }

    (problem,) = problems(tmp_path, files)

    assert problem.remedy == "Announce the day that is meant with `postponed`; the rule is 30 days of notice."


def test_a_day_of_two_years_what_governs_and_what_was_withdrawn_are_not_mentioned(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2020-01-10", "effective: 2023-01-10"),
        "privacy/b.md": version("2026-03-10", "effective: 2062-12-20", "withdrawn: 2026-03-11", body="Less.\n"),
        "privacy/c.md": version("2026-03-20", "effective: 2028-03-20", body="We keep little.\n"),
        "privacy/d.md": version("2026-03-21", "corrects: c", body="We keep a little.\n"),
    }

    assert problems(tmp_path, files) == []


@pytest.mark.parametrize("name", ["a - Copy", "a - Copy 2", "a-Kopie", "Copy of a", " 2026-03-20", "-2026-03-20"])
def test_a_file_named_as_a_copy_is_told_until_it_is_posted(tmp_path: Path, name: str) -> None:
    files = {
        "privacy/2026-01-10.md": version("2026-01-10"),
        f"privacy/{name}.md": version("2026-03-20", body="Less.\n"),
    }

    (problem,) = problems(tmp_path, files)
    later = problems(tmp_path, files, date(2026, 3, 21))

    assert str(problem) == (
        f"policies/privacy/{name}.md: warning: the name of the file is '{name}', "
        f"and its address for good would be {name.replace(' ', '-')}\n  Name it for its day: 2026-03-20.md."
    )
    assert later == []


def test_a_file_named_as_a_copy_that_is_perhaps_not_merged_is_told_what_can_still_be_done(tmp_path: Path) -> None:
    root = start(tmp_path)
    commit(root, "2026-01-10", {"policies/privacy/2026-01-10.md": version("2026-01-10")})

    said = told(tmp_path, {"privacy/a - Copy.md": version("2026-03-15", body="Less.\n")})

    assert [one.partition("\n  ")[2] for one in said] == [
        "If it is not merged yet, name it for the day of merging; else it stays: a---Copy is its address."
    ]


def test_a_translation_that_takes_the_place_of_a_text_is_told_as_long_as_it_is_read(tmp_path: Path) -> None:
    files = {
        "privacy/2026-01-10.md": version("2026-01-10"),
        "privacy/2026-01-10.de.md": version("2026-03-20", body="Mehr.\n"),
        "privacy/2026-06-01.md": version("2026-06-01", body="Less.\n"),
    }

    found = [problems(tmp_path, files, day) for day in (ON, date(2026, 5, 1), date(2026, 8, 1))]

    assert [[one.code for one in some] for some in found] == [["name-of-a-translation"], ["name-of-a-translation"], []]
    assert str(found[0][0]) == (
        "policies/privacy/2026-01-10.de.md: warning: 2026-01-10.de is named as a translation, "
        "and is a version that takes the place of the one before\n"
        "  A translation is a policy of its own, with days of its own: move it to policies/privacy-de/, "
        'and write `language = "de"` below [tool.inforce.policies.privacy-de] in pyproject.toml.'
    )
    assert found[1][0].remedy == (
        "It is posted and stays: post the text that is meant to govern as a new version. "
        "A translation is a policy of its own, in policies/privacy-de/."
    )


@pytest.mark.parametrize("name", ["2026-03-20", "2026-03-20-copyright", "copyright", "hardcopy", "a-b"])
def test_any_other_name_is_a_name(tmp_path: Path, name: str) -> None:
    assert problems(tmp_path, {f"privacy/{name}.md": version("2026-03-20")}) == []


def titles(folder: Path, files: Mapping[str, str | bytes], **policies: PolicySettings) -> list[str]:
    """What is said of the titles of policies."""
    chosen = Settings(policies=policies, lines={"terms": 7})
    found, _ = sources.read(project(folder, files), chosen)
    return [str(one) for one in check_settings(chosen, Site(found, chosen, ON))]


def test_two_policies_of_one_title_are_told_where_the_title_is_written(tmp_path: Path) -> None:
    files = {"privacy/a.md": version("2026-01-10"), "terms/a.md": version("2026-01-10", title="PRIVACY")}

    (written,) = titles(tmp_path, files)
    (chosen,) = titles(tmp_path, files, terms=PolicySettings(title="Privacy"))

    remedy = "Give one of the two another title; for texts that are posted: `title` in [tool.inforce.policies.terms]."
    assert written == (
        "policies/terms/a.md:2: warning: the title is PRIVACY, as that of privacy is: "
        f"readers cannot tell their links apart\n  {remedy}"
    )
    assert chosen.startswith("pyproject.toml:7: warning: the title is Privacy, as that of privacy is: ")


def test_of_two_titles_that_are_one_the_version_is_named_that_bears_it_now(tmp_path: Path) -> None:
    files = {
        "privacy/a.md": version("2026-01-10"),
        "terms/a.md": version("2026-01-10", "version: '1'"),
        "terms/b.md": version("2026-12-01", title="Terms"),
    }

    (written,) = titles(tmp_path, files)

    assert written.startswith("policies/terms/a.md:2: warning: the title is Privacy, as that of privacy is: ")


def test_a_title_in_another_language_or_by_the_settings_is_another_one(tmp_path: Path) -> None:
    files = {"privacy/a.md": version("2026-01-10"), "terms/a.md": version("2026-01-10")}

    assert titles(tmp_path, files, terms=PolicySettings(language="de")) == []
    assert titles(tmp_path, files, terms=PolicySettings(title="Terms")) == []


def test_what_git_does_not_know_or_knows_since_the_day_has_passed_may_still_be_mended_in_place(tmp_path: Path) -> None:
    root = start(tmp_path)
    bad = version("2026-03-10", body="We keep it from [DATE] on.\n")
    commit(root, "2026-01-10", {"policies/privacy/a.md": version("2026-01-10")})
    write(root, {"policies/privacy/b.md": bad})
    (lying,) = problems(root, {})
    commit(root, "2026-03-11", {})
    (late,) = problems(root, {})
    commit(root, "2026-01-10", {"policies/terms/a.md": version("2026-01-10", title="Terms")})
    commit(root, "2026-03-09", {"policies/terms/b.md": bad.replace("Privacy", "Terms")})
    _, merged = problems(root, {})

    posted = "Write the words that are meant. It is posted: mend it in a version that says `corrects: 'b'`, or leave it"
    assert merged.remedy == f"{posted}."
    assert lying.remedy == late.remedy
    assert late.remedy == (
        f"{posted}; or, if it is not merged yet, mend it here, and let `posted` be the day of merging."
    )
