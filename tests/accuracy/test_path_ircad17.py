"""Both tumours of real CT with expert masks: safe paths exist, and an independent check agrees with each."""

from __future__ import annotations

from pathlib import Path

import edt
import nibabel
import numpy as np
import pytest
from scipy.spatial import cKDTree

from teleneedle.core.devices import Modality
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap
from teleneedle.engines.trajectories import (
    PathScene,
    default_rules,
    describe_path,
    explain_no_path,
    search_paths,
)

MASKS = {
    "skin": "skin",
    "bone": "bone",
    "liver": "liver",
    "portal_vein": "portalvein",
    "hepatic_veins": "venoussystem",
    "artery": "artery",
}
CHECKED = 12


def load_mask(folder: Path, name: str) -> LabelMap:
    image = nibabel.load(folder / f"{name}.nii.gz")
    array = np.ascontiguousarray((np.asarray(image.dataobj) > 0).transpose(2, 1, 0))
    affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ image.affine
    return LabelMap(array=array, grid=Grid(shape=array.shape, affine=affine, frame_of_reference_uid="1.2.3"))


@pytest.fixture(scope="module")
def masks(real_data: Path) -> dict[str, LabelMap]:
    return {kind: load_mask(real_data / "ircad17" / "masks", name) for kind, name in MASKS.items()}


def large_part(label_map: LabelMap, diameter_mm: float) -> np.ndarray:
    """Opening of a vessel by a ball, through two distance transforms."""
    spacing = tuple(label_map.grid.spacing_mm[::-1])
    window = label_map.bounding_slices(pad_mm=5.0)
    part = np.asfortranarray(label_map.array[window]).astype(np.uint8)
    core = edt.edt(part, anisotropy=spacing, black_border=False) > diameter_mm / 2
    opened = edt.edt((~core).astype(np.uint8), anisotropy=spacing, black_border=False) <= diameter_mm / 2
    whole = np.zeros(label_map.array.shape, bool)
    whole[window] = opened & label_map.array[window]
    return whole


def box_gap_mm(array: np.ndarray, grid: Grid, samples_lps: np.ndarray, within_mm: float) -> float:
    """Smallest distance from samples to the voxel boxes of `array`; inf beyond `within_mm`."""
    index = np.argwhere(array)[:, ::-1]
    centres = index * grid.spacing_mm
    samples = (samples_lps - grid.origin_lps) @ grid.direction
    reach = within_mm + float(np.linalg.norm(grid.spacing_mm)) / 2
    near = ((centres >= samples.min(axis=0) - reach) & (centres <= samples.max(axis=0) + reach)).all(axis=1)
    centres = centres[near]
    if len(centres) == 0:
        return np.inf
    distance, _ = cKDTree(samples).query(centres, distance_upper_bound=reach)
    centres = centres[np.isfinite(distance)]
    gaps = [
        np.sqrt(
            (np.maximum(np.abs(part[:, None] - samples) - grid.spacing_mm / 2, 0) ** 2).sum(axis=-1)
        ).min()
        for part in np.array_split(centres, max(len(centres) // 2000, 1))
        if len(part)
    ]
    return float(min(gaps, default=np.inf))


@pytest.mark.parametrize("name", ["livertumor1", "livertumor2"])
def test_paths_on_expert_masks_pass_an_independent_check(
    name: str, masks: dict[str, LabelMap], real_data: Path
) -> None:
    target = load_mask(real_data / "ircad17" / "masks", name)
    rules = default_rules(modality=Modality.MWA, usable_length_mm=200, gauge=14)
    scene = PathScene.build(masks, target=target, rules=rules)
    found = search_paths(scene, target.centroid_lps(), rules)
    assert len(found.paths) >= 20
    assert sum(found.is_pareto) >= 10
    assert found.tried > 15_000
    assert scene.host == "liver"
    assert "lung" in found.missing
    path = found.paths[0]
    needle = describe_path(scene, path, rules, needle_id="N1", tip_depth_mm=path.aim_depth_mm, gauge=14)
    measured = {c.structure: c.min_distance_mm for c in needle.clearances if c.is_hard}
    for kind in ("bone", "portal_vein", "hepatic_veins", "artery"):
        rule = rules.by_structure[kind]
        hard = (
            masks[kind].array if rule.large_from_mm is None else large_part(masks[kind], rule.large_from_mm)
        )
        for other in found.paths[:: max(len(found.paths) // CHECKED, 1)]:
            depths = np.arange(0.0, other.safe_depth_mm, 0.5)[:, None]
            samples = np.array(other.entry_lps) + depths * np.array(other.direction)
            gap = box_gap_mm(hard, target.grid, samples, rule.hard_mm + rules.needle_radius_mm)
            assert gap - rules.needle_radius_mm >= rule.hard_mm - 1e-6
        depths = np.arange(0.0, path.aim_depth_mm, 0.1)[:, None]
        samples = np.array(path.entry_lps) + depths * np.array(path.direction)
        gap = box_gap_mm(hard, target.grid, samples, 25.0)
        if np.isfinite(gap):
            assert measured[kind] == pytest.approx(gap - rules.needle_radius_mm, abs=0.1)
        else:
            assert measured[kind] > 23.0
    assert needle.liver_before_target_mm is not None
    assert needle.liver_before_target_mm >= 5.0
    assert needle.robustness is not None


def test_a_tumour_shut_in_by_a_wide_vessel_rule_says_so(masks: dict[str, LabelMap], real_data: Path) -> None:
    """With more asked from the portal vein than the aim itself has, nothing is left, and it is named."""
    target = load_mask(real_data / "ircad17" / "masks", "livertumor1")
    rules = default_rules(modality=Modality.MWA, usable_length_mm=200, gauge=14).with_clearance(
        "portal_vein", 60.0
    )
    scene = PathScene.build(masks, target=target, rules=rules)
    found = search_paths(scene, target.centroid_lps(), rules)
    assert found.paths == ()
    error = explain_no_path(found)
    assert next(b for b in found.blocked if b.constraint == "portal_vein").involved_pct == 100
    assert any("portal vein" in line and "too near" in line for line in error.details)
    assert any("门静脉" in line for line in error.details)
