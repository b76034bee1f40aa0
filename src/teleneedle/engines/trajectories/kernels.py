"""Compiled loops: voxel lists, rays through the scene, exact distances between a needle and voxel boxes.

All of them are compiled once to disk and release the interpreter lock; `GridFrame` in `scene` supplies the
matrices. Index vectors are ordered (i, j, k); arrays are indexed [k, j, i].
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]
FAR_MM = 1.0e3


@njit(cache=True, nogil=True)
def set_voxels(flat: Array, words: Array) -> Array:
    """Flat indices of the set bytes of `flat`; `words` is the same memory as uint64, its tail left out."""
    count = 0
    for w in range(words.size):
        if words[w] != 0:
            for b in range(8 * w, 8 * w + 8):
                if flat[b] != 0:
                    count += 1
    for b in range(8 * words.size, flat.size):
        if flat[b] != 0:
            count += 1
    found = np.empty(count, np.int64)
    n = 0
    for w in range(words.size):
        if words[w] != 0:
            for b in range(8 * w, 8 * w + 8):
                if flat[b] != 0:
                    found[n] = b
                    n += 1
    for b in range(8 * words.size, flat.size):
        if flat[b] != 0:
            found[n] = b
            n += 1
    return found


@njit(cache=True, nogil=True)
def keep_large_parts(voxels: Array, mask: Array, offsets: Array, opened: Array) -> None:
    """Morphological opening of a voxel list by a ball of index `offsets` (n, 3) ordered (k, j, i)."""
    nk, nj, ni = mask.shape
    for v in voxels:
        k = v // (nj * ni)
        j = v // ni % nj
        i = v % ni
        fits = True
        for o in range(offsets.shape[0]):
            a, b, c = k + offsets[o, 0], j + offsets[o, 1], i + offsets[o, 2]
            inside = 0 <= a < nk and 0 <= b < nj and 0 <= c < ni
            if inside and mask[a, b, c] == 0:
                fits = False
                break
        if fits:
            for o in range(offsets.shape[0]):
                a, b, c = k + offsets[o, 0], j + offsets[o, 1], i + offsets[o, 2]
                if 0 <= a < nk and 0 <= b < nj and 0 <= c < ni:
                    opened[a, b, c] = 1


@njit(cache=True, nogil=True)
def stamp(voxels: Array, shape: tuple[int, int, int], labels: Array, label: int) -> None:
    """Write `label` at the listed voxels."""
    flat = labels.reshape(-1)
    for v in voxels:
        flat[v] = label


@njit(cache=True, nogil=True)
def pool(voxels: Array, shape: tuple[int, int, int], factors: Array, start: Array, free: Array) -> None:
    """Clear the cell of `free` (a window of the coarse grid from `start`) that each listed voxel falls in."""
    nj, ni = shape[1], shape[2]
    for v in voxels:
        k = v // (nj * ni) // factors[0] - start[0]
        j = v // ni % nj // factors[1] - start[1]
        i = v % ni // factors[2] - start[2]
        if 0 <= k < free.shape[0] and 0 <= j < free.shape[1] and 0 <= i < free.shape[2]:
            free[k, j, i] = 0


@njit(cache=True, nogil=True)
def fold_distance(
    distance: Array, start: Array, bit: int, need_mm: float, soft_mm: float, weight: float, is_hard: bool,
    bits: Array, margin: Array, soft: Array,
) -> None:  # fmt: skip
    """Fold one structure's distances (mm, from the axis) into forbidden bits, worst margin, worst soft value."""
    span = max(soft_mm - need_mm, 1e-6)
    for k in range(distance.shape[0]):
        for j in range(distance.shape[1]):
            for i in range(distance.shape[2]):
                d = distance[k, j, i]
                a, b, c = k + start[0], j + start[1], i + start[2]
                if is_hard:
                    if d < need_mm:
                        bits[a, b, c] |= bit
                    margin[a, b, c] = min(margin[a, b, c], d - need_mm)
                if d < soft_mm:
                    worst = weight * min(1.0, (soft_mm - d) / span)
                    soft[a, b, c] = max(soft[a, b, c], worst)


@njit(cache=True, nogil=True)
def _at(mask: Array, q0: float, q1: float, q2: float) -> int:
    """Value at the voxel containing the fractional index (i, j, k); −1 outside the grid."""
    i, j, k = int(np.floor(q0 + 0.5)), int(np.floor(q1 + 0.5)), int(np.floor(q2 + 0.5))
    if i < 0 or j < 0 or k < 0 or i >= mask.shape[2] or j >= mask.shape[1] or k >= mask.shape[0]:
        return -1
    return int(mask[k, j, i])


@njit(cache=True, nogil=True)
def march_rays(
    aim: Array, outward: Array, origin: Array, inverse: Array, reach_mm: float, outside_mm: float,
    liver_gap_mm: float, step_mm: float, body: Array, target: Array, liver: Array, has_liver: bool,
    factors: Array, bits: Array, margin: Array, soft: Array,
    exit_mm: Array, status: Array, ray_bits: Array, ray_margin: Array, ray_soft: Array,
    liver_mm: Array, capsule_mm: Array,
) -> None:  # fmt: skip
    """Walk from the aim outwards along each unit direction until the skin and beyond.

    `status` becomes 0 (skin reached), 1 (the scan ends first), 2 (another part of the body lies outside) or
    3 (no skin within reach).
    """
    q0 = inverse @ (aim - origin)
    for r in range(outward.shape[0]):
        g = inverse @ outward[r]
        exit_mm[r], status[r], ray_bits[r] = -1.0, 3, 0
        ray_margin[r], ray_soft[r] = FAR_MM, 0.0
        liver_mm[r], capsule_mm[r] = 0.0, -1.0
        run, gap, crossing, is_open = 0.0, 0.0, -1.0, True
        air, first_air, t = 0.0, -1.0, 0.0
        while True:
            a, b, c = q0[0] + t * g[0], q0[1] + t * g[1], q0[2] + t * g[2]
            inside = _at(body, a, b, c)
            if inside == 1:
                if air > 0.0:
                    status[r] = 2
                    break
                k = int(np.floor(c + 0.5)) // factors[0]
                j = int(np.floor(b + 0.5)) // factors[1]
                i = int(np.floor(a + 0.5)) // factors[2]
                ray_bits[r] |= bits[k, j, i]
                ray_margin[r] = min(ray_margin[r], margin[k, j, i])
                ray_soft[r] = max(ray_soft[r], soft[k, j, i])
                if has_liver:
                    if _at(target, a, b, c) == 1:
                        run, gap, crossing, is_open = 0.0, 0.0, t, True
                    elif is_open:
                        if _at(liver, a, b, c) == 1:
                            run += step_mm
                            gap, crossing = 0.0, t
                        else:
                            gap += step_mm
                            is_open = gap <= liver_gap_mm
            else:
                if first_air < 0.0:
                    first_air = t
                    if inside == -1:
                        status[r] = 1
                        break
                air += step_mm
                if inside == -1 or air > outside_mm:
                    exit_mm[r], status[r] = first_air, 0
                    break
            t += step_mm
            if first_air < 0.0 and t > reach_mm:
                break
        liver_mm[r], capsule_mm[r] = run, crossing


@njit(cache=True, nogil=True)
def refine_exit(
    aim: Array, outward: Array, origin: Array, inverse: Array, body: Array, step_mm: float, exit_mm: Array
) -> None:
    """Move each exit (first sample outside the body) to the skin itself, by bisection to 0.001 mm."""
    q0 = inverse @ (aim - origin)
    for r in range(outward.shape[0]):
        g = inverse @ outward[r]
        low, high = max(exit_mm[r] - step_mm, 0.0), exit_mm[r]
        while high - low > 1e-3:
            mid = 0.5 * (low + high)
            if _at(body, q0[0] + mid * g[0], q0[1] + mid * g[1], q0[2] + mid * g[2]) == 1:
                low = mid
            else:
                high = mid
        exit_mm[r] = high


@njit(cache=True, nogil=True)
def surface_angles(
    aim: Array,
    outward: Array,
    depth_mm: Array,
    mask: Array,
    origin: Array,
    inverse: Array,
    ball: Array,
    angle_deg: Array,
) -> None:
    """Angle (deg) between each ray and the tangent plane of `mask` where it crosses it; NaN where unknown.

    The normal points from the crossing towards the centroid of what `ball` ((M, 3) offsets, LPS mm) holds of
    the mask: exact by symmetry on planes and spheres.
    """
    steps = ball @ inverse.T
    for r in range(outward.shape[0]):
        angle_deg[r] = np.nan
        if depth_mm[r] < 0.0:
            continue
        q = inverse @ (aim + depth_mm[r] * outward[r] - origin)
        x, y, z = 0.0, 0.0, 0.0
        for b in range(ball.shape[0]):
            if _at(mask, q[0] + steps[b, 0], q[1] + steps[b, 1], q[2] + steps[b, 2]) == 1:
                x += ball[b, 0]
                y += ball[b, 1]
                z += ball[b, 2]
        length = np.sqrt(x * x + y * y + z * z)
        if length > 0.0:
            cosine = abs(x * outward[r, 0] + y * outward[r, 1] + z * outward[r, 2]) / length
            angle_deg[r] = np.degrees(np.arcsin(min(1.0, cosine)))


@njit(cache=True, nogil=True)
def box_distance(p: Array, d: Array, t: float, half: Array) -> float:
    """Distance from ``p + t d`` to the box of half extents `half` about the origin."""
    total = 0.0
    for a in range(3):
        x = abs(p[a] + t * d[a]) - half[a]
        if x > 0.0:
            total += x * x
    return float(np.sqrt(total))


@njit(cache=True, nogil=True)
def nearest_on_box(p: Array, d: Array, half: Array, low: float, high: float) -> tuple[float, float]:
    """Where in [low, high] the line ``p + t d`` comes nearest to the box, and the distance there."""
    ratio = 0.6180339887498949
    a, b = low, high
    x, y = b - ratio * (b - a), a + ratio * (b - a)
    fx, fy = box_distance(p, d, x, half), box_distance(p, d, y, half)
    while b - a > 1e-4:
        if fx <= fy:
            b, y, fy = y, x, fx
            x = b - ratio * (b - a)
            fx = box_distance(p, d, x, half)
        else:
            a, x, fx = x, y, fy
            y = a + ratio * (b - a)
            fy = box_distance(p, d, y, half)
    best, at = fx, x
    for t in (y, low, high):
        f = box_distance(p, d, t, half)
        if f < best:
            best, at = f, t
    return at, best


@njit(cache=True, nogil=True)
def _first_below(p: Array, d: Array, half: Array, need_mm: float, at: float) -> float:
    """Largest known t ≤ `at` up to which the line keeps `need_mm` from the box (distance falls until `at`)."""
    if box_distance(p, d, 0.0, half) < need_mm:
        return 0.0
    low, high = 0.0, at
    while high - low > 1e-3:
        mid = 0.5 * (low + high)
        if box_distance(p, d, mid, half) < need_mm:
            high = mid
        else:
            low = mid
    return low


@njit(cache=True, nogil=True)
def safe_depth(
    entry: Array, inward: Array, length_mm: float, labels: Array, need_mm: Array, origin: Array,
    matrix: Array, inverse: Array, turn: Array, half: Array, enough_mm: float,
) -> float:  # fmt: skip
    """Depth (mm, ≤ `length_mm`) to which an axis keeps `need_mm[label]` from every labelled voxel box.

    Stops early, with some depth below `enough_mm`, as soon as it is clear that `enough_mm` is not reached.

    Exact up to 0.001 mm, on the safe side: every voxel of the full grid within reach of the axis is visited
    once, plane by plane along the grid axis the needle runs along most, and the distance from the line to its
    box (convex along the line) is minimised.

    Parameters
    ----------
    entry, inward : (3,)
        Where the axis starts (LPS mm), and its unit direction.
    length_mm, enough_mm : float
    labels : (K, J, I) uint8
        0 where free.
    need_mm : (256,)
        Distance from the axis that each label requires.
    origin, matrix, inverse : (3,), (3, 3), (3, 3)
        Index to LPS and back.
    turn : (3, 3)
        Rows are the axes of the voxel boxes.
    half : (3,)
        Their half extents, mm.
    """
    half_diagonal = np.sqrt((half**2).sum())
    radius = need_mm.max() + half_diagonal
    q0, g = inverse @ (entry - origin), inverse @ inward
    row = np.sqrt((inverse**2).sum(axis=1))
    main = int(np.argmax(np.abs(g) / row))
    first, second = (main + 1) % 3, (main + 2) % 3
    reach_1 = radius * (row[main] * abs(g[first] / g[main]) + row[first])
    reach_2 = radius * (row[main] * abs(g[second] / g[main]) + row[second])
    size = np.array([labels.shape[2], labels.shape[1], labels.shape[0]])
    ends = np.array([q0[main], q0[main] + length_mm * g[main]])
    low = max(int(np.floor(ends.min() - radius * row[main])), 0)
    high = min(int(np.ceil(ends.max() + radius * row[main])), size[main] - 1)
    direction = turn @ inward
    found = length_mm
    index = np.zeros(3, np.int64)
    p = np.zeros(3)
    for n in range(low, high + 1):
        t_plane = (n - q0[main]) / g[main]
        c1, c2 = q0[first] + t_plane * g[first], q0[second] + t_plane * g[second]
        index[main] = n
        for m in range(
            max(int(np.floor(c1 - reach_1)), 0), min(int(np.ceil(c1 + reach_1)), size[first] - 1) + 1
        ):
            index[first] = m
            for o in range(
                max(int(np.floor(c2 - reach_2)), 0), min(int(np.ceil(c2 + reach_2)), size[second] - 1) + 1
            ):
                index[second] = o
                label = labels[index[2], index[1], index[0]]
                if label == 0:
                    continue
                need = need_mm[label]
                for a in range(3):
                    p[a] = (
                        entry[a] - origin[a]
                        - matrix[a, 0] * index[0] - matrix[a, 1] * index[1] - matrix[a, 2] * index[2]
                    )  # fmt: skip
                along = -(p[0] * inward[0] + p[1] * inward[1] + p[2] * inward[2])
                near = min(max(along, 0.0), found)
                away = 0.0
                for a in range(3):
                    away += (p[a] + near * inward[a]) ** 2
                if np.sqrt(away) - half_diagonal >= need:
                    continue
                q = turn @ p
                t0 = min(max(along - half_diagonal, 0.0), found)
                t1 = min(max(along + half_diagonal, 0.0), found)
                at, distance = nearest_on_box(q, direction, half, t0, t1)
                if distance < need:
                    found = min(found, _first_below(q, direction, half, need, at))
                    if found < enough_mm:
                        return float(found)
    return float(found)


@njit(cache=True, nogil=True)
def safe_depths(
    entries: Array, inward: Array, lengths_mm: Array, labels: Array, need_mm: Array, origin: Array,
    matrix: Array, inverse: Array, turn: Array, half: Array, is_all_or_nothing: bool, out: Array,
) -> None:  # fmt: skip
    """`safe_depth` for many axes; with `is_all_or_nothing` only whether the whole length is safe is exact."""
    for r in range(entries.shape[0]):
        enough = lengths_mm[r] if is_all_or_nothing else 0.0
        out[r] = safe_depth(
            entries[r], inward[r], lengths_mm[r], labels, need_mm, origin, matrix, inverse, turn, half, enough
        )


@njit(cache=True, nogil=True)
def nearest_voxel(
    entry: Array, inward: Array, length_mm: float, voxels: Array, shape: tuple[int, int, int], origin: Array,
    matrix: Array, turn: Array, half: Array,
) -> tuple[float, float]:  # fmt: skip
    """Smallest distance (mm) from the axis segment to the listed voxel boxes, and the depth it occurs at."""
    half_diagonal = np.sqrt((half**2).sum())
    direction = turn @ inward
    best, best_t = FAR_MM, 0.0
    p = np.zeros(3)
    for v in voxels:
        k = v // (shape[1] * shape[2])
        j = v // shape[2] % shape[1]
        i = v % shape[2]
        for a in range(3):
            p[a] = entry[a] - origin[a] - matrix[a, 0] * i - matrix[a, 1] * j - matrix[a, 2] * k
        along = -(p[0] * inward[0] + p[1] * inward[1] + p[2] * inward[2])
        near = min(max(along, 0.0), length_mm)
        away = 0.0
        for a in range(3):
            away += (p[a] + near * inward[a]) ** 2
        limit = best + half_diagonal
        if away >= limit * limit:
            continue
        t0 = min(max(along - half_diagonal, 0.0), length_mm)
        t1 = min(max(along + half_diagonal, 0.0), length_mm)
        at, distance = nearest_on_box(turn @ p, direction, half, t0, t1)
        if distance < best:
            best, best_t = distance, at
    return best, best_t


@njit(cache=True, nogil=True)
def walk_inward(
    entry: Array, inward: Array, aim_mm: float, length_mm: float, origin: Array, inverse: Array, body: Array,
    target: Array, organ: Array, has_organ: bool, gap_mm: float, step_mm: float,
) -> tuple[float, float, float, float]:  # fmt: skip
    """Along one axis at a fine step: healthy organ before the target, depths of capsule, target, deepest tip.

    The deepest tip stays inside the body (it is 0 when the axis leaves it before the aim) and, once the aim is
    passed in the organ or target, inside their union.
    Healthy organ is the run directly before the first target voxel (or before the aim, when no target is
    met), broken by a gap longer than `gap_mm`.
    """
    q0, g = inverse @ (entry - origin), inverse @ inward
    run, gap, capsule, target_mm = 0.0, 0.0, -1.0, -1.0
    deepest, t = aim_mm, 0.5 * step_mm
    while t <= length_mm:
        a, b, c = q0[0] + t * g[0], q0[1] + t * g[1], q0[2] + t * g[2]
        in_target = _at(target, a, b, c) == 1
        in_organ = has_organ and _at(organ, a, b, c) == 1
        if target_mm < 0.0 and t <= aim_mm:
            if in_target:
                target_mm = t
                if capsule < 0.0:
                    capsule = t
            elif in_organ:
                if run == 0.0:
                    capsule = t
                run += step_mm
                gap = 0.0
            else:
                gap += step_mm
                if gap > gap_mm:
                    run, capsule = 0.0, -1.0
        if _at(body, a, b, c) != 1:
            if t < aim_mm:
                deepest = 0.0
            break
        if t > aim_mm:
            if has_organ and not (in_target or in_organ):
                break
            deepest = t
        t += step_mm
    return run, capsule, target_mm, deepest


@njit(cache=True, nogil=True)
def walk_all(
    entries: Array, inward: Array, aims_mm: Array, length_mm: float, origin: Array, inverse: Array,
    body: Array, target: Array, organ: Array, has_organ: bool, gap_mm: float, step_mm: float, out: Array,
) -> None:  # fmt: skip
    """`walk_inward` for many axes; `out` is (N, 4)."""
    for r in range(entries.shape[0]):
        length = max(length_mm, aims_mm[r])
        out[r, 0], out[r, 1], out[r, 2], out[r, 3] = walk_inward(
            entries[r],
            inward[r],
            aims_mm[r],
            length,
            origin,
            inverse,
            body,
            target,
            organ,
            has_organ,
            gap_mm,
            step_mm,
        )
