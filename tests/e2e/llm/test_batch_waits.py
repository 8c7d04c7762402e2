"""A batch over a real socket whose other end fails for a while: it waits, and loses nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.llm.faulty_server import FAULTS, GOOD, FaultyServer

PAIRS = 24
HEALTHY = 4
"""Requests that are answered before the fault."""
TRIED = 9
"""Requests under the fault after which the breaker is open and the endpoint is tried alone."""
ENDS = 300.0
"""Seconds within which a process has to come to its end, however busy the machine."""
SETTINGS = {
    "MODEL": "faulty",
    "STRUCTURED": "off",
    "REPAIR": "false",
    "RETRIES": "0",
    "BREAKER_SECONDS": "0.2",
}

pytestmark = pytest.mark.timeout(1200)


class Patient(FaultyServer):
    """Answers a few requests, then does what a fault says, until it is ``healed``."""

    def __init__(self, kind: str) -> None:
        super().__init__(self._answer)
        self.healed = False
        self._kind = kind

    def _answer(self, connection: socket.socket, ended: threading.Event) -> None:
        if self.healed or self.requests <= HEALTHY:
            connection.sendall(GOOD)
        else:
            FAULTS[self._kind](connection, ended)


@pytest.fixture(params=["resets", "500", "429"])
def server(request: pytest.FixtureRequest) -> Iterator[Patient]:
    found = Patient(request.param)
    found.start()
    yield found
    found.stop()


@pytest.fixture
def workspace(film_workspace: Path, tmp_path: Path) -> Path:
    """The films, without texts of other tests."""
    return Path(shutil.copytree(film_workspace, tmp_path / "workspace"))


def batch(workspace: Path, url: str, out: Path, wait: float) -> subprocess.Popen[str]:
    command = [str(Path(sys.executable).with_name("recx")), "explain-batch"]
    command += ["--out", str(out), "-w", str(workspace), "--wait", str(wait)]
    command += ["--sample", str(PAIRS), "-k", "1", "--concurrency", "2"]
    settings = {f"RECX_LLM__{name}": value for name, value in SETTINGS.items()}
    env = {**os.environ, **settings, "RECX_LLM__BASE_URL": url}
    return subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True)


def until_it_waits(process: subprocess.Popen[str], server: Patient) -> None:
    until = time.monotonic() + ENDS
    while server.requests < HEALTHY + TRIED:
        assert process.poll() is None, "it did not wait"
        assert time.monotonic() < until, f"only {server.requests} requests"
        time.sleep(0.02)


def faults_in(out: Path) -> dict[str, Any]:
    """The fault of each user's line; a user with two lines fails."""
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert all(line["text"] for line in lines)
    found = {line["user_id"]: line["fault"] for line in lines}
    assert len(found) == len(lines)
    return found


def test_it_waits_until_the_endpoint_answers_again(
    workspace: Path, server: Patient, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    process = batch(workspace, server.url, out, wait=ENDS)
    until_it_waits(process, server)
    server.healed = True
    _, told = process.communicate(timeout=ENDS)
    assert process.returncode == 0, told
    assert Counter(faults_in(out).values()) == {None: PAIRS}
    assert "faults of the language model" not in told


@pytest.mark.parametrize("server", ["500"], indirect=True)
def test_when_its_patience_ends_templates_write_and_say_the_fault(
    workspace: Path, server: Patient, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    process = batch(workspace, server.url, out, wait=1)
    _, told = process.communicate(timeout=ENDS)
    assert process.returncode == 0, told
    faults = Counter(faults_in(out).values())
    assert faults.total() == PAIRS
    assert 1 <= faults[None] <= HEALTHY
    assert set(faults) - {None} <= {"unreachable", "faulty", "overloaded", "paused"}
    assert "faults of the language model" in told


@pytest.mark.parametrize("server", ["resets"], indirect=True)
def test_killed_while_it_waits_the_same_command_goes_on(
    workspace: Path, server: Patient, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    process = batch(workspace, server.url, out, wait=ENDS)
    until_it_waits(process, server)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    before = faults_in(out)
    assert 1 <= len(before) <= HEALTHY and set(before.values()) == {None}
    server.healed = True
    again = batch(workspace, server.url, out, wait=ENDS)
    _, told = again.communicate(timeout=ENDS)
    assert again.returncode == 0, told
    assert Counter(faults_in(out).values()) == {None: PAIRS}
