"""DCMTK and pynetdicom as stations: they find and fetch what they may see, and nothing else."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydicom import dcmread
from pydicom.dataset import Dataset
from pynetdicom import AE, build_role, evt
from pynetdicom.sop_class import (
    CTImageStorage,
    PatientRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
)

from teleneedle.adapters.link.part10 import split_part10
from teleneedle.apps.testing.dicom_port import AE_TITLE, keep_files, register, serve_port
from teleneedle.apps.testing.hub_world import HubWorld, make_world

HTJ2K, JPEG_LS = "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.80"


def run(*command: str, ok: bool = True) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (done.returncode == 0) == ok, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Iterator[HubWorld]:
    folder = tmp_path_factory.mktemp("port")
    made = make_world(folder / "hub")
    with TestClient(made.app):
        yield made


@pytest.fixture(scope="module")
def ct(world: HubWorld, real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Five slices of the real CT, in a case of hospital a."""
    files = sorted((real_data / "ircad17" / "PATIENT_DICOM").iterdir())[:5]
    keep_files(world, str(world.refer("a")["id"]), files, tmp_path_factory.mktemp("ct"))
    return files


@pytest.fixture(scope="module")
def packed(world: HubWorld, real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A JPEG-LS image in a case of hospital b."""
    file = real_data / "edge-dicom" / "wg04" / "CT1_JLSL"
    keep_files(world, str(world.refer("b", id="P2")["id"]), [file], tmp_path_factory.mktemp("jls"))
    return file


@pytest.fixture(scope="module")
def port(world: HubWorld, ct: list[Path], packed: Path) -> Iterator[int]:
    register(world, "SEES_A", sees=("a",))
    register(world, "SEES_ALL", sees=None)
    register(world, "SEES_NONE")
    register(world, "ELSEWHERE", sees=None, host="192.0.2.7")
    with serve_port(world) as found:
        yield found


def found_by(port: int, aet: str, *keys: str, model: str = "-S") -> str:
    options = [word for key in keys for word in ("-k", key)]
    return run("findscu", model, "-aet", aet, "-aec", AE_TITLE, *options, "127.0.0.1", str(port))


def test_echo_by_registered_stations_only(port: int, world: HubWorld) -> None:
    run("echoscu", "-aet", "SEES_A", "-aec", AE_TITLE, "127.0.0.1", str(port))
    for aet, aec in (("NOBODY", AE_TITLE), ("SEES_A", "OTHER"), ("ELSEWHERE", AE_TITLE)):
        said = run("echoscu", "-aet", aet, "-aec", aec, "127.0.0.1", str(port), ok=False)
        assert "Rejected" in said
        last = world.hub.audit.page(limit=1)[0]
        assert (last.person_name, last.outcome) == (f"AE {aet}", "refused")
    assert world.hub.audit.verify().ok


def test_each_level_finds_what_is_there(port: int, ct: list[Path]) -> None:
    first = dcmread(ct[0], stop_before_pixels=True)
    study, series = str(first.StudyInstanceUID), str(first.SeriesInstanceUID)
    said = found_by(port, "SEES_A", "QueryRetrieveLevel=STUDY", "StudyInstanceUID", "PatientName")
    assert said.count(study) == 1
    assert str(first.PatientName) in said
    level = "QueryRetrieveLevel=SERIES"
    said = found_by(port, "SEES_A", level, f"StudyInstanceUID={study}", "SeriesInstanceUID", "Modality=CT")
    assert said.count(series) == 1
    assert series not in found_by(port, "SEES_A", level, f"StudyInstanceUID={study}", "Modality=MR")
    said = found_by(
        port, "SEES_A", "QueryRetrieveLevel=IMAGE", f"SeriesInstanceUID={series}", "SOPInstanceUID"
    )
    assert [str(dcmread(f, stop_before_pixels=True).SOPInstanceUID) in said for f in ct] == [True] * 5
    said = found_by(port, "SEES_A", "QueryRetrieveLevel=PATIENT", "PatientID", "PatientName", model="-P")
    assert str(first.PatientName) in said


def test_nobody_finds_what_they_may_not_see(port: int, ct: list[Path], packed: Path) -> None:
    keys = ("QueryRetrieveLevel=STUDY", "StudyInstanceUID")
    theirs, others = (str(dcmread(f, stop_before_pixels=True).StudyInstanceUID) for f in (ct[0], packed))
    said = {aet: found_by(port, aet, *keys) for aet in ("SEES_A", "SEES_ALL", "SEES_NONE")}
    assert [theirs in one for one in said.values()] == [True, True, False]
    assert [others in one for one in said.values()] == [False, True, False]


def dataset_of(path: Path) -> bytes:
    return bytes(split_part10(path.read_bytes())[1])


def test_get_gives_the_very_bytes(port: int, ct: list[Path], tmp_path: Path, world: HubWorld) -> None:
    study = str(dcmread(ct[0], stop_before_pixels=True).StudyInstanceUID)
    keys = ("-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={study}")
    at = ("127.0.0.1", str(port))
    run("getscu", "-S", "+B", "-aet", "SEES_A", "-aec", AE_TITLE, "-od", str(tmp_path), *keys, *at)
    got = {dataset_of(path) for path in tmp_path.iterdir()}
    assert got == {dataset_of(path) for path in ct}
    record = world.hub.audit.page(limit=1)[0]
    assert record.action == "C-GET"
    assert record.object.startswith("case/")


def test_get_gives_nothing_that_one_may_not_see(port: int, packed: Path, tmp_path: Path) -> None:
    study = str(dcmread(packed, stop_before_pixels=True).StudyInstanceUID)
    keys = ("-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={study}")
    run(
        "getscu",
        "-S",
        "-aet",
        "SEES_A",
        "-aec",
        AE_TITLE,
        "-od",
        str(tmp_path),
        *keys,
        "127.0.0.1",
        str(port),
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("syntax", [JPEG_LS, HTJ2K, "1.2.840.10008.1.2.1", "1.2.840.10008.1.2"])
def test_a_compressed_image_goes_as_it_is_or_plainly(port: int, packed: Path, syntax: str) -> None:
    """Uncompressed pixels are compared with the uncompressed original of the same corpus image."""
    taken: list[tuple[str, Dataset, bytes]] = []

    def keep(event: evt.Event) -> int:
        got = event.dataset
        got.file_meta = event.file_meta
        taken.append((str(event.context.transfer_syntax), got, event.request.DataSet.getvalue()))
        return 0

    entity = AE(ae_title="SEES_ALL")
    entity.add_requested_context(StudyRootQueryRetrieveInformationModelGet)
    entity.add_requested_context(CTImageStorage, syntax)
    role = build_role(CTImageStorage, scp_role=True)
    line = entity.associate(
        "127.0.0.1", port, ae_title=AE_TITLE, ext_neg=[role], evt_handlers=[(evt.EVT_C_STORE, keep)]
    )
    assert line.is_established
    truth = dcmread(packed)
    asked = Dataset()
    asked.QueryRetrieveLevel, asked.StudyInstanceUID = "STUDY", truth.StudyInstanceUID
    answers = list(line.send_c_get(asked, StudyRootQueryRetrieveInformationModelGet))
    line.release()
    if syntax == HTJ2K:
        assert answers[-1][0].Status == 0xA702
        assert answers[-1][1].FailedSOPInstanceUIDList == truth.SOPInstanceUID
        assert taken == []
        return
    assert [status.Status for status, _ in answers][-1] == 0
    assert [one[0] for one in taken] == [syntax]
    if syntax == JPEG_LS:
        assert taken[0][2] == dataset_of(packed)
    else:
        import imagecodecs
        import numpy as np
        from pydicom.encaps import generate_frames

        values = imagecodecs.jpegls_decode(next(generate_frames(truth.PixelData, number_of_frames=1)))
        assert np.array_equal(np.frombuffer(taken[0][1].PixelData, values.dtype), values.ravel())


def test_a_query_without_a_level_is_refused_and_the_association_goes_on(port: int) -> None:
    entity = AE(ae_title="SEES_A")
    entity.add_requested_context(StudyRootQueryRetrieveInformationModelFind)
    entity.add_requested_context(PatientRootQueryRetrieveInformationModelFind)
    line = entity.associate("127.0.0.1", port, ae_title=AE_TITLE)
    for level in ("", "PATIENT", "WORKLIST"):
        asked = Dataset()
        asked.QueryRetrieveLevel = level
        answers = list(line.send_c_find(asked, StudyRootQueryRetrieveInformationModelFind))
        assert [one.Status for one, _ in answers] == [0xA900]
    asked.QueryRetrieveLevel = "PATIENT"
    answers = list(line.send_c_find(asked, PatientRootQueryRetrieveInformationModelFind))
    assert answers[-1][0].Status == 0
    line.release()


def test_storing_here_is_not_offered(port: int, ct: list[Path]) -> None:
    said = run("storescu", "-aet", "SEES_A", "-aec", AE_TITLE, "127.0.0.1", str(port), str(ct[0]), ok=False)
    assert "No Acceptable Presentation Contexts" in said
