"""No acknowledged write is lost and none is made twice when the hub is killed at any point of its work."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from teleneedle.apps.testing.kill_hub import kill_and_verify

KILLS = int(os.environ.get("TELENEEDLE_KILLS", "10"))


@pytest.mark.timeout(60 + 15 * KILLS)
def test_what_was_acknowledged_survives_kill_9(tmp_path: Path, database_url: str) -> None:
    tally = kill_and_verify(tmp_path / "hub", kills=KILLS, database_url=database_url)
    assert tally.kills == KILLS
    assert tally.lost == []
    assert tally.twice == []
    assert tally.broken_chains == []
    assert tally.acknowledged > 10 * KILLS
    assert tally.retried > 0
