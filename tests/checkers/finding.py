"""What a checker finds, and what of it an author's text is the cause of."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import NamedTuple

AUTHORS = Path(__file__).parent / "authors.tsv"


class Finding(NamedTuple):
    """One thing that a checker does not like."""

    tool: str
    rule: str
    page: str
    what: str

    def __str__(self) -> str:
        return f"{self.tool} {self.rule}: {self.page}: {self.what}"


class Excuse(NamedTuple):
    """What an author's text alone is the cause of."""

    tool: str
    rule: re.Pattern[str]
    reason: str

    def holds(self, finding: Finding) -> bool:
        """Whether it excuses a finding."""
        return self.tool == finding.tool and self.rule.fullmatch(finding.rule) is not None


def of_authors() -> list[Excuse]:
    """All that is let through on pages of texts that are not ours."""
    with AUTHORS.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Excuse(row["tool"], re.compile(row["rule"]), row["reason"]) for row in rows]
