"""A scanner at a hospital: sends instances until each is acknowledged, as a modality's queue does."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pydicom
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian
from pynetdicom import AE
from pynetdicom.association import Association

from teleneedle.testing.line.opened import End

SUCCESS = 0x0000
CALLING_AET, CALLED_AET = "SCANNER", "TELENEEDLE"
RETRY_S = 0.1
TIMEOUT_S = 20.0


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One instance and the SHA-256 of its dataset as it goes over the network."""

    dataset: pydicom.Dataset
    sha256: str = field(compare=False)

    @property
    def uid(self) -> str:
        """SOP Instance UID."""
        return str(self.dataset.SOPInstanceUID)


def as_sent(dataset: pydicom.Dataset) -> Instance:
    """`dataset` with the digest of its explicit little endian bytes, without the file meta group."""
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, False
    sent = pydicom.Dataset({element.tag: element for element in dataset})
    write_dataset(buffer, sent)
    return Instance(dataset=dataset, sha256=hashlib.sha256(buffer.getvalue()).hexdigest())


class Scanner(threading.Thread):
    """Sends series after series to the gateway at one end of a line, each instance until it is acknowledged.

    Parameters
    ----------
    end : End
        Where it stands; it opens its connections there.
    series : iterable of sequences of Instance
        What it sends, in order.
    pause_s : float, s
        Between one series and the next.
    """

    def __init__(
        self, end: End, port: int, series: Iterable[Sequence[Instance]], *, pause_s: float = 0.0
    ) -> None:
        super().__init__(name=f"scanner at {end.address}", daemon=True)
        self._end, self._port, self._series = end, port, series
        self._pause_s = pause_s
        self._stop_wanted = threading.Event()
        self.acknowledged: dict[str, str] = {}
        self.attempts = 0

    def run(self) -> None:
        """Send everything; an association that breaks is opened again for what is left."""
        for instances in self._series:
            if self._stop_wanted.is_set():
                return
            left = list(instances)
            while left and not self._stop_wanted.is_set():
                left = self._send(left)
                if left:
                    time.sleep(RETRY_S)
            self._stop_wanted.wait(self._pause_s)

    def stop(self) -> None:
        """End after the instance in hand."""
        self._stop_wanted.set()
        self.join()

    def _send(self, instances: list[Instance]) -> list[Instance]:
        """Send over one association; what was not acknowledged comes back."""
        association = self._associate()
        left = list(instances)
        try:
            while left and association.is_established and not self._stop_wanted.is_set():
                if not self._is_kept(association, left[0]):
                    break
                self.acknowledged[left[0].uid] = left[0].sha256
                left.pop(0)
        finally:
            if association.is_established:
                association.release()
        return left

    def _is_kept(self, association: Association, instance: Instance) -> bool:
        self.attempts += 1
        try:
            answer: Any = association.send_c_store(instance.dataset)
        except (RuntimeError, ValueError, OSError):
            return False
        return "Status" in answer and int(answer.Status) == SUCCESS

    def _associate(self) -> Association:
        entity = AE(ae_title=CALLING_AET)
        entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = TIMEOUT_S
        entity.connection_timeout = TIMEOUT_S
        entity.add_requested_context(CTImageStorage, ExplicitVRLittleEndian)
        with self._end.inside():
            return entity.associate(self._end.address, self._port, ae_title=CALLED_AET)
