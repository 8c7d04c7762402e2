"""Serves in processes forked from one that has everything imported, and kills them on the way.

``python killed_driver.py WORKSPACE``; each line of stdin starts a server and waits until it
ends. A request with the header ``X-Kill-At: n`` is answered as far as its n-th step: before
and after every statement, at every commit, and at each piece of its answer. With 0 it goes
through, and a line on stdout tells how many steps it had.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import chromadb  # noqa: F401
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from steps import Steps  # type: ignore[import-not-found]

from recx_agent.build import fit  # noqa: F401
from recx_agent.serve.rest.app import make_app
from recx_agent.serve.running import Service, logs
from recx_agent.serve.running.serving import run_server
from recx_agent.settings import load_settings


class Killing:
    """Counts the steps of a request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._steps = Steps(0)
        self._steps.watch("before_cursor_execute", "after_cursor_execute", "commit")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope.get("headers", ()))
        if b"x-kill-at" not in headers:
            await self._app(scope, receive, send)
            return
        at, before = int(headers[b"x-kill-at"]), self._steps.done
        self._steps.at = before + at if at else 0

        async def counted(message: Message) -> None:
            self._steps.step()
            await send(message)

        await self._app(scope, receive, counted)
        print(f"steps {self._steps.done - before}", flush=True)


def main(workspace: str) -> None:
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            settings = load_settings(workspace)
            service = Service.of(settings)
            logs.log_json()
            service.holder.start()
            run_server(Killing(make_app(service)), service, host="127.0.0.1", port=0)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(f"ended {status}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
