"""All safe straight paths from the skin to each aim, the Pareto set first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from teleneedle.core.errors import InputError, NoSafePathError
from teleneedle.core.geometry import FloatArray
from teleneedle.core.paths import CandidatePath
from teleneedle.core.progress import CancelToken
from teleneedle.engines.trajectories import distances, marching
from teleneedle.engines.trajectories.blocked import BlockedReason, blocked_reasons, no_path_error
from teleneedle.engines.trajectories.clearance import as_point
from teleneedle.engines.trajectories.constraints import PathRules
from teleneedle.engines.trajectories.pareto import pareto_mask, spread_choice
from teleneedle.engines.trajectories.rays import (
    LIVER_GAP_MM,
    STEP_MM,
    RaySet,
    breaks_limit,
    cast_rays,
    in_chunks,
    surface_angles_deg,
)
from teleneedle.engines.trajectories.scene import PathScene

DIRECTION_SPACING_DEG = 1.5
APART_DEG = 6.0
FINE_STEP_MM = 0.25


@dataclass(frozen=True, kw_only=True)
class PathSearch:
    """What a search found.

    Parameters
    ----------
    paths : tuple of CandidatePath
        Every one satisfies every hard rule; ranked by cost, cheapest first.
    is_pareto : tuple of bool
        For each path: no other path of its aim in `paths` is as good in every term and better in one.
    tried : int
        Directions followed from all aims together, all around each.
    blocked : tuple of BlockedReason
        What forbids the rest, most restrictive first.
    missing : tuple of str
        Structures with a hard rule of which nothing is known.
    """

    paths: tuple[CandidatePath, ...]
    is_pareto: tuple[bool, ...]
    tried: int
    blocked: tuple[BlockedReason, ...]
    missing: tuple[str, ...]


def search_paths(
    scene: PathScene,
    aims_lps: ArrayLike,
    rules: PathRules,
    *,
    keep: int = 64,
    spacing_deg: float = DIRECTION_SPACING_DEG,
    cancel: CancelToken | None = None,
) -> PathSearch:
    """Search all of the skin for straight paths to each aim.

    From each aim a line is followed in every direction (about `spacing_deg` apart) to the skin. Coarse
    distance fields sort the lines; those that may be safe are then checked exactly, at the full resolution of
    the masks, and only those that pass enter the result. Hard rules are exact; the soft term ``clearance``,
    which only ranks, is read from the coarse fields. When nothing passes, every line that could possibly be
    safe is checked, so an empty result is no artefact of the coarse grid.

    Parameters
    ----------
    scene : PathScene
        Built with the same clearances and needle.
    aims_lps : (N, 3) float64, LPS mm
        Points the needle must reach.
    rules : PathRules
        Limits in force.
    keep : int
        Paths kept per aim: members of the Pareto set and others spread over the skin.
    spacing_deg : float
        Angle between neighbouring directions.
    cancel : CancelToken, optional
        Checked between aims.

    Raises
    ------
    InputError
        If the scene was built with other clearances, or an aim lies outside the body.
    """
    if rules.clearances != scene.rules.clearances or rules.gauge != scene.rules.gauge:
        raise InputError(
            "the scene was built with other clearances or another needle", remedy="build it again"
        )
    aims = np.asarray(aims_lps, dtype=np.float64).reshape(-1, 3)
    _require_inside(scene, aims)
    paths: list[CandidatePath] = []
    flags: list[bool] = []
    rays: list[RaySet] = []
    for aim in aims:
        if cancel is not None:
            cancel.raise_if_cancelled()
        rays.append(cast_rays(scene, aim, rules, spacing_deg))
        found, pareto = _paths_of(scene, rays[-1], rules, keep)
        paths += found
        flags += pareto
    order = sorted(range(len(paths)), key=lambda n: paths[n].cost)
    return PathSearch(
        paths=tuple(paths[n] for n in order),
        is_pareto=tuple(flags[n] for n in order),
        tried=sum(len(r.outward) for r in rays),
        blocked=blocked_reasons(rays, rules),
        missing=scene.missing,
    )


def explain_no_path(search: PathSearch) -> NoSafePathError:
    """The error to raise when a search is empty; its details list every rule in both languages."""
    return no_path_error(search.blocked, search.missing)


def _require_inside(scene: PathScene, aims: FloatArray) -> None:
    if not np.isfinite(aims).all():
        raise InputError("an aim is not a number", where=f"{aims.tolist()}")
    index = np.rint(scene.grid.lps_to_index(aims)).astype(np.int64)
    for aim, (i, j, k) in zip(aims, index, strict=True):
        inside = (
            (0 <= i < scene.body.shape[2])
            and (0 <= j < scene.body.shape[1])
            and (0 <= k < scene.body.shape[0])
        )
        if not inside or scene.body[k, j, i] == 0:
            raise InputError("an aim lies outside the body", where=f"LPS {np.round(aim, 1).tolist()} mm")


def _paths_of(
    scene: PathScene, rays: RaySet, rules: PathRules, keep: int
) -> tuple[list[CandidatePath], list[bool]]:
    """Candidates by the estimates, then the exact check; once more with all doubt given to the estimates."""
    structural = [n for n, name in enumerate(rays.names) if name in {o.kind for o in scene.obstacles}]
    others = np.delete(rays.broken, structural, axis=1)
    allowed = ~others.any(axis=1)
    for slack in (scene.coarse.error_mm / 4, scene.coarse.error_mm + STEP_MM):
        rows = np.flatnonzero(allowed & (rays.margin_mm >= -slack))
        checked = _check_exactly(scene, rays, rows, rules)
        if len(checked.rows):
            return _choose(scene, rays, checked, rules, keep)
    return [], []


@dataclass(frozen=True, kw_only=True, eq=False)
class _Checked:
    """Rays that passed the exact check, with exact depths (mm) and quantities."""

    rows: NDArray[np.int64]
    depth_mm: FloatArray
    quantities: dict[str, FloatArray]


def _check_exactly(scene: PathScene, rays: RaySet, rows: NDArray[np.int64], rules: PathRules) -> _Checked:
    """Skin, clearances from skin to aim, healthy liver and capsule angle at full resolution."""
    outward = np.ascontiguousarray(rays.outward[rows])
    depth = rays.depth_mm[rows].copy()
    safe, walk = np.zeros(len(rows)), np.zeros((len(rows), 4))

    def check(part: slice) -> None:
        marching.refine_exit(
            rays.aim, outward[part], scene.frame.origin, scene.frame.inverse, scene.body, STEP_MM, depth[part]
        )
        entry = rays.aim + depth[part, None] * outward[part]
        _safe_depths(scene, entry, -outward[part], depth[part], safe[part], is_all_or_nothing=True)
        _walk(scene, entry, -outward[part], depth[part], 0.0, walk[part])

    in_chunks(len(rows), check)
    quantities = {name: values[rows] for name, values in rays.quantities.items()} | {"length_mm": depth}
    quantities["skin_angle_deg"] = surface_angles_deg(scene, rays.aim, outward, depth, scene.body)
    if scene.has_organ:
        quantities["healthy_liver_mm"] = np.maximum(walk[:, 0] - FINE_STEP_MM, 0.0)
        capsule = np.where(walk[:, 1] >= 0, depth - walk[:, 1], -1.0)
        quantities["capsule_angle_deg"] = surface_angles_deg(scene, rays.aim, outward, capsule, scene.organ)
    good = (safe >= depth) & (walk[:, 3] >= depth)
    for rule in rules.limits:
        if rule.name in quantities:
            good &= ~breaks_limit(quantities[rule.name], rule.hard_low, rule.hard_high)
    return _Checked(
        rows=rows[good],
        depth_mm=depth[good],
        quantities={name: values[good] for name, values in quantities.items()},
    )


def _safe_depths(
    scene: PathScene,
    entries: FloatArray,
    inward: FloatArray,
    lengths_mm: FloatArray,
    out: FloatArray,
    *,
    is_all_or_nothing: bool,
) -> None:
    frame = scene.frame
    distances.safe_depths(
        entries, inward, lengths_mm, scene.labels, scene.need_mm, frame.origin, frame.matrix, frame.inverse,
        frame.turn, frame.half_mm, is_all_or_nothing, out,
    )  # fmt: skip


def _walk(
    scene: PathScene,
    entries: FloatArray,
    inward: FloatArray,
    aims_mm: FloatArray,
    length_mm: float,
    out: FloatArray,
) -> None:
    marching.walk_all(
        entries, inward, aims_mm, length_mm, scene.frame.origin, scene.frame.inverse, scene.body,
        scene.target, scene.organ, scene.has_organ, LIVER_GAP_MM, FINE_STEP_MM, out,
    )  # fmt: skip


def _deepest_tips(
    scene: PathScene, entries: FloatArray, inward: FloatArray, depth_mm: FloatArray, rules: PathRules
) -> FloatArray:
    """(N,) deepest safe tip, mm: within clearances, needle length, body, and the organ if there is one."""
    longest = rules.limit("length_mm").hard_high or 250.0
    safe, walk = np.zeros(len(entries)), np.zeros((len(entries), 4))

    def measure(part: slice) -> None:
        lengths = np.full(part.stop - part.start, longest)
        _safe_depths(scene, entries[part], inward[part], lengths, safe[part], is_all_or_nothing=False)
        _walk(scene, entries[part], inward[part], depth_mm[part], longest, walk[part])

    in_chunks(len(entries), measure)
    return np.minimum(safe, walk[:, 3])


def _choose(
    scene: PathScene, rays: RaySet, checked: _Checked, rules: PathRules, keep: int
) -> tuple[list[CandidatePath], list[bool]]:
    """The Pareto set first, spread out, then others spread over the skin."""
    terms = {"clearance": rays.soft[checked.rows]} | soft_terms(checked.quantities, rules)
    matrix = np.stack(list(terms.values()), axis=1)
    cost = matrix @ _weights(terms, rules)
    outward = rays.outward[checked.rows]
    best = pareto_mask(matrix)
    inside, outside = np.flatnonzero(best), np.flatnonzero(~best)
    first = inside[spread_choice(cost[inside], outward[inside], keep * 3 // 4, apart_deg=APART_DEG)]
    rest = outside[spread_choice(cost[outside], outward[outside], keep - len(first), apart_deg=APART_DEG)]
    chosen = np.concatenate([first, rest])
    entries = rays.aim + checked.depth_mm[chosen, None] * outward[chosen]
    inward = -outward[chosen]
    deepest = _deepest_tips(scene, entries, inward, checked.depth_mm[chosen], rules)
    paths = [
        CandidatePath(
            entry_lps=as_point(entries[m]),
            direction=as_point(inward[m]),
            aim_lps=as_point(rays.aim),
            aim_depth_mm=float(checked.depth_mm[n]),
            safe_depth_mm=float(deepest[m]),
            terms={name: float(value) for name, value in zip(terms, matrix[n], strict=True)},
            cost=float(cost[n]),
        )
        for m, n in enumerate(chosen)
    ]
    return paths, [bool(best[n]) for n in chosen]


def soft_terms(quantities: dict[str, FloatArray], rules: PathRules) -> dict[str, FloatArray]:
    """Each limited quantity as a penalty from 0 (ideal) to 1 (poor)."""
    terms = {}
    for rule in rules.limits:
        if rule.name in quantities:
            scaled = (quantities[rule.name] - rule.ideal) / (rule.poor - rule.ideal)
            terms[rule.name] = np.clip(np.nan_to_num(scaled, nan=1.0), 0.0, 1.0)
    return terms


def _weights(terms: dict[str, FloatArray], rules: PathRules) -> FloatArray:
    return np.array([rules.clearance_weight if n == "clearance" else rules.limit(n).weight for n in terms])
