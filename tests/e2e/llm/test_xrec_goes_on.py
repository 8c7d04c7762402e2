"""``recx eval xrec`` as a process that is stopped while an endpoint hangs, and started again."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.llm.faulty_server import GOOD, FaultyServer

ROWS = 6
ANSWERED = 3
SETTINGS = {"MODEL": "faulty", "REPAIR": "false", "CONCURRENCY": "2", "TIMEOUT_SECONDS": "600"}


class Hanging(FaultyServer):
    """Answers a few requests and then says nothing, until it is ``healed``."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.healed = False

    def _answer(self, connection: socket.socket, ended: threading.Event) -> None:
        if self.healed or self.requests <= ANSWERED:
            connection.sendall(GOOD)
        else:
            ended.wait()


@pytest.fixture
def server() -> Iterator[Hanging]:
    found = Hanging()
    found.start()
    yield found
    found.stop()


@pytest.fixture
def rows_file(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    rows = [
        {
            "user_id": str(number),
            "title": f"Title {number}",
            "user_summary": f"Likely to enjoy stories of ships and of place {number}.",
            "item_summary": f"A book on ships at place {number}.",
            "reference": "The user would buy the book because of a friend.",
            "xrec_output": "The user would buy the book because it is captivating.",
        }
        for number in range(ROWS)
    ]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def start(url: str, rows_file: Path, out: Path) -> subprocess.Popen[str]:
    command = [str(Path(sys.executable).with_name("recx")), "eval", "xrec"]
    command += ["--data", str(rows_file), "--rows", str(ROWS), "--out", str(out)]
    settings = {f"RECX_LLM__{name}": value for name, value in SETTINGS.items()}
    env = {**os.environ, **settings, "RECX_LLM__BASE_URL": url}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=env, text=True, stdout=pipe, stderr=pipe)


def until_it_hangs(process: subprocess.Popen[str], server: Hanging) -> None:
    until = time.monotonic() + 240
    while server.requests < ANSWERED + 2:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until, f"only {server.requests} requests"
        time.sleep(0.02)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_the_same_command_asks_only_for_what_is_missing(
    server: Hanging, rows_file: Path, tmp_path: Path, stop: signal.Signals
) -> None:
    out = tmp_path / "out"
    process = start(server.url, rows_file, out)
    until_it_hangs(process, server)
    process.send_signal(stop)
    began = time.monotonic()
    _, told = process.communicate(timeout=240)
    if stop is signal.SIGINT:
        assert process.returncode == 130, told
        assert "the same command goes on" in told
        assert time.monotonic() - began < 120, "it did not wait for what hung"
    kept = (out / "drafts.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(kept) == ANSWERED
    assert not (out / "results.json").exists()

    server.healed = True
    before = server.requests
    process = start(server.url, rows_file, out)
    shown, told = process.communicate(timeout=240)
    assert process.returncode == 0, told
    assert server.requests - before == ROWS - ANSWERED
    drafts = (out / "drafts.jsonl").read_text(encoding="utf-8").splitlines()
    assert drafts[:ANSWERED] == kept and len(drafts) == ROWS
    assert "XRec, Amazon books: 6 rows" in shown
    assert len(json.loads((out / "results.json").read_text())["figures"]) == 4
