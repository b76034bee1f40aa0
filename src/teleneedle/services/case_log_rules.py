"""What every case log does the same way, whatever it keeps its rows in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from teleneedle.core.casefile.events import Draft, Event, seal
from teleneedle.core.casefile.fold import apply, fold
from teleneedle.core.casefile.stage import next_action, stage_of
from teleneedle.core.casefile.state import CaseFile
from teleneedle.core.errors import ConflictError
from teleneedle.ports.case_log import Appended, CaseRow, Command


def replay(command: Command, known_fingerprint: str, events: Sequence[Event]) -> Appended:
    """The first answer to a command that was carried out before; `events` is the whole log.

    Raises
    ------
    ConflictError
        If the earlier command with this id asked for something else.
    """
    if command.fingerprint != known_fingerprint:
        raise ConflictError(
            "this command id was used for something else / 该命令编号已用于其他内容",
            where=command.id,
            remedy="send a new command id / 请使用新的命令编号",
        )
    answered = tuple(e for e in events if is_of(command.id, e))
    case = fold(e for e in events if e.seq <= answered[-1].seq)
    if case is None:
        raise LookupError(command.id)
    return Appended(events=answered, case=case, is_replay=True)


def is_of(command_id: str, event: Event) -> bool:
    """Whether an event is the command's own, or follows from it."""
    return event.command_id == command_id or event.command_id.startswith(f"{command_id}#")


def require_expected(command: Command, case: CaseFile, since: Iterable[Event]) -> None:
    """Refuse a command that was made without knowing what happened since.

    Raises
    ------
    ConflictError
        With one line for each event the sender did not know.
    """
    if command.expected_seq is None or command.expected_seq == case.seq:
        return
    raise ConflictError(
        "the case has changed in the meantime / 病例在此期间已有变化",
        where=f"expected_seq {command.expected_seq}, seq {case.seq}",
        remedy="look at what happened, then send again / 请查看变化后重新提交",
        details=tuple(
            f"{e.seq} {e.kind} {e.actor.name} {e.at.isoformat()}"
            for e in since
            if e.seq > command.expected_seq
        ),
    )


def extend(
    case: CaseFile | None, case_id: str, command: Command, drafts: Sequence[Draft]
) -> tuple[tuple[Event, ...], CaseFile]:
    """Seal the drafts onto the case; the new events, and the case after them."""
    events = seal(
        drafts,
        case_id=case_id,
        command_id=command.id,
        at=command.at,
        seq=case.seq if case else 0,
        previous=case.last_sha256 if case else "0" * 64,
    )
    for event in events:
        case = apply(case, event)
    if case is None:
        raise ValueError("a command appends at least one event")
    return events, case


def row_of(case: CaseFile) -> CaseRow:
    """The case as lists show it."""
    zh, en = next_action(case)
    patient = case.patient
    return CaseRow(
        id=case.id,
        site_id=case.site_id,
        state=stage_of(case),
        updated_at=case.updated_at,
        seq=case.seq,
        summary={
            "id": case.id,
            "state": stage_of(case),
            "patient": {
                "id": patient.id,
                "name": patient.name,
                "sex": patient.sex,
                "birth_date": patient.birth_date,
            },
            "site": {"id": case.site_id, "name": case.site_name},
            "modality": case.modality,
            "indication": case.indication,
            "updated_at": case.updated_at.isoformat(),
            "seq": case.seq,
            "next_action": {"zh": zh, "en": en},
        },
    )


def search_text(case: CaseFile) -> str:
    """What a search looks through, in small letters."""
    return " ".join((case.patient.id, case.patient.name, case.indication)).lower()
