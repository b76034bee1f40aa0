"""Parts of an upload against a running hub: cut lines, a killed hub, two senders at once."""

from __future__ import annotations

import socket
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest

from teleneedle.apps.hub.identity import COOKIE
from teleneedle.apps.testing.served_world import ServedWorld, serve_world

WHO = "technologist-a"
CONTENT = np.random.default_rng(7).bytes(3_000_000)
OTHER = np.random.default_rng(8).bytes(3_000_000)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedWorld]:
    with serve_world(tmp_path_factory.mktemp("parts") / "hub") as made:
        yield made


@pytest.fixture
def client(served: ServedWorld) -> Iterator[httpx.Client]:
    with served.client(WHO) as made:
        yield made


def begin(served: ServedWorld, client: httpx.Client, *sizes: int) -> str:
    files = [{"path": f"{n}.dcm", "size": size} for n, size in enumerate(sizes)]
    body = {"command_id": str(uuid.uuid4()), "files": files}
    answer = client.post(f"/api/cases/{served.case['id']}/uploads", json=body)
    answer.raise_for_status()
    return str(answer.json()["id"])


def send(client: httpx.Client, upload_id: str, offset: int, content: bytes, n: int = 0) -> httpx.Response:
    return client.put(f"/api/uploads/{upload_id}/files/{n}?offset={offset}", content=content)


def received(client: httpx.Client, upload_id: str) -> int:
    return int(client.get(f"/api/uploads/{upload_id}").json()["files"][0]["received"])


def kept(served: ServedWorld, upload_id: str) -> bytes:
    return (served.folder / "uploads" / upload_id / "files" / "0").read_bytes()


def begin_part(served: ServedWorld, upload_id: str, *, offset: int, length: int, content: bytes) -> Any:
    """Open a connection, announce `length` bytes, send `content`, and leave it so."""
    at = urlsplit(served.process.url)
    line = socket.create_connection((str(at.hostname), int(at.port or 80)))
    token, csrf = served.tokens[WHO]
    head = (
        f"PUT /api/uploads/{upload_id}/files/0?offset={offset} HTTP/1.1\r\nHost: {at.netloc}\r\n"
        f"Cookie: {COOKIE}={token}\r\nX-CSRF-Token: {csrf}\r\nContent-Length: {length}\r\n\r\n"
    )
    line.sendall(head.encode() + content)
    return line


def wait_for_file(served: ServedWorld, upload_id: str) -> Path:
    """The part on its way in, once bytes of it are on the disk."""
    for _ in range(200):
        for path in (served.folder / "uploads" / upload_id / "parts" / "0").glob(".*"):
            if path.stat().st_size:
                return path
        time.sleep(0.02)
    raise TimeoutError


def test_a_cut_part_never_counts_and_the_next_one_does(served: ServedWorld, client: httpx.Client) -> None:
    upload_id = begin(served, client, len(CONTENT))
    assert send(client, upload_id, 0, CONTENT[:1_000_000]).json() == {"received": 1_000_000}
    line = begin_part(served, upload_id, offset=1_000_000, length=1_000_000, content=OTHER[:700_000])
    coming = wait_for_file(served, upload_id)
    line.close()
    for _ in range(200):
        if not coming.exists():
            break
        time.sleep(0.02)
    assert not coming.exists()
    assert received(client, upload_id) == 1_000_000
    wrong = send(client, upload_id, 1_700_000, CONTENT[1_700_000:])
    assert (wrong.status_code, wrong.json()["received"]) == (409, 1_000_000)
    assert send(client, upload_id, 1_000_000, CONTENT[1_000_000:]).json() == {"received": len(CONTENT)}
    assert kept(served, upload_id) == CONTENT
    assert client.delete(f"/api/uploads/{upload_id}").status_code == 204
    assert not (served.folder / "uploads" / upload_id).exists()


def test_of_two_senders_at_once_one_counts_and_nothing_is_mixed(
    served: ServedWorld, client: httpx.Client
) -> None:
    upload_id = begin(served, client, len(CONTENT))
    slow = begin_part(served, upload_id, offset=0, length=len(OTHER), content=OTHER[:1_500_000])
    wait_for_file(served, upload_id)
    assert send(client, upload_id, 0, CONTENT).json() == {"received": len(CONTENT)}
    slow.sendall(OTHER[1_500_000:])
    answer = slow.recv(4096)
    assert answer.startswith(b"HTTP/1.1 409")
    slow.close()
    assert kept(served, upload_id) == CONTENT


def test_many_senders_of_the_same_parts(served: ServedWorld, client: httpx.Client) -> None:
    upload_id = begin(served, client, len(CONTENT))
    ends: list[set[int]] = []
    for at in range(0, len(CONTENT), 500_000):
        part, statuses = CONTENT[at : at + 500_000], set()

        def put(at: int = at, part: bytes = part, statuses: set[int] = statuses) -> None:
            with served.client(WHO) as mine:
                statuses.add(send(mine, upload_id, at, part).status_code)

        threads = [threading.Thread(target=put) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ends.append(statuses)
    assert all(200 in statuses <= {200, 409} for statuses in ends)
    assert kept(served, upload_id) == CONTENT


def test_more_than_announced_is_refused_and_leaves_what_was_there(
    served: ServedWorld, client: httpx.Client
) -> None:
    upload_id = begin(served, client, 1_000_000)
    assert send(client, upload_id, 0, CONTENT[:400_000]).status_code == 200
    assert send(client, upload_id, 400_000, CONTENT[400_000:]).status_code == 413
    assert received(client, upload_id) == 400_000
    assert client.post(f"/api/uploads/{upload_id}/complete", json={}).status_code == 409
    assert send(client, upload_id, 400_000, CONTENT[400_000:1_000_000]).status_code == 200
    assert kept(served, upload_id) == CONTENT[:1_000_000]


def test_what_was_acknowledged_is_there_after_kill_9_and_goes_on(tmp_path: Path) -> None:
    with serve_world(tmp_path / "hub") as served:
        with served.client(WHO) as client:
            upload_id = begin(served, client, len(CONTENT))
            acknowledged = 0
            for end in (600_000, 1_300_000, 2_000_000):
                acknowledged = send(client, upload_id, acknowledged, CONTENT[acknowledged:end]).json()[
                    "received"
                ]
                line = begin_part(
                    served, upload_id, offset=end, length=700_000, content=OTHER[: 300_000 + end // 10]
                )
                wait_for_file(served, upload_id)
                served.process.kill()
                line.close()
                served.process.start()
                assert received(client, upload_id) == acknowledged == end
            assert send(client, upload_id, acknowledged, CONTENT[acknowledged:]).status_code == 200
        assert kept(served, upload_id) == CONTENT
        left = [p.name for p in (served.folder / "uploads" / upload_id).rglob("*") if p.is_file()]
        assert left == ["0"]
