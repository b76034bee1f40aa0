"""Skin, fat, muscle wall, lungs and heart."""

from __future__ import annotations

import numpy as np

from teleneedle.testing.phantom.canvas import Canvas
from teleneedle.testing.phantom.frame import TrunkFrame
from teleneedle.testing.phantom.lattice import (
    Field,
    Lattice,
    ellipsoid,
    gaussian_field,
    smooth_union,
    turn_about,
    wobble,
)
from teleneedle.testing.phantom.vessels import Corners, grow_tree, tube_line

FAT_HU = -100.0
MUSCLE_HU = 60.0
SKIN_HU = 20.0
LUNG_HU = -850.0
WALL_MM = 11.0


def paint_table(canvas: Canvas) -> None:
    """Curved carbon couch with a foam core, under the back."""
    low, high = canvas.grid.bounds_lps()
    lattice = Lattice.over((low[0], 90.0, low[2]), (high[0], 175.0, high[2]), 3.0)
    middle = np.float32(141.0) - np.float32(0.0011) * lattice.x**2
    shell: Field = np.asarray(np.abs(lattice.y - middle) - 9.0, dtype=np.float32)
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
    skin = np.asarray(skin + 1.5 * wave + furrow - 0.7 * _chest_muscle(lattice), dtype=np.float32)
    canvas.paint("skin", lattice, skin, SKIN_HU)
    canvas.paint("fat", lattice, skin + 2.0, FAT_HU)
    wall = frame.ring(lattice, side_mm=WALL_MM, front_mm=WALL_MM - 2, back_mm=WALL_MM)
    wall = smooth_union(wall, _back(lattice, grow_mm=0.0), 10.0) + 0.8 * wave
    wall = np.asarray(wall - _chest_muscle(lattice) - _rectus(lattice), dtype=np.float32)
    canvas.paint("muscle", lattice, wall, MUSCLE_HU)
    canvas.paint("cavity", lattice, frame.cavity(lattice), FAT_HU)


def _chest_muscle(lattice: Lattice) -> Field:
    """How much (mm) latissimus and pectoral muscle thicken the wall of the chest."""
    x, y, z = np.abs(lattice.x), lattice.y, lattice.z
    back = (
        8.0 * np.exp(-(((y - 45.0) / 38.0) ** 2)) * np.clip((z + 20.0) / 80.0, 0, 1) * np.clip(x / 90.0, 0, 1)
    )
    front = 10.0 * np.exp(-(((x - 62.0) / 34.0) ** 2)) * np.clip((z - 95.0) / 60.0, 0, 1) * (y < 0)
    return np.asarray(back + front, dtype=np.float32)


def _rectus(lattice: Lattice) -> Field:
    """How much (mm) the straight muscle thickens the front of the abdomen beside the midline."""
    beside = np.exp(-(((np.abs(lattice.x) - 32.0) / 20.0) ** 4)) - 0.8 * np.exp(-((lattice.x / 6.0) ** 2))
    return np.asarray(
        3.5 * beside * np.clip((70.0 - lattice.z) / 30.0, 0, 1) * (lattice.y < 0), dtype=np.float32
    )


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
    """Air-filled lungs, denser towards the back."""
    hu = LUNG_HU + 0.35 * np.broadcast_to(lattice.y, lattice.shape) + 8.0 * gaussian_field(lattice, rng, 9.0)
    canvas.paint("lung", lattice, distance, hu.astype(np.float32))


def paint_lung_vessels(canvas: Canvas, lattice: Lattice, distance: Field, rng: np.random.Generator) -> None:
    """Branching vessels from both lung roots."""
    inside = np.argwhere(distance < -3.0)
    points = np.asarray(np.array(lattice.low) + np.array(lattice.step_mm) * inside[:, ::-1], dtype=np.float64)
    for sign in (-1.0, 1.0):
        own = points[sign * points[:, 0] > 0]
        if len(own) < 100:
            continue
        root = np.array([sign * 36.0, 8.0, 180.0])
        tree = grow_tree(own, root, np.array([sign * 0.8, 0.1, -0.5]), 5.5, rng, thinnest_mm=1.0)
        canvas.paint_tubes("lung_vessel", tree, 30.0, over=("lung",), edge_mm=1.0)


def _mediastinum(lattice: Lattice) -> Field:
    """Midline tissue between the lungs, widened by the heart."""
    spine = ellipsoid(lattice, (0.0, 78.0, 100.0), (34.0, 45.0, 1e3))
    middle = ellipsoid(lattice, (8.0, -20.0, 150.0), (24.0, 110.0, 1e3))
    heart = ellipsoid(lattice, (24.0, -28.0, 118.0), (68.0, 58.0, 60.0))
    return smooth_union(smooth_union(spine, middle, 10.0), heart, 15.0)


def paint_mediastinum(canvas: Canvas, frame: TrunkFrame, lattice: Lattice) -> None:
    """Heart on the diaphragm, muscle with two filled chambers; great vessels, windpipe, gullet."""
    outer = ellipsoid(lattice, (22.0, -30.0, 122.0), (60.0, 50.0, 50.0), turn_about("z", -25.0))
    outer = np.maximum(outer, -frame.below_diaphragm(lattice) + 4.0)
    canvas.paint("heart", lattice, outer, 100.0, over=("cavity",))
    left = ellipsoid(lattice, (40.0, -28.0, 122.0), (32.0, 27.0, 34.0), turn_about("z", -25.0))
    right = ellipsoid(lattice, (-8.0, -36.0, 122.0), (23.0, 34.0, 36.0))
    for chamber in (left, right):
        canvas.paint("heart_blood", lattice, chamber, 150.0, over=("heart",))
    for name, hu, corners in _CHEST_TUBES:
        canvas.paint_tubes(name, tube_line(corners), hu, over=("cavity", "lung", "lung_vessel"))
    canvas.paint_tubes("airway", tube_line(_WINDPIPE), -980.0, grow_mm=-1.8, over=("airway",))


_WINDPIPE: Corners = [(4.0, 22.0, 260.0, 9.5), (2.0, 26.0, 225.0, 9.5), (2.0, 28.0, 205.0, 9.5)]
_CHEST_TUBES: tuple[tuple[str, float, Corners], ...] = (
    ("airway", 50.0, _WINDPIPE),
    ("airway", 50.0, [(4.0, 38.0, 260.0, 5.5), (8.0, 34.0, 160.0, 5.5), (18.0, 24.0, 90.0, 6.0)]),
    ("artery", 150.0, [(2.0, -24.0, 150.0, 13.0), (-6.0, -28.0, 180.0, 14.5), (-2.0, -20.0, 230.0, 14.0)]),
    ("artery", 150.0, [(16.0, -44.0, 155.0, 12.0), (22.0, -30.0, 180.0, 12.5), (28.0, -6.0, 192.0, 10.0),
                       (42.0, 8.0, 186.0, 8.0)]),
    ("artery", 150.0, [(22.0, -16.0, 186.0, 11.0), (0.0, 4.0, 186.0, 9.5), (-38.0, 8.0, 182.0, 8.0)]),
    ("cava", 160.0, [(-22.0, -14.0, 150.0, 10.0), (-24.0, -14.0, 260.0, 9.0)]),
)  # fmt: skip
