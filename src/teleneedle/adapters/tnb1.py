"""The TNB1 container: named arrays and facts in one block of bytes, as the browser reads them."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teleneedle.core.errors import InputError

MAGIC = b"TNB1"
DTYPES = {"int16": "<i2", "uint8": "|u1", "uint32": "<u4", "float32": "<f4"}
MAX_HEADER = 1 << 20


def encode_tnb1(arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any] | None = None) -> bytes:
    """Arrays (int16, uint8, uint32 or float32) and JSON facts as one container."""
    listed, parts, offset = [], [], 0
    for name, array in arrays.items():
        kind = array.dtype.name
        if kind not in DTYPES:
            raise InputError(
                "this container holds int16, uint8, uint32 and float32 only", where=f"{name}: {kind}"
            )
        content = np.ascontiguousarray(array, dtype=DTYPES[kind]).tobytes()
        listed.append({"name": name, "dtype": kind, "shape": list(array.shape), "offset": offset})
        padding = -len(content) % 8
        parts += [content, b"\0" * padding]
        offset += len(content) + padding
    header = json.dumps({**(facts or {}), "arrays": listed}, ensure_ascii=False).encode()
    header += b" " * (-(len(header) + 8) % 8)
    return b"".join([MAGIC, struct.pack("<I", len(header)), header, *parts])


def decode_tnb1(content: bytes) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Arrays by name and the facts.

    Raises
    ------
    InputError
        If the bytes are no such container, or an array reaches beyond them.
    """
    if len(content) < 8 or content[:4] != MAGIC:
        raise InputError("this is no TNB1 container")
    (length,) = struct.unpack_from("<I", content, 4)
    if length > MAX_HEADER or 8 + length > len(content):
        raise InputError("the header of the container is cut off or too long")
    try:
        facts = json.loads(content[8 : 8 + length])
        listed = facts.pop("arrays")
        payload = memoryview(content)[8 + length :]
        return {entry["name"]: _array(payload, entry) for entry in listed}, facts
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise InputError("the header of the container cannot be used", where=str(error)) from error


def _array(payload: memoryview, entry: Mapping[str, Any]) -> NDArray[Any]:
    dtype = np.dtype(DTYPES[entry["dtype"]])
    shape = tuple(int(n) for n in entry["shape"])
    count, offset = math.prod(shape), int(entry["offset"])
    if min(shape, default=0) < 0 or offset < 0 or offset + count * dtype.itemsize > len(payload):
        raise ValueError(f"array {entry['name']} reaches beyond the payload")
    return np.frombuffer(payload, dtype, count, offset).reshape(shape)
