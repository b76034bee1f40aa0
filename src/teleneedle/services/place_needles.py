"""Choose needles and applications for a target: the fewest that cover it, and what else could be done."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from teleneedle.core.devices import Device, Modality
from teleneedle.core.errors import DeviceError
from teleneedle.core.geometry import FloatArray
from teleneedle.core.image import LabelMap
from teleneedle.core.plan import Alternative, Application, Bilingual, Coverage, Needle
from teleneedle.core.progress import CancelToken, Progress, no_progress
from teleneedle.engines.coverage import (
    TargetSurface,
    expected_band,
    union_zones,
)
from teleneedle.engines.trajectories import needle_pairs
from teleneedle.services.needle_options import build_options
from teleneedle.services.placement_case import PlacementCase
from teleneedle.services.placement_words import coverage_statement

NEAR_NEEDLES_MM = 30.0
ROBUSTNESS_DRAWS = 200


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
    warnings : tuple of (zh, en)
        Needles whose hubs collide or that lie too near or too far for use together.
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
    warnings: tuple[Bilingual, ...] = ()


def place_needles(
    *,
    structures: Mapping[str, LabelMap],
    target: LabelMap,
    device: Device,
    margin_mm: float,
    needles: int | None = None,
    modality: Modality | None = None,
    targets: Mapping[str, LabelMap] | None = None,
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
    targets : mapping, optional
        The tumours that `target` unites, by name: each gets coverage figures of its own.
    seed : int
        Of the placement-error draws.

    Raises
    ------
    NoSafePathError
        If no safe path reaches the target.
    DeviceError
        If the device is not for `modality`.
    InputError
        If more punctures are asked for than there are safe paths.
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
    case = PlacementCase(
        options=options,
        device=device,
        target=target,
        liver=structures.get("liver"),
        margin_mm=margin_mm,
        seed=seed,
    )
    choice = case.choose(needles)
    if cancel is not None:
        cancel.raise_if_cancelled()
    fewest = None if needles is None else case.fewest_punctures(choice)
    applications, needle_rows, evaluation = case.describe(choice, draws=ROBUSTNESS_DRAWS)
    progress("coverage", 0.6)
    alternatives = case.alternatives(choice)
    coverage = replace(
        evaluation.coverage,
        statement=coverage_statement(
            evaluation.coverage, options, target, margin_mm, asked=needles, fewest=fewest
        ),
        per_target={
            name: expected_band(
                applications,
                target=one,
                organ=structures.get("liver"),
                body=structures.get("body"),
                margin_mm=margin_mm,
            )
            for name, one in (targets or {}).items()
        },
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
        warnings=pair_warnings(needle_rows, device),
    )


def pair_warnings(needles: Sequence[Needle], device: Device) -> tuple[Bilingual, ...]:
    """Of needles that come near each other, in the body or at their hubs."""
    pairs = needle_pairs(needles, modality=device.modality, shaft_length_mm=device.usable_length_mm)
    near = [p for p in pairs if min(p.shafts_mm, p.hubs_mm) <= NEAR_NEEDLES_MM]
    return tuple(warning for pair in near for warning in pair.warnings)
