"""What in a page could run, fetch or lead astray, as a browser's own algorithm reads it (html5lib)."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import html5lib

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_words = re.compile(r"\S+").findall

HARMLESS = frozenset(
    _words("""
    html head title body header main footer nav article section aside h1 h2 h3 h4 h5 h6 p ul ol li dl dt dd a b i
    strong em code pre blockquote table thead tbody tr th td hr br img ins del span bdi div time small details
    summary label output figure figcaption
""")
)
"""Elements that a page may hold wherever they stand."""
OWN = frozenset(
    _words("""
    meta link style script form input select option button template noscript caption
""")
)
"""Elements that a page may hold where its template puts them, and a text never."""
DRAWN = {
    name: frozenset(attributes.split())
    for name, attributes in {
        "svg": "role aria-labelledby aria-describedby aria-hidden class direction width height data-first data-last",
        "title": "id",
        "desc": "id",
        "defs": "",
        "pattern": "id width height patternUnits patternTransform",
        "path": "id d stroke stroke-width",
        "g": "class data-version data-standing data-moves",
        "line": "x1 x2 y1 y2 stroke-dasharray data-today visibility",
        "rect": "x y width height fill stroke",
        "text": "x y dx text-anchor",
        "use": "href x y",
    }.items()
}
"""What a template draws a history with, each with its attributes, and a text never."""
SVG = "{http://www.w3.org/2000/svg}"
TEXT: frozenset[str] = frozenset()
"""Those of a text alone."""
TARGETS = frozenset(
    _words("""
    href src action formaction data poster ping srcset background cite longdesc manifest code codebase archive
    classid usemap profile dynsrc lowsrc icon
""")
)
GOOD = re.compile(r"(?:https?|mailto|tel):|data:image/(?:gif|png|jpeg|webp)[;,]|data:,$")
"""The last is an icon of nothing, so that no browser asks for one."""
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")
_ALIGNED = re.compile(r"text-align:(?:left|center|right)")
_BLANK = re.compile(r"[\x00-\x20]")
"""What browsers leave out of a target, or at its ends, before they look for a scheme."""


def live(html: str, *, text: bool = False) -> list[str]:
    """What is wrong with a page; with `text`, with HTML made of a policy's text alone."""
    tree = (html5lib.parseFragment if text else html5lib.parse)(html, namespaceHTMLElements=False)
    found = [told for element in _elements(tree) for told in _wrong(element, TEXT if text else OWN)]
    ids = Counter(element.get("id") for element in _elements(tree))
    return found + [f"id {id_!r} stands {count} times" for id_, count in ids.items() if id_ is not None and count > 1]


def _elements(tree: Element) -> Iterator[Element]:
    return (element for element in tree.iter() if isinstance(element.tag, str) and element.tag != "DOCUMENT_FRAGMENT")


def _wrong(element: Element, own: frozenset[str]) -> Iterator[str]:
    tag = element.tag
    drawn = DRAWN.get(tag.removeprefix(SVG)) if own is OWN and tag.startswith(SVG) else None
    if tag not in HARMLESS and tag not in own and drawn is None:
        yield f"<{tag}>"
    for name, value in element.items():
        bare = _BLANK.sub("", value).lower()
        if name.startswith("on") or name in {"srcdoc", "autofocus"} or (name == "http-equiv" and tag != "meta"):
            yield f"<{tag} {name}>"
        elif name == "style" and not (own is TEXT and _ALIGNED.fullmatch(value)):
            yield f"<{tag} style={value!r}>"
        elif name in TARGETS and _SCHEME.match(bare) and not GOOD.match(bare):
            yield f"<{tag} {name}={value!r}>"
        elif drawn is not None and name == "href" and not value.startswith("#"):
            yield f"<{tag} {name}={value!r}>: beyond the drawing"
        elif name not in drawn if drawn is not None else not re.fullmatch(r"[a-z][a-z-]*", name):
            yield f"<{tag} {name!r}>: no attribute of ours"
    if tag == "script" and not re.fullmatch(r"(\.\./)*(reading|redline|compare)\.js", element.get("src", "reading.js")):
        yield "<script src>"
    if tag == "meta" and element.get("http-equiv", "content-security-policy").lower() != "content-security-policy":
        yield f"<meta http-equiv={element.get('http-equiv')!r}>"
