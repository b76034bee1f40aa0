"""Decide which tumours a plan is for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from teleneedle.core.anatomy import Structure
from teleneedle.core.errors import SeriesChoiceError, StructureError
from teleneedle.core.geometry import FloatArray
from teleneedle.core.image import LabelMap
from teleneedle.core.plan import Point

TUMOUR = "tumour"
LEAST_TARGET_ML = 0.03
"""A 4 mm sphere; anything smaller is a stray voxel, not a target."""


def choose_targets(structures: Sequence[Structure], *, name: str | None) -> list[Structure]:
    """Tumours to plan for: the named one, else every tumour among the structures.

    Raises
    ------
    SeriesChoiceError
        If the name is not among the tumours; `details` lists them.
    StructureError
        If there is no tumour at all.
    """
    tumours = [s for s in structures if s.kind == TUMOUR]
    if name is not None:
        named = [s for s in structures if s.name == name]
        if not named:
            raise SeriesChoiceError(
                f"there is no target '{name}'",
                remedy="name one of these with --target",
                details=tuple(f"{s.name}  {s.label_map.volume_ml:.1f} ml" for s in tumours),
            )
        return named
    if not tumours:
        raise StructureError(
            "no target: no tumour mask was given and none was found",
            remedy="give --target-box, --target-mask or a tumour mask in --structures",
        )
    return tumours


def require_target_in_body(target: Structure, body: LabelMap | None) -> None:
    """Refuse a target that is empty, too small, or not inside the body.

    Raises
    ------
    StructureError
        With the volume, or the share that lies outside.
    """
    volume_ml = target.label_map.volume_ml
    if volume_ml < LEAST_TARGET_ML:
        raise StructureError(
            "the target is too small to plan for",
            where=f"{target.name}: {volume_ml:.3f} ml",
            remedy="check the mask or the box",
        )
    if body is None:
        return
    inside = np.count_nonzero(target.label_map.array & body.array)
    share = inside / np.count_nonzero(target.label_map.array)
    if share < 0.9:
        raise StructureError(
            "the target lies outside the body",
            where=f"{target.name}: {100 * (1 - share):.0f} % outside",
            remedy="check the target's coordinates (LPS mm)",
        )


def require_box_in_volume(box_lps: tuple[Point, Point], lower: FloatArray, upper: FloatArray) -> None:
    """Refuse a target box that is empty or leaves the image (all LPS mm).

    Raises
    ------
    StructureError
        Naming the axis and both ranges.
    """
    for axis, low, high, least, most in zip("xyz", *box_lps, lower, upper, strict=True):
        if low >= high:
            raise StructureError("the target box is empty", where=f"{axis}: {low:g} to {high:g} mm")
        if low < least or high > most:
            raise StructureError(
                "the target box lies outside the image",
                where=f"{axis}: box {low:g} to {high:g}, image {least:.1f} to {most:.1f} mm",
                remedy="give the box as x0,x1,y0,y1,z0,z1 in LPS mm",
            )


def union_of(targets: Sequence[Structure]) -> LabelMap:
    """One label map of all targets."""
    total = targets[0].label_map
    for target in targets[1:]:
        total = total.union(target.label_map)
    return total
