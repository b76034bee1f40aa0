"""Anatomy: where the target is, which structures carry the plan, who reviewed them, what is missing."""

from __future__ import annotations

from teleneedle.adapters.report import texts
from teleneedle.adapters.report.facts import (
    Json,
    breakable,
    clean,
    number,
    pair,
    position,
    quantity,
    structure_name,
)
from teleneedle.core.geometry import Grid
from teleneedle.core.plan import Plan, Point, StructureRecord, TargetSummary


def anatomy_page(plan: Plan, grid: Grid) -> Json:
    """Target table, all targets when there are several, structure review table."""
    return {
        "name": breakable(clean(plan.target.name)),
        "target": target_rows(plan.target, grid),
        "targets": [target_row(t) for t in plan.targets] if len(plan.targets) > 1 else [],
        "structures": [structure_row(s) for s in plan.structures],
    }


def slice_of(point: Point, grid: Grid) -> str:
    """Slice number counted from one, of how many.

    Examples
    --------
    >>> grid = Grid.regular((10, 4, 4), spacing_mm=(1, 1, 2), frame_of_reference_uid="1.2")
    >>> slice_of((0.0, 0.0, 6.2), grid)
    '4 / 10'
    """
    k = round(float(grid.lps_to_index(point)[2]))
    return f"{min(max(k, 0), grid.shape[0] - 1) + 1} / {grid.shape[0]}"


def target_rows(target: TargetSummary, grid: Grid) -> list[Json]:
    """Label and value of each fact about the target."""
    size = " × ".join(number(d) or "" for d in target.diameters_mm)
    rows = [
        ("size", quantity(size, "mm")),
        ("volume", quantity(number(target.volume_ml), "ml")),
        ("centre", quantity(position(target.centroid_lps))),
        ("slice", quantity(slice_of(target.centroid_lps, grid))),
        ("capsule", quantity(number(target.capsule_distance_mm), "mm")),
        ("margin_asked", quantity(f"≥ {number(target.margin_mm)}", "mm")),
        ("mean_hu", quantity(number(target.mean_hu, 0), "HU")),
    ]
    return [{"label": pair(texts.LABELS[label]), **value} for label, value in rows]


def target_row(target: TargetSummary) -> Json:
    """One of several targets in a row."""
    return {
        "name": breakable(clean(target.name)),
        "size": quantity(" × ".join(number(d) or "" for d in target.diameters_mm), "mm"),
        "volume": quantity(number(target.volume_ml), "ml"),
        "centre": quantity(position(target.centroid_lps)),
        "capsule": quantity(number(target.capsule_distance_mm), "mm"),
    }


def structure_row(record: StructureRecord) -> Json:
    """Name, volume, engine, gate, reviewer and notes of one structure."""
    notes = [pair(reason) for reason in record.reasons]
    if record.note:
        notes.append({"zh": clean(record.note), "en": clean(record.note)})
    note = {
        lang: "；".join(n[lang] for n in notes) if lang == "zh" else "; ".join(n[lang] for n in notes)
        for lang in ("zh", "en")
    }
    name = structure_name(record.kind)
    shown = pair(name)
    if record.name not in (record.kind, *name):
        shown = {
            lang: f"{word} ({clean(record.name)})" if lang == "en" else word for lang, word in shown.items()
        }
    return {
        "name": shown,
        "volume": number(record.volume_ml, 0 if record.volume_ml >= 100 else 1),
        "engine": breakable(clean(record.engine)),
        "gate": texts.GATE_STATUS[record.gate.value],
        "reviewed": _review(record),
        "note": note if notes else None,
    }


def _review(record: StructureRecord) -> str | None:
    """Reviewer with the time to the minute; None when nobody reviewed it."""
    if record.state != "reviewed":
        return None
    when = clean(record.reviewed_at).replace("T", " ")[:16]
    return f"{breakable(clean(record.reviewer))} {when}".strip()
