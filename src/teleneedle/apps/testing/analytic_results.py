"""Results with an answer on paper: heat of a point source in perfused liver, dose that falls with the square.

References
----------
Nyborg 1988, Phys Med Biol 33:785 (point source in a perfused medium);
TG-43U1 eq. 1 (point source, g = φ = 1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import brentq

from teleneedle.adapters.jobs.folder import JobFolder
from teleneedle.adapters.plan_result_codec import encode_result
from teleneedle.adapters.sql.job_store import Job
from teleneedle.apps.hub.plan_results import PlanResults
from teleneedle.core.geometry import FloatArray, Grid
from teleneedle.core.plan_results import (
    Curve,
    CurvesResult,
    DoseVolumeResult,
    FieldResult,
    Level,
    Limit,
    Origin,
    PlanResult,
    Quantity,
    StructureDose,
)

POWER_W, CONDUCTIVITY_W_MK, PERFUSION_LENGTH_MM, BODY_DEGC = 10.0, 0.52, 3.0, 37.0
DOSE_AT_10_MM_GY, PRESCRIPTION_GY = 240.0, 120.0
ISOTHERMS_DEGC, ISODOSES_GY, SHARES = (43.0, 50.0, 60.0), (60.0, 120.0, 180.0), (0.1, 0.5, 0.9)
ORIGIN = Origin(
    engine="analytic",
    version="1",
    model="point source",
    parameters={"power_w": POWER_W, "k_w_mk": CONDUCTIVITY_W_MK, "perfusion_length_mm": PERFUSION_LENGTH_MM},
)
REACH_MM, STEP_MM = 24.0, 1.0


def temperature_degc(r_mm: FloatArray) -> FloatArray:
    """Steady temperature (°C) at `r_mm` from a point source in perfused liver; the source is 0.5 mm thick."""
    r = np.maximum(r_mm, 0.5)
    rise = POWER_W / (4 * np.pi * CONDUCTIVITY_W_MK * r / 1000) * np.exp(-r / PERFUSION_LENGTH_MM)
    return np.asarray(np.minimum(BODY_DEGC + rise, 1000.0))


def dose_gy(r_mm: FloatArray) -> FloatArray:
    """Dose (Gy) that falls with the square of the distance; the source is 0.5 mm thick."""
    return np.asarray(DOSE_AT_10_MM_GY * (10.0 / np.maximum(r_mm, 0.5)) ** 2)


def ablation_share(r_mm: FloatArray) -> FloatArray:
    """Probability (0–1) of being ablated: falls along a straight line from 1 at 8 mm to 0 at 18 mm."""
    return np.asarray(np.clip((18.0 - r_mm) / 10.0, 0.0, 1.0))


def radius_mm(quantity: Quantity, value: float) -> float:
    """Where a quantity has a value, by its formula and bisection."""
    formula = _FORMULAS[quantity]
    return float(brentq(lambda r: float(formula(np.array(r))) - value, 0.6, 100.0))


def field(centre_lps: FloatArray, frame_uid: str, quantity: Quantity) -> FieldResult:
    """A quantity on a grid of 1 mm around `centre_lps`."""
    count = round(2 * REACH_MM / STEP_MM) + 1
    grid = Grid.regular(
        (count,) * 3,
        spacing_mm=(STEP_MM,) * 3,
        origin_lps=tuple(centre_lps - REACH_MM),
        frame_of_reference_uid=frame_uid,
    )
    axis = np.arange(count) * STEP_MM - REACH_MM
    r = np.sqrt(axis[:, None, None] ** 2 + axis[None, :, None] ** 2 + axis[None, None, :] ** 2)
    levels = _LEVELS[quantity]
    return FieldResult(
        title=_TITLES[quantity],
        origin=ORIGIN,
        quantity=quantity,
        grid=grid,
        values=_FORMULAS[quantity](r).astype(np.float32),
        levels=tuple(Level(value=v, label=(f"{v:g}", f"{v:g}")) for v in levels),
        at_s=600.0 if quantity is Quantity.TEMPERATURE else None,
    )


def curves() -> CurvesResult:
    """Temperature that rises towards 60 °C with a spread of a tenth, and a power of two steps."""
    time_s = np.linspace(0, 600, 121, dtype=np.float32)
    rise = 23.0 * (1 - np.exp(-time_s / 120))
    return CurvesResult(
        title=("温度与功率", "Temperature and power"),
        origin=ORIGIN,
        time_s=time_s,
        curves=(
            Curve(
                id="edge",
                name=("肿瘤边缘", "Tumour edge"),
                quantity=Quantity.TEMPERATURE,
                p50=(37 + rise).astype(np.float32),
                p10=(37 + 0.9 * rise).astype(np.float32),
                p90=(37 + 1.1 * rise).astype(np.float32),
            ),
            Curve(
                id="power",
                name=("功率", "Power"),
                quantity=Quantity.POWER,
                p50=np.where(time_s < 300, 60, 40).astype(np.float32),
            ),
        ),
        limits=(Limit(quantity=Quantity.TEMPERATURE, value=60.0, label=("60 °C", "60 °C")),),
    )


def histograms(name: str, r_mm: FloatArray, volume_ml: float) -> DoseVolumeResult:
    """Histogram of the voxels of a structure, at distances `r_mm` (N,) from the source."""
    dose = np.sort(dose_gy(r_mm))
    axis = np.concatenate([np.arange(0, 500, 0.5), [dose[-1] + 1]]).astype(np.float32)
    above = len(dose) - np.searchsorted(dose, axis, side="left")
    share = (100.0 * above / len(dose)).astype(np.float32)
    return DoseVolumeResult(
        title=("剂量体积直方图", "Dose–volume histogram"),
        origin=ORIGIN,
        prescription_gy=PRESCRIPTION_GY,
        dose_gy=axis,
        structures=(StructureDose(name=name, volume_ml=volume_ml, volume_pct=share),),
    )


def compute(payload: dict[str, Any], folder: str) -> dict[str, Any]:
    """A task as engines have them: it writes containers into its folder and tells where they are."""
    job = JobFolder(Path(folder))
    centre = np.array(payload["centre_lps"])
    made: list[PlanResult] = [field(centre, payload["frame_uid"], q) for q in _FORMULAS]
    for n, result in enumerate([*made, curves()]):
        place = job.path / f"result{n}.tnb1"
        place.write_bytes(encode_result(result, plan_sha256=payload["plan_sha256"]))
        job.tell({"result": str(place)})
    return {"count": len(made) + 1}


@dataclass(frozen=True, kw_only=True)
class AnalyticWork:
    """`compute` as a kind of job."""

    results: PlanResults
    task: Callable[[dict[str, Any], str], dict[str, Any]] = compute

    def prepare(self, job: Job) -> dict[str, Any]:
        """The order as it is."""
        return dict(job.payload)

    def hear(self, job: Job, message: Mapping[str, Any]) -> None:
        """A result is there: attach it."""
        self.results.attach(Path(message["result"]).read_bytes(), job_id=job.id)

    def finish(self, job: Job, outcome: dict[str, Any]) -> dict[str, Any]:
        """How many there were."""
        return outcome


_FORMULAS: Mapping[Quantity, Callable[[FloatArray], FloatArray]] = {
    Quantity.TEMPERATURE: temperature_degc,
    Quantity.DOSE: dose_gy,
    Quantity.ABLATION: ablation_share,
}
_LEVELS: Mapping[Quantity, tuple[float, ...]] = {
    Quantity.TEMPERATURE: ISOTHERMS_DEGC,
    Quantity.DOSE: ISODOSES_GY,
    Quantity.ABLATION: SHARES,
}
_TITLES: Mapping[Quantity, tuple[str, str]] = {
    Quantity.TEMPERATURE: ("温度", "Temperature"),
    Quantity.DOSE: ("剂量", "Dose"),
    Quantity.ABLATION: ("消融区概率", "Ablation probability"),
}
