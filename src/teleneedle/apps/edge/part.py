"""One process of a gateway: ``python -m teleneedle.apps.edge.part intake|sender|status FOLDER``.

It ends when its standard input does, so that nothing is left behind by a gateway that lost its first process.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from teleneedle.adapters.kept_memory import keep_freed_memory
from teleneedle.apps.edge.settings import intake_settings, read_settings, sender_plan, spool_of


def run_intake_part(folder: Path) -> None:
    """Fill the spool."""
    from teleneedle.apps.edge.intake import run_intake

    settings = read_settings(folder)
    run_intake(intake_settings(folder, settings), spool_of(folder, settings))


def run_sender_part(folder: Path) -> None:
    """Empty the spool."""
    from teleneedle.apps.edge.sender import run_sender

    run_sender(sender_plan(folder, read_settings(folder)))


def run_status_part(folder: Path) -> None:
    """Serve the technologist's page."""
    from teleneedle.apps.edge.status_web import serve_status

    serve_status(folder, read_settings(folder))


PARTS: dict[str, Callable[[Path], None]] = {
    "intake": run_intake_part,
    "sender": run_sender_part,
    "status": run_status_part,
}


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    keep_freed_memory()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    PARTS[sys.argv[1]](Path(sys.argv[2]))
