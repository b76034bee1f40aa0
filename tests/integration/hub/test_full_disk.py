"""The hub's disk really runs out: a clear error, nothing acknowledged lost, nothing kept by half."""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from httpx import Response
from pydicom import dcmread

from teleneedle.adapters.full_disk import storage_full
from teleneedle.adapters.packed_masks import pack_mask
from teleneedle.adapters.sql.job_store import Job
from teleneedle.apps.hub.work.ct_files import series_grid
from teleneedle.apps.testing.hub_world import HubWorld, make_world
from teleneedle.apps.testing.imaged_case import ImagedCase, make_imaged_case
from teleneedle.apps.testing.small_disk import SmallDisk, small_disk
from teleneedle.core.errors import StorageFullError
from teleneedle.core.image import LabelMap

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="a disk that fills up is mounted, which needs root")
Json = dict[str, Any]
CONTENT = np.random.default_rng(3).bytes(3_000_000)
LITTLE = 200_000
"""Enough for the case log and the record of access, not for images."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", size_mb=64) as made:
        yield made


@pytest.fixture
def world(disk: SmallDisk) -> Iterator[HubWorld]:
    made = make_world(disk.folder / "hub", reserve_mb=0.0)
    with TestClient(made.app):
        yield made
    made.hub.engine.dispose()


@pytest.fixture
def imaged(world: HubWorld, tmp_path: Path) -> ImagedCase:
    return make_imaged_case(world, tmp_path / "ct")


def require_full(answer: Response) -> None:
    document = answer.json()
    assert answer.status_code == 507, answer.text
    assert document["type"].endswith(":storage-full")
    assert "已满" in document["title"]["zh"]
    assert document["title"]["en"]
    assert document["remedy"]


def begin(world: HubWorld, case_id: str, *sizes: int) -> str:
    files = [{"path": f"{n}.dcm", "size": size} for n, size in enumerate(sizes)]
    body = {"command_id": str(uuid.uuid4()), "files": files}
    answer = world.as_("technologist-a").post(f"/api/cases/{case_id}/uploads", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def send(world: HubWorld, upload_id: str, offset: int, content: bytes, n: int = 0) -> Response:
    url = f"/api/uploads/{upload_id}/files/{n}?offset={offset}"
    answer: Response = world.as_("technologist-a").put(url, content=content)
    return answer


def files(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def test_while_uploading(world: HubWorld, disk: SmallDisk) -> None:
    upload_id = begin(world, world.refer()["id"], len(CONTENT))
    assert send(world, upload_id, 0, CONTENT[:1_000_000]).status_code == 200
    before = files(disk.folder / "hub" / "uploads")
    with disk.filled(but=LITTLE):
        require_full(send(world, upload_id, 1_000_000, CONTENT[1_000_000:]))
        state = world.as_("technologist-a").get(f"/api/uploads/{upload_id}").json()
        assert state["files"][0]["received"] == 1_000_000
        assert files(disk.folder / "hub" / "uploads") == before
    assert send(world, upload_id, 1_000_000, CONTENT[1_000_000:]).json() == {"received": len(CONTENT)}
    assert (disk.folder / "hub" / "uploads" / upload_id / "files" / "0").read_bytes() == CONTENT


def test_nothing_at_all_is_free(world: HubWorld, disk: SmallDisk) -> None:
    """Not even the log can be written: whatever is not refused is kept."""
    acknowledged, operator = [], world.as_("operator-a")
    with disk.filled():
        for n in range(40):
            body = {
                "command_id": str(n),
                "site_id": world.sites["a"],
                "patient": {"id": f"P{n}", "name": "Full^Disk" * 100, "sex": "F", "birth_date": ""},
                "modality": "mwa",
                "indication": "x" * 3000,
            }
            answer = operator.post("/api/cases", json=body)
            if answer.status_code == 201:
                acknowledged.append(answer.json()["id"])
            else:
                require_full(answer)
    assert len(acknowledged) < 40
    for case_id in acknowledged:
        assert world.hub.cases.life.log.broken_seq(case_id) is None
    assert world.refer()["state"] == "referred"
    assert world.hub.audit.verify().ok


def job_of(world: HubWorld, upload_id: str) -> Json:
    client = world.as_("technologist-a")
    answer = client.post(f"/api/uploads/{upload_id}/complete", json={})
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


def ended(world: HubWorld, job: Json) -> Json:
    for _ in range(600):
        found = world.hub.jobs.store.get(job["id"])
        if found.state not in ("queued", "running"):
            return dict(found.as_json())
        time.sleep(0.1)
    raise TimeoutError(job)


@pytest.fixture
def slices(real_data: Path) -> list[bytes]:
    """Eight neighbouring slices of a real CT."""
    paths = [p for p in (real_data / "ircad17" / "PATIENT_DICOM").iterdir() if p.is_file()]
    paths.sort(key=lambda p: float(dcmread(p, stop_before_pixels=True).ImagePositionPatient[2]))
    return [p.read_bytes() for p in paths[60:68]]


def test_while_importing(world: HubWorld, disk: SmallDisk, slices: list[bytes]) -> None:
    case_id = world.refer(name="liver_17^patient", birth_date="2009-05-27")["id"]
    upload_id = begin(world, case_id, *(len(content) for content in slices))
    for n, content in enumerate(slices):
        assert send(world, upload_id, 0, content, n).status_code == 200
    objects = files(disk.folder / "hub" / "objects")
    with disk.filled(but=LITTLE):
        job = job_of(world, upload_id)
        failed = ended(world, job)
    assert failed["error"]["type"].endswith(":storage-full"), failed
    assert failed["error"]["status"] == 507
    log = world.hub.cases.life.log
    assert [e.kind for e in log.events_after(case_id)] == ["case.referred"]
    assert world.hub.imaging.images.abouts(case_id) == []
    assert not (disk.folder / "hub" / "jobs" / job["id"]).exists()
    again = job_of(world, upload_id)
    assert again["id"] != job["id"]
    assert ended(world, again)["state"] == "done"
    assert [e.kind for e in log.events_after(case_id)] == ["case.referred", "series.added"]
    assert objects <= files(disk.folder / "hub" / "objects")


def test_while_saving_a_mask(world: HubWorld, disk: SmallDisk, imaged: ImagedCase) -> None:
    case_id, series_id, first = (imaged.ids[k][0] for k in ("case_id", "series_id", "sha256"))
    grid = series_grid(world.hub.imaging.series(series_id)[1])
    array = np.random.default_rng(1).random(grid.shape) < 0.5
    mask = pack_mask(LabelMap(array=array, grid=grid))
    url, headers = f"/api/cases/{case_id}/structures/tumour/mask", {"If-Match": f'"{first}"'}
    objects, expert = files(disk.folder / "hub" / "objects"), world.as_("expert")
    with disk.filled():
        require_full(expert.put(url, content=mask, headers=headers))
        assert files(disk.folder / "hub" / "objects") == objects
    (row,) = world.hub.imaging.images.structures(case_id)
    assert (row.version, row.sha256) == (1, first)
    assert expert.put(url, content=mask, headers=headers).json()["version"] == 2
    assert world.hub.cases.life.log.broken_seq(case_id) is None


def test_while_saving_a_plan(
    world: HubWorld, disk: SmallDisk, imaged: ImagedCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id, series_id = imaged.ids["case_id"][0], imaged.ids["series_id"][0]
    work = world.hub.jobs._works["proposal"]
    monkeypatch.setattr(type(work), "prepare", lambda _self, job: dict(job.payload))
    made = world.hub.imaging.images.plan(imaged.ids["plan_sha256"][0])
    job = Job(
        **dict.fromkeys(("stage", "role"), "expert"),
        **dict.fromkeys(("error", "result", "started_at", "ended_at"), None),
        id="a-plan",
        case_id=case_id,
        kind="proposal",
        payload={
            "series_id": series_id,
            "structures": [],
            "accept_unreviewed": True,
            "accept_unverified_device": True,
        },
        state="running",
        fraction=0.0,
        attempts=1,
        person_id=world.people["expert"],
        person_name="expert",
        created_at=datetime.now(UTC),
    )
    place = disk.folder / "hub" / "jobs" / job.id / "plan"
    place.mkdir(parents=True)
    (place / "plan.json").write_text("{}" + " " * 4000)
    summary = {**json.loads(made.summary), "note": "x" * 400_000}
    outcome = {"summary": summary, "plan_id": "TN-2", "plan_sha256": "ef" * 32}
    plans = len(world.hub.imaging.images.plans(case_id))
    events = len(world.hub.cases.life.log.events_after(case_id))
    with disk.filled():
        with pytest.raises(Exception, match=r"full|No space") as caught:
            work.finish(job, outcome)
        assert isinstance(storage_full(caught.value), StorageFullError)
        assert len(world.hub.imaging.images.plans(case_id)) == plans
        assert len(world.hub.cases.life.log.events_after(case_id)) == events
    assert work.finish(job, outcome)["plan_sha256"] == "ef" * 32
    assert len(world.hub.imaging.images.plans(case_id)) == plans + 1
    assert len(world.hub.cases.life.log.events_after(case_id)) == events + 1


def test_images_leave_room_for_the_cases(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", size_mb=64) as disk:
        made = make_world(disk.folder / "hub", reserve_mb=20.0)
        with TestClient(made.app), disk.filled(but=19_000_000):
            case_id = made.refer()["id"]
            body = {"command_id": "u", "files": [{"path": "a", "size": 1000}]}
            answer = made.as_("technologist-a").post(f"/api/cases/{case_id}/uploads", json=body)
            require_full(answer)
            assert "MiB free" in answer.json()["where"]
            stored = made.as_("technologist-a").post(
                f"/dicomweb/cases/{case_id}/studies",
                content=b"",
                headers={"Content-Type": "multipart/related; boundary=b"},
            )
            assert stored.status_code == 507
            assert made.as_("operator-a").get(f"/api/cases/{case_id}").status_code == 200
            assert made.refer()["state"] == "referred"
        made.hub.engine.dispose()
