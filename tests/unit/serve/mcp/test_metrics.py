"""What Prometheus reads of the MCP server, and who may."""

from __future__ import annotations

from pathlib import Path

import pytest

from recx_agent import Recx
from recx_agent.api_keys import KeyFile
from tests.unit.serve.mcp.conftest import (
    SERVE,
    URL,
    bearer,
    client_over_http,
    http,
    running,
    token_of,
)
from tests.unit.serve.mcp.test_http import ACCEPT, HELLO

PAGE = URL.replace("/mcp", "/metrics")


async def test_it_needs_the_scope_operate_and_that_is_no_other(recx: Recx) -> None:
    operator = token_of(recx, "boss", ("operate",))
    program = KeyFile(recx.workspace.root / "keys.json").add("prometheus", ["operate"])
    async with running(recx) as app, http(app, ACCEPT) as client:
        assert (await client.get(PAGE)).status_code == 401
        refused = await client.get(PAGE, headers=bearer(token_of(recx, "u0")))
        assert refused.status_code == 403
        assert refused.json()["scope"] == "operate"
        assert 'scope="operate"' in refused.headers["www-authenticate"]
        for headers in (bearer(operator), bearer(program), {"X-API-Key": program}):
            answer = await client.get(PAGE, headers=headers)
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        for wrong in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}):
            answer = await client.get(PAGE, headers={**bearer(operator), **wrong})
            assert answer.status_code in (403, 421)
        tool = await client.post(URL, json=HELLO, headers=bearer(operator))
        assert tool.status_code == 403, "who operates asks for nobody"


async def test_the_operator_can_open_it(mcp_workspace: Path) -> None:
    with Recx.open(mcp_workspace, serve={**SERVE, "open_metrics": True}) as recx:
        async with running(recx) as app, http(app, ACCEPT) as client:
            assert (await client.get(PAGE)).status_code == 200
            assert (await client.get(PAGE, headers={"Host": "evil.example"})).status_code == 421
            assert (await client.post(URL, json=HELLO)).status_code == 401


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_requests_and_what_they_ask_are_counted(mode: str, recx: Recx) -> None:
    async with running(recx) as app:
        async with client_over_http(app, token_of(recx, "u0"), mode) as client:
            assert not (await client.call_tool("describe_my_taste", {})).is_error
        async with http(app, ACCEPT) as stranger:
            await stranger.post(URL, json=HELLO)
            await stranger.get(URL)
            await stranger.request("SECRET", URL, headers=bearer(token_of(recx, "u0")))
            operator = bearer(token_of(recx, "boss", ("operate",)))
            page = (await stranger.get(PAGE, headers=operator)).text
    lines = dict(line.rsplit(" ", 1) for line in page.splitlines() if not line.startswith("#"))
    assert float(lines['recx_requests_total{method="POST",route="/mcp",status="200"}']) >= 2
    assert lines['recx_requests_total{method="POST",route="none",status="401"}'] == "1.0"
    assert lines['recx_requests_total{method="GET",route="none",status="401"}'] == "1.0"
    assert 'recx_requests_total{method="other",route="/mcp",status="405"}' in lines
    assert lines['recx_refused_total{reason="not-signed-in"}'] == "2.0"
    assert float(lines['recx_request_seconds_count{route="/mcp"}']) >= 2
    assert lines['recx_request_seconds_count{route="none"}'] == "1.0", "a GET stands open"
    assert lines['recx_stage_seconds_count{stage="write"}'] == "1.0"
    assert lines["recx_in_flight"] == "1.0", "this one"
    assert lines["recx_to_keep"] == "0.0"
    assert "u0" not in page and "SECRET" not in page
