"""A real CT with minimal headers and expert masks, written once and judged by independent programs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import highdicom
import numpy as np
import pytest
import SimpleITK as sitk

from teleneedle.adapters.dicom.encapsulated import write_encapsulated_pdf
from teleneedle.adapters.dicom.read import read_ct
from teleneedle.adapters.dicom.rtstruct import write_rtstruct
from teleneedle.adapters.dicom.seg import write_seg
from teleneedle.adapters.structures_folder import read_structures
from teleneedle.core.anatomy import Proposed
from teleneedle.core.case import CtSeries
from teleneedle.testing.judges import dcentvfy_errors, dciodvfy_errors, dcmtk_segments, plastimatch_masks
from teleneedle.testing.odd_case import CREATED


@dataclass(frozen=True)
class Written:
    """What was written, and from what."""

    ct: Path
    series: CtSeries
    structures: list[Proposed]
    seg: Path
    rtstruct: Path
    pdf: Path


def write(real_data: Path, out: Path) -> Written:
    """Every object for 3D-IRCADb-01 no. 17 with its eight expert masks."""
    ct = real_data / "ircad17" / "PATIENT_DICOM"
    series = read_ct(ct)
    structures = read_structures(real_data / "ircad17" / "masks", series)
    made = Written(ct, series, structures, out / "seg.dcm", out / "rtstruct.dcm", out / "plan.pdf.dcm")
    write_seg(series, structures, made.seg, created=CREATED, software_version="1")
    write_rtstruct(series, structures, [], made.rtstruct, created=CREATED, software_version="1")
    write_encapsulated_pdf(series, b"%PDF-1.4\n%%EOF", "消融手术计划书", made.pdf, created=CREATED)
    return made


def judge_validity(written: Written) -> None:
    files = (written.seg, written.rtstruct, written.pdf)
    assert [error for path in files for error in dciodvfy_errors(path)] == []
    assert dcentvfy_errors(files) == []


def judge_segments(written: Written, work: Path) -> None:
    """DCMTK gives every voxel back; highdicom the names and, through the references, the last segment."""
    shape = written.series.volume.array.shape
    by_dcmtk = dcmtk_segments(written.seg, work, (shape[0], shape[1], shape[2]))
    by_highdicom = highdicom.seg.segread(written.seg)
    instances = [uid for _, uid in written.series.study.sop_instances]
    for number, structure in enumerate(written.structures, start=1):
        np.testing.assert_array_equal(by_dcmtk[number - 1], structure.label_map.array)
        assert by_highdicom.get_segment_description(number).segment_label == structure.name
    last = by_highdicom.get_pixels_by_source_instance(
        instances, segment_numbers=[len(written.structures)], assert_missing_frames_are_empty=True
    )
    np.testing.assert_array_equal(last[..., 0].astype(bool), written.structures[-1].label_map.array)


def judge_contours(written: Written, work: Path) -> None:
    """plastimatch, on the hospital's files: within 1 % of every mask, in volume and voxel for voxel."""
    masks = plastimatch_masks(written.rtstruct, written.ct, work)
    for structure in written.structures:
        found = sitk.GetArrayFromImage(sitk.ReadImage(str(masks / f"{structure.name}.mha"))) > 0
        truth = structure.label_map.array
        assert np.count_nonzero(found) == pytest.approx(np.count_nonzero(truth), rel=0.01), structure.name
        assert np.count_nonzero(found ^ truth) <= 0.01 * np.count_nonzero(truth), structure.name


def test_a_real_case_is_valid_and_comes_back_from_independent_readers(
    real_data: Path, tmp_path: Path
) -> None:
    written = write(real_data, tmp_path)
    judge_validity(written)
    judge_segments(written, tmp_path)
    judge_contours(written, tmp_path / "masks")
