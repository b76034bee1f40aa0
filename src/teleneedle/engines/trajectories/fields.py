"""Coarse distance fields: quick estimates that sort rays before the exact check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import edt
import numpy as np
from numpy.typing import NDArray

from teleneedle.core.geometry import FloatArray
from teleneedle.core.image import LabelMap
from teleneedle.engines.trajectories import voxels as loops
from teleneedle.engines.trajectories.constraints import PathRules
from teleneedle.engines.trajectories.marching import FAR_MM
from teleneedle.engines.trajectories.obstacles import Obstacle

COARSE_MM = 2.0
THIN_BRANCH_WEIGHT = 0.7
THIN_BRANCH_MM = 5.0


@dataclass(frozen=True, kw_only=True, eq=False)
class CoarseFields:
    """Estimates on a coarse grid (cells of `factors_kji` voxels) that sort rays before the exact check.

    Parameters
    ----------
    bits : (k, j, i) uint32
        Bit n set where the axis would be nearer to obstacle n than its rule allows.
    margin : (k, j, i) float32, mm
        Smallest distance above the requirement over all obstacles.
    soft : (k, j, i) float32
        Largest soft penalty, 0–1.
    error_mm : float
        Bound on how far an estimate can be from the exact value.
    """

    factors_kji: NDArray[np.int64]
    bits: NDArray[np.uint32]
    margin: NDArray[np.float32]
    soft: NDArray[np.float32]
    error_mm: float


def coarse_fields(obstacles: tuple[Obstacle, ...], rules: PathRules, target: LabelMap) -> CoarseFields:
    """Estimates around the target, as far as a permitted needle can reach."""
    spacing = target.grid.spacing_mm[::-1]
    factors = np.maximum(np.rint(COARSE_MM / spacing), 1).astype(np.int64)
    shape = tuple(int(n) for n in -(-np.asarray(target.grid.shape) // factors))
    cell_mm = factors * spacing
    fields = CoarseFields(
        factors_kji=factors,
        bits=np.zeros(shape, np.uint32),
        margin=np.full(shape, FAR_MM, np.float32),
        soft=np.zeros(shape, np.float32),
        error_mm=float(np.linalg.norm(cell_mm)),
    )
    window = _reach_window(target, rules, factors, shape)
    for n, obstacle in enumerate(obstacles):
        _fold(fields, obstacle, 1 << n, rules.needle_radius_mm, target.grid.shape, window, cell_mm)
    return fields


def _reach_window(
    target: LabelMap, rules: PathRules, factors: NDArray[np.int64], shape: tuple[int, ...]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Coarse window that needles of the permitted length can pass through."""
    reach_mm = (rules.limit("length_mm").hard_high or 250.0) + 10.0
    box = target.bounding_slices(pad_mm=reach_mm)
    low = np.array([s.start for s in box]) // factors
    high = np.minimum(-(-np.array([s.stop for s in box]) // factors), shape)
    return low, high


def _fold(
    fields: CoarseFields,
    obstacle: Obstacle,
    bit: int,
    radius_mm: float,
    shape: tuple[int, int, int],
    window: tuple[NDArray[np.int64], NDArray[np.int64]],
    cell_mm: FloatArray,
) -> None:
    hard_mm = obstacle.rule.hard_mm or 0.0
    soft_mm = max(obstacle.rule.soft_mm, hard_mm + 1e-3)
    parts: list[tuple[Any, ...]] = [(obstacle.hard_voxels, hard_mm, soft_mm, 1.0, True)]
    parts.append((obstacle.soft_voxels, 0.0, THIN_BRANCH_MM, THIN_BRANCH_WEIGHT, False))
    for voxels, need_mm, far_mm, weight, is_hard in parts:
        placed = _coarse_window(voxels, shape, fields.factors_kji, window, (far_mm + radius_mm) / cell_mm)
        if placed is None:
            continue
        low, size = placed
        free = np.ones(size, np.uint8)
        loops.pool(voxels, shape, fields.factors_kji, low, free)
        distance = edt.edt(free, anisotropy=tuple(cell_mm), black_border=False, parallel=2)
        loops.fold_distance(
            distance, low, bit, need_mm + radius_mm, far_mm + radius_mm, weight, is_hard,
            fields.bits, fields.margin, fields.soft,
        )  # fmt: skip


def _coarse_window(
    voxels: NDArray[np.int64],
    shape: tuple[int, int, int],
    factors: NDArray[np.int64],
    window: tuple[NDArray[np.int64], NDArray[np.int64]],
    pad_cells: FloatArray,
) -> tuple[NDArray[np.int64], tuple[int, ...]] | None:
    """Start and size of the coarse box around the voxels, padded and cut to `window`; None when empty."""
    if voxels.size == 0:
        return None
    k, j, i = voxels // (shape[1] * shape[2]), voxels // shape[2] % shape[1], voxels % shape[2]
    pad = np.ceil(pad_cells).astype(np.int64) + 1
    low = np.array([a.min() for a in (k, j, i)]) // factors - pad
    high = np.array([a.max() for a in (k, j, i)]) // factors + pad + 1
    low, high = np.maximum(low, window[0]), np.minimum(high, window[1])
    if (high <= low).any():
        return None
    return low, tuple(int(n) for n in high - low)
