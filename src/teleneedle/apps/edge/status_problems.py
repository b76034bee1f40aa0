"""What at the gateway needs somebody, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from teleneedle.adapters.link.spool import Usage

NEARLY_FULL = 0.9
CERTIFICATE_DAYS = 30
"""A gateway renews twice as early; so little left means that it could not."""
CLOCK_S = 60.0
SILENT_S = 120.0
PART_NAMES = {"intake": ("接收", "receiving"), "sender": ("发送", "sending"), "status": ("状态页", "status")}


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing to know; a serious one keeps images from coming or going."""

    zh: str
    en: str
    is_serious: bool = False


def find_problems(status: Mapping[str, Any], usage: Usage, *, takes_anybody: bool) -> list[Problem]:
    """The problems in a status, serious ones first."""
    found = [
        *_parts(status),
        *_way(status),
        *_room(usage),
        *_certificate(status),
        *_series(status),
        *_set_aside(status),
    ]
    if takes_anybody:
        found.append(
            Problem(
                zh="任何设备都可以向本网关发送：请在 gateway.toml 中列出允许的设备（AE Title）",
                en="every sender is taken: name those that may send (AE titles) in gateway.toml",
            )
        )
    return sorted(found, key=lambda one: not one.is_serious)


def _parts(status: Mapping[str, Any]) -> Iterator[Problem]:
    for name, part in status["parts"].items():
        if not part["is_running"]:
            zh, en = PART_NAMES.get(name, (name, name))
            yield Problem(
                zh=f"{zh}程序意外结束，正在重新启动；原因见 log/{name}.log",
                en=f"the {en} program ended and is being started again; log/{name}.log says why",
                is_serious=True,
            )


def _way(status: Mapping[str, Any]) -> Iterator[Problem]:
    way = status["way"]
    if way["state"] in ("away", "refused"):
        yield Problem(zh=str(way["why_zh"]), en=str(way["why_en"]), is_serious=True)
    difference = way["clock_difference_s"]
    if difference is not None and abs(difference) > CLOCK_S:
        yield Problem(
            zh=f"本机时钟与平台相差 {abs(difference):.0f} 秒，请校准时间",
            en=f"this machine's clock and the hub's differ by {abs(difference):.0f} s: set the time",
        )


def _room(usage: Usage) -> Iterator[Problem]:
    room = min(usage.quota_bytes - usage.used_bytes, usage.free_bytes - usage.reserve_bytes)
    total = max(usage.used_bytes + max(room, 0), 1)
    if room <= 0:
        yield Problem(
            zh="存放空间已满，暂不接收新图像；已接收的图像不受影响",
            en="there is no room left: no further images are taken; those that came are safe",
            is_serious=True,
        )
    elif usage.used_bytes / total > NEARLY_FULL:
        yield Problem(
            zh=f"存放空间将满，还剩 {room / 1e9:.1f} GB",
            en=f"there is little room left: {room / 1e9:.1f} GB",
        )


def _certificate(status: Mapping[str, Any]) -> Iterator[Problem]:
    days = status["gateway"]["certificate_days"]
    if days is None:
        yield Problem(zh="本网关尚未登记", en="this gateway is not enrolled", is_serious=True)
    elif days < 0:
        yield Problem(
            zh="本网关的证书已过期，请向平台管理员索取登记码并重新登记",
            en="this gateway's certificate has ended: ask the hub's administrator for a code and enrol again",
            is_serious=True,
        )
    elif days < CERTIFICATE_DAYS:
        yield Problem(
            zh=f"本网关的证书还有 {days} 天到期，自动续期未成功",
            en=f"this gateway's certificate ends in {days} days and could not be renewed so far",
        )


def _series(status: Mapping[str, Any]) -> Iterator[Problem]:
    for one in status["series"]:
        who = f"{one.get('patient', '')} {one.get('description', '')}".strip()
        if not one["is_closed"] and _silent_s(one["changed_at"], status["at"]) > SILENT_S:
            yield Problem(
                zh=f"序列可能不完整，已 2 分钟没有新图像：{who}（{one['images']} 幅）",
                en=f"a series may be incomplete, nothing came for 2 minutes: {who} ({one['images']} images)",
            )


def _set_aside(status: Mapping[str, Any]) -> Iterator[Problem]:
    count = len(status["quarantined"])
    if count:
        yield Problem(
            zh=f"有 {count} 幅图像被隔离：编号相同而内容不同，需人工查看",
            en=f"images kept aside: {count}. They have the number of another image but not its content",
        )


def _silent_s(changed_at: str | None, at: str) -> float:
    if changed_at is None:
        return 0.0
    return (datetime.fromisoformat(at) - datetime.fromisoformat(changed_at)).total_seconds()
