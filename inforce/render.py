"""Pages become HTML, and other files, through the templates."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from inforce import addresses, hypertext, shelf, templating
from inforce.errors import PolicyError
from inforce.pages import DeferredFile, DeferredHtml, File, Part

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from inforce.pages import Page

_COMMENT = re.compile(r"(\"[^\"]*\"|'[^']*')|/\*.*?\*/", re.DOTALL)
"""A comment, or a string, which may look as if it held one."""
_SPARE = re.compile(
    r"""(?<==)"(?P<word>[a-z]+)"(?=\])|(?P<text>"[^"]*"|'[^']*')|;\s*(?=\})"""
    r"|(?<=[{};,:>~])\s+|(?<=[<>]=)\s+|\s+(?=[{>!~]|<=)"
    r"|\s+(?=\+[^;{}()]*\{)|(?<=\+)\s+(?=[^;{}()]*\{)"  # a sum stands in parentheses, and needs its spaces
)
"""What no browser needs of a style sheet: spaces, and quotes around a word; or a string, which stays."""
_MARK = re.compile("\0(\\d+)\0")
"""What stands in an outline for what is written later; no text holds such a sign."""
_NOT_XML = dict.fromkeys({*range(0x20), 0xFFFE, 0xFFFF} - {0x9, 0xA, 0xD})
"""Characters that no XML may hold, however they are written: they are left out."""


def renderer(templates: Path) -> Callable[[Page | File | DeferredFile], bytes]:
    """What makes a page's bytes, with a project's own templates where there are any.

    It raises PolicyError, naming the template and its line, where a template cannot be used.
    """
    return Renderer(templates).whole


class Renderer:
    """Makes pages, with a project's own templates where there are any.

    Raises PolicyError, naming the template and its line, where a template cannot be used.
    """

    def __init__(self, templates: Path) -> None:
        self.templates = templates
        self.environment = templating.environment_of(templates)
        own = templating.default_templates()
        self.own = templates.resolve() == own.resolve() or not any(
            path.suffix in (*templating.SUFFIXES, templating.SCRIPT) for path in templates.rglob("*")
        )
        """Whether all templates are those that come with the program."""

    def whole(self, page: Page | File | DeferredFile) -> bytes:
        """The bytes of a page."""
        if isinstance(page, File):
            return page.content
        if isinstance(page, DeferredFile):
            return page.make()
        return self._filled(page, page.template, self._facts(page, written=True)).encode()

    def outlined(self, page: Page | File | DeferredFile) -> bytes | DeferredFile:
        """The bytes of a page; or a file that is known by its outline, and need not be made where it stands.

        The outline is the page without what can be written later. Only of the program's own templates is it known that
        they do no more with that than to put it in its place.
        """
        if isinstance(page, DeferredFile):
            return page
        if isinstance(page, File) or not self.own:
            return self.whole(page)
        facts = self._facts(page)
        deferred = [fact for fact in facts.values() if isinstance(fact, DeferredHtml)]
        if not deferred:
            return self._filled(page, page.template, facts).encode()
        for number, one in enumerate(deferred):
            one.mark = f"\0{number}\0"
        outline = self._filled(page, page.template, facts)
        for one in deferred:
            one.mark = ""
        name = shelf.known_as(outline, *(one.name.hex() for one in deferred))
        known = all(one.known for one in deferred)
        return DeferredFile(page.address, partial(_filled_out, outline, deferred), name=name, known=known)

    def _facts(self, page: Page, *, written: bool = False) -> dict[str, object]:
        """What a page tells; its parts are written when they are needed, and its texts, too, unless they are by now."""
        facts = dict(page.facts)
        for name, fact in page.facts.items():
            if written and isinstance(fact, DeferredHtml):
                facts[name] = hypertext.Html(fact.html)
            elif isinstance(fact, Part):
                facts[name] = DeferredHtml(fact.name, partial(self._filled, page, *fact[:2]), known=fact.known)
        return facts

    def _filled(self, page: Page, name: str, facts: Mapping[str, object]) -> str:
        """A template with its facts filled in, for a page or a part of one."""
        environment = self.environment
        try:
            if name.endswith(templating.SCRIPT):
                return templating.source_of(environment, name)[0]
            template = environment.get_template(name)
            link = partial(_link, page=page.address)
            environment.asked = page.facts.get("site")
            with environment.lending():
                made = template.render(facts, page=page, link=link)
        except PolicyError:
            raise
        except Exception as error:
            problem = templating.problem_of(error, self.templates)
            if problem is None:
                raise
            raise PolicyError([problem]) from error
        if name.endswith(".css"):
            return squeezed(made)
        return made.translate(_NOT_XML) if name.endswith(".xml") else made


def _filled_out(outline: str, deferred: Sequence[DeferredHtml]) -> bytes:
    """A page of its outline and what was to be written later."""
    parts = _MARK.split(outline)
    parts[1::2] = [deferred[int(number)].html for number in parts[1::2]]
    return "".join(parts).encode()


def squeezed(css: str) -> str:
    """A style sheet without its comments, and most spaces and line ends, which are for those who write it."""
    bare = _COMMENT.sub(lambda found: found[1] or "", css)
    return _SPARE.sub(lambda found: found["word"] or found["text"] or "", re.sub(r"\s*\n\s*", "\n", bare)).lstrip()


def _link(address: str, page: str) -> str:
    """How a page links to an address of the site; what leads elsewhere stays as it is."""
    ours = address.startswith("/") and not address.startswith("//")
    return addresses.relative(address, page) if ours else address
