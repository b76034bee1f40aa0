"""Which slices of an arriving series make a volume already: coarse, evenly spaced, from end to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teleneedle.adapters.link.rebuild import Held
from teleneedle.adapters.link.wire_manifest import LAYERS, Entry
from teleneedle.adapters.link.wire_parts import EIGHTH, QUARTER
from teleneedle.apps.hub.link.announced_facts import position_along
from teleneedle.apps.hub.link.arriving_series import ArrivingSeries, Kept
from teleneedle.apps.hub.link.slices import geometry, stacked

FEWEST = 32
"""Slices of a volume; a localizer or a single breath-hold slab has no organs to be found."""
MOST_APART_MM = 5.0
"""Slices may be left out, up to a spacing that liver and kidneys are still told apart in."""
UNEVEN = 0.1
"""Part of the spacing by which slices may be off their place."""
Slice = tuple[Entry, Kept]


@dataclass(frozen=True, kw_only=True)
class EarlySlices:
    """Slices from feet to head.

    Parameters
    ----------
    held : sequence of Held
        Where the layers of each lie, no more of them than a quarter picture takes.
    affine : list of float
        ``(i, j, k, 1)`` → LPS mm, row-major, of the whole pictures.
    """

    held: Sequence[Held]
    affine: list[float]


@dataclass(frozen=True, kw_only=True)
class Stack:
    """The instances of a series in their order along it, found once and looked through often.

    Parameters
    ----------
    kept : tuple of Kept
        From feet to head; empty where they are no stack of even slices.
    spacing_mm : float
        Between neighbours.
    known : int
        Instances of the series when this was found.
    """

    kept: tuple[Kept, ...] = ()
    spacing_mm: float = 0.0
    known: int = 0


NO_STACK = Stack()


def stack_of(series: ArrivingSeries, before: Stack = NO_STACK) -> Stack:
    """The stack of a series; `before` again while nothing more was announced."""
    if before.known == len(series.kept):
        return before
    slices = stacked(series)
    spacing_mm = _spacing_mm(slices) if len(slices) == len(series.kept) else None
    if spacing_mm is None:
        return Stack(known=len(series.kept))
    return Stack(kept=tuple(kept for _, kept in slices), spacing_mm=spacing_mm, known=len(series.kept))


def early_slices(series: ArrivingSeries, stack: Stack) -> EarlySlices | None:
    """The slices of a series whose sender has said what there is; None until they make a volume.

    Of slices that come whole, every second to fifth will do: the fewest are left out with which no two
    neighbours are further apart than `MOST_APART_MM`.
    """
    if not stack.kept or not series.listed or not series.is_all_listed() or series.journal is None:
        return None
    ready = np.array([_is_there(series, kept) for kept in stack.kept])
    start, step = _even_choice(ready, most=max(1, int(MOST_APART_MM / stack.spacing_mm)))
    chosen = stack.kept[start::step] if step else ()
    named = [(kept.entry, kept) for kept in chosen if kept.entry is not None]
    where = geometry(named)
    if len(named) < FEWEST or where is None:
        return None
    held = [held for kept in chosen if (held := series.held(kept)) is not None]
    return EarlySlices(held=[_coarse(one) for one in held], affine=where["affine"])


def _spacing_mm(slices: Sequence[Slice]) -> float | None:
    """Between neighbours; None where they are not evenly apart."""
    if len(slices) < FEWEST:
        return None
    steps = np.diff([position_along(entry) for entry, _ in slices])
    middle = float(np.median(np.abs(steps)))
    if middle <= 0 or np.any(np.abs(np.abs(steps) - middle) > UNEVEN * middle):
        return None
    return middle


def _is_there(series: ArrivingSeries, kept: Kept) -> bool:
    """Whether a quarter picture of a CT slice can be made."""
    entry = kept.entry
    if entry is None or entry.facts.get("modality") != "CT":
        return False
    durable, wanted = series.durable(kept), entry.layer_lengths()
    return all(durable.get(layer) == wanted.get(layer) for layer in _layers_taken(entry))


def _even_choice(ready: NDArray[Any], *, most: int) -> tuple[int, int]:
    """First slice and step of the densest even choice of what is there; step 0 where there is none."""
    for step in range(1, most + 1):
        for start in range(step):
            if ready[start::step].all():
                return start, step
    return 0, 0


def _layers_taken(entry: Entry) -> tuple[int, ...]:
    """What a quarter picture takes: on slow lines no layer ends there, so all of them."""
    has_quarter = QUARTER in LAYERS[entry.codec] and entry.layer_lengths().get(QUARTER, 0) > 0
    return (EIGHTH, QUARTER) if has_quarter else LAYERS[entry.codec]


def _coarse(held: Held) -> Held:
    taken = _layers_taken(held.entry)
    pieces = {layer: held.pieces[layer] for layer in taken if layer in held.pieces}
    return Held(journal=held.journal, entry=held.entry, pieces=pieces)
