"""Solid organs beside the liver, and the muscles behind them."""

from __future__ import annotations

import numpy as np

from teleneedle.testing.phantom.canvas import Canvas
from teleneedle.testing.phantom.frame import TrunkFrame
from teleneedle.testing.phantom.lattice import (
    Lattice,
    ellipsoid,
    smooth_common,
    smooth_cut,
    turn_about,
    wobble,
)
from teleneedle.testing.phantom.torso import MUSCLE_HU
from teleneedle.testing.phantom.vessels import tube_line

SPLEEN_HU = 120.0
PANCREAS_HU = 100.0
CORTEX_HU = 192.0
MEDULLA_HU = 168.0


def paint_back_muscles(canvas: Canvas) -> None:
    """Psoas, quadratus lumborum and the crura of the diaphragm."""
    for sign in (-1.0, 1.0):
        for line in (
            [(24, 66, 5, 4), (30, 64, -30, 11), (38, 62, -70, 17), (46, 58, -130, 21)],
            [(58, 84, 12, 5), (62, 82, -30, 11), (66, 82, -80, 13), (68, 80, -130, 13)],
            [(16, 36, 75, 4), (19, 36, 30, 6.5), (18, 44, -10, 6), (15, 48, -50, 4)],
        ):
            tubes = tube_line([(sign * x, y, z, r) for x, y, z, r in line])
            canvas.paint_tubes("muscle", tubes, MUSCLE_HU, over=("cavity",))


def paint_spleen(canvas: Canvas, frame: TrunkFrame, rng: np.random.Generator) -> None:
    """Under the left dome, hollowed by stomach and kidney."""
    size = rng.uniform(0.94, 1.12)
    lattice = Lattice.over((40.0, -40.0, -50.0), (150.0, 110.0, 105.0), 3.0)
    spleen = ellipsoid(lattice, (106.0 * frame.wide, 44.0, 46.0), (36.0 * size, 52.0 * size, 52.0 * size))
    room = np.maximum(frame.cavity(lattice) + 3.0, frame.below_diaphragm(lattice) + 3.0)
    spleen = smooth_common(spleen, room, 8.0)
    spleen = smooth_cut(spleen, ellipsoid(lattice, (64.0, 16.0, 44.0), (40.0, 48.0, 62.0)), 8.0)
    spleen = smooth_cut(spleen, ellipsoid(lattice, (62.0, 52.0, -30.0), (33.0, 31.0, 62.0)), 8.0)
    canvas.paint("spleen", lattice, spleen + 1.2 * wobble(lattice, rng, wave_mm=45.0), SPLEEN_HU)


def paint_kidneys(canvas: Canvas, rng: np.random.Generator) -> dict[str, tuple[float, float, float]]:
    """Cortex, pyramids, sinus fat and renal pelvis; the centre of each kidney."""
    centres = {}
    for side, sign, level in (("right", -1.0, -44.0), ("left", 1.0, -32.0)):
        size = rng.uniform(0.93, 1.07)
        centre = (sign * rng.uniform(61.0, 66.0), rng.uniform(50.0, 54.0), level)
        middle, half = np.array(centre), np.array([48.0, 45.0, 68.0])
        lattice = Lattice.over(middle - half, middle + half, 1.5)
        turn = turn_about("y", sign * 14.0) @ turn_about("z", sign * 25.0)
        outer = ellipsoid(lattice, centre, (25.0 * size, 29.0 * size, 53.0 * size), turn)
        outer = outer + 0.9 * wobble(lattice, rng, wave_mm=26.0)
        hilum = np.array(centre) + 17.0 * size * np.array([-sign * 0.9, -0.42, 0.0])
        sinus = ellipsoid(lattice, hilum, (16.0 * size, 10.0 * size, 22.0 * size), turn)
        sinus = sinus + 2.2 * wobble(lattice, rng, wave_mm=16.0)
        medulla = np.clip((-outer - 6.5) / 2.0, 0, 1) * (wobble(lattice, rng, wave_mm=17.0) > -0.3)
        hu = CORTEX_HU + (MEDULLA_HU - CORTEX_HU) * medulla
        canvas.paint("kidney", lattice, outer, hu.astype(np.float32), over=("cavity", "muscle", "spleen"))
        canvas.paint("cavity", lattice, np.maximum(sinus, outer - 2.0), -70.0, over=("kidney",))
        pelvis = ellipsoid(lattice, hilum, (10.0, 5.0, 11.0), turn)
        canvas.paint("kidney_pelvis", lattice, pelvis, 25.0, over=("cavity",))
        centres[f"{side}_kidney"] = centre
    return centres


def paint_pancreas(canvas: Canvas) -> None:
    """Head in the duodenal loop, body across the spine, tail to the spleen."""
    line = [
        (-22, 8, -36, 9),
        (-20, 2, -22, 12),
        (2, -10, -4, 9),
        (28, -4, 8, 9),
        (54, 16, 20, 9),
        (80, 30, 30, 7),
    ]
    tubes = tube_line(line)
    bumps = 1.0 + 0.16 * np.sin(np.arange(len(tubes)) * 1.3)
    tubes[:, 6:] *= bumps[:, None]
    canvas.paint_tubes("pancreas", tubes, PANCREAS_HU, over=("cavity",))
