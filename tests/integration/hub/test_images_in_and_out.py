"""A CT goes in over a line that is cut, and comes out as slabs, code streams and DICOMweb."""

from __future__ import annotations

import time
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from dicomweb_client import DICOMwebClient
from dicomweb_client.session_utils import create_session

from teleneedle.adapters.dicom.read import read_ct
from teleneedle.adapters.tnb1 import decode_tnb1


def send(client, case_id, files, *, cut=0):
    """Upload `files` (name, bytes), every part in two pieces when `cut`; the upload's id."""
    wanted = [{"path": name, "size": len(content)} for name, content in files]
    body = {"command_id": f"up-{time.monotonic_ns()}", "files": wanted}
    upload = client.post(f"/api/cases/{case_id}/uploads", json=body).json()
    for n, (_, content) in enumerate(files):
        at = 0
        while at < len(content):
            part = content[at : at + (cut or upload["part_bytes"])]
            answer = client.put(f"/api/uploads/{upload['id']}/files/{n}?offset={at}", content=part)
            assert answer.status_code == 200, answer.text
            at = answer.json()["received"]
    return upload["id"]


def finish(client, upload_id, **body):
    """The import job once it has ended."""
    job = client.post(f"/api/uploads/{upload_id}/complete", json=body).json()
    for _ in range(600):
        job = client.get(f"/api/jobs/{job['id']}").json()
        if job["state"] not in ("queued", "running"):
            return job
        time.sleep(0.2)
    raise TimeoutError(job)


@pytest.fixture
def real_folder(real_data: Path) -> Path:
    return real_data / "ircad17" / "PATIENT_DICOM"


@pytest.fixture
def imported(world, real_folder):
    """A case with the real CT in it: (client, case, series id, the CT as it is read from the folder)."""
    client = world.as_("technologist-a")
    truth = read_ct(real_folder)
    case = world.refer(
        id=truth.patient.id or "P1", name=truth.patient.name or "X", birth_date=truth.patient.birth_date
    )
    files = [(p.name, p.read_bytes()) for p in sorted(real_folder.iterdir()) if p.is_file()]
    job = finish(client, send(client, case["id"], files))
    assert job["state"] == "done", job
    return client, case, job["result"]["series_id"], truth


def test_what_comes_out_is_what_was_read(imported, real_folder, world):
    client, case, series_id, truth = imported
    array = truth.volume.array
    about = client.get(f"/api/series/{series_id}").json()
    assert about["shape"] == list(array.shape)
    assert np.allclose(np.reshape(about["affine"], (4, 4)), truth.volume.grid.affine)
    answer = client.get(f"/api/series/{series_id}/slab?k0=10&k1=20")
    assert answer.headers["cache-control"].endswith("immutable")
    assert np.array_equal(decode_tnb1(answer.content)[0]["hu"], array[10:20])
    again = client.get(
        f"/api/series/{series_id}/slab?k0=10&k1=20", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304
    code = client.get(f"/api/series/{series_id}/frames/30").content
    assert np.array_equal(imagecodecs.htj2k_decode(code), array[30])
    for skip in (1, 2):
        part = client.get(f"/api/series/{series_id}/frames/30?skip={skip}").content
        small = imagecodecs.htj2k_decode(part, skipres=skip, resilient=True)
        assert len(part) < len(code)
        assert np.array_equal(small, imagecodecs.htj2k_decode(code, skipres=skip))
    _pictures_make_the_slices(client, series_id, array)
    half = decode_tnb1(client.get(f"/api/series/{series_id}/slab?level=1").content)[0]["hu"]
    mean = array[:2, :2, :2].astype(float).mean()
    assert abs(half[0, 0, 0] - mean) <= 1
    kept = [e for e in world.hub.cases.life.log.events_after(case["id"]) if e.kind == "series.added"]
    assert len(kept) == 1
    _dicomweb(world, real_folder, truth)


def _pictures_make_the_slices(client, series_id, array):
    """Three answers, put together slice by slice, are the code streams of the slices."""
    codes = [b""] * 6
    for skip, after in ((3, None), (2, 3), (0, 2)):
        query = f"skip={skip}&k0=40&k1=46" + (f"&after={after}" if after else "")
        arrays, facts = decode_tnb1(client.get(f"/api/series/{series_id}/pictures?{query}").content)
        assert (facts["skip"], facts["after"]) == (skip, after)
        assert list(arrays["k"]) == list(range(40, 46))
        parts = np.split(arrays["code"], arrays["ends"][:-1])
        codes = [code + part.tobytes() for code, part in zip(codes, parts, strict=True)]
        for k, code in enumerate(codes, 40):
            small = imagecodecs.htj2k_decode(code, skipres=skip, resilient=True)
            whole = client.get(f"/api/series/{series_id}/frames/{k}").content
            assert np.array_equal(small, imagecodecs.htj2k_decode(whole, skipres=skip))
    for k, code in enumerate(codes, 40):
        assert np.array_equal(imagecodecs.htj2k_decode(code), array[k])
    for query, status in (("k0=9999", 404), ("skip=2&after=2", 422), ("skip=4", 422)):
        assert client.get(f"/api/series/{series_id}/pictures?{query}").status_code == status


def _dicomweb(world, real_folder, truth):
    token = world.as_("expert").cookies["teleneedle_session"]
    session = create_session()
    session.headers["Authorization"] = f"Bearer {token}"
    session.mount("http://hub", Adapter(world.anonymous()))
    web = DICOMwebClient("http://hub/dicomweb", session=session)
    study, series = truth.study.study_uid, truth.study.series_uid
    studies = web.search_for_studies()
    assert [s["0020000D"]["Value"][0] for s in studies] == [study]
    assert web.search_for_studies(search_filters={"PatientID": "nobody"}) == []
    assert len(web.search_for_series(study)) == 1
    uids = [uid for _, uid in truth.study.sop_instances]
    found = web.search_for_instances(study, series, limit=5)
    assert [f["00080018"]["Value"][0] for f in found] == uids[:5]
    metadata = web.retrieve_series_metadata(study, series)
    assert len(metadata) == len(uids)
    one = web.retrieve_instance(study, series, uids[7])
    frame = web.retrieve_instance_frames(study, series, uids[7], [1])[0]
    assert frame[: len(one.PixelData)] == one.PixelData[: len(frame)]
    values = one.pixel_array * float(one.get("RescaleSlope", 1)) + float(one.get("RescaleIntercept", 0))
    assert np.array_equal(values, truth.volume.array[7])
    assert len(web.retrieve_series(study, series)) == len(uids)
    other = world.as_("operator-b").get(f"/dicomweb/studies/{study}/metadata")
    assert other.status_code == 404
    assert world.anonymous().get("/dicomweb/studies").status_code == 401


class Adapter:
    """Carries the client's requests to the hub inside this process."""

    def __init__(self, client):
        self.client = client

    def send(self, request, **_options):
        import requests

        answer = self.client.request(
            request.method, request.path_url, headers=dict(request.headers), content=request.body
        )
        made = requests.Response()
        made.status_code, made._content = answer.status_code, answer.content
        made.headers.update({k: v for k, v in answer.headers.items() if k != "content-encoding"})
        made.request, made.url = request, request.url
        return made

    def close(self):
        pass
