"""Evaluate rules against checklist answers and plan facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from teleneedle.core.case import Answer
from teleneedle.core.devices import Modality
from teleneedle.core.errors import InputError
from teleneedle.core.plan import Bilingual, Check
from teleneedle.engines.checks.rules import Requirement, Rule

NOT_ANSWERED: Bilingual = ("未提供", "not provided")
YES_NO: Mapping[bool, Bilingual] = {True: ("有", "yes"), False: ("无", "no")}


def evaluate_rules(
    rules: Iterable[Rule], facts: Mapping[str, Answer], *, modality: Modality
) -> tuple[Check, ...]:
    """Status of every rule that applies to `modality`; a missing fact is ``unknown``, never ``pass``.

    Raises
    ------
    InputError
        If an answer has the wrong kind, naming the answer.

    Examples
    --------
    >>> rule = Rule(id="inr", fact="inr", requirement=Requirement.AT_MOST, pass_limit=1.5, warn_limit=1.8,
    ...             text=("INR ≤ 1.5", "INR ≤ 1.5"), source="SIR")
    >>> [evaluate_rules([rule], {"inr": v}, modality=Modality.MWA)[0].status for v in (1.1, 1.6, 2.0, None)]
    ['pass', 'warn', 'fail', 'unknown']
    """
    return tuple(_evaluate(rule, facts) for rule in rules if modality in rule.applies_to)


def _evaluate(rule: Rule, facts: Mapping[str, Answer]) -> Check:
    answer = facts.get(rule.fact)
    status = "unknown" if answer is None else _status(rule, answer)
    if status == "fail" and rule.mitigated_by and facts.get(rule.mitigated_by) is True:
        status = "warn"
    return Check(
        id=rule.id, status=status, rule=rule.text, finding=_finding(rule, answer, status), source=rule.source
    )


def _status(rule: Rule, answer: Answer) -> str:
    if rule.requirement in (Requirement.AT_MOST, Requirement.AT_LEAST):
        return _number_status(rule, _number(rule, answer))
    if rule.requirement is Requirement.ONE_OF:
        value = str(answer)
        if value in rule.pass_values:
            return "pass"
        return "warn" if value in rule.warn_values else rule.otherwise
    if not isinstance(answer, bool):
        raise InputError(
            f"'{rule.fact}' must be answered yes or no", where=f"{answer!r}", remedy="write true or false"
        )
    return "pass" if answer is (rule.requirement is Requirement.IS_TRUE) else rule.otherwise


def _number(rule: Rule, answer: Answer) -> float:
    if isinstance(answer, bool) or not isinstance(answer, int | float) or answer != answer:
        raise InputError(
            f"'{rule.fact}' must be a number", where=f"{answer!r}", remedy=f"unit: {rule.unit or '1'}"
        )
    return float(answer)


def _number_status(rule: Rule, value: float) -> str:
    sign = 1.0 if rule.requirement is Requirement.AT_MOST else -1.0
    if rule.pass_limit is not None and sign * value <= sign * rule.pass_limit:
        return "pass"
    if rule.warn_limit is not None:
        return "warn" if sign * value <= sign * rule.warn_limit else "fail"
    return rule.otherwise


def _finding(rule: Rule, answer: Answer, status: str) -> Bilingual:
    shown = NOT_ANSWERED if answer is None else _shown(rule, answer)
    if status in ("pass", "unknown") or not any(rule.advice):
        return shown
    return (f"{shown[0]}；{rule.advice[0]}", f"{shown[1]}; {rule.advice[1]}")


def _shown(rule: Rule, answer: Answer) -> Bilingual:
    if isinstance(answer, bool):
        return YES_NO[answer]
    if isinstance(answer, int | float):
        # One decimal more than the limit, so that a rounded value never passes a limit the exact one fails.
        text = f"{answer:.2f}".rstrip("0").rstrip(".").replace("-", "−")
        text += f" {rule.unit}" if rule.unit else ""
        return (text, text)
    return (str(answer), str(answer))
