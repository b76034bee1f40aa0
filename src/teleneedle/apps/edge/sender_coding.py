"""Coding of instances in threads, in the order in which they will be sent, as far as memory allows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from teleneedle.adapters.link.codec import Coded, Coding, Packing, encode_instance, pack_instance
from teleneedle.adapters.link.dataset_layout import Layout
from teleneedle.apps.edge.sender_cargo import Cargo, Shipment
from teleneedle.apps.edge.sender_plan import SenderPlan

SLOW_MBIT_S = 45.0
"""Below this packing is worth its time: see docs/reference/image-link.md for what was measured."""
PACKINGS = ((Packing("jxl", 4), 8.0), (Packing("jls"), 60.0))
"""The smallest first, and raw MB/s that one thread codes with each."""
RATIO = 3.2
"""Of raw to coded bytes, about; a line of 1 MB/s wants so many raw MB/s."""
SPARE = 1.3
"""How much faster than the line the coders have to be."""
PLAIN = Coding()
SLOW_SKIPS = (4, 4)
"""On a slow line a first picture of 1/16, and then each slice at once."""

Code = Callable[[memoryview, Layout], Coded]
"""A dataset and its layout, coded."""


class Coders:
    """As many workers as there are threads; each codes whatever is to be sent next.

    Parameters
    ----------
    mbit_s : function
        What the line carries, as far as it is known; None while it is not.
    on_coded : function
        Called when something new can be sent.
    """

    def __init__(
        self,
        plan: SenderPlan,
        cargo: Cargo,
        *,
        mbit_s: Callable[[], float | None],
        on_coded: Callable[[], None],
    ) -> None:
        self._plan, self._cargo = plan, cargo
        self._mbit_s, self._on_coded = mbit_s, on_coded
        self._shrinking_s = 0.1
        self._wake = asyncio.Event()
        self._pool = ThreadPoolExecutor(plan.threads, thread_name_prefix="coder")

    def wake(self) -> None:
        """Something arrived, or memory became free."""
        if self._cargo.has_to_code():
            self._wake.set()

    def look_for_more(self) -> None:
        """Some time has passed: perhaps something can be coded smaller."""
        self._wake.set()

    async def run(self) -> None:
        """Code until cancelled."""
        try:
            await asyncio.gather(*(self._work() for _ in range(self._plan.threads)))
        finally:
            self._pool.shutdown(wait=False, cancel_futures=True)

    async def _work(self) -> None:
        while True:
            found = (self._coding() or self._packing()) if self._has_room() else None
            if found is None:
                self._wake.clear()
                await self._wake.wait()
            else:
                await self._code(*found)

    def _has_room(self) -> bool:
        return self._cargo.coded_bytes < self._plan.memory_bytes

    def _packing(self) -> tuple[Shipment, Code] | None:
        packing = packing_for(self._mbit_s(), self._plan.threads)
        shipment = self._cargo.next_to_shrink(self._lead_bytes()) if packing else None
        if shipment and shipment.coded and packing:
            return shipment, partial(pack_instance, before=shipment.coded, packing=packing)
        return None

    def _coding(self) -> tuple[Shipment, Code] | None:
        shipment = self._cargo.next_to_code()
        if shipment is None:
            return None
        usual = Coding(skips=SLOW_SKIPS) if packing_for(self._mbit_s(), self._plan.threads) else PLAIN
        return shipment, partial(encode_instance, coding=shipment.coding(usual))

    def _lead_bytes(self) -> float:
        """What the line takes while an instance is packed, twice over."""
        return 2 * self._shrinking_s * (self._mbit_s() or 0.0) * 1e6 / 8

    async def _code(self, shipment: Shipment, code: Code) -> None:
        loop, started, is_coding = asyncio.get_running_loop(), time.monotonic(), shipment.is_coding
        try:
            coded = await loop.run_in_executor(self._pool, _coded, shipment, code)
        except FileNotFoundError:
            self._cargo.give_up(shipment.handle)
            return
        if is_coding:
            self._cargo.take_coded(shipment.handle, coded)
        else:
            self._shrinking_s += (time.monotonic() - started - self._shrinking_s) / 4
            self._cargo.take_smaller(shipment.handle, coded)
        self._on_coded()


def _coded(shipment: Shipment, code: Code) -> Coded:
    spooled = shipment.spooled
    dataset = memoryview(spooled.path.read_bytes())[spooled.dataset_start :]
    return code(dataset, spooled.layout)


def packing_for(mbit_s: float | None, threads: int) -> Packing | None:
    """The smallest packing with which these threads keep ahead of the line; None for none.

    Examples
    --------
    >>> [packing_for(rate, 2) for rate in (10.0, 40.0, 100.0, None)]
    [Packing(codec='jxl', effort=4), Packing(codec='jls', effort=0), None, None]
    """
    if mbit_s is None or mbit_s >= SLOW_MBIT_S or threads < 2:
        return None
    wanted = mbit_s / 8 * RATIO * SPARE
    return next((packing for packing, speed in PACKINGS if speed * threads >= wanted), None)
