"""The announcement of a pending version: its subject, its plain text, and the same as HTML for an e-mail.

It says nothing that turns false: each count of days names the day from which it counts.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from itertools import groupby
from typing import TYPE_CHECKING

from inforce.pages import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from inforce.model import Entry
    from inforce.pages import Telling
    from inforce.redline import Change

SUBJECT = "Subject: "
"""Before the subject, on the first line of the plain text."""


@dataclass(frozen=True, slots=True)
class Notice:
    """An announcement, ready to be sent."""

    subject: str
    """One line."""
    text: str
    """Without the subject."""
    html: str

    @property
    def spoken(self) -> str:
        """The plain text with its subject above it, to be read or pasted."""
        return f"{SUBJECT}{self.subject}\n\n{self.text}"

    @property
    def message(self) -> str:
        """A draft of an e-mail (RFC 5322) with both forms of the text, and with no date, sender or receiver."""
        made = EmailMessage(policy.SMTP.clone(cte_type="7bit"))
        made["Subject"] = self.subject
        made["X-Unsent"] = "1"  # programs for e-mail open it as a draft
        made.set_content(self.text)
        made.add_alternative(self.html, subtype="html")
        made.set_boundary(f"=_{hashlib.sha256((self.text + self.html).encode()).hexdigest()[:32]}")  # in neither text
        return made.as_bytes().decode("ascii")


def notice(telling: Telling, group: Sequence[Entry], render: Callable[[Page], bytes]) -> Notice:
    """The announcement of a pending version, its pending corrections after it: the last of them takes effect."""
    site, shown, last = telling.site, telling.shown, group[-1]
    page = shown.version(last)
    facts = {
        "site": site,
        "policy": shown,
        "group": group,
        "entry": last,
        "before": shown.before(group),
        "title": " ".join((shown.policy.given_title or last.version.title).split()),
        "until_then": shown.until_then(last),
        "days": (last.effective - site.on).days,
        "sections": list(sections(telling, group)),
    }
    plain = {entry.id: telling.summary_lines(entry, page) for entry in group}
    first, _, rest = render(Page(page, "notice.txt", {**facts, "summaries": plain})).decode().partition("\n")
    subject = " ".join(first.removeprefix(SUBJECT).split())
    rich = {entry.id: telling.summary_away(entry, page, pictures=False) for entry in group}
    html = render(Page(page, "notice.html", {**facts, "subject": subject, "summaries": rich})).decode()
    return Notice(subject, rest.strip("\n") + "\n", html)


def sections(telling: Telling, group: Sequence[Entry]) -> Iterator[tuple[str, list[Change]]]:
    """The sections that change, in reading order, each with what changes in it; none for a first version."""
    before = telling.shown.before(group)
    if before:
        redline = telling.redline(before, group[-1])
        for section, changes in groupby(redline.changes, key=lambda change: change.section):
            yield section, list(changes)
