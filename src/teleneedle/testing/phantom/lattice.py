"""Implicit shapes on a coarse lattice: signed distance in mm, negative inside, blended with soft edges.

Organs are written as a few numpy lines over the lattice and drawn onto the fine CT grid by `canvas`.

References
----------
Quilez, I. Distance functions (ellipsoid bound, smooth minimum),
https://iquilezles.org/articles/distfunctions
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

Field = NDArray[np.float32]
Vector = Sequence[float] | NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Lattice:
    """Regular points in LPS mm where shapes are evaluated.

    Parameters
    ----------
    low : tuple of float
        LPS mm of the first point.
    step_mm : tuple of float
        Spacing along (x, y, z), mm.
    shape : tuple of int
        Number of points along (z, y, x).
    """

    low: tuple[float, float, float]
    step_mm: tuple[float, float, float]
    shape: tuple[int, int, int]

    @classmethod
    def over(cls, low: Vector, high: Vector, step_mm: float) -> Lattice:
        """Points `step_mm` apart that cover the box from `low` to `high` (LPS mm)."""
        count = [max(int(np.ceil((b - a) / step_mm)) + 1, 2) for a, b in zip(low, high, strict=True)]
        return cls(
            low=(float(low[0]), float(low[1]), float(low[2])),
            step_mm=(step_mm, step_mm, step_mm),
            shape=(count[2], count[1], count[0]),
        )

    def _axis(self, axis: int) -> Field:
        count = self.shape[2 - axis]
        line = (self.low[axis] + self.step_mm[axis] * np.arange(count)).astype(np.float32)
        place = [1, 1, 1]
        place[2 - axis] = count
        return line.reshape(place)

    @property
    def x(self) -> Field:
        """LPS x (to the patient's left), shaped to broadcast."""
        return self._axis(0)

    @property
    def y(self) -> Field:
        """LPS y (to the back), shaped to broadcast."""
        return self._axis(1)

    @property
    def z(self) -> Field:
        """LPS z (to the head), shaped to broadcast."""
        return self._axis(2)

    def to_distance(self, value: Field) -> Field:
        """Any implicit function scaled by its gradient, so that it measures mm near its zero level."""
        full = np.broadcast_to(value, self.shape)
        parts = np.gradient(full, *self.step_mm[::-1])
        slope = np.sqrt(sum(part * part for part in parts))
        return np.asarray(full / np.maximum(slope, 1e-4), dtype=np.float32)


def ellipsoid(
    lattice: Lattice, centre: Vector, radii: Vector, turn: NDArray[np.float64] | None = None
) -> Field:
    """Ellipsoid about `centre`; the rows of `turn` are its axes in LPS."""
    axes = np.eye(3) if turn is None else turn
    offset = (lattice.x - centre[0], lattice.y - centre[1], lattice.z - centre[2])
    near = np.zeros(lattice.shape, dtype=np.float32)
    steep = np.zeros(lattice.shape, dtype=np.float32)
    for axis, radius in zip(axes, radii, strict=True):
        along = sum(np.float32(a) * o for a, o in zip(axis, offset, strict=True)) / np.float32(radius)
        near += along * along
        steep += (along / np.float32(radius)) ** 2
    near, steep = np.sqrt(near), np.sqrt(steep)
    return np.asarray(near * (near - 1) / np.maximum(steep, 1e-6), dtype=np.float32)


def smooth_union(first: Field, second: Field, soft_mm: float) -> Field:
    """Either shape, with a fillet of `soft_mm` where they meet."""
    mix = np.maximum(soft_mm - np.abs(first - second), 0.0)
    return np.asarray(np.minimum(first, second) - mix * mix / (4 * soft_mm), dtype=np.float32)


def smooth_cut(shape: Field, tool: Field, soft_mm: float) -> Field:
    """`shape` without `tool`, with the edge rounded over `soft_mm`."""
    return smooth_common(shape, -tool, soft_mm)


def smooth_common(first: Field, second: Field, soft_mm: float) -> Field:
    """What is inside both shapes, with the edge rounded over `soft_mm`."""
    return np.asarray(-smooth_union(-first, -second, soft_mm), dtype=np.float32)


def wobble(lattice: Lattice, rng: np.random.Generator, *, wave_mm: float, waves: int = 6) -> Field:
    """Smooth random field of about unit size: plane waves of about `wave_mm` in random directions."""
    total = np.zeros(lattice.shape, dtype=np.float32)
    for _ in range(waves):
        direction = rng.normal(size=3)
        direction *= 2 * np.pi / (wave_mm * rng.uniform(0.7, 1.4) * np.linalg.norm(direction))
        phase = rng.uniform(0, 2 * np.pi)
        a, b, c = (np.float32(v) for v in direction)
        total += np.sin(a * lattice.x + b * lattice.y + c * lattice.z + np.float32(phase))
    return np.asarray(total * np.sqrt(2.0 / waves), dtype=np.float32)


def gaussian_field(lattice: Lattice, rng: np.random.Generator, blur_mm: float) -> Field:
    """Gaussian random field of unit size, correlated over about `blur_mm`."""
    raw = rng.standard_normal(lattice.shape, dtype=np.float32)
    smooth = gaussian_filter(raw, [blur_mm / step for step in lattice.step_mm[::-1]], mode="wrap")
    return np.asarray(smooth / max(float(smooth.std()), 1e-6), dtype=np.float32)


def turn_about(axis: str, degrees: float) -> NDArray[np.float64]:
    """(3, 3) rows: the LPS axes turned by `degrees` about ``x``, ``y`` or ``z``."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    table = {
        "x": [[1, 0, 0], [0, c, s], [0, -s, c]],
        "y": [[c, 0, -s], [0, 1, 0], [s, 0, c]],
        "z": [[c, s, 0], [-s, c, 0], [0, 0, 1]],
    }
    return np.array(table[axis], dtype=np.float64)
