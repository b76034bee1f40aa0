"""CPU time of taking 300 slices in: the own receive loop beside stock pynetdicom, on the same spool."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.harness import Figure
from bench.process_tree import ProcessTree
from teleneedle.apps.testing.intake_process import AET, run_intake_process
from teleneedle.testing.encoded_ct import EXPLICIT_LITTLE, element, encoded_ct

SLICES, BYTES = 300, 512 * 512 * 2
BAR_CPU_S = 0.9
"""Of the gateway's 2 CPU-s per 300 slices."""
PEER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pynetdicom import AE, ALL_TRANSFER_SYNTAXES, AllStoragePresentationContexts, _config, evt
from teleneedle.adapters.link.spool import Spool
from teleneedle.adapters.link.spool_file import Arrival, Instance
_config.LOG_HANDLER_LEVEL = "none"
spool = Spool(Path(sys.argv[1]), quota_bytes=1 << 34, reserve_bytes=0)
def store(event):
    dataset, syntax = event.request.DataSet.getbuffer(), str(event.context.transfer_syntax)
    spool.keep(Instance.of(dataset, syntax, Arrival(via="dimse"), datetime.now(UTC)))
    return 0
entity = AE("GATE")
entity.maximum_pdu_size = 131072
for context in AllStoragePresentationContexts:
    entity.add_supported_context(context.abstract_syntax, ALL_TRANSFER_SYNTAXES)
server = entity.start_server(("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_C_STORE, store)])
print(server.server_address[1], flush=True)
sys.stdin.read()
"""


def write_series(folder: Path) -> None:
    """Files of the size of CT slices; noise, since nobody here looks at the pixels."""
    folder.mkdir()
    meta = element(0x00020010, "UI", EXPLICIT_LITTLE.encode())
    head = bytes(128) + b"DICM" + element(0x00020000, "UL", len(meta).to_bytes(4, "little")) + meta
    for number in range(SLICES):
        dataset = encoded_ct(number, 1, os.urandom(BYTES), columns=512)
        (folder / f"{number:03d}.dcm").write_bytes(head + dataset)


def send(series: Path, port: int, pid: int) -> tuple[float, float]:
    """Seconds and CPU seconds that a stock storescu's sending takes the acceptor."""
    tree = ProcessTree(pid)
    start = time.perf_counter()
    command = ["storescu", "-xe", "-aet", "BENCH", "-aec", AET, "+sd", "127.0.0.1", str(port), str(series)]
    subprocess.run(command, check=True, capture_output=True)
    wall_s = time.perf_counter() - start
    tree.stop()
    return wall_s, tree.cpu_s


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write_series(place / "series")
        with run_intake_process(place / "edge") as intake:
            ours = send(place / "series", intake.port, intake.process.pid)
            memory_mb = intake.memory_bytes() / 2**20
            kept = intake.spool.usage().instances
        peer_process = subprocess.Popen(
            [sys.executable, "-c", PEER, str(place / "peer")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        try:
            assert peer_process.stdout is not None
            peer = send(place / "series", int(peer_process.stdout.readline()), peer_process.pid)
        finally:
            peer_process.send_signal(signal.SIGKILL)
            peer_process.wait()
    assert kept == SLICES
    beside = f"pynetdicom on the same spool {peer[1]:.2f} CPU-s, {peer[0]:.2f} s"
    return [
        Figure(name="intake of 300 slices", value=ours[1], unit="CPU-s", bar=BAR_CPU_S, against=beside),
        Figure(name="intake against pynetdicom", value=ours[1] / peer[1], unit="×", bar=0.5, against=beside),
        Figure(name="300 slices by stock storescu", value=ours[0], unit="s", bar=None, against=beside),
        Figure(name="memory of the intake process", value=memory_mb, unit="MiB", bar=64, against=""),
    ]
