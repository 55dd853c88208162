"""The straight line from files to pages."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inforce import checks, render, settings, sources
from inforce.errors import PolicyError, Problem
from inforce.markdown import Reader
from inforce.pages import Page, pages
from inforce.publish import publish
from inforce.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from inforce.model import Policy
    from inforce.publish import Published
    from inforce.settings import Settings


@dataclass(frozen=True, slots=True)
class Project:
    """A project as it was read: what it publishes, and all that is wrong or doubtful about it."""

    settings: Settings
    policies: tuple[Policy, ...]
    readers: Mapping[str, Reader]
    """By policy; each remembers what it has read of its texts."""
    site: Site
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps the project from being published."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did."""

    published: Published
    policies: int
    versions: int
    pages: int
    next_day: date | None
    """The next day on which anything changes, coming posting days included."""
    problems: tuple[Problem, ...]
    """Warnings alone."""


def build(root: Path, out: Path, on: date, *, strict: bool = False) -> Built:
    """Publish the policies of a project as they should read on a day.

    Raises PolicyError if anything is wrong (with `strict`, doubtful too) and SurroundingsError if the output cannot be
    written; the earlier site is then as it was.
    """
    project = read(root, on)
    if project.errors or (strict and project.problems):
        raise PolicyError(project.problems)
    render_page = render.renderer(root / render.FOLDER)
    made: Counter[type] = Counter()

    def files() -> Iterator[tuple[str, bytes]]:
        for page in pages(project.site, project.readers):
            made[type(page)] += 1
            yield page.path, render_page(page)

    published = publish(files(), out)
    return Built(
        published,
        len(project.site.policies),
        sum(len(shown.timeline.entries) for shown in project.site.policies),
        made[Page],
        min((day for policy in project.policies if (day := policy.next_day(on))), default=None),
        project.problems,
    )


def read(root: Path, on: date) -> Project:
    """Read a project and look it over. Raises PolicyError where it cannot be read at all."""
    wrong = list(render.check(root / render.FOLDER))
    found: list[Problem] = []
    readers: defaultdict[str, Reader] = defaultdict(Reader)
    try:
        try:
            chosen = settings.read(root)
        except settings.SettingsError as error:
            wrong += error.problems
            chosen = error.settings
        policies, found = sources.read(root, chosen, readers)
    except PolicyError as error:
        raise PolicyError([*wrong, *error.problems]) from None
    site = Site(policies, chosen, on)
    problems = [*wrong, *found, *checks.check_settings(chosen)]
    problems += [problem for policy in policies for problem in checks.check_policy(policy, readers[policy.id], site)]
    return Project(chosen, tuple(policies), readers, site, PolicyError(problems).problems)
