"""Policies with made-up days: as cases write them, and as hypothesis draws them."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from inforce.errors import Place
from inforce.model import Policy, Postponement, Version

START = date(2026, 1, 1)


def day(written: str) -> date:
    """``03-01`` is 1 March 2026."""
    return date.fromisoformat(f"2026-{written}")


def version(  # noqa: PLR0913 - the facts of a version, each named
    posted: str,
    effective: str | None = None,
    *,
    id_: str = "",
    corrects: str = "",
    postponed: tuple[tuple[str, str], ...] = (),
    withdrawn: str = "",
    reason: str = "",
) -> Version:
    return Version(
        id=id_ or posted,
        title="Privacy",
        posted=day(posted),
        effective=None if corrects else day(effective or posted),
        body="We keep your name.\n",
        place=Place(f"policies/privacy/{id_ or posted}.md", 5),
        corrects=corrects,
        reason=reason,
        postponed=tuple(Postponement(day(announced), day(to)) for announced, to in postponed),
        withdrawn=day(withdrawn) if withdrawn else None,
    )


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any policy that may be written down: postings, notices, corrections, postponements, withdrawals."""
    posted = START
    versions: list[Version] = []
    for number in range(draw(st.integers(1, 6))):
        posted += timedelta(draw(st.integers(1, 20)))
        corrects = draw(st.sampled_from(["", *(one.id for one in versions)])) if versions else ""
        effective = posted + timedelta(draw(st.integers(0, 40)))
        postponed: list[Postponement] = []
        until = effective
        while not corrects and until > posted and draw(st.booleans()) and len(postponed) < 2:
            earliest = max([posted, *(one.announced + timedelta(1) for one in postponed)])
            if earliest >= until:
                break
            announced = draw(st.dates(earliest, until - timedelta(1)))
            until = announced + timedelta(draw(st.integers(0, 40)))
            postponed.append(Postponement(announced, until))
        withdrawn = None
        last = max([posted, *(one.announced + timedelta(1) for one in postponed)])
        if not corrects and until > last and draw(st.booleans()):
            withdrawn = draw(st.dates(last, until - timedelta(1)))
        versions.append(
            Version(
                id=f"v{number}",
                title="Privacy",
                posted=posted,
                effective=None if corrects else effective,
                body="We keep your name.\n",
                place=Place(f"policies/privacy/v{number}.md"),
                corrects=corrects,
                postponed=tuple(postponed),
                withdrawn=withdrawn,
            )
        )
    return Policy.of("privacy", draw(st.permutations(versions)))


def life(policy: Policy) -> list[date]:
    """Every day from before the first posting until after the last change."""
    one: date | None = START
    last = START
    while one is not None:
        last, one = one, policy.next_day(one)
    return [START + timedelta(number) for number in range((last - START).days + 3)]
