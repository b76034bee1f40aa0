"""Proportions of one synthetic patient: cross-sections of trunk and cage, diaphragm, levels of the spine.

LPS mm with x = 0 in the midline, y = 0 in the middle of the cavity, z = 0 at the disc below T12.

References
----------
Levels follow surface anatomy as in Moore, Clinically Oriented Anatomy: domes at T9–T10, kidneys T12–L3,
xiphoid at T9, lowest point of the costal margin at L3.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from teleneedle.testing.phantom.lattice import Field, Lattice, smooth_union

Heights = NDArray[np.float32] | NDArray[np.float64]
_LEVEL_MM = (-140.0, -90.0, -50.0, 0.0, 50.0, 100.0, 150.0, 220.0)
_HALF_WIDTH_MM = (124.0, 126.0, 130.0, 137.0, 140.0, 136.0, 128.0, 108.0)
_FRONT_MM = (84.0, 88.0, 92.0, 98.0, 102.0, 100.0, 94.0, 78.0)
_BACK_MM = (84.0, 86.0, 88.0, 92.0, 95.0, 96.0, 95.0, 88.0)


@dataclass(frozen=True, kw_only=True)
class TrunkFrame:
    """What makes one trunk differ from another.

    Parameters
    ----------
    wide, deep : float
        Scale of the cage from side to side and from front to back.
    fat_mm : float
        Subcutaneous fat at the side.
    right_dome_mm, left_dome_mm : float
        z of the diaphragm's domes.
    rim_mm : float
        z of the diaphragm's rim at the side.
    """

    wide: float
    deep: float
    fat_mm: float
    right_dome_mm: float
    left_dome_mm: float
    rim_mm: float

    @classmethod
    def drawn_from(cls, rng: np.random.Generator) -> TrunkFrame:
        """A patient of common build, at rest."""
        dome = float(rng.uniform(104.0, 112.0))
        return cls(
            wide=rng.uniform(0.95, 1.06),
            deep=rng.uniform(0.95, 1.08),
            fat_mm=rng.uniform(12.0, 22.0),
            right_dome_mm=dome,
            left_dome_mm=dome - rng.uniform(12.0, 20.0),
            rim_mm=10.0,
        )

    def breathed_in(self, by_mm: float) -> TrunkFrame:
        """The same patient with the diaphragm `by_mm` nearer to the feet."""
        return replace(
            self,
            right_dome_mm=self.right_dome_mm - by_mm,
            left_dome_mm=self.left_dome_mm - by_mm,
            rim_mm=self.rim_mm - by_mm,
        )

    def half_width_mm(self, z_mm: Heights) -> Field:
        """Inner half width of cage or abdominal cavity at height z."""
        return np.interp(z_mm, _LEVEL_MM, _HALF_WIDTH_MM).astype(np.float32) * np.float32(self.wide)

    def front_mm(self, z_mm: Heights) -> Field:
        """Inner depth of the cavity in front of y = 0."""
        return np.interp(z_mm, _LEVEL_MM, _FRONT_MM).astype(np.float32) * np.float32(self.deep)

    def back_mm(self, z_mm: Heights) -> Field:
        """Inner depth of the cavity behind y = 0."""
        return np.interp(z_mm, _LEVEL_MM, _BACK_MM).astype(np.float32)

    def ring(
        self, lattice: Lattice, *, side_mm: float, front_mm: float, back_mm: float, power: float = 2.35
    ) -> Field:
        """Distance to the cavity's outline moved outwards by the given amounts (mm)."""
        z = lattice.z
        across = np.abs(lattice.x) / (self.half_width_mm(z) + side_mm)
        ahead = np.maximum(-lattice.y, 0) / (self.front_mm(z) + front_mm)
        behind = np.maximum(lattice.y, 0) / (self.back_mm(z) + back_mm)
        radial = (across**power + ahead**power + behind**power) ** (1 / power)
        return lattice.to_distance(np.asarray(radial - 1, dtype=np.float32))

    def diaphragm_mm(self, lattice: Lattice) -> Field:
        """Z of the diaphragm over each (x, y), shaped (1, y, x): low behind, high in front."""
        across = lattice.x / np.float32(137.0 * self.wide)
        along = np.where(
            lattice.y < 0, lattice.y / np.float32(100.0 * self.deep), lattice.y / np.float32(95.0)
        )
        rim = self.rim_mm + 52.0 * np.clip(-along, 0, 1) ** 1.5 - 22.0 * np.clip(along, 0, 1) ** 1.5
        domes = []
        for middle, top in ((-0.43, self.right_dome_mm), (0.43, self.left_dome_mm)):
            radial = np.sqrt(((across - middle) / 0.57) ** 2 + ((along + 0.03) / 1.02) ** 2)
            domes.append(rim + (top - rim) * np.sqrt(1 - np.minimum(radial, 1.0) ** 2.2))
        right, left = (np.asarray(-dome, dtype=np.float32) for dome in domes)
        return -smooth_union(right, left, 24.0)

    def below_diaphragm(self, lattice: Lattice) -> Field:
        """Distance to the space under the diaphragm (not limited at the sides)."""
        return lattice.to_distance(np.asarray(lattice.z - self.diaphragm_mm(lattice), dtype=np.float32))

    def cavity(self, lattice: Lattice) -> Field:
        """Distance to the inside of cage and abdominal wall."""
        return self.ring(lattice, side_mm=0.0, front_mm=0.0, back_mm=0.0)
