"""A puncture template: a plate that lies on the skin round the entries, with a sleeve for each needle.

The plate is the shell between two distances from the skin; sleeves and bores are exact cylinders about the
needles' lines, each with the needle's number on a flag. A cube of 10 mm is printed beside it, so that a wrong
scale is seen before use (hazard H13).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import edt
import manifold3d
import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.measure import marching_cubes

from teleneedle.core.errors import StructureError
from teleneedle.core.geometry import FloatArray, Grid, unit
from teleneedle.core.image import LabelMap
from teleneedle.core.needle_gauge import needle_diameter_mm
from teleneedle.core.plan import Needle
from teleneedle.engines.fabrication.marks import Mark, mark_solid, place_mark

GAP_MM = 0.5
PLATE_MM = 4.0
REACH_MM = 28.0
SLEEVE_MM = 20.0
WALL_MM = 3.0
PLAY_MM = 0.3
WITNESS_MM = 10.0
STEP_MM = 1.0
SMOOTH_MM = 1.0
"""The skin's voxels are steps; a plate that follows each of them fits no better."""
NUDGE_MM = 0.01
"""A surface through a grid point itself is met by several edges at once and does not close."""
FINEST_MM = 0.002
"""Edges shorter than this are drawn together: STL keeps 24 bits, some 0.00003 mm at half a metre."""
SEGMENTS = 64


@dataclass(frozen=True, kw_only=True)
class Bore:
    """The hole for one needle: diameter (mm), and its axis as entry and unit direction, LPS mm."""

    needle: str
    diameter_mm: float
    entry_lps: tuple[float, float, float]
    direction: tuple[float, float, float]


@dataclass(frozen=True, kw_only=True, eq=False)
class Template:
    """A printable solid.

    Parameters
    ----------
    vertices : (N, 3) float64, LPS mm
    faces : (M, 3) uint32
        Wound outwards.
    volume_ml : float
    bores : tuple of Bore
    marks : tuple of Mark
        The number of each bore, from 1 in the order of the needles.
    witness_lps : (3,) float64
        Lowest corner of the 10 mm cube.
    """

    vertices: FloatArray
    faces: np.ndarray
    volume_ml: float
    bores: tuple[Bore, ...]
    marks: tuple[Mark, ...]
    witness_lps: FloatArray

    @property
    def bounding_box_mm(self) -> FloatArray:
        """(3,) size along the axes, mm."""
        return np.asarray(np.ptp(self.vertices, axis=0))


def build_template(needles: Sequence[Needle], body: LabelMap) -> Template:
    """The template of a plan.

    Parameters
    ----------
    needles : sequence of Needle
        Their entries lie on the skin.
    body : LabelMap
        The patient.

    Raises
    ------
    StructureError
        If there is no needle, or the result is not one closed solid (entries too far apart for one plate).
    """
    if not needles:
        raise StructureError("a template needs a needle")
    lines = [(np.array(n.entry_lps), unit(np.subtract(n.tip_lps, n.entry_lps))) for n in needles]
    bores = [needle_diameter_mm(n.gauge) + PLAY_MM for n in needles]
    solid = _plate(body, [entry for entry, _ in lines])
    for (entry, inward), bore in zip(lines, bores, strict=True):
        top = entry - (GAP_MM + SLEEVE_MM) * inward
        solid += _cylinder(top, inward, SLEEVE_MM, bore / 2 + WALL_MM)
    marks = _marks(needles, lines, bores, body)
    for mark in marks:
        solid += mark_solid(mark)
    for (entry, inward), bore in zip(lines, bores, strict=True):
        solid -= _cylinder(entry - 4 * SLEEVE_MM * inward, inward, 5 * SLEEVE_MM, bore / 2)
    parts = [part for part in solid.decompose() if part.volume() > 100.0]
    if len(parts) != 1:
        raise StructureError(
            "the entries are too far apart for one template",
            where=", ".join(n.id for n in needles),
            remedy="print one template for each group of needles",
        )
    low = np.array(parts[0].bounding_box()[:3])
    corner = low - (WITNESS_MM + 5.0, 0.0, 0.0)
    cube = manifold3d.Manifold.cube((WITNESS_MM,) * 3).translate(tuple(corner))
    whole = (parts[0] + cube).simplify(FINEST_MM)
    mesh = whole.to_mesh()
    if whole.status() != manifold3d.Error.NoError or whole.is_empty():
        raise StructureError("the template is no closed solid", where=str(whole.status()))
    return Template(
        vertices=np.asarray(mesh.vert_properties[:, :3], dtype=np.float64),
        faces=np.asarray(mesh.tri_verts, dtype=np.uint32),
        volume_ml=whole.volume() / 1000.0,
        bores=tuple(
            Bore(
                needle=needle.id,
                diameter_mm=bore,
                entry_lps=needle.entry_lps,
                direction=(float(inward[0]), float(inward[1]), float(inward[2])),
            )
            for needle, (_, inward), bore in zip(needles, lines, bores, strict=True)
        ),
        marks=marks,
        witness_lps=corner,
    )


def _marks(
    needles: Sequence[Needle],
    lines: Sequence[tuple[FloatArray, FloatArray]],
    bores: Sequence[float],
    body: LabelMap,
) -> tuple[Mark, ...]:
    """Numbers from 1 in the order of the needles."""
    k, j, i = (float(np.mean(axis)) for axis in np.nonzero(body.array))
    inside = body.grid.index_to_lps([i, j, k])
    return tuple(
        place_mark(
            needle.id,
            str(n + 1),
            top=entry - (GAP_MM + SLEEVE_MM) * inward,
            outward=-inward,
            sleeve_radius_mm=bore / 2 + WALL_MM,
            others=[line for m, line in enumerate(lines) if m != n],
            away_from=inside,
        )
        for n, (needle, (entry, inward), bore) in enumerate(zip(needles, lines, bores, strict=True))
    )


def _plate(body: LabelMap, entries: Sequence[FloatArray]) -> manifold3d.Manifold:
    """Shell over the skin, within reach of the entries and of the lines between them."""
    points = np.array(entries)
    pad = REACH_MM + PLATE_MM + 4.0
    i, j, k = (int(n) for n in np.ceil((np.ptp(points, axis=0) + 2 * pad) / STEP_MM))
    grid = Grid.regular(
        (k, j, i),
        spacing_mm=(STEP_MM,) * 3,
        origin_lps=points.min(axis=0) - pad,
        frame_of_reference_uid=body.grid.frame_of_reference_uid,
    )
    centres = _centres(grid)
    inside = _is_inside(body, centres).reshape(grid.shape)
    height = edt.edt(np.ascontiguousarray(~inside), anisotropy=(STEP_MM,) * 3, black_border=False)
    height -= edt.edt(np.ascontiguousarray(inside), anisotropy=(STEP_MM,) * 3, black_border=False)
    away = _distance_to_chain(centres, points).reshape(grid.shape)
    height = gaussian_filter(height, SMOOTH_MM / STEP_MM)
    middle = GAP_MM + 0.5 + PLATE_MM / 2
    field = np.maximum(np.abs(height - middle) - PLATE_MM / 2, away - REACH_MM)
    field = np.where(np.abs(field) < NUDGE_MM, NUDGE_MM, field)
    field = np.pad(field, 1, constant_values=10.0)
    vertices, faces, _, _ = marching_cubes(-field, 0.0)
    lps = grid.index_to_lps(vertices[:, ::-1] - 1.0)
    return _solid(lps, faces)


def _solid(vertices: FloatArray, faces: np.ndarray) -> manifold3d.Manifold:
    """A closed solid of positive volume."""
    for winding in (faces, faces[:, ::-1]):
        mesh = manifold3d.Mesh(vertices.astype(np.float32), np.ascontiguousarray(winding, dtype=np.uint32))
        solid = manifold3d.Manifold(mesh)
        if solid.status() == manifold3d.Error.NoError and solid.volume() > 0:
            return solid
    raise StructureError("the skin around the entries gives no closed plate")


def _cylinder(
    start: FloatArray, direction: FloatArray, length_mm: float, radius_mm: float
) -> manifold3d.Manifold:
    """Cylinder from `start` along `direction`; its sides touch the radius in the middle of each facet."""
    across = unit(np.cross(direction, (1.0, 0, 0) if abs(direction[0]) < 0.8 else (0, 1.0, 0)))
    frame = np.column_stack([across, np.cross(direction, across), direction, start])
    outer = radius_mm / np.cos(np.pi / SEGMENTS)
    return manifold3d.Manifold.cylinder(length_mm, outer, outer, SEGMENTS).transform(frame)


def _centres(grid: Grid) -> FloatArray:
    k, j, i = np.indices(grid.shape).reshape(3, -1)
    return grid.index_to_lps(np.stack([i, j, k], axis=1))


def _is_inside(body: LabelMap, points: FloatArray) -> np.ndarray:
    index = np.rint(body.grid.lps_to_index(points)).astype(np.int64)
    size = np.array(body.grid.size_ijk)
    valid = ((index >= 0) & (index < size)).all(axis=1)
    found = np.zeros(len(points), dtype=np.bool_)
    i, j, k = index[valid].T
    found[valid] = body.array[k, j, i]
    return found


def _distance_to_chain(points: FloatArray, stations: FloatArray) -> FloatArray:
    """Distance to the segments from the first station to every other, and to the first itself."""
    first = stations[0]
    nearest = np.linalg.norm(points - first, axis=1)
    for other in stations[1:]:
        axis = other - first
        along = np.clip((points - first) @ axis / max(float(axis @ axis), 1e-9), 0.0, 1.0)
        nearest = np.minimum(nearest, np.linalg.norm(points - first - along[:, None] * axis, axis=1))
    return np.asarray(nearest)
