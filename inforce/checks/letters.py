"""What readers see and the author may not mean: HTML, placeholders, hidden characters, letters that look alike."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple, Self

from inforce.errors import Problem, warning
from inforce.unseen import HIDDEN, JOINERS, name, without

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from inforce.errors import Place
    from inforce.text import Text

_UNSEEN = re.compile(f"{HIDDEN.pattern}|[{JOINERS}]")
# Only from where a space begins: from each place within it, a long one would be looked through again.
_ALONE = re.compile(rf"(?<!\s)\s+({HIDDEN.pattern}+)(?=\s|\Z)")
_BETWEEN = re.compile(r"[\s!-/:-@\[-`{-~]+")
"""What parts words, also those of Markdown."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_LOOKALIKE_SCRIPTS = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")
_OPENING = re.compile(r"\{[{%]")
_CLOSING = {"{{": "}}", "{%": "%}"}
"""What ends what templates fill in, and nobody fills in here."""


class _Looks(NamedTuple):
    """The words of a text that look the same."""

    written: frozenset[str]
    """As they are written, and as they are once mended."""
    first: str
    bare: str
    """The first of them without what nobody sees."""
    unseen: frozenset[str]
    """What nobody sees in it."""

    @classmethod
    def of(cls, words: set[str]) -> Self:
        """What is asked of them."""
        first = min(words)
        written = frozenset(each for one in words for each in (one, HIDDEN.sub("", one)))
        return cls(written, first, _UNSEEN.sub("", first), frozenset(_UNSEEN.findall(first)))


UNFILLED, FILL = "{} is shown to readers as it stands: nothing is filled in", "Write the words that are meant."
"""What is said of a placeholder, and what to do."""


def of_text(text: Text, at: Callable[[int], Place]) -> Iterator[Problem]:
    """What is doubtful about the letters of a text; `at` places its lines."""
    for line in text.raw_html:
        what = "HTML, or an HTML comment, is shown to readers as it is written"
        yield warning(at(line), "html-shown", what, "Write it as Markdown, or take it out.")
    for line in text.raw_links:
        what = "what should be a link or a picture is none, and its signs are shown to readers as they are written"
        remedy = (
            "Write [words](target) or ![words](target): a target with spaces stands in pointed brackets, "
            "[terms](<Our Terms.md>), and one on another site begins with https:, http:, mailto: or tel:. "
            "[words][name] asks for a line `[name]: target`."
        )
        yield warning(at(line), "link-shown", what, remedy)
    for line, written in enumerate(text.source.split("\n"), start=1):
        yield from of_line(written, at(line))


def of_line(written: str, place: Place) -> Iterator[Problem]:
    """What is doubtful about the letters of a line."""
    for word in sorted({name(sign) for sign in HIDDEN.findall(written)}):
        what = f"holds {word}, a character that nobody sees"
        yield warning(place, "hidden-character", what, "Type the word anew, without it.")
    for lookalike in _lookalikes(written):
        what = f"'{lookalike}' holds a letter of another script ({_strange(lookalike)})"
        yield warning(place, "lookalike-letter", what, "Type the word anew.")
    for found in _placeholders(written):
        yield warning(place, "placeholder-shown", UNFILLED.format(found), FILL)


def of_change(old: Text, new: Text, before: str, at: Callable[[int], Place]) -> Iterator[Problem]:
    """Words that look as they did in the version before, whose id is `before`, and are not the same.

    What is only taken out of a word mends it, but for joiners, with which whole scripts are written.
    """
    was, now = old.source.split("\n"), new.source.split("\n")
    kept = set(was).intersection(now)
    known: dict[str, set[str]] = {}
    for line in was:
        for word in _words(line) if line not in kept else ():
            known.setdefault(_looks(word), set()).add(word)
    looks = {look: _Looks.of(words) for look, words in known.items()}
    found: dict[str, dict[str, int]] = {}
    for number, line in enumerate(now, start=1):
        for word in _words(line) if line not in kept else ():
            look = _looks(word)
            if look in looks and word not in looks[look].written:
                found.setdefault(_difference(looks[look], word), {}).setdefault(look, number)
    for difference, words in found.items():
        first, *more = words
        also = f" and {len(more)} more word{'' if len(more) == 1 else 's'}" if more else ""
        are = "read as they do" if more else "reads as it does"
        what = f"'{first}'{also} {are} in {before}, the version before, but {difference}"
        remedy = f"If that is not meant, copy from {before}. Redlines do not show what nobody sees."
        yield warning(at(words[first]), "unseen-change", what, remedy)


def _words(line: str) -> list[str]:
    """The words of a line, each with what nobody sees in it and beside it."""
    return [word for word in _BETWEEN.split(_ALONE.sub(r"\1", line)) if _looks(word)]


def _looks(word: str) -> str:
    """A word as it is seen."""
    return without(HIDDEN.sub("", word), JOINERS)


def _difference(old: _Looks, new: str) -> str:
    """In what a word differs from those that look the same."""
    was, now = old.unseen, set(_UNSEEN.findall(new))
    told = [f"{name(sign)} was put in" for sign in sorted(now - was)]
    told += [f"{name(sign)} was taken out" for sign in sorted(was - now)]
    if old.bare != _UNSEEN.sub("", new):
        told.append("letters and their accents are in another Unicode form")
    return " and ".join(told) or "what nobody sees stands in another place"


def _placeholders(line: str) -> Iterator[str]:
    at = 0
    endless: set[str] = set()
    while opening := _OPENING.search(line, at):
        at = opening.start() + 1
        end = -1 if opening[0] in endless else line.find(_CLOSING[opening[0]], opening.end())
        if end < 0:
            endless.add(opening[0])  # nor is there an end for any that begins later
            continue
        at = end + len(opening[0])
        yield line[opening.start() : at]


def _lookalikes(line: str) -> Iterator[str]:
    """Words that are Latin but for letters of a script that looks like it."""
    if line.isascii():
        return
    for word in _WORD.findall(line):
        if word.isascii():
            continue
        names = [unicodedata.name(sign, "") for sign in word]
        latin = sum(name.startswith("LATIN") for name in names)
        if latin and any(name.startswith(_LOOKALIKE_SCRIPTS) for name in names):
            yield word


def _strange(word: str) -> str:
    other = next(sign for sign in word if unicodedata.name(sign, "").startswith(_LOOKALIKE_SCRIPTS))
    return name(other)
