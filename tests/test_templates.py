from __future__ import annotations

import gzip
import re
from base64 import b64encode
from datetime import date, timedelta
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inforce.build import build
from inforce.render import squeezed
from inforce.templating import default_templates
from tests.projects import project, version

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parent.parent
TEXT = "## Scope\n\nWe keep {}.\n\n## Payment\n\nPay within {} days.\n\n## Law\n\nThe law of Larkfield.\n"
STANDINGS = {
    "terms/2025-01-10.md": version("2025-01-10", "version: '1.0'", body=TEXT.format("names", 30)),
    "terms/2025-03-01.md": version("2025-03-01", "effective: 2025-09-01", body=TEXT.format("names", 14)),
    "terms/2025-05-01.md": version(
        "2025-05-01", "effective: 2025-05-10", "reason: security", body=TEXT.format("names", 7)
    ),
    "terms/2025-06-01.md": version(
        "2025-06-01", "corrects: 2025-05-01", "summary: A slip.", body=TEXT.format("a name", 7)
    ),
    "terms/2025-10-01.md": version("2025-10-01", "withdrawn: 2025-10-20", body=TEXT.format("all", 7)),
    "terms/2026-02-01.md": version(
        "2026-02-01",
        "postponed:",
        "  - {announced: 2026-02-20, to: 2026-05-01, note: Not ready.}",
        "  - {announced: 2026-03-20, to: 2026-04-15}",
        body=TEXT.format("names", 60),
    ),
    "terms/2026-04-20.md": version("2026-04-20", "corrects: 2025-06-01", body=TEXT.format("no name", 7)),
    "terms/2026-11-01.md": version("2026-11-01", "effective: 2027-02-01", body=TEXT.format("names", 8)),
    "terms/2026-11-20.md": version(
        "2026-11-20", "effective: 2026-12-24", "reason: our landlord asked.", body=TEXT.format("names", 9)
    ),
    "terms/2026-11-25.md": version(
        "2026-11-25", "effective: 2027-01-24", "summary: Next.", body=TEXT.format("names", 10)
    ),
    "terms/2026-11-28.md": version(
        "2026-11-28", "corrects: 2026-11-25", "summary: Next, mended.", body=TEXT.format("names", 11)
    ),
}
"""As of 1 December 2026, a version of each standing."""
ON = date(2026, 12, 1)
LATER = re.compile("<template.*?</template>", re.DOTALL)
"""What a script may show on a later day."""


def site(folder: Path, files: Mapping[str, str | bytes], on: date = ON, settings: str = "") -> dict[str, str]:
    """The pages of a project by their addresses, as they read without script."""
    out = folder / f"site-{on}"
    build(project(folder, files, settings=settings), out, on)
    return {
        f"/{path.relative_to(out).as_posix().removesuffix('index.html')}": LATER.sub("", path.read_text("utf-8"))
        for path in out.rglob("*.html")
    }


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return site(tmp_path_factory.mktemp("standings"), STANDINGS)


def words(html: str) -> str:
    """What a reader reads of a page besides the text of the policy."""
    main = re.sub(r"<article.*?</article>", "", html[html.index("<main") : html.index("</main>")], flags=re.DOTALL)
    plain = " ".join(unescape(re.sub(r"<(?!/?(?:a|b|bdi|time|span)\b)[^>]*>", " ", main)).split())
    return re.sub(r"<[^>]*>", "", plain)


def facts(html: str) -> str:
    """The line under the title."""
    found = re.search(r'<ul class="facts">.*?</ul>', html, re.DOTALL)
    assert found
    return " · ".join(words(f"<main>{item}</main>") for item in re.findall(r"<li>.*?</li>", found[0], re.DOTALL))


# ------------------------------------------------------------------ what stays true


def test_no_page_says_a_word_that_turns_false_with_time(pages: dict[str, str]) -> None:
    for address, html in pages.items():
        fleeting = re.search(r"\b(now|today|currently|latest|recent|soon|yet|days? ago|in \d+ days)\b", words(html))

        assert not fleeting, f"{address}: {fleeting}"


def test_pages_change_only_on_the_days_on_which_something_happens(tmp_path: Path) -> None:
    def made(on: date) -> dict[str, str]:
        """All pages but the one that says by which day it knows what it says."""
        return {address: html for address, html in site(tmp_path, STANDINGS, on).items() if address != "/terms/on/"}

    first = made(ON)

    for days in (1, 10, 22):
        assert made(ON + timedelta(days)) == first

    assert made(date(2026, 12, 24)) != first


# ------------------------------------------------------------------ where a version stands


@pytest.mark.parametrize(
    ("id_", "line"),
    [
        ("2025-01-10", "Was in force from 10 January 2025 through 9 May 2025 · Version 1.0"),
        ("2025-03-01", "Overtaken on 10 May 2025, never in force · Version 2025-03-01"),
        ("2025-10-01", "Withdrawn on 20 October 2025, never in force · Version 2025-10-01"),
        ("2026-02-01", "In force from 15 April 2026 through 23 December 2026 · Version 2026-02-01"),
        ("2026-04-20", "Never in force · Version 2026-04-20"),
        ("2026-11-01", "Overtaken on 24 December 2026, never in force · Version 2026-11-01"),
        ("2026-11-20", "Takes effect on 24 December 2026, in force through 23 January 2027 · Version 2026-11-20"),
        ("2026-11-25", "Never in force · Version 2026-11-25"),
        ("2026-11-28", "Takes effect on 24 January 2027 · Version 2026-11-28"),
    ],
)
def test_the_line_under_the_title_says_when_a_version_was_posted_and_where_it_stands(
    pages: dict[str, str], id_: str, line: str
) -> None:
    shown = facts(pages[f"/terms/{id_}/"])

    assert shown.partition(" · ")[2] == line
    assert shown.startswith("Posted ")
    assert f'Posted</b> <time datetime="{id_}">' in pages[f"/terms/{id_}/"]


@pytest.mark.parametrize(
    ("id_", "sentence"),
    [
        (
            "2025-01-10",
            (
                "This text was in force from 10 January 2025 through 9 May 2025. "
                "It was replaced on 10 May 2025 by version 2025-05-01."
            ),
        ),
        (
            "2025-03-01",
            (
                "This text never takes effect. It was to do so on 1 September 2025, but a later one, "
                "version 2025-05-01, takes effect on 10 May 2025 and overtakes it."
            ),
        ),
        ("2025-05-01", "Corrected on 1 June 2025 by version 2025-06-01. Reason for shorter notice: security."),
        ("2025-06-01", "Corrects version 2025-05-01."),
        (
            "2025-10-01",
            "This text was withdrawn on 20 October 2025 and never took effect; it was to do so on 31 October 2025.",
        ),
        ("2026-02-01", "Postponed on 20 February 2026 from 3 March 2026 to 1 May 2026. Not ready."),
        ("2026-02-01", "Brought forward on 20 March 2026 from 1 May 2026 to 15 April 2026."),
        (
            "2026-02-01",
            (
                "This text is in force from 15 April 2026 through 23 December 2026. "
                "It is replaced on 24 December 2026 by version 2026-11-20."
            ),
        ),
        ("2026-04-20", "on the day on which it was posted, what it corrects was not in force."),
        (
            "2026-11-20",
            (
                "This text takes effect on 24 December 2026 and is not in force before that day. "
                "It is replaced on 24 January 2027 by version 2026-11-28."
            ),
        ),
        ("2026-11-20", "Reason: our landlord asked."),
        (
            "2026-11-25",
            (
                "This text never takes effect: version 2026-11-28 corrects it and takes effect in its place on "
                "24 January 2027."
            ),
        ),
        ("2026-11-25", "Corrected on 28 November 2026 by version 2026-11-28."),
    ],
)
def test_a_version_says_what_became_of_it_and_where_the_text_in_force_stands(
    pages: dict[str, str], id_: str, sentence: str
) -> None:
    page = words(pages[f"/terms/{id_}/"])

    assert sentence in page
    assert "For the text in force see Privacy." in page


def test_of_two_corrections_of_one_day_the_first_says_that_the_second_took_its_place(tmp_path: Path) -> None:
    files = {
        "terms/a.md": version("2026-01-10", body=TEXT.format("names", 1)),
        "terms/b.md": version("2026-03-10", "corrects: a", body=TEXT.format("names", 2)),
        "terms/c.md": version("2026-03-10", "corrects: a", body=TEXT.format("names", 3)),
    }

    page = words(site(tmp_path, files)["/terms/b/"])

    assert "This text was never in force: version c, posted on the same day, took its place." in page


def test_of_two_corrections_of_a_pending_version_the_first_says_that_the_second_takes_its_place(
    tmp_path: Path,
) -> None:
    files = {
        "terms/a.md": version("2026-01-10", body=TEXT.format("names", 1)),
        "terms/b.md": version("2026-11-10", "effective: 2027-01-01", body=TEXT.format("names", 2)),
        "terms/c.md": version("2026-11-12", "corrects: b", body=TEXT.format("names", 3)),
        "terms/d.md": version("2026-11-14", "corrects: b", body=TEXT.format("names", 4)),
    }

    page = words(site(tmp_path, files)["/terms/c/"])

    told = "This text never takes effect: a later correction, version d, takes effect in its place on 1 January 2027."
    assert told in page
    assert "Never in force" in page
    assert "overtake" not in page.lower()


def test_a_version_whose_correction_governs_in_its_place_is_not_called_replaced(pages: dict[str, str]) -> None:
    assert "replaced" not in words(pages["/terms/2025-05-01/"])


@pytest.mark.parametrize("said", ["Corrects version", "Corrected on", "Postponed on", "Reason for", "Withdrawn on"])
def test_the_history_says_the_same(pages: dict[str, str], said: str) -> None:
    assert said in words(pages["/terms/history/"])


def test_the_history_lists_every_version_the_last_posted_first(pages: dict[str, str]) -> None:
    listed = re.findall(r'<th scope="row"><a href="\.\./([^/]*)/">', pages["/terms/history/"])

    assert sorted(listed) == sorted(path[6:-3] for path in STANDINGS)
    assert (listed[0], listed[-1]) == ("2026-11-28", "2025-01-10")


# ------------------------------------------------------------------ what is coming


def test_the_text_in_force_stands_below_notices_of_all_that_is_coming(pages: dict[str, str]) -> None:
    page = words(pages["/terms/"])

    found = [
        page.index(sentence)
        for sentence in (
            "A new version takes effect on 24 December 2026. Reason: our landlord asked.",
            "What changes from version 2026-11-01 The new text",
            (
                "A new version takes effect on 24 January 2027. Next. "
                "Corrected on 28 November 2026 by version 2026-11-28. Next, mended. "
                "What changes from version 2026-11-20 What is corrected The new text"
            ),
            "Version 2026-11-01 never takes effect.",
        )
    ]
    assert found == sorted(found)


def test_a_policy_that_is_not_in_force_says_from_which_day_it_will_be(tmp_path: Path) -> None:
    files = {
        "licence/2026-11-28.md": version("2026-11-28", "effective: 2026-12-15"),
        "licence/2026-11-30.md": version("2026-11-30", body="We keep your address.\n"),
    }

    pages = site(tmp_path, files)

    assert words(pages["/licence/"]).startswith(
        "Privacy Not in force before 15 December 2026 This policy takes effect on 15 December 2026. The text "
        "A new version takes effect on 30 December 2026. What changes from version 2026-11-28 The new text"
    )
    assert "data-version" not in pages["/licence/"]
    assert "<article" not in pages["/licence/"]
    assert "It takes effect on 15 December 2026: the new text." in words(pages["/"])


def test_a_policy_whose_versions_were_all_withdrawn_says_so(tmp_path: Path) -> None:
    files = {"licence/2026-11-01.md": version("2026-11-01", "effective: 2026-12-15", "withdrawn: 2026-11-10")}

    assert (
        words(site(tmp_path, files)["/licence/"])
        == "Privacy Version 2026-11-01 Withdrawn on 10 November 2026, never in force"
    )


def test_a_long_summary_is_folded_and_a_short_one_is_not(tmp_path: Path) -> None:
    files = {
        "a/2026-11-01.md": version("2026-11-01", f"summary: {'Long. ' * 200}"),
        "b/2026-11-01.md": version("2026-11-01", "summary: Short."),
    }

    pages = site(tmp_path, files)

    assert '<details class="summary">' in pages["/a/2026-11-01/"]
    assert '<div class="summary"' in pages["/b/2026-11-01/"]


def test_a_site_without_policies_in_sight_says_so(tmp_path: Path) -> None:
    pages = site(tmp_path, {"a/2027-01-01.md": version("2027-01-01")})

    assert words(pages["/"]) == "Policies Policies appear here on the day on which they are posted."
    assert words(pages["/404.html"]) == "There is nothing at this address"


# ------------------------------------------------------------------ the form of a page


def test_a_page_that_shows_a_text_has_it_in_one_article_and_says_which_it_is(pages: dict[str, str]) -> None:
    for address in ("/terms/", "/terms/2026-02-01/", "/terms/2026-02-01/changes/"):
        html = pages[address]

        assert html.count("<article") == 1
        assert '<main id="_main" data-policy="terms" data-version="2026-02-01" data-standing="in force"' in html


def test_ids_of_the_page_itself_cannot_be_those_of_a_heading(pages: dict[str, str]) -> None:
    for html in pages.values():
        around = re.sub(r"<article.*?</article>", "", html, flags=re.DOTALL)

        # That of a heading begins with no low line, and holds no two dots, as those of comparisons do.
        assert all(id_.startswith("_") or ".." in id_ for id_ in re.findall(r' id="([^"]*)"', around))


def test_no_page_runs_a_script_that_it_does_not_name_or_asks_another_site(
    tmp_path: Path,
) -> None:
    body = "# T\n\n| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |\n\n---\n"

    for address, html in site(tmp_path, {"a/2026-11-01.md": version("2026-11-01", body=body)}).items():
        files = r" src=\"(?:\.\./)+(?:reading|redline|compare)\.js\" defer| type=\"application/ld\+json\""  # or data
        named = rf"<script(?:{files})?>.*?</script>"
        own = re.sub(named, "", html, flags=re.DOTALL)
        allowed = set(re.findall(r"'sha256-[^']*'", html))
        within = re.findall(r"<script(?: type=\"application/ld\+json\")?>(.*?)</script>", html, re.DOTALL)
        hashed = {sha256(one.encode()).digest() for one in within}
        assert not re.search(r"<script|<style|style=|https?://| />", own), address
        assert allowed == {f"'sha256-{b64encode(one).decode()}'" for one in hashed}
        rule = r"content=\"default-src 'none';(?: script-src(?: '[^']*')+;)? connect-src 'self'; style-src 'self'"
        assert re.search(rule, html)


def test_headings_of_a_text_are_lower_than_the_title_of_its_page(tmp_path: Path) -> None:
    body = "# Privacy\n\nA.\n\n## One\n\nB.\n\n###### Six\n\nC.\n"
    files = {
        "a/2026-11-01.md": version("2026-11-01", body=body),
        "a/2026-11-02.md": version("2026-11-02", body=body.replace("A.", "D.")),
    }

    pages = site(tmp_path, files)

    for address in ("/a/", "/a/2026-11-02/changes/"):
        assert re.findall(r"<h(\d)", pages[address]) == ["1", "2", "3", "6"]


@pytest.mark.parametrize(("heading", "again"), [("# Privacy", True), ("# Cookies", False), ("## Privacy", False)])
def test_a_title_that_stands_in_the_text_too_is_shown_once(tmp_path: Path, heading: str, *, again: bool) -> None:
    pages = site(tmp_path, {"a/2026-11-01.md": version("2026-11-01", body=f"{heading}\n\nA.\n")})

    assert ('class="titled"' in pages["/a/"]) is again


def test_contents_are_listed_from_three_headings_on_two_levels_below_the_first(tmp_path: Path) -> None:
    few = "# Privacy\n\n## One\n\n## Two\n"
    many = few + "\n### Deep\n\n#### Deeper\n\n##### Deepest\n"
    files = {
        "a/2026-11-01.md": version("2026-11-01", body=few),
        "b/2026-11-01.md": version("2026-11-01", body=many),
    }

    pages = site(tmp_path, files)

    assert 'class="contents"' not in pages["/a/"]
    assert re.findall(r'<li class="(.*?)"><a href="#(.*?)">', pages["/b/"]) == [
        ("level-1", "one"),
        ("level-1", "two"),
        ("level-2", "deep"),
        ("level-3", "deeper"),
    ]


def test_a_table_scrolls_in_a_box_of_its_own_and_keeps_the_sides_of_its_columns(tmp_path: Path) -> None:
    body = "| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |\n"

    html = site(tmp_path, {"a/2026-11-01.md": version("2026-11-01", body=body)})["/a/"]

    assert '<div class="table" role="group" aria-label="Table" tabindex="0"><table>' in html
    assert re.findall(r"<td(.*?)>", html) == [' class="left"', ' class="center"', ' class="right"']


def test_words_that_stand_are_listed_without_marks_and_each_target_that_changed(tmp_path: Path) -> None:
    old = "*Styled* words.\n\n1. one\n\n---\n\nSee [a](https://a.example/) and [b](https://b.example/)."
    new = "Styled words.\n\n5. one\n\n---\n\nSee [a](https://c.example/) and [b](https://d.example/)."
    texts = {"a/1.md": version("2025-01-10", body=old), "a/2.md": version("2026-10-01", body=new)}

    listed = site(tmp_path, texts)["/a/2/changes/"].split('<details class="changes')[1].split("</details>")[0]

    assert re.findall(r"<bdi[^>]*>(.*?)</bdi>", listed, re.DOTALL) == [
        "Styled",
        "1 → 5",
        """<del>https://a.example/</del> <ins>https://c.example/</ins><br>
<del>https://b.example/</del> <ins>https://d.example/</ins>""",
    ]


def test_a_policy_is_shown_in_its_own_language_and_direction(tmp_path: Path) -> None:
    settings = '[tool.inforce.policies.a]\nlanguage = "ar"\n'

    html = site(tmp_path, {"a/2026-11-01.md": version("2026-11-01", title="سياسة")}, settings=settings)["/a/"]

    assert '<html lang="en" dir="ltr" ' in html
    assert '<h1 lang="ar" dir="rtl">سياسة</h1>' in html
    assert '<article lang="ar" dir="rtl" ' in html


def test_words_are_of_their_own_language_where_it_is_not_that_of_the_site(tmp_path: Path) -> None:
    settings = '[tool.inforce]\ntitle = "سياسات"\nlanguage = "ar"\nfooter = "اكتب لنا"\n'
    own = '[tool.inforce.policies.a]\nlanguage = "ar"\n'
    name, title = "سياسات", "سياسة"
    files = {"a/2026-11-01.md": version("2026-11-01", title=title)}
    pages = site(tmp_path, files, settings=settings)

    page = pages["/a/"]

    assert '<html lang="ar" dir="rtl" ' in page
    assert '<body lang="en" dir="ltr">' in page
    assert '<time datetime="2026-11-01" lang="ar" dir="rtl">1 نوفمبر 2026</time>' in page
    assert '<a href="../" lang="ar" dir="rtl">سياسات</a>' in page
    assert '<div lang="ar" dir="rtl">\n<p>اكتب لنا</p>' in page
    assert '<h1 lang="ar" dir="rtl">سياسات</h1>' in pages["/"]
    assert "effective \u20681 نوفمبر 2026\u2069</option>" in pages["/a/compare/"]
    assert f"<title>Not found \u2013 \u2068{name}\u2069</title>" in pages["/404.html"]
    assert f"<title>\u2068{title}\u2069: history</title>" in site(tmp_path / "own", files, settings=own)["/a/history/"]


@pytest.mark.parametrize(("language", "spoken"), [("en-GB", "en"), ("ar", "ar")])
def test_words_of_the_language_of_the_site_are_not_marked(language: str, spoken: str, tmp_path: Path) -> None:
    root = project(
        tmp_path, {"a/2026-11-01.md": version("2026-11-01")}, settings=f'[tool.inforce]\nlanguage = "{language}"\n'
    )
    words = (default_templates() / "_words.html").read_text("utf-8")
    root.joinpath("templates").mkdir()
    root.joinpath("templates/_words.html").write_text(words.replace('spoken = "en"', f'spoken = "{spoken}"'), "utf-8")
    build(root, root / "site", ON)

    page = (root / "site/a/index.html").read_text("utf-8")

    assert "<body>" in page
    assert '<time datetime="2026-11-01">' in page


def test_a_title_as_long_as_a_sentence_is_set_smaller(tmp_path: Path) -> None:
    pages = site(tmp_path, {"a/2026-11-01.md": version("2026-11-01", title="long " * 60)})

    for address in ("/a/", "/a/2026-11-01/", "/a/history/"):
        assert re.search(r'<h1[^>]*class="long"', pages[address])


def test_the_page_for_lost_readers_works_at_any_address(tmp_path: Path) -> None:
    settings = """[tool.inforce]
base-url = "https://example.com/legal"
footer = "[Terms](/a-b/), [mail](mailto:us@example.com), [away](//example.org/x)."
"""

    html = site(tmp_path, {"a b/2026-11-01.md": version("2026-11-01")}, settings=settings)["/404.html"]

    links = re.findall(r'href="([^#"]+)"', html)
    own = [f"https://example.com/legal/{path}" for path in ("style.css", "", "a-b/", "a-b/")]
    assert links == ["data:,", *own, "mailto:us@example.com", "//example.org/x"]


def test_a_printed_page_names_the_address_that_stays(tmp_path: Path) -> None:
    settings = '[tool.inforce]\nbase-url = "https://example.com"\n'

    html = site(tmp_path, {"a/2026-11-01.md": version("2026-11-01")}, settings=settings)["/a/"]

    assert '<p class="paper">https://example.com/a/2026-11-01/ · Version 2026-11-01, posted 1 November 2026</p>' in html
    assert ' data-sheet="https://example.com/a/2026-11-01/ · Version 2026-11-01, posted 1 November 2026">' in html


def test_a_long_history_has_a_head_for_each_year_and_links_that_lead_there(tmp_path: Path) -> None:
    days = [date(2024, 6, 1) + timedelta(days=20 * number) for number in range(30)]
    files = {f"a/{day}.md": version(str(day), f"effective: {day}\nreason: legal") for day in days}
    files["a/z.md"] = version("2026-02-01", f"corrects: {days[0]}")

    long = site(tmp_path / "long", files)["/a/history/"]
    short = site(tmp_path / "short", {name: files[name] for name in list(files)[:20]})["/a/history/"]

    heads = re.findall(r'id="_(\d+)">Posted in (\d+)<|row"><a href="[^"]*">([^<]*)</a>', long)
    assert re.findall(r'<li><a href="#_(\d+)">\1</a></li>', long) == ["2026", "2025", "2024"]
    assert [one for one, _, _ in heads if one] == ["2026", "2025", "2024"]
    assert long.count("<tbody>") == long.count("</tbody>") == 3
    assert "Posted in" not in short
    assert "<nav" not in short


def test_a_printed_list_names_its_address_and_what_it_knows_of(tmp_path: Path) -> None:
    settings = '[tool.inforce]\nbase-url = "https://example.com"\n'

    pages = site(tmp_path, {"a/2026-11-01.md": version("2026-11-01")}, settings=settings)

    for address, known in (
        ("/", "all that was posted by 1 November 2026"),
        ("/a/history/", "all that was posted by 1 November 2026"),
        ("/a/on/", "all that was posted by 1 December 2026"),
    ):
        assert f'<p class="paper">https://example.com{address} · with {known}</p>' in pages[address]
        assert f' data-sheet="https://example.com{address} · with {known}">' in pages[address]


def test_the_text_in_force_of_the_sample_weighs_little_with_all_that_it_loads(tmp_path: Path) -> None:
    build(ROOT, tmp_path, ON)
    html = (tmp_path / "privacy/index.html").read_text("utf-8")

    loaded = re.findall(r'<(?:script src|link rel="(?:stylesheet|icon)" href|img src)="([^":]+)"', html)
    files = [tmp_path / "privacy" / one for one in loaded]

    assert {file.name for file in files} == {"reading.js", "style.css"}
    assert sum(len(gzip.compress(one.read_bytes())) for one in (tmp_path / "privacy/index.html", *files)) <= 30_000


def test_the_stylesheet_is_small_and_asks_nobody() -> None:
    css = squeezed((default_templates() / "style.css").read_text("utf-8"))

    assert len(css.encode()) <= 12_000
    assert "url(" not in css
    assert "@import" not in css


# ------------------------------------------------------------------ redlines


def test_a_redline_says_between_which_versions_and_opens_with_the_list_of_changes(pages: dict[str, str]) -> None:
    page = words(pages["/terms/2026-11-20/changes/"])

    assert page.startswith("Privacy: what changed From Posted 1 November 2026 Overtaken on 24 December 2026")
    assert "Version 2026-11-01 To Posted 20 November 2026 Takes effect on 24 December 2026" in page
    assert "1 change in 1 section: 1 reworded Payment reworded" in page
    assert re.search(r'<a href="#(_\w+)">reworded</a>', pages["/terms/2026-11-20/changes/"])


def test_a_redline_of_equal_texts_says_that_nothing_changed(tmp_path: Path) -> None:
    files = {name: version(name[2:12]) for name in ("a/2026-11-01.md", "a/2026-11-02.md")}

    page = words(site(tmp_path, files)["/a/2026-11-02/changes/"])

    assert "Both texts read the same: no word, link or style changed." in page


def test_the_legend_of_a_redline_shows_the_marks_that_occur(tmp_path: Path) -> None:
    first = "## A\n\nWe keep your *name* for years.\n\nThis is a paragraph that will move.\n\n## B\n\nMore.\n"
    second = "## A\n\nWe keep your name for years.\n\n## B\n\nMore.\n\nThis is a paragraph that will move.\n"
    files = {
        "a/2026-11-01.md": version("2026-11-01", body=first),
        "a/2026-11-02.md": version("2026-11-02", body=second),
    }

    page = words(site(tmp_path, files)["/a/2026-11-02/changes/"])

    assert "Deleted Inserted Moved from here Moved to here Set in another style" in page


# ------------------------------------------------------------------ what a site chooses

CHOSEN = """[tool.inforce]
base-url = "https://example.com"
logo = "brand/seal.svg"
colours = {accent = "#7a1f3d", accent-dark = "#f0a3bb"}
footer = "Questions? [Terms](/a/), [*mail*](mailto:us@example.com), [away](//example.org/x)."
"""
SEAL = "<svg xmlns='http://www.w3.org/2000/svg'/>"


def test_a_site_shows_its_logo_its_colours_and_its_foot_on_every_page(tmp_path: Path) -> None:
    files = {"a/2026-11-01.md": version("2026-11-01"), "../brand/seal.svg": SEAL}

    pages = site(tmp_path, files, settings=CHOSEN)

    assert (tmp_path / f"site-{ON}" / "logo.svg").read_text("utf-8") == SEAL
    for address in ("/a/", "/a/2026-11-01/", "/a/history/"):
        assert '<img src="../' in pages[address]
        assert 'logo.svg" alt="Policies"></a></header>' in pages[address]
    assert '<a href="../../a/">Terms</a>' in pages["/a/history/"].replace('href="../"', 'href="../../a/"')
    assert '<a href="mailto:us@example.com"><em>mail</em></a>, <a href="//example.org/x">away</a>' in pages["/"]
    css = (tmp_path / f"site-{ON}" / "style.css").read_text("utf-8")
    light, dark = css[css.index("@media print,not (prefers-color-scheme:dark)") :].split("@media screen")
    assert "--accent:#7a1f3d" in light
    assert "--accent:#f0a3bb" in dark


def test_a_stylesheet_without_chosen_colours_is_the_one_that_comes_with_the_program(tmp_path: Path) -> None:
    site(tmp_path, {"a/2026-11-01.md": version("2026-11-01")})

    css = (tmp_path / f"site-{ON}" / "style.css").read_text("utf-8")
    assert css == squeezed((default_templates() / "style.css").read_text("utf-8"))


def test_a_redline_counts_its_changes_by_kind_and_can_show_them_alone(tmp_path: Path) -> None:
    old = "# One\n\nWe keep your name.\n\n# Two\n\nWe see [this](a.html).\n\n# Three\n\nIt goes away."
    new = "# One\n\nWe keep your age.\n\n# Two\n\nWe see [this](b.html).\n\n# Three"
    files = {f"a/2026-11-0{k}.md": version(f"2026-11-0{k}", body=body) for k, body in ((1, old), (2, new))}

    page = site(tmp_path, files)["/a/2026-11-02/changes/"]

    assert "<summary>3 changes in 3 sections: 1 deleted, 1 reworded, 1 link changed</summary>" in page
    for k, both in ((3, "[a](a.html)\n\n[b](b.html)"), (4, "[a](c.html)\n\n[b](d.html)")):
        files[f"a/2026-11-0{k}.md"] = version(f"2026-11-0{k}", body=both)
    assert "1 section: 2 links changed</summary>" in site(tmp_path, files)["/a/2026-11-04/changes/"]
    assert '<label><input type="checkbox" id="_only"> Show only the changes</label>' in page


# ------------------------------------------------------------------ what programs are told


def test_the_links_between_versions_lead_both_ways(pages: dict[str, str]) -> None:
    def linked(relation: str) -> set[tuple[str, str]]:
        return {
            (address.split("/")[2], target)
            for address, html in pages.items()
            for target in re.findall(rf'<link rel="{relation}" href="../([^/"]+)/">', html)
        }

    assert {(later, before) for before, later in linked("successor-version")} == linked("predecessor-version")
    assert len(linked("predecessor-version")) == len(STANDINGS) - 1


def test_a_text_that_was_replaced_is_canonical_itself_and_a_pending_one_is_not_indexed(tmp_path: Path) -> None:
    found = site(tmp_path, STANDINGS, settings='[tool.inforce]\nbase-url = "https://larkfield.example/legal"\n')

    assert (
        '<link rel="canonical" href="https://larkfield.example/legal/terms/2025-01-10/">' in found["/terms/2025-01-10/"]
    )
    assert 'rel="canonical"' not in found["/terms/2026-11-20/"]
    assert '<meta name="robots" content="noindex">' in found["/terms/2026-11-20/"]


def test_a_redline_stays_at_its_address_when_the_text_that_it_leads_from_is_withdrawn(tmp_path: Path) -> None:
    first = ("2026-11-01", "effective: 2027-01-01")
    files = {
        "a/2026-11-01.md": version(*first, body="We keep it for five years.\n"),
        "a/2026-11-05.md": version("2026-11-05", "corrects: 2026-11-01", body="We keep it for six years.\n"),
        "a/2026-11-10.md": version("2026-11-10", "effective: 2027-02-01", body="We keep it for seven years.\n"),
    }
    before = site(tmp_path, files, date(2026, 11, 19))
    files["a/2026-11-01.md"] = version(*first, "withdrawn: 2026-11-20", body="We keep it for five years.\n")

    after = site(tmp_path, files, date(2026, 11, 20))

    assert before.keys() <= after.keys()
    for address, told in {
        "/a/2026-11-05/changes/": ("five", "six", "11-01"),
        "/a/2026-11-10/changes/": ("six", "seven", "11-05"),
    }.items():
        old, new, earlier = told
        assert f"<del>{old}</del>" in after[address]
        assert f"<ins>{new}</ins>" in after[address]
        said = words(after[address])
        assert f"Withdrawn on 20 November 2026, never in force Version 2026-{earlier} To" in said
        assert "The older text was withdrawn on 20 November 2026 and never took effect" in said
    assert "The newer text takes effect on 1 February 2027" in words(after["/a/2026-11-10/changes/"])
    assert "changes/" not in after["/a/2026-11-10/"]


def test_a_version_that_is_posted_when_all_before_it_are_withdrawn_changes_nothing(tmp_path: Path) -> None:
    files = {
        "a/2026-11-01.md": version("2026-11-01", "effective: 2027-01-01", "withdrawn: 2026-11-10"),
        "a/2026-11-10.md": version("2026-11-10"),
    }

    assert "/a/2026-11-10/changes/" not in site(tmp_path, files)


def test_the_text_in_force_says_since_when_each_part_stands_and_which_redline_brought_it(tmp_path: Path) -> None:
    old = "# One\n\nWe keep your name.\n"
    files = {
        "a/2026-11-01.md": version("2026-11-01", body=old),
        "a/2026-11-02.md": version(
            "2026-11-02", "effective: 2026-11-02", "reason: legal", body=f"{old}\n# Two\n\nNew.\n"
        ),
    }

    page = site(tmp_path, files)["/a/"]

    day = '<time datetime="2026-11-02">2 November 2026</time>'
    assert f'<span>In this wording since {day} (<a href="2026-11-02/changes/#two">what changed</a>)</span>' in page
    assert re.search(r'<li data-ids="two p_\w+"><span>In this wording since', page)
    assert '<li><a href="#two">Two</a>' in page
    assert "1 November 2026</time></span>: everything else" in page
    assert '<p class="at" id="_at" hidden>' in page
