from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import BaseModel

from recx_agent import Recx
from recx_agent.cli.app import app
from recx_agent.tools import TOOLS, openai_schemas
from tests.unit.schema_names import IDENTITY, property_names
from tests.unit.tools.conftest import tools_of


def json_schema(schema: Any) -> dict[str, Any]:
    assert issubclass(schema, BaseModel)
    return dict(schema.model_json_schema())


def test_no_schema_has_a_place_for_a_user(recx: Recx) -> None:
    for user in ("u0", None):
        for tool in tools_of(recx, user).values():
            for schema in (tool.tool_call_schema, tool.get_input_schema()):
                names = list(property_names(json_schema(schema)))
                assert [name for name in names if IDENTITY.search(name)] == []
    names = list(property_names(openai_schemas()))
    assert len(names) == 13
    assert [name for name in names if IDENTITY.search(name)] == []


def test_a_place_for_a_user_would_be_found() -> None:
    class Inner(BaseModel):
        my_uid: str

    class Outer(BaseModel):
        inner: list[Inner]

    assert any(IDENTITY.search(name) for name in property_names(Outer.model_json_schema()))


def test_what_is_printed_is_what_langchain_sends(recx: Recx) -> None:
    sent = [convert_to_openai_tool(tool) for tool in tools_of(recx).values()]
    assert openai_schemas() == sent


def test_the_arguments_are_few_and_each_is_described() -> None:
    wanted = {
        "recommend_items": ({"k", "only", "exclude"}, set()),
        "explain_recommendation": ({"item"}, {"item"}),
        "compare_items": ({"item", "other"}, {"item", "other"}),
        "what_if": ({"remove", "add", "mute", "exclude"}, set()),
        "describe_my_taste": (set(), set()),
        "give_feedback": ({"kind", "what", "about"}, {"kind"}),
    }
    found = {}
    for schema in openai_schemas():
        function = schema["function"]
        properties = function["parameters"]["properties"]
        found[function["name"]] = (
            set(properties),
            set(function["parameters"].get("required", ())),
        )
        assert len(function["description"]) < 160
        assert all(0 < len(field["description"]) < 160 for field in properties.values())
    assert found == wanted


def test_the_command_prints_them() -> None:
    from typer.testing import CliRunner

    done = CliRunner().invoke(app, ["tools", "schema"])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == openai_schemas()


def test_tools_are_there_without_langchain() -> None:
    loads = "import sys, recx_agent.tools as t; t.openai_schemas(); print(*sys.modules)"
    command = [sys.executable, "-c", loads]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert "recx_agent.tools.calls" in loaded
    assert {"langchain_core", "pandas", "lightfm", "openai"} & set(loaded) == set()


def test_an_unknown_name_is_an_attribute_error() -> None:
    import recx_agent.tools

    assert not hasattr(recx_agent.tools, "nothing")


@pytest.mark.parametrize("spec", TOOLS, ids=lambda spec: spec.name)
def test_the_toolkit_of_the_facade_is_the_same(spec: Any, recx: Recx) -> None:
    (tool,) = [tool for tool in recx.as_tools("u0") if tool.name == spec.name]
    assert tool.description == spec.description
    assert tool.args_schema is spec.arguments
