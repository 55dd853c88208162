from __future__ import annotations

import sys
from base64 import b64encode
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

import jinja2
import pytest

from inforce import render, templating
from inforce.errors import PolicyError
from inforce.hypertext import Html
from inforce.pages import File, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

REMEDY = "  Compare it with the template of the same name that comes with inforce, or delete it to use that one."


def templates(root: Path, **written: str) -> Path:
    """A project's own templates: ``home='…'`` is home.html."""
    folder = root / "templates"
    folder.mkdir()
    for name, source in written.items():
        (folder / f"{name}.html").write_text(source, "utf-8")
    return folder


def rendered(folder: Path, address: str = "/", **facts: object) -> str:
    return render.renderer(folder)(Page(address, "home.html", facts)).decode()


def told(folder: Path) -> str:
    with pytest.raises(PolicyError) as raised:
        rendered(folder)
    return str(raised.value)


# ------------------------------------------------------------------ how a page is made


def test_a_file_is_published_as_it_is(tmp_path: Path) -> None:
    assert render.renderer(tmp_path)(File("/a.png", b"\xff\0")) == b"\xff\0"


def test_facts_are_escaped_and_only_what_markup_made_is_html(tmp_path: Path) -> None:
    folder = templates(tmp_path, home="<p title='{{ title }}'>{{ title }}{{ text }}</p>\n")

    html = rendered(folder, title="<b> & 'Co'", text=Html("<em>x</em>"))

    assert html == "<p title='&lt;b&gt; &amp; &#39;Co&#39;'>&lt;b&gt; &amp; &#39;Co&#39;<em>x</em></p>\n"


def test_what_looks_like_a_template_in_a_fact_stays_as_it_is(tmp_path: Path) -> None:
    folder = templates(tmp_path, home="{{ title }}")

    assert rendered(folder, title="{{ 7 * 6 }}{% endif %}{# x #}") == "{{ 7 * 6 }}{% endif %}{# x #}"


def test_a_page_links_relative_to_its_own_address(tmp_path: Path) -> None:
    folder = templates(tmp_path, home="{{ link('/style.css') }} {{ page.address }}")

    assert rendered(folder, "/privacy/history/") == "../../style.css /privacy/history/"


def test_days_and_directions_are_those_of_a_language(tmp_path: Path) -> None:
    folder = templates(tmp_path, home="{{ on | day('de') }} {{ 'ar' | direction }}")

    assert rendered(folder, on=date(2026, 10, 1)) == "1. Oktober 2026 rtl"


def test_a_projects_own_template_goes_before_the_one_that_comes_with_the_program(tmp_path: Path) -> None:
    own = templates(tmp_path, _words="ours")

    html = render.renderer(own)(Page("/", "_words.html", {})).decode()
    css = render.renderer(own)(Page("/style.css", "style.css", {})).decode()

    assert html == "ours"
    assert css == render.squeezed((templating.default_templates() / "style.css").read_text("utf-8"))


def test_a_template_that_has_changed_is_read_anew(tmp_path: Path) -> None:
    folder = templates(tmp_path, home="{% include 'part.html' %}", part="{{ one }}")
    before = rendered(folder, one="1")
    (folder / "part.html").write_text("{{ one }}, {{ one }}", "utf-8")

    assert (before, rendered(folder, one="1")) == ("1", "1, 1")


def test_a_style_sheet_is_published_without_comments_and_what_no_browser_needs() -> None:
    css = (
        "/* Said\nonce. */\n:root {\n  --a: \"/* b\";\n\n  --c: ': {; }';\n}\n\n"
        '@media (width >= 1rem) {\n  a > b[c="x"] ~ :is(c, d), e + f {\n    margin: -1px calc(1px + 2px);\n  }\n}\n'
    )

    assert render.squeezed(css) == (
        ":root{--a:\"/* b\";--c:': {; }'}@media (width>=1rem){a>b[c=x]~:is(c,d),e+f{margin:-1px calc(1px + 2px)}}"
    )


def test_every_template_that_comes_with_the_program_can_be_read() -> None:
    assert list(templating.check(templating.default_templates())) == []


# ------------------------------------------------------------------ scripts


def test_a_script_stands_in_a_page_as_it_was_written_and_is_named_by_its_hash(tmp_path: Path) -> None:
    folder = templates(tmp_path, home="{{ script_hash('a.js') }} <script>{{ script('a.js') }}</script>")
    (folder / "a.js").write_bytes(b'let a = "{{ 1 }}";\r\nlet b = a && 2;\r\n')

    html = rendered(folder)

    text = 'let a = "{{ 1 }}";\nlet b = a && 2;'
    assert html == f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}' <script>{text}</script>"


@pytest.mark.parametrize("early", ["</script", "</SCRIPT>", "<!--"])
def test_a_script_cannot_end_within_itself(tmp_path: Path, early: str) -> None:
    folder = templates(tmp_path, home="{{ script('a.js') }}")
    (folder / "a.js").write_text(f"// one\n// {early}\n", "utf-8")

    assert told(folder).startswith("templates/a.js:2: the template cannot be read: a script within a page cannot hold")


def test_a_script_is_utf_8(tmp_path: Path) -> None:
    folder = templates(tmp_path)
    (folder / "a.js").write_bytes(b"// \xe9")
    (folder / "b.js").write_bytes(b"// {% if %}")

    assert list(map(str, templating.check(folder))) == ["templates/a.js: a.js is not UTF-8\n  Save it as UTF-8."]


# ------------------------------------------------------------------ what is wrong with a template


@pytest.mark.parametrize(
    ("source", "line", "what"),
    [
        ("<p>\n{% if %}\n", 2, "the template cannot be read: Expected an expression, got 'end of statement block'"),
        ("<p>\n{{ title | shout }}\n", 2, "the template cannot be read: No filter named 'shout'."),
        ("{% if on %}\n", 1, "the template cannot be read: Unexpected end of template"),
    ],
    ids=["no test", "unknown filter", "never ended"],
)
def test_a_template_that_cannot_be_read_is_said_with_its_line_before_anything_is_made(
    tmp_path: Path, source: str, line: int, what: str
) -> None:
    folder = templates(tmp_path, home=source)

    (problem,) = templating.check(folder)

    assert str(problem).startswith(f"templates/home.html:{line}: {what}")
    assert str(problem).endswith(REMEDY)
    assert told(folder).startswith(f"templates/home.html:{line}: {what}")


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("<p>\n{{ titel }}\n", "'titel' is undefined"),
        ("<p>\n{{ page.titel }}\n", "'inforce.pages.Page object' has no attribute 'titel'"),
        ("<p>\n{{ link(page.adress) }}\n", "'inforce.pages.Page object' has no attribute 'adress'"),
        ("<p>\n{{ 1 / 0 }}\n", "division by zero"),
        ("<p>\n{{ 1 + 'a' }}\n", "unsupported operand type(s) for +: 'int' and 'str'"),
    ],
    ids=["fact", "attribute", "used by us", "zero", "types"],
)
def test_a_template_that_cannot_be_filled_in_is_said_with_its_line(tmp_path: Path, source: str, what: str) -> None:
    folder = templates(tmp_path, home=source)

    assert list(templating.check(folder)) == []
    assert told(folder) == f"templates/home.html:2: the template cannot be filled in: {what}\n{REMEDY}"


@pytest.mark.parametrize(
    "source",
    [
        "{% include 'home.html' %}",
        "{% extends 'home.html' %}",
        "{% import 'home.html' as home %}",
        "{% from 'home.html' import a %}",
        "{% include 'other.html' %}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{% block a %}{{ self.a() }}{% endblock %}",
    ],
)
def test_a_template_that_nests_itself_without_end_is_said(tmp_path: Path, source: str) -> None:
    folder = templates(tmp_path, home=f"\n{source}\n")
    (folder / "other.html").write_text("\n{% extends 'home.html' %}", "utf-8")

    place, said = told(folder).split(": ", 1)

    assert place in {"templates/home.html:2", "templates/other.html:2"}
    assert said == (
        "the template nests itself without end\n"
        "  It includes, extends, imports or calls itself, by itself or by way of others: take that out, or let a "
        "condition end it."
    )


@pytest.mark.parametrize(
    "source",
    [
        "{% if a %}" * 1000 + "{% endif %}" * 1000,
        "{% for a in b %}" * 60 + "{% endfor %}" * 60,
        f"{{{{ {'(' * 1000}1{')' * 1000} }}}}",
    ],
    ids=["conditions", "loops", "brackets"],
)
def test_a_template_that_nests_too_deep_cannot_be_read(tmp_path: Path, source: str) -> None:
    folder = templates(tmp_path, home=source)

    (problem,) = templating.check(folder)

    what = "the template cannot be read: its loops, conditions or brackets stand deeper in each other than can be read"
    assert str(problem) == told(folder) == f"templates/home.html: {what}\n{REMEDY}"


def test_a_mistake_in_a_template_that_comes_with_the_program_is_placed_there(tmp_path: Path) -> None:
    assert told(tmp_path / "templates").startswith("templates/home.html:")


@pytest.mark.parametrize(
    "source", ["{% extends 'bse.html' %}", "{% include 'bse.html' %}", "{% import 'bse.html' as b %}"]
)
def test_a_template_that_is_not_there_is_named(tmp_path: Path, source: str) -> None:
    assert told(templates(tmp_path, home=source)) == f"templates: there is no template bse.html\n{REMEDY}"


def test_a_mistake_of_our_own_keeps_its_traceback(tmp_path: Path) -> None:
    def broken() -> str:
        raise LookupError("ours")

    folder = templates(tmp_path, home="{{ broken() }}")

    with pytest.raises(LookupError, match="ours"):
        rendered(folder, broken=broken)


def test_a_nesting_of_our_own_without_end_keeps_its_traceback(tmp_path: Path) -> None:
    def broken() -> str:
        return broken()

    folder = templates(tmp_path, home="{{ broken() }}")

    with pytest.raises(RecursionError):
        rendered(folder, broken=broken)


def test_a_template_is_utf_8(tmp_path: Path) -> None:
    folder = templates(tmp_path)
    (folder / "home.html").write_bytes(b"<p>\xe9</p>")

    assert list(map(str, templating.check(folder))) == [
        "templates/home.html: home.html is not UTF-8\n  Save it as UTF-8."
    ]


def test_other_files_beside_templates_are_not_looked_at(tmp_path: Path) -> None:
    folder = templates(tmp_path)
    (folder / "notes.md").write_text("{% if %}", "utf-8")
    (folder / "old.html").mkdir()
    (folder / "parts").mkdir()
    (folder / "parts" / "foot.html").write_text("{% if %}", "utf-8")

    assert [str(problem.place) for problem in templating.check(folder)] == ["templates/parts/foot.html:1"]


def test_a_template_that_we_may_not_read_is_named(
    shut: tuple[Path, Callable[[Path], AbstractContextManager[None]]],
) -> None:
    root, shutting = shut
    folder = templates(root, home="x")

    with shutting(folder / "home.html"):
        problems = list(map(str, templating.check(folder)))

    assert problems == [
        "templates/home.html: home.html cannot be read: Permission denied\n  Look at the file's permissions."
    ]


# ------------------------------------------------------------------ what is compiled once


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where Python keeps what it compiled, for this test alone; each call of it is another process."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "compiled"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    templating.compiled.cache_clear()  # as in another process
    yield tmp_path / "compiled"
    templating.compiled.cache_clear()


def in_another_process(monkeypatch: pytest.MonkeyPatch, folder: Path) -> tuple[bytes, int]:
    """A page as it would be made there, and how many templates are compiled for it."""
    sources: list[object] = []
    compile_ = jinja2.Environment.compile

    def noted(self: jinja2.Environment, source: str, name: str, filename: str) -> object:
        sources.append(source)
        return compile_(self, source, name, filename)

    with monkeypatch.context() as patch:
        patch.setattr(jinja2.Environment, "compile", noted)
        templating.compiled.cache_clear()
        css = render.renderer(folder)(Page("/style.css", "style.css", {}))
    return css, len(sources)


def test_the_programs_own_templates_are_compiled_once(
    tmp_path: Path, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = tmp_path / "templates"

    first, second = in_another_process(monkeypatch, none), in_another_process(monkeypatch, none)

    assert first[1] > 0
    assert second == (first[0], 0)
    assert {path.name.partition("-")[0] for path in beside.rglob("*") if path.is_file()} == {"template"}


@pytest.mark.parametrize("spoilt", [b"", b"half", b"\0" * 200])
def test_compiled_templates_that_are_damaged_are_compiled_anew(
    tmp_path: Path, beside: Path, monkeypatch: pytest.MonkeyPatch, spoilt: bytes
) -> None:
    css, _ = in_another_process(monkeypatch, tmp_path / "templates")
    for path in [path for path in beside.rglob("*") if path.is_file()]:
        path.write_bytes(spoilt)

    again = in_another_process(monkeypatch, tmp_path / "templates")

    assert again[0] == css
    assert again[1] > 0


def test_compiled_templates_of_a_project_are_kept_nowhere(
    tmp_path: Path, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "templates"
    own.mkdir()
    (own / "style.css").write_text("p {color: red}", "utf-8")

    in_another_process(monkeypatch, own)

    assert not beside.exists()


def test_where_python_may_not_write_all_is_compiled_each_time(
    tmp_path: Path, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside.write_bytes(b"no folder")

    first, second = (in_another_process(monkeypatch, tmp_path / "templates") for _ in range(2))

    assert first == second
    assert first[1] > 0
