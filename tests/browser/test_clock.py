"""A site that nobody rebuilds, read on later days: what its pages then say, with script and without."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from html import unescape
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from inforce.build import build, read
from inforce.model import Standing
from tests.browser.conftest import HOST, Visit
from tests.projects import project, version
from tests.test_templates import STANDINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, Route

    from inforce.model import Entry, Policy

pytestmark = pytest.mark.browser

READERS = ("Pacific/Kiritimati", "America/Adak", "UTC")


def text(number: int) -> str:
    return f"# Privacy\n\nText {number}. See [the first part](#privacy) and [the other](../terms/).\n"


def history(*heads: tuple[str, ...]) -> dict[str, str | bytes]:
    return {
        f"privacy/{head[0]}.md": version(*head, body=text(number), title=f"Privacy {number}")
        for number, head in enumerate(heads)
    }


FIRST = ("2026-01-10",)
CASES: dict[str, tuple[dict[str, str | bytes], str]] = {
    "one text": (history(FIRST), "2026-02-01"),
    "a pending one": (history(FIRST, ("2026-03-01",)), "2026-03-05"),
    "nothing in force": (history(("2026-03-01", "effective: 2026-04-01")), "2026-03-05"),
    "an urgent one overtakes": (
        history(FIRST, ("2026-03-01", "effective: 2026-06-01"), ("2026-03-10", "effective: 2026-04-15")),
        "2026-03-12",
    ),
    "a correction while another is pending": (
        history(FIRST, ("2026-03-01", "effective: 2026-04-01"), ("2026-03-10", "corrects: 2026-01-10")),
        "2026-03-12",
    ),
    "a correction of what is pending": (
        history(FIRST, ("2026-03-01", "effective: 2026-04-01"), ("2026-03-10", "corrects: 2026-03-01")),
        "2026-03-12",
    ),
    "postponed twice": (
        history(
            FIRST,
            (
                "2026-03-01",
                "effective: 2026-04-01",
                "postponed:",
                "  - {announced: 2026-03-20, to: 2026-05-01}",
                "  - {announced: 2026-04-20, to: 2026-05-20}",
            ),
        ),
        "2026-04-21",
    ),
    "brought forward": (
        history(
            FIRST,
            ("2026-03-01", "effective: 2026-04-01", "postponed:", "  - {announced: 2026-03-10, to: 2026-03-20}"),
        ),
        "2026-03-11",
    ),
    "withdrawn": (history(FIRST, ("2026-03-01", "effective: 2026-04-01", "withdrawn: 2026-03-10")), "2026-03-11"),
    "three pending": (
        history(
            FIRST,
            ("2026-03-01", "effective: 2026-04-01"),
            ("2026-03-02", "effective: 2026-05-01"),
            ("2026-03-03", "effective: 2026-06-01"),
        ),
        "2026-03-12",
    ),
}


@contextmanager
def reading(browser: Browser, site: Path, zone: str = "UTC", *, script: bool = True) -> Iterator[Visit]:
    context = browser.new_context(timezone_id=zone, java_script_enabled=script)
    page = context.new_page()
    seen = Visit(page, site)
    page.on("console", lambda said: seen.errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    context.route("**/*", seen.serve)
    yield seen
    context.close()


def at(seen: Visit, day: date, address: str, zone: str = "UTC", hour: int = 12) -> None:
    """Read a page on a day, as the clock of a zone has it."""
    seen.page.clock.set_fixed_time(datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)))
    seen.page.goto(f"{HOST}{address}")
    seen.page.wait_for_function("() => !document.documentElement.hidden")


def said(seen: Visit) -> dict[str, object]:
    found: dict[str, object] = seen.page.evaluate(
        """() => {
          const main = document.querySelector("main");
          const {version = null, standing = null} = main.dataset;
          return {version, standing, title: document.title, text: main.querySelector("article")?.innerText ?? "",
                  words: main.innerText};
        }"""
    )
    return found


def days(policy: Policy, on: date) -> list[date]:
    """The days before, on and after each coming change, up to the next day on which something is announced."""
    timeline = policy.as_of(on)
    end = min(
        (
            day
            for one in policy.versions
            for day in (one.posted, one.withdrawn, *(moved.announced for moved in one.postponed))
            if day and day > on
        ),
        default=date.max,
    )
    near = {on, *(day + timedelta(away) for day in timeline.changes for away in (-1, 0, 1))}
    return sorted(day for day in near if on <= day < end)


@pytest.mark.parametrize("name", CASES)
def test_a_site_built_on_a_day_shows_the_right_text_on_later_ones(name: str, tmp_path: Path, browser: Browser) -> None:
    files, built = CASES[name]
    other = {"terms/2026-01-10.md": version("2026-01-10", title="Terms")}
    root = project(tmp_path / "root", {**files, **other})
    on = date.fromisoformat(built)
    build(root, root / "site", on)
    policy = next(one for one in read(root, on).policies if one.id == "privacy")

    for number, zone in enumerate(READERS):
        with reading(browser, root / "site", zone) as seen:
            for day in days(policy, on):
                timeline = policy.as_of(day)
                governs = timeline.in_force
                at(seen, day, "/privacy/", hour=(0, 23, 12)[number])
                found = said(seen)
                wanted = (governs.id, "in force") if governs else (None, None)
                assert (found["version"], found["standing"]) == wanted, f"{day} {zone}"
                assert (f"Text {governs.version.title[-1]}." if governs else "") in str(found["text"])
                if governs:
                    assert str(found["title"]).startswith(governs.version.title)
                for entry in timeline.entries if zone == "UTC" else ():
                    at(seen, day, f"/privacy/{entry.id}/")
                    assert said(seen)["standing"] == entry.standing, f"{day} {entry.id}"
                if zone == "UTC":
                    _agrees(seen, policy, day)
            assert (seen.errors, seen.lost) == ([], [])


def _agrees(seen: Visit, policy: Policy, day: date) -> None:
    """The pages of a stale site say the words of a fresh one."""
    at(seen, day, "/privacy/history/")
    marks = seen.page.locator("tbody .standing b").all_inner_texts()
    words = {
        Standing.PENDING: {"Takes effect", "Overtaken", "Never in force"},
        Standing.IN_FORCE: {"In force"},
        Standing.SUPERSEDED: {"Was in force"},
        Standing.OVERTAKEN: {"Overtaken", "Never in force"},
        Standing.WITHDRAWN: {"Withdrawn"},
    }
    entries = list(reversed(policy.as_of(day).entries))
    assert len(marks) == len(entries)
    assert all(mark in words[entry.standing] for mark, entry in zip(marks, entries, strict=True)), f"{day} {marks}"
    at(seen, day, "/")
    governs = policy.as_of(day).in_force
    first = seen.page.locator("ul.policies > li").first.inner_text()
    assert (f"Version {governs.id}" if governs else "Not in force before") in first


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Adak"])
def test_the_day_is_that_of_the_sites_zone_and_not_of_the_reader(zone: str, tmp_path: Path, browser: Browser) -> None:
    files, _ = CASES["a pending one"]
    root = project(tmp_path, files, settings=f'[tool.inforce]\ntimezone = "{zone}"\n')
    build(root, root / "site", date(2026, 3, 5))

    with reading(browser, root / "site", "UTC") as seen:
        told = []
        for day, hour in [(date(2026, 3, 30), 23), (date(2026, 3, 31), 0)]:
            at(seen, day, "/privacy/", zone, hour)
            told.append(said(seen)["version"])

    assert told == ["2026-01-10", "2026-03-01"]


def test_what_a_page_tells_search_engines_is_gone_when_another_text_takes_over(
    tmp_path: Path, browser: Browser
) -> None:
    files, built = CASES["a pending one"]
    root = project(tmp_path, files)
    build(root, root / "site", date.fromisoformat(built))

    with reading(browser, root / "site", "UTC") as seen:
        told = []
        for day in (date(2026, 3, 30), date(2026, 3, 31)):
            at(seen, day, "/privacy/")
            told.append(seen.page.locator('script[type="application/ld+json"]').count())
        assert (seen.errors, seen.lost) == ([], [])

    assert told == [1, 0]


WRITTEN = r"(\d{1,2} [A-Z][a-z]+ \d{4})"
TURNS = re.compile(
    r"\b(?:in force|(?:takes?|took|taking) effect|pending|superseded|today|currently|now)\b", re.IGNORECASE
)
"""Words that say where something stands: they need a day to stay true."""
CLAIMS: dict[str, Callable[[Sequence[Entry], list[date]], bool]] = {
    rf"in force from {WRITTEN} through {WRITTEN}": lambda entries, told: any(
        one.in_force and (one.in_force.first, one.in_force.last) == (*told,) for one in entries
    ),
    rf"in force from {WRITTEN}(?! through)": lambda entries, told: any(
        one.in_force and (one.in_force.first, one.in_force.last) == (told[0], None) for one in entries
    ),
    rf"in force through {WRITTEN}": lambda entries, told: any(
        one.in_force and one.in_force.last == told[0] for one in entries
    ),
    rf"takes effect (?:in its place )?on {WRITTEN}": lambda entries, told: any(
        one.in_force and one.in_force.first == told[0] for one in entries
    ),
    rf"(?:not in force before|in force only from) {WRITTEN}": lambda entries, told: any(
        one.in_force and one.in_force.first == told[0] for one in entries
    ),
    "never (?:in force|took effect|takes effect)|was never in force": lambda entries, _: any(
        not one.in_force for one in entries
    ),
    # A name for what the reader finds elsewhere, a heading of a column of days, what a day was known to bring.
    f"text in force see|in force, by what was posted by {WRITTEN}|not in force before (?:that|its) day"
    "|what it corrects was not in force"
    "|to take effect on": lambda *_: True,
}


def untrue(words: str, entries: Sequence[Entry]) -> list[str]:
    """What a page says of standings that is not so, or would not be so on any day, given where each version stands."""
    found = []
    for turn in TURNS.finditer(words):
        around = words[max(0, turn.start() - 12) : turn.end() + 60]
        claims = [
            (holds, [datetime.strptime(day, "%d %B %Y").date() for day in claim.groups() if day])  # noqa: DTZ007 - a day
            for pattern, holds in CLAIMS.items()
            for claim in re.finditer(pattern, words, re.IGNORECASE)
            if claim.start() <= turn.start() < claim.end()
        ]
        if not any(holds(entries, told) for holds, told in claims):
            found.append(around)
    return found


def read_without_script(path: Path) -> str:
    """The words of a page about its policy, as they stand where no script runs."""
    main = re.search("<main.*</main>", path.read_text("utf-8"), re.DOTALL)
    assert main
    bare = re.sub(r"<(article|template|figure|script|form)\b.*?</\1>", " ", main[0], flags=re.DOTALL)
    return " ".join(unescape(re.sub("<[^>]*>", "", re.sub("</(?:p|li|td|th|option)>", " | ", bare))).split())


@pytest.mark.parametrize("name", [*CASES, "every standing"])
def test_without_script_no_sentence_turns_false(name: str, tmp_path: Path) -> None:
    files, built = CASES.get(name, (STANDINGS, "2026-12-01"))
    on = date.fromisoformat(built)
    root = project(tmp_path, files)
    build(root, root / "site", on)
    policy = read(root, on).policies[0]
    pages = {path: read_without_script(path) for path in sorted((root / "site").rglob("index.html"))}

    wrong = {
        (path, day): untrue(words, policy.as_of(day).entries)
        for path, words in pages.items()
        for day in days(policy, on)
    }

    assert len(pages) > 3
    assert any(TURNS.search(words) for words in pages.values())
    assert {where: told for where, told in wrong.items() if told} == {}


@pytest.mark.parametrize(
    "words",
    [
        "In force",
        "The text in force today",
        "Version 2026-03-01 is pending",
        "In force from 10 January 2026",
        "In force from 10 January 2026 through 29 March 2026",
        "A new version takes effect on 1 April 2026",
    ],
)
def test_a_sentence_that_would_turn_false_is_found(words: str, tmp_path: Path) -> None:
    policy = read(project(tmp_path, CASES["a pending one"][0]), date(2026, 3, 5)).policies[0]

    entries = policy.as_of(date(2026, 4, 5)).entries

    assert untrue(f"{words}.", entries)
    assert not untrue("In force from 10 January 2026 through 30 March 2026. Takes effect on 31 March 2026.", entries)


def test_what_lies_ahead_is_counted(tmp_path: Path, browser: Browser) -> None:
    root = project(tmp_path, CASES["a pending one"][0])
    build(root, root / "site", date(2026, 3, 5))

    with reading(browser, root / "site") as seen:
        told = []
        for day in (date(2026, 3, 5), date(2026, 3, 30), date(2026, 2, 1)):
            at(seen, day, "/privacy/")
            told.append(seen.page.locator(".notice strong").inner_text())

    assert told == [
        "A new version takes effect on 31 March 2026, in 26 days.",
        "A new version takes effect on 31 March 2026, tomorrow.",
        "A new version takes effect on 31 March 2026.",  # a clock that is wrong
    ]


def test_a_text_that_cannot_be_loaded_is_named_with_its_day(tmp_path: Path, browser: Browser) -> None:
    root = project(tmp_path, CASES["a pending one"][0])
    build(root, root / "site", date(2026, 3, 5))
    (root / "site" / "privacy" / "2026-03-01" / "index.html").unlink()

    with reading(browser, root / "site") as seen:
        at(seen, date(2026, 4, 1), "/privacy/")
        seen.page.locator("[role=status] p").wait_for()
        found = said(seen)

    assert (found["version"], found["standing"]) == ("2026-01-10", "superseded")
    assert (
        "The text below was in force through 30 March 2026. The text in force from 31 March 2026, version 2026-03-01, "
        "could not be loaded here: it stands at its own address." in str(found["words"])
    )


def test_nobody_waits_long_before_an_empty_page(tmp_path: Path, browser: Browser) -> None:
    root = project(tmp_path, CASES["a pending one"][0])
    build(root, root / "site", date(2026, 3, 5))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route) if route.request.resource_type == "fetch" else seen.serve(route)

    with reading(browser, root / "site") as seen:
        seen.page.route("**/*", hold)
        at(seen, date(2026, 4, 1), "/privacy/")
        first = said(seen)
        for wanted in range(2):
            seen.page.wait_for_function("() => true")
            while len(held) <= wanted:
                seen.page.wait_for_timeout(20)
            seen.serve(held[wanted])
        seen.page.locator("[role=status] p").wait_for()
        then = said(seen)

    assert (first["version"], "through 30 March 2026" in str(first["words"])) == ("2026-01-10", True)
    assert (then["version"], then["standing"]) == ("2026-03-01", "in force")


def test_links_of_a_text_from_another_page_lead_where_they_led(tmp_path: Path, browser: Browser) -> None:
    files = {**CASES["a pending one"][0], "terms/2026-01-10.md": version("2026-01-10", title="Terms")}
    root = project(tmp_path, files)
    build(root, root / "site", date(2026, 3, 5))

    with reading(browser, root / "site") as seen:
        at(seen, date(2026, 4, 1), "/privacy/")
        seen.page.locator("[role=status] p").wait_for()
        links = seen.page.locator("article p a").evaluate_all("(all) => all.map((one) => one.href)")
        told = seen.page.locator("[role=status]").inner_text()

    assert f"{HOST}/terms/" in links
    assert f"{HOST}/privacy/#privacy" in links
    assert told.startswith("This text took effect on 31 March 2026.")
    assert seen.foreign == []


CLAUSES = "# Privacy\n\n" + "".join(f"## Part {n}\n\nWe keep it for {{}} days.\n\nAnd no longer.\n\n" for n in range(9))


def test_a_text_from_another_page_keeps_its_contents_anchors_and_notes(tmp_path: Path, browser: Browser) -> None:
    files: dict[str, str | bytes] = {
        "privacy/2026-01-10.md": version("2026-01-10", body=CLAUSES.replace("{}", "30")),
        "privacy/2026-03-01.md": version("2026-03-01", body=CLAUSES.replace("{}", "60", 5)),
    }
    root = project(tmp_path, files)
    build(root, root / "site", date(2026, 3, 5))

    with reading(browser, root / "site") as seen:
        page = seen.page
        at(seen, date(2026, 4, 1), "/privacy/#part-4")
        page.locator("[role=status] p").wait_for()
        deep = page.evaluate("document.querySelector(':target').getBoundingClientRect().top")
        page.locator(".contents a", has_text="Part 3").click()
        reached = page.evaluate("document.querySelector(':target').getBoundingClientRect().top")
        notes = []
        for words in ("We keep it for 60 days.", "And no longer."):
            page.locator("article p", has_text=words).first.hover()
            notes.append(page.locator("#_at").inner_text())
        leads = page.locator("#_at a").first.get_attribute("href")
        page.locator(".since > summary").click()
        listed = page.locator(".since > ul > li").all_inner_texts()
        changed = page.locator(".since a", has_text="what changed").first.evaluate("(one) => one.href")
        page.goto(changed)

    assert 0 <= deep < 80
    assert 0 <= reached < 80
    assert [note.split("\n")[1] for note in notes] == [
        "In this wording since 31 March 2026 (what changed)",
        "In this wording since 10 January 2026",
    ]
    assert str(leads).startswith("#")
    assert listed[0].startswith("In this wording since 31 March 2026 (what changed)")
    assert listed[-1] == "In this wording since 10 January 2026: everything else"
    assert changed.startswith(f"{HOST}/privacy/2026-03-01/changes/")
    assert (seen.errors, seen.lost) == ([], [])


def test_before_that_day_its_own_page_says_nothing_of_it(tmp_path: Path, browser: Browser) -> None:
    root = project(
        tmp_path, {"privacy/a.md": version("2026-01-10"), "privacy/b.md": version("2026-03-01", body="All.")}
    )
    build(root, root / "site", date(2026, 3, 5))

    with reading(browser, root / "site") as seen:
        told = []
        for day in (date(2026, 3, 5), date(2026, 4, 1)):
            at(seen, day, "/privacy/b/")
            told.append(seen.page.locator(".since").count())

    assert told == [0, 0]


def test_policies_that_change_on_different_days_move_each_on_its_own(tmp_path: Path, browser: Browser) -> None:
    files: dict[str, str | bytes] = {
        f"{policy}/{name}.md": version("2026-01-10" if name == "a" else "2026-03-01", *more, title=policy.title())
        for policy, name, *more in [
            ("privacy", "a"),
            ("privacy", "b", "effective: 2026-04-10"),
            ("terms", "a"),
            ("terms", "b", "effective: 2026-05-10"),
        ]
    }
    root = project(tmp_path, files)
    build(root, root / "site", date(2026, 3, 5))
    told = {}

    with reading(browser, root / "site") as seen:
        for day in (date(2026, 4, 9), date(2026, 4, 10), date(2026, 5, 9), date(2026, 5, 10)):
            at(seen, day, "/")
            home = [each.split("Version ")[1][0] for each in seen.page.locator("ul.policies > li").all_inner_texts()]
            notices = seen.page.locator("ul.policies p", has_text="takes effect").count()
            pages = []
            for policy in ("privacy", "terms"):
                at(seen, day, f"/{policy}/")
                pages.append(said(seen)["version"])
            told[f"{day:%m-%d}"] = ("".join(home), "".join(map(str, pages)), notices)

    assert told == {
        "04-09": ("aa", "aa", 2),
        "04-10": ("ba", "ba", 1),
        "05-09": ("ba", "ba", 1),
        "05-10": ("bb", "bb", 0),
    }


def test_a_zone_that_the_browser_does_not_know_leaves_the_page_as_it_is(tmp_path: Path, browser: Browser) -> None:
    root = project(tmp_path, CASES["a pending one"][0])
    build(root, root / "site", date(2026, 3, 5))
    page = root / "site" / "privacy" / "index.html"
    page.write_text(page.read_text("utf-8").replace('data-timezone="UTC"', 'data-timezone="Mars/Olympus"'), "utf-8")

    with reading(browser, root / "site") as seen:
        at(seen, date(2026, 4, 1), "/privacy/")

        assert said(seen)["version"] == "2026-01-10"
        assert seen.errors == []


@pytest.mark.parametrize(
    "wakes",
    [
        "document.dispatchEvent(new Event('visibilitychange'))",
        "window.dispatchEvent(new Event('focus'))",
        "window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))",
    ],
)
def test_a_tab_that_stays_open_over_the_day_moves_on(wakes: str, tmp_path: Path, browser: Browser) -> None:
    root = project(tmp_path, CASES["a pending one"][0])
    build(root, root / "site", date(2026, 3, 5))

    with reading(browser, root / "site") as seen:
        at(seen, date(2026, 3, 30), "/privacy/")
        seen.page.clock.set_fixed_time(datetime(2026, 4, 1, tzinfo=timezone.utc))  # noqa: UP017 - as above
        seen.page.evaluate(wakes)
        seen.page.locator("[role=status] p").wait_for()

        assert said(seen)["version"] == "2026-03-01"


def test_a_tab_that_nobody_leaves_moves_on_at_midnight(tmp_path: Path, browser: Browser) -> None:
    root = project(tmp_path, CASES["a pending one"][0])
    build(root, root / "site", date(2026, 3, 5))

    with reading(browser, root / "site") as seen:
        seen.page.clock.install(time=datetime(2026, 3, 30, 23, 58, tzinfo=timezone.utc))  # noqa: UP017 - as above
        seen.page.goto(f"{HOST}/privacy/")
        before = seen.page.locator(".notice strong").inner_text()
        seen.page.clock.fast_forward("03:00")
        seen.page.locator("[role=status] p").wait_for()

        assert before == "A new version takes effect on 31 March 2026, tomorrow."
        assert said(seen)["version"] == "2026-03-01"
        assert seen.page.locator(".notice").count() == 0


# ------------------------------------------------------------------ a page from before, and a site made since

THIRD = ("2026-03-20", "effective: 2026-04-20")
SINCE: dict[str, tuple[dict[str, str | bytes], str, str]] = {
    "nothing else": (history(FIRST, ("2026-03-01",)), "2026-04-05", "2026-03-01"),
    "another is pending": (history(FIRST, ("2026-03-01",), THIRD), "2026-04-05", "2026-03-01"),
    "another is pending, made before the day": (history(FIRST, ("2026-03-01",), THIRD), "2026-03-25", "2026-03-01"),
    "another is in force": (history(FIRST, ("2026-03-01",), THIRD), "2026-04-25", "2026-03-20"),
    "another is in force, made before its day": (history(FIRST, ("2026-03-01",), THIRD), "2026-04-19", "2026-03-20"),
    "corrected": (history(FIRST, ("2026-03-01",), ("2026-03-20", "corrects: 2026-03-01")), "2026-04-05", "2026-03-20"),
    "postponed": (
        history(FIRST, ("2026-03-01", "postponed:", "  - {announced: 2026-03-20, to: 2026-06-01}")),
        "2026-04-05",
        "2026-01-10",
    ),
    "withdrawn": (history(FIRST, ("2026-03-01", "withdrawn: 2026-03-20")), "2026-04-05", "2026-01-10"),
    "an urgent one overtook it": (
        history(FIRST, ("2026-03-01",), ("2026-03-20", "effective: 2026-03-25", "reason: legal")),
        "2026-04-05",
        "2026-03-20",
    ),
}
"""What was done after 10 March, when the site was made again, and which version is in force on the day of reading."""


def two_sites(name: str, folder: Path) -> tuple[Path, Path, date]:
    """The site as of 10 March, the same as it was made again, and a day of reading."""
    files, built, _ = SINCE[name]
    root = project(folder, files)
    build(root, folder / "old", date(2026, 3, 10))
    build(root, folder / "new", date.fromisoformat(built))
    return folder / "old", folder / "new", max(date(2026, 4, 5), date.fromisoformat(built) + timedelta(1))


def serve_old(seen: Visit, old: Path, times: int) -> list[str]:
    """Answer for the page of the text in force with the old one, so many times; gives what was asked for of it."""
    asked: list[str] = []

    def answered(route: Route) -> None:
        asked.append(route.request.resource_type)
        if len(asked) > times:
            seen.serve(route)
        else:
            route.fulfill(body=(old / "privacy" / "index.html").read_bytes(), content_type="text/html")

    seen.page.context.route(f"{HOST}/privacy/", answered)
    return asked


@pytest.mark.parametrize("name", SINCE)
def test_a_page_that_a_browser_has_kept_is_loaded_again_once_the_site_is_another(
    name: str, tmp_path: Path, browser: Browser
) -> None:
    old, new, day = two_sites(name, tmp_path)

    with reading(browser, new) as seen:
        asked = serve_old(seen, old, 1)
        at(seen, day, "/privacy/")
        found = said(seen)

    assert asked[:3] == ["document", "fetch", "document"]
    assert (found["version"], found["standing"]) == (SINCE[name][2], "in force")
    assert (seen.errors, seen.lost) == ([], [])


@pytest.mark.parametrize("name", SINCE)
def test_a_page_that_stays_old_claims_nothing_that_the_site_denies(name: str, tmp_path: Path, browser: Browser) -> None:
    old, new, day = two_sites(name, tmp_path)

    with reading(browser, new) as seen:
        asked = serve_old(seen, old, 9)
        at(seen, day, "/privacy/")
        seen.page.locator("[data-told] p").wait_for()
        found = said(seen)
        moves = seen.page.locator("main").get_attribute("data-moves")

    assert asked == ["document", "fetch"]
    if SINCE[name][2] == "2026-03-01":
        assert (found["version"], found["standing"]) == ("2026-03-01", "in force")
        assert "2026-03-30" not in str(moves)
    else:
        assert (found["version"], found["standing"]) == ("2026-01-10", None)
        assert "was to be in force by now, says of itself that it is not." in str(found["words"])
    assert (seen.errors, seen.lost) == ([], [])


def test_a_tab_that_stays_open_over_the_day_is_loaded_again_where_the_site_is_another(
    tmp_path: Path, browser: Browser
) -> None:
    old, new, day = two_sites("withdrawn", tmp_path)

    with reading(browser, new) as seen:
        serve_old(seen, old, 1)
        at(seen, date(2026, 3, 15), "/privacy/")
        seen.page.clock.set_fixed_time(datetime(day.year, day.month, day.day, tzinfo=timezone.utc))  # noqa: UP017 - as above
        with seen.page.expect_navigation():
            seen.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

        assert said(seen)["version"] == "2026-01-10"
        assert seen.page.locator(".notice").count() == 0


# ------------------------------------------------------------------ what governed on a day


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = project(tmp_path_factory.mktemp("asked"), STANDINGS)
    build(root, root / "site", date(2026, 12, 1))
    return root / "site"


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("2025-01-09", "On 9 January 2025, nothing was in force. The first version to govern was version 1.0"),
        ("2025-04-01", "On 1 April 2025, Version 1.0 was in force: from 10 January 2025 through 9 May 2025"),
        (
            "2026-12-01",
            "On 1 December 2026, Version 2026-02-01 was in force: from 15 April 2026 through",
        ),
        ("2026-12-25", "By what was posted by 1 December 2026, Version 2026-11-20 is in force on 25 December 2026"),
        ("2025-02-30", "“2025-02-30” is no day. Write one as year-month-day"),
        ("2025-13-01", "“2025-13-01” is no day."),
        ("<b>%zz", "is no day."),
    ],
)
def test_a_day_is_answered_with_the_version_that_governed_on_it(
    day: str, answer: str, asked: Path, browser: Browser
) -> None:
    with reading(browser, asked) as seen:
        seen.page.goto(f"{HOST}/terms/on/#{day}")

        assert answer in seen.page.locator("#_answer").inner_text()
        assert (seen.errors, seen.lost) == ([], [])


def test_a_day_that_is_asked_for_shows_in_the_address_and_the_way_back_works(asked: Path, browser: Browser) -> None:
    with reading(browser, asked) as seen:
        seen.page.goto(f"{HOST}/terms/history/")
        seen.page.get_by_label("What governed on").fill("2025-04-01")
        seen.page.get_by_role("button", name="Show").click()
        seen.page.get_by_text("Version 1.0 was in force").wait_for()
        first = seen.page.url
        seen.page.get_by_label("What governed on").fill("2025-06-10")
        seen.page.get_by_role("button", name="Show").click()
        seen.page.get_by_text("Version 2025-06-01 was in force").wait_for()
        seen.page.go_back()
        seen.page.get_by_text("Version 1.0 was in force").wait_for()

    assert first == f"{HOST}/terms/on/#2025-04-01"


@pytest.mark.parametrize(
    ("language", "written"), [("en", "1 February 2026"), ("fa", "1 فوریهٔ 2026"), ("th", "1 กุมภาพันธ์ ค.ศ. 2026")]
)
def test_a_day_is_answered_in_the_words_in_which_the_page_writes_days(
    language: str, written: str, tmp_path: Path, browser: Browser
) -> None:
    root = project(tmp_path, history(FIRST), settings=f'[tool.inforce]\nlanguage = "{language}"\n')
    build(root, root / "site", date(2026, 3, 5))

    with reading(browser, root / "site") as seen:
        seen.page.goto(f"{HOST}/privacy/on/#2026-02-01")
        told = seen.page.locator("#_answer").inner_text()

    assert told.startswith(f"On {written}, Version 2026-01-10 was in force")


def test_a_correction_is_said_as_it_was_known_too(tmp_path: Path, browser: Browser) -> None:
    moved = ("2026-03-01", "effective: 2026-04-15", "postponed:", "  - {announced: 2026-03-20, to: 2026-06-01}")
    root = project(tmp_path, history(FIRST, moved, ("2026-03-10", "corrects: 2026-03-01")))
    build(root, root / "site", date(2026, 3, 25))

    with reading(browser, root / "site") as seen:
        seen.page.goto(f"{HOST}/privacy/on/#2026-03-15")
        told = seen.page.locator("#_answer").inner_text()

    assert told.count("was to take effect on 15 April 2026") == 2


def test_what_was_pending_on_a_day_is_said_as_it_was_known(asked: Path, browser: Browser) -> None:
    with reading(browser, asked) as seen:
        seen.page.goto(f"{HOST}/terms/on/#2026-02-25")
        told = seen.page.locator("#_answer").inner_text()

    assert "Version 2026-02-01 had been posted by then, and was to take effect on 1 May 2026" in told
