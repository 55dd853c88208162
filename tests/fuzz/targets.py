"""What is tried with bytes that nobody chose: each reads them as the program would, and fails only where it is wrong.

A policy's author, or a site that is verified, may say anything; what is refused has to be refused in words.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from inforce import hypertext, ledger, markup, settings
from inforce.errors import PolicyError, SurroundingsError, TextError
from inforce.markdown import Reader, allowed
from inforce.model import FaultyError
from inforce.sources import header
from tests.fuzz.live import live
from tests.fuzz.vectors import VECTORS, body, versions

if TYPE_CHECKING:
    from collections.abc import Callable

PARTS = "\f"
"""Parts an old text from a new one."""


def front_matter(data: bytes) -> None:
    """A version's file: its facts, or what is wrong with them and where."""
    try:
        text = header.decode(data)
    except header.HeaderError:
        return
    facts, problems = header.read("a.md", "a", text)
    assert (facts is None) == bool(problems)
    lines = text.count("\n") + 2
    assert all(0 < problem.place.line <= lines and problem.what and problem.remedy for problem in problems)
    if facts:
        try:
            facts.version(first=True, notice=30, pictures={})
        except FaultyError as error:
            assert error.faults  # noqa: PT017 - that it is raised is not wrong


def markdown(data: bytes) -> None:
    """A text, and the redline from one text to another: nothing in their HTML is live, and no word is lost."""
    texts = []
    for source in data.decode("utf-8", "replace").partition(PARTS)[::2]:
        try:
            texts.append(Reader().read(source))
        except TextError:
            texts.append(Reader(strict=False).read(source))
    old, new = texts
    redline = markup.redline(old, new)
    for html in (hypertext.article(old), hypertext.fragment(new), redline.html(), redline.html(ids=False)):
        assert live(html, text=True) == []
    assert isinstance(redline.text(), str)
    assert json.dumps(redline.json())
    assert hypertext.plain(new) is not None


def rendering(data: bytes) -> None:
    """A text is written as markdown-it writes it as a whole."""
    text = Reader(strict=False).read(data.decode("utf-8", "replace"))
    if all(allowed(target, image=False) for chunk in text.chunks for target in chunk.targets):  # pictures may be data
        assert "".join(map(hypertext.chunk_html, text.chunks)) == _plain(text.source)


def _plain(source: str) -> str:
    """What markdown-it makes of a text as a whole, with our choice of schemes for links."""
    plain_ = MarkdownIt("commonmark", {"html": False}).enable("table")
    plain_.validateLink = lambda url: allowed(url, image=False)  # type: ignore[method-assign]
    return str(plain_.render(source))


def setting(data: bytes) -> None:
    """A pyproject.toml: settings, or what is wrong with them."""
    with tempfile.TemporaryDirectory() as made:
        (Path(made) / settings.FILE).write_bytes(data)
        try:
            settings.read(Path(made))
        except PolicyError as error:
            assert error.problems  # noqa: PT017 - that it is raised is not wrong


def published(data: bytes) -> None:
    """A published site, its two files parted by PARTS: what does not fit, or that it is none of ours."""
    first, _, second = data.partition(PARTS.encode())

    def fetch(path: str) -> bytes | None:
        return {"policies.json": first, "a/versions.json": second}.get(path, b"We keep your name.\n")

    try:
        found, problems = ledger.verify(fetch, "0" * 64)
        assert found or problems
        list(ledger.against([], found))
    except SurroundingsError as error:
        assert str(error)  # noqa: PT017 - that it is raised is not wrong


TARGETS: dict[str, Callable[[bytes], None]] = {
    "front-matter": front_matter,
    "markdown": markdown,
    "rendering": rendering,
    "settings": setting,
    "published": published,
}

_LINK = (
    '{"event": "posted", "day": "2026-01-10", "version": "a", "sha256": "0", "effective": "2026-01-10", "hash": "0"}'
)
_ROW = '{"id": "a", "posted": "2026-01-10", "effective": "2026-01-10", "standing": "in force", "sha256": "0"}'
_POLICY = '{"policy": "a", "title": "A", "in_force": "a", "pending": [], "next_change": null, "head": "0"}'
SEEDS: dict[str, list[bytes]] = {
    "front-matter": [text.encode() for _, text in versions(VECTORS[::9])],
    "markdown": [(one + PARTS + other).encode() for one, other in zip(VECTORS[::2], VECTORS[1::2], strict=False)]
    + [(body(VECTORS[0]) + PARTS + body(VECTORS[200])).encode()],
    "rendering": [one.encode() for one in VECTORS],
    "settings": [
        (
            b'[tool.inforce]\ntitle = "A"\nbase-url = "https://a.example/b"\ntimezone = "UTC"\nnotice-days = 30\n'
            b'language = "en"\n[tool.inforce.policies.a]\ntitle = "A"\npaths = ["b.md"]\nposted-from = "commit"\n'
        ),
    ],
    "published": [
        f'{{"on": "2026-03-01", "policies": [{_POLICY}]}}{PARTS}{{"policy": "a", "title": "A", "timezone": "UTC", '
        f'"on": "2026-03-01", "versions": [{_ROW}], "chain": [{_LINK}], "head": "0"}}'.encode(),
        f'{{"policies": {"[" * 3000}{PARTS}'.encode(),
    ],
}
"""What a search for harm begins with."""
