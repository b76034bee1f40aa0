"""Parts and manifests: what goes out comes in, damage is seen, lies are refused."""

from __future__ import annotations

import json
import struct
from dataclasses import replace

import imagecodecs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleneedle.adapters.link import wire_parts
from teleneedle.adapters.link.wire_fields import WireError
from teleneedle.adapters.link.wire_manifest import (
    MOST_ENTRIES,
    Entry,
    Frames,
    decode_manifest,
    encode_manifest,
)
from teleneedle.adapters.link.wire_parts import Part, decode_part, encode_part, split

CODED = Entry(
    handle=7,
    study_uid="1.2.3",
    series_uid="1.2.3.4",
    sop_uid="1.2.3.4.5",
    sop_class="1.2.840.10008.5.1.4.1.1.2",
    transfer_syntax="1.2.840.10008.1.2.1",
    dataset_sha256="0" * 64,
    dataset_length=4 * 3 * 2 + 9,
    phase="intra",
    via="dimse",
    received_at="2026-11-25T10:00:00.123+08:00",
    calling_aet="CT_1",
    codec="htj2k",
    frames=Frames(rows=4, columns=3, bits=16, signed=True, lengths=((10, 5, 6),)),
    opaque_length=0,
    facts={"patient_name_hex": "b3c2", "position_mm": [1.0, -2.5, 3], "spacing": None, "inverted": False},
    head=b"before",
    tail=b"end",
)
OPAQUE = replace(CODED, handle=8, codec="zstd", frames=None, opaque_length=99, head=b"", tail=b"")


@given(
    st.integers(0, 5),
    st.integers(0, (1 << 32) - 1),
    st.integers(0, 1 << 20),
    st.binary(min_size=1, max_size=500),
    st.integers(0, 99),
)
def test_a_part_comes_back(layer: int, handle: int, offset: int, payload: bytes, more: int) -> None:
    length = offset + len(payload) + more
    part = Part(layer=layer, handle=handle, offset=offset, layer_length=length, payload=payload)
    assert decode_part(encode_part(part)) == part


@given(st.binary(min_size=1, max_size=200), st.data())
def test_a_bit_flipped_anywhere_but_in_its_address_is_seen(payload: bytes, data: st.DataObject) -> None:
    frame = bytearray(encode_part(Part(layer=3, handle=1, offset=0, layer_length=200, payload=payload)))
    at = data.draw(st.sampled_from([20, 21, 22, 23, *range(24, len(frame))]))
    frame[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(WireError):
        decode_part(bytes(frame))


@given(st.binary(max_size=300))
def test_any_bytes_are_a_part_or_one_clean_error(frame: bytes) -> None:
    try:
        part = decode_part(frame)
    except WireError:
        return
    assert encode_part(part) == frame


def test_a_part_too_long_or_beyond_its_layer_is_refused() -> None:
    largest = bytes(wire_parts.LARGEST_PAYLOAD)
    part = Part(layer=4, handle=1, offset=0, layer_length=1 << 20, payload=largest)
    assert decode_part(encode_part(part)) == part
    for wrong in (
        replace(part, payload=largest + b"x"),
        replace(part, offset=(1 << 64) - 5),
        replace(part, layer_length=len(largest) - 1),
        replace(part, layer=6),
        replace(part, payload=b""),
    ):
        with pytest.raises(WireError):
            decode_part(encode_part(wrong))


@given(st.integers(1, 600_000), st.integers(0, 600_000))
def test_the_parts_of_a_layer_are_the_layer(length: int, start: int) -> None:
    content = bytes(range(256)) * (length // 256 + 1)
    parts = list(split(2, 5, content[:length], start))
    assert b"".join(part.payload for part in parts) == content[start:length]
    assert [part.offset for part in parts] == list(range(start, length, wire_parts.LARGEST_PAYLOAD))


def test_a_manifest_comes_back() -> None:
    assert decode_manifest(encode_manifest([CODED, OPAQUE, CODED])) == (CODED, OPAQUE, CODED)


def test_layers_of_an_entry_are_summed_over_its_frames() -> None:
    assert CODED.frames
    frames = replace(CODED.frames, lengths=((10, 0, 6), (3, 0, 1)))
    assert replace(CODED, frames=frames).layer_lengths() == {1: 13, 3: 7}
    assert OPAQUE.layer_lengths() == {4: 99}


@pytest.mark.parametrize(
    ("entry", "changes"),
    [
        (CODED, {"dataset_length": 34}),
        (CODED, {"codec": "zstd"}),
        (CODED, {"opaque_length": 1}),
        (CODED, {"frames": None}),
        (CODED, {"tail": b"longer"}),
        (CODED, {"codec": "jxl"}),
        (CODED, {"codec": "jls"}),
        (CODED, {"frames": Frames(rows=4, columns=3, bits=12, signed=True, lengths=((1, 1, 1),))}),
        (CODED, {"frames": Frames(rows=4, columns=3, bits=16, signed=True, lengths=((0, 0, 0),))}),
        (CODED, {"frames": Frames(rows=65535, columns=65535, bits=16, signed=True, lengths=((1, 1, 1),))}),
        (OPAQUE, {"opaque_length": 0}),
        (OPAQUE, {"head": b"x"}),
        (CODED, {"sop_uid": "1.2/../3"}),
        (CODED, {"phase": "during"}),
        (CODED, {"facts": {"nested": [[1]]}}),
        (CODED, {"facts": {str(n): n for n in range(65)}}),
    ],
)
def test_an_entry_that_does_not_agree_with_itself_is_refused(
    entry: Entry, changes: dict[str, object]
) -> None:
    assert decode_manifest(encode_manifest([entry])) == (entry,)
    with pytest.raises(WireError):
        decode_manifest(encode_manifest([replace(entry, **changes)]))


def packed(content: bytes) -> bytes:
    return bytes(imagecodecs.zstd_encode(content))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no zstd",
        packed(b""),
        packed(bytes(64 << 20)),  # unpacks to more than the limit
        packed(struct.pack("!I", 100) + b"{}"),
        packed(struct.pack("!I", 2) + b"{}"),
        packed(struct.pack("!I", 2) + b"[]"),
        packed(struct.pack("!I", 200_000) + b"[" * 200_000),
        packed(struct.pack("!I", 2) + b"\xff\xff"),
        encode_manifest([CODED])[:-3],
        encode_manifest([CODED] * (MOST_ENTRIES + 1)),
    ],
)
def test_a_manifest_that_is_none_is_one_clean_error(content: bytes) -> None:
    with pytest.raises(WireError):
        decode_manifest(content)


def test_bytes_too_few_or_too_many_are_refused() -> None:
    content = bytes(imagecodecs.zstd_decode(encode_manifest([CODED])))
    for wrong in (content + b"x", content[:-1]):
        with pytest.raises(WireError):
            decode_manifest(packed(wrong))


@given(st.data())
def test_a_line_with_one_foreign_value_is_one_clean_error_or_sound(data: st.DataObject) -> None:
    content = bytes(imagecodecs.zstd_decode(encode_manifest([CODED])))
    (length,) = struct.unpack_from("!I", content)
    line = json.loads(content[4 : 4 + length])
    name = data.draw(st.sampled_from(sorted(line)))
    line[name] = data.draw(
        st.none() | st.integers(-5, 1 << 70) | st.text(max_size=9) | st.lists(st.integers())
    )
    changed = json.dumps(line).encode()
    frame = packed(struct.pack("!I", len(changed)) + changed + content[4 + length :])
    try:
        (entry,) = decode_manifest(frame)
    except WireError:
        return
    assert decode_manifest(encode_manifest([entry])) == (entry,)
