"""Fixtures every test kind shares."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

collect_ignore = ["integration/make_threshold_nnunet.py"]
"""A program for the environment of nnU-Net, which has torch; no test."""

PROJECT_ROOT = Path(__file__).resolve().parents[1]
if not (PROJECT_ROOT / ".venv-ai" / ".ready").is_file():
    # nnU-Net itself is an option of some gigabytes (`make setup-ai`); its test is collected once it is there.
    collect_ignore.append("integration/test_nnunet_itself.py")


def real_data_root() -> Path:
    """Folder with the real CT: ``TELENEEDLE_TEST_DATA``, else ``../shared/data`` beside the project."""
    return Path(os.environ.get("TELENEEDLE_TEST_DATA", PROJECT_ROOT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Real CT with expert labels; the test is skipped, saying why, where it is not present."""
    root = real_data_root()
    if not root.is_dir():
        pytest.skip(f"no real test data at {root} (set TELENEEDLE_TEST_DATA)")
    return root
