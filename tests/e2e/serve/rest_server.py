"""``recx serve`` as a program of its own, on a small world of two tastes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from queue import Queue
from typing import Any

import httpx

from recx_agent.serve.identity import USER_SCOPES, Tokens
from recx_agent.settings import TokenSettings

SECRET = "a secret of the operator, which is long enough for any kind of HMAC"
RECX = str(Path(sys.executable).with_name("recx"))
SERVE = {"RECX_SERVE__TOKENS__SECRET": SECRET, "RECX_SERVE__RATE": "1000000/minute"}
PATIENCE = 60.0  # seconds for what takes a moment


def token_of(user_id: str, *scopes: str) -> str:
    """A user's token as the operator makes it."""
    tokens = Tokens(TokenSettings.model_validate({"secret": SECRET}))
    return tokens.mint(user_id, scopes or USER_SCOPES, timedelta(minutes=10))


def environment(more: Mapping[str, str] = {}) -> dict[str, str]:  # noqa: B006 - only read
    """Without the operator's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RECX_")}
    return {**kept, **SERVE, **more}


class Log:
    """The lines of JSON that a server writes, as they come."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.lines: list[dict[str, Any]] = []
        self._coming: Queue[dict[str, Any]] = Queue()
        self._stream = process.stderr
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def wait_for(self, event: str) -> dict[str, Any]:
        """The next line about an event; fails if it does not come."""
        while True:
            line = self._coming.get(timeout=PATIENCE)
            if line.get("event") == event:
                return line
            assert line != {}, f"it ended without {event!r}: {self.lines}"

    def _read(self) -> None:
        assert self._stream is not None
        for text in self._stream:
            line = json.loads(text) if text.startswith("{") else {"text": text}
            self.lines.append(line)
            self._coming.put(line)
        self._coming.put({})


class Server:
    """A server that listens."""

    def __init__(self, process: subprocess.Popen[str], log: Log) -> None:
        self.process, self.log = process, log
        told = log.wait_for("listening")
        self.port = int(told["port"])
        self.url = f"http://127.0.0.1:{self.port}"

    def client(self, user_id: str = "u0", *scopes: str) -> httpx.Client:
        """A client with the token of a user."""
        headers = {"Authorization": f"Bearer {token_of(user_id, *scopes)}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=PATIENCE, trust_env=False)


@contextmanager
def serving(workspace: Path, **variables: str) -> Iterator[Server]:
    """Start ``recx serve`` at a free port; whatever is left of it at the end is killed."""
    process = subprocess.Popen(
        [RECX, "serve", "--port", "0", "-w", str(workspace)],
        env=environment(variables),
        cwd=workspace.parent,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Server(process, Log(process))
    finally:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()
