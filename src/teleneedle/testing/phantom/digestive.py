"""Stomach, duodenum, small bowel and colon: wall, fluid or stool, and gas that floats to the front."""

from __future__ import annotations

import numpy as np

from teleneedle.testing.phantom.canvas import Canvas, Tubes
from teleneedle.testing.phantom.frame import TrunkFrame
from teleneedle.testing.phantom.kernels import fill_tube_distance
from teleneedle.testing.phantom.lattice import Field, Lattice, gaussian_field, wobble
from teleneedle.testing.phantom.skeleton import as_tubes
from teleneedle.testing.phantom.vessels import smooth_line, tube_line

GAS_HU = -960.0
WALL_HU = 85.0
_FREE = ("cavity",)


def tube_field(lattice: Lattice, tubes: Tubes) -> Field:
    """Distance (mm) of lattice points to tube pieces, exact within 12 mm of them."""
    distance = np.full(lattice.shape, 1e3, dtype=np.float32)
    reach = tubes[:, 6:].max(axis=1, keepdims=True) + 12.0
    low = np.minimum(tubes[:, 0:3], tubes[:, 3:6]) - reach
    high = np.maximum(tubes[:, 0:3], tubes[:, 3:6]) + reach
    fill_tube_distance(
        0, lattice.shape[0], distance, tubes, low, high, np.array(lattice.low), np.array(lattice.step_mm), 1.0
    )
    return distance


def _lattice_round(tubes: Tubes, step_mm: float) -> Lattice:
    ends = np.vstack([tubes[:, :3], tubes[:, 3:6]])
    pad = tubes[:, 6:].max() + 6.0
    return Lattice.over(ends.min(axis=0) - pad, ends.max(axis=0) + pad, step_mm)


def paint_stomach(canvas: Canvas, frame: TrunkFrame, rng: np.random.Generator) -> None:
    """Fundus under the left dome, body behind the left lobe, antrum across the midline."""
    full = rng.uniform(0.85, 1.08)
    line = [
        (66, 34, 80, 22), (70, 28, 62, 31), (72, 16, 44, 33), (68, -14, 26, 29), (50, -40, 4, 25),
        (22, -52, -14, 20), (-6, -48, -14, 14), (-24, -36, -8, 8),
    ]  # fmt: skip
    tubes = tube_line([(x, y, z, r * full) for x, y, z, r in line])
    lattice = _lattice_round(tubes, 2.5)
    outer = tube_field(lattice, tubes) + 1.0 * wobble(lattice, rng, wave_mm=30.0)
    room = np.maximum(outer, frame.below_diaphragm(lattice) + 3.0)
    canvas.paint("stomach", lattice, np.asarray(room, dtype=np.float32), WALL_HU, over=_FREE)
    inner = room + 4.0 + 1.2 * wobble(lattice, rng, wave_mm=14.0)
    canvas.paint("stomach_fluid", lattice, inner, 22.0, over=("stomach",))
    level = np.float32(rng.uniform(-46.0, -34.0))
    gas = np.maximum(inner, lattice.y - level)
    canvas.paint("stomach_gas", lattice, np.asarray(gas), GAS_HU, over=("stomach_fluid",))


def _colon_line(rng: np.random.Generator, frame: TrunkFrame) -> Tubes:
    w = frame.wide
    corners = [
        (-100 * w, 26, -140, 24), (-104 * w, 24, -110, 24), (-100 * w, 14, -84, 22), (-84 * w, -18, -76, 20),
        (-62 * w, -62, -78, 18), (-10, -72, -92, 17), (42 * w, -70, -66, 17), (84 * w, -48, -18, 18),
        (104 * w, -6, 12, 18), (112 * w, 26, -8, 16), (112 * w, 32, -60, 15), (108 * w, 28, -140, 14),
    ]  # fmt: skip
    moved = [(x + rng.normal(0, 4), y + rng.normal(0, 3), z + rng.normal(0, 4), r) for x, y, z, r in corners]
    line, radius = smooth_line(moved)
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    place = np.arange(0.0, along[-1], 3.0)
    dense = np.column_stack([np.interp(place, along, line[:, a]) for a in range(3)])
    pouch = 0.9 + 0.22 * np.abs(np.sin(np.pi * place / 26.0 + 0.6 * np.sin(place / 41.0)))
    return as_tubes(dense, np.interp(place, along, radius) * pouch)


def paint_colon(canvas: Canvas, frame: TrunkFrame, rng: np.random.Generator) -> None:
    """The frame of the colon with pouches, stool and gas."""
    tubes = _colon_line(rng, frame)
    lattice = _lattice_round(tubes, 2.0)
    outer = np.maximum(tube_field(lattice, tubes), frame.cavity(lattice) + 2.0)
    canvas.paint("bowel_colon", lattice, outer, WALL_HU, over=_FREE)
    crumbs = gaussian_field(lattice, rng, 2.6)
    stool = 30.0 + 22.0 * gaussian_field(lattice, rng, 4.0) - 450.0 * np.clip(crumbs - 0.8, 0, 1.5)
    inner = outer + 2.6
    canvas.paint("bowel_stool", lattice, inner, stool.astype(np.float32), over=("bowel_colon",))
    sunk = tubes.copy()
    sunk[:, [1, 4]] += 1.25 * tubes[:, 6:]
    sunk[:, 6:] *= 1.25
    filled = 6.0 * wobble(lattice, rng, wave_mm=120.0)
    gas = np.maximum(inner + 0.6, -tube_field(lattice, sunk) + filled)
    canvas.paint("bowel_gas", lattice, np.asarray(gas, dtype=np.float32), GAS_HU, over=("bowel_stool",))


def paint_small_bowel(canvas: Canvas, rng: np.random.Generator) -> None:
    """Duodenum, and jejunal and ileal loops that fill the middle of the abdomen."""
    duodenum = tube_line(
        [(-24, -36, -8, 9), (-42, -14, -6, 12), (-46, 4, -26, 12), (-42, 10, -56, 12), (-10, 14, -66, 11),
         (24, 10, -58, 11), (36, -8, -44, 11)],
    )  # fmt: skip
    loops = [duodenum]
    for row, z in enumerate(np.arange(-32.0, -150.0, -25.0)):
        for y in (-40.0, -10.0, 20.0):
            if y > 10 and z > -60:
                continue
            count = 7
            left = 92.0 if y < 10 else 80.0
            right = 36.0 if z > -60 else (-58.0 if y < -20 else -30.0)
            if y > 10:
                right = 40.0
            x = np.linspace(right, left, count)[:: 1 if row % 2 else -1]
            corners = [
                (a + rng.normal(0, 4), y + rng.normal(0, 7), z + rng.normal(0, 6), rng.uniform(9.5, 13.0))
                for a in x
            ]
            loops.append(tube_line(corners))
    for tubes in loops:
        canvas.paint_tubes("bowel_small", tubes, 95.0, over=_FREE)
        canvas.paint_tubes("bowel_lumen", tubes, 40.0, grow_mm=-2.8, over=("bowel_small",))


def paint_roux_limb(canvas: Canvas) -> None:
    """Jejunal limb sewn to the bile duct at the hilum (bilioenteric anastomosis), with a little gas."""
    limb = tube_line([(34, -28, -46, 11), (8, -30, -24, 11), (-14, -22, 2, 11), (-27, -10, 17, 10)])
    canvas.paint_tubes("bowel_small", limb, 95.0, over=(*_FREE, "pancreas"))
    canvas.paint_tubes("bowel_lumen", limb, 35.0, grow_mm=-2.8, over=("bowel_small",))
    bubble = limb[-14:-4].copy()
    bubble[:, [1, 4]] -= 3.0
    bubble[:, 6:] = 3.5
    canvas.paint_tubes("bowel_gas", bubble, GAS_HU, over=("bowel_lumen",))
