"""What the last build of a project left for this one, what of it still holds, and what this one leaves for the next."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from inforce import dates, memory, publish, records, settings, sources, templating
from inforce.errors import Problem
from inforce.markdown import Reader
from inforce.publish import Wanted
from inforce.shelf import Shelf
from inforce.sources import folder
from inforce.sources.blobs import Blobs
from inforce.sources.recall import Recall
from inforce.sources.repository import Log

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from inforce.memory import Look, Part, Seen
    from inforce.model import Policy, Version
    from inforce.settings import Settings
    from inforce.site import Site
    from inforce.sources.recall import Recalled


class Made(NamedTuple):
    """What was made of a policy; its files are written aside."""

    policy: str
    problems: tuple[Problem, ...]
    wanted: Wanted
    pages: int
    asked: Mapping[str, bool]
    """Addresses of the site that its pages asked for, and whether there was anything."""
    others: Collection[str]
    """Other policies that its pages looked at; `site.ALL` if it may have been any."""
    dated: Collection[str]
    """Addresses of those of its pages that asked for the day: on another one they say something else."""
    forgetful: str = ""
    """Why nothing could be kept of it for the next build."""


class _Readers(dict[str, Reader]):
    """Readers by policy; one that is asked for first knows what its shelf holds."""

    def __init__(self, past: Past) -> None:
        super().__init__()
        self.past = past

    def __missing__(self, policy: str) -> Reader:
        shelf = self.past.shelves[policy] = Shelf.of(self.past.cache, policy, self.past.key)
        self[policy] = shelf.reader
        return shelf.reader


class Past(Recall):
    """What the last build left for this one, and this one leaves for the next."""

    def __init__(self, cache: Path | None, root: Path, out: Path, on: date, look: Look | None) -> None:
        self.cache = cache
        self.root = root
        self.out = out
        self.today = on
        self.on = on
        """The day of the last build, where its pages can be taken over."""
        self.look = look
        """The files of the last build as they are now."""
        self.key = (look.key if look else memory.program()) if cache else b""
        self.read: dict[str, Part] = {}
        """The files of each policy as they are now, by the name of its folder or file."""
        self.besides: dict[str, Seen] = {}
        """All other files of the project."""
        self.hints: dict[str, bytes] = {}
        """What the disk told of files before they were read, by the same names; of the other files under ""."""
        self.history: str | None = None
        self.last: dict[str, dict[str, Any]] = {}
        """By the name of its folder, what came of each policy."""
        self.before: dict[str, dict[str, Any]] = {}
        """The same, whatever has changed since."""
        self.settings = ""
        self.known_as: dict[str, str] = {}
        """What each policy is known by, by the name of its folder or file."""
        self.made: dict[str, Policy] = {}
        """The policies that were made of plain values, by the names of their folders."""
        self.again: dict[str, dict[str, Any]] = {}
        """What came of policies that no day and no setting has changed since; their texts may have changed."""
        self.names: dict[str, str] = {}
        """The names of these files, by the ids of the policies."""
        self.stated: dict[str, dict[str, Version]] = {}
        """The versions that are as they were, by the name of their folder, which is not, and by their paths."""
        self.said: dict[str, Sequence[Problem]] = {}
        """What was said of each of them."""
        self.passed: set[str] = set()
        """Policies of which a day has come since the last build."""
        self.shelves: dict[str, Shelf] = {}
        """Those of policies of which texts had to be read to know their versions."""
        self.readers = _Readers(self)
        self.blobs = Blobs(root)
        """Read the texts of those policies that were made of plain values and are kept in a history."""
        self.foreign: dict[str, list[str]] = {}
        """Of the policies that keep their pages, what is not ours in their folders."""

    @classmethod
    def of(cls, cache: Path | None, root: Path, out: Path, on: date, look: Look | None) -> Past:
        """What is known of a project and its site."""
        past = cls(cache, root, out, on, look)
        if cache:
            past.look = look = look or memory.looked(cache, root, out, past.key)
            left = memory.recalled(cache, memory.POLICIES, past.key)
            dates.recall(left["languages"] if left else {})
            past.history = memory.history(str(root))
            told = memory.recalled(cache, memory.HISTORY, past.key) if past.history != "" else None
            past.log = Log(**told) if told else None
            before = look.read if look else {}
            besides = list(_besides(root))
            past.hints = {"": past._told(besides)}
            past.besides = memory.looked_over(besides, str(root), before.get(""))
            past.read = {name: past._look(name, before.get(name)) for name in _names(root)}
            if look and left and left["stamp"] == look.kept["stamp"] and left["on"] <= on.isoformat():
                past.last, past.settings = left["policies"], left["settings"]
                past.before = past.last
                past.on = date.fromisoformat(left["on"])
        return past

    def begin(self, chosen: Settings) -> None:
        """See what of it holds, now that it is known how the site is set."""
        if self.cache and chosen.logo and chosen.logo.path not in self.besides:
            self.hints[""] += self._told([chosen.logo.path])
            self.besides |= memory.looked_over([chosen.logo.path], str(self.root))
        now = memory.Part.of(self.besides).sum
        if now != self.settings:
            self.last, self.settings = {}, now
        self.known_as = sums = {name: part.sum for name, part in self.read.items()}
        today = self.today.isoformat()
        self.passed = {record["policy"]["id"] for record in self.last.values() if "" < record["until"] <= today}
        self.again = {name: record for name, record in self.last.items() if record["policy"]["id"] not in self.passed}
        self.last = {name: record for name, record in self.again.items() if record["sum"] == sums.get(name)}

    def folder(self, name: str) -> Recalled | None:
        """The policy of a folder that is as it was."""
        record = self.last.get(name)
        if record is None:
            return None
        self.made[name] = records.policy(record["policy"], self.blobs)
        return self.made[name], [one for one in map(Problem.told, record["problems"]) if one.code in folder.STRAYS]

    def version(self, path: str) -> Version | None:
        """The version of a file that is as it was, in a folder that is not."""
        name = path.split("/")[1]
        if name not in self.stated:
            record, part = self.before.get(name), self.look.read.get(name) if self.look else None
            same = set(part.names.split("\0")) - part.others if part else set()
            versions = records.policy(record["policy"], self.blobs).versions if record else ()
            self.stated[name] = {one.place.path: one for one in versions if one.place.path in same}
        return self.stated[name].get(path)

    def file(self, name: str, id_: str, key: str) -> Recalled | None:
        """The policy of a file that became no other one since."""
        self.known_as[name], self.names[id_] = key, name
        record = self.again.get(name)
        if record is None or record["sum"] != key:
            return None
        self.last[name], self.made[name] = record, records.policy(record["policy"], self.blobs)
        return self.made[name], [Problem.told(one) for one in record["said"]]

    def note(self, name: str, said: Sequence[Problem]) -> None:
        """Take note of what was said of a file that was read."""
        self.said[name] = said

    def name(self, policy: Policy) -> str:
        """The name of the folder or file that a policy is kept in."""
        return self.names.get(policy.id) or policy.versions[0].place.path.split("/")[1]

    def heads(self, policies: Iterable[Policy]) -> dict[str, str]:
        """The heads of the chains of those policies that are as they were."""
        made = {id(policy): name for name, policy in self.made.items()}
        return {policy.id: self.last[made[id(policy)]]["head"] for policy in policies if id(policy) in made}

    def kept(self, policies: Sequence[Policy], site: Site) -> dict[str, Made]:
        """What was made of policies that would be made of them again, its files in place."""
        found = {}
        sums = {id_: sum_ for id_, sum_ in self._by_id(policies).items() if id_ not in self.passed}
        for policy in policies:
            record = self.last.get(self.name(policy))
            if record and (record["policy"] is (facts := self._facts(policy)) or record["policy"] == facts):
                same = all(sums.get(id_) == sum_ != "" for id_, sum_ in record["others"].items())
                same &= all(site.has(address) == there for address, there in record["asked"].items())
                pages = self._pages(policy.id)
                if same and pages is not None:
                    problems = [one for one in map(Problem.told, record["problems"]) if one.code not in folder.STRAYS]
                    wanted = Wanted(pages, frozenset(), frozenset())
                    noted = record["pages"], record["asked"], record["others"], record["dated"]
                    self.foreign[policy.id] = record["foreign"]
                    found[policy.id] = Made(policy.id, tuple(problems), wanted, *noted)
        return found

    def standing(self, kept: Mapping[str, Made], known: Mapping[str, str]) -> dict[str, Made]:
        """What was made of those policies whose files no other build has written since they were looked at."""
        found = {id_: each for id_, each in kept.items() if each.wanted.sums.items() <= known.items()}
        self.foreign = {id_: paths for id_, paths in self.foreign.items() if id_ in found}
        return found

    def stands(self, policies: Iterable[Policy], known: Mapping[str, str]) -> dict[str, str]:
        """The files of policies that are in the site as the last build left them, and the SHA-256 of each."""
        sums: dict[str, str] = {}
        for policy in policies:
            part = self.look.written.get(policy.id) if self.look else None
            sums |= part.sum_by_path if part else {}
        return {path: sum_ for path, sum_ in sums.items() if known.get(path) == sum_}

    def settled(self, kept: Iterable[Made], known: Mapping[str, str]) -> dict[str, list[str]]:
        """The policies of which the folder in the site is as it was left and stays so, and what is not ours in it."""
        counts = Counter(map(publish.entry, known))
        written = self.look.written if self.look else {}
        for each in kept:
            files, before = each.wanted.sums, written.get(each.policy)
            same = counts[each.policy] == len(files) and files.items() <= known.items()
            if not (same and before and not before.others):
                del self.foreign[each.policy]
        return self.foreign

    def keep(  # noqa: PLR0913, PLR0917 - what was read, what was made of it, and what is said of it
        self,
        policies: Sequence[Policy],
        site: Site,
        problems: Iterable[Problem],
        every: Mapping[str, Made],
        whole: Wanted,
        said: Mapping[str, Any],
    ) -> str:
        """Leave for the next build what this one has come to know; why that cannot be done, if it cannot.

        `problems` are those of the project besides its texts; `every` is what was made of each policy, `whole` what
        tells of all; `said` is what is said of the build, as plain values.
        """
        if self.cache is None:
            return ""
        sums, by_id = self.known_as, self._by_id(policies)
        left = {}
        for policy in policies:
            made, name = every[policy.id], self.name(policy)
            foreign = [path for path in said["foreign"] if publish.entry(path) == policy.id]
            if policy.id in self.foreign and self.on == self.today:
                left[name] = {**self.last[name], "foreign": foreign}
                continue
            strays = [one for one in problems if one.code in folder.STRAYS and _below(one, name)]
            part = self.read.get(name)
            if part and not self._settled(name, part):  # whoever wrote to it may yet undo that
                self.read[name] = part.unknown
                sums.pop(name)
            left[name] = {
                "sum": sums.get(name, ""),  # a folder that came while this build was reading is known by nothing
                "policy": self._facts(policy),
                "foreign": foreign,
                "asked": dict(made.asked),
                "dated": sorted(made.dated),
                "head": shown.head if (shown := site.policy(policy.id)) else "",
                "until": str(policy.next_stated(self.today) or ""),
                "others": {id_: by_id.get(id_, "") for id_ in made.others},
                "problems": [one.plain for one in (*strays, *made.problems)],
                "said": [one.plain for one in self.said.get(name, ())],
                "pages": made.pages,
            }
        besides = memory.Part.of(self.besides)
        if not self._settled("", besides):
            besides, self.settings = besides.unknown, ""
        read = {**self.read, "": besides}
        written = self._left(every, whole)
        stamp = _hash("\0".join(f"{of}\0{part.sum}" for parts in (read, written) for of, part in parts.items()))
        glance = {
            **memory.plain(read, written),
            "stamp": stamp,
            "place": memory.place(self.root, self.out),
            "history": self.history,
            "timezone": site.timezone,
            "said": None if self.history is None or said["spared"] else {**said, "restored": []},
        }
        known = {
            "stamp": stamp,
            "on": self.today.isoformat(),
            "settings": self.settings,
            "languages": dates.told({site.language, *(policy.language for policy in policies)}),
            "policies": left,
        }
        parts = {memory.POLICIES: known, memory.GLANCE: glance}
        if self.log:
            parts[memory.HISTORY] = self.log._asdict()
        why = memory.keep(self.cache, parts, self.key, {memory.shelf(id_) for id_ in every})
        return why or next((each.forgetful for each in every.values() if each.forgetful), "")

    def _look(self, name: str, before: Part | None) -> Part:
        """All that a build may read of a policy, from the root of the project."""
        if before is not None and not before.others:
            return before
        whole = self.root / sources.FOLDER / name
        paths = [str(whole)] if whole.is_symlink() else memory.all_below(str(whole))
        inner = [path[len(f"{self.root}/") :] for path in paths]
        self.hints[name] = self._told(inner)
        return memory.Part.of(memory.looked_over(inner, str(self.root), before))

    def _told(self, paths: Iterable[str]) -> bytes:
        return memory.hints_of([f"{self.root}/{path}" for path in paths])

    def _settled(self, name: str, part: Part) -> bool:
        """Whether files that were read are as they were before."""
        return self._told(part.names.split("\0")) == self.hints.get(name, part.told)

    def _by_id(self, policies: Iterable[Policy]) -> dict[str, str]:
        """What each policy is known by, where that is known."""
        sums = self.known_as
        names = {policy.id: self.name(policy) for policy in policies}
        return {id_: sums[name] for id_, name in names.items() if name in sums}

    def _facts(self, policy: Policy) -> dict[str, Any]:
        """A policy as plain values."""
        name = self.name(policy)
        known: dict[str, Any] | None = self.last[name]["policy"] if self.made.get(name) is policy else None
        return known or records.of_policy(policy)

    def _pages(self, policy: str) -> dict[str, str] | None:
        """The files of a policy in the site, if they are as the last build left them."""
        part = self.look.written.get(policy) if self.look else None
        if part is None or not part.others <= {policy}:
            return None
        sums = part.sum_by_path
        del sums[policy]  # the folder itself
        return sums

    def _left(self, every: Mapping[str, Made], whole: Wanted) -> dict[str, Part]:
        """The files of the site as this build leaves them, and the folders of the policies."""
        before = self.look.written if self.look else {}
        found = {}
        for policy, wanted in (*((id_, made.wanted) for id_, made in every.items()), ("", whole)):
            if policy in self.foreign:  # its pages stay as they are
                found[policy] = before[policy]
            else:
                seen = {path: memory.put(f"{self.out}/{path}", sum_) for path, sum_ in wanted.sums.items()}
                folders = [policy] if policy else ["", publish.MANIFEST]
                found[policy] = memory.Part.of(seen | memory.looked_over(folders, str(self.out)))
        return found


def _names(root: Path) -> list[str]:
    """The names of what lies among the policies."""
    try:
        return sorted(path.name for path in (root / sources.FOLDER).iterdir())
    except OSError:
        return []


def _besides(root: Path) -> Iterator[str]:
    """All that it may read besides: the settings, the templates, and which policies there are."""
    yield from (settings.FILE, sources.FOLDER)
    for path in memory.all_below(f"{root}/{templating.FOLDER}"):
        yield path[len(f"{root}/") :]


def _below(problem: Problem, name: str) -> bool:
    return problem.place.path.startswith(f"{sources.FOLDER}/{name}/")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()
