"""How much an input may ask of this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

MIB = 1024 * 1024
GIB = 1024 * MIB


@dataclass(frozen=True, kw_only=True)
class DecodeLimits:
    """Limits of one decoding, well above any honest CT and below what harms a small machine.

    Parameters
    ----------
    memory_bytes : int
        Address space of the child (RLIMIT_AS); voxels included.
    cpu_s, wall_s : float
        Processor and elapsed time of the child, s.
    voxels : int
        Voxels of one volume; 2048 slices of 512 × 512 is 537 million.
    frame_pixels : int
        Rows × columns of one slice.
    files : int
        Files looked at in a folder or archive.
    file_bytes, total_bytes : int
        Size of one file, and of everything read or inflated together.
    inflate_ratio : int
        Output over input of a compressed stream larger than 16 MiB; CT deflates by 2 to 20.
    sequence_depth : int
        Nesting of DICOM sequences; the standard's deepest objects use about ten.
    """

    memory_bytes: int = 6 * GIB
    cpu_s: float = 120.0
    wall_s: float = 120.0
    voxels: int = 1_000_000_000
    frame_pixels: int = 4096 * 4096
    files: int = 20_000
    file_bytes: int = 2 * GIB
    total_bytes: int = 4 * GIB
    inflate_ratio: int = 200
    sequence_depth: int = 32

    def to_json(self) -> dict[str, float]:
        """Plain numbers by name."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, float]) -> DecodeLimits:
        """Limits from `to_json`."""
        return cls(**dict(values))  # type: ignore[arg-type]  # checked JSON


DEFAULT_LIMITS = DecodeLimits()
