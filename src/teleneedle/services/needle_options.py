"""What could be done for a target: safe paths, possible applications on them, points to cover, organs to spare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.vq import kmeans2

from teleneedle.core.devices import Device
from teleneedle.core.geometry import FloatArray
from teleneedle.core.image import LabelMap
from teleneedle.core.paths import CandidatePath
from teleneedle.core.progress import CancelToken, Progress
from teleneedle.engines.coverage import (
    Candidates,
    Demand,
    Organ,
    build_demand,
    list_candidates,
    organs_near,
    spare_organs,
    thin_points,
)
from teleneedle.engines.trajectories import (
    PathRules,
    PathScene,
    PathSearch,
    default_rules,
    explain_no_path,
    search_paths,
)

SINGLE_KEEP, MANY_KEEP = 64, 24
MOST_AIMS = 12
POINT_SPACING_MM = 2.5
ORGAN_SHARES = (1.0, 0.0)
"""Shares of the required organ distance that are tried in turn; after them the organs are not spared."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Options:
    """Everything a placement is chosen from.

    Parameters
    ----------
    scene, rules, search
        Of the trajectory engine.
    paths : tuple of CandidatePath
        Safe paths; candidates index into them.
    candidates : Candidates
        Applications that keep `organ_share` of the required distance from every organ.
    covers : (C, M) bool
        Which of `points` each covers.
    points : (M, 3) float64, LPS mm
        Thinned voxels of target and margin that some candidate covers, the target's first.
    target_points : int
        How many of `points` belong to the target.
    lost_target_pct : float
        Share of the thinned target that no safe application reaches.
    organ_share : float or None
        Share of the organ distances that could be kept; None when organs had to be left unspared.
    """

    scene: PathScene
    rules: PathRules
    search: PathSearch
    demand: Demand
    organs: tuple[Organ, ...]
    paths: tuple[CandidatePath, ...]
    candidates: Candidates
    covers: NDArray[np.bool_]
    points: FloatArray
    target_points: int
    lost_target_pct: float
    organ_share: float | None


def build_options(
    *,
    structures: Mapping[str, LabelMap],
    target: LabelMap,
    device: Device,
    margin_mm: float,
    progress: Progress,
    cancel: CancelToken | None,
) -> Options:
    """Search paths for the target's centre, and for more aims when one zone cannot cover it.

    Raises
    ------
    NoSafePathError
        If no aim can be reached.
    """
    progress("paths", 0.0)
    rules = default_rules(
        modality=device.modality, usable_length_mm=device.usable_length_mm, gauge=device.gauge
    )
    scene = PathScene.build(structures, target=target, rules=rules)
    demand = build_demand(
        target, organ=structures.get("liver"), body=structures.get("body"), margin_mm=margin_mm
    )
    organs = organs_near(structures, target)
    points = thin_points(demand.gtv, POINT_SPACING_MM)
    count = len(points)
    points = np.concatenate([points, thin_points(demand.rim, POINT_SPACING_MM)])
    settings = device.settings(steps=10)
    single = _is_within_one_zone(points, device, settings)
    search = None
    if single:
        search = search_paths(scene, [points.mean(axis=0)], rules, keep=SINGLE_KEEP, cancel=cancel)
        options = _options(scene, rules, search, demand, organs, points, count, device, settings, 2.0)
        if options is not None and options.organ_share == 1.0 and _has_single_cover(options):
            return options
    progress("paths", 0.5)
    aims = _spread_aims(demand.points, device, settings)
    many = search_paths(scene, aims, rules, keep=MANY_KEEP, cancel=cancel)
    if search is not None and search.paths:
        many = _merged(search, many)
    if not many.paths:
        raise explain_no_path(many)
    chosen = settings if single else _sparse(settings)
    found = _options(scene, rules, many, demand, organs, points, count, device, chosen, 5.0)
    if found is None:
        raise explain_no_path(many)
    return found


def _options(
    scene: PathScene,
    rules: PathRules,
    search: PathSearch,
    demand: Demand,
    organs: tuple[Organ, ...],
    points: FloatArray,
    target_points: int,
    device: Device,
    settings: Sequence[tuple[float, float]],
    step_mm: float,
) -> Options | None:
    """Candidates sparing the organs as far as the target can still be covered."""
    everything = list_candidates(search.paths, device, settings, points, step_mm=step_mm)
    if not len(everything):
        return None
    all_covers = everything.covering(points)
    best = None
    for share in (*ORGAN_SHARES, None):
        keep = (
            np.ones(len(everything), bool) if share is None else spare_organs(everything, organs, share=share)
        )
        reached = all_covers[keep].any(axis=0) if keep.any() else np.zeros(len(points), bool)
        lost = 100.0 * float(np.count_nonzero(~reached[:target_points])) / target_points
        if best is None or lost < best[3] - 1e-9:
            best = (share, keep, reached, lost)
        if lost == 0.0:
            break
    if best is None or not best[1].any():
        return None
    share, keep, reached, lost = best
    return Options(
        scene=scene,
        rules=rules,
        search=search,
        demand=demand,
        organs=organs,
        paths=search.paths,
        candidates=everything.select(keep),
        covers=np.ascontiguousarray(all_covers[keep][:, reached]),
        points=points[reached],
        target_points=int(np.count_nonzero(reached[:target_points])),
        lost_target_pct=lost,
        organ_share=share,
    )


def _has_single_cover(options: Options) -> bool:
    return options.lost_target_pct == 0.0 and bool(options.covers.all(axis=1).any())


def _is_within_one_zone(points: FloatArray, device: Device, settings: Sequence[tuple[float, float]]) -> bool:
    """Whether the largest zone could hold the points at all."""
    widest = max(device.band_at(power_w=p, time_s=t).p50.long_mm for p, t in settings)
    return bool(np.linalg.norm(points - points.mean(axis=0), axis=1).max() <= widest / 2)


def _spread_aims(points: FloatArray, device: Device, settings: Sequence[tuple[float, float]]) -> FloatArray:
    """Centres of equal parts of the points (k-means), the more the smaller the largest zone is beside them."""
    largest = max(
        z.long_mm * z.short_mm**2 for z in (device.band_at(power_w=p, time_s=t).p50 for p, t in settings)
    )
    thin = thin_points(points, 3.0)
    zone_points = np.pi / 6 * largest / 27.0
    count = int(np.clip(np.ceil(2.5 * len(thin) / zone_points), 3, MOST_AIMS))
    if len(thin) <= count:
        return thin
    centres, labels = kmeans2(thin, count, minit="++", seed=0)
    centres = centres[np.unique(labels)]
    # A centre may lie outside a concave target: its nearest point is the aim.
    nearest = [int(np.argmin(np.linalg.norm(thin - c, axis=1))) for c in centres]
    return np.asarray(thin[nearest])


def _sparse(settings: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """A few settings, small to large: the largest first of all, since large targets take large zones."""
    if len(settings) <= 3:
        return tuple(settings)
    picks = sorted({len(settings) // 2, (3 * len(settings)) // 4, len(settings) - 1})
    return tuple(settings[n] for n in picks)


def _merged(first: PathSearch, second: PathSearch) -> PathSearch:
    pairs = [
        *zip(first.paths, first.is_pareto, strict=True),
        *zip(second.paths, second.is_pareto, strict=True),
    ]
    pairs.sort(key=lambda pair: pair[0].cost)
    return PathSearch(
        paths=tuple(path for path, _ in pairs),
        is_pareto=tuple(flag for _, flag in pairs),
        tried=first.tried + second.tried,
        blocked=second.blocked,
        missing=second.missing,
    )
