"""Who a pseudonym stands for: a key and a table that never leave the gateway.

Everything follows from the key: the same patient always gets the same pseudonym, the same UID the same new
one, and nobody without the key can tell which belongs to which.

References
----------
DICOM PS3.15 annex E.1.1 (consistent replacement of UIDs), B.2 of PS3.5 (UUID derived UID).
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from teleneedle.adapters.link.instance_facts import InstanceFacts
from teleneedle.adapters.link.receipts import sync_folder

KEY_BYTES = 32
LONGEST_SHIFT_DAYS = 3650


@dataclass(frozen=True, kw_only=True)
class Pseudonym:
    """What stands in place of a patient.

    Parameters
    ----------
    name : str
        Patient ID and name on everything that is sent.
    shift_days : int
        By how much every date of this patient is moved into the past.
    """

    name: str
    shift_days: int


class Pseudonyms:
    """The key and the table in a folder that only the gateway reads."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._key = _key(folder)
        self._table = folder / "table.jsonl"
        self._lock = threading.Lock()
        self._written = {str(row["pseudonym"]) for row in self.rows()}

    def of(self, facts: InstanceFacts) -> Pseudonym:
        """The pseudonym of the patient of an instance; who it is, is in the table when this returns."""
        identity = facts.patient_id or facts.patient_name + b"\0" + facts.birth_date
        digest = self._digest(b"patient", identity)
        name = "TN" + base64.b32encode(digest[:10]).decode("ascii")[:14]
        self._remember(name, facts)
        return Pseudonym(name=name, shift_days=1 + int.from_bytes(digest[10:14], "big") % LONGEST_SHIFT_DAYS)

    def uid(self, uid: str) -> str:
        """The UID that stands for `uid`."""
        digest = bytearray(self._digest(b"uid", uid.encode("ascii", "replace"))[:16])
        digest[6] = digest[6] & 0x0F | 0x80
        digest[8] = digest[8] & 0x3F | 0x80
        return f"2.25.{int.from_bytes(digest, 'big')}"

    def rows(self) -> list[dict[str, Any]]:
        """The table: pseudonym and, in base64 as encoded, id, name, birth date and character set."""
        if not self._table.exists():
            return []
        lines = self._table.read_bytes().split(b"\n")
        return [json.loads(line) for line in lines if line.endswith(b"}")]

    def _remember(self, name: str, facts: InstanceFacts) -> None:
        with self._lock:
            if name in self._written:
                return
            plain = facts.to_json()
            wanted = ("patient_id_b64", "patient_name_b64", "birth_date_b64", "charset_b64")
            row = {"pseudonym": name, **{one: plain[one] for one in wanted}}
            row["since"] = datetime.now(UTC).isoformat()
            handle = os.open(self._table, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(handle, b"\n" + json.dumps(row).encode("ascii") + b"\n")
                os.fsync(handle)
            finally:
                os.close(handle)
            sync_folder(self._table.parent)
            self._written.add(name)

    def _digest(self, purpose: bytes, content: bytes) -> bytes:
        return hmac.digest(self._key, purpose + b"\0" + content, "sha256")


def _key(folder: Path) -> bytes:
    """The key, made at the first time; of two processes that make one at once, the first wins."""
    place = folder / "key"
    if not place.exists():
        part = folder / f".{secrets.token_hex(8)}"
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, secrets.token_bytes(KEY_BYTES))
            os.fsync(handle)
        finally:
            os.close(handle)
        try:
            os.link(part, place)
        except FileExistsError:
            pass
        finally:
            part.unlink()
        sync_folder(folder)
    return place.read_bytes()
