"""What is known about one CT while its structures are being found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from teleneedle.core.image import LabelMap, Volume
from teleneedle.engines.segmentation.workgrid import (
    BoolArray,
    Orientation,
    PatientImage,
    apply_along_axes,
    averaging,
    refine_mask,
)

COARSE_MM = 3.0
MEDIUM_MM = 2.0


@dataclass(kw_only=True, eq=False)
class Scene:
    """The CT in patient order at three resolutions, and the masks found so far on the medium grid.

    Parameters
    ----------
    volume : Volume
        The CT as it came.
    orientation : Orientation
        Between the CT's axes and patient order.
    fine, coarse, medium : PatientImage
        The CT at its own, at 3 mm and at 2 mm resolution.
    found : dict of str to (Z, Y, X) bool
        Structures on the medium grid, by canonical kind.
    """

    volume: Volume
    orientation: Orientation
    fine: PatientImage
    coarse: PatientImage
    medium: PatientImage
    found: dict[str, BoolArray] = field(default_factory=dict)

    @classmethod
    def of(cls, volume: Volume) -> Scene:
        """Order the axes and average down."""
        orientation = Orientation.of(volume.grid)
        spacing = volume.grid.spacing_mm[::-1]
        z, y, x = (float(spacing[a]) for a in orientation.axes)
        fine = PatientImage(hu=orientation.to_patient(volume.array), spacing_mm=(z, y, x))
        return cls(
            volume=volume,
            orientation=orientation,
            fine=fine,
            coarse=fine.coarsened(COARSE_MM),
            medium=fine.coarsened(MEDIUM_MM),
        )

    def give(self, given: Mapping[str, LabelMap]) -> None:
        """Take structures that were supplied, as masks on the medium grid."""
        for kind, label_map in given.items():
            self.found[kind] = self.coarsened_mask(self.orientation.to_patient(label_map.array))

    def coarsened_mask(self, fine: BoolArray) -> BoolArray:
        """A fine patient-ordered mask on the medium grid: voxels more than half inside."""
        matrices = [averaging(n, m) for n, m in zip(fine.shape, self.medium.shape, strict=True)]
        return apply_along_axes(fine, matrices) > 0.5

    def mask(self, kind: str) -> BoolArray:
        """Mask of a kind on the medium grid, empty when it was not found."""
        known = self.found.get(kind)
        return np.zeros(self.medium.shape, dtype=np.bool_) if known is None else known

    def to_coarse(self, medium: BoolArray) -> BoolArray:
        """A medium mask on the coarse grid, nearest voxel."""
        pairs = zip(medium.shape, self.coarse.shape, strict=True)
        index = [np.minimum(((np.arange(m) + 0.5) * n / m).astype(int), n - 1) for n, m in pairs]
        return np.asarray(medium[np.ix_(*index)])

    def coarse_mask(self, kind: str) -> BoolArray:
        """Mask of a kind on the coarse grid, empty when it was not found."""
        return self.to_coarse(self.mask(kind))

    def to_label_map(self, fine: BoolArray) -> LabelMap:
        """A fine patient-ordered mask as label map on the CT's grid."""
        native = np.ascontiguousarray(self.orientation.to_native(fine))
        return LabelMap(array=native, grid=self.volume.grid)

    def refined(self, medium: BoolArray) -> BoolArray:
        """A medium mask on the fine grid, still in patient order."""
        return refine_mask(medium, self.fine.shape)
