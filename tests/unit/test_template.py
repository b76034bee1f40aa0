"""The puncture template against a body with a known skin: closed, to scale, bores on the needles' lines."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import trimesh

from teleneedle.adapters.print_files import write_template
from teleneedle.core.errors import StructureError
from teleneedle.core.geometry import Grid, unit
from teleneedle.core.image import LabelMap
from teleneedle.core.plan import Needle
from teleneedle.engines.fabrication import Template, build_template


def cylinder_body() -> LabelMap:
    """A body of 100 mm radius along z."""
    grid = Grid.regular(
        (60, 120, 120), spacing_mm=(2, 2, 2), origin_lps=(-119, -119, -59), frame_of_reference_uid="1"
    )
    i = np.arange(120) * 2 - 119
    disc = i[None, :] ** 2 + i[:, None] ** 2 < 100.0**2
    return LabelMap(array=np.broadcast_to(disc, grid.shape).copy(), grid=grid)


def needle(name: str, angle_deg: float, z: float, tilt: float = 0.0) -> Needle:
    a = np.radians(angle_deg)
    entry = np.array([100 * np.sin(a), -100 * np.cos(a), z])
    inward = unit([-np.sin(a), np.cos(a), tilt])
    return Needle(
        id=name,
        entry_lps=tuple(entry),
        tip_lps=tuple(entry + 70 * inward),
        target_lps=tuple(entry + 60 * inward),
        inserted_mm=70.0,
        gauge=15.0,
        tilt_deg=0.0,
        in_plane_deg=0.0,
        skin_angle_deg=90.0,
        capsule_angle_deg=None,
        liver_before_target_mm=None,
        clearances=(),
    )


def read_3mf(path: Path) -> trimesh.Trimesh:
    """The mesh of a 3MF package, read by its specification: the unit must be millimetres."""
    space = "{http://schemas.microsoft.com/3dmanufacturing/core/2015/02}"
    with zipfile.ZipFile(path) as package:
        model = ElementTree.fromstring(package.read("3D/3dmodel.model"))  # noqa: S314 - our own file
    assert model.get("unit") == "millimeter"
    vertices = [[float(v.attrib[a]) for a in "xyz"] for v in model.iter(f"{space}vertex")]
    faces = [[int(t.attrib[a]) for a in ("v1", "v2", "v3")] for t in model.iter(f"{space}triangle")]
    return trimesh.Trimesh(vertices, faces, process=False)


NEEDLES = (needle("N1", 10, 0, 0.2), needle("N2", 20, 8, -0.3))


@pytest.fixture(scope="module")
def template() -> Template:
    return build_template(NEEDLES, cylinder_body())


def as_trimesh(template: Template) -> trimesh.Trimesh:
    return trimesh.Trimesh(template.vertices, template.faces, process=False)


def test_it_is_closed_and_holds_what_it_says(template: Template) -> None:
    mesh = as_trimesh(template)
    assert mesh.is_watertight
    assert mesh.volume / 1000 == pytest.approx(template.volume_ml, rel=1e-3)


@pytest.mark.parametrize("which", [0, 1])
def test_each_bore_lies_on_its_needle(template: Template, which: int) -> None:
    """Two slices across the sleeve: the hole's centre is the needle's line, its width the bore's."""
    mesh, bore = as_trimesh(template), template.bores[which]
    entry, inward = np.array(bore.entry_lps), np.array(bore.direction)
    centres = []
    for height in (9.0, 19.0):
        at = entry - height * inward
        section = mesh.section(plane_origin=at, plane_normal=inward)
        assert section is not None
        loops = [np.asarray(loop) for loop in section.discrete]
        rings = [loop for loop in loops if np.linalg.norm(loop - at, axis=1).max() < bore.diameter_mm]
        ring = min(rings, key=lambda loop: np.linalg.norm(loop.mean(axis=0) - at))
        centres.append(ring[:-1].mean(axis=0))
        assert np.linalg.norm(centres[-1] - at) < 0.1
        radii = np.linalg.norm(ring - at, axis=1)
        assert radii.min() >= bore.diameter_mm / 2 - 0.02
        assert radii.max() <= bore.diameter_mm / 2 + 0.05
    axis = unit(centres[0] - centres[1])
    assert np.degrees(np.arccos(min(1.0, float(axis @ inward)))) < 0.1


def test_it_does_not_cut_into_the_skin(template: Template) -> None:
    mesh = as_trimesh(template)
    plate = mesh.vertices[mesh.vertices[:, 0] > template.witness_lps[0] + 12]
    radius = np.linalg.norm(plate[:, :2], axis=1)
    assert radius.min() > 100.0 - 1.5  # half a voxel of the mask and half of the plate's grid


def test_the_witness_cube_is_ten_millimetres(template: Template) -> None:
    low = template.witness_lps
    v = template.vertices
    near = v[((v < low + 10.001) & (v > low - 0.001)).all(axis=1)]
    assert np.ptp(near, axis=0) == pytest.approx([10, 10, 10], abs=1e-3)


def test_files_read_back_to_the_same_solid(template: Template, tmp_path: Path) -> None:
    write_template(template, tmp_path, plan_sha256="ab" * 32)
    for read in (trimesh.load(tmp_path / "template.stl", force="mesh"), read_3mf(tmp_path / "template.3mf")):
        assert read.volume == pytest.approx(1000 * template.volume_ml, rel=1e-3)
        assert read.is_watertight
    assert json.loads((tmp_path / "report.json").read_text())["bores"][0]["needle"] == "N1"
    assert json.loads((tmp_path / "report.json").read_text())["watertight"] is True


def test_entries_on_opposite_sides_are_refused() -> None:
    with pytest.raises(StructureError, match="needle"):
        build_template((), cylinder_body())
