"""What authors may well write and nobody thinks of: each page stays valid, and says all that it has to say."""

from __future__ import annotations

import re
from html import unescape

import html5lib
import pytest

from inforce.build import build
from tests.projects import project, version
from tests.test_templates import LATER, ON, words

TITLE = "A title of thirty characters, " * 9 + "which makes three hundred all."
SUMMARY = """summary: |
  # A <b>heading</b>

  We **keep** [less](../plain/) of `it` &amp; <script>alert(1)</script>:

  1. names
  2. places

  > quoted

  | what | how long |
  |------|----------|
  | name | a year   |
"""
WIDE = "|" + "|".join(f"Column {n}" for n in range(12)) + "|\n|" + "---|" * 12 + "\n|" + "Some words|" * 12 + "\n"
ARABIC = "نحتفظ بالعنوان الذي تقدمه لنا ما دام القانون. " * 20
CHINESE = "我们保留您提供的地址。" * 40
FILES = {
    "arabic/a.md": version("2026-10-01", title="سياسة", body=f"## النطاق\n\n{ARABIC}\n"),
    "arabic/b.md": version("2026-11-20", "summary: أقصر.", title="سياسة", body=f"## النطاق\n\n{ARABIC}آخر.\n"),
    "chinese/a.md": version("2026-10-01", title="隐私政策", body=f"## 范围\n\n{CHINESE}\n"),
    "chinese/b.md": version("2026-11-20", "summary: 更少。", title="隐私政策", body=f"## 范围\n\n{CHINESE}少。\n"),
    "table/a.md": version("2026-10-01", body=WIDE),
    "table/b.md": version("2026-11-20", SUMMARY, body=WIDE.replace("Some", "Other", 3)),
    "title/a.md": version("2026-10-01", title=TITLE),
    "title/b.md": version("2026-11-20", title="Donaudampfschifffahrt" * 14, body="We keep nothing.\n"),
    "headings/a.md": version("2026-10-01", body="".join(f"## {n}. Clause\n\nA.\n\n" for n in range(400))),
    "headings/b.md": version("2026-11-20", body="".join(f"## {n}. Clause\n\nB.\n\n" for n in range(400))),
    "plain/a.md": version("2026-10-01", body="We keep your name for a year.\n\n" * 9),
    "five/a.md": version("2026-10-01"),
    **{
        f"five/{n}.md": version(f"2026-11-1{n}", f"effective: 2027-01-0{n}", SUMMARY, body=f"We keep {n}.\n")
        for n in range(1, 6)
    },
    "nothing/a.md": version("2026-11-01", "effective: 2027-01-01"),
}
"""As of 1 December 2026: other scripts and directions, long titles, wide tables, many headings or none, much pending or
nothing in force, and markup in summaries."""
SETTINGS = "".join(
    f'[tool.inforce.policies.{policy}]\nlanguage = "{language}"\n'
    for policy, language in (("arabic", "ar"), ("chinese", "zh"))
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("bad")
    build(project(folder, FILES, settings=SETTINGS), folder / "site", ON)
    return {
        path.relative_to(folder / "site").as_posix().removesuffix("index.html"): path.read_text("utf-8")
        for path in (folder / "site").rglob("*.html")
    }


def test_every_page_is_valid_and_has_one_title_and_one_main_part(site: dict[str, str]) -> None:
    assert len(site) > 40
    for address, html in site.items():
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
        ids = [one.get("id") for one in tree.iter() if one.get("id")]
        assert len(tree.findall(".//h1")) == len(tree.findall(".//main")) == 1, address
        assert len(ids) == len(set(ids)), address


def test_a_title_of_three_hundred_characters_stands_whole_on_its_pages(site: dict[str, str]) -> None:
    assert len(TITLE) == 300
    assert f' class="long">{TITLE}</h1>' in unescape(site["title/a/"])
    assert f"{TITLE}</bdi>: history</h1>" in unescape(site["title/history/"])


def test_a_summary_keeps_its_markup_and_runs_none(site: dict[str, str]) -> None:
    for address in ("table/", "table/b/", "table/b/changes/", "table/history/", "five/"):
        html = site[address]
        assert "<p><strong>A &lt;b&gt;heading&lt;/b&gt;</strong></p>" in html
        assert "<script>alert" not in html
        assert re.search(
            r'We <strong>keep</strong> <a href="(\.\./)+plain/">less</a> of <code>it</code> &amp; &lt;s', html
        )
        assert "<td>a year</td>" in html


def test_four_hundred_headings_are_all_listed_and_none_lists_nothing(site: dict[str, str]) -> None:
    listed = re.findall(r'<li class="level-1"><a href="#([^"]*)">', site["headings/"])

    assert len(listed) == 400
    assert all(f'id="{anchor}"' in site["headings/"] for anchor in listed)
    assert "400 changes in 400 sections: 400 reworded" in site["headings/b/changes/"]
    assert 'id="_contents"' not in site["plain/"]


def test_each_script_has_its_language_and_direction_and_the_page_its_own(site: dict[str, str]) -> None:
    for address in ("arabic/", "arabic/b/", "arabic/b/changes/"):
        assert '<html lang="en" dir="ltr"' in site[address]
        assert '<article lang="ar" dir="rtl"' in site[address]
    assert '<article lang="zh" dir="ltr"' in site["chinese/"]
    assert "<ins>少。</ins>" in site["chinese/b/changes/"]


def test_five_that_are_pending_are_told_in_the_order_of_their_days(site: dict[str, str]) -> None:
    told = re.findall(r"A new version takes effect on (\d) January 2027\.", words(site["five/"]))

    assert told == ["1", "2", "3", "4", "5"]
    assert "The new text" in words(site["five/"])


def test_a_policy_with_nothing_in_force_says_from_when_it_is(site: dict[str, str]) -> None:
    said = words(LATER.sub("", site["nothing/"]))

    assert said.startswith("Privacy Not in force before 1 January 2027 This policy takes effect on 1 January 2027.")
    assert "<article" not in site["nothing/"]
