"""Pictures of the sample site for the README and for review.

    python bench/screenshots.py [--on 2026-12-01] [--out docs/images]

It needs the package playwright and a Chromium (`--chromium`, default /usr/bin/chromium); nothing else here does.
"""

from __future__ import annotations

import argparse
import importlib
import threading
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from inforce.build import build

ROOT = Path(__file__).parent.parent
ARGUMENTS = ["--no-sandbox", "--disable-background-networking"]
DESKTOP = {"viewport": {"width": 1200, "height": 860}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
PICTURES: dict[str, tuple[str, dict[str, Any]]] = {
    "policy": ("privacy/", DESKTOP),
    "policy-dark": ("privacy/", {**DESKTOP, "color_scheme": "dark"}),
    "policy-phone": ("privacy/", PHONE),
    "pending": ("privacy/2026-11-20/", DESKTOP),
    "redline": ("privacy/2026-11-20/changes/", {"viewport": {"width": 1200, "height": 1150}}),
    "history": ("privacy/history/", {"viewport": {"width": 1200, "height": 1000}}),
    "print": ("privacy/2026-10-01/", {"viewport": {"width": 720, "height": 1000}}),  # the width of a sheet
}
"""By name: the address, and the browser's window."""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing about it."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the parent's
        """Say nothing."""


def main() -> None:
    """Build the sample, serve it to this machine alone, and take its pictures."""
    options = _options()
    options.out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        build(ROOT, Path(folder), options.on)
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            take(f"http://127.0.0.1:{server.server_port}/", options.out, options.chromium)
        finally:
            server.shutdown()


def take(base: str, out: Path, chromium: str) -> None:
    """Take each picture of the site at an address."""
    playwright = importlib.import_module("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for name, (address, window) in PICTURES.items():
            page = browser.new_context(**window).new_page()
            page.goto(base + address)
            page.emulate_media(media="print" if name == "print" else "screen")
            page.screenshot(path=out / f"{name}.png")
            print(f"{name}.png  {(out / f'{name}.png').stat().st_size / 1000:.0f} kB")
        browser.close()


def _options() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--on", type=date.fromisoformat, default=date(2026, 12, 1), help="as of this day")
    arguments.add_argument("--out", type=Path, default=ROOT / "docs" / "images", help="where they are written")
    arguments.add_argument("--chromium", default="/usr/bin/chromium", help="the browser")
    return arguments.parse_args()


if __name__ == "__main__":
    main()
