"""Every file of the odd-DICOM corpus is read right or refused with a clear error: the table of outcomes.

``read`` means a volume; otherwise the error class and a part of its message. A single slice is refused as a
volume; that its pixels decode right is shown in ``tests/accuracy/test_decode_against_others.py``.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from teleneedle.adapters.dicom.inspect import inspect_input
from teleneedle.adapters.dicom.read import read_ct
from teleneedle.core.errors import TeleneedleError

ONE = ("SeriesGeometryError", "only one slice")
NO_IMAGE = ("NotReadableError", "no DICOM image")


def not_ct(kind: str) -> tuple[str, str]:
    return "NotReadableError", f"not CT: {kind}"


READ = ("read", "")
OUTCOMES = {
    "PROVENANCE.txt": NO_IMAGE,
    "dcmqi-liver-seg/LICENSE.txt": NO_IMAGE,
    "dcmqi-liver-seg/ct-3slice/01.dcm": ONE,
    "dcmqi-liver-seg/ct-3slice/02.dcm": ONE,
    "dcmqi-liver-seg/ct-3slice/03.dcm": ONE,
    "dcmqi-liver-seg/liver.dcm": not_ct("SEG"),
    "dcmqi-liver-seg/liver_seg.nrrd": NO_IMAGE,
    "dcmqi-liver-seg/partial_overlaps.dcm": not_ct("SEG"),
    "dicom2nifti-failing/LICENSE": NO_IMAGE,
    "dicom2nifti-failing/gantrytilting/001/IM-0001-0001.dcm": ONE,
    "dicom2nifti-failing/gantrytilting/001/IM-0001-0002.dcm": ONE,
    "dicom2nifti-failing/gantrytilting/001/IM-0001-0003.dcm": ONE,
    "dicom2nifti-failing/gantrytilting/001/IM-0001-0004.dcm": ONE,
    "dicom2nifti-failing/slicecount/001/IM-0001-0001-0001.dcm": not_ct("MR"),
    "dicom2nifti-failing/slicecount/001/IM-0001-0002-0001.dcm": not_ct("MR"),
    "dicom2nifti-failing/slicecount/001_ground_truth.nii.gz": READ,
    "dicom2nifti-failing/slicecount/001_ground_truth_reoriented.nii.gz": READ,
    "dicom2nifti-failing/sliceincrement/001/IM-0001-0007-0001.dcm": ONE,
    "dicom2nifti-failing/sliceincrement/001/IM-0001-0008-0001.dcm": ONE,
    "dicom2nifti-failing/sliceincrement/001/IM-0001-0009-0001.dcm": ONE,
    "dicom2nifti-failing/sliceincrement/001/IM-0001-0010-0001.dcm": ONE,
    "fo-dicom/1403-OB.dcm": not_ct("OT"),
    "fo-dicom/CT1_J2KI": ONE,
    "fo-dicom/DICOMDIR": not_ct("no modality"),
    "fo-dicom/D_CLUNIE_CT1_RLE_FRAGS.dcm": ONE,
    "fo-dicom/FreezePattern.dcm": ("NotReadableError", "pictures but no slices: doseinfo"),
    "fo-dicom/GH1146.dcm": not_ct("MR"),
    "fo-dicom/GH1301.dcm": not_ct("OT"),
    "fo-dicom/GH177_D_CLUNIE_CT1_IVRLE_BigEndian_ELE_undefinded_length.dcm": ONE,
    "fo-dicom/GH177_D_CLUNIE_CT1_IVRLE_BigEndian_undefined_length.dcm": ("NotReadableError", "damaged"),
    "fo-dicom/GH178.dcm": ("NotReadableError", "screen save"),
    "fo-dicom/GH220.dcm": not_ct("no modality"),
    "fo-dicom/GH223.dcm": ("NotReadableError", "localizer"),
    "fo-dicom/GH227.dcm": not_ct("OT"),
    "fo-dicom/GH340.dcm": not_ct("MR"),
    "fo-dicom/GH342.dcm": ("NotReadableError", "localizer"),
    "fo-dicom/GH355.dcm": ("NotReadableError", "picture without position"),
    "fo-dicom/GH364.dcm": not_ct("US"),
    "fo-dicom/GH487.dcm": ("NotReadableError", "localizer"),
    "fo-dicom/GH610.dcm": not_ct("PT"),
    "fo-dicom/IM-0001-0001-0001.dcm": ONE,
    "fo-dicom/Issue1097_FailToOpenDeflatedFileWithSQ.dcm": not_ct("no modality"),
    "fo-dicom/License.txt": NO_IMAGE,
    "fo-dicom/chrGB2312.dcm": not_ct("OT"),
    "fo-dicom/chrH31.dcm": not_ct("OT"),
    "fo-dicom/chrH32.dcm": not_ct("OT"),
    "fo-dicom/chrI2.dcm": not_ct("OT"),
    "fo-dicom/chrKoreanMulti.dcm": not_ct("CR"),
    "fo-dicom/chrSQEncoding.dcm": not_ct("no modality"),
    "fo-dicom/chrSQEncoding1.dcm": not_ct("no modality"),
    "fo-dicom/chrX1.dcm": not_ct("OT"),
    "fo-dicom/chrX2.dcm": not_ct("OT"),
    "fo-dicom/test_SR.dcm": not_ct("SR"),
    "pydicom-data/LICENSE": NO_IMAGE,
    "pydicom-data/bad_sequence.dcm": ("HostileInputError", "SOP Instance UID is not a UID"),
    "pydicom-data/eCT_Supplemental.dcm": READ,
    "pydicom-data/emri_small_big_endian.dcm": not_ct("MR"),
    "pydicom-data/emri_small_jpeg_2k_lossless_too_short.dcm": not_ct("MR"),
    "pydicom-data/explicit_VR-UN.dcm": ONE,
    "pydicom-data/gdcm-US-ALOKA-16_big.dcm": not_ct("US"),
    "pydicom-data/liver.dcm": not_ct("SEG"),
    "pydicom-data/liver_deflate.dcm": not_ct("SEG"),
    "pydicom-data/liver_j2k.dcm": not_ct("SEG"),
    "pydicom-data/liver_nonbyte_aligned.dcm": not_ct("SEG"),
    "pydicom-data/liver_rle.dcm": not_ct("SEG"),
    "rt-utils/LICENSE": NO_IMAGE,
    "rt-utils/ct_1.dcm": ONE,
    "rt-utils/ct_2.dcm": ONE,
    "rt-utils/invalid_reference_rt.dcm": not_ct("RTSTRUCT"),
    "rt-utils/non_existent_reference_rt.dcm": not_ct("RTSTRUCT"),
    "rt-utils/rt.dcm": not_ct("RTSTRUCT"),
    "wg04/CT1_J2KI": ONE,
    "wg04/CT1_J2KR": ONE,
    "wg04/CT1_JLSL": ONE,
    "wg04/CT1_JLSN": ONE,
    "wg04/CT1_JPLL": ONE,
    "wg04/CT1_RLE": ONE,
    "wg04/CT1_UNC.zst": NO_IMAGE,
    "wg04/CT2_JPLL": ONE,
    "wg04/CT2_UNC.zst": NO_IMAGE,
    "wg04/LICENSE.txt": NO_IMAGE,
    "wg04/README.md": NO_IMAGE,
    "wg04/XA1_J2KR": not_ct("XA"),
    "wg04/XA1_JPLL": not_ct("XA"),
}
FOLDERS = {
    "dcmqi-liver-seg": READ,
    "dicom2nifti-failing/gantrytilting": READ,
    "dicom2nifti-failing/slicecount": not_ct("MR"),
    "dicom2nifti-failing/sliceincrement": ("SeriesGeometryError", "1 slice(s) missing between z = 28.11 mm"),
    "rt-utils": READ,
    "wg04": ("PatientMismatchError", "CompressedSamples^CT1 (id 1CT1"),
}
NAMES = {
    "chrGB2312.dcm": "Zhang^XiaoDong=张^小东",
    "chrH31.dcm": "Yamada^Tarou=山田^太郎=やまだ^たろう",
    "chrH32.dcm": "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう",
    "chrI2.dcm": "Hong^Gildong=洪^吉洞=홍^길동",
    "chrKoreanMulti.dcm": "김희중",
    "chrX1.dcm": "Wang^XiaoDong=王^小東",
    "chrX2.dcm": "Wang^XiaoDong=王^小东",
    "GH1301.dcm": "Wang^XiaoDong=王^小东",
}


def outcome(path):
    try:
        read_ct(path)
    except TeleneedleError as error:
        return type(error).__name__, str(error), error.where, error.remedy
    return "read", "", "", ""


@pytest.fixture(scope="module")
def outcomes(real_data):
    root = real_data / "edge-dicom"
    names = sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()) + list(FOLDERS)
    with ThreadPoolExecutor(3) as pool:
        return dict(zip(names, pool.map(lambda name: outcome(root / name), names), strict=True))


def test_the_table_is_complete_and_holds(outcomes):
    expected = {**OUTCOMES, **FOLDERS}
    assert sorted(outcomes) == sorted(expected)
    wrong = {
        name: (expected[name], found[:2])
        for name, found in outcomes.items()
        if found[0] != expected[name][0] or expected[name][1] not in found[1]
    }
    assert not wrong


def test_every_refusal_says_where_and_what_to_do(outcomes):
    silent = [
        name
        for name, (kind, _, where, remedy) in outcomes.items()
        if kind != "read" and not (where and remedy)
    ]
    assert not silent


def test_names_in_every_character_set_of_the_corpus(real_data):
    report = inspect_input(real_data / "edge-dicom" / "fo-dicom")
    found = {one.patient.name for one in report.series}
    assert set(NAMES.values()) <= found
