"""Voxels that a needle must keep away from, read from the structures once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from teleneedle.core.geometry import FloatArray, Grid
from teleneedle.core.image import LabelMap
from teleneedle.engines.trajectories import voxels as loops
from teleneedle.engines.trajectories.constraints import ClearanceRule, PathRules

UINT8 = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True, eq=False)
class GridFrame:
    """Matrices the kernels need; for a sheared grid `half_mm` is the box around the voxel."""

    origin: FloatArray
    matrix: FloatArray
    inverse: FloatArray
    turn: FloatArray
    half_mm: FloatArray

    @classmethod
    def of(cls, grid: Grid) -> GridFrame:
        """Matrices of a grid; voxel boxes are aligned with its orthonormalised axes."""
        matrix = np.ascontiguousarray(grid.affine[:3, :3])
        axes, _ = np.linalg.qr(matrix)
        turn = np.ascontiguousarray(axes.T)
        return cls(
            origin=np.array(grid.origin_lps),
            matrix=matrix,
            inverse=np.ascontiguousarray(np.linalg.inv(matrix)),
            turn=turn,
            half_mm=np.abs(turn @ matrix).sum(axis=1) / 2,
        )

    @property
    def half_diagonal_mm(self) -> float:
        """From the centre of a voxel to its corner, mm."""
        return float(np.linalg.norm(self.half_mm))


@dataclass(frozen=True, kw_only=True, eq=False)
class Obstacle:
    """One structure with a clearance rule: voxels that are forbidden, and thin vessels that only rank."""

    kind: str
    rule: ClearanceRule
    hard_voxels: NDArray[np.int64]
    soft_voxels: NDArray[np.int64]


def as_bytes(label_map: LabelMap) -> UINT8:
    """(K, J, I) uint8 view (a copy only when the mask is not contiguous), read-only."""
    array = np.ascontiguousarray(label_map.array).view(np.uint8)
    array.setflags(write=False)
    return array


def voxel_list(mask: UINT8) -> NDArray[np.int64]:
    """Flat indices of the set voxels of a contiguous mask."""
    flat = mask.reshape(-1)
    words = flat[: flat.size // 8 * 8].view(np.uint64)
    return np.asarray(loops.set_voxels(flat, words))


def find_obstacles(
    structures: Mapping[str, LabelMap], rules: PathRules, host: str, frame: GridFrame
) -> list[Obstacle]:
    """Every structure with a rule, except the organ that holds the target."""
    found = []
    for rule in rules.clearances:
        if rule.structure == host or rule.structure not in structures:
            continue
        mask = as_bytes(structures[rule.structure])
        voxels = voxel_list(mask)
        if voxels.size == 0:
            continue
        hard, soft = voxels, voxels[:0]
        if rule.hard_mm is None:
            hard, soft = soft, hard
        elif rule.large_from_mm is not None:
            hard, soft = split_by_calibre(mask, voxels, rule.large_from_mm, frame)
        found.append(Obstacle(kind=rule.structure, rule=rule, hard_voxels=hard, soft_voxels=soft))
    return found


def split_by_calibre(
    mask: UINT8, voxels: NDArray[np.int64], diameter_mm: float, frame: GridFrame
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Voxels of parts in which a ball of `diameter_mm` fits (by centres, scan edge ignored), and the rest."""
    reach = np.ceil(diameter_mm / 2 * np.linalg.norm(frame.inverse, axis=1)).astype(int)
    i, j, k = np.meshgrid(*(np.arange(-r, r + 1) for r in reach), indexing="ij")
    index = np.stack([i, j, k], axis=-1).reshape(-1, 3)
    near = np.linalg.norm(index @ frame.matrix.T, axis=1) <= diameter_mm / 2
    opened = np.zeros(mask.shape, np.uint8)
    loops.keep_large_parts(voxels, mask, np.ascontiguousarray(index[near][:, ::-1]), opened)
    is_large = opened.reshape(-1)[voxels] == 1
    return voxels[is_large], voxels[~is_large]


def large_parts(label_map: LabelMap, *, diameter_mm: float) -> LabelMap:
    """The parts of a structure in which a ball of `diameter_mm` fits, as the clearance rules mean it.

    Parameters
    ----------
    label_map : LabelMap
    diameter_mm : float
        As `ClearanceRule.large_from_mm`.
    """
    mask = as_bytes(label_map)
    large, _ = split_by_calibre(mask, voxel_list(mask), diameter_mm, GridFrame.of(label_map.grid))
    kept = np.zeros(mask.size, bool)
    kept[large] = True
    return replace(label_map, array=kept.reshape(mask.shape))
