"""Run a segmentation program of another environment: private home, no network settings, limits, cancel.

The program gets a fixed list of arguments, a home of its own that is removed afterwards, and proxy settings
that lead nowhere, so an attempt to download fails at once instead of leaving the hospital.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from teleneedle.core.errors import InputError, LimitExceededError, NotReadableError
from teleneedle.core.progress import CancelToken

POLL_S = 0.05
GRACE_S = 2.0
LOG_TAIL_BYTES = 2000
NOWHERE = "http://127.0.0.1:9"
MEMORY_SIGNS = (
    "MemoryError",
    "not enough memory",
    "Cannot allocate memory",
    "bad_alloc",
    "Unable to allocate",
)


@dataclass(frozen=True, kw_only=True)
class ProcessLimits:
    """How long and how large a program may get.

    Parameters
    ----------
    wall_s : float
        Elapsed time, s.
    memory_bytes : int
        Address space of each of its processes.
    threads : int
        Threads its mathematics may use.
    """

    wall_s: float = 900.0
    memory_bytes: int = 24 * 1024**3
    threads: int = 2


def program_of(environment: Path, name: str) -> Path:
    """Program `name` of the virtual environment `environment`.

    Raises
    ------
    NotReadableError
        If it is not there or cannot be executed.
    """
    program = environment / "bin" / name
    if not os.access(program, os.X_OK) or not program.is_file():
        raise NotReadableError(
            f"the program {name} is not installed", where=str(program), remedy="see docs/how-to/ai-engines.md"
        )
    return program


def run_program(
    arguments: Sequence[str],
    *,
    home: Path,
    limits: ProcessLimits,
    cancel: CancelToken | None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run to the end, or end it: nothing of its process group is left behind.

    Raises
    ------
    LimitExceededError
        If it took too long or asked for too much memory.
    InputError
        If it failed; the details hold the end of what it said.
    Cancelled
        If `cancel` was set.
    """
    log = home / "program.log"
    limited = ["/bin/sh", "-c", 'ulimit -v "$0" && exec "$@"', str(limits.memory_bytes // 1024), *arguments]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            limited,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=home,
            env={**_environment(home, limits), **(environment or {})},
        )
        try:
            code = _wait(process, time.monotonic() + limits.wall_s, limits, arguments[0], cancel)
        finally:
            _end_group(process)
    if code != 0:
        raise _failure(code, arguments[0], log, limits)


def _environment(home: Path, limits: ProcessLimits) -> dict[str, str]:
    threads = (
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS",
    )
    proxies = (
        "http_proxy",
        "https_proxy",
        "ftp_proxy",
        "all_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
    )
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "PYTHONNOUSERSITE": "1",
        "CUDA_VISIBLE_DEVICES": "",
        "HF_HUB_OFFLINE": "1",
        **dict.fromkeys(threads, str(limits.threads)),
        **dict.fromkeys(proxies, NOWHERE),
    }


def _wait(
    process: subprocess.Popen[bytes],
    deadline: float,
    limits: ProcessLimits,
    program: str,
    cancel: CancelToken | None,
) -> int:
    while True:
        try:
            return process.wait(timeout=POLL_S)
        except subprocess.TimeoutExpired:
            if cancel is not None:
                cancel.raise_if_cancelled()
            if time.monotonic() > deadline:
                raise LimitExceededError(
                    f"the program took longer than {limits.wall_s:g} s and was stopped",
                    where=program,
                    remedy="raise time_limit_s for this engine, or use a faster one",
                ) from None


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End whatever of the group still lives: first politely, then for certain."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=GRACE_S)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _failure(code: int, program: str, log: Path, limits: ProcessLimits) -> InputError | LimitExceededError:
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - LOG_TAIL_BYTES))
        tail = stream.read().decode("utf-8", "replace")
    said = tuple(line.rstrip()[:200] for line in tail.splitlines() if line.strip())[-8:]
    if any(sign in tail for sign in MEMORY_SIGNS):
        return LimitExceededError(
            f"the program needed more than {limits.memory_bytes / 1024**3:.1f} GiB of memory",
            where=program,
            remedy="raise memory_limit_gib for this engine, or use a lighter one",
            details=said,
        )
    return InputError(
        f"the program failed (exit status {code})",
        where=program,
        remedy="the details hold what it said last",
        details=said,
    )
