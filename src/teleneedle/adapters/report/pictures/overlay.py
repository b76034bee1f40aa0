"""Vector drawing over a picture: outlines, zone band, needles, orientation letters, scale bar (SVG, pt)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np
from numpy.typing import ArrayLike

from teleneedle.adapters.report import colours
from teleneedle.adapters.report.pictures.outlines import Contours
from teleneedle.adapters.report.pictures.planes import Plane
from teleneedle.core.geometry import FloatArray, unit

PT_PER_MM = 72.0 / 25.4
IN_PLANE_MM = 3.0
HUB_MM = 16.0
CASING = "#101418"
EDGE_PT = 9.0
LABEL_ROOM_PT, LETTER_ROOM_PT = 8.0, 13.0


@dataclass(frozen=True, kw_only=True)
class NeedleLine:
    """A needle to draw: label, skin entry and tip (LPS mm)."""

    label: str
    entry_lps: tuple[float, float, float]
    tip_lps: tuple[float, float, float]


@dataclass(eq=False)
class Overlay:
    """Collects SVG elements over one picture of `paper_width_mm`."""

    plane: Plane
    paper_width_mm: float
    _parts: list[str] = field(default_factory=list)
    _busy: list[tuple[float, float]] = field(default_factory=list)

    @property
    def pt_per_mm(self) -> float:
        """Paper points per millimetre in the patient."""
        return self.paper_width_mm * PT_PER_MM / self.plane.width_mm

    @property
    def size_pt(self) -> tuple[float, float]:
        """Width and height on paper."""
        return self.plane.width_mm * self.pt_per_mm, self.plane.height_mm * self.pt_per_mm

    def svg(self) -> str:
        """The drawing."""
        width, height = self.size_pt
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.2f}pt" height="{height:.2f}pt" '
            f'viewBox="0 0 {width:.2f} {height:.2f}">'
            f'<clipPath id="frame"><rect width="{width:.2f}" height="{height:.2f}"/></clipPath>'
            f'<g clip-path="url(#frame)">{"".join(self._parts)}</g></svg>'
        )

    def xy(self, right_up_mm: ArrayLike) -> FloatArray:
        """Paper points (x right, y down) of offsets (right, up) in mm."""
        offset = np.asarray(right_up_mm, dtype=np.float64)[..., :2]
        centre = np.array([self.plane.width_mm, self.plane.height_mm]) / 2
        return (centre + offset * (1, -1)) * self.pt_per_mm

    def structures(self, outlines: dict[str, Contours]) -> None:
        """Cut structures in their own colours and line styles."""
        for name, style in colours.OUTLINES.items():
            path = self._path(outlines.get(name, []))
            if not path:
                continue
            fill = (
                f'fill="{style.colour}" fill-opacity="{style.fill}" fill-rule="evenodd"'
                if style.fill
                else 'fill="none"'
            )
            dash = f'stroke-dasharray="{style.dash_pt}" stroke-linecap="round"' if style.dash_pt else ""
            self._add(
                f'<path d="{path}" {fill} stroke="{style.colour}" stroke-width="{style.width_pt}" {dash}/>'
            )

    def target(self, target: Contours, with_margin: Contours) -> None:
        """Target (solid) and target + margin (dashed), on a dark casing."""
        dash = 'stroke-dasharray="3.4 2.2"'
        self._cased(self._path(with_margin), colours.TARGET, 1.05, dash=dash)
        self._cased(self._path(target), colours.TARGET, 1.45)

    def zone(self, p10: Contours, p50: Contours, p90: Contours) -> None:
        """Zone P50 as a line, P10 to P90 as a band with dashed hairlines."""
        band = self._path(p90) + self._path(p10)
        if band:
            self._add(f'<path d="{band}" fill="{colours.ZONE}" fill-opacity="0.22" fill-rule="evenodd"/>')
        for edge in (p10, p90):
            path = self._path(edge)
            if path:
                self._add(
                    f'<path d="{path}" fill="none" stroke="{colours.ZONE}" stroke-width="0.45" '
                    'stroke-opacity="0.9" stroke-dasharray="1.6 1.1"/>'
                )
        self._cased(self._path(p50), colours.ZONE, 1.15)

    def needles(self, needles: Iterable[NeedleLine]) -> None:
        """Needles: solid within 3 mm of the plane, dashed outside, entry ▽, tip ○, label at the hub."""
        width, height = self.size_pt
        self._busy.extend((width - x, height - 9.0) for x in (8.0, 18.0, 28.0, 38.0))
        for needle in needles:
            self._keep_clear(needle)
        for needle in needles:
            entry, tip = (np.asarray(p, dtype=np.float64) for p in (needle.entry_lps, needle.tip_lps))
            along = unit(tip - entry)
            if abs(along @ self.plane.look) > 0.94:
                self._end_on(needle, entry, along)
            else:
                self._side_on(needle, entry, tip, along)

    def letters(self, *, dark: bool = True) -> None:
        """Orientation letters at the four edges, moved along the edge where a needle's label is."""
        width, height = self.size_pt
        shares = (0.5, 0.66, 0.34, 0.8, 0.2)
        places = {
            "left": [(EDGE_PT, height * f) for f in shares],
            "right": [(width - EDGE_PT, height * f) for f in shares],
            "top": [(width * f, EDGE_PT) for f in shares],
            "bottom": [(width * f, height - EDGE_PT + 1) for f in shares[:3]],
        }
        for edge, letter in self.plane.letters().items():
            free = [p for p in places[edge] if self._room(p) >= LETTER_ROOM_PT]
            self.text((free or places[edge])[0], letter, dark=dark)

    def scale_bar(self, *, dark: bool = True) -> None:
        """A round length at the lower right, with its figure."""
        width, height = self.size_pt
        room_mm = 0.27 * self.plane.width_mm
        length = max((n for n in (5, 10, 20, 50, 100) if n <= room_mm), default=5)
        right, y = width - 6.0, height - 6.0
        left = right - length * self.pt_per_mm
        ink, casing = ("#FFFFFF", CASING) if dark else (colours.INK, "#FFFFFF")
        self._add(f'<path d="M{left:.2f} {y:.2f}H{right:.2f}" stroke="{casing}" stroke-width="2.6"/>')
        self._add(f'<path d="M{left:.2f} {y:.2f}H{right:.2f}" stroke="{ink}" stroke-width="1.4"/>')
        self.text(((left + right) / 2, y - 5.4), f"{length} mm", size=6.0, weight=500, dark=dark)

    def polyline(self, points_xy: FloatArray, *, colour: str, width_pt: float) -> None:
        """Loose segments ``(N, 2, 2)`` in paper points."""
        path = "".join(f"M{a[0]:.2f} {a[1]:.2f}L{b[0]:.2f} {b[1]:.2f}" for a, b in points_xy)
        self._add(f'<path d="{path}" stroke="{colour}" stroke-width="{width_pt}" stroke-linecap="round"/>')

    def text(
        self, at: Sequence[float], words: str, *, size: float = 7.0, weight: int = 700, dark: bool = True
    ) -> None:
        """Short centred text with a casing that keeps it readable on any ground."""
        ink, casing = ("#FFFFFF", CASING) if dark else (colours.INK, "#FFFFFF")
        x, y = at[0], at[1] + 0.36 * size
        self._busy.append((at[0], at[1]))
        self._add(
            f'<text x="{x:.2f}" y="{y:.2f}" font-family="Noto Sans" font-size="{size}" '
            f'font-weight="{weight}" text-anchor="middle" fill="{ink}" paint-order="stroke" '
            f'stroke="{casing}" stroke-width="1.8" stroke-linejoin="round">{escape(words)}</text>'
        )

    def _side_on(self, needle: NeedleLine, entry: FloatArray, tip: FloatArray, along: FloatArray) -> None:
        hub = entry - HUB_MM * along
        stations = self._plane_crossings(hub, tip)
        ends = self.plane.project(hub + np.array(stations)[:, None] * (tip - hub))
        points = self.xy(ends)
        pieces = list(zip(points, points[1:], ends, ends[1:], strict=False))
        for a, b, da, db in pieces:
            self._segment(a, b, dashed=abs(da[2] + db[2]) / 2 > IN_PLANE_MM, casing=True)
        for a, b, da, db in pieces:
            self._segment(a, b, dashed=abs(da[2] + db[2]) / 2 > IN_PLANE_MM, casing=False)
        mark, end = self.xy(self.plane.project(entry)), self.xy(self.plane.project(tip))
        self._entry_mark(mark, end - mark)
        self._add(
            f'<circle cx="{end[0]:.2f}" cy="{end[1]:.2f}" r="1.7" fill="#FFFFFF" '
            f'stroke="{CASING}" stroke-width="0.8"/>'
        )
        self._hub_label(needle.label, points[0], end)

    def _plane_crossings(self, hub: FloatArray, tip: FloatArray) -> list[float]:
        """Fractions of hub–tip where the needle enters or leaves the ±3 mm slab, with both ends."""
        start, stop = self.plane.project(hub)[2], self.plane.project(tip)[2]
        cuts = [0.0, 1.0]
        if abs(stop - start) > 1e-9:
            cuts += [
                f for f in ((s - start) / (stop - start) for s in (-IN_PLANE_MM, IN_PLANE_MM)) if 0 < f < 1
            ]
        return sorted(cuts)

    def _segment(self, a: FloatArray, b: FloatArray, *, dashed: bool, casing: bool) -> None:
        colour, width = (
            (CASING, 2.7 if not dashed else 2.1) if casing else ("#FFFFFF", 1.5 if not dashed else 1.1)
        )
        dash = 'stroke-dasharray="4 2.6"' if dashed else ""
        self._add(
            f'<path d="M{a[0]:.2f} {a[1]:.2f}L{b[0]:.2f} {b[1]:.2f}" '
            f'stroke="{colour}" stroke-width="{width}" {dash}/>'
        )

    def _entry_mark(self, at: FloatArray, towards: FloatArray) -> None:
        size = float(np.hypot(*towards))
        if size < 1e-6:
            return
        forward = towards / size
        side = np.array([-forward[1], forward[0]])
        corners = [at + 2.6 * forward, at - 1.6 * forward + 2.4 * side, at - 1.6 * forward - 2.4 * side]
        path = "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in corners) + "Z"
        self._add(f'<path d="{path}" fill="#FFFFFF" stroke="{CASING}" stroke-width="0.7"/>')

    def _hub_label(self, label: str, hub: FloatArray, tip: FloatArray) -> None:
        """Beside the visible end of the needle, on the side and at the place that is still free."""
        width, height = self.size_pt
        span = tip - hub
        line = hub + np.linspace(0, 1, 60)[:, None] * span
        seen = ((line > 7) & (line < np.array([width, height]) - 7)).all(axis=1)
        if not seen.any():
            return
        forward = span / max(float(np.hypot(*span)), 1e-6)
        side = np.array([forward[1], -forward[0]])
        side = side if side[0] >= 0 else -side
        start = int(np.argmax(seen))
        spots = [line[n] + s * 10.0 * side for n in range(start, min(start + 24, 60), 6) for s in (1, -1)]
        self._label(label, spots)

    def _label(self, words: str, spots: Sequence[FloatArray]) -> None:
        """Set a label at the first of its places that is free, else at the one with the most room."""
        width, height = self.size_pt
        inside = [np.clip(p, (9, 8), (width - 9, height - 8)) for p in spots]
        at = next((p for p in inside if self._room(p) >= LABEL_ROOM_PT), max(inside, key=self._room))
        self.text((float(at[0]), float(at[1])), words)

    def _room(self, at: Sequence[float] | FloatArray) -> float:
        """Distance (pt) to the nearest label or needle drawn so far."""
        return min((float(np.hypot(at[0] - x, at[1] - y)) for x, y in self._busy), default=1e3)

    def _keep_clear(self, needle: NeedleLine) -> None:
        """Remember where the needle runs, so that no label is set on it."""
        entry, tip = (np.asarray(p, dtype=np.float64) for p in (needle.entry_lps, needle.tip_lps))
        ends = self.xy(self.plane.project(np.stack([entry - HUB_MM * unit(tip - entry), tip])))
        for share in np.linspace(0, 1, 16):
            x, y = ends[0] + share * (ends[1] - ends[0])
            self._busy.append((float(x), float(y)))

    def _end_on(self, needle: NeedleLine, entry: FloatArray, along: FloatArray) -> None:
        from_plane = (self.plane.centre - entry) @ self.plane.look / (along @ self.plane.look)
        x, y = self.xy(self.plane.project(entry + from_plane * along))
        self._add(
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="2.6" fill="#FFFFFF" stroke="{CASING}" stroke-width="0.9"/>'
            f'<path d="M{x - 2.6:.2f} {y:.2f}h5.2M{x:.2f} {y - 2.6:.2f}v5.2" '
            f'stroke="{CASING}" stroke-width="0.7"/>'
        )
        ways = ((0, -8.2), (0, 8.2), (-9.5, 0), (9.5, 0), (-8, -8), (8, -8), (-15, -6), (15, -6), (0, 17))
        self._label(needle.label, [np.array([x + dx, y + dy]) for dx, dy in ways])

    def _cased(self, path: str, colour: str, width: float, *, dash: str = "") -> None:
        if path:
            self._add(
                f'<path d="{path}" fill="none" stroke="{CASING}" stroke-opacity="0.75" '
                f'stroke-width="{width + 0.9:.2f}" {dash}/>'
                f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" {dash}/>'
            )

    def _path(self, contours: Contours) -> str:
        paths = []
        for line in contours:
            points = self.xy(_thin(line, 0.12 / self.pt_per_mm))
            paths.append("M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points[:-1]) + "Z")
        return "".join(paths)

    def _add(self, element: str) -> None:
        self._parts.append(element)


def _thin(line: FloatArray, tolerance_mm: float) -> FloatArray:
    """Drop points that lie within `tolerance_mm` of the chord of their neighbours."""
    if len(line) < 12:
        return line
    before, here, after = line[:-2:2], line[1:-1:2], line[2::2]
    n = min(len(before), len(here), len(after))
    away = np.linalg.norm(here[:n] - 0.5 * (before[:n] + after[:n]), axis=1)
    keep = np.ones(len(line), dtype=bool)
    keep[1 : 2 * n : 2] = away > tolerance_mm
    return np.asarray(line[keep])
