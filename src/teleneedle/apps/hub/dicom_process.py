"""The DICOM port as a child process: started with the hub, started again when it dies, ended with it."""

from __future__ import annotations

import contextlib
import logging
import subprocess
import sys
import threading

from teleneedle.apps.hub.settings import Settings
from teleneedle.apps.hub_dicom.settings import DicomSettings

log = logging.getLogger("teleneedle.dicom")
AGAIN_AFTER_S = 5.0
GRACE_S = 10.0


class DicomProcess:
    """Keeps the process of the DICOM port alive; it ends by itself when its stdin is closed."""

    def __init__(self, settings: Settings) -> None:
        self._line = dicom_settings(settings).to_line()
        self._stopping = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._keep, name="dicom-port", daemon=True)

    def start(self) -> None:
        """Start it, and go on."""
        self._thread.start()

    def close(self) -> None:
        """End it."""
        self._stopping.set()
        process = self._process
        if process is not None and process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
        self._thread.join(GRACE_S)

    def _keep(self) -> None:
        while not self._stopping.is_set():
            self._process = process = subprocess.Popen(
                [sys.executable, "-m", "teleneedle.apps.hub_dicom"], stdin=subprocess.PIPE, text=True
            )
            if process.stdin is not None:
                with contextlib.suppress(OSError):
                    process.stdin.write(self._line)
                    process.stdin.flush()
            code = process.wait()
            if not self._stopping.is_set():
                log.error("the DICOM port ended with %d and is started again", code)
                self._stopping.wait(AGAIN_AFTER_S)


def dicom_settings(settings: Settings) -> DicomSettings:
    """What the port needs of the hub's settings."""
    return DicomSettings(
        folder=str(settings.folder),
        database=settings.database,
        object_url=settings.object_url,
        host=settings.dicom_host,
        port=settings.dicom_port,
        ae_title=settings.dicom_aet,
        certificate=settings.dicom_certificate,
        key=settings.dicom_key,
        callers_ca=settings.dicom_ca,
    )
