"""Vertebrae, ribs with their cartilage, and the breastbone.

References
----------
Vertebral heights: Panjabi et al. 1991/1992, doi:
10.1097/00007632-199108000-00009, 10.1097/00007632-199203000-00009.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teleneedle.testing.phantom.canvas import Canvas, Tubes
from teleneedle.testing.phantom.frame import TrunkFrame
from teleneedle.testing.phantom.lattice import Lattice, ellipsoid, smooth_common

CORTEX_HU = 700.0
SPONGIOSA_HU = 240.0
CARTILAGE_HU = 105.0
DISC_HU = 85.0
SPINE_Y_MM = 64.0
XIPHOID_Z_MM = 78.0
_RIB_RADIUS_MM = 4.2
_RIB_FLAT = 0.66
_SPINE_LEVELS_MM = (
    ("T4", 218.0, 24.0), ("T5", 193.5, 24.5), ("T6", 168.0, 25.5), ("T7", 142.0, 26.0), ("T8", 115.5, 26.5),
    ("T9", 88.0, 27.5), ("T10", 59.5, 28.5), ("T11", 30.5, 29.0), ("T12", 0.0, 30.5), ("L1", -34.0, 34.0),
    ("L2", -69.0, 35.0), ("L3", -105.0, 36.0), ("L4", -141.0, 36.0),
)  # fmt: skip
"""Name, z of the lower end and height of each vertebra with the disc below it, mm."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Rib:
    """Centre line of one rib from the spine forwards, (N, 3) LPS mm, and of its cartilage."""

    name: str
    bone: NDArray[np.float64]
    cartilage: NDArray[np.float64]


def as_tubes(line: NDArray[np.float64], radius_mm: float | NDArray[np.float64]) -> Tubes:
    """Tube pieces along a polyline with one radius, or one at each point."""
    radii = np.broadcast_to(np.asarray(radius_mm, dtype=np.float64), (len(line),))
    return np.column_stack([line[:-1], line[1:], radii[:-1], radii[1:]])


_RIB_SHAPE = {
    4: (0.97, 62.0, 24.0), 5: (0.96, 72.0, 20.0), 6: (0.94, 84.0, 26.0), 7: (0.90, 92.0, 40.0),
    8: (0.84, 96.0, 60.0), 9: (0.77, 98.0, 78.0), 10: (0.70, 98.0, 90.0), 11: (0.55, 72.0, 0.0),
    12: (0.36, 48.0, 0.0),
}  # fmt: skip
"""Rib number: how far round it runs (1 = breastbone), its fall and the rise of its cartilage, mm."""


def rib_lines(frame: TrunkFrame) -> list[Rib]:
    """Ribs four to twelve of both sides, lying in the muscle wall."""
    bottoms = {name: (z, tall) for name, z, tall in _SPINE_LEVELS_MM}
    ribs = []
    for number, (reach, fall, rise) in _RIB_SHAPE.items():
        z, tall = bottoms[f"T{number}"]
        head = z + tall * 0.85
        for side, sign in (("right", -1.0), ("left", 1.0)):
            along = np.linspace(0.0, 1.0, 60)
            angle = np.radians(12.0) + along * (reach * np.radians(168.0) - np.radians(12.0))
            height = head - fall * (0.5 - 0.5 * np.cos(np.pi * np.minimum(along * 1.05, 1.0)))
            bone = _on_wall(frame, angle, height, sign)
            neck = np.array([[sign * 17.0, SPINE_Y_MM + 10.0, head + 2.0]])
            cartilage = np.empty((0, 3))
            if rise > 0:
                onward = np.linspace(0.0, 1.0, 25)
                last = angle[-1] + onward * (np.radians(171.0) - angle[-1])
                cartilage = _on_wall(frame, last, height[-1] + rise * onward**1.6, sign)
            ribs.append(Rib(name=f"{side} rib {number}", bone=np.vstack([neck, bone]), cartilage=cartilage))
    return ribs


def _on_wall(
    frame: TrunkFrame, angle: NDArray[np.float64], height: NDArray[np.float64], sign: float
) -> NDArray[np.float64]:
    """Points in the middle of the wall; the angle runs from the back (0) over the side to the front (π)."""
    depth = 5.0
    wide = frame.half_width_mm(height) + depth
    front, back = frame.front_mm(height) + depth, frame.back_mm(height) + depth
    sine, cosine = np.sin(angle), np.cos(angle)
    power = 2 / 2.35
    x = sign * wide * np.abs(sine) ** power
    y = np.where(cosine > 0, back, -front) * np.abs(cosine) ** power
    return np.column_stack([x, y, height])


def paint_skeleton(canvas: Canvas, ribs: list[Rib], frame: TrunkFrame) -> None:
    """Draw spine, ribs and breastbone."""
    for rib in ribs:
        if len(rib.cartilage):
            canvas.paint_tubes("cartilage", as_tubes(rib.cartilage, 4.6), CARTILAGE_HU, flat=0.7)
    bones = np.vstack([as_tubes(rib.bone, _RIB_RADIUS_MM) for rib in ribs])
    canvas.paint_tubes("bone", bones, CORTEX_HU, flat=_RIB_FLAT)
    canvas.paint_tubes("bone", bones, SPONGIOSA_HU, flat=_RIB_FLAT, grow_mm=-1.6)
    _paint_breastbone(canvas, frame)
    bottom, top = canvas.grid.bounds_lps()
    for _, low, tall in _SPINE_LEVELS_MM:
        if low + tall > bottom[2] - 6.0 and low < top[2] + 20.0:
            _paint_vertebra(canvas, low, tall)


def _paint_breastbone(canvas: Canvas, frame: TrunkFrame) -> None:
    z = np.linspace(XIPHOID_Z_MM, 230.0, 20)
    y = -(frame.front_mm(z) + 4.0)
    for sign in (-1.0, 1.0):
        half = np.interp(z, [XIPHOID_Z_MM, XIPHOID_Z_MM + 25.0, 230.0], [2.0, 9.0, 10.0])
        line = np.column_stack([sign * half, y, z])
        canvas.paint_tubes("bone", as_tubes(line, np.interp(z, [70, 110], [3.0, 5.5])), CORTEX_HU)
    lattice = Lattice.over((-18.0, -125.0, 80.0), (18.0, -60.0, 232.0), 2.0)
    middle = np.interp(lattice.z, z, y).astype(np.float32)
    thick = np.abs(lattice.y - middle) - 5.0
    wide = np.abs(lattice.x) - np.interp(lattice.z, [80.0, 105.0, 230.0], [2.0, 11.0, 13.0]).astype(
        np.float32
    )
    plate = smooth_common(np.broadcast_to(thick, lattice.shape), np.broadcast_to(wide, lattice.shape), 4.0)
    canvas.paint("bone", lattice, plate, CORTEX_HU)
    canvas.paint("bone", lattice, plate + 1.8, SPONGIOSA_HU, over=("bone",))


def _paint_vertebra(canvas: Canvas, low_mm: float, tall_mm: float) -> None:
    """One vertebra on its disc: body with waist, pedicles, arch, processes; the canal runs through."""
    thick = tall_mm * 0.2
    middle = low_mm + thick + (tall_mm - thick) / 2
    wide = 17.0 + 5.0 * (tall_mm - 24.0) / 12.0
    deep = 14.5 + 2.5 * (tall_mm - 24.0) / 12.0
    lattice = Lattice.over((-34.0, 40.0, low_mm - 6.0), (34.0, 102.0, low_mm + tall_mm + 6.0), 1.5)
    waist = 1.8 * (1 - ((lattice.z - middle) / (tall_mm / 2)) ** 2)
    column = ellipsoid(lattice, (0.0, SPINE_Y_MM, middle), (wide, deep, 1e4)) + waist
    flat = np.abs(lattice.z - middle) - (tall_mm - thick) / 2
    body = smooth_common(column, np.broadcast_to(flat, lattice.shape), 3.0)
    disc = np.maximum(column - waist, np.abs(lattice.z - low_mm - thick / 2) - thick / 2)
    canvas.paint("disc", lattice, np.asarray(disc, dtype=np.float32), DISC_HU)
    canvas.paint("bone", lattice, body, CORTEX_HU * 0.75)
    canvas.paint("bone", lattice, body + 1.4, SPONGIOSA_HU, over=("bone",))
    arch_y, arch_z = SPINE_Y_MM + deep + 8.0, middle - 2.0
    processes = [(0.0, arch_y + 10.0, arch_z, 0.0, arch_y + 27.0, arch_z - 11.0, 3.4, 3.8)]
    for sign in (-1.0, 1.0):
        pillar = (sign * 12.0, arch_y, arch_z)
        processes += [
            (sign * 11.0, SPINE_Y_MM + deep - 3.0, middle + 4.0, *pillar, 4.2, 4.6),
            (*pillar, 0.0, arch_y + 10.0, arch_z - 3.0, 4.4, 3.6),
            (*pillar, sign * 34.0, arch_y + 2.0, arch_z + 3.0, 4.4, 3.0),
        ]
    pieces = np.array(processes)
    canvas.paint_tubes("bone", pieces, CORTEX_HU)
    canvas.paint_tubes("bone", pieces, SPONGIOSA_HU, grow_mm=-1.7, over=("bone",))
    canal = ellipsoid(lattice, (0.0, arch_y + 0.0, middle), (9.5, 8.0, 1e4))
    slab = np.broadcast_to(np.abs(lattice.z - (low_mm + tall_mm / 2)) - tall_mm / 2 - 0.5, lattice.shape)
    inside = np.asarray(np.maximum(canal, slab), dtype=np.float32)
    canvas.paint("spinal_canal", lattice, inside, 25.0)
    cord = ellipsoid(lattice, (0.0, arch_y, middle), (5.5, 4.5, 1e4))
    canvas.paint("spinal_canal", lattice, np.asarray(np.maximum(cord, slab), dtype=np.float32), 45.0)
