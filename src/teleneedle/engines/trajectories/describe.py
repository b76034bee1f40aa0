"""A chosen path as a planned needle: exact clearances, angles, robustness, and the reason in words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from teleneedle.core.anatomy import KINDS
from teleneedle.core.errors import InputError
from teleneedle.core.geometry import FloatArray
from teleneedle.core.needle_gauge import needle_diameter_mm
from teleneedle.core.paths import CandidatePath
from teleneedle.core.plan import Bilingual, Clearance, Needle
from teleneedle.engines.trajectories import marching
from teleneedle.engines.trajectories.clearance import as_point, measure_clearances
from teleneedle.engines.trajectories.constraints import PathRules
from teleneedle.engines.trajectories.landmark import entry_landmark
from teleneedle.engines.trajectories.rays import LIVER_GAP_MM, surface_angles_deg, tilt_deg
from teleneedle.engines.trajectories.robustness import Covers, placement_outcome
from teleneedle.engines.trajectories.scene import PathScene
from teleneedle.engines.trajectories.search import FINE_STEP_MM

_NAMED_CLEARANCES, _WORTH_NAMING_MM = 2, 20.0


def describe_path(
    scene: PathScene,
    path: CandidatePath,
    rules: PathRules,
    *,
    needle_id: str,
    tip_depth_mm: float,
    gauge: float,
    robustness_draws: int = 200,
    seed: int = 0,
    covers: Covers | None = None,
) -> Needle:
    """Measure a path exactly and put it into words.

    Parameters
    ----------
    scene : PathScene
    path : CandidatePath
        Found in that scene.
    rules : PathRules
        The rules it was found with.
    needle_id : str
        Name of the needle in the plan.
    tip_depth_mm : float
        Skin to tip; at most `path.safe_depth_mm`.
    gauge : float
        Of the needle used; not thicker than the rules were made for.
    robustness_draws : int
        Displaced needles tried; 0 leaves robustness out.
    seed : int
        Of the displacements.
    covers : callable, optional
        ``covers(tip_lps, direction) -> bool``: whether a displaced needle still covers the target.

    Raises
    ------
    InputError
        If the tip lies deeper than is safe, or the needle is thicker than the rules assume.
    """
    _require_fitting(path, rules, tip_depth_mm, gauge)
    entry, direction = np.array(path.entry_lps), np.array(path.direction)
    radius_mm = needle_diameter_mm(gauge) / 2
    clearances = measure_clearances(scene, entry, direction, tip_depth_mm, radius_mm=radius_mm)
    liver_mm, capsule_mm = _liver_before_target(scene, path, entry, direction)
    score = {**path.terms, "cost": path.cost}
    robustness = None
    if robustness_draws > 0:
        outcome = placement_outcome(
            scene, entry, direction, target_mm=path.aim_depth_mm, depth_mm=tip_depth_mm, rules=rules,
            draws=robustness_draws, seed=seed, covers=covers,
        )  # fmt: skip
        robustness, score["touching_pct"] = outcome.robustness, outcome.touching_pct
    tilt = float(tilt_deg(direction))
    return Needle(
        id=needle_id,
        entry_lps=path.entry_lps,
        tip_lps=as_point(entry + tip_depth_mm * direction),
        target_lps=path.aim_lps,
        inserted_mm=tip_depth_mm,
        gauge=gauge,
        tilt_deg=tilt,
        in_plane_deg=float(np.degrees(np.arctan2(direction[0], direction[1]))),
        skin_angle_deg=_angle(scene, entry, direction, 0.0, scene.body) or 0.0,
        capsule_angle_deg=_angle(scene, entry, direction, capsule_mm, scene.organ)
        if scene.has_organ
        else None,
        liver_before_target_mm=liver_mm if scene.has_organ else None,
        clearances=clearances,
        robustness=robustness,
        score=score,
        reason=reason_in_words(clearances, tilt, tip_depth_mm, liver_mm if scene.has_organ else None),
        landmark=entry_landmark(scene, entry, direction),
    )


def _require_fitting(path: CandidatePath, rules: PathRules, tip_depth_mm: float, gauge: float) -> None:
    if not 0.0 < tip_depth_mm <= path.safe_depth_mm + 1e-6:
        raise InputError(
            f"a tip {tip_depth_mm:.1f} mm deep is not safe on this path",
            where=f"safe to {path.safe_depth_mm:.1f} mm",
            remedy="pull the tip back or choose another path",
        )
    if needle_diameter_mm(gauge) > needle_diameter_mm(rules.gauge):
        raise InputError(
            f"the paths were searched for a {rules.gauge:g} G needle, not for {gauge:g} G",
            remedy="search again with the thicker needle",
        )


def _liver_before_target(
    scene: PathScene, path: CandidatePath, entry: FloatArray, direction: FloatArray
) -> tuple[float, float]:
    """Healthy liver crossed before the target (mm) and the depth of the capsule (mm; −1 when not crossed)."""
    frame = scene.frame
    liver_mm, capsule_mm, _, _ = marching.walk_inward(
        entry, direction, path.aim_depth_mm, path.aim_depth_mm, frame.origin, frame.inverse, scene.body,
        scene.target, scene.organ, scene.has_organ, LIVER_GAP_MM, FINE_STEP_MM,
    )  # fmt: skip
    return float(liver_mm), float(capsule_mm)


def _angle(
    scene: PathScene,
    entry: FloatArray,
    direction: FloatArray,
    depth_mm: float,
    mask: NDArray[np.uint8],
) -> float | None:
    """Angle to the tangent plane of `mask` at a depth along the needle."""
    if depth_mm < 0:
        return None
    at = entry + depth_mm * direction
    angle = surface_angles_deg(scene, at, -direction[None, :], np.zeros(1), mask)[0]
    return None if np.isnan(angle) else float(angle)


def reason_in_words(
    clearances: tuple[Clearance, ...], tilt: float, depth_mm: float, liver_mm: float | None
) -> Bilingual:
    """The nearest structures, tilt, liver and depth.

    Examples
    --------
    >>> near = Clearance(
    ...     structure="bone", min_distance_mm=6.24, at_lps=(0, 0, 0), required_mm=3, is_hard=True
    ... )
    >>> reason_in_words((near,), 14.2, 90.0, 31.0)[1]
    '6.2 mm from bone, ribs; 14° tilt towards the head; 31 mm of liver; 90 mm deep'
    """
    zh, en = [], []
    near = sorted((c for c in clearances if c.is_hard), key=lambda c: c.min_distance_mm - c.required_mm)
    for c in near[:_NAMED_CLEARANCES]:
        if c.min_distance_mm <= _WORTH_NAMING_MM:
            zh.append(f"距{KINDS[c.structure].name_zh} {c.min_distance_mm:.1f} mm")
            en.append(f"{c.min_distance_mm:.1f} mm from {KINDS[c.structure].name_en}")
    for c in clearances:
        if not c.is_hard and c.min_distance_mm <= 0.0:
            zh.append(f"穿过{KINDS[c.structure].name_zh}细小分支")
            en.append(f"crosses a thin branch of {KINDS[c.structure].name_en}")
    side_zh, side_en = ("向头侧", "towards the head") if tilt >= 0 else ("向足侧", "towards the feet")
    zh.append(f"{side_zh}倾斜 {abs(tilt):.0f}°")
    en.append(f"{abs(tilt):.0f}° tilt {side_en}")
    if liver_mm is not None:
        zh.append(f"经正常肝 {liver_mm:.0f} mm")
        en.append(f"{liver_mm:.0f} mm of liver")
    zh.append(f"深 {depth_mm:.0f} mm")
    en.append(f"{depth_mm:.0f} mm deep")
    return "，".join(zh), "; ".join(en)
