"""Memory that was freed is not paged in again."""

from __future__ import annotations

import subprocess
import sys

TAKE_AND_FREE = """
import resource
from teleneedle.adapters.kept_memory import keep_freed_memory
{prepare}
def take(): [bytearray(3 << 20) for _ in range(4)]
take()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(50): take()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def page_faults(prepare: str) -> int:
    program = TAKE_AND_FREE.format(prepare=prepare)
    return int(subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout)


def test_freed_memory_stays_with_the_process() -> None:
    pages = 4 * (3 << 20) // 4096
    assert page_faults("") > 25 * pages
    assert page_faults("keep_freed_memory()") < 2 * pages
