"""kill -9 while feedback and events are taken in: nothing acknowledged is lost, nothing halved."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.serve.rest_server import Log, Server, environment
from tests.unit.conftest import build_planted

DRIVER = Path(__file__).with_name("killed_driver.py")
ROWS = 20
"""Events that are added at once."""
POINTS = 3
"""How often each request is killed."""


class Driver:
    """Servers on one workspace, one after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process, self._log = process, Log(process)

    @contextmanager
    def server(self) -> Iterator[Server]:
        """The next server, until it ends; a living one is told to."""
        self._said("go")
        server = Server(self._process, self._log)
        yield server
        try:
            with server.client("boss", "operate") as client:
                client.get("/healthz", headers={"X-Kill-At": "1"})
        except httpx.HTTPError:
            pass  # it is killed, or has been before
        assert self.heard() == f"ended {int(signal.SIGKILL)}"

    def heard(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def _said(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    workspace = build_planted(tmp_path_factory.mktemp("killed"))
    process = subprocess.Popen(
        [sys.executable, str(DRIVER), str(workspace)],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            yield Driver(process)
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # and the server, if a test left it alone


def feedback(number: int) -> tuple[str, dict[str, Any]]:
    """Something that was not said before."""
    return "/v1/feedback", {"kind": "exclude", "what": f"i{number}"}


def events(number: int) -> tuple[str, dict[str, Any]]:
    """Events that were not there before; they are kept together or not at all."""
    rows = [
        {
            "item_id": f"i{row}",
            "value": 4,
            "timestamp": f"2024-01-{row + 1:02}T00:00:{number:02}",
            "text": str(number),
        }
        for row in range(ROWS)
    ]
    return "/v1/events", {"events": rows}


def posted(client: httpx.Client, made: tuple[str, dict[str, Any]], kill_at: int) -> bool:
    """Whether a request was acknowledged."""
    try:
        answer = client.post(made[0], json=made[1], headers={"X-Kill-At": str(kill_at)})
    except httpx.HTTPError:
        return False
    assert answer.status_code == 200, answer.text
    return True


def spread(steps: int) -> list[int]:
    """Steps to be killed at: the first, the last, and some between."""
    return sorted({1 + round(n * (steps - 1) / (POINTS - 1)) for n in range(POINTS)})


@dataclass
class Kept:
    """What a server has kept: feedback, and of each batch of events how many."""

    said: set[str]
    did: dict[str, int]

    @classmethod
    def by(cls, client: httpx.Client) -> Kept:
        said = {one["what"] for one in client.get("/v1/feedback").json()["feedback"]}
        did: dict[str, int] = {}
        for one in client.get("/v1/events").json()["events"]:
            did[one["text"]] = did.get(one["text"], 0) + 1
        return cls(said, did)

    def has(self, number: int) -> bool:
        return f"i{number}" in self.said or str(number) in self.did


def test_what_was_acknowledged_is_there_after_a_restart(driver: Driver) -> None:
    with driver.server() as server, server.client("u0") as client:
        for made in (feedback(0), events(0), feedback(1), events(1)):  # the first make tables
            assert posted(client, made, 0)
        counts = [int(driver.heard().removeprefix("steps ")) for _ in range(4)][2:]
        before = Kept.by(client)
    assert min(counts) > POINTS
    rounds = [
        (make, point)
        for make, count in zip((feedback, events), counts, strict=True)
        for point in spread(count)
    ]
    there: list[bool] = []
    for number, (make, point) in enumerate(rounds, start=2):
        with driver.server() as server, server.client("u0") as client:
            assert not posted(client, make(number), point)  # killed before the answer has left
        with driver.server() as server, server.client("u0") as client:
            after = Kept.by(client)
            assert after.said >= before.said and after.did.keys() >= before.did.keys()
            assert set(after.did.values()) == {ROWS}
            there.append(after.has(number))
            assert posted(client, make(number), 0)  # the same request again
            driver.heard()
            before = Kept.by(client)
            assert before.has(number) and set(before.did.values()) == {ROWS}
            assert client.post("/v1/recommendations", json={"k": 3}).status_code == 200
    # Both must have been seen: killed before it was on disk, and after.
    assert {True, False} == set(there)
