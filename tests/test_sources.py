from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inforce import sources
from inforce.errors import SurroundingsError
from inforce.settings import PolicySettings, Settings
from tests.histories import commit, start
from tests.projects import project, told, version

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from inforce.errors import Problem
    from inforce.model import Policy

FIRST = {"privacy/2026-01-10.md": version("2026-01-10")}
RENAME = "Rename it: letters, digits, -, . and _ make an address, such as privacy."


def read(root: Path, settings: Settings | None = None) -> tuple[list[Policy], list[Problem]]:
    return sources.read(root, settings or Settings())


# ------------------------------------------------------------------ what there is


def test_there_is_a_policy_for_each_folder_by_address(tmp_path: Path) -> None:
    files = {f"{name}/a.md": version("2026-01-10") for name in ("terms", "Privacy", "利用規約", "terms of use")}

    policies, problems = read(project(tmp_path, files))

    assert [policy.id for policy in policies] == ["Privacy", "terms", "terms-of-use", "利用規約"]
    assert problems == []


def test_what_is_set_for_one_policy_goes_before_what_is_set_for_the_site(tmp_path: Path) -> None:
    files = {f"{name}/a.md": version("2026-01-10") for name in ("privacy", "terms")}
    settings = Settings(
        notice_days=14,
        language="de",
        policies={"terms": PolicySettings(title="Our terms", notice_days=0, language="en-US")},
        lines={"terms": 3},
    )

    policies, problems = read(project(tmp_path, files), settings)

    assert [(one.notice, one.language, one.given_title) for one in policies] == [
        (14, "de", ""),
        (0, "en-US", "Our terms"),
    ]
    assert problems == []


@pytest.mark.parametrize("name", [".git/a.md", "_drafts/a.md", "notes.txt", "README.md", ".DS_Store"])
def test_hidden_and_other_entries_are_no_policies(tmp_path: Path, name: str) -> None:
    policies, problems = read(project(tmp_path, {**FIRST, name: version("2026-01-10")}))

    assert [policy.id for policy in policies] == ["privacy"]
    assert problems == []


def test_a_link_that_leads_nowhere_and_is_no_markdown_is_no_policy(tmp_path: Path) -> None:
    root = project(tmp_path, FIRST)
    (root / "policies/terms").symlink_to(root / "policies/terms")

    policies, _ = read(root)

    assert [policy.id for policy in policies] == ["privacy"]


def test_a_policy_is_a_folder_or_a_file(tmp_path: Path) -> None:
    root = project(tmp_path, FIRST)
    os.mkfifo(root / "policies/terms.md")

    assert told(lambda: read(root)) == [
        "policies/terms.md: terms.md is no file",
        "Put the policy itself in its place.",
    ]


def test_a_folder_without_a_version_is_a_warning(tmp_path: Path) -> None:
    policies, problems = read(project(tmp_path, {**FIRST, "terms/README.md": "soon"}))

    assert [policy.id for policy in policies] == ["privacy"]
    assert [str(one) for one in problems] == [
        "policies/terms: warning: terms holds no version\n  Put a Markdown file into it, or remove the folder."
    ]


def test_a_folder_of_pictures_beside_the_policies_is_told_where_they_belong(tmp_path: Path) -> None:
    _, problems = read(project(tmp_path, {**FIRST, "pictures/seal.png": b""}))

    assert [str(one) for one in problems] == [
        (
            "policies/pictures: warning: pictures holds no version\n"
            "  Pictures lie beside the versions that show them: move them into the policy's folder."
        )
    ]


def test_a_version_that_lies_too_deep_is_a_warning(tmp_path: Path) -> None:
    root = project(tmp_path, {"privacy/a.md": version("2026-01-10"), "privacy/de/b.md": version("2026-01-11")})

    policies, problems = sources.read(root, Settings())

    assert [len(policy.versions) for policy in policies] == [1]
    assert [(problem.severity, problem.code) for problem in problems] == [("warning", "version-in-subfolder")]


def test_an_evolving_file_without_a_history_is_refused_once_all_else_is_well(tmp_path: Path) -> None:
    root = project(tmp_path, {**FIRST, "terms.md": version("2026-01-10")})

    with pytest.raises(SurroundingsError, match="there is no git repository here"):
        read(root)
    (root / "policies/privacy/2026-01-11.md").write_text("x", "utf-8")

    assert told(lambda: read(root))[0] == "policies/privacy/2026-01-11.md:1: there is no front matter"


def test_a_version_file_beside_the_policies_is_told_with_a_history_and_without(tmp_path: Path) -> None:
    files = {"privacy/a.md": version("2026-01-10"), "2026-11-20.md": version("2026-11-20"), "terms.md": version("x")}
    root = project(start(tmp_path), files)
    what = "2026-11-20.md is a policy by itself, and no version of another: it lies in no policy's folder"
    remedy = "Move it into the policy's folder, such as policies/privacy/."

    with pytest.raises(SurroundingsError) as raised:
        sources.read(root, Settings())
    (root / "policies" / "terms.md").unlink()
    commit(root, "2026-11-20", {})
    _, problems = sources.read(root, Settings())

    assert raised.value.what.startswith(f"policies/2026-11-20.md: {what}; ")
    assert raised.value.remedy == remedy
    assert [str(one) for one in problems] == [f"policies/2026-11-20.md: warning: {what}\n  {remedy}"]
    assert problems[0].code == "policy-named-for-a-day"


def test_settings_for_a_policy_that_is_not_there_are_a_warning(tmp_path: Path) -> None:
    settings = Settings(
        policies={"privcy": PolicySettings(), "zebra": PolicySettings()}, lines={"privcy": 3, "zebra": 5}
    )

    _, problems = read(project(tmp_path, FIRST), settings)

    assert sorted(map(str, problems)) == [
        (
            "pyproject.toml:3: warning: there are settings for privcy, which is no policy\n"
            "  Did you mean [tool.inforce.policies.privacy]?"
        ),
        "pyproject.toml:5: warning: there are settings for zebra, which is no policy\n  Remove the table.",
    ]


# ------------------------------------------------------------------ what is wrong


def test_all_that_is_wrong_in_all_policies_is_told_at_once(tmp_path: Path) -> None:
    files = {
        **FIRST,
        "cookies/a.md": "no front matter",
        "empty/README.md": "soon",
        "feed.xml/a.md": version("2026-01-10"),
        "terms/a.md": version("2026-13-01"),
    }

    lines = told(lambda: read(project(tmp_path, files)))

    assert lines[::2] == [
        "policies/cookies/a.md:1: there is no front matter",
        "policies/empty: empty holds no version",
        "policies/feed.xml: feed.xml cannot be a policy: feed.xml is an address of the site's own",
        "policies/terms/a.md:3: posted is 2026-13-01, a day that no calendar has",
    ]
    assert lines[5] == RENAME


@pytest.mark.parametrize("name", ["a+b", "a\nb", "a\u200cb", "index.html", "On"])
def test_a_policy_has_a_name_that_is_fit_for_an_address(tmp_path: Path, name: str) -> None:
    what, remedy = told(lambda: read(project(tmp_path, {**FIRST, f"{name}/a.md": version("2026-01-10")})))

    assert what.startswith(f"policies/{name}: {name} cannot be a policy: ")
    assert remedy == RENAME


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    root = project(tmp_path, FIRST)
    Path(os.fsdecode(b"%s/policies/a\xff" % os.fsencode(root))).mkdir()

    assert told(lambda: read(root))[0] == (
        "policies/a\udcff: a\udcff cannot be a policy: its name holds U+DCFF, and it is to be an address"
    )


@pytest.mark.parametrize(("one", "other"), [("Privacy", "privacy"), ("caf\u00e9", "cafe\u0301"), ("a b", "a-b")])
def test_twins_are_refused(tmp_path: Path, one: str, other: str) -> None:
    first, second = sorted([one, other])
    files = {f"{name}/a.md": version("2026-01-10") for name in (one, other)}

    assert told(lambda: read(project(tmp_path, files))) == [
        f"policies/{second}: {second} and {first} would share one address",
        "Rename one of the two.",
    ]


def test_a_folder_and_a_file_of_one_name_are_twins(tmp_path: Path) -> None:
    assert told(lambda: read(project(tmp_path, {**FIRST, "privacy.md": version("2026-01-10")}))) == [
        "policies/privacy.md: privacy.md and privacy would share one address",
        "Rename one of the two.",
    ]


def test_a_link_is_no_policy(tmp_path: Path) -> None:
    root = project(tmp_path, FIRST)
    (root / "policies/terms").symlink_to(root / "policies/privacy")
    (root / "policies/cookies.md").symlink_to(root / "nowhere")

    assert told(lambda: read(root)) == [
        "policies/cookies.md: cookies.md is a link",
        "Put the policy itself in its place.",
        "policies/terms: terms is a link",
        "Put the policy itself in its place.",
    ]


def test_the_folder_of_all_policies_is_no_link_either(tmp_path: Path) -> None:
    project(tmp_path / "elsewhere", FIRST)
    (tmp_path / "policies").symlink_to(tmp_path / "elsewhere" / "policies")

    assert told(lambda: read(tmp_path)) == ["policies: policies is a link", "Put the folder itself in its place."]


def test_a_folder_that_we_may_not_read_is_named(
    shut: tuple[Path, Callable[[Path], AbstractContextManager[None]]],
) -> None:
    root, shutting = shut
    project(root, {**FIRST, "privacy/pictures/seal.png": b""})

    with shutting(root / "policies/privacy/pictures"):
        lines = told(lambda: read(root))

    assert lines[:2] == [
        "policies/privacy: privacy cannot be read: Permission denied",
        "Look at the permissions of what is in it.",
    ]


def test_the_folder_of_all_policies_may_be_read(
    shut: tuple[Path, Callable[[Path], AbstractContextManager[None]]],
) -> None:
    root, shutting = shut
    project(root, FIRST)

    with shutting(root / "policies"):
        lines = told(lambda: read(root))

    assert lines == ["policies: policies cannot be read: Permission denied", "Look at the permissions of the folder."]


def test_a_project_without_policies_says_how_to_begin(tmp_path: Path) -> None:
    remedies = "Write the first policy: policies/privacy/2026-03-01.md."

    assert told(lambda: read(tmp_path)) == ["policies: there is no folder policies/", remedies]
    assert told(lambda: read(project(tmp_path, {}))) == [
        "policies: there are no policies",
        "Write the first one: policies/privacy/2026-03-01.md.",
    ]


def test_a_file_in_the_place_of_the_folder_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "policies").write_text("terms", "utf-8")

    assert told(lambda: read(tmp_path))[0] == "policies: there is no folder policies/"


def test_settings_for_an_evolving_file_are_doubtful_where_the_policy_is_a_folder(tmp_path: Path) -> None:
    root = project(tmp_path, {"privacy/a.md": version("2026-01-10")})
    own = PolicySettings(paths=("policies/old.md",), posted_from="commit")

    _, problems = sources.read(root, Settings(policies={"privacy": own}, lines={"privacy": 3}))

    assert [(one.code, one.severity, one.what) for one in problems] == [
        (
            "settings-for-files",
            "warning",
            f"{key} is set for privacy, which is a folder: it is only read for a policy kept as one file",
        )
        for key in ("paths", "posted-from")
    ]
