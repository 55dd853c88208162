"""What reading a whole history costs: our way beside plain git on the same objects.

    python bench/history.py REPOSITORY [--rounds 5] [--policies]

Each run is a process of its own and reads every Markdown text that any commit made, along the first parents, into
memory. The two ways take turns, so that a busy machine slows both alike; medians are shown. Plain git is one
`git log --raw` and one `git cat-file --batch` that is fed from a thread. With `--policies` the texts are made into
versions, too, as of a project that keeps each of them as an evolving file: that is the work of the whole source,
without a bar. The exit status is 1 if our way costs more than twice plain git, or more than 300 MB.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).resolve().parent.parent
TIMES, MEGABYTES = 2.0, 300.0


def plain(root: Path) -> int:
    """Read all texts with git alone; how many objects there are."""
    git = ["git", "-C", str(root)]
    words = ["log", "--first-parent", "-m", "--raw", "-z", "--no-abbrev", "--no-renames", "--format=%H %cI"]
    said = subprocess.run([*git, *words], stdout=subprocess.PIPE, check=True).stdout.split(b"\0")  # noqa: S603 - git
    pairs = pairwise(said)
    changes = [(one.lstrip(b"\n").split(b" "), path) for one, path in pairs if one.lstrip(b"\n").startswith(b":")]
    ids = list({facts[3]: None for facts, path in changes if path.endswith(b".md") and facts[4] != b"D"})

    def feed() -> None:
        assert process.stdin  # noqa: S101 - a pipe was asked for
        process.stdin.write(b"\n".join(ids) + b"\n")
        process.stdin.close()

    with subprocess.Popen(  # noqa: S603 - git
        [*git, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        Thread(target=feed).start()
        assert process.stdout  # noqa: S101 - a pipe was asked for
        texts = [process.stdout.read(int(process.stdout.readline().split()[2]) + 1) for _ in ids]
    return len(texts)


def ours(root: Path) -> int:
    """Read all texts as the program does; how many objects there are."""
    sys.path.insert(0, str(ROOT))
    from inforce.sources import repository

    with repository.open_(root) as repo:
        history = repo.history(["."])
        changes = (change for path, found in history.items() if path.endswith(".md") for change in found)
        ids = list({change.blob: None for change in changes if change.is_file})
        return len(list(repo.blobs(ids)))


def policies(root: Path) -> int:
    """Read all texts and make versions of them; how many there are."""
    sys.path.insert(0, str(ROOT))
    from inforce.settings import PolicySettings
    from inforce.sources import evolving, repository

    made = 0
    with repository.open_(root) as repo:
        history = repo.history(["."])
        for path, found in history.items():
            if path.endswith(".md") and found[-1].blob:
                own = PolicySettings(title=path, posted_from="commit")
                policy, _ = evolving.read(evolving.Kept(root / path, path, own, 30, "en"), root, repo, history)
                made += len(policy.versions) if policy else 0
    return made


WAYS = {"plain git": plain, "inforce": ours, "inforce, into versions": policies}


def cost(way: str, root: Path) -> tuple[float, float, str]:
    """Seconds on the clock, megabytes of the largest process, and what a run in a process of its own said."""
    began = time.perf_counter()
    child = subprocess.Popen([sys.executable, __file__, str(root), "--way", way], stdout=subprocess.PIPE)  # noqa: S603 - ourselves
    assert child.stdout  # noqa: S101 - a pipe was asked for
    said = child.stdout.read().decode().strip()
    child.stdout.close()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{way}: exit {child.returncode}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024, said


def main() -> int:
    """Run the ways in turns and print a line for each; 1 if ours is beyond its bar, else 0."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("repository", type=Path)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--policies", action="store_true", help="also make versions of all texts (takes a while)")
    arguments.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options = arguments.parse_args()
    root = options.repository.resolve()
    if options.way:
        print(WAYS[options.way](root))
        return 0

    names = list(WAYS) if options.policies else list(WAYS)[:2]
    runs: dict[str, list[tuple[float, float, str]]] = {name: [] for name in names}
    for _ in range(options.rounds):
        for name in names:
            runs[name].append(cost(name, root))
    seconds = {name: statistics.median(run[0] for run in found) for name, found in runs.items()}
    memory = {name: max(run[1] for run in found) for name, found in runs.items()}
    for name, found in runs.items():
        times = seconds[name] / seconds["plain git"]
        print(f"{name:24} {seconds[name]:7.2f} s {times:6.2f} x {memory[name]:6.0f} MB   {found[0][2]} read")
    beyond = seconds["inforce"] > TIMES * seconds["plain git"] or memory["inforce"] > MEGABYTES
    print(f"bar: {TIMES} x plain git, {MEGABYTES:.0f} MB: {'missed' if beyond else 'met'}")
    return int(beyond)


if __name__ == "__main__":
    sys.exit(main())
