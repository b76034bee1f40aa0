"""Numbers on a template: a small flag on each sleeve with raised digits of seven strokes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import manifold3d
import numpy as np

from teleneedle.core.geometry import FloatArray, unit

DIGIT_WIDE_MM, DIGIT_HIGH_MM, STROKE_MM, GAP_MM = 4.0, 7.0, 1.0, 1.5
FLAG_THICK_MM, RAISED_MM, EDGE_MM, BELOW_TOP_MM = 2.4, 0.8, 1.2, 1.0
DIRECTIONS = 24
_STROKES: dict[str, tuple[float, float, float, float]] = {
    "top": (0, 6, 4, 7),
    "middle": (0, 3, 4, 4),
    "bottom": (0, 0, 4, 1),
    "upper left": (0, 3, 1, 7),
    "upper right": (3, 3, 4, 7),
    "lower left": (0, 0, 1, 4),
    "lower right": (3, 0, 4, 4),
}
"""Boxes of the strokes, mm: left, low, right, high."""
_DIGITS: dict[str, tuple[str, ...]] = {
    "0": ("top", "bottom", "upper left", "upper right", "lower left", "lower right"),
    "1": ("upper right", "lower right"),
    "2": ("top", "upper right", "middle", "lower left", "bottom"),
    "3": ("top", "upper right", "middle", "lower right", "bottom"),
    "4": ("upper left", "upper right", "middle", "lower right"),
    "5": ("top", "upper left", "middle", "lower right", "bottom"),
    "6": ("top", "upper left", "middle", "lower left", "lower right", "bottom"),
    "7": ("top", "upper right", "lower right"),
    "8": tuple(_STROKES),
    "9": ("top", "upper left", "upper right", "middle", "lower right", "bottom"),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Mark:
    """The number of a needle on the template.

    Parameters
    ----------
    needle, text : str
    corner_lps : (3,) float64
        Lower left corner of the text, on the flag's face.
    right, up, out : (3,) float64
        Reading direction, upwards, and towards the reader: the digits stand out that way.
    """

    needle: str
    text: str
    corner_lps: FloatArray
    right: FloatArray
    up: FloatArray
    out: FloatArray


def place_mark(
    needle: str,
    text: str,
    *,
    top: FloatArray,
    outward: FloatArray,
    sleeve_radius_mm: float,
    others: Sequence[tuple[FloatArray, FloatArray]],
    away_from: FloatArray,
) -> Mark:
    """Where the number stands: beside the sleeve's upper end, farthest from other needles and from the skin.

    Parameters
    ----------
    top, outward : (3,) float64
        Upper end of the sleeve on the needle's line, and the direction out of the patient.
    others : sequence of (point, direction)
        Lines of the other needles.
    away_from : (3,) float64
        A point inside the patient.
    """
    first = unit(np.cross(outward, (1.0, 0, 0) if abs(outward[0]) < 0.8 else (0, 1.0, 0)))
    second = np.cross(outward, first)
    lift = unit(top - away_from)
    angles = np.linspace(0, 2 * np.pi, DIRECTIONS, endpoint=False)
    sides = [np.cos(a) * first + np.sin(a) * second for a in angles]
    reach = sleeve_radius_mm + text_width_mm(text) + 2 * EDGE_MM

    def room(side: FloatArray) -> float:
        middle = top + side * reach / 2 - outward * (DIGIT_HIGH_MM / 2)
        gaps = [np.linalg.norm(np.cross(middle - at, along)) for at, along in others]
        return min([20.0, *map(float, gaps)]) + 5.0 * float(side @ lift)

    right = max(sides, key=room)
    out = -np.cross(outward, right)
    start = sleeve_radius_mm + EDGE_MM
    low = BELOW_TOP_MM + EDGE_MM + DIGIT_HIGH_MM
    corner = top + start * right - low * outward + FLAG_THICK_MM / 2 * out
    return Mark(needle=needle, text=text, corner_lps=corner, right=right, up=outward, out=out)


def text_width_mm(text: str) -> float:
    """Width of the digits with the gaps between them."""
    return len(text) * DIGIT_WIDE_MM + (len(text) - 1) * GAP_MM


def mark_solid(mark: Mark) -> manifold3d.Manifold:
    """The flag, which reaches into the sleeve's wall, with its raised digits."""
    width = text_width_mm(mark.text)
    inside = 2 * EDGE_MM
    solid = _box(mark, -inside, -EDGE_MM, width + EDGE_MM, DIGIT_HIGH_MM + EDGE_MM, -FLAG_THICK_MM, 0.0)
    for n, digit in enumerate(mark.text):
        at = n * (DIGIT_WIDE_MM + GAP_MM)
        for stroke in _DIGITS[digit]:
            left, low, right, high = _STROKES[stroke]
            solid += _box(mark, at + left, low, at + right, high, -RAISED_MM / 2, RAISED_MM)
    return solid


def _box(
    mark: Mark, left: float, low: float, right: float, high: float, back: float, front: float
) -> manifold3d.Manifold:
    """Box along the mark's directions, mm from its corner."""
    cube = manifold3d.Manifold.cube((right - left, front - back, high - low))
    start = mark.corner_lps + left * mark.right + low * mark.up + front * mark.out
    return cube.transform(np.column_stack([mark.right, -mark.out, mark.up, start]))
