"""A Chromium without a graphics card: its switches, the pages it is given, what its processes use."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = os.environ.get("TELENEEDLE_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
    "--enable-precise-memory-info",
    "--js-flags=--expose-gc",
]
VIEWPORT = {"width": 1560, "height": 1040}


def run_node(folder: Path, arguments: list[str], out: Path) -> None:
    """Run a build with node in `folder`; what it makes goes to `out`.

    Raises
    ------
    FileNotFoundError
        Node is not installed.
    subprocess.CalledProcessError
        The build failed.
    """
    subprocess.run(
        [tool("node"), *arguments],
        cwd=folder,
        env=environment() | {"TELENEEDLE_BENCH_OUT": str(out)},
        check=True,
    )


def environment() -> dict[str, str]:
    """This process's environment with the project's own programs first in the path."""
    return {**os.environ, "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}"}


def tool(name: str) -> str:
    """Where a program of the project's environment is; raises FileNotFoundError where it is not."""
    found = shutil.which(name, path=environment()["PATH"])
    if found is None:
        raise FileNotFoundError(f"{name} is not installed")
    return found


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Address at which `folder` is served."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def tree(root: int) -> list[int]:
    """`root` and the processes below it."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = [root]
    for pid in found:
        found.extend(children.get(pid, []))
    return found


def cpu_ms(pids: list[int]) -> float:
    """Processor time that the processes have used, ms."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return 1000.0 * ticks / os.sysconf("SC_CLK_TCK")


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def memory_mb(pid: int) -> dict[str, float]:
    """Memory of one process, MB (10⁶ bytes): resident, its peak, and what no other process shares of it."""
    kib: dict[str, int] = {}
    for name in ("smaps_rollup", "status"):
        for line in Path(f"/proc/{pid}/{name}").read_text().splitlines():
            key, _, rest = line.partition(":")
            if rest.endswith(" kB"):
                kib[key] = int(rest.split()[0])
    to_mb = 1024 / 1e6
    return {
        "resident": kib["Rss"] * to_mb,
        "peak": kib["VmHWM"] * to_mb,
        "private": (kib["Private_Clean"] + kib["Private_Dirty"]) * to_mb,
    }


def processes_of_kind(kind: str) -> list[int]:
    """Processes of the browser below this one, by their ``--type`` (renderer, gpu-process)."""
    return [pid for pid, words in _browser_processes() if f"--type={kind}" in words]


def kill_browser() -> None:
    """End the browsers below this process at once: one whose page is busy does not close when asked."""
    for pid, words in _browser_processes():
        if not any(word.startswith("--type=") for word in words):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _browser_processes() -> list[tuple[int, list[str]]]:
    """Process and words of the command line of every browser process below this one."""
    found = []
    for pid in tree(os.getpid()):
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        words = line.replace("\0", " ").split()
        if words and "chrom" in words[0]:
            found.append((pid, words))
    return found
