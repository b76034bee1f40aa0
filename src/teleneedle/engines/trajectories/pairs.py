"""Needles that are in the body together: how far apart they run, and whether their hubs collide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from teleneedle.core.devices import Modality
from teleneedle.core.geometry import FloatArray
from teleneedle.core.plan import Bilingual, Needle

HUB_WIDTH_MM = 20.0
SPACING_MM = {Modality.MWA: (15.0, 25.0), Modality.RFA: (10.0, 15.0)}
"""Distance between applicators working at the same time: MWA antennas, RF cluster electrodes."""


@dataclass(frozen=True, kw_only=True)
class NeedlePair:
    """Two needles in place at once.

    Parameters
    ----------
    first, second : str
        Needle ids.
    shafts_mm : float
        Smallest distance between the two axes inside the body.
    tips_mm : float
        Distance between the tips.
    hubs_mm : float
        Distance between the hubs, the shafts being as long as the longest permitted.
    warnings : tuple of Bilingual
        What to watch; empty when the pair is fine.
    """

    first: str
    second: str
    shafts_mm: float
    tips_mm: float
    hubs_mm: float
    warnings: tuple[Bilingual, ...]


def needle_pairs(
    needles: Sequence[Needle], *, modality: Modality, shaft_length_mm: float
) -> tuple[NeedlePair, ...]:
    """Every pair of needles with its distances and warnings (soft rules: nothing is forbidden).

    Parameters
    ----------
    needles : sequence of Needle
    modality : Modality
    shaft_length_mm : float
        Tip to hub.
    """
    return tuple(_pair(a, b, modality, shaft_length_mm) for a, b in combinations(needles, 2))


def _pair(first: Needle, second: Needle, modality: Modality, shaft_mm: float) -> NeedlePair:
    shafts = segment_distance_mm(*(np.array(p) for n in (first, second) for p in (n.entry_lps, n.tip_lps)))
    tips = float(np.linalg.norm(np.subtract(first.tip_lps, second.tip_lps)))
    hubs = float(np.linalg.norm(_hub(first, shaft_mm) - _hub(second, shaft_mm)))
    names, found = f"{first.id}–{second.id}", []
    low, high = SPACING_MM.get(modality, (0.0, np.inf))
    if not low <= tips <= high:
        found.append(
            (
                f"{names}：针尖间距 {tips:.0f} mm，同时工作宜为 {low:g}–{high:g} mm，否则请先后进行",
                f"{names}: tips {tips:.0f} mm apart; {low:g}–{high:g} mm suits use together, else in turn",
            )
        )
    if hubs < HUB_WIDTH_MM:
        found.append(
            (
                f"{names}：针柄相距 {hubs:.0f} mm，会相碰，请先后穿刺",
                f"{names}: hubs {hubs:.0f} mm apart would collide; insert one after the other",
            )
        )
    return NeedlePair(
        first=first.id, second=second.id, shafts_mm=shafts, tips_mm=tips, hubs_mm=hubs, warnings=tuple(found)
    )  # fmt: skip


def _hub(needle: Needle, shaft_mm: float) -> FloatArray:
    entry, tip = np.array(needle.entry_lps), np.array(needle.tip_lps)
    return np.asarray(tip + (entry - tip) * (shaft_mm / np.linalg.norm(entry - tip)))


def segment_distance_mm(a0: FloatArray, a1: FloatArray, b0: FloatArray, b1: FloatArray) -> float:
    """Smallest distance between the segments a0–a1 and b0–b1.

    Examples
    --------
    >>> upright = np.zeros(3), np.array([0.0, 0, 9])
    >>> segment_distance_mm(*upright, np.array([4.0, 0, 12]), np.array([4.0, 5, 12]))
    5.0
    """
    ends = [_point_to_segment(a0, b0, b1), _point_to_segment(a1, b0, b1)]
    ends += [_point_to_segment(b0, a0, a1), _point_to_segment(b1, a0, a1)]
    u, v, w = a1 - a0, b1 - b0, b0 - a0
    gram = np.array([[u @ u, -(u @ v)], [-(u @ v), v @ v]])
    if abs(np.linalg.det(gram)) > 1e-9 * gram[0, 0] * gram[1, 1]:
        s, t = np.linalg.solve(gram, np.array([u @ w, -(v @ w)]))
        if 0 <= s <= 1 and 0 <= t <= 1:
            ends.append(float(np.linalg.norm(a0 + s * u - b0 - t * v)))
    return min(ends)


def _point_to_segment(p: FloatArray, a: FloatArray, b: FloatArray) -> float:
    t = np.clip((p - a) @ (b - a) / ((b - a) @ (b - a)), 0.0, 1.0)
    return float(np.linalg.norm(p - a - t * (b - a)))
