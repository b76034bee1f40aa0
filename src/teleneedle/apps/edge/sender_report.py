"""What the sender is doing, as a small JSON file beside the spool: the gateway's status page shows it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from teleneedle.adapters.link.outgoing_item import Item
from teleneedle.apps.edge.sender_cargo import Cargo, SeriesState

NAME = "sender.json"
CLOCK_LIMIT_S = 60.0


@dataclass(kw_only=True)
class Way:
    """How the way to the hub is: ``starting``, ``connecting``, ``connected``, ``away`` or ``refused``."""

    state: str = "starting"
    why_zh: str = ""
    why_en: str = ""
    transport: str = ""
    hub: str = ""
    clock_difference_s: float | None = None


@dataclass(kw_only=True)
class Report:
    """Writes ``sender.json`` when it differs from what was written before."""

    folder: Path
    way: Way = field(default_factory=Way)
    _written: str = ""

    def write(self, cargo: Cargo, *, rate_bytes_per_s: float, now: float) -> None:
        """Write the file anew, all or nothing; a full disk leaves the old one."""
        wall = datetime.now(UTC)
        series = [self._series(cargo, one, wall, now) for one in cargo.series.values()]
        content = {
            **asdict(self.way),
            "rate_bytes_per_s": round(rate_bytes_per_s),
            "bytes_waiting": sum(one["bytes"] - one["bytes_durable"] for one in series),
            "series": series,
        }
        text = json.dumps(content, ensure_ascii=False)
        if text == self._written:
            return
        part = self.folder / f".{NAME}"
        try:
            part.write_text(json.dumps({"at": wall.isoformat(), **content}, ensure_ascii=False), "utf-8")
            os.replace(part, self.folder / NAME)
            self._written = text
        except OSError:
            part.unlink(missing_ok=True)

    def _series(self, cargo: Cargo, series: SeriesState, wall: datetime, now: float) -> dict[str, Any]:
        members = [cargo.shipments[handle] for handle in series.handles]
        items: list[Item] = [
            cargo.outgoing.item(one.handle) for one in members if one.handle in cargo.outgoing
        ]
        facts = members[0].spooled.facts
        total = sum(one.size for one in members)
        waiting = sum(item.bytes_to_go() for item in items)
        zh, en = self._stuck(cargo, series)
        return {
            "series_key": series.key,
            "series_uid": series.uid,
            "modality": facts.modality,
            "phase": members[0].spooled.arrival.phase,
            "is_urgent": cargo.outgoing.is_urgent(series.uid),
            "arrived": series.arrived,
            "coded": sum(one.entry is not None for one in members),
            "verified": series.verified,
            "receipted": series.receipted,
            "quarantined": series.quarantined,
            "bytes": total,
            "bytes_durable": total - waiting,
            "is_closed": series.is_closed,
            "started_at": _wall(wall, now - series.started_at),
            "changed_at": _wall(wall, now - series.changed_at),
            "stuck_zh": zh,
            "stuck_en": en,
        }

    def _stuck(self, cargo: Cargo, series: SeriesState) -> tuple[str, str]:
        if self.way.state in ("away", "refused"):
            return self.way.why_zh, self.way.why_en
        if series.quarantined:
            return "有图像被隔离，需人工查看", "some images are kept aside: a person must look at them"
        if any(cargo.shipments[handle].times_broken for handle in series.handles):
            return (
                "中心未能还原部分图像，正在重发",
                "the hub could not rebuild some images; they are sent again",
            )
        return "", ""


def _wall(wall: datetime, ago_s: float) -> str:
    return (wall - timedelta(seconds=ago_s)).isoformat(timespec="seconds")
