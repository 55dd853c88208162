"""What is doubtful about the days of a policy: notice, postings that came late, versions that never govern."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from inforce.errors import warning
from inforce.model import Standing
from inforce.sources import header

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inforce.errors import Problem
    from inforce.model import Entry, Policy, Version


LONGEST = 731
"""Days of notice that nobody gives: two years and more are a slip in the year."""
LATE = 7
"""Days that may pass between a posting and the commit of its file: those of a merge that waits for somebody."""

_LAST = date.max.toordinal()


def of_policy(policy: Policy, seen: Mapping[str, Entry], on: date) -> Iterator[Problem]:
    """All that is doubtful about the days of its versions; `seen` are those posted by the day, by their ids."""
    yield from _notice(policy, seen, on)
    yield from _far(policy, seen, on)
    yield from _late(policy, seen, on)
    yield from _unmoved(seen, on)
    yield from _overtaken(policy, on)
    yield from _fallen(policy, on)
    yield from _misnamed(policy, on)


def read_by_visitors(entry: Entry | None) -> bool:
    """Whether visitors read a version, or will; None for one that is not posted yet."""
    return entry is None or entry.standing in {Standing.PENDING, Standing.IN_FORCE}


def perhaps_unmerged(policy: Policy) -> frozenset[str]:
    """Versions whose files git does not know, or came to know after their posting day, of a policy that it knew."""
    began = _began(policy)
    return frozenset(
        version.id
        for version in policy.versions
        if began and not version.place.commit
        if version.origin is None or began <= version.posted < version.origin.day
    )


def _began(policy: Policy) -> date | None:
    """Since when git knows of a policy that is kept as a folder."""
    return min((one.origin.day for one in policy.versions if one.origin and not one.place.commit), default=None)


def _notice(policy: Policy, seen: Mapping[str, Entry], on: date) -> Iterator[Problem]:
    """Notice shorter than the rule, without a reason, or a reason for what is not shorter.

    The first version has nobody to give notice to.
    """
    for version in policy.versions[1:]:
        entry = seen.get(version.id)
        if version.effective is None or version.withdrawn or not read_by_visitors(entry):
            continue
        if version.reason:
            if entry is None or entry.standing is Standing.PENDING:
                yield from _needless(version, policy.notice)
            continue
        effective = version.postponed[-1].to if version.postponed else version.effective
        days = (effective - version.posted).days
        if days < policy.notice:
            place = version.at("postponed" if version.postponed else "effective")
            dates_ = f"posted {version.posted}, effective {effective}"
            what = f"{dates_}: {days} day{'' if days == 1 else 's'} of notice, where the rule is {policy.notice}"
            later = "Give a later day, or say"
            if version.posted < on:
                later = "Announce a later day with `postponed`, or say" if effective > on else "Say"
            remedy = f"{later} why it is sooner, such as `reason: legal`, `security` or in your own words."
            yield warning(place, "notice-short", what, remedy)


def _needless(version: Version, notice: int) -> Iterator[Problem]:
    """A reason for shorter notice where it never was shorter."""
    said = [day for day in (version.effective, *(one.to for one in version.postponed)) if day]
    if all((day - version.posted).days >= notice for day in said):
        what = f"gives a reason for shorter notice, and the notice is not shorter: the rule is {notice} days"
        remedy = (
            "If a sooner day is meant, give it; else leave `reason` out: why the text changes is told by `summary`."
        )
        yield warning(version.at("reason"), "reason-needless", what, remedy)


def _far(policy: Policy, seen: Mapping[str, Entry], on: date) -> Iterator[Problem]:
    """Versions to come whose day lies years ahead."""
    for version in policy.versions:
        entry = seen.get(version.id)
        pending = entry is None or entry.standing is Standing.PENDING
        if version.effective is None or version.withdrawn or not pending:
            continue
        day = version.postponed[-1].to if version.postponed else version.effective
        days = (day - version.posted).days
        if days > max(LONGEST, policy.notice):
            place = version.at("postponed" if version.postponed else "effective")
            what = f"takes effect on {day}, {days // 365} years after it is posted: is that the year that is meant?"
            mend = "Announce the day that is meant with `postponed`" if version.posted < on else "Mend the day"
            yield warning(place, "notice-long", what, f"{mend}; the rule is {policy.notice} days of notice.")


def _late(policy: Policy, seen: Mapping[str, Entry], on: date) -> Iterator[Problem]:
    """Version files that say to have been posted long before git knew of them, where it knew of the policy by then.

    A history that is put into git later than it was posted begins with it. Corrections owe no notice; and when readers
    had theirs, counted from the commit, nothing can be mended any more.
    """
    began = _began(policy)
    for version in policy.versions:
        origin = version.origin
        if not (origin and began) or version.corrects or not read_by_visitors(seen.get(version.id)):
            continue
        late = (origin.day - version.posted).days
        owed = (on - origin.day).days <= _owed(policy)
        if late > LATE and owed and began <= version.posted:
            what = f"posted is {version.posted}, {late} days before the commit that brought this file"
            remedy = (
                "If nobody could read it by then, let `posted` be the day on which it is merged: "
                "readers have their notice from that day on."
            )
            yield warning(version.at("posted"), "posted-before-commit", what, remedy)


def _owed(policy: Policy) -> int:
    """Days from the commit of a late file within which it can still be mended."""
    return max(policy.notice, LATE)


def next_stated(policy: Policy, on: date) -> date | None:
    """The next day before which no day lies otherwise to today than it does now: stated, or some days after one."""
    told = [one.origin.day for one in policy.versions if one.origin and (one.origin.day - one.posted).days > LATE]
    told += [day for one in policy.versions for day in _misread(one)]
    ends = (day.toordinal() + _owed(policy) + 1 for day in told)
    days = (policy.next_stated(on), *(date.fromordinal(day) for day in ends if on.toordinal() < day <= _LAST))
    return min((day for day in days if day), default=None)


def _overtaken(policy: Policy, on: date) -> Iterator[Problem]:
    """Versions that will never govern, while their author can still do something about it."""
    end = policy.as_of(max(policy.told()))
    for entry in end.entries:
        other = end.overtaker(entry)
        if other is None or other.in_force is None or end.mends(other, entry):
            continue
        if not entry.version.corrects and other.in_force.first > on:
            what = (
                f"{entry.id} (effective {entry.effective}) will never be in force: "
                f"{other.id} takes effect on {other.in_force.first}, first"
            )
            remedy = f"Withdraw {entry.id}, give it an earlier day, or give {other.id} a later one."
            if min(entry.version.posted, other.version.posted) < on:
                remedy += " The day of what is posted is moved by `postponed`."
            yield warning(entry.version.at("effective"), "overtaken", what, remedy)


def _unmoved(seen: Mapping[str, Entry], on: date) -> Iterator[Problem]:
    """Postponements of pending versions to the day that held until then."""
    for entry in seen.values():
        held = entry.version.effective
        for one in entry.version.postponed if entry.standing is Standing.PENDING else ():
            if one.to == held:
                what = f"postponed on {one.announced} to {one.to}, the day that held already: nothing moves"
                remedy = "Give the day that is meant, or leave this announcement out."
                if one.announced < on:
                    remedy = "What is public stays: announce the day that is meant in an entry below it."
                yield warning(entry.version.at("postponed"), "postponed-nowhere", what, remedy)
            held = one.to


def _fallen(policy: Policy, on: date) -> Iterator[Problem]:
    """Corrections of what was withdrawn before they are posted, until they would have taken effect."""
    for version in policy.versions:
        withdrawn = version.corrects and policy.withdrawn(version, version.posted)
        if withdrawn and policy.effective(version, version.posted) >= on:
            what = f"corrects {version.corrects}, which was withdrawn on {withdrawn}: this text never takes effect"
            remedy = "Leave `corrects` out if it is to be a version in its own right, or delete this file."
            if version.posted < on:
                remedy = "It is posted and stays. If the text is to govern, post it as a version in its own right."
            yield warning(version.at("corrects"), "corrects-withdrawn", what, remedy)


def _misnamed(policy: Policy, on: date) -> Iterator[Problem]:
    """Names of files that tell of another day, until that of a posting is long past: then both stay."""
    for version in policy.versions:
        days = _misread(version)
        if days and not version.withdrawn and (on - max(days)).days <= _owed(policy):
            what = f"posted is {version.posted}, and the name of the file is another day that looks like it"
            remedy = "Mend the one that is mistyped: the order of the versions and the days of notice follow `posted`."
            if version.posted < on:
                remedy += " If it is posted already, both stay: the name is an address for good."
            yield warning(version.at("posted"), "posted-unlike-name", what, remedy)


def _misread(version: Version) -> list[date]:
    """The posting day and that of the file's name, if one is the other but for the year, or day and month changed."""
    year, *rest = str(version.posted).split("-")
    named, *others = version.id.split("-")
    day = header.DAY.fullmatch(version.id) and version.id != str(version.posted)
    meant = version.id in map(str, (version.effective, *(one.to for one in version.postponed)))
    if not day or meant or not (rest == others or (year == named and rest == others[::-1])):
        return []
    with suppress(ValueError):  # 29 February of another year, or a thirteenth month
        return [version.posted, date.fromisoformat(version.id)]
    return [version.posted]
