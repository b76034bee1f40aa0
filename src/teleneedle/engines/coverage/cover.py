"""The fewest punctures, then the fewest applications, then the least volume, that cover every point.

A puncture is one needle path; applications along it (pull-back) share it. Both numbers are found by listing
covers exactly (`branching`); where the list is too long HiGHS takes over, and what stays unproved is the gap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teleneedle.core.geometry import FloatArray
from teleneedle.engines.coverage.branching import find_covers, minimal_points
from teleneedle.engines.coverage.setcover import bounded_below, cover_by_highs, greedy_cover, path_reach

PATH_SETS = 6
"""Sets of paths compared by their applications when they come from HiGHS."""
MOST_EXHAUSTIVE = 4
"""Up to so many punctures every set of paths is compared, even when a cover part by part is at hand."""
MOST_LISTED = 7
"""Covers of more sets than this are not listed."""


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
        Proved lower bounds; the applications are those with so many punctures.
    """

    chosen: NDArray[np.int64]
    gap: float
    fewest_punctures: int
    fewest_applications: int

    @property
    def is_optimal(self) -> bool:
        """Whether both numbers are proved least."""
        return self.gap == 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class _Covers:
    """Covers of equal size, the proved least size, and whether there are no others of that size."""

    covers: tuple[NDArray[np.int64], ...]
    bound: int
    is_complete: bool


def solve_cover(
    covers: NDArray[np.bool_],
    path: NDArray[np.int64],
    volume: FloatArray,
    *,
    punctures: int | None = None,
    parts: NDArray[np.int64] | None = None,
    at_least: int = 1,
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
    parts : (M,) int64, optional
        Separate part of the target that each point belongs to: the covers of the parts together are tried,
        and taken at once when no cover has fewer punctures.
    at_least : int
        Punctures already proved necessary, for example to cover some of the points.

    Examples
    --------
    >>> covers = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 0], [0, 0, 1]], dtype=bool)
    >>> cover = solve_cover(covers, np.array([0, 1, 2, 3]), np.ones(4))
    >>> cover.chosen.tolist(), cover.gap
    ([0, 1], 0.0)
    >>> solve_cover(covers, np.array([0, 1, 2, 3]), np.ones(4), punctures=1) is None
    True
    """
    covers, parts = _reduced(covers, parts)
    found = _search(covers, path, volume, punctures, parts, at_least)
    if found is None:
        return None
    best, punctures_bound, is_proved = found
    least = len(best) if is_proved else max(bounded_below(covers), punctures_bound)
    return _bounded(np.sort(best), path, punctures_bound, least)


def _reduced(
    covers: NDArray[np.bool_], parts: NDArray[np.int64] | None
) -> tuple[NDArray[np.bool_], NDArray[np.int64] | None]:
    """Without the points that any cover of the others holds; each part keeps what decides it."""
    if parts is None:
        return covers[:, minimal_points(covers)], None
    rows = [np.flatnonzero(parts == part) for part in np.unique(parts)]
    kept = np.concatenate([own[minimal_points(covers[:, own])] for own in rows])
    return covers[:, kept], parts[kept]


def _search(
    covers: NDArray[np.bool_],
    path: NDArray[np.int64],
    volume: FloatArray,
    punctures: int | None,
    parts: NDArray[np.int64] | None = None,
    at_least: int = 1,
) -> tuple[NDArray[np.int64], int, bool] | None:
    """The best cover found, the proved least number of punctures, and whether its size is proved least."""
    together = None if parts is None else _part_by_part(covers, path, volume, parts)
    names, local = np.unique(path, return_inverse=True)
    if punctures is not None and punctures > len(names):
        return None
    cheapest = np.array([volume[local == p].min() for p in range(len(names))])
    reach = path_reach(covers, local, len(names))
    reach = reach[:, minimal_points(reach)]
    known = None if together is None else len(np.unique(local[together]))
    if together is not None and known == at_least > MOST_EXHAUSTIVE:
        return together, at_least, False
    if punctures is None:
        least = _fewest_paths(reach, cheapest, at_least, known)
    else:
        least = _exactly(reach, cheapest, punctures)
    if together is not None and known == least.bound and not least.is_complete:
        return together, least.bound, False
    best, proved = None, least.is_complete
    for paths in sorted(least.covers, key=lambda paths: float(cheapest[paths].sum())):
        own = np.flatnonzero(np.isin(local, paths))
        most = len(own) if best is None else len(best)
        found, is_proved = _fewest_applications(
            covers[own], local[own], volume[own], paths, most, fill=punctures is not None
        )
        proved &= is_proved
        if found is not None and (best is None or _key(own[found], volume) < _key(best, volume)):
            best = own[found]
    return None if best is None else (best, least.bound, proved)


def _bounded(chosen: NDArray[np.int64], path: NDArray[np.int64], punctures: int, applications: int) -> Cover:
    """A cover with what is proved about its numbers."""
    applications = min(applications, len(chosen))
    total = len(np.unique(path[chosen])) + len(chosen)
    return Cover(
        chosen=chosen,
        gap=max(total - punctures - applications, 0) / total,
        fewest_punctures=punctures,
        fewest_applications=applications,
    )


def _part_by_part(
    covers: NDArray[np.bool_], path: NDArray[np.int64], volume: FloatArray, parts: NDArray[np.int64]
) -> NDArray[np.int64] | None:
    """Covers of the parts taken together; None when a part has none."""
    found = [_search(covers[:, parts == part], path, volume, None) for part in np.unique(parts)]
    chosen = [cover[0] for cover in found if cover is not None]
    return np.unique(np.concatenate(chosen)) if len(chosen) == len(found) else None


def _fewest_paths(reach: NDArray[np.bool_], price: FloatArray, at_least: int, known: int | None) -> _Covers:
    """Sets of paths with the fewest paths, each of them reaching every point.

    A cover of `known` paths is at hand: HiGHS need not look for others of that size.
    """
    size = at_least
    for size in range(at_least, min(MOST_LISTED, len(reach)) + 1):
        found = find_covers(reach, size)
        if len(found.covers):
            return _Covers(covers=tuple(found.covers), bound=size, is_complete=found.is_complete)
        if not found.is_complete:
            break
    return _by_highs(reach, price, None, size, known)


def _exactly(reach: NDArray[np.bool_], price: FloatArray, size: int) -> _Covers:
    """Sets of exactly `size` paths; covers that need fewer are filled up with the cheapest others."""
    if size <= MOST_LISTED:
        found = find_covers(reach, size)
        if len(found.covers):
            order = np.argsort(price, kind="stable")
            filled = tuple(_filled(cover, order, size) for cover in found.covers)
            return _Covers(covers=filled, bound=size, is_complete=False)
        if found.is_complete:
            return _Covers(covers=(), bound=size, is_complete=True)
    return _by_highs(reach, price, size, size)


def _filled(cover: NDArray[np.int64], order: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    own = cover[cover >= 0]
    return np.concatenate([own, order[~np.isin(order, own)][: size - len(own)]])


def _by_highs(
    reach: NDArray[np.bool_], price: FloatArray, size: int | None, least: int, known: int | None = None
) -> _Covers:
    found: list[NDArray[np.int64]] = []
    bound = least
    for _ in range(PATH_SETS):
        cover, proved = cover_by_highs(reach, price, size=size, excluded=found)
        bound = bound if found else max(bound, proved)
        if cover is None or (found and len(cover) > len(found[0])):
            break
        found.append(cover)
        if len(cover) > bound or len(cover) == known:
            break
    if not found and size is None:
        found.append(greedy_cover(reach))
    return _Covers(covers=tuple(found), bound=bound, is_complete=False)


def _fewest_applications(
    covers: NDArray[np.bool_],
    local: NDArray[np.int64],
    volume: FloatArray,
    paths: NDArray[np.int64],
    most: int,
    *,
    fill: bool,
) -> tuple[NDArray[np.int64] | None, bool]:
    """Fewest, then smallest, candidates on the paths, at most `most`; and whether that is proved.

    With `fill` each path is used at least once; without, no path can be spared anyway.
    """
    covers = covers[:, minimal_points(covers)]
    for size in range(len(paths), most + 1):
        found = find_covers(covers, size)
        full = [c[c >= 0] for c in found.covers]
        full = [_each_used(c, local, volume, paths) for c in full] if fill else full
        fitting = [c for c in full if len(c) <= size]
        if fitting:
            return min(fitting, key=lambda c: float(volume[c].sum())), True
        if not found.is_complete:
            break
    else:
        return None, True
    groups = np.stack([local == p for p in paths])
    chosen, bound = cover_by_highs(covers, volume, groups=groups)
    if chosen is None:
        chosen = _each_used(greedy_cover(covers), local, volume, paths)
    return chosen, len(chosen) == bound


def _each_used(
    chosen: NDArray[np.int64], local: NDArray[np.int64], volume: FloatArray, paths: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The chosen, and the smallest candidate of every path they leave out."""
    unused = np.setdiff1d(paths, local[chosen])
    extra = [int(np.flatnonzero(local == p)[np.argmin(volume[local == p])]) for p in unused]
    return np.concatenate([chosen, np.array(extra, dtype=np.int64)])


def _key(chosen: NDArray[np.int64], volume: FloatArray) -> tuple[int, float]:
    return len(chosen), float(volume[chosen].sum())


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
