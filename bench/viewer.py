"""The browser's viewer in Chromium without a graphics card: planes, needle, brush, processor against card.

The page ``web/bench/ours.html`` is built as for production. Every frame is read back before its time is
taken; the processor time is that of the whole browser.
"""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.harness import Figure

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = os.environ.get("TELENEEDLE_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
    "--enable-precise-memory-info",
    "--js-flags=--expose-gc",
]
FRAMES = 120
SIZE = "512 × 512 × 224, 12 structures, panes of 512², no graphics card"
# name, call, bar on p50, bar on p95, what it is
SCENES: list[tuple[str, str, float | None, float | None, str]] = [
    ("axial_scroll", "axialScroll({n})", 16.7, 20.0, "axial, labels"),
    ("linked_planes", "linkedPlanes({n})", 33.0, None, "axial, coronal, sagittal, in-line, labels"),
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


def build(folder: Path) -> None:
    """Production build of the bench page into `folder`."""
    node = shutil.which("node", path=f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}")
    if node is None:
        raise FileNotFoundError("node is not installed")
    subprocess.run(
        [node, "node_modules/vite/bin/vite.js", "build", "-c", "bench/vite.config.ts", "--logLevel", "error"],
        cwd=ROOT / "web",
        env={**os.environ, "TELENEEDLE_BENCH_OUT": str(folder)},
        check=True,
    )


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Address at which `folder` is served."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def tree(root: int) -> list[int]:
    """`root` and the processes below it."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = [root]
    for pid in found:
        found.extend(children.get(pid, []))
    return found


def cpu_ms(pids: list[int]) -> float:
    """Processor time that the processes have used, ms."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return 1000.0 * ticks / os.sysconf("SC_CLK_TCK")


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


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
    """First picture, numbers of one needle position, processor against card, memory."""
    first = page.evaluate("teleneedleBench.firstPicture()")
    numbers = page.evaluate("teleneedleBench.numbers()")
    agreement = page.evaluate("teleneedleBench.agreement(25)")
    heap = [page.evaluate(f"teleneedleBench.reopen({times})") / 2**20 for times in (10, 100)]
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
            name="growth_over_100_opens_mib",
            value=heap[1] - heap[0],
            unit="MiB",
            bar=20.0,
            against=f"script heap {heap[0]:.0f} MiB after 10 opens",
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
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        with served(Path(folder)) as url, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            page = browser.new_page(viewport={"width": 1560, "height": 1040})
            page.goto(f"{url}/ours.html")
            page.wait_for_function("window.teleneedleBench")
            figures = single_figures(page) + scene_figures(page)
            browser.close()
    return figures
