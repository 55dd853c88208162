"""What the last build of a project left for this one, what of it still holds, and what this one leaves for the next."""

from __future__ import annotations

import hashlib
import stat
from collections import Counter, defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from inforce import dates, disk, memory, publish, records, settings, sources, templating
from inforce.checks import days
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

    from inforce.memory import Look, Part
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


class Source:
    """A folder or file of the policies: how it is now, what came of it the last time, what is known of it by now."""

    def __init__(self, files: Part | None = None, record: dict[str, Any] | None = None) -> None:
        self.files = files
        """All that belongs to it; None if it came while this build was reading."""
        self.known_as = files.sum if files else ""
        """What it holds; empty where that is not known."""
        self.record = record
        """What the last build made of it, whatever has changed since."""
        self.applies = False
        """Whether it would still be made, as far as the settings and the day tell."""
        self.policy: Policy | None = None
        """What it holds, where that was made of the record."""
        self.stated: dict[str, Version] | None = None
        """Its versions that are as they were, though others are not, by their paths."""
        self.said: Sequence[Problem] = ()
        """What was said of a file that was read."""

    @property
    def holds(self) -> dict[str, Any] | None:
        """The record, if the same would come of it now."""
        return self.record if self.record and self.applies and self.record["sum"] == self.known_as else None

    def recall(self, blobs: Blobs) -> Policy | None:
        """The policy that it holds, if it is as it was."""
        record = self.holds
        self.policy = records.policy(record["policy"], blobs) if record else None
        return self.policy

    def facts(self, policy: Policy) -> dict[str, Any]:
        """A policy that it holds, as plain values."""
        known: dict[str, Any] | None = self.record["policy"] if self.record and self.policy is policy else None
        return known or records.of_policy(policy)


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
        self.sources = defaultdict[str, Source](Source)
        """By the name of the folder or file."""
        self.names: dict[str, str] = {}
        """The names of files, by the ids of their policies."""
        self.besides = memory.Part.of({})
        """All that is read besides."""
        self.settings = ""
        """What that is known by; until it is known how the site is set, what it was known by."""
        self.history: str | None = None
        self.shelves: dict[str, Shelf] = {}
        """Those of policies of which texts had to be read to know their versions."""
        self.readers = _Readers(self)
        self.blobs = Blobs(root)
        """Read the texts of those policies that were made of records and are kept in a history."""
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
            past.besides = past._looked(list(_besides(root)), before.get(""))
            known: dict[str, Any] = {}
            if look and left and left["stamp"] == look.kept["stamp"] and left["on"] <= on.isoformat():
                known, past.settings = left["policies"], left["settings"]
                past.on = date.fromisoformat(left["on"])
            for name in _names(root):
                past.sources[name] = Source(past._look(name, before.get(name)), known.get(name))
        return past

    def begin(self, chosen: Settings) -> None:
        """See what of it holds, now that it is known how the site is set."""
        if self.cache and chosen.logo and chosen.logo.path not in self.besides.names.split("\0"):
            self.besides += self._looked([chosen.logo.path])
        same, self.settings = self.settings == self.besides.sum, self.besides.sum
        today = self.today.isoformat()
        for source in self.sources.values():
            source.applies = same and source.record is not None and not "" < source.record["until"] <= today

    def folder(self, name: str) -> Recalled | None:
        """The policy of a folder that is as it was."""
        source = self.sources[name]
        policy = source.recall(self.blobs)
        return (policy, [one for one in _told(source, "problems") if one.code in folder.STRAYS]) if policy else None

    def version(self, path: str) -> Version | None:
        """The version of a file that is as it was, in a folder that is not."""
        name = path.split("/")[1]
        source = self.sources[name]
        if source.stated is None:
            part = self.look.read.get(name) if self.look else None
            same = set(part.names.split("\0")) - part.others if part else set()
            versions = records.policy(source.record["policy"], self.blobs).versions if source.record else ()
            source.stated = {one.place.path: one for one in versions if one.place.path in same}
        return source.stated.get(path)

    def file(self, name: str, id_: str, key: str) -> Recalled | None:
        """The policy of a file that became no other one since."""
        source = self.sources[name]
        source.known_as, self.names[id_] = key, name
        policy = source.recall(self.blobs)
        return (policy, _told(source, "said")) if policy else None

    def note(self, name: str, said: Sequence[Problem]) -> None:
        """Take note of what was said of a file that was read."""
        self.sources[name].said = said

    def source(self, policy: Policy) -> Source:
        """The folder or file that a policy is kept in."""
        return self.sources[self._name(policy)]

    def heads(self, policies: Iterable[Policy]) -> dict[str, str]:
        """The heads of the chains of those policies that are as they were."""
        found = ((policy, self.source(policy)) for policy in policies)
        return {policy.id: of.record["head"] for policy, of in found if of.record and of.policy is policy}

    def kept(self, policies: Sequence[Policy], site: Site) -> dict[str, Made]:
        """What was made of policies that would be made of them again, its files in place."""
        found = {}
        sums = {policy.id: of.known_as for policy in policies if (of := self.source(policy)).applies}
        for policy in policies:
            source = self.source(policy)
            record = source.holds
            if record and (record["policy"] is (facts := source.facts(policy)) or record["policy"] == facts):
                same = all(sums.get(id_) == sum_ != "" for id_, sum_ in record["others"].items())
                same &= all(site.has(address) == there for address, there in record["asked"].items())
                pages = self._pages(policy.id)
                if same and pages is not None:
                    problems = tuple(one for one in _told(source, "problems") if one.code not in folder.STRAYS)
                    noted = record["pages"], record["asked"], record["others"], record["dated"]
                    self.foreign[policy.id] = record["foreign"]
                    found[policy.id] = Made(policy.id, problems, Wanted(pages, frozenset(), frozenset()), *noted)
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
        strays = [one for one in problems if one.code in folder.STRAYS]
        sums = {policy.id: self.source(policy).known_as for policy in policies}
        left = {}
        for policy in policies:
            source, name = self.source(policy), self._name(policy)
            foreign = [path for path in said["foreign"] if publish.entry(path) == policy.id]
            if source.record and policy.id in self.foreign and self.on == self.today:
                left[name] = {**source.record, "foreign": foreign}
                continue
            if source.files and not self._settled(source.files):  # whoever wrote to it may yet undo that
                source.files, source.known_as = source.files.unknown, ""
            about = [one for one in strays if one.place.path.startswith(f"{sources.FOLDER}/{name}/")]
            left[name] = {
                **self._record(policy, source, every[policy.id], about, sums),
                "head": shown.head if (shown := site.policy(policy.id)) else "",
                "foreign": foreign,
            }
        if not self._settled(self.besides):
            self.besides, self.settings = self.besides.unknown, ""
        read = {name: of.files for name, of in self.sources.items() if of.files} | {"": self.besides}
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

    def _record(
        self, policy: Policy, source: Source, made: Made, strays: Iterable[Problem], sums: Mapping[str, str]
    ) -> dict[str, Any]:
        """What came of a policy, as plain values; `sums` is what each of all policies is known by."""
        return {
            "sum": source.known_as,
            "policy": source.facts(policy),
            "asked": dict(made.asked),
            "dated": sorted(made.dated),
            "until": str(days.next_stated(policy, self.today) or ""),
            "others": {id_: sums.get(id_, "") for id_ in made.others},
            "problems": [one.plain for one in (*strays, *made.problems)],
            "said": [one.plain for one in source.said],
            "pages": made.pages,
        }

    def _name(self, policy: Policy) -> str:
        return self.names.get(policy.id) or policy.versions[0].place.path.split("/")[1]

    def _look(self, name: str, before: Part | None) -> Part:
        """All that a build may read of a policy, from the root of the project."""
        if before is not None and not before.others:
            return before
        whole = f"{self.root}/{sources.FOLDER}/{name}"  # a Path would drop what a root such as "." begins with
        paths = [whole] if disk.kind(whole) == stat.S_IFLNK else memory.all_below(whole)
        return self._looked([path.removeprefix(f"{self.root}/") for path in paths], before)

    def _looked(self, paths: Sequence[str], before: Part | None = None) -> Part:
        """Files as they are; what the disk tells of them is asked before they are read."""
        told = self._hints(paths)
        return memory.Part.of(memory.looked_over(paths, str(self.root), before), told)

    def _hints(self, paths: Iterable[str]) -> bytes:
        return memory.hints_of([f"{self.root}/{path}" for path in paths])

    def _settled(self, part: Part) -> bool:
        """Whether files that were read are as they were before."""
        return self._hints(part.names.split("\0")) == part.told

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
        yield path.removeprefix(f"{root}/")


def _told(source: Source, which: str) -> list[Problem]:
    return [Problem.told(one) for one in source.record[which]] if source.record else []


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()
