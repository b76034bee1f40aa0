"""Write a PDF as a DICOM object of the patient's study.

References
----------
DICOM PS3.3 A.45.1 (Encapsulated PDF), C.24 (encapsulated document).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pydicom.uid import EncapsulatedPDFStorage

from teleneedle import __version__
from teleneedle.adapters.dicom.composite import (
    STATEMENT,
    add_equipment,
    date_and_time,
    new_object,
    reference_item,
    references_of,
    save_object,
    text_value,
)
from teleneedle.core.case import CtSeries
from teleneedle.core.errors import InputError


def write_encapsulated_pdf(series: CtSeries, pdf: bytes, title: str, out: Path, *, created: datetime) -> None:
    """Write `pdf`, called `title`, to `out`, filed under the study of `series`.

    Raises
    ------
    InputError
        If `pdf` is not a PDF.
    OutputError
        If the file cannot be written.
    """
    if not pdf.startswith(b"%PDF-"):
        raise InputError("this is not a PDF", where=title, remedy="make the plan book again")
    ds = new_object(EncapsulatedPDFStorage, series.patient, series.study, modality="DOC")
    add_equipment(ds, __version__)
    ds.ConversionType = "WSD"
    ds.SeriesNumber, ds.InstanceNumber = 1001, 1
    ds.SeriesDescription = STATEMENT
    ds.ContentDate, ds.ContentTime = date_and_time(created)
    ds.SeriesDate, ds.SeriesTime = date_and_time(created)
    ds.AcquisitionDateTime = ""
    ds.BurnedInAnnotation = "YES"
    ds.DocumentTitle = text_value(title, 1024)
    ds.ConceptNameCodeSequence = []
    ds.MIMETypeOfEncapsulatedDocument = "application/pdf"
    instances = references_of(series).instances
    if instances:
        ds.SourceInstanceSequence = [reference_item(i) for i in instances]
    ds.EncapsulatedDocument = pdf + b"\0" * (len(pdf) % 2)
    ds.EncapsulatedDocumentLength = len(pdf)
    save_object(ds, out)
