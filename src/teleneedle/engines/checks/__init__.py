"""Pre-operative checks and the care that follows from them: rules are values, this package evaluates them."""

from teleneedle.engines.checks.care import CareRule, ContingencyRow, plan_care
from teleneedle.engines.checks.evaluate import evaluate_rules
from teleneedle.engines.checks.rules import Requirement, Rule

__all__ = ["CareRule", "ContingencyRow", "Requirement", "Rule", "evaluate_rules", "plan_care"]
