"""Settings: power and time in which order, margin if the zone is small or large, organs at risk."""

from __future__ import annotations

import numpy as np

from teleneedle.adapters.report import texts
from teleneedle.adapters.report.facts import (
    Json,
    breakable,
    clean,
    limit_figure,
    minutes,
    number,
    pair,
    percent,
    position,
    structure_name,
)
from teleneedle.adapters.report.pictures.planes import direction_letters
from teleneedle.core.geometry import unit
from teleneedle.core.plan import Application, CoverageBand, Needle, OrganDistance, Plan

BANDS = ("p10", "p50", "p90")
DIRECTION_WORDS: dict[str, tuple[str, str]] = {
    "L": ("左", "left"),
    "R": ("右", "right"),
    "A": ("前", "anterior"),
    "P": ("后", "posterior"),
    "H": ("头", "cranial"),
    "F": ("足", "caudal"),
}


def settings_page(plan: Plan) -> Json:
    """Applications, coverage with its band, organs to the zone."""
    total = sum(a.energy_kj for a in plan.applications)
    return {
        "applications": [application_row(n + 1, a, plan) for n, a in enumerate(plan.applications)],
        "total_time": minutes(sum(a.time_s for a in plan.applications)),
        "total_energy": number(total, 1),
        "spacings": needle_spacings(plan.needles),
        "device": device_line(plan),
        "margin": f"{plan.target.margin_mm:g}",
        "coverage": coverage_rows(plan),
        "below": [percent(getattr(plan.coverage, p).surface_below_margin_pct) for p in BANDS],
        "thinnest": limit_figure(plan.coverage.p50.min_margin_mm, plan.target.margin_mm),
        "thinnest_at": position(plan.coverage.thinnest_lps),
        "thinnest_word": direction_word(plan),
        "organs": [organ_row(o) for o in plan.coverage.organs],
        "per_target": [
            target_cover_row(name, band, plan.target.margin_mm)
            for name, band in plan.coverage.per_target.items()
            if len(plan.coverage.per_target) > 1
        ],
        "gap": percent(100.0 * plan.coverage.optimality_gap),
    }


def application_row(number_in_order: int, application: Application, plan: Plan) -> Json:
    """One delivery of energy in its place in the sequence."""
    zone = application.zone
    return {
        "order": str(number_in_order),
        "needle": application.needle,
        "pull_back": pull_back(application, plan),
        "power": f"{application.power_w:g}",
        "time": minutes(application.time_s),
        "centre": position(application.centre_lps),
        "zone": f"{number(zone.p50.long_mm)} × {number(zone.p50.short_mm)}",
        "band": f"P10 {number(zone.p10.long_mm)} × {number(zone.p10.short_mm)} · "
        f"P90 {number(zone.p90.long_mm)} × {number(zone.p90.short_mm)}",
        "energy": number(application.energy_kj, 1),
    }


def pull_back(application: Application, plan: Plan) -> str:
    """Distance (mm) of this tip from the needle's deepest tip; empty at full depth."""
    needle = next((n for n in plan.needles if n.id == application.needle), None)
    if needle is None:
        return ""
    back = float(np.linalg.norm(np.subtract(application.tip_lps, needle.tip_lps)))
    return "" if back < 0.5 else (number(back) or "")


def needle_spacings(needles: tuple[Needle, ...]) -> list[Json]:
    """Distance between the aims of each pair of needles."""
    return [
        {
            "pair": f"{a.id}–{b.id}",
            "mm": number(float(np.linalg.norm(np.subtract(a.target_lps, b.target_lps)))),
        }
        for i, a in enumerate(needles)
        for b in needles[i + 1 :]
    ]


def device_line(plan: Plan) -> Json:
    """Whether the site verified the device table, and whether its use was acknowledged."""
    device = plan.device
    return {
        "name": pair(device.name),
        "id": breakable(clean(device.id)),
        "provenance": breakable(clean(device.provenance)),
        "verified_by": breakable(clean(device.verified_by)),
        "acknowledged": device.acknowledged,
        "status": "pass" if device.verified_by.strip() else ("warn" if device.acknowledged else "fail"),
    }


def coverage_rows(plan: Plan) -> list[Json]:
    """Each coverage figure for a small, the expected and a large zone."""
    bands: list[CoverageBand] = [getattr(plan.coverage, p) for p in BANDS]
    margin = plan.target.margin_mm
    rows = {
        "min_margin": [limit_figure(b.min_margin_mm, margin) for b in bands],
        "mean_margin": [number(b.mean_margin_mm) for b in bands],
        "target_cover": [percent(b.target_pct) for b in bands],
        "ptv_cover": [percent(b.ptv_pct) for b in bands],
        "below": [percent(b.surface_below_margin_pct) for b in bands],
        "healthy": [number(b.healthy_tissue_ml) for b in bands],
        "zone_volume": [number(b.zone_ml) for b in bands],
    }
    return [{"label": pair(texts.LABELS[name]), "values": values} for name, values in rows.items()]


def direction_word(plan: Plan) -> Json | None:
    """Where the thinnest place lies, seen from the target's centre."""
    offset = np.subtract(plan.coverage.thinnest_lps, plan.target.centroid_lps)
    if not np.isfinite(offset).all() or np.linalg.norm(offset) < 0.5:
        return None
    letters = direction_letters(unit(offset))
    return {
        "zh": "".join(DIRECTION_WORDS[c][0] for c in letters) + "侧",
        "en": "-".join(DIRECTION_WORDS[c][1] for c in letters),
    }


def organ_row(organ: OrganDistance) -> Json:
    """Distance from the zone's edge, expected and for a large zone."""
    if not np.isfinite(organ.p50_mm):
        status = "unknown"
    elif organ.p50_mm < 0:
        status = "fail"
    elif min(organ.p50_mm, organ.p90_mm) < organ.required_mm:
        status = "warn"
    else:
        status = "pass"
    return {
        "name": pair(structure_name(organ.structure)),
        "p50": limit_figure(organ.p50_mm, organ.required_mm),
        "p90": limit_figure(organ.p90_mm, organ.required_mm),
        "required": f"{organ.required_mm:g}",
        "status": status,
    }


def target_cover_row(name: str, band: CoverageBand, margin_mm: float) -> Json:
    """Coverage of one of several targets, expected zone."""
    return {
        "name": breakable(clean(name)),
        "target": percent(band.target_pct),
        "ptv": percent(band.ptv_pct),
        "margin": limit_figure(band.min_margin_mm, margin_mm),
    }
