"""Entry point: settings as one line on stdin, a ready line on stdout; ends when stdin is closed."""

from __future__ import annotations

import sys

from teleneedle.apps.hub_dicom.bootstrap import run_port
from teleneedle.apps.hub_dicom.settings import DicomSettings

if __name__ == "__main__":
    run_port(DicomSettings.from_line(sys.stdin.readline()))
