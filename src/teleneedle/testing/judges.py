"""Outside programs that judge what we write."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def judge(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run an outside program; its absence is a failure, since `make test` installs it."""
    if shutil.which(str(command[0])) is None:
        raise FileNotFoundError(f"{command[0]} is missing: see requirements/debian-test.txt")
    return subprocess.run(
        [str(c) for c in command], capture_output=True, text=True, errors="replace", check=False
    )


def dciodvfy_errors(path: Path) -> list[str]:
    """Errors that dciodvfy reports."""
    result = judge("dciodvfy", path)
    return [line for line in (result.stdout + result.stderr).splitlines() if line.startswith("Error")]


def dcentvfy_errors(paths: Iterable[Path]) -> list[str]:
    """Errors that dcentvfy reports about files that ought to agree on patient, study and series."""
    result = judge("dcentvfy", *paths)
    return [line for line in (result.stdout + result.stderr).splitlines() if line.startswith("Error")]


def plastimatch_masks(rtstruct: Path, ct_folder: Path, out: Path) -> Path:
    """Rasterise the contours of `rtstruct` on the CT; return the folder with a mask per structure."""
    judge(
        "plastimatch", "convert", "--input", rtstruct, "--referenced-ct", ct_folder,
        "--output-prefix", out, "--prefix-format", "mha",
    )  # fmt: skip
    return out


def dcmtk_segments(path: Path, work: Path, shape: tuple[int, int, int]) -> NDArray[np.bool_]:
    """Voxels (segment, k, j, i) of a binary SEG through dcmdump alone; slices go by height on the z axis.

    `shape` is that of the CT; every slice of it must hold a frame, else heights cannot be numbered.
    """
    segments = [int(v) for v in _dumped(path, "0062,000b")]
    heights = [float(v.split("\\")[2]) for v in _dumped(path, "0020,0032")]
    judge("dcmdump", "-q", "+W", work, path)
    raw = np.fromfile(next(work.glob(f"{path.name}*.raw")), dtype=np.uint8)
    frames = np.unpackbits(raw, bitorder="little")[: len(segments) * shape[1] * shape[2]]
    order = {height: k for k, height in enumerate(sorted(set(heights)))}
    found = np.zeros((max(segments), *shape), dtype=bool)
    for frame, segment, height in zip(frames.reshape(-1, *shape[1:]), segments, heights, strict=True):
        found[segment - 1, order[height]] = frame
    return found


def _dumped(path: Path, tag: str) -> list[str]:
    """Values of every element `tag`, at any depth, as dcmdump prints them."""
    printed = judge("dcmdump", "-q", "+L", "+P", tag, path).stdout
    return [re.sub(r"^\(\S+ [A-Z]{2} \[?([^\]#]*?)\]? +#.*$", r"\1", line) for line in printed.splitlines()]
