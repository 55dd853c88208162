"""The file of a policy, and what the script of its page makes of it: in Node what the engine makes in Python."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import random
import re
import shutil
import subprocess
import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from inforce import comparison, hypertext, markup
from inforce.build import build
from inforce.markdown import Reader
from inforce.weave import Weave
from tests.histories import CLEAN, git
from tests.projects import project, version
from tests.slow import SECONDS, SLOW
from tests.strategies import document_histories, law
from tests.test_redline import cases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from inforce.text import Text

ROOT = Path(__file__).parent.parent
ON = date(2026, 12, 1)
CORPUS = ROOT / os.environ.get("ACCEPTANCE", "../shared") / "corpus"
BUNDLES = sorted(CORPUS.glob("*.bundle"))
POLICIES = 10
"""So many of each bundle, evenly spread over their names."""
VERSIONS = 60
"""The last so many of each."""
RANDOM = 20
"""So many pairs of each beside the consecutive ones."""
MOST_VERSIONS = 300
LARGE = 100_000
"""Bytes of a text."""
MOST_BYTES = 110 * 1024
"""What the file of so many versions weighs, compressed as servers do."""
MANY = " ".join(f"word{number % 97}" for number in range(6000))
"""More words than are compared with as many others."""

TRICKY = {
    "letters beyond the first plane": [
        "We keep 😀 your 👍🏽 data.",
        "We keep 😀 all 👍🏽 data \U0001d518\U0001d530.",
        "\U0001d518\U0001d530 “x” 😀",
    ],
    "what differs about a target that stays": [
        '![seal](a.png "x") and [terms](b "y") go',
        '![stamp](a.png "x") and [terms](b "z") go',
        "![stamp](a.png) and [terms](b) go",
    ],
    "what has no words": [
        "x\n\n---\n\ny ![](a.png) z\n\n![](b.png)\n\n![ B\n c ](c.png)\n\n| a | b |\n|---|---|\n| | |\n\n```\n```",
        "x\n\ny z\n\n| a | b |\n|---|---|\n| c | |",
        "![](b.png)\n\nx\\\nx\n\ny ![ ](a.png) z\n\n---\n\n| a | b |\n|---|---|\n| | |\n| | |",
    ],
    "capital letters alone": [
        "READ THIS FIRST.\n\n| ONE | TWO |\n|---|---|\n| a | ΟΔΟΣ |\n\n## OUR İSTANBUL OFFICE",
        "Read this first.\n\n| One | Two |\n|---|---|\n| A | οδος |\n\n## Our i̇stanbul office",
        "### our İstanbul office\n\nread this first.",
    ],
    "letters of no width": ["We do co\u00adoperate, \u2060always.", "We do cooperate, al\u200bways.", "\u00ad"],
    "forms of quotes and dashes": [
        "“We” \u2013 it's \u2018ours\u2019 \u2015 yes",
        "\"We\" - it\u2019s 'ours' -- yes",
        "«We» — ours",
    ],
    "Unicode forms": ["Café e\u0301t\u00e9 no\u0308n", "Cafe\u0301 \u00e9te\u0301 n\u00f6n", "\u212b \u0344 x\u0344"],
    "kinds of space": ["30\u00a0days or\u2003so\u3000on", "30 days or so on", "30\u202fdays\u2028or so on"],
    "directions": [
        "We \u202ekeep\u202c names.",
        "We keep \u2066all\u2069 names.",
        "نحن نحتفظ بالاسم",
        "نحن لا نحتفظ بالاسم",
    ],
    "scripts without spaces": ["用户应当在三十天内", "用户必须在60天内", "กรุณาอ่านนโยบาย ๓๐ วัน", "กรุณาอ่านนโยบาย ๖๐ วัน"],
    "just as alike as asked for": [
        "one two three four a b c d e f\n\n# one two three g h",
        "one two three four k l m n o p\n\none two three q r",
        "- one two three four five six a b c d e f g h i\n- one two three four k l m n o p",
    ],
    "headings of all scripts": [
        "# İstanbul ΟΔΟΣ\n\n## Ünsere Größe\n\n## x",
        "## ΟΔΟΣ\n\n## x\n\n## x\n\n## x-2\n\n# ĳ ‼",
    ],
    "names that a script knows": [
        "[a](__proto__) ![b](constructor) [c](toString)",
        "[a](constructor) ![b](__proto__) [c](valueOf)",
    ],
    "places in a text": ["See [this](#a) and [that](b#c).", "See [that](#b).", "Look [here](#c), [this](#a)."],
    "brackets": [
        "within thirty (30) days (of a request), (if any) or more",
        "within sixty (60) days (of the answer), (if none or more",
        "thirty) (30 days (at request), (30) more\n\n| (a |\n|---|\n| b) |",
        "sixty) (60 days (on request), (60) more\n\n| (c |\n|---|\n| d) |",
        'the “Acme” firm (“Acme” or [“the firm”]) is "ours',
        'a „Globex“ group (“Globex” or [“the group”]) is "theirs',
    ],
    "paragraphs that end alike": [
        "One thing here. Two things there. Three more things. Four last things.",
        "One thing here. Two things there.\n\nThree more things.\n\nFour last things.",
        "One thing here.\n\nTwo other things there.\n\nThree more things. Four very last things.",
    ],
    "words too many to compare": [f"a {MANY} b", f"c {MANY[::-1]} d", f"a {MANY} d"],
    "everything dressed": [
        '*a* **b *c*** `d` [e *f*](g "h") ![i](j "k")  \nl<b> & "q" [](m) **n**o',
        '**a** *b **c*** d [e f](g "H") ![I](j)  \n*l*<b> & [q](r) `n`o',
    ],
    "what stands in lists": [
        "3. a\n   - b\n4. c\n\n       code\n\n> - q\n>\n> r\n\n-\n",
        "- a\n\n  1. b\n- c\n\n```py\ncode\n```\n\n> r\n\n1. x\n1. y\n",
        "1. c\n2. a\n3. x\n\n```py\ncode \n```\n\n***\n",
    ],
    "rows that moved and lost a cell": [
        "| a | b |\n|---|---|\n| one two three four five | six |\n| x | y |\n\n# A\n\n| c | d |\n|---|---|\n| z | q |",
        "| a | b |\n|---|---|\n| x | y |\n\n# A\n\n| c | d |\n|---|---|\n| z | q |\n| one two three four five | |",
    ],
    "tables": [
        "| a | b |\n|:--|--:|\n| one two three | 4 |\n| five | 6 |",
        "| b | x | a |\n|:-:|---|---|\n| 4 | - | one two three |\n| 7 | - | five |\n\ntext",
        "text\n\n| a |\n|---|\n| one two three |",
    ],
    "pictures": ["See: ![a](b/c.png?d) e", "See: ![a](/) e", "See: ![f](g/h/) e", "See: ![f]() e"],
    "what begins with nothing": ["", "a", ""],
}


def address(written: str) -> str:
    """Where targets lead, for tests."""
    return written if ":" in written or written.startswith("#") else f"../v/{written}"


def address_before(old: int, written: str) -> str:
    """Where targets of the older text lead: a fragment to its own page."""
    return f"../v{old}/{written}" if written.startswith("#") else address(written)


def made(texts: Sequence[Text], addresses: Sequence[Callable[[str], str]] = ()) -> tuple[Weave, dict[str, Any]]:
    """The weave of a history, and its file, read."""
    weave = Weave.of(texts)
    ways = addresses or [address] * len(texts)
    told = [comparison.Told(f"v{k}", text, way) for k, (text, way) in enumerate(zip(texts, ways, strict=True))]
    return weave, json.loads(comparison.file(told, weave))


def read(*history: str) -> list[Text]:
    reader = Reader(strict=False)
    return [reader.read(source) for source in history]


def every_pair(history: Sequence[str]) -> list[tuple[int, int]]:
    return list(itertools.product(range(len(history)), range(len(history))))


class Script:
    """The script of the page, run by Node."""

    def __init__(self) -> None:
        node = shutil.which("node")
        if node is None:
            tell = pytest.fail if os.environ.get("CI") else pytest.skip
            tell("NOT TESTED: node is missing, and with it any proof that the script shows what the engine shows")
        command = [node, str(ROOT / "tests" / "node" / "compare.mjs")]
        self.run = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")

    def redlines(self, texts: dict[str, Any], pairs: Sequence[tuple[int, int]]) -> Iterator[dict[str, Any]]:
        """What it makes of pairs of versions."""
        assert self.run.stdin
        assert self.run.stdout
        for pair in pairs:
            self.run.stdin.write(json.dumps({"texts": texts, "pairs": [pair]}) + "\n")
            self.run.stdin.flush()
            yield json.loads(self.run.stdout.readline())
            texts = {}

    def close(self) -> None:
        self.run.communicate()


@pytest.fixture(scope="module")
def script() -> Iterator[Script]:
    script = Script()
    yield script
    script.close()


def engine(texts: Sequence[Text], weave: Weave, old: int, new: int) -> dict[str, Any]:
    """What the engine makes of two versions, told as the script tells it."""
    redline = markup.redline(texts[old], texts[new], weave.same(old, new))
    names = ("kinds", "state", "section", "id", "before", "after", "also")
    changes = [{name: getattr(change, name) for name in names} for change in redline.changes]
    before = partial(address_before, old)
    html = hypertext.fitted(redline.html(before, address, notes=markup.FOLDING), texts[old], texts[new])
    told = {"html": html, "changes": changes, "capped": redline.capped}
    return json.loads(json.dumps(told))  # type: ignore[no-any-return]


def differing(script: Script, texts: Sequence[Text], pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs of which script and engine make something else; the first one is shown."""
    weave, file = made(texts)
    out: list[tuple[int, int]] = []
    for (old, new), told in zip(pairs, script.redlines(file, pairs), strict=True):
        told.pop("seconds")
        if told != engine(texts, weave, old, new):
            assert out or told == engine(texts, weave, old, new)
            out.append((old, new))
    return out


# ------------------------------------------------------------------ the script


@law
@given(history=document_histories())
def test_the_script_makes_the_redlines_that_the_engine_makes(script: Script, history: list[str]) -> None:
    assert differing(script, read(*history), every_pair(history)) == []


@pytest.mark.parametrize("history", TRICKY.values(), ids=TRICKY)
def test_it_makes_them_of_what_is_hard_to_tell_apart(script: Script, history: list[str]) -> None:
    assert differing(script, read(*history), every_pair(history)) == []


@pytest.mark.parametrize("history", [pytest.param(versions, id=title) for title, versions, _ in cases()])
def test_it_makes_them_of_each_case_told_in_prose(script: Script, history: list[str]) -> None:
    assert differing(script, read(*history), every_pair(history)) == []


@pytest.mark.parametrize("slow", SLOW.values(), ids=SLOW)
def test_it_is_done_in_time_with_texts_that_are_made_to_be_slow(
    script: Script, slow: Callable[[], tuple[str, str]]
) -> None:
    texts = read(*slow())
    weave, file = made(texts)

    (told,) = script.redlines(file, [(0, 1)])

    assert told.pop("seconds") < SECONDS
    assert told == engine(texts, weave, 0, 1)


@pytest.mark.corpus
@pytest.mark.parametrize("number", range(POLICIES))
@pytest.mark.parametrize("bundle", BUNDLES or [None], ids=lambda bundle: bundle.stem if bundle else "absent")
def test_it_makes_them_of_real_histories(
    script: Script, tmp_path_factory: pytest.TempPathFactory, bundle: Path | None, number: int
) -> None:
    if bundle is None:
        tell = pytest.fail if os.environ.get("CI_CORPUS") == "1" else pytest.skip
        tell(f"no bundles in {CORPUS}: ACCEPTANCE names the folder that holds corpus/*.bundle")
        return
    clone = cloned(bundle, tmp_path_factory)
    texts = read(*sources(clone, number))
    choice = random.Random(number)  # noqa: S311 - no secret
    last = len(texts) - 1
    pairs = list(itertools.pairwise(range(len(texts))))
    pairs += [(choice.randint(0, last), choice.randint(0, last)) for _ in range(RANDOM)]

    assert differing(script, texts, pairs) == []


@pytest.mark.corpus
@pytest.mark.parametrize("bundle", BUNDLES or [None], ids=lambda bundle: bundle.stem if bundle else "absent")
def test_the_file_of_a_real_history_is_small(tmp_path_factory: pytest.TempPathFactory, bundle: Path | None) -> None:
    if bundle is None:
        tell = pytest.fail if os.environ.get("CI_CORPUS") == "1" else pytest.skip
        tell(f"no bundles in {CORPUS}: ACCEPTANCE names the folder that holds corpus/*.bundle")
        return
    clone = cloned(bundle, tmp_path_factory)
    large = {}

    for path in paths(clone):
        found = texts_of(clone, path, MOST_VERSIONS)
        if max(len(source.encode()) for source in found) < LARGE:
            texts = read(*found)
            told = [comparison.Told(f"2020-01-{k}", text, address) for k, text in enumerate(texts)]
            size = len(gzip.compress(comparison.file(told, Weave.of(texts))))
            if size > MOST_BYTES:
                large[path] = size
    assert large == {}


def cloned(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bare clone of a bundle, made once."""
    clone = tmp_path_factory.getbasetemp() / f"compare-{bundle.stem}"
    if not clone.exists():
        git(tmp_path_factory.getbasetemp(), "clone", "--quiet", "--bare", str(bundle), str(clone))
    return clone


def paths(clone: Path) -> list[str]:
    """The policies of a clone."""
    listed = git(clone, "ls-tree", "-r", "--name-only", "-z", "HEAD").split("\0")
    return sorted(path for path in listed if ".md" in path)


def sources(clone: Path, number: int) -> list[str]:
    """The last texts of one of the policies of a clone."""
    listed = paths(clone)
    return texts_of(clone, listed[number * len(listed) // POLICIES], VERSIONS)


def texts_of(clone: Path, path: str, most: int) -> list[str]:
    """The last texts of a policy."""
    asked = ("--first-parent", "--diff-merges=first-parent", "--diff-filter=AM", "--raw", "--no-abbrev", "--format=")
    lines = git(clone, "log", *asked, f"--max-count={most}", "HEAD", "--", path).splitlines()
    blobs = [line.split()[3] for line in reversed(lines)]
    command = ["git", "cat-file", "blob"]
    return [
        subprocess.run([*command, blob], cwd=clone, env=CLEAN, capture_output=True, check=True).stdout.decode()
        for blob in blobs
    ]


# ------------------------------------------------------------------ the file


def test_every_chunk_and_every_content_stands_in_the_file_once() -> None:
    texts = read(
        "# We\n\nkeep\n\nnames", "# We\n\nkeep\n\nall\n\nnames", "names\n\n- keep\n- names", "# We\n\nkeep\n\nnames"
    )

    _, file = made(texts)

    assert sorted(json.dumps(one) for one in file["contents"]) == ['"We"', '"all"', '"keep"', '"names"']
    assert len(file["chunks"]) == 5
    assert [version["id"] for version in file["versions"]] == ["v0", "v1", "v2", "v3"]


def test_a_version_is_told_by_what_differs_from_the_one_before_it() -> None:
    texts = read("a\n\nb\n\nc", "a\n\nc", "a\n\nc", "x\n\na\n\nc")

    _, file = made(texts)

    assert [version["row"] for version in file["versions"]] == [
        [[0, 0, [1, 2, 3]]],
        [[1, 1, []]],
        [],
        [[0, 0, [0]]],
    ]


def test_a_version_is_told_so_too_where_there_are_more_chunks_than_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = read("a\n\nb\n\nc", "a\n\nd\n\nc", "a\n\nd\n\ne", "a\n\nd\n\nf")
    _, file = made(texts)

    monkeypatch.setattr(sys, "maxunicode", 0x103)  # enough for any two versions

    assert made(texts)[1] == file


def test_wordings_of_one_clause_lie_side_by_side() -> None:
    texts = read("# One\n\nWe keep it.\n\n# Two", "# One\n\nWe sell it.\n\n# Two")

    _, file = made(texts)

    assert file["contents"] == ["One", "We keep it.", "We sell it.", "Two"]


def test_where_targets_lead_is_told_once_for_each_way() -> None:
    texts = read("[a](b.md) [c](https://d.example)", "![a](b.png) [a](b.md)", "[a](b.md)")
    ways = [address, address, lambda written: f"../other/{written}"]

    _, file = made(texts, ways)

    assert [version["way"] for version in file["versions"]] == [0, 0, 1]
    assert file["targets"] == ["b.md", "https://d.example", "b.png"]
    assert file["ways"] == [{"0": "../v/b.md", "2": "../v/b.png"}, {"0": "../other/b.md"}]
    assert file["contents"][0] == [["a", 0, "", "a"], " ", ["a", 1, "", "c"]]


def test_every_picture_that_the_file_or_a_redline_shows_is_published(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "privacy/a.md": version("2026-01-10", body="![Seal](seal.png) ![Sign](more/sign.png) one"),
        "privacy/b.md": version("2026-02-10", body="![Seal](seal.png) two"),
        "privacy/c.md": version("2026-03-10", body="![Sign](./more/sign.png) [plan](more/plan.png)"),
        **{f"privacy/{name}.png": b"" for name in ("seal", "more/sign", "more/plan")},
    }
    site = tmp_path / "site"

    build(project(tmp_path, files), site, ON)

    compare = site / "privacy" / "compare"
    shown = {
        compare / where for way in json.loads((compare / "texts.json").read_bytes())["ways"] for where in way.values()
    }
    for page in site.rglob("changes/index.html"):
        shown |= {page.parent / where for where in re.findall(r'<img src="([^"]+)"', page.read_text("utf-8"))}
    found = {path.resolve().relative_to(site.resolve()).as_posix() for path in shown}
    assert found == {
        f"privacy/{name}.png" for name in ("a/seal", "a/more/sign", "b/seal", "c/more/sign", "c/more/plan")
    }
    assert [name for name in sorted(found) if not (site / name).is_file()] == []


def test_anchors_are_told_where_a_browser_might_make_others() -> None:
    _, file = made(read("# Plain words\n\n# Größe\n\nGröße"))

    assert file["slugs"] == {"1": "größe"}


def test_what_characters_beyond_ascii_are_in_words_is_told() -> None:
    _, file = made(read("é e\u0301 ٣ 天 \u00ad “"))

    assert file["letters"] == {"word": "é\u0663天", "digit": "\u0663", "wide": "天", "tail": "\u00ad\u0301"}


def test_the_same_history_makes_the_same_bytes() -> None:
    history = ("# We\n\nkeep [it](a)", "# We\n\n*keep* it", "ok é ü ö")

    files = {json.dumps(made(read(*history))[1]) for _ in range(2)}

    assert len(files) == 1
