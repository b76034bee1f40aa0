"""Figures of a set of applications (coverage, margin, tissue, organs) for small, expected and large zones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from teleneedle.core.geometry import FloatArray
from teleneedle.core.image import LabelMap
from teleneedle.core.plan import Application, Coverage, CoverageBand, OrganDistance
from teleneedle.engines.coverage.demand import Demand, Organ, build_demand
from teleneedle.engines.coverage.ellipsoids import PERCENTILES, Ellipsoids
from teleneedle.engines.coverage.margin import TargetSurface, extract_surface, surface_margins_mm


@dataclass(frozen=True, kw_only=True, eq=False)
class Evaluation:
    """Coverage with what the pictures need.

    Parameters
    ----------
    coverage : Coverage
    surface : TargetSurface
        Points of the target's surface.
    margins_mm : mapping
        (N,) margin at each surface point for ``p10``, ``p50`` and ``p90``.
    """

    coverage: Coverage
    surface: TargetSurface
    margins_mm: Mapping[str, FloatArray]


def evaluate_coverage(
    applications: Sequence[Application],
    *,
    target: LabelMap,
    demand: Demand,
    organs: Sequence[Organ],
    liver: LabelMap | None,
    margin_mm: float,
    optimality_gap: float,
    surface: TargetSurface | None = None,
) -> Evaluation:
    """Evaluate planned zones.

    Parameters
    ----------
    applications : sequence of Application
    target : LabelMap
    demand : Demand
        Target and margin voxels, from `build_demand`.
    organs : sequence of Organ
    liver : LabelMap, optional
        Healthy tissue is counted inside it; without it everything ablated outside the target counts.
    margin_mm : float
        Wanted margin; surface below it is reported.
    optimality_gap : float
        From the solver.
    surface : TargetSurface, optional
        Reused when several sets are evaluated for one target.
    """
    outline = surface or extract_surface(target, organ=liver, margin_mm=margin_mm)
    bands: dict[str, CoverageBand] = {}
    margins: dict[str, FloatArray] = {}
    for percentile in PERCENTILES:
        zones = Ellipsoids.planned(applications, percentile)
        margins[percentile] = surface_margins_mm(outline, zones)
        bands[percentile] = _band(zones, margins[percentile], outline, target, demand, liver, margin_mm)
    thinnest = outline.points_lps[int(np.argmin(margins["p50"]))]
    coverage = Coverage(
        p10=bands["p10"],
        p50=bands["p50"],
        p90=bands["p90"],
        punctures=len({a.needle for a in applications}),
        applications=len(applications),
        optimality_gap=optimality_gap,
        thinnest_lps=(float(thinnest[0]), float(thinnest[1]), float(thinnest[2])),
        organs=tuple(_organ_distance(organ, applications) for organ in organs),
    )
    return Evaluation(coverage=coverage, surface=outline, margins_mm=margins)


def expected_band(
    applications: Sequence[Application],
    *,
    target: LabelMap,
    organ: LabelMap | None,
    body: LabelMap | None,
    margin_mm: float,
) -> CoverageBand:
    """Coverage of one target of several by the expected (P50) zones of the whole plan."""
    zones = Ellipsoids.planned(applications, "p50")
    surface = extract_surface(target, organ=organ, margin_mm=margin_mm)
    demand = build_demand(target, organ=organ, body=body, margin_mm=margin_mm)
    return _band(zones, surface_margins_mm(surface, zones), surface, target, demand, organ, margin_mm)


def union_zones(applications: Sequence[Application], target: LabelMap) -> dict[str, LabelMap]:
    """Zone label maps on the target's grid for each percentile."""
    return {p: Ellipsoids.planned(applications, p).rasterise(target.grid) for p in PERCENTILES}


def _band(
    zones: Ellipsoids,
    margins: FloatArray,
    surface: TargetSurface,
    target: LabelMap,
    demand: Demand,
    liver: LabelMap | None,
    margin_mm: float,
) -> CoverageBand:
    in_target = zones.contain(demand.gtv)
    in_rim = zones.contain(demand.rim) if len(demand.rim) else np.zeros(0, dtype=np.bool_)
    total = len(demand.gtv) + len(demand.rim)
    window, raster = zones.rasterise_window(target.grid)
    healthy = raster & ~target.array[window]
    if liver is not None:
        healthy &= liver.array[window]
    voxel_ml = target.grid.voxel_volume_mm3 / 1000.0
    return CoverageBand(
        target_pct=float(100.0 * np.count_nonzero(in_target) / len(demand.gtv)),
        ptv_pct=float(100.0 * (np.count_nonzero(in_target) + np.count_nonzero(in_rim)) / total),
        min_margin_mm=float(margins.min()),
        mean_margin_mm=float((margins * surface.shares).sum()),
        surface_below_margin_pct=float(min(100.0, 100.0 * surface.shares[margins < margin_mm].sum())),
        healthy_tissue_ml=float(np.count_nonzero(healthy) * voxel_ml),
        zone_ml=float(np.count_nonzero(raster) * voxel_ml),
    )


def _organ_distance(organ: Organ, applications: Sequence[Application]) -> OrganDistance:
    """Least distance from the zone's edge to the organ; negative where the zone reaches into it."""
    distance = {}
    for percentile in ("p50", "p90"):
        zones = Ellipsoids.planned(applications, percentile)
        distance[percentile] = float(-zones.depths_mm(organ.points).max())
    return OrganDistance(
        structure=organ.kind,
        p50_mm=distance["p50"],
        p90_mm=distance["p90"],
        required_mm=organ.required_mm,
    )
