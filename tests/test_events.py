from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given, settings

from inforce import events
from inforce.model import Policy
from tests.timelines import day, life, policies, version

if TYPE_CHECKING:
    from inforce.events import Event
    from inforce.model import Version


def told(*versions: Version, on: str = "12-31") -> list[tuple[str, str, str | None]]:
    """What happened, the oldest first: the name of the event, its day, and the effective day that it tells."""
    policy = Policy.of("privacy", versions)
    found = reversed(events.of(policy, policy.as_of(day(on))))
    return [
        (f"{one.version.id} {one.name}", f"{one.day}", f"{one.effective}" if one.effective else None) for one in found
    ]


def test_a_version_is_told_when_it_is_posted_and_when_it_takes_effect() -> None:
    pending = [("a posted", "2026-01-10", "2026-01-10"), ("b posted", "2026-03-01", "2026-04-01")]
    versions = (version("01-10", id_="a"), version("03-01", "04-01", id_="b"))

    assert told(*versions, on="03-31") == pending
    assert told(*versions, on="04-01") == [*pending, ("b took-effect", "2026-04-01", "2026-04-01")]


def test_a_postponed_day_is_an_event_of_its_own_and_leaves_the_first_one_as_it_was() -> None:
    found = told(version("03-01", "04-01", id_="b", postponed=(("03-10", "05-01"), ("04-10", "04-20"))))

    assert found == [
        ("b posted", "2026-03-01", "2026-04-01"),
        ("b postponed-2026-03-10", "2026-03-10", "2026-05-01"),
        ("b postponed-2026-04-10", "2026-04-10", "2026-04-20"),
        ("b took-effect", "2026-04-20", "2026-04-20"),
    ]


def test_a_withdrawn_version_never_takes_effect_and_its_correction_falls_with_it() -> None:
    found = told(
        version("03-01", "05-01", id_="b", withdrawn="03-20"),
        version("03-10", id_="b-2", corrects="b"),
        version("03-25", id_="b-3", corrects="b"),
    )

    assert found == [
        ("b posted", "2026-03-01", "2026-05-01"),
        ("b-2 posted", "2026-03-10", "2026-05-01"),
        ("b withdrawn", "2026-03-20", "2026-05-01"),
        ("b-3 posted", "2026-03-25", None),
    ]


def test_a_correction_of_a_text_that_does_not_govern_never_takes_effect() -> None:
    found = told(version("01-10", id_="a"), version("02-01", id_="b"), version("03-01", id_="c", corrects="a"))

    assert found[-1] == ("c posted", "2026-03-01", None)


def test_a_correction_takes_effect_whatever_was_withdrawn_before_it() -> None:
    found = told(
        version("01-10", id_="a"),
        version("02-01", "03-01", id_="b", withdrawn="02-10"),
        version("03-10", id_="c", corrects="a"),
    )

    assert found[-1] == ("c posted", "2026-03-10", "2026-03-10")


def test_a_version_that_takes_effect_tells_which_it_overtakes() -> None:
    policy = Policy.of(
        "privacy",
        [
            version("01-10", id_="a"),
            version("02-01", "06-01", id_="slow", withdrawn="05-20"),
            version("02-02", id_="slow-2", corrects="slow"),
            version("02-10", "06-01", id_="gone", withdrawn="02-11"),
            version("03-01", "04-01", id_="urgent"),
            version("03-10", "05-01", id_="next"),
            version("03-20", id_="at-once"),
        ],
    )

    found = {one.version.id: one.overtakes for one in events.of(policy, policy.as_of(day("12-31"))) if one.overtakes}

    assert {id_: [one.id for one in overtaken] for id_, overtaken in found.items()} == {
        "at-once": ["slow", "slow-2", "urgent", "next"]
    }


def test_a_correction_does_not_overtake_another_of_the_same_version() -> None:
    policy = Policy.of(
        "privacy",
        [
            version("01-10", id_="a"),
            version("02-01", "06-01", id_="b"),
            version("02-10", id_="c", corrects="b"),
            version("02-12", id_="d", corrects="c"),
            version("02-20", id_="e", corrects="b"),
        ],
    )

    found = events.of(policy, policy.as_of(day("12-31")))

    assert next((one.version.id, one.kind) for one in found) == ("e", "took effect")
    assert not any(one.overtakes for one in found)


@given(policies())
@settings(max_examples=60)
def test_what_was_told_once_is_told_for_good(policy: Policy) -> None:
    before: list[Event] = []
    for on in life(policy):
        now = events.of(policy, policy.as_of(on))

        assert now[len(now) - len(before) :] == before
        assert {one.day for one in now[: len(now) - len(before)]} <= {on}
        before = now


@given(policies())
def test_no_two_events_of_a_policy_share_a_name(policy: Policy) -> None:
    found = events.of(policy, policy.as_of(date(2027, 6, 1)))

    assert len({(one.version.id, one.name) for one in found}) == len(found)
