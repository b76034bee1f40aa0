"""The instances of a series as they came: bytes in one file, and what a client may ask about each.

References
----------
DICOM PS3.10 section 7.1 (preamble), PS3.18 annex F (DICOM JSON).
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydicom import dcmread
from pydicom.encaps import generate_frames

from teleneedle.adapters.decoding.limits import DEFAULT_LIMITS, DecodeLimits
from teleneedle.adapters.dicom.image_file import named_damage, read_image_file
from teleneedle.adapters.dicom.sources import find_sources
from teleneedle.core.errors import NotReadableError

TRANSFER_SYNTAX = "00083002"
"""Available Transfer Syntax UID."""


def keep_originals(
    path: Path, uids: Iterable[str], out: Path, index: Path, *, limits: DecodeLimits = DEFAULT_LIMITS
) -> int:
    """Write the instances `uids` found behind `path` one after the other into `out`, and their index.

    The preamble is zeroed: a file that is also a program for some other system is no longer one.

    Returns
    -------
    int
        How many of the instances are kept.
    """
    order = {uid: n for n, uid in enumerate(uids)}
    kept: dict[str, dict[str, Any]] = {}
    end = 0
    with out.open("wb") as target:
        for source in find_sources(path, limits) if order else ():
            image = read_image_file(source, limits)
            content = b"" if image is None else source.read()
            if image is None or image.sop_uid not in order or image.sop_uid in kept:
                continue
            if content[128:132] != b"DICM":
                continue
            start = end
            end += target.write(bytes(128) + content[128:])
            with named_damage(source.name):
                facts = image.dataset.to_json_dict(suppress_invalid_tags=True)
            facts[TRANSFER_SYNTAX] = {"vr": "UI", "Value": [str(image.transfer_syntax)]}
            kept[image.sop_uid] = {"start": start, "end": end, "facts": facts}
    found = [kept[uid] for uid in sorted(kept, key=order.__getitem__)]
    index.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return len(found)


def read_frames(content: bytes, wanted: list[int]) -> tuple[str, list[bytes]]:
    """Transfer syntax and the frames (from 1) of an instance, as they are encoded in it.

    Raises
    ------
    NotReadableError
        If there is no such frame.
    """
    dataset = dcmread(io.BytesIO(content))
    syntax = dataset.file_meta.TransferSyntaxUID
    count = int(dataset.get("NumberOfFrames", 1) or 1)
    if not wanted or min(wanted) < 1 or max(wanted) > count:
        raise NotReadableError("there is no such frame", where=f"{wanted} of {count}")
    if syntax.is_compressed and syntax.is_encapsulated:
        frames = list(generate_frames(dataset.PixelData, number_of_frames=count))
    else:
        size = dataset.Rows * dataset.Columns * dataset.SamplesPerPixel * (dataset.BitsAllocated // 8)
        frames = [dataset.PixelData[n * size : (n + 1) * size] for n in range(count)]
    return str(syntax), [frames[n - 1] for n in wanted]
