"""Texts that are made to be slow to read or to compare, each with one to compare it with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = 60.0
"""In which a small and busy machine is done with any of them; a quiet one needs a tenth of it."""

QUICK = 10.0
"""In which what takes a time that grows with its input alone is done, however small and busy the machine is."""


def _long() -> str:
    """Five million characters in paragraphs of 60 words."""
    return "\n\n".join(" ".join(f"w{(k * 60 + n) * 7919 % 20011}" for n in range(60)) + "." for k in range(13_500))


def _long_texts() -> tuple[str, str]:
    old = _long()
    return old, "\n\n".join(part for k, part in enumerate(old.split("\n\n")) if k % 7) + "\n\nMore."


def _long_paragraphs() -> tuple[str, str]:
    old = _long().replace("\n\n", " ")
    return old, old.replace("w1", "x1")


def _another(old: str) -> Callable[[], tuple[str, str]]:
    return lambda: (old, old.replace("a", "b", 1) + "\n\nMore.")


SLOW: dict[str, Callable[[], tuple[str, str]]] = {
    "five million characters": _long_texts,
    "five million characters in one paragraph": _long_paragraphs,
    "brackets that nothing closes": _another("[" * 10_000),
    "lists in lists": _another("".join(f"{' ' * (2 * depth)}- a{depth}\n" for depth in range(2_000))),
    "one word": _another("a" * 200_000),
    "one word of letters without width": lambda: ("\u200b\u00ad" * 100_000 + "a", "\u00ad\u200b" * 100_000 + "b"),
    "one letter under many accents": lambda: ("e" + "\u0301" * 100_000, "e" + "\u0301" * 99_999),
    "letters that turn round": lambda: ("\u202ea\u202c " * 50_000, "\u202eb\u202c " * 50_000),
}
