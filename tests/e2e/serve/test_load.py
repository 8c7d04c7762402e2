"""Many at once for a moment: no error, every answer the right one, streams whole and in order."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.serve.rest_server import Server, serving
from tests.unit.conftest import build_planted

CLIENTS, ROUNDS = 8, 6
EXPLAIN, STREAM = "/v1/explanations", "/v1/explanations/stream"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(build_planted(tmp_path_factory.mktemp("load"))) as started:
        yield started


def asked(client: httpx.Client, path: str, item: str) -> Any:
    body = {"item": item, "deadline_ms": 30_000}
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    if path == EXPLAIN:
        return answer.json()
    events = [
        json.loads(line.removeprefix("data: "))
        for line in answer.text.splitlines()
        if line.startswith("data: ")
    ]
    *before, last = events
    told = "".join(event["added"] for event in before[1:])
    assert told == last["explanation"]["text"]
    return last["explanation"]


def test_many_at_once_get_the_answers_of_one_alone(server: Server) -> None:
    users = [f"u{number}" for number in range(CLIENTS)]
    alone: dict[str, tuple[str, Any]] = {}
    for user in users:
        with server.client(user) as client:
            found = client.post("/v1/recommendations", json={"k": 1}).json()
            item = found["items"][0]["item_id"]
            alone[user] = item, asked(client, EXPLAIN, item)
    wrong: list[str] = []
    done: list[str] = []

    def ask(user: str) -> None:
        item, wanted = alone[user]
        try:
            with server.client(user) as client:
                for number in range(ROUNDS):
                    path = STREAM if number % 2 else EXPLAIN
                    if asked(client, path, item) != wanted:
                        wrong.append(f"{user} {path}")
                    done.append(user)
        except (AssertionError, httpx.HTTPError) as error:
            wrong.append(repr(error))

    threads = [threading.Thread(target=ask, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(done) == CLIENTS * ROUNDS


def test_beyond_the_limit_it_is_429_and_never_a_wrong_answer(tmp_path: Path) -> None:
    workspace = build_planted(tmp_path)
    with serving(workspace, RECX_SERVE__RATE="5/minute") as limited:
        with limited.client("u0") as client, limited.client("u1") as other:
            answers = [client.post("/v1/recommendations", json={"k": 1}) for _ in range(8)]
            untouched = other.post("/v1/recommendations", json={"k": 1})
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 3
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in answers[5:])
    assert len({answer.text for answer in answers[:5]}) == 1
    assert untouched.status_code == 200, "it is one caller's own limit"
