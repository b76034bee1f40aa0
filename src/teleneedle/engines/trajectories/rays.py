"""One aim seen from all directions: where each line meets the skin and which rules it breaks."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from teleneedle.core.geometry import FloatArray
from teleneedle.engines.trajectories import marching
from teleneedle.engines.trajectories.constraints import PathRules
from teleneedle.engines.trajectories.scene import PathScene

STEP_MM = 1.0
BEYOND_REACH_MM = 60.0
OUTSIDE_MM = 150.0
LIVER_GAP_MM = 5.0
QUICK_BALL_MM = (8.0, 1.6)
FINE_BALL_MM = (10.0, 1.25)
HUB_MM = 60.0
BORE_RADIUS_MM = 350.0
LEAVES_SCAN, BODY_PART, NO_SKIN = "leaves_scan", "body_part", "no_skin"
_STATUS_NAMES = {1: LEAVES_SCAN, 2: BODY_PART, 3: NO_SKIN}
_WORKERS = max(1, min(4, os.cpu_count() or 1))


@dataclass(frozen=True, kw_only=True, eq=False)
class RaySet:
    """All rays of one aim.

    Parameters
    ----------
    aim : (3,) LPS mm
    outward : (N, 3)
        Unit vectors from the aim.
    depth_mm : (N,)
        Aim to skin; −1 where no skin was found.
    margin_mm, soft : (N,)
        Estimated distance above the worst requirement, and worst soft clearance penalty.
    broken : (N, R) bool
        Which of `names` each ray breaks, by the estimates for structures.
    quantities : mapping of str to (N,)
        Value of every limited quantity; NaN where it does not apply.
    """

    aim: FloatArray
    outward: FloatArray
    depth_mm: FloatArray
    margin_mm: FloatArray
    soft: FloatArray
    names: tuple[str, ...]
    broken: NDArray[np.bool_]
    quantities: dict[str, FloatArray]


@lru_cache(maxsize=4)
def sphere_directions(spacing_deg: float) -> FloatArray:
    """(N, 3) unit vectors spread evenly over the sphere (golden spiral), about `spacing_deg` apart."""
    count = max(round(4 * np.pi / np.radians(spacing_deg) ** 2 * 1.08), 12)
    n = np.arange(count) + 0.5
    z = 1 - 2 * n / count
    angle = np.pi * (1 + np.sqrt(5)) * n
    radius = np.sqrt(1 - z**2)
    vectors = np.stack([radius * np.cos(angle), radius * np.sin(angle), z], axis=1)
    vectors.setflags(write=False)
    return vectors


@lru_cache(maxsize=4)
def normal_ball(radius_mm: float, spacing_mm: float) -> FloatArray:
    """(M, 3) offsets, `spacing_mm` apart, filling the ball that surface normals are taken from."""
    count = int(radius_mm / spacing_mm)
    axis = np.arange(-count, count + 1) * spacing_mm
    points = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    return np.ascontiguousarray(points[np.linalg.norm(points, axis=1) <= radius_mm])


def in_chunks(count: int, work: Callable[[slice], None]) -> None:
    """Run `work` on slices of ``range(count)`` in a few threads (the kernels release the lock)."""
    if count < 64:
        work(slice(0, count))
        return
    parts = 4 * _WORKERS
    edges = np.linspace(0, count, parts + 1).astype(int)
    with ThreadPoolExecutor(_WORKERS) as pool:
        list(pool.map(work, [slice(int(a), int(b)) for a, b in pairwise(edges)]))


def cast_rays(scene: PathScene, aim: FloatArray, rules: PathRules, spacing_deg: float) -> RaySet:
    """Follow a line from the aim to the skin in every direction and judge it by the coarse fields."""
    outward = np.array(sphere_directions(spacing_deg))
    n = len(outward)
    exit_mm, margin, soft, liver, capsule = (np.zeros(n) for _ in range(5))
    status, bits = np.zeros(n, np.int64), np.zeros(n, np.int64)
    frame, coarse = scene.frame, scene.coarse
    reach = (rules.limit("length_mm").hard_high or 250.0) + BEYOND_REACH_MM

    def march(part: slice) -> None:
        marching.march_rays(
            aim, outward[part], frame.origin, frame.inverse, reach, OUTSIDE_MM, LIVER_GAP_MM, STEP_MM,
            scene.body, scene.target, scene.organ, scene.has_organ,
            coarse.factors_kji, coarse.bits, coarse.margin, coarse.soft,
            exit_mm[part], status[part], bits[part], margin[part], soft[part], liver[part], capsule[part],
        )  # fmt: skip

    in_chunks(n, march)
    quantities = _quantities(scene, aim, outward, exit_mm, liver, capsule, rules)
    names, broken = _broken(scene, rules, status, bits, quantities)
    return RaySet(
        aim=aim, outward=outward, depth_mm=exit_mm, margin_mm=margin, soft=soft,
        names=names, broken=broken, quantities=quantities,
    )  # fmt: skip


def surface_angles_deg(
    scene: PathScene,
    aim: FloatArray,
    outward: FloatArray,
    depth_mm: FloatArray,
    mask: NDArray[np.uint8],
    ball_mm: tuple[float, float] = FINE_BALL_MM,
) -> FloatArray:
    """(N,) angle to the tangent plane of `mask` where each ray crosses it; NaN at negative depths."""
    angles, ball = np.zeros(len(outward)), normal_ball(*ball_mm)

    def measure(part: slice) -> None:
        marching.surface_angles(
            aim,
            outward[part],
            depth_mm[part],
            mask,
            scene.frame.origin,
            scene.frame.inverse,
            ball,
            angles[part],
        )

    in_chunks(len(outward), measure)
    return angles


def _quantities(
    scene: PathScene,
    aim: FloatArray,
    outward: FloatArray,
    exit_mm: FloatArray,
    liver: FloatArray,
    capsule: FloatArray,
    rules: PathRules,
) -> dict[str, FloatArray]:
    reached = exit_mm >= 0
    found = {"length_mm": np.where(reached, exit_mm, np.nan), "tilt_deg": np.abs(tilt_deg(-outward))}
    skin = rules.limit("skin_angle_deg")
    if skin.hard_low is not None or skin.hard_high is not None:
        found["skin_angle_deg"] = surface_angles_deg(scene, aim, outward, exit_mm, scene.body, QUICK_BALL_MM)
    if scene.has_organ:
        crossing = np.where(reached, capsule, -1.0)
        found["capsule_angle_deg"] = surface_angles_deg(
            scene, aim, outward, crossing, scene.organ, QUICK_BALL_MM
        )
        found["healthy_liver_mm"] = np.where(reached, liver, np.nan)
    found |= room_around(scene, aim + exit_mm[:, None] * outward, outward, exit_mm, rules)
    for name in ("table_mm", "bore_mm"):
        if name in found:
            found[name] = np.where(reached, found[name], np.nan)
    return found


def tilt_deg(inward: FloatArray) -> FloatArray:
    """Angle (deg) out of the axial plane, positive towards the head; `inward` is (..., 3)."""
    return np.asarray(np.degrees(np.arcsin(np.clip(inward[..., 2], -1.0, 1.0))))


def room_around(
    scene: PathScene, entry: FloatArray, outward: FloatArray, depth_mm: FloatArray, rules: PathRules
) -> dict[str, FloatArray]:
    """Height of the outer shaft above the table before insertion, and room between hub and bore in place.

    The bore is a cylinder of 350 mm radius about the centre of the image (larger bores give more room).
    """
    shaft = (rules.limit("length_mm").hard_high or 200.0) + HUB_MM
    hub = entry + np.maximum(shaft - depth_mm, HUB_MM)[..., None] * outward
    centre = np.asarray(scene.isocentre)
    found = {"bore_mm": BORE_RADIUS_MM - np.linalg.norm((hub - centre)[..., :2], axis=-1)}
    if scene.table_p_mm is not None:
        lowest = np.maximum(entry[..., 1], (entry + shaft * outward)[..., 1])
        found["table_mm"] = scene.table_p_mm - lowest
    return found


def breaks_limit(values: FloatArray, low: float | None, high: float | None) -> NDArray[np.bool_]:
    """Which values lie outside the hard bounds; NaN breaks nothing."""
    outside = np.zeros(np.shape(values), np.bool_)
    if low is not None:
        outside |= values < low
    if high is not None:
        outside |= values > high
    return outside


def _broken(
    scene: PathScene,
    rules: PathRules,
    status: NDArray[np.int64],
    bits: NDArray[np.int64],
    quantities: dict[str, FloatArray],
) -> tuple[tuple[str, ...], NDArray[np.bool_]]:
    columns: dict[str, NDArray[np.bool_]] = {}
    for n, obstacle in enumerate(scene.obstacles):
        columns[obstacle.kind] = (bits >> n) & 1 == 1
    for rule in rules.limits:
        if rule.name in quantities and (rule.hard_low is not None or rule.hard_high is not None):
            columns[rule.name] = breaks_limit(quantities[rule.name], rule.hard_low, rule.hard_high)
    for code, name in _STATUS_NAMES.items():
        columns[name] = status == code
    return tuple(columns), np.stack(list(columns.values()), axis=1)
