"""What the reader says of a CT folder that cannot be used is said in Chinese too, with its particulars."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest

from teleneedle.adapters.dicom.ct_series import write_ct_series
from teleneedle.adapters.dicom.read import read_ct
from teleneedle.apps.hub.problems import problem_document
from teleneedle.core.case import Patient, StudyContext
from teleneedle.core.error_texts.translate import is_chinese
from teleneedle.core.errors import TeleneedleError
from teleneedle.core.geometry import Grid
from teleneedle.core.image import Volume

PATIENT = Patient(id="P1", name="Test^Patient", sex="F", birth_date="19600102")
SHAPE = (8, 24, 24)


def write(folder: Path, patient: Patient = PATIENT, hu: int = 40) -> None:
    array = np.full(SHAPE, -1000, np.int16)
    array[:, 4:20, 4:20] = hu
    grid = Grid.regular(SHAPE, spacing_mm=(4, 4, 5), origin_lps=(0, 0, 0), frame_of_reference_uid="1.2.3")
    write_ct_series(Volume(array=array, grid=grid), patient, StudyContext(), folder)


def change(folder: Path, name: str, **values: object) -> None:
    dataset = pydicom.dcmread(folder / name)
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    dataset.save_as(folder / name)


def lacks_a_slice(folder: Path) -> None:
    (folder / "CT0004.dcm").unlink()


def has_one_slice(folder: Path) -> None:
    for path in sorted(folder.iterdir())[1:]:
        path.unlink()


def mixes_patients(folder: Path) -> None:
    change(folder, "CT0004.dcm", PatientID="P2", PatientName="Other^Patient")


def mixes_series(folder: Path) -> None:
    write(folder / "other", hu=60)


def is_no_ct(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        change(folder, path.name, Modality="MR", SOPClassUID="1.2.840.10008.5.1.4.1.1.4")


def is_tilted_half_way(folder: Path) -> None:
    tilted = [1, 0, 0, 0, float(np.cos(0.3)), float(-np.sin(0.3))]
    change(folder, "CT0004.dcm", ImageOrientationPatient=tilted)


def is_cut_off(folder: Path) -> None:
    path = folder / "CT0004.dcm"
    path.write_bytes(path.read_bytes()[:-200])


def is_empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def is_text(folder: Path) -> None:
    is_empty(folder)
    (folder / "a.txt").write_text("no image")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lacks_a_slice, "之间缺 1 层"),
        (has_one_slice, "只有一层图像"),
        (mixes_patients, "图像属于不同患者"),
        (mixes_series, "2 个 CT 序列"),
        (is_no_ct, "这不是 CT"),
        (is_tilted_half_way, "方向不一致"),
        (is_cut_off, "像素数据不完整"),
        (is_empty, "文件夹是空的"),
        (is_text, "没有 DICOM 图像"),
    ],
)
def test_the_particulars_are_there_in_chinese(
    tmp_path: Path, spoil: Callable[[Path], None], words: str
) -> None:
    write(tmp_path)
    spoil(tmp_path)
    with pytest.raises(TeleneedleError) as caught:
        read_ct(tmp_path)
    document = problem_document(caught.value)
    assert words in document["detail_zh"]
    assert not is_chinese(document["detail"])
    assert not document["remedy"] or is_chinese(document["remedy_zh"])
