"""Skin, fat, muscle wall, lungs and heart."""

from __future__ import annotations

import numpy as np

from teleneedle.testing.phantom.canvas import Canvas
from teleneedle.testing.phantom.frame import TrunkFrame
from teleneedle.testing.phantom.lattice import Field, Lattice, ellipsoid, gaussian_field, smooth_union, wobble
from teleneedle.testing.phantom.vessels import grow_tree

FAT_HU = -100.0
MUSCLE_HU = 60.0
SKIN_HU = 20.0
LUNG_HU = -850.0
WALL_MM = 11.0


def paint_table(canvas: Canvas) -> None:
    """Curved carbon couch with a foam core, under the back."""
    low, high = canvas.grid.bounds_lps()
    lattice = Lattice.over((low[0], 90.0, low[2]), (high[0], 175.0, high[2]), 3.0)
    middle = 141.0 - 0.0011 * lattice.x**2
    shell = np.broadcast_to(np.abs(lattice.y - middle) - 9.0, lattice.shape)
    canvas.paint("table", lattice, shell, -150.0)
    canvas.paint("table", lattice, shell + 2.0, -930.0, over=("table",))


def paint_wall(canvas: Canvas, frame: TrunkFrame, lattice: Lattice, rng: np.random.Generator) -> None:
    """Body with skin, subcutaneous fat and muscle, filled with mesenteric fat inside."""
    fat, wave = frame.fat_mm, wobble(lattice, rng, wave_mm=110.0)
    skin = frame.ring(
        lattice, side_mm=WALL_MM + fat, front_mm=WALL_MM + fat + 4, back_mm=WALL_MM + 0.8 * fat + 6, power=2.5
    )
    skin = smooth_union(skin, _back(lattice, grow_mm=fat * 0.5), 20.0)
    furrow = 5.0 * np.exp(-((lattice.x / 14.0) ** 2)) * (lattice.y > 0)
    skin = skin + 1.5 * wave + furrow
    canvas.paint("skin", lattice, skin, SKIN_HU)
    canvas.paint("fat", lattice, skin + 2.0, FAT_HU)
    wall = frame.ring(lattice, side_mm=WALL_MM, front_mm=WALL_MM - 2, back_mm=WALL_MM)
    wall = smooth_union(wall, _back(lattice, grow_mm=0.0), 10.0) + 0.8 * wave
    canvas.paint("muscle", lattice, wall, MUSCLE_HU)
    canvas.paint("cavity", lattice, frame.cavity(lattice), FAT_HU)


def _back(lattice: Lattice, *, grow_mm: float) -> Field:
    """Erector muscles: two columns beside the spine."""
    flat = Lattice(
        low=(lattice.low[0], lattice.low[1], 0.0),
        step_mm=lattice.step_mm,
        shape=(2, *lattice.shape[1:]),
    )
    columns = [
        ellipsoid(flat, (x, 96.0, 0.0), (34.0 + grow_mm, 24.0 + grow_mm, 1e4))[:1] for x in (-30.0, 30.0)
    ]
    return smooth_union(columns[0], columns[1], 12.0)


def lung_distance(frame: TrunkFrame, lattice: Lattice) -> Field:
    """Distance (mm) to the lungs: inside the cage, above the diaphragm, beside the mediastinum."""
    above = -frame.below_diaphragm(lattice) + 2.5
    cavity = frame.cavity(lattice) + 1.5
    lung = np.maximum(np.maximum(cavity, above), -_mediastinum(lattice))
    return np.asarray(lung, dtype=np.float32)


def paint_lungs(canvas: Canvas, lattice: Lattice, distance: Field, rng: np.random.Generator) -> None:
    """Air-filled lungs, denser towards the back, with branching vessels."""
    hu = LUNG_HU + 0.35 * np.broadcast_to(lattice.y, lattice.shape) + 8.0 * gaussian_field(lattice, rng, 9.0)
    canvas.paint("lung", lattice, distance, hu.astype(np.float32))
    inside = np.argwhere(distance < -3.0)
    points = np.array(lattice.low) + np.array(lattice.step_mm) * inside[:, ::-1]
    for sign in (-1.0, 1.0):
        own = points[sign * points[:, 0] > 0]
        if len(own) < 100:
            continue
        root = np.array([sign * 34.0, 6.0, 175.0])
        tree = grow_tree(own, root, np.array([sign * 0.8, 0.1, -0.5]), 5.5, rng)
        canvas.paint_tubes("lung_vessel", tree, 30.0, over=("lung",), edge_mm=1.0)


def _mediastinum(lattice: Lattice) -> Field:
    """Midline tissue between the lungs, widened by the heart."""
    spine = ellipsoid(lattice, (0.0, 78.0, 100.0), (34.0, 45.0, 1e3))
    middle = ellipsoid(lattice, (8.0, -20.0, 150.0), (24.0, 110.0, 1e3))
    heart = ellipsoid(lattice, (24.0, -28.0, 118.0), (68.0, 58.0, 60.0))
    return smooth_union(smooth_union(spine, middle, 10.0), heart, 15.0)


def paint_heart(canvas: Canvas, frame: TrunkFrame, lattice: Lattice) -> None:
    """Muscle with two filled chambers, in pericardial fat, lying on the diaphragm."""
    outer = ellipsoid(lattice, (22.0, -30.0, 122.0), (60.0, 50.0, 50.0))
    outer = np.maximum(outer, -frame.below_diaphragm(lattice) + 4.0)
    canvas.paint("heart", lattice, outer, 100.0, over=("cavity",))
    left = ellipsoid(lattice, (38.0, -28.0, 122.0), (34.0, 30.0, 36.0))
    right = ellipsoid(lattice, (-6.0, -36.0, 122.0), (24.0, 34.0, 36.0))
    for chamber in (left, right):
        canvas.paint("heart_blood", lattice, chamber, 150.0, over=("heart",))
