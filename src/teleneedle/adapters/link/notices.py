"""Word from whoever fills the spool to whoever empties it, over a Unix datagram socket.

A notice may be lost; the spool itself is the truth, and its reader looks again when it is idle.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

NAME = "notice.sock"
LARGEST = 8192


@dataclass(frozen=True, kw_only=True)
class Notice:
    """``kept``: `key` is in the spool. ``closed``: who sent series `key` has ended its association."""

    kind: Literal["kept", "closed"]
    key: str


class NoticeSender:
    """Tells whoever listens in `folder`; never waits and never fails."""

    def __init__(self, folder: Path) -> None:
        self._folder = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def tell(self, notice: Notice) -> None:
        """Send one notice."""
        with contextlib.suppress(OSError):
            self._socket.sendto(json.dumps(asdict(notice)).encode("ascii"), _address(self._folder))

    def close(self) -> None:
        """Let go of the socket."""
        self._socket.close()
        os.close(self._folder)


@contextlib.contextmanager
def notice_socket(folder: Path) -> Iterator[socket.socket]:
    """The non-blocking socket on which notices arrive; `read_notice` understands its datagrams."""
    (folder / NAME).unlink(missing_ok=True)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        listener.bind(_address(handle))
        listener.setblocking(False)
        yield listener
    finally:
        listener.close()
        os.close(handle)
        (folder / NAME).unlink(missing_ok=True)


def read_notice(datagram: bytes) -> Notice | None:
    """The notice in a datagram; None when it is something else."""
    try:
        fields = json.loads(datagram)
        return Notice(kind=fields["kind"], key=str(fields["key"]))
    except (ValueError, KeyError, TypeError):
        return None


def _address(folder: int) -> str:
    """A socket's path may have 107 bytes; through the folder's handle it is short wherever that lies."""
    return f"/proc/self/fd/{folder}/{NAME}"
