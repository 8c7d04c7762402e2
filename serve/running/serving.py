"""Runs an application with uvicorn: signals, reload, a shutdown that lets requests finish."""

from __future__ import annotations

import asyncio
import math
import signal
import socket
import time
from types import FrameType
from typing import Any

import uvicorn

from recx_agent.errors import ReloadFailed, SettingsError
from recx_agent.serve.running import logs, memory
from recx_agent.serve.running.reloading import reload_of
from recx_agent.serve.running.service import Service

_KEEP_ALIVE = 30  # seconds for which an idle connection is kept
_LET_GO = 1.0  # seconds after which nobody has a closed workspace in his hands any more


def run_server(app: Any, service: Service, *, host: str, port: int) -> None:
    """Serve until SIGTERM or Ctrl-C; SIGHUP reloads the workspace.

    At the signal ``service.stopping`` is set, and after ``serve.drain_seconds`` the port is
    closed; running requests have ``serve.shutdown_seconds`` then. A second signal ends at once.

    Parameters
    ----------
    app : ASGI application
    service : Service
        Its workspace is open already.
    host, port : str, int
        Where to listen; port 0 is any that is free, and is told in the log.

    Raises
    ------
    SettingsError
        It cannot listen there.
    """
    serve = service.settings.serve
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,  # ours is there already
        access_log=False,  # it has addresses, and paths with user ids
        server_header=False,
        proxy_headers=bool(serve.proxies),
        forwarded_allow_ips=list(serve.proxies),
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=math.ceil(serve.shutdown_seconds),
        lifespan="on",
        ws="none",
    )
    memory.settle()
    with _listening(host, port) as listener:
        _Server(config, service).run(sockets=[listener])
    logs.event("stopped")


class _Server(uvicorn.Server):
    """Is not ready for a while before it stops, and reloads at SIGHUP."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service
        self._stops_at: float | None = None
        self._settles_at: float | None = None
        service.holder.on_closed = self._settle_soon
        self._reloads: set[asyncio.Task[None]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say where."""
        await super().startup(sockets)
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, self._reload)
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            version = self._service.holder.version
            logs.event("listening", host=host, port=port, version=version)

    async def on_tick(self, counter: int) -> bool:
        """Every tenth of a second."""
        if self._stops_at is not None and time.monotonic() >= self._stops_at:
            self.should_exit = True
        if self._settles_at is not None and time.monotonic() >= self._settles_at:
            self._settles_at = None
            memory.settle()
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop: the first time after a while, the second time at once."""
        if self._stops_at is None:
            self._service.stopping = True
            self._stops_at = time.monotonic() + self._service.settings.serve.drain_seconds
            logs.event("stopping")
        else:
            self.should_exit = self.force_exit = True

    def _settle_soon(self) -> None:
        self._settles_at = time.monotonic() + _LET_GO

    def _reload(self) -> None:
        task = asyncio.get_running_loop().create_task(self._reloaded())
        self._reloads.add(task)
        task.add_done_callback(self._reloads.discard)

    async def _reloaded(self) -> None:
        try:
            await reload_of(self._service)
        except ReloadFailed:
            pass  # it is in the log, and the old one goes on


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise SettingsError(
            f"cannot listen at {host}, port {port}: {error.strerror}; choose another --host or "
            "--port (serve.host, serve.port)"
        ) from error
