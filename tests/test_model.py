from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given

from inforce.model import FaultyError, Filed, Origin, Policy, Postponement, Standing, Version, natural, text_sum
from tests.timelines import day, life, policies, version

ORDER = [
    Standing.UNPOSTED,
    Standing.PENDING,
    Standing.IN_FORCE,
    Standing.SUPERSEDED,
    Standing.OVERTAKEN,
    Standing.WITHDRAWN,
]


def standings(policy: Policy, on: str) -> dict[str, str]:
    return {entry.id: str(entry.standing) for entry in policy.as_of(day(on)).entries}


def codes(error: FaultyError) -> list[str]:
    return [fault.code for fault in error.faults]


# ------------------------------------------------------------------ cases


def test_an_urgent_revision_is_not_undone_by_the_slower_one() -> None:
    policy = Policy.of("privacy", [version("01-10"), version("03-01", "06-01"), version("03-10", "04-15")])

    before, after = standings(policy, "04-14"), standings(policy, "06-01")

    assert before == {"01-10": "in force", "03-01": "pending", "03-10": "pending"}
    assert after == {"01-10": "superseded", "03-01": "overtaken", "03-10": "in force"}


def test_a_version_is_silent_before_its_posting_and_pending_until_its_day() -> None:
    policy = Policy.of("privacy", [version("01-10"), version("03-01", "03-31")])

    assert standings(policy, "02-28") == {"01-10": "in force"}
    assert standings(policy, "03-30") == {"01-10": "in force", "03-01": "pending"}
    assert standings(policy, "03-31") == {"01-10": "superseded", "03-01": "in force"}


def test_a_typo_mended_in_the_text_in_force_does_not_cancel_what_is_pending() -> None:
    correction = version("03-10", corrects="01-10")
    policy = Policy.of("privacy", [version("03-01", "03-31"), correction, version("01-10")])

    timeline = policy.as_of(day("03-10"))

    assert [entry.id for entry in timeline.entries] == ["01-10", "03-10", "03-01"]
    assert standings(policy, "03-10") == {"01-10": "superseded", "03-10": "in force", "03-01": "pending"}
    assert timeline.corrections(timeline.entries[0]) == (timeline.entries[1],)


def test_a_correction_of_a_pending_version_takes_effect_with_it_postponements_included() -> None:
    pending = version("03-01", "03-31", postponed=(("03-20", "05-01"),))
    policy = Policy.of("privacy", [version("01-10"), pending, version("03-10", corrects="03-01")])

    early, late = policy.as_of(day("03-15")), policy.as_of(day("03-20"))

    assert [entry.effective for entry in early.pending] == [day("03-31"), day("03-31")]
    assert [entry.effective for entry in late.pending] == [day("05-01"), day("05-01")]
    assert [entry.postponed for entry in early.pending] == [(), ()]
    assert [entry.postponed for entry in late.pending] == [pending.postponed, ()]
    assert standings(policy, "05-01") == {"01-10": "superseded", "03-01": "overtaken", "03-10": "in force"}


def test_a_correction_falls_with_the_version_that_it_corrects() -> None:
    withdrawn = version("03-01", "03-31", withdrawn="03-15")
    policy = Policy.of("privacy", [version("01-10"), withdrawn, version("03-10", corrects="03-01")])

    assert standings(policy, "03-14")["03-10"] == "pending"
    assert standings(policy, "03-15")["03-10"] == "withdrawn"


def test_a_correction_of_a_pending_version_can_be_withdrawn_alone_until_that_takes_effect() -> None:
    pending, last = version("03-01", "03-31"), version("03-10", corrects="03-01", withdrawn="03-30")
    policy = Policy.of("privacy", [version("01-10"), pending, last])

    assert standings(policy, "03-30") == {"01-10": "in force", "03-01": "pending", "03-10": "withdrawn"}
    assert standings(policy, "03-31") == {"01-10": "superseded", "03-01": "in force", "03-10": "withdrawn"}
    with pytest.raises(FaultyError) as raised:
        Policy.of("privacy", [version("01-10"), pending, replace(last, withdrawn=day("03-31"))])
    assert codes(raised.value) == ["withdrawn-too-late"]


def test_a_version_follows_the_nearest_before_it_that_was_not_withdrawn() -> None:
    withdrawn = version("03-01", "03-31", withdrawn="03-15")
    policy = Policy.of("privacy", [version("01-10"), withdrawn, version("03-10", "04-10")])

    follows = {on: policy.as_of(day(on)).entries[-1].follows for on in ("03-14", "03-15")}

    assert follows["03-14"] == withdrawn
    assert follows["03-15"] == version("01-10")


def test_a_period_ends_on_the_day_before_another_version_takes_over() -> None:
    policy = Policy.of("privacy", [version("01-10"), version("03-01", "03-31")])

    first, second = policy.as_of(day("03-01")).entries

    assert first.in_force is not None
    assert first.in_force.until == day("03-31")
    assert first.in_force.last == day("03-30")
    assert second.in_force is not None
    assert second.in_force.last is None


def test_the_overtaker_is_the_version_that_takes_effect_first() -> None:
    slow, first, second = version("03-01", "08-01"), version("03-10", "05-01"), version("03-20", "04-01")
    policy = Policy.of("privacy", [version("01-10"), slow, first, second])

    timeline = policy.as_of(day("03-20"))

    assert timeline.overtaker(timeline.entries[1]) == timeline.entries[3]
    assert timeline.overtaker(timeline.entries[3]) is None


def test_the_title_is_that_of_the_text_in_force_else_of_the_next_else_of_the_last() -> None:
    later = version("03-01", "03-31")
    alone = Policy.of("privacy", [version("01-10", "02-01", withdrawn="01-15")])

    assert Policy.of("privacy", [later]).as_of(day("03-01")).title == "Privacy"
    assert Policy.of("privacy", [later]).as_of(day("03-31")).title == "Privacy"
    assert alone.as_of(day("02-01")).title == "Privacy"


def test_ids_with_numbers_follow_each_other_as_people_count() -> None:
    ids = ["2026-01-10-10", "b", "2026-01-10-9", "2026-01-10", "2026-01-10-b"]

    ordered = sorted(ids, key=natural)

    assert ordered == ["2026-01-10", "2026-01-10-9", "2026-01-10-10", "2026-01-10-b", "b"]


def test_corrections_of_one_version_may_share_a_day_and_stand_in_the_order_of_their_ids() -> None:
    corrections = [version("02-01", id_=f"c-{n}", corrects="01-10") for n in (10, 2, 1)]

    policy = Policy.of("privacy", [version("01-10"), *corrections])

    assert [one.id for one in policy.versions] == ["01-10", "c-1", "c-2", "c-10"]


def test_versions_and_the_corrections_of_one_stand_in_the_order_of_their_posting_whatever_their_ids() -> None:
    corrections = [
        version("02-05", id_="a", corrects="d"),
        version("02-01", id_="d", corrects="z"),
        version("02-10", id_="b", corrects="z"),
    ]

    policy = Policy.of("privacy", [version("03-01", id_="c"), *corrections, version("01-10", id_="z")])

    assert [one.id for one in policy.versions] == ["z", "d", "a", "b", "c"]


def test_a_correction_of_a_correction_stands_after_it_whatever_their_ids() -> None:
    corrections = [version("02-01", id_="a", corrects="b"), version("02-01", id_="b", corrects="01-10")]

    policy = Policy.of("privacy", [version("01-10"), *corrections])

    assert [one.id for one in policy.versions] == ["01-10", "b", "a"]


def test_a_correction_may_be_posted_on_the_day_of_what_it_corrects() -> None:
    policy = Policy.of("privacy", [version("01-10", id_="a", corrects="b"), version("01-10", id_="b")])

    assert [one.id for one in policy.versions] == ["b", "a"]
    assert standings(policy, "01-10") == {"b": "overtaken", "a": "in force"}


@pytest.mark.parametrize(
    ("effective", "postponed", "sooner"),
    [
        ("03-31", (), False),
        ("03-30", (), True),
        ("03-30", (("03-10", "04-30"),), True),
        ("04-30", (("03-10", "03-31"), ("03-11", "05-31")), False),
        ("04-30", (("03-10", "03-30"), ("03-11", "05-31")), True),
    ],
)
def test_notice_is_shorter_than_the_rule_by_any_day_that_was_announced(
    effective: str, postponed: tuple[tuple[str, str], ...], *, sooner: bool
) -> None:
    policy = Policy.of("privacy", [version("01-10"), version("03-01", effective, postponed=postponed)])

    assert policy.hastened(policy.as_of(day("03-15")).entries[1]) is sooner


def test_an_unknown_version_is_no_entry() -> None:
    timeline = Policy.of("privacy", [version("01-10")]).as_of(day("01-10"))

    assert timeline.entry("01-10") == timeline.in_force
    assert timeline.entry("01-11") is None


# ------------------------------------------------------------------ faults


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("effective-before-posted", {"posted": "03-01", "effective": "02-01"}),
        ("withdrawn-too-late", {"posted": "03-01", "effective": "03-31", "withdrawn": "03-31"}),
        ("withdrawn-before-posted", {"posted": "03-01", "effective": "03-31", "withdrawn": "02-28"}),
        ("postponed-too-late", {"posted": "03-01", "effective": "03-31", "postponed": (("03-31", "05-01"),)}),
        (
            "postponed-too-late",
            {"posted": "03-01", "effective": "03-31", "postponed": (("03-20", "05-01"),), "withdrawn": "03-15"},
        ),
        ("postponed-too-early", {"posted": "03-01", "effective": "03-31", "postponed": (("02-28", "05-01"),)}),
        ("postponed-into-the-past", {"posted": "03-01", "effective": "03-31", "postponed": (("03-20", "03-19"),)}),
        ("correction-postponed", {"posted": "03-01", "corrects": "01-10", "postponed": (("03-01", "05-01"),)}),
    ],
)
def test_a_version_that_contradicts_itself_cannot_exist(code: str, facts: dict[str, object]) -> None:
    with pytest.raises(FaultyError) as raised:
        version(**facts)  # type: ignore[arg-type]

    assert codes(raised.value) == [code]


def test_a_version_that_was_never_pending_is_told_no_day_on_which_to_withdraw_it() -> None:
    with pytest.raises(FaultyError) as raised:
        version("03-01", "03-01", withdrawn="03-01")

    assert [fault.remedy for fault in raised.value.faults] == [
        "A version that has taken effect can only be followed by a new one."
    ]


def test_announcements_of_one_version_follow_each_other() -> None:
    with pytest.raises(FaultyError) as raised:
        version("03-01", "03-31", postponed=(("03-20", "05-01"), ("03-10", "06-01")))

    assert [(fault.code, fault.what) for fault in raised.value.faults] == [
        ("postponed-out-of-order", "the postponement of 2026-03-10 stands below that of 2026-03-20")
    ]


def test_a_version_without_a_day_and_no_correction_cannot_exist() -> None:
    with pytest.raises(FaultyError) as raised:
        version("03-01", "03-01").__class__("a", "t", day("03-01"), None, "x", version("01-10").place)

    assert codes(raised.value) == ["effective-missing"]


@pytest.mark.parametrize(
    ("code", "versions"),
    [
        ("corrects-unknown", [version("01-10"), version("03-01", corrects="01-11")]),
        ("corrects-unknown", [version("03-01", corrects="01-11")]),
        ("corrects-itself", [version("03-01", corrects="03-01")]),
        ("corrects-later-version", [version("01-10"), version("01-05", corrects="01-10")]),
        ("posted-same-day", [version("01-10"), version("01-10", id_="b")]),
        (
            "withdrawn-too-late",
            [version("01-10"), version("03-01", corrects="01-10", withdrawn="03-02")],
        ),
    ],
)
def test_versions_that_contradict_each_other_are_no_policy(code: str, versions: list[object]) -> None:
    with pytest.raises(FaultyError) as raised:
        Policy.of("privacy", versions)  # type: ignore[arg-type]

    assert codes(raised.value) == [code]


def test_of_two_versions_of_one_day_the_second_is_told_and_not_a_correction_of_the_first() -> None:
    with pytest.raises(FaultyError) as raised:
        Policy.of("privacy", [version("01-10", id_=id_, corrects="a" if id_ == "c" else "") for id_ in "cba"])

    assert [fault.version for fault in raised.value.faults] == ["b"]


def test_who_corrects_what_is_not_there_is_told_the_last_four_that_are() -> None:
    others = [version(f"03-{10 + n}", id_=f"c-{n}") for n in (10, 2, 9, 1, 3)]
    with pytest.raises(FaultyError) as raised:
        Policy.of("privacy", [version("03-25", id_="c-20", corrects="x"), *others])

    assert [fault.remedy for fault in raised.value.faults] == [
        "Give the id of a version, its file's name without .md: c-2, c-3, c-9, c-10."
    ]


def test_corrections_that_lead_round_in_a_circle_are_each_told() -> None:
    circle = [version("03-01", id_="a", corrects="b"), version("03-02", id_="b", corrects="a")]

    with pytest.raises(FaultyError) as raised:
        Policy.of("privacy", [*circle, version("03-03", id_="c", corrects="a")])

    assert codes(raised.value) == ["corrects-itself"] * 3


def test_a_correction_of_a_correction_of_an_unknown_version_is_told_once() -> None:
    lost = [version("03-01", id_="a", corrects="x"), version("03-02", id_="b", corrects="a")]

    with pytest.raises(FaultyError) as raised:
        Policy.of("privacy", lost)

    assert [(fault.version, fault.code) for fault in raised.value.faults] == [("a", "corrects-unknown")]


def test_a_row_of_corrections_of_any_length_is_a_policy() -> None:
    first = version("01-10", "06-01", withdrawn="05-01")
    ids = ["01-10", *(f"c{n}" for n in range(5_000))]
    row = [version("01-11", id_=id_, corrects=before) for before, id_ in itertools.pairwise(ids)]
    policy = Policy.of("privacy", [*reversed(row), first])
    last = policy.versions[-1]

    timeline = policy.as_of(day("04-01"))

    assert [one.id for one in policy.versions] == ids
    assert {entry.effective for entry in timeline.entries} == {day("06-01")}
    assert policy.withdrawn(last, day("05-01")) == day("05-01")
    assert timeline.mends(timeline.entries[-1], timeline.entries[0])
    assert not timeline.mends(timeline.entries[0], timeline.entries[-1])


def test_what_is_announced_on_the_last_day_that_there_is_came_too_late() -> None:
    last = Postponement(date.max, date.max)

    with pytest.raises(FaultyError) as raised:
        replace(version("03-01", "03-31"), postponed=(last, last))

    assert codes(raised.value) == ["postponed-too-late", "postponed-too-late"]


@pytest.mark.parametrize("versions", [(), (version("01-10"), version("02-10", id_="01-10"))])
def test_a_policy_has_versions_each_with_an_id_of_its_own(versions: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match="privacy has"):
        Policy("privacy", versions)  # type: ignore[arg-type]


# ------------------------------------------------------------------ laws


@given(policies())
def test_at_most_one_version_is_in_force_a_day_and_force_never_goes_back(policy: Policy) -> None:
    places = []
    for on in life(policy):
        governing = [n for n, entry in enumerate(policy.as_of(on).entries) if entry.standing is Standing.IN_FORCE]
        assert len(governing) <= 1
        if governing:
            places.append(policy.versions.index(policy.as_of(on).entries[governing[0]].version))

    assert places == sorted(places)


@given(policies())
def test_the_last_in_order_whose_day_has_come_governs(policy: Policy) -> None:
    for on in life(policy):
        timeline = policy.as_of(on)
        come = [entry for entry in timeline.entries if entry.effective <= on and not entry.withdrawn]
        assert timeline.in_force == (come[-1] if come else None)


@given(policies())
def test_a_version_only_moves_forward_through_its_life(policy: Policy) -> None:
    for one in policy.versions:
        lived = [policy.as_of(on).entry(one.id) for on in life(policy)]
        ranks = [ORDER.index(entry.standing) if entry else 0 for entry in lived]
        assert ranks == sorted(ranks)


@given(policies())
def test_a_period_told_in_advance_is_what_comes_unless_something_is_announced(policy: Policy) -> None:
    days = life(policy)
    announced = {
        on for one in policy.versions for on in (one.posted, one.withdrawn, *(p.announced for p in one.postponed)) if on
    }
    for on in days:
        timeline = policy.as_of(on)
        ahead = days[days.index(on) + 1 :]
        for later in [on, *itertools.takewhile(lambda later: later not in announced, ahead)]:
            told = [e.id for e in timeline.entries if e.in_force and e.in_force.first <= later]
            governs = policy.as_of(later).in_force
            assert (told[-1] if told else None) == (governs.id if governs else None)


@given(policies())
def test_until_the_next_day_that_is_stated_only_the_day_itself_is_another(policy: Policy) -> None:
    for on in life(policy):
        following = policy.next_stated(on)
        last = following - timedelta(1) if following else on + timedelta(500)

        assert policy.as_of(last) == replace(policy.as_of(on), on=last)
        assert policy.next_day(last) == policy.next_day(on)
        assert policy.next_stated(last) == following


def test_no_day_is_stated_after_the_last_that_there_is() -> None:
    policy = Policy.of("privacy", [replace(version("03-01"), effective=date.max)])

    assert [policy.next_stated(day(on)) for on in ("02-28", "03-01", "03-02")] == [day("03-01"), day("03-02"), None]


@given(policies())
def test_nothing_changes_between_a_day_and_the_next_day(policy: Policy) -> None:
    for on in life(policy):
        following = policy.next_day(on)
        tomorrow = on + timedelta(1)
        if following != tomorrow:
            assert policy.as_of(on).entries == policy.as_of(tomorrow).entries or following is None
            assert [e.standing for e in policy.as_of(on).entries] == [
                e.standing for e in policy.as_of(tomorrow).entries
            ]


@given(policies())
def test_the_order_in_which_versions_are_read_does_not_matter(policy: Policy) -> None:
    assert Policy.of("privacy", reversed(policy.versions)) == policy


# ------------------------------------------------------------------ what a page made on a day can say of later ones


@given(policies())
def test_a_timeline_tells_every_later_day_until_something_new_is_said(policy: Policy) -> None:
    for on in life(policy):
        timeline = policy.as_of(on)
        for later in (on, *timeline.changes):
            said = {day for one in policy.versions for day in (one.posted, one.withdrawn) if day}
            said |= {one.announced for version in policy.versions for one in version.postponed}
            if timeline.entries and not any(on < day <= later for day in said):
                assert timeline.later(later) == policy.as_of(later)
                assert timeline.since <= on


@given(policies())
def test_what_governed_on_a_day_is_known_for_good(policy: Policy) -> None:
    days = life(policy)
    last = policy.as_of(days[-1])

    for on in days:
        governs = policy.as_of(on).in_force
        found = [one for one in last.governing if one.in_force and one.in_force.first <= on]
        assert (found[-1].id if found else None) == (governs.id if governs else None)


@given(policies())
def test_what_was_announced_is_what_was_pending_on_each_day(policy: Policy) -> None:
    days = life(policy)
    announced = policy.as_of(days[-1]).announced

    for on in days:
        told = {
            (one.entry.id, one.effective)
            for one in announced
            if one.held.first <= on and one.held.until and on < one.held.until
        }
        assert told == {(one.id, one.effective) for one in policy.as_of(on).pending}


def test_what_was_announced_of_a_text_was_announced_of_its_correction_too() -> None:
    text = version("03-01", "04-15", postponed=(("03-20", "06-01"),))
    policy = Policy.of("privacy", [text, version("03-10", corrects="03-01")])

    rows = policy.as_of(day("06-01")).announced
    told = [(one.entry.id, f"{one.held.first:%m-%d}", f"{one.effective:%m-%d}") for one in rows]

    assert told == [
        ("03-01", "03-01", "04-15"),
        ("03-10", "03-10", "04-15"),
        ("03-01", "03-20", "06-01"),
        ("03-10", "03-20", "06-01"),
    ]


def test_each_version_in_force_knows_the_one_that_takes_over() -> None:
    slow = version("03-02", "08-01")
    policy = Policy.of("privacy", [version("01-10"), version("03-01", "03-31"), slow, version("05-01", "06-01")])
    timeline = policy.as_of(day("05-02"))
    first, second, overtaken, last = timeline.entries

    assert [timeline.successor(one) for one in (first, second, overtaken, last)] == [second, last, None, None]


# ------------------------------------------------------------------ texts that stay in their files


def filed(given_: Version, body: str) -> Filed:
    """The same version, its text read when it is asked for."""
    return Filed.of(given_, lambda: body, text_sum(body))


def test_a_version_is_the_same_whether_its_text_is_at_hand_or_in_a_file() -> None:
    at_hand = version("01-10")

    in_file = filed(at_hand, at_hand.body)

    assert in_file == at_hand
    assert len({in_file, filed(at_hand, at_hand.body)}) == 1
    assert in_file != filed(at_hand, "Another text.")
    assert in_file != "a"
    assert in_file != filed(replace(at_hand, title="Terms"), at_hand.body)
    assert in_file == filed(replace(at_hand, lines={"title": 2}), at_hand.body)


def test_other_facts_of_a_version_are_looked_over_wherever_its_text_is() -> None:
    at_hand = version("02-10")

    for one in (at_hand, filed(at_hand, at_hand.body)):
        with pytest.raises(FaultyError) as raised:
            one.but(effective=day("01-10"))

        assert codes(raised.value) == ["effective-before-posted"]


def test_where_a_version_comes_from_changes_nothing_else_of_it() -> None:
    at_hand = version("01-10")
    origin = Origin("0" * 40, at_hand.posted, "terms.md")

    assert at_hand.but(origin=origin).origin == filed(at_hand, at_hand.body).but(origin=origin).origin == origin
    assert at_hand.but(origin=origin) == at_hand
