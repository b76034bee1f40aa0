"""What the centre has settled: verified devices, limits, retention."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from teleneedle.adapters.devices.library import load_devices
from teleneedle.adapters.sql.database import Sessions, writing
from teleneedle.adapters.sql.identity_tables import DeviceVerificationRow, LimitRow
from teleneedle.core.devices import Device

DEFAULT_LIMITS: Mapping[str, float] = {
    "max_upload_gb": 8.0,
    "session_hours": 12.0,
    "retention_years": 15.0,
    "media_retention_years": 3.0,
}


class DeviceRegister:
    """The device library with the names of those who verified its tables here."""

    def __init__(self, sessions: Sessions, now: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._now = now

    def known(self) -> dict[str, Device]:
        """Devices by id, verified where somebody at the centre has put their name to the table."""
        with self._sessions() as session:
            rows = session.scalars(select(DeviceVerificationRow)).all()
        names = {row.device_id: row.verified_by for row in rows}
        return {
            key: replace(device, verified_by=names[key]) if key in names else device
            for key, device in load_devices().items()
        }

    def verify(self, device_id: str, verified_by: str, note: str) -> None:
        """Put a name to a table."""
        with writing(self._sessions) as session, session.begin():
            session.merge(
                DeviceVerificationRow(device_id=device_id, verified_by=verified_by, note=note, at=self._now())
            )

    def withdraw(self, device_id: str) -> None:
        """The table counts as unverified again."""
        with writing(self._sessions) as session, session.begin():
            row = session.get(DeviceVerificationRow, device_id)
            if row is not None:
                session.delete(row)


class Limits:
    """Named limits; a default where the centre has set none."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def all(self) -> Mapping[str, float]:
        """Every limit."""
        with self._sessions() as session:
            rows = session.scalars(select(LimitRow)).all()
        return {**DEFAULT_LIMITS, **{row.name: row.value for row in rows}}

    def set(self, values: Mapping[str, float]) -> None:
        """Change limits."""
        with writing(self._sessions) as session, session.begin():
            for name, value in values.items():
                session.merge(LimitRow(name=name, value=value))
