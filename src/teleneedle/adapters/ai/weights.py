"""Hashes of weights, and the administrator's record of which weights may be loaded.

nnU-Net checkpoints are pickles: loading one runs what it contains. So a folder is used only when its hash
stands in an approval file that nobody but its owner can write. ``python -m teleneedle.adapters.ai.weights
FOLDER…`` prints the hash to enter there.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from teleneedle.core.errors import InputError, NotReadableError

CHUNK_BYTES = 1 << 20
FOREIGN_WRITE = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, kw_only=True)
class Approval:
    """One line of the approval file: these weights, under this licence, approved by this person."""

    sha256: str
    licence: str
    approved_by: str


def file_sha256(path: Path) -> str:
    """SHA-256 of one file, read in pieces.

    Raises
    ------
    NotReadableError
        If it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
    except OSError as error:
        raise NotReadableError(
            f"the weights cannot be read ({error.strerror})", where=str(path), remedy="check the folder"
        ) from error
    return digest.hexdigest()


def folder_sha256(folders: Iterable[Path]) -> str:
    """SHA-256 over names and contents of every file in `folders`, in sorted order.

    Raises
    ------
    NotReadableError
        If a folder is missing, empty, or contains a link (a link could point elsewhere tomorrow).
    """
    digest = hashlib.sha256()
    for folder in sorted(folders, key=lambda f: f.name):
        files = _files_of(folder)
        for path in files:
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            digest.update(f"{file_sha256(path)}  {name}\n".encode())
    return digest.hexdigest()


def _files_of(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise NotReadableError(
            "the weights folder is missing", where=str(folder), remedy="install the weights"
        )
    found = []
    for parent, folders, names in os.walk(folder):
        for name in (*folders, *names):
            if (Path(parent) / name).is_symlink():
                raise NotReadableError(
                    "the weights folder contains a link",
                    where=str(Path(parent) / name),
                    remedy="replace the link by the file itself",
                )
        found += [Path(parent) / name for name in names]
    if not found:
        raise NotReadableError("the weights folder is empty", where=str(folder), remedy="install the weights")
    return sorted(found)


def require_approved(sha256: str, approval_file: Path, *, where: Path) -> Approval:
    """The approval of weights with this hash.

    Raises
    ------
    NotReadableError
        If the approval file is missing or is not valid.
    InputError
        If others than its owner can write it, or the hash does not stand in it.
    """
    for approval in _read_approvals(approval_file):
        if approval.sha256 == sha256:
            return approval
    raise InputError(
        f"these weights are not approved (sha256 {sha256})",
        where=str(where),
        remedy=f"if they are what you installed, let the administrator enter the hash in {approval_file}",
    )


def _read_approvals(path: Path) -> list[Approval]:
    try:
        with path.open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            content = tomllib.load(stream)
    except (OSError, ValueError) as error:
        raise NotReadableError(
            f"the file of approved weights cannot be read ({error})",
            where=str(path),
            remedy="see docs/how-to/ai-engines.md",
        ) from error
    if mode & FOREIGN_WRITE:
        raise InputError(
            "others than its owner can write the file of approved weights",
            where=str(path),
            remedy=f"chmod go-w {path}",
        )
    rows = content.get("approved", [])
    if not isinstance(rows, list):
        raise NotReadableError("'approved' must be a list of tables", where=str(path))
    return [_approval(row, path) for row in rows]


def _approval(row: Any, path: Path) -> Approval:
    fields = {
        name: row.get(name) if isinstance(row, dict) else None
        for name in ("sha256", "licence", "approved_by")
    }
    for name, value in fields.items():
        if not isinstance(value, str) or not value.strip():
            raise NotReadableError(
                f"an approved row has no {name}", where=str(path), remedy="enter it as text"
            )
    return Approval(
        sha256=str(fields["sha256"]).lower(),
        licence=str(fields["licence"]),
        approved_by=str(fields["approved_by"]),
    )


if __name__ == "__main__":
    print(folder_sha256([Path(name) for name in sys.argv[1:]]))
