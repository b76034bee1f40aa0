"""Set cover with HiGHS: rows enter as they are found uncovered."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from teleneedle.core.geometry import FloatArray

ROWS_PER_ROUND = 150
MOST_ROUNDS = 60
TIE_BREAK = 1e-3
"""Weight of the prices beside one set; all of them together stay below one set."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Bounded:
    """Covers of equal size, and the proved least size of any cover."""

    sets: tuple[NDArray[np.int64], ...]
    bound: int


def path_reach(covers: NDArray[np.bool_], local: NDArray[np.int64], paths: int) -> NDArray[np.bool_]:
    """(P, M) what all candidates of a path cover together."""
    reach = np.zeros((paths, covers.shape[1]), dtype=np.bool_)
    for p in range(paths):
        reach[p] = covers[local == p].any(axis=0)
    return reach


def fewest_sets(
    sets: NDArray[np.bool_],
    price: FloatArray,
    *,
    count: int,
    size: int | None,
    time_limit_s: float,
) -> Bounded:
    """Up to `count` covers with the fewest sets (or exactly `size` sets), cheapest first where known.

    One and two sets are found by trying all; more by HiGHS.
    """
    if size is None:
        single = np.flatnonzero(sets.all(axis=1))
        if len(single):
            order = single[np.argsort(price[single], kind="stable")]
            return Bounded(sets=tuple(np.array([s]) for s in order[:count]), bound=1)
        pairs = _covering_pairs(sets, price, count)
        if pairs:
            return Bounded(sets=pairs, bound=2)
    return _by_highs(sets, price, count, size, time_limit_s)


def _covering_pairs(sets: NDArray[np.bool_], price: FloatArray, count: int) -> tuple[NDArray[np.int64], ...]:
    missing = (~sets).astype(np.float32)
    first, second = np.nonzero(np.triu(missing @ missing.T == 0, k=1))
    order = np.argsort(price[first] + price[second], kind="stable")[:count]
    return tuple(np.array([first[n], second[n]]) for n in order)


def _by_highs(
    sets: NDArray[np.bool_], price: FloatArray, count: int, size: int | None, time_limit_s: float
) -> Bounded:
    deadline = time.monotonic() + time_limit_s
    scale = max(float(price.max()), 1e-12) * len(price)
    costs = 1.0 + TIE_BREAK * price / scale
    rows = _first_rows(sets)
    cuts: list[LinearConstraint] = []
    if size is not None:
        cuts.append(LinearConstraint(np.ones((1, len(sets))), size, size))
    found: list[NDArray[np.int64]] = []
    bound = 1
    for _ in range(MOST_ROUNDS):
        left = deadline - time.monotonic()
        if left < 0.02 and (found or size is not None):
            break
        result = milp(
            costs,
            constraints=[LinearConstraint(csr_array(sets[:, rows].T.astype(np.float64)), 1, np.inf), *cuts],
            integrality=np.ones(len(sets)),
            bounds=Bounds(0, 1),
            options={"time_limit": max(left, 0.05), "mip_rel_gap": 1e-5},
        )
        if not found and result.mip_dual_bound is not None and np.isfinite(result.mip_dual_bound):
            bound = max(bound, math.ceil(result.mip_dual_bound - 2 * TIE_BREAK))
        if result.x is None:
            break
        chosen = np.flatnonzero(result.x > 0.5)
        missed = np.flatnonzero(~sets[chosen].any(axis=0))
        if len(missed):
            rows = np.union1d(rows, _spread(missed, ROWS_PER_ROUND))
            continue
        if found and len(chosen) > len(found[0]):
            break
        found.append(chosen)
        if len(found) == count:
            break
        exclude = np.zeros((1, len(sets)))
        exclude[0, chosen] = 1.0
        cuts.append(LinearConstraint(exclude, -np.inf, len(chosen) - 1))
    if not found and size is None:
        found.append(_greedy_cover(sets))
    return Bounded(sets=tuple(found), bound=bound)


def solve_applications(
    covers: NDArray[np.bool_],
    local: NDArray[np.int64],
    volume: FloatArray,
    *,
    must_use: NDArray[np.int64],
    time_limit_s: float,
) -> NDArray[np.int64] | None:
    """Fewest, then smallest, candidates that cover every point, with at least one on each path to be used."""
    deadline = time.monotonic() + time_limit_s
    scale = max(float(volume.max()), 1e-12) * 40.0
    costs = 1.0 + volume / scale
    rows = _first_rows(covers)
    used = csr_array(np.stack([(local == p).astype(np.float64) for p in must_use]))
    for _ in range(MOST_ROUNDS):
        result = milp(
            costs,
            constraints=[
                LinearConstraint(csr_array(covers[:, rows].T.astype(np.float64)), 1, np.inf),
                LinearConstraint(used, 1, np.inf),
            ],
            integrality=np.ones(len(covers)),
            bounds=Bounds(0, 1),
            options={"time_limit": max(0.1, deadline - time.monotonic()), "mip_rel_gap": 2e-3},
        )
        if result.x is None:
            break
        chosen = np.flatnonzero(result.x > 0.5)
        missed = np.flatnonzero(~covers[chosen].any(axis=0))
        if not len(missed):
            return chosen
        rows = np.union1d(rows, _spread(missed, ROWS_PER_ROUND))
        if time.monotonic() > deadline:
            break
    chosen = _greedy_cover(covers)
    if not covers[chosen].any(axis=0).all():
        return None
    unused = np.setdiff1d(must_use, local[chosen])
    extra = [int(np.flatnonzero(local == p)[np.argmin(volume[local == p])]) for p in unused]
    return np.concatenate([chosen, np.array(extra, dtype=np.int64)])


def _greedy_cover(sets: NDArray[np.bool_]) -> NDArray[np.int64]:
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


def _first_rows(sets: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The points fewest sets reach, and others spread, to start with."""
    hardest = np.argsort(sets.sum(axis=0), kind="stable")
    return np.union1d(hardest[:ROWS_PER_ROUND], _spread(np.arange(sets.shape[1]), ROWS_PER_ROUND))


def _spread(rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    if len(rows) <= count:
        return rows
    return rows[np.linspace(0, len(rows) - 1, count).astype(np.int64)]
