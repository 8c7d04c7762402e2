"""Counts and times requests over HTTP, as the REST service does."""

from __future__ import annotations

import time
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from recx_agent.serve.running.meters import Meters, method_of


@dataclass(frozen=True)
class Metered:
    """Outermost: sees every answer, refusals too.

    Parameters
    ----------
    app : ASGI application
    meters : Meters
    standing : str
        The path at which a GET stays open for as long as the client likes: it is no request
        that is being answered, and its length says nothing.
    """

    app: ASGIApp
    meters: Meters
    standing: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, and count it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        stands = scope["method"] == "GET" and scope["path"] == self.standing
        began, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if stands:
                    self._count(scope, status, None)
            await send(message)

        if stands:
            await self.app(scope, receive, noted)
            return
        self.meters.in_flight.inc()
        try:
            await self.app(scope, receive, noted)
        finally:
            self.meters.in_flight.dec()
            self._count(scope, status, time.perf_counter() - began)

    def _count(self, scope: Scope, status: int, seconds: float | None) -> None:
        route = getattr(scope.get("route"), "path", "none")
        self.meters.answered(method_of(scope), route, status, seconds)
