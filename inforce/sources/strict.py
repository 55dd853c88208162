"""Front matter as YAML, of which little is let through (the only reader of YAML).

Nothing that YAML can do beyond keys, values and lists: no aliases, no tags, no key twice. Every value is the text that
the author wrote.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

from inforce.sources import slips
from inforce.sources.header import KEYS, HeaderError, Listing, Value, split

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 8
"""Lists and tables inside each other; a list of postponements needs three."""
_LINE_ENDS = re.compile("[\\x85\\u2028\\u2029]")
"""Characters at which YAML ends a line, and nothing else does."""
_COMMENT = re.compile(r"[ \t]+#")


def load(header: str) -> dict[str, Value | Listing]:
    """The keys of a front matter with their values as written. Raises HeaderError."""
    found: dict[str, Any] = frontmatter.parse(f"---\n{header}---\n", handler=_Strict())[0]
    return found


class _Strict(YAMLHandler):
    """The handler through which python-frontmatter reads our front matter."""

    def split(self, text: str) -> tuple[str, str]:
        parts = split(text + "\n")
        return parts.header or "", parts.body

    def load(self, fm: str, **_: object) -> dict[str, Value | Listing]:
        """Read the lines between the fences; the first of them is line 2 of its file."""
        odd = _LINE_ENDS.search(fm)
        if odd:
            raise _unseen(fm, odd.start())
        try:
            root = _build(yaml.parse(fm, Loader=yaml.SafeLoader), fm)
        except yaml.MarkedYAMLError as error:
            raise _not_yaml(error, fm) from None
        except yaml.reader.ReaderError as error:
            raise _unseen(fm, error.position) from None
        if root is None or (isinstance(root, Listing) and root.keyed):
            return dict(root.items) if root else {}
        number, what, remedy = slips.never_right(fm.split("\n"), KEYS) or (
            root.line - 2,
            "the front matter is not a list of keys",
            "Write one `key: value` a line, such as `posted: 2026-03-01`.",
        )
        raise HeaderError(number + 2, "front-matter-not-keys", what, remedy)


def _unseen(header: str, at: int) -> HeaderError:
    what = f"holds a character that nobody sees (U+{ord(header[at]):04X})"
    return HeaderError(header.count("\n", 0, at) + 2, "front-matter-not-yaml", what, "Type the line anew.")


def _not_yaml(error: yaml.MarkedYAMLError, header: str) -> HeaderError:
    """What a person would see on the line, rather than what a parser stumbled over behind it."""
    lines = header.split("\n")
    context, begun, stopped = error.context or "", error.context_mark, error.problem_mark
    open_quote = "quoted scalar" in context
    mark = begun if open_quote or "simple key" in context else stopped
    number = min(mark.line, len(lines) - 1) if mark else 0
    if open_quote:
        what, remedy = "a quotation mark is opened and not closed as it should be", "Close it at the end of the value."
    else:
        number, what, remedy = slips.slip(lines, number, KEYS)
    return HeaderError(number + 2, "front-matter-not-yaml", what, remedy)


def _build(events: Iterator[Any], header: str) -> Value | Listing | None:
    """Put the events of a YAML text together; what only programs write is refused. Raises HeaderError."""
    open_: list[tuple[list[Any], int, bool]] = [([], 0, False)]
    for event in events:
        line = event.start_mark.line + 2
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise HeaderError(
                line,
                "front-matter-alias-or-tag",
                "holds an alias, an anchor or a tag (a value that begins with *, & or !)",
                "Write the value out, in quotes if it begins with one of these signs.",
            )
        if isinstance(event, yaml.ScalarEvent):
            _put(open_, Value(event.value, line, event.style is None, _comment(event, header)))
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            if len(open_) > DEEPEST:
                what, remedy = f"holds lists nested more than {DEEPEST} deep", "No key needs that: write it flat."
                raise HeaderError(line, "front-matter-too-deep", what, remedy)
            open_.append(([], line, isinstance(event, yaml.MappingStartEvent)))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            items, begun, keyed = open_.pop()
            pairs = _pairs(items) if keyed else tuple(items)
            _put(open_, Listing(pairs, begun, keyed))
        elif isinstance(event, yaml.DocumentStartEvent) and open_[0][0]:
            what, remedy = "holds two YAML documents", "Only one block of keys stands between the two fences."
            raise HeaderError(line, "front-matter-not-yaml", what, remedy)
    return open_[0][0][0] if open_[0][0] else None


def _comment(event: Any, header: str) -> int:  # noqa: ANN401 - a scalar's, whose marks YAML has no types for
    """The line on which a comment ends words without quotes; 0 if none does."""
    cut = event.style is None and event.value and _COMMENT.match(header, event.end_mark.index)
    return event.end_mark.line + 2 if cut else 0


def _put(open_: list[tuple[list[Any], int, bool]], value: Value | Listing) -> None:
    open_[-1][0].append(value)


def _pairs(items: list[Any]) -> tuple[tuple[str, Any], ...]:
    seen: dict[str, Any] = {}
    for key, value in zip(items[::2], items[1::2], strict=True):
        if not isinstance(key, Value):
            what, remedy = "a key is a list", "Write one `key: value` a line."
            raise HeaderError(key.line, "front-matter-not-keys", what, remedy)
        if key.text in seen:
            what = f"{key.text} stands twice"
            raise HeaderError(key.line, "front-matter-key-twice", what, "Keep one of the two lines.")
        seen[key.text] = value
    return tuple(seen.items())
