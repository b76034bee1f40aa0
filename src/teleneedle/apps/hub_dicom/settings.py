"""What the process of the DICOM port needs to know; the hub hands it over as one line of JSON."""

from __future__ import annotations

import json
import ssl
from dataclasses import asdict, dataclass
from pathlib import Path

from teleneedle.adapters.dimse.server import dicom_tls


@dataclass(frozen=True, kw_only=True)
class DicomSettings:
    """The DICOM port of the hub.

    Parameters
    ----------
    folder, database, object_url : str
        Those of the hub.
    port : int
        0 for a free one, which the ready line tells.
    certificate, key, callers_ca : str
        TLS with the first two; with the third only stations certified by this authority are heard, and it
        is the one that stations with TLS are checked against when the hub calls them.
    """

    folder: str
    database: str
    object_url: str = ""
    host: str = "127.0.0.1"
    port: int = 0
    ae_title: str = "TELENEEDLE"
    certificate: str = ""
    key: str = ""
    callers_ca: str = ""

    def to_line(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def from_line(cls, line: str) -> DicomSettings:
        """From `to_line`."""
        return cls(**json.loads(line))

    def listening_tls(self) -> ssl.SSLContext | None:
        """For stations that call."""
        if not self.certificate:
            return None
        authority = Path(self.callers_ca) if self.callers_ca else None
        return dicom_tls(Path(self.certificate), Path(self.key), callers_ca=authority)

    def calling_tls(self) -> ssl.SSLContext | None:
        """For stations that are called."""
        return calling_tls(self.certificate, self.key, self.callers_ca)


def calling_tls(certificate: str, key: str, authority: str) -> ssl.SSLContext | None:
    """TLS towards stations, which have certificates of `authority`; their names are not in them as a rule.

    References
    ----------
    DICOM PS3.15 annex B.12; the station is known by its authority and its registered address.
    """
    if not certificate or not authority:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.load_verify_locations(authority)
    context.load_cert_chain(certificate, key)
    return context
