"""Sites of real policies with real histories, made from the bundles of the acceptance."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from inforce.build import build
from inforce.errors import PolicyError, SurroundingsError
from inforce.sources import unfolding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")
GIT = shutil.which("git") or "git"
ON = date(2026, 12, 1)
DOCUMENTS = 8
"""Of each bundle."""
MOST = 12
"""Versions of a document."""


def sites(corpus: Path, into: Path) -> Iterator[Path]:
    """Build a site of each bundle in a folder; gives the folder of each site."""
    for bundle in sorted(corpus.glob("*.bundle")):
        home = into / bundle.stem
        subprocess.run([GIT, "clone", "--quiet", str(bundle), str(home / "clone")], check=True)
        root = home / "project"
        for path in _chosen(bundle):
            try:
                policy, _ = unfolding.read(home / "clone", [path], notice=30, title=Path(path).stem)
                unfolding.write(policy, root / "policies" / _address(path))
            except (PolicyError, SurroundingsError) as error:
                print(f"{bundle.stem}: {path} is left out: {error}".splitlines()[0])
        (root / "pyproject.toml").write_text('[tool.inforce]\ntitle = "Real policies"\n', "utf-8")
        build(root, home / "site", ON)
        yield home / "site"


def sample(found: Sequence[T], most: int) -> list[T]:
    """So many of them, evenly spread."""
    step = max(1.0, len(found) / most)
    return [found[int(place * step)] for place in range(min(most, len(found)))]


def _chosen(bundle: Path) -> list[str]:
    with bundle.with_suffix(".oracle.tsv").open(encoding="utf-8", newline="") as file:
        rows = [
            row["path"]
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if row["at_head"] == "yes" and row["deletions"] == "0" and 1 < int(row["versions"]) <= MOST
        ]
    return sample([path for path in sorted(rows) if Path(path).stem not in {"README", "LICENSE"}], DOCUMENTS)


def _address(path: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", path.removesuffix(".md").lower()).strip("-")
