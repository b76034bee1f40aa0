"""Checks and care, alternatives, models, versions and hashes."""

from __future__ import annotations

from teleneedle import __version__
from teleneedle.adapters.report import texts
from teleneedle.adapters.report.content.cover import applications_figure, check_row
from teleneedle.adapters.report.facts import (
    Json,
    breakable,
    clean,
    limit_figure,
    minutes,
    number,
    pair,
    parameters,
    percent,
)
from teleneedle.core.plan import Alternative, Application, Coverage, Plan

SCHEMA = "teleneedle.plan/1"


def checks_page(plan: Plan) -> Json:
    """Every check, the contingency table and the care timeline."""
    return {
        "checks": [check_row(c) for c in plan.checks],
        "contingency": [
            [pair(event), pair(action), pair(limit)] for event, action, limit in plan.contingency
        ],
        "care": [
            {"period": pair(c.period), "actions": [pair(a) for a in c.actions], "raised": c.is_raised}
            for c in plan.care
        ],
    }


def closing_page(plan: Plan, plan_hash: str) -> Json:
    """Alternatives side by side, models, hashes, notes."""
    chosen = choice_column(
        "A",
        texts.LABELS["chosen"],
        plan.coverage,
        plan.applications,
        nearest_vessel_mm(plan),
        _time(plan.applications),
        None,
        plan,
    )
    columns = [{**chosen, "picture": "alternative-chosen", "is_chosen": True}]
    columns += [_alternative(n, a, plan) for n, a in enumerate(plan.alternatives)]
    return {
        "columns": columns if plan.alternatives else [],
        "why_not": [pair(reason) for reason in plan.why_not],
        "models": [
            {
                "name": clean(m.name),
                "version": clean(m.version),
                "parameters": breakable(clean(parameters(m.parameters))),
            }
            for m in plan.models
        ],
        "hashes": [
            {"label": pair(texts.LABELS["plan_file"]), "name": "", "value": plan_hash},
            *(
                {"label": pair(texts.LABELS["input"]), "name": breakable(clean(name)), "value": clean(digest)}
                for name, digest in plan.sha256.items()
            ),
        ],
        "software": f"Teleneedle {__version__} · {SCHEMA}",
        "series": breakable(clean(plan.series_instance_uid)),
        "timing": " · ".join(f"{clean(k)} {v:.1f} s" for k, v in plan.timings_s.items()),
        "warnings": [pair(w) for w in plan.warnings],
    }


def nearest_vessel_mm(plan: Plan) -> float | None:
    """Least clearance of the plan's needles from any vessel."""
    vessels = ("portal_vein", "hepatic_veins", "artery", "vessels")
    found = [c.min_distance_mm for n in plan.needles for c in n.clearances if c.structure in vessels]
    return min(found, default=None)


def choice_column(
    label: str,
    title: tuple[str, str],
    coverage: Coverage,
    applications: tuple[Application, ...],
    vessel_mm: float | None,
    time_s: float,
    why: tuple[str, str] | None,
    plan: Plan,
) -> Json:
    """One plan in short form, comparable with its neighbours."""
    margin = plan.target.margin_mm
    figure = applications_figure(applications)
    least = coverage.p50.min_margin_mm
    reason = why if why and any(why) else None
    return {
        "label": label,
        "title": pair(title),
        "punctures": str(coverage.punctures),
        "settings": f"{figure['v']} {figure['u']}".strip(),
        "margin": limit_figure(least, margin),
        "margin_band": f"P10 {number(coverage.p10.min_margin_mm)} · P90 {number(coverage.p90.min_margin_mm)}",
        "margin_status": "pass" if least >= margin else ("warn" if least >= 0 else "fail"),
        "cover": percent(coverage.p50.ptv_pct),
        "vessel": number(vessel_mm),
        "healthy": number(coverage.p50.healthy_tissue_ml),
        "time": minutes(time_s),
        "why": pair(reason) if reason else None,
    }


def _alternative(n: int, alternative: Alternative, plan: Plan) -> Json:
    column = choice_column(
        clean(alternative.label),
        alternative.title,
        alternative.coverage,
        alternative.applications,
        alternative.nearest_vessel_mm,
        alternative.total_time_s,
        alternative.why,
        plan,
    )
    has_picture = bool(alternative.needles)
    return {**column, "picture": f"alternative-{n}" if has_picture else None, "is_chosen": False}


def _time(applications: tuple[Application, ...]) -> float:
    return sum(a.time_s for a in applications)
