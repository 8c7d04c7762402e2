"""The official MCP client and ``recx mcp --http`` over a real socket."""

from __future__ import annotations

import http.client
import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import jsonschema
import pytest

from recx_agent import Recx
from recx_agent.tools import dispatch
from tests.e2e.serve.programs import MCP, HttpServer, http_server, over_http, token_of
from tests.unit.conftest import build_planted
from tests.unit.schema_names import IDENTITY, property_names
from tests.unit.serve.mcp.test_http import BAD_TOKENS, HELLO
from tests.unit.tools.conftest import examples_of
from tests.unit.tools.test_identity import SMUGGLED

USERS = [f"u{number}" for number in range(6)]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_planted(tmp_path_factory.mktemp("http"))


@pytest.fixture(scope="module")
def server(workspace: Path) -> Iterator[HttpServer]:
    with http_server(MCP, workspace, workspace.parent / "log") as started:
        yield started


def sent(server: HttpServer, headers: dict[str, str]) -> tuple[int, dict[str, str], Any]:
    """A hello, byte for byte as said: no client of ours adds or mends a header."""
    parts = urlsplit(server.mcp)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    body = json.dumps(HELLO)
    connection.putrequest("POST", parts.path, skip_host="Host" in headers)
    more = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    for name, value in {**more, "Content-Length": str(len(body)), **headers}.items():
        connection.putheader(name, value)
    connection.endheaders(body.encode())
    answer = connection.getresponse()
    told = {name.lower(): value for name, value in answer.getheaders()}
    content = json.loads(answer.read() or b"null")
    connection.close()
    return answer.status, told, content


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_every_tool_over_http(mode: str, server: HttpServer, workspace: Path) -> None:
    user = USERS[0]
    with Recx.open(workspace) as recx:
        examples = examples_of(recx, user)
        examples["give_feedback"] = {"kind": "undo"}
        expected = {
            name: dispatch(name, args, core=recx, user_id=user).content
            for name, args in examples.items()
        }
    async with over_http(server.mcp, token_of(user), mode) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert list(tools) == list(examples)
        for name, args in examples.items():
            names = list(property_names([tools[name].input_schema, tools[name].output_schema]))
            assert [each for each in names if IDENTITY.search(each)] == []
            result = await client.call_tool(name, {**SMUGGLED, **args})
            (content,) = result.content
            assert getattr(content, "text", None) == expected[name]
            if name == "give_feedback":
                assert result.is_error  # there is nothing to take back
                continue
            schema = tools[name].output_schema
            assert schema is not None
            jsonschema.validate(result.structured_content, schema)


@pytest.mark.parametrize("kind", BAD_TOKENS)
def test_wrong_credentials_are_refused(kind: str, server: HttpServer) -> None:
    status, headers, problem = sent(server, {"Authorization": f"Bearer {BAD_TOKENS[kind]}"})
    assert status == 401 and 'error="invalid_token"' in headers["www-authenticate"]
    assert problem["title"] == "No credential that holds"


def test_other_credentials_are_refused(server: HttpServer) -> None:
    assert sent(server, {})[0] == 401
    assert sent(server, {"Authorization": "Basic dTA6dTA="})[0] == 401
    assert sent(server, {"X-API-Key": "recx_00000000_nothing"})[0] == 401
    assert sent(server, {"Authorization": f"Bearer {token_of('u0', ('own-data',))}"})[0] == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "evil.example"}, 421),
        ({"Host": "evil.example", "X-Forwarded-Host": "localhost"}, 421),
        ({}, 200),
    ],
)
def test_wrong_origins_and_hosts_are_refused_with_a_good_token_too(
    headers: dict[str, str], status: int, server: HttpServer
) -> None:
    good = {"Authorization": f"Bearer {token_of('u0')}"}
    assert sent(server, {**good, **headers})[0] == status


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_users_side_by_side_are_answered_each_for_himself(
    mode: str, server: HttpServer, workspace: Path
) -> None:
    """Even users like comedies, odd ones westerns: a mixture would be seen in the titles."""
    kinds: dict[str, set[str]] = {user: set() for user in USERS}

    async def talk(user: str) -> None:
        async with over_http(server.mcp, token_of(user), mode) as client:
            for other in USERS[:3]:
                found = await client.call_tool("recommend_items", {"k": 3, "user_id": other})
                taste = await client.call_tool("describe_my_taste", {"user_id": other})
                assert found.structured_content and taste.structured_content
                for item in [
                    *found.structured_content["items"],
                    *taste.structured_content["history"],
                ]:
                    if not item.get("disliked"):
                        kinds[user].add(item["title"].split()[0])

    async with anyio.create_task_group() as group:
        for user in USERS:
            group.start_soon(talk, user)
    assert kinds == {u: {"Comedy" if int(u[1:]) % 2 == 0 else "Western"} for u in USERS}


def test_the_log_has_no_user_and_no_token(server: HttpServer) -> None:
    log = server.log
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert {"tool_call", "refused"} <= {line.get("event") for line in lines}
    assert not any(f'"{user}"' in log for user in USERS)
    assert "Comedy" not in log and "eyJ" not in log and "evil.example" not in log


async def test_what_has_begun_is_answered_when_it_is_stopped(workspace: Path) -> None:
    """A language model that never answers: the call takes its whole deadline."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        variables = {
            "RECX_LLM__BASE_URL": f"http://127.0.0.1:{silent.getsockname()[1]}/v1",
            "RECX_LLM__MODEL": "silent",
            "RECX_LLM__DEADLINE_MS": "1500",
        }
        answers: list[Any] = []
        with http_server(MCP, workspace, workspace.parent / "stopped", variables) as own:

            async def ask() -> None:
                async with over_http(own.mcp, token_of("u0")) as client:
                    await client.list_tools()  # which the client would do afterwards, in vain
                    answers.append(await client.call_tool("describe_my_taste", {}))

            async with anyio.create_task_group() as group:
                group.start_soon(ask)
                asked, _ = await anyio.to_thread.run_sync(silent.accept)
                own.process.send_signal(signal.SIGTERM)
            asked.close()
            await anyio.to_thread.run_sync(own.process.wait, 20)
        assert own.process.returncode == 0
        assert "Traceback" not in own.log
    (answer,) = answers
    assert answer.structured_content["told"]["verdict"] == "template"
