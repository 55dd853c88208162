"""Runs the checkers over built sites, or over sites of real histories: `python -m tests.checkers --help`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tests.checkers import browser, corpus, tools
from tests.checkers.finding import Finding, of_authors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

INDEXED = ("/", "/privacy/", "/privacy/history/")
"""Of the sample: pages that search engines are meant to show."""
LOOKED_AT = ("/privacy/2026-11-20/changes/",)
SHOWN = 40
"""Findings that are printed in full."""


def main() -> int:
    """Run what is asked for; gives the exit status."""
    parser = argparse.ArgumentParser(
        description="Runs checkers of HTML, CSS, links and accessibility over built sites."
    )
    parser.add_argument(
        "sites", nargs="*", type=Path, metavar="SITE", help="the folder of a built site, or one that holds some"
    )
    parser.add_argument(
        "--sample", action="store_true", help="the sites are of the sample: also run stylelint and Lighthouse"
    )
    parser.add_argument(
        "--corpus", type=Path, metavar="DIR", help="also check pages of sites of the bundles in this folder"
    )
    parser.add_argument("--pages", type=int, default=200, help="of the corpus, so many pages (default: 200)")
    options = parser.parse_args()
    found: list[Finding] = []
    try:
        found += _over([site for folder in options.sites for site in _built(folder)])
        if options.sample:
            found += tools.stylelint()
            for site in options.sites:
                found += browser.lighthouse(site, INDEXED, ("accessibility", "best-practices", "seo"))
                found += browser.lighthouse(site, LOOKED_AT, ("accessibility", "best-practices"))
        if options.corpus:
            found += _of_corpus(options.corpus, options.pages)
    except tools.MissingError as error:
        print(error, file=sys.stderr)
        return 3
    for one in found[:SHOWN]:
        print(one)
    for (tool, rule), count in Counter((one.tool, one.rule) for one in found).most_common():
        print(f"{count:6} {tool} {rule}")
    print(f"{len(found)} findings")
    return 1 if found else 0


def _built(folder: Path) -> list[Path]:
    """The built sites in a folder, itself among them."""
    return sorted(path.parent for path in folder.rglob("manifest.json"))


def _over(sites: Sequence[Path]) -> Iterator[Finding]:
    pages = tools.pages(sites)
    print(f"{len(sites)} sites, {len(pages)} pages", flush=True)
    yield from tools.nu(pages)
    yield from tools.html_validate(pages)
    for site in sites:
        yield from tools.lychee(site)
    yield from browser.axe(sites)


def _of_corpus(folder: Path, most: int) -> Iterator[Finding]:
    """What is found on pages of real histories, and is not an author's doing."""
    allowed = of_authors()
    passed: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="inforce-checkers-") as home:
        sites = list(corpus.sites(folder, Path(home)))
        wanted = {path for site in sites for path in corpus.sample(tools.pages([site]), most // len(sites) + 1)}
        for site in sites:
            for path in tools.pages([site]):
                if path not in wanted:
                    path.unlink()
        for one in _over(sites):
            if one.tool == "lychee":  # most pages were taken out, and links to them with them
                continue
            excuse = next((excuse for excuse in allowed if excuse.holds(one)), None)
            if excuse:
                passed[excuse.reason] += 1
            else:
                yield one
    for reason, count in passed.most_common():
        print(f"{count:6} let through: {reason}")


if __name__ == "__main__":
    sys.exit(main())
