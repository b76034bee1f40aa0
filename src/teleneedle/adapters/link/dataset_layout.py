"""Where the pixels of an encoded dataset lie, and what it says about itself; no parser of values involved.

``head + pixels + tail`` are the very bytes that came in, so that whoever joins them again needs to understand
nothing of them.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from teleneedle.adapters.link.dataset_walk import PIXEL_DATA, top_level
from teleneedle.adapters.link.instance_facts import IDENTITY, LONGEST, WANTED, InstanceFacts, read_facts
from teleneedle.core.errors import HostileInputError, NotReadableError

IMPLICIT_LITTLE = "1.2.840.10008.1.2"
EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
EXPLICIT_BIG = "1.2.840.10008.1.2.2"
IMPLICIT_LITTLE_BIG_PIXELS = "1.2.840.113619.5.2"
"""General Electric's own: everything implicit little endian, pixels big endian."""
DEFLATED = frozenset(("1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205"))
IMPLICIT = frozenset((IMPLICIT_LITTLE, IMPLICIT_LITTLE_BIG_PIXELS))
NATIVE = frozenset((IMPLICIT_LITTLE, EXPLICIT_LITTLE, EXPLICIT_BIG, IMPLICIT_LITTLE_BIG_PIXELS))
CODED_SYNTAXES = frozenset((IMPLICIT_LITTLE, EXPLICIT_LITTLE))
MONOCHROME = frozenset(("MONOCHROME1", "MONOCHROME2"))
INFLATED_BYTES = 64 << 20
"""Most that a deflated dataset may inflate to; a CT slice has half a mebibyte."""
_TWICE = frozenset((*IDENTITY, 0x00100020, 0x00100010, 0x00100030))


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A dataset cut into head, pixels and tail.

    Parameters
    ----------
    length : int
        Bytes of the dataset.
    pixels_start, pixels_end : int
        The value of Pixel Data, of which a fragment's delimiter is no part; both are `length` when the
        dataset has no such element, or is deflated.
    is_coded : bool
        Whether the pixels are little endian, of one 8 or 16 bit sample, and exactly as many as declared: such
        an image travels as `facts.frames` frames of ``rows × columns``, everything else as one block.
    """

    transfer_syntax: str
    length: int
    pixels_start: int
    pixels_end: int
    is_coded: bool
    facts: InstanceFacts

    def cut(self, dataset: bytes | bytearray | memoryview) -> tuple[memoryview, memoryview, memoryview]:
        """Views of head, pixels and tail of the dataset that this is the layout of."""
        view = memoryview(dataset)
        start, end = self.pixels_start, self.pixels_end
        return view[:start], view[start:end], view[end:]


def lay_out(dataset: bytes | bytearray | memoryview, transfer_syntax: str) -> Layout:
    """Find the pixels and the facts of an encoded dataset (without file meta group).

    Examples
    --------
    >>> uids = b"".join(
    ...     tag + b"UI" + len(uid).to_bytes(2, "little") + uid
    ...     for tag, uid in (
    ...         (bytes((8, 0, 22, 0)), b"1.2."[:3] + b"4"), (bytes((8, 0, 24, 0)), b"1.20"),
    ...         (bytes((32, 0, 13, 0)), b"1.30"), (bytes((32, 0, 14, 0)), b"1.40"),
    ...     )
    ... )
    >>> lay_out(uids, EXPLICIT_LITTLE).facts.series_uid
    '1.40'

    Raises
    ------
    NotReadableError
        If it declares more bytes than it has, or lacks a UID that names it.
    HostileInputError
        If a UID is none, or a limit that protects this machine was reached.
    """
    view = memoryview(dataset)
    if transfer_syntax in DEFLATED:
        facts, _, _ = _scan(memoryview(_inflated(view)), EXPLICIT_LITTLE)
        start = end = len(view)
    else:
        facts, start, end = _scan(view, transfer_syntax)
    is_native = transfer_syntax in NATIVE and end > start
    if is_native:
        _require_pixels(facts, end - start)
    return Layout(
        transfer_syntax=transfer_syntax,
        length=len(view),
        pixels_start=start,
        pixels_end=end,
        is_coded=is_native and transfer_syntax in CODED_SYNTAXES and _is_plain(facts, end - start),
        facts=facts,
    )


def _scan(dataset: memoryview, transfer_syntax: str) -> tuple[InstanceFacts, int, int]:
    is_little = transfer_syntax != EXPLICIT_BIG
    values: dict[int, bytes] = {}
    pixels: tuple[int, int] | None = None
    for tag, _, start, end in top_level(
        dataset, is_implicit=transfer_syntax in IMPLICIT, is_little=is_little
    ):
        if tag == PIXEL_DATA:
            pixels = pixels or (start, end)
        elif tag in WANTED and end - start <= LONGEST:
            value = bytes(dataset[start:end])
            if tag in _TWICE and values.get(tag, value) != value:
                raise HostileInputError(
                    "the dataset names itself twice, and differently",
                    where=f"({tag >> 16:04X},{tag & 0xFFFF:04X})",
                )
            values.setdefault(tag, value)
    start, end = pixels or (len(dataset), len(dataset))
    return read_facts(values, is_little=is_little), start, end


def _require_pixels(facts: InstanceFacts, there: int) -> None:
    """Refuse pixels that are fewer than the header says."""
    bits = facts.rows * facts.columns * facts.samples * facts.bits_allocated * max(facts.frames, 1)
    if facts.photometric == "YBR_FULL_422":
        bits = bits * 2 // 3
    wanted = (bits + 7) // 8
    if there < wanted:
        raise NotReadableError(
            f"the pixels are cut off: {there} of {wanted} bytes are there",
            remedy="send it again from its source",
        )


def _is_plain(facts: InstanceFacts, there: int) -> bool:
    is_image = facts.samples == 1 and facts.photometric in MONOCHROME and facts.bits_allocated in (8, 16)
    size = facts.rows * facts.columns * facts.frames * facts.bits_allocated // 8
    return is_image and facts.frames >= 1 and 0 < size == there


def _inflated(packed: memoryview) -> bytes:
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = engine.decompress(packed, INFLATED_BYTES)
    except zlib.error as error:
        raise NotReadableError("the deflated dataset is damaged", remedy="send it again") from error
    if engine.unconsumed_tail:
        raise HostileInputError(
            f"the file inflates to more than {INFLATED_BYTES >> 20} MiB, far more than it holds",
            remedy="export the series again without deflate",
        )
    return content
