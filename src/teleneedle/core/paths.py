"""A straight way from the skin to a target, before it becomes a planned needle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from teleneedle.core.plan import Point


@dataclass(frozen=True, kw_only=True)
class CandidatePath:
    """A path that satisfies every hard constraint.

    Parameters
    ----------
    entry_lps : Point
        On the skin, LPS mm.
    direction : Point
        Unit vector, inwards.
    aim_lps : Point
        The point the path was searched for; it lies on the line.
    aim_depth_mm : float
        Entry to aim.
    safe_depth_mm : float
        Deepest tip position on this line, measured from the entry, that still satisfies every hard rule.
    terms : mapping
        Soft terms by name, smaller is better, each scaled to about 0–1.
    cost : float
        Weighted sum of the terms, for ranking inside the Pareto set only.
    """

    entry_lps: Point
    direction: Point
    aim_lps: Point
    aim_depth_mm: float
    safe_depth_mm: float
    terms: Mapping[str, float] = field(default_factory=dict)
    cost: float = 0.0
