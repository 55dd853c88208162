"""The checkers that read files: the Nu HTML checker, html-validate, lychee and stylelint."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.checkers.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parent.parent.parent
CI = ROOT / ".ci"
MODULES = CI / "node_modules"
AT_ONCE = 400
"""Files that one call is given."""
_QUOTED = re.compile(r"[\u201c\u201d][^\u201c\u201d]*[\u201c\u201d]")


class MissingError(Exception):
    """A checker that is not there."""


def pages(sites: Sequence[Path]) -> list[Path]:
    """Every page of some sites."""
    return sorted(path for site in sites for path in site.rglob("*.html"))


def nu(found: Sequence[Path]) -> Iterator[Finding]:
    """What the Nu HTML checker says of pages, its warnings included."""
    jar = MODULES / "vnu-jar/build/dist/vnu.jar"
    # Read from a file, a page has no origin, so that its own style sheet seems to violate its 'self'.
    quiet = ".*Resource violates Content Security Policy.*"
    for batch in _batches(found):
        told = _run(
            "java", "-Xss4m", "-jar", jar, "--format", "json", "--exit-zero-always", "--filterpattern", quiet, *batch
        )
        for one in json.loads(told.stderr or told.stdout)["messages"]:
            if "Year may be mistyped" in one["message"]:  # the end of the calendar is meant as it stands
                continue
            rule = _QUOTED.sub("X", one["message"])
            yield Finding(
                "nu",
                rule,
                _named(one.get("url", "")),
                f"{one.get('lastLine')}: {one['message']} {one.get('extract', '')!r}",
            )


def html_validate(found: Sequence[Path]) -> Iterator[Finding]:
    """What html-validate says of pages."""
    for batch in _batches(found):
        program = MODULES / ".bin/html-validate"
        with tempfile.TemporaryDirectory() as folder:  # what it writes to a pipe it cuts off
            told = Path(folder) / "told.json"
            _run(program, "--config", CI / "htmlvalidate.json", "--formatter", f"json={told}", *batch)
            listed = json.loads(told.read_text("utf-8"))
        for page in listed:
            for one in page["messages"]:
                what = f"{one['line']}:{one['column']}: {one['message']}"
                yield Finding("html-validate", one["ruleId"], page["filePath"], what)


def lychee(site: Path) -> Iterator[Finding]:
    """Links and fragments of a site that lead nowhere."""
    program = shutil.which("lychee", path=str(Path(sys.executable).parent)) or shutil.which("lychee")
    if program is None:
        raise MissingError("lychee is not there: .ci/venv .ci/requirements-check.txt")
    options: list[str | Path] = [
        "--offline",
        "--include-fragments",
        "--index-files=index.html",
        "--no-progress",
        "--format",
        "json",
        "--root-dir",
        site.resolve(),
    ]
    told = _run(program, *options, f"{site.resolve()}/**/*.html")
    for page, failed in json.loads(told.stdout)["error_map"].items():
        for one in failed:
            yield Finding("lychee", "link", page, f"{one['url']}: {one['status'].get('text', '')}")


def stylelint() -> Iterator[Finding]:
    """What stylelint says of our style sheets."""
    program = MODULES / ".bin/stylelint"
    told = _run(
        program,
        "--config",
        CI / "stylelint.json",
        "--config-basedir",
        CI,
        "--formatter",
        "json",
        ROOT / "templates/style.css",
        ROOT / "templates/redline.css",
    )
    for file in json.loads(told.stdout or told.stderr):
        for one in file["warnings"]:
            yield Finding("stylelint", one["rule"], file["source"], f"{one['line']}: {one['text']}")


def _batches(found: Sequence[Path]) -> Iterator[Sequence[Path]]:
    return (found[at : at + AT_ONCE] for at in range(0, len(found), AT_ONCE))


def _named(url: str) -> str:
    return url.removeprefix("file:")


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise MissingError(f"{error.filename} is not there: (cd .ci && npm ci --ignore-scripts), and Java") from None
