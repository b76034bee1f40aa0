"""Imports that are tried again: a failure for want of something of the hub's own says nothing of images."""

from __future__ import annotations

from teleneedle.adapters.sql.job_store import JobStore

NOT_OF_THE_IMAGES = frozenset({"storage-full", "limit-exceeded", "cancelled", "error"})
"""Codes of failures after which the same images may be read once more."""


def next_attempt(jobs: JobStore, case_id: str, command_id: str) -> str:
    """The command, or a further attempt where the last one failed for want of something of the hub's own."""
    attempt, found = command_id, jobs.by_command(case_id, command_id)
    while found is not None and found.failure in NOT_OF_THE_IMAGES:
        attempt = f"{command_id}/{found.id[:8]}"
        found = jobs.by_command(case_id, attempt)
    return attempt
