"""The planted world behind an MCP server; a core that notes whom it is asked about."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from starlette.applications import Starlette

from recx_agent import Recx
from recx_agent.serve.identity import USER_SCOPES, Tokens
from recx_agent.serve.mcp.answering import Answering
from recx_agent.serve.mcp.http import make_app
from recx_agent.serve.mcp.server import make_server
from recx_agent.serve.running import Service, Turns
from tests.unit.tools.conftest import METHODS

SECRET = "a secret of the tests, which is long enough"
URL = "http://127.0.0.1:8090/mcp"
SERVE = {"tokens": {"secret": SECRET}, "rate": None}


class Spy:
    """Hands on to a core; notes whom it is asked about, or fails with what it is told to."""

    def __init__(self, core: Recx) -> None:
        self.core, self.settings = core, core.settings
        self.users: list[str] = []
        self.fault: Exception | None = None

    def __getattr__(self, name: str) -> Any:
        if name not in METHODS:
            return getattr(self.core, name)

        def call(user_id: str, *args: Any, **more: Any) -> Any:
            self.users.append(user_id)
            if self.fault is not None:
                raise self.fault
            return getattr(self.core, name)(user_id, *args, **more)

        return call


@pytest.fixture(scope="session")
def mcp_workspace(planted_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("mcp") / "workspace"
    shutil.copytree(planted_workspace, copy)
    return copy


@pytest.fixture
def recx(mcp_workspace: Path) -> Iterator[Recx]:
    """Nothing is said yet."""
    (mcp_workspace / "users.sqlite3").unlink(missing_ok=True)
    with Recx.open(mcp_workspace, serve=SERVE) as opened:
        yield opened


@pytest.fixture
def spy(recx: Recx) -> Spy:
    return Spy(recx)


def service_of(core: Any, threads: int = 4) -> Service:
    """What a server has, with this core behind it."""
    service = Service.of(core.settings, lambda: core)
    service.turns = Turns(threads, 64)
    service.holder.start()
    return service


def answering_for(core: Any, user_id: str = "u0", threads: int = 4, **more: Any) -> Answering:
    """What answers one user, as over stdio."""
    service = service_of(core, threads)
    local = service.gate.local(user_id)
    return Answering(service, lambda _: local, **more)


def client_of(core: Any, user_id: str = "u0", mode: str = "auto", **more: Any) -> Client:
    """The official client, beside the server in this process."""
    return Client(make_server(answering_for(core, user_id, **more)), mode=mode)


def token_of(
    recx: Recx, user_id: str, scopes: tuple[str, ...] = USER_SCOPES, minutes: float = 5
) -> str:
    """A user's token as the operator makes it."""
    lifetime = timedelta(minutes=minutes)
    return Tokens(recx.settings.serve.tokens).mint(user_id, scopes, lifetime)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@asynccontextmanager
async def running(core: Any, **more: Any) -> AsyncIterator[Starlette]:
    """The application over HTTP, started."""
    app = make_app(service_of(core), **more)
    async with app.router.lifespan_context(app):
        yield app


def http(app: Starlette, headers: Mapping[str, str] = {}) -> httpx2.AsyncClient:  # noqa: B006
    """An HTTP client that reaches the application without a socket."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), headers=dict(headers))


@asynccontextmanager
async def client_over_http(app: Starlette, token: str, mode: str = "auto") -> AsyncIterator[Client]:
    """The official client of one user."""
    async with (
        http(app, bearer(token)) as carrier,
        Client(streamable_http_client(URL, http_client=carrier), mode=mode) as client,
    ):
        yield client
