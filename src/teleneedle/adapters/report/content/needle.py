"""One page per needle: where in, how deep, at which angle, what is near. It works alone."""

from __future__ import annotations

from teleneedle.adapters.report import texts
from teleneedle.adapters.report.content.anatomy import slice_of
from teleneedle.adapters.report.facts import (
    Json,
    limit_figure,
    number,
    pair,
    percent,
    position,
    quantity,
    structure_name,
    table_position,
    towards,
)
from teleneedle.core.geometry import Grid
from teleneedle.core.plan import Clearance, Needle, Plan, Robustness

MOST_CLEARANCES = 10
"""Rows that leave the needle on one page; the nearest matter, the rest stand in plan.json."""
AXIS_STEPS_MM = (20.0, 40.0, 60.0, 80.0, 120.0, 200.0)


def needle_pages(plan: Plan, grid: Grid) -> list[Json]:
    """The needles in order."""
    return [needle_page(needle, plan, grid) for needle in plan.needles]


def needle_page(needle: Needle, plan: Plan, grid: Grid) -> Json:
    """Landmark, positions, angles, clearances of one needle."""
    nearest_first = sorted(needle.clearances, key=lambda c: c.min_distance_mm)
    shown = nearest_first[:MOST_CLEARANCES]
    longest = max([c.min_distance_mm for c in shown] + [c.required_mm for c in shown], default=0.0)
    axis_mm = next((step for step in AXIS_STEPS_MM if step >= longest), AXIS_STEPS_MM[-1])
    return {
        "id": needle.id,
        "count": len(plan.needles),
        "landmark": pair(needle.landmark) if any(needle.landmark) else None,
        "table": table_position(needle.entry_lps[2]),
        "slice": slice_of(needle.entry_lps, grid),
        "figures": angle_figures(needle),
        "entry": position(needle.entry_lps),
        "tip": position(needle.tip_lps),
        "aim": position(needle.target_lps),
        "draws": robustness_note(needle.robustness),
        "reason": pair(needle.reason) if any(needle.reason) else None,
        "axis_mm": f"0–{axis_mm:g} mm",
        "clearances": [clearance_row(c, axis_mm) for c in shown],
        "farther": str(len(nearest_first) - len(shown)) if len(nearest_first) > len(shown) else None,
        "others": ", ".join(n.id for n in plan.needles),
    }


def angle_figures(needle: Needle) -> list[Json]:
    """Depth, angles, liver before the target, gauge and robustness."""
    robust = needle.robustness
    figures = {
        "inserted": quantity(number(needle.inserted_mm), "mm"),
        "tilt": quantity(number(abs(needle.tilt_deg)), "°", towards(needle.tilt_deg, texts.HEAD, texts.FEET)),
        "in_plane": quantity(
            number(abs(needle.in_plane_deg)), "°", towards(needle.in_plane_deg, texts.LEFT, texts.RIGHT)
        ),
        "to_skin": quantity(number(needle.skin_angle_deg, 0), "°"),
        "to_capsule": quantity(number(needle.capsule_angle_deg, 0), "°"),
        "liver_before": quantity(number(needle.liver_before_target_mm), "mm"),
        "gauge": quantity(f"{needle.gauge:g}", "G"),
        "robust": quantity(percent(robust.safe_pct) if robust else None, "%"),
    }
    return [{"label": pair(texts.LABELS[name]), **value} for name, value in figures.items()]


def robustness_note(robust: Robustness | None) -> Json | None:
    """How the robustness was drawn, and what still covers."""
    if robust is None:
        return None
    spread = f"σ {robust.sigma_mm:g} mm, {robust.sigma_deg:g}°"
    return {
        "zh": f"{spread}，{robust.draws} 次；仍覆盖 {percent(robust.covered_pct)} %",
        "en": f"{spread}, {robust.draws} draws; still covered {percent(robust.covered_pct)} %",
    }


def clearance_row(clearance: Clearance, axis_mm: float) -> Json:
    """Distance, requirement, bar lengths (share of the axis) and status."""
    enough = clearance.min_distance_mm >= clearance.required_mm
    return {
        "name": pair(structure_name(clearance.structure)),
        "distance": limit_figure(clearance.min_distance_mm, clearance.required_mm),
        "required": f"{clearance.required_mm:g}",
        "bar": min(clearance.min_distance_mm / axis_mm, 1.0),
        "tick": min(clearance.required_mm / axis_mm, 1.0),
        "hard": clearance.is_hard,
        "status": "pass" if enough else ("fail" if clearance.is_hard else "warn"),
    }
