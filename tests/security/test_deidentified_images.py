"""No canary leaves the hospital: names put wherever a header has room for text are not in what is kept."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pydicom
import pytest
from pydicom.datadict import DicomDictionary
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.filewriter import write_dataset
from pydicom.sequence import Sequence
from pydicom.uid import CTImageStorage

from teleneedle.adapters.link.dataset_layout import EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE, lay_out
from teleneedle.adapters.link.deidentify import Deidentifier
from teleneedle.adapters.link.deidentify_rules import SEQUENCES, WORDS
from teleneedle.adapters.link.pseudonyms import Pseudonyms
from teleneedle.adapters.link.spool import Conflict, Duplicate, Kept, Spool
from teleneedle.adapters.link.spool_file import Arrival, Instance
from teleneedle.core.errors import InputError

CANARY = "CANARY"
PLACE_OF_CANARY = "1928374650"
"""A number that pydicom writes where it would not write a word."""
JPEG = "1.2.840.10008.1.2.4.70"
TEXTS = {"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT", "AS", "DA", "DS", "DT", "IS", "TM", "UI"}
BINARY = {"OB", "OW", "UN", "OB or OW", "OD", "OF", "OL", "OV"}
NOW = datetime(2026, 11, 25, tzinfo=UTC)
KEPT_AS_THEY_ARE = {
    "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "SamplesPerPixel",
    "PhotometricInterpretation", "PixelSpacing", "ImagePositionPatient", "ImageOrientationPatient",
    "RescaleSlope", "RescaleIntercept", "SliceThickness", "KVP", "InstanceNumber", "SOPClassUID", "Modality",
    "ImageType",
}  # fmt: skip


def honest() -> Dataset:
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = CTImageStorage, "1.2.3.4"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "1.2.3", "1.2.3.5"
    dataset.FrameOfReferenceUID = "1.2.3.6"
    dataset.Modality, dataset.ImageType = "CT", ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.PatientName, dataset.PatientID = f"{CANARY}^Name", f"{CANARY}7"
    dataset.StudyDate, dataset.StudyTime = "20260131", "101112.5"
    dataset.ImagePositionPatient = [1, 2, 3]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.PixelSpacing, dataset.SliceThickness, dataset.KVP = [0.7, 0.8], 2, 120
    dataset.RescaleSlope, dataset.RescaleIntercept, dataset.InstanceNumber = 1, -1024, 3
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows, dataset.Columns = 2, 3
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelRepresentation = 1
    dataset.PixelData = bytes(range(12))
    dataset["PixelData"].VR = "OW"
    return dataset


def canaries(dataset: Dataset, depth: int, every: int = 1) -> None:
    """A canary in every element of the public dictionary that can hold one, in private ones, and deeper.

    Deeper ones are in a share of the elements, else the dataset would have millions.
    """
    for tag, (vr, _, _, _, keyword) in list(DicomDictionary.items())[::every]:
        if tag in dataset or not keyword or tag >> 16 <= 2 or tag >> 16 >= 0x7FE0:
            continue
        if vr in ("DS", "IS"):
            dataset.add_new(tag, vr, PLACE_OF_CANARY)
        elif vr in TEXTS:
            dataset.add_new(tag, vr, CANARY)
        elif vr in BINARY and keyword not in ("LUTData",):
            dataset.add_new(tag, vr.split(" or ")[0], CANARY.encode())
        elif vr == "SQ" and depth and (tag in SEQUENCES or tag % 31 == 0):
            inner = Dataset()
            canaries(inner, depth - 1, every=every * 23)
            dataset.add_new(tag, "SQ", Sequence([inner]))
    dataset.add_new(0x00090010, "LO", CANARY)
    for n, vr in enumerate(sorted(TEXTS | {"UN", "OB"})):
        value: object = CANARY.encode() if vr in ("UN", "OB") else CANARY
        dataset.add_new(0x00091000 + n, vr, PLACE_OF_CANARY if vr in ("DS", "IS") else value)
    private = Dataset()
    private.add_new(0x00091099, "LO", CANARY)
    dataset.add_new(0x00091098, "SQ", Sequence([private]))
    dataset.add_new(0x60003000, "OW", CANARY.encode())
    dataset.add_new(0x60004000, "LT", CANARY)


def encoded(dataset: Dataset, syntax: str) -> bytes:
    out = pydicom.filebase.DicomBytesIO()
    out.is_implicit_VR, out.is_little_endian = syntax == IMPLICIT_LITTLE, syntax != EXPLICIT_BIG
    write_dataset(out, dataset)
    return out.getvalue()


def parsed(dataset: bytes, syntax: str) -> Dataset:
    return pydicom.filereader.read_dataset(
        io.BytesIO(dataset), syntax == IMPLICIT_LITTLE, syntax != EXPLICIT_BIG
    )


@pytest.fixture
def deidentifier(tmp_path: Path) -> Deidentifier:
    spool = Spool(tmp_path / "edge", quota_bytes=1 << 30, reserve_bytes=0)
    return Deidentifier(Pseudonyms(tmp_path / "edge" / "pseudonyms"), spool.keep)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("syntax", [EXPLICIT_LITTLE, IMPLICIT_LITTLE, EXPLICIT_BIG, JPEG])
def test_no_canary_is_left_and_the_image_is_whole(deidentifier: Deidentifier, syntax: str) -> None:
    dataset = honest()
    with pydicom.config.disable_value_validation():
        canaries(dataset, 2)
        if syntax == JPEG:
            dataset.PixelData = encapsulate([b"\1\2\3\4"])
            dataset["PixelData"].VR = "OB"
            dataset["PixelData"].is_undefined_length = True
        dataset.add_new(0xFFFCFFFC, "OB", CANARY.encode())
        content = encoded(dataset, EXPLICIT_LITTLE if syntax == JPEG else syntax)
        content = content.replace(PLACE_OF_CANARY.encode(), f"{CANARY:0<10}".encode())
        assert content.count(CANARY.encode()) > 5000
        cleaned = deidentifier.without_patient(content, lay_out(content, syntax))
    assert CANARY.encode() not in cleaned
    assert CANARY.lower().encode() not in cleaned.lower()
    after = parsed(cleaned, syntax)
    before = honest()
    for keyword in KEPT_AS_THEY_ARE:
        assert after[keyword].value == before[keyword].value, keyword
    assert after.PixelData == (dataset.PixelData if syntax == JPEG else before.PixelData)
    assert after.PatientIdentityRemoved == "YES"
    assert str(after.PatientName) == after.PatientID == "TN" + after.PatientID[2:]
    assert after.PatientBirthDate == ""
    for keyword in ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"):
        assert after[keyword].value == deidentifier.uid(before[keyword].value)
        assert after[keyword].value.is_valid
    assert lay_out(cleaned, syntax).is_coded == (syntax in (EXPLICIT_LITTLE, IMPLICIT_LITTLE))


def test_no_word_that_is_kept_is_a_canary() -> None:
    assert not any(CANARY.encode() in word for word in WORDS)


def test_dates_move_together_and_the_same_for_one_patient(deidentifier: Deidentifier) -> None:
    def days(first: str, second: str, patient: str) -> tuple[date, date]:
        dataset = honest()
        dataset.PatientID, dataset.StudyDate, dataset.AcquisitionDate = patient, first, second
        content = encoded(dataset, EXPLICIT_LITTLE)
        cleaned = deidentifier.without_patient(content, lay_out(content, EXPLICIT_LITTLE))
        after = parsed(cleaned, EXPLICIT_LITTLE)
        return date.fromisoformat(after.StudyDate), date.fromisoformat(after.AcquisitionDate)

    a, b = days("20260131", "20260205", "A")
    c, _ = days("20260201", "20260201", "A")
    other, _ = days("20260131", "20260205", "B")
    assert (b - a).days == 5
    assert (c - a).days == 1
    assert other != a
    assert a < date(2026, 1, 31)


def test_a_pseudonym_is_the_same_for_ever_and_the_gateway_knows_whose(tmp_path: Path) -> None:
    folder = tmp_path / "pseudonyms"
    content = encoded(honest(), EXPLICIT_LITTLE)
    facts = lay_out(content, EXPLICIT_LITTLE).facts
    first = Pseudonyms(folder)
    one, uid = first.of(facts), first.uid("1.2.3")
    again = Pseudonyms(folder)
    assert (again.of(facts), again.uid("1.2.3")) == (one, uid)
    assert Pseudonyms(tmp_path / "elsewhere").of(facts).name != one.name
    (row,) = again.rows()
    assert row["pseudonym"] == one.name
    assert facts.to_json()["patient_id_b64"] == row["patient_id_b64"]
    assert all(p.stat().st_mode & 0o077 == 0 for p in folder.iterdir())
    assert CANARY not in one.name


def test_the_spool_sees_only_the_pseudonym(tmp_path: Path) -> None:
    spool = Spool(tmp_path, quota_bytes=1 << 30, reserve_bytes=0)
    deidentifier = Deidentifier(Pseudonyms(tmp_path / "pseudonyms"), spool.keep)

    def instance(**more: object) -> Instance:
        dataset = honest()
        for keyword, value in more.items():
            setattr(dataset, keyword, value)
        return Instance.of(encoded(dataset, EXPLICIT_LITTLE), EXPLICIT_LITTLE, Arrival(via="dimse"), NOW)

    assert isinstance(deidentifier.keep(instance()), Kept)
    assert isinstance(deidentifier.keep(instance()), Duplicate)
    assert isinstance(deidentifier.keep(instance(PixelData=bytes(12))), Conflict)
    kept = [p.read_bytes() for p in tmp_path.rglob("*.tnsp")]
    assert len(kept) == 2
    assert not any(CANARY.encode() in one for one in kept)
    assert not any(b"1.2.3" in one for one in kept)


@pytest.mark.parametrize("end", ["7", "6.1", "88.11", "104.1", "481.3", "66.4"])
def test_objects_with_names_elsewhere_are_not_taken(deidentifier: Deidentifier, end: str) -> None:
    """Secondary capture, ultrasound, reports, PDF, structure sets, segmentations."""
    dataset = honest()
    dataset.SOPClassUID = f"1.2.840.10008.5.1.4.1.1.{end}"
    content = encoded(dataset, EXPLICIT_LITTLE)
    with pytest.raises(InputError, match="not taken while"):
        deidentifier.without_patient(content, lay_out(content, EXPLICIT_LITTLE))
