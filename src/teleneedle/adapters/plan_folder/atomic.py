"""Write a folder whole or not at all: a temporary sibling, then one rename."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from teleneedle.core.errors import OutputError

MARKER = ".teleneedle"
"""A file in every folder we write; a folder without it is never replaced."""


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """Yield a temporary folder that becomes `out` when the block ends without an error.

    An existing plan folder at `out` is replaced only then; on any error, cancellation included, the
    temporary folder is removed and what stood at `out` stays as it was.

    Raises
    ------
    OutputError
        If the place cannot be written, is full, or holds files that no command of ours wrote.
    """
    _refuse_foreign(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".partial", dir=out.parent))
    except OSError as error:
        raise _output_error(out, error) from error
    try:
        yield staging
        _swap(staging, out)
    except OSError as error:
        shutil.rmtree(staging, ignore_errors=True)
        if isinstance(error, OutputError) or not _is_about_place(error):
            raise
        raise _output_error(out, error) from error
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def _refuse_foreign(out: Path) -> None:
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise OutputError("the output is not a folder", where=str(out), remedy="name a new folder with --out")
    if out.is_dir() and any(out.iterdir()) and not (out / MARKER).is_file():
        raise OutputError(
            "the output folder holds other files",
            where=str(out),
            remedy="name a new or empty folder with --out",
        )


def _swap(staging: Path, out: Path) -> None:
    (staging / MARKER).write_text("written by teleneedle; this folder may be replaced as a whole\n")
    staging.chmod(0o755)
    for path in staging.rglob("*"):
        if path.is_file():
            _fsync(path)
    previous = None
    if out.is_dir():
        previous = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".previous", dir=out.parent))
        previous.rmdir()
        os.rename(out, previous)
    os.rename(staging, out)
    _fsync(out.parent)
    if previous is not None:
        shutil.rmtree(previous, ignore_errors=True)


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_about_place(error: OSError) -> bool:
    return error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EPERM, errno.EIO}


def _output_error(out: Path, error: OSError) -> OutputError:
    return OutputError(
        f"the output folder cannot be written: {error.strerror or error}",
        where=str(out),
        remedy="choose a place with room and write permission",
    )
