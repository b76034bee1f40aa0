"""From a GB18030 series to UTF-8 objects: the patient stays the same person throughout."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest

from teleneedle.adapters.dicom.ct_series import write_ct_series
from teleneedle.adapters.dicom.encapsulated import write_encapsulated_pdf
from teleneedle.adapters.dicom.read import read_ct
from teleneedle.adapters.dicom.rtstruct import write_rtstruct
from teleneedle.adapters.dicom.seg import write_seg
from teleneedle.core.anatomy import Proposed
from teleneedle.core.image import LabelMap
from teleneedle.testing.judges import dcentvfy_errors, dciodvfy_errors, judge
from teleneedle.testing.odd_case import CREATED, make_series

NAME = "Zhang^Xiao Dong=张^晓东"
GB_BYTES = b"Zhang^Xiao Dong=\xd5\xc5^\xcf\xfe\xb6\xab"
"""The same name in GB18030, from the code chart."""


def gb18030_folder(folder: Path, *, is_declared: bool) -> Path:
    """A CT series whose names are GB18030 bytes; hospital systems often forget to declare them."""
    made = make_series("X" * len(GB_BYTES))
    write_ct_series(made.volume, made.patient, made.study, folder)
    for path in folder.iterdir():
        ds = pydicom.dcmread(path)
        ds.SpecificCharacterSet = "GB18030" if is_declared else None
        ds.save_as(path)
        content = path.read_bytes()
        assert content.count(b"X" * len(GB_BYTES)) == 1
        path.write_bytes(content.replace(b"X" * len(GB_BYTES), GB_BYTES))
    return folder


@pytest.mark.parametrize("is_declared", [True, False])
def test_gb18030_in_utf8_out(tmp_path: Path, is_declared: bool) -> None:
    ct = gb18030_folder(tmp_path / "ct", is_declared=is_declared)
    series = read_ct(ct)
    assert series.patient.name == NAME
    ball = np.zeros(series.volume.array.shape, dtype=bool)
    ball[4:8, 10:20, 10:20] = True
    liver = Proposed(name="肝", label_map=LabelMap(array=ball, grid=series.volume.grid), engine="manual")
    files = [tmp_path / name for name in ("seg.dcm", "rtstruct.dcm", "pdf.dcm")]
    write_seg(series, [liver], files[0], created=CREATED, software_version="1")
    write_rtstruct(series, [liver], [], files[1], created=CREATED, software_version="1")
    write_encapsulated_pdf(series, b"%PDF-1.4\n%%EOF", "计划书", files[2], created=CREATED)
    for path in files:
        assert dciodvfy_errors(path) == []
        assert f"PN [{NAME}]" in judge("dcmdump", "-q", "+P", "0010,0010", path).stdout
    assert "LO [肝]" in judge("dcmdump", "-q", "+L", "+P", "3006,0026", files[1]).stdout
    assert dcentvfy_errors(files) == []
