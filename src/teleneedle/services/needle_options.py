"""What could be done for a target: safe paths, applications on them, points to cover, organs to spare."""

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
    TargetSurface,
    build_demand,
    extract_surface,
    hull_points,
    list_candidates,
    offset_points,
    organ_room,
    organs_near,
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
LEAST_AIMS, MOST_AIMS = 4, 14
POINT_SPACING_MM, MANY_SPACING_MM = 2.5, 3.5
"""Between points to cover, for one zone and for several; what lies between is checked voxel by voxel."""
SPARE_MM = 0.2
"""Taken off every zone when it is asked what it covers: room for what lies between the points."""
ORGAN_SHARES = (1.0, 0.5, 0.0, -0.25, -0.5, -0.75, -1.0)
"""Shares of the required organ distance tried in turn. Below zero the zone would reach into the organ: only
into one that touches the target, and never further than the distance otherwise required."""
TOUCHING_MM = 2.0
"""Beyond one voxel diagonal: target and organ touch when their surfaces are no further apart."""


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
    organ_share : float
        Share of the organ distances that is kept; below zero hydrodissection is needed before any energy.
    surface : TargetSurface
        Of the target.
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
    organ_share: float
    surface: TargetSurface


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
    surface = extract_surface(target, organ=structures.get("liver"), margin_mm=margin_mm)
    points, count = _points_to_cover(demand, surface, margin_mm, POINT_SPACING_MM)
    settings = device.settings(steps=10)
    single = _is_within_one_zone(points, device, settings)
    search = None
    if single:
        search = search_paths(scene, [points.mean(axis=0)], rules, keep=SINGLE_KEEP, cancel=cancel)
        options = _options(
            scene, rules, search, demand, organs, surface, points, count, device, settings, 2.0
        )
        if options is not None and options.organ_share == 1.0 and _has_single_cover(options):
            return options
    progress("paths", 0.5)
    aims = _spread_aims(demand.points, device, settings)
    many = search_paths(scene, aims, rules, keep=MANY_KEEP, cancel=cancel)
    if search is not None and search.paths:
        many = _merged(search, many)
    if not many.paths:
        raise explain_no_path(many)
    chosen = _sparse(settings)
    points, count = _points_to_cover(demand, surface, margin_mm, MANY_SPACING_MM)
    found = _options(scene, rules, many, demand, organs, surface, points, count, device, chosen, 5.0)
    if found is None:
        raise explain_no_path(many)
    return found


def _options(
    scene: PathScene,
    rules: PathRules,
    search: PathSearch,
    demand: Demand,
    organs: tuple[Organ, ...],
    surface: TargetSurface,
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
    all_covers = everything.covering(points, spare_mm=SPARE_MM)
    best: tuple[float, NDArray[np.bool_], NDArray[np.bool_], float] | None = None
    rim = np.zeros(len(points), dtype=np.bool_)
    room = organ_room(everything, organs)
    touch_mm = TOUCHING_MM + float(np.linalg.norm(scene.grid.spacing_mm))
    for share in ORGAN_SHARES:
        least = [o.required_mm * (share if o.target_mm <= touch_mm else max(share, 0.0)) for o in organs]
        keep = np.asarray((room >= np.array(least)).all(axis=1))
        reached = np.asarray((all_covers if keep.all() else all_covers[keep]).any(axis=0))
        rim = reached if share >= 0.0 else rim
        lost = 100.0 * float(np.count_nonzero(~reached[:target_points])) / target_points
        if best is None or lost < best[3] - 1e-9:
            # Reaching into an organ is weighed for the target alone, never for the margin.
            best = (share, keep, np.where(np.arange(len(points)) < target_points, reached, rim), lost)
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
        covers=all_covers if keep.all() and reached.all() else all_covers[keep][:, reached],
        points=points[reached],
        target_points=int(np.count_nonzero(reached[:target_points])),
        lost_target_pct=lost,
        organ_share=share,
        surface=surface,
    )


def _points_to_cover(
    demand: Demand, surface: TargetSurface, margin_mm: float, spacing_mm: float
) -> tuple[FloatArray, int]:
    """Thinned voxels, hull corners and the margin's outer limit, the target's first, and how many are its."""
    gtv = np.concatenate([hull_points(demand.gtv), thin_points(demand.gtv, spacing_mm)])
    if not len(demand.rim):
        return gtv, len(gtv)
    outline = np.concatenate([surface.points_lps, offset_points(surface, margin_mm)])
    edge = thin_points(outline, spacing_mm)
    return np.concatenate([gtv, hull_points(demand.rim), thin_points(demand.rim, spacing_mm), edge]), len(gtv)


def _has_single_cover(options: Options) -> bool:
    return options.lost_target_pct == 0.0 and bool(options.covers.all(axis=1).any())


def _is_within_one_zone(points: FloatArray, device: Device, settings: Sequence[tuple[float, float]]) -> bool:
    """Whether the largest zone could hold the points at all."""
    widest = max(device.band_at(power_w=p, time_s=t).p50.long_mm for p, t in settings)
    return bool(np.linalg.norm(points - points.mean(axis=0), axis=1).max() <= widest / 2 - SPARE_MM)


def _spread_aims(points: FloatArray, device: Device, settings: Sequence[tuple[float, float]]) -> FloatArray:
    """Centres of equal parts of the points (k-means), more of them where the largest zone is small."""
    largest = max(
        z.long_mm * z.short_mm**2 for z in (device.band_at(power_w=p, time_s=t).p50 for p, t in settings)
    )
    thin = thin_points(points, 3.0)
    zone_points = np.pi / 6 * largest / 27.0
    count = int(np.clip(np.ceil(6.0 * len(thin) / zone_points), LEAST_AIMS, MOST_AIMS))
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
    picks = sorted({0, len(settings) // 3, (2 * len(settings)) // 3, len(settings) - 1})
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
