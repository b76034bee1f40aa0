"""Set cover by HiGHS, for covers too large to be listed; and a greedy one that always exists.

Limits count nodes, so that a busy machine finds the same cover; the time limit is a backstop.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from teleneedle.core.geometry import FloatArray

NODE_LIMIT = 300
BACKSTOP_S = 12.0
TIE_BREAK = 1e-3
"""Weight of the prices beside one set; all of them together stay below one set."""
BOUND_POINTS = 500


def path_reach(covers: NDArray[np.bool_], local: NDArray[np.int64], paths: int) -> NDArray[np.bool_]:
    """(P, M) what all candidates of a path cover together."""
    reach = np.zeros((paths, covers.shape[1]), dtype=np.bool_)
    for p in range(paths):
        reach[p] = covers[local == p].any(axis=0)
    return reach


def cover_by_highs(
    sets: NDArray[np.bool_],
    price: FloatArray,
    *,
    size: int | None = None,
    groups: NDArray[np.bool_] | None = None,
    excluded: Sequence[NDArray[np.int64]] = (),
) -> tuple[NDArray[np.int64] | None, int]:
    """Fewest sets, then the least price, that cover every point; and the proved least number.

    Parameters
    ----------
    sets : (P, M) bool
    price : (P,) float64
    size : int, optional
        Exactly so many sets.
    groups : (G, P) bool, optional
        At least one set of each group is taken.
    excluded : sequence of (S,) int64
        Covers not wanted again.
    """
    limits = [LinearConstraint(csr_array(sets.T.astype(np.float64)), 1, np.inf)]
    if size is not None:
        limits.append(LinearConstraint(np.ones((1, len(sets))), size, size))
    if groups is not None:
        limits.append(LinearConstraint(csr_array(groups.astype(np.float64)), 1, np.inf))
    for cover in excluded:
        row = np.zeros((1, len(sets)))
        row[0, cover] = 1.0
        limits.append(LinearConstraint(row, -np.inf, len(cover) - 1))
    result = milp(
        1.0 + TIE_BREAK * price / max(float(price.sum()), 1e-12),
        constraints=limits,
        integrality=np.ones(len(sets)),
        bounds=Bounds(0, 1),
        options={"node_limit": NODE_LIMIT, "time_limit": BACKSTOP_S, "mip_rel_gap": 1e-5},
    )
    bound = result.mip_dual_bound
    least = 1 if bound is None or not np.isfinite(bound) else max(1, math.ceil(bound - 2 * TIE_BREAK))
    return (None if result.x is None else np.flatnonzero(result.x > 0.5)), least


def bounded_below(sets: NDArray[np.bool_]) -> int:
    """No cover has fewer sets: the linear relaxation over some of the points, rounded up."""
    rows = spread_rows(sets.shape[1], BOUND_POINTS)
    result = linprog(
        np.ones(len(sets)),
        A_ub=csr_array(-sets[:, rows].T.astype(np.float64)),
        b_ub=-np.ones(len(rows)),
        bounds=(0, 1),
        method="highs",
        options={"time_limit": BACKSTOP_S},
    )
    return max(1, math.ceil(float(result.fun) - 1e-6)) if result.status == 0 else 1


def greedy_cover(sets: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Largest gain first, until all is covered. Chvátal 1979, doi 10.1287/moor.4.3.233."""
    open_points = np.ones(sets.shape[1], dtype=np.bool_)
    chosen: list[int] = []
    while open_points.any():
        gain = sets[:, open_points].sum(axis=1)
        best = int(np.argmax(gain))
        if gain[best] == 0:
            break
        chosen.append(best)
        open_points &= ~sets[best]
    return _without_redundant(sets, chosen)


def _without_redundant(sets: NDArray[np.bool_], chosen: list[int]) -> NDArray[np.int64]:
    """Drop, oldest first, each set whose points the others cover."""
    left = list(chosen)
    for candidate in chosen:
        others = [c for c in left if c != candidate]
        if others and (sets[others].any(axis=0) >= sets[candidate]).all():
            left = others
    return np.array(left, dtype=np.int64)


def spread_rows(total: int, count: int) -> NDArray[np.int64]:
    """Up to `count` indices below `total`, evenly spread."""
    return np.unique(np.linspace(0, total - 1, min(count, total)).astype(np.int64))
