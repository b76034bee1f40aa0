"""What a process of its own does with foreign layers: decode, rebuild, compare.

A code stream that brings the decoder down brings down this process, not the hub.
"""

from __future__ import annotations

import resource
from enum import StrEnum

from teleneedle.adapters.compute import end_with_parent
from teleneedle.adapters.kept_memory import keep_freed_memory
from teleneedle.adapters.link.rebuild import Held, UntrueError, check_instance
from teleneedle.core.errors import TeleneedleError

MEMORY_BYTES = 8 << 30
"""Address space of the process: the largest instance several times over."""


class Verdict(StrEnum):
    """What became of a check."""

    SOUND = "sound"
    BROKEN = "broken"
    UNTRUE = "untrue"


def begin() -> None:
    """At the start of the process: an end with its parent's, and a limit on its memory."""
    end_with_parent()
    keep_freed_memory()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def ready() -> None:
    """Nothing: whoever asks waits until the process is up."""


def check(held: Held) -> Verdict:
    """Whether an instance is what its announcement says."""
    try:
        check_instance(held)
    except UntrueError:
        return Verdict.UNTRUE
    except (TeleneedleError, MemoryError, OSError):
        return Verdict.BROKEN
    return Verdict.SOUND
