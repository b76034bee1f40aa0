"""Which series is read: choice, localisers, copies, phases, patients, names in every character set."""

from __future__ import annotations

import shutil
import zipfile

import numpy as np
import pytest

from teleneedle.core.errors import (
    HostileInputError,
    NotReadableError,
    PatientMismatchError,
    SeriesChoiceError,
    SeriesGeometryError,
)
from teleneedle.testing.ct_files import ROOT, CtScan, save

ARTERIAL = CtScan(series="11", attributes={"SeriesDescription": "Arterial 1.5"})
PORTAL = CtScan(series="12", attributes={"SeriesDescription": "Portal 1.5"}, heights=range(7))


@pytest.fixture
def two_series(tmp_path):
    save(PORTAL.datasets(), tmp_path / "ct" / "a")
    return save(ARTERIAL.datasets(), tmp_path / "ct" / "b" / "deep").parents[1]


def test_several_series_are_listed_and_none_is_guessed(two_series, decode_here):
    with pytest.raises(SeriesChoiceError) as caught:
        decode_here(two_series)
    lines = caught.value.details
    assert len(lines) == 2
    assert any(
        f"{ROOT}.11" in line and "Arterial 1.5" in line and "6 slices" in line and "2.50 mm" in line
        for line in lines
    )
    assert any(f"{ROOT}.12" in line and "7 slices" in line for line in lines)


@pytest.mark.parametrize("wanted", [f"{ROOT}.12", "Portal 1.5", "portal 1.5"])
def test_series_is_chosen_by_uid_or_description(wanted, two_series, decode_here):
    series = decode_here(two_series, series=wanted)
    assert series.study.series_uid == f"{ROOT}.12"
    assert series.volume.grid.shape[0] == 7


def test_ambiguous_or_unknown_name_is_refused(two_series, decode_here):
    with pytest.raises(SeriesChoiceError, match="2 CT series fit"):
        decode_here(two_series, series=f"{ROOT}.1")
    with pytest.raises(SeriesChoiceError, match="no CT series is called"):
        decode_here(two_series, series="venous")


def test_localisers_captures_and_other_objects_are_set_aside(tmp_path, decode_here):
    folder = save(CtScan().datasets(), tmp_path / "ct")
    scout = CtScan(
        heights=(0,),
        attributes={"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"], "SOPInstanceUID": "1.2.8"},
    )
    report = CtScan(
        heights=(0,), attributes={"Modality": "SR", "SOPInstanceUID": "1.2.9", "SeriesInstanceUID": "1.2.10"}
    )
    save(scout.datasets() + report.datasets(), folder)
    (folder / "README.txt").write_text("exported by a workstation")
    series = decode_here(folder)
    assert series.volume.grid.shape[0] == 6
    assert any("1 localiser" in en for _, en in series.warnings)
    assert any("1 file(s) that are not CT" in en for _, en in series.warnings)


def test_only_a_localiser_is_no_ct_volume(tmp_path, decode_here):
    scout = CtScan(attributes={"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]})
    with pytest.raises(NotReadableError, match="localizer"):
        decode_here(save(scout.datasets(), tmp_path / "ct"))


def test_identical_copies_are_dropped_and_said(tmp_path, decode_here):
    folder = save(CtScan().datasets(), tmp_path / "ct")
    shutil.copy(folder / "IM0002", folder / "copy of IM0002")
    series = decode_here(folder)
    assert series.volume.grid.shape[0] == 6
    assert any("1 identical" in en for _, en in series.warnings)


def test_same_uid_with_other_content_is_refused(tmp_path, decode_here):
    datasets = CtScan().datasets()
    datasets[3].SOPInstanceUID = datasets[2].SOPInstanceUID
    with pytest.raises(SeriesGeometryError, match="same SOP Instance UID"):
        decode_here(save(datasets, tmp_path / "ct"))


def phases():
    one = CtScan(attributes={"AcquisitionNumber": 1}).datasets()
    two = CtScan(attributes={"AcquisitionNumber": 2}, intercept=-1000.0).datasets()
    for n, ds in enumerate(two):
        ds.SOPInstanceUID = f"{ROOT}.2.{n}"
        ds.PixelData = (np.frombuffer(ds.PixelData, "<i2") + 7).tobytes()
    return one + two


def test_two_phases_in_one_series_must_be_chosen(tmp_path, decode_here):
    folder = save(phases(), tmp_path / "ct")
    with pytest.raises(SeriesChoiceError, match="2 acquisitions of the same place") as caught:
        decode_here(folder)
    assert [line.split(" ")[0] for line in caught.value.details] == [f"{ROOT}.1#1", f"{ROOT}.1#2"]
    first, second = (decode_here(folder, series=f"{ROOT}.1#{n}") for n in (1, 2))
    assert (second.volume.array - first.volume.array == 7).all()


def test_same_place_twice_without_a_difference_is_refused(tmp_path, decode_here):
    datasets = CtScan(heights=(0, 1, 2, 2, 3)).datasets()
    with pytest.raises(SeriesGeometryError, match="same place") as caught:
        decode_here(save(datasets, tmp_path / "ct"))
    assert "IM0003 and IM0004" in str(caught.value)


@pytest.mark.parametrize(
    ("attribute", "value"),
    [("PatientID", "P2"), ("PatientName", "Roe^Richard"), ("PatientBirthDate", "19510101")],
)
def test_mixed_patients_are_refused_and_both_named(attribute, value, tmp_path, decode_here):
    datasets = CtScan().datasets()
    setattr(datasets[4], attribute, value)
    with pytest.raises(PatientMismatchError) as caught:
        decode_here(save(datasets, tmp_path / "ct"))
    assert "Doe^Jane" in str(caught.value)
    assert str(value) in str(caught.value)


def test_patients_in_two_series_are_refused_too(two_series, decode_here):
    save(
        CtScan(series="13", attributes={"PatientName": "Roe^Richard", "PatientID": "P2"}).datasets(),
        two_series / "c",
    )
    with pytest.raises(PatientMismatchError, match=r"Doe\^Jane.*Roe\^Richard|Roe\^Richard.*Doe\^Jane"):
        decode_here(two_series)


def test_another_patients_localiser_is_refused(tmp_path, decode_here):
    folder = save(CtScan().datasets(), tmp_path / "ct")
    attributes = {
        "ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"],
        "PatientName": "Roe^Richard",
        "SOPInstanceUID": "1.8",
    }
    save(CtScan(heights=(0,), attributes=attributes).datasets(), folder)
    with pytest.raises(PatientMismatchError, match=r"Roe\^Richard"):
        decode_here(folder)


def test_a_silent_field_is_no_other_patient(tmp_path, decode_here):
    datasets = CtScan().datasets()
    datasets[2].PatientBirthDate = ""
    assert decode_here(save(datasets, tmp_path / "ct")).volume.grid.shape[0] == 6


def test_spelling_of_empty_name_parts_is_no_other_patient(tmp_path, decode_here):
    datasets = CtScan().datasets()
    datasets[1].PatientName = "Doe^Jane^^^"
    assert decode_here(save(datasets, tmp_path / "ct")).patient.name == "Doe^Jane"


@pytest.mark.parametrize(
    ("declared", "raw", "text"),
    [
        ("GB18030", "Wang^XiaoDong=王^小东".encode("gb18030"), "Wang^XiaoDong=王^小东"),
        ("GBK", "Li^Na=李^娜".encode("gbk"), "Li^Na=李^娜"),
        ("", "张^三".encode("gb2312"), "张^三"),
        ("ISO_IR 192", "김^희중".encode(), "김^희중"),
        ("\\ISO 2022 IR 58", b"Zhang=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1", "Zhang=张^小"),
        ("\\ISO 2022 IR 149", b"Hong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce", "Hong=洪^吉"),
        ("\\ISO 2022 IR 87", b"Yamada=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B", "Yamada=山田^太郎"),
    ],
)
def test_names_are_text_in_every_character_set(declared, raw, text, tmp_path, decode_here):
    datasets = CtScan().datasets()
    for ds in datasets:
        ds.SpecificCharacterSet, ds.PatientName = declared.split("\\"), "N" * (len(raw) + len(raw) % 2)
    folder = save(datasets, tmp_path / "ct")
    for path in folder.iterdir():
        padded = raw + b" " * (len(raw) % 2)
        path.write_bytes(path.read_bytes().replace(b"N" * len(padded), padded))
    assert decode_here(folder).patient.name == text


def test_identity_and_study_are_carried(tmp_path, decode_here):
    scan = CtScan(attributes={"StudyDate": "20260101", "InstitutionName": "医院", "AccessionNumber": "A1"})
    series = decode_here(save(scan.datasets(), tmp_path / "ct"))
    assert (series.patient.id, series.patient.birth_date, series.patient.sex) == ("P1", "19500101", "F")
    assert (series.study.study_date, series.study.institution) == ("20260101", "医院")
    assert series.study.accession_number == "A1"
    assert series.study.patient_position == "HFS"
    assert all(kind == "1.2.840.10008.5.1.4.1.1.2" for kind, _ in series.study.sop_instances)


@pytest.mark.parametrize("modality", ["MR", "XA", "US", "SEG"])
def test_other_modalities_are_named(modality, tmp_path, decode_here):
    with pytest.raises(NotReadableError, match=f"not CT: {modality}"):
        decode_here(save(CtScan(attributes={"Modality": modality}).datasets(), tmp_path / "ct"))


def test_zip_reads_as_the_folder_does(tmp_path, decode_here):
    folder = save(CtScan().datasets(), tmp_path / "ct")
    with zipfile.ZipFile(tmp_path / "ct.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in folder.iterdir():
            archive.write(path, f"study/series/{path.name}")
    packed, plain = decode_here(tmp_path / "ct.zip"), decode_here(folder)
    assert np.array_equal(packed.volume.array, plain.volume.array)
    assert packed.source_sha256 == plain.source_sha256


def test_hash_tells_any_change_of_bytes(tmp_path, decode_here):
    folder = save(CtScan().datasets(), tmp_path / "ct")
    before = decode_here(folder).source_sha256
    path = folder / "IM0003"
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)
    assert decode_here(folder).source_sha256 != before


def test_nothing_there(tmp_path, decode_here):
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotReadableError, match="empty"):
        decode_here(tmp_path / "empty")
    (tmp_path / "empty" / "notes.txt").write_text("no images")
    with pytest.raises(NotReadableError, match="no DICOM image among 1"):
        decode_here(tmp_path / "empty")


def test_a_broken_slice_in_the_folder_is_named(tmp_path, decode_here):
    folder = save(CtScan().datasets(), tmp_path / "ct")
    path = folder / "IM0003"
    path.write_bytes(path.read_bytes()[:400])
    with pytest.raises((NotReadableError, HostileInputError)) as caught:
        decode_here(folder)
    assert "IM0003" in str(caught.value)
