"""Front matter and stated dates: what stands between the two fences at the top of a version.

Every value is read as the text that the author wrote, whatever YAML would make of it: ``2026-01-10`` and ``2.10`` stay
what they are, and only ``true`` and ``false`` are booleans. Plain words and days need no YAML; `strict` reads all else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from inforce import addresses, unseen
from inforce.errors import Place, Problem
from inforce.model import Fault, FaultyError, Postponement, Version
from inforce.sources import conflicts, slips

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REASONS = ("legal", "security", "new-feature")
KEYS = ("title", "posted", "effective", "summary", "corrects", "reason", "version", "postponed", "withdrawn")
LARGEST = 64 * 1024
"""Bytes of front matter: far above what a version needs, far below what would take long to read."""
_SIMPLE = re.compile(r"([a-z]+): ([A-Za-z0-9](?:[A-Za-z0-9 ,.()/'-]*[A-Za-z0-9.)])?)")
"""A line that means to YAML what it seems to mean: none of the signs that open, close or end anything there."""
_FENCE = re.compile(r"---[ \t]*(?:\n|\Z)")
_CLOSING = re.compile(r"^---[ \t]*(?:\n|\Z)", re.MULTILINE)
_NEARLY = re.compile(r"^(?:[ \t]+---|-{4,}|--|[\u2013\u2014]+-?)[ \t]*$", re.MULTILINE)
"""A line that is meant for three dashes and is something else."""
_BEGUN = re.compile(
    r"(?:[^\n]*\n){0,8}?((?:[ \t]*---|-{4,}|--|[\u2013\u2014]+-?)[ \t]*)\n\s*(?:title|posted|version|summary)[ \t]*:",
    re.ASCII,
)
"""Front matter that begins later than it should, or with another line than three dashes."""
_CONTROLS = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff]")
"""Characters that no page and no feed can hold."""
_TURNING = re.compile(f"[{unseen.OVERRIDING}]")
"""Characters that turn the order of letters round."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
"""A day as it is written: Python would read others, too."""
_HYPHENS = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
"""Dashes, and hyphens that a word processor sets."""
_BLANK = re.compile("[\\s\u200b\u2060\ufeff]")


class Value(NamedTuple):
    """A scalar as it was written."""

    text: str
    line: int
    plain: bool
    """Whether it stood without quotes."""
    comment: int = 0
    """On which line a comment ends it; 0 if none does."""


class Listing(NamedTuple):
    """A list or a table of values."""

    items: tuple[Any, ...]
    line: int
    keyed: bool
    """Whether the items are pairs of a key and what it holds."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the front matter of one version states; the day it takes effect may be left to the rule."""

    id: str
    path: str
    title: str
    posted: date
    effective: date | None
    summary: str
    corrects: str
    reason: str
    label: str
    postponed: tuple[Postponement, ...]
    withdrawn: date | None
    body: str
    lines: Mapping[str, int]
    body_line: int
    commit: str = ""

    def version(self, *, first: bool, notice: int, pictures: Mapping[str, Callable[[], bytes]]) -> Version:
        """The version; the first governs from its posting, any other after the notice. Raises FaultyError."""
        effective = self.effective
        if effective is None and not self.corrects:
            ahead = 0 if first else notice
            if ahead > (date.max - self.posted).days:
                raise FaultyError([_past_the_calendar(self, ahead)])
            effective = date.fromordinal(self.posted.toordinal() + ahead)
        return Version(
            self.id,
            self.title,
            self.posted,
            effective,
            self.body,
            Place(self.path, self.body_line, self.commit),
            self.summary,
            self.corrects,
            self.reason,
            self.label,
            self.postponed,
            self.withdrawn,
            self.lines,
            pictures,
        )


def stated(version: Version) -> Facts:
    """What the front matter of a version states, without its text; a day that the rule gave it is not among it."""
    effective = version.effective if "effective" in version.lines else None
    names = ("title", "posted", "summary", "corrects", "reason", "label", "postponed", "withdrawn", "lines")
    facts = {name: getattr(version, name) for name in names}
    place = version.place
    return Facts(
        version.id, place.path, effective=effective, body="", body_line=place.line, commit=place.commit, **facts
    )


def _past_the_calendar(facts: Facts, ahead: int) -> Fault:
    return Fault(
        facts.id,
        "posted",
        "effective-past-the-calendar",
        f"{ahead} days after {facts.posted} there is no calendar",
        "Give an earlier posted day, or state `effective`.",
    )


class Split(NamedTuple):
    """A file in two: its front matter and its text."""

    header: str | None
    """None: there is none."""
    body: str
    body_line: int
    """On which line of the file the text begins."""


class HeaderError(Exception):
    """The front matter cannot be read at all."""

    def __init__(self, line: int, code: str, what: str, remedy: str) -> None:
        super().__init__(what)
        self.line, self.code, self.what, self.remedy = line, code, what, remedy


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, without byte order mark, line ends LF. Raises HeaderError."""
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise HeaderError(
            line, "not-utf-8", "is not UTF-8", "Save it as plain text in UTF-8 (in a word processor: export as text)."
        ) from None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        if text.count("\0") * 4 > len(text):
            raise HeaderError(1, "not-utf-8", "is UTF-16, not UTF-8", "Save it as plain text in UTF-8.")
        line = text.count("\n", 0, text.index("\0")) + 1
        raise HeaderError(line, "nul-character", "holds a NUL character", "Delete it: type the line anew.")
    return text


def split(text: str) -> Split:
    """Part a text at its fences; text without front matter is all body. Raises HeaderError if no fence closes it."""
    opening = _FENCE.match(text)
    if not opening:
        return Split(None, text, 1)
    closing = _CLOSING.search(text, opening.end())
    if not closing:
        near = _NEARLY.search(text, opening.end())
        instead = f": line {text.count(chr(10), 0, near.start()) + 1} is '{near[0].rstrip()}'" if near else ""
        raise HeaderError(
            1,
            "front-matter-unclosed",
            f"the front matter is opened by --- and never closed{instead}",
            "Write a line of three dashes (---) after its last line.",
        )
    header = text[opening.end() : closing.start()]
    return Split(header, text[closing.end() :], text.count("\n", 0, closing.end()) + 1)


def read(path: str, id_: str, text: str, commit: str = "") -> tuple[Facts | None, list[Problem]]:
    """The facts of a version from the text of its file, or all that is wrong with them.

    `path` is named in messages, `id_` is the version's; `text` is as `decode` gives it.
    """
    try:
        parts = split(text)
        _merged(parts)
        stated = load(_required(parts))
    except HeaderError as error:
        place = Place(path, error.line, commit)
        return None, [Problem(place, error.code, error.what, error.remedy)]
    reader = _Reader(Place(path, 1, commit), stated)
    facts = reader.facts(id_, path, parts, commit)
    return (None if reader.problems else facts), reader.problems


def _merged(parts: Split) -> None:
    """Raise HeaderError where a merge was left undone in the front matter, or above it."""
    text, first = (parts.body, 1) if parts.header is None else (parts.header, 2)
    found = conflicts.found(text)
    if found:
        raise HeaderError(found.number + first, "merge-conflict", found.what, found.remedy)


def load(header: str) -> dict[str, Value | Listing]:
    """The keys of a front matter with their values as written. Raises HeaderError."""
    if len(header.encode()) > LARGEST:
        what, remedy = f"the front matter is larger than {LARGEST} bytes", "Long text belongs below the second ---."
        raise HeaderError(1, "front-matter-too-large", what, remedy)
    simple = _simple(header)
    if simple is not None:
        return simple
    from inforce.sources import strict  # YAML takes longer to load than many a policy to read

    return strict.load(header)


def differ(first: str, second: str) -> tuple[str, ...]:
    """The keys whose values differ between two front matters, those of the second first. Raises HeaderError."""
    one, two = load(first), load(second)
    return tuple(key for key in {**two, **one} if _bare(one.get(key)) != _bare(two.get(key)))


def _bare(value: Value | Listing | None) -> object:
    """A value without the place where it was written."""
    if isinstance(value, Listing):
        return tuple((one[0], _bare(one[1])) if value.keyed else _bare(one) for one in value.items)
    return value and value.text


def _simple(header: str) -> dict[str, Value | Listing] | None:
    """What YAML makes of plain words and days, a line each, in a fraction of its time; None for all else."""
    found: dict[str, Value | Listing] = {}
    for number, line in enumerate(header.removesuffix("\n").split("\n"), start=2):
        match = _SIMPLE.fullmatch(line)
        if match is None or match[1] in found:
            return None
        found[match[1]] = Value(match[2], number, plain=True)
    return found


_SMALLEST = "  ---\n  title: Privacy policy\n  posted: 2026-03-01\n  ---"


def _required(parts: Split) -> str:
    if parts.header is None:
        what, remedy = _instead(parts.body) or (
            "there is no front matter",
            f"Begin the file with its title and posting day between two lines of three dashes:\n{_SMALLEST}",
        )
        raise HeaderError(1, "front-matter-missing", what, remedy)
    return parts.header


def _instead(text: str) -> tuple[str, str] | None:
    """What is wrong, and what to write instead, where a front matter begins a little otherwise than it should."""
    found = _BEGUN.match(text)
    if found is None:
        return None
    line = text.count("\n", 0, found.start(1)) + 1
    if line > 1:
        what = f"the front matter begins on line {line}, and not on the first one"
        return what, "Delete all that stands above it, empty lines, too; its first line is three dashes (---)."
    return f"the front matter begins with '{found[1].rstrip()}', and not with three dashes", "Write --- and no more."


class _Reader:
    """Reads the facts of one version, gathering all that is wrong with them."""

    def __init__(self, place: Place, stated: Mapping[str, Value | Listing]) -> None:
        self.place = place
        self.stated = stated
        self.problems: list[Problem] = []
        self.cut: dict[str, int] = {}
        """Words that a comment ends: its line, under ``#`` and the key."""
        self.meant: set[str] = set()
        """Keys that others, which are none, seem to stand for: they are not said to be missing, too."""

    def facts(self, id_: str, path: str, parts: Split, commit: str) -> Facts | None:
        """The facts, or None where one that is required is missing or wrong."""
        self.known(KEYS)
        title, posted = self.words("title", required=True), self.day("posted", required=True)
        effective, corrects = self.day("effective"), addresses.address(self.words("corrects"))
        if effective and corrects:
            self.problem(
                self.line("effective"),
                "correction-effective",
                f"a correction has no `effective` of its own: it takes effect with {corrects}, or at posting",
                "Leave `effective` out; or leave `corrects` out if this is a new version in its own right.",
            )
        if not parts.body.strip():
            what, remedy = "there is no text below the front matter", "Write the policy below the second ---."
            self.problem(parts.body_line, "body-empty", what, remedy)
        summary, reason, label = self.words("summary"), self.words("reason"), self.words("version")
        postponed, withdrawn = self.postponed(), self.day("withdrawn")
        if posted is None:
            return None
        lines = {**{key: value.line for key, value in self.stated.items()}, **self.cut}
        return Facts(
            id_, path, title, posted, effective, summary, corrects, reason, label, postponed, withdrawn,
            parts.body, lines, parts.body_line, commit,
        )  # fmt: skip

    def problem(self, line: int, code: str, what: str, remedy: str) -> None:
        self.problems.append(Problem(Place(self.place.path, line, self.place.commit), code, what, remedy))

    def line(self, key: str) -> int:
        return self.stated[key].line if key in self.stated else self.place.line

    def known(self, keys: tuple[str, ...]) -> None:
        for key, value in self.stated.items():
            if key not in keys:
                import difflib

                near = difflib.get_close_matches(key.lower(), keys, 1, cutoff=0.5)
                self.meant.update(near)
                bare = _BLANK.sub("", key)
                if bare in keys and isinstance(value, Value):
                    self.problem(
                        value.line,
                        "key-unknown",
                        f"a space that is no plain one, or one that nobody sees, stands beside `{bare}`",
                        f"Type the line anew: `{bare}: {value.text.strip()}`.",
                    )
                    continue
                remedy = f"Did you mean `{near[0]}`?" if near else "Leave it out."
                if key in slips.INNER:
                    remedy = "It belongs to an announcement below `postponed`, indented like its other keys."
                what = f"{key or 'an empty word'} is no known key"
                self.problem(value.line, "key-unknown", what, f"{remedy} Known: {', '.join(keys)}.")

    def words(self, key: str, *, required: bool = False) -> str:
        """Text in one value; empty if it is absent and need not be there."""
        value = self.stated.get(key)
        if value is None or (isinstance(value, Value) and (not value.text.strip() or _is_null(value))):
            if (required and key not in self.meant) or value is not None:
                what = f"{key} is {'missing' if value is None else 'empty'}"
                self.problem(self.line(key), f"{key}-missing", what, f"Write a line such as `{_example(key)}`.")
            return ""
        if isinstance(value, Listing) or _is_boolean(value):
            what = f"{key} is {'a list' if isinstance(value, Listing) else value.text}, not text"
            self.problem(value.line, f"{key}-not-text", what, f"Put it in quotes: `{_example(key)}`.")
            return ""
        hidden = _CONTROLS.search(value.text) or (key != "summary" and _TURNING.search(value.text))
        if hidden:
            what = f"{key} holds a character that nobody sees (U+{ord(hidden[0]):04X})"
            self.problem(value.line, f"{key}-hidden-character", what, "Type the line anew, without it.")
        if value.comment and value.text not in REASONS:
            self.cut[f"#{key}"] = value.comment
        return value.text.strip() if key == "summary" else re.sub(r"[ \t]*\n[ \t]*", " ", value.text.strip())

    def day(self, key: str, *, required: bool = False) -> date | None:
        """A plain calendar day."""
        value = self.stated.get(key)
        if value is None:
            if required and key not in self.meant:
                at_the_top = ": the date at the top" if key == "posted" else ""
                what, remedy = f"{key} is missing", f"Write a line such as `{_example(key)}`{at_the_top}."
                self.problem(self.place.line, f"{key}-missing", what, remedy)
            return None
        return self.as_day(key, value)

    def as_day(self, key: str, value: Value | Listing) -> date | None:
        text = value.text.strip() if isinstance(value, Value) else ""
        if DAY.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                what, remedy = f"{key} is {text}, a day that no calendar has", "Look at the month and the day."
                self.problem(value.line, f"{key}-not-a-day", what, remedy)
                return None
        plain = _HYPHENS.sub("-", text)
        if plain != text and DAY.fullmatch(plain):
            what = f"{key} is '{text}', and the signs between its numbers are no plain hyphens"
            self.problem(
                value.line, f"{key}-not-a-day", what, f"Write `{key}: {plain}`, with the hyphen of the keyboard."
            )
            return None
        shown = f"'{text}'" if text else "a list" if isinstance(value, Listing) else "empty"
        remedy = f"Write a day as year-month-day, like `{key}: 2024-03-01`."
        self.problem(value.line, f"{key}-not-a-day", f"{key} is {shown}, not a day", remedy)
        return None

    def postponed(self) -> tuple[Postponement, ...]:
        """The list of postponements."""
        listing = self.stated.get("postponed")
        if listing is None:
            return ()
        entries = listing.items if isinstance(listing, Listing) and not listing.keyed else ()
        if not entries or not all(isinstance(one, Listing) and one.keyed for one in entries):
            self.problem(
                listing.line,
                "postponed-not-a-list",
                "postponed is not a list of announcements",
                "Write:\n  postponed:\n    - {announced: 2026-03-20, to: 2026-05-01, note: 'Why.'}",
            )
            return ()
        return tuple(one for entry in entries if (one := self.postponement(entry)) is not None)

    def postponement(self, entry: Listing) -> Postponement | None:
        inner = _Reader(Place(self.place.path, entry.line, self.place.commit), dict(entry.items))
        inner.known(("announced", "to", "note"))
        announced, to = inner.day("announced", required=True), inner.day("to", required=True)
        note = inner.words("note")
        self.problems += inner.problems
        self.cut.update(inner.cut)
        return Postponement(announced, to, note) if announced and to else None


def _is_boolean(value: Value) -> bool:
    return value.plain and value.text.lower() in {"true", "false"}


def _is_null(value: Value) -> bool:
    return value.plain and value.text in {"~", "null", "Null", "NULL"}


def _example(key: str) -> str:
    return {
        "title": "title: 'Privacy policy'",
        "posted": "posted: 2026-03-01",
        "announced": "announced: 2026-03-20",
        "to": "to: 2026-05-01",
        "corrects": "corrects: '2026-01-10'",
        "version": "version: '2.10'",
    }.get(key, f"{key}: 'In your own words.'")
