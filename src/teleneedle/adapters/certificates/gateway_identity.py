"""Who a gateway is: its key, its certificate and the authority it trusts, in ``identity/`` of its folder."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from teleneedle.adapters.certificates.authority import (
    fingerprint,
    has_purpose,
    is_issued_by,
    name_of,
)
from teleneedle.adapters.certificates.key_files import (
    key_bytes,
    new_key,
    read_certificate,
    read_key,
    write_private,
    write_public,
)
from teleneedle.core.errors import InputError, NotReadableError


@dataclass(frozen=True, kw_only=True)
class GatewayIdentity:
    """Key and certificates of a gateway in `folder`."""

    folder: Path

    @property
    def key_path(self) -> Path:
        """Key of the gateway, mode 0600; it never leaves this machine."""
        return self.folder / "key.pem"

    @property
    def certificate_path(self) -> Path:
        """Certificate that the hub issued, PEM."""
        return self.folder / "certificate.pem"

    @property
    def authority_path(self) -> Path:
        """The hub's authority, PEM."""
        return self.folder / "authority.pem"

    @property
    def is_enrolled(self) -> bool:
        """Whether a hub has issued a certificate."""
        return self.certificate_path.is_file() and self.authority_path.is_file() and self.key_path.is_file()

    @property
    def gateway_id(self) -> str:
        """The id under which the hub knows this gateway."""
        return name_of(self.certificate())

    def certificate(self) -> x509.Certificate:
        """The gateway's certificate."""
        return read_certificate(self.certificate_path)

    def authority_pem(self) -> str:
        """The hub's authority as text."""
        read_certificate(self.authority_path)
        return self.authority_path.read_text(encoding="ascii")

    def keep(self, *, key_pem: bytes, certificate_pem: str, authority_pem: str) -> None:
        """Keep what the hub issued, after looking that it fits.

        Raises
        ------
        InputError
            If the certificate is not the authority's, not a gateway's or not for this key.
        """
        write_private(self.folder / "new-key.pem", key_pem)
        key = read_key(self.folder / "new-key.pem")
        certificate = parse_certificate(certificate_pem)
        is_ours = is_issued_by(certificate, parse_certificate(authority_pem))
        if not (
            is_ours and has_purpose(certificate, "gateway") and certificate.public_key() == key.public_key()
        ):
            (self.folder / "new-key.pem").unlink()
            raise InputError("the hub issued a certificate that does not fit", remedy="enrol again")
        write_public(self.authority_path, authority_pem)
        write_public(self.certificate_path, certificate_pem)
        (self.folder / "new-key.pem").replace(self.key_path)

    def client_context(self) -> ssl.SSLContext:
        """TLS towards the hub: only its own authority is trusted, this gateway shows its certificate.

        Raises
        ------
        NotReadableError
            If the gateway is not enrolled.
        """
        if not self.is_enrolled:
            raise NotReadableError(
                "this gateway is not enrolled", where=str(self.folder), remedy="run teleneedle edge enrol"
            )
        context = trusting(self.authority_pem())
        context.load_cert_chain(self.certificate_path, self.key_path)
        return context


def trusting(authority_pem: str) -> ssl.SSLContext:
    """TLS 1.2 or newer towards the one server that `authority_pem` vouches for, and nobody else.

    The authority is that server's own, so the address by which it is reached says nothing more: it may lie
    behind a port forwarding or move.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cadata=authority_pem)
    return context


def new_request() -> tuple[bytes, str]:
    """A fresh key and the request for its certificate, both PEM."""
    key = new_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "teleneedle gateway")])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return key_bytes(key), request.public_bytes(serialization.Encoding.PEM).decode("ascii")


def parse_certificate(text: str) -> x509.Certificate:
    """The certificate in PEM `text`.

    Raises
    ------
    InputError
        If there is none.
    """
    try:
        return x509.load_pem_x509_certificate(text.encode("ascii"))
    except ValueError as error:
        raise InputError("this is no certificate") from error


def fingerprint_of(certificate_pem: str) -> str:
    """SHA-256 of a certificate, hex."""
    return fingerprint(parse_certificate(certificate_pem))
