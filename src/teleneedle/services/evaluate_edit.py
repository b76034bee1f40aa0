"""Needles and applications that a person moved: measured as exactly as proposed ones, faults named."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from teleneedle.core.devices import Device
from teleneedle.core.errors import InputError
from teleneedle.core.geometry import FloatArray, unit
from teleneedle.core.image import LabelMap
from teleneedle.core.paths import CandidatePath
from teleneedle.core.plan import Application, Check, Needle, Point
from teleneedle.core.progress import CancelToken, Progress, no_progress
from teleneedle.core.units import energy_kj
from teleneedle.engines.coverage import (
    build_demand,
    evaluate_coverage,
    expected_band,
    extract_surface,
    organs_near,
    union_zones,
)
from teleneedle.engines.trajectories import PathRules, PathScene, default_rules, describe_path
from teleneedle.engines.trajectories.robustness import Covers
from teleneedle.services.displaced_zones import covers_when_displaced
from teleneedle.services.edited_checks import entry_check, limits_check
from teleneedle.services.place_needles import ROBUSTNESS_DRAWS, Placement, pair_warnings
from teleneedle.services.propose_plan import PlanRequest, ProposedPlan, propose_plan

LEAST_DEPTH_MM = 5.0
ON_LINE_MM = 0.01


@dataclass(frozen=True, kw_only=True)
class EditedApplication:
    """One delivery of energy: the needle's tip is pulled back by `tip_back_mm` from its deepest point."""

    needle: str
    tip_back_mm: float
    power_w: float
    time_s: float


@dataclass(frozen=True, kw_only=True)
class EditedNeedles:
    """Needles by name (entry, tip; LPS mm) and what is delivered along them.

    `aims` holds the points (LPS mm) that needles of the earlier version aimed at: one that still lies on its
    needle stays its aim.
    """

    needles: tuple[tuple[str, Point, Point], ...]
    applications: tuple[EditedApplication, ...]
    aims: Mapping[str, Point] = field(default_factory=dict)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> EditedNeedles:
        """From the interface's ``needles`` and ``applications``."""
        return cls(
            needles=tuple(
                (n["id"], _as_point(n["entry_lps"]), _as_point(n["tip_lps"])) for n in document["needles"]
            ),
            applications=tuple(EditedApplication(**a) for a in document["applications"]),
            aims={name: _as_point(aim) for name, aim in document.get("aims", {}).items()},
        )


def evaluate_edit(
    request: PlanRequest,
    edit: EditedNeedles,
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> ProposedPlan:
    """A plan with exactly these needles; a broken limit does not raise but becomes a failed check.

    Raises
    ------
    InputError
        If a needle has no application, is shorter than 5 mm, or an application names no needle.
    DeviceError
        If a setting lies outside the device's table.
    """
    proposed = propose_plan(request, place=partial(place_edited, edit=edit), progress=progress, cancel=cancel)
    plan = proposed.plan
    device = request.device
    rules = default_rules(
        modality=device.modality, usable_length_mm=device.usable_length_mm, gauge=device.gauge
    )
    body = proposed.anatomy.get("body") or proposed.anatomy["skin"]
    checks = (
        entry_check(plan.needles, body),
        limits_check(plan.needles, rules),
        _length_check(plan.needles, device),
        *plan.checks,
    )
    return replace(proposed, plan=replace(plan, checks=checks))


def place_edited(
    *,
    edit: EditedNeedles,
    structures: Mapping[str, LabelMap],
    target: LabelMap,
    device: Device,
    margin_mm: float,
    targets: Mapping[str, LabelMap] | None = None,
    seed: int = 0,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
    **_asked: object,
) -> Placement:
    """Measure the given needles and applications; nothing is chosen."""
    clock = time.monotonic()
    lines = {name: _line(name, entry, tip) for name, entry, tip in edit.needles}
    applications = tuple(_application(a, lines, device) for a in edit.applications)
    _require_applications(lines, applications)
    progress("paths", 0.2)
    rules = default_rules(
        modality=device.modality, usable_length_mm=device.usable_length_mm, gauge=device.gauge
    )
    scene = PathScene.build(structures, target=target, rules=rules)
    liver = structures.get("liver")
    demand = build_demand(target, organ=liver, body=structures.get("body"), margin_mm=margin_mm)
    needles = []
    for name, line in lines.items():
        if cancel is not None:
            cancel.raise_if_cancelled()
        aim_mm = _aim_depth_mm(line, edit.aims.get(name), target)
        covers = covers_when_displaced(name, applications, line.entry, line.depth_mm, demand.gtv)
        needles.append(_needle(name, line, scene, rules, device, seed, aim_mm, covers))
    progress("coverage", 0.5)
    evaluation = evaluate_coverage(
        applications,
        target=target,
        demand=demand,
        organs=organs_near(structures, target),
        liver=liver,
        margin_mm=margin_mm,
        optimality_gap=float("nan"),
        surface=extract_surface(target, organ=liver, margin_mm=margin_mm),
    )
    per_target = {
        name: expected_band(
            applications, target=one, organ=liver, body=structures.get("body"), margin_mm=margin_mm
        )
        for name, one in (targets or {}).items()
    }
    statement = (
        "人工修改的方案：未求最少穿刺数",
        "edited by hand: the fewest punctures were not looked for",
    )
    progress("coverage", 1.0)
    return Placement(
        needles=tuple(needles),
        applications=applications,
        coverage=replace(evaluation.coverage, per_target=per_target, statement=statement),
        alternatives=(),
        why_not=(),
        zones=union_zones(applications, target),
        surface=evaluation.surface,
        margins_mm=evaluation.margins_mm,
        timings_s={"coverage": time.monotonic() - clock},
        warnings=pair_warnings(tuple(needles), device),
    )


@dataclass(frozen=True, kw_only=True)
class _Line:
    entry: FloatArray
    direction: FloatArray
    depth_mm: float


def _line(name: str, entry_lps: Point, tip_lps: Point) -> _Line:
    entry, tip = np.array(entry_lps), np.array(tip_lps)
    depth = float(np.linalg.norm(tip - entry))
    if not np.isfinite(depth) or depth < LEAST_DEPTH_MM:
        raise InputError(
            f"a needle must be at least {LEAST_DEPTH_MM:g} mm long",
            where=name,
            remedy="move its entry or its tip",
        )
    return _Line(entry=entry, direction=unit(tip - entry), depth_mm=depth)


def _application(edit: EditedApplication, lines: Mapping[str, _Line], device: Device) -> Application:
    line = lines.get(edit.needle)
    if line is None or not 0.0 <= edit.tip_back_mm < line.depth_mm:
        raise InputError(
            "an application fits no needle", where=f"{edit.needle}, {edit.tip_back_mm:g} mm back"
        )
    tip = line.entry + (line.depth_mm - edit.tip_back_mm) * line.direction
    return Application(
        needle=edit.needle,
        centre_lps=_as_point(tip - device.tip_to_centre_mm * line.direction),
        axis=_as_point(line.direction),
        power_w=edit.power_w,
        time_s=edit.time_s,
        energy_kj=float(energy_kj(edit.power_w, edit.time_s)),
        zone=device.band_at(power_w=edit.power_w, time_s=edit.time_s),
        tip_lps=_as_point(tip),
    )


def _require_applications(lines: Mapping[str, _Line], applications: Sequence[Application]) -> None:
    idle = sorted(set(lines) - {a.needle for a in applications})
    if idle or not lines:
        raise InputError(
            "a needle delivers no energy" if lines else "a plan needs a needle",
            where=", ".join(idle),
            remedy="give it an application or remove it",
        )


def _aim_depth_mm(line: _Line, aim: Point | None, target: LabelMap) -> float:
    """Skin to the earlier aim where that still lies on the needle, else to the point nearest the target."""
    if aim is not None:
        away = np.array(aim) - line.entry
        along = float(away @ line.direction)
        if (
            np.linalg.norm(away - along * line.direction) < ON_LINE_MM
            and 0.0 < along <= line.depth_mm + ON_LINE_MM
        ):
            return min(along, line.depth_mm)
    along = float((target.centroid_lps() - line.entry) @ line.direction)
    return float(np.clip(along, LEAST_DEPTH_MM, line.depth_mm))


def _needle(
    name: str,
    line: _Line,
    scene: PathScene,
    rules: PathRules,
    device: Device,
    seed: int,
    aim_depth: float,
    covers: Covers,
) -> Needle:
    """Described as any other path."""
    path = CandidatePath(
        entry_lps=_as_point(line.entry),
        direction=_as_point(line.direction),
        aim_lps=_as_point(line.entry + aim_depth * line.direction),
        aim_depth_mm=aim_depth,
        safe_depth_mm=line.depth_mm,
    )
    return describe_path(
        scene,
        path,
        rules,
        needle_id=name,
        tip_depth_mm=line.depth_mm,
        gauge=device.gauge,
        robustness_draws=ROBUSTNESS_DRAWS,
        seed=seed,
        covers=covers,
    )


def _length_check(needles: Sequence[Needle], device: Device) -> Check:
    longest = max(needles, key=lambda n: n.inserted_mm)
    fits = longest.inserted_mm <= device.usable_length_mm
    figure = f"{longest.id}: {longest.inserted_mm:.1f} / {device.usable_length_mm:g} mm"
    return Check(
        id="needle_length",
        status="pass" if fits else "fail",
        rule=("进针深度不超过可用针长", "needle long enough"),
        finding=(figure, figure),
        source="device table",
    )


def _as_point(values: Any) -> Point:
    x, y, z = (float(v) for v in values)
    return (x, y, z)
