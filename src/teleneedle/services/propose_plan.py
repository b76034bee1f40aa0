"""From images, structures and a device to a complete plan. No I/O: everything comes in, the plan goes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from teleneedle import __version__
from teleneedle.core.anatomy import Gate, Structure, merge_by_kind, unreviewed_names
from teleneedle.core.case import Answer, Checklist, CtSeries
from teleneedle.core.devices import Device
from teleneedle.core.errors import StructureError
from teleneedle.core.image import LabelMap
from teleneedle.core.plan import Bilingual, ModelRecord, Needle, Plan, TargetSummary
from teleneedle.core.progress import CancelToken, Progress, no_progress
from teleneedle.engines.checks import CareRule, ContingencyRow, Rule, evaluate_rules, plan_care
from teleneedle.services.acknowledge import require_acknowledgements
from teleneedle.services.choose_targets import TUMOUR, choose_targets, require_target_in_body, union_of
from teleneedle.services.place_needles import Placement, place_needles
from teleneedle.services.plan_checks import check_plan, display_name
from teleneedle.services.summarise import (
    as_point,
    summarise_device,
    summarise_structure,
    summarise_target,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class PlanRequest:
    """Everything a plan is made from.

    Parameters
    ----------
    series : CtSeries
        The CT and where it comes from.
    structures : sequence of Proposed or Reviewed
        Anatomy and tumours on the grid of the CT.
    device : Device
        Applicator; its modality is the plan's.
    margin_mm : float
        Wanted ablation margin around the target.
    needles : int or None
        Forced number of punctures; None finds the fewest.
    target_name : str or None
        Tumour to plan for; None takes all.
    accept_unreviewed, accept_unverified_device : bool
        Acknowledgements; both are printed in the plan book.
    checklist, rules, care, contingency
        Answers and the site's rule book.
    created : datetime
        Aware time of the plan.
    plan_id : str
    input_sha256 : mapping
        Hashes of the inputs by name.
    warnings : sequence of (zh, en)
        What reading and segmentation had to say.
    seed : int
        Seed of every random draw.
    """

    series: CtSeries
    structures: Sequence[Structure]
    device: Device
    margin_mm: float
    needles: int | None
    target_name: str | None
    accept_unreviewed: bool
    accept_unverified_device: bool
    checklist: Checklist
    rules: Sequence[Rule]
    care: Sequence[CareRule]
    contingency: Sequence[ContingencyRow]
    created: datetime
    plan_id: str
    input_sha256: Mapping[str, str]
    warnings: Sequence[Bilingual] = ()
    missing: Mapping[str, Bilingual] | None = None
    seed: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class ProposedPlan:
    """The plan with the label maps its pictures and files are made from."""

    plan: Plan
    target: LabelMap
    anatomy: Mapping[str, LabelMap]
    placement: Placement


def propose_plan(
    request: PlanRequest,
    *,
    place: Callable[..., Placement] = place_needles,
    timings_s: Mapping[str, float] | None = None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> ProposedPlan:
    """Place needles, evaluate coverage and checks, and collect it all into a `Plan`.

    `place` takes the arguments of `place_needles`; another function measures needles that are given.

    Raises
    ------
    ReviewRequiredError
        If unreviewed structures or an unverified device were not accepted.
    StructureError, SeriesChoiceError
        If there is no usable target.
    NoSafePathError
        If no path satisfies the hard constraints.
    Cancelled
        If `cancel` was set.
    """
    targets = choose_targets(request.structures, name=request.target_name)
    anatomy = merge_by_kind([s for s in request.structures if s.kind != TUMOUR])
    for target in targets:
        require_target_in_body(target, anatomy.get("body", anatomy.get("skin")))
    _refuse_red_gates(request.structures)
    require_acknowledgements(
        unreviewed=unreviewed_names(request.structures),
        device=request.device,
        accept_unreviewed=request.accept_unreviewed,
        accept_unverified_device=request.accept_unverified_device,
    )
    whole = union_of(targets)
    placement = place(
        structures=anatomy,
        target=whole,
        device=request.device,
        margin_mm=request.margin_mm,
        needles=request.needles,
        modality=request.device.modality,
        targets={t.name: t.label_map for t in targets},
        seed=request.seed,
        progress=progress,
        cancel=cancel,
    )
    summaries = _summaries(request, targets, anatomy)
    plan = _assemble(request, summaries, whole, anatomy, placement, dict(timings_s or {}))
    return ProposedPlan(plan=plan, target=whole, anatomy=anatomy, placement=placement)


def _refuse_red_gates(structures: Sequence[Structure]) -> None:
    """A structure whose gate is red is implausible; nothing may be planned on it."""
    records = [summarise_structure(s) for s in structures]
    red = [r for r in records if r.gate is Gate.RED and r.state == "proposed"]
    if red:
        raise StructureError(
            "a structure is implausible (red gate)",
            where="; ".join(f"{r.name}: {', '.join(text for _, text in r.reasons)}" for r in red),
            remedy="correct it and give it as a mask in --structures",
        )


def _summaries(
    request: PlanRequest, targets: Sequence[Structure], anatomy: Mapping[str, LabelMap]
) -> tuple[TargetSummary, ...]:
    return tuple(
        summarise_target(
            target.name,
            target.label_map,
            volume=request.series.volume,
            liver=anatomy.get("liver"),
            margin_mm=request.margin_mm,
        )
        for target in targets
    )


def _assemble(
    request: PlanRequest,
    targets: tuple[TargetSummary, ...],
    whole: LabelMap,
    anatomy: Mapping[str, LabelMap],
    placement: Placement,
    timings_s: dict[str, float],
) -> Plan:
    series, modality = request.series, request.device.modality
    checks = (
        *check_plan(
            placement,
            structures=request.structures,
            missing=request.missing or {},
            device=request.device,
            margin_mm=request.margin_mm,
        ),
        *evaluate_rules(request.rules, _facts(request, targets, placement), modality=modality),
    )
    return Plan(
        id=request.plan_id,
        version=1,
        created=request.created,
        modality=modality,
        patient_id=series.patient.id,
        patient_name=series.patient.name,
        patient_sex=series.patient.sex,
        patient_age=series.patient.age,
        study_date=series.study.study_date,
        series_instance_uid=series.study.series_uid,
        frame_of_reference_uid=series.volume.grid.frame_of_reference_uid,
        sha256=request.input_sha256,
        device=summarise_device(request.device, acknowledged=request.accept_unverified_device),
        models=_models(request),
        target=targets[0] if len(targets) == 1 else _combined(request, targets, whole, anatomy),
        targets=targets,
        structures=tuple(summarise_structure(s) for s in request.structures),
        needles=placement.needles,
        applications=placement.applications,
        coverage=placement.coverage,
        alternatives=placement.alternatives,
        checks=checks,
        care=plan_care(request.care, request.rules, checks, modality=modality),
        contingency=tuple(
            (row.event, row.action, row.limit) for row in request.contingency if modality in row.applies_to
        ),
        warnings=(*request.warnings, *placement.warnings, *_acknowledgements(request)),
        timings_s={**timings_s, **placement.timings_s},
        why_not=placement.why_not,
    )


def _combined(
    request: PlanRequest,
    targets: tuple[TargetSummary, ...],
    whole: LabelMap,
    anatomy: Mapping[str, LabelMap],
) -> TargetSummary:
    """Several tumours treated in one session; diameters are those of the largest one."""
    name = " + ".join(t.name for t in targets)
    total = summarise_target(
        name,
        whole,
        volume=request.series.volume,
        liver=anatomy.get("liver"),
        margin_mm=request.margin_mm,
    )
    largest = max(targets, key=lambda t: t.volume_ml)
    return TargetSummary(
        name=name,
        volume_ml=total.volume_ml,
        centroid_lps=as_point(whole.centroid_lps()),
        diameters_mm=largest.diameters_mm,
        margin_mm=request.margin_mm,
        mean_hu=total.mean_hu,
        capsule_distance_mm=total.capsule_distance_mm,
    )


def _facts(
    request: PlanRequest, targets: tuple[TargetSummary, ...], placement: Placement
) -> dict[str, Answer]:
    """Checklist answers plus what the plan itself knows; plan facts win over answers of the same name."""
    zone = {organ.structure: organ.p50_mm for organ in placement.coverage.organs}
    tube = [zone[name] for name in ("bowel", "stomach") if name in zone]
    return {
        **request.checklist.answers,
        "largest_diameter_mm": max(target.diameters_mm[0] for target in targets),
        "needle_to_bile_ducts_mm": _least_clearance(placement.needles, "bile_ducts"),
        "zone_to_gallbladder_mm": zone.get("gallbladder"),
        "zone_to_bowel_mm": min(tube) if tube else None,
        "zone_to_heart_mm": zone.get("heart"),
    }


def _least_clearance(needles: Sequence[Needle], structure: str) -> float | None:
    found = [c.min_distance_mm for n in needles for c in n.clearances if c.structure == structure]
    return min(found) if found else None


def _acknowledgements(request: PlanRequest) -> tuple[Bilingual, ...]:
    texts: list[Bilingual] = []
    open_names = unreviewed_names(request.structures)
    if open_names:
        names = "、".join(open_names)
        texts.append(
            (f"未审核结构已确认使用：{names}", f"unreviewed structures accepted: {', '.join(open_names)}")
        )
    if not request.device.is_verified:
        texts.append(
            (
                f"器械 {request.device.id} 的参数表未经本院核实，已确认使用",
                f"table of device {request.device.id} not verified by this site, accepted",
            )
        )
    texts.extend(
        (f"未得到结构：{name[0]}（{text[0]}）", f"no structure: {name[1]} ({text[1]})")
        for name, text in (
            (display_name(kind), text) for kind, text in sorted((request.missing or {}).items())
        )
    )
    return tuple(texts)


def _models(request: PlanRequest) -> tuple[ModelRecord, ...]:
    device = request.device
    return (
        ModelRecord(
            name="zone-table",
            version=__version__,
            parameters={
                "derating": device.derating,
                "derating_low": device.derating_low,
                "derating_high": device.derating_high,
                "frame": "pre-shrink",
            },
        ),
        ModelRecord(
            name="needle-paths", version=__version__, parameters={"seed": request.seed, "search": "all skin"}
        ),
        ModelRecord(
            name="coverage",
            version=__version__,
            parameters={"solver": "HiGHS", "margin_mm": request.margin_mm},
        ),
    )
