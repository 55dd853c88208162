"""Reads the old or the new text out of a redline's HTML, as the contract says: without <ins>, or without <del>."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

_BLOCKS = {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "th",
    "pre",
    "div",
    "blockquote",
}
_EMPTY = {"br", "hr", "img"}


class _Side(HTMLParser):
    def __init__(self, without: str) -> None:
        super().__init__()
        self.without = without
        self.hidden: list[str] = []
        self.open: list[str] = []
        self.out: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img" and not self.hidden:
            self.out.append(" image ")  # one that is marked as changed stands for any other
        if tag in _BLOCKS or tag in _EMPTY:
            self.out.append(" ")
        if tag not in _EMPTY:
            self.open.append(tag)
            if self.hidden or tag == self.without or "data-note" in dict(attrs):
                self.hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _EMPTY:
            return
        assert self.open.pop() == tag, f"</{tag}> closes another element"
        if self.hidden:
            self.hidden.pop()
        if tag in _BLOCKS:
            self.out.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.out.append(data)


def side(html: str, without: str) -> list[str]:
    """The words and signs of one side: ``without`` is ``ins`` for the old text, ``del`` for the new."""
    reader = _Side(without)
    reader.feed(html)
    assert not reader.open, "an element is never closed"
    letters = "".join(c for c in "".join(reader.out) if c not in "\u00ad\u200b\u2060\ufeff")
    return re.findall(r"\w+|[^\w\s]", unicodedata.normalize("NFC", letters))
