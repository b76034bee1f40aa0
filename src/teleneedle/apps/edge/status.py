"""How the gateway does, for the technologist: what came, what goes, how fast, what is stuck and why."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from teleneedle import __version__
from teleneedle.adapters.dicom.character_sets import decode_text
from teleneedle.adapters.link.event_log import EventLog
from teleneedle.adapters.link.spool import Usage
from teleneedle.adapters.link.spool_file import SUFFIX, Entry, read_entry
from teleneedle.apps.edge.bootstrap import NAME as PARTS_FILE
from teleneedle.apps.edge.sender_report import NAME as SENDER_FILE
from teleneedle.apps.edge.settings import GatewaySettings, hub_of, identity_in, spool_of
from teleneedle.apps.edge.status_problems import Problem, find_problems
from teleneedle.core.errors import NotReadableError

Json = dict[str, Any]
EVENTS = 40
SENT = 50
USAGE_S = 2.0


def gateway_status(folder: Path, settings: GatewaySettings) -> Json:
    """The state of the gateway at this moment."""
    return StatusReader(folder, settings).read()


class StatusReader:
    """Reads what the parts of the gateway leave in its folder; remembers what series are called."""

    def __init__(
        self,
        folder: Path,
        settings: GatewaySettings,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.folder, self.settings, self.clock = folder, settings, clock
        self._spool = spool_of(folder, settings)
        self._log = EventLog(folder / "log", source="status")
        self._faces: dict[str, Json] = {}
        self._usage: Usage | None = None
        self._usage_at = 0.0
        self._away_since = ""

    def read(self) -> Json:
        """The state at this moment."""
        sender = _read_json(self.folder / SENDER_FILE)
        going = {str(one["series_key"]): one for one in sender.get("series", [])}
        way = self._way(sender)
        usage = self._room()
        rate = float(sender.get("rate_bytes_per_s", 0))
        waiting = int(sender.get("bytes_waiting", 0))
        found: Json = {
            "at": self.clock().isoformat(timespec="seconds"),
            "gateway": self._gateway(),
            "way": way,
            "rate_bytes_per_s": rate,
            "bytes_waiting": waiting,
            "remaining_s": waiting / rate if rate > 0 and waiting else None,
            "series": self._series(going),
            "sent": self._sent(set(going)),
            "spool": {
                "instances": usage.instances,
                "used_bytes": usage.used_bytes,
                "quota_bytes": usage.quota_bytes,
                "free_bytes": usage.free_bytes,
            },
            "quarantined": [self._face(entry) for entry in self._spool.quarantined()][:EVENTS],
            "parts": _read_json(self.folder / PARTS_FILE),
            "events": self._log.latest(EVENTS)[::-1],
        }
        problems = find_problems(found, usage, takes_anybody=not self.settings.dicom.callers)
        found["problems"] = [_plain(problem) for problem in problems]
        return found

    def _gateway(self) -> Json:
        identity, dicom = identity_in(self.folder), self.settings.dicom
        try:
            hub, certificate = hub_of(self.folder), identity.certificate()
        except NotReadableError:
            hub, certificate = {"url": "", "name": ""}, None
        ends = certificate.not_valid_after_utc if certificate else None
        return {
            "name": hub["name"],
            "hub": hub["url"],
            "aet": dicom.aet,
            "dicom_port": dicom.port,
            "is_deidentifying": self.settings.privacy.deidentify,
            "certificate_ends_at": ends.isoformat() if ends else None,
            "certificate_days": (ends - self.clock()).days if ends else None,
            "software": __version__,
        }

    def _way(self, sender: Json) -> Json:
        state = str(sender.get("state", "starting"))
        if state not in ("away", "refused"):
            self._away_since = ""
        elif not self._away_since:
            self._away_since = self.clock().isoformat(timespec="seconds")
        names = ("why_zh", "why_en", "transport", "clock_difference_s")
        return {"state": state, "since": self._away_since, **{name: sender.get(name) for name in names}}

    def _room(self) -> Usage:
        if self._usage is None or time.monotonic() - self._usage_at > USAGE_S:
            self._usage, self._usage_at = self._spool.usage(), time.monotonic()
        return self._usage

    def _series(self, going: dict[str, Json]) -> list[Json]:
        """What waits or goes, the newest first."""
        waiting: dict[str, int] = {}
        for place in self._spool.folder.iterdir():
            if place.is_dir():
                files = [one for one in place.iterdir() if one.suffix == SUFFIX]
                waiting[place.name] = len(files)
                if files and place.name not in self._faces:
                    self._remember(files[0])
        rows = []
        for key in {*going, *(key for key, count in waiting.items() if count)}:
            one = going.get(key, {})
            arrived = int(one.get("arrived", waiting.get(key, 0)))
            total = int(one.get("bytes", 0))
            coded = int(one.get("coded", 0))
            fraction = int(one.get("bytes_durable", 0)) / total if total else 0.0
            rows.append(
                {
                    "key": key,
                    **self._faces.get(key, {}),
                    "images": arrived,
                    "waiting": waiting.get(key, 0),
                    "receipted": int(one.get("receipted", 0)),
                    "quarantined": int(one.get("quarantined", 0)),
                    "fraction": fraction * coded / arrived if arrived else fraction,
                    "is_closed": bool(one.get("is_closed", False)),
                    "is_urgent": bool(one.get("is_urgent", False)),
                    "changed_at": one.get("changed_at"),
                    "stuck_zh": one.get("stuck_zh", ""),
                    "stuck_en": one.get("stuck_en", ""),
                }
            )
        return sorted(rows, key=lambda row: str(row.get("received_at", "")), reverse=True)

    def _remember(self, path: Path) -> None:
        try:
            entry = read_entry(path)
        except (NotReadableError, OSError):
            return
        self._faces[entry.series_key] = self._face(entry)

    def _face(self, entry: Entry) -> Json:
        """What people know a series by; shown at the hospital only."""
        facts, arrival = entry.facts, entry.arrival
        return {
            "patient": decode_text(facts.patient_name, facts.charset).replace("^", " ").strip(),
            "patient_id": decode_text(facts.patient_id, facts.charset),
            "description": decode_text(facts.series_description, facts.charset),
            "modality": facts.modality,
            "phase": arrival.phase,
            "via": arrival.via,
            "sender": arrival.calling_aet or arrival.peer,
            "received_at": entry.received_at.isoformat(timespec="seconds"),
        }

    def _sent(self, going: set[str]) -> list[Json]:
        """Series whose receipt the hub has signed, the newest first."""
        rows = []
        for place in (self.folder / "receipts").glob("*.json"):
            receipts = _read_json(place).get("receipts", [])
            if receipts and place.stem not in going:
                images = {tuple(one) for receipt in receipts for one in receipt["instances"]}
                rows.append(
                    {
                        "key": place.stem,
                        **self._faces.get(place.stem, {}),
                        "images": len(images),
                        "at": receipts[-1]["at"],
                    }
                )
        return sorted(rows, key=lambda row: str(row["at"]), reverse=True)[:SENT]


def _plain(problem: Problem) -> Json:
    return {"zh": problem.zh, "en": problem.en, "is_serious": problem.is_serious}


def _read_json(path: Path) -> Json:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
