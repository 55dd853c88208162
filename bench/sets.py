"""Sets of policies to measure with: real histories, taken out of a git repository, each text a version file.

    python bench/sets.py REPOSITORY FOLDER [S M L one]

Every change of a Markdown file along the first parents becomes a version of a policy named after the file, posted on
the day of its commit; what changed twice on a day is a correction. The sets are

    S     one policy, its first 20 versions
    M     ten policies
    L     all of them
    one   the policy with the most versions

and each becomes a project of its own: FOLDER/S, FOLDER/M and so on. M names policies of the repository of the Platform
Governance Archive (https://github.com/OpenTermsArchive/pga-versions), from which the figures in docs/performance.md
are; with another repository it is the ten policies in the middle, by how many versions they have.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL = "Pinterest/Privacy Policy.md"
SMALL_VERSIONS = 20
MIDDLE = (
    "Facebook/Terms of Service.md",
    "LinkedIn/Community Guidelines.md",
    "Parler/Privacy Policy.md",
    "Pinterest/Privacy Policy.md",
    "Snapchat/Privacy Policy.md",
    "Spotify/Privacy Policy.md",
    "Telegram/Privacy Policy.md",
    "TikTok/Privacy Policy.md",
    "Twitch/Privacy Policy.md",
    "YouTube/Privacy Policy.md",
)
SETTINGS = """\
[tool.inforce]
title = "Policies of the archive"
base-url = "https://example.com"
notice-days = 0
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """One text as a commit kept it."""

    day: str
    blob: str


def histories(repository: Path) -> dict[str, list[Kept]]:
    """Of each Markdown file in a folder of the repository the texts that it had, oldest first."""
    words = ["log", "--reverse", "--first-parent", "-m", "--root", "--raw", "-z", "--no-abbrev", "--no-renames"]
    command = ["git", "-C", str(repository), *words, "--format=%H %cI"]
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.split(b"\0")  # noqa: S603 - git
    found: defaultdict[str, list[Kept]] = defaultdict(list)
    day = ""
    for word, path in pairwise([*said, b""]):
        stripped = word.lstrip(b"\n")
        if stripped.startswith(b":"):
            facts, name = stripped.decode().split(" "), path.decode(errors="surrogateescape")
            if "/" in name and name.endswith(".md") and facts[4] != "D":
                found[name].append(Kept(day, facts[3]))
        elif stripped.count(b" ") == 1 and stripped[40:41] == b" ":
            day = stripped.split(b" ")[1][:10].decode()
    return dict(sorted(found.items()))


def blobs(repository: Path, ids: list[str]) -> Iterator[bytes]:
    """The bytes of objects, in order."""
    command = ["git", "-C", str(repository), "cat-file", "--batch"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 - git
        assert process.stdin  # noqa: S101 - a pipe was asked for
        assert process.stdout  # noqa: S101 - a pipe was asked for
        feeder = Thread(target=_feed, args=(process.stdin.fileno(), "\n".join([*ids, ""]).encode()))
        feeder.start()
        for _ in ids:
            size = int(process.stdout.readline().split()[2])
            yield process.stdout.read(size + 1)[:size]
        feeder.join()


def _feed(descriptor: int, data: bytes) -> None:
    with open(descriptor, "wb", closefd=False) as pipe:
        pipe.write(data)


def chosen(found: dict[str, list[Kept]], name: str) -> dict[str, list[Kept]]:
    """The histories of a set."""
    by_size = sorted(found, key=lambda path: (len(found[path]), path))
    if name == "S":
        small = SMALL if SMALL in found else next(path for path in by_size if len(found[path]) >= SMALL_VERSIONS)
        return {small: found[small][:SMALL_VERSIONS]}
    if name == "M":
        middle = MIDDLE if all(path in found for path in MIDDLE) else by_size[len(by_size) // 2 - 5 :][:10]
        return {path: found[path] for path in middle}
    if name == "one":
        return {by_size[-1]: found[by_size[-1]]}
    return found


def laid(repository: Path, histories_: dict[str, list[Kept]], project: Path) -> tuple[int, int]:
    """Write a set as a project; gives how many versions and bytes it has."""
    project.mkdir(parents=True)
    (project / "pyproject.toml").write_text(SETTINGS, "utf-8")
    texts = blobs(repository, [kept.blob for found in histories_.values() for kept in found])
    versions = size = 0
    for path, found in histories_.items():
        title = path.removesuffix(".md").replace("/", " ")
        folder = project / "policies" / title.replace(" ", "-").lower()
        folder.mkdir(parents=True)
        together: defaultdict[str, int] = defaultdict(int)
        for kept in found:
            together[kept.day] += 1
            number = together[kept.day]
            again = f"\ncorrects: '{kept.day}'" if number > 1 else ""
            data = f"---\ntitle: {title}\nposted: {kept.day}{again}\n---\n".encode() + (next(texts) or b"\n")
            (folder / (f"{kept.day}-{number}.md" if number > 1 else f"{kept.day}.md")).write_bytes(data)
            versions, size = versions + 1, size + len(data)
    return versions, size


def main() -> int:
    """Write the sets that are asked for and say how large each is."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("repository", type=Path)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("sets", nargs="*", default=["S", "M", "L", "one"], metavar="SET")
    options = arguments.parse_args()
    found = histories(options.repository)
    for name in options.sets:
        picked = chosen(found, name)
        versions, size = laid(options.repository, picked, options.folder / name)
        print(f"{name:4} {len(picked):4} policies {versions:6,} versions {size / 1e6:7.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
