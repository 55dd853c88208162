"""What git knows of a project: its commits, what each changed, the bytes it kept (the only GitPython user).

Git is asked in a room of its own: none of the settings of the user or the machine, nothing that a hook left in the
environment, no replaced objects, no lazy fetching. Only commands are given that run no configured program and reach
for no network: `rev-parse`, `rev-list`, `merge-base`, `config`, `symbolic-ref`, `for-each-ref`, `log --raw` and
`cat-file`.

A history that is incomplete or doubtful is refused, each kind with words of its own: half a history would publish
half the versions, and nobody would notice.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import shlex
import shutil
from contextlib import contextmanager, suppress
from datetime import date
from subprocess import PIPE
from typing import TYPE_CHECKING, NamedTuple, Self

from inforce.errors import SurroundingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from git import Git

ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
AHEAD = 200
"""Objects asked for and not yet read: few enough that their names fit into any system's pipe, and nobody waits."""
FILE_MODES = ("100644", "100755")
_LOG = (
    # Each option undoes a setting that a repository can carry: signatures are checked by a configured program, and
    # the others would hide or reshape what a commit changed.
    *("log", "--first-parent", "--diff-merges=first-parent", "--root", "--raw", "-z", "--no-abbrev"),
    *("--no-renames", "--no-follow", "--no-relative", "--no-show-signature", "--no-ext-diff", "--no-textconv"),
    *("--ignore-submodules=none", "-O/dev/null", "--no-notes", "--no-mailmap", "--no-decorate", "--no-color"),
    "--format=%H %cI",
)
_FACTS = 3
"""What `cat-file --batch` says before an object: its id, kind and size."""
_SHA1 = 40
"""Letters of an id made by SHA-1, as most repositories have them; others have SHA-256."""
_PARTIAL = r"^(remote\..*\.(promisor|partialclonefilter)|extensions\.partialclone)$"


class NoCommitError(SurroundingsError):
    """The branch that is checked out has no commit yet."""


class Commit(NamedTuple):
    """One step of the history."""

    number: int
    """Its place in the history, counted from the oldest."""
    id: str
    day: date
    """That of its committer date, in its own offset."""

    def __str__(self) -> str:
        return f"{self.id[:7]} of {self.day}"


class Change(NamedTuple):
    """What a commit made of a path."""

    commit: Commit
    path: str
    """From the project's root, with ``/``."""
    mode: str
    blob: str
    """The id of its bytes; empty where the commit removed it."""

    @property
    def is_file(self) -> bool:
        """Whether it is a plain file, and neither a link nor another repository."""
        return self.mode in FILE_MODES


class Log(NamedTuple):
    """What git told of the history of some paths: of a commit the same for good, and of later ones before it."""

    head: str
    prefix: str
    """Where in the repository the project lies."""
    paths: tuple[str, ...]
    """From the root of the project."""
    told: bytes


def around(root: Path) -> bool:
    """Whether a folder seems to be in a repository at all; asks no git."""
    return top(root) is not None


def top(root: Path) -> Path | None:
    """The folder of the repository that a folder seems to be in, whether or not that is there yet; asks no git."""
    place = root.resolve()
    return next((folder for folder in (place, *place.parents) if os.path.lexists(folder / ".git")), None)


def published_branch(place: Path) -> str:
    """The branch that a repository seems to publish: the one that its origin shows, else main, else that at hand.

    Empty where git does not tell.
    """
    try:
        git = _git(place)
    except SurroundingsError:
        return ""
    for words in (
        ("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"),
        ("rev-parse", "--verify", "--quiet", "--symbolic-full-name", "refs/heads/main"),
        ("symbolic-ref", "--quiet", "HEAD"),
    ):
        status, answer, _ = _told(git, *words)
        if not status:
            return re.sub("^refs/(?:heads|remotes/origin)/", "", os.fsdecode(answer).strip())
    return ""


def open_(root: Path) -> Repository:
    """The repository that holds a project, which may be a folder in it; to be closed (a context).

    Raises SurroundingsError where there is none, or its history is incomplete or doubtful, and NoCommitError where it
    has none.
    """
    return Repository(_git(root), root)


def blob_id(data: bytes, like: str) -> str:
    """The id under which git keeps the bytes of a file, in a repository whose ids are such as another one."""
    made = hashlib.sha1(usedforsecurity=False) if len(like) == _SHA1 else hashlib.sha256()
    made.update(b"blob %d\0" % len(data))
    made.update(data)
    return made.hexdigest()


class Repository:
    """A repository with a whole history."""

    def __init__(self, git: Git, root: Path) -> None:
        self._git = git
        self._root = root
        self._texts: _Objects | None = None
        self._folders: _Objects | None = None
        self._trees: dict[str, tuple[tuple[str, str], ...]] = {}
        shallow, grafts, self.prefix = self._place()
        if shallow == "true":
            raise SurroundingsError(
                "the git history is incomplete: this is a shallow clone, without the older commits",
                "Fetch the rest: `git fetch --unshallow`; in GitHub Actions give actions/checkout `fetch-depth: 0`.",
            )
        self._refuse_partial()
        self._refuse_grafts(root / grafts)
        if self._ask("for-each-ref", "--count=1", "refs/replace/"):
            raise SurroundingsError(
                "the git history is doubtful: some of its objects are replaced (git replace)",
                "Look at them with `git replace --list`, and take them away with `git replace --delete NAME`.",
            )
        self.head = self._head()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End what serves its objects."""
        for objects in (self._texts, self._folders):
            if objects:
                objects.close()

    def fork(self, revision: str) -> str:
        """The id of the commit at which what is checked out parted from a revision, such as ``origin/main``.

        Raises SurroundingsError where there is no such revision, or nothing that the two have in common.
        """
        status, answer, _ = self._try("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if status:
            what = f"there is no revision {revision}"
            raise SurroundingsError(what, "Name a branch, a tag or a commit: origin/main, for example.")
        status, answer, _ = self._try("merge-base", answer.decode().strip(), self.head)
        if status:
            what = f"{revision} and what is checked out have no commit in common"
            raise SurroundingsError(what, "Name the branch that this one came from.")
        return answer.decode().strip()

    def holds(self, path: str) -> bool:
        """Whether a path from the project's root leads to a place in the repository."""
        whole = posixpath.normpath(posixpath.join(self.prefix, path))
        return not (posixpath.isabs(path) or whole.split("/")[0] == ".." or re.search(r"[\0\n]", path))

    def history(self, paths: Iterable[str]) -> Mapping[str, tuple[Change, ...]]:
        """What became of every file at or below some paths, along the first parents of what is checked out.

        The paths are from the project's root and lead to places that the repository `holds`; so do those of the
        answer, each with its changes, oldest first. It is one pass, however many are asked for.
        """
        return self.changes(self.log(paths))

    def log(self, paths: Iterable[str], before: Log | None = None) -> Log:
        """What git tells of the history of some paths; after what it told `before`, only of what came since."""
        wanted = tuple(sorted(set(paths)))
        where = self.prefix, wanted
        if not wanted:
            return Log(self.head, *where, b"")
        if before is None or (before.prefix, before.paths) != where or not self._leads_from(before.head):
            return Log(self.head, *where, self._ask(*_LOG, self.head, "--", *wanted))
        if before.head == self.head:
            return before
        since = self._ask(*_LOG, f"{before.head}..{self.head}", "--", *wanted)
        return Log(self.head, *where, since + before.told)

    def changes(self, log: Log) -> Mapping[str, tuple[Change, ...]]:
        """What a log tells, by path (see `history`)."""
        found: dict[str, list[Change]] = {}
        for number, (id_, day, files) in enumerate(reversed(list(_steps(log.told)))):
            commit = Commit(number, id_, day)
            for path, mode, blob in files:
                name = self._from_root(path)
                found.setdefault(name, []).append(Change(commit, name, mode, blob))
        return {path: tuple(changes) for path, changes in found.items()}

    def _leads_from(self, commit: str) -> bool:
        """Whether what is checked out has a commit among its first parents."""
        if commit == self.head:
            return True
        status, answer, _ = self._try("rev-list", "--first-parent", "--parents", f"{commit}..{self.head}")
        last = answer.decode().split("\n")[-2:][0].split(" ")  # a commit, and its parents
        return status == 0 and last[1:2] == [commit]

    def blobs(self, ids: Sequence[str]) -> Iterator[bytes]:
        """The bytes of many files, in order; read all before asking again.

        Raises SurroundingsError where they are missing or cut.
        """
        if self._texts is None:
            self._texts = self._objects()
        return (data for _, data in self._texts.read(ids))

    def blob(self, id_: str) -> bytes:
        """The bytes of a file. Raises SurroundingsError where they are missing or cut."""
        return next(self.blobs([id_]))

    def has_folder(self, commit: str, path: str) -> bool:
        """Whether a path from the project's root leads to a folder in a commit."""
        return self._kind(self._name(commit, path)) == b"tree"

    def file(self, commit: str, path: str) -> bytes | None:
        """What a file held in a commit, if it stood there; the repository `holds` its path from the project's root."""
        name = self._name(commit, path)
        return self.blob(name) if self._kind(name) == b"blob" else None

    def _name(self, commit: str, path: str) -> str:
        return f"{commit}:{posixpath.normpath(posixpath.join(self.prefix, path))}"

    def _kind(self, name: str) -> bytes:
        return self._try("cat-file", "-t", name)[1].strip()

    def files(self, commit: str, folder: str) -> tuple[tuple[str, str], ...]:
        """The plain files in a folder and below it, as a commit holds them: each one's path from there and its blob.

        `folder` is from the project's root; empty is the root itself.
        """
        whole = posixpath.normpath(posixpath.join(self.prefix, folder))
        return self._files(f"{commit}:{'' if whole == '.' else whole}")

    def _files(self, tree: str) -> tuple[tuple[str, str], ...]:
        if self._folders is None:
            self._folders = self._objects()
        id_, data = next(self._folders.read([tree]))
        if id_ not in self._trees:
            self._trees[id_] = tuple(self._entries(data, len(id_) // 2))
        return self._trees[id_]

    def _entries(self, tree: bytes, width: int) -> Iterator[tuple[str, str]]:
        """The files of a tree as git keeps it: mode, space, name, NUL, and an id of so many bytes; again and again."""
        at = 0
        while at < len(tree):
            end = tree.index(b"\0", at)
            mode, _, name = tree[at:end].partition(b" ")
            at = end + 1 + width
            id_ = tree[end + 1 : at].hex()
            if mode.decode() in FILE_MODES:
                yield os.fsdecode(name), id_
            elif mode == b"40000":
                yield from ((f"{os.fsdecode(name)}/{path}", blob) for path, blob in self._files(id_))

    def _from_root(self, path: str) -> str:
        if path.startswith(self.prefix):
            return path.removeprefix(self.prefix)
        return posixpath.relpath(f"/{path}", f"/{self.prefix}")

    def _ask(self, *words: str, good: tuple[int, ...] = (0,)) -> bytes:
        """What a git command answers; git's own words become a SurroundingsError."""
        status, answer, said = self._try(*words)
        if status not in good:
            raise _refusal(said, self._root)
        return answer

    def _try(self, *words: str) -> tuple[int, bytes, str]:
        return _told(self._git, *words)

    def _place(self) -> tuple[str, str, str]:
        """Whether the clone is shallow (`true`), where grafts would lie, and the way from the top to the project."""
        asked = (
            "rev-parse",
            "--is-shallow-repository",
            "--git-path",
            "info/grafts",
            "--is-inside-work-tree",
            "--show-prefix",
        )
        status, answer, said = self._try(*asked)
        if status and _UNTRUSTED.search(said):
            self._git.update_environment(**_trusted(self._git))
            status, answer, said = self._try(*asked)
        if status:
            raise _refusal(said, self._root)
        shallow, grafts, inside, prefix = os.fsdecode(answer).split("\n", 3)
        if inside != "true":
            raise _refusal("not a git repository", self._root)
        return shallow, grafts, prefix.removesuffix("\n")

    def _refuse_partial(self) -> None:
        said = self._ask("config", "--null", "--get-regexp", _PARTIAL, good=(0, 1)).decode(errors="replace")
        for setting in filter(None, said.split("\0")):
            name, _, value = setting.partition("\n")
            if value.lower() not in {"false", "no", "off", "0"}:
                raise SurroundingsError(
                    f"the git history is incomplete: this is a partial clone, without the older texts ({name})",
                    "Clone anew without `--filter`; in GitHub Actions give actions/checkout no `filter`.",
                )

    def _refuse_grafts(self, grafts: Path) -> None:
        if grafts.is_file() and re.search(rb"^\s*[0-9a-f]", grafts.read_bytes(), re.MULTILINE):
            raise SurroundingsError(
                f"the git history is doubtful: {grafts} gives commits other parents than their own",
                "Delete that file; the history is then as it was committed.",
            )

    def _head(self) -> str:
        status, answer, _ = self._try("rev-parse", "--verify", "--quiet", "HEAD")
        if status:
            raise NoCommitError(
                "there is no commit yet, and the versions of a policy kept as one file are its commits",
                "Commit the policies: `git add policies` and `git commit`.",
            )
        return answer.decode().strip()

    def _objects(self) -> _Objects:
        with _alone():
            return _Objects(self._git.cat_file("--batch", as_process=True, istream=PIPE), self._damage)

    def _damage(self, name: str) -> SurroundingsError:
        """What is wrong with an object that could not be read: git is asked again."""
        status, _, _ = self._try("cat-file", "-e", name)
        what = "is missing" if status == 1 else "is damaged"
        return SurroundingsError(
            f"the git history is incomplete: the object {name} {what}",
            "See what `git fsck` says, then clone the repository anew.",
        )


class _Objects:
    """One `cat-file --batch`, asked ahead of what is read: an answer is on its way while the last one is used."""

    def __init__(self, process: Git.AutoInterrupt, damage: Callable[[str], SurroundingsError]) -> None:
        self._process = process
        self._damage = damage
        self._owner = os.getpid()

    def read(self, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """The id and the bytes of each object."""
        asked = 0
        for number, name in enumerate(names):
            if asked - number <= AHEAD // 2:
                self._request(names[asked : number + AHEAD])
                asked = min(number + AHEAD, len(names))
            yield self._answer(name)

    def close(self) -> None:
        """End git: by force, since it would wait as long as a process forked meanwhile might ask it anything.

        In such a process there is nothing to end: it is another's.
        """
        if os.getpid() == self._owner:
            self._process.kill()
            self._process.communicate()

    def _request(self, names: Sequence[str]) -> None:
        with suppress(BrokenPipeError):  # what git had to say of it is found where its answer is missing
            self._process.stdin.write("".join(f"{name}\n" for name in names).encode(errors="surrogateescape"))
            self._process.stdin.flush()

    def _answer(self, name: str) -> tuple[str, bytes]:
        words = self._process.stdout.readline().split()
        if len(words) == _FACTS and words[2].isdigit():
            size = int(words[2])
            data: bytes = self._process.stdout.read(size)
            if len(data) == size and self._process.stdout.read(1):
                return words[0].decode(), data
        raise self._damage(name)


def _steps(log: bytes) -> Iterator[tuple[str, date, list[tuple[str, str, str]]]]:
    """The commits of a log, newest first: id, day, and path, mode and blob of what each changed."""
    words = iter(log.split(b"\0"))
    id_, day = "", date.min
    files: list[tuple[str, str, str]] = []
    for word in words:
        written = word.lstrip(b"\n")
        if written.startswith(b":"):
            _, mode, _, blob, status = written.decode().split(" ")
            files.append((os.fsdecode(next(words)), mode, "" if status == "D" else blob))
            continue
        if id_:
            yield id_, day, files
        if written:
            id_, _, moment = written.decode().partition(" ")
            day, files = _day(id_, moment), []


def _day(commit: str, moment: str) -> date:
    try:
        return date.fromisoformat(moment[: len("2026-01-10")])
    except ValueError:
        raise SurroundingsError(
            f"the git history is doubtful: the commit {commit} has no day that a calendar knows ({moment or 'none'})",
            "See what `git fsck` says of it.",
        ) from None


def _git(root: Path) -> Git:
    """A hand on git, for a folder."""
    if shutil.which(os.environ.get("GIT_PYTHON_GIT_EXECUTABLE", "git")) is None:
        raise SurroundingsError(
            "git is not installed, and the versions of a policy kept as one file are its commits",
            "Install git, version 2.31 or newer.",
        )
    with _alone():
        from git import Git
    git = Git(root)
    git.update_environment(**ENVIRONMENT)
    return git


def _told(git: Git, *words: str) -> tuple[int, bytes, str]:
    """The status of a git command, its answer, and what it said besides."""
    with _alone():
        status, answer, said = git.execute(
            [git.GIT_PYTHON_GIT_EXECUTABLE or "git", *words],
            with_extended_output=True,
            with_exceptions=False,
            stdout_as_string=False,
            strip_newline_in_stdout=False,
        )
    return status, answer, said


@contextmanager
def _alone(but: str = "GIT_PYTHON_") -> Iterator[None]:
    """Without what others left in the environment for git: GitPython hands on all of it, and a hook sets GIT_DIR."""
    names = [name for name in os.environ if name.startswith("GIT_") and not name.startswith(("GIT_PYTHON_", but))]
    left = {name: os.environ.pop(name) for name in names}
    try:
        yield
    finally:
        os.environ.update(left)


def _trusted(git: Git) -> dict[str, str]:
    """The folders that the user's own settings trust, handed on: all else in those settings stays hidden."""
    asker = type(git)(os.sep)
    with _alone(but="GIT_CONFIG"):
        command = [
            git.GIT_PYTHON_GIT_EXECUTABLE or "git",
            "config",
            "--null",
            "--show-scope",
            "--get-all",
            "safe.directory",
        ]
        said = asker.execute(command, with_exceptions=False, stdout_as_string=False)
    words = os.fsdecode(said).split("\0")
    folders = [
        folder for scope, folder in zip(words[::2], words[1::2], strict=False) if scope not in {"local", "worktree"}
    ]
    pairs = {f"GIT_CONFIG_KEY_{n}": "safe.directory" for n in range(len(folders))}
    pairs |= {f"GIT_CONFIG_VALUE_{n}": folder for n, folder in enumerate(folders)}
    return {"GIT_CONFIG_COUNT": str(len(folders)), **pairs}


def _refusal(said: str, root: Path) -> SurroundingsError:
    """Git's own words, translated."""
    if "not a git repository" in said or "work tree" in said:
        return SurroundingsError(
            "there is no git repository here, and the versions of a policy kept as one file are its commits",
            "Run `git init` and commit the policies; or keep each version as a file: policies/privacy/2026-03-01.md.",
        )
    if untrusted := _UNTRUSTED.search(said):
        return SurroundingsError(
            "git does not trust this folder, since it belongs to another user",
            f"If you do: `git config --global --add safe.directory {shlex.quote(untrusted[1])}`.",
        )
    if re.search(r"unrecognized argument|unknown option|invalid option", said):
        return SurroundingsError("git is too old to read the history", "Install git 2.31 or newer.")
    words = next((line for line in said.splitlines() if line.startswith(("fatal:", "error:"))), said.strip())
    return SurroundingsError(
        f"the git history at {root} is incomplete or damaged; git says: {words}",
        "See what `git fsck` says, then clone the repository anew.",
    )


_UNTRUSTED = re.compile(r"(?:dubious ownership|unsafe repository)[^']*'([^']*)'")
