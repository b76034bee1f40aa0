"""From what the spool knows of an instance to its entry in a manifest."""

from __future__ import annotations

import math
from typing import Any

from teleneedle.adapters.link.codec import Coded
from teleneedle.adapters.link.instance_facts import InstanceFacts
from teleneedle.adapters.link.spool_file import Entry as Spooled
from teleneedle.adapters.link.wire_manifest import Entry
from teleneedle.adapters.link.wire_parts import OPAQUE

LARGEST_NUMBER = 1 << 53
"""Whole numbers beyond it say nothing about an image, and not every reader of JSON keeps them."""


def declare(handle: int, spooled: Spooled, coded: Coded) -> Entry:
    """The entry of an instance that is coded in this way."""
    facts = spooled.facts
    return Entry(
        handle=handle,
        study_uid=facts.study_uid,
        series_uid=facts.series_uid,
        sop_uid=facts.sop_uid,
        sop_class=facts.sop_class,
        transfer_syntax=spooled.layout.transfer_syntax,
        dataset_sha256=spooled.dataset_sha256,
        dataset_length=spooled.layout.length,
        phase=spooled.arrival.phase,
        via=spooled.arrival.via,
        received_at=spooled.received_at.isoformat(),
        calling_aet=spooled.arrival.calling_aet[:64],
        codec=coded.codec,
        frames=coded.frames,
        opaque_length=len(coded.layers.get(OPAQUE, b"")),
        facts={name: _bounded(value) for name, value in facts.to_json().items()},
        head=coded.head,
        tail=coded.tail,
    )


def position_of(facts: InstanceFacts) -> float:
    """Where the slice lies along its series: mm along the normal, else its instance number.

    References
    ----------
    DICOM PS3.3 C.7.6.2.1.1 (image position and orientation).
    """
    if facts.position_mm and facts.orientation:
        (a, b, c), (d, e, f) = facts.orientation[:3], facts.orientation[3:]
        normal = (b * f - c * e, c * d - a * f, a * e - b * d)
        along = sum(one * other for one, other in zip(normal, facts.position_mm, strict=True))
        if math.isfinite(along):
            return along
    return float(max(min(facts.instance_number or 0, LARGEST_NUMBER), -LARGEST_NUMBER))


def _bounded(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > LARGEST_NUMBER:
        return None
    return value
