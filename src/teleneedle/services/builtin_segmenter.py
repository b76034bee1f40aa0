"""The builtin engine as one `Segmenter` among others."""

from __future__ import annotations

from collections.abc import Mapping

from teleneedle import __version__
from teleneedle.core.anatomy import Proposed
from teleneedle.core.image import Volume
from teleneedle.core.progress import CancelToken, Progress
from teleneedle.engines.segmentation import STRUCTURES, segment_anatomy
from teleneedle.ports.segmenter import EngineInfo, SegmentRequest
from teleneedle.services.segment_structures import FunctionSegmenter


def _run(
    volume: Volume, request: SegmentRequest, progress: Progress, cancel: CancelToken | None
) -> Mapping[str, Proposed]:
    found = segment_anatomy(
        volume,
        wanted=request.wanted,
        given=request.known,
        on_structure=request.on_structure,
        progress=progress,
        cancel=cancel,
    )
    for kind, reason in found.missing.items():
        request.on_missing(kind, reason)
    return found.structures


def builtin_segmenter() -> FunctionSegmenter:
    """The weight-free engine that is always there."""
    info = EngineInfo(id="builtin", version=__version__, licence="Apache-2.0", classes=frozenset(STRUCTURES))
    return FunctionSegmenter(info=info, function=_run)
