"""What a whole site costs: inforce with all its redlines beside other generators, which make plain pages only.

    python bench/sets.py REPOSITORY FOLDER
    python bench/peers.py FOLDER/M [--rounds 5] [--jobs 2] [--hugo PATH] [--only inforce,hugo]

Every generator gets the same version files and makes a page for each version, an index for each policy and, where it
can, a feed of fifty; inforce makes its whole site. Each run is a process of its own, its output folder removed before;
the generators take turns, so that a busy machine slows all of them alike. Those that are not installed are left out.
Seconds on the clock and of the processor (user and system, children included) are medians, memory is that of the
largest single process. What counts are the ratios to Hugo in the same run.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent
ON = "2026-12-01"
"""A day after the last version of the sets."""
REFERENCE = "hugo"

HUGO = {
    "hugo.toml": """\
baseURL = "https://example.com/"
title = "Policies"
disableKinds = ["taxonomy", "term"]
[frontmatter]
date = ["posted"]
[services.rss]
limit = 50
[[module.mounts]]
source = "{policies}"
target = "content"
""",
    "layouts/_default/single.html": """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head>
<body><main><h1>{{ .Title }}</h1><p>Posted {{ .Date.Format "2006-01-02" }}</p><article>{{ .Content }}</article></main>
</body></html>
""",
    "layouts/_default/list.html": """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head>
<body><main><h1>{{ .Title }}</h1><ul>{{ range .Pages.ByDate.Reverse }}
<li><a href="{{ .RelPermalink }}">{{ .Title }} {{ .Date.Format "2006-01-02" }}</a></li>{{ end }}</ul></main>
</body></html>
""",
}
ELEVENTY = {
    "eleventy.config.js": """\
module.exports = (config) => {
  config.addGlobalData("layout", "page.liquid");
  config.setUseGitIgnore(false);
  return { markdownTemplateEngine: false, dir: { input: "content", includes: "../layouts", output: "../out" } };
};
""",
    "layouts/page.liquid": """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><main><h1>{{ title }}</h1><p>Posted {{ posted }}</p><article>{{ content }}</article></main></body></html>
""",
}
PELICAN = {
    "pelicanconf.py": """\
PATH = "content"
OUTPUT_PATH = "out"
SITEURL = "https://example.com"
TIMEZONE = "UTC"
DEFAULT_DATE = (2026, 1, 1)
ARTICLE_PATHS = [""]
USE_FOLDER_AS_CATEGORY = True
ARTICLE_URL = "{category}/{slug}/"
ARTICLE_SAVE_AS = "{category}/{slug}/index.html"
SLUGIFY_SOURCE = "basename"
TAG_SAVE_AS = AUTHOR_SAVE_AS = ""
CACHE_CONTENT = False
FEED_ALL_ATOM = "feed.xml"
CATEGORY_FEED_ATOM = None
""",
}
MKDOCS = {
    "mkdocs.yml": """\
site_name: Policies
docs_dir: content
site_dir: out
plugins: []
theme: {name: null, custom_dir: layouts}
""",
    "layouts/main.html": """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ page.title }}</title></head>
<body><main><article>{{ page.content }}</article></main></body></html>
""",
}
JEKYLL = {
    "_config.yml": """\
title: Policies
source: content
destination: out
defaults: [{scope: {path: ""}, values: {layout: page}}]
""",
    "content/_layouts/page.html": """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ page.title }}</title></head>
<body><main><h1>{{ page.title }}</h1><p>Posted {{ page.posted }}</p><article>{{ content }}</article></main></body>
</html>
""",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One way to make a site."""

    program: str
    command: tuple[str, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    """What stands in its folder besides the policies."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run cost."""

    wall: float
    cpu: float
    megabytes: float


def ways(project: Path, hugo: str, jobs: int) -> dict[str, Way]:
    """All ways that are installed, by name; each runs in a folder of its own and writes ``out`` in it."""
    ours = (sys.executable, "-m", "inforce", "build", "--root", str(project), "--out", "out", "--on", ON)
    python = str(Path(sys.executable).parent)
    found = {
        **{
            f"inforce, {number} process{'es' if number > 1 else ''}": Way(
                sys.executable, (*ours, "--no-cache", "--jobs", str(number))
            )
            for number in sorted({jobs, 1}, reverse=True)
        },
        REFERENCE: Way(hugo, (hugo, "--quiet", "--buildFuture", "--destination", "out"), HUGO),
        "eleventy": Way("eleventy", ("eleventy", "--quiet"), ELEVENTY),
        "pelican": Way("pelican", ("pelican", "--quiet", "content", "-s", "pelicanconf.py"), PELICAN),
        "mkdocs": Way("mkdocs", ("mkdocs", "build", "--quiet"), MKDOCS),
        "jekyll": Way("jekyll", ("jekyll", "build", "--quiet"), JEKYLL),
    }
    path = os.pathsep.join([python, os.environ.get("PATH", os.defpath)])
    return {name: way for name, way in found.items() if shutil.which(way.program, path=path)}


def laid(way: Way, project: Path, folder: Path) -> None:
    """Write what a generator needs into its folder."""
    folder.mkdir()
    for name, content in way.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content.replace("{policies}", str(project / "policies")), "utf-8")
    if way.files and way.files is not HUGO:
        shutil.copytree(project / "policies", folder / "content", dirs_exist_ok=True)


def cost(way: Way, folder: Path) -> Cost:
    """Run one in its folder, from nothing. Raises SystemExit with its own words if it fails."""
    shutil.rmtree(folder / "out", ignore_errors=True)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "HUGO_ENVIRONMENT": "production"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        child = subprocess.Popen(way.command, cwd=folder, env=environment, stdout=said, stderr=said)  # noqa: S603 - our own commands
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            said.seek(0)
            sys.exit(f"{' '.join(way.command)} failed:\n{said.read().decode(errors='replace')}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> int:
    """Run all ways in turns and print a line for each."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("project", type=Path, help="a set that bench/sets.py wrote")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--jobs", type=int, default=2, help="processes of ours (default: 2)")
    arguments.add_argument("--hugo", default="hugo", help="where Hugo is, if it is not on the path")
    arguments.add_argument("--only", default="", help="the beginnings of names, parted by commas")
    options = arguments.parse_args()
    project = options.project.resolve()
    wanted = tuple(filter(None, options.only.split(",")))
    with tempfile.TemporaryDirectory() as scratch:
        found = ways(project, options.hugo, options.jobs)
        named = {name: way for name, way in found.items() if not wanted or name.startswith(wanted)}
        folders = {name: Path(scratch) / str(number) for number, name in enumerate(named)}
        for name, way in named.items():
            laid(way, project, folders[name])
        costs: dict[str, list[Cost]] = {name: [] for name in named}
        for _ in range(options.rounds):
            for name, way in named.items():
                costs[name].append(cost(way, folders[name]))
    report(costs)
    return 0


def report(costs: Mapping[str, list[Cost]]) -> None:
    """Print medians, and ratios to Hugo where it ran."""
    medians = {
        name: Cost(
            statistics.median(one.wall for one in each),
            statistics.median(one.cpu for one in each),
            max(one.megabytes for one in each),
        )
        for name, each in costs.items()
    }
    first = medians.get(REFERENCE)
    print(f"{'':24}{'wall s':>9}{'least':>9}{'cpu s':>9}{'MB':>8}" + ("    x Hugo: wall, cpu, MB" if first else ""))
    for name, one in medians.items():
        least = min(each.wall for each in costs[name])
        times = (
            f"{one.wall / first.wall:12.2f}{one.cpu / first.cpu:8.2f}{one.megabytes / first.megabytes:8.3f}"
            if first
            else ""
        )
        print(f"{name:24}{one.wall:9.2f}{least:9.2f}{one.cpu:9.2f}{one.megabytes:8.0f}{times}")


if __name__ == "__main__":
    sys.exit(main())
