"""Spinal canal: the soft hole inside the vertebral ring, followed along the spine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from teleneedle.engines.segmentation.workgrid import BoolArray, PatientImage

CANAL_AREA_MM2 = (70.0, 900.0)
CANAL_HU = (-60.0, 140.0)
MIDLINE_MM = 60.0
CANAL_RADIUS_MM = 8.0
VERTEBRA_FRONT_MM = 48.0
VERTEBRA_HALF_WIDTH_MM = 40.0


@dataclass(frozen=True, kw_only=True, eq=False)
class SpineLine:
    """Centre of the spinal canal in every axial slice of a working grid.

    Parameters
    ----------
    y, x : (Z,) float
        Canal centre, voxels.
    support : int
        Slices in which the ring was seen; 0 when the line is only the middle of the body.
    """

    y: NDArray[np.float64]
    x: NDArray[np.float64]
    support: int

    def offsets_mm(self, image: PatientImage) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(Z, Y, 1) distance behind and (Z, 1, X) distance to the left of the canal, mm."""
        _, rows, columns = image.shape
        behind = (np.arange(rows)[None, :, None] - self.y[:, None, None]) * image.spacing_mm[1]
        left = (np.arange(columns)[None, None, :] - self.x[:, None, None]) * image.spacing_mm[2]
        return behind, left

    def vertebral_zone(self, image: PatientImage) -> BoolArray:
        """Box around the vertebrae: bodies in front of the canal, arches and processes behind it."""
        behind, left = self.offsets_mm(image)
        return (np.abs(left) < VERTEBRA_HALF_WIDTH_MM) & (behind > -VERTEBRA_FRONT_MM)

    def resampled(self, source: PatientImage, target: PatientImage) -> SpineLine:
        """The same line on another working grid over the same extent."""
        z = (np.arange(target.shape[0]) + 0.5) * source.shape[0] / target.shape[0] - 0.5
        scale_y, scale_x = target.shape[1] / source.shape[1], target.shape[2] / source.shape[2]
        index = np.arange(source.shape[0])
        y = (np.interp(z, index, self.y) + 0.5) * scale_y - 0.5
        x = (np.interp(z, index, self.x) + 0.5) * scale_x - 0.5
        return SpineLine(y=y, x=x, support=self.support)


def find_spine(image: PatientImage, body: BoolArray, bone: BoolArray) -> tuple[SpineLine, BoolArray]:
    """Canal line and canal mask on a working grid."""
    holes, seen, centres = _ring_holes(image, body, bone)
    line = _fit_line(image, body, seen, centres)
    behind, left = line.offsets_mm(image)
    near = behind**2 + left**2 < (2.2 * CANAL_RADIUS_MM) ** 2
    disc = behind**2 + left**2 < CANAL_RADIUS_MM**2
    soft = (image.hu > CANAL_HU[0]) & (image.hu < CANAL_HU[1]) & ~bone
    closed_ring = (holes & near).any(axis=(1, 2))
    ringed = np.asarray(closed_ring)[:, None, None]
    canal = np.where(ringed, holes & near, disc & soft)
    if line.support < 3:
        canal[:] = False
    return line, canal


def _ring_holes(
    image: PatientImage, body: BoolArray, bone: BoolArray
) -> tuple[BoolArray, NDArray[np.int64], NDArray[np.float64]]:
    """Canal-sized holes of each slice's bone, and the best hole per slice."""
    middle = _body_middle(body)
    pixel_mm2 = image.spacing_mm[1] * image.spacing_mm[2]
    kept = np.zeros_like(bone)
    best: dict[int, tuple[float, float, float]] = {}
    for z in range(bone.shape[0]):
        ring = ndimage.binary_closing(np.pad(bone[z], 3), iterations=2)[3:-3, 3:-3]
        labels, count = ndimage.label(ndimage.binary_fill_holes(ring) & ~ring)
        for label in range(1, count + 1):
            hole = labels == label
            area = float(hole.sum() * pixel_mm2)
            if not CANAL_AREA_MM2[0] <= area <= CANAL_AREA_MM2[1]:
                continue
            y, x = ndimage.center_of_mass(hole)
            central = abs(x - middle[z, 1]) * image.spacing_mm[2] < MIDLINE_MM and y > middle[z, 0]
            if central and CANAL_HU[0] < float(image.hu[z][hole].mean()) < CANAL_HU[1]:
                kept[z] |= hole
                best[z] = max(best.get(z, (0.0, 0.0, 0.0)), (area, float(y), float(x)))
    centres = np.array([best[z][1:] for z in sorted(best)]).reshape(-1, 2)
    return kept, np.array(sorted(best), dtype=np.int64), centres


def _body_middle(body: BoolArray) -> NDArray[np.float64]:
    """(Z, 2) centre of the body's bounding box in each slice, (y, x) voxels."""
    rows, columns = np.asarray(body.any(axis=2)), np.asarray(body.any(axis=1))
    middle = np.zeros((body.shape[0], 2))
    for z in range(body.shape[0]):
        y, x = np.flatnonzero(rows[z]), np.flatnonzero(columns[z])
        middle[z] = (
            ((y[0] + y[-1]) / 2, (x[0] + x[-1]) / 2) if y.size else (body.shape[1] / 2, body.shape[2] / 2)
        )
    return middle


def _fit_line(
    image: PatientImage, body: BoolArray, seen: NDArray[np.int64], centres: NDArray[np.float64]
) -> SpineLine:
    """Robust cubic through the ring centres; the back of the body's middle without them."""
    slices = np.arange(body.shape[0], dtype=float)
    if seen.size < 3:
        middle = _body_middle(body)
        behind = 60.0 / image.spacing_mm[1]
        return SpineLine(y=middle[:, 0] + behind, x=middle[:, 1], support=0)
    fitted = []
    for axis, spacing in ((0, image.spacing_mm[1]), (1, image.spacing_mm[2])):
        values = centres[:, axis]
        keep = np.abs(values - np.median(values)) * spacing < 60.0
        for _ in range(6):
            degree = min(3, int(keep.sum()) // 6)
            curve = np.polynomial.Polynomial.fit(seen[keep], values[keep], degree)
            keep = np.abs(values - curve(seen)) * spacing < 8.0
            if keep.sum() < 3:
                keep = np.ones_like(keep)
        inside = np.clip(slices, seen[keep].min(), seen[keep].max())
        fitted.append(curve(inside))
    return SpineLine(y=fitted[0], x=fitted[1], support=int(keep.sum()))
