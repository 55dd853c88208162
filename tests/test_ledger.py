from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from inforce import chain, ledger, published
from inforce.cli import run
from inforce.errors import Place, SurroundingsError
from inforce.model import Origin, Policy, Version
from tests import sites_made
from tests.projects import project
from tests.projects import version as written
from tests.sites_made import Files, laid, rewritten, table
from tests.timelines import day, life, policies, version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ON = date(2026, 4, 1)
LISTED = "privacy/versions.json"


def texts(policy: Policy) -> Policy:
    """The same policy, each version with a text of its own."""
    return replace(policy, versions=tuple(replace(one, body=f"We keep {one.id}.\n") for one in policy.versions))


POLICY = texts(
    Policy.of(
        "privacy",
        [
            version("01-10"),
            version("03-01", "06-01", postponed=(("03-20", "07-01"),)),
            version("03-10", corrects="01-10"),
            version("03-15", "08-01", withdrawn="03-18"),
        ],
    )
)
FILES = sites_made.published([POLICY], ON)
HEAD = chain.head(chain.of(POLICY, ON))


def verified(files: Files, noted: str = "") -> list[str]:
    return [one.code for one in ledger.verify(files.get, noted)[1]]


def compared(here: Policy | None, files: Files = FILES) -> list[str]:
    """What is said of the policies at hand and a published site: place and code."""
    found = ledger.against([here] if here else [], published.ledgers(files.get))
    return [f"{one.place.path} {one.code}" for one in found]


def having(*versions: Version) -> Policy:
    return Policy.of("privacy", versions)


def one(policy: Policy, id_: str) -> Version:
    return next(version_ for version_ in policy.versions if version_.id == id_)


def without(policy: Policy, id_: str) -> list[Version]:
    return [one for one in policy.versions if one.id != id_]


# ------------------------------------------------------------------ every tampering is found


def tampered(policy: Policy, on: date) -> Iterator[tuple[str, Policy]]:
    """A policy with one of its versions changed, dropped, inserted, reordered or re-dated before a day, in all ways."""
    ways: list[tuple[str, list[Version]]] = []
    for each in policy.versions:
        others = without(policy, each.id)
        ways += [("change", [*others, replace(each, body="We sell it.\n")]), ("drop", others)]
        for days in (-1, 1):
            moved = each.posted + timedelta(days)
            with suppress(ValueError):
                ways.append(("re-date", [*others, replace(each, posted=moved)]))
            if each.effective:
                with suppress(ValueError):
                    ways.append(("re-date", [*others, replace(each, effective=each.effective + timedelta(days))]))
        ways.append(
            ("change", [*others, replace(each, corrects="", effective=each.posted, postponed=(), withdrawn=None)])
        )
    for each, other in pairwise(policy.versions):
        rest = [kept for kept in policy.versions if kept not in {each, other}]
        ways.append(("reorder", [*rest, replace(each, body=other.body), replace(other, body=each.body)]))
        with suppress(ValueError):
            ways.append(("reorder", [*rest, replace(each, posted=other.posted), replace(other, posted=each.posted)]))
    last = policy.versions[-1]
    for free in {on - timedelta(number) for number in range(1, 60)} - {each.posted for each in policy.versions}:
        new = replace(last, id="new", posted=free, effective=free, corrects="", postponed=(), withdrawn=None)
        ways.append(("insert", [*policy.versions, new]))
    for way, versions in ways:
        with suppress(ValueError):  # such a history cannot be written down at all
            made = Policy.of("privacy", versions)
            if made.versions != policy.versions:
                yield way, made


@given(policies())
@settings(max_examples=25, deadline=None)
def test_each_change_drop_insertion_reordering_and_redating_is_found(drawn: Policy) -> None:
    policy, on = texts(drawn), life(drawn)[-1]
    files = sites_made.published([policy], on)
    head = chain.head(chain.of(policy, on))

    ways = list(tampered(policy, on))

    # What is put after the last that a head holds is no change of what it holds: verify cannot see it, check can.
    end = chain.events(policy, on)[-1]["day"]
    held = [made for way, made in ways if way != "insert" or str(one(made, "new").posted) < end]

    assert {"change", "insert"} <= {way for way, _ in ways}
    assert [way for way, made in ways if not compared(made, files)] == []
    for made in held[:: max(len(held) // 12, 1)]:
        assert "head-unknown" in verified(sites_made.published([made], on), head)
    assert not any(head in {link["hash"] for link in chain.of(made, on)} for made in held)


@given(policies())
@settings(max_examples=15, deadline=None)
def test_what_is_added_later_is_no_tampering(policy: Policy) -> None:
    days = life(policy)
    end = sites_made.published([policy], days[-1])
    for on in (one for one in days if one >= min(version_.posted for version_ in policy.versions)):
        files, noted = sites_made.published([policy], on), chain.head(chain.of(policy, on))

        assert verified(files, noted) == []
        assert verified(end, noted) == []
        assert compared(policy, files) == []


# ------------------------------------------------------------------ a site by itself


def listed(change: Callable[[dict[str, Any]], object], *, mended: bool = False) -> Files:
    """A site whose versions.json was changed; its hashes and heads too, if they are mended."""
    facts, rows = table(FILES, LISTED), table(FILES, "policies.json")
    change(facts)
    if mended:
        facts["chain"] = chain.chained(facts["chain"])
        facts["head"] = rows["policies"][0]["head"] = chain.head(facts["chain"])
    return rewritten(rewritten(FILES, LISTED, facts), "policies.json", rows)


def test_a_site_as_it_was_published_has_no_fault() -> None:
    found, problems = ledger.verify(FILES.get, HEAD)

    assert [(one.policy, len(one.versions), one.head) for one in found] == [("privacy", 4, HEAD)]
    assert problems == []


@pytest.mark.parametrize("id_", ["01-10", "03-10"])
def test_a_text_that_was_changed_or_is_gone_is_said(id_: str) -> None:
    path = f"privacy/{id_}/policy.md"

    assert verified({**FILES, path: FILES[path] + b" "}) == ["text-differs"]
    assert verified({name: data for name, data in FILES.items() if name != path}) == ["text-missing"]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (lambda facts: facts["chain"][1].update(day="2026-03-02"), ["chain-broken", "head-differs", "version-differs"]),
        (lambda facts: facts["chain"].pop(), ["head-differs", *["version-differs"] * 2, "standing-differs"]),
        (lambda facts: facts.update(head="0" * 64), ["head-differs"]),
        (lambda facts: facts["versions"].reverse(), ["versions-differ"]),
        (lambda facts: facts["versions"].pop(), ["versions-differ"]),
        (lambda facts: facts["versions"].append(facts["versions"][0]), ["versions-differ"]),
        (lambda facts: facts["versions"][0].update(standing="pending"), ["version-differs"]),
        (lambda facts: facts["versions"][0].update(sha256=None), ["version-differs"]),
        (lambda facts: facts["versions"][1].update(effective="2026-03-11"), ["version-differs"]),
        (lambda facts: facts["versions"][2]["in_force"].clear(), ["version-differs"]),
        (lambda facts: facts["versions"][1]["in_force"][0].update(until="2026-06-30"), ["version-differs"]),
        (lambda facts: facts["versions"][0].update(posted="2026-01-09"), ["version-differs"]),
        (lambda facts: facts["versions"][1].update(corrects=None), ["version-differs"]),
        (lambda facts: facts["versions"][3].update(withdrawn="2026-03-19"), ["version-differs"]),
    ],
)
def test_what_does_not_follow_from_the_chain_is_said(
    change: Callable[[dict[str, Any]], object], codes: list[str]
) -> None:
    assert verified(listed(change)) == codes


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (lambda facts: facts["chain"].append(facts["chain"].pop(0)), {"chain-disordered"}),
        (lambda facts: facts["chain"].insert(0, facts["chain"].pop()), {"chain-disordered", "chain-contradictory"}),
        (lambda facts: facts["chain"].append(facts["chain"][1]), {"chain-disordered", "chain-contradictory"}),
        (lambda facts: facts["chain"][0].update(effective="2025-01-01"), {"chain-contradictory"}),
        (lambda facts: facts["chain"].clear(), {"chain-contradictory"}),
        (lambda facts: facts["chain"][2].update(corrects="03-01"), {"versions-differ"}),
    ],
)
def test_a_chain_that_was_mended_with_care_still_has_to_make_sense(
    change: Callable[[dict[str, Any]], object], codes: set[str]
) -> None:
    assert set(verified(listed(change, mended=True))) == codes


def test_a_version_slipped_in_at_the_end_of_a_chain_under_an_old_day_is_said() -> None:
    def slip_in(facts: dict[str, Any]) -> None:
        facts["chain"].append({**facts["chain"][1], "version": "02-01", "day": "2026-02-01"})

    codes = verified(listed(slip_in, mended=True), HEAD)

    assert "head-unknown" not in codes
    assert "chain-disordered" in codes


@pytest.mark.parametrize(
    ("fact", "value"), [("in_force", "03-01"), ("pending", []), ("next_change", None), ("head", "1" * 64), ("head", [])]
)
def test_a_list_of_policies_that_says_otherwise_is_said(fact: str, value: object) -> None:
    rows = table(FILES, "policies.json")
    rows["policies"][0][fact] = value

    assert verified(rewritten(FILES, "policies.json", rows)) == [
        "head-differs" if fact == "head" else "standing-differs"
    ]


def test_a_head_that_stands_in_no_chain_is_said_even_if_it_is_claimed() -> None:
    assert verified(FILES, "1" * 64) == ["head-unknown"]
    claimed = listed(lambda facts: facts["chain"][0].update(hash="1" * 64))
    assert verified(claimed, "1" * 64) == ["chain-broken", "head-unknown"]


def test_every_earlier_head_of_a_site_still_stands_in_it() -> None:
    assert all(verified(FILES, link["hash"]) == [] for link in chain.of(POLICY, ON))


def test_a_correction_on_another_versions_day_as_git_may_have_it_is_verified() -> None:
    # Files cannot say this; a history in git can, and its order is that of the history.
    first, second, fix = version("01-10"), version("03-10", id_="b"), version("03-10", id_="a-2", corrects="01-10")
    odd = texts(Policy("privacy", (first, fix, second)))
    files = sites_made.published([odd], ON)

    assert verified(files) == []
    facts = table(files, LISTED)
    facts["versions"].pop()
    assert verified(rewritten(files, LISTED, facts)) == ["versions-differ"]


# ------------------------------------------------------------------ a site and the policies at hand


def test_the_policies_that_were_published_change_nothing() -> None:
    assert compared(POLICY) == []


def test_new_versions_postponements_and_withdrawals_change_nothing() -> None:
    first, fix, second, third = POLICY.versions
    postponed = version("03-01", "06-01", postponed=(("03-20", "07-01"), ("04-01", "08-01")), withdrawn="04-02")
    new = version("04-01", "06-15")

    assert compared(having(first, fix, replace(postponed, body=second.body), third, new)) == []


@pytest.mark.parametrize(
    ("id_", "change", "code"),
    [
        ("03-01", {"body": "We sell it.\n"}, "published-text-changed"),
        ("03-01", {"posted": day("02-28")}, "published-posted-changed"),
        ("03-01", {"effective": day("06-02"), "lines": {"effective": 4}}, "published-effective-changed"),
        ("03-10", {"corrects": "", "effective": day("03-10")}, "published-corrects-changed"),
        (
            "03-01",
            {"postponed": version("03-01", "06-01", postponed=(("03-20", "07-02"),)).postponed},
            "published-postponement-changed",
        ),
        ("03-01", {"postponed": ()}, "published-announcement-missing"),
        ("03-15", {"withdrawn": None}, "published-announcement-missing"),
        ("03-15", {"withdrawn": day("03-19")}, "published-announcement-missing"),
    ],
)
def test_what_was_published_of_a_version_stays(id_: str, change: dict[str, Any], code: str) -> None:
    said = compared(having(*without(POLICY, id_), replace(one(POLICY, id_), **change)))

    assert f"policies/privacy/{id_}.md {code}" in said


RULED = Policy.of("privacy", [version("01-10", "01-10"), version("03-01", "03-31")])
"""Both leave their effective day to the rule."""


@pytest.mark.parametrize(
    ("here", "place", "why"),
    [
        (
            Policy.of("privacy", [RULED.versions[0], version("03-01", "03-06")], notice=5),
            "pyproject.toml",
            "03-31 is published, 2026-03-06 is here, since notice-days was 30 and is 5",
        ),
        (
            having(version("01-01", "01-01"), version("01-10", "02-09"), RULED.versions[1]),
            "policies/privacy/01-01.md:1",
            "01-10 is published, 2026-02-09 is here, since 01-01 now stands before it",
        ),
        (
            having(version("03-01", "03-01")),
            "policies/privacy/03-01.md:1",
            "03-31 is published, 2026-03-01 is here, since what was posted before it is gone",
        ),
    ],
)
def test_why_the_rule_gives_a_version_another_day_is_said(here: Policy, place: str, why: str) -> None:
    found = ledger.against([here], published.ledgers(sites_made.published([RULED], ON).get))

    (problem,) = [one for one in found if one.code == "published-effective-changed"]
    assert str(problem.place) == place
    assert problem.what.endswith(f": 2026-{why}")
    assert "Readers were told 2026-" in problem.remedy


@pytest.mark.parametrize("taken_back", [{"withdrawn": "03-20"}, {"postponed": (("03-20", "05-01"),)}])
def test_what_is_taken_back_that_took_effect_on_the_published_site_is_an_error(taken_back: dict[str, Any]) -> None:
    here = having(RULED.versions[0], version("03-01", "03-31", **taken_back))

    (problem,) = ledger.against([here], published.ledgers(sites_made.published([RULED], ON).get))

    assert (problem.code, problem.severity) == ("published-past-changed", "error")
    assert problem.what.endswith("but what is published of 2026-04-01 says that it took effect on 2026-03-31")


def test_a_version_and_a_policy_that_vanished_are_said() -> None:
    fewer = having(*without(POLICY, "03-15"))

    assert compared(fewer) == ["policies/privacy/03-15.md published-version-missing"]
    assert compared(None) == ["policies/privacy published-policy-missing"]


def test_a_version_that_vanished_from_an_evolving_file_is_said_of_that_file() -> None:
    place = Place("policies/privacy.md", 5, "c" * 40)
    fewer = having(*(replace(one, place=place) for one in without(POLICY, "03-15")))

    assert compared(fewer) == ["policies/privacy.md published-version-missing"]


@pytest.mark.parametrize(
    ("posted", "codes"),
    [
        ("03-16", ["policies/privacy/new.md published-past-changed error"]),
        ("03-31", ["policies/privacy/new.md backdated warning"]),
        ("04-01", []),
        ("04-02", []),
    ],
)
def test_what_is_slipped_in_before_the_day_of_the_site_is_said(posted: str, codes: list[str]) -> None:
    new = version(posted, "12-01", id_="new")

    found = ledger.against([having(*POLICY.versions, new)], published.ledgers(FILES.get))

    assert [f"{problem.place.path} {problem.code} {problem.severity}" for problem in found] == codes


def test_a_published_site_that_does_not_fit_itself_is_said() -> None:
    files = listed(lambda facts: facts["versions"][0].update(standing="pending"))

    assert compared(POLICY, files) == ["privacy/versions.json version-differs"]


def from_git(policy: Policy, commit: str) -> Policy:
    """The same policy, as it comes from an evolving file, posted by one commit."""
    origin = Origin(commit * 40, ON, "policies/privacy.md")
    place = Place("policies/privacy.md", 5, "f" * 40)
    return replace(policy, versions=tuple(replace(one, place=place, origin=origin) for one in policy.versions))


def test_a_rewritten_history_is_refused_though_all_that_it_says_is_the_same() -> None:
    files = sites_made.published([from_git(POLICY, "a")], ON)

    with pytest.raises(SurroundingsError) as raised:
        compared(from_git(POLICY, "b"), files)

    assert raised.value.what == (
        "the git history was rewritten: 01-10 of privacy comes from commit bbbbbbb here, "
        "and from another one in what is published"
    )
    assert compared(from_git(POLICY, "a"), files) == []


def test_a_rewritten_history_that_changes_what_is_public_is_told_by_what_it_changes() -> None:
    files = sites_made.published([from_git(POLICY, "a")], ON)
    first, *others = from_git(POLICY, "b").versions
    changed = having(replace(first, body="We sell it.\n"), *others)

    assert compared(changed, files) == ["policies/privacy.md published-text-changed"]


def test_a_policy_that_moved_from_git_to_files_may_have_other_commits() -> None:
    files = sites_made.published([from_git(POLICY, "a")], ON)

    assert compared(POLICY, files) == []
    assert compared(from_git(POLICY, "a"), FILES) == []


# ------------------------------------------------------------------ the commands


SITE = {
    "privacy/2026-01-10.md": written("2026-01-10"),
    "privacy/2026-03-01.md": written("2026-03-01", body="We keep less.\n"),
}


def test_the_commands_tell_a_kept_site_from_a_tampered_one(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    root, site = project(tmp_path, SITE), tmp_path / "site"
    run(["build", "--root", str(root), "--on", "2026-03-20"])
    check = ["check", "--root", str(root), "--on", "2026-03-21", "--against", str(site)]
    capfd.readouterr()

    kept = run(check), run(["verify", str(site)])
    head = capfd.readouterr().out.split()[-1]
    noted = run(["verify", str(site), "--head", head])
    (root / "policies/privacy/2026-01-10.md").write_text(written("2026-01-10", body="We sell it.\n"), "utf-8")
    (site / "privacy/2026-01-10/policy.md").write_text("We sell it.\n", "utf-8")
    tampered_ = run(check), run(["verify", str(site)]), run(["verify", str(site), "--head", "0" * 64])
    said = capfd.readouterr()

    assert (*kept, noted, *tampered_) == (0, 0, 0, 1, 1, 1)
    assert "the text of 2026-01-10 changed after it was published" in said.out
    assert "privacy/2026-01-10/policy.md: the text of 2026-01-10 is not the one posted" in said.err


def test_what_is_no_site_is_refused_with_the_status_for_surroundings(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    root = project(tmp_path, SITE)
    laid(tmp_path / "site", {"policies.json": b"<html>"})

    statuses = [
        run(["check", "--root", str(root), "--against", str(tmp_path / "site")]),
        run(["verify", str(tmp_path / "site")]),
        run(["verify", str(tmp_path / "none")]),
    ]

    assert statuses == [3, 3, 3]
    assert "policies.json is not what inforce writes\n  Is this a site" in capfd.readouterr().err
