"""Which pictures a plan book shows, how large they are and where they are cut."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from teleneedle.adapters.report.images import BookImages, BookPictures, Picture
from teleneedle.adapters.report.margins import sample_margins
from teleneedle.adapters.report.pictures import planes
from teleneedle.adapters.report.pictures.planes import Plane
from teleneedle.adapters.report.pictures.scene import Scene
from teleneedle.adapters.report.pictures.sections import WIDE_WINDOW_HU, WINDOW_HU
from teleneedle.adapters.report.pictures.space import Space
from teleneedle.core.geometry import FloatArray, unit
from teleneedle.core.plan import Application, Needle, Plan

COVER_MM = (85.0, 78.0)
ANATOMY_3D_MM = (112.0, 72.0)
WIDE_TALLEST_MM = 56.0
PAGE_WIDTH_MM, GUTTER_MM = 174.0, 4.0
IN_LINE_MM = (114.0, 86.0)
EYE_MM = (56.0, 86.0)
SMALL_MM = (55.3, 52.0)
ALTERNATIVE_MM = (47.0, 37.0)
SMALL_FIELD_MM = 116.0
BEYOND_SKIN_MM, BEYOND_ZONE_MM = 20.0, 14.0
LEAST_FIELD_MM = 90.0
BODY_AIR_MM = 8.0
COVER_SPACE_MM, FRONT_SPACE_MM = 165.0, 235.0


def render_all(plan: Plan, images: BookImages) -> BookPictures:
    """Every picture of the book by name."""
    scene = Scene(images, plan.target.margin_mm)
    space = Space(images, plan.needles, plan.applications)
    found: dict[str, Picture] = {}
    found["cover-section"] = _cover_section(plan, scene)
    found["cover-3d"] = space.oblique_view(
        width_mm=COVER_SPACE_MM,
        height_mm=COVER_SPACE_MM * COVER_MM[1] / COVER_MM[0],
        paper_width_mm=COVER_MM[0],
    )
    found["anatomy-3d"] = space.front_view(
        width_mm=FRONT_SPACE_MM,
        height_mm=FRONT_SPACE_MM * ANATOMY_3D_MM[1] / ANATOMY_3D_MM[0],
        paper_width_mm=ANATOMY_3D_MM[0],
    )
    found.update(_wide_sections(plan, scene))
    for needle in plan.needles:
        found.update(_needle_sections(plan, scene, needle))
    found.update(_alternative_sections(plan, scene))
    return BookPictures(
        pictures=found,
        grid=images.volume.grid,
        margins=sample_margins(plan, images),
        drawn=frozenset(scene.drawn),
        solid=frozenset(space.solid),
    )


def _cover_section(plan: Plan, scene: Scene) -> Picture:
    if plan.needles:
        plane = in_line_plane(
            plan.needles, plan.needles[0], plan.applications, plan.target.centroid_lps, COVER_MM
        )
    else:
        plane = planes.axial(
            plan.target.centroid_lps, width_mm=160.0, height_mm=160.0 * COVER_MM[1] / COVER_MM[0]
        )
    return scene.section(
        plane, paper_width_mm=COVER_MM[0], needles=plan.needles, applications=plan.applications
    )


def _wide_sections(plan: Plan, scene: Scene) -> dict[str, Picture]:
    """Whole-body axial, coronal and sagittal sections through the target, side by side at one scale."""
    low, high = _extent(scene.images)
    size, middle = high - low, (low + high) / 2
    target = np.array(plan.target.centroid_lps)
    scale_mm = (2 * size[0] + size[1]) / (PAGE_WIDTH_MM - 2 * GUTTER_MM)
    height = min(size[1], WIDE_TALLEST_MM * scale_mm)
    reach = max(high[2] - low[2] - height, 0.0) / 2
    z = float(np.clip(target[2], middle[2] - reach, middle[2] + reach))
    x, y = float(size[0]), float(size[1])
    views = {
        "anatomy-axial": planes.axial((middle[0], middle[1], target[2]), width_mm=x, height_mm=height),
        "anatomy-coronal": planes.coronal((middle[0], target[1], z), width_mm=x, height_mm=height),
        "anatomy-sagittal": planes.sagittal((target[0], middle[1], z), width_mm=y, height_mm=height),
    }
    return {
        name: scene.section(
            plane,
            paper_width_mm=plane.width_mm / scale_mm,
            needles=plan.needles,
            applications=plan.applications,
            window_hu=WIDE_WINDOW_HU,
        )
        for name, plane in views.items()
    }


def _extent(images: BookImages) -> tuple[FloatArray, FloatArray]:
    """Box (LPS mm) around the body with a little air: sideways and front to back from the body, else all."""
    body = images.structures.get("body", images.structures.get("skin"))
    low, high = images.volume.grid.bounds_lps()
    if body is None or body.is_empty:
        return low, high
    box = body.bounding_slices()
    own_low, own_high = body.grid.crop([s.start for s in box], [s.stop for s in box]).bounds_lps()
    return np.append(own_low[:2] - BODY_AIR_MM, low[2]), np.append(own_high[:2] + BODY_AIR_MM, high[2])


def _needle_sections(plan: Plan, scene: Scene, needle: Needle) -> dict[str, Picture]:
    """In-line, probe's-eye, axial, coronal and sagittal sections of one needle."""
    own = [a for a in plan.applications if a.needle == needle.id] or list(plan.applications)
    centre = np.mean([a.centre_lps for a in own], axis=0) if own else np.array(needle.target_lps)
    inline = in_line_plane(plan.needles, needle, plan.applications, plan.target.centroid_lps, IN_LINE_MM)
    scale_mm = inline.width_mm / IN_LINE_MM[0]
    eye = planes.along_needle(
        needle.entry_lps,
        needle.tip_lps,
        needle.target_lps,
        width_mm=EYE_MM[0] * scale_mm,
        height_mm=EYE_MM[1] * scale_mm,
    )
    towards = np.array(needle.entry_lps) - centre
    small = {
        "width_mm": SMALL_FIELD_MM,
        "height_mm": SMALL_FIELD_MM * SMALL_MM[1] / SMALL_MM[0],
    }
    middle = centre + towards * min(0.4, 26.0 / max(float(np.linalg.norm(towards)), 1.0))
    on = {axis: np.where(np.arange(3) == axis, centre, middle) for axis in range(3)}
    views = {
        "in-line": (inline, IN_LINE_MM[0]),
        "eye": (eye, EYE_MM[0]),
        "axial": (planes.axial(on[2], **small), SMALL_MM[0]),
        "coronal": (planes.coronal(on[1], **small), SMALL_MM[0]),
        "sagittal": (planes.sagittal(on[0], **small), SMALL_MM[0]),
    }
    return {
        f"needle-{needle.id}-{name}": scene.section(
            plane,
            paper_width_mm=width,
            needles=plan.needles,
            applications=plan.applications,
            window_hu=WINDOW_HU,
        )
        for name, (plane, width) in views.items()
    }


def _alternative_sections(plan: Plan, scene: Scene) -> dict[str, Picture]:
    """In-line section of the plan and of each alternative along its first needle, all at one scale."""
    choices: list[tuple[str, Sequence[Needle], Sequence[Application]]] = []
    if plan.needles and plan.alternatives:
        choices.append(("chosen", plan.needles, plan.applications))
    choices += [(str(n), a.needles, a.applications) for n, a in enumerate(plan.alternatives) if a.needles]
    made = {
        name: in_line_plane(needles, needles[0], applications, plan.target.centroid_lps, ALTERNATIVE_MM)
        for name, needles, applications in choices
    }
    widest = max((p.width_mm for p in made.values()), default=0.0)
    found = {}
    for name, needles, applications in choices:
        plane = made[name]
        same = Plane(
            centre=plane.centre,
            right=plane.right,
            up=plane.up,
            width_mm=widest,
            height_mm=widest * ALTERNATIVE_MM[1] / ALTERNATIVE_MM[0],
        )
        found[f"alternative-{name}"] = scene.section(
            same, paper_width_mm=ALTERNATIVE_MM[0], needles=needles, applications=applications
        )
    return found


def in_line_plane(
    needles: Sequence[Needle],
    needle: Needle,
    applications: Sequence[Application],
    target_lps: tuple[float, float, float],
    paper_mm: tuple[float, float],
) -> Plane:
    """Plane through `needle`, hub up, that shows skin entry to the far edge of the zone."""
    entry, tip = np.array(needle.entry_lps), np.array(needle.tip_lps)
    out = unit(entry - tip)
    marks = [0.0, *(_far_edge(a, tip, out) for a in applications)]
    low, high = min(marks) - BEYOND_ZONE_MM, float(np.linalg.norm(entry - tip)) + BEYOND_SKIN_MM
    height = max(high - low, LEAST_FIELD_MM)
    width = height * paper_mm[0] / paper_mm[1]
    others = [n for n in needles if n.id != needle.id]
    partner = None
    if others:
        nearest = min(
            others, key=lambda n: float(np.linalg.norm(np.subtract(n.target_lps, needle.target_lps)))
        )
        partner = np.array(nearest.target_lps)
    centre = np.array(target_lps)
    centre = centre + ((tip + out * (low + height / 2) - centre) @ out) * out
    return planes.in_line(
        entry, tip, centre, partner_lps=partner, width_mm=float(width), height_mm=float(height)
    )


def _far_edge(application: Application, tip: FloatArray, out: FloatArray) -> float:
    """Lowest point of the P90 zone measured from the tip outwards along the needle, mm."""
    return float((np.array(application.centre_lps) - tip) @ out) - application.zone.p90.long_mm / 2
