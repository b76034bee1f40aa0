"""Why the hub is not to be had, in words for the status page."""

from __future__ import annotations

import ssl

from websockets.exceptions import InvalidHandshake, InvalidStatus

from teleneedle.adapters.link.wire_fields import WireError
from teleneedle.apps.edge.sender_session import RefusedError

NOT_YET_VALID, EXPIRED = 9, 10
"""Codes of OpenSSL's certificate check (X509_V_ERR_CERT_NOT_YET_VALID and _HAS_EXPIRED)."""
FORBIDDEN = frozenset((401, 403))
ALERTS = ("CERTIFICATE_REVOKED", "CERTIFICATE_UNKNOWN", "UNKNOWN_CA", "CERTIFICATE_REQUIRED", "ACCESS_DENIED")

Words = tuple[str, str]
AWAY: Words = (
    "暂时连不上中心，图像已安全存放，将自动续传",
    "the hub cannot be reached; images are safe and go on by themselves",
)
DATES: Words = (
    "中心证书的日期与本机时钟不符，请核对本机时间",
    "the dates of the hub's certificate do not fit this machine's clock: check the time",
)
STRANGER: Words = (
    "对方不是本网关登记的中心，请检查地址或重新登记",
    "this is not the hub that this gateway is enrolled with: check the address, or enrol again",
)
UNWANTED: Words = (
    "中心不接受本网关的证书（可能已被撤销），请联系中心管理员",
    "the hub does not accept this gateway's certificate, which may be revoked: ask its administrator",
)
BLOCKED: Words = (
    "网络不允许 WebSocket 通过，正改用普通 HTTPS",
    "the network does not let WebSockets pass; plain HTTPS is tried",
)
ODD: Words = (
    "中心的应答无法识别，请核对两端的软件版本",
    "the hub's answers are not understood: compare the versions",
)


def is_refusal(error: BaseException) -> bool:
    """Whether the hub was there and does not want this gateway."""
    if isinstance(error, RefusedError):
        return True
    if isinstance(error, InvalidStatus):
        return error.response.status_code in FORBIDDEN
    return any(
        alert in str(one).upper()
        for one in _chain(error)
        if isinstance(one, ssl.SSLError)
        for alert in ALERTS
    )


def is_blocked(error: BaseException) -> bool:
    """Whether TLS worked, and something would not speak WebSocket."""
    is_tls = any(isinstance(one, ssl.SSLError) for one in _chain(error))
    return isinstance(error, InvalidHandshake) and not is_refusal(error) and not is_tls


def why(error: BaseException) -> Words:
    """What to tell, in Chinese and in English."""
    if isinstance(error, RefusedError):
        return error.refused.why_zh, error.refused.why_en
    if is_refusal(error):
        return UNWANTED
    for one in _chain(error):
        if isinstance(one, ssl.SSLCertVerificationError):
            return DATES if one.verify_code in (NOT_YET_VALID, EXPIRED) else STRANGER
    if isinstance(error, WireError):
        return ODD
    return BLOCKED if is_blocked(error) else AWAY


def _chain(error: BaseException | None) -> list[BaseException]:
    found = list[BaseException]()
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
