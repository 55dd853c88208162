"""What can be wrong, said to the person who can fix it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Severity = Literal["error", "warning"]


class Place(NamedTuple):
    """Something that an author can open."""

    path: str
    """From the project's root, with ``/``."""
    line: int = 0
    """Counted from 1; 0 is the file as a whole."""
    commit: str = ""
    """The id of the commit that holds the file so; empty for the file as it lies there."""

    def __str__(self) -> str:
        path = f"{self.commit[:7]}:{self.path}" if self.commit else self.path
        return f"{path}:{self.line}" if self.line else path


class Problem(NamedTuple):
    """One thing that is wrong: where, what, and what to write instead."""

    place: Place
    code: str
    """A stable name of the rule, such as ``posted-not-a-day``."""
    what: str
    remedy: str
    severity: Severity = "error"

    @property
    def plain(self) -> tuple[str | int, ...]:
        """All of it as plain values."""
        return (*self.place, *self[1:])

    @classmethod
    def told(cls, plain: Sequence[Any]) -> Self:
        """The problem that such values tell of."""
        return cls(Place(*plain[:3]), *plain[3:])

    def __str__(self) -> str:
        warning = "warning: " if self.severity == "warning" else ""
        return f"{self.place}: {warning}{self.what}\n  {self.remedy}"


def warning(place: Place, code: str, what: str, remedy: str) -> Problem:
    """What is doubtful, though it can be published."""
    return Problem(place, code, what, remedy, "warning")


class PolicyError(Exception):
    """The policies, settings or templates are wrong; carries every problem found, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.place, problem.what)))
        super().__init__("\n".join(map(str, self.problems)))


class TextError(Exception):
    """A Markdown text that cannot be published as it stands; who knows its path makes a Problem of it."""

    def __init__(self, line: int, code: str, what: str, remedy: str) -> None:
        self.line = line
        """Counted from 1, in the text alone."""
        self.code = code
        self.what = what
        self.remedy = remedy
        super().__init__(f"line {line}: {what}\n  {remedy}")


class SurroundingsError(Exception):
    """Nothing an author wrote: the disk, the git history, another build. One line, and what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what}\n  {remedy}")

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.what, self.remedy)


class UsageError(Exception):
    """What was asked cannot be answered; said as argparse says it."""
