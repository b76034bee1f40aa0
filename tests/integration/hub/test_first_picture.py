"""Pictures of a series are there before its code streams and originals are; a repetition changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from pydicom import dcmread

from teleneedle.adapters.jobs.folder import Listener
from teleneedle.adapters.sql.job_store import Job, Orderer
from teleneedle.adapters.tnb1 import decode_tnb1
from teleneedle.apps.testing.hub_world import HubWorld
from teleneedle.core.errors import PatientMismatchError


@pytest.fixture
def folder(real_data: Path, tmp_path: Path) -> Path:
    """Six neighbouring slices of a real CT."""
    paths = [p for p in (real_data / "ircad17" / "PATIENT_DICOM").iterdir() if p.is_file()]
    paths.sort(key=lambda p: float(dcmread(p, stop_before_pixels=True).ImagePositionPatient[2]))
    (tmp_path / "ct").mkdir()
    for path in paths[50:56]:
        (tmp_path / "ct" / path.name).write_bytes(path.read_bytes())
    return tmp_path / "ct"


def begin(world: HubWorld, case_id: str) -> Job:
    """An import job that waits, and its place."""
    uploads = world.hub.imaging.uploads
    upload_id = uploads.gather(case_id, "#test/1/x")
    by = Orderer(person_id=world.people["technologist-a"], name="T", role="technologist")
    job: Job = world.hub.jobs.submit(
        case_id=case_id,
        command_id="import",
        kind="import",
        payload={"upload_id": upload_id},
        by=by,
        is_waiting=True,
    )
    (world.hub.folder / "jobs" / job.id).mkdir(parents=True)
    return job


def test_pictures_come_before_what_follows_from_them(world: HubWorld, folder: Path) -> None:
    work: Any = world.hub.jobs._works["import"]
    case_id = world.refer(name="liver_17^patient", birth_date="2009-05-27")["id"]
    job = begin(world, case_id)
    place = world.hub.folder / "jobs" / job.id
    outcome = work.task({"path": str(folder)}, str(place))
    told = list(Listener(place).news())
    (message,) = [m for m in told if "levels" in m]
    stages = [m.get("stage") for m in told[told.index(message) :]]
    assert "compress" in stages[1:]
    work.hear(job, message)
    client = world.as_("expert")
    assert client.get(f"/api/cases/{case_id}").json()["series"][0]["id"] == job.id
    for level in (2, 1, 0):
        hu = decode_tnb1(client.get(f"/api/series/{job.id}/slab?level={level}").content)[0]["hu"]
        assert np.array_equal(hu, np.load(place / f"level{level}.npy"))
    assert client.get(f"/api/series/{job.id}/frames/0").status_code == 404
    assert client.get("/dicomweb/studies").status_code in (200, 204)
    sha256 = client.get(f"/api/series/{job.id}").json()["sha256"]
    work.hear(job, message)
    work.finish(job, outcome)
    assert client.get(f"/api/series/{job.id}").json()["sha256"] == sha256
    code = client.get(f"/api/series/{job.id}/frames/0").content
    assert np.array_equal(imagecodecs.htj2k_decode(code), np.load(place / "level0.npy")[0])
    assert len(client.get("/dicomweb/instances").json()) == 6
    kinds = [e.kind for e in world.hub.cases.life.log.events_after(case_id)]
    assert kinds == ["case.referred", "series.added"]


def test_another_patients_pictures_never_become_visible(world: HubWorld, folder: Path) -> None:
    work: Any = world.hub.jobs._works["import"]
    case_id = world.refer(name="Somebody^Else")["id"]
    job = begin(world, case_id)
    place = world.hub.folder / "jobs" / job.id
    work.task({"path": str(folder)}, str(place))
    (message,) = [m for m in Listener(place).news() if "levels" in m]
    with pytest.raises(PatientMismatchError):
        work.hear(job, message)
    assert world.as_("expert").get(f"/api/series/{job.id}/slab?level=2").status_code == 404
    assert world.as_("expert").get(f"/api/cases/{case_id}").json()["series"] == []
