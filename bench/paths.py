"""Time to a needle path on real CT: the scene's preparation counted, structures given.

Expert masks of ircad17 (body, bone, liver, portal vein, hepatic veins, artery, two tumours) and ellipsoids
that stand in for the organs it has no masks of, so that eleven structures are weighed. Targets: both tumours
and spheres of 8–20 mm placed at random in the liver.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import nibabel
import numpy as np

from bench.harness import Figure
from teleneedle.core.devices import Modality
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap
from teleneedle.engines.trajectories import PathScene, default_rules, describe_path, search_paths, warm_up

DATA = Path(os.environ.get("TELENEEDLE_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
MASKS = {
    "body": "skin",
    "bone": "bone",
    "liver": "liver",
    "portal_vein": "portalvein",
    "hepatic_veins": "venoussystem",
    "artery": "artery",
}
# Stand-ins: centre relative to the liver's (LPS mm) and half axes (mm).
STAND_INS = {
    "lung": ((-10, 20, 110), (70, 80, 60)),
    "stomach": ((130, -20, 0), (35, 30, 50)),
    "bowel": ((60, -40, -90), (90, 35, 30)),
    "gallbladder": ((30, -35, -45), (12, 12, 25)),
    "kidney": ((-20, 70, -75), (25, 22, 45)),
}
VIRTUAL_TARGETS, SEED = 24, 17
MEDIAN_BAR_S, P95_BAR_S, THREE_BAR_S = 1.0, 2.0, 5.0


def load_mask(name: str) -> LabelMap:
    image = nibabel.load(DATA / "ircad17" / "masks" / f"{name}.nii.gz")
    array = np.ascontiguousarray((np.asarray(image.dataobj) > 0).transpose(2, 1, 0))
    affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ image.affine
    return LabelMap(
        array=array, grid=Grid(shape=array.shape, affine=affine, frame_of_reference_uid="1.2.826")
    )


def ellipsoid(grid: Grid, centre: np.ndarray, half_mm: tuple[float, float, float]) -> LabelMap:
    k, j, i = (np.arange(n) for n in grid.shape)
    spacing, origin = np.diag(grid.affine)[:3], grid.origin_lps
    x, y, z = (((n * spacing[a] + origin[a] - centre[a]) / half_mm[a]) ** 2 for a, n in enumerate((i, j, k)))
    array = (z[:, None, None] + y[None, :, None] + x[None, None, :]) <= 1.0
    return LabelMap(array=array, grid=grid)


def scene_structures() -> dict[str, LabelMap]:
    structures = {kind: load_mask(name) for kind, name in MASKS.items()}
    liver = structures["liver"].centroid_lps()
    taken = structures["liver"].array
    for kind, (offset, half) in STAND_INS.items():
        made = ellipsoid(structures["liver"].grid, liver + np.array(offset), half)
        structures[kind] = LabelMap(array=made.array & structures["body"].array & ~taken, grid=made.grid)
    return structures


def targets(structures: dict[str, LabelMap]) -> list[LabelMap]:
    rng = np.random.default_rng(SEED)
    points = structures["liver"].points_lps()
    grid = structures["liver"].grid
    found = [load_mask("livertumor1"), load_mask("livertumor2")]
    for _ in range(VIRTUAL_TARGETS):
        radius = float(rng.uniform(8, 20))
        ball = ellipsoid(grid, points[rng.integers(len(points))], (radius, radius, radius))
        found.append(LabelMap(array=ball.array & structures["liver"].array, grid=grid))
    return found


def aims_in(target: LabelMap, count: int, rng: np.random.Generator) -> np.ndarray:
    points = target.points_lps()
    centre = points.mean(axis=0)
    first = points[np.argmin(np.linalg.norm(points - centre, axis=1))]
    return np.vstack([first, points[rng.choice(len(points), count - 1)]])


def run() -> list[Figure]:
    warm_up()
    structures = scene_structures()
    rules = default_rules(modality=Modality.MWA, usable_length_mm=200, gauge=14)
    rng = np.random.default_rng(SEED)
    single, busy, three, described, with_path = [], [], [], [], 0
    chosen = targets(structures)
    for target in chosen:
        aims = aims_in(target, 3, rng)
        start, start_cpu = time.perf_counter(), time.process_time()
        scene = PathScene.build(structures, target=target, rules=rules)
        found = search_paths(scene, aims[:1], rules)
        single.append(time.perf_counter() - start)
        busy.append(time.process_time() - start_cpu)
        start = time.perf_counter()
        search_paths(PathScene.build(structures, target=target, rules=rules), aims, rules)
        three.append(time.perf_counter() - start)
        if found.paths:
            with_path += 1
            path, start = found.paths[0], time.perf_counter()
            describe_path(scene, path, rules, needle_id="N1", tip_depth_mm=path.aim_depth_mm, gauge=14)
            described.append(time.perf_counter() - start)
    against = f"{len(chosen)} targets in ircad17, {len(structures)} structures, scene included"
    median, p95 = float(np.median(single)), float(np.percentile(single, 95))
    share = 100 * with_path / len(chosen)
    return [
        Figure(name="one_needle_median", value=median, unit="s", bar=MEDIAN_BAR_S, against=against),
        Figure(name="one_needle_p95", value=p95, unit="s", bar=P95_BAR_S, against=against),
        Figure(name="three_needles_max", value=max(three), unit="s", bar=THREE_BAR_S, against=against),
        Figure(
            name="one_needle_cpu_median",
            value=float(np.median(busy)),
            unit="s",
            bar=None,
            against="all cores",
        ),
        Figure(name="describe_median", value=float(np.median(described)), unit="s", bar=None),
        Figure(name="targets_with_a_safe_path", value=share, unit="%", bar=None, better="higher"),
    ]
