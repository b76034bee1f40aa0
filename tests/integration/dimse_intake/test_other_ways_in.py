"""A watched folder and STOW-RS fill the same spool as the DICOM port."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from teleneedle.adapters.link.event_log import EventLog
from teleneedle.adapters.link.part10 import split_part10
from teleneedle.adapters.link.spool import Spool
from teleneedle.apps.edge.intake_folder import WatchedFolder
from teleneedle.apps.edge.intake_stow import stow_router
from teleneedle.apps.testing.intake_process import run_intake_process
from teleneedle.core.errors import NotReadableError
from teleneedle.testing.encoded_ct import EXPLICIT_LITTLE, element, encoded_ct

WAIT_S = 120
TOKEN = "secret-token"  # noqa: S105 - of a test


def part10(dataset: bytes, syntax: str = EXPLICIT_LITTLE) -> bytes:
    meta = element(0x00020010, "UI", syntax.encode())
    return bytes(128) + b"DICM" + element(0x00020000, "UL", len(meta).to_bytes(4, "little")) + meta + dataset


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "edge", quota_bytes=1 << 30, reserve_bytes=0)


@pytest.fixture
def log(tmp_path: Path) -> EventLog:
    return EventLog(tmp_path / "edge" / "log", source="test")


def test_files_are_cut_into_syntax_and_dataset(real_data: Path) -> None:
    dataset = encoded_ct()
    assert split_part10(part10(dataset)) == (EXPLICIT_LITTLE, dataset)
    assert split_part10(dataset) == (EXPLICIT_LITTLE, dataset)
    for wrong in (
        b"",
        b"hello",
        bytes(200),
        part10(b"")[:140],
        bytes(128) + b"DICM" + b"\x02\x00\x10\x00UI\xff\xff",
    ):
        with pytest.raises(NotReadableError):
            split_part10(wrong)
    import pydicom

    for path in (real_data / "edge-dicom").rglob("*"):
        raw = path.read_bytes() if path.is_file() else b""
        if raw[128:132] == b"DICM":
            stream = io.BytesIO(raw)
            stream.seek(132)
            meta = pydicom.filereader._read_file_meta_info(stream)
            syntax, found = split_part10(raw)
            assert (syntax, bytes(found)) == (str(meta.TransferSyntaxUID), raw[stream.tell() :]), path.name


def test_a_folder_is_emptied_into_the_spool(tmp_path: Path, spool: Spool, log: EventLog) -> None:
    folder = tmp_path / "watched"
    watched = WatchedFolder(folder, spool, log, phase="pre", steady_s=0.0)
    (folder / "sub").mkdir()
    (folder / "a.dcm").write_bytes(part10(encoded_ct(1)))
    (folder / "sub" / "b").write_bytes(part10(encoded_ct(2)))
    (folder / "again.dcm").write_bytes(part10(encoded_ct(1)))
    (folder / "other.dcm").write_bytes(part10(encoded_ct(1, pixels=rb"\7\7")))
    (folder / "note.txt").write_text("not DICOM")
    (folder / "cut.dcm").write_bytes(part10(encoded_ct(3))[:-1])
    (folder / "link.dcm").symlink_to("/etc/passwd")
    watched.look()
    watched.look()
    assert {one.facts.sop_uid for one in spool.entries()} == {"1.2.1.1", "1.2.1.2"}
    assert {(one.arrival.via, one.arrival.phase) for one in spool.entries()} == {("folder", "pre")}
    done = {str(p.relative_to(folder / "done")) for p in (folder / "done").rglob("*") if p.is_file()}
    assert done == {"a.dcm", "again.dcm", "sub/b"}
    refused = {p.name for p in (folder / "refused").iterdir()}
    assert refused == {
        f"{one}{end}" for one in ("note.txt", "cut.dcm", "other.dcm") for end in ("", ".reason.txt")
    }
    reason = (folder / "refused" / "note.txt.reason.txt").read_text("utf-8")
    assert "this is no DICOM file" in reason
    assert "这不是 DICOM 文件" in reason
    assert (folder / "link.dcm").is_symlink()
    assert len(list(spool.quarantined())) == 1


def test_a_file_that_grows_is_left_until_it_rests(tmp_path: Path, spool: Spool, log: EventLog) -> None:
    folder = tmp_path / "watched"
    watched = WatchedFolder(folder, spool, log, steady_s=0.0)
    whole = part10(encoded_ct(1, pixels=bytes(1000)))
    path = folder / "a.dcm"
    for size in (200, 500, len(whole)):
        path.write_bytes(whole[:size])
        if size < len(whole):
            watched._is_steady(path)  # seen once at this size; it has grown by the next look
        watched._seen[path] = ((size - 1, 0), time.monotonic())
        watched.look()
        assert path.exists()
    watched.look()
    assert not path.exists()
    assert len(list(spool.entries())) == 1


def test_files_wait_while_the_spool_is_full(tmp_path: Path, log: EventLog) -> None:
    spool = Spool(tmp_path / "edge", quota_bytes=100, reserve_bytes=0)
    folder = tmp_path / "watched"
    watched = WatchedFolder(folder, spool, log, steady_s=0.0)
    (folder / "a.dcm").write_bytes(part10(encoded_ct(1)))
    watched.look()
    assert (folder / "a.dcm").exists()
    assert [one["kind"] for one in log.latest(9)] == ["folder-waits"]


def test_the_process_watches_its_folder(tmp_path: Path) -> None:
    watched = tmp_path / "watched"
    watched.mkdir()
    (watched / "a.dcm").write_bytes(part10(encoded_ct(1)))
    with run_intake_process(tmp_path / "edge", watched=watched) as intake:
        until = time.monotonic() + WAIT_S
        while not (watched / "done" / "a.dcm").exists():
            assert time.monotonic() < until
            time.sleep(0.05)
        assert intake.spool.usage().instances == 1
        intake.process.terminate()
        assert intake.process.wait(WAIT_S) == 0
    assert intake.events("intake-stopped")


def related(*parts: bytes) -> tuple[bytes, str]:
    body = (
        b"".join(b"--x\r\nContent-Type: application/dicom\r\n\r\n" + one + b"\r\n" for one in parts)
        + b"--x--\r\n"
    )
    return body, 'multipart/related; type="application/dicom"; boundary=x'


@pytest.fixture
def stow(spool: Spool, log: EventLog) -> Iterator[TestClient]:
    app = stow_router(spool, log, token=TOKEN, phase="post")
    with TestClient(app, client=("127.0.0.1", 5)) as client:
        yield client


def send(client: httpx.Client, *parts: bytes, path: str = "/studies", **headers: str) -> httpx.Response:
    body, kind = related(*parts)
    return client.post(path, content=body, headers={"content-type": kind, **headers})


def test_stow_keeps_and_says_what_it_kept(stow: TestClient, spool: Spool) -> None:
    answer = send(stow, part10(encoded_ct(1)), part10(encoded_ct(2)), b"nothing")
    assert answer.status_code == 202
    kept = [one["00081155"]["Value"][0] for one in answer.json()["00081199"]["Value"]]
    assert kept == ["1.2.1.1", "1.2.1.2"]
    assert len(answer.json()["0008119A"]["Value"]) == 1
    assert {(one.arrival.via, one.arrival.phase) for one in spool.entries()} == {("stow", "post")}
    assert send(stow, part10(encoded_ct(1))).status_code == 200
    conflict = send(stow, part10(encoded_ct(1, pixels=b"\3\4")))
    assert conflict.status_code == 409
    assert conflict.json()["00081198"]["Value"][0]["00081197"]["Value"] == [0x0111]
    other = send(stow, part10(encoded_ct(5)), path="/studies/9.9")
    assert other.json()["00081198"]["Value"][0]["00081197"]["Value"] == [0xA900]
    assert list((spool.folder.parent).glob("stow-*")) == []


def test_stow_says_507_when_the_spool_is_full(tmp_path: Path, log: EventLog) -> None:
    full = Spool(tmp_path / "full", quota_bytes=100, reserve_bytes=0)
    with TestClient(stow_router(full, log), client=("127.0.0.1", 5)) as client:
        answer = send(client, part10(encoded_ct(1)))
    assert answer.status_code == 507
    assert answer.json()["00081198"]["Value"][0]["00081197"]["Value"] == [0xA700]


def test_stow_hears_this_machine_or_the_token_only(spool: Spool, log: EventLog, stow: TestClient) -> None:
    app = stow_router(spool, log, token=TOKEN)
    with TestClient(app, client=("10.1.2.3", 5)) as far:
        assert send(far, part10(encoded_ct(1))).status_code == 401
        assert send(far, part10(encoded_ct(1)), authorization="Bearer wrong").status_code == 401
        assert send(far, part10(encoded_ct(1)), authorization=f"Bearer {TOKEN}").status_code == 200
    with TestClient(stow_router(spool, log), client=("10.1.2.3", 5)) as far:
        assert send(far, part10(encoded_ct(1)), authorization="Bearer ").status_code == 401
    assert send(stow, part10(encoded_ct(1)), origin="https://evil.example").status_code == 401
    assert stow.get("/studies").status_code == 405


def test_stow_refuses_other_bodies(stow: TestClient, spool: Spool) -> None:
    assert (
        stow.post("/studies", content=b"x", headers={"content-type": "application/dicom"}).status_code == 415
    )
    assert send(stow, part10(encoded_ct(1)), **{"content-encoding": "gzip"}).status_code == 415
    body, kind = related(part10(encoded_ct(1)))
    cut = stow.post("/studies", content=body[:-9], headers={"content-type": kind})
    assert cut.status_code == 400
    assert set(json.loads(cut.content)["title"]) == {"zh", "en"}
    assert list(spool.entries()) == []
