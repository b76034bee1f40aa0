"""Put one synthetic patient together: CT, exact structures, landmarks, identity, checklist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teleneedle.core.case import Answer, Patient, StudyContext
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap, Volume
from teleneedle.core.progress import Progress, no_progress
from teleneedle.testing.phantom import digestive, liver, organs, torso, vessels
from teleneedle.testing.phantom.canvas import Canvas
from teleneedle.testing.phantom.cases import Case, find_case
from teleneedle.testing.phantom.frame import TrunkFrame
from teleneedle.testing.phantom.identity import make_patient, make_study, make_uid
from teleneedle.testing.phantom.lattice import Lattice
from teleneedle.testing.phantom.skeleton import paint_skeleton, rib_lines
from teleneedle.testing.phantom.tumours import paint_tumour, place_tumour

FIELD_OF_VIEW_MM = 384.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Phantom:
    """A synthetic patient whose anatomy is known exactly.

    Parameters
    ----------
    case : str
    seed : int
    volume : Volume
        int16 Hounsfield units.
    structures : mapping of str to LabelMap
        Truth by canonical name; the liver holds its vessels and tumour.
    landmarks : mapping of str to (float, float, float)
        Named points, LPS mm.
    patient : Patient
    study : StudyContext
    checklist : mapping
        Answers to the pre-operative rules.
    """

    case: str
    seed: int
    volume: Volume
    structures: Mapping[str, LabelMap]
    landmarks: Mapping[str, tuple[float, float, float]]
    patient: Patient
    study: StudyContext
    checklist: Mapping[str, Answer]


def make_phantom(
    case: str,
    *,
    seed: int = 0,
    slice_mm: float = 2.0,
    size: int = 512,
    breathing_mm: float = 0.0,
    progress: Progress = no_progress,
) -> Phantom:
    """Make the synthetic patient `seed` of a case."""
    found = find_case(case)
    grid = _grid(found, seed, slice_mm, size)
    rng = np.random.default_rng([*found.name.encode(), seed])
    frame = TrunkFrame.drawn_from(rng, breathing_mm)
    canvas = Canvas(grid)
    low, high = grid.bounds_lps()
    trunk = Lattice.over(low, high, 4.0)
    torso.paint_wall(canvas, frame, trunk, rng)
    progress("phantom", 0.2)
    lung = torso.lung_distance(frame, trunk)
    torso.paint_lungs(canvas, trunk, lung, rng)
    torso.paint_heart(canvas, frame, trunk)
    organs.paint_back_muscles(canvas)
    paint_skeleton(canvas, rib_lines(frame), frame)
    organs.paint_spleen(canvas, frame, rng)
    organs.paint_kidneys(canvas, frame, rng)
    fine = Lattice.over(*liver.liver_box(frame), 3.0)
    capsule = liver.liver_distance(fine, frame, rng, has_left=found.has_left_liver)
    canvas.paint("liver", fine, capsule, liver.LIVER_HU, over=("cavity",))
    if found.has_gallbladder:
        liver.paint_gallbladder(canvas, frame)
    progress("phantom", 0.4)
    organs.paint_pancreas(canvas, frame)
    digestive.paint_stomach(canvas, frame, rng)
    digestive.paint_colon(canvas, frame, rng)
    digestive.paint_small_bowel(canvas, frame, rng)
    progress("phantom", 0.6)
    points = liver.inner_points(fine, capsule, rng)
    tree = vessels.plan_liver_vessels(points, has_left=found.has_left_liver, breath_mm=frame.breath_mm, rng=rng)
    diameter = float(rng.uniform(*found.diameter_mm))
    organ = (capsule, fine) if found.target == "liver" else (lung, trunk)
    tumour = place_tumour(canvas, found.target, diameter, *organ, tree.large(), rng)
    if found.target == "liver":
        tree = tree.pushed_by(tumour.centre_lps, diameter / 2 + 4.0)
    liver_mask = canvas.mask("liver")
    vessels.paint_vessels(canvas, tree, frame.breath_mm)
    paint_tumour(canvas, "tumour1", tumour, rng)
    liver_mask &= canvas.mask("liver*", "tumour*")
    centre = tumour.centre_lps
    progress("phantom", 0.8)
    structures = _structures(canvas, grid, liver_mask)
    array = np.rint(canvas.hu + rng.normal(0, 12, canvas.hu.shape)).astype(np.int16)
    return Phantom(
        case=found.name, seed=seed, volume=Volume(array=array, grid=grid), structures=structures,
        landmarks={"tumour1": tuple(centre.tolist()), "entry": tuple(tumour.entry_lps.tolist())},
        patient=make_patient(found, seed),
        study=make_study(found, seed, grid.shape[0], f"{size} {slice_mm:g} {breathing_mm:g}"),
        checklist=found.checklist,
    )


def _grid(case: Case, seed: int, slice_mm: float, size: int) -> Grid:
    spacing = FIELD_OF_VIEW_MM / size
    count = round((case.scan_mm[1] - case.scan_mm[0]) / slice_mm) + 1
    corner = -(FIELD_OF_VIEW_MM - spacing) / 2
    return Grid.regular(
        (count, size, size),
        spacing_mm=(spacing, spacing, slice_mm),
        origin_lps=(corner, corner + 8.0, case.scan_mm[0]),
        frame_of_reference_uid=make_uid(case, seed, "frame of reference"),
    )


def _structures(canvas: Canvas, grid: Grid, liver_mask: NDArray[np.bool_]) -> dict[str, LabelMap]:
    body = LabelMap(array=~canvas.mask("air"), grid=grid)
    found = {"body": body, "skin": body, "liver": LabelMap(array=liver_mask, grid=grid)}
    for name, owners in (
        ("bone", ("bone",)), ("lung", ("lung*",)), ("heart", ("heart*",)), ("spinal_canal", ("spinal_canal",)),
        ("tumour1", ("tumour1",)), ("portal_vein", ("portal_vein", "liver_portal")), ("gallbladder", ("gallbladder",)),
        ("hepatic_veins", ("cava", "liver_veins")), ("artery", ("artery",)), ("stomach", ("stomach*",)),
        ("bowel", ("bowel*",)), ("kidney", ("kidney",)), ("spleen", ("spleen",)), ("pancreas", ("pancreas",)),
    ):
        found[name] = LabelMap(array=canvas.mask(*owners), grid=grid)
    return found
