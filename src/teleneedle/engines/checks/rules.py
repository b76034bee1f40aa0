"""One pre-operative rule as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from teleneedle.core.devices import Modality
from teleneedle.core.errors import InputError
from teleneedle.core.plan import Bilingual


class Requirement(Enum):
    """How an answer is compared."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    IS_FALSE = "is_false"
    IS_TRUE = "is_true"
    ONE_OF = "one_of"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule: which fact it looks at, what passes, what only warns, and where the rule comes from.

    Parameters
    ----------
    id : str
        Stable identifier.
    fact : str
        Key of the checklist answer or plan fact (``inr``, ``largest_diameter_mm``).
    requirement : Requirement
        Comparison.
    pass_limit, warn_limit : float or None
        For numbers: the pass limit; between it and `warn_limit` the rule warns, beyond it fails.
        Without a `warn_limit` everything beyond the pass limit takes `otherwise`.
    pass_values, warn_values : tuple of str
        For ``one_of``: answers that pass, and that only warn.
    otherwise : str
        Status when the requirement is not met: ``warn`` or ``fail``.
    mitigated_by : str
        Key of a yes/no answer that turns ``fail`` into ``warn``; empty when nothing does.
    applies_to : tuple of Modality
    text : Bilingual
        The rule in words.
    advice : Bilingual
        What to do when it does not pass.
    unit : str
        Unit of the fact, printed beside it.
    raises : str
        Flag raised when the rule does not pass (``abscess_risk``); empty for none.
    source : str
        Citation, or ``site rule, to be confirmed``.
    """

    id: str
    fact: str
    requirement: Requirement
    text: Bilingual
    source: str
    advice: Bilingual = ("", "")
    pass_limit: float | None = None
    warn_limit: float | None = None
    pass_values: tuple[str, ...] = ()
    warn_values: tuple[str, ...] = ()
    otherwise: str = "fail"
    mitigated_by: str = ""
    applies_to: tuple[Modality, ...] = tuple(Modality)
    unit: str = ""
    raises: str = ""

    def __post_init__(self) -> None:
        if self.requirement in (Requirement.AT_MOST, Requirement.AT_LEAST) and self.pass_limit is None:
            raise InputError("a numeric rule needs a pass limit", where=self.id)
        if self.requirement is Requirement.ONE_OF and not self.pass_values:
            raise InputError("a one_of rule needs values that pass", where=self.id)
        if self.otherwise not in ("warn", "fail"):
            raise InputError("otherwise must be warn or fail", where=f"{self.id}: {self.otherwise}")
