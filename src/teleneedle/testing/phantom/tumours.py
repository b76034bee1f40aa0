"""Where the tumour lies: deep enough, off the large vessels, and with a straight way in from the skin."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from teleneedle.testing.phantom.canvas import Canvas, Tubes
from teleneedle.testing.phantom.digestive import tube_field
from teleneedle.testing.phantom.lattice import Field, Lattice, ellipsoid, gaussian_field, turn_about

TUMOUR_HU = 65.0
_RIM_HU = 18.0
_STEP_MM = 3.0
_SOFT_NEED_MM = 7.5
_BONE_NEED_MM = 5.5
_VESSEL_NEED_MM = 6.5
_LONGEST_MM = 125.0
_USUAL_DEPTH_MM = 75.0
_SOFT = {
    "liver": ("lung*", "heart*", "gallbladder", "stomach*", "bowel*", "kidney*", "spleen", "pancreas"),
    "lung": ("heart*", "liver*", "stomach*", "bowel*", "spinal_canal", "artery", "cava", "airway"),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class TumourShape:
    """An ellipsoid; its volume is known in closed form.

    Parameters
    ----------
    centre_lps : (3,) float
    radii_mm : (3,) float
    axes : (3, 3) float
        Rows are the directions of the radii, LPS.
    entry_lps : (3,) float
        A point of the skin from which the straight way to the centre is free.
    """

    centre_lps: NDArray[np.float64]
    radii_mm: NDArray[np.float64]
    axes: NDArray[np.float64]
    entry_lps: NDArray[np.float64]

    def moved(self, dz_mm: float) -> TumourShape:
        """The same shape `dz_mm` nearer to the head."""
        step = np.array([0.0, 0.0, dz_mm])
        return replace(self, centre_lps=self.centre_lps + step, entry_lps=self.entry_lps + step)

    @property
    def volume_ml(self) -> float:
        """4/3 π abc, ml."""
        return float(4 / 3 * np.pi * np.prod(self.radii_mm) / 1000.0)


def place_tumour(
    canvas: Canvas,
    target: str,
    diameter_mm: float,
    inside: Field,
    lattice: Lattice,
    large: Tubes,
    rng: np.random.Generator,
) -> TumourShape:
    """Choose among random places the one with the widest straight way in.

    Parameters
    ----------
    inside : (z, y, x) float32
        Distance (mm, negative inside) to the border of the target organ on `lattice`.
    large : (N, 8)
        Vessels of 3 mm diameter and more.
    """
    radius = diameter_mm / 2
    spare = _spare_room(canvas, target, large)
    centres = _candidates(canvas, target, inside, lattice, radius, rng)
    directions = _directions(target)
    best, choice = -np.inf, (centres[0], directions[0], _LONGEST_MM)
    for centre in centres:
        room, depth = _walk(canvas, spare, centre, directions, radius)
        score = (
            np.minimum(room, 2.0) - 0.02 * np.abs(depth - _USUAL_DEPTH_MM) - 0.8 * np.abs(directions[:, 2])
        )
        at = int(np.argmax(score))
        if score[at] > best:
            best, choice = float(score[at]), (centre, directions[at], float(depth[at]))
    centre, direction, depth_mm = choice
    stretch = np.exp(rng.normal(0, 0.05, 3))
    radii = radius * stretch / np.prod(stretch) ** (1 / 3)
    axes = turn_about("z", rng.uniform(0, 180)) @ turn_about("x", rng.uniform(0, 180))
    return TumourShape(centre_lps=centre, radii_mm=radii, axes=axes, entry_lps=centre + direction * depth_mm)


def _candidates(
    canvas: Canvas, target: str, inside: Field, lattice: Lattice, radius: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    deep = np.argwhere(inside < -(radius + (12.0 if target == "liver" else 8.0)))
    points = np.array(lattice.low) + np.array(lattice.step_mm) * deep[:, ::-1]
    points = points[points[:, 0] < (-48.0 if target == "liver" else -30.0)]
    bottom, top = canvas.grid.bounds_lps()
    points = points[(points[:, 2] > bottom[2] + radius + 20.0) & (points[:, 2] < top[2] - radius - 20.0)]
    return np.asarray(points[rng.choice(len(points), min(160, len(points)), replace=False)])


def _directions(target: str) -> NDArray[np.float64]:
    """Unit vectors from the target outwards: to the right side and the front, tilted up to 40°."""
    round_deg = np.arange(150.0, 286.0, 5.0) if target == "liver" else np.arange(120.0, 286.0, 5.0)
    turn, tilt = np.meshgrid(np.radians(round_deg), np.radians(np.arange(-40.0, 41.0, 5.0)))
    return np.column_stack(
        [
            (np.cos(turn) * np.cos(tilt)).ravel(),
            (np.sin(turn) * np.cos(tilt)).ravel(),
            np.sin(tilt).ravel(),
        ]
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Room:
    """How much more than the needed distance every lattice point keeps (mm), and which lie outside."""

    lattice: Lattice
    spare: Field
    outside: NDArray[np.bool_]


def _spare_room(canvas: Canvas, target: str, large: Tubes) -> _Room:
    low, high = canvas.grid.bounds_lps()
    lattice = Lattice.over(low + _STEP_MM, high - 2 * _STEP_MM, _STEP_MM)
    axes = [lattice.x.ravel(), lattice.y.ravel(), lattice.z.ravel()]
    near = [
        np.clip(np.rint((line - o) / s).astype(int), 0, n - 1)
        for line, o, s, n in zip(
            axes, canvas.grid.origin_lps, canvas.grid.spacing_mm, canvas.grid.size_ijk, strict=True
        )
    ]
    pick = np.ix_(near[2], near[1], near[0])
    soft = canvas.mask(*_SOFT[target])[pick]
    bone = canvas.mask("bone")[pick]
    spare = np.minimum(
        distance_transform_edt(~soft, sampling=_STEP_MM) - _SOFT_NEED_MM,
        distance_transform_edt(~bone, sampling=_STEP_MM) - _BONE_NEED_MM,
    )
    spare = np.minimum(spare, tube_field(lattice, large) - _VESSEL_NEED_MM)
    return _Room(lattice=lattice, spare=spare.astype(np.float32), outside=canvas.mask("air", "table")[pick])


def _walk(
    canvas: Canvas, room: _Room, centre: NDArray[np.float64], directions: NDArray[np.float64], radius: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Least spare room and depth of the skin along each direction; minus infinity where there is no way."""
    along = np.arange(radius, _LONGEST_MM, 2.0)
    points = centre + along[None, :, None] * directions[:, None, :]
    index = np.rint((points - room.lattice.low) / _STEP_MM).astype(int)
    shape = np.array(room.lattice.shape[::-1])
    valid = ((index >= 0) & (index < shape)).all(axis=-1)
    i, j, k = np.moveaxis(np.clip(index, 0, shape - 1), -1, 0)
    out = room.outside[k, j, i] & valid
    exit_at = np.where(out.any(axis=1), out.argmax(axis=1), len(along) - 1)
    before = np.arange(len(along))[None, :] < exit_at[:, None]
    spare = np.where(before, np.where(valid, room.spare[k, j, i], -np.inf), np.inf).min(axis=1)
    spare = np.where(out.any(axis=1), spare, -np.inf)
    return spare, along[exit_at]


def paint_tumour(canvas: Canvas, name: str, shape: TumourShape, rng: np.random.Generator) -> None:
    """Hypodense with a slightly brighter rim, evaluated at the voxel centres themselves."""
    reach = float(shape.radii_mm.max()) + 5.0
    lattice = canvas.voxel_lattice(shape.centre_lps - reach, shape.centre_lps + reach)
    distance = ellipsoid(lattice, shape.centre_lps, shape.radii_mm, shape.axes)
    grain = gaussian_field(lattice, rng, 2.5)
    grain -= grain[distance < 0].mean() if (distance < 0).any() else 0.0
    rim = np.exp(-(((distance + 1.0) / 1.2) ** 2))
    hu = TUMOUR_HU + _RIM_HU * rim + 3.0 * grain
    canvas.paint(name, lattice, distance, hu.astype(np.float32))
