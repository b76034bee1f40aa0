"""Exact distances from a needle to each structure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from teleneedle.core.geometry import FloatArray
from teleneedle.core.plan import Clearance, Point
from teleneedle.engines.trajectories import distances
from teleneedle.engines.trajectories.obstacles import Obstacle
from teleneedle.engines.trajectories.scene import PathScene


def measure_clearances(
    scene: PathScene, entry_lps: FloatArray, direction: FloatArray, depth_mm: float, *, radius_mm: float
) -> tuple[Clearance, ...]:
    """Distance from the needle's surface to every structure with a rule, the tightest first.

    The distance is that of the axis segment to the nearest voxel box (not centre) of the full-resolution
    mask, less the needle's radius; negative where the needle runs through. For sheared grids the box around
    the sheared voxel is taken, so distances are never too large. A vessel whose thin branches are nearer than
    its large part has two entries: the large part (hard) and the branch (soft, nothing required).

    Parameters
    ----------
    scene : PathScene
    entry_lps, direction : (3,) float64
        Skin entry (LPS mm) and unit direction inwards.
    depth_mm : float
        Skin to tip.
    radius_mm : float
        Outer radius of the needle.
    """
    found = []
    for obstacle in scene.obstacles:
        hard = _one(scene, obstacle, obstacle.hard_voxels, entry_lps, direction, depth_mm, radius_mm, True)
        soft = _one(scene, obstacle, obstacle.soft_voxels, entry_lps, direction, depth_mm, radius_mm, False)
        if hard is not None:
            found.append(hard)
        if soft is not None and (hard is None or soft.min_distance_mm < hard.min_distance_mm):
            found.append(soft)
    return tuple(sorted(found, key=lambda c: (not c.is_hard, c.min_distance_mm - c.required_mm)))


def _one(
    scene: PathScene,
    obstacle: Obstacle,
    voxels: NDArray[np.int64],
    entry: FloatArray,
    direction: FloatArray,
    depth_mm: float,
    radius_mm: float,
    is_hard: bool,
) -> Clearance | None:
    if voxels.size == 0:
        return None
    frame = scene.frame
    distance, at_mm = distances.nearest_voxel(
        entry,
        direction,
        depth_mm,
        voxels,
        scene.grid.shape,
        frame.origin,
        frame.matrix,
        frame.turn,
        frame.half_mm,
    )
    return Clearance(
        structure=obstacle.kind,
        min_distance_mm=float(distance - radius_mm),
        at_lps=as_point(entry + at_mm * direction),
        required_mm=(obstacle.rule.hard_mm or 0.0) if is_hard else 0.0,
        is_hard=is_hard,
    )


def as_point(values: FloatArray) -> Point:
    """Three floats."""
    x, y, z = (float(v) for v in values)
    return x, y, z
