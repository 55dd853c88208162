"""The straight line from files to pages.

What has not changed since the last build is taken from its memory; all the rest goes the whole line, policy by policy.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from inforce import checks, hands, memory, publish, render, settings, sources, templating
from inforce.errors import PolicyError, Problem
from inforce.markdown import Reader
from inforce.pages import DeferredFile, Page, policy_pages, site_pages
from inforce.past import Made, Past
from inforce.publish import Known, Wanted
from inforce.shelf import Shelf
from inforce.site import Site, Watched

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from inforce.memory import Look
    from inforce.model import Policy
    from inforce.pages import File
    from inforce.publish import Published
    from inforce.render import Renderer
    from inforce.settings import Settings

    Progress = Callable[[int, int], None]
    """Is told how many policies are made, and of how many."""

POOLED = 4_000_000
"""Bytes of version files above which several processes cost less than they spare."""
SHARES = 16
"""Tasks for each process: so small that none waits long for the last, though what a policy costs is only guessed."""


class Project(NamedTuple):
    """A project as it was read: what it publishes, and all that is wrong or doubtful about it."""

    settings: Settings
    policies: tuple[Policy, ...]
    readers: Mapping[str, Reader]
    """By policy, where texts had to be read to know its versions; each remembers what it has read."""
    site: Site
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps the project from being published."""
        return _errors(self.problems)


class Built(NamedTuple):
    """What a build did."""

    published: Published
    policies: int
    versions: int
    pages: int
    next_day: date | None
    """The next day on which anything changes, coming posting days included."""
    problems: tuple[Problem, ...]
    """Warnings alone."""
    forgetful: str = ""
    """Why nothing could be kept for the next build."""


class Means(NamedTuple):
    """How a build goes about its work; none of it changes a byte of the site."""

    cache: Path | None = None
    """The folder of what the last build left, and the next will find."""
    jobs: int = 1
    cluster: str = ""
    progress: Progress = lambda _made, _all: None
    look: Look | None = None
    """All files that the last build read or wrote, where they have just been looked at."""


class Task(NamedTuple):
    """What is to be made of policies: plain values, for any process that can reach the project and the site."""

    root: Path
    out: Path
    site: Site
    policies: tuple[Policy, ...]
    known: Mapping[str, str]
    stands: Mapping[str, str]
    """Files of the site that stand as they were left, and the SHA-256 of each."""
    strict: bool
    cache: Path | None = None
    key: bytes = b""
    """What the program is known by in the cache."""


def build(root: Path, out: Path, on: date, *, strict: bool = False, means: Means | None = None) -> Built:
    """Publish the policies of a project as they should read on a day.

    Raises PolicyError if anything is wrong (with `strict`, doubtful too) and SurroundingsError if the output cannot be
    written; the earlier site is then as it was.
    """
    means = means or Means()
    past = Past.of(means.cache, root, out, on, means.look)
    project, kept = read_anew(root, on, past)
    if project.errors or (strict and project.problems):
        raise PolicyError([*project.problems, *_checked(project)])
    with publish.staging(out) as known:
        kept = past.standing(kept, known)
        renderer = render.Renderer(root / templating.FOLDER)
        if past.on != on:
            kept = {id_: _renewed(each, project.site, renderer, out, known) for id_, each in kept.items()}
        anew = [policy for policy in project.policies if policy.id not in kept]
        cache = past.cache if past.cache and not memory.ready(past.cache) else None
        stands = past.stands(anew, known)
        task = Task(root, out, project.site, tuple(anew), known, stands, strict, cache, past.key)
        made = list(_made(project, task, means, past.shelves))
        found = [*project.problems, *(one for each in made for one in each.problems)]
        problems = PolicyError([*found, *(one for each in kept.values() for one in each.problems)]).problems
        if _errors(problems) or (strict and problems):
            raise PolicyError(problems)
        whole = _written(site_pages(project.site, defaultdict(Reader)), renderer.whole, out, known)
        every = {each.policy: each for each in (*made, *kept.values())}
        wanted = publish.joined([*(each.wanted for each in every.values()), whole[0]])
        published = publish.put_in_place(wanted, out, known, past.settled(kept.values(), known))
        built = Built(
            published,
            len(project.site.policies),
            sum(len(shown.timeline.entries) for shown in project.site.policies),
            sum(each.pages for each in every.values()) + whole[1],
            min((day for policy in project.policies if (day := policy.next_day(on))), default=None),
            problems,
        )
        why = past.keep(project.policies, project.site, project.problems, every, whole[0], told(built, on))
        return built._replace(forgetful=why)


def read(root: Path, on: date) -> Project:
    """Read a project and look it over. Raises PolicyError where it cannot be read at all."""
    project, _ = read_anew(root, on, None)
    problems = PolicyError([*project.problems, *_checked(project)]).problems
    return Project(project.settings, project.policies, project.readers, project.site, problems)


def read_anew(root: Path, on: date, past: Past | None) -> tuple[Project, dict[str, Made]]:
    """Read a project without looking at its texts, and what need not be made anew of it."""
    wrong = list(templating.check(root / templating.FOLDER))
    found: list[Problem] = []
    readers: Mapping[str, Reader] = past.readers if past else defaultdict(Reader)
    try:
        try:
            chosen = settings.read(root)
        except settings.SettingsError as error:
            wrong += error.problems
            chosen = error.settings
        if past:
            past.begin(chosen)
        since = None if past else on  # a build publishes what lies there; who only looks is told of that, too
        policies, found = sources.read(root, chosen, readers, recall=past, on=since)
    except PolicyError as error:
        raise PolicyError([*wrong, *error.problems]) from None
    site = Site(policies, chosen, on, past.heads(policies) if past else {})
    problems = PolicyError([*wrong, *found, *checks.check_settings(chosen, site)]).problems
    project = Project(chosen, tuple(policies), dict(readers), site, problems)
    return project, past.kept(policies, site) if past else {}


def _errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(problem for problem in problems if problem.severity == "error")


def _checked(project: Project) -> Iterator[Problem]:
    """What is wrong or doubtful about the texts of a project."""
    for policy in project.policies:
        yield from checks.check_policy(policy, project.readers.get(policy.id, Reader()), project.site)


# ------------------------------------------------------------------ policy by policy


def _made(project: Project, task: Task, means: Means, shelves: dict[str, Shelf]) -> Iterator[Made]:
    """Make policies anew: elsewhere, if that costs less than it spares.

    What was read here of a policy gets there by its shelf; without a cache, such policies are made here.
    """
    sizes = {policy.id: sum(_size(task.root / one.place.path) for one in policy.versions) for policy in task.policies}
    pays = bool(means.cluster) or (means.jobs > 1 and sum(sizes.values()) > POOLED)
    away = {policy.id for policy in task.policies if pays and (task.cache or policy.id not in project.readers)}
    count = 0
    renderer = render.Renderer(task.root / templating.FOLDER)
    for policy in task.policies:
        if policy.id not in away:
            yield make_policy(policy, task, renderer, shelves.get(policy.id))
            means.progress(count := count + 1, len(task.policies))
        elif policy.id in shelves and task.cache:
            shelves.pop(policy.id).leave(task.cache, policy.id, task.key)
    shares = _shared(away, sizes, means.jobs * SHARES)
    for share, made in hands.done(make, task, shares, means.jobs, means.cluster):
        yield from made
        means.progress(count := count + len(share), len(task.policies))


def _shared(policies: Collection[str], sizes: Mapping[str, int], most: int) -> list[list[str]]:
    """Policies shared out, the largest first, each to the share that is smallest so far."""
    shares: list[list[str]] = [[] for _ in range(min(len(policies), most))]
    loads = [0] * len(shares)
    for id_ in sorted(policies, key=lambda id_: (-sizes[id_], id_)):
        least = loads.index(min(loads))
        shares[least].append(id_)
        loads[least] += sizes[id_] + 1
    return shares


def _size(path: Path) -> int:
    return max(memory.hints(str(path))[0], 0)


def make(task: Task, share: Collection[str]) -> list[Made]:
    """Look some policies over and write their files aside: a plain function of plain values, for any executor."""
    renderer = render.Renderer(task.root / templating.FOLDER)
    return [make_policy(policy, task, renderer) for policy in task.policies if policy.id in share]


def make_policy(policy: Policy, task: Task, renderer: Renderer, shelf: Shelf | None = None) -> Made:
    """Look a policy over and write its files aside; none where something is wrong with it."""
    site = Watched(task.site)
    shelf = shelf or Shelf.of(task.cache, policy.id, task.key)
    problems = list(checks.check_policy(policy, shelf.reader, site))
    wanted, pages, dated = Wanted({}, frozenset(), frozenset()), 0, frozenset[str]()
    shown = task.site.policy(policy.id)
    if shown and not _errors(problems) and not (task.strict and problems):

        def made(page: Page | File | DeferredFile) -> bytes | Known:
            return _wanted(renderer.outlined(page), shelf)

        try:
            found = policy_pages(site, shown, shelf)
            wanted, pages, dated = _written(found, made, task.out, task.known, site, task.stands)
        except PolicyError as error:
            problems += error.problems
    why = shelf.leave(task.cache, policy.id, task.key) if task.cache and wanted.sums else ""
    return Made(policy.id, tuple(problems), wanted, pages, site.asked, site.others, dated, why)


def _wanted(made: bytes | DeferredFile, shelf: Shelf) -> bytes | Known:
    """A file as it is made; or, where it is known what its bytes are, how it would be."""
    if not isinstance(made, DeferredFile):
        return made
    if made.sum:
        return Known(made.sum, made.make)
    sum_ = shelf.file(made.name) if made.known else ""
    if sum_:
        return Known(sum_, made.make)
    data = made.make()
    shelf.files[made.name] = publish.digest(data)
    return data


def _renewed(made: Made, site: Site, renderer: Renderer, out: Path, known: Mapping[str, str]) -> Made:
    """What was made of a policy on another day, with those pages made anew that name the day."""
    shown, watched = site.policy(made.policy), Watched(site)
    if not shown:
        return made
    pages = policy_pages(watched, shown, Shelf(Reader()), made.dated)
    wanted, _, _ = _written(pages, renderer.whole, out, known, watched)
    return made._replace(wanted=Wanted(made.wanted.sums | wanted.sums, wanted.written, wanted.restored))


def _written(  # noqa: PLR0913, PLR0917 - what is made, how, and what stands where it goes
    pages: Iterable[Page | File | DeferredFile],
    made: Callable[[Page | File | DeferredFile], bytes | Known],
    out: Path,
    known: Mapping[str, str],
    watched: Watched | None = None,
    stands: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Wanted, int, frozenset[str]]:
    """Pages written aside as they are made, so that no two need be in memory.

    Also how many are pages proper, and which of them asked a site that is watched for the day.
    """
    kinds: Counter[type] = Counter()
    dated = set()

    def files() -> Iterator[tuple[str, bytes | Known]]:
        if watched:
            watched.dated = False
        for page in pages:
            kinds[type(page)] += 1
            content = made(page)
            if watched and watched.dated:
                dated.add(page.address)
                watched.dated = False
            yield page.path, content

    wanted = publish.write_aside(files(), out, known, stands)
    return wanted, kinds[Page], frozenset(dated)


def told(built: Built, on: date) -> dict[str, Any]:
    """What is said of a build, as plain values."""
    published = built.published
    return {
        "on": on.isoformat(),
        "policies": built.policies,
        "versions": built.versions,
        "pages": built.pages,
        "next_day": built.next_day.isoformat() if built.next_day else "",
        "problems": [one.plain for one in built.problems],
        "foreign": list(published.foreign),
        "spared": list(published.spared),
        "restored": list(published.restored),
    }
