"""The official MCP client starts ``recx mcp`` and talks with it over stdio."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from recx_agent import Recx
from recx_agent.tools import dispatch, openai_schemas
from tests.e2e.serve.programs import RECX, environment, over_stdio, token_of
from tests.unit.conftest import build_planted
from tests.unit.schema_names import IDENTITY, property_names
from tests.unit.serve.mcp.conftest import SECRET
from tests.unit.tools.conftest import examples_of
from tests.unit.tools.test_identity import SMUGGLED

USER, OTHER = "u0", "u1"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_planted(tmp_path_factory.mktemp("stdio"))


def text_of(result: Any) -> str:
    (content,) = result.content
    return str(content.text)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_every_tool_over_stdio(mode: str, workspace: Path, tmp_path: Path) -> None:
    with Recx.open(workspace) as recx:
        examples = examples_of(recx, USER)
        examples["give_feedback"] = {"kind": "like", "what": examples["compare_items"]["item"]}
        expected = {
            name: dispatch(name, args, core=recx, user_id=USER).content
            for name, args in examples.items()
            if name != "give_feedback"
        }
    log = tmp_path / "log"
    async with over_stdio(workspace, log, "--user", USER, mode=mode) as client:
        assert client.server_info is not None and client.server_info.name == "recx-agent"
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert list(tools) == [schema["function"]["name"] for schema in openai_schemas()]
        names = [
            name
            for tool in tools.values()
            for schema in (tool.input_schema, tool.output_schema)
            for name in property_names(schema)
        ]
        assert len(names) > 100 and [name for name in names if IDENTITY.search(name)] == []
        for name, args in examples.items():
            result = await client.call_tool(name, {**SMUGGLED, **args})
            schema = tools[name].output_schema
            assert schema is not None and not result.is_error
            jsonschema.validate(result.structured_content, schema)
            assert text_of(result) == expected.get(name, text_of(result))
        undone = await client.call_tool("give_feedback", {"kind": "undo"})
        assert text_of(undone).startswith("Undone: ")
        lost = await client.call_tool("explain_recommendation", {"item": "Comedi"})
        assert lost.is_error and text_of(lost).startswith("No item is called 'Comedi'; the closest")
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [line["tool"] for line in lines][:6] == list(examples)
    assert f'"{USER}"' not in log.read_text(encoding="utf-8")


async def test_the_token_of_the_environment_says_who_the_user_is(
    workspace: Path, tmp_path: Path
) -> None:
    western = token_of(OTHER, ("recommend",))
    async with over_stdio(workspace, tmp_path / "log", RECX_MCP__TOKEN=western) as client:
        names = [tool.name for tool in (await client.list_tools()).tools]
        assert "give_feedback" not in names
        found = await client.call_tool("recommend_items", {"k": 3, "user_id": USER})
        refused = await client.call_tool("give_feedback", {"kind": "like", "what": "Comedy 2"})
    assert found.structured_content is not None
    assert {i["title"].split()[0] for i in found.structured_content["items"]} == {"Western"}
    assert refused.is_error and "scope 'feedback'" in text_of(refused)


def test_a_token_that_does_not_hold_is_said_on_stderr(workspace: Path) -> None:
    done = subprocess.run(
        [RECX, "mcp", "-w", str(workspace)],
        env=environment(RECX_MCP__TOKEN=token_of(USER)[:-2]),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: the token does not hold; sign in again\n"
    assert SECRET not in done.stderr


def test_it_ends_when_its_input_is_closed(workspace: Path) -> None:
    """Nothing but protocol is on stdout; what is no message is answered, not a crash."""
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    done = subprocess.run(
        [RECX, "mcp", "-w", str(workspace), "--user", USER],
        input=json.dumps(hello) + "\nno message\n",
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers[0]["result"]["serverInfo"]["name"] == "recx-agent"
    assert all(answer["jsonrpc"] == "2.0" for answer in answers)
