"""Compiled loops that draw shapes onto the voxels; slabs of slices run side by side in threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatField = NDArray[np.float32]
_THREADS = 2
_WORTH_THREADS = 2_000_000


def run_slabs(loop: Callable[..., None], first: int, last: int, work: int, *arguments: Any) -> None:
    """Run a compiled `loop` over slices ``[first, last)``; in threads when there are many voxels (`work`)."""
    if work < _WORTH_THREADS or last - first < _THREADS:
        loop(first, last, *arguments)
        return
    cuts = np.linspace(first, last, _THREADS + 1).astype(int)
    with ThreadPoolExecutor(_THREADS) as pool:
        slabs = [pool.submit(loop, int(a), int(b), *arguments) for a, b in pairwise(cuts)]
        for slab in slabs:
            slab.result()


@njit(cache=True, inline="always")
def _blend(hu, owner, k, j, i, distance, value, edge_mm, label):  # type: ignore[no-untyped-def]  # numba kernel
    share = min(max(0.5 - distance / edge_mm, 0.0), 1.0)
    hu[k, j, i] += share * (value - hu[k, j, i])
    if distance < 0.0:
        owner[k, j, i] = label


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]  # numba has no types
def paint_lattice(
    first: int,
    last: int,
    hu: FloatField,
    owner: NDArray[np.uint8],
    distance: FloatField,
    value: FloatField,
    window: NDArray[np.int64],
    origin: NDArray[np.float64],
    spacing: NDArray[np.float64],
    low: NDArray[np.float64],
    step: NDArray[np.float64],
    edge_mm: float,
    label: int,
    allowed: NDArray[np.bool_],
) -> None:
    """Interpolate a lattice distance trilinearly at each voxel and blend `value` in where it is inside."""
    nz, ny, nx = distance.shape
    for k in range(first, last):
        fz = min(max((origin[2] + spacing[2] * k - low[2]) / step[2], 0.0), nz - 1.000001)
        c = int(fz)
        wz = np.float32(fz - c)
        for j in range(window[2], window[3]):
            fy = min(max((origin[1] + spacing[1] * j - low[1]) / step[1], 0.0), ny - 1.000001)
            b = int(fy)
            wy = np.float32(fy - b)
            w00, w01 = (1 - wz) * (1 - wy), (1 - wz) * wy
            w10, w11 = wz * (1 - wy), wz * wy
            d00, d01, d10, d11 = (
                distance[c, b],
                distance[c, b + 1],
                distance[c + 1, b],
                distance[c + 1, b + 1],
            )
            for i in range(window[4], window[5]):
                fx = min(max((origin[0] + spacing[0] * i - low[0]) / step[0], 0.0), nx - 1.000001)
                a = int(fx)
                wx = np.float32(fx - a)
                left = w00 * d00[a] + w01 * d01[a] + w10 * d10[a] + w11 * d11[a]
                right = w00 * d00[a + 1] + w01 * d01[a + 1] + w10 * d10[a + 1] + w11 * d11[a + 1]
                d = left + wx * (right - left)
                if d < edge_mm and allowed[owner[k, j, i]]:
                    v = (
                        w00 * value[c, b, a] + w01 * value[c, b + 1, a]
                        + w10 * value[c + 1, b, a] + w11 * value[c + 1, b + 1, a]
                    )  # fmt: skip
                    v1 = (
                        w00 * value[c, b, a + 1] + w01 * value[c, b + 1, a + 1]
                        + w10 * value[c + 1, b, a + 1] + w11 * value[c + 1, b + 1, a + 1]
                    )  # fmt: skip
                    _blend(hu, owner, k, j, i, d, v + wx * (v1 - v), edge_mm, label)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]  # numba has no types
def paint_distance(
    first: int,
    last: int,
    hu: FloatField,
    owner: NDArray[np.uint8],
    distance: FloatField,
    value: float,
    window: NDArray[np.int64],
    edge_mm: float,
    label: int,
    allowed: NDArray[np.bool_],
) -> None:
    """Blend `value` in where a voxel-wise distance is inside."""
    for k in range(first, last):
        kk = k + window[0]
        for j in range(distance.shape[1]):
            jj = j + window[2]
            for i in range(distance.shape[2]):
                d = distance[k, j, i]
                if d < edge_mm and allowed[owner[kk, jj, i + window[4]]]:
                    _blend(hu, owner, kk, jj, i + window[4], d, value, edge_mm, label)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]  # numba has no types
def fill_tube_distance(
    first: int,
    last: int,
    distance: FloatField,
    tubes: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    start: NDArray[np.float64],
    spacing: NDArray[np.float64],
    flat: float,
) -> None:
    """Least distance (mm) from each voxel to any tapered tube piece; z offsets count `flat` times."""
    nj, ni = distance.shape[1:]
    for k in range(first, last):
        z = start[2] + spacing[2] * k
        for n in range(tubes.shape[0]):
            if z < low[n, 2] or z > high[n, 2]:
                continue
            ax, ay, az = tubes[n, 0], tubes[n, 1], tubes[n, 2]
            bx, by, bz = tubes[n, 3] - ax, tubes[n, 4] - ay, tubes[n, 5] - az
            length2 = max(bx * bx + by * by + bz * bz, 1e-9)
            j0 = max(int(np.ceil((low[n, 1] - start[1]) / spacing[1])), 0)
            j1 = min(int((high[n, 1] - start[1]) / spacing[1]) + 1, nj)
            i0 = max(int(np.ceil((low[n, 0] - start[0]) / spacing[0])), 0)
            i1 = min(int((high[n, 0] - start[0]) / spacing[0]) + 1, ni)
            for j in range(j0, j1):
                py = start[1] + spacing[1] * j - ay
                for i in range(i0, i1):
                    px = start[0] + spacing[0] * i - ax
                    t = (px * bx + py * by + (z - az) * bz) / length2
                    t = min(max(t, 0.0), 1.0)
                    dx, dy, dz = px - t * bx, py - t * by, (z - az - t * bz) * flat
                    radius = tubes[n, 6] + t * (tubes[n, 7] - tubes[n, 6])
                    d = np.float32(np.sqrt(dx * dx + dy * dy + dz * dz) - radius)
                    if d < distance[k, j, i]:
                        distance[k, j, i] = d
