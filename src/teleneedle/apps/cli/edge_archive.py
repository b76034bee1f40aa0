"""``teleneedle edge find``, ``fetch`` and ``worklist``: what the hospital has of a patient already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from teleneedle.apps.cli.console import failures_as_exit_codes, print_json
from teleneedle.apps.cli.edge import Folder
from teleneedle.core.errors import InputError

AsJson = Annotated[bool, typer.Option("--json", help="Everything, as JSON.")]
Date = Annotated[str, typer.Option(help="YYYYMMDD, or a range: 20260101-20260131, 20260101-.")]
STUDY_COLUMNS = ("StudyDate", "PatientID", "PatientName", "StudyDescription", "StudyInstanceUID")
STEP_COLUMNS = (
    "ScheduledProcedureStepStartDate", "ScheduledProcedureStepStartTime", "PatientID", "PatientName",
    "RequestedProcedureDescription",
)  # fmt: skip


def find(
    folder: Folder,
    patient_id: Annotated[str, typer.Option(help="The hospital's number of the patient.")] = "",
    name: Annotated[str, typer.Option(help="Family^Given; * stands for anything.")] = "",
    accession: Annotated[str, typer.Option(help="Accession number.")] = "",
    date: Date = "",
    as_json: AsJson = False,
) -> None:
    """Studies in the hospital's archive."""
    from teleneedle.apps.edge.archive import archive_client
    from teleneedle.apps.edge.settings import read_settings

    given = {
        "PatientID": patient_id, "PatientName": name, "AccessionNumber": accession, "StudyDate": date,
    }  # fmt: skip
    wanted = {keyword: value for keyword, value in given.items() if value}
    with failures_as_exit_codes(as_json=as_json):
        if not wanted:
            raise InputError("nothing to look for", remedy="give --patient-id, --name, --accession or --date")
        _print(archive_client(folder, read_settings(folder)).studies(**wanted), STUDY_COLUMNS, as_json)


def fetch(
    folder: Folder,
    study: Annotated[str, typer.Argument(help="Study Instance UID, as find tells it.")],
    series: Annotated[str, typer.Option(help="Only the series with this UID.")] = "",
    as_json: AsJson = False,
) -> None:
    """Have the archive send a study to this gateway, which must be running; it goes on to the hub."""
    from teleneedle.apps.edge.archive import archive_client
    from teleneedle.apps.edge.settings import read_settings

    with failures_as_exit_codes(as_json=as_json):
        moved = archive_client(folder, read_settings(folder)).move(study, series_uid=series)
    if as_json:
        print_json({"completed": moved.completed, "failed": moved.failed})
    else:
        typer.echo(f"{moved.completed} images came, {moved.failed} did not")
    if moved.failed or not moved.completed:
        raise typer.Exit(1)


def worklist(
    folder: Folder,
    date: Date = "",
    station: Annotated[str, typer.Option(help="Title of the scanner that is scheduled.")] = "",
    as_json: AsJson = False,
) -> None:
    """Procedures that the hospital has scheduled."""
    from teleneedle.apps.edge.archive import worklist_client
    from teleneedle.apps.edge.settings import read_settings

    given = {"ScheduledProcedureStepStartDate": date, "ScheduledStationAETitle": station}
    wanted = {keyword: value for keyword, value in given.items() if value}
    with failures_as_exit_codes(as_json=as_json):
        _print(worklist_client(folder, read_settings(folder)).worklist(**wanted), STEP_COLUMNS, as_json)


def _print(found: Sequence[Mapping[str, str]], columns: Sequence[str], as_json: bool) -> None:
    if as_json:
        print_json({"items": [dict(one) for one in found]})
        return
    for one in found:
        typer.echo("  ".join(one[column] or "-" for column in columns))
    typer.echo(f"{len(found)} found")
