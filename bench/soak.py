"""Three scanners send without a pause over a line that breaks now and then: what grows, what is lost.

``TELENEEDLE_SOAK_S`` sets how long, 600 s if it is not set; the plan for a day is in
docs/how-to/soak-the-link.md.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from pathlib import Path

from bench.harness import Figure
from bench.process_tree import ProcessTree
from teleneedle.apps.testing.kill_link import LinkTally, break_line, compare_with_hub, noisy_series
from teleneedle.apps.testing.linked_sites import LinkedSites
from teleneedle.apps.testing.scanner import Scanner
from teleneedle.testing.line import Line, open_line

SOAK_S = float(os.environ.get("TELENEEDLE_SOAK_S", "600"))
GATEWAYS = 3
SLICES, SIDE = 30, 192
PAUSE_S = 1.0
BREAK_S = (5.0, 20.0)
"""From one break of the line to the next."""
LONGEST_HOLE_S = 8.0
SAMPLE_S = 5.0
WARM_UP = 0.2
"""Share of the time before growth counts."""


class Growth:
    """Memory and open files of a tree of processes, sampled."""

    def __init__(self, pid: int) -> None:
        self._tree = ProcessTree(pid)
        self.memory_mb: list[float] = []
        self.open_files: list[float] = []

    def sample(self) -> None:
        """Look now."""
        self.memory_mb.append(self._tree.memory_mb)
        self.open_files.append(self._tree.open_files)

    def stop(self) -> float:
        """End; CPU seconds since the start."""
        self._tree.stop()
        return self._tree.cpu_s


def run() -> list[Figure]:
    line = Line(up_mbit=40, down_mbit=40, one_way_ms=20, near_count=GATEWAYS)
    with (
        tempfile.TemporaryDirectory() as name,
        open_line(line) as opened,
        LinkedSites(opened, Path(name)) as sites,
    ):
        sites.wait_until_connected()
        hub, gateway = Growth(sites.hub_pid()), Growth(sites.gateway_pid())
        scanners = [
            Scanner(
                opened.nears[n],
                sites.dicom_port(n),
                noisy_series(n, slices=SLICES, side=SIDE),
                pause_s=PAUSE_S,
            )
            for n in range(GATEWAYS)
        ]
        for scanner in scanners:
            scanner.start()
        tally = LinkTally()
        _go_on(sites, [hub, gateway], tally)
        for scanner in scanners:
            scanner.stop()
        acknowledged = {uid: sha for scanner in scanners for uid, sha in scanner.acknowledged.items()}
        tally.acknowledged = len(acknowledged)
        compare_with_hub(sites, acknowledged, tally)
        carried_mb = opened.counts()["up"]["bytes"] / 1e6
        cpu_s = hub.stop(), gateway.stop()
    return _figures(tally, hub, gateway, carried_mb, cpu_s)


def _go_on(sites: LinkedSites, watched: list[Growth], tally: LinkTally) -> None:
    chance = random.Random(4)  # noqa: S311 - when to strike, and what
    until = time.monotonic() + SOAK_S
    break_at = time.monotonic() + chance.uniform(*BREAK_S)
    while time.monotonic() < until:
        time.sleep(SAMPLE_S)
        for one in watched:
            one.sample()
        if time.monotonic() >= break_at:
            tally.cuts += 1
            break_line(sites.line, chance, longest_s=LONGEST_HOLE_S)
            break_at = time.monotonic() + chance.uniform(*BREAK_S)


def _figures(
    tally: LinkTally, hub: Growth, gateway: Growth, carried_mb: float, cpu_s: tuple[float, float]
) -> list[Figure]:
    beside = f"{SOAK_S:.0f} s, {tally.acknowledged} instances, {carried_mb:.0f} MB, {tally.cuts} breaks"
    wrong = {"lost": tally.lost, "there twice": tally.twice, "altered": tally.altered}
    figures = [
        Figure(name=f"acknowledged instances {what}", value=len(found), unit="", bar=0, against=beside)
        for what, found in wrong.items()
    ]
    for name, grown, used_s in (("hub", hub, cpu_s[0]), ("one gateway", gateway, cpu_s[1])):
        for what, unit, samples in (("memory", "MB", grown.memory_mb), ("open files", "", grown.open_files)):
            figures.append(
                Figure(
                    name=f"{name}: {what}, last against first",
                    value=_grown(samples),
                    unit=unit,
                    bar=None,
                    against=f"most {max(samples):.0f} {unit}".strip(),
                )
            )
        figures.append(Figure(name=f"{name}: CPU", value=used_s, unit="CPU-s", bar=None, against=beside))
    caught_up = Figure(name="caught up after the end", value=tally.catch_up_s, unit="s", bar=None)
    return [*figures, caught_up]


def _grown(samples: list[float]) -> float:
    """Median of the last fifth less that of the first fifth after warming up."""
    warm = samples[int(len(samples) * WARM_UP) :]
    share = max(len(warm) // 5, 1)
    return statistics.median(warm[-share:]) - statistics.median(warm[:share])
