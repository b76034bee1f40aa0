"""The browser's viewer in Chromium without a graphics card: planes, needle, brush, processor against card.

The page ``web/bench/ours.html`` is built as for production. Every frame is read back before its time is
taken; the processor time is that of the whole browser.
"""

from __future__ import annotations

import gzip
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.browser import (
    ARGUMENTS,
    CHROMIUM,
    ROOT,
    VIEWPORT,
    cpu_ms,
    percentile,
    run_node,
    served,
    tree,
)
from bench.harness import Figure
from bench.viewer_memory import memory_figures
from bench.viewer_peers import peer_figures

BUILD = ["node_modules/vite/bin/vite.js", "build", "-c", "bench/vite.config.ts", "--logLevel", "error"]
FRAMES = 120
SIZE = "512 × 512 × 224, 12 structures, panes of 512², no graphics card"
# name, call, bar on p50, bar on p95, what it is
SCENES: list[tuple[str, str, float | None, float | None, str]] = [
    ("axial_scroll", "axialScroll({n})", 16.7, 20.0, "axial, labels"),
    ("linked_planes", "linkedPlanes({n})", 33.0, None, "axial, coronal, sagittal, in-line, labels"),
    ("linked_3_planes", "linkedPlanes({n}, 3)", None, None, "axial, coronal, sagittal, labels"),
    ("needle_drag", "needleDrag({n}, false)", None, 33.0, "3 panes, 12 clearances, coverage, margin"),
    (
        "needle_drag_3d",
        "needleDrag({n}, true)",
        None,
        50.0,
        "2 panes, all numbers, meshes of 74 000 faces",
    ),
    ("brush", "brush({n})", None, 16.0, "ball of 8 mm, 3 panes"),
]


def script_figure(folder: Path) -> Figure:
    """All script of the page, also what it loads later for 3-D; without the app around it."""
    names = set(re.findall(r"assets/[\w.-]+\.js", (folder / "ours.html").read_text()))
    waiting = list(names)
    for name in waiting:
        text = (folder / name).read_text()
        found = {f"assets/{other}" for other in re.findall(r"[\w.-]+\.js", text)} - names
        found = {other for other in found if (folder / other).exists()}
        names |= found
        waiting += found
    size = sum(len(gzip.compress((folder / name).read_bytes())) for name in names)
    return Figure(name="script_kb", value=size / 1000, unit="kB", bar=None, against="gzip, planes and 3-D")


def scene_figures(page: Any) -> list[Figure]:
    """Wall and processor time of each scene."""
    figures = []
    for name, call, bar50, bar95, what in SCENES:
        before = cpu_ms(tree(os.getpid()))
        times = page.evaluate(f"teleneedleBench.{call.format(n=FRAMES)}")
        cpu = (cpu_ms(tree(os.getpid())) - before) / (FRAMES + 10)
        for share, bar in ((0.5, bar50), (0.95, bar95)):
            figures.append(
                Figure(
                    name=f"{name}_p{round(100 * share)}_ms",
                    value=percentile(times, share),
                    unit="ms",
                    bar=bar,
                    against=f"{what}; {SIZE}",
                )
            )
        figures.append(
            Figure(name=f"{name}_cpu_ms", value=cpu, unit="ms/frame", bar=None, against="all processes")
        )
    return figures


def single_figures(page: Any) -> list[Figure]:
    """First picture, numbers of one needle position, processor against card."""
    first = page.evaluate("teleneedleBench.firstPicture()")
    numbers = page.evaluate("teleneedleBench.numbers()")
    agreement = page.evaluate("teleneedleBench.agreement(25)")
    still = page.evaluate("teleneedleBench.stillAgreement()")
    return [
        Figure(name="bytes_to_3_planes_ms", value=first, unit="ms", bar=100.0, against=f"cold; {SIZE}"),
        Figure(
            name="clearances_12_structures_ms",
            value=numbers["clearances_ms"],
            unit="ms",
            bar=1.0,
            against="steps of 0.25 mm",
        ),
        Figure(
            name="coverage_and_margin_ms",
            value=numbers["coverage_ms"],
            unit="ms",
            bar=1.0,
            against="8 000 points, one zone",
        ),
        Figure(
            name="cpu_gpu_difference",
            value=agreement["grey"],
            unit="grey",
            bar=1.0,
            against=f"25 random planes; {agreement['card']}",
        ),
        Figure(
            name="cpu_gpu_label_difference",
            value=100.0 * agreement["label_share"],
            unit="% pixels",
            bar=0.1,
            against="the same planes with fills and outlines",
        ),
        Figure(
            name="needle_in_kept_picture_difference",
            value=still,
            unit="grey",
            bar=1.0,
            against="the scene drawn whole, three places of a needle and its zone",
        ),
    ]


def run() -> list[Figure]:
    """Measure, or nothing where there is no browser."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("viewer: playwright is not installed", file=sys.stderr)
        return []
    if not Path(CHROMIUM).exists():
        print(f"viewer: no browser at {CHROMIUM}", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as play:
        folder = Path(name)
        run_node(ROOT / "web", BUILD, folder)
        with served(folder) as url:
            ours = [script_figure(folder)]
            with opened(play, f"{url}/ours.html", "teleneedleBench") as page:
                ours += single_figures(page) + scene_figures(page)
            with opened(play, f"{url}/memory.html", "memoryBench") as page:
                memory = memory_figures(page)
        return ours + memory + peer_figures(play, ours)


@contextmanager
def opened(play: Any, address: str, ready: str) -> Iterator[Any]:
    """A page in a browser of its own, once its script has set `ready`."""
    browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    try:
        page = browser.new_page(viewport=VIEWPORT)
        page.goto(address)
        page.wait_for_function(f"window.{ready}")
        yield page
    finally:
        browser.close()
