"""One instance on its way out: which bytes of its layers are sent, and which are durable at the hub."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from teleneedle.adapters.link.wire_parts import EIGHTH, FULL, OPAQUE, PACKED, QUARTER

RANKS = {EIGHTH: 0, OPAQUE: 1, QUARTER: 1, FULL: 2, PACKED: 2}
LAST_RANK = 2
"""Lower goes first; what is no plain image is small as a rule, and goes with the second layers."""


class Item:
    """Progress of an instance, layer by layer.

    Parameters
    ----------
    position : float
        Where the slice lies along its series: mm along the normal, or the instance number.
    layers : mapping of int to int
        Bytes of each layer.
    is_in_doubt : bool
        Whether the hub may have bytes of it that this process does not know of.
    """

    def __init__(
        self,
        handle: int,
        series_uid: str,
        position: float,
        layers: Mapping[int, int],
        *,
        is_in_doubt: bool = False,
    ) -> None:
        self.handle = handle
        self.series_uid = series_uid
        self.position = position
        self.layers = dict(layers)
        self.sent = dict.fromkeys(layers, 0)
        self.durable = dict.fromkeys(layers, 0)
        self.edition = 0
        self.is_ready = False
        self.is_in_doubt = is_in_doubt

    def change(self, layers: Mapping[int, int]) -> None:
        """Another coding of the instance; what came of a layer that stays as long as it was stays good."""
        kept = {layer for layer, length in layers.items() if self.layers.get(layer) == length}
        self.sent = {layer: self.sent[layer] if layer in kept else 0 for layer in layers}
        self.durable = {layer: self.durable[layer] if layer in kept else 0 for layer in layers}
        self.layers = dict(layers)
        self.edition += 1

    def note_held(self, held: Mapping[int, int]) -> None:
        """The hub's word on what it has; where it has lost something, that goes again."""
        for layer, length in self.layers.items():
            there = min(held.get(layer, 0), length)
            is_quiet = self.sent[layer] == self.durable[layer]
            if self.is_in_doubt or is_quiet or there < self.durable[layer]:
                self.sent[layer] = self.durable[layer] = there
        self.is_in_doubt = False

    def note_durable(self, layer: int, end: int) -> None:
        """Bytes of a layer up to `end` are on the hub's disk."""
        self.durable[layer] = max(self.durable[layer], end)

    def forget(self, layers: Iterable[int]) -> None:
        """These layers have to be sent from their start again."""
        for layer in set(layers) & set(self.layers):
            self.sent[layer] = self.durable[layer] = 0
        self.edition += 1

    def is_partly_out(self) -> bool:
        """Whether something was sent that is not known to be durable."""
        return any(self.sent[layer] > self.durable[layer] for layer in self.layers)

    def has_unsent(self, layer: int) -> bool:
        """Whether bytes of the layer are to be sent now."""
        return self.is_ready and self.sent.get(layer, 0) < self.layers.get(layer, 0)

    def unsent_layers(self) -> list[int]:
        """Layers with bytes that have not been sent."""
        return [layer for layer, length in self.layers.items() if self.sent[layer] < length]

    def bytes_to_go(self) -> int:
        """Bytes that are not known to be on the hub's disk."""
        return sum(length - self.durable[layer] for layer, length in self.layers.items())

    def is_durable(self) -> bool:
        """Whether all bytes are on the hub's disk."""
        return all(self.durable[layer] >= length for layer, length in self.layers.items())
