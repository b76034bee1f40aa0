"""Which applications cover a target and its margin, how well, and what else they touch."""

from teleneedle.engines.coverage.candidates import Candidates, list_candidates, spare_organs
from teleneedle.engines.coverage.cover import Cover, most_covered, solve_cover
from teleneedle.engines.coverage.demand import Demand, Organ, build_demand, organs_near, thin_points
from teleneedle.engines.coverage.ellipsoids import Ellipsoids
from teleneedle.engines.coverage.evaluate import Evaluation, evaluate_coverage, union_zones
from teleneedle.engines.coverage.margin import TargetSurface, extract_surface, surface_margins_mm

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
    "extract_surface",
    "list_candidates",
    "most_covered",
    "organs_near",
    "solve_cover",
    "spare_organs",
    "surface_margins_mm",
    "thin_points",
    "union_zones",
]
