"""A browser, and the site as it would be served: no test here passes, or is passed over, for want of either.

The default run leaves all of this out (``-m 'not browser'``). Whoever asks for it (``pytest -m browser``, or a run with
INFORCE_BROWSER=1, as in CI) is told by a failure that Chromium or playwright is missing.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest

from inforce.build import build
from tests.fuzz.vectors import ON, hostile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from playwright.sync_api import Browser, Dialog, Page, Route

HOST = "http://inforce.test"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
}


def missing() -> str:
    """What a browser test lacks here, in words; empty if nothing."""
    if find_spec("playwright") is None:
        return "playwright is not installed: make ready-dev brings it"
    return (
        "" if chromium_path() else f"there is no browser (looked for {', '.join(BROWSERS)}): apt-get install chromium"
    )


def chromium_path() -> str:
    """Where Chromium is; empty where it is not."""
    return next(filter(None, map(shutil.which, BROWSERS)), "")


def pytest_collection_finish() -> None:
    """Let a run that was promised a browser fail where there is none, even if no test that needs it was chosen."""
    if os.environ.get("INFORCE_BROWSER") == "1" and (lacking := missing()):
        raise pytest.UsageError(lacking)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, with no way to any other machine than this one."""
    if lacking := missing():
        pytest.fail(lacking)
    from playwright.sync_api import sync_playwright

    nowhere = [
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--disable-background-networking",
        "--disable-gpu",
    ]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=nowhere)
        yield chromium
        chromium.close()


@dataclass
class Visit:
    """A tab of the browser in which a site is read, and all that was seen of it."""

    page: Page
    site: Path
    foreign: list[str] = field(default_factory=list)
    """What was asked for beyond the site: of which type, and its address."""
    lost: list[str] = field(default_factory=list)
    """Addresses of the site at which nothing is."""
    errors: list[str] = field(default_factory=list)
    """What the browser complained of."""
    ran: list[str] = field(default_factory=list)
    """What a script did that nobody wrote for the site."""

    def serve(self, route: Route) -> None:
        """Answer a request from the site's folder; let none go any further."""
        url = route.request.url
        if not url.startswith(f"{HOST}/"):
            self.foreign.append(f"{route.request.resource_type} {url}")
            route.abort()
            return
        path = self.site / unquote(urlsplit(url).path).lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        if path.is_file():
            kind = TYPES.get(path.suffix, "text/plain")
            route.fulfill(body=path.read_bytes(), content_type=kind)
        else:
            self.lost.append(url)
            route.fulfill(status=404, body="")

    def dismiss(self, dialog: Dialog) -> None:
        """Close a dialog that nobody asked for."""
        self.ran.append(f"{self.page.url}: {dialog.type}")
        dialog.dismiss()

    def go(self, path: Path, fragment: str = "") -> None:
        """Read a page of the site; with a fragment, once a script has had time to answer it."""
        address = path.relative_to(self.site).as_posix().removesuffix("index.html")
        if fragment:
            self.page.goto("about:blank")  # from the same page the browser would only scroll
        self.page.goto(
            f"{HOST}/{address}{fragment and '#'}{fragment}", wait_until="networkidle" if fragment else "load"
        )


PWNED = """
for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = () => { window.pwned = name };
document.addEventListener("securitypolicyviolation", (event) =>
  (window.violations ??= []).push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture
def visit(browser: Browser) -> Callable[..., AbstractContextManager[Visit]]:
    """What opens a tab for a site: with the policies of its pages, or without (`bypass`); and as which window."""
    from contextlib import contextmanager

    @contextmanager
    def visiting(site: Path, *, bypass: bool = False, window: dict[str, Any] | None = None) -> Iterator[Visit]:
        context = browser.new_context(bypass_csp=bypass, accept_downloads=False, **(window or {}))
        context.add_init_script(PWNED)
        page = context.new_page()
        seen = Visit(page, site)
        context.route("**/*", seen.serve)
        page.on(
            "console", lambda said: seen.errors.append(f"{page.url}: {said.text}") if said.type == "error" else None
        )
        page.on("pageerror", lambda error: seen.errors.append(f"{page.url}: {error}"))
        page.on("dialog", seen.dismiss)
        page.on("popup", lambda _: seen.ran.append(f"{page.url}: window"))
        page.on("worker", lambda _: seen.ran.append(f"{page.url}: worker"))
        page.on("frameattached", lambda frame: seen.ran.append(f"{page.url}: frame {frame.url}"))
        page.on("download", lambda file: seen.ran.append(f"{page.url}: download {file.url}"))
        yield seen
        context.close()

    return visiting


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with every vector in every place."""
    folder = tmp_path_factory.mktemp("hostile")
    build(hostile(folder), folder / "site", ON)
    return folder / "site"
