"""What becomes of a path when the needle is not placed exactly as planned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teleneedle.core.geometry import FloatArray, unit
from teleneedle.core.paths import CandidatePath
from teleneedle.core.plan import Robustness
from teleneedle.engines.trajectories import distances
from teleneedle.engines.trajectories.constraints import PathRules
from teleneedle.engines.trajectories.rays import in_chunks
from teleneedle.engines.trajectories.scene import PathScene

Covers = Callable[[FloatArray, FloatArray], bool]
"""Whether the target stays covered with the needle's tip (LPS mm) and unit direction inwards."""


@dataclass(frozen=True, kw_only=True)
class PlacementOutcome:
    """Robustness, and the share of displaced needles that touch a forbidden structure."""

    robustness: Robustness
    touching_pct: float


def displaced_axes(
    entry: FloatArray, direction: FloatArray, target_mm: float, rules: PathRules, draws: int, seed: int
) -> tuple[FloatArray, FloatArray]:
    """(draws, 3) entries and directions of needles displaced at random.

    At the target's depth the axis is shifted sideways (normal, `placement_sigma_mm` along each of two
    directions across the needle) and turned about that point (normal, `placement_sigma_deg` about each): the
    lateral and angular error as needle studies report them.
    """
    rng = np.random.default_rng(seed)
    across = np.linalg.svd(direction[None, :])[2][1:]
    shift = rng.normal(0.0, rules.placement_sigma_mm, (draws, 2)) @ across
    turn = np.tan(np.radians(rng.normal(0.0, rules.placement_sigma_deg, (draws, 2)))) @ across
    directions = unit(direction + turn)
    return entry + target_mm * direction + shift - target_mm * directions, directions


def placement_outcome(
    scene: PathScene,
    entry: FloatArray,
    direction: FloatArray,
    *,
    target_mm: float,
    depth_mm: float,
    rules: PathRules,
    draws: int,
    seed: int,
    covers: Covers | None = None,
) -> PlacementOutcome:
    """Displace the needle `draws` times and count what stays safe and still covers.

    Safe means that every hard clearance still holds. Without `covers`, a draw covers when the displaced point
    aimed at still lies in the target.
    """
    entries, directions = displaced_axes(entry, direction, target_mm, rules, draws, seed)
    safe = _depths(scene, entries, directions, depth_mm, scene.need_mm) >= depth_mm
    bare = np.where(scene.need_mm > 0, rules.needle_radius_mm, 0.0)
    touching = _depths(scene, entries, directions, depth_mm, bare) < depth_mm
    if covers is None:
        covered = _in_target(scene, entries + target_mm * directions)
    else:
        tips = entries + depth_mm * directions
        covered = np.array([covers(t, d) for t, d in zip(tips, directions, strict=True)], dtype=bool)
    return PlacementOutcome(
        robustness=Robustness(
            sigma_mm=rules.placement_sigma_mm,
            sigma_deg=rules.placement_sigma_deg,
            draws=draws,
            safe_pct=100.0 * float(safe.mean()),
            covered_pct=100.0 * float(covered.mean()),
        ),
        touching_pct=100.0 * float(touching.mean()),
    )


def safe_shares(
    scene: PathScene,
    paths: Sequence[CandidatePath],
    depths_mm: FloatArray,
    *,
    rules: PathRules,
    draws: int,
    seed: int,
) -> FloatArray:
    """(P,) share of displaced needles that keep every hard clearance, for many paths at once.

    Parameters
    ----------
    depths_mm : (P,) float64
        Skin to tip.
    """
    axes = [
        displaced_axes(np.array(p.entry_lps), np.array(p.direction), p.aim_depth_mm, rules, draws, seed)
        for p in paths
    ]
    depths = np.repeat(depths_mm, draws)
    entries, directions = (np.concatenate(part) for part in zip(*axes, strict=True))
    safe = _depths(scene, entries, directions, depths, scene.need_mm) >= depths
    return np.asarray(safe.reshape(len(paths), draws).mean(axis=1))


def _depths(
    scene: PathScene,
    entries: FloatArray,
    directions: FloatArray,
    depth_mm: float | FloatArray,
    need_mm: FloatArray,
) -> FloatArray:
    frame, found = scene.frame, np.zeros(len(entries))
    lengths = np.array(np.broadcast_to(depth_mm, len(entries)), dtype=np.float64)

    def measure(part: slice) -> None:
        distances.safe_depths(
            entries[part], directions[part], lengths[part], scene.labels, need_mm, frame.origin, frame.matrix,
            frame.inverse, frame.turn, frame.half_mm, True, found[part],
        )  # fmt: skip

    in_chunks(len(entries), measure)
    return found


def _in_target(scene: PathScene, points: FloatArray) -> NDArray[np.bool_]:
    index = np.rint(scene.grid.lps_to_index(points)).astype(np.int64)
    size = np.asarray(scene.grid.size_ijk)
    i, j, k = np.clip(index, 0, size - 1).T
    inside = ((index >= 0) & (index < size)).all(axis=1)
    return np.asarray((scene.target[k, j, i] == 1) & inside)
