"""Surfaces and distance fields of structures for the browser, at a spacing that fits a needle's accuracy."""

from __future__ import annotations

import numpy as np
from scipy import ndimage
from skimage.measure import marching_cubes

from teleneedle.adapters.distance_field import kept_positions, signed_distance
from teleneedle.adapters.tnb1 import encode_tnb1
from teleneedle.core.errors import StructureError
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap

MESH_SPACING_MM = 1.6
FIELD_SPACING_MM = 1.5
FIELD_REACH_MM = 40.0
FIELD_UNIT_MM = 0.05
MAX_POINTS = 16_000_000
MAX_FACES = 40_000


def mesh_container(label_map: LabelMap) -> bytes:
    """Surface of a structure: ``vertices`` and ``normals`` float32 (N, 3) LPS mm, ``faces`` uint32 (M, 3).

    The mask is averaged to about 1.6 mm (coarser for large structures), so the surface is smooth and closed.

    Raises
    ------
    StructureError
        If the structure is empty.
    """
    box, grid = _cropped(label_map, pad_mm=4.0)
    spacing = MESH_SPACING_MM
    while True:
        field, at = _averaged(box.astype(np.float32), grid, spacing)
        field = ndimage.gaussian_filter(np.pad(field, 1), 0.6)
        level = 0.5 if field.max() > 0.5 else 0.5 * float(field.max())
        vertices, faces, _, _ = marching_cubes(field, level)
        if len(faces) <= MAX_FACES:
            break
        spacing *= max(1.15, (len(faces) / MAX_FACES) ** 0.5)
    lps = at.index_to_lps(vertices[:, ::-1] - 1.0)
    if np.linalg.det(at.affine[:3, :3]) > 0:
        faces = faces[:, ::-1]
    faces = _outward(lps, faces)
    lps = _of_volume(lps, faces, 1000.0 * label_map.volume_ml)
    return encode_tnb1(
        {
            "vertices": lps.astype(np.float32),
            "normals": _normals(lps, faces).astype(np.float32),
            "faces": faces.astype(np.uint32),
        }
    )


def distance_container(label_map: LabelMap) -> bytes:
    """Signed distance to a structure, ``distance`` int16 (k, j, i) in 0.05 mm, negative inside.

    Distances are to the boxes that the voxels fill, exact to 40 mm at the kept points, which are at most
    1.5 mm apart (coarser for structures as large as the body) and cover the structure and 40 mm around it;
    between them the browser interpolates. An empty structure is one point at the field's reach.

    Raises
    ------
    StructureError
        If the grid is sheared.
    """
    if label_map.is_empty:
        return _field_container(np.full((1, 1, 1), FIELD_REACH_MM), label_map.grid.affine)
    if label_map.grid.is_sheared:
        raise StructureError("distances need a grid with right angles", remedy="resample the CT first")
    box, grid = _cropped(label_map, pad_mm=0.0)
    spacing = grid.spacing_mm[::-1]
    places = _places(box.shape, spacing)
    field = signed_distance(box, spacing, (places[0], places[1], places[2]), reach_mm=FIELD_REACH_MM)
    steps = np.array([p[1] - p[0] for p in places]) / spacing
    first = np.array([p[0] for p in places]) / spacing
    affine = grid.affine.copy()
    affine[:3, :3] = affine[:3, :3] * steps[::-1]
    affine[:3, 3] = grid.index_to_lps(first[::-1])
    return _field_container(field, affine)


def _field_container(field: np.ndarray, affine: np.ndarray) -> bytes:
    values = np.clip(np.rint(field / FIELD_UNIT_MM), -32768, 32767).astype(np.int16)
    facts = {
        "affine": [float(v) for v in affine.ravel()],
        "unit_mm": FIELD_UNIT_MM,
        "reach_mm": FIELD_REACH_MM,
    }
    return encode_tnb1({"distance": values}, facts)


def _places(shape: tuple[int, ...], spacing: np.ndarray) -> list[np.ndarray]:
    """Where the field is kept along (k, j, i), so that no more than `MAX_POINTS` points are kept."""
    step_mm = FIELD_SPACING_MM
    while True:
        places = [
            kept_positions(n, float(s), pad_mm=FIELD_REACH_MM, step_mm=step_mm)
            for n, s in zip(shape, spacing, strict=True)
        ]
        if np.prod([len(p) for p in places], dtype=np.int64) <= MAX_POINTS:
            return places
        step_mm *= 1.25


def _cropped(label_map: LabelMap, *, pad_mm: float) -> tuple[np.ndarray, Grid]:
    if label_map.is_empty:
        raise StructureError("an empty structure has no surface")
    window = label_map.bounding_slices(pad_mm=pad_mm)
    start = tuple(w.start for w in window)
    stop = tuple(w.stop for w in window)
    return label_map.array[window], label_map.grid.crop(start, stop)


def _averaged(field: np.ndarray, grid: Grid, spacing_mm: float) -> tuple[np.ndarray, Grid]:
    """Block means of about `spacing_mm`; the grid of the means."""
    steps = np.maximum(1, np.rint(spacing_mm / grid.spacing_mm[::-1])).astype(int)
    padding = [(0, int(-n % s)) for n, s in zip(field.shape, steps, strict=True)]
    field = np.pad(field, padding)
    for axis, step in enumerate(steps):
        if step > 1:
            n = field.shape[axis] // step
            field = field.reshape(*field.shape[:axis], n, step, *field.shape[axis + 1 :]).mean(axis=axis + 1)
    affine = grid.affine.copy()
    affine[:3, :3] = affine[:3, :3] * steps[::-1]
    affine[:3, 3] = grid.index_to_lps((steps[::-1] - 1) / 2)
    shape = (field.shape[0], field.shape[1], field.shape[2])
    return field, Grid(shape=shape, affine=affine, frame_of_reference_uid=grid.frame_of_reference_uid)


def _outward(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Faces wound so that the enclosed volume is positive."""
    a, b, c = (vertices[faces[:, n]] for n in range(3))
    volume = float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum())
    return faces if volume > 0 else faces[:, ::-1]


def _of_volume(vertices: np.ndarray, faces: np.ndarray, volume_mm3: float) -> np.ndarray:
    """Vertices moved along their normals until the surface encloses the volume of the voxels.

    Smoothing takes from what bulges; the shift gives it back and is kept below half a millimetre.
    """
    for _ in range(3):
        a, b, c = (vertices[faces[:, n]] for n in range(3))
        across = np.cross(b - a, c - a)
        volume = float(np.einsum("ij,ij->i", a, across).sum()) / 6.0
        area = 0.5 * float(np.linalg.norm(across, axis=1).sum())
        shift = np.clip((volume_mm3 - volume) / max(area, 1e-6), -0.5, 0.5)
        vertices = vertices + shift * _normals(vertices, faces)
    return vertices


def _normals(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Area-weighted unit normals of the vertices."""
    a, b, c = (vertices[faces[:, n]] for n in range(3))
    across = np.cross(b - a, c - a)
    total = np.zeros_like(vertices)
    for n in range(3):
        for axis in range(3):
            total[:, axis] += np.bincount(faces[:, n], across[:, axis], minlength=len(vertices))
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return total / np.where(length > 0, length, 1.0)
