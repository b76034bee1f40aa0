"""Manifests of the image link: what instances are coming, with the bytes around their pixels.

A manifest goes ahead of the pixels as layer 0, in parts if it is long. Its content is zstd of::

    u32 length of the lines · JSON lines, one for each instance · head and tail of the first, the second, …

so that the hub knows the geometry, and whose images they are, before the first pixel. An instance may be
declared again, after a reconnect or with another codec: the later entry counts, and of a layer that both have
with the same length the bytes that came stay good.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

import imagecodecs

from teleneedle.adapters.link.wire import LAST_HANDLE
from teleneedle.adapters.link.wire_fields import (
    WireError,
    checked,
    digest,
    facts,
    listed,
    moment,
    one_of,
    optional,
    text,
    truth,
    uid,
    whole,
)
from teleneedle.adapters.link.wire_parts import EIGHTH, FULL, OPAQUE, PACKED, QUARTER

LAYERS = {
    "htj2k": (EIGHTH, QUARTER, FULL),
    "jxl": (EIGHTH, PACKED),
    "jls": (EIGHTH, PACKED),
    "zstd": (OPAQUE,),
}
"""Layers of a coded instance in the order they are sent, by codec."""
LONGEST_MANIFEST = 16 << 20
"""Bytes, packed or unpacked."""
LONGEST_AROUND = 4 << 20
"""Bytes of head and tail together; a dataset with more goes as zstd."""
MOST_ENTRIES = 256
LARGEST_DATASET = LAST_HANDLE
MOST_FRAMES = 20_000
ZSTD_LEVEL = 3

_length = whole(0, LAST_HANDLE)


@dataclass(frozen=True, kw_only=True)
class Frames:
    """How the pixels of a coded instance lie: little endian, one sample a pixel, frame after frame."""

    rows: Annotated[int, whole(1, 65535)]
    columns: Annotated[int, whole(1, 65535)]
    bits: Annotated[int, whole(8, 16)]
    signed: Annotated[bool, truth]
    lengths: Annotated[tuple[tuple[int, ...], ...], listed(listed(_length, 3, 1), MOST_FRAMES, 1)]
    """Bytes of every frame in every layer of the codec, in the order of `LAYERS`."""

    @property
    def pixel_bytes(self) -> int:
        """Bytes of all frames before coding."""
        return self.rows * self.columns * (self.bits // 8) * len(self.lengths)


def _frames(value: object) -> Frames:
    if isinstance(value, dict):
        return checked(Frames, value)
    raise WireError("a message lacks a field or has one that is unknown")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One instance that is coming.

    Parameters
    ----------
    handle : int
        Names the instance in parts and answers of this connection.
    codec : str
        Key of `LAYERS`.
    frames : Frames or None
        None for ``zstd``.
    opaque_length : int
        Bytes of layer 4; 0 unless the codec is ``zstd``.
    head, tail : bytes
        What stands before and after the value of the pixel data; empty for ``zstd``.
    facts : mapping
        What the layout found, by name.
    """

    handle: Annotated[int, whole(0, LAST_HANDLE)]
    study_uid: Annotated[str, uid]
    series_uid: Annotated[str, uid]
    sop_uid: Annotated[str, uid]
    sop_class: Annotated[str, uid]
    transfer_syntax: Annotated[str, uid]
    dataset_sha256: Annotated[str, digest]
    dataset_length: Annotated[int, whole(1, LARGEST_DATASET)]
    phase: Annotated[str, one_of("pre", "intra", "post", "")]
    via: Annotated[str, one_of("dimse", "stow", "folder", "query")]
    received_at: Annotated[str, moment]
    calling_aet: Annotated[str, text(64)]
    codec: Annotated[str, one_of(*LAYERS)]
    frames: Annotated[Frames | None, optional(_frames)]
    opaque_length: Annotated[int, _length]
    facts: Annotated[dict[str, Any], facts]
    head: Annotated[bytes, whole(0, LONGEST_AROUND)]
    tail: Annotated[bytes, whole(0, LONGEST_AROUND)]

    @property
    def frame_count(self) -> int:
        """Frames that are coded one by one; 0 for ``zstd``."""
        return len(self.frames.lengths) if self.frames else 0

    def layer_lengths(self) -> dict[int, int]:
        """Bytes of every layer that has any, in the order they are sent."""
        layers = LAYERS[self.codec]
        if self.frames is None:
            return {OPAQUE: self.opaque_length}
        sums = [sum(one) for one in zip(*self.frames.lengths, strict=True)]
        return {layer: length for layer, length in zip(layers, sums, strict=True) if length}


def encode_manifest(entries: Iterable[Entry]) -> bytes:
    """The content of layer 0 for these instances."""
    lines, around = [], []
    for entry in entries:
        around += [entry.head, entry.tail]
        named = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
        named |= {"head": len(entry.head), "tail": len(entry.tail)}
        named["frames"] = vars(entry.frames) if entry.frames else None
        lines.append(json.dumps(named, ensure_ascii=False, separators=(",", ":")))
    listed_lines = "\n".join(lines).encode()
    content = b"".join((struct.pack("!I", len(listed_lines)), listed_lines, *around))
    return bytes(imagecodecs.zstd_encode(content, level=ZSTD_LEVEL))


def decode_manifest(packed: bytes | memoryview) -> tuple[Entry, ...]:
    """The instances of a manifest.

    Raises
    ------
    WireError
        If it does not unpack, unpacks to more than 16 MiB, or any line is not sound.
    """
    content = _unpacked(packed)
    try:
        (length,) = struct.unpack_from("!I", content)
        lines = bytes(content[4 : 4 + length]).decode().split("\n")
        values = [json.loads(line) for line in lines]
    except (struct.error, ValueError, RecursionError):
        raise WireError("a manifest cannot be read") from None
    if len(values) > MOST_ENTRIES or 4 + length > len(content):
        raise WireError("a manifest is cut off or too long")
    return _with_their_bytes(values, memoryview(content)[4 + length :])


def _unpacked(packed: bytes | memoryview) -> bytes:
    if len(packed) > LONGEST_MANIFEST:
        raise WireError("a manifest is cut off or too long")
    try:
        return bytes(imagecodecs.zstd_decode(bytes(packed), out=LONGEST_MANIFEST))
    except imagecodecs.ZstdError:
        raise WireError("a manifest cannot be read") from None


def _with_their_bytes(values: list[object], around: memoryview) -> tuple[Entry, ...]:
    entries, at = list[Entry](), 0
    for value in values:
        if not isinstance(value, dict):
            raise WireError("a manifest cannot be read")
        entry = checked(Entry, value)
        cuts = at + value["head"], at + value["head"] + value["tail"]
        values_and_bytes = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
        values_and_bytes |= {"head": bytes(around[at : cuts[0]]), "tail": bytes(around[cuts[0] : cuts[1]])}
        at = cuts[1]
        entries.append(_agreeing(Entry(**values_and_bytes)))
    if at != len(around):
        raise WireError("a manifest is cut off or too long")
    return tuple(entries)


def _agreeing(entry: Entry) -> Entry:
    """The entry when its codec, lengths and bytes agree with each other."""
    around = len(entry.head) + len(entry.tail)
    if entry.frames is None:
        sound = entry.codec == "zstd" and around == 0 and entry.opaque_length > 0
    else:
        layers = len(LAYERS[entry.codec])
        sound = entry.codec != "zstd" and entry.opaque_length == 0 and entry.frames.bits in (8, 16)
        sound = sound and around + entry.frames.pixel_bytes == entry.dataset_length
        sound = sound and all(len(one) == layers and sum(one) for one in entry.frames.lengths)
    if not sound or any(length > LAST_HANDLE for length in entry.layer_lengths().values()):
        raise WireError("the lengths in a manifest do not agree", where=entry.sop_uid)
    return entry
