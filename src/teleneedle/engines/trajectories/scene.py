"""The scene a needle is searched in: voxels of every obstacle, and quick coarse fields derived from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import edt
import numpy as np
from numpy.typing import NDArray

from teleneedle.core.errors import StructureError
from teleneedle.core.geometry import FloatArray, Grid, require_same_frame
from teleneedle.core.image import LabelMap
from teleneedle.core.plan import Point
from teleneedle.engines.trajectories import kernels
from teleneedle.engines.trajectories.constraints import ClearanceRule, PathRules

COARSE_MM = 2.0
HOST_SHARE = 0.5
HOSTS = ("liver", "lung", "kidney", "spleen", "pancreas", "bone")
"""Organs whose own tumours are treated: a target inside one is reached through it."""
THIN_BRANCH_WEIGHT = 0.7
THIN_BRANCH_MM = 5.0
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


@dataclass(frozen=True, kw_only=True, eq=False)
class PathScene:
    """Everything a path search looks at.

    Parameters
    ----------
    body, target, organ : (K, J, I) uint8
        Body outline, target, and the liver when the target lies in it (else a single empty voxel).
    labels : (K, J, I) uint8
        0 where free, else 1 + index of the obstacle with the largest required distance.
    need_mm : (256,) float64
        Distance from the needle's axis that each label requires, needle radius included.
    host : str
        Organ that holds the target and is therefore no obstacle; empty when none does.
    missing : tuple of str
        Kinds with a hard rule that were not given: nothing is known about them.
    table_p_mm : float or None
        P coordinate (LPS) of the table top under a supine patient.
    """

    grid: Grid
    frame: GridFrame
    rules: PathRules
    obstacles: tuple[Obstacle, ...]
    body: UINT8
    target: UINT8
    organ: UINT8
    has_organ: bool
    labels: UINT8
    need_mm: FloatArray
    coarse: CoarseFields
    host: str
    missing: tuple[str, ...]
    table_p_mm: float | None
    isocentre: Point

    @classmethod
    def build(
        cls,
        structures: Mapping[str, LabelMap],
        *,
        target: LabelMap,
        rules: PathRules,
        table_below: bool = True,
    ) -> PathScene:
        """Prepare a search.

        Parameters
        ----------
        structures : mapping of str to LabelMap
            By canonical kind, all on one grid; `body` (or a filled `skin`) is required.
        target : LabelMap
            The tumour.
        rules : PathRules
            Their clearances are built in.
        table_below : bool
            Whether the patient lies supine, so that the table is on the P side.

        Raises
        ------
        StructureError
            If body or target is missing or empty, or the grids differ.
        FrameOfReferenceError
            If a structure lies in another frame.
        """
        body = _require_body(structures, target)
        frame = GridFrame.of(target.grid)
        host = _host_of(structures, target)
        obstacles = tuple(_obstacles(structures, rules, host, frame))
        labels, need_mm = _stamp_labels(obstacles, rules, target.grid.shape)
        return cls(
            grid=target.grid,
            frame=frame,
            rules=rules,
            obstacles=obstacles,
            body=as_bytes(body),
            target=as_bytes(target),
            organ=as_bytes(structures["liver"]) if host == "liver" else _no_mask(),
            has_organ=host == "liver",
            labels=labels,
            need_mm=need_mm,
            coarse=_coarse_fields(obstacles, rules, target),
            host=host,
            missing=_missing(structures, rules, host),
            table_p_mm=_lowest_p_mm(body) if table_below else None,
            isocentre=_centre(target.grid),
        )

    @property
    def has_table(self) -> bool:
        """Whether the table's height is known."""
        return self.table_p_mm is not None


def as_bytes(label_map: LabelMap) -> UINT8:
    """(K, J, I) uint8 view (a copy only when the mask is not contiguous), read-only."""
    array = np.ascontiguousarray(label_map.array).view(np.uint8)
    array.setflags(write=False)
    return array


def voxel_list(mask: UINT8) -> NDArray[np.int64]:
    """Flat indices of the set voxels of a contiguous mask."""
    flat = mask.reshape(-1)
    words = flat[: flat.size // 8 * 8].view(np.uint64)
    return np.asarray(kernels.set_voxels(flat, words))


def _no_mask() -> UINT8:
    empty = np.zeros((1, 1, 1), np.uint8)
    empty.setflags(write=False)
    return empty


def _require_body(structures: Mapping[str, LabelMap], target: LabelMap) -> LabelMap:
    body = structures.get("body") or structures.get("skin")
    if body is None or body.is_empty:
        raise StructureError(
            "paths start at the skin, and the body outline is missing",
            where="body",
            remedy="segment the body first",
        )
    if target.is_empty:
        raise StructureError("the target is empty", where="target", remedy="choose another target")
    for kind, label_map in structures.items():
        require_same_frame(label_map.grid, target.grid, what=f"{kind} and the target")
        if not label_map.grid.matches(target.grid):
            raise StructureError(
                "a structure and the target lie on different grids",
                where=kind,
                remedy="resample it to the CT first",
            )
    return body


def _host_of(structures: Mapping[str, LabelMap], target: LabelMap) -> str:
    """Organ that holds most of the target or of its surroundings within 5 mm."""
    voxels = voxel_list(as_bytes(target))
    k, j, i = np.unravel_index(voxels[:: max(voxels.size // 2000, 1)], target.grid.shape)
    points = target.grid.index_to_lps(np.stack([i, j, k], axis=1))
    around = (points[:, None, :] + 5.0 * np.vstack([np.eye(3), -np.eye(3)])).reshape(-1, 3)
    around = around[~_sampled(target, around)]
    best, host = 0.0, ""
    for kind in HOSTS:
        if kind in structures:
            inside = float(_sampled(structures[kind], points).mean())
            beside = float(_sampled(structures[kind], around).mean()) if len(around) else 0.0
            share = max(inside, beside)
            if share >= HOST_SHARE and share > best:
                best, host = share, kind
    return host


def _sampled(label_map: LabelMap, points_lps: FloatArray) -> NDArray[np.bool_]:
    index = np.rint(label_map.grid.lps_to_index(points_lps)).astype(np.int64)
    size = np.asarray(label_map.grid.size_ijk)
    inside = ((index >= 0) & (index < size)).all(axis=1)
    i, j, k = np.clip(index, 0, size - 1).T
    return np.asarray(label_map.array[k, j, i] & inside)


def _obstacles(
    structures: Mapping[str, LabelMap], rules: PathRules, host: str, frame: GridFrame
) -> list[Obstacle]:
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
    kernels.keep_large_parts(voxels, mask, np.ascontiguousarray(index[near][:, ::-1]), opened)
    is_large = opened.reshape(-1)[voxels] == 1
    return voxels[is_large], voxels[~is_large]


def _stamp_labels(
    obstacles: tuple[Obstacle, ...], rules: PathRules, shape: tuple[int, int, int]
) -> tuple[UINT8, FloatArray]:
    """Label volume in which the larger requirement wins where structures overlap."""
    labels = np.zeros(shape, np.uint8)
    need_mm = np.zeros(256)
    order = sorted(range(len(obstacles)), key=lambda n: obstacles[n].rule.hard_mm or 0.0)
    for n in order:
        need_mm[n + 1] = (obstacles[n].rule.hard_mm or 0.0) + rules.needle_radius_mm
        kernels.stamp(obstacles[n].hard_voxels, shape, labels, n + 1)
    return labels, need_mm


def _missing(structures: Mapping[str, LabelMap], rules: PathRules, host: str) -> tuple[str, ...]:
    required = [r.structure for r in rules.clearances if r.hard_mm is not None and r.structure != host]
    return tuple(kind for kind in [*required, "liver"] if kind not in structures or structures[kind].is_empty)


def _coarse_fields(obstacles: tuple[Obstacle, ...], rules: PathRules, target: LabelMap) -> CoarseFields:
    spacing = target.grid.spacing_mm[::-1]
    factors = np.maximum(np.rint(COARSE_MM / spacing), 1).astype(np.int64)
    shape = tuple(int(n) for n in -(-np.asarray(target.grid.shape) // factors))
    cell_mm = factors * spacing
    fields = CoarseFields(
        factors_kji=factors,
        bits=np.zeros(shape, np.uint32),
        margin=np.full(shape, kernels.FAR_MM, np.float32),
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
        kernels.pool(voxels, shape, fields.factors_kji, low, free)
        distance = edt.edt(free, anisotropy=tuple(cell_mm), black_border=False, parallel=2)
        kernels.fold_distance(
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


def _lowest_p_mm(body: LabelMap) -> float:
    """Largest P coordinate (LPS) of the body: where a supine patient touches the table."""
    columns = np.argwhere(body.array.any(axis=0))
    rows = np.argwhere(body.array.any(axis=2))
    jmax = int(columns[:, 0].max())
    corners = [[i, jmax, k] for i in (columns[:, 1].min(), columns[:, 1].max()) for k in rows[:, 0][[0, -1]]]
    return float(body.grid.index_to_lps(corners)[:, 1].max())


def _centre(grid: Grid) -> Point:
    x, y, z = grid.index_to_lps((np.asarray(grid.size_ijk) - 1) / 2)
    return float(x), float(y), float(z)
