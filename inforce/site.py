"""What the site shows on a day, where it lives, and how a target written in a text finds its way through it."""

from __future__ import annotations

import posixpath
import re
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import quote, unquote

from inforce import addresses, chain, events, schemas
from inforce.markdown import Reader
from inforce.model import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date

    from inforce.chain import Link
    from inforce.events import Event
    from inforce.model import Entry, Policy, Timeline, Version
    from inforce.settings import Settings
    from inforce.text import Text

POLICIES = "policies"
SITE_FILES = (
    *("/404.html", "/feed.xml", "/manifest.json", "/policies.json", "/robots.txt", "/sitemap.xml"),
    *("/compare.js", "/reading.js", "/redline.css", "/redline.js", "/style.css"),
    *(f"/{name}.schema.json" for name in schemas.NAMES),
)
"""Files of the site as a whole that a text may link to, besides its logo."""
_OF_ALL = frozenset({"/", *SITE_FILES})
NOWHERE = "site.invalid"
"""Who mints the ids of a site that does not say where it lives; nobody can own this name (RFC 2606)."""
ALL = ""
"""Stands for all policies."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True)
class Shown:
    """A policy as the site shows it on a day: where it stands, and where its pages live."""

    policy: Policy
    timeline: Timeline
    noted: str = ""
    """The head of its chain, where that is known."""

    @property
    def id(self) -> str:
        """The policy's id."""
        return self.policy.id

    @property
    def title(self) -> str:
        """The policy's title."""
        return self.policy.given_title or self.timeline.title

    @property
    def language(self) -> str:
        """The language of its text."""
        return self.policy.language

    @property
    def address(self) -> str:
        """Always the text in force."""
        return f"/{self.policy.id}/"

    @cached_property
    def addresses(self) -> frozenset[str]:
        """Where there is a page or a file of it."""
        return frozenset((*_page_addresses(self), *_file_addresses(self)))

    @cached_property
    def chain(self) -> list[Link]:
        """All that was announced, each with a hash made of what came before."""
        return chain.of(self.policy, self.timeline.on)

    @property
    def head(self) -> str:
        """The last hash of the chain: who notes it can later see that nothing before it was changed."""
        return self.noted or chain.head(self.chain)

    @property
    def history(self) -> str:
        """Every version."""
        return f"{self.address}history/"

    @cached_property
    def events(self) -> list[Event]:
        """What has happened to its versions, the newest first."""
        return events.of(self.policy, self.timeline)

    @property
    def listing(self) -> str:
        """Its facts for programs."""
        return f"{self.address}versions.json"

    @property
    def feed(self) -> str:
        """The same for feed readers."""
        return f"{self.address}feed.xml"

    @property
    def calendar(self) -> str:
        """The days on which versions take effect, for calendars."""
        return f"{self.address}calendar.ics"

    @property
    def compare(self) -> str:
        """Any two versions."""
        return f"{self.address}compare/"

    @property
    def texts(self) -> str:
        """The texts of all its versions, for that page."""
        return f"{self.compare}texts.json"

    @property
    def notice(self) -> str:
        """What is coming, for a product that gives notice of it."""
        return f"{self.address}notice.json"

    @property
    def asked(self) -> str:
        """What governed on a day that the reader asks about."""
        return f"{self.address}on/"

    @property
    def coming(self) -> tuple[tuple[Entry, ...], ...]:
        """The pending versions, each with its own pending corrections after it; those that never take effect last."""
        groups: list[list[Entry]] = []
        for entry in self.timeline.pending:
            if groups and entry.version.corrects:
                groups[-1].append(entry)
            else:
                groups.append([entry])
        groups.sort(key=lambda group: not any(entry.in_force for entry in group))
        return tuple(map(tuple, groups))

    @property
    def announced(self) -> tuple[tuple[Entry, ...], ...]:
        """Those of them that take effect, the soonest first: the last in each group governs from that day."""
        return tuple(group for group in self.coming if group[-1].in_force)

    @cached_property
    def ahead(self) -> tuple[Shown, ...]:
        """The same from each coming day on which another version takes over, by what is posted."""
        return tuple(Shown(self.policy, self.timeline.later(day)) for day in self.timeline.changes)

    def moves(self, entry: Entry) -> tuple[Shown, ...]:
        """Those of the coming days from which a version stands elsewhere."""
        found, standing = [], entry.standing
        if standing in (Standing.PENDING, Standing.IN_FORCE):
            for later in self.ahead:
                then = later.timeline.entry(entry.id)
                if then and then.standing is not standing:
                    found.append(later)
                    standing = then.standing
        return tuple(found)

    def change(self, *entries: Entry) -> date | None:
        """The first coming day on which one of these versions stands elsewhere."""
        return min((later.timeline.on for entry in entries for later in self.moves(entry)), default=None)

    @property
    def settled(self) -> date | None:
        """The last coming day on which a pending version takes effect, or turns out never to do so."""
        return max((day for entry in self.timeline.pending if (day := self.change(entry))), default=None)

    def version(self, version: Version | Entry) -> str:
        """A version, for good."""
        return f"{self.address}{version.id}/"

    def changes(self, version: Version | Entry) -> str:
        """The redline from the version that it follows."""
        return f"{self.version(version)}changes/"

    def until_then(self, entry: Entry) -> Entry | None:
        """The version that governs on the day before another takes effect, by what is posted."""
        before = (one for one in reversed(self.timeline.governing) if one.effective < entry.effective)
        return next(before, None)

    def before(self, group: Sequence[Entry]) -> Entry | None:
        """The version from which one that takes effect differs for its readers, None for a first one.

        That is the one that binds them until then. It need not be the one that it follows, which may never govern. The
        group is one of those that are announced.
        """
        follows = group[0].follows
        return (self.until_then(group[-1]) or self.timeline.entry(follows.id)) if follows else None

    def difference(self, group: Sequence[Entry]) -> str:
        """What changes from that version: the redline on a page of its own, or the comparison of the two.

        Empty for a first version.
        """
        before, follows = self.before(group), group[0].follows
        if not before or not follows:
            return ""
        return self.changes(group[0]) if before.id == follows.id else f"{self.compare}#{before.id}..{group[-1].id}"

    def compared(self, entry: Entry) -> Entry | None:
        """The version from which its redline leads: the one that it follows.

        Where all before it were withdrawn, it is the last that it followed: what has an address keeps it.
        """
        if entry.follows:
            return self.timeline.entry(entry.follows.id)
        entries = self.timeline.entries
        before = reversed(entries[: entries.index(entry)])
        return next((one for one in before if one.withdrawn and one.withdrawn > entry.version.posted), None)

    def source(self, version: Version | Entry) -> str:
        """Its Markdown text as posted."""
        return f"{self.version(version)}policy.md"


class Target(NamedTuple):
    """Where a link or picture in a text leads."""

    kind: Literal["page", "picture", "here", "away", "nowhere"]
    address: str
    """From the site's root; for ``here`` a fragment, for ``away`` as written."""


class Site:
    """All that the site shows on a day, and how a target written in a text finds its way through it."""

    def __init__(
        self, policies: Iterable[Policy], settings: Settings, on: date, heads: Mapping[str, str] | None = None
    ) -> None:
        """All that a site shows; `heads` are the heads of the chains of some policies, where they are known."""
        self.on = on
        self.title = settings.title
        self.language = settings.language
        self.base_url = settings.base_url
        self.timezone = settings.timezone
        self.source_url = settings.source_url
        self.logo = settings.logo
        self.colours = settings.colours
        self._footer = settings.footer
        self._settings = settings
        self._every = tuple(policies)
        self._later: dict[date, Site] = {}
        self._away: set[str] = set()
        """Targets that were found to lead away from the site, wherever they are written."""
        timelines = ((policy, policy.as_of(on)) for policy in self._every)
        self.policies = tuple(
            Shown(policy, timeline, (heads or {}).get(policy.id, ""))
            for policy, timeline in timelines
            if timeline.entries
        )

    def has(self, address: str) -> bool:
        """Whether there is a page or a file at an address."""
        shown = self._by_id.get(address[1:].partition("/")[0])
        if shown:
            return address in shown.addresses
        return address in _OF_ALL or (self.logo is not None and address == self.logo.address)

    def policy(self, id_: str) -> Shown | None:
        """A policy by its id, if it is shown."""
        return self._by_id.get(id_)

    def later(self, day: date) -> Site:
        """The same from a coming day."""
        if day not in self._later:
            self._later[day] = Site(self._every, self._settings, day)
        return self._later[day]

    @cached_property
    def _by_id(self) -> dict[str, Shown]:
        return {shown.id: shown for shown in self.policies}

    @cached_property
    def footer(self) -> Text:
        """What stands at the foot of every page."""
        return Reader().read(self._footer)

    @property
    def change(self) -> date | None:
        """The first coming day on which, by what is posted, another version takes over."""
        return min((day for shown in self.policies if (day := shown.timeline.next_change)), default=None)

    @property
    def since(self) -> date | None:
        """The last day on which anything changed."""
        return max((shown.timeline.since for shown in self.policies), default=None)

    def origin_url(self, version: Version) -> str:
        """Where the commit that posted a version shows its text; empty where that is not known."""
        if version.origin is None or not self.source_url:
            return ""
        return self.source_url.replace("{commit}", version.origin.commit).replace("{path}", quote(version.origin.path))

    def url(self, address: str, page: str) -> str:
        """An address as it is read away from the site; relative to a page if it lives nowhere yet."""
        return self.anywhere(address) if self.base_url else addresses.relative(address, page)

    def anywhere(self, address: str) -> str:
        """An address as a page says it that is shown at any other; what leads elsewhere stays as it is."""
        if not address.startswith("/") or address.startswith("//"):
            return address
        path, mark, fragment = address.partition("#")
        return self.base_url + quote(path) + mark + fragment

    @cached_property
    def _minted(self) -> tuple[str, str]:
        """The host under whose name ids are minted, and the path of the site on it."""
        host, slash, path = self.base_url.partition("://")[2].partition("/")
        return quote(re.sub(r"^.*@|:\d*$", "", host).lower()) or NOWHERE, quote(slash + path, safe="/%")

    def tag(self, day: str, name: str) -> str:
        """An id for good, as a URI (RFC 4151): it rests on where the site lives, a day (or a year) and a name."""
        host, path = self._minted
        return f"tag:{host},{day}:{path}{quote(name)}"

    def target(self, written: str, version: Version, policy: str) -> Target:
        """Where a target in the text of a version leads.

        Authors write the way from file to file (``../terms/2026-01-10.md``, ``seal.png``), or an address of the site
        (``/terms/``); both are found.
        """
        if written.startswith("#"):
            return Target("here", written)
        if written.startswith("//") or _SCHEME.match(written):
            return Target("away", written)
        path, mark, fragment = written.partition("#")
        path = unquote(path.partition("?")[0])
        folder = posixpath.dirname(version.place.path)
        whole = posixpath.normpath(path if path.startswith("/") else f"/{posixpath.join(folder, path)}")
        below = whole if path.startswith("/") else whole.removeprefix(f"/{POLICIES}")
        own = f"/{policy}/{version.id}/"
        beside = whole.removeprefix(own) if whole.startswith(own) else posixpath.relpath(whole, f"/{folder}")
        if beside in version.pictures:
            return Target("picture", f"/{policy}/{version.id}/{beside}")
        name = below.removesuffix(".md").removesuffix(".markdown").removesuffix("/index.html")
        address = "/".join(map(addresses.address, name.split("/"))).rstrip("/") + "/"
        if self.has(address):
            return Target("page", address + mark + fragment)
        file = "/".join(map(addresses.address, below.split("/")))
        if self.has(file):
            return Target("page", file + mark + fragment)
        return Target("nowhere", below + mark + fragment)

    def noting(self, asked: dict[str, bool]) -> AbstractContextManager[None]:  # noqa: ARG002 - only one that is watched notes
        """Note, too, what is asked within."""
        return nullcontext()

    @staticmethod
    def way(version: Version) -> tuple[str, ...]:
        """What decides where a target leads: in versions that share it, to the same address."""
        return posixpath.dirname(version.place.path), *([version.id] if version.pictures else [])

    def address_for(
        self, version: Version, policy: str, page: str, *, shows: bool = True, away: bool = False
    ) -> Callable[[str], str]:
        """How a page writes the targets in the text of a version, or in its summary.

        A fragment leads to a place on the page itself if it `shows` that text, else to the version's own page. What is
        read `away` from the site says where that is.
        """

        def address(written: str) -> str:
            if written in self._away:
                return written
            target = self.target(written, version, policy)
            if target.kind == "away":
                self._away.add(written)
            if target.kind == "away" or (target.kind == "here" and shows):
                return target.address
            own = f"/{policy}/{version.id}/" if target.kind == "here" else ""
            return self.url(own + target.address, page) if away else addresses.relative(own + target.address, page)

        return address


class Watched(Site):
    """The same site, which notes what it is asked: on what the pages of a policy rest besides the policy itself."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.__dict__.update({name: value for name, value in vars(site).items() if name not in {"policies", "on"}})
        self.asked: dict[str, bool] = {}
        """Addresses, and whether there was anything."""
        self.others: set[str] = set()
        """Policies that were asked for; ALL if it may have been any of them."""
        self.dated = False
        """Whether it was asked for the day; who makes a page sets it back."""

    @property
    def today(self) -> date:
        """The day on which it is shown, without a note."""
        return self._site.on

    @property
    def on(self) -> date:  # type: ignore[override]
        """The day on which it is shown."""
        self.dated = True
        return self._site.on

    @property
    def policies(self) -> tuple[Shown, ...]:  # type: ignore[override]
        """All that are shown."""
        self.others.add(ALL)
        return self._site.policies

    def policy(self, id_: str) -> Shown | None:
        """A policy by its id, if it is shown."""
        self.others.add(id_)
        return self._site.policy(id_)

    def later(self, day: date) -> Site:
        """The same from a coming day."""
        self.others.add(ALL)
        return self._site.later(day)

    def has(self, address: str) -> bool:
        """Whether there is a page or a file at an address."""
        self.asked[address] = found = self._site.has(address)
        return found

    @contextmanager
    def noting(self, asked: dict[str, bool]) -> Iterator[None]:
        """Note, too, what is asked within: addresses, and whether there was anything."""
        before, self.asked = self.asked, asked
        try:
            yield
        finally:
            before.update(asked)
            self.asked = before


def _page_addresses(shown: Shown) -> Iterator[str]:
    yield shown.address
    yield shown.history
    yield shown.compare
    yield shown.asked
    for entry in shown.timeline.entries:
        yield shown.version(entry)
        if shown.compared(entry):
            yield shown.changes(entry)


def _file_addresses(shown: Shown) -> Iterator[str]:
    yield from (shown.listing, shown.feed, shown.calendar, shown.notice, shown.texts)
    yield from map(shown.source, shown.timeline.entries)
