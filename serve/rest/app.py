"""The application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

import recx_agent
from recx_agent.serve.rest import (
    routes_ask,
    routes_operate,
    routes_people,
    routes_say,
    streaming,
)
from recx_agent.serve.rest.answers import add_handlers
from recx_agent.serve.rest.document import add_document
from recx_agent.serve.rest.door import Frame, Guard
from recx_agent.serve.running import Service


def make_app(service: Service, *, routers: Sequence[APIRouter] = ()) -> FastAPI:
    """The application of a service; it opens the workspace when it starts.

    Parameters
    ----------
    service : Service
    routers : sequence of APIRouter
        Further routes. Who asks is in ``request.state.caller``; the dependencies of
        :mod:`recx_agent.serve.rest.asked` hand it to them.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if service.holder.version is None:
            await anyio.to_thread.run_sync(service.holder.start)
        yield
        await anyio.to_thread.run_sync(service.close)

    app = FastAPI(
        title="recx-agent",
        version=recx_agent.__version__,
        lifespan=lifespan,
        # Its pages load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        middleware=_doors(service),
        redirect_slashes=False,
    )
    app.state.service = service
    own = (routes_ask, streaming, routes_say, routes_people, routes_operate)
    for router in (*(routes.router for routes in own), *routers):
        app.include_router(router)
    add_handlers(app)
    add_document(app)
    return app


def _doors(service: Service) -> list[Middleware]:
    origins = service.settings.serve.cors_origins
    doors = [Middleware(Frame, service=service)]
    if origins:
        doors.append(
            Middleware(
                CORSMiddleware,
                allow_origins=list(origins),
                allow_methods=["GET", "POST", "DELETE"],
                allow_headers=["Authorization", "Content-Type", "X-API-Key"],
                expose_headers=["Retry-After", "X-Request-Id"],
            )
        )
    return [*doors, Middleware(Guard, service=service)]
