"""Where a client is told to get a token, and what it is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from recx_agent import Recx
from recx_agent.errors import SettingsError
from recx_agent.serve.mcp.http import make_app
from recx_agent.settings import McpSettings
from tests.unit.serve.mcp.conftest import SECRET, SERVE, bearer, http, running, service_of
from tests.unit.serve.mcp.test_http import ACCEPT, HELLO, signed

RESOURCE = "https://recx.example/tools/mcp"
ISSUER = "https://login.example"
PLACE = "https://recx.example/.well-known/oauth-protected-resource/tools/mcp"
TOLD = f'resource_metadata="{PLACE}"'
MCP = "https://recx.example/mcp"


def opened(workspace: Path, issuer: str | None = ISSUER, **mcp: Any) -> Recx:
    serve = {**SERVE, "tokens": {"secret": SECRET, "issuer": issuer}}
    return Recx.open(workspace, serve=serve, mcp={"url": RESOURCE, **mcp})


@pytest.mark.parametrize("page", [{}, {"Origin": "https://inspector.example"}])
async def test_anybody_is_told_who_signs_tokens(page: dict[str, str], mcp_workspace: Path) -> None:
    with opened(mcp_workspace) as recx:
        async with running(recx) as app, http(app) as client:
            answer = await client.get(PLACE, headers=page)
    assert answer.status_code == 200
    assert answer.json() == {
        "resource": RESOURCE,
        "authorization_servers": [ISSUER],
        "scopes_supported": ["recommend", "feedback"],
        "bearer_methods_supported": ["header"],
        "resource_name": "recx-agent",
    }
    if page:
        assert answer.headers["access-control-allow-origin"] == "*"


async def test_a_refusal_says_where_that_is(mcp_workspace: Path) -> None:
    with opened(mcp_workspace) as recx:
        async with running(recx) as app, http(app, ACCEPT) as client:
            for headers in ({}, bearer("no token"), bearer(signed())):  # the last has no issuer
                answer = await client.post(MCP, json=HELLO, headers=headers)
                assert answer.status_code == 401
                told = answer.headers["www-authenticate"]
                assert told.startswith("Bearer ") and TOLD in told
                assert 'scope="recommend feedback"' in told
                assert ('error="invalid_token"' in told) == bool(headers), "RFC 6750, section 3.1"
            other = bearer(signed(iss=ISSUER, scope="own-data"))
            answer = await client.post(MCP, json=HELLO, headers=other)
            assert answer.status_code == 403
            told = answer.headers["www-authenticate"]
            assert 'error="insufficient_scope", scope="recommend"' in told and TOLD in told
            good = bearer(signed(iss=ISSUER))
            assert (await client.post(MCP, json=HELLO, headers=good)).status_code == 200


async def test_only_the_metadata_are_open(mcp_workspace: Path) -> None:
    with opened(mcp_workspace) as recx:
        async with running(recx) as app, http(app) as client:
            for path in ("/.well-known/oauth-protected-resource", f"{PLACE}/", "/mcp", "/metrics"):
                url = path if path.startswith("https") else f"https://recx.example{path}"
                assert (await client.get(url)).status_code == 401, path
            metrics = await client.get("https://recx.example/metrics")
            assert metrics.headers["www-authenticate"] == 'Bearer realm="recx-agent"'
            assert (await client.post(PLACE, json=HELLO)).status_code == 405
            other = MCP.replace("recx.example", "evil.example")
            assert (await client.post(other, json=HELLO)).status_code == 421


async def test_without_an_address_nothing_is_told(recx: Recx) -> None:
    async with running(recx) as app, http(app, {**ACCEPT, "Host": "localhost"}) as client:
        refused = await client.post("http://localhost/mcp", json=HELLO)
        place = "http://localhost/.well-known/oauth-protected-resource/mcp"
        asked = await client.get(place, headers=bearer(signed()))
    assert refused.status_code == 401
    assert "resource_metadata" not in refused.headers["www-authenticate"]
    assert "scope" not in refused.headers["www-authenticate"]
    assert asked.status_code == 404


@pytest.mark.parametrize("issuer", [None, "our login", "login.example"])
def test_an_issuer_where_no_tokens_are_to_be_had_is_refused(
    issuer: str | None, mcp_workspace: Path
) -> None:
    with opened(mcp_workspace, issuer) as recx, pytest.raises(SettingsError) as caught:
        make_app(service_of(recx))
    assert "set it to the address of your authorization server" in str(caught.value)
    assert repr(issuer) in str(caught.value)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://recx.example/mcp", "tokens are not sent without TLS"),
        ("recx.example/mcp", "not http"),
        ("https://u:p@recx.example/mcp", "not http"),
    ],
)
def test_an_address_that_cannot_be_told_is_refused(url: str, problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        McpSettings(url=url)
    assert McpSettings(url="http://localhost:8090/mcp/").url == "http://localhost:8090/mcp"
