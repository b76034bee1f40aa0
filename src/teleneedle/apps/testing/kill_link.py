"""Kill gateway and hub and cut the line while a scanner sends: what was acknowledged arrives, once."""

from __future__ import annotations

import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from teleneedle.apps.testing.linked_sites import LinkedSites
from teleneedle.apps.testing.scanner import Instance, Scanner, as_sent
from teleneedle.testing.ct_files import CtScan
from teleneedle.testing.line import OpenLine

SLICES_A_SERIES = 6
SIDE = 64
PAUSE_S = 0.5
CATCH_UP_S = 240.0


@dataclass(kw_only=True)
class LinkTally:
    """What happened, what was acknowledged to the scanner, and what the hub has of it."""

    gateway_kills: int = 0
    hub_kills: int = 0
    cuts: int = 0
    acknowledged: int = 0
    attempts: int = 0
    at_hub: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)
    catch_up_s: float = 0.0


def noisy_series(seed: int, *, slices: int = SLICES_A_SERIES, side: int = SIDE) -> Iterator[list[Instance]]:
    """Small series without end: every instance has UIDs and noise of its own."""
    noise = np.random.default_rng(seed)
    number = 0
    while True:
        number += 1
        scan = CtScan(size=(side, side), heights=tuple(range(slices)), series=f"{seed + 1}.{number}")
        datasets = scan.datasets()
        for dataset in datasets:
            dataset.PixelData = noise.integers(-1000, 3000, (side, side), dtype=np.int16).tobytes()
        yield [as_sent(dataset) for dataset in datasets]


def kill_and_verify_link(
    line: OpenLine, folder: Path, *, kills: int, cuts: int, seed: int = 0, most_pause_s: float = 1.0
) -> LinkTally:
    """Kill each end `kills` / 2 times and cut the line `cuts` times at random points, then compare.

    Parameters
    ----------
    most_pause_s : float, s
        Between one blow and the next.
    """
    chance = random.Random(seed)  # noqa: S311 - when to strike, and what
    blows = ["gateway", "hub"] * (kills // 2) + ["gateway"] * (kills % 2) + ["cut"] * cuts
    chance.shuffle(blows)
    tally = LinkTally()
    with LinkedSites(line, folder) as sites:
        scanner = Scanner(line.near, sites.dicom_port(), noisy_series(seed), pause_s=PAUSE_S)
        scanner.start()
        for blow in blows:
            time.sleep(chance.uniform(0.0, most_pause_s))
            _strike(blow, sites, chance, tally)
        scanner.stop()
        tally.acknowledged, tally.attempts = len(scanner.acknowledged), scanner.attempts
        compare_with_hub(sites, scanner.acknowledged, tally)
    return tally


def _strike(blow: str, sites: LinkedSites, chance: random.Random, tally: LinkTally) -> None:
    if blow == "gateway":
        sites.kill_gateway()
        tally.gateway_kills += 1
        sites.start_gateway()
    elif blow == "hub":
        sites.kill_hub()
        tally.hub_kills += 1
        sites.start_hub()
    else:
        tally.cuts += 1
        break_line(sites.line, chance, longest_s=2.5)


def break_line(line: OpenLine, chance: random.Random, *, longest_s: float) -> None:
    """Let the line forget its flows, or swallow everything for 0.1 s to `longest_s`."""
    if chance.random() < 0.5:
        line.rebind()
    else:
        line.black_hole(chance.uniform(0.1, longest_s))


def compare_with_hub(sites: LinkedSites, acknowledged: dict[str, str], tally: LinkTally) -> None:
    """Wait until the hub has everything, or no longer; then look at each instance."""
    started = time.monotonic()
    held = verified_at_hub(sites.hub_folder)
    while not acknowledged.keys() <= {uid for uid, _ in held}:
        if time.monotonic() - started > CATCH_UP_S:
            break
        time.sleep(0.1)
        held = verified_at_hub(sites.hub_folder)
    tally.catch_up_s = time.monotonic() - started
    tally.at_hub = len(held)
    digests = dict(held)
    tally.lost = [uid for uid in acknowledged if uid not in digests]
    tally.altered = [uid for uid, sha256 in acknowledged.items() if digests.get(uid, sha256) != sha256]
    tally.twice = [uid for uid, times in Counter(uid for uid, _ in held).items() if times > 1]
    tally.set_aside = set_aside_at_hub(sites.hub_folder)


def verified_at_hub(folder: Path) -> list[tuple[str, str]]:
    """SOP Instance UID and digest of everything that the hub has rebuilt and checked."""
    return _rows(folder, "select sop_uid, dataset_sha256 from arriving_instance where is_verified")


def set_aside_at_hub(folder: Path) -> list[str]:
    """What the hub quarantined: nothing should contradict itself here."""
    return [uid for uid, _ in _rows(folder, "select sop_uid, why from link_quarantine")]


def _rows(folder: Path, query: str) -> list[tuple[str, str]]:
    address = f"file:{folder / 'hub.db'}?mode=ro"
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(address, uri=True)) as database:
        return [(str(one), str(other)) for one, other in database.execute(query)]
    return []
