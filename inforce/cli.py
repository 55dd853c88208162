"""The outside world: arguments, today's date, messages, exit status."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from inforce.errors import Place, PolicyError, Problem, SurroundingsError, TextError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from inforce.markdown import Reader
    from inforce.markup import Html, Redline
    from inforce.model import Entry, Policy, Timeline
    from inforce.pages import Telling
    from inforce.text import Text

LONGEST = 500
"""Characters of each part of a message, as printed: a value that it cites may be longer than anybody reads."""
DONE, WRONG, USAGE, SURROUNDINGS = 0, 1, 2, 3
INTERRUPTED = 130
"""As shells say it: 128 and the signal."""

EXAMPLES = """\
examples:
  inforce build                        write the site to site/, as it reads today
  inforce build --on 2026-12-20        … as it will read on that day
  inforce check                        say all that is wrong, write nothing
  inforce status                       what is in force, what is pending, what comes next
  inforce redline privacy@2026-10-01 privacy@2026-11-20 --format text
  inforce redline old.md new.md --output redline.html

exit status: 0 done, 1 something is wrong in the policies or templates, 2 usage,
3 the surroundings (unwritable output, another build running, incomplete git history)
"""


class UsageError(Exception):
    """What was asked cannot be answered; said as argparse says it."""


def run(argv: Sequence[str] | None = None) -> int:
    """Do what the command line asks; gives the exit status."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        # A file name may hold bytes that are no text, and a terminal may lack letters: no message may fail on that.
        stream.reconfigure(errors="backslashreplace")
    parser = _parser()
    options = parser.parse_args(argv)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        status = command(options)
        if sys.stdout:
            sys.stdout.flush()  # here, where it can still be said that this fails
    except UsageError as error:
        parser.error(str(error))
    except PolicyError as error:
        _say(error.problems)
        return WRONG
    except SurroundingsError as error:
        print(error, file=sys.stderr)
        return SURROUNDINGS
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop()  # whoever read our answer has gone; there is nobody to tell
        return SURROUNDINGS
    except OSError as error:
        if error.filename is None:
            _drop()  # only our answer is written to no file that we know
        print(f"{error.filename or 'the answer'}: {error.strerror}", file=sys.stderr)
        return SURROUNDINGS
    return status


def _drop() -> None:
    """Let what is left of our answer go nowhere, or Python would try once more at its end, and complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="inforce",
        description="Publishes versioned policies: what is in force, what is coming, what changed.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"inforce {_release()}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", title="commands")

    def add(
        name: str, command: Callable[[argparse.Namespace], int], told: str, example: str, *, project: bool = True
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name,
            help=told,
            description=f"{told[0].upper()}{told[1:]}.",
            epilog=f"example:\n  {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        made.set_defaults(command=command)
        if not project:
            return made
        made.add_argument(
            "--root", type=Path, default=Path(), metavar="DIR", help="the project's folder (default: here)"
        )
        made.add_argument(
            "--on",
            type=_day,
            metavar="DAY",
            help="as of this day, year-month-day (default: today in the site's time zone)",
        )
        return made

    made = add("build", _build, "write the site", "inforce build --on 2026-12-20 --out preview")
    made.add_argument(
        "--out", type=Path, metavar="DIR", help="where the site is written (default: site/ in the project)"
    )
    made.add_argument("--strict", action="store_true", help="take warnings for errors")
    made = add("check", _check, "report all that is wrong, write nothing", "inforce check --strict --format github")
    made.add_argument("--strict", action="store_true", help="exit 1 for warnings, too")
    made.add_argument(
        "--against",
        metavar="DIR|URL",
        help="also compare with what is published: a saved copy of the site, or its address",
    )
    made.add_argument(
        "--format", choices=["text", "json", "github"], default="text", help="how to report (default: text)"
    )
    made = add("status", _status, "tell where each policy stands", "inforce status --on 2026-12-20 --json")
    made.add_argument("--json", action="store_true", help="for programs")
    made = add(
        "redline",
        _redline,
        "show what changed between two texts",
        "inforce redline privacy@2026-10-01 privacy@2026-11-20 --output redline.html",
    )
    made.add_argument("old", nargs="?", metavar="OLD", help="a Markdown file, or policy@version")
    made.add_argument("new", nargs="?", metavar="NEW", help="the same")
    made.add_argument(
        "--since",
        metavar="REV",
        help="instead of OLD and NEW: all that changed since this branch parted from REV, as Markdown",
    )
    made.add_argument(
        "--format", choices=["html", "text", "json"], help="how to show it (default: html; with --since Markdown)"
    )
    made.add_argument("--output", type=Path, metavar="FILE", help="write it there instead of to standard output")
    made = add(
        "verify",
        _verify,
        "check a published site by itself: texts, chain and a head noted earlier",
        "inforce verify https://example.com/legal --head 961ebd3d…",
        project=False,
    )
    made.add_argument("site", metavar="DIR|URL", help="the folder of a published site, or its address")
    made.add_argument("--head", type=_head, metavar="HASH", help="a head that you noted earlier")
    made = add(
        "import",
        _import,
        "turn the git history of one evolving file into version files",
        "inforce import ../policies-repo privacy/index.md --to policies/privacy",
        project=False,
    )
    made.add_argument("repo", type=Path, metavar="REPO", help="the repository's folder")
    made.add_argument("paths", nargs="+", metavar="PATH", help="the file's path in it, then those that it once had")
    made.add_argument(
        "--to", type=Path, required=True, metavar="DIR", help="the policy's folder, such as policies/privacy"
    )
    made.add_argument("--title", default="", help="the policy's title, where the history does not say it")
    made.add_argument("--notice-days", type=int, default=30, metavar="DAYS", help="the notice period (default: 30)")
    return parser


def _release() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("inforce")
    except PackageNotFoundError:
        return "(not installed)"


def _day(written: str) -> date:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", written, re.ASCII):  # Python also reads 2026-W01-1
        with suppress(ValueError):
            return date.fromisoformat(written)
    raise argparse.ArgumentTypeError(f"'{written}' is not a day; write year-month-day, like 2026-03-01")


def _head(written: str) -> str:
    if re.fullmatch(r"[0-9a-f]{64}", written):
        return written
    raise argparse.ArgumentTypeError(f"'{written}' is not a head; it has 64 of the signs 0 to 9 and a to f")


def _today(options: argparse.Namespace) -> date:
    """The day asked about; the clock is read here, once, and nowhere else."""
    from inforce import settings

    given: date | None = options.on
    if given:
        return given
    try:
        zone = settings.read(options.root).timezone
    except PolicyError:
        zone = "UTC"  # who reads the settings next says what is wrong with them, and with all the rest
    return datetime.now(ZoneInfo(zone)).date()


def _build(options: argparse.Namespace) -> int:
    from inforce.build import build

    begun = time.perf_counter()
    on = _today(options)
    out = options.out or options.root / "site"
    _refuse_sources(options.root, out)
    built = build(options.root, out, on, strict=options.strict)
    _say(built.problems)
    told = {
        "left alone, inforce did not write it": built.published.foreign,
        "left alone: no longer wanted, but changed by another hand": built.published.spared,
        "written anew, another hand had changed it": built.published.restored,
    }
    for what, paths in told.items():
        for path in paths:
            print(f"{out / path}: {what}", file=sys.stderr)
    coming = f"next change on {built.next_day}" if built.next_day else "no change ahead"
    print(
        f"As of {on}: {_count(built.policies, 'policy', 'policies')}, {_count(built.versions, 'version')}, "
        f"{_count(built.pages, 'page')} in {time.perf_counter() - begun:.2f} s; {coming}.",
        file=sys.stderr,
    )
    return DONE


def _refuse_sources(root: Path, out: Path) -> None:
    """What authors write is never written to."""
    for name in ("policies", "templates"):
        if out.resolve().is_relative_to((root / name).resolve()):
            raise UsageError(
                f"{out} lies in {name}/, which is what the site is made of; choose another folder with --out"
            )
    if root.resolve().is_relative_to(out.resolve()):
        raise UsageError(f"{out} holds the project itself; choose a folder for the site alone with --out")


def _check(options: argparse.Namespace) -> int:
    from inforce.build import read

    try:
        project = read(options.root, _today(options))
        problems = project.problems
        if options.against:
            problems = PolicyError([*problems, *_against(options.against, project.policies)]).problems
    except PolicyError as error:
        problems = error.problems
    _REPORTS[options.format](problems)
    errors = sum(problem.severity == "error" for problem in problems)
    if options.format == "text":
        warnings = len(problems) - errors
        print(f"{_count(errors, 'error')}, {_count(warnings, 'warning')}.", file=sys.stderr)
    return WRONG if errors or (problems and options.strict) else DONE


def _against(where: str, policies: Iterable[Policy]) -> Iterator[Problem]:
    from inforce import ledger, published

    return ledger.against(policies, published.ledgers(published.fetcher(where)))


def _verify(options: argparse.Namespace) -> int:
    from inforce import ledger, published

    found, problems = ledger.verify(published.fetcher(options.site), options.head or "")
    _say(problems)
    for one in found:
        print(
            f"{one.policy}: {_count(len(one.versions), 'version')}, {_count(len(one.links), 'event')}, head {one.head}"
        )
    return WRONG if problems else DONE


def _import(options: argparse.Namespace) -> int:
    from inforce.sources import unfolding

    policy, problems = unfolding.read(options.repo, options.paths, notice=options.notice_days, title=options.title)
    written = unfolding.write(policy, options.to)
    _say(problems)
    print(f"{_count(written, 'version')} written to {options.to}.", file=sys.stderr)
    return DONE


def _status(options: argparse.Namespace) -> int:
    from inforce import settings, sources

    on = _today(options)
    policies, _ = sources.read(options.root, settings.read(options.root), watch=False)
    standings = [(policy, policy.as_of(on)) for policy in policies]
    if options.json:
        rows = [_standing(policy, timeline) for policy, timeline in standings]
        _print_json({"on": on, "policies": rows})
        return DONE
    print(f"As of {on}:")
    for policy, timeline in standings:
        governs = timeline.in_force.id if timeline.in_force else "nothing"
        coming = "".join(f"; {entry.id} takes effect on {entry.effective}" for entry in timeline.pending)
        following = policy.next_day(on)
        then = f"; next change on {following}" if following else ""
        print(f"  {policy.id}: {governs} in force{coming}{then}")
    return DONE


def _standing(policy: Policy, timeline: Timeline) -> dict[str, object]:
    return {
        "policy": policy.id,
        "in_force": timeline.in_force.id if timeline.in_force else None,
        "pending": [{"version": entry.id, "effective": entry.effective} for entry in timeline.pending],
        "next_change": timeline.next_change,
        "next_day": policy.next_day(on=timeline.on),
    }


def _redline(options: argparse.Namespace) -> int:
    if options.since:
        if options.old or options.format:
            raise UsageError("--since stands instead of OLD and NEW, and gives Markdown: leave --format out")
        _answer(options, "".join(_since(options)))
        return DONE
    if not options.new:
        raise UsageError("give OLD and NEW, or --since REV")
    from inforce import markup
    from inforce.markdown import Reader
    from inforce.pages import Page
    from inforce.render import FOLDER, renderer

    old, new, redline, html = _between(options, Reader())
    if options.format == "text":
        shown = redline.text()
    elif options.format == "json":
        shown = json.dumps(redline.json(), ensure_ascii=False, indent=1) + "\n"
    else:
        shown_html = markup.fitted(html, old, new)
        facts = {"old": options.old, "new": options.new, "redline": redline, "html": shown_html}
        shown = renderer(options.root / FOLDER)(Page("/", "redline.html", facts)).decode()
    _answer(options, shown)
    return DONE


def _answer(options: argparse.Namespace, shown: str) -> None:
    if options.output:
        with _writing(options.output):
            options.output.write_text(shown, "utf-8")
    else:
        print(shown, end="")


def _since(options: argparse.Namespace) -> Iterator[str]:
    """What a branch changes, as Markdown: for each text that it adds or changes, its redline."""
    from inforce import markup, settings, sources
    from inforce.markdown import Reader
    from inforce.sources import branch

    files = branch.changed(options.root, sources.FOLDER, options.since)
    policies, _ = sources.read(options.root, settings.read(options.root), watch=False)
    entries = {
        entry.version.place.path: entry
        for policy in policies
        for version in policy.versions
        if (entry := policy.as_of(version.posted).entry(version.id))
    }
    reader = Reader(strict=False)
    if not files:
        yield "No policy is changed.\n"
    for one in files:
        before, told = one.before, "The text that was there is changed."
        entry = entries.get(one.path)
        if one.after is None:
            told = "This file is removed."
        elif one.before == one.after:
            told = "The text is as it was; other lines of the front matter are changed."
        elif before is None and entry:
            follows = entry.follows
            before = follows.body if follows else ""
            beside = f"compared with {follows.id}, which it follows" if follows else "the first of its policy"
            told = f"A new version, {beside}: posted {entry.version.posted}, effective {entry.effective}."
        redline = markup.redline(reader.read(before or ""), reader.read(one.after or ""))
        yield f"### {one.path}\n\n{told}\n\n{markup.for_markdown(redline)}\n\n"


def _between(options: argparse.Namespace, reader: Reader) -> tuple[Text, Text, Redline, Html]:
    """The two texts asked for, and what changed: of two versions of one policy, the redline that the site shows."""
    from inforce import markup

    names = [_version_named(written) for written in (options.old, options.new)]
    if names[0] and names[1] and names[0][0] == names[1][0]:
        telling = _told(options, names[0][0], reader)
        earlier, entry = (_posted(telling, name[1]) for name in names if name)
        with _telling_faults(entry.version.place):
            old, new, redline = telling.redline(earlier, entry)
        page = telling.shown.changes(entry)
        before, after = telling.address_for(earlier, page, shows=False), telling.address_for(entry, page)
        return old, new, redline, redline.html(before, after)
    old, new = (_side(options, written, reader) for written in (options.old, options.new))
    redline = markup.redline(old, new)
    return old, new, redline, redline.html()


def _version_named(written: str) -> tuple[str, str] | None:
    """The policy and the version that ``policy@version`` names; None for a file."""
    policy_id, at, version_id = written.rpartition("@")
    with suppress(OSError):  # a name that is too long for a file is told as one
        return (policy_id, version_id) if at and not Path(written).exists() else None
    return None


def _side(options: argparse.Namespace, written: str, reader: Reader) -> Text:
    """One side of a redline: a Markdown file, or a version of the project."""
    from inforce.sources import header

    named = _version_named(written)
    if named:
        version = _posted(_told(options, named[0], reader), named[1]).version
        with _telling_faults(version.place):
            return reader.read(version.body)
    with _telling_faults(Place(written)):
        try:
            parts = header.split(header.decode(Path(written).read_bytes()))
        except OSError as error:
            raise UsageError(f"{written}: {error.strerror}; give a Markdown file, or policy@version") from None
    with _telling_faults(Place(written, parts.body_line)):
        return reader.read(parts.body)


@contextmanager
def _telling_faults(place: Place) -> Iterator[None]:
    """What cannot be read in a text becomes a problem with its place; the text begins at a line."""
    from inforce.sources import header

    try:
        yield
    except (header.HeaderError, TextError) as error:
        place = replace(place, line=max(place.line - 1, 0) + error.line)
        raise PolicyError([Problem(place, error.code, error.what, error.remedy)]) from None


def _told(options: argparse.Namespace, policy_id: str, reader: Reader) -> Telling:
    """What the site tells of a policy of the project."""
    from inforce import settings, sources
    from inforce.pages import Telling
    from inforce.site import Site

    chosen = settings.read(options.root)
    policies, _ = sources.read(options.root, chosen, watch=False)
    site = Site(policies, chosen, _today(options))
    shown = {one.id: one for one in site.policies}
    if policy_id not in shown:
        ids = [policy.id for policy in policies]
        raise UsageError(
            f"no version of {policy_id} is posted as of {site.on}; there are: none"
            if policy_id in ids
            else f"there is no policy {policy_id}; there are {', '.join(ids)}"
        )
    return Telling(site, shown[policy_id], reader)


def _posted(telling: Telling, version_id: str) -> Entry:
    """A version of a policy as it stands on the day asked about."""
    entry = telling.shown.timeline.entry(version_id)
    if entry is None:
        known = ", ".join(one.id for one in telling.entries)
        raise UsageError(
            f"no version {version_id} of {telling.shown.id} is posted as of {telling.site.on}; there are: {known}"
        )
    return entry


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SurroundingsError(f"{path} cannot be written: {error.strerror}", "Choose another place.") from None


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _say(problems: Iterable[Problem]) -> None:
    for problem in problems:
        print(_shown(problem), file=sys.stderr)


def _shown(problem: Problem) -> str:
    """A problem as it is printed: no name or value that it cites can drive a terminal, or begin a line of its own."""
    place = Place(_visible(problem.place.path), problem.place.line, problem.place.commit)
    what, remedy = _visible(problem.what), _visible(problem.remedy, besides="\n")
    return str(replace(problem, place=place, what=what, remedy=remedy))


def _visible(text: str, besides: str = "") -> str:
    short = text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
    return "".join(one if one.isprintable() or one in besides else ascii(one)[1:-1] for one in short)


def _print_json(data: object) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=1, default=str))


def _as_text(problems: Iterable[Problem]) -> None:
    for problem in problems:
        print(_shown(problem))


def _as_json(problems: Iterable[Problem]) -> None:
    _print_json(
        [
            {
                "path": problem.place.path,
                "line": problem.place.line or None,
                "severity": problem.severity,
                "code": problem.code,
                "message": problem.what,
                "remedy": problem.remedy,
            }
            for problem in problems
        ]
    )


def _as_github(problems: Iterable[Problem]) -> None:
    """Annotations of a pull request: https://docs.github.com/actions/reference/workflow-commands-for-github-actions."""
    for problem in problems:
        facts = f"file={_property(problem.place.path)},line={problem.place.line or 1},title={_property(problem.code)}"
        print(f"::{problem.severity} {facts}::{_data(f'{problem.what}{chr(10)}{problem.remedy}')}")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


_REPORTS: dict[str, Callable[[Iterable[Problem]], None]] = {"text": _as_text, "json": _as_json, "github": _as_github}
