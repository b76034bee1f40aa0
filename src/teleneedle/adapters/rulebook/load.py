"""Load the rule book and the answered checklist."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml

from teleneedle.core.case import Checklist
from teleneedle.core.devices import Modality
from teleneedle.core.errors import InputError, NotReadableError
from teleneedle.core.plan import Bilingual
from teleneedle.engines.checks import CareRule, ContingencyRow, Requirement, Rule

FOLDER_VARIABLE = "TELENEEDLE_RULES"
SHIPPED = Path(__file__).parent
Row = TypeVar("Row")


@dataclass(frozen=True, kw_only=True)
class RuleBook:
    """Everything the checks and the care page are made from; `origin` says whose book it is."""

    rules: tuple[Rule, ...]
    care: tuple[CareRule, ...]
    contingency: tuple[ContingencyRow, ...]
    origin: str


def load_rule_book(folder: Path | None = None) -> RuleBook:
    """Rule book from `folder`, else from the folder in ``TELENEEDLE_RULES``, else the shipped one.

    A site's folder may hold any of ``rules.toml``, ``care.toml`` and ``contingency.toml``; what it lacks is
    taken from the shipped book.

    Raises
    ------
    NotReadableError
        If the folder does not exist or a file is not TOML.
    InputError
        If a row misses a field or has a wrong one, naming file and row.
    """
    named = folder or (Path(os.environ[FOLDER_VARIABLE]) if FOLDER_VARIABLE in os.environ else None)
    if named is not None and not named.is_dir():
        raise NotReadableError("the rule folder does not exist", where=str(named))
    return RuleBook(
        rules=_rows(named, "rules.toml", "rule", _rule),
        care=_rows(named, "care.toml", "care", _care),
        contingency=_rows(named, "contingency.toml", "contingency", _contingency),
        origin=str(named) if named else "shipped",
    )


def load_checklist(path: Path) -> Checklist:
    """Answers from a YAML or JSON file: a mapping of keys, with optional ``answered_by`` and ``answered_on``.

    Raises
    ------
    NotReadableError
        If the file is missing or is neither YAML nor JSON.
    InputError
        If it is not a flat mapping of plain answers.
    """
    try:
        text = path.read_text(encoding="utf-8")
        loaded = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise NotReadableError("the checklist cannot be read", where=f"{path}: {error}") from error
    if not isinstance(loaded, dict):
        raise InputError("the checklist must be a mapping of answers", where=str(path))
    answered_by = str(loaded.pop("answered_by", ""))
    answered_on = loaded.pop("answered_on", None)
    for key, value in loaded.items():
        if not isinstance(key, str) or not isinstance(value, str | int | float | bool | None):
            raise InputError("a checklist answer must be a plain value", where=f"{path}: {key}")
    if isinstance(answered_on, str):
        try:
            answered_on = date.fromisoformat(answered_on)
        except ValueError as error:
            raise InputError("answered_on must be a date like 2026-03-01", where=str(path)) from error
    return Checklist(answers=loaded, answered_by=answered_by, answered_on=answered_on)


def _rows(
    folder: Path | None, name: str, key: str, build: Callable[[Mapping[str, Any]], Row]
) -> tuple[Row, ...]:
    path = folder / name if folder and (folder / name).is_file() else SHIPPED / name
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))[key]
    except (OSError, ValueError, KeyError) as error:
        raise NotReadableError(f"{name} cannot be read", where=f"{path}: {error}") from error
    return tuple(_build_row(path, number, row, build) for number, row in enumerate(rows, start=1))


def _build_row(
    path: Path, number: int, row: Mapping[str, Any], build: Callable[[Mapping[str, Any]], Row]
) -> Row:
    try:
        return build(row)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            "a rule book row cannot be used", where=f"{path}, row {number}: {error}", remedy="correct the row"
        ) from error


def _pair(row: Mapping[str, Any], key: str) -> Bilingual:
    value = row[key]
    return (str(value["zh"]), str(value["en"]))


def _modalities(row: Mapping[str, Any]) -> tuple[Modality, ...]:
    return tuple(Modality(m) for m in row.get("applies_to", [m.value for m in Modality]))


def _rule(row: Mapping[str, Any]) -> Rule:
    return Rule(
        id=row["id"],
        fact=row["fact"],
        requirement=Requirement(row["requirement"]),
        text=_pair(row, "text"),
        source=row["source"],
        advice=_pair(row, "advice") if "advice" in row else ("", ""),
        pass_limit=row.get("pass_limit"),
        warn_limit=row.get("warn_limit"),
        pass_values=tuple(row.get("pass_values", ())),
        warn_values=tuple(row.get("warn_values", ())),
        otherwise=row.get("otherwise", "fail"),
        mitigated_by=row.get("mitigated_by", ""),
        applies_to=_modalities(row),
        unit=row.get("unit", ""),
        raises=row.get("raises", ""),
    )


def _care(row: Mapping[str, Any]) -> CareRule:
    return CareRule(
        slot=row["slot"],
        order=int(row["order"]),
        period=_pair(row, "period"),
        actions=tuple((str(a["zh"]), str(a["en"])) for a in row["actions"]),
        flag=row.get("flag", ""),
        applies_to=_modalities(row),
    )


def _contingency(row: Mapping[str, Any]) -> ContingencyRow:
    return ContingencyRow(
        event=_pair(row, "event"),
        action=_pair(row, "action"),
        limit=_pair(row, "limit"),
        applies_to=_modalities(row),
    )
