"""A real Chroma server on this machine, and a proxy before it that asks for a token."""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from urllib.parse import urlsplit

HOST = "127.0.0.1"
_STARTING = 30.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


class ChromaServer:
    """``chroma run`` over a folder; it keeps its port when it is started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Start it and wait for its first answer."""
        chroma = Path(sys.executable).with_name("chroma")
        place = ["--path", str(self.folder), "--host", HOST, "--port", str(self.port)]
        self._process = subprocess.Popen(
            [chroma, "run", *place],
            cwd=self.folder.parent,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        waiting = threading.Event()
        for _ in range(int(_STARTING / 0.05)):
            if self._answers():
                return
            assert self._process.poll() is None, "chroma run has ended"
            waiting.wait(0.05)
        raise AssertionError(f"no answer from chroma run within {_STARTING:g} s")

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/api/v2/heartbeat")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


@contextmanager
def running_server(folder: Path) -> Iterator[ChromaServer]:
    """A server that ends with the block."""
    folder.mkdir(parents=True, exist_ok=True)
    server = ChromaServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()


@contextmanager
def guarded(url: str, token: str) -> Iterator[str]:
    """The URL of a proxy that lets through who sends the token."""
    behind = urlsplit(url)

    class Guard(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._pass_on()

        do_POST = do_PUT = do_DELETE = do_GET

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Authorization") != f"Bearer {token}":
                self._answer(401, b"no entry", "text/plain")
                return
            assert behind.hostname is not None
            connection = http.client.HTTPConnection(behind.hostname, behind.port, timeout=30)
            connection.request(self.command, self.path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            self._answer(answer.status, answer.read(), answer.getheader("Content-Type") or "")
            connection.close()

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with _listening(Guard) as port:
        yield f"http://{HOST}:{port}"


@contextmanager
def silent_server() -> Iterator[str]:
    """The URL of something that takes connections and never answers."""
    with socket() as listening:
        listening.bind((HOST, 0))
        listening.listen()
        yield f"http://{HOST}:{listening.getsockname()[1]}"


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """The URL of a web server that gives one answer to everything."""

    class Same(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with _listening(Same) as port:
        yield f"http://{HOST}:{port}"


@contextmanager
def _listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    server = ThreadingHTTPServer((HOST, 0), handler)
    server.daemon_threads = True
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        serving.join()
