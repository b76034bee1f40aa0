"""What is no honest CT goes in over HTTP: refused by name, and nothing of it stays behind."""

from __future__ import annotations

import io
import stat
import time
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread

from teleneedle.apps.testing.hub_world import HubWorld

Json = dict[str, Any]


def archive(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content)
    return out.getvalue()


def bomb() -> bytes:
    return archive(("slice.dcm", bytes(1 << 28)))


def a_link() -> bytes:
    info = zipfile.ZipInfo("slice.dcm")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return archive((info, b"/etc/passwd"))


def encrypted() -> bytes:
    content = bytearray(archive(("slice.dcm", b"x" * 100)))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + at] |= 1
    return bytes(content)


def many() -> bytes:
    return archive(*((f"{n}.dcm", b"") for n in range(100_000)))


HOSTILE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "bomb": (bomb, "hostile-input", "inflates"),
    "path": (lambda: archive(("../../../etc/cron.d/x", b"x")), "hostile-input", "outside"),
    "absolute": (lambda: archive(("/etc/cron.d/x", b"x")), "hostile-input", "outside"),
    "drive": (lambda: archive((r"C:\\x\\y.dcm", b"x")), "hostile-input", "outside"),
    "link": (a_link, "hostile-input", "link"),
    "nested": (lambda: archive(("inner.zip", archive(("a", b"x")))), "hostile-input", "another archive"),
    "hidden": (lambda: archive(("inner.dcm", archive(("a", b"x")))), "hostile-input", "another archive"),
    "many": (many, "hostile-input", "20000 files"),
    "encrypted": (encrypted, "not-readable", "encrypted"),
    "truncated": (lambda: archive(("a.dcm", bytes(range(256)) * 40))[:-30], "not-readable", "damaged"),
    "no archive": (lambda: b"MZ" + bytes(500), "not-readable", ""),
    "nothing in it": (lambda: archive(), "not-readable", ""),
    "empty": (lambda: b"", "not-readable", ""),
}


def upload(world: HubWorld, case_id: str, files: list[tuple[str, bytes]]) -> str:
    client = world.as_("technologist-a")
    body = {
        "command_id": str(uuid.uuid4()),
        "files": [{"path": name, "size": len(content)} for name, content in files],
    }
    made = client.post(f"/api/cases/{case_id}/uploads", json=body).json()
    for n, (_, content) in enumerate(files):
        if content:
            answer = client.put(f"/api/uploads/{made['id']}/files/{n}?offset=0", content=content)
            assert answer.status_code == 200, answer.text
    return str(made["id"])


def complete(world: HubWorld, upload_id: str, **completion: Any) -> Json:
    client = world.as_("technologist-a")
    job: Json = client.post(f"/api/uploads/{upload_id}/complete", json=completion).json()
    for _ in range(600):
        if "state" not in job or job["state"] not in ("queued", "running"):
            return job
        time.sleep(0.1)
        job = client.get(f"/api/jobs/{job['id']}").json()
    raise TimeoutError(job)


def tree(folder: Path) -> set[str]:
    return {
        str(p.relative_to(folder))
        for p in folder.rglob("*")
        if p.is_file() and not p.name.startswith("hub.db")
    }


def test_hostile_archives_are_refused_by_name_and_leave_nothing(world: HubWorld) -> None:
    case_id = world.refer()["id"]
    before = tree(world.hub.folder)
    wrong = []
    for what, (make, code, words) in HOSTILE.items():
        upload_id = upload(world, case_id, [(f"../../{what}.zip", make())])
        job = complete(world, upload_id)
        error = job["error"] or {}
        if (
            job["state"] != "failed"
            or error["type"].rpartition(":")[2] != code
            or words not in error["detail"]
        ):
            wrong.append((what, job))
        if not (error.get("title", {}).get("zh") and error.get("title", {}).get("en")):
            wrong.append((what, "titles"))
        if str(world.hub.folder) in str(error):
            wrong.append((what, "tells where the hub keeps its files"))
        if complete(world, upload_id)["id"] != job["id"]:
            wrong.append((what, "a second reading"))
    assert wrong == []
    assert tree(world.hub.folder) == before
    kinds = [e.kind for e in world.hub.cases.life.log.events_after(case_id)]
    assert kinds == ["case.referred"]


def test_more_files_than_any_series_has_are_refused_at_once(world: HubWorld) -> None:
    case_id = world.refer()["id"]
    before = tree(world.hub.folder)
    files = [{"path": f"{n}", "size": 1} for n in range(100_000)]
    body = {"command_id": "many", "files": files}
    answer = world.as_("technologist-a").post(f"/api/cases/{case_id}/uploads", json=body)
    assert answer.status_code == 422
    large = {"command_id": "large", "files": [{"path": "a", "size": 1 << 40}]}
    answer = world.as_("technologist-a").post(f"/api/cases/{case_id}/uploads", json=large)
    assert (answer.status_code, answer.json()["title"]["zh"]) == (413, "上传内容超过上限")
    assert tree(world.hub.folder) == before


@pytest.fixture
def slices(real_data: Path) -> list[tuple[str, bytes]]:
    """Eight neighbouring slices of a real CT."""
    paths = [p for p in (real_data / "ircad17" / "PATIENT_DICOM").iterdir() if p.is_file()]
    paths.sort(key=lambda p: float(dcmread(p, stop_before_pixels=True).ImagePositionPatient[2]))
    return [(p.name, p.read_bytes()) for p in paths[60:68]]


def test_another_patients_images_are_held_until_both_identities_were_compared(
    world: HubWorld, slices: list[tuple[str, bytes]]
) -> None:
    case_id = world.refer(id="P1", name="Somebody^Else", birth_date="1950-01-01")["id"]
    upload_id = upload(world, case_id, slices)
    early = world.as_("technologist-a").post(
        f"/api/uploads/{upload_id}/complete", json={"confirm_identity": True}
    )
    assert early.status_code == 409
    held = complete(world, upload_id)
    assert held["error"]["type"].endswith(":patient-mismatch")
    assert held["error"]["where"] == "name, birth date"
    assert "病例 case: Somebody^Else · ID P1 · 1950-01-01" in held["error"]["detail"]
    assert "图像 images: liver_17^patient" in held["error"]["detail"]
    log = world.hub.cases.life.log
    assert [e.kind for e in log.events_after(case_id)] == ["case.referred"]
    done = complete(world, upload_id, confirm_identity=True)
    assert done["state"] == "done", done
    event = log.events_after(case_id)[-1]
    assert event.actor.id == world.people["technologist-a"]
    assert [line.partition(":")[0] for line in event.body["identity_confirmed"]] == [
        "病例 case",
        "图像 images",
    ]
    assert not (world.hub.folder / "uploads" / upload_id).exists()
    assert complete(world, upload_id, confirm_identity=True)["id"] == done["id"]
