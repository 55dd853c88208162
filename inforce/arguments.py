"""What can be asked on the command line: the commands, their options, and the words that explain them."""

from __future__ import annotations

import argparse
import os
import re
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Adding = Callable[..., argparse.ArgumentParser]

EXAMPLES = """\
examples:
  inforce init policies-of-ours        start a project that builds at once
  inforce build                        write the site to site/, as it reads today
  inforce build --on 2026-12-20        … as it will read on that day
  inforce serve                        see the site while you write, at http://127.0.0.1:8000/
  inforce check                        say all that is wrong, write nothing
  inforce status                       what is in force, what is pending, what comes next
  inforce redline privacy@2026-10-01 privacy@2026-11-20 --format text
  inforce redline old.md new.md --output redline.html
  inforce notice privacy               the announcement of what is pending, to be sent

exit status: 0 done, 1 something is wrong in the policies or templates, 2 usage,
3 the surroundings (unwritable output, another build running, incomplete git history)
"""


def parser(given: Sequence[str] = ()) -> argparse.ArgumentParser:
    """What reads the command line; it gives the name of the command as ``command``, and its options.

    Where it is `given` a command first, it knows that one alone: to describe all takes longer than to see that nothing
    has changed.
    """
    made = argparse.ArgumentParser(
        prog="inforce",
        description="Publishes versioned policies: what is in force, what is coming, what changed.",
        epilog=EXAMPLES,
        formatter_class=_formatter,
    )
    made.add_argument("--version", action=_Release, nargs=0, help="show the version of the program and exit")
    commands = made.add_subparsers(required=True, dest="command", metavar="COMMAND", title="commands")
    for name in given[:1] if given and given[0] in COMMANDS else COMMANDS:
        COMMANDS[name](commands.add_parser)
    return made


def _formatter(prog: str) -> argparse.HelpFormatter:
    """What writes help, as wide as the terminal is; argparse loads a module of archives to find that out."""
    return argparse.RawDescriptionHelpFormatter(prog, width=_width())


def _width() -> int:
    try:
        columns = int(os.environ.get("COLUMNS") or os.get_terminal_size().columns)
    except (ValueError, OSError):
        columns = 0
    return (columns or 80) - 2


class _Release(argparse.Action):
    """Looks for the version of the program only where it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Say it, and stop."""
        print(f"inforce {_release()}")  # noqa: T201 - the answer
        parser.exit()


def _release() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("inforce")
    except PackageNotFoundError:
        return "(not installed)"


# ------------------------------------------------------------------ the commands


def _init(add: Adding) -> None:
    told = "start a project: settings, a first policy to fill in, workflows that publish it"
    made = _command(add, "init", told, "inforce init policies-of-ours", "inforce init --on 2026-12-01")
    made.add_argument(
        "root", nargs="?", type=Path, default=Path(), metavar="DIR", help="where, made if need be (default: here)"
    )
    _on(made, "the day on which the first version is posted (default: today, UTC)")


def _build(add: Adding) -> None:
    made = _of_project(_command(add, "build", "write the site", "inforce build --on 2026-12-20 --out preview"))
    made.add_argument(
        "--out", type=Path, metavar="DIR", help="where the site is written (default: site/ in the project)"
    )
    made.add_argument("--strict", action="store_true", help="take warnings for errors")
    made.add_argument(
        "--cache",
        type=Path,
        metavar="DIR",
        help="where to keep what the next build need not do again (default: in ~/.cache/inforce/)",
    )
    made.add_argument("--no-cache", action="store_true", help="do everything anew, and keep nothing")
    made.add_argument(
        "--jobs", type=_number, metavar="N", help="how many processes make pages (default: one for each processor)"
    )
    made.add_argument("--executor", type=_cluster, metavar="dask://HOST:PORT", help="let a Dask cluster make the pages")


def _serve(add: Adding) -> None:
    told = "show the site in a browser of this machine while it is written, built again on each change"
    made = _of_project(_command(add, "serve", told, "inforce serve", "inforce serve --on 2026-12-20 --port 0"))
    made.add_argument(
        "--port",
        type=_port,
        default=8000,
        metavar="N",
        help="where on 127.0.0.1; 0 is any that is free (default: 8000)",
    )


def _new(add: Adding) -> None:
    told = "begin the next version of a policy, or a new policy"
    made = _of_project(_command(add, "new", told, "inforce new privacy --posted 2026-12-01"))
    made.add_argument("policy", metavar="POLICY", help="its name: that of its folder in policies/")
    made.add_argument("--posted", type=_day, metavar="DAY", help="the day of posting (default: the day of --on)")
    made.add_argument("--effective", type=_day, metavar="DAY", help="the day it takes effect (default: by the rule)")
    made.add_argument(
        "--from",
        dest="base",
        default="",
        metavar="VERSION",
        help="whose text to begin with (default: the last one that was not withdrawn, pending or not)",
    )


def _schema(add: Adding) -> None:
    _command(
        add,
        "schema",
        "print the keys of the front matter for editors, as a JSON Schema",
        "inforce schema > front-matter.schema.json",
    )


def _check(add: Adding) -> None:
    told, example = "report all that is wrong, write nothing", "inforce check --strict --format github"
    made = _of_project(_command(add, "check", told, example))
    made.add_argument("--strict", action="store_true", help="exit 1 for warnings, too")
    made.add_argument(
        "--against",
        metavar="DIR|URL",
        help="also compare with what is published: a saved copy of the site, or its address",
    )
    made.add_argument(
        "--format", choices=["text", "json", "github"], default="text", help="how to report (default: text)"
    )


def _status(add: Adding) -> None:
    told, example = "tell where each policy stands", "inforce status --on 2026-12-20 --json"
    made = _of_project(_command(add, "status", told, example))
    made.add_argument("--json", action="store_true", help="for programs")


def _redline(add: Adding) -> None:
    told = "show what changed between two texts"
    example = "inforce redline privacy@2026-10-01 privacy@2026-11-20 --output redline.html"
    made = _of_project(_command(add, "redline", told, example))
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


def _notice(add: Adding) -> None:
    told = "write the announcement of a pending version: subject, plain text and HTML, to be sent by e-mail"
    made = _of_project(_command(add, "notice", told, "inforce notice privacy", "inforce notice privacy --out notice"))
    made.add_argument(
        "version", metavar="POLICY[@VERSION]", help="which one; a policy alone if one version of it is pending"
    )
    form = made.add_mutually_exclusive_group()
    form.add_argument(
        "--format", choices=["text", "html", "eml"], help="how to write it; eml is a draft with both (default: text)"
    )
    form.add_argument("--out", type=Path, metavar="DIR", help="write all three into this folder instead")


def _verify(add: Adding) -> None:
    told = "check a published site by itself: texts, chain and a head noted earlier"
    made = _command(add, "verify", told, "inforce verify https://example.com/legal --head 961ebd3d…")
    made.add_argument("site", metavar="DIR|URL", help="the folder of a published site, or its address")
    made.add_argument("--head", type=_head, metavar="HASH", help="a head that you noted earlier")


def _import(add: Adding) -> None:
    told = "turn the git history of one evolving file into version files"
    made = _command(add, "import", told, "inforce import ../policies-repo privacy/index.md --to policies/privacy")
    made.add_argument("repo", type=Path, metavar="REPO", help="the repository's folder")
    made.add_argument("paths", nargs="+", metavar="PATH", help="the file's path in it, then those that it once had")
    made.add_argument(
        "--to", type=Path, required=True, metavar="DIR", help="the policy's folder, such as policies/privacy"
    )
    made.add_argument("--title", default="", help="the policy's title, where the history does not say it")
    made.add_argument("--notice-days", type=int, default=30, metavar="DAYS", help="the notice period (default: 30)")


COMMANDS: dict[str, Callable[[Adding], None]] = {
    describe.__name__.removeprefix("_"): describe
    for describe in (_init, _build, _serve, _new, _schema, _check, _status, _redline, _notice, _verify, _import)
}


def _command(add: Adding, name: str, told: str, *examples: str) -> argparse.ArgumentParser:
    return add(
        name,
        help=told,
        description=f"{told[0].upper()}{told[1:]}.",
        epilog="\n  ".join([f"example{'s' if examples[1:] else ''}:", *examples]),
        formatter_class=_formatter,
    )


def _of_project(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    made.add_argument("--root", type=Path, default=Path(), metavar="DIR", help="the project's folder (default: here)")
    _on(made, "as of this day, year-month-day (default: today in the site's time zone)")
    return made


def _on(made: argparse.ArgumentParser, told: str) -> None:
    made.add_argument("--on", type=_day, metavar="DAY", help=told)


# ------------------------------------------------------------------ what an option holds


def _day(written: str) -> date:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", written, re.ASCII):  # Python also reads 2026-W01-1
        with suppress(ValueError):
            return date.fromisoformat(written)
    raise argparse.ArgumentTypeError(f"'{written}' is not a day; write year-month-day, like 2026-03-01")


def _port(written: str) -> int:
    if re.fullmatch(r"\d{1,5}", written, re.ASCII) and int(written) <= 65535:  # noqa: PLR2004 - the last there is
        return int(written)
    raise argparse.ArgumentTypeError(f"'{written}' is not a port; write a number from 0 to 65535")


def _head(written: str) -> str:
    if re.fullmatch(r"[0-9a-f]{64}", written):
        return written
    raise argparse.ArgumentTypeError(f"'{written}' is not a head; it has 64 of the signs 0 to 9 and a to f")


def _number(written: str) -> int:
    if re.fullmatch(r"[1-9]\d{0,3}", written, re.ASCII):
        return int(written)
    raise argparse.ArgumentTypeError(f"'{written}' is not a number of processes; write 1 or more")


def _cluster(written: str) -> str:
    if re.fullmatch(r"dask://[\w.\[\]:-]+:\d+", written, re.ASCII):
        return written
    raise argparse.ArgumentTypeError(f"'{written}' is no Dask scheduler; write dask://HOST:PORT")
