"""Private keys and certificates as files: a key is its owner's alone, writing is all or nothing."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from teleneedle.core.errors import NotReadableError


def new_key() -> ec.EllipticCurvePrivateKey:
    """A fresh P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    """`key` as PEM without a passphrase: the file's mode protects it."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def pem(certificate: x509.Certificate) -> str:
    """`certificate` as PEM text."""
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """The P-256 key in `path`.

    Raises
    ------
    NotReadableError
        If the file is missing or holds no such key.
    """
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise NotReadableError("the private key cannot be read", where=str(path)) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise NotReadableError("the private key cannot be read", where=str(path))
    return key


def read_certificate(path: Path) -> x509.Certificate:
    """The first certificate in `path`.

    Raises
    ------
    NotReadableError
        If the file is missing or holds no certificate.
    """
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        raise NotReadableError("the certificate cannot be read", where=str(path)) from error


def write_private(path: Path, content: bytes) -> None:
    """Write `content` to `path`, whole and durable, mode 0600 from its first byte."""
    _write(path, content, 0o600)


def write_public(path: Path, content: str) -> None:
    """Write `content` to `path`, whole and durable, readable by everybody."""
    _write(path, content.encode("ascii"), 0o644)


def _write(path: Path, content: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
