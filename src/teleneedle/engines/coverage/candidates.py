"""Places along safe needle paths where energy could be delivered, and what each would cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from teleneedle.core.devices import Device, Zone
from teleneedle.core.geometry import FloatArray
from teleneedle.core.paths import CandidatePath
from teleneedle.engines.coverage.demand import Organ

STEP_MM = 4.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidates:
    """Possible applications.

    Parameters
    ----------
    path : (C,) int64
        Index of the needle path.
    tip_depth : (C,) float64, mm
        Skin to tip.
    setting : (C,) int64
        Index into `settings`.
    centres, axes : (C, 3) float64, LPS mm and unit
    half_long, half_short : (C,) float64, mm
        Semi-axes of the expected (P50) zone.
    settings : tuple of (power W, time s)
    """

    path: NDArray[np.int64]
    tip_depth: FloatArray
    setting: NDArray[np.int64]
    centres: FloatArray
    axes: FloatArray
    half_long: FloatArray
    half_short: FloatArray
    settings: tuple[tuple[float, float], ...]

    def __len__(self) -> int:
        return len(self.path)

    @property
    def zone_ml(self) -> FloatArray:
        """(C,) volume of each zone, ml."""
        return np.asarray(4 / 3 * np.pi * self.half_long * self.half_short**2 / 1000.0)

    def select(self, keep: NDArray[np.bool_] | NDArray[np.int64]) -> Candidates:
        """Those chosen by a mask or by indices."""
        return Candidates(
            path=self.path[keep],
            tip_depth=self.tip_depth[keep],
            setting=self.setting[keep],
            centres=self.centres[keep],
            axes=self.axes[keep],
            half_long=self.half_long[keep],
            half_short=self.half_short[keep],
            settings=self.settings,
        )

    def covering(
        self, points: FloatArray, *, spare_mm: float = 0.0, share: FloatArray | float = 1.0
    ) -> NDArray[np.bool_]:
        """(C, M) whether candidate c's zone contains point m.

        Parameters
        ----------
        points : (M, 3) float64, LPS mm
        spare_mm : float
            Taken off both semi-axes: room for what lies between the points.
        share : float or (C,) float64
            Factor on both semi-axes, for example the small zone's.
        """
        out = np.zeros((len(self), len(points)), dtype=np.bool_)
        half_long = np.maximum(self.half_long * share - spare_mm, 1e-3)
        half_short = np.maximum(self.half_short * share - spare_mm, 1e-3)
        _cover(self.centres, self.axes, half_long, half_short, np.ascontiguousarray(points), out)
        return out

    def largest_in_place(self, rows: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """Indices of the candidate with the largest zone at each path and depth, in order, among `rows`."""
        rows = np.arange(len(self)) if rows is None else rows
        depth = np.round(self.tip_depth[rows] * 1000)
        order = rows[np.lexsort((-self.half_short[rows], depth, self.path[rows]))]
        place = np.stack([self.path[order], np.round(self.tip_depth[order] * 1000)], axis=1)
        first = np.ones(len(order), dtype=np.bool_)
        first[1:] = (place[1:] != place[:-1]).any(axis=1)
        return np.sort(order[first])


def list_candidates(
    paths: Sequence[CandidatePath],
    device: Device,
    settings: Sequence[tuple[float, float]],
    points: FloatArray,
    *,
    step_mm: float = STEP_MM,
) -> Candidates:
    """Every position along every path where a zone would reach the points, for every setting.

    The tip never goes deeper than the path's safe depth. Along a path positions lie `step_mm` apart, one of
    them with the zone centred at the aim when that is safe.
    """
    zones = [device.band_at(power_w=p, time_s=t).p50 for p, t in settings]
    rows: list[tuple[int, float, int]] = []
    for n, path in enumerate(paths):
        entry, direction = np.array(path.entry_lps), np.array(path.direction)
        along = (points - entry) @ direction
        for s, zone in enumerate(zones):
            depths = _tip_depths(path, device, zone, float(along.min()), float(along.max()), step_mm)
            rows += [(n, depth, s) for depth in depths]
    return _assemble(rows, paths, device, zones, tuple(settings))


def organ_room(candidates: Candidates, organs: Sequence[Organ]) -> FloatArray:
    """(C, O) mm that each zone keeps at least from each organ; negative where it reaches in.

    A point at f times the ellipsoid's radius in its direction lies at least (f − 1) × the short semi-axis
    away, so no zone is nearer than this says.
    """
    room = np.full((len(candidates), len(organs)), np.inf)
    for n, organ in enumerate(organs):
        factor = np.full(len(candidates), np.inf)
        _least_factor(
            candidates.centres,
            candidates.axes,
            candidates.half_long,
            candidates.half_short,
            np.ascontiguousarray(organ.points),
            factor,
        )
        room[:, n] = (factor - 1.0) * candidates.half_short
    return room


def _tip_depths(
    path: CandidatePath, device: Device, zone: Zone, first: float, last: float, step_mm: float
) -> list[float]:
    """Tip depths at which the zone's centre lies within the points' extent along the path."""
    offset = device.tip_to_centre_mm
    ideal = path.aim_depth_mm + offset
    inner = min(zone.short_mm / 2, (last - first) / 2)
    low = max(first + offset + inner / 2, 2 * offset)
    high = min(last + offset - inner / 2, path.safe_depth_mm)
    steps = np.arange(-40, 41) * step_mm
    depths = [float(d) for d in ideal + steps if low <= d <= high]
    if low <= path.safe_depth_mm < ideal and (not depths or path.safe_depth_mm - depths[-1] > 1.0):
        depths.append(float(min(path.safe_depth_mm, high)))
    return depths


def _assemble(
    rows: Sequence[tuple[int, float, int]],
    paths: Sequence[CandidatePath],
    device: Device,
    zones: Sequence[Zone],
    settings: tuple[tuple[float, float], ...],
) -> Candidates:
    path = np.array([n for n, _, _ in rows], dtype=np.int64)
    depth = np.array([d for _, d, _ in rows], dtype=np.float64)
    setting = np.array([s for _, _, s in rows], dtype=np.int64)
    entries = np.array([p.entry_lps for p in paths], dtype=np.float64).reshape(-1, 3)
    axes = np.array([p.direction for p in paths], dtype=np.float64).reshape(-1, 3)
    half = np.array([(z.long_mm / 2, z.short_mm / 2) for z in zones], dtype=np.float64).reshape(-1, 2)
    return Candidates(
        path=path,
        tip_depth=depth,
        setting=setting,
        centres=entries[path] + (depth - device.tip_to_centre_mm)[:, None] * axes[path],
        axes=axes[path],
        half_long=half[setting, 0],
        half_short=half[setting, 1],
        settings=settings,
    )


@njit(cache=True, parallel=True)
def _cover(
    centres: FloatArray,
    axes: FloatArray,
    half_long: FloatArray,
    half_short: FloatArray,
    points: FloatArray,
    out: NDArray[np.bool_],
) -> None:
    for c in prange(centres.shape[0]):
        for m in range(points.shape[0]):
            dx = points[m, 0] - centres[c, 0]
            dy = points[m, 1] - centres[c, 1]
            dz = points[m, 2] - centres[c, 2]
            along = dx * axes[c, 0] + dy * axes[c, 1] + dz * axes[c, 2]
            across2 = dx * dx + dy * dy + dz * dz - along * along
            out[c, m] = (along / half_long[c]) ** 2 + across2 / half_short[c] ** 2 <= 1.0


@njit(cache=True, parallel=True)
def _least_factor(
    centres: FloatArray,
    axes: FloatArray,
    half_long: FloatArray,
    half_short: FloatArray,
    points: FloatArray,
    out: FloatArray,
) -> None:
    for c in prange(centres.shape[0]):
        least = np.inf
        for m in range(points.shape[0]):
            dx = points[m, 0] - centres[c, 0]
            dy = points[m, 1] - centres[c, 1]
            dz = points[m, 2] - centres[c, 2]
            along = dx * axes[c, 0] + dy * axes[c, 1] + dz * axes[c, 2]
            across2 = dx * dx + dy * dy + dz * dz - along * along
            value = (along / half_long[c]) ** 2 + across2 / half_short[c] ** 2
            if value < least:
                least = value
        out[c] = np.sqrt(least)
