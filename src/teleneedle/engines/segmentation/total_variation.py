"""Two-region segmentation by total variation: the convex form of a minimal cut, solved primal–dual.

Minimises Σ w·|∇u| + Σ f·u over 0 ≤ u ≤ 1; any level of the minimiser is a minimal cut.

References
----------
Chambolle A, Pock T. A first-order primal-dual algorithm for convex problems. J Math Imaging Vis 2011,
doi:10.1007/s10851-010-0251-1.
Chan T, Esedoglu S, Nikolova M. Algorithms for finding global minimizers of image segmentation. SIAM J Appl
Math 2006, doi:10.1137/040615286.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from teleneedle.engines.segmentation.workgrid import F32

STEP = 0.28


def total_variation_cut(
    force: F32, weight: F32, spacing_mm: tuple[float, float, float], *, iterations: int = 160
) -> F32:
    """Relaxed indicator u of the region that minimises weighted surface plus force.

    Parameters
    ----------
    force : (Z, Y, X) float32
        Cost of putting a voxel into the region, per mm of surface weight; negative draws it in.
    weight : (Z, Y, X) float32
        Surface weight, small where an edge is likely.
    spacing_mm : tuple of float
        Voxel size along (z, y, x), mm.
    iterations : int
        Primal–dual steps; a fixed number, so that the result is the same every time.

    Examples
    --------
    >>> force = np.ones((9, 9, 9), dtype=np.float32); force[2:7, 2:7, 2:7] = -4.0
    >>> u = total_variation_cut(force, np.full_like(force, 0.5), (1.0, 1.0, 1.0))
    >>> bool(u[4, 4, 4] > 0.9), bool(u[0, 0, 0] < 0.1)
    (True, True)
    """
    u = (force < 0).astype(np.float32)
    scale = np.asarray(min(spacing_mm) / np.array(spacing_mm), dtype=np.float32)
    return np.asarray(_solve(u, force.astype(np.float32), weight.astype(np.float32), scale, iterations))


@njit(cache=True, nogil=True)
def _solve(u, force, weight, scale, iterations):  # type: ignore[no-untyped-def]  # numba kernel
    depth, rows, columns = u.shape
    ahead = u.copy()
    pz, py, px = np.zeros_like(u), np.zeros_like(u), np.zeros_like(u)
    for _ in range(iterations):
        for z in range(depth):
            for y in range(rows):
                for x in range(columns):
                    here = ahead[z, y, x]
                    a = pz[z, y, x]
                    b = py[z, y, x]
                    c = px[z, y, x]
                    if z + 1 < depth:
                        a += STEP * scale[0] * (ahead[z + 1, y, x] - here)
                    if y + 1 < rows:
                        b += STEP * scale[1] * (ahead[z, y + 1, x] - here)
                    if x + 1 < columns:
                        c += STEP * scale[2] * (ahead[z, y, x + 1] - here)
                    length = np.sqrt(a * a + b * b + c * c)
                    limit = weight[z, y, x]
                    if length > limit:
                        shrink = limit / length
                        a *= shrink
                        b *= shrink
                        c *= shrink
                    pz[z, y, x] = a
                    py[z, y, x] = b
                    px[z, y, x] = c
        for z in range(depth):
            for y in range(rows):
                for x in range(columns):
                    flow = scale[0] * pz[z, y, x] + scale[1] * py[z, y, x] + scale[2] * px[z, y, x]
                    if z > 0:
                        flow -= scale[0] * pz[z - 1, y, x]
                    if y > 0:
                        flow -= scale[1] * py[z, y - 1, x]
                    if x > 0:
                        flow -= scale[2] * px[z, y, x - 1]
                    new = u[z, y, x] + STEP * (flow - force[z, y, x])
                    new = min(max(new, np.float32(0.0)), np.float32(1.0))
                    ahead[z, y, x] = np.float32(2.0) * new - u[z, y, x]
                    u[z, y, x] = new
    return u
