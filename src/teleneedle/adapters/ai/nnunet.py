"""The ``nnunet`` engine: a trained nnU-Net v2 folder, run by nnU-Net itself in a process of its own.

References
----------
Isensee et al., nnU-Net, 10.1038/s41592-020-01008-z.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from teleneedle.adapters.ai.external_process import ProcessLimits, program_of, run_program
from teleneedle.adapters.ai.nifti_exchange import read_answer
from teleneedle.adapters.ai.onnx_model import known_classes
from teleneedle.adapters.ai.proposal import propose, require_right_angles
from teleneedle.adapters.ai.weights import folder_sha256, require_approved
from teleneedle.adapters.nifti import write_volume
from teleneedle.core.anatomy import Proposed, canonical_kind
from teleneedle.core.errors import InputError, NotReadableError
from teleneedle.core.image import Volume
from teleneedle.core.progress import CancelToken, Progress
from teleneedle.ports.segmenter import EngineInfo, SegmentRequest, Verdict

PROGRAM = "nnUNetv2_predict_from_modelfolder"
CHECKPOINT = "checkpoint_final.pth"
ENDINGS = (".nii.gz", ".nii")


class NnunetSegmenter:
    """A trained folder: ``dataset.json``, ``plans.json``, ``fold_*/checkpoint_final.pth``.

    Parameters
    ----------
    name : str
        Id of the engine in the settings.
    environment : Path
        Virtual environment that holds nnU-Net v2.
    folder : Path
        The trained folder.
    approval_file : Path
        The administrator's record of weights that may be loaded.
    limits : ProcessLimits
        Time and memory.
    classes : mapping of str to str
        Label of the network → structure, for labels whose own name is not known.

    Raises
    ------
    NotReadableError, InputError
        If program, folder or approval is not in order.
    """

    def __init__(
        self,
        *,
        name: str,
        environment: Path,
        folder: Path,
        approval_file: Path,
        limits: ProcessLimits | None = None,
        classes: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.folder = folder
        self.limits = limits or ProcessLimits()
        self._approval_file = approval_file
        self._program = program_of(environment, PROGRAM)
        self._dataset = _read_json(folder / "dataset.json")
        _read_json(folder / "plans.json")
        self.ending = self._file_ending()
        self.folds = self._complete_folds()
        self.labels = self._labels(classes or {})

    @cached_property
    def info(self) -> EngineInfo:
        """Identity, with the hash of the folder and the licence the administrator recorded."""
        sha256 = folder_sha256([self.folder])
        approval = require_approved(sha256, self._approval_file, where=self.folder)
        return EngineInfo(
            id=self.name,
            version=f"nnU-Net {sha256[:8]}",
            licence=approval.licence,
            classes=frozenset(self.labels.values()),
            weights_sha256=sha256,
        )

    def can_run(self, volume: Volume) -> Verdict:
        """Right-angled grids."""
        return require_right_angles(volume)

    def run(
        self, volume: Volume, request: SegmentRequest, *, progress: Progress, cancel: CancelToken | None
    ) -> Mapping[str, Proposed]:
        """Predict in a private folder; the approved hash is checked again right before loading."""
        require_approved(folder_sha256([self.folder]), self._approval_file, where=self.folder)
        if cancel is not None:
            cancel.raise_if_cancelled()
        progress(self.name, 0.0)
        with tempfile.TemporaryDirectory(prefix="teleneedle-") as made:
            home = Path(made)
            (home / "in").mkdir()
            write_volume(volume, home / "in" / f"case_0000{self.ending}")
            run_program(
                self._arguments(home),
                home=home,
                limits=self.limits,
                cancel=cancel,
                environment=dict.fromkeys(("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results"), str(home)),
            )
            labels = np.rint(read_answer(home / "out" / f"case{self.ending}", volume, program=PROGRAM))
        progress(self.name, 1.0)
        found: dict[str, Proposed] = {}
        for kind in sorted(request.wanted & self.info.classes):
            array = np.isin(labels, [index for index, name in self.labels.items() if name == kind])
            if array.any():
                found[kind] = propose(kind, array, volume, self.info)
        return found

    def _arguments(self, home: Path) -> list[str]:
        return [
            *(str(self._program), "-i", str(home / "in"), "-o", str(home / "out"), "-m", str(self.folder)),
            *("-f", *self.folds, "-chk", CHECKPOINT, "-device", "cpu", "-npp", "1", "-nps", "1"),
            "--disable_progress_bar",
        ]

    def _file_ending(self) -> str:
        ending = self._dataset.get("file_ending")
        channels = self._dataset.get("channel_names")
        if ending not in ENDINGS or not isinstance(channels, dict) or len(channels) != 1:
            raise InputError(
                "the network does not take one CT image as NIfTI",
                where=f"{self.folder}/dataset.json: file_ending, channel_names",
                remedy="use a network trained on one CT channel",
            )
        return str(ending)

    def _complete_folds(self) -> list[str]:
        folds = sorted(
            path.parent.name.removeprefix("fold_")
            for path in self.folder.glob(f"fold_*/{CHECKPOINT}")
            if re.fullmatch(r"fold_(all|\d+)", path.parent.name)
        )
        if not folds:
            raise NotReadableError(
                "the network's folder holds no checkpoint", where=f"{self.folder}/fold_*/{CHECKPOINT}"
            )
        return folds

    def _labels(self, classes: Mapping[str, str]) -> dict[int, str]:
        """Label value → canonical kind; labels that mean no structure of ours are left aside."""
        where = f"{self.folder}/dataset.json"
        labels = self._dataset.get("labels")
        if not isinstance(labels, dict) or not all(isinstance(value, int) for value in labels.values()):
            raise InputError("only networks with one number per label can be used", where=f"{where}: labels")
        unknown = sorted(set(classes) - set(labels))
        if unknown:
            raise InputError(f"the network has no label {', '.join(unknown)}", where=f"{where}: labels")
        named = {value: classes.get(name, name) for name, value in labels.items() if value != 0}
        ours = {v: name for v, name in named.items() if canonical_kind(name) or name in classes.values()}
        if not ours:
            raise InputError(
                "none of the network's labels is a known structure",
                where=f"{where}: labels",
                remedy="name them by classes = { label = structure } in the settings",
            )
        return known_classes(ours, where)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise NotReadableError(f"a file of the network cannot be read ({error})", where=str(path)) from error
    if not isinstance(content, dict):
        raise NotReadableError("a file of the network is not what it should be", where=str(path))
    return content
