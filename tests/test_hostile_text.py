"""What an adversary can write or lay down in ``policies/``: refused in words, or shown as words, and nothing else."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import time
from base64 import b64encode
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inforce import hypertext, markup
from inforce.build import build
from inforce.cli import run
from inforce.markdown import Reader, parse
from inforce.pairing import Memory
from inforce.weave import Weave
from tests.fuzz import targets
from tests.fuzz.live import live
from tests.fuzz.vectors import ON, PICTURES, RUN, VECTORS, hostile, one_line
from tests.projects import project, version
from tests.sides import side
from tests.slow import SECONDS, SLOW

if TYPE_CHECKING:
    from collections.abc import Callable

BUILT = "root/site/"
"""Where a build may write."""
FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
"""Together about ten seconds; tests/fuzz/run.py tries for as long as one likes."""


def files(folder: Path) -> dict[str, bytes]:
    """All that lies in a folder; a link by where it leads."""
    return {
        path.relative_to(folder).as_posix(): str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def built(root: Path, on: date = ON) -> tuple[int, int]:
    """The exit statuses of a check and of a build."""
    told = ["--root", str(root), "--on", str(on)]
    return run(["check", *told]), run(["build", *told, "--out", str(root / "site")])


def lively(site: Path) -> dict[str, list[str]]:
    """What is wrong with the pages of a site."""
    pages = {path.relative_to(site).as_posix(): live(path.read_text("utf-8")) for path in site.rglob("*.html")}
    return {name: wrong for name, wrong in pages.items() if wrong}


# ------------------------------------------------------------------ vectors


def test_there_are_more_than_two_hundred_vectors_each_of_its_own() -> None:
    assert len(set(VECTORS)) == len(VECTORS) > 200


@pytest.mark.parametrize("first", range(0, len(VECTORS), 40))
def test_no_vector_is_live_in_the_html_of_a_text(first: int) -> None:
    for vector in VECTORS[first : first + 40]:
        assert live(hypertext.article(parse(vector)), text=True) == [], vector
        assert live(hypertext.fragment(parse(vector)), text=True) == [], vector


@pytest.mark.parametrize("first", range(0, len(VECTORS), 40))
def test_no_vector_is_live_in_a_redline(first: int) -> None:
    for vector, other in zip(VECTORS[first : first + 40 : 2], VECTORS[first + 1 : first + 40 : 2], strict=False):
        assert live(markup.redline(parse(vector), parse(other)).html(), text=True) == [], (vector, other)


def test_no_vector_is_live_in_any_page_of_a_site_whatever_place_it_stands_in(tmp_path: Path) -> None:
    root = hostile(tmp_path, VECTORS[5::26])

    build(root, root / "site", ON)

    assert lively(root / "site") == {}
    pages = "".join(path.read_text("utf-8") for path in (root / "site").rglob("*.html"))
    assert pages.count(RUN) > len(VECTORS)  # as words they are all there


def test_a_vector_in_the_title_of_the_site_or_of_a_policy_is_shown_as_words(tmp_path: Path) -> None:
    for number, vector in enumerate(VECTORS[::40]):
        told = json.dumps(one_line(vector), ensure_ascii=False)
        chosen = f"[tool.inforce]\ntitle = {told}\n[tool.inforce.policies.a]\ntitle = {told}\n"
        root = project(tmp_path / str(number), {"a/b.md": version("2021-01-10")}, settings=chosen)

        build(root, root / "site", ON)

        assert lively(root / "site") == {}


@pytest.mark.parametrize("key", ["base-url", "source-url", "language", "timezone"])
@pytest.mark.parametrize(
    "value", ["javascript:alert(1)", 'https://a/" onload="x', "https://a/<script>", 'en" onload="x']
)
def test_an_address_or_language_in_the_settings_that_is_none_is_an_error(tmp_path: Path, key: str, value: str) -> None:
    chosen = f"[tool.inforce]\n{key} = {json.dumps(value)}\n"
    root = project(tmp_path, {"a/b.md": version("2021-01-10")}, settings=chosen)

    assert built(root) == (1, 1)


@pytest.mark.parametrize(
    "vector", ["<script>", 'a"b', "a'b", "a&b", "a>b", "a`b", "a=b", "a:b", "a;b", "a%22b", "a\\b", "{{a}}"]
)
def test_a_vector_in_the_name_of_a_policy_or_version_is_an_error(tmp_path: Path, vector: str) -> None:
    for name in (f"{vector}/a.md", f"a/{vector}.md"):
        root = project(tmp_path / name.partition("/")[0], {name: version("2021-01-10")})

        assert built(root) == (1, 1)
        assert not (root / "site").exists()


def test_pictures_of_any_name_are_published_under_it_and_no_page_is_hurt(tmp_path: Path) -> None:
    root = hostile(tmp_path, VECTORS[:1])

    build(root, root / "site", ON)

    published = {
        path.name
        for path in (root / "site/pictures/2020-01-10").iterdir()
        if path.suffix in {".png", ".webp", ".gif", ".jpg"}
    }
    assert published == {name for name in PICTURES if not name.startswith(".")}
    assert lively(root / "site") == {}


def test_the_policy_of_every_page_lets_in_nothing_but_its_own_style_and_pictures(tmp_path: Path) -> None:
    root = project(tmp_path, {"a/a.md": version("2021-01-10"), "a/b.md": version("2021-01-20", body="We keep more.\n")})
    build(root, root / "site", ON)
    run(["redline", "--root", str(root), "a@a", "a@b", "--on", str(ON), "--output", str(tmp_path / "redline.html")])

    pages = [*(root / "site").rglob("*.html"), tmp_path / "redline.html"]

    assert len(pages) > 7
    for path in pages:
        html = path.read_text("utf-8")
        head, meta, policy = re.split(r'(<meta http-equiv="Content-Security-Policy" content=)"([^"]*)">', html)[:3]
        rules = {name: sources for name, *sources in (rule.split() for rule in policy.split(";"))}
        assert meta
        assert not re.search(r"<(?!html|head|meta charset|!doctype)", head, re.IGNORECASE), (
            "it stands before all that it governs"
        )
        assert [rules[name] for name in ("default-src", "base-uri", "form-action")] == [["'none'"]] * 3
        scripts = re.findall(r"<script(?![^>]*(?:application/json| src=))[^>]*>(.*?)</script>", html, re.DOTALL)
        hashes = {f"'sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts}
        own = {"'self'"} if "<script src=" in html else set()
        assert hashes | own == set(rules.get("script-src", []))
        assert set(rules.get("connect-src", [])) <= {"'self'"}
        assert set(rules["img-src"]) <= {"'self'", "data:"}
        assert rules["style-src"] == ["'unsafe-inline'" if path.name == "redline.html" else "'self'"]
        known = {"default-src", "base-uri", "form-action", "script-src", "connect-src", "img-src", "style-src"}
        assert rules.keys() <= known


# ------------------------------------------------------------------ anything at all

SIGNS = st.text(st.characters(codec="utf-8"), max_size=8)
DAYS = st.dates(date(2020, 11, 1), date(2021, 3, 1)).map(str)
WORDS = st.sampled_from([one_line(vector) for vector in VECTORS]) | SIGNS
HEADER = st.lists(
    st.sampled_from(
        [
            "---",
            "...",
            "\n",
            "\n\n",
            ":",
            ":\n",
            "-",
            "[",
            "]",
            "{",
            "}",
            ",",
            "&",
            "*",
            "!",
            "|",
            ">",
            "'",
            '"',
            "#",
            "%",
            "@",
            "`",
            "?",
            "~",
            "null",
            "true",
            "no",
            "\t",
            "\r\n",
            "\ufeff",
            "\x00",
            "\x85",
            "\u2028",
            "<<:",
            "!!python/object:os.system",
            "title:",
            "posted:",
            "effective:",
            "summary:",
            "corrects:",
            "reason:",
            "version:",
            "postponed:",
            "withdrawn:",
            "announced:",
            "to:",
            "note:",
            "2021-01-10",
            "2021-02-30",
            "1:59:59",
            "9999-12-31",
            "0x1F",
            "1e9",
            ".inf",
        ]
    )
    | SIGNS
    | DAYS,
    max_size=25,
).map(lambda parts: "---\ntitle: A\n" + "".join(parts) + "\nposted: 2021-01-10\n---\nText.\n")
TEXT = st.lists(
    st.sampled_from(
        [
            "\n",
            "\n\n",
            "    ",
            "\t",
            "> ",
            "- ",
            "1. ",
            "# ",
            "===\n",
            "---\n",
            "```",
            "~~~",
            "`",
            "*",
            "**",
            "_",
            "[",
            "](",
            "]:",
            " ",
            "<",
            ">",
            "!",
            "![",
            "\\",
            "&",
            "&#0;",
            "&amp;",
            '"',
            "'",
            "(",
            ")",
            "",
            " a ",
            ":-:",
            "https://",
            "javascript:",
            "<!--",
            "-->",
            "￼",
            "\ue000",
            "\u200b",
            "\xad",
            "\x01",
            "We keep",
            "data",
            "a",
        ]
    )
    | st.just("|")
    | st.sampled_from(VECTORS)
    | SIGNS,
    max_size=20,
).map("".join)


@MANY
@given(HEADER.map(str.encode) | st.binary(max_size=60))
def test_whatever_stands_in_a_file_its_facts_are_read_or_refused_in_words(data: bytes) -> None:
    targets.front_matter(data)


@MANY
@given(TEXT, TEXT)
def test_whatever_a_text_holds_nothing_in_it_is_live(old: str, new: str) -> None:
    targets.markdown(f"{old}{targets.PARTS}{new}".encode())


@MANY
@given(
    st.lists(
        st.sampled_from(["[tool.inforce]", "title", "=", '"', "\n", "[", "]", "{", "}", "policies.", "a", "1", "'"])
        | SIGNS,
        max_size=20,
    )
)
def test_whatever_stands_in_the_settings_they_are_read_or_refused_in_words(parts: list[str]) -> None:
    targets.setting("".join(parts).encode())


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | SIGNS
    | DAYS
    | st.sampled_from(["a", "posted", "\ud800", "0" * 64]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "policy",
                    "policies",
                    "versions",
                    "chain",
                    "head",
                    "on",
                    "id",
                    "event",
                    "day",
                    "version",
                    "sha256",
                    "effective",
                    "hash",
                    "posted",
                    "to",
                ]
            )
            | SIGNS,
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@MANY
@given(st.data())
def test_whatever_a_published_site_says_it_is_verified_or_refused_in_words(data: st.DataObject) -> None:
    policies, facts = ((json.loads(half)) for half in targets.SEEDS["published"][0].decode().split(targets.PARTS))
    for table in (policies, policies["policies"][0], facts, facts["versions"][0], facts["chain"][0]):
        for key in data.draw(st.lists(st.sampled_from(sorted(table)), max_size=1)):
            table[key] = data.draw(JSON)

    targets.published((json.dumps(policies) + targets.PARTS + json.dumps(facts)).encode())


def test_a_published_site_nested_without_end_is_refused_in_words() -> None:
    targets.published(b"[" * 100_000)


DRAWN = "drawn"


@st.composite
def projects(draw: st.DrawFn) -> dict[str, str | bytes]:
    """The files of a project whose author is careless, or worse."""

    def words() -> str:
        return json.dumps(one_line(draw(WORDS)) or "x", ensure_ascii=False)

    made: dict[str, str | bytes] = {}
    for number in range(draw(st.integers(1, 5))):
        posted = date(2020, 11, 1) + timedelta(number * draw(st.integers(7, 9)) + draw(st.integers(-3, 3)))
        header = [f"title: {words()}", f"posted: {posted}"]
        header += [f"{key}: {words()}" for key in ("summary", "reason", "version") if draw(st.booleans())]
        kind = draw(st.sampled_from(["", "", "corrects", "effective", "withdrawn", "postponed", DRAWN]))
        effective = posted + timedelta(draw(st.integers(1, 60)))
        header += {
            "corrects": [f"corrects: v{draw(st.integers(0, number))}"],
            "effective": [f"effective: {effective}"],
            "withdrawn": [f"effective: {effective}", f"withdrawn: {posted}"],
            "postponed": [
                f"effective: {effective}",
                f"postponed: [{{announced: {posted}, to: {draw(DAYS)}, note: {words()}}}]",
            ],
            DRAWN: [f"{draw(st.sampled_from(['effective', 'withdrawn', 'corrects']))}: {draw(DAYS | SIGNS)}"],
        }.get(kind, [])
        made[f"p/v{number}.md"] = "\n".join(["---", *header, "---", "Text.", "", draw(TEXT), ""])
    return made


@FEW
@given(projects(), st.dates(date(2020, 11, 1), date(2021, 4, 1)))
def test_a_project_of_any_versions_builds_harmless_pages_or_is_refused_in_words(
    made: dict[str, str | bytes], on: date
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = project(Path(folder) / "root", made)
        before = files(Path(folder))

        checked, done = built(root, on)

        assert checked == done
        assert done in {0, 1}
        after = {name: content for name, content in files(Path(folder)).items() if not name.startswith(BUILT)}
        assert after == before
        assert (root / "site").exists() is (done == 0)
        assert lively(root / "site") == {}


@FEW
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=20)
        | st.sampled_from(
            ["a", "A", "e\u0301", "\u00e9", "..", "con", "-n", "a b", "changes", "index.html", "\u0958" * 70]
        ),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([".md", ".markdown", ".png", "", "/2021.md", "/x.png"]),
)
def test_files_of_any_names_are_published_under_an_address_or_refused_in_words(names: list[str], suffix: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = project(Path(folder) / "root", {"p/a.md": version("2021-01-10")})
        for number, name in enumerate(names):
            path = root / "policies" / "p" / f"{name}{suffix}"
            if (
                not {".", ".."} & {*path.parts}
                and len(os.fsencode(path.parent.name)) < 250
                and len(os.fsencode(path.name)) < 250
            ):
                path.parent.mkdir(exist_ok=True)
                path.write_text(version(str(date(2021, 1, 11) + timedelta(number))), "utf-8")
        before = files(Path(folder))

        checked, done = built(root)

        assert checked in {0, 1}
        assert done in {checked, 3}  # 3: a name that grows longer than the disk takes
        after = {name: content for name, content in files(Path(folder)).items() if not name.startswith(BUILT)}
        assert after == before
        assert lively(root / "site") == {}


# ------------------------------------------------------------------ what takes long


@pytest.mark.parametrize(
    "text",
    [
        "a|b\n-|" + "  |" * 24 + "x\n",
        " ".join("`" * length for length in range(1, 500)) + " <b>\n",
        "a" + "\n" * 60_000,
        "<b>\n" * 40_000,
        "".join(f"# a{number}\n\n[x](#b{number})\n\n" for number in range(2_000)),
    ],
    ids=["cells of blanks", "backticks", "empty lines", "tags", "anchors"],
)
def test_a_text_that_is_made_to_be_slow_is_checked_to_its_end(tmp_path: Path, text: str) -> None:
    root = project(tmp_path, {"p/a.md": version("2021-01-10", body=text)})

    assert run(["check", "--root", str(root), "--on", str(ON)]) == 0


@pytest.mark.parametrize("slow", SLOW.values(), ids=SLOW)
def test_a_text_that_is_made_to_be_slow_is_compared_and_its_redline_holds_both_texts(
    slow: Callable[[], tuple[str, str]],
) -> None:
    old, new = slow()
    start = time.process_time()

    one, two = parse(old, strict=False), parse(new, strict=False)
    redline = markup.redline(one, two)
    html = redline.html()

    assert time.process_time() - start < SECONDS
    assert redline.text()
    assert side(html, "ins") == side(hypertext.article(one), "ins")
    assert side(html, "del") == side(hypertext.article(two), "del")


def test_six_hundred_versions_make_a_redline_each_that_holds_both_texts() -> None:
    reader = Reader()
    texts = [reader.read(f"# Terms\n\nWe keep it for {k % 7} days.\n\nVersion {k}.") for k in range(600)]

    weave, memory = Weave.of(texts), Memory()

    for k, (old, new) in enumerate(pairwise(texts)):
        html = markup.redline(old, new, weave.same(k, k + 1), memory).html()
        assert side(html, "ins") == side(hypertext.article(old), "ins")
        assert side(html, "del") == side(hypertext.article(new), "del")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("`<b>`", ()),
        ("``<b>` <i>``", ()),
        ("``<b>` <i>`", (1,)),
        ("`a` <b>\n`x\ny` <i>\n<u>", (1, 3, 4)),
        ("a\n\nb `\n<b>\n``", (4,)),
        ("` `` <b>` ``", ()),
    ],
)
def test_tags_are_told_of_where_they_stand_outside_of_code(text: str, lines: tuple[int, ...]) -> None:
    assert parse(text).raw_html == lines


# ------------------------------------------------------------------ ways out of the project

SECRET = b"\x89PNG not for the public\n"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file outside of the project that is nobody's business."""
    path = tmp_path / "secret.png"
    path.write_bytes(SECRET)
    return path


def nowhere(site: Path) -> bool:
    """Whether a secret stayed out of a site."""
    return not [
        path for path in site.rglob("*") if path.is_symlink() or (path.is_file() and SECRET in path.read_bytes())
    ]


@pytest.mark.parametrize(
    "target",
    [
        "../secret.png",
        "../../secret.png",
        "../../../secret.png",
        "%2e%2e/%2e%2e/secret.png",
        "..%2f..%2fsecret.png",
        "..\\..\\secret.png",
        "x/../../../../secret.png",
        "/secret.png",
        "/../secret.png",
        "//secret.png",
        "file:///secret.png",
        "./../p/../../secret.png",
        "secret.png%00.png",
        "../../../../../../../../../../etc/passwd",
    ],
)
def test_a_picture_outside_of_its_policy_is_not_published(tmp_path: Path, secret: Path, target: str) -> None:
    root = project(tmp_path / "root", {"p/a.md": version("2021-01-10", body=f"![x](<{target}>) [x](<{target}>)\n")})
    (root / "secret.png").write_bytes(SECRET)
    (root / "policies" / "secret.png").write_bytes(SECRET)

    assert built(root) == (0, 0)
    assert nowhere(root / "site")
    assert secret.read_bytes() == SECRET


@pytest.mark.parametrize("name", ["p/b.md", "p", "q.md", "p/x.png", "p/x"])
def test_a_link_in_the_file_system_is_refused_or_left_alone(tmp_path: Path, secret: Path, name: str) -> None:
    text = version("2021-01-10", body="![x](x.png) ![x](x/secret.png)\n")
    root = project(tmp_path / "root", {"o/a.md": text} if name == "p" else {"p/a.md": text})
    (root / "policies" / name).symlink_to(tmp_path if name in {"p", "p/x"} else secret)

    checked, done = built(root)

    assert checked == done == (0 if "x" in name else 1)
    assert nowhere(root / "site")


def test_policies_that_are_a_link_are_refused(tmp_path: Path) -> None:
    project(tmp_path / "other", {"p/a.md": version("2021-01-10")})
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "policies").symlink_to(tmp_path / "other" / "policies")

    assert built(tmp_path / "root") == (1, 1)


@pytest.mark.parametrize("name", ["p/b.md", "p/x.png"])
def test_a_pipe_among_the_policies_holds_nobody_up(tmp_path: Path, name: str) -> None:
    root = project(tmp_path, {"p/a.md": version("2021-01-10", body="![x](x.png)\n")})
    os.mkfifo(root / "policies" / name)

    assert built(root)[1] == (1 if name.endswith(".md") else 0)


@pytest.mark.parametrize(
    "name", ["line\nbreak", "a\tb", "-n", "CON", "aux", "a.", "a..b", "\u202ea", "\u0958" * 70, "a" * 250, "..a"]
)
def test_strange_names_of_versions_stay_within_the_site(tmp_path: Path, name: str) -> None:
    root = project(tmp_path / "root", {"p/a.md": version("2021-01-10"), f"p/{name}.md": version("2021-01-20")})
    before = files(tmp_path)

    checked, done = built(root)

    assert checked in {0, 1}
    assert done in {checked, 3}
    assert {path: data for path, data in files(tmp_path).items() if not path.startswith(BUILT)} == before
    assert lively(root / "site") == {}


@pytest.mark.parametrize(
    "names", [("a", "A"), ("\u00e9", "e\u0301"), ("stra\u00dfe", "strasse"), ("a b", "a-b"), ("\ufb01", "fi")]
)
def test_names_that_a_disk_or_a_browser_takes_for_one_are_refused(tmp_path: Path, names: tuple[str, str]) -> None:
    texts = {f"p/{name}.md": version(f"2021-01-{10 + k}", body=f"Text {k}.\n") for k, name in enumerate(names)}

    assert built(project(tmp_path, texts)) == (1, 1)


@pytest.mark.parametrize("name", ["site/p", "site/.inforce", "site/index.html", "site/p/a/index.html"])
def test_a_link_in_the_site_is_not_written_through(tmp_path: Path, secret: Path, name: str) -> None:
    root = project(tmp_path / "root", {"p/a.md": version("2021-01-10")})
    path = root / name
    path.parent.mkdir(parents=True)
    aside = tmp_path / "aside"
    aside.mkdir()
    path.symlink_to(secret if name.endswith(".html") else aside)

    assert built(root) == (0, 3)
    assert secret.read_bytes() == SECRET
    assert list(aside.iterdir()) == []


def test_a_manifest_that_names_files_outside_of_the_site_removes_none(tmp_path: Path, secret: Path) -> None:
    root = project(tmp_path / "root", {"p/a.md": version("2021-01-10")})
    assert built(root) == (0, 0)
    manifest = root / "site" / "manifest.json"
    known = json.loads(manifest.read_bytes())
    for path in ("../../secret.png", str(secret), "p/../../../secret.png"):
        known["files"][path] = hashlib.sha256(SECRET).hexdigest()
    manifest.write_text(json.dumps(known), "utf-8")

    assert built(root, ON + timedelta(30)) == (0, 0)
    assert secret.read_bytes() == SECRET


@pytest.mark.parametrize("name", ["../../x", "/etc", "..", ".", "a/b", "", "a\0b"])
def test_a_published_site_cannot_name_a_file_outside_of_it(tmp_path: Path, name: str) -> None:
    (tmp_path / "policies.json").write_text(json.dumps({"on": "2021-01-10", "policies": [{"policy": name}]}), "utf-8")

    assert run(["verify", str(tmp_path)]) == 3
