"""The builtin structures engine against expert masks of a portal-venous CT (3D-IRCADb-01 no. 17)."""

from __future__ import annotations

from pathlib import Path

import nibabel
import numpy as np
import pytest
from scipy import ndimage

from teleneedle.adapters.dicom.read import read_ct
from teleneedle.core.image import LabelMap, Volume
from teleneedle.engines.segmentation import Segmentation, segment_anatomy, segment_tumour_in_box

BARS = {"skin": 0.99, "bone": 0.80, "liver": 0.93, "vessels": 0.65, "tumour": 0.86}
LIVER_HD95_MM = 12.0
BOX_JITTER_MM = 3.0


@pytest.fixture(scope="module")
def folder(real_data: Path) -> Path:
    return real_data / "ircad17"


@pytest.fixture(scope="module")
def volume(folder: Path) -> Volume:
    return read_ct(folder / "PATIENT_DICOM").volume


@pytest.fixture(scope="module")
def result(volume: Volume) -> Segmentation:
    before = volume.array[::17, ::17, ::17].copy()
    found = segment_anatomy(
        volume, wanted=("body", "skin", "lung", "bone", "spinal_canal", "liver", "vessels")
    )
    assert np.array_equal(before, volume.array[::17, ::17, ::17])
    return found


def expert(folder: Path, name: str) -> np.ndarray:
    return np.asarray(nibabel.load(folder / "masks" / f"{name}.nii.gz").dataobj).T > 0


def dice(a: np.ndarray, b: np.ndarray) -> float:
    return float(2 * (a & b).sum() / (a.sum() + b.sum()))


def hausdorff95_mm(a: np.ndarray, b: np.ndarray, spacing: tuple[float, ...]) -> float:
    """Symmetric 95th percentile of the distances between the two voxel surfaces."""
    shells = [m & ~ndimage.binary_erosion(m) for m in (a, b)]
    far = [
        ndimage.distance_transform_edt(~other, sampling=spacing)[own] for own, other in (shells, shells[::-1])
    ]
    return float(max(np.percentile(f, 95) for f in far))


def test_skin_against_expert(result: Segmentation, folder: Path) -> None:
    assert dice(result.structures["skin"].label_map.array, expert(folder, "skin")) >= BARS["skin"]


def test_bone_against_dilated_expert(result: Segmentation, folder: Path) -> None:
    truth = ndimage.binary_dilation(expert(folder, "bone"))
    assert dice(result.structures["bone"].label_map.array, truth) >= BARS["bone"]


def test_liver_overlap_and_surface(result: Segmentation, folder: Path) -> None:
    found, truth = result.structures["liver"].label_map, expert(folder, "liver")
    assert dice(found.array, truth) >= BARS["liver"]
    box = LabelMap(array=found.array | truth, grid=found.grid).bounding_slices(pad_mm=3.0)
    spacing = tuple(float(s) for s in found.grid.spacing_mm[::-1])
    assert hausdorff95_mm(found.array[box], truth[box], spacing) <= LIVER_HD95_MM


def test_vessels_inside_the_liver(result: Segmentation, folder: Path) -> None:
    liver = expert(folder, "liver")
    truth = (expert(folder, "portalvein") | expert(folder, "venoussystem")) & liver
    assert dice(result.structures["vessels"].label_map.array & liver, truth) >= BARS["vessels"]


def test_tumours_from_jittered_boxes(volume: Volume, folder: Path) -> None:
    random = np.random.default_rng(29)
    scores = []
    for name in ("livertumor1", "livertumor2"):
        truth = LabelMap(array=expert(folder, name), grid=volume.grid)
        points = truth.points_lps()
        low, high = points.min(axis=0), points.max(axis=0)
        for _ in range(2):
            jitter = random.uniform(-BOX_JITTER_MM, BOX_JITTER_MM, (2, 3))
            found = segment_tumour_in_box(volume, box_lps=(low + jitter[0], high + jitter[1]))
            scores.append(dice(found.label_map.array, truth.array))
    assert np.mean(scores) >= BARS["tumour"]
    assert min(scores) >= 0.80


def test_outlines_come_before_organs(result: Segmentation) -> None:
    order = list(result.structures)
    assert max(order.index(k) for k in ("body", "lung", "bone")) < order.index("liver")
