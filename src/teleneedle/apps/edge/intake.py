"""The gateway's intake process: a DICOM port and a watched folder that fill the spool.

It runs by itself, since a process that also codes and sends would take up to twice as long for each.
"""

from __future__ import annotations

import json
import signal
import ssl
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from teleneedle.adapters.dimse.limits import AssociationLimits
from teleneedle.adapters.dimse.server import DicomServer, dicom_tls
from teleneedle.adapters.dimse.storage import IntakeRules, StorageService
from teleneedle.adapters.link.event_log import EventLog
from teleneedle.adapters.link.pseudonyms import Pseudonyms
from teleneedle.adapters.link.spool import Spool
from teleneedle.adapters.link.spool_file import Phase
from teleneedle.apps.edge.intake_folder import WatchedFolder

if TYPE_CHECKING:
    from teleneedle.adapters.link.deidentify import Deidentifier


@dataclass(frozen=True, kw_only=True)
class DicomPort:
    """Where DICOM is received.

    Parameters
    ----------
    port : int
        0 for a free one, which the ready line tells.
    certificate, key : Path or None
        TLS with these; without them the port speaks plainly.
    callers_ca : Path or None
        With TLS, only callers with a certificate of this authority are heard.
    """

    rules: IntakeRules
    host: str = "127.0.0.1"
    port: int = 104
    certificate: Path | None = None
    key: Path | None = None
    callers_ca: Path | None = None
    limits: AssociationLimits = field(default_factory=AssociationLimits)

    def tls(self) -> ssl.SSLContext | None:
        """The port's TLS context, if it has one."""
        if self.certificate is None or self.key is None:
            return None
        return dicom_tls(self.certificate, self.key, callers_ca=self.callers_ca)


@dataclass(frozen=True, kw_only=True)
class IntakeSettings:
    """What the intake process does.

    Parameters
    ----------
    log_folder : Path
        Of the event log.
    ports : tuple of DicomPort
        Usually one; a second with TLS, or for what a local archive sends.
    watched : Path or None
        Folder whose files are taken.
    watched_phase : str
        Phase of treatment of what lies there.
    pseudonyms : Path or None
        Folder of the key and the table when images are de-identified before they are kept.
    """

    log_folder: Path
    ports: tuple[DicomPort, ...]
    watched: Path | None = None
    watched_phase: Phase = ""
    watched_steady_s: float = 2.0
    pseudonyms: Path | None = None


class Intake:
    """Everything that fills the spool, started together and stopped together."""

    def __init__(self, settings: IntakeSettings, spool: Spool) -> None:
        deidentifier = deidentifier_in(settings.pseudonyms, spool)
        keep = deidentifier.keep if deidentifier else spool.keep
        known_as = deidentifier.uid if deidentifier else str
        log = EventLog(settings.log_folder, source="intake")
        self._stop = threading.Event()
        self._servers = [
            DicomServer(
                port.host,
                port.port,
                StorageService(spool, port.rules, log, keep=keep, known_as=known_as),
                limits=port.limits,
                tls=port.tls(),
            )
            for port in settings.ports
        ]
        self._watcher: threading.Thread | None = None
        if settings.watched is not None:
            watched = WatchedFolder(
                settings.watched,
                spool,
                log,
                phase=settings.watched_phase,
                keep=keep,
                steady_s=settings.watched_steady_s,
            )
            self._watcher = threading.Thread(target=watched.run, args=(self._stop,), daemon=True)
        self._log = log

    @property
    def ports(self) -> list[int]:
        """The DICOM ports, in the order of the settings."""
        return [server.port for server in self._servers]

    def start(self) -> None:
        """Begin to take things."""
        for server in self._servers:
            server.start()
        if self._watcher is not None:
            self._watcher.start()
        self._log.write("intake-started", ports=self.ports)

    def stop(self) -> None:
        """Take nothing more; what was acknowledged is in the spool."""
        self._stop.set()
        for server in self._servers:
            server.close()
        if self._watcher is not None:
            self._watcher.join()
        self._log.write("intake-stopped")


def deidentifier_in(folder: Path | None, spool: Spool) -> Deidentifier | None:
    """What takes the patient out of instances; None when they are kept as they come."""
    if folder is None:
        return None
    from teleneedle.adapters.link.deidentify import Deidentifier  # its dictionary is large

    return Deidentifier(Pseudonyms(folder), spool.keep)


def run_intake(settings: IntakeSettings, spool: Spool, *, out: TextIO = sys.stdout) -> None:
    """Run until SIGTERM or SIGINT; says ``{"ready": true, "ports": [...]}`` on `out` once it listens."""
    intake = Intake(settings, spool)
    asked = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked.set())
    intake.start()
    out.write(json.dumps({"ready": True, "ports": intake.ports}) + "\n")
    out.flush()
    asked.wait()
    intake.stop()
