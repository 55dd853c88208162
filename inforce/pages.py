"""Which pages there are, their addresses, and what each one tells.

Pages are made one at a time, policy by policy, the home page and its kin last.
"""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, unquote

from inforce import addresses, chain, markdown, markup
from inforce.model import Standing
from inforce.weave import Weave

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from inforce.chain import Link
    from inforce.model import Entry, Policy, Timeline, Version
    from inforce.settings import Settings
    from inforce.text import Text

POLICIES = "policies"
SITE_FILES = ("/manifest.json", "/policies.json", "/robots.txt", "/sitemap.xml")
"""Files of the site as a whole that a text may link to."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Page:
    """A page that a template makes of facts."""

    address: str
    """From the site's root, beginning with ``/``."""
    template: str
    facts: Mapping[str, object]

    @property
    def path(self) -> str:
        """Where its file lies in the site."""
        return file_path(self.address)


@dataclass(frozen=True, slots=True)
class File:
    """A file that is published as it is."""

    address: str
    content: bytes

    @property
    def path(self) -> str:
        """Where it lies in the site."""
        return file_path(self.address)


def file_path(address: str) -> str:
    """The file that a server sends for an address."""
    return address.removeprefix("/") + ("index.html" if address.endswith("/") else "")


@dataclass(frozen=True)
class Shown:
    """A policy as the site shows it on a day: where it stands, and where its pages live."""

    policy: Policy
    timeline: Timeline

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
    def chain(self) -> list[Link]:
        """All that was announced, each with a hash made of what came before."""
        return chain.of(self.policy, self.timeline.on)

    @property
    def head(self) -> str:
        """The last hash of the chain: who notes it can later see that nothing before it was changed."""
        return chain.head(self.chain)

    @property
    def history(self) -> str:
        """Every version."""
        return f"{self.address}history/"

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

    def version(self, version: Version | Entry) -> str:
        """A version, for good."""
        return f"{self.address}{version.id}/"

    def changes(self, version: Version | Entry) -> str:
        """The redline from the version that it follows."""
        return f"{self.version(version)}changes/"

    def source(self, version: Version | Entry) -> str:
        """Its Markdown text as posted."""
        return f"{self.version(version)}policy.md"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link or picture in a text leads."""

    kind: Literal["page", "picture", "here", "away", "nowhere"]
    address: str
    """From the site's root; for ``here`` a fragment, for ``away`` as written."""


class Site:
    """All that the site shows on a day, and how a target written in a text finds its way through it."""

    def __init__(self, policies: Iterable[Policy], settings: Settings, on: date) -> None:
        self.on = on
        self.title = settings.title
        self.language = settings.language
        self.base_url = settings.base_url
        self.timezone = settings.timezone
        self.source_url = settings.source_url
        timelines = ((policy, policy.as_of(on)) for policy in policies)
        self.policies = tuple(Shown(policy, timeline) for policy, timeline in timelines if timeline.entries)
        self._known = {"/", *(address for shown in self.policies for address in _page_addresses(shown))}
        self._files = {*SITE_FILES, *(address for shown in self.policies for address in _file_addresses(shown))}

    def origin_url(self, version: Version) -> str:
        """Where the commit that posted a version shows its text; empty where that is not known."""
        if version.origin is None or not self.source_url:
            return ""
        return self.source_url.replace("{commit}", version.origin.commit).replace("{path}", quote(version.origin.path))

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
        beside = posixpath.relpath(whole, f"/{folder}")
        if beside in version.pictures:
            return Target("picture", f"/{policy}/{version.id}/{beside}")
        name = below.removesuffix(".md").removesuffix("/index.html")
        address = "/".join(map(addresses.address, name.split("/"))).rstrip("/") + "/"
        if address in self._known:
            return Target("page", address + mark + fragment)
        file = "/".join(map(addresses.address, below.split("/")))
        if file in self._files:
            return Target("page", file + mark + fragment)
        return Target("nowhere", below + mark + fragment)

    def address_for(self, version: Version, policy: str, page: str, *, shows: bool = True) -> Callable[[str], str]:
        """How a page writes the targets in the text of a version, or in its summary.

        A fragment leads to a place on the page itself if it `shows` that text, else to the version's own page.
        """

        def address(written: str) -> str:
            target = self.target(written, version, policy)
            if target.kind == "away" or (target.kind == "here" and shows):
                return target.address
            own = f"/{policy}/{version.id}/" if target.kind == "here" else ""
            return addresses.relative(own + target.address, page)

        return address


def _page_addresses(shown: Shown) -> Iterator[str]:
    yield shown.address
    yield shown.history
    for entry in shown.timeline.entries:
        yield shown.version(entry)
        if entry.follows:
            yield shown.changes(entry)


def _file_addresses(shown: Shown) -> Iterator[str]:
    yield f"{shown.address}versions.json"
    yield from map(shown.source, shown.timeline.entries)


def pages(site: Site, readers: Mapping[str, markdown.Reader]) -> Iterator[Page | File]:
    """Every page and file of the site; `readers` are those that have read the policies' texts, by policy."""
    for shown in site.policies:
        yield from policy_pages(site, shown, readers[shown.id])
    yield Page("/", "home.html", {"site": site})
    yield Page("/404.html", "404.html", {"site": site})
    yield Page("/style.css", "style.css", {})
    yield Page("/robots.txt", "robots.txt", {"site": site})
    yield Page("/sitemap.xml", "sitemap.xml", {"site": site, "urls": list(_sitemap(site))})
    yield File("/policies.json", _json({"on": site.on, "policies": [_standing(shown) for shown in site.policies]}))


def policy_pages(site: Site, shown: Shown, reader: markdown.Reader) -> Iterator[Page | File]:
    """The pages of one policy: a plain function of the policy and the day."""
    return Telling(site, shown, reader).pages()


class Telling:
    """What the pages of one policy tell."""

    def __init__(self, site: Site, shown: Shown, reader: markdown.Reader) -> None:
        self.site = site
        self.shown = shown
        self.reader = reader
        self.entries = shown.timeline.entries
        self.places = {entry.id: place for place, entry in enumerate(self.entries)}
        self.common = {"site": site, "policy": shown, "timeline": shown.timeline}

    @cached_property
    def weave(self) -> Weave:
        """All its texts in one: what a redline rests on."""
        return Weave.of(map(self.text, self.entries))

    def pages(self) -> Iterator[Page | File]:
        """All of them, one at a time."""
        shown, governs = self.shown, self.shown.timeline.in_force
        facts = self.reading(governs, shown.address) if governs else {}
        pending = self.summaries(shown.timeline.pending, shown.address)
        yield Page(shown.address, "policy.html", {**self.common, "entry": governs, "summaries": pending, **facts})
        for entry in self.entries:
            yield from self.version(entry)
        summaries = self.summaries(self.entries, shown.history)
        yield Page(shown.history, "history.html", {**self.common, "summaries": summaries})
        yield File(f"{shown.address}versions.json", _json(_versions(self.site, shown)))

    def version(self, entry: Entry) -> Iterator[Page | File]:
        """A version, its source, its pictures and its redline."""
        address = self.shown.version(entry)
        facts = {"entry": entry, "summary": self.summary(entry, address)}
        yield Page(address, "version.html", {**self.common, **facts, **self.reading(entry, address)})
        yield File(self.shown.source(entry), entry.version.body.encode())
        yield from self.pictures(entry)
        earlier = self.shown.timeline.entry(entry.follows.id) if entry.follows else None
        if earlier:
            yield self.changes(earlier, entry)

    def changes(self, earlier: Entry, entry: Entry) -> Page:
        """The redline of two versions."""
        address = self.shown.changes(entry)
        old, new, redline = self.redline(earlier, entry)
        html = redline.html(self.address_for(earlier, address, shows=False), self.address_for(entry, address))
        facts = {"entry": entry, "earlier": earlier, "redline": redline, "html": markup.fitted(html, old, new)}
        return Page(address, "changes.html", {**self.common, **facts, "summary": self.summary(entry, address)})

    def redline(self, earlier: Entry, entry: Entry) -> tuple[Text, Text, markup.Redline]:
        """Two versions' texts, and what changed between them."""
        old, new = self.text(earlier), self.text(entry)
        return old, new, markup.redline(old, new, self.weave.same(self.places[earlier.id], self.places[entry.id]))

    def pictures(self, entry: Entry) -> Iterator[File]:
        """The pictures that the text or the summary of a version shows, or links to."""
        version = entry.version
        if not version.pictures:
            return
        texts = [self.text(entry), self.reader.read(version.summary)]
        written = {image.target for text in texts for image in text.images}
        written |= {link.target for text in texts for link in text.links}
        targets = {self.site.target(one, version, self.shown.id) for one in written}
        for address in sorted(target.address for target in targets if target.kind == "picture"):
            yield File(address, version.pictures[address.removeprefix(self.shown.version(entry))]())

    def text(self, entry: Entry) -> Text:
        """The text of a version."""
        return self.reader.read(entry.version.body)

    def address_for(self, entry: Entry, page: str, *, shows: bool = True) -> Callable[[str], str]:
        """How a page writes the targets in the text of a version."""
        return self.site.address_for(entry.version, self.shown.id, page, shows=shows)

    def reading(self, entry: Entry, page: str) -> dict[str, object]:
        """The text of a version as a page shows it."""
        text = self.text(entry)
        return {
            "text": markup.fitted(markup.article(text, self.address_for(entry, page)), text),
            "contents": [heading for heading in text.headings if heading.words.strip()],
            "description": markup.plain(text)[:300],
        }

    def summaries(self, entries: Iterable[Entry], page: str) -> dict[str, markup.Html]:
        """The summaries of versions, by their ids."""
        return {entry.id: self.summary(entry, page) for entry in entries}

    def summary(self, entry: Entry, page: str) -> markup.Html:
        """The author's account of a version as a page shows it; empty if there is none."""
        summary = self.reader.read(entry.version.summary)
        shows = page in {self.shown.version(entry), self.shown.changes(entry)}
        return markup.fitted(markup.fragment(summary, self.address_for(entry, page, shows=shows)))


def _json(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def _url(address: str) -> str:
    return quote(address)


def _standing(shown: Shown) -> dict[str, Any]:
    timeline = shown.timeline
    return {
        "policy": shown.id,
        "title": shown.title,
        "url": _url(shown.address),
        "in_force": timeline.in_force.id if timeline.in_force else None,
        "pending": [entry.id for entry in timeline.pending],
        "next_change": timeline.next_change,
        "head": shown.head,
    }


def _versions(site: Site, shown: Shown) -> dict[str, Any]:
    return {
        "policy": shown.id,
        "title": shown.title,
        "timezone": site.timezone,
        "on": site.on,
        "versions": [_version(site, shown, entry) for entry in shown.timeline.entries],
        "chain": shown.chain,
        "head": shown.head,
    }


def _version(site: Site, shown: Shown, entry: Entry) -> dict[str, Any]:
    version, period = entry.version, entry.in_force
    return {
        "id": version.id,
        "title": version.title,
        "version": version.label or None,
        "posted": version.posted,
        "effective": entry.effective,
        "standing": entry.standing,
        "in_force": [{"from": period.first, "until": period.until}] if period else [],
        "corrects": version.corrects or None,
        "reason": version.reason or None,
        "postponed": [{"announced": one.announced, "to": one.to, "note": one.note or None} for one in entry.postponed],
        "withdrawn": entry.withdrawn,
        "follows": entry.follows.id if entry.follows else None,
        "sha256": chain.text_sum(version),
        "url": _url(shown.version(entry)),
        "changes_url": _url(shown.changes(entry)) if entry.follows else None,
        "source_url": _url(shown.source(entry)),
        "commit": _commit(site, version) if version.origin else None,
    }


def _commit(site: Site, version: Version) -> dict[str, Any]:
    origin = version.origin
    assert origin  # noqa: S101 - asked by the caller
    return {"id": origin.commit, "day": origin.day, "path": origin.path, "url": site.origin_url(version) or None}


def _sitemap(site: Site) -> Iterator[tuple[str, date | None]]:
    """Addresses that search engines are meant to show, with the day on which each was posted."""
    yield site.base_url + "/", None
    for shown in site.policies:
        governs = shown.timeline.in_force
        yield site.base_url + _url(shown.address), governs.version.posted if governs else None
        yield site.base_url + _url(shown.history), max(entry.version.posted for entry in shown.timeline.entries)
        for entry in shown.timeline.entries:
            if entry.standing is not Standing.PENDING:
                yield site.base_url + _url(shown.version(entry)), entry.version.posted
