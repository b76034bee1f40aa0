"""What an engine's job computed is attached to its plan, listed, and read as written; nothing else is."""

from __future__ import annotations

import json
import time
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teleneedle.adapters.compute import ComputePool
from teleneedle.adapters.jobs.runner import JobRunner
from teleneedle.adapters.plan_result_codec import decode_result, encode_result
from teleneedle.adapters.sql.image_tables import PlanRow
from teleneedle.adapters.sql.job_store import Job, Orderer
from teleneedle.apps.hub.problems import problem_document
from teleneedle.apps.testing import analytic_results as analytic
from teleneedle.apps.testing.hub_world import HubWorld
from teleneedle.core.errors import FrameOfReferenceError, InputError
from teleneedle.core.plan_results import FieldResult, Quantity

FRAME, CENTRE = "1.2.3", (10.0, -20.0, 30.0)
SUMMARY = {
    "device_id": "d",
    "margin_mm": 5.0,
    "series_id": "s",
    "checks": {},
    "failed_checks": [],
    "plan_id": "TN-1",
}


@pytest.fixture
def plan_sha256(world: HubWorld) -> str:
    """A kept plan of a case of hospital a."""
    case_id = str(world.refer("a")["id"])
    document = {
        "frame_of_reference_uid": FRAME,
        "target": {"name": "tumour1"},
        "structures": [{"name": "liver"}],
    }
    sha256 = str(world.hub.objects.put(json.dumps(document).encode()))
    with world.hub.sessions() as session, session.begin():
        session.add(
            PlanRow(
                plan_sha256=sha256,
                case_id=case_id,
                version=1,
                kind="auto",
                label="",
                author="x",
                summary=json.dumps(SUMMARY),
                files=json.dumps({"plan.json": sha256}),
                created_at=world.hub.now(),
            )
        )
    return sha256


def run_job(world: HubWorld, folder: Path, plan_sha256: str) -> Job:
    """The analytic engine as a job on a worker process."""
    runner = JobRunner(
        store=world.hub.jobs.store,
        pool=ComputePool("process", workers=1),
        folder=folder,
        works={"analytic": analytic.AnalyticWork(results=world.hub.results)},
        tell=lambda job: None,
        problem=problem_document,
    )
    payload = {"plan_sha256": plan_sha256, "frame_uid": FRAME, "centre_lps": CENTRE}
    by = Orderer(person_id="p", name="P", role="expert")
    job = runner.submit(
        case_id=str(world.hub.imaging.images.plan(plan_sha256).case_id),
        command_id=str(uuid.uuid4()),
        kind="analytic",
        payload=payload,
        by=by,
    )
    until = time.monotonic() + 60
    while job.state in ("queued", "running"):
        assert time.monotonic() < until, job
        time.sleep(0.05)
        found = runner.store.get(job.id)
        assert found is not None
        job = found
    runner.close()
    return job


def test_a_job_attaches_and_the_browser_reads(world: HubWorld, tmp_path: Path, plan_sha256: str) -> None:
    expert = world.as_("expert")
    assert expert.get(f"/api/plans/{plan_sha256}/results").json() == []
    job = run_job(world, tmp_path / "jobs", plan_sha256)
    assert job.state == "done", job.error
    listed: list[dict[str, Any]] = expert.get(f"/api/plans/{plan_sha256}/results").json()
    assert [one["kind"] for one in listed].count("field") == 3
    assert {one.get("quantity") for one in listed} == {
        "temperature_degc",
        "dose_gy",
        "ablation_probability",
        None,
    }
    hot = next(one for one in listed if one.get("quantity") == "temperature_degc")
    assert [level["value"] for level in hot["levels"]] == [43.0, 50.0, 60.0]
    answer = expert.get(f"/api/plans/{plan_sha256}/results/{hot['sha256']}")
    result, plan = decode_result(answer.content)
    assert plan == plan_sha256
    assert isinstance(result, FieldResult)
    at = result.grid.lps_to_index(np.add(CENTRE, (5.0, 0, 0)))
    i, j, k = np.rint(at).astype(int)
    assert result.values[k, j, i] == pytest.approx(float(analytic.temperature_degc(np.array(5.0))), rel=1e-5)


def test_the_same_job_done_again_attaches_once(world: HubWorld, tmp_path: Path, plan_sha256: str) -> None:
    run_job(world, tmp_path / "one", plan_sha256)
    run_job(world, tmp_path / "two", plan_sha256)
    assert len(world.hub.results.listed(plan_sha256)) == 4


def test_what_does_not_belong_to_the_plan_is_refused(world: HubWorld, plan_sha256: str) -> None:
    attach = world.hub.results.attach
    field = analytic.field(np.array(CENTRE), "9.9.9", Quantity.DOSE)
    with pytest.raises(FrameOfReferenceError):
        attach(encode_result(field, plan_sha256=plan_sha256), job_id="j")
    with pytest.raises(InputError, match="plan that is kept"):
        attach(encode_result(analytic.curves(), plan_sha256="ab" * 32), job_id="j")
    strange = analytic.histograms("spleen", np.linspace(1, 16, 400), 17.0)
    with pytest.raises(InputError, match="structure of the plan"):
        attach(encode_result(strange, plan_sha256=plan_sha256), job_id="j")
    with pytest.raises(InputError):
        attach(b"TNB1", job_id="j")
    assert world.hub.results.listed(plan_sha256) == []


def test_results_are_for_those_who_may_read_the_case_and_of_their_plan(
    world: HubWorld, plan_sha256: str
) -> None:
    content = encode_result(analytic.curves(), plan_sha256=plan_sha256)
    sha256 = world.hub.results.attach(content, job_id="j")
    place = f"/api/plans/{plan_sha256}/results"
    assert world.as_("operator-a").get(f"{place}/{sha256}").status_code == 200
    assert world.as_("operator-b").get(f"{place}/{sha256}").status_code == 404
    assert world.as_("expert").get(f"{place}/{plan_sha256}").status_code == 404
    for method in ("post", "put", "delete"):
        assert getattr(world.as_("expert"), method)(place).status_code == 405
