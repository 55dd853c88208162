"""Templates as Jinja reads them and fills them in, and what can be wrong with them (the only Jinja user).

The templates that come with the program are used wherever a project has none of its own of that name. Templates are
code that the site's engineers write; what they are given is data, and is escaped unless it is HTML that was made of it.

What a template does is done as Jinja does it, with less work for each value, name and call: a page holds hundreds of
them. What is rare, or of a project's own making, goes Jinja's own way.

A script is the same text on every page, so it is not filled in: what it needs, a page says in attributes. A page that
bears one allows it by the hash of that very text.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import traceback
from base64 import b64encode
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import date
from functools import cache, partial
from importlib.util import cache_from_source
from pathlib import Path
from types import BuiltinMethodType, MethodType
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import Markup, escape

from inforce import dates, hypertext, ical, memory
from inforce.errors import Place, Problem
from inforce.site import Watched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, MutableMapping
    from types import CodeType

    from jinja2.bccache import Bucket


PACKAGE = Path(__file__).parent
JINJA = Path(jinja2.__file__).parent
FOLDER = "templates"
SUFFIXES = (".html", ".css", ".xml", ".txt", ".ics")
SCRIPT = ".js"
_ENDLESS = 20
"""Times that one line is at work at once, when it can only be by nesting itself."""
_OWN = "template-"
"""How what is kept of the program's own templates is named."""
_ENDS_EARLY = re.compile(r"</script|<!--", re.IGNORECASE)
"""What would end a script within a page, or keep it from ending."""
_PLAIN = frozenset({MethodType, BuiltinMethodType, partial})
"""What can be called without a look whether it wants to be told of the template; ours never do."""
_READY = (hypertext.Html, Markup)
"""What is HTML already."""
_BARE = frozenset({date, int})
"""What is written without a sign that HTML would take for its own."""


def default_templates() -> Path:
    """The templates that come with the program: in its package, or beside it in a checkout."""
    within = PACKAGE / FOLDER
    return within if within.is_dir() else PACKAGE.parent / FOLDER


def environment_of(templates: Path) -> Environment:
    """What a project's own templates live in, with those of the program."""
    loaders = [jinja2.FileSystemLoader(folder) for folder in (templates, default_templates())]
    environment = Environment(
        loader=jinja2.ChoiceLoader(loaders),
        bytecode_cache=compiled(),
        auto_reload=False,  # within one build a template stays what it is, and is not looked for again for each page
        autoescape=True,
        undefined=jinja2.StrictUndefined,  # a misspelt fact stops the build, not a reader
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["apart"] = dates.apart
    environment.filters["day"] = dates.written
    environment.filters["fragment"] = hypertext.fragment
    environment.filters["month"] = dates.month
    environment.filters["months"] = dates.months
    environment.filters["direction"] = dates.direction
    environment.filters["ical"] = ical.escaped
    environment.filters["folded"] = ical.folded
    environment.globals["script"] = script = cache(partial(_script, environment))
    environment.globals["script_hash"] = cache(lambda name: _hash(script(name)))
    environment.filters["script_hash"] = _hash
    return environment


def source_of(environment: jinja2.Environment, name: str) -> tuple[str, str]:
    """A template as it was written, line ends LF, and its file."""
    assert environment.loader  # noqa: S101 - given above
    source, path, _ = environment.loader.get_source(environment, name)
    return source, path or name


def _script(environment: jinja2.Environment, name: str) -> hypertext.Html:
    """A script as it stands within a page; without a line end, with which some checkers get another hash."""
    source, path = source_of(environment, name)
    early = _ENDS_EARLY.search(source)
    if early:
        line = source.count("\n", 0, early.start()) + 1
        raise jinja2.TemplateSyntaxError(f"a script within a page cannot hold {early[0]}", line, name, path)
    return hypertext.Html(source.strip())


def _hash(script: str) -> hypertext.Html:
    """How a Content-Security-Policy names a script."""
    return hypertext.Html(f"'sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}'")


def check(templates: Path) -> Iterator[Problem]:
    """What is wrong with a project's own templates, as far as reading them tells."""
    environment = environment_of(templates)
    for path in sorted(templates.rglob("*")):
        name = path.relative_to(templates).as_posix()
        if path.suffix in (*SUFFIXES, SCRIPT) and path.is_file():
            try:
                if path.suffix == SCRIPT:
                    source_of(environment, name)
                else:
                    environment.get_template(name)
            except (jinja2.TemplateError, UnicodeDecodeError) as error:
                problem = problem_of(error, templates)
                if problem is None:
                    problem = Problem(
                        Place(f"{FOLDER}/{name}"), "template-not-utf-8", f"{name} is not UTF-8", "Save it as UTF-8."
                    )
                yield problem
            except OSError as error:
                what, remedy = f"{path.name} cannot be read: {error.strerror}", "Look at the file's permissions."
                yield Problem(Place(f"{FOLDER}/{name}"), "template-unreadable", what, remedy)


def problem_of(error: BaseException, templates: Path) -> Problem | None:
    """An error as a problem of the template in which it arose; None if it arose elsewhere."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        place = _place(error.filename or error.name or "", error.lineno, templates)
        what, code = f"the template cannot be read: {error.message}", "template-syntax"
    elif isinstance(error, jinja2.TemplateNotFound):
        place, what, code = Place(FOLDER), f"there is no template {error.name}", "template-missing"
    elif isinstance(error, RecursionError):
        lines = ((one.filename, one.lineno or 0) for one in traceback.extract_tb(error.__traceback__))
        own = Counter(line for line in lines if Path(line[0]).is_relative_to(templates))
        line, times = next(iter(own.most_common(1)), (("", 0), 0))
        if times < _ENDLESS:
            return None
        place, code = _place(*line, templates), "template-endless"
        remedy = (
            "It includes, extends, imports or calls itself, by itself or by way of others: take that out, or let a "
            "condition end it."
        )
        return Problem(place, code, "the template nests itself without end", remedy)
    else:
        frames = [
            one for one in traceback.extract_tb(error.__traceback__) if not Path(one.filename).is_relative_to(JINJA)
        ]
        if isinstance(error, jinja2.UndefinedError):  # a misspelt fact may be found out only where it is used
            frames = [one for one in frames if Path(one.filename).suffix in SUFFIXES]
        if not frames or Path(frames[-1].filename).suffix not in SUFFIXES:
            return None
        place = _place(frames[-1].filename, frames[-1].lineno or 0, templates)
        what, code = f"the template cannot be filled in: {error}", "template-facts"
    remedy = "Compare it with the template of the same name that comes with inforce, or delete it to use that one."
    return Problem(place, code, what, remedy)


def _place(filename: str, line: int, templates: Path) -> Place:
    path = Path(filename)
    folder = templates if path.is_relative_to(templates) else default_templates()
    return Place(f"{FOLDER}/{path.relative_to(folder).as_posix()}", line)


class _Compiled(jinja2.BytecodeCache):
    """Templates as they were compiled, each by its very text: that is most of what a small build costs.

    A process keeps those that it compiled. The program's own lie, too, where Python keeps the program's own modules
    compiled, and are trusted as these are; those of a project never leave the process.
    """

    def __init__(self) -> None:
        self.codes: dict[str, tuple[str, CodeType | None]] = {}
        self.folder = Path(cache_from_source(str(PACKAGE / "templates.py"))).parent
        self.program = memory.program()

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """What a template is known by; in which the program's own are told from those of a project."""
        key = super().get_cache_key(name, filename)
        own = filename is not None and Path(filename).is_relative_to(default_templates())
        return f"{_OWN}{key}" if own else key

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was made of this text, if it was."""
        if bucket.key.startswith(_OWN) and bucket.key not in self.codes:
            kept = memory.recalled(self.folder, bucket.key, self.program)
            if kept:
                self.codes[bucket.key] = kept["text"], kept["code"]
        checksum, code = self.codes.get(bucket.key, ("", None))
        bucket.code = code if checksum == bucket.checksum else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was made, instead of what was made of the file's text before."""
        self.codes[bucket.key] = bucket.checksum, bucket.code
        if bucket.key.startswith(_OWN) and not sys.dont_write_bytecode:
            with suppress(OSError):  # as Python does where it may not write
                memory.leave(self.folder, bucket.key, {"text": bucket.checksum, "code": bucket.code}, self.program)


@cache
def compiled() -> _Compiled:
    """What this process compiles."""
    return _Compiled()


def escaped(value: object) -> str:
    """A value as it stands in HTML, by the same signs as Jinja's own."""
    if type(value) is str:
        bare = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return bare.replace('"', "&#34;").replace("'", "&#39;")
    if isinstance(value, _READY):
        return value
    return str(value) if type(value) in _BARE else escape(value)


class _Macro(Macro):
    """A macro that is filled in at once where nothing is given to it by name."""

    def __init__(
        self,
        environment: jinja2.Environment,
        func: Callable[..., str],
        *told: Any,  # noqa: ANN401 - as Jinja has it
    ) -> None:
        super().__init__(environment, func, *told)
        self.write = func
        self.count = -1 if self.catch_kwargs or self.catch_varargs or self.caller else len(self.arguments)
        """How many arguments it has; less than none if it takes others, too."""


class _Context(Context):
    """The names that a template knows, and what it calls."""

    def call(self, called: Callable[..., Any], /, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - of any kind
        """What a template gets that calls something."""
        if isinstance(called, _Macro):
            if named:
                named.pop("_loop_vars", None)
                named.pop("_block_vars", None)
            left = called.count - len(given)
            if named or left < 0 or not self.eval_ctx.autoescape:
                return called(self.eval_ctx, *given, **named)
            return str.__new__(Markup, called.write(*given, *(missing,) * left))  # without a look whether it is markup
        if type(called) in _PLAIN:
            if named:
                named.pop("_loop_vars", None)
                named.pop("_block_vars", None)
            return called(*given, **named)
        return super().call(called, *given, **named)


class _Template(jinja2.Template):
    """A template that escapes by `escaped`."""

    @classmethod
    def from_code(
        cls,
        environment: jinja2.Environment,
        code: CodeType,
        globals: MutableMapping[str, Any],  # noqa: A002 - as Jinja names it
        uptodate: Callable[[], bool] | None = None,
    ) -> jinja2.Template:
        """The template that was compiled."""
        made = super().from_code(environment, code, globals, uptodate)
        made.root_render_func.__globals__.update(escape=escaped, Macro=_Macro)
        return made

    def make_module(
        self,
        vars: dict[str, Any] | None = None,  # noqa: A002 - as Jinja has it
        shared: bool = False,  # noqa: FBT001, FBT002 - the same
        locals: Mapping[str, Any] | None = None,  # noqa: A002 - the same
    ) -> TemplateModule:
        """What another template imports from this one, to be filled in with what that one knows.

        To make it anew for each page would cost as much as a tenth of the page. Those of the program's own templates
        say nothing by themselves and change nothing that they hold, so that one does for page after page.
        """
        environment = self.environment
        assert isinstance(environment, Environment)  # noqa: S101 - no other makes them
        if not shared or not (self.filename or "").startswith(environment.own):
            return super().make_module(vars, shared, locals)
        known = {name: value for name, value in (locals or {}).items() if value is not missing}
        free = environment.free.setdefault(self.name or "", [])
        if not free:
            context = self.new_context({}, shared=True)
            free.append((TemplateModule(self, context), context))
        module, context = free.pop()
        context.parent = {**(vars or {}), **known}
        environment.lent.append((self.name or "", module, context))
        return module


class Environment(jinja2.Environment):
    """What templates live in; a site that is watched is told where one of them asks anything for the day."""

    context_class = _Context
    template_class = _Template
    asked: object = None
    """The site that the page at hand is one of."""
    own: str
    """Where the program's own templates lie."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Jinja's own
        super().__init__(**options)
        self.own = f"{default_templates()}{os.sep}"
        self.free: dict[str, list[tuple[TemplateModule, Context]]] = {}
        """What was imported by pages that are done, by the names of the templates."""
        self.lent: list[tuple[str, TemplateModule, Context]] = []
        """What was imported by those that are being made."""

    def compile(self, source: Any, name: Any = None, filename: Any = None, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - Jinja's own
        """A template as Python; one that nests too deep for Python is as wrong as one that Jinja cannot read."""
        try:
            return super().compile(source, name, filename, *given, **named)
        except (RecursionError, SyntaxError):
            what = "its loops, conditions or brackets stand deeper in each other than can be read"
            raise jinja2.TemplateSyntaxError(what, 0, name, filename) from None

    @contextmanager
    def lending(self) -> Iterator[None]:
        """Take back at the end what is imported within."""
        before = len(self.lent)
        try:
            yield
        finally:
            while len(self.lent) > before:
                name, module, context = self.lent.pop()
                context.parent = {}
                self.free[name].append((module, context))

    def getattr(self, obj: object, attribute: str) -> object:
        """What ``timeline.on`` asks for."""
        try:
            found = getattr(obj, attribute)
        except AttributeError:
            found = super().getattr(obj, attribute)
        return found if attribute != "on" else self._told(found)

    def getitem(self, obj: Any, argument: Any) -> object:  # noqa: ANN401 - of any kind
        """What ``timeline["on"]`` asks for, and filters that are given a name."""
        try:
            found = obj[argument]
        except (AttributeError, TypeError, LookupError):
            found = super().getitem(obj, argument)
        return found if argument != "on" else self._told(found)

    def _told(self, found: object) -> object:
        if isinstance(self.asked, Watched):
            self.asked.dated |= found == self.asked.today
        return found
