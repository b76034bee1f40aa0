"""One series from `storescu` through the gateway and the line to the hub, timed at each step."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.link_series import SentSeries
from bench.link_watch import HubWatch, digests_at_hub
from teleneedle.apps.testing.linked_sites import LinkedSites

LIMIT_S = 120.0
ANSWER = "Received Store Response (Success)"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """Seconds since the first C-STORE, and what was found at the hub.

    Parameters
    ----------
    first_kept_s, last_kept_s : float
        The gateway acknowledged the first and the last instance to `storescu`.
    preview_s, complete_s : float
        The hub had all slices at 1/8 on its disk; had rebuilt and checked every instance.
    part_bytes, repeated_bytes : int
        Bytes of layers that the hub wrote, repeated ones included; of these, the repeated ones.
    wrong : int
        Instances lost, twice or with another digest.
    """

    first_kept_s: float
    last_kept_s: float
    preview_s: float
    complete_s: float
    part_bytes: int
    repeated_bytes: int
    wrong: int


class LocalSender:
    """`storescu` beside the gateway, with the time of each answer."""

    def __init__(self, sites: LinkedSites, series: SentSeries, number: int, *, tuned: bool) -> None:
        end = sites.line.nears[number]
        port = str(sites.dicom_port(number))
        self.answered: list[float] = []
        self.started = time.monotonic()
        self._process = end.popen(
            ["storescu", "-v", "-aec", "TELENEEDLE", "+sd", end.address, port, series.folder],
            env={**os.environ, **({"TCP_NODELAY": "1"} if tuned else {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for text in self._process.stdout:
            if ANSWER in text:
                self.answered.append(time.monotonic())

    def stop(self) -> None:
        """End it, should it still run."""
        self._process.kill()
        self._process.wait()
        self._reader.join()


def deliver(
    sites: LinkedSites,
    series: SentSeries,
    watch: HubWatch,
    *,
    number: int = 0,
    halfway: Callable[[], object] | None = None,
    tuned: bool = True,
    limit_s: float = LIMIT_S,
) -> Delivery:
    """Send a series through gateway `number`; `halfway` happens once half of it is at the hub."""
    wanted, uid = len(series.files), series.series_uid
    sender = LocalSender(sites, series, number, tuned=tuned)
    try:
        while watch.verified.get(uid, (0, 0.0))[0] < wanted and time.monotonic() - sender.started < limit_s:
            if halfway and watch.progress(uid).part_bytes > series.coded_bytes / 2:
                halfway()
                halfway = None
            time.sleep(0.01)
    finally:
        sender.stop()
    start, progress = sender.started, watch.progress(uid)
    count, complete_at = watch.verified.get(uid, (0, 0.0))
    at_hub = digests_at_hub(sites.hub_folder, uid)
    return Delivery(
        first_kept_s=sender.answered[0] - start if sender.answered else limit_s,
        last_kept_s=sender.answered[-1] - start if len(sender.answered) == wanted else limit_s,
        preview_s=progress.preview_at.get(wanted, start + limit_s) - start,
        complete_s=complete_at - start if count == wanted else limit_s,
        part_bytes=progress.part_bytes,
        repeated_bytes=progress.repeated_bytes,
        wrong=len(set(series.digests.items()) ^ set(at_hub)) + len(at_hub) - len(set(at_hub)),
    )
