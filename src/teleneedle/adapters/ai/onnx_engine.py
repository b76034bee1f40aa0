"""The ``onnx`` engine: a network from a folder, run in this process without torch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from teleneedle.adapters.ai.model_grid import ModelGrid
from teleneedle.adapters.ai.onnx_model import OnnxModel, read_onnx_model
from teleneedle.adapters.ai.onnx_runtimes import RUNTIMES, Infer, load_network
from teleneedle.adapters.ai.proposal import propose, require_right_angles
from teleneedle.core.anatomy import Proposed
from teleneedle.core.errors import InputError
from teleneedle.core.image import Volume
from teleneedle.core.progress import CancelToken, Progress
from teleneedle.ports.segmenter import EngineInfo, SegmentRequest, Verdict

F32 = NDArray[np.float32]
Window = tuple[slice, slice, slice]
OVERLAP = 0.5
SIGMA_SHARE = 1 / 8  # of the patch: weight of a voxel falls off from the patch's centre
MODEL_VOXELS = 100_000_000


class OnnxSegmenter:
    """A network in `folder`; `runtimes` are tried in order.

    Raises
    ------
    NotReadableError, InputError
        If the folder, its description or its hash is not in order.
    """

    def __init__(self, folder: Path, *, runtimes: Sequence[str] = RUNTIMES) -> None:
        self.folder = folder
        self.model: OnnxModel = read_onnx_model(folder)
        self._runtimes = runtimes

    @cached_property
    def info(self) -> EngineInfo:
        """Identity from ``model.json``."""
        return EngineInfo(
            id=self.model.id,
            version=self.model.version,
            licence=self.model.licence,
            classes=frozenset(self.model.classes.values()),
            weights_sha256=self.model.sha256,
        )

    @cached_property
    def _network(self) -> tuple[str, Infer]:
        return load_network(self.model.content, where=str(self.folder), runtimes=self._runtimes)

    @property
    def runtime(self) -> str:
        """Name of the runtime in use; loads the network."""
        return self._network[0]

    def can_run(self, volume: Volume) -> Verdict:
        """Right-angled grids of a size that fits memory."""
        voxels = int(np.prod(ModelGrid.of(volume.grid, self.model.spacing_mm).shape))
        if voxels > MODEL_VOXELS:
            zh, en = "图像过大，超出网络可处理范围。", "The image is too large for the network's spacing."
            return Verdict(can_run=False, reason=(zh, en))
        return require_right_angles(volume)

    def run(
        self, volume: Volume, request: SegmentRequest, *, progress: Progress, cancel: CancelToken | None
    ) -> Mapping[str, Proposed]:
        """Labels at the network's spacing, brought to the grid of the CT one structure at a time."""
        grid = ModelGrid.of(volume.grid, self.model.spacing_mm)
        low, high = self.model.window_hu
        image = (np.clip(grid.downsample(volume), low, high) - self.model.mean_hu) / self.model.std_hu
        labels = self._logits(image.astype(np.float32), progress, cancel).argmax(axis=0)
        found: dict[str, Proposed] = {}
        for kind in sorted(request.wanted & self.info.classes):
            if cancel is not None:
                cancel.raise_if_cancelled()
            channels = [index for index, name in self.model.classes.items() if name == kind]
            array = grid.upsample(np.isin(labels, channels))
            if array.any():
                found[kind] = propose(kind, array, volume, self.info)
        return found

    def _logits(self, image: F32, progress: Progress, cancel: CancelToken | None) -> F32:
        """(C, Z, Y, X) scores: one pass, or overlapping patches weighted by a Gaussian."""
        patch = self.model.patch_voxels or _rounded_up(image.shape, self.model.multiple_of)
        padding = [(0, max(0, p - n)) for p, n in zip(patch, image.shape, strict=True)]
        padded = np.pad(image, padding, constant_values=float(image.min()))
        windows = list(_windows(padded.shape, patch))
        weight = _gaussian(patch) if len(windows) > 1 else np.ones(patch, dtype=np.float32)
        total: F32 | None = None
        weights = np.zeros(padded.shape, dtype=np.float32)
        for n, window in enumerate(windows):
            if cancel is not None:
                cancel.raise_if_cancelled()
            scores = self._infer(padded[window])
            if total is None:
                total = np.zeros((scores.shape[0], *padded.shape), dtype=np.float32)
            total[(slice(None), *window)] += scores * weight
            weights[window] += weight
            progress(self.info.id, (n + 1) / len(windows))
        assert total is not None  # noqa: S101  there is at least one window
        return np.asarray((total / weights)[(slice(None), *(slice(0, n) for n in image.shape))])

    def _infer(self, patch: F32) -> F32:
        """(C, Z, Y, X) scores of one patch, checked against the description."""
        _, infer = self._network
        try:
            answer = infer(np.ascontiguousarray(patch)[None, None])
        except Exception as error:  # runtimes raise their own and builtin kinds alike
            raise InputError(
                f"the network failed on an image of {patch.shape} voxels ({type(error).__name__})",
                where=str(self.folder),
                remedy="check patch_voxels and multiple_of in model.json",
            ) from error
        channels = max(self.model.classes) + 1
        if answer.ndim != 5 or answer.shape[2:] != patch.shape or answer.shape[1] < channels:
            raise InputError(
                f"the network answered {answer.shape}: not {channels} or more channels of {patch.shape}",
                where=str(self.folder),
                remedy="the description does not fit the network: check classes and patch_voxels",
            )
        if not np.isfinite(answer).all():
            raise InputError("the network answered values that are no numbers", where=str(self.folder))
        return np.asarray(answer[0])


def _rounded_up(shape: Sequence[int], multiple: int) -> tuple[int, int, int]:
    z, y, x = (-(-n // multiple) * multiple for n in shape)
    return z, y, x


def _windows(shape: Sequence[int], patch: Sequence[int]) -> Iterator[Window]:
    """Patches that cover `shape` and overlap by at least half."""
    starts = []
    for n, p in zip(shape, patch, strict=True):
        steps = 1 if n <= p else int(np.ceil((n - p) / (p * (1 - OVERLAP)))) + 1
        starts.append(np.unique(np.round(np.linspace(0, max(0, n - p), steps)).astype(int)))
    for z, y, x in product(*starts):
        yield slice(z, z + patch[0]), slice(y, y + patch[1]), slice(x, x + patch[2])


def _gaussian(patch: Sequence[int]) -> F32:
    """Weights that peak at the patch's centre and stay above 1e-3 at its corners."""
    axes = []
    for n in patch:
        x = np.arange(n) - (n - 1) / 2
        axes.append(np.exp(-0.5 * (x / max(n * SIGMA_SHARE, 1e-6)) ** 2))
    weight = axes[0][:, None, None] * axes[1][None, :, None] * axes[2][None, None, :]
    return np.asarray(np.maximum(weight / weight.max(), 1e-3), dtype=np.float32)
