"""The official client knows nothing but the address, and is told where it gets a token."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx2
import jwt
import pytest
from mcp import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthToken,
)

from recx_agent.api_keys import KeyFile
from tests.e2e.serve.authorization_server import SignsIn, authorization_server
from tests.e2e.serve.programs import MCP, HttpServer, http_server
from tests.unit.conftest import build_planted
from tests.unit.serve.mcp.conftest import SECRET
from tests.unit.serve.mcp.test_http import ACCEPT, HELLO

USER = "u0"
BACK = "http://127.0.0.1:1/back"
"""Where a browser would be sent; nobody listens there, the address is what counts."""


class Kept:
    """What the client keeps, for as long as it lives."""

    tokens: OAuthToken | None = None
    client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


class Browser:
    """Follows the way to the sign-in, and brings back what is in the address."""

    async def open(self, url: str) -> None:
        async with httpx2.AsyncClient() as client:
            answer = await client.get(url)
        assert answer.status_code == 302, answer.text
        sent = answer.headers["location"]
        assert sent.startswith(BACK)
        self.query = {name: one for name, (one,) in parse_qs(urlsplit(sent).query).items()}

    async def back(self) -> AuthorizationCodeResult:
        return AuthorizationCodeResult.model_validate(self.query)


@pytest.fixture(scope="module")
def signs_in() -> SignsIn:
    return SignsIn(USER, SECRET)


@pytest.fixture(scope="module")
def server(signs_in: SignsIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpServer]:
    workspace = build_planted(tmp_path_factory.mktemp("oauth"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/mcp"
    with authorization_server(signs_in) as issuer:
        variables = {
            "RECX_MCP__URL": url,
            "RECX_SERVE__TOKENS__ISSUER": issuer,
            "RECX_SERVE__TOKENS__AUDIENCE": url,
        }
        log = workspace.parent / "log"
        with http_server(MCP, workspace, log, variables, port) as started:
            yield started


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_client_finds_out_where_tokens_are_to_be_had(
    mode: str, server: HttpServer, signs_in: SignsIn
) -> None:
    signs_in.asked.clear()
    kept, browser = Kept(), Browser()
    about = {"client_name": "an assistant", "redirect_uris": [BACK]}
    sign_in = OAuthClientProvider(
        server.mcp,
        OAuthClientMetadata.model_validate(about),
        kept,
        browser.open,
        browser.back,
    )
    async with (
        httpx2.AsyncClient(auth=sign_in, timeout=30) as carrier,
        Client(streamable_http_client(server.mcp, http_client=carrier), mode=mode) as client,
    ):
        tools = {tool.name for tool in (await client.list_tools()).tools}
        taste = await client.call_tool("describe_my_taste", {"user_id": "u1"})
    assert "give_feedback" in tools, "it has asked for all that the tools need"
    assert taste.structured_content is not None and not taste.is_error
    liked = {entry["title"].split()[0] for entry in taste.structured_content["history"]}
    assert liked == {"Comedy"}, "the subject of the token, who is no other user"
    (asked,) = signs_in.asked
    assert asked.resource == server.mcp
    assert asked.scopes == ["recommend", "feedback"]
    assert kept.tokens is not None
    claims = jwt.decode(kept.tokens.access_token, options={"verify_signature": False})
    assert (claims["aud"], claims["iss"]) == (server.mcp, signs_in.issuer)


@pytest.mark.parametrize(("audience", "status"), [(None, 200), ("https://other.example/mcp", 401)])
def test_a_token_is_good_for_the_resource_it_names_alone(
    audience: str | None, status: int, server: HttpServer, signs_in: SignsIn
) -> None:
    named = {"iss": signs_in.issuer, "sub": USER, "aud": audience or server.mcp}
    claims = {**named, "exp": time.time() + 60, "scope": "recommend"}
    token = jwt.encode(claims, SECRET, algorithm="HS256")
    headers = {**ACCEPT, "Authorization": f"Bearer {token}"}
    answer = httpx2.post(server.mcp, json=HELLO, headers=headers)
    assert answer.status_code == status
    assert ("resource_metadata=" in answer.headers.get("www-authenticate", "")) == (status == 401)


def test_prometheus_reads_it_with_a_key_of_its_own(server: HttpServer) -> None:
    key = KeyFile(server.workspace / "keys.json").add("prometheus", ["operate"])
    url = f"{server.url}/metrics"
    assert httpx2.get(url).status_code == 401
    page = httpx2.get(url, headers={"X-API-Key": key}).text
    assert 'recx_requests_total{method="GET",route="none",status="401"}' in page
    assert "process_resident_memory_bytes" in page and USER not in page
