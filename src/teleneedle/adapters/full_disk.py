"""A full disk, however it shows: from the kernel, from SQLite, from PostgreSQL, inside another error."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from teleneedle.core.errors import StorageFullError

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
SQLITE_FULL = 13
POSTGRES_FULL = "53100"
MIB = 1 << 20
REMEDY = "ask the administrator to free space, then do it again / 请管理员腾出空间后重试"


def storage_full(error: BaseException) -> StorageFullError | None:
    """The clear error when `error` comes from a full disk; None when it does not."""
    if isinstance(error, StorageFullError):
        return error
    if not any(_is_full(one) for one in _causes(error)):
        return None
    return StorageFullError(
        "the hub's disk is full / 服务器磁盘已满", where=getattr(error, "where", ""), remedy=REMEDY
    )


def require_room(folder: Path, size: int, *, reserve_bytes: int) -> None:
    """Refuse `size` more bytes that would leave less than the reserve, which the case log goes on with.

    Raises
    ------
    StorageFullError
    """
    free = shutil.disk_usage(folder).free
    if reserve_bytes and free - size < reserve_bytes:
        raise StorageFullError(
            "there is no room for more images on the hub's disk / 服务器磁盘空间不足，暂不能接收影像",
            where=f"{free // MIB} MiB free, {size // MIB} MiB wanted, {reserve_bytes // MIB} MiB kept",
            remedy=REMEDY,
        )


def _is_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in FULL:
        return True
    if isinstance(error, sqlite3.Error):
        return (getattr(error, "sqlite_errorcode", 0) & 0xFF) == SQLITE_FULL
    return getattr(error, "sqlstate", None) == POSTGRES_FULL


def _causes(error: BaseException) -> Iterator[BaseException]:
    """`error` and what led to it; SQLAlchemy keeps the driver's error as ``orig``."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__, getattr(one, "orig", None)]
