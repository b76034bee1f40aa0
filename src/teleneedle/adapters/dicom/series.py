"""Which series is meant: slices sorted by series and acquisition, what is set aside, and the choice.

Nothing is guessed: when several fit, the user is shown them; patients are never mixed (hazard H2).
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from teleneedle.adapters.dicom.character_sets import clean_text
from teleneedle.adapters.dicom.image_file import ImageFile, named_damage
from teleneedle.adapters.dicom.slices import Slice, slices_of
from teleneedle.adapters.dicom.stack import heights_along, same_places, slice_normal
from teleneedle.adapters.dicom.wording import Warnings
from teleneedle.core.case import Patient
from teleneedle.core.errors import (
    NotReadableError,
    PatientMismatchError,
    SeriesChoiceError,
    SeriesGeometryError,
    TeleneedleError,
)

MODALITY_NAMES = {
    "MR": "magnetic resonance",
    "XA": "X-ray angiography",
    "US": "ultrasound",
    "PT": "positron emission",
    "CR": "plain radiograph",
    "DX": "plain radiograph",
    "SEG": "segmentation",
    "RTSTRUCT": "structure set",
    "SR": "report",
    "OT": "other",
}
CT_CLASSES = (
    "1.2.840.10008.5.1.4.1.1.2",
    "1.2.840.10008.5.1.4.1.1.2.1",
    "1.2.840.10008.5.1.4.1.1.2.2",
)
NOT_SLICES = ("LOCALIZER", "SCREEN SAVE", "DOSEINFO")
ACQUISITION_KEYS = (
    "stack",
    "phase",
    "acquisition",
    "phase",
    "acquisition",
    "acquisition time",
    "kind",
    "kind",
    "kernel",
)


@dataclass(kw_only=True, eq=False)
class Candidate:
    """A series, or one acquisition of it, that might be planned on."""

    uid: str
    description: str
    files: list[ImageFile]
    slices: list[Slice] = field(default_factory=list)
    acquisition: str = ""

    @property
    def name(self) -> str:
        """The UID, with ``#n`` for one of several acquisitions in the series."""
        return f"{self.uid}{self.acquisition}"

    def line(self) -> str:
        """The choice in one line for the user."""
        heights = (
            heights_along(self.slices, slice_normal(self.slices[0].orientation))
            if self.slices
            else np.zeros(1)
        )
        steps = np.diff(np.sort(heights))
        spacing = f"{np.median(steps):.2f} mm" if len(steps) else "one slice"
        text = self.description or "no description"
        return f"{self.name} · {text} · {len(self.slices)} slices · {spacing}"


def patient_of(file: ImageFile) -> Patient:
    """Identity as `file` gives it; the name stays in DICOM form (``Wang^XiaoDong=王^小东``)."""
    dataset = file.dataset
    with named_damage(file.name):
        return Patient(
            id=clean_text(dataset.get("PatientID")),
            name=clean_text(dataset.get("PatientName")),
            sex=clean_text(dataset.get("PatientSex")),
            birth_date=clean_text(dataset.get("PatientBirthDate")),
            age=clean_text(dataset.get("PatientAge")),
        )


def require_one_patient(files: Sequence[ImageFile]) -> None:
    """Refuse images of more than one patient, naming both.

    Raises
    ------
    PatientMismatchError
        If id, name or birth date contradict each other; a silent field contradicts nothing, nor does the
        spelling of empty name parts.
    """
    known = ("", "", "")
    seen: set[Patient] = set()
    for file in files:
        patient = patient_of(file)
        if patient in seen:
            continue
        identity = _identity(patient)
        if _contradict(known, identity):
            other = next(p for p in seen if _contradict(_identity(p), identity))
            raise PatientMismatchError(
                f"the images belong to different patients: {_spoken(other)} and {_spoken(patient)}",
                where=f"{files[0].name} and {file.name}",
                remedy="give the images of one patient only",
            )
        seen.add(patient)
        known = (known[0] or identity[0], known[1] or identity[1], known[2] or identity[2])


def _contradict(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    return any(a and b and a != b for a, b in zip(one, other, strict=True))


def _identity(patient: Patient) -> tuple[str, str, str]:
    name = "=".join(part.rstrip("^ ") for part in patient.name.split("=")).rstrip("= ")
    return patient.id, name.casefold(), patient.birth_date


def _spoken(patient: Patient) -> str:
    return f"{patient.name or 'no name'} (id {patient.id or 'none'}, born {patient.birth_date or 'unknown'})"


def candidates(files: Sequence[ImageFile], warnings: Warnings) -> list[Candidate]:
    """The CT series among `files`; localisers, captures and other objects are set aside.

    Raises
    ------
    NotReadableError
        If there is no CT image at all; the message says what there is instead.
    """
    images = [file for file in files if is_ct_image(file)]
    kept = [file for file in images if not _is_not_slice(file)]
    if not images:
        raise NotReadableError(
            f"this is not CT: {_what_there_is(files)}",
            where=_where(files),
            remedy="give the folder of a CT series",
        )
    if not kept:
        raise NotReadableError(
            "there are CT pictures but no slices: " + ", ".join(sorted({_kind(file) for file in images})),
            where=_where(images),
            remedy="give the axial series, not its localiser or captures",
        )
    warnings.set_aside(len(images) - len(kept), len(files) - len(images))
    by_uid: dict[str, list[ImageFile]] = defaultdict(list)
    for file in kept:
        by_uid[file.series_uid].append(file)
    return [
        Candidate(uid=uid, description=clean_text(group[0].dataset.get("SeriesDescription")), files=group)
        for uid, group in by_uid.items()
    ]


def is_ct_image(file: ImageFile) -> bool:
    """Whether `file` is, or began as, a CT image; raw data and reports of a CT scanner are none."""
    if file.modality not in ("CT", ""):
        return False
    with named_damage(file.name):
        return file.sop_class_uid in CT_CLASSES or (file.modality == "CT" and bool(file.dataset.get("Rows")))


def _where(files: Sequence[ImageFile]) -> str:
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    return f"{files[0].name}{more}" if files else ""


def _kind(file: ImageFile) -> str:
    return next(
        (k.lower() for k in NOT_SLICES if k in _image_type(file)),
        "colour picture or picture without position",
    )


def _image_type(file: ImageFile) -> list[str]:
    value = file.dataset.get("ImageType") or []
    return [value] if isinstance(value, str) else [str(part) for part in value]


def _is_not_slice(file: ImageFile) -> bool:
    with named_damage(file.name):
        is_enhanced = bool(file.dataset.get("PerFrameFunctionalGroupsSequence"))
        is_placed = is_enhanced or file.dataset.get("ImagePositionPatient") is not None
        is_colour = int(file.dataset.get("SamplesPerPixel") or 1) != 1
        is_marked = any(kind in NOT_SLICES for kind in _image_type(file))
    return is_marked or is_colour or (not is_placed and file.pixels is not None)


def _what_there_is(files: Sequence[ImageFile]) -> str:
    kinds = sorted({file.modality or "no modality" for file in files})
    return ", ".join(f"{kind} ({MODALITY_NAMES[kind]})" if kind in MODALITY_NAMES else kind for kind in kinds)


def choose(found: Sequence[Candidate], wanted: str | None, warnings: Warnings) -> Candidate:
    """The one candidate that is meant, with its slices.

    Parameters
    ----------
    found : sequence of Candidate
        From `candidates`.
    wanted : str or None
        UID, unique beginning of a UID, description, or ``UID#n`` for one acquisition.
    warnings : Warnings
        Dropped copies are said there.

    Raises
    ------
    SeriesChoiceError
        If several fit; ``details`` lists them.
    PatientMismatchError
        If they belong to different patients and none is named.
    """
    base, number = _series_and_acquisition(wanted or "")
    named = [one for one in found if _is_named(one, base)] if base else list(found)
    if base and not named:
        raise SeriesChoiceError(
            f"no CT series is called {base!r}", remedy="name one of these", details=_lines(found)
        )
    exact = [one for one in named if one.uid == base]
    named = exact or named
    require_one_patient([file for one in named for file in one.files])
    if len(named) > 1 and not base:
        named = [one for one in named if _frame_count(one) > 1] or named
    if len(named) > 1:
        raise SeriesChoiceError(
            f"{len(named)} CT series fit",
            remedy="name one of these by its UID or description",
            details=_lines(named),
        )
    return _one_acquisition(named[0], number, warnings)


def _series_and_acquisition(wanted: str) -> tuple[str, str]:
    found = re.fullmatch(r"(.*)(#\d+)", wanted)
    return (found[1], found[2]) if found else (wanted, "")


def _is_named(one: Candidate, wanted: str) -> bool:
    return one.uid.startswith(wanted) or one.description.casefold() == wanted.casefold()


def _frame_count(one: Candidate) -> int:
    return sum(int(file.dataset.get("NumberOfFrames") or 1) for file in one.files)


def _lines(found: Sequence[Candidate]) -> tuple[str, ...]:
    lines = []
    for one in found:
        if not one.slices:
            try:
                one.slices = [part for file in one.files for part in slices_of(file)]
            except TeleneedleError as error:
                lines.append(f"{one.name} · {one.description or 'no description'} · unusable: {error.what}")
                continue
        lines.append(one.line())
    return tuple(lines)


def _one_acquisition(one: Candidate, wanted: str, warnings: Warnings) -> Candidate:
    files = _without_copies(one.files, warnings)
    one.slices = [part for file in files for part in slices_of(file)]
    overlapping = same_places(one.slices)
    if not overlapping:
        return one
    parts = _split_by_acquisition(one)
    if not parts:
        first, second = overlapping[0]
        raise SeriesGeometryError(
            f"{len(overlapping)} pair(s) of slices lie at the same place and nothing tells them apart",
            where=f"{first.label} and {second.label}",
            remedy="take the extra slices out of the folder",
        )
    chosen = [part for part in parts if part.acquisition == wanted]
    if not chosen:
        raise SeriesChoiceError(
            f"the series holds {len(parts)} acquisitions of the same place",
            where=one.uid,
            remedy="name one of these",
            details=_lines(parts),
        )
    return chosen[0]


def _split_by_acquisition(one: Candidate) -> list[Candidate]:
    """Parts that each visit every place once, told apart by the first attribute that achieves it."""
    for number, what in enumerate(ACQUISITION_KEYS):
        groups: dict[str, list[Slice]] = defaultdict(list)
        for part in one.slices:
            groups[part.acquisition[number]].append(part)
        is_split = len(groups) > 1 and min(map(len, groups.values())) > 1
        if is_split and not any(same_places(group) for group in groups.values()):
            return [
                Candidate(
                    uid=one.uid,
                    description=f"{one.description or 'no description'}, {what} {value or 'unnamed'}",
                    files=one.files,
                    slices=group,
                    acquisition=f"#{n}",
                )
                for n, (value, group) in enumerate(sorted(groups.items()), start=1)
            ]
    return []


def _without_copies(files: Sequence[ImageFile], warnings: Warnings) -> list[ImageFile]:
    """One file per SOP Instance UID; a second one must be an identical copy."""
    kept: dict[str, ImageFile] = {}
    copies = 0
    for file in files:
        other = kept.setdefault(file.sop_uid or file.name, file)
        if other is file:
            continue
        if _digest(other) != _digest(file):
            raise SeriesGeometryError(
                "two different images carry the same SOP Instance UID",
                where=f"{other.name} and {file.name}",
                remedy="export the series again from its source",
            )
        copies += 1
    if copies:
        warnings.copies_dropped(copies)
    return list(kept.values())


def _digest(file: ImageFile) -> str:
    return hashlib.sha256(file.source.read()).hexdigest()
