"""Charts of the margin as vectors (SVG): map of the target's surface, and distribution with its band.

References
----------
Snyder JP. Map projections: a working manual. USGS 1395, 1987, ch. 31 (Mollweide).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree
from skimage.measure import find_contours

from teleneedle.adapters.report import colours
from teleneedle.adapters.report.facts import limit_figure
from teleneedle.adapters.report.images import MarginSamples
from teleneedle.core.geometry import FloatArray, unit
from teleneedle.core.plan import Bilingual, Plan

CHART_PT = (241.0, 178.0)
MAP_AXES_PT = (118.0, 59.0)
MAP_CENTRE_PT = (120.5, 72.0)
CHINESE = re.compile("[\u2200-\u22ff\u3000-\u9fff\uff00-\uffef]")
MAP_COLUMNS = 300
BLUES = ("#D2E4F0", "#89B9D9", "#3F8DC0")
NEIGHBOURS = 6
MAP_BLUR = 1.5
Scale = Callable[[FloatArray | float], FloatArray]
PLOT_PT = (34.0, 12.0, 232.0, 150.0)


def margin_map(samples: MarginSamples, plan: Plan, language: int) -> str:
    """Expected margin (P50) over the directions from the target's centre, front in the middle.

    Equal-area map: each share of the map is the same share of directions.
    """
    centre, margin_mm = np.asarray(plan.target.centroid_lps), plan.target.margin_mm
    directions = unit(samples.points_lps - centre)
    field, x, y = _map_field(directions, samples.p50_mm)
    levels = (0.0, margin_mm, 1.5 * margin_mm, 2.0 * margin_mm)
    fills = (colours.STOP, colours.TARGET, *BLUES)
    cx, cy = MAP_CENTRE_PT
    a, b = MAP_AXES_PT
    oval = f'<ellipse cx="{cx}" cy="{cy}" rx="{a}" ry="{b}"'
    parts = [_hatches(), f'<clipPath id="oval">{oval}/></clipPath>', '<g clip-path="url(#oval)">']
    low = float(field.min())
    parts.append(f'{oval} fill="{fills[sum(low >= v for v in levels)]}"/>')
    if low < margin_mm:
        parts.append(f'{oval} fill="url(#{"deep" if low < 0 else "thin"})"/>')
    for n, level in enumerate(levels):
        path = _region(field, x, y, level) if low < level else ""
        if path:
            parts.append(
                f'<path d="{path}" fill="{fills[n + 1]}" fill-rule="evenodd" '
                'stroke="#FFFFFF" stroke-width="0.5"/>'
            )
            if level < margin_mm:
                parts.append(f'<path d="{path}" fill="url(#thin)" fill-rule="evenodd"/>')
    parts.append(_graticule())
    parts.append(f'</g>{oval} fill="none" stroke="{colours.INK}" stroke-width="0.6"/>')
    words = (("A", "前"), ("R", "右"), ("L", "左"), ("P", "后"), ("P", "后"), ("H", "头"), ("F", "足"))
    places = ((0, 0), (-0.5, 0), (0.5, 0), (-0.93, 0), (0.93, 0), (0, 0.86), (0, -0.86))
    mark = mollweide(unit(np.asarray(plan.coverage.thinnest_lps) - centre + 1e-9))
    for (letter, word), (u, v) in zip(words, places, strict=True):
        if abs(mark[0] - u) < 0.45 and abs(mark[1] - v) < 0.22:
            continue
        shown = f"{letter} {word}" if language == 0 else letter
        parts.append(_halo(cx + u * a, cy - v * b + 2.5, shown, 7.0, 700))
    parts.append(_thinnest_mark(mark, plan.coverage.p50.min_margin_mm, margin_mm))
    parts.append(_colour_key(levels, fills))
    return _document("".join(parts), CHART_PT)


def margin_distribution(samples: MarginSamples, margin_mm: float, language: int) -> str:
    """Share of the target surface below each margin, for P10, P50 and P90 of the zone."""
    curves = [_ranked(v, samples.shares) for v in (samples.p10_mm, samples.p50_mm, samples.p90_mm)]
    low = min(0.0, float(np.floor(curves[0][0, 0])))
    high = float(np.ceil(max(curves[2][-1, 0], margin_mm + 1)))
    left, top, right, bottom = PLOT_PT

    def x_of(value: FloatArray | float) -> FloatArray:
        return np.asarray(left + (np.asarray(value) - low) / (high - low) * (right - left))

    def y_of(share: FloatArray | float) -> FloatArray:
        return np.asarray(bottom - np.asarray(share) / 100.0 * (bottom - top))

    parts = _axes(low, high, x_of, y_of, language)
    points = [_steps(curve, low, high, x_of, y_of) for curve in curves]
    band = np.vstack([points[0], points[2][::-1]])
    parts.append(f'<path d="{_line(band)}Z" fill="{colours.ACCENT}" fill-opacity="0.16"/>')
    for edge in (points[0], points[2]):
        parts.append(
            f'<path d="{_line(edge)}" fill="none" stroke="{colours.ACCENT}" stroke-width="0.7" '
            'stroke-dasharray="2.2 1.4"/>'
        )
    parts.append(f'<path d="{_line(points[1])}" fill="none" stroke="{colours.ACCENT}" stroke-width="1.6"/>')
    limit = float(x_of(margin_mm))
    parts.append(
        f'<path d="M{limit:.2f} {top}V{bottom}" stroke="{colours.STOP}" stroke-width="1.1" '
        'stroke-dasharray="4 2"/>'
    )
    required: Bilingual = (f"要求 ≥ {margin_mm:g} mm", f"required ≥ {margin_mm:g} mm")
    parts.append(_plain(limit, top - 3.5, required[language], 6.6, colour="#A84A00", anchor="middle"))
    parts += _curve_names(curves, x_of, y_of, language)
    return _document("".join(parts), CHART_PT)


def mollweide(directions: FloatArray) -> FloatArray:
    """Unit directions ``(..., 3)`` in LPS as map positions from −1 to 1: x to the left side, y to the head.

    Examples
    --------
    >>> mollweide(np.array([[0.0, -1.0, 0.0], [0.0, 0.0, 1.0]])).round(6).tolist()
    [[0.0, 0.0], [0.0, 1.0]]
    """
    longitude = np.arctan2(directions[..., 0], -directions[..., 1])
    latitude = np.arcsin(np.clip(directions[..., 2], -1, 1))
    theta = latitude.copy()
    for _ in range(30):
        slope = np.maximum(2 + 2 * np.cos(2 * theta), 1e-6)
        theta = np.clip(
            theta - (2 * theta + np.sin(2 * theta) - np.pi * np.sin(latitude)) / slope, -np.pi / 2, np.pi / 2
        )
    near_pole = np.abs(directions[..., 2]) > 1 - 1e-12
    theta = np.where(near_pole, np.sign(directions[..., 2]) * np.pi / 2, theta)
    return np.stack([longitude / np.pi * np.cos(theta), np.sin(theta)], axis=-1)


def inverse_mollweide(x: FloatArray, y: FloatArray) -> FloatArray:
    """Unit directions of map positions; positions outside the ellipse go to its edge."""
    theta = np.arcsin(np.clip(y, -1, 1))
    latitude = np.arcsin(np.clip((2 * theta + np.sin(2 * theta)) / np.pi, -1, 1))
    longitude = np.pi * np.clip(x / np.maximum(np.cos(theta), 1e-6), -1, 1)
    cosine = np.cos(latitude)
    return np.stack([cosine * np.sin(longitude), -cosine * np.cos(longitude), np.sin(latitude)], axis=-1)


def _map_field(directions: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    x = np.linspace(-1.02, 1.02, MAP_COLUMNS)
    y = np.linspace(-1.03, 1.03, MAP_COLUMNS // 2)
    grid = inverse_mollweide(*np.meshgrid(x, y))
    count = min(NEIGHBOURS, len(values))
    distance, index = cKDTree(directions).query(grid.reshape(-1, 3), k=count, workers=-1)
    distance, index = distance.reshape(-1, count), index.reshape(-1, count)
    weight = 1.0 / (distance**2 + 1e-4)
    field = (weight * values[index]).sum(axis=1) / weight.sum(axis=1)
    return gaussian_filter(field.reshape(len(y), len(x)), MAP_BLUR), x, y


def _region(field: FloatArray, x: FloatArray, y: FloatArray, level: float) -> str:
    """Path of the part of the map at or above a level."""
    framed = np.pad(field, 1, constant_values=min(float(field.min()), level) - 1.0)
    path = []
    for line in find_contours(framed, level):
        u = np.interp(line[:, 1] - 1, np.arange(len(x)), x)
        v = np.interp(line[:, 0] - 1, np.arange(len(y)), y)
        points = np.column_stack(
            [MAP_CENTRE_PT[0] + u * MAP_AXES_PT[0], MAP_CENTRE_PT[1] - v * MAP_AXES_PT[1]]
        )
        path.append(_line(points) + "Z")
    return "".join(path)


def _graticule() -> str:
    cx, cy = MAP_CENTRE_PT
    a, b = MAP_AXES_PT
    return (
        f'<g fill="none" stroke="#FFFFFF" stroke-opacity="0.7" stroke-width="0.4">'
        f'<ellipse cx="{cx}" cy="{cy}" rx="{a / 2}" ry="{b}"/>'
        f'<path d="M{cx - a} {cy}h{2 * a}M{cx} {cy - b}v{2 * b}"/></g>'
    )


def _thinnest_mark(mark: FloatArray, least_mm: float, margin_mm: float) -> str:
    u, v = float(mark[0]), float(mark[1])
    x, y = MAP_CENTRE_PT[0] + u * MAP_AXES_PT[0], MAP_CENTRE_PT[1] - v * MAP_AXES_PT[1]
    words = f"{limit_figure(least_mm, margin_mm)} mm"
    anchor, shift = ("end", -6.0) if u > 0.45 else ("start", 6.0)
    return (
        f'<path d="M{x:.2f} {y + 3:.2f}l-4 -7h8z" fill="#FFFFFF" stroke="{colours.INK}" stroke-width="0.9"/>'
        + _plain(x + shift, y + 2.0, words, 7.4, anchor=anchor, weight=700, halo=True)
    )


def _colour_key(levels: tuple[float, ...], fills: tuple[str, ...]) -> str:
    width, top = 34.0, 146.0
    left = CHART_PT[0] / 2 - width * len(fills) / 2
    parts = []
    for n, fill in enumerate(fills):
        box = f'<rect x="{left + n * width:.1f}" y="{top}" width="{width}" height="8"'
        parts.append(f'{box} fill="{fill}"/>')
        if n < 2:
            parts.append(f'{box} fill="url(#{"deep" if n == 0 else "thin"})"/>')
    for n, level in enumerate(levels):
        parts.append(_plain(left + (n + 1) * width, top + 16.5, f"{level:g}", 6.6, anchor="middle"))
    parts.append(_plain(left + len(fills) * width + 4, top + 7, "mm", 6.6))
    return "".join(parts)


def _hatches() -> str:
    line = f'stroke="{colours.INK}" stroke-width="0.5" stroke-opacity="0.75"'
    size = 'width="4" height="4" patternUnits="userSpaceOnUse"'
    return (
        f'<pattern id="thin" {size}><path d="M0 4L4 0" {line}/></pattern>'
        f'<pattern id="deep" {size}><path d="M0 4L4 0M0 0L4 4" {line}/></pattern>'
    )


def _axes(low: float, high: float, x_of: Scale, y_of: Scale, language: int) -> list[str]:
    left, top, right, bottom = PLOT_PT
    parts = []
    for share in (0, 25, 50, 75, 100):
        y = float(y_of(share))
        parts.append(f'<path d="M{left} {y:.2f}H{right}" stroke="{colours.RULE}" stroke-width="0.4"/>')
        parts.append(_plain(left - 4, y + 2.4, str(share), 6.6, anchor="end"))
    step = 5.0 if high - low > 8 else 2.0
    for value in np.arange(np.ceil(low / step) * step, high + 1e-6, step):
        x = float(x_of(value))
        parts.append(f'<path d="M{x:.2f} {bottom}v2.5" stroke="{colours.INK}" stroke-width="0.5"/>')
        parts.append(_plain(x, bottom + 10, f"{value + 0.0:g}".replace("-", "−"), 6.6, anchor="middle"))
    parts.append(
        f'<path d="M{left} {top}V{bottom}H{right}" fill="none" stroke="{colours.INK}" stroke-width="0.6"/>'
    )
    across: Bilingual = ("消融边缘 margin (mm)", "margin 消融边缘 (mm)")
    upward: Bilingual = ("小于该值的靶区表面 surface below (%)", "surface below 小于该值的靶区表面 (%)")
    parts.append(_plain((left + right) / 2, bottom + 21, across[language], 6.8, anchor="middle"))
    words = _plain(0, 0, upward[language], 6.8, anchor="middle")
    parts.append(f'<g transform="translate(9 {(top + bottom) / 2:.1f}) rotate(-90)">{words}</g>')
    return parts


def _ranked(margins_mm: FloatArray, shares: FloatArray) -> FloatArray:
    """(N, 2) margins in ascending order with the share (%) of the surface up to each."""
    order = np.argsort(margins_mm)
    return np.column_stack([margins_mm[order], np.cumsum(shares[order]) * 100.0])


def _steps(curve: FloatArray, low: float, high: float, x_of: Scale, y_of: Scale) -> FloatArray:
    """Cumulative share along the value axis, thinned to a drawable number of points."""
    values = np.linspace(low, high, 160)
    share = np.append(0.0, curve[:, 1])[np.searchsorted(curve[:, 0], values, side="left")]
    return np.column_stack([x_of(values), y_of(share)])


def _curve_names(curves: list[FloatArray], x_of: Scale, y_of: Scale, language: int) -> list[str]:
    names: tuple[tuple[Bilingual, float, str, float], ...] = (
        (("P10 偏小", "P10 small"), 62.0, "end", -4.0),
        (("P50 预期", "P50 expected"), 50.0, "start", 4.0),
        (("P90 偏大", "P90 large"), 38.0, "start", 4.0),
    )
    parts = []
    for curve, (words, share, anchor, shift) in zip(curves, names, strict=True):
        x = float(x_of(float(np.interp(share, curve[:, 1], curve[:, 0])))) + shift
        y = float(y_of(share)) + 2.4
        weight = 700 if words[0].startswith("P50") else 400
        parts.append(
            _plain(x, y, words[language], 6.6, colour=colours.ACCENT, anchor=anchor, weight=weight, halo=True)
        )
    return parts


def _line(points: FloatArray) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points)


def _plain(
    x: float,
    y: float,
    words: str,
    size: float,
    *,
    colour: str = colours.INK,
    anchor: str = "start",
    weight: int = 400,
    halo: bool = False,
) -> str:
    family = "Noto Sans CJK SC" if CHINESE.search(words) else "Noto Sans"
    ring = 'paint-order="stroke" stroke="#FFFFFF" stroke-width="2" stroke-linejoin="round"' if halo else ""
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-family="{family}" font-size="{size}" font-weight="{weight}" '
        f'text-anchor="{anchor}" fill="{colour}" {ring}>{escape(words)}</text>'
    )


def _halo(x: float, y: float, words: str, size: float, weight: int) -> str:
    return _plain(x, y, words, size, anchor="middle", weight=weight, halo=True)


def _document(body: str, size_pt: tuple[float, float]) -> str:
    width, height = size_pt
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" '
        f'viewBox="0 0 {width} {height}">{body}</svg>'
    )
