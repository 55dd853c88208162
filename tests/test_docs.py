"""The docs are complete: whoever reads them finds every option, every key, every setting, and no word without use."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from inforce import settings
from inforce.cli import run
from inforce.errors import PolicyError
from inforce.model import Standing
from inforce.sources import header

ROOT = Path(__file__).parent.parent
GLOSSARY = ROOT / "docs" / "glossary.md"
DOCS = "\n".join(path.read_text("utf-8") for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))))
WORDS = re.findall(r"^\*\*([\w ]+)\.\*\*", GLOSSARY.read_text("utf-8"), re.MULTILINE)
IN_USE = "\n".join(
    path.read_text("utf-8").lower()
    for folder in ("inforce", "templates", "docs")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".py", ".html", ".md"} and path != GLOSSARY
)


def helped(*arguments: str) -> str:
    """What the program says of itself when it is asked for help."""
    said = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
    with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        run([*arguments, "--help"])
    said.seek(0)
    return said.read()


COMMANDS = re.findall(r"^    (\w+) ", helped(), re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_every_option_is_in_the_docs(command: str) -> None:
    options = re.findall(r"^  (?:-\w, )?(--[a-z-]+)", helped(command), re.MULTILINE)

    missing = [option for option in options if not re.search(rf"{option}\b", DOCS) and option != "--help"]

    assert f"inforce {command}" in DOCS
    assert "--help" in options
    assert missing == []


def test_the_commands_of_the_contract_are_there() -> None:
    assert {"build", "check", "status", "redline"} <= set(COMMANDS)


@pytest.mark.parametrize("key", [*header.KEYS, "announced", "to", "note"])
def test_every_key_of_the_front_matter_is_in_the_docs(key: str) -> None:
    assert f"`{key}`" in DOCS or f"## {key}\n" in DOCS
    assert re.search(rf"^ *(?:- )?{key}:", DOCS, re.MULTILINE)


@pytest.mark.parametrize("table", ["tool.inforce", "tool.inforce.policies.privacy"])
def test_every_setting_is_in_the_docs(tmp_path: Path, table: str) -> None:
    (tmp_path / settings.FILE).write_text(f"[{table}]\nzzz = 1\n", "utf-8")
    with pytest.raises(PolicyError) as raised:
        settings.read(tmp_path)
    known = raised.value.problems[0].remedy.removeprefix("Known here: ").removesuffix(".").split(", ")

    missing = [key for key in known if not re.search(rf"^ *{key} = |`{key}`|\.{key}\b", DOCS, re.MULTILINE)]

    assert "language" in known
    assert missing == []


def test_the_glossary_names_every_standing() -> None:
    assert {str(standing) for standing in Standing} <= {word.lower() for word in WORDS}


@pytest.mark.parametrize("word", WORDS)
def test_each_word_of_the_glossary_is_in_use(word: str) -> None:
    assert re.search(rf"\b{word.lower().removesuffix('y')}", IN_USE)


def test_no_word_is_explained_twice() -> None:
    assert sorted(WORDS) == sorted(set(WORDS))


PROOFS = {
    "A rewritten sentence": "a rewritten sentence leaves no words behind in its middle",
    "A number in words and in figures": "a number in words and in figures is exchanged with its brackets",
    "A paragraph that falls into parts that end alike": "test_parts_that_begin_or_end_like_the_whole_are_found_in_it",
    "A list that becomes a sentence": "a list becomes a sentence",
    "Two sections change places": "the longer section stays and the shorter one moves",
    "A section that moved and changed on the way": "a paragraph moves and gains two words on the way",
    "A clause that moved from one paragraph into another": "a clause moves from one paragraph to another",
    "A short item that moved": "test_short_words_that_others_repeat_have_not_moved",
    "A paragraph between two lists that are now one": (
        "test_a_paragraph_between_two_lists_that_are_now_one_is_told_to_stand_elsewhere"
    ),
    "A column that came or went": "a column is put into a table",
    "An item taken out of a numbered list": "an item taken out of a numbered list does not count",
    "Another target under the same words": "only the target of a link changes",
    "Quotes and dashes": "two hyphens are no dash",
    "Words in capital letters": "words in capital letters that are set in small ones stay where they are",
    "White space, no-break spaces, soft hyphens, Unicode forms": "a soft hyphen and another Unicode form are no change",
    "Characters of no width": "a joiner makes another word",
    "Characters that turn the direction of writing": (
        "a character that turns the direction of writing is a change of words"
    ),
    "Code": "test_code_of_which_only_white_space_changed_has_changed_its_form",
    "Two clauses that say exactly the same": "of two clauses that say the same the first one stays",
    "A version whose text is exactly that of the one before": (
        "a version whose text is that of the one before has not changed"
    ),
    "Text that returns": "a clause dropped and put back has not changed",
    "Texts too long to compare": "test_words_beyond_the_limit_are_taken_out_and_put_in_as_a_whole",
    "Since when a text stands that an overtaken version brought": (
        "test_what_an_overtaken_version_brought_took_effect_with_the_one_that_overtook_it"
    ),
    "An old address that another heading claims": "test_an_old_name_goes_to_another_heading_that_claims_it",
    "A new section that takes the heading of an older one": (
        "test_a_new_section_before_an_older_one_of_the_same_name_takes_its_address_but_not_those_of_its_paragraphs"
    ),
}
"""Of each tricky case the test that proves it: a test of ours, or a case of `tests/cases/redline.md`."""


def test_every_tricky_case_is_proved_by_a_test() -> None:
    page = (ROOT / "docs" / "tricky-cases.md").read_text("utf-8")
    tests = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    cases = (ROOT / "tests" / "cases" / "redline.md").read_text("utf-8").split("\n")

    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == list(PROOFS)
    for proof in PROOFS.values():
        assert proof in cases or f"def {proof}(" in tests, proof
