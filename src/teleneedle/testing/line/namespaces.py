"""Network namespaces of one run: named after the process that owns them, swept when it is gone.

Names are ``tnline-PID-START-RANDOM-END``; START is the owner's start in clock ticks, so that a process number
used again is not taken for the owner.
"""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from teleneedle.testing.line.tun import NAMESPACES

ENDING_S = 5.0  # a killed process that the kernel has not let go by then keeps no namespace from going
NAME = re.compile(r"tnline-(\d+)-(\d+)-[0-9a-f]{6}-\w+")


def new_prefix() -> str:
    """Common beginning of the names of one line of this process."""
    return f"tnline-{os.getpid()}-{_start_ticks(os.getpid())}-{secrets.token_hex(3)}"


def add_namespace(name: str) -> None:
    """Make the namespace and its loopback device; past connections teach later ones nothing."""
    _ip("netns", "add", name)
    _ip("-n", name, "link", "set", "lo", "up")
    settings = ["net.ipv4.tcp_no_metrics_save=1", "net.ipv6.conf.all.disable_ipv6=1"]
    subprocess.run(
        ["nsenter", f"--net={NAMESPACES / name}", "sysctl", "-q", "-w", *settings],
        check=False,
        capture_output=True,
    )


def bring_up(name: str, device: str, address: str, mtu_bytes: int) -> None:
    """Give `device` its address in a /24 and start it."""
    _ip("-n", name, "addr", "add", f"{address}/24", "dev", device)
    _ip("-n", name, "link", "set", device, "up", "mtu", str(mtu_bytes), "txqueuelen", "10000")


def remove_namespaces(names: list[str]) -> None:
    """End every process in the namespaces and remove them; those already gone are passed over."""
    for name in names:
        give_up_s = time.monotonic() + ENDING_S
        while (living := _processes(name)) and time.monotonic() < give_up_s:
            for pid in living:  # again: one of them may have started another since they were listed
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)
        subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)


def _processes(name: str) -> list[int]:
    listed = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True, check=False)
    return [int(pid) for pid in listed.stdout.split()]


def sweep_stale_namespaces() -> list[str]:
    """Remove the namespaces of owners that no longer run, and return their names."""
    names = sorted(path.name for path in NAMESPACES.glob("tnline-*")) if NAMESPACES.is_dir() else []
    stale = [name for name in names if not _is_owned(name)]
    remove_namespaces(stale)
    return stale


def _is_owned(name: str) -> bool:
    match = NAME.fullmatch(name)
    return match is None or _start_ticks(int(match[1])) == int(match[2])


def _start_ticks(pid: int) -> int:
    """Start of a process in clock ticks after boot (proc(5), field 22); -1 when there is none or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return -1
    return -1 if fields[0] in "ZX" else int(fields[19])


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
