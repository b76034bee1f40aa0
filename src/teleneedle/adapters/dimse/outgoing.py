"""Associations that we ask for ourselves, on pynetdicom."""

from __future__ import annotations

from collections.abc import Iterable

from pydicom.dataset import Dataset
from pynetdicom import AE, build_role
from pynetdicom.sop_class import StorageCommitmentPushModel, StorageCommitmentPushModelInstance

WAIT_S = 20.0
NO_SUCH_INSTANCE = 0x0112


def send_commitment_report(
    address: tuple[str, int],
    *,
    own_aet: str,
    peer_aet: str,
    transaction_uid: str,
    safe: Iterable[tuple[str, str]],
    missing: Iterable[tuple[str, str]],
) -> str:
    """Report a storage commitment on a new association, in the role of its provider.

    Returns
    -------
    str
        Empty when the peer took it, else what went wrong.
    """
    entity = AE(ae_title=own_aet)
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = entity.connection_timeout = WAIT_S
    entity.add_requested_context(StorageCommitmentPushModel)
    role = build_role(StorageCommitmentPushModel, scp_role=True)
    association = entity.associate(*address, ae_title=peer_aet, ext_neg=[role])
    if not association.is_established:
        return "no association"
    report = Dataset()
    report.TransactionUID = transaction_uid
    failed = [_reference(*one, reason=NO_SUCH_INSTANCE) for one in missing]
    if failed:
        report.FailedSOPSequence = failed
    report.ReferencedSOPSequence = [_reference(*one) for one in safe]
    try:
        status, _ = association.send_n_event_report(
            report, 2 if failed else 1, StorageCommitmentPushModel, StorageCommitmentPushModelInstance
        )
        return "" if status and status.Status == 0 else "not taken"
    except (ValueError, RuntimeError) as error:
        return str(error)
    finally:
        association.release()


def _reference(sop_class: str, sop_uid: str, *, reason: int = 0) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = sop_class
    item.ReferencedSOPInstanceUID = sop_uid
    if reason:
        item.FailureReason = reason
    return item
