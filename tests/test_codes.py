"""Every code that a message can carry has a section in docs/codes.md, and no section is about any other."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inforce import settings
from inforce.errors import PolicyError
from inforce.sources import header

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inforce.errors import Problem

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "codes.md").read_text("utf-8")
SECTIONS = re.split(r"^(?=###? )", PAGE, flags=re.MULTILINE)[1:]
RULES = [section for section in SECTIONS if section.startswith("### ")]
CODE = re.compile(r'^### `([a-z0-9-]+)`$|<a id="([a-z0-9-]+)"></a>', re.MULTILINE)


def told(section: str) -> list[str]:
    """The codes that a section is about."""
    return [heading or anchor for heading, anchor in CODE.findall(section)]


DOCUMENTED = [code for section in RULES for code in told(section)]


# ------------------------------------------------------------------ what the source can say

Function = ast.FunctionDef | ast.Lambda


class Module:
    """A module of ours, and what in it takes a code."""

    def __init__(self, path: Path) -> None:
        self.tree = ast.parse(path.read_text("utf-8"))
        self.takes = {name: at for node in ast.walk(self.tree) for name, at in _takes(node)}
        self.known = {node.name for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def _takes(node: ast.AST) -> Iterator[tuple[str, int]]:
    """The name of a function or class that takes a code, and at which place."""
    if isinstance(node, ast.FunctionDef):
        names = [one.arg for one in node.args.args if one.arg != "self"]
        if {"code", "what"} <= set(names) and node.name != "__init__":
            yield node.name, names.index("code")
    elif isinstance(node, ast.ClassDef):
        fields = [
            one.target.id for one in node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        ]
        made = next((one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"), None)
        if made:
            fields = [one.arg for one in made.args.args[1:]]
        if {"code", "what"} <= set(fields):
            yield node.name, fields.index("code")


MODULES = [Module(path) for path in sorted((ROOT / "inforce").rglob("*.py"))]
EVERYWHERE = {name: at for module in MODULES for name, at in module.takes.items() if name[0].isupper()}
EVERYWHERE |= Module(ROOT / "inforce" / "errors.py").takes


def spoken(module: Module) -> Iterator[str]:
    """The codes that a module can say; ``{key}-missing`` stands for a family."""
    takes = EVERYWHERE | module.takes
    for scope in [module.tree, *(node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef))]:
        for call in _calls(scope):
            name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            if name in takes and (name in module.takes or name not in module.known):
                given = [one.value for one in call.keywords if one.arg == "code"]
                yield from _read((given or [call.args[takes[name]]])[0], scope, module)


def _calls(scope: ast.AST) -> Iterator[ast.Call]:
    """The calls in a function, and in none within it."""
    for node in ast.iter_child_nodes(scope):
        if isinstance(node, ast.Call):
            yield node
        if not isinstance(node, ast.FunctionDef):
            yield from _calls(node)


def _read(value: ast.expr, scope: ast.AST, module: Module) -> Iterator[str]:
    if isinstance(value, ast.Constant):
        yield str(value.value)
    elif isinstance(value, ast.JoinedStr):
        yield ast.unparse(value)[2:-1]
    elif isinstance(value, ast.IfExp):
        yield from _read(value.body, scope, module)
        yield from _read(value.orelse, scope, module)
    elif isinstance(value, ast.Name):
        parameters = {one.arg for one in scope.args.args} if isinstance(scope, ast.FunctionDef) else set()
        bound = [code for one in ast.walk(scope) for code in _bound(one, value.id, module)]
        assert bound or value.id in parameters, f"{ast.unparse(scope)}: where does {value.id} come from?"
        for one in bound:
            yield from _read(one, scope, module)
    else:
        assert isinstance(value, ast.Attribute), f"{ast.unparse(value)}: a code of a kind that this test cannot read"
        assert value.attr == "code"  # handed on


def _bound(node: ast.AST, name: str, module: Module) -> Iterator[ast.expr]:
    """The values that a statement binds to a name, in a tuple or in a loop over tuples."""
    rows: list[tuple[ast.expr, ast.expr]] = []
    if isinstance(node, ast.Assign):
        rows = [(target, node.value) for target in node.targets]
    elif isinstance(node, ast.For):
        over = node.iter
        if isinstance(over, ast.Name):
            over = next(iter(_bound(module.tree.body[_line(module, over.id)], over.id, module)))
        if isinstance(over, ast.Tuple | ast.List):
            rows = [(node.target, row) for row in over.elts]
    for target, value in rows:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            pairs = zip(target.elts, value.elts, strict=True)
            yield from (one for part, one in pairs if isinstance(part, ast.Name) and part.id == name)
        elif isinstance(target, ast.Name) and target.id == name:
            yield value


def _line(module: Module, name: str) -> int:
    """Which statement of a module binds a constant."""
    statements = enumerate(module.tree.body)
    return next(n for n, one in statements if isinstance(one, ast.Assign) and name in ast.unparse(one.targets[0]))


SPOKEN = sorted({code for module in MODULES for code in spoken(module)})


def family(code: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{\w+\\}", "[a-z-]+", re.escape(code)))


def test_the_codes_are_found_in_the_source() -> None:
    assert {"overtaken", "{key}-missing", "template-facts", "published-effective-changed", "withdrawn-too-late"} <= set(
        SPOKEN
    )
    assert len(SPOKEN) > 90


@pytest.mark.parametrize("code", SPOKEN)
def test_every_code_has_a_section(code: str) -> None:
    assert any(family(code).fullmatch(one) for one in DOCUMENTED)


@pytest.mark.parametrize("code", DOCUMENTED)
def test_every_section_is_about_a_code_that_is_said(code: str) -> None:
    assert any(family(one).fullmatch(code) for one in SPOKEN)


@pytest.mark.parametrize("code", SPOKEN)
def test_a_code_is_lower_case_words_parted_by_hyphens(code: str) -> None:
    assert re.fullmatch(r"(\{key\}|[a-z]+)(-[a-z0-9]+|-\{key\})*", code)


def test_no_code_has_two_sections() -> None:
    assert sorted(DOCUMENTED) == sorted(set(DOCUMENTED))


# ------------------------------------------------------------------ the members of the families


def said(keys: str) -> list[Problem]:
    lines = ["---", "title: Privacy", "posted: 2026-01-10", keys, "---", "x\n"]
    names = {line.partition(":")[0] for line in keys.split("\n")}
    kept = [line for line in lines if line.partition(":")[0] not in names or line == keys]
    return header.read("a.md", "a", "\n".join(kept))[1]


VALUES = ("", "[a]", '"\\u0007"', "soon")


@pytest.mark.parametrize("key", header.KEYS)
@pytest.mark.parametrize("value", VALUES)
def test_every_code_of_a_key_has_a_section(key: str, value: str) -> None:
    codes = {one.code for one in said(f"{key}: {value}")}

    assert codes <= set(DOCUMENTED)


@pytest.mark.parametrize("entry", ["note: ", "note: [a]", 'note: "\\u0007"', "announced: x", "to: x"])
def test_every_code_of_a_postponement_has_a_section(entry: str) -> None:
    key = entry.partition(":")[0]
    facts = {"announced": "2026-01-11", "to": "2026-02-01", key: entry.partition(": ")[2]}
    absent = {name: value for name, value in facts.items() if name != key}

    codes = {
        one.code
        for shown in (facts, absent)
        for one in said("postponed:\n  - " + "\n    ".join(f"{name}: {value}" for name, value in shown.items()))
    }

    assert codes
    assert codes <= set(DOCUMENTED)


def test_every_code_of_a_setting_has_a_section(tmp_path: Path) -> None:
    site = ("title", "base-url", "source-url", "timezone", "notice-days", "language", "logo", "colours", "footer")
    policy = ("title", "notice-days", "language", "paths", "posted-from")
    tables = {"tool.inforce": site, "tool.inforce.policies.a": policy}
    lines = [line for table, keys in tables.items() for line in (f"[{table}]", *(f"{key} = {{x = 1}}" for key in keys))]
    (tmp_path / settings.FILE).write_text("\n".join(lines), "utf-8")

    with pytest.raises(PolicyError) as raised:
        settings.read(tmp_path)

    codes = {one.code for one in raised.value.problems}
    assert codes == {f"settings-{key}" for key in (*site, *policy)}
    assert codes <= set(DOCUMENTED)


# ------------------------------------------------------------------ the page


@pytest.mark.parametrize("section", RULES, ids=lambda section: told(section)[0])
def test_a_section_says_what_shows_an_example_and_says_what_to_do(section: str) -> None:
    parts = ["\n*Error.* ", "\n*Warning.* ", "\n```\n", "\n**Instead:** "]

    at = [section.find(part) for part in parts if part in section]

    assert len(at) == 3
    assert all(one < other for one, other in pairwise(at))
    assert section.count("\n```") == 2
