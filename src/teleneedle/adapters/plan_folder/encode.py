"""A `Plan` as the JSON object of schema ``teleneedle.plan/1``. All points LPS mm, all angles degrees."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from teleneedle.core.devices import Zone, ZoneBand
from teleneedle.core.plan import (
    Alternative,
    Application,
    Bilingual,
    CareItem,
    Check,
    Clearance,
    Coverage,
    CoverageBand,
    DeviceRecord,
    Needle,
    Plan,
    StructureRecord,
    TargetSummary,
)

SCHEMA = "teleneedle.plan/1"
Json = dict[str, Any]


def encode_plan(plan: Plan) -> Json:
    """The plan as plain JSON values, rounded to 1e-6 (mm, degrees, per cent)."""
    document = {
        "schema": SCHEMA,
        "id": plan.id,
        "version": plan.version,
        "created": plan.created.isoformat(),
        "research_statement": "Research software, not a medical device. 科研软件，非医疗器械。",
        "sha256": dict(plan.sha256),
        "frame_of_reference_uid": plan.frame_of_reference_uid,
        "series_instance_uid": plan.series_instance_uid,
        "patient": {
            "id": plan.patient_id,
            "name": plan.patient_name,
            "sex": plan.patient_sex,
            "age": plan.patient_age,
        },
        "study_date": plan.study_date,
        "modality": plan.modality.value,
        "device": _device(plan.device),
        "models": [
            {"name": m.name, "version": m.version, "parameters": dict(m.parameters)} for m in plan.models
        ],
        "target": _target(plan.target),
        "targets": [_target(target) for target in plan.targets],
        "structures": [_structure(record) for record in plan.structures],
        "needles": [_needle(needle) for needle in plan.needles],
        "applications": [_application(application) for application in plan.applications],
        "coverage": _coverage(plan.coverage),
        "alternatives": [_alternative(alternative) for alternative in plan.alternatives],
        "checks": [_check(check) for check in plan.checks],
        "care": [_care(item) for item in plan.care],
        "contingency": [
            {"event": _text(event), "action": _text(action), "limit": _text(limit)}
            for event, action, limit in plan.contingency
        ],
        "why_not": [_text(reason) for reason in plan.why_not],
        "warnings": [_text(warning) for warning in plan.warnings],
        "timings_s": dict(plan.timings_s),
    }
    rounded: Json = _rounded(document)
    return rounded


def plan_bytes(plan: Plan) -> bytes:
    """The exact bytes of plan.json; their SHA-256 is the plan's hash."""
    return (json.dumps(encode_plan(plan), ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def plan_sha256(plan: Plan) -> str:
    """SHA-256 (hex) of plan.json as written; what the plan book prints and ``sha256sum`` shows."""
    return hashlib.sha256(plan_bytes(plan)).hexdigest()


def _rounded(value: Any) -> Any:
    if isinstance(value, bool) or value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        return {str(key): _rounded(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_rounded(item) for item in value]
    number = float(value)
    return round(number, 6) + 0.0 if number == number and abs(number) != float("inf") else None


def _text(pair: Bilingual) -> Json:
    return {"zh": pair[0], "en": pair[1]}


def _device(device: DeviceRecord) -> Json:
    return {
        "id": device.id,
        "name": _text(device.name),
        "provenance": device.provenance,
        "verified_by": device.verified_by,
        "acknowledged": device.acknowledged,
        "gauge": device.gauge,
    }


def _target(target: TargetSummary) -> Json:
    return {
        "name": target.name,
        "volume_ml": target.volume_ml,
        "centroid_lps": target.centroid_lps,
        "diameters_mm": target.diameters_mm,
        "margin_mm": target.margin_mm,
        "mean_hu": target.mean_hu,
        "capsule_distance_mm": target.capsule_distance_mm,
    }


def _structure(record: StructureRecord) -> Json:
    return {
        "name": record.name,
        "kind": record.kind,
        "volume_ml": record.volume_ml,
        "engine": record.engine,
        "engine_sha256": record.engine_sha256,
        "state": record.state,
        "reviewer": record.reviewer,
        "reviewed_at": record.reviewed_at,
        "gate": record.gate.value,
        "reasons": [_text(reason) for reason in record.reasons],
    }


def _clearance(clearance: Clearance) -> Json:
    return {
        "structure": clearance.structure,
        "min_distance_mm": clearance.min_distance_mm,
        "at_lps": clearance.at_lps,
        "required_mm": clearance.required_mm,
        "hard": clearance.is_hard,
    }


def _needle(needle: Needle) -> Json:
    robustness = needle.robustness
    return {
        "id": needle.id,
        "entry_lps": needle.entry_lps,
        "tip_lps": needle.tip_lps,
        "target_lps": needle.target_lps,
        "inserted_mm": needle.inserted_mm,
        "gauge": needle.gauge,
        "tilt_deg": needle.tilt_deg,
        "in_plane_deg": needle.in_plane_deg,
        "skin_angle_deg": needle.skin_angle_deg,
        "capsule_angle_deg": needle.capsule_angle_deg,
        "liver_before_target_mm": needle.liver_before_target_mm,
        "clearances": [_clearance(clearance) for clearance in needle.clearances],
        "robustness": None
        if robustness is None
        else {
            "sigma_mm": robustness.sigma_mm,
            "sigma_deg": robustness.sigma_deg,
            "draws": robustness.draws,
            "safe_pct": robustness.safe_pct,
            "covered_pct": robustness.covered_pct,
        },
        "score": dict(needle.score),
        "reason": _text(needle.reason),
        "landmark": _text(needle.landmark),
    }


def _zone(zone: Zone) -> Json:
    return {"long_mm": zone.long_mm, "short_mm": zone.short_mm}


def _zone_band(band: ZoneBand) -> Json:
    return {**_zone(band.p50), "p10": _zone(band.p10), "p90": _zone(band.p90)}


def _application(application: Application) -> Json:
    return {
        "needle": application.needle,
        "centre_lps": application.centre_lps,
        "axis": application.axis,
        "tip_lps": application.tip_lps,
        "power_w": application.power_w,
        "time_s": application.time_s,
        "energy_kj": application.energy_kj,
        "zone": _zone_band(application.zone),
    }


def _band(band: CoverageBand) -> Json:
    return {
        "target_pct": band.target_pct,
        "ptv_pct": band.ptv_pct,
        "min_margin_mm": band.min_margin_mm,
        "mean_margin_mm": band.mean_margin_mm,
        "surface_below_margin_pct": band.surface_below_margin_pct,
        "healthy_tissue_ml": band.healthy_tissue_ml,
        "zone_ml": band.zone_ml,
    }


def _coverage(coverage: Coverage) -> Json:
    return {
        **_band(coverage.p50),
        "p10": _band(coverage.p10),
        "p90": _band(coverage.p90),
        "punctures": coverage.punctures,
        "applicators": coverage.applications,
        "optimality_gap": coverage.optimality_gap,
        "thinnest_lps": coverage.thinnest_lps,
        "organs": [
            {
                "structure": organ.structure,
                "p50_mm": organ.p50_mm,
                "p90_mm": organ.p90_mm,
                "required_mm": organ.required_mm,
            }
            for organ in coverage.organs
        ],
        "per_target": {name: _band(band) for name, band in coverage.per_target.items()},
        "statement": _text(coverage.statement),
    }


def _alternative(alternative: Alternative) -> Json:
    return {
        "label": alternative.label,
        "title": _text(alternative.title),
        "punctures": alternative.punctures,
        "needles": [
            {
                "id": needle.id,
                "entry_lps": needle.entry_lps,
                "tip_lps": needle.tip_lps,
                "inserted_mm": needle.inserted_mm,
                "tilt_deg": needle.tilt_deg,
            }
            for needle in alternative.needles
        ],
        "applications": [_application(application) for application in alternative.applications],
        "coverage": _coverage(alternative.coverage),
        "nearest_vessel_mm": alternative.nearest_vessel_mm,
        "total_time_s": alternative.total_time_s,
        "why": _text(alternative.why),
    }


def _check(check: Check) -> Json:
    return {
        "id": check.id,
        "status": check.status,
        "text_zh": f"{check.rule[0]}：{check.finding[0]}",
        "text_en": f"{check.rule[1]}: {check.finding[1]}",
        "source": check.source,
    }


def _care(item: CareItem) -> Json:
    return {
        "period": _text(item.period),
        "actions": [_text(action) for action in item.actions],
        "raised": item.is_raised,
    }
