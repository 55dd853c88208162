"""The outside world: today's date, what each command does, its answer and its exit status."""

from __future__ import annotations

import gc
import os
import sys
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from inforce import arguments, reports
from inforce.errors import PolicyError, Problem, SurroundingsError, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from inforce.memory import Look
    from inforce.model import Entry, Policy, Timeline

DONE, WRONG, USAGE, SURROUNDINGS = 0, 1, 2, 3
RUBBISH = (5_000, 10, 1_000)
"""How rarely Python looks for rubbish while a build runs: it makes little, and each look goes over all there is.

What a template was filled in with is rubbish, a page of a long text with it: looked for more rarely, a build of many
policies takes half as much memory again. What has stayed long, hardly ever: that is texts, which are no rubbish.
"""
WIDTH = 30
"""Signs of a progress bar."""
INTERRUPTED = 130
"""As shells say it: 128 and the signal."""


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """The program as a process of its own: it does what the command line asks, and ends."""
    status = run(argv)
    gc.freeze()  # all that is in memory goes with the process: none of it need be looked through for rubbish first
    sys.exit(status)


def run(argv: Sequence[str] | None = None) -> int:
    """Do what the command line asks; gives the exit status."""
    _fit_streams()
    try:
        return _answered(sys.argv[1:] if argv is None else argv)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop(sys.stdout)  # whoever read our answer has gone; there is nobody to tell
        return SURROUNDINGS
    except OSError as error:
        if error.filename is None:
            _drop(sys.stdout)  # only our answer is written to no file that we know
        try:
            reports.say_line(f"{error.filename or 'the answer'}: {error.strerror}")
        except OSError:
            _drop(sys.stderr)  # that was it which could not be written to
        return SURROUNDINGS


def _answered(given: Sequence[str]) -> int:
    parser = arguments.parser(given)
    try:
        options = parser.parse_args(given)
        _refuse_nowhere(options)
        return COMMANDS[options.command](options)
    except UsageError as error:
        parser.error(reports.visible(str(error)))
    except PolicyError as error:
        reports.say(error.problems)
        return WRONG
    except SurroundingsError as error:
        reports.say_trouble(error)
        return SURROUNDINGS
    finally:
        sys.stdout.flush()  # here, where it can still be said that this fails


def _fit_streams() -> None:
    """See that there is somewhere to write to, and that no letter is refused there.

    A stream that was closed leads nowhere, or the next file that is opened would be taken for it. The name of a file
    may hold bytes that are no text, and a terminal may lack letters: no message may fail on that.
    """
    streams: tuple[Any, Any] = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    for stream in streams:
        stream.reconfigure(errors="backslashreplace")
    sys.stdout, sys.stderr = streams


def _refuse_nowhere(options: argparse.Namespace) -> None:
    """A project is a folder that is there; only `init` makes one."""
    root = getattr(options, "root", None)
    if root and options.command != "init" and not root.is_dir():
        raise UsageError(f"there is no folder {root}")


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def _drop(stream: TextIO) -> None:
    """Let what is left of our answer go nowhere, or Python would try once more at its end, and complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _today(options: argparse.Namespace) -> date:
    """The day asked about."""
    from inforce import settings

    if options.on:
        return _day_in("", options.on)
    try:
        zone = settings.read(options.root).timezone
    except PolicyError:
        zone = "UTC"  # who reads the settings next says what is wrong with them, and with all the rest
    return _day_in(zone, None)


def _init(options: argparse.Namespace) -> int:
    import shlex

    from inforce import starting

    at = starting.place(options.root)
    files = starting.beginning(_today(options), at)
    written, left = starting.begin(options.root, files)
    for name in written:
        print(options.root / name)
    for told in starting.advice(options.root, left, files, at):
        print("\n".join(map(reports.visible, told.split("\n"))), file=sys.stderr)
    if not written:
        print("Nothing was written: all that a project begins with is there.", file=sys.stderr)
        return DONE
    place = "" if options.root.samefile(Path()) else f"  cd {shlex.quote(str(options.root))}\n"
    publishes = "" if at.branch == "main" else f"The workflows publish the branch {at.branch}.\n"
    told = "README.md there says how it is published; " if starting.README in written else ""
    print(
        "A project has begun. Next, write the text of its policy, and look at it:\n"
        f"{place}  {_called()} serve\n{publishes}"
        f"{told}requirements.txt has to say where the workflows have inforce from.",
        file=sys.stderr,
    )
    return DONE


def _build(options: argparse.Namespace) -> int:
    gc.set_threshold(*RUBBISH)
    from inforce import memory

    begun = time.perf_counter()
    out = options.out or options.root / "site"
    _refuse_sources(options.root, out)
    cache = None if options.no_cache else options.cache or memory.place_for(options.root)
    if options.cache:
        _refuse_sources(options.root, options.cache, "--cache")
    said, look = (
        memory.glance(cache, options.root, out, lambda zone: _day_in(zone, options.on)) if cache else (None, None)
    )
    if said is None or (options.strict and said["problems"]):
        said = _built(options, out, cache, look)
    reports.say(map(Problem.told, said["problems"]))
    told = {
        "left alone, inforce did not write it": said["foreign"],
        "left alone: no longer wanted, but changed by another hand": said["spared"],
        "written anew, another hand had changed it": said["restored"],
    }
    for what, paths in told.items():
        for path in paths:
            reports.say_line(f"{out / path}: {what}")
    _say_built(said, time.perf_counter() - begun)
    return DONE


def _say_built(said: Mapping[str, Any], seconds: float) -> None:
    coming = f"next change on {said['next_day']}" if said["next_day"] else "no change ahead"
    print(
        f"As of {said['on']}: {_count(said['policies'], 'policy', 'policies')}, {_count(said['versions'], 'version')}, "
        f"{_count(said['pages'], 'page')} in {seconds:.2f} s; {coming}.",
        file=sys.stderr,
    )


def _serve(options: argparse.Namespace) -> int:
    import signal

    from inforce import preview
    from inforce.build import told

    for sent in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sent, signal.default_int_handler)  # however it is ended, nothing is left of it
    with suppress(KeyboardInterrupt), preview.serving(options.root, options.port) as served:
        print(served.address, flush=True)
        print("A preview; Ctrl-C ends it.", file=sys.stderr)
        for outcome in served.outcomes(lambda: _today(options)):  # pragma: no branch - for ever, until it is ended
            reports.say(outcome.problems)
            if outcome.built:
                _say_built(told(outcome.built, outcome.on), outcome.seconds)
            else:
                if outcome.trouble:
                    reports.say_trouble(outcome.trouble)
                print("Not built; the preview is as it was. Waiting for a change.", file=sys.stderr)
    return DONE


def _built(options: argparse.Namespace, out: Path, cache: Path | None, look: Look | None) -> dict[str, Any]:
    """Build, and give what is to be said of it."""
    from inforce.build import Means, build, told

    on = _today(options)
    bar = _Bar()
    means = Means(cache, options.jobs or os.cpu_count() or 1, options.executor or "", bar.show, look)
    try:
        built = build(options.root, out, on, strict=options.strict, means=means)
    finally:
        bar.clear()
    if built.forgetful:
        why = f"nothing can be kept for the next build ({built.forgetful}); the site is whole without it"
        reports.say_line(f"{cache}: {why}")
    return told(built, on)


class _Bar:
    """How far a build has come, on a terminal, where it takes more than a second."""

    def __init__(self) -> None:
        self.begun = time.perf_counter()
        self.shown = False

    def show(self, made: int, of: int) -> None:
        """Say how many policies are made, of how many."""
        if sys.stderr.isatty() and (self.shown or time.perf_counter() - self.begun > 1):
            self.shown = True
            full = "#" * (WIDTH * made // of)
            print(
                f"\r[{full:{WIDTH}}] {made:,} of {_count(of, 'policy', 'policies')} ",
                end="",
                file=sys.stderr,
                flush=True,
            )

    def clear(self) -> None:
        """Take the line away again."""
        if self.shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def _day_in(zone: str, given: date | None) -> date:
    """The day that was given, or today in a time zone; the clock is read here and nowhere else."""
    if given:
        return given
    if zone == "UTC":
        return datetime.now(UTC).date()
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo(zone)).date()


def _refuse_sources(root: Path, folder: Path, option: str = "--out") -> None:
    """What authors write is never written to."""
    for name in ("policies", "templates"):
        if folder.resolve().is_relative_to((root / name).resolve()):
            raise UsageError(
                f"{folder} lies in {name}/, which is what the site is made of; choose another folder with {option}"
            )
    if root.resolve().is_relative_to(folder.resolve()):
        raise UsageError(f"{folder} holds the project itself; choose a folder of its own with {option}")


def _new(options: argparse.Namespace) -> int:
    from inforce.drafting import draft

    day = options.posted or _today(options)
    made = draft(options.root, options.policy, day, options.effective, options.base)
    with _writing(made.path):
        made.path.parent.mkdir(parents=True, exist_ok=True)
        with made.path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(made.content)
    print(made.path)
    begun = (
        f"with the text of {made.base}" if made.base else "as the first version: write its text below the second ---"
    )
    print(f"Begun {begun}. Look at it: {_called()} serve --on {day}", file=sys.stderr)
    return DONE


def _called() -> str:
    """How a shell reaches this program: by its name, or where it lies if the name would not do."""
    import shlex
    import shutil

    called = Path(sys.argv[0])
    return "inforce" if called.name != "inforce" or shutil.which(called.name) else shlex.quote(str(called.absolute()))


def _schema(_: argparse.Namespace) -> int:
    from inforce.sources import schema

    reports.print_json(schema.front_matter())
    return DONE


def _check(options: argparse.Namespace) -> int:
    from inforce.build import read

    trouble = None
    try:
        project = read(options.root, _today(options))
        problems = project.problems
        if options.against:
            try:
                problems = PolicyError([*problems, *_against(options.against, project.policies)]).problems
            except SurroundingsError as error:
                trouble = error  # what is wrong here is said all the same
    except PolicyError as error:
        problems = error.problems
    if options.format == "github":
        problems = _from_top(options.root, problems)
    reports.REPORTS[options.format](problems)
    errors = sum(problem.severity == "error" for problem in problems)
    if options.format == "text":
        warnings = len(problems) - errors
        print(f"{_count(errors, 'error')}, {_count(warnings, 'warning')}.", file=sys.stderr)
    if trouble:
        raise trouble
    return WRONG if errors or (problems and options.strict) else DONE


def _from_top(root: Path, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems with their paths from the top of the repository, where a pull request has its files."""
    import posixpath

    from inforce.sources import repository

    top = repository.top(root) or root.resolve()
    within = root.resolve().relative_to(top).as_posix()
    return tuple(
        one._replace(place=one.place._replace(path=posixpath.normpath(posixpath.join(within, one.place.path))))
        for one in problems
    )


def _against(where: str, policies: Iterable[Policy]) -> Iterator[Problem]:
    from inforce import ledger, published

    return ledger.against(policies, published.ledgers(published.fetcher(where)))


def _verify(options: argparse.Namespace) -> int:
    from inforce import ledger, published

    found, problems = ledger.verify(published.fetcher(options.site), options.head or "")
    reports.say(problems)
    for one in found:
        print(
            f"{one.policy}: {_count(len(one.versions), 'version')}, {_count(len(one.links), 'event')}, head {one.head}"
        )
    return WRONG if problems else DONE


def _import(options: argparse.Namespace) -> int:
    from inforce.sources import unfolding

    policy, problems = unfolding.read(options.repo, options.paths, notice=options.notice_days, title=options.title)
    written = unfolding.write(policy, options.to)
    reports.say(problems)
    print(f"{_count(written, 'version')} written to {options.to}.", file=sys.stderr)
    return DONE


def _status(options: argparse.Namespace) -> int:
    from inforce import settings, sources

    on = _today(options)
    policies, _ = sources.read(options.root, settings.read(options.root), watch=False)
    standings = [(policy, policy.as_of(on)) for policy in policies]
    if options.json:
        rows = [_standing(policy, timeline) for policy, timeline in standings]
        reports.print_json({"on": on, "policies": rows})
        return DONE
    print(f"As of {on}:")
    for policy, timeline in standings:
        governs = timeline.in_force.id if timeline.in_force else "nothing"
        coming = "".join(f"; {entry.id} {_expected(timeline, entry)}" for entry in timeline.pending)
        following = policy.next_day(on)
        then = f"; next change on {following}" if following else ""
        print(f"  {policy.id}: {governs} in force{coming}{then}")
    return DONE


def _expected(timeline: Timeline, entry: Entry) -> str:
    """When a pending version takes effect, or why it never does."""
    other = timeline.overtaker(entry)
    if other is None:
        return f"takes effect on {entry.effective}"
    return f"never takes effect ({'corrected' if timeline.mends(other, entry) else 'overtaken'} by {other.id})"


def _standing(policy: Policy, timeline: Timeline) -> dict[str, object]:
    pending = [
        {
            "version": entry.id,
            "effective": entry.effective,
            "in_force_from": entry.in_force.first if entry.in_force else None,
        }
        for entry in timeline.pending
    ]
    return {
        "policy": policy.id,
        "in_force": timeline.in_force.id if timeline.in_force else None,
        "pending": pending,
        "next_change": timeline.next_change,
        "next_day": policy.next_day(on=timeline.on),
    }


def _redline(options: argparse.Namespace) -> int:
    from inforce import asked

    if options.since:
        if options.old or options.format:
            raise UsageError("--since stands instead of OLD and NEW, and gives Markdown: leave --format out")
        from inforce import proposed

        limit = None if options.output else proposed.LIMIT
        _answer(options, proposed.summary(options.root, options.since, _today(options), limit))
        return DONE
    if not options.new:
        raise UsageError("give OLD and NEW, or --since REV")
    from inforce import hypertext
    from inforce.pages import Page
    from inforce.render import renderer
    from inforce.templating import FOLDER

    old, new, redline, html = asked.Asked(options.root, _today(options)).between(options.old, options.new)
    if options.format == "text":
        shown = redline.text()
    elif options.format == "json":
        shown = reports.as_json(redline.json()) + "\n"
    else:
        shown_html = hypertext.fitted(html, old, new)
        facts = {"old": options.old, "new": options.new, "redline": redline, "html": shown_html}
        shown = renderer(options.root / FOLDER)(Page("/", "redline.html", facts)).decode()
    _answer(options, shown)
    return DONE


def _notice(options: argparse.Namespace) -> int:
    from inforce import asked, notices
    from inforce.render import renderer
    from inforce.templating import FOLDER

    telling, group = asked.Asked(options.root, _today(options)).pending(options.version)
    with asked.telling_faults(group[-1].version.place):
        made = notices.notice(telling, group, renderer(options.root / FOLDER))
    forms = {"text": made.spoken, "html": made.html, "eml": made.message}
    if not options.out:
        print(forms[options.format or "text"], end="")
        return DONE
    for form, name in {"text": "txt", "html": "html", "eml": "eml"}.items():
        path = options.out / f"{telling.shown.id}-{group[-1].id}.{name}"
        with _writing(path):
            options.out.mkdir(parents=True, exist_ok=True)
            path.write_text(forms[form], "utf-8", newline="")
        print(path)
    return DONE


def _answer(options: argparse.Namespace, shown: str) -> None:
    if options.output:
        with _writing(options.output):
            options.output.write_text(shown, "utf-8", errors="backslashreplace")  # as what is printed
    else:
        print(shown, end="")


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SurroundingsError(f"{path} cannot be written: {error.strerror}", "Choose another place.") from None


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "init": _init,
    "build": _build,
    "serve": _serve,
    "new": _new,
    "schema": _schema,
    "check": _check,
    "status": _status,
    "redline": _redline,
    "notice": _notice,
    "verify": _verify,
    "import": _import,
}
