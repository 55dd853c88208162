"""How authors keep policies: ``read`` gives one Policy per entry of ``policies/``, however it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inforce import addresses
from inforce.errors import Place, PolicyError, Problem, SurroundingsError
from inforce.settings import FILE, POSTED_FROM
from inforce.sources import folder, header, origins
from inforce.sources.recall import Recall

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from inforce.markdown import Reader
    from inforce.model import Policy
    from inforce.settings import PolicySettings, Settings
    from inforce.sources.evolving import Kept
    from inforce.sources.repository import Change

    History = Mapping[str, Sequence[Change]]

FOLDER = "policies"


def read(  # noqa: PLR0913 - what may be known beforehand, each by its name
    root: Path,
    settings: Settings,
    readers: Mapping[str, Reader] | None = None,
    *,
    watch: bool = True,
    recall: Recall | None = None,
    on: date | None = None,
) -> tuple[list[Policy], list[Problem]]:
    """The policies of a project, by address, and what is doubtful about how they are kept.

    `readers` read the texts of evolving files, by policy, for whoever reads them again. What `recall` knows is not read
    again. Unless `watch` is off, git is asked where versions come from, and whether posted ones stayed as they were,
    with `on` also since the last commit and up to that day.

    Raises PolicyError with all that is wrong in all of them, and SurroundingsError where a policy kept as one file has
    no history that can be read.
    """
    entries = _entries(root)
    problems = list(_names(entries, root))
    named = {problem.place.path for problem in problems}
    fit = [path for path in entries if f"{FOLDER}/{path.name}" not in named]
    recall = recall or Recall()
    policies = list(_folders(root, [path for path in fit if path.is_dir()], settings, problems, recall))
    problems += [*_settings_for_nobody(entries, settings), *_settings_for_files(entries, settings)]
    files = [path for path in fit if not path.is_dir()]
    problems += _named_for_a_day(files)
    try:
        if files or watch:
            kept = list(_kept(files, settings)) if files else []
            if kept:
                found, history = _files(root, kept, readers, problems, on, recall, policies, settings)
            else:
                found, history = _frozen(root, problems, on, recall, policies, settings)
            problems += _lost(root, kept, entries, history, on)
            problems += _unfolded(root, policies, settings, history) if on else ()
            policies = [*found, *origins.told(policies, origins.lives(history, FOLDER))]
    except SurroundingsError as error:
        misplaced = next(_named_for_a_day(files), None)
        if not _errors(problems) and misplaced:
            raise SurroundingsError(f"{misplaced.place}: {misplaced.what}; {error.what}", misplaced.remedy) from None
        if not _errors(problems):
            raise
    if _errors(problems):
        raise PolicyError(problems)
    if not policies:
        what, remedy = "there are no policies", "Write the first one: policies/privacy/2026-03-01.md."
        raise PolicyError([*problems, Problem(Place(FOLDER), "no-policies", what, remedy)])
    return sorted(policies, key=lambda policy: policy.id), problems


def _errors(problems: Iterable[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _chosen(id_: str, settings: Settings) -> tuple[PolicySettings, int, str]:
    """What is set for a policy: its own settings, its notice in days, its language."""
    own = settings.policy(id_)
    return own, settings.notice(id_), own.language or settings.language


def _folders(
    root: Path, paths: Iterable[Path], settings: Settings, problems: list[Problem], recall: Recall
) -> Iterator[Policy]:
    """The policies kept as folders."""
    for path in paths:
        known = recall.folder(path.name)
        if known:
            problems += known[1]
            yield known[0]
            continue
        own, notice, language = _chosen(addresses.address(path.name), settings)
        place = Place(path.relative_to(root).as_posix())
        try:
            problems += folder.strays(path, root)
            policy = folder.read(path, root, notice=notice, language=language, title=own.title, recall=recall)
        except PolicyError as error:
            problems += error.problems
        except OSError as error:
            what, remedy = f"{path.name} cannot be read: {error.strerror}", "Look at the permissions of what is in it."
            problems.append(Problem(place, "policy-unreadable", what, remedy))
        else:
            if policy:
                yield policy
            else:
                what, remedy = f"{path.name} holds no version", "Put a Markdown file into it, or remove the folder."
                if next(folder.pictures_in(path), None):
                    remedy = "Pictures lie beside the versions that show them: move them into the policy's folder."
                problems.append(Problem(place, "policy-empty", what, remedy, "warning"))


def _files(  # noqa: PLR0913, PLR0917 - what `read` was given
    root: Path,
    kept: Sequence[Kept],
    readers: Mapping[str, Reader] | None,
    problems: list[Problem],
    on: date | None,
    recall: Recall,
    folders: Sequence[Policy],
    settings: Settings,
) -> tuple[list[Policy], History]:
    """The policies kept as evolving files, and the history, read in one pass for the folders, too."""
    from inforce.sources import blobs, evolving, frozen, promised, repository

    with repository.open_(root) as repo:
        followed = [FOLDER, FILE, *(path for one in kept for path in one.paths(root) if repo.holds(path))]
        recall.log = repo.log(followed, recall.log)
        history = repo.changes(recall.log)
        notices = tuple(promised.notices(history.get(FILE, ()), repo.blobs))
        found = []
        shared = blobs.Blobs(root)
        for one in (each._replace(notices=notices) for each in kept):
            name = one.path.name
            known = recall.file(name, one.id, evolving.known_by(one, root, history))
            reader = None if known or readers is None else readers[one.id]
            policy, said = known or evolving.read(one, root, repo, history, reader, shared)
            recall.note(name, said)
            problems += said
            found += [policy] if policy else []
        problems += frozen.thawed(repo, history, FOLDER, root, on, frozen.Known(folders, settings.lines, notices))
    return found, history


def _lost(
    root: Path, kept: Sequence[Kept], entries: Iterable[Path], history: History, on: date | None
) -> Iterator[Problem]:
    """What is to be said of policies kept as one file that nothing goes on with."""
    from inforce.sources import blobs, frozen

    files = {one.path for one in kept}
    began = (history.get(one.paths(root)[0], ()) for one in kept if one.settings.posted_from == "commit")
    followed = frozen.Followed(
        frozenset(addresses.address(path.stem if path in files else path.name) for path in entries),
        frozenset(path for one in kept for path in one.paths(root)),
        frozenset(changes[0].commit.id for changes in began if changes),
    )
    return frozen.lost(history, FOLDER, followed, on, blobs.Blobs(root).read)


def _unfolded(root: Path, folders: Iterable[Policy], settings: Settings, history: History) -> Iterator[Problem]:
    """What is to be said of folders that go on with policies kept as one file: versions that were left behind.

    Only who looks is told: all of an old history is read for it.
    """
    from inforce.sources import blobs, evolving, frozen, repository

    for policy in folders:
        paths = [f"{FOLDER}/{policy.id}{ending}" for ending in folder.MARKDOWN]
        for path in (one for one in paths if one in history and not (root / one).exists()):
            own, notice, language = _chosen(policy.id, settings)
            kept = evolving.Kept(root / path, policy.id, own, notice, language)
            changes = [one for one in history[path] if one.blob]
            with repository.open_(root) as repo:
                before, _ = evolving.read(kept, root, repo, {path: changes}, None, blobs.Blobs(root))
            yield from frozen.left_behind(policy, before, path) if before else ()


def _kept(paths: Iterable[Path], settings: Settings) -> Iterator[Kept]:
    """The evolving files, each with what is set for it."""
    from inforce.sources import evolving

    for path in paths:
        id_ = addresses.address(path.stem)
        own, notice, language = _chosen(id_, settings)
        yield evolving.Kept(path, id_, own, notice, language, settings.lines.get(id_, 0))


def _frozen(  # noqa: PLR0913, PLR0917 - what `read` was given
    root: Path,
    problems: list[Problem],
    on: date | None,
    recall: Recall,
    folders: Sequence[Policy],
    settings: Settings,
) -> tuple[list[Policy], History]:
    """The history of a project without evolving files, if there is one."""
    from inforce.sources import frozen

    history, said = frozen.read(root, FOLDER, on, recall, frozen.Known(folders, settings.lines))
    problems += said
    return [], history


def _entries(root: Path) -> list[Path]:
    """The folders and Markdown files of ``policies/``, each a policy."""
    place = root / FOLDER
    try:
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
    except OSError as error:
        what, remedy = f"{FOLDER} cannot be read: {error.strerror}", "Look at the permissions of the folder."
        raise PolicyError([Problem(Place(FOLDER), "policy-unreadable", what, remedy)]) from None


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
        elif not path.is_dir() and not path.is_file():  # a pipe would hold the build up for ever
            what, remedy = f"{path.name} is no file", "Put the policy itself in its place."
            yield Problem(place, "policy-not-a-file", what, remedy)
        twin = seen.setdefault(addresses.folded(name), path)
        if twin is not path:
            what = f"{path.name} and {twin.name} would share one address"
            yield Problem(place, "policy-name-twice", what, "Rename one of the two.")


def _named_for_a_day(files: Iterable[Path]) -> Iterator[Problem]:
    """Policies kept as one file that are named as a version is: put one folder too high."""
    for path in files:
        if header.DAY.fullmatch(path.stem):
            what = f"{path.name} is a policy by itself, and no version of another: it lies in no policy's folder"
            remedy = "Move it into the policy's folder, such as policies/privacy/."
            yield Problem(Place(f"{FOLDER}/{path.name}"), "policy-named-for-a-day", what, remedy, "warning")


def _settings_for_nobody(entries: list[Path], settings: Settings) -> Iterator[Problem]:
    known = {addresses.address(path.name if path.is_dir() else path.stem) for path in entries}
    for id_ in settings.policies.keys() - known:
        import difflib

        near = difflib.get_close_matches(id_, known, 1)
        remedy = f"Did you mean [tool.inforce.policies.{near[0]}]?" if near else "Remove the table."
        what = f"there are settings for {id_}, which is no policy"
        yield Problem(Place(FILE, settings.lines[id_]), "settings-for-nobody", what, remedy, "warning")


def _settings_for_files(entries: list[Path], settings: Settings) -> Iterator[Problem]:
    """Settings that only an evolving file has a use for, of policies that are folders."""
    for id_ in sorted({addresses.address(path.name) for path in entries if path.is_dir()}):
        own = settings.policy(id_)
        for key, is_set in (("paths", own.paths), ("posted-from", own.posted_from != POSTED_FROM[0])):
            if is_set:
                what = f"{key} is set for {id_}, which is a folder: it is only read for a policy kept as one file"
                remedy = "Take it out: a folder's versions, with their days, are its files."
                yield Problem(Place(FILE, settings.lines.get(id_, 0)), "settings-for-files", what, remedy, "warning")
