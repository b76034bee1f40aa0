"""What every engine promises, whoever it is and wherever it runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from teleneedle.adapters.ai.external_process import ProcessLimits
from teleneedle.adapters.ai.nnunet import PROGRAM as NNUNET
from teleneedle.adapters.ai.nnunet import NnunetSegmenter
from teleneedle.adapters.ai.onnx_engine import OnnxSegmenter
from teleneedle.adapters.ai.totalsegmentator import PROGRAM as TOTALSEGMENTATOR
from teleneedle.adapters.ai.totalsegmentator import TotalSegmentatorSegmenter
from teleneedle.adapters.ai.totalsegmentator_tasks import TASKS
from teleneedle.adapters.ai.weights import folder_sha256
from teleneedle.core.anatomy import KINDS, Proposed
from teleneedle.core.errors import Cancelled, TeleneedleError
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap, Volume
from teleneedle.core.progress import CancelToken, Progress, no_progress
from teleneedle.ports.segmenter import EngineInfo, Segmenter, SegmentRequest
from teleneedle.services.segment_structures import FunctionSegmenter
from teleneedle.testing.tiny_networks import (
    THRESHOLD_HU,
    write_approval,
    write_nnunet_folder,
    write_onnx_folder,
    write_program,
)

LIMITS = ProcessLimits(wall_s=60, memory_bytes=8 * 1024**3, threads=1)


def function_engine(tmp_path: Path, behaviour: str) -> Segmenter:
    def threshold(
        volume: Volume, request: SegmentRequest, progress: Progress, cancel: CancelToken | None
    ) -> Mapping[str, Proposed]:
        label_map = LabelMap(array=volume.array > THRESHOLD_HU, grid=volume.grid)
        return {"liver": Proposed(name="liver", label_map=label_map, engine="function 1")}

    info = EngineInfo(id="function", version="1", licence="Apache-2.0", classes=frozenset({"liver"}))
    return FunctionSegmenter(info=info, function=threshold)


def onnx_engine(tmp_path: Path, behaviour: str) -> Segmenter:
    return OnnxSegmenter(write_onnx_folder(tmp_path / "net", patch_voxels=[8, 8, 8]))


def nnunet_engine(tmp_path: Path, behaviour: str) -> Segmenter:
    write_program(tmp_path / "venv", NNUNET, record=tmp_path / "record.json", behaviour=behaviour)
    folder = write_nnunet_folder(tmp_path / "net")
    return NnunetSegmenter(
        name="hepatic",
        environment=tmp_path / "venv",
        folder=folder,
        approval_file=write_approval(tmp_path / "approved.toml", folder_sha256([folder])),
        limits=LIMITS,
    )


def totalsegmentator_engine(tmp_path: Path, behaviour: str) -> Segmenter:
    write_program(tmp_path / "venv", TOTALSEGMENTATOR, record=tmp_path / "record.json", behaviour=behaviour)
    folders = [tmp_path / "weights" / name for name in TASKS["total"].weights_fast]
    for folder in folders:
        write_nnunet_folder(folder / "nnUNetTrainer__nnUNetPlans__3d_fullres")
    return TotalSegmentatorSegmenter(
        name="total",
        environment=tmp_path / "venv",
        weights=tmp_path / "weights",
        approval_file=write_approval(tmp_path / "approved.toml", folder_sha256(folders)),
        is_fast=True,
        limits=LIMITS,
    )


MAKERS = {
    "builtin shape": function_engine,
    "onnx": onnx_engine,
    "nnunet": nnunet_engine,
    "totalsegmentator": totalsegmentator_engine,
}


def oblique_volume() -> Volume:
    c, s = np.cos(0.3), np.sin(0.3)
    grid = Grid.regular(
        (10, 14, 12),
        spacing_mm=(2.0, 2.0, 2.0),
        origin_lps=(-40.0, 12.5, 300.25),
        direction=[[c, -s, 0], [s, c, 0], [0, 0, 1]],
        frame_of_reference_uid="1.2.840.99.7",
    )
    values = np.full(grid.shape, -50, dtype=np.int16)
    values[3:8, 4:9, 2:7] = 250
    return Volume(array=values, grid=grid)


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS.keys())
class TestEverySegmenter:
    def test_says_who_it_is(self, maker, tmp_path: Path) -> None:
        info = maker(tmp_path, "threshold").info
        assert info.id
        assert info.version
        assert info.licence == "Apache-2.0"
        assert info.classes <= set(KINDS)
        assert info.weights_sha256 == "" or len(info.weights_sha256) == 64

    def test_finds_the_truth_on_the_grid_of_the_image(self, maker, tmp_path: Path) -> None:
        engine, volume = maker(tmp_path, "threshold"), oblique_volume()
        before = volume.array.copy()
        request = SegmentRequest(wanted=frozenset({"liver"}))
        found = engine.run(volume, request, progress=no_progress, cancel=CancelToken())
        label_map = found["liver"].label_map
        assert label_map.grid.matches(volume.grid, tolerance_mm=1e-9)
        assert label_map.grid.frame_of_reference_uid == volume.grid.frame_of_reference_uid
        np.testing.assert_array_equal(label_map.array, before > THRESHOLD_HU)
        np.testing.assert_array_equal(volume.array, before)
        assert engine.info.id in found["liver"].engine or engine.info.id == "function"
        assert found["liver"].engine_sha256 == engine.info.weights_sha256

    def test_gives_only_what_was_wanted_and_declared(self, maker, tmp_path: Path) -> None:
        engine = maker(tmp_path, "threshold")
        request = SegmentRequest(wanted=frozenset({"liver", "bile_ducts", "skin"}))
        found = engine.run(oblique_volume(), request, progress=no_progress, cancel=None)
        assert set(found) <= request.wanted & engine.info.classes

    def test_leaves_out_what_is_not_there(self, maker, tmp_path: Path) -> None:
        volume = oblique_volume()
        empty = Volume(array=np.full_like(volume.array, -80), grid=volume.grid)
        request = SegmentRequest(wanted=frozenset({"liver"}))
        found = maker(tmp_path, "threshold").run(empty, request, progress=no_progress, cancel=None)
        assert all(not s.label_map.is_empty for s in found.values()) or maker is function_engine

    def test_stops_when_cancelled(self, maker, tmp_path: Path) -> None:
        cancel = CancelToken()
        cancel.cancel()
        request = SegmentRequest(wanted=frozenset({"liver"}))
        with pytest.raises(Cancelled):
            maker(tmp_path, "threshold").run(oblique_volume(), request, progress=no_progress, cancel=cancel)


PROCESSES = {name: MAKERS[name] for name in ("nnunet", "totalsegmentator")}


@pytest.mark.parametrize("maker", PROCESSES.values(), ids=PROCESSES.keys())
class TestEveryProcessOfItsOwn:
    @pytest.mark.parametrize(
        ("behaviour", "message"),
        [
            ("fail", "exit status 1"),
            ("silent", "without writing"),
            ("moved", "another grid"),
            ("memory", "memory"),
        ],
    )
    def test_misbehaviour_is_one_clear_error(
        self, maker, tmp_path: Path, behaviour: str, message: str
    ) -> None:
        request = SegmentRequest(wanted=frozenset({"liver"}))
        with pytest.raises(TeleneedleError, match=message):
            maker(tmp_path, behaviour).run(oblique_volume(), request, progress=no_progress, cancel=None)

    def test_cancelling_ends_the_program_and_its_children(self, maker, tmp_path: Path) -> None:
        engine, cancel, started = maker(tmp_path, "hang"), CancelToken(), tmp_path / "record.json"

        def cancel_once_started() -> None:
            while not started.exists() or not started.read_text():
                threading.Event().wait(0.02)
            cancel.cancel()

        watcher = threading.Thread(target=cancel_once_started, daemon=True)
        watcher.start()
        request = SegmentRequest(wanted=frozenset({"liver"}))
        with pytest.raises(Cancelled):
            engine.run(oblique_volume(), request, progress=no_progress, cancel=cancel)
        group, deadline = int(started.read_text()), time.monotonic() + 5.0
        while living_members(group) and time.monotonic() < deadline:
            time.sleep(0.02)  # a killed process is gone only when the scheduler next comes to it
        assert not living_members(group)


def living_members(group: int) -> list[str]:
    """Processes of a group that are neither gone nor merely waiting to be reaped."""
    living = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, member_of = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(member_of) == group and state not in "ZX":
            living.append(stat.parent.name)
    return living
