"""``teleneedle hub``: serve the hub until Ctrl-C."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from teleneedle.apps.cli.console import failures_as_exit_codes, print_statement


def hub(
    folder: Annotated[Path, typer.Option(help="Folder of database, objects and jobs.")],
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8080,
    database: Annotated[
        str | None, typer.Option(help="postgresql+psycopg://… instead of SQLite in the folder.")
    ] = None,
    objects: Annotated[str | None, typer.Option(help="s3://… instead of files in the folder.")] = None,
    compute: Annotated[
        str | None, typer.Option(help="tcp://HOST:PORT of a Dask scheduler instead of own processes.")
    ] = None,
    link_port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="Port for gateways; 0 for none. TELENEEDLE_LINK_PORT, else 8443."
        ),
    ] = None,
) -> None:
    """Serve the hub: the web app, its interface, planning jobs."""
    from teleneedle.apps.hub.bootstrap import create_app
    from teleneedle.apps.hub.observe import log_as_json
    from teleneedle.apps.hub.serve import serve
    from teleneedle.apps.hub.settings import settings_from_environment

    with failures_as_exit_codes():
        print_statement()
        settings = settings_from_environment(
            folder,
            host=host,
            port=port,
            database=database,
            objects=objects,
            compute=compute,
            link_port=link_port,
        )
        app = create_app(settings)
        typer.echo(f"Hub: http://{host}:{port}")
        if settings.link_port:
            typer.echo(f"Gateways: https://{settings.link_host}:{settings.link_port}")
        if app.state.hub.identity.is_empty():
            typer.echo(
                f"First run: open http://{host}:{port}/setup and enter this token: {settings.setup_token}"
            )
        log_as_json()
        serve(app, host=host, port=port)
