"""How problems are said: to people, to programs, and beside the lines of a pull request."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from inforce.errors import Place
from inforce.unseen import OVERRIDING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from inforce.errors import Problem, SurroundingsError

LONGEST = 500
"""Characters of each part of a message, as printed: a value that it cites may be longer than anybody reads."""
_DRIVING = re.compile(rf"[\x7f-\x9f{OVERRIDING}]")
"""What JSON leaves as it is, and a terminal may obey."""
_EXAMPLE = re.compile(r"\n(?= +(?:---|- |[a-z]+:))")
"""Where a line of an example begins in a remedy; a name that it cites may hold line ends, too."""


def say(problems: Iterable[Problem]) -> None:
    """Say problems in words, on standard error."""
    told = [shown(problem) for problem in problems]
    if told:
        print("\n".join(told), file=sys.stderr)  # at once: each time takes longer than all that is written


def shown(problem: Problem) -> str:
    """A problem as it is printed: no name or value that it cites can drive a terminal, or begin a line of its own."""
    place = Place(_short(problem.place.path), problem.place.line, problem.place.commit)
    return str(problem._replace(place=place, what=_short(problem.what), remedy=_remedy(problem.remedy)))


def say_trouble(trouble: SurroundingsError) -> None:
    """Say on standard error what is the matter with the surroundings; the same holds of what that cites."""
    print(f"{visible(trouble.what)}\n  {_remedy(trouble.remedy)}", file=sys.stderr)


def say_line(line: str) -> None:
    """Say one line on standard error, whatever it cites."""
    print(visible(line), file=sys.stderr)


def visible(text: str) -> str:
    """Words for one line of a terminal or a log: what is no sign that can be seen is spelt out."""
    if text.isprintable():
        return text
    return "".join([one if one.isprintable() else ascii(one)[1:-1] for one in text])


def _short(text: str) -> str:
    return visible(text if len(text) <= LONGEST else f"{text[:LONGEST]} …")


def _remedy(text: str) -> str:
    """What to write instead; lines of its own are those of an example of front matter."""
    return "\n".join(map(_short, _EXAMPLE.split(text)))


def print_json(data: object) -> None:
    """Give data to programs, on standard output."""
    print(as_json(data))


def as_json(data: object) -> str:
    """Data as JSON; all in ASCII where standard output is not UTF-8, since what it lacks would be no JSON otherwise."""
    import json

    encoding = getattr(sys.stdout, "encoding", "utf-8")  # there may be no standard output at all
    told = json.dumps(data, ensure_ascii=encoding.lower() not in {"utf-8", "utf8"}, indent=1, default=str)
    return _DRIVING.sub(lambda found: f"\\u{ord(found[0]):04x}", told)


def _as_text(problems: Iterable[Problem]) -> None:
    for problem in problems:
        print(shown(problem))


def _as_json(problems: Iterable[Problem]) -> None:
    print_json(
        [
            {
                "path": problem.place.path,
                "line": problem.place.line or None,
                "severity": problem.severity,
                "code": problem.code,
                "message": problem.what,
                "remedy": problem.remedy,
            }
            for problem in problems
        ]
    )


def _as_github(problems: Iterable[Problem]) -> None:
    """Annotations of a pull request: https://docs.github.com/actions/reference/workflow-commands-for-github-actions."""
    for problem in problems:
        path = "\n".join(map(visible, problem.place.path.split("\n")))
        facts = f"file={_property(path)},line={problem.place.line or 1},title={_property(problem.code)}"
        told = f"{_short(problem.what)}\n{_remedy(problem.remedy)}"
        print(f"::{problem.severity} {facts}::{_data(told)}")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


REPORTS: dict[str, Callable[[Iterable[Problem]], None]] = {"text": _as_text, "json": _as_json, "github": _as_github}
