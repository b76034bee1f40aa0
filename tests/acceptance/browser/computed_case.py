"""A case with two versions of a plan; to the second, results with an answer on paper are attached."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from tests.acceptance.browser.planned_case import PlannedCase, make_planned_case

from teleneedle.adapters.objects.store import ObjectStore
from teleneedle.adapters.plan_result_codec import encode_result
from teleneedle.adapters.sql.database import open_engine, open_sessions
from teleneedle.adapters.sql.image_store import ImageStore
from teleneedle.adapters.sql.result_store import ResultStore
from teleneedle.apps.hub.plan_results import PlanResults
from teleneedle.apps.testing import analytic_results as analytic
from teleneedle.core.plan_results import DoseReadout, Quantity

TARGET_RADIUS_MM = 16.0
SHOWN = (Quantity.TEMPERATURE, Quantity.DOSE, Quantity.ABLATION)


@dataclass(frozen=True, kw_only=True)
class ComputedCase:
    """Version 1 as proposed, version 2 with an entry 3 mm aside; `counted` are read-outs by numpy."""

    planned: PlannedCase
    counted: DoseReadout

    @property
    def id(self) -> str:
        """Of the case."""
        return self.planned.id


def make_computed_case(url: str, folder: Path, sites: dict[str, str], phantom: Path) -> ComputedCase:
    """The synthetic patient, planned, edited, and computed."""
    planned = make_planned_case(url, sites, phantom, hospital=0)
    base = planned.plans()[-1]["plan_sha256"]
    plan = planned.hub.get(f"/api/plans/{base}")
    needles = [{key: needle[key] for key in ("id", "entry_lps", "tip_lps")} for needle in plan["needles"]]
    needles[0]["entry_lps"] = [needles[0]["entry_lps"][0] + 3.0, *needles[0]["entry_lps"][1:]]
    applications = [
        {"needle": a["needle"], "tip_back_mm": 0.0, "power_w": a["power_w"], "time_s": a["time_s"]}
        for a in plan["applications"]
    ]
    edit = {"base_sha256": base, "needles": needles, "applications": applications}
    job = planned.hub.wait(planned.hub.command(f"/api/cases/{planned.id}/evaluations", edit))
    return ComputedCase(planned=planned, counted=_attach(folder, job["result"]["plan_sha256"]))


def now() -> datetime:
    return datetime.now(UTC)


def _attach(hub_folder: Path, plan_sha256: str) -> DoseReadout:
    """Fields around the target, curves, and the histogram of a ball, whose voxels numpy counts."""
    engine = open_engine(f"sqlite:///{hub_folder / 'hub.db'}")
    sessions = open_sessions(engine)
    images, objects = ImageStore(sessions, now), ObjectStore("", hub_folder)
    results = PlanResults(objects=objects, images=images, store=ResultStore(sessions, now))
    plan: dict[str, Any] = json.loads(objects.get(plan_sha256))
    centre = np.array(plan["target"]["centroid_lps"])
    axis = np.arange(-TARGET_RADIUS_MM, TARGET_RADIUS_MM + 0.5, 0.5)
    r = np.sqrt(axis[:, None, None] ** 2 + axis[None, :, None] ** 2 + axis[None, None, :] ** 2).ravel()
    ball = r[r <= TARGET_RADIUS_MM]
    name = plan["target"]["name"]
    made = [
        *(analytic.field(centre, plan["frame_of_reference_uid"], quantity) for quantity in SHOWN),
        analytic.curves(),
        analytic.histograms(name, ball, 17.2),
    ]
    for result in made:
        results.attach(encode_result(result, plan_sha256=plan_sha256), job_id="test")
    engine.dispose()
    voxels = analytic.dose_gy(ball)
    return DoseReadout(
        structure=name,
        d90_gy=float(np.percentile(voxels, 10)),
        v100_pct=float(100 * (voxels >= analytic.PRESCRIPTION_GY).mean()),
        v150_pct=float(100 * (voxels >= 1.5 * analytic.PRESCRIPTION_GY).mean()),
    )
