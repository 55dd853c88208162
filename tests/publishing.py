"""Files put in a site in the steps of a build, without a project that they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inforce.publish import put_in_place, staging, write_aside

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from inforce.publish import Published


def publish(files: Iterable[tuple[str, bytes]], out: Path) -> Published:
    """Make these the files of a site; each is written as it is made."""
    with staging(out) as known:
        return put_in_place(write_aside(files, out, known), out, known)
