"""What pages get of an instance that came as JPEG XL: coarse at once, every pixel once it is verified."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import imagecodecs
import numpy as np

from teleneedle.adapters.code_streams import prefix_length
from teleneedle.adapters.link.wire_manifest import Frames
from teleneedle.adapters.link.wire_parts import EIGHTH, PACKED
from teleneedle.apps.hub.link.packed_pictures import code_of_packed

J, I = np.mgrid[0:72, 0:104]  # noqa: E741 - the names of the axes
PLANE = (1000 + 5 * I + 3 * J).astype(np.uint16)


@dataclass(frozen=True)
class HeldInstance:
    """Stands for one in a journal."""

    entry: Any
    here: dict[int, bytes]

    def layers(self) -> dict[int, bytes]:
        return self.here


def held(*layers: int) -> Any:
    code = bytes(imagecodecs.htj2k_encode(PLANE, reversible=True, tlm=True, tilepart=1))
    ahead = code[: prefix_length(code, 4)]
    packed = bytes(imagecodecs.jpegxl_encode(PLANE, lossless=True))
    every = {EIGHTH: ahead, PACKED: packed}
    frames = Frames(rows=72, columns=104, bits=16, signed=False, lengths=((len(ahead), len(packed)),))
    lengths = {layer: len(content) for layer, content in every.items()}
    entry = SimpleNamespace(frames=frames, codec="jxl", sop_uid="1.2", layer_lengths=lambda: lengths)
    return HeldInstance(entry, {layer: every[layer] for layer in layers})


def test_what_goes_ahead_is_seen_at_an_eighth() -> None:
    code = code_of_packed(held(EIGHTH), skip=3, is_verified=False)
    small = imagecodecs.htj2k_decode(code, skipres=3, resilient=True).astype(int)
    assert small.shape == (9, 13)
    inside = (slice(1, -1), slice(1, -1))
    assert np.abs(small - PLANE[::8, ::8])[inside].max() <= 5 * 8 + 3 * 8
    assert len(code) < PLANE.nbytes // 8


def test_every_pixel_is_seen_once_it_is_verified() -> None:
    code = code_of_packed(held(EIGHTH, PACKED), skip=0, is_verified=True)
    assert np.array_equal(imagecodecs.htj2k_decode(code), PLANE)


def test_what_has_not_come_is_not_made_up() -> None:
    assert code_of_packed(held(), skip=3, is_verified=False) == b""
    assert code_of_packed(held(EIGHTH, PACKED), skip=0, is_verified=False) == b""
    assert code_of_packed(held(EIGHTH), skip=0, is_verified=True) == b""
    assert code_of_packed(held(EIGHTH, PACKED), skip=2, is_verified=True) == b""
    assert code_of_packed(None, skip=3, is_verified=False) == b""
