"""No lock pins a version that an advisory names."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
ADVISORIES = tomllib.loads((ROOT / "safety" / "advisories.toml").read_text())["advisory"]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def locked_versions(lock: Path) -> dict[str, list[Version]]:
    found: dict[str, list[Version]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock.read_text(), re.MULTILINE):
        found.setdefault(name.lower(), []).append(Version(version))
    return found


@pytest.mark.parametrize("advisory", ADVISORIES, ids=lambda a: a["package"])
def test_locks_hold_the_least_safe_version(advisory: dict[str, str]) -> None:
    pinned = [v for lock in LOCKS for v in locked_versions(lock).get(advisory["package"], [])]
    assert pinned, f"{advisory['package']} is in no lock: remove the advisory"
    assert min(pinned) >= Version(advisory["minimum"]), advisory["why"]


def test_locks_carry_hashes_and_no_addresses() -> None:
    for name in ("core.txt", "ai.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text()
        assert "://" not in text
        blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)
        assert all("--hash=sha256:" in block for block in blocks if "==" in block)
