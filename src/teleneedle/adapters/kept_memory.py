"""Memory that a process frees stays with it, for work that takes and frees large pieces over and over.

Without it the C library gives every freed slice back to the kernel, and the next one is paged in anew:
a third of the time in which a series is decoded and compared.

References
----------
mallopt(3), M_MMAP_THRESHOLD and M_TRIM_THRESHOLD.
"""

from __future__ import annotations

import ctypes
import sys

M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD = -1, -2, -3
KEPT_BYTES = 256 << 20
"""Free memory at the top of a heap beyond this is given back."""
GROWTH_BYTES = 4 << 20
LARGEST_BYTES = 32 << 20
"""Pieces beyond this have a mapping of their own; the library allows no more."""


def keep_freed_memory() -> None:
    """From now on; nothing happens where the C library is not glibc."""
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    for parameter, value in (
        (M_TRIM_THRESHOLD, KEPT_BYTES),
        (M_TOP_PAD, GROWTH_BYTES),
        (M_MMAP_THRESHOLD, LARGEST_BYTES),
    ):
        mallopt(parameter, value)
