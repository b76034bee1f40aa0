"""From an engine's voxels to a proposal that says where it comes from."""

from __future__ import annotations

from teleneedle.core.anatomy import Gate, Proposed
from teleneedle.core.image import BoolArray, LabelMap, Volume
from teleneedle.ports.segmenter import EngineInfo, Verdict

NOT_SHEARED: Verdict = Verdict(can_run=True)
SHEARED: Verdict = Verdict(
    can_run=False,
    reason=("图像网格倾斜，模型不适用。", "The grid is sheared; the network needs right angles."),
)
UNCHECKED = (
    "由神经网络提出，未经自动合理性检查，请逐层核对。",
    "Proposed by a neural network without an automatic plausibility check: look through every slice.",
)


def require_right_angles(volume: Volume) -> Verdict:
    """Networks are trained on right-angled grids; a tilted one is resampled first, not guessed at."""
    return SHEARED if volume.grid.is_sheared else NOT_SHEARED


def propose(kind: str, array: BoolArray, volume: Volume, info: EngineInfo) -> Proposed:
    """`array` as an amber proposal by the engine `info`, on the grid of `volume`."""
    return Proposed(
        name=kind,
        label_map=LabelMap(array=array, grid=volume.grid),
        engine=info.label,
        engine_sha256=info.weights_sha256,
        gate=Gate.AMBER,
        reasons=(UNCHECKED,),
    )
