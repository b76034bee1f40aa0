"""The puncture template against a body with a known skin: closed, to scale, bores on the needles' lines."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
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
from teleneedle.engines.fabrication import Template, build_template, fits_bed, measure_bores


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
    write_template(template, tmp_path, needles=NEEDLES, plan_sha256="ab" * 32)
    for read in (trimesh.load(tmp_path / "template.stl", force="mesh"), read_3mf(tmp_path / "template.3mf")):
        assert read.volume == pytest.approx(1000 * template.volume_ml, rel=1e-3)
        assert read.is_watertight
    assert json.loads((tmp_path / "report.json").read_text())["bores"][0]["needle"] == "N1"
    assert json.loads((tmp_path / "report.json").read_text())["watertight"] is True


SEGMENTS = {
    "a": (2, 6.5),
    "b": (3.5, 5),
    "c": (3.5, 2),
    "d": (2, 0.5),
    "e": (0.5, 2),
    "f": (0.5, 5),
    "g": (2, 3.5),
}
"""Middles of the strokes of a seven-stroke digit, mm from its lower left corner; named as usual."""
DIGITS = {"bc": "1", "abged": "2", "abgcd": "3", "fgbc": "4", "afgcd": "5"}


def is_in(loops: list[np.ndarray], point: np.ndarray) -> bool:
    """Even–odd rule over closed loops (N, 2)."""
    crossings = 0
    for loop in loops:
        a, b = loop[:-1], loop[1:]
        above = (a[:, 1] > point[1]) != (b[:, 1] > point[1])
        a, b = a[above], b[above]
        x = a[:, 0] + (point[1] - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0])
        crossings += int((x > point[0]).sum())
    return crossings % 2 == 1


def read_number(template: Template, which: int) -> str:
    """The digit that stands on the flag of a bore, read from a cut through the raised strokes."""
    mark = template.marks[which]
    at = mark.corner_lps + 0.4 * mark.out
    section = as_trimesh(template).section(plane_origin=at, plane_normal=mark.out)
    assert section is not None
    frame = np.stack([mark.right, mark.up], axis=1)
    loops = [(np.asarray(loop) - at) @ frame for loop in section.discrete]
    strokes = {name for name, where in SEGMENTS.items() if is_in(loops, np.array(where))}
    return next((digit for lit, digit in DIGITS.items() if set(lit) == strokes), f"? {sorted(strokes)}")


def test_each_bore_carries_its_number() -> None:
    """Five needles: the digits are read back from the mesh, right way round, strokes 1 mm wide."""
    needles = tuple(needle(f"N{n + 1}", 9.0 * n, 9.0 * (n % 3), 0.1 * n - 0.2) for n in range(5))
    made = build_template(needles, cylinder_body())
    assert as_trimesh(made).is_watertight
    assert [read_number(made, n) for n in range(5)] == ["1", "2", "3", "4", "5"]
    for mark, bore in zip(made.marks, made.bores, strict=True):
        assert float(np.cross(mark.right, mark.up) @ mark.out) == pytest.approx(
            1.0
        )  # else it would be mirrored
        beside = np.linalg.norm(np.cross(mark.corner_lps - bore.entry_lps, bore.direction))
        assert beside < bore.diameter_mm / 2 + 6.0
        for other in made.bores:
            passes = np.linalg.norm(np.cross(mark.corner_lps - other.entry_lps, other.direction))
            assert passes > other.diameter_mm / 2 + 2.0


@pytest.mark.parametrize("which", [0, 1])
def test_the_report_says_what_a_cut_by_another_tool_says(
    template: Template, tmp_path: Path, which: int
) -> None:
    """Bores moved and turned by a known amount: the report finds it, and trimesh agrees."""
    moved = tuple(
        replace(
            n,
            entry_lps=tuple(np.add(n.entry_lps, (0.3, 0, 0))),
            tip_lps=tuple(np.add(n.tip_lps, (0.3, 0, 2.0))),
        )
        for n in NEEDLES
    )
    check = measure_bores(template, moved)[which]
    mesh, bore = as_trimesh(template), template.bores[which]
    entry = np.array(moved[which].entry_lps)
    inward = unit(np.subtract(moved[which].tip_lps, entry))
    centres = []
    for height in (4.0, 16.0):
        at = entry - height * inward
        section = mesh.section(plane_origin=at, plane_normal=inward)
        assert section is not None
        rings = [np.asarray(loop)[:-1] for loop in section.discrete]
        centres.append(min((r.mean(axis=0) for r in rings), key=lambda c: float(np.linalg.norm(c - at))))
    axis = unit(centres[0] - centres[1])
    angle = np.degrees(np.arccos(axis @ inward))
    position = np.linalg.norm(np.cross(entry - centres[0], axis))
    assert check.angle_error_deg == pytest.approx(angle, abs=0.05)
    assert check.position_error_mm == pytest.approx(position, abs=0.03)
    truth = np.degrees(np.arccos(np.array(bore.direction) @ inward))
    assert check.angle_error_deg == pytest.approx(truth, abs=0.05)
    write_template(template, tmp_path, needles=moved, plan_sha256="ab" * 32)
    report = json.loads((tmp_path / "report.json").read_text())
    assert any(
        problem["en"].startswith(f"the bore of {bore.needle} is off") for problem in report["problems"]
    )


def test_a_template_as_planned_has_small_errors_and_says_so(template: Template, tmp_path: Path) -> None:
    write_template(template, tmp_path, needles=NEEDLES, plan_sha256="ab" * 32)
    report = json.loads((tmp_path / "report.json").read_text())
    assert [bore["number"] for bore in report["bores"]] == [1, 2]
    for bore in report["bores"]:
        assert bore["position_error_mm"] < 0.05
        assert bore["angle_error_deg"] < 0.05
        assert bore["clear_diameter_mm"] == pytest.approx(1.829 + 0.3, abs=0.02)
        assert bore["play_at_tip_mm"] == pytest.approx(0.3 / 20 * 70, abs=0.01)
    assert all(printer["fits"] for printer in report["printers"])
    assert [p["en"] for p in report["problems"]] == [
        f"{name} can lean 1.1 mm (> 1) at its tip; check it in CT" for name in ("N1", "N2")
    ]


def test_a_part_larger_than_the_bed_does_not_fit() -> None:
    assert fits_bed(np.array([100.0, 170.0, 20.0]), (145.0, 145.0, 175.0))
    assert not fits_bed(np.array([150.0, 150.0, 20.0]), (145.0, 145.0, 175.0))


def test_entries_on_opposite_sides_are_refused() -> None:
    with pytest.raises(StructureError, match="needle"):
        build_template((), cylinder_body())
