"""Slices of a series that is still arriving: their order, where they lie, and their code streams so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teleneedle.adapters.code_streams import resolution_ends
from teleneedle.adapters.link.rebuild import Held
from teleneedle.adapters.link.wire_manifest import LAYERS, Entry
from teleneedle.adapters.link.wire_parts import EIGHTH, PACKED
from teleneedle.adapters.picture_batch import MOST_SKIPPED, CodedSlice
from teleneedle.apps.hub.link.announced_facts import numbers, position_along, rescale_of
from teleneedle.apps.hub.link.arriving_series import ArrivingSeries, Kept
from teleneedle.apps.hub.link.packed_pictures import code_of_packed, enlarged_first_picture

WINDOW = {"centre": 40, "width": 350}


def stacked(series: ArrivingSeries) -> list[tuple[Entry, Kept]]:
    """Instances of one coded frame, as large as the first, from feet to head."""
    known = [(kept.entry, kept) for kept in series.in_order() if kept.entry is not None]
    found = [(entry, kept) for entry, kept in known if entry.frames and len(entry.frames.lengths) == 1]
    sizes = [(entry.frames.rows, entry.frames.columns) for entry, _ in found if entry.frames]
    alike = [one for one, size in zip(found, sizes, strict=True) if size == sizes[0]]
    sign = _upwards(alike[0][0]) if alike else 1.0
    return sorted(alike, key=lambda one: sign * position_along(one[0]))


def geometry(slices: Sequence[tuple[Entry, Kept]]) -> dict[str, Any] | None:
    """Shape, affine ((i, j, k, 1) → LPS mm, row-major), window, and the number of each slice's instance.

    None where the slices do not say.
    """
    if not slices or slices[0][0].frames is None:
        return None
    first, last, frames = slices[0][0], slices[-1][0], slices[0][0].frames
    origin, orientation = numbers(first, "position_mm", 3), numbers(first, "orientation", 6)
    spacing, end = numbers(first, "pixel_spacing_mm", 2), numbers(last, "position_mm", 3)
    if not (origin and orientation and spacing and end):
        return None
    affine: NDArray[np.float64] = np.eye(4)
    affine[:3, 0] = np.array(orientation[:3]) * spacing[1]
    affine[:3, 1] = np.array(orientation[3:]) * spacing[0]
    affine[:3, 2] = (np.array(end) - origin) / max(len(slices) - 1, 1)
    affine[:3, 3] = origin
    if len(slices) == 1:
        affine[:3, 2] = np.cross(affine[:3, 0], affine[:3, 1]) / (spacing[0] * spacing[1])
    shape = [len(slices), frames.rows, frames.columns]
    named = [kept.number for _, kept in slices]
    return {
        "shape": shape,
        "affine": [float(v) for v in affine.ravel()],
        "window": WINDOW,
        "numbers": named,
    }


def coded_slices(
    series: ArrivingSeries, *, skip: int, after: int | None, k0: int, k1: int | None
) -> list[CodedSlice]:
    """Code streams of slices [k0, k1) without their `skip` finest resolutions, less what `after` has given.

    Slices of which that has not come yet are left out.
    """
    chosen = stacked(series)[k0:k1]
    found = []
    for k, (entry, kept) in enumerate(chosen, k0):
        held = series.held(kept)
        if held is None:
            continue
        if PACKED in LAYERS[entry.codec]:
            code, is_start = code_of_packed(held, skip=skip, is_verified=kept.is_verified), True
        else:
            code, is_start = _code_of_stream(held, skip=skip, after=after)
        if code:
            slope, intercept = rescale_of(entry)
            found.append(
                CodedSlice(
                    k=k,
                    number=kept.number,
                    code=code,
                    is_start=is_start,
                    slope=slope,
                    intercept=intercept,
                )
            )
    return found


def _code_of_stream(held: Held, *, skip: int, after: int | None) -> tuple[bytes, bool]:
    """What is asked for of an HTJ2K stream, and whether it begins one of its own.

    On a slow line the first layer ends before 1/8: enlarged it is shown at once, and what comes later does
    not continue it.
    """
    entry, layers = held.entry, held.layers()
    stream = _stream(entry, layers)
    if _begins_with_an_eighth(entry, stream):
        return _part(stream, skip=skip, after=after), False
    code = _part(stream, skip=skip, after=None)
    if not code and skip == MOST_SKIPPED:
        code = enlarged_first_picture(entry, layers)
    return code, True


def _begins_with_an_eighth(entry: Entry, stream: bytes) -> bool:
    ends = resolution_ends(stream)
    return len(ends) <= MOST_SKIPPED or entry.layer_lengths()[EIGHTH] >= ends[-1 - MOST_SKIPPED]


def _stream(entry: Entry, there: Mapping[int, bytes]) -> bytes:
    """The beginning of an instance's HTJ2K stream, as many layers of it as are whole."""
    wanted = entry.layer_lengths()
    code = b""
    for layer in LAYERS[entry.codec]:
        if len(there.get(layer, b"")) != wanted.get(layer, 0):
            break
        code += there.get(layer, b"")
    return code


def _part(code: bytes, *, skip: int, after: int | None) -> bytes:
    ends = resolution_ends(code)
    if skip >= len(ends):
        return b""
    start = 0 if after is None or after >= len(ends) else ends[-1 - after]
    end = ends[-1 - skip]
    return code[start:end] if end <= len(code) else b""


def _upwards(entry: Entry) -> float:
    """−1 where the normal of a slice points to the feet."""
    orientation = numbers(entry, "orientation", 6)
    normal = np.cross(orientation[:3], orientation[3:]) if orientation else np.array((0.0, 0.0, 1.0))
    return -1.0 if normal[2] < 0 else 1.0
