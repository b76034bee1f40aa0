"""Asks the hospital's own archive and worklist, and has the archive send studies to our DICOM port.

References
----------
DICOM PS3.4 annex C (query/retrieve, study root) and K (modality worklist), PS3.7 section 9.1.2 and 9.1.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pydicom.dataset import Dataset
from pynetdicom import AE, _config
from pynetdicom.association import Association
from pynetdicom.sop_class import (
    ModalityWorklistInformationFind,
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelMove,
)

from teleneedle.adapters.dicom.character_sets import clean_text, repair_character_set
from teleneedle.core.errors import NotReadableError

_config.LOG_REQUEST_IDENTIFIERS = _config.LOG_RESPONSE_IDENTIFIERS = False
"""pynetdicom would write who the patients are into its log."""
WAIT_S = 30.0
MOST_ANSWERS = 500
"""More than a person would look through; the question was too wide then."""
PENDING = frozenset((0xFF00, 0xFF01))
SUCCESS, SOME_FAILED, BROKEN_OFF = 0x0000, 0xB000, 0xFFFF
STUDY = (
    "StudyInstanceUID", "StudyDate", "StudyTime", "StudyDescription", "AccessionNumber", "PatientID",
    "PatientName", "PatientBirthDate", "PatientSex", "ModalitiesInStudy", "NumberOfStudyRelatedInstances",
)  # fmt: skip
SERIES = (
    "StudyInstanceUID", "SeriesInstanceUID", "SeriesNumber", "SeriesDescription", "Modality",
    "NumberOfSeriesRelatedInstances",
)  # fmt: skip
WORKLIST = (
    "PatientID", "PatientName", "PatientBirthDate", "PatientSex", "AccessionNumber", "StudyInstanceUID",
    "RequestedProcedureDescription",
)  # fmt: skip
STEP = (
    "ScheduledProcedureStepStartDate", "ScheduledProcedureStepStartTime", "Modality",
    "ScheduledStationAETitle", "ScheduledProcedureStepDescription",
)  # fmt: skip
Answer = Mapping[str, str]
"""Text by keyword."""


@dataclass(frozen=True, kw_only=True)
class Archive:
    """A peer that answers questions."""

    host: str
    port: int
    aet: str


@dataclass(frozen=True, kw_only=True)
class Moved:
    """How many instances the archive says it sent."""

    completed: int
    failed: int


class QueryClient:
    """Asks one archive under our own title.

    Parameters
    ----------
    own_aet : str
        Our title; the archive knows under it where our DICOM port is.
    """

    def __init__(self, archive: Archive, *, own_aet: str) -> None:
        self._archive = archive
        self._own_aet = own_aet

    def studies(self, **wanted: str) -> list[Answer]:
        """Studies that match, by keyword: ``PatientID="7"``, ``StudyDate="20260101-"``."""
        question = _question(STUDY, wanted)
        question.QueryRetrieveLevel = "STUDY"
        return self._find(question, StudyRootQueryRetrieveInformationModelFind, STUDY)

    def series(self, study_uid: str) -> list[Answer]:
        """Series of a study."""
        question = _question(SERIES, {"StudyInstanceUID": study_uid})
        question.QueryRetrieveLevel = "SERIES"
        return self._find(question, StudyRootQueryRetrieveInformationModelFind, SERIES)

    def worklist(self, **wanted: str) -> list[Answer]:
        """Scheduled procedures; what is asked of the step goes by its keyword too."""
        question = _question(WORKLIST, {key: value for key, value in wanted.items() if key not in STEP})
        step = _question(STEP, {key: value for key, value in wanted.items() if key in STEP})
        question.ScheduledProcedureStepSequence = [step]
        return self._find(question, ModalityWorklistInformationFind, (*WORKLIST, *STEP))

    def move(self, study_uid: str, *, series_uid: str = "", destination: str = "") -> Moved:
        """Have a study or a series sent to `destination`, our own title by default.

        Raises
        ------
        NotReadableError
            If the archive will not.
        """
        request = Dataset()
        request.QueryRetrieveLevel = "SERIES" if series_uid else "STUDY"
        request.StudyInstanceUID = study_uid
        if series_uid:
            request.SeriesInstanceUID = series_uid
        model = StudyRootQueryRetrieveInformationModelMove
        completed = failed = 0
        with self._association(model) as association:
            for status, _ in association.send_c_move(request, destination or self._own_aet, model):
                completed = int(status.get("NumberOfCompletedSuboperations", completed) or 0)
                failed = int(status.get("NumberOfFailedSuboperations", failed) or 0)
                code = _code(status)
                if code not in (*PENDING, SUCCESS, SOME_FAILED):
                    raise _refused(code)
        return Moved(completed=completed, failed=failed)

    def _find(self, question: Dataset, model: Any, keywords: tuple[str, ...]) -> list[Answer]:
        answers: list[Answer] = []
        with self._association(model) as association:
            for status, found in association.send_c_find(question, model):
                code = _code(status)
                if code in PENDING and found is not None:
                    answers.append(_plain(found, keywords))
                elif code != SUCCESS:
                    raise _refused(code)
                if len(answers) > MOST_ANSWERS:
                    raise NotReadableError(
                        f"the archive has more than {MOST_ANSWERS} answers", remedy="ask more narrowly"
                    )
        return answers

    @contextmanager
    def _association(self, model: Any) -> Iterator[Association]:
        entity = AE(ae_title=self._own_aet)
        entity.acse_timeout = entity.connection_timeout = WAIT_S
        entity.dimse_timeout = entity.network_timeout = 10 * WAIT_S
        entity.add_requested_context(model)
        archive = self._archive
        association = entity.associate(archive.host, archive.port, ae_title=archive.aet)
        if not association.is_established:
            raise NotReadableError(
                "the archive cannot be reached, or does not know this gateway",
                where=f"{archive.aet} {archive.host}:{archive.port}",
                remedy="compare titles, address and port with the archive's settings",
            )
        try:
            yield association
        finally:
            if association.is_established:
                association.release()


def _question(keywords: tuple[str, ...], wanted: Mapping[str, str]) -> Dataset:
    question = Dataset()
    question.SpecificCharacterSet = "ISO_IR 192"
    for keyword in keywords:
        setattr(question, keyword, "")
    for keyword, value in wanted.items():
        setattr(question, keyword, value)
    return question


def _plain(found: Dataset, keywords: tuple[str, ...]) -> Answer:
    """The archive's answer as text: its bytes are foreign, so whatever cannot be read is empty."""
    repair_character_set(found)
    levels = [found, *(found.get("ScheduledProcedureStepSequence") or [])]
    answer = {}
    for keyword in keywords:
        answer[keyword] = ""
        for level in levels:
            try:
                value = level.get(keyword, "")
                text = "\\".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
            except (ValueError, NotImplementedError, OSError):
                text = ""
            answer[keyword] = answer[keyword] or clean_text(text)
    return answer


def _code(status: Dataset) -> int:
    """The status; a connection that ended has none."""
    return int(status.get("Status", BROKEN_OFF))


def _refused(code: int) -> NotReadableError:
    if code == BROKEN_OFF:
        return NotReadableError(
            "the archive broke the connection off", remedy="let the archive know this gateway's title"
        )
    return NotReadableError(
        f"the archive refused with status {code:04X}",
        remedy="compare titles, address and port with the archive's settings",
    )
