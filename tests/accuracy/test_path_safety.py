"""No path reported safe is unsafe: 1,000 random scenes against a check that shares nothing with the search.

The check samples each needle every 0.5 mm from skin to its deepest safe tip and measures, with SciPy's k-d
tree and plain NumPy, the distance from every sample to the full-resolution voxel boxes of every structure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.ndimage import binary_dilation, binary_erosion
from scipy.spatial import cKDTree

from teleneedle.core.devices import Modality
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap
from teleneedle.core.paths import CandidatePath
from teleneedle.engines.trajectories import PathRules, PathScene, default_rules, search_paths

SAMPLE_MM = 0.5
SCENES, BATCHES = 1000, 10
OBSTACLES = (
    "bone",
    "lung",
    "heart",
    "portal_vein",
    "hepatic_veins",
    "bowel",
    "gallbladder",
    "kidney",
    "spleen",
)


@dataclass
class RandomScene:
    structures: dict[str, LabelMap]
    target: LabelMap
    rules: PathRules


def random_rotation(rng: np.random.Generator) -> np.ndarray:
    q, r = np.linalg.qr(rng.normal(size=(3, 3)))
    return q * np.sign(np.diag(r))


def random_grid(rng: np.random.Generator) -> Grid:
    """70–100 mm a side, 0.5–5 mm spacing, any orientation and handedness, at most 100,000 voxels."""
    while True:
        spacing = np.exp(rng.uniform(np.log(0.5), np.log(5.0), 3))
        size = np.maximum(np.rint(rng.uniform(70, 100, 3) / spacing), 8).astype(int)
        if np.prod(size) <= 100_000:
            break
    direction = np.eye(3) if rng.random() < 0.2 else random_rotation(rng)
    shape = (int(size[2]), int(size[1]), int(size[0]))
    return Grid.regular(
        shape,
        spacing_mm=spacing,
        origin_lps=rng.uniform(-300, 300, 3),
        direction=direction,
        frame_of_reference_uid="1.2",
    )


def random_shape(
    rng: np.random.Generator, points: np.ndarray, centre: np.ndarray, reach: float
) -> np.ndarray:
    """Ball, box or tube somewhere around the centre."""
    at = centre + rng.normal(size=3) * reach / 2
    axes = random_rotation(rng)
    local = (points - at) @ axes
    kind = rng.integers(3)
    if kind == 0:
        return np.linalg.norm(local, axis=-1) <= rng.uniform(2, 9)
    if kind == 1:
        return (np.abs(local) <= rng.uniform(1.5, 10, 3)).all(axis=-1)
    return (np.linalg.norm(local[..., :2], axis=-1) <= rng.uniform(1, 5)) & (np.abs(local[..., 2]) <= 25)


def random_scene(rng: np.random.Generator) -> RandomScene:
    grid = random_grid(rng)
    k, j, i = np.indices(grid.shape)
    points = grid.index_to_lps(np.stack([i, j, k], axis=-1))
    centre = grid.index_to_lps((np.array(grid.size_ijk) - 1) / 2)
    size = np.array(grid.size_ijk) * grid.spacing_mm
    local = (points - centre) @ grid.direction
    body = np.linalg.norm(local / (size / 2 - grid.spacing_mm), axis=-1) <= rng.uniform(0.8, 1.0)
    aim = centre + rng.uniform(-8, 8, 3)
    away = np.linalg.norm(points - aim, axis=-1)
    target = away <= max(rng.uniform(4, 8), grid.spacing_mm.max())
    liver = (np.linalg.norm(points - centre, axis=-1) <= rng.uniform(15, 30)) & body
    masks = {"body": body, "liver": liver | target}
    if rng.random() < 0.2:
        del masks["liver"]
    for kind in rng.choice(OBSTACLES, size=rng.integers(1, 5), replace=False):
        mask = random_shape(rng, points, centre, 45.0) & body
        if rng.random() < 0.7:
            mask &= away > 10
        masks[str(kind)] = mask
    rules = default_rules(
        modality=Modality.MWA, usable_length_mm=float(rng.uniform(60, 150)), gauge=float(rng.integers(14, 19))
    )
    rules = rules.with_limit("length_mm", hard_low=8.0, hard_high=rules.limit("length_mm").hard_high)
    return RandomScene(
        structures={name: LabelMap(array=mask, grid=grid) for name, mask in masks.items()},
        target=LabelMap(array=target & body, grid=grid),
        rules=rules,
    )


def hard_voxels(label_map: LabelMap, kind: str, rules: PathRules) -> np.ndarray:
    """Mask the hard distance applies to: for vessels, SciPy's opening by a ball of the rule's diameter."""
    rule = rules.by_structure[kind]
    if rule.large_from_mm is None:
        return label_map.array
    reach = np.ceil(rule.large_from_mm / 2 / label_map.grid.spacing_mm[::-1]).astype(int)
    k, j, i = np.meshgrid(*(np.arange(-n, n + 1) for n in reach), indexing="ij")
    offset = np.stack([i, j, k], axis=-1) * label_map.grid.spacing_mm
    ball = np.linalg.norm(offset, axis=-1) <= rule.large_from_mm / 2
    eroded = binary_erosion(label_map.array, ball, border_value=1)
    return binary_dilation(eroded, ball)


class BruteForce:
    """Distances from sampled points to voxel boxes, in the grid's own axes."""

    def __init__(self, scene: RandomScene, host: str) -> None:
        self.grid, self.rules = scene.target.grid, scene.rules
        self.half = self.grid.spacing_mm / 2
        self.centres = {}
        for kind in scene.structures:
            if kind in scene.rules.by_structure and kind != host:
                index = np.argwhere(hard_voxels(scene.structures[kind], kind, scene.rules))[:, ::-1]
                if len(index):
                    self.centres[kind] = index * self.grid.spacing_mm

    def clearance_mm(self, kind: str, samples_lps: np.ndarray) -> float:
        """Smallest distance from the samples to the boxes, less the needle's radius; inf when far."""
        samples = (samples_lps - self.grid.origin_lps) @ self.grid.direction
        radius = self.rules.needle_radius_mm
        reach = self.rules.by_structure[kind].hard_mm + radius + np.linalg.norm(self.half) + 1.0
        centres = self.centres[kind]
        low, high = samples.min(axis=0) - reach, samples.max(axis=0) + reach
        centres = centres[((centres >= low) & (centres <= high)).all(axis=1)]
        if len(centres) == 0:
            return np.inf
        near = cKDTree(samples).query(centres, distance_upper_bound=reach + SAMPLE_MM)[0]
        centres = centres[np.isfinite(near)]
        if len(centres) == 0:
            return np.inf
        gap = np.maximum(np.abs(samples[:, None] - centres[None]) - self.half, 0.0)
        return float(np.sqrt((gap**2).sum(axis=-1)).min()) - radius

    def problems(self, scene: RandomScene, path: CandidatePath) -> list[str]:
        entry, direction = np.array(path.entry_lps), np.array(path.direction)
        depths = np.append(np.arange(0.0, path.safe_depth_mm, SAMPLE_MM), path.safe_depth_mm)
        samples = entry + depths[:, None] * direction
        found = []
        for kind in self.centres:
            clearance = self.clearance_mm(kind, samples)
            if clearance < self.rules.by_structure[kind].hard_mm - 1e-6:
                found.append(f"{clearance:.3f} mm from {kind}")
        length = self.rules.limit("length_mm")
        if not length.hard_low <= path.aim_depth_mm <= path.safe_depth_mm <= length.hard_high + 1e-9:
            found.append(f"length {path.aim_depth_mm:.2f}, {path.safe_depth_mm:.2f}")
        if np.linalg.norm(entry + path.aim_depth_mm * direction - path.aim_lps) > 1e-6:
            found.append("the aim is not on the line")
        return found + self._tissue_problems(scene, path, samples, depths)

    def _inside(self, label_map: LabelMap, points: np.ndarray) -> np.ndarray:
        index = np.floor(
            (points - self.grid.origin_lps) @ self.grid.direction / self.grid.spacing_mm + 0.5
        ).astype(int)
        good = ((index >= 0) & (index < self.grid.size_ijk)).all(axis=1)
        i, j, k = np.clip(index, 0, np.array(self.grid.size_ijk) - 1).T
        return label_map.array[k, j, i] & good

    def _tissue_problems(
        self, scene: RandomScene, path: CandidatePath, samples: np.ndarray, depths: np.ndarray
    ) -> list[str]:
        entry, direction = np.array(path.entry_lps), np.array(path.direction)
        body = scene.structures["body"]
        found = []
        outside = entry - np.arange(0.01, 100, SAMPLE_MM)[:, None] * direction
        beyond = self._inside(body, outside)
        if (beyond[1:] & beyond[:-1]).any() or beyond[0]:
            found.append("the entry is not on the skin")
        air = ~self._inside(body, samples[1:])
        if (air[1:] & air[:-1]).any():
            found.append("leaves the body")
        if "liver" in scene.structures:
            in_target = self._inside(scene.target, samples)
            stop = (
                int(np.argmax(in_target))
                if in_target.any()
                else int(np.searchsorted(depths, path.aim_depth_mm))
            )
            healthy = self._inside(scene.structures["liver"], samples[:stop]).sum() * SAMPLE_MM
            if healthy < 5.0 - SAMPLE_MM:
                found.append(f"only {healthy:.1f} mm of liver before the target")
        return found


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_path_reported_safe_is_unsafe(batch: int) -> None:
    rng = np.random.default_rng(20_000 + batch)
    with_paths = 0
    for number in range(SCENES // BATCHES):
        made = random_scene(rng)
        if made.target.is_empty:
            continue
        scene = PathScene.build(made.structures, target=made.target, rules=made.rules, table_below=False)
        search = search_paths(scene, made.target.centroid_lps(), made.rules, keep=4, spacing_deg=8.0)
        with_paths += bool(search.paths)
        assert scene.host in {"", "liver", "lung", "kidney", "spleen", "bone"}
        judge = BruteForce(made, scene.host)
        for path in search.paths:
            assert judge.problems(made, path) == [], f"batch {batch}, scene {number}"
    assert with_paths >= SCENES // BATCHES // 2


def test_sheared_voxels_are_never_closer_than_reported() -> None:
    """Under gantry tilt points spread through the true, slanted voxels keep the required distance."""
    rng = np.random.default_rng(7)
    for _ in range(8):
        affine = np.diag([2.0, 2.0, 3.0, 1.0])
        affine[1, 2] = 3.0 * np.tan(np.radians(rng.uniform(5, 25)))
        affine[:3, 3] = -50.0
        grid = Grid(shape=(34, 50, 50), affine=affine, frame_of_reference_uid="1.2")
        k, j, i = np.indices(grid.shape)
        points = grid.index_to_lps(np.stack([i, j, k], axis=-1))
        centre = grid.index_to_lps((np.array(grid.size_ijk) - 1) / 2)
        away = np.linalg.norm(points - centre, axis=-1)
        bone = random_shape(rng, points, centre, 40.0) & (away > 12) & (away <= 44)
        rules = default_rules(modality=Modality.MWA, usable_length_mm=150, gauge=17)
        masks = {"body": LabelMap(array=away <= 44, grid=grid), "bone": LabelMap(array=bone, grid=grid)}
        target = LabelMap(array=away <= 5, grid=grid)
        scene = PathScene.build(masks, target=target, rules=rules, table_below=False)
        search = search_paths(scene, centre, rules, keep=12, spacing_deg=8.0)
        assert search.paths
        part = np.linspace(-0.5, 0.5, 5)
        inner = np.stack(np.meshgrid(part, part, part), axis=-1).reshape(-1, 3)
        filled = grid.index_to_lps((np.argwhere(bone)[:, None, ::-1] + inner).reshape(-1, 3))
        for path in search.paths:
            depths = np.arange(0.0, path.safe_depth_mm, SAMPLE_MM)[:, None]
            gap = cKDTree(filled).query(np.array(path.entry_lps) + depths * np.array(path.direction))[0].min()
            assert gap - rules.needle_radius_mm >= 3.0 - 1e-6
