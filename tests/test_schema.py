from __future__ import annotations

import json
from typing import TYPE_CHECKING

from inforce.cli import run
from inforce.sources import header

if TYPE_CHECKING:
    import pytest


def test_the_schema_knows_every_key_of_the_front_matter_and_says_what_it_means(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = run(["schema"])

    schema = json.loads(capsys.readouterr().out)
    assert status == 0
    assert tuple(schema["properties"]) == header.KEYS
    assert all(one["description"] for one in schema["properties"].values())
    assert schema["required"] == ["title", "posted"]
