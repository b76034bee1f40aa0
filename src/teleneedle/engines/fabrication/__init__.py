"""Solids for the printer: the puncture template of a plan."""

from teleneedle.engines.fabrication.template import Bore, Template, build_template

__all__ = ["Bore", "Template", "build_template"]
