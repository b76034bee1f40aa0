"""A template measured back from its mesh: where its bores run, how wide they are, what is wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from teleneedle.core.errors import StructureError
from teleneedle.core.geometry import FloatArray, unit
from teleneedle.core.plan import Bilingual, Needle
from teleneedle.engines.fabrication.template import GAP_MM, PLAY_MM, SLEEVE_MM, WALL_MM, Bore, Template

MOST_POSITION_ERROR_MM, MOST_ANGLE_ERROR_DEG = 0.2, 0.2
MOST_PLAY_AT_TIP_MM = 1.0
HEIGHTS_MM = (GAP_MM + 0.25 * SLEEVE_MM, GAP_MM + 0.85 * SLEEVE_MM)
PRINTERS: tuple[tuple[str, tuple[float, float, float]], ...] = (
    ("145 × 145 × 175 mm", (145.0, 145.0, 175.0)),
    ("220 × 220 × 250 mm", (220.0, 220.0, 250.0)),
)
"""Build volumes a template is compared with: sizes of a small resin and a common filament printer."""


@dataclass(frozen=True, kw_only=True)
class BoreCheck:
    """A bore as the mesh has it, beside the needle it was made for.

    Parameters
    ----------
    position_error_mm : float
        Distance of the bore's axis from the planned entry.
    angle_error_deg : float
        Angle between the bore's axis and the planned needle.
    clear_diameter_mm : float
        Of the widest rod that passes.
    play_at_tip_mm : float
        How far the tip can lean aside in the bore: play over sleeve, times the depth.
    """

    needle: str
    position_error_mm: float
    angle_error_deg: float
    clear_diameter_mm: float
    play_at_tip_mm: float


def measure_bores(template: Template, needles: tuple[Needle, ...]) -> tuple[BoreCheck, ...]:
    """Each bore cut twice across its sleeve.

    Raises
    ------
    StructureError
        If the mesh has no hole where a bore should be.
    """
    by_id = {needle.id: needle for needle in needles}
    return tuple(_measure(template, bore, by_id[bore.needle]) for bore in template.bores)


def _measure(template: Template, bore: Bore, needle: Needle) -> BoreCheck:
    entry, tip = np.array(needle.entry_lps), np.array(needle.tip_lps)
    inward = unit(tip - entry)
    cuts = [_cut(template, bore, entry - height * inward, inward) for height in HEIGHTS_MM]
    (low, low_mm), (high, high_mm) = cuts
    axis = unit(low - high)
    return BoreCheck(
        needle=bore.needle,
        position_error_mm=float(np.linalg.norm(np.cross(entry - low, axis))),
        angle_error_deg=float(np.degrees(np.arccos(min(1.0, float(axis @ inward))))),
        clear_diameter_mm=min(low_mm, high_mm),
        play_at_tip_mm=PLAY_MM / SLEEVE_MM * float(np.linalg.norm(tip - entry)),
    )


def _cut(template: Template, bore: Bore, at: FloatArray, normal: FloatArray) -> tuple[FloatArray, float]:
    """Centre (LPS mm) and clear diameter (mm) of the hole in the plane through `at`."""
    segments = _section(template, at, normal)
    near = np.linalg.norm(segments - at, axis=2).max(axis=1) < bore.diameter_mm / 2 + WALL_MM / 2
    if near.sum() < 8:
        raise StructureError("the mesh has no hole where a bore should be", where=bore.needle)
    ring = segments[near]
    points = ring.reshape(-1, 3)
    across = unit(np.cross(normal, (1.0, 0, 0) if abs(normal[0]) < 0.8 else (0, 1.0, 0)))
    beside = np.cross(normal, across)
    flat = np.stack([(points - at) @ across, (points - at) @ beside], axis=1)
    # Least squares for x² + y² = 2ax + 2by + c: the centre is (a, b).
    system = np.column_stack([2 * flat, np.ones(len(flat))])
    a, b, _ = np.linalg.lstsq(system, (flat**2).sum(axis=1), rcond=None)[0]
    centre = at + a * across + b * beside
    return centre, 2 * float(_distances(ring, centre).min())


def _section(template: Template, at: FloatArray, normal: FloatArray) -> FloatArray:
    """(N, 2, 3) segments in which a plane cuts the mesh."""
    corners = template.vertices[template.faces]
    side = (corners - at) @ normal
    crossing = (side.min(axis=1) < 0) & (side.max(axis=1) >= 0)
    corners, side = corners[crossing], side[crossing]
    # Turn each triangle so that its first corner is alone on its side of the plane.
    above = side >= 0
    alone = np.where(above.sum(axis=1) == 1, above.argmax(axis=1), (~above).argmax(axis=1))
    order = (alone[:, None] + np.arange(3)) % 3
    rows = np.arange(len(corners))[:, None]
    corners, side = corners[rows, order], side[rows, order]
    share = side[:, :1] / (side[:, :1] - side[:, 1:])
    return np.asarray(corners[:, :1] + share[..., None] * (corners[:, 1:] - corners[:, :1]))


def _distances(segments: FloatArray, point: FloatArray) -> FloatArray:
    start, along = segments[:, 0], segments[:, 1] - segments[:, 0]
    length = np.maximum((along**2).sum(axis=1), 1e-12)
    share = np.clip(((point - start) * along).sum(axis=1) / length, 0.0, 1.0)
    return np.asarray(np.linalg.norm(point - start - share[:, None] * along, axis=1))


def fits_bed(size_mm: FloatArray, bed_mm: tuple[float, float, float]) -> bool:
    """Whether a box fits a build volume, laid on any of its sides."""
    return bool((np.sort(size_mm) <= np.sort(bed_mm)).all())


def template_problems(
    template: Template, checks: tuple[BoreCheck, ...], *, is_closed: bool
) -> tuple[Bilingual, ...]:
    """What is wrong with a template, in Chinese and English; nothing when all is well."""
    found: list[Bilingual] = []
    if not is_closed:
        found.append(("网格不封闭，不可打印", "the mesh is not closed and cannot be printed"))
    bores = {bore.needle: bore for bore in template.bores}
    for check in checks:
        off = check.position_error_mm > MOST_POSITION_ERROR_MM or check.angle_error_deg > MOST_ANGLE_ERROR_DEG
        if off:
            mm, deg = check.position_error_mm, check.angle_error_deg
            found.append(
                (
                    f"{check.needle} 的孔偏离针道 {mm:.2f} mm、{deg:.2f}°",
                    f"the bore of {check.needle} is off its needle by {mm:.2f} mm, {deg:.2f}°",
                )
            )
        if check.clear_diameter_mm < bores[check.needle].diameter_mm - 0.05:
            found.append((f"{check.needle} 的孔过窄", f"the bore of {check.needle} is too narrow"))
        if check.play_at_tip_mm > MOST_PLAY_AT_TIP_MM:
            play = f"{check.play_at_tip_mm:.1f} mm (> {MOST_PLAY_AT_TIP_MM:g})"
            found.append(
                (
                    f"{check.needle} 在针尖处可偏 {play}，进针后须以 CT 核对",
                    f"{check.needle} can lean {play} at its tip; check it in CT",
                )
            )
    if not any(fits_bed(template.bounding_box_mm, bed) for _, bed in PRINTERS):
        found.append(("超出常用打印机的尺寸", "larger than common printers"))
    return tuple(found)
