"""Choose needles and applications for a target: the fewest that cover it, and what else could be done."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from teleneedle.core.devices import Device, Modality
from teleneedle.core.errors import DeviceError
from teleneedle.core.geometry import FloatArray
from teleneedle.core.image import LabelMap
from teleneedle.core.plan import Alternative, Application, Bilingual, Coverage, Needle, Point
from teleneedle.core.progress import CancelToken, Progress, no_progress
from teleneedle.core.units import energy_kj
from teleneedle.engines.coverage import (
    Ellipsoids,
    Evaluation,
    TargetSurface,
    evaluate_coverage,
    extract_surface,
    most_covered,
    solve_cover,
    thin_points,
    union_zones,
)
from teleneedle.engines.trajectories import describe_path
from teleneedle.services.needle_options import Options, build_options
from teleneedle.services.placement_words import approach_words, coverage_statement

SOLVE_LIMIT_S = 8.0
MOST_APPLICATIONS = 24
OTHER_SIDE_MM = 40.0
ROBUSTNESS_DRAWS = 200
VESSELS = ("portal_vein", "hepatic_veins", "artery", "vessels")


@dataclass(frozen=True, kw_only=True, eq=False)
class Choice:
    """A chosen set of candidates with the solver's gap (NaN when coverage was maximised instead)."""

    chosen: NDArray[np.int64]
    gap: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Placement:
    """Needles and applications for a target, evaluated, with alternatives.

    Parameters
    ----------
    zones : mapping
        Label maps of the union of zones for ``p10``, ``p50``, ``p90``.
    surface, margins_mm
        Target surface and the margin at each of its points, per percentile.
    why_not : tuple of (zh, en)
        What forbids the rest of the skin, in numbers.
    """

    needles: tuple[Needle, ...]
    applications: tuple[Application, ...]
    coverage: Coverage
    alternatives: tuple[Alternative, ...]
    why_not: tuple[Bilingual, ...]
    zones: Mapping[str, LabelMap]
    surface: TargetSurface
    margins_mm: Mapping[str, FloatArray]
    timings_s: Mapping[str, float]


def place_needles(
    *,
    structures: Mapping[str, LabelMap],
    target: LabelMap,
    device: Device,
    margin_mm: float,
    needles: int | None = None,
    modality: Modality | None = None,
    seed: int = 0,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Placement:
    """Cover `target` and its margin with the fewest punctures and applications.

    Parameters
    ----------
    structures : mapping
        Label maps by canonical kind, on one grid.
    target : LabelMap
        One tumour or the union of several.
    device : Device
    margin_mm : float
        Wanted margin.
    needles : int, optional
        Exact number of punctures; by default the fewest.
    modality : Modality, optional
        Must be the device's.
    seed : int
        Of the placement-error draws.

    Raises
    ------
    NoSafePathError
        If no safe path reaches the target.
    DeviceError
        If the device is not for `modality`.
    Cancelled
        If `cancel` was set.
    """
    if modality is not None and modality is not device.modality:
        raise DeviceError(f"{device.id} is not a device for {modality.value}", where=device.id)
    clock = time.monotonic()
    options = build_options(
        structures=structures,
        target=target,
        device=device,
        margin_mm=margin_mm,
        progress=progress,
        cancel=cancel,
    )
    paths_s = time.monotonic() - clock
    progress("coverage", 0.0)
    case = _Case(
        options=options,
        device=device,
        target=target,
        liver=structures.get("liver"),
        margin_mm=margin_mm,
        seed=seed,
        surface=extract_surface(target, organ=structures.get("liver"), margin_mm=margin_mm),
    )
    choice = case.choose(needles)
    if cancel is not None:
        cancel.raise_if_cancelled()
    applications, needle_rows, evaluation = case.describe(choice, draws=ROBUSTNESS_DRAWS)
    progress("coverage", 0.6)
    alternatives = case.alternatives(choice)
    coverage = replace(
        evaluation.coverage, statement=coverage_statement(evaluation.coverage, options, target, margin_mm)
    )
    progress("coverage", 1.0)
    return Placement(
        needles=needle_rows,
        applications=applications,
        coverage=coverage,
        alternatives=alternatives,
        why_not=tuple(reason.text for reason in options.search.blocked[:6]),
        zones=union_zones(applications, target),
        surface=evaluation.surface,
        margins_mm=evaluation.margins_mm,
        timings_s={"paths": paths_s, "coverage": time.monotonic() - clock - paths_s},
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Case:
    """One target with its options: chooses, describes, and finds alternatives."""

    options: Options
    device: Device
    target: LabelMap
    liver: LabelMap | None
    margin_mm: float
    seed: int
    surface: TargetSurface

    def choose(
        self, needles: int | None, *, allowed: NDArray[np.bool_] | None = None, limit_s: float = SOLVE_LIMIT_S
    ) -> Choice:
        """Exact cover with the candidates `allowed`; where a full cover is not to be had, the most covered."""
        options = self.options
        keep = np.arange(len(options.candidates)) if allowed is None else np.flatnonzero(allowed)
        covers, path = options.covers[keep], options.candidates.path[keep]
        price = options.candidates.zone_ml[keep] * (1.0 + self._path_cost(path))
        if covers.any(axis=0).all():
            if needles in (None, 1):
                single = np.flatnonzero(covers.all(axis=1))
                if len(single):
                    return Choice(chosen=keep[single[[int(np.argmin(price[single]))]]], gap=0.0)
            cover = solve_cover(covers, path, price, exact_punctures=needles, time_limit_s=limit_s)
            if cover is not None:
                return Choice(chosen=keep[cover.chosen], gap=cover.gap)
        weight = np.where(np.arange(covers.shape[1]) < options.target_points, 5.0, 1.0)
        punctures = needles or MOST_APPLICATIONS
        chosen = most_covered(
            covers, path, weight, punctures=punctures, applications=min(MOST_APPLICATIONS, 4 * punctures)
        )
        return Choice(chosen=keep[chosen], gap=float("nan"))

    def describe(
        self, choice: Choice, *, draws: int
    ) -> tuple[tuple[Application, ...], tuple[Needle, ...], Evaluation]:
        """Applications and needles of a choice, named N1, N2 … from the costliest puncture's side inwards."""
        candidates = self.options.candidates.select(choice.chosen)
        names = {int(p): f"N{n + 1}" for n, p in enumerate(dict.fromkeys(candidates.path.tolist()))}
        order = np.lexsort((-candidates.tip_depth, [int(names[int(p)][1:]) for p in candidates.path]))
        applications = tuple(self._application(candidates, int(n), names) for n in order)
        needles = tuple(self._needle(int(p), name, applications, draws) for p, name in names.items())
        evaluation = evaluate_coverage(
            applications,
            target=self.target,
            demand=self.options.demand,
            organs=self.options.organs,
            liver=self.liver,
            margin_mm=self.margin_mm,
            optimality_gap=choice.gap,
            surface=self.surface,
        )
        return applications, needles, evaluation

    def alternatives(self, chosen: Choice) -> tuple[Alternative, ...]:
        """Up to two other plans: fewer punctures or smaller zones, and another way in."""
        options = self.options
        used = options.candidates.select(chosen.chosen)
        entries = np.array([options.paths[p].entry_lps for p in np.unique(used.path)])
        own = np.array([options.paths[p].entry_lps for p in options.candidates.path])
        apart = np.linalg.norm(own[:, None] - entries[None], axis=2).min(axis=1) >= OTHER_SIDE_MM
        several = len(np.unique(used.path)) > 1
        smaller = options.candidates.half_short < 0.8 * used.half_short.max()
        tries: list[tuple[str, int | None, NDArray[np.bool_] | None]] = [
            ("single", 1, None) if several else ("smaller", None, smaller),
            ("other", None, apart),
        ]
        found: list[Alternative] = []
        for kind, needles, allowed in tries:
            if allowed is not None and not allowed.any():
                continue
            choice = self.choose(needles, allowed=allowed, limit_s=SOLVE_LIMIT_S / 4)
            if not len(choice.chosen) or set(choice.chosen.tolist()) == set(chosen.chosen.tolist()):
                continue
            found.append(self._alternative(kind, "BC"[len(found)], choice))
        return tuple(found)

    def _alternative(self, kind: str, label: str, choice: Choice) -> Alternative:
        applications, needles, evaluation = self.describe(choice, draws=0)
        title, why = approach_words(kind, evaluation.coverage, self.margin_mm)
        near = [c.min_distance_mm for n in needles for c in n.clearances if c.structure in VESSELS]
        return Alternative(
            label=label,
            title=title,
            punctures=len(needles),
            applications=applications,
            needles=needles,
            coverage=evaluation.coverage,
            nearest_vessel_mm=min(near) if near else None,
            total_time_s=sum(a.time_s for a in applications),
            why=why,
        )

    def _path_cost(self, path: NDArray[np.int64]) -> FloatArray:
        return np.array([self.options.paths[p].cost for p in path], dtype=np.float64)

    def _application(self, candidates: object, n: int, names: Mapping[int, str]) -> Application:
        chosen = self.options.candidates.__class__
        assert isinstance(candidates, chosen)
        path = self.options.paths[int(candidates.path[n])]
        power_w, time_s = candidates.settings[int(candidates.setting[n])]
        tip = np.array(path.entry_lps) + candidates.tip_depth[n] * np.array(path.direction)
        return Application(
            needle=names[int(candidates.path[n])],
            centre_lps=_point(candidates.centres[n]),
            axis=path.direction,
            power_w=power_w,
            time_s=time_s,
            energy_kj=float(energy_kj(power_w, time_s)),
            zone=self.device.band_at(power_w=power_w, time_s=time_s),
            tip_lps=_point(tip),
        )

    def _needle(self, path_index: int, name: str, applications: Sequence[Application], draws: int) -> Needle:
        path = self.options.paths[path_index]
        entry = np.array(path.entry_lps)
        own = [a for a in applications if a.needle == name]
        depth = max(float(np.linalg.norm(np.array(a.tip_lps) - entry)) for a in own)
        return describe_path(
            self.options.scene,
            path,
            self.options.rules,
            needle_id=name,
            tip_depth_mm=min(depth, path.safe_depth_mm),
            gauge=self.device.gauge,
            robustness_draws=draws,
            seed=self.seed,
            covers=self._covers(name, applications, depth),
        )

    def _covers(self, name: str, applications: Sequence[Application], depth_mm: float):  # type: ignore[no-untyped-def]
        """Whether the target stays covered when this needle lands at another tip and direction."""
        points = thin_points(self.options.demand.gtv, 3.0)
        others = Ellipsoids.planned([a for a in applications if a.needle != name], "p50")
        open_points = points[~others.contain(points)] if len(others) else points
        own = [a for a in applications if a.needle == name]
        entry = np.array(self._entry_of(own[0], depth_mm, applications))
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

    def _entry_of(self, own: Application, depth_mm: float, applications: Sequence[Application]) -> FloatArray:
        deepest = max(
            (a for a in applications if a.needle == own.needle),
            key=lambda a: float(np.dot(a.tip_lps, a.axis)),
        )
        return np.asarray(np.array(deepest.tip_lps) - depth_mm * np.array(deepest.axis))


def _point(values: FloatArray) -> Point:
    return (float(values[0]), float(values[1]), float(values[2]))
