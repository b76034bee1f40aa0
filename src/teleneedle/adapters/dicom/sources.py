"""Where the bytes come from: a folder, nested folders, one file, or a zip archive read in memory.

Nothing is ever unpacked to disk, so a name inside an archive can reach no other place; names that try are
refused all the same, because no honest archive holds them (CWE-22). Inflating is capped (CWE-409).
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from teleneedle.adapters.decoding.limits import MIB, DecodeLimits
from teleneedle.core.errors import HostileInputError, NotReadableError

ZIP_MAGIC = b"PK\x03\x04"
ARCHIVE_SUFFIXES = (".zip", ".tar", ".gz", ".7z", ".rar")
RATIO_FREE_BYTES = 16 * MIB


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file's bytes.

    Parameters
    ----------
    name : str
        What the user calls it: the path below the chosen folder, or inside the archive.
    path : str
        File to open; empty when `content` holds the bytes.
    content : bytes
        Bytes of an archive member.
    size : int
        Length in bytes.
    """

    name: str
    path: str = ""
    content: bytes = b""
    size: int = 0

    def read(self) -> bytes:
        """All bytes."""
        if not self.path:
            return self.content
        with open(self.path, "rb") as file:
            return file.read(self.size)


def find_sources(path: Path, limits: DecodeLimits) -> list[Source]:
    """Every regular file behind `path`, in name order.

    Raises
    ------
    NotReadableError
        If there is nothing there, or no permission.
    HostileInputError
        If there is more than the limits allow, or an archive that no honest program writes.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            found = list(_walk(path, limits))
        elif stat.S_ISREG(mode):
            found = _open_file(path, limits)
        else:
            raise NotReadableError("this is neither a file nor a folder", where=str(path))
    except (PermissionError, FileNotFoundError) as error:
        raise NotReadableError(
            "there is no such file or folder"
            if isinstance(error, FileNotFoundError)
            else "no permission to read",
            where=str(error.filename or path),
            remedy="check the path and its permissions",
        ) from error
    if not found:
        raise NotReadableError(
            "the folder is empty", where=str(path), remedy="name the folder that holds the CT slices"
        )
    return found


def _walk(folder: Path, limits: DecodeLimits) -> Iterator[Source]:
    count = total = 0
    for where, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            full = os.path.join(where, name)
            try:
                found = os.stat(full)
            except FileNotFoundError:
                continue
            if name.startswith(".") or not stat.S_ISREG(found.st_mode):
                continue
            count, total = count + 1, total + found.st_size
            _require_within(count, found.st_size, total, full, limits)
            yield Source(name=os.path.relpath(full, folder), path=full, size=found.st_size)


def _raise(error: OSError) -> None:
    raise error


def _require_within(count: int, size: int, total: int, where: str, limits: DecodeLimits) -> None:
    if count > limits.files:
        raise HostileInputError(
            f"there are more than {limits.files} files", where=where, remedy="name one series' folder"
        )
    if size > limits.file_bytes or total > limits.total_bytes * 4:
        raise HostileInputError(
            "the input is larger than allowed", where=where, remedy="name one series' folder"
        )


def _open_file(path: Path, limits: DecodeLimits) -> list[Source]:
    size = path.stat().st_size
    _require_within(1, size, size, str(path), limits)
    if size == 0:
        raise NotReadableError("the file is empty", where=str(path), remedy="copy the file again")
    with path.open("rb") as file:
        is_zip = file.read(4) == ZIP_MAGIC
    if is_zip:
        return list(_read_archive(path, limits))
    return [Source(name=path.name, path=str(path), size=size)]


def _read_archive(path: Path, limits: DecodeLimits) -> Iterator[Source]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted((m for m in archive.infolist() if not m.is_dir()), key=lambda m: m.filename)
            total = sum(member.file_size for member in members)
            _require_within(len(members), 0, 0, str(path), limits)
            if total > limits.total_bytes or _is_bomb(total, path.stat().st_size, limits):
                raise _bomb(path.name)
            for member in members:
                source = _read_member(archive, member, path, limits)
                if source is not None:
                    yield source
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError) as error:
        if isinstance(error, (NotReadableError, HostileInputError)):
            raise
        raise NotReadableError(
            f"the zip archive is damaged ({str(error)[:120]})",
            where=path.name,
            remedy="make or copy the archive again",
        ) from error


def _is_bomb(inflated: int, packed: int, limits: DecodeLimits) -> bool:
    return inflated > RATIO_FREE_BYTES and inflated > limits.inflate_ratio * max(packed, 1)


def _bomb(where: str) -> HostileInputError:
    return HostileInputError(
        "the archive inflates to far more than it holds",
        where=where,
        remedy="unpack it yourself and name the folder",
    )


def _read_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, limits: DecodeLimits
) -> Source | None:
    name = member.filename
    where = f"{path.name}: {name[:200]}"
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0]:
        raise HostileInputError(
            "the archive holds a name that points outside it", where=where, remedy="do not use it"
        )
    if stat.S_ISLNK(member.external_attr >> 16):
        raise HostileInputError(
            "the archive holds a link", where=where, remedy="unpack it and name the folder"
        )
    if any(part.startswith((".", "__MACOSX")) for part in parts):
        return None
    if member.flag_bits & 1:
        raise NotReadableError(
            "the archive is encrypted", where=where, remedy="unpack it and name the folder"
        )
    if name.lower().endswith(ARCHIVE_SUFFIXES) and not name.lower().endswith(".nii.gz"):
        raise HostileInputError(
            "the archive holds another archive", where=where, remedy="unpack it and name the folder"
        )
    if _is_bomb(member.file_size, member.compress_size, limits):
        raise _bomb(where)
    with archive.open(member) as stream:
        content = stream.read(min(member.file_size, limits.file_bytes) + 1)
    if len(content) != member.file_size:
        raise HostileInputError(
            "a file in the archive is not as long as declared", where=where, remedy="do not use it"
        )
    if content[:4] == ZIP_MAGIC:
        raise HostileInputError(
            "the archive holds another archive", where=where, remedy="unpack it and name the folder"
        )
    return Source(name=name, content=content, size=len(content))
