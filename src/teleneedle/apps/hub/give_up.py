"""Give up expired cases: rows, objects that nothing names any more, and a record of who did it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from teleneedle.adapters.sql.audit_store import Access
from teleneedle.adapters.sql.retention import delete_case
from teleneedle.apps.hub.context import Hub


def give_up_cases(hub: Hub, case_ids: Sequence[str], *, by: str) -> list[str]:
    """Delete expired cases one by one; the ids of those that are gone.

    Each leaves two records: that it was begun, and that it is done or was refused.

    Raises
    ------
    ConflictError
        At the first case that is open, held, or not old enough.
    """
    done = []
    for case_id in case_ids:
        _record(hub, case_id, by, "begun")
        try:
            objects, uploads = delete_case(hub.sessions, case_id, hub.now())
        except Exception:
            _record(hub, case_id, by, "refused")
            raise
        for sha256 in objects:
            hub.objects.remove(sha256)
        for upload_id in uploads:
            shutil.rmtree(hub.folder / "uploads" / upload_id, ignore_errors=True)
        _record(hub, case_id, by, "done")
        done.append(case_id)
    return done


def _record(hub: Hub, case_id: str, by: str, outcome: str) -> None:
    hub.audit.record(
        Access(
            person_id="",
            person_name=by,
            action="retention: delete case",
            object=f"case/{case_id}",
            outcome=outcome,
            address="",
        ),
        at=hub.now(),
    )
