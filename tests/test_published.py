from __future__ import annotations

import json
import os
import socket
import threading
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inforce import ledger, published
from inforce.errors import SurroundingsError
from inforce.model import Policy
from tests import sites_made
from tests.sites_made import laid, rewritten, table
from tests.timelines import version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

POLICY = Policy.of(
    "privacy",
    [
        version("01-10"),
        version("03-01", "06-01", postponed=(("03-20", "07-01"),)),
        version("03-10", corrects="01-10"),
        version("03-15", "08-01", withdrawn="03-18"),
    ],
)
FILES = sites_made.published([POLICY], date(2026, 4, 1))
LISTED = "privacy/versions.json"


def refused(read: Callable[[], object]) -> str:
    with pytest.raises(SurroundingsError) as raised:
        read()
    return raised.value.what


def ledgers(files: dict[str, bytes]) -> list[published.Ledger]:
    return published.ledgers(files.get)


# ------------------------------------------------------------------ a folder


def test_a_folder_says_what_was_published_in_it(tmp_path: Path) -> None:
    fetch = published.fetcher(str(laid(tmp_path, FILES)))

    (found,) = published.ledgers(fetch)

    assert (found.policy, found.on) == ("privacy", date(2026, 4, 1))
    assert [one["id"] for one in found.versions] == ["01-10", "03-10", "03-01", "03-15"]
    assert [one["event"] for one in found.links] == ["posted"] * 4 + ["withdrawn", "postponed"]
    assert found.head == found.links[-1]["hash"] == found.standing["head"]
    assert fetch("privacy/01-10/policy.md") == b"We keep your name.\n"


def test_a_folder_may_be_reached_by_a_link(tmp_path: Path) -> None:
    laid(tmp_path / "site", FILES)
    (tmp_path / "link").symlink_to("site")

    assert published.ledgers(published.fetcher(str(tmp_path / "link")))


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert refused(lambda: published.fetcher(str(tmp_path / "none"))) == f"there is no folder {tmp_path}/none"


@pytest.mark.parametrize("name", ["none", "policies.json/none"])
def test_a_file_that_is_not_there_is_none(tmp_path: Path, name: str) -> None:
    assert published.fetcher(str(laid(tmp_path, FILES)))(name) is None


@pytest.mark.parametrize("target", ["../secret", "/etc/passwd", "policies.json"], ids=["above", "away", "itself"])
def test_nothing_outside_of_the_folder_is_read_and_no_link_is_followed_for_ever(tmp_path: Path, target: str) -> None:
    (tmp_path / "secret").write_text('{"policies": []}', "utf-8")
    site = tmp_path / "site"
    site.mkdir()
    (site / "policies.json").symlink_to(target)

    said = refused(lambda: published.ledgers(published.fetcher(str(site))))

    assert "policies.json" in said


def test_only_plain_files_of_a_size_that_we_write_are_read(tmp_path: Path) -> None:
    site = laid(tmp_path, {"fine": b""})
    os.mkfifo(site / "waits")
    (site / "folder").mkdir()
    with (site / "huge").open("wb") as file:
        file.truncate(published.LARGEST + 1)
    fetch = published.fetcher(str(site))

    said = [refused(partial(fetch, name)) for name in ("waits", "folder", "huge")]

    assert said == [f"{name} is no file of at most 67,108,864 bytes" for name in ("waits", "folder", "huge")]


def test_a_file_may_be_as_large_as_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "LARGEST", 4)
    laid(tmp_path, {"fits": b"1234"})

    with served(partial(Quiet, directory=str(tmp_path))) as address:
        read = [published.fetcher(where)("fits") for where in (str(tmp_path), address)]

    assert read == [b"1234", b"1234"]


def test_a_file_that_may_not_be_read_is_said(
    shut: tuple[Path, Callable[[Path], AbstractContextManager[None]]],
) -> None:
    folder, shutting = shut
    fetch = published.fetcher(str(laid(folder, FILES)))

    with shutting(folder / LISTED):
        said = refused(lambda: fetch(LISTED))

    assert said.endswith("cannot be read: Permission denied")


# ------------------------------------------------------------------ what nobody wrote with inforce


@pytest.mark.parametrize(
    "name", ["../etc", "..", ".", ".git", "a/b", "/etc", "a b", "", "history", "x" * 300, "\ud800", "a\0", 7, None, []]
)
@pytest.mark.parametrize("what", ["policy", "version", "link", "corrects"])
def test_a_name_that_is_no_name_is_refused_before_anything_is_read_there(name: object, what: str) -> None:
    asked: list[str] = []

    def fetch(path: str) -> bytes | None:
        asked.append(path)
        return files.get(path)

    rows, facts = table(FILES, "policies.json"), table(FILES, LISTED)
    if what == "policy":
        rows["policies"][0]["policy"] = name
    elif what == "version":
        facts["versions"][0]["id"] = name
    else:
        facts["chain"][2]["version" if what == "link" else "corrects"] = name
    files = rewritten(rewritten(FILES, "policies.json", rows), LISTED, facts)

    if name == "x" * 300:
        assert ledger.verify(fetch)[1] if what != "policy" else refused(lambda: ledger.verify(fetch))
    else:
        refused(lambda: ledger.verify(fetch))
        assert {"policies.json", LISTED} >= set(asked)


@pytest.mark.parametrize("path", ["policies.json", LISTED])
@pytest.mark.parametrize(
    "data", [b"", b"<html>", b"\xff\xfe", b"[" * 200_000, b"9" * 5000, b"[]", b"null", b"{}", b'{"policies": [1]}']
)
def test_what_is_not_as_inforce_writes_it_is_refused(path: str, data: bytes) -> None:
    refused(lambda: ledgers({**FILES, path: data}))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("event", "forgotten"),
        ("event", ["posted"]),
        ("day", "tomorrow"),
        ("day", "2026-02-30"),
        ("hash", "961ebd3d"),
        ("sha256", None),
        ("effective", 7),
        ("note", "more than this inforce knows"),
    ],
)
def test_a_link_that_is_none_is_refused(key: str, value: object) -> None:
    facts = table(FILES, LISTED)
    facts["chain"][0][key] = value

    assert key in refused(lambda: ledgers(rewritten(FILES, LISTED, facts))) or key == "note"


def test_a_postponement_to_no_day_is_refused() -> None:
    facts = table(FILES, LISTED)
    facts["chain"][-1]["to"] = "soon"

    assert refused(lambda: ledgers(rewritten(FILES, LISTED, facts))) == "to is 'soon'"


def places(said: object, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value."""
    yield way
    inner = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    for key, value in inner:
        yield from places(value, (*way, key))


def put(said: Any, way: tuple[Any, ...], value: object) -> object:  # noqa: ANN401 - any JSON
    if not way:
        return value
    said[way[0]] = put(said[way[0]], way[1:], value)
    return said


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["privacy", "2026-01-10"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=3,
)


@given(st.sampled_from(["policies.json", LISTED]), st.data(), JSON)
def test_whatever_a_site_says_the_answer_is_no_traceback(path: str, data: st.DataObject, value: object) -> None:
    said = table(FILES, path)
    way = data.draw(st.sampled_from(list(places(said))))
    files = {**FILES, path: json.dumps(put(said, way, value)).encode()}

    with suppress(SurroundingsError):
        found, _ = ledger.verify(files.get)
        list(ledger.against([POLICY], found))


# ------------------------------------------------------------------ an address


@contextmanager
def served(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    """A server on this machine alone, for as long as the block lasts; its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class Answers(BaseHTTPRequestHandler):
    """Gives the same answer to whatever is asked, byte for byte."""

    answer: ClassVar[bytes] = b""

    def do_GET(self) -> None:
        self.wfile.write(self.answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(autouse=True)
def _straight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_site_is_verified_by_its_address(tmp_path: Path, slash: str) -> None:
    laid(tmp_path / "legal", FILES)

    with served(partial(Quiet, directory=str(tmp_path))) as address:
        found, problems = ledger.verify(published.fetcher(f"{address}/legal{slash}"), ledgers(FILES)[0].head)

    assert [one.policy for one in found] == ["privacy"]
    assert problems == []


def test_a_text_that_is_gone_from_an_address_is_a_problem(tmp_path: Path) -> None:
    laid(tmp_path, {path: data for path, data in FILES.items() if path != "privacy/01-10/policy.md"})

    with served(partial(Quiet, directory=str(tmp_path))) as address:
        _, problems = ledger.verify(published.fetcher(address))

    assert [one.code for one in problems] == ["text-missing"]


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (b"HTTP/1.0 500 \x1b[2J Oh\r\n\r\n", "answers 500"),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 99\r\n\r\n{", "cannot be read"),
        (b"HTTP/1.0 200 OK\r\n\r\n" + b" " * 1001, "has more than 1,000 bytes"),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 1001\r\n\r\n" + b" " * 1000, "the answer was cut off"),
        (b"HTTP/1.0 200 OK\r\n\r\n<html>", "is not what inforce writes"),
        (b"HTTP/1.0 404 No\r\n\r\n", "is missing"),
        (b"HTTP/1.0 302 There\r\nLocation: /policies.json\r\n\r\n", "answers 302"),
        (b"HTTP/1.0 302 There\r\nLocation: file:///etc/passwd\r\n\r\n", "answers 302"),
        (b"HTTP/1.0 302 There\r\nLocation: ftp://127.0.0.1/\x1b\r\n\r\n", "leads to another site: 'ftp://127.0.0.1/"),
        (b"HTTP/1.0 302 There\r\nLocation: http://elsewhere.invalid/\r\n\r\n", "leads to another site"),
        (b"\x1b[2J\r\n\r\n", "cannot be read"),
        (b"", "cannot be read"),
    ],
)
def test_an_address_that_answers_otherwise_is_said_in_words_that_drive_no_terminal(
    monkeypatch: pytest.MonkeyPatch, answer: bytes, what: str
) -> None:
    monkeypatch.setattr(published, "LARGEST", 1000)
    monkeypatch.setattr(Answers, "answer", answer)

    with served(Answers) as address:
        said = refused(lambda: published.ledgers(published.fetcher(address)))

    assert what in said
    assert said.isprintable()


@pytest.mark.parametrize("address", ["http://", "http://[", "https://a b/", "http://127.0.0.1:99999", "http://a..b"])
def test_an_address_that_is_none_is_said(address: str) -> None:
    assert "cannot be read" in refused(lambda: published.ledgers(published.fetcher(address)))


def test_an_address_where_nobody_answers_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    said = refused(lambda: published.ledgers(published.fetcher(f"http://127.0.0.1:{port}")))

    assert said.startswith(f"http://127.0.0.1:{port}/policies.json cannot be read: Connection refused")
