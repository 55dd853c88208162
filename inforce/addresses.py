"""Names that become addresses: which are fit for it, and what they become."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

RESERVED = frozenset(
    {
        "404.html",
        "calendar.ics",
        "changes",
        "compare",
        "compare.js",
        "feed.xml",
        "history",
        "index.html",
        "logo.avif",
        "logo.gif",
        "logo.jpeg",
        "logo.jpg",
        "logo.png",
        "logo.svg",
        "logo.webp",
        "manifest.json",
        "notice.json",
        "notice.schema.json",
        "on",
        "policies.json",
        "policies.schema.json",
        "policy.md",
        "reading.js",
        "redline.css",
        "redline.js",
        "robots.txt",
        "sitemap.xml",
        "style.css",
        "versions.json",
        "versions.schema.json",
    }
)
"""Names of the site's own addresses, those that are kept for what is to come among them."""
OF_A_VERSION = ("index.html", "changes/index.html", "policy.md")
"""The files of the site that stand at the address of a version, beside its pictures."""
SIGNS = "-._"
_BARE = re.compile(r"[A-Za-z0-9_.~/-]*")
"""An address that is its own percent-encoding."""


def address(name: str) -> str:
    """The address of a policy or version of this name: NFC, spaces become ``-``."""
    return unicodedata.normalize("NFC", name).replace(" ", "-")


def unfit(name: str) -> str:
    """Why a name cannot be an address, in words; empty if it can."""
    made = address(name)
    strange = sorted({sign for sign in made if sign not in SIGNS and unicodedata.category(sign)[0] not in "LMN"})
    if strange:
        shown = " ".join(
            sign if sign.isprintable() and not sign.isspace() else f"U+{ord(sign):04X}" for sign in strange
        )
        return f"its name holds {shown}, and it is to be an address"
    if made.casefold() in RESERVED:
        return f"{made} is an address of the site's own"
    return ""


def taken(path: str) -> str:
    """The file of a version's own that stands where a picture beside its text needs a folder; empty if none does."""
    return next((file for file in OF_A_VERSION if path.casefold().startswith(f"{file}/")), "")


def folded(name: str) -> str:
    """What two names share if their addresses cannot be told apart where letter case is ignored."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", address(name)).casefold())


def relative(address_: str, page: str) -> str:
    """How a page links to an address of the same site: both from the site's root, beginning with ``/``.

    The result is percent-encoded and relative, so that a site works under any path.
    """
    path, mark, fragment = address_.partition("#")
    tail = mark + fragment
    shared = page[: page.rfind("/") + 1]
    up = ""
    while not path.startswith(shared):  # the folder of the page, or the nearest above it in which both lie
        shared = shared[: shared.rfind("/", 0, -1) + 1]
        up += "../"
    left = path[len(shared) :]
    link = up + (left if _BARE.fullmatch(left) else quote(left))
    if not link and not tail:
        return "./"
    return (link or ("./" if path != page else "")) + tail
