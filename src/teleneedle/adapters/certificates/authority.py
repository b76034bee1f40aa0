"""The hub's certificate authority: one P-256 key in the hub's folder that vouches for hub and gateways."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from teleneedle.adapters.certificates.key_files import (
    key_bytes,
    new_key,
    pem,
    read_certificate,
    read_key,
    write_private,
    write_public,
)
from teleneedle.core.errors import InputError

Purpose = Literal["hub", "gateway"]
PURPOSES: dict[Purpose, ObjectIdentifier] = {
    "hub": ExtendedKeyUsageOID.SERVER_AUTH,
    "gateway": ExtendedKeyUsageOID.CLIENT_AUTH,
}
AUTHORITY_YEARS = 20
"""Longer than any hub runs: replacing it would mean enrolling every gateway again."""
VALID_DAYS = 365
RENEW_DAYS = 60
"""A certificate is replaced when less than this is left of it, days."""
BACKDATED = timedelta(hours=24)
"""A gateway's clock may be behind; its certificate is valid for it nevertheless."""


@dataclass(frozen=True, kw_only=True)
class Authority:
    """The authority of one hub, and the certificate of its server, in `folder`."""

    folder: Path

    @property
    def certificate_path(self) -> Path:
        """Certificate of the authority, PEM."""
        return self.folder / "ca" / "certificate.pem"

    @property
    def key_path(self) -> Path:
        """Key of the authority, mode 0600."""
        return self.folder / "ca" / "key.pem"

    @property
    def server_certificate_path(self) -> Path:
        """Certificate of the link's server, PEM."""
        return self.folder / "server" / "certificate.pem"

    @property
    def server_key_path(self) -> Path:
        """Key of the link's server, mode 0600."""
        return self.folder / "server" / "key.pem"

    @property
    def pem(self) -> str:
        """Certificate of the authority as text."""
        return self.certificate_path.read_text(encoding="ascii")

    def issue_to_gateway(self, request_pem: str, gateway_id: str, *, at: datetime) -> x509.Certificate:
        """A certificate of one year that says `gateway_id`, whatever name the request asks for.

        Raises
        ------
        InputError
            If the request is no proof that its sender holds a P-256 key.
        """
        return self._issue(require_request(request_pem), gateway_id, "gateway", at=at)

    def renew_server(self, names: Iterable[str], *, at: datetime) -> bool:
        """Make the server's certificate for `names` when it is missing, near its end or for other names."""
        wanted = tuple(dict.fromkeys(name for name in names if name))
        if self._server_is_good(wanted, at):
            return False
        key = new_key()
        certificate = self._issue(key.public_key(), "teleneedle hub", "hub", names=wanted, at=at)
        write_private(self.server_key_path, key_bytes(key))
        write_public(self.server_certificate_path, pem(certificate))
        return True

    def _server_is_good(self, names: tuple[str, ...], at: datetime) -> bool:
        if not (self.server_certificate_path.is_file() and self.server_key_path.is_file()):
            return False
        known = read_certificate(self.server_certificate_path)
        fits = known.public_key() == read_key(self.server_key_path).public_key()
        is_ours = is_issued_by(known, read_certificate(self.certificate_path))
        return fits and is_ours and set(names) <= names_in(known) and not needs_renewal(known, at)

    def _issue(
        self,
        key: ec.EllipticCurvePublicKey,
        name: str,
        purpose: Purpose,
        *,
        at: datetime,
        names: tuple[str, ...] = (),
    ) -> x509.Certificate:
        issuer = read_certificate(self.certificate_path)
        builder = (
            _builder(key, name, at, timedelta(days=VALID_DAYS))
            .issuer_name(issuer.subject)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(is_authority=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([PURPOSES[purpose]]), critical=False)
            .add_extension(_issuer_identifier(issuer), critical=False)
        )
        if names:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([_general_name(one) for one in names]), critical=False
            )
        return builder.sign(read_key(self.key_path), hashes.SHA256())


def open_authority(folder: Path, *, at: datetime) -> Authority:
    """The authority in `folder`, made there the first time."""
    authority = Authority(folder=folder)
    if not authority.certificate_path.is_file():
        key = new_key()
        write_private(authority.key_path, key_bytes(key))
        write_public(authority.certificate_path, pem(_self_signed(key, at)))
    read_key(authority.key_path)
    return authority


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, hex."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def needs_renewal(certificate: x509.Certificate, at: datetime) -> bool:
    """Whether less than `RENEW_DAYS` are left."""
    return certificate.not_valid_after_utc - at < timedelta(days=RENEW_DAYS)


def name_of(certificate: x509.Certificate) -> str:
    """The common name; of a gateway's certificate its id."""
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if len(found) == 1 else ""


def names_in(certificate: x509.Certificate) -> set[str]:
    """Host names and addresses that the certificate is for."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return set()
    addresses = {str(address) for address in found.get_values_for_type(x509.IPAddress)}
    return addresses | set(found.get_values_for_type(x509.DNSName))


def is_issued_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    """Whether `authority` signed `certificate`."""
    try:
        certificate.verify_directly_issued_by(authority)
    except Exception:  # whatever the library finds wrong with foreign bytes
        return False
    return True


def has_purpose(certificate: x509.Certificate, purpose: Purpose) -> bool:
    """Whether the certificate was issued to a hub, or to a gateway."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return PURPOSES[purpose] in usage


def require_request(request_pem: str) -> ec.EllipticCurvePublicKey:
    """The key that a certificate is asked for, its possession proven.

    Raises
    ------
    InputError
        If the request cannot be read or proves nothing.
    """
    try:
        request = x509.load_pem_x509_csr(request_pem.encode("ascii"))
        is_proven = request.is_signature_valid
        key = request.public_key()
    except Exception as error:  # whatever the library finds wrong with foreign bytes
        raise InputError("the certificate request cannot be read") from error
    if not is_proven or not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise InputError("the certificate request is not for a P-256 key of its sender")
    return key


def _self_signed(key: ec.EllipticCurvePrivateKey, at: datetime) -> x509.Certificate:
    builder = _builder(
        key.public_key(), "teleneedle hub authority", at, timedelta(days=365 * AUTHORITY_YEARS)
    )
    return (
        builder.issuer_name(_name("teleneedle hub authority"))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(is_authority=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def _builder(
    key: ec.EllipticCurvePublicKey, name: str, at: datetime, valid: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - BACKDATED)
        .not_valid_after(at + valid)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _issuer_identifier(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    known = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known)


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
