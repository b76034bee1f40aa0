"""A private PostgreSQL for tests: its own folder, its own port, gone afterwards."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

OWNER = "postgres"
"""PostgreSQL refuses to run as root; Debian's package makes this account."""


def find_programs() -> Path | None:
    """Folder of ``initdb`` and ``pg_ctl`` of the newest PostgreSQL of this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    return found[-1] if found else None


@contextmanager
def private_cluster() -> Iterator[str]:
    """URL of a fresh cluster's first database, for the duration of the block."""
    programs = find_programs()
    if programs is None:
        raise FileNotFoundError("PostgreSQL is missing: requirements/debian-test.txt names it")
    home = Path(tempfile.mkdtemp(prefix="teleneedle-pg-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    try:
        if os.geteuid() == 0:
            shutil.chown(home, OWNER, OWNER)
        _run([str(programs / "initdb"), "-D", str(home / "db"), "-A", "trust", "-U", OWNER, "-E", "UTF8"])
        options = f"-h 127.0.0.1 -p {port} -k {home} -c max_connections=200 -c fsync=off"
        control = [str(programs / "pg_ctl"), "-D", str(home / "db"), "-w"]
        _run([*control, "-l", str(home / "log"), "-o", options, "start"])
        try:
            yield f"postgresql+psycopg://{OWNER}@127.0.0.1:{port}/postgres"
        finally:
            _run([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(home, ignore_errors=True)


def fresh_database(cluster_url: str) -> str:
    """URL of a new empty database in the cluster."""
    name = f"t{secrets.token_hex(6)}"
    engine = create_engine(cluster_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return cluster_url.rsplit("/", 1)[0] + f"/{name}"


def _run(command: list[str]) -> None:
    as_owner = ["setpriv", f"--reuid={OWNER}", f"--regid={OWNER}", "--init-groups"]
    prefix = as_owner if os.geteuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, capture_output=True, cwd="/")
