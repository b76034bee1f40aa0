"""``teleneedle edge``: the gateway of a hospital, from its first set-up to its daily run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from teleneedle.apps.cli.console import failures_as_exit_codes, interruptible, print_json, print_statement

edge = typer.Typer(
    no_args_is_help=True,
    help="The gateway of a hospital: takes CT from scanner and PACS, sends it to the hub.",
)
Folder = Annotated[Path, typer.Option(help="Folder of the gateway.")]
DicomPort = Annotated[int, typer.Option(min=1, max=65535, help="Port where scanners send to.")]
StatusPort = Annotated[int, typer.Option(min=1, max=65535, help="Port of the status page.")]


@edge.command("init")
def init(folder: Folder, dicom_port: DicomPort = 11112, status_port: StatusPort = 8090) -> None:
    """Make the gateway's folder with gateway.toml, to be edited; what is there already stays."""
    from teleneedle.apps.edge.settings import NAME, read_settings, write_first_settings

    with failures_as_exit_codes():
        is_new = write_first_settings(folder, dicom_port=dicom_port, status_port=status_port)
        read_settings(folder)
        typer.echo(f"{folder / NAME} {'written' if is_new else 'is there already and is valid'}")
        typer.echo("Next: teleneedle edge enrol")


@edge.command("enrol")
def enrol(
    folder: Folder,
    hub: Annotated[str, typer.Option(help="https://HOST:8443 of the hub.")],
    code: Annotated[str, typer.Option(help="One-time code from the hub's administrator: TN-…")],
    dicom_port: DicomPort = 11112,
    status_port: StatusPort = 8090,
) -> None:
    """Join a hub. The code says which hub is the right one, and opens it once, for half an hour."""
    from teleneedle.apps.edge.enrol import enrol as join
    from teleneedle.apps.edge.settings import read_settings, write_first_settings

    with failures_as_exit_codes():
        write_first_settings(folder, dicom_port=dicom_port, status_port=status_port)
        read_settings(folder)
        typer.echo(f"Enrolled as: {join(folder, url=hub, code=code)}")
        typer.echo("Next: teleneedle edge run")


@edge.command("run")
def run(folder: Folder) -> None:
    """Take images and send them until Ctrl-C; what is not sent by then waits for the next start."""
    from teleneedle.apps.edge.bootstrap import run_gateway
    from teleneedle.apps.edge.settings import read_settings

    with failures_as_exit_codes():
        print_statement()
        settings = read_settings(folder)
        typer.echo(f"DICOM: {settings.dicom.aet} at port {settings.dicom.port}")
        typer.echo(f"Status page: http://{settings.status.host}:{settings.status.port}")
        with interruptible() as cancel:
            run_gateway(folder, is_asked_to_end=lambda: cancel.is_cancelled)


@edge.command("status")
def status(
    folder: Folder, as_json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False
) -> None:
    """What waits, what goes and what is stuck; exit code 1 when something needs a person."""
    from teleneedle.apps.edge.settings import read_settings
    from teleneedle.apps.edge.status import gateway_status

    with failures_as_exit_codes(as_json=as_json):
        found = gateway_status(folder, read_settings(folder))
    if as_json:
        print_json(found)
    else:
        way = found["way"]
        typer.echo(f"hub: {way['state']} {way['why_en']}")
        typer.echo(f"waiting: {found['spool']['instances']} images, {found['bytes_waiting'] / 1e6:.1f} MB")
        for problem in found["problems"]:
            typer.echo(f"! {problem['en']}")
    if any(problem["is_serious"] for problem in found["problems"]):
        raise typer.Exit(1)
