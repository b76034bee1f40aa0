"""Templates on a real patient's skin: one closed solid and the witness cube, wherever one enters."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import trimesh
from scipy import ndimage

from teleneedle.adapters.nifti import read_mask
from teleneedle.adapters.print_files import write_template
from teleneedle.core.plan import Needle
from teleneedle.engines.fabrication import build_template

GROUPS = 12


def needle(name: str, entry: np.ndarray, tip: np.ndarray) -> Needle:
    """A 14 G needle."""
    return Needle(
        id=name,
        gauge=14,
        entry_lps=tuple(map(float, entry)),
        tip_lps=tuple(map(float, tip)),
        target_lps=tuple(map(float, tip)),
        inserted_mm=float(np.linalg.norm(tip - entry)),
        tilt_deg=0.0,
        in_plane_deg=0.0,
        skin_angle_deg=60.0,
        capsule_angle_deg=None,
        liver_before_target_mm=None,
        clearances=(),
    )


@pytest.mark.parametrize("group", range(GROUPS))
def test_the_template_is_closed_as_trimesh_reads_it(real_data: Path, tmp_path: Path, group: int) -> None:
    skin = read_mask(real_data / "ircad17" / "masks" / "skin.nii.gz")
    draw = np.random.default_rng(group)
    shell = np.argwhere(skin.array & ~ndimage.binary_erosion(skin.array))[:, ::-1]
    surface = skin.grid.index_to_lps(shell.astype(float))
    middle = surface.mean(axis=0)
    front = surface[(np.abs(surface[:, 2] - middle[2]) < 60) & (surface[:, 1] < middle[1])]
    first = front[draw.integers(len(front))]
    near = front[np.linalg.norm(front - first, axis=1) < 35]
    entries = [first, *near[draw.integers(len(near), size=group % 4)]]
    needles = [needle(f"N{n + 1}", e, middle + draw.normal(0, 15, 3)) for n, e in enumerate(entries)]
    write_template(build_template(needles, skin), tmp_path, needles=needles, plan_sha256="0" * 64)
    solid = trimesh.load(io.BytesIO((tmp_path / "template.stl").read_bytes()), file_type="stl")
    assert solid.is_watertight
    assert solid.body_count == 2
    cube = min(solid.split(), key=lambda part: part.volume)
    assert cube.volume == pytest.approx(1000.0, rel=1e-4)
