"""Surfaces and distance fields of structures for the browser, at a spacing that fits a needle's accuracy."""

from __future__ import annotations

import edt
import numpy as np
from scipy import ndimage
from skimage.measure import marching_cubes

from teleneedle.adapters.tnb1 import encode_tnb1
from teleneedle.core.errors import StructureError
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap

MESH_SPACING_MM = 1.6
FIELD_SPACING_MM = 1.5
FIELD_REACH_MM = 40.0
FIELD_UNIT_MM = 0.05
MAX_FACES = 60_000


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
    return encode_tnb1(
        {
            "vertices": lps.astype(np.float32),
            "normals": _normals(lps, faces).astype(np.float32),
            "faces": faces.astype(np.uint32),
        }
    )


def distance_container(label_map: LabelMap) -> bytes:
    """Signed distance to a structure, ``distance`` int16 (k, j, i) in 0.05 mm, negative inside, to 40 mm outside.

    Distances are to the boundary halfway between voxel centres, measured at the CT's own resolution, and
    kept at about 1.5 mm; between the kept points the browser interpolates.

    Raises
    ------
    StructureError
        If the structure is empty.
    """
    box, grid = _cropped(label_map, pad_mm=FIELD_REACH_MM)
    steps = np.maximum(1, np.rint(FIELD_SPACING_MM / grid.spacing_mm[::-1])).astype(int)
    anisotropy = tuple(float(v) for v in grid.spacing_mm[::-1])
    half = 0.5 * float(min(grid.spacing_mm))
    outside = edt.edt(np.ascontiguousarray(~box), anisotropy=anisotropy, black_border=False, parallel=2)
    inside = edt.edt(np.ascontiguousarray(box), anisotropy=anisotropy, black_border=False, parallel=2)
    signed = np.where(box, half - inside, outside - half)
    kept = signed[:: steps[0], :: steps[1], :: steps[2]]
    affine = grid.affine.copy()
    affine[:3, :3] = affine[:3, :3] * steps[::-1]
    limit = FIELD_REACH_MM / FIELD_UNIT_MM
    values = np.rint(np.clip(kept / FIELD_UNIT_MM, -limit, limit)).astype(np.int16)
    facts = {
        "affine": [float(v) for v in affine.ravel()],
        "unit_mm": FIELD_UNIT_MM,
        "reach_mm": FIELD_REACH_MM,
    }
    return encode_tnb1({"distance": values}, facts)


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
