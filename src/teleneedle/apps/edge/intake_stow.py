"""STOW-RS at the gateway: a router for the web process; senders have its token or are on this machine.

References
----------
DICOM PS3.18 section 10.5 (store transaction).
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import tempfile
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router

from teleneedle.adapters.dicomweb.multipart import split_related
from teleneedle.adapters.dicomweb.stored import Outcome, Reason, store_answer
from teleneedle.adapters.link.event_log import EventLog
from teleneedle.adapters.link.part10 import split_part10
from teleneedle.adapters.link.spool import Conflict, Duplicate, Kept, Spool
from teleneedle.adapters.link.spool_file import Arrival, Instance, Phase
from teleneedle.core.error_texts.translate import in_chinese
from teleneedle.core.errors import InputError, StorageFullError, TeleneedleError

MAX_BODY_BYTES = 2 << 30
"""Of one request; a sender with more sends it in several."""
Keep = Callable[[Instance], Kept | Duplicate | Conflict]
FULL = 507


def stow_router(
    spool: Spool,
    log: EventLog,
    *,
    token: str = "",
    phase: Phase = "",
    keep: Keep | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Router:
    """``POST /studies`` and ``POST /studies/{study}``.

    Parameters
    ----------
    token : str
        What a sender on another machine gives as ``Authorization: Bearer``; without one, only senders on this
        machine are heard.
    """
    store = _Store(spool, log, token, phase, keep or spool.keep, clock)
    return Router(
        routes=[
            Route("/studies", store, methods=["POST"]),
            Route("/studies/{study}", store, methods=["POST"]),
        ]
    )


class _Store:
    """The transaction, as an ASGI application."""

    def __init__(
        self, spool: Spool, log: EventLog, token: str, phase: Phase, keep: Keep, clock: Callable[[], datetime]
    ) -> None:
        self._spool = spool
        self._log = log
        self._token = token
        self._phase = phase
        self._keep = keep
        self._clock = clock

    async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]  # ASGI's own types
        request = Request(scope, receive)
        response = await self._answer(request)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        peer = request.client.host if request.client else ""
        if not self._is_allowed(request, peer):
            self._log.write("stow-rejected", peer=peer)
            return _problem(401, "需要网关令牌", "the gateway's token is needed")
        kind = request.headers.get("content-type", "")
        is_plain = request.headers.get("content-encoding", "identity") == "identity"
        if not kind.lower().startswith("multipart/related") or not is_plain:
            return _problem(415, "只接受 multipart/related", "only multipart/related is taken")
        with tempfile.TemporaryDirectory(prefix="stow-", dir=self._spool.folder.parent) as folder:
            body = Path(folder) / "body"
            if not await _receive(request.stream(), body):
                return _problem(413, "一次发送的内容过大", "the request is too large")
            arrival = Arrival(via="stow", phase=self._phase, peer=peer)
            study = str(request.path_params.get("study", ""))
            try:
                outcomes = await asyncio.to_thread(self._store, body, kind, arrival, study)
            except TeleneedleError as error:
                return _problem(400, in_chinese(error.what) or error.title_zh, error.what)
        base = str(request.url).split("/studies")[0]
        status, answer = store_answer(outcomes, base)
        is_full = any(one.reason is Reason.NO_SPACE for one in outcomes)
        return JSONResponse(answer, FULL if is_full else status, media_type="application/dicom+json")

    def _is_allowed(self, request: Request, peer: str) -> bool:
        given = request.headers.get("authorization", "")
        if self._token and hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            return True
        if request.headers.get("origin") or request.headers.get("x-forwarded-for"):
            return False  # a browser's page or a proxy is not this machine
        try:
            return ipaddress.ip_address(peer).is_loopback
        except ValueError:
            return False

    def _store(self, body: Path, kind: str, arrival: Arrival, study: str) -> list[Outcome]:
        outcomes, series = [], set()
        with body.open("rb") as file:
            for start, end in split_related(body, kind):
                file.seek(start)
                outcome, series_key = self._store_one(file.read(end - start), arrival, study)
                outcomes.append(outcome)
                series.add(series_key)
        for series_key in series - {""}:
            self._spool.close_series(series_key)
        kept = sum(one.reason is None for one in outcomes)
        self._log.write("stow", peer=arrival.peer, kept=kept, refused=len(outcomes) - kept)
        return outcomes

    def _store_one(self, content: bytes, arrival: Arrival, study: str) -> tuple[Outcome, str]:
        try:
            syntax, dataset = split_part10(content)
            instance = Instance.of(dataset, syntax, arrival, self._clock())
        except InputError as error:
            return Outcome(sop_class="", sop_uid="", reason=Reason.NOT_UNDERSTOOD, comment=error.what), ""
        facts = instance.layout.facts
        names = (facts.sop_class, facts.sop_uid, facts.study_uid, facts.series_uid)
        if study and facts.study_uid != study:
            return _outcome(
                names, Reason.DOES_NOT_MATCH, "检查号与地址不符 another study than the address"
            ), ""
        try:
            outcome = self._keep(instance)
        except StorageFullError as error:
            return _outcome(names, Reason.NO_SPACE, error.what), ""
        except TeleneedleError as error:
            return _outcome(names, Reason.PROCESSING, error.what), ""
        if isinstance(outcome, Conflict):
            return _outcome(names, Reason.DUPLICATE, "同号内容不同 another dataset has this UID"), ""
        return _outcome(names), outcome.entry.series_key


def _outcome(names: tuple[str, str, str, str], reason: Reason | None = None, comment: str = "") -> Outcome:
    sop_class, sop_uid, study_uid, series_uid = names
    return Outcome(
        sop_class=sop_class,
        sop_uid=sop_uid,
        study_uid=study_uid,
        series_uid=series_uid,
        reason=reason,
        comment=comment,
    )


async def _receive(stream: AsyncIterator[bytes], place: Path) -> bool:
    """Write the body to `place`; False when it is larger than allowed."""
    with place.open("xb") as out:
        async for chunk in stream:
            out.write(chunk)
            if out.tell() > MAX_BODY_BYTES:
                return False
    return True


def _problem(status: int, zh: str, en: str) -> JSONResponse:
    body = {"status": status, "title": {"zh": zh, "en": en}}
    return JSONResponse(body, status, media_type="application/problem+json")
