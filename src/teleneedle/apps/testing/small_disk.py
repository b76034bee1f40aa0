"""A disk that really fills up: a small tmpfs, and a file that takes what is free."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BLOCK = bytes(1 << 16)


@dataclass(frozen=True, kw_only=True)
class SmallDisk:
    """The mounted folder."""

    folder: Path

    @contextmanager
    def filled(self, *, but: int = 0) -> Iterator[None]:
        """Nothing but `but` bytes free within the block."""
        ballast = self.folder / "ballast"
        with ballast.open("wb", buffering=0) as out:
            try:
                while True:
                    out.write(BLOCK)
            except OSError:
                out.truncate(max(out.tell() - but, 0))
        try:
            yield
        finally:
            ballast.unlink()


@contextmanager
def small_disk(folder: Path, *, size_mb: int) -> Iterator[SmallDisk]:
    """Mount a tmpfs of `size_mb` at `folder`; needs root.

    Raises
    ------
    PermissionError
        If this process may not mount.
    """
    if os.geteuid() != 0:
        raise PermissionError("mounting a small disk needs root")
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", str(folder)]
    subprocess.run(mount, check=True, capture_output=True)
    try:
        yield SmallDisk(folder=folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True, capture_output=True)
