"""The gateway's DICOM port under attack: the five trust experiments on the live process, and its limits."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from struct import pack

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teleneedle.adapters.dimse.commands import read_command
from teleneedle.adapters.dimse.pdus import ProtocolError, fragments, read_request
from teleneedle.apps.testing.intake_process import AET, IntakeProcess, run_intake_process
from teleneedle.testing.dicom_caller import (
    ABORT,
    ACCEPT,
    DATA,
    GONE,
    REJECT,
    RELEASE_ANSWER,
    VERIFICATION,
    DicomCaller,
    association_request,
    command_set,
)
from teleneedle.testing.encoded_ct import CT_IMAGE, EXPLICIT_LITTLE, element, encoded_ct

MIB = 1 << 20
WAIT_S = 120
DEFLATED = "1.2.840.10008.1.2.1.99"
ENDED = (GONE, ABORT)


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IntakeProcess]:
    with run_intake_process(tmp_path_factory.mktemp("intake") / "edge") as running:
        yield running


def require_well(intake: IntakeProcess) -> None:
    """It lives, and serves an honest caller."""
    assert intake.is_alive()
    with DicomCaller(intake.port) as caller:
        assert caller.associate(VERIFICATION)[0] == ACCEPT
        assert caller.release() == RELEASE_ANSWER


@pytest.mark.parametrize("claimed", [0xFFFFFFFF, 1 << 31, 1 << 20])
def test_experiment_1_a_claimed_length_of_4_gib_costs_nothing(intake: IntakeProcess, claimed: int) -> None:
    require_well(intake)
    before = intake.memory_bytes()
    for _ in range(8):
        with DicomCaller(intake.port) as caller:
            caller.socket.sendall(pack("!BBI", 1, 0, claimed))
            try:
                for _ in range(64):
                    caller.socket.sendall(bytes(MIB))
            except OSError:
                pass
            assert caller.answer()[0] in ENDED
    require_well(intake)
    assert intake.memory_bytes() - before < 16 * MIB


def test_experiment_1_nor_does_one_inside_an_association(intake: IntakeProcess) -> None:
    for body in (
        pack("!BBI", DATA, 0, 0xFFFFFFFF),
        pack("!BBI", DATA, 0, 6) + pack("!IBB", 0xFFFFFFFF, 1, 3),
        pack("!BBI", DATA, 0, 12) + pack("!IBB", 8, 1, 3) + bytes(6),
        pack("!BBI", 5, 0, 1 << 30),
        pack("!BBI", 99, 0, 4),
        association_request([(CT_IMAGE, [EXPLICIT_LITTLE])]),
    ):
        with DicomCaller(intake.port) as caller:
            assert caller.associate()[0] == ACCEPT
            caller.socket.sendall(body)
            assert caller.answer()[0] in ENDED
    require_well(intake)


def test_experiment_1_an_endless_command_set_is_cut_short(intake: IntakeProcess) -> None:
    before = intake.memory_bytes()
    with DicomCaller(intake.port) as caller:
        assert caller.associate()[0] == ACCEPT
        piece = pack("!BBI", DATA, 0, 16006) + pack("!IBB", 16002, 1, 1) + bytes(16000)
        try:
            for _ in range(2000):
                caller.socket.sendall(piece)
        except OSError:
            pass
        assert caller.answer()[0] in ENDED
    require_well(intake)
    assert intake.memory_bytes() - before < 16 * MIB


def test_experiment_1_an_endless_dataset_is_thrown_away_beyond_the_limit(tmp_path: Path) -> None:
    with run_intake_process(tmp_path / "edge", limits={"instance_bytes": 8 * MIB}) as intake:
        require_well(intake)
        before = intake.memory_bytes()
        with DicomCaller(intake.port) as caller:
            assert caller.associate()[0] == ACCEPT
            assert caller.store(bytes(100 * MIB), uid="1.2.1.1") == 0xA700
            assert caller.store(encoded_ct(1), uid="1.2.1.1") == 0
        assert intake.memory_bytes() - before < 40 * MIB


def test_experiment_2_deflated_syntaxes_are_not_accepted(intake: IntakeProcess) -> None:
    with DicomCaller(intake.port) as caller:
        kind, answer = caller.associate(CT_IMAGE, [DEFLATED])
        assert kind == ACCEPT
        result = answer[answer.index(b"1.2.840.10008.3.1.1.1") + 21 + 6]
        assert result == 4
        bomb = zlib.compress(bytes(50 * MIB), 9)
        assert caller.store(bomb, uid="1.2.1.1") == -1
    require_well(intake)


def test_experiment_3_uids_never_become_paths(intake: IntakeProcess) -> None:
    hostile = encoded_ct(1).replace(b"1.2.1.1\0", b"../../x\0")
    with DicomCaller(intake.port) as caller:
        caller.associate()
        assert caller.store(hostile, uid="../../x") == 0xC001
        assert caller.store(encoded_ct(1), uid="../../../etc/cron.d/x") == 0xA900
    names = [p.name for p in intake.folder.rglob("*") if p.suffix == ".tnsp"]
    assert all(set(name.removesuffix(".tnsp")) <= set("0123456789abcdef-") for name in names)


def test_experiment_4_a_deep_nest_is_refused(intake: IntakeProcess) -> None:
    opened = b"\x40\x00\x30\xa7SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    with DicomCaller(intake.port) as caller:
        caller.associate()
        assert caller.store(encoded_ct(7) + opened * 200_000, uid="1.2.1.7") == 0xC001
    require_well(intake)


def test_experiment_5_cut_off_pixels_are_refused(intake: IntakeProcess) -> None:
    with DicomCaller(intake.port) as caller:
        caller.associate()
        assert caller.store(encoded_ct(8, pixels=bytes(64))[:-10], uid="1.2.1.8") == 0xC000
        assert caller.store(encoded_ct(8, columns=65535), uid="1.2.1.8") == 0xC000
        assert (
            caller.store(encoded_ct(8)[:-2] + element(0x00280010, "US", b"\xff\xff"), uid="1.2.1.8") == 0xC000
        )


def test_titles_that_are_not_on_the_list_are_rejected(tmp_path: Path) -> None:
    rules = {"takes_any_caller": False, "callers": {"CT1": "intra"}}
    with run_intake_process(tmp_path / "edge", rules=rules) as intake:
        for calling, called, source_reason in (("EVIL", AET, (1, 3)), ("CT1", "OTHER", (1, 7))):
            with DicomCaller(intake.port) as caller:
                kind, body = caller.associate(calling=calling, called=called)
                assert (kind, tuple(body[1:])) == (REJECT, (1, *source_reason))
        command = ["echoscu", "-aet", "EVIL", "-aec", AET, "127.0.0.1", str(intake.port)]
        assert subprocess.run(command, capture_output=True, timeout=WAIT_S, check=False).returncode != 0
        command[2] = "CT1"
        subprocess.run(command, check=True, timeout=WAIT_S)
        assert len(intake.events("association-rejected")) == 3


def test_half_open_and_dripping_associations_time_out(tmp_path: Path) -> None:
    with run_intake_process(
        tmp_path / "edge", limits={"request_s": 0.5, "stall_s": 0.5, "at_once": 3}
    ) as intake:
        silent = [DicomCaller(intake.port) for _ in range(3)]
        for caller in silent:
            assert caller.answer()[0] in ENDED
        with DicomCaller(intake.port) as dripping:
            request = association_request([(VERIFICATION, [EXPLICIT_LITTLE])])
            stop = threading.Event()

            def drip() -> None:
                for byte in request:
                    if stop.wait(0.1):
                        return
                    try:
                        dripping.socket.send(bytes((byte,)))
                    except OSError:
                        return

            thread = threading.Thread(target=drip)
            thread.start()
            assert dripping.answer()[0] in ENDED
            stop.set()
            thread.join()
        with DicomCaller(intake.port) as stalled:
            assert stalled.associate()[0] == ACCEPT
            stalled.socket.sendall(pack("!BBI", DATA, 0, 1000) + bytes(10))
            assert stalled.answer()[0] in ENDED
        require_well(intake)


def test_one_association_too_many_is_told_to_come_again(tmp_path: Path) -> None:
    with run_intake_process(tmp_path / "edge", limits={"at_once": 2}) as intake:
        with DicomCaller(intake.port) as first, DicomCaller(intake.port) as second:
            assert [first.associate()[0], second.associate()[0]] == [ACCEPT, ACCEPT]
            with DicomCaller(intake.port) as third:
                assert third.associate() == (REJECT, bytes((0, 2, 3, 2)))
            assert first.store(encoded_ct(1), uid="1.2.1.1") == 0
            assert first.release() == RELEASE_ANSWER
            assert first.answer()[0] == GONE
        require_well_soon(intake)


def require_well_soon(intake: IntakeProcess) -> None:
    """Threads of ended associations may need a moment to be gone."""
    for _ in range(1000):
        with DicomCaller(intake.port) as caller:
            if caller.associate(VERIFICATION)[0] == ACCEPT:
                return
    raise AssertionError("no association any more")


def test_ten_thousand_tiny_associations(intake: IntakeProcess) -> None:
    request = association_request([(VERIFICATION, [EXPLICIT_LITTLE])])
    echo = command_set(
        (
            (0x0002, VERIFICATION.encode() + b"\0"),
            (0x0100, pack("<H", 0x30)),
            (0x0110, b"\1\0"),
            (0x0800, b"\1\1"),
        )
    )
    require_well(intake)
    before = intake.memory_bytes()
    for number in range(10_000):
        with socket.create_connection(("127.0.0.1", intake.port), timeout=WAIT_S) as raw:
            if number % 4 == 0:
                continue
            raw.sendall(request if number % 4 != 1 else request[: number % len(request)])
    with DicomCaller(intake.port) as caller:
        caller.associate(VERIFICATION)
        caller.send_fragments(echo, is_command=True)
        assert caller.status() == 0
    assert intake.memory_bytes() - before < 64 * MIB
    threads = int(Path(f"/proc/{intake.process.pid}/stat").read_text().rpartition(")")[2].split()[17])
    assert threads < 200


@settings(max_examples=300, deadline=None)
@given(
    body=st.binary(max_size=400),
    flips=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), max_size=8),
)
def test_no_bytes_get_past_the_parsers_but_as_protocol_errors(
    body: bytes, flips: list[tuple[int, int]]
) -> None:
    request = bytearray(association_request([(CT_IMAGE, [EXPLICIT_LITTLE])])[6:])
    for at, value in flips:
        request[at % len(request)] = value
    for parse, content in (
        (read_request, body),
        (read_request, bytes(request)),
        (read_command, body),
        (lambda one: list(fragments(memoryview(one))), body),
    ):
        try:
            parse(content)
        except ProtocolError:
            continue


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(min_size=1, max_size=300))
def test_noise_after_the_handshake_ends_one_association_only(intake: IntakeProcess, noise: bytes) -> None:
    with DicomCaller(intake.port) as caller:
        assert caller.associate()[0] == ACCEPT
        caller.socket.sendall(noise)
        caller.socket.shutdown(socket.SHUT_WR)
        while caller.answer()[0] not in ENDED:
            pass
    assert intake.is_alive()


def certificates(folder: Path, name: str) -> tuple[Path, Path]:
    """A self-signed certificate and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, private


def caller_tls(trusted: Path, own: tuple[Path, Path] | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(trusted))
    if own is not None:
        context.load_cert_chain(*own)
    return context


def is_heard(intake: IntakeProcess, tls: ssl.SSLContext) -> bool:
    try:
        with DicomCaller(intake.port, tls=tls) as caller:
            return caller.associate()[0] == ACCEPT
    except OSError:
        return False


def test_tls_hears_only_callers_with_a_certificate(tmp_path: Path) -> None:
    own, peer, stranger = (certificates(tmp_path, name) for name in ("own", "peer", "stranger"))
    port = {"certificate": own[0], "key": own[1], "callers_ca": peer[0]}
    with run_intake_process(tmp_path / "edge", port=port, limits={"request_s": 5.0}) as intake:
        with DicomCaller(intake.port, tls=caller_tls(own[0], peer)) as caller:
            assert caller.associate()[0] == ACCEPT
            assert caller.store(encoded_ct(1, pixels=bytes(300_000), columns=9), uid="1.2.1.1") == 0
            assert caller.release() == RELEASE_ANSWER
        for wrong in (None, stranger):
            assert not is_heard(intake, caller_tls(own[0], wrong))
        with DicomCaller(intake.port) as plain:
            assert plain.associate()[0] != ACCEPT
        old = caller_tls(own[0], peer)
        old.maximum_version = ssl.TLSVersion.TLSv1_1
        assert not is_heard(intake, old)
        command = [
            "echoscu",
            "+tls",
            str(peer[1]),
            str(peer[0]),
            "+cf",
            str(own[0]),
            "-aec",
            AET,
            "127.0.0.1",
        ]
        subprocess.run([*command, str(intake.port)], check=True, timeout=WAIT_S)
        assert intake.spool.usage().instances == 1
