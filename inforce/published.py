"""What a site has published already, read back from its folder or its address.

A published site is what anybody may have written: whatever in it is not as inforce writes it is refused, nothing
outside of it is read, and no name in it becomes a path before it was looked at.
"""

from __future__ import annotations

import json
import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlsplit

from inforce import addresses
from inforce.chain import KINDS
from inforce.errors import SurroundingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from inforce.chain import Link

    Fetch = Callable[[str], bytes | None]

LARGEST = 64 * 1024 * 1024
"""Bytes of one published file; more than any that inforce writes."""
SECONDS = 30
"""How long an address may be silent."""
HASH = r"[0-9a-f]{64}"
_NAMES = r"[\w.-][^/]*"
_KEYS = {
    "posted": {"sha256", "effective", "corrects"},
    "postponed": {"to"},
    "withdrawn": set[str](),
}
"""What a link says, by its kind, besides what all of them say."""
_COMMON = {"event", "day", "version", "hash"}


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a site has published of one policy."""

    policy: str
    on: date
    """The day as of which it was published."""
    versions: tuple[dict[str, Any], ...]
    """As they stand in versions.json; each has an `id` that is a name, and nothing else is certain."""
    links: tuple[Link, ...]
    """The chain, each link with all that its kind says."""
    head: str
    """As it stands in versions.json."""
    standing: dict[str, Any]
    """The policy's row in policies.json."""


# ------------------------------------------------------------------ its files


def fetcher(where: str) -> Fetch:
    """What reads the files of a published site, by path; None for a file that is not there.

    `where` is a folder, or an address that begins with http:// or https://. Raises SurroundingsError where it cannot
    be reached, and so does what it gives.
    """
    if where.startswith(("http://", "https://")):
        return lambda path: _download(f"{where.rstrip('/')}/{quote(path)}")
    folder = Path(where)
    if not folder.is_dir():
        raise SurroundingsError(f"there is no folder {where}", "Name the folder of a published site, or its address.")
    return lambda path: _file(folder, path)


def _file(folder: Path, name: str) -> bytes | None:
    path = Path(os.path.realpath(folder / name))
    if not path.is_relative_to(os.path.realpath(folder)):
        raise _strange(f"{name} leads out of the folder")
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
            raise _strange(f"{name} is no file of at most {LARGEST:,} bytes")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise SurroundingsError(f"{path} cannot be read: {error.strerror}", "Look at its permissions.") from None


def _download(address: str) -> bytes | None:
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import HTTPRedirectHandler, Request, build_opener

    class Staying(HTTPRedirectHandler):
        """Asks nobody but the host that was named."""

        def redirect_request(self, req: Request, fp: IO[bytes], *facts: Any) -> Request | None:  # noqa: ANN401 - handed on
            to = urlsplit(str(facts[-1]))
            if to.scheme not in {"http", "https"} or to.hostname != urlsplit(address).hostname:
                fp.close()
                what = f"{address} leads to another site: {ascii(to.geturl())[:200]}"
                raise SurroundingsError(what, "Give that address, if it is the one that you mean.")
            return super().redirect_request(req, fp, *facts)

    try:
        request = Request(address, headers={"User-Agent": "inforce", "Cache-Control": "no-cache"})  # noqa: S310 - see fetcher
        with build_opener(Staying).open(request, timeout=SECONDS) as answer:
            data: bytes = answer.read(LARGEST + 1)
            cut = len(data) <= LARGEST and answer.length
    except HTTPError as error:
        with error:
            if error.code in {404, 410}:
                return None
            raise SurroundingsError(f"{address} answers {error.code}", "Try again later.") from None
    except (OSError, HTTPException, ValueError) as error:
        raise SurroundingsError(
            f"{address} cannot be read: {_why(error)}", "Look at the address, or try again later."
        ) from None
    if cut:
        raise SurroundingsError(f"{address} cannot be read: the answer was cut off", "Try again later.")
    if len(data) > LARGEST:
        raise _strange(f"{address} has more than {LARGEST:,} bytes")
    return data


def _why(error: Exception) -> str:
    """What kept an address from being read, in words of the system's own."""
    reason = getattr(error, "reason", error)
    return ascii(getattr(reason, "strerror", None) or str(reason))[1:-1][:200]


# ------------------------------------------------------------------ what they say


def ledgers(fetch: Fetch) -> list[Ledger]:
    """What a site has published of each policy. Raises SurroundingsError where it is no site of inforce's."""
    return [_ledger(fetch, row) for row in _rows(_json(fetch, "policies.json"), "policies")]


def _ledger(fetch: Fetch, row: dict[str, Any]) -> Ledger:
    policy = _name(row, "policy")
    facts = _json(fetch, f"{policy}/versions.json")
    versions = _rows(facts, "versions")
    for version in versions:
        _name(version, "id")
    links = tuple(_link(link) for link in _rows(facts, "chain"))
    return Ledger(policy, _day(facts, "on"), tuple(versions), links, _written(facts, "head", HASH), row)


def _link(row: dict[str, Any]) -> Link:
    kind = _written(row, "event", "|".join(KINDS))
    _written(row, "hash", HASH)
    _name(row, "version")
    _day(row, "day")
    if kind == "posted":
        _written(row, "sha256", HASH)
        if row.get("effective") is not None:
            _day(row, "effective")
        if "corrects" in row:
            _name(row, "corrects")
    elif kind == "postponed":
        _day(row, "to")
    if unknown := row.keys() - _COMMON - _KEYS[kind]:
        raise _strange(f"its chain says what this inforce does not know: {min(unknown)!a:.80}")
    return cast("Link", row)


def _json(fetch: Fetch, path: str) -> dict[str, Any]:
    data = fetch(path)
    if data is None:
        raise _strange(f"{path} is missing")
    with suppress(ValueError, RecursionError):
        table = json.loads(data)
        if isinstance(table, dict):
            return table
    raise _strange(f"{path} is not what inforce writes")


def _rows(table: dict[str, Any], key: str) -> list[dict[str, Any]]:
    rows = table.get(key)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _strange(f"there is no list of {key}")
    return rows


def _written(row: dict[str, Any], key: str, pattern: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise _strange(f"{key} is {value!a:.80}" if isinstance(value, str) else f"{key} is no text")
    return value


def _name(row: dict[str, Any], key: str) -> str:
    """The name of a policy or version, which becomes a part of a path."""
    name = _written(row, key, _NAMES)
    if name.startswith(".") or addresses.unfit(name) or addresses.address(name) != name:
        raise _strange(f"{key} is {name!a:.80}, which is no name")
    return name


def _day(row: dict[str, Any], key: str) -> date:
    try:
        return date.fromisoformat(_written(row, key, r"\d{4}-\d{2}-\d{2}"))
    except ValueError:
        raise _strange(f"{key} is {row[key]}, a day that no calendar has") from None


def _strange(what: str) -> SurroundingsError:
    return SurroundingsError(what, "Is this a site that inforce published?")
