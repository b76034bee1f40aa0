"""Where each resolution of a JPEG 2000 or HTJ2K code stream ends, from its tile-part lengths.

References
----------
ITU-T T.800 annex A.7.1 (TLM marker segment); ITU-T T.814 (HTJ2K).
"""

from __future__ import annotations

import struct
from itertools import accumulate

SOT, TLM = 0xFF90, 0xFF55


def prefix_length(code: bytes | memoryview, skip: int) -> int:
    """Bytes of `code` that hold every resolution but the `skip` finest.

    The stream has one tile, its parts by resolution, and their lengths in its main header; where it has
    not, or `skip` is 0, the answer is its whole length.
    """
    ends = resolution_ends(code)
    if skip <= 0 or skip >= len(ends) or ends[-1] > len(code):
        return len(code)
    return ends[-1 - skip]


def resolution_ends(code: bytes | memoryview) -> list[int]:
    """Where each resolution ends in a stream that has `code` as its beginning, coarse to fine.

    Of a stream without the lengths of its tile-parts, or without its whole main header, nothing is known.
    """
    at, lengths = 2, list[int]()
    while at + 4 <= len(code):
        marker, size = struct.unpack_from(">HH", code, at)
        if marker == SOT:
            return [at + end for end in accumulate(lengths)]
        if marker == TLM and size >= 4:
            lengths += _lengths(code[at + 4 : at + 2 + size])
        at += 2 + size
    return []


def _lengths(segment: bytes | memoryview) -> list[int]:
    tile, long = (segment[1] >> 4) & 3, (segment[1] >> 6) & 1
    step = tile + (4 if long else 2)
    kind = ">I" if long else ">H"
    return [struct.unpack_from(kind, segment, n + tile)[0] for n in range(2, len(segment) - step + 1, step)]
