"""Put one synthetic patient together: CT, exact structures, landmarks, identity, checklist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teleneedle.core.case import Answer, Patient, StudyContext
from teleneedle.core.errors import InputError
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap, Volume
from teleneedle.core.progress import Progress, no_progress
from teleneedle.testing.phantom import digestive, liver, organs, torso, vessels
from teleneedle.testing.phantom.canvas import Canvas
from teleneedle.testing.phantom.cases import Case, find_case
from teleneedle.testing.phantom.frame import TrunkFrame
from teleneedle.testing.phantom.identity import make_patient, make_study, make_uid
from teleneedle.testing.phantom.lattice import Lattice
from teleneedle.testing.phantom.noise import add_noise
from teleneedle.testing.phantom.skeleton import XIPHOID_Z_MM, paint_skeleton, rib_lines
from teleneedle.testing.phantom.tumours import TumourShape, paint_tumour, place_tumour

FIELD_OF_VIEW_MM = 384.0
_SKETCH_MM = 3.0
Landmarks = dict[str, tuple[float, float, float]]

_OWNERS: Mapping[str, tuple[str, ...]] = {
    "bone": ("bone",),
    "lung": ("lung*",),
    "liver": ("liver*",),
    "heart": ("heart*",),
    "portal_vein": ("portal_vein", "liver_portal"),
    "hepatic_veins": ("cava", "liver_veins"),
    "artery": ("artery",),
    "gallbladder": ("gallbladder",),
    "stomach": ("stomach*",),
    "bowel": ("bowel*",),
    "kidney": ("kidney",),
    "spleen": ("spleen",),
    "pancreas": ("pancreas",),
    "spinal_canal": ("spinal_canal",),
    "tumour1": ("tumour1",),
}
"""Structure → what was drawn for it. Body and skin are put together in `_structures`."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Phantom:
    """A synthetic patient whose anatomy is known exactly.

    Parameters
    ----------
    case : str
        Name of the case.
    seed : int
        Number of the patient.
    volume : Volume
        int16 Hounsfield units, slices from feet to head.
    structures : mapping of str to LabelMap
        Truth by canonical name on the volume's grid. Liver and lung hold their
        vessels and tumour; every other voxel has one owner. A structure that the patient lacks is absent.
    landmarks : mapping of str to (float, float, float)
        Named points, LPS mm; ``entry`` is a skin point with a free straight way to ``tumour1``.
    tumours : mapping of str to TumourShape
        Each tumour's ellipsoid in closed form.
    patient : Patient
    study : StudyContext
    checklist : mapping
        Answers to the pre-operative rules by fact.
    """

    case: str
    seed: int
    volume: Volume
    structures: Mapping[str, LabelMap]
    landmarks: Mapping[str, tuple[float, float, float]]
    tumours: Mapping[str, TumourShape]
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
    """Make the synthetic patient `seed` of a case.

    Parameters
    ----------
    case : str
        One of `CASES`.
    seed : int
        Another seed is another patient: build, liver, vessel trees and tumour differ.
    slice_mm : float
        Slice spacing, 1 to 5 mm.
    size : int
        Rows and columns, 64 to 1024, over a field of view of 384 mm.
    breathing_mm : float
        How far the abdominal organs lie nearer to the feet than at rest (inspiration), −30 to 30 mm.
    progress : Progress
        Receives how far the stage ``phantom`` is.

    Returns
    -------
    Phantom

    Raises
    ------
    InputError
        If the case is unknown or a setting is out of range.

    Examples
    --------
    >>> made = make_phantom("liver-mwa", seed=7, size=64, slice_mm=4.0)
    >>> made.patient.id, made.volume.array.shape
    ('PHANTOM-LIVER-MWA-0007', (63, 64, 64))
    """
    found = find_case(case)
    _require_settings(seed, slice_mm, size, breathing_mm)
    grid = _make_grid(found, seed, slice_mm, size)
    draw = Draw(found.name, seed)
    frame = TrunkFrame.drawn_from(draw("frame"))
    plan = _plan_target(found, frame, draw)
    progress("phantom", 0.3)
    canvas = Canvas(grid)
    landmarks = _paint_anatomy(canvas, found, frame, draw, breathing_mm)
    progress("phantom", 0.8)
    moving = canvas.moved(-breathing_mm)
    vessels.paint_vessels(moving, plan.trees)
    paint_tumour(moving, "tumour1", plan.tumour, draw("tumour"))
    tumour = plan.tumour.moved(-breathing_mm)
    structures = _structures(canvas, found.target)
    volume = Volume(array=add_noise(canvas.hu, draw(f"noise {breathing_mm:g}")), grid=grid)
    progress("phantom", 1.0)
    return Phantom(
        case=found.name,
        seed=seed,
        volume=volume,
        structures=structures,
        landmarks={**landmarks, "tumour1": _point(tumour.centre_lps), "entry": _point(tumour.entry_lps)},
        tumours={"tumour1": tumour},
        patient=make_patient(found, seed),
        study=make_study(found, seed, grid.shape[0], f"{size} {slice_mm:g} {breathing_mm:g}"),
        checklist=found.checklist,
    )


def _require_settings(seed: int, slice_mm: float, size: int, breathing_mm: float) -> None:
    for name, value, low, high in (
        ("seed", seed, 0, 2**31),
        ("slice_mm", slice_mm, 1, 5),
        ("size", size, 64, 1024),
        ("breathing_mm", breathing_mm, -30, 30),
    ):
        if not low <= value <= high:
            raise InputError(f"{name} is out of range", where=f"{value:g}", remedy=f"use {low} to {high}")


def _make_grid(case: Case, seed: int, slice_mm: float, size: int) -> Grid:
    spacing = FIELD_OF_VIEW_MM / size
    count = round((case.scan_mm[1] - case.scan_mm[0]) / slice_mm) + 1
    corner = -(FIELD_OF_VIEW_MM - spacing) / 2
    return Grid.regular(
        (count, size, size),
        spacing_mm=(spacing, spacing, slice_mm),
        origin_lps=(corner, corner + 8.0, case.scan_mm[0]),
        frame_of_reference_uid=make_uid(case, seed, "frame of reference"),
    )


class Draw:
    """Random streams by name, so that each part of a patient is the same whatever else is drawn."""

    def __init__(self, case: str, seed: int) -> None:
        self._key = [seed, *case.encode()]

    def __call__(self, part: str) -> np.random.Generator:
        """The stream of `part`."""
        return np.random.default_rng([*self._key, *part.encode()])


@dataclass(frozen=True, kw_only=True, eq=False)
class TargetPlan:
    """The tumour and the vessels around it, at rest."""

    tumour: TumourShape
    trees: vessels.LiverVessels


def _plan_target(case: Case, frame: TrunkFrame, draw: Draw) -> TargetPlan:
    """Place the tumour on a coarse copy of the patient at rest, so that every scan of the patient agrees."""
    sketch = Canvas(_make_grid(case, 0, _SKETCH_MM, round(FIELD_OF_VIEW_MM / _SKETCH_MM)))
    _paint_anatomy(sketch, case, frame, draw, 0.0, is_sketch=True)
    lattice = Lattice.over(*liver.LIVER_BOX_MM, 3.0)
    inside = liver.liver_distance(lattice, frame, draw("liver"), has_left=case.has_left_liver)
    points = liver.inner_points(lattice, inside, draw("liver points"))
    trees = vessels.plan_liver_vessels(points, has_left=case.has_left_liver, rng=draw("vessels"))
    vessels.paint_vessels(sketch, trees)
    if case.target == "lung":
        lattice = Lattice.over(*sketch.grid.bounds_lps(), 4.0)
        inside = torso.lung_distance(frame, lattice)
    rng = draw("target")
    diameter = float(rng.uniform(*case.diameter_mm))
    tumour = place_tumour(sketch, case.target, diameter, inside, lattice, trees.large(), rng)
    if case.target == "liver":
        trees = trees.pushed_by(tumour.centre_lps, diameter / 2 + 4.0)
    return TargetPlan(tumour=tumour, trees=trees)


def _paint_anatomy(
    canvas: Canvas, case: Case, frame: TrunkFrame, draw: Draw, breathing_mm: float, *, is_sketch: bool = False
) -> Landmarks:
    """Draw everything but vessels of the abdomen and the tumour, back to front; the organs' middles."""
    trunk = Lattice.over(*canvas.grid.bounds_lps(), 4.0)
    breathing = frame.breathed_in(breathing_mm)
    torso.paint_table(canvas)
    torso.paint_wall(canvas, frame, trunk, draw("wall"))
    lung = torso.lung_distance(breathing, trunk)
    torso.paint_lungs(canvas, trunk, lung, draw("lungs"))
    if not is_sketch:
        torso.paint_lung_vessels(canvas, trunk, lung, draw("lung vessels"))
    torso.paint_mediastinum(canvas, breathing, trunk)
    organs.paint_back_muscles(canvas)
    paint_skeleton(canvas, rib_lines(frame), frame)
    middles = _paint_organs(canvas.moved(-breathing_mm), case, frame, draw)
    landmarks = {name: (x, y, z - breathing_mm) for name, (x, y, z) in middles.items()}
    landmarks["xiphoid"] = (0.0, -float(frame.front_mm(np.array([XIPHOID_Z_MM]))[0]), XIPHOID_Z_MM)
    return landmarks


def _paint_organs(canvas: Canvas, case: Case, frame: TrunkFrame, draw: Draw) -> Landmarks:
    """The abdominal organs, which move with the breath as one."""
    organs.paint_spleen(canvas, frame, draw("spleen"))
    landmarks: Landmarks = organs.paint_kidneys(canvas, draw("kidneys"))
    lattice = Lattice.over(*liver.LIVER_BOX_MM, 3.0)
    capsule = liver.liver_distance(lattice, frame, draw("liver"), has_left=case.has_left_liver)
    canvas.paint("liver", lattice, capsule, liver.LIVER_HU, over=("cavity",))
    if case.has_gallbladder:
        landmarks["gallbladder"] = liver.paint_gallbladder(canvas)
    organs.paint_pancreas(canvas)
    digestive.paint_stomach(canvas, frame, draw("stomach"))
    digestive.paint_colon(canvas, frame, draw("colon"))
    digestive.paint_small_bowel(canvas, draw("small bowel"))
    if not case.has_left_liver:
        digestive.paint_roux_limb(canvas)
    return landmarks


def _point(lps: NDArray[np.float64]) -> tuple[float, float, float]:
    return float(lps[0]), float(lps[1]), float(lps[2])


def _structures(canvas: Canvas, target: str) -> dict[str, LabelMap]:
    """Truth masks; body and skin share one filled mask; the tumour counts to the organ it grew in."""
    grid = canvas.grid
    body = LabelMap(array=~canvas.mask("air", "table"), grid=grid)
    found = {"body": body, "skin": body}
    for name, owners in _OWNERS.items():
        mask = canvas.mask(*owners, *(("tumour*",) if name == target else ()))
        if mask.any():
            found[name] = LabelMap(array=mask, grid=grid)
    return found
