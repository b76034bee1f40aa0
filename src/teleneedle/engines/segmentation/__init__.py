"""The builtin structures engine: weight-free, deterministic, always there."""

from teleneedle.engines.segmentation.gates import GateInput, judge
from teleneedle.engines.segmentation.lesions import propose_lesions
from teleneedle.engines.segmentation.pipeline import STRUCTURES, Segmentation, segment_anatomy
from teleneedle.engines.segmentation.provenance import ENGINE
from teleneedle.engines.segmentation.tumour import segment_tumour_in_box

__all__ = [
    "ENGINE",
    "STRUCTURES",
    "GateInput",
    "Segmentation",
    "judge",
    "propose_lesions",
    "segment_anatomy",
    "segment_tumour_in_box",
]
