"""What tests are given: the choice to write the expected pages anew, and the rights of a user who may not read all."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import settings
from markdown_it.parser_block import ParserBlock
from markdown_it.parser_inline import ParserInline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

NOBODY = 65534

# The gate tries the same examples each time, so that it never fails by chance; by hand new ones are tried each time.
settings.register_profile("gate", derandomize=True, deadline=None)
settings.register_profile("by-hand", deadline=None)
settings.load_profile("gate" if os.environ.get("CI") == "true" else "by-hand")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--golden", action="store_true", help="write what is expected of tests/sites and tests/redlines anew"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> bool:
    """Whether what is expected is to be written anew."""
    return bool(request.config.getoption("--golden"))


@pytest.fixture(scope="session", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What builds keep for the next one does not go to the user's own cache folder."""
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["XDG_CACHE_HOME"]
    else:
        os.environ["XDG_CACHE_HOME"] = before


@pytest.fixture
def shut() -> Iterator[tuple[Path, Callable[[Path], AbstractContextManager[None]]]]:
    """A folder, and a way to shut a path in it: within the block we may not read it, even if the tests run as root."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)  # the temporary folders of pytest are closed to everybody else

        @contextmanager
        def shutting(path: Path) -> Iterator[None]:
            before = path.stat().st_mode
            path.chmod(0)
            try:
                if os.geteuid() == 0:
                    os.seteuid(NOBODY)
                yield
            finally:
                os.seteuid(os.getuid())
                path.chmod(before)

        yield folder, shutting


class Parsed(NamedTuple):
    """What markdown-it was given to parse."""

    pieces: list[str]
    words: list[str]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Parsed:
    """What markdown-it is given to parse from now on."""
    found = Parsed([], [])

    def watch(parser: type[ParserBlock | ParserInline], given: list[str]) -> None:
        plain: Callable[..., object] = parser.parse

        def counted(self: object, source: str, *rest: object) -> object:
            given.append(source)
            return plain(self, source, *rest)

        monkeypatch.setattr(parser, "parse", counted)

    watch(ParserBlock, found.pieces)
    watch(ParserInline, found.words)
    return found
