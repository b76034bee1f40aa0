"""Organs around the liver by grey level, place and shape.

Kidneys, spleen, gallbladder, heart, aorta and vena cava. Simple on purpose; what is not
plausible is left to the gates and to the reviewer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from teleneedle.engines.segmentation.liver import Surroundings, liver_level
from teleneedle.engines.segmentation.shapes import (
    closed,
    components,
    dilated,
    distance_mm,
    largest,
    opened,
)
from teleneedle.engines.segmentation.workgrid import F32, BoolArray, Box

MIN_COMPACTNESS = 0.25
KIDNEY_ML = (35.0, 450.0)
KIDNEY_DROP_MM = 40.0
KIDNEY_FAT_SHARE = 0.35
KIDNEY_BEHIND_MM = (-28.0, 18.0)
KIDNEY_ASIDE_MM = (65.0, 14.0)
KIDNEY_ELONGATION = 3.5
CAVA_MIN_HU = 85.0
AORTA_MIN_HU = 95.0
SPLEEN_SHARE_OF_LIVER = 0.6
SPLEEN_RIM_MM = 3.5
SPLEEN_ML = (40.0, 1200.0)
GALLBLADDER_HU = (-8.0, 32.0)
GALLBLADDER_ML = (4.0, 160.0)
GALLBLADDER_CONTACT = 0.12
HEART_ML = (60.0, 1600.0)
VESSEL_ML = 6.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Abdomen:
    """Surroundings with the liver, the smoothed CT, and the place of every voxel relative to the spine."""

    around: Surroundings
    liver: BoolArray
    liver_hu: float
    smooth: F32
    depth: NDArray[np.float32]
    behind: NDArray[np.float64]
    left: NDArray[np.float64]

    @classmethod
    def of(cls, around: Surroundings, liver: BoolArray, liver_hu: float) -> Abdomen:
        """Prepare what every organ search shares."""
        behind, left = around.spine.offsets_mm(around.image)
        spacing = around.image.spacing_mm
        return cls(
            around=around,
            liver=liver,
            liver_hu=liver_hu,
            smooth=ndimage.gaussian_filter(around.image.hu, [2.0 / s for s in spacing]),
            depth=distance_mm(around.body, spacing),
            behind=behind,
            left=left,
        )

    @property
    def free(self) -> BoolArray:
        """Deep soft tissue that is not bone, lung or liver."""
        taken = self.around.bone | self.around.lungs | self.liver
        return ~taken & (self.depth > 12.0) & (self.smooth > -10.0)

    @property
    def back_muscle(self) -> BoolArray:
        """Where the muscles beside and behind the vertebral arches lie."""
        return (self.behind > -5.0) & (np.abs(self.left) < 80.0)


def find_kidneys(abdomen: Abdomen) -> BoolArray | None:
    """Both kidneys: beside the spine at the liver's height; brighter than it after contrast, else in fat."""
    image, spacing = abdomen.around.image, abdomen.around.image.spacing_mm
    beside = (np.abs(abdomen.left) > 22.0) & (np.abs(abdomen.left) < 120.0)
    place = beside & (abdomen.behind > -85.0) & (abdomen.behind < 45.0) & abdomen.free & ~abdomen.back_muscle
    place &= _at_kidney_height(abdomen)
    bright = place & (abdomen.smooth > abdomen.liver_hu + 22.0) & (abdomen.smooth < 420.0)
    found = _paired(abdomen, opened(bright, 4.0, spacing), KIDNEY_ML)
    if found is not None:
        found = dilated(found, 3.0, spacing) & place & (image.hu > 20.0)
    else:
        plain = place & (abdomen.smooth > 0.0) & (abdomen.smooth < 75.0)
        plain &= np.abs(abdomen.left) > 30.0
        found = _paired(abdomen, opened(plain, 6.0, spacing), KIDNEY_ML, fat_share=KIDNEY_FAT_SHARE)
    return None if found is None else closed(found, 6.0, spacing) & ~abdomen.liver & ~abdomen.around.bone


def _at_kidney_height(abdomen: Abdomen) -> BoolArray:
    """(Z, 1, 1) slices between the liver's top and a hand below its lower end."""
    slices = np.arange(abdomen.liver.shape[0])
    held = np.flatnonzero(abdomen.liver.any(axis=(1, 2)))
    if not held.size:
        return np.ones((slices.size, 1, 1), dtype=np.bool_)
    reach = KIDNEY_DROP_MM / abdomen.around.image.spacing_mm[0]
    return np.asarray((slices >= held[0] - reach) & (slices <= held[-1]))[:, None, None]


def _paired(
    abdomen: Abdomen, mask: BoolArray, volume_ml: tuple[float, float], fat_share: float = 0.0
) -> BoolArray | None:
    """The most compact piece of the right size on either side of the spine, lying in fat where asked."""
    total: BoolArray | None = None
    for side in (abdomen.left < 0, abdomen.left > 0):
        best = _most_compact(abdomen, mask & side, volume_ml, fat_share)
        if best is not None:
            total = best if total is None else total | best
    return total


def _most_compact(
    abdomen: Abdomen, mask: BoolArray, volume_ml: tuple[float, float], fat_share: float
) -> BoolArray | None:
    image = abdomen.around.image
    labels, sizes = components(mask)
    volumes = sizes * image.voxel_ml
    best, best_score = 0, 0.0
    for label, found in enumerate(ndimage.find_objects(labels), start=1):
        if found is None or not volume_ml[0] <= volumes[label] <= volume_ml[1]:
            continue
        points = np.argwhere(labels[found] == label) * np.array(image.spacing_mm)
        spread = np.sqrt(np.maximum(np.linalg.eigvalsh(np.cov(points.T)), 1e-6))
        compact = volumes[label] * 1000.0 / (4.0 / 3.0 * np.pi * 5.0**1.5 * float(spread.prod()))
        score = compact * volumes[label] ** 0.5 * _kidney_seat(abdomen, labels == label)
        if fat_share > 0 and _fat_around(abdomen, labels, label, found) < fat_share:
            continue
        if compact > MIN_COMPACTNESS and spread[2] / spread[0] < KIDNEY_ELONGATION and score > best_score:
            best, best_score = label, float(score)
    return labels == best if best else None


def _kidney_seat(abdomen: Abdomen, piece: BoolArray) -> float:
    """How well the centre of a piece fits a kidney's place beside the spine, 0 to 1."""
    behind = float(np.broadcast_to(abdomen.behind, piece.shape)[piece].mean())
    aside = abs(float(np.broadcast_to(abdomen.left, piece.shape)[piece].mean()))
    off = [(v - m) / s for v, (m, s) in ((behind, KIDNEY_BEHIND_MM), (aside, KIDNEY_ASIDE_MM))]
    return float(np.exp(-0.5 * (off[0] ** 2 + off[1] ** 2)))


def _fat_around(abdomen: Abdomen, labels: NDArray[np.int32], label: int, found: Box) -> float:
    """Share of fat in the shell of 3 to 9 mm around a piece."""
    wide: Box = tuple(slice(max(s.start - 4, 0), s.stop + 4) for s in found)  # type: ignore[assignment]  # three
    away = distance_mm(labels[wide] != label, abdomen.around.image.spacing_mm)
    shell = (away > 3.0) & (away < 9.0)
    return float((abdomen.around.image.hu[wide] < -40.0)[shell].mean())


def find_spleen(abdomen: Abdomen) -> BoolArray | None:
    """Spleen: the largest even organ far to the left under the left lung."""
    around, spacing = abdomen.around, abdomen.around.image.spacing_mm
    lung = around.lungs & (abdomen.left > 20.0)
    lung_base = np.where(lung.any(axis=0), lung.argmax(axis=0), -1)
    below = (lung_base[None] - np.arange(abdomen.smooth.shape[0])[:, None, None]) * spacing[0]
    seat = (abdomen.left > 45.0) & (abdomen.behind > -110.0) & abdomen.free
    seat = seat & (abdomen.smooth > SPLEEN_SHARE_OF_LIVER * abdomen.liver_hu)
    seat &= ~abdomen.back_muscle
    near = seat & (lung_base >= 0)[None] & (below > 5.0) & (below < 60.0) & (abdomen.depth > 18.0)
    level = liver_level(abdomen.smooth[near])
    if level is None:
        return None
    place = (abdomen.left > 25.0) & abdomen.free & ~dilated(around.bone, 3.0, spacing) & ~abdomen.back_muscle
    alike = place & (np.abs(abdomen.smooth - level.mean_hu) < 2.8 * level.sigma_hu)
    core = distance_mm(alike, spacing) > 6.0
    labels, sizes = components(core)
    votes = np.bincount(labels[near], minlength=len(sizes))
    votes[0] = 0
    if not votes.any():
        return None
    spleen = (
        dilated(labels == int(votes.argmax()), 9.0, spacing)
        & place
        & (np.abs(abdomen.smooth - level.mean_hu) < 4.0 * level.sigma_hu)
    )
    spleen = largest(opened(spleen, 3.0, spacing))
    rim = abdomen.free & (around.image.hu > level.mean_hu / 2) & (abdomen.smooth < level.mean_hu + 40.0)
    spleen |= dilated(spleen, SPLEEN_RIM_MM, spacing) & rim
    return spleen if _sized(abdomen, spleen, SPLEEN_ML) else None


def find_gallbladder(abdomen: Abdomen) -> BoolArray | None:
    """Gallbladder: a compact bag of fluid that leans on the liver from below."""
    spacing = abdomen.around.image.spacing_mm
    fluid = (abdomen.smooth > GALLBLADDER_HU[0]) & (
        abdomen.smooth < min(GALLBLADDER_HU[1], abdomen.liver_hu - 20)
    )
    place = abdomen.free & (abdomen.left < 15.0) & (abdomen.behind < -40.0)
    near = place & dilated(abdomen.liver, 40.0, spacing) & fluid
    labels, sizes = components(opened(near, 5.0, spacing))
    best, best_contact = 0, GALLBLADDER_CONTACT
    for label, found in enumerate(ndimage.find_objects(labels), start=1):
        volume = sizes[label] * abdomen.around.image.voxel_ml
        if found is None or not GALLBLADDER_ML[0] <= volume <= GALLBLADDER_ML[1]:
            continue
        wide = tuple(slice(max(s.start - 4, 0), s.stop + 4) for s in found)
        away = distance_mm(labels[wide] != label, spacing)
        contact = float(abdomen.liver[wide][(away > 0) & (away < 6.0)].mean())
        if contact > best_contact:
            best, best_contact = label, contact
    if not best:
        return None
    return dilated(labels == best, 2.5, spacing) & abdomen.free


def find_heart(abdomen: Abdomen) -> BoolArray | None:
    """Heart: the thick soft tissue between both lungs in front of the spine."""
    around, spacing = abdomen.around, abdomen.around.image.spacing_mm
    right, left = around.lungs & (abdomen.left < 0), around.lungs & (abdomen.left > 0)
    first = [np.maximum.accumulate(side, axis=2) for side in (right, left[:, :, ::-1])]
    between = first[0] & first[1][:, :, ::-1] & ~around.lungs
    place = between & (abdomen.behind < -45.0) & ~abdomen.liver & ~around.bone & (abdomen.smooth > 0.0)
    heart = largest(opened(place, 9.0, spacing))
    return heart if _sized(abdomen, heart, HEART_ML) else None


def find_aorta(abdomen: Abdomen) -> BoolArray | None:
    """Aorta: the round bright tube in front and to the left of the spine."""
    place = (abdomen.left > -14.0) & (abdomen.left < 40.0)
    place = place & (abdomen.behind < -22.0) & (abdomen.behind > -95.0)
    bright = abdomen.around.contrast | (
        (abdomen.smooth > max(abdomen.liver_hu + 12.0, AORTA_MIN_HU))
        & (abdomen.behind < -38.0)
        & ~abdomen.around.bone
    )
    return _tube(abdomen, bright & place & ~abdomen.liver, 5.0)


def find_vena_cava(abdomen: Abdomen, aorta: BoolArray | None) -> BoolArray | None:
    """Vena cava: the bright tube in front and to the right of the spine."""
    place = (abdomen.left > -52.0) & (abdomen.left < -2.0)
    place = place & (abdomen.behind < -25.0) & (abdomen.behind > -110.0) & ~abdomen.around.bone
    place &= (abdomen.behind < -42.0) | (np.abs(abdomen.left) > 25.0)
    bright = (abdomen.smooth > max(abdomen.liver_hu + 8.0, CAVA_MIN_HU)) & (
        abdomen.smooth < abdomen.liver_hu + 150.0
    )
    tube = bright & place & ~abdomen.liver
    if aorta is not None:
        tube &= ~dilated(aorta, 3.0, abdomen.around.image.spacing_mm)
    return _tube(abdomen, tube, 4.5)


def _tube(abdomen: Abdomen, mask: BoolArray, radius_mm: float) -> BoolArray | None:
    """The opened piece that runs through most slices; None when it is short or absent."""
    image = abdomen.around.image
    labels, sizes = components(opened(mask, radius_mm, image.spacing_mm))
    lengths = np.zeros(len(sizes))
    for label, found in enumerate(ndimage.find_objects(labels), start=1):
        if found is not None and sizes[label] * image.voxel_ml > VESSEL_ML:
            lengths[label] = (found[0].stop - found[0].start) * image.spacing_mm[0]
    if lengths.max(initial=0.0) < 30.0:
        return None
    return dilated((lengths > 0.4 * lengths.max())[labels], 1.5, image.spacing_mm) & (abdomen.smooth > 60.0)


def _sized(abdomen: Abdomen, mask: BoolArray, volume_ml: tuple[float, float]) -> bool:
    volume = float(mask.sum() * abdomen.around.image.voxel_ml)
    return volume_ml[0] <= volume <= volume_ml[1]
