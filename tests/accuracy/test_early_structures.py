"""Preliminary organs out of quarter pictures of real CT, against expert masks and those of the whole CT."""

from __future__ import annotations

from pathlib import Path

import nibabel
import numpy as np
import pytest
from pydicom import dcmread
from scipy import ndimage

from teleneedle.adapters.dicom.read import read_ct
from teleneedle.adapters.link.journal import Piece
from teleneedle.adapters.link.rebuild import Held
from teleneedle.adapters.link.wire_parts import EIGHTH, QUARTER
from teleneedle.apps.hub.work.early_structures import WANTED, quarter_volume
from teleneedle.apps.testing.script_gateway import encoded, ship
from teleneedle.core.image import Volume
from teleneedle.core.progress import no_progress
from teleneedle.engines.segmentation import Segmentation, segment_anatomy

LIVER_AGAINST_EXPERT = 0.93
"""The same bar as for the liver of the whole CT."""
AGAINST_THE_WHOLE = {"lung": 0.95, "liver": 0.95, "spleen": 0.93, "kidney": 0.88, "bone": 0.8}


def dice(a: np.ndarray, b: np.ndarray) -> float:
    return float(2 * (a & b).sum() / (a.sum() + b.sum()))


@pytest.fixture(scope="module")
def folder(real_data: Path) -> Path:
    return real_data / "ircad17"


@pytest.fixture(scope="module")
def whole(folder: Path) -> Volume:
    return read_ct(folder / "PATIENT_DICOM").volume


@pytest.fixture(scope="module")
def quarter(folder: Path, whole: Volume, tmp_path_factory: pytest.TempPathFactory) -> Volume:
    """What a gateway makes of the scanner's files, as the hub holds it before the last layer comes."""
    content, held = bytearray(), []
    path = tmp_path_factory.mktemp("journal") / "layers"
    for n, file in enumerate(sorted((folder / "PATIENT_DICOM").iterdir()), 1):
        one = ship(encoded(dcmread(file)), n)
        pieces = {}
        for layer in (EIGHTH, QUARTER):
            pieces[layer] = [Piece(offset=0, length=len(one.layers[layer]), at=len(content))]
            content += one.layers[layer]
        held.append(Held(journal=path, entry=one.entry, pieces=pieces))
    path.write_bytes(content)
    held.sort(key=lambda one: one.entry.facts["position_mm"][2])
    return quarter_volume(held, [float(v) for v in whole.grid.affine.ravel()], progress=no_progress)


def found_in(volume: Volume) -> Segmentation:
    return segment_anatomy(volume, wanted=WANTED)


def test_coarse_samples_lie_where_the_pixels_do(whole: Volume, quarter: Volume) -> None:
    """Against the means of blocks of pixels around each sample: no half-pixel shift, no change of level."""
    smooth = ndimage.gaussian_filter(whole.array[60].astype(np.float32), 2.0)
    shifts = {
        (y, x): float(
            np.abs(smooth[8 + y : 504 + y : 4, 8 + x : 504 + x : 4] - quarter.array[60][2:-2, 2:-2]).mean()
        )
        for y in (-2, -1, 0, 1, 2)
        for x in (-2, -1, 0, 1, 2)
    }
    assert min(shifts, key=lambda at: shifts[at]) == (0, 0)
    assert abs(float(smooth.mean()) - float(quarter.array[60].mean())) < 3.0


def test_organs_overlap_the_experts_and_those_of_the_whole(
    folder: Path, whole: Volume, quarter: Volume
) -> None:
    coarse, fine = found_in(quarter).structures, found_in(whole).structures
    assert set(coarse) >= set(WANTED)
    for kind, bar in AGAINST_THE_WHOLE.items():
        assert dice(coarse[kind].label_map.array, fine[kind].label_map.array[:, ::4, ::4]) >= bar, kind
    expert = np.asarray(nibabel.load(folder / "masks" / "liver.nii.gz").dataobj).T > 0
    assert dice(coarse["liver"].label_map.array, expert[:, ::4, ::4]) >= LIVER_AGAINST_EXPERT
