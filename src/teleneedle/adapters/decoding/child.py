"""Start the decoder, watch its time, and take its one answer.

The parent never parses foreign bytes. It starts ``python -m teleneedle.apps.decoder`` with an anonymous
shared file for the voxels, sends one request, and reads JSON lines until the answer, the time limit or a
cancellation. Each child serves one request, so nothing of one patient can reach the next. A long-running
process may keep a few started children waiting (`start_spare`), which hides their start-up time.

References
----------
trust experiment 4: parsers raise and crash in unforeseen ways; only a process boundary holds.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from teleneedle.adapters.decoding.limits import DEFAULT_LIMITS, DecodeLimits
from teleneedle.adapters.decoding.messages import error_from_json
from teleneedle.adapters.decoding.shared_arrays import open_shared_file, read_shared_arrays
from teleneedle.core.errors import HostileInputError, LimitExceededError, TeleneedleError
from teleneedle.core.progress import CancelToken, Progress, no_progress

COMMAND = ("-P", "-m", "teleneedle.apps.decoder")
ANSWER_BYTES = 64 * 1024 * 1024
POLL_S = 0.05
PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "HOME", "TMPDIR", "SYSTEMROOT")


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """A child's answer: plain JSON fields and the arrays it placed in shared memory."""

    fields: Mapping[str, Any]
    arrays: tuple[NDArray[Any], ...]


class DecoderChild:
    """One started decoder process that waits for its one request."""

    def __init__(self, task: str) -> None:
        self.task = task
        self.descriptor = open_shared_file()
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"}
        self.process = subprocess.Popen(
            [sys.executable, *COMMAND, str(self.descriptor), task],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(self.descriptor,),
            start_new_session=True,
            env=environment,
            cwd="/",
        )

    def close(self) -> None:
        """End the process and let go of its memory."""
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


_spares: list[DecoderChild] = []
_spares_lock = threading.Lock()


def start_spare(task: str = "ct") -> None:
    """Start a decoder for `task` (``ct``, ``survey``, ``nifti``) ahead of need."""
    child = DecoderChild(task)
    with _spares_lock:
        _spares.append(child)


def close_spares() -> None:
    """End the decoders that were started ahead and not used."""
    with _spares_lock:
        unused, _spares[:] = list(_spares), []
    for child in unused:
        child.close()


def _take_child(task: str) -> DecoderChild:
    with _spares_lock:
        for child in [spare for spare in _spares if spare.task == task]:
            _spares.remove(child)
            if child.process.poll() is None:
                return child
            child.close()
    return DecoderChild(task)


def decode(
    request: Mapping[str, Any],
    *,
    limits: DecodeLimits = DEFAULT_LIMITS,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Decoded:
    """Have a child process decode what `request` names.

    Parameters
    ----------
    request : mapping
        JSON fields; ``task`` chooses what the child does.
    limits : DecodeLimits
        Memory, processor and wall limits, enforced by the kernel and by this process.
    progress : Progress
        Told what the child tells.
    cancel : CancelToken or None
        Looked at every 50 ms; ends the child.

    Raises
    ------
    InputError
        What the child found wrong with the input.
    LimitExceededError
        If a time limit was reached; the child is gone by then.
    HostileInputError
        If the child died of the input.
    Cancelled
        If `cancel` was set.
    """
    child = _take_child(str(request["task"]))
    try:
        answer = _converse(child, request, limits, progress, cancel)
        if "error" in answer:
            with understood_answer():
                raise error_from_json(answer["error"])
        with understood_answer():
            fields = answer["result"]
            arrays = read_shared_arrays(child.descriptor, fields["arrays"])
            return Decoded(fields=fields, arrays=tuple(arrays))
    finally:
        child.close()


@contextlib.contextmanager
def understood_answer() -> Iterator[None]:
    """Turn an answer of an unexpected form into one clean error: the child may have been taken over."""
    try:
        yield
    except TeleneedleError:
        raise
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OSError) as error:
        raise HostileInputError(
            f"the decoder's answer is not understandable ({type(error).__name__})",
            remedy="do not use this input",
        ) from error


def _converse(
    child: DecoderChild,
    request: Mapping[str, Any],
    limits: DecodeLimits,
    progress: Progress,
    cancel: CancelToken | None,
) -> Mapping[str, Any]:
    deadline = time.monotonic() + limits.wall_s
    line = json.dumps({**request, "limits": limits.to_json()}, ensure_ascii=True) + "\n"
    with contextlib.suppress(BrokenPipeError):
        assert child.process.stdin is not None  # noqa: S101  (the pipe was asked for)
        child.process.stdin.write(line.encode("ascii"))
        child.process.stdin.close()
    where = str(request.get("path", ""))
    for raw in _lines(child, deadline, cancel, where):
        try:
            message = json.loads(raw)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            raise HostileInputError("the decoder's answer is not understandable", where=where)
        if "progress" in message:
            where = str(message.get("where") or where)
            with understood_answer():
                stage, fraction = str(message["progress"]), float(message["fraction"])
            progress(stage, fraction)
        else:
            return message
    raise _death(child.process.wait(), where, limits)


def _lines(child: DecoderChild, deadline: float, cancel: CancelToken | None, where: str) -> Iterator[bytes]:
    """Yield the child's lines until it closes its side; refuse when it talks too long or too much."""
    assert child.process.stdout is not None  # noqa: S101  (the pipe was asked for)
    stream = child.process.stdout.fileno()
    rest, total = bytearray(), 0
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while True:
            if cancel is not None:
                cancel.raise_if_cancelled()
            left = deadline - time.monotonic()
            if left <= 0:
                raise LimitExceededError(
                    "reading took longer than allowed and was stopped", where=where, remedy="check the input"
                )
            if not selector.select(min(left, POLL_S)):
                continue
            chunk = os.read(stream, 1 << 20)
            if not chunk:
                return
            total += len(chunk)
            if total > ANSWER_BYTES:
                raise HostileInputError("the decoder's answer is larger than any honest one", where=where)
            rest += chunk
            if b"\n" in chunk:
                *lines, rest = rest.split(b"\n")
                yield from map(bytes, lines)


def _death(return_code: int, where: str, limits: DecodeLimits) -> TeleneedleError:
    if -return_code in (signal.SIGXCPU, signal.SIGKILL):
        return LimitExceededError(
            f"reading needed more than {limits.cpu_s:g} s of processor time, or more memory than there is, "
            "and was stopped",
            where=where,
            remedy="check the input; it may be damaged",
        )
    return HostileInputError(
        f"reading was ended by the operating system (exit status {return_code})",
        where=where,
        remedy="the file is damaged or made to harm; export the series again",
    )
