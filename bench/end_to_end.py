"""From a CT folder to a written plan folder, as the command line does it, stage by stage."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from bench.harness import Figure
from teleneedle.apps.cli.arguments import parse_box
from teleneedle.apps.cli.phantom import write_phantom
from teleneedle.apps.cli.plan_case import PlanCase, PlannedCase, plan_case
from teleneedle.core.progress import CancelToken, no_progress

BARS_S = {"read": 0.6, "structures": 15.0, "book_pdf": 3.0}
DATA = Path(os.environ.get("TELENEEDLE_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))


def run() -> list[Figure]:
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        start = time.perf_counter()
        patient = write_phantom(
            "liver-mwa", place / "patient", seed=0, progress=no_progress, cancel=CancelToken()
        )
        figures.append(_figure("phantom_write_s", time.perf_counter() - start, None))
        box = parse_box(patient["target_box"])
        figures += _timed("phantom", PlanCase(ct=Path(patient["ct"]), target_box=box, **_common(place, "a")))
        ircad = DATA / "ircad17"
        if ircad.is_dir():
            masks = {"ct": ircad / "PATIENT_DICOM", "structures": ircad / "masks"}
            figures += _timed(
                "ircad17_one_tumour", PlanCase(target_name="livertumor1", **masks, **_common(place, "b"))
            )
            figures += _timed("ircad17_ct_alone", PlanCase(ct=ircad / "PATIENT_DICOM", **_common(place, "c")))
    return figures


def _common(place: Path, name: str) -> dict[str, object]:
    return {
        "out": place / name,
        "modality": "mwa",
        "accept_unreviewed": True,
        "accept_unverified_device": True,
    }


def _timed(label: str, case: PlanCase) -> list[Figure]:
    plan_case(case)  # kernels and caches warm, as after the first case of the day
    start = time.perf_counter()
    planned = plan_case(case)
    total = time.perf_counter() - start
    stages = dict(planned.timings_s)
    stages["book_pdf"] = stages.get("pictures", 0.0) + stages.get("book", 0.0) / 2
    figures = [_figure(f"{label}_{name}_s", seconds, BARS_S.get(name)) for name, seconds in stages.items()]
    return [*figures, _figure(f"{label}_total_s", total, None), *_plan_figures(label, planned)]


def _plan_figures(label: str, planned: PlannedCase) -> list[Figure]:
    coverage = planned.plan.coverage
    return [
        Figure(
            name=f"{label}_target_pct", value=coverage.p50.target_pct, unit="%", bar=100.0, better="higher"
        ),
        Figure(name=f"{label}_ptv_pct", value=coverage.p50.ptv_pct, unit="%", bar=None, better="higher"),
        Figure(name=f"{label}_punctures", value=coverage.punctures, unit="", bar=None),
        Figure(name=f"{label}_applications", value=coverage.applications, unit="", bar=None),
    ]


def _figure(name: str, seconds: float, bar: float | None) -> Figure:
    return Figure(name=name, value=seconds, unit="s", bar=bar)
