"""Segment what was not given, with the engines that this machine has, timed stage by stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from teleneedle.adapters.ai.settings import load_ai_settings, make_engines
from teleneedle.apps.cli.console import Stopwatch
from teleneedle.core.anatomy import Structure
from teleneedle.core.image import Volume
from teleneedle.core.plan import Point
from teleneedle.core.progress import CancelToken, Progress
from teleneedle.services.builtin_segmenter import builtin_segmenter
from teleneedle.services.segment_case import SegmentedCase, kinds_to_segment, segment_case


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
    """Anatomy that `given` lacks, and the tumour; `engine` is tried first for every kind.

    Raises
    ------
    StructureError
        If no target was named and no lesion was found.
    """
    wanted = kinds_to_segment(given)
    engines, warnings = make_engines(load_ai_settings(), wanted, builtin=builtin_segmenter(), prefer=engine)
    found = segment_case(
        volume,
        wanted=wanted,
        engines=engines,
        given=given,
        target_box=target_box,
        propose_target=not has_target,
        stage=watch.stage,
        progress=progress,
        cancel=cancel,
    )
    return replace(found, warnings=(*warnings, *found.warnings))
