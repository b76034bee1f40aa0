"""Serve the hub with uvicorn; asked to end, it ends the open streams first."""

from __future__ import annotations

from types import FrameType

import uvicorn
from fastapi import FastAPI

from teleneedle.apps.hub.context import Hub
from teleneedle.apps.hub.dicom_process import DicomProcess
from teleneedle.apps.hub.link.server import LinkServer

GRACE_S = 5


class HubServer(uvicorn.Server):
    """Waits for no stream: they are told to end as soon as the signal comes."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGINT or SIGTERM."""
        self._hub.broadcaster.close()
        super().handle_exit(sig, frame)


def serve(app: FastAPI, *, host: str, port: int) -> None:
    """Serve `app` until it is asked to end."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_S,
        server_header=False,
    )
    hub: Hub = app.state.hub
    link = LinkServer(hub) if hub.settings.link_port else None
    dicom = DicomProcess(hub.settings) if hub.settings.dicom_port else None
    if link:
        link.start()
    if dicom:
        dicom.start()
    try:
        HubServer(config, hub).run()
    finally:
        if dicom:
            dicom.close()
        if link:
            link.close()
