"""TNB1 containers and packed masks: what goes in comes out; what is damaged is one clear error."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from teleneedle.adapters.packed_masks import pack_mask, unpack_mask
from teleneedle.adapters.tnb1 import DTYPES, decode_tnb1, encode_tnb1
from teleneedle.core.errors import InputError, StructureError
from teleneedle.core.geometry import Grid
from teleneedle.core.image import LabelMap

SHAPES = hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=6)
ARRAYS = st.dictionaries(
    st.text(max_size=8),
    st.sampled_from(sorted(DTYPES)).flatmap(lambda kind: hnp.arrays(np.dtype(kind), SHAPES)),
    max_size=4,
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FACTS = st.dictionaries(st.text(max_size=8).filter(lambda name: name != "arrays"), JSON, max_size=4)
MASKS = hnp.arrays(np.bool_, hnp.array_shapes(min_dims=3, max_dims=3, min_side=1, max_side=9))


def grid(shape: tuple[int, ...]) -> Grid:
    k, j, i = shape
    return Grid.regular(
        (k, j, i), spacing_mm=(0.7, 0.7, 1.6), origin_lps=(1, 2, 3), frame_of_reference_uid="1.2"
    )


@given(ARRAYS, FACTS)
def test_arrays_and_facts_come_out_as_they_went_in(arrays: dict[str, Any], facts: dict[str, Any]) -> None:
    content = encode_tnb1(arrays, facts)
    found, told = decode_tnb1(content)
    assert told == facts
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        assert found[name].dtype.name == array.dtype.name
        assert found[name].shape == array.shape
        assert found[name].tobytes() == np.ascontiguousarray(array).tobytes()


@given(ARRAYS)
def test_a_browser_can_lay_views_on_the_payload(arrays: dict[str, Any]) -> None:
    content = encode_tnb1(arrays)
    (length,) = struct.unpack_from("<I", content, 4)
    assert (8 + length) % 8 == 0
    for entry in json.loads(content[8 : 8 + length])["arrays"]:
        assert entry["offset"] % 8 == 0


@given(ARRAYS, st.data())
def test_damage_is_one_clear_error_or_none(arrays: dict[str, Any], data: st.DataObject) -> None:
    content = bytearray(encode_tnb1(arrays))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        decode_tnb1(bytes(content[: data.draw(st.integers(0, len(content)))]))
    except InputError:
        return


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "a", "dtype": "uint8", "shape": [2**40, 2**40], "offset": 0},
        {"name": "a", "dtype": "uint8", "shape": [-1], "offset": 0},
        {"name": "a", "dtype": "uint8", "shape": [1], "offset": -8},
        {"name": "a", "dtype": "float64", "shape": [1], "offset": 0},
        {"name": "a", "dtype": "uint8", "shape": [9], "offset": 0},
        {"name": ["a"], "dtype": "uint8", "shape": [1], "offset": 0},
        "not an entry",
    ],
)
def test_an_array_that_reaches_beyond_its_bytes_is_refused(entry: Any) -> None:
    header = json.dumps({"arrays": [entry]}).encode()
    with pytest.raises(InputError):
        decode_tnb1(b"TNB1" + struct.pack("<I", len(header)) + header + bytes(8))


@given(MASKS)
def test_a_mask_comes_out_voxel_for_voxel(array: Any) -> None:
    mask = LabelMap(array=array, grid=grid(array.shape))
    content = pack_mask(mask)
    again = unpack_mask(content, mask.grid)
    assert np.array_equal(again.array, array)
    assert pack_mask(again) == content


@given(MASKS, MASKS)
def test_different_masks_have_different_bytes(one: Any, other: Any) -> None:
    if one.shape != other.shape:
        return
    packed = [pack_mask(LabelMap(array=a, grid=grid(a.shape))) for a in (one, other)]
    assert (packed[0] == packed[1]) == np.array_equal(one, other)


@given(
    MASKS,
    st.lists(st.integers(-2, 12), min_size=0, max_size=4),
    st.lists(st.integers(-2, 12), min_size=0, max_size=4),
    st.integers(0, 40),
)
def test_a_box_that_does_not_fit_is_refused(
    array: Any, start: list[int], shape: list[int], size: int
) -> None:
    content = encode_tnb1({"bits": np.zeros(size, np.uint8)}, {"start_kji": start, "shape_kji": shape})
    is_box = len(start) == len(shape) == 3 and min(*start, *shape) >= 0
    fits = is_box and all(a + n <= m for a, n, m in zip(start, shape, array.shape, strict=True))
    if fits and size == (int(np.prod(shape)) + 7) // 8:
        assert unpack_mask(content, grid(array.shape)).is_empty
    else:
        with pytest.raises(StructureError):
            unpack_mask(content, grid(array.shape))


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 10**40, None, "x", [1]])
def test_a_box_of_no_numbers_is_refused(value: Any) -> None:
    for facts in (
        {"start_kji": [0, 0, value], "shape_kji": [1, 1, 1]},
        {"start_kji": [0] * 3, "shape_kji": value},
    ):
        content = encode_tnb1({"bits": np.zeros(1, np.uint8)}, facts)
        with pytest.raises(StructureError):
            unpack_mask(content, grid((2, 2, 2)))


def test_a_header_nested_without_end_is_refused() -> None:
    header = b"[" * 500_000
    with pytest.raises(InputError):
        decode_tnb1(b"TNB1" + struct.pack("<I", len(header)) + header)
