"""The planted world, to write to, and a core that notes whom it is asked about."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from langchain_core.tools import BaseTool

from recx_agent import Recx
from recx_agent.tools import RecxToolkit

METHODS = ("recommend", "explain", "compare", "what_if", "profile", "feedback", "undo_feedback")


@dataclass
class Spy:
    """Hands on to a core; notes each call, or fails with what it is told to."""

    core: Recx
    asked: list[tuple[str, str, tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)
    fault: Exception | None = None

    def __getattr__(self, name: str) -> Any:
        if name not in METHODS:
            raise AttributeError(name)

        def call(user_id: str, *args: Any, **more: Any) -> Any:
            self.asked.append((name, user_id, args, more))
            if self.fault is not None:
                raise self.fault
            return getattr(self.core, name)(user_id, *args, **more)

        return call

    @property
    def users(self) -> set[str]:
        return {user for _, user, _, _ in self.asked}


@pytest.fixture(scope="session")
def tools_workspace(planted_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("tools") / "workspace"
    shutil.copytree(planted_workspace, copy)
    return copy


@pytest.fixture
def recx(tools_workspace: Path) -> Iterator[Recx]:
    """Nothing is said yet."""
    (tools_workspace / "users.sqlite3").unlink(missing_ok=True)
    with Recx.open(tools_workspace) as opened:
        yield opened


@pytest.fixture
def spy(recx: Recx) -> Spy:
    return Spy(recx)


def tools_of(core: Any, user_id: str | None = "u0", **options: Any) -> dict[str, BaseTool]:
    made = RecxToolkit(core=core, user_id=user_id, **options).get_tools()
    return {tool.name: tool for tool in made}


def examples_of(recx: Recx, user: str = "u0") -> dict[str, dict[str, Any]]:
    """Arguments for each tool that fit the user."""
    one, other = (item.title for item in recx.recommend(user, 2).items)
    old = recx.profile(user).history[0].title
    return {
        "recommend_items": {"k": 3},
        "explain_recommendation": {"item": one},
        "compare_items": {"item": one, "other": other},
        "what_if": {"remove": [old]},
        "describe_my_taste": {},
        "give_feedback": {"kind": "not_because_of", "what": old},
    }


def called(name: str, args: dict[str, Any]) -> dict[str, Any]:
    """A tool call as a model makes it."""
    return {"name": name, "args": args, "id": "1", "type": "tool_call"}
