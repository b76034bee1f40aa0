"""Mutated DICOM and NIfTI bytes never crash the reader: a valid series or one clean error, always."""

from __future__ import annotations

import gzip
import random
import time

import nibabel
import numpy as np

from teleneedle.adapters.decoding.limits import GIB, DecodeLimits
from teleneedle.adapters.dicom.read import read_ct
from teleneedle.core.errors import TeleneedleError
from teleneedle.testing.ct_files import CtScan, save

LIMITS = DecodeLimits(memory_bytes=GIB, wall_s=20, cpu_s=10)
CASES = 24
BUDGET_S = 12.0
INTERESTING = (
    b"\xff\xff\xff\xff",
    b"\x00\x00\x00\x00",
    b"\xfe\xff\x00\xe0",
    b"\xff\xff\xff\x7f",
    b"SQ\x00\x00",
    b"UN\x00\x00",
)


def mutate(raw: bytes, rng: random.Random, first: int) -> bytes:
    """Flip, overwrite, cut, repeat or drop bytes from `first` on."""
    content = bytearray(raw)
    for _ in range(rng.choice((1, 1, 3, 20))):
        place = rng.randrange(first, len(content))
        kind = rng.randrange(5)
        if kind == 0:
            content[place] ^= 1 << rng.randrange(8)
        elif kind == 1:
            content[place : place + 4] = rng.choice(INTERESTING)
        elif kind == 2:
            del content[place : place + rng.randrange(1, 64)]
        elif kind == 3:
            content[place:place] = content[first : first + rng.randrange(1, 200)]
        else:
            del content[max(place, first + 1) :]
        if len(content) <= first + 1:
            break
    return bytes(content)


def outcome(path) -> str:
    try:
        series = read_ct(path, limits=LIMITS)
    except TeleneedleError as error:
        return type(error).__name__
    volume = series.volume
    assert volume.array.dtype == np.int16
    assert volume.array.shape == volume.grid.shape
    assert np.isfinite(volume.grid.affine).all()
    return "read"


def test_mutated_slices_end_in_a_series_or_one_clean_error(tmp_path):
    rng = random.Random(20240607)
    scan = CtScan(heights=range(3), size=(8, 8))
    plain = save(scan.datasets(), tmp_path / "plain")
    originals = {path.name: path.read_bytes() for path in plain.iterdir()}
    seen: dict[str, int] = {}
    started = time.monotonic()
    for case in range(CASES):
        if time.monotonic() - started > BUDGET_S:
            break
        folder = tmp_path / str(case)
        folder.mkdir()
        hit = rng.choice(sorted(originals))
        for name, raw in originals.items():
            (folder / name).write_bytes(mutate(raw, rng, 132) if name == hit else raw)
        kind = outcome(folder)
        seen[kind] = seen.get(kind, 0) + 1
    assert sum(seen.values()) >= 8
    assert set(seen) - {"read"}


def test_mutated_nifti_ends_in_a_series_or_one_clean_error(tmp_path):
    rng = random.Random(7)
    nibabel.save(nibabel.Nifti1Image(np.zeros((6, 6, 6), "i2"), np.eye(4)), tmp_path / "a.nii")
    raw = (tmp_path / "a.nii").read_bytes()
    seen = set()
    for case in range(8):
        path = tmp_path / f"{case}.nii.gz"
        packed = gzip.compress(mutate(raw[:352], rng, 0) + raw[352:])
        path.write_bytes(mutate(packed, rng, 10) if case % 3 == 0 else packed)
        seen.add(outcome(path))
    assert seen - {"read"}
