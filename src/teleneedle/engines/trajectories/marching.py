"""Compiled walks through the masks: rays to the skin, surface angles, tissue along a needle.

Index vectors are ordered (i, j, k); arrays are indexed [k, j, i].
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]
FAR_MM = 1.0e3
"""Stands for no obstacle at all."""


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
def walk_inward(
    entry: Array, inward: Array, aim_mm: float, length_mm: float, origin: Array, inverse: Array, body: Array,
    target: Array, organ: Array, has_organ: bool, gap_mm: float, step_mm: float,
) -> tuple[float, float, float, float]:  # fmt: skip
    """Along one axis at a fine step: healthy organ before the target, depths of capsule, target, deepest tip.

    The deepest tip stays inside the body (0 when the axis leaves it before the aim) and, once the aim is
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
