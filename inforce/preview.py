"""A site as its authors see it while they write: built aside, served to this machine alone, built again on each change.

The pages are those that would be published, but for one script that the server adds: it shows what is wrong, reloads
the page when the site has changed, and holds the day of the preview for the reader's, whatever the clock says. A page's
own Content-Security-Policy would not let it run, so the server adds ``'self'`` to what that policy allows of scripts,
connections and frames; all else in it stays.

    GET /privacy/           a page of the site as last built, with the script
    GET /.preview/events    what the script listens to: the site and its faults, each time they change
    GET /.preview/problems  what is wrong, as a page

What is being written may not be for everybody yet. So only this machine is answered, and only where the browser asked
for this machine by name: a foreign page that has its own name lead here (DNS rebinding) is refused.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes

from inforce import build, render, settings, sources, templating
from inforce.errors import PolicyError, SurroundingsError
from inforce.pages import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from inforce.build import Built
    from inforce.errors import Problem

HERE = "127.0.0.1"
NAMES = (HERE, "localhost", "[::1]")
OWN = "/.preview/"
"""Addresses of the server's own; no policy has a name that begins with a dot."""
PAUSE = 0.15
"""Seconds between two looks at the files. A look costs a millisecond or so, and needs no help from the system."""
SETTLING = 0.05
"""Seconds that an editor is given to save the rest of what it is saving, once something has changed."""
BREATH = 15.0
"""Seconds after which a silent connection is written to, so that one that nobody reads is noticed."""
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
}
ALWAYS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
_POLICY = "Content-Security-Policy"
_ASIDE = "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; frame-ancestors 'self'"
"""For the page of problems, which carries its style with it."""
_HALF_A_SECOND = 0.5

# ------------------------------------------------------------------ what is shown


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one build."""

    on: date
    built: Built | None = None
    """None: nothing could be built, and the pages are as they were."""
    problems: tuple[Problem, ...] = ()
    trouble: SurroundingsError | None = None
    """What is wrong that no author wrote."""
    seconds: float = 0
    base: str = ""
    """Where the site will stand in public: its page for what is not found links there."""


@dataclass(slots=True)
class Shown:
    """What is shown just now; one thread changes it, those of the readers wait for that."""

    folder: Path
    outcome: Outcome | None = None
    builds: int = 0
    sites: int = 0
    """Builds that changed a page; 0 until there is a site."""
    base: str = ""
    """That of the site as it stands."""
    ended: bool = False
    run: str = field(default_factory=lambda: secrets.token_hex(4))
    """Tells a page of this preview from one of an earlier one, which counted from 1, too."""
    changed: threading.Condition = field(default_factory=threading.Condition)

    def take(self, outcome: Outcome) -> None:
        """Show what became of a build."""
        with self.changed:
            self.outcome = outcome
            self.builds += 1
            if outcome.built:
                self.base = outcome.base
            if outcome.built and (outcome.built.published.written or outcome.built.published.removed):
                self.sites += 1
            self.changed.notify_all()

    def end(self) -> None:
        """Let nobody wait any more."""
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def news(self, told: int, breath: float) -> tuple[int, str]:
        """Wait for a build after the one that was told, some seconds at most; gives its number, and an event."""
        with self.changed:
            self.changed.wait_for(lambda: self.ended or self.builds != told, breath)
            return self.builds, ": still here\n\n" if self.builds == told else f"data: {json.dumps(self.facts())}\n\n"

    @property
    def state(self) -> str:
        """The builds so far, in a word."""
        return f"{self.run}-{self.builds}"

    @property
    def site(self) -> str:
        """The site as it stands, in a word; empty if there is none."""
        return f"{self.run}-{self.sites}" if self.sites else ""

    @property
    def errors(self) -> int:
        """What keeps the policies from being built."""
        outcome = self.outcome
        if outcome is None or outcome.built:
            return 0
        return sum(one.severity == "error" for one in outcome.problems) + bool(outcome.trouble)

    def facts(self) -> dict[str, object]:
        """What the script is told."""
        warnings = sum(one.severity == "warning" for one in self.outcome.problems) if self.outcome else 0
        return {"state": self.state, "site": self.site, "errors": self.errors, "warnings": warnings}


# ------------------------------------------------------------------ a request and its answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back."""

    status: int
    body: bytes = b""
    kind: str = TYPES[".txt"]
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: bool = False
    """Whether what happens is told from then on, instead of a body."""


def answer(method: str, target: str, hosts: list[str], port: int, shown: Shown) -> Answer:
    """What a request is answered: its method, what it asks for, the Host headers that it carries."""
    allowed = {f"{name}:{port}" for name in NAMES} | (set(NAMES) if port == 80 else set())  # noqa: PLR2004 - of http
    if len(hosts) != 1 or hosts[0].lower() not in allowed:
        return _words(403, f"This is a preview for this machine alone: http://{HERE}:{port}/")
    if method not in {"GET", "HEAD"}:
        return _words(405, "A preview can only be read.", Allow="GET, HEAD")
    parts = parts_of(target)
    if parts is None:
        return _words(400, "This is no address of a site.")
    path = "/" + "/".join(parts)
    if path.startswith(OWN):
        return _own(path, shown)
    if not shown.sites:
        return Answer(503, _with_script(_problems(shown), shown), TYPES[".html"], {_POLICY: _ASIDE})
    return _of_site(path, parts, shown)


def parts_of(target: str) -> list[str] | None:
    """The names in the path that is asked for; the last is empty for a folder. None if it is no address of a site."""
    if not target.startswith("/"):
        return None
    try:
        path = unquote_to_bytes(re.split("[?#]", target, maxsplit=1)[0]).decode("utf-8")
    except UnicodeDecodeError:
        return None
    *folders, last = path.removeprefix("/").split("/")
    if "\\" in path or re.search(r"[\x00-\x1f\x7f]", path) or "" in folders or {".", ".."} & {*folders, last}:
        return None
    return [*folders, last]


def _of_site(path: str, parts: list[str], shown: Shown) -> Answer:
    """A file of the site as last built."""
    top = os.path.realpath(shown.folder)
    real = Path(os.path.realpath(shown.folder.joinpath(*parts)))
    hidden = any(part.startswith(".") for part in parts)
    if not hidden and real.is_relative_to(top) and len(str(real)) < 4096:  # noqa: PLR2004 - the longest path there is
        with suppress(OSError):
            if parts[-1] and real.is_dir():
                return _words(302, "It is a folder.", Location=quote(path) + "/")
            return _file(real if parts[-1] else real / "index.html", shown)
    with suppress(OSError):
        page = (shown.folder / "404.html").read_bytes().replace(f'"{shown.base}/'.encode(), b'"/')
        return _page(404, page, shown)
    return _words(404, "There is nothing at this address.")


def _file(path: Path, shown: Shown) -> Answer:
    data = path.read_bytes()
    if path.suffix == ".html":
        return _page(200, data, shown)
    return Answer(200, data, TYPES.get(path.suffix.lower(), "application/octet-stream"))


def _page(status: int, page: bytes, shown: Shown) -> Answer:
    return Answer(status, _with_script(page, shown), TYPES[".html"], {_POLICY: "frame-ancestors 'self'"})


def _own(path: str, shown: Shown) -> Answer:
    if path == f"{OWN}events":
        return Answer(200, kind="text/event-stream; charset=utf-8", stream=True)
    if path == f"{OWN}problems":
        return Answer(200, _problems(shown), TYPES[".html"], {_POLICY: _ASIDE})
    if path == f"{OWN}preview.js":
        return Answer(200, (templating.default_templates() / "preview.js").read_bytes(), TYPES[".js"])
    return _words(404, "There is nothing at this address.")


def _words(status: int, said: str, **headers: str) -> Answer:
    return Answer(status, f"{said}\n".encode(), headers=headers)


def _problems(shown: Shown) -> bytes:
    """What is wrong, as a page. Its template is the program's own: a project's may be what is wrong."""
    facts = {"outcome": shown.outcome, "errors": shown.errors, "site": shown.sites}
    return render.renderer(templating.default_templates())(Page(f"{OWN}problems", "preview.html", facts))


# ------------------------------------------------------------------ the script in a page


class _Head(HTMLParser):
    """Finds the policies that a page states for itself, and where its head begins."""

    def __init__(self) -> None:
        super().__init__()
        self.policies: list[tuple[str, str]] = []
        """Each as the tag stands in the page, and what it says."""
        self.head = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        facts = {name: value or "" for name, value in attrs}
        if tag == "meta" and facts.get("http-equiv", "").lower() == _POLICY.lower():
            self.policies.append((self.get_starttag_text() or "", facts.get("content", "")))
        elif tag == "head":
            self.head = self.get_starttag_text() or ""


def _with_script(page: bytes, shown: Shown) -> bytes:
    """A page that keeps itself up to date."""
    text = page.decode("utf-8")
    head = _Head()
    head.feed(text.partition("<body")[0])
    for tag, policy in head.policies:
        content = allowing(policy).replace("&", "&amp;").replace('"', "&quot;")
        text = text.replace(tag, f'<meta http-equiv="{_POLICY}" content="{content}">', 1)
    on = shown.outcome.on if shown.outcome else ""
    script = (
        f'<script src="{OWN}preview.js" data-state="{shown.state}" data-site="{shown.site}" data-on="{on}"></script>'
    )
    return (
        text.replace(head.head, f"{head.head}\n{script}", 1).encode() if head.head else text.encode() + script.encode()
    )


def allowing(policy: str) -> str:
    """A Content-Security-Policy that allows what the script needs besides: itself, its events, a frame."""
    directives: dict[str, list[str]] = {}
    for part in policy.split(";"):
        name, *values = part.split()[:1] + part.split()[1:] or [""]
        if name:
            directives.setdefault(name.lower(), values)
    for name in ("script-src", "script-src-elem", "connect-src", "frame-src"):
        before = directives.get(name, None if name == "script-src-elem" else directives.get("default-src"))
        if before is not None and "'self'" not in before:
            directives[name] = [*(one for one in before if one.lower() != "'none'"), "'self'"]
    return "; ".join(" ".join([name, *values]) for name, values in directives.items())


# ------------------------------------------------------------------ the server


class _Server(ThreadingHTTPServer):
    """Answers this machine."""

    daemon_threads = True
    block_on_close = False  # a page that listens is not waited for

    def __init__(self, port: int, shown: Shown) -> None:
        self.shown = shown
        super().__init__((HERE, port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server: _Server
    timeout = 10
    """Seconds that a browser may take for its request."""
    server_version, sys_version = "inforce", ""

    def do_GET(self) -> None:
        """Answer a request of any method."""
        port = self.server.server_address[1]
        made = answer(self.command, self.path, self.headers.get_all("Host", []), port, self.server.shown)
        with suppress(ConnectionError, TimeoutError):  # a browser that hung up
            self._send(made)

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET

    def _send(self, made: Answer) -> None:
        self.send_response(made.status)
        for name, value in {**ALWAYS, "Content-Type": made.kind, **made.headers}.items():
            self.send_header(name, value)
        if not made.stream:
            self.send_header("Content-Length", str(len(made.body)))
        self.end_headers()
        if self.command != "HEAD":
            self._stream() if made.stream else self.wfile.write(made.body)

    def _stream(self) -> None:
        """Tell what is shown now, and each time that it changes."""
        shown, told = self.server.shown, -1
        while not shown.ended:
            told, news = shown.news(told, BREATH)
            self.wfile.write(news.encode())

    def log_message(self, *_: object) -> None:
        """Keep the terminal for what authors are to read."""


# ------------------------------------------------------------------ what is looked at


def look(root: Path) -> frozenset[tuple[str, int, int, int]]:
    """What tells whether the files that a site is made of have changed, the commits of its repository included."""
    single = [root / settings.FILE, *settings.named(root), *_heads(root.resolve())]
    found = [_facts(path) for path in single]
    for name in (sources.FOLDER, templating.FOLDER):
        found += _below(root / name)
    return frozenset(one for one in found if one)


def _heads(root: Path) -> Iterator[Path]:
    """The files that a commit, or another branch, changes in the repository around a project."""
    git = next((folder / ".git" for folder in (root, *root.parents) if (folder / ".git").exists()), None)
    if git is None:
        return
    if git.is_file():  # a worktree, whose own state lies elsewhere
        git = git.parent / _line(git).removeprefix("gitdir:").strip()
    shared = git / _line(git / "commondir")
    yield git / "HEAD"
    yield from (shared / _line(git / "HEAD").removeprefix("ref: "), shared / "packed-refs")
    yield shared / "reftable" / "tables.list"


def _line(path: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return path.read_text("utf-8").strip()
    return ""


def _below(folder: Path) -> Iterator[tuple[str, int, int, int] | None]:
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue  # an editor's own: a file that it keeps beside the one that is written
            yield _facts(Path(entry.path))
            if entry.is_dir(follow_symlinks=False):
                yield from _below(Path(entry.path))


def _facts(path: Path) -> tuple[str, int, int, int] | None:
    with suppress(OSError):
        found = path.lstat()
        return str(path), found.st_mtime_ns, found.st_size, found.st_ino
    return None


# ------------------------------------------------------------------ all of it together


@dataclass(frozen=True, slots=True)
class Preview:
    """A preview that is being served."""

    root: Path
    shown: Shown
    address: str

    def outcomes(self, today: Callable[[], date]) -> Iterator[Outcome]:
        """Build now, and again whenever a file or the day has changed; gives what became of each build, for ever."""
        before: object = None
        while True:
            on, seen = today(), look(self.root)
            if (on, seen) == before:
                time.sleep(PAUSE)
                continue
            if before:
                time.sleep(SETTLING)
                seen = look(self.root)
            before = on, seen
            outcome = outcome_of(on, self._build)
            self.shown.take(outcome)
            yield outcome

    def _build(self, on: date) -> tuple[Built, str]:
        return build.build(self.root, self.shown.folder, on), settings.read(self.root).base_url


def outcome_of(on: date, make: Callable[[date], tuple[Built, str]]) -> Outcome:
    """What became of a build as of a day; `make` does it, and knows where the site will stand."""
    begun = time.perf_counter()
    try:
        built, base = make(on)
    except PolicyError as error:
        return Outcome(on, None, error.problems)
    except SurroundingsError as error:
        return Outcome(on, trouble=error)
    except OSError as error:  # a file that was there, and is being saved just now
        what, remedy = f"{error.filename}: {error.strerror}", "If it is being saved, wait a moment."
        return Outcome(on, trouble=SurroundingsError(what, remedy))
    return Outcome(on, built, built.problems, seconds=time.perf_counter() - begun, base=base)


@contextmanager
def serving(root: Path, port: int) -> Iterator[Preview]:
    """Serve a preview of a project on a port of this machine; 0 is any that is free. At the end nothing is left of it.

    Raises SurroundingsError if the port is not to be had.
    """
    with tempfile.TemporaryDirectory(prefix="inforce-") as made:
        shown = Shown(Path(made) / "site")
        try:
            server = _Server(port, shown)
        except OSError as error:
            raise SurroundingsError(
                f"port {port} cannot be had: {error.strerror}",
                "Another preview may be running. Choose another port: --port 8001; or --port 0 for any that is free.",
            ) from None
        with server:
            threading.Thread(target=server.serve_forever, args=(_HALF_A_SECOND,), daemon=True).start()
            try:
                yield Preview(root, shown, f"http://{HERE}:{server.server_address[1]}/")
            finally:
                shown.end()
                server.shutdown()
