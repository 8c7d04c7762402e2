from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.types import Message

from recx_agent import Recx
from recx_agent.errors import IndexMissing
from recx_agent.serve.running.logs import LOGGER, JsonLines
from tests.unit.serve.rest.conftest import Door, MakeDoor

ASK = "/v1/recommendations"


def kind(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
    return str(told["type"]).rpartition(":")[2]


async def test_headers_are_on_every_answer(door: Door) -> None:
    async with door.of() as client:
        answers = [
            await client.get("/healthz"),
            await client.post(ASK, json={}),
            await client.post(ASK, json={"x": 1}),
            await client.get("/nothing"),
        ]
    async with door.client() as client:
        answers.append(await client.post(ASK, json={}))
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "access-control-allow-origin" not in answer.headers
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)


async def test_without_a_credential_nothing_is_told(door: Door) -> None:
    async with door.client() as client:
        for path in (ASK, "/v1/nothing", "/metrics", "/v1/users/u0/export", "/nothing", "/v1"):
            for answer in (await client.get(path), await client.post(path, content=b"{")):
                assert (answer.status_code, kind(answer)) == (401, "not-signed-in")
                assert "Bearer" in answer.headers["www-authenticate"]
        for path in ("/healthz", "/readyz", "/openapi.json"):
            assert (await client.get(path)).status_code == 200


async def test_scopes(door: Door) -> None:
    body = {"events": [{"item_id": "i0", "value": 5}]}
    for method, path, scope, sent in (
        ("POST", ASK, "recommend", {}),
        ("GET", "/v1/profile", "recommend", None),
        ("POST", "/v1/events", "feedback", body),
        ("GET", "/v1/feedback", "feedback", None),
        ("GET", "/v1/users/u10/export", "own-data", None),
        ("GET", "/metrics", "operate", None),
        ("POST", "/v1/admin/reload", "operate", None),
    ):
        others = {"recommend", "feedback", "own-data", "operate", "audit"} - {scope}
        async with door.of("u10", *others) as client:
            answer = await client.request(method, path, json=sent)
            assert (answer.status_code, kind(answer)) == (403, "forbidden")
            assert answer.json()["scope"] == scope
        if path != "/v1/admin/reload":
            async with door.of("u10", scope) as client:
                assert (await client.request(method, path, json=sent)).status_code == 200


@pytest.mark.parametrize("name", ["user", "user_id", "User_Id", "uid", "account"])
async def test_a_user_that_is_named_is_not_looked_at(
    door: Door, shared_recx: Recx, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    own = shared_recx.recommend("u0", 3).model_dump(mode="json")
    with caplog.at_level(logging.INFO, LOGGER):
        async with door.of("u0") as client:
            field = await client.post(ASK, json={"k": 3, name: "u1"})
            query = await client.post(f"{ASK}?{name}=u1", json={"k": 3})
            headers = {name.replace("_", "-"): "u1", "X-User-Id": "u1", "X-Forwarded-User": "u1"}
            header = await client.post(ASK, json={"k": 3}, headers=headers)
            deeper = await client.post(
                "/v1/events", json={"events": [{"item_id": "i0", name: "u1"}]}
            )
    assert header.json() == own
    for answer in (field, query, deeper):
        assert (answer.status_code, kind(answer)) == (422, "unfit-request")
        (told,) = [one for one in answer.json()["errors"] if name in one["where"]]
        assert told["problem"].startswith("who it is about is told by the credential alone")
    told_of = [record for record in caplog.records if record.getMessage() == "user_named"]
    assert len(told_of) == 3
    assert "u1" not in "".join(JsonLines().format(record) for record in caplog.records)


async def test_logs_have_no_personal_data(
    door: Door, shared_recx: Recx, caplog: pytest.LogCaptureFixture
) -> None:
    best = shared_recx.recommend("u0", 1).items[0].title
    with caplog.at_level(logging.DEBUG, LOGGER):
        async with door.of("u0") as client:
            await client.post("/v1/explanations", json={"item": best})
            await client.post("/v1/explanations", json={"item": "somebody's secret"})
            await client.get("/v1/users/u0/export")
            await client.get("/v1/users/u1/export")
            await client.get("/v1/a-secret-path?q=a-secret")
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records]
    requests = [line for line in lines if line["event"] == "request"]
    assert [line["status"] for line in requests] == [200, 404, 200, 403, 404]
    assert len({line["caller"] for line in requests}) == 1
    assert requests[0]["route"] == "/v1/explanations" and requests[4]["route"] == "none"
    text = json.dumps(lines)
    for word in ("u0", "u1", best, "secret", "127.0.0.1", "eyJ"):
        assert word not in text, word


async def test_a_fault_shows_nothing_and_is_in_the_log(
    make_door: MakeDoor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    door = make_door()

    def broken(*args: Any, **more: Any) -> Any:
        raise ZeroDivisionError("of user u0, with a secret")

    monkeypatch.setattr(Recx, "recommend", broken)
    with caplog.at_level(logging.INFO, LOGGER):
        async with door.of() as client:
            answer = await client.post(ASK, json={})
    assert (answer.status_code, kind(answer)) == (500, "internal")
    assert "Zero" not in answer.text and "secret" not in answer.text
    (fault,) = [record for record in caplog.records if record.getMessage() == "fault"]
    line = json.loads(JsonLines().format(fault))
    assert line["error"] == "ZeroDivisionError" and "broken" in line["at"][-1]
    assert line["request_id"] == answer.headers["x-request-id"]
    assert "secret" not in json.dumps(line)


async def test_what_is_the_operators_is_told_to_the_log_alone(
    make_door: MakeDoor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(*args: Any, **more: Any) -> Any:
        raise IndexMissing("/srv/workspace")

    door = make_door()
    monkeypatch.setattr(Recx, "explain", missing)
    with caplog.at_level(logging.INFO, LOGGER):
        async with door.of() as client:
            answer = await client.post("/v1/explanations", json={"item": "i0"})
    assert (answer.status_code, kind(answer)) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) >= 1
    assert "/srv/workspace" not in answer.text
    assert any("/srv/workspace" in JsonLines().format(record) for record in caplog.records)


async def test_the_body_has_a_limit(make_door: MakeDoor) -> None:
    door = make_door(max_body_bytes=2000)
    whole = json.dumps({"only": ["genre=Comedy"]}).encode()
    for length, status in ((2000, 200), (2001, 413)):
        padded = whole + b" " * (length - len(whole))

        async def chunks(content: bytes = padded) -> AsyncIterator[bytes]:
            for start in range(0, len(content), 100):
                yield content[start : start + 100]

        async with door.of() as client:
            for content in (padded, chunks()):
                answer = await client.post(
                    ASK, content=content, headers={"Content-Type": "application/json"}
                )
                assert answer.status_code == status
    assert kind(answer) == "too-large"


async def test_not_more_than_the_limit_is_read(make_door: MakeDoor) -> None:
    """Of a body without end no more is taken in than the limit and one piece."""
    door, taken, sent = make_door(max_body_bytes=1024), 0, []

    async def receive() -> Message:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": b"x" * 512, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"authorization", f"Bearer {door.token()}".encode())]
    scope = {
        "type": "http", "method": "POST", "path": ASK, "headers": headers, "query_string": b"",
        "http_version": "1.1", "scheme": "http", "server": ("test", 80), "client": ("x", 1),
    }  # fmt: skip
    await door.app(scope, receive, send)
    assert sent[0]["status"] == 413 and taken == 3


async def test_a_body_that_does_not_come_is_not_waited_for(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recx_agent.serve.rest.door._BODY_SECONDS", 0.01)

    async def never() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    async with door.of() as client:
        headers = {"Content-Type": "application/json"}
        answer = await client.post(ASK, content=never(), headers=headers)
    assert (answer.status_code, kind(answer)) == (400, "refused")


@pytest.mark.parametrize("sent", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_body_is_json(door: Door, sent: str) -> None:
    async with door.of() as client:
        answer = await client.post(ASK, content=b'{"k": 2}', headers={"Content-Type": sent})
        assert (answer.status_code, kind(answer)) == (415, "no-json")
        good = {"Content-Type": "application/json; charset=utf-8"}
        assert (await client.post(ASK, content=b'{"k": 2}', headers=good)).status_code == 200


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b"null", b"\xff\xfe", b"", b"[" * 5000, b'{"k": 1e999}', b'"\\ud800"']
)
async def test_what_is_no_body_of_the_route(door: Door, content: bytes) -> None:
    async with door.of() as client:
        headers = {"Content-Type": "application/json"}
        answer = await client.post("/v1/explanations", content=content, headers=headers)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_unknown_addresses_and_methods(door: Door) -> None:
    async with door.of() as client:
        nothing = await client.get("/v1/nothing")
        assert (nothing.status_code, nothing.json()["type"]) == (404, "about:blank")
        wrong = await client.put(ASK, json={})
        assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")
        assert wrong.json()["title"] == "Method Not Allowed"


async def test_a_caller_may_ask_so_often(make_door: MakeDoor) -> None:
    door = make_door(rate="3/hour")
    async with door.of("u0") as client, door.of("u1") as other:
        statuses = [(await client.get("/v1/profile")).status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        refused = await client.get("/v1/profile")
        assert kind(refused) == "too-many-requests"
        assert 1 <= int(refused.headers["retry-after"]) <= 3600
        assert (await other.get("/v1/profile")).status_code == 200
    async with door.of("u0") as again:  # another token of the same user
        assert (await again.get("/v1/profile")).status_code == 429


async def test_credentials_are_not_tried_without_end(make_door: MakeDoor) -> None:
    door = make_door(sign_in_rate="2/hour")
    async with door.client(Authorization="Bearer x.y.z") as client:
        statuses = [(await client.get("/v1/profile")).status_code for _ in range(4)]
    assert statuses == [401, 401, 429, 429]
    async with door.of() as good:  # behind the same address
        assert (await good.get("/v1/profile")).status_code == 200


async def test_hosts(make_door: MakeDoor) -> None:
    door = make_door(hosts=("recx.example",))
    async with door.of() as client:
        for host, status in (("recx.example", 200), ("RECX.example:8080", 200), ("evil", 421)):
            answer = await client.get("/v1/profile", headers={"Host": host})
            assert answer.status_code == status


async def test_a_local_user_is_not_for_pages_of_others(make_door: MakeDoor) -> None:
    door = make_door(local_user="u0")
    async with door.client() as client:
        for host, origin, status in (
            ("localhost:8080", None, 200),
            ("127.0.0.1", "http://localhost:8080", 200),
            ("[::1]:8080", None, 200),
            ("evil.example", None, 421),
            ("localhost.evil.example", None, 421),
            ("localhost", "https://evil.example", 421),
            ("localhost", "null", 421),
            ("", None, 421),
        ):
            headers = {"Host": host, **({"Origin": origin} if origin else {})}
            answer = await client.get("/v1/profile", headers=headers)
            assert answer.status_code == status, (host, origin)


async def test_pages_may_ask_where_the_operator_says_so(make_door: MakeDoor) -> None:
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    open_door, closed = make_door(cors_origins=("https://shop.example",)), make_door()
    async with open_door.client() as client:
        before = await client.options(ASK, headers=asked)
        assert before.headers["access-control-allow-origin"] == "https://shop.example"
        assert "access-control-allow-credentials" not in before.headers
        other = await client.options(ASK, headers={**asked, "Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers
    async with closed.client() as client:
        answer = await client.options(ASK, headers=asked)
        assert "access-control-allow-origin" not in answer.headers


async def test_it_says_whether_it_is_ready(make_door: MakeDoor) -> None:
    door = make_door()
    async with door.client() as client:
        assert (await client.get("/readyz")).json()["status"] == "ok"
        door.service.stopping = True
        stopping = await client.get("/readyz")
        assert (stopping.status_code, kind(stopping)) == (503, "stopping")
        assert (await client.get("/healthz")).status_code == 200
        door.service.stopping = False
        door.service.holder.close()
        assert (await client.get("/readyz")).status_code == 503
    async with door.of() as client:
        closed = await client.post(ASK, json={})
        assert (closed.status_code, kind(closed)) == (503, "stopping")
