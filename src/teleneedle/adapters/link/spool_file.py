r"""One instance as a file of the spool: a short head in JSON, then the dataset exactly as it came.

``TNSP1\n``, the length of the head (32 bits, big endian), the head, the dataset.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from struct import Struct
from typing import Any, Literal, Self

from teleneedle.adapters.link.dataset_layout import Layout, lay_out
from teleneedle.adapters.link.instance_facts import InstanceFacts
from teleneedle.core.errors import NotReadableError

MAGIC = b"TNSP1\n"
SUFFIX = ".tnsp"
HEAD_BYTES = 64 << 10
_LENGTH = Struct("!I")
Via = Literal["dimse", "stow", "folder", "query"]
Phase = Literal["pre", "intra", "post", ""]
Content = bytes | bytearray | memoryview


@lru_cache(maxsize=1024)
def uid_key(uid: str) -> str:
    """The name of a UID's files and folders; a UID itself never becomes part of a path."""
    return hashlib.sha256(uid.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """By which way something came, and for which phase of the treatment.

    Parameters
    ----------
    calling_aet, called_aet : str
        Application entity titles; empty for other ways than DIMSE.
    peer : str
        Network address of the sender, or the name of the watched folder's file.
    """

    via: Via
    phase: Phase = ""
    calling_aet: str = ""
    called_aet: str = ""
    peer: str = ""


@dataclass(frozen=True, kw_only=True)
class Instance:
    """A dataset that arrived, laid out and hashed; `dataset` may be a view that its owner uses again."""

    dataset: Content
    dataset_sha256: str
    layout: Layout
    arrival: Arrival
    received_at: datetime

    @classmethod
    def of(cls, dataset: Content, transfer_syntax: str, arrival: Arrival, received_at: datetime) -> Self:
        """Lay out and hash what arrived.

        Raises
        ------
        NotReadableError, HostileInputError
            If the dataset is untrue; see `lay_out`.
        """
        return cls(
            layout=lay_out(dataset, transfer_syntax),
            dataset_sha256=hashlib.sha256(dataset).hexdigest(),
            dataset=dataset,
            arrival=arrival,
            received_at=received_at,
        )

    @property
    def series_key(self) -> str:
        """Name of the series' folder."""
        return uid_key(self.layout.facts.series_uid)

    @property
    def instance_key(self) -> str:
        """Name of the instance's file, without suffix."""
        return uid_key(self.layout.facts.sop_uid)

    def head(self) -> bytes:
        """Everything of the file that comes before the dataset."""
        layout = self.layout
        fields = {
            "received_at": self.received_at.astimezone(UTC).isoformat(),
            **vars(self.arrival),
            "dataset_sha256": self.dataset_sha256,
            "dataset_length": layout.length,
            "transfer_syntax": layout.transfer_syntax,
            "pixels_start": layout.pixels_start,
            "pixels_end": layout.pixels_end,
            "is_coded": layout.is_coded,
            **layout.facts.to_json(),
        }
        text = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        return MAGIC + _LENGTH.pack(len(text)) + text


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the spool knows of one instance without its dataset.

    Parameters
    ----------
    key : str
        ``series key/instance key``; names the instance in every call of `Spool`.
    dataset_start : int
        Where the dataset begins in the file.
    """

    key: str
    path: Path
    dataset_start: int
    dataset_sha256: str
    layout: Layout
    arrival: Arrival
    received_at: datetime

    @property
    def series_key(self) -> str:
        """Name of the series' folder."""
        return self.key.partition("/")[0]

    @property
    def facts(self) -> InstanceFacts:
        """What the instance says about itself."""
        return self.layout.facts

    @classmethod
    def of(cls, instance: Instance, place: Path, dataset_start: int) -> Self:
        """The entry of an instance that was just written to `place`."""
        return cls(
            key=f"{place.parent.name}/{place.stem}",
            path=place,
            dataset_start=dataset_start,
            dataset_sha256=instance.dataset_sha256,
            layout=instance.layout,
            arrival=instance.arrival,
            received_at=instance.received_at,
        )


def read_entry(path: Path) -> Entry:
    """The head of a spool file.

    Raises
    ------
    NotReadableError
        If it is none, or is cut off.
    FileNotFoundError
        If it is gone.
    """
    with path.open("rb") as file:
        start = file.read(len(MAGIC) + _LENGTH.size)
        size = os.fstat(file.fileno()).st_size
        if len(start) < len(MAGIC) + _LENGTH.size or not start.startswith(MAGIC):
            raise _damaged(path)
        (length,) = _LENGTH.unpack_from(start, len(MAGIC))
        text = file.read(length) if length <= HEAD_BYTES else b""
    try:
        entry = _entry(path, json.loads(text), len(start) + length)
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(path) from error
    if size != entry.dataset_start + entry.layout.length:
        raise _damaged(path)
    return entry


def _entry(path: Path, fields: Mapping[str, Any], dataset_start: int) -> Entry:
    return Entry(
        key=f"{path.parent.name}/{path.stem}",
        path=path,
        dataset_start=dataset_start,
        dataset_sha256=str(fields["dataset_sha256"]),
        layout=Layout(
            transfer_syntax=str(fields["transfer_syntax"]),
            length=int(fields["dataset_length"]),
            pixels_start=int(fields["pixels_start"]),
            pixels_end=int(fields["pixels_end"]),
            is_coded=bool(fields["is_coded"]),
            facts=InstanceFacts.from_json(fields),
        ),
        arrival=Arrival(**{name: fields[name] for name in Arrival.__dataclass_fields__}),
        received_at=datetime.fromisoformat(fields["received_at"]),
    )


def _damaged(path: Path) -> NotReadableError:
    return NotReadableError("a file of the spool is damaged", where=path.name, remedy="send the series again")
