"""``multipart/related``: written part by part, read from a file by its boundary.

References
----------
RFC 2387; RFC 2046 section 5.1; DICOM PS3.18 section 8.7.
"""

from __future__ import annotations

import mmap
import re
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from teleneedle.core.errors import HostileInputError, NotReadableError

MAX_PARTS = 20_000
BOUNDARY = re.compile(r'boundary="?([0-9A-Za-z\'()+_,./:=? -]{1,200})"?')
"""RFC 2046 allows 70 characters; Orthanc sends 73."""


def new_boundary() -> str:
    """A boundary that no content holds."""
    return secrets.token_hex(16)


def write_related(parts: Iterable[bytes], *, kind: str, boundary: str) -> Iterator[bytes]:
    """The body of a ``multipart/related`` answer."""
    for part in parts:
        head = f"--{boundary}\r\nContent-Type: {kind}\r\nContent-Length: {len(part)}\r\n\r\n"
        yield head.encode()
        yield part
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode()


def split_related(body: Path, content_type: str) -> list[tuple[int, int]]:
    """Start and end of each part's content in the file `body`.

    Raises
    ------
    NotReadableError
        If it is no multipart body, or its last boundary is missing.
    HostileInputError
        If it has more parts than any honest request.
    """
    found = BOUNDARY.search(content_type)
    if found is None or body.stat().st_size == 0:
        raise NotReadableError("the request has no parts", where="Content-Type")
    mark = b"--" + found[1].strip().encode()
    with body.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return list(_parts(content, mark))


def _parts(content: mmap.mmap, mark: bytes) -> Iterator[tuple[int, int]]:
    at, count = content.find(mark), 0
    while at >= 0:
        after = at + len(mark)
        if content[after : after + 2] == b"--":
            return
        head = content.find(b"\r\n\r\n", after)
        end = content.find(b"\r\n" + mark, after)
        if head < 0 or end < 0 or head > end:
            break
        count += 1
        if count > MAX_PARTS:
            raise HostileInputError("the request has too many parts", where=str(MAX_PARTS))
        yield head + 4, end
        at = end + 2
    raise NotReadableError("the request is cut off", remedy="send it again")
