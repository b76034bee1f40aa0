"""The skin as a map of access: from where a straight line reaches the target, and how good it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from teleneedle.core.geometry import FloatArray
from teleneedle.engines.trajectories.constraints import PathRules
from teleneedle.engines.trajectories.rays import cast_rays
from teleneedle.engines.trajectories.scene import PathScene

ACCESS_SPACING_DEG = 1.5
SHOWN_MM = 20.0
"""Slack is shown up to this; more makes no difference to anybody."""


@dataclass(frozen=True, kw_only=True, eq=False)
class AccessMap:
    """Skin points around one aim.

    Parameters
    ----------
    points_lps : (N, 3) float64
        Where a straight line from the aim leaves the skin, LPS mm.
    slack_mm : (N,) float64
        Distance left over the tightest hard requirement on that line, within ±20 mm; negative where a
        hard rule is broken. Estimated from the coarse fields, as in the first step of the search.
    reason : (N,) int
        Index into `reasons` of the first broken rule; −1 where nothing is broken.
    reasons : tuple of str
        Names of the rules.
    """

    points_lps: FloatArray
    slack_mm: FloatArray
    reason: NDArray[np.int64]
    reasons: tuple[str, ...]

    @property
    def reachable_pct(self) -> float:
        """Share of the skin points from which nothing forbids the line."""
        return 100.0 * float(np.mean(self.reason < 0)) if len(self.reason) else 0.0

    def shares_pct(self) -> dict[str, float]:
        """Share of the skin points that each rule forbids first."""
        counts = np.bincount(self.reason[self.reason >= 0], minlength=len(self.reasons))
        return {
            name: 100.0 * float(n) / len(self.reason) for name, n in zip(self.reasons, counts, strict=True)
        }


def map_access(
    scene: PathScene, aim_lps: ArrayLike, rules: PathRules, *, spacing_deg: float = ACCESS_SPACING_DEG
) -> AccessMap:
    """Follow a line in every direction from the aim to the skin.

    Raises
    ------
    InputError
        If the aim lies outside the body.
    """
    rays = cast_rays(scene, np.asarray(aim_lps, dtype=np.float64), rules, spacing_deg)
    seen = rays.depth_mm > 0
    broken = rays.broken[seen]
    is_broken = broken.any(axis=1)
    slack = np.clip(np.nan_to_num(rays.margin_mm[seen], posinf=SHOWN_MM), -SHOWN_MM, SHOWN_MM)
    return AccessMap(
        points_lps=rays.aim + rays.outward[seen] * rays.depth_mm[seen, None],
        slack_mm=np.where(is_broken, np.minimum(slack, -0.1), slack),
        reason=np.where(is_broken, broken.argmax(axis=1), -1),
        reasons=rays.names,
    )
