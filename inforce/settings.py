"""What a site says of itself: the tables ``[tool.inforce]`` of its pyproject.toml."""

from __future__ import annotations

import os
import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from inforce import colours, unseen
from inforce.errors import Place, PolicyError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

FILE = "pyproject.toml"
TITLE = "Policies"
SITE_KEYS = {
    "title", "base-url", "source-url", "timezone", "notice-days", "language", "logo", "colours", "footer", "policies"
}  # fmt: skip
POSTED_FROM = ("front-matter", "commit")
_ADDRESS = re.compile(r"https?://[^\s/?#\"'<>\\\x00-\x20\x7f]+[^\s?#\"'<>\\\x00-\x20\x7f]*")
_HIDDEN = re.compile(f"[{unseen.CONTROLS}{unseen.OVERRIDING}]")
_COLOURS = f'''six hexadecimal digits for any of {", ".join(colours.DEFAULTS)}: accent = "#1f4b73"'''
_MACHINE_ZONES = ("localtime", "posixrules", "Factory", "posix/", "right/")
"""Names that some machines have in their list of zones and others have not, or have for another zone."""


PICTURES = (".svg", ".png", ".webp", ".avif", ".jpg", ".jpeg", ".gif")


class Logo(NamedTuple):
    """A picture that stands for the site's name."""

    address: str
    content: bytes
    path: str = ""
    """Where it lies, from the project's root."""


class PolicySettings(NamedTuple):
    """What is set for one policy alone; None and empty stand for the site's own."""

    title: str = ""
    notice_days: int | None = None
    language: str = ""
    paths: tuple[str, ...] = ()
    """Other paths that an evolving file once had, from the project's root."""
    posted_from: str = "front-matter"


@dataclass(frozen=True, slots=True)
class Settings:
    """What is set for the site."""

    title: str = TITLE
    base_url: str = ""
    """Where the site lives, as a URI without a slash at its end; empty if not said."""
    source_url: str = ""
    """Where a commit's file can be read, with ``{commit}`` and ``{path}`` in it; empty if not said."""
    timezone: str = "UTC"
    notice_days: int = 30
    language: str = "en"
    logo: Logo | None = None
    colours: Mapping[str, str] = field(default_factory=dict)
    """By the names of their variables in the stylesheet; ``-dark`` at the end means dark screens."""
    footer: str = ""
    """What stands at the foot of every page, Markdown."""
    policies: Mapping[str, PolicySettings] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)
    """On which line the table of each policy begins, and under "" the language of the site, under
    ``=`` and its name a setting of the site, for messages."""

    doubts: tuple[Problem, ...] = field(default=(), compare=False, repr=False)
    """What is doubtful about the file: settings that stand where nobody reads them."""

    def policy(self, id_: str) -> PolicySettings:
        """What is set for a policy."""
        return self.policies.get(id_, PolicySettings())

    def notice(self, id_: str) -> int:
        """The days of notice of a policy."""
        own = self.policy(id_).notice_days
        return self.notice_days if own is None else own


class SettingsError(PolicyError):
    """Some settings are wrong; carries the others, so that the policies can be looked at in the same run."""

    def __init__(self, problems: Iterable[Problem], settings: Settings) -> None:
        super().__init__(problems)
        self.settings = settings


def read(root: Path) -> Settings:
    """The settings of a project; the defaults where it has none.

    Raises SettingsError with all that is wrong, PolicyError if the file cannot be read at all.
    """
    if (root / FILE).exists() and not (root / FILE).is_file():  # a pipe would hold the build up for ever
        what, remedy = f"{FILE} is no file", "It is a plain file that everybody may read."
        raise PolicyError([_problem(0, "settings-unreadable", what, remedy)])
    try:
        source = (root / FILE).read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        tables = tomllib.loads(source)
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        what, remedy = f"{FILE} cannot be read: {error.strerror}", "It is a plain file that everybody may read."
        raise PolicyError([_problem(0, "settings-unreadable", what, remedy)]) from None
    except UnicodeDecodeError:
        raise PolicyError([_problem(0, "settings-not-utf-8", f"{FILE} is not UTF-8", "Save it as UTF-8.")]) from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+)", str(error))
        line = int(found[1]) if found else source.rstrip().count("\n") + 1
        what = f"{FILE} is not TOML: {str(error).split(' (at')[0]}"
        remedy = 'A value in words stands in quotes: title = "Our policies".'
        if "key part" in str(error):
            remedy = 'A name with letters beyond a to z stands in quotes: [tool.inforce.policies."política"].'
        raise PolicyError([_problem(line, "settings-not-toml", what, remedy)]) from None
    except RecursionError:
        what, remedy = f"{FILE} holds lists or tables nested too deep", "No setting needs that: write it flat."
        raise PolicyError([_problem(0, "settings-not-toml", what, remedy)]) from None
    return _Tables(source, tables, root).settings()


def held(source: bytes) -> Settings:
    """Settings as a commit held them; the defaults for what was wrong with them then."""
    try:
        text = source.decode("utf-8-sig").replace("\r\n", "\n")
        return _Tables(text, tomllib.loads(text), Path()).settings()
    except SettingsError as error:
        return error.settings
    except (ValueError, RecursionError):
        return Settings()


def named(root: Path) -> list[Path]:
    """The files that the settings of a project name, whether or not they are there and all else in them is right."""
    try:
        logo = tomllib.loads((root / FILE).read_bytes().decode("utf-8-sig"))["tool"]["inforce"]["logo"]
        return [root / logo]
    except (OSError, ValueError, RecursionError, LookupError, TypeError):
        return []


def _problem(line: int, code: str, what: str, remedy: str) -> Problem:
    return Problem(Place(FILE, line), code, what, remedy)


class _Tables:
    """The tables of one file, and what was found wrong in them while reading."""

    def __init__(self, source: str, tables: dict[str, Any], root: Path) -> None:
        self.root = root
        self.lines = source.split("\n")
        self.tables = tables
        self.problems: list[Problem] = []

    def settings(self) -> Settings:
        ours = self.table(self.table(self.tables, "tool", "tool"), "inforce", "tool.inforce")
        policies = self.table(ours, "policies", "tool.inforce.policies")
        at = "tool.inforce"
        self.known(ours, at, SITE_KEYS)
        settings = Settings(
            title=self.words(ours, at, "title", TITLE),
            base_url=self.base_url(ours, at),
            source_url=self.source_url(ours, at),
            timezone=self.value(ours, at, "timezone", "UTC", _is_zone, 'an IANA name such as "Europe/Berlin"'),
            notice_days=self.value(ours, at, "notice-days", 30, _is_days, "a whole number of days, such as 30"),
            language=self.words(ours, at, "language", "en"),
            logo=self.logo(ours, at),
            colours=self.value(ours, at, "colours", {}, _are_colours, _COLOURS),
            footer=self.value(ours, at, "footer", "", _is_markdown, "words in quotes, Markdown"),
            policies={id_: self.policy(policies, id_) for id_ in policies},
            lines={
                "": self.line(at, "language"),
                **{f"={key}": self.line(at, key) for key in ("colours", "footer") if key in ours},
                **{id_: self.line(f"tool.inforce.policies.{id_}") for id_ in policies},
            },
            doubts=tuple(self.misplaced()),
        )
        if self.problems:
            raise SettingsError(self.problems, settings)
        return settings

    def misplaced(self) -> Iterator[Problem]:
        """Settings outside of our table, or in one whose name is nearly ours: nobody would read them."""
        tool = self.tables.get("tool")
        for at, around in (("", self.tables), ("tool.", tool if isinstance(tool, dict) else {})):
            for key, value in around.items():
                name = f"{at}{key}"
                what = remedy = ""
                if isinstance(value, dict) and name != "tool.inforce" and _is_nearly_ours(key, value):
                    what, remedy = f"[{name}] is not read, and holds settings of ours", "Write [tool.inforce]."
                elif key in SITE_KEYS and not (at and isinstance(value, dict)):
                    what, remedy = (
                        f"{key} stands outside of [tool.inforce], and is not read",
                        "Write it below [tool.inforce].",
                    )
                if what:
                    tables = (number for number, header in self._headers() if f"{header}.".startswith(f"{name}."))
                    found = next(tables, 0) or self.line(at.rstrip("."), key)
                    yield _problem(found, "settings-misplaced", what, remedy)._replace(severity="warning")

    def policy(self, policies: dict[str, Any], id_: str) -> PolicySettings:
        at = f"tool.inforce.policies.{id_}"
        table = self.table(policies, id_, at)
        self.known(table, at, {"title", "notice-days", "language", "paths", "posted-from"})
        days: int | None = self.value(table, at, "notice-days", None, _is_days, "a whole number of days, such as 30")
        choices = " or ".join(f'"{one}"' for one in POSTED_FROM)
        return PolicySettings(
            title=self.words(table, at, "title", ""),
            notice_days=days,
            language=self.words(table, at, "language", ""),
            paths=tuple(self.value(table, at, "paths", (), _is_paths, 'a list of paths: ["policies/old-name.md"]')),
            posted_from=self.value(table, at, "posted-from", POSTED_FROM[0], lambda one: one in POSTED_FROM, choices),
        )

    def base_url(self, ours: dict[str, Any], at: str) -> str:
        wanted = 'an address such as "https://example.com"'
        return self.address(ours, at, "base-url", _is_address, wanted).rstrip("/")

    def source_url(self, ours: dict[str, Any], at: str) -> str:
        wanted = 'an address with {commit} and {path}: "https://github.com/org/repo/blob/{commit}/{path}"'
        found = self.address(ours, at, "source-url", _is_source, wanted)
        return re.sub("%7B(commit|path)%7D", r"{\1}", found)

    def address(self, ours: dict[str, Any], at: str, key: str, fits: Callable[[object], bool], wanted: str) -> str:
        """An address that is set, as machines want it."""
        written: Any = ours.get(key)
        if fits(written) and not _is_plain_host(written):
            wanted = "the name of its host in small letters, or in the form for machines that begins with xn--"
        return _uri(self.value(ours, at, key, "", lambda one: fits(one) and _is_plain_host(str(one)), wanted))

    def logo(self, ours: dict[str, Any], at: str) -> Logo | None:
        fits = partial(_is_picture, root=self.root)
        wanted = "the path of a picture in the project, from its root: logo.svg; a link has to lead to one"
        path = self.value(ours, at, "logo", "", fits, wanted)
        return Logo(f"/logo{Path(path).suffix.lower()}", (self.root / path).read_bytes(), path) if path else None

    def table(self, around: dict[str, Any], key: str, at: str) -> dict[str, Any]:
        found = around.get(key, {})
        if isinstance(found, dict):
            return found
        self.problems.append(
            _problem(
                self.line(at), "settings-not-a-table", f"{at} is not a table", f"Write [{at}] on a line of its own."
            )
        )
        return {}

    def words(self, table: dict[str, Any], at: str, key: str, default: str) -> str:
        found: str = self.value(
            table, at, key, default, _is_words, "words in quotes, with nothing in them that nobody sees"
        )
        return found

    def value(  # noqa: PLR0913, PLR0917 - one row of a table of rules
        self,
        table: dict[str, Any],
        at: str,
        key: str,
        default: Any,  # noqa: ANN401 - of the type that the setting has
        fits: Callable[[Any], bool],
        wanted: str,
    ) -> Any:  # noqa: ANN401 - the same
        """The value of a key if it fits; the default, and a problem unless it is absent, if not."""
        value = table.get(key, default)
        if key not in table or fits(value):
            return value
        self.problems.append(
            _problem(self.line(at, key), f"settings-{key}", f"{key} is {_shown(value)}", f"Write {wanted}.")
        )
        return default

    def known(self, table: dict[str, Any], at: str, keys: set[str]) -> None:
        for key in table.keys() - keys:
            import difflib

            near = difflib.get_close_matches(key, keys, 1)
            remedy = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(sorted(keys))}."
            what = f"{key} is no setting of [{at}]"
            self.problems.append(_problem(self.line(at, key), "settings-key-unknown", what, remedy))

    def line(self, at: str, key: str = "") -> int:
        """The line of a key, else of the table that it stands in, however they are written; or 0."""
        table = next((number for number, name in self._headers() if name == at), 0)
        if at and not table:
            return self.line(*at.rpartition(".")[::2])  # a table within another: `inforce = {…}`, `policies.privacy…`
        for number in range(table, len(self.lines)) if key else ():
            if re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""", self.lines[number]):
                return number + 1
            if self.lines[number].lstrip().startswith("["):
                break
        return table

    def _headers(self) -> Iterator[tuple[int, str]]:
        for number, line in enumerate(self.lines, start=1):
            found = re.match(r"\s*\[\[?([^\[\]]+)\]", line)
            if found:
                yield number, re.sub(r"[\"'\s]", "", found[1])


def _is_nearly_ours(name: str, table: dict[str, Any]) -> bool:
    """Whether a table is meant for ours: by its name, and by what it holds."""
    if not SITE_KEYS & {key.replace("_", "-") for key in table}:
        return False
    import difflib

    return bool(difflib.get_close_matches(re.sub(r"[\W_]", "", name.lower()), ["inforce"], 1, cutoff=0.8))


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else f"{value}"


def _is_words(value: object) -> bool:
    return isinstance(value, str) and value.strip() != "" and not _HIDDEN.search(value)


def _is_days(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 3650  # noqa: PLR2004 - ten years


def _is_markdown(value: object) -> bool:
    return isinstance(value, str) and _is_words(value.replace("\n", " "))


def _are_colours(value: object) -> bool:
    return isinstance(value, dict) and all(colours.fits(name, one) for name, one in value.items())


def _is_picture(value: object, root: Path) -> bool:
    """Whether it is the path of a picture within a project, links followed, that can be read."""
    if not _is_words(value) or Path(str(value)).suffix.lower() not in PICTURES:
        return False
    try:
        path = (root / str(value)).resolve()
        return path.is_relative_to(root.resolve()) and path.is_file() and os.access(path, os.R_OK)
    except (OSError, RuntimeError):  # a link that leads back to itself, a name longer than names can be
        return False


def _is_paths(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one for one in value)


def _is_address(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(_ADDRESS, value) is not None


def _is_plain_host(address: str) -> bool:
    """Whether all agree on what the host of an address is called in DNS.

    Capitals, wide letters and the like are turned into others first, and not by everybody in the same way.
    """
    host = address.split("/")[2]
    if host.isascii():
        return True
    fits = all(sign.isascii() or unicodedata.category(sign)[0] in "LMN" for sign in host)
    return fits and host == unicodedata.normalize("NFKC", host.lower())


def _uri(address: str) -> str:
    """An address with a `_is_plain_host` as machines want it, in ASCII alone: its host by IDNA 2008, its path encoded.

    Python's own codec knows the rules of 2003, by which straße is strasse, another domain.
    """
    scheme, mark, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    host = re.sub(r"[^.:]*[^\0-\x7f][^.:]*", lambda found: f"xn--{found[0].encode('punycode').decode()}", host)
    path = re.sub("%(?![0-9A-Fa-f]{2})", "%25", quote(path, safe="/%:@!$&()*+,;="))
    return f"{scheme}{mark}{host}{slash}{path}"


def _is_source(value: object) -> bool:
    return _is_address(value) and all(part in str(value) for part in ("{commit}", "{path}"))


def _is_zone(value: object) -> bool:
    try:
        return isinstance(value, str) and not value.startswith(_MACHINE_ZONES) and bool(ZoneInfo(value).key)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
