"""All structures of one CT in the order in which they can be known, each delivered as soon as it stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import numpy as np

from teleneedle.core.anatomy import Proposed
from teleneedle.core.errors import StructureError
from teleneedle.core.geometry import require_same_frame
from teleneedle.core.image import LabelMap, Volume
from teleneedle.core.progress import CancelToken, Progress, no_progress
from teleneedle.engines.segmentation import organs
from teleneedle.engines.segmentation.body import find_body, refine_body
from teleneedle.engines.segmentation.bone import DenseTissue, dense_skeleton, refine_bone, split_dense
from teleneedle.engines.segmentation.gates import Bilingual, GateInput, judge
from teleneedle.engines.segmentation.liver import LiverLevel, Surroundings, find_liver
from teleneedle.engines.segmentation.lungs import find_lungs
from teleneedle.engines.segmentation.provenance import ENGINE
from teleneedle.engines.segmentation.scene import Scene
from teleneedle.engines.segmentation.shapes import closed, filled_slices
from teleneedle.engines.segmentation.spine import SpineLine, find_spine
from teleneedle.engines.segmentation.vessels import find_liver_vessels
from teleneedle.engines.segmentation.viscera import find_gut
from teleneedle.engines.segmentation.workgrid import BoolArray, refine, refine_mask

STRUCTURES = (
    "body",
    "skin",
    "lung",
    "bone",
    "spinal_canal",
    "liver",
    "vessels",
    "artery",
    "hepatic_veins",
    "kidney",
    "spleen",
    "gallbladder",
    "stomach",
    "bowel",
    "heart",
)
HILUM_MM = 8.0
NOT_VISIBLE: Bilingual = ("在此 CT 中不可见或未能找到", "not visible in this CT, or not found")
NOT_ENHANCED: Bilingual = ("血管未强化，未能分割", "vessels are not enhanced and could not be told apart")
WHY_MISSING: Mapping[str, Bilingual] = {
    "vessels": NOT_ENHANCED,
    "artery": NOT_ENHANCED,
    "hepatic_veins": NOT_ENHANCED,
    "lung": ("扫描范围内没有肺", "no lung within the image"),
    "liver": ("右肺底下方未见肝实质", "no liver tissue found under the right lung base"),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Segmentation:
    """What was found and what was not.

    Parameters
    ----------
    structures : dict of str to Proposed
        By canonical kind, on the CT's grid.
    missing : dict of str to (str, str)
        Wanted kinds that are not there, with the reason in Chinese and English.
    """

    structures: dict[str, Proposed]
    missing: dict[str, Bilingual]


@dataclass(kw_only=True, eq=False)
class _Run:
    """State of one run: the scene, what hears of each structure, and what was found."""

    scene: Scene
    wanted: frozenset[str]
    given: Mapping[str, LabelMap]
    on_structure: Callable[[Proposed], None] | None
    progress: Progress
    cancel: CancelToken
    spine: SpineLine = field(init=False)
    dense: DenseTissue = field(init=False)
    level: LiverLevel | None = None
    structures: dict[str, Proposed] = field(default_factory=dict)

    def deliver(self, kind: str, medium: BoolArray | None, fine: BoolArray | None = None) -> None:
        """Gate a structure and hand it over; `fine` is its mask in patient order when it is known better."""
        self.progress(kind, 1.0)
        self.cancel.raise_if_cancelled()
        if medium is None or not medium.any():
            return
        if kind in self.given:
            return
        self.scene.found[kind] = medium
        if kind not in self.wanted:
            return
        precise = self.scene.refined(medium) if fine is None else fine
        gate, reasons = judge(
            GateInput(
                kind=kind,
                mask=medium,
                image=self.scene.medium,
                lungs=self.scene.mask("lung"),
                spine=self.spine,
            )
        )
        proposed = Proposed(
            name=kind,
            label_map=self.scene.to_label_map(precise),
            engine=ENGINE,
            gate=gate,
            reasons=reasons,
        )
        self.structures[kind] = proposed
        if self.on_structure is not None:
            self.on_structure(proposed)

    def needs(self, *kinds: str) -> bool:
        """Whether any of these is wanted and not given."""
        return any(kind in self.wanted and kind not in self.given for kind in kinds)


def segment_anatomy(
    volume: Volume,
    *,
    wanted: Collection[str] | None = None,
    given: Mapping[str, LabelMap] | None = None,
    on_structure: Callable[[Proposed], None] | None = None,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Segmentation:
    """Find the structures of a CT without trained weights.

    Parameters
    ----------
    volume : Volume
        CT in HU, any orientation.
    wanted : collection of str or None
        Canonical kinds to return; all of `STRUCTURES` by default.
    given : mapping of str to LabelMap
        Structures already known, by kind, on the CT's grid; used as they are and not returned.
    on_structure : callable or None
        Hears of each structure as soon as it stands: body, lungs and bone first.
    progress, cancel
        Progress and cancellation.

    Returns
    -------
    Segmentation
        The structures, and the wanted kinds that were not found with the reason.

    Raises
    ------
    StructureError
        If a given structure does not fit the CT, or no body is found.
    FrameOfReferenceError
        If a given structure lives in another frame.
    Cancelled
        If `cancel` was set.
    """
    known = dict(given or {})
    for kind, label_map in known.items():
        require_same_frame(volume.grid, label_map.grid, what=f"the CT and {kind}")
        if not volume.grid.matches(label_map.grid):
            raise StructureError("a given structure lies on another grid than the CT", where=kind)
    run = _Run(
        scene=Scene.of(volume),
        wanted=frozenset(STRUCTURES if wanted is None else wanted),
        given=known,
        on_structure=on_structure,
        progress=progress,
        cancel=cancel or CancelToken(),
    )
    run.scene.give(known)
    _outline_stage(run)
    _liver_stage(run)
    _organ_stage(run)
    missing = {
        kind: WHY_MISSING.get(kind, NOT_VISIBLE)
        for kind in STRUCTURES
        if kind in run.wanted and kind not in run.structures and kind not in known
    }
    return Segmentation(structures=run.structures, missing=missing)


def _outline_stage(run: _Run) -> None:
    """Body, skin, lungs, bone, spinal canal."""
    scene = run.scene
    coarse_body = find_body(scene.coarse)
    body = refine_mask(coarse_body, scene.medium.shape)
    if not body.any():
        raise StructureError("no body was found in this image", remedy="check that it is a CT in HU")
    skeleton = dense_skeleton(scene.medium, body)
    run.spine, canal = find_spine(scene.medium, body, skeleton)
    if run.needs("body", "skin"):
        fine_body = refine_body(coarse_body, scene.coarse, scene.fine.shape)
        run.deliver("body", body, fine_body)
        run.deliver("skin", body, fine_body)
    scene.found.setdefault("body", body)
    run.deliver("lung", None if "lung" in run.given else find_lungs(scene.medium, body, skeleton))
    lungs = scene.mask("lung")
    run.dense = split_dense(scene.medium, body, run.spine, lungs)
    bone = run.dense.bone & ~canal
    if run.needs("bone"):
        fine = filled_slices(refine_bone(run.dense, scene.medium, scene.fine.shape))
        run.deliver("bone", bone, fine & ~scene.refined(canal))
    scene.found.setdefault("bone", bone)
    run.deliver("spinal_canal", canal)


def _liver_stage(run: _Run) -> None:
    """Liver and its vessels."""
    scene = run.scene
    if "liver" in run.given:
        inside = scene.medium.hu[scene.mask("liver")]
        spread = float(np.median(np.abs(inside - np.median(inside)))) if inside.size else 10.0
        middle = float(np.median(inside)) if inside.size else 60.0
        run.level = LiverLevel(mean_hu=middle, sigma_hu=max(5.0, spread))
    else:
        result = find_liver(_surroundings(run))
        run.progress("liver", 1.0)
        run.cancel.raise_if_cancelled()
        if result is None:
            return
        run.level = result.level
        run.deliver("liver", result.mask, refine(result.field, scene.fine.shape) > 0.0)
    if run.needs("vessels"):
        vessels = find_liver_vessels(scene.fine, _with_hilum(run), run.level.mean_hu)
        if vessels is not None:
            run.deliver("vessels", scene.coarsened_mask(vessels), vessels)


def _with_hilum(run: _Run) -> BoolArray:
    """Liver on the fine grid with its notches closed: the vessels run in and out through them."""
    scene = run.scene
    outside = scene.mask("lung") | scene.mask("bone") | ~scene.mask("body")
    whole = closed(scene.mask("liver"), HILUM_MM, scene.medium.spacing_mm) & ~outside
    return scene.refined(whole)


def _surroundings(run: _Run) -> Surroundings:
    scene = run.scene
    return Surroundings(
        image=scene.medium,
        body=scene.mask("body"),
        lungs=scene.mask("lung"),
        bone=scene.mask("bone"),
        contrast=run.dense.contrast,
        spine=run.spine,
    )


def _organ_stage(run: _Run) -> None:
    """Large vessels and the organs around the liver, searched on the coarse grid."""
    later = STRUCTURES[STRUCTURES.index("artery") :]
    if not run.needs(*later):
        return
    scene = run.scene
    abdomen = organs.Abdomen.of(
        _coarse_surroundings(run), scene.coarse_mask("liver"), run.level.mean_hu if run.level else 60.0
    )
    found: dict[str, BoolArray] = {}
    searches: tuple[tuple[str, Callable[[], BoolArray | None]], ...] = (
        ("artery", lambda: organs.find_aorta(abdomen)),
        ("hepatic_veins", lambda: organs.find_vena_cava(abdomen, found.get("artery"))),
        ("kidney", lambda: organs.find_kidneys(abdomen)),
        ("spleen", lambda: organs.find_spleen(abdomen)),
        ("gallbladder", lambda: organs.find_gallbladder(abdomen)),
        ("heart", lambda: organs.find_heart(abdomen)),
    )
    for kind, search in searches:
        mask = scene.coarse_mask(kind) if kind in run.given else search()
        if mask is not None:
            found[kind] = mask
            run.deliver(kind, refine_mask(mask, scene.medium.shape))
    if run.needs("stomach", "bowel"):
        taken = abdomen.liver | abdomen.around.bone
        for mask in found.values():
            taken = taken | mask
        gut = find_gut(abdomen, taken)
        for kind, part in (("stomach", gut.stomach), ("bowel", gut.bowel)):
            run.deliver(kind, None if part is None else refine_mask(part, scene.medium.shape))


def _coarse_surroundings(run: _Run) -> Surroundings:
    scene = run.scene
    return Surroundings(
        image=scene.coarse,
        body=scene.coarse_mask("body"),
        lungs=scene.coarse_mask("lung"),
        bone=scene.coarse_mask("bone"),
        contrast=scene.to_coarse(run.dense.contrast),
        spine=run.spine.resampled(scene.medium, scene.coarse),
    )
