"""What the commands cost from a cold start: CPU seconds beside those of a bare Python.

    python bench/startup.py [--runs 15]

Each run is a process of its own, and the commands take turns, so that a busy machine slows all of them alike.
CPU seconds are user and system time as the kernel counts them for the process and its children; the median is shown.
The exit status is 1 if a command costs more than its bar.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ON = "2026-12-01"
"""A day on which the sample has a version in force and one pending."""


def cpu_seconds(command: list[str]) -> float:
    """Run a command from the root of the checkout and give what it cost.

    Raises SystemExit with the command's own words if it fails.
    """
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said)  # noqa: S603 - our own commands
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            said.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{said.read().decode(errors='replace')}")
    return usage.ru_utime + usage.ru_stime


def main() -> int:
    """Time the commands in turns and print a line for each; 1 if one of them misses its bar, else 0."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--runs", type=int, default=15, help="of each command (default: 15)")
    runs = arguments.parse_args().runs

    with tempfile.TemporaryDirectory() as scratch:
        build = [sys.executable, "-m", "inforce", "build", "--on", ON]
        again = ["--cache", f"{scratch}/cache", "--out", f"{scratch}/site"]
        commands: dict[str, tuple[list[str], float | None]] = {
            "python -c pass": ([sys.executable, "-c", "pass"], None),
            "inforce --help": ([sys.executable, "-m", "inforce", "--help"], None),
            "inforce status": ([sys.executable, "-m", "inforce", "status", "--on", ON], 0.30),
            "inforce build, into an empty folder": ([*build, "--no-cache", "--out", f"{scratch}/{{fresh}}"], 0.80),
            "inforce build, nothing to change": ([*build, *again], None),
        }
        costs: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(-1, runs):  # the first turn compiles and warms the disk, and does not count
            for name, (command, _) in commands.items():
                cost = cpu_seconds([word.replace("{fresh}", f"fresh{turn}") for word in command])
                if turn >= 0:
                    costs[name].append(cost)

    medians = {name: statistics.median(each) for name, each in costs.items()}
    bare = medians["python -c pass"]
    print(f"CPU seconds, median of {runs} interleaved runs, Python {sys.version.split()[0]}")
    print(f"{'':38}{'median':>8}{'least':>8}{'x bare':>8}{'bar':>8}")
    missed = False
    for name, median in medians.items():
        bar = commands[name][1]
        missed |= bar is not None and median > bar
        verdict = "" if bar is None else f"{bar:8.2f}  {'missed' if median > bar else 'met'}"
        print(f"{name:38}{median:8.3f}{min(costs[name]):8.3f}{median / bare:8.1f}{verdict}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
