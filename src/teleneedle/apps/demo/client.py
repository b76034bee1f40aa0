"""A person at the hub's interface: signs in, sends commands, uploads a folder, waits for jobs."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from teleneedle.core.errors import TeleneedleError

Json = dict[str, Any]
JobSeen = Callable[[Json], None]
WAIT_S = 0.25


class HubClient:
    """One signed-in person.

    Parameters
    ----------
    url : str
        Where the hub listens, without a slash at the end.
    """

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=60.0, headers={"Origin": url})

    def close(self) -> None:
        """Close the connection; the session at the hub stays until it expires."""
        self._http.close()

    def set_up(self, token: str, *, centre: str, name: str, email: str, password: str) -> Json:
        """First run: make the centre and its administrator, and be signed in as them."""
        return self._signed_in(
            self._send(
                "POST",
                "/api/setup",
                {
                    "setup_token": token,
                    "centre_name": centre,
                    "name": name,
                    "email": email,
                    "password": password,
                },
            )
        )

    def sign_in(self, email: str, password: str) -> Json:
        """Sign in with a local account."""
        return self._signed_in(self._send("POST", "/api/session", {"email": email, "password": password}))

    def get(self, path: str) -> Any:
        """Answer of a read route."""
        return self._send("GET", path, None)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Send what needs no command id."""
        return self._send("POST", path, dict(body))

    def command(self, path: str, body: Mapping[str, Any]) -> Any:
        """Send a command with an id of its own, so that a repeated one changes nothing."""
        return self._send("POST", path, {"command_id": str(uuid.uuid4()), **body})

    def append(self, case_id: str, kind: str, body: Mapping[str, Any]) -> Any:
        """Append one event to a case."""
        return self.command(f"/api/cases/{case_id}/events", {"kind": kind, "body": dict(body)})

    def upload(self, case_id: str, folder: Path) -> Json:
        """Send every file of `folder` and wait until it is read; the finished job."""
        files = sorted(p for p in folder.rglob("*") if p.is_file())
        listed = [{"path": str(p.relative_to(folder)), "size": p.stat().st_size} for p in files]
        upload = self.command(f"/api/cases/{case_id}/uploads", {"files": listed})
        for n, path in enumerate(files):
            self._send_raw(f"/api/uploads/{upload['id']}/files/{n}?offset=0", path.read_bytes())
        return self.wait(self.post(f"/api/uploads/{upload['id']}/complete", {}))

    def wait(self, job: Json, seen: JobSeen = lambda _job: None) -> Json:
        """The job once it has ended well.

        Raises
        ------
        TeleneedleError
            If it failed or was cancelled, with what the hub says about it.
        """
        while job["state"] in ("queued", "running"):
            time.sleep(WAIT_S)
            job = self.get(f"/api/jobs/{job['id']}")
            seen(job)
        if job["state"] != "done":
            problem = job.get("error") or {}
            raise TeleneedleError(
                f"the job '{job['kind']}' ended as {job['state']}: {problem.get('detail', '')}",
                where=str(problem.get("where", "")),
                remedy=str(problem.get("remedy", "")),
            )
        return job

    def _signed_in(self, session: Json) -> Json:
        self._http.headers["X-CSRF-Token"] = session["csrf_token"]
        return session

    def _send(self, method: str, path: str, body: Json | None) -> Any:
        return self._answer(self._http.request(method, path, json=body))

    def _send_raw(self, path: str, content: bytes) -> Any:
        return self._answer(
            self._http.put(path, content=content, headers={"Content-Type": "application/octet-stream"})
        )

    @staticmethod
    def _answer(response: httpx.Response) -> Any:
        if response.is_success:
            return response.json() if response.content else None
        raise TeleneedleError(
            f"the hub answered {response.status_code}: {response.text[:500]}",
            where=f"{response.request.method} {response.request.url.path}",
        )
