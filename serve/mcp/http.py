"""MCP over streamable HTTP, for many users."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route

from recx_agent.errors import SettingsError
from recx_agent.serve.mcp.answering import Answering
from recx_agent.serve.mcp.server import make_server
from recx_agent.serve.mcp.sign_in import Entrance, host_name, who_asks
from recx_agent.serve.running import Service
from recx_agent.settings import LOOPBACK, ServeSettings

PATH = "/mcp"
_HEADERS = ["Authorization", "Content-Type", "Last-Event-ID", "Mcp-Method", "Mcp-Name"]
_HEADERS += ["Mcp-Protocol-Version", "Mcp-Session-Id", "X-API-Key"]


def hosts_of(serve: ServeSettings) -> frozenset[str]:
    """Names the server may be called by: those of the settings, and its own loopback ones.

    Raises
    ------
    SettingsError
        It listens to others than this machine, and no setting says what they call it.
    """
    named = frozenset(host_name(name) for name in serve.hosts)
    if serve.host in LOOPBACK:
        return named | LOOPBACK
    if not named:
        raise SettingsError(
            f"at {serve.host} others than this machine can ask: set serve.hosts to the names that "
            'they call the server by, such as ["recx.example"]; other names are refused'
        )
    return named


def make_app(
    service: Service, *, language: str | None = None, allow_cold: bool = False
) -> Starlette:
    """The ASGI application; MCP is at ``/mcp``.

    Raises
    ------
    SettingsError
        See :func:`hosts_of`.
    """
    settings = service.settings
    hosts, origins = hosts_of(settings.serve), frozenset(settings.serve.cors_origins)
    answering = Answering(service, who_asks, language, allow_cold)
    manager = StreamableHTTPSessionManager(
        make_server(answering),
        # A stream would be cut when the server is told to stop; an answer is waited for.
        json_response=True,
        max_request_body_size=settings.serve.max_body_bytes,
        max_sessions=settings.mcp.max_sessions,
        session_idle_timeout=60 * settings.mcp.idle_minutes,
    )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with manager.run():
            yield
        await anyio.to_thread.run_sync(service.close)

    entrance = Middleware(Entrance, service=service, hosts=hosts, origins=origins)
    # Preflights of a browser carry no credentials, so they are answered before them.
    cors = Middleware(
        CORSMiddleware,
        allow_origins=sorted(origins),
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=_HEADERS,
        expose_headers=["Mcp-Session-Id", "WWW-Authenticate"],
    )
    return Starlette(
        routes=[Route(PATH, endpoint=StreamableHTTPASGIApp(manager))],
        middleware=[cors, entrance] if origins else [entrance],
        lifespan=lifespan,
    )
