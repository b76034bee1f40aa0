"""The fewest punctures, then the fewest applications, then the least volume, that cover every point.

Solved with HiGHS in that order. A puncture is one needle path; applications along it (pull-back) share it.
Points enter a model only when a solution leaves them uncovered, so models stay small while every bound is a
bound of the whole problem.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teleneedle.core.geometry import FloatArray
from teleneedle.engines.coverage.setcover import Bounded, fewest_sets, path_reach, solve_applications

PATH_SETS = 6
"""Sets of paths with the fewest punctures that are compared by their applications."""
BOUND_LIMIT_S = 1.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Cover:
    """A chosen set of candidates.

    Parameters
    ----------
    chosen : (S,) int64
        Indices of the candidates.
    gap : float
        Relative gap between punctures + applications and their proved least number; 0 when proved fewest.
    fewest_punctures, fewest_applications : int
        Proved lower bounds.
    """

    chosen: NDArray[np.int64]
    gap: float
    fewest_punctures: int
    fewest_applications: int

    @property
    def is_optimal(self) -> bool:
        """Whether both numbers are proved least."""
        return self.gap == 0.0


def solve_cover(
    covers: NDArray[np.bool_],
    path: NDArray[np.int64],
    volume: FloatArray,
    *,
    punctures: int | None = None,
    time_limit_s: float = 8.0,
) -> Cover | None:
    """Cover every point with the fewest punctures, then applications, then volume.

    Parameters
    ----------
    covers : (C, M) bool
        Whether candidate c covers point m; every point must be coverable by some candidate.
    path : (C,) int64
        Needle path of each candidate.
    volume : (C,) float
        Price of each candidate among equals, any unit.
    punctures : int, optional
        Exactly so many; None when that many cannot cover every point.
    time_limit_s : float
        About how long; then the best found is returned with its gap.

    Examples
    --------
    >>> covers = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 0], [0, 0, 1]], dtype=bool)
    >>> cover = solve_cover(covers, np.array([0, 1, 2, 3]), np.ones(4))
    >>> cover.chosen.tolist(), cover.gap
    ([0, 1], 0.0)
    >>> solve_cover(covers, np.array([0, 1, 2, 3]), np.ones(4), punctures=1) is None
    True
    """
    deadline = time.monotonic() + time_limit_s
    names, local = np.unique(path, return_inverse=True)
    reach = path_reach(covers, local, len(names))
    cheapest = np.array([volume[local == p].min() for p in range(len(names))])
    least = fewest_sets(reach, cheapest, count=PATH_SETS, size=punctures, time_limit_s=0.6 * time_limit_s)
    if not least.sets:
        return None
    best: NDArray[np.int64] | None = None
    for chosen_paths in least.sets:
        left = deadline - time.monotonic()
        if best is not None and left < 0.3 * time_limit_s:
            break
        own = np.flatnonzero(np.isin(local, chosen_paths))
        found = solve_applications(
            covers[own], local[own], volume[own], must_use=chosen_paths, time_limit_s=max(0.5, left / 2)
        )
        if found is not None and (best is None or _key(own[found], volume) < _key(best, volume)):
            best = own[found]
    if best is None:
        return None
    bound = _application_bound(covers, local, least, best, deadline)
    used = len(np.unique(local[best]))
    total, proved = used + len(best), least.bound + bound
    return Cover(
        chosen=np.sort(best),
        gap=max(total - proved, 0) / total,
        fewest_punctures=least.bound,
        fewest_applications=bound,
    )


def _key(chosen: NDArray[np.int64], volume: FloatArray) -> tuple[int, float]:
    return len(chosen), float(volume[chosen].sum())


def _application_bound(
    covers: NDArray[np.bool_],
    local: NDArray[np.int64],
    least: Bounded,
    best: NDArray[np.int64],
    deadline: float,
) -> int:
    """Fewest applications there can be, whatever the paths: a set cover by candidates alone, bounded."""
    used = len(np.unique(local[best]))
    if len(best) == used == least.bound:
        return len(best)
    left = min(BOUND_LIMIT_S, max(0.3, deadline - time.monotonic()))
    price = np.zeros(len(covers))
    bound = fewest_sets(covers, price, count=1, size=None, time_limit_s=left).bound
    return max(bound, least.bound)


def most_covered(
    covers: NDArray[np.bool_],
    path: NDArray[np.int64],
    weight: FloatArray,
    *,
    punctures: int,
    applications: int,
) -> NDArray[np.int64]:
    """Candidates on at most `punctures` paths that cover the most weight, for when a cover is not to be had.

    The path that adds most is opened first, then the next; on the opened paths applications are chosen by
    what they add. Greedy: at least 1 − 1/e of the best, see the reference.

    Parameters
    ----------
    covers : (C, M) bool
    path : (C,) int64
    weight : (M,) float
        Worth of each point.
    punctures, applications : int
        Most paths, and most applications in all.

    References
    ----------
    Nemhauser, Wolsey and Fisher 1978, doi 10.1007/BF01588971.
    """
    names, local = np.unique(path, return_inverse=True)
    reach = path_reach(covers, local, len(names))
    opened = _greedy(reach, weight, most=punctures)
    own = np.flatnonzero(np.isin(local, opened))
    return np.asarray(own[_greedy(covers[own], weight, most=applications)])


def _greedy(sets: NDArray[np.bool_], weight: FloatArray, *, most: int) -> NDArray[np.int64]:
    left = weight.astype(np.float32)
    dense = sets.astype(np.float32)
    chosen: list[int] = []
    while len(chosen) < most:
        gain = dense @ left
        best = int(np.argmax(gain))
        if gain[best] <= 1e-6 * weight.sum():
            break
        chosen.append(best)
        left[sets[best]] = 0.0
    return np.array(chosen, dtype=np.int64)
