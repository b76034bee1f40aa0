"""Pixels of an instance as code streams in layers, and back.

HTJ2K; JPEG XL or JPEG-LS on slow lines; zstd for the rest.

Whatever comes from the other end is held against its declaration before a decoder gets memory for it.

References
----------
ITU-T T.814 (HTJ2K), T.800 annex A.5.1 (image and tile size); ISO/IEC 18181 (JPEG XL),
14495-1 (JPEG-LS); RFC 8878 (zstd).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from teleneedle.adapters.code_streams import prefix_length, resolution_ends
from teleneedle.adapters.link.dataset_layout import Layout
from teleneedle.adapters.link.wire_fields import WireError
from teleneedle.adapters.link.wire_manifest import LAYERS, LONGEST_AROUND, MOST_FRAMES, Entry, Frames
from teleneedle.adapters.link.wire_parts import EIGHTH, OPAQUE, PACKED

ZSTD_LEVEL = 3
_SIZ = struct.Struct(">HHHHIIIIIIIIHBBB")
"""SOC, SIZ, its length, capabilities, size and origin of image, of tiles, components, depth, sub-sampling."""


@dataclass(frozen=True)
class Packing:
    """A codec with smaller streams than HTJ2K, and no resolutions: ``jxl`` with an effort, or ``jls``."""

    codec: str
    effort: int = 0


@dataclass(frozen=True, kw_only=True)
class Coding:
    """How an instance is to be coded.

    Parameters
    ----------
    skips : tuple of int
        Resolutions that layers 1 and 2 leave out.
    is_opaque : bool
        Whether even a plain image goes as zstd.
    """

    skips: tuple[int, int] = (3, 2)
    is_opaque: bool = False


@dataclass(frozen=True, kw_only=True)
class Coded:
    """An instance ready to be sent: the fields of its `Entry`, and the content of its layers."""

    codec: str
    frames: Frames | None
    head: bytes
    tail: bytes
    layers: Mapping[int, bytes]

    @property
    def size(self) -> int:
        """Bytes of all layers."""
        return sum(map(len, self.layers.values()))


def encode_instance(dataset: memoryview, layout: Layout, coding: Coding) -> Coded:
    """Code a dataset; what does not survive its own code stream, or is no plain image, goes as zstd."""
    head, pixels, tail = layout.cut(dataset)
    facts = layout.facts
    is_coded = layout.is_coded and not coding.is_opaque
    if not is_coded or len(head) + len(tail) > LONGEST_AROUND or facts.frames > MOST_FRAMES:
        return _opaque(dataset)
    try:
        streams = [_layers_of(plane, coding) for plane in _planes_of(pixels, layout)]
    except (RuntimeError, WireError):
        return _opaque(dataset)
    return Coded(
        codec="htj2k",
        frames=_frames_like(layout, streams),
        head=bytes(head),
        tail=bytes(tail),
        layers=_joined("htj2k", streams),
    )


def pack_instance(dataset: memoryview, layout: Layout, before: Coded, packing: Packing) -> Coded:
    """An instance that is coded as HTJ2K with the whole of its pictures packed instead of layers 2 and 3.

    Raises
    ------
    WireError
        If it is not coded as pictures.
    """
    if before.frames is None:
        raise WireError("an instance has no frames", where=layout.facts.sop_uid)
    _, pixels, _ = layout.cut(dataset)
    starts = _cut(before.layers[EIGHTH], [lengths[0] for lengths in before.frames.lengths])
    planes = _planes_of(pixels, layout)
    streams = [[start, _packed(plane, packing)] for start, plane in zip(starts, planes, strict=True)]
    return Coded(
        codec=packing.codec,
        frames=_frames_like(layout, streams),
        head=before.head,
        tail=before.tail,
        layers=_joined(packing.codec, streams),
    )


def decode_dataset(entry: Entry, layers: Mapping[int, bytes]) -> bytes:
    """The dataset out of all its layers; whether its SHA-256 is right is for the caller to see.

    Raises
    ------
    WireError
        If the layers are not what the entry declares, or do not decode.
    """
    if entry.frames is not None:
        return b"".join((entry.head, decode_pixels(entry, layers), entry.tail))
    try:
        content = bytes(imagecodecs.zstd_decode(layers[OPAQUE], out=entry.dataset_length))
    except (RuntimeError, KeyError):
        raise WireError("an instance does not decode", where=entry.sop_uid) from None
    return content


def decode_pixels(entry: Entry, layers: Mapping[int, bytes]) -> bytes:
    """The value of Pixel Data of a coded instance out of its layers.

    Raises
    ------
    WireError
        If the layers are not what the entry declares, or do not decode.
    """
    frames = _frames_of(entry)
    if set(layers) < set(entry.layer_lengths()):
        raise WireError("a layer is missing", where=entry.sop_uid)
    kind = _pixel_type(frames.bits, signed=frames.signed)
    planes = np.empty((len(frames.lengths), frames.rows, frames.columns), kind)
    for stream, plane in zip(join_frames(entry, layers), planes, strict=True):
        _decode_into(plane, stream, entry.codec)
    return planes.tobytes()


def plane_of(frames: Frames, content: bytes) -> NDArray[Any]:
    """The picture of an instance of one frame, out of the value of its Pixel Data."""
    kind = _pixel_type(frames.bits, signed=frames.signed)
    return np.frombuffer(content, kind).reshape(frames.rows, frames.columns)


def join_frames(entry: Entry, layers: Mapping[int, bytes]) -> list[bytes]:
    """The code stream of every frame, as far as `layers` go; of ``jxl`` and ``jls`` the packed one.

    Layers from the first one that is missing on are left out.

    Raises
    ------
    WireError
        If a layer has another length than declared.
    """
    frames, wanted = _frames_of(entry), entry.layer_lengths()
    if PACKED in LAYERS[entry.codec]:
        if len(layers.get(PACKED, b"")) != wanted.get(PACKED):
            raise WireError("a layer has not its declared length", where=entry.sop_uid)
        return _cut(layers[PACKED], [lengths[1] for lengths in frames.lengths])
    found: list[list[bytes]] = []
    for number, layer in enumerate(LAYERS[entry.codec]):
        content = layers.get(layer, b"")
        if not content and wanted.get(layer):
            break
        if len(content) != wanted.get(layer, 0):
            raise WireError("a layer has not its declared length", where=entry.sop_uid)
        found.append(_cut(content, [lengths[number] for lengths in frames.lengths]))
    return [b"".join(pieces) for pieces in zip(*found, strict=True)]


def coarse_picture(frames: Frames, prefix: bytes) -> tuple[NDArray[Any], int]:
    """The finest picture of a frame that the beginning of its HTJ2K stream has all of.

    Returns
    -------
    picture : (rows, columns) array
        Of ``ceil(rows / 2**skip)`` rows and likewise columns, equal to the full decode at that resolution.
    skip : int
        Resolutions left out.

    Raises
    ------
    WireError
        If not even the coarsest is there, or the stream is not what was declared.
    """
    kind = _pixel_type(frames.bits, signed=frames.signed)
    _require_size(prefix, frames.rows, frames.columns, kind)
    ends = resolution_ends(prefix)
    skip = next((n for n, end in enumerate(reversed(ends)) if end <= len(prefix)), -1)
    if skip < 0:
        raise WireError("the beginning of a code stream is too short for any picture")
    try:
        picture: NDArray[Any] = imagecodecs.htj2k_decode(prefix, skipres=skip, resilient=True)
    except (RuntimeError, ValueError):
        raise WireError("the beginning of a code stream does not decode") from None
    return picture, skip


def _layers_of(plane: NDArray[Any], coding: Coding) -> list[bytes]:
    code = bytes(imagecodecs.htj2k_encode(plane, reversible=True, tlm=True, tilepart=1))
    ends = [prefix_length(code, skip) for skip in coding.skips]
    if not np.array_equal(imagecodecs.htj2k_decode(code), plane):
        raise WireError("the code stream is not the picture")
    return [code[start:end] for start, end in pairwise((0, *ends, len(code)))]


def _planes_of(pixels: memoryview, layout: Layout) -> NDArray[Any]:
    facts = layout.facts
    kind = _pixel_type(facts.bits_allocated, signed=facts.pixel_representation == 1)
    return np.frombuffer(pixels, kind).reshape(facts.frames, facts.rows, facts.columns)


def _frames_like(layout: Layout, streams: Sequence[Sequence[bytes]]) -> Frames:
    facts = layout.facts
    return Frames(
        rows=facts.rows,
        columns=facts.columns,
        bits=facts.bits_allocated,
        signed=facts.pixel_representation == 1,
        lengths=tuple(tuple(map(len, stream)) for stream in streams),
    )


def _joined(codec: str, streams: Sequence[Sequence[bytes]]) -> dict[int, bytes]:
    """Each layer of the codec over all frames, those that are not empty."""
    layers = zip(LAYERS[codec], zip(*streams, strict=True), strict=True)
    return {layer: joined for layer, pieces in layers if (joined := b"".join(pieces))}


def _packed(plane: NDArray[Any], packing: Packing) -> bytes:
    samples = _unsigned(plane)
    if packing.codec == "jls":
        return bytes(imagecodecs.jpegls_encode(samples))
    return bytes(imagecodecs.jpegxl_encode(samples, lossless=True, effort=packing.effort, numthreads=1))


def _opaque(dataset: memoryview) -> Coded:
    packed = bytes(imagecodecs.zstd_encode(bytes(dataset), level=ZSTD_LEVEL))
    return Coded(codec="zstd", frames=None, head=b"", tail=b"", layers={OPAQUE: packed})


def _decode_into(plane: NDArray[Any], stream: bytes, codec: str) -> None:
    try:
        if codec == "htj2k":
            _require_size(stream, plane.shape[0], plane.shape[1], plane.dtype)
            imagecodecs.htj2k_decode(stream, out=plane)
            return
        samples = _unsigned_view(plane)
        if codec == "jls":
            imagecodecs.jpegls_decode(stream, out=samples)
        else:
            imagecodecs.jpegxl_decode(stream, numthreads=1, out=samples)
        if plane.dtype.kind == "i":
            samples ^= _sign_bit(plane)
    except (RuntimeError, ValueError):
        raise WireError("a code stream does not decode to its declared picture") from None


def _require_size(code: bytes, rows: int, columns: int, kind: np.dtype[Any]) -> None:
    """Refuse an HTJ2K stream that would decode to anything but this, before it gets memory."""
    if len(code) < _SIZ.size:
        raise WireError("a code stream is cut off")
    soc, siz, length, _, *sizes, components, depth, dx, dy = _SIZ.unpack_from(code)
    is_one_tile = sizes == [columns, rows, 0, 0, columns, rows, 0, 0]
    wanted = (kind.itemsize * 8 - 1) | (0x80 if kind.kind == "i" else 0)
    if (soc, siz, length, components, dx, dy) != (0xFF4F, 0xFF51, 41, 1, 1, 1):
        raise WireError("a code stream is none of ours")
    if not is_one_tile or depth != wanted:
        raise WireError("a code stream is of another picture than declared")


def _frames_of(entry: Entry) -> Frames:
    if entry.frames is None:
        raise WireError("an instance has no frames", where=entry.sop_uid)
    return entry.frames


def _cut(content: bytes, lengths: Sequence[int]) -> list[bytes]:
    if len(lengths) == 1:
        return [content]
    ends = np.cumsum([0, *lengths]).tolist()
    return [content[start:end] for start, end in pairwise(ends)]


def _pixel_type(bits: int, *, signed: bool) -> np.dtype[Any]:
    return np.dtype(f"<{'i' if signed else 'u'}{bits // 8}")


def _sign_bit(plane: NDArray[Any]) -> int:
    return 1 << (plane.dtype.itemsize * 8 - 1)


def _unsigned_view(plane: NDArray[Any]) -> NDArray[Any]:
    return plane.view(f"<u{plane.dtype.itemsize}")


def _unsigned(plane: NDArray[Any]) -> NDArray[Any]:
    """The order-keeping image of signed pixels among the unsigned, which packing codecs know alone."""
    return _unsigned_view(plane) ^ _sign_bit(plane) if plane.dtype.kind == "i" else plane
