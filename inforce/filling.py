"""How a template is filled in: as Jinja does it, with less to do for each value, each name and each call.

A page holds hundreds of them. What is rare, or of a project's own making, goes Jinja's own way.
"""

from __future__ import annotations

from functools import partial
from types import BuiltinMethodType, MethodType
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import Markup, escape

from inforce.markup import Html
from inforce.site import Watched

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping
    from types import CodeType

_PLAIN = frozenset({MethodType, BuiltinMethodType, partial})
"""What can be called without a look whether it wants to be told of the template; ours never do."""


def escaped(value: object) -> str:
    """A value as it stands in HTML, by the same signs as Jinja's own."""
    if type(value) is str:
        bare = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return bare.replace('"', "&#34;").replace("'", "&#39;")
    return value if isinstance(value, Html | Markup) else escape(value)


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
        if not isinstance(called, _Macro) and type(called) not in _PLAIN:
            return super().call(called, *given, **named)
        if named:
            named.pop("_loop_vars", None)
            named.pop("_block_vars", None)
        if not isinstance(called, _Macro):
            return called(*given, **named)
        left = called.count - len(given)
        if named or left < 0 or not self.eval_ctx.autoescape:
            return called(self.eval_ctx, *given, **named)
        return str.__new__(Markup, called.write(*given, *(missing,) * left))  # without a look whether it is markup


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


class Environment(jinja2.Environment):
    """What templates live in; a site that is watched is told where one of them asks anything for the day."""

    context_class = _Context
    template_class = _Template
    asked: object = None
    """The site that the page at hand is one of."""

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
