"""Where an entry lies on the body, in words: only what the structures at hand can tell."""

from __future__ import annotations

import numpy as np

from teleneedle.core.geometry import FloatArray
from teleneedle.core.plan import Bilingual
from teleneedle.engines.trajectories.scene import PathScene

_RIB_DEPTH_MM, _RIB_NEAR_MM, _MIDLINE_MM, _LEVEL_MM, _BODY_MM = 60.0, 25.0, 40.0, 20.0, 400.0
_ASPECTS: tuple[Bilingual, ...] = (
    ("左侧", "left side"), ("左后外侧", "left back"), ("背侧", "back"), ("右后外侧", "right back"),
    ("右侧", "right side"), ("右前外侧", "right front"), ("前侧", "front"), ("左前外侧", "left front"),
)  # fmt: skip


def entry_landmark(scene: PathScene, entry: FloatArray, direction: FloatArray) -> Bilingual:
    """Side of the body, between ribs or not, distance from the midline, level below the liver dome, slice."""
    parts = [_aspect(scene, entry)]
    if _is_between_ribs(scene, entry, direction):
        parts.append(("肋间", "between ribs"))
    parts.append(_midline(scene, entry))
    if scene.has_organ:
        parts.append(_below_dome(scene, entry))
    parts.append(_level(scene, entry))
    return "，".join(zh for zh, _ in parts), ", ".join(en for _, en in parts)


def _slice_box(scene: PathScene, entry: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Lower and upper LPS corner of the body in the entry's slice."""
    k = int(np.clip(np.rint(scene.grid.lps_to_index(entry)[2]), 0, scene.grid.shape[0] - 1))
    inside = scene.body[k] != 0
    j = np.flatnonzero(inside.any(axis=1))
    # The extremes of any linear coordinate lie at the ends of the rows.
    ends = (inside[j].argmax(axis=1), inside.shape[1] - 1 - inside[j, ::-1].argmax(axis=1))
    points = scene.grid.index_to_lps(
        np.concatenate([np.stack([i, j, np.full_like(j, k)], axis=1) for i in ends])
    )
    return points.min(axis=0), points.max(axis=0)


def _aspect(scene: PathScene, entry: FloatArray) -> Bilingual:
    low, high = _slice_box(scene, entry)
    away = (entry - (low + high) / 2) / np.maximum((high - low) / 2, 1.0)
    octant = round(float(np.degrees(np.arctan2(away[1], away[0]))) / 45.0) % 8
    return _ASPECTS[octant]


def _midline(scene: PathScene, entry: FloatArray) -> Bilingual:
    canal = _points_of(scene, "spinal_canal", entry, _BODY_MM)
    near = canal[np.abs(canal[:, 2] - entry[2]) <= _LEVEL_MM] if canal is not None else None
    if near is not None and len(near):
        middle, zh, en = float(near[:, 0].mean()), "脊柱中线", "spinal midline"
    else:
        low, high = _slice_box(scene, entry)
        middle, zh, en = float(low[0] + high[0]) / 2, "体部中线", "middle of the body outline"
    offset = float(entry[0]) - middle
    side_zh, side_en = ("左", "left") if offset > 0 else ("右", "right")
    return f"{zh}偏{side_zh} {abs(offset):.0f} mm", f"{abs(offset):.0f} mm {side_en} of the {en}"


def _below_dome(scene: PathScene, entry: FloatArray) -> Bilingual:
    k = np.flatnonzero(scene.organ.any(axis=(1, 2)))
    ends = scene.grid.index_to_lps([[0, 0, k[0]], [0, 0, k[-1]]])
    drop = float(ends[:, 2].max() - entry[2])
    zh, en = ("下", "below") if drop >= 0 else ("上", "above")
    return f"肝顶平面{zh}方 {abs(drop):.0f} mm", f"{abs(drop):.0f} mm {en} the level of the liver dome"


def _level(scene: PathScene, entry: FloatArray) -> Bilingual:
    z_mm = float(entry[2])
    k = round(float(scene.grid.lps_to_index(entry)[2]))
    if abs(float(scene.grid.direction[2, 2])) < 0.99:
        return f"S {z_mm:+.1f} mm", f"S {z_mm:+.1f} mm"
    return f"第 {k + 1} 层（S {z_mm:+.1f} mm）", f"slice {k + 1} (S {z_mm:+.1f} mm)"


def _is_between_ribs(scene: PathScene, entry: FloatArray, direction: FloatArray) -> bool:
    """Bone close on the head side and on the foot side of the first centimetres, away from the midline."""
    bone = _points_of(scene, "bone", entry, _RIB_DEPTH_MM + _RIB_NEAR_MM)
    low, high = _slice_box(scene, entry)
    if bone is None or abs(float(entry[0] - (low[0] + high[0]) / 2)) < _MIDLINE_MM:
        return False
    away = bone - entry
    along = away @ direction
    across = away - along[:, None] * direction
    distance = np.linalg.norm(across, axis=1)
    cranial = np.array([0.0, 0.0, 1.0]) - direction[2] * direction
    near = (along >= 0) & (along <= _RIB_DEPTH_MM) & (distance <= _RIB_NEAR_MM)
    cosine = across[near] @ cranial / np.maximum(distance[near] * np.linalg.norm(cranial), 1e-6)
    return bool((cosine > 0.7).any() and (cosine < -0.7).any())


def _points_of(scene: PathScene, kind: str, around: FloatArray, reach_mm: float) -> FloatArray | None:
    """Voxels of an obstacle within `reach_mm` of a point along every axis, LPS mm; None without it."""
    for obstacle in scene.obstacles:
        if obstacle.kind == kind:
            cube = np.array([[a, b, c] for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)]) * reach_mm
            corners = scene.grid.lps_to_index(around + cube)
            size = np.asarray(scene.grid.size_ijk)
            low = np.clip(np.ceil(corners.min(axis=0)), 0, size).astype(np.int64)
            high = np.clip(np.floor(corners.max(axis=0)) + 1, low, size).astype(np.int64)
            voxels = obstacle.hard_voxels  # ascending, so that a range of slices is a range of the list
            ends = np.array([low[2], high[2]]) * size[0] * size[1]
            k, j, i = np.unravel_index(voxels[slice(*np.searchsorted(voxels, ends))], scene.grid.shape)
            near = (i >= low[0]) & (i < high[0]) & (j >= low[1]) & (j < high[1])
            points = scene.grid.index_to_lps(np.stack([i[near], j[near], k[near]], axis=1))
            return np.asarray(points[(np.abs(points - around) <= reach_mm).all(axis=1)])
    return None
