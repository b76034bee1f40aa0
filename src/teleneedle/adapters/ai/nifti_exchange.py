"""Images to a program of another environment and label maps back, as NIfTI files in a private folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from teleneedle.adapters.nifti import read_volume
from teleneedle.core.errors import InputError, NotReadableError
from teleneedle.core.image import Volume

AGREE_MM = 0.1


def read_answer(path: Path, volume: Volume, *, program: str) -> NDArray[Any]:
    """Voxels of the program's label file, proven to lie on the grid of `volume`.

    Raises
    ------
    NotReadableError
        If the program did not write the file, or it is damaged.
    InputError
        If it lies on another grid: the labels would be at the wrong place.
    """
    if not path.is_file():
        raise NotReadableError(
            f"the program ended without writing {path.name}", where=program, remedy="check its version"
        )
    answer = read_volume(path, frame_of_reference_uid=volume.grid.frame_of_reference_uid)
    if not answer.grid.matches(volume.grid, tolerance_mm=AGREE_MM):
        raise InputError(
            "the program's labels lie on another grid than the image",
            where=f"{program}: {path.name}, {answer.grid.shape} instead of {volume.grid.shape}",
            remedy="check its version and settings",
        )
    return answer.array
