"""What a series on its way in is to the hub: the values of its row's ``state``."""

from __future__ import annotations

ARRIVING, HELD, IMPORTING, LANDED = "arriving", "held", "importing", "landed"
