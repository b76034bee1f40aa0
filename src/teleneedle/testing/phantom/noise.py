"""Scanner noise with neighbouring pixels correlated, as after a soft reconstruction kernel."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from teleneedle.testing.phantom.kernels import run_slabs

SIGMA_HU = 12.0
_CHUNK = 16
_LOWEST_HU, _HIGHEST_HU = -1024, 3071


def add_noise(hu: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.int16]:
    """`hu` with Gaussian noise of `SIGMA_HU`, rounded to int16, (K, J, I)."""
    out = np.empty(hu.shape, dtype=np.int16)
    for first in range(0, hu.shape[0], _CHUNK):
        part = hu[first : first + _CHUNK]
        white = rng.standard_normal(part.shape, dtype=np.float32)
        mixed = out[first : first + _CHUNK]
        run_slabs(_mix, 0, len(part), part.size, part, white, np.float32(SIGMA_HU), mixed)
    return out


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]  # numba has no types
def _mix(first: int, last: int, hu: Any, white: Any, sigma: Any, out: Any) -> None:
    """Weights ½, 1, ½ along rows and columns (squares add up to 1.5² = 2.25), edges wrapped."""
    rows, columns = hu.shape[1:]
    for k in range(first, last):
        for j in range(rows):
            up, down = j - 1, (j + 1) % rows
            for i in range(columns):
                left, right = i - 1, (i + 1) % columns
                middle = white[k, j, i] + 0.5 * (white[k, j, left] + white[k, j, right])
                above = white[k, up, i] + 0.5 * (white[k, up, left] + white[k, up, right])
                below = white[k, down, i] + 0.5 * (white[k, down, left] + white[k, down, right])
                value = hu[k, j, i] + sigma * (middle + 0.5 * (above + below)) / 1.5
                out[k, j, i] = min(max(round(value), _LOWEST_HU), _HIGHEST_HU)
