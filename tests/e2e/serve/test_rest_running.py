"""A real server: it is reloaded without a dropped request, and lets requests finish as it ends."""

from __future__ import annotations

import http.client
import json
import shutil
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from recx_agent import build
from tests.e2e.serve.rest_server import PATIENCE, Server, serving, token_of
from tests.unit.conftest import SMALL, build_planted, planted_frames

ASK = "/v1/explanations/top"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_planted(tmp_path_factory.mktemp("running"))


@pytest.fixture(scope="module")
def server(workspace: Path) -> Iterator[Server]:
    # It is not ready for so long before it stops: as long as the test takes to see it.
    with serving(workspace, RECX_SERVE__DRAIN_SECONDS="2") as started:
        yield started


class Asking:
    """Asks without a pause, and notes every answer."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._enough = threading.Event()
        self.statuses: list[int | str] = []
        self.asked = threading.Semaphore(0)
        self._threads = [threading.Thread(target=self._ask, args=(f"u{n}",)) for n in range(2)]

    def __enter__(self) -> Asking:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        for thread in self._threads:
            thread.join()

    def some_more(self, count: int) -> None:
        """Return when as many more were answered."""
        for _ in range(count):
            assert self.asked.acquire(timeout=PATIENCE)

    def _ask(self, user_id: str) -> None:
        with self._server.client(user_id) as client:
            while not self._enough.is_set():
                try:
                    self.statuses.append(client.post(ASK, json={"k": 2}).status_code)
                except httpx.HTTPError as error:
                    self.statuses.append(repr(error))
                self.asked.release()


def reload(server: Server, event: str) -> dict[str, Any]:
    server.process.send_signal(signal.SIGHUP)
    return server.log.wait_for(event)


def test_reloads_drop_no_request_and_damage_changes_nothing(
    server: Server, workspace: Path
) -> None:
    interactions, items = planted_frames(seed=1)
    with Asking(server) as asking:
        asking.some_more(4)
        told = reload(server, "reloaded")
        assert (told["before"], told["now"]) == ("000001", "000001")
        build.fit(
            workspace,
            interactions=interactions,
            items=items,
            data={"scale": (1, 5)},
            model={**SMALL, "epochs": 2},
        )
        # A new model without its index: the old one goes on, with the index it has.
        assert "recx index" in reload(server, "reload_failed")["message"]
        asking.some_more(4)
        build.index(workspace)
        # The next request finds that the index of the old one is gone: no signal is needed.
        told = server.log.wait_for("reloaded")
        assert (told["before"], told["now"]) == ("000001", "000002")
        asking.some_more(4)
        current = (workspace / "CURRENT").read_text()
        (workspace / "CURRENT").write_text("000099\n")
        assert "'000099', which is not there" in reload(server, "reload_failed")["message"]
        asking.some_more(4)
        (workspace / "CURRENT").write_text(current)
    faults = [line for line in server.log.lines if line.get("event") == "fault"]
    assert (faults, set(asking.statuses)) == ([], {200})
    with server.client("boss", "operate") as boss:
        assert boss.post("/v1/admin/reload").json() == {"before": "000002", "now": "000002"}
        page = boss.get("/metrics").text
    assert 'recx_reloads_total{result="done"} 3.0' in page
    assert 'recx_reloads_total{result="failed"} 2.0' in page


def begun(server: Server, body: bytes) -> http.client.HTTPConnection:
    """A request of which the half has been sent."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.putrequest("POST", ASK)
    connection.putheader("Authorization", f"Bearer {token_of('u0')}")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body[: len(body) // 2])
    return connection


def test_a_running_request_finishes_and_nobody_is_sent_here_meanwhile(server: Server) -> None:
    body = json.dumps({"k": 2}).encode()
    connection = begun(server, body)
    with server.client() as client:
        assert client.get("/readyz").status_code == 200
        server.process.send_signal(signal.SIGTERM)
        server.log.wait_for("stopping")
        refused = client.get("/readyz")
        assert (refused.status_code, refused.json()["title"]) == (
            503,
            "Not ready, or shutting down",
        )
        assert client.get("/healthz").status_code == 200
    connection.send(body[len(body) // 2 :])
    answer = connection.getresponse()
    assert answer.status == 200 and len(json.loads(answer.read())["explanations"]) == 2
    connection.close()
    assert server.process.wait(PATIENCE) == 0
    server.log.wait_for("stopped")
    assert "Traceback" not in json.dumps(server.log.lines)
    for line in server.log.lines:
        assert "u0" not in json.dumps(line) and "text" not in line


def test_a_port_that_is_taken_is_told(server: Server, workspace: Path, tmp_path: Path) -> None:
    import socket
    import subprocess

    from tests.e2e.serve.rest_server import RECX, environment

    copy = tmp_path / "workspace"
    shutil.copytree(workspace, copy)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [RECX, "serve", "--port", port, "-w", str(copy)],
            env=environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    assert done.returncode == 2
    assert f"cannot listen at 127.0.0.1, port {port}: Address already in use" in done.stderr
