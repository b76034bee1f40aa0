"""Everything that the views of one plan share: packed masks, target, zones, needles, meshes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from teleneedle.adapters.report import colours
from teleneedle.adapters.report.images import BookImages, Picture
from teleneedle.adapters.report.pictures import outlines, sections
from teleneedle.adapters.report.pictures.overlay import NeedleLine, Overlay
from teleneedle.adapters.report.pictures.planes import Plane
from teleneedle.adapters.report.pictures.smooth_target import SmoothTarget
from teleneedle.core.geometry import FloatArray, unit
from teleneedle.core.image import LabelMap
from teleneedle.core.plan import Application, Needle

Ellipsoid = tuple[FloatArray, FloatArray, float, float]
PERCENTILES = ("p10", "p50", "p90")


def zone_ellipsoids(applications: Sequence[Application], percentile: str) -> list[Ellipsoid]:
    """The planned zones of one percentile as (centre, axis, long, short), mm."""
    found = []
    for application in applications:
        zone = getattr(application.zone, percentile)
        found.append((np.array(application.centre_lps), unit(application.axis), zone.long_mm, zone.short_mm))
    return found


def needle_lines(needles: Sequence[Needle]) -> list[NeedleLine]:
    """What is drawn of the needles."""
    return [NeedleLine(label=n.id, entry_lps=n.entry_lps, tip_lps=n.tip_lps) for n in needles]


class Scene:
    """Draws sections of one plan; slow parts are made once."""

    def __init__(self, images: BookImages, margin_mm: float) -> None:
        self.images = images
        self.margin_mm = margin_mm
        self.drawn: set[str] = set()

    @cached_property
    def _masks(self) -> outlines.BitMasks | None:
        kinds: Mapping[str, LabelMap] = {
            kind: self.images.structures[kind] for kind in colours.OUTLINES if kind in self.images.structures
        }
        return outlines.BitMasks.pack(kinds) if kinds else None

    @cached_property
    def _target(self) -> SmoothTarget:
        return SmoothTarget.of(self.images.target, reach_mm=self.margin_mm)

    def section(
        self,
        plane: Plane,
        *,
        paper_width_mm: float,
        needles: Sequence[Needle],
        applications: Sequence[Application],
        window_hu: tuple[float, float] = sections.WINDOW_HU,
    ) -> Picture:
        """CT in the plane with outlines, target, margin, zone band, needles, letters and scale."""
        overlay = Overlay(plane=plane, paper_width_mm=paper_width_mm)
        cut = self._masks.outlines(plane) if self._masks else {}
        self.drawn.update(kind for kind, lines in cut.items() if lines)
        overlay.structures(cut)
        if applications:
            zones = [
                outlines.ellipsoid_contours(zone_ellipsoids(applications, p), plane) for p in PERCENTILES
            ]
            overlay.zone(*zones)
        overlay.target(self._target.outline(plane), self._target.margin_outline(plane))
        overlay.needles(needle_lines(needles))
        overlay.letters()
        overlay.scale_bar()
        jpeg = sections.section_jpeg(
            self.images.volume, plane, paper_width_mm=paper_width_mm, window_hu=window_hu
        )
        return Picture(jpeg=jpeg, svg=overlay.svg(), plane=plane, paper_width_mm=paper_width_mm)
