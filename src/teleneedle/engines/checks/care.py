"""Post-operative nursing and follow-up that the checks call for, and the contingency table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from teleneedle.core.devices import Modality
from teleneedle.core.plan import Bilingual, CareItem, Check
from teleneedle.engines.checks.rules import Rule


@dataclass(frozen=True, kw_only=True)
class CareRule:
    """One period of care; it replaces the ordinary one of the same `slot` when its `flag` is raised.

    `flag` is empty for ordinary care. `order` sorts the periods in time.
    """

    slot: str
    order: int
    period: Bilingual
    actions: tuple[Bilingual, ...]
    flag: str = ""
    applies_to: tuple[Modality, ...] = tuple(Modality)


@dataclass(frozen=True, kw_only=True)
class ContingencyRow:
    """If this happens, do that, beyond this limit."""

    event: Bilingual
    action: Bilingual
    limit: Bilingual
    applies_to: tuple[Modality, ...] = tuple(Modality)


def raised_flags(rules: Iterable[Rule], checks: Iterable[Check]) -> frozenset[str]:
    """Flags of the rules whose check warns or fails."""
    status = {check.id: check.status for check in checks}
    return frozenset(rule.raises for rule in rules if rule.raises and status.get(rule.id) in ("warn", "fail"))


def plan_care(
    care: Iterable[CareRule], rules: Iterable[Rule], checks: Iterable[Check], *, modality: Modality
) -> tuple[CareItem, ...]:
    """Care timeline in order: ordinary periods, with the raised ones in the place of theirs."""
    flags = raised_flags(rules, checks)
    chosen: dict[str, CareRule] = {}
    for row in care:
        if modality not in row.applies_to or (row.flag and row.flag not in flags):
            continue
        if row.flag or row.slot not in chosen:
            chosen[row.slot] = row
    return tuple(
        CareItem(period=row.period, actions=row.actions, is_raised=bool(row.flag))
        for row in sorted(chosen.values(), key=lambda r: r.order)
    )
