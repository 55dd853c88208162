"""What is known of policies before they are read: of those that were read before, nothing need be read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inforce.errors import Problem
    from inforce.model import Policy, Version
    from inforce.sources.repository import Log

    Recalled = tuple[Policy, Sequence[Problem]]
    """A policy, and what is wrong or doubtful about how it is kept."""


class Recall:
    """What is known from before, and takes note of what is to be known the next time; this one knows nothing."""

    log: Log | None = None
    """What git told of the history; who asks git anew leaves here what it tells by now."""

    def folder(self, name: str) -> Recalled | None:  # noqa: ARG002 - see what it is to be told
        """The policy of a folder that is as it was, by its name."""
        return None

    def version(self, path: str) -> Version | None:  # noqa: ARG002 - the same
        """The version of a file that is as it was, by its path from the root, in a folder that is not."""
        return None

    def file(self, name: str, id_: str, key: str) -> Recalled | None:  # noqa: ARG002 - the same
        """The policy of a file by its name, its id and what it is known by (see `evolving.known_by`)."""
        return None

    def note(self, name: str, said: Sequence[Problem]) -> None:
        """Take note of what was said of a file that was read."""
