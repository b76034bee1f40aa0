"""The image link over an emulated line, beside DCMTK and Orthanc on the same line in the same run.

``limit`` is what an ideal link takes: HTJ2K bytes × 8 / bandwidth + one round trip. Hub, gateway and
`storescu` are processes of their own; the series is real CT (`bench.link_series`). Times run from the start
of `storescu` beside the gateway until the hub has rebuilt every instance and found its SHA-256 equal.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bench import link_peers
from bench.harness import Figure
from bench.link_ours import Delivery, deliver
from bench.link_series import DESCRIPTION, SentSeries, write_series
from bench.link_watch import HubWatch
from bench.process_tree import ProcessTree
from teleneedle.apps.testing.linked_sites import LinkedSites
from teleneedle.testing.line import Line, OpenLine, open_line

DATA = Path(os.environ.get("TELENEEDLE_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
LINES = {
    "100/20": Line(up_mbit=100, down_mbit=100, one_way_ms=10),
    "40/40": Line(up_mbit=40, down_mbit=40, one_way_ms=20),
    "10/80": Line(up_mbit=10, down_mbit=10, one_way_ms=40),
}
"""Mbit/s and round trip in ms."""
FAST = "100/20"
SLOW = ("40/40", "10/80")
CUT_S = 5.0
GATEWAYS = 3


class Stage:
    """Hub and gateways on an open line, and new series to send."""

    def __init__(self, line: OpenLine, sites: LinkedSites, watch: HubWatch, folder: Path) -> None:
        self.line, self.sites, self.watch = line, sites, watch
        self._folder = folder
        self._written = 0

    def new_series(self) -> SentSeries:
        """The same pixels with other UIDs."""
        self._written += 1
        return write_series(DATA, self._folder / f"series-{self._written}")

    def limit_s(self, series: SentSeries) -> float:
        """What an ideal link takes on this line."""
        return series.limit_s(self.line.line.up_mbit, self.line.line.round_trip_s)


@contextmanager
def set_up(line: Line) -> Iterator[Stage]:
    """Everything started, enrolled and connected."""
    with tempfile.TemporaryDirectory() as name, open_line(line) as opened:
        folder = Path(name)
        with LinkedSites(opened, folder) as sites:
            sites.wait_until_connected()
            watch = HubWatch(sites.hub_folder)
            watch.start()
            try:
                yield Stage(opened, sites, watch, folder)
            finally:
                watch.stop()


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        series = write_series(DATA, work / "series")
        sizes = (series.raw_bytes, series.coded_bytes, series.jpegls_bytes)
        raw, coded, jpegls = (size / 1e6 for size in sizes)
        print(f"{len(series.files)} slices: {DESCRIPTION}")
        print(f"{raw:.1f} MB raw, {coded:.1f} MB as HTJ2K, {jpegls:.1f} MB as JPEG-LS")
        figures = _bare_lines(series)
        peers = _peers_s(series, work)
    ours, fast_figures = _fast()
    figures += [*fast_figures, *_beside_peers(ours, peers)]
    for name in SLOW:
        figures += _slow(name)
    return [*figures, *_cuts(), *_together()]


def _bare_lines(series: SentSeries) -> list[Figure]:
    """What one bare TCP connection gives with the same bytes: headers and slow start, nothing of ours."""
    figures = []
    for name, line in LINES.items():
        with open_line(line) as opened:
            took_s = link_peers.plain_tcp_s(opened, series.coded_bytes)
        ratio = took_s / series.limit_s(line.up_mbit, line.round_trip_s)
        figures.append(Figure(name=f"{name}: bare TCP, same bytes", value=ratio, unit="× limit", bar=None))
    return figures


def _peers_s(series: SentSeries, work: Path) -> dict[str, float]:
    peers = {
        "storescu raw to Orthanc": link_peers.stock_storescu_s,
        "tuned storescu JPEG-LS": link_peers.tuned_storescu_s,
        "POST x4 JPEG-LS to Orthanc": link_peers.parallel_post_s,
    }
    took_s = {}
    for name, send in peers.items():
        with open_line(LINES[FAST]) as opened:
            took_s[name] = send(opened, series, work / send.__name__)
    return took_s


def _beside_peers(ours: Delivery, peers: dict[str, float]) -> list[Figure]:
    bars = dict(zip(peers, (11.0, 3.0, 1.2), strict=True))
    return [
        Figure(
            name=f"{FAST}: {name} / ours",
            value=took_s / ours.complete_s,
            unit="×",
            bar=bars[name],
            better="higher",
            against=f"{took_s:.2f} s, ours {ours.complete_s:.2f} s",
        )
        for name, took_s in peers.items()
    ]


def _fast() -> tuple[Delivery, list[Figure]]:
    """The fast line: time, preview, cost of the gateway; and with `storescu` as it comes."""
    with set_up(LINES[FAST]) as stage:
        series = stage.new_series()
        tree = ProcessTree(stage.sites.gateway_pid())
        ours = deliver(stage.sites, series, stage.watch)
        tree.stop()
        figures = _delivery(FAST, ours, stage, series)
        figures += [
            Figure(name=f"{FAST}: gateway CPU for 300 slices", value=tree.cpu_s, unit="CPU-s", bar=2.0),
            Figure(name=f"{FAST}: gateway memory, largest", value=tree.peak_mb, unit="MB", bar=None),
        ]
        series = stage.new_series()
        stock = deliver(stage.sites, series, stage.watch, tuned=False)
        ratio = stock.complete_s / stage.limit_s(series)
        name = f"{FAST}: from storescu as it comes"
        figures.append(Figure(name=name, value=ratio, unit="× limit", bar=None))
    return ours, figures


def _delivery(name: str, ours: Delivery, stage: Stage, series: SentSeries) -> list[Figure]:
    limit_s, round_trip_s = stage.limit_s(series), stage.line.line.round_trip_s
    bar_s = 0.5 + round_trip_s
    from_first, from_last = ours.preview_s - ours.first_kept_s, ours.preview_s - ours.last_kept_s
    intake = f"C-STORE of all took {ours.last_kept_s:.2f} s"
    return [
        Figure(
            name=f"{name}: full series at the hub",
            value=ours.complete_s / limit_s,
            unit="× limit",
            bar=1.08,
            against=f"{ours.complete_s:.2f} s, limit {limit_s:.2f} s",
        ),
        Figure(name=f"{name}: lost, twice or altered", value=ours.wrong, unit="", bar=0),
        Figure(
            name=f"{name}: preview after first C-STORE", value=from_first, unit="s", bar=bar_s, against=intake
        ),
        Figure(
            name=f"{name}: preview after last C-STORE", value=from_last, unit="s", bar=bar_s, against=intake
        ),
    ]


def _slow(name: str) -> list[Figure]:
    """A slow line: the first series while its rate is not known, the second with JPEG XL."""
    with set_up(LINES[name]) as stage:
        series = stage.new_series()
        figures = _delivery(name, deliver(stage.sites, series, stage.watch), stage, series)
        series = stage.new_series()
        ours = deliver(stage.sites, series, stage.watch)
        figures.append(
            Figure(
                name=f"{name}: JPEG XL wire",
                value=ours.complete_s / stage.limit_s(series),
                unit="× limit",
                bar=0.95,
                against=f"{ours.complete_s:.2f} s, {ours.part_bytes / 1e6:.1f} MB",
            )
        )
    return figures


def _cuts() -> list[Figure]:
    figures = []
    for name, line in LINES.items():
        with set_up(line) as stage:
            blows = {
                "black hole of 5 s": lambda: stage.line.black_hole(CUT_S),
                "NAT rebind": stage.line.rebind,
            }
            for blow, strike in blows.items():
                figures += _cut(f"{name}, {blow}", strike, stage)
    return figures


def _cut(name: str, strike: Callable[[], None], stage: Stage) -> list[Figure]:
    series = stage.new_series()
    ours = deliver(stage.sites, series, stage.watch, halfway=strike)
    limit_s = stage.limit_s(series)
    return [
        Figure(
            name=f"{name}: full series",
            value=ours.complete_s,
            unit="s",
            bar=round(1.08 * limit_s + CUT_S + 0.5, 2),
            against=f"limit {limit_s:.2f} s, {ours.repeated_bytes / 1e6:.2f} MB came twice",
        ),
        Figure(name=f"{name}: lost, twice or altered", value=ours.wrong, unit="", bar=0),
    ]


def _together() -> list[Figure]:
    """Three gateways share the line: what each had when the first was done, and the time until all were."""
    with set_up(replace(LINES[FAST], near_count=GATEWAYS)) as stage:
        several = [stage.new_series() for _ in range(GATEWAYS)]
        shares: list[int] = []

        def send(number: int) -> Delivery:
            ours = deliver(stage.sites, several[number], stage.watch, number=number)
            if not shares:
                shares.extend(stage.watch.progress(one.series_uid).part_bytes for one in several)
            return ours

        started = time.monotonic()
        with ThreadPoolExecutor(GATEWAYS) as pool:
            deliveries = list(pool.map(send, range(GATEWAYS)))
        took_s = time.monotonic() - started
    mean = sum(shares) / GATEWAYS
    carried_mbit = sum(one.part_bytes for one in deliveries) * 8e-6 / took_s
    apart_pct = 100 * max(abs(share - mean) for share in shares) / mean
    beside = ", ".join(f"{share / 1e6:.1f}" for share in shares)
    return [
        Figure(
            name="three gateways: farthest from the mean share",
            value=apart_pct,
            unit="%",
            bar=10,
            against=f"MB when the first was done: {beside}",
        ),
        Figure(
            name="three gateways: share of the line used",
            value=carried_mbit / stage.line.line.up_mbit,
            unit="",
            bar=0.92,
            better="higher",
            against=f"{took_s:.2f} s for three series",
        ),
        Figure(
            name="three gateways: lost, twice or altered",
            value=sum(one.wrong for one in deliveries),
            unit="",
            bar=0,
        ),
    ]
