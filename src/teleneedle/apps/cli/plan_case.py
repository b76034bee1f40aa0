"""The planning pipeline as the command line wires it: read → structures → plan → folder."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from teleneedle.adapters.devices.library import choose_device
from teleneedle.adapters.dicom.read import read_ct
from teleneedle.adapters.plan_folder.atomic import new_folder
from teleneedle.adapters.plan_folder.write import write_plan_folder, write_timings
from teleneedle.adapters.rulebook.load import load_checklist, load_rule_book
from teleneedle.adapters.structures_folder import read_structure, read_structures
from teleneedle.apps.cli.console import Stopwatch
from teleneedle.apps.cli.segmentation_engines import segment_missing
from teleneedle.core.anatomy import Proposed, Structure, unreviewed_names
from teleneedle.core.case import Checklist, CtSeries
from teleneedle.core.devices import Modality
from teleneedle.core.errors import NotReadableError
from teleneedle.core.plan import Plan, Point
from teleneedle.core.progress import CancelToken, Progress, no_progress
from teleneedle.services.acknowledge import require_acknowledgements
from teleneedle.services.choose_targets import require_box_in_volume
from teleneedle.services.propose_plan import PlanRequest, propose_plan
from teleneedle.services.segment_case import kinds_to_segment
from teleneedle.services.summarise import summarise_structure


@dataclass(frozen=True, kw_only=True)
class PlanCase:
    """What the user asked for; see ``teleneedle plan --help``."""

    ct: Path
    out: Path
    modality: str
    structures: Path | None = None
    target_name: str | None = None
    target_mask: Path | None = None
    target_box: tuple[Point, Point] | None = None
    device_id: str | None = None
    margin_mm: float = 5.0
    needles: int | None = None
    checklist: Path | None = None
    reviewed_by: str | None = None
    engine: str | None = None
    series: str | None = None
    allow_gaps: bool = False
    resample_masks: bool = False
    accept_unreviewed: bool = False
    accept_unverified_device: bool = False
    seed: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class PlannedCase:
    """Where the plan folder is and what is in it."""

    out: Path
    plan: Plan
    plan_sha256: str
    timings_s: dict[str, float]


def plan_case(
    case: PlanCase, *, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> PlannedCase:
    """Read, segment what is missing, plan, and write the folder whole or not at all.

    Raises
    ------
    TeleneedleError
        With one clear message; nothing has been written then.
    """
    watch = Stopwatch()
    device = choose_device(Modality(case.modality), case.device_id)
    rule_book = load_rule_book()
    checklist = load_checklist(case.checklist) if case.checklist else Checklist()
    if case.structures is not None and not case.structures.is_dir():
        raise NotReadableError("the structures folder does not exist", where=str(case.structures))
    with new_folder(case.out) as staging:
        with watch.stage("read"):
            series = read_ct(
                case.ct, series=case.series, allow_gaps=case.allow_gaps, progress=progress, cancel=cancel
            )
        series.require_hounsfield()
        with watch.stage("masks"):
            given = _given_structures(case, series)
        require_acknowledgements(
            unreviewed=(
                *unreviewed_names(given),
                *(f"{kind} (to be segmented)" for kind in kinds_to_segment(given)),
            ),
            device=device,
            accept_unreviewed=case.accept_unreviewed,
            accept_unverified_device=case.accept_unverified_device,
        )
        segmented = segment_missing(
            series.volume,
            given=given,
            target_box=case.target_box,
            has_target=case.target_mask is not None,
            engine=case.engine,
            watch=watch,
            progress=progress,
            cancel=cancel,
        )
        created = datetime.now(UTC)
        inputs = _input_hashes(case, series, given)
        request = PlanRequest(
            series=series,
            structures=(*given, *segmented.structures),
            device=device,
            margin_mm=case.margin_mm,
            needles=case.needles,
            target_name=case.target_name,
            accept_unreviewed=case.accept_unreviewed,
            accept_unverified_device=case.accept_unverified_device,
            checklist=checklist,
            rules=rule_book.rules,
            care=rule_book.care,
            contingency=rule_book.contingency,
            created=created,
            plan_id=_plan_id(created, inputs),
            input_sha256=inputs,
            warnings=(*series.warnings, *segmented.warnings),
            missing=segmented.missing,
            seed=case.seed,
        )
        with watch.stage("plan"):
            proposed = propose_plan(request, timings_s=dict(watch.seconds), progress=progress, cancel=cancel)
        sha256 = write_plan_folder(
            staging,
            proposed,
            series=series,
            structures=request.structures,
            stage=watch.stage,
            progress=progress,
            cancel=cancel,
        )
        write_timings(staging, watch.seconds)
    return PlannedCase(out=case.out, plan=proposed.plan, plan_sha256=sha256, timings_s=dict(watch.seconds))


def _given_structures(case: PlanCase, series: CtSeries) -> tuple[Structure, ...]:
    """Masks from the folder and the target mask; reviewed when the reviewer is named."""
    given: list[Proposed] = []
    if case.structures is not None:
        given += read_structures(case.structures, series, resample=case.resample_masks)
    if case.target_mask is not None:
        given.append(read_structure(case.target_mask, series, name="tumour1", resample=case.resample_masks))
    if case.target_box is not None:
        require_box_in_volume(case.target_box, *series.volume.grid.bounds_lps())
    if not case.reviewed_by:
        return tuple(given)
    now = datetime.now(UTC)
    return tuple(proposed.review(reviewer=case.reviewed_by, at=now) for proposed in given)


def _input_hashes(case: PlanCase, series: CtSeries, given: Sequence[Structure]) -> dict[str, str]:
    """SHA-256 of everything the plan was made from, by name."""
    hashes = {"ct": series.source_sha256}
    if given:
        digests = [summarise_structure(s).engine_sha256 for s in given]
        hashes["structures"] = hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()
    if case.checklist is not None:
        hashes["checklist"] = hashlib.sha256(case.checklist.read_bytes()).hexdigest()
    return hashes


def _plan_id(created: datetime, inputs: dict[str, str]) -> str:
    """Date and six digits of the input hash: readable, and different for every patient."""
    digest = hashlib.sha256("".join(f"{k}{v}" for k, v in sorted(inputs.items())).encode()).hexdigest()
    return f"TN-{created:%Y%m%d}-{digest[:6].upper()}"
