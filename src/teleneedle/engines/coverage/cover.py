"""The fewest punctures, then the fewest applications, that cover every point: solved exactly with HiGHS.

A puncture is one needle path; applications along it (pull-back) share it. Points enter the model only when a
solution leaves them uncovered, so the model stays small and its optimum is the optimum of the whole.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array

from teleneedle.core.geometry import FloatArray

PUNCTURE_COST = 100.0
APPLICATION_COST = 10.0
VOLUME_SHARE = 0.02
"""Weights of the aims in order: one puncture outweighs nine applications, one application 25 largest volumes."""
ROWS_PER_ROUND = 200
MOST_ROUNDS = 60


@dataclass(frozen=True, kw_only=True, eq=False)
class Cover:
    """A chosen set of candidates.

    Parameters
    ----------
    chosen : (S,) int64
        Indices of the candidates.
    gap : float
        Relative gap between this solution and the proved bound; 0 when proved optimal.
    is_optimal : bool
    rounds : int
        Times the model was solved.
    """

    chosen: NDArray[np.int64]
    gap: float
    is_optimal: bool
    rounds: int


def solve_cover(
    covers: NDArray[np.bool_],
    path: NDArray[np.int64],
    volume: FloatArray,
    *,
    most_punctures: int | None = None,
    exact_punctures: int | None = None,
    time_limit_s: float = 10.0,
) -> Cover | None:
    """Cover every point with the fewest punctures, then applications, then volume.

    Parameters
    ----------
    covers : (C, M) bool
        Whether candidate c covers point m; every point must be coverable by some candidate.
    path : (C,) int64
        Needle path of each candidate.
    volume : (C,) float
        Tie-break, any unit.
    most_punctures, exact_punctures : int, optional
        Bounds on the number of needle paths used.
    time_limit_s : float
        After this the best solution so far is returned with its gap; None if there is none.

    Examples
    --------
    >>> covers = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 0], [0, 0, 1]], dtype=bool)
    >>> cover = solve_cover(covers, np.array([0, 1, 2, 3]), np.ones(4))
    >>> cover.chosen.tolist(), cover.gap
    ([0, 1], 0.0)
    """
    model = _Model(covers, path, volume, most_punctures, exact_punctures)
    deadline = time.monotonic() + time_limit_s
    fallback = _greedy(covers, path, volume) if most_punctures is None and exact_punctures is None else None
    rows = _first_rows(covers)
    bound = 0.0
    for round_number in range(1, MOST_ROUNDS + 1):
        left = deadline - time.monotonic()
        if left <= 0.05:
            break
        solved = model.solve(rows, left)
        if solved is None:
            break
        chosen, lower = solved
        bound = max(bound, lower)
        missed = np.flatnonzero(~covers[chosen].any(axis=0))
        if not len(missed):
            return _finish(chosen, model.cost(chosen), bound, round_number)
        rows = np.union1d(rows, _spread(missed, ROWS_PER_ROUND))
    if fallback is None:
        return None
    return _finish(fallback, model.cost(fallback), bound, round_number)


def _finish(chosen: NDArray[np.int64], cost: float, bound: float, rounds: int) -> Cover:
    gap = max(cost - bound, 0.0) / cost if cost > 0 else 0.0
    # Costs below one application are tie-breaks by volume, not part of the proof.
    proved = cost - bound < APPLICATION_COST / 2
    return Cover(chosen=np.sort(chosen), gap=0.0 if proved else gap, is_optimal=proved, rounds=rounds)


class _Model:
    """Variables: one per candidate, then one per path. Costs are lexicographic by weight."""

    def __init__(
        self,
        covers: NDArray[np.bool_],
        path: NDArray[np.int64],
        volume: FloatArray,
        most_punctures: int | None,
        exact_punctures: int | None,
    ) -> None:
        self.covers = covers
        self.used_paths, self.local = np.unique(path, return_inverse=True)
        count, needles = len(path), len(self.used_paths)
        relative = volume / volume.max()
        self.costs = np.concatenate(
            [APPLICATION_COST * (1 + VOLUME_SHARE * relative), np.full(needles, PUNCTURE_COST)]
        )
        self.fixed = [self._linking(count, needles)]
        if most_punctures is not None or exact_punctures is not None:
            self.fixed.append(self._puncture_bound(count, needles, most_punctures, exact_punctures))

    def _linking(self, count: int, needles: int) -> LinearConstraint:
        """A candidate may be used only if its path is: x_c ≤ y_path(c)."""
        row = np.arange(count)
        matrix = coo_array(
            (
                np.concatenate([np.ones(count), -np.ones(count)]),
                (np.concatenate([row, row]), np.concatenate([row, count + self.local])),
            ),
            shape=(count, count + needles),
        )
        return LinearConstraint(matrix.tocsr(), -np.inf, 0)

    def _puncture_bound(
        self, count: int, needles: int, most: int | None, exact: int | None
    ) -> LinearConstraint:
        row = csr_array(np.concatenate([np.zeros(count), np.ones(needles)])[None])
        low = 0 if exact is None else exact
        return LinearConstraint(row, low, most if exact is None else exact)

    def cost(self, chosen: NDArray[np.int64]) -> float:
        used = np.unique(self.local[chosen])
        return float(self.costs[chosen].sum() + PUNCTURE_COST * len(used))

    def solve(self, rows: NDArray[np.int64], time_limit_s: float) -> tuple[NDArray[np.int64], float] | None:
        count, needles = len(self.local), len(self.used_paths)
        cover = csr_array(self.covers[:, rows].T.astype(np.float64))
        matrix = csr_array((cover.data, cover.indices, cover.indptr), shape=(len(rows), count + needles))
        result = milp(
            self.costs,
            constraints=[LinearConstraint(matrix, 1, np.inf), *self.fixed],
            integrality=np.ones(count + needles),
            bounds=Bounds(0, 1),
            options={"time_limit": time_limit_s, "mip_rel_gap": 1e-4},
        )
        if result.x is None:
            return None
        return np.flatnonzero(result.x[:count] > 0.5), float(result.mip_dual_bound or 0.0)


def most_covered(
    covers: NDArray[np.bool_],
    path: NDArray[np.int64],
    weight: FloatArray,
    *,
    punctures: int,
    applications: int,
) -> NDArray[np.int64]:
    """Candidates on at most `punctures` paths that cover the most weight, greedily: for when a cover is not to be had.

    Parameters
    ----------
    covers : (C, M) bool
    path : (C,) int64
    weight : (M,) float
        Worth of each point.
    punctures, applications : int
        Most paths, and most applications in all.
    """
    left = weight.astype(np.float64).copy()
    opened: list[int] = []
    chosen: list[int] = []
    while len(chosen) < applications:
        allowed = np.isin(path, opened) if len(opened) >= punctures else np.ones(len(path), dtype=np.bool_)
        gain = np.where(allowed, covers @ left, 0.0)
        best = int(np.argmax(gain))
        if gain[best] <= 1e-6 * weight.sum():
            break
        chosen.append(best)
        if path[best] not in opened:
            opened.append(int(path[best]))
        left[covers[best]] = 0.0
    return np.array(chosen, dtype=np.int64)


def _first_rows(covers: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The points fewest candidates reach, spread, to start with."""
    reach = covers.sum(axis=0)
    hardest = np.argsort(reach, kind="stable")
    return np.union1d(hardest[:ROWS_PER_ROUND], _spread(np.arange(covers.shape[1]), ROWS_PER_ROUND))


def _spread(rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    if len(rows) <= count:
        return rows
    return rows[np.linspace(0, len(rows) - 1, count).astype(np.int64)]


def _greedy(covers: NDArray[np.bool_], path: NDArray[np.int64], volume: FloatArray) -> NDArray[np.int64]:
    """Largest gain per cost first; a path once opened is free. Chvátal 1979, doi 10.1287/moor.4.3.233."""
    open_points = np.ones(covers.shape[1], dtype=np.bool_)
    opened: set[int] = set()
    chosen: list[int] = []
    while open_points.any():
        gain = covers[:, open_points].sum(axis=1).astype(np.float64)
        price = np.where(np.isin(path, list(opened)), APPLICATION_COST, PUNCTURE_COST + APPLICATION_COST)
        best = int(np.argmax(gain / price - 1e-9 * volume))
        if gain[best] == 0:
            break
        chosen.append(best)
        opened.add(int(path[best]))
        open_points &= ~covers[best]
    return np.array(chosen, dtype=np.int64)
