"""The reference page of the case log names every kind of event and every reason that blocks a signature."""

from __future__ import annotations

import re
from pathlib import Path

from teleneedle.core.casefile import approval
from teleneedle.core.casefile.commands import ACTIONS
from teleneedle.core.casefile.fold import CHANGES
from teleneedle.core.casefile.stage import STATES

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "case-log.md").read_text(
    encoding="utf-8"
)


def rows() -> set[str]:
    return set(re.findall(r"^\| `([a-z.-]+)` \|", PAGE, flags=re.MULTILINE))


def test_every_kind_and_every_block_has_its_row() -> None:
    source = Path(approval.__file__).read_text(encoding="utf-8")
    codes = set(re.findall(r'code="([a-z-]+)"', source))
    assert len(codes) == 10
    assert rows() == {"case.referred", *CHANGES, *codes}
    assert set(ACTIONS) <= rows()


def test_every_state_is_explained() -> None:
    states = PAGE.split("## States")[1].split("##")[0]
    assert [state for state in STATES if f"`{state}`" not in states] == []
