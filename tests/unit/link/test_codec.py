"""Coded instances come back bit for bit, coarse pictures equal the full decode, lies get no memory."""

from __future__ import annotations

import struct
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from teleneedle.adapters.link.codec import (
    Coded,
    Coding,
    Packing,
    coarse_picture,
    decode_dataset,
    encode_instance,
    join_frames,
    pack_instance,
)
from teleneedle.adapters.link.dataset_layout import lay_out
from teleneedle.adapters.link.wire_fields import WireError
from teleneedle.adapters.link.wire_manifest import Entry, decode_manifest, encode_manifest

EXPLICIT = "1.2.840.10008.1.2.1"
PLAIN, SLOW = Coding(), Coding(skips=(4, 2))
PACKINGS = (Packing("jxl", 2), Packing("jls"))


def element(group: int, tag: int, kind: bytes, value: bytes) -> bytes:
    value += b" " * (len(value) % 2) if kind in (b"UI", b"CS", b"IS") else b""
    long = kind in (b"OW", b"OB")
    size = struct.pack("<HI", 0, len(value)) if long else struct.pack("<H", len(value))
    return struct.pack("<HH", group, tag) + kind + size + value


def dataset_of(frames: NDArray[Any], tail: bytes = b"", photometric: bytes = b"MONOCHROME2") -> bytes:
    """An encoded dataset with these pixels, written here by the rules of PS3.5."""
    count, rows, columns = frames.shape
    short = lambda group, tag, value: element(group, tag, b"US", struct.pack("<H", value))  # noqa: E731
    return b"".join(
        (
            element(0x0008, 0x0016, b"UI", b"1.2.840.10008.5.1.4.1.1.2"),
            element(0x0008, 0x0018, b"UI", b"1.2.3.9"),
            element(0x0020, 0x000D, b"UI", b"1.2.3"),
            element(0x0020, 0x000E, b"UI", b"1.2.3.4"),
            short(0x0028, 0x0002, 1),
            element(0x0028, 0x0004, b"CS", photometric),
            element(0x0028, 0x0008, b"IS", str(count).encode()),
            short(0x0028, 0x0010, rows),
            short(0x0028, 0x0011, columns),
            short(0x0028, 0x0100, frames.dtype.itemsize * 8),
            short(0x0028, 0x0101, frames.dtype.itemsize * 8),
            short(0x0028, 0x0103, int(frames.dtype.kind == "i")),
            element(0x7FE0, 0x0010, b"OW", frames.tobytes()),
            tail,
        )
    )


def coded(dataset: bytes, coding: Coding, packing: Packing | None = None) -> tuple[Coded, Entry]:
    layout = lay_out(dataset, EXPLICIT)
    made = encode_instance(memoryview(dataset), layout, coding)
    if packing:
        made = pack_instance(memoryview(dataset), layout, made, packing)
    entry = Entry(
        handle=1,
        study_uid=layout.facts.study_uid,
        series_uid=layout.facts.series_uid,
        sop_uid=layout.facts.sop_uid,
        sop_class=layout.facts.sop_class,
        transfer_syntax=EXPLICIT,
        dataset_sha256="0" * 64,
        dataset_length=len(dataset),
        phase="",
        via="dimse",
        received_at="2026-11-25T10:00:00Z",
        calling_aet="",
        codec=made.codec,
        frames=made.frames,
        opaque_length=len(made.layers.get(4, b"")),
        facts=layout.facts.to_json(),
        head=made.head,
        tail=made.tail,
    )
    (arrived,) = decode_manifest(encode_manifest([entry]))
    assert arrived.layer_lengths() == {layer: len(content) for layer, content in made.layers.items()}
    return made, arrived


@st.composite
def pictures(draw: st.DrawFn) -> NDArray[Any]:
    """Frames of odd sizes, from flat over smooth to the noisiest there can be."""
    kind = np.dtype(draw(st.sampled_from(["u1", "i1", "<u2", "<i2"])))
    shape = (draw(st.integers(1, 3)), draw(st.integers(1, 70)), draw(st.integers(1, 70)))
    random = np.random.default_rng(draw(st.integers(0, 1 << 32)))
    low, high = np.iinfo(kind).min, np.iinfo(kind).max
    bits = draw(st.integers(0, kind.itemsize * 8))
    noise = random.integers(
        low >> (kind.itemsize * 8 - bits), (high >> (kind.itemsize * 8 - bits)) + 1, shape
    )
    smooth = draw(st.integers(0, 40)) * np.arange(shape[2])
    return np.clip(noise + smooth, low, high).astype(kind)


@settings(max_examples=150, deadline=None)
@given(pictures(), st.sampled_from([PLAIN, SLOW]), st.sampled_from([None, *PACKINGS]), st.binary(max_size=9))
def test_any_picture_comes_back_bit_for_bit(
    frames: NDArray[Any], coding: Coding, packing: Packing | None, after: bytes
) -> None:
    dataset = dataset_of(frames, element(0xFFFC, 0xFFFC, b"OB", after + b"\0" * (len(after) % 2)))
    made, entry = coded(dataset, coding, packing)
    assert made.codec == (packing.codec if packing else "htj2k")
    assert decode_dataset(entry, made.layers) == dataset


@settings(max_examples=60, deadline=None)
@given(pictures())
def test_every_prefix_is_the_full_decode_at_its_resolution(frames: NDArray[Any]) -> None:
    made, entry = coded(dataset_of(frames), PLAIN)
    assert entry.frames is not None
    whole = join_frames(entry, made.layers)
    for upto in range(1, 4):
        some = {layer: content for layer, content in made.layers.items() if layer <= upto}
        for prefix, stream, plane in zip(join_frames(entry, some), whole, frames, strict=True):
            picture, skip = coarse_picture(entry.frames, prefix)
            assert stream.startswith(prefix)
            assert skip <= 4 - upto if upto < 3 else skip == 0
            assert np.array_equal(picture, imagecodecs.htj2k_decode(stream, skipres=skip))
            assert picture.shape == tuple(-(-size // 2**skip) for size in plane.shape)


@pytest.mark.parametrize(
    ("coding", "packing"), [(PLAIN, None), (Coding(skips=(4, 3)), None), *((SLOW, one) for one in PACKINGS)]
)
def test_real_ct_comes_back_and_is_smaller(coding: Coding, packing: Packing | None, real_data: Path) -> None:
    files = sorted((real_data / "ircad17" / "PATIENT_DICOM").rglob("*"))
    slices = [one for one in files if one.is_file()][40:100:20]
    assert len(slices) == 3
    for path in slices:
        content = path.read_bytes()
        assert content[128:132] == b"DICM"
        (meta,) = struct.unpack_from("<I", content, 140)
        dataset = content[144 + meta :]
        made, entry = coded(dataset, coding, packing)
        assert made.codec == (packing.codec if packing else "htj2k")
        assert decode_dataset(entry, made.layers) == dataset
        assert made.size < len(dataset) / 2
        lengths = list(accumulate(len(made.layers[n]) for n in sorted(made.layers)))
        assert lengths[0] < 0.04 * lengths[-1]


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_packed_picture_of_another_size_or_depth_is_refused(packing: Packing) -> None:
    declared = np.arange(300, dtype="<u2").reshape(1, 15, 20)
    _, entry = coded(dataset_of(declared), SLOW, packing)
    for other in (declared[:, :, :10], np.zeros((1, 900, 900), "<u2"), declared.astype("u1")):
        made, _ = coded(dataset_of(np.ascontiguousarray(other)), SLOW, packing)
        assert entry.frames is not None
        lengths = ((len(made.layers.get(1, b"")), len(made.layers[5])),)
        lying = replace(entry, frames=replace(entry.frames, lengths=lengths))
        with pytest.raises(WireError):
            decode_dataset(lying, made.layers)


def test_on_a_slow_line_the_first_layer_is_a_picture_too() -> None:
    ramp = np.add.outer(np.arange(256), np.arange(256)).astype("<i2")[None]
    made, entry = coded(dataset_of(ramp), SLOW)
    assert entry.frames is not None
    picture, skip = coarse_picture(entry.frames, made.layers[1])
    assert skip == 4
    assert picture.shape == (16, 16)
    assert abs(int(picture[8, 8]) - 256) < 40


def test_colour_and_compressed_pixels_travel_as_they_are() -> None:
    frames = np.arange(300, dtype="<u2").reshape(1, 15, 20)
    dataset = dataset_of(frames, photometric=b"PALETTE COLOR")
    made, entry = coded(dataset, PLAIN)
    assert made.codec == "zstd"
    assert decode_dataset(entry, made.layers) == dataset


def test_a_declaration_that_is_not_the_stream_gets_no_memory() -> None:
    frames = np.arange(300, dtype="<i2").reshape(1, 15, 20)
    made, entry = coded(dataset_of(frames), PLAIN)
    assert entry.frames is not None
    for wrong in (
        replace(entry.frames, rows=30, columns=10),
        replace(entry.frames, rows=30000, columns=30000),
        replace(entry.frames, signed=False),
        replace(entry.frames, bits=8),
    ):
        with pytest.raises(WireError):
            decode_dataset(replace(entry, frames=wrong), made.layers)
        with pytest.raises(WireError):
            coarse_picture(wrong, made.layers[1])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the decoder's own message
@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from([PLAIN, SLOW]), st.sampled_from([None, *PACKINGS]))
def test_damaged_layers_are_one_clean_error_or_another_picture(
    data: st.DataObject, coding: Coding, packing: Packing | None
) -> None:
    frames = np.random.default_rng(5).integers(-900, 900, (1, 33, 41)).astype("<i2")
    dataset = dataset_of(frames)
    made, entry = coded(dataset, coding, packing)
    layer = data.draw(st.sampled_from(sorted(made.layers)))
    damaged = bytearray(made.layers[layer])
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= data.draw(st.integers(1, 255))
    layers = {**made.layers, layer: bytes(damaged)}
    try:
        assert len(decode_dataset(entry, layers)) == len(dataset)
        assert entry.frames is not None
        assert coarse_picture(entry.frames, layers[1])[0].size
    except WireError:
        return


def test_layers_that_are_missing_or_of_another_length_are_refused() -> None:
    made, entry = coded(dataset_of(np.zeros((2, 40, 40), "<i2") + 3), PLAIN)
    for layers in ({}, {1: made.layers[1]}, {**made.layers, 3: made.layers[3] + b"x"}):
        with pytest.raises(WireError):
            decode_dataset(entry, layers)
    opaque, entry = coded(dataset_of(np.zeros((1, 9, 9), "<u2"), photometric=b"RGB"), PLAIN)
    bomb = bytes(imagecodecs.zstd_encode(bytes(1 << 24)))
    for layers in ({}, {4: b"no zstd"}, {4: bomb}):
        with pytest.raises(WireError):
            decode_dataset(entry, layers)
    assert opaque.codec == "zstd"
