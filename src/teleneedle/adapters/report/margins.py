"""Margin over the target's surface for the map and the distribution, from the coverage engine itself."""

from __future__ import annotations

from teleneedle.adapters.report.images import BookImages, MarginSamples
from teleneedle.core.plan import Plan
from teleneedle.engines.coverage import Ellipsoids, extract_surface, surface_margins_mm


def sample_margins(plan: Plan, images: BookImages) -> MarginSamples | None:
    """The samples given with the images, else those of the planned zones; None without an application."""
    if images.margins is not None or not plan.applications:
        return images.margins
    surface = extract_surface(
        images.target, organ=images.structures.get("liver"), margin_mm=plan.target.margin_mm
    )
    p10, p50, p90 = (
        surface_margins_mm(surface, Ellipsoids.planned(plan.applications, percentile))
        for percentile in ("p10", "p50", "p90")
    )
    return MarginSamples(
        points_lps=surface.points_lps, shares=surface.shares, p10_mm=p10, p50_mm=p50, p90_mm=p90
    )
