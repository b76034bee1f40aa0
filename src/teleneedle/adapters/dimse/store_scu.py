"""Instances sent to a station over an association that we ask for, on pynetdicom.

References
----------
DICOM PS3.4 annex B (storage) and J (storage commitment); PS3.7 section 9.1.1.
"""

from __future__ import annotations

import ssl
import tempfile
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filewriter import write_file_meta_info
from pynetdicom import AE, _config, build_context, evt
from pynetdicom.sop_class import StorageCommitmentPushModel, StorageCommitmentPushModelInstance

from teleneedle.adapters.dicomweb.kept import SOP_CLASS, TRANSFER_SYNTAX, Kept
from teleneedle.adapters.dimse.outbound import Outbound
from teleneedle.adapters.dimse.pdus import IMPLEMENTATION_UID, MAX_CONTEXTS
from teleneedle.adapters.link.dataset_layout import EXPLICIT_LITTLE, IMPLICIT_LITTLE
from teleneedle.adapters.sql.station_store import Station
from teleneedle.core.errors import StationError

WAIT_S = 30.0
REPORT_WAIT_S = 2.0
"""How long the association stays open for a station that reports its commitment on it."""
COMMITMENT = str(StorageCommitmentPushModel)
REQUEST_COMMITMENT = 1

_config.STORE_SEND_CHUNKED_DATASET = True  # datasets leave byte for byte as they are kept, never parsed here


def proposals(kept: Iterable[Kept], *, asks_commitment: bool) -> list[tuple[str, tuple[str, ...]]]:
    """SOP classes with transfer syntaxes to propose: each as kept, and uncompressed besides.

    A syntax of its own context is never mixed with others, so the station's choice cannot hide it.
    """
    pairs = sorted({(one.uid(SOP_CLASS), one.uid(TRANSFER_SYNTAX)) for one in kept})
    plain = (EXPLICIT_LITTLE, IMPLICIT_LITTLE)
    found: list[tuple[str, tuple[str, ...]]] = []
    found += [(sop_class, (syntax,)) for sop_class in sorted({c for c, _ in pairs}) for syntax in plain]
    found += [(sop_class, (syntax,)) for sop_class, syntax in pairs if syntax not in plain]
    if asks_commitment:
        found.insert(0, (COMMITMENT, plain))
    return found[:MAX_CONTEXTS]


class StoreAssociation:
    """An association for storage; leaving the block releases it.

    Parameters
    ----------
    wanted : sequence
        As `proposals` says.
    tls : SSLContext or None
        Used for stations that are registered with TLS.

    Raises
    ------
    StationError
        On entering, if the station does not accept the association.
    """

    def __init__(
        self,
        station: Station,
        *,
        own_aet: str,
        wanted: Sequence[tuple[str, tuple[str, ...]]],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._station = station
        self._entity = AE(ae_title=own_aet)
        for name in ("acse_timeout", "dimse_timeout", "network_timeout", "connection_timeout"):
            setattr(self._entity, name, WAIT_S)
        self._contexts = [build_context(sop_class, list(syntaxes)) for sop_class, syntaxes in wanted]
        self._tls = tls
        self._association: Any = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._has_report = threading.Event()
        self._missing: list[str] = []

    def __enter__(self) -> Self:
        station = self._station
        if station.uses_tls and self._tls is None:
            raise StationError(
                "the station is registered with TLS and the hub has no certificate for DICOM",
                where=station.ae_title,
                remedy="set TELENEEDLE_DICOM_CERTIFICATE, or register the station without TLS",
            )
        self._association = self._entity.associate(
            station.host,
            station.port,
            contexts=self._contexts,
            ae_title=station.ae_title,
            tls_args=(self._tls, station.host) if station.uses_tls else None,
            evt_handlers=[(evt.EVT_N_EVENT_REPORT, self._reported)],
        )
        if not self._association.is_established:
            raise StationError(
                "the station does not take the association: " + self._refusal(),
                where=station.ae_title,
                remedy="check that it runs, its address and port, and that it knows this hub's AE title",
            )
        self._folder = tempfile.TemporaryDirectory(prefix="teleneedle-send-")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._association.is_established:
            self._association.release()
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def accepted(self) -> dict[tuple[str, str], str]:
        """What the station takes: its transfer syntax by SOP class and syntax."""
        return {
            (str(one.abstract_syntax), str(one.transfer_syntax[0])): str(one.transfer_syntax[0])
            for one in self._association.accepted_contexts
        }

    @property
    def offers_commitment(self) -> bool:
        """Whether the station accepted storage commitment."""
        return any(sop_class == COMMITMENT for sop_class, _ in self.accepted)

    def store(self, one: Outbound[str], *, originator: tuple[str, int] | None = None) -> int | None:
        """Send one instance; the station's status, or None when it did not answer or the line broke.

        Parameters
        ----------
        originator : tuple or None
            Title and message of the C-MOVE that asked for it.
        """
        assert self._folder is not None  # noqa: S101  (inside the block)
        if not self._association.is_established or one.dataset is None:
            return None
        path = Path(self._folder.name) / "instance.dcm"
        with path.open("wb") as out:
            out.write(bytes(128) + b"DICM")
            write_file_meta_info(out, _meta(one), enforce_standard=True)
            out.write(one.dataset)
        aet, message = originator or (None, None)
        try:
            status = self._association.send_c_store(path, originator_aet=aet, originator_id=message)
        except (ValueError, RuntimeError, AttributeError):
            return None
        return int(status.Status) if "Status" in status else None

    def ask_commitment(self, references: Sequence[tuple[str, str]], transaction_uid: str) -> bool:
        """Ask whether the station answers for SOP classes and instances; whether it took the request."""
        request = Dataset()
        request.TransactionUID = transaction_uid
        items = []
        for sop_class, sop_uid in references:
            item = Dataset()
            item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = sop_class, sop_uid
            items.append(item)
        request.ReferencedSOPSequence = items
        try:
            status, _ = self._association.send_n_action(
                request, REQUEST_COMMITMENT, StorageCommitmentPushModel, StorageCommitmentPushModelInstance
            )
        except (ValueError, RuntimeError):
            return False
        return bool(status) and int(status.Status) == 0

    def missing_by_report(self) -> list[str] | None:
        """Instances the station does not answer for, when it reports on this association soon; else None."""
        return self._missing if self._has_report.wait(REPORT_WAIT_S) else None

    def _reported(self, event: Any) -> tuple[int, None]:
        failed = event.event_information.get("FailedSOPSequence") or []
        self._missing = [str(one.ReferencedSOPInstanceUID) for one in failed]
        self._has_report.set()
        return 0, None

    def _refusal(self) -> str:
        if self._association.is_rejected:
            answer = self._association.acceptor.primitive
            return f"rejected {answer.result}/{answer.result_source}/{answer.diagnostic}"
        return "aborted" if self._association.is_aborted else "no answer"


def _meta(one: Outbound[str]) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = one.sop_class, one.sop_uid
    meta.TransferSyntaxUID = one.syntax
    meta.ImplementationClassUID = IMPLEMENTATION_UID.decode()
    return meta
