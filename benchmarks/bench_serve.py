"""Drives ``recx serve`` with wrk: answers a second, latency, memory, and whether they are right.

::

    python -m benchmarks.bench_serve --workspace recx-workspace
    python -m benchmarks.bench_serve --workspace recx-workspace --llm http://localhost:8000/v1
    python -m benchmarks.bench_serve --workspace recx-workspace --at-the-limits

It works on a copy of the workspace. wrk is in Debian's package of that name. While it asks,
another client asks for the same pairs one by one and compares each answer with the first.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from recx_agent import Recx
from recx_agent.serve.identity import USER_SCOPES, Tokens
from recx_agent.settings import TokenSettings

SECRET = "only for this measurement, and long enough for an HMAC"
WRK = """
local asks = {}
for line in io.lines("%s") do
  local token, body = line:match("([^\\t]+)\\t(.*)")
  asks[#asks + 1] = wrk.format("POST", "%s", {["Authorization"] = "Bearer " .. token,
    ["Content-Type"] = "application/json"}, body)
end
local at = 0
request = function()
  at = at %% #asks + 1
  return asks[at]
end
local seen = {}
local threads = {}
setup = function(thread) table.insert(threads, thread) end
response = function(status) statuses = statuses or {}; local s = "s" .. status
  _G[s] = (_G[s] or 0) + 1 end
done = function(summary, latency, requests)
  local told = {}
  for _, status in ipairs({200, 429, 500, 502, 503, 504}) do
    local count = 0
    for _, thread in ipairs(threads) do count = count + (thread:get("s" .. status) or 0) end
    told[#told + 1] = string.format('"%%d": %%d', status, count)
  end
  local e = summary.errors
  print(string.format('JSON {"requests": %%d, "seconds": %%f, "socket_errors": %%d, ' ..
    '"p50": %%f, "p95": %%f, "p99": %%f, "max": %%f, "statuses": {%%s}}',
    summary.requests, summary.duration / 1e6, e.connect + e.read + e.write + e.timeout,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3,
    latency.max / 1e3, table.concat(told, ", ")))
end
"""
"""Of a file of tokens and bodies, and a path; p50 and the others are in milliseconds."""

Pair = tuple[str, str]


class Server:
    """``recx serve`` on a free port."""

    def __init__(self, workspace: Path, **settings: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RECX_")}
        serve = {"TOKENS__SECRET": SECRET, "ACCESS_LOG": "false", "RATE": "10000000/minute"}
        env = {f"RECX_SERVE__{name}": value for name, value in serve.items()}
        recx = str(Path(sys.executable).with_name("recx"))
        self._process = subprocess.Popen(
            [recx, "serve", "--port", "0", "-w", str(workspace)],
            env={**kept, **env, **settings},
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stderr is not None
        self._log: list[str] = []
        for line in self._process.stderr:
            self._log.append(line)
            told = json.loads(line) if line.startswith("{") else {}
            if told.get("event") == "listening":
                self.url = f"http://127.0.0.1:{told['port']}"
                break
        else:
            raise SystemExit("recx serve did not start:\n" + "".join(self._log))
        threading.Thread(target=self._log.extend, args=(self._process.stderr,), daemon=True).start()

    def memory_mb(self) -> float:
        """Resident now."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        found = re.search(r"^VmRSS:\s+(\d+) kB$", status, flags=re.MULTILINE)
        assert found is not None
        return int(found[1]) * 1024 / 1e6

    def cpu_seconds(self) -> float:
        """Used so far, by all of its threads."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """As an operator does."""
        self._process.terminate()
        self._process.wait(60)


@contextmanager
def serving(workspace: Path, **settings: str) -> Iterator[Server]:
    """A server that ends with the block."""
    server = Server(workspace, **settings)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def obliging_endpoint() -> Iterator[str]:
    """A chat endpoint that always gives the first two causes as the reason."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            message = {"role": "assistant", "content": "{ITEM} is here because of {H1} and {H2}."}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            body = json.dumps({"id": "1", "object": "chat.completion", "created": 0,
                               "model": "m", "choices": [choice]}).encode()  # fmt: skip
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def silent_endpoint() -> Iterator[str]:
    """A model that hangs: connections are taken, and nothing is ever answered."""
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"


def pairs_of(workspace: Path, count: int) -> list[Pair]:
    """Users and the first item of each list."""
    with Recx.open(workspace) as recx:
        users = [recx.dataset.users.external(user) for user in range(count)]
        return [(user, recx.recommend(user, 1).items[0].item_id) for user in users]


def token_of(user_id: str) -> str:
    """A user's token, for the time of the measurement."""
    tokens = Tokens(TokenSettings.model_validate({"secret": SECRET}))
    return tokens.mint(user_id, USER_SCOPES, timedelta(hours=2))


def ask(client: httpx.Client, pair: Pair, path: str, **more: Any) -> httpx.Response:
    """One request."""
    user_id, item_id = pair
    headers = {"Authorization": f"Bearer {token_of(user_id)}"}
    return client.post(path, json=body_of(path, item_id, **more), headers=headers)


def body_of(path: str, item_id: str, **more: Any) -> dict[str, Any]:
    """What is sent."""
    return {"k": 10, **more} if path.endswith("recommendations") else {"item": item_id, **more}


def drive(
    server: Server,
    path: str,
    pairs: list[Pair],
    right: Callable[[Pair, httpx.Response], bool],
    *,
    seconds: int,
    connections: int,
    **more: Any,
) -> dict[str, Any]:
    """Ask for so long, and see to the answers and the memory meanwhile."""
    with tempfile.TemporaryDirectory() as place:
        asks, script = Path(place) / "asks.tsv", Path(place) / "script.lua"
        lines = [
            f"{token_of(user)}\t{json.dumps(body_of(path, item, **more))}" for user, item in pairs
        ]
        asks.write_text("\n".join(lines) + "\n")
        script.write_text(WRK % (asks, path))
        before, cpu = server.memory_mb(), server.cpu_seconds()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s"]
        process = subprocess.Popen(
            [*command, "-s", str(script), server.url], stdout=subprocess.PIPE, text=True
        )
        checked: Counter[bool] = Counter()
        memory: list[float] = []
        with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as client:
            number = 0
            while process.poll() is None:
                pair = pairs[number % len(pairs)]
                checked[right(pair, ask(client, pair, path, **more))] += 1
                memory.append(server.memory_mb())
                number += 1
                time.sleep(0.05)
        printed = process.communicate()[0]
    found = re.search(r"^JSON (.*)$", printed, flags=re.MULTILINE)
    if found is None:
        raise SystemExit(f"wrk said nothing to be read:\n{printed}")
    told: dict[str, Any] = json.loads(found[1])
    answered = told["requests"] + checked.total()
    return {
        "cpu_ms": round(1000 * (server.cpu_seconds() - cpu) / max(answered, 1), 1),
        "requests/s": round(told["requests"] / told["seconds"], 1),
        **{name: round(told[name], 1) for name in ("p50", "p95", "p99", "max")},
        "statuses": {name: count for name, count in told["statuses"].items() if count},
        "socket_errors": told["socket_errors"],
        "checked": checked[True] + checked[False],
        "wrong": checked[False],
        "rss_mb": [round(x) for x in (before, memory[len(memory) // 2], server.memory_mb())],
    }


def first_answers(server: Server, pairs: list[Pair], path: str) -> dict[Pair, Any]:
    """What is answered before there is a load."""
    with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as client:
        return {pair: content_of(ask(client, pair, path)) for pair in pairs}


def content_of(answer: httpx.Response) -> Any:
    """What has to be the same: all but the numbers of single requests."""
    answer.raise_for_status()
    return answer.text if "event-stream" in answer.headers["content-type"] else answer.json()


def compared(wanted: dict[Pair, Any]) -> Callable[[Pair, httpx.Response], bool]:
    """Whether an answer is the first one again, or says that there was no time for that."""

    def right(pair: Pair, answer: httpx.Response) -> bool:
        if answer.status_code == 503:
            return "retry-after" in answer.headers
        return content_of(answer) == wanted[pair] or '"fault":"timeout"' in answer.text

    return right


def with_cached_texts(workspace: Path, pairs: list[Pair]) -> tuple[dict[str, str], list[Pair]]:
    """Have texts written and kept; the settings they are kept under, and the pairs."""
    settings = {"RECX_LLM__MODEL": "m", "RECX_LLM__STRUCTURED": "on"}
    with obliging_endpoint() as url:
        settings["RECX_LLM__BASE_URL"] = url
        with serving(workspace, **settings) as server:
            answers = first_answers(server, pairs, "/v1/explanations")
    return settings, [pair for pair, told in answers.items() if told["writer"]["kind"] == "llm"]


def in_its_place(pair: Pair, answer: httpx.Response) -> bool:
    """Whether an answer is one to this question, whole and with its evidence, or a no."""
    if answer.status_code in (429, 503):
        return "retry-after" in answer.headers
    told = answer.json()
    ids = {piece["id"] for piece in told["evidence"]}
    cited = {id for sentence in told["sentences"] for id in sentence["evidence"]}
    joined = " ".join(sentence["text"] for sentence in told["sentences"])
    about = (told["user_id"], told["item"]["item_id"]) == pair
    return answer.status_code == 200 and about and cited <= ids and joined == told["text"]


Load = dict[str, Any]
Say = Callable[[str, dict[str, Any]], None]


def at_the_limits(workspace: Path, pairs: list[Pair], load: Load, say: Say) -> None:
    """A model that hangs, too many requests of a caller, and too many at once."""
    path = "/v1/explanations"
    with silent_endpoint() as url:
        hangs = {"RECX_LLM__BASE_URL": url, "RECX_LLM__MODEL": "m"}
        # Without a pause after faults: each request is to wait for its own deadline.
        hangs["RECX_LLM__BREAKER_FAULTS"] = "1000000"
        for milliseconds in (300.0, 1000.0):
            with serving(workspace, RECX_KEPT__CACHE_ENTRIES="0", **hangs) as server:
                first_answers(server, pairs[:2], "/v1/recommendations")
                found = drive(server, path, pairs, in_its_place, **load, deadline_ms=milliseconds)
            say(f"a model that hangs, deadline {milliseconds:g} ms", found)
    with serving(workspace, RECX_SERVE__RATE="12/minute") as server:
        say("beyond serve.rate", drive(server, path, pairs[:2], in_its_place, **load))
    few = {"RECX_SERVE__THREADS": "1", "RECX_SERVE__WAITING": "1"}
    with serving(workspace, **few) as server:
        say("beyond serve.waiting", drive(server, path, pairs, in_its_place, **load))


def main() -> None:
    """Measure, and print a line of JSON for each case."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_serve", description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--users", type=int, default=60)
    parser.add_argument("--llm", help="address of a model: measure it behind the service")
    parser.add_argument("--model", default="recx-test")
    parser.add_argument(
        "--at-the-limits",
        action="store_true",
        help="a model that hangs, too much asked",
    )
    parser.add_argument("--deadline-ms", type=float, default=2000.0)
    given = parser.parse_args()
    load = {"seconds": given.seconds, "connections": given.connections}

    def say(name: str, found: dict[str, Any]) -> None:
        print(json.dumps({"case": name, **found}), flush=True)

    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        workspace = Path(shutil.copytree(given.workspace, place / "workspace"))
        for store in workspace.glob("*.sqlite3*"):
            store.unlink()
        pairs = pairs_of(workspace, given.users)
        if given.at_the_limits:
            at_the_limits(workspace, pairs, load, say)
            return
        if given.llm:
            settings = {"RECX_LLM__BASE_URL": given.llm, "RECX_LLM__MODEL": given.model}
            more = {"deadline_ms": given.deadline_ms}
            with serving(workspace, RECX_KEPT__CACHE_ENTRIES="0", **settings) as server:
                found = drive(server, "/v1/explanations", pairs, in_its_place, **load, **more)
            say("language model behind", found)
            limited = {"RECX_SERVE__RATE": "30/minute"}
            with serving(workspace, RECX_KEPT__CACHE_ENTRIES="0", **settings, **limited) as server:
                found = drive(server, "/v1/explanations", pairs[:2], in_its_place, **load, **more)
            say("beyond the limit of a caller", found)
            return
        with serving(workspace) as server:
            for name in ("recommendations", "explanations", "explanations/stream"):
                path = f"/v1/{name}"
                wanted = first_answers(server, pairs, path)
                say(f"templates: {name}", drive(server, path, pairs, compared(wanted), **load))
        settings, kept = with_cached_texts(workspace, pairs)
        with serving(workspace, **settings) as server:
            for name in ("explanations", "explanations/stream"):
                path = f"/v1/{name}"
                wanted = first_answers(server, kept, path)
                found = drive(server, path, kept, compared(wanted), **load)
                say(f"cached texts ({len(kept)} of {len(pairs)}): {name}", found)


if __name__ == "__main__":
    main()
