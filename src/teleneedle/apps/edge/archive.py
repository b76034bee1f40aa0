"""What a technologist asks the hospital's own archive and worklist for, by the gateway's settings."""

from __future__ import annotations

from pathlib import Path

from teleneedle.adapters.dimse.query import Archive, QueryClient
from teleneedle.apps.edge.settings import NAME, GatewaySettings, Peer
from teleneedle.core.errors import InputError


def archive_client(folder: Path, settings: GatewaySettings) -> QueryClient:
    """Asks the archive; raises InputError when the settings name none."""
    return _client(folder, settings, "archive", settings.archive)


def worklist_client(folder: Path, settings: GatewaySettings) -> QueryClient:
    """Asks the worklist; raises InputError when the settings name none."""
    return _client(folder, settings, "worklist", settings.worklist)


def _client(folder: Path, settings: GatewaySettings, table: str, peer: Peer) -> QueryClient:
    if not peer.aet or not peer.address:
        raise InputError(
            f"the gateway knows no {table}",
            where=f"{folder / NAME}: {table}",
            remedy="give its title and address there",
        )
    host, port = peer.address
    return QueryClient(Archive(host=host, port=port, aet=peer.aet), own_aet=settings.dicom.aet)
