"""The gateway's sending process: empties the spool towards the hub, for as long as it takes.

What lies in the spool is the truth; nothing leaves it but by a receipt that the hub signed, or to quarantine.
"""

from __future__ import annotations

import asyncio
import signal
import ssl
import time
from contextlib import suppress

from websockets.exceptions import WebSocketException

import teleneedle
from teleneedle.adapters.certificates.gateway_identity import GatewayIdentity
from teleneedle.adapters.certificates.signatures import sign, verify
from teleneedle.adapters.link import wire
from teleneedle.adapters.link.outgoing import Outgoing
from teleneedle.adapters.link.signatures import end_text, receipt_text
from teleneedle.adapters.link.spool import Spool
from teleneedle.adapters.link.wire_fields import WireError
from teleneedle.adapters.link.wire_parts import LARGEST_PAYLOAD
from teleneedle.apps.edge.sender_arrivals import Arrivals
from teleneedle.apps.edge.sender_cargo import Cargo, SeriesState
from teleneedle.apps.edge.sender_coding import Coders
from teleneedle.apps.edge.sender_https import open_https
from teleneedle.apps.edge.sender_line import Line, LineLostError, open_websocket
from teleneedle.apps.edge.sender_plan import SenderPlan
from teleneedle.apps.edge.sender_report import Report
from teleneedle.apps.edge.sender_session import STALL_S, Rate, Session, StalledError, clock
from teleneedle.apps.edge.sender_words import is_blocked, is_refusal, why
from teleneedle.core.errors import NotReadableError

RETRY_S = (0.2, 5.0)
REPORT_S = 0.5
BLOCKED_AFTER = 3
"""Upgrades that fail while TLS works, until the way over plain HTTPS is taken."""
LOST = (OSError, TimeoutError, ssl.SSLError, WebSocketException, LineLostError, WireError, NotReadableError)
"""Ways in which a connection ends; after each another one is tried."""
SOFTWARE = f"teleneedle {teleneedle.__version__}"


class Sender:
    """One gateway's way to its hub."""

    def __init__(self, plan: SenderPlan) -> None:
        self.plan = plan
        self.identity = GatewayIdentity(folder=plan.folder / "identity")
        self.spool = Spool(plan.folder, quota_bytes=plan.quota_bytes, reserve_bytes=plan.reserve_bytes)
        self.cargo = Cargo(Outgoing())
        self.report = Report(folder=plan.folder)
        self._rate = Rate(plan.line_mbit_s)
        self._coders = Coders(plan, self.cargo, mbit_s=lambda: self._rate.line_mbit_s, on_coded=self._wake)
        self._arrivals = Arrivals(self.spool, self.cargo, self._coders.wake)
        self._session: Session | None = None
        self._times_blocked = 0
        self._stall_s = STALL_S[0]

    async def run(self) -> None:
        """Until cancelled."""
        works = (self._arrivals.run(), self._coders.run(), self._stay_connected(), self._keep_reporting())
        tasks = [asyncio.ensure_future(work) for work in works]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._write_report()
            self.spool.close()

    async def _stay_connected(self) -> None:
        wait_s = RETRY_S[0]
        while True:
            started = time.monotonic()
            try:
                await self._connect_once()
            except LOST as error:
                self._note_lost(error)
            if self._session and self._session.welcome and time.monotonic() - started > RETRY_S[1]:
                wait_s = RETRY_S[0]
            self._session = None
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, RETRY_S[1])

    async def _connect_once(self) -> None:
        if not self.identity.is_enrolled:
            raise NotReadableError("this gateway is not enrolled", remedy="run teleneedle edge enrol")
        line = await self._open()
        try:
            self._session = Session(
                line,
                self.cargo,
                hello=self._hello,
                sign_end=self._sign_end,
                on_answer=self._take_answer,
                on_welcome=self._note_connected,
                on_heard=self._coders.wake,
                rate=self._rate,
                quiet_s=self.plan.quiet_s,
                open_quiet_s=self.plan.open_quiet_s,
                stall_s=self._stall_s,
            )
            await self._session.run()
        finally:
            await line.close()

    async def _open(self) -> Line:
        context = self.identity.client_context()
        if self._times_blocked < BLOCKED_AFTER:
            return await open_websocket(self.plan, context)
        self._times_blocked = BLOCKED_AFTER - 1  # the usual way is tried again when this one ends
        return await open_https(self.plan, context, self._hello())

    def _hello(self) -> wire.Hello:
        return wire.Hello(
            version=wire.VERSION, gateway=self.identity.gateway_id, software=SOFTWARE, clock=clock()
        )

    def _note_connected(self, session: Session) -> None:
        way = self.report.way
        way.state, way.why_zh, way.why_en = "connected", "", ""
        way.transport, way.clock_difference_s = session.line.transport, round(session.clock_difference_s, 3)
        way.hub = session.welcome.hub if session.welcome else ""
        if way.transport == "websocket":
            self._times_blocked = 0

    def _note_lost(self, error: BaseException) -> None:
        self._times_blocked += is_blocked(error)
        if isinstance(error, StalledError) and self._session:
            is_too_slow = self._session.bytes_durable < LARGEST_PAYLOAD
            self._stall_s = min(2 * self._stall_s, STALL_S[1]) if is_too_slow else STALL_S[0]
        way = self.report.way
        way.state, way.transport = "refused" if is_refusal(error) else "away", ""
        way.why_zh, way.why_en = why(error)

    def _sign_end(self, series: SeriesState) -> wire.SeriesEnd:
        """All that this gateway ever had of the series: what waits, and what the hub has acknowledged."""
        known = {
            (str(sop), str(sha))
            for receipt in self.spool.receipts.of(series.uid)
            for sop, sha in receipt["instances"]
        }
        known |= {self.cargo.shipments[handle].identity for handle in series.handles}
        instances = tuple(sorted(known))
        signature = sign(self.identity.key_path, end_text(series.uid, instances))
        return wire.SeriesEnd(series_uid=series.uid, instances=instances, signature=signature)

    async def _take_answer(self, message: wire.Receipt | wire.Quarantined) -> None:
        if isinstance(message, wire.Quarantined):
            shipment = self.cargo.shipments.get(message.handle)
            if shipment:
                with suppress(NotReadableError):
                    await asyncio.to_thread(self.spool.quarantine, shipment.spooled.key)
                self.cargo.set_aside(message.handle)
            return
        self._require_signed(message)
        handles = self.cargo.handles_of(message.series_uid, frozenset(message.instances))
        keys = [self.cargo.shipments[handle].spooled.key for handle in handles]
        await asyncio.to_thread(self._keep_receipt, message, keys)
        for handle in handles:
            self.cargo.note_receipted(handle)

    def _require_signed(self, receipt: wire.Receipt) -> None:
        content = receipt_text(receipt.series_uid, receipt.at, receipt.instances)
        authority = self.identity.authority_pem()
        if not verify(receipt.certificate, authority, content, receipt.signature, purpose="hub"):
            raise WireError("a receipt is not signed by the hub")

    def _keep_receipt(self, receipt: wire.Receipt, keys: list[str]) -> None:
        kept = {
            "instances": [list(one) for one in receipt.instances],
            "at": receipt.at,
            "signature": receipt.signature,
            "certificate": receipt.certificate,
        }
        self.spool.save_receipt(receipt.series_uid, kept)
        for key in keys:
            self.spool.drop(key)

    async def _keep_reporting(self) -> None:
        while True:
            self._rate.note_backlog(time.monotonic(), has_backlog=any(self.cargo.outgoing.order()))
            self._write_report()
            self._coders.look_for_more()
            await asyncio.sleep(REPORT_S)

    def _write_report(self) -> None:
        now = time.monotonic()
        self.report.write(self.cargo, rate_bytes_per_s=self._rate.per_s(now), now=now)

    def _wake(self) -> None:
        self._coders.wake()
        if self._session:
            self._session.wake()


async def serve(plan: SenderPlan) -> None:
    """Send until SIGTERM or SIGINT."""
    work = asyncio.ensure_future(Sender(plan).run())
    for sign_to_end in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign_to_end, work.cancel)
    with suppress(asyncio.CancelledError):
        await work


def run_sender(plan: SenderPlan) -> None:
    """The sending process from its start to its end."""
    asyncio.run(serve(plan))
