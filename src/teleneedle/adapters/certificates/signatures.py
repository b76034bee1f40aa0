"""Signatures under series manifests (a gateway's) and receipts (the hub's): ECDSA P-256 with SHA-256."""

from __future__ import annotations

import base64
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from teleneedle.adapters.certificates.authority import Purpose, has_purpose, is_issued_by
from teleneedle.adapters.certificates.key_files import read_key

ALGORITHM = ec.ECDSA(hashes.SHA256())


def sign(key_path: Path, message: bytes) -> str:
    """Signature of `message` by the key in `key_path`, base64 (ASN.1 DER inside)."""
    return base64.b64encode(read_key(key_path).sign(message, ALGORITHM)).decode("ascii")


def verify(
    certificate_pem: str,
    authority_pem: str,
    message: bytes,
    signature: str,
    *,
    purpose: Purpose | None = None,
) -> bool:
    """Whether the holder of a certificate of this authority signed exactly `message`.

    Parameters
    ----------
    certificate_pem, authority_pem : str
        The signer's certificate and the hub's authority.
    signature : str
        As `sign` made it.
    purpose : "hub" or "gateway", optional
        Asks that the certificate is one of the hub's (receipts) or of a gateway (manifests).

    Notes
    -----
    Foreign bytes: whatever is wrong with them, the answer is False. A certificate that has ended since
    does not make an old receipt wrong, so its dates are not looked at.
    """
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem.encode("ascii"))
        authority = x509.load_pem_x509_certificate(authority_pem.encode("ascii"))
        key = certificate.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey) or not is_issued_by(certificate, authority):
            return False
        if purpose is not None and not has_purpose(certificate, purpose):
            return False
        key.verify(base64.b64decode(signature, validate=True), message, ALGORITHM)
    except (ValueError, InvalidSignature):
        return False
    return True
