"""Which pages there are, their addresses, and what each one tells.

Pages are made one at a time, policy by policy, the home page and its kin last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from inforce import comparison, feeds, listing, markdown, markup, schemas, timelines, transcript
from inforce.anchors import Anchors
from inforce.pairing import Memory
from inforce.weave import Weave
from inforce.wordings import Wording, wordings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from inforce.model import Entry
    from inforce.site import Shown, Site
    from inforce.text import Text


AT_HAND = 3
"""Texts of one policy in memory: those of the version in force, of a version, and of the one that it follows."""


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


def pages(site: Site, readers: Mapping[str, markdown.Reader]) -> Iterator[Page | File]:
    """Every page and file of the site; `readers` are those that have read the policies' texts, by policy."""
    for shown in site.policies:
        yield from policy_pages(site, shown, readers[shown.id])
    yield from site_pages(site, readers)


def site_pages(site: Site, readers: Mapping[str, markdown.Reader]) -> Iterator[Page | File]:
    """The home page and its kin, which tell of all policies."""
    yield Page("/", "home.html", {"site": site})
    if site.policies:

        def summary(shown: Shown, entry: Entry) -> markup.Html:
            return Telling(site, shown, readers[shown.id]).summary_away(entry, "/feed.xml")

        yield Page("/feed.xml", "feed.xml", {"site": site, **feeds.site_feed(site, summary)})
    yield Page("/404.html", "404.html", {"site": site})
    yield Page("/reading.js", "reading.js", {})
    yield Page("/compare.js", "compare.js", {})
    yield Page("/redline.js", "redline.js", {})
    yield Page("/redline.css", "redline.css", {})
    yield Page("/style.css", "_style.css", {"site": site})
    if site.logo:
        yield File(site.logo.address, site.logo.content)
    yield Page("/robots.txt", "robots.txt", {"site": site})
    yield Page("/sitemap.xml", "sitemap.xml", {"site": site, "urls": list(listing.sitemap(site))})
    for name in schemas.NAMES:
        yield File(f"/{name}.schema.json", listing.schema(site, name))
    yield File("/policies.json", listing.policies(site))


def policy_pages(
    site: Site, shown: Shown, reader: markdown.Reader, only: Collection[str] | None = None
) -> Iterator[Page | File]:
    """The pages of one policy: a plain function of the policy and the day; `only` those at some addresses, if given."""
    telling = Telling(site, shown, reader)
    for addresses, made in telling.pages():
        if only is None or any(address in only for address in addresses):
            yield from made()


class Telling:
    """What the pages of one policy tell."""

    def __init__(self, site: Site, shown: Shown, reader: markdown.Reader) -> None:
        self.site = site
        self.shown = shown
        self.reader = reader
        self.entries = shown.timeline.entries
        self.places = {entry.id: place for place, entry in enumerate(self.entries)}
        self.at_hand: dict[str, Text] = {}
        self.common = {"site": site, "policy": shown, "timeline": shown.timeline}
        self.memory = Memory()
        """What one redline works out for the next."""

    @cached_property
    def weave(self) -> Weave:
        """All its texts in one: what a redline rests on."""
        return Weave.of(map(self.sourceless, self.entries))

    @cached_property
    def anchors(self) -> Anchors:
        """The addresses of places within its texts."""
        return Anchors.of(self.weave)

    def wordings(self, shown: Shown) -> tuple[Wording, ...]:
        """Since when the text in force stands as it does; nothing is told of the first text in force."""
        found = wordings(shown.timeline, self.anchors)
        return found if len({one.since.id for one in found}) > 1 or any(one.brought for one in found) else ()

    @cached_property
    def successors(self) -> dict[str, list[Entry]]:
        """The versions that follow each one: those whose redlines lead from it."""
        found: dict[str, list[Entry]] = {entry.id: [] for entry in self.entries}
        for entry in self.entries:
            if entry.follows:
                found[entry.follows.id].append(entry)
        return found

    def pages(self) -> Iterator[tuple[tuple[str, ...], Callable[[], Iterator[Page | File]]]]:
        """All of them, one group at a time: the addresses in it, and what makes it."""
        shown = self.shown
        yield (shown.address,), self.current
        for entry in self.entries:
            yield (shown.version(entry), shown.source(entry), shown.changes(entry)), partial(self.version, entry)
        yield (shown.history,), self.history
        yield (shown.asked,), lambda: iter([Page(shown.asked, "on.html", self.common)])
        yield (shown.compare, f"{shown.compare}texts.json"), self.comparison
        yield (shown.listing,), lambda: iter([File(shown.listing, listing.versions(self.site, shown))])
        yield (shown.feed, shown.calendar, shown.notice), self.telling

    def current(self) -> Iterator[Page]:
        """The text in force."""
        shown, governs = self.shown, self.shown.timeline.in_force
        facts = {**self.reading(governs, shown.address), "wordings": self.wordings(shown)} if governs else {}
        pending = self.summaries(shown.timeline.pending, shown.address)
        told = {"entry": governs, "summaries": pending, "linked": listing.webpage(self.site, shown)}
        yield Page(shown.address, "policy.html", {**self.common, **told, **facts})

    def history(self) -> Iterator[Page]:
        """Every version."""
        summaries = self.summaries(self.entries, self.shown.history)
        drawing = timelines.drawing(self.shown.timeline)
        yield Page(self.shown.history, "history.html", {**self.common, "summaries": summaries, "drawing": drawing})

    def telling(self) -> Iterator[Page | File]:
        """What programs tell their users: a feed, a calendar, notices."""
        shown = self.shown
        feed = feeds.policy_feed(self.site, shown, lambda entry: self.summary_away(entry, shown.feed))
        yield Page(shown.feed, "feed.xml", {"site": self.site, **feed})
        days = feeds.calendar(self.site, shown, self.summary_plain)
        yield Page(shown.calendar, "calendar.ics", {**self.common, "days": days})
        yield File(shown.notice, listing.notice(self.site, shown, self.summary_plain))

    def version(self, entry: Entry) -> Iterator[Page | File]:
        """A version, its source, its pictures and its redline."""
        address = self.shown.version(entry)
        facts = {"entry": entry, "summary": self.summary(entry, address), "successors": self.successors[entry.id]}
        standing = ((later, later.timeline.entry(entry.id)) for later in self.shown.ahead)
        then = next((later for later, one in standing if one and one is later.timeline.in_force), None)
        facts |= {"then": then, "wordings": self.wordings(then) if then else ()}
        linked = listing.document(self.site, self.shown, entry, address)
        yield Page(address, "version.html", {**self.common, **facts, "linked": linked, **self.reading(entry, address)})
        yield File(self.shown.source(entry), self.text(entry).source.encode())
        yield from self.pictures(entry)
        earlier = self.shown.compared(entry)
        if earlier:
            yield self.changes(earlier, entry)

    def changes(self, earlier: Entry, entry: Entry) -> Page:
        """The redline of two versions."""
        address = self.shown.changes(entry)
        old, new, redline = self.redline(earlier, entry)
        html = redline.html(
            self.address_for(earlier, address, shows=False),
            self.address_for(entry, address),
            lowered=markup.lowers(old, new),
            notes=markup.FOLDING,
        )
        facts = {"entry": entry, "earlier": earlier, "redline": redline, "html": html}
        return Page(address, "changes.html", {**self.common, **facts, "summary": self.summary(entry, address)})

    def comparison(self) -> Iterator[Page | File]:
        """The page on which a reader compares any two versions, and the texts of all for it."""
        address = self.shown.compare
        ways: dict[tuple[str, ...], Callable[[str], str]] = {}
        told = []
        for entry in self.entries:
            way = ways.setdefault(self.site.way(entry.version), self.address_for(entry, address))
            told.append(comparison.Told(entry.id, self.sourceless(entry), way))
        yield Page(address, "compare.html", self.common)
        yield File(f"{address}texts.json", comparison.file(told, self.weave))

    def redline(self, earlier: Entry, entry: Entry) -> tuple[Text, Text, markup.Redline]:
        """Two versions' texts, and what changed between them."""
        old, new = self.text(earlier), self.text(entry)
        same = self.weave.same(self.places[earlier.id], self.places[entry.id])
        return old, new, markup.redline(old, new, same, self.memory)

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
        """The text of a version; the last ones asked for are at hand."""
        if entry.id not in self.at_hand:
            while len(self.at_hand) > AT_HAND:
                del self.at_hand[next(iter(self.at_hand))]
            self.at_hand[entry.id] = self.reader.read(entry.version.body, entry.version.sha256)
        return self.at_hand[entry.id]

    def sourceless(self, entry: Entry) -> Text:
        """The text of a version but for its source, where its chunks are enough: no file is read for it again."""
        return self.reader.remembered(entry.version.sha256) or replace(self.text(entry), source="")

    def address_for(self, entry: Entry, page: str, *, shows: bool = True) -> Callable[[str], str]:
        """How a page writes the targets in the text of a version."""
        return self.site.address_for(entry.version, self.shown.id, page, shows=shows)

    def reading(self, entry: Entry, page: str) -> dict[str, object]:
        """The text of a version as a page shows it."""
        text = self.text(entry)
        ids = self.anchors.versions[self.places[entry.id]]
        return {
            "text": markup.article(text, self.address_for(entry, page), ids, lowered=markup.lowers(text)),
            "contents": [heading for heading in text.headings if heading.words.strip()],
            "description": markup.plain(text, 300),
        }

    def summaries(self, entries: Iterable[Entry], page: str) -> dict[str, markup.Html]:
        """The summaries of versions, by their ids."""
        return {entry.id: self.summary(entry, page) for entry in entries}

    def summary(self, entry: Entry, page: str) -> markup.Html:
        """The author's account of a version as a page shows it; empty if there is none."""
        summary = self.reader.read(entry.version.summary)
        shows = page in {self.shown.version(entry), self.shown.changes(entry)}
        return markup.fitted(markup.fragment(summary, self.address_for(entry, page, shows=shows)))

    def summary_away(self, entry: Entry, page: str, *, pictures: bool = True) -> markup.Html:
        """The same as it is read away from the site."""
        address = self.site.address_for(entry.version, self.shown.id, page, shows=False, away=True)
        return markup.fragment(self.reader.read(entry.version.summary), address, pictures=pictures)

    def summary_plain(self, entry: Entry) -> str:
        """The same in plain words."""
        return markup.plain(self.reader.read(entry.version.summary))

    def summary_lines(self, entry: Entry, page: str) -> str:
        """The same as plain text to be read away from the site, with its paragraphs, lists and targets."""
        address = self.site.address_for(entry.version, self.shown.id, page, shows=False, away=True)
        return transcript.plain(self.reader.read(entry.version.summary), address)
