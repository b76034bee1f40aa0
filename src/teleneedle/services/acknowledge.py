"""What must be acknowledged before anything is planned (hazards H3, H5)."""

from __future__ import annotations

from collections.abc import Sequence

from teleneedle.core.devices import Device
from teleneedle.core.errors import ReviewRequiredError


def require_acknowledgements(
    *,
    unreviewed: Sequence[str],
    device: Device,
    accept_unreviewed: bool,
    accept_unverified_device: bool,
) -> None:
    """Refuse to plan on unreviewed structures or unverified device rows unless each was accepted.

    Raises
    ------
    ReviewRequiredError
        Naming every structure and the device, and the flag that accepts each.
    """
    open_points: list[str] = []
    flags: list[str] = []
    if unreviewed and not accept_unreviewed:
        open_points.append(f"structures nobody has reviewed: {', '.join(unreviewed)}")
        flags.append("--accept-unreviewed")
    if not device.is_verified and not accept_unverified_device:
        open_points.append(f"device {device.id}: its table is not verified by your site")
        flags.append("--accept-unverified-device")
    if open_points:
        raise ReviewRequiredError(
            "the plan would rest on unconfirmed input",
            where="; ".join(open_points),
            remedy=f"review and verify it, or accept it with {' '.join(flags)} (printed in the plan book)",
        )
