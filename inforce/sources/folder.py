"""A policy kept as a folder: one Markdown file a version, the file's name its id."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from inforce import addresses, dates
from inforce.errors import Place, PolicyError, Problem, SurroundingsError
from inforce.model import FaultyError, Filed, Policy, text_sum
from inforce.sources import header

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path, PurePath

    from inforce.model import Fault, Version
    from inforce.sources.recall import Recall

MARKDOWN = (".md", ".markdown")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")
"""No SVG: opened by itself it could run scripts in the site's name."""
DEPTH = 3
"""Parts of the path of a version file: policies/privacy/2026-03-01.md."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?=\.|md|$)", re.ASCII | re.IGNORECASE)
"""What a file of a version is mostly called, up to its ending."""
_FENCED = re.compile(rb"(?:\xef\xbb\xbf)?---[ \t]*\r?\n[a-z]+:")
_TRANSLATED = re.compile(r"\d{4}-\d{2}-\d{2}[._-]([a-z]{2}(?:[_-][a-z]{2})?)", re.ASCII | re.IGNORECASE)
"""A day, and behind it what may be a language."""
WRITTEN_ELSEWHERE = (".doc", ".docx", ".odt", ".pages", ".pdf", ".rtf", ".txt")
"""What a text is saved as by mistake."""
_DATA = (".svg", ".json", ".html", ".htm", ".xml", ".csv", ".css", ".js", ".yaml", ".yml", ".toml", ".zip")
"""What may bear the day of a version, and is none."""
_BACKUP = re.compile(r"(?:\.(?:bak|old|orig|rej|save|swp|tmp)|~)$", re.IGNORECASE)
"""What programs put behind the name of a file that they keep as it was."""


def is_version(path: PurePath) -> bool:
    """Whether a file is meant as a version: Markdown, not a README, not hidden or set aside by ``_``."""
    name = path.name
    return path.suffix.lower() in MARKDOWN and path.stem.lower() != "readme" and not name.startswith((".", "_"))


def is_placed(path: PurePath, policies: str) -> bool:
    """Whether a path from the project's root is that of a version, in the folder of a policy in `policies`."""
    parts = path.parts
    return len(parts) == DEPTH and parts[0] == policies and parts[1][0] not in "._" and is_version(path)


def of_picture(path: str, policies: str) -> str:
    """The id of the policy in whose folder a picture lies, by its path from the project's root; empty if it is none."""
    parts = path.split("/")
    if len(parts) < DEPTH or parts[0] != policies or not parts[-1].lower().endswith(PICTURES):
        return ""
    return "" if any(part[0] in "._" for part in parts[1:]) else addresses.address(parts[1])


def read(  # noqa: PLR0913 - what is set for it, and what is known of it
    folder: Path, root: Path, *, notice: int, language: str, title: str, recall: Recall | None = None
) -> Policy | None:
    """The policy that a folder holds, None if it holds no version. Raises PolicyError with all that is wrong.

    Files that `recall` knows are not read again.
    """
    files = sorted((path for path in folder.iterdir() if is_version(path)), key=lambda path: path.name)
    if not files:
        return None
    problems = list(_names(files, root))
    facts: list[header.Facts] = []
    texts: dict[str, Callable[[], str]] = {}
    sums: dict[str, str] = {}
    pictures = dict(pictures_in(folder))
    problems += _pictures_in_the_way(pictures, folder, root)
    for path in files:
        place = str(path.relative_to(root).as_posix())
        before = recall.version(place) if recall else None
        if before:
            sums[before.id], texts[before.id] = before.sha256, partial(text, path, before.sha256)
            facts.append(header.stated(before))
            continue
        data = _bytes(path, root, problems)
        if data is None:
            continue
        try:
            found, wrong = header.read(place, addresses.address(path.stem), header.decode(data))
        except header.HeaderError as error:
            found, wrong = None, [Problem(Place(place, error.line), error.code, error.what, error.remedy)]
        problems += wrong
        if found:
            sums[found.id] = text_sum(found.body)
            texts[found.id] = partial(text, path, sums[found.id])
            facts.append(replace(found, body=""))  # all texts of a long history would not fit into memory
    versions = [Filed.of(one, texts[one.id], sums[one.id]) for one in _versions(facts, notice, pictures, problems)]
    if problems:
        # A version that could not be read is missing from the order: what that would be said to break is not said.
        raise PolicyError(problems)
    try:
        return Policy.of(addresses.address(folder.name), versions, notice=notice, language=language, given_title=title)
    except FaultyError as error:
        by_id = {one.id: one for one in facts}
        told = [problem(fault, by_id[fault.version]) for fault in error.faults]
        raise PolicyError(_apart(one, facts, language) for one in told) from None


def translation(id_: str, language: str) -> str:
    """The language that a version is a translation into by its id, a day with a tag; empty where none is named."""
    found = _TRANSLATED.fullmatch(id_)
    tag = found[1].lower().replace("_", "-") if found else ""
    return tag if tag and tag[:2] != language.lower()[:2] and dates.known(tag) else ""


def a_policy_of_its_own(place: str, tag: str) -> str:
    """What to do with a translation that lies among the versions of a policy, in a folder."""
    own = f"{place}-{tag}"
    return (
        f"A translation is a policy of its own, with days of its own: move it to {own}/, "
        f'and write `language = "{tag}"` below [tool.inforce.policies.{PurePosixPath(own).name}] in pyproject.toml.'
    )


def _apart(told: Problem, facts: Iterable[header.Facts], language: str) -> Problem:
    """Two texts of one day may be one in two languages, of which none corrects the other."""
    of_day = {one.posted for one in facts if one.path == told.place.path}
    tags = [tag for one in facts if one.posted in of_day and (tag := translation(one.id, language))]
    if told.code != "posted-same-day" or not tags:
        return told
    return told._replace(remedy=a_policy_of_its_own(str(PurePosixPath(told.place.path).parent), tags[0]))


def held(id_: str, files: Mapping[str, bytes], *, notice: int) -> Policy | None:
    """A policy as a commit held its files, by path; None where anything was wrong with it."""
    facts: list[header.Facts] = []
    problems: list[Problem] = []
    try:
        for path, data in sorted(files.items()):
            found, wrong = header.read(path, addresses.address(PurePosixPath(path).stem), header.decode(data))
            problems += wrong
            facts += [found] if found else []
        versions = list(_versions(facts, notice, {}, problems))
        return None if problems else Policy.of(id_, versions, notice=notice)
    except (header.HeaderError, FaultyError):
        return None


def text(path: Path | str, sum_: str) -> str:
    """The text of a version file, whose SHA-256 is known. Raises SurroundingsError where it is another by now."""
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - a path that is a value costs more to make
            body = header.split(header.decode(file.readall() or b"")).body
    except (OSError, header.HeaderError):
        body = ""
    if text_sum(body) != sum_:
        raise SurroundingsError(f"{path} was changed while the policies were read", "Try again.")
    return body


def problem(fault: Fault, facts: header.Facts) -> Problem:
    """A fault of a version, with the line on which its author should look."""
    place = Place(facts.path, facts.lines.get(fault.fact, 1), facts.commit)
    return Problem(place, fault.code, fault.what, fault.remedy)


def _versions(
    facts: list[header.Facts],
    notice: int,
    pictures: dict[str, Callable[[], bytes]],
    problems: list[Problem],
) -> Iterator[Version]:
    own = [one for one in facts if not one.corrects]
    first = min(own, key=lambda one: (one.posted, one.id), default=None)
    for one in facts:
        try:
            yield one.version(first=one is first, notice=notice, pictures=pictures)
        except FaultyError as error:
            problems += [problem(fault, one) for fault in error.faults]


def _names(files: list[Path], root: Path) -> Iterator[Problem]:
    seen: dict[str, Path] = {}
    for path in files:
        place = Place(path.relative_to(root).as_posix())
        why = addresses.unfit(path.stem)
        if why:
            remedy = "Rename the file: letters, digits, -, . and _ make an address, such as 2026-03-01.md."
            yield Problem(place, "version-name", f"{path.name} cannot be a version: {why}", remedy)
        twin = seen.setdefault(addresses.folded(path.stem), path)
        if twin is not path:
            what = f"{path.name} and {twin.name} would share one address"
            yield Problem(place, "version-name-twice", what, "Rename one of the two.")


def _pictures_in_the_way(pictures: Iterable[str], folder: Path, root: Path) -> Iterator[Problem]:
    for path in pictures:
        file = addresses.taken(path)
        if file:
            what = f"{path} cannot be published: {file} is a page or file of each version, and can be no folder"
            place = Place((folder / path).relative_to(root).as_posix())
            yield Problem(place, "picture-name", what, "Rename the folder that the picture lies in, such as pictures/.")


def _bytes(path: Path, root: Path, problems: list[Problem]) -> bytes | None:
    place = Place(path.relative_to(root).as_posix())
    if path.is_symlink() or not path.is_file():
        what = f"{path.name} is {'a link' if path.is_symlink() else 'no file'}"
        problems.append(Problem(place, "version-not-a-file", what, "Put the text itself in its place."))
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        what = f"{path.name} cannot be read: {error.strerror}"
        problems.append(Problem(place, "version-unreadable", what, "Look at the file's permissions."))
        return None


STRAYS = frozenset({"not-markdown", "version-in-subfolder"})
"""The codes of what is said about files that are no versions."""


def strays(folder: Path, root: Path) -> Iterator[Problem]:
    """Files that are no versions, though they may be meant as such: no Markdown, or in a folder below the policy's."""
    for path in sorted(folder.rglob("*")):
        below = path.relative_to(folder).parts
        if len(below) == 1 and path.name[0] not in "._" and (why := _no_markdown(path)):
            what, remedy = f"{path.name} is no version: {why[0]}", f"{why[1]}; or give it a name that begins with _."
            yield Problem(Place(path.relative_to(root).as_posix()), "not-markdown", what, remedy, "warning")
        if len(below) > 1 and is_version(path) and path.is_file() and not any(part[0] in "._" for part in below):
            what = f"{'/'.join(below)} is no version: it lies in a folder below the policy's"
            remedy = f"Move it into {folder.name}/, or into a folder whose name begins with _ if it is none."
            if re.fullmatch("[a-z]{2}(?:-[A-Z]{2})?", below[0]) and dates.known(below[0]):
                remedy = a_policy_of_its_own(folder.relative_to(root).as_posix(), below[0])
            place = Place(path.relative_to(root).as_posix())
            yield Problem(place, "version-in-subfolder", what, remedy, "warning")


def _no_markdown(path: Path) -> tuple[str, str] | None:
    """Why a file that is meant as a version is none, and what to do; None where nothing says that it is meant so."""
    ending = path.suffix.lower()
    day = _DAY.match(path.name)
    name = day[0] if day else path.stem.removesuffix(".md")
    meant = f"{name}.md"
    # What lies beside a version under its name is a copy or another form of it, and must not be put in its place.
    if path.with_name(meant).exists() or path.stem.lower() == "readme":
        return None
    if ending in WRITTEN_ELSEWHERE:
        return "it is not Markdown", "Save it as plain text, under a name that ends in .md"
    if ending in {*MARKDOWN, *PICTURES} or path.is_symlink() or not path.is_file():
        return None
    if not (day and ending not in _DATA) and (_BACKUP.search(path.name) or not _begins_as_one(path)):
        return None
    rest = path.name[len(name) :]
    why = f"its name ends in '{rest}', and not in .md" if rest else "its name does not end in .md"
    return why, f"Rename it to {meant}"


def _begins_as_one(path: Path) -> bool:
    """Whether a file begins with a front matter."""
    try:
        with path.open("rb") as file:
            return _FENCED.match(file.read(256)) is not None
    except OSError:
        return False  # nothing is published of it


def pictures_in(folder: Path, top: Path | None = None) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The pictures in a folder and below it, by their path from the policy's folder."""
    top = top or folder
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "_")) or path.suffix.lower() in MARKDOWN or path.is_symlink():
            continue
        if path.is_dir():
            yield from pictures_in(path, top)
        elif path.suffix.lower() in PICTURES and path.is_file():  # a pipe would hold the build up for ever
            yield path.relative_to(top).as_posix(), path.read_bytes
