"""A case with a small CT that really went through the hub: upload, import, structure, plan, job."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from fastapi.testclient import TestClient

from teleneedle.adapters.dicom.ct_series import write_ct_series
from teleneedle.adapters.packed_masks import pack_mask
from teleneedle.adapters.plan_result_codec import encode_result
from teleneedle.apps.hub.work.ct_files import series_grid
from teleneedle.apps.hub.work.structures import keep_structure
from teleneedle.apps.testing.analytic_results import curves
from teleneedle.apps.testing.hub_world import HubWorld
from teleneedle.core.case import Patient, StudyContext
from teleneedle.core.casefile.events import HUB
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap, Volume

SHAPE = (8, 48, 48)
PATIENCE_S = 60.0
PLAN: Mapping[str, Any] = {
    "device": {"id": "d"},
    "target": {"margin_mm": 5.0, "name": "tumour"},
    "needles": [{"id": "N1", "entry_lps": [0, 0, 0], "tip_lps": [0, 60, 0], "target_lps": [0, 58, 0]}],
    "applications": [{"needle": "N1", "power_w": 60.0, "time_s": 300.0}],
    "coverage": {"target_pct": 100.0},
    "checks": [{"id": "margin", "status": "pass"}],
}
"""What routes read of a plan document."""


@dataclass(frozen=True, kw_only=True)
class ImagedCase:
    """Ids by the names of the routes' parameters."""

    ids: dict[str, list[str]]


def make_imaged_case(world: HubWorld, folder: Path) -> ImagedCase:
    """A case of hospital a with a series, a structure, two plans, an open upload and a finished job.

    The application's background work must be running.
    """
    case_id = str(world.refer("a")["id"])
    client = world.as_("technologist-a")
    uid = {"study": "", "series": "", "instance": ""}
    files = _write_ct(folder, uid)
    upload_id = _upload(client, case_id, files)
    job = _finished(client, client.post(f"/api/uploads/{upload_id}/complete", json={}).json())
    series_id = str(job["result"]["series_id"])
    mask = _add_structure(world, case_id, series_id)
    plans = [_add_plan(world, case_id, series_id, version) for version in (1, 2)]
    attach = world.hub.results.attach
    results = [attach(encode_result(curves(), plan_sha256=plan), job_id=str(job["id"])) for plan in plans]
    still_open = _begin(client, case_id, [("a.dcm", 10)])
    return ImagedCase(
        ids={
            "case_id": [case_id],
            "series_id": [series_id],
            "upload_id": [str(still_open["id"]), upload_id],
            "job_id": [str(job["id"])],
            "sha256": [mask, *plans],
            "plan_sha256": plans,
            "base_sha256": plans,
            "other": plans,
            "result": results,
            "name": ["tumour"],
            "path": ["plan.json"],
            "logical_id": [case_id],
            "kind": ["ServiceRequest", "Patient", "ImagingStudy"],
            "site_id": [world.sites["a"]],
            "person_id": [world.people["operator-b"]],
            "study": [uid["study"]],
            "series": [uid["series"]],
            "instance": [uid["instance"]],
            "frames": ["1", "1,1"],
            "device_id": [next(iter(world.hub.devices.known()))],
            "n": ["0"],
            "k": ["0", "7"],
        }
    )


def _write_ct(folder: Path, uid: dict[str, str]) -> list[tuple[str, bytes]]:
    array = np.full(SHAPE, -1000, np.int16)
    array[:, 8:40, 8:40] = 40
    grid = Grid.regular(SHAPE, spacing_mm=(4, 4, 5), origin_lps=(0, 0, 0), frame_of_reference_uid="1.2.3")
    patient = Patient(id="P1", name="Test^Patient", sex="F", birth_date="19600102")
    study = write_ct_series(Volume(array=array, grid=grid), patient, StudyContext(), folder)
    uid.update(study=study.study_uid, series=study.series_uid, instance=study.sop_instances[0][1])
    return [(path.name, path.read_bytes()) for path in sorted(folder.iterdir())]


def _begin(client: TestClient, case_id: str, files: list[tuple[str, int]]) -> dict[str, Any]:
    wanted = [{"path": name, "size": size} for name, size in files]
    body = {"command_id": str(uuid.uuid4()), "files": wanted}
    answer = client.post(f"/api/cases/{case_id}/uploads", json=body)
    answer.raise_for_status()
    return dict(answer.json())


def _upload(client: TestClient, case_id: str, files: list[tuple[str, bytes]]) -> str:
    upload = _begin(client, case_id, [(name, len(content)) for name, content in files])
    for n, (_, content) in enumerate(files):
        client.put(f"/api/uploads/{upload['id']}/files/{n}?offset=0", content=content).raise_for_status()
    return str(upload["id"])


def _finished(client: TestClient, job: dict[str, Any]) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE_S
    while job["state"] in ("queued", "running"):
        if time.monotonic() > until:
            raise TimeoutError(job)
        time.sleep(0.1)
        job = client.get(f"/api/jobs/{job['id']}").json()
    if job["state"] != "done":
        raise ValueError(job)
    return job


def _add_structure(world: HubWorld, case_id: str, series_id: str) -> str:
    _, about = world.hub.imaging.series(series_id)
    grid = series_grid(about)
    array = np.zeros(grid.shape, np.bool_)
    array[2:6, 20:28, 20:28] = True
    mask = LabelMap(array=array, grid=grid)
    row, _ = keep_structure(
        world.hub.imaging.images,
        world.hub.cases.life,
        case_id=case_id,
        name="tumour",
        event="structure.proposed",
        by=HUB,
        sha256=world.hub.imaging.objects.put(pack_mask(mask)),
        series_id=series_id,
        kind="tumour",
        engine="test",
        engine_sha256="",
        gate="green",
        reasons=[],
        volume_ml=mask.volume_ml,
        created_by="test",
    )
    return str(row.sha256)


def _add_plan(world: HubWorld, case_id: str, series_id: str, version: int) -> str:
    content = json.dumps({**PLAN, "version": version}).encode()
    sha256 = str(world.hub.imaging.objects.put(content))
    figures = dict.fromkeys(
        ("punctures", "applications", "target_pct", "ptv_pct", "min_margin_mm", "total_time_s"), 1.0
    )
    images = world.hub.imaging.images
    with images.change(case_id) as session:
        images.add_plan(
            session,
            plan_sha256=sha256,
            case_id=case_id,
            parent_sha256="",
            kind="auto",
            label="",
            author="test",
            summary={
                **figures,
                "nearest_vessel_mm": None,
                "safe_pct": None,
                "device_id": "d",
                "margin_mm": 5.0,
                "series_id": series_id,
                "checks": {"pass": 1, "warn": 0, "fail": 0, "unknown": 0},
                "failed_checks": [],
                "plan_id": "TN-1",
                "asked_target": None,
                "accept_unreviewed": True,
                "accept_unverified_device": True,
            },
            files={"plan.json": sha256},
        )
    return sha256
