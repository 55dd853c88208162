from __future__ import annotations

import re

import pytest

from inforce import colours
from inforce.templating import default_templates


def test_black_on_white_has_the_contrast_of_the_standard() -> None:
    assert colours.contrast("#000", "#ffffff") == colours.contrast("#fff", "#000000") == pytest.approx(21)
    assert colours.contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("value", ["red", "#12345", "#1234567", "#12345g", "#fff\n", "url(x)", 7, None])
def test_only_hexadecimal_digits_are_a_colour(value: object) -> None:
    assert not colours.fits("accent", value)


def test_a_colour_is_chosen_for_a_name_that_there_is() -> None:
    assert colours.fits("accent", "#1F4b73")
    assert colours.fits("paper-dark", "#000")
    assert not colours.fits("border", "#000")


def test_the_colours_of_the_stylesheet_are_those_told_here_and_can_be_read() -> None:
    css = (default_templates() / "style.css").read_text("utf-8")
    light, dark = css.split("@media screen and (prefers-color-scheme: dark)")[:2]

    found = dict(re.findall(r"--([a-z]+): (#\w+);", light))
    found |= {f"{name}-dark": value for name, value in re.findall(r"--([a-z]+): (#\w+);", dark)}

    assert {name: found[name] for name in colours.DEFAULTS} == colours.DEFAULTS
    assert list(colours.faint(colours.DEFAULTS)) == []


def test_a_chosen_colour_that_is_hard_to_read_is_found_on_its_own_paper() -> None:
    chosen = {"accent": "#93c1ea", "paper-dark": "#ffffff"}

    found = [(text, paper) for text, paper, _ in colours.faint(chosen)]

    assert found == [
        ("accent", "paper"),
        ("ink-dark", "paper-dark"),
        ("quiet-dark", "paper-dark"),
        ("accent-dark", "paper-dark"),
    ]
