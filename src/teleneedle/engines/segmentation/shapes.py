"""Set operations on masks measured in millimetres: dilation, closing, components, filling."""

from __future__ import annotations

from collections.abc import Sequence

import edt
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from teleneedle.engines.segmentation.workgrid import BoolArray, Box

Spacing = tuple[float, float, float]
THREADS = 2


def distance_mm(
    mask: BoolArray, spacing_mm: Spacing, *, border_is_outside: bool = False
) -> NDArray[np.float32]:
    """Distance of every set voxel to the nearest unset one, mm; 0 outside."""
    found = edt.edt(
        np.require(mask, requirements=["C", "W"]),
        anisotropy=spacing_mm,
        black_border=border_is_outside,
        parallel=THREADS,
    )
    return np.asarray(found, dtype=np.float32)


def eroded(mask: BoolArray, radius_mm: float, spacing_mm: Spacing) -> BoolArray:
    """Voxels deeper than `radius_mm`; the edge of the image does not erode."""
    out = np.zeros_like(mask)
    box = box_around(mask, max(spacing_mm), spacing_mm)
    if box is not None:
        out[box] = distance_mm(mask[box], spacing_mm) > radius_mm
    return out


def dilated(mask: BoolArray, radius_mm: float, spacing_mm: Spacing) -> BoolArray:
    """Voxels within `radius_mm` of the mask."""
    out = np.zeros_like(mask)
    box = box_around(mask, radius_mm + max(spacing_mm), spacing_mm)
    if box is not None:
        out[box] = distance_mm(~mask[box], spacing_mm) <= radius_mm
    return out


def opened(mask: BoolArray, radius_mm: float, spacing_mm: Spacing) -> BoolArray:
    """Union of the balls of `radius_mm` that fit into the mask."""
    return dilated(eroded(mask, radius_mm, spacing_mm), radius_mm, spacing_mm) & mask


def closed(mask: BoolArray, radius_mm: float, spacing_mm: Spacing) -> BoolArray:
    """Complement of the opened complement; the image is padded so that its edge does not close."""
    pad = [int(np.ceil(radius_mm / s)) + 1 for s in spacing_mm]
    wide = np.pad(mask, [(p, p) for p in pad])
    grown = dilated(wide, radius_mm, spacing_mm)
    shrunk = eroded(grown, radius_mm, spacing_mm)
    inner = tuple(slice(p, p + n) for p, n in zip(pad, mask.shape, strict=True))
    return np.asarray(shrunk[inner] | mask)


def components(mask: BoolArray) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Six-connected components (labels from 1) and their sizes in voxels (index 0 is 0)."""
    labels, count = ndimage.label(mask)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    sizes[0] = 0
    return labels, sizes


def largest(mask: BoolArray) -> BoolArray:
    """Largest component; the mask itself when empty."""
    labels, sizes = components(mask)
    return labels == int(sizes.argmax()) if sizes.any() else mask.copy()


def larger_than(mask: BoolArray, volume_ml: float, spacing_mm: Spacing) -> BoolArray:
    """Components of at least `volume_ml`."""
    labels, sizes = components(mask)
    return np.asarray((sizes * np.prod(spacing_mm) / 1000.0 >= volume_ml)[labels] & mask)


def touching(mask: BoolArray, seeds: BoolArray) -> BoolArray:
    """Components of `mask` that hold a voxel of `seeds`."""
    labels, _ = ndimage.label(mask)
    keep = np.zeros(int(labels.max()) + 1, dtype=np.bool_)
    keep[np.unique(labels[seeds & mask])] = True
    keep[0] = False
    return np.asarray(keep[labels])


def filled_slices(mask: BoolArray) -> BoolArray:
    """Mask with the holes of every axial slice filled."""
    full = np.empty_like(mask)
    for z in range(mask.shape[0]):
        full[z] = ndimage.binary_fill_holes(mask[z])
    return full


def filled(mask: BoolArray) -> BoolArray:
    """Mask with its closed cavities filled in three dimensions."""
    return np.asarray(ndimage.binary_fill_holes(mask))


def box_around(mask: BoolArray, pad_mm: float, spacing_mm: Sequence[float]) -> Box | None:
    """Box around the mask grown by `pad_mm` and clipped to the array; None when empty."""
    found = ndimage.find_objects(mask.view(np.uint8))
    if not found or found[0] is None:
        return None
    pads = [int(np.ceil(pad_mm / s)) for s in spacing_mm]
    grown = [
        slice(max(part.start - p, 0), min(part.stop + p, n))
        for part, p, n in zip(found[0], pads, mask.shape, strict=True)
    ]
    return grown[0], grown[1], grown[2]
