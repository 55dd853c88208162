"""What surrounds the package: locks, wheel, the commands of a fresh machine, and the workflows."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from inforce import settings

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / ".ci" / "requirements.txt"
LOCK_OF_TESTS = ROOT / ".ci" / "requirements-dev.txt"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
STARTERS = sorted((ROOT / "starter" / ".github" / "workflows").glob("*.yml"))
"""The workflows with which a project begins."""
GUIDE = (ROOT / "docs" / "ci.md").read_text("utf-8")


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def locked(lock: Path) -> dict[str, str]:
    """Name and version of each package of a lock."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock.read_text("utf-8"), re.MULTILINE))


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment}
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=60, check=False)


# ------------------------------------------------------------------ locks


@pytest.mark.parametrize("lock", [LOCK, LOCK_OF_TESTS], ids=lambda lock: lock.name)
def test_a_lock_holds_every_requirement_in_a_version_that_is_allowed(lock: Path) -> None:
    wanted = [*project()["project"]["dependencies"], *project()["build-system"]["requires"]]
    wanted += project()["dependency-groups"]["dev"] if lock == LOCK_OF_TESTS else []

    versions = locked(lock)

    for requirement in map(Requirement, wanted):
        assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)]), requirement


@pytest.mark.parametrize("lock", [LOCK, LOCK_OF_TESTS], ids=lambda lock: lock.name)
def test_every_package_of_a_lock_has_hashes_and_none_names_where_it_came_from(lock: Path) -> None:
    packages = re.split(r"\n(?=[a-z0-9])", lock.read_text("utf-8"))[1:]

    assert len(packages) == len(locked(lock))
    for package in packages:
        lines = package.rstrip().splitlines()
        assert re.fullmatch(r"[a-z0-9-]+==[0-9.]+( ; [^\\]+)? \\", lines[0])
        assert lines[1:]
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in lines[1:])


def test_the_lock_of_the_tests_holds_that_of_the_site_unchanged() -> None:
    assert locked(LOCK).items() <= locked(LOCK_OF_TESTS).items()


# ------------------------------------------------------------------ the package


def test_each_dependency_has_one_module_as_its_only_door() -> None:
    of = {
        name: {canonicalize_name(each) for each in distributions}
        for name, distributions in packages_distributions().items()
    }
    doors: dict[str, set[str]] = {}
    for path in sorted((ROOT / "inforce").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = {node.module or ""}
            else:
                continue
            for name in names:
                for distribution in of.get(name.partition(".")[0], ()):
                    doors.setdefault(distribution, set()).add(path.relative_to(ROOT).as_posix())

    declared = {canonicalize_name(Requirement(each).name) for each in project()["project"]["dependencies"]}
    ours = {"inforce", "markupsafe", "pyyaml"}  # what comes with another one shares its door
    assert doors.keys() - ours <= declared
    assert {name: modules for name, modules in doors.items() if name not in ours and len(modules) > 1} == {}
    assert doors["pyyaml"] <= doors["python-frontmatter"]
    assert doors["markupsafe"] <= doors["jinja2"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive, and the wheel made from that archive in another folder."""
    out = tmp_path_factory.mktemp("dist")
    made = run(sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", out)
    assert made.returncode == 0, made.stderr
    opened = run(sys.executable, "-m", "tarfile", "--extract", next(out.glob("*.tar.gz")), out)
    assert opened.returncode == 0, opened.stderr
    unpacked = next(path for path in out.iterdir() if path.is_dir())
    made = run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", out, cwd=unpacked)
    assert made.returncode == 0, made.stderr
    return out


def test_the_wheel_carries_the_package_its_templates_and_how_a_project_begins_and_nothing_else(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}

    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "inforce").rglob("*") if path.is_file()}
    beside = {
        f"inforce/{path.relative_to(ROOT).as_posix()}"
        for folder in ("starter", "templates")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    assert names == {name for name in modules if "__pycache__" not in name} | beside


def test_the_wheel_is_the_same_whether_made_from_the_checkout_or_from_the_source_archive(
    built: Path, tmp_path: Path
) -> None:
    made = run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", tmp_path)

    assert made.returncode == 0, made.stderr
    assert next(tmp_path.glob("*.whl")).read_bytes() == next(built.glob("*.whl")).read_bytes()


# ------------------------------------------------------------------ the commands of a fresh machine


def test_build_py_does_what_inforce_build_does(tmp_path: Path) -> None:
    (tmp_path / "policies" / "terms").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('[tool.inforce]\ntitle = "Larkfield Looms"\n', "utf-8")
    (tmp_path / "policies" / "terms" / "2026-01-10.md").write_text(
        "---\ntitle: Terms\nposted: 2026-01-10\n---\n\n# Terms\n\nBe kind to us.\n", "utf-8"
    )
    words = ["--root", str(tmp_path), "--on", "2026-02-01", "--out"]

    script = run(sys.executable, "build.py", *words, str(tmp_path / "script"))
    command = run(sys.executable, "-m", "inforce", "build", *words, str(tmp_path / "command"))

    assert (script.returncode, command.returncode) == (0, 0), script.stderr + command.stderr
    manifests = [(tmp_path / out / "manifest.json").read_bytes() for out in ("script", "command")]
    assert manifests[0] == manifests[1]


def build_py_with(cli: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What build.py says beside a package whose cli is this."""
    shutil.copy(ROOT / "build.py", folder)
    (folder / "inforce").mkdir()
    shutil.copy(ROOT / "inforce/__main__.py", folder / "inforce")
    (folder / "inforce" / "__init__.py").write_text("", "utf-8")
    (folder / "inforce" / "cli.py").write_text(cli, "utf-8")
    return run(sys.executable, "build.py", cwd=folder)


def test_build_py_says_what_to_run_where_a_dependency_is_not_there(tmp_path: Path) -> None:
    said = build_py_with("import no_such_dependency\n", tmp_path)

    assert said.returncode == 3
    assert "No module named 'no_such_dependency'" in said.stderr
    assert "`make site`" in said.stderr
    assert "Traceback" not in said.stderr


def test_build_py_ends_quietly_with_ctrl_c_while_it_is_loaded(tmp_path: Path) -> None:
    said = build_py_with("raise KeyboardInterrupt\n", tmp_path)

    assert (said.returncode, said.stdout, said.stderr) == (130, "", "")


def test_build_py_lets_a_mistake_of_our_own_keep_its_traceback(tmp_path: Path) -> None:
    said = build_py_with("import inforce.no_such_module\n", tmp_path)

    assert said.returncode == 1
    assert "Traceback" in said.stderr


def test_make_lists_every_target_with_a_line_of_its_own() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)

    said = run("make", "--no-print-directory", MAKEFLAGS="")

    assert said.returncode == 0, said.stderr
    assert [line.split()[0] for line in said.stdout.splitlines()[1:]] == targets
    assert all(len(line.split()) > 1 for line in said.stdout.splitlines())


def test_a_machine_without_a_python_that_is_new_enough_is_told_so(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    old.chmod(0o755)
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "venv", tmp_path / ".ci")

    said = run(tmp_path / ".ci" / "venv", LOCK, cwd=tmp_path, PYTHON=str(old))

    assert said.returncode == 3
    assert "No Python 3.11 or newer was found" in said.stderr
    assert not (tmp_path / ".venv").exists()


# ------------------------------------------------------------------ workflows


def named(workflow: Path) -> str:
    return workflow.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("workflow", [*WORKFLOWS, *STARTERS], ids=named)
def test_actions_are_pinned_by_commit_id_with_the_version_beside_it(workflow: Path) -> None:
    uses = re.findall(r"uses: (.+)", workflow.read_text("utf-8"))

    assert uses
    for used in uses:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\$/\.github/workflows/[\w-]+\.yml", used)


def test_an_action_is_used_in_one_version_only() -> None:
    pins = {
        pin for workflow in (*WORKFLOWS, *STARTERS) for pin in re.findall(r"uses: (.+) #", workflow.read_text("utf-8"))
    }

    assert len(pins) == len({pin.partition("@")[0] for pin in pins})


@pytest.mark.parametrize("workflow", [*WORKFLOWS, *STARTERS], ids=named)
def test_a_workflow_checks_out_the_whole_history_and_keeps_no_token(workflow: Path) -> None:
    read = yaml.safe_load(workflow.read_text("utf-8"))
    steps = [step for job in read["jobs"].values() for step in job.get("steps", [])]

    for step in steps:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["fetch-depth"] == 0
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("workflow", [*WORKFLOWS, *STARTERS], ids=named)
def test_a_workflow_grants_nothing_but_what_a_job_asks_for_by_itself(workflow: Path) -> None:
    read = yaml.safe_load(workflow.read_text("utf-8"))

    assert read["permissions"] == {}
    assert all("permissions" in job for job in read["jobs"].values())
    assert "pull_request_target" not in workflow.read_text("utf-8")


def test_the_job_that_runs_the_build_cannot_write() -> None:
    for workflow in (*WORKFLOWS, *STARTERS):
        jobs = yaml.safe_load(workflow.read_text("utf-8"))["jobs"].values()
        for job in jobs:
            if any("run" in step for step in job.get("steps", [])):
                assert "write" not in job["permissions"].values()


@pytest.mark.parametrize("workflows", [WORKFLOWS, STARTERS], ids=["ours", "of a new project"])
def test_the_site_is_published_on_every_change_of_main_every_day_and_by_hand(workflows: list[Path]) -> None:
    read = {workflow.name: yaml.safe_load(workflow.read_text("utf-8")) for workflow in workflows}
    publish, daily = (read[name][True] for name in ("publish.yml", "daily.yml"))  # YAML takes the key `on` for a yes

    minute = daily["schedule"][0]["cron"].split()[0]

    assert publish["push"] == {"branches": ["main"]}
    assert publish.keys() == {"push", "workflow_dispatch", "workflow_call"}
    assert int(minute) % 2 == 1
    assert read["daily.yml"]["jobs"]["publish"]["uses"] == "$/.github/workflows/publish.yml"


@pytest.mark.parametrize("folder", [ROOT, ROOT / "starter"], ids=["ours", "of a new project"])
def test_the_site_is_built_every_day_in_its_own_time_zone(folder: Path) -> None:
    daily = yaml.safe_load((folder / ".github" / "workflows" / "daily.yml").read_text("utf-8"))

    (schedule,) = daily[True]["schedule"]

    assert schedule["timezone"] == settings.read(folder).timezone
    assert schedule["cron"].split()[1] == "0"


def test_a_new_project_has_our_workflows_but_for_how_inforce_is_had_and_what_is_tested() -> None:
    for theirs, ours in zip(STARTERS, WORKFLOWS, strict=True):
        told = set(theirs.read_text("utf-8").splitlines()) - set(ours.read_text("utf-8").splitlines())
        code = {line.strip() for line in told if not line.startswith("#")}

        assert theirs.name == ours.name
        assert code <= {
            "defaults:",
            "run:",
            "working-directory: . # where in the repository the policies are kept",
            "- name: Install inforce",
            "run: python -m pip install --requirement requirements.txt",
            "run: inforce build",
            "run: inforce check --strict --format github",
            'run: inforce redline --since "origin/$GITHUB_BASE_REF" >> "$GITHUB_STEP_SUMMARY"',
        }


def test_a_new_project_installs_nothing_under_a_name_that_anybody_could_take() -> None:
    lines = (ROOT / "starter" / "requirements.txt").read_text("utf-8").splitlines()

    assert [Requirement(line).url for line in lines if not line.startswith("#")] == [
        "git+https://HOST/OWNER/inforce@FULL-COMMIT-ID"
    ]


def test_the_files_and_addresses_that_the_guide_for_ci_names_are_there() -> None:
    targets = re.findall(r"\]\(((?:\.\./|[\w-]+\.)[^)#\s]+)", GUIDE)  # an example leads where its own site does
    anchors = re.findall(r"\]\(#([\w-]+)\)", GUIDE)
    headings = {
        re.sub(r"[^\w -]", "", title).lower().replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    }

    assert all((ROOT / "docs" / target).exists() for target in targets)
    assert set(anchors) <= headings


def test_the_gitlab_pipeline_of_the_guide_does_what_the_workflows_do() -> None:
    example = re.search(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    assert example

    pipeline = yaml.safe_load(example[1])

    assert pipeline["variables"]["GIT_DEPTH"] == "0"
    assert pipeline["pages"]["artifacts"]["paths"] == ["public"]
    assert pipeline["pages"]["script"] == [".venv/bin/inforce build --out public"]
    assert ".venv/bin/inforce check --strict" in pipeline["check"]["script"]


def test_the_hook_before_a_commit_is_a_command_of_ours_and_the_one_that_the_guide_shows() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    looked_at = re.compile(hook["files"])

    assert hook["entry"] == "inforce check"
    assert hook["pass_filenames"] is False
    assert f"- id: {hook['id']}" in GUIDE
    assert all(map(looked_at.search, ["policies/privacy/2026-01-10.md", "templates/base.html", "pyproject.toml"]))
    assert not any(map(looked_at.search, ["README.md", "docs/policies/a.md", "other/pyproject.toml"]))
