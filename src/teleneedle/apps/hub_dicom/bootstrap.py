"""Put the DICOM port together on the hub's database and objects."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from teleneedle.adapters.dicomweb.kept import KeptSeries
from teleneedle.adapters.dimse.server import DicomServer
from teleneedle.adapters.objects.store import ObjectStore
from teleneedle.adapters.sql.audit_store import AuditStore
from teleneedle.adapters.sql.database import open_engine, open_sessions
from teleneedle.adapters.sql.station_store import StationStore
from teleneedle.apps.hub_dicom.access import StationAccess
from teleneedle.apps.hub_dicom.queries import Queries
from teleneedle.apps.hub_dicom.reports import CommitmentReports
from teleneedle.apps.hub_dicom.retrievals import Retrievals
from teleneedle.apps.hub_dicom.services import HubDicomServices
from teleneedle.apps.hub_dicom.settings import DicomSettings

REMEMBERED = 64
"""Series whose index stays in memory; one of 300 instances has about 1 MB."""


def make_port(settings: DicomSettings) -> DicomServer:
    """The port, listening once it is started."""

    def now() -> datetime:
        return datetime.now(UTC)

    sessions = open_sessions(open_engine(settings.database))
    objects = ObjectStore(settings.object_url, Path(settings.folder))
    kept = KeptSeries(sessions, objects, remembered=REMEMBERED)
    stations = StationStore(sessions, now)
    access = StationAccess(stations, AuditStore(sessions), aet=settings.ae_title, now=now)
    services = HubDicomServices(
        access,
        Queries(kept, access, settings.ae_title),
        Retrievals(kept, objects, access, aet=settings.ae_title, tls=settings.calling_tls()),
        CommitmentReports(stations),
    )
    return DicomServer(settings.host, settings.port, services, tls=settings.listening_tls())


def run_port(settings: DicomSettings) -> None:
    """Serve until stdin is closed, which also happens when the hub ends in whatever way."""
    port = make_port(settings)
    port.start()
    sys.stdout.write(json.dumps({"ready": True, "port": port.port}) + "\n")
    sys.stdout.flush()
    while sys.stdin.read(1):
        pass
    port.close()
