"""Objects we write, as independent programs read them: dciodvfy, DCMTK, SimpleITK, highdicom, plastimatch."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import highdicom
import numpy as np
import pydicom
import pytest
import SimpleITK as sitk

from teleneedle.adapters.dicom.ct_series import write_ct_series
from teleneedle.adapters.dicom.encapsulated import write_encapsulated_pdf
from teleneedle.adapters.dicom.rtstruct import write_rtstruct
from teleneedle.adapters.dicom.seg import write_seg
from teleneedle.core.anatomy import Structure
from teleneedle.core.case import CtSeries
from teleneedle.core.errors import InputError, StructureError
from teleneedle.core.image import LabelMap
from teleneedle.core.plan import Needle
from teleneedle.testing.judges import dcentvfy_errors, dciodvfy_errors, judge, plastimatch_masks
from teleneedle.testing.odd_case import CREATED, make_series, make_structures

NEEDLE = cast(
    Needle, SimpleNamespace(id="N1", entry_lps=(-3.125, 14.5, -380.0), tip_lps=(4.0, 30.25, -388.5))
)


def write_all(series: CtSeries, folder: Path) -> dict[str, Path]:
    structures = make_structures(series.volume.grid)
    files = {name: folder / f"{name}.dcm" for name in ("seg", "rtstruct", "pdf")}
    write_ct_series(series.volume, series.patient, series.study, folder / "ct")
    write_seg(series, structures, files["seg"], created=CREATED, software_version="1.0")
    write_rtstruct(series, structures, [NEEDLE], files["rtstruct"], created=CREATED, software_version="1.0")
    write_encapsulated_pdf(series, b"%PDF-1.4\n%%EOF", "消融手术计划书", files["pdf"], created=CREATED)
    return {"ct": folder / "ct" / "CT0001.dcm", **files}


@pytest.fixture
def series() -> CtSeries:
    return make_series()


@pytest.mark.parametrize(
    ("name", "is_resampled"),
    [("", True), ("张三", True), ("Zhang^San=张^三", False), ("a\\b\n^" * 60, False), ("Ω" * 300, False)],
)
def test_every_object_passes_dciodvfy_and_dcmdump(tmp_path: Path, name: str, is_resampled: bool) -> None:
    files = write_all(make_series(name, is_resampled=is_resampled), tmp_path).values()
    assert [error for path in files for error in dciodvfy_errors(path)] == []
    assert judge("dcmdump", "-q", *files).returncode == 0


def test_a_name_of_separators_alone_stays_valid(tmp_path: Path) -> None:
    made = write_all(make_series("=^=^^^^^^^^"), tmp_path)
    assert dciodvfy_errors(made["pdf"]) == dciodvfy_errors(made["ct"]) == []


def test_objects_agree_on_patient_study_and_frame(series: CtSeries, tmp_path: Path) -> None:
    files = write_all(series, tmp_path).values()
    assert dcentvfy_errors({*files, *(tmp_path / "ct").iterdir()}) == []
    found = [pydicom.dcmread(path) for path in files]
    for keyword in ("PatientName", "PatientID", "StudyInstanceUID", "StudyDate"):
        assert len({str(ds[keyword].value) for ds in found}) == 1
    assert len({str(ds.SeriesInstanceUID) for ds in found}) == 4
    assert str(found[0].PatientName) == "Zhang^San=张^三"
    assert {str(ds.FrameOfReferenceUID) for ds in found if "FrameOfReferenceUID" in ds} == {"1.2.3.9"}


def test_ct_values_and_places_as_simpleitk_reads_them(series: CtSeries, tmp_path: Path) -> None:
    write_ct_series(series.volume, series.patient, series.study, tmp_path)
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(tmp_path)))
    image = reader.Execute()
    np.testing.assert_array_equal(sitk.GetArrayFromImage(image), series.volume.array)
    for index in ((0, 0, 0), (46, 40, 12), (5, 7, 3)):
        place = image.TransformIndexToPhysicalPoint(index)
        np.testing.assert_allclose(place, series.volume.grid.index_to_lps(index), atol=1e-4)


def test_a_volume_without_uids_always_becomes_the_same_series(series: CtSeries, tmp_path: Path) -> None:
    bare = type(series.study)()
    first = write_ct_series(series.volume, series.patient, bare, tmp_path / "a")
    second = write_ct_series(series.volume, series.patient, bare, tmp_path / "b")
    assert first == second
    assert len({uid for _, uid in first.sop_instances}) == 13


def test_segments_as_highdicom_reads_them(series: CtSeries, tmp_path: Path) -> None:
    structures = make_structures(series.volume.grid)
    write_seg(series, structures, tmp_path / "s.dcm", created=CREATED, software_version="1.0")
    seg = highdicom.seg.segread(tmp_path / "s.dcm")
    filled = [s for s in structures if not s.label_map.is_empty]
    assert seg.number_of_segments == len(filled)
    for number, structure in enumerate(filled, start=1):
        assert seg.get_segment_description(number).segment_label == structure.name
        found = seg.get_pixels_by_source_instance(
            [uid for _, uid in series.study.sop_instances], segment_numbers=[number],
            assert_missing_frames_are_empty=True,
        )  # fmt: skip
        np.testing.assert_array_equal(found[..., 0].astype(bool), structure.label_map.array)


def test_resampled_voxels_are_placed_without_naming_a_source(tmp_path: Path) -> None:
    series = make_series(is_resampled=True)
    write_seg(
        series, make_structures(series.volume.grid), tmp_path / "s.dcm", created=CREATED, software_version="1"
    )
    for frame in pydicom.dcmread(tmp_path / "s.dcm").PerFrameFunctionalGroupsSequence:
        assert "DerivationImageSequence" not in frame
        k = frame.FrameContentSequence[0].DimensionIndexValues[1] - 1
        place = frame.PlanePositionSequence[0].ImagePositionPatient
        np.testing.assert_allclose(place, series.volume.grid.index_to_lps([0, 0, k]), atol=1e-4)


def straight(series: CtSeries) -> CtSeries:
    """The same series with axes along the patient's."""
    grid = series.volume.grid
    affine = np.diag([*grid.spacing_mm, 1.0])
    affine[:3, 3] = grid.origin_lps
    plain = type(grid)(shape=grid.shape, affine=affine, frame_of_reference_uid=grid.frame_of_reference_uid)
    volume = type(series.volume)(array=series.volume.array, grid=plain)
    return type(series)(volume=volume, patient=series.patient, study=series.study, source_sha256="")


def test_contours_as_plastimatch_rasterises_them(series: CtSeries, tmp_path: Path) -> None:
    """Within 1 % of the volume, holes and islands included."""
    upright = straight(series)
    write_all(upright, tmp_path)
    masks = plastimatch_masks(tmp_path / "rtstruct.dcm", tmp_path / "ct", tmp_path / "out")
    for structure in make_structures(upright.volume.grid):
        if structure.name in ("livertumor1", "liver", "bone"):
            found = sitk.GetArrayFromImage(sitk.ReadImage(str(masks / f"{structure.name}.mha"))) > 0
            truth = structure.label_map.array
            assert np.count_nonzero(found) == pytest.approx(np.count_nonzero(truth), rel=0.01)
            assert np.count_nonzero(found ^ truth) <= 0.01 * np.count_nonzero(truth)


def test_contours_on_turned_slices_lie_in_their_plane(series: CtSeries, tmp_path: Path) -> None:
    ds = pydicom.dcmread(write_all(series, tmp_path)["rtstruct"])
    uids = [uid for _, uid in series.study.sop_instances]
    for roi in ds.ROIContourSequence[:-1]:
        for contour in roi.ContourSequence:
            points = np.reshape(contour.ContourData, (-1, 3)).astype(float)
            assert len(points) == contour.NumberOfContourPoints >= 3
            k = uids.index(contour.ContourImageSequence[0].ReferencedSOPInstanceUID)
            np.testing.assert_allclose(series.volume.grid.lps_to_index(points)[:, 2], k, atol=1e-3)


def test_needle_is_an_open_line_from_entry_to_tip(series: CtSeries, tmp_path: Path) -> None:
    ds: Any = pydicom.dcmread(write_all(series, tmp_path)["rtstruct"])
    contour = ds.ROIContourSequence[-1].ContourSequence[0]
    assert contour.ContourGeometricType == "OPEN_NONPLANAR"
    np.testing.assert_allclose(contour.ContourData, [*NEEDLE.entry_lps, *NEEDLE.tip_lps], atol=1e-3)
    kinds = {o.ROIObservationLabel: o.RTROIInterpretedType for o in ds.RTROIObservationsSequence}
    assert kinds["livertumor1"] == "GTV"
    assert kinds["liver"] == "ORGAN"


def test_set_is_approved_only_when_every_structure_was_reviewed(series: CtSeries, tmp_path: Path) -> None:
    proposed = make_structures(series.volume.grid)[:2]
    reviewed: list[Structure] = [s.review(reviewer="Li^Si", at=CREATED) for s in proposed]
    out = tmp_path / "r.dcm"
    for structures, status in ((reviewed, "APPROVED"), ([reviewed[0], proposed[1]], "UNAPPROVED")):
        write_rtstruct(series, structures, [], out, created=CREATED, software_version="1")
        assert pydicom.dcmread(out).ApprovalStatus == status
        assert dciodvfy_errors(out) == []


def test_pdf_comes_back_byte_for_byte(series: CtSeries, tmp_path: Path) -> None:
    ds = pydicom.dcmread(write_all(series, tmp_path)["pdf"])
    assert ds.EncapsulatedDocument[: ds.EncapsulatedDocumentLength] == b"%PDF-1.4\n%%EOF"
    with pytest.raises(InputError, match="not a PDF"):
        write_encapsulated_pdf(series, b"<html>", "x", tmp_path / "x.dcm", created=CREATED)


def test_hostile_uids_reach_neither_paths_nor_files(tmp_path: Path) -> None:
    series = make_series(uid="../../etc/passwd")
    made = write_all(series, tmp_path / "in")
    assert dciodvfy_errors(made["seg"]) == dciodvfy_errors(made["rtstruct"]) == []
    for path in made.values():
        assert b"passwd" not in path.read_bytes()
    assert [p.name for p in tmp_path.iterdir()] == ["in"]


def test_structure_on_another_grid_is_refused(series: CtSeries, tmp_path: Path) -> None:
    first = make_structures(series.volume.grid)[0]
    grid = series.volume.grid.crop((0, 0, 0), (13, 41, 46))
    moved = type(first)(
        name="liver", engine="x", label_map=LabelMap(array=np.ones(grid.shape, bool), grid=grid)
    )
    with pytest.raises(StructureError, match="another grid"):
        write_seg(series, [moved], tmp_path / "s.dcm", created=CREATED, software_version="1")
    assert not list(tmp_path.iterdir())
