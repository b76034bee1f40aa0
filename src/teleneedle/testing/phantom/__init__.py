"""Synthetic patients with exact truth."""

from teleneedle.testing.phantom.build import Phantom, make_phantom
from teleneedle.testing.phantom.cases import CASES

__all__ = ["CASES", "Phantom", "make_phantom"]
