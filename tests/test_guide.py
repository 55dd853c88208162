"""The guide for the people who post policies tells the truth."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from inforce.dates import written
from inforce.errors import Place
from inforce.model import Policy, Postponement, Version
from inforce.sources import header

DOCS = Path(__file__).parent.parent / "docs"
GUIDE = (DOCS / "guide.md").read_text("utf-8")
KEYS = (DOCS / "front-matter.md").read_text("utf-8")


def version(posted: date, effective: date, *postponed: Postponement, withdrawn: date | None = None) -> Version:
    place = Place(f"policies/privacy/{posted}.md")
    return Version(
        str(posted), "Privacy Policy", posted, effective, "", place, postponed=postponed, withdrawn=withdrawn
    )


POLICY = Policy.of(
    "privacy",
    [
        version(date(2026, 10, 1), date(2026, 10, 1)),
        version(date(2026, 11, 20), date(2026, 12, 20), Postponement(date(2026, 12, 10), date(2027, 1, 15))),
        version(date(2027, 2, 1), date(2027, 3, 3), withdrawn=date(2027, 2, 20)),
    ],
)
TABLE = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in GUIDE.splitlines()
    if re.match(r"\| 20\d\d-", line)
]


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_the_table_of_days_is_right(row: list[str]) -> None:
    timeline = POLICY.as_of(date.fromisoformat(row[0]))

    standings = {entry.id: str(entry.standing) for entry in timeline.entries}

    assert row[2:5] == [standings.get(one.id, "unposted") for one in POLICY.versions]


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_the_table_of_days_names_the_coming_day(row: list[str]) -> None:
    named = re.search(r"takes effect on (\d+ \w+ \d+)", row[5])

    coming = POLICY.as_of(date.fromisoformat(row[0])).next_change

    if row[5] != "the same":
        assert (named[1] if named else None) == (written(coming, "en") if coming else None)


@pytest.mark.parametrize("name", ["guide.md", "front-matter.md", "glossary.md", "git.md", "codes.md", "ci.md"])
def test_links_lead_to_chapters_that_are_there(name: str) -> None:
    prose = re.sub(r"^```.*?^```", "", (DOCS / name).read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    links = re.findall(r"\]\(([\w-]+\.md)?#([\w-]+)\)", prose)

    missing = [f"{path}#{anchor}" for path, anchor in links if anchor not in anchors(path or name)]

    assert missing == []


def anchors(name: str) -> set[str]:
    """The anchors that GitHub gives to the headings of one of our documents."""
    document = (DOCS / name).read_text("utf-8")
    headings = re.findall(r"^#+ (.+)$", document, re.MULTILINE)
    own = re.findall(r'<a id="([\w-]+)"></a>', document)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings} | set(own)


def examples(document: str) -> list[str]:
    """The versions shown in a document; those of which only some lines are shown are made whole."""
    blocks = re.findall(r"^```(yaml|markdown)\n(.*?)^```$", document, re.MULTILINE | re.DOTALL)
    headers = [text for kind, text in blocks if kind == "yaml"]
    required = {"title": "title: Privacy Policy\n", "posted": "posted: 2026-11-20\n"}
    whole = [
        "".join(line for key, line in required.items() if not re.search(f"^{key}:", header, re.MULTILINE)) + header
        for header in headers
    ]
    return [text for kind, text in blocks if kind == "markdown" and text.startswith("---")] + [
        f"---\n{header}---\n\nWe keep your orders for six years.\n" for header in whole
    ]


@pytest.mark.parametrize("example", examples(GUIDE) + examples(KEYS))
def test_each_example_is_a_version(example: str) -> None:
    facts, problems = header.read("policies/privacy/2026-11-20.md", "2026-11-20", example)

    assert problems == []
    assert facts is not None
    assert facts.version(first=False, notice=30, pictures={}).title


def test_every_key_has_a_chapter_and_none_is_invented() -> None:
    chapters = re.findall(r"^## ([a-z]+)$", KEYS, re.MULTILINE)

    assert tuple(chapters) == header.KEYS


def test_the_messages_that_are_met_most_link_to_their_sections() -> None:
    rows = re.findall(r"\| \[`([a-z-]+)`\]\(codes\.md#([a-z-]+)\) \|", GUIDE)

    assert len(rows) > 8
    assert all(code == anchor for code, anchor in rows)
