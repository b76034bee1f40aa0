"""Patient names as text, also where the file forgets to say in which character set they are.

pydicom decodes every declared set (ISO 2022 IR 58 for GB2312, IR 87 and 159 for JIS, IR 149 for Korean,
GB18030, GBK, ISO_IR 192). What remains is the common fault of hospital systems that write GBK bytes and
declare nothing: such bytes are read as GB18030, of which GBK and GB2312 are subsets, when they are valid.

References
----------
DICOM PS3.3 C.12.1.1.2 (Specific Character Set), PS3.5 section 6.1; GB 18030-2022.
"""

from __future__ import annotations

import re

from pydicom.charset import convert_encodings, decode_bytes
from pydicom.dataset import Dataset

_ESCAPE = re.compile("\x1b[\x20-\x2f]+[\x30-\x7e]")
_DELIMITERS = {ord("^"), ord("="), ord("\\")}
TEXT_TAGS = (0x00100010, 0x00100020, 0x0008103E, 0x00080080, 0x00080090)


def repair_character_set(dataset: Dataset) -> None:
    """Name GB18030 as the character set where none is declared and the text can only be that."""
    if str(dataset.get("SpecificCharacterSet", "") or "") not in ("", "ISO_IR 6"):
        return
    raw = [value for tag in TEXT_TAGS if isinstance(value := _raw_value(dataset, tag), bytes)]
    text = b"\n".join(raw)
    if text.isascii() or b"\x1b" in text:
        return
    for codec in ("utf8", "gb18030"):
        try:
            text.decode(codec)
        except UnicodeDecodeError:
            continue
        is_implicit, is_little = dataset.original_encoding
        dataset.set_original_encoding(is_implicit, is_little, [codec])
        return


def _raw_value(dataset: Dataset, tag: int) -> object:
    element = dataset.get_item(tag)
    return None if element is None else element.value


def clean_text(value: object, *, limit: int = 256) -> str:
    """`value` as one line of printable text of at most `limit` characters, without code-set escapes."""
    text = "" if value is None else _ESCAPE.sub("", str(value))
    return "".join(c for c in text if c.isprintable())[:limit].strip()


def decode_text(raw: bytes, charset: bytes) -> str:
    """An encoded text in a Specific Character Set; where none is declared, as `repair_character_set` does.

    Bytes that fit nowhere become replacement characters.

    Examples
    --------
    >>> decode_text("张^三".encode("gb18030"), b"GB18030"), decode_text("张^三".encode("gbk"), b"")
    ('张^三', '张^三')
    """
    names = [name.strip() for name in charset.decode("latin-1").split("\\")]
    if names in ([""], ["ISO_IR 6"]) and not raw.isascii() and b"\x1b" not in raw:
        for codec in ("utf8", "gb18030"):
            try:
                return clean_text(raw.decode(codec))
            except UnicodeDecodeError:
                continue
    try:
        return clean_text(decode_bytes(raw, convert_encodings(names), _DELIMITERS))
    except (LookupError, ValueError):
        return clean_text(raw.decode("ascii", "replace"))
