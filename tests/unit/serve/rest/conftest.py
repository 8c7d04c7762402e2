"""The planted world behind the application, asked in this process."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from recx_agent import Recx
from recx_agent.serve.identity import USER_SCOPES, Tokens
from recx_agent.serve.rest.app import make_app
from recx_agent.serve.running import Service
from recx_agent.settings import Settings

SECRET = "a secret of the operator, which is long enough for any kind of HMAC"
OFTEN = {"rate": None, "sign_in_rate": None}


class Door:
    """An application, and credentials for it."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.app = make_app(service)

    def client(self, **headers: str) -> AbstractAsyncContextManager[httpx.AsyncClient]:
        """A client; without headers it brings no credential."""
        transport = httpx.ASGITransport(app=self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers)

    def token(self, user: str = "u0", *scopes: str, minutes: float = 5) -> str:
        lifetime = timedelta(minutes=minutes)
        tokens = Tokens(self.service.settings.serve.tokens)
        return tokens.mint(user, scopes or USER_SCOPES, lifetime)

    def of(self, user: str = "u0", *scopes: str) -> AbstractAsyncContextManager[httpx.AsyncClient]:
        """A client with the token of a user."""
        return self.client(Authorization=f"Bearer {self.token(user, *scopes)}")


class Unclosed(Recx):
    """Tests share it: whoever is done with it does not close it."""

    def close(self) -> None:
        pass


@pytest.fixture(scope="session")
def rest_workspace(planted_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("rest") / "workspace"
    shutil.copytree(planted_workspace, copy)
    return copy


@pytest.fixture(scope="session")
def shared_recx(rest_workspace: Path) -> Iterator[Recx]:
    with Unclosed.open(rest_workspace) as opened:
        yield opened
    Recx.close(opened)


MakeDoor = Callable[..., Door]


@pytest.fixture
def make_door(shared_recx: Recx) -> MakeDoor:
    """Makes an application with settings of its own over the shared workspace."""

    def make(open_recx: Callable[[], Recx] | None = None, **serve: Any) -> Door:
        wanted = {**OFTEN, "tokens": {"secret": SECRET}, **serve}
        settings = Settings.model_validate(
            {"workspace": shared_recx.workspace.root, "serve": wanted}
        )
        service = Service.of(settings, open_recx or (lambda: shared_recx))
        service.holder.start()
        return Door(service)

    return make


@pytest.fixture
def door(make_door: MakeDoor) -> Door:
    return make_door()
