"""Published sites without their pages: the files for programs and the texts, as a dict or a folder."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from inforce.markdown import Reader
from inforce.pages import File, Page, pages
from inforce.settings import Settings
from inforce.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from inforce.model import Policy

Files = dict[str, bytes]


def published(policies: Iterable[Policy], on: date) -> Files:
    """What a site publishes on a day, by path."""
    readers: defaultdict[str, Reader] = defaultdict(Reader)
    made = pages(Site(policies, Settings(), on), readers)
    files = {
        page.path: page.content if isinstance(page, File) else page.make()
        for page in made
        if not isinstance(page, Page)
    }
    return {path: content for path, content in files.items() if not path.endswith("texts.json")}


def laid(folder: Path, files: Mapping[str, bytes]) -> Path:
    """The same in a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def table(files: Files, path: str) -> dict[str, Any]:
    """What a published file says."""
    read: dict[str, Any] = json.loads(files[path])
    return read


def rewritten(files: Files, path: str, said: object) -> Files:
    """A site in which one file says something else."""
    return {**files, path: json.dumps(said).encode()}
