"""The local archive is Orthanc, the worklist DCMTK's: asked, and made to send to the gateway."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pydicom
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from typer.testing import CliRunner

from teleneedle.adapters.dimse.query import Archive, QueryClient
from teleneedle.apps.cli.main import app
from teleneedle.apps.edge.settings import write_first_settings
from teleneedle.apps.testing.intake_process import AET, run_intake_process
from teleneedle.core.errors import NotReadableError

WAIT_S = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def orthanc(folder: Path, gateway_port: int) -> Iterator[tuple[httpx.Client, int]]:
    folder.mkdir()
    http, dicom = free_port(), free_port()
    settings = {
        "StorageDirectory": str(folder / "s"),
        "IndexDirectory": str(folder / "s"),
        "HttpPort": http,
        "DicomPort": dicom,
        "DicomAet": "ORTHANC",
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "DicomModalities": {"gateway": [AET, "127.0.0.1", gateway_port]},
        "DicomAlwaysAllowMove": True,
    }
    (folder / "orthanc.json").write_text(json.dumps(settings))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(["Orthanc", str(folder / "orthanc.json")], stdout=log, stderr=log)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{http}", timeout=WAIT_S, trust_env=False) as client:
            wait_until_up(client, folder / "log")
            yield client, dicom
    finally:
        process.terminate()
        process.wait(WAIT_S)


def wait_until_up(client: httpx.Client, log: Path) -> None:
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        try:
            if client.get("/system").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError(log.read_text(errors="replace"))


def test_an_archive_is_asked_and_sends_to_the_gateway(tmp_path: Path, real_data: Path) -> None:
    rules = {"via": "query", "callers": {"ORTHANC": "pre"}, "takes_any_caller": False}
    with (
        run_intake_process(tmp_path / "edge", rules=rules) as intake,
        orthanc(tmp_path / "archive", intake.port) as (rest, port),
    ):
        paths = sorted((real_data / "edge-dicom" / "rt-utils").glob("ct_*.dcm"))
        paths.append(real_data / "edge-dicom" / "wg04" / "CT1_JPLL")
        for path in paths:
            rest.post("/instances", content=path.read_bytes()).raise_for_status()
        client = QueryClient(Archive(host="127.0.0.1", port=port, aet="ORTHANC"), own_aet=AET)
        sent = [pydicom.dcmread(path) for path in paths]
        wanted = sent[0].StudyInstanceUID
        assert wanted in [one["StudyInstanceUID"] for one in client.studies()]
        (study,) = client.studies(StudyInstanceUID=wanted)
        assert study["PatientID"] == sent[0].PatientID
        series = client.series(wanted)
        assert {one["SeriesInstanceUID"] for one in series} == {sent[0].SeriesInstanceUID}
        moved = client.move(wanted)
        assert (moved.completed, moved.failed) == (2, 0)
        compressed = client.move(sent[2].StudyInstanceUID, series_uid=sent[2].SeriesInstanceUID)
        assert compressed.completed == 1
        entries = list(intake.spool.entries())
        assert {one.facts.sop_uid for one in entries} == {one.SOPInstanceUID for one in sent}
        assert {(one.arrival.via, one.arrival.phase) for one in entries} == {("query", "pre")}
        for one in sent[:2]:
            (entry,) = (e for e in entries if e.facts.sop_uid == one.SOPInstanceUID)
            pixels = entry.layout.cut(intake.spool.open(entry.key).dataset)[1]
            assert bytes(pixels) == one.PixelData
        with pytest.raises(NotReadableError, match="refused with status"):
            client.move(wanted, destination="NOBODY")


def edge_command(folder: Path, *words: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON of ``teleneedle edge``."""
    done = CliRunner().invoke(app, ["edge", words[0], "--folder", str(folder), *words[1:], "--json"])
    return done.exit_code, json.loads(done.stdout)


def test_a_technologist_finds_and_fetches_by_the_command_line(tmp_path: Path, real_data: Path) -> None:
    with (
        run_intake_process(tmp_path / "edge", rules={"via": "query"}) as intake,
        orthanc(tmp_path / "archive", intake.port) as (rest, port),
    ):
        write_first_settings(tmp_path / "gw", dicom_port=intake.port, status_port=8090)
        place = tmp_path / "gw" / "gateway.toml"
        known = f'[archive]\naet = "ORTHANC"\naddress = "127.0.0.1:{port}"'
        before = place.read_text(encoding="utf-8")
        named = re.sub(r'(?s)\[archive\].*?address = ""[^\n]*', known, before)
        place.write_text(named, encoding="utf-8")
        path = real_data / "edge-dicom" / "wg04" / "CT1_JPLL"
        rest.post("/instances", content=path.read_bytes()).raise_for_status()
        sent = pydicom.dcmread(path)
        assert edge_command(tmp_path / "gw", "find")[1]["error"]["detail"] == "nothing to look for"
        code, refused = edge_command(tmp_path / "gw", "find", "--patient-id", str(sent.PatientID))
        assert (code, refused["error"]["detail"]) == (1, "the archive broke the connection off")
        place.write_text(named.replace('aet = "TELENEEDLE"', f'aet = "{AET}"'), encoding="utf-8")
        code, found = edge_command(tmp_path / "gw", "find", "--patient-id", str(sent.PatientID))
        assert code == 0
        assert [one["StudyInstanceUID"] for one in found["items"]] == [sent.StudyInstanceUID]
        assert edge_command(tmp_path / "gw", "find", "--patient-id", "NOBODY") == (0, {"items": []})
        assert edge_command(tmp_path / "gw", "fetch", str(sent.StudyInstanceUID)) == (
            0,
            {"completed": 1, "failed": 0},
        )
        assert [one.facts.sop_uid for one in intake.spool.entries()] == [sent.SOPInstanceUID]
        code, refused = edge_command(tmp_path / "gw", "worklist")
        assert code != 0
        assert "worklist" in refused["error"]["detail"]


def test_a_worklist_is_asked(tmp_path: Path) -> None:
    folder = tmp_path / "WL"
    folder.mkdir()
    (folder / "lockfile").touch()
    item = Dataset()
    item.SpecificCharacterSet = "ISO_IR 192"
    item.PatientName, item.PatientID, item.AccessionNumber = "王^五", "P-9", "A-9"
    item.StudyInstanceUID, item.RequestedProcedureID = "1.2.77", "R"
    item.RequestedProcedureDescription = "肝肿瘤消融"
    step = Dataset()
    step.Modality, step.ScheduledStationAETitle = "CT", "CT1"
    step.ScheduledProcedureStepStartDate, step.ScheduledProcedureStepStartTime = "20261125", "0900"
    step.ScheduledPerformingPhysicianName, step.ScheduledProcedureStepDescription = "", "MWA"
    step.ScheduledProcedureStepID = "S"
    item.ScheduledProcedureStepSequence = [step]
    item.file_meta = FileMetaDataset()
    item.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    item.file_meta.MediaStorageSOPClassUID = "1.2.276.0.7230010.3.1.0.1"
    item.file_meta.MediaStorageSOPInstanceUID = "1.2.78"
    pydicom.dcmwrite(folder / "one.wl", item, enforce_file_format=True)
    port = free_port()
    process = subprocess.Popen(["wlmscpfs", "-dfp", str(tmp_path), str(port)], stderr=subprocess.DEVNULL)
    try:
        client = QueryClient(Archive(host="127.0.0.1", port=port, aet="WL"), own_aet=AET)
        wait_for_port(port)
        (found,) = client.worklist(Modality="CT", ScheduledProcedureStepStartDate="20261125")
        assert found["PatientName"] == "王^五"
        assert (found["PatientID"], found["AccessionNumber"]) == ("P-9", "A-9")
        assert found["RequestedProcedureDescription"] == "肝肿瘤消融"
        assert found["ScheduledStationAETitle"] == "CT1"
        assert client.worklist(Modality="MR") == []
    finally:
        process.terminate()
        process.wait(WAIT_S)


def wait_for_port(port: int) -> None:
    until = time.monotonic() + WAIT_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=WAIT_S).close()
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.05)
        else:
            return


def test_an_archive_that_is_not_there_is_said_so() -> None:
    client = QueryClient(Archive(host="127.0.0.1", port=free_port(), aet="NOBODY"), own_aet=AET)
    with pytest.raises(NotReadableError, match="cannot be reached"):
        client.studies(PatientID="7")
