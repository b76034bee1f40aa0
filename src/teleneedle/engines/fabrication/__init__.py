"""Solids for the printer: the puncture template of a plan."""

from teleneedle.engines.fabrication.marks import Mark
from teleneedle.engines.fabrication.measure import (
    PRINTERS,
    BoreCheck,
    fits_bed,
    measure_bores,
    template_problems,
)
from teleneedle.engines.fabrication.template import Bore, Template, build_template

__all__ = [
    "PRINTERS",
    "Bore",
    "BoreCheck",
    "Mark",
    "Template",
    "build_template",
    "fits_bed",
    "measure_bores",
    "template_problems",
]
