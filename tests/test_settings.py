from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inforce import settings
from inforce.errors import PolicyError
from inforce.settings import PolicySettings, Settings, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable


def read(folder: Path, written: str | bytes) -> Settings:
    data = written if isinstance(written, bytes) else written.encode()
    (folder / "pyproject.toml").write_bytes(data)
    return settings.read(folder)


def told(folder: Path, written: str | bytes) -> list[str]:
    """What is said about a faulty file: place, what is wrong and what to write instead, one line each."""
    with pytest.raises(PolicyError) as raised:
        read(folder, written)
    return str(raised.value).split("\n")


# ------------------------------------------------------------------ what can be set


def test_a_project_without_settings_has_the_defaults(tmp_path: Path) -> None:
    found = settings.read(tmp_path)

    assert found == Settings()
    assert (found.title, found.base_url, found.source_url) == ("Policies", "", "")
    assert (found.timezone, found.notice_days, found.language) == ("UTC", 30, "en")
    assert found.policy("privacy") == PolicySettings("", None, "", (), "front-matter")


@pytest.mark.parametrize("written", ["", "[project]\nname = 'x'\n", "[tool.other]\nx = 1\n", "[tool.inforce]\n"])
def test_what_is_not_set_has_its_default(tmp_path: Path, written: str) -> None:
    assert read(tmp_path, written) == Settings()


def test_everything_can_be_set_for_the_site_and_for_one_policy(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
[tool.inforce]
title = "Larkfield's policies"
base-url = "https://larkfield.example/legal/"
source-url = "https://code.example/legal/blob/{commit}/{path}"
timezone = "Europe/Berlin"
notice-days = 14
language = "de"

[tool.inforce.policies.privacy]
title = "Datenschutz"
notice-days = 0
language = "en-US"
paths = ["policies/privacy-policy.md"]
posted-from = "commit"
""",
    )

    assert found == Settings(
        title="Larkfield's policies",
        base_url="https://larkfield.example/legal",
        source_url="https://code.example/legal/blob/{commit}/{path}",
        timezone="Europe/Berlin",
        notice_days=14,
        language="de",
        policies={"privacy": PolicySettings("Datenschutz", 0, "en-US", ("policies/privacy-policy.md",), "commit")},
    )
    assert found.policy("privacy").posted_from == "commit"
    assert found.lines == {"": 8, "privacy": 10}


@pytest.mark.parametrize(
    "written",
    [
        'tool.inforce.title = "Ours"',
        '[tool]\ninforce = {title = "Ours"}',
        '[ tool . inforce ]\n"title" = "Ours"',
        '[tool.inforce]\r\ntitle = "Ours"\r\n',
        '\ufeff[tool.inforce]\ntitle = "Ours"',
    ],
    ids=["dotted", "inline", "spaced", "crlf", "byte order mark"],
)
def test_toml_may_be_written_in_any_of_its_ways(tmp_path: Path, written: str) -> None:
    assert read(tmp_path, written).title == "Ours"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("https://larkfield.example", "https://larkfield.example"),
        ("https://larkfield.example/", "https://larkfield.example"),
        ("http://localhost:8000/a/b/", "http://localhost:8000/a/b"),
        ("https://Larkfield.example:8080/Legal", "https://Larkfield.example:8080/Legal"),
    ],
)
def test_the_address_of_the_site_is_kept_without_a_slash_at_its_end(tmp_path: Path, written: str, found: str) -> None:
    assert read(tmp_path, f'[tool.inforce]\nbase-url = "{written}"').base_url == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        # Letters beyond ASCII, as browsers look them up: straße is not strasse.
        ("https://straße.example", "https://xn--strae-oqa.example"),
        ("https://straße:8080/", "https://xn--strae-oqa:8080"),
        ("https://www.façade.example/a", "https://www.xn--faade-zra.example/a"),
        ("https://例え.テスト", "https://xn--r8jz45g.xn--zckzah"),
        ("https://βόλος.example", "https://xn--nxasmm1c.example"),
        ("https://xn--strae-oqa.example", "https://xn--strae-oqa.example"),
        ("https://larkfield.example/política/Straße/", "https://larkfield.example/pol%C3%ADtica/Stra%C3%9Fe"),
        ("https://larkfield.example/pol%C3%ADtica", "https://larkfield.example/pol%C3%ADtica"),
        (
            "https://larkfield.example/100%/{a}|~b:@!$&()*+,;=",
            "https://larkfield.example/100%25/%7Ba%7D%7C~b:@!$&()*+,;=",
        ),
    ],
)
def test_the_address_of_the_site_is_a_uri(tmp_path: Path, written: str, found: str) -> None:
    assert read(tmp_path, f'[tool.inforce]\nbase-url = "{written}"').base_url == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("https://straße.example/{commit}/{path}", "https://xn--strae-oqa.example/{commit}/{path}"),
        ("https://code.example/política/{path}/{commit}/", "https://code.example/pol%C3%ADtica/{path}/{commit}/"),
        ("https://{commit}.example/a%20b/{path}/{a}", "https://{commit}.example/a%20b/{path}/%7Ba%7D"),
    ],
)
def test_the_address_of_a_commits_file_is_a_uri(tmp_path: Path, written: str, found: str) -> None:
    assert read(tmp_path, f'[tool.inforce]\nsource-url = "{written}"').source_url == found


@pytest.mark.parametrize("zone", ["UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])
def test_a_time_zone_is_one_that_iana_lists(tmp_path: Path, zone: str) -> None:
    assert read(tmp_path, f'[tool.inforce]\ntimezone = "{zone}"').timezone == zone


# ------------------------------------------------------------------ what is wrong


@pytest.mark.parametrize(
    "address",
    [
        "",
        "larkfield.example",
        "//larkfield.example",
        "ftp://larkfield.example",
        "javascript:alert(1)",
        "https://",
        "https:///legal",
        "https://larkfield.example?a=b",
        "https://larkfield.example#top",
        "https://lark field.example",
        "https://larkfield.example/<b>",
        "https://larkfield.example\\\\legal",
        "https://larkfield.example\\u0007",
    ],
)
def test_an_address_is_http_and_plain(tmp_path: Path, address: str) -> None:
    first, remedy = told(tmp_path, f'[tool.inforce]\nbase-url = "{address}"')

    assert first.startswith('pyproject.toml:2: base-url is "')
    assert remedy == '  Write an address such as "https://example.com".'


@pytest.mark.parametrize(
    "host", ["Straße.example", "STRAẞE.example", "ﬁle.example", "例え。テスト", "caf\u200cé.example", "a→b"]
)
def test_a_host_that_is_not_looked_up_alike_everywhere_is_refused(tmp_path: Path, host: str) -> None:
    for key, path in (("base-url", "legal"), ("source-url", "{commit}/{path}")):
        first, remedy = told(tmp_path, f'[tool.inforce]\n{key} = "https://{host}/{path}"')

        assert first == f'pyproject.toml:2: {key} is "https://{host}/{path}"'
        assert (
            remedy
            == "  Write the name of its host in small letters, or in the form for machines that begins with xn--."
        )


@pytest.mark.parametrize(
    "address", ["", "https://code.example/", "https://code.example/{commit}", "code.example/{commit}/{path}"]
)
def test_the_address_of_a_commits_file_says_where_commit_and_path_go(tmp_path: Path, address: str) -> None:
    first, _ = told(tmp_path, f'[tool.inforce]\nsource-url = "{address}"')

    assert first == f'pyproject.toml:2: source-url is "{address}"'


@pytest.mark.parametrize(
    "zone",
    [
        "",
        "Mars/Olympus",
        "../etc/passwd",
        "/etc/localtime",
        "localtime",
        "posixrules",
        "posix/UTC",
        "right/UTC",
        "Factory",
        "Europe",
        "Europe/../UTC",
        "zone.tab",
        "Europe/Berlin ",
        "UTC\\u0000",
    ],
)
def test_a_time_zone_that_is_not_the_same_everywhere_is_refused(tmp_path: Path, zone: str) -> None:
    first, remedy = told(tmp_path, f'[tool.inforce]\ntimezone = "{zone}"')

    assert first.startswith('pyproject.toml:2: timezone is "')
    assert remedy == '  Write an IANA name such as "Europe/Berlin".'


@pytest.mark.parametrize(
    ("written", "shown"),
    [('"thirty"', '"thirty"'), ("30.0", "30.0"), ("true", "True"), ("-1", "-1"), ("3651", "3651"), ("[30]", "[30]")],
)
def test_the_notice_period_is_a_whole_number_of_days(tmp_path: Path, written: str, shown: str) -> None:
    assert told(tmp_path, f"[tool.inforce]\nnotice-days = {written}") == [
        f"pyproject.toml:2: notice-days is {shown}",
        "  Write a whole number of days, such as 30.",
    ]


@pytest.mark.parametrize("key", ["title", "language"])
@pytest.mark.parametrize("value", ["3", '""', '" "', "[]", "true", "2026-01-10", '"a\\u0000b"', '"a\\u202Eb"'])
def test_words_are_words(tmp_path: Path, key: str, value: str) -> None:
    first, remedy = told(tmp_path, f"[tool.inforce]\n{key} = {value}")

    assert first.startswith(f"pyproject.toml:2: {key} is ")
    assert remedy == "  Write words in quotes, with nothing in them that nobody sees."


def test_all_that_is_wrong_for_a_policy_is_told_at_once(tmp_path: Path) -> None:
    lines = told(
        tmp_path,
        """\
[tool.inforce.policies.privacy]
title = 3
notice-days = "x"
language = 1
paths = "policies/old.md"
posted-from = "git"
notice_days = 3
colour = "red"
""",
    )

    assert lines == [
        "pyproject.toml:2: title is 3",
        "  Write words in quotes, with nothing in them that nobody sees.",
        'pyproject.toml:3: notice-days is "x"',
        "  Write a whole number of days, such as 30.",
        "pyproject.toml:4: language is 1",
        "  Write words in quotes, with nothing in them that nobody sees.",
        'pyproject.toml:5: paths is "policies/old.md"',
        '  Write a list of paths: ["policies/old-name.md"].',
        'pyproject.toml:6: posted-from is "git"',
        '  Write "front-matter" or "commit".',
        "pyproject.toml:7: notice_days is no setting of [tool.inforce.policies.privacy]",
        "  Did you mean notice-days?",
        "pyproject.toml:8: colour is no setting of [tool.inforce.policies.privacy]",
        "  Known here: language, notice-days, paths, posted-from, title.",
    ]


def test_what_is_right_is_known_although_something_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        read(tmp_path, '[tool.inforce]\nnotice-days = 14\ntimezone = "Mars/Olympus"')

    assert raised.value.settings == Settings(notice_days=14)


@pytest.mark.parametrize("paths", ['["a.md", 3]', '[""]', "{}"])
def test_paths_are_a_list_of_words(tmp_path: Path, paths: str) -> None:
    first, _ = told(tmp_path, f"[tool.inforce.policies.privacy]\npaths = {paths}")

    assert first.startswith("pyproject.toml:2: paths is ")


@pytest.mark.parametrize(
    ("written", "place", "name"),
    [
        ("tool = 3", "pyproject.toml:1", "tool"),
        ("[tool]\ninforce = 3", "pyproject.toml:2", "tool.inforce"),
        ("[[tool.inforce]]\ntitle = 'x'", "pyproject.toml:1", "tool.inforce"),
        ("[tool.inforce]\npolicies = 3", "pyproject.toml:2", "tool.inforce.policies"),
        ("[tool.inforce.policies]\nprivacy = 3", "pyproject.toml:2", "tool.inforce.policies.privacy"),
    ],
)
def test_what_should_be_a_table_is_one(tmp_path: Path, written: str, place: str, name: str) -> None:
    assert told(tmp_path, written) == [
        f"{place}: {name} is not a table",
        f"  Write [{name}] on a line of its own.",
    ]


def test_a_key_is_found_in_its_own_table_however_that_is_written(tmp_path: Path) -> None:
    other = '[project]\nlanguage = "x"\nnotice-days = 1\n\n'

    places = [
        told(tmp_path, written)[0].partition(": ")[0]
        for written in (
            other + '[tool.inforce]  # ours\n\n"notice-days" = "x"',
            other + '[tool.inforce.policies."a.b"]\nnotice-days = "x"',
            other + '[tool]\ninforce = {notice-days = "x"}',
            other + '[tool.inforce]\ntitle = "Ours"\npolicies.privacy.notice-days = "x"\n[tool.b]\nnotice-days = 1',
            'tool.inforce.notice-days = "x"\n' + other,
        )
    ]

    assert places == [
        "pyproject.toml:7",
        "pyproject.toml:6",
        "pyproject.toml:6",
        "pyproject.toml:7",
        "pyproject.toml:1",
    ]


def test_a_key_in_a_strange_spelling_is_placed_at_its_table(tmp_path: Path) -> None:
    lines = told(tmp_path, '[tool.inforce]\n"tit\\u006ce" = 3\n[tool.other]\ntitle = 1')

    assert lines[0] == "pyproject.toml:1: title is 3"


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("[tool.inforce]\ntitle = Our policies\n", "pyproject.toml:2: pyproject.toml is not TOML: Invalid value"),
        ('[tool.inforce]\ntitle = "Our', "pyproject.toml:2: pyproject.toml is not TOML: Unterminated string"),
        ("[tool.inforce]\ntitle = 'a'\ntitle = 'b'", "pyproject.toml:3: "),
        ("[tool.inforce]\rtitle = 'a'\r", "pyproject.toml:1: "),
        ("\n[tool.inforce.policies.é]", "pyproject.toml:2: "),
        (b"[tool.inforce]\ntitle = '\xe9'", "pyproject.toml: pyproject.toml is not UTF-8"),
        ("a = " + "[" * 5000, "pyproject.toml: pyproject.toml holds lists or tables nested too deep"),
    ],
    ids=["no quotes", "open quotes", "twice", "old line ends", "name", "Latin-1", "deep"],
)
def test_a_file_that_is_no_toml_is_said_with_its_line(tmp_path: Path, written: str | bytes, what: str) -> None:
    first, remedy = told(tmp_path, written)

    assert first.startswith(what)
    assert remedy in {
        '  A value in words stands in quotes: title = "Our policies".',
        '  A name with letters beyond a to z stands in quotes: [tool.inforce.policies."política"].',
        "  Save it as UTF-8.",
        "  No setting needs that: write it flat.",
    }


def test_settings_that_cannot_be_reached_are_told(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").symlink_to("pyproject.toml")

    with pytest.raises(PolicyError, match="cannot be read: Too many levels"):
        settings.read(tmp_path)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_settings_are_a_plain_file(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "pyproject.toml")

    with pytest.raises(PolicyError) as raised:
        settings.read(tmp_path)

    assert str(raised.value) == (
        "pyproject.toml: pyproject.toml is no file\n  It is a plain file that everybody may read."
    )


# ------------------------------------------------------------------ what a site looks like


@pytest.mark.parametrize("path", ["seal.svg", "brand/Seal.PNG", "brand/../seal.svg"])
def test_a_logo_is_a_picture_of_the_project(tmp_path: Path, path: str) -> None:
    (tmp_path / "brand").mkdir()
    (tmp_path / path).write_bytes(b"picture")

    found = read(tmp_path, f'[tool.inforce]\nlogo = "{path}"').logo

    assert found
    assert found.address == f"/logo{path[-4:].lower()}"
    assert found.content == b"picture"


@pytest.mark.parametrize(
    "path",
    [
        "absent.svg",
        "../outside.svg",
        "link.svg",
        "loop.svg",
        "/etc/passwd",
        "seal.html",
        "folder.svg",
        "",
        "a" * 300 + ".svg",
    ],
)
def test_what_is_no_picture_of_the_project_is_no_logo(tmp_path: Path, path: str) -> None:
    root = tmp_path / "root"
    (root / "folder.svg").mkdir(parents=True)
    (root / "seal.html").write_text("x")
    (tmp_path / "outside.svg").write_text("x")
    (root / "link.svg").symlink_to("../outside.svg")
    (root / "loop.svg").symlink_to("loop.svg")

    first, remedy = told(root, f'[tool.inforce]\nlogo = "{path}"')

    assert first == f'pyproject.toml:2: logo is "{path}"'
    assert remedy == (
        "  Write the path of a picture in the project, from its root: logo.svg; a link has to lead to one."
    )


@pytest.mark.parametrize(
    "written", ['colours = {accent = "blue"}', 'colours = {border = "#fff"}', 'colours = "#fff"', "colours = {ink = 7}"]
)
def test_a_colour_has_a_known_name_and_hexadecimal_digits(tmp_path: Path, written: str) -> None:
    first, remedy = told(tmp_path, f"[tool.inforce]\n{written}")

    assert first.startswith("pyproject.toml:2: colours is ")
    assert remedy.startswith("  Write six hexadecimal digits for any of paper, ink, quiet, line, accent, paper-dark")


def test_colours_may_be_a_table_and_a_foot_may_have_several_lines(tmp_path: Path) -> None:
    found = read(tmp_path, '[tool.inforce]\nfooter = """One.\n\nTwo."""\n[tool.inforce.colours]\naccent = "#123"\n')

    assert found.footer == "One.\n\nTwo."
    assert found.colours == {"accent": "#123"}


# ------------------------------------------------------------------ what stands where nobody reads it


@pytest.mark.parametrize(
    ("written", "line", "what"),
    [
        ("[inforce]\nnotice-days = 60", 1, "[inforce] is not read, and holds settings of ours"),
        ("[tool.infroce]\nnotice_days = 60", 1, "[tool.infroce] is not read, and holds settings of ours"),
        ("[tool.in-force.policies.privacy]\ntitle = 'P'", 1, "[tool.in-force] is not read, and holds settings of ours"),
        ("[tool]\n\n[tool.Inforce]\ntitle = 'P'", 3, "[tool.Inforce] is not read, and holds settings of ours"),
        ("\ntitle = 'P'\n[tool.inforce]", 2, "title stands outside of [tool.inforce], and is not read"),
        ("[tool]\nnotice-days = 60", 2, "notice-days stands outside of [tool.inforce], and is not read"),
        ("[policies.privacy]\ntitle = 'P'", 1, "policies stands outside of [tool.inforce], and is not read"),
    ],
)
def test_settings_that_stand_where_nobody_reads_them_are_doubtful(
    tmp_path: Path, written: str, line: int, what: str
) -> None:
    (doubt,) = read(tmp_path, written).doubts

    assert (doubt.severity, doubt.code) == ("warning", "settings-misplaced")
    assert str(doubt).split("\n")[0] == f"pyproject.toml:{line}: warning: {what}"


@pytest.mark.parametrize(
    "written",
    [
        "[tool.inforce]\ntitle = 'P'",
        "[project]\nname = 'inforce'\n[tool.ruff]\nline-length = 120",
        "[tool.enforce]\nlevel = 2",
        "[tool.policies]\nstrict = true",
        "[tool.poetry]\ntitle = 'P'",
    ],
)
def test_tables_of_others_are_not_mentioned(tmp_path: Path, written: str) -> None:
    assert read(tmp_path, written).doubts == ()
