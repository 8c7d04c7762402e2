"""A server that speaks the chat protocol and says what a script has, for whole programs."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


def says(text: str) -> Json:
    """A message of words."""
    return {"role": "assistant", "content": text}


def calls(name: str, **arguments: Any) -> Json:
    """A message that calls a tool, and talks beside it."""
    function = {"name": name, "arguments": json.dumps(arguments)}
    call = {"id": f"call-{name}", "type": "function", "function": function}
    return {"role": "assistant", "content": "It won 12 prizes.", "tool_calls": [call]}


class ScriptedEndpoint:
    """The server: its address, and every request that came."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[Json] = []


@contextmanager
def serving(script: Iterable[Json]) -> Iterator[ScriptedEndpoint]:
    """Serve; when the script is at its end every request fails with HTTP 500."""
    answers = iter(script)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._send(200, {"object": "list", "data": [{"id": "scripted", "object": "model"}]})

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            endpoint.requests.append(json.loads(self.rfile.read(length)))
            message = next(answers, None)
            if message is None:
                self._send(500, {"error": {"message": "the script is at its end"}})
                return
            reason = "tool_calls" if "tool_calls" in message else "stop"
            choice = {"index": 0, "message": message, "finish_reason": reason}
            usage = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
            self._send(
                200,
                {
                    "id": "x",
                    "object": "chat.completion",
                    "created": 1,
                    "model": "scripted",
                    "choices": [choice],
                    "usage": usage,
                },
            )

        def _send(self, status: int, content: Json) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        endpoint = ScriptedEndpoint(f"http://127.0.0.1:{server.server_address[1]}/v1")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield endpoint
        server.shutdown()
        thread.join()
