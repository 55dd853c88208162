"""The laws again, over real policies with long histories: text that no one would think to invent."""

from __future__ import annotations

import functools
import itertools
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from markdown_it import MarkdownIt

import inforce
from inforce import hypertext, markup
from inforce.markdown import Reader, allowed, split
from inforce.weave import Weave
from tests.histories import CLEAN, git
from tests.sides import side

if TYPE_CHECKING:
    from inforce.text import Block, Text
    from tests.conftest import Parsed

pytestmark = pytest.mark.corpus

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / os.environ.get("ACCEPTANCE", "../shared") / "corpus"
BUNDLES = sorted(CORPUS.glob("*.bundle"))
POLICIES = 10
"""So many of each bundle, evenly spread over their names."""
VERSIONS = 12
"""The last so many of each policy."""


class History(NamedTuple):
    """The Markdown of the versions of a policy, oldest first, and what one reader read."""

    sources: list[str]
    texts: list[Text]

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Some pairs of versions: the first and the last, neighbours at both ends and in the middle."""
        last = len(self.sources) - 1
        middle = last // 2
        return sorted({(0, last), (0, 1), (middle, middle + 1), (last - 1, last), (last, 0)})


@pytest.fixture(scope="session")
def clones(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Path]:
    """Bare clones by their bundles."""
    folder = tmp_path_factory.mktemp("clones")
    for bundle in BUNDLES:
        git(folder, "clone", "--quiet", "--bare", str(bundle), bundle.stem)
    return {bundle: folder / bundle.stem for bundle in BUNDLES}


POLICY = [pytest.param((bundle, k), id=f"{bundle.stem}-{k}") for bundle in BUNDLES for k in range(POLICIES)]


@pytest.fixture(scope="module", params=POLICY or [pytest.param(None, id="absent")])
def history(request: pytest.FixtureRequest, clones: dict[Path, Path]) -> History:
    """The history of one policy of the corpus."""
    if request.param is None:
        tell = pytest.fail if os.environ.get("CI_CORPUS") == "1" else pytest.skip
        tell(f"no bundles in {CORPUS}: ACCEPTANCE names the folder that holds corpus/*.bundle")
    bundle, number = request.param
    clone = clones[bundle]
    sources = [markdown(clone, blob) for blob in spread(clone)[number]]
    reader = Reader()
    return History(sources, [reader.read(source) for source in sources])


@functools.cache
def spread(clone: Path) -> list[list[str]]:
    """The blobs of some of the policies of a clone: those at even distances, or the next that have a history."""
    listed = git(clone, "ls-tree", "-r", "--name-only", "-z", "HEAD").split("\0")
    paths = sorted(path for path in listed if path.endswith(".md"))
    starts = [k * len(paths) // POLICIES for k in range(POLICIES)]
    return [next(blobs for path in paths[at:] + paths[:at] if len(blobs := versions(clone, path)) > 1) for at in starts]


def versions(clone: Path, path: str) -> list[str]:
    """The blobs of the last versions of a file along the first parents, oldest first."""
    asked = ("log", "--first-parent", "--diff-merges=first-parent", "--diff-filter=AM", "--raw", "--no-abbrev")
    lines = git(clone, *asked, "--format=", f"--max-count={VERSIONS}", "HEAD", "--", path).splitlines()
    return [line.split()[3] for line in reversed(lines)]


def markdown(clone: Path, blob: str) -> str:
    """The letters of a blob."""
    run = subprocess.run(["git", "cat-file", "blob", blob], cwd=clone, env=CLEAN, capture_output=True, check=True)  # noqa: S607 - git with words of ours
    return run.stdout.decode()


@functools.lru_cache(VERSIONS)
def reference(source: str) -> str:
    """What plain markdown-it makes of a text, with our choice of schemes."""
    plain = MarkdownIt("commonmark", {"html": False}).enable("table")
    plain.validateLink = lambda url: allowed(url, image=True)  # type: ignore[method-assign]
    return str(plain.render(source))


def look(block: Block) -> tuple[object, ...]:
    return (block.kind, *(content.look for content in block.contents))


def test_each_version_renders_as_plain_markdown_it_renders_it(history: History) -> None:
    for source, text in zip(history.sources, history.texts, strict=True):
        assert "".join(map(hypertext.chunk_html, text.chunks)) == reference(source)


def test_what_was_read_once_is_not_parsed_again(history: History, parsed: Parsed) -> None:
    reader = Reader(strict=False)

    for source in history.sources * 2:
        reader.read(source)

    pieces = {piece.rstrip("\n") + "\n" for source in history.sources for piece in split(source)}
    assert len(parsed.pieces) == len(set(parsed.pieces))
    assert set(parsed.pieces) <= pieces | set(history.sources)


def test_reading_a_weave_at_a_version_gives_that_version(history: History) -> None:
    weave = Weave.of(history.texts)

    for version, text in enumerate(history.texts):
        assert [look(strand.item) for strand in weave.at(version)] == [look(block) for block in text.blocks]


def test_a_redline_holds_both_its_versions(history: History) -> None:
    weave = Weave.of(history.texts)

    for old, new in history.pairs:
        html = markup.redline(history.texts[old], history.texts[new], weave.same(old, new)).html()

        assert side(html, "ins") == side(reference(history.sources[old]), "ins"), (old, new)
        assert side(html, "del") == side(reference(history.sources[new]), "del"), (old, new)


def test_a_version_has_not_changed_from_itself(history: History) -> None:
    source, text = history.sources[-1], history.texts[-1]

    found = inforce.compare(text, source)

    assert found.changes == ()
    assert found.html() == hypertext.article(text)


def test_adding_a_version_leaves_the_redline_of_any_two_earlier_ones_alone(history: History) -> None:
    earlier = history.texts[:-1]

    before, after = Weave.of(earlier), Weave.of(history.texts)

    for old, new in itertools.product(range(len(earlier)), repeat=2):
        assert before.same(old, new) == after.same(old, new), (old, new)
