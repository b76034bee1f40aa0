"""Memory of the browser with one large patient open, and what is left after a hundred have been.

A CT of 512 × 512 × 500 with 20 structures in three planes and in 3-D, everything made anew for each opening.
The process that draws the page is measured from outside (``/proc``), its script heap and arrays from inside.
A patient is about 420 MB: a hundredth of each that stayed would show in both. The script engine keeps spare
room after work and gives it back within some 15 s of rest; it is asked to do so before memory is read.
"""

from __future__ import annotations

from typing import Any

from bench.browser import memory_mb, processes_of_kind
from bench.harness import Figure

PATIENT = "512 × 512 × 500, 20 structures, 3 planes and 3-D"
OPENS = 100


def memory_figures(page: Any) -> list[Figure]:
    """Memory with the patient open and growth over `OPENS` opens; `page` shows ``memory.html``."""
    page.evaluate("memoryBench.open()")
    page.evaluate("memoryBench.collect()")
    opened, script, card = renderer_mb(), script_mb(page), gpu_mb()
    page.evaluate("memoryBench.check()")
    page.evaluate("memoryBench.close()")
    closed = [closed_after(page, opens) for opens in (5, OPENS // 2, OPENS // 2)]
    (before, script_before), _, (after, script_after) = closed
    course = ", ".join(f"{private:.0f}" for private, _ in closed)
    return [
        Figure(
            name="open_patient_resident_mb",
            value=opened["resident"],
            unit="MB",
            bar=1000.0,
            against=f"the page's process; {PATIENT}",
        ),
        Figure(
            name="open_patient_peak_mb",
            value=opened["peak"],
            unit="MB",
            bar=1000.0,
            against="the most that was resident while it opened",
        ),
        Figure(
            name="open_patient_private_mb",
            value=opened["private"],
            unit="MB",
            bar=None,
            against="of the resident: shared with no other process",
        ),
        Figure(
            name="open_patient_script_mb",
            value=script,
            unit="MB",
            bar=None,
            against="script heap and array buffers; the CT alone is 262 MB, the label volume 131 MB",
        ),
        Figure(
            name="open_patient_card_mb",
            value=card,
            unit="MB",
            bar=None,
            against="private memory of the process that stands for the graphics card",
        ),
        Figure(
            name="growth_over_100_opens_mb",
            value=after - before,
            unit="MB",
            bar=20.0,
            against=f"private memory of the page's process, closed; after 5, 55 and 105 opens {course} MB",
        ),
        Figure(
            name="growth_over_100_opens_script_mb",
            value=script_after - script_before,
            unit="MB",
            bar=20.0,
            against=f"script heap and array buffers, {script_before:.0f} MB after 5 opens",
        ),
    ]


def closed_after(page: Any, opens: int) -> tuple[float, float]:
    """Private memory of the page's process and its script's, MB, after so many more opens and closes."""
    page.evaluate(f"memoryBench.reopen({opens})")
    page.evaluate("memoryBench.collect()")
    give_back(page)
    return renderer_mb()["private"], script_mb(page)


def give_back(page: Any) -> None:
    """Have the script engine give back its spare room, as it does by itself when the page rests."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.detach()


def renderer_mb() -> dict[str, float]:
    """Memory of the page's process: of those that draw pages, the one that holds the most."""
    return max((memory_mb(pid) for pid in processes_of_kind("renderer")), key=lambda use: use["private"])


def gpu_mb() -> float:
    return sum(memory_mb(pid)["private"] for pid in processes_of_kind("gpu-process"))


def script_mb(page: Any) -> float:
    """Script heap and array buffers of the page, MB."""
    session = page.context.new_cdp_session(page)
    heap = session.send("Runtime.getHeapUsage")
    session.detach()
    return float(heap["usedSize"] + heap["backingStorageSize"]) / 1e6
