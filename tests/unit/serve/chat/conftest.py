"""The chat endpoint over the planted world, without a language model."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from recx_agent import Recx
from recx_agent.serve.chat.router import make_chat_router
from recx_agent.serve.identity import Tokens
from recx_agent.serve.rest.app import make_app
from recx_agent.serve.running import Service
from recx_agent.settings import Settings

SECRET = "a secret of the operator, which is long enough for any kind of HMAC"


class ChatDoor:
    """An application with the chat endpoint, and tokens for it."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.app: FastAPI = make_app(service, routers=[make_chat_router(service)])

    def token(self, user: str = "u0", *scopes: str) -> str:
        tokens = Tokens(self.service.settings.serve.tokens)
        return tokens.mint(user, scopes or ("recommend", "feedback"), timedelta(minutes=5))

    async def post(self, body: Any, token: str | None = None, **headers: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        bearer = {"Authorization": f"Bearer {self.token() if token is None else token}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.post(
                "/v1/chat/completions", json=body, headers={**bearer, **headers}, timeout=30
            )

    async def say(self, text: str, token: str | None = None, **more: Any) -> httpx.Response:
        body = {"model": "recx-agent", "messages": [{"role": "user", "content": text}], **more}
        return await self.post(body, token)


@pytest.fixture(scope="session")
def chat_workspace(planted_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("chat") / "workspace"
    shutil.copytree(planted_workspace, copy)
    return copy


@pytest.fixture
def make_chat(chat_workspace: Path) -> Iterator[Callable[..., ChatDoor]]:
    """Makes the endpoint, with settings of its own."""
    (chat_workspace / "users.sqlite3").unlink(missing_ok=True)
    made: list[ChatDoor] = []

    def make(**sections: Any) -> ChatDoor:
        serve = {"rate": None, "sign_in_rate": None, "tokens": {"secret": SECRET}}
        settings = Settings.model_validate(
            {"workspace": chat_workspace, "serve": serve, **sections}
        )
        service = Service.of(settings, lambda: Recx.open(chat_workspace, **sections))
        service.holder.start()
        made.append(ChatDoor(service))
        return made[-1]

    yield make
    for door in made:
        door.service.close()


@pytest.fixture
def chat(make_chat: Callable[..., ChatDoor]) -> ChatDoor:
    return make_chat()
