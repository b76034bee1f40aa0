"""The scene a needle is searched in: body, target, obstacles, and what is derived from them once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teleneedle.core.errors import StructureError
from teleneedle.core.geometry import FloatArray, Grid, require_same_frame
from teleneedle.core.image import LabelMap
from teleneedle.core.plan import Point
from teleneedle.engines.trajectories import voxels as loops
from teleneedle.engines.trajectories.constraints import PathRules
from teleneedle.engines.trajectories.fields import CoarseFields, coarse_fields
from teleneedle.engines.trajectories.obstacles import (
    UINT8,
    GridFrame,
    Obstacle,
    as_bytes,
    find_obstacles,
    voxel_list,
)

HOST_SHARE = 0.5
HOSTS = ("liver", "lung", "kidney", "spleen", "pancreas", "bone")
"""Organs whose own tumours are treated: a target inside one is reached through it."""


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
        obstacles = tuple(find_obstacles(structures, rules, host, frame))
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
            coarse=coarse_fields(obstacles, rules, target),
            host=host,
            missing=_missing(structures, rules, host),
            table_p_mm=_lowest_p_mm(body) if table_below else None,
            isocentre=_centre(target.grid),
        )

    @property
    def has_table(self) -> bool:
        """Whether the table's height is known."""
        return self.table_p_mm is not None


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


def _stamp_labels(
    obstacles: tuple[Obstacle, ...], rules: PathRules, shape: tuple[int, int, int]
) -> tuple[UINT8, FloatArray]:
    """Label volume in which the larger requirement wins where structures overlap."""
    labels = np.zeros(shape, np.uint8)
    need_mm = np.zeros(256)
    order = sorted(range(len(obstacles)), key=lambda n: obstacles[n].rule.hard_mm or 0.0)
    for n in order:
        need_mm[n + 1] = (obstacles[n].rule.hard_mm or 0.0) + rules.needle_radius_mm
        loops.stamp(obstacles[n].hard_voxels, shape, labels, n + 1)
    return labels, need_mm


def _missing(structures: Mapping[str, LabelMap], rules: PathRules, host: str) -> tuple[str, ...]:
    required = [r.structure for r in rules.clearances if r.hard_mm is not None and r.structure != host]
    return tuple(kind for kind in [*required, "liver"] if kind not in structures or structures[kind].is_empty)


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
