"""Which applications cover a target and its margin, how well, and what else they touch."""

from teleneedle.engines.coverage.candidates import Candidates, list_candidates, organ_room
from teleneedle.engines.coverage.cover import Cover, most_covered, solve_cover
from teleneedle.engines.coverage.demand import (
    Demand,
    Organ,
    build_demand,
    hull_points,
    organs_near,
    thin_points,
)
from teleneedle.engines.coverage.ellipsoids import Ellipsoids
from teleneedle.engines.coverage.evaluate import (
    Evaluation,
    evaluate_coverage,
    expected_band,
    union_zones,
)
from teleneedle.engines.coverage.margin import (
    TargetSurface,
    extract_surface,
    margin_samples,
    offset_points,
    surface_margins_mm,
)
from teleneedle.engines.coverage.shrinkage import post_shrink_zone

__all__ = [
    "Candidates",
    "Cover",
    "Demand",
    "Ellipsoids",
    "Evaluation",
    "Organ",
    "TargetSurface",
    "build_demand",
    "evaluate_coverage",
    "expected_band",
    "extract_surface",
    "hull_points",
    "list_candidates",
    "margin_samples",
    "most_covered",
    "offset_points",
    "organ_room",
    "organs_near",
    "post_shrink_zone",
    "solve_cover",
    "surface_margins_mm",
    "thin_points",
    "union_zones",
]
