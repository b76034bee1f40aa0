"""The gateway's intake as a process of its own, as at a hospital; and the files that its peers send.

Run as ``python -m teleneedle.apps.testing.intake_process`` with its settings in JSON on standard input.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from teleneedle.adapters.dimse.limits import AssociationLimits
from teleneedle.adapters.dimse.storage import IntakeRules
from teleneedle.adapters.link.event_log import EventLog
from teleneedle.adapters.link.spool import Spool
from teleneedle.apps.edge.intake import DicomPort, IntakeSettings, run_intake

AET = "GATE"
QUOTA_BYTES = 8 << 30


@dataclass(kw_only=True)
class IntakeProcess:
    """A running intake."""

    folder: Path
    process: subprocess.Popen[bytes]
    ports: Sequence[int]

    @property
    def port(self) -> int:
        """Of the first DICOM port."""
        return self.ports[0]

    @property
    def spool(self) -> Spool:
        """Its spool, seen from this process."""
        return Spool(self.folder, quota_bytes=QUOTA_BYTES, reserve_bytes=0)

    def events(self, kind: str) -> list[dict[str, Any]]:
        """Events of a kind, oldest first."""
        found = EventLog(self.folder / "log", source="test").latest(100_000)
        return [one for one in found if one["kind"] == kind]

    def memory_bytes(self) -> int:
        """Resident memory, at its highest."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        (line,) = (one for one in status.splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1]) << 10

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()


@contextmanager
def run_intake_process(
    folder: Path,
    *,
    rules: Mapping[str, Any] | None = None,
    limits: Mapping[str, Any] | None = None,
    port: Mapping[str, Any] | None = None,
    spool: Mapping[str, Any] | None = None,
    watched: Path | None = None,
    pseudonyms: Path | None = None,
) -> Iterator[IntakeProcess]:
    """Start an intake; the mappings replace what `IntakeRules` and the others take by default."""
    settings = {
        "folder": str(folder),
        "rules": {"aet": AET, "takes_any_caller": True, **(rules or {})},
        "limits": dict(limits or {}),
        "port": {name: str(value) for name, value in (port or {}).items()},
        "spool": {"quota_bytes": QUOTA_BYTES, "reserve_bytes": 0, **(spool or {})},
        "watched": str(watched or ""),
        "pseudonyms": str(pseudonyms or ""),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "teleneedle.apps.testing.intake_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - asked for
    try:
        process.stdin.write(json.dumps(settings).encode() + b"\n")
        process.stdin.flush()
        ready = json.loads(process.stdout.readline())
        yield IntakeProcess(folder=folder, process=process, ports=ready["ports"])
    finally:
        process.terminate()
        try:
            process.wait(timeout=60)
        finally:
            process.kill()
            process.stdin.close()
            process.stdout.close()


def _main() -> None:
    fields = json.loads(sys.stdin.readline())
    folder = Path(fields["folder"])
    paths = {name: Path(value) for name, value in fields["port"].items()}
    port = DicomPort(
        rules=IntakeRules(
            **{
                **fields["rules"],
                "commitment_peers": {
                    name: (host, number)
                    for name, (host, number) in fields["rules"].get("commitment_peers", {}).items()
                },
            }
        ),
        port=0,
        limits=AssociationLimits(**fields["limits"]),
        **paths,  # type: ignore[arg-type]  # of certificates
    )
    run_intake(
        IntakeSettings(
            log_folder=folder / "log",
            ports=(port,),
            watched=Path(fields["watched"]) if fields["watched"] else None,
            watched_steady_s=0.2,
            pseudonyms=Path(fields["pseudonyms"]) if fields["pseudonyms"] else None,
        ),
        Spool(folder, **fields["spool"]),
    )


if __name__ == "__main__":
    _main()
