"""``recx serve`` and ``recx mcp`` as programs of their own, and clients of theirs."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path

import httpx2
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from recx_agent.serve.identity import USER_SCOPES, Tokens
from recx_agent.settings import TokenSettings
from tests.unit.serve.mcp.conftest import SECRET

RECX = str(Path(sys.executable).with_name("recx"))
SERVE = {
    "RECX_SERVE__TOKENS__SECRET": SECRET,
    "RECX_SERVE__RATE": "100000/minute",
    "RECX_SERVE__SIGN_IN_RATE": "100000/minute",
}


def environment(**more: str) -> dict[str, str]:
    """Without the operator's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RECX_")}
    return {**kept, **SERVE, **more}


def token_of(user_id: str, scopes: tuple[str, ...] = USER_SCOPES, minutes: float = 5) -> str:
    """A user's token as the operator makes it."""
    settings = TokenSettings.model_validate({"secret": SECRET})
    return Tokens(settings).mint(user_id, scopes, timedelta(minutes=minutes))


@asynccontextmanager
async def over_stdio(
    workspace: Path, log: Path, *arguments: str, mode: str = "auto", **variables: str
) -> AsyncIterator[Client]:
    """The official client, which starts the program."""
    command = StdioServerParameters(
        command=RECX,
        args=["mcp", "-w", str(workspace), *arguments],
        env=environment(**variables),
        cwd=workspace.parent,
    )
    with log.open("a", encoding="utf-8") as errors:
        async with Client(stdio_client(command, errlog=errors), mode=mode) as client:
            yield client


class HttpServer:
    """A server at a free port, and what it has written to stderr."""

    def __init__(
        self, process: subprocess.Popen[str], url: str, log: Path, workspace: Path
    ) -> None:
        self.process, self.url, self._log = process, url, log
        self.workspace = workspace

    @property
    def mcp(self) -> str:
        return f"{self.url}/mcp"

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")


@contextmanager
def http_server(
    arguments: Sequence[str],
    workspace: Path,
    log: Path,
    variables: Mapping[str, str] | None = None,
    port: int = 0,
) -> Iterator[HttpServer]:
    """Start ``recx serve`` or ``recx mcp --http``, and stop it as an operator does."""
    command = [RECX, *arguments, "--port", str(port), "-w", str(workspace)]
    process = subprocess.Popen(
        command,
        env=environment(**(variables or {})),
        cwd=workspace.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    urls: queue.Queue[str | None] = queue.Queue()
    reader = threading.Thread(target=_read, args=(process, log, urls))
    reader.start()
    try:
        url = urls.get(timeout=60)
        assert url is not None, log.read_text(encoding="utf-8")
        yield HttpServer(process, url, log, workspace)
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(30)
        reader.join()


def _read(process: subprocess.Popen[str], log: Path, urls: queue.Queue[str | None]) -> None:
    """Keep stderr, and hand on the URL that stands in it."""
    assert process.stderr is not None
    with log.open("a", encoding="utf-8") as kept, process.stderr:
        for line in process.stderr:
            kept.write(line)
            kept.flush()
            said = json.loads(line) if line.startswith("{") else {}
            if said.get("event") == "listening":
                urls.put(f"http://{said['host']}:{said['port']}")
    urls.put(None)


@asynccontextmanager
async def over_http(
    url: str, token: str, mode: str = "auto", **headers: str
) -> AsyncIterator[Client]:
    """The official client of one user."""
    headers = {"Authorization": f"Bearer {token}", **headers}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=30) as carrier,
        Client(streamable_http_client(url, http_client=carrier), mode=mode) as client,
    ):
        yield client


MCP = ("mcp", "--http")
REST = ("serve",)
