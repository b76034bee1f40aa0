"""What a person may break by moving a needle: limits of the path and its beginning at the skin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from teleneedle.core.geometry import unit
from teleneedle.core.image import LabelMap, sample_trilinear
from teleneedle.core.plan import Check, Needle
from teleneedle.engines.trajectories import PathRules
from teleneedle.engines.trajectories.rays import breaks_limit

SKIN_MM = 3.0
"""How far the entry may lie from the skin: about the error of a dragged handle and of a coarse voxel."""
LOOK_MM, STEP_MM = 40.0, 0.25


def limits_check(needles: Sequence[Needle], rules: PathRules) -> Check:
    """Hard bounds of angle, depth and healthy tissue; the ones broken are named with needle and figure."""
    zh, en = [], []
    for needle in needles:
        depth = float(np.linalg.norm(np.subtract(needle.target_lps, needle.entry_lps)))
        values = {
            "length_mm": depth,
            "tilt_deg": abs(needle.tilt_deg),
            "capsule_angle_deg": needle.capsule_angle_deg,
            "healthy_liver_mm": needle.liver_before_target_mm,
            "skin_angle_deg": needle.skin_angle_deg,
        }
        for rule in rules.limits:
            value = values.get(rule.name)
            if value is not None and bool(breaks_limit(np.asarray(value), rule.hard_low, rule.hard_high)):
                zh.append(f"{needle.id} {rule.text[0]} {value:.1f} {rule.unit}")
                en.append(f"{needle.id} {rule.text[1]} {value:.1f} {rule.unit}")
    return Check(
        id="path_limits",
        status="fail" if zh else "pass",
        rule=("路径角度与深度在限值内", "angles and depths of the path within their limits"),
        finding=("；".join(zh), "; ".join(en)) if zh else ("满足", "kept"),
        source="plan",
    )


def entry_check(needles: Sequence[Needle], body: LabelMap) -> Check:
    """Every entry lies where its needle comes from the air into the body."""
    off = [(needle.id, distance_to_skin_mm(needle, body)) for needle in needles]
    bad = [(name, distance) for name, distance in off if not distance <= SKIN_MM]
    zh = [f"{n} 距皮肤 {d:.1f} mm" if np.isfinite(d) else f"{n} 附近无皮肤" for n, d in bad]
    en = [f"{n} is {d:.1f} mm from the skin" if np.isfinite(d) else f"{n}: no skin near" for n, d in bad]
    return Check(
        id="entry_on_skin",
        status="fail" if bad else "pass",
        rule=(f"进针点在皮肤上（≤ {SKIN_MM:g} mm）", f"entry on the skin (within {SKIN_MM:g} mm)"),
        finding=("；".join(zh), "; ".join(en)) if bad else ("满足", "kept"),
        source="plan",
    )


def distance_to_skin_mm(needle: Needle, body: LabelMap) -> float:
    """Along the needle's line, from its entry to the nearest step from outside into the body; inf if none."""
    entry = np.array(needle.entry_lps)
    inward = unit(np.array(needle.tip_lps) - entry)
    along = np.arange(-LOOK_MM, LOOK_MM + STEP_MM / 2, STEP_MM)
    index = body.grid.lps_to_index(entry + along[:, None] * inward)
    inside = sample_trilinear(body.array.view(np.uint8), index, outside=0.0) >= 0.5
    steps = np.flatnonzero(inside[1:] & ~inside[:-1])
    if not len(steps):
        return float("inf")
    return float(np.abs(along[steps] + STEP_MM / 2).min())
