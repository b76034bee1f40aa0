"""The child's work on NIfTI: header checks, capped inflating, voxels into shared memory.

Runs only inside the decoder process; `nifti.py` is the door. NIfTI's RAS millimetres become LPS here.

References
----------
NIfTI-1.1 header (https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h), NIfTI-2; RFC 1952 (gzip).
"""

from __future__ import annotations

import hashlib
import math
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
from numpy.typing import NDArray

from teleneedle.adapters.decoding.limits import DecodeLimits
from teleneedle.adapters.decoding.task import Task, TaskResult
from teleneedle.core.errors import HostileInputError, NotReadableError

RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
MM_PER_UNIT = {0: 1.0, 1: 1000.0, 2: 1.0, 3: 0.001}
GZIP_MAGIC = b"\x1f\x8b"
HEADER_BYTES = 1024
NUMERIC_KINDS = "iuf"


def decode_nifti_files(task: Task) -> TaskResult:
    """Decode every file of ``task.request["paths"]``; ``"purpose"`` is ``image`` or ``mask``.

    Returns
    -------
    mapping
        ``files``: for each its LPS affine, hash, value range and what kind of values it holds.
    """
    paths = [Path(path) for path in task.request["paths"]]
    purpose = task.request["purpose"]
    as_decoded = _decode_mask if purpose == "mask" else _decode_image

    def work(path: Path) -> tuple[NDArray[Any], dict[str, Any]]:
        task.tell.at(path.name)
        return as_decoded(path, task.limits)

    found = []
    with ThreadPoolExecutor(2) as pool:
        for n, (array, fields) in enumerate(pool.map(work, paths)):
            task.writer.allocate(array.shape, array.dtype)[...] = array
            found.append(fields)
            task.tell("read", (n + 1) / len(paths))
    return {"files": found}


def _load(path: Path, limits: DecodeLimits) -> tuple[NDArray[Any], dict[str, Any]]:
    """Voxels as stored ``(K, J, I)`` and the header's fields."""
    packed = _read_capped(path, limits)
    header = _header(_inflate(packed, HEADER_BYTES, path, limits, may_be_longer=True), path)
    shape = _shape(header, path, limits)
    kind = header.get_data_dtype()
    if kind.kind not in NUMERIC_KINDS:
        raise NotReadableError(
            f"voxels of type {kind} are not grey values", where=path.name, remedy="save as integers"
        )
    offset = int(header["vox_offset"])
    size = offset + math.prod(shape) * kind.itemsize
    if not 0 <= offset <= 1 << 24:
        raise HostileInputError(
            "the header's voxel offset is out of range", where=path.name, remedy="save it again"
        )
    content = _inflate(packed, size, path, limits, may_be_longer=False)
    if len(content) < size:
        raise NotReadableError(
            f"the voxels are cut off: {len(content)} of {size} bytes are there",
            where=path.name,
            remedy="copy the file again",
        )
    voxels = np.frombuffer(content, dtype=kind, count=math.prod(shape), offset=offset).reshape(shape[::-1])
    return voxels, {
        "affine": _affine(header, path).tolist(),
        "sha256": hashlib.sha256(packed).hexdigest(),
        "slope_inter": _slope_and_intercept(header),
        "has_orientation": int(header["sform_code"]) > 0 or int(header["qform_code"]) > 0,
        "description": bytes(header["descrip"].tobytes()).split(b"\0")[0].decode("latin-1"),
    }


def _read_capped(path: Path, limits: DecodeLimits) -> bytes:
    if path.stat().st_size > limits.file_bytes:
        raise HostileInputError("the file is larger than allowed", where=path.name, remedy="crop the image")
    content = path.read_bytes()
    if not content:
        raise NotReadableError("the file is empty", where=path.name, remedy="copy the file again")
    return content


def _inflate(
    packed: bytes, size: int, path: Path, limits: DecodeLimits, *, may_be_longer: bool
) -> bytes | bytearray:
    """The first `size` bytes of the content, inflated if gzipped; never more is inflated than asked for."""
    if packed[:2] != GZIP_MAGIC:
        return packed
    if size > limits.memory_bytes // 2 or size > max(1000 * len(packed), 1 << 24) * 2:
        raise HostileInputError(
            f"the header asks for {size} bytes out of {len(packed)} packed ones",
            where=path.name,
            remedy="save it again",
        )
    if not may_be_longer and (quick := _inflate_quickly(packed, size)) is not None:
        return quick
    return _inflate_members(packed, size)


def _inflate_quickly(packed: bytes, size: int) -> bytearray | None:
    """One gzip member of exactly `size` bytes by libdeflate; None when the content is anything else."""
    import imagecodecs

    room = bytearray(size)
    try:
        done = imagecodecs.gzip_decode(packed, out=room)
    except Exception:
        return None
    return room if len(done) == size else None


def _inflate_members(packed: bytes, size: int) -> bytes:
    parts, have, rest = [], 0, packed
    while have < size and rest[:2] == GZIP_MAGIC:
        engine = zlib.decompressobj(wbits=31)
        parts.append(engine.decompress(rest, size - have))
        have += len(parts[-1])
        rest = engine.unused_data
        if not engine.eof:
            break
    return b"".join(parts)


def _header(content: bytes | bytearray, path: Path) -> Any:
    for kind, length in ((nibabel.Nifti1Header, 348), (nibabel.Nifti2Header, 540)):
        if len(content) >= length:
            for order in ("<", ">"):
                if int(np.frombuffer(content, order + "i4", 1)[0]) == length:
                    header = kind(bytes(content[:length]), endianness=order, check=False)
                    if bytes(header["magic"].tobytes())[:2] in (b"n+", b"ni"):
                        return header
    raise NotReadableError("this is not a NIfTI file", where=path.name, remedy="give a .nii or .nii.gz file")


def _shape(header: Any, path: Path, limits: DecodeLimits) -> tuple[int, int, int]:
    dim = [int(n) for n in header["dim"]]
    if not 3 <= dim[0] <= 7 or any(n < 1 for n in dim[1 : dim[0] + 1]):
        raise NotReadableError(
            f"the NIfTI dimensions {dim} are not an image", where=path.name, remedy="save it again"
        )
    if any(n != 1 for n in dim[4 : dim[0] + 1]):
        raise NotReadableError(
            "the NIfTI holds more than one volume", where=path.name, remedy="save one volume"
        )
    if math.prod(dim[1:4]) > limits.voxels:
        raise HostileInputError(
            f"the header asks for {dim[1:4]} voxels", where=path.name, remedy="save it again"
        )
    return dim[1], dim[2], dim[3]


def _affine(header: Any, path: Path) -> NDArray[np.float64]:
    """4×4 from (i, j, k, 1) to LPS mm: sform if given, else qform, in millimetres."""
    affine = np.array(header.get_best_affine(), dtype=np.float64)
    affine[:3] *= MM_PER_UNIT.get(int(header["xyzt_units"]) & 7, 1.0)
    found = RAS_TO_LPS @ affine
    if not np.isfinite(found).all() or abs(np.linalg.det(found[:3, :3])) < 1e-9:
        raise NotReadableError("the NIfTI orientation is not usable", where=path.name, remedy="save it again")
    return np.asarray(found)


def _slope_and_intercept(header: Any) -> tuple[float, float]:
    slope, inter = float(header["scl_slope"]), float(header["scl_inter"])
    if not math.isfinite(slope) or slope == 0:
        return 1.0, 0.0
    return slope, inter if math.isfinite(inter) else 0.0


def _decode_image(path: Path, limits: DecodeLimits) -> tuple[NDArray[Any], dict[str, Any]]:
    """Scaled values: int16 when they all are integers that fit, else float32."""
    stored, fields = _load(path, limits)
    slope, inter = fields["slope_inter"]
    is_plain = slope == 1 and inter == 0
    if is_plain and stored.dtype.kind in "iu" and stored.dtype.itemsize <= 2 and stored.dtype != np.uint16:
        values: NDArray[Any] = stored.astype(np.int16)
    else:
        exact = stored.astype(np.float64) if is_plain else stored * np.float64(slope) + inter
        if not np.isfinite(exact).all():
            raise NotReadableError(
                "some voxels are not finite numbers", where=path.name, remedy="save it again"
            )
        rounded = np.rint(exact)
        fits = rounded.min() >= -32768 and rounded.max() <= 32767
        values = (
            rounded.astype(np.int16)
            if fits and np.abs(exact - rounded).max() < 1e-3
            else exact.astype(np.float32)
        )
    fields["digest"] = hashlib.sha256(np.ascontiguousarray(values).data).hexdigest()
    return values, fields


def _decode_mask(path: Path, limits: DecodeLimits) -> tuple[NDArray[Any], dict[str, Any]]:
    """Voxels that are set, and what values the file holds (judged by the parent)."""
    stored, fields = _load(path, limits)
    slope, inter = fields["slope_inter"]
    values = stored if slope == 1 and inter == 0 else stored * np.float64(slope) + inter
    fields["labels"] = _labels(values)
    return np.ascontiguousarray(values > 0), fields


def _labels(values: NDArray[Any]) -> list[float]:
    """The distinct values: both when there are no more than two, else those and some of the others."""
    low, high = values.min(), values.max()
    if not math.isfinite(float(low) + float(high)):
        return [-1.0]
    is_between = (values != low) & (values != high)
    others = np.unique(values[is_between][:100_000])[:9]
    return sorted({float(low), float(high), *others.tolist()})
