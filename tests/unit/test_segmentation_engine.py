"""The builtin structures engine on built scenes with exact truth: grids, body, tubes, tumour, refusals."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from teleneedle.core.errors import Cancelled, FrameOfReferenceError, StructureError
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap, Volume
from teleneedle.core.progress import CancelToken
from teleneedle.engines.segmentation import propose_lesions, segment_anatomy, segment_tumour_in_box
from teleneedle.engines.segmentation.shapes import closed, dilated, opened
from teleneedle.engines.segmentation.total_variation import total_variation_cut
from teleneedle.engines.segmentation.vessels import find_liver_vessels
from teleneedle.engines.segmentation.workgrid import Orientation, PatientImage, refine, refine_mask

UID = "1.2.826.0.1.3680043.8.498.1"


def dice(a: np.ndarray, b: np.ndarray) -> float:
    return float(2 * (a & b).sum() / max(1, a.sum() + b.sum()))


def cylinder_patient(*, table: bool = True) -> tuple[Volume, np.ndarray]:
    """A soft elliptic cylinder, 300 × 200 mm, on a table."""
    _, y, x = np.indices((20, 90, 120)).astype(float)
    body = ((x - 60) * 3 / 150) ** 2 + ((y - 42) * 3 / 100) ** 2 <= 1
    hu = np.where(body, 40, -1000).astype(np.int16)
    if table:
        hu[(y > 80) & (y < 83) & (x > 10) & (x < 110)] = 200
    grid = Grid.regular(hu.shape, spacing_mm=(3, 3, 5), frame_of_reference_uid=UID)
    return Volume(array=hu, grid=grid), body


def sphere_in_liver(
    radius_mm: float = 16.0, *, noise_hu: float = 12.0
) -> tuple[Volume, np.ndarray, np.ndarray]:
    grid = Grid.regular(
        (50, 80, 90), spacing_mm=(1, 1, 2), origin_lps=(-40, 15, 100), frame_of_reference_uid=UID
    )
    z, y, x = np.indices(grid.shape)
    centre = np.array([45, 40, 25])
    points = grid.index_to_lps(np.stack([x, y, z], axis=-1))
    truth = np.linalg.norm(points - grid.index_to_lps(centre), axis=-1) <= radius_mm
    hu = np.where(truth, 60.0, 110.0) + np.random.default_rng(3).normal(0, noise_hu, grid.shape)
    return Volume(array=hu.astype(np.int16), grid=grid), truth, grid.index_to_lps(centre)


@pytest.mark.parametrize("flips", list(itertools.product((1, -1), repeat=3)))
@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 0, 1)])
def test_orientation_round_trip(order: tuple[int, ...], flips: tuple[int, ...]) -> None:
    direction = np.eye(3)[:, list(order)] * np.array(flips)
    grid = Grid.regular((4, 5, 6), spacing_mm=(1, 2, 3), direction=direction, frame_of_reference_uid=UID)
    array = np.arange(120).reshape(4, 5, 6)
    orientation = Orientation.of(grid)
    patient = orientation.to_patient(array)
    assert np.array_equal(orientation.to_native(patient), array)
    k, j, i = np.indices(grid.shape)
    lps = grid.index_to_lps(np.stack([i, j, k], axis=-1))
    for axis, component in enumerate((2, 1, 0)):
        along = orientation.to_patient(lps[..., component])
        assert (np.diff(along, axis=axis) > 0).all()


def test_coarsening_keeps_the_mean_and_refining_a_ramp_is_exact() -> None:
    hu = np.random.default_rng(0).normal(size=(12, 20, 30)).astype(np.float32)
    coarse = PatientImage(hu=hu, spacing_mm=(1.0, 1.0, 1.0)).coarsened(2.0)
    assert coarse.shape == (6, 10, 15)
    assert float(coarse.hu.mean()) == pytest.approx(float(hu.mean()), abs=1e-5)
    ramp = np.broadcast_to(np.arange(8, dtype=np.float32) + 0.5, (4, 4, 8))
    fine = refine(ramp, (4, 4, 16))
    assert np.allclose(fine[0, 0, 1:-1], (np.arange(16) / 2 + 0.25)[1:-1], atol=1e-5)


def test_refined_ball_keeps_its_volume() -> None:
    z, y, x = np.indices((24, 24, 24))
    small = (z - 11.5) ** 2 + (y - 11.5) ** 2 + (x - 11.5) ** 2 <= 8**2
    fine = refine_mask(small, (72, 72, 72))
    assert fine.sum() / 27 == pytest.approx(4 / 3 * np.pi * 8**3, rel=0.05)


def test_ball_operations_against_brute_force() -> None:
    random = np.random.default_rng(5)
    mask = random.random((9, 10, 11)) > 0.9
    spacing = (2.0, 1.0, 1.5)
    points = np.argwhere(mask) * np.array(spacing)
    everywhere = np.argwhere(np.ones_like(mask)) * np.array(spacing)
    nearest = np.linalg.norm(everywhere[:, None] - points[None], axis=-1).min(axis=1).reshape(mask.shape)
    assert np.array_equal(dilated(mask, 2.4, spacing), nearest <= 2.4)
    assert (closed(mask, 2.0, spacing) >= mask).all()
    assert (opened(mask, 1.0, spacing) <= mask).all()


def test_body_without_table() -> None:
    volume, truth = cylinder_patient()
    found = segment_anatomy(volume, wanted=("body", "skin")).structures
    assert dice(found["body"].label_map.array, truth) > 0.98
    assert np.array_equal(found["body"].label_map.array, found["skin"].label_map.array)


def test_what_is_not_there_is_reported() -> None:
    volume, _ = cylinder_patient(table=False)
    result = segment_anatomy(volume, wanted=("body", "lung", "liver", "kidney"))
    assert set(result.structures) == {"body"}
    assert set(result.missing) == {"lung", "liver", "kidney"}
    assert all(zh and en for zh, en in result.missing.values())


def test_an_empty_image_is_refused() -> None:
    grid = Grid.regular((8, 20, 20), spacing_mm=(3, 3, 3), frame_of_reference_uid=UID)
    with pytest.raises(StructureError, match="no body"):
        segment_anatomy(Volume(array=np.full((8, 20, 20), -1000, dtype=np.int16), grid=grid))


def test_given_structures_must_fit() -> None:
    volume, truth = cylinder_patient()
    other = Grid.regular(volume.array.shape, spacing_mm=(3, 3, 5), frame_of_reference_uid="9.9")
    with pytest.raises(FrameOfReferenceError):
        segment_anatomy(volume, given={"liver": LabelMap(array=truth, grid=other)})
    shifted = Grid.regular(
        volume.array.shape, spacing_mm=(3, 3, 5), origin_lps=(5, 0, 0), frame_of_reference_uid=UID
    )
    with pytest.raises(StructureError, match="another grid"):
        segment_anatomy(volume, given={"liver": LabelMap(array=truth, grid=shifted)})


def test_cancelling_stops_the_run() -> None:
    volume, _ = cylinder_patient()
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        segment_anatomy(volume, cancel=token)


def test_same_input_same_output() -> None:
    volume, _ = cylinder_patient()
    runs = [segment_anatomy(volume, wanted=("body", "bone")).structures["body"] for _ in range(2)]
    assert np.array_equal(runs[0].label_map.array, runs[1].label_map.array)
    box = (np.array([-20.0, 30.0, 130.0]), np.array([30.0, 80.0, 170.0]))
    ct, _, _ = sphere_in_liver()
    tumours = [segment_tumour_in_box(ct, box_lps=box).label_map.array for _ in range(2)]
    assert np.array_equal(tumours[0], tumours[1])


@pytest.mark.parametrize("shift_mm", [0.0, 3.0])
def test_sphere_from_box(shift_mm: float) -> None:
    volume, truth, centre = sphere_in_liver()
    box = (centre - 16.0 + shift_mm, centre + 16.0 + shift_mm)
    found = segment_tumour_in_box(volume, box_lps=box)
    assert dice(found.label_map.array, truth) > 0.93


@pytest.mark.parametrize(
    ("low", "high", "message"),
    [
        ((0, 50, 120), (0.5, 80, 150), "thinner"),
        ((900, 50, 120), (950, 80, 150), "not inside"),
        ((np.nan, 50, 120), (950, 80, 150), "finite"),
    ],
)
def test_bad_boxes_are_refused(low: tuple[float, ...], high: tuple[float, ...], message: str) -> None:
    volume, _, _ = sphere_in_liver()
    with pytest.raises(StructureError, match=message):
        segment_tumour_in_box(volume, box_lps=(low, high))


def test_total_variation_rounds_a_corner_and_keeps_the_bulk() -> None:
    force = np.ones((20, 20, 20), dtype=np.float32)
    force[4:16, 4:16, 4:16] = -1.0
    cut = total_variation_cut(force, np.full_like(force, 1.0), (1.0, 1.0, 1.0)) > 0.5
    assert cut[10, 10, 10]
    assert cut[4, 10, 10]
    assert not cut[4, 4, 4]
    assert not cut[1].any()


def test_bright_tubes_in_a_liver_are_vessels_and_noise_is_not() -> None:
    z, y, x = np.indices((40, 60, 60))
    liver = (z - 20) ** 2 / 18**2 + (y - 30) ** 2 / 27**2 + (x - 30) ** 2 / 27**2 <= 1
    tube = ((y - 30) ** 2 + (z - 20) ** 2 <= 3**2) & liver
    noise = np.random.default_rng(1).normal(0, 10, liver.shape)
    hu = np.where(tube, 160.0, np.where(liver, 105.0, -80.0)) + noise
    image = PatientImage(hu=hu.astype(np.float32), spacing_mm=(1.0, 1.0, 1.0))
    found = find_liver_vessels(image, liver, 105.0)
    assert found is not None
    assert dice(found, tube) > 0.8
    plain = np.where(liver, 105.0, -80.0) + noise
    flat = PatientImage(hu=plain.astype(np.float32), spacing_mm=(1.0, 1.0, 1.0))
    nothing = find_liver_vessels(flat, liver, 105.0)
    assert nothing is None or nothing.sum() < 0.02 * liver.sum()


def test_a_dark_sphere_in_the_liver_is_proposed_and_amber() -> None:
    volume, truth, _ = sphere_in_liver()
    liver = LabelMap(array=np.ones(volume.array.shape, dtype=np.bool_), grid=volume.grid)
    found = propose_lesions(volume, liver)
    assert len(found) == 1
    assert found[0].gate.value == "amber"
    assert found[0].kind == "tumour"
    assert dice(found[0].label_map.array, truth) > 0.8
