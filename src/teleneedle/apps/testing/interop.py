"""Senders and receivers of other makers, run against our ports; what came of it as words."""

from __future__ import annotations

import hashlib
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pydicom import dcmread
from pydicom.uid import UID
from pynetdicom import AE, _config
from pynetdicom.dsutils import split_dataset

from teleneedle.adapters.dimse.storage import IntakeRules
from teleneedle.adapters.link.spool import Spool
from teleneedle.apps.edge.intake import DicomPort, Intake, IntakeSettings

GATEWAY_AET = "TNGATE"
KEPT, RECODED, NOT_SENT = "same bytes", "kept, rewritten by the sender", "not sent"
SYNTAX_OPTIONS: Mapping[str, str] = {
    "1.2.840.10008.1.2": "-xi",
    "1.2.840.10008.1.2.1": "-xe",
    "1.2.840.10008.1.2.2": "-xb",
    "1.2.840.10008.1.2.1.99": "-xd",
    "1.2.840.10008.1.2.5": "-xr",
    "1.2.840.10008.1.2.4.50": "-xy",
    "1.2.840.10008.1.2.4.51": "-xx",
    "1.2.840.10008.1.2.4.70": "-xs",
    "1.2.840.10008.1.2.4.80": "-xt",
    "1.2.840.10008.1.2.4.81": "-xu",
    "1.2.840.10008.1.2.4.90": "-xv",
    "1.2.840.10008.1.2.4.91": "-xw",
}
"""storescu's option that proposes a transfer syntax."""


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """An authority and one certificate of it, for both ends of a connection on this machine."""

    authority: Path
    certificate: Path
    key: Path

    def options(self) -> list[str]:
        """For a program of DCMTK."""
        return ["+tls", str(self.key), str(self.certificate), "+cf", str(self.authority)]

    def context(self) -> ssl.SSLContext:
        """For pynetdicom as a caller."""
        found = ssl.create_default_context(cafile=str(self.authority))
        found.load_cert_chain(self.certificate, self.key)
        return found


def make_credentials(folder: Path) -> Credentials:
    """A new authority with a certificate for 127.0.0.1."""
    folder.mkdir(parents=True, exist_ok=True)
    root_key, own_key = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
    own_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    root = _certificate(root_name, root_name, root_key, root_key, is_authority=True)
    own = _certificate(own_name, root_name, own_key, root_key, is_authority=False)
    made = Credentials(authority=folder / "ca.pem", certificate=folder / "own.pem", key=folder / "own.key")
    made.authority.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    made.certificate.write_bytes(own.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(
        own_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    return made


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: rsa.RSAPrivateKey,
    signer: rsa.RSAPrivateKey,
    *,
    is_authority: bool,
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    if not is_authority:
        names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(signer, hashes.SHA256())


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What a file is, by pydicom and by the standard, without a line of ours."""

    syntax: str
    sop_class: str
    is_valid: bool
    names_agree: bool
    sha256: str

    @property
    def is_stored(self) -> bool:
        """Whether the standard has its SOP class among those of storage."""
        return "Storage" in UID(self.sop_class).name


def truth_of(path: Path) -> Truth | None:
    """None when it is no DICOM file with a meta group that names a SOP class."""
    try:
        meta, start = split_dataset(path)
        syntax, sop_class = str(meta.TransferSyntaxUID), str(meta.MediaStorageSOPClassUID)
        dataset = dcmread(path, stop_before_pixels=True)
    except Exception:  # whatever a foreign parser raises means the same here
        return None
    names = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
    uids = [str(dataset.get(name, "") or "") for name in names]
    return Truth(
        syntax=syntax,
        sop_class=sop_class,
        is_valid=all(UID(uid).is_valid and uid for uid in uids),
        names_agree=str(meta.MediaStorageSOPInstanceUID) == uids[1],
        sha256=hashlib.sha256(path.read_bytes()[start:]).hexdigest(),
    )


@contextmanager
def intake_for_one(folder: Path, credentials: Credentials | None) -> Iterator[tuple[int, Spool]]:
    """A gateway's DICOM port with an empty spool."""
    spool = Spool(folder, quota_bytes=1 << 30, reserve_bytes=0)
    port = DicomPort(
        rules=IntakeRules(aet=GATEWAY_AET, takes_any_caller=True),
        port=0,
        certificate=credentials.certificate if credentials else None,
        key=credentials.key if credentials else None,
        callers_ca=credentials.authority if credentials else None,
    )
    intake = Intake(IntakeSettings(log_folder=folder / "log", ports=(port,)), spool)
    intake.start()
    try:
        yield intake.ports[0], spool
    finally:
        intake.stop()
        spool.close()


def send_by_storescu(path: Path, truth: Truth, port: int, credentials: Credentials | None) -> str:
    """What storescu says, in short."""
    option = SYNTAX_OPTIONS.get(truth.syntax)
    tls = credentials.options() if credentials else []
    command = ["storescu", "-v", "-R", *([option] if option else []), *tls, "-aec", GATEWAY_AET]
    done = subprocess.run(
        [*command, "127.0.0.1", str(port), str(path)], capture_output=True, text=True, timeout=60
    )
    said = done.stdout + done.stderr
    if "Store Response (Success)" in said:
        return ""
    for line in said.splitlines():
        if "Store Response" in line:
            return "refused: " + line.partition("(")[2].rstrip(")").lower()
    return NOT_SENT


def send_by_pynetdicom(path: Path, truth: Truth, port: int, credentials: Credentials | None) -> str:
    """The status of pynetdicom's C-STORE of the file's own bytes."""
    _config.STORE_SEND_CHUNKED_DATASET = True
    entity = AE()
    entity.acse_timeout = entity.dimse_timeout = 30
    entity.add_requested_context(truth.sop_class, truth.syntax)
    tls = (credentials.context(), "127.0.0.1") if credentials else None
    line = entity.associate("127.0.0.1", port, ae_title=GATEWAY_AET, tls_args=tls)
    if not line.is_established:
        return NOT_SENT
    try:
        answer = line.send_c_store(path)
    except (ValueError, RuntimeError, AttributeError):
        return NOT_SENT
    finally:
        line.release()
    status = int(answer.Status) if "Status" in answer else -1
    return "" if status == 0 else f"refused: {status:04X}"


def send_by_orthanc(path: Path, orthanc: httpx.Client, port: int) -> str:
    """What Orthanc says when it is given the file and told to send it on."""
    given = orthanc.post("/instances", content=path.read_bytes())
    if not given.is_success:
        return NOT_SENT
    instance = given.json()["ID"]
    target = {"AET": GATEWAY_AET, "Host": "127.0.0.1", "Port": port}
    orthanc.put("/modalities/gateway", json=target).raise_for_status()
    done = orthanc.post("/modalities/gateway/store", json={"Resources": [instance], "Synchronous": True})
    orthanc.delete(f"/instances/{instance}").raise_for_status()
    if not done.is_success:
        return "refused"
    return "refused" if done.json().get("FailedInstancesCount") else ""


def outcome(said: str, spool: Spool, truth: Truth) -> str:
    """In the words of the matrix."""
    kept = [entry.dataset_sha256 for entry in spool.entries()]
    if said:
        return said if not kept else f"{said}, and yet kept"
    if len(kept) != 1:
        return f"acknowledged, {len(kept)} kept"
    return KEPT if kept == [truth.sha256] else RECODED


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
