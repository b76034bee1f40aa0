"""Segment what a case lacks: anatomy by engines, the tumour by box, or the most conspicuous lesion."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace

from teleneedle.core.anatomy import Proposed, Structure, merge_by_kind
from teleneedle.core.errors import StructureError
from teleneedle.core.image import LabelMap, Volume
from teleneedle.core.plan import Bilingual, Point
from teleneedle.core.progress import CancelToken, Progress
from teleneedle.engines.segmentation import STRUCTURES, propose_lesions, segment_tumour_in_box
from teleneedle.ports.segmenter import OnStructure, Segmenter, tell_nobody
from teleneedle.services.choose_targets import TUMOUR, require_box_in_volume, union_of
from teleneedle.services.segment_structures import segment_structures

SAME_AS: Mapping[str, tuple[str, ...]] = {
    "body": ("skin",),
    "skin": ("body",),
    "vessels": ("portal_vein", "hepatic_veins"),
}
"""A kind that is not needed once all of these are given: skin is the filled body, vessels are both trees."""
FOUND_BY_EXCLUSION = ("bowel", "stomach")
PROPOSED_BY_MACHINE: Bilingual = (
    "靶区由程序自动提出，无人指定；请核对后再用",
    "the target was proposed by the program and named by nobody; check it before use",
)
Stage = Callable[[str], AbstractContextManager[None]]


@dataclass(frozen=True, kw_only=True)
class SegmentedCase:
    """What was segmented, what could not be found and why, and what went wrong on the way."""

    structures: tuple[Proposed, ...]
    missing: Mapping[str, Bilingual] = field(default_factory=dict)
    warnings: tuple[Bilingual, ...] = ()


def kinds_to_segment(given: Sequence[Structure]) -> list[str]:
    """Canonical kinds the builtin engine knows that `given` lacks."""
    have = {structure.kind for structure in given}
    return [
        kind
        for kind in STRUCTURES
        if kind not in have and not (kind in SAME_AS and set(SAME_AS[kind]) <= have)
    ]


def _no_stage(_name: str) -> AbstractContextManager[None]:
    return nullcontext()


def segment_case(
    volume: Volume,
    *,
    wanted: Sequence[str],
    engines: Mapping[str, Sequence[Segmenter]],
    given: Sequence[Structure],
    target_box: tuple[Point, Point] | None,
    tumour_name: str = "tumour1",
    propose_target: bool = False,
    on_structure: OnStructure = tell_nobody,
    stage: Stage = _no_stage,
    progress: Progress,
    cancel: CancelToken | None,
) -> SegmentedCase:
    """Anatomy that is wanted, and the tumour.

    The tumour is drawn inside `target_box` (opposite corners, LPS mm). Without a box, with no tumour given
    and `propose_target`, the most conspicuous lesion of the liver is proposed, and a warning says that nobody
    named it. Every structure is told to `on_structure` as soon as it is there.

    Raises
    ------
    StructureError
        If the box lies outside the volume, or a target was to be proposed and no lesion stands out.
    """
    if target_box is not None:
        require_box_in_volume(target_box, *volume.grid.bounds_lps())
    tumours = [s for s in given if s.kind == TUMOUR]
    with stage("structures"):
        found = segment_structures(
            volume,
            wanted=wanted,
            engines=engines,
            given=given,
            on_structure=lambda structure: on_structure(_without_tumours(structure, tumours)),
            progress=progress,
            cancel=cancel,
        )
    anatomy = merge_by_kind([s for s in (*given, *found.structures) if s.kind != TUMOUR])
    structures, warnings = list(found.structures), list(found.warnings)
    with stage("target"):
        tumour = None
        if target_box is not None:
            tumour = segment_tumour_in_box(volume, box_lps=target_box, liver=anatomy.get("liver"))
        elif propose_target and not tumours:
            tumour = _conspicuous_lesion(volume, anatomy)
            warnings.append(PROPOSED_BY_MACHINE)
        if tumour is not None:
            named = replace(tumour, name=tumour_name)
            structures.append(named)
            tumours.append(named)
            on_structure(named)
    structures = [_without_tumours(s, tumours) for s in structures]
    return SegmentedCase(structures=tuple(structures), missing=found.missing, warnings=tuple(warnings))


def _conspicuous_lesion(volume: Volume, anatomy: Mapping[str, LabelMap]) -> Proposed:
    lesions = propose_lesions(volume, anatomy["liver"]) if "liver" in anatomy else []
    if not lesions:
        raise StructureError(
            "no target was named and no lesion stands out in the liver",
            remedy="give --target-box or --target-mask",
        )
    return lesions[0]


def _without_tumours(structure: Proposed, tumours: Sequence[Structure]) -> Proposed:
    """Gut is found by exclusion: what is known to be tumour is not gut."""
    if structure.kind not in FOUND_BY_EXCLUSION or not tumours:
        return structure
    return replace(structure, label_map=structure.label_map.minus(union_of(tumours)))
