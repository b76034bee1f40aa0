"""NIfTI in and out. RAS becomes LPS, and back, at this boundary and nowhere else.

NIfTI names no frame of reference. A volume read on its own gets one derived from its content, so the same
file always lies in the same frame and two different files never do.

References
----------
NIfTI-1.1 header (https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teleneedle.adapters.decoding.child import Decoded, decode, understood_answer
from teleneedle.adapters.decoding.limits import DEFAULT_LIMITS, DecodeLimits
from teleneedle.core.case import CtSeries, Patient, StudyContext
from teleneedle.core.errors import NotReadableError, OutputError, SeriesGeometryError, StructureError
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap, Volume
from teleneedle.core.progress import CancelToken, Progress, no_progress

LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
OUTSIDE_HU = -1024
PADDING_BELOW_HU = -1500
AIR_BELOW_HU = -300
GZIP_LEVEL = 1


@dataclass(frozen=True, kw_only=True, eq=False)
class MaskFile:
    """A mask as its file holds it."""

    label_map: LabelMap
    sha256: str


def read_volume(
    path: Path, *, frame_of_reference_uid: str = "", limits: DecodeLimits = DEFAULT_LIMITS
) -> Volume:
    """Read one 3-D image; voxels stay as stored, the affine is LPS mm.

    Parameters
    ----------
    path : Path
        ``.nii`` or ``.nii.gz``.
    frame_of_reference_uid : str
        Frame the image lies in; derived from the content when empty.
    limits : DecodeLimits
        What the file may ask of this machine.

    Returns
    -------
    Volume
        int16 when every scaled value is such an integer, else float32.

    Raises
    ------
    NotReadableError, HostileInputError, LimitExceededError
        If the file is damaged, truncated, of another kind, or asks for too much.
    """
    answer = _decode([path], "image", limits=limits)
    with understood_answer():
        return _volume(answer.fields["files"][0], answer.arrays[0], frame_of_reference_uid)


def _volume(fields: Any, array: NDArray[Any], frame_uid: str) -> Volume:
    affine = np.array(fields["affine"], dtype=np.float64)
    uid = frame_uid or derived_frame_uid(array.shape, affine, str(fields["digest"]))
    return Volume(array=array, grid=_grid(array, affine, uid))


def _grid(array: NDArray[Any], affine: NDArray[np.float64], uid: str) -> Grid:
    k, j, i = array.shape
    return Grid(shape=(k, j, i), affine=affine, frame_of_reference_uid=uid)


def derived_frame_uid(shape: Sequence[int], affine: NDArray[np.float64], digest: str) -> str:
    """UID ``2.25.…`` of the frame of an image that names none: hash over affine, shape and voxels.

    References
    ----------
    DICOM PS3.5 annex B.2 (UUID-derived UIDs).
    """
    text = f"{np.round(affine, 6).tolist()}{list(shape)}{digest}"
    return f"2.25.{int(hashlib.sha256(text.encode()).hexdigest()[:32], 16)}"


def _decode(
    paths: Sequence[Path],
    purpose: str,
    *,
    limits: DecodeLimits,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Decoded:
    full = [path.expanduser().absolute() for path in paths]
    for path in full:
        if not path.is_file():
            raise NotReadableError("there is no such file", where=str(path), remedy="check the path")
    request = {
        "task": "nifti",
        "purpose": purpose,
        "paths": [str(path) for path in full],
        "path": str(full[0]),
    }
    return decode(request, limits=limits, progress=progress, cancel=cancel)


def read_masks(paths: Sequence[Path], *, limits: DecodeLimits = DEFAULT_LIMITS) -> list[MaskFile]:
    """Read binary masks, all in one child process.

    Raises
    ------
    StructureError
        If a file holds more than one label, fractions or negative values; or is empty of set voxels.
    """
    answer = _decode(paths, "mask", limits=limits)
    with understood_answer():
        files = zip(paths, answer.fields["files"], answer.arrays, strict=True)
        return [_mask(path, fields, array) for path, fields, array in files]


def _mask(path: Path, fields: Any, array: NDArray[Any]) -> MaskFile:
    _require_binary([float(v) for v in fields["labels"]], path.name)
    affine = np.array(fields["affine"], dtype=np.float64)
    sha256 = str(fields["sha256"])
    grid = _grid(array, affine, derived_frame_uid(array.shape, affine, sha256))
    return MaskFile(label_map=LabelMap(array=array, grid=grid), sha256=sha256)


def _require_binary(labels: Sequence[float], where: str) -> None:
    set_labels = sorted({label for label in labels if label != 0})
    if not set_labels:
        raise StructureError(
            "the mask is empty: no voxel is set",
            where=where,
            remedy="draw the structure or leave the file out",
        )
    if min(set_labels) < 0 or any(not label.is_integer() for label in set_labels[:9]):
        raise StructureError(
            "the mask holds fractions, negative values or no numbers; a mask is 0 and 1",
            where=where,
            remedy="threshold it and save it again",
        )
    if len(set_labels) > 1:
        shown = ", ".join(f"{label:g}" for label in set_labels[:6])
        raise StructureError(
            f"the mask holds several labels ({shown} …)",
            where=where,
            remedy="save one file per structure, 0 and 1",
        )


def read_mask(
    path: Path, *, frame_of_reference_uid: str = "", limits: DecodeLimits = DEFAULT_LIMITS
) -> LabelMap:
    """Read one binary mask on its own grid; see `read_masks` for what is refused."""
    found = read_masks([path], limits=limits)[0].label_map
    if not frame_of_reference_uid:
        return found
    return LabelMap(
        array=found.array, grid=replace(found.grid, frame_of_reference_uid=frame_of_reference_uid)
    )


def read_ct_volume(
    path: Path,
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
    limits: DecodeLimits = DEFAULT_LIMITS,
) -> CtSeries:
    """Read a CT from NIfTI as int16 HU: axes reordered so that k is the slice axis and runs to the head.

    NIfTI names no patient, modality or frame; the warnings say so.

    Raises
    ------
    NotReadableError
        If neither sform nor qform is set: left and right would be a guess (hazard H1).
    SeriesGeometryError
        If there is only one slice.
    """
    answer = _decode([path], "image", limits=limits, progress=progress, cancel=cancel)
    with understood_answer():
        return _ct_from_nifti(path, answer.fields["files"][0], answer.arrays[0])


def _ct_from_nifti(path: Path, fields: Any, array: NDArray[Any]) -> CtSeries:
    if not fields["has_orientation"]:
        raise NotReadableError(
            "the NIfTI sets neither sform nor qform, so left and right are unknown",
            where=path.name,
            remedy="convert it again from DICOM",
        )
    volume = slices_to_head(_volume(fields, array, ""))
    if min(volume.array.shape) < 2:
        raise SeriesGeometryError("there is only one slice; planning needs a volume", where=path.name)
    voxels = np.clip(np.rint(volume.array), -32768, 32767).astype(np.int16)
    voxels[voxels <= PADDING_BELOW_HU] = OUTSIDE_HU
    volume, is_tilted = _right_angled(Volume(array=voxels, grid=volume.grid))
    warnings = _warnings(voxels)
    if is_tilted:
        warnings.append(
            ("网格倾斜，已重采样到正交网格。", "The grid was sheared and was resampled to right angles.")
        )
    return CtSeries(
        volume=volume,
        patient=Patient(),
        study=StudyContext(series_description=str(fields["description"])[:80]),
        source_sha256=str(fields["sha256"]),
        warnings=tuple(warnings),
        is_resampled=is_tilted,
    )


def _warnings(voxels: NDArray[np.int16]) -> list[tuple[str, str]]:
    found = [
        (
            "NIfTI 不含患者姓名、模态和坐标参考系：请核对是否为本患者的 CT。",
            "NIfTI names no patient, modality or frame of reference: check that this is the patient's CT.",
        )
    ]
    low, high = int(voxels.min()), int(voxels.max())
    if low > AIR_BELOW_HU or high < 0:
        found.append(
            (
                f"CT 值范围 {low} 至 {high} HU 不像人体 CT。",
                f"Values from {low} to {high} HU do not look like a body in air.",
            )
        )
    return found


def slices_to_head(volume: Volume) -> Volume:
    """The same voxels with axes reordered so that k runs closest to +z, j closest to y and i closest to x.

    Only k is turned round when it runs to the feet; rows and columns keep their direction.
    """
    axes = np.abs(volume.grid.direction)
    k_axis = int(axes[2].argmax())
    j_axis = max((a for a in range(3) if a != k_axis), key=lambda a: axes[1, a])
    i_axis = 3 - k_axis - j_axis
    flip = [False, False, bool(volume.grid.direction[2, k_axis] < 0)]
    return reorder(volume, (i_axis, j_axis, k_axis), flip)


def reorder(volume: Volume, axes_ijk: Sequence[int], flip_ijk: Sequence[bool]) -> Volume:
    """Exact reordering: new axis n is old axis ``axes_ijk[n]``, turned round where ``flip_ijk[n]``."""
    affine = volume.grid.affine[:, [*axes_ijk, 3]].copy()
    array = volume.array.transpose([2 - axes_ijk[2 - n] for n in range(3)])
    for n in range(3):
        if flip_ijk[n]:
            array = np.flip(array, axis=2 - n)
            affine[:3, 3] += affine[:3, n] * (array.shape[2 - n] - 1)
            affine[:3, n] *= -1
    shape = (array.shape[0], array.shape[1], array.shape[2])
    grid = Grid(shape=shape, affine=affine, frame_of_reference_uid=volume.grid.frame_of_reference_uid)
    return Volume(array=array, grid=grid)


def _right_angled(volume: Volume) -> tuple[Volume, bool]:
    """`volume`, resampled to right angles if its grid is sheared."""
    if not volume.grid.is_sheared:
        return volume, False
    from teleneedle.adapters.unshear import unshear

    return unshear(volume, outside=OUTSIDE_HU), True


def write_volume(volume: Volume, path: Path) -> None:
    """Write `volume` as NIfTI-1 (``.nii`` or ``.nii.gz``), sform and qform in RAS mm.

    Raises
    ------
    OutputError
        If the file cannot be written; nothing half-written stays behind.
    """
    _write(volume.array, volume.grid, path)


def write_mask(label_map: LabelMap, path: Path) -> None:
    """Write `label_map` as NIfTI-1 with 0 and 1 (uint8). Raises as `write_volume` does."""
    _write(label_map.array.view(np.uint8), label_map.grid, path)


def _write(array: NDArray[Any], grid: Grid, path: Path) -> None:
    import nibabel

    header = nibabel.Nifti1Header()
    header.set_data_dtype(array.dtype)
    header.set_data_shape(array.shape[::-1])
    ras = LPS_TO_RAS @ grid.affine
    header.set_sform(ras, code="scanner")
    if not grid.is_sheared:
        header.set_qform(ras, code="scanner")
    header.set_xyzt_units("mm")
    header["vox_offset"] = 352
    header["magic"] = b"n+1"
    content = header.binaryblock + bytes(4) + np.ascontiguousarray(array).tobytes()
    if path.name.endswith(".gz"):
        import imagecodecs

        content = imagecodecs.gzip_encode(content, GZIP_LEVEL)
    _write_whole(content, path)


def _write_whole(content: bytes, path: Path) -> None:
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_bytes(content)
        os.replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise OutputError(
            f"the file could not be written ({error.strerror})",
            where=str(path),
            remedy="check the folder and free space",
        ) from error
