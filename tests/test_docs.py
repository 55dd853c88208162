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
