"""``teleneedle plan``: from a CT to a plan folder."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from teleneedle.apps.cli.arguments import parse_box, parse_needles
from teleneedle.apps.cli.console import (
    StageBar,
    failures_as_exit_codes,
    interruptible,
    print_json,
    print_statement,
)
from teleneedle.apps.cli.plan_case import PlanCase, PlannedCase, plan_case


class PlannableModality(StrEnum):
    """Modalities this version plans for."""

    MWA = "mwa"
    RFA = "rfa"


def plan(
    ct: Annotated[Path, typer.Argument(help="DICOM folder, zip, single file, or NIfTI.")],
    modality: Annotated[PlannableModality, typer.Option(help="Microwave or radiofrequency ablation.")],
    out: Annotated[Path, typer.Option(help="New folder for the plan; written whole or not at all.")],
    structures: Annotated[
        Path | None, typer.Option(help="Folder of NIfTI masks (liver.nii.gz …); missing ones are segmented.")
    ] = None,
    target: Annotated[
        str | None, typer.Option(help="Name of the tumour mask to plan for; all by default.")
    ] = None,
    target_mask: Annotated[Path | None, typer.Option(help="NIfTI mask of the tumour.")] = None,
    target_box: Annotated[
        str | None, typer.Option(help="Box around the tumour, x0,x1,y0,y1,z0,z1 in LPS mm.")
    ] = None,
    device: Annotated[str | None, typer.Option(help="Device id from the library.")] = None,
    margin_mm: Annotated[float, typer.Option(min=0.0, max=20.0, help="Ablation margin wanted.")] = 5.0,
    needles: Annotated[str, typer.Option(help="'auto' for the fewest, or a number of punctures.")] = "auto",
    checklist: Annotated[Path | None, typer.Option(help="Answers to the checklist, YAML or JSON.")] = None,
    reviewed_by: Annotated[
        str | None,
        typer.Option(help="Who reviewed the masks in --structures; without it they count as proposed."),
    ] = None,
    engine: Annotated[str | None, typer.Option(help="Segmentation engine to prefer.")] = None,
    series: Annotated[str | None, typer.Option(help="Series UID or description when several fit.")] = None,
    allow_gaps: Annotated[
        bool, typer.Option("--allow-gaps", help="Interpolate missing slices; marked in the plan.")
    ] = False,
    resample_masks: Annotated[
        bool, typer.Option("--resample-masks", help="Accept masks on another grid of the same space.")
    ] = False,
    accept_unreviewed: Annotated[
        bool, typer.Option("--accept-unreviewed", help="Plan on unreviewed structures; printed in the book.")
    ] = False,
    accept_unverified_device: Annotated[
        bool,
        typer.Option(
            "--accept-unverified-device", help="Use device rows your site has not verified; printed."
        ),
    ] = False,
    seed: Annotated[int, typer.Option(help="Seed of every random draw.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="Summary on stdout as JSON.")] = False,
) -> None:
    """Plan an ablation on a CT and write the plan folder."""
    case = PlanCase(
        ct=ct,
        out=out,
        modality=modality.value,
        structures=structures,
        target_name=target,
        target_mask=target_mask,
        target_box=parse_box(target_box),
        device_id=device,
        margin_mm=margin_mm,
        needles=parse_needles(needles),
        checklist=checklist,
        reviewed_by=reviewed_by,
        engine=engine,
        series=series,
        allow_gaps=allow_gaps,
        resample_masks=resample_masks,
        accept_unreviewed=accept_unreviewed,
        accept_unverified_device=accept_unverified_device,
        seed=seed,
    )
    with failures_as_exit_codes(as_json=json):
        print_statement()
        with interruptible() as cancel, StageBar() as bar:
            planned = plan_case(case, progress=bar, cancel=cancel)
        if json:
            print_json(summary(planned))
        else:
            typer.echo(describe(planned))


def summary(planned: PlannedCase) -> dict[str, object]:
    """What ``--json`` prints: place, hash, the plan in short, and how long each stage took."""
    plan_ = planned.plan
    return {
        "out": str(planned.out),
        "plan_id": plan_.id,
        "plan_sha256": planned.plan_sha256,
        "punctures": plan_.coverage.punctures,
        "applications": plan_.coverage.applications,
        "target_pct": round(plan_.coverage.p50.target_pct, 2),
        "ptv_pct": round(plan_.coverage.p50.ptv_pct, 2),
        "min_margin_mm": round(plan_.coverage.p50.min_margin_mm, 2),
        "checks": {check.id: check.status for check in plan_.checks},
        "warnings": [english for _, english in plan_.warnings],
        "timings_s": {name: round(seconds, 3) for name, seconds in planned.timings_s.items()},
    }


def describe(planned: PlannedCase) -> str:
    """The same in plain words, one fact a line."""
    plan_ = planned.plan
    band = plan_.coverage
    lines = [
        f"Plan {plan_.id}  {planned.out}",
        f"  target   {plan_.target.name}: {plan_.target.volume_ml:.1f} ml",
        f"  zones    {band.punctures} puncture(s), {band.applications} application(s); "
        f"target {band.p50.target_pct:.1f} %, target + margin {band.p50.ptv_pct:.1f} %, "
        f"least margin {band.p50.min_margin_mm:.1f} mm (P10 {band.p10.min_margin_mm:.1f})",
    ]
    lines += [f"  {needle.id:8s} {needle.reason[1]}" for needle in plan_.needles]
    if any(band.statement):
        lines.append(f"  note     {band.statement[1]}")
    lines += [
        f"  check    {check.status}: {check.rule[1]} ({check.finding[1]})"
        for check in plan_.checks
        if check.status != "pass"
    ]
    times = "  ".join(f"{name} {seconds:.1f}" for name, seconds in planned.timings_s.items())
    lines.append(f"  seconds  {times}")
    return "\n".join(lines)
