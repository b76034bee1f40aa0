"""Which engine proposes which structure: a TOML file of the site.

The file named by ``TELENEEDLE_AI_SETTINGS``, else ``~/.config/teleneedle/ai.toml``, else the builtin
engine for everything.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from teleneedle.adapters.ai.external_process import ProcessLimits
from teleneedle.adapters.ai.nnunet import NnunetSegmenter
from teleneedle.adapters.ai.onnx_engine import OnnxSegmenter
from teleneedle.adapters.ai.totalsegmentator import TotalSegmentatorSegmenter
from teleneedle.core.anatomy import KINDS
from teleneedle.core.errors import InputError, NotReadableError, TeleneedleError
from teleneedle.ports.segmenter import Bilingual, Segmenter

VARIABLE = "TELENEEDLE_AI_SETTINGS"
BUILTIN = "builtin"
DEFAULT = "default"
GIB = 1024**3
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class AiSettings:
    """What the file says.

    Parameters
    ----------
    engines : mapping of str to table
        Engine id → its fields.
    order : mapping of str to sequence of str
        Canonical kind, or ``default`` → engine ids, best first.
    where : str
        The file, for messages.
    """

    engines: Mapping[str, Row] = field(default_factory=dict)
    order: Mapping[str, Sequence[str]] = field(default_factory=dict)
    where: str = ""

    def order_for(self, kind: str) -> list[str]:
        """Engine ids for `kind`, best first; the builtin engine is always the last resort."""
        named = [*self.order.get(kind, self.order.get(DEFAULT, ()))]
        return [*named, *([] if BUILTIN in named else [BUILTIN])]


def settings_path() -> Path:
    """The file in force, whether or not it exists."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else Path.home() / ".config" / "teleneedle" / "ai.toml"


def load_ai_settings(path: Path | None = None) -> AiSettings:
    """Read `path`, or the file in force; without a file everything is builtin.

    Raises
    ------
    NotReadableError
        If a file was named and is missing, or a file is not valid TOML.
    InputError
        If it names an unknown structure or engine, or a field is missing or unknown.
    """
    chosen = path or settings_path()
    is_named = path is not None or VARIABLE in os.environ
    if not chosen.is_file() and not is_named:
        return AiSettings()
    try:
        content = tomllib.loads(chosen.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotReadableError(
            f"the settings of the engines cannot be read ({error})",
            where=str(chosen),
            remedy="see docs/how-to/ai-engines.md",
        ) from error
    return _checked(content, chosen)


def _checked(content: Row, path: Path) -> AiSettings:
    where = str(path)
    unknown = sorted(set(content) - {"engines", "structures"})
    if unknown:
        raise InputError(
            f"unknown table {', '.join(unknown)}", where=where, remedy="use engines and structures"
        )
    engines = _table(content.get("engines", {}), f"{where}: engines")
    for name, row in engines.items():
        _check_engine(name, row, where)
    order = _table(content.get("structures", {}), f"{where}: structures")
    for kind, names in order.items():
        _check_order(kind, names, engines, where)
    return AiSettings(engines=engines, order=order, where=where)


def _table(value: Any, where: str) -> Row:
    if not isinstance(value, dict):
        raise InputError("a table was expected", where=where)
    return value


def _check_order(kind: str, names: Any, engines: Row, where: str) -> None:
    place = f"{where}: structures.{kind}"
    if kind != DEFAULT and kind not in KINDS:
        raise InputError(
            f"no structure is called {kind}", where=place, remedy=f"use {', '.join(sorted(KINDS))}"
        )
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InputError("a list of engine names was expected", where=place)
    for name in names:
        if name != BUILTIN and name not in engines:
            raise InputError(f"no engine is called {name}", where=place, remedy=f"add [engines.{name}]")


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """How one kind of engine is configured and made."""

    required: Mapping[str, type]
    optional: Mapping[str, tuple[type, ...]]
    make: Callable[[str, Row], Segmenter]


def _limits(row: Row) -> ProcessLimits:
    default = ProcessLimits()
    return ProcessLimits(
        wall_s=float(row.get("time_limit_s", default.wall_s)),
        memory_bytes=int(row.get("memory_limit_gib", default.memory_bytes / GIB) * GIB),
        threads=int(row.get("threads", default.threads)),
    )


def _path(row: Row, name: str) -> Path:
    return Path(row[name]).expanduser().absolute()


def _make_onnx(name: str, row: Row) -> Segmenter:
    return OnnxSegmenter(_path(row, "folder"))


def _make_nnunet(name: str, row: Row) -> Segmenter:
    return NnunetSegmenter(
        name=name,
        environment=_path(row, "environment"),
        folder=_path(row, "folder"),
        approval_file=_path(row, "approval"),
        limits=_limits(row),
        classes=row.get("classes", {}),
    )


def _make_totalsegmentator(name: str, row: Row) -> Segmenter:
    return TotalSegmentatorSegmenter(
        name=name,
        environment=_path(row, "environment"),
        weights=_path(row, "weights"),
        approval_file=_path(row, "approval"),
        task=row.get("task", "total"),
        is_fast=row.get("fast", False),
        licence_number=row.get("licence_number", ""),
        limits=_limits(row),
    )


_PROCESS: Mapping[str, tuple[type, ...]] = {
    "time_limit_s": (int, float),
    "memory_limit_gib": (int, float),
    "threads": (int,),
}
_KINDS: Mapping[str, _Kind] = {
    "onnx": _Kind(required={"folder": str}, optional={}, make=_make_onnx),
    "nnunet": _Kind(
        required={"environment": str, "folder": str, "approval": str},
        optional={**_PROCESS, "classes": (dict,)},
        make=_make_nnunet,
    ),
    "totalsegmentator": _Kind(
        required={"environment": str, "weights": str, "approval": str},
        optional={**_PROCESS, "task": (str,), "fast": (bool,), "licence_number": (str,)},
        make=_make_totalsegmentator,
    ),
}


def _check_engine(name: str, row: Any, where: str) -> None:
    place = f"{where}: engines.{name}"
    if name in (BUILTIN, DEFAULT):
        raise InputError(f"an engine cannot be called {name}", where=place)
    kind = _KINDS.get(str(_table(row, place).get("kind")))
    if kind is None:
        raise InputError(
            "the engine has no known kind", where=f"{place}.kind", remedy=f"use {', '.join(_KINDS)}"
        )
    missing = sorted(set(kind.required) - set(row))
    unknown = sorted(set(row) - set(kind.required) - set(kind.optional) - {"kind"})
    if missing or unknown:
        problem = f"{', '.join(missing)} is missing" if missing else f"{', '.join(unknown)} is unknown"
        raise InputError(problem, where=place, remedy="see docs/how-to/ai-engines.md")
    types = {**{field: (wanted,) for field, wanted in kind.required.items()}, **kind.optional}
    for field_name, wanted in types.items():
        value = row.get(field_name)
        is_number_wanted = int in wanted
        if value is not None and (
            not isinstance(value, wanted) or (is_number_wanted and isinstance(value, bool))
        ):
            raise InputError(f"{value!r} is of the wrong type", where=f"{place}.{field_name}")
        if is_number_wanted and isinstance(value, (int, float)) and value <= 0:
            raise InputError(f"{value!r} is not positive", where=f"{place}.{field_name}")


def make_engine(settings: AiSettings, name: str) -> Segmenter:
    """The configured engine `name`.

    Raises
    ------
    InputError
        If no engine has this name.
    TeleneedleError
        If its weights, licence or program are not in order.
    """
    if name not in settings.engines:
        known = ", ".join((BUILTIN, *settings.engines))
        raise InputError(f"no engine is called {name}", where=settings.where, remedy=f"use {known}")
    row = settings.engines[name]
    return _KINDS[str(row["kind"])].make(name, row)


def make_engines(
    settings: AiSettings, wanted: Iterable[str], *, builtin: Segmenter, prefer: str | None = None
) -> tuple[dict[str, list[Segmenter]], list[Bilingual]]:
    """Ready engines for every wanted kind, best first, and a warning for each that is not in order.

    Parameters
    ----------
    settings : AiSettings
        From `load_ai_settings`.
    wanted : iterable of str
        Canonical kinds.
    builtin : Segmenter
        The engine called ``builtin``.
    prefer : str, optional
        Engine to try first for every kind it knows; it must be in order.

    Raises
    ------
    TeleneedleError
        If the preferred engine is unknown or not in order.
    """
    ready: dict[str, Segmenter | None] = {BUILTIN: builtin}
    warnings: list[Bilingual] = []
    if prefer is not None and prefer != BUILTIN:
        ready[prefer] = _ready_engine(settings, prefer)
    table: dict[str, list[Segmenter]] = {}
    for kind in wanted:
        names = settings.order_for(kind)
        if prefer is not None:
            names = [prefer, *(name for name in names if name != prefer)]
        for name in names:
            if name not in ready:
                ready[name] = _engine_or_warning(settings, name, warnings)
        engines = (ready[name] for name in names)
        table[kind] = [engine for engine in engines if engine is not None and kind in engine.info.classes]
    return table, warnings


def _ready_engine(settings: AiSettings, name: str) -> Segmenter:
    """The engine, with weights hashed and approval checked."""
    engine = make_engine(settings, name)
    _ = engine.info
    return engine


def _engine_or_warning(settings: AiSettings, name: str, warnings: list[Bilingual]) -> Segmenter | None:
    try:
        return _ready_engine(settings, name)
    except TeleneedleError as error:
        warnings.append((f"分割引擎 {name} 未使用：{error}", f"The engine {name} was not used: {error}"))
        return None
