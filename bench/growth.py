"""What more versions cost when each of them changes one sentence: it should be as much for the last as for the first.

    python bench/growth.py [100 400 1600]

A policy of a hundred paragraphs is written with so many versions, and built from nothing by one process. Seconds are
those of the processor; the last column is what a version more cost since the row above.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARAGRAPHS = 100


def written(project: Path, versions: int) -> None:
    """Write a policy of so many versions."""
    folder = project / "policies" / "privacy"
    folder.mkdir(parents=True)
    (project / "pyproject.toml").write_text("[tool.inforce]\nnotice-days = 0\n", "utf-8")
    said = [
        f"In case {n} we keep what you told us for as long as the law of the place asks." for n in range(PARAGRAPHS)
    ]
    for number in range(versions):
        day = date(2000, 1, 1) + timedelta(days=number)
        said[number * 7 % PARAGRAPHS] = f"Since version {number} we keep it for {number} days, and then we delete it."
        text = "\n\n".join([f"## Part {n}\n\n{one}" if n % 10 == 0 else one for n, one in enumerate(said)])
        (folder / f"{day}.md").write_text(f"---\ntitle: Privacy\nposted: {day}\n---\n{text}\n", "utf-8")


def cpu(*options: object) -> float:
    """The seconds of the processor that a build with some options takes. Raises SystemExit if it fails."""
    command = [sys.executable, "-m", "inforce", "build", *map(str, options)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as child:  # noqa: S603 - ourselves
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{' '.join(command)} failed")
    return usage.ru_utime + usage.ru_stime


def main() -> int:
    """Build histories of several lengths and print what each cost."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("versions", type=int, nargs="*", default=[100, 400, 1600])
    print(f"{'versions':>10}{'cpu s':>10}{'ms a version more':>20}")
    before = (0, 0.0)
    for number in arguments.parse_args().versions:
        with tempfile.TemporaryDirectory() as scratch:
            written(Path(scratch), number)
            cost = cpu("--root", scratch, "--on", "2026-12-01", "--no-cache", "--jobs", 1)
        more = f"{(cost - before[1]) / (number - before[0]) * 1000:20.2f}" if before[0] else ""
        print(f"{number:10,}{cost:10.2f}{more}", flush=True)
        before = (number, cost)
    return 0


if __name__ == "__main__":
    sys.exit(main())
