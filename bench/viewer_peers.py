"""Cornerstone3D, vtk.js and NiiVue on the same patient, in the same browser, in the same run as ours.

Their pages are in ``web/bench/peers`` with packages of their own. A library that does not install, draws
nothing or takes longer than `LIMIT_S` is named and left out.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
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
    environment,
    kill_browser,
    percentile,
    run_node,
    served,
    tool,
    tree,
)
from bench.harness import Figure

FOLDER = ROOT / "web" / "bench" / "peers"
# page, what it is called in figures, its package
PEERS = [
    ("cornerstone", "cornerstone3d", "@cornerstonejs/core"),
    ("vtk", "vtkjs", "vtk.js"),
    ("niivue", "niivue", "@niivue/niivue"),
]
# what a page calls a scene, what figures call it
SCENES = [
    ("axialScroll", "axial_scroll"),
    ("linkedPlanes", "linked_planes"),
    ("linked3Planes", "linked_3_planes"),
    ("needleDrag", "needle_drag_3d"),
]
FRAMES = 24
LIMIT_S = 60.0
INSTALL_S = 240.0


def peer_figures(play: Any, ours: list[Figure]) -> list[Figure]:
    """Figures of every peer that runs, each followed by ours divided by theirs."""
    if not is_installed():
        return []
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            run_node(FOLDER, ["build.mjs", *(page for page, _, _ in PEERS)], Path(folder))
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"viewer: the peers do not build, going on without them: {error}", file=sys.stderr)
            return []
        sizes = json.loads((Path(folder) / "sizes.json").read_text())
        with served(Path(folder)) as url:
            for page, key, package in PEERS:
                what = named(package)
                measured = [
                    script_figure(key, sizes[page], what),
                    *peer(play, f"{url}/{page}.html", key, what),
                ]
                figures += measured + ratios(measured, ours, key, what)
    return figures


def is_installed() -> bool:
    """Whether the peers' packages are there, after one attempt to install them where they are not."""
    lock, ready = FOLDER / "package-lock.json", FOLDER / "node_modules" / ".ready"
    if ready.exists() and ready.stat().st_mtime >= lock.stat().st_mtime:
        return True
    try:
        subprocess.run(
            [tool("npm"), "ci", "--silent", "--no-audit", "--no-fund"],
            cwd=FOLDER,
            env=environment(),
            check=True,
            timeout=INSTALL_S,
        )
    except (OSError, subprocess.SubprocessError) as error:
        print(f"viewer: the peers do not install, going on without them: {error}", file=sys.stderr)
        return False
    ready.touch()
    return True


def named(package: str) -> str:
    """Library and version as installed."""
    found = json.loads((FOLDER / "node_modules" / package / "package.json").read_text())
    return f"{package} {found['version']}"


@contextmanager
def watched(play: Any) -> Iterator[Any]:
    """A page in a browser of its own, killed after `LIMIT_S`: a page whose script is busy hears nothing."""
    browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    watchdog = threading.Timer(LIMIT_S, kill_browser)
    watchdog.start()
    try:
        yield browser.new_page(viewport=VIEWPORT)
    finally:
        watchdog.cancel()
        browser.close()


def peer(play: Any, address: str, key: str, what: str) -> list[Figure]:
    """First picture and every scene of one peer; what fails is named and left out."""
    from playwright.sync_api import Error

    figures: list[Figure] = []
    start = time.monotonic()
    try:
        with watched(play) as page:
            page.goto(address)
            page.wait_for_function("window.peerBench")
            first = page.evaluate("peerBench.firstPicture()")
            figures.append(
                Figure(
                    name=f"{key}_bytes_to_3_planes_ms",
                    value=first,
                    unit="ms",
                    bar=None,
                    against=f"{what}; cold, with labels",
                )
            )
            offers = page.evaluate("peerBench.offers")
            for scene, name in SCENES:
                if scene in offers:
                    figures += scene_figures(page, scene, f"{key}_{name}", what)
    except Error as error:
        late = time.monotonic() - start >= LIMIT_S
        why = f"stopped after {LIMIT_S:g} s" if late else str(error).splitlines()[0]
        print(f"viewer: {what} goes no further: {why}", file=sys.stderr)
    return figures


def scene_figures(page: Any, scene: str, name: str, what: str) -> list[Figure]:
    """Wall and processor time of one scene."""
    shown = page.evaluate(f"peerBench.open('{scene}')")
    before = cpu_ms(tree(os.getpid()))
    times = page.evaluate(f"peerBench.frames({FRAMES})")
    cpu = (cpu_ms(tree(os.getpid())) - before) / FRAMES
    page.evaluate("peerBench.close()")
    walls = [
        Figure(
            name=f"{name}_p{round(100 * share)}_ms",
            value=percentile(times, share),
            unit="ms",
            bar=None,
            against=f"{what}; {shown}",
        )
        for share in (0.5, 0.95)
    ]
    return [
        *walls,
        Figure(name=f"{name}_cpu_ms", value=cpu, unit="ms/frame", bar=None, against=f"{what}; all processes"),
    ]


def script_figure(key: str, size: int, what: str) -> Figure:
    return Figure(
        name=f"{key}_script_kb",
        value=size / 1000,
        unit="kB",
        bar=None,
        against=f"{what}; gzip, planes and 3-D",
    )


def ratios(theirs: list[Figure], ours: list[Figure], key: str, what: str) -> list[Figure]:
    """Ours divided by theirs, for every figure that both have except the spread."""
    own = {figure.name: figure.value for figure in ours}
    found = []
    for figure in theirs:
        name = figure.name.removeprefix(f"{key}_")
        if name not in own or name.endswith("_p95_ms"):
            continue
        found.append(
            Figure(
                name=f"ours_over_{key}_{name.removesuffix('_ms')}",
                value=own[name] / figure.value,
                unit="×",
                bar=1.0,
                against=f"{own[name]:.4g} / {figure.value:.4g} {figure.unit}, {what}",
            )
        )
    return found
