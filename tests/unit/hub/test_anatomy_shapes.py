"""Surfaces and distance fields against closed forms and brute force."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh
from scipy.ndimage import map_coordinates

from teleneedle.adapters.anatomy_shapes import distance_container, mesh_container
from teleneedle.adapters.tnb1 import decode_tnb1
from teleneedle.core.devices import Modality
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap
from teleneedle.engines.trajectories import PathScene, default_rules, large_from_mm, large_parts
from teleneedle.engines.trajectories.clearance import measure_clearances


def label_map(array: np.ndarray, spacing=(0.8, 0.7, 1.6), direction=None) -> LabelMap:
    grid = Grid.regular(
        array.shape,
        spacing_mm=spacing,
        origin_lps=(-10.0, 5.0, 30.0),
        direction=direction,
        frame_of_reference_uid="1.2.3",
    )
    return LabelMap(array=array, grid=grid)


def ball(radius_mm: float, spacing=(0.8, 0.7, 1.6), direction=None) -> LabelMap:
    shape = tuple(int(2 * radius_mm / s) + 9 for s in spacing[::-1])
    k, j, i = np.indices(shape)
    middle = [(n - 1) / 2 for n in shape]
    gaps = [(x - m) * s for x, m, s in zip((k, j, i), middle, spacing[::-1], strict=True)]
    return label_map(sum(g * g for g in gaps) <= radius_mm**2, spacing, direction)


def brute(mask: LabelMap, points: np.ndarray) -> np.ndarray:
    """Signed distance to the union of voxel boxes, one box at a time."""
    spacing = mask.grid.spacing_mm
    at = mask.grid.lps_to_index(points) * spacing
    padded = np.pad(mask.array, 1)

    def nearest(which: np.ndarray) -> np.ndarray:
        centres = (np.argwhere(which)[:, ::-1] - 1) * spacing
        gaps = np.maximum(np.abs(at[:, None] - centres[None]) - spacing / 2, 0)
        return np.linalg.norm(gaps, axis=2).min(axis=1)

    outside = nearest(padded)
    return np.where(outside > 0, outside, -nearest(~padded))


@pytest.mark.parametrize("spacing", [(0.8, 0.7, 1.6), (1.0, 1.0, 5.0), (2.0, 0.4, 1.5)])
@pytest.mark.parametrize("seed", range(4))
def test_distances_are_those_to_the_voxel_boxes(spacing, seed):
    rng = np.random.default_rng(seed)
    array = rng.random((6, 9, 8)) < 0.25
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    mask = label_map(array, spacing, turn)
    arrays, facts = decode_tnb1(distance_container(mask))
    field = arrays["distance"]
    affine = np.array(facts["affine"]).reshape(4, 4)
    chosen = np.argwhere(np.ones(field.shape, bool))
    chosen = chosen[rng.choice(len(chosen), 600, replace=False)]
    near = np.argwhere(field < 60)
    chosen = np.vstack([chosen, near[rng.choice(len(near), min(300, len(near)), replace=False)]])
    points = chosen[:, ::-1] @ affine[:3, :3].T + affine[:3, 3]
    truth = brute(mask, points)
    found = field[tuple(chosen.T)] * facts["unit_mm"]
    reached = truth <= 40.0
    assert np.abs(found - truth)[reached].max() <= 0.026
    assert (found[~reached] >= 39.97).all()
    assert (np.linalg.norm(affine[:3, :3], axis=0) <= 1.5001).all()


def test_the_field_reaches_40_mm_beyond_the_structure_on_every_side():
    array = np.zeros((5, 5, 5), bool)
    array[2, 2, 2] = True
    _, facts = decode_tnb1(distance_container(label_map(array)))
    arrays, _ = decode_tnb1(distance_container(label_map(array)))
    field = arrays["distance"]
    for axis in range(3):
        assert field.take(0, axis).min() >= 780
        assert field.take(-1, axis).min() >= 780
    assert len(facts["affine"]) == 16


@pytest.mark.parametrize("radius", [6.0, 15.0, 60.0])
@pytest.mark.parametrize("mirror", [1.0, -1.0])
def test_the_surface_of_a_ball_is_closed_outward_and_of_its_volume(radius, mirror):
    mask = ball(radius, direction=np.diag([mirror, 1.0, 1.0]))
    arrays, _ = decode_tnb1(mesh_container(mask))
    mesh = trimesh.Trimesh(arrays["vertices"], arrays["faces"], process=False)
    assert mesh.is_watertight
    assert mesh.is_winding_consistent
    assert mesh.volume / 1000 == pytest.approx(mask.volume_ml, rel=0.02)
    outward = arrays["vertices"] - mask.centroid_lps()
    assert (np.einsum("ij,ij->i", outward, arrays["normals"]) > 0).mean() > 0.999
    assert len(arrays["faces"]) <= 40_000


def trunk_with_branch() -> LabelMap:
    """A vessel 10 mm thick along the head–foot axis, with a branch one voxel thick towards the left."""
    k, j, i = np.indices((60, 70, 90))
    trunk = ((i - 30) * 0.8) ** 2 + ((j - 35) * 0.8) ** 2 <= 5.0**2
    branch = (j == 35) & (k == 30) & (i >= 30) & (i < 80)
    return label_map(trunk | branch, spacing=(0.8, 0.8, 1.0))


def test_the_field_of_large_parts_leaves_thin_branches_out():
    vessel = trunk_with_branch()
    near_branch = vessel.grid.index_to_lps(np.array([75.0, 38.0, 30.0]))
    whole, large = (
        sampled(distance_container(one), near_branch[None])[0]
        for one in (vessel, large_parts(vessel, diameter_mm=large_from_mm("portal_vein")))
    )
    assert whole == pytest.approx(2.5 * 0.8, abs=0.15)
    assert large > 25.0


def test_live_distances_of_large_parts_are_the_planners():
    """Along needles anywhere, the browser's way (trilinear, steps of 0.25 mm) against the exact distances.

    The stored points are at most 1.5 mm apart; where two boxes are equally far, the distance has a ridge
    between the points, which interpolation cuts: at most 0.3 mm for needles that pass 2 mm and more away.
    """
    vessel = trunk_with_branch()
    body = LabelMap(array=np.ones(vessel.grid.shape, bool), grid=vessel.grid)
    rules = default_rules(modality=Modality.MWA, usable_length_mm=150.0, gauge=17.0)
    aim = np.zeros(vessel.grid.shape, bool)
    aim[40:44, 10:14, 60:64] = True
    target = LabelMap(array=aim, grid=vessel.grid)
    scene = PathScene.build(
        {"body": body, "portal_vein": vessel, "tumour": target}, target=target, rules=rules, table_below=False
    )
    content = distance_container(large_parts(vessel, diameter_mm=large_from_mm("portal_vein")))
    rng = np.random.default_rng(3)
    compared = 0
    for _ in range(60):
        entry, tip = vessel.grid.index_to_lps(rng.uniform((2, 2, 2), (87, 67, 57), (2, 3)))
        depth = float(np.linalg.norm(tip - entry))
        exact = measure_clearances(scene, entry, (tip - entry) / depth, depth, radius_mm=0.0)
        large = next(c.min_distance_mm for c in exact if c.is_hard)
        steps = np.linspace(0.0, 1.0, int(np.ceil(depth / 0.25)) + 1)
        live = sampled(content, entry + steps[:, None] * (tip - entry)).min()
        if large >= 2.0:
            compared += 1
            assert live == pytest.approx(large, abs=0.3)
    assert compared >= 20


def test_an_empty_structure_is_as_far_as_the_field_reaches():
    nothing = label_map(np.zeros((4, 5, 6), bool))
    arrays, facts = decode_tnb1(distance_container(nothing))
    assert arrays["distance"].shape == (1, 1, 1)
    assert float(arrays["distance"][0, 0, 0]) * facts["unit_mm"] == facts["reach_mm"]


def sampled(content: bytes, points: np.ndarray) -> np.ndarray:
    """Distances at points (N, 3) LPS mm as the browser samples them."""
    arrays, facts = decode_tnb1(content)
    field = arrays["distance"] * facts["unit_mm"]
    inverse = np.linalg.inv(np.array(facts["affine"]).reshape(4, 4))
    index = points @ inverse[:3, :3].T + inverse[:3, 3]
    return map_coordinates(field, index.T[::-1], order=1, mode="constant", cval=facts["reach_mm"])
