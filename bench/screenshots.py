"""Pictures of the sample site for the README and for review.

    python bench/screenshots.py [--on 2026-12-01] [--out docs/images]

It needs the package playwright, a Chromium (`--chromium`, default /usr/bin/chromium) and pdftoppm; nothing else here
does. Where there are pngquant and optipng, they make the pictures small.
"""

from __future__ import annotations

import argparse
import importlib
import shutil
import subprocess
import threading
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from inforce.build import build

ROOT = Path(__file__).parent.parent
ARGUMENTS = ["--no-sandbox", "--disable-background-networking"]
SHARP = 2
"""Points of a picture for each of the window."""


class Picture(NamedTuple):
    """What is shown of the site."""

    address: str
    window: dict[str, Any]
    top: str = ""
    """What stands at the upper edge; the beginning of the page if nothing else is said."""
    chosen: tuple[str, ...] = ()
    """What is clicked before."""


DESKTOP = {"viewport": {"width": 1200, "height": 860}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
PICTURES = {
    "policy": Picture("privacy/", DESKTOP),
    "dark": Picture("privacy/", {**DESKTOP, "color_scheme": "dark"}),
    "phone": Picture("privacy/", PHONE),
    "redline": Picture("privacy/2026-11-20/changes/", DESKTOP, "article h2"),
    "history": Picture("privacy/history/", {"viewport": {"width": 1200, "height": 900}}),
    "compare": Picture(
        "privacy/compare/#2026-10-01..2026-11-20",
        {"viewport": {"width": 1200, "height": 1360}},
        chosen=(".changes summary", "text=Old and new side by side"),
    ),
}
SHEET = "privacy/2026-11-20/changes/"
"""What is printed."""


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
            take(f"http://127.0.0.1:{server.server_port}/", options.out, options.chromium, options.on)
        finally:
            server.shutdown()
    for path in sorted(options.out.glob("*.png")):
        squeeze(path)
        print(f"{path.name}  {path.stat().st_size / 1000:.0f} kB")


def take(base: str, out: Path, chromium: str, on: date) -> None:
    """Take each picture of the site at an address, as it reads on a day."""
    playwright = importlib.import_module("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for name, (address, window, top, chosen) in PICTURES.items():
            page = browser.new_context(**window, device_scale_factor=SHARP).new_page()
            page.clock.set_fixed_time(on.isoformat())
            page.goto(base + address, wait_until="networkidle")
            for one in chosen:
                page.click(one)
            if top:
                page.locator(top).first.evaluate("(one) => scrollTo(0, one.getBoundingClientRect().top + scrollY - 72)")
            page.wait_for_timeout(300)
            page.screenshot(path=out / f"{name}.png")
        page = browser.new_page()
        page.goto(base + SHEET)
        page.pdf(path=out / "print.pdf", format="A4")
        browser.close()
    command = ["pdftoppm", "-png", "-r", "120", "-f", "2", "-l", "2", "-singlefile"]
    subprocess.run([*command, out / "print.pdf", out / "print"], check=True)  # noqa: S603 - our own sheet
    (out / "print.pdf").unlink()


def squeeze(path: Path) -> None:
    """Make a picture small, as far as there is what does so."""
    for name, *words in (["pngquant", "--force", "--nofs", "--output", path, "32"], ["optipng", "-quiet", "-o2"]):
        if program := shutil.which(str(name)):
            subprocess.run([program, *words, path], check=True)  # noqa: S603 - our own picture


def _options() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--on", type=date.fromisoformat, default=date(2026, 12, 1), help="as of this day")
    arguments.add_argument("--out", type=Path, default=ROOT / "docs" / "images", help="where they are written")
    arguments.add_argument("--chromium", default="/usr/bin/chromium", help="the browser")
    return arguments.parse_args()


if __name__ == "__main__":
    main()
