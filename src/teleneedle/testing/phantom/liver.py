"""The liver: what the diaphragm, the stomach, the kidney and the spine leave of the right upper abdomen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from teleneedle.testing.phantom.canvas import Canvas
from teleneedle.testing.phantom.frame import TrunkFrame
from teleneedle.testing.phantom.lattice import (
    Field,
    Lattice,
    ellipsoid,
    smooth_common,
    smooth_cut,
    turn_about,
    wobble,
)
from teleneedle.testing.phantom.vessels import tube_line

LIVER_HU = 110.0


LIVER_BOX_MM = ((-162.0, -122.0, -100.0), (112.0, 100.0, 124.0))
"""Box (LPS mm) that holds the liver of every patient at rest."""


def liver_distance(lattice: Lattice, frame: TrunkFrame, rng: np.random.Generator, *, has_left: bool) -> Field:
    """Distance (mm) to the liver's capsule."""
    x, y, z = lattice.x, lattice.y, lattice.z
    tilt, tip = rng.uniform(0.66, 0.8), rng.uniform(-72.0, -54.0)
    under = tip + tilt * (x / frame.wide + 135.0) + 0.0012 * (x + 60.0) ** 2 * (x > -60.0)
    under = under + 0.35 * np.maximum(y - 10.0, 0.0) + 0.12 * np.maximum(-y - 40.0, 0.0)
    above_under = lattice.to_distance(np.asarray(under - z, dtype=np.float32))
    top = frame.below_diaphragm(lattice) + 1.5
    liver = smooth_common(above_under, np.maximum(top, frame.cavity(lattice) + 1.5), 16.0)
    for centre, radii, turn, soft in (
        ((-56.0, 62.0, -30.0), (36.0, 34.0, 68.0), 0.0, 14.0),
        ((70.0, 52.0, 30.0), (78.0, 68.0, 110.0), 8.0, 18.0),
        ((0.0, 80.0, 0.0), (42.0, 52.0, 1e3), 0.0, 14.0),
        ((-18.0, 8.0, -2.0), (26.0, 24.0, 34.0), 20.0, 14.0),
        ((18.0, -92.0, 5.0), (6.5, 36.0, 52.0), 12.0, 8.0),
    ):
        liver = smooth_cut(liver, ellipsoid(lattice, centre, radii, turn_about("z", turn)), soft)
    if not has_left:
        plane = (x + 20.0 - 0.2 * (y + 30.0)) / np.float32(np.hypot(1.0, 0.2))
        liver = smooth_common(liver, np.asarray(np.broadcast_to(plane, lattice.shape)), 14.0)
    return np.asarray(liver + 2.2 * wobble(lattice, rng, wave_mm=70.0), dtype=np.float32)


def inner_points(lattice: Lattice, capsule: Field, rng: np.random.Generator) -> NDArray[np.float64]:
    """Points (N, 3) LPS mm spread through the liver's inside, which the vessel trees share out."""
    inside = np.argwhere(capsule < -5.0)
    chosen = inside[rng.choice(len(inside), min(5000, len(inside)), replace=False)]
    return np.asarray(np.array(lattice.low) + np.array(lattice.step_mm) * chosen[:, ::-1])


def paint_gallbladder(canvas: Canvas) -> tuple[float, float, float]:
    """Pear under the right lobe, wall and bile; its middle."""
    line = [(-44, -12, -2, 4), (-50, -30, -16, 10), (-56, -46, -28, 14), (-58, -54, -36, 13)]
    tubes = tube_line(line)
    canvas.paint_tubes("gallbladder", tubes, 50.0, over=("cavity", "liver"))
    canvas.paint_tubes("gallbladder", tubes, 10.0, grow_mm=-1.6, over=("gallbladder",))
    return (-54.0, -42.0, -25.0)
