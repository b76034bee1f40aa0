"""Whether a target stays covered when one needle lands elsewhere than planned."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from teleneedle.core.geometry import FloatArray
from teleneedle.core.plan import Application
from teleneedle.engines.coverage import Ellipsoids, thin_points

THINNED_MM = 3.0


def covers_when_displaced(
    name: str, applications: Sequence[Application], entry: FloatArray, depth_mm: float, gtv: FloatArray
) -> Callable[[FloatArray, FloatArray], bool]:
    """A test of the tip (LPS mm) and unit direction of needle `name`; the other needles stay as planned.

    `entry` and `depth_mm` are those planned, `gtv` (N, 3) the target's voxels in LPS mm.
    """
    points = thin_points(gtv, THINNED_MM)
    others = Ellipsoids.planned([a for a in applications if a.needle != name], "p50")
    open_points = points[~others.contain(points)] if len(others) else points
    own = [a for a in applications if a.needle == name]
    from_tip = [depth_mm - float(np.linalg.norm(np.array(a.centre_lps) - entry)) for a in own]

    def is_covered(tip_lps: FloatArray, direction: FloatArray) -> bool:
        moved = Ellipsoids.of(
            [
                (np.asarray(tip_lps) - back * np.asarray(direction), direction, a.zone.p50)
                for a, back in zip(own, from_tip, strict=True)
            ]
        )
        return bool(moved.contain(open_points).all())

    return is_covered
