"""Nothing that the gateway acknowledged is lost, changed or there twice, whoever is killed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from teleneedle.apps.testing.kill_link import kill_and_verify_link
from teleneedle.testing.line import Line, open_line

KILLS = int(os.environ.get("TELENEEDLE_LINK_KILLS", "4"))
CUTS = int(os.environ.get("TELENEEDLE_LINK_CUTS", "3"))


@pytest.mark.timeout(300 + 30 * (KILLS + CUTS))
def test_what_was_acknowledged_reaches_the_hub_once(tmp_path: Path) -> None:
    with open_line(Line(up_mbit=20, down_mbit=20, one_way_ms=10)) as line:
        tally = kill_and_verify_link(line, tmp_path, kills=KILLS, cuts=CUTS)
    assert (tally.gateway_kills + tally.hub_kills, tally.cuts) == (KILLS, CUTS)
    assert tally.acknowledged > KILLS + CUTS
    assert tally.lost == []
    assert tally.twice == []
    assert tally.altered == []
    assert tally.set_aside == []
