"""Short records of targets, structures and device that a plan keeps."""

from __future__ import annotations

import edt
import numpy as np

from teleneedle.core.anatomy import Reviewed, Structure
from teleneedle.core.devices import Device
from teleneedle.core.image import LabelMap, Volume
from teleneedle.core.plan import DeviceRecord, Point, StructureRecord, TargetSummary

REPORTED_CAPSULE_MM = 60.0


def summarise_target(
    name: str, target: LabelMap, *, volume: Volume, liver: LabelMap | None, margin_mm: float
) -> TargetSummary:
    """Volume, centre, diameters, mean HU and distance to the liver capsule of one target."""
    window = target.bounding_slices(pad_mm=0.0)
    values = volume.array[window][target.array[window]]
    longest, middle, shortest = (float(d) for d in target.principal_diameters_mm())
    return TargetSummary(
        name=name,
        volume_ml=target.volume_ml,
        centroid_lps=as_point(target.centroid_lps()),
        diameters_mm=(longest, middle, shortest),
        margin_mm=margin_mm,
        mean_hu=float(values.mean()),
        capsule_distance_mm=None if liver is None else _capsule_distance_mm(target, liver),
    )


def summarise_structure(structure: Structure) -> StructureRecord:
    """Volume, origin, gate and review state of one structure."""
    if isinstance(structure, Reviewed):
        proposal, state = structure.proposal, "reviewed"
        reviewer, at, note = structure.reviewer, structure.at.isoformat(), structure.edits
    else:
        proposal, state, reviewer, at, note = structure, "proposed", "", "", ""
    return StructureRecord(
        name=proposal.name,
        kind=proposal.kind,
        volume_ml=proposal.label_map.volume_ml,
        engine=proposal.engine,
        engine_sha256=proposal.engine_sha256,
        state=state,
        reviewer=reviewer,
        reviewed_at=at,
        gate=proposal.gate,
        reasons=proposal.reasons,
        note=note,
    )


def summarise_device(device: Device, *, acknowledged: bool) -> DeviceRecord:
    """Identity and provenance of the device; `acknowledged` when unverified rows were accepted."""
    return DeviceRecord(
        id=device.id,
        name=(device.name_zh, device.name_en),
        provenance=device.provenance,
        verified_by=device.verified_by,
        acknowledged=acknowledged and not device.is_verified,
        gauge=device.gauge,
    )


def as_point(values: object) -> Point:
    """Three plain floats."""
    x, y, z = (float(v) for v in np.asarray(values, dtype=np.float64))
    return (x, y, z)


def _capsule_distance_mm(target: LabelMap, liver: LabelMap) -> float | None:
    """Least distance from the target to tissue outside the liver; None for a target not in it."""
    window = target.bounding_slices(pad_mm=REPORTED_CAPSULE_MM)
    organ = liver.array[window] | target.array[window]
    inside = target.array[window]
    if np.count_nonzero(liver.array[window] & inside) < 0.5 * np.count_nonzero(inside):
        return None
    if organ.all():
        return REPORTED_CAPSULE_MM
    spacing = tuple(target.grid.spacing_mm[::-1])
    depth = edt.edt(organ, anisotropy=spacing, black_border=False, parallel=2)
    # The transform measures to the first outside voxel centre; half a voxel lies outside the organ.
    nearest: float = float(depth[inside].min())
    return max(nearest - 0.5 * float(min(spacing)), 0.0)
