"""Picture planes in LPS mm, and which way each of their edges faces."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from teleneedle.core.geometry import FloatArray, unit

LETTERS = (("L", "R"), ("P", "A"), ("H", "F"))
SECOND_LETTER_COSINE = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Plane:
    """A rectangle in space that becomes a picture.

    Parameters
    ----------
    centre : (3,) float64
        LPS mm of the picture's centre.
    right, up : (3,) float64
        Unit vectors towards the picture's right and upper edge.
    width_mm, height_mm : float
        Size in the patient.

    Examples
    --------
    >>> axial((0, 0, 0), width_mm=100, height_mm=80).letters()
    {'left': 'R', 'right': 'L', 'top': 'A', 'bottom': 'P'}
    """

    centre: FloatArray
    right: FloatArray
    up: FloatArray
    width_mm: float
    height_mm: float

    @property
    def look(self) -> FloatArray:
        """Unit vector from the viewer into the picture."""
        return np.asarray(np.cross(self.up, self.right))

    def project(self, points_lps: ArrayLike) -> FloatArray:
        """Points ``(..., 3)`` as (right, up, behind the plane) in mm from the centre."""
        relative = np.asarray(points_lps, dtype=np.float64) - self.centre
        return np.stack([relative @ self.right, relative @ self.up, relative @ self.look], axis=-1)

    def at(self, right_mm: ArrayLike, up_mm: ArrayLike) -> FloatArray:
        """LPS mm of positions in the plane."""
        a, b = np.asarray(right_mm, dtype=np.float64), np.asarray(up_mm, dtype=np.float64)
        return np.asarray(self.centre + a[..., None] * self.right + b[..., None] * self.up)

    def lattice(self, columns: int, rows: int) -> tuple[FloatArray, FloatArray]:
        """Offsets (right, up) in mm of the pixel centres of a picture of that size, top row first."""
        right = ((np.arange(columns) + 0.5) / columns - 0.5) * self.width_mm
        up = (0.5 - (np.arange(rows) + 0.5) / rows) * self.height_mm
        return right, up

    def part_around(self, points_lps: ArrayLike) -> Plane | None:
        """The part of this plane under the box around points ``(N, 3)``; None when they miss it."""
        offsets = self.project(points_lps)
        if offsets[:, 2].min() > 0 or offsets[:, 2].max() < 0:
            return None
        half = np.array([self.width_mm, self.height_mm]) / 2
        low = np.maximum(offsets[:, :2].min(axis=0), -half)
        high = np.minimum(offsets[:, :2].max(axis=0), half)
        if (high - low < 1e-3).any():
            return None
        middle, size = (low + high) / 2, high - low
        centre = self.at(middle[0], middle[1])
        return replace(self, centre=centre, width_mm=float(size[0]), height_mm=float(size[1]))

    def letters(self) -> dict[str, str]:
        """Orientation letter(s) of the four edges (L R A P H F)."""
        edges = {"left": -self.right, "right": self.right, "top": self.up, "bottom": -self.up}
        return {name: direction_letters(vector) for name, vector in edges.items()}


def direction_letters(direction: ArrayLike) -> str:
    """Where a direction points in the patient: one letter, or two when it is clearly oblique.

    Examples
    --------
    >>> direction_letters((1, 0, 0)), direction_letters((0, -0.8, 0.6))
    ('L', 'AH')
    """
    vector = unit(direction)
    order = np.argsort(-np.abs(vector))
    kept = [a for a in order[:2] if a == order[0] or abs(vector[a]) >= SECOND_LETTER_COSINE]
    return "".join(LETTERS[a][0 if vector[a] > 0 else 1] for a in kept)


def axial(centre: ArrayLike, *, width_mm: float, height_mm: float) -> Plane:
    """Axial plane seen from the feet: patient's left at the picture's right, front on top."""
    return _standard(centre, (1, 0, 0), (0, -1, 0), width_mm, height_mm)


def coronal(centre: ArrayLike, *, width_mm: float, height_mm: float) -> Plane:
    """Coronal plane seen from the front."""
    return _standard(centre, (1, 0, 0), (0, 0, 1), width_mm, height_mm)


def sagittal(centre: ArrayLike, *, width_mm: float, height_mm: float) -> Plane:
    """Sagittal plane seen from the patient's left: front at the picture's left."""
    return _standard(centre, (0, 1, 0), (0, 0, 1), width_mm, height_mm)


def _standard(
    centre: ArrayLike,
    right: tuple[int, int, int],
    up: tuple[int, int, int],
    width_mm: float,
    height_mm: float,
) -> Plane:
    return Plane(
        centre=np.asarray(centre, dtype=np.float64),
        right=np.array(right, dtype=np.float64),
        up=np.array(up, dtype=np.float64),
        width_mm=width_mm,
        height_mm=height_mm,
    )


def in_line(
    entry_lps: ArrayLike,
    tip_lps: ArrayLike,
    centre: ArrayLike,
    *,
    partner_lps: ArrayLike | None = None,
    width_mm: float,
    height_mm: float,
) -> Plane:
    """Plane that contains the needle, hub up.

    It turns about the needle to contain `partner_lps` (a point of another needle) when given and at
    least 5 mm off the axis; else it stays as close to the axial plane as the needle allows.
    """
    up = unit(np.asarray(entry_lps, dtype=np.float64) - np.asarray(tip_lps, dtype=np.float64))
    side = np.cross(up, (0.0, 0.0, 1.0))
    if np.linalg.norm(side) < 0.05:
        side = np.array([1.0, 0.0, 0.0])
    if partner_lps is not None:
        offset = np.asarray(partner_lps, dtype=np.float64) - np.asarray(tip_lps, dtype=np.float64)
        offset = offset - (offset @ up) * up
        if np.linalg.norm(offset) >= 5.0:
            side = offset
    right = unit(side - (side @ up) * up)
    right = right * (-1.0 if right[np.argmax(np.abs(right))] < 0 else 1.0)
    onto = np.asarray(tip_lps) + ((np.asarray(centre) - np.asarray(tip_lps)) @ right) * right
    middle = onto + ((np.asarray(centre) - np.asarray(tip_lps)) @ up) * up
    return Plane(centre=np.asarray(middle), right=right, up=up, width_mm=width_mm, height_mm=height_mm)


def along_needle(
    entry_lps: ArrayLike, tip_lps: ArrayLike, depth_point: ArrayLike, *, width_mm: float, height_mm: float
) -> Plane:
    """The probe's eye: across the needle at `depth_point`, seen from the hub, head (or front) up."""
    look = unit(np.asarray(tip_lps, dtype=np.float64) - np.asarray(entry_lps, dtype=np.float64))
    top = np.array([0.0, 0.0, 1.0]) if abs(look[2]) < 0.9 else np.array([0.0, -1.0, 0.0])
    up = unit(top - (top @ look) * look)
    return Plane(
        centre=np.asarray(depth_point, dtype=np.float64),
        right=np.cross(look, up),
        up=up,
        width_mm=width_mm,
        height_mm=height_mm,
    )
