"""The ``totalsegmentator`` engine: TotalSegmentator v2 in a process of its own, never over the network.

The weights folder is checked before the program starts, because the program would download what is
missing; usage statistics are switched off in a private home before it can read any other setting.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import numpy as np

from teleneedle.adapters.ai.external_process import ProcessLimits, program_of, run_program
from teleneedle.adapters.ai.nifti_exchange import read_answer
from teleneedle.adapters.ai.proposal import propose, require_right_angles
from teleneedle.adapters.ai.totalsegmentator_tasks import FREE_LICENCE, TASKS, UNUSED_FREE_TASKS, Task
from teleneedle.adapters.ai.weights import folder_sha256, require_approved
from teleneedle.adapters.nifti import write_volume
from teleneedle.core.anatomy import Proposed
from teleneedle.core.errors import InputError, NotReadableError, ReviewRequiredError
from teleneedle.core.image import BoolArray, Volume
from teleneedle.core.progress import CancelToken, Progress
from teleneedle.ports.segmenter import EngineInfo, SegmentRequest, Verdict

PROGRAM = "TotalSegmentator"
LICENCE_NUMBER = re.compile(r"[A-Za-z0-9_]{18}")


class TotalSegmentatorSegmenter:
    """One task of an installed TotalSegmentator.

    Parameters
    ----------
    name : str
        Id of the engine in the settings.
    environment : Path
        Virtual environment that holds TotalSegmentator v2.
    weights : Path
        Folder with the ``Dataset…`` folders of the task.
    approval_file : Path
        The administrator's record of weights that may be loaded.
    task : str
        Name of the task.
    is_fast : bool
        Use the task's 3 mm or 6 mm network.
    licence_number : str
        For tasks that are not free.
    limits : ProcessLimits
        Time and memory.

    Raises
    ------
    ReviewRequiredError
        If the task needs a licence number and none is given.
    NotReadableError, InputError
        If program, task, weights or approval is not in order.
    """

    def __init__(
        self,
        *,
        name: str,
        environment: Path,
        weights: Path,
        approval_file: Path,
        task: str = "total",
        is_fast: bool = False,
        licence_number: str = "",
        limits: ProcessLimits | None = None,
    ) -> None:
        self.name = name
        self.weights = weights
        self.task_name = task
        self.task = _known_task(task)
        self.is_fast = is_fast
        self.limits = limits or ProcessLimits()
        self._approval_file = approval_file
        self._licence_number = licence_number
        if self.task.needs_licence and not LICENCE_NUMBER.fullmatch(licence_number):
            raise ReviewRequiredError(
                f"the task {task} is not free: its weights need a licence number",
                where=name,
                remedy="enter licence_number for this engine, or use a free task",
            )
        self._program = program_of(environment, PROGRAM)
        self._require_weights()

    def _require_weights(self) -> None:
        for folder in self._weights_folders():
            if not next(folder.glob("*/fold_*/checkpoint_final.pth"), None):
                raise NotReadableError(
                    "the weights of this task are not installed; they are never downloaded from here",
                    where=str(folder),
                    remedy="let the administrator install them, see docs/how-to/ai-engines.md",
                )

    def _weights_folders(self) -> list[Path]:
        names = self.task.weights_fast if self.is_fast else self.task.weights
        if not names:
            raise InputError(
                f"the task {self.task_name} has no fast network", where=self.name, remedy="leave fast out"
            )
        return [self.weights / name for name in names]

    @cached_property
    def info(self) -> EngineInfo:
        """Identity, with one hash over all weights of the task."""
        sha256 = folder_sha256(self._weights_folders())
        approval = require_approved(sha256, self._approval_file, where=self.weights)
        fast = " fast" if self.is_fast else ""
        return EngineInfo(
            id=self.name,
            version=f"TotalSegmentator {self.task_name}{fast} {sha256[:8]}",
            licence=approval.licence if self.task.needs_licence else FREE_LICENCE,
            classes=frozenset(self.task.classes),
            weights_sha256=sha256,
        )

    def can_run(self, volume: Volume) -> Verdict:
        """Right-angled grids."""
        return require_right_angles(volume)

    def run(
        self, volume: Volume, request: SegmentRequest, *, progress: Progress, cancel: CancelToken | None
    ) -> Mapping[str, Proposed]:
        """Segment in a private folder; weights and their hash are checked again right before."""
        kinds = sorted(request.wanted & frozenset(self.task.classes))
        self._require_weights()
        require_approved(folder_sha256(self._weights_folders()), self._approval_file, where=self.weights)
        if cancel is not None:
            cancel.raise_if_cancelled()
        progress(self.name, 0.0)
        found: dict[str, Proposed] = {}
        with tempfile.TemporaryDirectory(prefix="teleneedle-") as made:
            home = Path(made)
            settings = self._write_settings(home)
            write_volume(volume, home / "ct.nii.gz")
            run_program(
                self._arguments(home, kinds),
                home=home,
                limits=self.limits,
                cancel=cancel,
                environment=settings,
            )
            for kind in kinds:
                array = self._read_kind(home / "out", kind, volume)
                if array.any():
                    found[kind] = propose(kind, array, volume, self.info)
        progress(self.name, 1.0)
        return found

    def _write_settings(self, home: Path) -> dict[str, str]:
        """Settings file with usage statistics off, and the variables that lead to it."""
        folder = home / ".totalsegmentator"
        folder.mkdir()
        settings = {"totalseg_id": "totalseg_teleneedle", "send_usage_stats": False, "prediction_counter": 0}
        if self._licence_number:
            settings["license_number"] = self._licence_number
        (folder / "config.json").write_text(json.dumps(settings), encoding="utf-8")
        return {"TOTALSEG_HOME_DIR": str(folder), "TOTALSEG_WEIGHTS_PATH": str(self.weights.absolute())}

    def _arguments(self, home: Path, kinds: list[str]) -> list[str]:
        arguments = [str(self._program), "-i", str(home / "ct.nii.gz"), "-o", str(home / "out")]
        arguments += ["-ta", self.task_name, "-d", "cpu", "-nr", "1", "-ns", "1"]
        if self.is_fast:
            arguments.append("--fast")
        if self.task.is_subset:
            arguments += ["-rs", *(name for kind in kinds for name in self.task.classes[kind])]
        return arguments

    def _read_kind(self, out: Path, kind: str, volume: Volume) -> BoolArray:
        """Union of the task's classes that make up `kind`."""
        union = np.zeros(volume.grid.shape, dtype=np.bool_)
        for name in self.task.classes[kind]:
            union |= read_answer(out / f"{name}.nii.gz", volume, program=PROGRAM) > 0
        return union


def _known_task(name: str) -> Task:
    if name in TASKS:
        return TASKS[name]
    if name in UNUSED_FREE_TASKS:
        raise InputError(
            f"the task {name} finds no structure that planning uses", remedy=f"use {', '.join(TASKS)}"
        )
    raise InputError(
        f"the task {name} is unknown, or its weights are not free",
        remedy=f"use {', '.join(TASKS)}",
    )
