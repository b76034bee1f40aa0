"""nnU-Net v2 itself, with a network made here whose answer is a threshold."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np

from teleneedle.adapters.ai.nnunet import NnunetSegmenter
from teleneedle.adapters.ai.weights import folder_sha256
from teleneedle.core.geometry import Grid
from teleneedle.core.image import Volume
from teleneedle.core.progress import no_progress
from teleneedle.ports.segmenter import SegmentRequest
from teleneedle.testing.tiny_networks import write_approval

ENVIRONMENT = Path(__file__).parents[2] / ".venv-ai"
MAKER = Path(__file__).with_name("make_threshold_nnunet.py")


def test_nnunet_gives_the_threshold_on_an_oblique_grid(tmp_path: Path) -> None:
    folder = tmp_path / "net"
    python = ENVIRONMENT / "bin" / "python"
    subprocess.run([python, MAKER, folder, "100"], check=True, capture_output=True, timeout=200)
    engine = NnunetSegmenter(
        name="threshold",
        environment=ENVIRONMENT,
        folder=folder,
        approval_file=write_approval(tmp_path / "approved.toml", folder_sha256([folder])),
    )
    c, s = np.cos(0.2), np.sin(0.2)
    grid = Grid.regular(
        (20, 24, 22),
        spacing_mm=(2.0, 2.0, 2.0),
        origin_lps=(-20.0, 35.0, 410.0),
        direction=[[c, -s, 0], [s, c, 0], [0, 0, 1]],
        frame_of_reference_uid="1.2.3",
    )
    values = np.random.default_rng(0).integers(-200, 400, grid.shape).astype(np.int16)
    values[np.abs(values - 100) < 10] = 150  # nnU-Net sums in half precision: keep clear of the threshold
    volume = Volume(array=values, grid=grid)
    request = SegmentRequest(wanted=frozenset({"liver"}))
    found = engine.run(volume, request, progress=no_progress, cancel=None)
    np.testing.assert_array_equal(found["liver"].label_map.array, values > 100)
