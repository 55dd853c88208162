"""Which pages there are, their addresses, and what each one tells.

Pages are made one at a time, policy by policy, the home page and its kin last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict, overload

from inforce import comparison, feeds, hypertext, listing, markdown, markup, schemas, timelines, transcript
from inforce.anchors import Anchors
from inforce.pairing import Memory
from inforce.shelf import Held, Shelf, known_as
from inforce.text import Heading
from inforce.weave import Weave
from inforce.wordings import Wording, wordings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from typing import TypeVar

    from inforce.anchors import Became
    from inforce.comparison import Told
    from inforce.model import Entry
    from inforce.site import Shown, Site
    from inforce.text import Text

    T = TypeVar("T")


AT_HAND = 3
"""Texts of one policy in memory: those of the version in force, of a version, and of the one that it follows."""


class Page(NamedTuple):
    """A page that a template makes of facts."""

    address: str
    """From the site's root, beginning with ``/``."""
    template: str
    facts: Mapping[str, object]

    @property
    def path(self) -> str:
        """Where its file lies in the site."""
        return file_path(self.address)


class File(NamedTuple):
    """A file that is published as it is."""

    address: str
    content: bytes

    @property
    def path(self) -> str:
        """Where it lies in the site."""
        return file_path(self.address)


class DeferredFile:
    """A file that is made only where it does not stand already, or where somebody looks into it."""

    __slots__ = ("address", "known", "make", "name", "sum")

    def __init__(
        self, address: str, make: Callable[[], bytes], *, name: bytes = b"", known: bool = False, sum_: str = ""
    ) -> None:
        self.address = address
        self.make = make
        """What gives its bytes."""
        self.name = name
        """What it is known by: all that it is made of."""
        self.known = known
        """Whether the site answers what it answered when a file of that name was made."""
        self.sum = sum_
        """The SHA-256 of its bytes, in hexadecimal, where that is known before they are made."""

    @property
    def path(self) -> str:
        """Where it lies in the site."""
        return file_path(self.address)


class DeferredHtml:
    """HTML of which a page knows what it is made of; it is written when the page is, or somebody looks into it."""

    def __init__(self, name: bytes, write: Callable[[], str], *, known: bool = False) -> None:
        self.name = name
        self.known = known
        self._write = write
        self.mark = ""
        """What stands for it where it is put into a page, if that is not itself."""

    @cached_property
    def html(self) -> str:
        """The HTML."""
        return self._write()

    def __html__(self) -> str:
        return self.mark or self.html

    def __contains__(self, letters: str) -> bool:
        return letters in self.html


class Part(NamedTuple):
    """A part of a page that a template of its own makes."""

    template: str
    facts: Mapping[str, object]
    name: bytes
    """What it is known by: all that its template makes of these facts is the same wherever this is."""
    known: bool


class Reading(TypedDict):
    """What a page tells that shows the text of a version."""

    text: DeferredHtml
    contents: Sequence[Heading]
    description: str
    """The beginning of the text, in plain words."""


class _Headings(Sequence[Heading]):
    """The headings of a text, each made of what was kept of it when it is asked for: a page that stays asks for few."""

    def __init__(self, kept: Sequence[tuple[Any, ...]]) -> None:
        self._kept = kept

    def __len__(self) -> int:
        return len(self._kept)

    @overload
    def __getitem__(self, at: int) -> Heading: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Heading]: ...
    def __getitem__(self, at: int | slice) -> Heading | Sequence[Heading]:
        return _Headings(self._kept[at]) if isinstance(at, slice) else Heading(*self._kept[at])


class Deferred:
    """Something that is made when it is asked for anything."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Any:  # noqa: ANN401 - whatever it stands for
        return self._make()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the same
        return getattr(self._made, name)


def file_path(address: str) -> str:
    """The file that a server sends for an address."""
    return address.removeprefix("/") + ("index.html" if address.endswith("/") else "")


def pages(site: Site, readers: Mapping[str, markdown.Reader]) -> Iterator[Page | File | DeferredFile]:
    """Every page and file of the site; `readers` are those that have read the policies' texts, by policy."""
    for shown in site.policies:
        yield from policy_pages(site, shown, Shelf(readers[shown.id]))
    yield from site_pages(site, readers)


def site_pages(site: Site, readers: Mapping[str, markdown.Reader]) -> Iterator[Page | File | DeferredFile]:
    """The home page and its kin, which tell of all policies."""
    yield Page("/", "home.html", {"site": site})
    if site.policies:

        def summary(shown: Shown, entry: Entry) -> hypertext.Html:
            return Telling(site, shown, Shelf(readers[shown.id])).summary_away(entry, "/feed.xml")

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
    site: Site, shown: Shown, shelf: Shelf, only: Collection[str] | None = None
) -> Iterator[Page | File | DeferredFile]:
    """The pages of one policy: a plain function of the policy and the day; `only` those at some addresses, if given.

    What is on the shelf spares work, and changes nothing.
    """
    telling = Telling(site, shown, shelf)
    for addresses, made in telling.pages():
        if only is None or any(address in only for address in addresses):
            yield from made()


class Telling:
    """What the pages of one policy tell."""

    def __init__(self, site: Site, shown: Shown, shelf: Shelf) -> None:
        self.site = site
        self.shown = shown
        self.shelf = shelf
        self.reader = shelf.reader
        self.entries = shown.timeline.entries
        self.places = {entry.id: place for place, entry in enumerate(self.entries)}
        self.at_hand: dict[str, Text] = {}
        self.common = {"site": site, "policy": shown, "timeline": shown.timeline}
        self.memory = Memory()
        """What one redline works out for the next, and the addresses of places for all of them."""
        self.compared: dict[object, markup.Redline] = {}
        """What will be asked for again of what changed between two texts."""

    @cached_property
    def stems(self) -> list[str]:
        """Of each version what its text, and all before it, are known by."""
        return list(
            accumulate((entry.version.sha256 for entry in self.entries), lambda one, two: known_as(one, two).hex())
        )

    def name(self, address: str, *entries: Entry) -> bytes:
        """What a part of a page is known by that tells of the texts of some versions, the newest of them last."""
        ways = [(self.places[entry.id], self.site.way(entry.version), *entry.version.pictures) for entry in entries]
        languages = self.site.language, self.shown.language
        return known_as(address, languages, ways, self.stems[self.places[entries[-1].id]])

    def held(self, name: bytes, facts: Callable[[], tuple[Any, ...]] = tuple) -> tuple[Held, bool]:
        """A part of a page, and whether it is known; what is told of it besides is made where it is not."""
        known = self.shelf.known(name, self.site)
        return known or self.shelf.hold(name, Held({}, facts())), known is not None

    def noting(self, held: Held, write: Callable[[], T]) -> T:
        """Write a part of a page, with a note of what that asks of the site."""
        with self.site.noting(held.asked):
            return write()

    @cached_property
    def weave(self) -> Weave:
        """All its texts in one: what a redline rests on."""
        return Weave.of(map(self.sourceless, self.entries))

    @cached_property
    def anchors(self) -> Anchors:
        """The addresses of places within its texts."""
        return Anchors.of(self.weave, self.heirs, self.memory)

    def heirs(self, place: int, found: Callable[[], Became]) -> Became:
        """What became of the blocks of a version, from the shelf if it is there."""
        held, _ = self.held(known_as("heirs", self.stems[place]), lambda: (found(),))
        became: Became = held.facts[0]
        return became

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

    def pages(self) -> Iterator[tuple[tuple[str, ...], Callable[[], Iterator[Page | File | DeferredFile]]]]:
        """All of them, one group at a time: the addresses in it, and what makes it."""
        shown = self.shown
        yield (shown.address,), self.current
        for entry in self.entries:
            yield (shown.version(entry), shown.source(entry), shown.changes(entry)), partial(self.version, entry)
        yield (shown.history,), self.history
        yield (shown.asked,), lambda: iter([Page(shown.asked, "on.html", self.common)])
        yield (shown.compare, shown.texts), self.comparison
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

    def telling(self) -> Iterator[Page | File | DeferredFile]:
        """What programs tell their users: a feed, a calendar, notices."""
        shown = self.shown
        feed = feeds.policy_feed(self.site, shown, lambda entry: self.summary_away(entry, shown.feed))
        yield Page(shown.feed, "feed.xml", {"site": self.site, **feed})
        days = feeds.calendar(self.site, shown, self.summary_plain)
        yield Page(shown.calendar, "calendar.ics", {**self.common, "days": days})
        yield File(shown.notice, listing.notice(self.site, shown, self.summary_plain))

    def version(self, entry: Entry) -> Iterator[Page | File | DeferredFile]:
        """A version, its source, its pictures and its redline."""
        address = self.shown.version(entry)
        facts: dict[str, object] = {
            "entry": entry,
            "summary": self.summary(entry, address),
            "successors": self.successors[entry.id],
        }
        standing = ((later, later.timeline.entry(entry.id)) for later in self.shown.ahead)
        then = next((later for later, one in standing if one and one is later.timeline.in_force), None)
        facts |= {"then": then, "wordings": self.wordings(then) if then else ()}
        linked = listing.document(self.site, self.shown, entry, address)
        reading = self.reading(entry, address)
        listed = {"policy": self.shown, "contents": reading["contents"], "title": entry.version.title}
        name = known_as(reading["text"].name.hex(), entry.version.title)
        facts |= {"linked": linked, "listed": Part("_contents.html", listed, name, reading["text"].known), **reading}
        yield Page(address, "version.html", {**self.common, **facts})
        yield DeferredFile(self.shown.source(entry), partial(self.source, entry), sum_=entry.version.sha256)
        yield from self.pictures(entry)
        earlier = self.shown.compared(entry)
        if earlier:
            yield self.changes(earlier, entry)

    def changes(self, earlier: Entry, entry: Entry) -> Page:
        """The redline of two versions."""
        address = self.shown.changes(entry)
        compared: Any = Deferred(lambda: self.redline(earlier, entry))

        def write() -> str:
            html: str = compared.html(
                self.address_for(earlier, address, shows=False),
                self.address_for(entry, address),
                lowered=hypertext.lowers(compared.old, compared.new),
                notes=markup.FOLDING,
            )
            return html

        name = self.name(address, earlier, entry)
        held, known = self.held(name)
        html = DeferredHtml(name, partial(self.noting, held, write), known=known)
        facts = {**self.common, "entry": entry, "earlier": earlier, "redline": compared, "html": html}
        above = Part("_above.html", facts, name, known)
        return Page(address, "changes.html", {**facts, "above": above, "summary": self.summary(entry, address)})

    def comparison(self) -> Iterator[Page | DeferredFile]:
        """The page on which a reader compares any two versions, and the texts of all for it."""
        address = self.shown.compare
        yield Page(address, "compare.html", self.common)
        name = known_as(self.name(address, *self.entries), [entry.id for entry in self.entries])
        held, known = self.held(name)
        write = partial(self.noting, held, lambda: comparison.file(list(self.told(address)), self.weave))
        yield DeferredFile(f"{address}texts.json", write, name=name, known=known)

    def told(self, page: str) -> Iterator[Told]:
        """The versions as the file for comparisons tells them."""
        ways: dict[tuple[str, ...], Callable[[str], str]] = {}
        for entry in self.entries:
            way = ways.setdefault(self.site.way(entry.version), self.address_for(entry, page))
            yield comparison.Told(entry.id, self.sourceless(entry), way)

    def redline(self, earlier: Entry, entry: Entry) -> markup.Redline:
        """What changed between two versions."""
        old, new = self.text(earlier), self.text(entry)
        same = self.weave.same(self.places[earlier.id], self.places[entry.id])
        pair = earlier.version.sha256, entry.version.sha256
        found = self.compared.get((pair, *same))
        if found is None:
            found = markup.redline(old, new, same, self.memory)
            if pair in self.repeated:
                self.compared[pair, *same] = found
        return found

    @cached_property
    def repeated(self) -> set[tuple[str, str]]:
        """The texts that several redlines lead from and to: many a page goes back to what it was, and comes again."""
        told = ((self.shown.compared(entry), entry) for entry in self.entries)
        pairs = Counter((one.version.sha256, entry.version.sha256) for one, entry in told if one)
        return {pair for pair, count in pairs.items() if count > 1}

    def pictures(self, entry: Entry) -> Iterator[File]:
        """The pictures that the text or the summary of a version shows, or links to."""
        version = entry.version
        if not version.pictures:
            return
        texts = [self.sourceless(entry), self.reader.read(version.summary)]
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

    def source(self, entry: Entry) -> bytes:
        """The bytes of the text of a version."""
        return self.text(entry).source.encode()

    def sourceless(self, entry: Entry) -> Text:
        """The text of a version but for its source, where its chunks are enough: no file is read for it again."""
        return self.reader.remembered(entry.version.sha256) or replace(self.text(entry), source="")

    def address_for(self, entry: Entry, page: str, *, shows: bool = True) -> Callable[[str], str]:
        """How a page writes the targets in the text of a version."""
        return self.site.address_for(entry.version, self.shown.id, page, shows=shows)

    def reading(self, entry: Entry, page: str) -> Reading:
        """The text of a version as a page shows it."""

        def facts() -> tuple[Any, ...]:
            text = self.text(entry)
            headings = [(one.level, one.words, one.anchor, one.line) for one in text.headings if one.words.strip()]
            return headings, hypertext.plain(text, 300)

        def write() -> str:
            text = self.text(entry)
            ids = self.anchors.versions[self.places[entry.id]]
            return hypertext.article(text, self.address_for(entry, page), ids, lowered=hypertext.lowers(text))

        name = self.name(page, entry)
        held, known = self.held(name, facts)
        headings, description = held.facts
        html = DeferredHtml(name, partial(self.noting, held, write), known=known)
        return Reading(text=html, contents=_Headings(headings), description=description)

    def summaries(self, entries: Iterable[Entry], page: str) -> dict[str, hypertext.Html]:
        """The summaries of versions, by their ids."""
        return {entry.id: self.summary(entry, page) for entry in entries}

    def summary(self, entry: Entry, page: str) -> hypertext.Html:
        """The author's account of a version as a page shows it; empty if there is none."""
        summary = self.reader.read(entry.version.summary)
        shows = page in {self.shown.version(entry), self.shown.changes(entry)}
        return hypertext.fitted(hypertext.fragment(summary, self.address_for(entry, page, shows=shows)))

    def summary_away(self, entry: Entry, page: str, *, pictures: bool = True) -> hypertext.Html:
        """The same as it is read away from the site."""
        address = self.site.address_for(entry.version, self.shown.id, page, shows=False, away=True)
        return hypertext.fragment(self.reader.read(entry.version.summary), address, pictures=pictures)

    def summary_plain(self, entry: Entry) -> str:
        """The same in plain words."""
        return hypertext.plain(self.reader.read(entry.version.summary))

    def summary_lines(self, entry: Entry, page: str) -> str:
        """The same as plain text to be read away from the site, with its paragraphs, lists and targets."""
        address = self.site.address_for(entry.version, self.shown.id, page, shows=False, away=True)
        return transcript.plain(self.reader.read(entry.version.summary), address)
