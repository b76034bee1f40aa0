"""Slices put in order and made into one regular grid, or the exact reason why they are none.

References
----------
DICOM PS3.3 C.7.6.2.1.1 (position and orientation of the image plane).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teleneedle.adapters.dicom.slices import Slice
from teleneedle.core.errors import FrameOfReferenceError, SeriesGeometryError

ORIENTATION_TOLERANCE = 1e-3
SPACING_TOLERANCE_MM = 1e-3
SAME_PLACE_MM = 1e-3
EVEN_TOLERANCE_MM = 0.06
STEP_TOLERANCE_MM = 0.02
STEP_TOLERANCE_SHARE = 0.01
DRIFT_TOLERANCE_MM = 0.05
ROUNDING_MM = 2e-3
TILT_TOLERANCE_DEG = 0.1
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Stack:
    """Slices from feet to head (or along the slice normal) with the geometry they span.

    Parameters
    ----------
    slices : tuple of Slice
        In the order of k.
    row, column, normal : (3,) float64
        Unit directions of i, j, and of increasing k.
    heights_mm : (K,) float64
        Where each slice lies along `normal`, mm.
    step_lps : (3,) float64
        From one regular slice position to the next, LPS mm; not along `normal` under gantry tilt.
    gaps : tuple of str
        What is irregular, in words; empty when the slices are evenly spaced.
    """

    slices: tuple[Slice, ...]
    row: FloatArray
    column: FloatArray
    normal: FloatArray
    heights_mm: FloatArray
    step_lps: FloatArray
    gaps: tuple[str, ...]

    @property
    def spacing_mm(self) -> float:
        """Regular distance between slice planes, mm."""
        return float(self.step_lps @ self.normal)

    @property
    def tilt_deg(self) -> float:
        """Angle between the slice normal and the way from slice to slice, degrees: the gantry tilt."""
        return float(np.degrees(np.arctan2(np.linalg.norm(self.shear_lps), self.spacing_mm)))

    @property
    def shear_lps(self) -> FloatArray:
        """In-plane part of the step, LPS mm."""
        return self.step_lps - self.spacing_mm * self.normal

    @property
    def is_tilted(self) -> bool:
        """Whether resampling to a right-angled grid is needed."""
        return self.tilt_deg > TILT_TOLERANCE_DEG

    def affine(self) -> FloatArray:
        """4×4 from index (i, j, k, 1) to LPS mm of the regular stack (sheared if tilted)."""
        first = self.slices[0]
        affine = np.eye(4)
        affine[:3, 0] = self.row * first.spacing_mm[0]
        affine[:3, 1] = self.column * first.spacing_mm[1]
        affine[:3, 2] = self.step_lps
        affine[:3, 3] = first.position_lps
        return affine


def require_one_frame(slices: Sequence[Slice]) -> None:
    """Refuse slices of different frames of reference, size, spacing or orientation.

    Raises
    ------
    FrameOfReferenceError, SeriesGeometryError
        Naming the first two slices that differ.
    """
    first = slices[0]
    for other in slices[1:]:
        where = f"{first.label} and {other.label}"
        if other.frame_of_reference_uid != first.frame_of_reference_uid:
            raise FrameOfReferenceError(
                "the slices of this series lie in different frames of reference",
                where=f"{where}: {_frame(first)} and {_frame(other)}",
                remedy="export the series again; combining frames needs a registration",
            )
        if np.abs(other.orientation - first.orientation).max() > ORIENTATION_TOLERANCE:
            raise SeriesGeometryError(
                "the slices of this series are oriented differently",
                where=where,
                remedy="export one orientation per series",
            )
        spacing = np.abs(np.subtract(other.spacing_mm, first.spacing_mm)).max()
        if other.size != first.size or spacing > SPACING_TOLERANCE_MM:
            raise SeriesGeometryError(
                f"the slices differ in size or pixel spacing: {_form(first)} and {_form(other)}",
                where=where,
                remedy="export one reconstruction per series",
            )


def _frame(one: Slice) -> str:
    return one.frame_of_reference_uid or "none"


def _form(one: Slice) -> str:
    return f"{one.size[0]} × {one.size[1]} at {one.spacing_mm[1]:g} × {one.spacing_mm[0]:g} mm"


def slice_normal(orientation: FloatArray) -> FloatArray:
    """Unit direction of increasing k: the slice normal, turned towards the head where it has such a part."""
    normal = np.cross(orientation[:3], orientation[3:])
    return -normal if normal[2] < -0.1 else normal


def heights_along(slices: Sequence[Slice], normal: FloatArray) -> FloatArray:
    """Where each slice lies along `normal`, mm."""
    return np.array([one.position_lps for one in slices]) @ normal


def same_places(slices: Sequence[Slice]) -> list[tuple[Slice, Slice]]:
    """Pairs of slices that lie at the same height."""
    heights = heights_along(slices, slice_normal(slices[0].orientation))
    order = np.argsort(heights, kind="stable")
    close = np.flatnonzero(np.diff(heights[order]) <= SAME_PLACE_MM)
    return [(slices[order[n]], slices[order[n + 1]]) for n in close]


def build_stack(slices: Sequence[Slice]) -> Stack:
    """Order `slices` and describe the grid they span.

    Raises
    ------
    SeriesGeometryError
        If there is only one slice, or the slices drift sideways without a regular pattern.
    """
    require_one_frame(slices)
    if len(slices) < 2:
        raise SeriesGeometryError(
            "there is only one slice; planning needs a volume",
            where=slices[0].label,
            remedy="give the whole series",
        )
    row, column = slices[0].orientation[:3], slices[0].orientation[3:]
    normal = slice_normal(slices[0].orientation)
    order = np.argsort(heights_along(slices, normal), kind="stable")
    ordered = tuple(slices[n] for n in order)
    heights = heights_along(ordered, normal)
    is_even = _is_even(heights)
    spacing = float(np.ptp(heights)) / (len(heights) - 1) if is_even else _regular_spacing(np.diff(heights))
    step = _regular_step(ordered, heights, spacing)
    stack = Stack(
        slices=ordered,
        row=row,
        column=column,
        normal=normal,
        heights_mm=heights,
        step_lps=step,
        gaps=() if is_even else tuple(_gaps(ordered, heights, spacing)),
    )
    _require_straight(stack)
    return stack


def _is_even(heights: FloatArray) -> bool:
    """Whether every slice lies within 0.06 mm of an even place: positions are often rounded to 0.1 mm."""
    number = np.arange(len(heights)) - (len(heights) - 1) / 2
    centred = heights - heights.mean()
    step = float(number @ centred / (number @ number))
    return bool(np.abs(centred - step * number).max() <= EVEN_TOLERANCE_MM)


def _tolerance(spacing: float) -> float:
    return max(STEP_TOLERANCE_MM, STEP_TOLERANCE_SHARE * spacing)


def _regular_spacing(steps: FloatArray) -> float:
    """Mean of the steps that agree with the commonest one."""
    middle = float(np.median(steps)) if len(steps) % 2 else float(np.sort(steps)[(len(steps) - 1) // 2])
    close = steps[np.abs(steps - middle) <= _tolerance(middle)]
    return float(close.mean())


def _regular_step(slices: Sequence[Slice], heights: FloatArray, spacing: float) -> FloatArray:
    """The way from slice to slice by least squares over all positions."""
    positions = np.array([one.position_lps for one in slices])
    centred = heights - heights.mean()
    slope = centred @ (positions - positions.mean(axis=0)) / (centred @ centred)
    normal = slice_normal(slices[0].orientation)
    sideways = slope - (slope @ normal) * normal
    if np.linalg.norm(sideways) * (heights[-1] - heights[0]) < ROUNDING_MM:
        slope = normal
    return np.asarray(slope * spacing)


def _gaps(slices: Sequence[Slice], heights: FloatArray, spacing: float) -> list[str]:
    found = []
    tolerance = _tolerance(spacing)
    for n, step in enumerate(np.diff(heights)):
        if abs(step - spacing) <= tolerance:
            continue
        missing = round(step / spacing) - 1
        is_whole = missing >= 1 and abs(step - (missing + 1) * spacing) <= (missing + 1) * tolerance
        what = (
            f"{missing} slice(s) missing"
            if is_whole
            else f"spacing {step:.3f} mm instead of {spacing:.3f} mm"
        )
        found.append(f"{what} between {_place(slices[n])} and {_place(slices[n + 1])}")
    return found


def _place(one: Slice) -> str:
    number = f"instance {one.instance}, " if one.instance else ""
    return f"z = {one.position_lps[2]:.2f} mm ({number}{one.label})"


def _require_straight(stack: Stack) -> None:
    first = stack.slices[0].position_lps
    ahead = (stack.heights_mm - stack.heights_mm[0]) / stack.spacing_mm
    expected = first + ahead[:, None] * stack.step_lps
    actual = np.array([one.position_lps for one in stack.slices])
    sideways = (actual - expected) @ np.stack([stack.row, stack.column], axis=1)
    offsets = np.abs(sideways - np.median(sideways, axis=0)).max(axis=1)
    worst = int(offsets.argmax())
    if offsets[worst] > DRIFT_TOLERANCE_MM:
        raise SeriesGeometryError(
            f"the slices do not lie on one straight line: one is {offsets[worst]:.2f} mm aside",
            where=stack.slices[worst].label,
            remedy="export the original series; this one mixes scans or table positions",
        )
