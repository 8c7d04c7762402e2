"""MCP over streamable HTTP, for many users."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from recx_agent.errors import SettingsError
from recx_agent.serve.mcp.answering import Answering
from recx_agent.serve.mcp.metering import Metered
from recx_agent.serve.mcp.resource import ProtectedResource, resource_of
from recx_agent.serve.mcp.server import make_server
from recx_agent.serve.mcp.sign_in import Entrance, host_name, who_asks
from recx_agent.serve.running import Service
from recx_agent.serve.running.meters import CONTENT_TYPE
from recx_agent.settings import LOOPBACK, ServeSettings

PATH, METRICS = "/mcp", "/metrics"
_HEADERS = ["Authorization", "Content-Type", "Last-Event-ID", "Mcp-Method", "Mcp-Name"]
_HEADERS += ["Mcp-Protocol-Version", "Mcp-Session-Id", "X-API-Key"]


def hosts_of(serve: ServeSettings, resource: ProtectedResource | None = None) -> frozenset[str]:
    """Names the server may be called by: those of the settings, and its own loopback ones.

    Parameters
    ----------
    serve : ServeSettings
    resource : ProtectedResource, optional
        What clients are told that it is called.

    Raises
    ------
    SettingsError
        It listens to others than this machine, and no setting says what they call it.
    """
    named = frozenset(host_name(name) for name in serve.hosts)
    named |= frozenset() if resource is None else {resource.host}
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
    """The ASGI application: MCP at ``/mcp``, ``/metrics``, and where tokens are to be had.

    Raises
    ------
    SettingsError
        See :func:`hosts_of` and :func:`resource_of`.
    """
    settings = service.settings
    resource = resource_of(settings)
    hosts, origins = hosts_of(settings.serve, resource), frozenset(settings.serve.cors_origins)
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

    def metrics(request: Request) -> Response:
        caller = getattr(request.state, "caller", None)
        return Response(service.metrics(caller), media_type=CONTENT_TYPE)

    entrance = Middleware(
        Entrance,
        service=service,
        hosts=hosts,
        origins=origins,
        metrics=METRICS,
        resource=resource,
    )
    # Preflights of a browser carry no credentials, so they are answered before them.
    cors = Middleware(
        CORSMiddleware,
        allow_origins=sorted(origins),
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=_HEADERS,
        expose_headers=["Mcp-Session-Id", "WWW-Authenticate"],
    )
    metered = Middleware(Metered, meters=service.meters, standing=PATH)
    return Starlette(
        routes=[
            Route(PATH, endpoint=StreamableHTTPASGIApp(manager)),
            Route(METRICS, endpoint=metrics),
            *(resource.routes if resource else ()),
        ],
        middleware=[metered, cors, entrance] if origins else [metered, entrance],
        lifespan=lifespan,
    )
