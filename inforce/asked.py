"""What is asked about by name: a Markdown file, ``policy@version``, or what is pending."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from inforce import markup, settings, sources
from inforce.errors import Place, PolicyError, Problem, TextError, UsageError
from inforce.markdown import Reader
from inforce.pages import Telling
from inforce.shelf import Shelf
from inforce.site import Site
from inforce.sources import header

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from inforce.hypertext import Html
    from inforce.markup import Redline
    from inforce.model import Entry
    from inforce.text import Text


@dataclass(frozen=True, slots=True)
class Asked:
    """A project as of a day, about whose versions somebody asks by name."""

    root: Path
    on: date
    reader: Reader = field(default_factory=Reader)

    def between(self, old: str, new: str) -> tuple[Text, Text, Redline, Html]:
        """The two texts, and what changed: of two versions of one policy, the redline that the site shows."""
        names = [version_named(written) for written in (old, new)]
        if names[0] and names[1] and names[0][0] == names[1][0]:
            telling = self.telling(names[0][0])
            earlier, entry = (posted(telling, name[1]) for name in names if name)
            with telling_faults(entry.version.place):
                found = telling.redline(earlier, entry)
            page = telling.shown.changes(entry)
            before, after = telling.address_for(earlier, page, shows=False), telling.address_for(entry, page)
            return found.old, found.new, found, found.html(before, after, notes=markup.FOLDING)
        before_, after_ = self.text(old), self.text(new)
        redline = markup.redline(before_, after_)
        return before_, after_, redline, redline.html(notes=markup.FOLDING)

    def text(self, written: str) -> Text:
        """The text of a Markdown file, or of a version of the project."""
        named = version_named(written)
        if named:
            version = posted(self.telling(named[0]), named[1]).version
            with telling_faults(version.place):
                return self.reader.read(version.body)
        with telling_faults(Place(written)):
            try:
                parts = header.split(header.decode(Path(written).read_bytes()))
            except OSError as error:
                raise UsageError(f"{written}: {error.strerror}; give a Markdown file, or policy@version") from None
        with telling_faults(Place(written, parts.body_line)):
            return self.reader.read(parts.body)

    def telling(self, policy_id: str) -> Telling:
        """What the site tells of a policy. Raises UsageError where it tells nothing."""
        chosen = settings.read(self.root)
        policies, _ = sources.read(self.root, chosen, watch=False)
        site = Site(policies, chosen, self.on)
        shown = {one.id: one for one in site.policies}
        if policy_id not in shown:
            ids = [policy.id for policy in policies]
            raise UsageError(
                f"no version of {policy_id} is posted as of {self.on}; there are: none"
                if policy_id in ids
                else f"there is no policy {policy_id}; there are {', '.join(ids)}"
            )
        return Telling(site, shown[policy_id], Shelf(self.reader))

    def pending(self, written: str) -> tuple[Telling, tuple[Entry, ...]]:
        """A pending version, its pending corrections after it; a policy alone names the one that it has.

        Raises UsageError where it is not pending or never takes effect, or where the site says no address to read it.
        """
        policy_id, at, version_id = written.partition("@")
        telling = self.telling(policy_id)
        shown = telling.shown
        if not telling.site.base_url:
            raise UsageError(
                "a notice is read away from the site, and needs its address: write base-url in the settings, such as "
                'base-url = "https://example.com/legal"'
            )
        choice = [f"{policy_id}@{group[-1].id} (takes effect on {group[-1].effective})" for group in shown.announced]
        known = f"pending as of {self.on}: {', '.join(choice) or 'nothing'}"
        if not at:
            if len(shown.announced) != 1:
                why = "which of its versions?" if choice else "it has no version that is to take effect;"
                coming = "" if choice else _coming(telling)
                raise UsageError(f"{policy_id}: {why} {known}{coming}")
            return telling, shown.announced[0]
        entry = posted(telling, version_id)
        group = next((group for group in shown.coming if entry in group), None)
        if group is None:
            raise UsageError(f"{written} is not pending, it is {entry.standing}; {known}")
        if group not in shown.announced:
            raise UsageError(f"{written} never takes effect, a later version does so before it; {known}")
        return telling, group


def version_named(written: str) -> tuple[str, str] | None:
    """The policy and the version that ``policy@version`` names; None for a file."""
    policy_id, at, version_id = written.rpartition("@")
    with suppress(OSError):  # a name that is too long for a file is told as one
        return (policy_id, version_id) if at and not Path(written).exists() else None
    return None


def posted(telling: Telling, version_id: str) -> Entry:
    """A version of a policy as it stands on the day asked about. Raises UsageError where it is not posted."""
    entry = telling.shown.timeline.entry(version_id)
    if entry is None:
        known = ", ".join(one.id for one in telling.entries)
        on, coming = telling.site.on, _coming(telling, version_id)
        raise UsageError(
            f"no version {version_id} of {telling.shown.id} is posted as of {on}; there are: {known}{coming}"
        )
    return entry


def _coming(telling: Telling, version_id: str = "") -> str:
    """The next version that is not posted yet, or that one, and how to ask about its day."""
    unposted = [version for version in telling.shown.policy.versions if version.posted > telling.site.on]
    for version in sorted(unposted, key=lambda version: version.posted):
        if version_id in {"", version.id}:
            return f"; {version.id} is posted on {version.posted}: ask with --on {version.posted}"
    return ""


@contextmanager
def telling_faults(place: Place) -> Iterator[None]:
    """What cannot be read in a text becomes a problem with its place; the text begins at a line."""
    try:
        yield
    except (header.HeaderError, TextError) as error:
        place = place._replace(line=max(place.line - 1, 0) + error.line)
        raise PolicyError([Problem(place, error.code, error.what, error.remedy)]) from None
