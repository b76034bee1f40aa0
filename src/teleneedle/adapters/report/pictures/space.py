"""3-D views of a plan: organs, vessels, bones, target, zone, needles and the skin around the entries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from teleneedle.adapters.report import colours
from teleneedle.adapters.report.images import BookImages, Picture
from teleneedle.adapters.report.pictures.overlay import Overlay
from teleneedle.adapters.report.pictures.planes import Plane
from teleneedle.adapters.report.pictures.render3d import Body, render_jpeg
from teleneedle.adapters.report.pictures.scene import zone_ellipsoids
from teleneedle.adapters.report.pictures.surfaces import Mesh, ellipsoid_union_mesh, mask_mesh, tube_mesh
from teleneedle.core.geometry import FloatArray, unit
from teleneedle.core.image import LabelMap
from teleneedle.core.plan import Application, Needle

REACH_MM = 185.0
PATCH_MM = 34.0
HUB_OUT_MM = (26.0, 44.0)
ORGANS: tuple[tuple[str, str, float, float, float], ...] = (
    ("liver", "#CC79A7", 0.24, 2.2, 0.5),
    ("portal_vein", "#0072B2", 1.0, 1.5, 0.38),
    ("hepatic_veins", "#56B4E9", 1.0, 1.5, 0.38),
    ("vessels", "#56B4E9", 1.0, 1.5, 0.38),
    ("artery", "#D55E00", 1.0, 1.5, 0.38),
    ("gallbladder", "#009E73", 0.75, 1.6, 0.5),
    ("bone", "#EDE8DA", 1.0, 1.5, 0.45),
    ("lung", "#7FC8C8", 0.16, 3.0, 0.5),
)
"""Kind, colour, opacity, mesh step (mm), level."""


class Space:
    """The meshes of one plan, made once and seen from several sides."""

    def __init__(
        self, images: BookImages, needles: Sequence[Needle], applications: Sequence[Application]
    ) -> None:
        self.needles = needles
        self.centre = images.target.centroid_lps()
        self.solid: set[str] = set()
        self._bodies: list[Body] = []
        liver = images.structures.get("liver")
        self._liver_centre = None if liver is None or liver.is_empty else liver.centroid_lps()
        around = (self.centre, REACH_MM)
        in_liver = "liver" in images.structures
        for kind, colour, opacity, step, level in ORGANS:
            label_map = images.structures.get(kind)
            if label_map is not None and not (kind == "lung" and in_liver):
                self._add(
                    mask_mesh(label_map, around=around, step_mm=step, level=level), colour, opacity, kind
                )
        solid_target = 0.9 if applications else 1.0
        self._add(mask_mesh(images.target, step_mm=1.2), colours.TARGET, solid_target, "target")
        if applications:
            self._add(ellipsoid_union_mesh(zone_ellipsoids(applications, "p50")), colours.ZONE, 0.42, "zone")
        skin = images.structures.get("body", images.structures.get("skin"))
        self._patch = _empty_patch() if skin is None or not needles else _skin_patch(skin, needles)
        self._add(self._patch[0], colours.SKIN, 0.34, "skin")
        for needle in needles:
            self._add_needle(needle)

    def oblique_view(self, *, width_mm: float, height_mm: float, paper_width_mm: float) -> Picture:
        """Seen so that the needles lie across the picture, target and hubs in it."""
        centre = self.centre
        if self.needles:
            centre = centre + 0.42 * (self._hub_middle() - centre)
        return self._view(centre, self._oblique_look(), width_mm, height_mm, paper_width_mm)

    def front_view(self, *, width_mm: float, height_mm: float, paper_width_mm: float) -> Picture:
        """Seen from the front: the liver (or the target) in the middle, target and hubs in it."""
        liver = self._liver_centre
        centre = self.centre if liver is None else liver
        must = [self.centre, self._hub_middle()] if self.needles else [self.centre]
        half = np.array([width_mm, np.inf, height_mm]) / 2 - 32.0
        low = np.max([p - half for p in must], axis=0)
        high = np.min([p + half for p in must], axis=0)
        centre = np.where(low <= high, np.clip(centre, low, np.maximum(low, high)), np.mean(must, axis=0))
        return self._view(centre, np.array([0.0, 1.0, 0.0]), width_mm, height_mm, paper_width_mm)

    def _view(
        self, centre: FloatArray, look: FloatArray, width_mm: float, height_mm: float, paper_width_mm: float
    ) -> Picture:
        up = unit(np.array([0.0, 0.0, 1.0]) - look[2] * look)
        plane = Plane(centre=centre, right=np.cross(look, up), up=up, width_mm=width_mm, height_mm=height_mm)
        overlay = Overlay(plane=plane, paper_width_mm=paper_width_mm)
        edge = self._patch[1]
        if len(edge):
            overlay.polyline(overlay.xy(plane.project(edge)), colour="#9A6B50", width_pt=0.5)
        for needle in self.needles:
            at = overlay.xy(plane.project(_outside(needle, HUB_OUT_MM[1] + 8.0)))
            width, height = overlay.size_pt
            at = np.clip(at, (12, 10), (width - 12, height - 10))
            overlay.text((at[0], at[1]), needle.id, size=7.6, dark=False)
        overlay.letters(dark=False)
        return Picture(
            jpeg=render_jpeg(self._bodies, plane, paper_width_mm=paper_width_mm),
            svg=overlay.svg(),
            plane=plane,
            paper_width_mm=paper_width_mm,
        )

    def _oblique_look(self) -> FloatArray:
        """A direction from which the needles are seen from the side, from the patient's front."""
        if not self.needles:
            return np.array([0.45, 0.85, -0.2])
        axis = unit(np.mean([np.subtract(n.tip_lps, n.entry_lps) for n in self.needles], axis=0))
        turned = []
        for angle in np.radians((-40.0, 40.0)):
            c, s = np.cos(angle), np.sin(angle)
            turned.append(np.array([c * axis[0] - s * axis[1], s * axis[0] + c * axis[1], 0.0]))
        best = max(turned, key=lambda v: float(v[1]))
        return unit(unit(best) + np.array([0.0, 0.0, -0.35]))

    def _hub_middle(self) -> FloatArray:
        return np.asarray(np.mean([_outside(n, HUB_OUT_MM[0]) for n in self.needles], axis=0))

    def _add(self, mesh: Mesh, colour: str, opacity: float, kind: str) -> None:
        if len(mesh.triangles):
            self.solid.add(kind)
            self._bodies.append(Body(mesh=mesh, colour=colour, opacity=opacity))

    def _add_needle(self, needle: Needle) -> None:
        tip = np.array(needle.tip_lps)
        shaft = tube_mesh(tip, _outside(needle, HUB_OUT_MM[0]), 1.1)
        hub = tube_mesh(_outside(needle, HUB_OUT_MM[0]), _outside(needle, HUB_OUT_MM[1]), 2.8)
        for mesh in (shaft, hub):
            self._bodies.append(Body(mesh=mesh, colour=colours.SHAFT))


def _outside(needle: Needle, distance_mm: float) -> FloatArray:
    entry, tip = np.array(needle.entry_lps), np.array(needle.tip_lps)
    return np.asarray(entry + distance_mm * unit(entry - tip))


def _empty_patch() -> tuple[Mesh, FloatArray]:
    none = np.zeros((0, 3), np.float32)
    return Mesh(vertices=none, normals=none, triangles=np.zeros((0, 3), np.int32)), np.zeros((0, 2, 3))


def _skin_patch(skin: LabelMap, needles: Sequence[Needle]) -> tuple[Mesh, FloatArray]:
    """Skin near the entries, and its edge as loose segments ``(N, 2, 3)`` in LPS mm."""
    entries = np.array([n.entry_lps for n in needles])
    middle = entries.mean(axis=0)
    spread = float(np.linalg.norm(entries - middle, axis=1).max())
    mesh = mask_mesh(skin, around=(middle, spread + PATCH_MM + 8.0), step_mm=1.6)
    away = np.min([np.linalg.norm(mesh.vertices - e, axis=1) for e in entries], axis=0) - PATCH_MM
    corner = away[mesh.triangles]
    kept = mesh.triangles[(corner < 0.8).all(axis=1)]
    cut = mesh.triangles[(corner.min(axis=1) < 0) & (corner.max(axis=1) >= 0)]
    return Mesh(vertices=mesh.vertices, normals=mesh.normals, triangles=kept), _level_segments(
        mesh.vertices.astype(np.float64), away, cut
    )


def _level_segments(vertices: FloatArray, value: FloatArray, triangles: FloatArray) -> FloatArray:
    """Segments where `value` is zero on triangles that cross it."""
    segments = []
    for triangle in triangles:
        ends = []
        for a, b in ((0, 1), (1, 2), (2, 0)):
            p, q = triangle[a], triangle[b]
            if (value[p] < 0) != (value[q] < 0):
                t = value[p] / (value[p] - value[q])
                ends.append(vertices[p] + t * (vertices[q] - vertices[p]))
        if len(ends) == 2:
            segments.append(ends)
    return np.array(segments).reshape(-1, 2, 3)
