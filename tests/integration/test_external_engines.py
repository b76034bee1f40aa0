"""How TotalSegmentator and nnU-Net are called, and what is refused before they are."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from teleneedle.adapters.ai.external_process import NOWHERE, ProcessLimits, run_program
from teleneedle.adapters.ai.nnunet import PROGRAM as NNUNET
from teleneedle.adapters.ai.nnunet import NnunetSegmenter
from teleneedle.adapters.ai.totalsegmentator import PROGRAM as TOTALSEGMENTATOR
from teleneedle.adapters.ai.totalsegmentator import TotalSegmentatorSegmenter
from teleneedle.adapters.ai.totalsegmentator_tasks import TASKS
from teleneedle.adapters.ai.weights import folder_sha256
from teleneedle.core.errors import InputError, LimitExceededError, NotReadableError, ReviewRequiredError
from teleneedle.core.geometry import Grid
from teleneedle.core.image import Volume
from teleneedle.core.progress import no_progress
from teleneedle.ports.segmenter import SegmentRequest
from teleneedle.testing.tiny_networks import write_approval, write_nnunet_folder, write_program


def small_volume() -> Volume:
    grid = Grid.regular((4, 5, 6), spacing_mm=(2.0, 2.0, 3.0), frame_of_reference_uid="1.2.3")
    values = np.zeros(grid.shape, dtype=np.int16)
    values[1:3, 1:4, 2:5] = 200
    return Volume(array=values, grid=grid)


def total(tmp_path: Path, **fields: object) -> TotalSegmentatorSegmenter:
    write_program(tmp_path / "venv", TOTALSEGMENTATOR, record=tmp_path / "record.json")
    task = TASKS.get(str(fields.get("task", "total")), TASKS["total"])
    folders = [tmp_path / "weights" / name for name in (*task.weights_fast, *task.weights)]
    for folder in folders:
        if not folder.exists():
            write_nnunet_folder(folder / "nnUNetTrainer__nnUNetPlans__3d_fullres")
    used = [tmp_path / "weights" / n for n in (task.weights_fast if fields.get("is_fast") else task.weights)]
    return TotalSegmentatorSegmenter(
        **{
            "name": "total",
            "environment": tmp_path / "venv",
            "weights": tmp_path / "weights",
            "approval_file": write_approval(tmp_path / "approved.toml", folder_sha256(used)),
            **fields,
        }
    )


def hepatic(tmp_path: Path, folder: Path | None = None, **fields: object) -> NnunetSegmenter:
    write_program(tmp_path / "venv", NNUNET, record=tmp_path / "record.json")
    folder = folder or write_nnunet_folder(tmp_path / "net")
    return NnunetSegmenter(
        **{
            "name": "hepatic",
            "environment": tmp_path / "venv",
            "folder": folder,
            "approval_file": write_approval(tmp_path / "approved.toml", folder_sha256([folder])),
            **fields,
        }
    )


def run(engine: TotalSegmentatorSegmenter | NnunetSegmenter, *wanted: str) -> dict[str, object]:
    return dict(
        engine.run(
            small_volume(), SegmentRequest(wanted=frozenset(wanted)), progress=no_progress, cancel=None
        )
    )


def test_totalsegmentator_runs_offline_without_statistics(tmp_path: Path) -> None:
    found = run(total(tmp_path, is_fast=True), "liver", "kidney")
    assert set(found) == {"kidney"}  # the stand-in marks the first class it is asked for
    record = json.loads((tmp_path / "record.json").read_text())
    assert record["config"]["send_usage_stats"] is False
    assert "license_number" not in record["config"]
    environment = record["environment"]
    assert environment["TOTALSEG_WEIGHTS_PATH"] == str(tmp_path / "weights")
    assert environment["TOTALSEG_HOME_DIR"].startswith(environment["HOME"])
    assert environment["https_proxy"] == environment["http_proxy"] == NOWHERE
    assert environment["HOME"] != os.environ.get("HOME")
    assert not Path(environment["HOME"]).exists()  # patient images do not stay behind
    assert record["arguments"][4:] == [
        *("-ta", "total", "-d", "cpu", "-nr", "1", "-ns", "1", "--fast"),
        *("-rs", "kidney_right", "kidney_left", "liver"),
    ]


def test_totalsegmentator_joins_the_classes_of_a_structure(tmp_path: Path) -> None:
    found = run(total(tmp_path, task="body", is_fast=True), "body")
    np.testing.assert_array_equal(found["body"].label_map.array, small_volume().array > 100)
    assert "-rs" not in json.loads((tmp_path / "record.json").read_text())["arguments"]


def test_missing_weights_are_refused_before_the_program_could_download_them(tmp_path: Path) -> None:
    engine = total(tmp_path, is_fast=True)
    for path in sorted((tmp_path / "weights").rglob("checkpoint_final.pth")):
        path.unlink()
    with pytest.raises(NotReadableError, match="never downloaded"):
        run(engine, "liver")
    with pytest.raises(NotReadableError, match="never downloaded"):
        TotalSegmentatorSegmenter(
            name="total",
            environment=tmp_path / "venv",
            weights=tmp_path / "weights",
            approval_file=tmp_path / "approved.toml",
        )
    assert not (tmp_path / "record.json").exists()


def test_task_that_is_not_free_needs_a_licence_number(tmp_path: Path) -> None:
    with pytest.raises(ReviewRequiredError, match="licence number"):
        total(tmp_path, task="heartchambers_highres")
    engine = total(tmp_path, task="heartchambers_highres", licence_number="aca_0123456789ABCD")
    with pytest.raises(NotReadableError):  # the stand-in answers with body classes only
        run(engine, "heart")
    record = json.loads((tmp_path / "record.json").read_text())
    assert record["config"]["license_number"] == "aca_0123456789ABCD"
    assert "aca_0123456789ABCD" not in record["arguments"]  # visible to every user of the machine


@pytest.mark.parametrize("task", ["tissue_types", "face", "coronary_arteries", "trunk_cavities", "../total"])
def test_other_tasks_are_refused(tmp_path: Path, task: str) -> None:
    with pytest.raises(InputError, match=r"not free|no structure"):
        total(tmp_path, task=task)


def test_task_without_fast_network(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no fast network"):
        total(tmp_path, task="liver_vessels", is_fast=True)


def test_nnunet_is_called_with_the_folds_that_are_there(tmp_path: Path) -> None:
    found = run(hepatic(tmp_path), "liver", "spleen")
    assert set(found) == {"liver"}
    arguments = json.loads((tmp_path / "record.json").read_text())["arguments"]
    assert arguments[4:6] == ["-m", str(tmp_path / "net")]
    assert arguments[6:] == [
        *("-f", "0", "-chk", "checkpoint_final.pth", "-device", "cpu", "-npp", "1", "-nps", "1"),
        "--disable_progress_bar",
    ]


def test_changed_checkpoint_is_never_loaded(tmp_path: Path) -> None:
    engine = hepatic(tmp_path)
    assert engine.info.weights_sha256
    (tmp_path / "net" / "fold_0" / "checkpoint_final.pth").write_bytes(b"another")
    with pytest.raises(InputError, match="not approved"):
        run(engine, "liver")
    assert not (tmp_path / "record.json").exists()


def test_weights_nobody_approved_are_never_loaded(tmp_path: Path) -> None:
    engine = hepatic(tmp_path, approval_file=write_approval(tmp_path / "other.toml", "0" * 64))
    with pytest.raises(InputError, match="not approved"):
        run(engine, "liver")
    assert not (tmp_path / "record.json").exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"labels": {"background": 0, "hat": 1}}, "none of the network's labels"),
        ({"labels": {"background": 0, "liver": [1, 2]}}, "one number per label"),
        ({"file_ending": ".nrrd"}, "one CT image as NIfTI"),
        ({"channel_names": {"0": "CT", "1": "PET"}}, "one CT image as NIfTI"),
    ],
)
def test_nnunet_folder_that_cannot_be_used(tmp_path: Path, fields: dict[str, object], message: str) -> None:
    folder = write_nnunet_folder(tmp_path / "net", **fields)
    with pytest.raises(InputError, match=message):
        hepatic(tmp_path, folder)


def test_nnunet_labels_by_other_names(tmp_path: Path) -> None:
    folder = write_nnunet_folder(tmp_path / "net", labels={"background": 0, "Leber": 1, "hat": 2})
    engine = hepatic(tmp_path, folder, classes={"Leber": "liver"})
    assert engine.info.classes == {"liver"}
    with pytest.raises(InputError, match="no label Milz"):
        hepatic(tmp_path, folder, classes={"Milz": "spleen"})
    with pytest.raises(InputError, match="no structure is called cap"):
        hepatic(tmp_path, folder, classes={"hat": "cap"})


@pytest.mark.parametrize("name", ["dataset.json", "plans.json", "fold_0/checkpoint_final.pth"])
def test_nnunet_file_missing(tmp_path: Path, name: str) -> None:
    folder = write_nnunet_folder(tmp_path / "net")
    (folder / name).unlink()
    (folder / "other").write_text("")
    with pytest.raises(NotReadableError) as caught:
        hepatic(tmp_path, folder)
    assert str(folder) in caught.value.where


@pytest.mark.parametrize("make", [total, hepatic])
def test_program_that_is_not_installed(tmp_path: Path, make) -> None:
    with pytest.raises(NotReadableError, match="not installed"):
        make(tmp_path, environment=tmp_path / "nowhere")


@pytest.mark.parametrize("make", [total, hepatic])
def test_sheared_grid_is_declined(tmp_path: Path, make) -> None:
    volume = small_volume()
    affine = volume.grid.affine.copy()
    affine[1, 2] = 1.0
    sheared = replace(
        volume, grid=Grid(shape=volume.grid.shape, affine=affine, frame_of_reference_uid="1.2.3")
    )
    engine = make(tmp_path)
    assert engine.can_run(volume).can_run
    assert not engine.can_run(sheared).can_run


def test_time_limit_ends_the_program(tmp_path: Path) -> None:
    limits = ProcessLimits(wall_s=0.2)
    with pytest.raises(LimitExceededError, match=r"0\.2 s"):
        run_program(["/bin/sleep", "600"], home=tmp_path, limits=limits, cancel=None)
