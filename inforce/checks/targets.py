"""Where the links and pictures of a text lead, and the headings that others rely on."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from inforce.errors import Place, Problem, TextError, warning
from inforce.markdown import Reader
from inforce.model import Standing
from inforce.sources.folder import PICTURES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from inforce.model import Version
    from inforce.site import Shown, Site, Target
    from inforce.text import Heading, Image, Link, Text


@dataclass(frozen=True, slots=True)
class Written:
    """A text of a version, and what its targets are looked up in."""

    text: Text
    version: Version
    policy: str
    site: Site
    reader: Reader
    at: Callable[[int], Place]
    """Where a line of the text stands."""
    headings: Sequence[Heading]
    """Those that a fragment may lead to: of the version's text, in its summary, too."""
    anchors: dict[str, frozenset[str]] = field(default_factory=dict)
    """Those of other texts, by the text, once they were asked for."""
    pictures: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """The addresses of those of other texts, by policy and version, once they were asked for."""


def of_text(written: Written) -> Iterator[Problem]:
    """What is doubtful about the targets in a text."""
    text = written.text
    known = frozenset(heading.anchor for heading in written.headings)
    for link in text.links:
        target, place = _target(link.target, written), written.at(link.line)
        if target.kind == "nowhere":
            what = f"the link to {link.target} leads nowhere"
            yield warning(place, "link-nowhere", what, _way(link.target))
        elif target.kind == "here" and target.address != "#":
            if unquote(target.address[1:]) not in known:
                yield _no_heading(link.target, "this text", known, place)
        elif target.kind == "page" and "#" in target.address:
            yield from _elsewhere(link, target.address, written)
    for image in text.images:
        kind = _target(_within(image.target, written.site), written).kind
        yield from _picture(image, kind, written.at(image.line), written.version)


def of_footer(text: Text, site: Site, place: Place) -> Iterator[Problem]:
    """Links and pictures at the foot of every page that lead nowhere: they are addresses of the site, or lead away."""
    reader, pictures = Reader(strict=False), dict[tuple[str, str], frozenset[str]]()
    for link in text.links:
        path = unquote(link.target.partition("#")[0].partition("?")[0]).removesuffix("index.html")
        away = link.target.startswith(("#", "//")) or ":" in path.partition("/")[0]
        known = path.startswith("/") and (site.has(path) or site.has(f"{path}/"))
        if not away and not known and not _is_picture(path, site, reader, pictures):
            what = f"footer: the link to {link.target} leads nowhere"
            yield warning(place, "link-nowhere", what, "Write an address of the site, such as /terms/, or https://…")
    for image in text.images:
        logo = site.logo.address if site.logo else ""
        path = unquote(_within(image.target, site).partition("#")[0].partition("?")[0])
        shown = path == logo or image.target.startswith("data:") or _is_picture(path, site, reader, pictures)
        if not shown:
            what = f"footer: there is no picture {image.target} on this site"
            remedy = f"Write the address of the `logo` that is set ({logo or 'there is none'}), or take it out."
            yield warning(place, "picture-missing", what, remedy)


def _is_picture(address: str, site: Site, reader: Reader, known: dict[tuple[str, str], frozenset[str]]) -> bool:
    """Whether a picture is published at an address: with a version whose text or summary shows it, or links to it."""
    top, id_, version, name = [*address.split("/", 3), "", "", ""][:4]
    # Who asks for a policy is looked at again when that has changed: only of what may be a picture it is asked.
    shown = site.policy(id_) if name and not top else None
    entry = shown.timeline.entry(version) if shown else None
    if entry is None or name not in entry.version.pictures:
        return False
    if (id_, version) not in known:
        known[id_, version] = frozenset(_shown(entry.version, id_, site, reader))
    return address in known[id_, version]


def _shown(version: Version, policy: str, site: Site, reader: Reader) -> Iterator[str]:
    """The addresses of the pictures that a version shows or links to."""
    for source in (version.body, version.summary):
        with suppress(TextError):  # said where that text is looked at
            text = reader.read(source)
            targets = [*(link.target for link in text.links), *(image.target for image in text.images)]
            found = (site.target(target, version, policy) for target in targets)
            yield from (one.address for one in found if one.kind == "picture")


def _within(target: str, site: Site) -> str:
    """A target as an address from the site's root, where it is written with that of the site itself before it."""
    own = bool(site.base_url) and target.startswith(f"{site.base_url}/")
    return target.removeprefix(site.base_url) if own else target


def _target(target: str, written: Written) -> Target:
    """Where a target leads: that of a text which is not posted yet, from the day on which it will be."""
    version, now = written.version, written.site
    for site in (now, *([now.later(version.posted)] if version.posted > now.on else [])):
        found = site.target(target, version, written.policy)
        if found.kind != "nowhere":
            return found
        if _is_picture(found.address.partition("#")[0], site, written.reader, written.pictures):
            return found._replace(kind="picture")
    return found


def _no_heading(target: str, where: str, known: frozenset[str], place: Place) -> Problem:
    what = f"the link to {target} leads to no heading of {where}"
    return warning(place, "anchor-nowhere", what, f"Its headings are: {_first(known)}.")


@lru_cache(maxsize=16)  # a text may hold thousands of links that lead nowhere, and as many headings
def _first(known: frozenset[str]) -> str:
    return ", ".join(f"#{anchor}" for anchor in sorted(known)[:6]) or "none"


def _picture(image: Image, kind: str, place: Place, version: Version) -> Iterator[Problem]:
    if kind == "away" and not image.target.startswith("data:"):
        what = f"the picture {image.target} lies on another site, and is not shown: pages ask nothing of others"
        yield warning(place, "picture-away", what, "Put the picture beside this file.")
    elif kind not in {"away", "picture"}:
        what = f"there is no picture {image.target} beside this file"
        remedy = "Put it there (png, jpg, gif, webp or avif), or take it out of the text."
        name = PurePosixPath(unquote(image.target))
        there = [path for path in version.pictures if PurePosixPath(path).name.lower() == name.name.lower()]
        if there:
            what = f"{what}, but {min(there)}: folders, and large and small letters, are as they are written"
            remedy = f"Write {min(there)}."
        elif name.suffix and name.suffix.lower() not in PICTURES:
            what = f"{image.target} is no picture of a kind that is published"
            remedy = "Save it as png, jpg, gif, webp or avif beside this file, or take it out of the text."
        yield warning(place, "picture-missing", what, remedy)


# ------------------------------------------------------------------ headings of other texts


def _elsewhere(link: Link, address: str, written: Written) -> Iterator[Problem]:
    """A link to a heading of a page: whether it is there, and stays there with the versions to come."""
    path, _, fragment = address.partition("#")
    anchor, (id_, *names) = unquote(fragment), path.strip("/").split("/")
    shown = written.site.policy(id_)
    if shown is None or not anchor:
        return
    if names:
        entry = shown.timeline.entry("/".join(names))  # None for its history and redlines
        texts = [entry.version] if entry else []
    else:
        texts = list(_read_there(shown))
    anchors = [_anchors(one, written) for one in texts]
    place = written.at(link.line)
    if texts and not any(anchor in known for known in anchors):
        yield _no_heading(link.target, f"the text at {path}", anchors[0], place)
    elif texts and anchor in anchors[0] and shown.id != written.policy:
        for one, known in zip(texts[1:], anchors[1:], strict=True):
            if anchor not in known:
                what = f"the heading #{anchor} is gone, to which {place} links"
                remedy = f"Keep a heading of these words, or post {written.policy} with another link by then."
                yield warning(Place(one.place.path, one.place.line, one.place.commit), "anchor-lost", what, remedy)


def _read_there(shown: Shown) -> Iterator[Version]:
    """The texts that a policy's own address shows: the one in force, then those to come."""
    if shown.timeline.in_force:
        yield shown.timeline.in_force.version
    for version in shown.policy.versions:
        entry = shown.timeline.entry(version.id)
        if entry is None or (entry.standing is Standing.PENDING and entry.in_force):
            yield version


def _anchors(version: Version, written: Written) -> frozenset[str]:
    if version.sha256 not in written.anchors:
        headings: tuple[Heading, ...] = ()
        with suppress(TextError):  # said where that text is looked at
            headings = written.reader.read(version.body).headings
        written.anchors[version.sha256] = frozenset(heading.anchor for heading in headings)
    return written.anchors[version.sha256]


def _way(target: str) -> str:
    """What to write instead of a target that leads nowhere."""
    if "@" in target:
        return f"An e-mail address begins with mailto: write mailto:{target}."
    if target.startswith("www."):
        return f"Another site begins with https: write https://{target}."
    return "Write the way to the other policy's file, such as ../terms/2026-01-10.md, or its address, /terms/."
