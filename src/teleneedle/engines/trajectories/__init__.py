"""Needle paths: every skin point tried, hard rules kept exactly, the Pareto set ranked with reasons."""

from teleneedle.engines.trajectories.blocked import BlockedReason
from teleneedle.engines.trajectories.constraints import (
    ClearanceRule,
    LimitRule,
    PathRules,
    default_rules,
    needle_diameter_mm,
)
from teleneedle.engines.trajectories.scene import PathScene
from teleneedle.engines.trajectories.search import PathSearch, search_paths

__all__ = [
    "BlockedReason",
    "ClearanceRule",
    "LimitRule",
    "PathRules",
    "PathScene",
    "PathSearch",
    "default_rules",
    "needle_diameter_mm",
    "search_paths",
]
