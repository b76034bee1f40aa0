"""Time and optimality of needle placement with its coverage, on expert masks of real CT.

Spheres of 20–40 mm at the roomiest place of ircad17's liver, its two large tumours, a sphere with three
needles asked for, and the rasterisation of a zone on the CT's grid. Wall and CPU time are given.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import numpy as np
from scipy.ndimage import distance_transform_edt

from bench.harness import Figure, median_seconds
from bench.paths import ellipsoid, load_mask, scene_structures
from teleneedle.adapters.devices.library import choose_device
from teleneedle.core.devices import Modality, Zone
from teleneedle.core.image import LabelMap
from teleneedle.engines.coverage import Ellipsoids
from teleneedle.engines.trajectories import warm_up
from teleneedle.services.place_needles import Placement, place_needles

SMALL_MM = (20, 30, 40)
SMALL_BAR_S, THREE_BAR_S, LARGE_BAR_S = 2.0, 5.0, 20.0


def roomiest_point(structures: Mapping[str, LabelMap]) -> np.ndarray:
    liver = structures["liver"]
    free = liver.array.copy()
    for kind, other in structures.items():
        if kind not in ("body", "liver"):
            free &= ~other.array
    room = distance_transform_edt(free, sampling=liver.grid.spacing_mm[::-1])
    return liver.grid.index_to_lps(np.array(np.unravel_index(room.argmax(), room.shape))[::-1])


def timed(work: Callable[[], Placement]) -> tuple[Placement, float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    placed = work()
    return placed, time.perf_counter() - wall, time.process_time() - cpu


def figures_of(name: str, bar_s: float, work: Callable[[], Placement]) -> list[Figure]:
    placed, wall, cpu = timed(work)
    coverage = placed.coverage
    against = (
        f"{coverage.punctures} punctures, {coverage.applications} applications,"
        f" PTV {coverage.p50.ptv_pct:.2f} %, CPU {cpu:.2f} s, paths and alternatives included"
    )
    return [
        Figure(name=f"{name}_s", value=wall, unit="s", bar=bar_s, against=against),
        Figure(name=f"{name}_gap", value=100.0 * coverage.optimality_gap, unit="%", bar=None),
        Figure(name=f"{name}_gtv", value=coverage.p50.target_pct, unit="%", bar=100.0, better="higher"),
    ]


def run() -> list[Figure]:
    warm_up()
    structures = scene_structures()
    device = choose_device(Modality.MWA, None)
    grid, centre = structures["liver"].grid, roomiest_point(structures)
    balls = {mm: ellipsoid(grid, centre, (mm / 2, mm / 2, mm / 2)) for mm in SMALL_MM}

    def place(target: LabelMap, needles: int | None = None) -> Placement:
        return place_needles(
            structures=structures, target=target, device=device, margin_mm=5.0, needles=needles
        )

    place(balls[20])
    figures: list[Figure] = []
    for mm, ball in balls.items():
        bar = SMALL_BAR_S if mm <= 30 else THREE_BAR_S
        figures += figures_of(f"sphere_{mm}_mm", bar, lambda ball=ball: place(ball))  # type: ignore[misc]  # mypy does not type defaults of a lambda
    figures += figures_of("three_needles", THREE_BAR_S, lambda: place(balls[30], 3))
    for n in (1, 2):
        tumour = load_mask(f"livertumor{n}")
        figures += figures_of(
            f"ircad17_tumour_{n}_{tumour.volume_ml:.0f}_ml",
            LARGE_BAR_S,
            lambda tumour=tumour: place(tumour),  # type: ignore[misc]  # mypy does not type defaults of a lambda
        )
    zone = Ellipsoids.of([(centre, (0.6, 0.0, 0.8), Zone(long_mm=60, short_mm=45))])
    raster = median_seconds(lambda: zone.rasterise(grid))
    figures.append(Figure(name="rasterise_zone", value=1000 * raster, unit="ms", bar=None))
    return figures
