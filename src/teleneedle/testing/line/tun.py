"""TUN devices in network namespaces, and entering a namespace, by the kernel's own calls."""

from __future__ import annotations

import ctypes
import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
CLONE_NEWNET = 0x40000000
NAMESPACES = Path("/run/netns")

_libc = ctypes.CDLL(None, use_errno=True)


@contextmanager
def inside_namespace(name: str) -> Iterator[None]:
    """Let this thread make its sockets in the network namespace `name`; they stay there afterwards."""
    own = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        other = os.open(NAMESPACES / name, os.O_RDONLY | os.O_CLOEXEC)
        try:
            _enter(other)
        finally:
            os.close(other)
        try:
            yield
        finally:
            _enter(own)
    finally:
        os.close(own)


def _enter(namespace_fd: int) -> None:
    if _libc.setns(namespace_fd, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def open_tun(namespace: str, device: str) -> int:
    """Make the TUN `device` in `namespace`; its packets are read from and written to the descriptor."""
    with inside_namespace(namespace):
        fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        request = struct.pack("16sH22x", device.encode(), IFF_TUN | IFF_NO_PI)
        fcntl.ioctl(fd, TUNSETIFF, request)
    return fd
