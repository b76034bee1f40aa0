"""Errors as RFC 9457 problem documents, titles in both languages."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from teleneedle.adapters.full_disk import storage_full
from teleneedle.apps.hub.invalid_texts import invalid_in_chinese
from teleneedle.core.error_texts.translate import (
    in_chinese,
    in_english,
    is_chinese,
    line_in_chinese,
    place_in_chinese,
)
from teleneedle.core.errors import TeleneedleError

STATUS: Mapping[str, int] = {
    "sign-in-required": 401,
    "sign-in-failed": 401,
    "totp-required": 401,
    "forbidden": 403,
    "not-allowed": 403,
    "not-found": 404,
    "conflict": 409,
    "review-required": 409,
    "approval-blocked": 409,
    "no-safe-path": 409,
    "precondition-failed": 412,
    "too-large": 413,
    "unsupported-media": 415,
    "precondition-required": 428,
    "too-many": 429,
    "output": 507,
    "storage-full": 507,
    "limit-exceeded": 503,
    "station": 502,
}
"""Status of each error code; every other error of the product is 422: what was sent cannot be used."""

TITLES: Mapping[int, tuple[str, str]] = {
    400: ("请求无法解析", "the request cannot be understood"),
    401: ("请先登录", "sign in first"),
    403: ("没有权限", "not permitted"),
    404: ("找不到", "not found"),
    405: ("不支持此操作", "method not allowed"),
    409: ("与现状冲突", "conflict"),
    406: ("无法按所求格式提供", "not available in the form asked for"),
    412: ("已被他人修改", "somebody was faster"),
    413: ("内容过大", "too large"),
    415: ("不支持的内容类型", "unsupported kind of content"),
    422: ("请求内容有误", "the request cannot be used"),
    429: ("尝试过于频繁", "too many attempts"),
    500: ("服务器内部错误", "something went wrong in the hub"),
    502: ("对方未能完成", "the other side did not do it"),
}
log = logging.getLogger("teleneedle.hub")


class HubProblem(TeleneedleError):
    """A request was refused."""

    code = "forbidden"

    def __init__(
        self, code: str, zh: str, en: str, *, detail: str = "", where: str = "", remedy: str = "", **more: Any
    ) -> None:
        super().__init__(detail or en, where=where, remedy=remedy)
        self.code = code  # type: ignore[misc] # one class for every code a route refuses with
        self.titles = (zh, en)
        self.more = more


def not_found(where: str = "") -> HubProblem:
    """There is no such thing, or nothing that this person may know of."""
    return HubProblem("not-found", "找不到，或您无权查看", "not found, or not yours to see", where=where)


def problem_document(error: TeleneedleError) -> dict[str, Any]:
    """`error` as a problem document: `detail`, `where` and `remedy` in English, `…_zh` in Chinese."""
    status = STATUS.get(error.code, 422)
    doc = (type(error).__doc__ or "").strip().splitlines()[0].rstrip(".")
    zh, en = error.titles if isinstance(error, HubProblem) else (error.title_zh, doc)
    more = error.more if isinstance(error, HubProblem) else {}
    said = zh if error.what == en else in_chinese(error.what) or zh
    return {
        "type": f"urn:teleneedle:problem:{error.code}",
        "title": {"zh": zh, "en": en},
        "status": status,
        "detail": "\n".join((in_english(error.what), *lines_in(error.details, "en"))),
        "detail_zh": "\n".join((said, *lines_in(error.details, "zh"))),
        "where": error.where,
        "where_zh": place_in_chinese(error.where),
        "remedy": in_english(error.remedy),
        "remedy_zh": in_chinese(error.remedy) or "",
        **more,
    }


def lines_in(details: Sequence[str], language: Literal["zh", "en"]) -> list[str]:
    """Further lines of an error in one language; a line that is not known in it stays as it is.

    Where each line is followed by itself in the other language, only one of the two is shown.
    """
    marks = [is_chinese(line) for line in details]
    is_paired = len(details) % 2 == 0 and marks == [True, False] * (len(details) // 2)
    if is_paired:
        return list(details[0 if language == "zh" else 1 :: 2])
    return [in_english(line) if language == "en" else line_in_chinese(line) for line in details]


def problem_response(error: TeleneedleError) -> JSONResponse:
    """`error` as an answer."""
    return _respond(problem_document(error))


def _respond(document: Mapping[str, Any]) -> JSONResponse:
    return JSONResponse(document, status_code=document["status"], media_type="application/problem+json")


def _plain(
    status: int, detail: str = "", detail_zh: str = "", where: str = "", code: str = ""
) -> JSONResponse:
    zh, en = TITLES.get(status, TITLES[500])
    return _respond(
        {
            "type": f"urn:teleneedle:problem:{code or status}",
            "title": {"zh": zh, "en": en},
            "status": status,
            "detail": detail,
            "detail_zh": detail_zh or zh,
            "where": where,
            "where_zh": where,
            "remedy": "",
            "remedy_zh": "",
        }
    )


def install_problems(app: FastAPI) -> None:
    """Answer every failure of `app` with a problem document; nothing of the inside is shown."""

    @app.exception_handler(TeleneedleError)
    async def _refused(_request: Request, error: TeleneedleError) -> JSONResponse:
        return problem_response(error)

    @app.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = "/".join(str(part) for part in first.get("loc", ()))
        detail_zh = invalid_in_chinese(str(first.get("type", "")), first.get("ctx") or {})
        return _plain(422, str(first.get("msg", "")), detail_zh, where, "invalid")

    @app.exception_handler(HTTPException)
    async def _http(_request: Request, error: HTTPException) -> JSONResponse:
        response = _plain(error.status_code, str(error.detail))
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(Exception)
    async def _unexpected(request: Request, error: Exception) -> JSONResponse:
        full = storage_full(error)
        if full is not None:
            log.error("the disk is full")
            return problem_response(full)
        route = request.scope.get("route")
        log.error("unexpected %s in %s", type(error).__name__, getattr(route, "path", "?"), exc_info=error)
        return _plain(500)
