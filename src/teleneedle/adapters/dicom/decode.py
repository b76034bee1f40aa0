"""The child's work on a CT: find the files, choose the series, order it, decode it into shared memory.

Runs only inside the decoder process (``apps/decoder``); `read.py` is the door for everyone else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teleneedle.adapters.decoding.limits import DecodeLimits
from teleneedle.adapters.decoding.task import Task, TaskResult
from teleneedle.adapters.dicom.character_sets import clean_text
from teleneedle.adapters.dicom.guards import checked_uid
from teleneedle.adapters.dicom.hounsfield import write_hounsfield
from teleneedle.adapters.dicom.image_file import ImageFile, named_damage, read_image_file
from teleneedle.adapters.dicom.pixel import PixelLayout, pixel_layout, stored_frames
from teleneedle.adapters.dicom.resampling import regular_grid, resample_stack
from teleneedle.adapters.dicom.series import candidates, choose, is_ct_image, patient_of, require_one_patient
from teleneedle.adapters.dicom.slices import Slice
from teleneedle.adapters.dicom.sources import Source, find_sources
from teleneedle.adapters.dicom.stack import Stack, build_stack
from teleneedle.adapters.dicom.wording import Warnings
from teleneedle.core.errors import HostileInputError, NotReadableError, SeriesGeometryError

WORKERS = 2
AIR_BELOW_HU = -300
HOUNSFIELD_TYPES = ("", "HU")
"""Rescale Types (0028,1054) that mean Hounsfield units; CT images often leave it out."""


def decode_ct(task: Task) -> TaskResult:
    """Decode the CT that ``task.request`` names; the voxels go to shared memory.

    Returns
    -------
    mapping
        Affine, identity, study, hash and warnings as JSON values.
    """
    warnings = Warnings()
    files = parse_all(find_sources(Path(task.request["path"]), task.limits), task)
    wanted = task.request.get("series") or None
    if not wanted:
        require_one_patient([file for file in files if is_ct_image(file)])
    chosen = choose(candidates(files, warnings), wanted, warnings)
    layouts = layouts_of(chosen.slices, task.limits)
    stack = build_stack(chosen.slices)
    refusal = gap_refusal(stack, chosen.uid)
    if refusal is not None and not task.request.get("allow_gaps"):
        raise refusal
    affine, digest, extremes = _decode_into_shared(stack, layouts, task, warnings)
    with named_damage(stack.slices[0].file.name):
        warn_about_header(stack, layouts, warnings)
    if extremes[0] > AIR_BELOW_HU or extremes[1] < 0:
        warnings.no_air_or_tissue(*extremes)
    file = stack.slices[0].file
    with named_damage(file.name):
        study = _study(file, stack)
    return {
        "affine": affine.tolist(),
        "frame_of_reference_uid": stack.slices[0].frame_of_reference_uid or derived_uid(digest),
        "patient": vars(patient_of(file)),
        "study": study,
        "source_sha256": digest,
        "warnings": warnings.pairs,
        "is_resampled": bool(stack.gaps) or stack.is_tilted,
        "is_hounsfield": stack.slices[0].rescale_type in HOUNSFIELD_TYPES,
    }


def parse_all(sources: Sequence[Source], task: Task) -> list[ImageFile]:
    """The DICOM files among `sources`, parsed up to their pixels.

    Raises
    ------
    NotReadableError
        If none of them is DICOM.
    """
    files = []
    for n, source in enumerate(sources):
        task.tell.at(source.name)
        if n % 32 == 0:
            task.tell("read", 0.3 * n / len(sources))
        file = read_image_file(source, task.limits)
        if file is not None:
            files.append(file)
    if not files:
        raise NotReadableError(
            f"no DICOM image among {len(sources)} file(s)",
            where=str(task.request["path"]),
            remedy="name the folder, zip or file that holds the CT; a NIfTI is named by its file",
        )
    return files


def layouts_of(slices: Sequence[Slice], limits: DecodeLimits) -> dict[int, PixelLayout]:
    """Checked pixel layout of every file behind `slices`, by ``id(file)``."""
    layouts = {}
    for file in _files_of(slices):
        with named_damage(file.name):
            layouts[id(file)] = pixel_layout(file, limits)
    return layouts


def gap_refusal(stack: Stack, where: str) -> SeriesGeometryError | None:
    """The error for missing slices or uneven spacing, naming each gap; None when there is none."""
    if not stack.gaps:
        return None
    more = f", and {len(stack.gaps) - 1} more gap(s)" if len(stack.gaps) > 1 else ""
    return SeriesGeometryError(
        stack.gaps[0] + more,
        where=where,
        remedy="copy the missing slices, or allow gaps to interpolate what was not scanned",
        details=stack.gaps,
    )


def _files_of(slices: Sequence[Slice]) -> list[ImageFile]:
    return list({id(one.file): one.file for one in slices}.values())


def _decode_into_shared(
    stack: Stack, layouts: dict[int, PixelLayout], task: Task, warnings: Warnings
) -> tuple[NDArray[np.float64], str, tuple[int, int]]:
    rows, columns = stack.slices[0].size
    shape = (len(stack.slices), rows, columns)
    _require_room(shape, task.limits)
    if not stack.gaps and not stack.is_tilted:
        voxels = task.writer.allocate(shape, np.int16)
        digest = _decode_slices(stack, layouts, voxels, task)
        return stack.affine(), digest, _extremes(voxels)
    grid = regular_grid(stack)
    _require_room(grid.shape, task.limits)
    scanned = np.empty(shape, dtype=np.int16)
    digest = _decode_slices(stack, layouts, scanned, task)
    voxels = task.writer.allocate(grid.shape, np.int16)
    resample_stack(scanned, stack, grid, voxels)
    if stack.is_tilted:
        warnings.tilted(stack.tilt_deg)
    if stack.gaps:
        warnings.gaps_bridged(stack.gaps)
    return grid.affine, digest, _extremes(scanned)


def _require_room(shape: tuple[int, int, int], limits: DecodeLimits) -> None:
    if shape[0] * shape[1] * shape[2] > limits.voxels:
        raise HostileInputError(
            f"the volume would have {shape[0]} × {shape[1]} × {shape[2]} voxels",
            remedy="the headers are damaged, or crop the series first",
        )


def _decode_slices(
    stack: Stack, layouts: dict[int, PixelLayout], voxels: NDArray[np.int16], task: Task
) -> str:
    """Decode every slice to HU on two threads; returns the hash over the files in slice order."""
    places: dict[int, list[int]] = {}
    for k, one in enumerate(stack.slices):
        places.setdefault(id(one.file), []).append(k)
    files = _files_of(stack.slices)

    def work(file: ImageFile) -> bytes:
        task.tell.at(file.name)
        content = file.source.read()
        frames = stored_frames(file, layouts[id(file)], file.inflated or content)
        for k in places[id(file)]:
            one = stack.slices[k]
            write_hounsfield(frames[one.frame](), one.rescale, voxels[k])
        return hashlib.sha256(content).digest()

    total = hashlib.sha256()
    with ThreadPoolExecutor(WORKERS) as pool:
        for n, digest in enumerate(pool.map(work, files)):
            total.update(digest)
            if n % 32 == 0:
                task.tell("decode", 0.3 + 0.7 * n / len(files))
    return total.hexdigest()


def _extremes(voxels: NDArray[np.int16]) -> tuple[int, int]:
    middle = voxels[len(voxels) // 2]
    return int(middle.min()), int(middle.max())


def warn_about_header(stack: Stack, layouts: dict[int, PixelLayout], warnings: Warnings) -> None:
    """Say what is odd about the headers of a stack that can be read."""
    first = stack.slices[0]
    dataset = first.file.dataset
    if not first.frame_of_reference_uid:
        warnings.no_frame()
    if not all(one.has_rescale for one in stack.slices):
        warnings.no_rescale()
    if first.rescale_type not in HOUNSFIELD_TYPES:
        warnings.not_hounsfield(first.rescale_type)
    if (
        any(layouts[id(one.file)].is_lossy for one in stack.slices)
        or dataset.get("LossyImageCompression") == "01"
    ):
        warnings.lossy(clean_text(dataset.get("LossyImageCompressionRatio")))
    if first.rescale.padding is not None and not first.rescale.has_credible_padding:
        warnings.odd_padding(first.rescale.hu(first.rescale.padding[1]))
    if not dataset.get("PatientPosition"):
        warnings.no_patient_position()
    if first.thickness_mm and stack.spacing_mm > 1.5 * first.thickness_mm:
        warnings.spacing_beside_thickness(stack.spacing_mm, first.thickness_mm)


def derived_uid(digest: str) -> str:
    """A UID made from a hash, the same for the same content (PS3.5 annex B.2: root 2.25)."""
    return f"2.25.{int(digest[:32], 16)}"


def _study(file: ImageFile, stack: Stack) -> dict[str, Any]:
    dataset = file.dataset
    text = {
        "study_id": "StudyID",
        "study_date": "StudyDate",
        "study_time": "StudyTime",
        "accession_number": "AccessionNumber",
        "referring_physician": "ReferringPhysicianName",
        "series_description": "SeriesDescription",
        "manufacturer": "Manufacturer",
        "institution": "InstitutionName",
        "patient_position": "PatientPosition",
    }
    fields: dict[str, Any] = {name: clean_text(dataset.get(keyword)) for name, keyword in text.items()}
    fields["study_uid"] = checked_uid(dataset.get("StudyInstanceUID"), "Study Instance UID", file.name)
    fields["series_uid"] = file.series_uid
    fields["sop_instances"] = [(one.file.sop_class_uid, one.file.sop_uid) for one in stack.slices]
    return fields
