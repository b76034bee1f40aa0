"""The link's server: uvicorn in a thread of the hub, on a port of its own with client certificates."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading

import uvicorn
from starlette.concurrency import run_in_threadpool

from teleneedle.apps.hub.context import Hub
from teleneedle.apps.hub.link.app import make_link_app
from teleneedle.apps.hub.link.tls import link_protocols, server_context
from teleneedle.core.errors import OutputError

SWEEP_S = 5.0
"""How often connected gateways are looked up again: another process of the hub may have revoked one."""
GRACE_S = 5


class LinkServer:
    """Started before the hub answers, closed after it."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        settings = hub.settings
        self._names = (settings.link_host, "localhost", "127.0.0.1", *settings.link_names)
        hub.authority.renew_server(self._names, at=hub.now())
        self._context = server_context(hub.authority)
        self._socket = _listen(settings.link_host, settings.link_port)
        http, websocket = link_protocols(hub.connections)
        config = uvicorn.Config(
            make_link_app(hub),
            http=http,
            ws=websocket,
            ws_per_message_deflate=False,
            ssl_context_factory=lambda _config, _default: self._context,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=GRACE_S,
            server_header=False,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._socket.getsockname()[1])

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def close(self) -> None:
        """End every connection and the thread."""
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        sweeping = asyncio.ensure_future(self._sweep())
        try:
            await self._server.serve(sockets=[self._socket])
        finally:
            sweeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sweeping

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            await run_in_threadpool(self._look_again)

    def _look_again(self) -> None:
        """Close what is out of use; take a renewed certificate into use."""
        for serial in self._hub.connections.serials():
            if self._hub.gateways.find(serial) is None:
                self._hub.connections.close(serial=serial)
        authority = self._hub.authority
        if authority.renew_server(self._names, at=self._hub.now()):
            self._context.load_cert_chain(authority.server_certificate_path, authority.server_key_path)


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise OutputError(
            "the link's port cannot be opened",
            where=f"{host}:{port}",
            remedy="choose another with --link-port; 0 leaves the link out",
        ) from error
