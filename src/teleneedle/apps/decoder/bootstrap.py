"""Set the limits, do one task, answer once.

Only modules that the decoding needs are imported, and they are imported before the request arrives, so a
child started ahead of need answers at once.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import warnings
from collections.abc import Callable
from typing import Any

from teleneedle.adapters.decoding.limits import DecodeLimits
from teleneedle.adapters.decoding.messages import foreign_error_to_json
from teleneedle.adapters.decoding.shared_arrays import SharedArrayWriter
from teleneedle.adapters.decoding.task import Task, TaskResult

REQUEST_BYTES = 1024 * 1024


Work = Callable[[Task], TaskResult]


def _ct() -> Work:
    from teleneedle.adapters.dicom.decode import decode_ct

    return decode_ct


def _survey() -> Work:
    from teleneedle.adapters.dicom.survey import survey_input

    return survey_input


def _nifti() -> Work:
    from teleneedle.adapters.nifti_decode import decode_nifti_files

    return decode_nifti_files


def _instances() -> Work:
    from teleneedle.adapters.dicom.arriving import describe_instances

    return describe_instances


def _plain() -> Work:
    from teleneedle.adapters.dicom.plain import rewrite_plainly

    return rewrite_plainly


TASKS: dict[str, Callable[[], Work]] = {
    "ct": _ct,
    "survey": _survey,
    "nifti": _nifti,
    "instances": _instances,
    "plain": _plain,
}


def _apply_limits(limits: DecodeLimits) -> None:
    cpu = int(limits.cpu_s + os.times().user) + 1
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.memory_bytes, limits.memory_bytes))


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message, ensure_ascii=True, allow_nan=False) + "\n")
    sys.stdout.flush()


class _Teller:
    """Sends progress, and remembers which file is being read for the case of an error."""

    def __init__(self) -> None:
        self.where = ""

    def at(self, where: str) -> None:
        self.where = where

    def __call__(self, stage: str, fraction: float) -> None:
        _say({"progress": stage, "fraction": round(fraction, 3), "where": self.where})


def serve_one(descriptor: int, task_name: str) -> int:
    """Answer the one request on stdin with exactly one result or one error; returns 0."""
    work = TASKS[task_name]()  # imported before the request arrives
    warnings.simplefilter("ignore")
    tell = _Teller()
    try:
        request = json.loads(sys.stdin.buffer.readline(REQUEST_BYTES))
        limits = DecodeLimits.from_json(request["limits"])
        _apply_limits(limits)
        writer = SharedArrayWriter(descriptor)
        task = Task(request=request, limits=limits, writer=writer, tell=tell)
        fields = work(task)
        _say({"result": {**fields, "arrays": writer.layout}})
    except BaseException as error:  # every failure becomes one clean error
        _say({"error": foreign_error_to_json(error, where=tell.where)})
    return 0
