"""Fixtures every test kind shares."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from teleneedle.apps.testing.hub_world import HubWorld, make_world
from teleneedle.apps.testing.postgres import fresh_database, private_cluster

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


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str]:
    """A private PostgreSQL cluster of this test run."""
    with private_cluster() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_cluster: str) -> str:
    """A new empty PostgreSQL database."""
    return fresh_database(postgres_cluster)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """Empty (SQLite in the hub's folder), or PostgreSQL when ``TELENEEDLE_TEST_DATABASE=postgres``."""
    wanted = os.environ.get("TELENEEDLE_TEST_DATABASE", "sqlite")
    return str(request.getfixturevalue("postgres_url")) if wanted == "postgres" else ""


@pytest.fixture
def world(tmp_path: Path, database_url: str) -> Iterator[HubWorld]:
    """A running hub with one centre, three hospitals and somebody in every role."""
    made = make_world(tmp_path / "hub", database_url=database_url)
    with TestClient(made.app):
        yield made
