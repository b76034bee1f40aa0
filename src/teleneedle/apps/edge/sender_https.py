"""The way to the hub where WebSockets are blocked: the same messages and parts, as plain HTTPS requests.

A request is answered when its part is durable, so the answer is the acknowledgement; up to four go at once.
"""

from __future__ import annotations

import asyncio
import json
import re
import ssl
from collections import deque
from collections.abc import AsyncIterator

import httpx

from teleneedle.adapters.link import wire
from teleneedle.adapters.link.wire_fields import WireError
from teleneedle.adapters.link.wire_parts import MANIFEST, Part, encode_part
from teleneedle.apps.edge.sender_line import OPEN_S, LineLostError
from teleneedle.apps.edge.sender_plan import SenderPlan

AT_ONCE = 4
ANSWER_S = 30.0
MOST_MESSAGES = 10_000
_SESSION = re.compile(r"[0-9a-f]{32}", re.ASCII)


class HttpsLine:
    """Requests of one session; `heard` asks the hub again and again what it has to say."""

    transport = "https"

    def __init__(self, client: httpx.AsyncClient, session: str, first: list[wire.FromHub]) -> None:
        self._client, self._base = client, f"/link/sessions/{session}"
        self._heard = deque(first)
        self._news = asyncio.Event()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._sent = self._durable = 0
        self._answered: set[int] = set()
        self._error: BaseException | None = None

    async def say(self, message: wire.FromGateway) -> None:
        """Send a message, what was sent before it first; the hello was said when the session was opened."""
        if isinstance(message, wire.Hello):
            return
        if isinstance(message, wire.SeriesEnd):
            await self._drain()
        self._take(await self._ask([wire.encode_control(message)]))

    async def send(self, part: Part) -> None:
        """Send a part while others are under way; a manifest goes alone, so that the hub knows it first."""
        self._raise_if_lost()
        number, self._sent = self._sent, self._sent + 1
        if part.layer == MANIFEST:
            await self._drain()
            await self._put(number, encode_part(part))
            self._take(await self._ask([]))
            return
        await self._slots.acquire()
        task = asyncio.ensure_future(self._put_and_free(number, encode_part(part)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def heard(self) -> AsyncIterator[wire.FromHub]:
        """What the hub says, and what follows from its answers."""
        asking = asyncio.ensure_future(self._keep_asking())
        try:
            while True:
                while self._heard:
                    yield self._heard.popleft()
                self._raise_if_lost()
                self._news.clear()
                await self._news.wait()
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    async def close(self) -> None:
        """Give up what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    async def _keep_asking(self) -> None:
        try:
            while True:
                self._take(await self._ask([]))
        except (httpx.HTTPError, LineLostError, WireError) as error:
            self._lose(error)

    async def _ask(self, said: list[str]) -> list[wire.FromHub]:
        try:
            answer = await self._client.post(f"{self._base}/control", json=said)
        except httpx.HTTPError as error:
            raise LineLostError(str(error)) from error
        _require(answer, 200)
        return _messages(answer.content)

    async def _put_and_free(self, number: int, frame: bytes) -> None:
        try:
            await self._put(number, frame)
        except (LineLostError, WireError) as error:
            self._lose(error)
        finally:
            self._slots.release()

    async def _put(self, number: int, frame: bytes) -> None:
        try:
            _require(await self._client.put(f"{self._base}/parts", content=frame), 204)
        except httpx.HTTPError as error:
            raise LineLostError(str(error)) from error
        self._answered.add(number)
        while self._durable in self._answered:
            self._answered.remove(self._durable)
            self._durable += 1
        self._take([wire.Ack(parts=self._durable)])

    async def _drain(self) -> None:
        await asyncio.gather(*self._tasks)
        self._raise_if_lost()

    def _take(self, messages: list[wire.FromHub]) -> None:
        self._heard.extend(messages)
        self._news.set()

    def _lose(self, error: BaseException) -> None:
        self._error = self._error or error
        self._news.set()

    def _raise_if_lost(self) -> None:
        if isinstance(self._error, WireError):
            raise self._error
        if self._error:
            raise LineLostError(str(self._error)) from self._error


async def open_https(plan: SenderPlan, context: ssl.SSLContext, hello: wire.Hello) -> HttpsLine:
    """Open a session at the hub.

    Raises
    ------
    LineLostError
        If the hub cannot be reached, or opens none.
    """
    client = httpx.AsyncClient(
        base_url=f"https://{plan.origin}",
        verify=context,
        timeout=httpx.Timeout(ANSWER_S, connect=OPEN_S),
        trust_env=False,
    )
    try:
        answer = await client.post("/link/sessions", content=wire.encode_control(hello))
        _require(answer, 200)
        opened = json.loads(answer.content)
        if not _SESSION.fullmatch(str(opened["session"])):
            raise WireError("a session has no name")
        return HttpsLine(client, opened["session"], _messages(json.dumps(opened["messages"]).encode()))
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        await client.aclose()
        raise LineLostError(str(error)) from error
    except BaseException:
        await client.aclose()
        raise


def _require(answer: httpx.Response, status: int) -> None:
    if answer.status_code != status:
        raise LineLostError(f"the hub answers {answer.status_code}")


def _messages(content: bytes) -> list[wire.FromHub]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        raise WireError("a message is no JSON") from None
    if not isinstance(said, list) or len(said) > MOST_MESSAGES:
        raise WireError("a message is of no known kind")
    return [wire.decode_from_hub(str(one)) for one in said]
