"""Senders store at the gateway: DCMTK, pynetdicom, every odd file, duplicates, conflicts, commitment."""

from __future__ import annotations

import contextlib
import hashlib
import io
import random
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom import AE, evt
from pynetdicom.sop_class import StorageCommitmentPushModel, StorageCommitmentPushModelInstance

from teleneedle.adapters.link.dataset_layout import lay_out
from teleneedle.apps.testing.intake_process import AET, IntakeProcess, run_intake_process
from teleneedle.apps.testing.small_disk import small_disk
from teleneedle.testing.dicom_caller import ACCEPT, RELEASE_ANSWER, DicomCaller
from teleneedle.testing.encoded_ct import EXPLICIT_LITTLE, encoded_ct

WAIT_S = 120
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


@pytest.fixture
def intake(tmp_path: Path) -> Iterator[IntakeProcess]:
    with run_intake_process(tmp_path / "edge") as running:
        yield running


def storescu(intake: IntakeProcess, *arguments: str, aet: str = "CT1") -> str:
    command = ["storescu", "-v", "-aet", aet, "-aec", AET, *arguments[:-1], "127.0.0.1", str(intake.port)]
    done = subprocess.run(
        [*command, arguments[-1]],
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        errors="replace",
        check=False,
    )
    return done.stdout + done.stderr


def part10(dataset: bytes, folder: Path, name: str = "one.dcm") -> Path:
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    parsed = pydicom.dcmread(io.BytesIO(dataset), force=True)
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = parsed.SOPClassUID, parsed.SOPInstanceUID
    out = pydicom.filebase.DicomBytesIO()
    out.is_little_endian, out.is_implicit_VR = True, False
    pydicom.filewriter.write_file_meta_info(out, meta)
    path = folder / name
    path.write_bytes(bytes(128) + b"DICM" + out.getvalue() + dataset)
    return path


def sent_dataset(path: Path) -> tuple[str, bytes, str, str]:
    """Transfer syntax, dataset, SOP class and SOP instance of a file; the names by pydicom."""
    raw = path.read_bytes()
    stream = io.BytesIO(raw)
    stream.seek(132)
    meta = pydicom.filereader._read_file_meta_info(stream)
    names: Dataset = meta
    with contextlib.suppress(OSError):  # a file that is cut off
        names = pydicom.dcmread(path, stop_before_pixels=True)
    sop_class = str(names.get("SOPClassUID") or meta.get("MediaStorageSOPClassUID", ""))
    sop_uid = str(names.get("SOPInstanceUID") or meta.get("MediaStorageSOPInstanceUID", ""))
    return str(meta.TransferSyntaxUID), raw[stream.tell() :], sop_class, sop_uid


def store_all(intake: IntakeProcess, datasets: list[bytes]) -> list[int]:
    """Statuses of images that `encoded_ct` made, sent in one association."""
    with DicomCaller(intake.port) as caller:
        assert caller.associate()[0] == ACCEPT
        statuses = [caller.store(one, uid=lay_out(one, EXPLICIT_LITTLE).facts.sop_uid) for one in datasets]
        assert caller.release() == RELEASE_ANSWER
    return statuses


def store_one(intake: IntakeProcess, sop_class: str, sop_uid: str, syntax: str, dataset: bytes) -> int:
    """Status of a dataset sent exactly as it is encoded; NO_CONTEXT when its syntax is not accepted."""
    with DicomCaller(intake.port) as caller:
        kind, answer = caller.associate(sop_class, [syntax])
        assert kind == ACCEPT
        if syntax.encode() not in answer or b"\x21\0" not in answer or accepted(answer) != 0:
            return NO_CONTEXT
        return caller.store(dataset, uid=sop_uid, sop_class=sop_class)


def accepted(answer: bytes) -> int:
    """Result of the first presentation context in an A-ASSOCIATE-AC."""
    return answer[answer.index(b"1.2.840.10008.3.1.1.1") + 21 + 4 + 2]


def test_echo_by_both_peers(intake: IntakeProcess) -> None:
    subprocess.run(["echoscu", "-aec", AET, "127.0.0.1", str(intake.port)], check=True, timeout=WAIT_S)
    entity = AE()
    entity.add_requested_context("1.2.840.10008.1.1")
    association = entity.associate("127.0.0.1", intake.port, ae_title=AET)
    assert association.send_c_echo().Status == 0
    association.release()


def test_every_odd_file_arrives_bit_for_bit_or_is_refused(real_data: Path, intake: IntakeProcess) -> None:
    """Sent in exactly the syntax and the encoding of the file, so that the truth is the file's own bytes."""
    expected: dict[str, bytes] = {}
    refused: dict[str, int] = {}
    for path in sorted((real_data / "edge-dicom").rglob("*")):
        raw = path.read_bytes() if path.is_file() else b""
        if raw[128:132] != b"DICM":
            continue
        syntax, dataset, sop_class, sop_uid = sent_dataset(path)
        status = store_one(intake, sop_class, sop_uid, syntax, dataset)
        if status == 0:
            expected[sop_uid] = dataset
        else:
            refused[path.name] = status
    found = {one.facts.sop_uid: bytes(intake.spool.open(one.key).dataset) for one in intake.spool.entries()}
    assert found == expected
    assert len(expected) > 40
    assert refused == REFUSED
    assert intake.is_alive()


NO_CONTEXT = -1
SAME_UID, DAMAGED, HOSTILE = 0x0111, 0xC000, 0xC001
REFUSED = {
    "CT1_RLE": SAME_UID,
    "DICOMDIR": NO_CONTEXT,
    "FreezePattern.dcm": DAMAGED,
    "GH177_D_CLUNIE_CT1_IVRLE_BigEndian_ELE_undefinded_length.dcm": SAME_UID,
    "GH177_D_CLUNIE_CT1_IVRLE_BigEndian_undefined_length.dcm": DAMAGED,
    "GH220.dcm": NO_CONTEXT,
    "GH223.dcm": DAMAGED,
    "GH227.dcm": NO_CONTEXT,
    "GH355.dcm": NO_CONTEXT,
    "GH487.dcm": DAMAGED,
    "Issue1097_FailToOpenDeflatedFileWithSQ.dcm": NO_CONTEXT,
    "bad_sequence.dcm": HOSTILE,
    "chrSQEncoding.dcm": DAMAGED,
    "chrSQEncoding1.dcm": DAMAGED,
    "chrX2.dcm": SAME_UID,
    "emri_small_jpeg_2k_lossless_too_short.dcm": DAMAGED,
    "non_existent_reference_rt.dcm": SAME_UID,
}
"""Deflated syntaxes are never taken over the network; a directory and a manufacturer's own classes are not on
the list; of files that share a UID the first is kept and the others go to quarantine; damaged ones lack a UID
or an end.
"""


def test_dcmtk_stores_every_syntax_it_can_write(real_data: Path, intake: IntakeProcess) -> None:
    options = {
        "wg04/CT1_JPLL": "-xs",
        "wg04/CT1_JLSL": "-xt",
        "wg04/CT1_J2KR": "-xv",
        "wg04/CT1_J2KI": "-xw",
        "wg04/CT1_RLE": "-xr",
        "pydicom-data/emri_small_big_endian.dcm": "-xb",
        "rt-utils/ct_1.dcm": "-xi",
        "rt-utils/ct_2.dcm": "-xe",
    }
    for name, option in options.items():
        said = storescu(intake, option, "-R", str(real_data / "edge-dicom" / name))
        assert "Received Store Response (Success)" in said, (name, said)
    for entry in intake.spool.entries():
        path = next(
            real_data / "edge-dicom" / name
            for name in options
            if pydicom.dcmread(real_data / "edge-dicom" / name, stop_before_pixels=True).SOPInstanceUID
            == entry.facts.sop_uid
        )
        meta = FileMetaDataset()
        meta.TransferSyntaxUID = entry.layout.transfer_syntax
        content = io.BytesIO(intake.spool.open(entry.key).dataset)
        implicit = entry.layout.transfer_syntax == ImplicitVRLittleEndian
        big = entry.layout.transfer_syntax == "1.2.840.10008.1.2.2"
        arrived = pydicom.filereader.read_dataset(content, implicit, not big)
        wanted = pydicom.dcmread(path)
        if entry.layout.transfer_syntax == wanted.file_meta.TransferSyntaxUID:
            assert arrived.PixelData == wanted.PixelData
        assert arrived.PatientName == wanted.PatientName
        assert entry.arrival.calling_aet == "CT1"


def test_the_same_again_is_a_success_and_another_content_a_duplicate(
    tmp_path: Path, intake: IntakeProcess
) -> None:
    one, other = encoded_ct(1, pixels=b"\1\2" * 8), encoded_ct(1, pixels=b"\3\4" * 8)
    first = storescu(intake, "-xe", str(part10(one, tmp_path, "a.dcm")))
    again = storescu(intake, "-xe", str(part10(one, tmp_path, "a.dcm")))
    third = storescu(intake, "-xe", str(part10(other, tmp_path, "b.dcm")))
    assert "(Success)" in first
    assert "(Success)" in again
    assert "(Success)" not in third
    assert intake.events("instance-refused")[-1]["status"] == "0111"
    (entry,) = intake.spool.entries()
    assert entry.dataset_sha256 == hashlib.sha256(one).hexdigest()
    (aside,) = intake.spool.quarantined()
    assert aside.dataset_sha256 == hashlib.sha256(other).hexdigest()


def test_other_names_than_announced_do_not_match(intake: IntakeProcess) -> None:
    assert store_one(intake, CTImageStorage, "1.2.9.9", EXPLICIT_LITTLE, encoded_ct(1)) == 0xA900
    assert list(intake.spool.entries()) == []


def test_a_full_disk_answers_out_of_resources_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    with (
        small_disk(tmp_path / "disk", size_mb=6) as disk,
        run_intake_process(disk.folder / "edge") as intake,
    ):
        datasets = [encoded_ct(n, pixels=bytes(100_000)) for n in range(80)]
        statuses = store_all(intake, datasets)
        kept = statuses.count(0)
        assert set(statuses) == {0, 0xA700}
        assert kept > 20
        entries = list(intake.spool.entries())
        assert len(entries) == kept
        for entry in entries[:3]:
            intake.spool.drop(entry.key)
        assert store_all(intake, datasets[-1:]) == [0]


def test_a_full_quota_answers_out_of_resources(tmp_path: Path) -> None:
    with run_intake_process(tmp_path / "edge", spool={"quota_bytes": 50_000}) as intake:
        statuses = store_all(intake, [encoded_ct(n, pixels=bytes(20_000)) for n in range(4)])
        assert statuses == [0, 0, 0xA700, 0xA700]


def test_an_instance_larger_than_allowed_is_refused_and_the_next_is_taken(tmp_path: Path) -> None:
    with run_intake_process(tmp_path / "edge", limits={"instance_bytes": 1 << 20}) as intake:
        datasets = [encoded_ct(1, pixels=bytes(4 << 20), columns=9), encoded_ct(2, pixels=bytes(1000))]
        assert store_all(intake, datasets) == [0xA700, 0]


def test_phase_follows_from_the_calling_title(tmp_path: Path) -> None:
    rules = {"callers": {"CTROOM": "intra", "PACS": "pre"}, "takes_any_caller": False}
    with run_intake_process(tmp_path / "edge", rules=rules) as intake:
        for number, aet in ((1, "CTROOM"), (2, "PACS")):
            storescu(intake, "-xe", str(part10(encoded_ct(number), tmp_path)), aet=aet)
        found = {one.arrival.calling_aet: one.arrival.phase for one in intake.spool.entries()}
        assert found == {"CTROOM": "intra", "PACS": "pre"}


def commit(intake: IntakeProcess, instances: list[str], heard: list[Dataset], released: bool = False) -> None:
    """Ask for commitment; pynetdicom's own thread may take an answer from who asked: then once more."""
    for _ in range(3):
        reports: list[Dataset] = []
        if asked_and_answered(intake, instances, reports, released):
            heard += reports
            return
    pytest.fail("no answer to the request for commitment")


def asked_and_answered(
    intake: IntakeProcess, instances: list[str], reports: list[Dataset], released: bool
) -> bool:
    def on_report(event: evt.Event) -> int:
        report = event.event_information
        report.EventType = event.event_type
        reports.append(report)
        taken.set()
        return 0

    taken = threading.Event()
    entity = AE(ae_title="MODALITY")
    entity.add_requested_context(StorageCommitmentPushModel)
    entity.add_supported_context(StorageCommitmentPushModel, scu_role=False, scp_role=True)
    association = entity.associate(
        "127.0.0.1", intake.port, ae_title=AET, evt_handlers=[(evt.EVT_N_EVENT_REPORT, on_report)]
    )
    request = Dataset()
    request.TransactionUID = "1.2.99"
    request.ReferencedSOPSequence = []
    for uid in instances:
        item = Dataset()
        item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = CTImageStorage, uid
        request.ReferencedSOPSequence.append(item)
    status, _ = association.send_n_action(
        request, 1, StorageCommitmentPushModel, StorageCommitmentPushModelInstance
    )
    if "Status" not in status:
        association.abort()
        return False
    assert status.Status == 0
    if not released:
        assert taken.wait(WAIT_S)
    association.release()
    return True


def uids(sequence: list[Dataset]) -> list[str]:
    return [str(one.ReferencedSOPInstanceUID) for one in sequence]


def test_commitment_on_the_same_association(intake: IntakeProcess) -> None:
    sent = encoded_ct(1)
    assert store_one(intake, CTImageStorage, "1.2.1.1", EXPLICIT_LITTLE, sent) == 0
    heard: list[Dataset] = []
    commit(intake, ["1.2.1.1"], heard)
    assert heard[0].EventType == 1
    assert uids(heard[0].ReferencedSOPSequence) == ["1.2.1.1"]
    assert heard[0].TransactionUID == "1.2.99"
    (entry,) = intake.spool.entries()
    intake.spool.save_receipt("1.2.1", {"instances": [["1.2.1.1", entry.dataset_sha256]]})
    intake.spool.drop(entry.key)
    commit(intake, ["1.2.1.1", "1.2.1.2"], heard)
    assert heard[1].EventType == 2
    assert uids(heard[1].ReferencedSOPSequence) == ["1.2.1.1"]
    assert uids(heard[1].FailedSOPSequence) == ["1.2.1.2"]
    assert heard[1].FailedSOPSequence[0].FailureReason == 0x0112


def test_commitment_on_a_new_association(tmp_path: Path) -> None:
    heard: list[Dataset] = []
    taken = threading.Event()

    def on_report(event: evt.Event) -> int:
        heard.append(event.event_information)
        taken.set()
        return 0

    entity = AE(ae_title="MODALITY")
    entity.add_supported_context(StorageCommitmentPushModel, scu_role=True, scp_role=True)
    server = entity.start_server(
        ("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_N_EVENT_REPORT, on_report)]
    )
    peers = {"MODALITY": ["127.0.0.1", server.server_address[1]]}
    try:
        with run_intake_process(tmp_path / "edge", rules={"commitment_peers": peers}) as intake:
            assert store_one(intake, CTImageStorage, "1.2.1.1", EXPLICIT_LITTLE, encoded_ct(1)) == 0
            commit(intake, ["1.2.1.1"], [], released=True)
            assert taken.wait(WAIT_S)
    finally:
        server.shutdown()
    assert uids(heard[0].ReferencedSOPSequence) == ["1.2.1.1"]


def test_what_is_deidentified_is_committed_under_its_own_uid(tmp_path: Path) -> None:
    with run_intake_process(tmp_path / "edge", pseudonyms=tmp_path / "edge" / "pseudonyms") as intake:
        assert store_all(intake, [encoded_ct(1, patient="Secret^Name"), encoded_ct(2)]) == [0, 0]
        report = encoded_ct(3).replace(b"1.2.840.10008.5.1.4.1.1.2\0", b"1.2.840.10008.5.1.4.1.1.7\0")
        assert store_one(intake, SECONDARY_CAPTURE, "1.2.1.3", EXPLICIT_LITTLE, report) == 0xC000
        kept = b"".join(p.read_bytes() for p in (tmp_path / "edge" / "spool").rglob("*.tnsp"))
        assert b"Secret" not in kept
        assert b"1.2.1.1" not in kept
        heard: list[Dataset] = []
        commit(intake, ["1.2.1.1", "1.2.1.2"], heard)
        assert heard[0].EventType == 1
        assert uids(heard[0].ReferencedSOPSequence) == ["1.2.1.1", "1.2.1.2"]


def test_an_intake_killed_amid_a_series_has_all_it_acknowledged(tmp_path: Path) -> None:
    chance = random.Random(7)
    acknowledged: set[int] = set()
    pixels = bytes(range(200)) * 500
    number = 0
    for _ in range(8):
        with run_intake_process(tmp_path / "edge") as intake, DicomCaller(intake.port) as caller:
            assert caller.associate()[0] == ACCEPT
            killer = threading.Timer(chance.uniform(0.0, 0.02), intake.kill)
            starts_after = len(acknowledged) + chance.randrange(3, 12)
            while True:  # until the process is gone, wherever it was
                number += 1
                try:
                    status = caller.store(encoded_ct(number, pixels=pixels), uid=f"1.2.1.{number}")
                except OSError:
                    break
                if status != 0:
                    break
                acknowledged.add(number)
                if len(acknowledged) == starts_after:
                    killer.start()
            killer.join()
    spool = intake.spool
    found = {int(one.facts.sop_uid.rpartition(".")[2]): one.key for one in spool.entries()}
    assert acknowledged <= set(found)
    assert len(acknowledged) > 20
    for one, key in found.items():
        assert spool.open(key).dataset == encoded_ct(one, pixels=pixels)
    assert list(spool.quarantine_folder.iterdir()) == []
