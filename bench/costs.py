"""Where a build spends its time: a profile of one cold build, in one process.

    python bench/costs.py FOLDER/M [--lines 40] [--by cumulative]

Times under the profiler are longer than without it; what counts is how they are shared out.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import sys
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Build a project into a folder that is thrown away, and print what cost most."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("project", type=Path)
    arguments.add_argument("--on", type=date.fromisoformat, default=date(2026, 12, 1))
    arguments.add_argument("--lines", type=int, default=40)
    arguments.add_argument("--by", choices=["tottime", "cumulative"], default="tottime")
    options = arguments.parse_args()
    sys.path.insert(0, str(ROOT))
    from inforce.build import build

    with tempfile.TemporaryDirectory() as scratch, cProfile.Profile() as profile:
        build(options.project, Path(scratch) / "site", options.on)
    pstats.Stats(profile).strip_dirs().sort_stats(options.by).print_stats(options.lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
