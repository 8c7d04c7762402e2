"""Streamable HTTP in this process: who gets in, and whose session it is."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import Any

import anyio
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from recx_agent import Recx
from recx_agent.api_keys import KeyFile
from recx_agent.errors import SettingsError
from recx_agent.serve.mcp.http import hosts_of
from recx_agent.serve.mcp.sign_in import host_name
from recx_agent.settings import ServeSettings
from tests.unit.serve.mcp.conftest import (
    SECRET,
    SERVE,
    URL,
    Spy,
    bearer,
    client_over_http,
    http,
    running,
    token_of,
)

MODES = ["auto", "legacy"]
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
ACCEPT = {"Accept": "application/json, text/event-stream"}


def claims(**more: Any) -> dict[str, Any]:
    good = {"sub": "u0", "aud": "recx-agent", "exp": time.time() + 300, "scope": "recommend"}
    return {name: value for name, value in {**good, **more}.items() if value is not None}


def signed(secret: str = SECRET, **more: Any) -> str:
    return jwt.encode(claims(**more), secret, algorithm="HS256")


def unsigned() -> str:
    parts = ({"alg": "none", "typ": "JWT"}, claims())
    coded = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=") for p in parts]
    return b".".join(coded).decode() + "."


def with_a_scope_more() -> str:
    head, _, mark = signed().split(".")
    body = json.dumps(claims(scope="recommend feedback")).encode()
    return f"{head}.{base64.urlsafe_b64encode(body).rstrip(b'=').decode()}.{mark}"


BAD_TOKENS = {
    "forged": signed("another secret, which is long enough too"),
    "changed": with_a_scope_more(),
    "unsigned": unsigned(),
    "expired": signed(exp=time.time() - 60),
    "for another audience": signed(aud="another"),
    "for nobody": signed(sub=""),
    "without subject": signed(sub=None),
    "without end": signed(exp=None),
    "no token": "u0",
}


async def asked(recx: Recx, headers: Any, spy: Spy | None = None) -> Any:
    async with running(spy or recx) as app, http(app) as client:
        return await client.post(URL, json=HELLO, headers=[*ACCEPT.items(), *headers])


@pytest.mark.parametrize("kind", BAD_TOKENS)
async def test_a_token_that_does_not_hold_is_refused(kind: str, recx: Recx) -> None:
    answer = await asked(recx, bearer(BAD_TOKENS[kind]).items())
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert answer.json()["type"] == "urn:recx-agent:problem:not-signed-in"
    assert "mcp-session-id" not in answer.headers


async def test_a_good_token_is_let_in(recx: Recx) -> None:
    answer = await asked(recx, bearer(signed()).items())
    assert answer.status_code == 200
    assert answer.json()["result"]["serverInfo"]["name"] == "recx-agent"


async def test_without_a_credential_nobody_is_let_in(recx: Recx) -> None:
    spoofed = {"X-User": "u0", "X-Forwarded-User": "u0", "Forwarded": "for=u0", "Cookie": "user=u0"}
    assert (await asked(recx, spoofed.items())).status_code == 401
    twice = [*bearer(signed()).items(), *bearer(signed(sub="u1")).items()]
    assert (await asked(recx, twice)).status_code == 401


async def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(
    mcp_workspace: Path, tmp_path: Path
) -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (tmp_path / "public.pem").write_bytes(pem)
    tokens = {"algorithm": "RS256", "public_key": tmp_path / "public.pem"}
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').rstrip(b"=")
    body = base64.urlsafe_b64encode(json.dumps(claims()).encode()).rstrip(b"=")
    mark = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = mark.sign(head + b"." + body, pem)
    confused = b".".join([head, body, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()
    with Recx.open(mcp_workspace, serve={"tokens": tokens}) as recx:
        assert (await asked(recx, bearer(confused).items())).status_code == 401
        true = jwt.encode(claims(), private, algorithm="RS256")
        assert (await asked(recx, bearer(true).items())).status_code == 200


async def test_a_scope_or_a_user_that_is_missing_is_forbidden(recx: Recx) -> None:
    other = await asked(recx, bearer(signed(scope="own-data")).items())
    assert other.status_code == 403
    assert 'scope="recommend"' in other.headers["www-authenticate"]
    ring = KeyFile(recx.workspace.root / "keys.json")
    program = await asked(recx, {"X-API-Key": ring.add("shop", ["recommend"])}.items())
    assert program.status_code == 403
    assert "a user's token" in program.json()["detail"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8090", 200),
        ("LOCALHOST", 200),
        ("[::1]:1", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example:8090", 421),
        ("localhost@evil.example", 421),
        ("", 421),
    ],
)
async def test_only_its_own_names_reach_it(host: str, status: int, recx: Recx) -> None:
    answer = await asked(recx, {**bearer(signed()), "Host": host}.items())
    assert answer.status_code == status


async def test_two_hosts_are_none(recx: Recx) -> None:
    twice = [*bearer(signed()).items(), ("Host", "localhost"), ("Host", "evil.example")]
    assert (await asked(recx, twice)).status_code == 421


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:6274"])
async def test_pages_may_not_ask_unless_they_are_named(origin: str, recx: Recx) -> None:
    answer = await asked(recx, {**bearer(signed()), "Origin": origin}.items())
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


async def test_a_page_that_is_named_may_ask(mcp_workspace: Path) -> None:
    page = {"Origin": "https://shop.example"}
    serve = {**SERVE, "cors_origins": ["https://shop.example"]}
    with Recx.open(mcp_workspace, serve=serve) as recx:
        answer = await asked(recx, {**bearer(signed()), **page}.items())
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "https://shop.example"
        assert "Mcp-Session-Id" in answer.headers["access-control-expose-headers"]
        other = await asked(recx, {**bearer(signed()), "Origin": "https://evil.example"}.items())
        assert other.status_code == 403
        async with running(recx) as app, http(app) as client:
            wants = {"Access-Control-Request-Method": "POST"}
            allowed = await client.options(URL, headers={**page, **wants})
        assert allowed.status_code == 200


async def test_the_local_user_needs_no_credential_but_a_name_of_this_machine(
    mcp_workspace: Path,
) -> None:
    with Recx.open(mcp_workspace, serve={"local_user": "u0"}) as recx:
        assert (await asked(recx, {})).status_code == 200
        assert (await asked(recx, {"Host": "evil.example"}.items())).status_code == 421
        assert (await asked(recx, {"Origin": "https://evil.example"}.items())).status_code == 403


def test_a_server_that_others_reach_says_what_they_call_it() -> None:
    with pytest.raises(SettingsError, match="set serve.hosts to the names"):
        hosts_of(ServeSettings(host="0.0.0.0"))
    named = ServeSettings(host="0.0.0.0", hosts=("Recx.example:443",))
    assert hosts_of(named) == {"recx.example"}
    assert hosts_of(ServeSettings()) == {"127.0.0.1", "::1", "localhost"}


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Recx.Example", "recx.example"),
        ("recx.example:443", "recx.example"),
        ("[::1]:8090", "::1"),
        ("[::1]", "::1"),
        ("recx.example:evil", "recx.example:evil"),
    ],
)
def test_the_name_of_a_host_is_read_without_its_port(header: str, name: str) -> None:
    assert host_name(header) == name


async def test_a_body_that_is_too_long_is_refused(mcp_workspace: Path) -> None:
    with Recx.open(mcp_workspace, serve={**SERVE, "max_body_bytes": 1024}) as recx:
        async with running(recx) as app, http(app, bearer(signed())) as client:
            long = {**HELLO, "params": {"filler": "x" * 2000}}
            assert (await client.post(URL, json=long, headers=ACCEPT)).status_code == 413


@pytest.mark.parametrize("mode", MODES)
async def test_two_users_side_by_side_are_answered_each_for_himself(mode: str, spy: Spy) -> None:
    """Even users like comedies, odd ones westerns: a mixture would be seen in the titles."""
    users = [f"u{number}" for number in range(6)]
    kinds: dict[str, set[str]] = {user: set() for user in users}

    async def talk(app: Any, user: str) -> None:
        async with client_over_http(app, token_of(spy.core, user), mode) as client:
            for _ in range(3):
                answer = await client.call_tool("recommend_items", {"k": 3, "user_id": "u1"})
                assert answer.structured_content is not None
                items = answer.structured_content["items"]
                kinds[user] |= {item["title"].split()[0] for item in items}
                await client.call_tool("give_feedback", {"kind": "like", "what": items[0]["title"]})

    async with running(spy) as app, anyio.create_task_group() as group:
        for user in users:
            group.start_soon(talk, app, user)
    assert kinds == {u: {"Comedy" if int(u[1:]) % 2 == 0 else "Western"} for u in users}
    assert sorted(spy.users) == sorted(6 * users)
    assert all(len(spy.core.feedback_of(user)) == 3 for user in users)


async def test_a_session_is_its_openers_alone(recx: Recx) -> None:
    async with running(recx) as app, http(app) as client:
        mine, theirs = bearer(token_of(recx, "u0")), bearer(token_of(recx, "u1"))
        opened = await client.post(URL, json=HELLO, headers={**ACCEPT, **mine})
        session = {"Mcp-Session-Id": opened.headers["mcp-session-id"], **ACCEPT}
        listing = {"jsonrpc": "2.0", "id": 2, "method": "ping"}
        for method, body in (("POST", listing), ("GET", None), ("DELETE", None)):
            taken = await client.request(method, URL, json=body, headers={**session, **theirs})
            assert taken.status_code == 404
        # Another token of the same user goes on with it, as after a refresh.
        fresh = bearer(token_of(recx, "u0", ("recommend",), minutes=9))
        goes_on = await client.post(URL, json=listing, headers={**session, **fresh})
        assert goes_on.status_code == 200
        gone = bearer(signed(exp=time.time() - 60))
        assert (
            await client.post(URL, json=listing, headers={**session, **gone})
        ).status_code == 401


async def test_more_sessions_than_are_allowed_are_refused(mcp_workspace: Path) -> None:
    with Recx.open(mcp_workspace, serve=SERVE, mcp={"max_sessions": 1}) as recx:
        async with running(recx) as app, http(app, {**ACCEPT, **bearer(signed())}) as client:
            first = await client.post(URL, json=HELLO)
            second = await client.post(URL, json=HELLO)
            assert (first.status_code, second.status_code) == (200, 503)


async def test_a_caller_who_asks_too_often_is_refused_and_so_is_who_guesses(
    mcp_workspace: Path,
) -> None:
    serve = {**SERVE, "rate": "2/minute", "sign_in_rate": "1/minute"}
    with Recx.open(mcp_workspace, serve=serve) as recx:
        async with running(recx) as app, http(app, ACCEPT) as client:
            mine = [await client.post(URL, json=HELLO, headers=bearer(signed())) for _ in range(3)]
            other = await client.post(URL, json=HELLO, headers=bearer(signed(sub="u1")))
            guessed = [await client.post(URL, json=HELLO, headers=bearer("u0")) for _ in range(2)]
    assert [a.status_code for a in mine] == [200, 200, 429]
    assert int(mine[2].headers["retry-after"]) >= 1
    assert other.status_code == 200
    assert [a.status_code for a in guessed] == [401, 429]
