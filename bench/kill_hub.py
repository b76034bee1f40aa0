"""Kill the hub while three people write: acknowledged writes lost, commands made twice, chains broken."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from bench.harness import Figure
from teleneedle.apps.testing.kill_hub import kill_and_verify

KILLS = int(os.environ.get("TELENEEDLE_KILLS", "200"))


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        tally = kill_and_verify(Path(folder) / "hub", kills=KILLS)
    beside = f"{tally.kills} kills, {tally.acknowledged} acknowledged writes, {tally.retried} sent again"
    return [
        Figure(name="acknowledged writes lost", value=len(tally.lost), unit="", bar=0, against=beside),
        Figure(name="commands carried out twice", value=len(tally.twice), unit="", bar=0, against=beside),
        Figure(name="broken hash chains", value=len(tally.broken_chains), unit="", bar=0, against=beside),
        Figure(name="slowest restart", value=tally.slowest_restart_s, unit="s", bar=None),
    ]
