from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from inforce import chain
from inforce.model import FaultyError, Policy, Version
from tests.timelines import day, life, policies, version


def head(policy: Policy) -> str:
    return chain.head(chain.of(policy, life(policy)[-1]))


def test_what_is_announced_stands_in_the_order_of_its_days() -> None:
    second = version("03-01", "06-01", postponed=(("03-20", "07-01"),), withdrawn="04-01")
    policy = Policy.of("privacy", [second, version("03-10", corrects="01-10"), version("01-10")])

    told = chain.events(policy, day("12-01"))

    assert [(one["event"], one["day"], one["version"]) for one in told] == [
        ("posted", "2026-01-10", "01-10"),
        ("posted", "2026-03-01", "03-01"),
        ("posted", "2026-03-10", "03-10"),
        ("postponed", "2026-03-20", "03-01"),
        ("withdrawn", "2026-04-01", "03-01"),
    ]
    assert told[2]["corrects"] == "01-10"
    assert told[2]["effective"] is None
    assert told[3]["to"] == "2026-07-01"


def test_on_one_day_postings_come_before_postponements_and_these_before_withdrawals() -> None:
    policy = Policy.of(
        "privacy",
        [
            version("01-10", "06-01", id_="a", withdrawn="03-01"),
            version("01-20", "06-01", id_="b", postponed=(("03-01", "07-01"),)),
            version("03-01", id_="c-10", corrects="b"),
            version("03-01", id_="c-9", corrects="b"),
        ],
    )

    told = chain.events(policy, day("03-01"))

    assert [(one["event"], one["version"]) for one in told[2:]] == [
        ("posted", "c-9"),
        ("posted", "c-10"),
        ("postponed", "b"),
        ("withdrawn", "a"),
    ]


def test_a_chain_without_events_begins_with_noughts() -> None:
    assert chain.head([]) == "0" * 64


@given(policies())
def test_a_chain_only_ever_grows_at_its_end(policy: Policy) -> None:
    before: list[chain.Link] = []
    for on in life(policy):
        links = chain.of(policy, on)
        assert links[: len(before)] == before
        before = links


def changed(one: Version) -> list[Version]:
    """The same version with one of its facts changed."""
    return [
        replace(one, body=one.body + "!"),
        *([replace(one, effective=one.effective + timedelta(1))] if one.effective and not one.postponed else []),
        *([replace(one, withdrawn=None)] if one.withdrawn else []),
    ]


@given(policies(), st.data())
def test_no_version_can_be_changed_dropped_or_redated_under_a_noted_head(policy: Policy, data: st.DataObject) -> None:
    noted = head(policy)
    number = data.draw(st.integers(0, len(policy.versions) - 1))
    one, others = policy.versions[number], [*policy.versions[:number], *policy.versions[number + 1 :]]
    dropped = [] if any(other.corrects == one.id for other in others) or not others else [others]
    rewritten = data.draw(st.sampled_from([*([*others, other] for other in changed(one)), *dropped]))
    try:
        tampered = Policy.of("privacy", rewritten)
    except FaultyError:
        assume(False)  # noqa: FBT003 - such a history cannot be written down at all

    assert head(tampered) != noted


@given(policies())
def test_no_version_can_be_inserted_under_a_noted_head(policy: Policy) -> None:
    free = [on for on in life(policy) if all(one.posted != on for one in policy.versions)]
    last = policy.versions[-1]
    inserted = replace(
        last, id="inserted", posted=free[0], effective=free[0], corrects="", postponed=(), withdrawn=None
    )

    tampered = Policy.of("privacy", [*policy.versions, inserted])

    assert head(tampered) != head(policy)
