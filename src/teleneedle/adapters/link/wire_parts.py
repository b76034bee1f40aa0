"""Parts of the image link: binary frames with a piece of one layer of one instance.

::

    u8 version 1 · u8 layer · u16 flags 0 · u32 handle · u64 offset in the layer · u32 length of the layer
    u32 CRC-32 of the payload · payload, 1 to 131,072 bytes            (all big-endian)

Layers: 0 a manifest (`handle` is the number of the batch), 1 to 3 the resolutions of an HTJ2K code stream up
to 1/8, to 1/4 and the rest, 4 a whole dataset as zstd, 5 the pictures as JPEG XL or JPEG-LS.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from teleneedle.adapters.link.wire_fields import WireError

HEADER = struct.Struct("!BBHIQII")
LARGEST_PAYLOAD = 131_072
MANIFEST, EIGHTH, QUARTER, FULL, OPAQUE, PACKED = range(6)
_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Part:
    """`payload` belongs at `offset` of layer `layer` (`layer_length` bytes) of instance `handle`."""

    layer: int
    handle: int
    offset: int
    layer_length: int
    payload: bytes | memoryview


def encode_part(part: Part) -> bytes:
    """A part as one binary frame."""
    head = HEADER.pack(
        _VERSION, part.layer, 0, part.handle, part.offset, part.layer_length, zlib.crc32(part.payload)
    )
    return b"".join((head, part.payload))


def decode_part(frame: bytes | memoryview) -> Part:
    """The part in a binary frame; its payload is a view of the frame.

    Raises
    ------
    WireError
        If the frame is cut off, too long, reaches beyond its layer or its CRC differs.
    """
    if not HEADER.size < len(frame) <= HEADER.size + LARGEST_PAYLOAD:
        raise WireError("a part is empty, cut off or too long")
    version, layer, flags, handle, offset, layer_length, crc = HEADER.unpack_from(frame)
    payload = memoryview(frame)[HEADER.size :]
    if version != _VERSION or flags or layer > PACKED:
        raise WireError("a part is of an unknown version or layer")
    if offset + len(payload) > layer_length:
        raise WireError("a part reaches beyond its layer")
    if zlib.crc32(payload) != crc:
        raise WireError("a part arrived damaged")
    return Part(layer=layer, handle=handle, offset=offset, layer_length=layer_length, payload=payload)


def split(layer: int, handle: int, content: bytes | memoryview, start: int = 0) -> Iterator[Part]:
    """The parts of a layer from byte `start` on."""
    view = memoryview(content)
    for offset in range(start, len(view), LARGEST_PAYLOAD):
        piece = view[offset : offset + LARGEST_PAYLOAD]
        yield Part(layer=layer, handle=handle, offset=offset, layer_length=len(view), payload=piece)
