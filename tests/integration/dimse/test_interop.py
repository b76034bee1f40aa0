"""The matrix of outcomes: peers of other makers against both DICOM ports, every odd file, TLS on and off.

The page ``docs/conformance/dicom.md`` must say what happened. After a change that is meant::

    TELENEEDLE_WRITE_PAGES=1 .venv/bin/python -m pytest tests/integration/dimse/test_interop.py

Expectations rest on what the files are by pydicom, the standard, and their names (``too_short``). That
storescu rewrites many datasets itself and cannot read some is no verdict on our port.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydicom import dcmread
from pydicom.dataset import Dataset
from pynetdicom import AE, build_role, evt
from pynetdicom.association import Association
from pynetdicom.sop_class import (
    CTImageStorage,
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelMove,
)

from teleneedle.adapters.link.part10 import split_part10
from teleneedle.apps.testing.conformance_page import section, services, table, write_section
from teleneedle.apps.testing.dicom_port import AE_TITLE, keep_files, register, serve_port
from teleneedle.apps.testing.hub_world import HubWorld, make_world
from teleneedle.apps.testing.interop import (
    KEPT,
    NOT_SENT,
    RECODED,
    Credentials,
    Truth,
    free_port,
    intake_for_one,
    make_credentials,
    outcome,
    send_by_orthanc,
    send_by_pynetdicom,
    send_by_storescu,
    truth_of,
)
from teleneedle.apps.testing.orthanc import run_dicom_orthanc

DEFLATED = "1.2.840.10008.1.2.1.99"
CUT_OFF = "too_short"
KEPT_SYNTAX = "1.2.840.10008.1.2.1"
"""Of the real CT."""
PATIENCE_S = 60.0
FILES = ("file", "transfer syntax", "storescu", "storescu TLS", "pynetdicom", "pynetdicom TLS", "Orthanc")


@pytest.fixture(scope="module")
def credentials(tmp_path_factory: pytest.TempPathFactory) -> Credentials:
    return make_credentials(tmp_path_factory.mktemp("tls"))


def page_says(name: str, text: str) -> None:
    if os.environ.get("TELENEEDLE_WRITE_PAGES"):
        write_section(name, text)
    assert section(name) == text


def test_the_page_has_the_services_of_the_code() -> None:
    page_says("services", services())


def may_be(truth: Truth, name: str, sender: str) -> set[str]:
    """Outcomes that are right for a file; for pynetdicom, which sends the file's own bytes, exactly one."""
    refused = {"refused: error: cannotunderstand", "refused: C000", "refused: C001", "refused"}
    if not truth.is_stored:
        return {NOT_SENT, "refused"}
    if not truth.is_valid or CUT_OFF in name:
        return {*refused, NOT_SENT}
    if sender == "pynetdicom":
        if truth.syntax == DEFLATED:
            return {NOT_SENT}
        return {KEPT} if truth.names_agree else {"refused: A900"}
    return {KEPT, RECODED, NOT_SENT, "refused"} if sender == "orthanc" else {KEPT, RECODED, NOT_SENT}


@pytest.mark.timeout(600)
def test_every_odd_file_to_the_gateway(real_data: Path, tmp_path: Path, credentials: Credentials) -> None:
    root = real_data / "edge-dicom"
    rows, wrong = [], []
    senders: list[tuple[str, Callable[..., str], Credentials | None]] = [
        ("storescu", send_by_storescu, None),
        ("storescu", send_by_storescu, credentials),
        ("pynetdicom", send_by_pynetdicom, None),
        ("pynetdicom", send_by_pynetdicom, credentials),
    ]
    with run_dicom_orthanc(
        tmp_path / "orthanc", port=free_port(), peers={}, OverwriteInstances=True
    ) as orthanc:
        for n, path in enumerate(sorted(p for p in root.rglob("*") if p.is_file())):
            truth, name = truth_of(path), path.relative_to(root).as_posix()
            if truth is None:
                continue
            found = []
            for k, (sender, send, tls) in enumerate(senders):
                with intake_for_one(tmp_path / f"{n}-{k}", tls) as (port, spool):
                    found.append((sender, outcome(send(path, truth, port, tls), spool, truth)))
            with intake_for_one(tmp_path / f"{n}-orthanc", None) as (port, spool):
                found.append(("orthanc", outcome(send_by_orthanc(path, orthanc, port), spool, truth)))
            wrong += [(name, *one) for one in found if one[1] not in may_be(truth, name, one[0])]
            rows.append([f"`{name}`", truth.syntax, *(said for _, said in found)])
    assert wrong == []
    assert len(rows) > 60
    assert sum(row[4] == KEPT for row in rows) > 40
    page_says("files", table(FILES, rows))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubWorld]:
    made = make_world(tmp_path_factory.mktemp("interop") / "hub")
    with TestClient(made.app):
        yield made


@pytest.fixture(scope="module")
def ct(world: HubWorld, real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    files = sorted((real_data / "ircad17" / "PATIENT_DICOM").iterdir())[:4]
    keep_files(world, str(world.refer("a")["id"]), files, tmp_path_factory.mktemp("ct"))
    return files


def dataset_of(path: Path) -> bytes:
    return bytes(split_part10(path.read_bytes())[1])


@contextmanager
def listening(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command)
    try:
        end = time.monotonic() + PATIENCE_S
        while socket.socket().connect_ex(("127.0.0.1", port)):
            assert time.monotonic() < end, "it does not listen"
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait()


def came(folder: Path, ct: list[Path]) -> str:
    got = {dataset_of(path) for path in folder.rglob("*") if path.is_file() and path.stat().st_size > 10_000}
    return "the very bytes" if got == {dataset_of(path) for path in ct} else f"{len(got)} of {len(ct)} alike"


def same_images(uids: set[str], ct: list[Path]) -> str:
    wanted = {str(dcmread(path, stop_before_pixels=True).SOPInstanceUID) for path in ct}
    return "every image" if uids == wanted else f"{len(uids & wanted)} of {len(wanted)}"


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return done.stdout + done.stderr if done.returncode == 0 else f"exit status {done.returncode}"


NO_TLS = "–"
"""This program has no TLS, or is not run with it here."""
OUTCOMES = {
    "echoscu: C-ECHO": ["accepted"] * 2,
    "findscu: C-FIND": ["found"] * 2,
    "pynetdicom: C-FIND": ["found"] * 2,
    "pynetdicom: C-GET": ["the very bytes"] * 2,
    "pynetdicom: C-MOVE to storescp": ["the very bytes"] * 2,
    "getscu: C-GET": ["the very bytes", NO_TLS],
    "movescu: C-MOVE to storescp": ["the very bytes", NO_TLS],
    "movescu: C-MOVE to dcmqrscp": ["every image", NO_TLS],
    "movescu: C-MOVE to Orthanc": ["every image", NO_TLS],
    "Orthanc: query, then C-MOVE to itself": ["every image", NO_TLS],
    "pynetdicom without a certificate": ["accepted", "no connection"],
}
"""What the standard asks for, plain and with mutual TLS."""


@pytest.mark.timeout(600)
def test_peers_ask_the_hub(world: HubWorld, ct: list[Path], tmp_path: Path, credentials: Credentials) -> None:
    assert {str(dcmread(one, stop_before_pixels=True).file_meta.TransferSyntaxUID) for one in ct} == {
        KEPT_SYNTAX
    }
    register(world, "ASKER", sees=("a",))
    ports = {name: free_port() for name in ("STORESCP", "QRSCP", "ORTHANC")}
    for name, at in ports.items():
        register(world, name, port=at, sees=("a",))
    ports["TLSSCP"] = free_port()
    register(world, "TLSSCP", port=ports["TLSSCP"], sees=("a",), uses_tls=True)
    found: dict[str, list[str]] = {}
    for tls in (None, credentials):
        settings = (
            {}
            if tls is None
            else {
                "certificate": str(tls.certificate),
                "key": str(tls.key),
                "callers_ca": str(tls.authority),
            }
        )
        with serve_port(world, **settings) as port:
            place = tmp_path / ("tls" if tls else "plain")
            for what, said in asked(port, ct, place, ports, tls).items():
                found.setdefault(what, []).append(said)
    assert found == OUTCOMES
    rows = [[what, *said] for what, said in found.items()]
    page_says("peers", table(("peer and what it does", "plain", "mutual TLS"), rows))


def asked(
    port: int, ct: list[Path], place: Path, ports: dict[str, int], tls: Credentials | None
) -> dict[str, str]:
    place.mkdir()
    options = tls.options() if tls else []
    who = [*options, "-aet", "ASKER", "-aec", AE_TITLE]
    at = ["127.0.0.1", str(port)]
    study = str(dcmread(ct[0], stop_before_pixels=True).StudyInstanceUID)
    keys = ["-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={study}"]
    found = {"echoscu: C-ECHO": "accepted" if not run("echoscu", *who, *at) else "refused"}
    name = str(dcmread(ct[0], stop_before_pixels=True).PatientName)
    said = run("findscu", "-S", *who, *keys, "-k", "PatientName", *at)
    found["findscu: C-FIND"] = "found" if name in said else "nothing"
    line = Line(port, tls)
    found["pynetdicom: C-FIND"] = "found" if name in line.found_names(study) else "nothing"
    found["pynetdicom: C-GET"] = came(line.get(study, place / "pget"), ct)
    scp = "TLSSCP" if tls else "STORESCP"
    (place / "pmove").mkdir()
    command = ["storescp", *options, "+B", "-od", str(place / "pmove"), str(ports[scp])]
    with listening(command, ports[scp]):
        line.move(study, scp)
    found["pynetdicom: C-MOVE to storescp"] = came(place / "pmove", ct)
    if tls is None:
        found |= asked_without_tls(port, ct, place, ports, study)
    else:
        found |= {what: said[1] for what, said in OUTCOMES.items() if said[1] == NO_TLS}
    entity = AE(ae_title="ASKER")
    entity.acse_timeout = 10
    entity.add_requested_context("1.2.840.10008.1.1")
    line = entity.associate("127.0.0.1", port, ae_title=AE_TITLE)
    found["pynetdicom without a certificate"] = "accepted" if line.is_established else "no connection"
    if line.is_established:
        line.release()
    return found


class Line:
    """pynetdicom as a station."""

    def __init__(self, port: int, tls: Credentials | None) -> None:
        self._port = port
        self._tls = (tls.context(), "127.0.0.1") if tls else None

    def _associate(self, model: str, **more: Any) -> Association:
        entity = AE(ae_title="ASKER")
        entity.add_requested_context(model)
        if more:
            entity.add_requested_context(CTImageStorage, KEPT_SYNTAX)
        line = entity.associate("127.0.0.1", self._port, ae_title=AE_TITLE, tls_args=self._tls, **more)
        assert line.is_established
        return line

    def found_names(self, study: str) -> str:
        line = self._associate(StudyRootQueryRetrieveInformationModelFind)
        wanted = of_study(study)
        wanted.PatientName = ""
        answers = list(line.send_c_find(wanted, StudyRootQueryRetrieveInformationModelFind))
        line.release()
        return " ".join(str(one.PatientName) for _, one in answers if one is not None)

    def get(self, study: str, folder: Path) -> Path:
        folder.mkdir()

        def keep(event: evt.Event) -> int:
            content = event.encoded_dataset()
            (folder / f"{len(list(folder.iterdir()))}.dcm").write_bytes(content)
            return 0

        line = self._associate(
            StudyRootQueryRetrieveInformationModelGet,
            ext_neg=[build_role(CTImageStorage, scp_role=True)],
            evt_handlers=[(evt.EVT_C_STORE, keep)],
        )
        list(line.send_c_get(of_study(study), StudyRootQueryRetrieveInformationModelGet))
        line.release()
        return folder

    def move(self, study: str, to: str) -> None:
        line = self._associate(StudyRootQueryRetrieveInformationModelMove)
        list(line.send_c_move(of_study(study), to, StudyRootQueryRetrieveInformationModelMove))
        line.release()


def of_study(study: str) -> Dataset:
    wanted = Dataset()
    wanted.QueryRetrieveLevel, wanted.StudyInstanceUID = "STUDY", study
    return wanted


def asked_without_tls(
    port: int, ct: list[Path], place: Path, ports: dict[str, int], study: str
) -> dict[str, str]:
    who, at = ["-aet", "ASKER", "-aec", AE_TITLE], ["127.0.0.1", str(port)]
    keys = ["-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={study}"]
    found = {}
    (place / "get").mkdir()
    run("getscu", "-S", "+B", *who, "-od", str(place / "get"), *keys, *at)
    found["getscu: C-GET"] = came(place / "get", ct)
    (place / "scp").mkdir()
    scp = ["storescp", "+B", "-od", str(place / "scp"), str(ports["STORESCP"])]
    with listening(scp, ports["STORESCP"]):
        run("movescu", "-S", *who, "-aem", "STORESCP", *keys, *at)
    found["movescu: C-MOVE to storescp"] = came(place / "scp", ct)
    found["movescu: C-MOVE to dcmqrscp"] = to_dcmqrscp(ports["QRSCP"], place, ct, [*who], keys, at)
    with run_dicom_orthanc(
        place / "orthanc", port=ports["ORTHANC"], peers={"hub": (AE_TITLE, port)}
    ) as orthanc:

        def held() -> set[str]:
            rows = orthanc.get("/instances?expand").json()
            return {one["MainDicomTags"]["SOPInstanceUID"] for one in rows}

        run("movescu", "-S", *who, "-aem", "ORTHANC", *keys, *at)
        found["movescu: C-MOVE to Orthanc"] = same_images(held(), ct)
        for study_id in orthanc.get("/studies").json():
            orthanc.delete(f"/studies/{study_id}").raise_for_status()
        query = {"Level": "Study", "Query": {"StudyInstanceUID": study}}
        made = orthanc.post("/modalities/hub/query", json=query).json()
        orthanc.post(f"{made['Path']}/retrieve", content="ORTHANC").raise_for_status()
        found["Orthanc: query, then C-MOVE to itself"] = same_images(held(), ct)
    return found


def to_dcmqrscp(
    port: int, place: Path, ct: list[Path], who: list[str], keys: list[str], at: list[str]
) -> str:
    store = place / "qrscp"
    store.mkdir()
    config = place / "dcmqrscp.cfg"
    config.write_text(
        f"NetworkTCPPort = {port}\nMaxPDUSize = 16384\nMaxAssociations = 4\n"
        f"HostTable BEGIN\nHostTable END\nVendorTable BEGIN\nVendorTable END\n"
        f"AETable BEGIN\nQRSCP {store} RW (9, 1024mb) ANY\nAETable END\n"
    )
    with ExitStack() as stack:
        stack.enter_context(listening(["dcmqrscp", "-c", str(config)], port))
        run("movescu", "-S", *who, "-aem", "QRSCP", *keys, *at)
    kept = [path for path in store.iterdir() if path.name != "index.dat"]
    return same_images({str(dcmread(path, stop_before_pixels=True).SOPInstanceUID) for path in kept}, ct)
