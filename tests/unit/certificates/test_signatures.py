"""Certificates and signatures of the link, judged by OpenSSL where it can."""

from __future__ import annotations

import base64
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from teleneedle.adapters.certificates.authority import (
    Authority,
    has_purpose,
    name_of,
    names_in,
    needs_renewal,
    open_authority,
)
from teleneedle.adapters.certificates.gateway_identity import GatewayIdentity, new_request
from teleneedle.adapters.certificates.key_files import pem, read_certificate, read_key
from teleneedle.adapters.certificates.signatures import sign, verify
from teleneedle.core.errors import InputError, NotReadableError

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NAMES = ("hub.example", "localhost", "127.0.0.1")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    made = open_authority(tmp_path / "link", at=AT)
    made.renew_server(NAMES, at=AT)
    return made


@pytest.fixture
def gateway(authority: Authority, tmp_path: Path) -> GatewayIdentity:
    key, request = new_request()
    certificate = pem(authority.issue_to_gateway(request, "gateway-a", at=AT))
    identity = GatewayIdentity(folder=tmp_path / "identity")
    identity.keep(key_pem=key, certificate_pem=certificate, authority_pem=authority.pem)
    return identity


def openssl(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("purpose", "who"), [("sslserver", "hub"), ("sslclient", "gateway")])
def test_openssl_accepts_each_for_its_purpose_and_for_no_other(
    authority: Authority, gateway: GatewayIdentity, purpose: str, who: str
) -> None:
    path = authority.server_certificate_path if who == "hub" else gateway.certificate_path
    common = (
        "verify",
        "-x509_strict",
        "-attime",
        str(int(AT.timestamp())),
        "-CAfile",
        authority.certificate_path,
    )
    assert openssl(*common, "-purpose", purpose, path).returncode == 0
    other = "sslclient" if purpose == "sslserver" else "sslserver"
    assert openssl(*common, "-purpose", other, path).returncode != 0


def test_private_keys_are_their_owner_s_alone(authority: Authority, gateway: GatewayIdentity) -> None:
    for path in (authority.key_path, authority.server_key_path, gateway.key_path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_opened_again_the_authority_is_the_same(authority: Authority) -> None:
    before = authority.pem
    assert open_authority(authority.folder, at=AT + timedelta(days=900)).pem == before


def test_the_server_s_certificate_is_renewed_in_time_and_for_new_names(authority: Authority) -> None:
    first = read_certificate(authority.server_certificate_path)
    assert names_in(first) == set(NAMES)
    assert not authority.renew_server(NAMES, at=AT + timedelta(days=300))
    assert not needs_renewal(first, AT + timedelta(days=300))
    assert authority.renew_server(NAMES, at=AT + timedelta(days=310))
    second = read_certificate(authority.server_certificate_path)
    assert second.serial_number != first.serial_number
    assert second.not_valid_after_utc == AT + timedelta(days=310 + 365)
    assert authority.renew_server((*NAMES, "10.0.0.5"), at=AT + timedelta(days=310))
    assert "10.0.0.5" in names_in(read_certificate(authority.server_certificate_path))


def test_the_gateway_is_who_the_hub_says_not_who_it_asks_to_be(gateway: GatewayIdentity) -> None:
    assert gateway.gateway_id == "gateway-a"
    assert has_purpose(gateway.certificate(), "gateway")
    assert not has_purpose(gateway.certificate(), "hub")
    assert name_of(gateway.certificate()) == "gateway-a"


def test_a_request_that_proves_nothing_is_refused(authority: Authority) -> None:
    _, request = new_request()
    body = base64.b64decode("".join(request.splitlines()[1:-1]))
    broken = base64.encodebytes(body[:-1] + bytes([body[-1] ^ 1])).decode()
    forged = f"-----BEGIN CERTIFICATE REQUEST-----\n{broken}-----END CERTIFICATE REQUEST-----\n"
    for text in (forged, "", "no request", request[:200], "-----BEGIN X-----\né"):
        with pytest.raises(InputError):
            authority.issue_to_gateway(text, "gateway-a", at=AT)


def test_openssl_verifies_a_signature_of_ours(gateway: GatewayIdentity, tmp_path: Path) -> None:
    message = b'{"series_uid": "1.2.3"}'
    (tmp_path / "message").write_bytes(message)
    (tmp_path / "signature").write_bytes(base64.b64decode(sign(gateway.key_path, message)))
    public = openssl("x509", "-in", gateway.certificate_path, "-noout", "-pubkey").stdout
    (tmp_path / "public").write_text(public)
    arguments = ("-verify", tmp_path / "public", "-signature", tmp_path / "signature", tmp_path / "message")
    assert openssl("dgst", "-sha256", *arguments).returncode == 0


def test_a_signature_holds_for_its_message_its_signer_and_its_authority_only(
    authority: Authority, gateway: GatewayIdentity, tmp_path: Path
) -> None:
    certificate, ca = pem(gateway.certificate()), authority.pem
    signature = sign(gateway.key_path, b"all of it")
    assert verify(certificate, ca, b"all of it", signature)
    assert verify(certificate, ca, b"all of it", signature, purpose="gateway")
    assert not verify(certificate, ca, b"all of it", signature, purpose="hub")
    assert not verify(certificate, ca, b"all of it.", signature)
    assert not verify(certificate, ca, b"all of it", sign(authority.server_key_path, b"all of it"))
    assert not verify(certificate, open_authority(tmp_path / "other", at=AT).pem, b"all of it", signature)
    for nonsense in ("", "é", "AAAA", signature[:-8]):
        assert not verify(certificate, ca, b"all of it", nonsense)
    assert not verify("no certificate", ca, b"all of it", signature)


def test_an_identity_that_does_not_fit_is_not_kept(
    authority: Authority, gateway: GatewayIdentity, tmp_path: Path
) -> None:
    before = gateway.key_path.read_bytes()
    key, request = new_request()
    foreign = open_authority(tmp_path / "other", at=AT)
    for issuer, key_pem in ((foreign, key), (authority, new_request()[0])):
        certificate = pem(issuer.issue_to_gateway(request, "b", at=AT))
        with pytest.raises(InputError):
            gateway.keep(key_pem=key_pem, certificate_pem=certificate, authority_pem=authority.pem)
    assert gateway.key_path.read_bytes() == before
    assert sorted(p.name for p in gateway.folder.iterdir()) == ["authority.pem", "certificate.pem", "key.pem"]


def test_who_is_not_enrolled_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotReadableError, match="not enrolled"):
        GatewayIdentity(folder=tmp_path).client_context()
    (tmp_path / "key.pem").write_text("no key")
    with pytest.raises(NotReadableError, match="private key"):
        read_key(tmp_path / "key.pem")
