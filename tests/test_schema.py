from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from inforce.cli import run
from inforce.sources import header, schema

ROOT = Path(__file__).parent.parent
KEPT = ROOT / "docs" / "schema" / "front-matter.schema.json"
DAYS = ("title: Privacy", "posted: 2026-03-01")


class Editor(yaml.SafeLoader):
    """Reads YAML as editors do, by its version 1.2: a day is text, 2.10 a number, only true and false are booleans."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - as PyYAML has it


Editor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false|True|False|TRUE|FALSE"), None)
Editor.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("~|null|Null|NULL|$"), None)
Editor.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"[-+]?[0-9]+(\.[0-9]*)?$"), None)


def agreed(*lines: str) -> bool:
    """Whether a front matter is right, by the schema and by inforce alike."""
    text = "\n".join(lines)
    stated: Any = yaml.load(text, Editor)  # noqa: S506 - safe: it is made of the safe one

    editor = jsonschema.Draft7Validator(schema.front_matter(), format_checker=jsonschema.FormatChecker())
    _, problems = header.read("a.md", "a", f"---\n{text}\n---\nWe keep your name.\n")

    found = [error.message for error in editor.iter_errors(stated)]
    assert bool(found) == bool(problems), (found, problems)
    return not found


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("effective: 2026-05-01", "summary: 'More.'", "reason: legal", "version: '2.1'"),
        ("version: 2.10",),
        ("version: 7", "reason: 12"),
        ("reason: yes",),
        ("corrects: 2026-01-10",),
        ("withdrawn: 2026-03-05", "summary: |", "  Taken back."),
        ("postponed:", "  - {announced: 2026-03-10, to: 2026-05-01, note: Late.}"),
        ("postponed:", "  - announced: 2026-03-10", "    to: 2026-05-01"),
        ("effective: '2026-05-01'",),
    ],
)
def test_what_is_right_for_inforce_is_right_in_an_editor(lines: tuple[str, ...]) -> None:
    assert agreed(*DAYS, *lines)


@pytest.mark.parametrize(
    "lines",
    [
        ("title: Privacy",),
        ("posted: 2026-03-01",),
        (*DAYS, "efective: 2026-05-01"),
        (*DAYS, "summary:"),
        (*DAYS, "summary: ' '"),
        (*DAYS, "reason: ~"),
        (*DAYS, "reason: true"),
        (*DAYS, "version: [1]"),
        (*DAYS, "effective: May 1st"),
        (*DAYS, "effective: 2026-02-30"),
        (*DAYS, "effective: 2026"),
        (*DAYS, "effective:"),
        (*DAYS, "withdrawn: 05/03/2026"),
        (*DAYS, "corrects: a", "effective: 2026-05-01"),
        (*DAYS, "postponed: 2026-05-01"),
        (*DAYS, "postponed: []"),
        (*DAYS, "postponed: {announced: 2026-03-10, to: 2026-05-01}"),
        (*DAYS, "postponed:", "  - 2026-05-01"),
        (*DAYS, "postponed:", "  - {announced: 2026-03-10}"),
        (*DAYS, "postponed:", "  - {announced: 2026-03-10, to: 2026-05-01, why: Late.}"),
        (*DAYS, "postponed:", "  - {announced: 2026-03-10, to: soon}"),
    ],
)
def test_what_is_wrong_for_inforce_is_wrong_in_an_editor(lines: tuple[str, ...]) -> None:
    assert not agreed(*lines)


def test_the_schema_knows_every_key_of_the_front_matter_and_says_what_it_means(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = run(["schema"])

    told = json.loads(capsys.readouterr().out)
    assert status == 0
    assert tuple(told["properties"]) == header.KEYS
    assert all(one["description"] for one in told["properties"].values())
    jsonschema.Draft7Validator.check_schema(told)


def test_the_schema_in_the_docs_is_the_one_that_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    run(["schema"])

    assert KEPT.read_text("utf-8") == capsys.readouterr().out
