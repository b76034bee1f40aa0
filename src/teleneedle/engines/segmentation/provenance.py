"""Name and version under which this engine's structures are recorded."""

from __future__ import annotations

ENGINE = "builtin 1.0"
