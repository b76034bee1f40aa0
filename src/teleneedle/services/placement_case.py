"""Choose among the options for one target, describe the choice, and find alternatives to it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label
from scipy.spatial import cKDTree

from teleneedle.core.devices import Device
from teleneedle.core.errors import InputError
from teleneedle.core.geometry import FloatArray
from teleneedle.core.image import LabelMap
from teleneedle.core.plan import Alternative, Application, Needle, Point
from teleneedle.core.units import energy_kj
from teleneedle.engines.coverage import (
    Candidates,
    Evaluation,
    evaluate_coverage,
    most_covered,
    solve_cover,
)
from teleneedle.engines.trajectories import describe_path
from teleneedle.engines.trajectories.robustness import placement_outcome, safe_shares
from teleneedle.services.displaced_zones import covers_when_displaced
from teleneedle.services.needle_options import Options
from teleneedle.services.placement_words import approach_words

FULL_ROUNDS, OTHER_ROUNDS = 6, 2
MISSED_SAMPLE = 1000
MOST_APPLICATIONS = 24
OTHER_SIDE_MM = 40.0
PART_SHARE = 0.02
"""A separate part of the target is covered on its own when it has this share of the voxels."""
ROBUST_FINALISTS, ROBUST_SCREEN_DRAWS = 8, 40
ROBUST_WEIGHT = 1.5
"""How much safe and covering draws weigh against volume and path cost among zones that all suffice."""
ENOUGH_SAFE = 0.8
"""Share of displaced needles that should stay safe; below it a path loses threefold."""
VESSELS = ("portal_vein", "hepatic_veins", "artery", "vessels")


@dataclass(frozen=True, kw_only=True, eq=False)
class Choice:
    """A chosen set of candidates with the solver's gap (NaN when coverage was maximised instead)."""

    chosen: NDArray[np.int64]
    gap: float


@dataclass(frozen=True, kw_only=True, eq=False)
class PlacementCase:
    """One target with its options: chooses, describes, and finds alternatives."""

    options: Options
    device: Device
    target: LabelMap
    liver: LabelMap | None
    margin_mm: float
    seed: int

    def choose(
        self, needles: int | None, *, allowed: NDArray[np.bool_] | None = None, rounds: int = FULL_ROUNDS
    ) -> Choice:
        """One zone if one will do, else an exact cover; where no cover is to be had, the most covered.

        A cover is checked against every voxel; what the thinned points missed enters and it is solved anew.

        Raises
        ------
        InputError
            If there are fewer safe paths than `needles`.
        """
        candidates, options = self.options.candidates, self.options
        keep = np.arange(len(candidates)) if allowed is None else np.flatnonzero(allowed)
        self._require_paths(needles, keep)
        covers = options.covers if allowed is None else options.covers[keep]
        alone = keep[covers.all(axis=1)] if needles in (None, 1) else keep[:0]
        if len(alone):
            return Choice(chosen=self._most_robust(alone), gap=0.0)
        places = np.flatnonzero(np.isin(keep, candidates.largest_in_place(keep)))
        path, price = candidates.path[keep[places]], self._price(keep[places])
        coverable = np.asarray(covers[places].any(axis=0))
        points = options.points[coverable]
        covers = covers if coverable.all() else covers[:, coverable]
        if np.count_nonzero(coverable[: options.target_points]) < 0.999 * options.target_points:
            return self._most(needles, keep[places])
        choice: Choice | None = None
        proved = 1
        for _ in range(rounds):
            parts = None if needles else self._parts_of(points)
            found = solve_cover(covers[places], path, price, punctures=needles, parts=parts, at_least=proved)
            if found is None:
                break
            proved = found.fewest_punctures if needles is None else 1
            choice = Choice(chosen=keep[self._shrunk(places[found.chosen], covers, keep)], gap=found.gap)
            missed = self._missed(keep[places], choice.chosen)
            if not len(missed):
                break
            points = np.concatenate([points, missed])
            covers = np.concatenate([covers, candidates.select(keep).covering(missed)], axis=1)
        return choice or self._most(needles, keep[places])

    def fewest_punctures(self, asked: Choice) -> int | None:
        """How many punctures would do, when those asked for do not cover; None where no number does."""
        if not math.isnan(asked.gap):
            return len(np.unique(self.options.candidates.path[asked.chosen]))
        free = self.choose(None)
        return None if math.isnan(free.gap) else len(np.unique(self.options.candidates.path[free.chosen]))

    def _require_paths(self, needles: int | None, keep: NDArray[np.int64]) -> None:
        paths = len(np.unique(self.options.candidates.path[keep]))
        if needles is not None and needles > max(paths, 1):
            raise InputError(
                f"{needles} needles were asked for, and only {paths} safe paths reach the target",
                where="needles",
                remedy=f"ask for at most {paths}, or leave the number out",
            )

    @cached_property
    def _part_tree(self) -> tuple[cKDTree, NDArray[np.int64]] | None:
        """Voxels of the target's separate parts with the number of each; None when it is in one piece."""
        window = self.target.bounding_slices()
        labels, _ = label(self.target.array[window], np.ones((3, 3, 3)))
        sizes = np.bincount(labels.ravel())[1:]
        large = np.flatnonzero(sizes >= PART_SHARE * sizes.sum()) + 1
        if len(large) < 2:
            return None
        index = np.argwhere(np.isin(labels, large))
        start = np.array([w.start for w in window])
        own = labels[tuple(index.T)]
        return cKDTree(self.target.grid.index_to_lps((index + start)[:, ::-1])), own

    def _parts_of(self, points: FloatArray) -> NDArray[np.int64] | None:
        """(M,) the part of the target each point lies nearest to."""
        if self._part_tree is None:
            return None
        tree, own = self._part_tree
        return np.asarray(own[tree.query(points, workers=-1)[1]])

    @cached_property
    def _safe_share(self) -> FloatArray:
        """(P,) share of displaced needles that stay safe, at each path's deepest candidate."""
        candidates, paths = self.options.candidates, self.options.paths
        depth = np.array([p.aim_depth_mm for p in paths])
        np.maximum.at(depth, candidates.path, candidates.tip_depth)
        return safe_shares(
            self.options.scene,
            paths,
            depth,
            rules=self.options.rules,
            draws=ROBUST_SCREEN_DRAWS,
            seed=self.seed,
        )

    def _most(self, needles: int | None, places: NDArray[np.int64]) -> Choice:
        """The most covered by the punctures allowed, a point of the target worth five of the margin."""
        covers = self.options.covers[places]
        weight = np.where(np.arange(covers.shape[1]) < self.options.target_points, 5.0, 1.0)
        punctures = needles or MOST_APPLICATIONS
        most = min(MOST_APPLICATIONS, 4 * punctures)
        path = self.options.candidates.path[places]
        chosen = most_covered(covers, path, weight, punctures=punctures, applications=most)
        return Choice(chosen=places[chosen], gap=float("nan"))

    def _missed(self, keep: NDArray[np.int64], chosen: NDArray[np.int64]) -> FloatArray:
        """Voxels of target and margin, at full resolution, that could be covered and are not."""
        candidates, demand = self.options.candidates, self.options.demand
        points = demand.points if self.options.organ_share >= 0.0 else demand.gtv
        points = np.concatenate([points, self.options.surface.points_lps])
        open_points = points[~candidates.select(chosen).covering(points).any(axis=0)]
        sample = open_points[:: max(1, len(open_points) // MISSED_SAMPLE)]
        return np.asarray(sample[candidates.select(keep).covering(sample).any(axis=0)])

    def _price(self, rows: NDArray[np.int64]) -> FloatArray:
        """Tie-break: ablated volume, dearer on a lower-ranked path and where a displaced needle is unsafe."""
        candidates = self.options.candidates
        cost = np.array([self.options.paths[p].cost for p in candidates.path[rows]])
        lacking = np.maximum(ENOUGH_SAFE - self._safe_share[candidates.path[rows]], 0.0)
        return np.asarray(candidates.zone_ml[rows] * (1.0 + cost + ROBUST_WEIGHT * lacking))

    def _most_robust(self, alone: NDArray[np.int64]) -> NDArray[np.int64]:
        """Of zones that each cover all: the cheapest of every path, then what bears displacement best."""
        order = alone[np.argsort(self._price(alone), kind="stable")]
        paths, first = np.unique(self.options.candidates.path[order], return_index=True)
        cheapest = order[first]
        prices = self._price(cheapest) / self._price(cheapest).max()
        screened = prices - ROBUST_WEIGHT * _worth(self._safe_share[paths], 1.0)
        finalists = np.argsort(screened, kind="stable")[:ROBUST_FINALISTS]
        scores = [prices[n] - ROBUST_WEIGHT * self._bearing(int(cheapest[n])) for n in finalists]
        return np.asarray(cheapest[[int(finalists[int(np.argmin(scores))])]])

    def _bearing(self, row: int) -> float:
        """How well one application bears displacement: safe and covering share of a few draws, 0 to 1."""
        candidates = self.options.candidates.select(np.array([row]))
        path, depth = self.options.paths[int(candidates.path[0])], float(candidates.tip_depth[0])
        name = "N1"
        alone = (self._application(candidates, 0, {int(candidates.path[0]): name}),)
        outcome = placement_outcome(
            self.options.scene,
            np.array(path.entry_lps),
            np.array(path.direction),
            target_mm=path.aim_depth_mm,
            depth_mm=depth,
            rules=self.options.rules,
            draws=ROBUST_SCREEN_DRAWS,
            seed=self.seed,
            covers=self._covers(name, alone, np.array(path.entry_lps), depth),
        )
        return float(_worth(outcome.robustness.safe_pct / 100.0, outcome.robustness.covered_pct / 100.0))

    def _shrunk(
        self, chosen: NDArray[np.int64], covers: NDArray[np.bool_], keep: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Rows of `keep`: each application at the smallest setting in its place that leaves all covered."""
        candidates = self.options.candidates.select(keep)
        current = [int(c) for c in chosen]
        for n, row in enumerate(current):
            same = np.flatnonzero(
                (candidates.path == candidates.path[row])
                & (np.abs(candidates.tip_depth - candidates.tip_depth[row]) < 1e-3)
            )
            others = covers[[c for m, c in enumerate(current) if m != n]].any(axis=0)
            fitting = [int(c) for c in same if (others | covers[c]).all()]
            current[n] = min(fitting, key=lambda c: float(candidates.zone_ml[c]), default=row)
        return np.array(current, dtype=np.int64)

    def describe(
        self, choice: Choice, *, draws: int
    ) -> tuple[tuple[Application, ...], tuple[Needle, ...], Evaluation]:
        """Applications and needles of a choice, and how well they cover."""
        applications, needles = self._parts(choice.chosen, draws=draws)
        evaluation = evaluate_coverage(
            applications,
            target=self.target,
            demand=self.options.demand,
            organs=self.options.organs,
            liver=self.liver,
            margin_mm=self.margin_mm,
            optimality_gap=choice.gap,
            surface=self.options.surface,
        )
        return applications, needles, evaluation

    def _parts(
        self, chosen: NDArray[np.int64], *, draws: int
    ) -> tuple[tuple[Application, ...], tuple[Needle, ...]]:
        """Applications, deepest first along each needle, and needles named N1, N2, and so on."""
        candidates = self.options.candidates.select(chosen)
        names = {int(p): f"N{n + 1}" for n, p in enumerate(np.unique(candidates.path))}
        order = np.lexsort((-candidates.tip_depth, candidates.path))
        applications = tuple(self._application(candidates, int(n), names) for n in order)
        needles = tuple(self._needle(p, name, applications, draws) for p, name in names.items())
        return applications, needles

    def alternatives(self, chosen: Choice) -> tuple[Alternative, ...]:
        """Up to two other plans: fewer punctures or smaller zones, and another way in."""
        options = self.options
        used = options.candidates.select(chosen.chosen)
        entries = np.array([options.paths[p].entry_lps for p in np.unique(used.path)])
        own = np.array([options.paths[p].entry_lps for p in options.candidates.path])
        apart = np.linalg.norm(own[:, None] - entries[None], axis=2).min(axis=1) >= OTHER_SIDE_MM
        tries: list[tuple[str, int | None, NDArray[np.bool_]]] = [
            ("other", None, apart),
            ("robust", 1, self._covers_when_small()),
        ]
        if len(entries) > 1:
            tries.insert(0, ("single", 1, np.ones(len(own), dtype=np.bool_)))
        found: list[Alternative] = []
        for kind, needles, allowed in tries:
            if len(found) == 2 or not allowed.any():
                continue
            choice = self.choose(needles, allowed=allowed, rounds=OTHER_ROUNDS)
            if len(choice.chosen) and set(choice.chosen.tolist()) != set(chosen.chosen.tolist()):
                other = self._alternative(kind, "BC"[len(found)], choice)
                if kind == "single" or other.coverage.p50.target_pct > 99.9:
                    found.append(other)
        return tuple(found)

    def _covers_when_small(self) -> NDArray[np.bool_]:
        """(C,) candidates that cover everything alone even when the zone turns out small (P10)."""
        candidates = self.options.candidates
        bands = [self.device.band_at(power_w=p, time_s=t) for p, t in candidates.settings]
        share = np.array([band.p10.short_mm / band.p50.short_mm for band in bands])[candidates.setting]
        return np.asarray(candidates.covering(self.options.points, share=share).all(axis=1))

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

    def _application(self, candidates: Candidates, n: int, names: Mapping[int, str]) -> Application:
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
            covers=self._covers(name, applications, entry, depth),
        )

    def _covers(
        self, name: str, applications: Sequence[Application], entry: FloatArray, depth_mm: float
    ) -> Callable[[FloatArray, FloatArray], bool]:
        """Whether the target stays covered when this needle lands at another tip and direction."""
        return covers_when_displaced(name, applications, entry, depth_mm, self.options.demand.gtv)


def _worth(safe: FloatArray | float, covered: float) -> FloatArray:
    """Worth of the shares of draws that stay safe and cover; below `ENOUGH_SAFE` safety counts thrice."""
    return np.asarray((safe + 2.0 * np.minimum(np.asarray(safe) - ENOUGH_SAFE, 0.0) + 0.5 * covered) / 1.5)


def _point(values: FloatArray) -> Point:
    return (float(values[0]), float(values[1]), float(values[2]))
