"""How long redlines of real histories take, beside reading them.

    python bench/redline.py CLONE [--policies N]

CLONE is a git clone, bare or not, with one Markdown file a policy. Of the N policies with the longest histories every
version is read, woven and compared with the one before, by one reader that remembers blocks; and read alone by another
one, both with processor time alone, and both until nothing of it is in memory any more. What counts are the ratios and
medians: the bars are 1.5 times reading for all of it, and 2 ms for the median.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from inforce import markup
from inforce.cli import RUBBISH
from inforce.markdown import Reader
from inforce.pairing import Memory
from inforce.weave import Weave

if TYPE_CHECKING:
    from collections.abc import Sequence


def git(clone: Path, *arguments: str) -> str:
    """What git says of a clone."""
    command = ["git", "-C", str(clone), "-c", "core.quotePath=false", *arguments]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8", errors="replace").stdout  # noqa: S603  # the clone is the caller's


def longest(clone: Path, count: int) -> list[str]:
    """The files with the longest histories."""
    kept = set(git(clone, "ls-tree", "-r", "--name-only", "-z", "HEAD").split("\0"))
    names = git(clone, "log", "--format=", "--name-only", "--", "*.md").splitlines()
    found = Counter(name for name in names if name in kept and "README" not in name)
    return [name for name, _ in found.most_common(count)]


def history(clone: Path, name: str) -> list[str]:
    """The texts of a file, oldest first, each different from the one before."""
    commits = git(clone, "log", "--reverse", "--format=%H", "--diff-filter=AM", "--", name).split()
    asked = "".join(f"{commit}:{name}\n" for commit in commits).encode()
    command = ["git", "-C", str(clone), "cat-file", "--batch"]
    told = subprocess.run(command, check=True, capture_output=True, input=asked).stdout  # noqa: S603  # as above
    texts: list[str] = []
    at = 0
    while at < len(told):
        start = told.index(b"\n", at) + 1
        size = int(told[at:start].split()[-1])
        text = told[start : start + size].decode("utf-8", "replace")
        if not texts or text != texts[-1]:
            texts.append(text)
        at = start + size + 1
    return texts


def read(sources: Sequence[str]) -> None:
    """Read the texts of a history, by a reader that remembers blocks."""
    reader = Reader(strict=False)
    for source in sources:
        reader.read(source)


def compare(sources: Sequence[str]) -> list[float]:
    """Read them, weave them, and compare each with the one before: the seconds that each redline took."""
    reader = Reader(strict=False)
    texts = [reader.read(source) for source in sources]
    weave, memory = Weave.of(texts), Memory()
    took = []
    for k in range(1, len(texts)):
        start = time.process_time()
        markup.redline(texts[k - 1], texts[k], weave.same(k - 1, k), memory).html()
        took.append(time.process_time() - start)
    return took


def main() -> None:
    """Measure and print a line a policy."""
    parser = argparse.ArgumentParser(description="How long redlines of real histories take.")
    parser.add_argument("clone", type=Path)
    parser.add_argument("--policies", type=int, default=10, metavar="N")
    arguments = parser.parse_args()
    gc.set_threshold(*RUBBISH)  # as a build does
    each: list[float] = []
    alone = together = 0.0
    for name in longest(arguments.clone, arguments.policies):
        sources = history(arguments.clone, name)
        start = time.process_time()
        read(sources)
        reading = time.process_time() - start
        start = time.process_time()
        took = compare(sources)
        all_of_it = time.process_time() - start
        each += took
        alone += reading
        together += all_of_it
        median = 1e3 * statistics.median(took)
        ratio = all_of_it / reading
        print(
            f"{len(sources):4} versions  read {reading:6.2f} s  all {ratio:5.2f} x  a redline {median:6.2f} ms  {name}"
        )
    ordered = sorted(each)
    p95 = 1e3 * ordered[int(0.95 * len(ordered))]
    median = 1e3 * statistics.median(each)
    print(
        f"all of it {together / alone:.2f} x reading (bar 1.5); "
        f"a redline: median {median:.2f} ms (bar 2), p95 {p95:.1f} ms"
    )


if __name__ == "__main__":
    main()
