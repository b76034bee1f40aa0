"""What is signed on the image link: canonical texts, so that either side can prove later what was said."""

from __future__ import annotations

from collections.abc import Iterable

Instances = Iterable[tuple[str, str]]


def end_text(series_uid: str, instances: Instances) -> bytes:
    """What a gateway signs when a series is all there."""
    return _text("teleneedle.link.series-end.1", series_uid, "", instances)


def receipt_text(series_uid: str, at: str, instances: Instances) -> bytes:
    """What the hub signs when it keeps these instances."""
    return _text("teleneedle.link.receipt.1", series_uid, at, instances)


def _text(kind: str, series_uid: str, at: str, instances: Instances) -> bytes:
    lines = [kind, series_uid, at, *sorted(f"{sop} {sha}" for sop, sha in instances)]
    return "\n".join(lines).encode("ascii")
