"""The child's look at an input: which series there are, and what would keep each from being planned on.

Runs only inside the decoder process; `inspect.py` is the door. Nothing here stops at the first fault: every
file is looked at and every fault is reported.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from teleneedle.adapters.decoding.messages import foreign_error_to_json
from teleneedle.adapters.decoding.task import Task, TaskResult
from teleneedle.adapters.dicom.character_sets import clean_text
from teleneedle.adapters.dicom.decode import gap_refusal, layouts_of, warn_about_header
from teleneedle.adapters.dicom.image_file import ImageFile, read_image_file
from teleneedle.adapters.dicom.series import candidates, choose, is_ct_image, patient_of, require_one_patient
from teleneedle.adapters.dicom.sources import find_sources
from teleneedle.adapters.dicom.stack import build_stack
from teleneedle.adapters.dicom.wording import Warnings


def survey_input(task: Task) -> TaskResult:
    """Describe every series behind ``task.request["path"]`` as JSON values."""
    files: list[ImageFile] = []
    faults: list[dict[str, Any]] = []
    others = 0
    sources = find_sources(Path(task.request["path"]), task.limits)
    for n, source in enumerate(sources):
        task.tell.at(source.name)
        try:
            file = read_image_file(source, task.limits)
        except (Exception, RecursionError) as error:
            faults.append(foreign_error_to_json(error, where=source.name))
            continue
        others += file is None
        if file is not None:
            files.append(file)
        if n % 32 == 0:
            task.tell("read", n / len(sources))
    groups: dict[str, list[ImageFile]] = defaultdict(list)
    for file in files:
        groups[file.series_uid].append(file)
    series = [_describe(uid, group, task) for uid, group in groups.items()]
    return {"series": series, "faults": faults, "files": len(sources), "not_dicom": others}


def _describe(uid: str, group: list[ImageFile], task: Task) -> dict[str, Any]:
    first = group[0]
    fields: dict[str, Any] = {
        "uid": uid,
        "modality": first.modality,
        "description": clean_text(first.dataset.get("SeriesDescription")),
        "slices": len(group),
        "patient": vars(patient_of(first)),
        "study_date": clean_text(first.dataset.get("StudyDate")),
        "size": [0, 0, 0],
        "spacing_mm": [0.0, 0.0, 0.0],
        "warnings": [],
        "faults": [],
        "is_plannable": False,
    }
    warnings = Warnings()
    try:
        require_one_patient([file for file in group if is_ct_image(file)])
        chosen = choose(candidates(group, warnings), None, warnings)
        fields["slices"] = len(chosen.slices)
        layouts = layouts_of(chosen.slices, task.limits)
        stack = build_stack(chosen.slices)
        fields["size"] = [stack.slices[0].size[1], stack.slices[0].size[0], len(stack.slices)]
        fields["spacing_mm"] = [*stack.slices[0].spacing_mm, stack.spacing_mm]
        if stack.is_tilted:
            warnings.tilted(stack.tilt_deg)
        warn_about_header(stack, layouts, warnings)
        if (refusal := gap_refusal(stack, uid)) is not None:
            raise refusal
    except (Exception, RecursionError) as error:
        fields["faults"] = [foreign_error_to_json(error, where=first.name)]
    fields["warnings"] = warnings.pairs
    fields["is_plannable"] = not fields["faults"]
    return fields
