"""A real socket server that fails in the ways chat endpoints fail."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

TEXT = "It is here because you rated {H1.rating}."
COMPLETION = {
    "id": "1",
    "object": "chat.completion",
    "created": 0,
    "model": "faulty",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": TEXT},
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7},
}


def http(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """One HTTP response."""
    lines = {
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


GOOD = http(json.dumps(COMPLETION).encode())


def _with(**changes: object) -> bytes:
    return http(json.dumps({**COMPLETION, **changes}).encode())


def _choice(content: object, reason: str = "stop") -> bytes:
    message = {"role": "assistant", "content": content}
    return _with(choices=[{"index": 0, "message": message, "finish_reason": reason}])


Fault = Callable[[socket.socket, threading.Event], None]
"""What is done with a connection whose request has been read; the event ends the server."""


def sends(response: bytes) -> Fault:
    def fault(connection: socket.socket, ended: threading.Event) -> None:
        connection.sendall(response)

    return fault


def hangs(connection: socket.socket, ended: threading.Event) -> None:
    """Nothing comes, and the connection stays."""
    ended.wait()


def slow_first_byte(connection: socket.socket, ended: threading.Event) -> None:
    """The answer is right, and comes after a while."""
    ended.wait(0.3)
    connection.sendall(GOOD)


def drips(connection: socket.socket, ended: threading.Event) -> None:
    """A byte now and then: no read ever times out, and the answer never comes."""
    for byte in GOOD:
        if ended.wait(0.05):
            return
        connection.sendall(bytes([byte]))


def resets(connection: socket.socket, ended: threading.Event) -> None:
    """The connection breaks as when the process is killed."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def closes(connection: socket.socket, ended: threading.Event) -> None:
    """The connection ends without a word."""


WORDS = ("It is here ", "because you ", "rated {H1.rating}.")


def _chunk(**choice: object) -> bytes:
    entry = {"index": 0, "delta": {}, "finish_reason": None, **choice}
    told = {**COMPLETION, "object": "chat.completion.chunk", "choices": [entry]}
    return f"data: {json.dumps(told)}\n\n".encode()


STREAM = (
    *(_chunk(delta={"content": word}) for word in WORDS),
    _chunk(finish_reason="stop"),
    b"data: [DONE]\n\n",
)
"""An answer of :data:`WORDS` as server-sent events, part by part."""


def breaks_stream(position: int, then: Fault) -> Fault:
    """So many parts of a streamed answer, and then another fault."""

    def fault(connection: socket.socket, ended: threading.Event) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
        connection.sendall(head + b"".join(STREAM[:position]))
        then(connection, ended)

    return fault


FAULTS: dict[str, Fault] = {
    "hangs": hangs,
    "slow first byte": slow_first_byte,
    "drips": drips,
    "resets": resets,
    "closes": closes,
    "cut off in the body": sends(GOOD[:-40]),
    "cut off in the head": sends(GOOD[:30]),
    "cut off JSON": sends(http(json.dumps(COMPLETION).encode()[:-40])),
    "429": sends(http(b"{}", "429 Too Many Requests")),
    "429, retry soon": sends(http(b"{}", "429 Too Many Requests", Retry_After="0")),
    "429, retry late": sends(http(b"{}", "429 Too Many Requests", Retry_After="3600")),
    "429, retry nonsense": sends(http(b"{}", "429 Too Many Requests", Retry_After="soon")),
    "500": sends(http(b'{"error": {"message": "EngineDeadError"}}', "500 Internal Server Error")),
    "502": sends(http(b"<html>Bad Gateway</html>", "502 Bad Gateway", Content_Type="text/html")),
    "503": sends(http(b"", "503 Service Unavailable")),
    "400": sends(http(b'{"error": {"message": "too long"}}', "400 Bad Request")),
    "401": sends(http(b'{"error": {"message": "no such key"}}', "401 Unauthorized")),
    "404": sends(http(b'{"error": {"message": "no such model"}}', "404 Not Found")),
    "redirected to itself": sends(http(b"", "307 Temporary Redirect", Location="completions")),
    "broken JSON": sends(http(b'{"choices": [')),
    "JSON of another shape": sends(http(b'["a", "b"]')),
    "null": sends(http(b"null")),
    "empty body": sends(http(b"")),
    "no choices": sends(_with(choices=[])),
    "choices is a text": sends(_with(choices="none")),
    "empty text": sends(_choice("")),
    "null text": sends(_choice(None, "length")),
    "wrong content type": sends(http(b"<html></html>", Content_Type="text/html")),
    "not UTF-8": sends(http(b'{"choices": "\xff\xfe"}')),
    "no gzip": sends(http(b"plain", Content_Encoding="gzip")),
    "no HTTP": sends(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "endless head": sends(b"HTTP/1.1 200 OK\r\n" + b"X-Filler: " + b"x" * 300_000),
    "good": sends(GOOD),
}


class FaultyServer:
    """Does to each request what ``fault`` says; it can be changed, stopped and started."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.requests = 0
        self.port = 0
        self._ended = threading.Event()
        self._listening: socket.socket | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def start(self) -> None:
        """Listen, at the port of the last time if there was one."""
        self._ended = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", self.port), reuse_port=False)
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening, and let go of the connections that hang."""
        self._ended.set()
        listening, self._listening = self._listening, None
        if listening is not None:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            if _read_request(connection):
                self.requests += 1
                self.fault(connection, self._ended)


def _read_request(connection: socket.socket) -> bool:
    """Read head and body, or the answer could meet a closed connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return False
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += connection.recv(65536)
    return True


@contextmanager
def faulty_server(fault: Fault) -> Iterator[FaultyServer]:
    """A server that ends with the block."""
    server = FaultyServer(fault)
    server.start()
    try:
        yield server
    finally:
        server.stop()
