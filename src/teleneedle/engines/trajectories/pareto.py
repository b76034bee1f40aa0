"""Which paths no other path beats in every respect, and a spread-out choice among them."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from teleneedle.core.geometry import FloatArray


def pareto_mask(terms: FloatArray) -> NDArray[np.bool_]:
    """(N,) True where no other row of `terms` is as good everywhere and better somewhere.

    Parameters
    ----------
    terms : (N, M) float64
        Smaller is better.

    Examples
    --------
    >>> pareto_mask(np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])).tolist()
    [True, True, False]
    """
    order = np.lexsort(terms.T[::-1])
    keep = np.ones(len(terms), np.bool_)
    _drop_dominated(np.ascontiguousarray(terms), order, keep)
    return keep


@njit(cache=True, nogil=True)
def _drop_dominated(terms: FloatArray, order: NDArray[np.int64], keep: NDArray[np.bool_]) -> None:
    """A row is only dominated by one that sorts before it, and by an undominated one at that."""
    for a in range(order.size):
        row = order[a]
        for b in range(a):
            other = order[b]
            if not keep[other]:
                continue
            no_worse, better = True, False
            for m in range(terms.shape[1]):
                if terms[other, m] > terms[row, m]:
                    no_worse = False
                    break
                if terms[other, m] < terms[row, m]:
                    better = True
            if no_worse and better:
                keep[row] = False
                break


def spread_choice(
    cost: FloatArray, directions: FloatArray, count: int, *, apart_deg: float
) -> NDArray[np.int64]:
    """Up to `count` row indices, cheapest first, each apart from those chosen before.

    Parameters
    ----------
    cost : (N,) float64
    directions : (N, 3) float64
        Unit vectors.
    count : int
    apart_deg : float
        Angle kept between them; it halves as needed to reach `count`.
    """
    order = np.argsort(cost, kind="stable")
    chosen: list[int] = []
    is_free = np.ones(len(cost), np.bool_)
    while len(chosen) < min(count, len(cost)):
        nearest = np.cos(np.radians(apart_deg)) if apart_deg > 0 else 2.0
        allowed = is_free.copy()
        for row in chosen:
            allowed &= directions @ directions[row] < nearest
        for row in order:
            if allowed[row] and len(chosen) < count:
                chosen.append(int(row))
                is_free[row] = False
                allowed &= directions @ directions[row] < nearest
        apart_deg = apart_deg / 2 if apart_deg > 0.5 else 0.0
    return np.array(chosen, dtype=np.int64)
