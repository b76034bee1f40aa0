"""What a gateway's sender is told: where the hub is, where its folder is, and how much it may take."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class SenderPlan:
    """Settings of the sending process.

    Parameters
    ----------
    folder : Path
        The gateway's folder, with ``identity``, ``spool``, ``receipts`` and ``quarantine``.
    host, port : str, int
        The hub's link port.
    quiet_s : float
        A series is complete when nothing of it has come for so long.
    open_quiet_s : float
        The same where the sender says that it is done, by the end of its association: a scanner that still
        reconstructs may take a breath, and what has come by then is no series yet.
    threads : int
        Threads that code.
    memory_bytes : int
        Coded bytes that may wait for the line.
    line_mbit_s : float or None
        Rate of the line as far as it is known beforehand; measured while sending.
    """

    folder: Path
    host: str
    port: int = 8443
    quota_bytes: int = 200 << 30
    reserve_bytes: int = 1 << 30
    quiet_s: float = 2.0
    open_quiet_s: float = 10.0
    threads: int = max(os.cpu_count() or 1, 1)
    memory_bytes: int = 256 << 20
    line_mbit_s: float | None = None

    @property
    def origin(self) -> str:
        """Host and port as they stand in an address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"
