"""CPU time and memory of a process and everything it started, from /proc (proc(5))."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
SAMPLE_S = 0.25


class ProcessTree:
    """Follows the tree of `pid` from now until `stop`: what it uses meanwhile.

    CPU time is that of living processes and of children they waited for; memory is the largest sum of
    proportional set sizes seen, sampled four times a second.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._start_s = self._cpu_so_far_s()
        self.peak_mb = 0.0
        self._ended = threading.Event()
        self._sampler = threading.Thread(target=self._sample, daemon=True)
        self._sampler.start()

    @property
    def cpu_s(self) -> float:
        """CPU seconds since the start."""
        return self._cpu_so_far_s() - self._start_s

    def stop(self) -> None:
        """End the sampling of memory."""
        self._ended.set()
        self._sampler.join()

    def _cpu_so_far_s(self) -> float:
        return sum(_cpu_ticks(pid) for pid in tree_of(self._pid)) / TICKS_PER_S

    @property
    def memory_mb(self) -> float:
        """Sum of proportional set sizes now."""
        return sum(_proportional_mb(pid) for pid in tree_of(self._pid))

    @property
    def open_files(self) -> int:
        """File descriptors now."""
        return sum(_open_files(pid) for pid in tree_of(self._pid))

    def _sample(self) -> None:
        while not self._ended.wait(SAMPLE_S):
            self.peak_mb = max(self.peak_mb, self.memory_mb)


def tree_of(pid: int) -> list[int]:
    """`pid` and all its descendants that live."""
    children: dict[int, list[int]] = {}
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            children.setdefault(int(_stat_fields(place)[1]), []).append(int(place.name))
    found = [pid]
    for parent in found:  # grows while it is walked
        found += children.get(parent, [])
    return found


def _stat_fields(place: Path) -> list[str]:
    """Fields of ``stat`` from the third on, the state."""
    return (place / "stat").read_text().rpartition(")")[2].split()


def _cpu_ticks(pid: int) -> int:
    """Ticks of user and system time, with those of children that ended (fields 14 to 17 of stat)."""
    with suppress(OSError):
        return sum(int(field) for field in _stat_fields(Path(f"/proc/{pid}"))[11:15])
    return 0


def _proportional_mb(pid: int) -> float:
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return 0.0


def _open_files(pid: int) -> int:
    with suppress(OSError):
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return 0
