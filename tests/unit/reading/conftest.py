"""Decoding in this process, for tests of what is decoded; the process boundary has tests of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from teleneedle.adapters.decoding.child import Decoded
from teleneedle.adapters.decoding.limits import DEFAULT_LIMITS, DecodeLimits
from teleneedle.adapters.decoding.shared_arrays import SharedArrayWriter, open_shared_file, read_shared_arrays
from teleneedle.adapters.decoding.task import Task
from teleneedle.adapters.dicom.decode import decode_ct
from teleneedle.adapters.dicom.read import build_series
from teleneedle.adapters.nifti_decode import decode_nifti_files
from teleneedle.core.case import CtSeries


class _Silent:
    def __call__(self, stage: str, fraction: float) -> None: ...
    def at(self, where: str) -> None: ...


@pytest.fixture
def decode_here() -> Callable[..., CtSeries]:
    """``decode_here(path, series=None, allow_gaps=False)`` → the series, through the same JSON and memory."""

    def decode(
        path: Path, series: str | None = None, allow_gaps: bool = False, limits: DecodeLimits = DEFAULT_LIMITS
    ) -> CtSeries:
        descriptor = open_shared_file()
        try:
            writer = SharedArrayWriter(descriptor)
            request = {"path": str(path), "series": series, "allow_gaps": allow_gaps}
            fields = decode_ct(Task(request=request, limits=limits, writer=writer, tell=_Silent()))
            answer = json.loads(json.dumps(fields, allow_nan=False))
            return build_series(answer, read_shared_arrays(descriptor, writer.layout)[0])
        finally:
            os.close(descriptor)

    return decode


@pytest.fixture
def nifti_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """NIfTI decoded in this process, by the same JSON and memory (the boundary is tested on real data)."""

    def decode(request: dict, *, limits: DecodeLimits, progress: object, cancel: object) -> Decoded:
        descriptor = open_shared_file()
        try:
            writer = SharedArrayWriter(descriptor)
            task = Task(request=request, limits=limits, writer=writer, tell=_Silent())
            fields = json.loads(json.dumps(decode_nifti_files(task), allow_nan=False))
            return Decoded(fields=fields, arrays=tuple(read_shared_arrays(descriptor, writer.layout)))
        finally:
            os.close(descriptor)

    monkeypatch.setattr("teleneedle.adapters.nifti.decode", decode)
