"""Synthetic patients: specified HU, closed-form volumes, a way in found by brute force on the truth alone."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, binary_erosion, binary_opening, distance_transform_edt

from teleneedle.core.errors import InputError
from teleneedle.testing.phantom import CASES, Phantom, make_phantom
from teleneedle.testing.phantom.noise import add_noise

CONTAINERS = {"body", "skin", "liver", "lung"}


def phantom(case: str = "liver-mwa", seed: int = 0, size: int = 160, breathing_mm: float = 0.0) -> Phantom:
    """On a 2.4 mm grid unless a test needs a finer one; every patient is made once."""
    return _make_once(case, seed, size, breathing_mm)


@cache
def _make_once(case: str, seed: int, size: int, breathing_mm: float) -> Phantom:
    spacing = 384.0 / size
    return make_phantom(case, seed=seed, size=size, slice_mm=spacing, breathing_mm=breathing_mm)


def mask(made: Phantom, name: str) -> NDArray[np.bool_]:
    return np.asarray(made.structures[name].array)


def core_of(made: Phantom, name: str, steps: int = 1) -> NDArray[np.int16]:
    """HU of a structure away from its edge."""
    return np.asarray(made.volume.array[binary_erosion(mask(made, name), iterations=steps)])


@pytest.mark.parametrize(
    ("name", "hu", "tolerance_hu"),
    [("spleen", 120, 4), ("artery", 150, 4), ("kidney", 180, 8), ("pancreas", 100, 6)],
)
def test_the_mean_hu_of_an_organ_is_that_of_the_portal_venous_phase(
    name: str, hu: float, tolerance_hu: float
) -> None:
    assert core_of(phantom(), name).mean() == pytest.approx(hu, abs=tolerance_hu)


def test_the_liver_without_its_vessels_has_its_hu_and_the_noise_its_sigma() -> None:
    made = phantom(size=256)
    vessels = mask(made, "portal_vein") | mask(made, "hepatic_veins") | mask(made, "tumour1")
    plain = binary_erosion(mask(made, "liver") & ~binary_dilation(vessels, iterations=3), iterations=2)
    values = made.volume.array[plain].astype(float)
    assert values.size > 5000
    assert values.mean() == pytest.approx(110, abs=2)
    assert values.std() == pytest.approx(12, abs=1)


def test_large_vessels_tumour_bile_and_lung_have_their_hu() -> None:
    made = phantom(size=256)
    assert core_of(made, "hepatic_veins", 2).mean() == pytest.approx(160, abs=4)
    assert core_of(made, "portal_vein", 2).mean() == pytest.approx(165, abs=4)
    assert core_of(made, "tumour1", 3).mean() == pytest.approx(65, abs=4)
    assert core_of(made, "gallbladder", 3).mean() == pytest.approx(10, abs=4)
    lung = mask(made, "lung")
    assert np.median(made.volume.array[lung]) == pytest.approx(-850, abs=40)
    bone = made.volume.array[mask(made, "bone")]
    assert 250 < np.median(bone) < 700
    assert np.percentile(bone, 95) > 500


def test_noise_is_correlated_within_a_slice_and_not_between_slices() -> None:
    """Weights ½, 1, ½ on white noise: neighbours correlate by 2/3, next but one by 1/6."""
    noise = add_noise(np.zeros((20, 96, 96), dtype=np.float32), np.random.default_rng(5)).astype(float)
    assert noise.std() == pytest.approx(12, rel=0.02)
    variance = noise.var()
    for axis, lag, expected in ((2, 1, 2 / 3), (1, 1, 2 / 3), (2, 2, 1 / 6), (2, 3, 0.0), (0, 1, 0.0)):
        ahead = np.moveaxis(noise, axis, 0)
        assert (ahead[lag:] * ahead[:-lag]).mean() / variance == pytest.approx(expected, abs=0.02)


def test_the_same_seed_is_the_same_patient_and_another_seed_is_another() -> None:
    again = make_phantom("liver-mwa", seed=0, size=160, slice_mm=2.4)
    assert np.array_equal(again.volume.array, phantom().volume.array)
    assert again.study == phantom().study
    assert again.volume.grid.frame_of_reference_uid == phantom().volume.grid.frame_of_reference_uid
    other = phantom(seed=1)
    assert other.study.study_uid != again.study.study_uid
    assert other.landmarks["tumour1"] != again.landmarks["tumour1"]
    one, two = mask(again, "liver"), mask(other, "liver")
    assert 2 * (one & two).sum() / (one.sum() + two.sum()) < 0.97


@pytest.mark.parametrize("case", list(CASES))
def test_no_voxel_belongs_to_two_organs(case: str) -> None:
    made = phantom(case)
    count = np.zeros(made.volume.grid.shape, dtype=np.uint8)
    for name in made.structures:
        if name not in CONTAINERS:
            count += mask(made, name)
    assert count.max() == 1
    apart = count.astype(bool) & ~mask(made, "portal_vein") & ~mask(made, "hepatic_veins")
    apart &= ~mask(made, "tumour1")
    assert not (mask(made, "liver") & apart).any()
    assert not (mask(made, "lung") & mask(made, "liver")).any()
    for name in made.structures:
        assert not (mask(made, name) & ~mask(made, "body")).any(), name


def test_tumour_and_liver_vessels_lie_in_their_organ() -> None:
    for case, organ in (("liver-mwa", "liver"), ("liver-rfa", "liver"), ("lung-seeds", "lung")):
        made = phantom(case)
        tumour = mask(made, "tumour1")
        assert not (tumour & ~mask(made, organ)).any()
        depth = distance_transform_edt(binary_dilation(mask(made, organ)), sampling=2.4)
        assert depth[tumour].min() > 6.0
    inner = mask(made := phantom(), "portal_vein") & mask(made, "liver")
    assert inner.sum() > 0.25 * mask(made, "portal_vein").sum()


@pytest.mark.parametrize(
    ("name", "low_ml", "high_ml"),
    [
        ("liver", 1100, 2000), ("spleen", 70, 350), ("kidney", 200, 420), ("bone", 250, 800),
        ("gallbladder", 12, 70),
        ("body", 12000, 26000), ("spinal_canal", 25, 90), ("pancreas", 30, 120), ("tumour1", 5.5, 11.5),
    ],
)  # fmt: skip
def test_volumes_are_those_of_an_adult(name: str, low_ml: float, high_ml: float) -> None:
    for seed in range(2):
        assert low_ml < phantom(seed=seed).structures[name].volume_ml < high_ml


def test_the_patient_lies_as_dicom_says() -> None:
    made = phantom()
    centre = {name: label.centroid_lps() for name, label in made.structures.items()}
    assert centre["liver"][0] < -20 < 20 < centre["spleen"][0]
    assert centre["heart"][0] > 0
    assert centre["spinal_canal"][1] > centre["liver"][1] + 40
    assert centre["heart"][2] > centre["liver"][2] > centre["bowel"][2]
    assert centre["lung"][2] > centre["kidney"][2]
    assert centre["gallbladder"][2] < centre["liver"][2]
    assert np.allclose(made.volume.grid.direction, np.eye(3))


@pytest.mark.parametrize(("case", "size"), [("liver-mwa", 256), ("liver-rfa", 160), ("lung-seeds", 160)])
def test_the_tumour_has_the_volume_of_its_ellipsoid(case: str, size: int) -> None:
    made = phantom(case, 0, size)
    shape = made.tumours["tumour1"]
    assert made.structures["tumour1"].volume_ml == pytest.approx(shape.volume_ml, rel=0.03)
    assert np.allclose(made.structures["tumour1"].centroid_lps(), shape.centre_lps, atol=0.5)
    low, high = CASES[case].diameter_mm
    assert low <= 2 * np.prod(shape.radii_mm) ** (1 / 3) <= high


VESSELS = {"portal_vein", "hepatic_veins", "artery"}


def thick_part(vessel: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What at least a block of 2 × 2 × 2 voxels fits into."""
    return np.asarray(binary_opening(vessel, structure=np.ones((2, 2, 2))))


def has_safe_path(made: Phantom, forbidden: dict[str, float]) -> bool:
    """Straight rays from the tumour's centre over the right side and the front."""
    grid = made.volume.grid
    spare = np.full(grid.shape, np.inf)
    for need_mm in set(forbidden.values()):
        found = np.zeros(grid.shape, dtype=np.bool_)
        for name in forbidden.keys() & made.structures.keys():
            if forbidden[name] == need_mm:
                found |= thick_part(mask(made, name)) if name in VESSELS else mask(made, name)
        half_voxel = float(grid.spacing_mm.max()) / 2
        distance = distance_transform_edt(~found, sampling=grid.spacing_mm[::-1])
        spare = np.minimum(spare, distance - half_voxel - need_mm)
    centre = np.array(made.landmarks["tumour1"])
    turn, tilt = np.meshgrid(np.radians(np.arange(120, 290, 3)), np.radians(np.arange(-42, 43, 3)))
    level = np.cos(tilt)
    rays = np.stack([np.cos(turn) * level, np.sin(turn) * level, np.sin(tilt)], -1).reshape(-1, 3)
    along = np.arange(0.0, 150.0, 1.0)
    index = np.rint(grid.lps_to_index(centre + along[:, None] * rays[:, None, :])).astype(int)
    inside = np.asarray(((index >= 0) & (index < np.array(grid.size_ijk))).all(axis=-1))
    i, j, k = np.moveaxis(np.where(inside[..., None], index, 0), -1, 0)
    in_body = np.asarray(mask(made, "body")[k, j, i])
    for ray in range(len(rays)):
        left = np.flatnonzero(~in_body[ray])
        if len(left) and inside[ray, : left[0] + 1].all():
            stop = left[0]
            if (spare[k[ray, :stop], j[ray, :stop], i[ray, :stop]] >= 0).all():
                return True
    return False


ABDOMEN_MM = {
    "bone": 3.9, "lung": 0.9, "heart": 5.9, "portal_vein": 5.9, "hepatic_veins": 5.9, "artery": 5.9,
    "bowel": 5.9, "stomach": 5.9, "gallbladder": 5.9, "kidney": 3.9, "spleen": 3.9, "pancreas": 3.9,
    "spinal_canal": 5.9,
}  # fmt: skip


@pytest.mark.parametrize(
    ("case", "seed"), [("liver-mwa", 0), ("liver-mwa", 1), ("liver-mwa", 2), ("liver-rfa", 0)]
)
def test_a_needle_can_reach_the_liver_tumour(case: str, seed: int) -> None:
    assert has_safe_path(phantom(case, seed), ABDOMEN_MM)


def test_a_needle_can_reach_the_lung_tumour() -> None:
    chest = {**ABDOMEN_MM, "liver": 5.9}
    chest.pop("lung")
    assert has_safe_path(phantom("lung-seeds"), chest)


def test_breathing_in_moves_the_organs_to_the_feet_by_the_offset() -> None:
    rest, breath = phantom(), phantom(breathing_mm=12.0)
    for name in ("liver", "tumour1", "gallbladder"):
        step = breath.structures[name].centroid_lps() - rest.structures[name].centroid_lps()
        assert step == pytest.approx([0, 0, -12], abs=1.0), name
    assert np.subtract(breath.landmarks["tumour1"], rest.landmarks["tumour1"]) == pytest.approx([0, 0, -12])
    assert np.array_equal(mask(rest, "spinal_canal"), mask(breath, "spinal_canal"))
    assert breath.volume.grid.frame_of_reference_uid == rest.volume.grid.frame_of_reference_uid
    assert breath.study.series_uid != rest.study.series_uid


def test_slice_spacing_and_size_do_not_move_the_anatomy() -> None:
    coarse, fine = phantom(), phantom(size=256)
    assert coarse.landmarks == fine.landmarks
    step = coarse.structures["liver"].centroid_lps() - fine.structures["liver"].centroid_lps()
    assert np.abs(step).max() < 1.0


def test_after_hepatectomy_the_left_liver_and_the_gallbladder_are_gone() -> None:
    made = phantom("liver-rfa")
    assert "gallbladder" not in made.structures
    assert made.checklist["bilioenteric_anastomosis"] is True
    assert made.checklist["four_drug_prophylaxis"] is True
    assert made.structures["liver"].points_lps()[:, 0].max() < 15
    assert phantom().structures["liver"].points_lps()[:, 0].max() > 30


def test_the_checklist_answers_every_rule_that_the_images_do_not() -> None:
    expected = {
        "inr", "platelets_e9_l", "bilioenteric_anastomosis", "four_drug_prophylaxis",
        "biliary_stent_or_sphincterotomy", "pacemaker_or_icd",
        "rf_pads_checked", "child_pugh", "bilirubin_umol_l", "uncontrolled_ascites",
        "active_infection", "consent_signed",
    }  # fmt: skip
    for case in CASES.values():
        assert set(case.checklist) == expected


def test_identity_is_marked_as_synthetic_and_valid_for_dicom() -> None:
    made = phantom()
    assert made.patient.id == "PHANTOM-LIVER-MWA-0000"
    assert made.patient.name == "Phantom^Liver MWA=示例^患者甲"
    uids = {made.study.study_uid, made.study.series_uid, *(uid for _, uid in made.study.sop_instances)}
    assert len(uids) == 2 + made.volume.grid.shape[0]
    assert all(uid.startswith("2.25.") and len(uid) <= 64 for uid in uids)
    assert int(made.patient.age[:3]) in range(48, 76)


def test_an_unknown_case_names_those_there_are() -> None:
    with pytest.raises(InputError, match="liver-mwa, liver-rfa, lung-seeds"):
        make_phantom("brain")


@pytest.mark.parametrize("setting", [{"size": 8}, {"slice_mm": 0.1}, {"breathing_mm": 99.0}, {"seed": -1}])
def test_settings_out_of_range_are_refused(setting: dict[str, float]) -> None:
    with pytest.raises(InputError, match=next(iter(setting))):
        make_phantom("liver-mwa", **setting)  # type: ignore[arg-type]  # one wrong setting
