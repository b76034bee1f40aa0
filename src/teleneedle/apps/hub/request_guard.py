"""What no honest request holds is refused at the door: NUL, lone surrogates, no UTF-8, huge JSON."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from teleneedle.apps.hub.problems import HubProblem, problem_response

MAX_JSON_BYTES = 8 << 20
"""Twice the largest honest body: 20,000 file names of an upload."""
SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


class RequestGuard:
    """ASGI middleware: texts that reach a route can be stored by every database and sent back as UTF-8."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 422 or 413, or hand the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            require_text(scope["path"].encode("utf-8", "surrogatepass"), "path")
            require_text(unquote_to_bytes(scope["query_string"]), "query")
            if is_json(Headers(scope=scope).get("content-type", "")):
                receive = await _checked(receive)
        except HubProblem as problem:
            await problem_response(problem)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def is_json(content_type: str) -> bool:
    """Whether a body is read as JSON (RFC 8259, RFC 6839)."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def require_text(content: bytes, where: str) -> None:
    """Refuse bytes that are no UTF-8 or hold NUL.

    Raises
    ------
    HubProblem
        invalid
    """
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        raise _not_text(where) from None
    if b"\x00" in content:
        raise _not_text(where)


def require_clean_json(content: bytes) -> None:
    """Refuse JSON with a NUL or a lone surrogate in any of its texts.

    Raises
    ------
    HubProblem
        invalid
    """
    require_text(content, "body")
    if not SUSPECT.search(content):
        return
    try:
        is_clean = _is_clean(json.loads(content))
    except (ValueError, RecursionError):
        is_clean = False
    if not is_clean:
        raise _not_text("body")


def _is_clean(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_is_clean(key) and _is_clean(inner) for key, inner in value.items())
    if isinstance(value, list):
        return all(_is_clean(inner) for inner in value)
    return not isinstance(value, str) or ("\x00" not in value and not re.search("[\ud800-\udfff]", value))


def _not_text(where: str) -> HubProblem:
    return HubProblem(
        "invalid",
        "含有无法保存的字符",
        "the request holds characters that are no text",
        where=where,
        remedy="send UTF-8 without NUL",
    )


async def _checked(receive: Receive) -> Receive:
    """The whole body, checked, as one message; what comes after it is handed on."""
    content = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return _first(message, receive)
        content += message.get("body", b"")
        if len(content) > MAX_JSON_BYTES:
            raise HubProblem("too-large", "请求内容过大", "the request is too large", where="body")
        if not message.get("more_body", False):
            break
    require_clean_json(bytes(content))
    return _first({"type": "http.request", "body": bytes(content), "more_body": False}, receive)


def _first(message: Message, receive: Receive) -> Receive:
    held: list[Message] = [message]

    async def again() -> Message:
        return held.pop() if held else await receive()

    return again
