"""Cover: who, what, go or not, on which conditions."""

from __future__ import annotations

from teleneedle.adapters.report import texts
from teleneedle.adapters.report.facts import (
    Json,
    breakable,
    clean,
    limit_figure,
    minutes,
    number,
    pair,
    quantity,
    structure_name,
)
from teleneedle.core.plan import Application, Check, Clearance, Plan


def cover_page(plan: Plan) -> Json:
    """Identity, key figures, decision and every check that is not a pass."""
    order = {"fail": 0, "warn": 1, "unknown": 2}
    open_checks = sorted((c for c in plan.checks if c.status != "pass"), key=lambda c: order[c.status])
    return {
        "identity": identity(plan),
        "statement": pair(plan.coverage.statement) if any(plan.coverage.statement) else None,
        "lesion": lesion(plan),
        "figures": key_figures(plan),
        "decision": decision(plan),
        "checks": [check_row(c) for c in open_checks],
        "passed": sum(c.status == "pass" for c in plan.checks),
    }


def identity(plan: Plan) -> list[Json]:
    """Patient, study, device, time."""
    sex = texts.SEX.get(plan.patient_sex.strip().upper()[:1])
    age = clean(plan.patient_age).lstrip("0").removesuffix("Y") if plan.patient_age else ""
    sex_age = {
        "zh": " · ".join(p for p in (sex[0] if sex else "", age) if p),
        "en": " · ".join(p for p in (sex[1] if sex else "", age) if p),
    }
    return [
        _cell("patient", breakable(person(plan.patient_name))),
        _cell("patient_id", breakable(clean(plan.patient_id))),
        {"label": pair(texts.LABELS["sex_age"]), "value": sex_age if sex_age["zh"] else None},
        _cell("study", dicom_date(plan.study_date)),
        {"label": pair(texts.LABELS["device"]), "value": pair(plan.device.name)},
        _cell("planned", f"{plan.created:%Y-%m-%d %H:%M}"),
    ]


def person(name: str) -> str:
    """A DICOM person name as written on paper: carets become spaces, empty groups vanish.

    Examples
    --------
    >>> person("WANG^XIAOMING=王^小明=")
    'WANG XIAOMING 王 小明'
    """
    return " ".join(clean(name).replace("^", " ").replace("=", " ").split())


def dicom_date(value: str) -> str:
    """``20260301`` as ``2026-03-01``; anything else as it is.

    Examples
    --------
    >>> dicom_date("20260301"), dicom_date("")
    ('2026-03-01', '')
    """
    text = clean(value)
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdigit() else text


def lesion(plan: Plan) -> Json:
    """One line about the target."""
    size = " × ".join(number(d, 0) or "" for d in plan.target.diameters_mm)
    margin = number(plan.target.margin_mm, 0 if plan.target.margin_mm % 1 == 0 else 1)
    name = clean(plan.target.name)
    zh, en = texts.MODALITY[plan.modality]
    return {
        "zh": f"{name}，{size} mm，计划{zh}，要求边缘 ≥ {margin} mm",
        "en": f"{name}, {size} mm, planned for {en.lower()}, margin asked ≥ {margin} mm",
    }


def key_figures(plan: Plan) -> list[Json]:
    """Target volume, punctures, applications, nearest structure, margin with its band, energy."""
    coverage, margin = plan.coverage, plan.target.margin_mm
    nearest = nearest_clearance(plan)
    figures = [
        _figure("key_target", number(plan.target.volume_ml), "ml"),
        _figure("key_punctures", str(coverage.punctures), "", zh="针"),
        applications_figure(plan.applications),
    ]
    near = (
        _figure("key_nearest", limit_figure(nearest.min_distance_mm, nearest.required_mm), "mm")
        if nearest
        else _figure("key_nearest", None, "mm")
    )
    if nearest:
        zh, en = structure_name(nearest.structure)
        near["label"] = {"zh": f"针–{zh}", "en": f"needle to {en}"}
    figures.append(near)
    expected = _figure("key_margin", limit_figure(coverage.p50.min_margin_mm, margin), "mm")
    expected["band"] = f"P10 {number(coverage.p10.min_margin_mm)} – P90 {number(coverage.p90.min_margin_mm)}"
    figures.append(expected)
    energy = sum(a.energy_kj for a in plan.applications)
    figures.append(_figure("key_energy", number(energy, 0 if energy >= 10 else 1), "kJ"))
    return figures


def applications_figure(applications: tuple[Application, ...]) -> Json:
    """``2 × 60 W · 10 min`` when all are alike, else their number."""
    settings = {(a.power_w, a.time_s) for a in applications}
    if len(settings) == 1:
        power_w, time_s = settings.pop()
        return _figure("key_applications", f"{len(applications)} × {power_w:g}", f"W · {minutes(time_s)} min")
    return _figure("key_applications", str(len(applications)), "")


def nearest_clearance(plan: Plan) -> Clearance | None:
    """Clearance with the least room over what is required, over all needles; hard limits first."""
    every = [c for n in plan.needles for c in n.clearances]
    hard = [c for c in every if c.is_hard] or every
    return min(hard, key=lambda c: c.min_distance_mm - c.required_mm, default=None)


def plan_status(plan: Plan) -> str:
    """``fail`` when any check fails, ``warn`` when anything is open, else ``pass``."""
    states = {c.status for c in plan.checks}
    if "fail" in states:
        return "fail"
    return "warn" if states - {"pass"} or conditions(plan) else "pass"


def conditions(plan: Plan) -> list[Json]:
    """What must be accepted in writing: unreviewed structures, an unverified device, notes."""
    found = []
    unreviewed = [s.name for s in plan.structures if s.state != "reviewed"]
    if unreviewed:
        found.append(
            {
                "zh": f"接受未审核结构 {len(unreviewed)} 个",
                "en": f"{len(unreviewed)} unreviewed structures accepted",
            }
        )
    if not plan.device.verified_by.strip():
        found.append({"zh": "接受未核实的器械表", "en": "unverified device table accepted"})
    open_count = sum(c.status in ("warn", "unknown") for c in plan.checks)
    if open_count:
        found.append(
            {
                "zh": f"处理右侧 {open_count} 项注意或未知",
                "en": f"{open_count} cautions or unknowns on the right",
            }
        )
    return found


def decision(plan: Plan) -> Json:
    """Go, go with conditions, or stop."""
    status = plan_status(plan)
    word, hint = texts.DECISION[status]
    return {"status": status, "word": pair(word), "hint": pair(hint), "conditions": conditions(plan)}


def check_row(check: Check) -> Json:
    """Rule, finding, status and source of one check."""
    return {
        "status": check.status,
        "rule": pair(check.rule),
        "finding": pair(check.finding) if any(check.finding) else None,
        "source": breakable(clean(check.source)),
    }


def _cell(label: str, value: str) -> Json:
    return {
        "label": pair(texts.LABELS[label]),
        "value": {"zh": value, "en": value} if value.strip() else None,
    }


def _figure(label: str, figure: str | None, unit: str, *, zh: str = "") -> Json:
    made = quantity(figure, unit)
    return {**made, "label": pair(texts.LABELS[label]), "u_zh": zh, "band": None}
