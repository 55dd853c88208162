"""How authors keep policies: ``read`` gives one Policy per entry of ``policies/``, however it is kept."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from inforce import addresses
from inforce.errors import Place, PolicyError, Problem
from inforce.settings import FILE
from inforce.sources import folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from inforce.model import Policy
    from inforce.settings import Settings

FOLDER = "policies"


def read(root: Path, settings: Settings) -> tuple[list[Policy], list[Problem]]:
    """The policies of a project, by address, and what is doubtful about how they are kept.

    Raises PolicyError with all that is wrong in all of them.
    """
    entries = _entries(root)
    problems = list(_names(entries, root))
    policies: list[Policy] = []
    for path in entries:
        if any(problem.place.path == f"{FOLDER}/{path.name}" for problem in problems):
            continue
        id_ = addresses.address(path.name if path.is_dir() else path.stem)
        own = settings.policy(id_)
        notice = settings.notice_days if own.notice_days is None else own.notice_days
        language = own.language or settings.language
        place = Place(path.relative_to(root).as_posix())
        try:
            policy = folder.read(path, root, notice=notice, language=language, title=own.title)
        except PolicyError as error:
            problems += error.problems
            continue
        except OSError as error:
            what, remedy = f"{path.name} cannot be read: {error.strerror}", "Look at the permissions of what is in it."
            problems.append(Problem(place, "policy-unreadable", what, remedy))
            continue
        if policy:
            policies.append(policy)
        else:
            what, remedy = f"{path.name} holds no version", "Put a Markdown file into it, or remove the folder."
            problems.append(Problem(place, "policy-empty", what, remedy, "warning"))
    problems += _settings_for_nobody(entries, settings)
    if any(problem.severity == "error" for problem in problems):
        raise PolicyError(problems)
    if not policies:
        what, remedy = "there are no policies", "Write the first one: policies/privacy/2026-03-01.md."
        raise PolicyError([*problems, Problem(Place(FOLDER), "no-policies", what, remedy)])
    return sorted(policies, key=lambda policy: policy.id), problems


def _entries(root: Path) -> list[Path]:
    """The folders and Markdown files of ``policies/``, each a policy."""
    place = root / FOLDER
    if not place.is_dir():
        what, remedy = f"there is no folder {FOLDER}/", "Write the first policy: policies/privacy/2026-03-01.md."
        raise PolicyError([Problem(Place(FOLDER), "no-policies", what, remedy)])
    if place.is_symlink():
        what, remedy = f"{FOLDER} is a link", "Put the folder itself in its place."
        raise PolicyError([Problem(Place(FOLDER), "policy-link", what, remedy)])
    return [
        path
        for path in sorted(place.iterdir(), key=lambda path: path.name)
        if not path.name.startswith((".", "_")) and (path.is_dir() or folder.is_version(path))
    ]


def _names(entries: list[Path], root: Path) -> Iterator[Problem]:
    seen: dict[str, Path] = {}
    for path in entries:
        place = Place(path.relative_to(root).as_posix())
        name = path.name if path.is_dir() else path.stem
        why = addresses.unfit(name)
        if why:
            remedy = "Rename it: letters, digits, -, . and _ make an address, such as privacy."
            yield Problem(place, "policy-name", f"{path.name} cannot be a policy: {why}", remedy)
        if path.is_symlink():
            what, remedy = f"{path.name} is a link", "Put the policy itself in its place."
            yield Problem(place, "policy-link", what, remedy)
        twin = seen.setdefault(addresses.folded(name), path)
        if twin is not path:
            what = f"{path.name} and {twin.name} would share one address"
            yield Problem(place, "policy-name-twice", what, "Rename one of the two.")


def _settings_for_nobody(entries: list[Path], settings: Settings) -> Iterator[Problem]:
    known = {addresses.address(path.name if path.is_dir() else path.stem) for path in entries}
    for id_ in settings.policies.keys() - known:
        near = difflib.get_close_matches(id_, known, 1)
        remedy = f"Did you mean [tool.inforce.policies.{near[0]}]?" if near else "Remove the table."
        what = f"there are settings for {id_}, which is no policy"
        yield Problem(Place(FILE, settings.lines[id_]), "settings-for-nobody", what, remedy, "warning")
