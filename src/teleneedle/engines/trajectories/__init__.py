"""Needle paths: every skin point tried, hard rules kept exactly, the Pareto set ranked with reasons."""

from teleneedle.engines.trajectories.blocked import BlockedReason
from teleneedle.engines.trajectories.constraints import (
    ClearanceRule,
    LimitRule,
    PathRules,
    default_rules,
    large_from_mm,
)
from teleneedle.engines.trajectories.describe import describe_path
from teleneedle.engines.trajectories.obstacles import large_parts
from teleneedle.engines.trajectories.pairs import NeedlePair, needle_pairs
from teleneedle.engines.trajectories.scene import PathScene
from teleneedle.engines.trajectories.search import PathSearch, explain_no_path, search_paths
from teleneedle.engines.trajectories.warm import warm_up

__all__ = [
    "BlockedReason",
    "ClearanceRule",
    "LimitRule",
    "NeedlePair",
    "PathRules",
    "PathScene",
    "PathSearch",
    "default_rules",
    "describe_path",
    "explain_no_path",
    "large_from_mm",
    "large_parts",
    "needle_pairs",
    "search_paths",
    "warm_up",
]
