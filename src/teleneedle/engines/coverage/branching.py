"""Every cover of a given size by branching on the point that fewest sets reach: exact, and free of clocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

Words = NDArray[np.uint64]
NODE_LIMIT = 200_000
MOST_COVERS = 400


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """Covers of one size, and whether they are all there are.

    Parameters
    ----------
    covers : (N, S) int64
        Indices of the sets; −1 where a cover needs fewer.
    is_complete : bool
        Whether the whole tree was searched.
    """

    covers: NDArray[np.int64]
    is_complete: bool


def minimal_points(sets: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Points that have to be looked at, scarcest first: whoever covers them covers all the others.

    Parameters
    ----------
    sets : (P, M) bool

    Examples
    --------
    >>> minimal_points(np.array([[1, 1, 0], [1, 0, 1]], dtype=bool)).tolist()
    [1, 2]
    """
    order = np.argsort(sets.sum(axis=0), kind="stable")
    keep = np.zeros(len(order), dtype=np.bool_)
    _keep_minimal(packed(np.ascontiguousarray(sets.T)), order, keep)
    return np.asarray(order[keep[order]])


def find_covers(
    sets: NDArray[np.bool_], size: int, *, most: int = MOST_COVERS, node_limit: int = NODE_LIMIT
) -> Found:
    """All covers of at most `size` sets, up to `most` of them, within `node_limit` nodes.

    Parameters
    ----------
    sets : (P, K) bool
        Points scarcest first, as `minimal_points` orders them.

    Examples
    --------
    >>> sets = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 1]], dtype=bool)
    >>> find_covers(sets, 2).covers.tolist()
    [[0, 1], [0, 2]]
    >>> find_covers(sets, 1).covers.tolist()
    []
    """
    points, holders = np.nonzero(sets.T)
    start = np.searchsorted(points, np.arange(sets.shape[1] + 1))
    words = packed(sets)
    near = np.zeros((sets.shape[1], words.shape[1]), dtype=np.uint64)
    _join_neighbours(words, start, holders, near)
    out = np.full((most, size), -1, dtype=np.int64)
    count, nodes = _branch(words, start, holders, near, sets.shape[1], size, node_limit, out)
    return Found(covers=out[:count], is_complete=nodes < node_limit and count < most)


def packed(rows: NDArray[np.bool_]) -> Words:
    """(R, W) 64-bit words, bit n of a row being its element n."""
    short = -rows.shape[1] % 64
    padded = np.pad(rows, ((0, 0), (0, short)))
    return np.ascontiguousarray(np.packbits(padded, axis=1, bitorder="little")).view("<u8")


@njit(cache=True)
def _keep_minimal(columns: Words, order: NDArray[np.int64], keep: NDArray[np.bool_]) -> None:
    kept = np.empty(len(order), np.int64)
    count = 0
    for n in order:
        dominated = False
        for q in range(count):
            subset = True
            for w in range(columns.shape[1]):
                if columns[kept[q], w] & ~columns[n, w]:
                    subset = False
                    break
            if subset:
                dominated = True
                break
        if not dominated:
            kept[count] = n
            count += 1
            keep[n] = True


@njit(cache=True)
def _join_neighbours(words: Words, start: NDArray[np.int64], holders: NDArray[np.int64], near: Words) -> None:
    for point in range(len(start) - 1):
        for n in range(start[point], start[point + 1]):
            for w in range(words.shape[1]):
                near[point, w] |= words[holders[n], w]


@njit(cache=True)
def _first_open(covered: Words, points: int) -> int:
    """Index of the first clear bit, or `points`."""
    for w in range(covered.shape[0]):
        if ~covered[w]:
            for bit in range(64):
                if not (covered[w] >> np.uint64(bit)) & np.uint64(1):
                    return min(64 * w + bit, points)
    return points


@njit(cache=True)
def _is_hopeless(covered: Words, near: Words, points: int, left: int) -> bool:
    """Whether more than `left` open points share no set, so that no `left` sets can hold them."""
    rest = covered.copy()
    for _ in range(left + 1):
        point = _first_open(rest, points)
        if point == points:
            return False
        for w in range(rest.shape[0]):
            rest[w] |= near[point, w]
    return True


@njit(cache=True)
def _branch(
    words: Words,
    start: NDArray[np.int64],
    holders: NDArray[np.int64],
    near: Words,
    points: int,
    size: int,
    node_limit: int,
    out: NDArray[np.int64],
) -> tuple[int, int]:
    covered = np.zeros((size + 1, words.shape[1]), np.uint64)
    at = np.zeros(size + 1, np.int64)
    end = np.zeros(size + 1, np.int64)
    chosen = np.full(size, -1, np.int64)
    banned = np.zeros(words.shape[0], np.int64)
    depth, nodes, count, is_new = 0, 0, 0, True
    while depth >= 0:
        if is_new:
            nodes += 1
            if nodes >= node_limit:
                break
            point = _first_open(covered[depth], points)
            at[depth] = end[depth] = 0
            if point == points:
                for d in range(depth):
                    out[count, d] = chosen[d]
                count += 1
                if count == out.shape[0]:
                    break
            elif depth < size and not _is_hopeless(covered[depth], near, points, size - depth):
                at[depth], end[depth] = start[point], start[point + 1]
        while at[depth] < end[depth] and banned[holders[at[depth]]]:
            at[depth] += 1
        if at[depth] < end[depth]:
            row = holders[at[depth]]
            at[depth] += 1
            # Covers with this set are all found below it: its later siblings do without.
            banned[row] = depth + 1
            chosen[depth] = row
            for w in range(words.shape[1]):
                covered[depth + 1, w] = covered[depth, w] | words[row, w]
            depth += 1
            is_new = True
        else:
            for row in range(words.shape[0]):
                if banned[row] == depth + 1:
                    banned[row] = 0
            depth -= 1
            is_new = False
    return count, nodes
