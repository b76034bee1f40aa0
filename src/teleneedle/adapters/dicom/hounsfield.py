"""Hounsfield units from stored values: rescale, padding, range.

References
----------
DICOM PS3.3 C.11.1 (modality LUT), C.7.5.1.1.2 (pixel padding value and range limit).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teleneedle.core.errors import NotReadableError

OUTSIDE_HU = -1024
PADDING_BELOW_HU = -1500
PADDING_MUST_BE_BELOW_HU = -900
INT16 = np.iinfo(np.int16)


@dataclass(frozen=True, kw_only=True)
class Rescale:
    """HU = slope × stored + intercept; `padding` is the stored range that means "no data", if any."""

    slope: float
    intercept: float
    padding: tuple[int, int] | None = None

    def hu(self, stored: float) -> float:
        """HU of one stored value."""
        return self.slope * stored + self.intercept

    @property
    def is_small_integer(self) -> bool:
        """Whether 16-bit stored values can be rescaled exactly in 32-bit integers."""
        return self.slope.is_integer() and self.intercept.is_integer() and abs(self.slope) <= 1000

    @property
    def has_credible_padding(self) -> bool:
        """Whether the declared padding lies where no tissue is; some writers declare 0, maybe water."""
        return self.padding is not None and max(map(self.hu, self.padding)) < PADDING_MUST_BE_BELOW_HU


def write_hounsfield(stored: NDArray[Any], rescale: Rescale, out: NDArray[np.int16]) -> None:
    """Fill `out` ``(rows, columns)`` with HU; what lies outside the scanned field becomes −1024 HU.

    Outside are the declared padding values and everything at or below −1500 HU: the usual fillers −2000,
    −2048 and −3024 are far below, honest noise in air is above.
    """
    if rescale.slope == 1.0 and rescale.intercept == 0.0 and stored.dtype == np.int16:
        out[...] = stored
    elif rescale.is_small_integer and stored.dtype.itemsize <= 2:
        wide = stored.astype(np.int32)
        wide *= int(rescale.slope)
        wide += int(rescale.intercept)
        np.clip(wide, INT16.min, INT16.max, out=wide)
        out[...] = wide
    else:
        exact = np.rint(stored.astype(np.float64) * rescale.slope + rescale.intercept)
        out[...] = np.clip(exact, INT16.min, INT16.max)
    if rescale.has_credible_padding and rescale.padding is not None:
        low, high = rescale.padding
        out[(stored >= low) & (stored <= high)] = OUTSIDE_HU
    if out.min() <= PADDING_BELOW_HU:
        out[out <= PADDING_BELOW_HU] = OUTSIDE_HU


def checked_rescale(slope: object, intercept: object, padding: tuple[int, int] | None, where: str) -> Rescale:
    """A usable rescale.

    Raises
    ------
    NotReadableError
        If slope or intercept is not a finite number, or the slope is zero.
    """
    try:
        found = Rescale(slope=float(slope), intercept=float(intercept), padding=padding)  # type: ignore[arg-type]  # any value of a header; refused below
    except (TypeError, ValueError):
        found = Rescale(slope=0.0, intercept=0.0)
    if (
        not np.isfinite([found.slope, found.intercept]).all()
        or found.slope == 0
        or abs(found.intercept) > 1e6
    ):
        raise NotReadableError(
            f"rescale slope {slope!s:.40} and intercept {intercept!s:.40} give no Hounsfield units",
            where=where,
            remedy="export the series again",
        )
    return found
