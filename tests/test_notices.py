from __future__ import annotations

import email
import re
from datetime import date
from email import policy
from typing import TYPE_CHECKING

import html5lib
import pytest

from inforce.build import build
from inforce.errors import Place
from inforce.markdown import Reader
from inforce.model import Policy, Version
from inforce.notices import notice
from inforce.pages import Telling
from inforce.render import renderer
from inforce.settings import Settings
from inforce.shelf import Shelf
from inforce.site import Site
from inforce.templating import default_templates
from tests.projects import project, version
from tests.test_cli import Said

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import EmailMessage
    from pathlib import Path

ON = ("--on", "2026-11-25")
SETTINGS = '[tool.inforce]\ntitle = "Policies & more"\nbase-url = "https://example.com/legal"\n'
BEGUN = "## Orders\n\nWe keep them for seven years.\n\n## Law\n\nThe law of Larkfield.\n"
KEPT = "We keep your name.\n"
NEXT = "We keep your name.\n\n## Orders\n\nWe keep them for six years.\n\n## Law\n\nThe law of Larkfield.\n"
SUMMARY = """\
summary: |-
  We keep orders for *six* years:

  - those of [the shop](../terms/2026-01-01.md)
  - ![all](a.png)"""
TWO = {
    "privacy/2026-10-01.md": version("2026-10-01", body=BEGUN),
    "privacy/2026-11-20.md": version("2026-11-20", SUMMARY, body=NEXT),
    "terms/2026-01-01.md": version("2026-01-01", title="Terms"),
}
GOLDEN = """\
Subject: Privacy: a new version takes effect on 20 December 2026

Privacy: a new version takes effect on 20 December 2026. The text in force through 19 December 2026 is version \
2026-10-01.

Posted: 20 November 2026
Takes effect: 20 December 2026, 25 days from 25 November 2026
Version: 2026-11-20

We keep orders for six years:

- those of the shop (https://example.com/legal/terms/2026-01-01/)
- [all]

What changes from version 2026-10-01:
- Beginning: inserted
- Orders: reworded

What changes, word by word: https://example.com/legal/privacy/2026-11-20/changes/
The new text: https://example.com/legal/privacy/2026-11-20/
The text in force, always: https://example.com/legal/privacy/
All versions: https://example.com/legal/privacy/history/

Policies & more
"""


class Told:
    """What the command answers in each of its forms; each has to be read without a fault."""

    def __init__(
        self,
        capsys: pytest.CaptureFixture[str],
        folder: Path,
        files: Mapping[str, str | bytes],
        asked: str = "privacy",
        settings: str = SETTINGS,
    ) -> None:
        root = project(folder, files, settings=settings)
        said = [Said(capsys, root, "notice", asked, *ON, "--format", form) for form in ("text", "html", "eml")]
        assert [(one.status, one.err) for one in said] == [(0, "")] * 3
        self.text, self.html, self.draft = (one.out for one in said)
        self.message: EmailMessage = email.message_from_string(self.draft, policy=policy.default)
        html5lib.HTMLParser(strict=True).parse(self.html)

    @property
    def subject(self) -> str:
        """The first line."""
        return self.text.partition("\n")[0].removeprefix("Subject: ")


def test_a_notice_tells_days_summary_changed_sections_and_addresses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = Told(capsys, tmp_path, TWO)

    assert told.text == GOLDEN


def test_a_title_from_the_settings_is_that_of_the_notice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(capsys, tmp_path, TWO, settings=f'{SETTINGS}[tool.inforce.policies.privacy]\ntitle = "Our privacy"\n')

    assert told.subject == "Our privacy: a new version takes effect on 20 December 2026"


def test_without_a_form_it_is_the_text_with_its_subject_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(tmp_path, TWO, settings=SETTINGS)

    said = Said(capsys, root, "notice", "privacy@2026-11-20", *ON)

    assert (said.status, said.out, said.err) == (0, GOLDEN, "")


def test_the_html_says_the_same_and_loads_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    html = Told(capsys, tmp_path, TWO).html

    words = " ".join(re.sub(r"<[^>]*>", " ", html[html.index("<body") :]).split())
    assert (
        "A new version takes effect on 20 December 2026 . The text in force through 19 December 2026 is version"
        in words
    )
    assert "Takes effect 20 December 2026 , 25 days from 25 November 2026" in words
    assert "What changes from version 2026-10-01 Beginning: inserted Orders : reworded What changes, word" in words
    assert '<a href="https://example.com/legal/terms/2026-01-01/">the shop</a>' in html
    assert "<li>all</li>" in html
    assert not re.search(r"<(?:img|link|script|style|table|iframe)\b|\bsrc=|url\(", html)
    assert all(target.startswith("https://example.com/legal/") for target in re.findall(r'href="([^"]*)"', html))


def test_the_draft_holds_both_forms_and_neither_day_nor_sender(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = Told(capsys, tmp_path, TWO)

    plain, rich = (part.get_content() for part in told.message.iter_parts())
    assert told.message.get_content_type() == "multipart/alternative"
    assert f"Subject: {told.message['Subject']}\n\n{plain}".replace("\r\n", "\n") == told.text
    assert rich.replace("\r\n", "\n") == told.html
    assert set(told.message.keys()) == {"Subject", "X-Unsent", "MIME-Version", "Content-Type"}
    assert told.message.defects == []
    assert told.draft.isascii()
    assert max(map(len, told.draft.splitlines())) < 80
    assert re.search(r"(?<!\r)\n", told.draft) is None


def test_the_same_notice_is_the_same_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = Told(capsys, tmp_path / "a", TWO), Told(capsys, tmp_path / "b", TWO)

    assert (one.text, one.html, one.draft) == (two.text, two.html, two.draft)


def test_all_forms_are_written_to_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told, out = Told(capsys, tmp_path, TWO), tmp_path / "notice" / "of november"

    said = Said(capsys, tmp_path, "notice", "privacy", *ON, "--out", str(out))

    names = [f"privacy-2026-11-20.{suffix}" for suffix in ("txt", "html", "eml")]
    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines() == [str(out / name) for name in names]
    assert [(out / name).read_bytes().decode() for name in names] == [told.text, told.html, told.draft]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(tmp_path, TWO, settings=SETTINGS)

    said = Said(capsys, root, "notice", "privacy", *ON, "--out", str(root / "pyproject.toml"))

    assert said.status == 3
    assert said.err.startswith(f"{root}/pyproject.toml/privacy-2026-11-20.txt cannot be written: ")


# ------------------------------------------------------------------ what is pending


def test_a_first_version_has_nothing_that_it_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"privacy/a.md": version("2026-11-20", "effective: 2026-11-26", "version: '1.0'")}

    told = Told(capsys, tmp_path, files)

    assert told.subject == "Privacy takes effect on 26 November 2026"
    assert "Takes effect: 26 November 2026, 1 day from 25 November 2026\nVersion: 1.0\n\nThe text: https" in told.text
    assert "What changes" not in told.text + told.html
    assert "This policy takes effect on" in told.html


def test_of_a_first_version_that_was_corrected_it_is_told_what_is_corrected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "privacy/a.md": version("2026-11-20", "effective: 2027-01-01", body=BEGUN),
        "privacy/b.md": version("2026-11-24", "corrects: a", body=NEXT),
    }

    told = Told(capsys, tmp_path, files)

    address = "https://example.com/legal/privacy/b/changes/"
    assert f"\n\nWhat is corrected: {address}\nThe text: https" in told.text
    assert f'<a href="{address}">What is corrected</a>' in told.html
    assert "What changes" not in told.text + told.html


def test_postponements_and_the_reason_for_short_notice_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        **TWO,
        "privacy/2026-11-20.md": version(
            "2026-11-20",
            "reason: security",
            "postponed:",
            "  - {announced: 2026-11-22, to: 2027-01-15, note: Not ready}",
            "  - {announced: 2026-11-24, to: 2026-11-30}",
            "  - {announced: 2026-11-26, to: 2026-12-30}",
            body=BEGUN,
        ),
    }

    told = Told(capsys, tmp_path, files)

    assert (
        "Takes effect: 30 November 2026, 5 days from 25 November 2026\nVersion: 2026-11-20\n"
        "Postponed: on 22 November 2026, from 20 December 2026 to 15 January 2027 (Not ready)\n"
        "Brought forward: on 24 November 2026, from 15 January 2027 to 30 November 2026\n"
        "Reason for shorter notice: security\n\n"
        "No word, link or style changes from version 2026-10-01.\n"
    ) in told.text
    assert "Reason for shorter notice: security." in told.html
    assert "No word, link or style changes from version 2026-10-01." in told.html


def test_a_version_that_was_corrected_while_it_is_pending_is_announced_as_it_will_govern(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mended = version(
        "2026-11-24", "corrects: 2026-11-20", "summary: A slip.", body=NEXT.replace("six", "five"), title="Privacy Now"
    )
    files = {**TWO, "privacy/2026-11-24.md": mended, "privacy/a.md": version("2026-11-25", "effective: 2027-02-01")}

    told = Told(capsys, tmp_path, files, "privacy@2026-11-20")

    assert told.subject == "Privacy Now: a new version takes effect on 20 December 2026"
    assert "The new text is to be replaced on 1 February 2027 by version a." in told.text
    assert "Corrected on 24 November 2026 by version 2026-11-24.\n\nA slip.\n\nWhat changes from" in told.text
    assert "- Orders: reworded\n" in told.text
    assert (
        "What changes, word by word: https://example.com/legal/privacy/2026-11-20/changes/\n"
        "What is corrected: https://example.com/legal/privacy/2026-11-24/changes/\n"
        "The new text: https://example.com/legal/privacy/2026-11-24/\n"
    ) in told.text
    assert told.html.count("A slip.") == 1
    assert Told(capsys, tmp_path, files, "privacy@2026-11-24").draft == told.draft


def test_a_version_that_overtakes_a_pending_one_is_announced_with_what_changes_for_its_readers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slow = version("2026-11-01", "effective: 2027-03-01", body=BEGUN.replace("seven", "six"))
    files = {
        "privacy/a.md": version("2026-10-01", body=BEGUN),
        "privacy/b.md": slow,
        "privacy/c.md": version("2026-11-20", body=f"{BEGUN.replace('seven', 'six')}\n## More\n\nAnd so on.\n"),
    }
    address = "https://example.com/legal/privacy/compare/#a..c"

    told = Told(capsys, tmp_path, files, "privacy@c")

    assert "What changes from version a:\n- Orders: reworded\n- More: inserted\n" in told.text
    assert f"What changes, word by word: {address}\n" in told.text
    assert f'<a href="{address}">What changes, word by word</a>' in told.html
    build(tmp_path, tmp_path / "site", date(2026, 11, 25))
    assert f'"changes_url": "{address}"' in (tmp_path / "site/privacy/notice.json").read_text("utf-8")
    assert '<a href="privacy/compare/#a..c">what changes</a>' in (tmp_path / "site/index.html").read_text("utf-8")
    page = (tmp_path / "site/privacy/index.html").read_text("utf-8")
    assert '<a href="compare/#a..c">What changes</a>' in page
    assert '<a href="c/changes/">What changes from version b</a>' in page
    assert '<span id="a..c"></span>' in (tmp_path / "site/privacy/compare/index.html").read_text("utf-8")


def test_a_version_that_follows_a_pending_one_is_announced_with_what_changes_from_that(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {**TWO, "privacy/next.md": version("2026-11-24", "effective: 2027-02-01", body=BEGUN)}

    told = Told(capsys, tmp_path, files, "privacy@next")

    assert "What changes from version 2026-11-20:\n" in told.text
    assert "word by word: https://example.com/legal/privacy/next/changes/\n" in told.text


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("cookies", "there is no policy cookies; there are privacy, rules, terms"),
        ("privacy@x", "no version x of privacy is posted as of 2026-11-25; there are: "),
        ("privacy@", "no version  of privacy is posted as of 2026-11-25; there are: "),
        ("terms", "terms: it has no version that is to take effect; pending as of 2026-11-25: nothing\n"),
        (
            "rules",
            (
                "rules: it has no version that is to take effect; pending as of 2026-11-25: nothing; "
                "c is posted on 2026-12-02: ask with --on 2026-12-02\n"
            ),
        ),
        (
            "rules@b",
            (
                "no version b of rules is posted as of 2026-11-25; there are: a; b is posted on 2026-12-03: "
                "ask with --on 2026-12-03\n"
            ),
        ),
        (
            "rules@c",
            (
                "no version c of rules is posted as of 2026-11-25; there are: a; c is posted on 2026-12-02: "
                "ask with --on 2026-12-02\n"
            ),
        ),
        ("terms@2026-01-01", "terms@2026-01-01 is not pending, it is in force; pending as of 2026-11-25: nothing"),
        (
            "privacy",
            "privacy: which of its versions? pending as of 2026-11-25: privacy@2026-11-22 (takes effect on 2026-11-30)",
        ),
        ("privacy@2026-11-20", "privacy@2026-11-20 never takes effect, a later version does so before it; pending as"),
        (
            "privacy@2026-11-21",
            "privacy@2026-11-21 is not pending, it is withdrawn; pending as of 2026-11-25: privacy@",
        ),
        (
            "privacy@2026-10-02",
            "privacy@2026-10-02 is not pending, it is overtaken; pending as of 2026-11-25: privacy@",
        ),
    ],
)
def test_what_is_not_pending_is_a_usage_error_that_names_what_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: str, why: str
) -> None:
    files = {
        **TWO,
        "privacy/2026-10-02.md": version("2026-10-02", "effective: 2026-10-20"),
        "privacy/2026-10-03.md": version("2026-10-03", "effective: 2026-10-10"),
        "privacy/2026-11-21.md": version("2026-11-21", "withdrawn: 2026-11-22"),
        "privacy/2026-11-22.md": version("2026-11-22", "effective: 2026-11-30"),
        "privacy/2026-11-23.md": version("2026-11-23", "effective: 2027-02-01"),
        "rules/a.md": version("2026-10-02"),
        "rules/b.md": version("2026-12-03", "corrects: a"),
        "rules/c.md": version("2026-12-02"),
    }

    said = Said(capsys, project(tmp_path, files, settings=SETTINGS), "notice", asked, *ON)

    assert (said.status, said.out) == (2, "")
    assert f"inforce: error: {why}" in said.err


def test_a_notice_needs_an_address_to_be_read_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = Said(capsys, project(tmp_path, TWO), "notice", "privacy", *ON)

    assert (said.status, said.out) == (2, "")
    assert "write base-url in the settings" in said.err


# ------------------------------------------------------------------ what authors write is data


def test_a_title_or_summary_can_add_no_markup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    title = "'<script>{{ 1 }}</script> & =?utf-8?q?a?='"
    summary = r'summary: "<b>bold</b>\n\n![x](https://example.net/x.png \"a>b\") [y](javascript:alert(1))\n\n.\n"'
    files = {**TWO, "privacy/2026-11-20.md": version("2026-11-20", summary, body=NEXT, title=title)}

    told = Told(capsys, tmp_path, files)

    assert told.subject == f"{title[1:-1]}: a new version takes effect on 20 December 2026"
    assert "&lt;script&gt;{{ 1 }}&lt;/script&gt; &amp; =?" in told.html
    assert "&lt;b&gt;bold&lt;/b&gt;" in told.html
    assert "<script" not in told.html
    assert "example.net/x.png" not in told.html
    assert 'href="javascript' not in told.html


def test_a_title_can_add_no_header() -> None:
    strange = "A\r\nBcc: eve@example.net\r\n\r\nB\u2028C\x85D\x0bE\x00F"
    first = Version("a", strange, date(2026, 11, 20), date(2026, 12, 20), KEPT, Place("a.md"))
    site = Site([Policy.of("privacy", [first])], Settings(base_url="https://example.com"), date(2026, 11, 25))
    telling = Telling(site, site.policies[0], Shelf(Reader()))

    told = notice(telling, telling.entries, renderer(default_templates()))

    message = email.message_from_string(told.message, policy=policy.default)
    assert told.subject == "A Bcc: eve@example.net B C D E\0F takes effect on 20 December 2026"
    assert set(message.keys()) == {"Subject", "X-Unsent", "MIME-Version", "Content-Type"}


def test_titles_and_summaries_in_any_script_arrive_as_they_were_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    title, summary = "سياسة الخصوصية", "個人情報" * 400
    files = {**TWO, "privacy/2026-11-20.md": version("2026-11-20", f"summary: {summary}", body=NEXT, title=title)}
    settings = f'{SETTINGS}language = "de"\n[tool.inforce.policies.privacy]\nlanguage = "ar"\n'

    told = Told(capsys, tmp_path, files, settings=settings)

    plain = told.message.get_body(("plain",))
    assert told.message["Subject"] == f"\u2068{title}\u2069: a new version takes effect on 20. Dezember 2026"
    assert plain is not None
    assert summary in plain.get_content()
    assert f'<bdi lang="ar" dir="rtl">{title}</bdi>' in told.html
    assert max(map(len, told.draft.splitlines())) < 80


def test_what_runs_from_right_to_left_is_kept_apart_from_the_words_around_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = ("version: ב", "reason: דחוף.", "effective: 2026-12-01")
    moved = "postponed: [{announced: 2026-11-25, to: 2026-12-20, note: מאוחר}]"
    files = {**TWO, "privacy/2026-11-20.md": version("2026-11-20", *facts, moved, title="כלל", body="## א\n\nb\n")}

    told = Told(capsys, tmp_path, files, settings=f'{SETTINGS}language = "he"\n').text

    apart = re.findall("\u2068([^\u2068\u2069]*)\u2069", told)
    assert told.startswith("Subject: \u2068כלל\u2069: a new version takes effect on \u206820 בדצמבר 2026\u2069\n")
    assert {"ב", "דחוף", "מאוחר", "א", "1 בדצמבר 2026"} <= set(apart)
    assert not re.search("[א-ת]", re.sub("\u2068[^\u2069]*\u2069", "", told))


def test_the_words_are_a_sites_own_where_it_has_a_template(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "notice.txt").write_text("{{ title }}\t news \nRead it \u2013 soon.\n", "utf-8")

    told = Told(capsys, tmp_path, TWO)

    assert told.text == "Subject: Privacy news\n\nRead it \u2013 soon.\n"
    assert "<title>Privacy news</title>" in told.html


def test_a_fault_in_a_template_or_text_is_told_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deep = version("2026-11-20", body="> " * 200 + "deep\n")
    root = project(tmp_path, {**TWO, "privacy/2026-11-20.md": deep}, settings=SETTINGS)
    text = Said(capsys, root, "notice", "privacy", *ON)
    (root / "templates").mkdir()
    (root / "templates" / "notice.txt").write_text("{{ nothing }}\n", "utf-8")
    project(tmp_path, TWO)
    template = Said(capsys, root, "notice", "privacy", *ON)

    assert (text.status, template.status) == (1, 1)
    assert text.err.startswith("policies/privacy/2026-11-20.md:")
    assert template.err.startswith("templates/notice.txt:1: ")
