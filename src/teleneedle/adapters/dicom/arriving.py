"""The child's look at instances that a DICOMweb client sends: what each one is, or why it cannot be kept.

Runs only inside the decoder process.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from teleneedle.adapters.decoding.limits import DecodeLimits
from teleneedle.adapters.decoding.messages import error_to_json, foreign_error_to_json
from teleneedle.adapters.decoding.task import Task, TaskResult
from teleneedle.adapters.dicom.guards import checked_uid
from teleneedle.adapters.dicom.image_file import ImageFile, read_image_file
from teleneedle.adapters.dicom.pixel import pixel_layout
from teleneedle.adapters.dicom.series import is_ct_image, patient_of
from teleneedle.adapters.dicom.sources import Source
from teleneedle.core.errors import HostileInputError, NotReadableError


def describe_instances(task: Task) -> TaskResult:
    """Facts of every instance in ``task.request["parts"]``, pairs of start and end in the file ``path``.

    Each has ``sop_class``, ``sop_uid``, ``study_uid``, ``series_uid``, ``patient``, ``is_ct`` as far as they
    could be read, and ``fault`` when it cannot be kept.
    """
    found = []
    with Path(task.request["path"]).open("rb") as body:
        for n, (start, end) in enumerate(task.request["parts"]):
            where = f"part {n + 1}"
            task.tell.at(where)
            if end - start > task.limits.file_bytes:
                error = HostileInputError("the instance is larger than allowed", where=where)
                found.append({"fault": error_to_json(error)})
                continue
            body.seek(start)
            content = body.read(end - start)
            found.append(_describe(Source(name=where, content=content, size=len(content)), task.limits))
            if n % 32 == 0:
                task.tell("read", n / len(task.request["parts"]))
    return {"instances": found}


def _describe(source: Source, limits: DecodeLimits) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    try:
        file = read_image_file(source, limits)
        if file is None:
            raise NotReadableError("this is no DICOM instance", where=source.name)
        facts |= _facts(file)
        if facts["is_ct"]:
            pixel_layout(file, limits)
    except (Exception, RecursionError) as error:
        facts["fault"] = foreign_error_to_json(error, where=source.name)
    return facts


def _facts(file: ImageFile) -> dict[str, Any]:
    study = file.dataset.get("StudyInstanceUID")
    facts = {
        "sop_class": file.sop_class_uid,
        "sop_uid": file.sop_uid,
        "series_uid": file.series_uid,
        "study_uid": checked_uid(study, "Study Instance UID", file.name),
    }
    missing = [name for name, uid in facts.items() if not uid]
    if missing:
        raise NotReadableError("the instance lacks " + ", ".join(missing), where=file.name)
    return {**facts, "patient": vars(patient_of(file)), "is_ct": is_ct_image(file)}
