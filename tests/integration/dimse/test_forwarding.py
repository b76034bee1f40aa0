"""What goes to stations by itself: to DCMTK and Orthanc, through refusals, silence and stops."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydicom import dcmread
from pynetdicom import AE, evt
from pynetdicom.sop_class import CTImageStorage
from tests.waiting import until

from teleneedle.adapters.link.part10 import split_part10
from teleneedle.adapters.sql.job_store import Job
from teleneedle.apps.hub.work import forward
from teleneedle.apps.testing.dicom_port import AE_TITLE, keep_files, register, serve_port
from teleneedle.apps.testing.hub_world import HubWorld, make_world
from teleneedle.apps.testing.orthanc import run_dicom_orthanc


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def world(tmp_path: Path) -> Iterator[HubWorld]:
    made = make_world(tmp_path / "hub", dicom_aet=AE_TITLE)
    with TestClient(made.app):
        yield made


def order(world: HubWorld, station_id: str, **more: object) -> None:
    rule = {"station_id": station_id, "kinds": ["series"], **more}
    world.as_("admin").post("/api/admin/dicom/rules", json=rule).raise_for_status()


@pytest.fixture
def ct(real_data: Path) -> list[Path]:
    return sorted((real_data / "ircad17" / "PATIENT_DICOM").iterdir())[:4]


def complete(world: HubWorld, files: list[Path], folder: Path, hospital: str = "a") -> str:
    """A series that has just become complete; its case."""
    case_id = str(world.refer(hospital)["id"])
    world.hub.forwarding.series_complete(keep_files(world, case_id, files, folder))
    return case_id


def jobs(world: HubWorld, case_id: str) -> list[Job]:
    return [one for one in world.hub.jobs.store.of_case(case_id) if one.kind == "forward"]


def state(world: HubWorld, case_id: str) -> str:
    return jobs(world, case_id)[0].state


def dataset_of(path: Path) -> bytes:
    return bytes(split_part10(path.read_bytes())[1])


@contextmanager
def storescp(folder: Path, port: int) -> Iterator[None]:
    folder.mkdir(exist_ok=True)
    process = subprocess.Popen(["storescp", "+B", "-od", str(folder), str(port)])
    try:
        until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0)
        yield
    finally:
        process.terminate()
        process.wait()


def test_a_complete_series_goes_byte_for_byte(world: HubWorld, ct: list[Path], tmp_path: Path) -> None:
    port = free_port()
    order(world, register(world, "PACS", port=port, sees=("a",)))
    with storescp(tmp_path / "got", port):
        case_id = complete(world, ct, tmp_path)
        until(lambda: state(world, case_id) == "done")
    assert {dataset_of(p) for p in (tmp_path / "got").iterdir()} == {dataset_of(p) for p in ct}
    found = jobs(world, case_id)[0].result
    assert found == {"sent": 4, "total": 4, "commitment": "not offered"}
    assert "DICOM forward of series" in {row.action for row in world.hub.audit.page()}


def test_rules_keep_to_site_modality_and_what_the_station_may_see(
    world: HubWorld, ct: list[Path], tmp_path: Path
) -> None:
    order(world, register(world, "BLIND"))
    order(world, register(world, "ONLY_B", sees=None), site_id=world.sites["b"])
    order(world, register(world, "ONLY_MR", sees=None), modality="MR")
    order(world, register(world, "PLANS", sees=None), kinds=["segmentation"])
    case_id = complete(world, ct, tmp_path)
    assert jobs(world, case_id) == []


def test_nothing_is_ordered_twice_and_a_stopped_hub_orders_later(
    world: HubWorld, ct: list[Path], tmp_path: Path
) -> None:
    order(world, register(world, "PACS", port=free_port(), sees=None))
    case_id = str(world.refer("a")["id"])
    series_id = keep_files(world, case_id, ct, tmp_path)
    assert jobs(world, case_id) == []
    world.hub.forwarding.resume()
    world.hub.forwarding.series_complete(series_id)
    assert len(jobs(world, case_id)) == 1


def test_a_station_that_is_down_gets_it_once_it_is_up(
    world: HubWorld, ct: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forward, "LEAST_WAIT_S", 0.2)
    port = free_port()
    order(world, register(world, "PACS", port=port, sees=("a",)))
    case_id = complete(world, ct, tmp_path)
    until(lambda: (jobs(world, case_id)[0].result or {}).get("trouble"))
    assert state(world, case_id) in ("queued", "running")
    with storescp(tmp_path / "got", port):
        until(lambda: state(world, case_id) == "done")
    assert len(list((tmp_path / "got").iterdir())) == 4


def test_a_job_that_waits_for_its_station_is_cancelled(
    world: HubWorld, ct: list[Path], tmp_path: Path
) -> None:
    order(world, register(world, "PACS", port=free_port(), sees=("a",)))
    case_id = complete(world, ct, tmp_path)
    until(lambda: (jobs(world, case_id)[0].result or {}).get("trouble"))
    world.as_("expert").delete(f"/api/jobs/{jobs(world, case_id)[0].id}").raise_for_status()
    until(lambda: state(world, case_id) == "cancelled")


def test_a_refusal_ends_the_job_and_says_the_status(world: HubWorld, ct: list[Path], tmp_path: Path) -> None:
    seen: list[str] = []

    def refuse_the_second(event: evt.Event) -> int:
        seen.append(str(event.request.AffectedSOPInstanceUID))
        return 0xC123 if len(seen) == 2 else 0

    entity = AE(ae_title="PACS")
    entity.add_supported_context(CTImageStorage)
    server = entity.start_server(
        ("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_C_STORE, refuse_the_second)]
    )
    try:
        port = int(server.socket.getsockname()[1])
        order(world, register(world, "PACS", port=port, sees=("a",)))
        case_id = complete(world, ct, tmp_path)
        until(lambda: state(world, case_id) == "failed")
    finally:
        server.shutdown()
    error = jobs(world, case_id)[0].error
    assert error is not None
    assert "1 of 4" in error["detail"]
    assert "C123" in error["detail"]
    assert "拒收 4 个实例中的 1 个" in error["detail_zh"]
    assert len(set(seen)) == 4


def test_orthanc_answers_for_what_it_was_sent(world: HubWorld, ct: list[Path], tmp_path: Path) -> None:
    dicom_port = free_port()
    station = register(world, "ORTHANC", port=dicom_port, sees=("a",))
    order(world, station)
    with (
        serve_port(world) as port,
        run_dicom_orthanc(tmp_path / "orthanc", port=dicom_port, peers={"hub": (AE_TITLE, port)}) as orthanc,
    ):
        case_id = complete(world, ct, tmp_path)
        until(lambda: state(world, case_id) == "done")
        job = jobs(world, case_id)[0]
        assert job.result == {"sent": 4, "total": 4, "commitment": "asked"}
        until(lambda: world.hub.stations.commitments(job.id)[0].answered_at is not None)
        row = world.hub.stations.commitments(job.id)[0]
        assert (row.instances, json.loads(row.missing)) == (4, [])
        uids = {i["MainDicomTags"]["SOPInstanceUID"] for i in orthanc.get("/instances?expand").json()}
    assert uids == {str(dcmread(p, stop_before_pixels=True).SOPInstanceUID) for p in ct}


def test_objects_of_an_approved_plan_go_by_their_kind(
    world: HubWorld, real_data: Path, tmp_path: Path
) -> None:
    seg = real_data / "edge-dicom" / "dcmqi-liver-seg" / "liver.dcm"
    structures = real_data / "edge-dicom" / "rt-utils" / "rt.dcm"
    port = free_port()
    order(world, register(world, "PACS", port=port, sees=("a",)), kinds=["structure-set"])
    case_id = str(world.refer("a")["id"])
    put = world.hub.imaging.objects.put_file
    images = world.hub.imaging.images
    with images.change(case_id) as session:
        images.add_plan(
            session,
            plan_sha256="ab" * 32,
            case_id=case_id,
            parent_sha256="",
            kind="auto",
            label="",
            author="x",
            summary={},
            files={"structures-seg.dcm": put(seg), "structures-rtstruct.dcm": put(structures)},
        )
    with storescp(tmp_path / "got", port):
        world.hub.forwarding.plan_approved(case_id, "ab" * 32)
        until(lambda: [one.state for one in jobs(world, case_id)] == ["done"])
    assert [dcmread(p).Modality for p in (tmp_path / "got").iterdir()] == ["RTSTRUCT"]
