from __future__ import annotations

import re
from datetime import date
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as some
from markupsafe import Markup, escape

from inforce import render, templating
from inforce.hypertext import Html
from inforce.pages import Page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIGNS = some.text(alphabet="&<>\"' ab;#ä\0", max_size=20)

TEMPLATE = """\
{% macro twice(word, more="!") %}{{ word }}{{ word }}{{ more }}{{ varargs }}{% endmacro %}
{% macro once(word, more="&") %}{{ word }}{{ more }}{% endmacro %}
{% macro around(a) %}<i>{{ caller(a) }}</i>{% endmacro %}
{% block first %}{{ twice(words[0]) }}{% endblock %}
{% for word in words %}
{{ loop.index }} {{ loop.changed(word | length) }} {{ word }} {{ twice(word, more="<") }} {{ plain(word) }}
{{ word.upper() }}
{{ once(word) }}{{ once(word, word) }}{{ once(more=word, word=1) }}
{% autoescape false %}{{ once(word) }}{% endautoescape %}
{{ twice(word, "a", 1) }}{% call(x) around(word) %}{{ x }}{{ told(word) }}{% endcall %}
{% endfor %}
{{ facts.items() | list }} {{ facts.a }} {{ facts["a"] }} {{ facts.get("b", 2) }} {{ words["upper"] is defined }}
{{ facts.missing is defined }} {{ facts.missing | default("none") }} {{ words[7] is defined }} {{ number }} {{ none }}
{{ self.first() }}{{ html }}{{ markup }}{{ cycler("a", "b").next() }}{% set ns = namespace(x=1) %}{{ ns.x }}
"""


@jinja2.pass_context
def named(context: jinja2.runtime.Context, word: str) -> str:
    """What only a function that is told of the template can say."""
    return f"{context.name} {word} {context['number']}"


def rendered(environment: Callable[..., jinja2.Environment], words: list[str]) -> str:
    made = environment(
        loader=jinja2.DictLoader({"page": TEMPLATE}),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    facts = {"a": "<a>", "items ": 1}
    html = {"html": Html("<em>'</em>"), "markup": Markup("<b>&</b>")}
    return made.get_template("page").render(
        words=words, facts=facts, number=3, plain=partial(str.title), told=named, **html
    )


@given(some.lists(SIGNS, min_size=1, max_size=4))
def test_a_page_is_what_jinja_by_itself_makes_of_it(words: list[str]) -> None:
    assert rendered(templating.Environment, words) == rendered(jinja2.Environment, words)


@given(SIGNS | some.integers() | some.none() | SIGNS.map(Html) | SIGNS.map(Markup) | SIGNS.map(escape))
def test_a_value_is_escaped_as_jinja_escapes_it(value: object) -> None:
    assert templating.escaped(value) == escape(value)


def test_a_macro_that_is_given_too_much_stops_a_page_as_ever() -> None:
    page = templating.Environment().from_string("{% macro one(a) %}{{ a }}{% endmacro %}{{ one(1, 2) }}")

    with pytest.raises(TypeError, match="macro 'one' takes not more than 1 argument"):
        page.render()


def test_a_name_that_is_missing_stops_a_page_as_ever() -> None:
    page = templating.Environment(undefined=jinja2.StrictUndefined).from_string("{{ facts.missing }}")

    with pytest.raises(jinja2.UndefinedError, match="'dict object' has no attribute 'missing'"):
        page.render(facts={})


def test_words_of_the_program_are_imported_once_and_know_each_page_they_are_used_on(tmp_path: Path) -> None:
    (tmp_path / "inner.html").write_text(
        '{% import "_words.html" as words with context %}{{ words.day(day) }} {{ words.steps(policy) }}', "utf-8"
    )
    (tmp_path / "home.html").write_text(
        '{% import "_words.html" as words with context %}{{ words.day(day) }} {{ inner }} {{ words.steps(policy) }}',
        "utf-8",
    )
    renderer = render.Renderer(tmp_path)

    def page(address: str, template: str, language: str, **more: object) -> Page:
        facts = {
            "site": SimpleNamespace(language=language),
            "policy": SimpleNamespace(language=language),
            "day": date(2026, 10, 1),
            **more,
        }
        return Page(address, template, facts)

    class Inner:
        """A page within a page."""

        def __html__(self) -> str:
            return renderer.whole(page("/a/b/", "inner.html", "fr")).decode()

    made = [
        renderer.whole(page("/", "home.html", "en", inner=Inner())).decode(),
        renderer.whole(page("/a/", "home.html", "de", inner="")).decode(),
    ]

    told = [re.findall(r">(\d[^<]*)</time>|data-look=\"([^\"]*)\"", one) for one in made]
    assert told == [
        [("1 October 2026", ""), ("1 octobre 2026", ""), ("", "../../redline.css"), ("", "redline.css")],
        [("1. Oktober 2026", ""), ("", "../redline.css")],
    ]
    assert len(renderer.environment.free["_words.html"]) == 2  # as many as were in use at once


def test_words_of_a_project_are_imported_anew_for_each_page(tmp_path: Path) -> None:
    (tmp_path / "_words.html").write_text(
        "{% set said = namespace(n=0) %}{% macro more() %}{% set said.n = said.n + 1 %}{{ said.n }}{% endmacro %}",
        "utf-8",
    )
    (tmp_path / "home.html").write_text('{% import "_words.html" as words with context %}{{ words.more() }}', "utf-8")
    renderer = render.Renderer(tmp_path)

    made = [renderer.whole(Page("/", "home.html", {})) for _ in range(2)]

    assert made == [b"1", b"1"]
