"""The steps of the schema lead to exactly the tables of this version, on both databases."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from sqlalchemy import text

from teleneedle.adapters.sql import schema as schema_module
from teleneedle.adapters.sql.database import open_engine
from teleneedle.adapters.sql.migrations import head, migration_context, upgrade
from teleneedle.adapters.sql.schema import schema
from teleneedle.core.errors import NotReadableError


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/hub.db"


def test_the_steps_lead_to_the_tables(url: str) -> None:
    engine = open_engine(url)
    upgrade(engine)
    upgrade(engine)
    with engine.connect() as connection:
        context = migration_context(connection)
        assert compare_metadata(context, schema()) == []
        assert context.get_current_heads() == (head(),)
    engine.dispose()


def test_every_module_of_tables_belongs_to_the_schema() -> None:
    folder = Path(schema_module.__file__).parent
    named = {module.__name__.rpartition(".")[2] for module in schema_module.TABLE_MODULES}
    assert named == {path.stem for path in folder.glob("*_tables.py")}


def test_hubs_that_start_together_migrate_once(url: str) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        engine = open_engine(url)
        try:
            upgrade(engine)
        except BaseException as error:
            failures.append(error)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_database_from_the_future_is_left_alone(url: str) -> None:
    engine = open_engine(url)
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NotReadableError, match="newer"):
        upgrade(engine)
    engine.dispose()
