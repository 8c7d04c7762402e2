"""LangChain's own suite for every tool; tests/e2e has the one for calls."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from langchain_core.tools import BaseTool
from langchain_tests.unit_tests import ToolsUnitTests

from recx_agent import Recx
from recx_agent.tools import TOOLS, RecxTool
from tests.unit.tools.conftest import examples_of, tools_of


class Suite(ToolsUnitTests):
    """What is subclassed for each tool."""

    name: ClassVar[str]

    @pytest.fixture(autouse=True)
    def _core(self, recx: Recx) -> None:
        self.recx = recx

    @property
    def tool_constructor(self) -> type[BaseTool] | BaseTool:
        return RecxTool

    @property
    def tool_constructor_params(self) -> dict[str, Any]:
        made = tools_of(self.recx)[self.name]
        assert isinstance(made, RecxTool)
        fields = ("name", "description", "args_schema", "spec", "core", "user_id", "options")
        return {field: getattr(made, field) for field in fields}

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        return examples_of(self.recx)[self.name]


class TestRecommendItems(Suite):
    name = "recommend_items"


class TestExplainRecommendation(Suite):
    name = "explain_recommendation"


class TestCompareItems(Suite):
    name = "compare_items"


class TestWhatIf(Suite):
    name = "what_if"


class TestDescribeMyTaste(Suite):
    name = "describe_my_taste"


class TestGiveFeedback(Suite):
    name = "give_feedback"


def test_every_tool_has_its_suite() -> None:
    assert {suite.name for suite in Suite.__subclasses__()} == {spec.name for spec in TOOLS}
