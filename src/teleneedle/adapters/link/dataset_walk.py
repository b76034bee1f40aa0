"""The top-level elements of an encoded DICOM dataset, found without understanding their values.

Sequences and fragments are stepped over with a stack of small integers, never by recursion; every length is
held against the bytes that are there before it is used, so the work is linear in the size of the dataset.

References
----------
DICOM PS3.5 section 7.1 (data elements), 7.5 (nesting), A.4 (encapsulated pixel data), 6.2.2 note 4 (UN of
undefined length is implicit little endian).
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from teleneedle.core.errors import HostileInputError, NotReadableError

UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
PIXEL_DATA = 0x7FE00010
MAX_DEPTH = 64
"""Sequences inside sequences; the standard's deepest objects use about ten."""
MAX_ELEMENTS = 2_000_000
"""An enhanced image of 5,000 frames has about 300,000."""
LONG = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
"""Value representations with a length of 32 bits in the explicit encodings (PS3.5 table 7.1-1)."""
SHORT = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
Element = tuple[int, bytes, int, int]
"""Tag, VR (empty in implicit encoding), start and end of the value."""

_SHORT_HEAD = {True: Struct("<HH2sH"), False: Struct(">HH2sH")}
_PLAIN_HEAD = {True: Struct("<HHI"), False: Struct(">HHI")}
_LENGTH = {True: Struct("<I"), False: Struct(">I")}


def top_level(dataset: memoryview, *, is_implicit: bool, is_little: bool) -> Iterator[Element]:
    """Each element of the outermost level, in the order in which they lie there.

    Raises
    ------
    NotReadableError
        If an element reaches beyond the bytes that are there.
    HostileInputError
        If sequences are nested deeper, or elements are more, than in any honest object.
    """
    walk = _Walk(dataset, is_implicit=is_implicit, is_little=is_little)
    unpack = walk.short
    at, size = 0, len(dataset)
    while size - at >= 8:
        if not is_implicit:  # the common case without a call
            group, element, vr, length = unpack(dataset, at)
            end = at + 8 + length
            if vr in SHORT and end <= size:
                yield group << 16 | element, vr, at + 8, end
                at = end
                continue
        tag, vr, start, length = walk.head(at, is_implicit)
        if length != UNDEFINED:
            walk.require(tag, start, length)
            at = end = start + length
        else:
            end, at = walk.past_undefined(tag, vr, start)
        yield tag, vr, start, end
    if any(dataset[at:]):
        raise NotReadableError("the dataset ends within an element", remedy=SEND_AGAIN)


def items(sequence: memoryview, *, is_implicit: bool, is_little: bool) -> Iterator[memoryview]:
    """The content of each item in the value of a sequence.

    Raises
    ------
    NotReadableError, HostileInputError
        As `top_level`.
    """
    walk = _Walk(sequence, is_implicit=is_implicit, is_little=is_little)
    at = 0
    while len(sequence) - at >= 8:
        tag, _, start, length = walk.head(at, True)
        if tag == SEQUENCE_END:
            return
        if tag != ITEM:
            raise NotReadableError("a sequence holds something that is no item", remedy=SEND_AGAIN)
        if length == UNDEFINED:
            at = walk.past_item(start)
            yield sequence[start : at - 8]
        else:
            walk.require(tag, start, length)
            at = start + length
            yield sequence[start:at]


SEND_AGAIN = "send it again from its source"


class _Walk:
    """Reads heads of elements and steps over what has no declared length."""

    def __init__(self, dataset: memoryview, *, is_implicit: bool, is_little: bool) -> None:
        self.dataset = dataset
        self.is_implicit = is_implicit
        self.plain = _PLAIN_HEAD[is_little].unpack_from
        self.short = _SHORT_HEAD[is_little].unpack_from
        self.length = _LENGTH[is_little].unpack_from
        self.count = 0

    def head(self, at: int, is_implicit: bool) -> tuple[int, bytes, int, int]:
        """Tag, VR, start of the value and declared length of the element at `at`, of which 8 bytes are there.

        Delimiters have no VR in any encoding, and an element whose VR is no pair of letters is read as if
        it had none, as other readers do.
        """
        self.count += 1
        if self.count > MAX_ELEMENTS:
            raise HostileInputError("the dataset has too many elements", where=str(MAX_ELEMENTS))
        if not is_implicit:
            group, element, vr, length = self.short(self.dataset, at)
            if vr in SHORT:
                return group << 16 | element, vr, at + 8, length
            if vr.isupper() and vr.isalpha():
                if len(self.dataset) - at < 12:
                    raise NotReadableError("the dataset ends within an element", remedy=SEND_AGAIN)
                return group << 16 | element, vr, at + 12, self.length(self.dataset, at + 8)[0]
        group, element, length = self.plain(self.dataset, at)
        return group << 16 | element, b"", at + 8, length

    def past_undefined(self, tag: int, vr: bytes, at: int) -> tuple[int, int]:
        """End of the content that begins at `at`, and of the delimiter that closes it.

        `levels` holds one flag for every open sequence and item, alternating: whether its inside is
        implicitly encoded.
        """
        if tag == PIXEL_DATA or vr in (b"OB", b"OW"):
            return self._past_fragments(at)
        at = self._past(at, [self.is_implicit or vr in (b"UN", b"")], 0)
        return at - 8, at

    def past_item(self, at: int) -> int:
        """End of the delimiter that closes the item whose content begins at `at`."""
        return self._past(at, [self.is_implicit, self.is_implicit], 1)

    def _past(self, at: int, levels: list[bool], outer: int) -> int:
        while len(levels) > outer:
            if len(levels) > 2 * MAX_DEPTH:
                raise HostileInputError(f"sequences are nested more than {MAX_DEPTH} deep", remedy=SEND_AGAIN)
            at = self._step(at, levels)
        return at

    def _step(self, at: int, levels: list[bool]) -> int:
        """Go past, or into, what lies at `at` inside the innermost of `levels`."""
        if len(self.dataset) - at < 8:
            raise NotReadableError("a sequence has no end", remedy=SEND_AGAIN)
        is_item = len(levels) % 2 == 0
        tag, vr, start, length = self.head(at, levels[-1])
        if tag == (ITEM_END if is_item else SEQUENCE_END):
            levels.pop()
            return start
        if not is_item and tag != ITEM:
            raise NotReadableError("a sequence holds something that is no item", remedy=SEND_AGAIN)
        if length != UNDEFINED:
            self.require(tag, start, length)
            return start + length
        if tag == PIXEL_DATA or vr in (b"OB", b"OW"):
            return self._past_fragments(start)[1]
        is_implicit = levels[-1] or (is_item and vr in (b"UN", b""))
        levels.append(is_implicit and not (tag == ITEM and self._is_explicit_after_all(start)))
        return start

    def _is_explicit_after_all(self, at: int) -> bool:
        """Whether an item inside UN is written explicitly, as some writers do."""
        seen = bytes(self.dataset[at + 4 : at + 6])
        return not self.is_implicit and (seen in SHORT or seen in LONG)

    def _past_fragments(self, at: int) -> tuple[int, int]:
        while len(self.dataset) - at >= 8:
            tag, _, start, length = self.head(at, True)
            if tag == SEQUENCE_END:
                return at, start
            if tag != ITEM:
                raise NotReadableError("the compressed pixels hold something that is no fragment")
            self.require(PIXEL_DATA, start, length)
            at = start + length
        raise NotReadableError("the compressed pixels have no end", remedy=SEND_AGAIN)

    def require(self, tag: int, start: int, length: int) -> None:
        """Refuse a declared length beyond the bytes that are there."""
        there = len(self.dataset) - start
        if length > there:
            raise NotReadableError(
                f"an element declares {length} bytes and {there} are there",
                where=f"({tag >> 16:04X},{tag & 0xFFFF:04X})",
                remedy=SEND_AGAIN,
            )
