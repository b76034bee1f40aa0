"""A header without the patient: rebuilt from what may be kept, by the bounded walk that found its pixels.

The pixels are not looked at. No parser touches the bytes: values are kept as they are encoded when they have
the form that the public dictionary gives them, or are left out.

References
----------
DICOM PS3.15 annex E; CID 7050 (de-identification method).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from struct import pack

from pydicom.datadict import dictionary_VR

from teleneedle.adapters.link.dataset_layout import DEFLATED, EXPLICIT_BIG, IMPLICIT, NATIVE, Layout
from teleneedle.adapters.link.dataset_walk import LONG, PIXEL_DATA, items, top_level
from teleneedle.adapters.link.deidentify_rules import (
    CLOSED_GROUPS,
    DATE,
    DECIMALS,
    EMPTIED,
    IMAGE_CLASSES,
    LUT_DATA,
    NUMBERS,
    SEQUENCES,
    TIME,
    UID,
    WORDS,
)
from teleneedle.adapters.link.pseudonyms import Pseudonym, Pseudonyms
from teleneedle.adapters.link.spool import Conflict, Duplicate, Kept
from teleneedle.adapters.link.spool_file import Content, Instance
from teleneedle.core.errors import InputError

MAX_DEPTH = 8
STANDARD_ROOT = b"1.2.840.10008."
METHOD = b"PS3.15 basic profile, keep-list; dates shifted; pixels unchanged"
_DELIMITER_BYTES = 8


class Deidentifier:
    """Takes the patient out of instances before they are kept.

    Parameters
    ----------
    keep : callable
        What happens with an instance afterwards; usually `Spool.keep`.
    """

    def __init__(
        self, pseudonyms: Pseudonyms, keep: Callable[[Instance], Kept | Duplicate | Conflict]
    ) -> None:
        self._pseudonyms = pseudonyms
        self._keep = keep

    def keep(self, instance: Instance) -> Kept | Duplicate | Conflict:
        """Keep an instance without its patient.

        Raises
        ------
        InputError
            If it is of a kind that may show the patient elsewhere than in its header.
        """
        dataset = self.without_patient(instance.dataset, instance.layout)
        return self._keep(
            Instance.of(dataset, instance.layout.transfer_syntax, instance.arrival, instance.received_at)
        )

    def uid(self, uid: str) -> str:
        """Under which UID an instance is kept."""
        return self._pseudonyms.uid(uid)

    def without_patient(self, dataset: Content, layout: Layout) -> bytes:
        """The dataset with a new header.

        Raises
        ------
        InputError
            As `keep`.
        """
        if layout.facts.sop_class not in IMAGE_CLASSES or layout.transfer_syntax in DEFLATED:
            raise InputError(
                "this kind of object is not taken while images are de-identified",
                where=layout.facts.sop_class,
                remedy="send CT, MR, PET or NM images, or let the administrator switch de-identification off",
            )
        head, pixels, tail = layout.cut(dataset)
        rewrite = _Rewrite(layout.transfer_syntax, self._pseudonyms, self._pseudonyms.of(layout.facts))
        new_head = rewrite.header(head, has_pixels=layout.pixels_end > layout.pixels_start)
        is_native = layout.transfer_syntax in NATIVE
        return new_head + bytes(pixels) + (b"" if is_native else bytes(tail[:_DELIMITER_BYTES]))


class _Rewrite:
    """One header in one encoding."""

    def __init__(self, transfer_syntax: str, pseudonyms: Pseudonyms, patient: Pseudonym) -> None:
        self._is_implicit = transfer_syntax in IMPLICIT
        self._order = ">" if transfer_syntax == EXPLICIT_BIG else "<"
        self._pseudonyms = pseudonyms
        self._patient = patient

    def header(self, head: memoryview, *, has_pixels: bool) -> bytes:
        """Everything up to the value of Pixel Data."""
        size = self._pixel_head_bytes() if has_pixels else 0
        elements = dict(self._kept(head[: len(head) - size], 0))
        if bytes(head[len(head) - size :][:4]) != (self._tag(PIXEL_DATA) if size else b""):
            raise InputError("the header cannot be de-identified", remedy="send the image to another port")
        elements |= self._put_in(elements)
        return b"".join(elements[tag] for tag in sorted(elements)) + bytes(head[len(head) - size :])

    def _pixel_head_bytes(self) -> int:
        return 8 if self._is_implicit else 12

    def _put_in(self, elements: dict[int, bytes]) -> dict[int, bytes]:
        name = self._patient.name.encode("ascii")
        found = {
            0x00100010: self._element(0x00100010, "PN", name),
            0x00100020: self._element(0x00100020, "LO", name),
            0x00120062: self._element(0x00120062, "CS", b"YES"),
            0x00120063: self._element(0x00120063, "LO", METHOD),
            0x00280303: self._element(0x00280303, "CS", b"MODIFIED"),
        }
        for tag in (0x00100030, 0x00100040):
            if tag not in elements:
                found[tag] = self._element(tag, dictionary_VR(tag), b"")
        return found

    def _kept(self, level: memoryview, depth: int) -> Iterator[tuple[int, bytes]]:
        is_little = self._order == "<"
        for tag, vr, start, end in top_level(level, is_implicit=self._is_implicit, is_little=is_little):
            meant = _meant(tag, vr.decode("latin-1"))
            if meant == "SQ" and tag in SEQUENCES and depth < MAX_DEPTH:
                content = b""
                for item in items(level[start:end], is_implicit=self._is_implicit, is_little=is_little):
                    inner = b"".join(one for _, one in self._kept(item, depth + 1))
                    content += pack(f"{self._order}HHI", 0xFFFE, 0xE000, len(inner)) + inner
                yield tag, self._element(tag, "SQ", content)
                continue
            value = None if not meant or meant == "SQ" else self._value(tag, meant, bytes(level[start:end]))
            if value is not None:
                yield tag, self._element(tag, meant, value)
            elif meant and tag in EMPTIED:
                yield tag, self._element(tag, meant, b"")

    def _value(self, tag: int, vr: str, value: bytes) -> bytes | None:
        """What may stay of a value; None when it may not."""
        text = value.strip(b" \0")
        if tag >> 16 in CLOSED_GROUPS and tag != 0x00100040:
            return None
        if vr in NUMBERS:
            return value if len(value) % NUMBERS[vr] == 0 else None
        if vr in ("DS", "IS"):
            return text if DECIMALS.fullmatch(text) else None
        if vr == "UI":
            return self._uids(text)
        if vr == "DA":
            return self._date(text) if DATE.fullmatch(text) else None
        if vr == "DT":
            return self._date(text[:8]) if DATE.fullmatch(text[:8]) else None
        if vr == "TM":
            return text if TIME.fullmatch(text) else None
        if vr == "CS":
            return text if all(word in WORDS for word in text.replace(b"\\", b" ").split()) else None
        return value if tag == LUT_DATA else None

    def _uids(self, text: bytes) -> bytes | None:
        uids = text.split(b"\\")
        if not all(len(one) <= 64 and UID.fullmatch(one) for one in uids):
            return None
        return b"\\".join(map(self._uid, uids))

    def _uid(self, uid: bytes) -> bytes:
        if uid.startswith(STANDARD_ROOT):
            return uid
        return self._pseudonyms.uid(uid.decode("ascii")).encode("ascii")

    def _date(self, text: bytes) -> bytes | None:
        try:
            day = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
        except ValueError:
            return None
        return (day - timedelta(days=self._patient.shift_days)).strftime("%Y%m%d").encode("ascii")

    def _tag(self, tag: int) -> bytes:
        return pack(f"{self._order}HH", tag >> 16, tag & 0xFFFF)

    def _element(self, tag: int, vr: str, value: bytes) -> bytes:
        value += (b"\0" if vr in ("UI", "OB", "OW") else b" ") * (len(value) % 2)
        if self._is_implicit:
            return self._tag(tag) + pack(f"{self._order}I", len(value)) + value
        if vr.encode("ascii") in LONG:
            return self._tag(tag) + vr.encode("ascii") + pack(f"{self._order}HI", 0, len(value)) + value
        return self._tag(tag) + vr.encode("ascii") + pack(f"{self._order}H", len(value)) + value


def _meant(tag: int, written: str) -> str:
    """The VR that an element has by the dictionary; empty for private and unknown ones, and other VRs."""
    if tag >> 16 & 1 or not tag & 0xFFFF:
        return ""
    try:
        choices = dictionary_VR(tag).split(" or ")
    except KeyError:
        return ""
    return (written if written in choices else "") if written else choices[0]
