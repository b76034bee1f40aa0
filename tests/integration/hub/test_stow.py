"""Images come in over STOW-RS from clients that are not ours: dicomweb-client and Orthanc."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from copy import deepcopy
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest
from dicomweb_client import DICOMwebClient
from dicomweb_client.session_utils import create_session
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid
from requests import HTTPError

from teleneedle.adapters.tnb1 import decode_tnb1
from teleneedle.apps.testing.orthanc import run_orthanc
from teleneedle.apps.testing.served_world import ServedWorld, serve_world

Json = dict[str, Any]
SLICES = 12


@pytest.fixture(scope="module")
def slices(real_data: Path) -> list[Dataset]:
    """Neighbouring slices of a real CT, from the feet up."""
    paths = sorted(p for p in (real_data / "ircad17" / "PATIENT_DICOM").iterdir() if p.is_file())
    found = sorted((dcmread(p) for p in paths), key=lambda d: float(d.ImagePositionPatient[2]))
    for dataset in found:
        dataset.PatientID = "IRCAD-17"  # the file has none, and a sender's case is found by it
    return found[40 : 40 + SLICES]


@pytest.fixture
def served(tmp_path: Path, slices: list[Dataset], monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedWorld]:
    monkeypatch.setenv("TELENEEDLE_ARRIVAL_QUIET_S", "3")
    one = slices[0]
    facts = {"id": str(one.PatientID), "name": str(one.PatientName), "birth_date": "2009-05-27"}
    with serve_world(tmp_path / "hub", **facts) as made:
        yield made


def dicomweb(served: ServedWorld, who: str, *, case: bool) -> DICOMwebClient:
    session = create_session()
    session.headers.update(served.bearer(who))
    prefix = f"cases/{served.case['id']}" if case else None
    return DICOMwebClient(f"{served.process.url}/dicomweb", session=session, stow_url_prefix=prefix)


def jobs(served: ServedWorld, kind: str) -> list[Json]:
    with served.client("expert") as client:
        found: list[Json] = client.get(f"/api/cases/{served.case['id']}/jobs").json()
    return [job for job in found if job["kind"] == kind]


def imports(served: ServedWorld, count: int) -> list[Json]:
    """Import jobs of the case once `count` of them have ended, the newest first."""
    for _ in range(300):
        found = jobs(served, "import")
        if len(found) == count and all(j["state"] not in ("queued", "running") for j in found):
            return found
        time.sleep(0.2)
    raise TimeoutError(found)


def volume(served: ServedWorld, series_id: str) -> Any:
    with served.client("expert") as client:
        return decode_tnb1(client.get(f"/api/series/{series_id}/slab").content)[0]["hu"]


def hounsfield(slices: list[Dataset]) -> Any:
    return np.stack([d.pixel_array * float(d.RescaleSlope) + float(d.RescaleIntercept) for d in slices])


def changed(dataset: Dataset, **attributes: str) -> Dataset:
    """Another instance that differs in `attributes`."""
    other = deepcopy(dataset)
    other.SOPInstanceUID = generate_uid()
    for name, value in attributes.items():
        setattr(other, name, value)
    return other


def test_dicomweb_client_stores_searches_and_retrieves(served: ServedWorld, slices: list[Dataset]) -> None:
    web = dicomweb(served, "technologist-a", case=True)
    study, series = slices[0].StudyInstanceUID, slices[0].SeriesInstanceUID
    first = web.store_instances(slices[:7], study_instance_uid=study)
    assert [i.ReferencedSOPInstanceUID for i in first.ReferencedSOPSequence] == [
        d.SOPInstanceUID for d in slices[:7]
    ]
    assert first.RetrieveURL == f"{served.process.url}/dicomweb/studies/{study}"
    web.store_instances(slices[7:])
    again = web.store_instances(slices[:2])
    assert len(again.ReferencedSOPSequence) == 2
    job = imports(served, 1)[0]
    assert job["state"] == "done", job
    assert np.array_equal(volume(served, job["result"]["series_id"]), hounsfield(slices))
    assert [s["0020000D"]["Value"][0] for s in web.search_for_studies()] == [study]
    assert len(web.search_for_instances(study, series)) == SLICES
    back = web.retrieve_instance(study, series, slices[3].SOPInstanceUID)
    assert back.PixelData == slices[3].PixelData
    assert [j["state"] for j in jobs(served, "segmentation")] != []
    assert len(web.store_instances(slices).ReferencedSOPSequence) == SLICES
    time.sleep(4.5)
    assert len(jobs(served, "import")) == 1
    other = changed(slices[0], SOPInstanceUID=slices[0].SOPInstanceUID, ImageComments="not the same")
    with pytest.raises(HTTPError, match="409"):
        web.store_instances([other])


def test_late_instances_make_a_fuller_series(served: ServedWorld, slices: list[Dataset]) -> None:
    web = dicomweb(served, "operator-a", case=False)
    web.store_instances(slices[:8])
    first = imports(served, 1)[0]
    assert volume(served, first["result"]["series_id"]).shape[0] == 8
    web.store_instances(slices[8:10])
    served.process.kill()
    served.process.start()
    second = imports(served, 2)[0]
    assert volume(served, second["result"]["series_id"]).shape[0] == 10
    web.store_instances(slices[10:])
    third = imports(served, 3)[0]
    assert np.array_equal(volume(served, third["result"]["series_id"]), hounsfield(slices))
    assert list((served.folder / "uploads").glob("*/files/*")) == []
    assert list((served.folder / "incoming").iterdir()) == []


def post(served: ServedWorld, who: str, datasets: list[Dataset], path: str) -> httpx.Response:
    """A store request with the answer as it is."""
    boundary, body = uuid.uuid4().hex, b""
    for dataset in datasets:
        with BytesIO() as out:
            dataset.save_as(out)
            body += (
                f"--{boundary}\r\nContent-Type: application/dicom\r\n\r\n".encode() + out.getvalue() + b"\r\n"
            )
    kind = f'multipart/related; type="application/dicom"; boundary={boundary}'
    headers = {**served.bearer(who), "Content-Type": kind}
    return httpx.post(
        f"{served.process.url}/dicomweb{path}",
        content=body + f"--{boundary}--\r\n".encode(),
        headers=headers,
        timeout=60,
    )


def reasons(answer: httpx.Response) -> list[tuple[int, str]]:
    items = answer.json().get("00081198", {}).get("Value", [])
    return [(i["00081197"]["Value"][0], i["00000902"]["Value"][0]) for i in items]


def test_each_instance_is_refused_by_its_own_reason(served: ServedWorld, slices: list[Dataset]) -> None:
    case = f"/cases/{served.case['id']}/studies"
    mine = slices[0]
    stranger = changed(mine, PatientID="SOMEBODY-ELSE")
    mr = changed(mine, Modality="MR", SOPClassUID="1.2.840.10008.5.1.4.1.1.4")
    cut = changed(mine)
    cut.PixelData = mine.PixelData[: len(mine.PixelData) // 2]
    answer = post(served, "technologist-a", [mine, stranger, mr, cut], case)
    assert answer.status_code == 202
    assert answer.headers["content-type"] == "application/dicom+json"
    stored = answer.json()["00081199"]["Value"]
    assert [i["00081155"]["Value"][0] for i in stored] == [mine.SOPInstanceUID]
    (a, why_stranger), (b, why_mr), (c, why_cut) = reasons(answer)
    assert (a, b, c) == (0x0110, 0x0122, 0xC000)
    assert "another patient" in why_stranger
    assert "id" in why_stranger.rpartition(":")[2]
    assert "not CT" in why_mr
    assert "无法读取" in why_cut
    other_study = post(served, "technologist-a", [slices[1]], f"{case}/1.2.3.4")
    assert (other_study.status_code, reasons(other_study)[0][0]) == (409, 0xA900)
    nobodys = post(served, "technologist-a", [stranger], "/studies")
    assert (nobodys.status_code, reasons(nobodys)[0][0]) == (409, 0x0110)


def test_who_may_store_and_what_is_no_store_request(served: ServedWorld, slices: list[Dataset]) -> None:
    case = f"/cases/{served.case['id']}/studies"
    one = [slices[0]]
    for who, status in (("technologist-b", 404), ("observer-a", 404), ("mdt", 403), ("expert", 200)):
        assert post(served, who, one, case).status_code == status, who
    assert post(served, "operator-b", one, "/studies").status_code == 409
    url, headers = f"{served.process.url}/dicomweb{case}", served.bearer("technologist-a")
    assert httpx.post(url, content=b"x", headers=headers).status_code == 415
    kind = {"Content-Type": 'multipart/related; type="application/dicom"; boundary=b'}
    assert httpx.post(url, content=b"x", headers=kind).status_code == 401
    for broken in (b"", b"x", b"--b\r\n\r\nDICM", b"--b\r\nContent-Type: application/dicom\r\n\r\nrubbish"):
        answer = httpx.post(url, content=broken, headers={**headers, **kind})
        assert answer.status_code == 422, broken
    rubbish = httpx.post(url, content=b"--b\r\n\r\nrubbish\r\n--b--", headers={**headers, **kind})
    assert rubbish.status_code == 409
    assert rubbish.json()["0008119A"]["Value"][0]["00081197"]["Value"] == [0xC000]
    packed = httpx.post(url, content=b"", headers={**headers, **kind, "Content-Encoding": "gzip"})
    assert packed.status_code == 415
    line = HTTPConnection(urlsplit(served.process.url).netloc, timeout=30)
    line.putrequest("POST", f"/dicomweb{case}")
    for name, value in {**headers, **kind, "Content-Length": str(1 << 40)}.items():
        line.putheader(name, value)
    line.endheaders()
    assert line.getresponse().status == 413
    line.close()


def test_orthanc_sends_a_series(served: ServedWorld, slices: list[Dataset], tmp_path: Path) -> None:
    hub_url = f"{served.process.url}/dicomweb"
    with run_orthanc(
        tmp_path / "orthanc", hub_url=hub_url, headers=served.bearer("technologist-a")
    ) as archive:
        for dataset in slices:
            path = tmp_path / "slice.dcm"
            dataset.save_as(path)
            archive.post("/instances", content=path.read_bytes()).raise_for_status()
        (series,) = archive.get("/series").json()
        sent = archive.post("/dicom-web/servers/hub/stow", json={"Resources": [series], "Synchronous": True})
        log = (tmp_path / "orthanc" / "orthanc.log").read_text(errors="replace")
        assert sent.status_code == 200, sent.text + log[-1500:]
        job = imports(served, 1)[0]
        assert job["state"] == "done", job
        assert np.array_equal(volume(served, job["result"]["series_id"]), hounsfield(slices))
        found = archive.post("/dicom-web/servers/hub/qido", json={"Uri": "/studies", "Arguments": {}}).json()
        assert slices[0].StudyInstanceUID in str(found)
