"""Write everything of a plan folder into a staging folder: JSON, masks, zones, books, DICOM."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

from teleneedle import __version__
from teleneedle.adapters.dicom.ct_series import write_ct_series
from teleneedle.adapters.dicom.encapsulated import write_encapsulated_pdf
from teleneedle.adapters.dicom.rtstruct import write_rtstruct
from teleneedle.adapters.dicom.seg import write_seg
from teleneedle.adapters.nifti import write_mask
from teleneedle.adapters.plan_folder.encode import plan_bytes, plan_sha256
from teleneedle.adapters.report.images import BookImages, MarginSamples
from teleneedle.adapters.report.plan_book import render_book_pictures, write_plan_book
from teleneedle.core.anatomy import Structure
from teleneedle.core.case import CtSeries
from teleneedle.core.image import LabelMap
from teleneedle.core.progress import CancelToken, Progress, no_progress
from teleneedle.services.propose_plan import ProposedPlan

Stage = Callable[[str], AbstractContextManager[None]]


def write_plan_folder(
    folder: Path,
    proposed: ProposedPlan,
    *,
    series: CtSeries,
    structures: Sequence[Structure],
    stage: Stage,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> str:
    """Fill `folder` with the plan folder's files; return the SHA-256 of plan.json.

    `stage` times the block it wraps under a name. The folder is a staging folder: the caller renames it.
    """
    plan = proposed.plan
    (folder / "plan.json").write_bytes(plan_bytes(plan))
    with ThreadPoolExecutor(max_workers=1) as background:
        masks = background.submit(_write_masks, folder, proposed, structures)
        with stage("pictures"):
            progress("pictures", 0.0)
            images = _book_images(proposed, series)
            pictures = render_book_pictures(plan, images)
        _check(cancel)
        with stage("book"):
            progress("book", 0.0)
            for language in ("zh", "en"):
                write_plan_book(plan, pictures, folder / f"plan-{language}.pdf", language=language)
                _check(cancel)
        with stage("dicom"):
            progress("dicom", 0.0)
            _write_dicom(folder, proposed, series, structures)
        _check(cancel)
        with stage("masks"):
            progress("masks", 0.0)
            masks.result()
    return plan_sha256(plan)


def write_timings(folder: Path, seconds: dict[str, float]) -> None:
    """timings.json: seconds of every stage, in order."""
    rounded = {name: round(value, 3) for name, value in seconds.items()}
    (folder / "timings.json").write_text(json.dumps(rounded, indent=1) + "\n")


def _book_images(proposed: ProposedPlan, series: CtSeries) -> BookImages:
    placement = proposed.placement
    margins = MarginSamples(
        points_lps=placement.surface.points_lps,
        shares=placement.surface.shares,
        p10_mm=placement.margins_mm["p10"],
        p50_mm=placement.margins_mm["p50"],
        p90_mm=placement.margins_mm["p90"],
    )
    return BookImages(
        volume=series.volume, structures=proposed.anatomy, target=proposed.target, margins=margins
    )


def _check(cancel: CancelToken | None) -> None:
    if cancel is not None:
        cancel.raise_if_cancelled()


def _write_masks(folder: Path, proposed: ProposedPlan, structures: Sequence[Structure]) -> None:
    (folder / "structures").mkdir()
    for structure in structures:
        write_mask(structure.label_map, folder / "structures" / f"{structure.name}.nii.gz")
    (folder / "zones").mkdir()
    zones: dict[str, LabelMap] = dict(proposed.placement.zones)
    for percentile, zone in zones.items():
        write_mask(zone, folder / "zones" / f"zone-{percentile}.nii.gz")


def _write_dicom(
    folder: Path, proposed: ProposedPlan, series: CtSeries, structures: Sequence[Structure]
) -> None:
    """SEG, RTSTRUCT and the two books; an input without DICOM identity first gets a CT series of its own."""
    out = folder / "dicom"
    out.mkdir(parents=True, exist_ok=True)
    plan = proposed.plan
    referenced = series
    if not series.study.sop_instances:
        study = write_ct_series(series.volume, series.patient, series.study, out / "ct")
        referenced = CtSeries(
            volume=series.volume,
            patient=series.patient,
            study=study,
            source_sha256=series.source_sha256,
            warnings=series.warnings,
            is_resampled=series.is_resampled,
        )
    write_seg(
        referenced, structures, out / "structures-seg.dcm", created=plan.created, software_version=__version__
    )
    write_rtstruct(
        referenced,
        structures,
        plan.needles,
        out / "structures-rtstruct.dcm",
        created=plan.created,
        software_version=__version__,
    )
    for language, title in (("zh", "消融手术计划书"), ("en", "Ablation plan book")):
        pdf = (folder / f"plan-{language}.pdf").read_bytes()
        write_encapsulated_pdf(
            referenced, pdf, f"{title} {plan.id}", out / f"plan-{language}.dcm", created=plan.created
        )
