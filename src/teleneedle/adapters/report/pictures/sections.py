"""Grey-value sections through the CT at any angle.

References
----------
Keys R. Cubic convolution interpolation for digital image processing. 1981. 10.1109/TASSP.1981.1163711
"""

from __future__ import annotations

import io
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from teleneedle.adapters.report.pictures.planes import Plane
from teleneedle.core.geometry import FloatArray, Grid
from teleneedle.core.image import Volume

WINDOW_HU = (40.0, 330.0)
WIDE_WINDOW_HU = (50.0, 380.0)
NO_DATA_HU = -2000.0
JPEG_QUALITY = 90
DOTS_PER_INCH = 300


def section_hu(volume: Volume, plane: Plane, columns: int, rows: int) -> NDArray[np.float32]:
    """(rows, columns) Hounsfield units in the plane, cubic; `NO_DATA_HU` outside the scanned volume."""
    origin, along, down = lattice_in_index(volume.grid, plane, columns, rows)
    return np.asarray(_cubic(volume.array, origin, along, down, rows, columns, NO_DATA_HU))


def section_jpeg(
    volume: Volume, plane: Plane, *, paper_width_mm: float, window_hu: tuple[float, float] = WINDOW_HU
) -> bytes:
    """Grey JPEG of the section with at least 300 dots per inch at `paper_width_mm`.

    Sampled at half the pixel spacing of the CT or finer, then enlarged by bicubic interpolation.
    """
    columns = int(np.ceil(paper_width_mm / 25.4 * DOTS_PER_INCH))
    rows = max(1, round(columns * plane.height_mm / plane.width_mm))
    finest = 0.5 * float(volume.grid.spacing_mm.min())
    shrink = min(1.0, max(1.0 / 3.0, plane.width_mm / columns / finest))
    hu = section_hu(volume, plane, max(2, round(columns * shrink)), max(2, round(rows * shrink)))
    picture = Image.fromarray(window_grey(hu, window_hu)).resize((columns, rows), Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=JPEG_QUALITY, dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    return buffer.getvalue()


def window_grey(hu: NDArray[np.float32], window_hu: tuple[float, float]) -> NDArray[np.uint8]:
    """Linear grey values of a window given as (level, width)."""
    level, width = window_hu
    return np.asarray(np.clip((hu - (level - width / 2)) * (255.0 / width) + 0.5, 0, 255), dtype=np.uint8)


def lattice_in_index(
    grid: Grid, plane: Plane, columns: int, rows: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Index (i, j, k) of the top-left pixel centre and the steps per column and per row."""
    right, up = plane.lattice(columns, rows)
    corner = plane.at(right[0], up[0])
    linear = grid.lps_to_index(np.eye(3)) - grid.lps_to_index(np.zeros(3))
    along = (plane.width_mm / columns) * (plane.right @ linear)
    down = (-plane.height_mm / rows) * (plane.up @ linear)
    return grid.lps_to_index(corner), np.asarray(along), np.asarray(down)


@numba.njit(cache=True, inline="always")
def _keys(t: float, w: Any) -> None:
    w[0] = ((-0.5 * t + 1.0) * t - 0.5) * t
    w[1] = (1.5 * t - 2.5) * t * t + 1.0
    w[2] = ((-1.5 * t + 2.0) * t + 0.5) * t
    w[3] = (0.5 * t - 0.5) * t * t


@numba.njit(cache=True, parallel=True, fastmath=True)
def _cubic(array: Any, origin: Any, along: Any, down: Any, rows: int, columns: int, outside: float) -> Any:
    size_k, size_j, size_i = array.shape
    result = np.empty((rows, columns), np.float32)
    for row in numba.prange(rows):
        wi = np.empty(4)
        wj = np.empty(4)
        wk = np.empty(4)
        for column in range(columns):
            x = origin[0] + row * down[0] + column * along[0]
            y = origin[1] + row * down[1] + column * along[1]
            z = origin[2] + row * down[2] + column * along[2]
            beyond_x = x < -0.5 or x > size_i - 0.5
            beyond_y = y < -0.5 or y > size_j - 0.5
            beyond_z = z < -0.5 or z > size_k - 0.5
            if beyond_x or beyond_y or beyond_z:
                result[row, column] = outside
                continue
            i, j, k = int(np.floor(x)), int(np.floor(y)), int(np.floor(z))
            _keys(x - i, wi)
            _keys(y - j, wj)
            _keys(z - k, wk)
            total = 0.0
            for c in range(4):
                kk = min(max(k - 1 + c, 0), size_k - 1)
                plane_sum = 0.0
                for b in range(4):
                    jj = min(max(j - 1 + b, 0), size_j - 1)
                    line_sum = 0.0
                    for a in range(4):
                        ii = min(max(i - 1 + a, 0), size_i - 1)
                        line_sum += wi[a] * array[kk, jj, ii]
                    plane_sum += wj[b] * line_sum
                total += wk[c] * plane_sum
            result[row, column] = total
    return result
