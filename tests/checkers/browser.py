"""The checkers that read pages in a browser: axe and Lighthouse."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from tests.browser.conftest import chromium_path
from tests.checkers.finding import Finding
from tests.checkers.tools import MODULES, MissingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from playwright.sync_api import Browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """
(rules) => axe.run(document, { runOnly: rules, resultTypes: ["violations"] }).then((found) => found.violations.flatMap(
  (one) => one.nodes.map((node) => [one.id, `${node.target.join(" ")} ${node.failureSummary ?? ""}`])))
"""
VARIANTS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}, "is_mobile": True, "has_touch": True},
}
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"]
_DIGITS = re.compile(r"\d+")


def axe(sites: Sequence[Path]) -> Iterator[Finding]:
    """What axe says of the pages of some sites, light, dark and narrow.

    Pages that differ only in numbers are read once.
    """
    from playwright.sync_api import sync_playwright

    script = MODULES / "axe-core/axe.min.js"
    if not script.is_file():
        raise MissingError(f"{script} is not there: (cd .ci && npm ci --ignore-scripts)")
    seen: set[str] = set()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        for site in sites:
            fresh = []
            for path in sorted(site.rglob("*.html")):
                shape = _DIGITS.sub("0", path.read_text("utf-8"))
                if shape not in seen:
                    seen.add(shape)
                    fresh.append(path)
            yield from _of_site(chromium, site, fresh, script.read_text("utf-8"))
        chromium.close()


def _of_site(chromium: Browser, site: Path, paths: Sequence[Path], script: str) -> Iterator[Finding]:
    with served(site) as address:
        for name, options in VARIANTS.items():
            context = chromium.new_context(**options)
            page = context.new_page()
            for path in paths:
                page.goto(f"{address}/{path.relative_to(site).as_posix().removesuffix('index.html')}")
                page.evaluate(script)
                for rule, what in page.evaluate(RUN, RULES):
                    yield Finding("axe", rule, f"{path} ({name})", what)
                if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                    yield Finding("width", "sideways", f"{path} ({name})", "the page scrolls sideways")
            context.close()


class served:  # noqa: N801 - reads as a word in a with statement
    """A site on a port of this machine, while it is read."""

    def __init__(self, site: Path) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def lighthouse(site: Path, addresses: Sequence[str], wanted: Sequence[str]) -> Iterator[Finding]:
    """Categories in which Lighthouse gives pages less than 1.0, with the audits that cost it."""
    flags = " ".join(["--headless=new", "--disable-component-update", "--disable-sync", *ARGUMENTS])
    options = [
        "--quiet",
        "--output=json",
        "--no-enable-error-reporting",
        f"--only-categories={','.join(wanted)}",
        f"--chrome-flags={flags}",
    ]
    with served(site) as root:
        for address in addresses:
            told = subprocess.run(
                [str(MODULES / ".bin/lighthouse"), root + address, *options],
                capture_output=True,
                text=True,
                check=False,
                env={**os.environ, "CHROME_PATH": chromium_path()},
            )
            report = json.loads(told.stdout)
            for name, category in report["categories"].items():
                if category["score"] != 1:
                    weighed = [ref["id"] for ref in category["auditRefs"] if ref["weight"]]
                    failed = [one for one in weighed if (report["audits"][one]["score"] or 0) < 1]
                    yield Finding("lighthouse", name, address, f"{category['score']}: {', '.join(failed)}")
