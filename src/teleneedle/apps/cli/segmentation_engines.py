"""Segment what was not given: engines by configuration, the tumour by box, lesions when nobody names one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from teleneedle.adapters.ai.settings import load_ai_settings, make_engines
from teleneedle.apps.cli.console import Stopwatch
from teleneedle.core.anatomy import Proposed, Structure, merge_by_kind
from teleneedle.core.errors import StructureError
from teleneedle.core.image import LabelMap, Volume
from teleneedle.core.plan import Bilingual, Point
from teleneedle.core.progress import CancelToken, Progress
from teleneedle.engines.segmentation import STRUCTURES, propose_lesions, segment_tumour_in_box
from teleneedle.services.builtin_segmenter import builtin_segmenter
from teleneedle.services.choose_targets import TUMOUR, union_of
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


def segment_missing(
    volume: Volume,
    *,
    given: Sequence[Structure],
    target_box: tuple[Point, Point] | None,
    has_target: bool,
    engine: str | None,
    watch: Stopwatch,
    progress: Progress,
    cancel: CancelToken | None,
) -> SegmentedCase:
    """Anatomy that `given` lacks, and the tumour.

    The tumour is drawn inside `target_box`. Without a box, and with no tumour given nor `has_target`,
    the most conspicuous lesion of the liver is proposed, and a warning says that nobody named it.

    Raises
    ------
    StructureError
        If no target was named and no lesion was found.
    """
    wanted = kinds_to_segment(given)
    table, engine_warnings = make_engines(
        load_ai_settings(), wanted, builtin=builtin_segmenter(), prefer=engine
    )
    with watch.stage("structures"):
        found = segment_structures(
            volume, wanted=wanted, engines=table, given=given, progress=progress, cancel=cancel
        )
    anatomy = merge_by_kind([s for s in (*given, *found.structures) if s.kind != TUMOUR])
    structures = list(found.structures)
    warnings = [*engine_warnings, *found.warnings]
    named = has_target or any(s.kind == TUMOUR for s in given)
    with watch.stage("target"):
        if target_box is not None:
            tumour = segment_tumour_in_box(volume, box_lps=target_box, liver=anatomy.get("liver"))
            structures.append(replace(tumour, name="tumour1"))
        elif not named:
            structures.append(_conspicuous_lesion(volume, anatomy))
            warnings.append(PROPOSED_BY_MACHINE)
    tumours = [s for s in (*given, *structures) if s.kind == TUMOUR]
    structures = [_without_tumours(s, tumours) for s in structures]
    return SegmentedCase(structures=tuple(structures), missing=found.missing, warnings=tuple(warnings))


def _conspicuous_lesion(volume: Volume, anatomy: Mapping[str, LabelMap]) -> Proposed:
    lesions = propose_lesions(volume, anatomy["liver"]) if "liver" in anatomy else []
    if not lesions:
        raise StructureError(
            "no target was named and no lesion stands out in the liver",
            remedy="give --target-box or --target-mask",
        )
    return replace(lesions[0], name="tumour1")


def _without_tumours(structure: Proposed, tumours: Sequence[Structure]) -> Proposed:
    """Gut is found by exclusion: what is known to be tumour is not gut."""
    if structure.kind not in FOUND_BY_EXCLUSION or not tumours:
        return structure
    return replace(structure, label_map=structure.label_map.minus(union_of(tumours)))
