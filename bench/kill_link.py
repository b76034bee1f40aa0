"""Kill gateway and hub and cut the line while a scanner sends: instances lost, twice or altered."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from bench.harness import Figure
from teleneedle.apps.testing.kill_link import kill_and_verify_link
from teleneedle.testing.line import Line, open_line

KILLS = int(os.environ.get("TELENEEDLE_LINK_KILLS", "100"))
CUTS = int(os.environ.get("TELENEEDLE_LINK_CUTS", "50"))


def run() -> list[Figure]:
    line = Line(up_mbit=20, down_mbit=20, one_way_ms=10)
    with tempfile.TemporaryDirectory() as folder, open_line(line) as opened:
        tally = kill_and_verify_link(opened, Path(folder), kills=KILLS, cuts=CUTS)
    blows = f"{tally.gateway_kills} gateway + {tally.hub_kills} hub kills, {tally.cuts} cuts"
    beside = f"{blows}, {tally.acknowledged} acknowledged in {tally.attempts} attempts"
    return [
        Figure(name="acknowledged instances lost", value=len(tally.lost), unit="", bar=0, against=beside),
        Figure(name="instances there twice", value=len(tally.twice), unit="", bar=0, against=beside),
        Figure(name="instances altered", value=len(tally.altered), unit="", bar=0, against=beside),
        Figure(name="instances set aside", value=len(tally.set_aside), unit="", bar=0, against=beside),
        Figure(name="caught up after the last blow", value=tally.catch_up_s, unit="s", bar=None),
    ]
