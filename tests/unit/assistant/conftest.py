"""Conversations about the planted world, with a model that says what a test wants."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from recx_agent import Recx
from recx_agent.assistant import Assistant, Conversation, Reply
from recx_agent.llms.scripted_tools import ScriptedToolChat

USER = "u0"


@pytest.fixture(scope="session")
def assistant_workspace(planted_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("assistant") / "workspace"
    shutil.copytree(planted_workspace, copy)
    return copy


@pytest.fixture
def open_recx(assistant_workspace: Path) -> Iterator[Callable[..., Recx]]:
    """Opens the workspace, nothing said yet, with settings of the assistant."""
    (assistant_workspace / "users.sqlite3").unlink(missing_ok=True)
    opened: list[Recx] = []

    def open_(**settings: Any) -> Recx:
        opened.append(Recx.open(assistant_workspace, assistant=settings))
        return opened[-1]

    yield open_
    for recx in opened:
        recx.close()


class Talk:
    """A conversation of one user with a scripted model; ``None`` is no model at all."""

    def __init__(self, recx: Recx, script: Any = None, user: str = USER) -> None:
        self.recx = recx
        self.chat = None if script is None else ScriptedToolChat(script)
        self.assistant = Assistant(recx, self.chat)
        self.conversation: Conversation = self.assistant.conversation(user)

    def say(self, text: str) -> Reply:
        return self.assistant.reply(self.conversation, text)


@pytest.fixture
def free(open_recx: Callable[..., Recx]) -> Callable[..., Talk]:
    """A conversation whose model chooses tools itself."""
    return lambda script, **more: Talk(open_recx(routing="free", **more), script)


@pytest.fixture
def guided(open_recx: Callable[..., Recx]) -> Callable[..., Talk]:
    """A conversation whose model is led."""
    return lambda script=None, **more: Talk(open_recx(**more), script)
