"""Bad input on the command line: exit code, one clear message, nothing written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from typer.testing import CliRunner

from teleneedle.apps.cli.main import app

ACCEPT = ["--accept-unreviewed", "--accept-unverified-device"]


@pytest.fixture(scope="module")
def small_ct(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A water cylinder with a bright liver-like ball, 64³ at 5 mm: enough for refusals."""
    k, j, i = np.indices((64, 64, 64))
    array = np.full((64, 64, 64), -1000, np.int16)
    array[(i - 32) ** 2 + (j - 32) ** 2 <= 28**2] = 40
    array[(i - 22) ** 2 + (j - 30) ** 2 + (k - 32) ** 2 <= 12**2] = 110
    image = sitk.GetImageFromArray(array)
    image.SetSpacing((5, 5, 5))
    path = tmp_path_factory.mktemp("ct") / "ct.nii.gz"
    sitk.WriteImage(image, str(path))
    return path


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--target-box", "0,10,0,10,0,9999"], "outside the image"),
        (["--target-box", "10,0,0,10,0,10"], "empty"),
        (["--device", "nonsense"], "nonsense"),
        (["--structures", "/nowhere"], "does not exist"),
        (["--checklist", "/nowhere.yml"], "checklist"),
        (["--target-mask", "/nowhere.nii.gz"], "nowhere"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)
def test_refused_input_names_the_cause(
    small_ct: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    code, output = run("plan", small_ct, "--modality", "mwa", "--out", tmp_path / "out", *ACCEPT, *arguments)
    assert code == 1, output
    assert words in output
    assert list(tmp_path.iterdir()) == []


def test_a_target_in_the_air_is_outside_the_body(small_ct: Path, tmp_path: Path) -> None:
    mask = sitk.ReadImage(str(small_ct))
    array = np.zeros((64, 64, 64), np.uint8)
    array[30:34, 1:4, 1:4] = 1
    air = sitk.GetImageFromArray(array)
    air.CopyInformation(mask)
    sitk.WriteImage(air, str(tmp_path / "tumour.nii.gz"))
    code, output = run(
        "plan", small_ct, "--modality", "mwa", "--out", tmp_path / "out", "--target-mask",
        tmp_path / "tumour.nii.gz", *ACCEPT,
    )  # fmt: skip
    assert code == 1, output
    assert "outside the body" in output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["plan"],
        ["plan", "x", "--modality", "laser", "--out", "y"],
        ["plan", "x", "--modality", "mwa", "--out", "y", "--needles", "many"],
        ["plan", "x", "--modality", "mwa", "--out", "y", "--target-box", "1,2,3"],
        ["plan", "x", "--modality", "mwa", "--out", "y", "--margin-mm", "-1"],
        ["nonsense"],
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    assert run(*arguments)[0] == 2


@pytest.mark.parametrize(
    "command",
    [[], ["plan"], ["segment"], ["inspect"], ["phantom"], ["hub"], ["demo"], ["demo-plan"], ["selftest"]],
)
def test_every_command_has_help(command: list[str]) -> None:
    code, output = run(*command, "--help")
    assert code == 0
    assert "Usage" in output


def test_a_missing_ct_and_an_unwritable_place(small_ct: Path, tmp_path: Path) -> None:
    code, output = run("plan", tmp_path / "none", "--modality", "mwa", "--out", tmp_path / "o", *ACCEPT)
    assert code == 1
    assert "none" in output
    code, output = run("plan", small_ct, "--modality", "mwa", "--out", "/proc/out", *ACCEPT)
    assert code == 1
    assert "cannot be written" in output


def test_interrupting_leaves_nothing_half_written(real_data: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [
            sys.executable, "-m", "teleneedle.apps.cli.main", "plan",
            str(real_data / "ircad17" / "PATIENT_DICOM"), "--modality", "mwa", "--out",
            str(tmp_path / "out"), *ACCEPT,
        ],
        stderr=subprocess.PIPE,
        env={**os.environ},
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not list(tmp_path.iterdir()):
        time.sleep(0.05)
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 1
    assert list(tmp_path.iterdir()) == []
