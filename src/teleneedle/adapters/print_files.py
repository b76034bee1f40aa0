"""A template as files for the printer (STL, 3MF), for the browser (TNB1), with a report."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from teleneedle.adapters.tnb1 import encode_tnb1
from teleneedle.core.geometry import unit
from teleneedle.core.plan import Needle
from teleneedle.engines.fabrication import (
    PRINTERS,
    Template,
    fits_bed,
    measure_bores,
    template_problems,
)

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-'
    '3dmodel+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/'
    '2006/relationships"><Relationship Target="/3D/3dmodel.model" Id="rel0" Type="http://schemas.microsoft.'
    'com/3dmanufacturing/2013/01/3dmodel"/></Relationships>'
)


def write_template(template: Template, folder: Path, *, needles: Sequence[Needle], plan_sha256: str) -> None:
    """``template.stl``, ``template.3mf``, ``template.tnb1`` and ``report.json`` into `folder`, which is made.

    References
    ----------
    3MF Core Specification 1.3, sections 2 and 4: units are millimetres.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "template.stl").write_bytes(_stl(template))
    _write_3mf(template, folder / "template.3mf", plan_sha256)
    (folder / "template.tnb1").write_bytes(
        encode_tnb1(
            {
                "vertices": template.vertices.astype(np.float32),
                "normals": _normals(template).astype(np.float32),
                "faces": template.faces.astype(np.uint32),
            }
        )
    )
    (folder / "report.json").write_text(
        json.dumps(_report(template, needles, plan_sha256), ensure_ascii=False, indent=1), encoding="utf-8"
    )


def _report(template: Template, needles: Sequence[Needle], plan_sha256: str) -> dict[str, object]:
    """The template as its mesh is, measured back from it."""
    checks = measure_bores(template, tuple(needles))
    is_closed = _is_closed(template)
    return {
        "plan_sha256": plan_sha256,
        "unit": "mm",
        "watertight": is_closed,
        "volume_ml": round(template.volume_ml, 2),
        "bounding_box_mm": [round(float(v), 2) for v in template.bounding_box_mm],
        "witness_cube_mm": 10.0,
        "bores": [
            {**asdict(bore), "number": int(mark.text), **_rounded(asdict(check))}
            for bore, mark, check in zip(template.bores, template.marks, checks, strict=True)
        ],
        "printers": [
            {"name": name, "bed_mm": bed, "fits": fits_bed(template.bounding_box_mm, bed)}
            for name, bed in PRINTERS
        ],
        "problems": [
            {"zh": zh, "en": en} for zh, en in template_problems(template, checks, is_closed=is_closed)
        ],
        "research_statement": "Research software, not a medical device. 科研软件，非医疗器械。",
    }


def _rounded(figures: dict[str, object]) -> dict[str, object]:
    return {key: round(v, 4) if isinstance(v, float) else v for key, v in figures.items()}


def _is_closed(template: Template) -> bool:
    """Whether every edge is run through once in each direction, in the file as a printer reads it."""
    corners, index = np.unique(template.vertices.astype(np.float32), axis=0, return_inverse=True)
    faces = index.reshape(-1)[template.faces].astype(np.int64)
    start, end = faces, np.roll(faces, -1, axis=1)
    there, back = (np.sort((a * len(corners) + b).ravel()) for a, b in ((start, end), (end, start)))
    return bool((start != end).all() and (np.diff(there) > 0).all() and np.array_equal(there, back))


def _triangles(template: Template) -> np.ndarray:
    return np.asarray(template.vertices[template.faces])


def _normals(template: Template) -> np.ndarray:
    """Area-weighted vertex normals."""
    a, b, c = np.moveaxis(_triangles(template), 1, 0)
    across = np.cross(b - a, c - a)
    total = np.zeros_like(template.vertices)
    for corner in range(3):
        np.add.at(total, template.faces[:, corner], across)
    return np.asarray(unit(np.where(np.abs(total).sum(axis=1, keepdims=True) > 0, total, 1.0)))


def _stl(template: Template) -> bytes:
    """Binary STL."""
    corners = _triangles(template).astype("<f4")
    rows = np.zeros(len(corners), dtype=[("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("spare", "<u2")])
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.linalg.norm(across, axis=1, keepdims=True)
    rows["normal"], rows["corners"] = across / np.where(length > 0, length, 1.0), corners
    header = b"Teleneedle puncture template, mm".ljust(80)
    return header + np.uint32(len(rows)).tobytes() + rows.tobytes()


def _write_3mf(template: Template, path: Path, plan_sha256: str) -> None:
    vertices = "".join(f'<vertex x="{x:.4f}" y="{y:.4f}" z="{z:.4f}"/>' for x, y, z in template.vertices)
    triangles = "".join(f'<triangle v1="{a}" v2="{b}" v3="{c}"/>' for a, b, c in template.faces)
    model = (
        '<?xml version="1.0" encoding="UTF-8"?><model unit="millimeter" xml:lang="en-US" '
        'xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02">'
        f'<metadata name="Title">Puncture template</metadata><metadata name="Description">{plan_sha256}'
        '</metadata><resources><object id="1" type="model"><mesh><vertices>'
        f"{vertices}</vertices><triangles>{triangles}</triangles></mesh></object></resources>"
        '<build><item objectid="1"/></build></model>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", _RELATIONS)
        package.writestr("3D/3dmodel.model", model)
