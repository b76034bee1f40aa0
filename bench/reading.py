"""Opening the ircad17 CT (119 × 512 × 512): new decoder process, waiting one, two peers."""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import SimpleITK

from bench.harness import Figure, median_seconds
from teleneedle.adapters.decoding.child import close_spares, start_spare
from teleneedle.adapters.dicom.read import read_ct

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("TELENEEDLE_TEST_DATA", ROOT.parent / "shared" / "data"))
FOLDER = DATA / "ircad17" / "PATIENT_DICOM"
REPEATS = 7
BAR_S = 0.6


def pydicom_loop() -> np.ndarray:
    """What a short script does: read each file, sort by height, rescale, stack."""
    slices = sorted(
        (pydicom.dcmread(path) for path in FOLDER.iterdir()), key=lambda ds: ds.ImagePositionPatient[2]
    )
    return np.stack([ds.pixel_array * float(ds.RescaleSlope) + float(ds.RescaleIntercept) for ds in slices])


def simpleitk_series() -> np.ndarray:
    """The usual SimpleITK series reader."""
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(FOLDER)))
    return SimpleITK.GetArrayFromImage(reader.Execute())


def cold() -> None:
    read_ct(FOLDER)


def warm_seconds() -> float:
    """Median time of reading when the decoder process was started ahead; its start-up is not counted."""
    times = []
    for _ in range(REPEATS):
        start_spare()
        time.sleep(1.0)
        start = time.perf_counter()
        read_ct(FOLDER)
        times.append(time.perf_counter() - start)
    close_spares()
    return sorted(times)[len(times) // 2]


def cpu_seconds(work: Callable[[], object]) -> float:
    """Processor time of `work`, children included."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)

    def used() -> float:
        return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, kinds))

    before = used()
    work()
    return used() - before


def run() -> list[Figure]:
    """Measure, or nothing where the data is not present."""
    if not FOLDER.is_dir():
        print(f"reading: no data at {FOLDER}", file=sys.stderr)
        return []
    cold_s = median_seconds(cold, repeats=REPEATS)
    warm_s = warm_seconds()
    loop_s = median_seconds(pydicom_loop, repeats=5)
    itk_s = median_seconds(simpleitk_series, repeats=5)
    cpu_s = sorted(cpu_seconds(cold) for _ in range(3))[1]
    size = "119 × 512 × 512, decoded in a child process"
    peer = "in a process already running, no isolation, no checks"
    return [
        Figure(
            name="open_ircad17_cold_s", value=cold_s, unit="s", bar=BAR_S, against=f"{size} started for it"
        ),
        Figure(
            name="open_ircad17_warm_s", value=warm_s, unit="s", bar=BAR_S, against=f"{size} that was waiting"
        ),
        Figure(name="open_ircad17_cold_cpu_s", value=cpu_s, unit="s", bar=None, against="parent and child"),
        Figure(
            name="ratio_vs_pydicom_loop",
            value=warm_s / loop_s,
            unit="x",
            bar=None,
            against=f"{loop_s:.2f} s, {peer}",
        ),
        Figure(
            name="ratio_vs_simpleitk",
            value=warm_s / itk_s,
            unit="x",
            bar=None,
            against=f"{itk_s:.2f} s, {peer}",
        ),
    ]
