"""LangChain's own suite for calls of tools, for every tool, on MovieLens."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from langchain_core.tools import BaseTool
from langchain_tests.integration_tests import ToolsIntegrationTests

from recx_agent import Recx
from recx_agent.tools import TOOLS

USER = "1"


@pytest.fixture(scope="module")
def own(film_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recx]:
    """A copy: feedback is kept in it."""
    copy = tmp_path_factory.mktemp("tools") / "workspace"
    shutil.copytree(film_workspace, copy)
    with Recx.open(copy) as recx:
        yield recx


@pytest.fixture(scope="module")
def titles(own: Recx) -> dict[str, str]:
    one, other = (item.title for item in own.recommend(USER, 2).items)
    return {"item": one, "other": other, "old": own.profile(USER).history[0].title}


class Suite(ToolsIntegrationTests):
    """What is subclassed for each tool."""

    name: ClassVar[str]
    args: ClassVar[dict[str, Any]]

    @pytest.fixture(autouse=True)
    def _world(self, own: Recx, titles: dict[str, str]) -> None:
        self.recx, self.titles = own, titles

    @property
    def tool_constructor(self) -> type[BaseTool] | BaseTool:
        (tool,) = [tool for tool in self.recx.as_tools(USER) if tool.name == self.name]
        return tool

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        return {
            key: self.titles.get(value, value) if isinstance(value, str) else value
            for key, value in self.args.items()
        }


class TestRecommendItems(Suite):
    name, args = "recommend_items", {"k": 3, "only": ["genre=Comedy"], "exclude": ["genre=Horror"]}


class TestExplainRecommendation(Suite):
    name, args = "explain_recommendation", {"item": "item"}


class TestCompareItems(Suite):
    name, args = "compare_items", {"item": "item", "other": "other"}


class TestWhatIf(Suite):
    name, args = "what_if", {"remove": "old", "mute": "genre=Drama"}


class TestDescribeMyTaste(Suite):
    name, args = "describe_my_taste", {}


class TestGiveFeedback(Suite):
    name, args = "give_feedback", {"kind": "like", "what": "item"}


def test_every_tool_has_its_suite() -> None:
    assert {suite.name for suite in Suite.__subclasses__()} == {spec.name for spec in TOOLS}


def test_the_examples_are_answered(own: Recx, titles: dict[str, str]) -> None:
    """An error that is told would pass the suite."""
    tools = {tool.name: tool for tool in own.as_tools(USER)}
    for suite in Suite.__subclasses__():
        args = {k: titles.get(v, v) if isinstance(v, str) else v for k, v in suite.args.items()}
        call = {"name": suite.name, "args": args, "id": "1", "type": "tool_call"}
        assert tools[suite.name].invoke(call).status == "success", suite.name
